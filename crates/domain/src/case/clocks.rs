//! The clocks and the ladder of a case as acts start, pause and end them.
//!
//! Owns their running. Must not know what else an act does (`enact`), nor the present time.

use jiff::{Timestamp, civil::Date};

use super::{Case, Ladder, Rung, Seen, State};
use crate::act::Deed;
use crate::calendar::Calendar;
use crate::clock::{Clock, ClockKind, Run};
use crate::deadline::{self, Span};
use crate::instrument::Instrument;
use crate::procedure::{self, Side};

/// The clocks that wait while the matter waits for the other side.
const PAUSABLE: [ClockKind; 2] = [ClockKind::Decision, ClockKind::Completion];

/// The receipt for the request is in: the requested side's clocks begin.
pub(super) fn deliver(case: &mut Case, instrument: &Instrument, received_at: Timestamp) {
    case.state = State::Delivered;
    case.delivered_at = Some(received_at);
    for kind in [ClockKind::Ack, ClockKind::Decision, ClockKind::Completion] {
        if procedure::asks(case.procedure, kind) {
            start(case, instrument, kind, Side::Requested, received_at);
        }
    }
}

/// Starts, pauses and resumes clocks on the way from one wait to the next.
pub(super) fn run(case: &mut Case, instrument: &Instrument, entry: Seen<'_>, by: Side, before: Waits) {
    let after = case.waits();
    let effective = |side: Side| if side == by { Some(entry.act.at) } else { entry.received_at };
    if matches!(entry.act.deed, Deed::Reopen { .. }) {
        case.clocks.remove(&ClockKind::Decision);
        case.clocks.remove(&ClockKind::Completion);
    }
    let Some((side, kind)) = after.filter(|_| !case.is_over()) else {
        return;
    };
    let calendar = calendar_of(case, instrument, Side::Requested);
    for pausable in PAUSABLE {
        let Some(calendar) = calendar else { break };
        let Some(clock) = case.clocks.get_mut(&pausable) else { continue };
        // Only the act that ends a pause lets a clock run on, from its own receipt. Were that not known yet and a later
        // act's time taken instead, the two sides would count from different days.
        if pauses(after) {
            clock.pause(entry.act.at, calendar);
        } else if pauses(before)
            && let Some(at) = effective(Side::Requested)
        {
            clock.resume(at, calendar);
        }
    }
    match &entry.act.deed {
        Deed::Postpone { review_on, .. } => {
            on_a_day(case, instrument, ClockKind::Review, Side::Requested, *review_on, entry.act.at);
            return;
        }
        Deed::Extend { until, .. } if case.period.until == Some(*until) => {
            on_a_day(case, instrument, kind, side, *until, entry.act.at);
            return;
        }
        _ => {}
    }
    let kept = PAUSABLE.contains(&kind) && case.clocks.get(&kind).is_some_and(|clock| clock.side == side);
    if after == before || kept {
        return;
    }
    // A decision clock normally began with the request's receipt. Should that receipt still be on its way when the
    // answer is here, the answer's own time stands in until it comes.
    if let Some(at) = effective(side) {
        start(case, instrument, kind, side, at);
        if kind == ClockKind::Decision && procedure::asks(case.procedure, ClockKind::Completion) {
            start(case, instrument, ClockKind::Completion, side, at);
        }
    } else {
        case.clocks.remove(&kind);
    }
}

/// The side a case waits for, and by which clock.
pub(super) type Waits = Option<(Side, ClockKind)>;

/// Whether the requested side's clocks stand still: it waits for the other side, or for the date it put the matter off to.
fn pauses(waits: Waits) -> bool {
    matches!(waits, Some((_, ClockKind::Supplement | ClockKind::Conditions | ClockKind::Review)))
}

/// The clock of a duty that `side` owes from `at`.
pub(super) fn duty(
    case: &Case,
    instrument: &Instrument,
    kind: ClockKind,
    side: Side,
    at: Option<Timestamp>,
) -> Option<Clock> {
    let span = case.rule(instrument)?.clock(case.urgency, kind)?;
    Some(Clock::start(kind, side, span, at?, None, calendar_of(case, instrument, side)?))
}

