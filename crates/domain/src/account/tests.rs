//! Accounts of invented matters, counted by hand.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::act::{About, ActKind, Ground};
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
        instrument: shipped().id().to_owned(),
        type_code: TypeCode::new(code).expect("a type"),
        exercise: false,
        requesting: office.party(),
        requesting_office: office,
        requested: OfficeId::new(to).expect("an office").party(),
        requested_office: OfficeId::new(to).expect("an office"),
        opened_at: at(opened_at),
        delivered: true,
        served: Vec::new(),
        open: None,
        raised: Vec::new(),
        tasks: Vec::new(),
        meeting: None,
        made: Vec::new(),
        steps: Vec::new(),
        refused: Vec::new(),
        climbed: Vec::new(),
        usefulness: None,
        lesson: false,
        moved: Vec::new(),
        settled: None,
        reports_until: None,
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

/// A meeting with two items, one of them about a case that is late, and three things undertaken by its Parties.
#[test]
fn meetings_are_counted() {
    let case = |name: &str| CaseId::new(name).expect("a case");
    let item = |about: Option<About>, settled: Option<&str>| ItemFacts {
        by: PartyId::new("GB").expect("a Party"),
        about,
        at: at("03-02T09:00"),
        settled_at: settled.map(at),
    };
    let task = |number, owner: &str, due: &str, looks: &[(bool, &str)]| TaskFacts {
        number,
        owner: OfficeId::new(owner).expect("an office"),
        at: at("03-20T09:00"),
        due_at: Some(at(due)),
        looks: looks.iter().map(|(kept, day)| (*kept, at(day))).collect(),
        discharged_at: None,
    };
    let late = case("GB-CY-2026-0009");
    let meeting = CaseFacts {
        case: case("GB-PLN-2026-0001"),
        steps: vec![("HELD".to_owned(), at("03-18T09:00"))],
        meeting: Some(MeetingFacts {
            dates: None,
            held_at: Some(at("03-18T09:00")),
            items: vec![item(Some(About::Case(late.clone())), Some("03-18T12:00")), item(None, None)],
        }),
        tasks: vec![
            task(1, "GB-NCA", "06-01T00:00", &[(false, "04-01T09:00"), (true, "05-01T09:00")]),
            task(2, "GB-NCA", "06-01T00:00", &[(true, "05-01T09:00"), (false, "07-01T09:00")]),
            task(3, "CN-MPS", "06-01T00:00", &[]),
            TaskFacts { discharged_at: Some(at("05-02T09:00")), ..task(4, "CN-MPS", "06-01T00:00", &[]) },
        ],
        ..opened(1, "GB-NSS", "CN-CCPLA", "DLG-PLN", "02-01T09:00")
    };
    let overdue = |name: &CaseId| CaseFacts {
        case: name.clone(),
        open: Some(ack("03-02T09:00", "03-09T15:59")),
        ..opened(9, "GB-NCSC", "CN-CNCERT", "CY-INC", "03-02T09:00")
    };
    let facts = [meeting, overdue(&late), overdue(&case("GB-CY-2026-0010"))];
    let check = |facts: &[CaseFacts], clause: &str, of: &Count, party: &str, want: Value| {
        let account = account(&shipped(), facts, year());
        let figures = &account.clause(clause).expect("a clause").figures;
        let figure = figures.iter().find(|figure| figure.measure.of == *of).expect("it counts that");
        assert_eq!(figure.by_direction[&PartyId::new(party).expect("a Party")], want, "{clause} {of:?} {party}");
    };
    let share = |part, whole| Value::Share { part, whole };
    let since = || Count::SinceStep { step: "HELD".to_owned() };
    check(&facts, "GEN-1", &since(), "GB", Value::Since { days: Some(287) });
    check(&facts, "GEN-1", &since(), "CN", Value::Since { days: None });
    check(&facts, "GEN-1", &Count::Items, "GB", share(1, 2));
    check(&facts, "CY-2a", &Count::Tabled, "GB", share(1, 2));
    check(&facts[1..], "CY-2a", &Count::Tabled, "GB", share(0, 2));
    // Found done in time, found not done after all, never looked at; what was released is not counted.
    check(&facts, "GEN-1", &Count::Tasks, "GB", share(1, 2));
    check(&facts, "GEN-1", &Count::Tasks, "CN", share(0, 1));
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

/// Every clause of the shipped instrument is counted, and an account of nothing is whole and says so.
#[test]
fn every_clause_is_counted() {
    let instrument = shipped();
    let account = account(&instrument, [], year());
    assert_eq!(account.clauses.len(), 45);
    for clause in &account.clauses {
        assert!(!clause.figures.is_empty(), "{} counts nothing", clause.clause);
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

/// Reports due in the period are those whose days of grace end in it; in time is what both had signed by then.
#[test]
fn reports_are_counted_when_they_are_due() {
    let report = |number, until: &str, signed: Option<&str>| CaseFacts {
        reports_until: Some(at(until)),
        settled: signed.map(|signed| (Outcome::Signed, at(signed))),
        ..opened(number, "GB-NSS", "CN-CCPLA", "RPT", "04-02T09:00")
    };
    let facts = [
        report(1, "04-01T00:00", Some("05-20T09:00")),
        report(2, "04-01T00:00", Some("06-20T09:00")),
        report(3, "04-01T00:00", None),
        report(4, "12-01T00:00", None),
        CaseFacts { settled: Some((Outcome::Concluded, at("04-20T09:00"))), ..report(5, "04-01T00:00", None) },
        opened(6, "GB-NSS", "CN-CCPLA", "DLG-PLN", "04-02T09:00"),
    ];
    assert_eq!(counted(Count::Cosigned { days: 60 }, &facts, year()), Value::Share { part: 1, whole: 4 });
    let half = Period { until: at("05-25T00:00"), ..year() };
    assert_eq!(counted(Count::Cosigned { days: 60 }, &facts, half), Value::Share { part: 0, whole: 0 });
}

/// Counted by type: what was made, how it was settled, what is open, how long it took. What is answered is settled,
/// though its case is not closed.
#[test]
fn types_tell_how_their_requests_fared() {
    let gb = PartyId::new("GB").expect("a Party");
    let fate = |number, settled: Option<(Outcome, &str)>| CaseFacts {
        settled: settled.map(|(outcome, when)| (outcome, at(when))),
        refused: vec![(Ground::NoDualCriminality, at("03-20T09:00")), (Ground::EssentialInterests, at("08-01T09:00"))],
        ..opened(number, "GB-UKCA", "CN-MOJ", "MLA-SVC", "03-02T09:00")
    };
    let facts = [
        fate(1, Some((Outcome::Answered, "03-12T09:00"))),
        fate(2, Some((Outcome::AnsweredInPart, "03-22T09:00"))),
        fate(3, Some((Outcome::Refused, "04-01T09:00"))),
        fate(4, Some((Outcome::Answered, "07-30T09:00"))),
        fate(5, None),
        CaseFacts { exercise: true, ..fate(6, None) },
        opened(7, "GB-UKCA", "CN-MOJ", "MLA-SVC", "06-02T09:00"),
    ];
    let period = Period { from: at("01-01T00:00"), until: at("05-01T00:00"), exercise: false };
    let rows = outcomes(&shipped(), &facts, period);
    assert_eq!(rows.len(), 1, "no row for a type that saw nothing");
    let tally = |rows: &[(&str, u64)]| Value::Tally {
        counts: rows.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
    };
    let day = 24 * 3600;
    let want = Fared {
        made: Value::Number(5),
        settled: tally(&[("answered", 1), ("answered-in-part", 1), ("refused", 1)]),
        refused: tally(&[(Ground::NoDualCriminality.code(), 1)]),
        pending: Value::Number(2),
        time: Value::Spread { count: 3, median_s: 20 * day, p90_s: 30 * day },
        longest_s: Some(30 * day),
    };
    assert_eq!(rows[0].by_direction[&gb], want);
    let open = rows[0].for_export();
    let out = &open.by_direction[&gb];
    assert_eq!((&out.made, &out.time, out.longest_s), (&Value::Number(5), &Value::Suppressed, None));
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
