//! The questions of our own law: their answers kept, and demanded before an act of ours is entered.
//!
//! Owns the local half of every command. Its rows are sealed at rest and stay; nothing of them enters an act, and no
//! answer to a peer reads them. Must not judge (`domain::local` does).

use std::collections::BTreeSet;

use domain::act::{ActKind, Deed};
use domain::case::Case;
use domain::content::Request;
use domain::decide::Command;
use domain::ids::{CaseId, OfficeId};
use domain::judge;
use domain::local::{FixedReply, Held, LocalAnswer, Policy, ProtectedPerson, Question, Shield};
use domain::menu::Menu;
use domain::procedure::Side;
use domain::refusal::Refusal;
use domain::safeguard::{Finding, Gate};
use jiff::Timestamp;
use ledger::canon;
use store::{Batch, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::gates::commit_failure;
use crate::party::Node;
use crate::reply::{FixedForm, ReplyRecord};

/// Whether our own law is asked before an act is entered.
pub(crate) enum Local {
    /// It is; the answers are kept under this case or draft.
    Judged {
        /// The case's reference or the draft's name.
        subject: String,
    },
    /// It is, of a reply now released: a no stops it, and the shield was judged when it was confirmed.
    Released,
}

/// An incoming request whose answer is shielded.
pub(crate) struct Shielded<'n> {
    pub shield: &'n Shield,
    pub reply: &'n FixedReply,
    pub question: &'n Question,
    pub received_at: Timestamp,
    /// The check of the person, once a named officer answered.
    pub check: Option<LocalAnswer>,
}

/// A question of our own law with its answer, if one waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// The answer that waits for its act, or the check that stands for the case.
    pub answer: Option<LocalAnswer>,
}

/// What an office works with under its own law, before an act in a case or before a draft is submitted.
#[derive(Debug, Clone)]
pub struct OwnLaw {
    /// The questions.
    pub asked: Vec<Asked>,
    /// Whether somebody in the register may be concerned: for who keeps it, and nobody else.
    pub likeness: bool,
    /// In a shielded case, whether its check is answered.
    pub shielded: Option<bool>,
    /// In a shielded case, before when nothing of substance leaves.
    pub opens: Option<Timestamp>,
    /// When a fixed reply that waits leaves.
    pub waits: Option<Timestamp>,
}

/// What our own law says in a case so far.
#[derive(Debug, Clone, Default)]
pub struct OwnLawRecord {
    /// The answers, oldest first: those whose act was entered, and those that wait.
    pub given: Vec<LocalAnswer>,
    /// The questions still to be answered, each with the first act that stands behind it.
    pub open: Vec<(ActKind, Question)>,
    /// The fixed reply that waits for its instant.
    pub reply: Option<FixedForm>,
    /// What became of fixed replies before, oldest first.
    pub replies: Vec<ReplyRecord>,
}

