//! Signing and sealing keys. It owns suites, key identifiers and strict verification; it must not know key sets,
//! validity or revocation, which are the node's, nor where seeds are kept.

mod seal;

use aws_lc_rs::signature::{self, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use zeroize::Zeroize;

pub use seal::{SEAL_ENC_BYTES, SEAL_PUBLIC_BYTES, SealKey, SealPublic};

use crate::hash::sha256;
use crate::{Misbehaved, canon};

/// First 8 bytes of SHA-256 over the public key: names a key, proves nothing.
pub type KeyId = [u8; 8];

/// A signature suite. The instrument fixes which a party uses; nothing is negotiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suite {
    /// Ed25519 (RFC 8032), COSE algorithm -19 (RFC 9864).
    Ed25519,
}

impl Suite {
    /// The COSE algorithm identifier.
    pub const fn cose_alg(self) -> i64 {
        match self {
            Suite::Ed25519 => -19,
        }
    }

    /// The suite of a COSE algorithm identifier.
    ///
    /// # Errors
    /// [`Misbehaved::UnknownSuite`].
    pub fn from_cose_alg(alg: i64) -> Result<Suite, Misbehaved> {
        if alg == Suite::Ed25519.cose_alg() { Ok(Suite::Ed25519) } else { Err(Misbehaved::UnknownSuite(alg)) }
    }
}

/// A key could not sign or seal: the device or the library failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("signing with key {key} failed: check the key device, then try again")]
pub struct SignFault {
    /// The key, in hexadecimal.
    pub key: String,
}

/// Whatever holds a private signing key: in memory here, in a device elsewhere.
pub trait Signer {
    /// Names the key.
    fn key_id(&self) -> KeyId;
    /// The suite it signs with.
    fn suite(&self) -> Suite;
    /// Signs `message` whole (hashing is the suite's own affair).
    ///
    /// # Errors
    /// When the key cannot be used now.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFault>;
}

/// An Ed25519 private key in memory.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key of an RFC 8032 seed. The seed is wiped; the library wipes its own copy on drop.
    pub fn from_seed(mut seed: [u8; 32]) -> SigningKey {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed of 32 bytes is always an Ed25519 key");
        seed.zeroize();
        let mut bytes = [0; 32];
        bytes.copy_from_slice(pair.public_key().as_ref());
        SigningKey { pair, public: VerifyingKey { bytes } }
    }

    /// Its public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.public
    }
}

impl Signer for SigningKey {
    fn key_id(&self) -> KeyId {
        self.public.id()
    }

    fn suite(&self) -> Suite {
        Suite::Ed25519
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFault> {
        let signature = self.pair.try_sign(message).map_err(|_| SignFault { key: key_hex(&self.public.id()) })?;
        Ok(signature.as_ref().to_vec())
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SigningKey({})", key_hex(&self.public.id()))
    }
}

/// An Ed25519 public key: canonical and not of small order. Serde: a byte string of 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VerifyingKey {
    bytes: [u8; 32],
}

impl VerifyingKey {
    /// Takes in a public key.
    ///
    /// # Errors
    /// [`Misbehaved::BadKey`] when it is not canonical (RFC 8032 §5.1.3) or of small order: under such a key anyone
    /// can make signatures that verify, and its owner could disown his.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<VerifyingKey, Misbehaved> {
        let mut unsigned = bytes;
        unsigned[31] &= 0x7f;
        let above_p = unsigned[31] == 0x7f && unsigned[1..31].iter().all(|byte| *byte == 0xff) && unsigned[0] >= 0xed;
        if above_p || SMALL_ORDER.contains(&unsigned) {
            return Err(Misbehaved::BadKey("signing"));
        }
        Ok(VerifyingKey { bytes })
    }

    /// The 32 bytes of the key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Names the key.
    pub fn id(&self) -> KeyId {
        key_id(&self.bytes)
    }

    /// The suite it verifies.
    pub fn suite(&self) -> Suite {
        Suite::Ed25519
    }

    /// Verifies strictly (RFC 8032 §5.1.7: `S` in range, no batching). `what` names the message in the error.
    ///
    /// # Errors
    /// [`Misbehaved::WrongSignature`].
    pub fn verify(&self, what: &'static str, message: &[u8], signature: &[u8]) -> Result<(), Misbehaved> {
        UnparsedPublicKey::new(&signature::ED25519, self.bytes)
            .verify(message, signature)
            .map_err(|_| Misbehaved::WrongSignature(what))
    }
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "VerifyingKey({})", key_hex(&self.id()))
    }
}

impl Serialize for VerifyingKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        canon::bytes::serialize(&self.bytes, to)
    }
}

impl<'de> Deserialize<'de> for VerifyingKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        VerifyingKey::from_bytes(canon::bytes::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Names a public key of any kind.
pub fn key_id(public: &[u8]) -> KeyId {
    let mut id = [0; 8];
    id.copy_from_slice(&sha256(&[public])[..8]);
    id
}

pub(crate) fn key_hex(id: &KeyId) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The canonical points of order 1, 2, 4 and 8 with the sign bit cleared (RFC 7748 §7, the list of libsodium).
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_verifies() {
        let key = SigningKey::from_seed([9; 32]);
        let signature = key.sign(b"act").expect("signs");
        let public = key.verifying_key();
        assert_eq!(public.verify("act", b"act", &signature), Ok(()));
        assert_eq!(public.verify("act", b"acu", &signature), Err(Misbehaved::WrongSignature("act")));
        assert_eq!(public.verify("act", b"act", &signature[..63]), Err(Misbehaved::WrongSignature("act")));
        let bytes = canon::to_vec(&public).expect("encodes");
        assert_eq!((bytes.len(), canon::from_slice(&bytes)), (34, Ok(public)));
    }

    #[test]
    fn weak_keys_are_refused() {
        let mut above_p = [0xff; 32];
        above_p[0] = 0xee;
        for key in SMALL_ORDER.into_iter().chain([above_p]) {
            let mut signed = key;
            signed[31] |= 0x80;
            for key in [key, signed] {
                assert_eq!(VerifyingKey::from_bytes(key), Err(Misbehaved::BadKey("signing")), "{key:02x?}");
            }
        }
    }
}
