//! The procedures as const tables: which act leads from which stage to which, and who may do it.
//!
//! Owns the closed procedures, their tables and the table of waits. Everything else is read off them: the buttons on a
//! page, the Mermaid diagrams in `docs/`, the checks in `judge`. What two procedures share stands once, in `common`.
//! Must not know the contents of a case.

use serde::{Deserialize, Serialize};

use crate::act::{ActKind, Role};
use crate::clock::ClockKind;
use crate::menu::Menu;

mod assistance;
mod common;
mod diagram;
mod joint;
mod matching;
mod negotiation;
mod notice;
mod stage;
#[cfg(test)]
mod tests;
mod undertaking;

pub use diagram::mermaid;
pub use stage::{Side, Stage};

use Side::{Requested, Requesting};
use Stage as S;

/// The closed procedures a type may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProcedureKind {
    /// Ask, be answered, refused or escalated.
    Assistance,
    /// Tell, be acknowledged.
    Notice,
    /// Learn whether the other side knows something, and nothing more.
    Matching,
    /// Plan and carry out something together, on two authorisations.
    Joint,
    /// Settle a text both sign.
    Negotiation,
    /// Stand by a promise: raise a concern under it, be answered.
    Undertaking,
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
    /// The node of either side, about what it holds itself.
    EitherNode,
    /// The node of the side that waits, because the other side's clock ran out.
    WaitingNode,
    /// The signed receipt of the other node.
    Receipt,
}

/// Who may write what a colleague signs ([`ActKind::is_prepared`]): everyone who works on the case.
pub const WRITING: &[Role] = common::SPEAKING;

/// Where an act leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// To this stage.
    Stage(Stage),
    /// To this stage once both sides have done it; nowhere before.
    WhenBoth(Stage),
    /// Nowhere: the stage stays.
    Stay,
}

/// One line of a table.
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
    /// The side that did not speak last must.
    Turn(ClockKind),
    /// The side that has not yet done this must; the requesting side first when neither has.
    Both(ActKind, ClockKind),
    /// Nothing crosses yet: the matter lies on the drafter's desk, or on its way with the courier.
    AtHome,
    /// The case has ended.
    Over,
}

/// Every row of a procedure, in the order people are shown the acts.
pub fn table(kind: ProcedureKind) -> impl Iterator<Item = &'static Row> {
    let parts: &[&'static [Row]] = match kind {
        ProcedureKind::Assistance => assistance::TABLE,
        ProcedureKind::Notice => notice::TABLE,
        ProcedureKind::Matching => matching::TABLE,
        ProcedureKind::Joint => joint::TABLE,
        ProcedureKind::Negotiation => negotiation::TABLE,
        ProcedureKind::Undertaking => undertaking::TABLE,
    };
    parts.iter().flat_map(|part| part.iter())
}

/// The rows for one act from one stage.
pub fn rows(kind: ProcedureKind, stage: Stage, act: ActKind) -> impl Iterator<Item = &'static Row> {
    table(kind).filter(move |row| row.act == act && row.from.contains(&stage))
}

/// Whether an act occurs in a procedure at all.
#[must_use]
pub fn has(kind: ProcedureKind, act: ActKind) -> bool {
    table(kind).any(|row| row.act == act)
}

/// The acts any officer of `side` may do from `stage`, in the order of the table.
#[must_use]
pub fn open_acts(kind: ProcedureKind, stage: Stage, side: Side) -> Vec<ActKind> {
    open(kind, stage, side, |_| true)
}

/// Every act an officer of `side` in `role` may do from `stage`, in the order of the table: the buttons of a page.
#[must_use]
pub fn open_to(kind: ProcedureKind, stage: Stage, side: Side, role: Role) -> Vec<ActKind> {
    open(kind, stage, side, |row| row.roles.contains(&role))
}

