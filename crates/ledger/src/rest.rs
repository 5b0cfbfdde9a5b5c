//! Sealing at rest: secrets and bodies in the node's own store, and keys derived from one secret. It owns the format
//! `1 ‖ nonce ‖ ciphertext ‖ tag`; it must not know what is stored nor where keys come from.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

const VERSION: u8 = 1;

/// Why stored bytes cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RestFault {
    /// The library refused, as it does above 64 GiB.
    #[error("sealing at rest failed: the content is too large for one record")]
    Seal,
    /// The bytes are not of this format.
    #[error("stored record is not of a known format: restore it from a backup")]
    Format,
    /// Wrong key, wrong place or altered bytes.
    #[error("stored record does not open: it was altered or moved, or the key is wrong")]
    Open,
}

/// Seals `plaintext` under `key` and binds it to its place `aad` (table, row …). AES-256-GCM with a random 96-bit
/// nonce: rotate the key before 2^32 records (NIST SP 800-38D §8.3).
///
/// # Errors
/// [`RestFault::Seal`].
pub fn wrap(key: &[u8; 32], aad: &[u8], plaintext: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, RestFault> {
    let mut nonce = [0; NONCE_LEN];
    rng.fill_bytes(&mut nonce);
    let mut sealed = plaintext.to_vec();
    cipher(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut sealed)
        .map_err(|_| RestFault::Seal)?;
    Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
}

/// Opens what [`wrap`] sealed under the same key and place.
///
/// # Errors
/// [`RestFault::Format`] or [`RestFault::Open`].
pub fn unwrap(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, RestFault> {
    let Some((&[VERSION], rest)) = sealed.split_first_chunk::<1>() else { return Err(RestFault::Format) };
    let Some((nonce, ciphertext)) = rest.split_first_chunk::<NONCE_LEN>() else { return Err(RestFault::Format) };
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    let length = cipher(key)
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut plain)
        .map_err(|_| RestFault::Open)?
        .len();
    plain.truncate(length);
    Ok(plain)
}

/// A key derived from `secret` for the purpose `label` (HKDF-SHA256, RFC 5869, empty salt).
pub fn derive(secret: &[u8; 32], label: &str) -> [u8; 32] {
    let mut out = [0; 32];
    Salt::new(HKDF_SHA256, &[])
        .extract(secret)
        .expand(&[label.as_bytes()], HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut out))
        .expect("32 bytes are one SHA-256 block, well below the HKDF limit of 255");
    out
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("a key of 32 bytes is an AES-256 key"))
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn opens_only_in_its_place() {
        let key = derive(&[3; 32], "bodies");
        assert_ne!(key, derive(&[3; 32], "seeds"));
        let sealed = wrap(&key, b"row 1", b"secret", &mut ChaCha20Rng::from_seed([5; 32])).expect("seals");
        assert_eq!(unwrap(&key, b"row 1", &sealed).expect("opens").as_slice(), b"secret");
        let check = |key: &[u8; 32], aad: &[u8], sealed: &[u8], want| {
            assert_eq!(unwrap(key, aad, sealed).map(|_| ()), Err(want));
        };
        check(&key, b"row 2", &sealed, RestFault::Open);
        check(&[0; 32], b"row 1", &sealed, RestFault::Open);
        check(&key, b"row 1", &sealed[..12], RestFault::Format);
        check(&key, b"row 1", &[], RestFault::Format);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            unwrap(&key, b"row 1", &altered).expect_err("an altered record");
        }
    }
}
