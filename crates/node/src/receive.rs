//! Incoming mail: each envelope checked, judged again, entered in our log and receipted.
//!
//! Owns the order of the checks (wire reference §5.2) and what each failure leaves behind: a named refusal, an entry in
//! the operator's log, and otherwise nothing changed. Must not trust anything it has not verified.

use std::collections::BTreeMap;

use domain::act::Act;
use domain::admit;
use domain::case::{self, Entry};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId};
use domain::menu::Menu;
use domain::refusal::Refusal;
use jiff::Timestamp;
use ledger::envelope::{Envelope, Header};
use ledger::hash::sha256;
use ledger::leaf::LeafKind;
use ledger::receipt::{self, Verdict};
use store::{ActRow, Batch, Chunks, CommitError, Event, EventLevel, Expect, Reader, ReceiptRow, Store, Write};

use crate::Env;
use crate::book::{Line, instant, micros};
use crate::burden::{CASE_BYTES_TAKEN_MAX, refused_enough, tell};
use crate::command::{PARCEL_LIFE, TRIES_MAX};
use crate::dossier::{Dossier, body_label};
use crate::fault::{Failure, Fault};
use crate::party::Node;
use crate::settled::Sure;

mod answer;
mod checks;
mod parking;

use answer::line_of;
use checks::in_time;
use parking::unproven_of;

/// Most envelopes of one batch (wire reference §5.3).
pub const ENVELOPES_MAX: usize = 256;

/// Most envelopes taken in while everybody else waits for the store.
pub const ENVELOPES_A_JOB_MAX: usize = 16;

/// What became of one envelope.
enum Outcome {
    /// It stands at this place in our log.
    Stands(Box<Standing>),
    /// It waits for what comes before it.
    Waits,
    /// It does not stand; the code says why.
    Falls(String),
}

/// An act that stands.
struct Standing {
    log_index: u64,
    received_at: Timestamp,
    state_hash: [u8; 32],
    /// The act that may come next, when this one is new here.
    follows: Option<(CaseId, u64)>,
}

/// Why an envelope goes no further, and what the peer is told.
enum Stop {
    Wait,
    /// It waits until our copy of the peer's log can say whether it crossed ours.
    Unproven,
    Fall {
        code: String,
        proven: bool,
    },
    Fault(Fault),
}

impl Node {
    /// Takes a batch of envelopes from a peer whose TLS certificate named it, and answers the signed receipt.
    ///
    /// # Errors
    /// [`Fault`] when our own store or keys fail: then there is no receipt, and the peer tries again.
    pub fn receive(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        envelopes: &[Vec<u8>],
    ) -> Result<Vec<u8>, Fault> {
        let envelopes = envelopes.get(..ENVELOPES_MAX).unwrap_or(envelopes);
        let entries = self.take_in(store, env, chunks, from, envelopes)?;
        self.answer(store, env, chunks, from, envelopes, entries)
    }

    /// Takes in some of a batch, at most [`ENVELOPES_A_JOB_MAX`] at a time where others wait for the store; answers a line
    /// for each.
    ///
    /// # Errors
    /// As [`Node::receive`].
    pub fn take_in(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        envelopes: &[Vec<u8>],
    ) -> Result<Vec<receipt::Entry>, Fault> {
        let mut entries: Vec<receipt::Entry> = Vec::new();
        let mut taken: BTreeMap<&[u8], usize> = BTreeMap::new();
        for (place, bytes) in envelopes.iter().enumerate() {
            // A copy says nothing new, and has the same answer.
            if let Some(first) = taken.get(bytes.as_slice()).and_then(|first| entries.get(*first)) {
                entries.push(first.clone());
                continue;
            }
            taken.insert(bytes, place);
            let outcome = self.take(store, env, chunks, from, bytes)?;
            let follows = if let Outcome::Stands(standing) = &outcome { standing.follows.clone() } else { None };
            self.unpark(store, env, chunks, from, follows)?;
            entries.push(line_of(bytes, outcome, env.now));
        }
        Ok(entries)
    }

