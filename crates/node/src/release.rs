//! The fixed reply and its release: the same words for everyone of whom nothing is said, leaving at the same instant.
//!
//! Owns what waits for its instant. Whether the person is protected is read nowhere here: what waits, when it leaves and
//! what it says turn on the case and the policy alone.

use domain::act::{ActKind, Author, Deed, Person};
use domain::case::Entry;
use domain::decide::{self, Command};
use domain::ids::{CaseId, OfficeId};
use domain::judge;
use domain::local::Held;
use domain::refusal::Refusal;
use domain::safeguard::{self, Finding, Gate, GateAnswer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Batch, CommitError, Event, EventLevel, Reader, Store, TimerRow, Write};

use crate::Env;
use crate::command::alone;
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::gates::commit_failure;
use crate::local::{Local, Shielded};
use crate::party::Node;

/// The kind of the timer at which a reply that waits is released.
pub(crate) const RELEASE: &str = "release";

const WAITS: &str = "fixed-reply";

/// Most acts of one release: the way to an answer has five, and questions are few. The rest follow with the next tick.
const DEEDS_MAX: usize = 64;

/// A reply that waits for its instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedForm {
    /// Who decided to say no more.
    pub by: Person,
    /// Who answered the shield's question, and with it stands for the safeguards of the reply.
    pub reviewer: Person,
    /// In which office.
    pub office: OfficeId,
    /// When it leaves.
    pub release_at: Timestamp,
}

impl Node {
    /// Gives the fixed reply in a shielded case: it is judged now, leaves at the next instant of release, and is the same
    /// whether the person is protected or unknown.
    ///
    /// # Errors
    /// [`Held::NotShielded`], [`Held::Unanswered`] while no named officer answered the shield's question; [`Failure::Refused`]
    /// when the case does not admit it (receipt must be acknowledged first); [`Failure::Fault`].
    pub fn reply_fixed(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        office: &OfficeId,
        by: Person,
    ) -> Result<Timestamp, Failure> {
        let reader = store.reader()?;
        let dossier = self.load(&*reader, case)?.ok_or(Refusal::UnknownCase)?;
        let shielded = self.shielded(&*reader, &dossier)?.ok_or(Held::NotShielded)?;
        let check = shielded.check.as_ref();
        let check = check.ok_or_else(|| Held::Unanswered { question: shielded.question.id.clone() })?;
        let release_at = shielded.shield.release_at(shielded.received_at, env.now, self.calendar());
        let form = FixedForm { by, reviewer: check.by.clone(), office: office.clone(), release_at };
        self.rehearse(&shielded, &dossier, &form)?;
        drop(reader);
        let row = self.local_row(env, WAITS.to_owned(), case.to_string(), &form)?;
        let timer = TimerRow { case: case.clone(), kind: RELEASE.to_owned(), due_at: release_at.into() };
        let writes = vec![Write::PutLocal(row), Write::PutTimer(timer)];
        store.commit(&Batch { expect: Vec::new(), writes }).map_err(commit_failure)?;
        Ok(release_at)
    }

