//! A change to the store as plain data: what it expects to find and what it writes.
//!
//! Owns the list of possible expectations and writes and the one rule that ties them (a leaf is appended only
//! where its writer believed the log to end). Must not know how any backend carries them out.

use std::collections::BTreeMap;
use std::fmt;

use domain::ids::{CaseId, Hash32, PartyId};

use crate::fault::Fault;
use crate::moment::Moment;
use crate::rows::{
    ActRow, BlobRow, CaseRow, CheckpointRow, DraftRow, Event, IdempotencyRow, LeafRow, LocalRow, ParcelRow, ParkedRow,
    ReceiptRow, TimerRow, TreeHashRow,
};

/// Largest number that can be stored: databases count in signed 64 bits. A batch with a larger one is
/// [`Fault::Misuse`]; a question about a larger one finds nothing.
pub const NUMBER_MAX: u64 = i64::MAX as u64;

/// A change stored whole or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// What must hold before the first write; all are checked before anything is written.
    pub expect: Vec<Expect>,
    /// What to write, in this order.
    pub writes: Vec<Write>,
}

/// What a batch's author believed to be stored. Comparing it makes two writers, or a retry, safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// The case is stored at this version; 0 when absent.
    CaseVersion {
        /// The case.
        case: CaseId,
        /// Its version, 0 when absent.
        version: u64,
    },
    /// The log has this many leaves.
    LogSize {
        /// The log's name.
        log: String,
        /// Its number of leaves.
        size: u64,
    },
    /// No act with this core hash is stored.
    Absent {
        /// The act's name.
        core_hash: Hash32,
    },
    /// The draft is stored at this version; 0 when absent.
    DraftVersion {
        /// The draft's name.
        draft: String,
        /// Its version, 0 when absent.
        version: u64,
    },
    /// The local thing is stored at this version; 0 when absent.
    LocalVersion {
        /// What it is.
        kind: String,
        /// Its name among its kind.
        key: String,
        /// Its version, 0 when absent.
        version: u64,
    },
    /// The counter stands at this value; 0 when never set.
    Counter {
        /// The counter's name.
        name: String,
        /// Its value.
        value: u64,
    },
}

/// One write. Unless said otherwise a `Put` replaces the row of the same key and a `Remove` of an absent row is
/// no error; a change to an absent row is [`Conflict::Missing`](crate::Conflict::Missing).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Stores a case's projection.
    PutCase(CaseRow),
    /// Stores an act; [`Conflict::Exists`](crate::Conflict::Exists) when its place or hash is taken.
    PutAct(ActRow),
    /// Notes when the other side received an act.
    SetReceived {
        /// The act's case.
        case: CaseId,
        /// The Party that acted.
        party: PartyId,
        /// Its number.
        seq: u64,
        /// When it was received.
        received_at: Moment,
    },
    /// Stores a body; the first of a hash stays, even once purged.
    PutBody {
        /// Its hash.
        hash: Hash32,
        /// The body.
        bytes: Vec<u8>,
        /// When retention ends, if known.
        purge_at: Option<Moment>,
    },
    /// Sets when a body's retention ends.
    SetPurgeAt {
        /// The body.
        hash: Hash32,
        /// When, or `None` for not yet known.
        purge_at: Option<Moment>,
    },
    /// Removes a body's bytes and keeps its row.
    PurgeBody {
        /// The body.
        hash: Hash32,
    },
    /// Stores an act's signed envelope; the first stays.
    PutEnvelope {
        /// The act.
        core_hash: Hash32,
        /// The envelope.
        bytes: Vec<u8>,
    },
    /// Removes an act's envelope, when retention ends.
    RemoveEnvelope {
        /// The act.
        core_hash: Hash32,
    },
    /// Stores a receipt; the first of each direction stays.
    PutReceipt(ReceiptRow),
    /// Appends a leaf. The batch must carry [`Expect::LogSize`] for the log, and its leaves must continue from
    /// that size without a gap; otherwise the commit is [`Fault::Misuse`].
    AppendLeaf(LeafRow),
    /// Stores an inner hash of a log's tree.
    PutTreeHash(TreeHashRow),
    /// Stores a checkpoint.
    PutCheckpoint(CheckpointRow),
    /// Stores a parcel; [`Conflict::Exists`](crate::Conflict::Exists) when the act has one.
    PutParcel(ParcelRow),
    /// Changes how a parcel fares.
    UpdateParcel {
        /// The act carried.
        core_hash: Hash32,
        /// How it fares.
        state: crate::rows::ParcelState,
        /// When to try next.
        due_at: Moment,
        /// Tries so far.
        tries: u64,
    },
    /// Parks an act that came early.
    PutParked(ParkedRow),
    /// Lets a parked act go.
    RemoveParked {
        /// Who sent it.
        peer: PartyId,
        /// Its case.
        case: CaseId,
        /// Its number.
        seq: u64,
    },
    /// Sets a case's timer.
    PutTimer(TimerRow),
    /// Stops a case's timer.
    RemoveTimer {
        /// The case.
        case: CaseId,
        /// Which of its clocks.
        kind: String,
    },
    /// Stores a draft.
    PutDraft(DraftRow),
    /// Removes a draft.
    RemoveDraft {
        /// Its name.
        draft: String,
    },
    /// Stores a local thing.
    PutLocal(LocalRow),
    /// Removes a local thing.
    RemoveLocal {
        /// What it is.
        kind: String,
        /// Its name among its kind.
        key: String,
    },
    /// Sets a counter.
    SetCounter {
        /// Its name.
        name: String,
        /// Its new value.
        value: u64,
    },
    /// Stores a blob's row.
    PutBlob(BlobRow),
    /// Removes a blob's row; its chunks are removed by [`Chunks::remove`](crate::Chunks::remove).
    RemoveBlob {
        /// Its root.
        root: Hash32,
    },
    /// Adds an entry to the operator's log.
    AddEvent(Event),
    /// Notes that an operator has seen an entry.
    AcknowledgeEvent {
        /// The entry.
        id: u64,
    },
    /// Drops acknowledged entries older than a moment, so that the log does not grow for ever.
    ForgetEvents {
        /// Entries before this go.
        before: Moment,
    },
    /// Makes these the search terms of a case, and no others; repeats count once.
    ReplaceTerms {
        /// The case.
        case: CaseId,
        /// Its terms.
        terms: Vec<String>,
    },
    /// Keeps the answer to an idempotent request; [`Conflict::Exists`](crate::Conflict::Exists) when one is kept.
    PutIdempotency(IdempotencyRow),
    /// Drops kept answers older than a moment.
    ForgetIdempotency {
        /// Answers before this go.
        before: Moment,
    },
}

