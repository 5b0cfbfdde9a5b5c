//! What the sides say to each other about a text: positions, versions, reservations, signatures.
//!
//! Owns the table of versions and who signed which. Must not know when a signature may be given (`judge`).

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::act::About;
use crate::ids::Hash32;
use crate::procedure::Side;
use crate::text::Prose;

/// Everything said about a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Talk {
    /// Positions, in the order stated.
    pub positions: Vec<Position>,
    /// Versions of the text; the last is on the table.
    pub versions: Vec<Version>,
    /// Reservations, in the order recorded.
    pub reservations: Vec<Position>,
    /// What was put on the agenda, in the order tabled.
    pub items: Vec<Item>,
    /// The side that spoke last.
    pub spoke_last: Option<Side>,
}

/// A position or a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Whose.
    pub by: Side,
    /// Its words.
    pub words: Prose,
    /// When.
    pub at: Timestamp,
}

/// One item of the agenda of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Who put it there.
    pub by: Side,
    /// What it is.
    pub topic: Prose,
    /// What it takes up.
    pub about: Option<About>,
    /// When it was tabled.
    pub at: Timestamp,
    /// What the meeting settled on it: who recorded it, in which words, when.
    pub outcome: Option<(Side, Prose, Timestamp)>,
}

/// One version of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Who proposed it.
    pub by: Side,
    /// The number of the act that did.
    pub seq: u64,
    /// The text in every language.
    pub text: Prose,
    /// What changed.
    pub note: Option<Prose>,
    /// When it was laid on the table.
    pub at: Timestamp,
    /// Who has signed it.
    pub signed: BTreeSet<Side>,
}

impl Talk {
    /// The version on the table and its number, from 1.
    #[must_use]
    pub fn on_table(&self) -> Option<(u32, &Version)> {
        let number = u32::try_from(self.versions.len()).ok()?;
        self.versions.last().map(|version| (number, version))
    }

    /// The version both have signed.
    #[must_use]
    pub fn agreed(&self) -> Option<(u32, &Version)> {
        self.on_table().filter(|(_, version)| version.signed.len() == 2)
    }

    /// Whether a side may sign this version with this hash: it must be the one on the table, and the very text.
    #[must_use]
    pub fn offers(&self, version: u32, sha256: Hash32) -> bool {
        self.on_table().is_some_and(|(number, text)| number == version && text.text.is(sha256))
    }

    /// The item of this number, counted from 1.
    #[must_use]
    pub fn item(&self, number: u32) -> Option<&Item> {
        self.items.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Whether a side has signed what is on the table.
    #[must_use]
    pub fn signed_by(&self, side: Side) -> bool {
        self.on_table().is_some_and(|(_, version)| version.signed.contains(&side))
    }
}
