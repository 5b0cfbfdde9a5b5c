//! The shipped exercise is staffed: whatever any type lets an office do, somebody there may do it, and what takes four
//! eyes finds a second pair.

use std::collections::BTreeSet;

use domain::act::{ActKind, Role};
use domain::ids::{OfficeId, PartyId};
use domain::instrument::{Instrument, RequestType};
use domain::judge::CENTRAL_LEVEL;
use domain::menu::Menu;
use domain::procedure::{self, By, Row, Side};
use domain::safeguard::{self, Gate};
use node::people::Officer;

use crate::exercise::script;
use crate::house::instrument;

/// What answers the other side, and may not be reviewed by whoever signs it.
const ANSWERS: &[ActKind] = &[ActKind::Respond, ActKind::Interim];

#[test]
fn every_office_has_somebody_for_each_station_and_a_second_for_four_eyes() {
    let (instrument, script) = (instrument(), script(&[]));
    let mut lacking = BTreeSet::new();
    for party in instrument.parties().values() {
        let people = script.officers(&party.id, &party.lang);
        for rule in instrument.types().values() {
            for row in procedure::table(rule.procedure) {
                for office in offices(&instrument, rule, row, &party.id) {
                    let here: Vec<&Officer> = people.iter().filter(|one| one.office == office).collect();
                    if let Some(what) = lacks(&here, rule, row) {
                        lacking.insert(format!("{office}: {} {}: {what}", rule.code, row.act.code()));
                    }
                }
            }
        }
    }
    assert!(lacking.is_empty(), "{lacking:#?}");
}

/// The offices of a Party that may have to do an act.
fn offices(instrument: &Instrument, rule: &RequestType, row: &Row, party: &PartyId) -> BTreeSet<OfficeId> {
    let on = |side: Side| match side {
        Side::Requesting => rule.may_send.clone(),
        // What is passed on has been acknowledged before.
        Side::Requested if procedure::has(rule.procedure, ActKind::Transfer) && row.act != ActKind::Acknowledge => {
            rule.may_receive.iter().chain(&rule.may_execute).cloned().collect()
        }
        Side::Requested => rule.may_receive.clone(),
    };
    let level =
        |level: u8| instrument.rung(level).and_then(|rung| rung.offices.get(party)).cloned().unwrap_or_default();
    let mut offices = match (row.act, row.by) {
        (ActKind::Uphold | ActKind::Reopen, _) => level(CENTRAL_LEVEL),
        (_, By::Officer(side)) => on(side),
        (_, By::EitherOfficer) => on(Side::Requesting).into_iter().chain(on(Side::Requested)).collect(),
        _ => Vec::new(),
    };
    if row.act == ActKind::Record {
        offices.extend(rule.steps.iter().flat_map(|step| step.offices.clone()));
    }
    offices.into_iter().filter(|office| office.party() == *party).collect()
}

/// What an office lacks for an act: somebody to do it, or another to answer one of its safeguards.
fn lacks(here: &[&Officer], rule: &RequestType, row: &Row) -> Option<String> {
    let any = |roles: &[Role], but: Option<&Officer>| {
        here.iter().copied().find(|one| Some(one.id.as_str()) != but.map(|but| but.id.as_str()) && holds(one, roles))
    };
    let doers: Vec<&Officer> = here.iter().copied().filter(|one| holds(one, row.roles)).collect();
    if doers.is_empty() {
        return Some(format!("nobody is {:?}", codes(row.roles)));
    }
    if row.act == ActKind::Submit {
        let pair = |signs: &&Officer| any(&[Role::Drafter], Some(*signs)).is_some();
        let signatory = doers.iter().copied().find(pair);
        let drafter = signatory.and_then(|signs| any(&[Role::Drafter], Some(signs)));
        let unanswered = |gate: &Gate| any(safeguard::answerers(*gate), drafter).is_none();
        return match drafter {
            None => Some("nobody drafts but who signs".to_owned()),
            Some(_) => rule.gates_at(row.act).find(unanswered).map(|gate| format!("nobody answers {}", gate.code())),
        };
    }
    let apart = |gate: Gate| ANSWERS.contains(&row.act) && gate != Gate::HumanDecision;
    let answered = |doer: &Officer| {
        let unanswered = |gate: &Gate| any(safeguard::answerers(*gate), apart(*gate).then_some(doer)).is_none();
        rule.gates_at(row.act).find(unanswered)
    };
    let open: Vec<Option<Gate>> = doers.iter().copied().map(answered).collect();
    match open.first().copied().flatten() {
        Some(gate) if open.iter().all(Option::is_some) => Some(format!("nobody else answers {}", gate.code())),
        _ => None,
    }
}

fn holds(officer: &Officer, roles: &[Role]) -> bool {
    officer.roles.iter().any(|role| roles.contains(role))
}

fn codes(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.code()).collect()
}

/// Every type binds at least one safeguard to what answers the other side that somebody else must answer: so no answer
/// leaves on one signature.
#[test]
fn no_answer_of_any_type_leaves_on_one_signature() {
    for rule in instrument().types().values() {
        for act in ANSWERS.iter().filter(|act| procedure::has(rule.procedure, **act)) {
            let others = rule
                .gates_of(*act, None, domain::content::Sensitivity::NONE)
                .filter(|gate| *gate != Gate::HumanDecision)
                .count();
            assert!(others > 0, "{} {}", rule.code, act.code());
        }
    }
}
