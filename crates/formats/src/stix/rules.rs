//! Rules of single types and of the small structures objects share (STIX 2.1 §2.5 to §2.11, §4 to §7).
//!
//! Owns what the tables of `vocabulary` cannot say. Must not know the bundle.

use serde_json::{Map, Value};

use super::property;
use crate::finding::{Code, Gathered, shown};

/// Properties that are true or false.
const FLAGS: &[&str] = &[
    "revoked",
    "defanged",
    "is_family",
    "is_multipart",
    "is_active",
    "is_hidden",
    "is_self_signed",
    "is_service_account",
    "is_privileged",
    "can_escalate_privs",
    "is_disabled",
];
/// Properties that are whole numbers, with least and most.
const WHOLE: &[(&str, i64, i64)] = &[
    ("number_observed", 1, 999_999_999),
    ("count", 0, 999_999_999),
    ("confidence", 0, 100),
    ("src_port", 0, 65_535),
    ("dst_port", 0, 65_535),
    ("src_byte_count", 0, i64::MAX),
    ("dst_byte_count", 0, i64::MAX),
    ("src_packets", 0, i64::MAX),
    ("dst_packets", 0, i64::MAX),
    ("size", 0, i64::MAX),
    ("pid", 0, i64::MAX),
    ("number", 0, 4_294_967_295),
];
/// Properties that are text wherever they stand at the top.
const TEXTS: &[&str] = &[
    "name",
    "description",
    "pattern",
    "pattern_type",
    "pattern_version",
    "relationship_type",
    "value",
    "content",
    "abstract",
    "context",
    "product",
    "objective",
    "primary_motivation",
    "resource_level",
    "sophistication",
    "identity_class",
    "contact_information",
    "lang",
    "opinion",
    "explanation",
    "schema",
    "tool_version",
    "command_line",
    "path",
    "subject",
    "body",
    "display_name",
];
/// Properties that are lists of text.
const LISTS: &[&str] = &[
    "labels",
    "indicator_types",
    "malware_types",
    "threat_actor_types",
    "tool_types",
    "report_types",
    "infrastructure_types",
    "aliases",
    "roles",
    "goals",
    "sectors",
    "secondary_motivations",
    "personal_motivations",
    "authors",
    "protocols",
    "capabilities",
    "implementation_languages",
    "architecture_execution_envs",
    "extension_types",
];
/// Opinions (§10.21), a closed list.
const OPINIONS: &[&str] = &["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"];
/// Kinds of extension (§10.8), likewise.
const EXTENSIONS: &[&str] = &["new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"];
/// References that name one type only.
const OF_TYPE: &[(&str, &str)] = &[("created_by_ref", "identity"), ("object_marking_refs", "marking-definition")];

/// Judges the kinds of values and the shared structures of an object.
pub(super) fn shapes(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for key in FLAGS {
        if object.get(*key).is_some_and(|value| !value.is_boolean()) {
            found.error(Code::WrongKind, format!("{at}/{key}"), "must be true or false");
        }
    }
    for (key, least, most) in WHOLE {
        if let Some(value) = object.get(*key)
            && value.as_i64().is_none_or(|number| !(*least..=*most).contains(&number))
        {
            let code = if value.is_i64() || *key == "confidence" { Code::BadValue } else { Code::WrongKind };
            found.error(code, format!("{at}/{key}"), format!("must be a whole number from {least} to {most}"));
        }
    }
    for key in TEXTS {
        if object.get(*key).is_some_and(|value| !value.is_string()) {
            found.error(Code::WrongKind, format!("{at}/{key}"), "must be a text");
        }
    }
    for key in LISTS {
        let texts = |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
        if object.get(*key).is_some_and(|value| !texts(value)) {
            found.error(Code::WrongKind, format!("{at}/{key}"), "must be a list of texts");
        }
    }
    for (key, kind) in OF_TYPE {
        let given = object.get(*key).into_iter().flat_map(|value| match value {
            Value::Array(items) => items.iter().collect::<Vec<_>>(),
            one => vec![one],
        });
        let wrong = given.filter_map(Value::as_str).any(|id| !id.starts_with(&format!("{kind}--")));
        if wrong {
            found.error(Code::BadId, format!("{at}/{key}"), format!("names a `{kind}`"));
        }
    }
    lists(object, at, found);
    catalogues(object, at, found);
}

/// Numbers of the two catalogues the standard names stand under their catalogue's name, in its form (§4.1, §4.19).
fn catalogues(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    let references = object.get("external_references").and_then(Value::as_array).into_iter().flatten();
    for (place, reference) in references.enumerate() {
        let text = |key: &str| reference.get(key).and_then(Value::as_str);
        let (Some(source), Some(id)) = (text("source_name"), text("external_id")) else { continue };
        for (catalogue, begin) in [("cve", "CVE-"), ("capec", "CAPEC-")] {
            let number = id.strip_prefix(begin);
            let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let fits = number.is_some_and(|number| match (catalogue, number.split_once('-')) {
                ("cve", Some((year, serial))) => year.len() == 4 && plain(year) && serial.len() >= 4 && plain(serial),
                ("capec", None) => plain(number),
                _ => false,
            });
            if (source == catalogue) != fits && (source == catalogue || number.is_some()) {
                let words = format!("`{}` of `{}` is not as `{catalogue}` numbers", shown(id), shown(source));
                found.error(Code::BadId, format!("{at}/external_references/{place}"), words);
            }
        }
    }
}

