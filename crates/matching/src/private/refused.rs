//! What our own rules do not let out, and what the other side did that no sound program does.
//!
//! Owns the two lists of causes with their stable codes. Must not know words for people, and carries no key, name or
//! value: a refusal may be logged.

use thiserror::Error;

use super::Kind;
use crate::oprf::Unsound;

/// Our own rule, before anything leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Refused {
    /// A name without the date, or year, that the kind needs: against a million people it would meet a thousand.
    #[error("a name alone is never asked: give the date of birth, or its year")]
    NameOnly,
    /// The record has nothing of this kind.
    #[error("the record has nothing to make this kind of key from: add what is missing or ask another kind")]
    Lacking(Kind),
    /// What was given is not of this kind's form.
    #[error("this is not of the form of its kind: correct it")]
    NotOfKind(Kind),
    /// A check digit that fails: misread, and asking would find nothing.
    #[error("the check digit fails: read the document again")]
    CheckDigit,
    /// Nothing is asked.
    #[error("nothing is asked: give at least one key")]
    Empty,
    /// Fewer than a count may be taken of: the count of one is the answer itself.
    #[error("{found} keys are too few to be counted: {least} at least")]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many there must be.
        least: usize,
    },
    /// More than one batch, part or list may hold.
    #[error("{found} are too many: {most} at most, so divide them")]
    TooMany {
        /// How many there are.
        found: u64,
        /// How many there may be.
        most: u64,
    },
    /// A word of the scope, the matter or a label that is empty or too long.
    #[error("`{0}` is empty or too long")]
    Word(&'static str),
    /// The step belongs to another setting of who learns.
    #[error("the instrument lets another side learn here: follow its setting")]
    WhoLearns,
    /// The list announced is none of ours, or no longer: ask again against the present one.
    #[error("another list was asked than the one in force")]
    OtherList,
    /// The batch was answered before. Nothing is answered twice.
    #[error("this batch was answered before: ask a new one")]
    Replayed,
    /// The office's allowance for this purpose is spent.
    #[error("the allowance is spent: {left} are left, {asked} are asked")]
    Spent {
        /// Evaluations still allowed.
        left: u64,
        /// Evaluations asked for.
        asked: u64,
    },
    /// The filter cannot be laid out, which happens to no honest list.
    #[error("the filter of a list cannot be laid out: prepare the list again under a new epoch")]
    Unlaid,
}

impl Refused {
    /// The stable code, for words and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NameOnly => "name-only",
            Self::Lacking(_) => "key-lacking",
            Self::NotOfKind(_) => "not-of-kind",
            Self::CheckDigit => "check-digit",
            Self::Empty => "nothing-asked",
            Self::TooFew { .. } => "too-few",
            Self::TooMany { .. } => "too-many",
            Self::Word(_) => "word-malformed",
            Self::WhoLearns => "who-learns",
            Self::OtherList => "other-list",
            Self::Replayed => "batch-replayed",
            Self::Spent { .. } => "allowance-spent",
            Self::Unlaid => "filter-unlaid",
        }
    }
}

/// What the other side sent is no step of this protocol. Kept with the signed transcript, it is evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Misbehaved {
    /// Elements, scalars or a proof that do not hold.
    #[error("the function's answer is unsound: {0}")]
    Function(#[from] Unsound),
    /// A batch or list whose size is none of the sizes there are.
    #[error("{0} is no size of a batch or list")]
    Size(u64),
    /// Bytes that are not of their format.
    #[error("`{0}` is malformed")]
    Malformed(&'static str),
    /// What was sent does not hash to what had been announced.
    #[error("`{0}` is not what was announced")]
    NotAsAnnounced(&'static str),
    /// It belongs to another instrument, purpose, epoch or pair.
    #[error("it was made for another scope")]
    OtherScope,
}

impl Misbehaved {
    /// The stable code, for words and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Function(Unsound::Proof) => "proof-fails",
            Self::Function(_) => "unsound-element",
            Self::Size(_) => "no-such-size",
            Self::Malformed(_) => "malformed",
            Self::NotAsAnnounced(_) => "not-as-announced",
            Self::OtherScope => "other-scope",
        }
    }
}
