//! Questions of our own law on our own officers' pages, the fixed reply, and the register of protected persons.
//!
//! Owns those pages. Nothing of them stands on any page or answer another Party can reach. Must not judge: the domain and
//! the clerk do.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::act::{ActKind, Person, Role};
use domain::content::Request;
use domain::ids::CaseId;
use domain::local::{Held, KEEPERS, LocalAnswer, ProtectedPerson, Question};
use domain::menu::Menu;
use domain::safeguard::{Finding, Gate};
use jiff::Timestamp;
use node::local::{Asked, OwnLaw};
use node::people::Officer;
use node::register::{Look, Touch};
use node::{Failure, Fault};

use super::draft::sign::rendered;
use super::{Page, Posted, Signed, Stop, html};
use crate::app::App;

/// Most lines of the record of looks on one page.
const LOOKS_SHOWN: usize = 100;

/// The questions as a part of a page.
#[derive(Template)]
#[template(path = "local/questions.html")]
struct Part {
    page: Page,
    officer: Officer,
    subject: String,
    act: &'static str,
    asked: Vec<Asked>,
    hits: bool,
    keeps: bool,
    shielded: bool,
    opens: Option<Timestamp>,
    waits: Option<Timestamp>,
    may_reply: bool,
    begun: Begun,
}

/// What was typed and not kept, with the reason why not: it stays at its question.
#[derive(Clone, Default)]
struct Begun {
    /// The question; empty when the problem is with none of them.
    question: String,
    finding: String,
    reason: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "local/page.html")]
struct LocalPage {
    page: Page,
    act: ActKind,
    subject: String,
    back: String,
    part: String,
}

#[derive(Template)]
#[template(path = "local/register.html")]
struct RegisterPage {
    page: Page,
    entries: Vec<(String, ProtectedPerson)>,
    looks: Vec<Look>,
    problem: Option<String>,
}

/// The addresses of our own law.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/local/{subject}/{act}", get(show))
        .route("/local/{subject}/reply", post(reply))
        .route("/local/{subject}/{act}/{question}", post(answer))
        .route("/register", get(register).post(enter))
        .route("/register/{key}/strike", post(strike))
}

/// The questions before an act in a case, or before a draft is submitted, to be set into a page; empty when none binds.
pub(super) async fn questions(
    app: &App,
    page: &Page,
    officer: &Officer,
    subject: &str,
    act: ActKind,
) -> Result<String, Stop> {
    part(app, page, officer, subject, act, Begun::default()).await
}

async fn part(
    app: &App,
    page: &Page,
    officer: &Officer,
    subject: &str,
    act: ActKind,
    begun: Begun,
) -> Result<String, Stop> {
    let (wanted, office, second_track) = (subject.to_owned(), officer.office.clone(), officer.second_track);
    let found = app
        .read(move |node, reader, _| -> Result<_, Fault> {
            if second_track {
                return Ok(None);
            }
            node.own_law(reader, &wanted, act, &office)
        })
        .await?;
    let Some(OwnLaw { asked, likeness: hits, shielded, opens, waits }) = found else { return Ok(String::new()) };
    // Who keeps the register is told of a likeness; nobody else.
    let keeps = keeper(officer).is_some();
    let asks_person = asked.iter().any(|one| one.question.gate == Gate::AsylumShield);
    Ok(rendered(&Part {
        page: page.clone(),
        officer: officer.clone(),
        subject: subject.to_owned(),
        act: act.code(),
        asked,
        hits: hits && keeps && asks_person,
        keeps,
        shielded: shielded.is_some(),
        opens: opens.filter(|at| *at > page.now),
        waits,
        may_reply: shielded == Some(true) && officer.roles.contains(&Role::DecisionMaker),
        begun,
    }))
}

async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((subject, act)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let act = ActKind::from_code(&act).ok_or(Stop::NotFound)?;
    shown(&app, page, &officer, &subject, act, Begun::default()).await
}

async fn shown(
    app: &App,
    page: Page,
    officer: &Officer,
    subject: &str,
    act: ActKind,
    begun: Begun,
) -> Result<Response, Stop> {
    let part = part(app, &page, officer, subject, act, begun).await?;
    if part.trim().is_empty() {
        return Err(Stop::NotFound);
    }
    Ok(html(&LocalPage { page, act, subject: subject.to_owned(), back: back(subject, act), part }))
}

