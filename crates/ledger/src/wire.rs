//! Taking a decoded CBOR value apart against a closed schema. It owns the small vocabulary (`uint`, `text`, `fixed`,
//! …) the messages share; it must not know any message.

use crate::Misbehaved;
use crate::cbor::Value;

/// The fields of one array or map of message `what`, taken in order; every miss names the field.
pub(crate) struct Fields {
    what: &'static str,
    left: std::vec::IntoIter<Value>,
}

impl Fields {
    /// An array of exactly `count` elements.
    pub(crate) fn array(
        what: &'static str,
        field: &'static str,
        value: Value,
        count: usize,
    ) -> Result<Fields, Misbehaved> {
        match value {
            Value::Array(items) if items.len() == count => Ok(Fields { what, left: items.into_iter() }),
            _ => Err(Misbehaved::Malformed { what, field }),
        }
    }

    /// A map with exactly these integer keys (in deterministic order), as its values.
    pub(crate) fn map(
        what: &'static str,
        field: &'static str,
        value: Value,
        keys: &[i64],
    ) -> Result<Fields, Misbehaved> {
        let malformed = Misbehaved::Malformed { what, field };
        let Value::Map(entries) = value else { return Err(malformed) };
        if entries.len() != keys.len() || !entries.iter().zip(keys).all(|(entry, key)| entry.0 == int(*key)) {
            return Err(malformed);
        }
        let left = entries.into_iter().map(|entry| entry.1).collect::<Vec<_>>().into_iter();
        Ok(Fields { what, left })
    }

    /// The next field, whatever it is.
    pub(crate) fn any(&mut self, field: &'static str) -> Result<Value, Misbehaved> {
        self.left.next().ok_or(self.malformed(field))
    }

    pub(crate) fn uint(&mut self, field: &'static str) -> Result<u64, Misbehaved> {
        match self.any(field)? {
            Value::Uint(n) => Ok(n),
            _ => Err(self.malformed(field)),
        }
    }

    /// Non-empty text of at most `bytes_max` bytes without control characters.
    pub(crate) fn text(&mut self, field: &'static str, bytes_max: usize) -> Result<String, Misbehaved> {
        match self.any(field)? {
            Value::Text(text) if is_name(&text, bytes_max) => Ok(text),
            _ => Err(self.malformed(field)),
        }
    }

    pub(crate) fn bytes(&mut self, field: &'static str) -> Result<Vec<u8>, Misbehaved> {
        match self.any(field)? {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(self.malformed(field)),
        }
    }

    pub(crate) fn fixed<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Misbehaved> {
        self.bytes(field)?.try_into().map_err(|_| self.malformed(field))
    }

    /// An array of at most `count_max` elements.
    pub(crate) fn list(&mut self, field: &'static str, count_max: usize) -> Result<Vec<Value>, Misbehaved> {
        match self.any(field)? {
            Value::Array(items) if items.len() > count_max => {
                Err(Misbehaved::Oversized { what: field, limit_max: count_max as u64 })
            }
            Value::Array(items) => Ok(items),
            _ => Err(self.malformed(field)),
        }
    }

    pub(crate) fn malformed(&self, field: &'static str) -> Misbehaved {
        Misbehaved::Malformed { what: self.what, field }
    }
}

/// An integer of either sign.
pub(crate) fn int(n: i64) -> Value {
    if n >= 0 { Value::Uint(n.unsigned_abs()) } else { Value::Nint((n + 1).unsigned_abs()) }
}

/// The integer in a value, if it is one and fits.
pub(crate) fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Uint(n) => i64::try_from(*n).ok(),
        Value::Nint(n) => i64::try_from(*n).ok().map(|n| -1 - n),
        _ => None,
    }
}

pub(crate) fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Whether text may stand as an identifier: not empty, bounded, no control characters, Unicode NFC.
pub(crate) fn is_name(text: &str, bytes_max: usize) -> bool {
    !text.is_empty()
        && text.len() <= bytes_max
        && !text.chars().any(char::is_control)
        && (text.is_ascii() || unicode_normalization::is_nfc(text))
}
