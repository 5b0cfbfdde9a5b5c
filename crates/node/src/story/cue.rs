//! One cue of a script: an officer does something, through the same calls a page makes.
//!
//! Owns the making of commands from script values. Must not deliver mail or move clocks: the driver does.

use std::collections::BTreeMap;

use domain::act::{Act, ActKind, Author, Deed, Person, Role};
use domain::case::Case;
use domain::content::{self, Attachment, FieldValue, Request};
use domain::decide::Command;
use domain::ids::{CaseId, OfficeId, OfficerId, PartyId, TypeCode};
use domain::instrument::RequestType;
use domain::menu::Menu;
use domain::procedure::{self, By, ProcedureKind, Stage};
use domain::safeguard::{self, Finding, Gate, GateAnswer};
use domain::text::Lang;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use store::{CaseFilter, Chunks, Reader, Store};

use super::home::{AtHome, OwnLaw};
use super::script::{Revision, Script};
use crate::Env;
use crate::command::alone;
use crate::continued::Beginning;
use crate::draft::Draft;
use crate::fault::{Failure, Fault};
use crate::matching::{Stepping, Taken};
use crate::party::Node;
use crate::prepared::Written;
use crate::report::ReportBook;
use crate::revision::Gathered;

/// Who writes for a colleague's signature in a script, whoever is first at it first.
const WRITERS: &[Role] = &[
    Role::Executing,
    Role::Drafter,
    Role::Liaison,
    Role::Intake,
    Role::Approver,
    Role::DecisionMaker,
    Role::LegalReviewer,
];

/// Somebody's turn in a script.
#[derive(Debug, Clone)]
pub struct Cue {
    /// How long after the cue before it.
    pub after: SignedDuration,
    /// The office that opened the matter.
    pub office: OfficeId,
    /// Who has the turn.
    pub by: OfficerId,
    /// What they do.
    pub what: What,
    /// Reasons given to safeguards here instead of the usual ones, by `SG-n` or `SG-n finding`.
    pub reasons: BTreeMap<String, Value>,
    /// The code by which our own law holds the act back: it is tried, and must not go.
    pub held: Option<String>,
}

/// What is done at a cue.
#[derive(Debug, Clone)]
pub enum What {
    /// A draft is written, and goes as far as `until` says: `draft`, `handed-over`, `preconsult` or `submit`.
    Open {
        /// The request's type.
        type_code: TypeCode,
        /// The office asked.
        to: OfficeId,
        /// Who writes it.
        drafter: OfficerId,
        /// What is written, over a fresh draft.
        request: Value,
        /// Files attached.
        attach: Vec<String>,
        /// What it changes in the instrument, for an amendment.
        revise: Vec<Revision>,
        /// How far it goes.
        until: String,
    },
    /// A draft shown before is submitted.
    Submit,
    /// An act in the case.
    Act {
        /// Its kind.
        kind: ActKind,
        /// What it says.
        with: Value,
        /// Files attached.
        attach: Vec<String>,
    },
    /// A question of our own law is answered before the act it stands before.
    OwnLaw(OwnLaw),
    /// The fixed reply of a shielded case is given; it leaves at its instant.
    ReplyFixed,
    /// A step of the case's private matching is taken; the safeguard of a question is answered with it.
    Match(Value),
    /// Nobody does anything; time passes.
    Wait,
}

/// What came of a cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The case, once there is one.
    pub case: Option<CaseId>,
    /// What happened under our own law: no act, and nothing the other side ever sees.
    pub at_home: Option<AtHome>,
}

impl Played {
    /// Nothing happened that is not an act.
    fn of(case: Option<CaseId>) -> Self {
        Self { case, at_home: None }
    }
}

/// One act of a case for a transcript: codes and names, no words of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The act.
    pub act: Act,
    /// The stage after it.
    pub stage: Stage,
    /// Whether it had no effect, because it crossed another in the post.
    pub moot: bool,
}

impl Cue {
    /// Whether somebody signs a text.
    pub(super) fn signs(&self) -> bool {
        matches!(&self.what, What::Act { kind: ActKind::SignText, .. })
    }

    /// The Party whose node plays this cue.
    ///
    /// # Errors
    /// [`Fault::Setup`] when nobody has that name.
    pub fn party(&self, script: &Script) -> Result<PartyId, Fault> {
        Ok(script.performer(&self.by)?.office.party())
    }

