//! The content of an envelope: salt, commitment, padding, encryption, and the archive's hourly key. It owns the secret
//! half; it must not know signatures or the header's fields.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap};
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::header::Recipient;
use crate::Misbehaved;
use crate::hash::sha256;
use crate::keys::{KeyId, SealPublic, SignFault};
use crate::rest::derive;

const SALT_BYTES: usize = 16;
/// The smallest padded content, in bytes; then its doubles, so that lengths say little (wire.md §1.2).
const PAD_BYTES_MIN: usize = 256;
/// The largest padded content: with the header it stays below [`super::ENVELOPE_BYTES_MAX`].
const PAD_BYTES_MAX: usize = 512 << 10;
/// The largest body, in bytes: padded content less salt and the one byte that marks its end.
pub const BODY_BYTES_MAX: usize = PAD_BYTES_MAX - SALT_BYTES - 1;
const END_MARK: u8 = 0x80;
const HOUR_S: u64 = 3600;

/// The content of a verified envelope. Disclosing `salt ‖ body` later proves it to anyone who holds the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The body.
    pub body: Vec<u8>,
    /// The commitment's salt.
    pub salt: [u8; SALT_BYTES],
}

/// The key that seals the sender's own copies of one hour: derived from the archive secret, so that an act costs one
/// key wrap instead of one encapsulation, and a lost hour key opens one hour.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ArchiveEpoch {
    kek: [u8; 32],
    #[zeroize(skip)]
    id: KeyId,
}

impl ArchiveEpoch {
    /// The epoch that holds the Unix second `at_s` (of an envelope: its `iat_s`).
    pub fn at(archive_secret: &[u8; 32], at_s: u64) -> ArchiveEpoch {
        let hour = at_s / HOUR_S;
        let kek = derive(archive_secret, &format!("entente/archive/1/kek/{hour}"));
        let mut id = [0; 8];
        id.copy_from_slice(&derive(archive_secret, &format!("entente/archive/1/id/{hour}"))[..8]);
        ArchiveEpoch { kek, id }
    }

    /// Names the epoch; reveals nothing of the key.
    pub fn id(&self) -> KeyId {
        self.id
    }

    fn wrap_key(&self, cek: &[u8; 32]) -> Option<[u8; 40]> {
        let mut wrapped = [0; 40];
        let length = AesKek::new(&AES_256, &self.kek).and_then(|kek| Ok(kek.wrap(cek, &mut wrapped)?.len())).ok()?;
        (length == wrapped.len()).then_some(wrapped)
    }

    pub(super) fn unwrap_key(&self, wrapped: &[u8; 40]) -> Result<Zeroizing<[u8; 32]>, Misbehaved> {
        // The library wants the wrapped length as room, though it fills 8 bytes less (RFC 3394).
        let mut room = Zeroizing::new([0; 40]);
        let opened =
            AesKek::new(&AES_256, &self.kek).and_then(|kek| Ok(kek.unwrap(wrapped, room.as_mut_slice())?.len()));
        if opened != Ok(32) {
            return Err(Misbehaved::WrongSeal("the archive copy"));
        }
        let mut cek = Zeroizing::new([0; 32]);
        cek.copy_from_slice(&room[..32]);
        Ok(cek)
    }
}

impl std::fmt::Debug for ArchiveEpoch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ArchiveEpoch({})", crate::keys::key_hex(&self.id))
    }
}

/// A body on its way into an envelope, with its fresh salt and content key.
pub(super) struct Content {
    cek: Zeroizing<[u8; 32]>,
    plain: Zeroizing<Vec<u8>>,
    unpadded: usize,
}

impl Content {
    pub(super) fn fresh(body: &[u8], rng: &mut dyn CryptoRng) -> Content {
        let mut cek = Zeroizing::new([0; 32]);
        rng.fill_bytes(cek.as_mut_slice());
        let unpadded = SALT_BYTES + body.len();
        // Room for the tag too, so that the plaintext is never left behind by a reallocation.
        let mut plain = Zeroizing::new(Vec::with_capacity(padded_len(unpadded) + AES_256_GCM.tag_len()));
        plain.resize(SALT_BYTES, 0);
        rng.fill_bytes(&mut plain);
        plain.extend_from_slice(body);
        plain.push(END_MARK);
        plain.resize(padded_len(unpadded), 0);
        Content { cek, plain, unpadded }
    }

    /// SHA-256(salt ‖ body): AES-GCM does not commit to its key, so the signed header must commit to the content.
    pub(super) fn commit(&self) -> [u8; 32] {
        sha256(&[&self.plain[..self.unpadded]])
    }

    pub(super) fn recipients(
        &self,
        context: &[u8; 32],
        offices: &[&SealPublic],
        archive: &ArchiveEpoch,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<Recipient>, SignFault> {
        let mut recipients = Vec::with_capacity(offices.len() + 1);
        for office in offices {
            let failed = || SignFault { key: crate::keys::key_hex(&office.id()) };
            let (enc, wrapped) = office.seal(context, self.cek.as_slice(), rng)?;
            let wrapped = wrapped.try_into().map_err(|_| failed())?;
            recipients.push(Recipient::Authority { key: office.id(), enc, wrapped });
        }
        let wrapped = archive.wrap_key(&self.cek).ok_or(SignFault { key: crate::keys::key_hex(&archive.id) })?;
        recipients.push(Recipient::Archive { epoch: archive.id, wrapped });
        Ok(recipients)
    }

    /// Encrypts in place; `None` only if the library refuses the length.
    pub(super) fn encrypt(mut self, context: &[u8; 32]) -> Option<Vec<u8>> {
        let mut content = std::mem::take(&mut *self.plain);
        cipher(&self.cek).seal_in_place_append_tag(only_nonce(), Aad::from(context), &mut content).ok()?;
        Some(content)
    }
}

/// Opens the content under its key and checks padding and commitment.
pub(super) fn open(cek: &[u8], context: &[u8; 32], sealed: &[u8], commit: &[u8; 32]) -> Result<Opened, Misbehaved> {
    let wrong = Misbehaved::WrongSeal("the content");
    let cek = Zeroizing::new(<[u8; 32]>::try_from(cek).map_err(|_| wrong.clone())?);
    let mut plain = Zeroizing::new(sealed.to_vec());
    let padded = cipher(&cek).open_in_place(only_nonce(), Aad::from(context), &mut plain).map_err(|_| wrong)?;
    let end = padded.iter().rposition(|byte| *byte != 0).ok_or(Misbehaved::WrongPadding)?;
    if padded[end] != END_MARK || end < SALT_BYTES || padded.len() != padded_len(end) {
        return Err(Misbehaved::WrongPadding);
    }
    let content = &padded[..end];
    if sha256(&[content]) != *commit {
        return Err(Misbehaved::CommitmentMismatch);
    }
    let (salt, body) = content.split_first_chunk().ok_or(Misbehaved::WrongPadding)?;
    Ok(Opened { body: body.to_vec(), salt: *salt })
}

/// The smallest 256·2^k that holds the content and its end mark.
fn padded_len(content: usize) -> usize {
    (content + 1).next_power_of_two().max(PAD_BYTES_MIN)
}

fn cipher(cek: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, cek).expect("a key of 32 bytes is an AES-256 key"))
}

/// The content key is fresh for every envelope and seals once, so its nonce is fixed.
fn only_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}
