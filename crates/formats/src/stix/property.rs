//! Single properties of STIX: identifiers, instants, names, hashes, addresses.
//!
//! Owns what one value may look like (STIX 2.1 §2). Must not know which object has which property.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::vocabulary::HASHES;
use crate::finding::{Code, Gathered, shown};
use crate::time;
use crate::uuid::is_uuid;

/// Longest name of a type or property (§3.1, §2.6: 250 characters).
const NAME_CHARS_MAX: usize = 250;
/// Shortest name of a property (§3.1).
const NAME_CHARS_MIN: usize = 3;
/// Longest domain name in octets (RFC 1035 §2.3.4), and longest URL looked at.
const DOMAIN_BYTES_MAX: usize = 253;

/// Most digits of a second's fraction: the standard sets no limit, and nothing measures finer.
const FRACTION_DIGITS_MAX: usize = 18;
/// Bytes of an instant up to a billionth of a second, the `Z` left out.
const FINE_BYTES: usize = "2026-01-31T09:00:00.123456789".len();

/// An identifier: a type, two hyphens, a UUID (§2.9). Says so when it is none, or not of the wanted type.
pub(super) fn identifier(id: &str, wanted: Option<&str>, at: &str, found: &mut Gathered) {
    let fits = is_identifier(id) && wanted.is_none_or(|wanted| id.split("--").next() == Some(wanted));
    if !fits {
        let kind = wanted.unwrap_or("its type");
        found.error(Code::BadId, at, format!("`{}` is not `{kind}`, two hyphens and a UUID (§2.9)", shown(id)));
    }
}

/// Whether this is an identifier of any type.
pub(super) fn is_identifier(id: &str) -> bool {
    id.split_once("--").is_some_and(|(kind, uuid)| is_type_name(kind) && is_uuid(uuid))
}

/// An instant in UTC with `Z` (§2.16).
pub(super) fn instant(value: &Value, at: &str, found: &mut Gathered) -> Option<Timestamp> {
    let text = value.as_str().unwrap_or_default();
    let read = time_of(text);
    if read.is_none() {
        found.error(
            Code::BadTime,
            at,
            format!("`{}` is not an instant such as 2026-01-31T09:00:00Z (§2.16)", shown(text)),
        );
    }
    read
}

/// Whether this may name a type (§3.1): lower-case letters, digits and single hyphens.
pub(super) fn is_type_name(name: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.contains("--")
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Whether this may name a property (§3.1): lower-case letters, digits and underscores, three at least; `id` is older.
pub(super) fn is_property_name(name: &str) -> bool {
    (name == "id" || (NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.len()))
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A dictionary of hashes (§2.7): known algorithms must have values of their length.
pub(super) fn hashes(value: &Value, at: &str, found: &mut Gathered) {
    let Some(map) = value.as_object().filter(|map| !map.is_empty()) else {
        found.error(Code::BadHash, at, "must name at least one algorithm with its hash (§2.7)");
        return;
    };
    for (algorithm, digits) in map {
        let text = digits.as_str().unwrap_or_default();
        let length = HASHES.iter().find(|(known, _)| known == algorithm).map(|(_, length)| *length);
        let fits = match length {
            Some(length) => text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit()),
            None => !text.is_empty(),
        };
        if !fits {
            found.error(
                Code::BadHash,
                format!("{at}/{}", escaped(algorithm)),
                format!("`{}` is no {algorithm} hash", shown(text)),
            );
        }
    }
}

/// The value of an observable of one value, by its type.
pub(super) fn value_of(kind: &str, text: &str, at: &str, found: &mut Gathered) {
    let fits = match kind {
        "ipv4-addr" => is_address::<Ipv4Addr>(text, 32),
        "ipv6-addr" => is_address::<Ipv6Addr>(text, 128),
        "mac-addr" => is_mac(text),
        "domain-name" => {
            (1..=DOMAIN_BYTES_MAX).contains(&text.len())
                && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        }
        "email-addr" => {
            let parts = text.rsplit_once('@');
            parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty()) && !text.contains(char::is_control)
        }
        "url" => {
            let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
            scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.contains(char::is_control)
        }
        _ => true,
    };
    if !fits {
        found.error(Code::BadValue, at, format!("`{}` is no `{kind}`", shown(text)));
    }
}

/// A selector of a granular marking (§7.2.3.1) must select something in its object.
pub(super) fn selects(object: &Map<String, Value>, selector: &str) -> bool {
    let mut steps = selector.split('.');
    let mut here = steps.next().and_then(|first| object.get(first));
    for step in steps {
        here = here.and_then(|value| match step.strip_prefix('[').and_then(|s| s.strip_suffix(']')) {
            Some(index) => value.get(index.parse::<usize>().ok()?),
            None => value.get(step),
        });
    }
    here.is_some()
}

/// A key fit for a JSON pointer (RFC 6901 §3).
pub(super) fn escaped(key: &str) -> String {
    shown(key).replace('~', "~0").replace('/', "~1")
}

/// The instant a text names, of whatever fraction of a second: what is finer than a billionth is cut.
pub(super) fn time_of(text: &str) -> Option<Timestamp> {
    if !is_rfc3339_utc(text) {
        return None;
    }
    match text.get(..FINE_BYTES) {
        Some(head) if text.len() > FINE_BYTES + 1 => time::instant(&format!("{head}Z")),
        _ => time::instant(text),
    }
}

fn is_rfc3339_utc(text: &str) -> bool {
    let bytes = text.as_bytes();
    let form = b"dddd-dd-ddTdd:dd:dd";
    let Some((head, tail)) = bytes.split_at_checked(form.len()) else { return false };
    let matches = |(byte, form): (&u8, &u8)| if *form == b'd' { byte.is_ascii_digit() } else { byte == form };
    head.iter().zip(form).all(matches)
        && match tail {
            [b'Z'] => true,
            [b'.', digits @ .., b'Z'] => {
                (1..=FRACTION_DIGITS_MAX).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
            }
            _ => false,
        }
}

fn is_address<A: std::str::FromStr>(text: &str, bits_max: u8) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    address.parse::<A>().is_ok()
        && bits.is_none_or(|bits| bits.len() <= 3 && bits.parse::<u8>().is_ok_and(|bits| bits <= bits_max))
}

fn is_mac(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let pair = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    parts.len() == 6 && parts.iter().all(pair)
}
