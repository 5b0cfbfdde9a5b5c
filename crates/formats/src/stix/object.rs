//! One object of a bundle: judged against its type, then taken into the bundle's lists.
//!
//! Owns the rules all objects share (STIX 2.1 §3) and the few of single types. Must not know the other objects of the
//! bundle.

use serde_json::{Map, Value};

use super::vocabulary::{Class, KINDS, Kind, ORDERED, TIMES, TLP_1, TLP_2, TLP_2_EXTENSION};
use super::{Bundle, Indicator, Observable, ObservableKind, Relationship, pattern, property, rules, shape};
use crate::finding::{Code, Gathered, shown};

/// Digits of a millisecond.
const MILLISECOND_DIGITS: usize = 3;
/// Properties every domain object has (§3.2), every observable, and every marking definition.
const DOMAIN: &[&str] = &["type", "spec_version", "id", "created", "modified"];
const OBSERVABLE: &[&str] = &["type", "id"];
const MARKING: &[&str] = &["type", "spec_version", "id", "created"];

/// Judges one object; answers whether STIX 2.1 knows its type.
pub(super) fn judge(object: &Map<String, Value>, at: &str, found: &mut Gathered) -> bool {
    let name = object.get("type").and_then(Value::as_str).unwrap_or_default();
    if !property::is_type_name(name) {
        found.error(Code::BadType, format!("{at}/type"), format!("`{}` is no name of a type (§3.1)", shown(name)));
        return false;
    }
    let kind = KINDS.iter().find(|kind| kind.name == name);
    for (key, value) in object {
        let here = format!("{at}/{}", property::escaped(key));
        if !property::is_property_name(key) {
            found.error(
                Code::BadName,
                here.as_str(),
                "properties are named in lower-case letters, digits and underscores",
            );
        }
        hollow(value, &here, found);
    }
    required(object, kind, at, found);
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    property::identifier(id, Some(name), &format!("{at}/id"), found);
    if object.get("spec_version").is_some_and(|version| version != "2.1") {
        found.error(Code::WrongVersion, format!("{at}/spec_version"), "must be `2.1`");
    }
    references(object, at, found);
    times(object, at, found);
    if kind.is_some_and(|kind| kind.class == Class::Domain) {
        versioned(object, at, found);
    }
    common(object, at, found);
    single(name, object, at, found);
    rules::single(name, object, at, found);
    rules::barred(name, object, at, found);
    if kind.is_some() {
        shape::judge(name, object, at, found);
    }
    kind.is_some()
}

/// Takes a sound object of a known type into the bundle's lists.
pub(super) fn take(object: &Map<String, Value>, bundle: &mut Bundle) {
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let (id, kind) = (text("id").unwrap_or_default(), text("type").unwrap_or_default());
    match kind.as_str() {
        "indicator" => bundle.indicators.extend(indicator(object, id)),
        "relationship" => bundle.relationships.push(Relationship {
            id,
            relationship_type: text("relationship_type").unwrap_or_default(),
            source: text("source_ref").unwrap_or_default(),
            target: text("target_ref").unwrap_or_default(),
        }),
        "sighting" => {
            // Who saw it; a sighting may name nobody, and then stands for itself.
            let seen_by = object.get("where_sighted_refs").and_then(|refs| refs.get(0)).and_then(Value::as_str);
            bundle.relationships.push(Relationship {
                relationship_type: "sighting-of".to_owned(),
                source: seen_by.unwrap_or(&id).to_owned(),
                target: text("sighting_of_ref").unwrap_or_default(),
                id,
            });
        }
        other => observables(object, other, &id, &mut bundle.observables),
    }
}

