//! Acts being prepared: written by one officer, reviewed for these very words, signed by another who did neither. Who wrote
//! may review, but not against a colleague's no.
//!
//! Owns what waits between the pen and the signature in a case. It lies sealed at rest like a draft, leaves the house only
//! as the act it becomes, and moves no clock, so that the other Party learns nothing of it before. Must not judge the act:
//! the domain does when it is handed over, and again when it is signed.

use std::collections::BTreeSet;

use domain::act::{ActKind, Author, Deed, Person};
use domain::case::Case;
use domain::decide::{self, Command};
use domain::ids::{CaseId, OfficeId, OfficerId};
use domain::judge;
use domain::menu::Menu;
use domain::procedure::{By, WRITING};
use domain::refusal::Refusal;
use domain::safeguard::{Finding, Gate, GateAnswer};
use jiff::Timestamp;
use ledger::canon;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use store::{Batch, Expect, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::command::{Along, Also, Done};
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::gates::{answerable, commit_failure};
use crate::local::Local;
use crate::party::Node;

/// Most characters of the reason an act is sent back with: a page, to one colleague.
pub const BACK_CHARS_MAX: usize = 4_000;

/// Under which kind prepared acts are kept.
const PREPARED: &str = "prepared";

/// Further writes that must stand or fall with what was saved.
pub type PreparedAlong<'a> = &'a dyn Fn(&PreparedAct, &mut dyn CryptoRng) -> Result<Vec<Write>, Fault>;

/// One act of a case as written so far: at most one of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreparedAct {
    /// The case.
    pub case: CaseId,
    /// The office that writes it and whose signatory it waits for.
    pub office: OfficeId,
    /// Of the words: one more whenever they, the items or the files change. Whoever answers or signs names it.
    pub version: u64,
    /// How often it was saved.
    pub saved: u64,
    /// What is written.
    pub deed: Deed,
    /// Whose words it holds.
    pub drafter: Person,
    /// Everybody whose words were saved in it: none of them signs it.
    pub editors: BTreeSet<OfficerId>,
    /// Safeguards answered for this version.
    pub gates: Vec<GateAnswer>,
    /// Answers given for words that have changed since: they count no more.
    pub earlier: Vec<GateAnswer>,
    /// In whose hands it is.
    pub standing: Standing,
    /// How many acts the case held when it was written.
    pub acts_seen: u64,
    /// When its words were last saved.
    pub written_at: Timestamp,
}

/// In whose hands a prepared act is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Standing {
    /// It is being written.
    Writing,
    /// It waits for review and signature.
    HandedOver,
    /// It was sent back.
    Returned {
        /// By whom.
        by: Person,
        /// Why, in whatever language: it stays in the house.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

/// What an officer writes, over the version they read.
#[derive(Debug, Clone)]
pub struct Written {
    /// The case.
    pub case: CaseId,
    /// The writer's office.
    pub office: OfficeId,
    /// The words.
    pub deed: Deed,
    /// The writer.
    pub by: Person,
    /// The version it changes; 0 for the first.
    pub over: u64,
    /// Whether it is handed over with it.
    pub hand_over: bool,
}

/// Which version of which prepared act a call is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedVersion {
    /// The case.
    pub case: CaseId,
    /// The kind of act.
    pub act: ActKind,
    /// The version read.
    pub version: u64,
    /// How often it had been saved then, answers and hand-over included: what is signed is all that was read.
    pub saved: u64,
    /// The office that calls: its own alone it hands over, sends back or signs.
    pub office: OfficeId,
}

impl PreparedAct {
    /// Whether somebody wrote of it, whoever wrote last.
    #[must_use]
    pub fn is_by(&self, officer: &OfficerId) -> bool {
        self.drafter.id == *officer || self.editors.contains(officer)
    }

    /// How many acts the case has entered since it was written.
    #[must_use]
    pub fn moved(&self, dossier: &Dossier) -> u64 {
        (dossier.entries.len() as u64).saturating_sub(self.acts_seen)
    }

    /// What a call about this version names.
    #[must_use]
    pub fn named(&self) -> PreparedVersion {
        PreparedVersion {
            case: self.case.clone(),
            act: self.deed.kind(),
            version: self.version,
            saved: self.saved,
            office: self.office.clone(),
        }
    }

