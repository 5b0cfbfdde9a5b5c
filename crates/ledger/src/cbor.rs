//! Deterministic CBOR (RFC 8949 §4.2.1): one value, one byte form. It owns the encoder and the strict decoder, which
//! refuses every other form; it must not know what the values mean.

use thiserror::Error;
use unicode_normalization::is_nfc;

/// Nesting allowed in any message. The deepest schema of the product is 9 levels; RFC 8949 §10 asks for a bound.
pub const DEPTH_MAX: usize = 16;
/// Items (integers, strings, containers) in one message: bounds memory at about 40 bytes an item over the input.
pub const ITEMS_MAX: usize = 1 << 18;

/// A CBOR value of the subset used on the wire: no floats, no `undefined`, no indefinite lengths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Major type 0: the integer itself.
    Uint(u64),
    /// Major type 1: the integer `-1 - n`.
    Nint(u64),
    /// Major type 2.
    Bytes(Vec<u8>),
    /// Major type 3, Unicode NFC.
    Text(String),
    /// Major type 4.
    Array(Vec<Value>),
    /// Major type 5. Order is of no matter to [`encode`], which sorts; [`decode`] yields key order.
    Map(Vec<(Value, Value)>),
    /// Major type 6.
    Tag(u64, Box<Value>),
    /// `false` or `true`.
    Bool(bool),
    /// `null`.
    Null,
}

/// How much a decoder may take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Whole input, in bytes.
    pub bytes_max: usize,
    /// Nesting of arrays, maps and tags.
    pub depth_max: usize,
    /// Items in all.
    pub items_max: usize,
}

impl Limits {
    /// The usual depth and item bounds for an input of at most `bytes_max` bytes.
    pub const fn bytes(bytes_max: usize) -> Limits {
        Limits { bytes_max, depth_max: DEPTH_MAX, items_max: ITEMS_MAX }
    }
}

/// Why bytes are not a deterministic CBOR value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CborError {
    /// The input is longer than allowed.
    #[error("input exceeds {limit_max} bytes")]
    Oversized {
        /// The limit, in bytes.
        limit_max: u64,
    },
    /// The input ends inside a value, or a length points past its end.
    #[error("input ends inside a value")]
    Truncated,
    /// Bytes follow the value.
    #[error("bytes follow the value at offset {0}")]
    Trailing(usize),
    /// A length or integer not in its shortest form.
    #[error("a number is not in its shortest form at offset {0}")]
    NotMinimal(usize),
    /// An indefinite length or a stray break.
    #[error("an indefinite length at offset {0}")]
    Indefinite(usize),
    /// Map keys unsorted or repeated.
    #[error("map keys are unsorted or repeated at offset {0}")]
    KeyOrder(usize),
    /// A float, `undefined`, an unassigned simple value or a reserved length.
    #[error("an unsupported item at offset {0}")]
    Unsupported(usize),
    /// Text that is not UTF-8.
    #[error("text is not UTF-8 at offset {0}")]
    NotUtf8(usize),
    /// Text that is not Unicode NFC. It is refused, never normalised: names must survive byte for byte.
    #[error("text is not in Unicode form NFC at offset {0}")]
    NotNfc(usize),
    /// Nesting beyond the limit.
    #[error("nesting exceeds {0} levels")]
    TooDeep(usize),
    /// More items than the limit.
    #[error("more than {0} items")]
    TooMany(usize),
}

/// The deterministic encoding (RFC 8949 §4.2.1): shortest lengths, map keys in bytewise order of their encodings.
/// A map with repeated keys encodes to bytes that [`decode`] refuses.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    write(value, &mut out);
    out
}

