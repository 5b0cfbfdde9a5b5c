//! Outgoing mail: which parcels are due, what their receipts say, and when to try again.
//!
//! Owns the outbox and the reading of receipts. Must not open a connection: the courier carries what this returns.

use domain::admit;
use domain::case::Entry;
use domain::ids::{Hash32, PartyId};
use jiff::{SignedDuration, Timestamp};
use ledger::Misbehaved;
use ledger::blob::AttachmentRef;
use ledger::checkpoint::SignedCheckpoint;
use ledger::envelope::Envelope;
use ledger::leaf::LeafKind;
use ledger::receipt::{self, Receipt, Verdict};
use rand_core::CryptoRng;
use store::{
    ActRow, Batch, CommitError, Event, EventLevel, Expect, ParcelRow, ParcelState, Reader, ReceiptRow, Store, Write,
};

use crate::Env;
use crate::book::{Line, frontier, instant, mirror_name, note_key};
use crate::burden::tell;
use crate::command::TRIES_MAX;
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// First wait after a failed delivery; it doubles with each try.
const BACKOFF_FIRST: SignedDuration = SignedDuration::from_secs(1);

/// Longest wait between tries: after an outage of days, mail flows again within a quarter of an hour.
const BACKOFF_MAX: SignedDuration = SignedDuration::from_mins(15);

/// After how many tries a parcel that the peer parks each time raises an alarm: with the waits between, about two hours.
/// What truly overtook another has its turn within seconds.
const PARKED_TRIES_FIRST: u64 = 24;

/// And each time it was tried so often again: about twice a day.
const PARKED_TRIES_AGAIN: u64 = 96;

/// Most parcels handed out at once (wire reference §5.3).
const PARCELS_MAX: usize = 256;

/// One envelope on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its message id.
    pub core_hash: Hash32,
    /// The envelope as carried.
    pub bytes: Vec<u8>,
    /// What must be there before it: attachments in chunks.
    pub attachments: Vec<AttachmentRef>,
}

