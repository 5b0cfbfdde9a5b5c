//! Cases as lists and whole, their acts, and safeguard answers given before an act.
//!
//! Owns what may be asked of a list and how long a page is. Must not decide an act: see `acts`.

use axum::extract::State;
use domain::act::{ActKind, Role};
use domain::ids::{CaseId, OfficeId, PartyId, TypeCode};
use domain::menu::Menu;
use domain::procedure::Stage;
use domain::safeguard::{self, Finding, Gate, GateAnswer};
use domain::text::Prose;
use node::view::CaseFile;
use node::{CUSTODIANS, Ruling};
use serde::Deserialize;
use serde_json::{Value, json};
use store::filter::CASES_PAGE_MAX;
use store::{CaseCursor, CaseFilter, CaseOrder, Direction, Moment};

use super::caller::{Asked, At, Caller, Json};
use super::{Answer, Problem, json, matter, shape};
use crate::app::App;

/// Most acts of one page: each may carry a letter in every language.
const ACTS_PAGE_MAX: usize = 200;

/// What may be asked of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CasesAsked {
    stage: Option<String>,
    waiting_us: Option<bool>,
    direction: Option<String>,
    #[serde(rename = "type")]
    type_code: Option<String>,
    office: Option<String>,
    peer: Option<String>,
    overdue: Option<bool>,
    q: Option<String>,
    order: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// What may be asked of the acts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActsAsked {
    from: Option<usize>,
    limit: Option<usize>,
}

/// A safeguard answered for a coming act. Who answers, and when, is the caller and now.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseGateAsked {
    act: ActKind,
    gate: Gate,
    finding: Finding,
    reason: Prose,
    role: Option<Role>,
}

/// A safeguard answered with the act or draft it is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GateAsked {
    pub gate: Gate,
    pub finding: Finding,
    pub reason: Prose,
    pub role: Option<Role>,
}

/// A question to see behind a mask. Who asks, and when, is the caller and now.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RevealAsked {
    reason: String,
    role: Option<Role>,
}

/// A custodian's answer to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RevealGiven {
    granted: bool,
    reason: String,
    role: Option<Role>,
}

impl GateAsked {
    /// The caller's answer, now.
    pub fn answer(self, caller: &Caller, now: jiff::Timestamp) -> Result<GateAnswer, Problem> {
        let by = caller.person(self.role, safeguard::answerers(self.gate))?;
        let office = caller.officer.office.clone();
        Ok(GateAnswer { gate: self.gate, finding: self.finding, reason: self.reason, by, office, at: now })
    }
}

pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(asked): Asked<CasesAsked>) -> Answer {
    let viewer = caller.viewer();
    let filter = filter(asked, &app)?;
    let (lines, next) = app.read(move |node, reader, now| node.case_lines(reader, now, &viewer, &filter)).await?;
    let lines: Vec<Value> = lines.iter().map(shape::case_line).collect();
    json(200, &json!({ "cases": lines, "next": next.map(|next| next.to_string()) }))
}

pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    json(200, &shape::case_file(&file(&app, &caller, &id).await?))
}

pub(super) async fn acts(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<ActsAsked>,
) -> Answer {
    let file = file(&app, &caller, &id).await?;
    let from = asked.from.unwrap_or(0).min(file.acts.len());
    let limit = asked.limit.unwrap_or(ACTS_PAGE_MAX).clamp(1, ACTS_PAGE_MAX);
    let page: Vec<Value> = file.acts.iter().skip(from).take(limit).map(shape::act).collect();
    let next = Some(from + page.len()).filter(|next| *next < file.acts.len());
    json(200, &json!({ "acts": page, "next": next }))
}

pub(super) async fn answer_gate(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Json(asked): Json<CaseGateAsked>,
) -> Answer {
    let file = file(&app, &caller, &id).await?;
    if *file.dossier.case.office(file.us) != caller.officer.office {
        return Err(Problem::plain(403, "not-your-office"));
    }
    let CaseGateAsked { act, gate, finding, reason, role } = asked;
    // What is written and signed by others is answered as it is prepared; the node says so.
    if !act.is_prepared() && !file.gates.iter().any(|line| line.act == act && line.gate == gate) {
        let asked = file.gates.iter().map(|line| format!("{} ({})", line.gate.code(), line.act.code()));
        return Err(Problem::not_asked(gate, asked));
    }
    let answer = GateAsked { gate, finding, reason, role }.answer(&caller, app.now())?;
    let (case, kept) = (file.dossier.case.id.clone(), answer.clone());
    app.write(move |node, store, env| node.answer_gate(store, env, &case, act, &kept)).await?;
    json(201, &json!({ "act": act, "answer": answer }))
}

