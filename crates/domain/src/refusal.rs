//! Why an act may not stand: our rule, with its code and arguments.
//!
//! Owns the refusals of `decide` and `admit`. Words in any language are made from the code elsewhere.

use crate::act::{ActKind, ConsentKind, Ground, Role, Urgency};
use crate::amendment::AmendmentBar;
use crate::content::{Bar, Missing};
use crate::ids::{OfficeId, PartyId, TypeCode};
use crate::menu::Menu;
use crate::procedure::Stage;
use crate::report::ReportBar;
use crate::safeguard::Gate;
use crate::text::Lang;

mod asset;
mod link;
mod matching;
mod step;

pub use asset::AssetBar;
pub use link::LinkBar;
pub use matching::MatchBar;
pub use step::StepBar;

/// A rule of the instrument or the procedure that an act would break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused: {}", self.code())]
#[expect(missing_docs, reason = "the fields are the arguments of the message with the variant's code")]
pub enum Refusal {
    /// The vocabulary version is not ours.
    UnknownVersion { version: u16 },
    /// The act stands under another instrument.
    WrongInstrument,
    /// There is no such case here.
    UnknownCase,
    /// There is such a case already.
    CaseExists,
    /// The request type is not one of the instrument's.
    UnknownType { type_code: TypeCode },
    /// The instrument declares the type but has not switched it on.
    TypeNotOn { type_code: TypeCode },
    /// No such office, or it is not that Party's.
    UnknownOffice { office: OfficeId },
    /// The Party is no side of this case.
    NotAParty { party: PartyId },
    /// The office may not do this for this type.
    NotCompetent { office: OfficeId },
    /// The office does not answer at that level of the ladder.
    NotOfLevel { office: OfficeId, level: u8 },
    /// The act is not open in this stage.
    NotNow { act: ActKind, stage: Stage },
    /// The other side does this.
    NotYourSide { act: ActKind },
    /// The role does not permit it; those that do.
    NotYourRole { act: ActKind, role: Role, may: Vec<Role> },
    /// A node does this, or a person does; never the other.
    WrongHand { act: ActKind },
    /// Drafter and signatory must be two persons.
    FourEyes,
    /// It must be written by one officer and handed over before another signs it.
    Unprepared { act: ActKind },
    /// Whoever refused does not reconsider it.
    OwnRefusal,
    /// Contents are missing or wrong.
    Incomplete { missing: Vec<Missing> },
    /// A safeguard question was not answered.
    GateUnanswered { gate: Gate },
    /// The answer was given by someone who may not.
    GateRole { gate: Gate, role: Role },
    /// The answer was given in an office that neither acts nor has the case.
    GateOffice { gate: Gate, office: OfficeId },
    /// The answer says the condition is not met.
    GateClosed { gate: Gate },
    /// The answer contradicts the record.
    GateContradicted { gate: Gate },
    /// Death is possible or the penalty not known, and no written assurance stands in this case (SG-3).
    AssuranceLacking { gate: Gate },
    /// The act carries an answer to a safeguard that is each side's own: nobody may tell it, and nobody may be told (SG-9).
    GateLocal { gate: Gate },
    /// The answer has no reasons in a language of the instrument.
    GateWithoutReason { gate: Gate, lang: Lang },
    /// The reasons are shorter than the safeguard asks for.
    GateReasonShort { gate: Gate, min: usize },
    /// The ground is not admitted for this type.
    GroundNotAdmitted { ground: Ground },
    /// A reason may be withheld only beside RF-01 or RF-09.
    ReasonNotWithholdable { ground: Ground },
    /// Nothing was returned as incomplete before, so nothing can still be lacking after notice (RF-12).
    NotReturnedBefore,
    /// Words that must be there are not.
    Wordless { what: &'static str },
    /// A file's name is no name: it is a path, or holds what ends a line.
    UnusableName,
    /// A text or list is longer than its limit.
    TooLong { what: &'static str, max: usize },
    /// Marked above the ceiling; a tear-line version is invited.
    AboveCeiling,
    /// The sharing mark is weaker than the type allows.
    MarkTooWeak,
    /// The matter may not carry this.
    NotCarried { place: String, bar: Bar },
    /// The instrument gives the type no clocks for this urgency.
    UrgencyNotOffered { urgency: Urgency },
    /// Only one itemised return.
    AlreadyReturned,
    /// Only one reconsideration.
    AlreadyReconsidered,
    /// The date must lie ahead.
    DateNotAhead,
    /// The day of review lies further ahead than a wait may run unwatched.
    ReviewTooFar { days_max: i64 },
    /// A full answer needs these steps first.
    StepsOutstanding { steps: Vec<String> },
    /// No such open question put to this side.
    UnknownQuestion { question: u32 },
    /// Usefulness is 1 to 5.
    BadScore,
    /// That level of the ladder is not the next one, or not reached.
    WrongLevel { level: u8 },
    /// Both sides do this, each once.
    AlreadyDone { act: ActKind },
    /// That version is not on the table, or its hash is another's.
    TextNotOnTable { version: u32 },
    /// Parts of that version stand in brackets: they are not agreed.
    BracketsOpen { version: u32, count: usize },
    /// The text must first be signed by both.
    TextNotSigned,
    /// A step may not be recorded.
    Step { step: String, bar: StepBar },
    /// A movement of property may not be booked.
    Asset(AssetBar),
    /// Nothing of that number is open to this act.
    UnknownNumber { act: ActKind, number: u64 },
    /// The report says that every copy was reached, and not that those of this onward recipient were.
    RecipientNotReached { recipient: String },
    /// A case may not continue another.
    Link(LinkBar),
    /// The source has not consented to this for this recipient.
    ConsentAwaited { kind: ConsentKind, recipient: String },
    /// The instrument lists no such norm.
    UnknownNorm { norm: String },
    /// The type waits for a text that both sides have not signed.
    TextAwaited { type_code: TypeCode, text: String },
    /// An amendment of the instrument stands against it, or cannot be signed.
    Amendment(AmendmentBar),
    /// A progress report may not be proposed or signed so.
    Report(ReportBar),
    /// What stands in the way of a step of a private matching.
    Matching(MatchBar),
    /// The text does not name the version it brings in, in every language.
    TextWithoutHash,
    /// This side has signed, and the other may still do so.
    SignatureBinds { act: ActKind },
    /// The clock has not run out.
    NotYetDue,
    /// The act's place in the order is impossible: a number skipped, repeated or claimed unseen.
    OutOfOrder,
    /// The time of the act lies before what it answers, or in the future.
    ImpossibleTime,
    /// The case holds as many acts as a case may.
    CaseFull,
    /// Somebody else changed the matter meanwhile.
    Changed,
    /// A bundle of indicators cannot be read: the first error, where in the bundle, and how many there are.
    UnreadableIndicators { field: String, finding: &'static str, at: String, count: usize },
}

impl Refusal {
    /// The stable code: the key of its words, and what the peer and the operator's log are told.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownVersion { .. } => "unknown-version",
            Self::WrongInstrument => "wrong-instrument",
            Self::UnknownCase => "unknown-case",
            Self::CaseExists => "case-exists",
            Self::UnknownType { .. } => "unknown-type",
            Self::TypeNotOn { .. } => "type-not-on",
            Self::UnknownOffice { .. } => "unknown-office",
            Self::NotAParty { .. } => "not-a-party",
            Self::NotCompetent { .. } => "not-competent",
            Self::NotNow { .. } => "not-now",
            Self::NotYourSide { .. } => "not-your-side",
            Self::NotYourRole { .. } => "not-your-role",
            Self::WrongHand { .. } => "wrong-hand",
            Self::FourEyes => "four-eyes",
            Self::Unprepared { .. } => "unprepared",
            Self::OwnRefusal => "own-refusal",
            Self::Incomplete { .. } => "incomplete",
            Self::GateUnanswered { .. } => "gate-unanswered",
            Self::GateRole { .. } => "gate-role",
            Self::GateOffice { .. } => "gate-office",
            Self::GateClosed { .. } => "gate-closed",
            Self::GateContradicted { .. } => "gate-contradicted",
            Self::AssuranceLacking { .. } => "assurance-lacking",
            Self::GateLocal { .. } => "gate-local",
            Self::GateWithoutReason { .. } => "gate-without-reason",
            Self::GateReasonShort { .. } => "gate-reason-short",
            Self::GroundNotAdmitted { .. } => "ground-not-admitted",
            Self::ReasonNotWithholdable { .. } => "reason-not-withholdable",
            Self::NotReturnedBefore => "not-returned-before",
            Self::Wordless { .. } => "wordless",
            Self::UnusableName => "unusable-name",
            Self::TooLong { .. } => "too-long",
            Self::AboveCeiling => "above-ceiling",
            Self::MarkTooWeak => "mark-too-weak",
            Self::NotCarried { .. } => "not-carried",
            Self::UrgencyNotOffered { .. } => "urgency-not-offered",
            Self::AlreadyReturned => "already-returned",
            Self::AlreadyReconsidered => "already-reconsidered",
            Self::DateNotAhead => "date-not-ahead",
            Self::ReviewTooFar { .. } => "review-too-far",
            Self::StepsOutstanding { .. } => "steps-outstanding",
            Self::UnknownQuestion { .. } => "unknown-question",
            Self::BadScore => "bad-score",
            Self::WrongLevel { .. } => "wrong-level",
            Self::NotOfLevel { .. } => "not-of-level",
            Self::AlreadyDone { .. } => "already-done",
            Self::TextNotOnTable { .. } => "text-not-on-table",
            Self::BracketsOpen { .. } => "brackets-open",
            Self::TextNotSigned => "text-not-signed",
            Self::Step { bar, .. } => bar.code(),
            Self::Link(bar) => bar.code(),
            Self::Asset(bar) => bar.code(),
            Self::UnknownNumber { .. } => "unknown-number",
            Self::RecipientNotReached { .. } => "recipient-not-reached",
            Self::ConsentAwaited { .. } => "consent-awaited",
            Self::UnknownNorm { .. } => "unknown-norm",
            Self::TextAwaited { .. } => "text-awaited",
            Self::Amendment(bar) => bar.code(),
            Self::Report(bar) => bar.code(),
            Self::Matching(bar) => bar.code(),
            Self::TextWithoutHash => "text-without-hash",
            Self::SignatureBinds { .. } => "signature-binds",
            Self::NotYetDue => "not-yet-due",
            Self::OutOfOrder => "out-of-order",
            Self::ImpossibleTime => "impossible-time",
            Self::CaseFull => "case-full",
            Self::Changed => "changed",
            Self::UnreadableIndicators { .. } => "unreadable-indicators",
        }
    }

    /// Every code, so that a test can demand words for each in every language.
    pub const CODES: &'static [&'static str] = &[
        "unknown-version",
        "wrong-instrument",
        "unknown-case",
        "case-exists",
        "unknown-type",
        "type-not-on",
        "unknown-office",
        "not-a-party",
        "not-competent",
        "not-now",
        "not-your-side",
        "not-your-role",
        "wrong-hand",
        "four-eyes",
        "unprepared",
        "own-refusal",
        "incomplete",
        "gate-unanswered",
        "gate-role",
        "gate-office",
        "gate-closed",
        "gate-contradicted",
        "assurance-lacking",
        "gate-local",
        "gate-without-reason",
        "gate-reason-short",
        "ground-not-admitted",
        "reason-not-withholdable",
        "not-returned-before",
        "wordless",
        "unusable-name",
        "too-long",
        "above-ceiling",
        "mark-too-weak",
        "not-carried",
        "urgency-not-offered",
        "already-returned",
        "already-reconsidered",
        "date-not-ahead",
        "unknown-step",
        "steps-outstanding",
        "unknown-question",
        "bad-score",
        "wrong-level",
        "not-of-level",
        "already-done",
        "text-not-on-table",
        "brackets-open",
        "text-not-signed",
        "step-not-yet",
        "step-barred",
        "step-twice",
        "step-not-yours",
        "step-not-now",
        "step-without",
        "asset-short",
        "asset-earlier",
        "asset-later",
        "review-too-far",
        "unseen-letters",
        "exercise-mixed",
        "not-holder",
        "unknown-number",
        "recipient-not-reached",
        "unknown-earlier",
        "not-continued-as",
        "consent-awaited",
        "unknown-norm",
        "text-awaited",
        "instrument-not-in-force",
        "instrument-superseded",
        "amendment-unfit",
        "amendment-unread",
        "amendment-pending",
        "match-not-offered",
        "match-too-early",
        "match-done",
        "match-ended",
        "match-size",
        "match-spent",
        "match-other-list",
        "match-other-transcript",
        "match-other-share",
        "match-files",
        "match-audit-open",
        "match-audits",
        "match-name-only",
        "match-no-key",
        "match-few-records",
        "match-too-many",
        "match-unsound",
        "match-no-secret",
        "office-keys-awaited",
        "report-period-runs",
        "report-other-logs",
        "report-text-without-line",
        "report-asked-first",
        "report-log-awaited",
        "report-differs",
        "text-without-hash",
        "signature-binds",
        "not-yet-due",
        "out-of-order",
        "impossible-time",
        "case-full",
        "changed",
        "unreadable-indicators",
    ];