impl Node {
    /// The parcels due for a peer: urgent ones first, at most one a case, so that order within a case is kept.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn parcels(&self, reader: &dyn Reader, peer: &PartyId, now: Timestamp) -> Result<Vec<Parcel>, Fault> {
        let due = reader.parcels_due(peer, now.into(), PARCELS_MAX)?;
        due.iter()
            .map(|row| {
                let what = || format!("envelope {}", row.core_hash.short());
                let bytes = reader.envelope(&row.core_hash)?.ok_or_else(|| Fault::record(what(), "missing"))?;
                let envelope = Envelope::decode(&bytes).map_err(|why| Fault::record(what(), why.code()))?;
                let attachments = envelope.header().attachments.clone();
                Ok(Parcel { core_hash: row.core_hash, bytes, attachments })
            })
            .collect()
    }

    /// Takes a peer's receipt: each act it accepts is delivered, each it refuses is an alarm.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when the receipt is false or for something else; nothing is then changed.
    pub fn receipted(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        from: &PartyId,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let receipt = receipt::open(bytes, &[self.peer(from)?.envelope_key])?;
        if receipt.by != from.as_str() || receipt.to != self.me().as_str() {
            return Err(Misbehaved::Malformed { what: "receipt", field: "parties" }.into());
        }
        if receipt.entries.iter().any(|entry| entry.verdict == Verdict::Accepted) {
            let vouched = self.vouched(&*store.reader()?, from, &receipt);
            if let Err(Failure::Misbehaved(why)) = &vouched {
                self.lied(store, env, from, why)?;
            }
            if let Some(claim) = vouched? {
                store.commit(&claim).map_err(not_kept)?;
            }
        }
        // Earlier acts first: what an act's state is compared with includes when those before it were received.
        let mut entries: Vec<(u64, &receipt::Entry)> = Vec::new();
        let reader = store.reader()?;
        for entry in &receipt.entries {
            let act = reader.act_by_hash(&Hash32(entry.core_hash))?;
            entries.push((act.map_or(0, |act| act.seq), entry));
        }
        drop(reader);
        entries.sort_by_key(|(seq, _)| *seq);
        for (_, entry) in entries {
            self.settle(store, env, from, bytes, &receipt, entry)?;
        }
        Ok(())
    }

    /// Whether the log the receipt speaks of has the places it names: its checkpoint is signed with the log's key, covers
    /// them, and is of the same history as our copy as far as that reaches. Answers what is to be kept of it until our copy
    /// reaches so far.
    fn vouched(&self, reader: &dyn Reader, from: &PartyId, receipt: &Receipt) -> Result<Option<Batch>, Failure> {
        let signed = SignedCheckpoint::decode(&receipt.checkpoint)?;
        let claim = signed.verify(&note_key(from, self.me(), &self.peer(from)?.log_key)?)?;
        let accepted = receipt.entries.iter().filter(|entry| entry.verdict == Verdict::Accepted);
        if accepted.map(|entry| entry.log_index).max().is_some_and(|last| last >= claim.size()) {
            return Err(Misbehaved::Malformed { what: "receipt", field: "log_index" }.into());
        }
        let log = mirror_name(from);
        if reader.log_size(&log)? >= claim.size() && frontier(reader, &log, claim.size())?.root() != *claim.root() {
            return Err(Misbehaved::ForkedLog(claim.size()).into());
        }
        Ok(self.claimed(reader, from, claim, &receipt.checkpoint)?)
    }

    fn lied(&self, store: &mut dyn Store, env: &Env<'_>, from: &PartyId, why: &Misbehaved) -> Result<(), Fault> {
        let event = Event {
            at: env.now.into(),
            level: EventLevel::Alarm,
            code: why.code().to_owned(),
            case: None,
            peer: Some(from.clone()),
            detail: "receipt".to_owned(),
        };
        let writes = Vec::from_iter(tell(&*store.reader()?, event)?);
        match store.commit(&Batch { expect: Vec::new(), writes }) {
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Fault(fault)) => Err(fault.into()),
        }
    }

    /// Puts parcels back for later: twice as long each time, with jitter, or as long as the peer asks.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn undelivered(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        parcels: &[Hash32],
        retry_after: Option<SignedDuration>,
    ) -> Result<(), Fault> {
        let reader = store.reader()?;
        let mut batch = Batch::default();
        for core_hash in parcels {
            let Some(row) = reader.parcel(core_hash)? else { continue };
            if row.state != ParcelState::Queued {
                continue;
            }
            let wait = retry_after.map_or_else(|| backoff(row.tries, env.rng), |asked| asked.min(BACKOFF_MAX));
            batch.writes.push(later(&row, env.now, wait));
            if row.expires_at < env.now.into() {
                batch.writes.push(set_state(&row, ParcelState::Expired));
                batch.writes.push(alarm(&row, env.now, "parcel-expired", String::new()));
            }
        }
        drop(reader);
        if batch.writes.is_empty() {
            return Ok(());
        }
        match store.commit(&batch) {
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Fault(fault)) => Err(fault.into()),
        }
    }

    /// Settles one line of a receipt.
    fn settle(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        from: &PartyId,
        bytes: &[u8],
        receipt: &Receipt,
        entry: &receipt::Entry,
    ) -> Result<(), Failure> {
        for _ in 0..TRIES_MAX {
            let reader = store.reader()?;
            let core_hash = Hash32(entry.core_hash);
            let act = reader.act_by_hash(&core_hash)?.filter(|act| act.party == *self.me());
            let act = act.ok_or(Misbehaved::Malformed { what: "receipt", field: "core_hash" })?;
            let parcel = reader.parcel(&core_hash)?.filter(|parcel| parcel.peer == *from);
            let parcel = parcel.ok_or(Misbehaved::Malformed { what: "receipt", field: "core_hash" })?;
            let batch = match &entry.verdict {
                Verdict::Parked if parcel.state == ParcelState::Queued => {
                    Batch { expect: Vec::new(), writes: put_back(&parcel, env) }
                }
                Verdict::Refused { code } if parcel.state == ParcelState::Queued => Batch {
                    expect: Vec::new(),
                    writes: vec![
                        set_state(&parcel, ParcelState::Refused),
                        alarm(&parcel, env.now, "act-refused-by-peer", code.clone()),
                        put_receipt(core_hash, bytes),
                    ],
                },
                Verdict::Accepted if act.received_at.is_none() => {
                    self.delivered(&*reader, env, bytes, receipt, entry, &act, &parcel)?
                }
                Verdict::Accepted | Verdict::Parked | Verdict::Refused { .. } => return Ok(()),
            };
            drop(reader);
            match store.commit(&batch) {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Fault(fault)) => return Err(fault.into()),
            }
        }
        Err(Fault::Contended.into())
    }

    /// An act was accepted: its time of receipt enters the case, its receipt the log.
    #[expect(clippy::too_many_arguments, reason = "one line of one receipt, with the two rows it settles")]
    fn delivered(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        bytes: &[u8],
        receipt: &Receipt,
        entry: &receipt::Entry,
        act: &ActRow,
        parcel: &ParcelRow,
    ) -> Result<Batch, Failure> {
        let wrong = |field| Misbehaved::Malformed { what: "receipt", field };
        let received_at = instant(entry.received_at_us).ok_or_else(|| wrong("received_at"))?;
        let early = received_at.saturating_add(admit::SKEW).is_ok_and(|latest| latest < act.at.into());
        let late = received_at > env.now.saturating_add(admit::SKEW).unwrap_or(env.now);
        if early || late {
            return Err(wrong("received_at").into());
        }
        let dossier = self.load_amended(reader, &act.case, |entries| {
            let of_act = |held: &&mut Entry| held.act.by == act.party && held.act.seq == act.seq;
            entries.iter_mut().filter(of_act).for_each(|held| held.received_at = Some(received_at));
        })?;
        let dossier = dossier.ok_or_else(|| Fault::record(act.case.as_str(), "missing"))?;
        let mut batch = Batch::default();
        batch.expect.push(Expect::CaseVersion { case: act.case.clone(), version: dossier.version });
        let line = Line {
            kind: LeafKind::Receipt,
            outgoing: false,
            core_hash: entry.core_hash,
            bytes,
            peer_index: Some(entry.log_index),
            reference: format!("{}#{}", act.case, act.seq),
        };
        let peer = &parcel.peer;
        self.enter(reader, &mut batch, peer, env.now, &[line])?;
        batch.writes.push(Write::SetReceived {
            case: act.case.clone(),
            party: act.party.clone(),
            seq: act.seq,
            received_at: received_at.into(),
        });
        batch.writes.push(put_receipt(Hash32(entry.core_hash), bytes));
        batch.writes.push(set_state(parcel, ParcelState::Delivered));
        let seen = admit::seen_by_author(self.instruments(), &dossier.entries, &act.party, act.seq);
        if seen.is_none_or(|seen| seen.fingerprint().0 != entry.state_hash) {
            batch.writes.push(alarm(parcel, env.now, "state-differs", receipt.by.clone()));
        }
        let undelivered = self.undelivered_in(&dossier.entries);
        batch.writes.extend(self.project(
            env.rng,
            &dossier.case,
            Some(&dossier.case),
            dossier.version + 1,
            undelivered,
        )?);
        Ok(batch)
    }
}

