//! Accounts of invented matters, counted by hand.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::act::{ActKind, Ground};
use crate::clock::ClockKind;
use crate::ids::{CaseId, TypeCode};
use crate::instrument::tests::shipped;

fn at(text: &str) -> Timestamp {
    format!("2026-{text}:00Z").parse().unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn year() -> Period {
    Period { from: at("01-01T00:00"), until: at("12-31T00:00"), exercise: false }
}

/// A case opened by a Party's office on the first of a month, with nothing in it.
fn opened(number: u16, by: &str, to: &str, code: &str, opened_at: &str) -> CaseFacts {
    let office = OfficeId::new(by).expect("an office");
    CaseFacts {
        case: CaseId::new(&format!("{}-ML-2026-{number:04}", office.party())).expect("a case"),
        type_code: TypeCode::new(code).expect("a type"),
        exercise: false,
        requesting: office.party(),
        requesting_office: office,
        requested_office: OfficeId::new(to).expect("an office"),
        opened_at: at(opened_at),
        delivered: true,
        served: Vec::new(),
        open: None,
        made: Vec::new(),
        steps: Vec::new(),
        refused: Vec::new(),
        climbed: Vec::new(),
        usefulness: None,
        lesson: false,
        moved: Vec::new(),
        over: None,
    }
}

fn ack(since: &str, due: &str) -> Standing {
    Standing { side: Side::Requested, kind: ClockKind::Ack, since: at(since), due_at: Some(at(due)) }
}

/// Five requests for evidence from one side: two acknowledged in time, one late, one still open and overdue, one open
/// and not due yet; and one exercise, which counts nowhere.
fn five() -> Vec<CaseFacts> {
    let evidence = |number| opened(number, "GB-UKCA", "CN-MOJ", "MLA-EVD", "03-02T09:00");
    let served = |number, ended: &str| CaseFacts {
        served: vec![Served { standing: ack("03-02T09:00", "03-09T15:59"), ended_at: at(ended) }],
        ..evidence(number)
    };
    vec![
        served(1, "03-03T09:00"),
        served(2, "03-05T09:00"),
        served(3, "03-12T09:00"),
        CaseFacts { open: Some(ack("03-02T09:00", "03-09T15:59")), ..evidence(4) },
        CaseFacts { open: Some(ack("12-20T09:00", "12-31T15:59")), ..evidence(5) },
        CaseFacts { exercise: true, ..served(6, "03-03T09:00") },
    ]
}

fn counted(of: Count, facts: &[CaseFacts], period: Period) -> Value {
    let counted: Vec<&CaseFacts> = facts.iter().filter(|facts| facts.exercise == period.exercise).collect();
    count(&shipped(), &of, &PartyId::new("GB").expect("a Party"), &counted, period)
}

#[test]
fn waits_count_once_on_the_day_they_settle() {
    let facts = five();
    let check =
        |of: Count, period: Period, want: Value| assert_eq!(counted(of.clone(), &facts, period), want, "{of:?}");
    let ack = || Count::OnTime { wait: Some(ClockKind::Ack) };
    check(ack(), year(), Value::Share { part: 2, whole: 4 });
    check(Count::OnTime { wait: Some(ClockKind::Decision) }, year(), Value::Share { part: 0, whole: 0 });
    check(Count::Raised, year(), Value::Number(5));
    check(Count::Raised, Period { exercise: true, ..year() }, Value::Number(1));
    let day = 24 * 3600;
    check(Count::Time { wait: ClockKind::Ack }, year(), Value::Spread { count: 3, median_s: 3 * day, p90_s: 10 * day });
    // Up to the evening of 4 March only the first wait was over, and none late.
    check(ack(), Period { until: at("03-04T20:00"), ..year() }, Value::Share { part: 1, whole: 1 });
    // Whatever is cut in two is counted in one of the halves.
    let cut = at("03-06T00:00");
    check(ack(), Period { until: cut, ..year() }, Value::Share { part: 2, whole: 2 });
    check(ack(), Period { from: cut, ..year() }, Value::Share { part: 0, whole: 2 });
}

#[test]
fn ends_grounds_and_steps() {
    let ended = |number, outcome, lesson| CaseFacts {
        over: Some((outcome, at("06-01T09:00"))),
        lesson,
        refused: if outcome == Outcome::Refused {
            vec![(Ground::EssentialInterests, at("05-01T09:00"))]
        } else {
            Vec::new()
        },
        steps: vec![("SERVED".to_owned(), at("05-20T09:00"))],
        made: vec![Made { kind: ActKind::CiteNorm, by: PartyId::new("GB").expect("a Party"), at: at("05-02T09:00") }],
        ..opened(number, "GB-UKCA", "CN-MOJ", "MLA-SVC", "04-01T09:00")
    };
    let facts = [
        ended(1, Outcome::Answered, true),
        ended(2, Outcome::Refused, false),
        CaseFacts { made: Vec::new(), steps: Vec::new(), ..opened(3, "GB-UKCA", "CN-MOJ", "MLA-SVC", "04-01T09:00") },
    ];
    let tally = |rows: &[(&str, u64)]| Value::Tally {
        counts: rows.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
    };
    let check = |of: Count, want: Value| assert_eq!(counted(of.clone(), &facts, year()), want, "{of:?}");
    check(Count::Outcomes, tally(&[("answered", 1), ("refused", 1)]));
    check(Count::Grounds, tally(&[(Ground::EssentialInterests.code(), 1)]));
    check(Count::Lessons, Value::Share { part: 1, whole: 2 });
    check(Count::Active, Value::Share { part: 1, whole: 3 });
    check(Count::WithStep { step: "SERVED".to_owned() }, Value::Share { part: 2, whole: 3 });
    check(Count::WithAct { act: ActKind::CiteNorm }, Value::Share { part: 2, whole: 3 });
    check(Count::SinceLast, Value::Since { days: Some(212) });
    check(Count::ByArea, tally(&[("organised-crime", 3)]));
}

#[test]
fn small_cells_do_not_leave() {
    let check = |value: Value, want: Value| assert_eq!(value.suppressed(), want, "{value:?}");
    let share = |part, whole| Value::Share { part, whole };
    check(Value::Number(4), Value::Suppressed);
    check(Value::Number(0), Value::Number(0));
    check(Value::Number(5), Value::Number(5));
    check(share(0, 40), share(0, 40));
    check(share(3, 40), Value::Suppressed);
    check(share(38, 40), Value::Suppressed);
    check(share(35, 40), share(35, 40));
    let tally = |rows: &[(&str, u64)]| Value::Tally {
        counts: rows.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
    };
    check(tally(&[("a", 9), ("b", 3)]), Value::Suppressed);
    check(tally(&[("a", 9), ("b", 3), ("c", 1)]), tally(&[("a", 9)]));
    check(Value::spread([SignedDuration::from_secs(9)].into_iter()), Value::Suppressed);
}

/// Clauses whose keeping no act shows yet: cases tabled at a dialogue, reports cosigned. They count
/// nothing sooner than something else.
const UNCOUNTED: [&str; 2] = ["CY-2a", "CY-7b"];

/// Every other clause of the shipped instrument is counted, and an account of nothing is whole and says so.
#[test]
fn every_clause_is_counted() {
    let instrument = shipped();
    let account = account(&instrument, [], year());
    assert_eq!(account.clauses.len(), 45);
    for clause in &account.clauses {
        let uncounted = UNCOUNTED.contains(&clause.clause.as_str());
        assert_eq!(clause.figures.is_empty(), uncounted, "{} counts nothing, or counts by now", clause.clause);
        for figure in &clause.figures {
            assert_eq!(figure.by_direction.len(), 2, "{}: one cell a direction", clause.clause);
        }
    }
    let live = &account.clause("CY-7a").expect("a clause").figures[0];
    let gb = &live.by_direction[&PartyId::new("GB").expect("a Party")];
    assert!(matches!(gb, Value::Share { part: 0..10, whole: 45 }), "{gb:?}");
}

/// A clause about everything counts every type; one about some counts those.
#[test]
fn each_clause_counts_its_own_types() {
    let instrument = shipped();
    let account = account(&instrument, &five(), year());
    let gb = PartyId::new("GB").expect("a Party");
    for (clause, whole) in [("GEN-7", 4), ("OC-2b", 4), ("CY-3a", 0), ("CY-1", 0)] {
        let figures = &account.clause(clause).expect("a clause").figures;
        let on_time = figures.iter().find(|figure| matches!(figure.measure.of, Count::OnTime { .. }));
        let value = &on_time.expect("it counts waits").by_direction[&gb];
        assert!(matches!(value, Value::Share { whole: counted, .. } if *counted == whole), "{clause}: {value:?}");
    }
}

/// The order in which cases are held changes nothing.
#[test]
fn order_does_not_matter() {
    let instrument = shipped();
    let mut facts = five();
    let forward = account(&instrument, &facts, year());
    facts.reverse();
    assert_eq!(account(&instrument, &facts, year()), forward);
}
