//! The assistance procedure as one const table: which act leads from which stage to which, and who may do it.
//!
//! Owns stages, the transition table and the table of waits. Everything else is read off them: the buttons on a page,
//! the Mermaid diagrams in `docs/`, the checks in `judge`. Must not know the contents of a case.

use serde::{Deserialize, Serialize};

use crate::act::{ActKind, Role};
use crate::clock::ClockKind;
use crate::menu::Menu;

/// Where a matter stands (domain reference §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Being written; the other side does not know of it.
    Draft,
    /// Shown to the other side for advice.
    Preconsulted,
    /// Advice has been given.
    Advised,
    /// Signed and on its way.
    Submitted,
    /// Received by the other node: the clock to acknowledge runs.
    Delivered,
    /// A reference and a named officer were given. Not yet accepted.
    Acknowledged,
    /// Being judged.
    UnderReview,
    /// Passed to another office of the same side.
    Transferred,
    /// Returned with an itemised list.
    ReturnedIncomplete,
    /// What was missing has been sent.
    Supplemented,
    /// The other side would act on conditions.
    ConditionsOffered,
    /// The conditions were accepted in writing.
    ConditionsAccepted,
    /// Put off to a stated date.
    Postponed,
    /// Accepted in full.
    Accepted,
    /// Accepted in part.
    PartlyAccepted,
    /// Being carried out.
    InExecution,
    /// Answered; what came of it is awaited.
    Responded,
    /// The outcome report is overdue and was asked for.
    OutcomeDue,
    /// The outcome was reported.
    OutcomeReported,
    /// Refused on a ground.
    Refused,
    /// The refusal is being reconsidered.
    Reconsidering,
    /// The refusal stands after reconsideration.
    Upheld,
    /// Withdrawn; measures are being released.
    Withdrawn,
    /// Ended because what was missing never came; may be made anew.
    Lapsed,
    /// Ended.
    Closed,
}

/// The two sides of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The Party that asks.
    Requesting,
    /// The Party that is asked.
    Requested,
}

/// Who enters an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// An officer of this side.
    Officer(Side),
    /// An officer of either side.
    EitherOfficer,
    /// The node of this side, because a date or a clock came due.
    Node(Side),
    /// The node of the side that waits, because the other side's clock ran out.
    WaitingNode,
    /// The signed receipt of the other node.
    Receipt,
}

/// Where an act leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// To this stage.
    Stage(Stage),
    /// Nowhere: the stage stays.
    Stay,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The stages it may be done in.
    pub from: &'static [Stage],
    /// The act.
    pub act: ActKind,
    /// Who does it.
    pub by: By,
    /// The roles an officer may do it in; empty for a node.
    pub roles: &'static [Role],
    /// Where it leads.
    pub to: To,
}

/// Who must act next in a stage, and by which clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The side must act before this clock runs out.
    For(Side, ClockKind),
    /// Nothing crosses yet: the matter lies on the drafter's desk, or on its way with the courier.
    AtHome,
    /// The case has ended.
    Over,
}

use Role::{Approver, DecisionMaker, Drafter, Executing, Intake, LegalReviewer, Liaison};
use Side::{Requested, Requesting};
use Stage as S;

/// Stages in which the requested side has the matter and has not yet answered.
const IN_HAND: &[Stage] = &[
    S::Acknowledged,
    S::UnderReview,
    S::Transferred,
    S::ReturnedIncomplete,
    S::Supplemented,
    S::ConditionsOffered,
    S::ConditionsAccepted,
    S::Postponed,
    S::Accepted,
    S::PartlyAccepted,
    S::InExecution,
];

/// Stages in which a clock runs against one side, so that the ladder may be climbed.
const WAITING: &[Stage] = &[
    S::Preconsulted,
    S::Advised,
    S::Delivered,
    S::Acknowledged,
    S::UnderReview,
    S::Transferred,
    S::ReturnedIncomplete,
    S::Supplemented,
    S::ConditionsOffered,
    S::ConditionsAccepted,
    S::Postponed,
    S::Accepted,
    S::PartlyAccepted,
    S::InExecution,
    S::Responded,
    S::OutcomeDue,
    S::OutcomeReported,
    S::Refused,
    S::Reconsidering,
    S::Upheld,
    S::Withdrawn,
];

