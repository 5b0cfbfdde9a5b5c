//! `entente match show|take|opening|audit`, a case's private matching from the command line.
//!
//! Owns the commands. A step is taken through the same interface as any program's; the file of an opening is judged on this
//! machine, by whoever has it, without a node.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::act::{ActKind, AuditFinding, Audited};
use domain::menu::Menu;
use node::matching::judge_bundle;
use serde_json::{Value, json};

use super::super::out::{json as as_json_line, say};
use super::super::request::{About, Desk, Reach, Said};
use super::super::{Ended, Trouble, Verdict};
use super::trouble;
use crate::listed;

/// Largest file of an opening: a thousand places with their proofs have less.
const OPENING_BYTES_MAX: u64 = 4 << 20;

/// What of a matching.
#[derive(Debug, Subcommand)]
pub enum What {
    /// How far a case's private matching is, what is left to ask and which step is next.
    Show {
        /// The case.
        case: String,
        #[command(flatten)]
        reach: Reach,
    },
    /// Take the next step of it.
    Take {
        /// The case.
        #[arg(long, global = true)]
        case: Option<String>,
        #[command(subcommand)]
        step: Step,
        #[command(flatten)]
        reach: Reach,
    },
    /// Write the file of an opening of ours, for the oversight body.
    Opening {
        /// The case.
        case: String,
        /// The audit, from 1.
        audit: u32,
        /// Where it goes.
        #[arg(short = 'o', long = "out", value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        reach: Reach,
    },
    /// Judge the file of an opening: everything in it is computed again, and its hashes are shown to be compared with the
    /// signed acts.
    Audit {
        /// The file.
        file: PathBuf,
    },
}

/// A step.
#[derive(Debug, Subcommand)]
pub enum Step {
    /// Announce the key of this case's epoch (the side that asks).
    Epoch,
    /// Announce a list, masked (the side that has it).
    List {
        /// A table with the columns id and name; surname, given, dob, sex, issuer, document, protected where known.
        file: PathBuf,
    },
    /// Evaluate the list blind (the side that asks).
    Evaluate,
    /// Ask for one person; the safeguard SG-17 is answered before, with `entente request gate CASE --act match`.
    Ask {
        /// The whole name.
        #[arg(long, default_value = "")]
        name: String,
        /// The surname, where it is known apart.
        #[arg(long, default_value = "")]
        surname: String,
        /// The given name.
        #[arg(long, default_value = "")]
        given: String,
        /// Date of birth.
        #[arg(long, default_value = "")]
        born: String,
        /// f or m.
        #[arg(long, default_value = "")]
        sex: String,
        /// The state that issued the document: CHN, GBR.
        #[arg(long, default_value = "")]
        issuer: String,
        /// Its number; ? for the one character that cannot be read.
        #[arg(long, default_value = "")]
        document: String,
    },
    /// Sign the receipt and look our own list up (the side that has it).
    Receive,
    /// Demand an audit.
    Draw {
        /// `questions` or `list`.
        #[arg(value_parser = ["questions", "list"])]
        of: String,
        /// Of which question, from 1; 0 for the list.
        #[arg(long, default_value_t = 0)]
        batch: u32,
    },
    /// Give our share of chance.
    Share {
        /// The audit, from 1.
        audit: u32,
    },
    /// Show our share.
    Reveal {
        /// The audit, from 1.
        audit: u32,
    },
    /// Open the places drawn.
    Open {
        /// The audit, from 1.
        audit: u32,
    },
    /// Record what the oversight body found.
    Find {
        /// The audit, from 1.
        audit: u32,
        /// `sound`, `breached` or `withheld`.
        #[arg(value_parser = ["sound", "breached", "withheld"])]
        finding: String,
        /// What follows from it, in English.
        #[arg(long)]
        text_en: String,
        /// The same in Chinese.
        #[arg(long)]
        text_zh: String,
    },
    /// Destroy our secrets of the case's epoch.
    Destroy,
}

/// Carries one of the commands out.
///
/// # Errors
/// When the node cannot be reached, or a file cannot be read or written.
pub async fn run(what: What, as_json: bool) -> Ended {
    match what {
        What::Show { case, reach } => called(&reach, &format!("/cases/{case}/match"), None, as_json).await,
        What::Take { case, step, reach } => {
            let case = case.ok_or_else(|| Trouble("no case named; add --case CASE".to_owned()))?;
            let body = json!({ "step": asked(step)? });
            called(&reach, &format!("/cases/{case}/match"), Some(&body), as_json).await
        }
        What::Opening { case, audit, out, reach } => {
            let mut desk = Desk::open(&reach).await?;
            let bytes = desk.bytes(&format!("/cases/{case}/match/openings/{audit}")).await;
            desk.close().await;
            let cannot = |why: std::io::Error| Trouble(format!("{}: {why}; name another place", out.display()));
            std::fs::write(&out, bytes?).map_err(cannot)?;
            Ok(Verdict::Done)
        }
        What::Audit { file } => audit(&file, as_json),
    }
}

