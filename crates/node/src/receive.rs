//! Incoming mail: each envelope checked, judged again, entered in our log and receipted.
//!
//! Owns the order of the checks (wire reference §5.2) and what each failure leaves behind: a named refusal, an entry in
//! the operator's log, and otherwise nothing changed. Must not trust anything it has not verified.

use std::collections::BTreeMap;

use domain::act::{Act, VOCABULARY};
use domain::admit;
use domain::amendment::AmendmentBar;
use domain::case::{self, ACTS_MAX, Entry};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId};
use domain::menu::Menu;
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use ledger::canon;
use ledger::envelope::{Envelope, Header, authority_signers, open_authority_seal};
use ledger::hash::sha256;
use ledger::keys::VerifyingKey;
use ledger::leaf::LeafKind;
use ledger::receipt::{self, Receipt, Verdict};
use store::{
    ActRow, Batch, BlobState, Chunks, CommitError, Event, EventLevel, Expect, LocalRow, ParkedRow, Reader, ReceiptRow,
    Store, Write,
};

use crate::Env;
use crate::amendment::Knew;
use crate::book::{Line, instant, log_name, micros};
use crate::burden::{CASE_BYTES_TAKEN_MAX, refused_enough, tell};
use crate::command::{PARCEL_LIFE, TRIES_MAX, last_hash, plain_text};
use crate::crossing::Crossing;
use crate::dossier::{Dossier, body_label};
use crate::fault::{Failure, Fault};
use crate::party::Node;
use crate::settled::Sure;

/// Most envelopes of one batch (wire reference §5.3).
pub const ENVELOPES_MAX: usize = 256;

/// Most envelopes taken in while everybody else waits for the store.
pub const ENVELOPES_A_JOB_MAX: usize = 16;