    /// Plays the cue on its Party's node. `case` is the matter's case, once it has one.
    ///
    /// # Errors
    /// As the call it makes; [`Fault::Setup`] when the script does not fit the instrument.
    pub fn play(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        case: Option<&CaseId>,
    ) -> Result<Played, Failure> {
        match &self.what {
            What::Wait => Ok(Played::of(case.cloned())),
            What::Open { .. } => self.open(script, node, store, env, chunks),
            What::Submit => {
                let drafts = node.drafts(&*store.reader()?, Some(&self.office))?;
                let draft = drafts.into_iter().find(|draft| draft.case.as_ref() == case);
                self.submit(script, node, store, env, &draft.ok_or_else(|| wrong("no draft waits for submission"))?)
            }
            What::OwnLaw(asked) => self.answers_own_law(script, node, store, env, case, asked),
            What::ReplyFixed => self.replies_fixed(script, node, store, env, case),
            What::Match(with) => {
                let case = case.ok_or_else(|| wrong("the matter has no case yet"))?;
                self.matches(script, node, store, env, chunks, case, with)
            }
            What::Act { kind, with, attach } => {
                let case = case.ok_or_else(|| wrong("the matter has no case yet"))?;
                let played = self.act(script, node, store, env, chunks, case, *kind, with, attach);
                self.unless_held(case, *kind, played)
            }
        }
    }

    /// Takes a step of a matching.
    #[expect(clippy::too_many_arguments, reason = "one cue with the house it is played in")]
    fn matches(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        case: &CaseId,
        with: &Value,
    ) -> Result<Played, Failure> {
        let dossier = node.load(&*store.reader()?, case)?.ok_or_else(|| wrong("no such case"))?;
        let mut said = self.said(script, node, env.now, &own_lang(node), with)?;
        // A list stands in a file of its own.
        if let Some(records) = said.pointer_mut("/list/records") {
            let text = records.as_str().ok_or_else(|| wrong("a list is a file"))?;
            *records = serde_json::from_str(text).map_err(|why| wrong(&format!("list: {why}")))?;
        }
        let taken: Taken = serde_json::from_value(said).map_err(|why| wrong(&format!("match: {why}")))?;
        let performer = script.performer(&self.by)?;
        if matches!(taken, Taken::Ask { .. }) {
            let rule = dossier.case.rule(node.instrument_of(&dossier.case)).ok_or_else(|| wrong("unknown type"))?;
            let about = (&dossier.case.request, rule);
            let answer = self.answer(script, node, env.now, Gate::NoFishing, about, false)?;
            node.answer_gate(store, env, case, ActKind::Match, &answer)?;
        }
        let by = self.person(script, (dossier.case.procedure, dossier.case.stage()), ActKind::Match)?;
        let who = Stepping { case: case.clone(), office: performer.office.clone(), by };
        node.match_take(store, env, chunks, &who, taken)?;
        Ok(Played::of(Some(case.clone())))
    }

    fn open(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
    ) -> Result<Played, Failure> {
        let What::Open { type_code, to, drafter, request, attach, revise, until } = &self.what else {
            return Err(wrong("not an opening").into());
        };
        let drafter = script.performer(drafter)?;
        let by = Person { id: drafter.id.clone(), name: drafter.name.clone(), role: domain::act::Role::Drafter };
        let mut request = request.clone();
        let named = request.as_object_mut().and_then(|parts| parts.remove("continues"));
        let continues = named.and_then(|title| title.as_str().map(str::to_owned));
        let continues = continues.map(|title| titled(node, &*store.reader()?, &title)).transpose()?;
        let (office, to, type_code) = (self.office.clone(), to.clone(), type_code.clone());
        let begun = Beginning { office, type_code: type_code.clone(), to, by, continues };
        let mut draft = node.begin_draft(store, env, &begun, &|_, _| Ok(Vec::new()))?;
        let lang = own_lang(node);
        let mut base = serde_json::to_value(&draft.request).map_err(|why| wrong(&why.to_string()))?;
        let mut said = script.words(&format!("open-{type_code}"));
        merge(&mut said, request);
        merge(&mut base, self.said(script, node, env.now, &lang, &said)?);
        draft.request = serde_json::from_value::<Request>(base).map_err(|why| wrong(&format!("request: {why}")))?;
        draft.request.exercise = true;
        name_report(node, &*store.reader()?, env.now, &mut draft.request)?;
        for name in attach {
            let staged = stage(script, node, store, env, chunks, name)?;
            draft.request.attachments.push(staged);
        }
        draft.handed_over = until != "draft";
        let mut draft = node.save_draft(store, env, &draft)?;
        if !revise.is_empty() {
            draft = revised(node, store, env, chunks, draft, revise)?;
        }
        match until.as_str() {
            "draft" | "handed-over" => Ok(Played::of(None)),
            "preconsult" => {
                self.own_law_of_draft(script, node, store, env, &draft)?;
                let by = self.person(script, (ProcedureKind::Assistance, Stage::Draft), ActKind::Preconsult)?;
                let done = node.preconsult_draft(store, env, &draft.id, by)?;
                Ok(Played::of(Some(done.case)))
            }
            _ => self.submit(script, node, store, env, &draft),
        }
    }

