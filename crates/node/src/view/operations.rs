//! The engineer's page: each peer's queue and log, the alarms nobody has acknowledged, and when the node wakes next.
//!
//! Owns the gathering only. Must not measure anything itself: clock skew and certificates are the shell's.

use domain::ids::PartyId;
use jiff::Timestamp;
use store::{EventRow, ParcelState, Reader};

use super::log::{LogHead, LogSide};
use crate::fault::Fault;
use crate::party::Node;

/// Most events shown at once.
pub const EVENTS_SHOWN_MAX: usize = 100;

/// The state of the node's work.
#[derive(Debug, Clone)]
pub struct Operations {
    /// Each peer.
    pub peers: Vec<PeerState>,
    /// Events nobody has acknowledged, newest first.
    pub open: Vec<EventRow>,
    /// The latest events, acknowledged or not, newest first.
    pub recent: Vec<EventRow>,
    /// When the next clock of a case rings.
    pub next_wake: Option<Timestamp>,
}

/// How the mail with one peer stands.
#[derive(Debug, Clone)]
pub struct PeerState {
    /// The peer.
    pub peer: PartyId,
    /// Where its node listens.
    pub endpoint: String,
    /// What two officers compare by voice.
    pub fingerprint: String,
    /// Parcels in each state, with the time the oldest was queued.
    pub parcels: Vec<(ParcelState, u64, Timestamp)>,
    /// When the next parcel is tried.
    pub next_due: Option<Timestamp>,
    /// Our log with it.
    pub own: Option<LogHead>,
    /// Our copy of its log.
    pub mirror: Option<LogHead>,
}

impl Node {
    /// The engineer's page.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn operations(&self, reader: &dyn Reader) -> Result<Operations, Fault> {
        let counts = reader.parcel_counts()?;
        let mut peers = Vec::new();
        for (peer, card) in self.peers() {
            let parcels = counts.iter().filter(|count| count.peer == *peer);
            peers.push(PeerState {
                peer: peer.clone(),
                endpoint: card.endpoint.clone(),
                fingerprint: card.fingerprint(),
                parcels: parcels.map(|count| (count.state, count.count, count.oldest_at.into())).collect(),
                next_due: reader.parcel_next_due(peer)?.map(Timestamp::from),
                own: self.log_head(reader, peer, LogSide::Own)?,
                mirror: self.log_head(reader, peer, LogSide::Mirror)?,
            });
        }
        Ok(Operations {
            peers,
            open: reader.events_open(EVENTS_SHOWN_MAX)?,
            recent: reader.events(None, EVENTS_SHOWN_MAX)?,
            next_wake: reader.timer_next_due()?.map(Timestamp::from),
        })
    }
}
