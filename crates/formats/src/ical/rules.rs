//! What a calendar must say (RFC 5545 §3.6 to §3.8) so that two calendars show the same meeting at the same hour.
//!
//! Owns required properties, dates, durations, rules of repetition and zones. Must not expand anything.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};

use super::{Component, Property};
use crate::finding::{Code, Gathered, shown};

/// Properties whose value is a date or a date and time.
const DATES: &[&str] = &[
    "DTSTART",
    "DTEND",
    "DUE",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "COMPLETED",
    "RECURRENCE-ID",
    "EXDATE",
    "RDATE",
];
/// Components of the standard and of its extensions.
const COMPONENTS: &[&str] = &[
    "VCALENDAR",
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VTIMEZONE",
    "STANDARD",
    "DAYLIGHT",
    "VALARM",
    "VAVAILABILITY",
    "AVAILABLE",
];
/// Rules of repetition a calendar of meetings has no use for: seconds and minutes make millions of meetings.
const TOO_OFTEN: &[&str] = &["SECONDLY", "MINUTELY"];
/// Most parts of one rule.
const RULE_PARTS_MAX: usize = 16;

/// Judges a calendar.
pub(super) fn calendar(calendar: &Component, at: &str, found: &mut Gathered) {
    for name in ["VERSION", "PRODID"] {
        if calendar.property(name).is_none() {
            found.warning(Code::MissingProperty, format!("{at}/{name}"), format!("`{name}` must be given (§3.6)"));
        }
    }
    if let Some(version) = calendar.property("VERSION").filter(|version| version.value.trim() != "2.0") {
        let words = format!("`{}` is not version 2.0", shown(&version.value));
        found.error(Code::WrongVersion, format!("{at}/VERSION"), words);
    }
    let zones: BTreeSet<&str> = calendar
        .components
        .iter()
        .filter(|component| component.name == "VTIMEZONE")
        .filter_map(|zone| zone.property("TZID").map(|id| id.value.trim()))
        .collect();
    for (place, inner) in calendar.components.iter().enumerate() {
        component(inner, &zones, &format!("{at}/{}[{}]", inner.name, place + 1), found);
    }
}

fn component(component: &Component, zones: &BTreeSet<&str>, at: &str, found: &mut Gathered) {
    if component.name.starts_with("X-") {
        return;
    }
    if !COMPONENTS.contains(&component.name.as_str()) {
        found.warning(Code::Unknown, at, "no component of the standard; kept");
        return;
    }
    let has = |name: &str| component.property(name).is_some();
    if matches!(component.name.as_str(), "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY") {
        for name in ["UID", "DTSTAMP"] {
            if !has(name) {
                found.warning(Code::MissingProperty, format!("{at}/{name}"), format!("`{name}` must be given (§3.6)"));
            }
        }
    }
    if component.name == "VTIMEZONE" && !has("TZID") {
        found.error(Code::MissingProperty, format!("{at}/TZID"), "a zone has a name");
    }
    for name in ["UID", "DTSTAMP", "DTSTART", "DTEND", "DUE", "DURATION", "SUMMARY", "ORGANIZER", "STATUS", "SEQUENCE"]
    {
        if component.all(name).count() > 1 {
            found.error(Code::Repeated, format!("{at}/{name}"), format!("`{name}` may stand once"));
        }
    }
    if has("DURATION") && (has("DTEND") || has("DUE")) {
        found.error(Code::Conflict, format!("{at}/DURATION"), "either an end or a duration");
    }
    for property in &component.properties {
        self::property(property, zones, &format!("{at}/{}", property.name), found);
    }
    complete(component, at, found);
    order(component, at, found);
    for (place, inner) in component.components.iter().enumerate() {
        self::component(inner, zones, &format!("{at}/{}[{}]", inner.name, place + 1), found);
    }
}

