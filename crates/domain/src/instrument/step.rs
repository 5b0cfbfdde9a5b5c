//! The steps a type names: its own stations on the way, each recorded by a named side.
//!
//! Owns what a step is and its order among the others. Must not know what was recorded (`case`).

use serde::{Deserialize, Serialize};

use super::limit::When;
use crate::act::ActKind;
use crate::deadline::Span;
use crate::ids::{OfficeId, PartyId};
use crate::menu::Menu;
use crate::procedure::{Side, Stage};
use crate::text::Text;

/// A step worth recording: "served", "heard by the court", "frozen until".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its code, for example `HELD`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Whether a full answer needs it; the others are recorded where they apply.
    pub required: bool,
    /// Where it is required and waited for; everywhere when absent.
    pub when: Option<When>,
    /// The side that records it.
    pub by: StepBy,
    /// The stages it may be recorded in.
    pub at: Vec<Stage>,
    /// Steps that must stand before it; of alternatives, one; those of another Party's law are passed over.
    pub after: Vec<String>,
    /// Steps it can no longer follow.
    pub barred_by: Vec<String>,
    /// How long after another step it must be recorded: papers so many days after the verdict.
    pub within: Option<(String, Span)>,
    /// Acts that wait for it.
    pub before: Vec<ActKind>,
    /// The group of which only one may be recorded: `served` or `not servable`.
    pub choice: Option<String>,
    /// Whether it holds until a date that must be named: a restraint, an arrest.
    pub dated: bool,
    /// The dated steps it ends: a release ends a restraint.
    pub ends: Vec<String>,
    /// The fields it goes through item by item: one acknowledgement for each mission.
    pub per: Vec<String>,
    /// Whether it may be recorded again: a hearing, an extension.
    pub repeats: bool,
    /// Only where this Party is the one asked: each side has stages of its own law.
    pub party: Option<PartyId>,
    /// Offices that may record it besides the one that has the case: a court, a ministry.
    pub offices: Vec<OfficeId>,
}

/// The side that records a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepBy {
    /// The side that asks.
    Requesting,
    /// The side that is asked.
    Requested,
    /// Whichever did it.
    Either,
}

impl StepBy {
    /// Whether this side records it.
    #[must_use]
    pub fn is(self, side: Side) -> bool {
        match self {
            Self::Requesting => side == Side::Requesting,
            Self::Requested => side == Side::Requested,
            Self::Either => true,
        }
    }
}

impl Menu for StepBy {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Requesting, "requesting"), (Self::Requested, "requested"), (Self::Either, "either")];
}
