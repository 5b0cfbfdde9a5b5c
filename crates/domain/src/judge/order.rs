//! What an act needs of what was said before: steps in their order, versions and signatures, property, open numbers.
//!
//! Owns the rules that turn on the record of the case. In a fold they make an act that crossed another moot. Must not know
//! the instrument beyond the type's own rows.

use crate::act::{Act, ActKind, Deed, Extent};
use crate::case::{self, Case, Recorded, Version};
use crate::ids::Hash32;
use crate::instrument::{Instrument, RequestType};
use crate::procedure::Side;
use crate::refusal::{AssetBar, Refusal, StepBar};
use crate::report::ReportBar;

/// Judges an act against the record.
///
/// # Errors
/// The first rule it breaks.
pub(super) fn judge(case: &Case, instrument: &Instrument, side: Side, act: &Act) -> Result<(), Refusal> {
    let Some(rule) = case.rule(instrument) else {
        return Err(Refusal::UnknownType { type_code: case.type_code.clone() });
    };
    steps_before(case, rule, act)?;
    binds(case, rule, side, act)?;
    match &act.deed {
        // Who computed a report proposes it; who is asked finds the same, and signs, before anybody is bound by it.
        Deed::SignText { .. }
            if rule.reports.is_some() && side == Side::Requesting && !case.talk.signed_by(Side::Requested) =>
        {
            Err(Refusal::Report(ReportBar::AskedFirst))
        }
        Deed::Record { .. } => step(case, rule, side, act),
        Deed::Match { step } => super::matching::judge(case, rule, side, step),
        Deed::SignText { version, sha256 } => {
            if !case.talk.offers(*version, *sha256) {
                Err(Refusal::TextNotOnTable { version: *version })
            } else if case.talk.signed_by(side) {
                Err(Refusal::AlreadyDone { act: ActKind::SignText })
            } else {
                Ok(())
            }
        }
        Deed::Authorise { .. } => {
            if rule.text_field().is_some_and(|field| field.required) && case.talk.agreed().is_none() {
                return Err(Refusal::TextNotSigned);
            }
            once(case, side, ActKind::Authorise)
        }
        Deed::Adopt { instrument, .. } => adopt(case, rule, side, *instrument),
        Deed::ReportOutcome { .. } => once(case, side, ActKind::ReportOutcome),
        Deed::Withdraw { .. } if !case.leaves_to_withdraw(rule) => {
            Err(Refusal::NotNow { act: ActKind::Withdraw, stage: case.stage() })
        }
        // Nothing comes from an earlier case where there is none, nor goes on where no type may follow.
        Deed::BookAsset { asset, movement, .. }
            if movement.takes_up().is_some() && case.request.continues.is_none()
                || movement.is_passage() && movement.takes_up().is_none() && rule.continues_as.is_empty() =>
        {
            Err(Refusal::Asset(AssetBar::Short { asset: asset.clone() }))
        }
        Deed::BookAsset { asset, movement, amount, .. } => case.assets.judge(side, asset, *movement, amount),
        _ => numbers(case, side, act),
    }
}

/// A signature to an amendment binds while the other side may still give its own: were it taken back by an act that
/// crosses the second, one side would open cases under a version that the other never had.
fn binds(case: &Case, rule: &RequestType, side: Side, act: &Act) -> Result<(), Refusal> {
    let takes_back = matches!(act.deed, Deed::ProposeText { .. } | Deed::Conclude { .. } | Deed::Withdraw { .. });
    if takes_back && case.is_bound(rule, side) {
        return Err(Refusal::SignatureBinds { act: act.deed.kind() });
    }
    Ok(())
}

/// What a side has named binds until the other answers, by naming the same or the present version: were it taken back by an
/// act that crosses the second naming, that one's author would go on under a version the case never had. An amendment goes on
/// under the version it amends: that is the one its signatures follow.
fn adopt(case: &Case, rule: &RequestType, side: Side, named: Hash32) -> Result<(), Refusal> {
    if rule.amends.is_some() {
        return Err(Refusal::NotNow { act: ActKind::Adopt, stage: case.stage() });
    }
    let open = |side: Side| case.adoption.named.contains_key(&side);
    let idle = if named == case.instrument { !open(side.other()) } else { open(side) };
    if idle { Err(Refusal::AlreadyDone { act: ActKind::Adopt }) } else { Ok(()) }
}

/// What takes both sides, each does once.
fn once(case: &Case, side: Side, act: ActKind) -> Result<(), Refusal> {
    let done = case.both.get(&act).is_some_and(|done| done.contains(&side));
    if done { Err(Refusal::AlreadyDone { act }) } else { Ok(()) }
}

