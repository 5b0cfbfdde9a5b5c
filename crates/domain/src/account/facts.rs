//! What happened in one case, boiled down to what can be counted.
//!
//! Owns the extraction from the acts. It must not know any period or measure: facts carry their instants, so that the
//! account of a past period stays the same however the case goes on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::act::{Act, ActKind, Deed, Extent, Ground};
use crate::asset::Movement;
use crate::case::{self, Case, Entry};
use crate::clock::{Clock, ClockKind, Run};
use crate::ids::{CaseId, OfficeId, PartyId, TypeCode};
use crate::instrument::Versions;
use crate::menu::Menu;
use crate::procedure::Side;

/// What can be counted of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// The case: the evidence behind a figure.
    pub case: CaseId,
    /// Its type.
    pub type_code: TypeCode,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// The Party that opened it: the direction it counts in.
    pub requesting: PartyId,
    /// The office that asked.
    pub requesting_office: OfficeId,
    /// The office that had it last on the other side.
    pub requested_office: OfficeId,
    /// When it was first signed.
    pub opened_at: Timestamp,
    /// Whether it reached the other side.
    pub delivered: bool,
    /// Waits that ended, in order.
    pub served: Vec<Served>,
    /// The wait that stands at the end of the record.
    pub open: Option<Standing>,
    /// Acts that had effect, in order.
    pub made: Vec<Made>,
    /// Steps recorded: code and instant.
    pub steps: Vec<(String, Timestamp)>,
    /// Refusals: ground and instant.
    pub refused: Vec<(Ground, Timestamp)>,
    /// Rungs of the ladder reached.
    pub climbed: Vec<Climbed>,
    /// How useful the answer was, 1 to 5, and when that was said.
    pub usefulness: Option<(u8, Timestamp)>,
    /// Whether a lesson was left at the end.
    pub lesson: bool,
    /// Movements of property.
    pub moved: Vec<Moved>,
    /// How it ended, and when.
    pub over: Option<(Outcome, Timestamp)>,
}

/// A wait: for whom, by which clock, since when, until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The side waited for.
    pub side: Side,
    /// The clock.
    pub kind: ClockKind,
    /// When its clock began.
    pub since: Timestamp,
    /// When it is due; none while it is paused, or where the instrument gives it no length.
    pub due_at: Option<Timestamp>,
}

/// A wait that ended with an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The wait.
    pub standing: Standing,
    /// When the act that ended it was signed.
    pub ended_at: Timestamp,
}

/// An act that had effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What kind.
    pub kind: ActKind,
    /// Whose.
    pub by: PartyId,
    /// When it was signed.
    pub at: Timestamp,
}

/// A rung of the ladder that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Climbed {
    /// 1 to 4.
    pub level: u8,
    /// When.
    pub at: Timestamp,
    /// By when it had to answer.
    pub due_at: Timestamp,
    /// When it did.
    pub answered_at: Option<Timestamp>,
}

/// A movement of property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What happened.
    pub movement: Movement,
    /// How much.
    pub amount: Decimal,
    /// In which currency, ISO 4217.
    pub currency: String,
    /// When it was booked.
    pub at: Timestamp,
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All that was asked was answered.
    Answered,
    /// A part was answered.
    AnsweredInPart,
    /// It was accepted and could not be carried out.
    NotExecutable,
    /// It was refused, and the refusal stands.
    Refused,
    /// The asking side withdrew it.
    Withdrawn,
    /// What was missing never came.
    Lapsed,
    /// Both signed a text.
    Signed,
    /// One side stopped it.
    Aborted,
    /// It ended without a text or an answer: positions stand, a notice was taken note of.
    Concluded,
}

