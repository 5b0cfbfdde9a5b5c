//! What was answered, which steps were recorded, and how a case ended.
//!
//! Owns the reading of them off the record. What had no effect is left out. Must not make words.

use domain::act::{Act, ActKind, Deed, Extent, Ground};
use domain::case::{Case, Entry, State, StepTaken};
use domain::ids::{OfficeId, PartyId};
use domain::procedure::Stage;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// One answer that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerLine {
    /// The Party.
    pub party: PartyId,
    /// Its office.
    pub office: OfficeId,
    /// How far it goes; `None` for an interim one.
    pub extent: Option<Extent>,
    /// When.
    pub at: Timestamp,
}

/// One step as recorded, without its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepDone {
    /// Its code.
    pub step: String,
    /// What it was done for, of a step gone through item by item.
    pub item: Option<String>,
    /// Until when it holds.
    pub until: Option<Date>,
    /// The Party.
    pub party: PartyId,
    /// Its office.
    pub office: OfficeId,
    /// When.
    pub at: Timestamp,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// The last stage before it was closed; its own where it ends without being closed.
    pub after: Stage,
    /// How far the last answer went, where one was given.
    pub extent: Option<Extent>,
    /// The ground of a refusal that stands.
    pub ground: Option<Ground>,
}

/// The answers, in order.
pub(super) fn answers(case: &Case, entries: &[Entry]) -> Vec<AnswerLine> {
    let line = |act: &Act| {
        let extent = match &act.deed {
            Deed::Interim { .. } => None,
            Deed::Respond { extent, .. } => Some(*extent),
            _ => return None,
        };
        Some(AnswerLine { party: act.by.clone(), office: act.office.clone(), extent, at: act.at })
    };
    stood(case, entries).filter_map(line).collect()
}

/// The steps, in order.
pub(super) fn steps(case: &Case) -> Vec<StepDone> {
    let done = |taken: &StepTaken| StepDone {
        step: taken.code.clone(),
        item: taken.item.clone(),
        until: taken.until,
        party: case.party(taken.by).clone(),
        office: taken.office.clone(),
        at: taken.at,
    };
    case.steps.0.iter().map(done).collect()
}

/// How a case ended; `None` while it runs.
#[must_use]
pub fn ending(case: &Case, entries: &[Entry]) -> Option<Ending> {
    if !case.is_over() {
        return None;
    }
    let after = match &case.state {
        State::Closed { from } => *from,
        state => state.stage(),
    };
    let extent = answers(case, entries).iter().rev().find_map(|answer| answer.extent);
    let ground = stood(case, entries).fold(None, |stands, act| match &act.deed {
        Deed::Refuse { ground, .. } => Some(*ground),
        Deed::Reopen { .. } => None,
        _ => stands,
    });
    Some(Ending { after, extent, ground })
}

/// The acts that had effect and may say so, in the order folded.
fn stood<'e>(case: &'e Case, entries: &'e [Entry]) -> impl Iterator<Item = &'e Act> {
    const TELLING: &[ActKind] = &[ActKind::Interim, ActKind::Respond, ActKind::Refuse, ActKind::Reopen];
    let done = case.record.iter().filter(|done| done.moot.is_none() && TELLING.contains(&done.kind));
    done.filter_map(|done| entries.iter().map(|entry| &entry.act).find(|act| act.by == done.by && act.seq == done.seq))
}
