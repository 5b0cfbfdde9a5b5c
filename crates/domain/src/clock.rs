//! The clocks of a case: which waits exist, when each is due, and how one pauses.
//!
//! Owns `ClockKind` and `Clock`. Must not know stages or acts (`procedure`, `case`), nor count days itself (`deadline`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::deadline::{self, Deadline, Span};
use crate::menu::Menu;
use crate::procedure::Side;

/// What a clock waits for. An instrument gives each its length per type and urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// The requested side confirms receipt with a reference and a named officer.
    Ack,
    /// The requested side decides: accepts, refuses, offers conditions, postpones or returns.
    Decision,
    /// The requested side answers.
    Completion,
    /// The requesting side supplies what was missing; running out lapses the case.
    Supplement,
    /// The requesting side answers the conditions offered.
    Conditions,
    /// The requested side takes a postponed matter up again, by the date it named.
    Review,
    /// The requesting side says what came of the answer.
    Outcome,
    /// The requesting side closes the case, or asks for reconsideration while it may.
    Closing,
    /// The requested side's central authority reconsiders a refusal.
    Reconsideration,
    /// The requested side confirms that measures were released after a withdrawal.
    Release,
    /// The side that did not speak last speaks: states its position, proposes, or signs.
    Turn,
    /// Each side authorises what was planned together.
    Authorisation,
    /// The source answers a question of consent.
    Consent,
    /// The side that holds copies reports what it did about a recall or correction.
    Compliance,
    /// A side does what it undertook to do, by the day it named.
    Task,
}

/// One running, paused or stopped clock of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// What it waits for.
    pub kind: ClockKind,
    /// Who must act.
    pub side: Side,
    /// When it began to count.
    pub started_at: Timestamp,
    /// Where it stands.
    pub run: Run,
}

/// Where a clock stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// It runs until the deadline.
    Running(Deadline),
    /// It was stopped with so many working days left (only returned, conditional and postponed matters pause).
    Paused {
        /// Working days left.
        left_wd: u32,
        /// The deadline it had.
        was: Deadline,
    },
}

impl Clock {
    /// Starts a clock of length `span` at `at`, by the calendar of the side that must act.
    #[must_use]
    pub fn start(
        kind: ClockKind,
        side: Side,
        span: Span,
        at: Timestamp,
        needed_by: Option<jiff::civil::Date>,
        calendar: &Calendar,
    ) -> Self {
        let deadline = deadline::after(span, at, needed_by, calendar);
        Self { kind, side, started_at: at, run: Run::Running(deadline) }
    }

    /// Stops it at `at`. Hour clocks never pause: imminent harm does not wait for paper.
    pub fn pause(&mut self, at: Timestamp, calendar: &Calendar) {
        if let Run::Running(deadline) = &self.run
            && matches!(deadline.span, Span::WorkingDays(_))
        {
            let left_wd = deadline::remaining_wd(deadline, at, calendar);
            self.run = Run::Paused { left_wd, was: deadline.clone() };
        }
    }

    /// Lets it run on from `at` with what was left.
    pub fn resume(&mut self, at: Timestamp, calendar: &Calendar) {
        if let Run::Paused { left_wd, .. } = self.run {
            self.run = Run::Running(deadline::after_pause(left_wd, at, calendar));
        }
    }

    /// The deadline, while it runs.
    #[must_use]
    pub fn deadline(&self) -> Option<&Deadline> {
        match &self.run {
            Run::Running(deadline) => Some(deadline),
            Run::Paused { .. } => None,
        }
    }
}

impl Menu for ClockKind {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Ack, "ack"),
        (Self::Decision, "decision"),
        (Self::Completion, "completion"),
        (Self::Supplement, "supplement"),
        (Self::Conditions, "conditions"),
        (Self::Review, "review"),
        (Self::Outcome, "outcome"),
        (Self::Closing, "closing"),
        (Self::Reconsideration, "reconsideration"),
        (Self::Release, "release"),
        (Self::Turn, "turn"),
        (Self::Authorisation, "authorisation"),
        (Self::Consent, "consent"),
        (Self::Compliance, "compliance"),
        (Self::Task, "task"),
    ];
}