/// Stages from which the requesting side may still withdraw: every one before the end.
const WITHDRAWABLE: &[Stage] = &[
    S::Preconsulted,
    S::Advised,
    S::Submitted,
    S::Delivered,
    S::Acknowledged,
    S::UnderReview,
    S::Transferred,
    S::ReturnedIncomplete,
    S::Supplemented,
    S::ConditionsOffered,
    S::ConditionsAccepted,
    S::Postponed,
    S::Accepted,
    S::PartlyAccepted,
    S::InExecution,
    S::Responded,
    S::OutcomeDue,
    S::OutcomeReported,
    S::Refused,
    S::Reconsidering,
    S::Upheld,
];

/// The assistance procedure, whole.
pub const ASSISTANCE: &[Row] = &[
    officer(&[S::Draft], ActKind::Preconsult, Requesting, &[Drafter, Approver], To::Stage(S::Preconsulted)),
    officer(
        &[S::Preconsulted],
        ActKind::Advise,
        Requested,
        &[Intake, LegalReviewer, DecisionMaker],
        To::Stage(S::Advised),
    ),
    officer(
        &[S::Draft, S::Preconsulted, S::Advised],
        ActKind::Submit,
        Requesting,
        &[Approver],
        To::Stage(S::Submitted),
    ),
    Row { from: &[S::Submitted], act: ActKind::Deliver, by: By::Receipt, roles: &[], to: To::Stage(S::Delivered) },
    officer(&[S::Submitted, S::Delivered], ActKind::Acknowledge, Requested, &[Intake], To::Stage(S::Acknowledged)),
    officer(
        &[S::Acknowledged, S::Transferred, S::Supplemented, S::ConditionsAccepted],
        ActKind::BeginReview,
        Requested,
        &[Intake, LegalReviewer, DecisionMaker],
        To::Stage(S::UnderReview),
    ),
    officer(
        &[S::Acknowledged, S::UnderReview, S::Supplemented],
        ActKind::Transfer,
        Requested,
        &[Intake, DecisionMaker],
        To::Stage(S::Transferred),
    ),
    officer(
        &[S::Acknowledged, S::UnderReview],
        ActKind::ReturnIncomplete,
        Requested,
        &[Intake, LegalReviewer, DecisionMaker],
        To::Stage(S::ReturnedIncomplete),
    ),
    officer(&[S::ReturnedIncomplete], ActKind::Supplement, Requesting, &[Approver], To::Stage(S::Supplemented)),
    Row {
        from: &[S::ReturnedIncomplete],
        act: ActKind::Lapse,
        by: By::Node(Requested),
        roles: &[],
        to: To::Stage(S::Lapsed),
    },
    officer(&[S::UnderReview], ActKind::OfferConditions, Requested, &[DecisionMaker], To::Stage(S::ConditionsOffered)),
    officer(
        &[S::ConditionsOffered],
        ActKind::AcceptConditions,
        Requesting,
        &[Approver, DecisionMaker],
        To::Stage(S::ConditionsAccepted),
    ),
    officer(&[S::UnderReview], ActKind::Postpone, Requested, &[DecisionMaker], To::Stage(S::Postponed)),
    officer(&[S::Postponed], ActKind::Resume, Requested, &[LegalReviewer, DecisionMaker], To::Stage(S::UnderReview)),
    Row {
        from: &[S::Postponed],
        act: ActKind::Resume,
        by: By::Node(Requested),
        roles: &[],
        to: To::Stage(S::UnderReview),
    },
    officer(
        &[S::UnderReview, S::ConditionsAccepted],
        ActKind::Accept,
        Requested,
        &[DecisionMaker],
        To::Stage(S::Accepted),
    ),
    officer(
        &[S::UnderReview, S::ConditionsAccepted],
        ActKind::AcceptPart,
        Requested,
        &[DecisionMaker],
        To::Stage(S::PartlyAccepted),
    ),
    officer(
        &[S::UnderReview, S::ConditionsOffered, S::ConditionsAccepted],
        ActKind::Refuse,
        Requested,
        &[DecisionMaker],
        To::Stage(S::Refused),
    ),
    officer(&[S::Refused], ActKind::Reconsider, Requesting, &[Approver], To::Stage(S::Reconsidering)),
    officer(&[S::Reconsidering], ActKind::Uphold, Requested, &[DecisionMaker], To::Stage(S::Upheld)),
    officer(&[S::Reconsidering], ActKind::Reopen, Requested, &[DecisionMaker], To::Stage(S::UnderReview)),
    officer(
        &[S::Accepted, S::PartlyAccepted],
        ActKind::BeginExecution,
        Requested,
        &[Executing, DecisionMaker],
        To::Stage(S::InExecution),
    ),
    officer(&[S::InExecution], ActKind::Record, Requested, &[Executing, DecisionMaker], To::Stay),
    officer(
        &[S::Acknowledged, S::UnderReview, S::Accepted, S::PartlyAccepted, S::InExecution],
        ActKind::Preserve,
        Requested,
        &[Intake, Executing, DecisionMaker],
        To::Stay,
    ),
    officer(&[S::InExecution], ActKind::Interim, Requested, &[Executing, DecisionMaker], To::Stay),
    officer(&[S::InExecution], ActKind::Respond, Requested, &[Executing, DecisionMaker], To::Stage(S::Responded)),
    officer(
        &[S::Responded, S::OutcomeDue],
        ActKind::ReportOutcome,
        Requesting,
        &[Drafter, Approver, Liaison],
        To::Stage(S::OutcomeReported),
    ),
    Row {
        from: &[S::Responded],
        act: ActKind::RemindOutcome,
        by: By::Node(Requested),
        roles: &[],
        to: To::Stage(S::OutcomeDue),
    },
    officer(
        &[S::OutcomeReported, S::Refused, S::Upheld],
        ActKind::Close,
        Requesting,
        &[Approver, Liaison],
        To::Stage(S::Closed),
    ),
    officer(&[S::OutcomeDue], ActKind::Close, Requested, &[DecisionMaker, Liaison], To::Stage(S::Closed)),
    officer(WITHDRAWABLE, ActKind::Withdraw, Requesting, &[Approver], To::Stage(S::Withdrawn)),
    officer(
        &[S::Withdrawn],
        ActKind::ConfirmRelease,
        Requested,
        &[Executing, DecisionMaker, Intake],
        To::Stage(S::Closed),
    ),
    officer(
        &[
            S::Delivered,
            S::Acknowledged,
            S::UnderReview,
            S::Transferred,
            S::Supplemented,
            S::ConditionsAccepted,
            S::Accepted,
            S::PartlyAccepted,
            S::InExecution,
        ],
        ActKind::Regrade,
        Requested,
        &[Intake, DecisionMaker],
        To::Stay,
    ),
    Row { from: IN_HAND, act: ActKind::Ask, by: By::EitherOfficer, roles: SPEAKING, to: To::Stay },
    Row { from: IN_HAND, act: ActKind::Reply, by: By::EitherOfficer, roles: SPEAKING, to: To::Stay },
    Row { from: WAITING, act: ActKind::Escalate, by: By::WaitingNode, roles: &[], to: To::Stay },
    Row {
        from: WAITING,
        act: ActKind::Escalate,
        by: By::EitherOfficer,
        roles: &[Approver, DecisionMaker, Liaison],
        to: To::Stay,
    },
    Row {
        from: WAITING,
        act: ActKind::AnswerEscalation,
        by: By::EitherOfficer,
        roles: &[Approver, DecisionMaker, Liaison],
        to: To::Stay,
    },
];

