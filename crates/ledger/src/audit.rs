//! Offline check of a whole log, in one pass and constant memory, and of two Parties' logs against each other. It names
//! the first entry that does not hold. It owns the check; it must not know where logs are stored.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use thiserror::Error;

use crate::Misbehaved;
use crate::checkpoint::SignedCheckpoint;
use crate::leaf::{Leaf, LeafKind};
use crate::note::NoteKey;
use crate::tree::{Frontier, Hash, leaf_hash};

/// Disagreements named in one [`Crossing`]; beyond, they are only counted.
pub const FINDINGS_MAX: usize = 1000;

/// The first entry that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("log is broken at entry {index}: {why}")]
pub struct Broken {
    /// Its index, from 0. For a checkpoint that does not fit: the first entry no earlier checkpoint vouches for.
    pub index: u64,
    /// What does not hold.
    pub why: Why,
}

/// What does not hold at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Why {
    /// Another entry was expected here.
    #[error("entry {found} stands in its place: an entry is missing, repeated or moved")]
    Misplaced {
        /// The index it carries.
        found: u64,
    },
    /// The recorded hash is not the hash of the bytes.
    #[error("its bytes do not match the hash recorded for it: it was altered")]
    Altered,
    /// The bytes are no leaf.
    #[error("its bytes are no leaf: {0}")]
    NotALeaf(Misbehaved),
    /// A stored subtree hash is missing or wrong.
    #[error("the stored hash ({level}, {index}) above it is missing or wrong: it or one before it was altered")]
    Node {
        /// Level of the node.
        level: u8,
        /// Index of the node in its level.
        index: u64,
    },
    /// The log ends before a signed checkpoint says so.
    #[error("it is missing: a signed checkpoint covers {size} entries")]
    Missing {
        /// Size of the checkpoint.
        size: u64,
    },
    /// A checkpoint was given after entries beyond it.
    #[error("a checkpoint of {size} entries came late: give checkpoints in order of size")]
    Order {
        /// Size of the checkpoint.
        size: u64,
    },
    /// A signed checkpoint has another root: history was rewritten.
    #[error("the checkpoint of {size} entries has another root: entries since the one before were rewritten")]
    Root {
        /// Size of the checkpoint.
        size: u64,
    },
    /// A checkpoint is not signed by the log.
    #[error("the checkpoint after it is not valid: {0}")]
    Checkpoint(Misbehaved),
}

/// An entry as stored.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The index it is stored under.
    pub index: u64,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The leaf hash stored with it.
    pub recorded: Hash,
}

/// The check of one log, fed in order.
#[derive(Debug, Clone)]
pub struct Audit {
    key: NoteKey,
    tree: Frontier,
    vouched: u64,
    checkpoints: u64,
}

/// A log that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Entries checked.
    pub entries: u64,
    /// Checkpoints checked.
    pub checkpoints: u64,
    /// Entries covered by a signed checkpoint; those after are sound but unsigned.
    pub vouched: u64,
    /// Root over all entries.
    pub root: Hash,
}

impl Audit {
    /// A check of the log signed by `key`, whose name is the origin.
    pub fn new(key: NoteKey) -> Audit {
        Audit { key, tree: Frontier::new(), vouched: 0, checkpoints: 0 }
    }

    /// Checks the next entry and every stored subtree hash it completes. `stored` reads a node, `None` if it is absent.
    ///
    /// # Errors
    /// [`Broken`]; the audit ends there.
    pub fn push(&mut self, entry: Stored<'_>, stored: &mut dyn FnMut(u8, u64) -> Option<Hash>) -> Result<Leaf, Broken> {
        let index = self.tree.size();
        let broken = |why| Broken { index, why };
        if entry.index != index {
            return Err(broken(Why::Misplaced { found: entry.index }));
        }
        let hash = leaf_hash(entry.bytes);
        if hash != entry.recorded {
            return Err(broken(Why::Altered));
        }
        let leaf = Leaf::decode(entry.bytes).map_err(|fault| broken(Why::NotALeaf(fault)))?;
        self.tree.push(hash, &mut |level, at, node| {
            let holds = stored(level, at).as_ref() == Some(node);
            if holds { Ok(()) } else { Err(broken(Why::Node { level, index: at })) }
        })?;
        Ok(leaf)
    }

