//! Entries into the Party's own log: leaf, tree and signed checkpoint in the same batch as what they record.
//!
//! Owns the names of logs and the one way to append. Must not know what a leaf is about.

use domain::ids::{Hash32, PartyId};
use jiff::Timestamp;
use ledger::checkpoint::Checkpoint;
use ledger::hash::{sha256, sm3};
use ledger::keys::VerifyingKey;
use ledger::leaf::{Leaf, LeafKind};
use ledger::note::{NoteKey, NoteKeyKind};
use ledger::tree::{Frontier, leaf_hash};
use store::{Batch, CheckpointRow, Expect, LeafRow, Reader, TreeHashRow, Write};

use crate::fault::Fault;
use crate::party::Node;

/// What one entry records.
pub(crate) struct Line<'a> {
    pub kind: LeafKind,
    pub outgoing: bool,
    pub core_hash: [u8; 32],
    pub bytes: &'a [u8],
    pub peer_index: Option<u64>,
    pub reference: String,
}

/// Where a log stands after an append.
#[derive(Debug, Clone)]
pub struct Head {
    /// Entries.
    pub size: u64,
    /// The signed checkpoint, as a note.
    pub note: Vec<u8>,
}

/// The store's name for our log with a peer.
#[must_use]
pub fn log_name(peer: &PartyId) -> String {
    peer.to_string()
}

/// The store's name for our copy of the peer's log with us.
#[must_use]
pub fn mirror_name(peer: &PartyId) -> String {
    format!("mirror/{peer}")
}

/// The public name of `owner`'s log with `other`, as checkpoints carry it.
#[must_use]
pub fn origin(owner: &PartyId, other: &PartyId) -> String {
    format!("{}.entente/ledger/{}", owner.as_str().to_lowercase(), other.as_str().to_lowercase())
}

/// The key a Party signs the checkpoints of its log with `other` with.
pub(crate) fn note_key(owner: &PartyId, other: &PartyId, key: &VerifyingKey) -> Result<NoteKey, Fault> {
    NoteKey::new(&origin(owner, other), NoteKeyKind::Log, *key).map_err(|why| Fault::Keys(why.to_string()))
}

/// The key a Party cosigns its peers' checkpoints with.
pub(crate) fn mirror_key(owner: &PartyId, key: &VerifyingKey) -> Result<NoteKey, Fault> {
    let name = format!("{}.entente/mirror", owner.as_str().to_lowercase());
    NoteKey::new(&name, NoteKeyKind::Cosigner, *key).map_err(|why| Fault::Keys(why.to_string()))
}

impl Node {
    /// Adds entries to our log with `peer` to a batch; returns the index of the first and the new head.
    pub(crate) fn enter(
        &self,
        reader: &dyn Reader,
        batch: &mut Batch,
        peer: &PartyId,
        now: Timestamp,
        lines: &[Line<'_>],
    ) -> Result<(u64, Head), Fault> {
        let log = log_name(peer);
        let first = reader.log_size(&log)?;
        batch.expect.push(Expect::LogSize { log: log.clone(), size: first });
        let mut frontier = frontier(reader, &log, first)?;
        for line in lines {
            let leaf = Leaf {
                kind: line.kind,
                outgoing: line.outgoing,
                core_hash: line.core_hash,
                env_sha256: sha256(&[line.bytes]),
                env_sm3: sm3(&[line.bytes]),
                peer_index: line.peer_index,
                logged_at_us: micros(now),
                reference: line.reference.clone(),
            };
            let bytes = leaf.encode().map_err(|why| Fault::record("leaf", why))?;
            append(batch, &log, &mut frontier, bytes);
        }
        let head = self.sign_head(peer, &frontier)?;
        batch.writes.push(Write::PutCheckpoint(CheckpointRow {
            log,
            size: head.size,
            note: head.note.clone(),
            cosigned: None,
        }));
        Ok((first, head))
    }

    fn sign_head(&self, peer: &PartyId, frontier: &Frontier) -> Result<Head, Fault> {
        let keys = |why: &dyn std::fmt::Display| Fault::Keys(why.to_string());
        let checkpoint =
            Checkpoint::new(&origin(self.me(), peer), frontier.size(), frontier.root()).map_err(|why| keys(&why))?;
        let key = note_key(self.me(), peer, &self.keys().log.verifying_key())?;
        let signed = checkpoint.sign(&key, &self.keys().log).map_err(|why| keys(&why))?;
        Ok(Head { size: frontier.size(), note: signed.encode() })
    }
}

/// Puts one leaf and the subtree hashes it completes into a batch.
pub(crate) fn append(batch: &mut Batch, log: &str, frontier: &mut Frontier, bytes: Vec<u8>) {
    let hash = leaf_hash(&bytes);
    let index = frontier.size();
    batch.writes.push(Write::AppendLeaf(LeafRow { log: log.to_owned(), index, bytes, hash: Hash32(hash) }));
    let stored: Result<(), std::convert::Infallible> = frontier.push(hash, &mut |level, index, hash| {
        let row = TreeHashRow { log: log.to_owned(), level: u64::from(level), index, hash: Hash32(*hash) };
        batch.writes.push(Write::PutTreeHash(row));
        Ok(())
    });
    match stored {
        Ok(()) => {}
    }
}

/// The right edge of a stored log.
pub(crate) fn frontier(reader: &dyn Reader, log: &str, size: u64) -> Result<Frontier, Fault> {
    Frontier::load(size, &mut |level, index| node(reader, log, level, index))
}

/// One stored subtree hash.
pub(crate) fn node(reader: &dyn Reader, log: &str, level: u8, index: u64) -> Result<[u8; 32], Fault> {
    let found = reader.tree_hash(log, u64::from(level), index)?;
    found.map(|hash| hash.0).ok_or_else(|| Fault::record(format!("log {log}"), format!("node {level}/{index} missing")))
}

/// A timestamp in the log's unit; instants before 1970 cannot be logged.
pub(crate) fn micros(at: Timestamp) -> u64 {
    u64::try_from(at.as_microsecond()).unwrap_or(0)
}

/// The instant of a number of microseconds, if there is one.
pub(crate) fn instant(us: u64) -> Option<Timestamp> {
    i64::try_from(us).ok().and_then(|us| Timestamp::from_microsecond(us).ok())
}
