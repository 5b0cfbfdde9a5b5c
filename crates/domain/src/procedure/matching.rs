//! Matching's request side: is this person, account or device known? A verdict by a human, then what follows from it.
//!
//! Owns the rows only this procedure has. Must not know how a match is computed.

use super::Stage as S;
use super::common::{
    CARE, CLOSING, OPENING, OUTCOME, RECORD, RECORDING, REFUSAL, REGRADING, REVIEW, SINCE_ACKNOWLEDGED, SPEECH,
    VERSION, WITHDRAWAL,
};
use super::{Requested, Row, To, either, officer};
use crate::act::ActKind;
use crate::act::Role::{DecisionMaker, Executing};

/// The procedure, whole.
pub(super) const TABLE: &[&[Row]] =
    &[OPENING, REVIEW, RUN, VERDICT, REFUSAL, RECORD, OUTCOME, CLOSING, WITHDRAWAL, REGRADING, SPEECH, VERSION, CARE];

/// The private matching. Its own order is judged step by step; audits and the end of its secrets come late.
const RUN: &[Row] = &[either(SINCE_ACKNOWLEDGED, ActKind::Match, RECORDING, To::Stay)];

/// Answers, the last of which is the verdict.
const VERDICT: &[Row] = &[
    officer(&[S::UnderReview], ActKind::Interim, Requested, &[Executing, DecisionMaker], To::Stay),
    officer(&[S::UnderReview], ActKind::Respond, Requested, &[DecisionMaker], To::Stage(S::Responded)),
];
