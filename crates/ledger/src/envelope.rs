//! The envelope: one act, signed outside, sealed inside, bound to its place in its thread. It owns the order of checks
//! on what a peer sends; it must not know key sets, threads' histories or what the body says.
//!
//! `98([ bstr .cbor Protected, {}, bstr Sealed, [+ Signature] ])`; the header's layout is in `header`, the sealing in
//! `sealing`. The message id is [`Envelope::core_hash`], which excludes the signatures: those can be made anew.

mod header;
mod sealing;
#[cfg(test)]
mod tests;

use rand_core::CryptoRng;
use thiserror::Error;

pub use crate::blob::AttachmentRef;
pub use header::{Header, Lane};
pub use sealing::{ArchiveEpoch, BODY_BYTES_MAX, Opened};

use crate::cose::{self, Signed};
use crate::hash::sha256;
use crate::keys::{KeyId, SealKey, SealPublic, SignFault, Signer, Suite, VerifyingKey};
use crate::{Misbehaved, keys};
use header::{Protected, Recipient};

/// The largest envelope, in bytes: a peer is stopped by the length prefix, before anything is parsed. Larger content
/// travels as an attachment.
pub const ENVELOPE_BYTES_MAX: usize = 1 << 20;
/// The largest body inside an authority's seal plus that seal, in bytes: what an envelope can carry.
const AUTHORITY_BYTES_MAX: usize = BODY_BYTES_MAX;
const AUTHORITY_TYPE: &str = "application/vnd.entente.act;v=1";
const WHAT: &str = "envelope";

/// Why an own act cannot be put into an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealFault {
    /// A field of the header is empty, too long or inconsistent.
    #[error("header field is not usable: {0}")]
    Header(Misbehaved),
    /// The body is larger than [`BODY_BYTES_MAX`].
    #[error("body of {bytes} bytes exceeds {BODY_BYTES_MAX}: send the content as an attachment")]
    BodyTooLarge {
        /// Its length, in bytes.
        bytes: usize,
    },
    /// No recipient, the same one twice, or too many.
    #[error("recipients must be 1 to {} different keys", header::AUTHORITIES_MAX)]
    Recipients,
    /// No signer, or the same one twice.
    #[error("signers must be at least one, all different")]
    Signers,
    /// A key failed.
    #[error(transparent)]
    Key(#[from] SignFault),
}

/// An envelope made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The envelope as carried.
    pub bytes: Vec<u8>,
    /// Its message id.
    pub core_hash: [u8; 32],
}

/// Seals `body` to `recipients` and to the own archive, and signs with all `signers`.
///
/// # Errors
/// [`SealFault`]: all are faults of the caller or of a key device.
pub fn seal(
    header: &Header,
    body: &[u8],
    recipients: &[&SealPublic],
    archive: &ArchiveEpoch,
    signers: &[&dyn Signer],
    rng: &mut dyn CryptoRng,
) -> Result<Sealed, SealFault> {
    header.check().map_err(SealFault::Header)?;
    if body.len() > BODY_BYTES_MAX {
        return Err(SealFault::BodyTooLarge { bytes: body.len() });
    }
    if recipients.len() > header::AUTHORITIES_MAX || !all_differ(recipients.iter().map(|recipient| recipient.id())) {
        return Err(SealFault::Recipients);
    }
    let mut sigset: Vec<(Suite, KeyId)> = signers.iter().map(|signer| (signer.suite(), signer.key_id())).collect();
    if !all_differ(sigset.iter().map(|signer| signer.1)) {
        return Err(SealFault::Signers);
    }
    sigset.sort();
    let content = sealing::Content::fresh(body, rng);
    let mut protected = Protected {
        header: header.clone(),
        sigset: sigset.into_iter().map(|signer| signer.0).collect(),
        recipients: Vec::new(),
        commit: content.commit(),
    };
    let context = protected.context();
    protected.recipients = content.recipients(&context, recipients, archive, rng)?;
    let encoded = protected.encode();
    let sealed = content.encrypt(&context).ok_or(SealFault::BodyTooLarge { bytes: body.len() })?;
    let core_hash = core_hash(&encoded, &sealed);
    Ok(Sealed { bytes: cose::sign(encoded, sealed, signers)?, core_hash })
}

/// An envelope as received: well formed, nothing more. Only [`Envelope::verify`] makes it worth anything.
#[derive(Debug, Clone)]
pub struct Envelope {
    signed: Signed,
    protected: Protected,
    core_hash: [u8; 32],
}

impl Envelope {
    /// Takes an envelope apart: size, strict encoding, closed schema, field limits; in that order.
    ///
    /// # Errors
    /// [`Misbehaved`] for the first deviation. Nothing is allocated beyond a constant times the input.
    pub fn decode(bytes: &[u8]) -> Result<Envelope, Misbehaved> {
        let signed = cose::decode(WHAT, bytes, ENVELOPE_BYTES_MAX)?;
        let protected = Protected::decode(&signed.protected)?;
        if !signed.suites().eq(protected.sigset.iter().copied()) {
            return Err(Misbehaved::WrongSignatureSet(WHAT));
        }
        let core_hash = core_hash(&signed.protected, &signed.payload);
        Ok(Envelope { signed, protected, core_hash })
    }

    /// The header, not yet to be believed.
    pub fn header(&self) -> &Header {
        &self.protected.header
    }

