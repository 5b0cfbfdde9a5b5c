//! The instrument for programs: what may be asked, of whom, under which clocks and safeguards.
//!
//! Owns the JSON of its rows. Must not interpret them.

use std::collections::BTreeMap;

use axum::extract::State;
use domain::ids::{Hash32, TypeCode};
use domain::instrument::{Clause, Field, FieldKind, Instrument, Office, Party, RequestType, Rung, Step};
use domain::menu::Menu;
use node::Node;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Asked, At, Caller};
use super::{Answer, Problem, json, shape};
use crate::app::App;

/// Which instrument, where the node works under several.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Under {
    pub instrument: Option<String>,
}

/// The instrument of this id in force, or the version of this hash; without either, the one that has the caller's office,
/// as on the pages.
pub(super) fn named<'n>(node: &'n Node, caller: &Caller, asked: Option<&str>) -> Result<&'n Instrument, Problem> {
    let Some(asked) = asked else { return Ok(node.instrument_naming(&caller.officer.office)) };
    let by_hash = || Hash32::from_hex(asked).ok().and_then(|hash| node.version(&hash));
    let mut lineages = node.instruments().lineages();
    let by_id = lineages.find(|lineage| lineage.founding().instrument.id() == asked);
    let found = by_id.map(|lineage| &*lineage.in_force().instrument).or_else(by_hash);
    found.ok_or_else(|| Problem::no_instrument(node.instruments().lineages().map(|one| one.founding().instrument.id())))
}

/// Every instrument the node works under, in force.
pub(super) fn all(node: &Node) -> Vec<Value> {
    let line = |instrument: &Instrument| {
        let parties = instrument.parties().keys().collect::<Vec<_>>();
        json!({ "id": instrument.id(), "hash": instrument.hash(), "title": instrument.title(), "parties": parties })
    };
    node.instruments().lineages().map(|lineage| line(&lineage.in_force().instrument)).collect()
}

pub(super) async fn show(State(app): State<App>, caller: Caller, Asked(under): Asked<Under>) -> Answer {
    let node = app.node();
    let instrument = named(&node, &caller, under.instrument.as_deref())?;
    let types = instrument.types().values().map(|rule| {
        json!({ "code": rule.code, "name": rule.name, "summary": rule.summary, "status": rule.status, "area": rule.area })
    });
    let urgencies = instrument
        .urgencies()
        .iter()
        .map(|(urgency, words)| json!({ "urgency": urgency, "name": words.name, "test": words.test }));
    let gates = instrument.gates().iter().map(|(gate, words)| {
        json!({ "gate": gate, "title": words.title, "ask": words.ask, "answer": words.answer, "help": words.help })
    });
    let grounds = instrument
        .grounds()
        .iter()
        .map(|(ground, words)| json!({ "ground": ground, "name": words.name, "help": words.help }));
    json(
        200,
        &json!({
            "id": instrument.id(),
            "version": instrument.version(),
            "hash": instrument.hash(),
            "title": instrument.title(),
            "text_status": instrument.text_status(),
            "langs": instrument.langs(),
            "parties": instrument.parties().values().map(party).collect::<Vec<_>>(),
            "types": types.collect::<Vec<_>>(),
            "urgencies": urgencies.collect::<Vec<_>>(),
            "gates": gates.collect::<Vec<_>>(),
            "grounds": grounds.collect::<Vec<_>>(),
            "ladder": instrument.ladder().iter().map(rung).collect::<Vec<_>>(),
        }),
    )
}

pub(super) async fn offices(State(app): State<App>, caller: Caller, Asked(under): Asked<Under>) -> Answer {
    let node = app.node();
    let instrument = named(&node, &caller, under.instrument.as_deref())?;
    let offices: Vec<Value> = instrument.offices().values().map(office).collect();
    json(200, &json!({ "offices": offices }))
}

pub(super) async fn clauses(State(app): State<App>, caller: Caller, Asked(under): Asked<Under>) -> Answer {
    let node = app.node();
    let instrument = named(&node, &caller, under.instrument.as_deref())?;
    let clauses: Vec<Value> = instrument.clauses().iter().map(clause).collect();
    json(200, &json!({ "clauses": clauses }))
}

pub(super) async fn request_type(
    State(app): State<App>,
    caller: Caller,
    At(code): At<String>,
    Asked(under): Asked<Under>,
) -> Answer {
    let code = TypeCode::new(&code).ok();
    let node = app.node();
    let instrument = named(&node, &caller, under.instrument.as_deref())?;
    let rule = code.and_then(|code| match under.instrument {
        Some(_) => instrument.request_type(&code),
        // A code that the caller's instrument does not have may be another's.
        None => instrument.request_type(&code).or_else(|| node.type_known(&code)),
    });
    json(200, &rule_of(rule.ok_or_else(|| Problem::plain(404, "not-found"))?))
}

