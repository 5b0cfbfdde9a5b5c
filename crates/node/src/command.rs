//! From a decided act to one durable change: act, content, envelope, log entry, parcel, row and timer, all or nothing.
//!
//! Owns the sending half of an act's life up to the outbox. Must not judge (`domain::decide` does) nor send.

use domain::act::{Act, Author, Urgency};
use domain::amendment::AmendmentBar;
use domain::case::{self, Case, Entry};
use domain::decide::{self, Command};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId};
use domain::menu::Menu;
use domain::procedure::Side;
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use ledger::Misbehaved;
use ledger::blob::AttachmentRef;
use ledger::canon::CANON_BYTES_MAX;
use ledger::cbor::{self, Limits, Value};
use ledger::envelope::{self, Header, Lane, Sealed};
use ledger::leaf::LeafKind;
use rand_core::CryptoRng;
use store::{ActRow, Batch, CommitError, Expect, Moment, ParcelRow, ParcelState, Reader, Store, Write};

use crate::Env;
use crate::book::Line;
use crate::burden::CASE_BYTES_MAX;
use crate::dossier::{Dossier, act_bytes, body_label};
use crate::fault::{Failure, Fault};
use crate::local::Local;
use crate::party::Node;
use crate::settled::Sure;

/// How often a change is tried anew when somebody else was first.
pub(crate) const TRIES_MAX: usize = 5;

/// How long a parcel is offered to the other node: longer than any outage, shorter than any retention.
pub(crate) const PARCEL_LIFE: SignedDuration = SignedDuration::from_hours(24 * 180);

/// Largest act in canonical bytes: what an envelope carries, less the office's own seal. Longer texts are attached.
const ACT_BYTES_MAX: usize = envelope::BODY_BYTES_MAX - 1024;

/// An act that is signed, logged and in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The case.
    pub case: CaseId,
    /// Our number of the act in it.
    pub seq: u64,
    /// The act's message id.
    pub core_hash: Hash32,
}

/// Further writes that must stand or fall with an act, made once it is known what was done: the kept answer to a call.
pub type Along<'a> = &'a dyn Fn(&Done, &mut dyn CryptoRng) -> Result<Vec<Write>, Fault>;

impl Node {
    /// Enters an act of ours: judged, signed, sealed, logged and put in the outbox in one transaction. Safeguards
    /// answered before for this act are joined to it.
    ///
    /// # Errors
    /// [`Failure::Refused`] with the rule it would break, [`Refusal::Unprepared`] for what one writes and another signs
    /// ([`Node::sign_prepared`]); [`Failure::Fault`].
    pub fn command(&self, store: &mut dyn Store, env: &mut Env<'_>, command: Command) -> Result<Done, Failure> {
        self.command_along(store, env, command, &alone)
    }

    /// The same, with further writes in the same transaction.
    ///
    /// # Errors
    /// As [`Node::command`].
    pub fn command_along(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        command: Command,
        along: Along<'_>,
    ) -> Result<Done, Failure> {
        // Its second person is named by the way it was prepared, and by nothing else.
        if matches!(command.author, Author::Signatory { .. }) {
            return Err(Refusal::Unprepared { act: command.deed.kind() }.into());
        }
        let subject = command.case.to_string();
        self.command_with(store, env, command, &Local::Judged { subject }, &[], along)
    }

