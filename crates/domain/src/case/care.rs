//! Care for what was handed over: undertakings and their keeping, consent, recall and correction, deletion.
//!
//! Owns the living objects of a case that outlast its end, each with who owes what by when. Must not know stages.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};

use crate::act::{ActKind, ActRef, Condition, ConsentKind, RecipientReport};
use crate::clock::{Clock, ClockKind};
use crate::ids::{Hash32, OfficeId, PartyId};
use crate::menu::Menu;
use crate::procedure::Side;
use crate::text::Prose;

/// A promise given in writing: conditions accepted, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undertaking {
    /// What was promised.
    pub conditions: Vec<Condition>,
    /// In which words.
    pub words: Prose,
    /// By which office.
    pub by: OfficeId,
    /// When.
    pub at: Timestamp,
    /// Whether it was found kept, each time it was looked at.
    pub checks: Vec<Check>,
    /// When and why the other side released it.
    pub discharged: Option<(Prose, Timestamp)>,
    /// What is to be done, by whom and by when, where it is a thing to do and not a way to behave.
    pub task: Option<Task>,
}

/// Something to do that was undertaken at a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The office that does it.
    pub owner: OfficeId,
    /// Whose it is.
    pub side: Side,
    /// The last day for it.
    pub due_on: Date,
    /// The item of the agenda it follows from.
    pub item: Option<u32>,
    /// Runs out with that day; none where the owner's Party has no calendar.
    pub clock: Option<Clock>,
}

/// How something to do stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskState {
    /// Still to be done, in time.
    Open,
    /// Found done.
    Kept,
    /// Its day is over and it is not done.
    Late,
    /// The other side released it.
    Discharged,
}

/// One look at whether an undertaking is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Who looked.
    pub by: Side,
    /// What was found.
    pub kept: bool,
    /// How it was established.
    pub note: Prose,
    /// When.
    pub at: Timestamp,
}

/// A question of consent put to the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who asks; the other side is the source and answers.
    pub by: Side,
    /// To what.
    pub kind: ConsentKind,
    /// Who would receive or use it.
    pub recipient: String,
    /// What, and what for.
    pub what: Prose,
    /// By when the source answers; runs from its receipt.
    pub clock: Option<Clock>,
    /// The answer: whether, in which words, when.
    pub answer: Option<(bool, Prose, Timestamp)>,
}

/// The case handed on inside a Party, masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Which side handed it on.
    pub by: Side,
    /// The number of that act.
    pub seq: u64,
    /// The office that handed it on; the unmasked case stays with it.
    pub from: OfficeId,
    /// The office that got the masked copy.
    pub to: OfficeId,
    /// What is masked in it.
    pub mask: Mask,
    /// Why.
    pub words: Prose,
    /// When.
    pub at: Timestamp,
}

/// What a masked copy leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mask {
    /// Fields of the request, by id.
    pub fields: BTreeSet<String>,
    /// Files, by root.
    pub files: BTreeSet<Hash32>,
    /// Acts whose words and files are left out.
    pub acts: BTreeSet<ActRef>,
}

/// Something taken back or put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retraction {
    /// Whose act it concerns; the other side holds the copies and reports.
    pub by: Side,
    /// The number of that act.
    pub seq: u64,
    /// Taken back, or put right.
    pub kind: RetractionKind,
    /// Why, or what it should have said.
    pub words: Prose,
    /// By when the other side reports; runs from its receipt.
    pub clock: Option<Clock>,
    /// What was done.
    pub report: Option<Compliance>,
}

/// What was done about something taken back or put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compliance {
    /// Whether every copy was reached.
    pub complied: bool,
    /// How.
    pub words: Prose,
    /// Onward recipient by onward recipient.
    pub recipients: Vec<RecipientReport>,
    /// When it was reported.
    pub at: Timestamp,
}

/// Taken back, or put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetractionKind {
    /// The content must no longer be held or used.
    Recall,
    /// The content must be read as corrected.
    Correction,
}

/// A certificate that contents were erased at the end of their time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// Whose node erased them.
    pub by: PartyId,
    /// The acts whose contents are gone there.
    pub erased: Vec<ActRef>,
    /// When.
    pub at: Timestamp,
}

/// Everything a case keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Care {
    /// Undertakings, in the order given.
    pub undertakings: Vec<Undertaking>,
    /// Questions of consent, in the order put.
    pub consents: Vec<Consent>,
    /// The case handed on to other offices of a Party, in the order done.
    pub forwards: Vec<Forwarded>,
    /// Recalls and corrections, in the order made.
    pub retractions: Vec<Retraction>,
    /// Certificates of deletion.
    pub deletions: Vec<Deletion>,
}

/// Acts by which something is handed over that can be taken back. What only moves the case on carries nothing.
const HANDS_OVER: &[ActKind] = &[
    ActKind::Preconsult,
    ActKind::Advise,
    ActKind::Submit,
    ActKind::Supplement,
    ActKind::Ask,
    ActKind::Reply,
    ActKind::Record,
    ActKind::Interim,
    ActKind::Respond,
    ActKind::ReportOutcome,
    ActKind::StatePosition,
    ActKind::ProposeText,
];