    /// Answers the safeguards of the submission and signs.
    fn submit(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        draft: &Draft,
    ) -> Result<Played, Failure> {
        let request = &draft.request;
        let rule = node.instrument().request_type(&request.type_code).ok_or_else(|| wrong("unknown type"))?;
        for gate in rule.gates_of(ActKind::Submit, None, request.sensitivity()) {
            let answer = self.answer(script, node, env.now, gate, (request, rule), false)?;
            node.answer_draft_gate(store, env, &draft.id, answer)?;
        }
        self.own_law_of_draft(script, node, store, env, draft)?;
        let by = self.person(script, (rule.procedure, Stage::Draft), ActKind::Submit)?;
        let done = node.submit_draft(store, env, &draft.id, by)?;
        Ok(Played::of(Some(done.case)))
    }

    #[expect(clippy::too_many_arguments, reason = "one cue with the house it is played in")]
    fn act(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        case: &CaseId,
        kind: ActKind,
        with: &Value,
        attach: &[String],
    ) -> Result<Played, Failure> {
        let dossier = node.load(&*store.reader()?, case)?.ok_or_else(|| wrong("no such case"))?;
        let performer = script.performer(&self.by)?.clone();
        let by = self.person(script, (dossier.case.procedure, dossier.case.stage()), kind)?;
        let mut said = script.words(kind.code());
        merge(&mut said, with.clone());
        let lang = own_lang(node);
        let mut said = self.said(script, node, env.now, &lang, &said)?;
        if kind == ActKind::ProposeText {
            name_settled(&mut said, node, &dossier.case);
        }
        let fields = said.as_object_mut().ok_or_else(|| wrong("an act's words must be a table"))?;
        if kind == ActKind::Acknowledge {
            let contact = node.instrument().office(&performer.office).map(|office| office.contact.clone());
            // A reference bears the year it is given in.
            let year = node.calendar().local(env.now).year();
            if let Some(Value::String(reference)) = fields.get_mut("reference") {
                *reference =
                    reference.replace("{year}", &year.to_string()).replace("{yy}", &format!("{:02}", year % 100));
            }
            fields.entry("officer").or_insert(json!(by));
            fields.entry("contact").or_insert(json!(contact));
        }
        if kind == ActKind::SignText {
            node.read_amendment(store, env, chunks, case)?;
            // Who signs, signs what lies on the table: a script need not know its hash.
            let (version, text) = dossier.case.talk.on_table().ok_or_else(|| wrong("no text on the table"))?;
            fields.entry("version").or_insert(json!(version));
            fields.entry("sha256").or_insert(json!(text.text.digest()));
        }
        if kind == ActKind::TableItem {
            taken_up(node, &*store.reader()?, fields)?;
        }
        if matches!(kind, ActKind::Supplement | ActKind::Interim | ActKind::Respond) {
            let mut staged: Vec<Attachment> = Vec::new();
            for name in attach {
                staged.push(stage(script, node, store, env, chunks, name)?);
            }
            fields.insert("attachments".to_owned(), json!(staged));
        }
        let deed = deed(kind, fields.clone())?;
        let instrument = node.instrument_of(&dossier.case);
        let rule = dossier.case.rule(instrument).ok_or_else(|| wrong("unknown type"))?;
        let assured = safeguard::assured(Some(&dossier.case));
        let mut gates = Vec::new();
        for gate in rule.gates_for(&deed, dossier.case.request.sensitivity()) {
            gates.push(self.answer(script, node, env.now, gate, (&dossier.case.request, rule), assured)?);
        }
        if self.held.is_none() {
            self.own_law_of_case(script, node, store, env, &dossier.case, kind)?;
        }
        let office = performer.office.clone();
        if kind.is_prepared() {
            return self.prepared(script, node, store, env, (case.clone(), deed), by, gates);
        }
        let command = Command { case: case.clone(), office, author: Author::Officer(by), gates, deed };
        let done = node.command(store, env, command)?;
        Ok(Played::of(Some(done.case)))
    }

