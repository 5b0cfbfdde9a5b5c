//! The desks of counterparts through the shipped instrument's contact checks, folded as cases are.

use domain::account::{CaseFacts, Made};
use domain::act::ActKind;
use domain::clock::ClockKind;
use domain::contact::{DeskStanding, desks};
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::procedure::Side;
use jiff::Timestamp;

use crate::matter::shipped;

fn at(text: &str) -> Timestamp {
    format!("2026-{text}:00Z").parse().unwrap()
}

fn check(number: u16, opened: &str, answered: Option<&str>) -> CaseFacts {
    let (by, desk) = (OfficeId::new("GB-NSS").unwrap(), OfficeId::new("CN-CCPLA").unwrap());
    let made = answered.map(|when| Made { kind: ActKind::Acknowledge, by: desk.party(), at: at(when) });
    let open = domain::account::Standing {
        side: Side::Requested,
        kind: ClockKind::Ack,
        since: at(opened),
        due_at: Some(at("06-03T16:00")),
    };
    CaseFacts {
        case: CaseId::new(&format!("GB-CK-2026-{number:04}")).unwrap(),
        instrument: crate::matter::shipped().id().to_owned(),
        type_code: TypeCode::new("CHK").unwrap(),
        exercise: false,
        requesting: by.party(),
        requested: desk.party(),
        requesting_office: by,
        requested_office: desk,
        opened_at: at(opened),
        delivered: true,
        served: Vec::new(),
        open: Some(open).filter(|_| answered.is_none()),
        raised: Vec::new(),
        tasks: Vec::new(),
        meeting: None,
        made: made.into_iter().collect(),
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

#[test]
fn a_desk_stands_as_its_last_check_says() {
    let standing = |facts: &[CaseFacts], exercise: bool, now: &str| {
        let all = desks(shipped(), facts, exercise, at(now));
        all.into_iter().find(|one| one.by.as_str() == "GB-NSS").unwrap().standing
    };
    let tell = |facts: &[CaseFacts], now: &str, want: &str| {
        assert_eq!(standing(facts, false, now).code(), want, "{now}");
    };
    tell(&[], "06-10T09:00", "due");
    tell(&[check(1, "06-01T09:00", None)], "06-02T09:00", "asked");
    // Vacant from the hour its time ran out, on both sides alike, until it answers a check.
    tell(&[check(1, "06-01T09:00", None)], "06-03T16:01", "vacant");
    let since = DeskStanding::Vacant { case: CaseId::new("GB-CK-2026-0001").unwrap(), since: at("06-03T16:00") };
    assert_eq!(standing(&[check(1, "06-01T09:00", None)], false, "06-10T09:00"), since);
    let late = check(1, "06-01T09:00", Some("06-05T09:00"));
    tell(std::slice::from_ref(&late), "06-10T09:00", "answered");
    tell(std::slice::from_ref(&late), "07-03T09:00", "due");
    tell(&[late, check(2, "07-02T09:00", None)], "07-03T09:00", "vacant");
    // A drill says nothing of a live desk.
    let drill = CaseFacts { exercise: true, ..check(3, "06-01T09:00", Some("06-01T10:00")) };
    tell(std::slice::from_ref(&drill), "06-02T09:00", "due");
    assert_eq!(standing(&[drill], true, "06-02T09:00").code(), "answered");
}

/// Every counterpart of every office is checked, from both sides.
#[test]
fn every_pair_is_checked_both_ways() {
    let instrument = shipped();
    let all = desks(instrument, [], false, at("06-02T09:00"));
    let pairs: usize = instrument.offices().values().map(|office| office.counterparts.len()).sum();
    assert_eq!(all.len(), pairs);
    for one in &all {
        assert!(all.iter().any(|other| other.by == one.desk && other.desk == one.by), "{} {}", one.by, one.desk);
    }
}
