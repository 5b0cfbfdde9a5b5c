//! The shipped calendars against the domain reference §5, and the walk against a slow count.

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::instrument::{Instrument, SourceFile};

/// A shipped calendar, by file.
fn shipped(name: &str, text: &str) -> Calendar {
    let loaded = Instrument::load(&[SourceFile { name: name.to_owned(), text: text.to_owned() }]);
    assert_eq!(loaded.errors(), 0, "{:#?}", loaded.findings);
    assert!(loaded.instrument.is_none());
    loaded.calendars.into_values().next().expect("one calendar")
}

pub(crate) fn gb() -> Calendar {
    shipped("gb-eng.toml", include_str!("../../../../calendars/gb-eng.toml"))
}

pub(crate) fn cn() -> Calendar {
    shipped("cn.toml", include_str!("../../../../calendars/cn.toml"))
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn the_years_hold_as_many_working_days_as_published() {
    let (gb, cn) = (gb(), cn());
    for (year, only_gb, only_cn) in [("2025", 253, 248), ("2026", 253, 248)] {
        let eve = date(&format!("{}-12-31", year.parse::<i16>().unwrap() - 1));
        let last = date(&format!("{year}-12-31"));
        assert_eq!(gb.working_days_between(eve, last), only_gb, "{year}");
        assert_eq!(cn.working_days_between(eve, last), only_cn, "{year}");
    }
    let mut shared = 0;
    let mut day = date("2026-01-01");
    while day <= date("2026-12-31") {
        shared += u32::from(gb.is_working(day) && cn.is_working(day));
        day = day.tomorrow().unwrap();
    }
    assert_eq!(shared, 237);
}

#[test]
fn working_days_are_added_as_the_reference_counts_them() {
    let (gb, cn) = (gb(), cn());
    for (count, from, want_gb, want_cn) in [
        (10, "2026-02-12", "2026-02-26", "2026-03-04"),
        (5, "2026-09-24", "2026-10-01", "2026-10-09"),
        (5, "2025-09-26", "2025-10-03", "2025-10-10"),
        (5, "2025-12-23", "2026-01-02", "2025-12-30"),
        (3, "2026-04-30", "2026-05-06", "2026-05-08"),
    ] {
        assert_eq!(gb.add_working_days(date(from), count), (date(want_gb), false), "{count} wd from {from}");
        assert_eq!(cn.add_working_days(date(from), count), (date(want_cn), false), "{count} wd from {from}");
    }
}

#[test]
fn an_unknown_or_guessed_year_is_provisional() {
    let (gb, cn) = (gb(), cn());
    assert_eq!(cn.add_working_days(date("2026-12-30"), 5), (date("2027-01-07"), true));
    assert_eq!(gb.add_working_days(date("2027-12-30"), 5), (date("2028-01-06"), true));
    assert!(!gb.is_provisional(date("2027-06-01")) && cn.is_provisional(date("2027-06-01")));
    assert!(gb.is_working(date("2030-01-01")), "an unknown year has its weekends only");
    assert_eq!(gb.add_working_days(Date::MAX, 5).0, Date::MAX);
}

#[test]
fn holidays_have_names() {
    assert!(cn().holiday(date("2026-02-17")).is_some_and(|name| name.iter().any(|(_, words)| words == "春节")));
    assert!(gb().holiday(date("2026-02-17")).is_none());
    assert_eq!(cn().stamp(), "cn@2026.2");
}

#[test]
fn shared_hours_are_the_overlap_of_both_office_days() {
    let (gb, cn) = (gb(), cn());
    for (now, gb_open, cn_open, minutes) in [
        // Winter: 09:00 London is 17:00 Beijing, so nothing is shared.
        ("2026-01-14T08:00:00Z", false, true, 0),
        ("2026-01-14T09:00:00Z", true, false, 0),
        // Summer: one hour.
        ("2026-06-10T00:30:00Z", false, false, 60),
        ("2026-06-10T08:20:00Z", true, true, 40),
        ("2026-06-10T09:00:00Z", true, false, 0),
        // The day London changes to summer time is a Sunday; the Monday after shares an hour again.
        ("2026-03-27T08:30:00Z", false, true, 0),
        ("2026-03-30T08:30:00Z", true, true, 30),
        // A Chinese holiday, and a Sunday worked in exchange.
        ("2026-10-05T08:30:00Z", true, false, 0),
        ("2026-09-20T08:30:00Z", false, true, 0),
    ] {
        let now: Timestamp = now.parse().unwrap();
        assert_eq!((gb.is_open(now), cn.is_open(now)), (gb_open, cn_open), "{now}");
        assert_eq!(shared_minutes_left(now, &gb, &cn), minutes, "{now}");
        assert_eq!(shared_minutes_left(now, &cn, &gb), minutes, "{now}");
    }
}

#[test]
fn rules_that_make_no_calendar_are_refused() {
    let sound = gb().rules;
    let check = |change: fn(&mut CalendarRules), want: BadCalendar| {
        let mut rules = sound.clone();
        change(&mut rules);
        assert_eq!(Calendar::new(rules), Err(want));
    };
    check(|rules| rules.zone = "Nowhere/At-All".into(), BadCalendar::Zone("Nowhere/At-All".into()));
    check(|rules| rules.close = rules.open, BadCalendar::Hours);
    check(|rules| rules.cutoff = rules.open, BadCalendar::Hours);
    check(
        |rules| {
            rules.weekend = date("2026-06-01").series(jiff::Span::new().days(1)).take(7).map(Date::weekday).collect()
        },
        BadCalendar::Weekend,
    );
}

proptest! {
    #[test]
    fn adding_and_counting_agree(offset in 0i32..1200, count in 0u32..300) {
        for calendar in [gb(), cn()] {
            let from = date("2024-12-01") + jiff::Span::new().days(offset);
            let (to, _) = calendar.add_working_days(from, count);
            prop_assert_eq!(calendar.working_days_between(from, to), count);
            prop_assert!(count == 0 || calendar.is_working(to));
            prop_assert!(calendar.add_working_days(from, count + 1).0 > to);
        }
    }
}