/// References to elsewhere (§2.5), phases (§2.11) and granular markings (§7.2.3).
fn lists(object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for (key, demanded, one_of) in [
        ("external_references", &["source_name"][..], &["description", "url", "external_id"][..]),
        ("kill_chain_phases", &["kill_chain_name", "phase_name"], &[]),
        ("granular_markings", &["selectors"], &["marking_ref", "lang"]),
    ] {
        let Some(value) = object.get(key) else { continue };
        let Some(items) = value.as_array() else {
            found.error(Code::WrongKind, format!("{at}/{key}"), "must be a list");
            continue;
        };
        for (place, item) in items.iter().enumerate() {
            let here = format!("{at}/{key}/{place}");
            let Some(item) = item.as_object() else {
                found.error(Code::WrongKind, here, "must be an object");
                continue;
            };
            for name in demanded.iter().filter(|name| !item.contains_key(**name)) {
                found.error(Code::MissingProperty, format!("{here}/{name}"), format!("`{name}` must be given"));
            }
            if !one_of.is_empty() && !one_of.iter().any(|name| item.contains_key(*name)) {
                found.error(Code::MissingProperty, here, format!("one of {} must be given", one_of.join(", ")));
            }
        }
    }
}

/// Judges what a single type demands beyond its table.
pub(super) fn single(name: &str, object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    let has = |key: &str| object.contains_key(key);
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let mut missing = |key: &str, why: &str| found.error(Code::MissingProperty, format!("{at}/{key}"), why);
    match name {
        "malware" if object.get("is_family") == Some(&Value::Bool(true)) && !has("name") => {
            missing("name", "a family of malware has a name (§4.11)");
        }
        "malware-analysis" if !has("result") && !has("analysis_sco_refs") => {
            missing("result", "a result or what was found (§4.12)");
        }
        "location" => {
            for (one, other) in [("latitude", "longitude"), ("longitude", "latitude"), ("precision", "latitude")] {
                if has(one) && !has(other) {
                    missing(other, "stands beside the other (§4.10)");
                }
            }
            for (key, most) in [("latitude", 90.0), ("longitude", 180.0)] {
                if object.get(key).is_some_and(|value| value.as_f64().is_none_or(|degrees| degrees.abs() > most)) {
                    found.error(Code::BadValue, format!("{at}/{key}"), format!("must be within {most} degrees"));
                }
            }
        }
        "email-message" => {
            let parts = object.get("is_multipart") == Some(&Value::Bool(true));
            if parts && has("body") {
                found.error(Code::Conflict, format!("{at}/body"), "a message of parts has no body (§6.6)");
            } else if !parts && has("body_multipart") {
                found.error(Code::Conflict, format!("{at}/body_multipart"), "has parts and says it has none (§6.6)");
            }
        }
        "opinion" if !text("opinion").is_some_and(|opinion| OPINIONS.contains(&opinion)) => {
            let said = shown(text("opinion").unwrap_or_default());
            found.error(Code::BadValue, format!("{at}/opinion"), format!("`{said}` is none of the five (§10.21)"));
        }
        "extension-definition" => {
            let kinds = object.get("extension_types").and_then(Value::as_array).into_iter().flatten();
            if kinds.filter_map(Value::as_str).any(|kind| !EXTENSIONS.contains(&kind)) {
                found.error(Code::BadValue, format!("{at}/extension_types"), "is none of its kinds (§10.8)");
            }
        }
        "process" | "x509-certificate" | "user-account" | "windows-registry-key" => {
            let shared = ["type", "spec_version", "id", "object_marking_refs", "granular_markings", "defanged"];
            if object.keys().all(|key| shared.contains(&key.as_str())) {
                missing("", "one property of its own must be given");
            }
        }
        "artifact" if has("url") && has("payload_bin") => {
            found.error(Code::Conflict, format!("{at}/url"), "either the content or its address (§6.1)");
        }
        "artifact" if has("url") && !has("hashes") => {
            missing("hashes", "content elsewhere is named by its hash (§6.1)")
        }
        "marking-definition" if has("definition") != has("definition_type") => {
            missing("definition", "a definition and its type stand together (§7.2.1)");
        }
        "sighting" if text("sighting_of_ref").is_none_or(|id| id.starts_with("relationship--")) => {
            missing("sighting_of_ref", "what was sighted is an object (§5.2)");
        }
        _ => {}
    }
}

/// What single types may not say.
pub(super) fn barred(name: &str, object: &Map<String, Value>, at: &str, found: &mut Gathered) {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    match name {
        "relationship" if !text("relationship_type").is_some_and(property::is_type_name) => {
            let said = shown(text("relationship_type").unwrap_or_default());
            found.error(Code::BadName, format!("{at}/relationship_type"), format!("`{said}` is no name of one (§5.1)"));
        }
        "network-traffic" if object.contains_key("end") && object.get("is_active") == Some(&Value::Bool(true)) => {
            found.error(Code::Conflict, format!("{at}/end"), "what goes on has no end (§6.12)");
        }
        "software" if text("cpe").is_some_and(|cpe| !is_cpe(cpe)) => {
            found.error(Code::BadValue, format!("{at}/cpe"), "is no name of CPE 2.3 (§6.14)");
        }
        _ => {}
    }
}

/// A formatted string of CPE 2.3: its mark and eleven parts, colons within them escaped.
fn is_cpe(text: &str) -> bool {
    let plain = text.replace("\\\\", "").replace("\\:", "");
    let mut parts = plain.split(':');
    let begins = (parts.next(), parts.next(), parts.next());
    matches!(begins, (Some("cpe"), Some("2.3"), Some("a" | "h" | "o" | "*" | "-")))
        && parts.clone().count() == 10
        && parts.all(|part| !part.is_empty() && !part.contains(char::is_whitespace))
}