    /// Whether an officer may answer a safeguard of it, as far as their own part in it goes: a lawyer may review what they
    /// wrote, for another signs it, but nobody who wrote of it overrules a colleague's no, in this version or one before.
    /// `overruled` is the record of the case ([`Node::overruled_gates`]).
    #[must_use]
    pub fn is_answered_by(&self, officer: &OfficerId, gate: Gate, overruled: &[(ActKind, GateAnswer)]) -> bool {
        let act = self.deed.kind();
        let before = overruled.iter().filter(|(kind, _)| *kind == act).map(|(_, given)| given);
        let no = |given: &GateAnswer| given.gate == gate && given.finding == Finding::NotSatisfied;
        let mut theirs = self.gates.iter().chain(before).filter(|given| no(given));
        !self.is_by(officer) || theirs.all(|given| given.by.id == *officer)
    }

    /// Whether somebody answered a safeguard of it. That a person decided is the signatory's own to say (SG-16).
    #[must_use]
    pub fn is_reviewed_by(&self, officer: &OfficerId) -> bool {
        self.gates.iter().any(|given| given.gate != Gate::HumanDecision && given.by.id == *officer)
    }

    /// Whether it waits for review and signature.
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        self.standing == Standing::HandedOver
    }
}

impl Node {
    /// Saves what an officer writes of an act that another will sign. Answers given for other words are dropped from what
    /// will be signed; those that said no stay on the record of the case.
    ///
    /// # Errors
    /// [`Refusal::WrongHand`] for an act that is not prepared, [`Refusal::NotCompetent`] and [`Refusal::NotYourRole`] for who
    /// may not write it, [`Refusal::NotCarried`] before anything of it is stored, [`Refusal::Changed`] when somebody else
    /// saved meanwhile; handed over, whatever the domain finds lacking. [`Failure::Fault`].
    pub fn write_act(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        written: Written,
    ) -> Result<PreparedAct, Failure> {
        self.write_act_along(store, env, written, &|_, _| Ok(Vec::new()))
    }

    /// The same, with further writes in the same transaction.
    ///
    /// # Errors
    /// As [`Node::write_act`].
    pub fn write_act_along(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        written: Written,
        along: PreparedAlong<'_>,
    ) -> Result<PreparedAct, Failure> {
        let Written { case, office, deed, by, over, hand_over } = written;
        let act = deed.kind();
        if !act.is_prepared() {
            return Err(Refusal::WrongHand { act }.into());
        }
        self.inspect_deed(&deed)?;
        let reader = store.reader()?;
        let dossier = self.load(&*reader, &case)?.ok_or(Refusal::UnknownCase)?;
        let before = self.prepared(&*reader, &case, act)?;
        drop(reader);
        // What an office left that may no longer do it keeps nobody from writing: it gives way.
        let of_another = |before: &&PreparedAct| before.office != office;
        let left = before.as_ref().filter(of_another);
        let still = left.is_some_and(|left| self.writes_here(&dossier.case, act, &left.office));
        if still || !self.writes_here(&dossier.case, act, &office) {
            return Err(Refusal::NotCompetent { office }.into());
        }
        if !WRITING.contains(&by.role) {
            return Err(Refusal::NotYourRole { act, role: by.role, may: WRITING.to_vec() }.into());
        }
        let (own, left) = before.into_iter().partition::<Vec<_>, _>(|before| before.office == office);
        if own.first().map_or(0, |before| before.version) != over {
            return Err(Refusal::Changed.into());
        }
        let mut writes = Vec::new();
        let (mut version, mut saved) = (0, 0);
        for mut left in left {
            (version, saved) = (left.version, left.saved);
            writes.extend(self.set_aside(env, &mut left)?);
        }
        let mut prepared = own.into_iter().next().unwrap_or_else(|| PreparedAct {
            case: case.clone(),
            office,
            version,
            saved,
            deed: deed.clone(),
            drafter: by.clone(),
            editors: BTreeSet::new(),
            gates: Vec::new(),
            earlier: Vec::new(),
            standing: Standing::Writing,
            acts_seen: 0,
            written_at: env.now,
        });
        if prepared.editors.is_empty() || prepared.deed != deed {
            writes.extend(self.set_aside(env, &mut prepared)?);
            prepared.version += 1;
            prepared.deed = deed;
            prepared.editors.insert(by.id.clone());
            prepared.drafter = by;
            prepared.acts_seen = dossier.entries.len() as u64;
            prepared.written_at = env.now;
        }
        prepared.standing = if hand_over { Standing::HandedOver } else { Standing::Writing };
        match self.fit(&dossier, &prepared, env.now) {
            Err(refusal) if hand_over => return Err(refusal.into()),
            Err(refusal @ (Refusal::NotCarried { .. } | Refusal::AboveCeiling)) => return Err(refusal.into()),
            Ok(()) | Err(_) => {}
        }
        self.put_prepared(store, env, prepared, writes, along)
    }

