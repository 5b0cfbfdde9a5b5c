//! JSON read strictly: one reading only. A key given twice, a byte-order mark, text that is not Unicode, nesting without
//! end and more than one value are refused, so that nobody else can read the same bytes otherwise.
//!
//! Owns the strict reader over `serde_json`. Must not know what the JSON means.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::finding::{Code, Gathered, shown};

/// Deepest nesting read. STIX needs about eight; `serde_json` itself ends at 128.
pub(crate) const DEPTH_MAX: usize = 64;
/// Longest key, in bytes: STIX allows 250 characters, no format more. A megabyte of key is an attack on whoever shows it.
const KEY_BYTES_MAX: usize = 1024;
/// Longest text, in bytes: an attachment of MISP in base64; beside it the file's own limit holds.
const TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Digits of a number that are kept for certain: 64-bit whole numbers have 19, binary fractions 15 to 17.
const DIGITS_MAX: usize = 17;
/// Most values (objects, lists, texts, numbers) of one file: bounds memory to a small multiple of the file's size.
const VALUES_MAX: usize = 4_000_000;

/// Reads one JSON value, or says why not.
pub(crate) fn read(bytes: &[u8], bytes_max: usize, found: &mut Gathered) -> Option<Value> {
    if bytes.len() > bytes_max {
        found.error(Code::TooLarge, "", format!("the file has {} bytes; at most {bytes_max} are read", bytes.len()));
        return None;
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        found.error(Code::ByteOrderMark, "1:1", "JSON begins without a byte-order mark (RFC 8259 §8.1)");
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(why) => {
            found.error(Code::NotUtf8, "", format!("byte {} is not UTF-8", why.valid_up_to()));
            return None;
        }
    };
    let refused = Refused { named: RefCell::new(None), values: RefCell::new(0) };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict { depth: 0, refused: &refused }.deserialize(&mut reader).and_then(|value| {
        reader.end()?;
        Ok(value)
    });
    match read {
        Ok(value) => {
            long_numbers(text, found);
            Some(value)
        }
        Err(why) => {
            let at = format!("{}:{}", why.line(), why.column());
            let code = refused.named.into_inner().unwrap_or_else(|| named(&why, text));
            found.error(code, at, shown(&why.to_string()));
            None
        }
    }
}

/// Says which numbers have more digits than a binary fraction of 64 bits keeps (RFC 8259 §6): they change silently in
/// most programs, and not silently here.
fn long_numbers(text: &str, found: &mut Gathered) {
    let (mut in_text, mut escaped, mut digits, mut told) = (false, false, 0, false);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'0'..=b'9' => digits += 1,
            b'.' | b'-' | b'+' | b'e' | b'E' => {}
            _ => digits = 0,
        }
        if in_text {
            digits = 0;
        }
        if digits == DIGITS_MAX + 1 && !told {
            let words = format!("byte {place}: a number of more than {DIGITS_MAX} digits is rounded");
            found.warning(Code::NumberRange, "", words);
            told = true;
        }
    }
}

/// The name of what `serde_json` stumbled over.
fn named(why: &serde_json::Error, text: &str) -> Code {
    let words = why.to_string();
    let line = text.lines().nth(why.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..why.column().saturating_sub(1).min(line.len())).unwrap_or_default();
    let word = before.rsplit([',', ':', '[', ' ', '{']).next().unwrap_or_default();
    let after = line.get(before.len()..).unwrap_or_default();
    if words.starts_with("lone leading surrogate") || words.starts_with("unexpected end of hex escape") {
        Code::LoneSurrogate
    } else if words.starts_with("number out of range") {
        Code::NumberRange
    } else if ["NaN", "Infinity", "-Infinity"].iter().any(|no| format!("{word}{after}").starts_with(no)) {
        Code::NotANumber
    } else if words.starts_with("recursion limit") {
        Code::TooDeep
    } else {
        Code::NotJson
    }
}

/// What the reading shares: the name of our own refusal, and how many values were read.
struct Refused {
    named: RefCell<Option<Code>>,
    values: RefCell<usize>,
}

struct Strict<'r> {
    depth: usize,
    refused: &'r Refused,
}

impl Strict<'_> {
    fn inner(&self) -> Self {
        Strict { depth: self.depth + 1, refused: self.refused }
    }

    fn refuse<E: serde::de::Error>(&self, code: Code, words: impl fmt::Display) -> E {
        *self.refused.named.borrow_mut() = Some(code);
        E::custom(words)
    }

    fn enter<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth >= DEPTH_MAX {
            return Err(self.refuse(Code::TooDeep, format_args!("nested deeper than {DEPTH_MAX} levels")));
        }
        Ok(())
    }

    fn count<E: serde::de::Error>(&self) -> Result<(), E> {
        let mut values = self.refused.values.borrow_mut();
        *values += 1;
        if *values > VALUES_MAX {
            return Err(self.refuse(Code::TooManyValues, format_args!("more than {VALUES_MAX} values")));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        if value.len() > TEXT_BYTES_MAX {
            return Err(self.refuse(Code::TextTooLong, format_args!("a text of more than {TEXT_BYTES_MAX} bytes")));
        }
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(self.inner())? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut members = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if key.len() > KEY_BYTES_MAX {
                return Err(self.refuse(Code::KeyTooLong, format_args!("a key of more than {KEY_BYTES_MAX} bytes")));
            }
            if members.contains_key(&key) {
                return Err(self.refuse(Code::DuplicateKey, format_args!("the key `{}` is given twice", shown(&key))));
            }
            let value = map.next_value_seed(self.inner())?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}

/// JSON for people and programs: two spaces, keys in order, a line feed at the end.
pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_one_reading_or_none() {
        fn check(bytes: &[u8], wanted: Option<&str>) {
            let mut found = Gathered::default();
            let value = read(bytes, 1 << 20, &mut found);
            let codes: Vec<_> = found.into_read(value).findings.iter().map(|f| f.code).collect();
            assert_eq!(codes.first().copied(), wanted, "{}", String::from_utf8_lossy(bytes));
        }
        let deep = |open: &str, n: usize| open.repeat(n).into_bytes();
        for (bytes, wanted) in [
            (&b"{\"a\":[1,2.5,true,null,\"x\"]}"[..], None),
            (b"{\"a\":1,\"a\":1}", Some("duplicate-key")),
            (b"{\"a\":{\"\\u0062\":1,\"b\":2}}", Some("duplicate-key")),
            (b"\xef\xbb\xbf{}", Some("byte-order-mark")),
            (b"\"\xff\"", Some("not-utf8")),
            (b"\"\\ud800\"", Some("lone-surrogate")),
            (b"{\"\\udc00\":1}", Some("lone-surrogate")),
            (b"[\"\\ud834\\u0020\"]", Some("lone-surrogate")),
            (b"[NaN]", Some("not-a-number")),
            (b"{\"a\": -Infinity}", Some("not-a-number")),
            (b"[1e400]", Some("number-range")),
            (&format!("{{\"{}\":1}}", "k".repeat(1 << 16)).into_bytes(), Some("key-too-long")),
            (b"[] []", Some("not-json")),
            (b"", Some("not-json")),
            (&deep("[", 100_000), Some("too-deep")),
            (&deep("{\"a\":", 50_000), Some("too-deep")),
            (&vec![b' '; (1 << 20) + 1], Some("too-large")),
        ] {
            check(bytes, wanted);
        }
    }
}
