//! May the other Party's act stand?
//!
//! Owns the re-judgement: the receiver rebuilds exactly what the author had seen, and passes the same judgement on the
//! act that an honest author's node passed before signing it. So an act that merely crossed ours in the post is never
//! refused, and one that skipped a safeguard always is. Must not know signatures or bytes.

use jiff::{SignedDuration, Timestamp};

use crate::act::Act;
use crate::case::{self, Case, Entry, Seen};
use crate::ids::PartyId;
use crate::instrument::Versions;
use crate::judge;
use crate::refusal::Refusal;

/// How far two honest clocks may stand apart before what one says of the other's time is called impossible.
pub const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Judges an act of another Party, received at `received_at`, given every entry of the case here. Returns the case as
/// its author saw it after the act: its fingerprint goes into the receipt.
///
/// # Errors
/// The rule it breaks. An honest node never sends such an act.
pub fn admit(
    versions: &(impl Versions + ?Sized),
    me: &PartyId,
    entries: &[Entry],
    act: &Act,
    received_at: Timestamp,
) -> Result<Case, Refusal> {
    if act.by == *me {
        return Err(Refusal::NotYourSide { act: act.deed.kind() });
    }
    in_order(me, entries, act)?;
    times(me, entries, act, received_at)?;
    let before = case::fold_seen(versions, author_view(entries, act), |_, _| ());
    if before.is_none() && !entries.is_empty() {
        return Err(Refusal::OutOfOrder);
    }
    judge::judge(before.as_ref(), versions, act)?;
    case::then(before, versions, act, Some(received_at)).ok_or(Refusal::UnknownCase)
}

/// The case as the author of `seq` by `by` saw it just after that act: what its receipt's fingerprint is compared with.
#[must_use]
pub fn seen_by_author(versions: &(impl Versions + ?Sized), entries: &[Entry], by: &PartyId, seq: u64) -> Option<Case> {
    let entry = entries.iter().find(|entry| entry.act.by == *by && entry.act.seq == seq)?;
    let mut view = author_view(entries, &entry.act);
    view.push(Seen::from(entry));
    case::fold_seen(versions, view, |_, _| ())
}

/// What the author had: its own earlier acts and those of others it says it had seen, received when it says so (our own
/// record of a receipt may still be on its way).
fn author_view<'e>(entries: &'e [Entry], act: &Act) -> Vec<Seen<'e>> {
    let confirmed =
        |entry: &Entry| act.receipts.iter().find(|receipt| receipt.by == entry.act.by && receipt.seq == entry.act.seq);
    entries
        .iter()
        .filter(|entry| {
            let had = if entry.act.by == act.by {
                act.seq.saturating_sub(1)
            } else {
                act.seen.get(&entry.act.by).copied().unwrap_or(0)
            };
            entry.act.seq <= had
        })
        .map(|entry| {
            let received_at = entry.received_at.or_else(|| confirmed(entry).map(|receipt| receipt.at));
            Seen { act: &entry.act, received_at }
        })
        .collect()
}

/// Numbers run without gap; nobody has seen what was not sent, nor unsees what they saw.
fn in_order(me: &PartyId, entries: &[Entry], act: &Act) -> Result<(), Refusal> {
    let head = |party: &PartyId| {
        entries.iter().filter(|entry| entry.act.by == *party).map(|entry| entry.act.seq).max().unwrap_or(0)
    };
    let earlier = entries.iter().filter(|entry| entry.act.by == act.by).max_by_key(|entry| entry.act.seq);
    let next = act.seq == head(&act.by) + 1;
    let only_others = !act.seen.contains_key(&act.by);
    let sent = act.seen.iter().all(|(party, seen)| *seen <= head(party));
    let keeps = earlier.is_none_or(|earlier| {
        earlier.act.seen.iter().all(|(party, seen)| act.seen.get(party).is_some_and(|now| now >= seen))
    });
    let knows_us = act
        .receipts
        .iter()
        .all(|receipt| receipt.by == *me && act.seen.get(me).is_some_and(|seen| receipt.seq <= *seen));
    if next && only_others && sent && keeps && knows_us && !unsees(me, entries, act) {
        Ok(())
    } else {
        Err(Refusal::OutOfOrder)
    }
}

/// Whether an act claims not to have seen an act of ours that its Party, by its own signed word, had received before.
/// Folded before what it pretends not to know, it would make that moot: a matter answered months ago would turn out
/// withdrawn, a deadline kept would turn out missed. A clock set back a little meanwhile is no lie.
fn unsees(me: &PartyId, entries: &[Entry], act: &Act) -> bool {
    let seen = act.seen.get(me).copied().unwrap_or(0);
    entries
        .iter()
        .filter(|entry| entry.act.by == *me && entry.act.seq > seen)
        .any(|entry| entry.received_at.is_some_and(|had| had.saturating_add(SKEW).is_ok_and(|latest| latest < act.at)))
}

/// An author's clock does not run backwards nor ahead of ours, and nothing is received before it was sent, nor
/// answered before it was made, whether or not its receipt is confirmed. An act dated ahead would let a clock run out before its
/// time; one dated back would be in time when it was late.
fn times(me: &PartyId, entries: &[Entry], act: &Act, received_at: Timestamp) -> Result<(), Refusal> {
    let ahead = received_at.saturating_add(SKEW).is_ok_and(|latest| act.at > latest);
    let own = entries.iter().filter(|entry| entry.act.by == act.by).all(|entry| entry.act.at <= act.at);
    let receipts = act.receipts.iter().all(|receipt| {
        let sent = entries.iter().find(|entry| entry.act.by == *me && entry.act.seq == receipt.seq);
        receipt.at <= act.at
            && sent.is_some_and(|sent| receipt.at.saturating_add(SKEW).is_ok_and(|latest| latest >= sent.act.at))
    });
    let seen = act.seen.get(me).copied().unwrap_or(0);
    let mut known = entries.iter().filter(|entry| entry.act.by == *me && entry.act.seq <= seen);
    let after = known.all(|known| act.at.saturating_add(SKEW).is_ok_and(|latest| known.act.at <= latest));
    if own && receipts && after && !ahead { Ok(()) } else { Err(Refusal::ImpossibleTime) }
}