    /// The same, with further writes and expectations in the same transaction (a draft that becomes a case).
    pub(crate) fn command_with(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        command: Command,
        local: &Local,
        also: &[Also],
        along: Along<'_>,
    ) -> Result<Done, Failure> {
        self.inspect_deed(&command.deed)?;
        for _ in 0..TRIES_MAX {
            let reader = store.reader()?;
            let dossier = self.load(&*reader, &command.case)?;
            let entries = dossier.as_ref().map_or(&[][..], |dossier| &dossier.entries);
            let mut command = command.clone();
            let pending = self.join_gates(&*reader, env, &mut command)?;
            // The common rules first: who may not act here at all must not hear what our own law would have said.
            let view = dossier.as_ref().map(|dossier| &dossier.case);
            let act = self.decided(view, entries, command.clone(), env.now)?;
            if let Some(refusal) = self.untabled(&*reader, view, &act)? {
                return Err(refusal.into());
            }
            if view.is_none() {
                self.opens_now(&act)?;
            }
            self.adopts_now(&act)?;
            let own = match local {
                Local::Judged { subject } => self.judge_local(&*reader, env, dossier.as_ref(), subject, &command)?,
                Local::Released => match view {
                    Some(case) => self.judge_released(&*reader, env, case, command.deed.kind())?,
                    None => Vec::new(),
                },
            };
            if let Some(refusal) = self.barred(&*reader, &act, Sure::Delivered)? {
                return Err(refusal.into());
            }
            if let Some(refusal) = self.unsignable(&*reader, dossier.as_ref(), &act)? {
                return Err(refusal.into());
            }
            if let Some(bar) = self.misreports(&*reader, dossier.as_ref(), &act)? {
                return Err(Refusal::Report(bar).into());
            }
            let (mut batch, done) = self.entered(&*reader, env, dossier.as_ref(), act)?;
            batch.writes.extend(pending);
            batch.writes.extend(own);
            for also in also {
                batch.expect.extend(also.expect.clone());
                batch.writes.extend(also.writes.clone());
            }
            batch.writes.extend(along(&done, env.rng)?);
            drop(reader);
            match store.commit(&batch) {
                Ok(()) => return Ok(done),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Fault(fault)) => return Err(fault.into()),
            }
        }
        Err(Fault::Contended.into())
    }

    /// The act a command becomes: a case is opened under the instrument we have with whom it is addressed to.
    pub(crate) fn decided(
        &self,
        view: Option<&Case>,
        entries: &[Entry],
        command: Command,
        now: Timestamp,
    ) -> Result<Act, Refusal> {
        let to = case::opening(&command.deed).map(|request| request.to.party());
        match to.filter(|_| view.is_none()).and_then(|peer| self.lineage_with(&peer)) {
            Some(lineage) => decide::decide_in(view, lineage, self.me(), entries, command, now),
            None => decide::decide_in(view, self.instruments(), self.me(), entries, command, now),
        }
    }

    /// Everything that records and posts one decided act.
    pub(crate) fn entered(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        dossier: Option<&Dossier>,
        act: Act,
    ) -> Result<(Batch, Done), Failure> {
        let prev = dossier.and_then(|dossier| last_hash(dossier, self.me())).unwrap_or_default();
        // We have seen all there is here, so our act is folded last.
        let before = dossier.map(|dossier| dossier.case.clone());
        let folded = case::then(before, self.instruments(), &act, None).ok_or(Refusal::UnknownCase)?;
        self.keys_are_here(&folded, &act)?;
        let (bytes, body_hash) = act_bytes(&act)?;
        if bytes.len() > ACT_BYTES_MAX {
            return Err(Refusal::TooLong { what: "act", max: ACT_BYTES_MAX }.into());
        }
        if dossier.is_some_and(|dossier| dossier.content_bytes + bytes.len() as u64 > CASE_BYTES_MAX) {
            return Err(Refusal::CaseFull.into());
        }
        plain_text(&bytes)?;
        self.holds_files(reader, &act)?;
        let sealed = self.seal(env.rng, &folded, &act, &bytes, prev)?;
        let core = Hash32(sealed.core_hash);
        let peer = self.other_party(&folded)?.clone();
        let mut batch = Batch::default();
        let version = dossier.map_or(0, |dossier| dossier.version);
        batch.expect.push(Expect::CaseVersion { case: act.case.clone(), version });
        batch.expect.push(Expect::Absent { core_hash: core });
        let line = Line {
            kind: LeafKind::Sent,
            outgoing: true,
            core_hash: sealed.core_hash,
            bytes: &sealed.bytes,
            peer_index: None,
            reference: format!("{}#{}", act.case, act.seq),
        };
        let (index, _) = self.enter(reader, &mut batch, &peer, env.now, &[line])?;
        batch.writes.push(Write::PutAct(ActRow {
            case: act.case.clone(),
            party: act.by.clone(),
            seq: act.seq,
            core_hash: core,
            kind: act.deed.kind().code().to_owned(),
            at: act.at.into(),
            received_at: None,
            logged_index: index,
            body_hash,
        }));
        let body = self.wrap(env.rng, &body_label(&body_hash), &bytes)?;
        batch.writes.push(Write::PutBody { hash: body_hash, bytes: body, purge_at: None });
        self.recent().keep(body_hash, &act, bytes.len());
        batch.writes.push(Write::PutEnvelope { core_hash: core, bytes: sealed.bytes });
        batch.writes.extend(self.keep_blobs(reader, &act)?);
        batch.writes.push(Write::PutParcel(parcel(&folded, &act, core, peer, env.now)));
        let undelivered = dossier.map_or(0, |dossier| self.undelivered_in(&dossier.entries)) + 1;
        let before = dossier.map(|dossier| &dossier.case);
        batch.writes.extend(self.project(env.rng, &folded, before, version + 1, undelivered)?);
        Ok((batch, Done { case: act.case.clone(), seq: act.seq, core_hash: core }))
    }

    /// Puts an act into its envelope: sealed inside by the acting office, encrypted to the office that is to act.
    fn seal(
        &self,
        rng: &mut dyn CryptoRng,
        case: &Case,
        act: &Act,
        bytes: &[u8],
        prev: Hash32,
    ) -> Result<Sealed, Fault> {
        let keys = |why: &dyn std::fmt::Display| Fault::Keys(why.to_string());
        let office = self.keys().offices.get(&act.office);
        let office = office.ok_or_else(|| Fault::Setup(format!("no keys for office `{}`", act.office)))?;
        let body = envelope::authority_seal(bytes, &office.sign).map_err(|why| keys(&why))?;
        let peer = self.other_party(case)?;
        let recipient = self.recipient(case, peer)?;
        let header = self.header(rng, case, act, peer, prev);
        let archive = self.archive(header.iat_s);
        envelope::seal(&header, &body, &[recipient], &archive, &[&self.keys().envelope], rng).map_err(|why| keys(&why))
    }

    fn header(&self, rng: &mut dyn CryptoRng, case: &Case, act: &Act, peer: &PartyId, prev: Hash32) -> Header {
        let mut cti = [0; 16];
        rng.fill_bytes(&mut cti);
        Header {
            iss: self.me().to_string(),
            aud: peer.to_string(),
            thread: act.case.to_string(),
            // The wire counts a sender's messages of a thread from 0, the case its acts from 1.
            seq: act.seq - 1,
            prev: prev.0,
            kind: act.deed.kind().code().to_owned(),
            lane: if case.urgency == Urgency::U0 { Lane::Emergency } else { Lane::Normal },
            handling: case.request.mark.code().to_owned(),
            iat_s: seconds(act.at),
            exp_s: seconds(act.at.saturating_add(PARCEL_LIFE).unwrap_or(act.at)),
            cti,
            instrument: act.instrument.0,
            attachments: act.deed.attachments().iter().map(reference).collect(),
            ack: act.seen.values().map(|seen| (act.case.to_string(), *seen)).collect(),
        }
    }

    /// An office a later version names can be written to once its keys have come.
    fn keys_are_here(&self, case: &Case, act: &Act) -> Result<(), Failure> {
        let peer = self.other_party(case)?;
        let office = case.office(case.side(peer).unwrap_or(Side::Requested));
        if !self.peer(peer)?.offices.contains_key(office) && self.lacks_offices(peer) {
            return Err(Refusal::Amendment(AmendmentBar::KeysAwaited(office.clone())).into());
        }
        if !self.keys().offices.contains_key(&act.office) {
            return Err(Refusal::UnknownOffice { office: act.office.clone() }.into());
        }
        Ok(())
    }

    fn recipient(&self, case: &Case, peer: &PartyId) -> Result<&ledger::keys::SealPublic, Fault> {
        let side = case.side(peer).unwrap_or(Side::Requested);
        let office: &OfficeId = case.office(side);
        let card = self.peer(peer)?;
        let found = card.offices.get(office).map(|office| &office.seal);
        found.ok_or_else(|| Fault::Setup(format!("the card of `{peer}` has no key for office `{office}`")))
    }

    pub(crate) fn other_party<'c>(&self, case: &'c Case) -> Result<&'c PartyId, Fault> {
        let side = case.side(self.me());
        let side = side.ok_or_else(|| Fault::record(case.id.as_str(), "we are no Party to it"))?;
        Ok(case.party(side.other()))
    }
}

