//! What must hold between the rows of an instrument: pairs, sides, ladder, and words for every menu.
//!
//! Owns the checks of the whole. Must not know TOML: it sees rows, and places only to point at them.

use super::read::{LEVEL_MAX, Reader};
use super::{Clause, FieldKind, Instrument, RequestType};
use crate::account::Count;
use crate::act::{Ground, Role, Urgency};
use crate::deadline::Span;
use crate::ids::{OfficeId, PartyId};
use crate::menu::Menu;
use crate::safeguard::Gate;

/// From this rung up the case's own office no longer answers, so each Party names offices.
const NAMED_FROM_LEVEL: u8 = 2;

/// Notes everything that does not hold.
pub(super) fn check(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    parties(instrument, reader);
    pairs(instrument, reader);
    sides(instrument, reader);
    reach(instrument, reader);
    between_two(instrument, reader);
    ladder(instrument, reader);
    clauses(instrument, reader);
    texts(instrument, reader);
    words::<Urgency>("urgencies", "urgency", reader);
    words::<Role>("roles", "role", reader);
    words::<Ground>("grounds", "ground", reader);
    words::<Gate>("gates", "gate", reader);
}

fn parties(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    let named = reader.known.of("parties").map_or(0, std::collections::BTreeSet::len);
    if named < 2 {
        let spot = reader.place("parties");
        reader.report.error(
            &spot,
            "too-few-parties",
            &[],
            "an agreement needs two Parties".to_owned(),
            "add the other",
        );
    }
    for (id, party) in &instrument.parties {
        let spot = reader.place(&format!("parties.{id}"));
        if let Some(other) = instrument.parties.values().find(|other| other.id < *id && other.order == party.order) {
            let args = [("party", id.as_str()), ("other", other.id.as_str())];
            let message = format!("`{id}` and `{}` have the same order", other.id);
            reader.report.error(&spot, "duplicate", &args, message, "give each Party its own");
        }
        if !instrument.offices.values().any(|office| office.party == *id && office.central) {
            let message = format!("`{id}` has no central office to reconsider a refusal");
            reader.report.error(
                &spot,
                "no-central-office",
                &[("party", id.as_str())],
                message,
                "set central = true on one of its offices",
            );
        }
    }
}

/// Counterparts name each other, and never an office of their own side.
fn pairs(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    for (id, office) in &instrument.offices {
        let spot = reader.place(&format!("offices.{id}"));
        for other in office.counterparts.iter().filter_map(|other| instrument.offices.get(other)) {
            let args = [("office", id.as_str()), ("other", other.id.as_str())];
            if other.party == office.party {
                let message = format!("`{id}` and `{}` are of the same Party", other.id);
                reader.report.error(
                    &spot,
                    "pair-of-one-party",
                    &args,
                    message,
                    "pair it with an office of another Party",
                );
            } else if !other.counterparts.contains(id) {
                let message = format!("`{id}` names `{}` as its counterpart, but not the other way round", other.id);
                reader.report.error(
                    &spot,
                    "pair-not-mutual",
                    &args,
                    message,
                    format!("add `{id}` to the counterparts of `{}`", other.id),
                );
            }
        }
    }
}

/// Every type can be sent and received on every side: whatever one Party may ask, so may the other.
fn sides(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    for (code, row) in &instrument.types {
        let spot = reader.place(&format!("types.{code}"));
        for party in instrument.parties.keys() {
            let lacks = |offices: &[OfficeId]| !offices.iter().any(|office| office.party() == *party);
            for (list, offices) in [("may_send", &row.may_send), ("may_receive", &row.may_receive)] {
                if lacks(offices) {
                    let args = [("party", party.as_str()), ("list", list)];
                    let message = format!("no office of `{party}` stands in `{list}`");
                    reader.report.error(
                        &spot,
                        "type-without-office",
                        &args,
                        message,
                        "the same must be open to every Party: add one",
                    );
                }
            }
        }
    }
}

/// Among more than two Parties nothing amends: an amendment is signed in a case, a case is between two, and the text would
/// bind the others without their signature.
fn between_two(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    if instrument.parties.len() <= 2 {
        return;
    }
    for (code, _) in instrument.types.iter().filter(|(_, row)| row.amends.is_some()) {
        let spot = reader.place(&format!("types.{code}"));
        reader.report.error(
            &spot,
            "amends-without-all",
            &[("type", code.as_str())],
            format!("`{code}` amends the instrument with the signatures of two of its Parties"),
            "take `amends` out: among more than two Parties a new text is signed as a new instrument, with cards of its own",
        );
    }
}

/// No office stands idle: each sends or receives something, or answers on the ladder. Where another version is amended, one
/// may: what runs under that may still lie with it.
fn reach(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    if instrument.amends.is_some() {
        return;
    }
    for id in instrument.offices.keys() {
        let in_type = |list: &[OfficeId]| list.contains(id);
        let used = instrument
            .types
            .values()
            .any(|row| in_type(&row.may_send) || in_type(&row.may_receive) || in_type(&row.may_execute))
            || instrument.ladder.iter().any(|rung| rung.offices.values().flatten().any(|office| office == id));
        if !used {
            let spot = reader.place(&format!("offices.{id}"));
            let message = format!("nothing can be sent to `{id}`, and it answers nothing");
            reader.report.error(
                &spot,
                "unreachable-office",
                &[("office", id.as_str())],
                message,
                "name it in a type or a rung, or remove it",
            );
        }
    }
}

