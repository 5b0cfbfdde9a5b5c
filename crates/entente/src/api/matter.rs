//! The parts of a case that a text, property and care add to it, as programs read them.
//!
//! Owns the JSON of steps, texts, assets, undertakings, consents and recalls. Must not know pages.

use domain::asset::Heading;
use domain::case::{Care, Case, Item, Mask, Position, StepTaken, Undertaking, Version};
use domain::clock::Clock;
use domain::menu::Menu;
use node::{Reveal, Revealed};
use serde_json::{Map, Value, json};

pub(super) fn step(step: &StepTaken) -> Value {
    json!({
        "step": step.code, "note": step.note, "item": step.item, "until": step.until, "by": step.by,
        "office": step.office, "at": step.at, "void": step.void,
    })
}

pub(super) fn talk(case: &Case) -> Value {
    let position = |one: &Position| json!({ "by": one.by, "words": one.words, "at": one.at });
    let version = |(place, one): (usize, &Version)| {
        json!({
            "version": place + 1, "by": one.by, "text": one.text, "note": one.note, "at": one.at,
            "sha256": one.text.digest(), "signed": one.signed,
        })
    };
    json!({
        "positions": case.talk.positions.iter().map(position).collect::<Vec<_>>(),
        "versions": case.talk.versions.iter().enumerate().map(version).collect::<Vec<_>>(),
        "reservations": case.talk.reservations.iter().map(position).collect::<Vec<_>>(),
        "agreed": case.talk.agreed().map(|(version, _)| version),
        "items": case.talk.items.iter().enumerate().map(item).collect::<Vec<_>>(),
    })
}

fn item((place, one): (usize, &Item)) -> Value {
    json!({
        "number": place + 1, "by": one.by, "topic": one.topic, "about": one.about, "at": one.at,
        "outcome": one.outcome.as_ref().map(|(by, words, at)| json!({ "by": by, "words": words, "at": at })),
    })
}

pub(super) fn assets(case: &Case) -> Vec<Value> {
    let one = |(name, property): (&str, &domain::asset::Property)| {
        let sums: Map<String, Value> = Heading::ALL
            .iter()
            .map(|(heading, code)| ((*code).to_owned(), json!(property.sum(*heading).to_string())))
            .collect();
        json!({ "asset": name, "holder": property.holder, "currency": property.currency, "sums": sums })
    };
    case.assets.properties().map(one).collect()
}

pub(super) fn care(case: &Case) -> Value {
    let Care { consents, retractions, deletions, .. } = &case.care;
    let due = |clock: &Option<Clock>| clock.as_ref().and_then(Clock::deadline).map(|due| due.due_at);
    let answer = |granted: &bool, words, at| json!({ "yes": granted, "words": words, "at": at });
    json!({
        "consents": consents.iter().enumerate().map(|(place, one)| json!({
            "number": place + 1, "by": one.by, "kind": one.kind, "recipient": one.recipient, "what": one.what,
            "due_at": due(&one.clock), "answer": one.answer.as_ref().map(|(yes, words, at)| answer(yes, words, at)),
        })).collect::<Vec<_>>(),
        "retractions": retractions.iter().enumerate().map(|(place, one)| json!({
            "number": place + 1, "by": one.by, "seq": one.seq, "words": one.words, "due_at": due(&one.clock),
            "recall": one.kind == domain::case::RetractionKind::Recall,
            "report": one.report.as_ref().map(|report| json!({
                "yes": report.complied, "words": report.words, "at": report.at, "recipients": report.recipients,
            })),
        })).collect::<Vec<_>>(),
        "deletions": deletions.iter().map(|one| json!({ "by": one.by, "erased": one.erased, "at": one.at }))
            .collect::<Vec<_>>(),
        "forwards": case.care.forwards.iter().map(|one| json!({
            "by": one.by, "seq": one.seq, "from": one.from, "to": one.to, "masked": mask(&one.mask), "words": one.words,
            "at": one.at,
        })).collect::<Vec<_>>(),
        "norms": case.norms.iter().map(|(by, norm, words)| json!({ "by": by, "norm": norm, "words": words }))
            .collect::<Vec<_>>(),
        "contacts": case.contacts.iter().map(|one| json!({
            "by": one.by, "level": one.level, "means": one.means, "words": one.words, "at": one.at,
        })).collect::<Vec<_>>(),
    })
}

/// What a masked copy leaves out.
pub(super) fn mask(mask: &Mask) -> Value {
    json!({ "fields": mask.fields, "files": mask.files, "acts": mask.acts })
}

/// Questions to see behind a mask.
pub(super) fn reveals(reveals: &[(usize, Reveal, Option<Revealed>)]) -> Vec<Value> {
    let answer = |one: &Revealed| json!({ "granted": one.granted, "office": one.office, "by": one.by, "reason": one.reason, "at": one.at });
    let line = |(number, one, said): &(usize, Reveal, Option<Revealed>)| {
        json!({
            "number": number, "office": one.office, "by": one.by, "reason": one.reason, "at": one.at,
            "answer": said.as_ref().map(answer),
        })
    };
    reveals.iter().map(line).collect()
}

pub(super) fn undertaking(undertaking: &Undertaking) -> Value {
    let checks = undertaking.checks.iter();
    let checks = checks.map(|one| json!({ "by": one.by, "kept": one.kept, "note": one.note, "at": one.at }));
    json!({
        "conditions": undertaking.conditions, "words": undertaking.words, "by": undertaking.by, "at": undertaking.at,
        "checks": checks.collect::<Vec<_>>(),
        "task": undertaking.task.as_ref().map(|task| json!({
            "owner": task.owner, "due_on": task.due_on, "item": task.item, "done": undertaking.is_done(),
            "due_at": task.clock.as_ref().and_then(Clock::deadline).map(|due| due.due_at),
        })),
        "discharged": undertaking.discharged.as_ref().map(|(reason, at)| json!({ "reason": reason, "at": at })),
    })
}
