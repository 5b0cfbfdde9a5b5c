//! The shape of an advisory (CSAF 2.0 §3, the JSON schema of OASIS): which property holds what, and what must stand.
//!
//! Owns the walk along the table. Each line of the table is a place without its numbers, a kind, and what the kind needs:
//! members that must stand, or the values of a list. Must not judge what the schema does not name: it is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::finding::{Code, Gathered, shown};
use crate::time;

const TABLE: &str = include_str!("shape.tsv");

/// The table by its places.
type Places = BTreeMap<&'static str, (&'static str, Vec<&'static str>)>;

/// Judges a document against the table.
pub(super) fn judge(whole: &Value, found: &mut Gathered) {
    let places: Places = TABLE
        .lines()
        .map(|line| {
            let mut parts = line.split('\t');
            let (place, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            (place, (kind, parts.next().map(|more| more.split(',').collect()).unwrap_or_default()))
        })
        .collect();
    walk(whole, "", "", &places, found);
}

fn walk(value: &Value, place: &str, at: &str, places: &Places, found: &mut Gathered) {
    let Some((kind, more)) = places.get(place) else { return };
    let below = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}/{key}") };
    match (*kind, value) {
        ("object", Value::Object(members)) => {
            for key in more.iter().filter(|key| !members.contains_key(**key)) {
                found.error(Code::MissingProperty, format!("{at}/{key}"), "must be given");
            }
            for (key, member) in members {
                // A branch of a branch is as a branch of the tree.
                let nested = key == "branches" && place == "product_tree/branches/*";
                let place = if nested { "product_tree/branches".to_owned() } else { below(key) };
                walk(member, &place, &format!("{at}/{}", shown(key)), places, found);
            }
        }
        ("list" | "unique", Value::Array(items)) => {
            for (number, item) in items.iter().enumerate() {
                walk(item, &below("*"), &format!("{at}/{number}"), places, found);
            }
            let mut seen = BTreeSet::new();
            if *kind == "unique" && !items.iter().all(|item| seen.insert(item.to_string())) {
                found.error(Code::Repeated, at, "one value stands twice");
            }
        }
        ("choice", Value::String(text)) if !more.contains(&text.as_str()) => {
            found.error(Code::BadChoice, at, format!("`{}` is none of its values", shown(text)));
        }
        ("time", Value::String(text)) if time::instant(text).is_none() => {
            found.error(Code::BadTime, at, format!("`{}` is no date and time with its offset", shown(text)));
        }
        ("uri", Value::String(text)) if !is_uri(text) => {
            found.error(Code::BadValue, at, format!("`{}` is no address", shown(text)));
        }
        ("hash", Value::String(text)) if !is_hash(text) => {
            found.error(Code::BadHash, at, format!("`{}` is no hash", shown(text)));
        }
        ("text" | "choice" | "time" | "uri" | "hash", Value::String(_)) | ("number", Value::Number(_)) => {}
        _ => found.error(Code::WrongKind, at, format!("must be of the kind `{kind}`")),
    }
}

/// A scheme, a colon, and nothing that breaks it (RFC 3986 §3).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
}

/// Hexadecimal digits, 32 at least (§3.1.3.3.2).
fn is_hash(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