    /// Takes one envelope through every check, and enters it.
    fn take(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        bytes: &[u8],
    ) -> Result<Outcome, Fault> {
        for _ in 0..TRIES_MAX {
            let reader = store.reader()?;
            let stop = match self.examine(&*reader, env, chunks, from, bytes) {
                Ok(Step::Known(standing)) => return Ok(Outcome::Stands(standing)),
                Ok(Step::Enter(batch, standing)) => {
                    drop(reader);
                    match store.commit(&batch) {
                        Ok(()) => return Ok(Outcome::Stands(standing)),
                        Err(CommitError::Conflict(_)) => continue,
                        Err(CommitError::Fault(fault)) => return Err(fault.into()),
                    }
                }
                Err(stop) => stop,
            };
            match stop {
                Stop::Fault(fault) => return Err(fault),
                Stop::Wait | Stop::Unproven => {
                    let (mut batch, kept) = self.park(&*reader, env, from, bytes)?;
                    // What finds no room leaves no note either: notes without bound would fill what parking does not.
                    if kept && matches!(stop, Stop::Unproven) {
                        self.waits_long(&*reader, env.now, from, bytes, &mut batch)?;
                    }
                    drop(reader);
                    return self.noted(store, &batch, Outcome::Waits);
                }
                Stop::Fall { code, proven } => {
                    let batch = self.fall(&*reader, env, from, bytes, &code, proven)?;
                    drop(reader);
                    return self.noted(store, &batch, Outcome::Falls(code));
                }
            }
        }
        Err(Fault::Contended)
    }

    fn noted(&self, store: &mut dyn Store, batch: &Batch, outcome: Outcome) -> Result<Outcome, Fault> {
        match store.commit(batch) {
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(outcome),
            Err(CommitError::Fault(fault)) => Err(fault.into()),
        }
    }

    /// The checks in their order, cheapest and least trusting first; then the judgement; then what to write.
    fn examine(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        bytes: &[u8],
    ) -> Result<Step, Stop> {
        let envelope = Envelope::decode(bytes).map_err(|why| fall(why.code()))?;
        let header = envelope.header();
        if header.iss != from.as_str() || header.aud != self.me().as_str() {
            return Err(fall("wrong-party"));
        }
        if self.version(&Hash32(header.instrument)).is_none() {
            return Err(fall(Refusal::WrongInstrument.code()));
        }
        let key = self.peer(from).map_err(Stop::Fault)?.envelope_key;
        let verified = envelope.verify(&[key]).map_err(|why| fall(why.code()))?;
        let core_hash = Hash32(envelope.core_hash());
        if let Some(row) = reader.act_by_hash(&core_hash).map_err(stop)? {
            return self.known(reader, from, &row);
        }
        if reader.receipt(&core_hash, true).map_err(stop)?.is_some() {
            return Err(fall("refused-before"));
        }
        in_time(header, env.now)?;
        let case = CaseId::new(&header.thread).map_err(|_| proven("unknown-case"))?;
        let dossier = self.load(reader, &case).map_err(Stop::Fault)?;
        self.in_thread(dossier.as_ref(), from, header)?;
        // A life without end would let a message be dated back without end.
        if header.exp_s.saturating_sub(header.iat_s) > PARCEL_LIFE.as_secs().unsigned_abs() {
            return Err(proven("impossible-time"));
        }
        self.attached(reader, chunks, header)?;
        let mut offices = self.keys().offices.iter();
        let sealed = offices.find_map(|(id, office)| Some((id, verified.open(&office.seal).ok()?)));
        let (recipient, opened) = sealed.ok_or_else(|| proven("unknown-recipient"))?;
        let act = self.unsealed(from, &opened.body, header, &case)?;
        self.stands(reader, env, from, bytes, core_hash, dossier, (header, recipient, act))
    }