async fn answer(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((subject, act, question)): Path<(String, String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let act = ActKind::from_code(&act).ok_or(Stop::NotFound)?;
    // Only who works on the matter sees its questions.
    if questions(&app, &page, &officer, &subject, act).await?.trim().is_empty() {
        return Err(Stop::NotFound);
    }
    let node = app.node();
    let bound = node.policy().and_then(|policy| policy.question(&question)).ok_or(Stop::NotFound)?;
    let by = bound.roles.iter().find_map(|role| officer.person(*role)).ok_or(Stop::NotYours)?;
    let (office, at, reason) = (officer.office.clone(), page.now, posted.get("reason").to_owned());
    let mut begun = Begun {
        question: question.clone(),
        finding: posted.get("finding").to_owned(),
        reason: reason.clone(),
        problem: String::new(),
    };
    let Some(finding) = Finding::from_code(&begun.finding) else {
        begun.problem = page.t("form-wrong-choice");
        return shown(&app, page, &officer, &subject, act, begun).await;
    };
    let given = LocalAnswer { question, finding, reason, by, office, at };
    let about = subject.clone();
    match app.write(move |node, store, env| node.answer_local(store, env, &about, act, &given)).await {
        Ok(()) => Ok(Redirect::to(&back(&subject, act)).into_response()),
        Err(failure) => failed(&app, page, &officer, &subject, act, begun, failure).await,
    }
}

async fn reply(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(subject): Path<String>,
    _posted: Posted,
) -> Result<Response, Stop> {
    let case = CaseId::new(&subject).map_err(|_| Stop::NotFound)?;
    let by = officer.person(Role::DecisionMaker).ok_or(Stop::NotYours)?;
    let office = officer.office.clone();
    match app.write(move |node, store, env| node.reply_fixed(store, env, &case, &office, by)).await {
        Ok(_) => Ok(Redirect::to(&format!("/local/{subject}/{}", ActKind::Respond.code())).into_response()),
        Err(failure) => failed(&app, page, &officer, &subject, ActKind::Respond, Begun::default(), failure).await,
    }
}

async fn failed(
    app: &App,
    page: Page,
    officer: &Officer,
    subject: &str,
    act: ActKind,
    begun: Begun,
    failure: Failure,
) -> Result<Response, Stop> {
    if let Failure::Fault(fault) = failure {
        return Err(fault.into());
    }
    let problem = page.failure(&failure);
    shown(app, page, officer, subject, act, Begun { problem, ..begun }).await
}

/// Where the questions stand: the act's page, or the draft's.
fn back(subject: &str, act: ActKind) -> String {
    if CaseId::new(subject).is_ok() {
        format!("/cases/{subject}/do/{}", act.code())
    } else {
        format!("/drafts/{subject}")
    }
}

async fn register(signed: Signed, State(app): State<App>) -> Result<Response, Stop> {
    let Signed { page, officer } = signed;
    listed(&app, page, &officer, None).await
}

async fn listed(app: &App, page: Page, officer: &Officer, problem: Option<String>) -> Result<Response, Stop> {
    let by = keeper(officer).ok_or(Stop::NotYours)?;
    let read = app
        .write(move |node, store, env| -> Result<_, Failure> {
            let entries = node.read_register(store, env, &by)?;
            Ok((entries, node.looks(&*store.reader()?)?))
        })
        .await;
    match read {
        Ok((entries, mut looks)) => {
            looks.truncate(LOOKS_SHOWN);
            Ok(html(&RegisterPage { page, entries, looks, problem }))
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(_) => Err(Stop::NotYours),
    }
}

async fn enter(Signed { page, officer }: Signed, State(app): State<App>, posted: Posted) -> Result<Response, Stop> {
    let by = keeper(&officer).ok_or(Stop::NotYours)?;
    let lines = |name: &str| {
        let lines = posted.get(name).lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let (names, documents) = (lines("names"), lines("documents"));
    let entry = ProtectedPerson { names, documents, note: posted.get("note").to_owned(), by, at: page.now };
    match app.write(move |node, store, env| node.protect(store, env, &entry)).await {
        Ok(_) => Ok(Redirect::to("/register").into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => {
            let problem = page.failure(&failure);
            listed(&app, page, &officer, Some(problem)).await
        }
    }
}

async fn strike(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path(key): Path<String>,
    _posted: Posted,
) -> Result<Response, Stop> {
    let by = keeper(&officer).ok_or(Stop::NotYours)?;
    match app.write(move |node, store, env| node.unprotect(store, env, &key, &by)).await {
        Ok(()) => Ok(Redirect::to("/register").into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(_) => Err(Stop::NotFound),
    }
}

fn keeper(officer: &Officer) -> Option<Person> {
    KEEPERS.iter().find_map(|role| officer.person(*role))
}

impl Page {
    /// Why our own house holds something back.
    #[must_use]
    pub fn held(&self, held: &Held) -> String {
        self.t(&format!("held-{}", held.code()))
    }

    /// Whether a finding holds the act back.
    #[must_use]
    pub fn stops(&self, finding: &Finding) -> bool {
        *finding == Finding::NotSatisfied
    }

    /// What an officer found, in the words of the question.
    #[must_use]
    pub fn local_finding(&self, gate: &Gate, finding: &Finding) -> String {
        if *gate == Gate::AsylumShield {
            self.t(&format!("local-shield-{}", finding.code()))
        } else {
            self.t(&format!("local-finding-{}", finding.code()))
        }
    }

    /// What may be found, by code.
    #[must_use]
    pub fn local_findings(&self, gate: &Gate) -> Vec<(&'static str, String)> {
        Finding::ALL.iter().map(|(finding, code)| (*code, self.local_finding(gate, finding))).collect()
    }

    /// Whether our own law asks anything before this draft is submitted.
    #[must_use]
    pub fn own_law_binds(&self, request: &Request) -> bool {
        let policy = self.node().policy();
        policy.is_some_and(|policy| policy.questions_for(request, ActKind::Submit, false).next().is_some())
    }

    /// The safeguard a question of our own law serves.
    #[must_use]
    pub fn local_gate(&self, question: &str) -> Option<Gate> {
        self.node().policy().and_then(|policy| policy.question(question)).map(|question| question.gate)
    }

    /// Whether an officer may answer a question of our own law.
    #[must_use]
    pub fn may_answer_local(&self, officer: &Officer, question: &Question) -> bool {
        officer.roles.iter().any(|role| question.roles.contains(role))
    }

    /// What somebody did with the register.
    #[must_use]
    pub fn touch(&self, what: &Touch) -> String {
        self.t(&format!("register-{}", what.code()))
    }
}
