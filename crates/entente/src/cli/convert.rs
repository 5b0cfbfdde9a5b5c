//! `entente convert`: a file of one format in another, with everything listed that does not come along.
//!
//! Owns the files, and how findings and losses are shown. Must not know any format: that is the crate `formats`.

use std::path::{Path, PathBuf};

use domain::menu::Menu;
use formats::convert::{Converted, Format, changes, convert};
use formats::record::Context;
use formats::{Code, Finding, Loss, Refused, Severity};
use serde::Serialize;

use super::out::{bar, json, say};
use super::{Ended, Trouble, Verdict};
use crate::i18n::Tongue;

const EXAMPLES: &str = "Examples:
  entente convert --from stix --to misp bundle.json -o event.json
  entente convert --from un --to csv consolidated.xml -o people.csv
  entente convert --from un --to csv --since old.xml new.xml -o changes.csv
  entente convert --from cap --to geojson alerts/*.xml -o out/
  entente convert --from stix --to stix --json bundle.json | jq '.files[].losses'

Formats: stix misp cap csv mrz geojson ical un uk csaf goaml goaml4 iodef akn clml.
Losses go to standard error, or into the JSON; with --strict a loss ends with exit status 1.";

/// What people also call a format.
const CALLED: &[(&str, &str)] = &[
    ("icalendar", "ical"),
    ("ics", "ical"),
    ("goaml5", "goaml"),
    ("akomantoso", "akn"),
    ("akoma-ntoso", "akn"),
    ("un-list", "un"),
    ("uk-list", "uk"),
];
/// Largest file read from disk at all; each format has a lower limit of its own.
const FILE_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// What to convert.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The format of the files.
    #[arg(long, value_name = "F", value_parser = format)]
    from: Format,
    /// The format wanted; the same one reads and writes the file by its rules.
    #[arg(long, value_name = "G", value_parser = format)]
    to: Format,
    /// The files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where the outcome goes: a file, or a folder when there are several. Standard output, if not said.
    #[arg(short = 'o', long = "out", value_name = "OUT")]
    out: Option<PathBuf>,
    /// End with status 1 when anything is lost or put in.
    #[arg(long)]
    strict: bool,
    /// An earlier edition of the same list: what is different is written, as a table (un and uk to csv).
    #[arg(long, value_name = "OLD")]
    since: Option<PathBuf>,
    /// The language of findings and losses.
    #[arg(long, default_value = "en", value_parser = ["en", "zh"])]
    lang: String,
}

/// The outcome of all files, as JSON.
#[derive(Serialize)]
struct Outcome {
    ok: bool,
    files: Vec<OfFile>,
}

/// The outcome of one.
#[derive(Serialize)]
struct OfFile {
    file: String,
    ok: bool,
    /// The code by which the file was refused.
    refused: Option<&'static str>,
    findings: Vec<Found>,
    losses: Vec<Lost>,
    /// Where it was written, if to a file.
    out: Option<String>,
    /// What was written, if to no file.
    content: Option<String>,
}

#[derive(Serialize)]
struct Found {
    severity: &'static str,
    code: &'static str,
    at: String,
    words: String,
    detail: String,
}

#[derive(Serialize)]
struct Lost {
    code: &'static str,
    at: String,
    count: usize,
    first: String,
    words: String,
}

fn format(code: &str) -> Result<Format, String> {
    let known = || Format::ALL.iter().map(|(_, code)| *code).collect::<Vec<_>>().join(", ");
    let code = CALLED.iter().find(|(called, _)| *called == code).map_or(code, |(_, meant)| meant);
    Format::from_code(code).ok_or_else(|| format!("there is no format `{code}`; there are {}", known()))
}

/// Converts every file.
///
/// # Errors
/// When a file cannot be read or written, or nothing of the one format has a place in the other.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let tongue = Tongue::from_code(&args.lang).unwrap_or(Tongue::En);
    if !args.from.can_become(args.to) {
        let targets = Format::ALL.iter().filter(|(to, _)| args.from.can_become(*to)).map(|(_, code)| *code);
        let targets = targets.collect::<Vec<_>>().join(", ");
        let (from, to) = (args.from.code(), args.to.code());
        return Err(Trouble(format!("nothing of `{from}` has a place in `{to}`; it can become {targets}")));
    }
    if args.since.is_some() && args.to != Format::Csv {
        return Err(Trouble("a difference is written as a table: give --to csv".to_owned()));
    }
    let several = args.files.len() > 1;
    if several && args.out.is_none() && !as_json {
        return Err(Trouble("several files need a folder: give -o FOLDER".to_owned()));
    }
    if let Some(folder) = args.out.as_ref().filter(|out| several || out.is_dir()) {
        std::fs::create_dir_all(folder).map_err(|why| trouble(folder, &why))?;
    }
    let progress = bar(u64::try_from(args.files.len()).unwrap_or(0), "converting");
    let mut outcome = Outcome { ok: true, files: Vec::new() };
    for file in &args.files {
        let done = one(file, args, several, as_json, tongue)?;
        outcome.ok &= done.ok;
        if !as_json {
            show(&done);
        }
        outcome.files.push(done);
        progress.inc(1);
    }
    progress.finish_and_clear();
    if as_json {
        json(&outcome);
    }
    Ok(if outcome.ok { Verdict::Done } else { Verdict::Wanting })
}

fn one(file: &Path, args: &Args, several: bool, as_json: bool, tongue: Tongue) -> Result<OfFile, Trouble> {
    let bytes = read(file)?;
    let context = Context { now: crate::app::machine_now() };
    let mut done = OfFile {
        file: file.display().to_string(),
        ok: false,
        refused: None,
        findings: Vec::new(),
        losses: Vec::new(),
        out: None,
        content: None,
    };
    let outcome = match &args.since {
        None => convert(args.from, args.to, &bytes, &context),
        Some(old) => match changes(args.from, &read(old)?, &bytes) {
            Ok(None) => return Err(Trouble(format!("`{}` has no editions; un and uk have", args.from.code()))),
            Ok(Some(converted)) => Ok(converted),
            Err(refused) => Err(refused),
        },
    };
    match outcome {
        Err(Refused { first, findings, .. }) => {
            done.refused = Some(first.code);
            done.findings = findings.iter().map(|finding| found(finding, tongue)).collect();
        }
        Ok(Converted { bytes, findings, losses, .. }) => {
            done.findings = findings.iter().map(|finding| found(finding, tongue)).collect();
            done.losses = losses.iter().map(|loss| lost(loss, tongue)).collect();
            done.ok = !bytes.is_empty() && (losses.is_empty() || !args.strict);
            let target = args.out.as_ref().map(|out| target(out, file, args.to, several));
            match target {
                _ if bytes.is_empty() => {}
                Some(target) => {
                    std::fs::write(&target, bytes).map_err(|why| trouble(&target, &why))?;
                    done.out = Some(target.display().to_string());
                }
                None => done.content = Some(String::from_utf8_lossy(&bytes).into_owned()),
            }
        }
    }
    if !as_json && let Some(content) = &done.content {
        say(content.trim_end_matches('\n'));
    }
    Ok(done)
}

fn read(file: &Path) -> Result<Vec<u8>, Trouble> {
    let length = std::fs::metadata(file).map_err(|why| trouble(file, &why))?.len();
    if length > FILE_BYTES_MAX {
        let path = file.display();
        return Err(Trouble(format!("{path} has {length} bytes; at most {FILE_BYTES_MAX} are read: split it")));
    }
    std::fs::read(file).map_err(|why| trouble(file, &why))
}

/// The file to write: as named, or beside the others in the folder under the name of its source.
fn target(out: &Path, file: &Path, to: Format, several: bool) -> PathBuf {
    if !several && !out.is_dir() {
        return out.to_owned();
    }
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    out.join(format!("{name}.{}", to.extension()))
}

fn trouble(path: &Path, why: &std::io::Error) -> Trouble {
    Trouble(format!("{}: {why}; name a path that can be read and written", path.display()))
}

fn found(finding: &Finding, tongue: Tongue) -> Found {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (at, detail) = (finding.at.clone(), finding.detail.clone());
    Found { severity, code: finding.code, at, words: finding_words(finding.code, tongue), detail }
}

/// What a code means, in words.
fn finding_words(code: &str, tongue: Tongue) -> String {
    let known = Code::from_code(code).map_or("not-this-format", Menu::code);
    tongue.t(&format!("convert-found-{known}"))
}

fn lost(loss: &Loss, tongue: Tongue) -> Lost {
    let words = tongue.t(&format!("convert-lost-{}", loss.code));
    Lost { code: loss.code.code(), at: loss.at.clone(), count: loss.count, first: loss.first.clone(), words }
}

/// Findings and losses for people, on standard error: standard output may be the file.
fn show(done: &OfFile) {
    use std::io::Write;
    let mut lines = Vec::new();
    for Found { severity, code, at, words, detail } in &done.findings {
        lines.push(format!("{severity}: {}: {at}: {words} ({detail}) [{code}]", done.file));
    }
    for Lost { code, at, count, first, words } in &done.losses {
        let first = if first.is_empty() { String::new() } else { format!(" “{first}”") };
        lines.push(format!("loss: {}: {at} ×{count}: {words}{first} [{code}]", done.file));
    }
    let _closed = writeln!(std::io::stderr(), "{}", lines.join("\n"));
}

#[cfg(test)]
mod tests {
    use formats::LossCode;

    use super::*;

    /// Everything that may be found or lost is said in words of its own, in every language.
    #[test]
    fn every_code_has_words_of_its_own() {
        for (tongue, lang) in Tongue::ALL {
            let mut said: Vec<String> = Code::ALL.iter().map(|(_, code)| finding_words(code, *tongue)).collect();
            said.extend(LossCode::ALL.iter().map(|(_, code)| tongue.t(&format!("convert-lost-{code}"))));
            assert!(said.iter().all(|words| !words.contains('⟦')), "{lang}: {said:#?}");
            let count = said.len();
            said.sort();
            said.dedup();
            assert_eq!(said.len(), count, "{lang}: two codes say the same");
        }
    }

    #[test]
    fn every_format_named_in_the_help_is_one() {
        let line = EXAMPLES.lines().find(|line| line.starts_with("Formats:")).expect("the help lists them");
        let named: Vec<&str> = line.trim_start_matches("Formats:").trim().trim_end_matches('.').split(' ').collect();
        assert_eq!(named, Format::ALL.iter().map(|(_, code)| *code).collect::<Vec<_>>());
    }
}
