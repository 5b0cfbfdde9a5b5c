//! Requests being written: local until an approver signs.
//!
//! Owns drafts and the step from a draft to a case: its reference, four eyes, and the answers given beforehand. Must not
//! let anything of a draft reach the other Party before that step.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{ActKind, Author, Deed, Person};
use domain::content::{self, Lack, Missing, Request};
use domain::decide::Command;
use domain::handling::Classification;
use domain::ids::{CaseId, OfficeId, OfficerId, PartyId, TypeCode};
use domain::instrument::RequestType;
use domain::judge;
use domain::refusal::Refusal;
use domain::safeguard::{Finding, GateAnswer};
use domain::text::{Lang, Prose};
use jiff::Timestamp;
use ledger::canon;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use store::{Batch, DraftRow, Expect, Reader, Store, Write};

use crate::Env;
use crate::command::{Along, Also, Done, alone};
use crate::continued::Beginning;
use crate::fault::{Failure, Fault};
use crate::gates::{answerable, commit_failure};
use crate::local::Local;
use crate::party::Node;

/// Most open drafts of a node: a desk has tens; more is a runaway program.
pub const DRAFTS_MAX: usize = 2_000;

/// Further writes that must stand or fall with a draft's saving, made of the draft as saved.
pub type DraftAlong<'a> = &'a dyn Fn(&Draft, &mut dyn CryptoRng) -> Result<Vec<Write>, Fault>;

/// A request being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its local name, for example `d-7f3a91c2`.
    pub id: String,
    /// How often it was saved; a save names the version it changes.
    pub version: u64,
    /// The office that writes it.
    pub office: OfficeId,
    /// What is written so far.
    pub request: Request,
    /// What was typed and could not be read: it stays to be put right, and keeps the draft from being complete.
    #[serde(default)]
    pub unread: Vec<Unread>,
    /// Who began it.
    pub created_by: Person,
    /// Everybody whose words were saved in it: none of them signs it.
    #[serde(default)]
    pub editors: BTreeSet<OfficerId>,
    /// Safeguards answered for the submission.
    pub gates: Vec<GateAnswer>,
    /// Answers that said no, and that another answer went against or that stood for what was written before.
    #[serde(default)]
    pub overruled: Vec<GateAnswer>,
    /// The case it belongs to, once the draft was shown to the other side for advice.
    pub case: Option<CaseId>,
    /// Whether the drafter has handed it over for signature.
    pub handed_over: bool,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

/// One answer of a draft's form that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The part of the request, or the field of its type, it was meant for.
    pub part: String,
    /// The input, as the form names it.
    pub input: String,
    /// The text as typed.
    pub text: String,
}

impl Draft {
    /// Whether somebody wrote of it: began it, or saved it at any time, whoever saved it last.
    #[must_use]
    pub fn is_by(&self, officer: &OfficerId) -> bool {
        self.created_by.id == *officer || self.editors.contains(officer) || self.request.drafter.id == *officer
    }

    /// Takes answers away from what will be signed. Those that said no stay on record.
    pub fn set_aside(&mut self, which: impl Fn(&GateAnswer) -> bool) {
        let gone = self.gates.extract_if(.., |given| which(given));
        self.overruled.extend(gone.filter(|given| given.finding == Finding::NotSatisfied));
    }
}

impl Node {
    /// Begins a draft of a type, addressed to an office of the other Party.
    ///
    /// # Errors
    /// [`Failure::Refused`] when the type is not on, or either office may not take part in it; [`Failure::Fault`].
    pub fn new_draft(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        office: &OfficeId,
        type_code: &TypeCode,
        to: &OfficeId,
        by: Person,
    ) -> Result<Draft, Failure> {
        let (office, type_code, to) = (office.clone(), type_code.clone(), to.clone());
        let begun = Beginning { office, type_code, to, by, continues: None };
        self.begin_draft(store, env, &begun, &|_, _| Ok(Vec::new()))
    }

