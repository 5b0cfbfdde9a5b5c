//! `entente match`: names compared and two lists linked, on this machine only.
//!
//! Owns the files, the columns, and how the work is shared among threads. Must not know what makes two names alike:
//! that is the crate `matching`. Nothing leaves the machine; matching against the other Party is in [`run`].

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::menu::Menu;
use matching::record::{Fields, Record, compare_records};
use matching::score::POINTS_MAX;
use matching::{Band, Name, Reason, Score, link::Index};

use super::out::{bar, json, say};
use super::{Ended, Trouble, Verdict};
use crate::i18n::Tongue;
use crate::rows::{Refused, Rows, write_row};

mod run;

const EXAMPLES: &str = "Examples:
  entente match names ours.csv theirs.csv -o links.csv
  entente match names ours.csv --dedupe -o twice.csv
  entente match score pairs.csv -o scores.csv --lang zh
  entente match show XX-ID-2026-0001                       (private matching in a case: what is left, which step is next)
  entente match take epoch --case XX-ID-2026-0001
  entente match take list register.csv --case XX-ID-2026-0001
  entente match take evaluate --case XX-ID-2026-0001
  entente match take ask --case XX-ID-2026-0001 --surname CHAN --born 1987-05-03 --sex m --issuer CHN --document E1234567?
  entente match take receive --case XX-ID-2026-0001
  entente match take draw questions --batch 1 --case XX-ID-2026-0001
  entente match take share 1 --case XX-ID-2026-0001
  entente match take reveal 1 --case XX-ID-2026-0001
  entente match take open 1 --case XX-ID-2026-0001
  entente match opening XX-ID-2026-0001 1 -o opening.bin
  entente match audit opening.bin                          (the oversight body's: no node is needed)
  entente match take find 1 sound --text-en \"…\" --text-zh \"…\" --case XX-ID-2026-0001
  entente match take destroy --case XX-ID-2026-0001";

/// Questions handed to the threads at a time: enough to keep them busy, few enough for the bar to move.
const BATCH: usize = 2_048;

/// Comparing names.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Link two lists: who of the one stands in the other, under which spelling.
    Names(NamesArgs),
    /// Score each pair of names of one file, in order.
    Score(ScoreArgs),
    /// Private matching with the other side, in a case.
    #[command(flatten)]
    Run(run::What),
}

