//! Our record made again from the peer's copy: our log checked whole, then each entry with what stands behind it.
//!
//! Owns the checks and the order. Nothing is written before the whole log is seen to lead to a checkpoint both Parties
//! signed and to agree with the newest one kept elsewhere. Must not know how the peer is asked.

use std::collections::BTreeMap;

use domain::act::Act;
use domain::case::{self, Entry};
use domain::ids::{Hash32, PartyId};
use domain::menu::Menu;
use ledger::Misbehaved;
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::envelope::{Envelope, Lane};
use ledger::hash::sha256;
use ledger::leaf::{Leaf, LeafKind, leaf_hash};
use ledger::receipt::{self, Verdict};
use store::{
    ActRow, Batch, CheckpointRow, CommitError, Expect, ParcelRow, ParcelState, Reader, ReceiptRow, Store, Write,
};

use crate::Env;
use crate::book::{Line, append, frontier, instant, log_name, mirror_key, note_key};
use crate::dossier::body_label;
use crate::evidence::read_disclosed;
use crate::fault::{Failure, Fault};
use crate::party::Node;
use crate::returned::Returned;

/// Most entries taken back in one go: 256 MiB of them are held until they are checked. A longer log is restored from a
/// backup first.
pub const TAKEN_BACK_MAX: usize = 1 << 20;

/// What is made again, entry by entry.
#[derive(Debug, Default)]
pub struct Restoring {
    /// Receipts we gave, as the peer has them, by hash: the log names them once for a batch.
    given: BTreeMap<[u8; 32], (Vec<u8>, Vec<Hash32>)>,
    /// What the peer no longer has, or has otherwise than the log says.
    missing: Vec<String>,
}

impl Restoring {
    /// What could not be made again, entry by entry: erased at the peer too, or never kept there.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }
}

impl Node {
    /// Whether `leaves` continue our log with `peer` as we have it up to the `checkpoint`, which both signed; and whether
    /// that is the history of `kept`, a checkpoint of ours both signed that was kept elsewhere.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`]: [`Misbehaved::RolledBack`] when the peer offers less than we have or kept,
    /// [`Misbehaved::ForkedLog`] when it offers another history. [`Failure::Fault`].
    pub fn continues(
        &self,
        reader: &dyn Reader,
        peer: &PartyId,
        checkpoint: &[u8],
        leaves: &[Vec<u8>],
        kept: Option<&[u8]>,
    ) -> Result<u64, Failure> {
        let shown = self.both_signed(peer, checkpoint)?;
        let kept = kept.map(|note| self.both_signed(peer, note)).transpose()?;
        let log = log_name(peer);
        let size = reader.log_size(&log)?;
        let least = kept.as_ref().map_or(size, |kept| kept.size().max(size));
        if shown.size() < least {
            return Err(Misbehaved::RolledBack { seen: least, shown: shown.size() }.into());
        }
        if leaves.len() as u64 != shown.size() - size {
            return Err(Misbehaved::Truncated("log page").into());
        }
        let agrees = |size: u64, root: [u8; 32]| match &kept {
            Some(kept) if kept.size() == size && *kept.root() != root => Err(Misbehaved::ForkedLog(size)),
            Some(_) | None => Ok(()),
        };
        if let Some(kept) = kept.as_ref().filter(|kept| kept.size() < size) {
            agrees(kept.size(), frontier(reader, &log, kept.size())?.root())?;
        }
        let mut edge = frontier(reader, &log, size)?;
        agrees(size, edge.root())?;
        for bytes in leaves {
            Leaf::decode(bytes)?;
            let kept: Result<(), std::convert::Infallible> = edge.push(leaf_hash(bytes), &mut |_, _, _| Ok(()));
            match kept {
                Ok(()) => agrees(edge.size(), edge.root())?,
            }
        }
        if edge.root() == *shown.root() { Ok(size) } else { Err(Misbehaved::ForkedLog(shown.size()).into()) }
    }

    /// A checkpoint of our log with `peer` that both signed.
    fn both_signed(&self, peer: &PartyId, note: &[u8]) -> Result<Checkpoint, Failure> {
        let signed = SignedCheckpoint::decode(note)?;
        let claim = signed.verify(&note_key(self.me(), peer, &self.keys().log.verifying_key())?)?.clone();
        signed.cosigned_at(&mirror_key(peer, &self.peer(peer)?.mirror_key)?)?;
        Ok(claim)
    }

