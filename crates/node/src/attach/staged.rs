//! Files staged here and not yet sent: which wait for their act, and which nobody will send any more.
//!
//! Owns the notes of those that wait and the sweep of those left over. Must not know how a file is sealed.

use std::collections::BTreeSet;

use domain::content::Attachment;
use domain::ids::{CaseId, Hash32};
use jiff::Timestamp;
use store::{BlobRow, BlobState, Chunks, LocalRow, Moment, Reader, Store, Write};

use super::{UPLOAD, UPLOAD_LASTS, WANTED_LASTS, commit, put_or_leave};
use crate::Env;
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// Most uploads swept in one call; the rest follow in the next.
const SWEPT_MAX: usize = 256;

/// Under which kind and key it is noted how far the last sweep of staged files came: the moment and the root of the last it
/// looked at.
const PASS: &str = "swept";

/// Under which kind files are noted that a program has sent for a coming act, by case and root.
const WAITING: &str = "staged";

impl Node {
    /// Removes what uploads left that began longer ago than [`UPLOAD_LASTS`], files as old that no draft names and that
    /// were sent with nothing, and peers' announced attachments that never came whole. Answers how many went. Safe to
    /// repeat after a crash at any point: an upload's chunks go before the note that finds them, a file's after its row,
    /// so that nothing can name it any more.
    ///
    /// # Errors
    /// [`Fault`] when the store or the disk fails.
    pub fn sweep(&self, store: &mut dyn Store, env: &Env<'_>, chunks: &dyn Chunks) -> Result<usize, Fault> {
        let reader = store.reader()?;
        let began = |row: &LocalRow| {
            let second = <[u8; 8]>::try_from(row.bytes.as_slice()).map(i64::from_be_bytes).ok();
            // A note that cannot be read is as old as can be.
            second.and_then(|second| Timestamp::from_second(second).ok()).unwrap_or(Timestamp::MIN)
        };
        let mut uploads = reader.local_list(UPLOAD)?;
        uploads.retain(|row| env.now.duration_since(began(row)) > UPLOAD_LASTS);
        uploads.truncate(SWEPT_MAX);
        let mut announced = reader.blobs_in(BlobState::Wanted, None, SWEPT_MAX)?;
        announced.retain(|row| env.now.duration_since(row.created_at.timestamp()) > WANTED_LASTS);
        let staged = self.staged_page(&*reader)?;
        let onward = onward(&staged);
        let left_over = self.left_over(&*reader, env.now, staged)?;
        drop(reader);
        let swept = uploads.len() + announced.len() + left_over.len();
        for LocalRow { kind, key, .. } in uploads {
            // A finished upload lies under its root by now, and nothing under this name.
            if let Ok(aside) = Hash32::from_hex(&key) {
                chunks.remove(&aside)?;
            }
            put_or_leave(store, Write::RemoveLocal { kind, key })?;
        }
        for gone in announced.into_iter().chain(left_over) {
            put_or_leave(store, Write::RemoveBlob { root: gone.root })?;
            chunks.remove(&gone.root)?;
        }
        put_or_leave(store, onward)?;
        self.forget_staged(store)?;
        Ok(swept)
    }

    /// The files staged here that this pass looks at: those after where the last one ended. So each is looked at in its
    /// turn, however many drafts keep the oldest.
    fn staged_page(&self, reader: &dyn Reader) -> Result<Vec<BlobRow>, Fault> {
        let after = reader.local(PASS, PASS)?.and_then(|row| read_pass(&row.bytes));
        let page = reader.blobs_in(BlobState::Staged, after, SWEPT_MAX)?;
        // The end was reached exactly: an empty pass would let the next wait for nothing.
        if page.is_empty() && after.is_some() {
            return Ok(reader.blobs_in(BlobState::Staged, None, SWEPT_MAX)?);
        }
        Ok(page)
    }