    /// An act received before: the same answer, no effect.
    fn known(&self, reader: &dyn Reader, from: &PartyId, row: &ActRow) -> Result<Step, Stop> {
        if row.party != *from {
            return Err(proven("wrong-party"));
        }
        // What was receipted is read off that receipt: to fold the case again for each copy would let a peer that says one
        // thing a thousand times keep everybody else waiting.
        if let Some(given) = reader.receipt(&row.core_hash, true).map_err(stop)?
            && let Ok(given) = receipt::open(&given.bytes, &[self.keys().envelope.verifying_key()])
            && let Some(line) = given.entries.iter().find(|line| line.core_hash == row.core_hash.0)
            && line.verdict == Verdict::Accepted
            && let Some(received_at) = instant(line.received_at_us)
        {
            let (log_index, state_hash) = (line.log_index, line.state_hash);
            return Ok(Step::Known(Box::new(Standing { log_index, received_at, state_hash, follows: None })));
        }
        let dossier = self.load(reader, &row.case).map_err(Stop::Fault)?;
        let seen = dossier
            .and_then(|dossier| admit::seen_by_author(self.instruments(), &dossier.entries, &row.party, row.seq));
        match seen {
            Some(seen) if row.party == *from => Ok(Step::Known(Box::new(Standing {
                log_index: row.logged_index,
                received_at: row.received_at.unwrap_or(row.at).into(),
                state_hash: seen.fingerprint().0,
                follows: None,
            }))),
            _ => Err(proven("wrong-party")),
        }
    }

    /// Judges the act and prepares everything that records it.
    #[expect(clippy::too_many_arguments, reason = "one act with all that was verified about it")]
    fn stands(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        from: &PartyId,
        bytes: &[u8],
        core_hash: Hash32,
        dossier: Option<Dossier>,
        (header, recipient, (act, act_cbor)): (&Header, &OfficeId, (Act, Vec<u8>)),
    ) -> Result<Step, Stop> {
        let received_at = instant(micros(env.now)).unwrap_or(env.now);
        let held = dossier.as_ref().map_or(&[][..], |dossier| &dossier.entries);
        let versions = self.instruments();
        if dossier.is_none() {
            self.opened_under(&act).map_err(|refusal| proven(refusal.code()))?;
        }
        self.adopts(&act).map_err(|refusal| proven(refusal.code()))?;
        let seen =
            admit::admit(versions, self.me(), held, &act, received_at).map_err(|refusal| proven(refusal.code()))?;
        if let Some(refusal) = self.barred(reader, &act, Sure::Signed).map_err(Stop::Fault)? {
            return Err(proven(refusal.code()));
        }
        self.outside_fits((reader, env.now), from, &core_hash, dossier.as_ref(), &seen, (header, recipient, &act))?;
        let (version, held_bytes) = dossier.as_ref().map_or((0, 0), |held| (held.version, held.content_bytes));
        let body_hash = Hash32(sha256(&[&act_cbor]));
        // The author may not have seen the last of ours, so the order is looked for anew.
        let (before, mut entries) = dossier.map(|dossier| (Some(dossier.case), dossier.entries)).unwrap_or_default();
        entries.push(Entry { act: act.clone(), received_at: Some(received_at) });
        let folded = case::fold(versions, &entries).ok_or_else(|| proven("unknown-case"))?;
        if held_bytes + act_cbor.len() as u64 > CASE_BYTES_TAKEN_MAX {
            return Err(proven(Refusal::CaseFull.code()));
        }
        let mut batch = Batch::default();
        batch.expect.push(Expect::CaseVersion { case: act.case.clone(), version });
        batch.expect.push(Expect::Absent { core_hash });
        let line = Line {
            kind: LeafKind::Received,
            outgoing: false,
            core_hash: core_hash.0,
            bytes,
            peer_index: None,
            reference: format!("{}#{}", act.case, act.seq),
        };
        let (log_index, _) = self.enter(reader, &mut batch, from, env.now, &[line]).map_err(Stop::Fault)?;
        batch.writes.push(Write::PutAct(row_of(&act, core_hash, received_at, log_index, body_hash)));
        let body = self.wrap(env.rng, &body_label(&body_hash), &act_cbor).map_err(Stop::Fault)?;
        batch.writes.push(Write::PutBody { hash: body_hash, bytes: body, purge_at: None });
        self.recent().keep(body_hash, &act, act_cbor.len());
        batch.writes.push(Write::PutEnvelope { core_hash, bytes: bytes.to_vec() });
        batch.writes.extend(self.keep_blobs(reader, &act).map_err(Stop::Fault)?);
        let (kind, key) = unproven_of(from, &act.case, act.seq);
        batch.writes.push(Write::RemoveLocal { kind, key });
        // Were it taken out later, a crash between would leave it parked for ever.
        batch.writes.push(Write::RemoveParked { peer: from.clone(), case: act.case.clone(), seq: act.seq });
        let undelivered = self.undelivered_in(&entries);
        let projected = self.project(env.rng, &folded, before.as_ref(), version + 1, undelivered);
        batch.writes.extend(projected.map_err(Stop::Fault)?);
        let standing = Standing {
            log_index,
            received_at,
            state_hash: seen.fingerprint().0,
            follows: Some((act.case, act.seq + 1)),
        };
        Ok(Step::Enter(batch, Box::new(standing)))
    }