    /// Whether an office of ours may write this act in a case: the one that will do it there.
    #[must_use]
    pub fn writes_here(&self, case: &Case, act: ActKind, office: &OfficeId) -> bool {
        office.party() == *self.me() && judge::acts_in(case, self.instrument_of(case), act, office)
    }

    /// The act of a kind that is being prepared in a case.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn prepared(&self, reader: &dyn Reader, case: &CaseId, act: ActKind) -> Result<Option<PreparedAct>, Fault> {
        reader.local(PREPARED, &key_of(case, act))?.map(|row| self.open_local(&row)).transpose()
    }

    /// Every act being prepared in a case.
    ///
    /// # Errors
    /// [`Fault`] when one cannot be read.
    pub fn prepared_in(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<PreparedAct>, Fault> {
        let kinds = ActKind::ALL.iter().map(|(kind, _)| *kind).filter(|kind| kind.is_prepared());
        kinds.filter_map(|kind| self.prepared(reader, case, kind).transpose()).collect()
    }

    /// Every act being prepared in the house.
    ///
    /// # Errors
    /// [`Fault`] when one cannot be read.
    pub fn prepared_acts(&self, reader: &dyn Reader) -> Result<Vec<PreparedAct>, Fault> {
        reader.local_list(PREPARED)?.iter().map(|row| self.open_local(row)).collect()
    }

    /// What still keeps a prepared act from review and signature, if the case stood as it does now.
    ///
    /// # Errors
    /// [`Fault`] when the case cannot be read.
    pub fn prepared_lacks(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        prepared: &PreparedAct,
    ) -> Result<Option<Refusal>, Fault> {
        let dossier = self.load(reader, &prepared.case)?;
        Ok(match dossier {
            Some(dossier) => self.fit(&dossier, prepared, now).err(),
            None => Some(Refusal::UnknownCase),
        })
    }

    /// Hands a prepared act over as it is.
    ///
    /// # Errors
    /// As [`Node::write_act`].
    pub fn hand_over(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        which: &PreparedVersion,
        by: Person,
    ) -> Result<PreparedAct, Failure> {
        let found = self.own_version(&*store.reader()?, which)?;
        let PreparedAct { case, office, deed, version: over, .. } = found;
        self.write_act(store, env, Written { case, office, deed, by, over, hand_over: true })
    }

    /// Sends a prepared act back to whoever wrote it.
    ///
    /// # Errors
    /// [`Refusal::Unprepared`] unless it was handed over, [`Refusal::Wordless`] or [`Refusal::TooLong`] for the reason;
    /// [`Refusal::Changed`]; [`Failure::Fault`].
    pub fn send_back(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        which: &PreparedVersion,
        by: Person,
        reason: &str,
    ) -> Result<PreparedAct, Failure> {
        let mut prepared = self.own_version(&*store.reader()?, which)?;
        let act = which.act;
        if !prepared.is_handed_over() {
            return Err(Refusal::Unprepared { act }.into());
        }
        if !WRITING.contains(&by.role) {
            return Err(Refusal::NotYourRole { act, role: by.role, may: WRITING.to_vec() }.into());
        }
        // Who wrote it takes it up again by writing; to send it back is a reader's word.
        if by.id == prepared.drafter.id {
            return Err(Refusal::FourEyes.into());
        }
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(Refusal::Wordless { what: "reason" }.into());
        }
        if reason.chars().count() > BACK_CHARS_MAX {
            return Err(Refusal::TooLong { what: "reason", max: BACK_CHARS_MAX }.into());
        }
        prepared.standing = Standing::Returned { by, reason, at: env.now };
        self.put_prepared(store, env, prepared, Vec::new(), &|_, _| Ok(Vec::new()))
    }

    /// Keeps a named person's answer to a safeguard question, given for the version they read.
    ///
    /// # Errors
    /// [`Refusal::Unprepared`] while nothing is written, [`Refusal::Changed`] when it is another version by now,
    /// [`Refusal::FourEyes`] for whoever wrote of it over a colleague's no; as [`Node::answer_gate`].
    pub fn answer_prepared(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        which: &PreparedVersion,
        answer: GateAnswer,
    ) -> Result<PreparedAct, Failure> {
        let reader = store.reader()?;
        let dossier = self.load(&*reader, &which.case)?.ok_or(Refusal::UnknownCase)?;
        let instrument = self.instrument_of(&dossier.case);
        answerable(&answer, instrument)?;
        let office = &answer.office;
        if office.party() != *self.me() || !judge::answers_in(&dossier.case, instrument, which.act, office) {
            return Err(Refusal::GateOffice { gate: answer.gate, office: answer.office }.into());
        }
        let mut prepared = self.read_version(&*reader, which)?;
        if !prepared.is_answered_by(&answer.by.id, answer.gate, &self.overruled_gates(&*reader, &which.case)?) {
            return Err(Refusal::FourEyes.into());
        }
        drop(reader);
        let mut writes = Vec::new();
        for before in prepared.gates.extract_if(.., |given| given.gate == answer.gate) {
            writes.extend(self.overruled_row(env, &which.case, which.act, &before)?);
        }
        prepared.gates.push(answer);
        self.put_prepared(store, env, prepared, writes, &|_, _| Ok(Vec::new()))
    }

    /// Signs the version that was read, as somebody who neither wrote nor reviewed it; `own` are the questions only a
    /// signatory can answer.
    ///
    /// # Errors
    /// [`Refusal::Unprepared`] unless it was handed over, [`Refusal::Changed`] when anything of it is another by now: its
    /// words, an answer, whose hands it is in; [`Refusal::FourEyes`]; as [`Node::command`]. What was prepared stays as it was.
    pub fn sign_prepared(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        which: &PreparedVersion,
        by: Person,
        own: Vec<GateAnswer>,
        along: Along<'_>,
    ) -> Result<Done, Failure> {
        let prepared = self.own_version(&*store.reader()?, which)?;
        if !prepared.is_handed_over() {
            return Err(Refusal::Unprepared { act: which.act }.into());
        }
        if prepared.saved != which.saved {
            return Err(Refusal::Changed.into());
        }
        if prepared.is_by(&by.id) {
            return Err(Refusal::FourEyes.into());
        }
        let mut also = Also { expect: vec![unchanged(&prepared)], writes: vec![removal(&prepared)] };
        let mut gates = own;
        for given in prepared.gates {
            if gates.iter().all(|own| own.gate != given.gate) {
                gates.push(given);
            } else {
                also.writes.extend(self.overruled_row(env, &which.case, which.act, &given)?);
            }
        }
        let PreparedAct { case, office, deed, drafter, .. } = prepared;
        let subject = case.to_string();
        let command = Command { case, office, author: Author::Signatory { by, drafter }, gates, deed };
        self.command_with(store, env, command, &Local::Judged { subject }, &[also], along)
    }

    /// Throws a prepared act away: one's own office's, or what an office left that may no longer do it where one's own may.
    /// Its files are swept like those of a draft; answers that said no stay on record.
    ///
    /// # Errors
    /// [`Refusal::Unprepared`] when there is none, [`Refusal::Changed`]; [`Failure::Fault`].
    pub fn discard_prepared(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        which: &PreparedVersion,
    ) -> Result<(), Failure> {
        let reader = store.reader()?;
        let mut prepared = self.read_version(&*reader, which)?;
        if prepared.office != which.office {
            let dossier = self.load(&*reader, &which.case)?.ok_or(Refusal::UnknownCase)?;
            let may = |office: &OfficeId| self.writes_here(&dossier.case, which.act, office);
            if may(&prepared.office) || !may(&which.office) {
                return Err(Refusal::NotCompetent { office: which.office.clone() }.into());
            }
        }
        drop(reader);
        let expect = vec![unchanged(&prepared)];
        let mut writes = vec![removal(&prepared)];
        writes.extend(self.set_aside(env, &mut prepared)?);
        store.commit(&Batch { expect, writes }).map_err(commit_failure)
    }

    /// The same of the caller's own office.
    fn own_version(&self, reader: &dyn Reader, which: &PreparedVersion) -> Result<PreparedAct, Failure> {
        let found = self.read_version(reader, which)?;
        if found.office != which.office {
            return Err(Refusal::NotCompetent { office: which.office.clone() }.into());
        }
        Ok(found)
    }

    /// The version somebody read, if it still is the one.
    fn read_version(&self, reader: &dyn Reader, which: &PreparedVersion) -> Result<PreparedAct, Failure> {
        let found = self.prepared(reader, &which.case, which.act)?;
        let found = found.ok_or(Refusal::Unprepared { act: which.act })?;
        if found.version != which.version {
            return Err(Refusal::Changed.into());
        }
        Ok(found)
    }

    fn fit(&self, dossier: &Dossier, prepared: &PreparedAct, now: Timestamp) -> Result<(), Refusal> {
        self.fits(dossier, &prepared.office, &prepared.drafter, &prepared.deed, now)
    }

    /// Judges a deed as if a colleague of its drafter signed it now: everything but the safeguards, which others answer
    /// yet.
    ///
    /// # Errors
    /// The rule it would break.
    pub fn fits(
        &self,
        dossier: &Dossier,
        office: &OfficeId,
        drafter: &Person,
        deed: &Deed,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let (act, stage) = (deed.kind(), dossier.case.stage());
        let side = dossier.case.side(self.me());
        let ours = |by: By| by == By::EitherOfficer || side.is_some_and(|side| by == By::Officer(side));
        let mut roles = dossier.case.rows(act).filter(|row| ours(row.by)).flat_map(|row| row.roles);
        let role = *roles.next().ok_or(Refusal::NotNow { act, stage })?;
        // Nobody's name yet: one that is not the drafter's.
        let somebody = |name: &str| OfficerId::new(name).expect("a letter is a name");
        let id = [somebody("a"), somebody("b")].into_iter().find(|id| *id != drafter.id);
        let by = Person { id: id.expect("one of two differs"), name: "a".to_owned(), role };
        let author = Author::Signatory { by, drafter: drafter.clone() };
        let (case, office, deed) = (dossier.case.id.clone(), office.clone(), deed.clone());
        let command = Command { case, office, author, gates: Vec::new(), deed };
        let (view, entries) = (Some(&dossier.case), &dossier.entries);
        match decide::decide_in(view, self.instruments(), self.me(), entries, command, now) {
            Ok(_) | Err(Refusal::GateUnanswered { .. }) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    /// Takes the answers away from what will be signed. Those that said no are put on the record of the case.
    fn set_aside(&self, env: &mut Env<'_>, prepared: &mut PreparedAct) -> Result<Vec<Write>, Fault> {
        let mut writes = Vec::new();
        for given in std::mem::take(&mut prepared.gates) {
            if given.finding == Finding::NotSatisfied {
                writes.extend(self.overruled_row(env, &prepared.case, prepared.deed.kind(), &given)?);
            }
            prepared.earlier.retain(|earlier| earlier.gate != given.gate);
            prepared.earlier.push(given);
        }
        Ok(writes)
    }

    fn put_prepared(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        mut prepared: PreparedAct,
        mut writes: Vec<Write>,
        along: PreparedAlong<'_>,
    ) -> Result<PreparedAct, Failure> {
        let expect = vec![unchanged(&prepared)];
        prepared.saved += 1;
        let (kind, key) = (PREPARED.to_owned(), key_of(&prepared.case, prepared.deed.kind()));
        let bytes = canon::to_vec(&prepared).map_err(|why| Fault::record("prepared act", why))?;
        let bytes = self.wrap(env.rng, &format!("{kind}/{key}"), &bytes)?;
        writes.push(Write::PutLocal(LocalRow { kind, key, version: prepared.saved, bytes }));
        writes.extend(along(&prepared, env.rng)?);
        store.commit(&Batch { expect, writes }).map_err(commit_failure)?;
        Ok(prepared)
    }
}

/// The writes that remove what is being prepared in a case, when its contents are erased.
pub(crate) fn erasing(prepared: &[PreparedAct]) -> Vec<Write> {
    prepared.iter().map(removal).collect()
}

fn unchanged(prepared: &PreparedAct) -> Expect {
    let key = key_of(&prepared.case, prepared.deed.kind());
    Expect::LocalVersion { kind: PREPARED.to_owned(), key, version: prepared.saved }
}

fn removal(prepared: &PreparedAct) -> Write {
    Write::RemoveLocal { kind: PREPARED.to_owned(), key: key_of(&prepared.case, prepared.deed.kind()) }
}

fn key_of(case: &CaseId, act: ActKind) -> String {
    format!("{case}/{}", act.code())
}
