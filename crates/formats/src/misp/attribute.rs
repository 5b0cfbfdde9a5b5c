//! One attribute of an event: its type, category, value, audience.
//!
//! Owns the rules of the core format's attribute section, and of the fields events and attributes share. Must not know
//! the event.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::types::CATEGORIES;
use super::{number, tags, text};
use crate::finding::{Code, Gathered, shown};
use crate::{time, uuid};

/// Types whose value is a hash, with its length in hexadecimal digits.
const HASHES: &[(&str, usize)] = &[
    ("md5", 32),
    ("sha1", 40),
    ("sha224", 56),
    ("sha256", 64),
    ("sha384", 96),
    ("sha512", 128),
    ("sha512/224", 56),
    ("sha512/256", 64),
    ("sha3-224", 56),
    ("sha3-256", 64),
    ("sha3-384", 96),
    ("sha3-512", 128),
    ("imphash", 32),
    ("authentihash", 64),
    ("ja3-fingerprint-md5", 32),
    ("x509-fingerprint-md5", 32),
    ("x509-fingerprint-sha1", 40),
    ("x509-fingerprint-sha256", 64),
];
/// Types that may carry a file.
const FILES: &[&str] = &["attachment", "malware-sample"];

/// A file name fit to store what came with it: its last part, without anything that leads elsewhere.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\', '|']).find(|part| !part.is_empty()).unwrap_or_default();
    let kept: String = last
        .chars()
        .map(|c| if c.is_control() || "<>:\"?*".contains(c) || is_turning(c) { '_' } else { c })
        .take(120)
        .collect();
    let kept = kept.trim_matches(['.', ' ']).to_owned();
    if kept.is_empty() { "unnamed".to_owned() } else { kept }
}

/// Characters that turn the direction of writing, and so make `exe` look like `txt`.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Judges the attributes of an event or an object, and the proposals beside them.
pub(super) fn list(of: &Map<String, Value>, at: &str, object: Option<&str>, count: &mut usize, found: &mut Gathered) {
    for key in ["Attribute", "ShadowAttribute"] {
        let Some(value) = of.get(key) else { continue };
        let Some(items) = value.as_array() else {
            found.error(Code::WrongKind, format!("{at}/{key}"), "must be a list");
            continue;
        };
        for (place, item) in items.iter().enumerate() {
            *count += 1;
            let here = format!("{at}/{key}/{place}");
            match item.as_object() {
                Some(attribute) => {
                    one(attribute, &here, object, found);
                    // A proposal stands below what it would change, one level deep.
                    if key == "Attribute" && attribute.contains_key("ShadowAttribute") {
                        proposals(attribute, &here, count, found);
                    }
                }
                None => found.error(Code::WrongKind, here, "must be an object"),
            }
        }
    }
}

fn proposals(attribute: &Map<String, Value>, at: &str, count: &mut usize, found: &mut Gathered) {
    let items = attribute.get("ShadowAttribute").and_then(Value::as_array).into_iter().flatten();
    for (place, item) in items.filter_map(Value::as_object).enumerate() {
        *count += 1;
        one(item, &format!("{at}/ShadowAttribute/{place}"), None, found);
    }
}

fn one(attribute: &Map<String, Value>, at: &str, object: Option<&str>, found: &mut Gathered) {
    let (kind, category) = (text(attribute, "type"), text(attribute, "category"));
    if !CATEGORIES.iter().any(|(_, types)| types.split("; ").any(|known| known == kind)) {
        found.error(Code::BadType, format!("{at}/type"), format!("MISP has no type `{}`", shown(kind)));
        return;
    }
    match CATEGORIES.iter().find(|(known, _)| *known == category) {
        Some((_, types)) if types.split("; ").any(|known| known == kind) => {}
        // Templates of objects put types where the plain table does not; MISP itself lets them pass.
        Some(_) if object.is_some() => {
            let words = format!("`{kind}` is not of the category `{category}`");
            found.warning(Code::NotBySchema, format!("{at}/category"), words);
        }
        Some(_) => {
            let words = format!("`{kind}` is not of the category `{category}`");
            found.error(Code::BadChoice, format!("{at}/category"), words);
        }
        None if category.is_empty() => {
            found.warning(Code::MissingProperty, format!("{at}/category"), "an attribute has a category");
        }
        None => {
            let words = format!("MISP has no category `{}`", shown(category));
            found.error(Code::BadChoice, format!("{at}/category"), words);
        }
    }
    identifier(attribute, "uuid", at, found);
    seconds(attribute, "timestamp", at, found);
    distribution(attribute, 5, at, found);
    for key in ["to_ids", "deleted", "disable_correlation"] {
        flag(attribute, key, at, found);
    }
    tags(attribute, at, found);
    match attribute.get("value") {
        Some(Value::String(text)) if !text.trim().is_empty() => value(kind, text, &format!("{at}/value"), found),
        Some(Value::Number(_) | Value::Bool(_)) => {}
        _ => found.error(Code::MissingProperty, format!("{at}/value"), "an attribute has a value"),
    }
    if let Some(data) = attribute.get("data").filter(|data| !data.is_null()) {
        attached(data, kind, at, found);
    }
}

fn attached(data: &Value, kind: &str, at: &str, found: &mut Gathered) {
    let sound = data.as_str().is_some_and(is_base64);
    if !sound {
        found.error(Code::BadValue, format!("{at}/data"), "the attachment is not base64");
    } else if !FILES.contains(&kind) {
        found.warning(Code::NotBySchema, format!("{at}/data"), format!("`{kind}` carries no file"));
    }
}

