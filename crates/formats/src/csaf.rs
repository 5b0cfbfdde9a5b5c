//! Security advisories: CSAF 2.0 (OASIS, 18 November 2022).
//!
//! Owns the shape of a document and its mandatory tests (§6.1), all thirty-three. Must not rank a vulnerability: the scores are the publisher's.

use serde_json::{Map, Value};

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};
use crate::json;
use crate::time;

mod cvss;
mod products;
mod records;
mod shape;
#[cfg(test)]
mod tests;
mod tracking;
mod vulnerabilities;
mod weaknesses;

pub(crate) use records::records;

/// Largest file read: advisories that list every product of a large maker reach tens of megabytes (§ C.1: 15 MB at least).
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Categories of publishers (§3.2.1.8.1).
const PUBLISHERS: &[&str] = &["coordinator", "discoverer", "other", "translator", "user", "vendor"];
/// Profiles, whose names no other document may come near (§6.1.26).
const PROFILES: &[&str] = &[
    "csaf_base",
    "csaf_security_incident_response",
    "csaf_informational_advisory",
    "csaf_security_advisory",
    "csaf_vex",
];
/// The same as people write them.
const PROFILE_WORDS: &[&str] =
    &["securityincidentresponse", "informationaladvisory", "securityadvisory", "vex", "base"];

/// An advisory that was judged sound, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Advisory {
    whole: Value,
}

impl Advisory {
    /// Its identifier, unique to its publisher.
    #[must_use]
    pub fn id(&self) -> &str {
        text(&self.whole, &["document", "tracking", "id"]).unwrap_or_default()
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        text(&self.whole, &["document", "title"]).unwrap_or_default()
    }
}

/// Reads an advisory.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Advisory>, Refused> {
    let mut found = Gathered::default();
    let whole = json::read(bytes, FILE_BYTES_MAX, &mut found);
    if let Some(whole) = &whole {
        judge(whole, &mut found);
    }
    found.ruled(whole.map(|whole| Advisory { whole }))
}

/// Writes an advisory as it came. Nothing is lost.
#[must_use]
pub fn write(advisory: &Advisory) -> (Vec<u8>, Vec<Loss>) {
    (json::write(&advisory.whole), Vec::new())
}

fn judge(whole: &Value, found: &mut Gathered) {
    let Some(document) = whole.get("document").and_then(Value::as_object) else {
        found.error(Code::NotThisFormat, "/document", "an advisory has a `document`");
        return;
    };
    for key in whole.as_object().into_iter().flat_map(Map::keys) {
        if !matches!(key.as_str(), "document" | "product_tree" | "vulnerabilities" | "$schema") {
            found.error(Code::Unknown, format!("/{}", shown(key)), "CSAF has no such property here");
        }
    }
    if document.get("csaf_version").is_none_or(|version| version != "2.0") {
        found.error(Code::WrongVersion, "/document/csaf_version", "must be `2.0`");
    }
    hollow(whole, "", found);
    shape::judge(whole, found);
    for path in [
        &["category"][..],
        &["title"],
        &["publisher", "category"],
        &["publisher", "name"],
        &["publisher", "namespace"],
        &["tracking", "id"],
        &["tracking", "status"],
        &["tracking", "version"],
        &["tracking", "current_release_date"],
        &["tracking", "initial_release_date"],
    ] {
        let here = format!("/document/{}", path.join("/"));
        if text(&whole["document"], path).is_none_or(str::is_empty) {
            found.error(Code::MissingProperty, here, "must be given, as text");
        }
    }
    publisher(document, found);
    language(document, found);
    tracking::judge(&whole["document"]["tracking"], found);
    category(whole, found);
    let known = products::judge(&whole["product_tree"], found);
    vulnerabilities::judge(whole, &known, found);
}