fn indicator(object: &Map<String, Value>, id: String) -> Option<Indicator> {
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let time = |key: &str| object.get(key).and_then(Value::as_str).and_then(property::time_of);
    let list = |key: &str| {
        let items = object.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Some(Indicator {
        id,
        name: text("name"),
        pattern: text("pattern")?,
        pattern_type: text("pattern_type")?,
        valid_from: time("valid_from")?,
        valid_until: time("valid_until"),
        indicator_types: list("indicator_types"),
        labels: list("labels"),
        confidence: object.get("confidence").and_then(Value::as_u64).and_then(|n| u8::try_from(n).ok()),
    })
}

fn observables(object: &Map<String, Value>, kind: &str, id: &str, out: &mut Vec<Observable>) {
    let mut put = |kind, algorithm: Option<&str>, value: String| {
        out.push(Observable { id: id.to_owned(), kind, algorithm: algorithm.map(str::to_owned), value });
    };
    let value = || object.get("value").and_then(Value::as_str).unwrap_or_default().to_owned();
    match kind {
        "ipv4-addr" => put(ObservableKind::Ipv4, None, value()),
        "ipv6-addr" => put(ObservableKind::Ipv6, None, value()),
        "domain-name" => put(ObservableKind::Domain, None, value()),
        "url" => put(ObservableKind::Url, None, value()),
        "email-addr" => put(ObservableKind::Email, None, value()),
        "mac-addr" => put(ObservableKind::Mac, None, value()),
        "autonomous-system" => {
            let number = object.get("number").map(Value::to_string).unwrap_or_default();
            put(ObservableKind::AutonomousSystem, None, number);
        }
        "file" | "artifact" => match object.get("hashes").and_then(Value::as_object) {
            Some(hashes) => {
                for (algorithm, hash) in hashes {
                    put(ObservableKind::FileHash, Some(algorithm), hash.as_str().unwrap_or_default().to_owned());
                }
            }
            None => {
                if let Some(name) = object.get("name").and_then(Value::as_str) {
                    put(ObservableKind::FileName, None, name.to_owned());
                }
            }
        },
        _ => {}
    }
}

/// No value is null and no list or dictionary is empty, at any depth (§2.12, §3.1). The reader bounds the depth.
fn hollow(value: &Value, at: &str, found: &mut Gathered) {
    match value {
        Value::Null => found.error(Code::NullValue, at, "leave the property out rather than null"),
        Value::Array(items) if items.is_empty() => found.error(Code::EmptyList, at, "a list holds at least one value"),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                hollow(item, &format!("{at}/{place}"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                hollow(member, &format!("{at}/{}", property::escaped(key)), found);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn required(object: &Map<String, Value>, kind: Option<&Kind>, at: &str, found: &mut Gathered) {
    let shared = match kind.map(|kind| kind.class) {
        Some(Class::Domain) => DOMAIN,
        Some(Class::Marking) => MARKING,
        Some(Class::Observable) | None => OBSERVABLE,
    };
    let own = kind.map_or(&[][..], |kind| kind.required);
    for key in shared.iter().chain(own) {
        if !object.contains_key(*key) {
            found.error(Code::MissingProperty, format!("{at}/{key}"), format!("`{key}` must be given"));
        }
    }
    let one_of = kind.map_or(&[][..], |kind| kind.one_of);
    if !one_of.is_empty() && !one_of.iter().any(|key| object.contains_key(*key)) {
        found.error(Code::MissingProperty, at, format!("one of {} must be given", one_of.join(", ")));
    }
}

/// Whatever ends in `_ref` names an object, whatever ends in `_refs` names several (§3.1).
fn references(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for (key, value) in object {
        let here = format!("{at}/{}", property::escaped(key));
        if key.ends_with("_ref") {
            property::identifier(value.as_str().unwrap_or_default(), None, &here, found);
        } else if key.ends_with("_refs") {
            let Some(items) = value.as_array() else {
                found.error(Code::WrongKind, here, "must be a list of identifiers");
                continue;
            };
            for (place, item) in items.iter().enumerate() {
                property::identifier(item.as_str().unwrap_or_default(), None, &format!("{here}/{place}"), found);
            }
        }
    }
}

fn times(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for key in TIMES {
        if let Some(value) = object.get(*key) {
            property::instant(value, &format!("{at}/{key}"), found);
        }
    }
    for (earlier, later, differ) in ORDERED {
        let time = |key: &str| object.get(key).and_then(Value::as_str).and_then(property::time_of);
        if let (Some(from), Some(to)) = (time(earlier), time(later))
            && (from > to || (*differ && from == to))
        {
            found.error(Code::BadOrder, format!("{at}/{later}"), format!("lies before `{earlier}`"));
        }
    }
}

/// The times of a version are told to the millisecond at least (§3.2): two versions within a second are two.
fn versioned(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for key in ["created", "modified"] {
        let text = object.get(key).and_then(Value::as_str).filter(|text| property::time_of(text).is_some());
        let digits = text.map(|text| text.split_once('.').map_or(0, |(_, fraction)| fraction.len() - 1));
        if digits.is_some_and(|digits| digits < MILLISECOND_DIGITS) {
            found.error(Code::BadTime, format!("{at}/{key}"), "must be told to the millisecond (§3.2)");
        }
    }
}

fn common(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    rules::shapes(object, at, found);
    if let Some(hashes) = object.get("hashes") {
        property::hashes(hashes, &format!("{at}/hashes"), found);
    }
    let markings = object.get("granular_markings").and_then(Value::as_array).into_iter().flatten();
    for (place, marking) in markings.enumerate() {
        let selectors = marking.get("selectors").and_then(Value::as_array).into_iter().flatten();
        for selector in selectors.map(|selector| selector.as_str().unwrap_or_default()) {
            if !property::selects(object, selector) {
                let here = format!("{at}/granular_markings/{place}/selectors");
                found.error(Code::BadSelector, here, format!("`{}` selects nothing in this object", shown(selector)));
            }
        }
    }
}

fn single(name: &str, object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    match name {
        "indicator" if text("pattern_type") == Some("stix") => {
            if let Err(why) = pattern::check(text("pattern").unwrap_or_default()) {
                found.error(Code::BadPattern, format!("{at}/pattern"), why.to_string());
            }
        }
        "indicator" if text("pattern").is_some_and(str::is_empty) => {
            found.error(Code::BadPattern, format!("{at}/pattern"), "the pattern is empty");
        }
        "marking-definition" => marking(object, at, found),
        _ => {
            if let Some(value) = text("value") {
                property::value_of(name, value, &format!("{at}/value"), found);
            }
        }
    }
}

/// A sender never redefines a standard marking, nor makes a second one of the same meaning.
fn marking(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    let uuid = id.strip_prefix("marking-definition--").unwrap_or_default();
    let level_1 = object.get("definition").and_then(|definition| definition.get("tlp")).and_then(Value::as_str);
    // A definition says what its type promises (§7.2.1).
    if let (Some(kind @ ("statement" | "tlp")), Some(definition)) =
        (object.get("definition_type").and_then(Value::as_str), object.get("definition"))
        && definition.get(kind).and_then(Value::as_str).is_none_or(str::is_empty)
    {
        found.error(Code::MissingProperty, format!("{at}/definition/{kind}"), format!("a `{kind}` says it, as text"));
    }
    let extension = object.get("extensions").and_then(|extensions| extensions.get(TLP_2_EXTENSION));
    let level_2 = extension.and_then(|extension| extension.get("tlp_2_0")).and_then(Value::as_str);
    for (fixed, level) in [(TLP_1, level_1), (TLP_2, level_2)] {
        let by_id = fixed.iter().find(|(known, _)| *known == uuid).map(|(_, level)| *level);
        if by_id != level && (by_id.is_some() || level.is_some()) {
            let said = shown(level.unwrap_or("nothing"));
            found.error(
                Code::RedefinedMarking,
                format!("{at}/id"),
                format!("TLP markings have fixed ids; this one says `{said}`"),
            );
        }
    }
}
