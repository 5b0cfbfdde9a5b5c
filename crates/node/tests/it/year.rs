//! A seeded year of cases: sent and answered between two nodes on memory stores by officers who push what is open to
//! them, with a clock of its own. Both nodes compute one report, and an independent script (`benches/report/recount.py`)
//! comes to the same figures from an export of both logs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command as Program, Stdio};

use domain::account::{Count, Fared, Value};
use domain::act::{ActKind, Author, Deed, Role};
use domain::case::Case;
use domain::decide::Command;
use domain::ids::CaseId;
use domain::procedure::{self, Side, Stage, To};
use domain::rehearsal::{self, Rehearsal};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use node::{Computed, Env, ReportBook, log_name};
use store::{CaseFilter, Store as _};

use crate::house::{House, carry_all, enter, two_houses};
use crate::report::fetch;

/// Cases of the year. Every act is signed, sealed, receipted and logged, which without optimisation takes ten times as
/// long: there a twentieth of them, spread over the same year. With it all of them are asked for, which takes many minutes.
const CASES: u64 = if cfg!(debug_assertions) { 100 } else { 2_000 };
/// Most acts tried in a case after its first.
const ACTS_MAX: usize = 7;
/// Minutes between two cases: the last begins on the last day.
const SPACING_MIN: i64 = 525_000 / CASES.cast_signed();

/// A source of choices that is the same for ever (xorshift64*).
struct Dice(u64);

