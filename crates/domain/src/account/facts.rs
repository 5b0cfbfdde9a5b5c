//! What happened in one case, boiled down to what can be counted.
//!
//! Owns the extraction from the acts. It must not know any period or measure: facts carry their instants, so that the
//! account of a past period stays the same however the case goes on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::act::{About, Act, ActKind, Deed, Extent, Ground};
use crate::asset::Movement;
use crate::case::{self, Case, Entry, Undertaking};
use crate::clock::{Clock, ClockKind, Run};
use crate::content::{self, FieldValue};
use crate::ids::{CaseId, OfficeId, PartyId, TypeCode};
use crate::instrument::{Instrument, Versions};
use crate::menu::Menu;
use crate::procedure::Side;

/// What can be counted of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// The instrument it was opened under, by its id: every version of it.
    pub instrument: String,
    /// The case: the evidence behind a figure.
    pub case: CaseId,
    /// Its type.
    pub type_code: TypeCode,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// The Party that opened it: the direction it counts in.
    pub requesting: PartyId,
    /// The Party that is asked.
    pub requested: PartyId,
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
    /// How high it stood on the ladder, from when to when.
    pub raised: Vec<Raised>,
    /// What was undertaken to be done.
    pub tasks: Vec<TaskFacts>,
    /// The meeting it is, if it is one.
    pub meeting: Option<MeetingFacts>,
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
    /// How it was answered or otherwise settled, and when; the case may still wait for its closing.
    pub settled: Option<(Outcome, Timestamp)>,
    /// The end of the period it reports on, if it is a progress report.
    pub reports_until: Option<Timestamp>,
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

/// A time in which a case stood on a level of the ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// 1 to 4.
    pub level: u8,
    /// When it was reached.
    pub from: Timestamp,
    /// When the silence ended or the next level was reached; none while it stands.
    pub until: Option<Timestamp>,
}

/// Something undertaken to be done by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFacts {
    /// Its place among the undertakings of the case, from 1.
    pub number: u32,
    /// The office that does it.
    pub owner: OfficeId,
    /// When it was undertaken.
    pub at: Timestamp,
    /// The last instant for it; none where its Party has no calendar.
    pub due_at: Option<Timestamp>,
    /// Each look at it: whether it was done, and when that was said.
    pub looks: Vec<(bool, Timestamp)>,
    /// When the other side released it.
    pub discharged_at: Option<Timestamp>,
}

/// What a meeting had on its agenda of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingFacts {
    /// Its days, from and to.
    pub dates: Option<(Timestamp, Timestamp)>,
    /// When it was recorded as held.
    pub held_at: Option<Timestamp>,
    /// What was tabled, in its order.
    pub items: Vec<ItemFacts>,
}

/// One item tabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFacts {
    /// By whom.
    pub by: PartyId,
    /// What it takes up.
    pub about: Option<About>,
    /// When.
    pub at: Timestamp,
    /// When its outcome was recorded.
    pub settled_at: Option<Timestamp>,
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
        let over = case.over_since.map(|at| (watch.outcome.map_or(Outcome::Concluded, |(outcome, _)| outcome), at));
        // A first signature alone settles nothing.
        let settled = watch.outcome.filter(|(one, _)| *one != Outcome::Signed || case.talk.agreed().is_some()).or(over);
        let instrument = versions.version(&case.instrument);
        let meeting = instrument.and_then(|instrument| meeting(instrument, &case));
        let reports_until = instrument.and_then(|instrument| reports_until(instrument, &case));
        let tasks = tasks(&case);
        Some(Self {
            instrument: instrument.map(|instrument| instrument.id().to_owned()).unwrap_or_default(),
            type_code: case.type_code,
            exercise: case.request.exercise,
            requesting: case.requesting,
            requested: case.requested,
            requesting_office: case.requesting_office,
            requested_office: case.requested_office,
            opened_at: case.opened_at,
            delivered: case.delivered_at.is_some(),
            served: watch.served,
            open: watch.standing.filter(|_| over.is_none()),
            raised: watch.raised,
            tasks,
            meeting,
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
            settled,
            reports_until,
            over,
            case: case.id,
        })
    }
}

impl CaseFacts {
    /// Whether it was opened under an instrument, in whichever version.
    #[must_use]
    pub fn is_under(&self, instrument: &Instrument) -> bool {
        self.instrument == instrument.id()
    }

    /// The level of the ladder it stood on at an instant; none at its foot, and none after its end.
    #[must_use]
    pub fn level_at(&self, at: Timestamp) -> Option<u8> {
        if self.over.is_some_and(|(_, over)| over <= at) {
            return None;
        }
        let stands = |raised: &&Raised| raised.from <= at && raised.until.is_none_or(|until| at < until);
        self.raised.iter().rfind(stands).map(|raised| raised.level)
    }
}

