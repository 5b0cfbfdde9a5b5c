//! How far a thing may travel: sharing marks (TLP 2.0) and the classification ceiling.
//!
//! Owns the marks and their order. Must not know a Party's own markings by name: the instrument maps them here.

use serde::{Deserialize, Serialize};

use crate::menu::Menu;

/// Traffic Light Protocol 2.0 (FIRST), from free to named recipients only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tlp {
    /// Free to publish.
    #[serde(rename = "TLP:CLEAR")]
    Clear,
    /// Both Parties' authorities.
    #[serde(rename = "TLP:GREEN")]
    Green,
    /// The addressed organisation and those who act for it.
    #[serde(rename = "TLP:AMBER")]
    Amber,
    /// The addressed organisation only, on need to know.
    #[serde(rename = "TLP:AMBER+STRICT")]
    AmberStrict,
    /// Named recipients only.
    #[serde(rename = "TLP:RED")]
    Red,
}

/// What a Party's own marking amounts to. Everything from [`Classification::Classified`] up is never carried
/// (design, promise 8): the answer invites a tear-line version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Classification {
    /// Ordinary official business.
    Official,
    /// The ceiling: sensitive official business, a work secret.
    Sensitive,
    /// Any state secret of any level.
    Classified,
}

impl Menu for Tlp {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Clear, "TLP:CLEAR"),
        (Self::Green, "TLP:GREEN"),
        (Self::Amber, "TLP:AMBER"),
        (Self::AmberStrict, "TLP:AMBER+STRICT"),
        (Self::Red, "TLP:RED"),
    ];
}

impl Menu for Classification {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Official, "official"), (Self::Sensitive, "sensitive"), (Self::Classified, "classified")];
}
