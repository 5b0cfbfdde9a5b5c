//! The counting rules of the domain reference §5, one table per rule.

use proptest::prelude::*;

use super::*;
use crate::calendar::tests::{cn, gb};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A deadline counted from `start` ends at `due` in local civil time.
fn check(calendar: &Calendar, span: &str, start: &str, due: &str) {
    let deadline = after(Span::parse(span).unwrap(), at(start), None, calendar);
    let local = calendar.local(deadline.due_at).datetime().to_string();
    assert_eq!(local, due, "{span} from {start} by {}", calendar.id());
    assert_eq!(deadline.calendar, calendar.stamp());
    assert_eq!(deadline.zone, calendar.zone());
}

#[test]
fn spans_are_read_or_refused() {
    for (text, want) in [
        ("10 wd", Some(Span::WorkingDays(10))),
        ("60 cd", Some(Span::CalendarDays(60))),
        ("4 h", Some(Span::Hours(4))),
        ("needed-by", Some(Span::NeededBy)),
        ("0 wd", Some(Span::WorkingDays(0))),
        ("1001 wd", None),
        ("99999999999999 wd", None),
        ("10wd", None),
        ("+1 wd", None),
        ("-1 wd", None),
        ("ten wd", None),
        ("10 days", None),
        ("", None),
    ] {
        assert_eq!(Span::parse(text).ok(), want, "{text}");
        if let Some(span) = want {
            assert_eq!(Span::parse(&span.to_string()), Ok(span));
        }
    }
}

#[test]
fn deadlines_end_with_the_day_of_the_side_that_acts() {
    let (gb, cn) = (gb(), cn());
    for (side, span, start, due) in [
        // The vectors of the reference, delivered at local noon.
        (&gb, "10 wd", "2026-02-12T12:00:00Z", "2026-02-26T23:59:59"),
        (&cn, "10 wd", "2026-02-12T04:00:00Z", "2026-03-04T23:59:59"),
        (&gb, "5 wd", "2026-09-24T11:00:00Z", "2026-10-01T23:59:59"),
        (&cn, "5 wd", "2026-09-24T04:00:00Z", "2026-10-09T23:59:59"),
        (&cn, "5 wd", "2025-09-26T04:00:00Z", "2025-10-10T23:59:59"),
        (&gb, "5 wd", "2025-12-23T12:00:00Z", "2026-01-02T23:59:59"),
        (&cn, "3 wd", "2026-04-30T04:00:00Z", "2026-05-08T23:59:59"),
        // At the cutoff it still counts today; a second later, tomorrow.
        (&cn, "1 wd", "2026-06-10T09:00:00Z", "2026-06-11T23:59:59"),
        (&cn, "1 wd", "2026-06-10T09:00:01Z", "2026-06-12T23:59:59"),
        // Friday 16:30 in London is Saturday in Beijing: made on Monday.
        (&cn, "1 wd", "2026-06-12T16:30:00Z", "2026-06-16T23:59:59"),
        (&gb, "1 wd", "2026-06-12T15:30:00Z", "2026-06-15T23:59:59"),
        // A Saturday worked in exchange is a day like any other.
        (&cn, "1 wd", "2026-02-13T04:00:00Z", "2026-02-14T23:59:59"),
        // A last calendar day off moves to the next working day.
        (&gb, "10 cd", "2026-12-15T12:00:00Z", "2026-12-29T23:59:59"),
        (&gb, "60 cd", "2026-06-01T12:00:00Z", "2026-07-31T23:59:59"),
    ] {
        check(side, span, start, due);
    }
}

#[test]
fn summer_time_moves_the_instant_and_not_the_day() {
    let gb = gb();
    // Into summer time: the working day ends an hour earlier in UTC; an hour span does not care.
    check(&gb, "1 wd", "2026-03-27T12:00:00Z", "2026-03-30T23:59:59");
    assert_eq!(after(Span::WorkingDays(1), at("2026-03-27T12:00:00Z"), None, &gb).due_at, at("2026-03-30T22:59:59Z"));
    assert_eq!(after(Span::Hours(4), at("2026-03-29T00:00:00Z"), None, &gb).due_at, at("2026-03-29T04:00:00Z"));
    // Out of it.
    assert_eq!(after(Span::WorkingDays(1), at("2026-10-23T12:00:00Z"), None, &gb).due_at, at("2026-10-26T23:59:59Z"));
    assert_eq!(after(Span::Hours(4), at("2026-10-25T00:00:00Z"), None, &gb).due_at, at("2026-10-25T04:00:00Z"));
}

#[test]
fn a_named_date_stands_even_on_a_day_off() {
    let gb = gb();
    for (needed_by, due) in [
        (Some("2026-06-20"), "2026-06-20T22:59:59Z"),
        (Some("2026-01-01"), "2026-06-10T22:59:59Z"),
        (None, "2026-06-10T22:59:59Z"),
    ] {
        let date = needed_by.map(|text| text.parse().unwrap());
        assert_eq!(after(Span::NeededBy, at("2026-06-10T10:00:00Z"), date, &gb).due_at, at(due), "{needed_by:?}");
    }
}

