//! The status report of a case for programs: what both sides share, its hash, and apart what only this house knows.
//!
//! Owns the members' names, which `schema` publishes. Must not compute anything of the report.

use axum::extract::State;
use domain::ids::CaseId;
use domain::menu::Menu;
use node::view::{ClockLine, Here, Lacking, Owed, RungLine, Shared, Status};
use serde_json::{Value, json};

use super::caller::{At, Caller};
use super::shape::deadline;
use super::{Answer, Problem, json};
use crate::app::App;

pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    let nowhere = || Problem::plain(404, "not-found");
    let (id, viewer) = (CaseId::new(&id).map_err(|_| nowhere())?, caller.viewer());
    let status: Option<Status> = app.read(move |node, reader, _| node.status(reader, &viewer, &id)).await?;
    let status = status.ok_or_else(nowhere)?;
    json(
        200,
        &json!({
            "shared": shared(&status.shared), "hash": status.hash, "here": status.here.as_ref().map(here),
        }),
    )
}

fn shared(shared: &Shared) -> Value {
    json!({
        "case": shared.case,
        "reference": shared.reference,
        "type_code": shared.type_code,
        "procedure": shared.procedure.code(),
        "instrument": shared.instrument,
        "sides": shared.sides.iter().map(|side| json!({
            "party": side.party, "office": side.office, "next": side.next,
        })).collect::<Vec<_>>(),
        "title": shared.title,
        "legal_basis": shared.legal_basis,
        "mark": shared.mark,
        "classification": shared.classification,
        "urgency": shared.urgency,
        "urgency_proposed": shared.urgency_proposed,
        "exercise": shared.exercise,
        "stage": shared.stage,
        "opened_at": shared.opened_at,
        "delivered_at": shared.delivered_at,
        "over_since": shared.over_since,
        "ending": shared.ending.as_ref().map(|ending| json!({
            "after": ending.after, "extent": ending.extent, "ground": ending.ground,
        })),
        "answers": shared.answers.iter().map(|answer| json!({
            "by": answer.party, "office": answer.office, "extent": answer.extent, "at": answer.at,
        })).collect::<Vec<_>>(),
        "steps": shared.steps.iter().map(|done| json!({
            "step": done.step, "item": done.item, "until": done.until, "by": done.party, "office": done.office,
            "at": done.at,
        })).collect::<Vec<_>>(),
        "turn": shared.turn.as_ref().map(|turn| json!({
            "party": turn.party, "offices": turn.offices, "clock": turn.clock,
        })),
        "clocks": shared.clocks.iter().map(clock).collect::<Vec<_>>(),
        "level": shared.level,
        "ladder": shared.ladder.iter().map(rung).collect::<Vec<_>>(),
        "contacts": shared.contacts.iter().map(|one| json!({
            "by": one.party, "level": one.level, "means": one.means, "words": one.words, "at": one.at,
        })).collect::<Vec<_>>(),
        "gates": shared.gates.iter().map(|done| json!({
            "gate": done.gate, "finding": done.finding, "office": done.office, "at": done.at,
        })).collect::<Vec<_>>(),
        "norms": shared.norms.iter().map(|(party, norm)| json!({ "by": party, "norm": norm })).collect::<Vec<_>>(),
        "missing": shared.missing.iter().map(lacking).collect::<Vec<_>>(),
        "acts": shared.acts,
    })
}

fn clock(clock: &ClockLine) -> Value {
    let pauses = clock.pauses.iter();
    json!({
        "kind": clock.kind,
        "party": clock.party,
        "started_at": clock.started_at,
        "pauses": pauses.map(|pause| json!({
            "from": pause.from, "until": pause.until, "left_wd": pause.left_wd,
        })).collect::<Vec<_>>(),
        "due": deadline(&clock.due),
        "ended_at": clock.ended_at,
    })
}

fn rung(rung: &RungLine) -> Value {
    json!({
        "level": rung.level,
        "at": rung.at,
        "by_officer": rung.by_officer,
        "party": rung.party,
        "offices": rung.offices,
        "due": deadline(&rung.due),
        "answered_at": rung.answered_at,
    })
}

/// What is missing: its kind, and the member of that kind.
fn lacking(lacking: &Lacking) -> Value {
    let mut value = match &lacking.what {
        Owed::Item(item) => json!({ "kind": "item", "field": item.field, "want": item.want }),
        Owed::Reply(number) => json!({ "kind": "reply", "number": number }),
        Owed::Step(step) => json!({ "kind": "step", "step": step }),
        Owed::RungAnswer(level) => json!({ "kind": "rung-answer", "level": level }),
        Owed::Consent(number) => json!({ "kind": "consent", "number": number }),
        Owed::Compliance(number) => json!({ "kind": "compliance", "number": number }),
    };
    value["party"] = lacking.party.as_str().into();
    value["due"] = lacking.due.as_ref().map_or(Value::Null, deadline);
    value
}

fn here(here: &Here) -> Value {
    json!({
        "people": here.people.iter().map(|(person, at)| json!({ "person": person, "at": at })).collect::<Vec<_>>(),
        "undelivered": here.undelivered,
        "answers_waiting": here.answers_waiting,
        "notes": here.notes,
    })
}