/// The steps an act waits for. An answer in part waits for those that stand before any answer, a verdict, but not for the
/// rest of what a full one needs; that nothing could be done waits for none.
fn steps_before(case: &Case, rule: &RequestType, act: &Act) -> Result<(), Refusal> {
    let (asked, request, kind) = (&case.requested, &case.request, act.deed.kind());
    let steps = match &act.deed {
        Deed::Respond { extent: Extent::NotExecutable, .. } => Vec::new(),
        Deed::Respond { extent: Extent::Part, .. } => case.steps.first_of(rule, asked, request, kind),
        _ => case.steps.lacking(rule, asked, request, kind),
    };
    if steps.is_empty() { Ok(()) } else { Err(Refusal::StepsOutstanding { steps }) }
}

/// The step itself: of this side, in this stage, in its order, with what it must carry.
fn step(case: &Case, rule: &RequestType, side: Side, act: &Act) -> Result<(), Refusal> {
    let Deed::Record { step: code, item, until, .. } = &act.deed else { return Ok(()) };
    case.steps.judge(rule, &case.requested, &case.request, (code, item.as_ref()))?;
    let Some(step) = rule.step(code) else { return Err(Refusal::Step { step: code.clone(), bar: StepBar::Unknown }) };
    if !step.by.is(side) {
        return Err(Refusal::Step { step: code.clone(), bar: StepBar::NotYours });
    }
    // A text nobody has laid on the table was compared with nothing.
    if !step.at.contains(&case.stage()) || case::of_text(step) && case.talk.on_table().is_none() {
        return Err(Refusal::Step { step: code.clone(), bar: StepBar::NotNow { stage: case.stage() } });
    }
    match case.talk.on_table().filter(|_| case::of_text(step)) {
        // Its author compared an earlier version: a newer one crossed the mark in the post.
        Some((version, text)) if text.by != side && !saw(case, act, text) => {
            return Err(Refusal::TextNotOnTable { version });
        }
        _ => {}
    }
    if step.dated != until.is_some() {
        return Err(Refusal::Step { step: code.clone(), bar: StepBar::Without { what: "until" } });
    }
    Ok(())
}

/// Whether the author of an act had the other side's version before them.
fn saw(case: &Case, act: &Act, text: &Version) -> bool {
    act.seen.get(case.party(text.by)).is_some_and(|seen| *seen >= text.seq)
}

/// Objects named by their number must be there, be open, and be this side's to speak to.
fn numbers(case: &Case, side: Side, act: &Act) -> Result<(), Refusal> {
    let kind = act.deed.kind();
    let place = |number: u32| usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let (number, open) = match &act.deed {
        Deed::GiveConsent { number, .. } => {
            let found = place(*number).and_then(|place| case.care.consents.get(place));
            (u64::from(*number), found.is_some_and(|one| one.by != side && one.answer.is_none()))
        }
        Deed::ReportCompliance { number, .. } => {
            let found = place(*number).and_then(|place| case.care.retractions.get(place));
            (u64::from(*number), found.is_some_and(|one| one.by != side && one.report.is_none()))
        }
        Deed::CheckUndertaking { number, .. } => {
            let found = place(*number).and_then(|place| case.care.undertakings.get(place));
            (u64::from(*number), found.is_some_and(|one| one.discharged.is_none()))
        }
        Deed::DischargeUndertaking { number, .. } => {
            let found = place(*number).and_then(|place| case.care.undertakings.get(place));
            let theirs = |one: &crate::case::Undertaking| one.by.party() != act.by && one.discharged.is_none();
            (u64::from(*number), found.is_some_and(theirs))
        }
        Deed::Recall { seq, .. } | Deed::Correct { seq, .. } => {
            let recall = kind == ActKind::Recall;
            let fits = |done: &Recorded| done.moot.is_none() && (!recall || case::hands_over(done.kind));
            let own = case.record.iter().any(|done| done.by == act.by && done.seq == *seq && fits(done));
            (*seq, own)
        }
        Deed::TableItem { about: Some(about), .. } => {
            if case.talk.items.iter().any(|item| item.about.as_ref() == Some(about)) {
                return Err(Refusal::AlreadyDone { act: kind });
            }
            return Ok(());
        }
        Deed::SettleItem { number, .. } => {
            (u64::from(*number), case.talk.item(*number).is_some_and(|item| item.outcome.is_none()))
        }
        Deed::Undertake { item: Some(number), .. } => (u64::from(*number), case.talk.item(*number).is_some()),
        Deed::CertifyDeletion { erased } => {
            let known =
                |one: &crate::act::ActRef| case.record.iter().any(|done| done.by == one.by && done.seq == one.seq);
            (0, erased.iter().all(known))
        }
        _ => return Ok(()),
    };
    if open { Ok(()) } else { Err(Refusal::UnknownNumber { act: kind, number }) }
}
