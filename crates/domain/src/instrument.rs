//! The instrument: what the Parties agreed, as read from its files.
//!
//! Owns `Instrument`, its one constructor (`load`) and the accessors. The rows it is made of stand in the submodules
//! by noun. Must not know cases, acts already done, screens or keys: it names, numbers and lists, and never computes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::act::{Ground, Role, Urgency};
use crate::ids::{Hash32, OfficeId, PartyId, TypeCode};
use crate::safeguard::Gate;
use crate::text::{Lang, Text};

mod check;
mod commitment;
mod cursor;
mod finding;
mod limit;
mod load;
mod matching;
mod meeting;
mod party;
mod read;
mod read_calendar;
mod read_gate;
mod read_limit;
mod read_measure;
mod read_party;
mod read_policy;
mod read_step;
mod read_type;
mod read_words;
mod request_type;
mod step;
#[cfg(test)]
pub(crate) mod tests;

pub use commitment::{Area, Clause, GateText, GroundText, Norm, Rung, Term, UrgencyText};
pub use finding::{Counts, Finding, Loaded, Severity, SourceFile};
pub use limit::{Carries, Form, Limit, When};
pub use load::{FILE_BYTES_MAX, FILES_MAX};
pub use matching::{BATCH_PLACES, KeyKind, LIST_PLACES_MAX, LIST_PLACES_MIN, Learns, Matching};
pub use meeting::Meeting;
pub use party::{Marking, Office, Party};
pub use read_policy::{LoadedPolicy, is_policy};
pub use request_type::{AdmittedGround, Amends, Field, FieldKind, GateBinding, RequestType, TypeStatus};
pub use step::{Step, StepBy};

pub use crate::procedure::ProcedureKind;

/// What the Parties agreed. Made by [`Instrument::load`] only, so every code in it is known, every text stands in
/// every language and every office can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    hash: Hash32,
    sources: Arc<[SourceFile]>,
    id: String,
    version: String,
    amends: Option<Hash32>,
    title: Text,
    text_status: Text,
    langs: Vec<Lang>,
    parties: BTreeMap<PartyId, Party>,
    offices: BTreeMap<OfficeId, Office>,
    areas: Vec<Area>,
    clauses: Vec<Clause>,
    types: BTreeMap<TypeCode, RequestType>,
    urgencies: BTreeMap<Urgency, UrgencyText>,
    roles: BTreeMap<Role, Text>,
    grounds: BTreeMap<Ground, GroundText>,
    gates: BTreeMap<Gate, GateText>,
    ladder: Vec<Rung>,
    glossary: Vec<Term>,
    norms: Vec<Norm>,
}

/// The versions of an instrument whoever folds a case can look up: one node knows every version both have signed.
pub trait Versions {
    /// The version of that hash.
    fn version(&self, hash: &Hash32) -> Option<&Instrument>;

    /// The version a case is opened under now.
    fn in_force(&self) -> &Instrument;

    /// Whether one version comes after another: amends it, or what amends it.
    fn comes_after(&self, later: &Hash32, earlier: &Hash32) -> bool {
        let amends = |hash: &Hash32| self.version(hash).and_then(Instrument::amends);
        // A version names what it amends by hash, so that no chain of them leads back to itself.
        std::iter::successors(amends(later), amends).any(|before| before == *earlier)
    }
}

/// An instrument that was never amended.
impl Versions for Instrument {
    fn version(&self, hash: &Hash32) -> Option<&Instrument> {
        (self.hash() == *hash).then_some(self)
    }

    fn in_force(&self) -> &Instrument {
        self
    }
}

impl Instrument {
    /// Reads an instrument from its files (TOML; the calendars of its Parties are among them). Every fault is
    /// reported, not only the first; there is an instrument exactly when no finding is an error. Names are relative to
    /// the instrument's folder and the same at every Party, because the hash covers them.
    #[must_use]
    pub fn load(files: &[SourceFile]) -> Loaded {
        load::load(files)
    }

    /// SHA-256 over the names and contents of the files it was read from: what both Parties sign.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        self.hash
    }

    /// Its id, for example `china-uk-2016`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its version, for example `1.0`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The files it was read from: what an amendment is written over.
    #[must_use]
    pub fn sources(&self) -> &[SourceFile] {
        &self.sources
    }

    /// The version it amends, by hash; none when it amends no other.
    #[must_use]
    pub fn amends(&self) -> Option<Hash32> {
        self.amends
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// The standing of its texts: which are authentic, which are our translation.
    #[must_use]
    pub fn text_status(&self) -> &Text {
        &self.text_status
    }

    /// Its languages, in the order of the file; every text stands in each.
    #[must_use]
    pub fn langs(&self) -> &[Lang] {
        &self.langs
    }

    /// The Parties.
    #[must_use]
    pub fn parties(&self) -> &BTreeMap<PartyId, Party> {
        &self.parties
    }

    /// One Party.
    #[must_use]
    pub fn party(&self, id: &PartyId) -> Option<&Party> {
        self.parties.get(id)
    }

    /// The offices of every Party.
    #[must_use]
    pub fn offices(&self) -> &BTreeMap<OfficeId, Office> {
        &self.offices
    }

    /// One office.
    #[must_use]
    pub fn office(&self, id: &OfficeId) -> Option<&Office> {
        self.offices.get(id)
    }

    /// A Party's offices.
    pub fn offices_of(&self, party: &PartyId) -> impl Iterator<Item = &Office> {
        self.offices.values().filter(move |office| office.party == *party)
    }

    /// The areas of cooperation, in the order of the file.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The clauses, in the order of the file.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// One clause by its id, for example `CY-3a`.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// The request types.
    #[must_use]
    pub fn types(&self) -> &BTreeMap<TypeCode, RequestType> {
        &self.types
    }

    /// One request type, on or merely declared.
    #[must_use]
    pub fn request_type(&self, code: &TypeCode) -> Option<&RequestType> {
        self.types.get(code)
    }

    /// The name and test of each urgency.
    #[must_use]
    pub fn urgencies(&self) -> &BTreeMap<Urgency, UrgencyText> {
        &self.urgencies
    }

    /// The name of each role.
    #[must_use]
    pub fn roles(&self) -> &BTreeMap<Role, Text> {
        &self.roles
    }

    /// The words of each ground of refusal.
    #[must_use]
    pub fn grounds(&self) -> &BTreeMap<Ground, GroundText> {
        &self.grounds
    }

    /// The words of each safeguard.
    #[must_use]
    pub fn gates(&self) -> &BTreeMap<Gate, GateText> {
        &self.gates
    }

    /// The escalation ladder from level 0 up, without gaps.
    #[must_use]
    pub fn ladder(&self) -> &[Rung] {
        &self.ladder
    }

    /// One rung of the ladder.
    #[must_use]
    pub fn rung(&self, level: u8) -> Option<&Rung> {
        self.ladder.get(usize::from(level))
    }

    /// The glossary, in the order of the file.
    #[must_use]
    pub fn glossary(&self) -> &[Term] {
        &self.glossary
    }

    /// The norms of responsible behaviour cases may cite.
    #[must_use]
    pub fn norms(&self) -> &[Norm] {
        &self.norms
    }
}
