//! What a peer said of its log ahead of our copy: each receipt comes with a checkpoint, and most of them speak of entries we
//! have not fetched yet.
//!
//! Owns keeping those checkpoints until our copy passes them, and comparing them then: a peer that rewrites its log between
//! its receipt and our next look is found by its own signature. Must not judge a receipt otherwise.

use std::collections::BTreeMap;

use domain::ids::PartyId;
use ledger::Misbehaved;
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::tree::Frontier;
use store::{Batch, Expect, LocalRow, Reader, Write};

use crate::book::{mirror_name, note_key};
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// The checkpoints that wait for our copy to reach them, by their size.
#[derive(Default)]
pub(crate) struct Claims {
    waiting: BTreeMap<u64, Vec<([u8; 32], String)>>,
}

impl Node {
    /// Keeps a checkpoint that lies ahead of our copy; `None` when it does not. What is kept is kept only as long as our copy
    /// is as short as it was when the receipt was looked at.
    pub(crate) fn claimed(
        &self,
        reader: &dyn Reader,
        peer: &PartyId,
        claim: &Checkpoint,
        note: &[u8],
    ) -> Result<Option<Batch>, Fault> {
        let log = mirror_name(peer);
        let size = reader.log_size(&log)?;
        let (kind, key) = (kind_of(peer), key_of(claim));
        if claim.size() <= size || reader.local(&kind, &key)?.is_some() {
            return Ok(None);
        }
        let row = LocalRow { kind, key, version: 1, bytes: note.to_vec() };
        Ok(Some(Batch { expect: vec![Expect::LogSize { log, size }], writes: vec![Write::PutLocal(row)] }))
    }

    /// The checkpoints of a peer's receipts that our copy has not reached.
    pub(crate) fn claims(&self, reader: &dyn Reader, peer: &PartyId) -> Result<Claims, Failure> {
        let key = note_key(peer, self.me(), &self.peer(peer)?.log_key)?;
        let mut claims = Claims::default();
        for row in reader.local_list(&kind_of(peer))? {
            let signed = SignedCheckpoint::decode(&row.bytes)?;
            let claim = signed.verify(&key)?;
            claims.waiting.entry(claim.size()).or_default().push((*claim.root(), row.key));
        }
        Ok(claims)
    }
}

impl Claims {
    /// Our copy has grown to this edge: what was said of this size must hold, and waits no longer.
    ///
    /// # Errors
    /// [`Misbehaved::ForkedLog`] when the peer signed another history of the same size.
    pub(crate) fn reached(&mut self, peer: &PartyId, edge: &Frontier, batch: &mut Batch) -> Result<(), Misbehaved> {
        for (root, key) in self.waiting.remove(&edge.size()).unwrap_or_default() {
            if edge.root() != root {
                return Err(Misbehaved::ForkedLog(edge.size()));
            }
            batch.writes.push(Write::RemoveLocal { kind: kind_of(peer), key });
        }
        Ok(())
    }
}

fn kind_of(peer: &PartyId) -> String {
    format!("log-claim/{peer}")
}

/// One row for each history of a size, so that two of them are both remembered.
fn key_of(claim: &Checkpoint) -> String {
    format!("{}/{}", claim.size(), domain::ids::Hash32(*claim.root()))
}
