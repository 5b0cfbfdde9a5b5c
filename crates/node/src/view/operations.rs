//! The engineer's page: each peer's queue and log, the alarms nobody has acknowledged, and when the node wakes next.
//!
//! Owns the gathering only. Must not measure anything itself: clock skew and certificates are the shell's.

use domain::act::ActKind;
use domain::ids::PartyId;
use jiff::Timestamp;
use store::filter::LIST_MAX;
use store::{EventRow, ParcelState, Reader};

use super::Viewer;
use super::log::{LogHead, LogSide};
use crate::fault::Fault;
use crate::party::Node;

/// Most events shown at once.
pub const EVENTS_SHOWN_MAX: usize = 100;

/// Events that tell what our own law holds back: heard by whoever hears it of the case, and by nobody else in the house.
const OF_OWN_LAW: &[&str] = &["reply-not-released"];

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
    /// The latest events the viewer may read, newest first, and where the next page begins. Pages are cut after what is not
    /// theirs to hear is left out, so that nothing of it shows in a page's length.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn events_for(
        &self,
        reader: &dyn Reader,
        viewer: &Viewer,
        before: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<EventRow>, Option<u64>), Fault> {
        let (mut told, mut before): (Vec<EventRow>, _) = (Vec::new(), before);
        loop {
            let rows = reader.events(before, EVENTS_SHOWN_MAX)?;
            let Some(last) = rows.last().map(|row| row.id) else { return Ok((told, None)) };
            for row in rows {
                if !self.hears(reader, viewer, &row)? {
                    continue;
                }
                if told.len() >= limit {
                    let next = told.last().map(|row| row.id);
                    return Ok((told, next));
                }
                told.push(row);
            }
            before = Some(last);
        }
    }

    /// Of the events nobody has acknowledged those the viewer may read, newest first.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn open_events_for(&self, reader: &dyn Reader, viewer: &Viewer, limit: usize) -> Result<Vec<EventRow>, Fault> {
        let mut told = Vec::new();
        for row in reader.events_open(LIST_MAX)? {
            if told.len() < limit && self.hears(reader, viewer, &row)? {
                told.push(row);
            }
        }
        Ok(told)
    }

    /// Whether there is such an event for the viewer: nobody acknowledges what is not theirs to hear.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn hears_of(&self, reader: &dyn Reader, viewer: &Viewer, id: u64) -> Result<bool, Fault> {
        let found = reader.events(Some(id.saturating_add(1)), 1)?.into_iter().find(|row| row.id == id);
        found.map_or(Ok(false), |row| self.hears(reader, viewer, &row))
    }

    /// Whether an event is the viewer's to hear.
    fn hears(&self, reader: &dyn Reader, viewer: &Viewer, row: &EventRow) -> Result<bool, Fault> {
        let Some(case) = row.event.case.as_ref().filter(|_| OF_OWN_LAW.contains(&row.event.code.as_str())) else {
            return Ok(true);
        };
        let heard = self.own_law(reader, case.as_str(), ActKind::Respond, &viewer.office)?;
        Ok(!viewer.second_track && heard.is_some())
    }

    /// The engineer's page.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn operations(&self, reader: &dyn Reader, viewer: &Viewer) -> Result<Operations, Fault> {
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
            open: self.open_events_for(reader, viewer, EVENTS_SHOWN_MAX)?,
            recent: self.events_for(reader, viewer, None, EVENTS_SHOWN_MAX)?.0,
            next_wake: reader.timer_next_due()?.map(Timestamp::from),
        })
    }
}
