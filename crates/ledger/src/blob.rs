//! Attachments: ciphertext in chunks, each sealed and provable alone, in constant memory. It owns the STREAM nonces and
//! the chunk tree; it must not know where chunks lie or which act they belong to.
//!
//! A chunk of ciphertext is `chunk_bytes` long (the last may be shorter) and ends in its 16-byte tag. The tree is
//! RFC 6962 over the ciphertext chunks, so anyone can check a chunk on arrival without a key.

use std::convert::Infallible;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Misbehaved;
use crate::tree::{Frontier, Hash, leaf_hash, verify_inclusion};

/// The usual chunk, in bytes of ciphertext: large enough to be cheap, small enough to hold in memory and to resend.
pub const CHUNK_BYTES: u32 = 1 << 20;
/// The smallest chunk allowed: below it the tree costs more than the content.
pub const CHUNK_BYTES_MIN: u32 = 4096;
/// The largest attachment, in bytes of ciphertext: a phone image fits, a peer cannot fill a disk with one act.
pub const BLOB_BYTES_MAX: u64 = 5 << 30;

const TAG_BYTES: u32 = 16;
const PREFIX_BYTES: usize = 7;

/// An attachment as the signed header names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttachmentRef {
    /// Root of the chunk tree.
    pub root: Hash,
    /// All ciphertext, in bytes.
    pub size: u64,
    /// One chunk of ciphertext, in bytes.
    pub chunk_bytes: u32,
}

impl AttachmentRef {
    /// Demands sizes within the limits.
    ///
    /// # Errors
    /// [`Misbehaved::Oversized`] above [`BLOB_BYTES_MAX`]; [`Misbehaved::Malformed`] for an impossible size.
    pub fn check(&self) -> Result<(), Misbehaved> {
        let malformed = |field| Err(Misbehaved::Malformed { what: "attachment", field });
        if self.size > BLOB_BYTES_MAX {
            return Err(Misbehaved::Oversized { what: "attachment", limit_max: BLOB_BYTES_MAX });
        }
        if !(CHUNK_BYTES_MIN..=CHUNK_BYTES).contains(&self.chunk_bytes) {
            return malformed("chunk_bytes");
        }
        // Every chunk, the last too, holds at least its tag.
        let last = self.size % u64::from(self.chunk_bytes);
        if self.size == 0 || (last != 0 && last < u64::from(TAG_BYTES)) { malformed("size") } else { Ok(()) }
    }

    /// How many chunks there are.
    pub fn chunks(&self) -> u64 {
        self.size.div_ceil(u64::from(self.chunk_bytes.max(1)))
    }

    /// Length of chunk `index`, in bytes of ciphertext; `None` beyond the last.
    pub fn chunk_len(&self, index: u64) -> Option<u64> {
        let start = index.checked_mul(u64::from(self.chunk_bytes))?;
        let left = self.size.checked_sub(start).filter(|left| *left > 0)?;
        Some(left.min(u64::from(self.chunk_bytes)))
    }
}

/// The secret of one attachment: it travels inside the sealed body and is never used for a second attachment.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct BlobKey {
    key: [u8; 32],
    prefix: [u8; PREFIX_BYTES],
}

impl BlobKey {
    /// Length of [`BlobKey::to_bytes`].
    pub const BYTES: usize = 32 + PREFIX_BYTES;

    /// A fresh key.
    pub fn generate(rng: &mut dyn CryptoRng) -> BlobKey {
        let mut bytes = [0; BlobKey::BYTES];
        rng.fill_bytes(&mut bytes);
        let key = BlobKey::from_bytes(&bytes);
        bytes.zeroize();
        key
    }

    /// The key carried in a body.
    pub fn from_bytes(bytes: &[u8; BlobKey::BYTES]) -> BlobKey {
        let (mut key, mut prefix) = ([0; 32], [0; PREFIX_BYTES]);
        key.copy_from_slice(&bytes[..32]);
        prefix.copy_from_slice(&bytes[32..]);
        BlobKey { key, prefix }
    }

    /// The form carried in a body.
    pub fn to_bytes(&self) -> [u8; BlobKey::BYTES] {
        let mut bytes = [0; BlobKey::BYTES];
        bytes[..32].copy_from_slice(&self.key);
        bytes[32..].copy_from_slice(&self.prefix);
        bytes
    }

    fn cipher(&self) -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.key).expect("a key of 32 bytes is an AES-256 key"))
    }

    /// STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): prefix ‖ counter ‖ last. Chunks cannot be moved or cut off.
    fn nonce(&self, counter: u32, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[..PREFIX_BYTES].copy_from_slice(&self.prefix);
        nonce[PREFIX_BYTES..11].copy_from_slice(&counter.to_be_bytes());
        nonce[11] = u8::from(last);
        Nonce::assume_unique_for_key(nonce)
    }
}

impl std::fmt::Debug for BlobKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("BlobKey(..)")
    }
}

