//! The peer's log, kept here too: pulled, checked for consistency, stored durably, and only then cosigned.
//!
//! Owns our copy of each peer's log with us, and the cosignatures given and got (wire reference §3.2). A fork or a
//! rollback raises an alarm and is never cosigned. Must not resolve one: a person does.

use domain::ids::PartyId;
use jiff::Timestamp;
use ledger::Misbehaved;
use ledger::checkpoint::SignedCheckpoint;
use ledger::leaf::{LEAF_BYTES_MAX, Leaf};
use store::{Batch, CheckpointRow, CommitError, Event, EventLevel, Expect, Reader, Store, Write};

mod tally;

pub use tally::Tally;

use crate::Env;
use crate::book::{append, frontier, log_name, mirror_key, mirror_name, note_key};
use crate::burden::tell;
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// Most entries of one page: a quarter of a megabyte.
pub const PAGE_MAX: usize = 1_024;

/// How much longer than our own log with it a peer's may be: each side's has an entry for whatever crossed, so the two are of
/// like length but for what is on its way, at worst half a year of mail to a node that was down. What is beyond is made to fill
/// our disk. 64 MiB.
pub const AHEAD_MAX: u64 = 1 << 18;

/// Where our log with a peer stands and what the peer may pull of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The latest signed checkpoint.
    pub checkpoint: Vec<u8>,
    /// The index of the first entry: the one asked for. Said by whoever answers, so that a page cannot pass for another.
    pub from: u64,
    /// Entries from that index on.
    pub entries: Vec<Vec<u8>>,
}

