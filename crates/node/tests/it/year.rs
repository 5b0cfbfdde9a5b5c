//! A seeded year of two thousand cases: both sides come to the same report whatever they learnt when, and an independent
//! script comes to the same figures from an export of the acts.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command as Program, Stdio};

use domain::account::{CaseFacts, Fared, Period, Value};
use domain::act::{ActKind, Author, Deed, Role};
use domain::case::{self, Case, Entry};
use domain::decide::{self, Command};
use domain::ids::{CaseId, PartyId};
use domain::instrument::Instrument;
use domain::menu::Menu as _;
use domain::procedure::{self, Side, Stage};
use domain::rehearsal::{self, Rehearsal};
use domain::report::{Report, counted, days};
use jiff::{SignedDuration, Timestamp};
use node::report_hash;

use crate::house::instrument;

/// Cases of the year.
const CASES: u64 = 2_000;
/// Most acts tried in a case after its first.
const ACTS_MAX: usize = 9;

/// A source of choices that is the same for ever (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % below.max(1)
    }
}

fn start() -> Timestamp {
    "2026-01-01T08:00:00Z".parse().unwrap()
}

/// One case, from its submission through what its officers happen to do.
fn live(instrument: &Instrument, number: u64) -> Option<Vec<Entry>> {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (number + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93));
    let parties: Vec<&PartyId> = instrument.parties().keys().collect();
    let (me, peer) = if number.is_multiple_of(2) { (parties[0], parties[1]) } else { (parties[1], parties[0]) };
    let spacing = SignedDuration::from_mins(i64::try_from(number * 525_600 / CASES).unwrap());
    let mut at = start().saturating_add(spacing).unwrap();
    let (mut command, rule) = {
        let mut pick = |below| dice.below(below);
        let mut rehearsal = Rehearsal::new(instrument, &mut pick);
        let (rule, from, to) = rehearsal.opening(me, peer)?;
        let mut request = rehearsal.request(rule, &from, &to, at);
        request.exercise = number.is_multiple_of(10);
        let deed = Deed::Submit { request: Box::new(request.clone()) };
        let gates = rehearsal.gates(rule, None, &request, &deed, &from, at)?;
        let author = Author::Officer(rehearsal::officer(&from, Role::Approver));
        let case = CaseId::new(&format!("{me}-{}-2026-{:04}", rule.series, number + 1)).unwrap();
        (Some(Command { case, office: from, author, gates, deed }), rule)
    };
    procedure::rows(rule.procedure, Stage::Draft, ActKind::Submit).next()?;
    let (mut entries, mut view): (Vec<Entry>, Option<Case>) = (Vec::new(), None);
    let mut actor = me.clone();
    for _ in 0..=ACTS_MAX {
        if let Some(command) = command.take()
            && let Ok(act) = decide::decide_in(view.as_ref(), instrument, &actor, &entries, command, at)
        {
            let received_at = at.saturating_add(SignedDuration::from_secs(60)).ok();
            view = case::then(view, instrument, &act, received_at);
            entries.push(Entry { act, received_at });
        }
        let case = view.as_ref()?;
        if case.is_over() {
            break;
        }
        at = at.saturating_add(SignedDuration::from_mins(600 + i64::try_from(dice.below(24_000)).unwrap())).unwrap();
        let side = case.turn().map(|(side, _)| side).filter(|_| dice.below(5) > 0);
        let side = side.unwrap_or(if dice.below(2) == 0 { Side::Requesting } else { Side::Requested });
        let mut open = rehearsal::buttons(case, side);
        // Most officers bring a matter on.
        if dice.below(6) > 0 {
            let on = |act: &ActKind| {
                procedure::rows(case.procedure, case.stage(), *act).any(|row| row.to != procedure::To::Stay)
            };
            open.retain(|(_, act)| on(act) && *act != ActKind::Withdraw);
        }
        if open.is_empty() {
            continue;
        }
        let (role, act) = open[dice.below(open.len())];
        actor = case.party(side).clone();
        let mut pick = |below| dice.below(below);
        command = Rehearsal::new(instrument, &mut pick).command(case, side, role, act, at);
    }
    Some(entries)
}