impl Dice {
    fn of(number: u64) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ (number + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % below.max(1)
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn minutes(at: Timestamp, minutes: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_mins(minutes)).unwrap()
}

/// A house submits its next matter; none where the type drawn needs a text that nobody has signed.
fn open(houses: &mut [House; 2], number: u64, dice: &mut Dice, at: Timestamp) -> Option<CaseId> {
    let asking = usize::try_from(number % 2).unwrap();
    let (me, peer) = (houses[asking].node.me().clone(), houses[1 - asking].node.me().clone());
    let instrument = houses[asking].node.instrument().clone();
    let mut pick = |below| dice.below(below);
    let mut rehearsal = Rehearsal::new(&instrument, &mut pick);
    let (rule, from, to) = rehearsal.opening(&me, &peer)?;
    let begins = procedure::rows(rule.procedure, Stage::Draft, ActKind::Submit).next().is_some();
    if !begins || rule.amends.is_some() || rule.reports.is_some() {
        return None;
    }
    let mut request = rehearsal.request(rule, &from, &to, at);
    request.exercise = number.is_multiple_of(10);
    let deed = Deed::Submit { request: Box::new(request.clone()) };
    let gates = rehearsal.gates(rule, None, &request, &deed, &from, at).unwrap_or_default();
    let case = CaseId::compose(&me, &rule.series, 2026, number + 1).unwrap();
    let author = Author::Officer(rehearsal::officer(&from, Role::Approver));
    enter(&mut houses[asking], at, Command { case: case.clone(), office: from, author, gates, deed }).ok()?;
    Some(case)
}

/// An officer of the side whose turn it is, seldom of the other, pushes a button; whether the case is over.
fn push(houses: &mut [House; 2], case: &CaseId, dice: &mut Dice, at: Timestamp) -> Option<Case> {
    let seen = houses[0].node.load(&*houses[0].store.reader().unwrap(), case).unwrap().unwrap().case;
    if seen.is_over() {
        return None;
    }
    let turn = seen.turn().map(|(side, _)| side).filter(|_| dice.below(6) > 0);
    let side = turn.unwrap_or(if dice.below(2) == 0 { Side::Requesting } else { Side::Requested });
    let acting = usize::from(houses[1].node.me() == seen.party(side));
    let mut buttons = rehearsal::buttons(&seen, side);
    // Most officers bring a matter on.
    if dice.below(6) > 0 {
        let leads_on = |act: ActKind| seen.rows(act).any(|row| row.to != To::Stay);
        buttons.retain(|(_, act)| *act != ActKind::Withdraw && leads_on(*act));
    }
    if buttons.is_empty() {
        return Some(seen);
    }
    let (role, act) = buttons[dice.below(buttons.len())];
    let instrument = houses[acting].node.instrument_of(&seen).clone();
    let mut pick = |below| dice.below(below);
    if let Some(command) = Rehearsal::new(&instrument, &mut pick).command(&seen, side, role, act, at) {
        // What the other rules of the house refuse stays undone, as in life.
        let _ = enter(&mut houses[acting], at, command);
    }
    Some(seen)
}

fn deliver(houses: &mut [House; 2], at: Timestamp) {
    let [a, b] = houses;
    carry_all(a, b, at);
    carry_all(b, a, at);
}

/// The mail, and both logs fetched: an act that crossed another stands once its author's log says so.
fn exchange(houses: &mut [House; 2], at: Timestamp) {
    deliver(houses, at);
    let [a, b] = houses;
    while fetch(a, b, at) {}
}

/// Plays the year: what happens next happens first, in whichever case. Every day the clocks run out that do.
fn played() -> [House; 2] {
    let mut houses = two_houses();
    let start: Timestamp = "2026-01-01T08:00:00Z".parse().unwrap();
    let end: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
    let begin = |number: u64| minutes(start, i64::try_from(number).unwrap() * SPACING_MIN);
    let mut agenda: BTreeSet<(Timestamp, u64)> = (0..CASES).map(|number| (begin(number), number)).collect();
    let mut cases: BTreeMap<u64, (CaseId, Dice, usize)> = BTreeMap::new();
    let mut tick_at = start;
    while let Some((at, number)) = agenda.pop_first().filter(|(at, _)| *at < end) {
        while tick_at <= at {
            for house in &mut houses {
                house.node.tick(&mut house.store, &mut Env { now: tick_at, rng: &mut house.rng }).unwrap();
            }
            exchange(&mut houses, minutes(tick_at, 1));
            tick_at = minutes(tick_at, 24 * 60);
        }
        let goes_on = match cases.get_mut(&number) {
            Some((case, dice, acts)) => {
                *acts += 1;
                push(&mut houses, case, dice, at).is_some() && *acts < ACTS_MAX
            }
            None => {
                let mut dice = Dice::of(number);
                let case = (0..32).find_map(|_| open(&mut houses, number, &mut dice, at)).unwrap();
                cases.insert(number, (case, dice, 0));
                true
            }
        };
        deliver(&mut houses, minutes(at, 1));
        if goes_on {
            let pause = 600 + i64::try_from(cases.get_mut(&number).unwrap().1.below(24_000)).unwrap();
            agenda.insert((minutes(at, pause), number));
        }
    }
    // What waited for a log, or for its next try, goes in the days after.
    for days in 1..=3 {
        exchange(&mut houses, minutes(end, days * 24 * 60));
    }
    houses
}

fn computed(house: &House, peer: &House) -> Computed {
    let days = (day("2026-01-01"), day("2026-12-31"));
    let reader = house.store.reader().unwrap();
    house.node.report_now(&*reader, &mut ReportBook::default(), peer.node.me(), days, false).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Both logs, leaf by leaf as the houses keep them, and every act with the stage its case was in after it.
fn exported(houses: &[House; 2]) -> String {
    let mut lines = String::new();
    for (house, peer) in [(&houses[0], &houses[1]), (&houses[1], &houses[0])] {
        let reader = house.store.reader().unwrap();
        let log = log_name(peer.node.me());
        for leaf in reader.leaves(&log, 0, usize::MAX).unwrap() {
            writeln!(lines, "leaf\t{}\t{}", house.node.me(), hex(&leaf.bytes)).unwrap();
        }
    }
    let reader = houses[0].store.reader().unwrap();
    let mut filter = CaseFilter::default();
    loop {
        let (rows, next) = reader.cases(&filter).unwrap();
        for row in rows {
            let dossier = houses[0].node.load(&*reader, &row.case).unwrap().unwrap();
            let record: BTreeMap<_, _> = dossier.case.record.iter().map(|done| ((&done.by, done.seq), done)).collect();
            for (row, entry) in dossier.rows.iter().zip(&dossier.entries) {
                let done = record[&(&row.party, row.seq)];
                let line = serde_json::json!({
                    "core": row.core_hash, "kind": row.kind, "stage": domain::menu::Menu::code(done.stage),
                    "moot": done.moot.is_some(), "act": entry.act,
                });
                writeln!(lines, "act\t{line}").unwrap();
            }
        }
        match next {
            Some(next) => filter.after = Some(next),
            None => return lines,
        }
    }
}

fn shown(value: &Value) -> String {
    let list = |rows: Vec<String>| if rows.is_empty() { "-".to_owned() } else { rows.join(",") };
    match value {
        Value::Number(number) => number.to_string(),
        Value::Share { part, whole } => format!("{part}/{whole}"),
        Value::Spread { count, median_s, p90_s } => format!("{count}:{median_s}:{p90_s}"),
        Value::Tally { counts } => list(counts.iter().map(|(code, count)| format!("{code}={count}")).collect()),
        Value::Sums { sums } => list(sums.iter().map(|(code, sum)| format!("{code}={sum}")).collect()),
        Value::Since { days } => days.map_or_else(|| "-".to_owned(), |days| days.to_string()),
        Value::Suppressed => "suppressed".to_owned(),
    }
}

/// What the script leaves to the report: it would have to know calendars, agendas and the pairs of offices.
fn is_left(of: &Count) -> bool {
    matches!(
        of,
        Count::OnTime { .. }
            | Count::Time { .. }
            | Count::LevelsAnswered
            | Count::Cosigned { .. }
            | Count::Assets
            | Count::Pairs { .. }
            | Count::Items
            | Count::Tabled
            | Count::Tasks
            | Count::Live
    )
}

/// The report as the script writes it: a line for each figure.
fn written(computed: &Computed) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for row in &computed.report.outcomes {
        for (party, Fared { made, settled, refused, pending, time, longest_s }) in &row.by_direction {
            let cells = [made, settled, refused, pending, time].map(shown).join("\t");
            let longest = longest_s.map_or_else(|| "-".to_owned(), |s| s.to_string());
            lines.insert(format!("type\t{}\t{party}\t{cells}\t{longest}", row.type_code));
        }
    }
    for clause in &computed.report.account.clauses {
        for figure in clause.figures.iter().filter(|figure| !is_left(&figure.measure.of)) {
            let (of, parameter) = (figure.measure.of.code(), figure.measure.of.parameter());
            for (party, value) in &figure.by_direction {
                lines.insert(format!("clause\t{}\t{of}\t{parameter}\t{party}\t{}", clause.clause, shown(value)));
            }
        }
    }
    lines
}

fn recounted(export: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut running = Program::new("python3")
        .arg(root.join("benches/report/recount.py"))
        .arg(root.join("instruments/china-uk-2016"))
        .args(["2026-01-01", "2026-12-31"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, export) = (running.stdin.take().unwrap(), export.to_owned());
    let feeding = std::thread::spawn(move || input.write_all(export.as_bytes()).unwrap());
    let output = running.wait_with_output().unwrap();
    feeding.join().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_year_is_one_report_on_both_nodes_and_in_the_scripts_count() {
    let houses = played();
    let [ours, theirs] = [computed(&houses[0], &houses[1]), computed(&houses[1], &houses[0])];
    assert_eq!(ours.line, theirs.line, "both nodes, one line and one hash");
    assert_eq!(ours.report, theirs.report);
    assert_eq!([ours.left_out, theirs.left_out], [0, 0], "every act is in both logs");

    let export = exported(&houses);
    let acts: Vec<&str> = export.lines().filter(|line| line.starts_with("act")).collect();
    assert!(acts.len() as u64 > CASES * 3, "cases go on: {} acts", acts.len());
    let (counted, report) = (recounted(&export), written(&ours));
    assert_eq!(
        counted.difference(&report).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "the script's, not the report's"
    );
    assert_eq!(
        report.difference(&counted).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "the report's, not the script's"
    );
    let types = report.iter().filter(|line| line.starts_with("type")).count();
    assert!(types > 30 && report.len() > 100, "{types} rows of types, {} figures", report.len());

    // One leaf less, and the script finds other figures: an act counts only where both logs have it.
    let live = |line: &&&str| line.contains("\"kind\":\"submit\"") && line.contains("\"exercise\":false");
    let first: serde_json::Value = serde_json::from_str(&acts.iter().find(live).unwrap()[4..]).unwrap();
    let core = first["core"].as_str().unwrap();
    let author = first["act"]["by"].as_str().unwrap();
    let is_sent = |line: &str| line.starts_with(&format!("leaf\t{author}\t")) && line.contains(core);
    let less: String = export.lines().filter(|line| !is_sent(line)).map(|line| format!("{line}\n")).collect();
    assert!(less.len() < export.len());
    assert_ne!(recounted(&less), report);
}