impl Batch {
    /// Checks the rules on numbers and on appended leaves, which every backend calls before it begins.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if let Some(number) = self.writes.iter().map(Write::largest_number).find(|n| *n > NUMBER_MAX) {
            return Err(Fault::Misuse { reason: format!("`{number}` is above {NUMBER_MAX}") });
        }
        self.check_leaves()
    }

    fn check_leaves(&self) -> Result<(), Fault> {
        let mut ends: BTreeMap<&str, u64> = BTreeMap::new();
        for expect in &self.expect {
            if let Expect::LogSize { log, size } = expect {
                ends.insert(log, *size);
            }
        }
        for write in &self.writes {
            let Write::AppendLeaf(leaf) = write else { continue };
            match ends.get_mut(leaf.log.as_str()) {
                Some(end) if *end == leaf.index => *end += 1,
                Some(end) => {
                    let reason = format!("leaf {} appended to log `{}` that ends at {end}", leaf.index, leaf.log);
                    return Err(Fault::Misuse { reason });
                }
                None => {
                    let reason = format!("leaf appended to log `{}` without expecting its size", leaf.log);
                    return Err(Fault::Misuse { reason });
                }
            }
        }
        Ok(())
    }
}

impl Write {
    /// The largest of the numbers it would store.
    fn largest_number(&self) -> u64 {
        match self {
            Self::PutCase(row) => row.version.max(row.level).max(row.undelivered),
            Self::PutAct(row) => row.seq.max(row.logged_index),
            Self::AppendLeaf(row) => row.index,
            Self::PutTreeHash(row) => row.level.max(row.index),
            Self::PutCheckpoint(row) => row.size,
            Self::PutParcel(row) => row.lane.max(row.party_seq).max(row.tries),
            Self::UpdateParcel { tries, .. } => *tries,
            Self::PutParked(row) => row.seq,
            Self::PutDraft(row) => row.version,
            Self::PutLocal(row) => row.version,
            Self::SetCounter { value, .. } => *value,
            Self::PutBlob(row) => row.size_bytes.max(row.chunk_bytes),
            Self::SetReceived { .. }
            | Self::PutBody { .. }
            | Self::SetPurgeAt { .. }
            | Self::PurgeBody { .. }
            | Self::PutEnvelope { .. }
            | Self::RemoveEnvelope { .. }
            | Self::PutReceipt(_)
            | Self::RemoveParked { .. }
            | Self::PutTimer(_)
            | Self::RemoveTimer { .. }
            | Self::RemoveDraft { .. }
            | Self::RemoveLocal { .. }
            | Self::RemoveBlob { .. }
            | Self::AddEvent(_)
            | Self::AcknowledgeEvent { .. }
            | Self::ForgetEvents { .. }
            | Self::ReplaceTerms { .. }
            | Self::PutIdempotency(_)
            | Self::ForgetIdempotency { .. } => 0,
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CaseVersion { case, version } => write!(f, "case `{case}` at version {version}"),
            Self::LogSize { log, size } => write!(f, "log `{log}` with {size} leaves"),
            Self::Absent { core_hash } => write!(f, "act `{}` absent", core_hash.short()),
            Self::DraftVersion { draft, version } => write!(f, "draft `{draft}` at version {version}"),
            Self::LocalVersion { kind, key, version } => write!(f, "{kind} `{key}` at version {version}"),
            Self::Counter { name, value } => write!(f, "counter `{name}` at {value}"),
        }
    }
}
