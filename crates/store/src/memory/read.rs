//! Reading the store in memory.
//!
//! Owns the answers to [`Reader`] from sorted maps. Must not change anything.

use std::collections::BTreeMap;
use std::ops::Bound;

use domain::ids::{CaseId, Hash32, OfficeId, PartyId};

use super::{Memory, Place, Tables};
use crate::fault::Fault;
use crate::filter::{
    CaseCursor, CaseFilter, LEAVES_MAX, LIST_MAX, Load, PARCELS_MAX, ParcelCount, TERMS_MAX, TYPES_MAX,
};
use crate::moment::Moment;
use crate::reader::Reader;
use crate::rows::{
    ActRow, BlobRow, BlobState, BodyRow, CaseRow, CheckpointRow, DraftRow, EventRow, IdempotencyRow, LeafRow, LocalRow,
    ParcelRow, ParcelState, ParkedRow, ReceiptRow, TimerRow,
};

impl Reader for Memory {
    fn case(&self, case: &CaseId) -> Result<Option<CaseRow>, Fault> {
        Ok(self.lock()?.cases.get(case).cloned())
    }

    fn cases(&self, filter: &CaseFilter) -> Result<(Vec<CaseRow>, Option<CaseCursor>), Fault> {
        let tables = self.lock()?;
        let mut hits: Vec<(i64, &CaseRow)> = tables
            .cases
            .values()
            .filter(|case| tables.passes(case, filter))
            .map(|case| (filter.order.key(case), case))
            .filter(|(key, case)| filter.after.as_ref().is_none_or(|a| (*key, &case.case) > (a.key, &a.case)))
            .collect();
        hits.sort_by_key(|(key, case)| (*key, &case.case));
        let rows = hits.into_iter().take(filter.page_len() + 1).map(|(_, case)| case.clone()).collect();
        Ok(filter.page(rows))
    }

    fn case_count(&self, filter: &CaseFilter) -> Result<u64, Fault> {
        let tables = self.lock()?;
        Ok(tables.cases.values().filter(|case| tables.passes(case, filter)).count() as u64)
    }

    fn acts(&self, case: &CaseId) -> Result<Vec<ActRow>, Fault> {
        let tables = self.lock()?;
        let mut acts: Vec<ActRow> = under(&tables.acts, case.as_str()).cloned().collect();
        acts.sort_by(|a, b| (a.logged_index, &a.party, a.seq).cmp(&(b.logged_index, &b.party, b.seq)));
        Ok(acts)
    }

    fn act_by_hash(&self, core_hash: &Hash32) -> Result<Option<ActRow>, Fault> {
        let tables = self.lock()?;
        Ok(tables.act_places.get(core_hash).and_then(|place| tables.acts.get(place)).cloned())
    }

    fn act(&self, case: &CaseId, party: &PartyId, seq: u64) -> Result<Option<ActRow>, Fault> {
        Ok(self.lock()?.acts.get(&(case.to_string(), party.to_string(), seq)).cloned())
    }

    fn bodies(&self, hashes: &[Hash32]) -> Result<Vec<BodyRow>, Fault> {
        let tables = self.lock()?;
        Ok(hashes.iter().filter_map(|hash| tables.bodies.get(hash).cloned()).collect())
    }

    fn purges_due(&self, now: Moment, limit: usize) -> Result<Vec<Hash32>, Fault> {
        let tables = self.lock()?;
        let kept = tables.bodies.values().filter(|body| body.bytes.is_some());
        let mut due: Vec<_> = kept.filter_map(|b| Some((b.purge_at.filter(|at| *at <= now)?, b.hash))).collect();
        due.sort();
        Ok(due.into_iter().take(limit.min(LIST_MAX)).map(|(_, hash)| hash).collect())
    }

