//! An act between the pen and the signature: saved and handed over by its writer, read and answered for by reviewers, sent
//! back or signed by another.
//!
//! Owns the page of a prepared act and the posts from it. Must not know any act's inputs (`forms::deed`), nor judge.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::act::{ActKind, Person, Role};
use domain::ids::Hash32;
use domain::menu::Menu;
use domain::refusal::Refusal;
use domain::safeguard::{Finding, Gate, GateAnswer};
use node::{Failure, PreparedAct, PreparedVersion, Standing, Written};

use super::super::draft::sign::rendered;
use super::super::forms::deed;
use super::super::forms::input::Maker;
use super::super::forms::question::{self, Question};
use super::super::forms::staged;
use super::super::forms::{self, Line, Typed, Why, Wrong, review};
use super::super::{Page, Posted, Signed, Stop, download, html};
use super::{Filled, Matter};
use crate::app::App;

#[derive(Template)]
#[template(path = "forms/prepared.html")]
struct PreparedPage {
    page: Page,
    file: node::view::CaseFile,
    act: ActKind,
    prepared: PreparedAct,
    local: String,
    context: String,
    lines: String,
    /// Whether some words stand in one language only.
    half: bool,
    /// What keeps it from being handed over, as the case stands.
    lacks: Option<String>,
    wrong: Vec<Line>,
    questions: Vec<Question>,
    /// Where the form of the answers goes; empty when the reader answers none.
    answers_to: String,
    /// Whether an answer was kept just now, with others still being typed.
    kept: bool,
    /// Safeguards still to be answered for these words.
    unanswered: usize,
    /// Answers given for words that have changed since, to what is not answered anew yet.
    earlier: Vec<GateAnswer>,
    /// Acts entered in the case since it was written.
    moved: u64,
    /// Acts the case holds as it is shown.
    acts: usize,
    may_write: bool,
    may_sign: bool,
    may_send_back: bool,
    /// Why the reader does not sign it, in words.
    why_not: String,
    problem: Option<String>,
}

/// What was typed to a question and what is wrong with it.
#[derive(Default)]
pub(super) struct Answering {
    pub(super) typed: Typed,
    pub(super) wrong: Vec<Wrong>,
    pub(super) kept: bool,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/cases/{id}/do/{act}/write", get(write))
        .route("/cases/{id}/do/{act}/files/{root}", get(file))
        .route("/cases/{id}/do/{act}/hand-over", post(hand_over))
        .route("/cases/{id}/do/{act}/send-back", post(send_back))
        .route("/cases/{id}/do/{act}/discard", post(discard))
        .route("/cases/{id}/do/{act}/sign", post(sign))
}

/// The form of what is written so far.
async fn write(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    let Some(prepared) = &matter.prepared else { return Ok(matter.back()) };
    let mut typed = matter.about(|about| deed::proposed(about, matter.act))?;
    deed::put(&mut typed, &prepared.deed);
    typed.put("over", &prepared.version.to_string());
    let about = format!("{}/{}", matter.file.line.case, matter.act.code());
    let files = prepared.deed.attachments().to_vec();
    let files = staged::carried(&app, &matter.officer.id, &about, &Typed::default(), files)?;
    matter.form(Filled { typed, files, ..Filled::default() }, None)
}

/// A file of it, for whoever reads it: nobody signs or reviews what they could not open.
async fn file(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act, root)): Path<(String, String, String)>,
) -> Result<Response, Stop> {
    let root = Hash32::from_hex(&root).map_err(|_| Stop::NotFound)?;
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    let prepared = matter.prepared.ok_or(Stop::NotFound)?;
    let found = prepared.deed.attachments().iter().find(|file| file.root == root).cloned();
    Ok(download::give(&app, found.ok_or(Stop::NotFound)?))
}

async fn hand_over(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    let (which, by) = (matter.version(&posted), matter.writer().ok_or(Stop::NotYours)?);
    let done = app.write(move |node, store, env| node.hand_over(store, env, &which, by)).await;
    matter.after(&app, done.map(drop)).await
}

async fn send_back(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    let (which, by) = (matter.version(&posted), matter.reader().ok_or(Stop::NotYours)?);
    let reason = posted.get("reason").to_owned();
    let done = app.write(move |node, store, env| node.send_back(store, env, &which, by, &reason)).await;
    matter.after(&app, done.map(drop)).await
}

async fn discard(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    matter.writer().ok_or(Stop::NotYours)?;
    let (which, back) = (matter.version(&posted), format!("/cases/{}", matter.file.line.case));
    match app.write(move |node, store, env| node.discard_prepared(store, env, &which)).await {
        Ok(()) => Ok(Redirect::to(&back).into_response()),
        other => matter.after(&app, other).await,
    }
}

