//! The end of retention: contents erased, certified and gone; rows, hashes, receipts and log entries stay.
//!
//! Owns when a case's contents are erased here and what is left in their place. Must not know which words of an act are
//! content: `domain::case::remains` does. The other Party learns of it by a signed certificate that names the acts.

use std::collections::BTreeSet;

use domain::act::{Act, ActRef, Author, Deed};
use domain::case::{self, Case, Entry};
use domain::decide::{self, Command};
use domain::due;
use domain::ids::{CaseId, Hash32};
use domain::procedure::Side;
use jiff::{SignedDuration, Timestamp};
use ledger::canon;
use serde::{Deserialize, Serialize};
use store::{
    ActRow, BlobRow, BlobState, Chunks, CommitError, LocalRow, Moment, ParcelState, Reader, Store, TimerRow, Write,
};

use crate::command::TRIES_MAX;
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::matching::kept;
use crate::party::Node;
use crate::{Env, gates, notes, prepared, reveal};

/// The kind of the timer that rings when a case's contents must go.
pub(crate) const RETENTION: &str = "retention";

/// What is kept of an erased act, among the things that never leave the building.
const LEFT: &str = "left";

/// When an erasure that has to wait for the post is tried again.
const LATER: SignedDuration = SignedDuration::from_hours(24);

/// Most attachments whose pieces are removed in one call; the rest follow in the next.
const SWEPT_MAX: usize = 64;

/// What is left of an act whose content was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Left {
    pub erased_at: Timestamp,
    pub act: Act,
}

/// The erasure of one case's contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Purge {
    /// The case.
    pub case: CaseId,
    /// The acts whose contents go, by Party and number.
    pub acts: Vec<ActRef>,
    /// The attachments that go with them, by root.
    pub files: Vec<Hash32>,
    /// When their time was over.
    pub due_at: Timestamp,
}

