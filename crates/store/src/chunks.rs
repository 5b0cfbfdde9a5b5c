//! The chunks of large attachments, kept as files beside the database.
//!
//! Owns where a chunk lies and how it gets there whole: written aside, synced, renamed, the directory synced. Must
//! not know what a chunk says, nor verify it against its root: the caller does. No name from a peer becomes a path:
//! a path is made of the hexadecimal digits of a hash and of a number.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use domain::ids::Hash32;

use crate::fault::Fault;

/// Longest chunk kept or read back, in bytes. The protocol cuts at one mebibyte and each chunk carries a tag, so
/// twice that is room enough and a bound on what a damaged file can make us allocate.
pub const CHUNK_BYTES_MAX: usize = 2 * 1024 * 1024;
/// What a file still being written is called after its number; never part of a chunk's name.
const ASIDE: &str = ".part";

/// Where chunks are kept, by the root hash of their blob and their number from 0.
pub trait Chunks: Send + Sync {
    /// Keeps a chunk durably; the same number again replaces it.
    ///
    /// # Errors
    /// [`Fault::Misuse`] above [`CHUNK_BYTES_MAX`]; [`Fault::Backend`] when the disk fails.
    fn put(&self, root: &Hash32, index: u64, bytes: &[u8]) -> Result<(), Fault>;

    /// Reads a chunk; `None` when it is not here.
    ///
    /// # Errors
    /// [`Fault::Backend`] when the disk fails; [`Fault::Corrupt`] above [`CHUNK_BYTES_MAX`].
    fn get(&self, root: &Hash32, index: u64) -> Result<Option<Vec<u8>>, Fault>;

    /// The numbers of the chunks here, rising.
    ///
    /// # Errors
    /// [`Fault::Backend`] when the disk fails.
    fn have(&self, root: &Hash32) -> Result<Vec<u64>, Fault>;

    /// Removes all chunks of a blob; none is no error.
    ///
    /// # Errors
    /// [`Fault::Backend`] when the disk fails.
    fn remove(&self, root: &Hash32) -> Result<(), Fault>;

    /// Moves the chunks of `from`, a name of our own making, to their root once it is known. Chunks `to` already
    /// has are replaced. Safe to repeat after a failure.
    ///
    /// # Errors
    /// [`Fault::Backend`] when the disk fails.
    fn rename(&self, from: &Hash32, to: &Hash32) -> Result<(), Fault>;
}

/// Chunks as files: one directory a blob, one file a chunk.
#[derive(Debug)]
pub struct DiskChunks {
    dir: PathBuf,
    /// Tells apart two writers of the same chunk; only the number has to differ, so no order is asked of it.
    writers: AtomicU64,
}

/// Root and number to bytes.
type Kept = BTreeMap<(Hash32, u64), Vec<u8>>;

/// Chunks in memory, for tests and the simulator.
#[derive(Debug, Default)]
pub struct MemoryChunks {
    chunks: Mutex<Kept>,
}

impl DiskChunks {
    /// Keeps chunks below `dir`, which is made if it is missing.
    ///
    /// # Errors
    /// [`Fault::Backend`] when it cannot be made.
    pub fn new(dir: impl Into<PathBuf>) -> Result<Self, Fault> {
        let dir = dir.into();
        make_dir(&dir).map_err(|error| disk("making the attachment directory", &error))?;
        Ok(Self { dir, writers: AtomicU64::new(0) })
    }

    fn blob(&self, root: &Hash32) -> PathBuf {
        self.dir.join(root.to_string())
    }

    fn store(&self, root: &Hash32, index: u64, bytes: &[u8]) -> io::Result<()> {
        let blob = self.blob(root);
        if !blob.is_dir() {
            make_dir(&blob)?;
            sync_dir(&self.dir)?;
        }
        let writer = self.writers.fetch_add(1, Ordering::Relaxed);
        let aside = blob.join(format!("{}{ASIDE}{writer}", chunk_name(index)));
        let written = write_aside(&aside, bytes).and_then(|()| fs::rename(&aside, blob.join(chunk_name(index))));
        if written.is_err() {
            // The first error is the one to report; a file left aside is never read as a chunk.
            let _left = fs::remove_file(&aside);
        }
        written?;
        sync_dir(&blob)
    }

