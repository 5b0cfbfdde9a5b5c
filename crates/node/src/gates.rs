//! Safeguard answers given before the act they belong to: the legal reviewer answers, the decision-maker acts.
//!
//! Owns their keeping until the act is entered. They never leave the house except inside that act. Must not judge them.

use domain::act::ActKind;
use domain::decide::Command;
use domain::ids::CaseId;
use domain::instrument::Instrument;
use domain::judge;
use domain::menu::Menu;
use domain::refusal::Refusal;
use domain::safeguard::{self, Finding, GateAnswer};
use store::{Batch, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::fault::{Failure, Fault};
use crate::party::Node;

impl Node {
    /// Keeps a named person's answer until the act it is for is entered. A later answer to the same question counts in its
    /// place; a `not-satisfied` it goes against stays on record beside it.
    ///
    /// # Errors
    /// [`Refusal::GateOffice`] when that office has no part in it, [`Refusal::GateRole`] when that role may not answer,
    /// [`Refusal::GateWithoutReason`], [`Refusal::GateReasonShort`], [`Refusal::Unprepared`] for what is answered of its
    /// words alone ([`Node::answer_prepared`]); [`Failure::Fault`].
    pub fn answer_gate(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        act: ActKind,
        answer: &GateAnswer,
    ) -> Result<(), Failure> {
        if act.is_prepared() {
            return Err(Refusal::Unprepared { act }.into());
        }
        let reader = store.reader()?;
        let dossier = self.load(&*reader, case)?.ok_or(Refusal::UnknownCase)?;
        let instrument = self.instrument_of(&dossier.case);
        answerable(answer, instrument)?;
        let office = &answer.office;
        if office.party() != *self.me() || !judge::answers_in(&dossier.case, instrument, act, office) {
            return Err(Refusal::GateOffice { gate: answer.gate, office: office.clone() }.into());
        }
        let mut writes = Vec::new();
        for (bound, before) in self.pending_gates(&*reader, case)? {
            if bound == act && before.gate == answer.gate {
                writes.extend(self.overruled_row(env, case, act, &before)?);
            }
        }
        drop(reader);
        let (kind, key) = names(case, act, answer);
        writes.push(Write::PutLocal(self.local_row(env, kind, key, answer)?));
        store.commit(&Batch { expect: Vec::new(), writes }).map_err(commit_failure)
    }

    /// The record of an answer another goes against, when it said no.
    pub(crate) fn overruled_row(
        &self,
        env: &mut Env<'_>,
        case: &CaseId,
        act: ActKind,
        before: &GateAnswer,
    ) -> Result<Option<Write>, Fault> {
        if before.finding != Finding::NotSatisfied {
            return Ok(None);
        }
        let key = format!("{}/{}/{:020}", act.code(), before.gate.code(), before.at.as_microsecond());
        Ok(Some(Write::PutLocal(self.local_row(env, overruled_of(case), key, before)?)))
    }

    /// The answers that said no and that another answer went against, with the acts they were for.
    ///
    /// # Errors
    /// [`Fault`] when they cannot be read.
    pub fn overruled_gates(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<(ActKind, GateAnswer)>, Fault> {
        self.answers(reader, &overruled_of(case))
    }

    /// The answers that wait for their act in a case.
    ///
    /// # Errors
    /// [`Fault`] when they cannot be read.
    pub fn pending_gates(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<(ActKind, GateAnswer)>, Fault> {
        let mut pending = self.answers(reader, &kind_of(case))?;
        for prepared in self.prepared_in(reader, case)? {
            let act = prepared.deed.kind();
            pending.extend(prepared.gates.into_iter().map(|answer| (act, answer)));
        }
        Ok(pending)
    }

    fn answers(&self, reader: &dyn Reader, kind: &str) -> Result<Vec<(ActKind, GateAnswer)>, Fault> {
        let read = |row: &LocalRow| {
            let act = row.key.split('/').next().and_then(ActKind::from_code);
            let act = act.ok_or_else(|| Fault::record(format!("{}/{}", row.kind, row.key), "no such act"))?;
            Ok((act, self.open_local(row)?))
        };
        reader.local_list(kind)?.iter().map(read).collect()
    }

    /// Joins waiting answers to a command unless it brings its own; returns the writes that clear them, and that keep on
    /// record those the command's own go against.
    pub(crate) fn join_gates(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        command: &mut Command,
    ) -> Result<Vec<Write>, Fault> {
        let act = command.deed.kind();
        let mut clear = Vec::new();
        for (wanted, answer) in self.answers(reader, &kind_of(&command.case))? {
            // What was prepared brings the answers given for its words.
            if wanted != act || act.is_prepared() {
                continue;
            }
            let (kind, key) = names(&command.case, act, &answer);
            clear.push(Write::RemoveLocal { kind, key });
            if command.gates.iter().all(|own| own.gate != answer.gate) {
                command.gates.push(answer);
            } else {
                clear.extend(self.overruled_row(env, &command.case, act, &answer)?);
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

pub(crate) fn overruled_of(case: &CaseId) -> String {
    format!("gate-overruled:{case}")
}

fn names(case: &CaseId, act: ActKind, answer: &GateAnswer) -> (String, String) {
    (kind_of(case), format!("{}/{}", act.code(), answer.gate.code()))
}
