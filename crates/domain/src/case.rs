//! One matter, folded from the acts of all its Parties.
//!
//! Owns the state of a case, the one order in which acts are folded on every node, and the fold. Must not know whether
//! an act is allowed to be made (`judge`), nor time: everything is read from the acts and their receipts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use sha2::{Digest, Sha256};

use crate::act::{Act, ActKind, Condition, Deed, Extent, Ground, MissingItem, Person, Urgency};
use crate::asset::{AssetLedger, Money, Movement};
use crate::clock::{Clock, ClockKind};
use crate::content::Request;
use crate::deadline::Deadline;
use crate::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId, TypeCode};
use crate::instrument::{Instrument, RequestType, Versions};
use crate::judge;
use crate::menu::Menu;
use crate::procedure::{self, ProcedureKind, Side, Stage, Wait};
use crate::refusal::Refusal;
use crate::safeguard::GateAnswer;
use crate::text::Prose;

mod care;
mod clocks;
mod enact;
mod mask;
mod remains;
mod run;
mod steps;
mod talk;
#[cfg(test)]
mod tests;

pub use care::{
    Care, Check, Compliance, Consent, Deletion, Forwarded, Mask, Retraction, RetractionKind, Task, TaskState,
    Undertaking, hands_over,
};
pub use clocks::RECONSIDERATION_LEVEL;
pub use mask::{MASKABLE_PARTS, masked, sight};
pub use remains::{binds, remains};
pub use run::{Audit, BatchAsked, ListAnnounced, Run};
pub use steps::{StepTaken, Steps, applies, items, objects, of_text};
pub use talk::{Item, Position, Talk, Version};

/// Most acts of one case. Long matters have some hundreds; a case is folded whole at every step.
pub const ACTS_MAX: usize = 2_048;

/// An act as it stands in a record, with what its receipt said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The act.
    pub act: Act,
    /// When the other Party's node received it, by its signed receipt; for the other Party's acts, when ours did.
    pub received_at: Option<Timestamp>,
}

/// One matter between two Parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its reference.
    pub id: CaseId,
    /// The version of the instrument it runs under, by hash.
    pub instrument: Hash32,
    /// How it came to run under that version, and which each side would have it go on under.
    pub adoption: Adoption,
    /// Its request type.
    pub type_code: TypeCode,
    /// The procedure it follows.
    pub procedure: ProcedureKind,
    /// The Party that asks.
    pub requesting: PartyId,
    /// The Party that is asked.
    pub requested: PartyId,
    /// The office that asks.
    pub requesting_office: OfficeId,
    /// The office that has it now on the other side.
    pub requested_office: OfficeId,
    /// The request with all supplements.
    pub request: Request,
    /// Where it stands.
    pub state: State,
    /// The urgency in force; the request keeps the one proposed.
    pub urgency: Urgency,
    /// What the requested side calls it, and who has it there.
    pub reference: Option<Reference>,
    /// Its clocks, by kind.
    pub clocks: BTreeMap<ClockKind, Clock>,
    /// How high the present silence has climbed.
    pub ladder: Ladder,
    /// Every rung ever reached.
    pub rungs: Vec<Rung>,
    /// Whether the one itemised return was used.
    pub returned: bool,
    /// Whether the one reconsideration was used.
    pub reconsidered: bool,
    /// Who refused last: somebody else reconsiders it.
    pub refused_by: Option<OfficerId>,
    /// Undertakings, consents, recalls and deletions.
    pub care: Care,
    /// Positions, versions of a text and its signatures.
    pub talk: Talk,
    /// Which sides have done what takes both, in the present stage.
    pub both: BTreeMap<ActKind, BTreeSet<Side>>,
    /// The last day agreed, and the later one each side has named.
    pub period: Period,
    /// Property in the case.
    pub assets: AssetLedger,
    /// Every movement booked, in order.
    pub bookings: Vec<Booking>,
    /// Norms cited: by which side, which, how it bears.
    pub norms: Vec<(Side, String, Prose)>,
    /// The log of the escalation route.
    pub contacts: Vec<Contact>,
    /// What is being preserved, until when.
    pub preserved: Vec<(Prose, Timestamp)>,
    /// Steps of each side's own procedure, in the order recorded.
    pub steps: Steps,
    /// The private matching of the case.
    pub run: Run,
    /// Questions and replies.
    pub questions: Vec<Question>,
    /// Safeguards answered, with the Party that answered.
    pub gates: Vec<(PartyId, GateAnswer)>,
    /// The last act of each Party.
    pub heads: BTreeMap<PartyId, u64>,
    /// Every act in the order folded, with what became of it.
    pub record: Vec<Recorded>,
    /// When the request was first signed.
    pub opened_at: Timestamp,
    /// When it reached the other side.
    pub delivered_at: Option<Timestamp>,
    /// When it came to its end; the time to keep its contents counts from here.
    pub over_since: Option<Timestamp>,
    /// The time of the last act that had effect.
    pub updated_at: Timestamp,
}