async fn sign(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let matter = Matter::read(&app, page, officer, &id, &act).await?;
    if let Some(refusal) = matter.closed() {
        let problem = matter.words(&refusal);
        return matter.prepared_page(&Answering::default(), Some(problem));
    }
    let roles = matter.our_roles();
    let Some(by) = roles.iter().find_map(|role| matter.officer.person(*role)) else {
        let role = matter.officer.roles.first().copied().unwrap_or(Role::Auditor);
        let problem = matter.words(&Refusal::NotYourRole { act: matter.act, role, may: roles });
        return matter.prepared_page(&Answering::default(), Some(problem));
    };
    let Some(which) = matter.signed_version(&posted) else {
        let problem = matter.words(&Refusal::Changed);
        return matter.prepared_page(&Answering::default(), Some(problem));
    };
    let back = format!("/cases/{}", matter.file.line.case);
    let signed = app
        .write(move |node, store, env| node.sign_prepared(store, env, &which, by, Vec::new(), &|_, _| Ok(Vec::new())));
    match signed.await {
        Ok(_) => Ok(Redirect::to(&back).into_response()),
        other => matter.after(&app, other.map(drop)).await,
    }
}

impl Matter {
    /// The officer as one who may write the act here, or throw away what their office wrote while it might.
    pub(super) fn writer(&self) -> Option<Person> {
        let ours = self.our_roles();
        let may = |role: &&Role| ours.contains(role) || **role == Role::Drafter;
        let (case, office) = (&self.file.dossier.case, &self.officer.office);
        let own = self.prepared.as_ref().is_some_and(|prepared| prepared.office == *office);
        let here = own || self.page.node().writes_here(case, self.act, office);
        let role = self.officer.roles.iter().find(may).filter(|_| here)?;
        self.officer.person(*role)
    }

    /// The officer as one who reads it and may send it back.
    fn reader(&self) -> Option<Person> {
        let role = self.officer.roles.iter().find(|role| **role != Role::Auditor).filter(|_| self.answers_here())?;
        self.officer.person(*role)
    }

    /// The version the page was about.
    pub(super) fn version(&self, posted: &Posted) -> PreparedVersion {
        self.version_of(posted.get("version"))
    }

    pub(super) fn version_of(&self, version: &str) -> PreparedVersion {
        let (case, office) = (self.file.line.case.clone(), self.officer.office.clone());
        // Only who signs must have read the answers too.
        PreparedVersion { case, act: self.act, version: version.parse().unwrap_or_default(), saved: 0, office }
    }

    /// What the page showed whoever signs it: the version, its answers, and how many acts the case had. `None` when the case
    /// has gone on since.
    fn signed_version(&self, posted: &Posted) -> Option<PreparedVersion> {
        let saved = posted.get("saved").parse().unwrap_or_default();
        let shown = posted.get("acts") == self.file.dossier.entries.len().to_string();
        shown.then(|| PreparedVersion { saved, ..self.version(posted) })
    }

    fn back(&self) -> Response {
        Redirect::to(&format!("/cases/{}/do/{}", self.file.line.case, self.act.code())).into_response()
    }

    /// Saves what was typed, and hands it over if the button says so.
    pub(super) async fn written(self, app: &App, mut filled: Filled) -> Result<Response, Stop> {
        let hand_over = filled.typed.get("go") == "hand-over";
        let files = filled.files.iter().map(|staged| staged.file.clone()).collect();
        let (deed, wrong) = self.about(|about| deed::read_part(about, &filled.typed, self.act, files))?;
        // Empty boxes may wait; what cannot be read stays on the page until it can.
        let waits = |wrong: &Wrong| !hand_over && wrong.why == Why::Key("form-wrong-empty");
        filled.wrong.extend(wrong.into_iter().filter(|wrong| !waits(wrong)));
        let Some((deed, by)) = deed.filter(|_| filled.wrong.is_empty()).zip(self.writer()) else {
            return self.form(filled, None);
        };
        let over = filled.typed.get("over").parse().unwrap_or_default();
        let (case, office) = (self.file.line.case.clone(), self.officer.office.clone());
        let written = Written { case, office, deed, by, over, hand_over };
        match app.write(move |node, store, env| node.write_act(store, env, written)).await {
            Ok(_) => Ok(self.back()),
            Err(Failure::Fault(fault)) => Err(fault.into()),
            Err(failure) => self.failed(filled, &failure),
        }
    }

    /// Keeps an answer to a safeguard of the version that was read.
    pub(super) async fn answered(
        self,
        app: &App,
        given: GateAnswer,
        mut answering: Answering,
    ) -> Result<Response, Stop> {
        let (which, gate) = (self.version_of(answering.typed.get("version")), given.gate);
        match app.write(move |node, store, env| node.answer_prepared(store, env, &which, given)).await {
            Ok(_) => match question::rest(&answering.typed, gate) {
                None => Ok(self.back()),
                Some(typed) => {
                    answering = Answering { typed, kept: true, ..Answering::default() };
                    self.again(app).await?.prepared_page(&answering, None)
                }
            },
            Err(Failure::Fault(fault)) => Err(fault.into()),
            Err(failure) => {
                let problem = self.page.failure_of(self.file.dossier.case.rule(self.page.instrument()), &failure);
                self.again(app).await?.prepared_page(&answering, Some(problem))
            }
        }
    }

