//! Undertaking: raise a concern under a promise, be answered, consult, and either agree a text or record the difference.
//!
//! Owns the rows only this procedure has. There is none for a verdict: positions are stated, nobody is judged.

use super::Stage as S;
use super::common::{CARE, CLOSING, OPENING, RECORD, SPEECH, TEXT, VERSION, WITHDRAWAL};
use super::{Requested, Row, To, officer};
use crate::act::ActKind;
use crate::act::Role::DecisionMaker;

/// The procedure, whole.
pub(super) const TABLE: &[&[Row]] = &[OPENING, ANSWER, TEXT, RECORD, CLOSING, WITHDRAWAL, SPEECH, VERSION, CARE];

/// The side concerned answers.
const ANSWER: &[Row] =
    &[officer(&[S::Acknowledged], ActKind::Respond, Requested, &[DecisionMaker], To::Stage(S::Responded))];