    fn envelope(&self, core_hash: &Hash32) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.lock()?.envelopes.get(core_hash).cloned())
    }

    fn receipt(&self, core_hash: &Hash32, given: bool) -> Result<Option<ReceiptRow>, Fault> {
        Ok(self.lock()?.receipts.get(&(*core_hash, given)).cloned())
    }

    fn log_size(&self, log: &str) -> Result<u64, Fault> {
        Ok(self.lock()?.log_size(log))
    }

    fn leaves(&self, log: &str, from: u64, limit: usize) -> Result<Vec<LeafRow>, Fault> {
        let range = (log.to_owned(), from)..=(log.to_owned(), u64::MAX);
        let tables = self.lock()?;
        Ok(tables.leaves.range(range).take(limit.min(LEAVES_MAX)).map(|(_, leaf)| leaf.clone()).collect())
    }

    fn tree_hash(&self, log: &str, level: u64, index: u64) -> Result<Option<Hash32>, Fault> {
        Ok(self.lock()?.tree_hashes.get(&(log.to_owned(), level, index)).copied())
    }

    fn checkpoint(&self, log: &str, size: u64) -> Result<Option<CheckpointRow>, Fault> {
        Ok(self.lock()?.checkpoints.get(&(log.to_owned(), size)).cloned())
    }

    fn latest_checkpoint(&self, log: &str) -> Result<Option<CheckpointRow>, Fault> {
        let whole = (log.to_owned(), 0)..=(log.to_owned(), u64::MAX);
        Ok(self.lock()?.checkpoints.range(whole).next_back().map(|(_, row)| row.clone()))
    }

    fn latest_cosigned(&self, log: &str) -> Result<Option<CheckpointRow>, Fault> {
        let whole = (log.to_owned(), 0)..=(log.to_owned(), u64::MAX);
        let tables = self.lock()?;
        let mut rows = tables.checkpoints.range(whole).rev().map(|(_, row)| row);
        Ok(rows.find(|row| row.cosigned.is_some()).cloned())
    }

    fn checkpoints(&self, log: &str, above: u64, limit: usize) -> Result<Vec<CheckpointRow>, Fault> {
        let from = Bound::Excluded((log.to_owned(), above));
        let range = (from, Bound::Unbounded);
        let tables = self.lock()?;
        let rows = tables.checkpoints.range(range).take_while(|((name, _), _)| name == log);
        Ok(rows.take(limit.min(LIST_MAX)).map(|(_, row)| row.clone()).collect())
    }

    fn parcel(&self, core_hash: &Hash32) -> Result<Option<ParcelRow>, Fault> {
        Ok(self.lock()?.parcels.get(core_hash).cloned())
    }

    fn parcels_due(&self, peer: &PartyId, now: Moment, limit: usize) -> Result<Vec<ParcelRow>, Fault> {
        let tables = self.lock()?;
        let mut due: Vec<&ParcelRow> = tables.parcel_heads(peer).filter(|p| p.due_at <= now).collect();
        due.sort_by_key(|p| (p.lane, p.due_at, &p.case, p.party_seq, p.core_hash));
        Ok(due.into_iter().take(limit.min(PARCELS_MAX)).cloned().collect())
    }

    fn parcel_next_due(&self, peer: &PartyId) -> Result<Option<Moment>, Fault> {
        Ok(self.lock()?.parcel_heads(peer).map(|p| p.due_at).min())
    }

    fn parcel_counts(&self) -> Result<Vec<ParcelCount>, Fault> {
        let mut counts: BTreeMap<(PartyId, &'static str), ParcelCount> = BTreeMap::new();
        for parcel in self.lock()?.parcels.values() {
            let fresh = || ParcelCount {
                peer: parcel.peer.clone(),
                state: parcel.state,
                count: 0,
                oldest_at: parcel.created_at,
            };
            let count = counts.entry((parcel.peer.clone(), parcel.state.as_str())).or_insert_with(fresh);
            count.count += 1;
            count.oldest_at = count.oldest_at.min(parcel.created_at);
        }
        Ok(counts.into_values().collect())
    }

    fn parked(&self, peer: &PartyId, case: &CaseId) -> Result<Vec<ParkedRow>, Fault> {
        let tables = self.lock()?;
        Ok(under(&tables.parked, peer.as_str()).filter(|row| row.case == *case).cloned().collect())
    }

    fn parked_load(&self, peer: &PartyId, case: Option<&CaseId>) -> Result<Load, Fault> {
        let tables = self.lock()?;
        let rows = under(&tables.parked, peer.as_str()).filter(|row| case.is_none_or(|c| row.case == *c));
        Ok(rows.fold(Load::default(), |load, row| Load {
            count: load.count + 1,
            bytes: load.bytes + row.bytes.len() as u64,
        }))
    }

    fn timers_due(&self, now: Moment, limit: usize) -> Result<Vec<TimerRow>, Fault> {
        let tables = self.lock()?;
        let mut due: Vec<&TimerRow> = tables.timers.values().filter(|t| t.due_at <= now).collect();
        due.sort_by_key(|t| (t.due_at, &t.case, &t.kind));
        Ok(due.into_iter().take(limit.min(LIST_MAX)).cloned().collect())
    }

    fn timers(&self, case: &CaseId) -> Result<Vec<TimerRow>, Fault> {
        let from = (case.to_string(), String::new());
        let tables = self.lock()?;
        let rows = tables.timers.range(from..).map(|(_, row)| row);
        Ok(rows.take_while(|row| row.case == *case).cloned().collect())
    }

    fn timer_next_due(&self) -> Result<Option<Moment>, Fault> {
        Ok(self.lock()?.timers.values().map(|t| t.due_at).min())
    }

    fn draft(&self, draft: &str) -> Result<Option<DraftRow>, Fault> {
        Ok(self.lock()?.drafts.get(draft).cloned())
    }

    fn drafts(&self, office: Option<&OfficeId>) -> Result<Vec<DraftRow>, Fault> {
        let tables = self.lock()?;
        let ours = tables.drafts.values().filter(|d| office.is_none_or(|o| d.owner_office == *o));
        let mut rows: Vec<DraftRow> = ours.cloned().collect();
        rows.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then_with(|| a.draft.cmp(&b.draft)));
        Ok(rows)
    }

    fn local(&self, kind: &str, key: &str) -> Result<Option<LocalRow>, Fault> {
        Ok(self.lock()?.locals.get(&(kind.to_owned(), key.to_owned())).cloned())
    }

    fn local_list(&self, kind: &str) -> Result<Vec<LocalRow>, Fault> {
        let from = (kind.to_owned(), String::new());
        let tables = self.lock()?;
        Ok(tables.locals.range(from..).map(|(_, row)| row).take_while(|row| row.kind == kind).cloned().collect())
    }

    fn counter(&self, name: &str) -> Result<u64, Fault> {
        Ok(self.lock()?.counters.get(name).copied().unwrap_or(0))
    }

    fn blob(&self, root: &Hash32) -> Result<Option<BlobRow>, Fault> {
        Ok(self.lock()?.blobs.get(root).cloned())
    }

    fn blobs(&self, case: &CaseId) -> Result<Vec<BlobRow>, Fault> {
        let tables = self.lock()?;
        Ok(oldest_first(tables.blobs.values().filter(|b| b.case.as_ref() == Some(case)), usize::MAX))
    }

    fn blobs_in(&self, state: BlobState, after: Option<(Moment, Hash32)>, limit: usize) -> Result<Vec<BlobRow>, Fault> {
        let tables = self.lock()?;
        let later = |blob: &&BlobRow| after.is_none_or(|after| (blob.created_at, blob.root) > after);
        Ok(oldest_first(tables.blobs.values().filter(|b| b.state == state).filter(later), limit.min(LIST_MAX)))
    }

    fn events(&self, before: Option<u64>, limit: usize) -> Result<Vec<EventRow>, Fault> {
        let tables = self.lock()?;
        let rows = tables.events.range(..before.unwrap_or(u64::MAX)).rev();
        Ok(rows.take(limit.min(LIST_MAX)).map(|(_, row)| row.clone()).collect())
    }

    fn events_open(&self, limit: usize) -> Result<Vec<EventRow>, Fault> {
        let tables = self.lock()?;
        let rows = tables.events.values().rev().filter(|row| !row.acknowledged);
        Ok(rows.take(limit.min(LIST_MAX)).cloned().collect())
    }

    fn search(&self, terms: &[String], limit: usize) -> Result<Vec<CaseId>, Fault> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let tables = self.lock()?;
        let hits = tables.terms.keys().filter(|case| tables.has_terms(case, terms));
        Ok(hits.take(limit.min(LIST_MAX)).cloned().collect())
    }

    fn idempotency(&self, key: &str) -> Result<Option<IdempotencyRow>, Fault> {
        Ok(self.lock()?.idempotency.get(key).cloned())
    }
}