    /// On to the prepared act as it stands now; a refusal comes back as words on its page.
    async fn after(self, app: &App, done: Result<(), Failure>) -> Result<Response, Stop> {
        match done {
            Ok(()) => Ok(self.back()),
            Err(Failure::Fault(fault)) => Err(fault.into()),
            Err(failure) => {
                let problem = self.page.failure_of(self.file.dossier.case.rule(self.page.instrument()), &failure);
                self.again(app).await?.prepared_page(&Answering::default(), Some(problem))
            }
        }
    }

    /// The same call's matter, read anew.
    async fn again(self, app: &App) -> Result<Self, Stop> {
        let (id, act) = (self.file.line.case.to_string(), self.act);
        Self::read(app, self.page, self.officer, &id, act.code()).await
    }

    /// The page of the act as it is prepared; the form where nothing is.
    pub(super) fn prepared_page(self, answering: &Answering, problem: Option<String>) -> Result<Response, Stop> {
        let Some(prepared) = self.prepared.clone() else {
            return self.form(Filled::default(), problem);
        };
        let questions = self.questions(&prepared, answering);
        let unanswered = questions.iter().filter(|question| question.answer.is_none()).count();
        let open = |given: &GateAnswer| prepared.gates.iter().all(|anew| anew.gate != given.gate);
        let earlier: Vec<GateAnswer> = prepared.earlier.iter().filter(|given| open(given)).cloned().collect();
        let (dossier, now) = (&self.file.dossier, self.page.now);
        let lacks = self.page.node().fits(dossier, &prepared.office, &prepared.drafter, &prepared.deed, now).err();
        let (lines, half) = self.about(|about| {
            let lines = review::of_deed(about.page, about.rule, &prepared.deed);
            (rendered(&lines), lines.is_half_translated())
        })?;
        let context = self.about(|about| super::context(about, self.act))?;
        let why_not = self.not_signing(&prepared, lacks.as_ref());
        let here = self.officer.office == prepared.office;
        let wrong = forms::wrong_lines(&self.page, &answering.wrong, &question::labels(&questions));
        Ok(html(&PreparedPage {
            lacks: lacks.as_ref().map(|refusal| self.words(refusal)),
            may_write: here && self.writer().is_some(),
            may_sign: here && why_not.is_empty() && unanswered == 0,
            may_send_back: here
                && prepared.is_handed_over()
                && prepared.drafter.id != self.officer.id
                && self.reader().is_some(),
            moved: prepared.moved(dossier),
            acts: dossier.entries.len(),
            answers_to: question::first_kept(&questions),
            kept: answering.kept,
            questions,
            unanswered,
            earlier,
            context,
            lines,
            half,
            wrong,
            why_not,
            problem,
            prepared,
            page: self.page,
            file: self.file,
            act: self.act,
            local: self.local,
        }))
    }

    /// Why the officer does not sign it now; empty when they may, once its safeguards are answered.
    fn not_signing(&self, prepared: &PreparedAct, lacks: Option<&Refusal>) -> String {
        let (roles, own) = (self.our_roles(), &self.officer.id);
        let no = |given: &GateAnswer| given.finding == Finding::NotSatisfied;
        if !self.officer.roles.iter().any(|role| roles.contains(role)) {
            return self.page.t1("prepared-signed-by", "roles", self.page.roles(&roles));
        }
        if prepared.is_by(own) {
            self.page.t("prepared-own")
        } else if prepared.is_reviewed_by(own) {
            self.page.t("prepared-reviewed")
        } else if !prepared.is_handed_over() {
            self.page.t("prepared-waits")
        } else if prepared.gates.iter().any(no) {
            self.page.t("prepared-no")
        } else {
            lacks.map(|refusal| self.words(refusal)).unwrap_or_default()
        }
    }

    /// The safeguards of these very words, with what the reader may do about them.
    fn questions(&self, prepared: &PreparedAct, answering: &Answering) -> Vec<Question> {
        let case = &self.file.dossier.case;
        let Some(rule) = case.rule(self.page.instrument()) else { return Vec::new() };
        let maker = Maker { page: &self.page, typed: &answering.typed, wrong: &answering.wrong, langs: &self.langs };
        let given = |gate: Gate| prepared.gates.iter().find(|answer| answer.gate == gate).cloned();
        let ask = |gate: Gate| {
            let mut question = question::question(&maker, &self.officer, self.file.us, gate, given(gate));
            question.keep = format!("/cases/{}/do/{}/gates/{}", case.id, self.act.code(), gate.code());
            let before = self.file.overruled.iter().filter(|(act, answer)| *act == self.act && answer.gate == gate);
            question.overruled = before.map(|(_, answer)| answer.clone()).collect();
            let own = &self.officer.id;
            if !self.answers_here() || !prepared.is_answered_by(own, gate, &self.file.overruled) {
                question.inputs.clear();
            }
            question
        };
        rule.gates_for(&prepared.deed, case.request.sensitivity()).map(ask).collect()
    }
}

impl Page {
    /// In whose hands a prepared act is, in words.
    #[must_use]
    pub fn standing(&self, prepared: &PreparedAct) -> String {
        self.t(match prepared.standing {
            Standing::Writing => "prepared-writing",
            Standing::HandedOver => "prepared-handed",
            Standing::Returned { .. } => "prepared-returned",
        })
    }
}