impl Node {
    /// What an office works with; `None` for a node without a policy, and for whoever has no part in the matter.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn own_law(
        &self,
        reader: &dyn Reader,
        subject: &str,
        act: ActKind,
        office: &OfficeId,
    ) -> Result<Option<OwnLaw>, Fault> {
        if self.policy().is_none() {
            return Ok(None);
        }
        if let Some(draft) = self.draft(reader, subject)? {
            let likeness = !self.register_hits(reader, &draft.request)?.is_empty();
            let asked = self.local_draft_questions(reader, subject, &draft.request)?;
            let own = OwnLaw { asked, likeness, shielded: None, opens: None, waits: None };
            return Ok((draft.office == *office).then_some(own));
        }
        let Ok(id) = CaseId::new(subject) else { return Ok(None) };
        let Some(dossier) = self.load(reader, &id)? else { return Ok(None) };
        // Behind a mask the answers of the office that has the case are not to be read either.
        let (dossier, mask) = self.seen_by(reader, dossier, office)?;
        let mut asked = self.local_questions(reader, &dossier.case, act)?;
        for one in asked.iter_mut().filter(|_| mask.is_some()) {
            one.answer = one.answer.take().filter(|answer| answer.office == *office);
        }
        let likeness = !self.register_hits(reader, &dossier.case.request)?.is_empty();
        let waits = self.waiting_reply(reader, &id)?.map(|form| form.release_at);
        let upholds = dossier.case.rows(ActKind::Uphold).next().is_some();
        let ours = [&dossier.case.requesting_office, &dossier.case.requested_office].contains(&office)
            || upholds && judge::is_central(self.instrument_of(&dossier.case), office);
        let shielded = self.shielded(reader, &dossier)?;
        let opens = shielded.as_ref().map(|one| one.shield.first_release(one.received_at, self.calendar()));
        let shielded = shielded.map(|one| one.check.is_some());
        Ok(ours.then_some(OwnLaw { asked, likeness, shielded, opens, waits }))
    }

    /// What was answered and what is still open under our own law in a case, for an office that works on it.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn own_law_record(&self, reader: &dyn Reader, id: &CaseId, office: &OfficeId) -> Result<OwnLawRecord, Fault> {
        let mut record = OwnLawRecord::default();
        if self.own_law(reader, id.as_str(), ActKind::Accept, office)?.is_none() {
            return Ok(record);
        }
        let Some(dossier) = self.load(reader, id)? else { return Ok(record) };
        let case = &dossier.case;
        for kind in [kept_of(id.as_str()), kind_of(id.as_str())] {
            for row in reader.local_list(&kind)? {
                record.given.push(self.open_local(&row)?);
            }
        }
        // Another office that works in the case reads its own answers alone.
        let holds = case.side(self.me()).is_some_and(|side| case.office(side) == office);
        record.given.retain(|answer| holds || answer.office == *office);
        record.given.sort_by_key(|answer| answer.at);
        record.reply = self.waiting_reply(reader, id)?.filter(|form| holds || form.office == *office);
        record.replies = self.reply_record(reader, id)?;
        record.replies.retain(|one| holds || one.office() == office);
        let acts = self.policy().into_iter().flat_map(|policy| policy.questions()).flat_map(|question| &question.at);
        let acts: BTreeSet<ActKind> = acts.copied().filter(|act| case.rows(*act).next().is_some()).collect();
        for act in acts.into_iter().filter(|_| holds) {
            for asked in self.local_questions(reader, case, act)?.into_iter().filter(|one| one.answer.is_none()) {
                if record.open.iter().all(|(_, known)| known.id != asked.question.id) {
                    record.open.push((act, asked.question));
                }
            }
        }
        Ok(record)
    }

    /// The questions of our own law before an act in a case of ours, with the answers that wait.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn local_questions(&self, reader: &dyn Reader, case: &Case, act: ActKind) -> Result<Vec<Asked>, Fault> {
        let rows = reader.acts(&case.id)?;
        let asked = rows.iter().find(|row| row.kind == ActKind::Submit.code()).or(rows.first());
        let received_at = asked.and_then(|row| row.received_at).map(Timestamp::from);
        let shielded = self.shielded_case(reader, case, received_at)?;
        let answers = self.waiting(reader, case.id.as_str(), act)?;
        let Some(policy) = self.policy() else { return Ok(Vec::new()) };
        let mut asked = Vec::new();
        if let Some(shielded) = &shielded {
            asked.push(Asked { question: shielded.question.clone(), answer: shielded.check.clone() });
        }
        asked.extend(with_answers(policy, &case.request, act, shielded.is_some(), &answers));
        Ok(asked)
    }

    /// The questions of our own law before a draft is submitted, with the answers that wait.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn local_draft_questions(&self, reader: &dyn Reader, id: &str, request: &Request) -> Result<Vec<Asked>, Fault> {
        let answers = self.waiting(reader, id, ActKind::Submit)?;
        let asked =
            self.policy().map(|policy| with_answers(policy, request, ActKind::Submit, false, &answers).collect());
        Ok(asked.unwrap_or_default())
    }

    /// Keeps a named officer's answer to a question of our own law: for an act in a case, or for the submission of a
    /// draft. To the shield's question in a shielded case it stands for the whole case.
    ///
    /// # Errors
    /// [`Failure::Held`] when that role may not answer, without reasons, or against the register; [`Refusal::UnknownCase`].
    pub fn answer_local(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        subject: &str,
        act: ActKind,
        answer: &LocalAnswer,
    ) -> Result<(), Failure> {
        let unknown = || Held::UnknownQuestion { question: answer.question.clone() };
        let policy = self.policy().ok_or_else(unknown)?;
        let question = policy.question(&answer.question).ok_or_else(unknown)?;
        question.takes(answer)?;
        let reader = store.reader()?;
        let (request, shielded, office) = match self.draft(&*reader, subject)? {
            Some(draft) => (draft.request, false, draft.office),
            None => {
                let id = CaseId::new(subject).map_err(|_| Refusal::UnknownCase)?;
                let dossier = self.load(&*reader, &id)?.ok_or(Refusal::UnknownCase)?;
                let shielded = self.shielded(&*reader, &dossier)?.is_some();
                let office = dossier.case.side(self.me()).map(|side| dossier.case.office(side).clone());
                (dossier.case.request, shielded, office.ok_or(Refusal::UnknownCase)?)
            }
        };
        if answer.office != office {
            return Err(Refusal::NotCompetent { office: answer.office.clone() }.into());
        }
        if question.gate == Gate::AsylumShield && answer.finding != Finding::NotSatisfied {
            let register = self.register(&*reader)?;
            if register.iter().any(|(_, entry)| entry.shares_document(&request)) {
                return Err(Held::Contradicted { question: answer.question.clone() }.into());
            }
        }
        let whole_case = shielded && question.gate == Gate::AsylumShield;
        let key = if whole_case { CHECK.to_owned() } else { format!("{}/{}", act.code(), question.id) };
        let mut writes = Vec::new();
        // An answer that said no stays on record beside the one that goes against it.
        if let Some(row) = reader.local(&kind_of(subject), &key)? {
            let before: LocalAnswer = self.open_local(&row)?;
            if before.finding == Finding::NotSatisfied {
                let key = format!("{:020}/{key}", before.at.as_microsecond());
                writes.push(Write::PutLocal(self.local_row(env, kept_of(subject), key, &before)?));
            }
        }
        drop(reader);
        writes.push(Write::PutLocal(self.local_row(env, kind_of(subject), key, answer)?));
        store.commit(&Batch { expect: Vec::new(), writes }).map_err(commit_failure)
    }

    /// The local record of a case: every answer given before an act that was entered, by act.
    ///
    /// # Errors
    /// [`Fault`] when one cannot be read.
    pub fn local_record(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<(String, LocalAnswer)>, Fault> {
        let rows = reader.local_list(&kept_of(case.as_str()))?;
        rows.iter().map(|row| Ok((row.key.clone(), self.open_local(row)?))).collect()
    }

    /// Demands what our own law demands of a command; answers the writes that turn waiting answers into the record.
    pub(crate) fn judge_local(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        dossier: Option<&Dossier>,
        subject: &str,
        command: &Command,
    ) -> Result<Vec<Write>, Failure> {
        let Some(policy) = self.policy() else { return Ok(Vec::new()) };
        // What a clock demands is no decision of ours, and says the same of everyone.
        if command.author.officer().is_none() {
            return Ok(Vec::new());
        }
        let shielded = dossier.map(|dossier| self.shielded(reader, dossier)).transpose()?.flatten();
        let opened = match &command.deed {
            Deed::Submit { request } | Deed::Preconsult { request } => Some(request.as_ref()),
            _ => None,
        };
        let Some(request) = opened.or(dossier.map(|dossier| &dossier.case.request)) else { return Ok(Vec::new()) };
        if let (Some(shielded), Some(dossier)) = (&shielded, dossier) {
            let judged = self.judge_shield(shielded, dossier, &command.deed, env.now);
            // A central authority or a court may act in another's case, and is not told why it may not yet.
            if judged.is_err() && command.office != dossier.case.requested_office {
                return Err(Refusal::NotNow { act: command.deed.kind(), stage: dossier.case.stage() }.into());
            }
            judged?;
        }
        // A draft shown for advice says what its submission would.
        let act = if matches!(command.deed, Deed::Preconsult { .. }) { ActKind::Submit } else { command.deed.kind() };
        let answers = self.waiting(reader, subject, act)?;
        policy.judge(request, act, shielded.is_some(), &answers)?;
        match &command.deed {
            Deed::Preconsult { .. } => Ok(Vec::new()),
            _ => Ok(self.put_on_record(env, (subject, &command.case), act, &answers)?),
        }
    }

    /// The same for a deed of the fixed reply: a no stops it, and what was answered goes on record with it.
    pub(crate) fn judge_released(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        case: &Case,
        act: ActKind,
    ) -> Result<Vec<Write>, Failure> {
        if let Some(no) = self.closed_by(reader, case, &[act])?.into_iter().next() {
            return Err(Held::Closed { question: no.question }.into());
        }
        let answers = self.waiting(reader, case.id.as_str(), act)?;
        Ok(self.put_on_record(env, (case.id.as_str(), &case.id), act, &answers)?)
    }

    /// The answers under our own law that hold any of these acts back.
    pub(crate) fn closed_by(
        &self,
        reader: &dyn Reader,
        case: &Case,
        acts: &[ActKind],
    ) -> Result<Vec<LocalAnswer>, Fault> {
        let Some(policy) = self.policy() else { return Ok(Vec::new()) };
        let mut closed: Vec<LocalAnswer> = Vec::new();
        for act in acts {
            let given = self.waiting(reader, case.id.as_str(), *act)?;
            for question in policy.questions_for(&case.request, *act, true) {
                let no =
                    |answer: &&LocalAnswer| answer.question == question.id && answer.finding == Finding::NotSatisfied;
                closed.extend(given.iter().find(no).cloned());
            }
        }
        Ok(closed)
    }

    /// The writes that turn answers that waited for an act into the record of it.
    fn put_on_record(
        &self,
        env: &mut Env<'_>,
        (subject, case): (&str, &CaseId),
        act: ActKind,
        answers: &[LocalAnswer],
    ) -> Result<Vec<Write>, Fault> {
        let mut writes = Vec::new();
        for answer in answers {
            let key = format!("{}/{}", act.code(), answer.question);
            writes.push(Write::RemoveLocal { kind: kind_of(subject), key: key.clone() });
            let key = format!("{:020}/{key}", env.now.as_microsecond());
            writes.push(Write::PutLocal(self.local_row(env, kept_of(case.as_str()), key, answer)?));
        }
        Ok(writes)
    }

    /// What holds an act back in a shielded case, whoever the person is.
    fn judge_shield(
        &self,
        shielded: &Shielded<'_>,
        dossier: &Dossier,
        deed: &Deed,
        now: Timestamp,
    ) -> Result<(), Held> {
        if FixedReply::is_neutral(deed) {
            return Ok(());
        }
        let first = shielded.shield.first_release(shielded.received_at, self.calendar());
        if now < first {
            return Err(Held::NotBefore { at: first });
        }
        let check = shielded.check.as_ref();
        let check = check.ok_or_else(|| Held::Unanswered { question: shielded.question.id.clone() })?;
        let ours = dossier.entries.iter().filter(|entry| entry.act.by == *self.me()).map(|entry| &entry.act.deed);
        let given = shielded.reply.given(self.instrument_of(&dossier.case).langs(), ours);
        if given || check.finding == Finding::NotSatisfied || shielded.reply.says_nothing(deed) {
            return Err(Held::FixedForm);
        }
        Ok(())
    }

    /// The shield over a case, when we are asked and the type has one.
    pub(crate) fn shielded(&self, reader: &dyn Reader, dossier: &Dossier) -> Result<Option<Shielded<'_>>, Fault> {
        // A draft shown for advice is answered from its own receipt; the request that follows, from that one's.
        let submitted = dossier.entries.iter().find(|entry| matches!(entry.act.deed, Deed::Submit { .. }));
        let received_at = submitted.or(dossier.entries.first()).and_then(|entry| entry.received_at);
        self.shielded_case(reader, &dossier.case, received_at)
    }

    fn shielded_case(
        &self,
        reader: &dyn Reader,
        case: &Case,
        received_at: Option<Timestamp>,
    ) -> Result<Option<Shielded<'_>>, Fault> {
        let Some(policy) = self.policy() else { return Ok(None) };
        let asked_of_us = case.side(self.me()) == Some(Side::Requested);
        let Some((shield, reply)) = policy.shield(&case.type_code).filter(|_| asked_of_us) else { return Ok(None) };
        let Some(question) = policy.shield_question(&case.type_code) else { return Ok(None) };
        let row = reader.local(&kind_of(case.id.as_str()), CHECK)?;
        let check = row.map(|row| self.open_local(&row)).transpose()?;
        let received_at = received_at.unwrap_or(case.opened_at);
        Ok(Some(Shielded { shield, reply, question, received_at, check }))
    }

    /// The entries of the register that may concern a request, for the officer who answers: a hint, never an answer.
    ///
    /// # Errors
    /// [`Fault`] when an entry cannot be read.
    pub fn register_hits(&self, reader: &dyn Reader, request: &Request) -> Result<Vec<ProtectedPerson>, Fault> {
        let register = self.register(reader)?;
        Ok(register.into_iter().map(|(_, entry)| entry).filter(|entry| entry.may_be_in(request)).collect())
    }

    fn waiting(&self, reader: &dyn Reader, subject: &str, act: ActKind) -> Result<Vec<LocalAnswer>, Fault> {
        let prefix = format!("{}/", act.code());
        let rows = reader.local_list(&kind_of(subject))?;
        rows.iter().filter(|row| row.key.starts_with(&prefix)).map(|row| self.open_local(row)).collect()
    }

    pub(crate) fn local_row<T: serde::Serialize>(
        &self,
        env: &mut Env<'_>,
        kind: String,
        key: String,
        value: &T,
    ) -> Result<LocalRow, Fault> {
        let bytes = canon::to_vec(value).map_err(|why| Fault::record("local record", why))?;
        let bytes = self.wrap(env.rng, &format!("{kind}/{key}"), &bytes)?;
        Ok(LocalRow { kind, key, version: 1, bytes })
    }

    pub(crate) fn open_local<T: serde::de::DeserializeOwned>(&self, row: &LocalRow) -> Result<T, Fault> {
        let label = format!("{}/{}", row.kind, row.key);
        let bytes = self.unwrap(&label, &row.bytes)?;
        canon::from_slice(&bytes).map_err(|why| Fault::record(label, why.code()))
    }
}

fn with_answers<'a>(
    policy: &'a Policy,
    request: &'a Request,
    act: ActKind,
    shielded: bool,
    answers: &'a [LocalAnswer],
) -> impl Iterator<Item = Asked> + 'a {
    policy.questions_for(request, act, shielded).map(|question| Asked {
        question: question.clone(),
        answer: answers.iter().find(|answer| answer.question == question.id).cloned(),
    })
}

/// The key under which the check of a shielded case's person is kept; no act has this code.
const CHECK: &str = "check";

fn kind_of(subject: &str) -> String {
    format!("local:{subject}")
}

fn kept_of(case: &str) -> String {
    format!("local-kept:{case}")
}
