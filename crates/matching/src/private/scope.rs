//! What one key of the function is for: one pair of offices, one purpose, one epoch, under one instrument.
//!
//! Owns who learns a hit, and the bytes that keep every key, list and question in its own scope. Must not know clauses:
//! names are the instrument's, and stand here only to be hashed.

use zeroize::Zeroizing;

use super::{Hash, MatchKey, Refused, digest, match_key};
use crate::oprf::SUITE;

/// Bytes of one name in a scope or matter, at most; a case's reference has some thirty.
pub const WORD_BYTES_MAX: usize = 128;
/// What every input of the function begins with.
const DOMAIN: &[u8] = b"entente/psi/v1";

/// Who learns a hit. A field of the instrument, since an answer is itself a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Learns {
    /// The asking side at once, from the filter of the holder's list; the holder learns the size of the batch.
    Querier = 1,
    /// The holder; the asking side gets the same receipt whatever was found, and later a person's decision.
    Holder = 2,
    /// The asking side how many, and which ones only when the holder agrees.
    CountFirst = 3,
    /// Both at once, and no filter leaves the house (response mode): for lists too sensitive to be given in any form.
    Both = 4,
}

impl Learns {
    /// Every setting with the instrument's word for it.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Querier, "querier_learns"),
        (Self::Holder, "holder_learns"),
        (Self::CountFirst, "count_first"),
        (Self::Both, "both_learn"),
    ];

    /// Whether a whole list may be asked masked: the holder's where roles are crossed, or the asker's against the holder's.
    #[must_use]
    pub const fn takes_masked(self) -> bool {
        match self {
            Self::Querier | Self::Holder | Self::Both => true,
            Self::CountFirst => false,
        }
    }

    /// Whether the asking side has the function's key, and evaluates the holder's masked list.
    #[must_use]
    pub const fn is_crossed(self) -> bool {
        match self {
            Self::Holder | Self::Both => true,
            Self::Querier | Self::CountFirst => false,
        }
    }

    /// The setting of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(learns, _)| *learns)
    }
}

/// A scope, as both sides compute it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    learns: Learns,
    digest: Hash,
}

/// The words of a scope.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'t> {
    /// Hash of the instrument in force.
    pub instrument: &'t Hash,
    /// Who asks, as the instrument names the Party.
    pub asking: &'t str,
    /// Whose list it is.
    pub holding: &'t str,
    /// What for.
    pub purpose: &'t str,
    /// The number of the epoch; a key never outlives it.
    pub epoch: u32,
    /// Who learns a hit.
    pub learns: Learns,
}

impl Scope {
    /// The scope of these terms, under this suite and this version of the match keys.
    ///
    /// # Errors
    /// [`Refused::Word`].
    pub fn of(terms: &Terms<'_>) -> Result<Self, Refused> {
        for (name, word) in [("asking", terms.asking), ("holding", terms.holding), ("purpose", terms.purpose)] {
            bounded(name, word)?;
        }
        let digest = digest(
            "entente/psi/scope/v1",
            &[
                terms.instrument,
                terms.asking.as_bytes(),
                terms.holding.as_bytes(),
                terms.purpose.as_bytes(),
                &terms.epoch.to_be_bytes(),
                &[terms.learns as u8],
                &match_key::VERSION.to_be_bytes(),
                SUITE.as_bytes(),
            ],
        );
        Ok(Self { learns: terms.learns, digest })
    }

    /// Who learns.
    #[must_use]
    pub const fn learns(&self) -> Learns {
        self.learns
    }

    /// What it hashes to; both sides have the same or speak of different things.
    #[must_use]
    pub const fn digest(&self) -> &Hash {
        &self.digest
    }

    /// The function's input for a key: the domain, the scope, the kind, the content.
    #[must_use]
    pub fn input(&self, key: &MatchKey) -> Zeroizing<Vec<u8>> {
        self.input_of(key.kind() as u8, key.content())
    }

    /// The same from a key's parts, which may be none of a sound key: what an auditor is shown.
    pub(super) fn input_of(&self, kind: u8, content: &[u8]) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([DOMAIN, &self.digest, &[kind], content].concat())
    }
}

/// A word that is there and not too long.
pub(super) fn bounded(name: &'static str, word: &str) -> Result<(), Refused> {
    if word.is_empty() || word.len() > WORD_BYTES_MAX { Err(Refused::Word(name)) } else { Ok(()) }
}
