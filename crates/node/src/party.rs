//! The node itself: one Party under its instruments with its keys and its peers' cards.
//!
//! Owns what never changes while it runs, and at-rest sealing with it: an amendment that takes force makes another node.
//! Must not hold a store: each call brings one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::calendar::Calendar;
use domain::ids::{Hash32, OfficeId, PartyId};
use domain::instrument::Instrument;
use domain::local::Policy;
use ledger::envelope::ArchiveEpoch;
use ledger::rest;
use rand_core::CryptoRng;

use crate::card::Card;
use crate::fault::Fault;
use crate::inspect::{self, Inspect};
use crate::instruments::{Instruments, Lineage};
use crate::keys::Keys;
use crate::recent::Recent;

/// One Party's clerk. Immutable and shared between threads.
#[derive(Clone)]
pub struct Node {
    me: PartyId,
    instruments: Instruments,
    keys: Arc<Keys>,
    peers: BTreeMap<PartyId, Card>,
    inspect: Inspect,
    policy: Option<Policy>,
    recent: Arc<Recent>,
}

impl Node {
    /// A node for `me`, founded on `instrument`.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the instrument does not name the Party, or a peer signed another instrument.
    pub fn new(me: PartyId, instrument: Arc<Instrument>, keys: Keys, peers: Vec<Card>) -> Result<Self, Fault> {
        signed(&me, &instrument, &peers)?;
        let peers = peers.into_iter().map(|card| (card.party.clone(), card)).collect();
        let (instruments, keys) = (Instruments::founded(instrument), Arc::new(keys));
        Ok(Self { me, instruments, keys, peers, inspect: inspect::nobody_looks, policy: None, recent: Arc::default() })
    }

    /// The same node, whose Party has also signed `instrument` with these peers.
    ///
    /// # Errors
    /// As [`Node::new`]; [`Fault::Setup`] when the node has that instrument, or works with one of these peers under another.
    pub fn with_further(self, instrument: Arc<Instrument>, peers: Vec<Card>) -> Result<Self, Fault> {
        signed(&self.me, &instrument, &peers)?;
        if self.instruments.lineages().any(|known| known.founding().instrument.id() == instrument.id()) {
            return Err(Fault::Setup(format!("this node has the instrument `{}` already", instrument.id())));
        }
        let mut all = self.peers.clone();
        for card in peers {
            if let Some(known) = all.insert(card.party.clone(), card) {
                return Err(Fault::Setup(format!(
                    "`{}` works with us under another instrument; between two Parties there is one, which they amend",
                    known.party
                )));
            }
        }
        let instruments = self.instruments.clone().and(instrument);
        Ok(self.with_instruments(instruments).with_peers(all))
    }

    /// The same node, which looks at bundles of indicators before they are saved or signed.
    #[must_use]
    pub fn with_inspection(self, inspect: Inspect) -> Self {
        Self { inspect, ..self }
    }

    /// The same node under its own law.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the policy is another Party's.
    pub fn with_policy(self, policy: Policy) -> Result<Self, Fault> {
        if *policy.party() != self.me {
            return Err(Fault::Setup(format!("the policy is of `{}`, this node of `{}`", policy.party(), self.me)));
        }
        Ok(Self { policy: Some(policy), ..self })
    }

    /// Our own law, if the house has a policy. No answer to a peer may turn on it.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    /// The Party it works for.
    #[must_use]
    pub fn me(&self) -> &PartyId {
        &self.me
    }

    /// The versions of the instrument it knows.
    #[must_use]
    pub fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    /// The same node, which knows other versions and has the keys of every office of ours they name.
    pub(crate) fn with_instruments(&self, instruments: Instruments) -> Self {
        let ours = instruments.iter().flat_map(|version| version.instrument.offices_of(&self.me));
        let ours: Vec<&OfficeId> = ours.map(|office| &office.id).collect();
        let keys = self.keys.with_offices(&ours).map_or_else(|| Arc::clone(&self.keys), Arc::new);
        Self { instruments, keys, ..self.clone() }
    }

    /// The same node, which has these cards of its peers.
    pub(crate) fn with_peers(self, peers: BTreeMap<PartyId, Card>) -> Self {
        Self { peers, ..self }
    }

