//! Every act an officer can do, as a form: its inputs; the deed is read from them in `deed/reading`.
//!
//! Owns which inputs an act has. Must not know whether the act may be done: the procedure offers it and the domain judges.

use domain::act::{About as Subject, ActKind, ConditionKind, Deed, Extent, Ground};
use domain::case::{Case, State};
use domain::content::FieldValue;
use domain::instrument::{Field, RequestType};
use domain::judge::{self, LIST_MAX};
use domain::menu::Menu;
use domain::procedure::Side;
use domain::refusal::{Refusal, StepBar};
use domain::text::Lang;
use node::people::Officer;

use super::Typed;
use super::input::{Input, Maker};
use super::review::part_name;
use super::value::{field_of, put_value};
use super::writing::field_input;
use crate::communique;
use crate::web::Page;
use crate::web::words::HEADER_PARTS;

mod agenda;
mod reading;
mod together;

pub use agenda::about_code;
pub use reading::{read, read_part};

/// Rows a list shows at first.
const ROWS_MIN: usize = 3;

/// What a form is about: the case, its rules, and who is doing it.
pub struct About<'a> {
    /// The page.
    pub page: &'a Page,
    /// The case.
    pub case: &'a Case,
    /// Its type.
    pub rule: &'a RequestType,
    /// The side we are on.
    pub us: Side,
    /// Who does it.
    pub officer: &'a Officer,
    /// Colleagues who may be named.
    pub colleagues: &'a [Officer],
    /// The languages, own first.
    pub langs: &'a [Lang],
    /// What stands on the agenda of a meeting and nobody has taken up.
    pub subjects: &'a [Subject],
}

/// The inputs of an act.
#[derive(Default)]
pub struct DeedForm {
    /// What everybody fills in.
    pub inputs: Vec<Input>,
    /// What few need; folded away.
    pub more: Vec<Input>,
    /// Rows of its list; 0 when it has none.
    pub rows: usize,
    /// Whether files may come with it.
    pub files: bool,
}

/// Whether an officer can do this by a form of its own. Submitting has its draft; machines do the rest.
#[must_use]
pub fn has_form(act: ActKind) -> bool {
    !matches!(
        act,
        ActKind::Preconsult
            | ActKind::Submit
            | ActKind::Deliver
            | ActKind::RemindOutcome
            | ActKind::Lapse
            | ActKind::CertifyDeletion
            // Its steps are taken on a page of their own.
            | ActKind::Match
    )
}

/// The input of an act's form that a rule finds wrong; `None` when the rule is about the matter as a whole. Safeguards
/// have their own inputs (`question::wrong_of`).
#[must_use]
pub fn input_of(act: ActKind, refusal: &Refusal) -> Option<&'static str> {
    Some(match (refusal, act) {
        (Refusal::StepsOutstanding { .. }, _) => "extent",
        (Refusal::Step { bar: StepBar::Unknown, .. }, _) => "step",
        (Refusal::UnknownQuestion { .. }, _) => "question",
        (Refusal::BadScore, _) => "usefulness",
        (Refusal::UrgencyNotOffered { .. }, _) => "urgency",
        (Refusal::GroundNotAdmitted { .. } | Refusal::NotReturnedBefore, _) => "ground",
        (Refusal::ReasonNotWithholdable { .. }, _) => "withheld",
        (Refusal::WrongLevel { .. } | Refusal::NotOfLevel { .. }, ActKind::AnswerEscalation) => "level",
        (Refusal::DateNotAhead | Refusal::ReviewTooFar { .. }, ActKind::Postpone) => "review_on",
        (Refusal::DateNotAhead, ActKind::Preserve) => "until",
        (Refusal::DateNotAhead, ActKind::Undertake) => "due_on",
        (Refusal::UnknownOffice { .. }, ActKind::Undertake) => "owner",
        (Refusal::UnknownCase | Refusal::AlreadyDone { .. }, ActKind::TableItem) => "about",
        (Refusal::Wordless { what: "reference" } | Refusal::TooLong { what: "reference", .. }, _) => "reference",
        (Refusal::Wordless { what: "contact" } | Refusal::TooLong { what: "contact", .. }, _) => "contact",
        (Refusal::Wordless { what: "considered" } | Refusal::TooLong { what: "considered", .. }, _) => "considered",
        (Refusal::Wordless { what: "text" | "reason" } | Refusal::TooLong { what: "text" | "reason", .. }, _) => {
            "words"
        }
        _ => return None,
    })
}