#[derive(Debug, clap::Args)]
struct NamesArgs {
    /// A table with the columns id and name; surname, given, dob, sex, document, address where known.
    #[arg(value_name = "A.csv")]
    a: PathBuf,
    /// The other table. The same file twice looks for people who stand in it twice.
    #[arg(value_name = "B.csv", required_unless_present = "dedupe", conflicts_with = "dedupe")]
    b: Option<PathBuf>,
    /// Look for people who stand twice in A.
    #[arg(long)]
    dedupe: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct ScoreArgs {
    /// A table with the columns left and right.
    #[arg(value_name = "PAIRS.csv")]
    pairs: PathBuf,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct Common {
    /// Where the outcome goes.
    #[arg(short = 'o', long = "out", value_name = "OUT.csv")]
    out: PathBuf,
    /// The language of the reasons; `code` for programs.
    #[arg(long, default_value = "en", value_parser = ["en", "zh", "code"])]
    lang: String,
    /// How many threads; all there are, if not said. The outcome is the same.
    #[arg(long)]
    threads: Option<std::num::NonZeroUsize>,
}

/// Carries out one of the commands.
///
/// # Errors
/// When a file cannot be read or written, or is no table.
pub fn run(args: Args, as_json: bool) -> Ended {
    match args.command {
        Command::Names(args) => names(&args, as_json),
        Command::Score(args) => score(&args, as_json),
        Command::Run(what) => super::in_runtime(run::run(what, as_json)),
    }
}

/// A row that asks, and where it comes from.
struct Person {
    id: String,
    record: Record,
}

/// One link before its reasons are written out.
#[derive(Clone, Copy)]
struct Found {
    points: u16,
    a: u32,
    b: u32,
}

fn names(args: &NamesArgs, as_json: bool) -> Ended {
    let threads = threads(&args.common);
    let twice = args.dedupe || args.b.as_ref().is_some_and(|b| same_file(b, &args.a));
    let left = people(&args.a, threads)?;
    let right = match &args.b {
        Some(b) if !twice => people(b, threads)?,
        _ => Vec::new(),
    };
    let indexed = if twice { &left } else { &right };
    let index = Index::new(indexed.iter().map(|person| person.record.clone()).collect());
    let progress = bar(u64::try_from(left.len()).unwrap_or(0), "linking");
    let mut found: Vec<Found> = Vec::new();
    for (batch, people) in left.chunks(BATCH).enumerate() {
        let numbered: Vec<(u32, &Person)> = (u32::try_from(batch * BATCH).unwrap_or(u32::MAX)..).zip(people).collect();
        let links = shared(&numbered, threads, |(a, person)| {
            let links = index.ask(&person.record, twice.then_some(*a));
            links.into_iter().map(|link| Found { points: link.points, a: *a, b: link.at }).collect::<Vec<_>>()
        });
        found.extend(links.into_iter().flatten());
        progress.inc(u64::try_from(people.len()).unwrap_or(0));
    }
    progress.finish_and_clear();
    found.sort_by_key(|link| (u16::MAX - link.points, link.a, link.b));
    let among = u64::try_from(indexed.len()).unwrap_or(u64::MAX);
    let mut out = Out::create(&args.common.out)?;
    out.row(&["id_a", "id_b", "score", "band", "reasons"])?;
    for links in found.chunks(BATCH) {
        let rows = shared(links, threads, |link| {
            let (a, b) = (left.get(link.a as usize)?, indexed.get(link.b as usize)?);
            Some((a, b, compare_records(&a.record, &b.record, among)))
        });
        for (a, b, score) in rows.into_iter().flatten() {
            out.row(&[&a.id, &b.id, &shown(score.points), score.band().code(), &reasons(&score, &args.common.lang)])?;
        }
    }
    out.finish()?;
    let matches = found.iter().filter(|link| Band::of(link.points) == Band::Match).count();
    if as_json {
        let rows_b = if twice { left.len() } else { right.len() };
        json(&serde_json::json!({ "rows_a": left.len(), "rows_b": rows_b, "links": found.len(), "match": matches,
            "possible": found.len() - matches, "out": args.common.out }));
    } else {
        let (a, b) = (left.len(), indexed.len());
        say(format_args!("{a} × {b} rows: {matches} matches, {} possible", found.len() - matches));
    }
    Ok(Verdict::Done)
}

fn score(args: &ScoreArgs, as_json: bool) -> Ended {
    let threads = threads(&args.common);
    let mut rows = open(&args.pairs)?;
    let (left, right) = (column(&rows, &args.pairs, "left")?, column(&rows, &args.pairs, "right")?);
    let mut out = Out::create(&args.common.out)?;
    out.row(&["left", "right", "score", "band", "reasons"])?;
    let mut counts = [0usize; 3];
    loop {
        let batch = batch(&mut rows, &args.pairs)?;
        if batch.is_empty() {
            break;
        }
        let scored = shared(&batch, threads, |row| matching::compare(&Name::new(&row[left]), &Name::new(&row[right])));
        for (row, score) in batch.iter().zip(scored) {
            counts[score.band() as usize] += 1;
            let reasons = reasons(&score, &args.common.lang);
            out.row(&[&row[left], &row[right], &shown(score.points), score.band().code(), &reasons])?;
        }
    }
    out.finish()?;
    let [no, possible, matches] = counts;
    let all: usize = counts.iter().sum();
    if as_json {
        json(
            &serde_json::json!({ "rows": all, "match": matches, "possible": possible, "no": no, "out": args.common.out }),
        );
    } else {
        say(format_args!("{all} pairs: {matches} matches, {possible} possible, {no} not"));
    }
    Ok(Verdict::Done)
}

/// Reads a list of people.
fn people(path: &Path, threads: usize) -> Result<Vec<Person>, Trouble> {
    let mut rows = open(path)?;
    let id = column(&rows, path, "id")?;
    let at = ["name", "surname", "given", "dob", "sex", "document", "address"].map(|name| rows.column(name));
    if at[..3].iter().all(Option::is_none) {
        return Err(Trouble(format!("{}: no column `name`; the first line names the columns", path.display())));
    }
    let mut out = Vec::new();
    loop {
        let batch = batch(&mut rows, path)?;
        if batch.is_empty() {
            return Ok(out);
        }
        out.extend(shared(&batch, threads, |row| {
            let field = |n: usize| at[n].and_then(|at| row.get(at)).map_or("", String::as_str);
            let fields = Fields {
                name: field(0),
                surname: field(1),
                given: field(2),
                born: field(3),
                sex: field(4),
                document: field(5),
                address: field(6),
            };
            Person { id: row[id].clone(), record: Record::read(&fields) }
        }));
    }
}

/// Does the work of many on several threads; the outcome is in the order of the questions, however many there are.
fn shared<Q: Sync, A: Send>(questions: &[Q], threads: usize, work: impl Fn(&Q) -> A + Sync) -> Vec<A> {
    let share = questions.len().div_ceil(threads).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let hands: Vec<_> = questions
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<A>>()))
            .collect();
        let done = hands.into_iter().map(|hand| match hand.join() {
            Ok(part) => part,
            // What went wrong in a thread goes wrong here, with its own message.
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.flatten().collect()
    })
}

