//! The folder of one node: what lies where, how it is made and how it is opened.
//!
//! Owns the names of its files and their permissions. Must not know sockets, the present time or randomness (the seed
//! is an argument).
//!
//! ```text
//! node.toml  seed.key (0600)  tls.cert.pem  tls.key.pem (0600)  card.json  instrument/  peers/*.json
//! entente.db  attachments/  lock  policy.toml (our own law, if there is one; shown to nobody)
//! ```

use std::fs;
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use domain::ids::{Hash32, PartyId};
use domain::instrument::{Instrument, SourceFile};
use domain::local::Policy;
use node::{Card, Keys, Node};
use store::{DiskChunks, Reader, Sqlite};

use crate::config::Config;
use crate::indicators::inspect;
use crate::peer::tls::Identity;

pub mod files;

/// Largest small file of ours read back: cards are the largest, and far below.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Most cards read: one a Party, and an instrument of more Parties than this does not exist.
const PEERS_MAX: usize = 256;
/// The seed all keys come from.
pub(crate) const SEED: &str = "seed.key";
/// The database.
pub(crate) const DATABASE: &str = "entente.db";
/// Our own law.
pub const POLICY: &str = "policy.toml";
/// Owner only: for whatever is secret.
pub(crate) const PRIVATE: u32 = 0o600;
/// Everyone may read: for whatever is shown to peers anyway.
const SHOWN: u32 = 0o644;

/// What is wrong with a node's folder, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{what}: `{}`; {remedy}", .at.display())]
pub struct HomeFault {
    /// What is wrong.
    pub what: String,
    /// Where.
    pub at: PathBuf,
    /// What to do about it.
    pub remedy: String,
}

/// The folder of one node, opened: its configuration has been read.
#[derive(Debug, Clone)]
pub struct Home {
    dir: PathBuf,
    config: Config,
    /// Read once: a node runs the instrument it was opened with, whatever is written into its folder meanwhile.
    instrument: OnceLock<Arc<Instrument>>,
}

/// The folder held for writing by this process; let go when dropped or when the process dies.
#[derive(Debug)]
pub struct Held(#[expect(dead_code, reason = "the lock lives as long as the open file")] fs::File);

impl HomeFault {
    /// A fault at a place.
    pub fn new(what: impl Into<String>, at: &Path, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), at: at.to_owned(), remedy: remedy.into() }
    }

    /// A fault of the disk, with the remedy that fits its kind.
    #[must_use]
    pub fn io(doing: &str, at: &Path, error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::NotFound => "check the path; `entente init` makes a node's folder",
            io::ErrorKind::PermissionDenied => "run as the user the node belongs to",
            io::ErrorKind::StorageFull => "make room on the disk",
            _ => "check the disk",
        };
        Self::new(format!("{doing} ({error})"), at, remedy)
    }
}

impl Home {
    /// Makes a node's folder: keys from `seed`, a certificate, a copy of the instrument, our card and the database.
    /// `dir` must be absent or empty.
    ///
    /// # Errors
    /// [`HomeFault`] when `dir` holds something, the instrument has errors or does not name the Party, or the disk
    /// refuses.
    pub fn init(dir: &Path, config: Config, sources: &[SourceFile], seed: &[u8; 32]) -> Result<Self, HomeFault> {
        let empty = fs::read_dir(dir).map_or(Ok(true), |mut entries| entries.next().transpose().map(|e| e.is_none()));
        if !empty.map_err(|e| HomeFault::io("cannot list", dir, &e))? {
            return Err(HomeFault::new("the folder is not empty", dir, "name a new one; nothing was changed"));
        }
        let instrument = sound(sources, dir)?;
        if instrument.party(&config.party).is_none() {
            let named: Vec<_> = instrument.parties().keys().map(ToString::to_string).collect();
            let what = format!("`{}` is no Party to the instrument `{}`", config.party, instrument.id());
            return Err(HomeFault::new(what, dir, format!("choose one of {}", named.join(", "))));
        }
        for folder in ["", "instrument", "peers", "attachments"] {
            let at = dir.join(folder);
            fs::create_dir_all(&at).map_err(|e| HomeFault::io("cannot make", &at, &e))?;
        }
        private_folder(dir)?;
        let home = Self { dir: dir.to_owned(), config, instrument: OnceLock::from(Arc::new(instrument)) };
        let identity = Identity::generate(&home.config.party);
        let identity = identity.map_err(|e| HomeFault::new(e.to_string(), dir, "try again"))?;
        files::write(&home.path("instrument"), sources)?;
        write_new(&home.path(SEED), format!("{}\n", Hash32(*seed)).as_bytes(), PRIVATE)?;
        write_new(&home.path("tls.cert.pem"), identity.cert_pem().as_bytes(), SHOWN)?;
        write_new(&home.path("tls.key.pem"), identity.key_pem().as_bytes(), PRIVATE)?;
        // Last, so that a folder left half made by a crash is not taken for a node's.
        home.write_card()?;
        home.database()?;
        write_new(&home.path("node.toml"), home.config.to_text().as_bytes(), SHOWN)?;
        Ok(home)
    }

