//! What an act says or does, with everything said in it.
//!
//! Owns `Deed` and its parts. Must not know its effects (`case::enact`) nor when it may be done (`procedure`).

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::kind::ActKind;
use super::matching::MatchStep;
use super::{Ground, Person, Urgency};
use crate::asset::{Money, Movement};
use crate::content::{Attachment, FieldValue, Request};
use crate::ids::{CaseId, Hash32, OfficeId, PartyId};
use crate::menu::Menu;
use crate::text::Prose;

/// What an act says or does. The comments name who does it: A asks, B is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Deed {
    /// A shows B a draft for advice before submitting it.
    Preconsult {
        /// The draft as it stands.
        request: Box<Request>,
    },
    /// B advises on a draft shown to it.
    Advise {
        /// The advice.
        advice: Prose,
    },
    /// A submits a request.
    Submit {
        /// The request, complete.
        request: Box<Request>,
    },
    /// B confirms receipt. Receipt is not acceptance.
    Acknowledge {
        /// B's own reference.
        reference: String,
        /// The named officer who has the matter.
        officer: Person,
        /// How to reach that officer's desk at any hour.
        contact: String,
    },
    /// B takes the matter up.
    BeginReview {},
    /// B passes the matter to another of its offices.
    Transfer {
        /// The office that takes over.
        to: OfficeId,
        /// Why.
        reason: Prose,
    },
    /// B returns the request with an itemised list; once only.
    ReturnIncomplete {
        /// What is missing, item by item.
        items: Vec<MissingItem>,
    },
    /// A supplies what was missing.
    Supplement {
        /// Fields added or replaced.
        fields: BTreeMap<String, FieldValue>,
        /// Further attachments.
        attachments: Vec<Attachment>,
        /// What was asked for and cannot be supplied, by the item's field, and why.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        unable: BTreeMap<String, Prose>,
        /// A word with it.
        note: Prose,
    },
    /// B would act on conditions; execution waits for A's written acceptance.
    OfferConditions {
        /// The conditions.
        conditions: Vec<Condition>,
    },
    /// A accepts every condition offered; each becomes an undertaking.
    AcceptConditions {
        /// A's written guarantee.
        undertaking: Prose,
    },
    /// A does not accept the conditions; B weighs the matter anew: other conditions, a part, or a refusal.
    DeclineConditions {
        /// Why not, and what A could promise instead.
        reason: Prose,
    },
    /// B postpones, only so as not to disturb its own proceedings.
    Postpone {
        /// Why.
        reason: Prose,
        /// When B looks again.
        review_on: Date,
    },
    /// B takes a postponed matter up again (its officer, or its node on the review date).
    Resume {},
    /// B accepts.
    Accept {
        /// A word with it.
        note: Option<Prose>,
    },
    /// B accepts a part and says which.
    AcceptPart {
        /// What is accepted, and why not the rest.
        scope: Prose,
    },
    /// B refuses on a ground the instrument admits.
    Refuse {
        /// The ground.
        ground: Ground,
        /// The reasons; absent only when withheld.
        reason: Option<Prose>,
        /// That part execution or conditions were considered first, and why they do not serve.
        considered: Prose,
        /// Whether the reason is withheld (RF-16).
        withheld: bool,
    },
    /// A asks B's central authority to reconsider a refusal; once only.
    Reconsider {
        /// A's argument.
        argument: Prose,
    },
    /// B keeps to its refusal after reconsideration.
    Uphold {
        /// Why.
        reason: Prose,
    },
    /// B takes a refused matter up again after reconsideration.
    Reopen {
        /// Why.
        reason: Prose,
    },
    /// B begins to carry the request out.
    BeginExecution {},
    /// A side records a step of its own procedure that the instrument names.
    Record {
        /// The step's code.
        step: String,
        /// What was done.
        note: Prose,
        /// Which item of the field the step goes through, for a step done once for each.
        item: Option<String>,
        /// Until when what was done holds, for a measure that runs out.
        until: Option<Date>,
    },
    /// B preserves something until a date, without yet handing it over.
    Preserve {
        /// What is preserved.
        what: Prose,
        /// Until when.
        until: Timestamp,
    },
    /// B answers in part, more to follow.
    Interim {
        /// The answer so far.
        answer: Prose,
        /// What comes with it.
        attachments: Vec<Attachment>,
    },
    /// Either side asks the other a question; it stops no clock.
    Ask {
        /// The question.
        question: Prose,
    },
    /// The side that was asked replies.
    Reply {
        /// Which question: its place in the case, from 1.
        question: u32,
        /// The reply.
        answer: Prose,
    },
    /// B answers.
    Respond {
        /// How far the answer goes.
        extent: Extent,
        /// The answer.
        answer: Prose,
        /// What comes with it.
        attachments: Vec<Attachment>,
    },
    /// A says what came of it.
    ReportOutcome {
        /// How useful it was, 1 (not) to 5 (decisive).
        usefulness: u8,
        /// What it was used for, within the permitted use.
        used_for: Prose,
    },
    /// A's outcome is overdue; B's node reminds it.
    RemindOutcome {},
    /// The case is closed.
    Close {
        /// What both sides may learn from it.
        lesson: Option<Prose>,
    },
    /// A withdraws; B must release what it holds.
    Withdraw {
        /// Why.
        reason: Prose,
    },
    /// B confirms that measures taken were released.
    ConfirmRelease {
        /// What was released.
        note: Prose,
    },
    /// The time to supply what was missing ran out (B's node).
    Lapse {},
    /// B gives the request another urgency; both values are kept.
    Regrade {
        /// The urgency from now on.
        urgency: Urgency,
        /// Why.
        reason: Prose,
    },
    /// The ladder is climbed: by the waiting side's node when a clock ran out, or by an officer.
    Escalate {
        /// The level reached, 1 to 4.
        level: u8,
        /// An officer's reason; absent when the clock did it.
        reason: Option<Prose>,
    },
    /// The side that is late answers at the level reached.
    AnswerEscalation {
        /// The level that answers.
        level: u8,
        /// The answer.
        answer: Prose,
    },
    /// Either side states its position.
    StatePosition {
        /// The position; positions are exchanged, never judged.
        position: Prose,
    },
    /// Either side lays a text on the table, in every language of the instrument: the next version.
    ProposeText {
        /// The text, its language versions equally authentic.
        text: Prose,
        /// What changed, and why.
        note: Option<Prose>,
    },
    /// Either side records a reservation to the text; it stands beside the signatures.
    Reserve {
        /// The reservation.
        reservation: Prose,
    },
    /// A side signs one version of the text by its hash; with both signatures it stands.
    SignText {
        /// The version signed, from 1.
        version: u32,
        /// [`Prose::digest`] of it, so that nobody signs what they did not see.
        sha256: Hash32,
    },
    /// A side authorises what was planned; it goes ahead with both.
    Authorise {
        /// Who decided it at home, and within which bounds.
        note: Prose,
    },
    /// A side agrees to a later end; it holds once both have named the same day.
    Extend {
        /// The new last day.
        until: Date,
        /// Why.
        reason: Prose,
    },
    /// Either side stops what is under way, at once and alone.
    Abort {
        /// Why.
        reason: Prose,
    },
    /// Either side ends the matter without a text or a plan; the positions stand as stated.
    Conclude {
        /// Where it was left.
        reason: Prose,
    },
    /// A side enters a movement of property in the ledger of the case.
    BookAsset {
        /// Which property, by the name the case gives it.
        asset: String,
        /// What happened to it.
        movement: Movement,
        /// How much.
        amount: Money,
        /// On which ground.
        note: Prose,
    },
    /// A side asks the source of something for its consent.
    SeekConsent {
        /// To what.
        kind: ConsentKind,
        /// Who would receive it; for another use, the authority that would use it.
        recipient: String,
        /// What, and what for.
        what: Prose,
    },
    /// The source answers.
    GiveConsent {
        /// Which question of consent: its place in the case, from 1.
        number: u32,
        /// Whether it consents.
        granted: bool,
        /// On which terms, or why not.
        words: Prose,
    },
    /// A side hands the case on to another of its own offices, which sees it with what is masked left out.
    Forward {
        /// The office that gets the masked copy.
        to: OfficeId,
        /// Fields of the request that are masked, by id.
        fields: Vec<String>,
        /// Files that are masked, by root.
        files: Vec<Hash32>,
        /// Acts whose words and files are masked.
        acts: Vec<ActRef>,
        /// Why it needs to know.
        reason: Prose,
    },
    /// A side takes back what an earlier act of its own carried; it must reach every copy.
    Recall {
        /// The number of that act.
        seq: u64,
        /// Why.
        reason: Prose,
    },
    /// A side corrects what an earlier act of its own said; it must reach every copy.
    Correct {
        /// The number of that act.
        seq: u64,
        /// What it should have said.
        correction: Prose,
    },
    /// The side that holds the copies reports what it did.
    ReportCompliance {
        /// Which recall or correction: its place in the case, from 1.
        number: u32,
        /// Whether every copy was reached.
        complied: bool,
        /// What was done.
        words: Prose,
        /// Each onward recipient, and whether its copies were reached. A report that every copy was reached must name
        /// everybody to whom onward transfer was consented.
        recipients: Vec<RecipientReport>,
    },
    /// A node certifies that its time to keep contents is over and that they are erased; the proof stays.
    CertifyDeletion {
        /// The acts whose contents it erased.
        erased: Vec<ActRef>,
    },
    /// A side reports whether an undertaking is kept.
    CheckUndertaking {
        /// Which: its place in the case, from 1.
        number: u32,
        /// Whether it is kept.
        kept: bool,
        /// How that was established: a visit, a record, a court's order.
        note: Prose,
    },
    /// The side that was given an undertaking releases the other from it.
    DischargeUndertaking {
        /// Which: its place in the case, from 1.
        number: u32,
        /// Why.
        reason: Prose,
    },
    /// A side puts an item on the agenda of a meeting.
    TableItem {
        /// What it is, in a line or two.
        topic: Prose,
        /// What it takes up: a case, or an item that an earlier meeting left unsettled; nothing for a new topic.
        about: Option<About>,
    },
    /// A side records what the meeting settled on an item; the first word on it stands.
    SettleItem {
        /// Which item: its place among those tabled in this case, from 1.
        number: u32,
        /// The outcome.
        outcome: Prose,
    },
    /// A side undertakes to do something by a day, through one of its own offices. It binds nobody but itself.
    Undertake {
        /// What will be done.
        what: Prose,
        /// The office that does it.
        owner: OfficeId,
        /// The last day for it, where the owner lives.
        due_on: Date,
        /// The item of the agenda it follows from: its place in the case, from 1.
        item: Option<u32>,
    },
    /// A side ties the case to a norm of responsible conduct that the instrument lists.
    CiteNorm {
        /// The norm's id.
        norm: String,
        /// How it bears on the case.
        words: Prose,
    },
    /// A side would have the case go on under a later version of the instrument, which both have signed; it does once the
    /// other names the same. What a side has named binds until the other answers; to name the present version is to answer no.
    Adopt {
        /// The version, by hash.
        instrument: Hash32,
        /// Why.
        reason: Prose,
    },
    /// A side notes a call or a meeting on the escalation route: the hotline's log.
    LogContact {
        /// The level of the ladder that spoke.
        level: u8,
        /// By which means: telephone, video, in person.
        means: String,
        /// Who spoke, and what was said.
        words: Prose,
    },
    /// A side takes a step of the case's private matching.
    Match {
        /// Which, with what it announces.
        step: MatchStep,
    },
}

