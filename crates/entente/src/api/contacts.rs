//! The contact checks between counterparts, for programs.
//!
//! Owns the members' names, which `schema` publishes. Must not judge whether a desk is vacant: the domain does.

use axum::extract::State;
use domain::contact::{DeskCheck, DeskStanding, desks};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Asked, Caller};
use super::{Answer, instrument, json};
use crate::app::App;

/// Of which world.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Of {
    exercise: bool,
    instrument: Option<String>,
}

/// What the last check says of the desk of every counterpart, whoever made it.
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(of): Asked<Of>) -> Answer {
    let now = app.now();
    let under = instrument::named(&app.node(), &caller, of.instrument.as_deref())?.hash();
    let found = app.account(under, move |instrument, book| desks(instrument, book.iter(), of.exercise, now)).await?;
    json(200, &json!({ "desks": found.iter().map(desk).collect::<Vec<_>>() }))
}

fn desk(check: &DeskCheck) -> Value {
    let (case, at) = match &check.standing {
        DeskStanding::Answered { case, at } => (Some(case), Some(at)),
        DeskStanding::Asked { case, until } => (Some(case), until.as_ref()),
        DeskStanding::Vacant { case, since } => (Some(case), Some(since)),
        DeskStanding::Due { last } => (None, last.as_ref()),
    };
    json!({ "by": check.by, "desk": check.desk, "type_code": check.type_code, "standing": check.standing.code(), "case": case, "at": at })
}