fn party(party: &Party) -> Value {
    json!({
        "id": party.id,
        "name": party.name,
        "short": party.short,
        "capital": party.capital,
        "zone": party.calendar.zone(),
        "calendar": party.calendar.stamp(),
        "lang": party.lang,
    })
}

fn office(office: &Office) -> Value {
    json!({
        "id": office.id,
        "party": office.party,
        "name": office.name,
        "short": office.short,
        "role": office.role,
        "level": office.level,
        "central": office.central,
        "duty_24x7": office.duty_24x7,
        "counterparts": office.counterparts,
        "contact": office.contact,
    })
}

fn clause(clause: &Clause) -> Value {
    json!({
        "id": clause.id,
        "area": clause.area,
        "text": clause.text,
        "capability": clause.capability,
        "indicator": clause.indicator,
        "divergence": clause.divergence,
        "our_translation": clause.our_translation,
        "offices": clause.offices,
        "types": clause.types,
    })
}

fn rung(rung: &Rung) -> Value {
    json!({
        "level": rung.level,
        "name": rung.name,
        "raise": shape::span(&rung.raise),
        "raise_urgent": shape::span(&rung.raise_urgent),
        "answer": shape::span(&rung.answer),
        "answer_urgent": shape::span(&rung.answer_urgent),
        "offices": rung.offices,
    })
}

fn rule_of(rule: &RequestType) -> Value {
    let clocks = rule.clocks.iter().map(|(urgency, clocks)| {
        let spans = clocks.iter().map(|(kind, span)| (kind.code(), shape::span(span)));
        (urgency.code(), spans.collect::<BTreeMap<_, _>>())
    });
    let grounds = rule.grounds.iter().map(|admitted| json!({ "ground": admitted.ground, "basis": admitted.basis }));
    let gates = rule.gates.iter().map(|binding| {
        json!({
            "gate": binding.gate, "at": binding.at, "steps": binding.steps, "only_personal": binding.only_personal,
            "only_secret": binding.only_secret,
        })
    });
    json!({
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "status": rule.status,
        "procedure": rule.procedure,
        "area": rule.area,
        "clauses": rule.clauses,
        "legal_bases": rule.legal_bases,
        "may_send": rule.may_send,
        "may_receive": rule.may_receive,
        "may_execute": rule.may_execute,
        "fields": rule.fields.iter().map(field).collect::<Vec<_>>(),
        "steps": rule.steps.iter().map(step).collect::<Vec<_>>(),
        "expires": rule.expires,
        "extras": rule.extras,
        "meeting": rule.meeting.as_ref().map(|meeting| json!({
            "dates": meeting.dates, "held": meeting.held, "level": meeting.level, "areas": meeting.areas,
        })),
        "settles": rule.settles,
        "needs_texts": rule.needs_texts,
        "continues_as": rule.continues_as,
        "clocks": clocks.collect::<BTreeMap<_, _>>(),
        "usual_urgency": rule.usual_urgency,
        "grounds": grounds.collect::<Vec<_>>(),
        "gates": gates.collect::<Vec<_>>(),
        "default_mark": rule.default_mark,
        "mark_min": rule.mark_min,
        "retention_months": rule.retention_months,
        "followup": rule.followup,
        "words": rule.words,
    })
}

fn step(step: &Step) -> Value {
    json!({
        "code": step.code, "name": step.name, "required": step.required, "by": step.by, "at": step.at,
        "after": step.after, "barred_by": step.barred_by, "before": step.before, "choice": step.choice,
        "dated": step.dated, "ends": step.ends, "per": step.per, "repeats": step.repeats, "party": step.party,
        "offices": step.offices, "within": step.within.as_ref().map(|(_, span)| shape::span(span)),
    })
}

fn field(field: &Field) -> Value {
    let options = match &field.kind {
        FieldKind::Choice { options } => {
            let options = options.iter().map(|(code, label)| json!({ "code": code, "label": label }));
            Value::Array(options.collect())
        }
        _ => Value::Null,
    };
    json!({
        "id": field.id,
        "label": field.label,
        "help": field.help,
        "kind": field.kind.code(),
        "options": options,
        "required": field.required,
        "personal": field.personal,
        "ahead": field.ahead,
        "chars_max": field.chars_max,
    })
}
