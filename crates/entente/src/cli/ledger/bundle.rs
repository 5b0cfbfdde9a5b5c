//! `entente ledger export`, and `verify` of what it wrote.
//!
//! Owns the arguments and what is shown. Must not know what a bundle holds: `crate::evidence` does.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::act::ActRef;
use domain::ids::{CaseId, PartyId};
use ledger::pack::PACK_BYTES_MAX;

use super::super::out::{self, counted, say};
use super::super::{Ended, Trouble, Verdict};
use crate::app::Clock;
use crate::evidence::{self, Content, Made};
use crate::home::{Home, HomeFault};

/// Which case, and where to.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The node's folder; the node may run.
    #[arg(long, default_value = "node")]
    dir: PathBuf,
    /// The case.
    #[arg(long, value_name = "ID")]
    case: String,
    /// The file to write; it must not exist.
    #[arg(short, long, value_name = "BUNDLE")]
    out: PathBuf,
    /// An act whose content stays sealed, as PARTY#NUMBER; may be repeated. Its envelope, receipt and proofs are there.
    #[arg(long = "leave-out", value_name = "ACT")]
    leave_out: Vec<String>,
}

/// Writes a bundle.
///
/// # Errors
/// When the folder, the case or the file cannot be used.
pub fn export(args: &Export, as_json: bool) -> Ended {
    let case = CaseId::new(&args.case).map_err(|why| Trouble(why.to_string()))?;
    let left_out = args.leave_out.iter().map(|text| act(text)).collect::<Result<BTreeSet<ActRef>, _>>()?;
    let made = evidence::make(&Home::open(&args.dir)?, &case, &left_out, Clock::real().now());
    let Made { bytes, acts, without } = made.map_err(|why| Trouble(why.to_string()))?;
    crate::home::write_new(&args.out, &bytes, crate::home::PRIVATE)?;
    if as_json {
        out::json(&serde_json::json!({
            "case": case, "bundle": args.out, "bytes": bytes.len(), "acts": acts, "without": without,
        }));
        return Ok(Verdict::Done);
    }
    let acts = counted(u64::try_from(acts).unwrap_or(u64::MAX), "act", "acts");
    say(format_args!("{}: {case}, {acts}, {} bytes", args.out.display(), bytes.len()));
    tell(&without);
    say("whoever has this file reads the case: give it as you would give the papers");
    Ok(Verdict::Done)
}

/// Checks a bundle; found wanting at the first thing that does not hold.
///
/// # Errors
/// When the file cannot be read.
pub fn verify(at: &Path, trust: &[String], as_json: bool) -> Ended {
    let unread = |why: std::io::Error| HomeFault::io("cannot read", at, &why);
    let mut bytes = Vec::new();
    // One byte more than may be, so that the check names the excess.
    let most = PACK_BYTES_MAX as u64 + 1;
    std::fs::File::open(at).map_err(unread)?.take(most).read_to_end(&mut bytes).map_err(unread)?;
    let outcome = evidence::check(&bytes, trust);
    if as_json {
        let (ok, shown, wrong) = (outcome.is_ok(), outcome.as_ref().ok(), outcome.as_ref().err());
        out::json(&serde_json::json!({ "ok": ok, "bundle": shown, "wrong": wrong }));
        return Ok(if ok { Verdict::Done } else { Verdict::Wanting });
    }
    match outcome {
        Ok(checked) => {
            let acts = counted(u64::try_from(checked.acts).unwrap_or(u64::MAX), "act", "acts");
            say(format_args!("{}: {acts}; made by {} at {}", checked.case, checked.made_by, checked.made_at));
            for (party, fingerprint) in &checked.fingerprints {
                say(format_args!(
                    "  card of {party}: {fingerprint}{}",
                    if checked.trusted { " (trusted)" } else { "" }
                ));
            }
            tell(&checked.without);
            checked.remarks.iter().for_each(|remark| say(format_args!("  {remark}")));
            if checked.trusted {
                say("everything holds");
            } else {
                say(
                    "everything holds, if these are the Parties' cards: compare the fingerprints, or give them with --trust",
                );
            }
            Ok(Verdict::Done)
        }
        Err(wrong) => {
            say(format_args!("does not hold: {wrong}"));
            Ok(Verdict::Wanting)
        }
    }
}

fn tell(without: &[(ActRef, Content)]) {
    for (ActRef { by, seq }, content) in without {
        let why = match content {
            Content::Erased => "erased at the end of its time",
            Content::LeftOut => "its content was left out",
            Content::Disclosed => continue,
        };
        say(format_args!("  {by}#{seq}: {why}"));
    }
}

/// `PARTY#3`.
fn act(text: &str) -> Result<ActRef, Trouble> {
    let read =
        text.split_once('#').and_then(|(by, seq)| Some(ActRef { by: PartyId::new(by).ok()?, seq: seq.parse().ok()? }));
    read.ok_or_else(|| Trouble(format!("`{text}` names no act; write it as `PARTY#3`")))
}
