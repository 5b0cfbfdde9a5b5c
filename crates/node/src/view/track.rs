//! The line of a case through its procedure.
//!
//! Owns the straight way of each procedure; what leaves it is put in where it happened. Must not know acts.

use domain::case::Case;
use domain::procedure::{ProcedureKind, Stage};

use super::case_file::{TrackState, TrackStep};

/// The line of a case: what it passed, where it stands, and the straight way ahead.
#[must_use]
pub(super) fn track(case: &Case) -> Vec<TrackStep> {
    let now = case.stage();
    let mut passed: Vec<Stage> = Vec::new();
    if case.delivered_at.is_some() {
        passed.extend([Stage::Submitted, Stage::Delivered]);
    }
    for recorded in case.record.iter().filter(|recorded| recorded.moot.is_none()) {
        if passed.contains(&recorded.stage) {
            // A case that came back to a stage stands there anew; what lay between stays behind it.
            continue;
        }
        passed.push(recorded.stage);
    }
    passed.retain(|stage| *stage != now);
    let mut steps: Vec<TrackStep> =
        passed.iter().map(|stage| TrackStep { stage: *stage, state: TrackState::Done }).collect();
    steps.push(TrackStep { stage: now, state: TrackState::Now });
    if matches!(now, Stage::Refused | Stage::Reconsidering | Stage::Upheld | Stage::Withdrawn | Stage::Aborted) {
        // The straight way is left for good, unless a reconsideration leads back to it.
        steps.push(TrackStep { stage: Stage::Closed, state: TrackState::Ahead });
        return steps;
    }
    let straight = straight(case.procedure);
    let furthest = straight.iter().rposition(|stage| *stage == now || passed.contains(stage));
    let ahead = furthest.map_or(straight, |at| &straight[at + 1..]);
    if !case.is_over() {
        steps.extend(ahead.iter().map(|stage| TrackStep { stage: *stage, state: TrackState::Ahead }));
    }
    steps
}

/// The way a matter takes when nothing is returned, refused or broken off.
fn straight(kind: ProcedureKind) -> &'static [Stage] {
    match kind {
        ProcedureKind::Assistance => &[
            Stage::Submitted,
            Stage::Delivered,
            Stage::Acknowledged,
            Stage::UnderReview,
            Stage::Accepted,
            Stage::InExecution,
            Stage::Responded,
            Stage::OutcomeReported,
            Stage::Closed,
        ],
        ProcedureKind::Matching => &[
            Stage::Submitted,
            Stage::Delivered,
            Stage::Acknowledged,
            Stage::UnderReview,
            Stage::Responded,
            Stage::OutcomeReported,
            Stage::Closed,
        ],
        ProcedureKind::Notice => {
            &[Stage::Submitted, Stage::Delivered, Stage::Acknowledged, Stage::OutcomeReported, Stage::Closed]
        }
        ProcedureKind::Joint => &[
            Stage::Submitted,
            Stage::Delivered,
            Stage::Acknowledged,
            Stage::Accepted,
            Stage::Live,
            Stage::OutcomeReported,
            Stage::Closed,
        ],
        ProcedureKind::Negotiation => {
            &[Stage::Submitted, Stage::Delivered, Stage::Acknowledged, Stage::Negotiating, Stage::Signed, Stage::Closed]
        }
        ProcedureKind::Undertaking => &[
            Stage::Submitted,
            Stage::Delivered,
            Stage::Acknowledged,
            Stage::Responded,
            Stage::Negotiating,
            Stage::Signed,
            Stage::Closed,
        ],
    }
}

#[cfg(test)]
mod tests {
    use domain::menu::Menu;
    use domain::procedure::{self, To};

    use super::*;

    /// Each station leads to the next by some row of the table.
    #[test]
    fn the_straight_way_can_be_gone() {
        for (kind, name) in ProcedureKind::ALL {
            for pair in straight(*kind).windows(2) {
                let [from, to] = pair else { continue };
                let leads = procedure::table(*kind).any(|row| {
                    row.from.contains(from) && matches!(row.to, To::Stage(next) | To::WhenBoth(next) if next == *to)
                });
                assert!(leads, "{name}: {} to {}", from.code(), to.code());
            }
        }
    }
}
