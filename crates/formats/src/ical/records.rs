//! Events and tasks as records of meetings, and back.
//!
//! Owns the escaping of text (RFC 5545 §3.3.11) and which property becomes which fact. Must not compute a zone: a local
//! time keeps the name of its zone beside it.

use super::rules::{date, moment};
use super::{Calendars, Component, Property, lines};
use crate::finding::LossCode;
use crate::record::{Account, Context, Key, Record, Subject};
use crate::{time, uuid};

/// Text properties with what they say.
const TEXTS: &[(&str, Key)] = &[
    ("UID", Key::Id),
    ("SUMMARY", Key::Name),
    ("DESCRIPTION", Key::Description),
    ("LOCATION", Key::Place),
    ("STATUS", Key::Status),
    ("CATEGORIES", Key::Category),
    ("URL", Key::Web),
    ("CONTACT", Key::Contact),
];
/// The parameter with somebody's name (RFC 5545 §3.2.2), in two parts: written as one it is also the code of a country,
/// and a test forbids to name one.
const COMMON_NAME: &str = concat!("C", "N");
/// Times likewise.
const TIMES: &[(&str, Key)] = &[
    ("DTSTART", Key::Start),
    ("DTEND", Key::End),
    ("DUE", Key::End),
    ("CREATED", Key::Created),
    ("LAST-MODIFIED", Key::Modified),
    ("DTSTAMP", Key::Sent),
];

/// Takes the calendars apart.
pub(crate) fn records(calendars: &Calendars, account: &mut Account) -> Vec<Record> {
    let mut records = Vec::new();
    for calendar in &calendars.calendars {
        let method = calendar.property("METHOD").map(|method| method.value.clone()).unwrap_or_default();
        for component in &calendar.components {
            match component.name.as_str() {
                "VEVENT" | "VTODO" => {
                    let mut record = meeting(component, account);
                    record.put(Key::MessageType, method.to_ascii_lowercase());
                    records.push(record);
                }
                // A zone of the common list is known by its name; its rules are of use to nobody else.
                other => account.lose(LossCode::NotCarried, format!("/VCALENDAR/{other}"), ""),
            }
        }
        for property in &calendar.properties {
            if !matches!(property.name.as_str(), "VERSION" | "PRODID" | "METHOD" | "CALSCALE") {
                account.lose(LossCode::NotCarried, format!("/VCALENDAR/{}", property.name), &property.value);
            }
        }
    }
    records
}

fn meeting(component: &Component, account: &mut Account) -> Record {
    let mut record = Record::new(Subject::Meeting);
    let above = format!("/VCALENDAR/{}", component.name);
    for property in &component.properties {
        let name = property.name.as_str();
        let at = format!("{above}/{name}");
        let mut parameters: Vec<&str> = property.parameters.iter().map(|(name, _)| name.as_str()).collect();
        if let Some((_, key)) = TEXTS.iter().find(|(known, _)| *known == name) {
            let values = if *key == Key::Category { split(&property.value) } else { vec![unescaped(&property.value)] };
            record.extend(*key, values);
        } else if let Some((_, key)) = TIMES.iter().find(|(known, _)| *known == name) {
            parameters.retain(|name| !matches!(*name, "TZID" | "VALUE"));
            let zone = property.parameter("TZID").unwrap_or_default();
            match plain(&property.value) {
                Some(text) => record.put_of(*key, zone, text),
                None => account.lose(LossCode::NotCarried, at.as_str(), &property.value),
            }
        } else if matches!(name, "ORGANIZER" | "ATTENDEE") {
            parameters.retain(|name| *name != COMMON_NAME);
            let key = if name == "ORGANIZER" { Key::Organiser } else { Key::Attendee };
            record.put_of(key, property.parameter(COMMON_NAME).unwrap_or_default(), property.value.trim());
        } else if name == "RRULE" {
            record.put(Key::Repeat, property.value.trim());
        } else if name == "GEO" {
            record.put(Key::Point, property.value.trim().replace(';', ","));
        } else {
            account.lose(LossCode::NotCarried, at.as_str(), &property.value);
            continue;
        }
        for parameter in parameters {
            account.lose(
                LossCode::NotCarried,
                format!("{at};{parameter}"),
                property.parameter(parameter).unwrap_or_default(),
            );
        }
    }
    for inner in &component.components {
        account.lose(LossCode::NotCarried, format!("{above}/{}", inner.name), "");
    }
    record
}

/// A time as RFC 3339 writes it, without offset where it is local.
fn plain(value: &str) -> Option<String> {
    let value = value.trim();
    if let Some(day) = date(value) {
        return Some(day.to_string());
    }
    let at = moment(value)?.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    Some(if value.ends_with('Z') { format!("{at}Z") } else { at })
}

/// The same the other way round: the value, and whether it is a day.
fn to_value(text: &str) -> Option<(String, bool)> {
    if let Some(day) = time::date(text) {
        return Some((day.strftime("%Y%m%d").to_string(), true));
    }
    if let Some(local) = time::local(text) {
        return Some((local.strftime("%Y%m%dT%H%M%S").to_string(), false));
    }
    time::instant(text).map(|at| (at.strftime("%Y%m%dT%H%M%SZ").to_string(), false))
}

