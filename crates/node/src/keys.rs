//! The keys of a Party's node, all derived from one seed.
//!
//! Owns which key does what: the root signs cards and the instrument, the envelope key signs mail and receipts, the log
//! key checkpoints, the mirror key cosignatures; each office has a seal of its own and a key others seal to. Must not
//! know where the seed is kept.

use std::collections::BTreeMap;

use domain::ids::{OfficeId, PartyId};
use domain::instrument::Instrument;
use ledger::keys::{SealKey, SigningKey};
use ledger::rest;

/// Every key of a node.
pub struct Keys {
    pub(crate) root: SigningKey,
    pub(crate) envelope: SigningKey,
    pub(crate) log: SigningKey,
    pub(crate) mirror: SigningKey,
    pub(crate) offices: BTreeMap<OfficeId, OfficeKeys>,
    pub(crate) archive: [u8; 32],
    pub(crate) rest: [u8; 32],
    pub(crate) index: [u8; 32],
    /// What all the others are derived from: a later version of the instrument may name further offices.
    seed: [u8; 32],
}

/// The keys of one office.
pub struct OfficeKeys {
    pub(crate) sign: SigningKey,
    pub(crate) seal: SealKey,
}

impl Keys {
    /// Derives every key from the Party's seed, 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32], instrument: &Instrument, me: &PartyId) -> Self {
        Self::of_offices(seed, instrument.offices_of(me).map(|office| &office.id))
    }

    /// The same keys, with those of every office named; `None` when all of them are here.
    pub(crate) fn with_offices(&self, offices: &[&OfficeId]) -> Option<Self> {
        let here = offices.iter().all(|office| self.offices.contains_key(*office));
        (!here).then(|| Self::of_offices(&self.seed, offices.iter().copied().chain(self.offices.keys())))
    }

    fn of_offices<'o>(seed: &[u8; 32], offices: impl Iterator<Item = &'o OfficeId>) -> Self {
        let derived = |label: &str| rest::derive(seed, &format!("entente/key/1/{label}"));
        let signing = |label: &str| SigningKey::from_seed(derived(label));
        let office = |id: &OfficeId| OfficeKeys {
            sign: signing(&format!("office/{id}/sign")),
            seal: SealKey::from_seed(derived(&format!("office/{id}/seal"))),
        };
        Self {
            root: signing("root"),
            envelope: signing("envelope"),
            log: signing("log"),
            mirror: signing("mirror"),
            offices: offices.map(|id| (id.clone(), office(id))).collect(),
            archive: derived("archive"),
            rest: derived("rest"),
            index: derived("index"),
            seed: *seed,
        }
    }
}