/// Reads exactly one value and refuses anything [`encode`] would not have written.
///
/// # Errors
/// The first deviation met, with its byte offset. No allocation exceeds the input's own size times a constant.
pub fn decode(bytes: &[u8], limits: Limits) -> Result<Value, CborError> {
    if bytes.len() > limits.bytes_max {
        return Err(CborError::Oversized { limit_max: limits.bytes_max as u64 });
    }
    let mut reader = Reader { bytes, at: 0, items: 0, limits };
    let value = reader.value(0)?;
    if reader.at < bytes.len() {
        return Err(CborError::Trailing(reader.at));
    }
    Ok(value)
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Uint(n) => head(0, *n, out),
        Value::Nint(n) => head(1, *n, out),
        Value::Bytes(bytes) => {
            head(2, bytes.len() as u64, out);
            out.extend_from_slice(bytes);
        }
        Value::Text(text) => {
            head(3, text.len() as u64, out);
            out.extend_from_slice(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, items.len() as u64, out);
            items.iter().for_each(|item| write(item, out));
        }
        Value::Map(entries) => {
            head(5, entries.len() as u64, out);
            let mut sorted: Vec<&(Value, Value)> = entries.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| key_order(left, right));
            for (key, value) in sorted {
                write(key, out);
                write(value, out);
            }
        }
        Value::Tag(tag, inner) => {
            head(6, *tag, out);
            write(inner, out);
        }
        Value::Bool(false) => out.push(0xf4),
        Value::Bool(true) => out.push(0xf5),
        Value::Null => out.push(0xf6),
    }
}

/// The bytewise order of two keys' encodings. Of texts, which nearly all keys are, the shorter comes first, because a
/// length is written before its bytes: no encoding need be made to know it.
fn key_order(left: &Value, right: &Value) -> std::cmp::Ordering {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => {
            left.len().cmp(&right.len()).then_with(|| left.as_bytes().cmp(right.as_bytes()))
        }
        _ => encode(left).cmp(&encode(right)),
    }
}

fn head(major: u8, n: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    match n {
        0..=23 => out.push(major | n as u8),
        24..=0xff => out.extend_from_slice(&[major | 24, n as u8]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&(n as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&(n as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&n.to_be_bytes());
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    items: usize,
    limits: Limits,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value, CborError> {
        self.items += 1;
        if self.items > self.limits.items_max {
            return Err(CborError::TooMany(self.limits.items_max));
        }
        let start = self.at;
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 0x1f);
        if major == 7 {
            return simple(info, start);
        }
        let n = self.argument(info, start)?;
        if major >= 4 && depth >= self.limits.depth_max {
            return Err(CborError::TooDeep(self.limits.depth_max));
        }
        match major {
            0 => Ok(Value::Uint(n)),
            1 => Ok(Value::Nint(n)),
            2 => Ok(Value::Bytes(self.take_claimed(n)?.to_vec())),
            3 => self.text(n, start),
            4 => self.array(n, depth),
            5 => self.map(n, depth),
            _ => Ok(Value::Tag(n, Box::new(self.value(depth + 1)?))),
        }
    }

    fn text(&mut self, n: u64, start: usize) -> Result<Value, CborError> {
        let text = std::str::from_utf8(self.take_claimed(n)?).map_err(|_| CborError::NotUtf8(start))?;
        if !text.is_ascii() && !is_nfc(text) {
            return Err(CborError::NotNfc(start));
        }
        Ok(Value::Text(text.to_owned()))
    }

    fn array(&mut self, n: u64, depth: usize) -> Result<Value, CborError> {
        self.claim(n)?;
        let mut items = Vec::new();
        for _ in 0..n {
            items.push(self.value(depth + 1)?);
        }
        Ok(Value::Array(items))
    }

    fn map(&mut self, n: u64, depth: usize) -> Result<Value, CborError> {
        self.claim(n)?;
        let mut entries = Vec::new();
        let mut before: &[u8] = &[];
        for _ in 0..n {
            let start = self.at;
            let key = self.value(depth + 1)?;
            let encoded = &self.bytes[start..self.at];
            // A key is never empty, so the first one always passes.
            if encoded <= before {
                return Err(CborError::KeyOrder(start));
            }
            before = encoded;
            entries.push((key, self.value(depth + 1)?));
        }
        Ok(Value::Map(entries))
    }

    fn argument(&mut self, info: u8, start: usize) -> Result<u64, CborError> {
        let (n, least) = match info {
            0..=23 => return Ok(u64::from(info)),
            24 => (self.uint(1)?, 24),
            25 => (self.uint(2)?, 0x100),
            26 => (self.uint(4)?, 0x1_0000),
            27 => (self.uint(8)?, 0x1_0000_0000),
            31 => return Err(CborError::Indefinite(start)),
            _ => return Err(CborError::Unsupported(start)),
        };
        if n < least { Err(CborError::NotMinimal(start)) } else { Ok(n) }
    }

    fn uint(&mut self, width: usize) -> Result<u64, CborError> {
        Ok(self.take(width)?.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)))
    }

    /// Refuses a count that the rest of the input cannot hold: every item takes at least one byte.
    fn claim(&self, n: u64) -> Result<(), CborError> {
        if n > (self.bytes.len() - self.at) as u64 { Err(CborError::Truncated) } else { Ok(()) }
    }

    fn take_claimed(&mut self, n: u64) -> Result<&'a [u8], CborError> {
        self.claim(n)?;
        self.take(n as usize)
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], CborError> {
        let end = self.at.checked_add(n).ok_or(CborError::Truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(CborError::Truncated)?;
        self.at = end;
        Ok(taken)
    }
}

