//! A request that takes an earlier case further: from police channels to mutual legal assistance, say.
//!
//! Owns who may continue what as what, and that what was received in the earlier case stays bound to the use it was given for
//! (SG-7). The node that keeps the cases gives the earlier one. Must not know where it lies.

use jiff::Timestamp;

use crate::act::{Act, ConsentKind, Deed};
use crate::case::{Case, Entry, opening};
use crate::ids::{OfficeId, PartyId, TypeCode};
use crate::instrument::Instrument;
use crate::procedure::Side;
use crate::refusal::{LinkBar, Refusal};

/// Judges the link of a first act to the case it continues, given that case as it stands here: the same on both nodes.
///
/// # Errors
/// As [`may_continue`]; [`Refusal::Link`] when one of the two is an exercise and the other is not; [`Refusal::ConsentAwaited`] when what was received there would be put to a new use.
pub fn continues(instrument: &Instrument, earlier: Option<(&Case, &[Entry])>, act: &Act) -> Result<(), Refusal> {
    let Some(request) = opening(&act.deed).filter(|request| request.continues.is_some()) else { return Ok(()) };
    let (case, entries) = earlier.ok_or(Refusal::Link(LinkBar::Unknown))?;
    let peer = request.to.party();
    if case.request.exercise != request.exercise {
        return Err(Refusal::Link(LinkBar::ExerciseMixed));
    }
    let side = may_continue(instrument, earlier, (&act.office, &peer), &request.type_code, act.at)?;
    let same_use = case.type_code == request.type_code
        && case.request.purpose == request.purpose
        && case.request.evidential_use == request.evidential_use;
    let kind = ConsentKind::NewUse;
    if same_use || !received(case, entries, &peer, act.at) || case.care.granted(side, kind, act.office.as_str()) {
        Ok(())
    } else {
        Err(Refusal::ConsentAwaited { kind, recipient: act.office.to_string() })
    }
}

/// Whether an office may begin a request of a type that continues an earlier case, asking `peer`. Answers its side there.
///
/// # Errors
/// [`Refusal::Link`] when there is no such case, it is not between these two Parties, did not reach the other
/// side, or this office has no tie to it; [`Refusal::Link`] when the instrument does not allow it.
pub fn may_continue(
    instrument: &Instrument,
    earlier: Option<(&Case, &[Entry])>,
    (office, peer): (&OfficeId, &PartyId),
    type_code: &TypeCode,
    at: Timestamp,
) -> Result<Side, Refusal> {
    let (case, entries) = earlier.ok_or(Refusal::Link(LinkBar::Unknown))?;
    let side = case.side(&office.party()).filter(|side| case.party(side.other()) == peer);
    let side = side.filter(|_| case.delivered_at.is_some()).ok_or(Refusal::Link(LinkBar::Unknown))?;
    if !tied(case, entries, side, office, at) {
        return Err(Refusal::Link(LinkBar::Unknown));
    }
    let rule = case.rule(instrument);
    if rule.is_some_and(|rule| rule.code == *type_code || rule.continues_as.contains(type_code)) {
        Ok(side)
    } else {
        Err(Refusal::Link(LinkBar::NotContinuedAs { earlier: case.type_code.clone(), type_code: type_code.clone() }))
    }
}

/// Whether an office has to do with a case: it has it, has acted in it, or it was forwarded to it and the other side is known
/// to have been told by then. What may arrive after the new request ties nobody.
fn tied(case: &Case, entries: &[Entry], side: Side, office: &OfficeId, at: Timestamp) -> bool {
    let told = |entry: &&Entry| entry.received_at.is_some_and(|received| received <= at) && stands(case, entry);
    let ties = |entry: &Entry| match &entry.act.deed {
        Deed::Forward { to, .. } if to == office => true,
        _ => entry.act.office == *office,
    };
    let ours = |entry: &&Entry| entry.act.by == *case.party(side);
    case.office(side) == office || entries.iter().filter(ours).filter(told).any(ties)
}

/// Whether anything of the other side's was received in a case by then: a request, a supplement, an answer.
fn received(case: &Case, entries: &[Entry], peer: &PartyId, at: Timestamp) -> bool {
    let content = |deed: &Deed| {
        matches!(
            deed,
            Deed::Preconsult { .. }
                | Deed::Submit { .. }
                | Deed::Supplement { .. }
                | Deed::Interim { .. }
                | Deed::Respond { .. }
        )
    };
    entries.iter().any(|entry| {
        let had = entry.received_at.is_some_and(|received| received <= at);
        entry.act.by == *peer && had && content(&entry.act.deed) && stands(case, entry)
    })
}

/// Whether an act had effect.
pub(super) fn stands(case: &Case, entry: &Entry) -> bool {
    let act = &entry.act;
    case.record.iter().any(|done| done.by == act.by && done.seq == act.seq && done.moot.is_none())
}
