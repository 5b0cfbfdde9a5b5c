//! What is counted of meetings: when one was held, what became of its agenda, what was undertaken there and done.
//!
//! Owns those figures. Must not know which clause asks for them.

use std::collections::BTreeSet;

use super::{CaseFacts, Period, Value};
use crate::act::About;
use crate::agenda::agendas;
use crate::ids::{CaseId, PartyId};
use crate::instrument::Instrument;
use crate::procedure::Side;

/// The cases that are or were on the agenda of some meeting at the end of the period.
pub(super) fn on_agendas(instrument: &Instrument, facts: &[&CaseFacts], period: Period) -> BTreeSet<CaseId> {
    let agendas = agendas(instrument, facts.iter().copied(), period.until);
    let items = agendas.into_iter().flat_map(|agenda| agenda.items);
    let case = |subject| match subject {
        About::Case(case) => Some(case),
        About::Item(_) => None,
    };
    items.filter_map(|item| case(item.subject)).collect()
}

/// Whole days since a step was last recorded.
pub(super) fn since_step(facts: &[&CaseFacts], step: &str, period: Period) -> Value {
    let recorded = facts.iter().flat_map(|facts| &facts.steps).filter(|(code, _)| code == step);
    let last = recorded.map(|(_, at)| *at).filter(|at| *at <= period.until).max();
    let days = |at| u64::try_from(period.until.duration_since(at).as_hours() / 24).ok();
    Value::Since { days: last.and_then(days) }
}

/// Items tabled in the period, and of those how many have an outcome at its end.
pub(super) fn items(facts: &[&CaseFacts], period: Period) -> Value {
    let all = facts.iter().filter_map(|facts| facts.meeting.as_ref()).flat_map(|meeting| &meeting.items);
    let tabled = all.filter(|item| period.holds(item.at));
    share(tabled.map(|item| item.settled_at.is_some_and(|at| at <= period.until)))
}

/// Cases of which a time of the side asked ran out in the period, and of those how many are on an agenda.
pub(super) fn tabled(facts: &[&CaseFacts], on: &BTreeSet<CaseId>, period: Period) -> Value {
    let ran_out = |facts: &&&CaseFacts| {
        let ended = facts.served.iter().map(|served| (&served.standing, Some(served.ended_at)));
        let open = facts.open.iter().map(|standing| (standing, None));
        ended.chain(open).any(|(standing, ended_at)| {
            let late = |due_at| period.holds(due_at) && ended_at.is_none_or(|at| at > due_at);
            standing.side == Side::Requested && standing.due_at.is_some_and(late)
        })
    };
    share(facts.iter().filter(ran_out).map(|facts| on.contains(&facts.case)))
}

/// Things undertaken by a Party that were done or due in the period, and of those how many were done in time. What the
/// other side released is not counted, and what was later found not done was not done.
pub(super) fn tasks<'f>(facts: impl Iterator<Item = &'f CaseFacts>, party: &PartyId, period: Period) -> Value {
    let own = facts.flat_map(|facts| &facts.tasks).filter(|task| task.owner.party() == *party);
    share(own.filter_map(|task| {
        let due_at = task.due_at?;
        if task.discharged_at.is_some_and(|at| at <= period.until) {
            return None;
        }
        let done = task.looks.iter().rfind(|(_, at)| *at <= period.until).filter(|(kept, _)| *kept);
        let in_time = done.map(|(_, at)| *at).filter(|at| *at <= due_at);
        period.holds(in_time.unwrap_or(due_at)).then_some(in_time.is_some())
    }))
}

fn share(all: impl Iterator<Item = bool>) -> Value {
    let (mut part, mut whole) = (0, 0);
    for has in all {
        part += u64::from(has);
        whole += 1;
    }
    Value::Share { part, whole }
}
