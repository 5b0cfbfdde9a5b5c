//! A backup of a node's folder in one encrypted file, made while the node runs, and the folder made from it again.
//!
//! Owns the file's form. The key is derived from the Party's seed, and the seed is never in the file: what must be kept
//! apart for the node's own sake is what opens its backups, and a backup found alone opens nothing. Must not know what a
//! record of the database says.
//!
//! ```text
//! entente/backup/1 ⏎ salt (32 bytes) [+ length (4 bytes, little-endian) record]
//! record = ledger::rest, bound to its number and to whether it is the last; together they are
//! [* file LENGTH NAME ⏎ bytes] end COUNT ⏎
//! ```

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use domain::ids::Hash32;
use ledger::rest;
use rand_core::CryptoRng;
use store::Sqlite;

use crate::home::{DATABASE, Home, HomeFault, PRIVATE, SEED, write_new};

const HEAD: &[u8] = b"entente/backup/1\n";
const SALT_BYTES: usize = 32;
/// One record's content, in bytes: what is in memory at a time.
const RECORD_BYTES: usize = 1 << 20;
/// A record as written: its content with nonce and tag. A file that announces more is none of ours.
const RECORD_BYTES_MAX: usize = RECORD_BYTES + 64;
/// Files of one backup: pieces of attachments are a mebibyte each, so this is a tebibyte of them.
const FILES_MAX: u64 = 1 << 20;
/// Folders within folders: attachments lie two deep.
const DEPTH_MAX: usize = 4;
/// A line that names a file, in bytes.
const LINE_BYTES_MAX: u64 = 512;
/// Any file but the database, in bytes: pieces of attachments are the largest.
const FILE_BYTES_MAX: u64 = 8 << 20;
/// What belongs to the running process and to nothing else.
const PASSING: &[&str] = &["lock", SEED, DATABASE, "entente.db-wal", "entente.db-shm", SNAPSHOT];
/// Where the copy of the database lies until it is sealed.
const SNAPSHOT: &str = "backup.part";

/// What was written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Writes a backup of the folder to a new file: the database first, as of one instant, then everything else. A piece of an
/// attachment that an act of that instant names was there before it.
///
/// # Errors
/// [`HomeFault`] when a file cannot be read or written.
pub fn make(home: &Home, to: &Path, rng: &mut dyn CryptoRng) -> Result<Tally, HomeFault> {
    let mut salt = [0; SALT_BYTES];
    rng.fill_bytes(&mut salt);
    write_new(to, &[], PRIVATE)?;
    let file = File::options().write(true).open(to).map_err(|e| HomeFault::io("cannot write", to, &e))?;
    let mut out = Sealing { out: BufWriter::new(file), key: key(home, &salt)?, number: 0, buffer: Vec::new(), rng };
    let wrote = out.out.write_all(HEAD).and_then(|()| out.out.write_all(&salt));
    wrote.map_err(|e| HomeFault::io("cannot write", to, &e))?;
    let snapshot = home.dir().join(SNAPSHOT);
    let copied = home.copy_database(&snapshot).and_then(|()| gather(home.dir(), &snapshot, &mut out));
    // Whatever happened, no second copy of the database stays behind.
    let _absent = fs::remove_file(&snapshot);
    let tally = copied?;
    let ended = out.finish().and_then(|file| file.sync_all());
    ended.map_err(|e| HomeFault::io("cannot write", to, &e))?;
    Ok(tally)
}

