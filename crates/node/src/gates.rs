//! Safeguard answers given before the act they belong to: the legal reviewer answers, the decision-maker acts.
//!
//! Owns their keeping until the act is entered. They never leave the house except inside that act. Must not judge them.

use domain::act::ActKind;
use domain::decide::Command;
use domain::ids::CaseId;
use domain::instrument::Instrument;
use domain::menu::Menu;
use domain::refusal::Refusal;
use domain::safeguard::{self, GateAnswer};
use ledger::canon;
use store::{Batch, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::fault::{Failure, Fault};
use crate::party::Node;

impl Node {
    /// Keeps a named person's answer until the act it is for is entered; a later answer to the same question replaces it.
    ///
    /// # Errors
    /// [`Refusal::GateRole`] when that role may not answer, [`Refusal::GateWithoutReason`]; [`Failure::Fault`].
    pub fn answer_gate(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        act: ActKind,
        answer: &GateAnswer,
    ) -> Result<(), Failure> {
        answerable(answer, self.instrument())?;
        if store.reader()?.case(case)?.is_none() {
            return Err(Refusal::UnknownCase.into());
        }
        let (kind, key) = names(case, act, answer);
        let bytes = canon::to_vec(answer).map_err(|why| Fault::record("gate answer", why))?;
        let bytes = self.wrap(env.rng, &format!("{kind}/{key}"), &bytes)?;
        let write = Write::PutLocal(LocalRow { kind, key, version: 1, bytes });
        let batch = Batch { expect: Vec::new(), writes: vec![write] };
        store.commit(&batch).map_err(commit_failure)
    }

    /// The answers that wait for their act in a case.
    ///
    /// # Errors
    /// [`Fault`] when they cannot be read.
    pub fn pending_gates(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<(ActKind, GateAnswer)>, Fault> {
        let rows = reader.local_list(&kind_of(case))?;
        rows.iter()
            .map(|row| {
                let label = format!("{}/{}", row.kind, row.key);
                let bytes = self.unwrap(&label, &row.bytes)?;
                let answer = canon::from_slice(&bytes).map_err(|why| Fault::record(label.as_str(), why.code()))?;
                let act = row.key.split('/').next().and_then(ActKind::from_code);
                Ok((act.ok_or_else(|| Fault::record(label, "no such act"))?, answer))
            })
            .collect()
    }

    /// Joins waiting answers to a command unless it brings its own; returns the writes that clear them.
    pub(crate) fn join_gates(&self, reader: &dyn Reader, command: &mut Command) -> Result<Vec<Write>, Fault> {
        let act = command.deed.kind();
        let mut clear = Vec::new();
        for (wanted, answer) in self.pending_gates(reader, &command.case)? {
            if wanted != act {
                continue;
            }
            let (kind, key) = names(&command.case, act, &answer);
            clear.push(Write::RemoveLocal { kind, key });
            if command.gates.iter().all(|own| own.gate != answer.gate) {
                command.gates.push(answer);
            }
        }
        Ok(clear)
    }
}

/// Whether a person may answer this question at all, and has given reasons in every language.
pub(crate) fn answerable(answer: &GateAnswer, instrument: &Instrument) -> Result<(), Refusal> {
    let gate = answer.gate;
    if !safeguard::answerers(gate).contains(&answer.by.role) {
        return Err(Refusal::GateRole { gate, role: answer.by.role });
    }
    safeguard::reasoned(answer, instrument.langs())
}

/// A conflict on our own local rows means somebody else changed the same thing just now.
pub(crate) fn commit_failure(error: store::CommitError) -> Failure {
    match error {
        store::CommitError::Conflict(_) => Refusal::Changed.into(),
        store::CommitError::Fault(fault) => fault.into(),
    }
}

pub(crate) fn kind_of(case: &CaseId) -> String {
    format!("gate:{case}")
}

fn names(case: &CaseId, act: ActKind, answer: &GateAnswer) -> (String, String) {
    (kind_of(case), format!("{}/{}", act.code(), answer.gate.code()))
}