/// Whether an act of this kind hands something over that can be taken back.
#[must_use]
pub fn hands_over(kind: ActKind) -> bool {
    HANDS_OVER.contains(&kind)
}

impl Care {
    /// What somebody still owes, with its clock: the side that owes it first, then the clock that runs for it.
    pub fn duties(&self) -> impl Iterator<Item = (Side, &Clock)> {
        let consents = self.consents.iter().filter(|one| one.answer.is_none());
        let retractions = self.retractions.iter().filter(|one| one.report.is_none());
        let consents = consents.filter_map(|one| Some((one.by.other(), one.clock.as_ref()?)));
        let tasks = self.owed_tasks().filter_map(|(_, _, task)| Some((task.side, task.clock.as_ref()?)));
        consents.chain(tasks).chain(retractions.filter_map(|one| Some((one.by.other(), one.clock.as_ref()?))))
    }

    /// The oldest duty still owed: the side that owes it, the kind of its clock, its place among its kind, and the clock
    /// once it runs. It does not turn on which receipts are in, so both sides name the same.
    #[must_use]
    pub fn oldest(&self) -> Option<(Side, ClockKind, usize, Option<&Clock>)> {
        let consent = self.consents.iter().enumerate().find(|(_, one)| one.answer.is_none());
        let consent = consent.map(|(place, one)| (one.by.other(), ClockKind::Consent, place, one.clock.as_ref()));
        let retraction = self.retractions.iter().enumerate().find(|(_, one)| one.report.is_none());
        consent
            .or_else(|| {
                retraction.map(|(place, one)| (one.by.other(), ClockKind::Compliance, place, one.clock.as_ref()))
            })
            .or_else(|| self.next_task().map(|(place, task)| (task.side, ClockKind::Task, place, task.clock.as_ref())))
    }

    /// What was undertaken to be done and neither is done nor was released, by its place.
    pub fn owed_tasks(&self) -> impl Iterator<Item = (usize, &Undertaking, &Task)> {
        self.in_force().filter(|(_, one)| !one.is_done()).filter_map(|(place, one)| {
            let task = one.task.as_ref()?;
            Some((place, one, task))
        })
    }

    /// That of them whose day comes first.
    #[must_use]
    pub fn next_task(&self) -> Option<(usize, &Task)> {
        self.owed_tasks().map(|(place, _, task)| (place, task)).min_by_key(|(place, task)| (task.due_on, *place))
    }

    /// The register of onward recipients of a side: everybody to whom it was granted to pass something on, and every office
    /// of its own it forwarded the case to; each once.
    #[must_use]
    pub fn recipients(&self, side: Side) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for one in self.consents.iter().filter(|one| one.by == side && one.kind == ConsentKind::OnwardTransfer) {
            let granted = one.answer.as_ref().is_some_and(|(granted, ..)| *granted);
            if granted && !found.contains(&one.recipient.as_str()) {
                found.push(&one.recipient);
            }
        }
        for one in self.forwards.iter().filter(|one| one.by == side) {
            if !found.contains(&one.to.as_str()) {
                found.push(one.to.as_str());
            }
        }
        found
    }

    /// Whether the source granted a side this of this recipient.
    #[must_use]
    pub fn granted(&self, side: Side, kind: ConsentKind, recipient: &str) -> bool {
        let granted = |one: &Consent| one.answer.as_ref().is_some_and(|(granted, ..)| *granted);
        self.consents.iter().any(|one| one.by == side && one.kind == kind && one.recipient == recipient && granted(one))
    }

    /// The latest recall or correction of an act of a side. A recall stands whatever is corrected after it.
    #[must_use]
    pub fn retracted(&self, by: Side, seq: u64) -> Option<&Retraction> {
        let of_act = || self.retractions.iter().rev().filter(|one| one.by == by && one.seq == seq);
        of_act().find(|one| one.kind == RetractionKind::Recall).or_else(|| of_act().next())
    }

    /// Undertakings in force that a side was given, by their place.
    pub fn in_force(&self) -> impl Iterator<Item = (usize, &Undertaking)> {
        self.undertakings.iter().enumerate().filter(|(_, one)| one.discharged.is_none())
    }
}

impl Undertaking {
    /// Whether it can be relied on: not released, and kept whenever last looked at. One found broken counts again only
    /// when it is looked at anew and found kept.
    #[must_use]
    pub fn is_relied_on(&self) -> bool {
        self.discharged.is_none() && self.checks.last().is_none_or(|check| check.kept)
    }

    /// Whether it was found kept when last looked at: a thing to do is then done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.checks.last().is_some_and(|check| check.kept)
    }

    /// How a thing to do stands at `now`; none for a way to behave.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> Option<TaskState> {
        let task = self.task.as_ref()?;
        let over = task.clock.as_ref().and_then(Clock::deadline).is_some_and(|due| due.due_at < now);
        Some(match (&self.discharged, self.is_done()) {
            (Some(_), _) => TaskState::Discharged,
            (None, true) => TaskState::Kept,
            (None, false) if over => TaskState::Late,
            (None, false) => TaskState::Open,
        })
    }
}

impl Menu for TaskState {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Open, "open"), (Self::Kept, "kept"), (Self::Late, "late"), (Self::Discharged, "discharged")];
}