/// Makes a node's folder from a backup and the seed it was made under. `dir` must be absent or empty.
///
/// # Errors
/// [`HomeFault`] when the file is no backup, is altered or cut, or was made under another seed; the folder is then not a
/// node's.
pub fn unfold(from: &Path, seed: &[u8; 32], dir: &Path) -> Result<Tally, HomeFault> {
    let empty =
        fs::read_dir(dir).map_or(Ok(true), |mut entries| entries.next().transpose().map(|entry| entry.is_none()));
    if !empty.map_err(|e| HomeFault::io("cannot list", dir, &e))? {
        return Err(HomeFault::new("the folder is not empty", dir, "name a new one; nothing was changed"));
    }
    let file = File::open(from).map_err(|e| HomeFault::io("cannot read", from, &e))?;
    let mut opening = Opening::new(BufReader::new(file), seed).map_err(|e| unreadable(from, &e))?;
    fs::create_dir_all(dir).map_err(|e| HomeFault::io("cannot make", dir, &e))?;
    crate::home::private_folder(dir)?;
    let mut tally = Tally { files: 0, bytes: 0 };
    let mut last = None;
    loop {
        let line = opening.line().map_err(|e| unreadable(from, &e))?;
        let Some((bytes, name)) = named(&line) else {
            let whole =
                line == format!("end {}", tally.files) && opening.is_over().map_err(|e| unreadable(from, &e))?;
            return if whole { settle(dir, last, seed).map(|()| tally) } else { Err(unreadable(from, &damaged())) };
        };
        tally.files += 1;
        if tally.files > FILES_MAX {
            return Err(unreadable(from, &damaged()));
        }
        tally.bytes += bytes;
        let at = dir.join(&name);
        if let Some(parent) = at.parent() {
            fs::create_dir_all(parent).map_err(|e| HomeFault::io("cannot make", parent, &e))?;
        }
        // `node.toml` makes a folder a node's: it is put there last, under its name.
        let part = name == Path::new(NODE);
        let place = if part { dir.join("node.part") } else { at };
        write_new(&place, &[], PRIVATE)?;
        let taken = File::options().write(true).open(&place).and_then(|mut file| {
            let copied = io::copy(&mut (&mut opening).take(bytes), &mut file)?;
            file.sync_all()?;
            if copied == bytes { Ok(()) } else { Err(damaged()) }
        });
        taken.map_err(|e| unreadable(from, &e))?;
        if part {
            last = Some(place);
        }
    }
}

const NODE: &str = "node.toml";

/// The seed and the configuration, once everything else is there and nothing was missing.
fn settle(dir: &Path, node: Option<PathBuf>, seed: &[u8; 32]) -> Result<(), HomeFault> {
    let node = node.ok_or_else(|| HomeFault::new("the backup has no `node.toml`", dir, "it is of no node's folder"))?;
    write_new(&dir.join(SEED), format!("{}\n", Hash32(*seed)).as_bytes(), PRIVATE)?;
    let at = dir.join(NODE);
    fs::rename(&node, &at).map_err(|e| HomeFault::io("cannot write", &at, &e))
}

fn gather(dir: &Path, snapshot: &Path, out: &mut Sealing<'_>) -> Result<Tally, HomeFault> {
    let mut tally = Tally { files: 1, bytes: 0 };
    let mut file = File::open(snapshot).map_err(|e| kept_out(snapshot, &e))?;
    let length = file.metadata().map_err(|e| kept_out(snapshot, &e))?.len();
    writeln!(out, "file {length} {DATABASE}")
        .and_then(|()| io::copy(&mut file, out))
        .map_err(|e| kept_out(snapshot, &e))?;
    tally.bytes += length;
    let mut left = vec![(dir.to_owned(), 0)];
    while let Some((folder, depth)) = left.pop() {
        let listing = fs::read_dir(&folder).map_err(|e| HomeFault::io("cannot list", &folder, &e))?;
        let mut paths = listing.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>();
        let paths = paths.as_mut().map_err(|e| HomeFault::io("cannot list", &folder, e))?;
        paths.sort();
        for at in paths.drain(..) {
            let name = at.strip_prefix(dir).unwrap_or(&at).to_string_lossy().into_owned();
            let passing = PASSING.contains(&name.as_str()) || at.extension().is_some_and(|ext| ext == "part");
            if at.is_dir() && depth < DEPTH_MAX {
                left.push((at, depth + 1));
                continue;
            }
            if passing || !at.is_file() {
                continue;
            }
            let mut bytes = Vec::new();
            let read = File::open(&at).and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes));
            match read {
                // Erased or replaced while we looked.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => return Err(HomeFault::io("cannot back up", &at, &e)),
                Ok(_) if bytes.len() as u64 > FILE_BYTES_MAX => {
                    return Err(HomeFault::new("a file is larger than any of a node's", &at, "move it elsewhere"));
                }
                Ok(_) => {}
            }
            writeln!(out, "file {} {name}", bytes.len())
                .and_then(|()| out.write_all(&bytes))
                .map_err(|e| kept_out(&at, &e))?;
            tally.files += 1;
            tally.bytes += bytes.len() as u64;
        }
    }
    writeln!(out, "end {}", tally.files).map_err(|e| kept_out(dir, &e))?;
    Ok(tally)
}

fn kept_out(at: &Path, why: &io::Error) -> HomeFault {
    HomeFault::io("cannot back up", at, why)
}

/// A file's length and name, from its line; a name that leads out of the folder is none.
fn named(line: &str) -> Option<(u64, PathBuf)> {
    let (bytes, name) = line.strip_prefix("file ")?.split_once(' ')?;
    let path = PathBuf::from(name);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_))) && path.components().count() > 0;
    let ours = path.components().count() <= DEPTH_MAX + 1 && name != SEED;
    Some((bytes.parse().ok()?, path)).filter(|_| inside && ours)
}

