//! The signed vocabulary: everything a Party can say to the other in a case.
//!
//! Owns `Act`, its `Deed`s and the closed menus an act draws from. A released act's bytes never change: golden
//! files keep them. Must not know what an act does to a case (`case`), nor whether it may be done (`decide`, `admit`).

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::content::{Attachment, FieldValue, Request};
use crate::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId};
use crate::menu::Menu;
use crate::safeguard::GateAnswer;
use crate::text::Prose;

/// The version of this vocabulary, written in every act. A node refuses versions it does not know.
pub const VOCABULARY: u16 = 1;

/// One thing one Party said or did in one case, as signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// [`VOCABULARY`] of the author.
    pub version: u16,
    /// The instrument it stands under, by hash.
    pub instrument: Hash32,
    /// The case, named by the requesting Party.
    pub case: CaseId,
    /// The Party whose act it is.
    pub by: PartyId,
    /// 1 for the Party's first act in the case, then one more each time.
    pub seq: u64,
    /// How many of each other Party's acts in the case the author had before it: the act's place in causal order.
    pub seen: BTreeMap<PartyId, u64>,
    /// When the author's node received each of those acts it had not yet confirmed in an act of this case. The signed
    /// node receipt says the same sooner; this makes the case whole without it, so that both sides fold alike.
    pub receipts: Vec<Receipted>,
    /// When the author signed, by its own clock.
    pub at: Timestamp,
    /// The office that acts.
    pub office: OfficeId,
    /// Who acts for it.
    pub author: Author,
    /// The safeguard questions answered with it.
    pub gates: Vec<GateAnswer>,
    /// What is said or done.
    pub deed: Deed,
}

/// When an act of the other Party was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipted {
    /// The Party whose act it was.
    pub by: PartyId,
    /// Its number.
    pub seq: u64,
    /// When the confirming side's node received it.
    pub at: Timestamp,
}

/// Who entered an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// A named officer, in a role.
    Officer(Person),
    /// The Party's node by itself, because a clock ran out. A machine never decides about a person.
    Machine,
}

/// A named officer in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The officer's id within the Party.
    pub id: OfficerId,
    /// The officer's name as they write it.
    pub name: String,
    /// The role they act in.
    pub role: Role,
}

/// What an officer may be in an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Writes requests and answers.
    Drafter,
    /// Signs what another drafted.
    Approver,
    /// Receives requests, gives them a reference and a named officer.
    Intake,
    /// Answers the legal safeguards.
    LegalReviewer,
    /// Accepts, refuses, offers conditions.
    DecisionMaker,
    /// Carries an accepted request out.
    Executing,
    /// Follows its own office's cases and talks to the counterpart.
    Liaison,
    /// Reads everything, changes nothing.
    Auditor,
}

/// How urgent a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Urgency {
    /// Imminent danger to life, or a live attack on an essential service.
    U0,
    /// Evidence or assets vanishing, a suspect about to leave.
    U1,
    /// A court, custody or limitation date.
    U2,
    /// Everything else.
    U3,
}

/// Why a request may be refused. An instrument admits some of these per type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Ground {
    /// Sovereignty, security, public order or essential interests.
    #[serde(rename = "RF-01")]
    EssentialInterests,
    /// No dual criminality.
    #[serde(rename = "RF-02")]
    NoDualCriminality,
    /// A political offence.
    #[serde(rename = "RF-03")]
    Political,
    /// A purely military offence.
    #[serde(rename = "RF-04")]
    Military,
    /// A discriminatory purpose, or prejudice to the person.
    #[serde(rename = "RF-05")]
    Discrimination,
    /// Judged, pending, ended or time-barred.
    #[serde(rename = "RF-06")]
    NeBisInIdem,
    /// No real link to the case.
    #[serde(rename = "RF-07")]
    NoLink,
    /// The death penalty is not excluded by assurance.
    #[serde(rename = "RF-08")]
    DeathPenalty,
    /// Ill-treatment or an unfair trial.
    #[serde(rename = "RF-09")]
    IllTreatment,
    /// Contrary to the requested side's law, or not available at home.
    #[serde(rename = "RF-10")]
    ContraryToLaw,
    /// Disproportionate or of minor weight.
    #[serde(rename = "RF-11")]
    Disproportionate,
    /// Incomplete after notice.
    #[serde(rename = "RF-12")]
    Incomplete,
    /// Use or confidentiality was breached before.
    #[serde(rename = "RF-13")]
    BreachedBefore,
    /// No legal basis or reciprocity.
    #[serde(rename = "RF-14")]
    NoBasis,
    /// Not executable, for example not found.
    #[serde(rename = "RF-15")]
    NotExecutable,
    /// The reason is withheld (only beside RF-01 or RF-09).
    #[serde(rename = "RF-16")]
    Withheld,
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
    /// B records a step of its own procedure that the instrument names.
    Record {
        /// The step's code.
        step: String,
        /// What was done.
        note: Prose,
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

/// A deed without its words, for tables, buttons and instrument files. `Deliver` alone is no deed: the receipt enters it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each names the deed of the same name, documented there")]
pub enum ActKind {
    Preconsult,
    Advise,
    Submit,
    Deliver,
    Acknowledge,
    BeginReview,
    Transfer,
    ReturnIncomplete,
    Supplement,
    OfferConditions,
    AcceptConditions,
    Postpone,
    Resume,
    Accept,
    AcceptPart,
    Refuse,
    Reconsider,
    Uphold,
    Reopen,
    BeginExecution,
    Record,
    Preserve,
    Interim,
    Ask,
    Reply,
    Respond,
    ReportOutcome,
    RemindOutcome,
    Close,
    Withdraw,
    ConfirmRelease,
    Lapse,
    Regrade,
    Escalate,
    AnswerEscalation,
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
            _ => &[],
        }
    }
}

