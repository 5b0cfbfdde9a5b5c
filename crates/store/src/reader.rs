//! What can be asked of a store.
//!
//! Owns the questions, their bounds and the order of their answers. Must not know how any backend finds them. Every
//! method fails with a [`Fault`] and with nothing else; an absent row is `None` or an empty list.

use domain::ids::{CaseId, Hash32, OfficeId, PartyId};

use crate::fault::Fault;
use crate::filter::{CaseCursor, CaseFilter, Load, ParcelCount};
use crate::moment::Moment;
use crate::rows::{
    ActRow, BlobRow, BlobState, BodyRow, CaseRow, CheckpointRow, DraftRow, EventRow, IdempotencyRow, LeafRow, LocalRow,
    ParcelRow, ParkedRow, ReceiptRow, TimerRow,
};

/// Reads a store. Each call sees every batch committed before it; two calls may see different states.
///
/// # Errors
/// Every method: [`Fault::Backend`] when the backend fails, [`Fault::Corrupt`] when a row cannot be what it says.
pub trait Reader {
    /// One case's projection.
    fn case(&self, case: &CaseId) -> Result<Option<CaseRow>, Fault>;
    /// One page of cases, at most [`CASES_PAGE_MAX`](crate::filter::CASES_PAGE_MAX), and where the next begins.
    fn cases(&self, filter: &CaseFilter) -> Result<(Vec<CaseRow>, Option<CaseCursor>), Fault>;
    /// How many cases [`Reader::cases`] lists in all its pages; `limit` and `after` do not count.
    fn case_count(&self, filter: &CaseFilter) -> Result<u64, Fault>;

    /// All acts of a case in the order they were logged here. How many there may be is the protocol's limit.
    fn acts(&self, case: &CaseId) -> Result<Vec<ActRow>, Fault>;
    /// The act with this core hash.
    fn act_by_hash(&self, core_hash: &Hash32) -> Result<Option<ActRow>, Fault>;
    /// The act at this place.
    fn act(&self, case: &CaseId, party: &PartyId, seq: u64) -> Result<Option<ActRow>, Fault>;
    /// The bodies of these hashes in this order, without those not stored.
    fn bodies(&self, hashes: &[Hash32]) -> Result<Vec<BodyRow>, Fault>;
    /// Bodies whose retention ended by `now`, longest ago first, at most
    /// [`LIST_MAX`](crate::filter::LIST_MAX).
    fn purges_due(&self, now: Moment, limit: usize) -> Result<Vec<Hash32>, Fault>;
    /// An act's envelope.
    fn envelope(&self, core_hash: &Hash32) -> Result<Option<Vec<u8>>, Fault>;
    /// The receipt we gave (`given`) or got for an act.
    fn receipt(&self, core_hash: &Hash32, given: bool) -> Result<Option<ReceiptRow>, Fault>;

    /// How many leaves a log has; 0 when there is no such log.
    fn log_size(&self, log: &str) -> Result<u64, Fault>;
    /// Leaves from index `from` on, at most [`LEAVES_MAX`](crate::filter::LEAVES_MAX).
    fn leaves(&self, log: &str, from: u64, limit: usize) -> Result<Vec<LeafRow>, Fault>;
    /// One inner hash of a log's tree.
    fn tree_hash(&self, log: &str, level: u64, index: u64) -> Result<Option<Hash32>, Fault>;
    /// The checkpoint of a log at a size.
    fn checkpoint(&self, log: &str, size: u64) -> Result<Option<CheckpointRow>, Fault>;
    /// The largest checkpoint of a log.
    fn latest_checkpoint(&self, log: &str) -> Result<Option<CheckpointRow>, Fault>;
    /// The largest checkpoint of a log that the peer cosigned.
    fn latest_cosigned(&self, log: &str) -> Result<Option<CheckpointRow>, Fault>;
    /// Checkpoints of more than `above` leaves, smallest first, at most [`LIST_MAX`](crate::filter::LIST_MAX).
    fn checkpoints(&self, log: &str, above: u64, limit: usize) -> Result<Vec<CheckpointRow>, Fault>;

