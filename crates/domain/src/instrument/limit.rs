//! What the matters of a type may not carry, beyond what its fields say: abuse material by hash only, no personal data.
//!
//! Owns the closed menus a file picks from. Must not know how contents are read against them (`content::carriage`).

use serde::{Deserialize, Serialize};

use crate::menu::Menu;

/// A limit on the contents of a type's matters, always or where a field says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Where it holds; everywhere when absent.
    pub when: Option<When>,
    /// What may travel beside the fields.
    pub carries: Carries,
    /// Whether personal data may be in it.
    pub personal: bool,
    /// Fields that must be left empty.
    pub empty: Vec<String>,
    /// Fields that must be filled, though the type does not ask for them everywhere.
    pub needs: Vec<String>,
}

/// Where a limit holds: a choice field has one of these codes, or a question is answered so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The field.
    pub field: String,
    /// The codes.
    pub is: Vec<String>,
}

impl When {
    /// The code of a field answered with yes.
    pub const YES: &'static str = "yes";
    /// The code of a field answered with no.
    pub const NO: &'static str = "no";
}

/// What may travel beside the fields of a matter, from anything to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carries {
    /// Any file.
    #[default]
    Anything,
    /// Papers only: texts, tables, slides; no pictures, recordings or archives.
    Documents,
    /// No file at all, and no words that lead to one or hold one: the material is named by its hash.
    HashesOnly,
}

/// What the lines of a field must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Anything.
    #[default]
    Free,
    /// A hash in hexadecimal digits, with or without the name of its algorithm before a colon.
    Hash,
}

impl Menu for Carries {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Anything, "anything"), (Self::Documents, "documents"), (Self::HashesOnly, "hashes-only")];
}

impl Menu for Form {
    const ALL: &'static [(Self, &'static str)] = &[(Self::Free, "free"), (Self::Hash, "hash")];
}