    /// Its peers' cards.
    #[must_use]
    pub fn peers(&self) -> &BTreeMap<PartyId, Card> {
        &self.peers
    }

    /// Its own card for an address and a certificate, as a signature under the first instrument.
    ///
    /// # Errors
    /// [`Fault::Keys`] when the root key cannot sign.
    pub fn card(&self, endpoint: &str, tls_spki_sha256: Hash32) -> Result<Card, Fault> {
        self.card_under(self.instruments.first(), endpoint, tls_spki_sha256)
    }

    /// The same under one of its instruments. It names the offices of that one and no other: who else we work with is no
    /// business of this peer's.
    ///
    /// # Errors
    /// As [`Node::card`].
    pub fn card_under(&self, lineage: &Lineage, endpoint: &str, tls_spki_sha256: Hash32) -> Result<Card, Fault> {
        let founding = lineage.founding().instrument.hash();
        Card::make(&self.keys, &self.me, (founding, &self.offices_under(lineage)), endpoint, tls_spki_sha256)
    }

    /// Our offices that a version of one instrument names.
    pub(crate) fn offices_under(&self, lineage: &Lineage) -> BTreeSet<OfficeId> {
        let ours = lineage.iter().flat_map(|version| version.instrument.offices_of(&self.me));
        ours.map(|office| office.id.clone()).collect()
    }

    /// Its own card as the file it hands to a peer.
    ///
    /// # Errors
    /// As [`Node::card`].
    pub fn card_file(&self, lineage: &Lineage, endpoint: &str, tls_spki_sha256: Hash32) -> Result<String, Fault> {
        self.card_under(lineage, endpoint, tls_spki_sha256)?.to_json(&self.keys)
    }

    /// Seals bytes for the disk under a label that must be given again to open them.
    ///
    /// # Errors
    /// [`Fault::Keys`].
    pub fn wrap(&self, rng: &mut dyn CryptoRng, label: &str, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        rest::wrap(&self.keys.rest, label.as_bytes(), bytes, rng).map_err(|why| Fault::Keys(why.to_string()))
    }

    /// Opens bytes sealed for the disk under a label.
    ///
    /// # Errors
    /// [`Fault::Record`] when they were changed, moved or sealed by another node.
    pub fn unwrap(&self, label: &str, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let opened = rest::unwrap(&self.keys.rest, label.as_bytes(), bytes).map_err(|why| Fault::record(label, why))?;
        Ok(opened.to_vec())
    }

    pub(crate) fn inspection(&self) -> Inspect {
        self.inspect
    }

    pub(crate) fn recent(&self) -> &Recent {
        &self.recent
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn peer(&self, party: &PartyId) -> Result<&Card, Fault> {
        self.peers
            .get(party)
            .ok_or_else(|| Fault::Setup(format!("`{party}` is not a known peer; add its card with `entente peer add`")))
    }

    /// The calendar of our own side.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        let party = self.instrument().party(&self.me);
        let party =
            party.expect("the constructor demands it of the founding version, and no amendment changes the Parties");
        &party.calendar
    }

    pub(crate) fn archive(&self, at_s: u64) -> ArchiveEpoch {
        ArchiveEpoch::at(&self.keys.archive, at_s)
    }
}

/// Whether `me` is a Party to the instrument and every card signs it for another one.
fn signed(me: &PartyId, instrument: &Instrument, peers: &[Card]) -> Result<(), Fault> {
    if instrument.party(me).is_none() {
        return Err(Fault::Setup(format!("`{me}` is no Party to the instrument `{}`", instrument.id())));
    }
    for card in peers {
        if card.instrument != instrument.hash() {
            return Err(Fault::Setup(format!(
                "peer `{}` signed instrument {} but this node runs {}: both must sign the same files",
                card.party,
                card.instrument.short(),
                instrument.hash().short()
            )));
        }
        if instrument.party(&card.party).is_none() || card.party == *me {
            return Err(Fault::Setup(format!("`{}` is not another Party to the instrument", card.party)));
        }
    }
    Ok(())
}
