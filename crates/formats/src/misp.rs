//! MISP events (core format, draft-dulaunoy-misp-core-format, as MISP 2.5 writes it).
//!
//! Owns [`Events`] and the reading of a whole file. Attributes are judged in `attribute`. Must not store an attachment
//! under the name it came with, nor widen an audience: what says nothing sound about its distribution is refused.

use serde_json::{Map, Value};

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};
use crate::{json, time, uuid};

mod attribute;
mod records;
#[cfg(test)]
mod tests;
mod types;

pub use attribute::safe_name;
pub(crate) use records::{of_records, records};

/// Largest file read: events with samples attached reach tens of megabytes.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most attributes of one file, in and out of objects.
pub const ATTRIBUTES_MAX: usize = 200_000;

/// The colours of TLP, the widest first; the two old names stand beside their new ones.
const TLP: &[&[&str]] =
    &[&["tlp:clear", "tlp:white"], &["tlp:green"], &["tlp:amber"], &["tlp:amber+strict"], &["tlp:red"]];

/// Events that were judged sound. What is not known here stays in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    events: Vec<Map<String, Value>>,
}

impl Events {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.events.len()
    }

    /// The title of each.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| text(event, "info"))
    }

    /// How far an event may be given on: the strictest TLP tag it bears, in small letters without `tlp:`.
    #[must_use]
    pub fn marking(&self, place: usize) -> Option<&'static str> {
        strictest(self.events.get(place)?).map(|level| TLP[level][0].trim_start_matches("tlp:"))
    }
}

/// Reads events: one, bare or wrapped in `Event`, a list of them, or a server's `response`.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Events>, Refused> {
    let mut found = Gathered::default();
    let value = json::read(bytes, FILE_BYTES_MAX, &mut found);
    let events = value.and_then(|value| events(value, &mut found));
    found.ruled(events)
}

/// Writes events: one as `{"Event": …}`, several as a server's answer. Nothing is lost.
#[must_use]
pub fn write(events: &Events) -> (Vec<u8>, Vec<Loss>) {
    let wrap = |event: &Map<String, Value>| {
        Value::Object(Map::from_iter([("Event".to_owned(), Value::Object(event.clone()))]))
    };
    let value = match events.events.as_slice() {
        [one] => wrap(one),
        many => Value::Object(Map::from_iter([("response".to_owned(), many.iter().map(wrap).collect())])),
    };
    (json::write(&value), Vec::new())
}

fn events(value: Value, found: &mut Gathered) -> Option<Events> {
    let mut read = Vec::new();
    let (list, at) = match value {
        Value::Object(mut top) if top.contains_key("response") => (top.remove("response")?, "/response"),
        other => (other, ""),
    };
    match list {
        Value::Array(items) if items.is_empty() => found.error(Code::EmptyList, at, "there is no event in it"),
        Value::Array(items) => {
            for (place, item) in items.into_iter().enumerate() {
                read.extend(event(item, &format!("{at}/{place}"), found));
            }
        }
        one => read.extend(event(one, at, found)),
    }
    (!read.is_empty()).then_some(Events { events: read })
}

fn event(value: Value, at: &str, found: &mut Gathered) -> Option<Map<String, Value>> {
    let Value::Object(mut members) = value else {
        found.error(Code::WrongKind, at, "an event is an object");
        return None;
    };
    let at = if members.contains_key("Event") { format!("{at}/Event") } else { at.to_owned() };
    let event = match members.remove("Event") {
        Some(Value::Object(inner)) => inner,
        Some(_) => {
            found.error(Code::WrongKind, at, "an event is an object");
            return None;
        }
        None => members,
    };
    let marks = ["info", "Attribute", "Object", "threat_level_id", "analysis", "date"];
    if !marks.iter().any(|mark| event.contains_key(*mark)) {
        found.error(Code::NotThisFormat, at, "there is no `Event` in it");
        return None;
    }
    judge(&event, &at, found);
    Some(event)
}