fn simple(info: u8, start: usize) -> Result<Value, CborError> {
    match info {
        20 => Ok(Value::Bool(false)),
        21 => Ok(Value::Bool(true)),
        22 => Ok(Value::Null),
        31 => Err(CborError::Indefinite(start)),
        _ => Err(CborError::Unsupported(start)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], want: Result<(), CborError>) {
        let got = decode(bytes, Limits::bytes(1 << 20));
        match (got, want) {
            (Ok(value), Ok(())) => assert_eq!(encode(&value), bytes),
            (got, want) => assert_eq!(got.map(|_| ()), want, "{bytes:02x?}"),
        }
    }

    #[test]
    fn one_form_only() {
        check(&[0x18, 0x17], Err(CborError::NotMinimal(0)));
        check(&[0x19, 0x00, 0xff], Err(CborError::NotMinimal(0)));
        check(&[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], Err(CborError::NotMinimal(0)));
        check(&[0x58, 0x01, 0x00], Err(CborError::NotMinimal(0)));
        check(&[0x9f, 0xff], Err(CborError::Indefinite(0)));
        check(&[0x7f, 0xff], Err(CborError::Indefinite(0)));
        check(&[0xff], Err(CborError::Indefinite(0)));
        check(&[0xa2, 0x02, 0x00, 0x01, 0x00], Err(CborError::KeyOrder(3)));
        check(&[0xa2, 0x01, 0x00, 0x01, 0x00], Err(CborError::KeyOrder(3)));
        check(&[0xa2, 0x01, 0x00, 0x02, 0x00], Ok(()));
        check(&[0xf9, 0x3c, 0x00], Err(CborError::Unsupported(0)));
        check(&[0xf7], Err(CborError::Unsupported(0)));
        check(&[0x1c], Err(CborError::Unsupported(0)));
        check(&[0x00, 0x00], Err(CborError::Trailing(1)));
        check(&[], Err(CborError::Truncated));
        check(&[0x61, 0xff], Err(CborError::NotUtf8(0)));
        check(&[0x63, 0x65, 0xcc, 0x81], Err(CborError::NotNfc(0)));
        check(&[0x62, 0xc3, 0xa9], Ok(()));
    }

    #[test]
    fn lying_lengths_and_deep_nesting_cost_nothing() {
        check(&[0x5b, 0x40, 0, 0, 0, 0, 0, 0, 0], Err(CborError::Truncated));
        check(&[0x9b, 0, 0, 1, 0, 0, 0, 0, 0], Err(CborError::Truncated));
        check(&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Err(CborError::Truncated));
        check(&[0x81; 1_000_000], Err(CborError::TooDeep(DEPTH_MAX)));
        check(&[0xc1; 1_000_000], Err(CborError::TooDeep(DEPTH_MAX)));
        let mut many = vec![0x9a, 0x00, 0x08, 0x00, 0x00];
        many.resize(5 + 0x8_0000, 0x00);
        check(&many, Err(CborError::TooMany(ITEMS_MAX)));
        assert_eq!(decode(&[0; 5], Limits::bytes(4)), Err(CborError::Oversized { limit_max: 4 }));
    }
}
