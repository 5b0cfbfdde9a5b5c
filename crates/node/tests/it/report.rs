//! A progress report over the real exchange: both nodes come to the same from both logs, sign it in their order, and come
//! to it again however the cases go on; a report one side cannot find is refused by name and told apart.

use domain::account::Value;
use domain::act::{Deed, Role};
use domain::content::FieldValue;
use domain::ids::{CaseId, PartyId, TypeCode};
use domain::procedure::Side;
use domain::refusal::Refusal;
use domain::report::{ReportBar, ReportLine};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::receipt::Verdict;
use node::{Computed, Env, Failure, Found, ReportBook};
use store::Store as _;

use crate::hostile::{Liar, hand};
use crate::house::{
    House, carry_all, does, instrument, instrument_with, monday, person, submit, submit_filled, tries, two_houses,
    two_houses_under, words,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Eleven days after the exchange of the tests began.
fn later() -> Timestamp {
    at("2026-12-04T08:40:00Z")
}

/// Each house fetches a page of what it lacks of the other's log; whether there was any.
pub fn fetch(a: &mut House, b: &mut House, now: Timestamp) -> bool {
    fn pull(from: &House, to: &mut House, now: Timestamp) -> bool {
        let have = to.node.mirrored(&*to.store.reader().unwrap(), from.node.me()).unwrap();
        let page = from.node.page(&*from.store.reader().unwrap(), to.node.me(), have).unwrap();
        let Some(page) = page.filter(|page| !page.entries.is_empty()) else { return false };
        let mut env = Env { now, rng: &mut to.rng };
        to.node.mirror(&mut to.store, &mut env, from.node.me(), &page).unwrap();
        true
    }
    let pulled = pull(a, b, now);
    pull(b, a, now) || pulled
}

fn computed(house: &House, peer: &PartyId, last: &str) -> Computed {
    let days = (day("2026-11-01"), day(last));
    house.node.report_now(&*house.store.reader().unwrap(), &mut ReportBook::default(), peer, days, false).unwrap()
}

/// Both houses' computation of the days until `last`.
fn both(a: &House, b: &House, last: &str) -> (Computed, Computed) {
    (computed(a, b.node.me(), last), computed(b, a.node.me(), last))
}

/// A world in which a law was notified by each side, and the first of them noted.
fn exchanged() -> ([House; 2], CaseId) {
    let mut world = two_houses();
    let [a, b] = &mut world;
    let case = tell(a, monday());
    tell(b, monday());
    carry_all(a, b, monday());
    carry_all(b, a, monday());
    acknowledge(b, &case, at("2026-11-24T09:00:00Z"));
    carry_all(b, a, at("2026-11-24T09:00:00Z"));
    (world, case)
}

/// A live matter: what the tests send is an exercise otherwise.
fn tell(house: &mut House, now: Timestamp) -> CaseId {
    let rule = instrument().request_type(&TypeCode::new("LEG").unwrap()).unwrap().clone();
    submit_filled(house, &rule, now, |request| request.exercise = false).unwrap()
}

fn acknowledge(house: &mut House, case: &CaseId, now: Timestamp) {
    let officer = person("b.officer", Role::Intake);
    let deed = Deed::Acknowledge { reference: "B-1".into(), officer, contact: "desk".into() };
    does(house, case, now, person("o.fficer", Role::Intake), deed);
}

fn propose(house: &mut House, line: &ReportLine, now: Timestamp) -> Result<CaseId, Failure> {
    let rule = instrument().request_type(&TypeCode::new("RPT").unwrap()).unwrap().clone();
    submit_filled(house, &rule, now, |request| {
        request.exercise = false;
        request.fields.insert("figures".into(), FieldValue::Line(line.to_string()));
    })
}

fn sign(house: &mut House, case: &CaseId, now: Timestamp) -> Result<(), Failure> {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    let (version, text) = dossier.case.talk.on_table().unwrap();
    let deed = Deed::SignText { version, sha256: text.text.digest() };
    let asks = dossier.case.side(house.node.me()) == Some(Side::Requesting);
    let role = if asks { Role::Approver } else { Role::DecisionMaker };
    tries(house, case, now, person("o.fficer", role), deed).map(|_| ())
}

fn lay(house: &mut House, case: &CaseId, line: &str, now: Timestamp) -> Result<(), Failure> {
    let mut text = words(&house.node, "The report is adopted.");
    text.texts.values_mut().for_each(|words| words.push_str(&format!(" {line}")));
    let role = Role::DecisionMaker;
    tries(house, case, now, person("o.fficer", role), Deed::ProposeText { text, note: None }).map(|_| ())
}

fn refused(done: Result<(), Failure>, code: &str) {
    match done {
        Err(Failure::Refused(refusal)) => assert_eq!(refusal.code(), code),
        other => panic!("{code} wanted, not {other:?}"),
    }
}

fn found(house: &House, case: &CaseId) -> Found {
    let reader = house.store.reader().unwrap();
    let dossier = house.node.load(&*reader, case).unwrap().unwrap();
    house.node.report_found(&*reader, &mut ReportBook::default(), &dossier.case).unwrap()
}

/// How many requests a report counts as made.
fn made(computed: &Computed) -> u64 {
    let fared = computed.report.outcomes.iter().flat_map(|row| row.by_direction.values());
    let made = fared.map(|fared| match fared.made {
        Value::Number(number) => number,
        _ => 0,
    });
    made.sum()
}

#[test]
fn both_compute_the_same_and_sign_it_the_asked_side_first() {
    let (mut world, case) = exchanged();
    let [a, b] = &mut world;
    fetch(a, b, later());
    let (ours, theirs) = both(a, b, "2026-12-03");
    assert_eq!((ours.line.sha256, &ours.report), (theirs.line.sha256, &theirs.report));
    assert_eq!((ours.left_out, made(&ours)), (0, 2));

    // Not before its last day is over, and no other than our node computes.
    let report = |line: &ReportLine, a: &mut House| propose(a, line, later()).map(|_| ());
    refused(report(&computed(a, b.node.me(), "2026-12-04").line, a), "report-period-runs");
    let mut wrong = ours.line.clone();
    wrong.sha256 = domain::ids::Hash32([8; 32]);
    refused(report(&wrong, a), "report-differs");
    let mut longer = ours.line.clone();
    longer.logs.values_mut().for_each(|entries| *entries += 100);
    refused(report(&longer, a), "report-log-awaited");
    let mut others = ours.line.clone();
    others.logs.insert(PartyId::new("XX").unwrap(), 1);
    refused(report(&others, a), "report-other-logs");

    let report = propose(a, &ours.line, later()).unwrap();
    carry_all(a, b, later());
    acknowledge(b, &report, later());
    refused(lay(b, &report, "none", later()), "report-text-without-line");
    lay(b, &report, &ours.line.to_string(), later()).unwrap();
    carry_all(b, a, later());
    refused(sign(a, &report, later()), "report-asked-first");
    sign(b, &report, later()).unwrap();
    carry_all(b, a, later());
    sign(a, &report, later()).unwrap();
    carry_all(a, b, later());
    for house in [&*a, &*b] {
        let dossier = house.node.load(&*house.store.reader().unwrap(), &report).unwrap().unwrap();
        assert_eq!(dossier.case.stage(), domain::procedure::Stage::Signed);
    }

    // The case of the first law goes on; more mail and more log; the signed report is what it was.
    let noted = Deed::Record { step: "NOTED".into(), note: words(&b.node, "read"), item: None, until: None };
    does(b, &case, later(), person("o.fficer", Role::Executing), noted);
    tell(a, later());
    carry_all(a, b, later());
    carry_all(b, a, later());
    fetch(a, b, later());
    for house in [&*a, &*b] {
        match found(house, &report) {
            Found::Same(again) => assert_eq!(again.report, ours.report),
            other => panic!("{other:?}"),
        }
    }
    let (ours, theirs) = both(a, b, "2026-12-31");
    assert_eq!(ours.line.sha256, theirs.line.sha256, "the next report counts what came since, alike");
    assert!(made(&ours) > 2);
}

#[test]
fn what_is_not_in_both_logs_is_counted_by_neither() {
    let (mut world, _) = exchanged();
    let [a, b] = &mut world;
    fetch(a, b, later());
    let before = both(a, b, "2026-12-03").0;
    // Signed in the period, and still lying here when it is over.
    let late = tell(a, at("2026-12-02T09:00:00Z"));
    let waiting = computed(a, b.node.me(), "2026-12-03");
    assert_eq!((waiting.left_out, waiting.line.sha256), (1, before.line.sha256));
    carry_all(a, b, later());
    let (ours, theirs) = both(a, b, "2026-12-03");
    assert_eq!((ours.line.sha256, theirs.line.sha256), (before.line.sha256, before.line.sha256), "no log was fetched");
    assert_eq!((ours.left_out, theirs.left_out), (1, 1));
    fetch(a, b, later());
    let (ours, theirs) = both(a, b, "2026-12-03");
    assert_eq!(ours.line.sha256, theirs.line.sha256);
    assert_ne!(ours.line.sha256, before.line.sha256);
    assert_eq!((made(&ours), made(&before)), (3, 2), "{late}");
    // What was computed before the mail came is computed again as it was.
    let reader = a.store.reader().unwrap();
    let again = a
        .node
        .report_again(&*reader, &mut ReportBook::default(), a.node.instrument(), &before.line, false)
        .unwrap()
        .unwrap();
    assert_eq!((again.report, again.left_out), (before.report, 1));
}

#[test]
fn exercises_and_live_matters_are_never_in_one_report() {
    let (mut world, _) = exchanged();
    let [a, b] = &mut world;
    fetch(a, b, later());
    let before = computed(a, b.node.me(), "2026-12-03");
    let rule = instrument().request_type(&TypeCode::new("LEG").unwrap()).unwrap().clone();
    submit_filled(a, &rule, at("2026-12-02T09:00:00Z"), |request| request.exercise = true).unwrap();
    carry_all(a, b, at("2026-12-02T09:00:00Z"));
    fetch(a, b, later());
    let after = both(a, b, "2026-12-03");
    assert_eq!((after.0.line.sha256, after.1.line.sha256), (before.line.sha256, before.line.sha256));
    let days = (day("2026-11-01"), day("2026-12-03"));
    let drill =
        a.node.report_now(&*a.store.reader().unwrap(), &mut ReportBook::default(), b.node.me(), days, true).unwrap();
    assert_eq!(drill.report.outcomes.len(), 1);
    assert_ne!(drill.line.sha256, before.line.sha256);
}

#[test]
fn a_report_nobody_else_finds_stands_to_be_compared_and_is_never_signed() {
    let (mut world, _) = exchanged();
    let [a, b] = &mut world;
    fetch(a, b, later());
    let ours = computed(a, b.node.me(), "2026-12-03");
    let honest = propose(a, &ours.line, later()).unwrap();
    carry_all(a, b, later());
    let mut liar = Liar::of(a, b, &honest);
    // A second proposal, of figures this side made up; and one of a third Party's log.
    let forge = |liar: &Liar, number: &str, line: &ReportLine| {
        let (mut act, mut header) = (liar.act.clone(), liar.header.clone());
        let case = honest.as_str();
        act.case = CaseId::new(&format!("{}{number}", &case[..case.len() - 2])).unwrap();
        header.thread = act.case.to_string();
        if let Deed::Submit { request } = &mut act.deed {
            request.fields.insert("figures".into(), FieldValue::Line(line.to_string()));
        }
        (act, header)
    };
    let mut others = ours.line.clone();
    others.logs.insert(PartyId::new("XX").unwrap(), 1);
    let (act, header) = forge(&liar, "08", &others);
    let (verdict, _) = hand(&mut world, &liar.send(&act, &header), later());
    assert_eq!(verdict, Verdict::Refused { code: "report-other-logs".to_owned() });
    let mut made_up = ours.line.clone();
    made_up.sha256 = domain::ids::Hash32([8; 32]);
    let (act, header) = forge(&liar, "09", &made_up);
    let (verdict, _) = hand(&mut world, &liar.send(&act, &header), later());
    assert_eq!(verdict, Verdict::Accepted);
    let [_, b] = &mut world;
    match found(b, &act.case) {
        Found::Differs(mine) => assert_eq!(mine.line.sha256, ours.line.sha256, "what we find instead is told"),
        other => panic!("{other:?}"),
    }
    acknowledge(b, &act.case, later());
    lay(b, &act.case, &made_up.to_string(), later()).unwrap();
    let differs = sign(b, &act.case, later());
    let want = ReportBar::Differs { ours: ours.line.sha256 };
    assert!(matches!(&differs, Err(Failure::Refused(Refusal::Report(bar))) if *bar == want), "{differs:?}");
    // Its proposer does not sign it first either: our node refuses that by name.
    let reader = b.store.reader().unwrap();
    let dossier = b.node.load(&*reader, &act.case).unwrap().unwrap();
    let (version, text) = dossier.case.talk.on_table().unwrap();
    let deed = Deed::SignText { version, sha256: text.text.digest() };
    let own = dossier.rows.iter().filter(|row| row.party == *b.node.me());
    liar.act = act.clone();
    let mut signs = act.clone();
    (signs.seq, signs.deed) = (2, deed);
    signs.at = later();
    signs.seen = [(b.node.me().clone(), own.clone().count() as u64)].into();
    let mut outside = header.clone();
    let first = dossier.rows.iter().find(|row| row.party != *b.node.me()).unwrap();
    (outside.seq, outside.prev, outside.kind) = (1, first.core_hash.0, "sign-text".to_owned());
    drop(reader);
    let (verdict, _) = hand(&mut world, &liar.send(&signs, &outside), later());
    assert_eq!(verdict, Verdict::Refused { code: "report-asked-first".to_owned() });
}

/// The report of a period is computed under the version its case runs under, whatever is in force later.
#[test]
fn a_clause_more_makes_another_report() {
    let other = instrument_with(|file| {
        if file.name == "clauses.toml" {
            file.text = file.text.replacen("measures = [{ of = \"owned\" }]", "measures = [{ of = \"raised\" }]", 1);
        }
    });
    let hash = |[a, b]: [House; 2]| computed(&a, b.node.me(), "2026-12-03").line.sha256;
    assert_ne!(hash(two_houses_under(&other)), hash(two_houses()));
    assert_eq!(hash(two_houses()), hash(two_houses()));
}

/// What lies open or is settled in one direction is told by type.
#[test]
fn what_is_not_settled_is_pending() {
    let mut world = two_houses();
    let [a, b] = &mut world;
    submit(a, "MLA-EVD", monday());
    carry_all(a, b, monday());
    fetch(a, b, later());
    let days = (day("2026-11-01"), day("2026-12-03"));
    let reader = a.store.reader().unwrap();
    let of = |exercise| {
        a.node.report_now(&*reader, &mut ReportBook::default(), b.node.me(), days, exercise).unwrap().report.outcomes
    };
    let rows: Vec<_> = of(true).into_iter().chain(of(false)).collect();
    assert_eq!(rows.len(), 1);
    let fared = &rows[0].by_direction[a.node.me()];
    assert_eq!(fared.pending, Value::Number(1));
    assert_eq!((fared.longest_s, fared.settled.is_empty()), (None, true));
}
