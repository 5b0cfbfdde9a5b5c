//! What has run out at an instant: the acts a Party's own node must enter, and when to look again.
//!
//! Owns the reading of clocks and ladder against a given time. Must not know the time itself, nor send anything.

use jiff::civil::Time;
use jiff::{SignedDuration, Span, Timestamp};

use crate::act::Deed;
use crate::calendar::Calendar;
use crate::case::Case;
use crate::content::FieldValue;
use crate::deadline::{self, Deadline};
use crate::ids::PartyId;
use crate::instrument::{Instrument, Step, StepBy};
use crate::judge::TOP_LEVEL;
use crate::procedure::{By, Side, Stage};

/// How long the waiting node leaves a side whose own node enters an act at the same instant: the post takes a moment.
const GRACE: SignedDuration = SignedDuration::from_hours(1);

/// A rung reached this much after its time was reached late.
const LATE: SignedDuration = SignedDuration::from_hours(24);

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

/// When the node of `me` must have erased the contents of a case that has come to its end: after the last day of so many
/// months from then, where `me` lives (SG-11).
#[must_use]
pub fn kept_until(case: &Case, instrument: &Instrument, me: &PartyId) -> Option<Timestamp> {
    let (rule, calendar) = (case.rule(instrument)?, calendar(case, instrument, case.side(me)?)?);
    let day = calendar.local(case.over_since?).date();
    let last = day.checked_add(Span::new().months(i64::from(rule.retention_months))).ok()?;
    Some(calendar.instant(last.tomorrow().ok()?, Time::midnight()))
}

/// A step that another has set a time for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// The step's code.
    pub step: String,
    /// The side that must record it.
    pub side: Side,
    /// By when.
    pub due: Deadline,
}

/// The steps still to be recorded in a time of their own, in the instrument's order: papers after a verdict. They run beside
/// what the case waits for, on the calendar of the side that must act.
#[must_use]
pub fn awaited(case: &Case, instrument: &Instrument) -> Vec<Awaited> {
    let Some(rule) = case.rule(instrument) else { return Vec::new() };
    let read = |(step, since): (&Step, Timestamp)| {
        let side = if step.by == StepBy::Requesting { Side::Requesting } else { Side::Requested };
        let (_, span) = step.within.as_ref()?;
        let due = deadline::after(*span, since, None, calendar(case, instrument, side)?);
        Some(Awaited { step: step.code.clone(), side, due })
    };
    case.steps.awaited(rule, &case.requested).into_iter().filter_map(read).collect()
}

/// Every act the node may have to enter from here, with the instant after which it is due.
fn moments(case: &Case, instrument: &Instrument, me: &PartyId) -> Vec<(Timestamp, Deed)> {
    let Some(mine) = case.side(me) else { return Vec::new() };
    let mut moments: Vec<_> = expiry(case, instrument, mine).into_iter().collect();
    if let Some((late, Some(clock))) = case.turn()
        && let Some(deadline) = clock.deadline()
    {
        let own = own_deed(case, mine).map(|deed| (deadline.due_at, deed));
        let raised = || if mine == late { None } else { rise(case, instrument) };
        moments.extend(own.or_else(raised));
    }
    moments
}

/// What a node of this side enters when the clock of the stage runs out.
fn own_deed(case: &Case, mine: Side) -> Option<Deed> {
    let deed = match case.stage() {
        Stage::ReturnedIncomplete => Deed::Lapse {},
        Stage::Responded => Deed::RemindOutcome {},
        Stage::Postponed => Deed::Resume {},
        _ => return None,
    };
    case.rows(deed.kind()).any(|row| row.by == By::Node(mine)).then_some(deed)
}

/// When a notice with an end of its own lapses: after the last day its author named, where the author lives.
fn expiry(case: &Case, instrument: &Instrument, mine: Side) -> Option<(Timestamp, Deed)> {
    let field = case.rule(instrument)?.expires.as_ref()?;
    let Some(FieldValue::Date(day)) = case.request.fields.get(field) else { return None };
    let lapses = case.rows(Deed::Lapse {}.kind()).any(|row| row.by == By::Node(mine));
    let calendar = calendar(case, instrument, Side::Requesting)?;
    let end = calendar.instant(day.tomorrow().ok()?, Time::midnight());
    lapses.then_some((end, Deed::Lapse {}))
}

/// When the waiting side's node climbs a rung.
fn rise(case: &Case, instrument: &Instrument) -> Option<(Timestamp, Deed)> {
    let (level, at) = next_rung(case, instrument)?;
    let at = if case.stage() == Stage::Postponed { at.saturating_add(GRACE).unwrap_or(at) } else { at };
    Some((at, Deed::Escalate { level, reason: None }))
}

/// When a level is reached: so much after the deadline, by the calendar of the side that is late. Where the level below
/// was itself reached late (a node was down for weeks), that level first has its own time to answer: nobody should find
/// four levels raised in the minute the power came back.
fn raise_at(
    case: &Case,
    instrument: &Instrument,
    level: u8,
    deadline: &Deadline,
    calendar: &Calendar,
) -> Option<Timestamp> {
    let after = |level: u8| {
        let rung = instrument.rung(level)?;
        let span = if case.is_urgent() { rung.raise_urgent } else { rung.raise };
        Some(deadline::plus(deadline, span, calendar))
    };
    let punctual = after(level)?;
    let below = case.rungs.last().filter(|rung| rung.level + 1 == level && rung.at > deadline.due_at);
    let late = below.filter(|rung| {
        let meant = after(rung.level).and_then(|meant| meant.checked_add(LATE).ok());
        meant.is_some_and(|meant| rung.at > meant)
    });
    Some(late.map_or(punctual, |rung| punctual.max(rung.answer_due.due_at)))
}

fn calendar<'i>(case: &Case, instrument: &'i Instrument, side: Side) -> Option<&'i Calendar> {
    instrument.party(case.party(side)).map(|party| &party.calendar)
}
