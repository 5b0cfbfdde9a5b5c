//! An act in a case: its form, the page to read before signing, the signature, and the safeguards others answer for it.
//!
//! Owns the way from button to signed act. Must not know any act's inputs (`forms::deed`), nor judge: the domain is asked
//! before the last page is shown, and again when it is signed.

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::act::{About as Subject, ActKind, Author, Deed, Role};
use domain::agenda::agendas;
use domain::case::State as Standing;
use domain::decide::{self, Command};
use domain::ids::{CaseId, Hash32, OfficeId};
use domain::judge;
use domain::menu::Menu;
use domain::procedure::By;
use domain::refusal::Refusal;
use domain::safeguard::{Gate, GateAnswer};
use domain::text::Lang;
use node::people::Officer;
use node::view::{CaseFile, Viewer, gates_before};
use node::{Failure, PreparedAct};

use super::attachments::{FILE_INPUT, Sent};
use super::draft::langs;
use super::draft::sign::rendered;
use super::forms::deed::{self, About, DeedForm, has_form};
use super::forms::input::Maker;
use super::forms::question::{self, Question, answerer};
use super::forms::staged::{self, StagedFile};
use super::forms::writing;
use super::forms::{self, Line, Typed, Wrong, review};
use super::{Page, Posted, Said, Signed, Stop, html, local};
use crate::app::App;

mod prepared;

#[derive(Template)]
#[template(path = "forms/act.html")]
struct ActPage {
    page: Page,
    file: CaseFile,
    act: ActKind,
    may: bool,
    why_not: Option<String>,
    context: String,
    /// Whether another signs it: then it is saved or handed over, and `over` is the version it changes.
    prepared: bool,
    over: u64,
    form: DeedForm,
    questions: Vec<Question>,
    /// Where the form of the answers goes; empty when the reader answers none by themselves.
    answers_to: String,
    /// Whether an answer was kept just now, with others still being typed.
    kept: bool,
    local: String,
    files: Vec<StagedFile>,
    wrong: Vec<Line>,
    file_wrong: Vec<String>,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "forms/confirm.html")]
struct ConfirmPage {
    page: Page,
    file: CaseFile,
    officer: Officer,
    act: ActKind,
    /// What is signed beside the act's own words: a text, in full.
    context: String,
    lines: String,
    /// Whether some words stand in one language only.
    half: bool,
    answers: Vec<GateAnswer>,
    files: Vec<StagedFile>,
    hidden: Vec<(String, String)>,
}

/// Everything one call is about.
struct Matter {
    page: Page,
    officer: Officer,
    file: CaseFile,
    act: ActKind,
    colleagues: Vec<Officer>,
    pending: Vec<GateAnswer>,
    /// The act as it is prepared, where another signs it.
    prepared: Option<PreparedAct>,
    local: String,
    langs: Vec<Lang>,
    subjects: Vec<Subject>,
}

/// A form as it was filled in.
#[derive(Default)]
struct Filled {
    typed: Typed,
    files: Vec<StagedFile>,
    wrong: Vec<Wrong>,
    kept: bool,
}

/// The addresses of acts.
pub fn routes() -> Router<App> {
    Router::new()
        // Files stream through here; `Sent` bounds what is typed.
        .route("/cases/{id}/do/{act}", get(show).post(go_on).layer(DefaultBodyLimit::disable()))
        .route("/cases/{id}/do/{act}/gates/{gate}", post(answer))
        .merge(prepared::routes())
}

async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
) -> Result<Response, Stop> {
    if act == ActKind::Submit.code() {
        return to_draft(&app, &officer, &id).await;
    }
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    if matter.prepared.is_some() {
        return matter.prepared_page(&prepared::Answering::default(), None);
    }
    let typed = matter.about(|about| deed::proposed(about, matter.act))?;
    matter.form(Filled { typed, ..Filled::default() }, None)
}

