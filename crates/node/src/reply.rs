//! The fixed reply before it leaves: read whole, put forward by one, answered for safeguard by safeguard, confirmed by
//! another, and stopped by whoever may while it waits.
//!
//! Owns what is said and answered of it inside the house; its rows are sealed at rest. No machine answers a safeguard here:
//! each answer of the reply bears the name of a person who saw that question beside the words it is for. Whether the person
//! asked about is protected is read nowhere here. Must not enter anything: `release` does, at its instant.

use domain::act::{ActKind, Deed, Person, Role};
use domain::case::Entry;
use domain::decide;
use domain::ids::{CaseId, Hash32, OfficeId, OfficerId};
use domain::judge;
use domain::local::{Held, KEEPERS, LocalAnswer};
use domain::procedure::WRITING;
use domain::refusal::Refusal;
use domain::safeguard::{self, Finding, Gate};
use domain::text::Prose;
use jiff::Timestamp;
use ledger::canon;
use ledger::hash::sha256;
use serde::{Deserialize, Serialize};
use store::{Batch, Expect, LocalRow, Reader, Store, TimerRow, Write};

use crate::Env;
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::gates::commit_failure;
use crate::local::Shielded;
use crate::party::Node;
use crate::release::RELEASE;

/// Under which kind a confirmed reply waits, by case.
pub(crate) const WAITS: &str = "fixed-reply-waits";

/// Under which kind lies what was put forward and answered, by case and office.
const PUT: &str = "fixed-reply-put";

/// Most characters of the reason for a no, or for a stop: a page, to colleagues.
pub const REPLY_REASON_CHARS_MAX: usize = 4_000;

/// A named person's answer to one safeguard of the fixed reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyAnswer {
    /// For which act of the reply.
    pub act: ActKind,
    /// The safeguard.
    pub gate: Gate,
    /// Who answers for it.
    pub by: Person,
    /// When. The act is dated at its release, as is everything in it; this stays in the house.
    pub at: Timestamp,
    /// Why it is not answered as the fixed form says, in whatever language; `None` when it is.
    pub no: Option<String>,
}

/// An answer as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyGiven {
    /// For which act of the reply.
    pub act: ActKind,
    /// The safeguard.
    pub gate: Gate,
    /// Who answers for it.
    pub by: Person,
    /// Why not, where the answer is no.
    pub no: Option<String>,
}

/// A confirmed reply that waits for its instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedForm {
    /// Who confirmed it, having read it.
    pub by: Person,
    /// Who put it forward; an act that one prepares and another signs names both.
    pub drafter: Option<Person>,
    /// In which office.
    pub office: OfficeId,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it leaves.
    pub release_at: Timestamp,
    /// What was read, in its order.
    pub deeds: Vec<Deed>,
    /// The same words to whatever is asked until then, which was read too.
    pub words: Prose,
    /// Who answered each safeguard.
    pub answers: Vec<ReplyAnswer>,
}

/// What became of a fixed reply, or of a no to it: kept in the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ReplyRecord {
    /// It left.
    Left {
        /// What was confirmed.
        form: FixedForm,
        /// When.
        at: Timestamp,
    },
    /// Somebody stopped it.
    Stopped {
        /// What was confirmed.
        form: FixedForm,
        /// Who stopped it.
        by: Person,
        /// Why, in whatever language.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// It no longer fitted the case, or what was read of it, and did not leave.
    NotReleased {
        /// What was confirmed.
        form: FixedForm,
        /// When.
        at: Timestamp,
    },
    /// An answer said no, and another answer took its place.
    Overruled {
        /// The office it was said in.
        office: OfficeId,
        /// The answer that said no.
        answer: ReplyAnswer,
    },
}

/// One act of the fixed reply, with its safeguards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyDeed {
    /// The act.
    pub deed: Deed,
    /// What it must be answered for.
    pub gates: Vec<ReplyGate>,
}

/// One safeguard of one act of the fixed reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyGate {
    /// The safeguard.
    pub gate: Gate,
    /// The finding the fixed form gives.
    pub finding: Finding,
    /// Who answered it, once somebody did.
    pub answer: Option<ReplyAnswer>,
}

