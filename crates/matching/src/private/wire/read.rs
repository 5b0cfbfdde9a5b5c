//! Reading bytes somebody else wrote.
//!
//! Owns the cursor. Must not know messages. Nothing is allocated for a count before the bytes of so many are seen to be
//! there.

use super::{Misbehaved, VERSION, WORD_BYTES_MAX, What};

/// The bytes still to be read.
pub(super) struct Read<'b>(&'b [u8]);

impl<'b> Read<'b> {
    /// Begins a message of that kind.
    pub(super) fn of(bytes: &'b [u8], what: What) -> Result<Self, Misbehaved> {
        let mut read = Self(bytes);
        let [version, kind] = read.take()?;
        if version != VERSION {
            return Err(Misbehaved::Malformed("version"));
        }
        if kind != what as u8 {
            return Err(Misbehaved::Malformed("kind of message"));
        }
        Ok(read)
    }

    /// So many bytes.
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], Misbehaved> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Misbehaved::Malformed("length"))?;
        self.0 = rest;
        Ok(*taken)
    }

    /// So many equal parts, of which there may be `most`.
    pub(super) fn many<const N: usize>(&mut self, wanted: u64, most: u64) -> Result<Vec<[u8; N]>, Misbehaved> {
        let all = usize::try_from(wanted).ok().filter(|_| wanted <= most).ok_or(Misbehaved::Size(wanted))?;
        let bytes = all.checked_mul(N).filter(|bytes| *bytes <= self.0.len()).ok_or(Misbehaved::Malformed("length"))?;
        let (taken, rest) = self.0.split_at(bytes);
        self.0 = rest;
        Ok(taken.as_chunks::<N>().0.to_vec())
    }

    /// A count, to be judged by whoever knows the limit.
    pub(super) fn count(&mut self) -> Result<u64, Misbehaved> {
        Ok(u64::from(u32::from_be_bytes(self.take()?)))
    }

    /// Bytes with their number before them.
    pub(super) fn bytes(&mut self, most: usize) -> Result<Vec<u8>, Misbehaved> {
        let length = usize::from(u16::from_be_bytes(self.take()?));
        if length > most {
            return Err(Misbehaved::Size(length as u64));
        }
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Misbehaved::Malformed("length"))?;
        self.0 = rest;
        Ok(taken.to_vec())
    }

    /// A word of a scope or matter.
    pub(super) fn word(&mut self) -> Result<String, Misbehaved> {
        let word = String::from_utf8(self.bytes(WORD_BYTES_MAX)?).map_err(|_| Misbehaved::Malformed("text"))?;
        if word.is_empty() { Err(Misbehaved::Malformed("text")) } else { Ok(word) }
    }

    /// That nothing follows.
    pub(super) fn end(self) -> Result<(), Misbehaved> {
        if self.0.is_empty() { Ok(()) } else { Err(Misbehaved::Malformed("more than a message")) }
    }
}

/// Bytes with their number before them; nothing longer than a word or a key's content is written so.
pub(super) fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// A count; no message has 2^32 of anything.
pub(super) fn count(many: usize) -> [u8; 4] {
    u32::try_from(many).unwrap_or(u32::MAX).to_be_bytes()
}
