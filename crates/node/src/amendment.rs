//! Amendments of the instrument on their way to force: what is in the file, whether we may sign it, and since when both
//! signatures are in both logs.
//!
//! Owns the rows that keep every version for good, and the node that knows one version more. Must not know what changed
//! between two versions (`domain::difference`) nor where chunks lie.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::act::{Act, ActKind};
use domain::amendment::{self, AmendmentBar, Unfit};
use domain::case::Case;
use domain::content::{self, Request};
use domain::ids::{CaseId, Hash32};
use domain::instrument::{Instrument, RequestType};
use domain::refusal::Refusal;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::canon;
use serde::{Deserialize, Serialize};
use store::{Batch, Chunks, CommitError, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::instruments::{Instruments, Taken};
use crate::party::Node;

/// The kind of local row that keeps what a case would bring in, once our node has read it.
const READ: &str = "amendment";

/// The kind that says both signatures are here.
const SIGNED: &str = "amendment-signed";

/// The kind that says the other side is known to have ours.
const DELIVERED: &str = "amendment-delivered";

/// What a case would bring in.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The new version.
    pub next: Instrument,
    /// The version it amends.
    pub before: Arc<Instrument>,
    /// The day before which it does not take force.
    pub from: Date,
}

/// The new version as it is kept: its attachment is erased in time, cases under it are read for longer.
#[derive(Serialize, Deserialize)]
struct Kept {
    hash: Hash32,
    from: Date,
    bundle: String,
}

impl Node {
    /// What the attachment of an amendment's case holds. `None` for a case that amends nothing.
    ///
    /// # Errors
    /// [`Refusal::Amendment`]; [`Failure::Misbehaved`] when the attachment is not what was signed;
    /// [`Failure::Fault`].
    pub fn proposed(&self, chunks: &dyn Chunks, case: &Case) -> Result<Option<Proposed>, Failure> {
        let Some(rule) = case.rule(self.instrument_of(case)) else { return Ok(None) };
        self.proposed_in(chunks, &case.request, rule, &self.amended_by(&case.id))
    }

    /// The same of a request, which would amend `before`.
    pub(crate) fn proposed_in(
        &self,
        chunks: &dyn Chunks,
        request: &Request,
        rule: &RequestType,
        before: &Arc<Instrument>,
    ) -> Result<Option<Proposed>, Failure> {
        let Some((hash, from)) = content::amendment(request, rule) else { return Ok(None) };
        let next = self.may_follow(&self.bundle(chunks, request)?, hash, before).map_err(unfit)?;
        Ok(Some(Proposed { next, before: Arc::clone(before), from }))
    }