impl CaseFacts {
    /// The facts of a case from its acts, in any order; `None` when no act opens one.
    #[must_use]
    pub fn of(versions: &(impl Versions + ?Sized), entries: &[Entry]) -> Option<Self> {
        let mut watch = Watch::default();
        let case = case::fold_watched(versions, entries, |case, act| watch.see(case, act))?;
        let over = case.over_since.map(|at| (watch.outcome.unwrap_or(Outcome::Concluded), at));
        Some(Self {
            type_code: case.type_code,
            exercise: case.request.exercise,
            requesting: case.requesting,
            requesting_office: case.requesting_office,
            requested_office: case.requested_office,
            opened_at: case.opened_at,
            delivered: case.delivered_at.is_some(),
            served: watch.served,
            open: watch.standing.filter(|_| over.is_none()),
            made: watch.made,
            steps: watch.steps,
            refused: watch.refused,
            climbed: case
                .rungs
                .iter()
                .map(|rung| Climbed {
                    level: rung.level,
                    at: rung.at,
                    due_at: rung.answer_due.due_at,
                    answered_at: rung.answer.as_ref().map(|(_, at)| *at),
                })
                .collect(),
            usefulness: watch.usefulness,
            lesson: watch.lesson,
            moved: case
                .bookings
                .iter()
                .filter(|booking| !booking.movement.is_passage())
                .map(|booking| Moved {
                    movement: booking.movement,
                    amount: booking.amount.value(),
                    currency: booking.amount.currency().to_owned(),
                    at: booking.at,
                })
                .collect(),
            over,
            case: case.id,
        })
    }
}

/// What is kept while the acts of a case go by.
#[derive(Default)]
struct Watch {
    standing: Option<Standing>,
    served: Vec<Served>,
    made: Vec<Made>,
    steps: Vec<(String, Timestamp)>,
    refused: Vec<(Ground, Timestamp)>,
    usefulness: Option<(u8, Timestamp)>,
    lesson: bool,
    outcome: Option<Outcome>,
}

impl Watch {
    /// One act went by, and the case stands as `case` now.
    fn see(&mut self, case: &Case, act: &Act) {
        if case.record.last().is_some_and(|last| last.moot.is_some()) {
            return;
        }
        self.made.push(Made { kind: act.deed.kind(), by: act.by.clone(), at: act.at });
        self.note(&act.deed, act.at);
        let standing = standing(case);
        let same = |a: &Standing, b: &Standing| (a.side, a.kind) == (b.side, b.kind);
        if let Some(before) = self.standing.take()
            && !standing.as_ref().is_some_and(|now| same(&before, now))
            && !is_paused(&case.clocks, before.kind)
        {
            self.served.push(Served { standing: before, ended_at: act.at });
        }
        self.standing = standing;
    }

    fn note(&mut self, deed: &Deed, at: Timestamp) {
        match deed {
            Deed::Record { step, .. } => self.steps.push((step.clone(), at)),
            Deed::Refuse { ground, .. } => {
                self.refused.push((*ground, at));
                self.outcome = Some(Outcome::Refused);
            }
            Deed::Reopen { .. } => self.outcome = None,
            Deed::Respond { extent, .. } => {
                self.outcome = Some(match extent {
                    Extent::Full => Outcome::Answered,
                    Extent::Part => Outcome::AnsweredInPart,
                    Extent::NotExecutable => Outcome::NotExecutable,
                });
            }
            Deed::Withdraw { .. } => self.outcome = Some(Outcome::Withdrawn),
            Deed::Lapse {} => self.outcome = Some(Outcome::Lapsed),
            Deed::SignText { .. } => self.outcome = Some(Outcome::Signed),
            Deed::ProposeText { .. } => self.outcome = None,
            Deed::Abort { .. } => self.outcome = Some(Outcome::Aborted),
            Deed::Conclude { .. } => self.outcome = Some(Outcome::Concluded),
            Deed::ReportOutcome { usefulness, .. } => self.usefulness = Some((*usefulness, at)),
            Deed::Close { lesson } => self.lesson = lesson.is_some(),
            _ => {}
        }
    }
}

/// What the case waits for.
fn standing(case: &Case) -> Option<Standing> {
    if case.is_over() {
        return None;
    }
    let (side, kind) = case.waits()?;
    let clock = case.clocks.get(&kind);
    Some(Standing {
        side,
        kind,
        since: clock.map_or(case.updated_at, |clock| clock.started_at),
        due_at: clock.and_then(Clock::deadline).map(|due| due.due_at),
    })
}

/// Whether a wait was put off and not ended: its clock stands still with days left.
fn is_paused(clocks: &BTreeMap<ClockKind, Clock>, kind: ClockKind) -> bool {
    clocks.get(&kind).is_some_and(|clock| matches!(clock.run, Run::Paused { .. }))
}

impl Menu for Outcome {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Answered, "answered"),
        (Self::AnsweredInPart, "answered-in-part"),
        (Self::NotExecutable, "not-executable"),
        (Self::Refused, "refused"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Lapsed, "lapsed"),
        (Self::Signed, "signed"),
        (Self::Aborted, "aborted"),
        (Self::Concluded, "concluded"),
    ];
}
