//! The secrets of one epoch, all from one seed, and what is left of them when it ends.
//!
//! Owns derivation and destruction. Must not know where the seed is kept, nor draw it: 32 bytes come in. Everything is
//! derived, so a run that was cut off begins again anywhere and makes the same bytes.

use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::tag::{NONCE_BYTES, Nonce};
use super::{Hash, Misbehaved, Scope, digest};
use crate::oprf::{Blind, Mapped, PublicKey, SecretKey};

/// What a side keeps secret in an epoch: the function's key, if it is the one that evaluates, and what decoys, blinds and
/// the nonces of labels are derived from. Wiped when dropped.
#[derive(ZeroizeOnDrop)]
pub struct Epoch {
    #[zeroize(skip)]
    scope: Scope,
    key: SecretKey,
    root: [u8; 64],
}

/// What the ledger keeps of an epoch's end. It is a statement of the side that signs it: nobody can prove to another that
/// bytes are nowhere any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destroyed {
    /// Of what scope.
    pub scope: Hash,
    /// Which key.
    pub key: PublicKey,
}

impl Epoch {
    /// The secrets of a scope from a fresh seed.
    ///
    /// # Errors
    /// [`Misbehaved::Function`], which one seed in 2^252 meets.
    pub fn derive(scope: Scope, seed: &[u8; 32]) -> Result<Self, Misbehaved> {
        let (_, hkdf) = Hkdf::<Sha512>::extract(Some(scope.digest()), seed);
        let mut derived = Zeroizing::new([0; 32]);
        let mut root = [0; 64];
        let fits = "HKDF gives up to 255 times 64 bytes";
        hkdf.expand(b"entente/psi/key/v1", derived.as_mut_slice()).expect(fits);
        hkdf.expand(b"entente/psi/base/v1", &mut root).expect(fits);
        let key = SecretKey::derive(&derived, scope.digest())?;
        Ok(Self { scope, key, root })
    }

    /// Of what scope.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The function's key.
    #[must_use]
    pub const fn key(&self) -> &SecretKey {
        &self.key
    }

    /// What is behind the decoy of a number. Numbers are the list's own, one for each entry and each place of padding, so
    /// a protected person's decoy and a place of padding are alike.
    #[must_use]
    pub fn nonce(&self, number: u64) -> Nonce {
        let mut nonce = Nonce([0; NONCE_BYTES]);
        nonce.0.copy_from_slice(&self.wide(b"decoy", number)[..NONCE_BYTES]);
        nonce
    }

    /// The blind of a number, for the side whose list is evaluated by the other (`holder_learns`).
    #[must_use]
    pub fn blind(&self, number: u64) -> Blind {
        // One in 2^252 is zero; the next label is another draw.
        [b"blind".as_slice(), b"blind again"]
            .iter()
            .find_map(|label| Blind::of_wide(&mut self.wide(label, number)))
            .expect("two independent draws are not both one in 2^252")
    }

    /// Twelve bytes for a label's seal that are the same only for the same value and words.
    pub(super) fn seal_nonce(&self, value: &[u8], words: &[u8]) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&digest("entente/psi/seal/v1", &[&self.root, value, words])[..12]);
        nonce
    }

    /// Bytes in the place of a label, for a decoy.
    pub(super) fn fill(&self, number: u64, out: &mut [u8]) {
        self.expand(b"fill", number, out);
    }

    /// Ends the epoch: the secrets are wiped, and what was is said.
    #[must_use]
    pub fn destroy(mut self) -> Destroyed {
        let destroyed = Destroyed { scope: *self.scope.digest(), key: self.key.public() };
        self.key.zeroize();
        self.root.zeroize();
        destroyed
    }

    fn wide(&self, label: &[u8], number: u64) -> Zeroizing<[u8; 64]> {
        let mut wide = Zeroizing::new([0; 64]);
        self.expand(label, number, wide.as_mut_slice());
        wide
    }

    fn expand(&self, label: &[u8], number: u64, out: &mut [u8]) {
        let hkdf = Hkdf::<Sha512>::from_prk(&self.root).expect("the root is as long as the hash");
        hkdf.expand_multi_info(&[label, &number.to_be_bytes()], out).expect("nobody asks for 255 times 64 bytes");
    }
}

impl Nonce {
    /// What a decoy maps to where a list is blinded and not tagged: uniform bytes no key is known for.
    #[must_use]
    pub fn mapped(&self) -> Mapped {
        let one = |half: u8| digest("entente/psi/decoy-element/v1", &[&self.0, &[half]]);
        let mut wide = [0; 64];
        wide[..32].copy_from_slice(&one(0));
        wide[32..].copy_from_slice(&one(1));
        Mapped::of_uniform(wide)
    }
}

impl std::fmt::Debug for Epoch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Epoch(secret)")
    }
}