    /// Reads what an amendment's case would bring in and keeps it, so that it can be signed. Safe to repeat; nothing for
    /// any other case.
    ///
    /// # Errors
    /// As [`Node::proposed`].
    pub fn read_amendment(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        case: &CaseId,
    ) -> Result<(), Failure> {
        let reader = store.reader()?;
        let dossier = self.load(&*reader, case)?.ok_or(Refusal::UnknownCase)?;
        let Some((hash, from)) = self.amendment_in(&dossier.case) else { return Ok(()) };
        if reader.local(READ, case.as_str())?.is_some() {
            return Ok(());
        }
        let bytes = self.bundle(chunks, &dossier.case.request)?;
        self.may_follow(&bytes, hash, &self.amended_by(case)).map_err(unfit)?;
        let bundle = String::from_utf8(bytes).map_err(|_| unfit(Unfit::NotABundle))?;
        let sealed = canon::to_vec(&Kept { hash, from, bundle }).map_err(|why| Fault::record(READ, why))?;
        let bytes = self.wrap(env.rng, &label(case), &sealed)?;
        drop(reader);
        let row = LocalRow { kind: READ.to_owned(), key: case.to_string(), version: 1, bytes };
        match store.commit(&Batch { expect: Vec::new(), writes: vec![Write::PutLocal(row)] }) {
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Fault(fault)) => Err(Fault::from(fault).into()),
        }
    }

    /// Why we may not sign an amendment: our node has not read it, it cannot follow the version last signed, or another
    /// amendment of that version bears our signature and may yet bear theirs. Two versions that amend the same one can
    /// so never both be signed by a Party whose node keeps this.
    pub(crate) fn unsignable(
        &self,
        reader: &dyn Reader,
        dossier: Option<&Dossier>,
        act: &Act,
    ) -> Result<Option<Refusal>, Fault> {
        let Some(case) = dossier.map(|dossier| &dossier.case).filter(|_| act.deed.kind() == ActKind::SignText) else {
            return Ok(None);
        };
        let Some((hash, _)) = self.amendment_in(case) else { return Ok(None) };
        let Some(kept) = self.kept(reader, &case.id)? else {
            return Ok(Some(Refusal::Amendment(AmendmentBar::Unread)));
        };
        let latest = &self.instruments().latest().instrument;
        if let Err(why) = self.may_follow(kept.bundle.as_bytes(), hash, latest) {
            return Ok(Some(Refusal::Amendment(AmendmentBar::Unfit(why))));
        }
        for row in reader.local_list(READ)? {
            let other = CaseId::new(&row.key).map_err(|why| Fault::record(READ, why))?;
            let taken = self.instruments().taken().any(|taken| taken.case == other);
            if other == case.id || taken {
                continue;
            }
            let Some(other) = self.load(reader, &other)?.map(|dossier| dossier.case) else { continue };
            let ours = other.side(self.me()).is_some_and(|side| other.talk.signed_by(side));
            if ours && (!other.is_over() || other.talk.agreed().is_some()) {
                return Ok(Some(Refusal::Amendment(AmendmentBar::Pending(other.id))));
            }
        }
        Ok(None)
    }

    /// Notes how far an amendment's case has come: both signatures are here; the other side has ours.
    pub(crate) fn note_amendment(&self, case: &Case) -> Vec<Write> {
        if self.amendment_in(case).is_none() || case.talk.agreed().is_none() {
            return Vec::new();
        }
        let mut ours = case.record.iter().filter(|done| done.by == *self.me() && done.kind == ActKind::SignText);
        let delivered = ours.rfind(|done| done.moot.is_none()).is_some_and(|done| done.delivered);
        let note = |kind: &str| {
            let (kind, key) = (kind.to_owned(), case.id.to_string());
            Write::PutLocal(LocalRow { kind, key, version: 1, bytes: Vec::new() })
        };
        std::iter::once(note(SIGNED)).chain(delivered.then(|| note(DELIVERED))).collect()
    }

    /// The node as it should be at `now`, when that is another: it holds one version more, or another came into force.
    /// Whoever keeps the node asks after every change and when [`Instruments::next_from`] has come.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read, or a version signed by both follows none.
    pub fn renewed(&self, reader: &dyn Reader, now: Timestamp) -> Result<Option<Self>, Fault> {
        let signed = reader.local_list(SIGNED)?;
        if signed.is_empty() {
            return Ok(None);
        }
        let delivered: BTreeSet<String> = reader.local_list(DELIVERED)?.into_iter().map(|row| row.key).collect();
        let mut next = self.instruments().clone();
        let mut changed = false;
        for taken in self.instruments().taken().filter(|taken| !taken.stands) {
            if delivered.contains(taken.case.as_str()) {
                next.stands(&taken.case);
                changed = true;
            }
        }
        let mut left = Vec::new();
        for row in signed {
            let case = CaseId::new(&row.key).map_err(|why| Fault::record(SIGNED, why))?;
            if !next.taken().any(|taken| taken.case == case) {
                let kept = self.kept(reader, &case)?;
                left.push((case, kept.ok_or_else(|| Fault::record(&row.key, "it was signed unread"))?));
            }
        }
        while !left.is_empty() {
            let at = take_next(&mut next, &left, &delivered);
            let at = at.ok_or_else(|| Fault::record(SIGNED, "a version signed by both follows none"))?;
            left.remove(at);
            changed = true;
        }
        changed |= next.count(now);
        let renewed = changed.then(|| self.with_instruments(next));
        // Keys of offices a version names come after it.
        Ok(renewed.as_ref().unwrap_or(self).with_later_offices(reader)?.or(renewed))
    }

    /// The instrument in a bundle, provided it may follow `before` and has the number of no other version both have signed:
    /// people name a version by its number.
    pub(crate) fn may_follow(&self, bytes: &[u8], named: Hash32, before: &Instrument) -> Result<Instrument, Unfit> {
        let next = amendment::amended(bytes, named, before)?;
        let mut known = self.instruments().iter().map(|version| &version.instrument);
        let taken = |one: &Arc<Instrument>| one.hash() != next.hash() && one.version().trim() == next.version().trim();
        if known.any(taken) { Err(Unfit::SameVersion) } else { Ok(next) }
    }

    /// The hash and the day of what a case would bring in.
    fn amendment_in(&self, case: &Case) -> Option<(Hash32, Date)> {
        content::amendment(&case.request, case.rule(self.instrument_of(case))?)
    }

    /// The version the amendment of a case amends: the one before it, once taken; until then the one last signed.
    fn amended_by(&self, case: &CaseId) -> Arc<Instrument> {
        let of_case = |version: &&crate::instruments::Version| {
            version.amendment.as_ref().is_some_and(|taken| taken.case == *case)
        };
        let taken = self.instruments().iter().find(of_case).and_then(|version| version.instrument.amends());
        let before = taken.and_then(|before| self.instruments().get(&before));
        Arc::clone(&before.unwrap_or_else(|| self.instruments().latest()).instrument)
    }

    fn bundle(&self, chunks: &dyn Chunks, request: &Request) -> Result<Vec<u8>, Failure> {
        self.small(chunks, request.attachments.first().ok_or_else(|| unfit(Unfit::NotABundle))?)
    }

    fn kept(&self, reader: &dyn Reader, case: &CaseId) -> Result<Option<Kept>, Fault> {
        let Some(row) = reader.local(READ, case.as_str())? else { return Ok(None) };
        let bytes = self.unwrap(&label(case), &row.bytes)?;
        canon::from_slice(&bytes).map(Some).map_err(|why| Fault::record(READ, why.code()))
    }
}

/// Takes in whichever of the versions left amends the latest; answers its place.
fn take_next(next: &mut Instruments, left: &[(CaseId, Kept)], delivered: &BTreeSet<String>) -> Option<usize> {
    for (at, (case, kept)) in left.iter().enumerate() {
        let latest = &next.latest().instrument;
        if let Ok(instrument) = amendment::amended(kept.bundle.as_bytes(), kept.hash, latest) {
            let stands = delivered.contains(case.as_str());
            let taken = Taken { case: case.clone(), from: amendment::begins(kept.from), stands };
            next.take(Arc::new(instrument), taken);
            return Some(at);
        }
    }
    None
}

fn unfit(why: Unfit) -> Failure {
    Refusal::Amendment(AmendmentBar::Unfit(why)).into()
}

fn label(case: &CaseId) -> String {
    format!("{READ}/{case}")
}