fn threads(common: &Common) -> usize {
    let there = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    common.threads.map_or_else(there, std::num::NonZero::get).min(256)
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

fn open(path: &Path) -> Result<Rows<BufReader<File>>, Trouble> {
    let file = File::open(path);
    let file = file.map_err(|why| Trouble(format!("{}: {why}; name a file that can be read", path.display())))?;
    Rows::open(BufReader::new(file)).map_err(|refused| trouble(path, &refused))
}

fn trouble(path: &Path, refused: &Refused) -> Trouble {
    Trouble(format!("{}: {refused}", path.display()))
}

fn column(rows: &Rows<BufReader<File>>, path: &Path, name: &str) -> Result<usize, Trouble> {
    let missing = || Trouble(format!("{}: no column `{name}`; the first line names the columns", path.display()));
    rows.column(name).ok_or_else(missing)
}

fn batch(rows: &mut Rows<BufReader<File>>, path: &Path) -> Result<Vec<Vec<String>>, Trouble> {
    let mut out = Vec::new();
    while out.len() < BATCH {
        let Some(row) = rows.next_row().map_err(|refused| trouble(path, &refused))? else { break };
        out.push(row);
    }
    Ok(out)
}

fn shown(points: u16) -> String {
    format!("{}.{:04}", points / POINTS_MAX, points % POINTS_MAX)
}

/// The reasons of a score, as words or as codes.
fn reasons(score: &Score, lang: &str) -> String {
    let words =
        |reason: &Reason| Tongue::from_code(lang).map_or_else(|| reason.to_string(), |tongue| said(reason, tongue));
    score.reasons.iter().map(words).collect::<Vec<_>>().join("; ")
}

/// One reason in words.
pub(crate) fn said(reason: &Reason, tongue: Tongue) -> String {
    let Reason { code, left, right, system } = reason;
    let key = format!("match-reason-{}", code.code());
    let words = tongue.with(&key, &[("left", left), ("right", right)]);
    match system {
        Some(system) => {
            let system = tongue.t(&format!("match-system-{}", system.code()));
            tongue.with("match-by", &[("reason", &words), ("system", &system)])
        }
        None => words,
    }
}

/// The file of the outcome: written beside and put in its place when it is whole.
struct Out {
    into: BufWriter<File>,
    part: PathBuf,
    path: PathBuf,
}

impl Out {
    fn create(path: &Path) -> Result<Self, Trouble> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|why| written(&part, &why))?;
        Ok(Self { into: BufWriter::new(file), part, path: path.to_owned() })
    }

    fn row(&mut self, fields: &[&str]) -> Result<(), Trouble> {
        write_row(&mut self.into, fields).map_err(|why| written(&self.part, &why))
    }

    fn finish(mut self) -> Result<(), Trouble> {
        self.into.flush().map_err(|why| written(&self.part, &why))?;
        std::fs::rename(&self.part, &self.path).map_err(|why| written(&self.path, &why))
    }
}

fn written(path: &Path, why: &std::io::Error) -> Trouble {
    Trouble(format!("{}: {why}; name a place that can be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use matching::Code;
    use matching::romanise::System;

    /// Every code and every system has words in every language.
    #[test]
    fn every_reason_has_words() {
        for (tongue, _) in Tongue::ALL {
            for code in Code::ALL {
                let reason = Reason::new(*code, "郭", "kwok");
                assert!(!said(&reason, *tongue).contains('⟦'), "{} in {}", code.code(), tongue.code());
            }
            for system in System::ALL {
                let reason = Reason { system: Some(system), ..Reason::new(Code::SurnameExact, "郭", "kwok") };
                assert!(!said(&reason, *tongue).contains('⟦'), "{} in {}", system.code(), tongue.code());
            }
        }
    }

    #[test]
    fn reasons_are_read_by_caseworkers() {
        fn check(left: &str, right: &str, lang: &str, said: &str) {
            assert_eq!(reasons(&matching::compare(&Name::new(left), &Name::new(right)), lang), said);
        }
        check(
            "郭偉強",
            "Wai-keung KWOK",
            "en",
            "surname exact: 郭 = kwok, Hong Kong; given name exact: 偉 = wai, Hong Kong; \
             given name exact: 強 = keung, Hong Kong; order reversed",
        );
        check(
            "郭偉強",
            "KWOK Wai-keung",
            "zh",
            "姓氏相符：郭 = kwok，香港拼写; 名字相符：偉 = wai，香港拼写; 名字相符：強 = keung，香港拼写",
        );
        check(
            "郭偉強",
            "KWOK Wai-keung",
            "code",
            "surname-exact 郭=kwok @hong-kong; given-exact 偉=wai @hong-kong; given-exact 強=keung @hong-kong",
        );
    }

    #[test]
    fn threads_do_not_change_the_order() {
        let questions: Vec<u32> = (0..100).collect();
        for threads in [1, 2, 3, 7, 200] {
            assert_eq!(shared(&questions, threads, |q| q * 2), questions.iter().map(|q| q * 2).collect::<Vec<_>>());
        }
    }
}
