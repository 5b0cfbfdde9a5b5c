//! One Party's house: its node, its store that may fail, its chunks and its clock that may be wrong.
//!
//! Owns restarts and the reading of what is stored. Must not know the other house.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::ids::{CaseId, PartyId};
use jiff::{SignedDuration, Timestamp};
use ledger::audit::Audit;
use store::{CaseFilter, EventRow, Faulty, Memory, MemoryChunks, Reader, Store, Strike};

use super::dice::Dice;
use crate::book::note_key;
use crate::{Env, Fault, Node};

/// One commit in so many is struck, half of the struck ones after it was stored.
const STRIKE_EVERY: usize = 30;

/// Most entries of the operator's log read at once; a run has some dozens.
const EVENTS_MAX: usize = 1_000;

/// One Party's house.
pub(super) struct House {
    pub(super) node: Node,
    /// The node as it is before it reads what was amended.
    founded: Node,
    pub(super) peer: PartyId,
    pub(super) chunks: MemoryChunks,
    /// How far its clock is ahead of true time.
    pub(super) skew: SignedDuration,
    /// The check of its log so far: it only grows.
    pub(super) audit: Audit,
    /// The last entry of the operator's log that was looked at.
    pub(super) event_seen: u64,
    /// How often it crashed and came back.
    pub(super) restarts: u64,
    disk: Memory,
    store: Faulty<Memory>,
    rng: Dice,
    stormy: Arc<AtomicBool>,
    seed: u64,
}

impl House {
    /// A house with an empty store. `seed` feeds its own randomness and the striking of its commits.
    pub(super) fn new(node: Node, peer: PartyId, seed: u64, stormy: bool) -> Result<Self, Fault> {
        let key = note_key(node.me(), &peer, &node.keys().log.verifying_key())?;
        let stormy = Arc::new(AtomicBool::new(stormy));
        let disk = Memory::new();
        Ok(Self {
            store: struck(&disk, &stormy, seed, 0),
            founded: node.clone(),
            node,
            peer,
            chunks: MemoryChunks::new(),
            skew: SignedDuration::ZERO,
            audit: Audit::new(key),
            event_seen: 0,
            restarts: 0,
            disk,
            rng: Dice::new(seed, 1),
            stormy,
            seed,
        })
    }

    /// What its clock says at a true instant.
    pub(super) fn clock(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(self.skew).unwrap_or(now)
    }

    /// Lets the node work on its store at a true instant.
    pub(super) fn work<T>(
        &mut self,
        now: Timestamp,
        job: impl FnOnce(&Node, &mut dyn Store, &mut Env<'_>, &MemoryChunks) -> T,
    ) -> T {
        self.renew(now);
        let mut env = Env { now: self.clock(now), rng: self.rng.rng() };
        let done = job(&self.node, &mut self.store, &mut env, &self.chunks);
        self.renew(now);
        done
    }

    /// Takes up an amendment, as the program does around each job. What cannot be taken up, `check` finds.
    fn renew(&mut self, now: Timestamp) {
        let now = self.clock(now);
        let renewed = self.disk.reader().ok().and_then(|reader| self.node.renewed(&*reader, now).ok().flatten());
        if let Some(next) = renewed {
            self.node = next;
        }
    }

    /// Reads what is stored.
    pub(super) fn reader(&self) -> Result<Box<dyn Reader + Send>, store::Fault> {
        self.disk.reader()
    }

    /// Every case it has.
    pub(super) fn cases(&self) -> Result<Vec<CaseId>, store::Fault> {
        let (mut rows, _) = self.reader()?.cases(&CaseFilter::default())?;
        rows.sort_by(|a, b| a.case.cmp(&b.case));
        Ok(rows.into_iter().map(|row| row.case).collect())
    }

    /// What the operator's log was told since the last look, oldest first.
    pub(super) fn news(&mut self) -> Result<Vec<EventRow>, store::Fault> {
        let mut rows = self.reader()?.events(None, EVENTS_MAX)?;
        rows.retain(|row| row.id > self.event_seen);
        rows.reverse();
        self.event_seen = rows.last().map_or(self.event_seen, |row| row.id);
        Ok(rows)
    }

    /// The process died: only what was stored remains.
    pub(super) fn restart(&mut self) {
        self.restarts += 1;
        self.node = self.founded.clone();
        // As the program's folder is opened: every version is known, and none in force before a clock is asked.
        self.renew(Timestamp::MIN);
        self.store = struck(&self.disk, &self.stormy, self.seed, self.restarts);
    }

    /// From now on no commit fails.
    pub(super) fn calm(&mut self) {
        self.stormy.store(false, Ordering::Relaxed);
    }
}

/// A store over the same disk whose commits fail now and then while it is stormy.
fn struck(disk: &Memory, stormy: &Arc<AtomicBool>, seed: u64, life: u64) -> Faulty<Memory> {
    let mut dice = Dice::new(seed, 1_000 + life);
    let stormy = Arc::clone(stormy);
    Faulty::new(disk.clone(), move || {
        if !stormy.load(Ordering::Relaxed) || !dice.once_in(STRIKE_EVERY) {
            Strike::Pass
        } else if dice.once_in(2) {
            Strike::Failed
        } else {
            Strike::FailedButPersisted
        }
    })
}