    /// Checks a signed checkpoint of the entries so far. Call it for each, as soon as its size is reached.
    ///
    /// # Errors
    /// [`Broken`]; the audit ends there.
    pub fn checkpoint(&mut self, note: &[u8]) -> Result<(), Broken> {
        let size = self.tree.size();
        let at_entry = |index, why| Broken { index, why };
        let signed = SignedCheckpoint::decode(note).map_err(|fault| at_entry(size, Why::Checkpoint(fault)))?;
        let claim = signed.verify(&self.key).map_err(|fault| at_entry(size, Why::Checkpoint(fault)))?;
        if claim.size() > size {
            return Err(at_entry(size, Why::Missing { size: claim.size() }));
        }
        if claim.size() < size {
            return Err(at_entry(claim.size(), Why::Order { size: claim.size() }));
        }
        if *claim.root() != self.tree.root() {
            return Err(at_entry(self.vouched, Why::Root { size }));
        }
        self.vouched = size;
        self.checkpoints += 1;
        Ok(())
    }

    /// Entries checked so far.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The result.
    pub fn finish(self) -> Sound {
        Sound {
            entries: self.tree.size(),
            checkpoints: self.checkpoints,
            vouched: self.vouched,
            root: self.tree.root(),
        }
    }
}

/// One disagreement of two logs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    /// Delivered by the sender's account, absent from the receiver's log.
    #[error("entry {sent_index} was delivered but the receiver's log lacks it")]
    Lost {
        /// Index in the sender's log.
        sent_index: u64,
    },
    /// Both logged it, with other bytes.
    #[error("entry {sent_index} and the receiver's entry {received_index} record different bytes of one message")]
    Differs {
        /// Index in the sender's log.
        sent_index: u64,
        /// Index in the receiver's log.
        received_index: u64,
    },
    /// Logged as received a second time: one message had effect twice.
    #[error("the receiver's entry {received_index} records a message received before")]
    Twice {
        /// Index in the receiver's log.
        received_index: u64,
    },
    /// Logged as received, never logged as sent.
    #[error("the receiver's entry {received_index} was never sent by the sender's log")]
    NeverSent {
        /// Index in the receiver's log.
        received_index: u64,
    },
}

/// The outcome of [`cross`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Crossing {
    /// Messages in both logs with the same bytes.
    pub matched: u64,
    /// Messages sent and not delivered yet: no fault.
    pub pending: u64,
    /// All disagreements.
    pub disagreements: u64,
    /// The first [`FINDINGS_MAX`] of them.
    pub findings: Vec<Finding>,
}

impl Crossing {
    fn note(&mut self, finding: Finding) {
        self.disagreements += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}

/// Compares one direction of two sound logs: every message the `sender` logged as sent and knows to be delivered must
/// stand in the `receiver`'s log as received, by message id and bytes, and nothing else may. For the other direction,
/// swap them. Entries are `(index, leaf)`; `delivered` says of a message id whether a receipt accepted it. Takes about
/// 150 bytes of memory for each message received.
pub fn cross(
    sender: impl IntoIterator<Item = (u64, Leaf)>,
    receiver: impl IntoIterator<Item = (u64, Leaf)>,
    delivered: &mut dyn FnMut(&[u8; 32]) -> bool,
) -> Crossing {
    let mut crossing = Crossing::default();
    let mut received: BTreeMap<[u8; 32], (u64, [u8; 32])> = BTreeMap::new();
    for (index, leaf) in receiver {
        if leaf.kind == LeafKind::Received && !leaf.outgoing {
            match received.entry(leaf.core_hash) {
                Entry::Occupied(_) => crossing.note(Finding::Twice { received_index: index }),
                Entry::Vacant(place) => drop(place.insert((index, leaf.env_sha256))),
            }
        }
    }
    for (sent_index, leaf) in sender {
        if leaf.kind != LeafKind::Sent || !leaf.outgoing {
            continue;
        }
        match received.remove(&leaf.core_hash) {
            Some((_, bytes)) if bytes == leaf.env_sha256 => crossing.matched += 1,
            Some((received_index, _)) => crossing.note(Finding::Differs { sent_index, received_index }),
            None if delivered(&leaf.core_hash) => crossing.note(Finding::Lost { sent_index }),
            None => crossing.pending += 1,
        }
    }
    let mut left: Vec<u64> = received.into_values().map(|(index, _)| index).collect();
    left.sort_unstable();
    left.into_iter().for_each(|received_index| crossing.note(Finding::NeverSent { received_index }));
    crossing
}

#[cfg(test)]
mod tests;
