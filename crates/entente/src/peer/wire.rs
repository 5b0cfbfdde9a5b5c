//! The bodies of calls between nodes: strict deterministic CBOR, each with its limit.
//!
//! Owns their form at both ends. Must not know what an envelope, a chunk or a log entry says (wire.md §5.3).

use domain::ids::Hash32;
use ledger::blob::AttachmentRef;
use ledger::cbor::{self, Limits, Value};
use node::{ENVELOPES_MAX, Page, RETURNED_BYTES_MAX, Returned};

/// Largest batch, in bytes: four envelopes of the largest size, or 256 of the usual.
pub const BATCH_BYTES_MAX: usize = 4 << 20;
/// Largest chunk list, in bytes: the largest attachment in mebibytes needs a sixth of it.
pub const LIST_BYTES_MAX: usize = 1 << 20;
/// Largest chunk, in bytes: what the ledger cuts at.
pub const CHUNK_BYTES_MAX: usize = ledger::blob::CHUNK_BYTES as usize;
/// Largest page of a log, in bytes: 1,024 leaves of at most 256 bytes with their heads, and a checkpoint, twice over.
pub const PAGE_BYTES_MAX: usize = 1 << 20;
/// Largest cosignature or heartbeat, in bytes: a note with its signatures.
pub const NOTE_BYTES_MAX: usize = 32 << 10;
/// A body that is not what it should be, by the field that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is malformed: {0}")]
pub struct Malformed(pub &'static str);

/// What a node says of itself each minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heartbeat {
    /// Its clock, in Unix milliseconds.
    pub at_ms: u64,
    /// How many entries its log with the other has.
    pub log_size: u64,
    /// How many envelopes it takes in one batch.
    pub envelopes_max: u64,
    /// How many bytes it takes in one batch.
    pub batch_bytes_max: u64,
}

/// A list of byte strings: the envelopes of a batch, the entries of a log.
#[must_use]
pub fn pack(items: &[Vec<u8>]) -> Vec<u8> {
    cbor::encode(&Value::Array(items.iter().cloned().map(Value::Bytes).collect()))
}

/// Reads a list of byte strings.
///
/// # Errors
/// [`Malformed`] unless it is one, within the limits.
pub fn unpack(body: &[u8], bytes_max: usize, count_max: usize) -> Result<Vec<Vec<u8>>, Malformed> {
    let Ok(Value::Array(items)) = cbor::decode(body, Limits::bytes(bytes_max)) else { return Err(Malformed("list")) };
    if items.len() > count_max {
        return Err(Malformed("count"));
    }
    strings(items)
}

/// Whether another envelope fits a batch that holds `count` of `bytes` together.
#[must_use]
pub fn fits(count: usize, bytes: usize, next: usize) -> bool {
    // Each item's head is at most five bytes, the list's three.
    let heads = 5 * (count + 1) + 3;
    count < ENVELOPES_MAX && bytes + next + heads <= BATCH_BYTES_MAX
}

/// The chunk list of an attachment: `[size, chunk_bytes, hashes joined]`.
#[must_use]
pub fn pack_list(attachment: &AttachmentRef, hashes: &[[u8; 32]]) -> Vec<u8> {
    let fields =
        [Value::Uint(attachment.size), Value::Uint(u64::from(attachment.chunk_bytes)), Value::Bytes(hashes.concat())];
    cbor::encode(&Value::Array(fields.to_vec()))
}

/// Reads a chunk list for the attachment of this root.
///
/// # Errors
/// [`Malformed`]; whether the hashes make the root is for the clerk to check.
pub fn unpack_list(root: &Hash32, body: &[u8]) -> Result<(AttachmentRef, Vec<[u8; 32]>), Malformed> {
    let [Value::Uint(size), Value::Uint(chunk_bytes), Value::Bytes(joined)] = fields(body, LIST_BYTES_MAX)? else {
        return Err(Malformed("list"));
    };
    let chunk_bytes = u32::try_from(chunk_bytes).map_err(|_| Malformed("chunk_bytes"))?;
    let (hashes, rest) = joined.as_chunks::<32>();
    let attachment = AttachmentRef { root: root.0, size, chunk_bytes };
    if !rest.is_empty() || attachment.check().is_err() || attachment.chunks() != hashes.len() as u64 {
        return Err(Malformed("hashes"));
    }
    Ok((attachment, hashes.to_vec()))
}

/// A page of a log: `[checkpoint, from, [entry, …]]`, `from` being the index of the first entry.
#[must_use]
pub fn pack_page(page: &Page) -> Vec<u8> {
    let entries = page.entries.iter().cloned().map(Value::Bytes).collect();
    cbor::encode(&Value::Array(vec![
        Value::Bytes(page.checkpoint.clone()),
        Value::Uint(page.from),
        Value::Array(entries),
    ]))
}

/// Reads a page of a log.
///
/// # Errors
/// [`Malformed`] unless it is one, within the limits.
pub fn unpack_page(body: &[u8]) -> Result<Page, Malformed> {
    let [Value::Bytes(checkpoint), Value::Uint(from), Value::Array(items)] = fields(body, PAGE_BYTES_MAX)? else {
        return Err(Malformed("page"));
    };
    Ok(Page { checkpoint, from, entries: strings(items)? })
}

/// A message given back: `[envelope / null, receipt given / null, receipt got / null]`.
#[must_use]
pub fn pack_returned(returned: &Returned) -> Vec<u8> {
    let part = |bytes: &Option<Vec<u8>>| bytes.clone().map_or(Value::Null, Value::Bytes);
    let parts = [&returned.envelope, &returned.given, &returned.got].map(part);
    cbor::encode(&Value::Array(parts.to_vec()))
}