    /// The message an entry cannot be made again without.
    #[must_use]
    pub fn wants(leaf: &[u8]) -> Option<Hash32> {
        let leaf = Leaf::decode(leaf).ok()?;
        let of_message = match leaf.kind {
            LeafKind::Sent | LeafKind::Received | LeafKind::Rejected => true,
            LeafKind::Receipt => !leaf.outgoing,
            LeafKind::Parked
            | LeafKind::KeySet
            | LeafKind::Instrument
            | LeafKind::PeerCheckpoint
            | LeafKind::Sm3Root
            | LeafKind::Withdrawal
            | LeafKind::Recovery => false,
        };
        of_message.then_some(Hash32(leaf.core_hash))
    }

    /// Takes one entry of our log back, with what the peer returned of its message, in one transaction.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when the peer returned something else than the log says; [`Failure::Fault`].
    pub fn take_back(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        peer: &PartyId,
        bytes: &[u8],
        returned: &Returned,
        restoring: &mut Restoring,
    ) -> Result<(), Failure> {
        let leaf = Leaf::decode(bytes)?;
        let reader = store.reader()?;
        let log = log_name(peer);
        let index = reader.log_size(&log)?;
        let mut batch = Batch::default();
        batch.expect.push(Expect::LogSize { log: log.clone(), size: index });
        append(&mut batch, &log, &mut frontier(&*reader, &log, index)?, bytes.to_vec());
        match (leaf.kind, leaf.outgoing) {
            (LeafKind::Sent | LeafKind::Received, _) => {
                self.act_back(&*reader, env, peer, (index, &leaf), returned, &mut batch, restoring)?;
            }
            (LeafKind::Receipt, false) => {
                self.receipt_back(&*reader, env, peer, &leaf, returned, &mut batch, restoring)?;
            }
            (LeafKind::Receipt, true) => {
                match restoring.given.remove(&leaf.core_hash) {
                    Some((receipt, acts)) => batch.writes.extend(acts.into_iter().map(|core_hash| {
                        Write::PutReceipt(ReceiptRow { core_hash, given: true, bytes: receipt.clone() })
                    })),
                    None => restoring.missing.push(format!("entry {index}: the receipt we gave")),
                }
            }
            (LeafKind::Rejected, _) => self.refusal_back(peer, (index, &leaf), returned, &mut batch, restoring)?,
            (
                LeafKind::Parked
                | LeafKind::KeySet
                | LeafKind::Instrument
                | LeafKind::PeerCheckpoint
                | LeafKind::Sm3Root
                | LeafKind::Withdrawal
                | LeafKind::Recovery,
                _,
            ) => {}
        }
        drop(reader);
        commit(store, &batch)
    }

    /// The end: the checkpoint both signed is kept, and an entry says that the log was recovered to there.
    ///
    /// # Errors
    /// [`Failure::Fault`].
    pub fn taken_back(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        peer: &PartyId,
        checkpoint: &[u8],
    ) -> Result<(), Failure> {
        let size = self.both_signed(peer, checkpoint)?.size();
        let mut batch = Batch::default();
        let (log, note) = (log_name(peer), checkpoint.to_vec());
        let reader = store.reader()?;
        if reader.checkpoint(&log, size)?.is_none_or(|row| row.cosigned.is_none()) {
            self.count_cosigned(&*reader, env.rng, &log, size, &mut batch)?;
        }
        drop(reader);
        batch.writes.push(Write::PutCheckpoint(CheckpointRow { log, size, note: note.clone(), cosigned: Some(note) }));
        let line = Line {
            kind: LeafKind::Recovery,
            outgoing: true,
            core_hash: sha256(&[checkpoint]),
            bytes: checkpoint,
            peer_index: None,
            reference: format!("recovered to {size}"),
        };
        self.enter(&*store.reader()?, &mut batch, peer, env.now, &[line])?;
        commit(store, &batch)
    }

