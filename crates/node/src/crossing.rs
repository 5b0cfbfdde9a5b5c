//! Whether an act that claims to have crossed ours in the post did: the peer's own log says when it was signed.
//!
//! Owns the look into our copy of the peer's log. Must not judge the act otherwise: `domain::admit` does.

use domain::act::Act;
use domain::admit::SKEW;
use domain::ids::{Hash32, PartyId};
use ledger::leaf::{Leaf, LeafKind};
use ledger::receipt::{self, Verdict};
use store::Reader;

use crate::book::{instant, mirror_name};
use crate::dossier::Dossier;
use crate::fault::Fault;
use crate::party::Node;

/// Entries of the peer's log read at a time.
const PAGE: usize = 512;

/// What the peer's log says of a claim to have crossed.
pub(crate) enum Crossing {
    /// Nothing was crossed, or the log bears it out.
    Did,
    /// It was signed later, or never.
    DidNot,
    /// Our copy is too short to say.
    Unknown,
}

impl Node {
    /// Whether the peer's log bears out that it signed this act before it received those of
    /// ours the act does not know. An act signed later and dated back would fold before them and make them moot.
    /// While our copy does not reach the place the peer's receipt names, that cannot be said yet.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub(crate) fn crossed(
        &self,
        reader: &dyn Reader,
        from: &PartyId,
        dossier: &Dossier,
        act: &Act,
        core_hash: &Hash32,
    ) -> Result<Crossing, Fault> {
        let log = mirror_name(from);
        let Some(received) = self.first_unseen(reader, from, dossier, act)? else { return Ok(Crossing::Did) };
        if self.vouched_for(reader, from)? <= received {
            return Ok(Crossing::Unknown);
        }
        let signed = act.at.saturating_sub(SKEW).unwrap_or(act.at);
        let mut until = received;
        while until > 0 {
            let from_index = until.saturating_sub(PAGE as u64);
            let page = reader.leaves(&log, from_index, usize::try_from(until - from_index).unwrap_or(PAGE))?;
            for row in page.iter().rev() {
                let Ok(leaf) = Leaf::decode(&row.bytes) else { continue };
                if leaf.kind == LeafKind::Sent && leaf.core_hash == core_hash.0 {
                    return Ok(Crossing::Did);
                }
                // Entered when it was signed, it cannot stand before what was entered earlier.
                if instant(leaf.logged_at_us).is_some_and(|at| at < signed) {
                    return Ok(Crossing::DidNot);
                }
            }
            until = from_index;
        }
        Ok(Crossing::DidNot)
    }

    /// Where the peer's log has the first act of ours that this act does not know, by the receipts we hold.
    fn first_unseen(
        &self,
        reader: &dyn Reader,
        from: &PartyId,
        dossier: &Dossier,
        act: &Act,
    ) -> Result<Option<u64>, Fault> {
        let seen = act.seen.get(self.me()).copied().unwrap_or(0);
        let key = self.peer(from)?.envelope_key;
        let mut first: Option<u64> = None;
        for row in dossier.rows.iter().filter(|row| row.party == *self.me() && row.seq > seen) {
            let Some(got) = reader.receipt(&row.core_hash, false)? else { continue };
            let Ok(got) = receipt::open(&got.bytes, &[key]) else { continue };
            let accepted = got
                .entries
                .iter()
                .find(|entry| entry.core_hash == row.core_hash.0 && entry.verdict == Verdict::Accepted);
            first = accepted.map(|entry| entry.log_index).into_iter().chain(first).min();
        }
        Ok(first)
    }
}
