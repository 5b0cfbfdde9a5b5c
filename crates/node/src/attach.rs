//! Attachments: sealed chunk by chunk in constant memory, received chunk by chunk in any order, opened again.
//!
//! Owns staging, arrival and opening. Must not hold a whole file, nor know where chunks lie.

use std::collections::BTreeSet;
use std::io;

use domain::act::Act;
use domain::content::{Attachment, Lack, Missing};
use domain::ids::{CaseId, Hash32, PartyId};
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use ledger::Misbehaved;
use ledger::blob::{AttachmentRef, BlobKey, CHUNK_BYTES, ChunkOpener, ChunkSealer, verify_list};
use ledger::tree::leaf_hash;
use sha2::{Digest, Sha256};
use store::{Batch, BlobRow, BlobState, Chunks, CommitError, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// Most attachments a peer may have under way that no act has claimed yet: bounds what an idle promise may occupy.
const WANTED_MAX: usize = 64;

/// Most bytes a peer may have under way: six attachments of the largest size.
const WANTED_BYTES_MAX: u64 = 32 * 1024 * 1024 * 1024;

/// How long an announced attachment may take to come whole: the largest needs 10 kB/s.
const WANTED_LASTS: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How long an upload may take before what it left is swept away: the largest file needs 60 kB/s, and no officer waits
/// longer before a screen.
pub const UPLOAD_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// Most uploads swept in one call; the rest follow in the next.
const SWEPT_MAX: usize = 256;

/// Under which kind an upload under way is noted. The note is the moment it began, in Unix seconds: nothing secret.
const UPLOAD: &str = "upload";

/// An attachment being sealed as it is read.
pub struct Stager {
    key: BlobKey,
    sealer: ChunkSealer,
    aside: Hash32,
    buffer: Vec<u8>,
    hashes: Vec<[u8; 32]>,
    clear: Sha256,
    clear_bytes: u64,
}

/// What opening an attachment wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// Bytes written.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: Hash32,
}

impl Node {
    /// Begins to stage an attachment.
    #[must_use]
    pub fn stage(&self, env: &mut Env<'_>) -> Stager {
        let key = BlobKey::generate(env.rng);
        let mut aside = [0; 32];
        env.rng.fill_bytes(&mut aside);
        Stager {
            sealer: ChunkSealer::new(&key, CHUNK_BYTES),
            key,
            aside: Hash32(aside),
            buffer: Vec::new(),
            hashes: Vec::new(),
            clear: Sha256::new(),
            clear_bytes: 0,
        }
    }

    /// Begins to stage an attachment that comes from outside and may break off: it is noted first, so that what it leaves
    /// is found again by [`Node::sweep`].
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn stage_upload(&self, store: &mut dyn Store, env: &mut Env<'_>) -> Result<Stager, Fault> {
        let stager = self.stage(env);
        let (kind, key) = (UPLOAD.to_owned(), stager.aside.to_string());
        let bytes = env.now.as_second().to_be_bytes().to_vec();
        let note = Write::PutLocal(LocalRow { kind, key, version: 1, bytes });
        match store.commit(&Batch { expect: Vec::new(), writes: vec![note] }) {
            Ok(()) => Ok(stager),
            Err(CommitError::Conflict(_)) => Err(Fault::Contended),
            Err(CommitError::Fault(fault)) => Err(fault.into()),
        }
    }

