//! The release of the fixed reply: the same words for everyone of whom nothing is said, leaving at the same instant.
//!
//! Owns what happens at that instant. Whether the person is protected is read nowhere here: what leaves turns on the case,
//! the policy and what was read and confirmed (`reply`). Must not answer for anybody: every safeguard bears the name of who
//! answered it, and what nobody answered for does not leave.

use domain::act::{Author, Deed};
use domain::content::Request;
use domain::decide::Command;
use domain::ids::{CaseId, OfficeId};
use domain::instrument::RequestType;
use domain::judge;
use domain::refusal::Refusal;
use domain::safeguard::{self, Finding, Gate, GateAnswer};
use jiff::Timestamp;
use store::{Batch, CommitError, Event, EventLevel, Reader, Store, Write};

use crate::Env;
use crate::command::alone;
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::local::{Local, Shielded};
use crate::party::Node;
use crate::reply::{FixedForm, ReplyRecord, no_longer_waits};

/// The kind of the timer at which a reply that waits is released.
pub(crate) const RELEASE: &str = "release";

/// Most acts of one release: the way to an answer has five, and questions are few. The rest follow with the next tick.
const DEEDS_MAX: usize = 64;

impl Node {
    /// Whether a case is shielded, and since when the shield's question is answered.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn is_shielded(&self, reader: &dyn Reader, dossier: &Dossier) -> Result<Option<bool>, Fault> {
        Ok(self.shielded(reader, dossier)?.map(|shielded| shielded.check.is_some()))
    }

    /// Enters what is to be said in a case where a reply waits, act by act: what is left of it as the case stands now, as far
    /// as it was read before it was confirmed. A question put since is answered in the same words, and after a crash nothing
    /// is entered twice.
    pub(crate) fn release(&self, store: &mut dyn Store, env: &mut Env<'_>, case: &CaseId) -> Result<usize, Fault> {
        for entered in 0..DEEDS_MAX {
            let reader = store.reader()?;
            let waits = self.waiting_reply(&*reader, case)?.zip(self.load(&*reader, case)?);
            let Some((form, dossier)) = waits else {
                drop(reader);
                return settle(store, &no_longer_waits(case)).map(|()| entered);
            };
            let shielded = self.shielded(&*reader, &dossier)?;
            let next = shielded.as_ref().and_then(|shielded| {
                let deed = self.fixed_deeds(shielded, &dossier, &form.office).into_iter().next()?;
                // What nobody read is nobody's word.
                let read = form.covers(&deed).then_some(deed).ok_or(Refusal::Changed);
                Some(read.and_then(|deed| self.as_command(shielded, &dossier, &form, deed, env.now)))
            });
            drop(reader);
            let Some(command) = next else {
                let record = self.reply_kept(env, case, &ReplyRecord::Left { form, at: env.now })?;
                return self.leave(store, case, record, Vec::new()).map(|()| entered);
            };
            let done = command
                .map_err(Failure::from)
                .and_then(|command| self.command_with(store, env, command, &Local::Released, &[], &alone));
            match done {
                Ok(_) => {}
                Err(Failure::Fault(fault)) => return Err(fault),
                // The other side withdrew meanwhile, or an answer of ours says no: a person must look.
                Err(Failure::Refused(_) | Failure::Held(_) | Failure::Misbehaved(_)) => {
                    let record = self.reply_kept(env, case, &ReplyRecord::NotReleased { form, at: env.now })?;
                    let event = Event {
                        at: env.now.into(),
                        level: EventLevel::Warning,
                        code: "reply-not-released".to_owned(),
                        case: Some(case.clone()),
                        peer: None,
                        detail: String::new(),
                    };
                    return self.leave(store, case, record, vec![Write::AddEvent(event)]).map(|()| entered);
                }
            }
        }
        Ok(DEEDS_MAX)
    }

    /// What is left to say, as far as this office says it: a reconsideration is the central authority's to answer, the rest
    /// is for the office that has the case.
    pub(crate) fn fixed_deeds(&self, shielded: &Shielded<'_>, dossier: &Dossier, office: &OfficeId) -> Vec<Deed> {
        let (case, instrument) = (&dossier.case, self.instrument_of(&dossier.case));
        let Some(rule) = case.rule(instrument) else { return Vec::new() };
        let mut deeds = shielded.reply.deeds(case, rule, instrument.langs(), self.me());
        deeds.retain(|deed| match deed {
            Deed::Uphold { .. } => judge::is_central(instrument, office),
            _ => *office == case.requested_office,
        });
        deeds
    }

    /// A deed of the fixed reply with the safeguards named persons answered for it: dated at the release, so that nothing
    /// tells how long it took. Of what nobody answered nothing is said, and the judgement refuses it.
    pub(crate) fn as_command(
        &self,
        shielded: &Shielded<'_>,
        dossier: &Dossier,
        form: &FixedForm,
        deed: Deed,
        at: Timestamp,
    ) -> Result<Command, Refusal> {
        let instrument = self.instrument_of(&dossier.case);
        let (request, act) = (&dossier.case.request, deed.kind());
        let rule = dossier.case.rule(instrument).ok_or(Refusal::UnknownCase)?;
        let given = |gate: Gate| form.answers.iter().find(|given| (given.act, given.gate) == (act, gate));
        let mut gates = Vec::new();
        for gate in rule.gates_for(&deed, request.sensitivity()) {
            let Some(given) = given(gate) else { continue };
            if given.no.is_some() {
                return Err(Refusal::GateClosed { gate });
            }
            let (finding, reason) = (finding(gate, request, rule), shielded.reply.reasons(instrument.langs()));
            gates.push(GateAnswer { gate, finding, reason, by: given.by.clone(), office: form.office.clone(), at });
        }
        // The words are the policy's own; who put them forward stands beside who confirmed them.
        let author = match (act.is_prepared(), &form.drafter) {
            (true, Some(drafter)) => Author::Signatory { by: form.by.clone(), drafter: drafter.clone() },
            (true, None) => return Err(Refusal::Unprepared { act }),
            (false, _) => Author::Officer(form.by.clone()),
        };
        Ok(Command { case: dossier.case.id.clone(), office: form.office.clone(), author, gates, deed })
    }

    /// Takes a reply from what waits, with what is kept and told of it.
    fn leave(&self, store: &mut dyn Store, case: &CaseId, record: Write, told: Vec<Write>) -> Result<(), Fault> {
        let mut writes = no_longer_waits(case).to_vec();
        writes.push(record);
        writes.extend(told);
        settle(store, &writes)
    }
}

/// The finding the fixed form gives: that a safeguard is met, and where the record bears out that it has no bearing, that.
pub(crate) fn finding(gate: Gate, request: &Request, rule: &RequestType) -> Finding {
    let idle = gate == Gate::DeathPenalty && !safeguard::death_possible(request, rule);
    if idle { Finding::NotEngaged } else { Finding::Satisfied }
}

fn settle(store: &mut dyn Store, writes: &[Write]) -> Result<(), Fault> {
    match store.commit(&Batch { expect: Vec::new(), writes: writes.to_vec() }) {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
    }
}
