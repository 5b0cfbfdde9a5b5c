//! From an officer's command, or a clock that ran out, to a signed act or a refusal.
//!
//! Owns the making of our own acts. Must not know the other side's rules apart: there is one judgement (`judge`).

use jiff::Timestamp;

use crate::act::{Act, Author, Deed, Receipted, VOCABULARY};
use crate::case::{self, Case, Entry};
use crate::ids::{CaseId, Hash32, OfficeId, PartyId};
use crate::instrument::Versions;
use crate::judge;
use crate::refusal::Refusal;
use crate::safeguard::GateAnswer;

/// What somebody in our own house wants to do.
#[derive(Debug, Clone)]
pub struct Command {
    /// The case, or the reference a new one is to have.
    pub case: CaseId,
    /// The office that acts.
    pub office: OfficeId,
    /// Who acts.
    pub author: Author,
    /// The safeguards answered for it.
    pub gates: Vec<GateAnswer>,
    /// What is to be done.
    pub deed: Deed,
}

/// Makes the act a command asks for, at `now`, as the Party `me`, given every entry of the case here.
///
/// # Errors
/// The rule it would break.
pub fn decide(
    versions: &(impl Versions + ?Sized),
    me: &PartyId,
    entries: &[Entry],
    command: Command,
    now: Timestamp,
) -> Result<Act, Refusal> {
    decide_in(case::fold(versions, entries).as_ref(), versions, me, entries, command, now)
}

/// The same, for whoever has folded these entries already: `view` is the case they fold to.
///
/// # Errors
/// The rule it would break.
pub fn decide_in(
    view: Option<&Case>,
    versions: &(impl Versions + ?Sized),
    me: &PartyId,
    entries: &[Entry],
    command: Command,
    now: Timestamp,
) -> Result<Act, Refusal> {
    let under = view.map_or_else(|| versions.in_force().hash(), |case| case.instrument);
    let act = place_in_order(under, me, entries, view, command, now);
    let latest = entries.iter().filter(|entry| entry.act.by == *me).map(|entry| entry.act.at).max();
    // The other side admits no act dated before its author's last one, or before what it says was received.
    let received = act.receipts.iter().map(|receipt| receipt.at).max();
    if latest.max(received).is_some_and(|latest| act.at < latest) {
        return Err(Refusal::ImpossibleTime);
    }
    judge::judge(view, versions, &act)?;
    Ok(act)
}

/// Gives an act its number, what its author had seen, and when that was received.
fn place_in_order(
    under: Hash32,
    me: &PartyId,
    entries: &[Entry],
    view: Option<&Case>,
    command: Command,
    now: Timestamp,
) -> Act {
    let heads = view.map(|case| case.heads.clone()).unwrap_or_default();
    let confirmed = |by: &PartyId, seq: u64| {
        entries
            .iter()
            .filter(|entry| entry.act.by == *me)
            .flat_map(|entry| &entry.act.receipts)
            .any(|receipt| receipt.by == *by && receipt.seq == seq)
    };
    let receipts = entries
        .iter()
        .filter(|entry| entry.act.by != *me && !confirmed(&entry.act.by, entry.act.seq))
        .filter_map(|entry| {
            let at = entry.received_at?;
            Some(Receipted { by: entry.act.by.clone(), seq: entry.act.seq, at })
        })
        .collect();
    Act {
        version: VOCABULARY,
        instrument: under,
        case: command.case,
        by: me.clone(),
        seq: heads.get(me).copied().unwrap_or(0) + 1,
        seen: heads.into_iter().filter(|(party, _)| party != me).collect(),
        receipts,
        at: now,
        office: command.office,
        author: command.author,
        gates: command.gates,
        deed: command.deed,
    }
}
