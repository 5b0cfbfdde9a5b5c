//! What the procedures share, part by part.
//!
//! Owns each shared row once. A part may name stages that one procedure never reaches; that is harmless. Must not know
//! which procedure takes which part.

use super::Stage as S;
use super::{By, Requested, Requesting, Row, Stage, To, either, node, officer};
use crate::act::ActKind;
use crate::act::Role::{self, Approver, DecisionMaker, Drafter, Executing, Intake, LegalReviewer, Liaison};

/// Who may ask, reply, and write what another signs: everyone who works on the case.
pub(super) const SPEAKING: &[Role] = &[Drafter, Approver, Intake, LegalReviewer, DecisionMaker, Executing, Liaison];
/// Who speaks for a side where it is bound.
const BINDING: &[Role] = &[Approver, DecisionMaker];
/// Who carries out and records.
pub(super) const RECORDING: &[Role] = &[Executing, DecisionMaker, Approver];

/// Stages in which the other side has the matter and it has not ended.
const IN_HAND: &[Stage] = &[
    S::Acknowledged,
    S::UnderReview,
    S::Transferred,
    S::ReturnedIncomplete,
    S::Supplemented,
    S::ConditionsOffered,
    S::ConditionsAccepted,
    S::Postponed,
    S::Accepted,
    S::PartlyAccepted,
    S::InExecution,
    S::Negotiating,
    S::Signed,
    S::Live,
];

/// Stages in which a clock may run against one side, so that the ladder may be climbed. After the end only duties of
/// care have clocks.
const WAITING: &[Stage] = &[
    S::Preconsulted,
    S::Advised,
    S::Delivered,
    S::Acknowledged,
    S::UnderReview,
    S::Transferred,
    S::ReturnedIncomplete,
    S::Supplemented,
    S::ConditionsOffered,
    S::ConditionsAccepted,
    S::Postponed,
    S::Accepted,
    S::PartlyAccepted,
    S::InExecution,
    S::Responded,
    S::OutcomeDue,
    S::OutcomeReported,
    S::Refused,
    S::Reconsidering,
    S::Upheld,
    S::Withdrawn,
    S::Negotiating,
    S::Signed,
    S::Live,
    S::Aborted,
    S::Lapsed,
    S::Closed,
];

/// Stages from which the requesting side may still withdraw: every one before the end in which nothing binds both.
const WITHDRAWABLE: &[Stage] = &[
    S::Preconsulted,
    S::Advised,
    S::Submitted,
    S::Delivered,
    S::Acknowledged,
    S::UnderReview,
    S::Transferred,
    S::ReturnedIncomplete,
    S::Supplemented,
    S::ConditionsOffered,
    S::ConditionsAccepted,
    S::Postponed,
    S::Accepted,
    S::PartlyAccepted,
    S::InExecution,
    S::Responded,
    S::OutcomeDue,
    S::OutcomeReported,
    S::Refused,
    S::Reconsidering,
    S::Upheld,
    S::Negotiating,
];

/// Stages in which the other side holds something of ours: whatever reached it, also after the end.
const HELD: &[Stage] = WAITING;

/// Submission, receipt, acknowledgement.
pub(super) const OPENING: &[Row] = &[
    officer(
        &[S::Draft, S::Preconsulted, S::Advised],
        ActKind::Submit,
        Requesting,
        &[Approver],
        To::Stage(S::Submitted),
    ),
    Row { from: &[S::Submitted], act: ActKind::Deliver, by: By::Receipt, roles: &[], to: To::Stage(S::Delivered) },
    officer(&[S::Submitted, S::Delivered], ActKind::Acknowledge, Requested, &[Intake], To::Stage(S::Acknowledged)),
];

