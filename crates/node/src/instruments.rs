//! The instruments a node's Party has signed, each with its versions, and which of them a case with a peer is opened under.
//!
//! Owns what may be opened under which. Two Parties work under one instrument: the one the peer's card signs, and what both
//! have made of it since. Must not know how a version came to be signed (`amendment`).

use std::sync::Arc;

use domain::act::{Act, Deed};
use domain::amendment::AmendmentBar;
use domain::case::{self, Case};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId, TypeCode};
use domain::instrument::{Instrument, RequestType, Versions};
use domain::refusal::Refusal;
use jiff::Timestamp;

use crate::party::Node;

mod lineage;

pub use lineage::Lineage;

/// One version of the instrument.
#[derive(Debug, Clone)]
pub struct Version {
    /// What it says.
    pub instrument: Arc<Instrument>,
    /// What made it; the founding version was signed with the cards.
    pub amendment: Option<Taken>,
}

/// The amendment that made a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The case both signed it in.
    pub case: CaseId,
    /// From when cases can be opened under it.
    pub from: Timestamp,
    /// Whether the other side is known to have our signature. Before that we open nothing under it: what we send might
    /// arrive before the signature does.
    pub stands: bool,
}

/// Every instrument this node's Party has signed, each with its versions. The first is the one the node was founded on.
#[derive(Debug, Clone)]
pub struct Instruments {
    first: Lineage,
    further: Vec<Lineage>,
}

impl Instruments {
    /// The instrument both signed when they exchanged cards.
    #[must_use]
    pub fn founded(instrument: Arc<Instrument>) -> Self {
        Self { first: Lineage::founded(instrument), further: Vec::new() }
    }

    /// The same and a further instrument.
    #[must_use]
    pub(crate) fn and(mut self, instrument: Arc<Instrument>) -> Self {
        self.further.push(Lineage::founded(instrument));
        self
    }

    /// Each instrument with its versions, the first one first.
    pub fn lineages(&self) -> impl DoubleEndedIterator<Item = &Lineage> + Clone {
        std::iter::once(&self.first).chain(&self.further)
    }

    /// Whether one of them has this id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.lineages().any(|lineage| lineage.founding().instrument.id() == id)
    }

    /// The instrument a version is of.
    #[must_use]
    pub fn lineage(&self, version: &Hash32) -> Option<&Lineage> {
        self.lineages().find(|lineage| lineage.get(version).is_some())
    }

    /// The instrument the node was founded on.
    #[must_use]
    pub fn first(&self) -> &Lineage {
        &self.first
    }

    /// Every version of every instrument; those of one stand together, the founding one first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.lineages().flat_map(Lineage::iter)
    }

    /// The version of the first instrument that is in force.
    #[must_use]
    pub fn in_force(&self) -> &Version {
        self.first.in_force()
    }

    /// One version by its hash.
    #[must_use]
    pub fn get(&self, hash: &Hash32) -> Option<&Version> {
        self.iter().find(|version| version.instrument.hash() == *hash)
    }

    /// The version that amends this one.
    #[must_use]
    pub fn after(&self, hash: &Hash32) -> Option<&Version> {
        self.lineages().find_map(|lineage| lineage.after(hash))
    }

    /// The versions in force after this one, by hash: a case under it may go on under them.
    #[must_use]
    pub fn later_in_force(&self, hash: &Hash32) -> Vec<Hash32> {
        self.lineage(hash).map(|lineage| lineage.later_in_force(hash)).unwrap_or_default()
    }

    /// The amendments taken so far.
    pub(crate) fn taken(&self) -> impl Iterator<Item = &Taken> {
        self.lineages().flat_map(Lineage::taken)
    }

    /// Takes in a version that amends the latest of its instrument; answers whether there is one it amends.
    pub(crate) fn take(&mut self, instrument: Arc<Instrument>, taken: Taken) -> bool {
        let amends = instrument.amends();
        let fits = |lineage: &&mut Lineage| Some(lineage.latest().instrument.hash()) == amends;
        let found = self.each().find(fits);
        found.map(|lineage| lineage.take(instrument, taken)).is_some()
    }

    /// Notes of the amendment of `case` that the other side has our signature.
    pub(crate) fn stands(&mut self, case: &CaseId) {
        self.each().for_each(|lineage| lineage.stands(case));
    }

    /// Counts anew which are in force; answers whether that changed.
    pub(crate) fn count(&mut self, now: Timestamp) -> bool {
        // Each is counted: what one of them says must not keep the next from being asked.
        let counted: Vec<bool> = self.each().map(|lineage| lineage.count(now)).collect();
        counted.contains(&true)
    }

    /// When the next version that waits only for its day comes into force.
    #[must_use]
    pub fn next_from(&self) -> Option<Timestamp> {
        self.lineages().filter_map(Lineage::next_from).min()
    }

    fn each(&mut self) -> impl Iterator<Item = &mut Lineage> {
        std::iter::once(&mut self.first).chain(&mut self.further)
    }
}

impl Versions for Instruments {
    fn version(&self, hash: &Hash32) -> Option<&Instrument> {
        self.get(hash).map(|version| &*version.instrument)
    }

    fn in_force(&self) -> &Instrument {
        &Self::in_force(self).instrument
    }
}