    fn indexes(&self, root: &Hash32) -> io::Result<Vec<u64>> {
        let entries = match fs::read_dir(self.blob(root)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut found = Vec::new();
        for entry in entries {
            found.extend(entry?.file_name().to_str().and_then(chunk_index));
        }
        found.sort_unstable();
        Ok(found)
    }

    fn discard(&self, root: &Hash32) -> io::Result<()> {
        match fs::remove_dir_all(self.blob(root)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other.and_then(|()| sync_dir(&self.dir)),
        }
    }

    fn shift(&self, from: &Hash32, to: &Hash32) -> io::Result<()> {
        let (source, target) = (self.blob(from), self.blob(to));
        let indexes = self.indexes(from)?;
        if indexes.is_empty() {
            return self.discard(from);
        }
        make_dir(&target)?;
        for index in indexes {
            fs::rename(source.join(chunk_name(index)), target.join(chunk_name(index)))?;
        }
        sync_dir(&target)?;
        self.discard(from)
    }
}

impl Chunks for DiskChunks {
    fn put(&self, root: &Hash32, index: u64, bytes: &[u8]) -> Result<(), Fault> {
        check_len(bytes)?;
        self.store(root, index, bytes).map_err(|error| disk("writing an attachment", &error))
    }

    fn get(&self, root: &Hash32, index: u64) -> Result<Option<Vec<u8>>, Fault> {
        let reading = |error: io::Error| disk("reading an attachment", &error);
        let file = match File::open(self.blob(root).join(chunk_name(index))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(reading)?,
        };
        let mut bytes = Vec::new();
        file.take(CHUNK_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(reading)?;
        if bytes.len() > CHUNK_BYTES_MAX {
            return Err(Fault::Corrupt { table: "chunk", reason: format!("longer than {CHUNK_BYTES_MAX} bytes") });
        }
        Ok(Some(bytes))
    }

    fn have(&self, root: &Hash32) -> Result<Vec<u64>, Fault> {
        self.indexes(root).map_err(|error| disk("listing an attachment", &error))
    }

    fn remove(&self, root: &Hash32) -> Result<(), Fault> {
        self.discard(root).map_err(|error| disk("removing an attachment", &error))
    }

    fn rename(&self, from: &Hash32, to: &Hash32) -> Result<(), Fault> {
        if from == to {
            return Ok(());
        }
        self.shift(from, to).map_err(|error| disk("renaming an attachment", &error))
    }
}

impl MemoryChunks {
    /// No chunks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> Result<MutexGuard<'_, Kept>, Fault> {
        let reason = "a writer panicked";
        self.chunks.lock().map_err(|_| Fault::Backend { doing: "locking the chunks", reason: reason.into() })
    }
}

impl Chunks for MemoryChunks {
    fn put(&self, root: &Hash32, index: u64, bytes: &[u8]) -> Result<(), Fault> {
        check_len(bytes)?;
        self.lock()?.insert((*root, index), bytes.to_vec());
        Ok(())
    }

    fn get(&self, root: &Hash32, index: u64) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.lock()?.get(&(*root, index)).cloned())
    }

    fn have(&self, root: &Hash32) -> Result<Vec<u64>, Fault> {
        Ok(self.lock()?.range((*root, 0)..=(*root, u64::MAX)).map(|((_, index), _)| *index).collect())
    }

    fn remove(&self, root: &Hash32) -> Result<(), Fault> {
        self.lock()?.retain(|(of, _), _| of != root);
        Ok(())
    }

    fn rename(&self, from: &Hash32, to: &Hash32) -> Result<(), Fault> {
        let mut chunks = self.lock()?;
        let moving: Vec<u64> = chunks.range((*from, 0)..=(*from, u64::MAX)).map(|((_, index), _)| *index).collect();
        for index in moving {
            if let Some(bytes) = chunks.remove(&(*from, index)) {
                chunks.insert((*to, index), bytes);
            }
        }
        Ok(())
    }
}

fn check_len(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.len() > CHUNK_BYTES_MAX {
        return Err(Fault::Misuse { reason: format!("a chunk of {} bytes", bytes.len()) });
    }
    Ok(())
}

/// Sixteen hexadecimal digits.
fn chunk_name(index: u64) -> String {
    format!("{index:016x}")
}

fn chunk_index(name: &str) -> Option<u64> {
    let index = u64::from_str_radix(name, 16).ok()?;
    (chunk_name(index) == name).then_some(index)
}

fn write_aside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn make_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A rename is durable only once its directory is.
fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn disk(doing: &'static str, error: &io::Error) -> Fault {
    Fault::Backend { doing, reason: error.to_string() }
}
