//! `entente ledger`: the offline audit, and the dispute bundle of a case.
//!
//! Owns its arguments and what is shown. Must not know what must hold: `crate::audit` and `crate::evidence` do.

use std::path::PathBuf;

use clap::Subcommand;

mod bundle;
mod restore;

use super::out::{self, counted, say};
use super::{Ended, Verdict};
use crate::audit::{self, Report, Side};
use crate::home::Home;

const EXAMPLES: &str = "Examples:
  entente ledger verify node
  entente ledger verify demo-data/gb --against demo-data/cn
  entente ledger export --dir node --case ID -o case.zip
  entente ledger checkpoint node > newest.txt
  entente ledger restore --dir node --from-peer --checkpoint newest.txt
  entente ledger verify case.zip --trust 'a1b2 c3d4 …' --trust 'e5f6 0718 …'";

/// Which of the ledger commands.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Compute every hash and signature of a node's logs anew, and name the first entry that does not hold.
    Verify {
        /// The node's folder, or the dispute bundle of a case.
        #[arg(value_name = "DIR|BUNDLE")]
        dir: PathBuf,
        /// The other Party's folder, to check both logs with each other as well (while both nodes are stopped or quiet).
        #[arg(long, value_name = "DIR")]
        against: Option<PathBuf>,
        /// Of a bundle: a fingerprint its cards may have, as its Party tells it; once for each Party. Without it they are
        /// printed, for you to compare.
        #[arg(long, value_name = "FINGERPRINT")]
        trust: Vec<String>,
    },
    /// Write one case with every proof into one file that anybody can check, with this program or without.
    Export(bundle::Export),
    /// Print the newest checkpoint of our log with each peer that both signed: three lines and two signatures, to be kept
    /// elsewhere.
    Checkpoint {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Make a lost record again from the other Party's copy, checked against a checkpoint kept elsewhere.
    Restore(restore::Restore),
}

/// Carries the command out; found wanting when an entry does not hold.
///
/// # Errors
/// When a folder cannot be used.
pub fn run(args: Args, as_json: bool) -> Ended {
    let (dir, against) = match args.what {
        What::Restore(asked) => return super::in_runtime(restore::run(asked, as_json)),
        What::Checkpoint { dir } => return restore::checkpoints(&Home::open(&dir)?, as_json),
        What::Export(asked) => return bundle::export(&asked, as_json),
        What::Verify { dir, trust, .. } if dir.is_file() => return bundle::verify(&dir, &trust, as_json),
        What::Verify { trust, .. } if !trust.is_empty() => {
            return Err(super::Trouble("`--trust` is for a bundle; a node's folder has its peers' cards".to_owned()));
        }
        What::Verify { dir, against, .. } => (dir, against),
    };
    let report = verify(&Home::open(&dir)?, against.as_ref().map(|dir| Home::open(dir)).transpose()?.as_ref())?;
    if as_json {
        out::json(&serde_json::json!({ "ok": report.holds(), "report": report }));
    } else {
        show(&report);
    }
    Ok(if report.holds() { Verdict::Done } else { Verdict::Wanting })
}

/// Audits one node, or two and each with the other.
///
/// # Errors
/// When a folder cannot be used.
pub fn verify(home: &Home, other: Option<&Home>) -> Result<Report, super::Trouble> {
    let (node, reader, chunks) = (home.node()?, home.database_read_only()?, home.chunks()?);
    let side = Side { node: &node, reader: &*reader, chunks: &chunks };
    let mut report = verify_one(&side)?;
    if let Some(other) = other {
        let (node, reader, chunks) = (other.node()?, other.database_read_only()?, other.chunks()?);
        let against = Side { node: &node, reader: &*reader, chunks: &chunks };
        report.join(verify_one(&against)?);
        report.join(audit::cross(&side, &against));
    }
    Ok(report)
}

/// Prints a report for people.
pub fn show(report: &Report) {
    for log in &report.logs {
        let copy = if log.mirror { " (our copy)" } else { "" };
        say(format_args!(
            "{}: {}{copy}: {}, {} sound; root {}",
            log.party,
            log.origin,
            counted(log.entries, "entry", "entries"),
            counted(log.checkpoints, "checkpoint", "checkpoints"),
            log.root
        ));
    }
    if report.purged_acts > 0 {
        say(format_args!(
            "content erased and certified at the end of its time, of {}:",
            counted(report.purged_acts, "act", "acts")
        ));
        report.purged.iter().for_each(|act| say(format_args!("  {act}")));
    }
    report.findings.iter().for_each(say);
    if report.matched + report.pending > 0 {
        say(format_args!(
            "{} in both logs, {} on the way",
            counted(report.matched, "message", "messages"),
            report.pending
        ));
    }
    match report.broken {
        0 => say(format_args!(
            "everything holds; {}, {}",
            counted(report.cases, "case", "cases"),
            counted(report.files, "attachment", "attachments")
        )),
        1 => say("1 thing does not hold and is named above: stop the node, keep the folder as it is"),
        broken => say(format_args!(
            "{broken} things do not hold, the first named above: stop the node, keep the folder as it is"
        )),
    }
}

fn verify_one(side: &Side<'_>) -> Result<Report, super::Trouble> {
    let bar = out::bar(audit::size(side).unwrap_or(0), "verifying");
    let report = audit::verify(side, &mut || bar.inc(1));
    bar.finish_and_clear();
    Ok(report)
}
