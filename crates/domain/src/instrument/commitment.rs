//! What was promised, in words: areas, clauses, norms, terms, and the words of the closed menus.
//!
//! Owns the rows only. Must not know how an indicator is computed from the log, nor how a safeguard is judged.

use std::collections::BTreeMap;

use crate::account::Measure;
use crate::deadline::Span;
use crate::ids::{OfficeId, PartyId, TypeCode};
use crate::text::Text;

/// An area of cooperation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Its id, for example `cyber`.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// One clause, paraphrased: what was promised and how its keeping is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its id, for example `CY-3a`.
    pub id: String,
    /// The area it belongs to, by id.
    pub area: String,
    /// What was promised, in our own words.
    pub text: Text,
    /// What this system offers to keep it.
    pub capability: Text,
    /// What is counted from the log to show it is kept, per direction.
    pub indicator: Text,
    /// The same as the account computes it.
    pub measures: Vec<Measure>,
    /// Where the authentic texts differ, and how.
    pub divergence: Option<Text>,
    /// Whether a language version of it is our own translation, not an official text.
    pub our_translation: bool,
    /// The offices that answer for it, per Party.
    pub offices: BTreeMap<PartyId, Vec<OfficeId>>,
    /// The request types that carry it out.
    pub types: Vec<TypeCode>,
}

/// A norm of responsible state behaviour (UN A/70/174, paragraph 13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Norm {
    /// Its id, `N-a` to `N-k`.
    pub id: String,
    /// Its words, paraphrased.
    pub text: Text,
}

impl Norm {
    /// Its words with its id before them, as one of several to choose from.
    #[must_use]
    pub fn named(&self) -> Text {
        let words = self.text.iter().map(|(lang, words)| (lang.clone(), format!("{} · {words}", self.id)));
        Text::new(words.collect())
    }
}

/// One term of the glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The term in every language.
    pub words: Text,
    /// Whether it was seen in an official source, or is usage we know.
    pub attested: bool,
}

/// The words of an urgency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrgencyText {
    /// Its name.
    pub name: Text,
    /// When it applies.
    pub test: Text,
}

/// The words of a ground of refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroundText {
    /// Its name.
    pub name: Text,
    /// What it means and when it does not apply.
    pub help: Text,
}

/// The words of a safeguard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateText {
    /// Its title.
    pub title: Text,
    /// The question put to the requesting side.
    pub ask: Text,
    /// The question put to the requested side.
    pub answer: Text,
    /// What a good answer contains.
    pub help: Text,
}

/// One rung of the escalation ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Its level, 0 to 4.
    pub level: u8,
    /// Who answers there.
    pub name: Text,
    /// How long overdue a matter is when it is raised here by itself.
    pub raise: Span,
    /// The same for U0 and U1.
    pub raise_urgent: Span,
    /// How long this level has to answer.
    pub answer: Span,
    /// The same for U0 and U1.
    pub answer_urgent: Span,
    /// The offices that answer here, per Party; empty where the case's own office does.
    pub offices: BTreeMap<PartyId, Vec<OfficeId>>,
}
