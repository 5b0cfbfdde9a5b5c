//! What both sides sign of one batch.
//!
//! Owns the hashes of the steps in their order. Must not know signatures: the clerk has keys, this has bytes. Both sides
//! compute it from what crossed; if they signed different ones, one of them lies about what it sent, and the signed
//! hashes say where the difference begins.

use super::{Hash, digest};

/// The steps of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transcript {
    /// The list it was asked of.
    pub list: Hash,
    /// What was announced of the questions, commitments included.
    pub announcement: Hash,
    /// What was asked: blinded elements or tags.
    pub asked: Hash,
    /// What was answered.
    pub answered: Hash,
}

impl Transcript {
    /// What is signed.
    #[must_use]
    pub fn digest(&self) -> Hash {
        digest("entente/psi/transcript/v1", &[&self.list, &self.announcement, &self.asked, &self.answered])
    }
}