    /// Notes that a program's file waits for its act in a case.
    ///
    /// # Errors
    /// [`Failure`] when the store fails.
    pub fn note_staged(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        file: &Attachment,
    ) -> Result<(), Failure> {
        let row = self.local_row(env, WAITING.to_owned(), waiting_key(case, &file.root), file)?;
        commit(store, Write::PutLocal(row))
    }

    /// How many files wait for their act in a case.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn staged_count(&self, reader: &dyn Reader, case: &CaseId) -> Result<usize, Fault> {
        let of_case = |row: &&LocalRow| waiting_for(&row.key).is_some_and(|(of, _)| of == case.as_str());
        Ok(reader.local_list(WAITING)?.iter().filter(of_case).count())
    }

    /// A file that waits for its act in a case, by its root.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn staged_for(&self, reader: &dyn Reader, case: &CaseId, root: &Hash32) -> Result<Option<Attachment>, Fault> {
        let row = reader.local(WAITING, &waiting_key(case, root))?;
        row.map(|row| self.open_local(&row)).transpose()
    }

    /// The write that forgets that a file waits: its act has it.
    #[must_use]
    pub fn no_longer_staged(case: &CaseId, root: &Hash32) -> Write {
        Write::RemoveLocal { kind: WAITING.to_owned(), key: waiting_key(case, root) }
    }

    /// Forgets that files wait which are not here any more.
    fn forget_staged(&self, store: &mut dyn Store) -> Result<(), Fault> {
        let reader = store.reader()?;
        let mut gone = Vec::new();
        for LocalRow { kind, key, .. } in reader.local_list(WAITING)? {
            let root = waiting_for(&key).and_then(|(_, root)| Hash32::from_hex(root).ok());
            let here = root.map(|root| reader.blob(&root)).transpose()?.flatten().is_some();
            gone.extend((!here).then_some(Write::RemoveLocal { kind, key }));
        }
        drop(reader);
        gone.into_iter().try_for_each(|write| put_or_leave(store, write))
    }

    /// Files staged here longer ago than a form may stay open, sent with no act and named by no draft nor prepared act: what
    /// a discarded one or an abandoned form leaves.
    fn left_over(&self, reader: &dyn Reader, now: Timestamp, mut staged: Vec<BlobRow>) -> Result<Vec<BlobRow>, Fault> {
        staged.retain(|row| row.case.is_none() && now.duration_since(row.created_at.timestamp()) > UPLOAD_LASTS);
        if staged.is_empty() {
            return Ok(staged);
        }
        let drafts = self.drafts(reader, None)?;
        let prepared = self.prepared_acts(reader)?;
        let of_drafts = drafts.iter().flat_map(|draft| &draft.request.attachments);
        let of_acts = prepared.iter().flat_map(|prepared| prepared.deed.attachments());
        let named: BTreeSet<Hash32> = of_drafts.chain(of_acts).map(|file| file.root).collect();
        staged.retain(|row| !named.contains(&row.root));
        Ok(staged)
    }
}

/// The note of one file that waits.
fn waiting_key(case: &CaseId, root: &Hash32) -> String {
    format!("{case}/{root}")
}

/// The case and the root of such a note.
fn waiting_for(key: &str) -> Option<(&str, &str)> {
    key.rsplit_once('/')
}

/// What is noted of a pass: where it ended, or that it reached the end and the next begins anew.
fn onward(page: &[BlobRow]) -> Write {
    let (kind, key) = (PASS.to_owned(), PASS.to_owned());
    match page.last().filter(|_| page.len() >= SWEPT_MAX) {
        Some(last) => {
            let bytes = [last.created_at.as_us().to_be_bytes().as_slice(), &last.root.0].concat();
            Write::PutLocal(LocalRow { kind, key, version: 1, bytes })
        }
        None => Write::RemoveLocal { kind, key },
    }
}

fn read_pass(bytes: &[u8]) -> Option<(Moment, Hash32)> {
    let (at, root) = bytes.split_first_chunk::<8>()?;
    Some((Moment::from_us(i64::from_be_bytes(*at))?, Hash32(root.try_into().ok()?)))
}
