//! Where a matter can stand, and the two sides of it.
//!
//! Owns the stages of every procedure and their codes. Must not know which act leads where (the tables).

use serde::{Deserialize, Serialize};

use crate::menu::Menu;

/// Where a matter stands (domain reference §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Being written; the other side does not know of it.
    Draft,
    /// Shown to the other side for advice.
    Preconsulted,
    /// Advice has been given.
    Advised,
    /// Signed and on its way.
    Submitted,
    /// Received by the other node: the clock to acknowledge runs.
    Delivered,
    /// A reference and a named officer were given. Not yet accepted.
    Acknowledged,
    /// Being judged.
    UnderReview,
    /// Passed to another office of the same side.
    Transferred,
    /// Returned with an itemised list.
    ReturnedIncomplete,
    /// What was missing has been sent.
    Supplemented,
    /// The other side would act on conditions.
    ConditionsOffered,
    /// The conditions were accepted in writing.
    ConditionsAccepted,
    /// Put off to a stated date.
    Postponed,
    /// Accepted in full.
    Accepted,
    /// Accepted in part.
    PartlyAccepted,
    /// Being carried out.
    InExecution,
    /// Answered; what came of it is awaited.
    Responded,
    /// The outcome report is overdue and was asked for.
    OutcomeDue,
    /// The outcome was reported.
    OutcomeReported,
    /// Refused on a ground.
    Refused,
    /// The refusal is being reconsidered.
    Reconsidering,
    /// The refusal stands after reconsideration.
    Upheld,
    /// Withdrawn; measures are being released.
    Withdrawn,
    /// Ended because what was missing never came; may be made anew.
    Lapsed,
    /// Positions are exchanged and a text is on the table.
    Negotiating,
    /// Both sides have signed the same version of the text.
    Signed,
    /// Under way on two authorisations.
    Live,
    /// Stopped by one side.
    Aborted,
    /// Ended.
    Closed,
}

/// The two sides of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The Party that asks, tells, or proposes.
    Requesting,
    /// The Party that is asked, told, or invited.
    Requested,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Requesting => Self::Requested,
            Self::Requested => Self::Requesting,
        }
    }
}

impl Menu for Stage {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Draft, "draft"),
        (Self::Preconsulted, "preconsulted"),
        (Self::Advised, "advised"),
        (Self::Submitted, "submitted"),
        (Self::Delivered, "delivered"),
        (Self::Acknowledged, "acknowledged"),
        (Self::UnderReview, "under-review"),
        (Self::Transferred, "transferred"),
        (Self::ReturnedIncomplete, "returned-incomplete"),
        (Self::Supplemented, "supplemented"),
        (Self::ConditionsOffered, "conditions-offered"),
        (Self::ConditionsAccepted, "conditions-accepted"),
        (Self::Postponed, "postponed"),
        (Self::Accepted, "accepted"),
        (Self::PartlyAccepted, "partly-accepted"),
        (Self::InExecution, "in-execution"),
        (Self::Responded, "responded"),
        (Self::OutcomeDue, "outcome-due"),
        (Self::OutcomeReported, "outcome-reported"),
        (Self::Refused, "refused"),
        (Self::Reconsidering, "reconsidering"),
        (Self::Upheld, "upheld"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Lapsed, "lapsed"),
        (Self::Negotiating, "negotiating"),
        (Self::Signed, "signed"),
        (Self::Live, "live"),
        (Self::Aborted, "aborted"),
        (Self::Closed, "closed"),
    ];
}

impl Menu for Side {
    const ALL: &'static [(Self, &'static str)] = &[(Self::Requesting, "requesting"), (Self::Requested, "requested")];
}