/// What the form of an act holds before anything was typed.
#[must_use]
pub fn proposed(about: &About<'_>, act: ActKind) -> Typed {
    let mut typed = Typed::default();
    match act {
        ActKind::Acknowledge => {
            typed.put("officer", about.officer.id.as_str());
            let contact = about.page.instrument().office(&about.officer.office).map(|office| office.contact.as_str());
            typed.put("contact", contact.unwrap_or_default());
        }
        ActKind::Supplement => {
            for (id, value) in &about.case.request.fields {
                put_value(&mut typed, &field_input(id), value);
            }
        }
        ActKind::Regrade => typed.put("urgency", about.case.urgency.code()),
        // The next version begins as the one on the table, the first as the draft that came with the matter.
        ActKind::ProposeText => {
            let came = about.rule.text_field().and_then(|field| about.case.request.fields.get(&field.id));
            let came = came.and_then(|value| match value {
                FieldValue::Parallel(words) => Some(words),
                _ => None,
            });
            let text = about.case.talk.on_table().map(|(_, version)| &version.text).or(came);
            let page = about.page;
            let text = text.cloned().or_else(|| page.amending_text(about.case, about.rule));
            let text = text.or_else(|| page.reporting_text(about.case, about.rule));
            let assembled = || communique::assembled(about.page.instrument(), about.case);
            if let Some(text) = text.or_else(assembled) {
                typed.put_prose("text", &text);
            }
        }
        _ => {}
    }
    typed
}

/// Puts what is written of an act that another signs back into the inputs of its form.
pub fn put(typed: &mut Typed, deed: &Deed) {
    let said = match deed {
        Deed::Supplement { fields, unable, note, .. } => {
            for (id, value) in fields {
                put_value(typed, &field_input(id), value);
            }
            for (id, why) in unable {
                typed.put_prose(&unable_input(id), why);
            }
            Some(note)
        }
        Deed::Refuse { ground, reason, considered, withheld } => {
            typed.put("ground", ground.code());
            typed.put_prose("considered", considered);
            if *withheld {
                typed.put("withheld", "yes");
            }
            reason.as_ref()
        }
        Deed::Uphold { reason } => Some(reason),
        Deed::Interim { answer, .. } => Some(answer),
        Deed::Respond { extent, answer, .. } => {
            typed.put("extent", extent.code());
            Some(answer)
        }
        Deed::Correct { seq, correction } => {
            typed.put("seq", &seq.to_string());
            Some(correction)
        }
        _ => None,
    };
    if let Some(said) = said {
        typed.put_prose("words", said);
    }
}

/// The step chosen in the form of a step; `None` when none is, or the form is another.
#[must_use]
pub fn step_of(typed: &Typed) -> Option<&str> {
    typed.some("step").map(together::code_of)
}

