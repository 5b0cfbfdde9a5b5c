//! Counting: from a span and an event to the instant something is due, on the calendar of the side that must act.
//!
//! Owns `Span`, `Deadline` and the counting rules of the domain reference §5. Must not know what is being waited for
//! (`clock`) nor when it pauses (`case`).

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;

/// How long something may take, as an instrument writes it: `10 wd`, `60 cd`, `4 h` or `needed-by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// Working days of the side that must act.
    WorkingDays(u32),
    /// Calendar days; a last day off moves to the next working day.
    CalendarDays(u32),
    /// Clock hours, running day and night.
    Hours(u32),
    /// Until the date the request names.
    NeededBy,
}

/// Longest span, in its own unit: nothing agreed between states is counted in more than three years of days, and a
/// bound keeps the day walk short.
pub const SPAN_MAX: u32 = 1000;

/// Why a text is no span.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSpan {
    /// Not of the form.
    #[error("`{0}` is not a span: write `10 wd`, `60 cd`, `4 h` or `needed-by`")]
    Form(String),
    /// Out of range.
    #[error("`{0}` is too long: at most {SPAN_MAX} of a unit")]
    TooLong(String),
}

/// The instant by which a side must act, with all that is needed to count it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The last instant in time.
    pub due_at: Timestamp,
    /// The instant it was counted from.
    pub from: Timestamp,
    /// What was counted.
    pub span: Span,
    /// IANA zone of the side that must act.
    pub zone: String,
    /// The calendar, `id@version`.
    pub calendar: String,
    /// Whether a day on the way is a guess, because its year is not published yet.
    pub provisional: bool,
}

/// Counts a deadline from an event. The calendar is that of the side that must act.
///
/// The day of the event is not counted; an event after the cutoff or on a day off counts as made on the next working
/// day; days end at 23:59:59 local; a last calendar day off moves to the next working day; hours run day and night.
/// `needed_by` is a date of the court or the like and never moves, but is never before the day of the event; without
/// one, [`Span::NeededBy`] ends with the day the event counts as made on: the strictest reading.
#[must_use]
pub fn after(span: Span, start: Timestamp, needed_by: Option<Date>, calendar: &Calendar) -> Deadline {
    let made_on = made_on(start, calendar);
    let (due_at, provisional) = match span {
        Span::Hours(hours) => (add_hours(start, hours), false),
        Span::WorkingDays(days) => {
            let (day, provisional) = calendar.add_working_days(made_on, days);
            (end_of_day(day, calendar), provisional)
        }
        Span::CalendarDays(days) => {
            let last = calendar.working_from(add_days(made_on, days));
            (end_of_day(last, calendar), calendar.is_provisional(made_on) || calendar.is_provisional(last))
        }
        Span::NeededBy => {
            let day = needed_by.unwrap_or(made_on).max(calendar.local(start).date());
            (end_of_day(day, calendar), false)
        }
    };
    Deadline { due_at, from: start, span, zone: calendar.zone().to_owned(), calendar: calendar.stamp(), provisional }
}

/// Working days left when a clock pauses; what [`after_pause`] takes. A pause without length loses and gains nothing.
#[must_use]
pub fn remaining_wd(deadline: &Deadline, paused_at: Timestamp, calendar: &Calendar) -> u32 {
    let due_on = calendar.local(deadline.due_at).date();
    calendar.working_days_between(made_on(paused_at, calendar), due_on)
}

/// The deadline after a pause: the days that were left, counted from the event that ends it.
#[must_use]
pub fn after_pause(remaining_wd: u32, resumed_at: Timestamp, calendar: &Calendar) -> Deadline {
    after(Span::WorkingDays(remaining_wd), resumed_at, None, calendar)
}

/// The instant at which a deadline is overdue by `span`: when the ladder is climbed. Zero of any unit, and
/// [`Span::NeededBy`], are the deadline itself.
#[must_use]
pub fn plus(deadline: &Deadline, span: Span, calendar: &Calendar) -> Timestamp {
    let due_on = calendar.local(deadline.due_at).date();
    match span {
        Span::WorkingDays(0) | Span::CalendarDays(0) | Span::Hours(0) | Span::NeededBy => deadline.due_at,
        Span::WorkingDays(days) => end_of_day(calendar.add_working_days(due_on, days).0, calendar),
        Span::CalendarDays(days) => end_of_day(calendar.working_from(add_days(due_on, days)), calendar),
        Span::Hours(hours) => add_hours(deadline.due_at, hours),
    }
}

/// Counts a running deadline again when a calendar is published or amended: it moves only if that makes it later, and
/// takes the new calendar's stamp either way (rules 7 and 8).
#[must_use]
pub fn recounted(deadline: &Deadline, calendar: &Calendar) -> Deadline {
    let mut next = match deadline.span {
        Span::NeededBy | Span::Hours(_) => deadline.clone(),
        Span::WorkingDays(_) | Span::CalendarDays(_) => after(deadline.span, deadline.from, None, calendar),
    };
    next.due_at = next.due_at.max(deadline.due_at);
    next.calendar = calendar.stamp();
    next
}

impl Span {
    /// Reads a span.
    ///
    /// # Errors
    /// [`BadSpan`] when it is not of the form, or above [`SPAN_MAX`].
    pub fn parse(text: &str) -> Result<Self, BadSpan> {
        let form = || BadSpan::Form(text.chars().take(24).collect());
        if text == "needed-by" {
            return Ok(Self::NeededBy);
        }
        let (number, unit) = text.split_once(' ').ok_or_else(form)?;
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(form());
        }
        let make = match unit {
            "wd" => Self::WorkingDays,
            "cd" => Self::CalendarDays,
            "h" => Self::Hours,
            _ => return Err(form()),
        };
        match number.parse::<u32>() {
            Ok(count) if count <= SPAN_MAX => Ok(make(count)),
            _ => Err(BadSpan::TooLong(text.chars().take(24).collect())),
        }
    }

    /// Whether it is nought of its unit.
    #[must_use]
    pub fn is_zero(self) -> bool {
        matches!(self, Self::WorkingDays(0) | Self::CalendarDays(0) | Self::Hours(0))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkingDays(days) => write!(f, "{days} wd"),
            Self::CalendarDays(days) => write!(f, "{days} cd"),
            Self::Hours(hours) => write!(f, "{hours} h"),
            Self::NeededBy => f.write_str("needed-by"),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = BadSpan;
    fn try_from(text: String) -> Result<Self, BadSpan> {
        Self::parse(&text)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> String {
        span.to_string()
    }
}

/// The working day an event counts as made on.
fn made_on(event: Timestamp, calendar: &Calendar) -> Date {
    let local = calendar.local(event);
    let (_, _, cutoff) = calendar.hours();
    if local.time() > cutoff && calendar.is_working(local.date()) {
        return calendar.add_working_days(local.date(), 1).0;
    }
    calendar.working_from(local.date())
}

fn end_of_day(day: Date, calendar: &Calendar) -> Timestamp {
    calendar.instant(day, Time::constant(23, 59, 59, 0))
}

fn add_days(day: Date, days: u32) -> Date {
    day.saturating_add(jiff::Span::new().days(days.min(SPAN_MAX)))
}

fn add_hours(at: Timestamp, hours: u32) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
