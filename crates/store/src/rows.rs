//! The rows of the store as plain data: what each table keeps, one struct a table.
//!
//! Owns the shapes and nothing else. Byte contents are opaque and already sealed by the caller where they must be;
//! the store must not know what they say.

use domain::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId, TypeCode};

use crate::moment::Moment;

/// The desk's projection of one case: what a list of cases shows and sorts by. Key: `case`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: CaseId,
    /// Rises by one with each change; 1 when first stored.
    pub version: u64,
    /// The request type.
    pub type_code: TypeCode,
    /// The numbering series the case belongs to, such as `CY`.
    pub series: String,
    /// The other Party.
    pub peer: PartyId,
    /// Who asks whom.
    pub direction: Direction,
    /// The stage, in the instrument's words.
    pub stage: String,
    /// Whose turn it is; `None` when nobody's (a closed case).
    pub turn: Option<PartyId>,
    /// Confidentiality level, low to high.
    pub level: u64,
    /// Urgency, in the instrument's words.
    pub urgency: String,
    /// Protective mark as shown to officers.
    pub mark: String,
    /// Our office that holds the case.
    pub our_office: OfficeId,
    /// The peer's office that holds the case.
    pub their_office: OfficeId,
    /// When the next thing is due; `None` when nothing is.
    pub due_at: Option<Moment>,
    /// When the case was opened.
    pub opened_at: Moment,
    /// When the case last changed here.
    pub updated_at: Moment,
    /// How many of our acts the peer has not yet receipted.
    pub undelivered: u64,
    /// Whether the case is an exercise and no real request.
    pub exercise: bool,
    /// The projection's own bytes (title and the like).
    pub summary: Vec<u8>,
}

/// Who asks whom in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// We ask them.
    Outgoing,
    /// They ask us.
    Incoming,
}

/// One act of a case. Key: `case`, `party`, `seq`; `core_hash` is unique too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActRow {
    /// The case acted in.
    pub case: CaseId,
    /// The Party that acted.
    pub party: PartyId,
    /// The act's number among that Party's acts in the case, from 1.
    pub seq: u64,
    /// The hash of the act's core, its name everywhere.
    pub core_hash: Hash32,
    /// The kind of act.
    pub kind: String,
    /// When it was done, as its author says.
    pub at: Moment,
    /// When the other side received it, from its receipt; `None` until then.
    pub received_at: Option<Moment>,
    /// Its index in our log.
    pub logged_index: u64,
    /// The salted hash of its body.
    pub body_hash: Hash32,
}

/// The body of an act, apart from it so that it can be purged while the proof stands. Key: `hash`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyRow {
    /// The salted hash, as the act states it.
    pub hash: Hash32,
    /// The body; `None` once purged.
    pub bytes: Option<Vec<u8>>,
    /// When retention ends; `None` while not yet known.
    pub purge_at: Option<Moment>,
}

/// One leaf of a log. Key: `log`, `index`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafRow {
    /// The log's name.
    pub log: String,
    /// Place in the log, from 0.
    pub index: u64,
    /// The leaf.
    pub bytes: Vec<u8>,
    /// Its leaf hash (RFC 6962 §2.1).
    pub hash: Hash32,
}

/// One stored inner hash of a log's tree (RFC 6962 §2.1). Key: `log`, `level`, `index`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeHashRow {
    /// The log's name.
    pub log: String,
    /// Height above the leaves.
    pub level: u64,
    /// Place within the level, from 0.
    pub index: u64,
    /// The hash.
    pub hash: Hash32,
}

/// One signed checkpoint of a log. Key: `log`, `size`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRow {
    /// The log's name.
    pub log: String,
    /// The number of leaves it covers.
    pub size: u64,
    /// The signed note.
    pub note: Vec<u8>,
    /// The note with the peer's cosignature; `None` until it came.
    pub cosigned: Option<Vec<u8>>,
}

/// A signed receipt for an act. Key: `core_hash`, `given`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The act received.
    pub core_hash: Hash32,
    /// True when we gave it, false when we got it.
    pub given: bool,
    /// The signed receipt.
    pub bytes: Vec<u8>,
}

/// One act on its way to the peer. Key: `core_hash`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelRow {
    /// The act carried.
    pub core_hash: Hash32,
    /// Where it goes.
    pub peer: PartyId,
    /// Lane; the lowest goes first.
    pub lane: u64,
    /// The act's case.
    pub case: CaseId,
    /// The act's number among our acts in the case; a case's parcels go in this order.
    pub party_seq: u64,
    /// When it was queued.
    pub created_at: Moment,
    /// When to try next.
    pub due_at: Moment,
    /// Tries so far.
    pub tries: u64,
    /// When to give up.
    pub expires_at: Moment,
    /// How it fares.
    pub state: ParcelState,
}