    /// Begins a draft, of a case that it continues if one is named, with further writes in the same transaction.
    ///
    /// # Errors
    /// As [`Node::new_draft`]; [`Refusal::Link`] or [`Refusal::Link`] when it may not continue that case.
    pub fn begin_draft(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        begun: &Beginning,
        along: DraftAlong<'_>,
    ) -> Result<Draft, Failure> {
        let Beginning { office, type_code, to, by, continues } = begun;
        let rule = judge::rule(self.instrument_with(&to.party()), type_code)?;
        for (who, list) in [(office, &rule.may_send), (to, &rule.may_receive)] {
            if !list.contains(who) {
                return Err(Refusal::NotCompetent { office: who.clone() }.into());
            }
        }
        if to.party() == *self.me() || office.party() != *self.me() {
            return Err(Refusal::UnknownOffice { office: to.clone() }.into());
        }
        if store.reader()?.drafts(None)?.len() >= DRAFTS_MAX {
            return Err(Refusal::TooLong { what: "drafts", max: DRAFTS_MAX }.into());
        }
        let mut request = self.fresh(rule, begun);
        if let Some(from) = continues {
            self.carried_over(&*store.reader()?, env.now, from, rule, begun, &mut request)?;
        }
        let mut name = [0; 6];
        env.rng.fill_bytes(&mut name);
        let draft = Draft {
            id: format!("d-{}", name.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
            version: 0,
            office: office.clone(),
            request,
            unread: Vec::new(),
            created_by: by.clone(),
            editors: BTreeSet::new(),
            gates: Vec::new(),
            overruled: Vec::new(),
            case: None,
            handed_over: false,
            updated_at: env.now,
        };
        self.saved(store, env, &draft, along)
    }

    /// A request of a type with what the instrument gives it.
    fn fresh(&self, rule: &RequestType, begun: &Beginning) -> Request {
        let Beginning { office, type_code, to, by, .. } = begun;
        let instrument = self.instrument_with(&to.party());
        let lang =
            instrument.party(self.me()).map_or_else(|| instrument.langs()[0].clone(), |party| party.lang.clone());
        let basis = rule.legal_bases.first().map(|text| prose_of(&lang, text.iter()));
        let contact = instrument.office(office).map(|office| office.contact.clone()).unwrap_or_default();
        let empty = || Prose::new(lang.clone(), "");
        Request {
            type_code: type_code.clone(),
            to: to.clone(),
            title: empty(),
            legal_basis: basis.unwrap_or_else(empty),
            urgency: rule.usual_urgency,
            urgency_reason: None,
            needed_by: None,
            purpose: empty(),
            evidential_use: false,
            mark: rule.default_mark,
            classification: Classification::Official,
            confidentiality: None,
            personal_data: rule.fields.iter().any(|field| field.personal),
            exercise: false,
            contact,
            fields: BTreeMap::new(),
            attachments: Vec::new(),
            linked: Vec::new(),
            continues: None,
            drafter: by.clone(),
        }
    }

    /// Saves a draft over the version it carries; answers the saved one.
    ///
    /// # Errors
    /// [`Refusal::AboveCeiling`] and [`Refusal::NotCarried`] before anything of it is stored; [`Refusal::UnreadableIndicators`] when a
    /// bundle in it cannot be read; [`Refusal::Changed`] when somebody else saved meanwhile; [`Failure::Fault`].
    pub fn save_draft(&self, store: &mut dyn Store, env: &mut Env<'_>, draft: &Draft) -> Result<Draft, Failure> {
        self.saved(store, env, draft, &|_, _| Ok(Vec::new()))
    }

    fn saved(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        draft: &Draft,
        along: DraftAlong<'_>,
    ) -> Result<Draft, Failure> {
        judge::keepable(
            judge::rule(self.instrument_with(&draft.request.to.party()), &draft.request.type_code)?,
            &draft.request,
        )?;
        self.inspect_fields(&draft.request.fields)?;
        let mut saved = Draft { version: draft.version + 1, updated_at: env.now, ..draft.clone() };
        saved.editors.insert(draft.request.drafter.id.clone());
        let row = self.draft_row(env, &saved)?;
        let mut writes = vec![Write::PutDraft(row)];
        writes.extend(along(&saved, env.rng)?);
        let expect = vec![Expect::DraftVersion { draft: draft.id.clone(), version: draft.version }];
        store.commit(&Batch { expect, writes }).map_err(commit_failure)?;
        Ok(saved)
    }

    /// Every open draft of an office, or of all.
    ///
    /// # Errors
    /// [`Fault`] when one cannot be read.
    pub fn drafts(&self, reader: &dyn Reader, office: Option<&OfficeId>) -> Result<Vec<Draft>, Fault> {
        reader.drafts(office)?.iter().map(|row| self.open_draft(row)).collect()
    }

    /// One draft.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn draft(&self, reader: &dyn Reader, id: &str) -> Result<Option<Draft>, Fault> {
        reader.draft(id)?.map(|row| self.open_draft(&row)).transpose()
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`Refusal::UnknownCase`] when there is none; [`Failure::Fault`].
    pub fn discard_draft(&self, store: &mut dyn Store, id: &str) -> Result<(), Failure> {
        let found = store.reader()?.draft(id)?.ok_or(Refusal::UnknownCase)?;
        let batch = Batch {
            expect: vec![Expect::DraftVersion { draft: found.draft.clone(), version: found.version }],
            writes: vec![Write::RemoveDraft { draft: found.draft }],
        };
        store.commit(&batch).map_err(commit_failure)
    }