/// How far an answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// All that was asked.
    Full,
    /// A part of it.
    Part,
    /// It could not be carried out.
    NotExecutable,
}

/// One thing missing from a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingItem {
    /// The field's id in the instrument, or `other`.
    pub field: String,
    /// What is wanted.
    pub want: Prose,
}

/// A condition B attaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What kind of promise it asks for.
    pub kind: ConditionKind,
    /// Its words.
    pub words: Prose,
}

/// What a condition asks A to promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionKind {
    /// That the death penalty will be neither imposed nor carried out, directly or through later use (SG-3).
    DeathPenaltyAssurance,
    /// A narrower use (SG-7).
    UseLimit,
    /// Secrecy (SG-13).
    Confidentiality,
    /// Anything else.
    Other,
}

/// To what consent is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentKind {
    /// Passing it on to somebody who is not named (SG-12).
    OnwardTransfer,
    /// Using it for another case or offence (SG-7).
    NewUse,
}

/// What became of the copies of one onward recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientReport {
    /// Who, as the question of consent named them.
    pub recipient: String,
    /// Whether its copies were reached.
    pub complied: bool,
}

/// What an item of an agenda takes up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum About {
    /// A case between the same Parties.
    Case(CaseId),
    /// An item of an earlier meeting.
    Item(ItemRef),
}

