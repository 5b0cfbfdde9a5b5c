//! `entente doctor`: looks a node's folder over.
//!
//! Owns the list of what to look at. Must not repair anything.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::out::{self, counted, say};
use super::{Ended, Verdict};
use crate::app::Clock;
use crate::home::{Home, HomeFault};

const EXAMPLES: &str = "Examples:
  entente doctor node
  entente doctor node --backup node-2026-11-27.backup
  entente doctor --json node";

/// Which node.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The node's folder.
    dir: PathBuf,
    /// A backup of it to look at as well: whether it opens, holds, and has nothing that was erased since.
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Look {
    what: &'static str,
    ok: bool,
    says: String,
}

/// Looks at everything; found wanting when something is wrong.
///
/// # Errors
/// Never: what cannot be read is itself a finding.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let mut looks = look(&args.dir, Clock::real().now());
    if let (Some(file), Ok(home)) = (&args.backup, Home::open(&args.dir)) {
        let outcome = super::backup::look(&home, file);
        looks.push(Look { what: "backup", ok: outcome.is_ok(), says: outcome.unwrap_or_else(|why| why) });
    }
    let well = looks.iter().all(|look| look.ok);
    if as_json {
        out::json(&serde_json::json!({ "ok": well, "looks": looks }));
    } else {
        for Look { what, ok, says } in &looks {
            say(format_args!("{} {what}: {says}", if *ok { "ok   " } else { "WRONG" }));
        }
    }
    Ok(if well { Verdict::Done } else { Verdict::Wanting })
}

fn look(dir: &Path, now: Timestamp) -> Vec<Look> {
    let home = match Home::open(dir) {
        Ok(home) => home,
        Err(why) => return vec![Look { what: "configuration", ok: false, says: why.to_string() }],
    };
    let found = |what, outcome: Result<String, String>| Look {
        what,
        ok: outcome.is_ok(),
        says: outcome.unwrap_or_else(|why| why),
    };
    let words = |fault: HomeFault| fault.to_string();
    let config = home.config();
    vec![
        found("configuration", Ok(format!("{}, web {}, peers {}", config.party, config.web, config.peer))),
        found("key", home.seed().map(|_| "readable by its owner only".to_owned()).map_err(words)),
        found("certificate", certificate(&home)),
        found("instrument", home.instrument().map(|i| format!("{} {}", i.id(), i.version())).map_err(words)),
        found("calendars", calendars(&home, now)),
        found("peers", peers(&home)),
        found("database", database(&home)),
        found("log", log(&home)),
        found("disk", disk(dir)),
    ]
}

fn certificate(home: &Home) -> Result<String, String> {
    let pin = home.identity().map_err(|why| why.to_string())?.spki_sha256().map_err(|why| why.to_string())?;
    let card = home.card().map_err(|why| why.to_string())?;
    if card.tls_spki_sha256 != pin {
        return Err("the certificate is not the one our card names; restore it, or give every peer a new card".into());
    }
    if card.endpoint != home.config().endpoint {
        return Err(format!(
            "our card says `{}`, node.toml `{}`; make them agree",
            card.endpoint,
            home.config().endpoint
        ));
    }
    Ok(format!("pinned by our card ({})", pin.short()))
}

/// Deadlines reach into next year; a year without a published calendar makes them provisional.
fn calendars(home: &Home, now: Timestamp) -> Result<String, String> {
    let instrument = home.instrument().map_err(|why| why.to_string())?;
    let mut missing = Vec::new();
    for party in instrument.parties().values() {
        let year = party.calendar.local(now).year();
        if !party.calendar.years().contains_key(&year) {
            missing.push(format!("{} lacks {year}", party.calendar.id()));
        }
    }
    if missing.is_empty() {
        Ok("this year is there".into())
    } else {
        Err(format!("{}; amend the instrument", missing.join(", ")))
    }
}

fn peers(home: &Home) -> Result<String, String> {
    let cards = home.peers().map_err(|why| why.to_string())?;
    let ours = home.card().map_err(|why| why.to_string())?;
    if let Some(other) = cards.iter().find(|card| card.instrument != ours.instrument) {
        return Err(format!("`{}` signed another instrument; both must run the same files", other.party));
    }
    match cards.as_slice() {
        [] => Err("no card; `entente peer add` adds one".into()),
        cards => Ok(cards.iter().map(|card| card.party.to_string()).collect::<Vec<_>>().join(", ")),
    }
}

fn database(home: &Home) -> Result<String, String> {
    let reader = home.database_read_only().map_err(|why| why.to_string())?;
    let open = reader.events_open(100).map_err(|why| why.to_string())?;
    let notes = counted(u64::try_from(open.len()).unwrap_or(u64::MAX), "note", "notes");
    Ok(format!("opens; {notes} for the operator"))
}

fn log(home: &Home) -> Result<String, String> {
    let report = super::ledger::verify(home, None).map_err(|why| why.to_string())?;
    match report.findings.first() {
        None => {
            let entries = report.logs.iter().map(|log| log.entries).sum();
            Ok(format!("{} sound", counted(entries, "entry", "entries")))
        }
        Some(first) => Err(first.to_string()),
    }
}

/// Writes and removes a small file: permissions, space and a read-only disk show at once.
fn disk(dir: &Path) -> Result<String, String> {
    let at = dir.join("doctor.part");
    let written = std::fs::write(&at, [0u8; 4096]).and_then(|()| std::fs::remove_file(&at));
    written.map(|()| "can be written".to_owned()).map_err(|why| HomeFault::io("cannot write", &at, &why).to_string())
}