/// A request the other side has given advice on is still a draft: there it is signed.
async fn to_draft(app: &App, officer: &Officer, case: &str) -> Result<Response, Stop> {
    let (office, case) = (officer.office.clone(), CaseId::new(case).map_err(|_| Stop::NotFound)?);
    let drafts = app.read(move |node, reader, _| node.drafts(reader, Some(&office))).await?;
    let draft = drafts.iter().find(|draft| draft.case.as_ref() == Some(&case)).ok_or(Stop::NotFound)?;
    Ok(Redirect::to(&format!("/drafts/{}", draft.id)).into_response())
}

/// Shows the form again, shows what will be sent, or signs it, as the button says.
async fn go_on(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Stop> {
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    let about = format!("{}/{}", matter.file.line.case, matter.act.code());
    let files = staged::carried(&app, &matter.officer.id, &about, &sent.typed, sent.files)?;
    let mut filled = Filled { typed: sent.typed, files, wrong: sent.wrong, kept: false };
    match filled.typed.get("go") {
        "rows" => {
            let more = filled.typed.get("rows").parse::<usize>().unwrap_or(0).saturating_add(ROWS_MORE);
            filled.typed.put("rows", &more.to_string());
            return matter.form(filled, None);
        }
        "edit" => return matter.form(filled, None),
        _ => {}
    }
    if let Some(refusal) = matter.closed() {
        let problem = matter.words(&refusal);
        return matter.form(filled, Some(problem));
    }
    if matter.act.is_prepared() {
        return matter.written(&app, filled).await;
    }
    let Some(command) = matter.command(&mut filled)? else { return matter.form(filled, None) };
    if filled.typed.get("go") != "sign" {
        return matter.confirm(&command, filled);
    }
    let chunks = app.chunks();
    let signed = app.write(move |node, store, env| {
        if command.deed.kind() == ActKind::SignText {
            node.read_amendment(store, env, &*chunks, &command.case)?;
        }
        node.command(store, env, command)
    });
    match signed.await {
        Ok(done) => Ok(Redirect::to(&format!("/cases/{}", done.case)).into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => matter.failed(filled, &failure),
    }
}

/// Keeps a safeguard answer until somebody does the act.
async fn answer(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act, gate)): Path<(String, String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    let gate = Gate::from_code(&gate).ok_or(Stop::NotFound)?;
    let pairs = posted.fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut filled = Filled { typed: Typed::from_pairs(pairs), ..Filled::default() };
    let Some(by) = answerer(&matter.officer, gate) else {
        let role = matter.officer.roles.first().copied().unwrap_or(Role::Auditor);
        let problem = matter.page.refusal(&Refusal::GateRole { gate, role });
        return matter.shown(filled, Some(problem));
    };
    let office = &matter.officer.office;
    if !matter.answers_here() {
        let problem = matter.page.refusal(&Refusal::GateOffice { gate, office: office.clone() });
        return matter.shown(filled, Some(problem));
    }
    let given = question::read(&filled.typed, gate, &matter.langs, &by, office, matter.page.now, &mut filled.wrong);
    let Some(given) = given else {
        if filled.wrong.is_empty() {
            filled.wrong.push(Wrong::at(question::finding_input(gate), "form-wrong-choice"));
        }
        return matter.shown(filled, None);
    };
    if matter.act.is_prepared() {
        let Filled { typed, wrong, .. } = filled;
        return matter.answered(&app, given, prepared::Answering { typed, wrong, kept: false }).await;
    }
    let (case, act) = (matter.file.line.case.clone(), matter.act);
    let back = format!("/cases/{case}/do/{}", act.code());
    match app.write(move |node, store, env| node.answer_gate(store, env, &case, act, &given)).await {
        Ok(()) => match question::rest(&filled.typed, gate) {
            None => Ok(Redirect::to(&back).into_response()),
            // What was typed to the other questions is kept nowhere yet: it stays on the page.
            Some(typed) => {
                let Matter { page, officer, .. } = matter;
                let matter = Matter::read(&app, page, officer, &id, act.code()).await?;
                matter.form(Filled { typed, kept: true, ..Filled::default() }, None)
            }
        },
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => matter.failed(filled, &failure),
    }
}

/// What stands on the agenda of a meeting by itself or from an earlier one, and nobody has taken up.
async fn untabled(app: &App, under: Hash32, round: CaseId) -> Result<Vec<Subject>, Stop> {
    let now = app.now();
    let found = app
        .account(under, move |instrument, book| {
            let agenda = agendas(instrument, book.iter(), now).into_iter().find(|agenda| agenda.round == round);
            let items = agenda.into_iter().flat_map(|agenda| agenda.items);
            items.filter(|item| item.tabled.is_none()).map(|item| item.subject).collect()
        })
        .await?;
    Ok(found)
}

/// Rows added to a list at a time.
const ROWS_MORE: usize = 3;

impl Matter {
    async fn read(app: &App, page: Page, officer: Officer, id: &str, act: &str) -> Result<Self, Stop> {
        let id = CaseId::new(id).map_err(|_| Stop::NotFound)?;
        let act = ActKind::from_code(act).filter(|act| has_form(*act)).ok_or(Stop::NotFound)?;
        let (viewer, office, found) = (Viewer::of(&officer), officer.office.clone(), id.clone());
        let (file, officers, pending) = app
            .read(move |node, reader, now| -> Result<_, node::Fault> {
                let file = node.case_file(reader, now, &viewer, &id)?;
                let pending = file.as_ref().map(|file| node.gates_for(reader, file, &viewer)).transpose()?;
                Ok((file, node.officers(reader)?, pending.unwrap_or_default()))
            })
            .await?;
        let local = local::questions(app, &page, &officer, found.as_str(), act).await?;
        let works = |colleague: &Officer| colleague.office == office && !colleague.roles.contains(&Role::Auditor);
        let file = file.ok_or(Stop::NotFound)?;
        let tables = act == ActKind::TableItem;
        let under = file.dossier.case.instrument;
        let subjects = if tables { untabled(app, under, found.clone()).await? } else { Vec::new() };
        let page = page.under(&file.dossier.case.instrument);
        let writes = |office: &OfficeId| page.node().writes_here(&file.dossier.case, act, office);
        let stands =
            |one: &PreparedAct| one.office == officer.office || writes(&one.office) || !writes(&officer.office);
        Ok(Self {
            langs: langs(&page),
            // What an office left that may no longer do it keeps nobody from writing.
            prepared: file.prepared.iter().filter(|one| one.deed.kind() == act).find(|one| stands(one)).cloned(),
            file,
            act,
            colleagues: officers.into_iter().filter(works).collect(),
            pending: pending.into_iter().filter(|(bound, _)| *bound == act).map(|(_, answer)| answer).collect(),
            page,
            officer,
            local,
            subjects,
        })
    }

    fn about<T>(&self, with: impl FnOnce(&About<'_>) -> T) -> Result<T, Stop> {
        let case = &self.file.dossier.case;
        let rule = case.rule(self.page.instrument()).ok_or(Stop::NotFound)?;
        Ok(with(&About {
            page: &self.page,
            case,
            rule,
            us: self.file.us,
            officer: &self.officer,
            colleagues: &self.colleagues,
            langs: &self.langs,
            subjects: &self.subjects,
        }))
    }

    /// A rule of ours in the words of this case's type.
    fn words(&self, refusal: &Refusal) -> String {
        self.page.refusal_of(self.file.dossier.case.rule(self.page.instrument()), refusal)
    }

    /// Why this officer cannot do the act as the case stands; `None` when they can.
    fn closed(&self) -> Option<Refusal> {
        if self.file.open.contains(&self.act) {
            return None;
        }
        let (act, stage) = (self.act, self.file.dossier.case.stage());
        if self.file.dossier.case.rows(act).next().is_none() {
            return Some(Refusal::NotNow { act, stage });
        }
        let (ours, own) = (self.our_roles(), &self.officer.roles);
        Some(if ours.is_empty() {
            Refusal::NotYourSide { act }
        } else if own.iter().any(|role| ours.contains(role)) {
            // Theirs to do, but by another office; or there is nothing to do it to: no question, no rung.
            let office = self.officer.office.clone();
            let central = matches!(act, ActKind::Uphold | ActKind::Reopen);
            let elsewhere = central || office != self.file.line.our_office;
            if elsewhere { Refusal::NotCompetent { office } } else { Refusal::NotNow { act, stage } }
        } else {
            Refusal::NotYourRole { act, role: own.first().copied().unwrap_or(Role::Auditor), may: ours }
        })
    }

    /// Whether this officer's office has a part in the act, so that its reviewers may answer the safeguards before it.
    fn answers_here(&self) -> bool {
        judge::answers_in(&self.file.dossier.case, self.page.instrument(), self.act, &self.officer.office)
    }

    /// The roles of our side that may do the act as the case stands.
    fn our_roles(&self) -> Vec<Role> {
        let ours = |by: By| by == By::Officer(self.file.us) || by == By::EitherOfficer;
        let rows = self.file.dossier.case.rows(self.act).filter(|row| ours(row.by));
        let mut roles: Vec<Role> = Vec::new();
        // Several stages may name the same ones.
        for role in rows.flat_map(|row| row.roles) {
            if !roles.contains(role) {
                roles.push(*role);
            }
        }
        roles
    }

    /// The safeguards that bind the act in this case, while our side may do it.
    fn gates(&self, step: Option<&str>) -> Vec<Gate> {
        let case = &self.file.dossier.case;
        let rule = case.rule(self.page.instrument()).filter(|_| !self.our_roles().is_empty());
        rule.map(|rule| gates_before(case, rule, self.file.us, &self.officer.office, self.act, step))
            .unwrap_or_default()
    }

    /// The safeguards nobody has answered, each named at once: of what is typed, or while it cannot be read, of the act.
    fn unanswered(&self, deed: Option<&Deed>, step: Option<&str>, given: &[GateAnswer]) -> Vec<Wrong> {
        let case = &self.file.dossier.case;
        let bound = match (deed, case.rule(self.page.instrument())) {
            (Some(deed), Some(rule)) => rule.gates_for(deed, case.request.sensitivity()).collect(),
            (None, _) if matches!(self.act, ActKind::GiveConsent) || self.act == ActKind::Record && step.is_none() => {
                Vec::new()
            }
            _ => self.gates(step),
        };
        let open = |gate: &Gate| given.iter().chain(&self.pending).all(|answer| answer.gate != *gate);
        let own = |gate: Gate| answerer(&self.officer, gate).is_some();
        let wrong = |gate: Gate| {
            let refusal = Refusal::GateUnanswered { gate };
            question::wrong_of(&refusal, self.words(&refusal), own)
        };
        bound.into_iter().filter(open).filter_map(wrong).collect()
    }

    /// The command the form asks for, once everything in it can be read.
    fn command(&self, filled: &mut Filled) -> Result<Option<Command>, Stop> {
        let files = filled.files.iter().map(|staged| staged.file.clone()).collect();
        let (typed, wrong) = (&filled.typed, &mut filled.wrong);
        let mut gates = Vec::new();
        for gate in self.gates(deed::step_of(typed)) {
            if let Some(by) = answerer(&self.officer, gate) {
                let office = &self.officer.office;
                gates.extend(question::read(typed, gate, &self.langs, &by, office, self.page.now, wrong));
            }
        }
        let begun: Vec<String> = wrong.iter().map(|wrong| wrong.input.clone()).collect();
        let deed = self.about(|about| deed::read(about, typed, self.act, files))?;
        let deed = deed.map_err(|unread| wrong.extend(unread)).ok();
        // A question half answered is named by what it lacks, not a second time as unanswered.
        let unanswered = self.unanswered(deed.as_ref(), deed::step_of(typed), &gates).into_iter();
        wrong.extend(
            unanswered.filter(|open| begun.iter().all(|input| question::stem(input) != question::stem(&open.input))),
        );
        let deed = deed.filter(|_| wrong.is_empty());
        let rows = |role: &&Role| self.our_roles().contains(role);
        let by = self.officer.roles.iter().find(rows).and_then(|role| self.officer.person(*role));
        Ok(deed.zip(by).map(|(deed, by)| Command {
            case: self.file.line.case.clone(),
            office: self.officer.office.clone(),
            author: Author::Officer(by),
            gates,
            deed,
        }))
    }

    /// The page to read before signing, unless the domain would refuse: then its words, with everything typed kept.
    fn confirm(self, command: &Command, filled: Filled) -> Result<Response, Stop> {
        let own = |answer: &&GateAnswer| command.gates.iter().all(|given| given.gate != answer.gate);
        let waiting: Vec<GateAnswer> = self.pending.iter().filter(own).cloned().collect();
        let mut trial = command.clone();
        trial.gates.extend(waiting);
        let answers = trial.gates.clone();
        let entries = &self.file.dossier.entries;
        if let Err(refusal) =
            decide::decide(self.page.node().instruments(), self.page.us(), entries, trial, self.page.now)
        {
            return self.refused(filled, &refusal);
        }
        let context =
            self.about(|about| if self.act == ActKind::SignText { on_table(about) } else { String::new() })?;
        let (lines, half) = self.about(|about| {
            let lines = review::of_deed(about.page, about.rule, &command.deed);
            (rendered(&lines), lines.is_half_translated())
        })?;
        let typed = filled.typed.iter().filter(|(name, _)| *name != "go" && !staged::is_staged(name));
        let mut hidden: Vec<(String, String)> =
            typed.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        hidden.extend(filled.files.iter().map(|staged| (staged.input.clone(), staged.token.clone())));
        let files = filled.files;
        let Self { page, officer, file, act, .. } = self;
        Ok(html(&ConfirmPage { page, file, officer, act, context, lines, half, answers, files, hidden }))
    }

    /// The form again after something was not done.
    fn failed(self, filled: Filled, failure: &Failure) -> Result<Response, Stop> {
        match failure {
            Failure::Refused(refusal) => self.refused(filled, refusal),
            other => {
                let problem = self.page.failure(other);
                self.form(filled, Some(problem))
            }
        }
    }

    /// The form again with what a rule says: at the input it is about, where there is one.
    fn refused(self, mut filled: Filled, refusal: &Refusal) -> Result<Response, Stop> {
        let words = self.words(refusal);
        let own = |gate: Gate| answerer(&self.officer, gate).is_some();
        let wrong = question::wrong_of(refusal, words.clone(), own);
        let rule = self.file.dossier.case.rule(self.page.instrument());
        let about = || deed::input_of(self.act, refusal).map(|input| vec![Wrong::said(input, words.clone())]);
        let lacks = match (refusal, rule) {
            (Refusal::Incomplete { missing }, Some(rule)) => Some(writing::wrongs(rule, missing)),
            _ => None,
        };
        match wrong.map(|wrong| vec![wrong]).or(lacks).or_else(about) {
            Some(wrong) => {
                filled.wrong.extend(wrong);
                self.form(filled, None)
            }
            None => self.form(filled, Some(words)),
        }
    }

    /// The page the officer came from: of the act as it is prepared, or of its form.
    fn shown(self, filled: Filled, problem: Option<String>) -> Result<Response, Stop> {
        if self.prepared.is_none() {
            return self.form(filled, problem);
        }
        let Filled { typed, wrong, kept, .. } = filled;
        self.prepared_page(&prepared::Answering { typed, wrong, kept }, problem)
    }

    fn form(self, filled: Filled, problem: Option<String>) -> Result<Response, Stop> {
        let maker = Maker { page: &self.page, typed: &filled.typed, wrong: &filled.wrong, langs: &self.langs };
        let closed = self.closed();
        let form = self.about(|about| deed::form(about, &maker, self.act))?;
        let context = self.about(|about| context(about, self.act))?;
        let given = |gate: Gate| self.pending.iter().find(|answer| answer.gate == gate).cloned();
        let keep = |gate: Gate| format!("/cases/{}/do/{}/gates/{}", self.file.line.case, self.act.code(), gate.code());
        let ask = |gate: Gate| Question {
            keep: if closed.is_some() { keep(gate) } else { String::new() },
            ..question::question(&maker, &self.officer, self.file.us, gate, given(gate))
        };
        let ask = |gate: Gate| {
            let mut question = ask(gate);
            let before = self.file.overruled.iter().filter(|(act, answer)| *act == self.act && answer.gate == gate);
            question.overruled = before.map(|(_, answer)| answer.clone()).collect();
            if !self.answers_here() {
                question.inputs.clear();
            }
            question
        };
        // What another signs is answered for on its own page, once there are words to answer for.
        let gates = if self.act.is_prepared() { Vec::new() } else { self.gates(deed::step_of(&filled.typed)) };
        let questions: Vec<Question> = gates.into_iter().map(ask).collect();
        let mut labels = forms::labels(form.inputs.iter().chain(&form.more));
        labels.extend(question::labels(&questions));
        labels.insert(FILE_INPUT.to_owned(), self.page.t("part-attachments"));
        let wrong = forms::wrong_lines(&self.page, &filled.wrong, &labels);
        let file_wrong = filled.wrong.iter().filter(|wrong| wrong.input == FILE_INPUT);
        let file_wrong = file_wrong.map(|wrong| self.page.wrong(wrong)).collect();
        let answers = questions.iter().any(|question| !question.inputs.is_empty());
        let why_not = closed.as_ref().map(|refusal| self.why_not(refusal, answers));
        let Self { page, file, act, local, .. } = self;
        let (files, kept) = (filled.files, filled.kept);
        let over = filled.typed.get("over").parse().unwrap_or_default();
        Ok(html(&ActPage {
            answers_to: question::first_kept(&questions),
            kept,
            page,
            file,
            act,
            may: closed.is_none(),
            why_not,
            context,
            prepared: act.is_prepared(),
            over,
            form,
            questions,
            local,
            files,
            wrong,
            file_wrong,
            problem,
        }))
    }

    /// Why not, and who may.
    fn why_not(&self, refusal: &Refusal, answers: bool) -> String {
        let roles = self.our_roles();
        if self.act.is_prepared() && matches!(refusal, Refusal::NotYourRole { .. }) {
            let mut writers = roles;
            writers.push(Role::Drafter);
            return self.page.t1("prepared-none", "roles", self.page.roles(&writers));
        }
        // Who is here to answer a safeguard is told that, and not what somebody else's button would have said.
        if answers && matches!(refusal, Refusal::NotYourRole { .. }) {
            return self.page.t1("form-act-answers", "roles", self.page.roles(&roles));
        }
        let words = self.words(refusal);
        // A refusal for the role names those that may.
        if roles.is_empty() || matches!(refusal, Refusal::NotYourRole { .. }) {
            return words;
        }
        format!("{words} {}", self.page.t1("form-act-roles", "roles", self.page.roles(&roles)))
    }
}

/// The text on the table in full, in every language, with the hash that is signed.
fn on_table(about: &About<'_>) -> String {
    let Some((number, version)) = about.case.talk.on_table() else { return String::new() };
    let page = about.page;
    let mut said = Said::default();
    said.open("h3", &[]).text(&page.t1("text-version", "n", number)).close("h3");
    let head = said.to_string();
    let columns = page.text_columns(&version.text, None);
    let mut hash = Said::default();
    hash.open("p", &[("class", "soft")]).text(&page.t("form-sign-text-hash")).text(" ");
    hash.open("code", &[]).text(&version.text.digest().to_string()).close("code").close("p");
    format!("{head}<div class=\"text\"><div class=\"twin\">{columns}</div></div>{hash}")
}

/// What the other side said that this act answers.
fn context(about: &About<'_>, act: ActKind) -> String {
    if act == ActKind::SignText {
        return on_table(about);
    }
    let deed = match (act, &about.case.state) {
        (ActKind::AcceptConditions | ActKind::DeclineConditions, Standing::ConditionsOffered { conditions }) => {
            Deed::OfferConditions { conditions: conditions.clone() }
        }
        (ActKind::Supplement, Standing::ReturnedIncomplete { items }) => {
            Deed::ReturnIncomplete { items: items.clone() }
        }
        _ => return String::new(),
    };
    rendered(&review::of_deed(about.page, about.rule, &deed))
}