/// Reads a message given back.
///
/// # Errors
/// [`Malformed`] unless it is one, within the limits.
pub fn unpack_returned(body: &[u8]) -> Result<Returned, Malformed> {
    let part = |value| match value {
        Value::Null => Ok(None),
        Value::Bytes(bytes) => Ok(Some(bytes)),
        _ => Err(Malformed("part")),
    };
    let [envelope, given, got] = fields(body, RETURNED_BYTES_MAX)?;
    Ok(Returned { envelope: part(envelope)?, given: part(given)?, got: part(got)? })
}

/// Which chunks are there, as bits: chunk 0 is the highest bit of the first byte.
#[must_use]
pub fn pack_bits(have: &[u64]) -> Vec<u8> {
    let mut bits = Vec::new();
    for index in have {
        let Ok(byte) = usize::try_from(index / 8) else { continue };
        if byte >= LIST_BYTES_MAX {
            continue;
        }
        if bits.len() <= byte {
            bits.resize(byte + 1, 0u8);
        }
        bits[byte] |= 0x80 >> (index % 8);
    }
    bits
}

/// Whether a chunk is among the bits.
#[must_use]
pub fn has_bit(bits: &[u8], index: u64) -> bool {
    let byte = usize::try_from(index / 8).ok().and_then(|at| bits.get(at));
    byte.is_some_and(|byte| byte & (0x80 >> (index % 8)) != 0)
}

/// A list of numbers: the heartbeat, the frontier.
#[must_use]
pub fn pack_numbers(numbers: &[u64]) -> Vec<u8> {
    cbor::encode(&Value::Array(numbers.iter().copied().map(Value::Uint).collect()))
}

impl Heartbeat {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        pack_numbers(&[self.at_ms, self.log_size, self.envelopes_max, self.batch_bytes_max])
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        match fields(body, NOTE_BYTES_MAX)? {
            [Value::Uint(at_ms), Value::Uint(log_size), Value::Uint(envelopes_max), Value::Uint(batch_bytes_max)] => {
                Ok(Self { at_ms, log_size, envelopes_max, batch_bytes_max })
            }
            _ => Err(Malformed("heartbeat")),
        }
    }
}

fn fields<const N: usize>(body: &[u8], bytes_max: usize) -> Result<[Value; N], Malformed> {
    match cbor::decode(body, Limits::bytes(bytes_max)) {
        Ok(Value::Array(items)) => items.try_into().map_err(|_| Malformed("fields")),
        _ => Err(Malformed("list")),
    }
}

fn strings(items: Vec<Value>) -> Result<Vec<Vec<u8>>, Malformed> {
    let bytes = |item| match item {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(Malformed("item")),
    };
    items.into_iter().map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_read_back_and_lies_are_refused() {
        let items = vec![vec![1, 2], vec![], vec![3; 300]];
        assert_eq!(unpack(&pack(&items), BATCH_BYTES_MAX, 3), Ok(items.clone()));
        assert_eq!(unpack(&pack(&items), BATCH_BYTES_MAX, 2), Err(Malformed("count")));
        assert_eq!(unpack(&pack(&items), 10, 3), Err(Malformed("list")));
        assert_eq!(unpack(b"\x81\x01", 10, 3), Err(Malformed("item")));
        // A list that claims 2^32 items and holds none.
        assert_eq!(unpack(b"\x9b\x00\x00\x00\x01\x00\x00\x00\x00", 64, 256), Err(Malformed("list")));

        let beat = Heartbeat { at_ms: 1, log_size: 2, envelopes_max: 3, batch_bytes_max: 4 };
        assert_eq!(Heartbeat::decode(&beat.encode()), Ok(beat));
        assert_eq!(Heartbeat::decode(b"\x80"), Err(Malformed("fields")));

        let back = Returned { envelope: Some(vec![1]), given: None, got: Some(vec![]) };
        assert_eq!(unpack_returned(&pack_returned(&back)), Ok(back));
        assert_eq!(unpack_returned(b"\x83\xf6\xf6\x01"), Err(Malformed("part")));
        assert_eq!(unpack_returned(b"\x82\xf6\xf6"), Err(Malformed("fields")));
        assert_eq!(unpack_returned(&vec![0x83; RETURNED_BYTES_MAX + 1]), Err(Malformed("list")));

        let attachment = AttachmentRef { root: [7; 32], size: 5000, chunk_bytes: 4096 };
        let hashes = vec![[1; 32], [2; 32]];
        let list = pack_list(&attachment, &hashes);
        assert_eq!(unpack_list(&Hash32([7; 32]), &list), Ok((attachment, hashes)));
        let short = pack_list(&attachment, &[[1; 32]]);
        assert_eq!(unpack_list(&Hash32([7; 32]), &short), Err(Malformed("hashes")));
    }

    #[test]
    fn bits_say_which_chunks_are_there() {
        fn check(have: &[u64], bits: &[u8]) {
            assert_eq!(pack_bits(have), bits);
            for index in 0..32 {
                assert_eq!(has_bit(bits, index), have.contains(&index), "{index}");
            }
        }
        check(&[], &[]);
        check(&[0], &[0x80]);
        check(&[7, 8, 17], &[0x01, 0x80, 0x40]);
        assert!(!has_bit(&[0xff], u64::MAX));
        assert_eq!(pack_bits(&[u64::MAX]), Vec::<u8>::new());
    }

    #[test]
    fn what_fits_a_batch_is_within_its_limit() {
        let one = vec![0u8; 1 << 20];
        assert!(fits(2, 2 << 20, one.len()));
        assert!(pack(&vec![one.clone(); 3]).len() <= BATCH_BYTES_MAX);
        assert!(!fits(3, 3 << 20, one.len()));
        assert!(!fits(ENVELOPES_MAX, 0, 1));
    }
}