/// Why an own attachment cannot be sealed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BlobFault {
    /// More than [`BLOB_BYTES_MAX`].
    #[error("attachment exceeds {BLOB_BYTES_MAX} bytes: split it or send it by hand")]
    TooLarge,
    /// A chunk that is not the last is not full, or one follows the last.
    #[error("chunks must be full but for the last: give {0} bytes each")]
    Uneven(u32),
    /// The library failed.
    #[error("encryption of a chunk failed: try again")]
    Cipher,
}

/// Seals an attachment chunk by chunk.
pub struct ChunkSealer {
    key: BlobKey,
    cipher: LessSafeKey,
    chunk_bytes: u32,
    tree: Frontier,
    size: u64,
    ended: bool,
}

impl ChunkSealer {
    /// A sealer with ciphertext chunks of `chunk_bytes`, brought into [`CHUNK_BYTES_MIN`]..=[`CHUNK_BYTES`].
    pub fn new(key: &BlobKey, chunk_bytes: u32) -> ChunkSealer {
        let chunk_bytes = chunk_bytes.clamp(CHUNK_BYTES_MIN, CHUNK_BYTES);
        ChunkSealer {
            cipher: key.cipher(),
            key: key.clone(),
            chunk_bytes,
            tree: Frontier::new(),
            size: 0,
            ended: false,
        }
    }

    /// Bytes of plaintext that fill a chunk.
    pub fn plain_bytes(&self) -> usize {
        (self.chunk_bytes - TAG_BYTES) as usize
    }

    /// Seals the next chunk: every one but the last is exactly [`ChunkSealer::plain_bytes`] long, the last may be
    /// shorter or empty.
    ///
    /// # Errors
    /// [`BlobFault`]; nothing is then counted.
    pub fn seal(&mut self, plaintext: &[u8], last: bool) -> Result<Vec<u8>, BlobFault> {
        let full = self.plain_bytes();
        let fits = if last { plaintext.len() <= full } else { plaintext.len() == full };
        if self.ended || !fits {
            return Err(BlobFault::Uneven(self.chunk_bytes - TAG_BYTES));
        }
        let size = self.size + plaintext.len() as u64 + u64::from(TAG_BYTES);
        let counter = u32::try_from(self.tree.size()).map_err(|_| BlobFault::TooLarge)?;
        if size > BLOB_BYTES_MAX {
            return Err(BlobFault::TooLarge);
        }
        let mut chunk = Vec::with_capacity(plaintext.len() + TAG_BYTES as usize);
        chunk.extend_from_slice(plaintext);
        self.cipher
            .seal_in_place_append_tag(self.key.nonce(counter, last), Aad::empty(), &mut chunk)
            .map_err(|_| BlobFault::Cipher)?;
        grow(&mut self.tree, &chunk);
        (self.size, self.ended) = (size, last);
        Ok(chunk)
    }

    /// The reference for the signed header.
    ///
    /// # Errors
    /// [`BlobFault::Uneven`] when no chunk was sealed as the last.
    pub fn finish(self) -> Result<AttachmentRef, BlobFault> {
        if !self.ended {
            return Err(BlobFault::Uneven(self.chunk_bytes - TAG_BYTES));
        }
        Ok(AttachmentRef { root: self.tree.root(), size: self.size, chunk_bytes: self.chunk_bytes })
    }
}

/// Opens an attachment chunk by chunk, in order.
pub struct ChunkOpener {
    key: BlobKey,
    cipher: LessSafeKey,
    attachment: AttachmentRef,
    tree: Frontier,
}

impl ChunkOpener {
    /// An opener of the attachment named in a verified header.
    ///
    /// # Errors
    /// As [`AttachmentRef::check`].
    pub fn new(key: &BlobKey, attachment: AttachmentRef) -> Result<ChunkOpener, Misbehaved> {
        attachment.check()?;
        Ok(ChunkOpener { cipher: key.cipher(), key: key.clone(), attachment, tree: Frontier::new() })
    }

    /// Opens the next chunk. Its content is authentic; that it is all of it, [`ChunkOpener::finish`] says.
    ///
    /// # Errors
    /// [`Misbehaved::WrongChunk`].
    pub fn open(&mut self, mut ciphertext: Vec<u8>) -> Result<Vec<u8>, Misbehaved> {
        let index = self.tree.size();
        let wrong = Misbehaved::WrongChunk(index);
        if self.attachment.chunk_len(index) != Some(ciphertext.len() as u64) {
            return Err(wrong);
        }
        let counter = u32::try_from(index).map_err(|_| wrong.clone())?;
        let nonce = self.key.nonce(counter, index + 1 == self.attachment.chunks());
        grow(&mut self.tree, &ciphertext);
        let plain = self.cipher.open_in_place(nonce, Aad::empty(), &mut ciphertext).map_err(|_| wrong)?.len();
        ciphertext.truncate(plain);
        Ok(ciphertext)
    }

