//! Negotiation: exchange positions and, where both wish, settle a text both sign.
//!
//! Owns the order of its parts; every row is shared (`common`).

use super::Row;
use super::common::{CARE, CLOSING, OPENING, RECORD, SPEECH, TEXT, VERSION, WITHDRAWAL};

/// The procedure, whole.
pub(super) const TABLE: &[&[Row]] = &[OPENING, TEXT, RECORD, CLOSING, WITHDRAWAL, SPEECH, VERSION, CARE];
