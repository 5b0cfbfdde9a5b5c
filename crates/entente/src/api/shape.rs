//! What the interface answers, as JSON: one function a noun.
//!
//! Owns the members' names, which `schema` publishes (a test compares the two). Must not read stores, and must not let
//! the key of an attachment out: content is fetched through the node, which checks it.

use domain::case::Case;
use domain::case::RetractionKind;
use domain::content::Attachment;
use domain::deadline::{Deadline, Span};
use domain::menu::Menu;
use domain::refusal::Refusal;
use domain::safeguard::{Gate, GateAnswer};
use jiff::Timestamp;
use node::draft::Draft;
use node::people::Officer;
use node::view::{ActLine, AttachmentLine, CaseFile, CaseLine, GateLine, LogHead, Turn};
use node::{Done, Node, PreparedAct, Standing};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Direction, EventRow};

use super::matter::{assets, care, mask, reveals, step, talk, undertaking};
use super::problem;

/// A value of the signed vocabulary as it stands there, without keys of attachments.
pub(super) fn plain(value: &impl Serialize) -> Value {
    let mut plain = serde_json::to_value(value).unwrap_or_else(|why| {
        tracing::error!(code = "fault", %why, "a value has no JSON form");
        Value::Null
    });
    hide_keys(&mut plain);
    plain
}

pub(super) fn officer(officer: &Officer) -> Value {
    json!({
        "id": officer.id, "name": officer.name, "office": officer.office, "roles": officer.roles, "lang": officer.lang,
    })
}

pub(super) fn done(done: &Done) -> Value {
    json!({ "case": done.case, "seq": done.seq, "core_hash": done.core_hash })
}

pub(super) fn case_line(line: &CaseLine) -> Value {
    let (turn, acts, yours) = match &line.turn {
        Turn::Ours { acts, yours, .. } => ("ours", acts.iter().map(|act| act.code()).collect(), *yours),
        Turn::Theirs(_) => ("theirs", Vec::new(), false),
        Turn::Courier => ("courier", Vec::new(), false),
        Turn::Over => ("over", Vec::new(), false),
    };
    json!({
        "case": line.case,
        "reference": line.reference,
        "type_code": line.type_code,
        "title": line.title,
        "stage": line.stage,
        "direction": match line.direction { Direction::Outgoing => "outgoing", Direction::Incoming => "incoming" },
        "turn": turn,
        "ways_on": acts,
        "yours": yours,
        "due_at": line.due_at,
        "level": line.level,
        "urgency": line.urgency,
        "mark": line.mark,
        "our_office": line.our_office,
        "their_office": line.their_office,
        "peer": line.peer,
        "undelivered": line.undelivered,
        "updated_at": line.updated_at,
        "exercise": line.exercise,
    })
}

pub(super) fn case_file(file: &CaseFile) -> Value {
    let case = &file.dossier.case;
    let clock = file.clock.as_ref().map(|clock| {
        json!({
            "kind": clock.kind,
            "party": clock.party,
            "deadline": clock.deadline.as_ref().map(deadline),
            "paused_left_wd": clock.paused_left_wd,
        })
    });
    let questions = case.questions.iter().enumerate();
    json!({
        "line": case_line(&file.line),
        "side": file.us,
        "request": plain(&case.request),
        "requesting_office": case.requesting_office,
        "requested_office": case.requested_office,
        "open": file.open,
        "clock": clock,
        "gates": file.gates.iter().map(gate_line).collect::<Vec<_>>(),
        "gates_answered": case.gates.iter().map(|(party, answer)| gate_answer(party.as_str(), answer)).collect::<Vec<_>>(),
        "undertakings": case.care.undertakings.iter().map(undertaking).collect::<Vec<_>>(),
        "questions": questions.map(|(place, question)| json!({
            "number": place + 1, "by": question.by, "question": question.question, "reply": question.reply,
        })).collect::<Vec<_>>(),
        "steps": case.steps.0.iter().map(step).collect::<Vec<_>>(),
        "talk": talk(case),
        "assets": assets(case),
        "care": care(case),
        "continues": file.continues,
        "continued_as": file.continued_as,
        "continuable_as": file.continuable_as,
        "masked": file.mask.as_ref().map(mask),
        "reveals": reveals(&file.reveals),
        "rungs": rungs(case),
        "attachments": file.attachments.iter().map(attachment_line).collect::<Vec<_>>(),
        "officer": case.reference.as_ref().map(|reference| json!({
            "officer": reference.officer, "contact": reference.contact, "reference": reference.number,
        })),
        "opened_at": case.opened_at,
        "delivered_at": case.delivered_at,
        "fingerprint": case.fingerprint(),
        "instrument": case.instrument,
        "kept_until": file.kept_until,
        "erased_at": file.erased_at,
        "acts": file.acts.len(),
    })
}

pub(super) fn act(line: &ActLine) -> Value {
    let act = &line.act;
    json!({
        "by": act.by,
        "seq": act.seq,
        "kind": act.deed.kind(),
        "at": act.at,
        "received_at": line.received_at,
        "office": act.office,
        "officer": act.author.officer(),
        "drafter": act.author.drafter(),
        "gates": act.gates,
        "deed": plain(&act.deed),
        "stage": line.recorded.stage,
        "moot": line.recorded.moot.as_ref().map(domain::refusal::Refusal::code),
        "moot_said": line.recorded.moot.as_ref().map(problem::said),
        "log_index": line.log_index,
        "core_hash": line.core_hash,
        "erased_at": line.erased_at,
        "retracted": retracted(line.retracted),
    })
}