/// How a parcel fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParcelState {
    /// To be sent when due.
    Queued,
    /// The peer's receipt came.
    Delivered,
    /// The peer refused it for good.
    Refused,
    /// It was not delivered in time.
    Expired,
    /// Stopped until somebody here releases it; it still blocks the case's later parcels.
    Held,
}

/// An act that came before an earlier one of its case, waiting for it. Key: `peer`, `case`, `seq`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedRow {
    /// Who sent it.
    pub peer: PartyId,
    /// Its case.
    pub case: CaseId,
    /// Its number among the peer's acts in the case.
    pub seq: u64,
    /// The envelope as it came.
    pub bytes: Vec<u8>,
    /// When it came.
    pub arrived_at: Moment,
}

/// A moment at which a case wants looking at. Key: `case`, `kind`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerRow {
    /// The case.
    pub case: CaseId,
    /// Which of its clocks.
    pub kind: String,
    /// When it rings.
    pub due_at: Moment,
}

/// A draft of an act, inside our house only. Key: `draft`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// The draft's name.
    pub draft: String,
    /// Rises by one with each change; 1 when first stored.
    pub version: u64,
    /// The office that owns it.
    pub owner_office: OfficeId,
    /// The officer who began it.
    pub created_by: OfficerId,
    /// When it last changed.
    pub updated_at: Moment,
    /// The draft.
    pub bytes: Vec<u8>,
}

/// Anything that never leaves the building: officers, hashed sessions, notes, settings. Key: `kind`, `key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalRow {
    /// What it is.
    pub kind: String,
    /// Its name among its kind.
    pub key: String,
    /// Rises by one with each change; 1 when first stored.
    pub version: u64,
    /// The thing.
    pub bytes: Vec<u8>,
}

/// A large attachment; its chunks are files (see [`crate::chunks`]). Key: `root`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRow {
    /// The root hash of its chunks.
    pub root: Hash32,
    /// Whole length in bytes.
    pub size_bytes: u64,
    /// Length of each chunk but the last, in bytes.
    pub chunk_bytes: u64,
    /// The case it belongs to; `None` while only a draft names it.
    pub case: Option<CaseId>,
    /// How much of it is here.
    pub state: BlobState,
    /// Its description.
    pub meta: Vec<u8>,
    /// When it was first named here.
    pub created_at: Moment,
}

/// How much of a blob is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlobState {
    /// Being brought in by an officer here.
    Staged,
    /// Announced by the peer; chunks are missing.
    Wanted,
    /// All chunks are here and checked.
    Whole,
    /// Its chunks were removed when retention ended.
    Purged,
}

/// One entry of the operator's log: named refusals and alarms, with ids only. Key: `id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Given by the store, rising.
    pub id: u64,
    /// Whether an operator has seen it.
    pub acknowledged: bool,
    /// What happened.
    pub event: Event,
}

/// What the operator's log is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Moment,
    /// How bad.
    pub level: EventLevel,
    /// Which refusal or alarm, as a stable code.
    pub code: String,
    /// The case concerned, if one is.
    pub case: Option<CaseId>,
    /// The peer concerned, if one is.
    pub peer: Option<PartyId>,
    /// One line for the operator; never payload.
    pub detail: String,
}

/// How bad an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventLevel {
    /// For the record.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody must act.
    Alarm,
}

/// The answer given to an idempotent request, kept so that a repeat gets the same one. Key: `key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// The caller's key.
    pub key: String,
    /// When it was first used.
    pub at: Moment,
    /// The answer.
    pub bytes: Vec<u8>,
}

impl Direction {
    /// The number stored: 0 ours to them, 1 theirs to us.
    #[must_use]
    pub fn code(self) -> u64 {
        match self {
            Self::Outgoing => 0,
            Self::Incoming => 1,
        }
    }

    /// Reads the number stored.
    #[must_use]
    pub fn from_code(code: u64) -> Option<Self> {
        [Self::Outgoing, Self::Incoming].into_iter().find(|d| d.code() == code)
    }
}

impl ParcelState {
    /// The word stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Held => "held",
        }
    }

    /// Reads the word stored.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Queued, Self::Delivered, Self::Refused, Self::Expired, Self::Held]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

impl BlobState {
    /// The word stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Wanted => "wanted",
            Self::Whole => "whole",
            Self::Purged => "purged",
        }
    }

    /// Reads the word stored.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Staged, Self::Wanted, Self::Whole, Self::Purged].into_iter().find(|s| s.as_str() == word)
    }
}

impl EventLevel {
    /// The word stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Alarm => "alarm",
        }
    }

    /// Reads the word stored.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Alarm].into_iter().find(|l| l.as_str() == word)
    }
}
