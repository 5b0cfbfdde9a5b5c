//! The receipt of a batch: a line for each envelope, signed, and in our log before it leaves.
//!
//! Owns its making. Must not judge an envelope.

use domain::ids::{Hash32, PartyId};
use jiff::Timestamp;
use ledger::envelope::Envelope;
use ledger::hash::sha256;
use ledger::leaf::LeafKind;
use ledger::receipt::{self, Receipt, Verdict};
use store::{Batch, Chunks, CommitError, ReceiptRow, Store, Write};

use super::Outcome;
use crate::Env;
use crate::book::{Line, log_name, micros};
use crate::command::TRIES_MAX;
use crate::fault::Fault;
use crate::party::Node;

impl Node {
    /// The signed receipt of a batch that was taken in, line by line.
    ///
    /// # Errors
    /// As [`Node::receive`].
    pub fn answer(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        from: &PartyId,
        envelopes: &[Vec<u8>],
        mut entries: Vec<receipt::Entry>,
    ) -> Result<Vec<u8>, Fault> {
        // What waited for a later envelope of the same batch stands by now, and the receipt says so.
        for (bytes, entry) in envelopes.iter().zip(&mut entries) {
            let stands = store.reader()?.act_by_hash(&Hash32(entry.core_hash))?.is_some();
            if entry.verdict == Verdict::Parked && stands {
                *entry = line_of(bytes, self.take(store, env, chunks, from, bytes)?, env.now);
            }
        }
        self.sign_receipt(store, env, from, entries)
    }

    /// Signs the receipt of a batch and, when anything in it is new, enters it in our log before it leaves.
    fn sign_receipt(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        from: &PartyId,
        entries: Vec<receipt::Entry>,
    ) -> Result<Vec<u8>, Fault> {
        for _ in 0..TRIES_MAX {
            let reader = store.reader()?;
            let mut news = Vec::new();
            for entry in entries.iter().filter(|entry| entry.verdict == Verdict::Accepted) {
                if reader.receipt(&Hash32(entry.core_hash), true)?.is_none() {
                    news.push(entry.core_hash);
                }
            }
            let checkpoint = reader.latest_checkpoint(&log_name(from))?.map(|row| row.note).unwrap_or_default();
            let receipt = Receipt {
                by: self.me().to_string(),
                to: from.to_string(),
                at_us: micros(env.now),
                entries: entries.clone(),
                checkpoint,
            };
            let bytes = receipt::sign(&receipt, &self.keys().envelope).map_err(|why| Fault::Keys(why.to_string()))?;
            if news.is_empty() {
                return Ok(bytes);
            }
            let mut batch = Batch::default();
            let line = Line {
                kind: LeafKind::Receipt,
                outgoing: true,
                core_hash: sha256(&[&bytes]),
                bytes: &bytes,
                peer_index: None,
                reference: format!("receipt for {}", news.len()),
            };
            self.enter(&*reader, &mut batch, from, env.now, &[line])?;
            batch.writes.extend(news.iter().map(|core_hash| {
                Write::PutReceipt(ReceiptRow { core_hash: Hash32(*core_hash), given: true, bytes: bytes.clone() })
            }));
            drop(reader);
            match store.commit(&batch) {
                Ok(()) => return Ok(bytes),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Fault(fault)) => return Err(fault.into()),
            }
        }
        Err(Fault::Contended)
    }
}

/// What the receipt says of one envelope.
pub(super) fn line_of(bytes: &[u8], outcome: Outcome, now: Timestamp) -> receipt::Entry {
    let mut entry = receipt::Entry {
        core_hash: Envelope::decode(bytes).map_or_else(|_| sha256(&[bytes]), |envelope| envelope.core_hash()),
        log_index: 0,
        received_at_us: micros(now),
        state_hash: [0; 32],
        verdict: Verdict::Parked,
    };
    match outcome {
        Outcome::Stands(standing) => {
            entry.log_index = standing.log_index;
            entry.received_at_us = micros(standing.received_at);
            entry.state_hash = standing.state_hash;
            entry.verdict = Verdict::Accepted;
        }
        Outcome::Waits => {}
        Outcome::Falls(code) => entry.verdict = Verdict::Refused { code },
    }
    entry
}
