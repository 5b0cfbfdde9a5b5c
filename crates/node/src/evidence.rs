//! What a node can disclose of an act so that a third person can check it, and what that person checks it against.
//!
//! Owns the opening of a signed commitment (the salt and the body it was made of: no key leaves the house), the reading of
//! an act from there by a Party's card, and the words a node vouches for a bundle with. Must not know what a bundle holds.

use domain::act::Act;
use domain::ids::PartyId;
use ledger::canon;
use ledger::envelope::{Envelope, Header, open_authority_seal};
use ledger::hash::sha256;
use ledger::keys::Signer;
use store::Reader;

use crate::card::Card;
use crate::command::plain_text;
use crate::fault::Fault;
use crate::offices;
use crate::party::Node;

/// How many bytes of an opened commitment are its salt.
pub const SALT_BYTES: usize = 16;

impl Node {
    /// Opens an envelope of a case of ours, sent or received, with our keys: the salt and the body whose SHA-256 its signed
    /// header commits to. Whoever has them can check the content; nothing else is opened by them.
    ///
    /// # Errors
    /// [`Fault::Record`] when it is no envelope, or does not open with any key of ours.
    pub fn disclosed(&self, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let unfit = |why: &ledger::Misbehaved| Fault::record("envelope", why.code());
        let envelope = Envelope::decode(bytes).map_err(|why| unfit(&why))?;
        let sent = envelope.header().iss == self.me().as_str();
        let key = if sent {
            self.keys().envelope.verifying_key()
        } else {
            let sender = PartyId::new(&envelope.header().iss).map_err(|why| Fault::record("envelope", why))?;
            self.peer(&sender)?.envelope_key
        };
        let verified = envelope.verify(&[key]).map_err(|why| unfit(&why))?;
        let opened = if sent {
            verified.open_archive(&self.archive(envelope.header().iat_s)).ok()
        } else {
            self.keys().offices.values().find_map(|office| verified.open(&office.seal).ok())
        };
        let opened = opened.ok_or_else(|| Fault::record("envelope", "no key of ours opens it"))?;
        Ok([opened.salt.as_slice(), &opened.body].concat())
    }

    /// Signs for the bytes of a bundle's list with the envelope key of our card.
    ///
    /// # Errors
    /// [`Fault::Keys`] when the key cannot sign.
    pub fn vouch(&self, list: &[u8]) -> Result<Vec<u8>, Fault> {
        self.keys().envelope.sign(&vouching_words(list)).map_err(|why| Fault::Keys(why.to_string()))
    }

    /// What a Party's root key signed of offices that its card does not have, if anything is needed here.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn later_offices(&self, reader: &dyn Reader, party: &PartyId, card: &Card) -> Result<Option<Vec<u8>>, Fault> {
        if party != self.me() {
            return offices::kept(reader, party);
        }
        let more = self.keys().offices.keys().any(|office| !card.offices.contains_key(office));
        if more { self.present_offices().map(Some) } else { Ok(None) }
    }
}

impl Card {
    /// The card with offices its Party presented later; `None` when its root key did not sign for them.
    #[must_use]
    pub fn with_later_offices(mut self, presented: &[u8]) -> Option<Self> {
        for (office, keys) in offices::read(&self, presented)? {
            self.offices.entry(office).or_insert(keys);
        }
        Some(self)
    }

    /// Whether this Party's node signed for the bytes of a bundle's list.
    #[must_use]
    pub fn vouches(&self, list: &[u8], signature: &[u8]) -> bool {
        self.envelope_key.verify("bundle", &vouching_words(list), signature).is_ok()
    }
}

/// The act in an opened commitment: the bytes are those the signed header commits to, the office that acts sealed them, and
/// the act says what the header says. Answers it with its canonical bytes.
///
/// # Errors
/// What does not hold, in words.
pub fn read_disclosed(
    card: &Card,
    commit: &[u8; 32],
    header: &Header,
    opened: &[u8],
) -> Result<(Act, Vec<u8>), &'static str> {
    if sha256(&[opened]) != *commit {
        return Err("it is not the content the signed header commits to");
    }
    let body = opened.get(SALT_BYTES..).ok_or("it is too short for a salt and a body")?;
    let sealed = |key| open_authority_seal(body, key).ok();
    let found = card.offices.iter().find_map(|(id, office)| Some((id, sealed(&office.sign)?)));
    let (office, bytes) = found.ok_or("no office on that Party's card sealed the act")?;
    let act: Act = canon::from_slice(&bytes).map_err(|_| "the act in it cannot be read")?;
    if canon::to_vec(&act).ok().as_deref() != Some(bytes.as_slice()) || plain_text(&bytes).is_err() {
        return Err("the act in it is not in its one spelling");
    }
    if act.office != *office {
        return Err("the act was sealed by another office than it names");
    }
    let same = act.by.as_str() == header.iss
        && act.case.as_str() == header.thread
        && act.seq == header.seq.saturating_add(1)
        && act.instrument.0 == header.instrument
        && crate::command::seconds(act.at) == header.iat_s;
    if same { Ok((act, bytes)) } else { Err("the act in it is not the one the header names") }
}

fn vouching_words(list: &[u8]) -> Vec<u8> {
    [b"entente/evidence/1\n".as_slice(), list].concat()
}