    /// The arguments of what is said of the answer to a safeguard.
    fn args_of_gate(&self, gate: Gate) -> Vec<(&'static str, String)> {
        let more = match self {
            Self::GateWithoutReason { lang, .. } => Some(("lang", lang.to_string())),
            Self::GateReasonShort { min, .. } => Some(("min", min.to_string())),
            Self::GateRole { role, .. } => Some(("role", role.code().into())),
            Self::GateOffice { office, .. } => Some(("office", office.to_string())),
            _ => None,
        };
        std::iter::once(("gate", gate.code().into())).chain(more).collect()
    }

    /// The arguments of its words: name and value, values being codes or ids.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownVersion { version } => vec![("version", version.to_string())],
            Self::UnknownType { type_code } | Self::TypeNotOn { type_code } => vec![("type", type_code.to_string())],
            Self::UnknownOffice { office } | Self::NotCompetent { office } => vec![("office", office.to_string())],
            Self::NotAParty { party } => vec![("party", party.to_string())],
            Self::NotNow { act, stage } => vec![("act", act.code().into()), ("stage", stage.code().into())],
            Self::NotYourSide { act } | Self::WrongHand { act } => vec![("act", act.code().into())],
            Self::NotYourRole { act, role, may } => {
                vec![("act", act.code().into()), ("role", role.code().into()), ("roles", codes_of(may))]
            }
            Self::Incomplete { missing } => vec![("fields", fields_of(missing))],
            Self::GateUnanswered { gate }
            | Self::GateClosed { gate }
            | Self::GateContradicted { gate }
            | Self::AssuranceLacking { gate }
            | Self::GateLocal { gate }
            | Self::GateWithoutReason { gate, .. }
            | Self::GateReasonShort { gate, .. }
            | Self::GateRole { gate, .. }
            | Self::GateOffice { gate, .. } => self.args_of_gate(*gate),
            Self::GroundNotAdmitted { ground } | Self::ReasonNotWithholdable { ground } => {
                vec![("ground", ground.code().into())]
            }
            Self::Wordless { what } => vec![("what", (*what).into())],
            Self::ReviewTooFar { days_max } => vec![("days", days_max.to_string())],
            Self::TooLong { what, max } => vec![("what", (*what).into()), ("max", max.to_string())],
            Self::NotCarried { place, bar } => vec![("place", place.clone()), ("bar", bar.code().into())],
            Self::UrgencyNotOffered { urgency } => vec![("urgency", urgency.code().into())],
            Self::NotOfLevel { office, level } => two(("office", office), ("level", level)),
            Self::StepsOutstanding { steps } => vec![("steps", steps.join(", "))],
            Self::UnknownQuestion { question } => vec![("question", question.to_string())],
            Self::WrongLevel { level } => vec![("level", level.to_string())],
            Self::TextNotOnTable { version } => vec![("version", version.to_string())],
            Self::BracketsOpen { version, count } => two(("version", version), ("count", count)),
            Self::AlreadyDone { act } | Self::SignatureBinds { act } | Self::Unprepared { act } => {
                vec![("act", act.code().into())]
            }
            Self::Step { step, bar } => bar.args(step),
            Self::Asset(bar) => bar.args(),
            Self::Link(bar) => bar.args(),
            Self::UnknownNumber { act, number } => vec![("act", act.code().into()), ("number", number.to_string())],
            Self::RecipientNotReached { recipient } => vec![("recipient", recipient.clone())],
            Self::ConsentAwaited { kind, recipient } => two(("kind", kind.code()), ("recipient", recipient)),
            Self::UnreadableIndicators { field, finding, at, count } => args_of_bundle(field, finding, at, *count),
            Self::UnknownNorm { norm } => vec![("norm", norm.clone())],
            Self::TextAwaited { type_code, text } => vec![("type", type_code.to_string()), ("text", text.clone())],
            Self::Amendment(bar) => bar.args(),
            Self::Report(bar) => bar.args(),
            Self::Matching(bar) => bar.args(),
            Self::WrongInstrument
            | Self::TextWithoutHash
            | Self::UnknownCase
            | Self::CaseExists
            | Self::FourEyes
            | Self::OwnRefusal
            | Self::AboveCeiling
            | Self::UnusableName
            | Self::MarkTooWeak
            | Self::NotReturnedBefore
            | Self::AlreadyReturned
            | Self::AlreadyReconsidered
            | Self::DateNotAhead
            | Self::BadScore
            | Self::TextNotSigned
            | Self::NotYetDue
            | Self::OutOfOrder
            | Self::ImpossibleTime
            | Self::CaseFull
            | Self::Changed => Vec::new(),
        }
    }
}

/// Two arguments.
fn two(
    (one, said): (&'static str, impl ToString),
    (other, of_it): (&'static str, impl ToString),
) -> Vec<(&'static str, String)> {
    vec![(one, said.to_string()), (other, of_it.to_string())]
}

/// Fields by id, as one argument.
fn fields_of(missing: &[Missing]) -> String {
    missing.iter().map(|missing| missing.field.as_str()).collect::<Vec<_>>().join(", ")
}

/// Roles by code, as one argument.
fn codes_of(roles: &[Role]) -> String {
    roles.iter().map(|role| role.code()).collect::<Vec<_>>().join(", ")
}

/// The arguments of what is said of a bundle of indicators.
fn args_of_bundle(field: &str, finding: &str, at: &str, count: usize) -> Vec<(&'static str, String)> {
    vec![("field", field.into()), ("finding", finding.into()), ("at", at.into()), ("count", count.to_string())]
}
