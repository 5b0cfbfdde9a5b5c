//! `entente report`: the account of a period, to a file.
//!
//! Owns its arguments and the forms JSON and CSV. Must not count: `domain::account` does. Reads a node's folder, running
//! or not, and changes nothing in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::account::{Account, Value};
use domain::ids::{Hash32, PartyId};
use jiff::Timestamp;
use jiff::civil::Date;
use node::view::{FactBook, account_hash};

use super::out::{self, say};
use super::{Ended, Trouble, Verdict};
use crate::app::Clock;
use crate::home::Home;
use crate::web::progress::{period, yesterday};

const EXAMPLES: &str = "Examples:
  entente report --dir node --from 2026-01-01 --to 2026-06-30 -o half-year.json
  entente report --dir node --from 2026-01-01 --to 2026-06-30 -o half-year.csv
  entente report --dir demo-data/gb --exercise --from 2026-01-01 --to 2026-10-31 -o drill.csv

Cells under five are left out, unless the file stays between the Parties (--within). Days are whole days in UTC, so that
both Parties mean the same; the last must be over. Both compute alike: compare the SHA-256 it prints.";

/// What to account for, and where to put it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The node's folder.
    #[arg(long)]
    dir: PathBuf,
    /// The first day, in UTC.
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// The last day, in UTC; it must be over.
    #[arg(long, value_name = "DATE")]
    to: Date,
    /// The file: `.json` or `.csv`.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Count only what is with this other Party, under the instrument signed with it: what it can compute too.
    #[arg(long, value_name = "PARTY")]
    with: Option<String>,
    /// Count exercises instead of live matters.
    #[arg(long)]
    exercise: bool,
    /// Keep cells under five: for a file that stays between the two Parties.
    #[arg(long)]
    within: bool,
}

/// Which form a file has, by its name.
enum Form {
    Json,
    Csv,
}

/// Computes the account and writes it.
///
/// # Errors
/// When the folder cannot be read, the days are none, or the file cannot be written.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let form = form(&args.out)?;
    let home = Home::open(&args.dir)?;
    let (node, reader) = (home.node()?, home.database_read_only()?);
    let mut book = FactBook::default();
    book.refresh(&node, &*reader)?;
    let now = book.last_act_at().into_iter().fold(Clock::real().now(), Timestamp::max);
    if args.from > args.to || args.to > yesterday(now) {
        return Err(Trouble("the last day must be over, in UTC, and not be before the first".to_owned()));
    }
    let period = period(args.from, args.to, args.exercise);
    let period = period.ok_or_else(|| Trouble("these days are beyond the calendar".to_owned()))?;
    let with = args.with.as_deref().map(PartyId::new).transpose().map_err(|why| Trouble(why.to_string()))?;
    let account = match &with {
        Some(peer) if !node.peers().contains_key(peer) => {
            return Err(Trouble(format!("`{peer}` is no peer of this node; see `entente peer list`")));
        }
        Some(peer) => book.with(peer).account(node.instrument_with(peer), period),
        None => book.account(node.instrument(), period),
    };
    let hash = account_hash(&account)?;
    let shown = if args.within { account } else { account.for_export() };
    let text = match form {
        Form::Json => json(&shown, hash)?,
        Form::Csv => csv(&shown),
    };
    let unwritten = |why| Trouble(format!("{}: {why}", args.out.display()));
    let mut file = std::fs::File::create(&args.out).map_err(unwritten)?;
    file.write_all(text.as_bytes()).map_err(unwritten)?;
    if as_json {
        out::json(&serde_json::json!({ "file": args.out, "sha256": hash, "clauses": shown.clauses.len() }));
    } else {
        say(format_args!(
            "{}: {} clauses; the account whole has SHA-256 {hash}",
            args.out.display(),
            shown.clauses.len()
        ));
    }
    Ok(Verdict::Done)
}

fn form(file: &Path) -> Result<Form, Trouble> {
    match file.extension().and_then(|kind| kind.to_str()) {
        Some("json") => Ok(Form::Json),
        Some("csv") => Ok(Form::Csv),
        _ => Err(Trouble(format!("{}: name the file .json or .csv", file.display()))),
    }
}

fn json(account: &Account, hash: Hash32) -> Result<String, Trouble> {
    let whole = serde_json::json!({ "sha256_of_the_whole": hash, "account": account });
    serde_json::to_string_pretty(&whole).map(|text| text + "\n").map_err(|why| Trouble(why.to_string()))
}

/// One row for each number: clause, measure, of what, direction, the row of a tally, numerator, denominator.
fn csv(account: &Account) -> String {
    let mut lines = vec!["clause,measure,parameter,asked_by,row,value,of".to_owned()];
    for clause in &account.clauses {
        for figure in &clause.figures {
            let of = figure.measure.of.code();
            let parameter = figure.measure.of.parameter();
            for (party, value) in &figure.by_direction {
                let mut row = |row: &str, value: &str, whole: &str| {
                    lines.push(format!("{},{of},{parameter},{party},{row},{value},{whole}", clause.clause));
                };
                match value {
                    Value::Number(number) => row("", &number.to_string(), ""),
                    Value::Share { part, whole } => row("", &part.to_string(), &whole.to_string()),
                    Value::Spread { count, median_s, p90_s } => {
                        row("median_s", &median_s.to_string(), &count.to_string());
                        row("p90_s", &p90_s.to_string(), &count.to_string());
                    }
                    Value::Tally { counts } => {
                        let whole = counts.values().sum::<u64>().to_string();
                        counts.iter().for_each(|(code, count)| row(code, &count.to_string(), &whole));
                    }
                    Value::Sums { sums } => sums.iter().for_each(|(key, sum)| row(key, sum, "")),
                    Value::Since { days } => row("days", &days.map_or_else(String::new, |days| days.to_string()), ""),
                    Value::Suppressed => row("", "<5", ""),
                }
            }
        }
    }
    lines.join("\r\n") + "\r\n"
}
