//! The keys of offices that a later version of the instrument names, and the cards of its founding could not.
//!
//! Owns what a Party presents of them, signed by the root key its card was compared by, and how that is taken in. It adds to
//! a card and replaces nothing on it. Must not know sockets.

use std::collections::BTreeMap;

use domain::ids::{OfficeId, PartyId};
use ledger::canon;
use ledger::keys::Signer;
use serde::{Deserialize, Serialize};
use store::{Batch, CommitError, Expect, LocalRow, Reader, Store, Write};

use crate::card::{CARD_BYTES_MAX, Card, OfficeCard};
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// The kind of local rows that keep what a peer presented, by Party and number from 1.
const LATER: &str = "later-offices";

/// Most bytes of what a peer presents: no more than its card.
pub const OFFICES_BYTES_MAX: usize = CARD_BYTES_MAX;

/// A Party's offices with their keys.
#[derive(Serialize, Deserialize)]
struct Presented {
    party: PartyId,
    offices: BTreeMap<OfficeId, OfficeCard>,
}

/// The same in canonical bytes, under the root key's signature.
#[derive(Serialize, Deserialize)]
struct Signed {
    presented: Vec<u8>,
    signature: Vec<u8>,
}

impl Node {
    /// Our offices with their keys, for a peer whose card of ours lacks one.
    ///
    /// # Errors
    /// [`Fault::Keys`] when the root key cannot sign.
    pub fn present_offices(&self) -> Result<Vec<u8>, Fault> {
        let offices = self.keys().offices.iter().map(|(id, office)| {
            (id.clone(), OfficeCard { sign: office.sign.verifying_key(), seal: office.seal.public().clone() })
        });
        let presented = Presented { party: self.me().clone(), offices: offices.collect() };
        let presented = canon::to_vec(&presented).map_err(|why| Fault::record(LATER, why))?;
        let signature = self.keys().root.sign(&signed_words(&presented)).map_err(|why| Fault::Keys(why.to_string()))?;
        canon::to_vec(&Signed { presented, signature }).map_err(|why| Fault::record(LATER, why))
    }

    /// Whether a version both have signed names an office of this peer whose keys are not here.
    #[must_use]
    pub fn lacks_offices(&self, peer: &PartyId) -> bool {
        self.peers().get(peer).is_some_and(|card| self.missing_of(card).next().is_some())
    }

    /// Keeps what a peer presented of its offices; [`Node::renewed`] takes it up. What does not help is not kept, and what is
    /// kept stays beside what comes later: the first keys of an office are its keys, also when the node comes up again.
    ///
    /// # Errors
    /// [`Failure::Misbehaved`] when it is not what the peer's root key signed; [`Failure::Fault`].
    pub fn take_offices(&self, store: &mut dyn Store, from: &PartyId, bytes: &[u8]) -> Result<(), Failure> {
        let card = self.peer(from)?;
        let offices = read(card, bytes).ok_or(ledger::Misbehaved::Malformed { what: "offices", field: "signature" })?;
        let (kept, rows) = presented_by(&*store.reader()?, card)?;
        let new = |office: &&OfficeId| offices.contains_key(*office) && !kept.contains_key(*office);
        if self.missing_of(card).find(new).is_none() {
            return Ok(());
        }
        let (kind, key) = (LATER.to_owned(), key_of(from, rows + 1));
        let expect = vec![Expect::LocalVersion { kind: kind.clone(), key: key.clone(), version: 0 }];
        let row = LocalRow { kind, key, version: 1, bytes: bytes.to_vec() };
        match store.commit(&Batch { expect, writes: vec![Write::PutLocal(row)] }) {
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Fault(fault)) => Err(Fault::from(fault).into()),
        }
    }

    /// The node with the keys of its peers' later offices, where some have come; `None` when that changes nothing.
    pub(crate) fn with_later_offices(&self, reader: &dyn Reader) -> Result<Option<Self>, Fault> {
        if !self.peers().keys().any(|peer| self.lacks_offices(peer)) {
            return Ok(None);
        }
        let mut peers = self.peers().clone();
        let mut changed = false;
        for card in peers.values_mut() {
            let missing: Vec<OfficeId> = self.missing_of(card).cloned().collect();
            if missing.is_empty() {
                continue;
            }
            let (mut offices, _) = presented_by(reader, card)?;
            for office in missing {
                if let Some(keys) = offices.remove(&office) {
                    card.offices.insert(office, keys);
                    changed = true;
                }
            }
        }
        Ok(changed.then(|| self.clone().with_peers(peers)))
    }

    fn missing_of(&self, card: &Card) -> impl Iterator<Item = &OfficeId> {
        let named = self.instruments().iter().flat_map(|version| version.instrument.offices_of(&card.party));
        named.map(|office| &office.id).filter(|office| !card.offices.contains_key(*office))
    }
}

/// What a peer presented last: the offices its newest version names, all of them.
pub(crate) fn kept(reader: &dyn Reader, party: &PartyId) -> Result<Option<Vec<u8>>, Fault> {
    let mut last = None;
    for number in 1.. {
        let Some(row) = reader.local(LATER, &key_of(party, number))? else { break };
        last = Some(row.bytes);
    }
    Ok(last)
}

/// Every office a Party presented, each with the keys that came first, and how often it presented any that were kept.
fn presented_by(reader: &dyn Reader, card: &Card) -> Result<(BTreeMap<OfficeId, OfficeCard>, u64), Fault> {
    let (mut offices, mut rows) = (BTreeMap::new(), 0);
    while let Some(row) = reader.local(LATER, &key_of(&card.party, rows + 1))? {
        let presented = read(card, &row.bytes).ok_or_else(|| Fault::record(LATER, "it was not signed"))?;
        for (office, keys) in presented {
            offices.entry(office).or_insert(keys);
        }
        rows += 1;
    }
    Ok((offices, rows))
}

/// The first row of a Party is named by the Party alone, as when there was but one.
fn key_of(party: &PartyId, number: u64) -> String {
    if number == 1 { party.to_string() } else { format!("{party}/{number}") }
}

/// The offices a Party presented, if its root key signed them and they are its own.
pub(crate) fn read(card: &Card, bytes: &[u8]) -> Option<BTreeMap<OfficeId, OfficeCard>> {
    let signed: Signed = canon::from_slice(bytes).ok().filter(|_| bytes.len() <= OFFICES_BYTES_MAX)?;
    card.root_key.verify("offices", &signed_words(&signed.presented), &signed.signature).ok()?;
    let presented: Presented = canon::from_slice(&signed.presented).ok()?;
    let own = presented.party == card.party && presented.offices.keys().all(|office| office.party() == card.party);
    own.then_some(presented.offices)
}

fn signed_words(presented: &[u8]) -> Vec<u8> {
    [b"entente/offices/1\n".as_slice(), presented].concat()
}
