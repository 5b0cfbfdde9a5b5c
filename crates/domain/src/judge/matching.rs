//! The order of a private matching and its limits (SG-17), judged on both nodes alike.
//!
//! Owns which step may follow which, by which side, and how much may be asked in a case. Must not know what one office has
//! asked in other cases: each node keeps that count for itself.

use crate::act::{ActKind, AuditFinding, Audited, MatchStep, commitment};
use crate::case::{Audit, Case, Run};
use crate::ids::Hash32;
use crate::instrument::{BATCH_PLACES, LIST_PLACES_MAX, LIST_PLACES_MIN, Matching, RequestType};
use crate::procedure::{Side, Stage};
use crate::refusal::{MatchBar, Refusal};

/// Most audits of one case: each side may demand one of each batch and of the list, and again.
const AUDITS_MAX: usize = 32;

/// Bytes of the file a step travels in, at most: a list of the greatest size with its proofs has half of it.
pub const MATCH_FILE_BYTES_MAX: u64 = 1 << 20;

/// The stages in which somebody may be asked for: the other side has the matter and has not answered.
const ASKING: &[Stage] = &[Stage::Acknowledged, Stage::UnderReview, Stage::Supplemented];

/// Judges a step against the run of the case.
///
/// # Errors
/// [`Refusal::Matching`] with what stands in its way.
pub(super) fn judge(case: &Case, rule: &RequestType, side: Side, step: &MatchStep) -> Result<(), Refusal> {
    let bar = |bar: MatchBar| Err(Refusal::Matching(bar));
    let Some(matching) = &rule.matching else { return bar(MatchBar::NotOffered) };
    if hand(step, &case.run).is_some_and(|wanted| wanted != side) {
        return Err(Refusal::NotYourSide { act: ActKind::Match });
    }
    let asking = matches!(
        step,
        MatchStep::Epoch { .. } | MatchStep::List { .. } | MatchStep::Evaluate { .. } | MatchStep::Ask { .. }
    );
    if asking && !ASKING.contains(&case.stage()) {
        return Err(Refusal::NotNow { act: ActKind::Match, stage: case.stage() });
    }
    let ended = !case.run.destroyed.is_empty();
    match step {
        MatchStep::Epoch { .. }
        | MatchStep::List { .. }
        | MatchStep::Evaluate { .. }
        | MatchStep::Ask { .. }
        | MatchStep::Receive { .. }
            if ended =>
        {
            bar(MatchBar::Ended)
        }
        MatchStep::Draw { .. }
        | MatchStep::Share { .. }
        | MatchStep::Reveal { .. }
        | MatchStep::Open { .. }
        | MatchStep::Find { .. } => audit(&case.run, side, step),
        MatchStep::Destroy { key } => end(&case.run, side, *key),
        MatchStep::Epoch { .. }
        | MatchStep::List { .. }
        | MatchStep::Evaluate { .. }
        | MatchStep::Ask { .. }
        | MatchStep::Receive { .. } => run(&case.run, matching, step),
    }
}

/// Who takes a step; none where either may.
fn hand(step: &MatchStep, run: &Run) -> Option<Side> {
    let demanded = |audit: u32| run.audit(audit).map(|audit| audit.by);
    match step {
        MatchStep::Epoch { .. } | MatchStep::Evaluate { .. } | MatchStep::Ask { .. } => Some(Side::Requesting),
        MatchStep::List { .. } | MatchStep::Receive { .. } => Some(Side::Requested),
        MatchStep::Draw { .. } | MatchStep::Destroy { .. } => None,
        MatchStep::Share { audit, .. } => demanded(*audit).map(Side::other),
        MatchStep::Reveal { audit, .. } => demanded(*audit),
        MatchStep::Open { audit, .. } => run.audit(*audit).map(Audit::audited),
        MatchStep::Find { audit, .. } => run.audit(*audit).map(|audit| audit.audited().other()),
    }
}

/// The steps from the key to the receipt, in their order.
fn run(run: &Run, matching: &Matching, step: &MatchStep) -> Result<(), Refusal> {
    let known = run.list.as_ref().map(|list| list.list);
    let waits = run.batches.last().is_some_and(|batch| batch.received_at.is_none());
    let bar = match step {
        MatchStep::Epoch { .. } => run.key.is_some().then_some(MatchBar::Done),
        MatchStep::List { places, files, .. } => {
            if run.list.is_some() {
                Some(MatchBar::Done)
            } else if run.key.is_none() {
                Some(MatchBar::TooEarly)
            } else if !(LIST_PLACES_MIN..=LIST_PLACES_MAX).contains(places) || *places < matching.records_min {
                Some(MatchBar::Size { found: *places })
            } else {
                lone(files)
            }
        }
        MatchStep::Evaluate { list, files, .. } => {
            if run.evaluated.is_some() {
                Some(MatchBar::Done)
            } else if known.is_none() {
                Some(MatchBar::TooEarly)
            } else if known != Some(*list) {
                Some(MatchBar::OtherList)
            } else {
                lone(files)
            }
        }
        MatchStep::Ask { places, files, .. } => {
            let left = matching.case_places_max.saturating_sub(run.places());
            if run.evaluated.is_none() || waits {
                Some(MatchBar::TooEarly)
            } else if !BATCH_PLACES.contains(places) {
                Some(MatchBar::Size { found: *places })
            } else if *places > left {
                Some(MatchBar::Spent { asked: *places, left })
            } else {
                lone(files)
            }
        }
        MatchStep::Receive { transcript } => match run.batches.last() {
            Some(batch) if waits && batch.transcript == *transcript => None,
            Some(_) if waits => Some(MatchBar::OtherTranscript),
            Some(_) | None => Some(MatchBar::TooEarly),
        },
        MatchStep::Draw { .. }
        | MatchStep::Share { .. }
        | MatchStep::Reveal { .. }
        | MatchStep::Open { .. }
        | MatchStep::Find { .. }
        | MatchStep::Destroy { .. } => None,
    };
    bar.map_or(Ok(()), |bar| Err(Refusal::Matching(bar)))
}