/// Who must act next in each stage of a procedure.
#[must_use]
pub const fn wait(kind: ProcedureKind, stage: Stage) -> Wait {
    match (kind, stage) {
        (_, S::Draft | S::Submitted) => Wait::AtHome,
        (_, S::Preconsulted | S::Delivered) => Wait::For(Requested, ClockKind::Ack),
        (ProcedureKind::Notice, S::Acknowledged) => Wait::For(Requested, ClockKind::Outcome),
        (ProcedureKind::Negotiation, S::Acknowledged) => Wait::For(Requested, ClockKind::Turn),
        (ProcedureKind::Matching | ProcedureKind::Undertaking, S::Acknowledged)
        | (ProcedureKind::Matching, S::UnderReview | S::Transferred | S::Supplemented) => {
            Wait::For(Requested, ClockKind::Completion)
        }
        (_, S::Acknowledged | S::UnderReview | S::Transferred | S::Supplemented | S::ConditionsAccepted) => {
            Wait::For(Requested, ClockKind::Decision)
        }
        (_, S::Advised | S::ReturnedIncomplete) => Wait::For(Requesting, ClockKind::Supplement),
        (_, S::ConditionsOffered) => Wait::For(Requesting, ClockKind::Conditions),
        (_, S::Postponed) => Wait::For(Requested, ClockKind::Review),
        (ProcedureKind::Joint, S::Accepted | S::Signed) => Wait::Both(ActKind::Authorise, ClockKind::Authorisation),
        (_, S::Accepted | S::PartlyAccepted | S::InExecution) => Wait::For(Requested, ClockKind::Completion),
        (_, S::Live) => Wait::For(Requesting, ClockKind::Completion),
        (_, S::Aborted) => Wait::Both(ActKind::ReportOutcome, ClockKind::Outcome),
        (_, S::Negotiating) => Wait::Turn(ClockKind::Turn),
        (_, S::Responded | S::OutcomeDue) => Wait::For(Requesting, ClockKind::Outcome),
        (_, S::Signed | S::OutcomeReported | S::Refused | S::Upheld) => Wait::For(Requesting, ClockKind::Closing),
        (_, S::Reconsidering) => Wait::For(Requested, ClockKind::Reconsideration),
        (_, S::Withdrawn) => Wait::For(Requested, ClockKind::Release),
        (_, S::Lapsed | S::Closed) => Wait::Over,
    }
}

/// The clocks a procedure waits by, each once: what an instrument must give a length to. A review names its own date.
#[must_use]
pub fn clocks(kind: ProcedureKind) -> Vec<ClockKind> {
    let mut clocks = vec![ClockKind::Consent, ClockKind::Compliance];
    for stage in reached(kind) {
        let clock = match wait(kind, stage) {
            Wait::For(_, clock) | Wait::Turn(clock) | Wait::Both(_, clock) => clock,
            Wait::AtHome | Wait::Over => continue,
        };
        if clock != ClockKind::Review && !clocks.contains(&clock) {
            clocks.push(clock);
        }
    }
    clocks.sort_unstable();
    clocks
}

/// Whether a procedure ever waits for the requested side by this clock, so that it may run from the request's receipt.
#[must_use]
pub fn asks(kind: ProcedureKind, clock: ClockKind) -> bool {
    reached(kind).into_iter().any(|stage| wait(kind, stage) == Wait::For(Requested, clock))
}

/// The stages a matter can reach in a procedure, in the order of the menu.
#[must_use]
pub fn reached(kind: ProcedureKind) -> Vec<Stage> {
    let mut reached = vec![S::Draft];
    loop {
        let before = reached.len();
        for row in table(kind) {
            if let To::Stage(to) | To::WhenBoth(to) = row.to
                && !reached.contains(&to)
                && row.from.iter().any(|from| reached.contains(from))
            {
                reached.push(to);
            }
        }
        if reached.len() == before {
            reached.sort_unstable();
            return reached;
        }
    }
}

fn open(kind: ProcedureKind, stage: Stage, side: Side, may: impl Fn(&Row) -> bool) -> Vec<ActKind> {
    let mut acts: Vec<ActKind> = Vec::new();
    for row in table(kind) {
        let theirs = match row.by {
            By::Officer(wanted) => wanted == side,
            By::EitherOfficer => true,
            By::Node(_) | By::EitherNode | By::WaitingNode | By::Receipt => false,
        };
        if theirs && row.from.contains(&stage) && may(row) && !acts.contains(&row.act) {
            acts.push(row.act);
        }
    }
    acts
}

const fn officer(from: &'static [Stage], act: ActKind, side: Side, roles: &'static [Role], to: To) -> Row {
    Row { from, act, by: By::Officer(side), roles, to }
}

const fn either(from: &'static [Stage], act: ActKind, roles: &'static [Role], to: To) -> Row {
    Row { from, act, by: By::EitherOfficer, roles, to }
}

const fn node(from: &'static [Stage], act: ActKind, side: Side, to: To) -> Row {
    Row { from, act, by: By::Node(side), roles: &[], to }
}

impl Menu for ProcedureKind {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Assistance, "assistance"),
        (Self::Notice, "notice"),
        (Self::Matching, "matching"),
        (Self::Joint, "joint"),
        (Self::Negotiation, "negotiation"),
        (Self::Undertaking, "undertaking"),
    ];
}