    /// Removes what uploads left that began longer ago than [`UPLOAD_LASTS`], files as old that nothing written names and that
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
        let mut announced = reader.blobs_in(BlobState::Wanted, SWEPT_MAX)?;
        announced.retain(|row| env.now.duration_since(row.created_at.timestamp()) > WANTED_LASTS);
        let left_over = self.left_over(&*reader, env.now)?;
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
        Ok(swept)
    }

    /// Files staged here longer ago than a form may stay open, sent with no act and named by no draft nor prepared act:
    /// what a discarded one or an abandoned form leaves.
    fn left_over(&self, reader: &dyn Reader, now: Timestamp) -> Result<Vec<BlobRow>, Fault> {
        let mut staged = reader.blobs_in(BlobState::Staged, SWEPT_MAX)?;
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

    /// Opens an attachment into `sink`, chunk by chunk, and demands that it is whole and what its act says.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when a chunk or the whole is not what was signed; [`Failure::Fault`].
    pub fn open_attachment(
        &self,
        attachment: &Attachment,
        chunks: &dyn Chunks,
        sink: &mut dyn io::Write,
    ) -> Result<Opened, Failure> {
        let key = attachment.key.as_slice().try_into().map_err(|_| Misbehaved::BadKey("attachment"))?;
        let reference = crate::command::reference(attachment);
        let mut opener = ChunkOpener::new(&BlobKey::from_bytes(key), reference)?;
        let (mut clear, mut bytes) = (Sha256::new(), 0);
        for index in 0..reference.chunks() {
            let chunk = chunks.get(&attachment.root, index)?.ok_or(Misbehaved::WrongChunk(index))?;
            let plain = opener.open(chunk)?;
            clear.update(&plain);
            bytes += plain.len() as u64;
            sink.write_all(&plain).map_err(|why| Fault::record("attachment", why))?;
        }
        opener.finish()?;
        let opened = Opened { bytes, sha256: Hash32(clear.finalize().into()) };
        if opened.sha256 != attachment.sha256 || opened.bytes != attachment.bytes {
            return Err(Misbehaved::WrongProof("attachment").into());
        }
        Ok(opened)
    }

    /// A peer announces an attachment by the hashes of its chunks: they must make the root. Answers the chunks we have.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when the list is false or too many are under way; [`Failure::Fault`].
    pub fn blob_wanted(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        reference: &AttachmentRef,
        hashes: &[[u8; 32]],
    ) -> Result<Vec<u64>, Failure> {
        self.peer(from)?;
        reference.check()?;
        verify_list(reference, hashes)?;
        let root = Hash32(reference.root);
        let reader = store.reader()?;
        if reader.blob(&root)?.is_none() {
            let (given_up, under_way): (Vec<_>, Vec<_>) = reader
                .blobs_in(BlobState::Wanted, WANTED_MAX + 1)?
                .into_iter()
                .partition(|row| env.now.duration_since(row.created_at.timestamp()) > WANTED_LASTS);
            let bytes = under_way.iter().fold(reference.size, |sum, row| sum.saturating_add(row.size_bytes));
            if under_way.len() > WANTED_MAX || bytes > WANTED_BYTES_MAX {
                return Err(Misbehaved::Oversized { what: "attachments under way", limit_max: WANTED_BYTES_MAX }.into());
            }
            let row = BlobRow {
                root,
                size_bytes: reference.size,
                chunk_bytes: u64::from(reference.chunk_bytes),
                case: None,
                state: BlobState::Wanted,
                meta: hashes.concat(),
                created_at: env.now.into(),
            };
            drop(reader);
            // What never came whole gives way; a sender that still means it announces it again.
            for gone in given_up {
                commit(store, Write::RemoveBlob { root: gone.root })?;
                chunks.remove(&gone.root)?;
            }
            put(store, row)?;
        }
        Ok(chunks.have(&root)?)
    }

    /// A chunk arrives: it must be the one announced at that place. Storing it twice changes nothing.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when it is not; [`Failure::Fault`].
    pub fn blob_chunk(
        &self,
        reader: &dyn Reader,
        chunks: &dyn Chunks,
        root: &Hash32,
        index: u64,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let row = reader.blob(root)?.ok_or(Misbehaved::WrongChunk(index))?;
        let at = usize::try_from(index).ok().and_then(|index| index.checked_mul(32));
        let announced = at.and_then(|at| row.meta.get(at..at.checked_add(32)?));
        // The hash says nothing of the length, and only what was announced was weighed.
        let chunk_bytes = u32::try_from(row.chunk_bytes).map_err(|_| Misbehaved::WrongChunk(index))?;
        let whole = AttachmentRef { root: root.0, size: row.size_bytes, chunk_bytes };
        let as_long = whole.chunk_len(index) == Some(bytes.len() as u64);
        if !as_long || announced != Some(leaf_hash(bytes).as_slice()) {
            return Err(Misbehaved::WrongChunk(index).into());
        }
        Ok(chunks.put(root, index, bytes)?)
    }

    /// The list of chunk hashes of an attachment of ours, to announce it with.
    ///
    /// # Errors
    /// [`Fault::Record`] when there is no such attachment.
    pub fn blob_list(&self, reader: &dyn Reader, root: &Hash32) -> Result<Vec<[u8; 32]>, Fault> {
        let row = reader.blob(root)?.ok_or_else(|| Fault::record(format!("attachment {}", root.short()), "missing"))?;
        Ok(row.meta.chunks_exact(32).filter_map(|hash| hash.try_into().ok()).collect())
    }

    /// Keeps a staged attachment's row, so that an act may name it.
    ///
    /// # Errors
    /// [`Failure::Fault`] when the store fails.
    pub fn keep_staged(&self, store: &mut dyn Store, row: BlobRow) -> Result<(), Failure> {
        put(store, row)
    }

    /// Demands that every file of an act of ours is here: one that lay too long in a form is gone, and what is gone must
    /// not be signed for.
    pub(crate) fn holds_files(&self, reader: &dyn Reader, act: &Act) -> Result<(), Failure> {
        for attachment in act.deed.attachments() {
            if reader.blob(&attachment.root)?.is_none() {
                let missing = vec![Missing { field: "attachments".to_owned(), what: Lack::Empty }];
                return Err(Refusal::Incomplete { missing }.into());
            }
        }
        Ok(())
    }

    /// The writes that tie an act's attachments to its case.
    pub(crate) fn keep_blobs(&self, reader: &dyn Reader, act: &Act) -> Result<Vec<Write>, Fault> {
        let mut writes = Vec::new();
        for attachment in act.deed.attachments() {
            let row = reader.blob(&attachment.root)?;
            // What already belongs to a case stays there, and what we staged ourselves is for us to send.
            let free = |row: &BlobRow| row.case.is_none() && (row.state == BlobState::Wanted || act.by == *self.me());
            if let Some(row) = row.filter(free) {
                writes.push(Write::PutBlob(claimed(row, &act.case)));
            }
        }
        Ok(writes)
    }
}