    #[expect(clippy::too_many_arguments, reason = "one entry with all that stands behind it")]
    fn act_back(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        peer: &PartyId,
        (index, leaf): (u64, &Leaf),
        returned: &Returned,
        batch: &mut Batch,
        restoring: &mut Restoring,
    ) -> Result<(), Failure> {
        let core_hash = Hash32(leaf.core_hash);
        let Some(bytes) = &returned.envelope else {
            restoring.missing.push(format!("entry {index}: {} is erased at the other side too", leaf.reference));
            return Ok(());
        };
        let envelope = self.same(leaf, bytes, if leaf.outgoing { self.me() } else { peer })?;
        let opened = self.disclosed(bytes)?;
        let card = if leaf.outgoing { self.card("", Hash32::default())? } else { self.peer(peer)?.clone() };
        let read = read_disclosed(&card, &envelope.commit(), envelope.header(), &opened);
        let (act, content) = read.map_err(|_| wrong("content"))?;
        let received_at = if leaf.outgoing { None } else { instant(leaf.logged_at_us) };
        if !leaf.outgoing
            && let Some(got) = &returned.got
        {
            restoring.given.entry(sha256(&[got])).or_insert_with(|| (got.clone(), Vec::new())).1.push(core_hash);
        }
        let body_hash = Hash32(sha256(&[&content]));
        batch.expect.push(Expect::Absent { core_hash });
        batch.writes.push(Write::PutAct(ActRow {
            case: act.case.clone(),
            party: act.by.clone(),
            seq: act.seq,
            core_hash,
            kind: act.deed.kind().code().to_owned(),
            at: act.at.into(),
            received_at: received_at.map(Into::into),
            logged_index: index,
            body_hash,
        }));
        let sealed = self.wrap(env.rng, &body_label(&body_hash), &content)?;
        batch.writes.push(Write::PutBody { hash: body_hash, bytes: sealed, purge_at: None });
        batch.writes.push(Write::PutEnvelope { core_hash, bytes: bytes.clone() });
        if leaf.outgoing {
            batch.writes.push(Write::PutParcel(parcel(&envelope, &act, core_hash, peer, env)));
        }
        self.case_back(reader, env, &act, batch, |entries| {
            entries.push(Entry { act: act.clone(), received_at });
        })
    }

    /// The receipt we got for an act of ours: from it runs the time the act was received.
    #[expect(clippy::too_many_arguments, reason = "one entry with all that stands behind it")]
    fn receipt_back(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        peer: &PartyId,
        leaf: &Leaf,
        returned: &Returned,
        batch: &mut Batch,
        restoring: &mut Restoring,
    ) -> Result<(), Failure> {
        let core_hash = Hash32(leaf.core_hash);
        let (Some(bytes), Some(row)) = (&returned.given, reader.act_by_hash(&core_hash)?) else {
            restoring.missing.push(format!("the receipt for {}", leaf.reference));
            return Ok(());
        };
        if sha256(&[bytes]) != leaf.env_sha256 {
            restoring.missing.push(format!("the receipt for {}: the other side has another", leaf.reference));
        }
        let receipt = receipt::open(bytes, &[self.peer(peer)?.envelope_key])?;
        let line =
            receipt.entries.iter().find(|line| line.core_hash == core_hash.0 && line.verdict == Verdict::Accepted);
        let line = line.filter(|line| leaf.peer_index == Some(line.log_index)).ok_or(wrong("receipt"))?;
        let received_at = instant(line.received_at_us).ok_or(wrong("receipt"))?;
        let (case, party, seq) = (row.case.clone(), row.party.clone(), row.seq);
        batch.writes.push(Write::SetReceived { case, party, seq, received_at: received_at.into() });
        batch.writes.push(Write::PutReceipt(ReceiptRow { core_hash, given: false, bytes: bytes.clone() }));
        if let Some(parcel) = reader.parcel(&core_hash)? {
            let (state, due_at, tries) = (ParcelState::Delivered, parcel.due_at, parcel.tries);
            batch.writes.push(Write::UpdateParcel { core_hash, state, due_at, tries });
        }
        let dossier = self.load(reader, &row.case)?.ok_or_else(|| Fault::record(row.case.as_str(), "missing"))?;
        let act = dossier.entries.iter().find(|entry| entry.act.by == row.party && entry.act.seq == row.seq);
        let act = act.ok_or_else(|| Fault::record(row.case.as_str(), "missing"))?.act.clone();
        self.case_back(reader, env, &act, batch, |entries| {
            let of_act = |held: &&mut Entry| held.act.by == act.by && held.act.seq == act.seq;
            entries.iter_mut().filter(of_act).for_each(|held| held.received_at = Some(received_at));
        })
    }

