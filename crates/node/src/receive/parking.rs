//! Mail that came before its turn: kept until what it follows is here, and told of when it waits too long.
//!
//! Owns the place, its bounds, and the note since when an act waits for its sender's log. Must not judge what is parked:
//! taken up, it goes through every check again.

use domain::ids::{CaseId, PartyId};
use jiff::{SignedDuration, Timestamp};
use ledger::envelope::Envelope;
use store::{Batch, Chunks, CommitError, EventLevel, LocalRow, ParkedRow, Reader, Store, Write};

use super::{Outcome, act_seq, event};
use crate::Env;
use crate::burden::tell;
use crate::fault::Fault;
use crate::party::Node;

/// How long an act may wait for our copy of its sender's log before a person is told, if it is brought as often as
/// [`UNPROVEN_TRIES_MAX`] meanwhile: we ask for the log each time mail comes, and an outage of days is nobody's trick.
const UNPROVEN_MAX: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Deliveries of one act, each with a look for its sender's log, after which the log is being withheld and not missed.
const UNPROVEN_TRIES_MAX: u32 = 24;

/// How old what a peer shows of its log may be when we cosign it: a call is given up after two minutes, and cosignatures
/// count whole seconds.
const SHOWN_LATE_MAX: SignedDuration = SignedDuration::from_mins(3);

/// Most parked envelopes of one case: a sender that far ahead of itself is not reordering but flooding.
const PARKED_MAX: u64 = 1_024;

/// Most parked bytes of one peer.
const PARKED_BYTES_MAX: u64 = 64 * 1024 * 1024;

impl Node {
    /// Keeps an envelope that came before its turn; answers whether there was room.
    pub(super) fn park(
        &self,
        reader: &dyn Reader,
        env: &Env<'_>,
        from: &PartyId,
        bytes: &[u8],
    ) -> Result<(Batch, bool), Fault> {
        let mut batch = Batch::default();
        let Ok(envelope) = Envelope::decode(bytes) else { return Ok((batch, false)) };
        let Ok(case) = CaseId::new(&envelope.header().thread) else { return Ok((batch, false)) };
        let of_case = reader.parked_load(from, Some(&case))?;
        let of_peer = reader.parked_load(from, None)?;
        if of_case.count >= PARKED_MAX || of_peer.bytes.saturating_add(bytes.len() as u64) > PARKED_BYTES_MAX {
            let full = event(env.now, from, Some(case), EventLevel::Warning, "parking-full");
            batch.writes.extend(tell(reader, full)?);
            return Ok((batch, false));
        }
        batch.writes.push(Write::PutParked(ParkedRow {
            peer: from.clone(),
            case,
            seq: act_seq(envelope.header()),
            bytes: bytes.to_vec(),
            arrived_at: env.now.into(),
        }));
        Ok((batch, true))
    }

    /// Notes since when an act waits for our copy of the peer's log, which is not when it came: it may have waited for
    /// another before. Raises an alarm when the peer has shown that log since and it still lacks what its own receipt
    /// named, or when it shows nothing for too long.
    pub(super) fn waits_long(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        from: &PartyId,
        bytes: &[u8],
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let Ok(envelope) = Envelope::decode(bytes) else { return Ok(()) };
        let Ok(case) = CaseId::new(&envelope.header().thread) else { return Ok(()) };
        let (kind, key) = unproven_of(from, &case, act_seq(envelope.header()));
        let before = reader.local(&kind, &key)?;
        let version = before.as_ref().map_or(0, |row| row.version) + 1;
        let noted = before.and_then(|row| Unproven::read(&row.bytes)).filter(|noted| noted.of == envelope.core_hash());
        let fresh = Unproven { since: now, tries: 0, of: envelope.core_hash() };
        let Unproven { since, tries, of } = noted.unwrap_or(fresh);
        let noted = Unproven { since, tries: tries.saturating_add(1), of };
        batch.writes.push(Write::PutLocal(LocalRow { kind, key, version, bytes: noted.bytes() }));
        let shown_late = since.saturating_add(SHOWN_LATE_MAX).unwrap_or(since);
        let shown = self.shown_at(reader, from)?.is_some_and(|at| at > shown_late);
        let withheld = tries >= UNPROVEN_TRIES_MAX && now.duration_since(since) > UNPROVEN_MAX;
        if shown || withheld {
            let alarm = event(now, from, Some(case), EventLevel::Alarm, "crossing-unproven");
            batch.writes.extend(tell(reader, alarm)?);
        }
        Ok(())
    }

    /// Takes up what waited for the act just entered, and what waited for that.
    pub(super) fn unpark(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        next: Option<(CaseId, u64)>,
    ) -> Result<(), Fault> {
        let Some((case, mut seq)) = next else { return Ok(()) };
        // Read once: read again after each, a full parking place would be read a thousand times.
        let mut parked = store.reader()?.parked(from, &case)?;
        parked.sort_by_key(|row| row.seq);
        for row in parked {
            if row.seq > seq {
                break;
            }
            let outcome = if row.seq == seq { Some(self.take(store, env, chunks, from, &row.bytes)?) } else { None };
            if let Some(Outcome::Waits) = outcome {
                break;
            }
            let gone = Write::RemoveParked { peer: row.peer, case: row.case, seq: row.seq };
            let batch = Batch { expect: Vec::new(), writes: vec![gone] };
            if let Err(CommitError::Fault(fault)) = store.commit(&batch) {
                return Err(fault.into());
            }
            if let Some(Outcome::Stands(_)) = outcome {
                seq += 1;
            }
        }
        Ok(())
    }
}

/// What is noted of an act that waits for our copy of its sender's log.
struct Unproven {
    since: Timestamp,
    tries: u32,
    of: [u8; 32],
}

impl Unproven {
    fn bytes(&self) -> Vec<u8> {
        [self.since.as_second().to_be_bytes().as_slice(), &self.tries.to_be_bytes(), &self.of].concat()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (second, rest) = bytes.split_first_chunk::<8>()?;
        let (tries, of) = rest.split_first_chunk::<4>()?;
        Some(Self {
            since: Timestamp::from_second(i64::from_be_bytes(*second)).ok()?,
            tries: u32::from_be_bytes(*tries),
            of: of.try_into().ok()?,
        })
    }
}

/// Where it is noted since when an act waits for our copy of its sender's log.
pub(super) fn unproven_of(from: &PartyId, case: &CaseId, seq: u64) -> (String, String) {
    (format!("unproven/{from}/{case}"), seq.to_string())
}