impl Tables {
    fn passes(&self, case: &CaseRow, filter: &CaseFilter) -> bool {
        filter.stage.as_ref().is_none_or(|stage| case.stage == *stage)
            && (filter.turn.is_none() || case.turn == filter.turn)
            && filter.turn_of_others.as_ref().is_none_or(|us| case.turn.as_ref().is_some_and(|turn| turn != us))
            && filter.direction.is_none_or(|direction| case.direction == direction)
            && (filter.types.is_empty() || filter.types.iter().take(TYPES_MAX).any(|code| case.type_code == *code))
            && filter.our_office.as_ref().is_none_or(|office| case.our_office == *office)
            && filter.mark.as_ref().is_none_or(|mark| case.mark == *mark)
            && filter.peer.as_ref().is_none_or(|peer| case.peer == *peer)
            && filter.due_from.is_none_or(|from| case.due_at.is_some_and(|due| due >= from))
            && filter.overdue_before.is_none_or(|before| case.due_at.is_some_and(|due| due < before))
            && self.has_terms(&case.case, &filter.terms)
    }

    fn has_terms(&self, case: &CaseId, terms: &[String]) -> bool {
        let has = |term: &String| self.terms.get(case).is_some_and(|own| own.contains(term));
        terms.iter().take(TERMS_MAX).all(has)
    }