fn property(property: &Property, zones: &BTreeSet<&str>, at: &str, found: &mut Gathered) {
    let value = property.value.trim();
    let kind = property.parameter("VALUE").unwrap_or_default().to_ascii_uppercase();
    match property.name.as_str() {
        name if DATES.contains(&name) => {
            for one in value.split(',') {
                let start = one.split('/').next().unwrap_or_default();
                let fits =
                    if kind == "DATE" { date(one).is_some() } else { moment(start).is_some() || date(one).is_some() };
                if value.is_empty() && matches!(name, "RDATE" | "EXDATE") {
                    found.warning(Code::EmptyList, at, "names no date");
                } else if !fits {
                    found.error(Code::BadTime, at, format!("`{}` is no date or time (§3.3.5)", shown(one)));
                }
            }
        }
        // A trigger may lie before its meeting; a meeting does not end before it begins.
        "DURATION" if value.starts_with('-') => {
            found.error(Code::BadOrder, at, "an end before the beginning (§3.8.2.5)")
        }
        "DURATION" if !is_duration(value) => {
            found.error(Code::BadTime, at, format!("`{}` is no duration (§3.3.6)", shown(value)));
        }
        "TZOFFSETFROM" | "TZOFFSETTO" => {
            let digits = value.strip_prefix(['+', '-']).unwrap_or_default();
            let shaped = matches!(digits.len(), 4 | 6) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !shaped || &digits[..2] > "23" || &digits[2..4] > "59" || digits.get(4..6).is_some_and(|s| s > "59") {
                found.error(Code::BadTime, at, format!("`{}` is no offset (§3.3.14)", shown(value)));
            }
        }
        "RRULE" | "EXRULE" => rule(value, at, found),
        "ATTACH" | "URL" | "CONFERENCE" | "IMAGE" => {
            let scheme = value.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
            let binary = property.parameter("ENCODING").is_some();
            if !binary && !matches!(scheme.as_str(), "http" | "https" | "mailto" | "cid" | "tel") {
                let words = format!("an address by `{}` is never opened", shown(&scheme));
                found.warning(Code::UnsafeLink, at, words);
            }
        }
        "STATUS" => {
            let known =
                ["TENTATIVE", "CONFIRMED", "CANCELLED", "NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "DRAFT", "FINAL"];
            if !known.contains(&value.to_ascii_uppercase().as_str()) {
                found.error(Code::BadChoice, at, format!("`{}` is no status (§3.8.1.11)", shown(value)));
            }
        }
        name => single(name, value, at, found),
    }
    let binary = property.parameter("ENCODING").is_some_and(|encoding| encoding.eq_ignore_ascii_case("BASE64"));
    if binary && !is_base64(value) {
        found.error(Code::BadValue, at, "is not base64 (§3.3.1)");
    }
    if let Some(zone) = property.parameter("TZID") {
        let known = zones.contains(zone) || jiff::tz::TimeZone::get(zone.trim_start_matches('/')).is_ok();
        if !known {
            let words = format!("`{}` is defined nowhere: the hour is uncertain", shown(zone));
            found.warning(Code::UnknownZone, at, words);
        }
    }
}

/// What single properties may say (§3.8).
fn single(name: &str, value: &str, at: &str, found: &mut Gathered) {
    let whole = |least: i64, most: i64| value.parse::<i64>().is_ok_and(|number| (least..=most).contains(&number));
    let fits = match name {
        "PRIORITY" => whole(0, 9),
        "PERCENT-COMPLETE" => whole(0, 100),
        "SEQUENCE" | "REPEAT" => whole(0, i64::from(i32::MAX)),
        "GEO" => value.split_once(';').is_some_and(|(latitude, longitude)| {
            let within = |text: &str, most: f64| text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most);
            within(latitude, 90.0) && within(longitude, 180.0)
        }),
        "FREEBUSY" => value.split(',').all(|period| {
            let ends = period.split_once('/');
            ends.is_some_and(|(start, end)| moment(start).is_some() && (moment(end).is_some() || is_duration(end)))
        }),
        "TRIGGER" => is_duration(value) || moment(value).is_some(),
        _ => true,
    };
    if !fits {
        let time = matches!(name, "FREEBUSY" | "TRIGGER");
        let code = if time { Code::BadTime } else { Code::BadValue };
        found.error(code, at, format!("`{}` is no value of `{}` (§3.8)", shown(value), shown(name)));
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// Lists of a rule with how far their numbers reach; the flag says that they also count from the end (§3.3.10).
const RULE_LISTS: &[(&str, i64, i64, bool)] = &[
    ("BYSECOND", 0, 60, false),
    ("BYMINUTE", 0, 59, false),
    ("BYHOUR", 0, 23, false),
    ("BYMONTHDAY", 1, 31, true),
    ("BYYEARDAY", 1, 366, true),
    ("BYWEEKNO", 1, 53, true),
    ("BYSETPOS", 1, 366, true),
];
const WEEKDAYS: &[&str] = &["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/// Whether a list of a rule holds what it may.
fn listed(name: &str, value: &str) -> bool {
    let number = |text: &str, least: i64, most: i64, back: bool| {
        let counted = text.parse::<i64>().ok();
        counted.is_some_and(|n| (least..=most).contains(&n) || (back && (-most..=-least).contains(&n)))
    };
    let day = |text: &str| {
        let (count, day) = text.split_at_checked(text.len().saturating_sub(2)).unwrap_or(("", ""));
        WEEKDAYS.contains(&day.to_ascii_uppercase().as_str()) && (count.is_empty() || number(count, 1, 53, true))
    };
    match RULE_LISTS.iter().find(|(known, ..)| *known == name) {
        Some((_, least, most, back)) => value.split(',').all(|text| number(text, *least, *most, *back)),
        None if name == "BYDAY" => value.split(',').all(day),
        None if name == "WKST" => WEEKDAYS.contains(&value.to_ascii_uppercase().as_str()),
        // A leap month of another calendar has an `L` behind it (RFC 7529 §4).
        None if name == "BYMONTH" => {
            value.split(',').all(|text| number(text.trim_end_matches(['L', 'l']), 1, 13, false))
        }
        None => true,
    }
}

/// A rule of repetition (§3.3.10), as far as its parts go.
fn rule(value: &str, at: &str, found: &mut Gathered) {
    let parts: Vec<(String, &str)> = value
        .split(';')
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.split_once('=').map_or((part.to_ascii_uppercase(), ""), |(name, v)| (name.to_ascii_uppercase(), v))
        })
        .collect();
    if parts.len() > RULE_PARTS_MAX {
        found.error(Code::TooManyValues, at, format!("more than {RULE_PARTS_MAX} parts"));
        return;
    }
    let part = |name: &str| parts.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
    let frequency = part("FREQ").unwrap_or_default().to_ascii_uppercase();
    match frequency.as_str() {
        "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY" | "HOURLY" => {}
        often if TOO_OFTEN.contains(&often) => {
            found.warning(Code::TooManyValues, at, "repeats more often than meetings do; it is never expanded");
        }
        _ => found.error(Code::BadChoice, at, format!("`{}` is no frequency", shown(&frequency))),
    }
    if part("UNTIL").is_some() && part("COUNT").is_some() {
        found.error(Code::Conflict, at, "either a last day or a number of times");
    }
    if let Some(until) = part("UNTIL")
        && moment(until).is_none()
        && date(until).is_none()
    {
        found.error(Code::BadTime, at, format!("`{}` is no date or time to end at", shown(until)));
    }
    // The thirteenth month is another calendar's.
    let foreign = part("RSCALE").is_some_and(|scale| !scale.eq_ignore_ascii_case("GREGORIAN"));
    let thirteenth = part("BYMONTH").is_some_and(|months| months.split(',').any(|month| month == "13"));
    for (name, value) in &parts {
        if !listed(name, value) || (name == "BYMONTH" && thirteenth && !foreign) {
            found.error(Code::BadValue, at, format!("`{}` is no `{}` of a rule", shown(value), shown(name)));
        }
    }
    for name in ["COUNT", "INTERVAL"] {
        if let Some(number) = part(name)
            && number.parse::<u32>().ok().is_none_or(|number| number == 0)
        {
            found.error(Code::BadValue, at, format!("`{name}` is a whole number above 0"));
        }
    }
}

/// What a component cannot be understood without; published calendars lack it all the same.
fn complete(component: &Component, at: &str, found: &mut Gathered) {
    let ruled = component.components.iter().any(|inner| matches!(inner.name.as_str(), "STANDARD" | "DAYLIGHT"));
    if component.name == "VTIMEZONE" && !ruled {
        found.warning(Code::MissingProperty, at, "a zone without a rule: its hours are uncertain (§3.6.5)");
    }
    for (part, names) in [
        ("VEVENT", &["DTSTART"][..]),
        ("VALARM", &["ACTION", "TRIGGER"]),
        ("STANDARD", &["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"]),
        ("DAYLIGHT", &["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"]),
    ] {
        for name in names.iter().filter(|name| component.name == part && component.property(name).is_none()) {
            found.warning(Code::MissingProperty, format!("{at}/{name}"), format!("`{name}` must be given (§3.6)"));
        }
    }
}

fn order(component: &Component, at: &str, found: &mut Gathered) {
    let value =
        |name: &str| component.property(name).map(|property| (property.value.trim(), property.parameter("TZID")));
    let (Some((start, zone)), Some((end, end_zone))) = (value("DTSTART"), value("DTEND")) else { return };
    // Only what is told by one clock can be compared without the zone's rules.
    if zone != end_zone || start.ends_with('Z') != end.ends_with('Z') {
        return;
    }
    if date(start).is_some() != date(end).is_some() {
        found.error(Code::WrongKind, format!("{at}/DTEND"), "a day and an hour cannot be beginning and end of one");
        return;
    }
    let whole =
        |text: &str| moment(text).or_else(|| date(text).map(|day| day.to_datetime(jiff::civil::Time::midnight())));
    if let (Some(from), Some(to)) = (whole(start), whole(end))
        && to < from
    {
        found.error(Code::BadOrder, format!("{at}/DTEND"), "lies before `DTSTART`");
    }
}

/// `YYYYMMDD`.
pub(super) fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]).parse().ok()
}