/// One item of a meeting's agenda, named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRef {
    /// The case of the meeting.
    pub round: CaseId,
    /// Its place among the items tabled there, from 1.
    pub number: u32,
}

/// One act of a case, named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActRef {
    /// Whose it is.
    pub by: PartyId,
    /// Its number there.
    pub seq: u64,
}

impl Deed {
    /// The kind of this deed.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Preconsult { .. } => ActKind::Preconsult,
            Self::Advise { .. } => ActKind::Advise,
            Self::Submit { .. } => ActKind::Submit,
            Self::Acknowledge { .. } => ActKind::Acknowledge,
            Self::BeginReview {} => ActKind::BeginReview,
            Self::Transfer { .. } => ActKind::Transfer,
            Self::ReturnIncomplete { .. } => ActKind::ReturnIncomplete,
            Self::Supplement { .. } => ActKind::Supplement,
            Self::OfferConditions { .. } => ActKind::OfferConditions,
            Self::AcceptConditions { .. } => ActKind::AcceptConditions,
            Self::DeclineConditions { .. } => ActKind::DeclineConditions,
            Self::Postpone { .. } => ActKind::Postpone,
            Self::Resume {} => ActKind::Resume,
            Self::Accept { .. } => ActKind::Accept,
            Self::AcceptPart { .. } => ActKind::AcceptPart,
            Self::Refuse { .. } => ActKind::Refuse,
            Self::Reconsider { .. } => ActKind::Reconsider,
            Self::Uphold { .. } => ActKind::Uphold,
            Self::Reopen { .. } => ActKind::Reopen,
            Self::BeginExecution {} => ActKind::BeginExecution,
            Self::Record { .. } => ActKind::Record,
            Self::Preserve { .. } => ActKind::Preserve,
            Self::Interim { .. } => ActKind::Interim,
            Self::Ask { .. } => ActKind::Ask,
            Self::Reply { .. } => ActKind::Reply,
            Self::Respond { .. } => ActKind::Respond,
            Self::ReportOutcome { .. } => ActKind::ReportOutcome,
            Self::RemindOutcome {} => ActKind::RemindOutcome,
            Self::Close { .. } => ActKind::Close,
            Self::Withdraw { .. } => ActKind::Withdraw,
            Self::ConfirmRelease { .. } => ActKind::ConfirmRelease,
            Self::Lapse {} => ActKind::Lapse,
            Self::Regrade { .. } => ActKind::Regrade,
            Self::Escalate { .. } => ActKind::Escalate,
            Self::AnswerEscalation { .. } => ActKind::AnswerEscalation,
            Self::StatePosition { .. } => ActKind::StatePosition,
            Self::ProposeText { .. } => ActKind::ProposeText,
            Self::Reserve { .. } => ActKind::Reserve,
            Self::SignText { .. } => ActKind::SignText,
            Self::Authorise { .. } => ActKind::Authorise,
            Self::Extend { .. } => ActKind::Extend,
            Self::Abort { .. } => ActKind::Abort,
            Self::Conclude { .. } => ActKind::Conclude,
            Self::BookAsset { .. } => ActKind::BookAsset,
            Self::SeekConsent { .. } => ActKind::SeekConsent,
            Self::GiveConsent { .. } => ActKind::GiveConsent,
            Self::Forward { .. } => ActKind::Forward,
            Self::Recall { .. } => ActKind::Recall,
            Self::Correct { .. } => ActKind::Correct,
            Self::ReportCompliance { .. } => ActKind::ReportCompliance,
            Self::CertifyDeletion { .. } => ActKind::CertifyDeletion,
            Self::CheckUndertaking { .. } => ActKind::CheckUndertaking,
            Self::DischargeUndertaking { .. } => ActKind::DischargeUndertaking,
            Self::TableItem { .. } => ActKind::TableItem,
            Self::SettleItem { .. } => ActKind::SettleItem,
            Self::Undertake { .. } => ActKind::Undertake,
            Self::CiteNorm { .. } => ActKind::CiteNorm,
            Self::Adopt { .. } => ActKind::Adopt,
            Self::LogContact { .. } => ActKind::LogContact,
            Self::Match { .. } => ActKind::Match,
        }
    }

    /// The attachments this deed carries.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Submit { request } | Self::Preconsult { request } => &request.attachments,
            Self::Supplement { attachments, .. }
            | Self::Interim { attachments, .. }
            | Self::Respond { attachments, .. } => attachments,
            Self::Match { step } => step.files(),
            _ => &[],
        }
    }
}

impl Menu for Extent {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Full, "full"), (Self::Part, "part"), (Self::NotExecutable, "not-executable")];
}

impl Menu for ConditionKind {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::DeathPenaltyAssurance, "death-penalty-assurance"),
        (Self::UseLimit, "use-limit"),
        (Self::Confidentiality, "confidentiality"),
        (Self::Other, "other"),
    ];
}

impl Menu for ConsentKind {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::OnwardTransfer, "onward-transfer"), (Self::NewUse, "new-use")];
}
