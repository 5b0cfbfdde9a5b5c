//! The logs' heads, the operator's events, and who the caller is.
//!
//! Owns no state. Must not verify a log: whoever does takes the signed notes from here and checks them elsewhere.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::act::Role;
use domain::ids::PartyId;
use node::view::LogSide;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Batch, Write};

use super::caller::{Asked, At, Caller};
use super::{Answer, Problem, instrument, json, shape};
use crate::app::App;

/// Most events of one page.
const EVENTS_PAGE_MAX: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadsAsked {
    peer: Option<String>,
    instrument: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsAsked {
    before: Option<u64>,
    limit: Option<usize>,
    open: Option<bool>,
}

/// The signed heads of our logs and of our copies of theirs.
pub(super) async fn checkpoint(State(app): State<App>, caller: Caller, Asked(asked): Asked<HeadsAsked>) -> Answer {
    let peer = asked.peer.map(|peer| PartyId::new(&peer)).transpose().map_err(Problem::malformed)?;
    let under = match &asked.instrument {
        Some(named) => Some(instrument::named(&app.node(), &caller, Some(named))?.hash()),
        None => None,
    };
    let logs = app
        .read(move |node, reader, _| {
            let mut logs: Vec<Value> = Vec::new();
            for known in node.peers().keys().filter(|known| peer.as_ref().is_none_or(|peer| peer == *known)) {
                let lineage = node.lineage_with(known);
                if under.as_ref().is_some_and(|hash| lineage.is_none_or(|lineage| lineage.get(hash).is_none())) {
                    continue;
                }
                let own = node.log_head(reader, known, LogSide::Own)?;
                let mirror = node.log_head(reader, known, LogSide::Mirror)?;
                logs.push(json!({
                    "peer": known,
                    "instrument": node.instrument_with(known).id(),
                    "own": own.as_ref().map(shape::log_head),
                    "mirror": mirror.as_ref().map(shape::log_head),
                }));
            }
            Ok::<_, Problem>(logs)
        })
        .await?;
    json(200, &json!({ "logs": logs }))
}

/// Named refusals and alarms, newest first.
pub(super) async fn events(State(app): State<App>, caller: Caller, Asked(asked): Asked<EventsAsked>) -> Answer {
    let limit = asked.limit.unwrap_or(EVENTS_PAGE_MAX).clamp(1, EVENTS_PAGE_MAX);
    let viewer = caller.viewer();
    let (rows, next) = app
        .read(move |node, reader, _| match asked.open {
            Some(true) => Ok::<_, Problem>((node.open_events_for(reader, &viewer, limit)?, None)),
            Some(false) | None => Ok(node.events_for(reader, &viewer, asked.before, limit)?),
        })
        .await?;
    json(200, &json!({ "events": rows.iter().map(shape::event).collect::<Vec<_>>(), "next": next }))
}

/// Says that an event has been seen to. An auditor reads everything and changes nothing, not even this.
pub(super) async fn acknowledge(State(app): State<App>, caller: Caller, At(id): At<u64>) -> Answer {
    if caller.officer.roles.iter().all(|role| *role == Role::Auditor) {
        return Err(Problem::plain(403, "only-reads"));
    }
    let viewer = caller.viewer();
    if !app.read(move |node, reader, _| node.hears_of(reader, &viewer, id)).await? {
        return Err(Problem::plain(404, "not-found"));
    }
    let batch = Batch { expect: Vec::new(), writes: vec![Write::AcknowledgeEvent { id }] };
    match app.write(move |_, store, _| store.commit(&batch)).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(store::CommitError::Conflict(_)) => Err(Problem::plain(404, "not-found")),
        Err(store::CommitError::Fault(fault)) => Err(fault.into()),
    }
}

/// Whom the token stands for, and where.
pub(super) async fn whoami(State(app): State<App>, caller: Caller) -> Answer {
    let node = app.node();
    json(
        200,
        &json!({
            "officer": shape::officer(&caller.officer),
            "party": node.me(),
            "instrument": node.instrument_naming(&caller.officer.office).hash(),
            "instruments": instrument::all(&node),
            "peers": node.peers().keys().collect::<Vec<_>>(),
            "now": app.now(),
            "demo": app.is_demo(),
        }),
    )
}