    /// What still keeps a draft from being complete.
    ///
    /// # Errors
    /// [`Refusal::UnknownType`] or [`Refusal::TypeNotOn`].
    pub fn lacking(&self, draft: &Draft) -> Result<Vec<Missing>, Refusal> {
        let instrument = self.instrument_with(&draft.request.to.party());
        let rule = judge::rule(instrument, &draft.request.type_code)?;
        let mut missing = content::missing(&draft.request, rule, instrument.langs());
        // As it stood when it was last saved: the writer is told, not the signatory after everybody has answered for it.
        missing.extend(judge::passed(instrument, rule, &draft.request, self.me(), draft.updated_at));
        for unread in &draft.unread {
            if missing.iter().all(|lack| lack.field != unread.part) {
                missing.push(Missing { field: unread.part.clone(), what: Lack::WrongKind });
            }
        }
        Ok(missing)
    }

    /// Keeps a named person's answer to a safeguard question of the submission.
    ///
    /// # Errors
    /// [`Failure::Refused`] when they may not answer, wrote of it themselves, or there is no such draft; [`Failure::Fault`].
    pub fn answer_draft_gate(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        id: &str,
        answer: GateAnswer,
    ) -> Result<Draft, Failure> {
        let found = self.draft(&*store.reader()?, id)?;
        let mut draft = found.ok_or(Refusal::UnknownCase)?;
        if draft.is_by(&answer.by.id) {
            return Err(Refusal::FourEyes.into());
        }
        answerable(&answer, self.instrument_with(&draft.request.to.party()))?;
        if answer.office != draft.office {
            return Err(Refusal::GateOffice { gate: answer.gate, office: answer.office }.into());
        }
        draft.set_aside(|given| given.gate == answer.gate);
        draft.gates.push(answer);
        self.save_draft(store, env, &draft)
    }

    /// Signs and submits a draft as its approver: it gets its reference and becomes a case.
    ///
    /// # Errors
    /// [`Failure::Refused`] with the first rule it breaks; the draft stays as it was. [`Failure::Fault`].
    pub fn submit_draft(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        id: &str,
        by: Person,
    ) -> Result<Done, Failure> {
        self.submit_draft_along(store, env, id, by, &alone)
    }

    /// The same, with further writes in the same transaction.
    ///
    /// # Errors
    /// As [`Node::submit_draft`].
    pub fn submit_draft_along(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        id: &str,
        by: Person,
        along: Along<'_>,
    ) -> Result<Done, Failure> {
        let draft = self.draft(&*store.reader()?, id)?.ok_or(Refusal::UnknownCase)?;
        if draft.is_by(&by.id) {
            return Err(Refusal::FourEyes.into());
        }
        // What somebody meant to say and nobody could read is not left out in silence.
        if !draft.unread.is_empty() {
            return Err(Refusal::Incomplete { missing: self.lacking(&draft)? }.into());
        }
        let (case, mut also) = self.reference(store, env.now, &draft)?;
        also.writes.push(Write::RemoveDraft { draft: draft.id.clone() });
        for before in &draft.overruled {
            also.writes.extend(self.overruled_row(env, &case, ActKind::Submit, before)?);
        }
        let command = Command {
            case,
            office: draft.office,
            author: Author::Officer(by),
            gates: draft.gates,
            deed: Deed::Submit { request: Box::new(draft.request) },
        };
        self.command_with(store, env, command, &Local::Judged { subject: draft.id }, &[also], along)
    }