/// The inputs of an act's form.
#[must_use]
pub fn form(about: &About<'_>, maker: &Maker<'_>, act: ActKind) -> DeedForm {
    let page = about.page;
    let label = |name: &str| page.t(&format!("form-deed-{name}"));
    let said = |rows: u8| maker.words("words", &page.t(&format!("form-words-{}", act.code())), rows);
    let plain = |inputs: Vec<Input>| DeedForm { inputs, ..DeedForm::default() };
    match act {
        ActKind::Advise
        | ActKind::AcceptConditions
        | ActKind::DeclineConditions
        | ActKind::AcceptPart
        | ActKind::Reconsider
        | ActKind::Uphold
        | ActKind::Reopen
        | ActKind::Ask
        | ActKind::Withdraw
        | ActKind::ConfirmRelease
        | ActKind::Escalate => plain(vec![said(5)]),
        ActKind::Accept | ActKind::Close => plain(vec![said(4).optional()]),
        ActKind::BeginReview
        | ActKind::Resume
        | ActKind::BeginExecution
        | ActKind::Preconsult
        | ActKind::Submit
        | ActKind::Deliver
        | ActKind::RemindOutcome
        | ActKind::Lapse => DeedForm::default(),
        ActKind::Acknowledge => plain(acknowledge(about, maker)),
        ActKind::Transfer => plain(vec![maker.menu("to", &label("to"), own_offices(about)), said(4)]),
        ActKind::ReturnIncomplete | ActKind::OfferConditions => list(about, maker, act),
        ActKind::Supplement => supplement(about, maker, said(4)),
        ActKind::Postpone => {
            plain(vec![said(4), maker.date("review_on", &label("review-on")).hint(&page.t("form-hint-review-on"))])
        }
        ActKind::Refuse => plain(refuse(about, maker, said(5))),
        ActKind::Record => plain(together::record(about, maker, said(4))),
        ActKind::Preserve => {
            let until = maker.moment("until", &label("until"));
            plain(vec![said(4), until.hint(&page.t1("form-hint-until", "place", page.capital(page.us())))])
        }
        ActKind::Interim => DeedForm { files: true, ..plain(vec![said(6)]) },
        ActKind::Reply => {
            let open = open_questions(about).into_iter();
            let open = open.map(|(number, words)| (number.to_string(), format!("{number}."), words.to_owned()));
            plain(vec![maker.radio("question", &label("question"), open), said(5)])
        }
        ActKind::Respond => DeedForm { files: true, ..plain(vec![extent(about, maker), said(6)]) },
        ActKind::ReportOutcome => {
            let scores =
                (1..=5u8).map(|score| (score.to_string(), page.t(&format!("form-usefulness-{score}")), String::new()));
            plain(vec![maker.radio("usefulness", &label("usefulness"), scores), said(4)])
        }
        ActKind::Regrade => {
            let offered = about.rule.clocks.keys().map(|urgency| (urgency.code().to_owned(), page.urgency(urgency)));
            plain(vec![maker.menu("urgency", &label("urgency"), offered), said(4)])
        }
        ActKind::AnswerEscalation => {
            let levels = judge::answerable(about.case, about.page.instrument(), &about.officer.office)
                .into_iter()
                .map(|level| (level.to_string(), page.level_name(level)));
            plain(vec![maker.menu("level", &label("level"), levels), said(4)])
        }
        _ => plain(together::inputs(about, maker, act, said(5))),
    }
}

/// The other offices of our side that may have the matter.
fn own_offices(about: &About<'_>) -> Vec<(String, String)> {
    let page = about.page;
    judge::takes_over(about.rule, &about.officer.office).map(|to| (to.to_string(), page.office_name(to))).collect()
}

/// The questions put to our side that have no reply, with their numbers.
fn open_questions<'a>(about: &About<'a>) -> Vec<(usize, &'a str)> {
    let numbered = about.case.questions.iter().enumerate();
    let open = numbered.filter(|(_, asked)| asked.by != about.us && asked.reply.is_none());
    open.map(|(place, asked)| (place + 1, asked.question.get(about.page.lang()))).collect()
}

/// The steps a full answer still needs, in words.
fn outstanding(about: &About<'_>) -> String {
    let case = about.case;
    let left = case.steps.lacking(about.rule, &case.requested, &case.request, ActKind::Respond);
    let named = left.iter().filter_map(|code| about.rule.step(code)).map(|step| about.page.text(&step.name));
    named.collect::<Vec<_>>().join(" · ")
}

/// How far the answer goes; a full one is told which steps it still needs.
fn extent(about: &About<'_>, maker: &Maker<'_>) -> Input {
    let page = about.page;
    let extents = Extent::ALL.iter().map(|(extent, code)| ((*code).to_owned(), page.extent(extent), String::new()));
    let input = maker.radio("extent", &page.t("form-deed-extent"), extents);
    let steps = outstanding(about);
    if steps.is_empty() { input } else { input.hint(&page.t1("form-hint-extent", "steps", steps)) }
}

fn acknowledge(about: &About<'_>, maker: &Maker<'_>) -> Vec<Input> {
    let page = about.page;
    let people = about.colleagues.iter().map(|officer| (officer.id.to_string(), officer.name.clone()));
    vec![
        maker.line("reference", &page.t("form-deed-reference")).hint(&page.t("form-hint-reference")),
        maker.menu("officer", &page.t("form-deed-officer"), people).hint(&page.t("form-hint-officer")),
        maker.line("contact", &page.t("form-deed-contact")).hint(&page.t("form-hint-desk")),
    ]
}

