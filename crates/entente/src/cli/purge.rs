//! `entente purge`: erases, in the folder of a stopped node, the contents whose time is over.
//!
//! Owns its arguments and what is shown. Must not know what is content nor how long it is kept: the node does. A running
//! node does the same by itself.

use std::path::PathBuf;

use domain::ids::CaseId;
use node::{Env, Failure, Purge};
use store::{CaseFilter, Reader, Store};

use super::out::{self, say};
use super::{Ended, Trouble, Verdict};
use crate::app::{Clock, randomness};
use crate::home::Home;

const EXAMPLES: &str = "Examples:
  entente purge --dir node --dry-run      what would be erased today
  entente purge --dir node                erase it and enter the certificates

A running node erases by itself. The certificates go to the other Party when the node next runs.";

/// Which node, and whether only to look.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The node's folder; the node must be stopped.
    #[arg(long)]
    dir: PathBuf,
    /// Only say what would be erased.
    #[arg(long)]
    dry_run: bool,
}

/// Erases what is due, or says what would be.
///
/// # Errors
/// When the folder cannot be used or another process serves it.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let home = Home::open(&args.dir)?;
    let _held = home.hold()?;
    let now = Clock::real().now();
    let (node, mut store, chunks) = (home.node()?, home.database()?, home.chunks()?);
    let mut done: Vec<Purge> = Vec::new();
    for case in cases(&*store.reader()?)? {
        let purge = if args.dry_run {
            node.purgeable(&*store.reader()?, now, &case)?
        } else {
            let mut rng = randomness();
            let purged = node.purge(&mut store, &mut Env { now, rng: &mut rng }, &case);
            purged.map_err(|failure| match failure {
                Failure::Fault(fault) => fault.into(),
                other => Trouble(format!("{case}: {other}; `entente doctor` looks the folder over")),
            })?
        };
        done.extend(purge);
    }
    if !args.dry_run {
        while node.sweep_erased(&mut store, &chunks)? > 0 {}
    }
    if as_json {
        out::json(&serde_json::json!({ "dry_run": args.dry_run, "purged": done }));
        return Ok(Verdict::Done);
    }
    for Purge { case, acts, files, due_at } in &done {
        say(format_args!("{case}: contents of {} acts, {} files; kept until {due_at}", acts.len(), files.len()));
    }
    let verb = if args.dry_run { "would be erased" } else { "erased and certified" };
    say(format_args!("{} cases {verb}", done.len()));
    Ok(Verdict::Done)
}

/// Every case of a node.
pub(super) fn cases(reader: &dyn Reader) -> Result<Vec<CaseId>, store::Fault> {
    let (mut found, mut filter) = (Vec::new(), CaseFilter::default());
    loop {
        let (rows, next) = reader.cases(&filter)?;
        found.extend(rows.into_iter().map(|row| row.case));
        if next.is_none() {
            return Ok(found);
        }
        filter.after = next;
    }
}