impl Node {
    /// The first instrument in force: what is opened now with the Parties to it is opened under it.
    #[must_use]
    pub fn instrument(&self) -> &Instrument {
        &self.instruments().in_force().instrument
    }

    /// The instrument we work under with another Party: the one its card signs; before its card is here, the first that
    /// names it.
    #[must_use]
    pub fn lineage_with(&self, peer: &PartyId) -> Option<&Lineage> {
        let mut lineages = self.instruments().lineages();
        match self.peers().get(peer) {
            Some(card) => lineages.find(|lineage| lineage.founding().instrument.hash() == card.instrument),
            None => lineages.find(|lineage| lineage.latest().instrument.party(peer).is_some()),
        }
    }

    /// What is opened with another Party now is opened under this version.
    #[must_use]
    pub fn instrument_with(&self, peer: &PartyId) -> &Instrument {
        &self.lineage_with(peer).unwrap_or_else(|| self.instruments().first()).in_force().instrument
    }

    /// A type's rules between us and another Party, in force or formerly known.
    #[must_use]
    pub fn type_with(&self, peer: &PartyId, code: &TypeCode) -> Option<&RequestType> {
        self.lineage_with(peer)?.type_known(code)
    }

    /// The instrument in force that an office of ours has its place in; the first when several name it or none does.
    #[must_use]
    pub fn instrument_naming(&self, office: &OfficeId) -> &Instrument {
        let mut lineages = self.instruments().lineages().map(|lineage| &*lineage.in_force().instrument);
        lineages.find(|instrument| instrument.office(office).is_some()).unwrap_or_else(|| self.instrument())
    }

    /// The version of that hash, if both have signed it.
    #[must_use]
    pub fn version(&self, hash: &Hash32) -> Option<&Instrument> {
        self.instruments().get(hash).map(|version| &*version.instrument)
    }

    /// The version a case runs under: the one its first act names, until both sides have it go on under a later one. A case
    /// can be folded only under versions held here, so that there always is one.
    #[must_use]
    pub fn instrument_of(&self, case: &Case) -> &Instrument {
        self.version(&case.instrument).unwrap_or_else(|| self.instrument())
    }

    /// A type's rules under the first instrument that knows it: for words only, where no other Party is in sight.
    #[must_use]
    pub fn type_known(&self, code: &TypeCode) -> Option<&RequestType> {
        self.instruments().lineages().find_map(|lineage| lineage.type_known(code))
    }

    /// Whether a case may be opened here with this act: under the version in force at its instant. A version whose day came
    /// while the act was made is taken up first ([`Node::renewed`]): to the other side we would have known of it.
    ///
    /// # Errors
    /// As [`Node::opened_under`]; [`Refusal::Changed`].
    pub(crate) fn opens_now(&self, act: &Act) -> Result<(), Refusal> {
        self.opened_under(act)?;
        let late = self.instruments().next_from().is_some_and(|from| from <= act.at);
        if late { Err(Refusal::Changed) } else { Ok(()) }
    }

    /// The version a case may be opened under with this act, by either side: the other Party has signed it, nothing else
    /// binds us to it, and its day had come when the act was signed.
    ///
    /// # Errors
    /// [`Refusal::WrongInstrument`]; [`AmendmentBar::NotInForce`].
    pub(crate) fn opened_under(&self, act: &Act) -> Result<&Instrument, Refusal> {
        let to = case::opening(&act.deed).map(|request| request.to.party());
        let peer = if act.by == *self.me() { to.as_ref() } else { Some(&act.by) };
        let lineage = peer.and_then(|peer| self.lineage_with(peer));
        let version = lineage.and_then(|lineage| lineage.get(&act.instrument)).ok_or(Refusal::WrongInstrument)?;
        match &version.amendment {
            Some(taken) if act.at < taken.from => Err(Refusal::Amendment(AmendmentBar::NotInForce)),
            Some(_) | None => Ok(&version.instrument),
        }
    }

    /// Whether a case may here and now be said to go on under the version an act names: both have signed it, the other side
    /// knows, and its day has come. What we send could else arrive where the version is not known.
    ///
    /// # Errors
    /// As [`Node::adopts`]; [`AmendmentBar::NotInForce`].
    pub(crate) fn adopts_now(&self, act: &Act) -> Result<(), Refusal> {
        let Some(version) = self.adopts(act)? else { return Ok(()) };
        match &version.amendment {
            Some(taken) if !taken.stands => Err(Refusal::Amendment(AmendmentBar::NotInForce)),
            Some(_) | None => Ok(()),
        }
    }

    /// The version an act would have its case go on under: both have signed it, and its day had come when the act was signed.
    ///
    /// # Errors
    /// [`Refusal::WrongInstrument`]; [`AmendmentBar::NotInForce`].
    pub(crate) fn adopts(&self, act: &Act) -> Result<Option<&Version>, Refusal> {
        let Deed::Adopt { instrument, .. } = &act.deed else { return Ok(None) };
        let version = self.instruments().get(instrument).ok_or(Refusal::WrongInstrument)?;
        match &version.amendment {
            // To stay with the version it runs under is always possible; no case runs under one whose day has not come.
            Some(taken) if act.at < taken.from => Err(Refusal::Amendment(AmendmentBar::NotInForce)),
            Some(_) | None => Ok(Some(version)),
        }
    }
}
