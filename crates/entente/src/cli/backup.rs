//! `entente backup` and `entente restore`: a node's folder in one file, and again a folder.
//!
//! Owns their arguments and what is shown. Must not know the file's form: `crate::backup` does.

use std::path::{Path, PathBuf};

use super::out::{self, counted, say};
use super::{Ended, Trouble, Verdict};
use crate::app::randomness;
use crate::backup::{self, Tally};
use crate::home::{Home, HomeFault};

const EXAMPLES: &str = "Examples:
  entente backup node -o node-2026-11-27.backup
  entente doctor node --backup node-2026-11-27.backup
  entente restore node-2026-11-27.backup --seed seed.key node

The node may run. The seed is not in the file and opens it: keep `seed.key` elsewhere. Contents erased after a backup was
made are still in it: `doctor --backup` says when a backup must be destroyed.";

const RESTORE_EXAMPLES: &str = "Examples:
  entente restore node-2026-11-27.backup --seed seed.key node

Before it is served, `entente ledger restore --from-peer` takes what came after the backup from the other Party.";

/// Which node, and where to.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The node's folder; the node may run.
    dir: PathBuf,
    /// The file to write; it must not exist.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
}

/// Which backup, with which seed, and where to.
#[derive(Debug, clap::Args)]
#[command(after_help = RESTORE_EXAMPLES)]
pub struct Restore {
    /// The backup.
    file: PathBuf,
    /// The seed the node had: its `seed.key`, kept elsewhere.
    #[arg(long, value_name = "FILE")]
    seed: PathBuf,
    /// The folder to make.
    dir: PathBuf,
}

/// Writes a backup.
///
/// # Errors
/// When the folder or the file cannot be used.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let Tally { files, bytes } = backup::make(&Home::open(&args.dir)?, &args.out, &mut randomness())?;
    if as_json {
        out::json(&serde_json::json!({ "backup": args.out, "files": files, "bytes": bytes }));
    } else {
        say(format_args!("{}: {}, {bytes} bytes", args.out.display(), counted(files, "file", "files")));
        say("the seed is not in it: keep seed.key elsewhere, without it nothing opens");
    }
    Ok(Verdict::Done)
}

/// Makes a node's folder from a backup and looks whether its logs hold.
///
/// # Errors
/// When the backup, the seed or the folder cannot be used.
pub fn restore(args: &Restore, as_json: bool) -> Ended {
    let Tally { files, bytes } = backup::unfold(&args.file, &Home::seed_in(&args.seed)?, &args.dir)?;
    let report = super::ledger::verify(&Home::open(&args.dir)?, None)?;
    if as_json {
        out::json(&serde_json::json!({ "ok": report.holds(), "files": files, "bytes": bytes, "report": report }));
    } else {
        say(format_args!("{}: {}, {bytes} bytes", args.dir.display(), counted(files, "file", "files")));
        super::ledger::show(&report);
        say("the other Party may have more than this backup: `entente ledger restore --from-peer` before you serve it");
    }
    Ok(if report.holds() { Verdict::Done } else { Verdict::Wanting })
}

/// What `doctor` says of a backup: whether it opens with this node's seed, whether the logs in it hold, and whether it still
/// has contents that were erased here since.
///
/// # Errors
/// What is wrong with it, in words.
pub fn look(home: &Home, file: &Path) -> Result<String, String> {
    let aside = home.dir().join("doctor.backup.part");
    let words = |fault: HomeFault| fault.to_string();
    // What an earlier look left behind.
    let _absent = std::fs::remove_dir_all(&aside);
    let looked = backup::unfold(file, &home.seed().map_err(words)?, &aside).map_err(words).and_then(|tally| {
        let copy = Home::open(&aside).map_err(words)?;
        let report = super::ledger::verify(&copy, None).map_err(|why: Trouble| why.to_string())?;
        if let Some(first) = report.findings.first() {
            return Err(format!("what is in it does not hold: {first}"));
        }
        let stale = erased_since(home, &copy).map_err(|why| why.to_string())?;
        match stale {
            0 => Ok(format!("whole, {}, its logs hold", counted(tally.files, "file", "files"))),
            some => Err(format!(
                "it still has the contents of {} erased here since: make another and destroy this one",
                counted(some, "act", "acts")
            )),
        }
    });
    let _gone = std::fs::remove_dir_all(&aside);
    looked
}

/// How many acts have their content in the copy and not here any more.
fn erased_since(home: &Home, copy: &Home) -> Result<u64, Trouble> {
    let (here, there) = (home.database_read_only()?, copy.database_read_only()?);
    let mut erased = 0;
    for case in super::purge::cases(&*there)? {
        let hashes: Vec<_> = there.acts(&case)?.into_iter().map(|row| row.body_hash).collect();
        let kept = there.bodies(&hashes)?.into_iter().filter(|body| body.bytes.is_some()).map(|body| body.hash);
        let gone = here.bodies(&kept.collect::<Vec<_>>())?.into_iter().filter(|body| body.bytes.is_none());
        erased += u64::try_from(gone.count()).unwrap_or(u64::MAX);
    }
    Ok(erased)
}
