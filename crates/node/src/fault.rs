//! What can go wrong in the clerk's work, by blame: our rule, the peer, or our own disk and keys.
//!
//! Owns the two error types of the crate. Must not make words for officers: codes do.

use domain::local::Held;
use domain::refusal::Refusal;
use ledger::Misbehaved;

/// Disk, keys or our own records failed. Nobody's rule was broken; an operator must look.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// The matter changed under our hands five times in a row.
    #[error("the case kept changing while an act was entered; try again")]
    Contended,
    /// A record of ours cannot be read back.
    #[error("record `{what}` cannot be read: {why}; run `entente ledger verify` and restore from a backup")]
    Record {
        /// Which record.
        what: String,
        /// Why.
        why: String,
    },
    /// Sealing or signing failed.
    #[error("sealing or signing failed: {0}")]
    Keys(String),
    /// The house is not set up for this.
    #[error("{0}")]
    Setup(String),
}

/// Why something was not done, by blame.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Our rule.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Our own law. Never said to a peer: nothing a peer sends can lead here.
    #[error(transparent)]
    Held(#[from] Held),
    /// The peer.
    #[error(transparent)]
    Misbehaved(#[from] Misbehaved),
    /// Ourselves.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<store::Fault> for Failure {
    fn from(fault: store::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl Fault {
    /// A record that cannot be read.
    pub(crate) fn record(what: impl Into<String>, why: impl ToString) -> Self {
        Self::Record { what: what.into(), why: why.to_string() }
    }
}
