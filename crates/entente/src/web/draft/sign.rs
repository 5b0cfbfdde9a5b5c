//! A written request on its way to the signature: read in every language, its safeguards answered, signed by another.
//!
//! Owns the approver's and the legal reviewer's pages. Must not judge: the domain refuses, and its words are shown.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::act::{ActKind, Role};
use domain::clock::ClockKind;
use domain::deadline::Span;
use domain::menu::Menu;
use domain::procedure::{self, ProcedureKind, Side, Stage};
use domain::refusal::Refusal;
use domain::safeguard::{Gate, GateAnswer};
use node::people::Officer;
use node::{Draft, Failure};

use super::super::forms::input::Maker;
use super::super::forms::question::{self, Question, answerer};
use super::super::forms::{self, Line, Typed, Wrong, review};
use super::super::{Page, Posted, Signed, Stop, html, local, new};
use super::{lack_lines, langs, open, rule_of};
use crate::app::App;

#[derive(Template)]
#[template(path = "forms/signing.html")]
struct SigningPage {
    page: Page,
    draft: Draft,
    lines: String,
    /// The questions of our own law, where the page is read; a page that names a problem has the way to them.
    local: String,
    lacks: Vec<Line>,
    wrong: Vec<Line>,
    questions: Vec<Question>,
    /// Where the form of the answers goes; empty when the reader answers none.
    answers_to: String,
    /// Whether an answer was kept just now, with others still being typed.
    kept: bool,
    unanswered: usize,
    may_sign: bool,
    why_not: Option<String>,
    may_take_back: bool,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "forms/sign.html")]
struct SignPage {
    page: Page,
    draft: Draft,
    officer: Officer,
    lines: String,
    ack: Option<Span>,
}

/// What was typed to a question and what is wrong with it.
#[derive(Default)]
struct Answering {
    typed: Typed,
    wrong: Vec<Wrong>,
    kept: bool,
    /// The questions of our own law as a part of the page.
    local: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/drafts/{id}/take-back", post(take_back))
        .route("/drafts/{id}/gates/{gate}", post(answer))
        .route("/drafts/{id}/sign", get(confirm).post(sign))
}

/// The page of a draft that was handed over.
pub(super) fn show(page: Page, officer: &Officer, draft: Draft, problem: Option<String>) -> Result<Response, Stop> {
    shown(page, officer, draft, &Answering::default(), problem)
}

/// The same as it is opened: with the questions of our own law in their place.
pub(super) async fn opened(app: &App, page: Page, officer: &Officer, draft: Draft) -> Result<Response, Stop> {
    let local = local::questions(app, &page, officer, &draft.id, ActKind::Submit).await?;
    shown(page, officer, draft, &Answering { local, ..Answering::default() }, None)
}

async fn take_back(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Result<Response, Stop> {
    let draft = open(&app, &officer, id).await?;
    if new::writer(&officer).is_none() {
        return Err(Stop::NotYours);
    }
    let taken = Draft { handed_over: false, ..draft.clone() };
    let saved = app.write(move |node, store, env| node.save_draft(store, env, &taken)).await;
    after(page, &officer, draft, saved.map(|saved| format!("/drafts/{}", saved.id)))
}

/// Shows a saved draft to the other side for advice.
pub(super) async fn preconsult(app: &App, page: Page, officer: &Officer, draft: Draft) -> Result<Response, Stop> {
    let by = new::writer(officer).ok_or(Stop::NotYours)?;
    let id = draft.id.clone();
    let done = app.write(move |node, store, env| node.preconsult_draft(store, env, &id, by)).await;
    after(page, officer, draft, done.map(|done| format!("/cases/{}", done.case)))
}

/// Keeps a named person's answer to a safeguard question.
async fn answer(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, gate)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let draft = open(&app, &officer, id).await?;
    let gate = Gate::from_code(&gate).ok_or(Stop::NotFound)?;
    let Some(by) = answerer(&officer, gate) else {
        let role = officer.roles.first().copied().unwrap_or(Role::Auditor);
        let problem = page.refusal(&Refusal::GateRole { gate, role });
        return show(page, &officer, draft, Some(problem));
    };
    // Whoever wrote of it answers nothing of it; here that is said before anything is written.
    if draft.is_by(&officer.id) {
        let problem = page.refusal(&Refusal::FourEyes);
        return show(page, &officer, draft, Some(problem));
    }
    let pairs = posted.fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut answering = Answering { typed: Typed::from_pairs(pairs), ..Answering::default() };
    let given =
        question::read(&answering.typed, gate, &langs(&page), &by, &officer.office, page.now, &mut answering.wrong);
    let Some(given) = given else {
        if answering.wrong.is_empty() {
            answering.wrong.push(Wrong::at(question::finding_input(gate), "form-wrong-choice"));
        }
        return shown(page, &officer, draft, &answering, None);
    };
    let id = draft.id.clone();
    match app.write(move |node, store, env| node.answer_draft_gate(store, env, &id, given)).await {
        Ok(draft) => match question::rest(&answering.typed, gate) {
            None => Ok(Redirect::to(&format!("/drafts/{}", draft.id)).into_response()),
            // What was typed to the other questions is kept nowhere yet: it stays on the page.
            Some(typed) => shown(page, &officer, draft, &Answering { typed, kept: true, ..Answering::default() }, None),
        },
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => {
            let problem = page.failure_of(page.rule(&draft.request.type_code), &failure);
            shown(page, &officer, draft, &answering, Some(problem))
        }
    }
}

