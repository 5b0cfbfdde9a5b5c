//! Working calendars: which days a Party's offices work, in which zone, and until when.
//!
//! Owns `Calendar` and the walking of its days. Must not know what is due (`deadline`) nor where its dates come from:
//! they are published data, never computed (domain reference §5).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::text::Text;

/// The working calendar of one side, as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    rules: CalendarRules,
    zone: TimeZone,
}

/// What a calendar file says, before it is a [`Calendar`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRules {
    /// Its id, for example `cn`.
    pub id: String,
    /// The version of its data, for example `2026.2`.
    pub version: String,
    /// Its name.
    pub name: Text,
    /// IANA zone, for example `Asia/Shanghai`.
    pub zone: String,
    /// When offices open, local.
    pub open: Time,
    /// When offices close, local; later than `open`.
    pub close: Time,
    /// What arrives after this local time counts as made on the next working day.
    pub cutoff: Time,
    /// The weekly days off; at most six.
    pub weekend: Vec<Weekday>,
    /// The years published, or guessed at.
    pub years: BTreeMap<i16, Year>,
}

/// One year of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// Whether the year was published by the state.
    pub status: YearStatus,
    /// Days off beside the weekly ones, with the name of the holiday.
    pub off: BTreeMap<Date, Text>,
    /// Weekly days off that are worked this year in exchange.
    pub makeup: BTreeSet<Date>,
}

/// How sure a year is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearStatus {
    /// Published by the state.
    Published,
    /// Our guess until it is: deadlines that touch it are marked provisional.
    Provisional,
}

/// Why rules make no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCalendar {
    /// No such zone.
    #[error("`{0}` is not a time zone: write an IANA name such as `Asia/Shanghai`")]
    Zone(String),
    /// Hours out of order.
    #[error("office hours must open before they close, and the cutoff must lie after opening")]
    Hours,
    /// No day of the week is worked.
    #[error("a week needs at least one working day: list at most six weekend days")]
    Weekend,
}

impl Calendar {
    /// Makes a calendar of its rules.
    ///
    /// # Errors
    /// [`BadCalendar`] when the zone is unknown, the hours are out of order or no weekday is left to work on.
    pub fn new(rules: CalendarRules) -> Result<Self, BadCalendar> {
        let zone = TimeZone::get(&rules.zone).map_err(|_| BadCalendar::Zone(rules.zone.clone()))?;
        if rules.open >= rules.close || rules.cutoff <= rules.open {
            return Err(BadCalendar::Hours);
        }
        let week = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ];
        if week.iter().all(|day| rules.weekend.contains(day)) {
            return Err(BadCalendar::Weekend);
        }
        Ok(Self { rules, zone })
    }

    /// What its file says.
    #[must_use]
    pub fn rules(&self) -> &CalendarRules {
        &self.rules
    }

    /// Its id, for example `cn`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.rules.id
    }

    /// The version of its data, for example `2026.2`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.rules.version
    }

    /// `id@version`, as written into every deadline.
    #[must_use]
    pub fn stamp(&self) -> String {
        format!("{}@{}", self.rules.id, self.rules.version)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Text {
        &self.rules.name
    }

    /// The IANA name of its zone.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.rules.zone
    }

    /// Opening, closing and cutoff, local.
    #[must_use]
    pub fn hours(&self) -> (Time, Time, Time) {
        (self.rules.open, self.rules.close, self.rules.cutoff)
    }

    /// The years it knows.
    #[must_use]
    pub fn years(&self) -> &BTreeMap<i16, Year> {
        &self.rules.years
    }

    /// Whether offices work on that day. A year it does not know has its weekly days off and no others.
    #[must_use]
    pub fn is_working(&self, day: Date) -> bool {
        let weekly_off = self.rules.weekend.contains(&day.weekday());
        match self.rules.years.get(&day.year()) {
            Some(year) => !year.off.contains_key(&day) && (!weekly_off || year.makeup.contains(&day)),
            None => !weekly_off,
        }
    }

    /// Whether that day's standing is a guess: its year is unknown or provisional.
    #[must_use]
    pub fn is_provisional(&self, day: Date) -> bool {
        self.rules.years.get(&day.year()).is_none_or(|year| year.status == YearStatus::Provisional)
    }

    /// The name of the holiday on that day, if it is one.
    #[must_use]
    pub fn holiday(&self, day: Date) -> Option<&Text> {
        self.rules.years.get(&day.year()).and_then(|year| year.off.get(&day))
    }

    /// The `count`th working day after `from` (which is not counted), and whether any day passed on the way was a
    /// guess. With `count` 0, `from` itself. The end of the calendar (year 9999) stops the walk.
    #[must_use]
    pub fn add_working_days(&self, from: Date, count: u32) -> (Date, bool) {
        let (mut day, mut left) = (from, count);
        let mut provisional = self.is_provisional(from);
        while left > 0 {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            provisional |= self.is_provisional(day);
            if self.is_working(day) {
                left -= 1;
            }
        }
        (day, provisional)
    }

    /// `day` itself when it is worked, else the next working day.
    #[must_use]
    pub fn working_from(&self, day: Date) -> Date {
        if self.is_working(day) { day } else { self.add_working_days(day, 1).0 }
    }

    /// How many working days lie after `from`, up to and including `to`; 0 when `to` is not later.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let (mut day, mut count) = (from, 0);
        while day < to {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            count += u32::from(self.is_working(day));
        }
        count
    }

    /// An instant on this side's clock.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// The instant of a local time on a day; where summer time skips or repeats it, the offset before the change
    /// decides. Beyond the range of instants, the last one.
    #[must_use]
    pub fn instant(&self, day: Date, time: Time) -> Timestamp {
        self.zone
            .to_ambiguous_zoned(day.to_datetime(time))
            .compatible()
            .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// Whether offices are open at that instant.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.office_hours(now).is_some_and(|(open, close)| open <= now && now < close)
    }

    /// Today's office hours, by this side's own date; none on a day off.
    fn office_hours(&self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let today = self.local(now).date();
        self.is_working(today).then(|| (self.instant(today, self.rules.open), self.instant(today, self.rules.close)))
    }
}

/// Whole minutes of office time that both sides still share today, counted from `now`; each side's today is its own.
#[must_use]
pub fn shared_minutes_left(now: Timestamp, a: &Calendar, b: &Calendar) -> u32 {
    let (Some((a_open, a_close)), Some((b_open, b_close))) = (a.office_hours(now), b.office_hours(now)) else {
        return 0;
    };
    let from = now.max(a_open).max(b_open);
    let to = a_close.min(b_close);
    let seconds = to.as_second().saturating_sub(from.as_second()).max(0);
    u32::try_from(seconds / 60).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(crate) mod tests;