#[test]
fn a_pause_keeps_the_days_that_were_left() {
    let cn = cn();
    let deadline = after(Span::WorkingDays(10), at("2026-06-01T04:00:00Z"), None, &cn);
    for (paused, resumed, left, due) in [
        ("2026-06-03T04:00:00Z", "2026-07-01T04:00:00Z", 8, "2026-07-13T23:59:59"),
        ("2026-06-03T10:00:00Z", "2026-07-01T04:00:00Z", 7, "2026-07-10T23:59:59"),
        ("2026-06-15T04:00:00Z", "2026-07-01T10:00:00Z", 0, "2026-07-02T23:59:59"),
    ] {
        let remaining = remaining_wd(&deadline, at(paused), &cn);
        assert_eq!(remaining, left, "paused {paused}");
        let next = after_pause(remaining, at(resumed), &cn);
        assert_eq!(cn.local(next.due_at).datetime().to_string(), due, "paused {paused}");
    }
}

#[test]
fn the_ladder_counts_on_from_the_deadline() {
    let cn = cn();
    let deadline = after(Span::WorkingDays(1), at("2026-09-29T04:00:00Z"), None, &cn);
    for (span, want) in [
        ("0 wd", "2026-09-30T15:59:59Z"),
        ("5 wd", "2026-10-13T15:59:59Z"),
        ("2 cd", "2026-10-08T15:59:59Z"),
        ("24 h", "2026-10-01T15:59:59Z"),
        ("needed-by", "2026-09-30T15:59:59Z"),
    ] {
        assert_eq!(plus(&deadline, Span::parse(span).unwrap(), &cn), at(want), "{span}");
    }
}

#[test]
fn a_new_calendar_never_shortens() {
    let (gb, cn) = (gb(), cn());
    let long = after(Span::WorkingDays(10), at("2026-02-12T04:00:00Z"), None, &cn);
    let recount = recounted(&long, &gb);
    assert_eq!((recount.due_at, recount.calendar), (long.due_at, gb.stamp()));
    let short = after(Span::WorkingDays(10), at("2026-02-12T04:00:00Z"), None, &gb);
    assert_eq!(recounted(&short, &cn).due_at, long.due_at);
}

#[test]
fn a_guessed_year_marks_the_deadline() {
    let cn = cn();
    assert!(after(Span::WorkingDays(10), at("2026-12-25T04:00:00Z"), None, &cn).provisional);
    assert!(!after(Span::WorkingDays(10), at("2026-11-25T04:00:00Z"), None, &cn).provisional);
}

#[test]
fn deadlines_travel_as_text() {
    let deadline = after(Span::WorkingDays(10), at("2026-02-12T04:00:00Z"), None, &cn());
    let json = serde_json::to_string(&deadline).unwrap();
    assert!(json.contains("\"10 wd\"") && json.contains("cn@2026.2"), "{json}");
    assert_eq!(serde_json::from_str::<Deadline>(&json).unwrap(), deadline);
}

#[test]
fn the_end_of_time_is_not_a_panic() {
    for span in [Span::WorkingDays(SPAN_MAX), Span::CalendarDays(SPAN_MAX), Span::Hours(SPAN_MAX), Span::NeededBy] {
        let deadline = after(span, Timestamp::MAX, Some(Date::MAX), &cn());
        assert_eq!(plus(&deadline, span, &cn()), Timestamp::MAX);
        let _ = remaining_wd(&after(span, Timestamp::MIN, None, &gb()), Timestamp::MAX, &gb());
    }
}

proptest! {
    /// Longer never ends earlier, later never ends earlier, and no counted deadline ends on a day off.
    #[test]
    fn counting_is_monotone(start in 1_735_700_000i64..1_830_000_000, days in 1u32..60, later in 0i64..500_000) {
        for calendar in [gb(), cn()] {
            let from = Timestamp::from_second(start).unwrap();
            let next = Timestamp::from_second(start + later).unwrap();
            for make in [Span::WorkingDays, Span::CalendarDays, Span::Hours] {
                let due = after(make(days), from, None, &calendar).due_at;
                prop_assert!(due > from);
                prop_assert!(after(make(days + 1), from, None, &calendar).due_at >= due);
                prop_assert!(after(make(days), next, None, &calendar).due_at >= due);
                if !matches!(make(days), Span::Hours(_)) {
                    prop_assert!(calendar.is_working(calendar.local(due).date()));
                }
            }
        }
    }

    /// A pause without length neither loses nor gains a day, as long as a day is left.
    #[test]
    fn an_empty_pause_changes_nothing(start in 1_735_700_000i64..1_780_000_000, days in 1u32..60, wait in 0i64..5_000_000) {
        let cn = cn();
        let deadline = after(Span::WorkingDays(days), Timestamp::from_second(start).unwrap(), None, &cn);
        let pause = Timestamp::from_second(start + wait).unwrap();
        let left = remaining_wd(&deadline, pause, &cn);
        if left > 0 {
            prop_assert_eq!(after_pause(left, pause, &cn).due_at, deadline.due_at);
        }
    }
}