    /// Demands that every chunk came and the root is the signed one.
    ///
    /// # Errors
    /// [`Misbehaved::Truncated`] or [`Misbehaved::WrongProof`].
    pub fn finish(self) -> Result<(), Misbehaved> {
        if self.tree.size() != self.attachment.chunks() {
            return Err(Misbehaved::Truncated("attachment"));
        }
        if self.tree.root() == self.attachment.root { Ok(()) } else { Err(Misbehaved::WrongProof("attachment")) }
    }
}

/// Checks a chunk of ciphertext on arrival, in any order, by its inclusion proof.
///
/// # Errors
/// [`Misbehaved::WrongChunk`].
pub fn verify_chunk(attachment: &AttachmentRef, index: u64, chunk: &[u8], proof: &[Hash]) -> Result<(), Misbehaved> {
    let wrong = || Misbehaved::WrongChunk(index);
    if attachment.chunk_len(index) != Some(chunk.len() as u64) {
        return Err(wrong());
    }
    verify_inclusion(index, attachment.chunks(), &leaf_hash(chunk), proof, &attachment.root).map_err(|_| wrong())
}

/// Checks the list of all chunk hashes (at most 160 KiB) against the signed root: each chunk is then checked by
/// comparing its [`leaf_hash`].
///
/// # Errors
/// [`Misbehaved::WrongProof`].
pub fn verify_list(attachment: &AttachmentRef, hashes: &[Hash]) -> Result<(), Misbehaved> {
    let mut tree = Frontier::new();
    if hashes.len() as u64 != attachment.chunks() {
        return Err(Misbehaved::WrongProof("attachment"));
    }
    hashes.iter().for_each(|hash| plant(&mut tree, *hash));
    if tree.root() == attachment.root { Ok(()) } else { Err(Misbehaved::WrongProof("attachment")) }
}

fn grow(tree: &mut Frontier, chunk: &[u8]) {
    plant(tree, leaf_hash(chunk));
}

fn plant(tree: &mut Frontier, hash: Hash) {
    let Ok(()) = tree.push(hash, &mut |_, _, _| Ok::<(), Infallible>(()));
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    fn sealed(plain_len: usize) -> (BlobKey, AttachmentRef, Vec<Vec<u8>>) {
        let key = BlobKey::generate(&mut ChaCha20Rng::from_seed([1; 32]));
        let mut sealer = ChunkSealer::new(&key, CHUNK_BYTES_MIN);
        let plain = vec![7u8; plain_len];
        let step = sealer.plain_bytes();
        let count = plain_len.div_ceil(step).max(1);
        let chunks = (0..count)
            .map(|at| sealer.seal(&plain[at * step..plain_len.min((at + 1) * step)], at + 1 == count).expect("seals"))
            .collect();
        (BlobKey::from_bytes(&key.to_bytes()), sealer.finish().expect("ended"), chunks)
    }

    fn open(key: &BlobKey, attachment: AttachmentRef, chunks: &[Vec<u8>]) -> Result<Vec<u8>, Misbehaved> {
        let mut opener = ChunkOpener::new(key, attachment)?;
        let mut plain = Vec::new();
        for chunk in chunks {
            plain.extend(opener.open(chunk.clone())?);
        }
        opener.finish().map(|()| plain)
    }

    #[test]
    fn round_trip_at_the_edges() {
        let step = (CHUNK_BYTES_MIN - TAG_BYTES) as usize;
        for len in [0, 1, step - 1, step, step + 1, 3 * step, 3 * step + 5] {
            let (key, attachment, chunks) = sealed(len);
            assert_eq!(attachment.chunks(), chunks.len() as u64);
            assert_eq!(open(&key, attachment, &chunks), Ok(vec![7; len]), "{len}");
            let hashes: Vec<Hash> = chunks.iter().map(|chunk| leaf_hash(chunk)).collect();
            assert_eq!(verify_list(&attachment, &hashes), Ok(()));
        }
    }

    #[test]
    fn moved_cut_and_altered_chunks_are_refused() {
        let (key, attachment, chunks) = sealed(12_000);
        let check = |chunks: &[Vec<u8>], code| {
            assert_eq!(open(&key, attachment, chunks).expect_err("refused").code(), code);
        };
        check(&chunks[..2], "truncated");
        check(&[chunks[1].clone(), chunks[0].clone(), chunks[2].clone()], "wrong-chunk");
        let mut altered = chunks.clone();
        altered[1][9] ^= 1;
        check(&altered, "wrong-chunk");
        let cut = AttachmentRef { size: 2 * u64::from(CHUNK_BYTES_MIN), ..attachment };
        assert_eq!(open(&key, cut, &chunks[..2]), Err(Misbehaved::WrongChunk(1)));
        let proof = [leaf_hash(&chunks[1]), leaf_hash(&chunks[2])];
        assert_eq!(verify_chunk(&attachment, 0, &chunks[0], &proof), Ok(()));
        assert_eq!(verify_chunk(&attachment, 1, &chunks[0], &proof), Err(Misbehaved::WrongChunk(1)));
        let huge = AttachmentRef { size: BLOB_BYTES_MAX + 1, ..attachment };
        assert_eq!(huge.check().expect_err("too large").code(), "oversized");
    }
}