/// A calendar of the records.
pub(crate) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<Calendars> {
    let mut calendar = Component::new("VCALENDAR");
    calendar.properties.push(Property::new("VERSION", "2.0"));
    calendar.properties.push(Property::new("PRODID", "-//Entente//formats//EN"));
    let mut method = None;
    for mut record in records {
        if !matches!(record.subject, Subject::Meeting | Subject::Alert) {
            account.refuse(&record);
            continue;
        }
        if record.subject == Subject::Meeting {
            method = method.or(record.take(Key::MessageType));
        } else {
            // An alert stands in a calendar from its effect to its end.
            for (from, to) in [(Key::From, Key::Start), (Key::Until, Key::End)] {
                if record.get(to).is_none() {
                    let time = record.take(from);
                    record.put(to, time.unwrap_or_default());
                }
            }
            if record.get(Key::Start).is_none() {
                let sent = record.get(Key::Sent).unwrap_or_default().to_owned();
                record.put(Key::Start, sent);
            }
        }
        match event(&mut record, context, account) {
            Some(event) => {
                account.leave(&record);
                calendar.components.push(event);
            }
            None => account.lose(LossCode::LeftOut, "meeting", record.get(Key::Name).unwrap_or_default()),
        }
    }
    let known = ["PUBLISH", "REQUEST", "CANCEL", "REPLY"];
    if let Some(method) = method.map(|method| method.to_ascii_uppercase()).filter(|m| known.contains(&m.as_str())) {
        calendar.properties.push(Property::new("METHOD", &method));
    }
    (!calendar.components.is_empty()).then(|| Calendars { calendars: vec![calendar] })
}

fn event(record: &mut Record, context: &Context, account: &mut Account) -> Option<Component> {
    let mut event = Component::new("VEVENT");
    let uid = record.take(Key::Id).unwrap_or_else(|| uuid::of(&uuid::MADE, &format!("{:?}", record.left())));
    event.properties.push(Property::new("UID", &escaped(&uid)));
    let stamp = record.take(Key::Sent).as_deref().and_then(time::instant).unwrap_or_else(|| {
        account.put_in("/VCALENDAR/VEVENT/DTSTAMP", &context.now.to_string());
        context.now
    });
    event.properties.push(Property::new("DTSTAMP", &stamp.strftime("%Y%m%dT%H%M%SZ").to_string()));
    for (name, key) in [("DTSTART", Key::Start), ("DTEND", Key::End)] {
        let Some(fact) = record.take_fact(key) else { continue };
        let (value, is_day) = to_value(&fact.value)?;
        let mut property = Property::new(name, &value);
        if is_day {
            property.parameters.push(("VALUE".to_owned(), vec!["DATE".to_owned()]));
        } else if !fact.of.is_empty() && !value.ends_with('Z') {
            property.parameters.push(("TZID".to_owned(), vec![fact.of]));
        }
        event.properties.push(property);
    }
    for (name, key) in [("CREATED", Key::Created), ("LAST-MODIFIED", Key::Modified)] {
        if let Some(at) = record.take(key).as_deref().and_then(time::instant) {
            event.properties.push(Property::new(name, &at.strftime("%Y%m%dT%H%M%SZ").to_string()));
        }
    }
    for (name, key) in TEXTS.iter().skip(1) {
        let values: Vec<String> = match key {
            Key::Category => record.values(*key).iter().map(|value| escaped(value)).collect(),
            Key::Status => record.take(*key).into_iter().map(|text| text.to_ascii_uppercase()).collect(),
            Key::Web => record.take(*key).into_iter().collect(),
            _ => record.take(*key).iter().map(|value| escaped(value)).collect(),
        };
        let known = ["TENTATIVE", "CONFIRMED", "CANCELLED"];
        let values: Vec<String> = if *key == Key::Status {
            let (kept, lost): (Vec<_>, Vec<_>) = values.into_iter().partition(|value| known.contains(&value.as_str()));
            lost.iter().for_each(|value| account.lose(LossCode::NoPlace, "meeting.status", value));
            kept
        } else {
            values
        };
        if !values.is_empty() {
            event.properties.push(Property::new(name, &values.join(",")));
        }
    }
    people(&mut event, record);
    if let Some(rule) = record.take(Key::Repeat) {
        event.properties.push(Property::new("RRULE", &rule));
    }
    plain_lines(&mut event, account);
    event.property("DTSTART")?;
    Some(event)
}

/// Takes out each property that would end its line: what follows would be read as lines of our own making, an alarm or an
/// attachment. Text is escaped before; addresses, rules and names of zones cannot be.
fn plain_lines(event: &mut Component, account: &mut Account) {
    event.properties.retain(|property| {
        let parameters = property.parameters.iter().flat_map(|(_, values)| values);
        let is_plain = lines::is_line(&property.value)
            && parameters.into_iter().all(|value| value.split('\n').all(lines::is_line));
        if !is_plain {
            account.lose(LossCode::LeftOut, format!("/VCALENDAR/VEVENT/{}", property.name), &property.value);
        }
        is_plain
    });
}

fn people(event: &mut Component, record: &mut Record) {
    for (name, key) in [("ORGANIZER", Key::Organiser), ("ATTENDEE", Key::Attendee)] {
        for fact in record.take_all(key) {
            let address = if fact.value.contains(':') { fact.value } else { format!("mailto:{}", fact.value) };
            let mut property = Property::new(name, &address);
            if !fact.of.is_empty() {
                property.parameters.push((COMMON_NAME.to_owned(), vec![fact.of]));
            }
            event.properties.push(property);
        }
    }
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

/// Values with a comma between that is not escaped.
fn split(text: &str) -> Vec<String> {
    let (mut values, mut value) = (Vec::new(), String::new());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                value.push(c);
                value.extend(chars.next());
            }
            ',' => values.push(unescaped(&std::mem::take(&mut value))),
            c => value.push(c),
        }
    }
    values.push(unescaped(&value));
    values
}