    /// Shows a draft to the other side for advice before it is submitted. It gets its reference and stays a draft.
    ///
    /// # Errors
    /// As [`Node::submit_draft`].
    pub fn preconsult_draft(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        id: &str,
        by: Person,
    ) -> Result<Done, Failure> {
        let draft = self.draft(&*store.reader()?, id)?.ok_or(Refusal::UnknownCase)?;
        let (case, mut also) = self.reference(store, env.now, &draft)?;
        let kept = Draft { case: Some(case.clone()), version: draft.version + 1, updated_at: env.now, ..draft.clone() };
        also.writes.push(Write::PutDraft(self.draft_row(env, &kept)?));
        let command = Command {
            case,
            office: draft.office,
            author: Author::Officer(by),
            gates: Vec::new(),
            deed: Deed::Preconsult { request: Box::new(draft.request) },
        };
        self.command_with(store, env, command, &Local::Judged { subject: draft.id }, &[also], &alone)
    }

    /// The reference a draft has or gets, with what must hold and be written for it.
    fn reference(&self, store: &dyn Store, now: Timestamp, draft: &Draft) -> Result<(CaseId, Also), Failure> {
        let unchanged = Expect::DraftVersion { draft: draft.id.clone(), version: draft.version };
        if let Some(case) = &draft.case {
            return Ok((case.clone(), Also { expect: vec![unchanged], writes: Vec::new() }));
        }
        let rule = judge::rule(self.instrument_with(&draft.request.to.party()), &draft.request.type_code)?;
        let year = self.calendar().local(now).year();
        let name = format!("{}-{}-{year}", self.me(), rule.series);
        let last = store.reader()?.counter(&name)?;
        let case = CaseId::compose(self.me(), &rule.series, year, last + 1);
        let case = case.map_err(|why| Fault::Setup(why.to_string()))?;
        let expect = vec![Expect::Counter { name: name.clone(), value: last }, unchanged];
        Ok((case, Also { expect, writes: vec![Write::SetCounter { name, value: last + 1 }] }))
    }

    fn draft_row(&self, env: &mut Env<'_>, draft: &Draft) -> Result<DraftRow, Fault> {
        let bytes = canon::to_vec(draft).map_err(|why| Fault::record("draft", why))?;
        Ok(DraftRow {
            draft: draft.id.clone(),
            version: draft.version,
            owner_office: draft.office.clone(),
            created_by: draft.created_by.id.clone(),
            updated_at: draft.updated_at.into(),
            bytes: self.wrap(env.rng, &label(&draft.id), &bytes)?,
        })
    }

    fn open_draft(&self, row: &DraftRow) -> Result<Draft, Fault> {
        let label = label(&row.draft);
        let bytes = self.unwrap(&label, &row.bytes)?;
        canon::from_slice(&bytes).map_err(|why| Fault::record(label, why.code()))
    }
}

/// The safeguards a submission of this type must answer.
#[must_use]
pub fn gates_of(node: &Node, peer: &PartyId, type_code: &TypeCode) -> Vec<domain::safeguard::Gate> {
    let rule = node.instrument_with(peer).request_type(type_code);
    rule.map(|rule| rule.gates_at(ActKind::Submit).collect()).unwrap_or_default()
}

fn prose_of<'t>(original: &Lang, texts: impl Iterator<Item = (&'t Lang, &'t str)>) -> Prose {
    Prose { original: original.clone(), texts: texts.map(|(lang, words)| (lang.clone(), words.to_owned())).collect() }
}

fn label(id: &str) -> String {
    format!("draft/{id}")
}
