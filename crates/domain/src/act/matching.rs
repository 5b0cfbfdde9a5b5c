//! The steps of a private matching, as they are signed.
//!
//! Owns what each step says of itself: hashes, sizes, and the sealed files the bulk of it travels in. Must not know how
//! any of it is computed: a run is mathematics elsewhere, and here a row of commitments that both sides signed.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::content::Attachment;
use crate::ids::Hash32;
use crate::menu::Menu;
use crate::text::Prose;

/// One step of a run. A asks whether B knows somebody; A has the function's key, B the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum MatchStep {
    /// A announces the public key of this case's epoch. It is used in no other.
    Epoch {
        /// The key.
        key: Hash32,
    },
    /// B announces its list, every place masked, and sends it.
    List {
        /// The list, by what identifies it.
        list: Hash32,
        /// Places, padding included.
        places: u32,
        /// The masked places.
        files: Vec<Attachment>,
    },
    /// A evaluates the masked list and sends it back.
    Evaluate {
        /// Which list.
        list: Hash32,
        /// The hash of the steps of the evaluation.
        steps: Hash32,
        /// The evaluated places with their proofs.
        files: Vec<Attachment>,
    },
    /// A asks: a padded batch with a commitment to each question, on the case's one basis and purpose.
    Ask {
        /// What was announced of the batch: scope, list, case, office, basis, and a commitment to each place.
        announcement: Hash32,
        /// Places of the batch, dummies included.
        places: u32,
        /// The transcript of the batch, its receipt included.
        transcript: Hash32,
        /// The batch.
        files: Vec<Attachment>,
    },
    /// B has the batch. It says the same whatever B will find, and is signed before B has looked.
    Receive {
        /// The transcript: both have signed it now.
        transcript: Hash32,
    },
    /// Either side demands an audit and binds its share of the chance by which places are drawn.
    Draw {
        /// What is audited.
        of: Audited,
        /// Of which batch, from 1; 0 for the list.
        batch: u32,
        /// [`commitment`] to its share.
        commitment: Hash32,
    },
    /// The other side gives its share.
    Share {
        /// Which audit, from 1.
        audit: u32,
        /// The share.
        share: Hash32,
    },
    /// The side that demanded the audit shows its share: the places are drawn now.
    Reveal {
        /// Which audit, from 1.
        audit: u32,
        /// The share.
        share: Hash32,
    },
    /// The side that is audited opens the places drawn, to the oversight body.
    Open {
        /// Which audit, from 1.
        audit: u32,
        /// The hash of what it opened.
        opened: Hash32,
    },
    /// The other side records what the oversight body found.
    Find {
        /// Which audit, from 1.
        audit: u32,
        /// What was found.
        finding: AuditFinding,
        /// What follows from it.
        words: Prose,
    },
    /// A side has destroyed its secrets of the epoch.
    Destroy {
        /// The key of the epoch.
        key: Hash32,
    },
}

/// What an audit is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audited {
    /// A's questions.
    Questions,
    /// B's list.
    List,
}

/// What an audit came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditFinding {
    /// Every place drawn was opened and is what was signed.
    Sound,
    /// A place is not what was signed: whoever has the file finds it again.
    Breached,
    /// Places drawn were not opened.
    Withheld,
}

/// The kinds of step, for words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each names the step of the same name, documented there")]
pub enum MatchStepKind {
    Epoch,
    List,
    Evaluate,
    Ask,
    Receive,
    Draw,
    Share,
    Reveal,
    Open,
    Find,
    Destroy,
}

impl MatchStep {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> MatchStepKind {
        match self {
            Self::Epoch { .. } => MatchStepKind::Epoch,
            Self::List { .. } => MatchStepKind::List,
            Self::Evaluate { .. } => MatchStepKind::Evaluate,
            Self::Ask { .. } => MatchStepKind::Ask,
            Self::Receive { .. } => MatchStepKind::Receive,
            Self::Draw { .. } => MatchStepKind::Draw,
            Self::Share { .. } => MatchStepKind::Share,
            Self::Reveal { .. } => MatchStepKind::Reveal,
            Self::Open { .. } => MatchStepKind::Open,
            Self::Find { .. } => MatchStepKind::Find,
            Self::Destroy { .. } => MatchStepKind::Destroy,
        }
    }

    /// The files it travels with.
    #[must_use]
    pub fn files(&self) -> &[Attachment] {
        match self {
            Self::List { files, .. } | Self::Evaluate { files, .. } | Self::Ask { files, .. } => files,
            Self::Epoch { .. }
            | Self::Receive { .. }
            | Self::Draw { .. }
            | Self::Share { .. }
            | Self::Reveal { .. }
            | Self::Open { .. }
            | Self::Find { .. }
            | Self::Destroy { .. } => &[],
        }
    }

    /// The hash by which it is known; none where it says a finding.
    #[must_use]
    pub const fn hash(&self) -> Option<Hash32> {
        Some(match self {
            Self::Epoch { key } | Self::Destroy { key } => *key,
            Self::List { list, .. } => *list,
            Self::Evaluate { steps, .. } => *steps,
            Self::Ask { transcript, .. } | Self::Receive { transcript } => *transcript,
            Self::Draw { commitment, .. } => *commitment,
            Self::Share { share, .. } | Self::Reveal { share, .. } => *share,
            Self::Open { opened, .. } => *opened,
            Self::Find { .. } => return None,
        })
    }

    /// Its files and words, to be taken out at the end of their time. The hashes stay: they are the proof.
    pub(crate) fn content(&mut self) -> (Option<&mut Vec<Attachment>>, Option<&mut Prose>) {
        match self {
            Self::List { files, .. } | Self::Evaluate { files, .. } | Self::Ask { files, .. } => (Some(files), None),
            Self::Find { words, .. } => (None, Some(words)),
            Self::Epoch { .. }
            | Self::Receive { .. }
            | Self::Draw { .. }
            | Self::Share { .. }
            | Self::Reveal { .. }
            | Self::Open { .. }
            | Self::Destroy { .. } => (None, None),
        }
    }

    /// Whether the safeguards of matching bind it: the questions as they are asked. Every other step answers for what was
    /// asked, and a receipt that waited for somebody would tell that somebody had looked.
    #[must_use]
    pub const fn asks(&self) -> bool {
        matches!(self, Self::Ask { .. })
    }
}

/// What binds a side to a share of chance before the other has given its own.
#[must_use]
pub fn commitment(share: &Hash32) -> Hash32 {
    const DOMAIN: &[u8] = b"entente/psi/share/v1";
    let mut hash = Sha256::new();
    for part in [DOMAIN, &share.0] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Hash32(hash.finalize().into())
}

impl Menu for MatchStepKind {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Epoch, "epoch"),
        (Self::List, "list"),
        (Self::Evaluate, "evaluate"),
        (Self::Ask, "ask"),
        (Self::Receive, "receive"),
        (Self::Draw, "draw"),
        (Self::Share, "share"),
        (Self::Reveal, "reveal"),
        (Self::Open, "open"),
        (Self::Find, "find"),
        (Self::Destroy, "destroy"),
    ];
}

impl Menu for Audited {
    const ALL: &'static [(Self, &'static str)] = &[(Self::Questions, "questions"), (Self::List, "list")];
}

impl Menu for AuditFinding {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Sound, "sound"), (Self::Breached, "breached"), (Self::Withheld, "withheld")];
}