/// Who may ask and reply: everyone who works on the case.
const SPEAKING: &[Role] = &[Drafter, Approver, Intake, LegalReviewer, DecisionMaker, Executing, Liaison];

/// Who must act next in each stage.
#[must_use]
pub const fn wait(stage: Stage) -> Wait {
    match stage {
        S::Draft | S::Submitted => Wait::AtHome,
        S::Preconsulted | S::Delivered => Wait::For(Requested, ClockKind::Ack),
        S::Acknowledged | S::UnderReview | S::Transferred | S::Supplemented | S::ConditionsAccepted => {
            Wait::For(Requested, ClockKind::Decision)
        }
        S::Advised | S::ReturnedIncomplete => Wait::For(Requesting, ClockKind::Supplement),
        S::ConditionsOffered => Wait::For(Requesting, ClockKind::Conditions),
        S::Postponed => Wait::For(Requested, ClockKind::Review),
        S::Accepted | S::PartlyAccepted | S::InExecution => Wait::For(Requested, ClockKind::Completion),
        S::Responded | S::OutcomeDue => Wait::For(Requesting, ClockKind::Outcome),
        S::OutcomeReported | S::Refused | S::Upheld => Wait::For(Requesting, ClockKind::Closing),
        S::Reconsidering => Wait::For(Requested, ClockKind::Reconsideration),
        S::Withdrawn => Wait::For(Requested, ClockKind::Release),
        S::Lapsed | S::Closed => Wait::Over,
    }
}

