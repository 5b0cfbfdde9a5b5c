//! Notice: tell, be acknowledged, learn what was made of it. It cannot be refused.
//!
//! Owns the rows only this procedure has. Must not repeat what another shares (`common`).

use super::Stage as S;
use super::common::{CARE, CLOSING, OPENING, RECORD, SPEECH, VERSION, WITHDRAWAL};
use super::{Requested, Requesting, Row, To, node, officer};
use crate::act::ActKind;
use crate::act::Role::{Approver, DecisionMaker, Executing, Liaison};

/// The procedure, whole.
pub(super) const TABLE: &[&[Row]] = &[OPENING, RECORD, USE, CLOSING, WITHDRAWAL, SPEECH, VERSION, CARE];

/// The side that was told says what it did with it; a notice with an end of its own lapses there.
const USE: &[Row] = &[
    officer(
        &[S::Acknowledged],
        ActKind::ReportOutcome,
        Requested,
        &[Approver, DecisionMaker, Executing, Liaison],
        To::Stage(S::OutcomeReported),
    ),
    node(&[S::Delivered, S::Acknowledged, S::OutcomeReported], ActKind::Lapse, Requesting, To::Stage(S::Lapsed)),
];