    /// Records a refusal: in the operator's log always; in our own log when the peer's signature proves it sent this.
    fn fall(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        from: &PartyId,
        bytes: &[u8],
        code: &str,
        proven: bool,
    ) -> Result<Batch, Fault> {
        let mut batch = Batch::default();
        let envelope = Envelope::decode(bytes).ok();
        let case = envelope.as_ref().and_then(|envelope| CaseId::new(&envelope.header().thread).ok());
        let kept = proven && !refused_enough(reader, from, env.now)?;
        if let (true, Some(envelope)) = (kept, &envelope) {
            let reference = case
                .as_ref()
                .map_or_else(|| "unknown".to_owned(), |case| format!("{case}#{}", act_seq(envelope.header())));
            let core_hash = envelope.core_hash();
            let line =
                Line { kind: LeafKind::Rejected, outgoing: false, core_hash, bytes, peer_index: None, reference };
            self.enter(reader, &mut batch, from, env.now, &[line])?;
            batch.writes.push(Write::PutEnvelope { core_hash: Hash32(core_hash), bytes: bytes.to_vec() });
            batch.writes.push(Write::PutReceipt(ReceiptRow {
                core_hash: Hash32(core_hash),
                given: true,
                bytes: code.as_bytes().to_vec(),
            }));
        }
        let level = if proven { EventLevel::Alarm } else { EventLevel::Warning };
        batch.writes.extend(tell(reader, event(env.now, from, case, level, code))?);
        Ok(batch)
    }
}

/// What `examine` found to do.
enum Step {
    Known(Box<Standing>),
    Enter(Batch, Box<Standing>),
}

/// The row of an act that came in and was entered at a place of our log.
fn row_of(act: &Act, core_hash: Hash32, received_at: Timestamp, logged_index: u64, body_hash: Hash32) -> ActRow {
    ActRow {
        case: act.case.clone(),
        party: act.by.clone(),
        seq: act.seq,
        core_hash,
        kind: act.deed.kind().code().to_owned(),
        at: act.at.into(),
        received_at: Some(received_at.into()),
        logged_index,
        body_hash,
    }
}

/// The case counts a Party's acts from 1, the wire its messages from 0.
fn act_seq(header: &Header) -> u64 {
    header.seq.saturating_add(1)
}

fn event(now: Timestamp, from: &PartyId, case: Option<CaseId>, level: EventLevel, code: &str) -> Event {
    Event { at: now.into(), level, code: code.to_owned(), case, peer: Some(from.clone()), detail: String::new() }
}

/// Refused before the signature was checked: anybody could have sent it.
fn fall(code: &str) -> Stop {
    Stop::Fall { code: code.to_owned(), proven: false }
}

/// Refused although the peer's signature is right: the peer did this.
fn proven(code: &str) -> Stop {
    Stop::Fall { code: code.to_owned(), proven: true }
}

fn stop(fault: store::Fault) -> Stop {
    Stop::Fault(fault.into())
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Fault(fault) => fault.into(),
            Stop::Wait | Stop::Unproven | Stop::Fall { .. } => Refusal::OutOfOrder.into(),
        }
    }
}
