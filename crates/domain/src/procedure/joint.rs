//! Joint: plan something together, carry it out on two authorisations, stop it with one.
//!
//! Owns the rows only this procedure has. Must not repeat what another shares (`common`).

use super::Stage as S;
use super::common::{CARE, CLOSING, OPENING, RECORD, SPEECH, TEXT, VERSION, WITHDRAWAL};
use super::{Requested, Requesting, Row, To, either, officer};
use crate::act::ActKind;
use crate::act::Role::{Approver, DecisionMaker, Executing, Liaison};

/// The procedure, whole.
pub(super) const TABLE: &[&[Row]] =
    &[OPENING, PLAN, TEXT, RECORD, TOGETHER, CLOSING, WITHDRAWAL, SPEECH, VERSION, CARE];

/// The other side joins, on conditions where it must: without them a plan that needs an assurance could never be joined.
const PLAN: &[Row] = &[
    officer(&[S::Acknowledged], ActKind::OfferConditions, Requested, &[DecisionMaker], To::Stage(S::ConditionsOffered)),
    officer(
        &[S::ConditionsOffered],
        ActKind::AcceptConditions,
        Requesting,
        &[Approver, DecisionMaker],
        To::Stage(S::ConditionsAccepted),
    ),
    officer(
        &[S::ConditionsOffered],
        ActKind::DeclineConditions,
        Requesting,
        &[Approver, DecisionMaker],
        To::Stage(S::Acknowledged),
    ),
    officer(
        &[S::Acknowledged, S::ConditionsAccepted],
        ActKind::Accept,
        Requested,
        &[DecisionMaker],
        To::Stage(S::Accepted),
    ),
];

/// Two signatures to go, one to stop, both to lengthen it, both to look back.
const TOGETHER: &[Row] = &[
    either(&[S::Accepted, S::Signed], ActKind::Authorise, &[DecisionMaker, Approver], To::WhenBoth(S::Live)),
    either(&[S::Live], ActKind::Extend, &[DecisionMaker, Approver], To::Stay),
    either(
        &[S::Accepted, S::Signed, S::Live],
        ActKind::Abort,
        &[Approver, DecisionMaker, Executing, Liaison],
        To::Stage(S::Aborted),
    ),
    either(
        &[S::Live, S::Aborted],
        ActKind::ReportOutcome,
        &[Approver, DecisionMaker, Executing, Liaison],
        To::WhenBoth(S::OutcomeReported),
    ),
];