/// Asks that the caller's office may see behind its mask.
pub(super) async fn ask_reveal(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Json(asked): Json<RevealAsked>,
) -> Answer {
    let case = file(&app, &caller, &id).await?.dossier.case.id;
    let office = caller.officer.office.clone();
    let by = caller.person(asked.role, &[])?;
    app.write(move |node, store, env| node.ask_reveal(store, env, &case, (&office, by), &asked.reason)).await?;
    json(201, &json!({ "reveals": matter::reveals(&file(&app, &caller, &id).await?.reveals) }))
}

/// A custodian's answer.
pub(super) async fn answer_reveal(
    State(app): State<App>,
    caller: Caller,
    At((id, number)): At<(String, usize)>,
    Json(given): Json<RevealGiven>,
) -> Answer {
    let case = file(&app, &caller, &id).await?.dossier.case.id;
    let by = caller.person(given.role, CUSTODIANS)?;
    let RevealGiven { granted, reason, .. } = given;
    let ruling = Ruling { granted, office: caller.officer.office.clone(), by, reason };
    let answer = move |node: &node::Node, store: &mut dyn store::Store, env: &mut node::Env<'_>| {
        node.answer_reveal(store, env, &case, number, ruling)
    };
    app.write(answer).await?;
    json(201, &json!({ "reveals": matter::reveals(&file(&app, &caller, &id).await?.reveals) }))
}

/// The case with everything its page shows.
pub(super) async fn file(app: &App, caller: &Caller, id: &str) -> Result<CaseFile, Problem> {
    let nowhere = || Problem::plain(404, "not-found");
    let (id, viewer) = (CaseId::new(id).map_err(|_| nowhere())?, caller.viewer());
    let file = app.read(move |node, reader, now| node.case_file(reader, now, &viewer, &id)).await?;
    file.ok_or_else(nowhere)
}

fn filter(asked: CasesAsked, app: &App) -> Result<CaseFilter, Problem> {
    let unknown = |what: &str, got: &str| Problem::malformed(format_args!("`{got}` is no {what}"));
    let stage = match &asked.stage {
        Some(stage) => Some(Stage::from_code(stage).ok_or_else(|| unknown("stage", stage))?.code().to_owned()),
        None => None,
    };
    let direction = match asked.direction.as_deref() {
        None => None,
        Some("outgoing") => Some(Direction::Outgoing),
        Some("incoming") => Some(Direction::Incoming),
        Some(other) => return Err(unknown("direction", other)),
    };
    let order = match asked.order.as_deref() {
        None | Some("due") => CaseOrder::Due,
        Some("updated") => CaseOrder::Updated,
        Some(other) => return Err(unknown("order", other)),
    };
    let after = match &asked.after {
        Some(after) => Some(CaseCursor::parse(after).ok_or_else(|| unknown("place in the list", after))?),
        None => None,
    };
    let named = |why: domain::ids::BadName| Problem::malformed(why);
    Ok(CaseFilter {
        mark: None,
        stage,
        turn: asked.waiting_us.unwrap_or(false).then(|| app.node().me().clone()),
        turn_of_others: None,
        direction,
        types: asked.type_code.map(|code| TypeCode::new(&code)).transpose().map_err(named)?.into_iter().collect(),
        our_office: asked.office.map(|office| OfficeId::new(&office)).transpose().map_err(named)?,
        peer: asked.peer.map(|peer| PartyId::new(&peer)).transpose().map_err(named)?,
        due_from: None,
        overdue_before: asked.overdue.unwrap_or(false).then(|| Moment::from(app.now())),
        terms: asked.q.map(|words| app.node().terms(&words)).unwrap_or_default(),
        order,
        limit: asked.limit.unwrap_or(CASES_PAGE_MAX).clamp(1, CASES_PAGE_MAX),
        after,
    })
}