/// The fixed reply as an office reads it before it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyShown {
    /// In whose name.
    pub office: OfficeId,
    /// What would leave, in its order.
    pub deeds: Vec<ReplyDeed>,
    /// The words given to whatever else is asked until then.
    pub words: Prose,
    /// The reasons that stand with every safeguard.
    pub reasons: Prose,
    /// When it would leave.
    pub release_at: Timestamp,
    /// Who put it forward.
    pub drafter: Option<Person>,
    /// Whether the shield's question is answered.
    pub checked: bool,
    /// Answers under our own law that hold it back.
    pub closed: Vec<LocalAnswer>,
    /// Why the case does not admit it now, whoever signs.
    pub lacks: Option<Refusal>,
    /// Names what would leave: whoever answers for it names what they read.
    pub content: Hash32,
    /// Names all of it, answers and instant too: whoever confirms it names what they read.
    pub read: Hash32,
    /// The reply that waits already, of this office.
    pub waits: Option<FixedForm>,
}

/// Whose reply a call is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyOf {
    /// The case.
    pub case: CaseId,
    /// The office in whose name it leaves.
    pub office: OfficeId,
    /// What was read: its content for an answer, all of it for the confirmation.
    pub read: Hash32,
}

/// What was put forward and answered so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    content: Hash32,
    drafter: Option<Person>,
    answers: Vec<ReplyAnswer>,
}

impl FixedForm {
    /// Whether a deed was read before it was confirmed: it stood there, or gives the same words to a later question.
    #[must_use]
    pub fn covers(&self, deed: &Deed) -> bool {
        match deed {
            Deed::Reply { answer, .. } => *answer == self.words,
            Deed::GiveConsent { granted: false, words, .. } => *words == self.words,
            _ => self.deeds.contains(deed),
        }
    }
}

impl ReplyRecord {
    /// In whose name it was, or would have been.
    #[must_use]
    pub fn office(&self) -> &OfficeId {
        match self {
            Self::Left { form, .. } | Self::Stopped { form, .. } | Self::NotReleased { form, .. } => &form.office,
            Self::Overruled { office, .. } => office,
        }
    }

    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Left { at, .. } | Self::Stopped { at, .. } | Self::NotReleased { at, .. } => *at,
            Self::Overruled { answer, .. } => answer.at,
        }
    }
}

impl ReplyShown {
    /// The first act that one must put forward and another confirm, when nobody has put it forward.
    #[must_use]
    pub fn unprepared(&self) -> Option<ActKind> {
        let mut acts = self.deeds.iter().map(|one| one.deed.kind());
        acts.find(|act| act.is_prepared()).filter(|_| self.drafter.is_none())
    }

    /// The safeguards nobody has answered yet.
    pub fn open(&self) -> impl Iterator<Item = (ActKind, Gate)> {
        let open = |one: &ReplyDeed| {
            let kind = one.deed.kind();
            let gates = one.gates.iter().filter(|gate| gate.answer.is_none());
            gates.map(move |gate| (kind, gate.gate)).collect::<Vec<_>>()
        };
        self.deeds.iter().flat_map(open)
    }
}

