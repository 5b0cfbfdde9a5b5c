//! What has run out at an instant: the acts a Party's own node must enter, and when to look again.
//!
//! Owns the reading of clocks and ladder against a given time. Must not know the time itself, nor send anything.

use jiff::{SignedDuration, Timestamp};

use crate::act::Deed;
use crate::calendar::Calendar;
use crate::case::Case;
use crate::deadline::{self, Deadline};
use crate::ids::PartyId;
use crate::instrument::Instrument;
use crate::judge::TOP_LEVEL;
use crate::procedure::{Side, Stage};

/// How long the waiting node leaves a side whose own node enters an act at the same instant: the post takes a moment.
const GRACE: SignedDuration = SignedDuration::from_hours(1);

/// The acts the node of `me` must enter at `now`, first things first. Entering one may make another due.
#[must_use]
pub fn due(case: &Case, instrument: &Instrument, me: &PartyId, now: Timestamp) -> Vec<Deed> {
    moments(case, instrument, me).into_iter().filter(|(at, _)| now > *at).map(|(_, deed)| deed).collect()
}

/// When the node of `me` must look at the case again, if nothing else happens.
#[must_use]
pub fn next_wake(case: &Case, instrument: &Instrument, me: &PartyId) -> Option<Timestamp> {
    moments(case, instrument, me).into_iter().map(|(at, _)| at).min()
}

/// When the ladder's next level is reached, whoever enters it.
#[must_use]
pub fn next_rung(case: &Case, instrument: &Instrument) -> Option<(u8, Timestamp)> {
    let (side, clock) = case.turn()?;
    let deadline = clock?.deadline()?;
    let calendar = calendar(case, instrument, side)?;
    let level = case.ladder.level + 1;
    if level > TOP_LEVEL {
        return None;
    }
    Some((level, raise_at(case, instrument, level, deadline, calendar)?))
}

/// Every act the node may have to enter from here, with the instant after which it is due.
fn moments(case: &Case, instrument: &Instrument, me: &PartyId) -> Vec<(Timestamp, Deed)> {
    let (Some((late, Some(clock))), Some(mine)) = (case.turn(), case.side(me)) else {
        return Vec::new();
    };
    let Some(deadline) = clock.deadline() else { return Vec::new() };
    let own = match (case.stage(), mine) {
        (Stage::ReturnedIncomplete, Side::Requested) => Some(Deed::Lapse {}),
        (Stage::Responded, Side::Requested) => Some(Deed::RemindOutcome {}),
        (Stage::Postponed, Side::Requested) => Some(Deed::Resume {}),
        _ => None,
    };
    if let Some(deed) = own {
        return vec![(deadline.due_at, deed)];
    }
    if mine == late {
        return Vec::new();
    }
    let Some((level, at)) = next_rung(case, instrument) else { return Vec::new() };
    let at = if case.stage() == Stage::Postponed { at.saturating_add(GRACE).unwrap_or(at) } else { at };
    vec![(at, Deed::Escalate { level, reason: None })]
}

/// When a level is reached: the deadline, and so much more by the calendar of the side that is late.
fn raise_at(
    case: &Case,
    instrument: &Instrument,
    level: u8,
    deadline: &Deadline,
    calendar: &Calendar,
) -> Option<Timestamp> {
    let rung = instrument.rung(level)?;
    let span = if case.is_urgent() { rung.raise_urgent } else { rung.raise };
    Some(deadline::plus(deadline, span, calendar))
}

fn calendar<'i>(case: &Case, instrument: &'i Instrument, side: Side) -> Option<&'i Calendar> {
    instrument.party(case.party(side)).map(|party| &party.calendar)
}