fn judge(event: &Map<String, Value>, at: &str, found: &mut Gathered) {
    if text(event, "info").trim().is_empty() {
        found.error(Code::MissingProperty, format!("{at}/info"), "an event has a title, `info`");
    }
    for key in ["uuid", "extends_uuid"] {
        attribute::identifier(event, key, at, found);
    }
    if !event.contains_key("uuid") {
        found.warning(Code::NotBySchema, format!("{at}/uuid"), "an event has a `uuid`; this is a draft of one");
    }
    if event.contains_key("date") && time::date(text(event, "date")).is_none() {
        let said = shown(text(event, "date"));
        found.error(Code::BadTime, format!("{at}/date"), format!("`{said}` is no date such as 2026-01-31"));
    }
    for (key, least, most) in [("threat_level_id", 1, 4), ("analysis", 0, 2)] {
        if event.contains_key(key) && number(event, key).is_none_or(|n| !(least..=most).contains(&n)) {
            found.error(Code::BadChoice, format!("{at}/{key}"), format!("must be {least} to {most}"));
        }
    }
    for key in ["timestamp", "publish_timestamp"] {
        attribute::seconds(event, key, at, found);
    }
    attribute::distribution(event, 4, at, found);
    attribute::flag(event, "published", at, found);
    organisations(event, at, found);
    tags(event, at, found);
    let mut count = 0;
    attribute::list(event, at, None, &mut count, found);
    objects(event, at, &mut count, found);
    if count > ATTRIBUTES_MAX {
        found.error(Code::TooManyObjects, at, format!("{count} attributes; at most {ATTRIBUTES_MAX} are read"));
    }
}

fn organisations(event: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for key in ["Org", "Orgc"] {
        let Some(value) = event.get(key) else { continue };
        let here = format!("{at}/{key}");
        match value.as_object() {
            Some(organisation) => attribute::identifier(organisation, "uuid", &here, found),
            None => found.error(Code::WrongKind, here, "must be an object"),
        }
    }
}

fn objects(event: &Map<String, Value>, at: &str, count: &mut usize, found: &mut Gathered) {
    let Some(objects) = event.get("Object") else { return };
    let Some(objects) = objects.as_array() else {
        found.error(Code::WrongKind, format!("{at}/Object"), "must be a list");
        return;
    };
    for (place, object) in objects.iter().enumerate() {
        let here = format!("{at}/Object/{place}");
        let Some(object) = object.as_object() else {
            found.error(Code::WrongKind, here, "must be an object");
            continue;
        };
        if text(object, "name").is_empty() {
            found.error(Code::MissingProperty, format!("{here}/name"), "an object has the name of its template");
        }
        for key in ["uuid", "template_uuid"] {
            attribute::identifier(object, key, &here, found);
        }
        attribute::seconds(object, "timestamp", &here, found);
        attribute::distribution(object, 5, &here, found);
        tags(object, &here, found);
        attribute::list(object, &here, Some(text(object, "name")), count, found);
        let references = object.get("ObjectReference").and_then(Value::as_array).into_iter().flatten();
        for (place, reference) in references.filter_map(Value::as_object).enumerate() {
            let here = format!("{here}/ObjectReference/{place}");
            attribute::identifier(reference, "referenced_uuid", &here, found);
            if text(reference, "relationship_type").is_empty() {
                let at = format!("{here}/relationship_type");
                found.warning(Code::MissingProperty, at, "a reference says how the two are related");
            }
        }
    }
}

/// Tags have names; two of TLP that disagree are reported, and the stricter holds.
fn tags(of: &Map<String, Value>, at: &str, found: &mut Gathered) {
    let Some(tags) = of.get("Tag") else { return };
    let Some(tags) = tags.as_array() else {
        found.error(Code::WrongKind, format!("{at}/Tag"), "must be a list");
        return;
    };
    for (place, tag) in tags.iter().enumerate() {
        if tag.get("name").and_then(Value::as_str).is_none_or(str::is_empty) {
            found.error(Code::MissingProperty, format!("{at}/Tag/{place}/name"), "a tag has a name");
        }
    }
    let mut levels: Vec<usize> = levels(of).collect();
    levels.sort_unstable();
    levels.dedup();
    if let [_, .., strictest] = levels.as_slice() {
        let said = TLP[*strictest][0];
        found.warning(
            Code::Conflict,
            format!("{at}/Tag"),
            format!("tags of TLP disagree; the stricter, `{said}`, holds"),
        );
    }
}

fn levels(of: &Map<String, Value>) -> impl Iterator<Item = usize> {
    let tags = of.get("Tag").and_then(Value::as_array).into_iter().flatten();
    let names = tags.filter_map(|tag| tag.get("name").and_then(Value::as_str)).map(str::to_ascii_lowercase);
    names.filter_map(|name| TLP.iter().position(|level| level.contains(&name.as_str())))
}

fn strictest(of: &Map<String, Value>) -> Option<usize> {
    levels(of).max()
}

fn text<'m>(map: &'m Map<String, Value>, key: &str) -> &'m str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A whole number, which MISP writes as such or as text.
fn number(map: &Map<String, Value>, key: &str) -> Option<i64> {
    match map.get(key)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) if text.len() <= 12 => text.parse().ok(),
        _ => None,
    }
}

/// An identifier for what came without one: of what it says, so that the same gets the same.
fn made_id(of: &str) -> String {
    uuid::of(&uuid::MADE, of)
}
