//! Serde values to and from deterministic CBOR. It owns the mapping only: structs are text-keyed maps, enums as serde
//! lays them out, integers only. The byte rules belong to [`crate::cbor`]; types and their meaning to their crates.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::Misbehaved;
use crate::cbor::{self, CborError, DEPTH_MAX, Limits, Value};

/// Size of the largest value read. Larger content travels as an attachment; an envelope is 1 MiB at most.
pub const CANON_BYTES_MAX: usize = 4 << 20;

/// Why an own value has no deterministic form: a fault of the calling code, not of a peer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CanonFault {
    /// A float, or an integer beyond 64 bits.
    #[error("value holds a number that is no 64-bit integer: use integers with a named unit")]
    NotInteger,
    /// Text that is not Unicode NFC.
    #[error("text `{0}` is not in Unicode form NFC: normalise it where it is entered")]
    NotNfc(String),
    /// Deeper than [`DEPTH_MAX`].
    #[error("value nests deeper than {DEPTH_MAX} levels: flatten it")]
    TooDeep,
    /// A map with the same key twice.
    #[error("map holds a key twice: use a map type")]
    RepeatedKey,
    /// Serde refused the value.
    #[error("value cannot be serialised: {0}")]
    Serialise(String),
}

/// The deterministic CBOR of a serde value.
///
/// # Errors
/// When the value holds a float, non-NFC text, a repeated key or nests too deep: see [`CanonFault`].
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonFault> {
    let value = ciborium::Value::serialized(value).map_err(|fault| CanonFault::Serialise(fault.to_string()))?;
    Ok(cbor::encode(&lower(value, 0)?))
}

/// Reads a serde value from deterministic CBOR. The strict gate passes first; then the bytes must equal their own
/// re-encoding. A type that must be closed adds `#[serde(deny_unknown_fields)]`.
///
/// # Errors
/// [`Misbehaved::NotCanonical`], [`Misbehaved::Oversized`], [`Misbehaved::Truncated`], or [`Misbehaved::Malformed`]
/// when the canonical value is not a `T`.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Misbehaved> {
    let value = cbor::decode(bytes, Limits::bytes(CANON_BYTES_MAX))?;
    if cbor::encode(&value) != bytes {
        return Err(Misbehaved::NotCanonical(CborError::NotMinimal(0)));
    }
    raise(value).deserialized().map_err(|_| Misbehaved::Malformed { what: "value", field: std::any::type_name::<T>() })
}

fn lower(value: ciborium::Value, depth: usize) -> Result<Value, CanonFault> {
    let nested = matches!(value, ciborium::Value::Array(_) | ciborium::Value::Map(_) | ciborium::Value::Tag(..));
    if nested && depth >= DEPTH_MAX {
        return Err(CanonFault::TooDeep);
    }
    Ok(match value {
        ciborium::Value::Integer(n) => integer(i128::from(n))?,
        ciborium::Value::Bytes(bytes) => Value::Bytes(bytes),
        ciborium::Value::Text(text) if !text.is_ascii() && !unicode_normalization::is_nfc(&text) => {
            return Err(CanonFault::NotNfc(text));
        }
        ciborium::Value::Text(text) => Value::Text(text),
        ciborium::Value::Bool(bool) => Value::Bool(bool),
        ciborium::Value::Null => Value::Null,
        ciborium::Value::Tag(tag, inner) => Value::Tag(tag, Box::new(lower(*inner, depth + 1)?)),
        ciborium::Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| lower(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        ciborium::Value::Map(entries) => lower_map(entries, depth)?,
        _ => return Err(CanonFault::NotInteger),
    })
}

fn lower_map(entries: Vec<(ciborium::Value, ciborium::Value)>, depth: usize) -> Result<Value, CanonFault> {
    let mut seen = std::collections::BTreeSet::new();
    let mut lowered = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let key = lower(key, depth + 1)?;
        if !seen.insert(cbor::encode(&key)) {
            return Err(CanonFault::RepeatedKey);
        }
        lowered.push((key, lower(value, depth + 1)?));
    }
    Ok(Value::Map(lowered))
}