impl Node {
    /// The fixed reply as it stands for an office: everything that would leave, when, and who answers for it. `None` where
    /// there is no shield, or the office says nothing in the case.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn reply_shown(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        case: &CaseId,
        office: &OfficeId,
    ) -> Result<Option<ReplyShown>, Fault> {
        let Some(dossier) = self.load(reader, case)? else { return Ok(None) };
        let Some(shielded) = self.shielded(reader, &dossier)? else { return Ok(None) };
        let upholds = dossier.case.rows(ActKind::Uphold).next().is_some();
        let central = upholds && judge::is_central(self.instrument_of(&dossier.case), office);
        if *office != dossier.case.requested_office && !central {
            return Ok(None);
        }
        let (put, _) = self.put(reader, case, office)?;
        let langs = self.instrument_of(&dossier.case).langs();
        let (words, reasons) = (shielded.reply.said(langs), shielded.reply.reasons(langs));
        let bare = self.laid_out(&shielded, &dossier, office, &[]);
        let content = digest(&(office, bare.iter().map(|one| said(one)).collect::<Vec<_>>(), &words, &reasons))?;
        let put = put.filter(|put| put.content == content);
        let (drafter, answers) = put.map(|put| (put.drafter, put.answers)).unwrap_or_default();
        let release_at = shielded.shield.release_at(shielded.received_at, now, self.calendar());
        let acts: Vec<ActKind> = bare.iter().map(|one| one.deed.kind()).collect();
        let closed = self.closed_by(reader, &dossier.case, &acts)?;
        let read = digest(&(&content, &release_at, &drafter, &answers, &closed, shielded.check.is_some()))?;
        Ok(Some(ReplyShown {
            lacks: self.reply_lacks(&shielded, &dossier, office, drafter.as_ref(), release_at),
            office: office.clone(),
            deeds: self.laid_out(&shielded, &dossier, office, &answers),
            words,
            reasons,
            release_at,
            drafter,
            checked: shielded.check.is_some(),
            closed,
            content,
            read,
            waits: self.waiting_reply(reader, case)?.filter(|form| form.office == *office),
        }))
    }

    /// Keeps named persons' answers to safeguards of the fixed reply they read, and who puts it forward.
    ///
    /// # Errors
    /// [`Held::NotShielded`], [`Held::ReplyWaits`]; [`Refusal::Changed`] when something else would leave by now,
    /// [`Refusal::GateRole`], [`Refusal::FourEyes`] for whoever put it forward over a colleague's no,
    /// [`Refusal::Wordless`] or [`Refusal::TooLong`] for a no's reason, [`Refusal::NotYourRole`]; [`Failure::Fault`].
    pub fn answer_reply(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        of: &ReplyOf,
        drafter: Option<Person>,
        given: Vec<ReplyGiven>,
    ) -> Result<(), Failure> {
        let reader = store.reader()?;
        let shown = self.reply_shown(&*reader, env.now, &of.case, &of.office)?.ok_or(Held::NotShielded)?;
        if self.waiting_reply(&*reader, &of.case)?.is_some() {
            return Err(Held::ReplyWaits.into());
        }
        if shown.content != of.read {
            return Err(Refusal::Changed.into());
        }
        let (before, version) = self.put(&*reader, &of.case, &of.office)?;
        drop(reader);
        if let Some(by) = drafter.as_ref().filter(|by| !WRITING.contains(&by.role)) {
            let act = shown.unprepared().unwrap_or(ActKind::Respond);
            return Err(Refusal::NotYourRole { act, role: by.role, may: WRITING.to_vec() }.into());
        }
        let drafter = shown.drafter.clone().or(drafter);
        let (answers, mut overruled) = joined(&shown, drafter.as_ref(), given, env.now)?;
        // What was answered of something else counts no more; a no to it stays on record.
        let stale = before.filter(|before| before.content != shown.content).into_iter();
        overruled.extend(stale.flat_map(|put| put.answers).filter(|answer| answer.no.is_some()));
        let put = Put { content: shown.content, drafter, answers };
        let key = put_key(&of.case, &of.office);
        let row = LocalRow { version: version + 1, ..self.local_row(env, PUT.to_owned(), key.clone(), &put)? };
        let mut writes = vec![Write::PutLocal(row)];
        for answer in overruled {
            let record = ReplyRecord::Overruled { office: of.office.clone(), answer };
            writes.push(self.reply_kept(env, &of.case, &record)?);
        }
        let expect = vec![Expect::LocalVersion { kind: PUT.to_owned(), key, version }];
        store.commit(&Batch { expect, writes }).map_err(commit_failure)
    }

    /// Confirms the fixed reply that was read: it is judged now, leaves at the next instant of release, and is the same
    /// whether the person is protected or unknown. `given` are the answers of who confirms, to what is theirs to answer.
    ///
    /// # Errors
    /// As [`Node::answer_reply`]; [`Held::Unanswered`] while no named officer answered the shield's question,
    /// [`Held::Closed`] when an answer under our own law holds it back; [`Refusal::Unprepared`] while nobody put it forward,
    /// [`Refusal::GateUnanswered`], [`Refusal::GateClosed`], [`Refusal::FourEyes`], and whatever the case does not admit.
    pub fn confirm_reply(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        of: &ReplyOf,
        by: Person,
        given: Vec<ReplyGiven>,
    ) -> Result<Timestamp, Failure> {
        let reader = store.reader()?;
        let dossier = self.load(&*reader, &of.case)?.ok_or(Refusal::UnknownCase)?;
        let shielded = self.shielded(&*reader, &dossier)?.ok_or(Held::NotShielded)?;
        let shown = self.reply_shown(&*reader, env.now, &of.case, &of.office)?.ok_or(Held::NotShielded)?;
        if self.waiting_reply(&*reader, &of.case)?.is_some() {
            return Err(Held::ReplyWaits.into());
        }
        if shielded.check.is_none() {
            return Err(Held::Unanswered { question: shielded.question.id.clone() }.into());
        }
        if let Some(no) = shown.closed.first() {
            return Err(Held::Closed { question: no.question.clone() }.into());
        }
        if shown.deeds.is_empty() {
            return Err(Refusal::NotNow { act: ActKind::Respond, stage: dossier.case.stage() }.into());
        }
        if shown.read != of.read {
            return Err(Refusal::Changed.into());
        }
        let (answers, _) = joined(&shown, shown.drafter.as_ref(), given, env.now)?;
        let form = FixedForm {
            by,
            drafter: shown.drafter.clone(),
            office: of.office.clone(),
            confirmed_at: env.now,
            release_at: shown.release_at,
            deeds: shown.deeds.into_iter().map(|one| one.deed).collect(),
            words: shown.words,
            answers,
        };
        self.rehearse(&shielded, &dossier, &form)?;
        let (_, version) = self.put(&*reader, &of.case, &of.office)?;
        drop(reader);
        let key = put_key(&of.case, &of.office);
        let expect = vec![
            Expect::LocalVersion { kind: PUT.to_owned(), key: key.clone(), version },
            Expect::LocalVersion { kind: WAITS.to_owned(), key: of.case.to_string(), version: 0 },
        ];
        let due_at = form.release_at.into();
        let writes = vec![
            Write::PutLocal(self.local_row(env, WAITS.to_owned(), of.case.to_string(), &form)?),
            Write::RemoveLocal { kind: PUT.to_owned(), key },
            Write::PutTimer(TimerRow { case: of.case.clone(), kind: RELEASE.to_owned(), due_at }),
        ];
        store.commit(&Batch { expect, writes }).map_err(commit_failure)?;
        Ok(form.release_at)
    }

    /// Stops a reply that waits, before it leaves. The reason stays in the house.
    ///
    /// # Errors
    /// [`Held::NoReply`] when none of that office waits; [`Refusal::NotYourRole`], [`Refusal::Wordless`],
    /// [`Refusal::TooLong`]; [`Failure::Fault`].
    pub fn stop_reply(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        office: &OfficeId,
        by: Person,
        reason: &str,
    ) -> Result<(), Failure> {
        let reader = store.reader()?;
        let form = self.waiting_reply(&*reader, case)?.filter(|form| form.office == *office).ok_or(Held::NoReply)?;
        drop(reader);
        if !KEEPERS.contains(&by.role) {
            let act = form.deeds.last().map_or(ActKind::Respond, Deed::kind);
            return Err(Refusal::NotYourRole { act, role: by.role, may: KEEPERS.to_vec() }.into());
        }
        let reason = reasoned(reason)?;
        let record = ReplyRecord::Stopped { form, by, reason, at: env.now };
        let expect = vec![Expect::LocalVersion { kind: WAITS.to_owned(), key: case.to_string(), version: 1 }];
        let mut writes = vec![self.reply_kept(env, case, &record)?];
        writes.extend(no_longer_waits(case));
        store.commit(&Batch { expect, writes }).map_err(commit_failure)
    }

    /// The reply that waits in a case, if one does.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn waiting_reply(&self, reader: &dyn Reader, case: &CaseId) -> Result<Option<FixedForm>, Fault> {
        reader.local(WAITS, case.as_str())?.map(|row| self.open_local(&row)).transpose()
    }

    /// What became of fixed replies in a case, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn reply_record(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<ReplyRecord>, Fault> {
        reader.local_list(&kept_of(case))?.iter().map(|row| self.open_local(row)).collect()
    }

    /// The write that keeps what became of a reply.
    pub(crate) fn reply_kept(&self, env: &mut Env<'_>, case: &CaseId, record: &ReplyRecord) -> Result<Write, Fault> {
        let (at, what) = match record {
            ReplyRecord::Left { at, .. } => (at, "left".to_owned()),
            ReplyRecord::Stopped { at, .. } => (at, "stopped".to_owned()),
            ReplyRecord::NotReleased { at, .. } => (at, "not-released".to_owned()),
            ReplyRecord::Overruled { answer, .. } => {
                let ReplyAnswer { act, gate, at, .. } = answer;
                (at, format!("overruled/{act:?}/{gate:?}"))
            }
        };
        let key = format!("{:020}/{what}", at.as_microsecond());
        Ok(Write::PutLocal(self.local_row(env, kept_of(case), key, record)?))
    }

    /// What was put forward, with the version of its row; 0 when nothing was.
    fn put(&self, reader: &dyn Reader, case: &CaseId, office: &OfficeId) -> Result<(Option<Put>, u64), Fault> {
        let Some(row) = reader.local(PUT, &put_key(case, office))? else { return Ok((None, 0)) };
        Ok((Some(self.open_local(&row)?), row.version))
    }

    /// The acts of the reply with their safeguards and who answered them.
    fn laid_out(
        &self,
        shielded: &Shielded<'_>,
        dossier: &Dossier,
        office: &OfficeId,
        answers: &[ReplyAnswer],
    ) -> Vec<ReplyDeed> {
        let instrument = self.instrument_of(&dossier.case);
        let Some(rule) = dossier.case.rule(instrument) else { return Vec::new() };
        let request = &dossier.case.request;
        let gate = |act: ActKind, gate: Gate| ReplyGate {
            gate,
            finding: crate::release::finding(gate, request, rule),
            answer: answers.iter().find(|answer| (answer.act, answer.gate) == (act, gate)).cloned(),
        };
        let deeds = self.fixed_deeds(shielded, dossier, office).into_iter();
        deeds
            .map(|deed| ReplyDeed {
                gates: rule.gates_for(&deed, request.sensitivity()).map(|one| gate(deed.kind(), one)).collect(),
                deed,
            })
            .collect()
    }

    /// Judges the whole reply as it will be entered, so that an officer hears now what would not stand.
    fn rehearse(&self, shielded: &Shielded<'_>, dossier: &Dossier, form: &FixedForm) -> Result<(), Refusal> {
        let mut entries = dossier.entries.clone();
        for deed in &form.deeds {
            let command = self.as_command(shielded, dossier, form, deed.clone(), form.release_at)?;
            let act = decide::decide(self.instruments(), self.me(), &entries, command, form.release_at)?;
            entries.push(Entry { act, received_at: None });
        }
        Ok(())
    }

    /// What the case says to the reply, whoever answers and signs: as if everybody had.
    fn reply_lacks(
        &self,
        shielded: &Shielded<'_>,
        dossier: &Dossier,
        office: &OfficeId,
        drafter: Option<&Person>,
        release_at: Timestamp,
    ) -> Option<Refusal> {
        // Nobody's names yet, and nothing is kept of what is tried with them.
        let somebody = |name: &str| OfficerId::new(name).expect("a letter is a name");
        let other = [somebody("a"), somebody("b")].into_iter().find(|id| drafter.is_none_or(|by| by.id != *id));
        let other = other.expect("one of two differs");
        let by = Person { id: other, name: "a".to_owned(), role: Role::DecisionMaker };
        let writer = Person { id: somebody("c"), name: "c".to_owned(), role: Role::LegalReviewer };
        let mut entries = dossier.entries.clone();
        let deeds = self.fixed_deeds(shielded, dossier, office);
        if deeds.is_empty() {
            return Some(Refusal::NotNow { act: ActKind::Respond, stage: dossier.case.stage() });
        }
        let form = FixedForm {
            by,
            drafter: Some(drafter.cloned().unwrap_or(writer)),
            office: office.clone(),
            confirmed_at: release_at,
            release_at,
            deeds: Vec::new(),
            words: shielded.reply.said(self.instrument_of(&dossier.case).langs()),
            answers: Vec::new(),
        };
        for deed in deeds {
            let act = self
                .as_command(shielded, dossier, &form, deed, release_at)
                .and_then(|command| decide::decide(self.instruments(), self.me(), &entries, command, release_at));
            match act {
                Ok(act) => entries.push(Entry { act, received_at: None }),
                // Who answers is named on the page; what comes after cannot be tried before.
                Err(Refusal::GateUnanswered { .. }) => return None,
                Err(refusal) => return Some(refusal),
            }
        }
        None
    }
}