fn key(home: &Home, salt: &[u8; SALT_BYTES]) -> Result<[u8; 32], HomeFault> {
    Ok(key_of(&home.seed()?, salt))
}

fn key_of(seed: &[u8; 32], salt: &[u8; SALT_BYTES]) -> [u8; 32] {
    rest::derive(seed, &format!("entente/key/1/backup/{}", Hash32(*salt)))
}

/// What a record is bound to: none can be moved, and the last one says that nothing follows.
fn place(number: u64, last: bool) -> Vec<u8> {
    format!("backup/{number}/{}", if last { "last" } else { "more" }).into_bytes()
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it was altered or cut, or made under another seed")
}

fn unreadable(from: &Path, why: &io::Error) -> HomeFault {
    HomeFault::new(format!("the backup cannot be read ({why})"), from, "take another backup, or the seed of this one")
}

/// Seals what is written, record by record.
struct Sealing<'r> {
    out: BufWriter<File>,
    key: [u8; 32],
    number: u64,
    buffer: Vec<u8>,
    rng: &'r mut dyn CryptoRng,
}

impl Sealing<'_> {
    fn seal(&mut self, last: bool) -> io::Result<()> {
        let sealed = rest::wrap(&self.key, &place(self.number, last), &self.buffer, self.rng);
        let sealed = sealed.map_err(io::Error::other)?;
        self.number += 1;
        self.buffer.clear();
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&sealed)
    }

    fn finish(mut self) -> io::Result<File> {
        self.seal(true)?;
        self.out.into_inner().map_err(|e| e.into_error())
    }
}

impl Write for Sealing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() == RECORD_BYTES {
            self.seal(false)?;
        }
        let taken = bytes.len().min(RECORD_BYTES - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens records in order.
struct Opening<R> {
    from: R,
    key: [u8; 32],
    number: u64,
    record: Vec<u8>,
    at: usize,
    over: bool,
}

impl<R: Read> Opening<R> {
    fn new(mut from: R, seed: &[u8; 32]) -> io::Result<Self> {
        let (mut head, mut salt) = ([0; HEAD.len()], [0; SALT_BYTES]);
        from.read_exact(&mut head)?;
        if head != *HEAD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no backup"));
        }
        from.read_exact(&mut salt)?;
        Ok(Self { from, key: key_of(seed, &salt), number: 0, record: Vec::new(), at: 0, over: false })
    }

    fn next_record(&mut self) -> io::Result<()> {
        let mut length = [0; 4];
        self.from.read_exact(&mut length).map_err(|_| damaged())?;
        let length = u32::from_le_bytes(length) as usize;
        if length > RECORD_BYTES_MAX {
            return Err(damaged());
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed).map_err(|_| damaged())?;
        let open = |last| rest::unwrap(&self.key, &place(self.number, last), &sealed).ok();
        let (opened, over) = match open(false) {
            Some(opened) => (opened, false),
            None => (open(true).ok_or_else(damaged)?, true),
        };
        self.record = opened.to_vec();
        (self.at, self.over) = (0, over);
        self.number += 1;
        Ok(())
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        let mut one = [0; 1];
        while line.len() as u64 <= LINE_BYTES_MAX {
            if self.read(&mut one)? == 0 {
                return Err(damaged());
            }
            if one == *b"\n" {
                return String::from_utf8(line).map_err(|_| damaged());
            }
            line.push(one[0]);
        }
        Err(damaged())
    }

    /// Whether nothing follows, in this record or after it.
    fn is_over(&mut self) -> io::Result<bool> {
        if !self.over && self.at == self.record.len() {
            self.next_record()?;
        }
        let mut more = [0; 1];
        Ok(self.over && self.at == self.record.len() && self.from.read(&mut more)? == 0)
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.at == self.record.len() {
            if self.over {
                return Ok(0);
            }
            self.next_record()?;
        }
        let taken = to.len().min(self.record.len() - self.at);
        to[..taken].copy_from_slice(&self.record[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

impl Home {
    fn copy_database(&self, to: &Path) -> Result<(), HomeFault> {
        // What an earlier crash left behind.
        let _absent = fs::remove_file(to);
        let copied = Sqlite::snapshot(self.dir().join(DATABASE), to);
        copied.map_err(|why| HomeFault::new(why.to_string(), to, "run `entente doctor`"))
    }
}
