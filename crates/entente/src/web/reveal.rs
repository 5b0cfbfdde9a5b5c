//! Asking to see behind a mask, and the custodian's answer, from the case page.
//!
//! Owns the two forms' reading. Must not judge who may: the node does.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::CaseId;
use node::{CUSTODIANS, Failure, Ruling};

use super::{Posted, Signed, Stop, case};
use crate::app::App;

/// Asks.
pub async fn ask(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let id = CaseId::new(&id).map_err(|_| Stop::NotFound)?;
    case::read(&app, &officer, &id).await?;
    let by = officer.roles.first().and_then(|role| officer.person(*role)).ok_or(Stop::NotYours)?;
    let (back, reason) = (format!("/cases/{id}#mask"), posted.get("words").to_owned());
    let done =
        app.write(move |node, store, env| node.ask_reveal(store, env, &id, (&officer.office, by), &reason)).await;
    answered(done, &back)
}

/// Grants or denies.
pub async fn answer(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path((id, number)): Path<(String, usize)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let id = CaseId::new(&id).map_err(|_| Stop::NotFound)?;
    case::read(&app, &officer, &id).await?;
    let by = CUSTODIANS.iter().find_map(|role| officer.person(*role)).ok_or(Stop::NotYours)?;
    let granted = match posted.get("granted") {
        "yes" => true,
        "no" => false,
        _ => return Err(Stop::Malformed),
    };
    let back = format!("/cases/{id}#mask");
    let ruling = Ruling { granted, office: officer.office, by, reason: posted.get("words").to_owned() };
    let answer = move |node: &node::Node, store: &mut dyn store::Store, env: &mut node::Env<'_>| {
        node.answer_reveal(store, env, &id, number, ruling)
    };
    answered(app.write(answer).await, &back)
}

fn answered(done: Result<(), Failure>, back: &str) -> Result<Response, Stop> {
    match done {
        Ok(()) => Ok(Redirect::to(back).into_response()),
        Err(Failure::Refused(domain::refusal::Refusal::UnknownCase)) => Err(Stop::NotFound),
        Err(Failure::Refused(domain::refusal::Refusal::Wordless { .. } | domain::refusal::Refusal::TooLong { .. })) => {
            Err(Stop::Malformed)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(_) => Err(Stop::NotYours),
    }
}
