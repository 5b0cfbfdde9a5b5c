//! Events of our own making: meetings and deadlines on their way to a calendar program.
//!
//! Owns what an event of ours says. Must not know whose meetings they are, nor who asks for them.

use jiff::Timestamp;
use jiff::civil::Date;

use super::records::escaped;
use super::{Calendars, Component, Property};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What it is known by for ever, so that a changed event replaces the one before.
    pub uid: String,
    /// When what it says was last changed.
    pub changed_at: Timestamp,
    /// When it is.
    pub time: Time,
    /// What it is, in a line.
    pub summary: String,
    /// More about it; may be empty.
    pub description: String,
    /// Where it is; may be empty.
    pub place: String,
}

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// From an instant to another.
    Between(Timestamp, Timestamp),
    /// At an instant, by which something must be done.
    At(Timestamp),
    /// A whole day.
    Day(Date),
}

/// A calendar of events, under a name calendar programs show (RFC 7986 §5.1, and the older property most of them read).
#[must_use]
pub fn planned(name: &str, events: &[Planned]) -> Calendars {
    let mut calendar = Component::new("VCALENDAR");
    let name = escaped(name);
    for (property, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Entente//dialogue//EN"),
        ("METHOD", "PUBLISH"),
        ("NAME", &name),
        ("X-WR-CALNAME", &name),
    ] {
        calendar.properties.push(Property::new(property, value));
    }
    calendar.components = events.iter().map(event).collect();
    Calendars { calendars: vec![calendar] }
}

fn event(planned: &Planned) -> Component {
    let mut event = Component::new("VEVENT");
    let mut put = |property: Property| event.properties.push(property);
    put(Property::new("UID", &escaped(&planned.uid)));
    put(Property::new("DTSTAMP", &instant(planned.changed_at)));
    match planned.time {
        Time::Between(from, to) => {
            put(Property::new("DTSTART", &instant(from)));
            put(Property::new("DTEND", &instant(to.max(from))));
        }
        Time::At(at) => put(Property::new("DTSTART", &instant(at))),
        Time::Day(day) => {
            let mut start = Property::new("DTSTART", &day.strftime("%Y%m%d").to_string());
            start.parameters.push(("VALUE".to_owned(), vec!["DATE".to_owned()]));
            put(start);
        }
    }
    for (name, words) in
        [("SUMMARY", &planned.summary), ("DESCRIPTION", &planned.description), ("LOCATION", &planned.place)]
    {
        if !words.is_empty() {
            put(Property::new(name, &escaped(words)));
        }
    }
    // A deadline takes nobody's time of the day.
    if !matches!(planned.time, Time::Between(..)) {
        put(Property::new("TRANSP", "TRANSPARENT"));
    }
    event
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written is read again without a finding, whatever stands in it.
    #[test]
    fn what_we_plan_reads_as_a_calendar() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let event = |time, summary: &str| Planned {
            uid: "GB-PLN-2026-0001@entente".to_owned(),
            changed_at: at("2026-03-02T09:00:00.123456Z"),
            time,
            summary: summary.to_owned(),
            description: "Line one\nBEGIN:VALARM\r\n; , \\".to_owned(),
            place: "Lancaster House, London".to_owned(),
        };
        let day = jiff::civil::date(2026, 9, 1);
        let events = [
            event(Time::Between(at("2026-06-13T08:00:00Z"), at("2026-06-14T16:00:00Z")), "Dialogue"),
            event(Time::At(at("2026-06-13T22:59:59Z")), "Due: 答复"),
            event(Time::Day(day), "Commitment due"),
        ];
        let (bytes, losses) = super::super::write(&planned("国家安全秘书处: meetings", &events));
        assert!(losses.is_empty());
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        let begun = text.lines().filter(|line| line.starts_with("BEGIN:")).count();
        assert_eq!(begun, 4, "words begin nothing: {text}");
        assert!(text.contains("DTSTART;VALUE=DATE:20260901") && text.contains("DTSTART:20260613T080000Z"), "{text}");
        let read = super::super::read(&bytes).expect("a calendar");
        assert_eq!(read.value.events(), 3);
        assert!(read.findings.is_empty(), "{:?}", read.findings);
    }
}
