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
            offices: instrument.offices_of(me).map(|found| (found.id.clone(), office(&found.id))).collect(),
            archive: derived("archive"),
            rest: derived("rest"),
            index: derived("index"),
        }
    }
}
