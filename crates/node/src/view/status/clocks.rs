//! Every clock a case has had: when it began, stood still, was due and ended.
//!
//! Owns the reading of them off the fold as the acts go by. Must not start or stop a clock: `domain::case` does.

use std::collections::BTreeMap;

use domain::act::Act;
use domain::case::Case;
use domain::clock::{Clock, ClockKind, Run};
use domain::deadline::Deadline;
use domain::ids::PartyId;
use jiff::Timestamp;
use serde::Serialize;

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockLine {
    /// What it waited for.
    pub kind: ClockKind,
    /// The Party that had to act.
    pub party: PartyId,
    /// When it began to count.
    pub started_at: Timestamp,
    /// When it stood still.
    pub pauses: Vec<PauseLine>,
    /// By when, in the calendar of that Party; while it stands still, by when it was before.
    pub due: Deadline,
    /// When what it waited for came, or nothing was to be waited for any more.
    pub ended_at: Option<Timestamp>,
}

/// A time in which a clock stood still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PauseLine {
    /// From when.
    pub from: Timestamp,
    /// Until when; `None` while it still does.
    pub until: Option<Timestamp>,
    /// Working days that were left.
    pub left_wd: u32,
}

/// What is kept while the acts of a case go by.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The clocks as they stand, each with its place in the order they began.
    running: BTreeMap<ClockKind, ClockLine>,
    ended: Vec<ClockLine>,
}

impl Watch {
    /// One act went by, and the case stands as `case` now.
    pub(super) fn see(&mut self, case: &Case, act: &Act) {
        for (kind, clock) in &case.clocks {
            if !waited_for(case, *kind) {
                continue;
            }
            // Another urgency counts a clock anew from where it began; anything else that begins is another clock.
            let other = |line: &ClockLine| line.started_at != clock.started_at || line.party != *case.party(clock.side);
            if self.running.get(kind).is_some_and(other) {
                self.end(*kind, act.at);
            }
            let line = self.running.entry(*kind).or_insert_with(|| begun(case, clock));
            stand(line, clock, act.at);
        }
        let over: Vec<ClockKind> = self
            .running
            .keys()
            .copied()
            .filter(|kind| !case.clocks.contains_key(kind) || !waited_for(case, *kind))
            .collect();
        for kind in over {
            self.end(kind, act.at);
        }
    }

    /// Every clock, in the order they began; with those of the duties of care, which outlast the stages.
    pub(super) fn ended(self, case: &Case) -> Vec<ClockLine> {
        let mut lines = self.ended;
        lines.extend(self.running.into_values());
        let consents = case.care.consents.iter().map(|one| (&one.clock, one.answer.as_ref().map(|(.., at)| *at)));
        let reports = case.care.retractions.iter().map(|one| (&one.clock, one.report.as_ref().map(|done| done.at)));
        for (clock, ended_at) in consents.chain(reports) {
            if let Some(clock) = clock {
                lines.push(ClockLine { ended_at, ..begun(case, clock) });
            }
        }
        lines.sort_by_key(|line| (line.started_at, line.kind));
        lines
    }

    fn end(&mut self, kind: ClockKind, at: Timestamp) {
        if let Some(line) = self.running.remove(&kind) {
            self.ended.push(ClockLine { ended_at: Some(at), ..line });
        }
    }
}

/// Whether the case still waits for what a clock of it counts: now, or once what comes before it is done. A clock is left
/// where it stood when its wait is over, so its being there says nothing.
fn waited_for(case: &Case, kind: ClockKind) -> bool {
    use ClockKind::{Ack, Authorisation, Completion, Conditions, Decision, Review, Supplement, Turn};
    let Some((_, now)) = case.waits().filter(|_| !case.is_over()) else { return false };
    now == kind
        || match kind {
            Decision => matches!(now, Ack | Supplement | Conditions | Review),
            Completion => matches!(now, Ack | Decision | Supplement | Conditions | Review | Turn | Authorisation),
            _ => false,
        }
}

fn begun(case: &Case, clock: &Clock) -> ClockLine {
    ClockLine {
        kind: clock.kind,
        party: case.party(clock.side).clone(),
        started_at: clock.started_at,
        pauses: Vec::new(),
        due: due(clock),
        ended_at: None,
    }
}

/// Writes down how a clock stands after the act made at `at`.
fn stand(line: &mut ClockLine, clock: &Clock, at: Timestamp) {
    line.due = due(clock);
    let open = line.pauses.last_mut().filter(|pause| pause.until.is_none());
    match (&clock.run, open) {
        (Run::Paused { left_wd, .. }, None) => {
            line.pauses.push(PauseLine { from: at, until: None, left_wd: *left_wd });
        }
        (Run::Running(deadline), Some(pause)) => pause.until = Some(deadline.from),
        (Run::Paused { .. }, Some(_)) | (Run::Running(_), None) => {}
    }
}

fn due(clock: &Clock) -> Deadline {
    match &clock.run {
        Run::Running(deadline) | Run::Paused { was: deadline, .. } => deadline.clone(),
    }
}
