//! The rules of a calendar, one fault each, and lines that come back as they were.

use proptest::prelude::*;

use super::*;

fn calendar(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n{lines}\
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
