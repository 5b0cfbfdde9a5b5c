//! The deeds without their words: a closed menu for tables, buttons and instrument files.
//!
//! Owns `ActKind` and its codes. Must not know what a deed holds (`deed`).

use serde::{Deserialize, Serialize};

use crate::menu::Menu;

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
    DeclineConditions,
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
    StatePosition,
    ProposeText,
    Reserve,
    SignText,
    Authorise,
    Extend,
    Abort,
    Conclude,
    BookAsset,
    SeekConsent,
    GiveConsent,
    Forward,
    Recall,
    Correct,
    ReportCompliance,
    CertifyDeletion,
    CheckUndertaking,
    DischargeUndertaking,
    CiteNorm,
    LogContact,
    Adopt,
    TableItem,
    SettleItem,
    Undertake,
    Match,
}

impl ActKind {
    /// Whether one officer writes it and another signs it: what hands over contents of a matter, puts right what was handed
    /// over, or says no. Its safeguards are answered for the very words that leave. A request is one too and has its own
    /// way: it names its drafter itself, and has no case before it is signed. A reply to a question is talk between desks;
    /// what answers the request is none.
    #[must_use]
    pub const fn is_prepared(self) -> bool {
        matches!(self, Self::Supplement | Self::Refuse | Self::Uphold | Self::Interim | Self::Respond | Self::Correct)
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
        (Self::DeclineConditions, "decline-conditions"),
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
        (Self::StatePosition, "state-position"),
        (Self::ProposeText, "propose-text"),
        (Self::Reserve, "reserve"),
        (Self::SignText, "sign-text"),
        (Self::Authorise, "authorise"),
        (Self::Extend, "extend"),
        (Self::Abort, "abort"),
        (Self::Conclude, "conclude"),
        (Self::BookAsset, "book-asset"),
        (Self::SeekConsent, "seek-consent"),
        (Self::GiveConsent, "give-consent"),
        (Self::Forward, "forward"),
        (Self::Recall, "recall"),
        (Self::Correct, "correct"),
        (Self::ReportCompliance, "report-compliance"),
        (Self::CertifyDeletion, "certify-deletion"),
        (Self::CheckUndertaking, "check-undertaking"),
        (Self::DischargeUndertaking, "discharge-undertaking"),
        (Self::CiteNorm, "cite-norm"),
        (Self::LogContact, "log-contact"),
        (Self::Adopt, "adopt"),
        (Self::TableItem, "table-item"),
        (Self::SettleItem, "settle-item"),
        (Self::Undertake, "undertake"),
        (Self::Match, "match"),
    ];
}
