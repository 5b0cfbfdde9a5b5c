//! Negotiation: exchange positions and, where both wish, settle a text both sign.
//!
//! Owns the rows only this procedure has: the agenda of a meeting and what is undertaken there. Must not repeat what
//! another shares (`common`).

use super::Stage as S;
use super::common::{CARE, CLOSING, OPENING, RECORD, SPEECH, TEXT, VERSION, WITHDRAWAL};
use super::{Row, To, either};
use crate::act::ActKind;
use crate::act::Role::{Approver, DecisionMaker, Liaison};

/// The procedure, whole.
pub(super) const TABLE: &[&[Row]] = &[OPENING, AGENDA, TEXT, RECORD, CLOSING, WITHDRAWAL, SPEECH, VERSION, CARE];

/// What is on the table of a meeting, what became of it, and what each side will do; where the type is a meeting. An
/// outcome is often worded only when the text that tells of it is signed.
const AGENDA: &[Row] = &[
    either(&[S::Acknowledged, S::Negotiating], ActKind::TableItem, &[Approver, DecisionMaker, Liaison], To::Stay),
    either(&[S::Negotiating, S::Signed], ActKind::SettleItem, &[Approver, DecisionMaker, Liaison], To::Stay),
    either(&[S::Negotiating, S::Signed], ActKind::Undertake, &[Approver, DecisionMaker], To::Stay),
];
