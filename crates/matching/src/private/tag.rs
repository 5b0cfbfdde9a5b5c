//! Tags: what of the function's value is shown, and decoys that cannot be told from them.
//!
//! Owns how a tag is made and how a decoy is opened to an auditor. Must not know keys or lists.

use subtle::{Choice, ConditionallySelectable};

use super::digest;
use crate::oprf::Output;

/// Bytes of a tag. Among 10^8 tags on one side and 10^9 questions two unlike ones meet with a chance below 10^-21.
pub const TAG_BYTES: usize = 16;
/// Bytes behind a decoy.
pub const NONCE_BYTES: usize = 32;

/// A tag. It is part of the function's value, so it is not shown in a log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag(pub [u8; TAG_BYTES]);

/// What a decoy is made from: shown to an auditor, it proves that the tag stands for nobody the list names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; NONCE_BYTES]);

impl std::fmt::Debug for Tag {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Tag(secret)")
    }
}

impl std::fmt::Debug for Nonce {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Nonce(secret)")
    }
}

impl Tag {
    /// The tag of a value.
    #[must_use]
    pub fn of(value: &Output) -> Self {
        Self::cut(value.bytes())
    }

    /// The tag of an element that no blind covers, where tags must not depend on the input: only so can answers be
    /// shuffled (`count_first`).
    #[must_use]
    pub fn of_element(element: &[u8; 32]) -> Self {
        Self::cut(&digest("entente/psi/count/v1", &[element]))
    }

    /// The decoy of a nonce.
    #[must_use]
    pub fn decoy(nonce: &Nonce) -> Self {
        Self::cut(&digest("entente/psi/decoy/v1", &[&nonce.0]))
    }

    /// `other` where `choice` is set, else `self`, in constant time.
    #[must_use]
    pub fn or(self, other: Self, choice: Choice) -> Self {
        Self(<[u8; TAG_BYTES]>::conditional_select(&self.0, &other.0, choice))
    }

    fn cut(bytes: &[u8]) -> Self {
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&bytes[..TAG_BYTES]);
        Self(tag)
    }
}