/// Where a case stands, with what that stage holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the stage of the same name, documented there")]
pub enum State {
    Preconsulted,
    Advised,
    Submitted,
    Delivered,
    Acknowledged,
    UnderReview,
    Transferred,
    ReturnedIncomplete { items: Vec<MissingItem> },
    Supplemented,
    ConditionsOffered { conditions: Vec<Condition> },
    ConditionsAccepted,
    Postponed { review_on: Date, reason: Prose },
    Accepted,
    PartlyAccepted { scope: Prose },
    InExecution,
    Responded { extent: Extent },
    OutcomeDue { extent: Extent },
    OutcomeReported { usefulness: u8 },
    Refused { ground: Ground },
    Reconsidering { ground: Ground },
    Upheld { ground: Ground },
    Withdrawn,
    Lapsed,
    Negotiating,
    Signed { version: u32 },
    Live,
    Aborted { by: Side },
    Closed { from: Stage },
}

/// What the requested side calls the matter, and who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its own reference.
    pub number: String,
    /// The named officer.
    pub officer: Person,
    /// How to reach the desk.
    pub contact: String,
}

/// How high the present silence has climbed. It begins anew when another wait begins or the urgency changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ladder {
    /// 0 while only the case officers know.
    pub level: u8,
    /// The deadline whose passing is climbed on.
    pub for_due_at: Option<Timestamp>,
    /// How many rungs earlier silences had reached when the present one began.
    pub earlier: usize,
}

/// One rung that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Its level, 1 to 4.
    pub level: u8,
    /// When.
    pub at: Timestamp,
    /// The side that must answer at this level.
    pub side: Side,
    /// An officer's reason, unless the clock raised it.
    pub reason: Option<Prose>,
    /// By when the level must answer.
    pub answer_due: Deadline,
    /// Its answer.
    pub answer: Option<(Prose, Timestamp)>,
}

/// How long something done together lasts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Period {
    /// The last day both have agreed to after the first plan.
    pub until: Option<Date>,
    /// The later day each side has named and the other has not.
    pub named: BTreeMap<Side, Date>,
}

/// Versions of the instrument a case left, and those named for it to go on under.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adoption {
    /// The version each side has named and the other has not.
    pub named: BTreeMap<Side, Hash32>,
    /// Each version it ran under before, and until when.
    pub before: Vec<(Hash32, Timestamp)>,
}

/// One movement of property as booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Who booked it.
    pub by: Side,
    /// Which property.
    pub asset: String,
    /// What happened.
    pub movement: Movement,
    /// How much.
    pub amount: Money,
    /// On which ground.
    pub note: Prose,
    /// When.
    pub at: Timestamp,
}

/// A call or meeting on the escalation route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who noted it.
    pub by: Side,
    /// The level that spoke.
    pub level: u8,
    /// By which means.
    pub means: String,
    /// What was said.
    pub words: Prose,
    /// When it was noted.
    pub at: Timestamp,
}

/// A question and its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The side that asks.
    pub by: Side,
    /// The question.
    pub question: Prose,
    /// The reply.
    pub reply: Option<Prose>,
}

/// What became of an act in the fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The Party whose act it is.
    pub by: PartyId,
    /// Its number there.
    pub seq: u64,
    /// Its kind.
    pub kind: ActKind,
    /// The stage after it.
    pub stage: Stage,
    /// Why it had no effect: it crossed another act in the post.
    pub moot: Option<Refusal>,
    /// Whether the other side's receipt is known.
    pub delivered: bool,
}

