//! Meetings, commitments and the calendar of an office, for programs.
//!
//! Owns the members' names, which `schema` publishes. Must not compute an agenda.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use domain::menu::Menu;
use node::view::{Commitment, Round, RoundItem};
use serde_json::{Value, json};

use super::caller::{Asked, Caller};
use super::instrument::{self, Under};
use super::shape::case_line;
use super::{Answer, json};
use crate::app::App;
use crate::i18n::Tongue;
use crate::{communique, feed};

/// Every meeting and commitment that is open to the caller.
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answer {
    let found = app.rounds(caller.viewer()).await?;
    json(
        200,
        &json!({
            "rounds": found.rounds.iter().map(|one| round(&app, one)).collect::<Vec<_>>(),
            "board": found.board.iter().map(commitment).collect::<Vec<_>>(),
        }),
    )
}

/// The calendar of the caller's office, in the language asked for.
pub(super) async fn calendar(
    State(app): State<App>,
    caller: Caller,
    Asked(under): Asked<Under>,
    headers: HeaderMap,
) -> Answer {
    let only = match under.instrument.as_deref() {
        Some(named) => Some(instrument::named(&app.node(), &caller, Some(named))?.id().to_owned()),
        None => None,
    };
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bytes = feed::of(&app, &caller.officer, Tongue::accepted(asked), only.as_deref()).await?;
    Ok(([(header::CONTENT_TYPE, feed::MEDIA_TYPE)], bytes).into_response())
}

fn round(app: &App, round: &Round) -> Value {
    json!({
        "line": case_line(&round.line),
        "from": round.agenda.dates.map(|(from, _)| from),
        "to": round.agenda.dates.map(|(_, to)| to),
        "held_at": round.agenda.held_at,
        "is_off": round.agenda.is_off,
        "items": round.items.iter().map(item).collect::<Vec<_>>(),
        "hash": round.hash,
        "agreed": round.case.talk.agreed().map(|(version, _)| version),
        "draft": communique::assembled(app.node().instrument_of(&round.case), &round.case),
    })
}

fn item(item: &RoundItem) -> Value {
    json!({
        "number": item.tabled.as_ref().map(|(number, _)| number),
        "tabled_by": item.tabled.as_ref().map(|(_, party)| party),
        "level": item.level,
        "carried_from": item.carried_from,
        "topic": item.topic,
        "case": item.about,
        "outcome": item.outcome.as_ref().map(|(by, words, at)| json!({ "by": by, "words": words, "at": at })),
    })
}

fn commitment(one: &Commitment) -> Value {
    json!({
        "case": one.case, "number": one.number, "words": one.words, "owner": one.owner, "due_on": one.due_on,
        "due_at": one.due_at, "state": one.state.code(), "exercise": one.exercise,
    })
}