    /// The reply that waits in a case, if one does.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn waiting_reply(&self, reader: &dyn Reader, case: &CaseId) -> Result<Option<FixedForm>, Fault> {
        reader.local(WAITS, case.as_str())?.map(|row| self.open_local(&row)).transpose()
    }

    /// Whether a case is shielded, and since when the shield's question is answered.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn is_shielded(&self, reader: &dyn Reader, dossier: &Dossier) -> Result<Option<bool>, Fault> {
        Ok(self.shielded(reader, dossier)?.map(|shielded| shielded.check.is_some()))
    }

    /// Enters what is to be said in a case where a reply waits, act by act. What that is turns on the case as it stands
    /// now: a question put since is answered too, and after a crash nothing is entered twice.
    pub(crate) fn release(&self, store: &mut dyn Store, env: &mut Env<'_>, case: &CaseId) -> Result<usize, Fault> {
        let done = || {
            [
                Write::RemoveLocal { kind: WAITS.to_owned(), key: case.to_string() },
                Write::RemoveTimer { case: case.clone(), kind: RELEASE.to_owned() },
            ]
        };
        for entered in 0..DEEDS_MAX {
            let reader = store.reader()?;
            let waits = self.waiting_reply(&*reader, case)?.zip(self.load(&*reader, case)?);
            let Some((form, dossier)) = waits else { return settle(store, &done()).map(|()| entered) };
            let shielded = self.shielded(&*reader, &dossier)?;
            let next = shielded.as_ref().and_then(|shielded| {
                let deed = self.fixed_deeds(shielded, &dossier, &form.office).into_iter().next()?;
                Some(self.as_command(shielded, &dossier, &form, deed, env.now))
            });
            drop(reader);
            let Some(command) = next else { return settle(store, &done()).map(|()| entered) };
            match self.command_with(store, env, command, &Local::Released, &[], &alone) {
                Ok(_) => {}
                Err(Failure::Fault(fault)) => return Err(fault),
                // The other side withdrew meanwhile: what waits no longer fits, and a person must look.
                Err(Failure::Refused(_) | Failure::Held(_) | Failure::Misbehaved(_)) => {
                    let event = Event {
                        at: env.now.into(),
                        level: EventLevel::Warning,
                        code: "reply-not-released".to_owned(),
                        case: Some(case.clone()),
                        peer: None,
                        detail: String::new(),
                    };
                    let [reply, timer] = done();
                    return settle(store, &[reply, timer, Write::AddEvent(event)]).map(|()| entered);
                }
            }
        }
        Ok(DEEDS_MAX)
    }

    /// What is left to say, as far as this office says it: a reconsideration is the central authority's to answer, the rest
    /// is for the office that has the case.
    fn fixed_deeds(&self, shielded: &Shielded<'_>, dossier: &Dossier, office: &OfficeId) -> Vec<Deed> {
        let (case, instrument) = (&dossier.case, self.instrument_of(&dossier.case));
        let Some(rule) = case.rule(instrument) else { return Vec::new() };
        let mut deeds = shielded.reply.deeds(case, rule, instrument.langs(), self.me());
        deeds.retain(|deed| match deed {
            Deed::Uphold { .. } => judge::is_central(instrument, office),
            _ => *office == case.requested_office,
        });
        deeds
    }

    /// Judges the whole reply as it will be entered, so that an officer hears now what would not stand.
    fn rehearse(&self, shielded: &Shielded<'_>, dossier: &Dossier, form: &FixedForm) -> Result<(), Refusal> {
        let mut entries = dossier.entries.clone();
        let deeds = self.fixed_deeds(shielded, dossier, &form.office);
        if deeds.is_empty() {
            let stage = dossier.case.stage();
            return Err(Refusal::NotNow { act: ActKind::Respond, stage });
        }
        for deed in deeds {
            let command = self.as_command(shielded, dossier, form, deed, form.release_at);
            let act = decide::decide(self.instruments(), self.me(), &entries, command, form.release_at)?;
            entries.push(Entry { act, received_at: None });
        }
        Ok(())
    }

    /// A deed of the fixed reply with its safeguards: dated at the release, so that nothing tells how long it took.
    fn as_command(
        &self,
        shielded: &Shielded<'_>,
        dossier: &Dossier,
        form: &FixedForm,
        deed: Deed,
        at: Timestamp,
    ) -> Command {
        let instrument = self.instrument_of(&dossier.case);
        let reasons = shielded.reply.reasons(instrument.langs());
        let request = &dossier.case.request;
        let rule = dossier.case.rule(instrument);
        let answer = |gate: Gate| {
            let may = |person: &&Person| safeguard::answerers(gate).contains(&person.role);
            let by = [&form.reviewer, &form.by].into_iter().find(may).unwrap_or(&form.by).clone();
            let idle = gate == Gate::DeathPenalty && !rule.is_some_and(|rule| safeguard::death_possible(request, rule));
            GateAnswer {
                gate,
                finding: if idle { Finding::NotEngaged } else { Finding::Satisfied },
                reason: reasons.clone(),
                by,
                office: form.office.clone(),
                at,
            }
        };
        // The words are the policy's own; who set them in motion stands beside who decided to say no more.
        let author = if deed.kind().is_prepared() {
            Author::Signatory { by: form.by.clone(), drafter: form.reviewer.clone() }
        } else {
            Author::Officer(form.by.clone())
        };
        let gates = rule.map(|rule| rule.gates_for(&deed, request.sensitivity()).map(answer).collect());
        Command {
            case: dossier.case.id.clone(),
            office: form.office.clone(),
            author,
            gates: gates.unwrap_or_default(),
            deed,
        }
    }
}

fn settle(store: &mut dyn Store, writes: &[Write]) -> Result<(), Fault> {
    match store.commit(&Batch { expect: Vec::new(), writes: writes.to_vec() }) {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
    }
}
