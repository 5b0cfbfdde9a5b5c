//! `entente report`: the progress report of a period, to a file; or a signed one computed again and compared.
//!
//! Owns its arguments. Must not count: `domain::report` does, from what the node reads in both logs. Reads a node's
//! folder, running or not, and changes nothing in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::ids::{Hash32, PartyId};
use domain::instrument::Instrument;
use domain::report::{ReportBar, ReportLine};
use jiff::Timestamp;
use jiff::civil::Date;
use node::view::FactBook;
use node::{Computed, Node, ReportBook};

use super::out::{self, say, tongue};
use super::{Ended, Trouble, Verdict};
use crate::app::Clock;
use crate::home::Home;
use crate::tables::Form;
use crate::web::progress::yesterday;

const EXAMPLES: &str = "Examples:
  entente report --dir node --from 2026-01-01 --to 2026-06-30 -o half-year.json
  entente report --dir node --from 2026-01-01 --to 2026-06-30 -o half-year.csv --within
  entente report --dir node --line \"2026-01-01/2026-06-30 CN:1220 GB:1234 sha256:9f86d0…\"
  entente report --dir demo-data/gb --exercise --from 2026-01-01 --to 2026-10-31 -o drill.csv

Only acts that stand in both logs are counted. Cells under five are left out, unless the file stays between the Parties
(--within). Days are whole days in UTC; the last must be over. The line it prints names the report: put it into a request
of the type that reports progress. With --line it computes the report that line names again, however long ago it was
signed, and ends with status 1 when it finds another.";

/// What to report on, and where to put it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The node's folder.
    #[arg(long)]
    dir: PathBuf,
    /// The first day, in UTC.
    #[arg(long, value_name = "DATE", required_unless_present = "line", conflicts_with = "line")]
    from: Option<Date>,
    /// The last day, in UTC; it must be over.
    #[arg(long, value_name = "DATE", required_unless_present = "line", conflicts_with = "line")]
    to: Option<Date>,
    /// A report's line, to be computed again.
    #[arg(long)]
    line: Option<ReportLine>,
    /// With --line: the instrument it was counted under, by its id, or a version by its hash; by default the one in force
    /// between the two Parties the line names.
    #[arg(long, value_name = "ID", requires = "line")]
    instrument: Option<String>,
    /// The other Party, where the node has several peers.
    #[arg(long, value_name = "PARTY", value_parser = |id: &str| PartyId::new(id))]
    with: Option<PartyId>,
    /// The file: `.json` or `.csv`.
    #[arg(short, long, value_name = "FILE", required_unless_present = "line")]
    out: Option<PathBuf>,
    /// Count exercises instead of live matters.
    #[arg(long)]
    exercise: bool,
    /// Keep cells under five: for a file that stays between the two Parties.
    #[arg(long)]
    within: bool,
}

/// Computes the report, writes it, and compares it with the one a line names.
///
/// # Errors
/// When the folder cannot be read, the days are none, the logs do not reach so far, or the file cannot be written.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let form = args.out.as_deref().map(form).transpose()?;
    let home = Home::open(&args.dir)?;
    let (node, reader) = (home.node()?, home.database_read_only()?);
    let computed = match &args.line {
        Some(line) => {
            let under = under(args, &node, line)?;
            let again = node.report_again(&*reader, &mut ReportBook::default(), under, line, args.exercise)?;
            again.map_err(|bar| Trouble(barred(&bar)))?
        }
        None => now(args, &node, &*reader)?,
    };
    let same = args.line.as_ref().is_none_or(|line| *line == computed.line);
    let shown = if args.within { computed.report.clone() } else { computed.report.for_export() };
    if let (Some(form), Some(out)) = (form, &args.out) {
        let unwritten = |why| Trouble(format!("cannot write `{}` ({why}); check the path", out.display()));
        let mut file = std::fs::File::create(out).map_err(unwritten)?;
        file.write_all(form.write(&computed.line, &shown).as_bytes()).map_err(unwritten)?;
    }
    told(args, &computed, same, as_json);
    Ok(if same { Verdict::Done } else { Verdict::Wanting })
}

/// The instrument a line is computed under: the one named, else that of the two Parties whose logs it counts.
fn under<'n>(args: &Args, node: &'n Node, line: &ReportLine) -> Result<&'n Instrument, Trouble> {
    let other = line.logs.keys().find(|party| *party != node.me());
    let Some(named) = &args.instrument else {
        return Ok(other.map_or(node.instrument(), |peer| node.instrument_with(peer)));
    };
    let mut lineages = node.instruments().lineages();
    let by_id = lineages.find(|lineage| lineage.founding().instrument.id() == named);
    let by_hash = || Hash32::from_hex(named).ok().and_then(|hash| node.version(&hash));
    let found = by_id.map(|lineage| &*lineage.in_force().instrument).or_else(by_hash);
    found.ok_or_else(|| {
        let ids = node.instruments().lineages().map(|lineage| lineage.founding().instrument.id());
        let ids = ids.collect::<Vec<_>>().join(", ");
        Trouble(tongue().with("api-no-such-instrument", &[("instruments", &ids)]))
    })
}

/// Why a line's report cannot be computed here, in words.
fn barred(bar: &ReportBar) -> String {
    let args = bar.args();
    let args: Vec<(&'static str, &dyn std::fmt::Display)> =
        args.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
    tongue().with(&format!("refusal-{}", bar.code()), &args)
}

fn now(args: &Args, node: &Node, reader: &dyn store::Reader) -> Result<Computed, Trouble> {
    let mut book = FactBook::default();
    book.refresh(node, reader)?;
    let now = book.last_act_at().into_iter().fold(Clock::real().now(), Timestamp::max);
    let days = args.from.zip(args.to).filter(|(from, to)| from <= to && *to <= yesterday(now));
    let days = days.ok_or_else(|| Trouble(tongue().with("report-days", &[("day", &yesterday(now))])))?;
    let mut peers = node.peers().keys().cloned();
    let peer = match (&args.with, peers.next(), peers.next()) {
        (Some(with), _, _) => with.clone(),
        (None, Some(only), None) => only,
        (None, _, _) => {
            let all = node.peers().keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Err(Trouble(tongue().with("report-which-party", &[("parties", &all)])));
        }
    };
    Ok(node.report_now(reader, &mut ReportBook::default(), &peer, days, args.exercise)?)
}

fn told(args: &Args, computed: &Computed, same: bool, as_json: bool) {
    let Computed { line, left_out, .. } = computed;
    if as_json {
        out::json(&serde_json::json!({
            "file": args.out, "sha256": line.sha256, "line": line.to_string(), "left_out": left_out, "same": same,
        }));
        return;
    }
    if let Some(file) = &args.out {
        say(format_args!("{}", file.display()));
    }
    say(format_args!("{line}"));
    if *left_out > 0 {
        say(format_args!("{left_out} acts of these days do not stand in both logs yet and are not counted"));
    }
    if args.line.is_some() {
        say(format_args!("{}", if same { "the same report" } else { "another report than the line names" }));
    }
}

fn form(file: &Path) -> Result<Form, Trouble> {
    let ending = file.extension().and_then(|kind| kind.to_str()).and_then(Form::of);
    ending.ok_or_else(|| Trouble(format!("{}: name the file .json or .csv", file.display())))
}