/// The rows for one act from one stage.
pub fn rows(stage: Stage, act: ActKind) -> impl Iterator<Item = &'static Row> {
    ASSISTANCE.iter().filter(move |row| row.act == act && row.from.contains(&stage))
}

/// Every act an officer of `side` in `role` may do from `stage`, in the order of the table: the buttons of a page.
#[must_use]
pub fn open_to(stage: Stage, side: Side, role: Role) -> Vec<ActKind> {
    let mut acts: Vec<ActKind> = Vec::new();
    for row in ASSISTANCE {
        let may = match row.by {
            By::Officer(wanted) => wanted == side,
            By::EitherOfficer => true,
            By::Node(_) | By::WaitingNode | By::Receipt => false,
        };
        if may && row.from.contains(&stage) && row.roles.contains(&role) && !acts.contains(&row.act) {
            acts.push(row.act);
        }
    }
    acts
}

/// The table drawn as a Mermaid state diagram; `docs/procedures.md` holds it as golden output.
#[must_use]
pub fn mermaid() -> String {
    let mut out = String::from("stateDiagram-v2\n    [*] --> draft\n");
    for row in ASSISTANCE {
        let who = match row.by {
            By::Officer(Requesting) => "A",
            By::Officer(Requested) => "B",
            By::EitherOfficer => "A or B",
            By::Node(Requesting) => "A's node",
            By::Node(Requested) => "B's node",
            By::WaitingNode => "waiting side's node",
            By::Receipt => "receipt",
        };
        let To::Stage(to) = row.to else { continue };
        for from in row.from {
            let line = format!("    {} --> {}: {} ({who})\n", id(*from), id(to), row.act.code());
            out.push_str(&line);
        }
    }
    for (stage, _) in Stage::ALL {
        match wait(*stage) {
            Wait::Over => out.push_str(&format!("    {} --> [*]\n", id(*stage))),
            Wait::For(side, clock) => {
                let who = if side == Requesting { "A" } else { "B" };
                out.push_str(&format!("    {}: {}\\n{who} must act ({})\n", id(*stage), stage.code(), clock.code()));
            }
            Wait::AtHome => {}
        }
    }
    out
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Requesting => Self::Requested,
            Self::Requested => Self::Requesting,
        }
    }
}