/// Demands that no text of an act holds what disturbs a screen, a terminal or a line of a log: control characters other
/// than those that lay out a text, and marks that turn the reading direction. Both sides demand it of every act.
pub(crate) fn plain_text(act: &[u8]) -> Result<(), Misbehaved> {
    let mut left = vec![cbor::decode(act, Limits::bytes(CANON_BYTES_MAX))?];
    while let Some(value) = left.pop() {
        match value {
            Value::Text(text) if text.chars().any(disturbs) => {
                return Err(Misbehaved::Malformed { what: "act", field: "text" });
            }
            Value::Array(items) => left.extend(items),
            Value::Map(entries) => left.extend(entries.into_iter().flat_map(|(key, value)| [key, value])),
            Value::Tag(_, inner) => left.push(*inner),
            Value::Uint(_) | Value::Nint(_) | Value::Bytes(_) | Value::Text(_) | Value::Bool(_) | Value::Null => {}
        }
    }
    Ok(())
}

fn disturbs(letter: char) -> bool {
    let lays_out = matches!(letter, '\n' | '\r' | '\t');
    letter.is_control() && !lays_out || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Nothing goes along.
pub(crate) fn alone(_: &Done, _: &mut dyn CryptoRng) -> Result<Vec<Write>, Fault> {
    Ok(Vec::new())
}

/// Writes that belong into the same transaction as an act.
pub(crate) struct Also {
    pub expect: Vec<Expect>,
    pub writes: Vec<Write>,
}

impl Also {
    /// Nothing.
    pub(crate) const fn none() -> Self {
        Self { expect: Vec::new(), writes: Vec::new() }
    }
}

/// What the signed header says of an attachment.
pub(crate) fn reference(attachment: &domain::content::Attachment) -> AttachmentRef {
    AttachmentRef { root: attachment.root.0, size: attachment.sealed_bytes, chunk_bytes: attachment.chunk_bytes }
}

/// The message id of a Party's latest act in a case: the next one names it.
pub(crate) fn last_hash(dossier: &Dossier, party: &PartyId) -> Option<Hash32> {
    dossier.rows.iter().filter(|row| row.party == *party).max_by_key(|row| row.seq).map(|row| row.core_hash)
}

fn parcel(case: &Case, act: &Act, core_hash: Hash32, peer: PartyId, now: Timestamp) -> ParcelRow {
    ParcelRow {
        core_hash,
        peer,
        lane: u64::from(case.urgency != Urgency::U0),
        case: act.case.clone(),
        party_seq: act.seq,
        created_at: now.into(),
        due_at: now.into(),
        tries: 0,
        expires_at: Moment::from(now.saturating_add(PARCEL_LIFE).unwrap_or(now)),
        state: ParcelState::Queued,
    }
}

pub(crate) fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_second()).unwrap_or(0)
}
