//! The store in memory: sorted maps, for tests and the deterministic simulator.
//!
//! Owns the same rules as the SQL backends, kept honest by the conformance suite. Must not know files, and must
//! not depend on hash order: everything is a `BTreeMap`. Clones share one store, so a clone outlives a "crash".

mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use domain::ids::{CaseId, Hash32};

use crate::Store;
use crate::batch::{Batch, Expect, Write};
use crate::fault::{CommitError, Conflict, Fault};
use crate::reader::Reader;
use crate::rows::{
    ActRow, BlobRow, BodyRow, CaseRow, CheckpointRow, DraftRow, EventRow, IdempotencyRow, LeafRow, LocalRow, ParcelRow,
    ParcelState, ParkedRow, ReceiptRow, TimerRow,
};

/// A store in memory. Cloning is cheap and shares the contents.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    tables: Arc<Mutex<Tables>>,
}

/// Case, then Party, then number; or peer, then case, then number.
type Place = (String, String, u64);

#[derive(Debug, Default)]
struct Tables {
    cases: BTreeMap<CaseId, CaseRow>,
    acts: BTreeMap<Place, ActRow>,
    act_places: BTreeMap<Hash32, Place>,
    bodies: BTreeMap<Hash32, BodyRow>,
    envelopes: BTreeMap<Hash32, Vec<u8>>,
    receipts: BTreeMap<(Hash32, bool), ReceiptRow>,
    leaves: BTreeMap<(String, u64), LeafRow>,
    tree_hashes: BTreeMap<(String, u64, u64), Hash32>,
    checkpoints: BTreeMap<(String, u64), CheckpointRow>,
    parcels: BTreeMap<Hash32, ParcelRow>,
    /// The parcels queued or held, so that delivered ones cost nothing: peer, case, number, act.
    waiting: BTreeMap<(String, String, u64, Hash32), ()>,
    parked: BTreeMap<Place, ParkedRow>,
    timers: BTreeMap<(String, String), TimerRow>,
    drafts: BTreeMap<String, DraftRow>,
    locals: BTreeMap<(String, String), LocalRow>,
    counters: BTreeMap<String, u64>,
    blobs: BTreeMap<Hash32, BlobRow>,
    events: BTreeMap<u64, EventRow>,
    terms: BTreeMap<CaseId, BTreeSet<String>>,
    idempotency: BTreeMap<String, IdempotencyRow>,
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> Result<MutexGuard<'_, Tables>, Fault> {
        let reason = "a writer panicked and may have left half a batch";
        self.tables.lock().map_err(|_| Fault::Backend { doing: "locking the memory store", reason: reason.into() })
    }
}

impl Store for Memory {
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        batch.check()?;
        let mut tables = self.lock()?;
        if let Some(broken) = batch.expect.iter().find(|e| !tables.holds(e)) {
            return Err(Conflict::Expected(broken.clone()).into());
        }
        let mut work = Work { tables: &mut tables, undo: Vec::new() };
        for write in &batch.writes {
            if let Err(conflict) = work.write(write) {
                work.roll_back();
                return Err(conflict.into());
            }
        }
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader + Send>, Fault> {
        Ok(Box::new(self.clone()))
    }
}

impl Tables {
    fn holds(&self, expect: &Expect) -> bool {
        match expect {
            Expect::CaseVersion { case, version } => self.cases.get(case).map_or(0, |c| c.version) == *version,
            Expect::LogSize { log, size } => self.log_size(log) == *size,
            Expect::Absent { core_hash } => !self.act_places.contains_key(core_hash),
            Expect::DraftVersion { draft, version } => self.drafts.get(draft).map_or(0, |d| d.version) == *version,
            Expect::LocalVersion { kind, key, version } => {
                self.locals.get(&(kind.clone(), key.clone())).map_or(0, |l| l.version) == *version
            }
            Expect::Counter { name, value } => self.counters.get(name).copied().unwrap_or(0) == *value,
        }
    }

    fn log_size(&self, log: &str) -> u64 {
        let whole = (log.to_owned(), 0)..=(log.to_owned(), u64::MAX);
        self.leaves.range(whole).next_back().map_or(0, |((_, index), _)| index + 1)
    }
}

/// Puts back what one change displaced.
type Undo = Box<dyn FnOnce(&mut Tables)>;

/// A batch in progress: what it changed, so that a conflict half-way leaves nothing behind.
struct Work<'t> {
    tables: &'t mut Tables,
    undo: Vec<Undo>,
}