    /// The queued parcels to a peer that no earlier one of their case blocks.
    fn parcel_heads<'t>(&'t self, peer: &'t PartyId) -> impl Iterator<Item = &'t ParcelRow> {
        let from = (peer.to_string(), String::new(), 0, Hash32::default());
        let mut head: Option<(&str, u64)> = None;
        self.waiting
            .range(from..)
            .map(|(place, ())| place)
            .take_while(|(to, ..)| to == peer.as_str())
            .filter(move |(_, case, seq, _)| match head {
                Some((of, first)) if of == case => *seq == first,
                _ => {
                    head = Some((case, *seq));
                    true
                }
            })
            .filter_map(|(.., core_hash)| self.parcels.get(core_hash))
            .filter(|parcel| parcel.state == ParcelState::Queued)
    }
}

/// The rows whose place begins with `first`, in order.
fn under<'m, V>(map: &'m BTreeMap<Place, V>, first: &str) -> impl Iterator<Item = &'m V> {
    let from = (first.to_owned(), String::new(), 0);
    let first = first.to_owned();
    map.range(from..).take_while(move |((name, ..), _)| *name == first).map(|(_, row)| row)
}

fn oldest_first<'b>(blobs: impl Iterator<Item = &'b BlobRow>, limit: usize) -> Vec<BlobRow> {
    let mut rows: Vec<BlobRow> = blobs.cloned().collect();
    rows.sort_by_key(|b| (b.created_at, b.root));
    rows.truncate(limit);
    rows
}