    /// A colleague writes it and hands it over, others answer the safeguards of these words, the performer signs.
    #[expect(clippy::too_many_arguments, reason = "one cue with the house it is played in")]
    fn prepared(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        (case, deed): (CaseId, Deed),
        by: Person,
        gates: Vec<GateAnswer>,
    ) -> Result<Played, Failure> {
        let (act, office) = (deed.kind(), script.performer(&self.by)?.office.clone());
        let reviewers: Vec<&OfficerId> = gates.iter().map(|given| &given.by.id).chain([&by.id]).collect();
        let colleague =
            script.someone(&office, WRITERS, &reviewers).or_else(|| script.someone(&office, WRITERS, &[&by.id]));
        let (who, role) = colleague.ok_or_else(|| wrong(&format!("nobody else writes `{}`", act.code())))?;
        let drafter = Person { id: who.id.clone(), name: who.name.clone(), role };
        let written = Written { case, office, deed, by: drafter, over: 0, hand_over: true };
        let mut prepared = node.write_act(store, env, written)?;
        let (own, others): (Vec<_>, Vec<_>) = gates.into_iter().partition(|given| given.by.id == by.id);
        for answer in others {
            prepared = node.answer_prepared(store, env, &prepared.named(), answer)?;
        }
        let done = node.sign_prepared(store, env, &prepared.named(), by, own, &alone)?;
        Ok(Played::of(Some(done.case)))
    }

    /// A named colleague's answer to a safeguard question, true to the record.
    fn answer(
        &self,
        script: &Script,
        node: &Node,
        now: Timestamp,
        gate: Gate,
        (request, rule): (&Request, &RequestType),
        assured: bool,
    ) -> Result<GateAnswer, Fault> {
        let performer = script.performer(&self.by)?;
        // A colleague's, where there is one: who signs an answer does not review it.
        let roles = safeguard::answerers(gate);
        let colleague = script.someone(&performer.office, roles, &[&request.drafter.id, &performer.id]);
        let found = colleague.or_else(|| script.someone(&performer.office, roles, &[&request.drafter.id]));
        let (who, role) = found.ok_or_else(|| wrong(&format!("nobody may answer {}", gate.code())))?;
        let own = |finding: Finding| self.reasons.get(&format!("{} {}", gate.code(), finding.code()));
        let finding = match gate {
            // A script that has something to say of the matter itself does not call the question idle.
            _ if own(Finding::Satisfied).is_some() => Finding::Satisfied,
            Gate::DeathPenalty if safeguard::death_possible(request, rule) && assured => Finding::Satisfied,
            gate if safeguard::may_be_idle(gate, request, rule) => Finding::NotEngaged,
            _ => Finding::Satisfied,
        };
        let reason = own(finding).or_else(|| self.reasons.get(gate.code())).cloned();
        let reason = reason.unwrap_or_else(|| script.reason(gate.code(), finding.code()));
        let reason = self.said(script, node, now, &own_lang(node), &reason)?;
        let reason = serde_json::from_value(reason).map_err(|why| wrong(&format!("reason {}: {why}", gate.code())))?;
        let by = Person { id: who.id.clone(), name: who.name.clone(), role };
        Ok(GateAnswer { gate, finding, reason, by, office: who.office.clone(), at: now })
    }

    /// The performer in a role the procedure asks for.
    fn person(
        &self,
        script: &Script,
        (procedure, stage): (ProcedureKind, Stage),
        kind: ActKind,
    ) -> Result<Person, Fault> {
        let performer = script.performer(&self.by)?;
        let wanted = procedure::rows(procedure, stage, kind)
            .filter(|row| matches!(row.by, By::Officer(_) | By::EitherOfficer))
            .flat_map(|row| row.roles);
        let role = wanted.into_iter().find(|role| performer.roles.contains(role)).or(performer.roles.first());
        let role = *role.ok_or_else(|| wrong(&format!("`{}` has no role", performer.id)))?;
        Ok(Person { id: performer.id.clone(), name: performer.name.clone(), role })
    }

