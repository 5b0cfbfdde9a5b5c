//! A safeguard question on a page: its words, who may answer, and the answer read from the form.
//!
//! Owns the inputs of one question. Must not judge an answer (`safeguard`) nor keep it (`node`).

use std::collections::BTreeMap;

use askama::Template;
use domain::act::Person;
use domain::ids::OfficeId;
use domain::instrument::GateText;
use domain::menu::Menu;
use domain::procedure::Side;
use domain::refusal::Refusal;
use domain::safeguard::{self, Finding, Gate, GateAnswer};
use domain::text::{Lang, Text};
use jiff::Timestamp;
use node::people::Officer;

use super::input::{Input, Maker};
use super::{Typed, Why, Wrong, anchor};
use crate::web::Page;

/// One safeguard question with what the reader may do about it.
#[derive(Template)]
#[template(path = "forms/question.html")]
pub struct Question {
    /// The page.
    pub page: Page,
    /// The safeguard.
    pub gate: Gate,
    /// Its id on the page.
    pub id: String,
    /// The question in every language.
    pub asks: Text,
    /// What a good answer contains, in every language.
    pub help: Text,
    /// The answer, once given.
    pub answer: Option<GateAnswer>,
    /// Earlier answers that said no and that another went against.
    pub overruled: Vec<GateAnswer>,
    /// The inputs, for who may answer.
    pub inputs: Vec<Input>,
    /// Who may answer, in words.
    pub answerers: String,
    /// Where an answer is sent by itself, to be kept until somebody else does the act; empty where it goes with the act.
    pub keep: String,
    /// Whether something was typed to it that is not kept yet.
    pub begun: bool,
}

/// The officer as one who may answer a question; `None` when no role of theirs counts.
#[must_use]
pub fn answerer(officer: &Officer, gate: Gate) -> Option<Person> {
    safeguard::answerers(gate).iter().find_map(|role| officer.person(*role))
}

/// A question as it stands for an officer. `side` chooses the words: each side is asked in its own.
#[must_use]
pub fn question(maker: &Maker<'_>, officer: &Officer, side: Side, gate: Gate, answer: Option<GateAnswer>) -> Question {
    let page = maker.page;
    let words = page.gate_text(&gate);
    let asks = |words: &GateText| match side {
        Side::Requesting => words.ask.clone(),
        Side::Requested => words.answer.clone(),
    };
    let hint = match safeguard::reason_chars_min(gate) {
        0 | 1 => page.t("form-gate-langs"),
        min => format!("{} {}", page.t("form-gate-langs"), page.t1("form-gate-min", "min", min)),
    };
    let inputs = match answerer(officer, gate) {
        Some(_) => vec![
            maker.radio(
                &finding_input(gate),
                &page.t("form-gate-finding"),
                Finding::ALL.iter().map(|(finding, code)| ((*code).to_owned(), page.finding(finding), String::new())),
            ),
            maker.words(&reason_input(gate), &page.t("form-gate-reason"), 3).hint(&hint),
        ],
        None => Vec::new(),
    };
    Question {
        gate,
        id: anchor(&question_input(gate)),
        asks: words.map(asks).unwrap_or_default(),
        help: words.map(|words| words.help.clone()).unwrap_or_default(),
        answer,
        overruled: Vec::new(),
        inputs,
        answerers: page.roles(safeguard::answerers(gate)),
        keep: String::new(),
        begun: maker.typed.iter().any(|(name, value)| is_of(name, gate) && !value.trim().is_empty()),
        page: page.clone(),
    }
}

/// The answer typed to a question; `None` when nothing was, or when what was typed is not whole, which is named.
#[must_use]
pub fn read(
    typed: &Typed,
    gate: Gate,
    langs: &[Lang],
    by: &Person,
    office: &OfficeId,
    at: Timestamp,
    wrong: &mut Vec<Wrong>,
) -> Option<GateAnswer> {
    let finding = Finding::from_code(typed.get(&finding_input(gate)));
    let reason = typed.prose(&reason_input(gate), langs);
    if finding.is_none() && reason.is_none() {
        return None;
    }
    let before = wrong.len();
    if finding.is_none() {
        wrong.push(Wrong::at(finding_input(gate), "form-wrong-choice"));
    }
    match &reason {
        None => wrong.push(Wrong::at(reason_input(gate), "form-wrong-reason")),
        // The other side reads it, and the domain refuses it in one language: both are said before anything is kept.
        Some(reason) => {
            let lacking = langs.iter().filter(|lang| !reason.texts.contains_key(*lang));
            let untranslated = |lang: &Lang| Wrong { input: reason_input(gate), why: Why::Untranslated(lang.clone()) };
            wrong.extend(lacking.map(untranslated));
            let min = safeguard::reason_chars_min(gate);
            if reason.chars() < min {
                wrong.push(Wrong { input: reason_input(gate), why: Why::TooShort(min) });
            }
        }
    }
    let (finding, reason) = finding.zip(reason).filter(|_| wrong.len() == before)?;
    Some(GateAnswer { gate, finding, reason, by: by.clone(), office: office.clone(), at })
}