/// Bulk travels in one file.
fn lone(files: &[crate::content::Attachment]) -> Option<MatchBar> {
    let fits = files.len() == 1 && files.iter().all(|file| file.bytes <= MATCH_FILE_BYTES_MAX);
    (!fits).then_some(MatchBar::Files)
}

/// The steps of an audit, in their order.
fn audit(run: &Run, side: Side, step: &MatchStep) -> Result<(), Refusal> {
    let bar = |bar: MatchBar| Err(Refusal::Matching(bar));
    let number = match step {
        MatchStep::Draw { of, batch, .. } => return demand(run, *of, *batch),
        MatchStep::Share { audit, .. }
        | MatchStep::Reveal { audit, .. }
        | MatchStep::Open { audit, .. }
        | MatchStep::Find { audit, .. } => *audit,
        MatchStep::Epoch { .. }
        | MatchStep::List { .. }
        | MatchStep::Evaluate { .. }
        | MatchStep::Ask { .. }
        | MatchStep::Receive { .. }
        | MatchStep::Destroy { .. } => return Ok(()),
    };
    let unknown = Refusal::UnknownNumber { act: ActKind::Match, number: u64::from(number) };
    let open = run.audit(number).ok_or(unknown)?;
    let gone = run.destroyed.contains(&side);
    match step {
        MatchStep::Share { .. } if open.share.is_some() => bar(MatchBar::Done),
        MatchStep::Reveal { .. } if open.share.is_none() => bar(MatchBar::TooEarly),
        MatchStep::Reveal { .. } if open.revealed.is_some() => bar(MatchBar::Done),
        MatchStep::Reveal { share, .. } if commitment(share) != open.commitment => bar(MatchBar::OtherShare),
        MatchStep::Open { .. } if open.revealed.is_none() => bar(MatchBar::TooEarly),
        MatchStep::Open { .. } if open.opened.is_some() => bar(MatchBar::Done),
        MatchStep::Open { .. } if gone => bar(MatchBar::Ended),
        MatchStep::Find { .. } if open.finding.is_some() => bar(MatchBar::Done),
        MatchStep::Find { .. } if open.revealed.is_none() => bar(MatchBar::TooEarly),
        // Nothing opened is neither sound nor a breach.
        MatchStep::Find { finding, .. } if open.opened.is_none() && *finding != AuditFinding::Withheld => {
            bar(MatchBar::TooEarly)
        }
        _ => Ok(()),
    }
}

/// An audit may be demanded of what both sides have signed, while the secrets to open it are there.
fn demand(run: &Run, of: Audited, batch: u32) -> Result<(), Refusal> {
    let bar = |bar: MatchBar| Err(Refusal::Matching(bar));
    let there = match of {
        Audited::Questions => run.batch(batch).is_some_and(|batch| batch.received_at.is_some()),
        Audited::List => batch == 0 && run.evaluated.is_some(),
    };
    let audited = match of {
        Audited::Questions => Side::Requesting,
        Audited::List => Side::Requested,
    };
    let open = run.audits.iter().any(|one| one.of == of && one.batch == batch && one.finding.is_none());
    if !there {
        bar(MatchBar::TooEarly)
    } else if run.destroyed.contains(&audited) {
        bar(MatchBar::Ended)
    } else if open {
        bar(MatchBar::Done)
    } else if run.audits.len() >= AUDITS_MAX {
        bar(MatchBar::Audits)
    } else {
        Ok(())
    }
}

/// The secrets go once, and not while an audit needs them.
fn end(run: &Run, side: Side, key: Hash32) -> Result<(), Refusal> {
    let bar = |bar: MatchBar| Err(Refusal::Matching(bar));
    if run.key != Some(key) {
        bar(MatchBar::TooEarly)
    } else if run.destroyed.contains(&side) {
        bar(MatchBar::Done)
    } else if run.owes(side) {
        bar(MatchBar::AuditOpen)
    } else {
        Ok(())
    }
}