/// What is kept while the acts of a case go by.
#[derive(Default)]
struct Watch {
    standing: Option<Standing>,
    served: Vec<Served>,
    raised: Vec<Raised>,
    made: Vec<Made>,
    steps: Vec<(String, Timestamp)>,
    refused: Vec<(Ground, Timestamp)>,
    usefulness: Option<(u8, Timestamp)>,
    lesson: bool,
    outcome: Option<(Outcome, Timestamp)>,
}

impl Watch {
    /// One act went by, and the case stands as `case` now.
    fn see(&mut self, case: &Case, act: &Act) {
        if case.record.last().is_some_and(|last| last.moot.is_some()) {
            return;
        }
        self.made.push(Made { kind: act.deed.kind(), by: act.by.clone(), at: act.at });
        self.note(&act.deed, act.at);
        self.stand(if case.is_over() { 0 } else { case.ladder.level }, act.at);
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

    /// The level the case stands on from `at`.
    fn stand(&mut self, level: u8, at: Timestamp) {
        let open = self.raised.last_mut().filter(|raised| raised.until.is_none());
        if open.as_ref().map_or(0, |raised| raised.level) == level {
            return;
        }
        if let Some(raised) = open {
            raised.until = Some(at);
        }
        if level > 0 {
            self.raised.push(Raised { level, from: at, until: None });
        }
    }

    fn note(&mut self, deed: &Deed, at: Timestamp) {
        match deed {
            Deed::Record { step, .. } => self.steps.push((step.clone(), at)),
            Deed::Refuse { ground, .. } => {
                self.refused.push((*ground, at));
                self.outcome = Some((Outcome::Refused, at));
            }
            Deed::Reopen { .. } => self.outcome = None,
            Deed::Respond { extent, .. } => {
                let outcome = match extent {
                    Extent::Full => Outcome::Answered,
                    Extent::Part => Outcome::AnsweredInPart,
                    Extent::NotExecutable => Outcome::NotExecutable,
                };
                self.outcome = Some((outcome, at));
            }
            Deed::Withdraw { .. } => self.outcome = Some((Outcome::Withdrawn, at)),
            Deed::Lapse {} => self.outcome = Some((Outcome::Lapsed, at)),
            Deed::SignText { .. } => self.outcome = Some((Outcome::Signed, at)),
            Deed::ProposeText { .. } => self.outcome = None,
            Deed::Abort { .. } => self.outcome = Some((Outcome::Aborted, at)),
            Deed::Conclude { .. } => self.outcome = Some((Outcome::Concluded, at)),
            Deed::ReportOutcome { usefulness, .. } => self.usefulness = Some((*usefulness, at)),
            Deed::Close { lesson } => self.lesson = lesson.is_some(),
            _ => {}
        }
    }
}

/// The end of the period a case reports on.
fn reports_until(instrument: &Instrument, case: &Case) -> Option<Timestamp> {
    let line = content::report(&case.request, case.rule(instrument)?)?;
    line.period(case.request.exercise).map(|period| period.until)
}

/// What a case tells of itself as a meeting.
fn meeting(instrument: &Instrument, case: &Case) -> Option<MeetingFacts> {
    let meeting = case.rule(instrument)?.meeting.as_ref()?;
    let dates = match case.request.fields.get(&meeting.dates) {
        Some(FieldValue::Interval { from, to }) => Some((*from, *to)),
        _ => None,
    };
    let held = case.steps.0.iter().find(|taken| taken.code == meeting.held);
    let items = case.talk.items.iter().map(|item| ItemFacts {
        by: case.party(item.by).clone(),
        about: item.about.clone(),
        at: item.at,
        settled_at: item.outcome.as_ref().map(|(_, _, at)| *at),
    });
    Some(MeetingFacts { dates, held_at: held.map(|taken| taken.at), items: items.collect() })
}

/// What was undertaken to be done in a case.
fn tasks(case: &Case) -> Vec<TaskFacts> {
    let read = |(one, number): (&Undertaking, u32)| {
        let task = one.task.as_ref()?;
        Some(TaskFacts {
            number,
            owner: task.owner.clone(),
            at: one.at,
            due_at: task.clock.as_ref().and_then(Clock::deadline).map(|due| due.due_at),
            looks: one.checks.iter().map(|check| (check.kept, check.at)).collect(),
            discharged_at: one.discharged.as_ref().map(|(_, at)| *at),
        })
    };
    case.care.undertakings.iter().zip(1..).filter_map(read).collect()
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