/// Starts the clock of a kind by the length the instrument gives it at the urgency in force.
fn start(case: &mut Case, instrument: &Instrument, kind: ClockKind, side: Side, at: Timestamp) {
    let span = case.rule(instrument).and_then(|rule| rule.clock(case.urgency, kind));
    if let (Some(span), Some(calendar)) = (span, calendar_of(case, instrument, side)) {
        let clock = Clock::start(kind, side, span, at, case.request.needed_by, calendar);
        case.clocks.insert(kind, clock);
    }
}

/// A clock that ends with a day somebody named.
fn on_a_day(case: &mut Case, instrument: &Instrument, kind: ClockKind, side: Side, day: Date, at: Timestamp) {
    let Some(calendar) = calendar_of(case, instrument, side) else { return };
    case.clocks.insert(kind, Clock::start(kind, side, Span::NeededBy, at, Some(day), calendar));
}

/// Another urgency gives the running clocks another length, counted from where they began.
pub(super) fn regrade(case: &mut Case, instrument: &Instrument, urgency: crate::act::Urgency) {
    case.urgency = urgency;
    for kind in [ClockKind::Ack, ClockKind::Decision, ClockKind::Completion] {
        if let Some(clock) = case.clocks.get(&kind) {
            let (side, at) = (clock.side, clock.started_at);
            start(case, instrument, kind, side, at);
        }
    }
}

/// Counts what runs by the calendars of another version: nothing becomes due earlier.
pub(super) fn recount(case: &mut Case, instrument: &Instrument) {
    let calendars = [Side::Requesting, Side::Requested].map(|side| calendar_of(case, instrument, side));
    let anew = |clock: &mut Clock| {
        let calendar = match clock.side {
            Side::Requesting => calendars[0],
            Side::Requested => calendars[1],
        };
        if let (Run::Running(deadline), Some(calendar)) = (&mut clock.run, calendar) {
            *deadline = deadline::recounted(deadline, calendar);
        }
    };
    case.clocks.values_mut().for_each(anew);
    case.care.consents.iter_mut().filter_map(|one| one.clock.as_mut()).for_each(anew);
    case.care.retractions.iter_mut().filter_map(|one| one.clock.as_mut()).for_each(anew);
    stand_on_ladder(case, false);
}

/// Reaches a rung: the level's own duty to answer begins.
pub(super) fn climb(
    case: &mut Case,
    instrument: &Instrument,
    level: u8,
    reason: Option<crate::text::Prose>,
    at: Timestamp,
) {
    let Some((side, _)) = case.turn() else { return };
    let rung = instrument.rung(level);
    if let (Some(rung), Some(calendar)) = (rung, calendar_of(case, instrument, side)) {
        let span = if case.is_urgent() { rung.answer_urgent } else { rung.answer };
        let answer_due = deadline::after(span, at, None, calendar);
        case.rungs.push(Rung { level, at, side, reason, answer_due, answer: None });
    }
    case.ladder.level = level;
}

/// A silence that has ended leaves the ladder; the next one begins at its foot. Reconsideration begins at the central
/// authorities (domain reference §2.2). That a deadline becomes known is no new silence: which receipts have come in
/// differs between the sides, and what an act says of the ladder must mean the same to both.
pub(super) fn stand_on_ladder(case: &mut Case, another_silence: bool) {
    if another_silence {
        let level = if matches!(case.state, State::Reconsidering { .. }) { RECONSIDERATION_LEVEL } else { 0 };
        case.ladder = Ladder { level, for_due_at: None, earlier: case.rungs.len() };
    }
    case.ladder.for_due_at = case.deadline().map(|due| due.due_at);
}

/// The level at which refusals are reconsidered.
pub const RECONSIDERATION_LEVEL: u8 = 2;

fn calendar_of<'i>(case: &Case, instrument: &'i Instrument, side: Side) -> Option<&'i Calendar> {
    instrument.party(case.party(side)).map(|party| &party.calendar)
}