/// `YYYYMMDDTHHMMSS`, a `Z` allowed.
pub(super) fn moment(text: &str) -> Option<DateTime> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (day, time) = text.split_once('T')?;
    if time.len() != 6 || !time.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A leap second is a second of the minute it ends; it ends a minute of 59, in any zone but the few of odd quarters.
    let leap = &time[4..] == "60" && matches!(&time[2..4], "59" | "29" | "44" | "14");
    let seconds = if leap { "59" } else { &time[4..] };
    if seconds == "60" {
        return None;
    }
    format!("{}T{}:{}:{seconds}", date(day)?, &time[..2], &time[2..4]).parse().ok()
}

fn is_duration(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some(text) = text.strip_prefix('P') else { return false };
    let (days, time) = text.split_once('T').map_or((text, None), |(days, time)| (days, Some(time)));
    let units = |text: &str, wanted: &str| {
        let mut wanted = wanted.chars();
        let mut digits = 0;
        text.chars().all(|c| {
            if c.is_ascii_digit() {
                digits += 1;
                return digits <= 9;
            }
            let fits = digits > 0 && wanted.any(|unit| unit == c);
            digits = 0;
            fits
        }) && digits == 0
    };
    units(days, "WD")
        && time.is_none_or(|time| !time.is_empty() && units(time, "HMS"))
        && !(days.is_empty() && time.is_none())
}
