//! `entente check`: every finding in instruments and calendars.
//!
//! Owns which files are meant and how findings are shown. Must not know what is right: the loader does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::amendment;
use domain::difference::{Change, Shown, difference};
use domain::instrument::{Counts, Finding, Instrument, Loaded, Severity, SourceFile};
use domain::local::Policy;
use domain::menu::Menu;
use serde::Serialize;

use super::out::{counted, json, say};
use super::{Ended, Verdict};
use crate::home::{HomeFault, files, sound};

const EXAMPLES: &str = "Examples:
  entente check instruments/my-instrument
  entente check calendars/my-calendar.toml
  entente check instruments/my-instrument/policy/xx.toml
  entente check instruments/next --against instruments/my-instrument --bundle next.txt
  entente check --json instruments/* | jq .counts";

/// What to check.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// An instrument's folder, a file of one, a calendar, or a Party's policy.
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// The version the instrument amends: says what differs, and whether the one may follow the other.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Writes the instrument as the one file in which an amendment travels.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
}

/// What differs from the version amended, as JSON.
#[derive(Serialize)]
struct Against {
    /// Why it may not follow that version, if it may not.
    unfit: Option<&'static str>,
    changes: Vec<Change>,
}

/// What was found, as JSON.
#[derive(Serialize)]
struct Checked {
    ok: bool,
    errors: usize,
    warnings: usize,
    counts: Counts,
    findings: Vec<Finding>,
    instruments: Vec<Named>,
    policies: Vec<Law>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Against>,
}

/// A policy without errors.
#[derive(Serialize)]
struct Law {
    path: String,
    party: String,
    questions: usize,
}

/// An instrument without errors.
#[derive(Serialize)]
struct Named {
    path: String,
    id: String,
    version: String,
    hash: String,
}

/// Checks every path; found wanting when there is an error.
///
/// # Errors
/// When a file cannot be read at all.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let mut checked = Checked {
        ok: true,
        errors: 0,
        warnings: 0,
        counts: Counts::default(),
        findings: Vec::new(),
        instruments: Vec::new(),
        policies: Vec::new(),
        against: None,
    };
    // Several files of one instrument mean it once.
    let mut paths = args.paths.clone();
    let mut policies = Vec::new();
    for path in &args.paths {
        if let Some(file) = files::policy(path)? {
            policies.push((path.clone(), file));
        }
    }
    paths.retain(|path| policies.iter().all(|(known, _)| known != path));
    for (path, file) in &policies {
        checked.policy(path, file)?;
    }
    let roots: BTreeSet<PathBuf> = paths.iter().map(|path| files::root(path)).collect();
    if (args.against.is_some() || args.bundle.is_some()) && roots.len() != 1 {
        let remedy = "name one instrument beside `--against` and `--bundle`";
        return Err(HomeFault::new("several are named", Path::new("."), remedy).into());
    }
    for root in &roots {
        let sources = files::read(root)?;
        let loaded = Instrument::load(&sources);
        if let (Some(old), Some(next)) = (&args.against, &loaded.instrument) {
            checked.against = Some(compare(&sound(&files::read(old)?, old)?, next, &sources));
        }
        if let (Some(at), Some(_)) = (&args.bundle, &loaded.instrument) {
            let written = std::fs::write(at, amendment::bundle(&sources));
            written.map_err(|why| HomeFault::io("cannot write", at, &why))?;
        }
        checked.take(root, loaded);
    }
    checked.ok = checked.errors == 0 && checked.against.as_ref().is_none_or(|against| against.unfit.is_none());
    if as_json {
        json(&checked);
    } else {
        checked.show();
    }
    Ok(if checked.ok { Verdict::Done } else { Verdict::Wanting })
}

impl Checked {
    fn take(&mut self, root: &Path, loaded: Loaded) {
        self.errors += loaded.errors();
        self.warnings += loaded.findings.len() - loaded.errors();
        add(&mut self.counts, &loaded.counts);
        let place = |finding: Finding| Finding { file: files::place(root, &finding.file), ..finding };
        self.findings.extend(loaded.findings.into_iter().map(place));
        self.instruments.extend(loaded.instrument.map(|instrument| Named {
            path: root.display().to_string(),
            id: instrument.id().to_owned(),
            version: instrument.version().to_owned(),
            hash: instrument.hash().to_string(),
        }));
    }

    /// A policy is judged against the instrument it stands beside.
    fn policy(&mut self, path: &Path, file: &SourceFile) -> Result<(), HomeFault> {
        let folder = files::beside(path)?;
        let instrument = sound(&files::read(&folder)?, &folder)?;
        let loaded = Policy::load(file, &instrument);
        self.errors += loaded.errors();
        self.warnings += loaded.findings.len() - loaded.errors();
        let shown = path.display().to_string();
        self.findings.extend(loaded.findings.into_iter().map(|finding| Finding { file: shown.clone(), ..finding }));
        self.policies.extend(loaded.policy.map(|policy| Law {
            path: shown,
            party: policy.party().to_string(),
            questions: policy.questions().len(),
        }));
        Ok(())
    }

    fn show(&self) {
        let grave = |finding: &&Finding| finding.severity == Severity::Error;
        for finding in self.findings.iter().filter(grave).chain(self.findings.iter().filter(|f| !grave(f))) {
            say(finding);
        }
        let Counts { clauses, types, types_on, offices, gates, calendars, .. } = self.counts;
        say(format_args!(
            "{clauses} clauses, {types} request types ({types_on} in force), {offices} offices, {gates} safeguards, \
             {calendars} calendars"
        ));
        for Named { path, id, version, hash } in &self.instruments {
            say(format_args!("{path}: {id} {version}, {hash}"));
        }
        for Law { path, party, questions } in &self.policies {
            say(format_args!("{path}: the law of {party}, {questions} questions"));
        }
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        if let Some(Against { unfit, changes }) = &self.against {
            changes.iter().for_each(tell);
            say(format_args!("{}", counted(number(changes.len()), "difference", "differences")));
            if let Some(why) = unfit {
                say(format_args!("it cannot be signed as an amendment of that version: {why}"));
            }
        }
        let errors = counted(number(self.errors), "error", "errors");
        say(format_args!("{errors}, {}", counted(number(self.warnings), "warning", "warnings")));
    }
}

/// What differs from the version amended, and whether the next may follow it.
fn compare(before: &Instrument, next: &Instrument, sources: &[SourceFile]) -> Against {
    let fits = amendment::amended(amendment::bundle(sources).as_bytes(), next.hash(), before);
    Against { unfit: fits.err().map(|why| why.code()), changes: difference(before, next) }
}

/// One difference: a line for the place, one for each side and language.
fn tell(change: &Change) {
    say(format_args!("{} {} {}", change.part.code(), change.id, change.aspect));
    for (sign, shown) in [('-', &change.from), ('+', &change.to)] {
        match shown {
            None => {}
            Some(Shown::Code(code)) => say(format_args!("  {sign} {code}")),
            Some(Shown::Words(words)) => {
                words.iter().for_each(|(lang, words)| say(format_args!("  {sign} {lang}: {words}")));
            }
        }
    }
}

fn add(sum: &mut Counts, more: &Counts) {
    sum.files += more.files;
    sum.parties += more.parties;
    sum.offices += more.offices;
    sum.areas += more.areas;
    sum.clauses += more.clauses;
    sum.types += more.types;
    sum.types_on += more.types_on;
    sum.gates += more.gates;
    sum.grounds += more.grounds;
    sum.rungs += more.rungs;
    sum.terms += more.terms;
    sum.norms += more.norms;
    sum.calendars += more.calendars;
}