/// What one writes and another signs, with what keeps it from being handed over and the safeguards still open.
pub(super) fn prepared(prepared: &PreparedAct, lacks: Option<&Refusal>, open: &[Gate], moved: u64) -> Value {
    let (standing, returned) = match &prepared.standing {
        Standing::Writing => ("writing", None),
        Standing::HandedOver => ("handed-over", None),
        Standing::Returned { by, reason, at } => ("returned", Some(json!({ "by": by, "reason": reason, "at": at }))),
    };
    json!({
        "case": prepared.case,
        "act": prepared.deed.kind(),
        "version": prepared.version,
        "saved": prepared.saved,
        "office": prepared.office,
        "deed": plain(&prepared.deed),
        "drafter": prepared.drafter,
        "editors": prepared.editors,
        "standing": standing,
        "returned": returned,
        "gates": prepared.gates,
        "gates_unanswered": open,
        "earlier": prepared.earlier,
        "lacks": lacks.map(Refusal::code),
        "lacks_said": lacks.map(problem::said),
        "acts_seen": prepared.acts_seen,
        "moved": moved,
        "written_at": prepared.written_at,
    })
}

pub(super) fn draft(node: &Node, draft: &Draft) -> Value {
    let lacking = node.lacking(draft).unwrap_or_default();
    let needed = node::draft::gates_of(node, &draft.request.to.party(), &draft.request.type_code);
    json!({
        "id": draft.id,
        "version": draft.version,
        "office": draft.office,
        "instrument": node.instrument_with(&draft.request.to.party()).hash(),
        "request": plain(&draft.request),
        "created_by": draft.created_by,
        "gates": draft.gates,
        "gates_needed": needed,
        "handed_over": draft.handed_over,
        "updated_at": draft.updated_at,
        "missing": lacking.iter().map(problem::missing).collect::<Vec<_>>(),
        "terms": terms(node, draft),
    })
}

/// Where the languages of a draft depart from the agreed terms.
pub(super) fn terms(node: &Node, draft: &Draft) -> Vec<Value> {
    let bases = node
        .instrument_with(&draft.request.to.party())
        .request_type(&draft.request.type_code)
        .map(|rule| rule.legal_bases.as_slice());
    let found = domain::glossary::departures_in(
        node.instrument_with(&draft.request.to.party()).glossary(),
        bases.unwrap_or_default(),
        &draft.request,
    );
    let line = |(field, one): (String, domain::glossary::Departure)| {
        json!({
            "field": field,
            "term": one.term,
            "used_in": one.used_in,
            "lacking_in": one.lacking_in,
            "agreed": one.agreed,
        })
    };
    found.into_iter().map(line).collect()
}

pub(super) fn attachment(attachment: &Attachment) -> Value {
    json!({
        "name": attachment.name,
        "media_type": attachment.media_type,
        "bytes": attachment.bytes,
        "sha256": attachment.sha256,
        "root": attachment.root,
    })
}

pub(super) fn log_head(head: &LogHead) -> Value {
    json!({
        "origin": head.origin, "size": head.size, "root": head.root, "cosigned_size": head.cosigned_size, "note": head.note,
    })
}

pub(super) fn event(row: &EventRow) -> Value {
    let event = &row.event;
    json!({
        "id": row.id,
        "acknowledged": row.acknowledged,
        "at": Timestamp::from(event.at),
        "level": event.level.as_str(),
        "code": event.code,
        "case": event.case,
        "peer": event.peer,
        "detail": event.detail,
    })
}

/// A span of time as its unit and how many; `needed-by` has no number.
pub(super) fn span(span: &Span) -> Value {
    match span {
        Span::WorkingDays(days) => json!({ "unit": "working-days", "count": days }),
        Span::CalendarDays(days) => json!({ "unit": "calendar-days", "count": days }),
        Span::Hours(hours) => json!({ "unit": "hours", "count": hours }),
        Span::NeededBy => json!({ "unit": "needed-by", "count": null }),
    }
}

pub(super) fn deadline(deadline: &Deadline) -> Value {
    json!({
        "due_at": deadline.due_at,
        "from": deadline.from,
        "span": span(&deadline.span),
        "zone": deadline.zone,
        "calendar": deadline.calendar,
        "provisional": deadline.provisional,
    })
}

fn gate_line(line: &GateLine) -> Value {
    json!({ "act": line.act, "gate": line.gate, "roles": line.roles, "yours": line.yours, "answer": line.answer })
}

fn gate_answer(party: &str, answer: &GateAnswer) -> Value {
    json!({ "party": party, "answer": answer })
}

fn rungs(case: &Case) -> Vec<Value> {
    let line = |rung: &domain::case::Rung| {
        json!({
            "level": rung.level,
            "at": rung.at,
            "side": rung.side,
            "reason": rung.reason,
            "answer_due_at": rung.answer_due.due_at,
            "answer": rung.answer.as_ref().map(|(answer, _)| answer),
            "answered_at": rung.answer.as_ref().map(|(_, at)| at),
        })
    };
    case.rungs.iter().map(line).collect()
}

pub(super) fn attachment_line(line: &AttachmentLine) -> Value {
    json!({
        "file": attachment(&line.attachment),
        "by": line.by,
        "act": line.kind,
        "at": line.at,
        "state": line.state.map(|state| state.as_str()),
        "retracted": retracted(line.retracted),
    })
}

fn retracted(kind: Option<RetractionKind>) -> Option<&'static str> {
    kind.map(|kind| match kind {
        RetractionKind::Recall => "recall",
        RetractionKind::Correction => "correction",
    })
}

/// Takes the key and the wire's numbers out of whatever looks like an attachment. The depth is that of our own types.
fn hide_keys(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.contains_key("sealed_bytes") && members.contains_key("root") {
                for hidden in ["key", "sealed_bytes", "chunk_bytes"] {
                    members.remove(hidden);
                }
            }
            members.values_mut().for_each(hide_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(hide_keys),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