    /// Turns script values into the domain's: texts by language, days counted from now, files by name.
    fn said(&self, script: &Script, node: &Node, now: Timestamp, lang: &Lang, value: &Value) -> Result<Value, Fault> {
        Ok(match value {
            Value::String(text) if text.starts_with('@') => self.relative(script, node, now, text)?,
            Value::Array(items) => Value::Array(
                items.iter().map(|item| self.said(script, node, now, lang, item)).collect::<Result<_, Fault>>()?,
            ),
            Value::Object(map) if is_text(node, map) => json!({ "original": lang, "texts": map }),
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, item)| Ok((key.clone(), self.said(script, node, now, lang, item)?)))
                    .collect::<Result<Map<_, _>, Fault>>()?,
            ),
            other => other.clone(),
        })
    }

    /// `@report-90` as `report-90`, for the line of a report; `@day+20`, `@hour-6`, `@file:NAME`, and `@version` for the version of the instrument in force.
    fn relative(&self, script: &Script, node: &Node, now: Timestamp, text: &str) -> Result<Value, Fault> {
        if text == "@version" {
            return Ok(json!(node.instrument().hash()));
        }
        if text.starts_with("@report-") {
            return Ok(json!(text.trim_start_matches('@')));
        }
        if let Some(name) = text.strip_prefix("@file:") {
            return Ok(Value::String(String::from_utf8_lossy(script.asset(name)?).into_owned()));
        }
        let number = |rest: &str| rest.parse::<i64>().map_err(|_| wrong(&format!("`{text}` is no time")));
        if let Some(days) = text.strip_prefix("@day") {
            let at = now.saturating_add(SignedDuration::from_hours(24 * number(days)?)).unwrap_or(now);
            return Ok(json!(node.calendar().local(at).date()));
        }
        if let Some(hours) = text.strip_prefix("@hour") {
            let at = now.saturating_add(SignedDuration::from_hours(number(hours)?)).unwrap_or(now);
            return Ok(json!(at));
        }
        Err(wrong(&format!("`{text}` is neither a time nor a file")))
    }
}

/// Every act of a case in the order folded, for a transcript.
///
/// # Errors
/// [`Fault`] when the case cannot be read.
pub fn lines(node: &Node, reader: &dyn Reader, case: &CaseId) -> Result<Vec<Line>, Fault> {
    let Some(dossier) = node.load(reader, case)? else { return Ok(Vec::new()) };
    let entry =
        |by: &PartyId, seq: u64| dossier.entries.iter().find(|entry| entry.act.by == *by && entry.act.seq == seq);
    let found = dossier.case.record.iter().filter_map(|recorded| {
        let act = entry(&recorded.by, recorded.seq)?.act.clone();
        Some(Line { act, stage: recorded.stage, moot: recorded.moot.is_some() })
    });
    Ok(found.collect())
}

/// The case of that title: a script knows no reference beforehand.
fn titled(node: &Node, reader: &dyn Reader, title: &str) -> Result<CaseId, Fault> {
    let mut filter = CaseFilter::default();
    loop {
        let (rows, next) = reader.cases(&filter)?;
        for row in rows {
            if node.summary(&row)?.title.texts.values().any(|words| words == title) {
                return Ok(row.case);
            }
        }
        filter.after = Some(next.ok_or_else(|| wrong(&format!("no case is called `{title}`")))?);
    }
}

/// A case that an item takes up is named by its title; nobody knows its reference beforehand.
fn taken_up(node: &Node, reader: &dyn Reader, fields: &mut Map<String, Value>) -> Result<(), Fault> {
    if let Some(Value::String(title)) = fields.get("about") {
        let case = titled(node, reader, title)?;
        fields.insert("about".to_owned(), json!({ "Case": case }));
    }
    Ok(())
}

fn deed(kind: ActKind, fields: Map<String, Value>) -> Result<Deed, Fault> {
    let name: String = kind.code().split('-').map(|part| part[..1].to_uppercase() + &part[1..]).collect();
    serde_json::from_value(json!({ name: fields })).map_err(|why| wrong(&format!("{}: {why}", kind.code())))
}