/// The answers that stand once these are given, and those that said no and no longer do.
fn joined(
    shown: &ReplyShown,
    drafter: Option<&Person>,
    given: Vec<ReplyGiven>,
    at: Timestamp,
) -> Result<(Vec<ReplyAnswer>, Vec<ReplyAnswer>), Refusal> {
    let asked = shown.deeds.iter().flat_map(|one| one.gates.iter().map(|gate| (one.deed.kind(), gate)));
    let asked: Vec<(ActKind, &ReplyGate)> = asked.collect();
    let mut answers: Vec<ReplyAnswer> = asked.iter().filter_map(|(_, gate)| gate.answer.clone()).collect();
    let mut overruled = Vec::new();
    for ReplyGiven { act, gate, by, no } in given {
        if !asked.iter().any(|(kind, one)| (*kind, one.gate) == (act, gate)) {
            return Err(Refusal::Changed);
        }
        if !safeguard::answerers(gate).contains(&by.role) {
            return Err(Refusal::GateRole { gate, role: by.role });
        }
        let no = no.map(|reason| reasoned(&reason)).transpose()?;
        for before in answers.extract_if(.., |one| (one.act, one.gate) == (act, gate)) {
            if before.no.is_none() {
                continue;
            }
            // Who put it forward may answer for it, and overrules no colleague.
            if no.is_none() && before.by.id != by.id && drafter.is_some_and(|drafter| drafter.id == by.id) {
                return Err(Refusal::FourEyes);
            }
            overruled.push(before);
        }
        answers.push(ReplyAnswer { act, gate, by, at, no });
    }
    Ok((answers, overruled))
}

