//! One instrument with the versions that amend it, and which of them is in force.
//!
//! Owns their order. Must not know which Parties are peers here, nor how a version came to be signed (`amendment`).

use std::sync::Arc;

use domain::ids::{CaseId, Hash32, TypeCode};
use domain::instrument::{Instrument, RequestType, Versions};
use jiff::Timestamp;

use super::{Taken, Version};

/// Every version of one instrument this node holds both signatures of, each amending the one before it.
#[derive(Debug, Clone)]
pub struct Lineage {
    founding: Version,
    amended: Vec<Version>,
    /// How many of `amended` are in force.
    in_force: usize,
}

impl Lineage {
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

    /// A type's rules under the version in force, or where it is no longer known there, under the latest that knew it.
    #[must_use]
    pub fn type_known(&self, code: &TypeCode) -> Option<&RequestType> {
        let in_force = self.in_force().instrument.request_type(code);
        in_force.or_else(|| self.iter().rev().find_map(|version| version.instrument.request_type(code)))
    }

    /// The version that amends this one.
    pub(super) fn after(&self, hash: &Hash32) -> Option<&Version> {
        self.amended.iter().find(|version| version.instrument.amends() == Some(*hash))
    }

    /// The versions in force after this one, by hash.
    pub(super) fn later_in_force(&self, hash: &Hash32) -> Vec<Hash32> {
        let in_force = self.iter().take(1 + self.in_force);
        in_force.map(|version| version.instrument.hash()).skip_while(|one| one != hash).skip(1).collect()
    }

    /// The amendments taken so far.
    pub(super) fn taken(&self) -> impl Iterator<Item = &Taken> {
        self.amended.iter().filter_map(|version| version.amendment.as_ref())
    }

    /// Takes in a version that amends the latest; it is never in force before the one it amends.
    pub(super) fn take(&mut self, instrument: Arc<Instrument>, mut taken: Taken) {
        let before = self.latest().amendment.as_ref().map(|before| before.from);
        taken.from = before.map_or(taken.from, |before| before.max(taken.from));
        self.amended.push(Version { instrument, amendment: Some(taken) });
    }

    /// Notes of the amendment of `case` that the other side has our signature.
    pub(super) fn stands(&mut self, case: &CaseId) {
        let taken = self.amended.iter_mut().filter_map(|version| version.amendment.as_mut());
        taken.filter(|taken| taken.case == *case).for_each(|taken| taken.stands = true);
    }

    /// Counts anew which are in force; answers whether that changed. What once was in force stays so: a clock set back
    /// does not undo what cases were opened under.
    pub(super) fn count(&mut self, now: Timestamp) -> bool {
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

impl Versions for Lineage {
    fn version(&self, hash: &Hash32) -> Option<&Instrument> {
        self.get(hash).map(|version| &*version.instrument)
    }

    fn in_force(&self) -> &Instrument {
        &Self::in_force(self).instrument
    }
}