/// The requested side takes the matter up, passes it on among its offices, or returns it once as incomplete.
pub(super) const REVIEW: &[Row] = &[
    officer(
        &[S::Acknowledged, S::Transferred, S::Supplemented, S::ConditionsAccepted],
        ActKind::BeginReview,
        Requested,
        &[Intake, LegalReviewer, DecisionMaker],
        To::Stage(S::UnderReview),
    ),
    officer(
        &[S::Acknowledged, S::UnderReview, S::Supplemented],
        ActKind::Transfer,
        Requested,
        &[Intake, DecisionMaker],
        To::Stage(S::Transferred),
    ),
    officer(
        &[S::Acknowledged, S::UnderReview],
        ActKind::ReturnIncomplete,
        Requested,
        &[Intake, LegalReviewer, DecisionMaker],
        To::Stage(S::ReturnedIncomplete),
    ),
    officer(&[S::ReturnedIncomplete], ActKind::Supplement, Requesting, &[Approver], To::Stage(S::Supplemented)),
    node(&[S::ReturnedIncomplete], ActKind::Lapse, Requested, To::Stage(S::Lapsed)),
];

/// A refusal, its one reconsideration, and the end of it.
pub(super) const REFUSAL: &[Row] = &[
    officer(
        &[S::UnderReview, S::ConditionsOffered, S::ConditionsAccepted],
        ActKind::Refuse,
        Requested,
        &[DecisionMaker],
        To::Stage(S::Refused),
    ),
    officer(&[S::Refused], ActKind::Reconsider, Requesting, &[Approver], To::Stage(S::Reconsidering)),
    officer(&[S::Reconsidering], ActKind::Uphold, Requested, &[DecisionMaker], To::Stage(S::Upheld)),
    officer(&[S::Reconsidering], ActKind::Reopen, Requested, &[DecisionMaker], To::Stage(S::UnderReview)),
];

/// What came of the answer, and the end.
pub(super) const OUTCOME: &[Row] = &[
    officer(
        &[S::Responded, S::OutcomeDue],
        ActKind::ReportOutcome,
        Requesting,
        &[Drafter, Approver, Liaison],
        To::Stage(S::OutcomeReported),
    ),
    node(&[S::Responded], ActKind::RemindOutcome, Requested, To::Stage(S::OutcomeDue)),
    officer(&[S::OutcomeDue], ActKind::Close, Requested, &[DecisionMaker, Liaison], To::Stage(S::Closed)),
];

/// The requesting side closes what has come to its end.
pub(super) const CLOSING: &[Row] = &[officer(
    &[S::OutcomeReported, S::Refused, S::Upheld, S::Signed],
    ActKind::Close,
    Requesting,
    &[Approver, Liaison],
    To::Stage(S::Closed),
)];

/// Withdrawal, and the confirmation that measures were released.
pub(super) const WITHDRAWAL: &[Row] = &[
    officer(WITHDRAWABLE, ActKind::Withdraw, Requesting, &[Approver], To::Stage(S::Withdrawn)),
    officer(
        &[S::Withdrawn],
        ActKind::ConfirmRelease,
        Requested,
        &[Executing, DecisionMaker, Intake],
        To::Stage(S::Closed),
    ),
];

/// The requested side gives the matter another urgency.
pub(super) const REGRADING: &[Row] = &[officer(
    &[
        S::Delivered,
        S::Acknowledged,
        S::UnderReview,
        S::Transferred,
        S::Supplemented,
        S::ConditionsAccepted,
        S::Accepted,
        S::PartlyAccepted,
        S::InExecution,
    ],
    ActKind::Regrade,
    Requested,
    &[Intake, DecisionMaker],
    To::Stay,
)];

