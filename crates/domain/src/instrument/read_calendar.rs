//! Reading calendar files.
//!
//! Owns the form of `[calendar]`. Must not know who uses which calendar.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use super::cursor::{Node, cut};
use super::load::Sections;
use super::read::Reader;
use crate::calendar::{BadCalendar, Calendar, CalendarRules, Year, YearStatus};
use crate::text::Text;

/// Longest holiday in days: the longest published anywhere is under a month, and each day is stored.
const HOLIDAY_DAYS_MAX: u32 = 40;

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Every calendar, by id.
pub(super) fn calendars(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<String, Calendar> {
    let mut calendars = BTreeMap::new();
    for node in sections.get("calendar") {
        let Some(calendar) = calendar(node, reader) else { continue };
        if let Some(other) = calendars.insert(calendar.id().to_owned(), calendar) {
            let message = format!("calendar `{}` is there already", other.id());
            reader.report.error(node.spot(), "duplicate", &[("name", other.id())], message, "keep one of them");
        }
    }
    calendars
}

fn calendar(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Calendar> {
    let mut table = node.table(reader.report)?;
    let id = reader.line(&mut table, "id");
    let version = reader.line(&mut table, "version");
    let name = reader.text(&mut table, "name");
    let zone_node = table.required(reader.report, "zone");
    let zone = zone_node.as_ref().and_then(|node| node.line(reader.report));
    let mut hour = |key| table.required(reader.report, key).and_then(|node| node.time(reader.report));
    let (open, close, cutoff) = (hour("open"), hour("close"), hour("cutoff"));
    let weekend = table.required(reader.report, "weekend").and_then(|node| weekend(&node, reader))?;
    let years = table.required(reader.report, "years").and_then(|node| years(&node, reader, &weekend));
    table.finish(reader.report);
    let rules = CalendarRules {
        id: id?,
        version: version?,
        name: name?,
        zone: zone?,
        open: open?,
        close: close?,
        cutoff: cutoff?,
        weekend,
        years: years?,
    };
    match Calendar::new(rules) {
        Ok(calendar) => Some(calendar),
        Err(fault) => {
            let spot = match (&fault, &zone_node) {
                (BadCalendar::Zone(_), Some(zone)) => zone.spot(),
                _ => node.spot(),
            };
            let what = fault.to_string();
            reader.report.error(spot, "bad-calendar", &[("what", &what)], what.clone(), "correct the calendar");
            None
        }
    }
}

fn weekend(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Vec<Weekday>> {
    let mut days = Vec::new();
    for item in node.list(reader.report)? {
        let Some(name) = item.line(reader.report) else { continue };
        match WEEKDAYS.iter().find(|(known, _)| *known == name) {
            Some((_, day)) => days.push(*day),
            None => {
                let known = WEEKDAYS.iter().map(|(known, _)| *known);
                reader.report.unknown(item.spot(), "unknown-code", "weekday", &name, known);
            }
        }
    }
    Some(days)
}

fn years(node: &Node<'_>, reader: &mut Reader<'_, '_>, weekend: &[Weekday]) -> Option<BTreeMap<i16, Year>> {
    let mut years = BTreeMap::new();
    for (key, node) in node.table(reader.report)?.entries() {
        match key.parse::<i16>() {
            Ok(number) if (1..9999).contains(&number) => {
                if let Some(year) = year(&node, reader, number, weekend) {
                    years.insert(number, year);
                }
            }
            _ => {
                let got = cut(&key);
                let message = format!("`{got}` is not a year");
                reader.report.error(
                    node.spot(),
                    "bad-date",
                    &[("got", &got)],
                    message,
                    "write four digits, such as 2026",
                );
            }
        }
    }
    Some(years)
}

fn year(node: &Node<'_>, reader: &mut Reader<'_, '_>, number: i16, weekend: &[Weekday]) -> Option<Year> {
    let mut table = node.table(reader.report)?;
    let _source = reader.line(&mut table, "source");
    let status_node = table.required(reader.report, "status")?;
    let status = match status_node.line(reader.report)?.as_str() {
        "published" => YearStatus::Published,
        "provisional" => {
            let year = number.to_string();
            let message = format!("the days off of {year} are not published yet");
            let remedy = "replace them when they are: deadlines that touch them are marked provisional";
            reader.report.warning(status_node.spot(), "provisional-year", &[("year", &year)], message, remedy);
            YearStatus::Provisional
        }
        other => {
            let known = ["published", "provisional"].into_iter();
            reader.report.unknown(status_node.spot(), "unknown-code", "status", other, known);
            return None;
        }
    };
    let mut off = BTreeMap::new();
    let rows = table.required(reader.report, "off").and_then(|node| node.list(reader.report)).unwrap_or_default();
    for row in rows {
        holiday(&row, reader, number, &mut off);
    }
    let mut makeup = BTreeSet::new();
    let days = table.optional("makeup").and_then(|node| node.list(reader.report)).unwrap_or_default();
    for item in days {
        let Some(day) = item.date(reader.report) else { continue };
        let got = day.to_string();
        if day.year() != number {
            outside(&item, reader, day, number);
        } else if !weekend.contains(&day.weekday()) || off.contains_key(&day) {
            let message = format!("{got} is no weekly day off that could be worked in exchange");
            reader.report.error(item.spot(), "makeup-not-weekend", &[("date", &got)], message, "check the date");
        } else if !makeup.insert(day) {
            reader.report.error(
                item.spot(),
                "duplicate",
                &[("name", &got)],
                format!("{got} stands here twice"),
                "keep one",
            );
        }
    }
    table.finish(reader.report);
    Some(Year { status, off, makeup })
}

/// Reads one holiday, of one day or several, into `off`.
fn holiday(node: &Node<'_>, reader: &mut Reader<'_, '_>, year: i16, off: &mut BTreeMap<Date, Text>) -> Option<()> {
    let mut table = node.table(reader.report)?;
    let name = reader.text(&mut table, "name");
    let from = table.required(reader.report, "from").and_then(|node| node.date(reader.report));
    let to_node = table.optional("to");
    let to = to_node.as_ref().map_or(from, |node| node.date(reader.report));
    table.finish(reader.report);
    let (name, from, to) = (name?, from?, to?);
    let mut day = from;
    for _ in 0..HOLIDAY_DAYS_MAX {
        if day > to {
            break;
        }
        if day.year() != year {
            outside(to_node.as_ref().unwrap_or(node), reader, day, year);
            return None;
        }
        if off.insert(day, name.clone()).is_some() {
            let got = day.to_string();
            reader.report.error(
                node.spot(),
                "duplicate",
                &[("name", &got)],
                format!("{got} is off already"),
                "list a day once",
            );
        }
        day = day.tomorrow().ok()?;
    }
    if to < from || day <= to {
        let got = to.to_string();
        let message = format!("a holiday cannot run from {from} to {got}");
        let spot = to_node.as_ref().unwrap_or(node).spot();
        reader.report.error(spot, "out-of-range", &[("got", &got)], message, format!("1 to {HOLIDAY_DAYS_MAX} days"));
    }
    Some(())
}

fn outside(node: &Node<'_>, reader: &mut Reader<'_, '_>, day: Date, year: i16) {
    let (got, year) = (day.to_string(), year.to_string());
    let message = format!("{got} does not lie in {year}");
    reader.report.error(
        node.spot(),
        "date-outside-year",
        &[("date", &got), ("year", &year)],
        message,
        "move it to its own year",
    );
}