    /// What we refused of the peer's, with the code we said.
    fn refusal_back(
        &self,
        peer: &PartyId,
        (index, leaf): (u64, &Leaf),
        returned: &Returned,
        batch: &mut Batch,
        restoring: &mut Restoring,
    ) -> Result<(), Failure> {
        let core_hash = Hash32(leaf.core_hash);
        let Some(bytes) = &returned.envelope else {
            restoring.missing.push(format!("entry {index}: what we refused is not kept at the other side"));
            return Ok(());
        };
        self.same(leaf, bytes, peer)?;
        let said =
            returned.got.as_ref().and_then(|got| receipt::open(got, &[self.keys().envelope.verifying_key()]).ok());
        let code = said.and_then(|receipt| {
            receipt.entries.into_iter().find_map(|line| match line.verdict {
                Verdict::Refused { code } if line.core_hash == core_hash.0 => Some(code),
                Verdict::Refused { .. } | Verdict::Accepted | Verdict::Parked => None,
            })
        });
        batch.writes.push(Write::PutEnvelope { core_hash, bytes: bytes.clone() });
        let code = code.unwrap_or_else(|| "refused-before".to_owned());
        batch.writes.push(Write::PutReceipt(ReceiptRow { core_hash, given: true, bytes: code.into_bytes() }));
        Ok(())
    }

    /// An envelope that is the one an entry records, signed by its Party's node.
    fn same(&self, leaf: &Leaf, bytes: &[u8], author: &PartyId) -> Result<Envelope, Failure> {
        if sha256(&[bytes]) != leaf.env_sha256 {
            return Err(wrong("envelope").into());
        }
        let envelope = Envelope::decode(bytes)?;
        let ours = author == self.me();
        let key = if ours { self.keys().envelope.verifying_key() } else { self.peer(author)?.envelope_key };
        envelope.verify(&[key])?;
        if envelope.core_hash() == leaf.core_hash { Ok(envelope) } else { Err(wrong("envelope").into()) }
    }

    /// The case's row, timers and terms, made of its acts with a change.
    fn case_back(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        act: &Act,
        batch: &mut Batch,
        change: impl FnOnce(&mut Vec<Entry>),
    ) -> Result<(), Failure> {
        let dossier = self.load(reader, &act.case)?;
        let version = dossier.as_ref().map_or(0, |dossier| dossier.version);
        let (before, mut entries) = dossier.map(|held| (Some(held.case), held.entries)).unwrap_or_default();
        change(&mut entries);
        let folded = case::fold(self.instruments(), &entries);
        let folded = folded.ok_or_else(|| Fault::record(act.case.as_str(), "its acts do not make a case"))?;
        if !self.note_amendment(&folded).is_empty() && self.instruments().taken().all(|taken| taken.case != folded.id) {
            let what = format!("case `{}` amends the instrument, and the new text travels as a file", folded.id);
            return Err(
                Fault::Setup(format!("{what}: restore from a backup first, then take the rest from the peer")).into()
            );
        }
        batch.expect.push(Expect::CaseVersion { case: act.case.clone(), version });
        let undelivered = self.undelivered_in(&entries);
        batch.writes.extend(self.project(env.rng, &folded, before.as_ref(), version + 1, undelivered)?);
        Ok(())
    }
}

/// Our act, to be sent again unless a receipt for it follows: the other side answers what it has had already as before.
fn parcel(envelope: &Envelope, act: &Act, core_hash: Hash32, peer: &PartyId, env: &Env<'_>) -> ParcelRow {
    let header = envelope.header();
    let expires_at = i64::try_from(header.exp_s).ok().and_then(|at| jiff::Timestamp::from_second(at).ok());
    ParcelRow {
        core_hash,
        peer: peer.clone(),
        lane: u64::from(header.lane != Lane::Emergency),
        case: act.case.clone(),
        party_seq: act.seq,
        created_at: act.at.into(),
        due_at: env.now.into(),
        tries: 0,
        expires_at: expires_at.unwrap_or(env.now).into(),
        state: ParcelState::Queued,
    }
}

fn wrong(field: &'static str) -> Misbehaved {
    Misbehaved::Malformed { what: "returned message", field }
}

fn commit(store: &mut dyn Store, batch: &Batch) -> Result<(), Failure> {
    match store.commit(batch) {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => Err(Fault::Contended.into()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
    }
}
