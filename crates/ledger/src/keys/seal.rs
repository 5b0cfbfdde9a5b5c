//! Seal keys: HPKE (RFC 9180) base mode with X-Wing, HKDF-SHA256 and AES-256-GCM. It owns the wrapping of one short
//! secret to one recipient; it must not know what the secret opens.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, Zeroizing};

use super::{KeyId, SignFault, key_hex, key_id};
use crate::{Misbehaved, canon};

/// Length of an X-Wing public key (draft-connolly-cfrg-xwing-kem), in bytes.
pub const SEAL_PUBLIC_BYTES: usize = 1216;
/// Length of an X-Wing encapsulation, in bytes.
pub const SEAL_ENC_BYTES: usize = 1120;

/// An office's private seal key, wiped on drop.
pub struct SealKey {
    private: <XWing as Kem>::PrivateKey,
    public: SealPublic,
}

impl SealKey {
    /// The key of an X-Wing seed. The seed is wiped.
    pub fn from_seed(mut seed: [u8; 32]) -> SealKey {
        let private = <XWing as Kem>::PrivateKey::from_bytes(&seed).expect("a seed of 32 bytes is an X-Wing key");
        seed.zeroize();
        let public = SealPublic::of(XWing::sk_to_pk(&private));
        SealKey { private, public }
    }

    /// Its public half.
    pub fn public(&self) -> &SealPublic {
        &self.public
    }

    /// Opens what [`SealPublic::seal`] made with the same `info`.
    ///
    /// # Errors
    /// [`Misbehaved::WrongSeal`].
    pub fn open(&self, info: &[u8], enc: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Misbehaved> {
        let wrong = |_| Misbehaved::WrongSeal("the seal");
        let enc = <XWing as Kem>::EncappedKey::from_bytes(enc).map_err(wrong)?;
        let mode = OpModeR::Base;
        single_shot_open::<AesGcm256, HkdfSha256, XWing>(&mode, &self.private, &enc, info, ciphertext, &[])
            .map(Zeroizing::new)
            .map_err(wrong)
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SealKey({})", key_hex(&self.public.id))
    }
}

/// An office's public seal key. Serde: a byte string of [`SEAL_PUBLIC_BYTES`].
#[derive(Clone, PartialEq, Eq)]
pub struct SealPublic {
    public: <XWing as Kem>::PublicKey,
    id: KeyId,
}

impl SealPublic {
    /// Takes in a public key.
    ///
    /// # Errors
    /// [`Misbehaved::BadKey`] when it is not an X-Wing key (FIPS 203 §7.2 modulus check).
    pub fn from_bytes(bytes: &[u8; SEAL_PUBLIC_BYTES]) -> Result<SealPublic, Misbehaved> {
        <XWing as Kem>::PublicKey::from_bytes(bytes).map(SealPublic::of).map_err(|_| Misbehaved::BadKey("seal"))
    }

    /// The bytes of the key.
    pub fn to_bytes(&self) -> [u8; SEAL_PUBLIC_BYTES] {
        self.public.to_bytes().into()
    }

    /// Names the key.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Seals `plaintext` to this key, bound to `info`; HPKE `aad` stays empty so that any RFC 9180 tool can open it.
    /// Yields the encapsulation and the ciphertext (16 bytes longer than the plaintext).
    ///
    /// # Errors
    /// When the library fails, which it does not for a key taken in by [`SealPublic::from_bytes`].
    pub fn seal(
        &self,
        info: &[u8],
        plaintext: &[u8],
        mut rng: &mut dyn CryptoRng,
    ) -> Result<(Vec<u8>, Vec<u8>), SignFault> {
        let mode = OpModeS::Base;
        single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(&mode, &self.public, info, plaintext, &[], &mut rng)
            .map(|(enc, ciphertext)| (enc.to_bytes().to_vec(), ciphertext))
            .map_err(|_| SignFault { key: key_hex(&self.id) })
    }

    fn of(public: <XWing as Kem>::PublicKey) -> SealPublic {
        let id = key_id(&public.to_bytes());
        SealPublic { public, id }
    }
}

impl std::fmt::Debug for SealPublic {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SealPublic({})", key_hex(&self.id))
    }
}

impl Serialize for SealPublic {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        canon::bytes::serialize(&self.to_bytes(), to)
    }
}

impl<'de> Deserialize<'de> for SealPublic {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes: [u8; SEAL_PUBLIC_BYTES] = canon::bytes::deserialize(from)?;
        SealPublic::from_bytes(&bytes).map_err(serde::de::Error::custom)
    }
}