impl Menu for Stage {
    const ALL: &'static [(Self, &'static str)] = &[
        (S::Draft, "draft"),
        (S::Preconsulted, "preconsulted"),
        (S::Advised, "advised"),
        (S::Submitted, "submitted"),
        (S::Delivered, "delivered"),
        (S::Acknowledged, "acknowledged"),
        (S::UnderReview, "under-review"),
        (S::Transferred, "transferred"),
        (S::ReturnedIncomplete, "returned-incomplete"),
        (S::Supplemented, "supplemented"),
        (S::ConditionsOffered, "conditions-offered"),
        (S::ConditionsAccepted, "conditions-accepted"),
        (S::Postponed, "postponed"),
        (S::Accepted, "accepted"),
        (S::PartlyAccepted, "partly-accepted"),
        (S::InExecution, "in-execution"),
        (S::Responded, "responded"),
        (S::OutcomeDue, "outcome-due"),
        (S::OutcomeReported, "outcome-reported"),
        (S::Refused, "refused"),
        (S::Reconsidering, "reconsidering"),
        (S::Upheld, "upheld"),
        (S::Withdrawn, "withdrawn"),
        (S::Lapsed, "lapsed"),
        (S::Closed, "closed"),
    ];
}

const fn officer(from: &'static [Stage], act: ActKind, side: Side, roles: &'static [Role], to: To) -> Row {
    Row { from, act, by: By::Officer(side), roles, to }
}

/// Mermaid reads a hyphen as an arrow's tail.
fn id(stage: Stage) -> String {
    stage.code().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_stage_is_reached() {
        let mut reached = BTreeSet::from([Stage::Draft]);
        loop {
            let before = reached.len();
            for row in ASSISTANCE {
                if let To::Stage(to) = row.to
                    && row.from.iter().any(|from| reached.contains(from))
                {
                    reached.insert(to);
                }
            }
            if reached.len() == before {
                break;
            }
        }
        let all: BTreeSet<Stage> = Stage::ALL.iter().map(|(stage, _)| *stage).collect();
        assert_eq!(reached, all);
    }

    #[test]
    fn every_open_stage_has_an_exit_and_the_waiting_side_has_one() {
        for (stage, code) in Stage::ALL {
            let leaves = |side: Option<Side>| {
                ASSISTANCE.iter().any(|row| {
                    let theirs = match row.by {
                        By::Officer(by) | By::Node(by) => side.is_none_or(|want| want == by),
                        By::Receipt => side.is_none(),
                        By::EitherOfficer | By::WaitingNode => false,
                    };
                    theirs && row.from.contains(stage) && matches!(row.to, To::Stage(to) if to != *stage)
                })
            };
            match wait(*stage) {
                Wait::Over => assert!(!leaves(None), "{code} is final but has an exit"),
                Wait::AtHome => assert!(leaves(None), "{code} has no exit"),
                Wait::For(side, _) => assert!(leaves(Some(side)), "{code}: the side that must act cannot"),
            }
        }
    }

    #[test]
    fn every_waiting_stage_can_climb_the_ladder_and_no_other() {
        for (stage, code) in Stage::ALL {
            let climbs = rows(*stage, ActKind::Escalate).any(|row| row.by == By::WaitingNode);
            assert_eq!(climbs, matches!(wait(*stage), Wait::For(..)), "{code}");
        }
    }

    #[test]
    fn no_act_has_two_meanings_for_the_same_hand() {
        for (stage, _) in Stage::ALL {
            for (act, code) in ActKind::ALL {
                let found: Vec<&Row> = rows(*stage, *act).collect();
                for (place, row) in found.iter().enumerate() {
                    assert!(found[..place].iter().all(|other| other.by != row.by), "{code} from {stage:?}");
                }
            }
        }
    }

    #[test]
    fn officers_have_roles_and_nodes_have_none() {
        for row in ASSISTANCE {
            let person = matches!(row.by, By::Officer(_) | By::EitherOfficer);
            assert_eq!(person, !row.roles.is_empty(), "{:?}", row.act);
            assert!(!row.roles.contains(&Role::Auditor));
        }
    }
}
