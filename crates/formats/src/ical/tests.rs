//! The rules of a calendar, one fault each, and lines that come back as they were.

use proptest::prelude::*;

use super::*;
use crate::finding::LossCode;
use crate::record::{Account, Context, Key, Record, Subject};

fn calendar(lines: &str) -> String {
    let start = if lines.contains("DTSTART") { "" } else { "DTSTART:20260101T090000Z\r\n" };
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n{start}{lines}\
         END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[test]
fn each_rule_is_told_by_its_name() {
    fn check(lines: &str, error: Option<&str>, warning: Option<&str>) {
        let got = read(calendar(lines).as_bytes());
        assert_eq!(got.as_ref().err().map(|refused| refused.first.code), error, "{lines}: {got:?}");
        if let Ok(reading) = got {
            assert_eq!(reading.findings.first().map(|finding| finding.code), warning, "{lines}");
        }
    }
    for (lines, error, warning) in [
        ("DTSTART:20260102T090000Z\r\nDTEND:20260102T100000Z\r\n", None, None),
        ("DTSTART;TZID=Europe/London:20260102T090000\r\n", None, None),
        ("DTSTART;TZID=Nowhere/At_All:20260102T090000\r\n", None, Some("unknown-zone")),
        ("DTSTART:20260230T090000Z\r\n", Some("bad-time"), None),
        ("DTSTART;VALUE=DATE:20260102\r\nDTEND:20260103T000000\r\n", Some("wrong-kind"), None),
        ("DTSTART:20260102T090000Z\r\nDTEND:20260101T090000Z\r\n", Some("bad-order"), None),
        ("DTSTART:20260102T090000Z\r\nDTSTART:20260102T090000Z\r\n", Some("repeated"), None),
        ("DURATION:PT1H\r\nDTEND:20260101T090000Z\r\n", Some("conflict"), None),
        ("DURATION:1H\r\n", Some("bad-time"), None),
        ("RRULE:FREQ=SECONDLY\r\n", None, Some("too-many-values")),
        ("RRULE:FREQ=NEVER\r\n", Some("bad-choice"), None),
        ("RRULE:FREQ=DAILY;UNTIL=x\r\n", Some("bad-time"), None),
        ("RRULE:FREQ=DAILY;COUNT=0\r\n", Some("bad-value"), None),
        ("ATTACH:file:///etc/passwd\r\n", None, Some("unsafe-link")),
        ("STATUS:MAYBE\r\n", Some("bad-choice"), None),
        ("PRIORITY:10\r\n", Some("bad-value"), None),
        ("SEQUENCE:-1\r\n", Some("bad-value"), None),
        ("GEO:39.9;116.4\r\n", None, None),
        ("GEO:91;0\r\n", Some("bad-value"), None),
        ("DURATION:-PT1H\r\n", Some("bad-order"), None),
        ("ATTACH;ENCODING=BASE64;VALUE=BINARY:@@\r\n", Some("bad-value"), None),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR,2MO;BYHOUR=9;WKST=SU\r\n", None, None),
        ("RRULE:FREQ=YEARLY;BYMONTH=13\r\n", Some("bad-value"), None),
        ("RRULE:RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=5L,13;SKIP=FORWARD\r\n", None, None),
        ("RRULE:FREQ=DAILY;BYMONTHDAY=0\r\n", Some("bad-value"), None),
        ("RRULE:FREQ=DAILY;BYDAY=XX\r\n", Some("bad-value"), None),
        ("DTSTART:20261231T235960Z\r\n", None, None),
        ("DTSTART:20261231T125560Z\r\n", Some("bad-time"), None),
        ("BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\n", None, Some("missing-property")),
        ("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:soon\r\nEND:VALARM\r\n", Some("bad-time"), None),
        ("no line\r\n", Some("bad-line"), None),
        ("A;B=\"c:d\r\n", Some("bad-line"), None),
        ("A\u{1}:b\r\n", Some("bad-character"), None),
        ("BEGIN:VALARM\r\n", Some("not-closed"), None),
        ("BEGIN:X-MINE\r\nEND:X-MINE\r\n", None, None),
    ] {
        check(lines, error, warning);
    }
    assert_eq!(read(b"").expect_err("nothing").first.code, "not-this-format");
    let deep = "BEGIN:A\r\n".repeat(DEPTH_MAX + 1);
    assert_eq!(read(deep.as_bytes()).expect_err("deep").first.code, "too-deep");
    let long = calendar(&format!("SUMMARY:{}\r\n", "x".repeat(LINE_BYTES_MAX)));
    assert_eq!(read(long.as_bytes()).expect_err("long").first.code, "line-too-long");
}

#[test]
fn no_value_ends_its_line() {
    fn check(key: Key, of: &str, value: &str, lost: Option<&str>) {
        let mut record = Record::new(Subject::Meeting);
        record.put(Key::Id, "1");
        if key != Key::Start {
            record.put(Key::Start, "2026-01-02T09:00:00Z");
        }
        record.put_of(key, of, value);
        let (mut account, now) = (Account::default(), jiff::Timestamp::UNIX_EPOCH);
        let made = of_records(vec![record], &Context { now }, &mut account);
        let bytes = made.as_ref().map(write).unwrap_or_default().0;
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.split(['\r', '\n']).collect();
        assert!(!lines.contains(&"X-NOT:ours"), "{key:?} {text}");
        let left_out = account.losses().into_iter().find(|loss| loss.code == LossCode::LeftOut);
        assert_eq!(left_out.map(|loss| loss.at).as_deref(), lost, "{key:?} {text}");
    }
    let at = |name: &str| format!("/VCALENDAR/VEVENT/{name}");
    for end in ["\n", "\r", "\r\n"] {
        let hostile = |begin: &str| format!("{begin}{end}X-NOT:ours{end}");
        check(Key::Web, "", &hostile("https://example.org"), Some(&at("URL")));
        check(Key::Repeat, "", &hostile("FREQ=DAILY"), Some(&at("RRULE")));
        check(Key::Organiser, "", &hostile("mailto:a@example.org"), Some(&at("ORGANIZER")));
        check(Key::Attendee, "", &hostile("a@example.org"), Some(&at("ATTENDEE")));
        check(Key::Description, "", &hostile("words"), None);
        check(Key::Id, "", &hostile("2"), None);
    }
    check(Key::Attendee, "A\nB", "mailto:a@example.org", None);
    check(Key::Attendee, "A\rX-NOT:ours\r", "mailto:a@example.org", Some(&at("ATTENDEE")));
    check(Key::Start, "Europe/London\rX-NOT:ours\r", "2026-01-02T09:00:00", Some(&at("DTSTART")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any property comes back as it was, folded or not, and no line is longer than allowed.
    #[test]
    fn any_property_survives(
        value in "[ -~中文\t]{0,200}",
        parameter in "[ -~中]{0,30}",
    ) {
        let mut event = Component::new("VEVENT");
        let parameter = parameter.replace('"', "");
        event.properties.push(Property {
            name: "X-ANY".to_owned(),
            parameters: vec![("X-P".to_owned(), vec![parameter, "b".to_owned()])],
            value,
        });
        let mut calendar = Component::new("VCALENDAR");
        calendar.components.push(event);
        let calendars = Calendars { calendars: vec![calendar] };
        let bytes = write(&calendars).0;
        prop_assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 76));
        prop_assert_eq!(read(&bytes).map(|reading| reading.value), Ok(calendars));
    }
}