fn publisher(document: &Map<String, Value>, found: &mut Gathered) {
    let publisher = document.get("publisher").and_then(|publisher| publisher.get("category")).and_then(Value::as_str);
    if publisher.is_some_and(|category| !PUBLISHERS.contains(&category)) {
        found.error(Code::BadChoice, "/document/publisher/category", "is none of its values (§3.2.1.8.1)");
    }
    // §6.1.15: a translator says of which language.
    if publisher == Some("translator") && !document.contains_key("source_lang") {
        found.error(
            Code::MissingProperty,
            "/document/source_lang",
            "a translation names its language of origin (6.1.15)",
        );
    }
    let label = document.get("distribution").and_then(|all| all.get("tlp")).map(|tlp| &tlp["label"]);
    if label.is_some_and(|label| !matches!(label.as_str(), Some("RED" | "AMBER" | "GREEN" | "WHITE"))) {
        found.error(Code::BadChoice, "/document/distribution/tlp/label", "is none of the four (§3.2.1.5.2)");
    }
}

/// Languages have the form of BCP 47 (6.1.12), and a translation another than its origin (6.1.28).
fn language(document: &Map<String, Value>, found: &mut Gathered) {
    for key in ["lang", "source_lang"] {
        let Some(value) = document.get(key) else { continue };
        let parts: Vec<&str> = value.as_str().unwrap_or_default().split('-').collect();
        let first = parts.first().copied().unwrap_or_default();
        let sound = (matches!(first.len(), 2 | 3 | 5..=8) || matches!(first, "i" | "x"))
            && !first.eq_ignore_ascii_case("ez")
            && parts
                .iter()
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if !sound {
            found.error(Code::BadValue, format!("/document/{key}"), "is no language (6.1.12)");
        }
    }
    if document.contains_key("lang") && document.get("lang") == document.get("source_lang") {
        found.error(Code::Conflict, "/document/lang", "a translation is into another language (6.1.28)");
    }
}

/// No category but a profile's sounds like one (6.1.26), and a profile has what it demands (6.1.27).
fn category(whole: &Value, found: &mut Gathered) {
    let category = text(whole, &["document", "category"]).unwrap_or_default();
    if !PROFILES.contains(&category) {
        let bare: String =
            category.to_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '\u{a0}' | '\t')).collect();
        if category.to_lowercase().starts_with("csaf_")
            || PROFILE_WORDS.contains(&bare.strip_prefix("csaf").unwrap_or(&bare))
        {
            found.error(Code::BadChoice, "/document/category", "sounds like a profile and is none (6.1.26)");
        }
        return;
    }
    let mut demand = |path: &[&str]| {
        let there = path.iter().try_fold(whole, |here, key| here.get(key)).is_some();
        if !there {
            let here = format!("/{}", path.join("/"));
            found.error(Code::MissingProperty, here, format!("`{category}` demands it (6.1.27)"));
        }
    };
    match category {
        "csaf_security_incident_response" | "csaf_informational_advisory" => {
            demand(&["document", "notes"]);
            demand(&["document", "references"]);
        }
        "csaf_security_advisory" | "csaf_vex" => {
            demand(&["product_tree"]);
            demand(&["vulnerabilities"]);
        }
        _ => {}
    }
    if category == "csaf_informational_advisory" && whole.get("vulnerabilities").is_some() {
        found.error(Code::Conflict, "/vulnerabilities", "an informational advisory has none (6.1.27.3)");
    }
}

/// No text and no list is empty, and no value null: the schema has a least length everywhere.
fn hollow(value: &Value, at: &str, found: &mut Gathered) {
    match value {
        Value::Null => found.error(Code::NullValue, at, "leave the property out rather than null"),
        Value::Array(items) if items.is_empty() => found.error(Code::EmptyList, at, "a list holds at least one value"),
        Value::String(text) if text.is_empty() => found.error(Code::EmptyList, at, "a text says something"),
        Value::Object(members) => {
            for (key, member) in members {
                hollow(member, &format!("{at}/{}", shown(key)), found);
                let is_date = key == "date" || key.ends_with("_date");
                if is_date && member.as_str().is_some_and(|text| time::instant(text).is_none()) {
                    found.error(Code::BadTime, format!("{at}/{}", shown(key)), "is no date and time with its offset");
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                hollow(item, &format!("{at}/{place}"), found);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(value, |here, key| here.get(key)).and_then(Value::as_str)
}

/// The members of a list, however little of one it is.
fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}