/// No rung is missing, none is reached before the one below it, and the upper ones name offices on every side.
fn ladder(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    for level in 0..=LEVEL_MAX {
        if !instrument.ladder.iter().any(|rung| rung.level == level) {
            let (spot, level) = (reader.place("ladder"), level.to_string());
            let message = format!("the ladder has no rung {level}");
            reader.report.error(
                &spot,
                "ladder-gap",
                &[("level", &level)],
                message,
                "add it: every level from 0 to 4 answers",
            );
        }
    }
    for pair in instrument.ladder.windows(2) {
        let [lower, upper] = pair else { continue };
        if before(upper.raise, lower.raise) || before(upper.raise_urgent, lower.raise_urgent) {
            let level = upper.level.to_string();
            let spot = reader.place(&format!("ladder.{level}"));
            let message = format!("rung {level} is reached before the rung below it");
            reader.report.error(
                &spot,
                "ladder-order",
                &[("level", &level)],
                message,
                "raise each rung later than the one below",
            );
        }
    }
    for rung in instrument.ladder.iter().filter(|rung| rung.level >= NAMED_FROM_LEVEL) {
        let missing = |party: &&PartyId| rung.offices.get(*party).is_none_or(Vec::is_empty);
        for party in instrument.parties.keys().filter(missing) {
            let level = rung.level.to_string();
            let spot = reader.place(&format!("ladder.{level}"));
            let message = format!("no office of `{party}` answers at rung {level}");
            let args = [("party", party.as_str()), ("level", level.as_str())];
            reader.report.error(
                &spot,
                "rung-without-office",
                &args,
                message,
                format!("add offices.{party} to the rung"),
            );
        }
    }
}

/// Whether one span is shorter than another of its own unit; units do not compare.
fn before(a: Span, b: Span) -> bool {
    match (a, b) {
        (Span::WorkingDays(a), Span::WorkingDays(b))
        | (Span::CalendarDays(a), Span::CalendarDays(b))
        | (Span::Hours(a), Span::Hours(b)) => a < b,
        _ => false,
    }
}

fn clauses(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    for clause in &instrument.clauses {
        if clause.types.is_empty() && !instrument.types.values().any(|row| row.clauses.contains(&clause.id)) {
            let spot = reader.place(&format!("clause.{}", clause.id));
            let message = format!("no request type carries out `{}`", clause.id);
            reader.report.warning(
                &spot,
                "clause-without-type",
                &[("clause", &clause.id)],
                message,
                "name one in its `types`",
            );
        }
        measures(instrument, clause, reader);
    }
}

/// What is counted can happen: a step that is counted is a step of a type that is looked at.
fn measures(instrument: &Instrument, clause: &Clause, reader: &mut Reader<'_, '_>) {
    for measure in &clause.measures {
        let (Count::WithStep { step } | Count::SinceStep { step }) = &measure.of else { continue };
        let has = |row: &&RequestType| row.step(step).is_some() && measure.counts(&row.code, &clause.types);
        if !instrument.types.values().any(|row| has(&row)) {
            let spot = reader.place(&format!("clause.{}", clause.id));
            let args = [("clause", clause.id.as_str()), ("step", step.as_str())];
            let message = format!("`{}` counts the step `{step}`, which none of its types has", clause.id);
            reader.report.error(&spot, "step-never-counted", &args, message, "name a step of one of the types");
        }
    }
}

/// A text that something waits for can be settled somewhere.
fn texts(instrument: &Instrument, reader: &mut Reader<'_, '_>) {
    let options = |row: &RequestType| match row.settles.as_ref().and_then(|id| row.field(id)).map(|field| &field.kind) {
        Some(FieldKind::Choice { options }) => options.iter().map(|(code, _)| code.clone()).collect(),
        _ => Vec::new(),
    };
    let known: Vec<String> = instrument.types.values().flat_map(options).collect();
    for (code, row) in &instrument.types {
        for text in row.needs_texts.iter().filter(|text| !known.contains(text)) {
            let spot = reader.place(&format!("types.{code}"));
            let message = format!("`{code}` waits for the text `{text}`, which no type settles");
            let args = [("type", code.as_str()), ("text", text.as_str())];
            let remedy = "make it an option of the field a type's `settles` names";
            reader.report.error(&spot, "text-never-settled", &args, message, remedy);
        }
    }
}

/// Every choice of a menu has its words, so that no page ever shows a bare code.
fn words<M: Menu>(section: &'static str, kind: &'static str, reader: &mut Reader<'_, '_>) {
    for (_, code) in M::ALL {
        if reader.known.of(section).is_some_and(|known| !known.contains(*code)) {
            let spot = reader.place(section);
            let message = format!("the {kind} `{code}` has no words");
            reader.report.error(
                &spot,
                "missing-words",
                &[("kind", kind), ("name", code)],
                message,
                format!("add [{section}.{code}]"),
            );
        }
    }
}