fn integer(n: i128) -> Result<Value, CanonFault> {
    let wide = if n >= 0 { u64::try_from(n).map(Value::Uint) } else { u64::try_from(-1 - n).map(Value::Nint) };
    wide.map_err(|_| CanonFault::NotInteger)
}

fn raise(value: Value) -> ciborium::Value {
    match value {
        Value::Uint(n) => ciborium::Value::Integer(n.into()),
        // A 64-bit `Nint` always fits ciborium's own range, so the fallback is never taken.
        Value::Nint(n) => (-1 - i128::from(n)).try_into().map_or(ciborium::Value::Null, ciborium::Value::Integer),
        Value::Bytes(bytes) => ciborium::Value::Bytes(bytes),
        Value::Text(text) => ciborium::Value::Text(text),
        Value::Array(items) => ciborium::Value::Array(items.into_iter().map(raise).collect()),
        Value::Map(entries) => {
            ciborium::Value::Map(entries.into_iter().map(|(key, value)| (raise(key), raise(value))).collect())
        }
        Value::Tag(tag, inner) => ciborium::Value::Tag(tag, Box::new(raise(*inner))),
        Value::Bool(bool) => ciborium::Value::Bool(bool),
        Value::Null => ciborium::Value::Null,
    }
}

/// Fixed-length byte arrays as CBOR byte strings: `#[serde(with = "ledger::canon::bytes")]`.
/// Serde's own form of `[u8; N]` is an array of integers, twice the size.
pub mod bytes {
    use serde::de::{Error, SeqAccess, Visitor};
    use serde::{Deserializer, Serializer};

    /// Writes the array as one byte string.
    ///
    /// # Errors
    /// What the serializer reports.
    pub fn serialize<const N: usize, S: Serializer>(bytes: &[u8; N], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    /// Reads one byte string of exactly `N` bytes (or, from formats without byte strings, `N` integers).
    ///
    /// # Errors
    /// When the length is not `N`.
    pub fn deserialize<'de, const N: usize, D: Deserializer<'de>>(from: D) -> Result<[u8; N], D::Error> {
        from.deserialize_bytes(Exactly::<N>)
    }

    struct Exactly<const N: usize>;

    impl<'de, const N: usize> Visitor<'de> for Exactly<N> {
        type Value = [u8; N];

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(out, "{N} bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<[u8; N], E> {
            bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<[u8; N], A::Error> {
            let mut out = [0; N];
            for (at, byte) in out.iter_mut().enumerate() {
                *byte = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(at, &self))?;
            }
            match seq.next_element::<u8>()? {
                None => Ok(out),
                Some(_) => Err(A::Error::invalid_length(N + 1, &self)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Plain,
        With { id: u8 },
        Pair(i64, Option<String>),
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(with = "bytes")]
        hash: [u8; 32],
        kinds: Vec<Kind>,
        names: BTreeMap<String, u64>,
        negative: i64,
        absent: Option<u8>,
        flag: bool,
    }

    #[test]
    fn round_trip() {
        let sample = Sample {
            hash: [7; 32],
            kinds: vec![Kind::Plain, Kind::With { id: 3 }, Kind::Pair(i64::MIN, Some("陈".into()))],
            names: [("zz".to_owned(), u64::MAX), ("a".to_owned(), 0)].into(),
            negative: -500,
            absent: None,
            flag: true,
        };
        let bytes = to_vec(&sample).expect("encodes");
        assert_eq!(from_slice::<Sample>(&bytes), Ok(sample));
        for cut in 0..bytes.len() {
            from_slice::<Sample>(&bytes[..cut]).expect_err("a cut value is refused");
        }
    }

    #[test]
    fn what_has_no_form_is_refused() {
        assert_eq!(to_vec(&1.5f64), Err(CanonFault::NotInteger));
        assert_eq!(to_vec("e\u{301}"), Err(CanonFault::NotNfc("e\u{301}".into())));
        assert_eq!(from_slice::<u64>(&[0x18, 0x01]).expect_err("not minimal").code(), "not-canonical");
        assert_eq!(from_slice::<String>(&[0x01]).expect_err("not text").code(), "malformed");
    }
}