/// What was typed to the other questions of the page; `None` when nothing was. It stays there when one answer is kept.
#[must_use]
pub fn rest(typed: &Typed, gate: Gate) -> Option<Typed> {
    let others =
        |(name, value): &(&str, &str)| name.starts_with(QUESTIONS) && !is_of(name, gate) && !value.trim().is_empty();
    let left: Vec<(String, String)> =
        typed.iter().filter(others).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (!left.is_empty()).then(|| Typed::from_pairs(left))
}

/// The labels of a question's inputs for a list of what is wrong: each begins with the safeguard it belongs to.
#[must_use]
pub fn labels(questions: &[Question]) -> BTreeMap<String, String> {
    let called = |question: &Question| {
        let gate = question.page.gate(&question.gate);
        let own = super::labels(&question.inputs).into_iter();
        let inputs: Vec<(String, String)> = own.map(|(name, label)| (name, format!("{gate} · {label}"))).collect();
        inputs.into_iter().chain([(question_input(question.gate), gate)]).collect::<Vec<_>>()
    };
    questions.iter().flat_map(called).collect()
}

/// What a refusal finds wrong with the answer to a safeguard, at the input that may mend it; `None` when it is about
/// something else. `own` says whether the reader may answer that safeguard.
#[must_use]
pub fn wrong_of(refusal: &Refusal, words: String, own: impl Fn(Gate) -> bool) -> Option<Wrong> {
    let input = match refusal {
        Refusal::GateWithoutReason { gate, .. } | Refusal::GateReasonShort { gate, .. } if own(*gate) => {
            reason_input(*gate)
        }
        Refusal::GateUnanswered { gate }
        | Refusal::GateClosed { gate }
        | Refusal::GateContradicted { gate }
        | Refusal::AssuranceLacking { gate }
            if own(*gate) =>
        {
            finding_input(*gate)
        }
        Refusal::GateWithoutReason { gate, .. }
        | Refusal::GateReasonShort { gate, .. }
        | Refusal::GateUnanswered { gate }
        | Refusal::GateClosed { gate }
        | Refusal::GateContradicted { gate }
        | Refusal::AssuranceLacking { gate }
        | Refusal::GateLocal { gate }
        | Refusal::GateRole { gate, .. }
        | Refusal::GateOffice { gate, .. } => question_input(*gate),
        _ => return None,
    };
    Some(Wrong::said(input, words))
}

/// What the names of all inputs of questions begin with.
const QUESTIONS: &str = "g.";

/// The name under which a question as a whole stands on its page.
fn question_input(gate: Gate) -> String {
    format!("{QUESTIONS}{}", gate.code())
}

/// What the names of every input of the question begin with that one of them, or the question itself, belongs to.
#[must_use]
pub fn stem(input: &str) -> &str {
    input.trim_end_matches(".finding").trim_end_matches(".reason")
}

/// Whether an input belongs to the question of a safeguard.
fn is_of(input: &str, gate: Gate) -> bool {
    input.strip_prefix(&question_input(gate)).is_some_and(|part| part.starts_with('.'))
}

/// The input of a question's finding.
#[must_use]
pub fn finding_input(gate: Gate) -> String {
    format!("{}.finding", question_input(gate))
}

/// The input of a question's reasons.
#[must_use]
pub fn reason_input(gate: Gate) -> String {
    format!("{}.reason", question_input(gate))
}

/// Where the form of the answers goes when no button was pressed: to the first question that has one.
#[must_use]
pub fn first_kept(questions: &[Question]) -> String {
    let mut kept = questions.iter().filter(|question| !question.inputs.is_empty());
    kept.next().map(|question| question.keep.clone()).unwrap_or_default()
}

impl Page {
    /// A safeguard's code, for addresses.
    #[must_use]
    pub fn gate_code(&self, gate: &Gate) -> &'static str {
        gate.code()
    }
}