    /// One parcel.
    fn parcel(&self, core_hash: &Hash32) -> Result<Option<ParcelRow>, Fault>;
    /// Queued parcels to a peer due by `now`: lowest lane first, then longest due; at most
    /// [`PARCELS_MAX`](crate::filter::PARCELS_MAX). At most one for each case: a parcel waits while an earlier one
    /// of its case to that peer is queued (due or not) or held.
    fn parcels_due(&self, peer: &PartyId, now: Moment, limit: usize) -> Result<Vec<ParcelRow>, Fault>;
    /// When the next parcel to a peer that nothing blocks is due; `None` when none is queued.
    fn parcel_next_due(&self, peer: &PartyId) -> Result<Option<Moment>, Fault>;
    /// How many parcels each peer has in each state; states without any are left out. By peer, then state's word.
    fn parcel_counts(&self) -> Result<Vec<ParcelCount>, Fault>;

    /// What a peer has parked in a case, by its number, bounded by what the caller lets in.
    fn parked(&self, peer: &PartyId, case: &CaseId) -> Result<Vec<ParkedRow>, Fault>;
    /// How much a peer has parked in one case, or in all when `case` is `None`.
    fn parked_load(&self, peer: &PartyId, case: Option<&CaseId>) -> Result<Load, Fault>;

    /// Timers that ring by `now`, earliest first, at most [`LIST_MAX`](crate::filter::LIST_MAX).
    fn timers_due(&self, now: Moment, limit: usize) -> Result<Vec<TimerRow>, Fault>;
    /// A case's timers, by kind.
    fn timers(&self, case: &CaseId) -> Result<Vec<TimerRow>, Fault>;
    /// When the next timer rings.
    fn timer_next_due(&self) -> Result<Option<Moment>, Fault>;

    /// One draft.
    fn draft(&self, draft: &str) -> Result<Option<DraftRow>, Fault>;
    /// Drafts of one of our offices, or of all when `None`; latest change first.
    fn drafts(&self, office: Option<&OfficeId>) -> Result<Vec<DraftRow>, Fault>;
    /// One local thing.
    fn local(&self, kind: &str, key: &str) -> Result<Option<LocalRow>, Fault>;
    /// All local things of a kind, by key.
    fn local_list(&self, kind: &str) -> Result<Vec<LocalRow>, Fault>;
    /// A counter's value; 0 when never set.
    fn counter(&self, name: &str) -> Result<u64, Fault>;

    /// One blob.
    fn blob(&self, root: &Hash32) -> Result<Option<BlobRow>, Fault>;
    /// A case's blobs, oldest first.
    fn blobs(&self, case: &CaseId) -> Result<Vec<BlobRow>, Fault>;
    /// Blobs in a state, oldest first, those of one moment by root; only what comes after `after`, where that is given; at
    /// most [`LIST_MAX`](crate::filter::LIST_MAX).
    fn blobs_in(&self, state: BlobState, after: Option<(Moment, Hash32)>, limit: usize) -> Result<Vec<BlobRow>, Fault>;

    /// The operator's log, newest first, entries with an id below `before` (all when `None`), at most
    /// [`LIST_MAX`](crate::filter::LIST_MAX).
    fn events(&self, before: Option<u64>, limit: usize) -> Result<Vec<EventRow>, Fault>;
    /// Entries nobody has acknowledged, newest first, at most [`LIST_MAX`](crate::filter::LIST_MAX).
    fn events_open(&self, limit: usize) -> Result<Vec<EventRow>, Fault>;

    /// Cases having every one of these terms, by name, at most [`LIST_MAX`](crate::filter::LIST_MAX). No terms
    /// find nothing; at most [`TERMS_MAX`](crate::filter::TERMS_MAX) count.
    fn search(&self, terms: &[String], limit: usize) -> Result<Vec<CaseId>, Fault>;
    /// The answer kept for an idempotent request.
    fn idempotency(&self, key: &str) -> Result<Option<IdempotencyRow>, Fault>;
}
