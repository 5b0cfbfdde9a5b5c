//! Assistance: ask, be answered, refused with a ground, or escalated (domain reference §2.2).
//!
//! Owns the rows only this procedure has. Must not repeat what another shares (`common`).

use super::Stage as S;
use super::common::{CARE, CLOSING, OPENING, OUTCOME, RECORD, REFUSAL, REGRADING, REVIEW, SPEECH, VERSION, WITHDRAWAL};
use super::{Requested, Requesting, Row, To, node, officer};
use crate::act::ActKind;
use crate::act::Role::{Approver, DecisionMaker, Drafter, Executing, Intake, LegalReviewer};

/// The procedure, whole.
pub(super) const TABLE: &[&[Row]] = &[
    ADVICE, OPENING, REVIEW, DECISION, REFUSAL, EXECUTION, RECORD, OUTCOME, CLOSING, WITHDRAWAL, REGRADING, SPEECH,
    VERSION, CARE,
];

/// A draft may be shown first.
const ADVICE: &[Row] = &[
    officer(&[S::Draft], ActKind::Preconsult, Requesting, &[Drafter, Approver], To::Stage(S::Preconsulted)),
    officer(
        &[S::Preconsulted],
        ActKind::Advise,
        Requested,
        &[Intake, LegalReviewer, DecisionMaker],
        To::Stage(S::Advised),
    ),
];

/// Conditions, postponement, acceptance.
const DECISION: &[Row] = &[
    officer(&[S::UnderReview], ActKind::OfferConditions, Requested, &[DecisionMaker], To::Stage(S::ConditionsOffered)),
    officer(
        &[S::ConditionsOffered],
        ActKind::AcceptConditions,
        Requesting,
        &[Approver, DecisionMaker],
        To::Stage(S::ConditionsAccepted),
    ),
    // What cannot be promised is said, and the matter is weighed anew: refused, taken in part, or on other conditions.
    officer(
        &[S::ConditionsOffered],
        ActKind::DeclineConditions,
        Requesting,
        &[Approver, DecisionMaker],
        To::Stage(S::UnderReview),
    ),
    officer(&[S::UnderReview], ActKind::Postpone, Requested, &[DecisionMaker], To::Stage(S::Postponed)),
    officer(&[S::Postponed], ActKind::Resume, Requested, &[LegalReviewer, DecisionMaker], To::Stage(S::UnderReview)),
    node(&[S::Postponed], ActKind::Resume, Requested, To::Stage(S::UnderReview)),
    officer(
        &[S::UnderReview, S::ConditionsAccepted],
        ActKind::Accept,
        Requested,
        &[DecisionMaker],
        To::Stage(S::Accepted),
    ),
    officer(
        &[S::UnderReview, S::ConditionsAccepted],
        ActKind::AcceptPart,
        Requested,
        &[DecisionMaker],
        To::Stage(S::PartlyAccepted),
    ),
];

/// What was accepted is carried out and answered.
const EXECUTION: &[Row] = &[
    officer(
        &[S::Accepted, S::PartlyAccepted],
        ActKind::BeginExecution,
        Requested,
        &[Executing, DecisionMaker],
        To::Stage(S::InExecution),
    ),
    officer(
        &[S::Acknowledged, S::UnderReview, S::Accepted, S::PartlyAccepted, S::InExecution],
        ActKind::Preserve,
        Requested,
        &[Intake, Executing, DecisionMaker],
        To::Stay,
    ),
    officer(&[S::InExecution], ActKind::Interim, Requested, &[Executing, DecisionMaker], To::Stay),
    officer(&[S::InExecution], ActKind::Respond, Requested, &[Executing, DecisionMaker], To::Stage(S::Responded)),
];