    /// The message id: SHA-256("entente/core/1" ‖ Protected ‖ Sealed). Deduplicate on this, never on the bytes.
    pub fn core_hash(&self) -> [u8; 32] {
        self.core_hash
    }

    /// SHA-256(salt ‖ body): what the header, once verified, commits its sender to.
    pub fn commit(&self) -> [u8; 32] {
        self.protected.commit
    }

    /// The keys that claim to have signed: to look up the key set in force, never to trust.
    pub fn signers(&self) -> impl Iterator<Item = KeyId> {
        self.signed.signers()
    }

    /// The seal keys of the offices it is sealed to.
    pub fn recipients(&self) -> impl Iterator<Item = KeyId> {
        self.protected.recipients.iter().filter_map(|recipient| match recipient {
            Recipient::Authority { key, .. } => Some(*key),
            Recipient::Archive { .. } => None,
        })
    }

    /// Demands valid signatures by exactly `keys`, which the caller takes from the instrument and the key set in force.
    ///
    /// # Errors
    /// [`Misbehaved::WrongSignatureSet`] or [`Misbehaved::WrongSignature`].
    pub fn verify(&self, keys: &[VerifyingKey]) -> Result<Verified<'_>, Misbehaved> {
        self.signed.verify(keys)?;
        Ok(Verified { envelope: self })
    }
}

/// An envelope whose signatures hold.
#[derive(Debug, Clone, Copy)]
pub struct Verified<'a> {
    envelope: &'a Envelope,
}

impl<'a> Verified<'a> {
    /// The header, signed.
    pub fn header(&self) -> &'a Header {
        self.envelope.header()
    }

    /// The message id.
    pub fn core_hash(&self) -> [u8; 32] {
        self.envelope.core_hash
    }

    /// Opens the content with the office's key and checks it against the signed commitment.
    ///
    /// # Errors
    /// [`Misbehaved::UnknownRecipient`] when it is not sealed to this key; [`Misbehaved::WrongSeal`],
    /// [`Misbehaved::WrongPadding`] or [`Misbehaved::CommitmentMismatch`] when the sender sealed wrongly.
    pub fn open(&self, key: &SealKey) -> Result<Opened, Misbehaved> {
        let protected = &self.envelope.protected;
        let context = protected.context();
        let (enc, wrapped) = protected
            .recipients
            .iter()
            .find_map(|recipient| match recipient {
                Recipient::Authority { key: id, enc, wrapped } if *id == key.public().id() => Some((enc, wrapped)),
                _ => None,
            })
            .ok_or(Misbehaved::UnknownRecipient)?;
        let cek = key.open(&context, enc, wrapped)?;
        self.open_content(&context, &cek)
    }

    /// Opens the sender's own copy with the archive epoch of the hour it was sealed in.
    ///
    /// # Errors
    /// As [`Verified::open`].
    pub fn open_archive(&self, archive: &ArchiveEpoch) -> Result<Opened, Misbehaved> {
        let protected = &self.envelope.protected;
        let wrapped = protected
            .recipients
            .iter()
            .find_map(|recipient| match recipient {
                Recipient::Archive { epoch, wrapped } if *epoch == archive.id() => Some(wrapped),
                _ => None,
            })
            .ok_or(Misbehaved::UnknownRecipient)?;
        let cek = archive.unwrap_key(wrapped)?;
        self.open_content(&protected.context(), cek.as_slice())
    }

    fn open_content(&self, context: &[u8; 32], cek: &[u8]) -> Result<Opened, Misbehaved> {
        sealing::open(cek, context, &self.envelope.signed.payload, &self.envelope.protected.commit)
    }
}

/// The office's own seal, inside the encryption: a COSE_Sign over `body`. A stolen node key forges traffic, never this.
/// The body must itself name its case and place, for the seal binds nothing else.
///
/// # Errors
/// When the key cannot sign.
pub fn authority_seal(body: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, SignFault> {
    cose::sign(cose::content_type(AUTHORITY_TYPE), body.to_vec(), &[signer])
}

/// Checks the office's seal and yields the body it covers.
///
/// # Errors
/// [`Misbehaved`] when it is not such a seal, or not by this key.
pub fn open_authority_seal(bytes: &[u8], key: &VerifyingKey) -> Result<Vec<u8>, Misbehaved> {
    let signed = cose::decode("authority seal", bytes, AUTHORITY_BYTES_MAX)?;
    signed.demand_content_type(AUTHORITY_TYPE)?;
    signed.verify(std::slice::from_ref(key))?;
    Ok(signed.payload)
}

/// The keys that claim to have made an authority seal: to look one up, never to trust.
///
/// # Errors
/// [`Misbehaved`] when it is not such a seal.
pub fn authority_signers(bytes: &[u8]) -> Result<Vec<KeyId>, Misbehaved> {
    Ok(cose::decode("authority seal", bytes, AUTHORITY_BYTES_MAX)?.signers().collect())
}

fn core_hash(protected: &[u8], sealed: &[u8]) -> [u8; 32] {
    sha256(&[b"entente/core/1", protected, sealed])
}

/// At least one, none twice.
fn all_differ(ids: impl Iterator<Item = keys::KeyId>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut ids = ids.peekable();
    ids.peek().is_some() && ids.all(|id| seen.insert(id))
}