/// Steps and property, wherever the instrument lets a step be recorded.
pub(super) const RECORD: &[Row] = &[
    either(
        &[
            S::Acknowledged,
            S::UnderReview,
            S::Accepted,
            S::PartlyAccepted,
            S::InExecution,
            S::Responded,
            S::OutcomeDue,
            S::OutcomeReported,
            S::Negotiating,
            S::Signed,
            S::Live,
            S::Aborted,
            S::Withdrawn,
        ],
        ActKind::Record,
        RECORDING,
        To::Stay,
    ),
    either(
        &[
            S::Acknowledged,
            S::InExecution,
            S::Responded,
            S::OutcomeDue,
            S::OutcomeReported,
            S::Negotiating,
            S::Signed,
            S::Withdrawn,
        ],
        ActKind::BookAsset,
        RECORDING,
        To::Stay,
    ),
];

/// A text both sign. Laying one on the table opens the negotiation; the second signature ends it.
pub(super) const TEXT: &[Row] = &[
    either(TALKING, ActKind::StatePosition, BINDING, To::Stage(S::Negotiating)),
    either(TALKING, ActKind::ProposeText, BINDING, To::Stage(S::Negotiating)),
    either(&[S::Negotiating], ActKind::Reserve, BINDING, To::Stay),
    either(&[S::Negotiating], ActKind::SignText, BINDING, To::WhenBoth(S::Signed)),
    either(TALKING, ActKind::Conclude, BINDING, To::Stage(S::Closed)),
];

/// Stages in which the sides talk about a text.
const TALKING: &[Stage] = &[S::Acknowledged, S::Responded, S::Accepted, S::Negotiating];

/// Both sides say that the case goes on under a later version of the instrument. Once the other side has the matter, no stage
/// bars it: a naming that crossed a withdrawal and fell would leave its author under a version the case never had.
pub(super) const VERSION: &[Row] = &[either(SINCE_ACKNOWLEDGED, ActKind::Adopt, BINDING, To::Stay)];

/// Every stage from the acknowledgement on; none leads back before it. The compiler sees that nothing else goes before.
pub(super) const SINCE_ACKNOWLEDGED: &[Stage] = match WAITING {
    [S::Preconsulted, S::Advised, S::Delivered, since @ ..] => since,
    _ => panic!("the stages before the acknowledgement come first"),
};

/// Questions and replies, the ladder, and the log of who spoke on it.
pub(super) const SPEECH: &[Row] = &[
    either(IN_HAND, ActKind::Ask, SPEAKING, To::Stay),
    either(IN_HAND, ActKind::Reply, SPEAKING, To::Stay),
    Row { from: WAITING, act: ActKind::Escalate, by: By::WaitingNode, roles: &[], to: To::Stay },
    either(WAITING, ActKind::Escalate, &[Approver, DecisionMaker, Liaison], To::Stay),
    either(WAITING, ActKind::AnswerEscalation, &[Approver, DecisionMaker, Liaison], To::Stay),
    either(WAITING, ActKind::LogContact, &[Approver, DecisionMaker, Liaison], To::Stay),
];

/// Care for what was handed over, also after the end: consent, forwarding, recall, correction, deletion, undertakings, norms.
pub(super) const CARE: &[Row] = &[
    either(HELD, ActKind::SeekConsent, BINDING, To::Stay),
    either(HELD, ActKind::GiveConsent, BINDING, To::Stay),
    either(HELD, ActKind::Forward, BINDING, To::Stay),
    either(HELD, ActKind::Recall, BINDING, To::Stay),
    either(HELD, ActKind::Correct, BINDING, To::Stay),
    either(HELD, ActKind::ReportCompliance, &[Approver, DecisionMaker, Executing, Liaison], To::Stay),
    Row { from: HELD, act: ActKind::CertifyDeletion, by: By::EitherNode, roles: &[], to: To::Stay },
    either(HELD, ActKind::CheckUndertaking, &[Approver, DecisionMaker, LegalReviewer, Liaison], To::Stay),
    either(HELD, ActKind::DischargeUndertaking, BINDING, To::Stay),
    either(HELD, ActKind::CiteNorm, &[Approver, DecisionMaker, LegalReviewer, Liaison], To::Stay),
];