impl Work<'_> {
    /// The one way anything changes: sets or removes a row, remembering what stood there.
    fn set<K, V>(&mut self, pick: fn(&mut Tables) -> &mut BTreeMap<K, V>, key: K, value: Option<V>)
    where
        K: Ord + Clone + 'static,
        V: 'static,
    {
        let old = exchange(pick(self.tables), key.clone(), value);
        self.undo.push(Box::new(move |tables| {
            exchange(pick(tables), key, old);
        }));
    }

    fn roll_back(self) {
        for undo in self.undo.into_iter().rev() {
            undo(self.tables);
        }
    }

    fn write(&mut self, write: &Write) -> Result<(), Conflict> {
        match write {
            Write::PutCase(row) => self.set(|t| &mut t.cases, row.case.clone(), Some(row.clone())),
            Write::PutTreeHash(row) => {
                self.set(|t| &mut t.tree_hashes, (row.log.clone(), row.level, row.index), Some(row.hash));
            }
            Write::PutCheckpoint(row) => {
                self.set(|t| &mut t.checkpoints, (row.log.clone(), row.size), Some(row.clone()));
            }
            Write::AppendLeaf(row) => self.set(|t| &mut t.leaves, (row.log.clone(), row.index), Some(row.clone())),
            Write::PutTimer(row) => {
                self.set(|t| &mut t.timers, (row.case.to_string(), row.kind.clone()), Some(row.clone()));
            }
            Write::RemoveTimer { case, kind } => self.set(|t| &mut t.timers, (case.to_string(), kind.clone()), None),
            Write::PutDraft(row) => self.set(|t| &mut t.drafts, row.draft.clone(), Some(row.clone())),
            Write::RemoveDraft { draft } => self.set(|t| &mut t.drafts, draft.clone(), None),
            Write::PutLocal(row) => {
                self.set(|t| &mut t.locals, (row.kind.clone(), row.key.clone()), Some(row.clone()));
            }
            Write::RemoveLocal { kind, key } => self.set(|t| &mut t.locals, (kind.clone(), key.clone()), None),
            Write::SetCounter { name, value } => self.set(|t| &mut t.counters, name.clone(), Some(*value)),
            Write::PutBlob(row) => self.set(|t| &mut t.blobs, row.root, Some(row.clone())),
            Write::RemoveBlob { root } => self.set(|t| &mut t.blobs, *root, None),
            Write::ReplaceTerms { case, terms } => {
                self.set(|t| &mut t.terms, case.clone(), Some(terms.iter().cloned().collect()));
            }
            Write::PutParked(row) => {
                let place = (row.peer.to_string(), row.case.to_string(), row.seq);
                self.set(|t| &mut t.parked, place, Some(row.clone()));
            }
            Write::RemoveParked { peer, case, seq } => {
                self.set(|t| &mut t.parked, (peer.to_string(), case.to_string(), *seq), None);
            }
            Write::PutAct(_) | Write::SetReceived { .. } => return self.write_act(write),
            Write::PutBody { .. }
            | Write::SetPurgeAt { .. }
            | Write::PurgeBody { .. }
            | Write::PutEnvelope { .. }
            | Write::RemoveEnvelope { .. }
            | Write::PutReceipt(_) => return self.write_paper(write),
            Write::PutParcel(_) | Write::UpdateParcel { .. } => return self.write_parcel(write),
            Write::AddEvent(_)
            | Write::AcknowledgeEvent { .. }
            | Write::ForgetEvents { .. }
            | Write::PutIdempotency(_)
            | Write::ForgetIdempotency { .. } => return self.write_record(write),
        }
        Ok(())
    }

    fn write_act(&mut self, write: &Write) -> Result<(), Conflict> {
        match write {
            Write::PutAct(row) => {
                let place = (row.case.to_string(), row.party.to_string(), row.seq);
                if self.tables.acts.contains_key(&place) || self.tables.act_places.contains_key(&row.core_hash) {
                    return Err(Conflict::Exists { table: "act" });
                }
                self.set(|t| &mut t.act_places, row.core_hash, Some(place.clone()));
                self.set(|t| &mut t.acts, place, Some(row.clone()));
            }
            Write::SetReceived { case, party, seq, received_at } => {
                let place = (case.to_string(), party.to_string(), *seq);
                let row = found(self.tables.acts.get(&place), "act")?;
                self.set(|t| &mut t.acts, place, Some(ActRow { received_at: Some(*received_at), ..row }));
            }
            _ => {}
        }
        Ok(())
    }

    /// Bodies, envelopes and receipts: the first of a key stays.
    fn write_paper(&mut self, write: &Write) -> Result<(), Conflict> {
        match write {
            Write::PutBody { hash, bytes, purge_at } if !self.tables.bodies.contains_key(hash) => {
                let row = BodyRow { hash: *hash, bytes: Some(bytes.clone()), purge_at: *purge_at };
                self.set(|t| &mut t.bodies, *hash, Some(row));
            }
            Write::SetPurgeAt { hash, purge_at } => {
                let row = found(self.tables.bodies.get(hash), "body")?;
                self.set(|t| &mut t.bodies, *hash, Some(BodyRow { purge_at: *purge_at, ..row }));
            }
            Write::PurgeBody { hash } => {
                let row = found(self.tables.bodies.get(hash), "body")?;
                self.set(|t| &mut t.bodies, *hash, Some(BodyRow { bytes: None, ..row }));
            }
            Write::PutEnvelope { core_hash, bytes } if !self.tables.envelopes.contains_key(core_hash) => {
                self.set(|t| &mut t.envelopes, *core_hash, Some(bytes.clone()));
            }
            Write::RemoveEnvelope { core_hash } => self.set(|t| &mut t.envelopes, *core_hash, None),
            Write::PutReceipt(row) if !self.tables.receipts.contains_key(&(row.core_hash, row.given)) => {
                self.set(|t| &mut t.receipts, (row.core_hash, row.given), Some(row.clone()));
            }
            _ => {}
        }
        Ok(())
    }

    fn write_parcel(&mut self, write: &Write) -> Result<(), Conflict> {
        let row = match write {
            Write::PutParcel(row) if self.tables.parcels.contains_key(&row.core_hash) => {
                return Err(Conflict::Exists { table: "parcel" });
            }
            Write::PutParcel(row) => row.clone(),
            Write::UpdateParcel { core_hash, state, due_at, tries } => {
                let row = found(self.tables.parcels.get(core_hash), "parcel")?;
                ParcelRow { state: *state, due_at: *due_at, tries: *tries, ..row }
            }
            _ => return Ok(()),
        };
        let waits = matches!(row.state, ParcelState::Queued | ParcelState::Held);
        let place = (row.peer.to_string(), row.case.to_string(), row.party_seq, row.core_hash);
        self.set(|t| &mut t.waiting, place, waits.then_some(()));
        self.set(|t| &mut t.parcels, row.core_hash, Some(row));
        Ok(())
    }

    /// The operator's log and the kept answers.
    fn write_record(&mut self, write: &Write) -> Result<(), Conflict> {
        match write {
            Write::AddEvent(event) => {
                let id = self.tables.events.last_key_value().map_or(1, |(last, _)| last + 1);
                let row = EventRow { id, acknowledged: false, event: event.clone() };
                self.set(|t| &mut t.events, id, Some(row));
            }
            Write::AcknowledgeEvent { id } => {
                let row = found(self.tables.events.get(id), "event")?;
                self.set(|t| &mut t.events, *id, Some(EventRow { acknowledged: true, ..row }));
            }
            Write::ForgetEvents { before } => {
                // The newest stays, so that ids never come twice.
                let newest = self.tables.events.last_key_value().map_or(0, |(id, _)| *id);
                let events = self.tables.events.values();
                let old = events.filter(|e| e.acknowledged && e.event.at < *before && e.id < newest);
                for id in old.map(|e| e.id).collect::<Vec<_>>() {
                    self.set(|t| &mut t.events, id, None);
                }
            }
            Write::PutIdempotency(row) => {
                if self.tables.idempotency.contains_key(&row.key) {
                    return Err(Conflict::Exists { table: "idempotency" });
                }
                self.set(|t| &mut t.idempotency, row.key.clone(), Some(row.clone()));
            }
            Write::ForgetIdempotency { before } => {
                let old = self.tables.idempotency.values().filter(|r| r.at < *before);
                for key in old.map(|r| r.key.clone()).collect::<Vec<_>>() {
                    self.set(|t| &mut t.idempotency, key, None);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn exchange<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) -> Option<V> {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    }
}

fn found<V: Clone>(row: Option<&V>, table: &'static str) -> Result<V, Conflict> {
    row.cloned().ok_or(Conflict::Missing { table })
}
