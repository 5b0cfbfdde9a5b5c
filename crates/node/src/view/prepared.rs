//! What is being prepared, as a desk lists it: each with the next hand.
//!
//! Owns who is next for a prepared act. Must not judge what is written: the domain does at the hand-over and the signature.

use domain::act::ActKind;
use domain::case::Case;
use domain::ids::{OfficeId, TypeCode};
use domain::procedure::By;
use domain::safeguard::{self, Gate, GateAnswer};
use domain::text::Prose;
use jiff::Timestamp;
use store::Reader;

use super::Viewer;
use crate::fault::Fault;
use crate::party::Node;
use crate::prepared::{PreparedAct, Standing};

/// A prepared act on a desk.
#[derive(Debug, Clone)]
pub struct PreparedTask {
    /// What is prepared.
    pub prepared: PreparedAct,
    /// The matter.
    pub title: Prose,
    /// Its type.
    pub type_code: TypeCode,
    /// The other side's office.
    pub to: OfficeId,
    /// When the case wants its next act.
    pub due_at: Option<Timestamp>,
    /// What the viewer does with it.
    pub hand: Hand,
}

/// What a viewer does next with a prepared act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hand {
    /// Answer these safeguards for it.
    Review(Vec<Gate>),
    /// Sign it.
    Sign,
    /// Go on writing: it was sent back.
    Mend,
    /// Go on writing.
    Write,
    /// Nothing: it waits for others.
    Wait,
}

impl PreparedTask {
    /// Whether it waits for the viewer.
    #[must_use]
    pub fn is_yours(&self) -> bool {
        !matches!(self.hand, Hand::Wait)
    }
}

impl Node {
    /// The prepared acts of the viewer's office that they write, review or sign, the soonest due first.
    ///
    /// # Errors
    /// [`Fault`] when one, or its case, cannot be read.
    pub fn prepared_tasks(&self, reader: &dyn Reader, viewer: &Viewer) -> Result<Vec<PreparedTask>, Fault> {
        let mut tasks = Vec::new();
        for prepared in self.prepared_acts(reader)? {
            if viewer.second_track || prepared.office != viewer.office {
                continue;
            }
            let Some(dossier) = self.load(reader, &prepared.case)? else { continue };
            let overruled = self.overruled_gates(reader, &prepared.case)?;
            let Some(hand) = self.hand(&dossier.case, &prepared, viewer, &overruled) else { continue };
            let (dossier, _) = self.shown_to(reader, dossier, viewer)?;
            let case = dossier.case;
            let side = case.side(self.me()).unwrap_or(domain::procedure::Side::Requested);
            tasks.push(PreparedTask {
                title: case.request.title.clone(),
                type_code: case.type_code.clone(),
                to: case.office(side.other()).clone(),
                due_at: case.deadline().map(|due| due.due_at),
                hand,
                prepared,
            });
        }
        tasks.sort_by_key(|task| (!task.is_yours(), task.due_at.is_none(), task.due_at));
        Ok(tasks)
    }

    /// What the viewer does next with a prepared act; `None` when it is none of their business. `overruled` is the record of
    /// the case ([`Node::overruled_gates`]).
    #[must_use]
    pub fn hand(
        &self,
        case: &Case,
        prepared: &PreparedAct,
        viewer: &Viewer,
        overruled: &[(ActKind, GateAnswer)],
    ) -> Option<Hand> {
        let own = prepared.is_by(&viewer.id);
        match prepared.standing {
            Standing::Writing => own.then_some(Hand::Write),
            Standing::Returned { .. } => own.then_some(Hand::Mend),
            Standing::HandedOver => {
                let open = self.unanswered(case, prepared);
                let mine = |gate: &Gate| {
                    viewer.is_any(safeguard::answerers(*gate)) && prepared.is_answered_by(&viewer.id, *gate, overruled)
                };
                let signs = !own && self.signs(case, prepared, viewer);
                // What only a signatory can say is said with the signature.
                let others: Vec<Gate> = open.iter().copied().filter(|gate| *gate != Gate::HumanDecision).collect();
                let yours: Vec<Gate> = others.iter().copied().filter(mine).collect();
                let reviewed = prepared.is_reviewed_by(&viewer.id);
                let act = prepared.deed.kind();
                if case.rows(act).next().is_none() || !self.writes_here(case, act, &prepared.office) {
                    own.then_some(Hand::Write)
                } else if !yours.is_empty() {
                    Some(Hand::Review(yours))
                } else if signs && others.is_empty() && !reviewed {
                    Some(Hand::Sign)
                } else {
                    (own || signs || reviewed).then_some(Hand::Wait)
                }
            }
        }
    }

    /// Whether a role of the viewer signs such an act in the case as it stands.
    #[must_use]
    pub fn signs(&self, case: &Case, prepared: &PreparedAct, viewer: &Viewer) -> bool {
        let Some(side) = case.side(self.me()) else { return false };
        let ours = |by: By| by == By::EitherOfficer || by == By::Officer(side);
        case.rows(prepared.deed.kind()).filter(|row| ours(row.by)).any(|row| viewer.is_any(row.roles))
    }

    /// The safeguards of a prepared act nobody has answered yet for these words.
    #[must_use]
    pub fn unanswered(&self, case: &Case, prepared: &PreparedAct) -> Vec<Gate> {
        let Some(rule) = case.rule(self.instrument_of(case)) else { return Vec::new() };
        let bound = rule.gates_for(&prepared.deed, case.request.sensitivity());
        bound.filter(|gate| prepared.gates.iter().all(|given| given.gate != *gate)).collect()
    }
}