/// How far ahead of ours a sender's clock may be before its mail waits.
const AHEAD_MAX: SignedDuration = admit::SKEW;

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

    /// The signed receipt of a batch that was taken in, line by line.
    ///
    /// # Errors
    /// As [`Node::receive`].
    pub fn answer(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        envelopes: &[Vec<u8>],
        mut entries: Vec<receipt::Entry>,
    ) -> Result<Vec<u8>, Fault> {
        // What waited for a later envelope of the same batch stands by now, and the receipt says so.
        for (bytes, entry) in envelopes.iter().zip(&mut entries) {
            let stands = store.reader()?.act_by_hash(&Hash32(entry.core_hash))?.is_some();
            if entry.verdict == Verdict::Parked && stands {
                *entry = line_of(bytes, self.take(store, env, chunks, from, bytes)?, env.now);
            }
        }
        self.sign_receipt(store, env, from, entries)
    }

    /// Signs the receipt of a batch and, when anything in it is new, enters it in our log before it leaves.
    fn sign_receipt(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        from: &PartyId,
        entries: Vec<receipt::Entry>,
    ) -> Result<Vec<u8>, Fault> {
        for _ in 0..TRIES_MAX {
            let reader = store.reader()?;
            let mut news = Vec::new();
            for entry in entries.iter().filter(|entry| entry.verdict == Verdict::Accepted) {
                if reader.receipt(&Hash32(entry.core_hash), true)?.is_none() {
                    news.push(entry.core_hash);
                }
            }
            let checkpoint = reader.latest_checkpoint(&log_name(from))?.map(|row| row.note).unwrap_or_default();
            let receipt = Receipt {
                by: self.me().to_string(),
                to: from.to_string(),
                at_us: micros(env.now),
                entries: entries.clone(),
                checkpoint,
            };
            let bytes = receipt::sign(&receipt, &self.keys().envelope).map_err(|why| Fault::Keys(why.to_string()))?;
            if news.is_empty() {
                return Ok(bytes);
            }
            let mut batch = Batch::default();
            let line = Line {
                kind: LeafKind::Receipt,
                outgoing: true,
                core_hash: sha256(&[&bytes]),
                bytes: &bytes,
                peer_index: None,
                reference: format!("receipt for {}", news.len()),
            };
            self.enter(&*reader, &mut batch, from, env.now, &[line])?;
            batch.writes.extend(news.iter().map(|core_hash| {
                Write::PutReceipt(ReceiptRow { core_hash: Hash32(*core_hash), given: true, bytes: bytes.clone() })
            }));
            drop(reader);
            match store.commit(&batch) {
                Ok(()) => return Ok(bytes),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Fault(fault)) => return Err(fault.into()),
            }
        }
        Err(Fault::Contended)
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
                    let mut batch = self.park(&*reader, env, from, bytes)?;
                    if matches!(stop, Stop::Unproven) {
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

    /// Number and chain of the sender's acts in the case.
    fn in_thread(&self, dossier: Option<&Dossier>, from: &PartyId, header: &Header) -> Result<(), Stop> {
        if act_seq(header) > ACTS_MAX as u64 {
            return Err(proven(Refusal::CaseFull.code()));
        }
        let head = dossier.and_then(|dossier| dossier.case.heads.get(from)).copied().unwrap_or(0);
        if act_seq(header) > head + 1 {
            return Err(Stop::Wait);
        }
        if act_seq(header) <= head {
            return Err(proven("equivocation"));
        }
        let prev = dossier.and_then(|dossier| last_hash(dossier, from)).unwrap_or_default();
        if header.prev != prev.0 { Err(proven("broken-chain")) } else { Ok(()) }
    }

    /// Attachments come before the act that names them.
    fn attached(&self, reader: &dyn Reader, chunks: &dyn Chunks, header: &Header) -> Result<(), Stop> {
        for attachment in &header.attachments {
            let root = Hash32(attachment.root);
            let whole = match reader.blob(&root).map_err(stop)? {
                Some(row) => {
                    row.state == BlobState::Whole
                        || chunks.have(&root).map_err(stop)?.len() as u64 == attachment.chunks()
                }
                None => false,
            };
            if !whole {
                return Err(Stop::Wait);
            }
        }
        Ok(())
    }

    /// The act inside and its canonical bytes: sealed by the office that acts, saying what the header says.
    fn unsealed(&self, from: &PartyId, body: &[u8], header: &Header, case: &CaseId) -> Result<(Act, Vec<u8>), Stop> {
        let card = self.peer(from).map_err(Stop::Fault)?;
        let claimed = authority_signers(body).map_err(|_| proven("wrong-office-seal"))?;
        let claims = |key: &VerifyingKey| claimed.contains(&key.id());
        let sealer = card.offices.values().map(|office| &office.sign).find(|key| claims(key));
        // The keys of an office a later version names may still be on their way.
        if sealer.is_none() && self.lacks_offices(from) {
            return Err(Stop::Wait);
        }
        let opened = sealer.and_then(|key| open_authority_seal(body, key).ok());
        let bytes = opened.ok_or_else(|| proven("wrong-office-seal"))?;
        let act = read_act(&bytes)?;
        // Another spelling of the same act would be kept under another hash than the one the sender signed.
        if canon::to_vec(&act).ok().as_deref() != Some(bytes.as_slice()) {
            return Err(proven("not-canonical"));
        }
        plain_text(&bytes).map_err(|why| proven(why.code()))?;
        let own_seal = card.offices.get(&act.office).is_some_and(|office| Some(&office.sign) == sealer);
        let same_roots =
            act.deed.attachments().iter().map(crate::command::reference).eq(header.attachments.iter().cloned());
        if !own_seal {
            return Err(proven("wrong-office-seal"));
        }
        if act.by != *from
            || act.case != *case
            || act.seq != act_seq(header)
            || act.instrument.0 != header.instrument
            || act.deed.kind().code() != header.kind
            || crate::command::seconds(act.at) != header.iat_s
            || !same_roots
        {
            return Err(proven("header-differs"));
        }
        Ok((act, bytes))
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
        self.outside_fits(reader, from, &core_hash, dossier.as_ref(), &seen, (header, recipient, &act))?;
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
        batch.writes.push(Write::PutAct(ActRow {
            case: act.case.clone(),
            party: act.by.clone(),
            seq: act.seq,
            core_hash,
            kind: act.deed.kind().code().to_owned(),
            at: act.at.into(),
            received_at: Some(received_at.into()),
            logged_index: log_index,
            body_hash,
        }));
        let body = self.wrap(env.rng, &body_label(&body_hash), &act_cbor).map_err(Stop::Fault)?;
        batch.writes.push(Write::PutBody { hash: body_hash, bytes: body, purge_at: None });
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

    /// A case is opened under a version that was not amended to its author's knowledge.
    fn not_superseded(&self, reader: &dyn Reader, from: &PartyId, act: &Act, core_hash: &Hash32) -> Result<(), Stop> {
        let later = self.instruments().after(&act.instrument).and_then(|later| later.amendment.as_ref());
        let Some(later) = later.filter(|later| act.at >= later.from) else { return Ok(()) };
        match self.knew(reader, from, later, core_hash).map_err(Stop::Fault)? {
            Knew::DidNot => Ok(()),
            Knew::Did => Err(proven(Refusal::Amendment(AmendmentBar::Superseded).code())),
            Knew::Unknown => Err(Stop::Unproven),
        }
    }

    /// What the sender's log and the envelope's outside say of an act that is admitted: it crossed ours if it claims so, its
    /// header leads where the act in its author's view does, and it opens no case under a version it knew to be amended.
    fn outside_fits(
        &self,
        reader: &dyn Reader,
        from: &PartyId,
        core_hash: &Hash32,
        dossier: Option<&Dossier>,
        seen: &case::Case,
        (header, recipient, act): (&Header, &OfficeId, &Act),
    ) -> Result<(), Stop> {
        if let Some(dossier) = dossier {
            match self.crossed(reader, from, dossier, act, core_hash).map_err(Stop::Fault)? {
                Crossing::Did => {}
                Crossing::DidNot => return Err(proven(Refusal::OutOfOrder.code())),
                Crossing::Unknown => return Err(Stop::Unproven),
            }
        }
        // Enough to route is outside, and must not lead elsewhere than what is inside.
        let side = seen.side(self.me()).ok_or_else(|| proven(Refusal::NotAParty { party: from.clone() }.code()))?;
        if header.handling != seen.request.mark.code() {
            return Err(proven("header-differs"));
        }
        if recipient != seen.office(side) {
            return Err(proven("wrong-office"));
        }
        // Last, because it alone may have to wait.
        if dossier.is_none() { self.not_superseded(reader, from, act, core_hash) } else { Ok(()) }
    }

    /// Keeps an envelope that came before its turn.
    fn park(&self, reader: &dyn Reader, env: &Env<'_>, from: &PartyId, bytes: &[u8]) -> Result<Batch, Fault> {
        let mut batch = Batch::default();
        let Ok(envelope) = Envelope::decode(bytes) else { return Ok(batch) };
        let Ok(case) = CaseId::new(&envelope.header().thread) else { return Ok(batch) };
        let of_case = reader.parked_load(from, Some(&case))?;
        let of_peer = reader.parked_load(from, None)?;
        if of_case.count >= PARKED_MAX || of_peer.bytes.saturating_add(bytes.len() as u64) > PARKED_BYTES_MAX {
            let full = event(env.now, from, Some(case), EventLevel::Warning, "parking-full");
            batch.writes.extend(tell(reader, full)?);
            return Ok(batch);
        }
        batch.writes.push(Write::PutParked(ParkedRow {
            peer: from.clone(),
            case,
            seq: act_seq(envelope.header()),
            bytes: bytes.to_vec(),
            arrived_at: env.now.into(),
        }));
        Ok(batch)
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

    /// Notes since when an act waits for our copy of the peer's log, which is not when it came: it may have waited for
    /// another before. Raises an alarm when the peer has shown that log since and it still lacks what its own receipt
    /// named, or when it shows nothing for too long.
    fn waits_long(
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
    fn unpark(
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
fn unproven_of(from: &PartyId, case: &CaseId, seq: u64) -> (String, String) {
    (format!("unproven/{from}/{case}"), seq.to_string())
}

/// What the receipt says of one envelope.
fn line_of(bytes: &[u8], outcome: Outcome, now: Timestamp) -> receipt::Entry {
    let mut entry = receipt::Entry {
        core_hash: Envelope::decode(bytes).map_or_else(|_| sha256(&[bytes]), |envelope| envelope.core_hash()),
        log_index: 0,
        received_at_us: micros(now),
        state_hash: [0; 32],
        verdict: Verdict::Parked,
    };
    match outcome {
        Outcome::Stands(standing) => {
            entry.log_index = standing.log_index;
            entry.received_at_us = micros(standing.received_at);
            entry.state_hash = standing.state_hash;
            entry.verdict = Verdict::Accepted;
        }
        Outcome::Waits => {}
        Outcome::Falls(code) => entry.verdict = Verdict::Refused { code },
    }
    entry
}

/// What `examine` found to do.
enum Step {
    Known(Box<Standing>),
    Enter(Batch, Box<Standing>),
}

/// Reads an act. A newer vocabulary is named as such, also when the rest cannot be read for it.
fn read_act(bytes: &[u8]) -> Result<Act, Stop> {
    let read: Result<Act, _> = canon::from_slice(bytes);
    let version = match &read {
        Ok(act) => act.version,
        Err(why) => canon::from_slice::<Version>(bytes).map_err(|_| proven(why.code()))?.version,
    };
    if version != VOCABULARY {
        return Err(proven("unknown-version"));
    }
    read.map_err(|why| proven(why.code()))
}

/// Only the version of an act.
#[derive(serde::Deserialize)]
struct Version {
    version: u16,
}

/// The case counts a Party's acts from 1, the wire its messages from 0.
fn act_seq(header: &Header) -> u64 {
    header.seq.saturating_add(1)
}

/// Signed not too far ahead of our clock, and not expired.
fn in_time(header: &Header, now: Timestamp) -> Result<(), Stop> {
    let at = |s: u64| i64::try_from(s).ok().and_then(|s| Timestamp::from_second(s).ok());
    let (Some(signed), Some(expires)) = (at(header.iat_s), at(header.exp_s)) else {
        return Err(proven("impossible-time"));
    };
    // The header counts whole seconds; the act inside may be dated up to one later.
    let latest = signed.saturating_add(SignedDuration::from_secs(1)).unwrap_or(signed);
    if latest > now.saturating_add(AHEAD_MAX).unwrap_or(now) {
        return Err(Stop::Wait);
    }
    if now > expires { Err(proven("expired")) } else { Ok(()) }
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