/// An entry as it is folded: looked at where it lies, for a case is folded at every step and its texts can be long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'e> {
    pub(crate) act: &'e Act,
    pub(crate) received_at: Option<Timestamp>,
}

impl<'e> From<&'e Entry> for Seen<'e> {
    fn from(entry: &'e Entry) -> Self {
        Self { act: &entry.act, received_at: entry.received_at }
    }
}

/// Puts entries in the one order every node folds them in: causal, then the requesting Party first, then by Party id.
///
/// An act that saw another has a greater count of acts before it, so ordering by that count keeps causes before
/// effects; acts that crossed are ordered by a rule both sides compute alike.
pub fn order(entries: &mut [Entry]) {
    entries.sort_by_cached_key(|entry| place(&entry.act));
}

/// Where an act stands in that order.
fn place(act: &Act) -> (u64, bool, PartyId, u64) {
    let before = act.seen.values().fold(act.seq, |sum, seen| sum.saturating_add(*seen));
    (before, act.by != act.case.opened_by(), act.by.clone(), act.seq)
}

/// Fills in when acts were received from what later acts of the receiving side confirm.
fn fill_receipts(entries: &mut [Seen<'_>]) {
    let receipts = entries.iter().flat_map(|entry| &entry.act.receipts);
    let confirmed: BTreeMap<(&PartyId, u64), Timestamp> =
        receipts.map(|receipt| ((&receipt.by, receipt.seq), receipt.at)).collect();
    for entry in entries {
        entry.received_at = entry.received_at.or_else(|| confirmed.get(&(&entry.act.by, entry.act.seq)).copied());
    }
}

/// Folds acts into the case; `None` when there is no first act that opens one.
#[must_use]
pub fn fold(versions: &(impl Versions + ?Sized), entries: &[Entry]) -> Option<Case> {
    fold_watched(versions, entries, |_, _| ())
}

/// Folds as [`fold`] does, and shows `watch` every act with the case as it stood right after it: for whoever counts
/// what happened on the way (`account`).
pub fn fold_watched(
    versions: &(impl Versions + ?Sized),
    entries: &[Entry],
    watch: impl FnMut(&Case, &Act),
) -> Option<Case> {
    fold_seen(versions, entries.iter().map(Seen::from).collect(), watch)
}

/// The same, of entries that lie elsewhere.
pub(crate) fn fold_seen(
    versions: &(impl Versions + ?Sized),
    mut entries: Vec<Seen<'_>>,
    mut watch: impl FnMut(&Case, &Act),
) -> Option<Case> {
    fill_receipts(&mut entries);
    entries.sort_by_cached_key(|entry| place(entry.act));
    let mut ordered = entries.into_iter();
    let first = ordered.next()?;
    let act = first.act;
    let mut under = versions.version(&act.instrument)?;
    let mut case = enact::open(under, first)?;
    watch(&case, act);
    for entry in ordered {
        let act = entry.act;
        case.apply(under, entry);
        under = case.go_on(versions, under, act.at);
        watch(&case, act);
    }
    Some(case)
}

/// The case once its author has added `act` to `before`, all of which the author had seen: such an act is folded last,
/// so that nothing before it need be folded anew. `None` when it should open a case and does not.
#[must_use]
pub fn then(
    before: Option<Case>,
    versions: &(impl Versions + ?Sized),
    act: &Act,
    received_at: Option<Timestamp>,
) -> Option<Case> {
    let entry = Seen { act, received_at };
    match before {
        None => enact::open(versions.version(&act.instrument)?, entry),
        Some(mut case) => {
            let under = versions.version(&case.instrument)?;
            case.apply(under, entry);
            case.go_on(versions, under, act.at);
            Some(case)
        }
    }
}

impl Case {
    /// Folds one more act in. An act that no longer fits is kept and marked moot.
    fn apply(&mut self, instrument: &Instrument, entry: Seen<'_>) {
        let act = entry.act;
        let moot = judge::place(self, instrument, act).err();
        if moot.is_none() {
            enact::enact(self, instrument, entry);
            self.updated_at = self.updated_at.max(act.at);
            self.over_since = self.is_over().then(|| self.over_since.unwrap_or(act.at));
        }
        let head = self.heads.entry(act.by.clone()).or_default();
        *head = (*head).max(act.seq);
        self.record.push(Recorded {
            by: act.by.clone(),
            seq: act.seq,
            kind: act.deed.kind(),
            stage: self.state.stage(),
            moot,
            delivered: entry.received_at.is_some(),
        });
    }

    /// The version the next act is folded under: another once both sides have named it. What runs keeps its time, unless
    /// the later version's calendar gives more (domain reference §5, rules 7 and 8).
    fn go_on<'v>(
        &mut self,
        versions: &'v (impl Versions + ?Sized),
        under: &'v Instrument,
        at: Timestamp,
    ) -> &'v Instrument {
        let mut named = self.adoption.named.values();
        let both = named.next().filter(|one| named.next() == Some(*one)).copied();
        let Some(next) = both.and_then(|hash| versions.version(&hash)) else { return under };
        self.adoption.before.push((self.instrument, at));
        self.adoption.named.clear();
        self.instrument = next.hash();
        clocks::recount(self, next);
        next
    }

    /// The side a Party is on, if it is a Party to this case.
    #[must_use]
    pub fn side(&self, party: &PartyId) -> Option<Side> {
        if *party == self.requesting {
            Some(Side::Requesting)
        } else if *party == self.requested {
            Some(Side::Requested)
        } else {
            None
        }
    }

    /// The Party on a side.
    #[must_use]
    pub fn party(&self, side: Side) -> &PartyId {
        match side {
            Side::Requesting => &self.requesting,
            Side::Requested => &self.requested,
        }
    }

    /// The office that has the matter on a side.
    #[must_use]
    pub fn office(&self, side: Side) -> &OfficeId {
        match side {
            Side::Requesting => &self.requesting_office,
            Side::Requested => &self.requested_office,
        }
    }

    /// The stage it stands in.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.state.stage()
    }

    /// The side the case waits for and the kind of clock it waits by.
    #[must_use]
    pub fn waits(&self) -> Option<(Side, ClockKind)> {
        match procedure::wait(self.procedure, self.stage()) {
            // A text both signed is closed when what was undertaken in it is done.
            Wait::For(side, kind) if kind == ClockKind::Closing => {
                Some(self.care.next_task().map_or((side, kind), |(_, task)| (task.side, ClockKind::Task)))
            }
            Wait::For(side, kind) => Some((side, kind)),
            Wait::Turn(kind) => Some((self.talk.spoke_last.map_or(Side::Requested, Side::other), kind)),
            Wait::Both(act, kind) => {
                let lacks = |side: &Side| !self.both.get(&act).is_some_and(|done| done.contains(side));
                [Side::Requesting, Side::Requested].into_iter().find(lacks).map(|side| (side, kind))
            }
            Wait::Over => self.care.oldest().map(|(side, kind, ..)| (side, kind)),
            Wait::AtHome => None,
        }
    }

    /// The side that must act next, and the clock it acts under, if a clock runs. After the end only a duty of care is
    /// waited for.
    #[must_use]
    pub fn turn(&self) -> Option<(Side, Option<&Clock>)> {
        if self.is_over() {
            return self.care.oldest().map(|(side, _, _, clock)| (side, clock));
        }
        self.waits().map(|(side, kind)| (side, self.clocks.get(&kind)))
    }

    /// The rungs of the present silence that have not answered, the lowest first. One whose silence has ended owes nothing
    /// any more, though it may still speak.
    pub fn open_rungs(&self) -> impl Iterator<Item = &Rung> {
        self.rungs.iter().skip(self.ladder.earlier).filter(|rung| rung.answer.is_none())
    }

    /// Which silence would be climbed on: another one begins at the foot of the ladder.
    fn silence(&self) -> (Option<(Side, ClockKind)>, Option<usize>) {
        let waits = self.waits();
        let owed = || self.is_over() || waits.is_some_and(|(_, kind)| kind == ClockKind::Task);
        let duty = self.care.oldest().filter(|_| owed()).map(|(_, _, place, _)| place);
        (waits, duty)
    }

    /// Whether it has come to its end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(procedure::wait(self.procedure, self.stage()), Wait::Over)
    }

    /// Whether a side's signature binds it: it stands under an amendment that the other side may still sign.
    #[must_use]
    pub fn is_bound(&self, rule: &RequestType, side: Side) -> bool {
        rule.amends.is_some() && self.talk.signed_by(side)
    }

    /// The rows of its procedure for one act from where it stands.
    pub fn rows(&self, act: ActKind) -> impl Iterator<Item = &'static procedure::Row> {
        procedure::rows(self.procedure, self.stage(), act)
    }

    /// Whether the type switches on an act that not every type has.
    #[must_use]
    pub fn has_extra(&self, instrument: &Instrument, act: ActKind) -> bool {
        self.rule(instrument).is_some_and(|rule| rule.extras.contains(&act))
    }

    /// Whether there is anything left to withdraw: once the side that asked has said what came of it, only measures that
    /// still hold. A notice may be withdrawn as long as it stands.
    #[must_use]
    pub fn leaves_to_withdraw(&self, rule: &RequestType) -> bool {
        let spent = self.stage() == Stage::OutcomeReported && self.procedure != ProcedureKind::Notice;
        !spent || self.steps.measures(rule).next().is_some()
    }

    /// The deadline that runs now.
    #[must_use]
    pub fn deadline(&self) -> Option<&Deadline> {
        self.turn().and_then(|(_, clock)| clock).and_then(Clock::deadline)
    }

    /// The type's rules, from the instrument.
    #[must_use]
    pub fn rule<'i>(&self, instrument: &'i Instrument) -> Option<&'i RequestType> {
        instrument.request_type(&self.type_code)
    }

    /// A hash of the shared state. Two nodes that folded the same acts and receipts have the same; a receipt carries it,
    /// so that the two sides cannot disagree silently.
    #[must_use]
    pub fn fingerprint(&self) -> Hash32 {
        let mut lines = vec![
            "entente/case/1".to_owned(),
            self.id.to_string(),
            self.stage().code().to_owned(),
            self.urgency.code().to_owned(),
            self.requesting_office.to_string(),
            self.requested_office.to_string(),
            format!("level {}", self.ladder.level),
        ];
        // A case that never moved has the fingerprint it had before cases could.
        if !self.adoption.before.is_empty() {
            lines.push(format!("under {}", self.instrument));
        }
        lines.extend(self.deadline().map(|due| format!("due {} {}", due.due_at, due.calendar)));
        lines.extend(self.record.iter().map(|entry| {
            let moot = entry.moot.as_ref().map_or("", Refusal::code);
            format!("{} {} {} {moot}", entry.by, entry.seq, entry.kind.code())
        }));
        Hash32(Sha256::digest(lines.join("\n").as_bytes()).into())
    }
}

