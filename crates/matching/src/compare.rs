//! Two names compared: which way of comparing fits their scripts, and what the outcome is worth.
//!
//! Owns the choice and the reasons. The ways themselves are in the modules below. The outcome does not depend on which
//! name is left.

pub mod align;
mod chinese;

use crate::name::Name;
use crate::score::{Code, Reason, Score};

/// Compares two names. Symmetric; never fails; bounded by the limits of [`crate::name`].
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Score {
    let mut found = Vec::new();
    if let (Some(han), Some(latin)) = (&left.han, &right.latin) {
        found.push(chinese::score(han, latin));
    }
    if let (Some(latin), Some(han)) = (&left.latin, &right.han) {
        found.push(chinese::score(han, latin).turned());
    }
    let none = Score { points: 0, reasons: vec![Reason::new(Code::Nothing, "", "")] };
    found.into_iter().max_by_key(|score| score.points).unwrap_or(none)
}