async fn called(reach: &Reach, path: &str, body: Option<&Value>, as_json: bool) -> Ended {
    let mut desk = Desk::open(reach).await?;
    let case = path.trim_start_matches("/cases/").split('/').next().unwrap_or_default();
    desk.about = About { subject: case.to_owned(), act: Some(ActKind::Match) };
    let about = &desk.about.clone();
    let said = match body {
        Some(body) => desk.post(path, body).await,
        None => desk.get(path).await,
    };
    desk.close().await;
    match said? {
        Said::Answered(answer, _) | Said::Told(answer, _) => {
            if as_json {
                as_json_line(&answer);
            } else {
                lines(&answer).iter().for_each(|line| say(format_args!("{line}")));
            }
            Ok(Verdict::Done)
        }
        Said::Refused(problem) => {
            super::super::request::refused(&problem, about, as_json);
            Ok(Verdict::Wanting)
        }
    }
}

/// How far it is, as lines.
fn lines(run: &Value) -> Vec<String> {
    let mut lines = vec![
        format!("{}  {}", run["case"].as_str().unwrap_or_default(), run["learns"].as_str().unwrap_or_default()),
        format!("left: {} in this case, {} today", run["left_case"], run["left_day"]),
    ];
    for batch in run["batches"].as_array().into_iter().flatten() {
        let received = batch["received_at"].as_str().map_or("-", |at| at);
        lines.push(format!("{}  {} places  {received}", batch["number"], batch["places"]));
        for hit in batch["found"].as_array().into_iter().flatten() {
            lines.push(format!("    {}  {}", hit["record"].as_str().unwrap_or_default(), hit["kinds"]));
        }
    }
    for audit in run["audits"].as_array().into_iter().flatten() {
        let text = |name: &str| audit[name].as_str().unwrap_or("-").to_owned();
        lines.push(format!("audit {}  {}  {}  {}", audit["number"], text("of"), text("finding"), text("next")));
    }
    lines.push(format!("next: {}", run["next"]));
    lines
}

fn asked(step: Step) -> Result<Value, Trouble> {
    Ok(match step {
        Step::Epoch => json!({ "epoch": {} }),
        Step::List { file } => {
            let cannot = |why: std::io::Error| Trouble(format!("{}: {why}; name a file", file.display()));
            let from = std::fs::File::open(&file).map_err(cannot)?;
            let records = listed::read(std::io::BufReader::new(from)).map_err(|why| trouble(&file, &why))?;
            json!({ "list": { "records": records } })
        }
        Step::Evaluate => json!({ "evaluate": {} }),
        Step::Ask { name, surname, given, born, sex, issuer, document } => json!({ "ask": { "person": {
            "name": name, "surname": surname, "given": given, "born": born, "sex": sex, "issuer": issuer,
            "document": document,
        } } }),
        Step::Receive => json!({ "receive": {} }),
        Step::Draw { of, batch } => json!({ "draw": { "of": Audited::from_code(&of), "batch": batch } }),
        Step::Share { audit } => json!({ "share": { "audit": audit } }),
        Step::Reveal { audit } => json!({ "reveal": { "audit": audit } }),
        Step::Open { audit } => json!({ "open": { "audit": audit } }),
        Step::Find { audit, finding, text_en, text_zh } => json!({ "find": {
            "audit": audit, "finding": AuditFinding::from_code(&finding),
            "words": { "original": "en", "texts": { "en": text_en, "zh": text_zh } },
        } }),
        Step::Destroy => json!({ "destroy": {} }),
    })
}

fn audit(path: &Path, as_json: bool) -> Ended {
    let cannot = |why: std::io::Error| Trouble(format!("{}: {why}; name a file that can be read", path.display()));
    if std::fs::metadata(path).map_err(cannot)?.len() > OPENING_BYTES_MAX {
        return Err(Trouble(format!(
            "{}: too long for an opening; fetch it again with `entente match opening`",
            path.display()
        )));
    }
    let bytes = std::fs::read(path).map_err(cannot)?;
    let no_opening = |_| Trouble(format!("{}: no whole file of an opening; fetch it again", path.display()));
    let verdict = judge_bundle(&bytes).map_err(no_opening)?;
    let [asking, holding] = verdict.commitments;
    let finding = verdict.finding();
    if as_json {
        as_json_line(&json!({ "subject": verdict.subject, "opened": verdict.opened, "asking": asking,
            "holding": holding, "finding": finding.code(), "judged": format!("{:?}", verdict.judged) }));
    } else {
        say(format_args!("subject   {}", verdict.subject));
        say(format_args!("opened    {}", verdict.opened));
        say(format_args!("asking    {asking}"));
        say(format_args!("holding   {holding}"));
        say(format_args!("finding   {}  {:?}", finding.code(), verdict.judged));
    }
    Ok(if finding == AuditFinding::Sound { Verdict::Done } else { Verdict::Wanting })
}