impl State {
    /// The stage without what it holds.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self::Preconsulted => Stage::Preconsulted,
            Self::Advised => Stage::Advised,
            Self::Submitted => Stage::Submitted,
            Self::Delivered => Stage::Delivered,
            Self::Acknowledged => Stage::Acknowledged,
            Self::UnderReview => Stage::UnderReview,
            Self::Transferred => Stage::Transferred,
            Self::ReturnedIncomplete { .. } => Stage::ReturnedIncomplete,
            Self::Supplemented => Stage::Supplemented,
            Self::ConditionsOffered { .. } => Stage::ConditionsOffered,
            Self::ConditionsAccepted => Stage::ConditionsAccepted,
            Self::Postponed { .. } => Stage::Postponed,
            Self::Accepted => Stage::Accepted,
            Self::PartlyAccepted { .. } => Stage::PartlyAccepted,
            Self::InExecution => Stage::InExecution,
            Self::Responded { .. } => Stage::Responded,
            Self::OutcomeDue { .. } => Stage::OutcomeDue,
            Self::OutcomeReported { .. } => Stage::OutcomeReported,
            Self::Refused { .. } => Stage::Refused,
            Self::Reconsidering { .. } => Stage::Reconsidering,
            Self::Upheld { .. } => Stage::Upheld,
            Self::Withdrawn => Stage::Withdrawn,
            Self::Lapsed => Stage::Lapsed,
            Self::Negotiating => Stage::Negotiating,
            Self::Signed { .. } => Stage::Signed,
            Self::Live => Stage::Live,
            Self::Aborted { .. } => Stage::Aborted,
            Self::Closed { .. } => Stage::Closed,
        }
    }
}

/// The request a deed opens a case with.
#[must_use]
pub fn opening(deed: &Deed) -> Option<&Request> {
    match deed {
        Deed::Submit { request } | Deed::Preconsult { request } => Some(request),
        _ => None,
    }
}
