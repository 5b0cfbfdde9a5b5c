//! How our connections to the other Parties fare, for the operations page and `peer ping`.
//!
//! Owns the last word on each peer, in memory. Must not know how it was learned.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ids::PartyId;
use jiff::{SignedDuration, Timestamp};

/// The last word on every peer.
#[derive(Debug)]
pub struct Board(Mutex<BTreeMap<PartyId, Health>>);

/// The last word on one peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// When it last answered, by our clock.
    pub answered_at: Option<Timestamp>,
    /// How far its clock is ahead of ours (behind when negative), at that time.
    pub skew: Option<SignedDuration>,
    /// Why it could not be reached since; `None` while it can.
    pub trouble: Option<String>,
}

impl Board {
    /// Nothing known yet of these peers.
    #[must_use]
    pub fn new(peers: impl IntoIterator<Item = PartyId>) -> Self {
        Self(Mutex::new(peers.into_iter().map(|peer| (peer, Health::default())).collect()))
    }

    /// Every peer's.
    #[must_use]
    pub fn all(&self) -> BTreeMap<PartyId, Health> {
        self.lock().clone()
    }

    /// One peer answered. Says whether it could not be reached before.
    pub fn answered(&self, peer: &PartyId, at: Timestamp, skew: Option<SignedDuration>) -> bool {
        let mut board = self.lock();
        let health = board.entry(peer.clone()).or_default();
        health.answered_at = Some(at);
        health.skew = skew.or(health.skew);
        health.trouble.take().is_some()
    }

    /// One peer could not be reached. Says whether that is new.
    pub fn failed(&self, peer: &PartyId, why: &str) -> bool {
        let mut board = self.lock();
        let health = board.entry(peer.clone()).or_default();
        health.trouble.replace(why.to_owned()).is_none()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PartyId, Health>> {
        // A panic while it is held leaves plain values behind; they are still good.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