impl Node {
    /// A page of our log with `peer` from index `from`, with the latest checkpoint; `None` while the log is empty.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn page(&self, reader: &dyn Reader, peer: &PartyId, from: u64) -> Result<Option<Page>, Fault> {
        let log = log_name(peer);
        let Some(latest) = reader.latest_checkpoint(&log)? else { return Ok(None) };
        let leaves = reader.leaves(&log, from, PAGE_MAX)?;
        let entries = leaves.into_iter().filter(|leaf| leaf.index < latest.size).map(|leaf| leaf.bytes).collect();
        Ok(Some(Page { checkpoint: latest.note, from, entries }))
    }

    /// How many entries of the peer's log we hold: where the next pull begins.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn mirrored(&self, reader: &dyn Reader, peer: &PartyId) -> Result<u64, Fault> {
        Ok(reader.log_size(&mirror_name(peer))?)
    }

    /// How many entries of the peer's log it stands by: those under a checkpoint we cosigned. What our copy holds beyond may
    /// be anything.
    pub(crate) fn vouched_for(&self, reader: &dyn Reader, peer: &PartyId) -> Result<u64, Fault> {
        Ok(reader.latest_checkpoint(&mirror_name(peer))?.map_or(0, |row| row.size))
    }

    /// When the peer last showed us its log whole, by our own clock: the time of our cosignature.
    pub(crate) fn shown_at(&self, reader: &dyn Reader, peer: &PartyId) -> Result<Option<Timestamp>, Fault> {
        let Some(row) = reader.latest_checkpoint(&mirror_name(peer))? else { return Ok(None) };
        let Some(note) = row.cosigned else { return Ok(None) };
        let own = mirror_key(self.me(), &self.keys().mirror.verifying_key())?;
        let at_s = SignedCheckpoint::decode(&note).and_then(|signed| signed.cosigned_at(&own));
        let at_s = at_s.map_err(|why| Fault::record("our cosignature", why.code()))?;
        Ok(i64::try_from(at_s).ok().and_then(|at_s| Timestamp::from_second(at_s).ok()))
    }

    /// Stores a page of the peer's log after ours of it; once it reaches the page's checkpoint, checks the root and
    /// answers that checkpoint with our cosignature.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when the page begins elsewhere than our copy ends, or its checkpoint is false, forked or
    /// rolled back: an alarm is raised first.
    pub fn mirror(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        peer: &PartyId,
        page: &Page,
    ) -> Result<Option<Vec<u8>>, Failure> {
        match self.mirrored_page(store, env, peer, page) {
            Err(Failure::Misbehaved(why)) => {
                let event = Event {
                    at: env.now.into(),
                    level: EventLevel::Alarm,
                    code: why.code().to_owned(),
                    case: None,
                    peer: Some(peer.clone()),
                    detail: "peer log".to_owned(),
                };
                let writes = Vec::from_iter(tell(&*store.reader()?, event)?);
                commit(store, &Batch { expect: Vec::new(), writes })?;
                Err(why.into())
            }
            other => other,
        }
    }

    fn mirrored_page(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        peer: &PartyId,
        page: &Page,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let card = self.peer(peer)?;
        let mut signed = SignedCheckpoint::decode(&page.checkpoint)?;
        let key = note_key(peer, self.me(), &card.log_key)?;
        let claim = signed.verify(&key)?.clone();
        let log = mirror_name(peer);
        let reader = store.reader()?;
        let size = reader.log_size(&log)?;
        if claim.size() < size {
            return Err(Misbehaved::RolledBack { seen: size, shown: claim.size() }.into());
        }
        let ahead_of = reader.log_size(&log_name(peer))?;
        if claim.size() > ahead_of.saturating_add(AHEAD_MAX) {
            return Err(Misbehaved::Oversized { what: "log", limit_max: AHEAD_MAX }.into());
        }
        if page.from != size {
            return Err(Misbehaved::Malformed { what: "log page", field: "from" }.into());
        }
        let mut claims = self.claims(&*reader, peer)?;
        let mut edge = frontier(&*reader, &log, size)?;
        let mut batch = Batch::default();
        batch.expect.push(Expect::LogSize { log: log.clone(), size });
        for entry in page.entries.iter().take(PAGE_MAX) {
            if entry.len() > LEAF_BYTES_MAX || edge.size() >= claim.size() {
                return Err(Misbehaved::Malformed { what: "log page", field: "entries" }.into());
            }
            Leaf::decode(entry)?;
            append(&mut batch, &log, &mut edge, entry.clone());
            claims.reached(peer, &edge, &mut batch)?;
        }
        drop(reader);
        if edge.size() < claim.size() {
            if page.entries.is_empty() {
                return Err(Misbehaved::Truncated("log page").into());
            }
            commit(store, &batch)?;
            return Ok(None);
        }
        if edge.root() != *claim.root() {
            return Err(Misbehaved::ForkedLog(claim.size()).into());
        }
        let own = mirror_key(self.me(), &self.keys().mirror.verifying_key())?;
        let time_s = u64::try_from(env.now.as_second()).unwrap_or(0);
        signed.cosign(&own, &self.keys().mirror, time_s).map_err(|why| Fault::Keys(why.to_string()))?;
        let note = signed.encode();
        batch.writes.push(Write::PutCheckpoint(CheckpointRow {
            log,
            size: claim.size(),
            note: page.checkpoint.clone(),
            cosigned: Some(note.clone()),
        }));
        commit(store, &batch)?;
        Ok(Some(note))
    }

    /// Keeps the peer's cosignature on a checkpoint of ours.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when it is not the peer's, or not on a checkpoint we signed.
    pub fn cosigned(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        peer: &PartyId,
        note: &[u8],
    ) -> Result<Timestamp, Failure> {
        let card = self.peer(peer)?;
        let signed = SignedCheckpoint::decode(note)?;
        let own = note_key(self.me(), peer, &self.keys().log.verifying_key())?;
        let claim = signed.verify(&own)?.clone();
        let at_s = signed.cosigned_at(&mirror_key(peer, &card.mirror_key)?)?;
        let log = log_name(peer);
        let reader = store.reader()?;
        let row = reader.checkpoint(&log, claim.size())?;
        let row = row.ok_or(Misbehaved::Malformed { what: "cosignature", field: "size" })?;
        let mut batch = Batch::default();
        if row.cosigned.is_none() {
            self.count_cosigned(&*reader, env.rng, &log, claim.size(), &mut batch)?;
        }
        drop(reader);
        batch.writes.push(Write::PutCheckpoint(CheckpointRow { cosigned: Some(note.to_vec()), ..row }));
        commit(store, &batch)?;
        let at = i64::try_from(at_s).ok().and_then(|at| Timestamp::from_second(at).ok());
        Ok(at.ok_or(Misbehaved::Malformed { what: "cosignature", field: "time" })?)
    }
}

fn commit(store: &mut dyn Store, batch: &Batch) -> Result<(), Failure> {
    match store.commit(batch) {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => Err(Fault::Contended.into()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
    }
}