impl Author {
    /// The officer, when a person acted.
    #[must_use]
    pub fn officer(&self) -> Option<&Person> {
        match self {
            Self::Officer(person) => Some(person),
            Self::Machine => None,
        }
    }
}

impl Menu for ActKind {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Preconsult, "preconsult"),
        (Self::Advise, "advise"),
        (Self::Submit, "submit"),
        (Self::Deliver, "deliver"),
        (Self::Acknowledge, "acknowledge"),
        (Self::BeginReview, "begin-review"),
        (Self::Transfer, "transfer"),
        (Self::ReturnIncomplete, "return-incomplete"),
        (Self::Supplement, "supplement"),
        (Self::OfferConditions, "offer-conditions"),
        (Self::AcceptConditions, "accept-conditions"),
        (Self::Postpone, "postpone"),
        (Self::Resume, "resume"),
        (Self::Accept, "accept"),
        (Self::AcceptPart, "accept-part"),
        (Self::Refuse, "refuse"),
        (Self::Reconsider, "reconsider"),
        (Self::Uphold, "uphold"),
        (Self::Reopen, "reopen"),
        (Self::BeginExecution, "begin-execution"),
        (Self::Record, "record"),
        (Self::Preserve, "preserve"),
        (Self::Interim, "interim"),
        (Self::Ask, "ask"),
        (Self::Reply, "reply"),
        (Self::Respond, "respond"),
        (Self::ReportOutcome, "report-outcome"),
        (Self::RemindOutcome, "remind-outcome"),
        (Self::Close, "close"),
        (Self::Withdraw, "withdraw"),
        (Self::ConfirmRelease, "confirm-release"),
        (Self::Lapse, "lapse"),
        (Self::Regrade, "regrade"),
        (Self::Escalate, "escalate"),
        (Self::AnswerEscalation, "answer-escalation"),
    ];
}

impl Menu for Role {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Drafter, "drafter"),
        (Self::Approver, "approver"),
        (Self::Intake, "intake"),
        (Self::LegalReviewer, "legal-reviewer"),
        (Self::DecisionMaker, "decision-maker"),
        (Self::Executing, "executing"),
        (Self::Liaison, "liaison"),
        (Self::Auditor, "auditor"),
    ];
}

impl Menu for Urgency {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::U0, "U0"), (Self::U1, "U1"), (Self::U2, "U2"), (Self::U3, "U3")];
}

impl Menu for Ground {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::EssentialInterests, "RF-01"),
        (Self::NoDualCriminality, "RF-02"),
        (Self::Political, "RF-03"),
        (Self::Military, "RF-04"),
        (Self::Discrimination, "RF-05"),
        (Self::NeBisInIdem, "RF-06"),
        (Self::NoLink, "RF-07"),
        (Self::DeathPenalty, "RF-08"),
        (Self::IllTreatment, "RF-09"),
        (Self::ContraryToLaw, "RF-10"),
        (Self::Disproportionate, "RF-11"),
        (Self::Incomplete, "RF-12"),
        (Self::BreachedBefore, "RF-13"),
        (Self::NoBasis, "RF-14"),
        (Self::NotExecutable, "RF-15"),
        (Self::Withheld, "RF-16"),
    ];
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
