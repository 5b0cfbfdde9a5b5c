//! JSON read strictly: one reading only. A key given twice, a byte-order mark, text that is not Unicode, nesting without
//! end and more than one value are refused, so that nobody else can read the same bytes otherwise.
//!
//! Owns the strict reader over `serde_json`. Must not know what the JSON means.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::finding::{Gathered, shown};

/// Deepest nesting read. STIX needs about eight; `serde_json` itself ends at 128.
pub(crate) const DEPTH_MAX: usize = 64;
/// Most values (objects, lists, texts, numbers) of one file: bounds memory to a small multiple of the file's size.
const VALUES_MAX: usize = 4_000_000;

/// Reads one JSON value, or says why not.
pub(crate) fn read(bytes: &[u8], bytes_max: usize, found: &mut Gathered) -> Option<Value> {
    if bytes.len() > bytes_max {
        found.error("too-large", "", format!("the file has {} bytes; at most {bytes_max} are read", bytes.len()));
        return None;
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        found.error("byte-order-mark", "1:1", "JSON begins without a byte-order mark (RFC 8259 §8.1)");
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(why) => {
            found.error("not-utf8", "", format!("byte {} is not UTF-8", why.valid_up_to()));
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
        Ok(value) => Some(value),
        Err(why) => {
            let at = format!("{}:{}", why.line(), why.column());
            let code = refused.named.into_inner().unwrap_or("not-json");
            found.error(code, at, shown(&why.to_string()));
            None
        }
    }
}

/// What the reading shares: the name of our own refusal, and how many values were read.
struct Refused {
    named: RefCell<Option<&'static str>>,
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

    fn refuse<E: serde::de::Error>(&self, code: &'static str, words: impl fmt::Display) -> E {
        *self.refused.named.borrow_mut() = Some(code);
        E::custom(words)
    }

    fn enter<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth >= DEPTH_MAX {
            return Err(self.refuse("too-deep", format_args!("nested deeper than {DEPTH_MAX} levels")));
        }
        Ok(())
    }

    fn count<E: serde::de::Error>(&self) -> Result<(), E> {
        let mut values = self.refused.values.borrow_mut();
        *values += 1;
        if *values > VALUES_MAX {
            return Err(self.refuse("too-many-values", format_args!("more than {VALUES_MAX} values")));
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

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
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
            if members.contains_key(&key) {
                return Err(self.refuse("duplicate-key", format_args!("the key `{}` is given twice", shown(&key))));
            }
            let value = map.next_value_seed(self.inner())?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
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
            (b"\"\\ud800\"", Some("not-json")),
            (b"{\"\\udc00\":1}", Some("not-json")),
            (b"[NaN]", Some("not-json")),
            (b"[1e400]", Some("not-json")),
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
