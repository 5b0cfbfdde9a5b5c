//! The versions of the instrument a node may meet: the one it was founded on, those both sides have signed since, and
//! which of them is in force.
//!
//! Owns their order and what may be opened under which. Must not know how a version came to be signed (`amendment`).

use std::sync::Arc;

use domain::act::{Act, Deed};
use domain::amendment::AmendmentBar;
use domain::case::Case;
use domain::ids::{CaseId, Hash32, TypeCode};
use domain::instrument::{Instrument, RequestType, Versions};
use domain::refusal::Refusal;
use jiff::Timestamp;

use crate::party::Node;

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

/// Every version this node holds both signatures of, each amending the one before it.
#[derive(Debug, Clone)]
pub struct Instruments {
    founding: Version,
    amended: Vec<Version>,
    /// How many of `amended` are in force.
    in_force: usize,
}

impl Instruments {
    /// The instrument both signed when they exchanged cards.
    #[must_use]
    pub fn founded(instrument: Arc<Instrument>) -> Self {
        Self { founding: Version { instrument, amendment: None }, amended: Vec::new(), in_force: 0 }
    }

    /// Every version, the founding one first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Version> {
        std::iter::once(&self.founding).chain(&self.amended)
    }

    /// The version cases are opened under.
    #[must_use]
    pub fn in_force(&self) -> &Version {
        self.amended.get(..self.in_force).and_then(<[Version]>::last).unwrap_or(&self.founding)
    }

    /// The version signed last, in force or not: the one a further amendment must amend.
    #[must_use]
    pub fn latest(&self) -> &Version {
        self.amended.last().unwrap_or(&self.founding)
    }

    /// The version the cards name.
    #[must_use]
    pub fn founding(&self) -> &Version {
        &self.founding
    }

    /// One version by its hash.
    #[must_use]
    pub fn get(&self, hash: &Hash32) -> Option<&Version> {
        self.iter().find(|version| version.instrument.hash() == *hash)
    }

    /// The version that amends this one.
    #[must_use]
    pub fn after(&self, hash: &Hash32) -> Option<&Version> {
        self.amended.iter().find(|version| version.instrument.amends() == Some(*hash))
    }

    /// The versions in force after this one, by hash: a case under it may go on under them.
    #[must_use]
    pub fn later_in_force(&self, hash: &Hash32) -> Vec<Hash32> {
        let in_force = self.iter().take(1 + self.in_force);
        in_force.map(|version| version.instrument.hash()).skip_while(|one| one != hash).skip(1).collect()
    }

    /// The amendments taken so far.
    pub(crate) fn taken(&self) -> impl Iterator<Item = &Taken> {
        self.amended.iter().filter_map(|version| version.amendment.as_ref())
    }

    /// Takes in a version that amends the latest; it is never in force before the one it amends.
    pub(crate) fn take(&mut self, instrument: Arc<Instrument>, mut taken: Taken) {
        let before = self.latest().amendment.as_ref().map(|before| before.from);
        taken.from = before.map_or(taken.from, |before| before.max(taken.from));
        self.amended.push(Version { instrument, amendment: Some(taken) });
    }

    /// Notes of the amendment of `case` that the other side has our signature.
    pub(crate) fn stands(&mut self, case: &CaseId) {
        let taken = self.amended.iter_mut().filter_map(|version| version.amendment.as_mut());
        taken.filter(|taken| taken.case == *case).for_each(|taken| taken.stands = true);
    }

    /// Counts anew which are in force; answers whether that changed. What once was in force stays so: a clock set back
    /// does not undo what cases were opened under.
    pub(crate) fn count(&mut self, now: Timestamp) -> bool {
        let due = self.taken().take_while(|taken| taken.stands && taken.from <= now).count();
        let before = self.in_force;
        self.in_force = before.max(due);
        self.in_force != before
    }

    /// When the next version that waits only for its day comes into force.
    #[must_use]
    pub fn next_from(&self) -> Option<Timestamp> {
        self.taken().nth(self.in_force).filter(|taken| taken.stands).map(|taken| taken.from)
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
    /// The instrument in force: what is opened now is opened under it.
    #[must_use]
    pub fn instrument(&self) -> &Instrument {
        &self.instruments().in_force().instrument
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

    /// A type's rules under the instrument in force, or where it is no longer known there, under the latest that knew it:
    /// for lists, whose lines stand under several versions.
    #[must_use]
    pub fn type_known(&self, code: &TypeCode) -> Option<&RequestType> {
        let in_force = self.instrument().request_type(code);
        in_force.or_else(|| self.instruments().iter().rev().find_map(|version| version.instrument.request_type(code)))
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

    /// The version the other Party may open a case under with this act: both have signed it and its day had come when
    /// the act was signed.
    ///
    /// # Errors
    /// [`Refusal::WrongInstrument`]; [`AmendmentBar::NotInForce`].
    pub(crate) fn opened_under(&self, act: &Act) -> Result<&Instrument, Refusal> {
        let version = self.instruments().get(&act.instrument).ok_or(Refusal::WrongInstrument)?;
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