fn value(kind: &str, text: &str, at: &str, found: &mut Gathered) {
    let parts: Vec<(&str, &str)> = match kind.split_once('|') {
        Some((first, second)) => match text.split_once('|') {
            Some((left, right)) => vec![(first, left), (second, right)],
            // Both halves must be there: half a file is another file.
            None if !matches!(kind, "malware-sample") => {
                found.error(Code::BadValue, at, format!("`{kind}` has two values with `|` between"));
                return;
            }
            None => vec![(first, text)],
        },
        None => vec![(kind, text)],
    };
    for (kind, text) in parts {
        let text = text.trim();
        if !fits(kind, text) {
            found.error(Code::BadValue, at, format!("`{}` is no `{kind}`", shown(text)));
        }
        let rooted = text.starts_with(['/', '\\']) || text.get(1..2) == Some(":");
        let climbs = text.contains("..") && text.contains(['/', '\\']) || rooted || text.contains(is_turning);
        if FILES.contains(&kind) && (climbs || text.contains('\0')) {
            let words = format!("the name leads elsewhere; it is stored as `{}`", safe_name(text));
            found.warning(Code::UnsafeLink, at, words);
        }
    }
}

fn fits(kind: &str, text: &str) -> bool {
    if let Some((_, length)) = HASHES.iter().find(|(known, _)| *known == kind) {
        return text.len() == *length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    match kind {
        "ip-src" | "ip-dst" | "ip" => is_network(text),
        "port" => text.parse::<u16>().is_ok(),
        "domain" | "hostname" => {
            text.len() <= 253 && text.contains('.') && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        }
        "email" | "email-src" | "email-dst" | "target-email" => {
            text.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
        }
        "url" | "uri" | "link" => !text.contains(char::is_control) && !text.contains(' '),
        "mac-address" => {
            let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
            digits == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || b":-.".contains(&byte))
        }
        "AS" => {
            let digits = text.trim_start_matches(['A', 'a']).trim_start_matches(['S', 's']);
            digits.split('.').count() <= 2 && digits.split('.').all(|part| part.parse::<u32>().is_ok())
        }
        "hex" => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "boolean" => matches!(text.to_ascii_lowercase().as_str(), "0" | "1" | "true" | "false"),
        "counter" => !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit()),
        "float" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "datetime" => is_moment(text),
        "vulnerability" => !text.contains(char::is_whitespace),
        _ => true,
    }
}

/// A date and time as MISP's own clients write it: with an offset, without one, or the day alone.
fn is_moment(text: &str) -> bool {
    let text = text.replacen(' ', "T", 1);
    // Python writes offsets without their colon.
    let colon = text.split_at_checked(text.len().saturating_sub(2)).map(|(head, tail)| format!("{head}:{tail}"));
    let instant = |text: &str| time::instant(text).is_some() || time::local(text).is_some();
    instant(&text) || colon.is_some_and(|text| instant(&text)) || time::date(&text).is_some()
}

fn is_network(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// An identifier that is given must be a UUID.
pub(super) fn identifier(of: &Map<String, Value>, key: &str, at: &str, found: &mut Gathered) {
    let Some(value) = of.get(key).filter(|value| !value.is_null() && value.as_str() != Some("")) else { return };
    if !value.as_str().is_some_and(uuid::is_uuid) {
        let said = shown(&value.to_string());
        found.error(Code::BadId, format!("{at}/{key}"), format!("{said} is no UUID"));
    }
}

/// A time is a count of seconds since 1970, never before it.
pub(super) fn seconds(of: &Map<String, Value>, key: &str, at: &str, found: &mut Gathered) {
    let given = of.get(key).is_some_and(|value| !value.is_null() && value.as_str() != Some(""));
    if given && number(of, key).is_none_or(|seconds| !(0..=253_402_300_799).contains(&seconds)) {
        found.error(Code::BadTime, format!("{at}/{key}"), "must be a count of seconds since 1970");
    }
}

/// Who may see it; a group that is not named is nobody, never everybody.
pub(super) fn distribution(of: &Map<String, Value>, most: i64, at: &str, found: &mut Gathered) {
    if of.get("distribution").is_none_or(Value::is_null) {
        return;
    }
    let here = format!("{at}/distribution");
    match number(of, "distribution") {
        Some(4) => {
            let group = number(of, "sharing_group_id").is_some_and(|id| id > 0);
            let named = of.get("SharingGroup").and_then(Value::as_object).is_some_and(|group| !group.is_empty());
            if !group && !named {
                found.error(
                    Code::MissingProperty,
                    format!("{at}/sharing_group_id"),
                    "4 means a group, and none is named",
                );
            }
        }
        Some(level) if (0..=most).contains(&level) => {}
        _ => found.error(Code::BadChoice, here, format!("must be 0 to {most}")),
    }
}

/// A mark is true or false, which MISP also writes 1 and 0.
pub(super) fn flag(of: &Map<String, Value>, key: &str, at: &str, found: &mut Gathered) {
    let sound = match of.get(key) {
        None | Some(Value::Null | Value::Bool(_)) => true,
        Some(Value::Number(number)) => matches!(number.as_i64(), Some(0 | 1)),
        Some(Value::String(text)) => matches!(text.as_str(), "0" | "1" | "true" | "false"),
        Some(_) => false,
    };
    if !sound {
        found.error(Code::WrongKind, format!("{at}/{key}"), "must be true or false");
    }
}

fn is_base64(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let body = &digits[..digits.len() - padding];
    digits.len().is_multiple_of(4)
        && padding <= 2
        && body.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
