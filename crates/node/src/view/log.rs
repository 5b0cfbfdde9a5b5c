//! The ledger as people read it: our log with a peer, our copy of theirs, and the heads of both.
//!
//! Owns the reading of leaves and checkpoints into lines. Must not verify anything: `entente ledger verify` does, from
//! the same bytes and by other code than wrote them.

use domain::ids::{CaseId, Hash32, PartyId};
use jiff::Timestamp;
use ledger::checkpoint::SignedCheckpoint;
use ledger::leaf::{Leaf, LeafKind};
use store::{CheckpointRow, Reader};

use crate::book::{log_name, mirror_name};
use crate::fault::Fault;
use crate::party::Node;

/// Most lines of a page of the ledger.
pub const PROOF_LINES_MAX: usize = 50;

/// Whose log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogSide {
    /// Ours.
    Own,
    /// The peer's, as we mirrored it.
    Mirror,
}

/// Where a log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// Its public name.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash32,
    /// The largest size cosigned by the other Party (for a mirror: by us).
    pub cosigned_size: Option<u64>,
    /// The signed note as it stands.
    pub note: String,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct LogLine {
    /// Its place, from 0.
    pub index: u64,
    /// What it records.
    pub kind: LeafKind,
    /// Whether it left that node.
    pub outgoing: bool,
    /// The hash it records.
    pub core_hash: Hash32,
    /// Its own hash in the tree.
    pub leaf_hash: Hash32,
    /// The matching entry of the other log, where known.
    pub peer_index: Option<u64>,
    /// When.
    pub at: Option<Timestamp>,
    /// Case and number.
    pub reference: String,
    /// The case, where the reference names one.
    pub case: Option<CaseId>,
}

/// One page of a log, newest first.
#[derive(Debug, Clone)]
pub struct LogPage {
    /// The peer it is kept with.
    pub peer: PartyId,
    /// Which of the two logs.
    pub side: LogSide,
    /// Its head; `None` while it is empty.
    pub head: Option<LogHead>,
    /// The lines, newest first.
    pub lines: Vec<LogLine>,
    /// Give this as `below` for the next page.
    pub older: Option<u64>,
}

impl Node {
    /// A page of the log of `side` with `peer`: entries below `below`, or the newest.
    ///
    /// # Errors
    /// [`Fault`] when the store or a leaf cannot be read.
    pub fn log_page(
        &self,
        reader: &dyn Reader,
        peer: &PartyId,
        side: LogSide,
        below: Option<u64>,
    ) -> Result<LogPage, Fault> {
        let log = name(peer, side);
        let size = reader.log_size(&log)?;
        let end = below.unwrap_or(size).min(size);
        let from = end.saturating_sub(PROOF_LINES_MAX as u64);
        let limit = usize::try_from(end - from).unwrap_or(PROOF_LINES_MAX);
        let mut lines = Vec::with_capacity(limit);
        if limit > 0 {
            for row in reader.leaves(&log, from, limit)? {
                let leaf = Leaf::decode(&row.bytes).map_err(|why| Fault::record(&log, why))?;
                lines.push(line(row.index, row.hash, leaf));
            }
        }
        lines.reverse();
        let head = self.log_head(reader, peer, side)?;
        Ok(LogPage { peer: peer.clone(), side, head, lines, older: (from > 0).then_some(from) })
    }

    /// Where the log of `side` with `peer` stands; `None` while it is empty.
    ///
    /// # Errors
    /// [`Fault`] when the store or the checkpoint cannot be read.
    pub fn log_head(&self, reader: &dyn Reader, peer: &PartyId, side: LogSide) -> Result<Option<LogHead>, Fault> {
        let log = name(peer, side);
        let Some(row) = reader.latest_checkpoint(&log)? else { return Ok(None) };
        let cosigned_size = reader.latest_cosigned(&log)?.map(|row| row.size);
        head(&log, &row, cosigned_size).map(Some)
    }
}

fn name(peer: &PartyId, side: LogSide) -> String {
    match side {
        LogSide::Own => log_name(peer),
        LogSide::Mirror => mirror_name(peer),
    }
}

fn head(log: &str, row: &CheckpointRow, cosigned_size: Option<u64>) -> Result<LogHead, Fault> {
    let note = row.cosigned.as_ref().unwrap_or(&row.note);
    let signed = SignedCheckpoint::decode(note).map_err(|why| Fault::record(log, why))?;
    let claim = signed.claim();
    Ok(LogHead {
        origin: claim.origin().to_owned(),
        size: claim.size(),
        root: Hash32(*claim.root()),
        cosigned_size,
        note: String::from_utf8_lossy(note).into_owned(),
    })
}

fn line(index: u64, leaf_hash: Hash32, leaf: Leaf) -> LogLine {
    let at = i64::try_from(leaf.logged_at_us).ok().and_then(|us| Timestamp::from_microsecond(us).ok());
    let case = leaf.reference.split([' ', '/', '#']).next().and_then(|word| CaseId::new(word).ok());
    LogLine {
        index,
        kind: leaf.kind,
        outgoing: leaf.outgoing,
        core_hash: Hash32(leaf.core_hash),
        leaf_hash,
        peer_index: leaf.peer_index,
        at,
        reference: leaf.reference,
        case,
    }
}
