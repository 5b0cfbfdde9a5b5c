//! Dates and times as several formats write them.
//!
//! Owns their forms. Must not know the present, and must not guess a zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// The offset furthest from UTC (XML Schema part 2 §3.2.7.3).
const OFFSET_MAX: &str = "14:00";

/// A date `YYYY-MM-DD` that is one.
pub(crate) fn date(text: &str) -> Option<Date> {
    (is_shaped(text, "dddd-dd-dd") && !text.starts_with("0000")).then(|| text.parse().ok()).flatten()
}

/// An instant with an offset, never `Z`: what CAP 1.2 §3.3.2 demands.
pub(crate) fn offset_time(text: &str) -> Option<Timestamp> {
    let shaped = is_shaped(text, "dddd-dd-ddTdd:dd:dd+dd:dd") || is_shaped(text, "dddd-dd-ddTdd:dd:dd-dd:dd");
    // XML Schema has no leap seconds (part 2, appendix D.2).
    (shaped && text.get(17..19) != Some("60")).then(|| instant(text)).flatten()
}

/// An instant as RFC 3339 writes it, `Z` or an offset.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let (head, tail) = text.split_at_checked(19)?;
    if !is_shaped(head, "dddd-dd-ddTdd:dd:dd") || head.starts_with("0000") {
        return None;
    }
    let zone = tail.trim_start_matches('.').trim_start_matches(|c: char| c.is_ascii_digit());
    let far = zone.len() > 1 && zone.get(1..6).is_none_or(|offset| offset > OFFSET_MAX);
    // Nothing but the offset stands behind the second and its fraction.
    if far || !(zone.eq_ignore_ascii_case("z") || is_shaped(zone, "+dd:dd") || is_shaped(zone, "-dd:dd")) {
        return None;
    }
    let instant: Timestamp = text.parse().ok()?;
    (head.get(17..) != Some("60") || is_leap(instant)).then_some(instant)
}

/// Whether a second 60 may follow this one: seconds were put in at the end of June and of December, in UTC.
fn is_leap(instant: Timestamp) -> bool {
    let day = instant.strftime("%m-%dT%H:%M:%S").to_string();
    matches!(day.as_str(), "06-30T23:59:59" | "12-31T23:59:59")
}

/// A date and time of XML Schema without zone, fractions of a second allowed.
pub(crate) fn local(text: &str) -> Option<DateTime> {
    let (head, fraction) = text.split_at_checked(19)?;
    let fraction_fits = fraction.is_empty()
        || fraction
            .strip_prefix('.')
            .is_some_and(|digits| (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let shaped = is_shaped(head, "dddd-dd-ddTdd:dd:dd") && !head.ends_with("60") && !head.starts_with("0000");
    (shaped && fraction_fits).then(|| text.parse().ok()).flatten()
}

/// A date of the day, month and year order of the UK list; unknown parts are written `dd` and `mm`.
pub(crate) fn day_first(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let known = |part: &str, shape: &str| is_shaped(part, shape);
    if !known(year, "dddd") {
        return None;
    }
    match (*day, *month) {
        (day, month) if known(day, "dd") && known(month, "dd") => {
            if day == "00" && month == "00" {
                return Some((*year).to_owned());
            }
            let whole = format!("{year}-{month}-{day}");
            date(&whole).map(|_| whole)
        }
        ("dd" | "00", month) if known(month, "dd") => {
            (1..=12).contains(&month.parse::<u8>().ok()?).then(|| format!("{year}-{month}"))
        }
        ("dd" | "00", "mm" | "00") => Some((*year).to_owned()),
        _ => None,
    }
}

/// The other way round: `1958`, `1958-03` or `1958-03-02` in the order of the UK list.
pub(crate) fn to_day_first(text: &str) -> String {
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => format!("{day}/{month}/{year}"),
        [year, month] => format!("dd/{month}/{year}"),
        _ => format!("dd/mm/{text}"),
    }
}

/// Whether text has this shape: `d` is a digit, everything else itself.
pub(crate) fn is_shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(b, form)| if form == b'd' { b.is_ascii_digit() } else { b == form })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_one_that_was_or_will_be() {
        fn check(text: &str, any: bool, of_xml: bool) {
            assert_eq!((instant(text).is_some(), offset_time(text).is_some()), (any, of_xml), "{text}");
        }
        for (text, any, of_xml) in [
            ("2026-01-31T09:00:00+14:00", true, true),
            ("2026-01-31T09:00:00-00:00", true, true),
            ("2026-01-31T09:00:00Z", true, false),
            ("2026-01-31T09:00:00.25Z", true, false),
            ("2026-01-31T09:00:00+14:30", false, false),
            ("2026-01-31T09:00:00+25:00", false, false),
            ("2016-12-31T23:59:60Z", true, false),
            ("2017-01-01T07:59:60+08:00", true, false),
            ("2026-03-03T03:03:60Z", false, false),
            ("0000-01-01T00:00:00+00:00", false, false),
            ("2026-02-30T00:00:00+00:00", false, false),
            ("2026-01-31T24:00:00+00:00", false, false),
            ("2026-01-31T09:00:00Z[UTC]", false, false),
            ("2026-01-31T09:00:00", false, false),
        ] {
            check(text, any, of_xml);
        }
    }

    #[test]
    fn days_come_first_in_the_uk_list_and_may_be_unknown() {
        for (text, wanted) in [
            ("02/03/1958", Some("1958-03-02")),
            ("dd/mm/1945", Some("1945")),
            ("00/00/1945", Some("1945")),
            ("dd/07/1945", Some("1945-07")),
            ("30/02/1958", None),
            ("1958", None),
            ("dd/13/1945", None),
        ] {
            assert_eq!(day_first(text).as_deref(), wanted, "{text}");
        }
        for text in ["1958-03-02", "1945", "1945-07"] {
            assert_eq!(day_first(&to_day_first(text)).as_deref(), Some(text));
        }
    }
}
