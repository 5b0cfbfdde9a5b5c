//! A Party's card: the public keys and address its peers pin.
//!
//! Owns the card, its signature and the Party's signature over the instrument. Must not know sockets: the address and
//! the certificate's hash are only carried.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{Hash32, OfficeId, PartyId};
use ledger::canon;
use ledger::hash::sha256;
use ledger::keys::{SealPublic, Signer, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::keys::Keys;

/// Largest card accepted, in bytes: sixty offices with hybrid sealing keys, in hexadecimal.
pub const CARD_BYTES_MAX: usize = 512 * 1024;

/// Digits of a fingerprint: 128 bits, so that nobody makes a second key with the same one, nor two keys that share one
/// in fewer than 2^64 tries.
pub const FINGERPRINT_DIGITS: usize = 32;

/// What a Party shows its peers, signed with its root key. Exchanged by hand, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The Party.
    pub party: PartyId,
    /// The instrument it has signed, by hash.
    pub instrument: Hash32,
    /// Where its node listens for peers: `host:port`.
    pub endpoint: String,
    /// SHA-256 of its TLS certificate's public key information.
    pub tls_spki_sha256: Hash32,
    /// Signs this card and the instrument.
    pub root_key: VerifyingKey,
    /// Signs envelopes and receipts.
    pub envelope_key: VerifyingKey,
    /// Signs checkpoints of its log.
    pub log_key: VerifyingKey,
    /// Cosigns the peer's checkpoints.
    pub mirror_key: VerifyingKey,
    /// Its offices' keys.
    pub offices: BTreeMap<OfficeId, OfficeCard>,
    /// The root key's signature over the instrument's hash.
    pub instrument_signature: Vec<u8>,
}

/// The public keys of one office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficeCard {
    /// Checks the office's own seal inside the envelope.
    pub sign: VerifyingKey,
    /// What others seal to.
    pub seal: SealPublic,
}

/// The card as a file: readable head, signed content.
#[derive(Serialize, Deserialize)]
struct CardFile {
    party: String,
    instrument: String,
    endpoint: String,
    /// What two officers compare by telephone before `peer add`.
    fingerprint: String,
    card: String,
    signature: String,
}

impl Card {
    pub(crate) fn make(
        keys: &Keys,
        party: &PartyId,
        (instrument, named): (Hash32, &BTreeSet<OfficeId>),
        endpoint: &str,
        tls_spki_sha256: Hash32,
    ) -> Result<Self, Fault> {
        let offices = keys
            .offices
            .iter()
            .filter(|(id, _)| named.contains(*id))
            .map(|(id, office)| {
                let card = OfficeCard { sign: office.sign.verifying_key(), seal: office.seal.public().clone() };
                (id.clone(), card)
            })
            .collect();
        let instrument_signature = sign(keys, &instrument_words(&instrument))?;
        Ok(Self {
            party: party.clone(),
            instrument,
            endpoint: endpoint.to_owned(),
            tls_spki_sha256,
            root_key: keys.root.verifying_key(),
            envelope_key: keys.envelope.verifying_key(),
            log_key: keys.log.verifying_key(),
            mirror_key: keys.mirror.verifying_key(),
            offices,
            instrument_signature,
        })
    }

    /// The first [`FINGERPRINT_DIGITS`] hexadecimal digits of the root key's hash, in fours: read over the telephone
    /// before a peer is added. The root key signs the rest of the card.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digits = Hash32(sha256(&[self.root_key.as_bytes()])).to_string();
        digits.as_bytes()[..FINGERPRINT_DIGITS].chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// Whether somebody wrote down this card's fingerprint: however it is spaced, in capitals or not, but whole.
    #[must_use]
    pub fn is_called(&self, heard: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(|c| !c.is_whitespace() && !matches!(c, '-' | ':'))
                .flat_map(char::to_lowercase)
                .collect()
        };
        plain(heard) == plain(&self.fingerprint())
    }

    /// The card as a signed file.
    ///
    /// # Errors
    /// [`Fault::Keys`] when the root key cannot sign.
    pub fn to_json(&self, keys: &Keys) -> Result<String, Fault> {
        let bytes = canon::to_vec(self).map_err(|why| Fault::record("card", why))?;
        let file = CardFile {
            party: self.party.to_string(),
            instrument: self.instrument.to_string(),
            endpoint: self.endpoint.clone(),
            fingerprint: self.fingerprint(),
            signature: hex(&sign(keys, &card_words(&bytes))?),
            card: hex(&bytes),
        };
        serde_json::to_string_pretty(&file).map_err(|why| Fault::record("card", why))
    }

    /// Reads a card file: its signature must be its root key's, and that key must have signed the instrument it names.
    ///
    /// # Errors
    /// [`Fault::Setup`] saying what is wrong with the file.
    pub fn from_json(text: &str) -> Result<Self, Fault> {
        let wrong = |why: &str| Fault::Setup(format!("the card cannot be used: {why}; ask the peer for a fresh one"));
        if text.len() > CARD_BYTES_MAX {
            return Err(wrong("it is larger than a card can be"));
        }
        let file: CardFile = serde_json::from_str(text).map_err(|why| wrong(&why.to_string()))?;
        let bytes = unhex(&file.card).ok_or_else(|| wrong("its content is not hexadecimal"))?;
        let signature = unhex(&file.signature).ok_or_else(|| wrong("its signature is not hexadecimal"))?;
        let card: Self = canon::from_slice(&bytes).map_err(|why| wrong(why.code()))?;
        let signed = |what, words: &[u8], signature: &[u8]| {
            card.root_key.verify(what, words, signature).map_err(|_| wrong("a signature on it is false"))
        };
        signed("card", &card_words(&bytes), &signature)?;
        signed("instrument", &instrument_words(&card.instrument), &card.instrument_signature)?;
        if card.offices.keys().any(|office| office.party() != card.party) {
            return Err(wrong("it speaks for another Party's office"));
        }
        Ok(card)
    }
}

fn sign(keys: &Keys, words: &[u8]) -> Result<Vec<u8>, Fault> {
    keys.root.sign(words).map_err(|why| Fault::Keys(why.to_string()))
}

fn card_words(bytes: &[u8]) -> Vec<u8> {
    [b"entente/card/1\n".as_slice(), bytes].concat()
}

fn instrument_words(hash: &Hash32) -> Vec<u8> {
    format!("entente/instrument-signature/1\n{hash}").into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