impl Node {
    /// What would be erased of a case at `now`; `None` while its time runs, or when nothing is left to erase.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn purgeable(&self, reader: &dyn Reader, now: Timestamp, case: &CaseId) -> Result<Option<Purge>, Fault> {
        let Some(dossier) = self.load(reader, case)? else { return Ok(None) };
        let due_at = due::kept_until(&dossier.case, self.instrument_of(&dossier.case), self.me());
        let Some(due_at) = due_at.filter(|due_at| *due_at <= now) else { return Ok(None) };
        let going = going(&dossier);
        if going.is_empty() {
            return Ok(None);
        }
        let acts = going.iter().map(|(row, _)| ActRef { by: row.party.clone(), seq: row.seq }).collect();
        let files = self.files(reader, &dossier.case, &going)?.into_iter().map(|blob| blob.root).collect();
        Ok(Some(Purge { case: case.clone(), acts, files, due_at }))
    }

    /// Erases what is due of a case and enters the certificate, in one transaction. `None` when nothing is due, or an act
    /// is still on its way to the other Party and must be kept until it is there.
    ///
    /// # Errors
    /// [`Failure::Fault`] when the store or a record fails.
    pub fn purge(&self, store: &mut dyn Store, env: &mut Env<'_>, case: &CaseId) -> Result<Option<Purge>, Failure> {
        for _ in 0..TRIES_MAX {
            let reader = store.reader()?;
            let Some(purge) = self.purgeable(&*reader, env.now, case)? else { return Ok(None) };
            let Some(dossier) = self.load(&*reader, case)? else { return Ok(None) };
            if self.in_the_post(&*reader, &dossier)? {
                return Ok(None);
            }
            let side = dossier.case.side(self.me()).unwrap_or(Side::Requesting);
            let command = Command {
                case: case.clone(),
                office: dossier.case.office(side).clone(),
                author: Author::Machine,
                gates: Vec::new(),
                deed: Deed::CertifyDeletion { erased: purge.acts.clone() },
            };
            let act = decide::decide_in(
                Some(&dossier.case),
                self.instruments(),
                self.me(),
                &dossier.entries,
                command,
                env.now,
            )?;
            let (mut batch, _) = self.entered(&*reader, env, Some(&dossier), act.clone())?;
            batch.writes.extend(self.erasing(&*reader, env, &dossier, &purge)?);
            batch.writes.extend(self.project_left(env, &dossier, act)?);
            drop(reader);
            match store.commit(&batch) {
                Ok(()) => {
                    self.recent().forget(dossier.rows.iter().map(|row| &row.body_hash));
                    return Ok(Some(purge));
                }
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Fault(fault)) => return Err(fault.into()),
            }
        }
        Err(Fault::Contended.into())
    }

    /// The timer rang: erases, and sets it anew when it has to ring again. Answers whether something was erased.
    pub(crate) fn retire(&self, store: &mut dyn Store, env: &mut Env<'_>, timer: &TimerRow) -> Result<bool, Fault> {
        match self.purge(store, env, &timer.case) {
            Ok(Some(_)) => return Ok(true),
            Err(Failure::Fault(fault)) => return Err(fault),
            // Our clock was set back behind the case's last act, or there is nothing to erase now: later.
            Ok(None) | Err(Failure::Refused(_) | Failure::Held(_) | Failure::Misbehaved(_)) => {}
        }
        let reader = store.reader()?;
        let more = match self.load(&*reader, &timer.case)? {
            Some(dossier) => !going(&dossier).is_empty(),
            None => false,
        };
        drop(reader);
        let write = if more {
            let at = env.now.saturating_add(LATER).unwrap_or(env.now);
            Write::PutTimer(TimerRow { due_at: at.into(), ..timer.clone() })
        } else {
            Write::RemoveTimer { case: timer.case.clone(), kind: timer.kind.clone() }
        };
        quietly(store, vec![write])?;
        Ok(false)
    }

    /// Removes the pieces of attachments whose time is over: the last part of an erasure, repeatable after a crash.
    ///
    /// # Errors
    /// [`Fault`] when the store or the disk fails.
    pub fn sweep_erased(&self, store: &mut dyn Store, chunks: &dyn Chunks) -> Result<usize, Fault> {
        let gone = store.reader()?.blobs_in(BlobState::Purged, None, SWEPT_MAX)?;
        for blob in &gone {
            chunks.remove(&blob.root)?;
            quietly(store, vec![Write::RemoveBlob { root: blob.root }])?;
        }
        Ok(gone.len())
    }

    /// The timer that says when the contents of a case must go.
    pub(crate) fn retention(&self, case: &Case) -> Write {
        let kind = RETENTION.to_owned();
        match due::kept_until(case, self.instrument_of(case), self.me()) {
            Some(at) => Write::PutTimer(TimerRow { case: case.id.clone(), kind, due_at: Moment::from(at) }),
            None => Write::RemoveTimer { case: case.id.clone(), kind },
        }
    }

    /// What is left of an erased act; `None` when nothing says that it was erased.
    pub(crate) fn left(&self, reader: &dyn Reader, row: &ActRow) -> Result<Option<Left>, Fault> {
        let key = row.body_hash.to_string();
        let Some(kept) = reader.local(LEFT, &key)? else { return Ok(None) };
        let label = left_label(&key);
        let bytes = self.unwrap(&label, &kept.bytes)?;
        canon::from_slice(&bytes).map(Some).map_err(|why| Fault::record(label, why.code()))
    }

    /// Contents out, what is left in; envelopes, notes and waiting answers go too, for they hold the same words.
    fn erasing(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        dossier: &Dossier,
        purge: &Purge,
    ) -> Result<Vec<Write>, Fault> {
        let case = &dossier.case;
        let left = case::remains(self.instrument_of(case), case, &dossier.entries);
        let mut writes = Vec::new();
        for (row, entry) in dossier.rows.iter().zip(&left) {
            if !purge.acts.contains(&ActRef { by: row.party.clone(), seq: row.seq }) {
                continue;
            }
            let key = row.body_hash.to_string();
            let left = Left { erased_at: env.now, act: entry.act.clone() };
            let bytes = canon::to_vec(&left).map_err(|why| Fault::record("left", why))?;
            let bytes = self.wrap(env.rng, &left_label(&key), &bytes)?;
            writes.push(Write::PutLocal(LocalRow { kind: LEFT.to_owned(), key, version: 1, bytes }));
            writes.push(Write::PurgeBody { hash: row.body_hash });
            writes.push(Write::RemoveEnvelope { core_hash: row.core_hash });
        }
        for blob in self.files(reader, case, &going(dossier))? {
            writes.push(Write::PutBlob(BlobRow { state: BlobState::Purged, meta: Vec::new(), ..blob }));
        }
        let reveals = reveal::kind_of(&case.id);
        writes.extend(reader.local_list(&reveals)?.iter().map(|row| reveal::closing(&case.id, row)));
        let matched = [kept::kind_of(&case.id), kept::found_of(&case.id)];
        let kinds = [notes::kind_of(&case.id), gates::kind_of(&case.id), gates::overruled_of(&case.id), reveals];
        for kind in kinds.into_iter().chain(matched) {
            let rows = reader.local_list(&kind)?;
            writes.extend(rows.into_iter().map(|row| Write::RemoveLocal { kind: row.kind, key: row.key }));
        }
        writes.extend(prepared::erasing(&self.prepared_in(reader, &case.id)?));
        Ok(writes)
    }

    /// The case's row, timer and search terms, made anew of what is left.
    fn project_left(&self, env: &mut Env<'_>, dossier: &Dossier, certificate: Act) -> Result<Vec<Write>, Fault> {
        let instrument = self.instrument_of(&dossier.case);
        let mut left = case::remains(instrument, &dossier.case, &dossier.entries);
        left.push(Entry { act: certificate, received_at: None });
        let folded = case::fold(self.instruments(), &left);
        let folded = folded.ok_or_else(|| Fault::record(dossier.case.id.as_str(), "does not fold once erased"))?;
        let undelivered = self.undelivered_in(&left);
        self.project(env.rng, &folded, Some(&dossier.case), dossier.version + 1, undelivered)
    }

    /// Whether an act of the case is still to be sent: its envelope is needed until it is.
    fn in_the_post(&self, reader: &dyn Reader, dossier: &Dossier) -> Result<bool, Fault> {
        for row in dossier.rows.iter().filter(|row| row.party == *self.me()) {
            let parcel = reader.parcel(&row.core_hash)?;
            if parcel.is_some_and(|parcel| matches!(parcel.state, ParcelState::Queued | ParcelState::Held)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The attachments of acts that go, as far as they belong to this case.
    fn files(&self, reader: &dyn Reader, case: &Case, going: &[(&ActRow, &Entry)]) -> Result<Vec<BlobRow>, Fault> {
        let roots: BTreeSet<Hash32> =
            going.iter().flat_map(|(_, entry)| entry.act.deed.attachments()).map(|file| file.root).collect();
        let mut files = Vec::new();
        for root in &roots {
            let of_case = |blob: &BlobRow| blob.case.as_ref() == Some(&case.id) && blob.state != BlobState::Purged;
            files.extend(reader.blob(root)?.filter(of_case));
        }
        Ok(files)
    }
}

/// The acts whose contents are here and bind nobody any more.
fn going(dossier: &Dossier) -> Vec<(&ActRow, &Entry)> {
    let here = |row: &ActRow| !dossier.erased.contains_key(&row.core_hash);
    let acts = dossier.rows.iter().zip(&dossier.entries);
    acts.filter(|(row, entry)| here(row) && !case::binds(&dossier.case, &entry.act)).collect()
}

/// Commits what nobody contends for; a conflict means that it is done already.
fn quietly(store: &mut dyn Store, writes: Vec<Write>) -> Result<(), Fault> {
    match store.commit(&store::Batch { expect: Vec::new(), writes }) {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
    }
}

fn left_label(key: &str) -> String {
    format!("{LEFT}/{key}")
}