/// What will be sent, before it is.
async fn confirm(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Stop> {
    let draft = open(&app, &officer, id).await?;
    if !officer.roles.contains(&Role::Approver) || !draft.handed_over {
        return show(page, &officer, draft, None);
    }
    let rule = rule_of(&page, &draft)?;
    let ack = rule.clock(draft.request.urgency, ClockKind::Ack);
    let lines = rendered(&review::of_request(&page, &draft.request));
    Ok(html(&SignPage { page, officer, lines, ack, draft }))
}

async fn sign(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let draft = open(&app, &officer, id).await?;
    // What is signed is what was read: a draft saved meanwhile must be read anew.
    if !draft.handed_over || posted.get("version") != draft.version.to_string() {
        let problem = page.refusal(&Refusal::Changed);
        return show(page, &officer, draft, Some(problem));
    }
    let role = officer.roles.first().copied().unwrap_or(Role::Auditor);
    let procedure = page.rule(&draft.request.type_code).map_or(ProcedureKind::Assistance, |rule| rule.procedure);
    let signing = procedure::rows(procedure, Stage::Draft, ActKind::Submit).flat_map(|row| row.roles);
    let may: Vec<Role> = signing.copied().collect();
    let Some(by) = may.iter().find_map(|role| officer.person(*role)) else {
        let problem = page.refusal(&Refusal::NotYourRole { act: ActKind::Submit, role, may });
        return show(page, &officer, draft, Some(problem));
    };
    let id = draft.id.clone();
    let done = app.write(move |node, store, env| node.submit_draft(store, env, &id, by)).await;
    after(page, &officer, draft, done.map(|done| format!("/cases/{}", done.case)))
}

/// On to where it leads; a refusal comes back as words on the draft's page.
fn after(page: Page, officer: &Officer, draft: Draft, done: Result<String, Failure>) -> Result<Response, Stop> {
    match done {
        Ok(place) => Ok(Redirect::to(&place).into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => {
            let problem = page.failure_of(page.rule(&draft.request.type_code), &failure);
            show(page, officer, draft, Some(problem))
        }
    }
}

fn shown(
    page: Page,
    officer: &Officer,
    draft: Draft,
    answering: &Answering,
    problem: Option<String>,
) -> Result<Response, Stop> {
    let rule = rule_of(&page, &draft)?;
    let langs = langs(&page);
    let maker = Maker { page: &page, typed: &answering.typed, wrong: &answering.wrong, langs: &langs };
    let given = |gate: Gate| -> Option<GateAnswer> { draft.gates.iter().find(|given| given.gate == gate).cloned() };
    let gates = rule.gates_of(ActKind::Submit, None, draft.request.sensitivity());
    let overruled = |gate: Gate| draft.overruled.iter().filter(|given| given.gate == gate).cloned().collect();
    let questions = gates.map(|gate| Question {
        overruled: overruled(gate),
        ..question::question(&maker, officer, Side::Requesting, gate, given(gate))
    });
    let keep = |gate: Gate| format!("/drafts/{}/gates/{}", draft.id, gate.code());
    let mut questions: Vec<Question> =
        questions.map(|question| Question { keep: keep(question.gate), ..question }).collect();
    // Whoever drafted it, and whoever is of another office, would be turned away: they are asked nothing.
    if draft.is_by(&officer.id) || draft.office != officer.office {
        questions.iter_mut().for_each(|question| question.inputs.clear());
    }
    let missing = page.node().lacking(&draft).unwrap_or_default();
    let lacks = lack_lines(&page, rule, &missing, &[], &BTreeMap::new());
    let wrong = forms::wrong_lines(&page, &answering.wrong, &question::labels(&questions));
    let signs = officer.roles.contains(&Role::Approver);
    let own = draft.is_by(&officer.id);
    let why_not = match (signs, own) {
        (true, false) => None,
        (true, true) => Some(page.refusal(&Refusal::FourEyes)),
        (false, _) => Some(page.t1("form-sign-roles", "roles", page.roles(&[Role::Approver]))),
    };
    let unanswered = questions.iter().filter(|question| question.answer.is_none()).count();
    Ok(html(&SigningPage {
        lines: rendered(&review::of_request(&page, &draft.request)),
        unanswered,
        answers_to: question::first_kept(&questions),
        questions,
        kept: answering.kept,
        local: answering.local.clone(),
        may_sign: lacks.is_empty() && unanswered == 0 && why_not.is_none() && draft.handed_over,
        lacks,
        wrong,
        why_not,
        may_take_back: draft.handed_over && new::writer(officer).is_some(),
        problem,
        draft,
        page,
    }))
}

/// A part of a page as HTML; what cannot be rendered is left out and told to the operator.
pub(in crate::web) fn rendered(part: &impl Template) -> String {
    part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a part of a page could not be rendered");
        String::new()
    })
}