fn reasoned(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::Wordless { what: "reason" });
    }
    if reason.chars().count() > REPLY_REASON_CHARS_MAX {
        return Err(Refusal::TooLong { what: "reason", max: REPLY_REASON_CHARS_MAX });
    }
    Ok(reason.to_owned())
}

/// What of an act is read by whoever answers for it.
fn said(one: &ReplyDeed) -> (&Deed, Vec<(Gate, Finding)>) {
    (&one.deed, one.gates.iter().map(|gate| (gate.gate, gate.finding)).collect())
}

fn digest(of: &impl Serialize) -> Result<Hash32, Fault> {
    let bytes = canon::to_vec(of).map_err(|why| Fault::record("fixed reply", why))?;
    Ok(Hash32(sha256(&[b"entente/fixed-reply/1", &bytes])))
}

/// The writes that take a reply from what waits.
pub(crate) fn no_longer_waits(case: &CaseId) -> [Write; 2] {
    [
        Write::RemoveLocal { kind: WAITS.to_owned(), key: case.to_string() },
        Write::RemoveTimer { case: case.clone(), kind: RELEASE.to_owned() },
    ]
}

fn put_key(case: &CaseId, office: &OfficeId) -> String {
    format!("{case}/{office}")
}

fn kept_of(case: &CaseId) -> String {
    format!("fixed-reply-kept:{case}")
}
