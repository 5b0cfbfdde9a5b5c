//! Dates of birth as offices write them: unknown parts, day and month exchanged, slips.
//!
//! Owns what is read and how two dates agree. Must not know calendars beyond what a date of birth can be: it is a
//! claim on paper, and the thirty-first of June is a claim too.

use std::fmt;

/// A date of which parts may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Born {
    year: u16,
    month: u8,
    day: u8,
}

/// How two dates agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// Every part known, and the same.
    Same,
    /// Day and month exchanged.
    Swapped,
    /// The same as far as both know.
    Partly,
    /// One slip apart: one digit, two digits exchanged, or a year beside.
    Near,
    /// Not the same.
    Differs,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Born {
    /// Reads `1961-08-04`, `19610804`, `04/08/1961`, `4 Aug 1961`, `Aug 1961`, `1961`, `1961年8月4日`; zeros and `x` are
    /// unknown parts.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let lower: String = text.chars().take(40).flat_map(char::to_lowercase).collect();
        let month = MONTHS.iter().position(|name| lower.contains(name)).and_then(|at| u8::try_from(at + 1).ok());
        let digits = |c: char| if c == 'x' && month.is_none() { '0' } else { c };
        let lower: String = lower.chars().map(digits).collect();
        let parts: Vec<&str> = lower.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        let small = |part: &str| part.parse::<u8>().ok();
        let whole = |year: &str, month: u8, day: u8| Self::new(year.parse().ok()?, month, day);
        match (parts.as_slice(), month) {
            ([all], None) if all.len() == 8 => whole(&all[..4], small(&all[4..6])?, small(&all[6..])?),
            ([all], None) if all.len() == 6 => whole(&all[..4], small(&all[4..])?, 0),
            ([year], month) if year.len() == 4 => whole(year, month.unwrap_or(0), 0),
            ([day, year], Some(month)) if year.len() == 4 => whole(year, month, small(day)?),
            ([year, day], Some(month)) if year.len() == 4 => whole(year, month, small(day)?),
            ([year, month], None) if year.len() == 4 => whole(year, small(month)?, 0),
            ([month, year], None) if year.len() == 4 => whole(year, small(month)?, 0),
            ([year, month, day], None) if year.len() == 4 => whole(year, small(month)?, small(day)?),
            ([day, month, year], None) if year.len() == 4 => whole(year, small(month)?, small(day)?),
            _ => None,
        }
    }

    /// A date of its parts, 0 for unknown; none when nobody living can have been born then.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        // Day and month in the other order, where only that order can be.
        let (month, day) = if month > 12 && (1..=12).contains(&day) { (day, month) } else { (month, day) };
        let possible = (year == 0 || (1850..=2200).contains(&year)) && month <= 12 && day <= 31;
        (possible && (year, month, day) != (0, 0, 0)).then_some(Self { year, month, day })
    }

    /// The year, 0 if unknown.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Whether day, month and year are all known.
    const fn is_whole(self) -> bool {
        self.year > 0 && self.month > 0 && self.day > 0
    }

    /// The form for keys: day and month in the order of their size where either could be the month.
    #[must_use]
    pub fn canonical(self) -> String {
        let both = (1..=12).contains(&self.day) && (1..=12).contains(&self.month);
        let (a, b) = if both { (self.month.min(self.day), self.month.max(self.day)) } else { (self.month, self.day) };
        format!("{:04}{a:02}{b:02}", self.year)
    }

    /// How this agrees with another.
    #[must_use]
    pub fn agrees(self, other: Self) -> Agreement {
        let same = |a: u16, b: u16| a == b || a == 0 || b == 0;
        let (year, month, day) = (
            same(self.year, other.year),
            same(self.month.into(), other.month.into()),
            same(self.day.into(), other.day.into()),
        );
        match (year && month && day, self.is_whole() && other.is_whole()) {
            (true, true) => Agreement::Same,
            (true, false) => Agreement::Partly,
            (false, true) if year && self.month == other.day && self.day == other.month => Agreement::Swapped,
            (false, true) if self.slip(other) => Agreement::Near,
            _ => Agreement::Differs,
        }
    }

    fn slip(self, other: Self) -> bool {
        let (a, b) = (self.to_string(), other.to_string());
        let apart: Vec<usize> =
            a.bytes().zip(b.bytes()).enumerate().filter(|(_, (x, y))| x != y).map(|(at, _)| at).collect();
        match apart.as_slice() {
            [_] => true,
            [i, j] => a.as_bytes()[*i] == b.as_bytes()[*j] && a.as_bytes()[*j] == b.as_bytes()[*i],
            _ => false,
        }
    }
}

impl fmt::Display for Born {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read() {
        fn check(text: &str, read: &str) {
            assert_eq!(Born::read(text).map(|d| d.to_string()).unwrap_or_default(), read, "{text}");
        }
        check("1961-08-04", "1961-08-04");
        check("19610804", "1961-08-04");
        check("04/08/1961", "1961-08-04");
        check("1961-13-04", "1961-04-13");
        check("4 Aug 1961", "1961-08-04");
        check("August 1961", "1961-08-00");
        check("1961", "1961-00-00");
        check("1961-xx-xx", "1961-00-00");
        check("1961年8月4日", "1961-08-04");
        check("1961-08", "1961-08-00");
        check("", "");
        check("yesterday", "");
        check("9999-99-99", "");
        check("0000-00-00", "");
        check("19610804123456789012345678901234567890", "");
    }

    #[test]
    fn agree() {
        fn check(a: &str, b: &str, how: Agreement) {
            let (a, b) = (Born::read(a).expect("a date"), Born::read(b).expect("a date"));
            assert_eq!((a.agrees(b), b.agrees(a)), (how, how), "{a} {b}");
        }
        check("1961-08-04", "1961-08-04", Agreement::Same);
        check("1961-08-04", "1961-04-08", Agreement::Swapped);
        check("1961-08-04", "1961", Agreement::Partly);
        check("1961-08-04", "1961-08-05", Agreement::Near);
        check("1961-08-04", "1916-08-04", Agreement::Near);
        check("1961-08-04", "1972-11-30", Agreement::Differs);
        check("1961-08-04", "1962", Agreement::Differs);
    }

    #[test]
    fn exchanged_days_share_a_key() {
        let canonical = |text| Born::read(text).map(Born::canonical);
        assert_eq!(canonical("1961-08-04"), canonical("1961-04-08"));
        assert_ne!(canonical("1961-08-14"), canonical("1961-08-04"));
    }
}