    /// Opens a node's folder.
    ///
    /// # Errors
    /// [`HomeFault`] when it is none, or its `node.toml` cannot be read.
    pub fn open(dir: &Path) -> Result<Self, HomeFault> {
        let at = dir.join("node.toml");
        let text = read_text(&at)?;
        let config = Config::parse(&text);
        let config =
            config.map_err(|why| HomeFault::new(format!("cannot be read: {why}"), &at, "correct that line"))?;
        Ok(Self { dir: dir.to_owned(), config, instrument: OnceLock::new() })
    }

    /// Whether a folder is a node's.
    #[must_use]
    pub fn is_one(dir: &Path) -> bool {
        dir.join("node.toml").is_file()
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What `node.toml` says.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Writes `node.toml` and our card anew with other addresses, as the demo does when its ports change.
    ///
    /// # Errors
    /// [`HomeFault`] when the disk refuses.
    pub fn readdress(&mut self, config: Config) -> Result<(), HomeFault> {
        if config == self.config {
            return Ok(());
        }
        self.config = config;
        self.write_card()?;
        replace(&self.path("node.toml"), self.config.to_text().as_bytes(), SHOWN)
    }

    /// The instrument this node runs.
    ///
    /// # Errors
    /// [`HomeFault`] when a file of it cannot be read or has errors.
    pub fn instrument(&self) -> Result<Arc<Instrument>, HomeFault> {
        if let Some(held) = self.instrument.get() {
            return Ok(Arc::clone(held));
        }
        let dir = self.path("instrument");
        let read = Arc::new(sound(&files::read(&dir)?, &dir)?);
        Ok(Arc::clone(self.instrument.get_or_init(|| read)))
    }

    /// The seed all our keys come from.
    ///
    /// # Errors
    /// [`HomeFault`] when it is missing, damaged, or others may read it.
    pub fn seed(&self) -> Result<[u8; 32], HomeFault> {
        let at = self.path(SEED);
        let meta = fs::metadata(&at).map_err(|e| HomeFault::io("cannot read", &at, &e))?;
        if meta.permissions().mode() & 0o077 != 0 {
            return Err(HomeFault::new("others may read the key", &at, "`chmod 600` it, and ask who has"));
        }
        let seed = Hash32::from_hex(read_text(&at)?.trim());
        Ok(seed.map_err(|why| HomeFault::new(why.to_string(), &at, "restore it from a backup"))?.0)
    }

    /// Our TLS certificate and key.
    ///
    /// # Errors
    /// [`HomeFault`] when either is missing or unusable.
    pub fn identity(&self) -> Result<Identity, HomeFault> {
        let cert = self.path("tls.cert.pem");
        let identity = Identity::from_pem(read_text(&cert)?, read_text(&self.path("tls.key.pem"))?);
        identity.map_err(|why| HomeFault::new(why.to_string(), &cert, "restore certificate and key from a backup"))
    }

    /// Our card as kept, for peers.
    ///
    /// # Errors
    /// [`HomeFault`] when it cannot be read or its signatures are false.
    pub fn card(&self) -> Result<Card, HomeFault> {
        read_card(&self.path("card.json"))
    }

    /// A Party's card as the file it was given as, ours or a peer's.
    ///
    /// # Errors
    /// [`HomeFault`] when it cannot be read.
    pub fn card_file(&self, party: &PartyId) -> Result<String, HomeFault> {
        let ours = *party == self.config.party;
        read_text(&if ours { self.card_path() } else { self.path("peers").join(format!("{party}.json")) })
    }

    /// Where our card lies.
    #[must_use]
    pub fn card_path(&self) -> PathBuf {
        self.path("card.json")
    }

    /// The cards of the other Parties, by Party.
    ///
    /// # Errors
    /// [`HomeFault`] naming the first card that cannot be used.
    pub fn peers(&self) -> Result<Vec<Card>, HomeFault> {
        let dir = self.path("peers");
        let listing = fs::read_dir(&dir).map_err(|e| HomeFault::io("cannot list", &dir, &e))?;
        let mut cards = Vec::new();
        for entry in listing.take(PEERS_MAX) {
            let at = entry.map_err(|e| HomeFault::io("cannot list", &dir, &e))?.path();
            if at.extension().is_some_and(|ext| ext == "json") {
                cards.push(read_card(&at)?);
            }
        }
        cards.sort_by(|a, b| a.party.cmp(&b.party));
        Ok(cards)
    }

    /// Adds or replaces another Party's card from a file, once it fits our instrument.
    ///
    /// # Errors
    /// [`HomeFault`] when the card is false, of our own Party, of no Party, or for another instrument.
    pub fn add_peer(&self, card_file: &Path) -> Result<Card, HomeFault> {
        self.add_peer_called(card_file, None)
    }

    /// The same; the card must have the fingerprint that was heard over the telephone, if one was.
    ///
    /// # Errors
    /// As [`Home::add_peer`], and when the card is another than the one heard of. Nothing is changed then.
    pub fn add_peer_called(&self, card_file: &Path, heard: Option<&str>) -> Result<Card, HomeFault> {
        let text = read_text(card_file)?;
        let card = Card::from_json(&text);
        let card = card.map_err(|why| HomeFault::new(why.to_string(), card_file, "ask that Party for its card"))?;
        if heard.is_some_and(|heard| !card.is_called(heard)) {
            let what = format!("the card's fingerprint is {}, not the one given", card.fingerprint());
            let remedy = "nothing was added; call that Party on a number you know, and find out who made this card";
            return Err(HomeFault::new(what, card_file, remedy));
        }
        // The node itself knows which cards it can work with.
        self.node_with(vec![card.clone()])?;
        replace(&self.path("peers").join(format!("{}.json", card.party)), text.as_bytes(), SHOWN)?;
        Ok(card)
    }

    /// The node: keys, instrument, peers and every amendment both sides have signed. Which of those is in force turns on
    /// the time: whoever runs the node asks it ([`Node::renewed`]).
    ///
    /// # Errors
    /// [`HomeFault`] when any of them cannot be read or do not fit each other.
    pub fn node(&self) -> Result<Node, HomeFault> {
        let unfit = |why: node::Fault| HomeFault::new(why.to_string(), &self.dir, "run `entente doctor`");
        let node = self.node_with(self.peers()?)?;
        let renewed = node.renewed(&*self.database_read_only()?, jiff::Timestamp::MIN).map_err(unfit)?;
        let node = renewed.unwrap_or(node);
        match self.policy(&node)? {
            Some(policy) => node.with_policy(policy).map_err(unfit),
            None => Ok(node),
        }
    }

    /// Opens the database for writing, making it if there is none.
    ///
    /// # Errors
    /// [`HomeFault`] with the store's words.
    pub fn database(&self) -> Result<Sqlite, HomeFault> {
        let at = self.path(DATABASE);
        Sqlite::open(&at).map_err(|why| HomeFault::new(why.to_string(), &at, "run `entente doctor`"))
    }

    /// Opens the database for reading only.
    ///
    /// # Errors
    /// [`HomeFault`] with the store's words.
    pub fn database_read_only(&self) -> Result<Box<dyn Reader + Send>, HomeFault> {
        let at = self.path(DATABASE);
        Sqlite::open_read_only(&at).map_err(|why| HomeFault::new(why.to_string(), &at, "run `entente doctor`"))
    }

    /// Where attachments are kept.
    ///
    /// # Errors
    /// [`HomeFault`] when the folder cannot be made.
    pub fn chunks(&self) -> Result<DiskChunks, HomeFault> {
        let at = self.path("attachments");
        DiskChunks::new(&at).map_err(|why| HomeFault::new(why.to_string(), &at, "check the disk"))
    }

    /// Holds the folder, so that two processes never serve it at once.
    ///
    /// # Errors
    /// [`HomeFault`] when another process holds it.
    pub fn hold(&self) -> Result<Held, HomeFault> {
        let at = self.path("lock");
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(PRIVATE).open(&at);
        let file = file.map_err(|e| HomeFault::io("cannot open", &at, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Held(file)),
            Err(fs::TryLockError::WouldBlock) => {
                Err(HomeFault::new("another process serves this node", &self.dir, "stop it first, or use it"))
            }
            Err(fs::TryLockError::Error(e)) => Err(HomeFault::io("cannot lock", &at, &e)),
        }
    }

    /// Reads a seed kept elsewhere: 64 hexadecimal digits in a file.
    ///
    /// # Errors
    /// [`HomeFault`] when it cannot be read or is none.
    pub fn seed_in(at: &Path) -> Result<[u8; 32], HomeFault> {
        let seed = Hash32::from_hex(read_text(at)?.trim());
        Ok(seed.map_err(|why| HomeFault::new(why.to_string(), at, "this is not the file it should be"))?.0)
    }

    fn node_with(&self, peers: Vec<Card>) -> Result<Node, HomeFault> {
        let instrument = self.instrument()?;
        let party = &self.config.party;
        let keys = Keys::from_seed(&self.seed()?, &instrument, party);
        let unfit = |why: node::Fault| HomeFault::new(why.to_string(), &self.dir, "run `entente doctor`");
        Ok(Node::new(party.clone(), instrument, keys, peers).map_err(unfit)?.with_inspection(inspect))
    }

    /// Puts our own law into the folder: the node keeps to it from its next start.
    ///
    /// # Errors
    /// [`HomeFault`] when it cannot be written.
    pub fn put_policy(&self, text: &str) -> Result<(), HomeFault> {
        replace(&self.path(POLICY), text.as_bytes(), PRIVATE)
    }

    /// Our own law, when the folder holds a policy. A broken one stops the node: it must never run unguarded by mistake. It
    /// is read against the version of the instrument signed last; where that no longer knows what the policy asks about,
    /// which running cases under an earlier one may still need, against the latest that does.
    fn policy(&self, node: &Node) -> Result<Option<Policy>, HomeFault> {
        let at = self.path(POLICY);
        if !at.exists() {
            return Ok(None);
        }
        let file = SourceFile { name: POLICY.to_owned(), text: read_text(&at)? };
        let earlier = node.instruments().iter().rev().skip(1);
        let loaded = Policy::load(&file, &node.instruments().latest().instrument);
        let found = loaded.policy.is_none().then(|| {
            let mut read = earlier.map(|version| Policy::load(&file, &version.instrument).policy);
            read.find_map(|policy| policy)
        });
        let found = found.flatten();
        let first = loaded.findings.first().map(ToString::to_string).unwrap_or_default();
        let what = format!("{} errors in our own law; {first}", loaded.errors());
        let policy = loaded.policy.or(found);
        policy.map(Some).ok_or_else(|| HomeFault::new(what, &at, "`entente check` lists every finding"))
    }

    fn write_card(&self) -> Result<(), HomeFault> {
        let at = self.card_path();
        let pin = self.identity()?.spki_sha256().map_err(|why| HomeFault::new(why.to_string(), &at, "try again"))?;
        let text = self.node_with(Vec::new())?.card_file(&self.config.endpoint, pin);
        let text = text.map_err(|why| HomeFault::new(why.to_string(), &at, "try again"))?;
        replace(&at, text.as_bytes(), SHOWN)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// The instrument in these files, if it has no errors.
///
/// # Errors
/// [`HomeFault`] with the first finding and how many there are.
pub fn sound(sources: &[SourceFile], at: &Path) -> Result<Instrument, HomeFault> {
    let loaded = Instrument::load(sources);
    let errors = loaded.errors();
    let first = loaded.findings.iter().find(|found| found.severity == domain::instrument::Severity::Error);
    let first = first.map_or_else(|| "it holds no instrument".to_owned(), ToString::to_string);
    let remedy = "`entente check` lists every finding";
    loaded.instrument.ok_or_else(|| HomeFault::new(format!("{errors} errors in the instrument; {first}"), at, remedy))
}

fn read_card(at: &Path) -> Result<Card, HomeFault> {
    Card::from_json(&read_text(at)?).map_err(|why| HomeFault::new(why.to_string(), at, "ask that Party for its card"))
}

fn read_text(at: &Path) -> Result<String, HomeFault> {
    let meta = fs::metadata(at).map_err(|e| HomeFault::io("cannot read", at, &e))?;
    if meta.len() > FILE_BYTES_MAX {
        let what = format!("the file is larger than {FILE_BYTES_MAX} bytes");
        return Err(HomeFault::new(what, at, "this is not the file it should be"));
    }
    fs::read_to_string(at).map_err(|e| HomeFault::io("cannot read", at, &e))
}

pub(crate) fn private_folder(dir: &Path) -> Result<(), HomeFault> {
    let mode = fs::Permissions::from_mode(0o700);
    fs::set_permissions(dir, mode).map_err(|e| HomeFault::io("cannot make private", dir, &e))
}

/// Writes a file that must not be there yet.
pub(crate) fn write_new(at: &Path, bytes: &[u8], mode: u32) -> Result<(), HomeFault> {
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(mode).open(at);
    let written = file.and_then(|mut file| {
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    written.map_err(|e| HomeFault::io("cannot write", at, &e))
}

/// Writes aside and renames, so that a crash leaves the old file or the new one.
pub(crate) fn replace(at: &Path, bytes: &[u8], mode: u32) -> Result<(), HomeFault> {
    let aside = at.with_extension("part");
    // What an earlier crash left aside; absent in the usual case.
    let _absent = fs::remove_file(&aside);
    write_new(&aside, bytes, mode)?;
    fs::rename(&aside, at).map_err(|e| HomeFault::io("cannot replace", at, &e))
}
