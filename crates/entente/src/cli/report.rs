//! `entente report`: the progress report of a period, to a file; or a signed one computed again and compared.
//!
//! Owns its arguments. Must not count: `domain::report` does, from what the node reads in both logs. Reads a node's
//! folder, running or not, and changes nothing in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::ids::PartyId;
use domain::menu::Menu as _;
use domain::report::{Report, ReportLine};
use jiff::Timestamp;
use jiff::civil::Date;
use node::view::FactBook;
use node::{Computed, Node, ReportBook};

use super::out::{self, say};
use super::{Ended, Trouble, Verdict};
use crate::app::Clock;
use crate::home::Home;
use crate::i18n::Tongue;
use crate::paper::{self, Fonts};
use crate::tables::Form;
use crate::web::Page;
use crate::web::progress::yesterday;

const EXAMPLES: &str = "Examples:
  entente report --dir node --from 2026-01-01 --to 2026-06-30 -o half-year.json
  entente report --dir node --from 2026-01-01 --to 2026-06-30 -o half-year.pdf
  entente report --dir node --from 2026-01-01 --to 2026-06-30 -o half-year.csv --within
  entente report --dir node --line \"2026-01-01/2026-06-30 CN:1220 GB:1234 sha256:9f86d0…\"
  entente report --dir demo-data/gb --exercise --from 2026-01-01 --to 2026-10-31 -o drill.csv

Only acts that stand in both logs are counted. Cells under five are left out, unless the file stays between the Parties
(--within). Days are whole days in UTC; the last must be over. The line it prints names the report: put it into a request
of the type that reports progress. With --line it computes the report that line names again, however long ago it was
signed, and ends with status 1 when it finds another. A PDF is set in the languages of the instrument side by side, in the
system's font for Chinese (Noto CJK and others) or the one named with --font.";

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
    /// The other Party, where the node has several peers.
    #[arg(long, value_name = "PARTY", value_parser = |id: &str| PartyId::new(id))]
    with: Option<PartyId>,
    /// The file: `.pdf`, `.json` or `.csv`.
    #[arg(short, long, value_name = "FILE", required_unless_present = "line")]
    out: Option<PathBuf>,
    /// A font file with Latin and Chinese for the PDF, instead of the system's.
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    /// The language that stands first in the PDF.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = tongue)]
    lang: Tongue,
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
            let again =
                node.report_again(&*reader, &mut ReportBook::default(), node.instrument(), line, args.exercise)?;
            again.map_err(|bar| Trouble(format!("{}: {:?}", bar.code(), bar.args())))?
        }
        None => now(args, &node, &*reader)?,
    };
    let same = args.line.as_ref().is_none_or(|line| *line == computed.line);
    let shown = if args.within { computed.report.clone() } else { computed.report.for_export() };
    if let (Some(form), Some(out)) = (form, &args.out) {
        let unwritten = |why| Trouble(format!("{}: {why}", out.display()));
        let bytes = match form {
            Written::Table(form) => form.write(&computed.line, &shown).into_bytes(),
            Written::Paper => paper(args, node, &computed, &shown)?,
        };
        let mut file = std::fs::File::create(out).map_err(unwritten)?;
        file.write_all(&bytes).map_err(unwritten)?;
    }
    told(args, &computed, same, as_json);
    Ok(if same { Verdict::Done } else { Verdict::Wanting })
}

fn now(args: &Args, node: &Node, reader: &dyn store::Reader) -> Result<Computed, Trouble> {
    let mut book = FactBook::default();
    book.refresh(node, reader)?;
    let now = book.last_act_at().into_iter().fold(Clock::real().now(), Timestamp::max);
    let days = args.from.zip(args.to).filter(|(from, to)| from <= to && *to <= yesterday(now));
    let days =
        days.ok_or_else(|| Trouble("the last day must be over, in UTC, and not be before the first".to_owned()))?;
    let mut peers = node.peers().keys().cloned();
    let peer = match (&args.with, peers.next(), peers.next()) {
        (Some(with), _, _) => with.clone(),
        (None, Some(only), None) => only,
        (None, _, _) => return Err(Trouble("say which other Party: --with PARTY".to_owned())),
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

/// What a file is to be.
#[derive(Clone, Copy)]
enum Written {
    Table(Form),
    Paper,
}

fn form(file: &Path) -> Result<Written, Trouble> {
    let ending = file.extension().and_then(|kind| kind.to_str());
    let form = ending.and_then(|ending| match ending {
        "pdf" => Some(Written::Paper),
        _ => Form::of(ending).map(Written::Table),
    });
    form.ok_or_else(|| Trouble(format!("{}: name the file .pdf, .json or .csv", file.display())))
}

fn tongue(code: &str) -> Result<Tongue, String> {
    Tongue::from_code(code).ok_or_else(|| "en or zh".to_owned())
}

fn paper(args: &Args, node: Node, computed: &Computed, shown: &Report) -> Result<Vec<u8>, Trouble> {
    let fonts = args.font.as_deref().map_or_else(Fonts::of_system, Fonts::of_file);
    let fonts = fonts.map_err(|why| Trouble(why.to_string()))?;
    let page = Page::printed(Arc::new(node), args.lang, computed.report.account.period.until);
    let set = paper::report::set(&page, &fonts, &computed.line, shown, args.exercise, None);
    set.ok_or_else(|| Trouble("the font cannot be measured".to_owned()))
}