impl Stager {
    /// Takes the next bytes; full chunks are sealed and put away at once.
    ///
    /// # Errors
    /// [`Fault`] when the file is too large or the disk fails.
    pub fn push(&mut self, mut bytes: &[u8], chunks: &dyn Chunks) -> Result<(), Fault> {
        self.clear.update(bytes);
        self.clear_bytes += bytes.len() as u64;
        let full = self.sealer.plain_bytes();
        while !bytes.is_empty() {
            // A full chunk is sealed only when more follows it: the last one is marked as such.
            if self.buffer.len() == full {
                let chunk = std::mem::take(&mut self.buffer);
                self.put_away(&chunk, false, chunks)?;
            }
            let take = bytes.len().min(full - self.buffer.len());
            self.buffer.extend_from_slice(&bytes[..take]);
            bytes = &bytes[take..];
        }
        Ok(())
    }

    /// Seals the last chunk and names the attachment by its root.
    ///
    /// # Errors
    /// As [`Stager::push`].
    pub fn finish(
        mut self,
        chunks: &dyn Chunks,
        env: &Env<'_>,
        name: &str,
        media_type: &str,
    ) -> Result<(Attachment, BlobRow), Fault> {
        let last = std::mem::take(&mut self.buffer);
        self.put_away(&last, true, chunks)?;
        let reference = self.sealer.finish().map_err(|why| Fault::record("attachment", why))?;
        let root = Hash32(reference.root);
        chunks.rename(&self.aside, &root)?;
        let attachment = Attachment {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: self.clear_bytes,
            sha256: Hash32(self.clear.finalize().into()),
            root,
            sealed_bytes: reference.size,
            chunk_bytes: reference.chunk_bytes,
            key: self.key.to_bytes().to_vec(),
        };
        let row = BlobRow {
            root,
            size_bytes: reference.size,
            chunk_bytes: u64::from(reference.chunk_bytes),
            case: None,
            state: BlobState::Staged,
            meta: self.hashes.concat(),
            created_at: env.now.into(),
        };
        Ok((attachment, row))
    }

    fn put_away(&mut self, plain: &[u8], last: bool, chunks: &dyn Chunks) -> Result<(), Fault> {
        let sealed = self.sealer.seal(plain, last).map_err(|why| Fault::record("attachment", why))?;
        chunks.put(&self.aside, self.hashes.len() as u64, &sealed)?;
        self.hashes.push(leaf_hash(&sealed));
        Ok(())
    }
}

fn claimed(row: BlobRow, case: &CaseId) -> BlobRow {
    BlobRow { case: Some(case.clone()), state: BlobState::Whole, ..row }
}

fn put(store: &mut dyn Store, row: BlobRow) -> Result<(), Failure> {
    commit(store, Write::PutBlob(row))
}

fn commit(store: &mut dyn Store, write: Write) -> Result<(), Failure> {
    Ok(put_or_leave(store, write)?)
}

/// A write that expects nothing; what somebody else changed meanwhile stays theirs.
fn put_or_leave(store: &mut dyn Store, write: Write) -> Result<(), Fault> {
    let batch = Batch { expect: Vec::new(), writes: vec![write] };
    match store.commit(&batch) {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
    }
}