fn year() -> Period {
    days("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap(), false).unwrap()
}

fn reported(instrument: &Instrument, cases: &[Vec<Entry>]) -> Report {
    let facts = cases.iter().filter_map(|entries| CaseFacts::of(instrument, &counted(entries.clone(), year().until)));
    Report::of(instrument, &facts.collect::<Vec<_>>(), year())
}

/// One line for each act in the order folded, as the script reads it.
fn exported(instrument: &Instrument, entries: &[Entry]) -> Option<String> {
    let entries = counted(entries.to_vec(), year().until);
    let case = case::fold(instrument, &entries)?;
    let acts: BTreeMap<(&PartyId, u64), &Entry> =
        entries.iter().map(|entry| ((&entry.act.by, entry.act.seq), entry)).collect();
    let line = |done: &case::Recorded| {
        let act = &acts[&(&done.by, done.seq)].act;
        let (extent, ground) = match &act.deed {
            Deed::Respond { extent, .. } => (extent.code(), ""),
            Deed::Refuse { ground, .. } => ("", ground.code()),
            _ => ("", ""),
        };
        let (kind, stage) = (act.deed.kind().code(), done.stage.code());
        let (exercise, moot) = (u8::from(case.request.exercise), u8::from(done.moot.is_some()));
        let at = act.at.as_second();
        format!(
            "{}\t{}\t{exercise}\t{}\t{}\t{kind}\t{at}\t{extent}\t{ground}\t{stage}\t{moot}\n",
            case.id, case.type_code, case.requesting, done.by
        )
    };
    Some(case.record.iter().map(line).collect())
}

/// A row of the report as the script writes it.
fn row(code: &str, party: &PartyId, fared: &Fared) -> Option<String> {
    let number = |value: &Value| if let Value::Number(number) = value { *number } else { 0 };
    let tally = |value: &Value| match value {
        Value::Tally { counts } => {
            counts.iter().map(|(code, count)| format!("{code}={count}")).collect::<Vec<_>>().join(",")
        }
        _ => String::new(),
    };
    let Value::Spread { count, median_s, p90_s } = fared.time else { return None };
    let longest = fared.longest_s.map_or_else(|| "-".to_owned(), |s| s.to_string());
    let (made, pending) = (number(&fared.made), number(&fared.pending));
    let (settled, refused) = (tally(&fared.settled), tally(&fared.refused));
    (made + pending + count > 0).then(|| {
        format!("{code}\t{party}\t{made}\t{settled}\t{refused}\t{pending}\t{count}\t{median_s}\t{p90_s}\t{longest}")
    })
}

#[test]
fn a_year_of_two_thousand_cases_is_one_report_however_it_is_counted() {
    let instrument = instrument();
    let ours: Vec<Vec<Entry>> = (0..CASES).map(|number| live(&instrument, number).unwrap_or_default()).collect();
    assert!(ours.iter().filter(|entries| !entries.is_empty()).count() as u64 > CASES * 95 / 100);
    let report = reported(&instrument, &ours);
    // The other side learnt of everything in another order.
    let theirs: Vec<Vec<Entry>> = ours.iter().rev().map(|entries| entries.iter().rev().cloned().collect()).collect();
    let hash = report_hash(&report).unwrap();
    assert_eq!(report_hash(&reported(&instrument, &theirs)).unwrap(), hash);
    let mut short = theirs;
    let live = |entries: &&mut Vec<Entry>| {
        matches!(entries.last().map(|one| &one.act.deed), Some(Deed::Submit { request }) if !request.exercise)
    };
    short.iter_mut().find(live).unwrap().pop();
    assert_ne!(report_hash(&reported(&instrument, &short)).unwrap(), hash, "one act less is another report");

    let export: String = ours.iter().filter_map(|entries| exported(&instrument, entries)).collect();
    assert!(export.lines().count() as u64 > CASES * 3, "cases go on: {}", export.lines().count());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/report/recount.py");
    let (first, last) = (year().from.as_second().to_string(), year().until.as_second().to_string());
    let mut running = Program::new("python3")
        .arg(script)
        .args([first, last])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = running.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || input.write_all(export.as_bytes()).unwrap());
    let output = running.wait_with_output().unwrap();
    feeding.join().unwrap();
    assert!(output.status.success());
    let recounted: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    let rows = report
        .outcomes
        .iter()
        .flat_map(|one| one.by_direction.iter().filter_map(|(party, fared)| row(one.type_code.as_str(), party, fared)));
    let rows: Vec<String> = rows.collect();
    assert_eq!(recounted, rows);
    assert!(rows.len() > 40, "nearly every type, from both sides: {}", rows.len());
    let settled = rows.iter().filter(|row| row.contains("answered=")).count();
    assert!(settled > 10, "requests are answered: {rows:#?}");
}
