//! Labels: whom to ask about a hit, readable only to whoever holds the value of the very key.
//!
//! Owns sealing and opening. Must not know what the words are, beyond their number; a label is a contact desk and a
//! reference, never a fact about the person.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce, Tag};
use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::Zeroizing;

use super::epoch::Epoch;
use super::{Refused, Scope};
use crate::oprf::Output;

/// Bytes of a label's words with their padding and their length: all labels are equally long.
const PADDED_BYTES: usize = 36;
/// Bytes of the words, at most.
pub const LABEL_BYTES_MAX: usize = PADDED_BYTES - 1;
/// Bytes of a sealed label: nonce, words, tag.
pub const SEALED_BYTES: usize = 12 + PADDED_BYTES + 16;

/// A desk and a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(String);

/// A sealed label; uniform bytes to anybody without the value.
pub type Sealed = [u8; SEALED_BYTES];

impl Label {
    /// A label of these words.
    ///
    /// # Errors
    /// [`Refused::Word`].
    pub fn new(words: &str) -> Result<Self, Refused> {
        let fits = !words.is_empty() && words.len() <= LABEL_BYTES_MAX;
        if fits { Ok(Self(words.to_owned())) } else { Err(Refused::Word("label")) }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.0
    }

    /// Seals under the value of a key. The same value, words and epoch give the same bytes, other words other nonces.
    pub(super) fn seal(&self, epoch: &Epoch, value: &Output) -> Sealed {
        let mut padded = [0; PADDED_BYTES];
        padded[0] = u8::try_from(self.0.len()).unwrap_or(u8::MAX);
        padded[1..=self.0.len()].copy_from_slice(self.0.as_bytes());
        let nonce = epoch.seal_nonce(value.bytes(), &padded);
        let tag = cipher(value)
            .encrypt_inout_detached(&Nonce::from(nonce), epoch.scope().digest(), padded.as_mut_slice().into())
            .expect("36 bytes are within what the cipher takes");
        let mut sealed = [0; SEALED_BYTES];
        sealed[..12].copy_from_slice(&nonce);
        sealed[12..12 + PADDED_BYTES].copy_from_slice(&padded);
        sealed[12 + PADDED_BYTES..].copy_from_slice(&tag);
        sealed
    }

    /// Opens what the value seals; none if it is not sealed under this value in this scope.
    #[must_use]
    pub fn open(sealed: &Sealed, scope: &Scope, value: &Output) -> Option<Self> {
        let (nonce, rest) = sealed.split_first_chunk::<12>()?;
        let (words, tag) = rest.split_last_chunk::<16>()?;
        let mut padded: [u8; PADDED_BYTES] = words.try_into().ok()?;
        cipher(value)
            .decrypt_inout_detached(
                &Nonce::from(*nonce),
                scope.digest(),
                padded.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .ok()?;
        let words = padded.get(1..1 + usize::from(padded[0]))?;
        Self::new(std::str::from_utf8(words).ok()?).ok()
    }
}

fn cipher(value: &Output) -> ChaCha20Poly1305 {
    let hkdf = Hkdf::<Sha512>::from_prk(value.bytes()).expect("a value is as long as the hash");
    let mut key = Zeroizing::new([0; 32]);
    hkdf.expand(b"entente/psi/label/v1", key.as_mut_slice()).expect("32 bytes are fewer than 255 times 64");
    ChaCha20Poly1305::new(&(*key).into())
}
