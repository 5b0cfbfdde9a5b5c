//! STIX 2.1 bundles (OASIS Standard, 10 June 2021): read strictly, by code, into what an officer looks at.
//!
//! Owns [`Bundle`] and the reading of a whole bundle. Objects are judged in `object`, patterns in `pattern`. Must not
//! fetch, resolve or execute anything, and must not trust a sender to say what a standard marking means.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::finding::{Code, Gathered, Read, shown};
use crate::json;

mod document;
mod object;
mod pattern;
mod property;
mod rules;
mod shape;
mod vocabulary;

pub use document::{Document, document, write};
pub(crate) use document::{of_records, records};

/// Largest bundle read. The largest public one in use (ATT&CK Enterprise) has 45 MB and travels as an attachment.
pub const BUNDLE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most objects of one bundle: ten times what a case ever carried.
pub const OBJECTS_MAX: usize = 100_000;

/// A bundle, as far as an officer looks at it; every object is counted, also of a type not known here.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// Its id, `bundle--` and a UUID.
    pub id: String,
    /// How many objects of each type.
    pub objects: BTreeMap<String, usize>,
    /// Its indicators, in the order of the bundle.
    pub indicators: Vec<Indicator>,
    /// Its observables that are one value: addresses, names, hashes.
    pub observables: Vec<Observable>,
    /// Its relationships and sightings.
    pub relationships: Vec<Relationship>,
    /// Objects of types STIX 2.1 does not define, untouched.
    pub unknown: Vec<Map<String, Value>>,
}

/// A pattern to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The pattern, in the language `pattern_type` names.
    pub pattern: String,
    /// `stix`, `sigma`, `snort`, `yara` and so on.
    pub pattern_type: String,
    /// From when it holds.
    pub valid_from: Timestamp,
    /// Until when, if it ends.
    pub valid_until: Option<Timestamp>,
    /// What it is thought to indicate, by the standard's open vocabulary.
    pub indicator_types: Vec<String>,
    /// Free labels.
    pub labels: Vec<String>,
    /// How sure the sender is, 0 to 100.
    pub confidence: Option<u8>,
}

/// What kind of value an observable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObservableKind {
    /// An IPv4 address or network.
    Ipv4,
    /// An IPv6 address or network.
    Ipv6,
    /// A domain name.
    Domain,
    /// A URL.
    Url,
    /// An e-mail address.
    Email,
    /// A MAC address.
    Mac,
    /// A hash of a file; the algorithm stands beside it.
    FileHash,
    /// The name of a file that came without a hash.
    FileName,
    /// The number of an autonomous system.
    AutonomousSystem,
}

/// One value seen, with the object it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observable {
    /// The object's id.
    pub id: String,
    /// What it is.
    pub kind: ObservableKind,
    /// The hash algorithm, for hashes, as STIX names it (`SHA-256`).
    pub algorithm: Option<String>,
    /// The value as sent.
    pub value: String,
}

/// A relationship, or a sighting (whose type is then `sighting-of`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Its id.
    pub id: String,
    /// What it says, for example `indicates`.
    pub relationship_type: String,
    /// From.
    pub source: String,
    /// To.
    pub target: String,
}

/// Reads a bundle. There is a value exactly when no finding is an error; it never panics, and the number of values
/// and their depth are bounded while they are read.
///
/// Two objects of one id and version with different contents are reported (`same-id`) and the first is kept.
#[must_use]
pub fn read(bytes: &[u8]) -> Read<Bundle> {
    let mut found = Gathered::default();
    let bundle = json::read(bytes, BUNDLE_BYTES_MAX, &mut found).and_then(|value| bundle(value, &mut found));
    found.into_read(bundle)
}

fn bundle(value: Value, found: &mut Gathered) -> Option<Bundle> {
    let Value::Object(mut top) = value else {
        found.error(Code::NotABundle, "", "a bundle is a JSON object");
        return None;
    };
    if top.get("type").and_then(Value::as_str) != Some("bundle") {
        found.error(Code::NotABundle, "/type", "the type must be `bundle`");
        return None;
    }
    if top.contains_key("spec_version") {
        found.error(
            Code::WrongVersion,
            "/spec_version",
            "a bundle of STIX 2.1 has no version of its own; this is STIX 2.0",
        );
    }
    let id = top.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    property::identifier(&id, Some("bundle"), "/id", found);
    let objects = match top.remove("objects") {
        None => Vec::new(),
        Some(Value::Array(objects)) if objects.is_empty() => {
            found.error(Code::EmptyList, "/objects", "a list holds at least one value");
            return None;
        }
        Some(Value::Array(objects)) => objects,
        Some(_) => {
            found.error(Code::WrongKind, "/objects", "must be a list of objects");
            return None;
        }
    };
    if objects.len() > OBJECTS_MAX {
        found.error(Code::TooManyObjects, "/objects", format!("{} objects; at most {OBJECTS_MAX}", objects.len()));
        return None;
    }
    let mut read = Bundle {
        id,
        objects: BTreeMap::new(),
        indicators: Vec::new(),
        observables: Vec::new(),
        relationships: Vec::new(),
        unknown: Vec::new(),
    };
    fill(&mut read, objects, found);
    Some(read)
}

fn fill(bundle: &mut Bundle, objects: Vec<Value>, found: &mut Gathered) {
    // The first object of each id and version, to compare a second one with.
    let mut first: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (place, value) in objects.iter().enumerate() {
        let at = format!("/objects/{place}");
        let Value::Object(object) = value else {
            found.error(Code::WrongKind, at, "must be an object");
            continue;
        };
        let before = found.errors();
        let known = object::judge(object, &at, found);
        if found.errors() > before {
            continue;
        }
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let version = if object.contains_key("modified") { text("modified") } else { text("created") };
        match first.entry((text("id"), version)) {
            Entry::Vacant(free) => _ = free.insert(place),
            Entry::Occupied(earlier) => {
                if objects.get(*earlier.get()) != Some(value) {
                    let stands = format!("stands already at /objects/{} with other contents", earlier.get());
                    found.warning(Code::SameId, at, format!("`{}` {stands}; the first is kept", shown(&text("id"))));
                }
                continue;
            }
        }
        *bundle.objects.entry(text("type")).or_default() += 1;
        if known {
            object::take(object, bundle);
        } else {
            found.warning(Code::UnknownType, at, format!("STIX 2.1 has no `{}`; kept as it is", shown(&text("type"))));
            bundle.unknown.push(object.clone());
        }
    }
}

#[cfg(test)]
mod tests;
