//! Moments as people read them: at a named place, on its own clock, with UTC for whoever wants to check.
//!
//! Owns the forms of dates, times and spans in each language. Must not know what a moment is of.

use domain::ids::PartyId;
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use super::page::Page;
use super::said::Said;

impl Page {
    /// A moment on a Party's clock, with its capital: `Tue 24 Nov 2026, 23:59 London`.
    #[must_use]
    pub fn when(&self, at: &Timestamp, party: &PartyId) -> Said {
        self.time_tag(at, &self.moment_words(at, party))
    }

    /// A moment on our own clock.
    #[must_use]
    pub fn when_here(&self, at: &Timestamp) -> Said {
        self.when(at, self.us())
    }

    /// The time of day on a Party's clock, with its capital: `23:59 London`; with its day, where that is another than ours,
    /// for it stands under a heading of our day.
    #[must_use]
    pub fn hour(&self, at: &Timestamp, party: &PartyId) -> Said {
        let local = self.local(at, party);
        if local.date() != self.local(at, self.us()).date() {
            return self.when(at, party);
        }
        let words = local.strftime("%H:%M").to_string();
        self.time_tag(at, &self.t2("moment-hour", "time", words, "place", self.capital(party)))
    }

    /// The words of a moment on a Party's clock.
    #[must_use]
    pub fn moment_words(&self, at: &Timestamp, party: &PartyId) -> String {
        let local = self.local(at, party);
        let time = local.strftime("%H:%M").to_string();
        self.tongue
            .with("moment", &[("date", &self.date(&local.date())), ("time", &time), ("place", &self.capital(party))])
    }

    /// A day: `Tue 24 Nov 2026`. A bare day is for days, never for a deadline.
    #[must_use]
    pub fn date(&self, date: &Date) -> String {
        let weekday = self.t(&format!("weekday-{}", date.weekday().to_monday_one_offset()));
        let month = self.t(&format!("month-{}", date.month()));
        self.tongue
            .with("date", &[("weekday", &weekday), ("day", &date.day()), ("month", &month), ("year", &date.year())])
    }

    /// How long it is until a moment, or how long it is past: `31 h 17 min left`.
    #[must_use]
    pub fn left(&self, at: &Timestamp) -> String {
        let minutes = at.duration_since(self.now).as_mins();
        let (ahead, minutes) = (minutes >= 0, minutes.unsigned_abs());
        let span = match minutes {
            0..60 => self.t1("span-min", "n", minutes),
            60..2880 => self.t2("span-h-min", "h", minutes / 60, "min", minutes % 60),
            _ => self.t1("span-d", "n", minutes / 1440),
        };
        self.t1(if ahead { "span-left" } else { "span-past" }, "span", span)
    }

    /// The greeting of the hour on our own clock.
    #[must_use]
    pub fn greeting(&self) -> String {
        self.t(greeting_at(self.local(&self.now, self.us()).hour()))
    }

    /// The day of a moment on our own clock.
    #[must_use]
    pub fn day_here(&self, at: &Timestamp) -> Date {
        self.local(at, self.us()).date()
    }

    fn local(&self, at: &Timestamp, party: &PartyId) -> Zoned {
        let party = self.instrument().party(party).unwrap_or_else(|| self.our_party());
        party.calendar.local(*at)
    }

    fn time_tag(&self, at: &Timestamp, words: &str) -> Said {
        let utc = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        let iso = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut said = Said::default();
        said.open("time", &[("datetime", &iso), ("title", &utc)]).text(words).close("time");
        said
    }
}

/// The greeting of an hour, 0 to 23. After midnight no evening is left, in either language.
fn greeting_at(hour: i8) -> &'static str {
    match hour {
        0..5 => "greeting-night",
        5..12 => "greeting-morning",
        12..18 => "greeting-afternoon",
        _ => "greeting-evening",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Tongue;

    #[test]
    fn a_greeting_fits_its_hour() {
        fn check(hour: i8, en: &str, zh: &str) {
            assert_eq!(
                (Tongue::En.t(greeting_at(hour)), Tongue::Zh.t(greeting_at(hour))),
                (en.into(), zh.into()),
                "{hour}"
            );
        }
        check(0, "Good morning", "您好");
        check(4, "Good morning", "您好");
        check(5, "Good morning", "上午好");
        check(12, "Good afternoon", "下午好");
        check(17, "Good afternoon", "下午好");
        check(18, "Good evening", "晚上好");
        check(23, "Good evening", "晚上好");
    }
}