fn refuse(about: &About<'_>, maker: &Maker<'_>, reason: Input) -> Vec<Input> {
    let page = about.page;
    // RF-16 is never chosen: it is said by withholding the reason. What would be refused whatever is written is not offered.
    let offered = |ground: Ground| ground != Ground::Withheld && judge::open_ground(Some(about.case), ground);
    let grounds = about.rule.grounds.iter().filter(|admitted| offered(admitted.ground)).map(|admitted| {
        let help = page.instrument().grounds().get(&admitted.ground).map(|words| page.text(&words.help));
        let hint = format!("{} · {}", help.unwrap_or_default(), page.text(&admitted.basis));
        (admitted.ground.code().to_owned(), page.ground(&admitted.ground), hint)
    });
    let mut inputs = vec![
        maker.radio("ground", &page.t("form-deed-ground"), grounds),
        maker.words("considered", &page.t("form-deed-considered"), 4).hint(&page.t("form-hint-considered")),
        reason.hint(&page.t("form-hint-refusal")),
    ];
    if about.rule.grounds.iter().any(|admitted| admitted.ground == Ground::Withheld) {
        inputs.push(maker.tick("withheld", &page.t("form-deed-withheld")).hint(&page.t("form-hint-withheld")));
    }
    inputs
}

/// The input that says why something asked for cannot be supplied.
fn unable_input(field: &str) -> String {
    format!("unable.{field}")
}

/// The parts the other side asked for, each once.
fn asked_for<'a>(about: &About<'a>) -> Vec<&'a str> {
    let mut asked: Vec<&str> = match &about.case.state {
        State::ReturnedIncomplete { items } => items.iter().map(|item| item.field.as_str()).collect(),
        _ => Vec::new(),
    };
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// The fields the other side asked for stand open, each with the place to say why it cannot be supplied; the rest is folded
/// away.
fn supplement(about: &About<'_>, maker: &Maker<'_>, note: Input) -> DeedForm {
    let named = asked_for(about);
    let shown = about.rule.fields.iter();
    let (asked, rest): (Vec<&Field>, Vec<&Field>) = shown.partition(|field| named.contains(&field.id.as_str()));
    let input = |field: &&Field| field_of(maker, field, &field_input(&field.id));
    let unable = |field: &&Field| {
        let label = maker.page.t1("form-deed-unable", "part", maker.page.text(&field.label));
        maker.words(&unable_input(&field.id), &label, 2).optional()
    };
    let mut inputs: Vec<Input> = asked.iter().flat_map(|field| [input(field), unable(field)]).collect();
    inputs.push(note.hint(&maker.page.t("form-hint-supplement")));
    DeedForm { inputs, more: rest.iter().map(|field| input(field).optional()).collect(), rows: 0, files: true }
}

/// A list of rows: what each is about, and its words.
fn list(about: &About<'_>, maker: &Maker<'_>, act: ActKind) -> DeedForm {
    let page = about.page;
    let choices: Vec<(String, String)> = if act == ActKind::OfferConditions {
        ConditionKind::ALL.iter().map(|(kind, code)| ((*code).to_owned(), page.condition(kind))).collect()
    } else {
        let fields = about.rule.fields.iter().map(|field| field.id.as_str());
        let parts = fields.chain(HEADER_PARTS.iter().copied()).chain(["other"]);
        parts.map(|part| (part.to_owned(), part_name(page, &about.rule.code, part))).collect()
    };
    let rows = rows(maker.typed);
    let mut inputs = Vec::new();
    for row in 0..rows {
        let numbered = |key: &str| page.t1(key, "n", row + 1);
        let kind =
            maker.menu(&format!("row.{row}.kind"), &numbered(&format!("form-row-{}", act.code())), choices.clone());
        let want = maker.words(&format!("row.{row}.want"), &numbered(&format!("form-words-{}", act.code())), 2);
        inputs.extend(if row == 0 { [kind, want] } else { [kind.optional(), want.optional()] });
    }
    DeedForm { inputs, rows, ..DeedForm::default() }
}

/// How many rows a list shows.
fn rows(typed: &Typed) -> usize {
    typed.get("rows").parse().unwrap_or(ROWS_MIN).clamp(ROWS_MIN, LIST_MAX)
}
