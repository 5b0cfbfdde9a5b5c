//! Questions of our own law for our own officers' programs: listed, answered, and the fixed reply.
//!
//! Owns those routes. Whoever has no part in the matter is answered as if there were none. Nothing of it is said to a peer.
//! Must not judge: the domain and the clerk do.

use axum::extract::State;
use domain::act::{ActKind, Role};
use domain::ids::CaseId;
use domain::local::{KEEPERS, LocalAnswer};
use domain::menu::Menu;
use domain::safeguard::{Finding, Gate};
use node::local::{Asked, OwnLaw};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{At, Caller, Json};
use super::{Answer, Problem, json};
use crate::app::App;

/// An officer's answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    finding: Finding,
    reason: String,
    role: Option<Role>,
}

pub(super) async fn list(State(app): State<App>, caller: Caller, At((subject, act)): At<(String, String)>) -> Answer {
    let act = act_of(&act)?;
    let own = own_law(&app, &caller, &subject, act).await?;
    json(200, &shown(&subject, act, &own, &caller))
}

pub(super) async fn answer(
    State(app): State<App>,
    caller: Caller,
    At((subject, act, question)): At<(String, String, String)>,
    Json(given): Json<Given>,
) -> Answer {
    let act = act_of(&act)?;
    own_law(&app, &caller, &subject, act).await?;
    let node = app.node();
    let bound = node.policy().and_then(|policy| policy.question(&question));
    let roles = bound.ok_or_else(nowhere)?.roles.clone();
    let Given { finding, reason, role } = given;
    let by = caller.person(role, &roles)?;
    let (office, at) = (caller.officer.office.clone(), app.now());
    let kept = LocalAnswer { question, finding, reason, by, office, at };
    let about = subject.clone();
    app.write(move |node, store, env| node.answer_local(store, env, &about, act, &kept)).await?;
    let own = own_law(&app, &caller, &subject, act).await?;
    json(201, &shown(&subject, act, &own, &caller))
}

/// Gives the fixed reply of a shielded case: it leaves at its instant.
pub(super) async fn reply(State(app): State<App>, caller: Caller, At(subject): At<String>) -> Answer {
    own_law(&app, &caller, &subject, ActKind::Respond).await?;
    let case = CaseId::new(&subject).map_err(|_| nowhere())?;
    let by = caller.person(Some(Role::DecisionMaker), &[Role::DecisionMaker])?;
    let office = caller.officer.office.clone();
    let leaves = app.write(move |node, store, env| node.reply_fixed(store, env, &case, &office, by)).await?;
    json(201, &json!({ "case": subject, "leaves_at": leaves }))
}

async fn own_law(app: &App, caller: &Caller, subject: &str, act: ActKind) -> Result<OwnLaw, Problem> {
    if caller.officer.second_track {
        return Err(nowhere());
    }
    let (subject, office) = (subject.to_owned(), caller.officer.office.clone());
    let own = app.read(move |node, reader, _| node.own_law(reader, &subject, act, &office)).await?;
    own.ok_or_else(nowhere)
}

fn act_of(code: &str) -> Result<ActKind, Problem> {
    ActKind::from_code(code).ok_or_else(nowhere)
}

fn nowhere() -> Problem {
    Problem::plain(404, "not-found")
}

fn shown(subject: &str, act: ActKind, own: &OwnLaw, caller: &Caller) -> Value {
    let roles = &caller.officer.roles;
    // Who keeps the register is told of a likeness; nobody else.
    let keeps = KEEPERS.iter().any(|role| roles.contains(role));
    let asks_person = own.asked.iter().any(|one| one.question.gate == Gate::AsylumShield);
    let line = |one: &Asked| {
        json!({
            "question": one.question.id, "gate": one.question.gate, "ask": one.question.ask,
            "basis": one.question.basis, "roles": one.question.roles,
            "yours": one.question.roles.iter().any(|role| roles.contains(role)),
            "answer": one.answer.as_ref().map(|answer| json!({
                "finding": answer.finding, "reason": answer.reason, "by": answer.by, "office": answer.office,
                "at": answer.at,
            })),
        })
    };
    json!({
        "subject": subject, "act": act, "questions": own.asked.iter().map(line).collect::<Vec<_>>(),
        "shielded": own.shielded.is_some(), "opens_at": own.opens, "reply_leaves_at": own.waits,
        "likeness": own.likeness && keeps && asks_person,
    })
}
