//! `entente ledger restore`: our shared record made again from the other Party's copy.
//!
//! Owns the asking and what is shown. Must not know what must hold: the node does, and writes nothing before the whole log
//! was checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::ids::PartyId;
use node::{Card, Env, Failure, Node, Restoring, Returned, TAKEN_BACK_MAX};
use store::{Sqlite, Store};

use super::super::out::{self, counted, say};
use super::super::{Ended, Trouble, Verdict};
use crate::app::{Clock, randomness};
use crate::home::{Home, HomeFault};
use crate::peer::client::Line;
use crate::peer::tls;

/// Largest checkpoint kept elsewhere, in bytes.
const NOTE_BYTES_MAX: u64 = 32 << 10;

/// Which node, and from whom.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The node's folder, with its seed, certificate and cards; the node must be stopped. Its database is empty, or of a
    /// backup: what it lacks is taken.
    #[arg(long, default_value = "node")]
    dir: PathBuf,
    /// Take it from the other Party's node.
    #[arg(long, required = true)]
    from_peer: bool,
    /// Which other Party; by default the only one there is.
    #[arg(long, value_name = "PARTY")]
    party: Option<String>,
    /// The newest checkpoint of our log that both Parties signed, kept elsewhere: what the peer gives must lead through it.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

/// Takes our record back; found wanting when the peer offers less or other, or no longer has everything.
///
/// # Errors
/// When the folder cannot be used or the peer not be reached.
pub async fn run(args: Restore, as_json: bool) -> Ended {
    let home = Home::open(&args.dir)?;
    let _held = home.hold()?;
    let kept = args.checkpoint.as_ref().map(|at| read_note(at)).transpose()?;
    let card = chosen(&home, args.party.as_deref())?;
    let mut store = home.database()?;
    let taken = take(&home, &card, &mut store, kept.as_deref()).await;
    drop(store);
    let (entries, restoring) = match taken {
        Ok(taken) => taken,
        Err(Failure::Misbehaved(why)) => {
            let said = format!("{} offers another record than ours: {why}", card.party);
            if as_json {
                out::json(&serde_json::json!({ "ok": false, "code": why.code(), "says": said }));
            } else {
                say(format_args!("{said}; keep what you have, and consult"));
            }
            return Ok(Verdict::Wanting);
        }
        Err(other) => return Err(Trouble(other.to_string())),
    };
    let missing = restoring.missing();
    if as_json {
        out::json(&serde_json::json!({ "ok": missing.is_empty(), "entries": entries, "missing": missing }));
    } else {
        say(format_args!("{} taken back from {}", counted(entries, "entry", "entries"), card.party));
        missing.iter().for_each(|what| say(format_args!("  not there any more: {what}")));
        if kept.is_none() {
            say("no checkpoint kept elsewhere was given: that the peer left out the newest entries cannot be told");
        }
        say("drafts, officers, notes and attached files are not part of it: they come from a backup");
    }
    Ok(if missing.is_empty() { Verdict::Done } else { Verdict::Wanting })
}

/// Prints what is to be kept elsewhere: without it, a peer that leaves out the newest entries is not told from an honest one.
///
/// # Errors
/// When the folder cannot be used.
pub fn checkpoints(home: &Home, as_json: bool) -> Ended {
    let reader = home.database_read_only()?;
    let mut notes = Vec::new();
    for card in home.peers()? {
        let latest = reader.latest_cosigned(&node::log_name(&card.party))?.and_then(|row| row.cosigned);
        let note = latest.map(|note| String::from_utf8_lossy(&note).into_owned());
        notes.extend(note.map(|note| (card.party, note)));
    }
    if as_json {
        let notes = notes.iter().map(|(peer, note)| serde_json::json!({ "peer": peer, "note": note }));
        out::json(&notes.collect::<Vec<_>>());
    } else {
        notes.iter().for_each(|(_, note)| say(note.trim_end()));
    }
    Ok(if notes.is_empty() { Verdict::Wanting } else { Verdict::Done })
}

/// Asks for our log whole, has it checked, then takes entry after entry.
async fn take(home: &Home, card: &Card, store: &mut Sqlite, kept: Option<&[u8]>) -> Result<(u64, Restoring), Failure> {
    let setup = |why: String| Failure::from(node::Fault::Setup(why));
    let identity = home.identity().map_err(|why| setup(why.to_string()))?;
    let tls = tls::client_config(&identity, card.party.clone(), card.tls_spki_sha256);
    let tls = Arc::new(tls.map_err(|why| setup(why.to_string()))?);
    let away = |why: crate::peer::client::CallFault| setup(format!("{} {why}", card.party));
    let mut line = Line::dial(&card.endpoint, tls).await.map_err(away)?;
    let (clock, peer) = (Clock::real(), &card.party);
    let mut node = home.node().map_err(|why| setup(why.to_string()))?;
    let from = store.reader()?.log_size(&node::log_name(peer))?;
    let (mut checkpoint, mut leaves) = (Vec::new(), Vec::new());
    loop {
        let page = line.returned_log(from + leaves.len() as u64).await.map_err(away)?;
        let Some(page) = page else {
            return Err(ledger::Misbehaved::RolledBack { seen: from.max(1), shown: 0 }.into());
        };
        if leaves.len() + page.entries.len() > TAKEN_BACK_MAX {
            return Err(ledger::Misbehaved::Oversized { what: "log", limit_max: TAKEN_BACK_MAX as u64 }.into());
        }
        let ended = page.entries.is_empty();
        // A log that grows while we read ends with the page that had no more.
        checkpoint = if ended && !checkpoint.is_empty() { checkpoint } else { page.checkpoint };
        leaves.extend(page.entries);
        if ended {
            break;
        }
    }
    node.continues(&*store.reader()?, peer, &checkpoint, &leaves, kept)?;
    let (bar, mut restoring) = (out::bar(leaves.len() as u64, "restoring"), Restoring::default());
    for leaf in &leaves {
        let returned = match Node::wants(leaf) {
            Some(core_hash) => line.returned(&core_hash).await.map_err(away)?,
            None => Returned::default(),
        };
        let mut rng = randomness();
        let mut env = Env { now: clock.now(), rng: &mut rng };
        node.take_back(store, &mut env, peer, leaf, &returned, &mut restoring)?;
        if let Some(next) = node.renewed(&*store.reader()?, clock.now())? {
            node = next;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut rng = randomness();
    node.taken_back(store, &mut Env { now: clock.now(), rng: &mut rng }, peer, &checkpoint)?;
    Ok((leaves.len() as u64, restoring))
}

fn chosen(home: &Home, party: Option<&str>) -> Result<Card, Trouble> {
    let party = party.map(PartyId::new).transpose().map_err(|why| Trouble(why.to_string()))?;
    let mut cards = home.peers()?;
    cards.retain(|card| party.as_ref().is_none_or(|party| card.party == *party));
    match cards.as_slice() {
        [card] => Ok(card.clone()),
        [] => Err(Trouble("no such peer; `entente peer add` adds one".to_owned())),
        [..] => Err(Trouble("there are several peers; name one with `--party`".to_owned())),
    }
}

fn read_note(at: &Path) -> Result<Vec<u8>, HomeFault> {
    use std::io::Read as _;
    let mut note = Vec::new();
    let read = std::fs::File::open(at).and_then(|file| file.take(NOTE_BYTES_MAX).read_to_end(&mut note));
    read.map(|_| note).map_err(|e| HomeFault::io("cannot read", at, &e))
}
