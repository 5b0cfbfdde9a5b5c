//! What we give back to a peer that lost its own record: our copy of its log, and each message that passed between us.
//!
//! Owns what may be asked for: nothing that was not the caller's to begin with. Must not know what it does with it.

use domain::ids::{Hash32, PartyId};
use ledger::envelope::{ENVELOPE_BYTES_MAX, Envelope};
use ledger::receipt::RECEIPT_BYTES_MAX;
use store::Reader;

use crate::book::mirror_name;
use crate::fault::Fault;
use crate::mirror::{PAGE_MAX, Page};
use crate::party::Node;

/// The largest answer about one message, in bytes: its envelope, a receipt each way, and their heads.
pub const RETURNED_BYTES_MAX: usize = ENVELOPE_BYTES_MAX + 2 * RECEIPT_BYTES_MAX + 1024;

/// One message as the other side has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returned {
    /// The envelope as it was sent; absent when it never came, or was erased at the end of its time.
    pub envelope: Option<Vec<u8>>,
    /// The receipt whoever answers gave for it.
    pub given: Option<Vec<u8>>,
    /// The receipt whoever answers got for it.
    pub got: Option<Vec<u8>>,
}

impl Node {
    /// A page of our copy of the peer's own log from index `from`, under the newest checkpoint of it both signed; `None`
    /// while there is none.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn returned_page(&self, reader: &dyn Reader, peer: &PartyId, from: u64) -> Result<Option<Page>, Fault> {
        let log = mirror_name(peer);
        let latest = reader.latest_cosigned(&log)?;
        let Some((size, checkpoint)) = latest.and_then(|row| Some((row.size, row.cosigned?))) else { return Ok(None) };
        let leaves = reader.leaves(&log, from, PAGE_MAX)?;
        let entries = leaves.into_iter().filter(|leaf| leaf.index < size).map(|leaf| leaf.bytes).collect();
        Ok(Some(Page { checkpoint, from, entries }))
    }

    /// What we have of a message between the peer and us; nothing of any other.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn returned(&self, reader: &dyn Reader, peer: &PartyId, core_hash: &Hash32) -> Result<Returned, Fault> {
        let envelope = reader.envelope(core_hash)?;
        let between = match &envelope {
            Some(bytes) => Envelope::decode(bytes).is_ok_and(|envelope| {
                let (iss, aud) = (&envelope.header().iss, &envelope.header().aud);
                let (me, them) = (self.me().as_str(), peer.as_str());
                (iss == them && aud == me) || (iss == me && aud == them)
            }),
            None => match reader.act_by_hash(core_hash)? {
                Some(act) => reader.case(&act.case)?.is_some_and(|row| row.peer == *peer),
                None => false,
            },
        };
        if !between {
            return Ok(Returned::default());
        }
        let receipt = |given| Ok::<_, Fault>(reader.receipt(core_hash, given)?.map(|row| row.bytes));
        Ok(Returned { envelope, given: receipt(true)?, got: receipt(false)? })
    }
}