/// The draft with the version it proposes: the instrument's files with a text exchanged here and there.
fn revised(
    node: &Node,
    store: &mut dyn Store,
    env: &mut Env<'_>,
    chunks: &dyn Chunks,
    mut draft: Draft,
    revise: &[Revision],
) -> Result<Draft, Failure> {
    let latest = std::sync::Arc::clone(&node.instruments().first().latest().instrument);
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for one in revise {
        let of_name = latest.sources().iter().find(|file| file.name == one.file);
        let source = of_name.ok_or_else(|| wrong(&format!("the instrument has no file `{}`", one.file)))?;
        let text = files.entry(&one.file).or_insert_with(|| source.text.clone());
        if !text.contains(&one.from) {
            return Err(wrong(&format!("`{}` is not in `{}`", one.from, one.file)).into());
        }
        *text = text.replacen(&one.from, &one.to, 1);
    }
    for (name, text) in files {
        let mut stager = node.stage(env);
        stager.push(text.as_bytes(), chunks)?;
        let name = name.rsplit('/').next().unwrap_or(name);
        let (attachment, row) = stager.finish(chunks, env, name, "text/plain")?;
        node.keep_staged(store, row)?;
        draft.request.attachments.push(attachment);
    }
    match node.gather_amendment(store, env, chunks, &draft)? {
        Gathered::Made(draft) => Ok(*draft),
        Gathered::Unsound(findings) => {
            let first = findings.first().map(ToString::to_string).unwrap_or_default();
            Err(wrong(&format!("the revised instrument has errors; {first}")).into())
        }
    }
}

/// Puts what a script cannot know where a text names it: the hash of the version an amendment brings in (`{hash}`), the line
/// of a report (`{report}`).
fn name_settled(said: &mut Value, node: &Node, case: &Case) {
    let Some(rule) = case.rule(node.instrument_of(case)) else { return };
    let named = [
        ("{hash}", content::amendment(&case.request, rule).map(|(hash, _)| hash.to_string())),
        ("{report}", content::report(&case.request, rule).map(|line| line.to_string())),
    ];
    let Some(texts) = said.pointer_mut("/text/texts").and_then(Value::as_object_mut) else { return };
    for (name, settled) in named.iter().filter_map(|(name, settled)| Some((name, settled.as_ref()?))) {
        for words in texts.values_mut() {
            *words = json!(words.as_str().unwrap_or_default().replace(name, settled));
        }
    }
}

/// Puts the line of the report of the last so many whole days where a request says `report-N`: a script cannot know it.
fn name_report(node: &Node, reader: &dyn Reader, now: Timestamp, request: &mut Request) -> Result<(), Fault> {
    let field = node.instrument().request_type(&request.type_code).and_then(|rule| rule.reports.clone());
    let Some(FieldValue::Line(line)) = field.and_then(|field| request.fields.get_mut(&field)) else { return Ok(()) };
    let Some(days) = line.strip_prefix("report-").and_then(|days| days.parse::<i64>().ok()) else { return Ok(()) };
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let ago = |days: i64| today.saturating_sub(jiff::Span::new().days(days));
    let computed = node.report_now(
        reader,
        &mut ReportBook::default(),
        &request.to.party(),
        (ago(days), ago(1)),
        request.exercise,
    )?;
    *line = computed.line.to_string();
    Ok(())
}

fn stage(
    script: &Script,
    node: &Node,
    store: &mut dyn Store,
    env: &mut Env<'_>,
    chunks: &dyn Chunks,
    name: &str,
) -> Result<Attachment, Failure> {
    let bytes = script.asset(name)?;
    let mut stager = node.stage(env);
    stager.push(bytes, chunks)?;
    let media_type = if name.ends_with(".json") { "application/json" } else { "text/plain; charset=utf-8" };
    let (attachment, row) = stager.finish(chunks, env, name, media_type)?;
    node.keep_staged(store, row)?;
    Ok(attachment)
}

/// A table whose keys are all languages of the instrument is a text.
fn is_text(node: &Node, map: &Map<String, Value>) -> bool {
    let langs = node.instrument().langs();
    !map.is_empty() && map.iter().all(|(key, value)| value.is_string() && langs.iter().any(|lang| lang.as_str() == key))
}

pub(super) fn own_lang(node: &Node) -> Lang {
    let own = node.instrument().party(node.me()).map(|party| party.lang.clone());
    own.unwrap_or_else(|| node.instrument().langs()[0].clone())
}

fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (_, Value::Null) => {}
        (base, over) => *base = over,
    }
}

pub(super) fn wrong(why: &str) -> Fault {
    Fault::Setup(format!("exercise script: {why}"))
}