/// The wait before the next try: full jitter over 1 s · 2^n, at most a quarter of an hour, for as long as it takes.
fn backoff(tries: u64, rng: &mut dyn CryptoRng) -> SignedDuration {
    let doublings = u32::try_from(tries).unwrap_or(u32::MAX).min(10);
    let ceiling = BACKOFF_FIRST.saturating_mul(1 << doublings).min(BACKOFF_MAX);
    let span_ms = u64::try_from(ceiling.as_millis()).unwrap_or(1).max(1);
    SignedDuration::from_millis(i64::try_from(rng.next_u64() % span_ms).unwrap_or(0) + 1)
}

/// What a parcel the peer says it parked becomes: tried again, for as long as it lives. No clock runs against a Party
/// that has not received; so one that parks without end is told of, again and again.
fn put_back(parcel: &ParcelRow, env: &mut Env<'_>) -> Vec<Write> {
    if parcel.expires_at < env.now.into() {
        let expired = alarm(parcel, env.now, "parcel-expired", String::new());
        return vec![set_state(parcel, ParcelState::Expired), expired];
    }
    let mut writes = vec![later(parcel, env.now, backoff(parcel.tries, env.rng))];
    let tries = parcel.tries.saturating_add(1);
    if tries == PARKED_TRIES_FIRST || tries.is_multiple_of(PARKED_TRIES_AGAIN) {
        writes.push(alarm(parcel, env.now, "parked-by-peer", format!("{tries}")));
    }
    writes
}

/// Somebody was first, or the store failed: the receipt is asked for again.
fn not_kept(why: CommitError) -> Failure {
    match why {
        CommitError::Conflict(_) => Fault::Contended.into(),
        CommitError::Fault(fault) => fault.into(),
    }
}

fn later(row: &ParcelRow, now: Timestamp, wait: SignedDuration) -> Write {
    Write::UpdateParcel {
        core_hash: row.core_hash,
        state: row.state,
        due_at: now.saturating_add(wait).unwrap_or(now).into(),
        tries: row.tries.saturating_add(1),
    }
}

fn set_state(row: &ParcelRow, state: ParcelState) -> Write {
    Write::UpdateParcel { core_hash: row.core_hash, state, due_at: row.due_at, tries: row.tries }
}

fn put_receipt(core_hash: Hash32, bytes: &[u8]) -> Write {
    Write::PutReceipt(ReceiptRow { core_hash, given: false, bytes: bytes.to_vec() })
}

fn alarm(row: &ParcelRow, now: Timestamp, code: &str, detail: String) -> Write {
    Write::AddEvent(Event {
        at: now.into(),
        level: EventLevel::Alarm,
        code: code.to_owned(),
        case: Some(row.case.clone()),
        peer: Some(row.peer.clone()),
        detail,
    })
}
