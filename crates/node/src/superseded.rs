//! Whether a case was opened under a version its author knew to be amended: the author's own log says what it knew, and
//! when.
//!
//! Owns the look into our copy of that log. Must not judge the opening otherwise, nor trust a time that log gives to clear its
//! owner.

use domain::act::{Act, Deed};
use domain::admit::SKEW;
use domain::ids::{Hash32, PartyId};
use jiff::Timestamp;
use ledger::leaf::{Leaf, LeafKind};
use store::Reader;

use crate::book::{instant, mirror_name};
use crate::dossier::Dossier;
use crate::fault::Fault;
use crate::instruments::Taken;
use crate::party::Node;

/// Entries of the peer's log read at a time.
const PAGE: usize = 512;

/// What the author's log says of an opening under a version that is amended.
pub(crate) enum Superseded {
    /// It did not know, or opened before the day had come.
    No,
    /// It knew, and the day had come.
    Yes,
    /// Our copy of its log is too short to say.
    Unknown,
}

/// The two signatures to an amendment: whose message it is, and when it was signed.
struct Signatures {
    ours: (Hash32, Timestamp),
    theirs: (Hash32, Timestamp),
}

impl Node {
    /// Whether the other Party opened a case under a version that was amended to its knowledge, once that amendment's day had
    /// come: by our copy of its log it had our signature and our receipt for its own before, and the opening is dated after
    /// the day or stands behind what was entered after it. A date alone would let it open under the old version for as long
    /// as mail lives.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub(crate) fn superseded(
        &self,
        reader: &dyn Reader,
        from: &PartyId,
        taken: &Taken,
        (act, opened): (&Act, &Hash32),
    ) -> Result<Superseded, Fault> {
        let Some(dossier) = self.load(reader, &taken.case)? else { return Ok(Superseded::No) };
        let Some(Signatures { ours, theirs }) = self.signatures(&dossier) else { return Ok(Superseded::No) };
        let earliest = ours.1.min(theirs.1).min(act.at).saturating_sub(SKEW).unwrap_or(Timestamp::MIN);
        let log = mirror_name(from);
        let mut until = self.vouched_for(reader, from)?;
        let (mut opened_here, mut signed_after) = (false, false);
        let (mut had_ours, mut had_receipt) = (false, false);
        let mut day_had_come = act.at >= taken.from;
        while until > 0 {
            let start = until.saturating_sub(PAGE as u64);
            let page = reader.leaves(&log, start, usize::try_from(until - start).unwrap_or(PAGE))?;
            for leaf in page.iter().rev().filter_map(|row| Leaf::decode(&row.bytes).ok()) {
                let signs = leaf.kind == LeafKind::Sent && leaf.core_hash == theirs.0.0;
                if !opened_here {
                    opened_here = leaf.kind == LeafKind::Sent && leaf.core_hash == opened.0;
                    signed_after |= signs;
                    if opened_here && signed_after {
                        return Ok(Superseded::No);
                    }
                    // Entered when it was signed, it cannot stand before what was entered earlier.
                    if !opened_here && instant(leaf.logged_at_us).is_some_and(|at| at < earliest) {
                        return Ok(Superseded::Unknown);
                    }
                    continue;
                }
                // What stands before the opening in the log, its author had when it opened.
                had_ours |= leaf.kind == LeafKind::Received && leaf.core_hash == ours.0.0;
                had_receipt |= leaf.kind == LeafKind::Receipt && leaf.core_hash == theirs.0.0;
                day_had_come = day_had_come || is_after(reader, &leaf, taken.from)?;
                if had_ours && had_receipt && day_had_come {
                    return Ok(Superseded::Yes);
                }
                // Nothing receipts a signature before it is sent; and no time this log gives ends the search.
                if signs && !had_receipt {
                    return Ok(Superseded::No);
                }
            }
            until = start;
        }
        Ok(if opened_here { Superseded::No } else { Superseded::Unknown })
    }

    fn signatures(&self, dossier: &Dossier) -> Option<Signatures> {
        let signature = |ours: bool| {
            let signs = |entry: &&domain::case::Entry| matches!(entry.act.deed, Deed::SignText { .. });
            let by = |entry: &&domain::case::Entry| (entry.act.by == *self.me()) == ours;
            let act = &dossier.entries.iter().filter(signs).filter(by).max_by_key(|entry| entry.act.seq)?.act;
            let row = dossier.rows.iter().find(|row| row.party == act.by && row.seq == act.seq)?;
            Some((row.core_hash, act.at))
        };
        Some(Signatures { ours: signature(true)?, theirs: signature(false)? })
    }
}

/// Whether an entry of the author's log was made after a day had come: by the time it gives, or, where it gives another, by
/// the act it enters. Within what clocks may differ it was not.
fn is_after(reader: &dyn Reader, leaf: &Leaf, day: Timestamp) -> Result<bool, Fault> {
    let after = |at: Timestamp| at.saturating_sub(SKEW).is_ok_and(|at| at >= day);
    if instant(leaf.logged_at_us).is_some_and(after) {
        return Ok(true);
    }
    if leaf.kind != LeafKind::Sent && leaf.kind != LeafKind::Received {
        return Ok(false);
    }
    let act = reader.act_by_hash(&Hash32(leaf.core_hash))?;
    Ok(act.is_some_and(|act| after(act.at.into())))
}
