//! The page of a private matching: what each side will learn before anything is computed, what is left to ask, the step
//! that is next, what was found, and the audit step by step.
//!
//! Owns the page and its forms. Must not judge a step, nor know the mathematics. A hit is shown to the office that holds the
//! list, beside the reasons; what follows from it is another act, by a person.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::act::{ActKind, AuditFinding, Audited, MatchStepKind, Person, Role};
use domain::ids::CaseId;
use domain::menu::Menu;
use domain::safeguard::Gate;
use domain::text::Prose;
use node::Failure;
use node::matching::{Known, Stepping, Taken};
use node::people::Officer;
use node::view::{CaseFile, MatchFile, Viewer};

use super::draft::langs;
use super::forms::question::answerer;
use super::{Page, Posted, Signed, Stop, html};
use crate::app::App;
use crate::listed;

/// The roles in which a step is taken, as the procedure has them.
const STEPPING: &[Role] = &[Role::DecisionMaker, Role::Approver, Role::Executing];

#[derive(Template)]
#[template(path = "match.html")]
struct MatchPage {
    page: Page,
    file: MatchFile,
    may: bool,
    problem: Option<String>,
    question: Known,
    list: String,
    /// The reasons typed for the safeguard, by language.
    reasons: Vec<(String, String, String)>,
}

/// The addresses of matching.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/cases/{id}/match", get(show))
        .route("/cases/{id}/match/{step}", post(take))
        .route("/cases/{id}/match/opening/{audit}", get(opening))
}

async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Stop> {
    shown(&app, page, &officer, &id, None, &Posted::default()).await
}

async fn shown(
    app: &App,
    page: Page,
    officer: &Officer,
    id: &str,
    problem: Option<String>,
    posted: &Posted,
) -> Result<Response, Stop> {
    let file = read(app, officer, id).await?;
    let may = file.ours && stepping(officer, &file.case).is_some();
    let typed = posted.some("step").is_some();
    let question = if typed { question(posted) } else { file.proposed.clone() };
    let reasons = langs(&page)
        .iter()
        .map(|lang| {
            let name = format!("reason-{lang}");
            let words = posted.get(&name).to_owned();
            (lang.to_string(), page.language(lang.as_str()), words)
        })
        .collect();
    let list = posted.get("list").to_owned();
    Ok(html(&MatchPage { page, file, may, problem, question, list, reasons }))
}

/// Takes the step the button names.
async fn take(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Stop> {
    let file = read(&app, &officer, &id).await?;
    let kind = MatchStepKind::from_code(&step).ok_or(Stop::NotFound)?;
    let who = stepping(&officer, &file.case).filter(|_| file.ours).ok_or(Stop::NotYours)?;
    let taken = match taken(&page, kind, &posted)? {
        Ok(taken) => taken,
        Err(problem) => return shown(&app, page, &officer, &id, Some(problem), &posted).await,
    };
    let gate = (kind == MatchStepKind::Ask).then(|| safeguard(&page, &officer, &posted)).flatten();
    let chunks = app.chunks();
    let case = who.case.clone();
    let done = app
        .write(move |node, store, env| {
            if let Some(answer) = &gate {
                node.answer_gate(store, env, &who.case, ActKind::Match, answer)?;
            }
            node.match_take(store, env, &*chunks, &who, taken)
        })
        .await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/cases/{case}/match")).into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => {
            let problem = page.failure(&failure);
            shown(&app, page, &officer, &id, Some(problem), &posted).await
        }
    }
}

/// The file of an opening, for the oversight body.
async fn opening(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path((id, audit)): Path<(String, u32)>,
) -> Result<Response, Stop> {
    let file = read(&app, &officer, &id).await?;
    if !file.ours {
        return Err(Stop::NotYours);
    }
    let case = file.case.clone();
    let bytes = app.read(move |node, reader, _| node.match_opening(reader, &case, audit)).await?;
    let bytes = bytes.ok_or(Stop::NotFound)?;
    let named = format!("attachment; filename=\"{}-audit-{audit}.bin\"", file.case);
    let heads = [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_DISPOSITION, named)];
    Ok((heads, bytes).into_response())
}

async fn read(app: &App, officer: &Officer, id: &str) -> Result<MatchFile, Stop> {
    let id = CaseId::new(id).map_err(|_| Stop::NotFound)?;
    let viewer = Viewer::of(officer);
    let file = app.read(move |node, reader, now| node.match_file(reader, now, &id, &viewer)).await?;
    file.ok_or(Stop::NotFound)
}

/// Who takes a step: the officer in the first of their roles that may.
fn stepping(officer: &Officer, case: &CaseId) -> Option<Stepping> {
    let role = STEPPING.iter().copied().find(|role| officer.roles.contains(role))?;
    let by = Person { id: officer.id.clone(), name: officer.name.clone(), role };
    Some(Stepping { case: case.clone(), office: officer.office.clone(), by })
}

/// What a form asks for, or what is wrong with it.
fn taken(page: &Page, kind: MatchStepKind, posted: &Posted) -> Result<Result<Taken, String>, Stop> {
    let audit = || posted.get("audit").parse::<u32>().map_err(|_| Stop::Malformed);
    Ok(Ok(match kind {
        MatchStepKind::Epoch => Taken::Epoch {},
        MatchStepKind::List => match listed::read(posted.get("list").as_bytes()) {
            Ok(records) => Taken::List { records },
            Err(refused) => {
                let line = refused.line.to_string();
                return Ok(Err(page.t2("match-list-refused", "line", line, "what", refused.what)));
            }
        },
        MatchStepKind::Evaluate => Taken::Evaluate {},
        MatchStepKind::Ask => Taken::Ask { person: question(posted) },
        MatchStepKind::Receive => Taken::Receive {},
        MatchStepKind::Draw => Taken::Draw {
            of: Audited::from_code(posted.get("of")).ok_or(Stop::Malformed)?,
            batch: posted.get("batch").parse().map_err(|_| Stop::Malformed)?,
        },
        MatchStepKind::Share => Taken::Share { audit: audit()? },
        MatchStepKind::Reveal => Taken::Reveal { audit: audit()? },
        MatchStepKind::Open => Taken::Open { audit: audit()? },
        MatchStepKind::Find => Taken::Find {
            audit: audit()?,
            finding: AuditFinding::from_code(posted.get("finding")).ok_or(Stop::Malformed)?,
            words: words(page, posted),
        },
        MatchStepKind::Destroy => Taken::Destroy {},
    }))
}

/// What is known of the person asked for.
fn question(posted: &Posted) -> Known {
    let line = |name: &str| posted.get(name).to_owned();
    Known {
        id: String::new(),
        name: line("name"),
        surname: line("surname"),
        given: line("given"),
        born: line("born"),
        sex: line("sex"),
        issuer: line("issuer").to_ascii_uppercase(),
        document: line("document"),
        protected: false,
    }
}

/// Words in each language of the instrument.
fn words(page: &Page, posted: &Posted) -> Prose {
    let langs = langs(page);
    let text = |lang: &domain::text::Lang| Some((lang.clone(), posted.some(&format!("reason-{lang}"))?.to_owned()));
    Prose { original: page.lang().clone(), texts: langs.iter().filter_map(text).collect() }
}

/// The officer's answer to the safeguard against fishing, where they answer it with the question.
fn safeguard(page: &Page, officer: &Officer, posted: &Posted) -> Option<domain::safeguard::GateAnswer> {
    let by = answerer(officer, Gate::NoFishing)?;
    let reason = words(page, posted);
    let finding = domain::safeguard::Finding::Satisfied;
    let (gate, office, at) = (Gate::NoFishing, officer.office.clone(), page.now);
    (!reason.is_blank()).then_some(domain::safeguard::GateAnswer { gate, finding, reason, by, office, at })
}

impl Page {
    /// Whether a case matches without disclosure, and the reader sees it whole.
    #[must_use]
    pub fn has_match(&self, file: &CaseFile) -> bool {
        let rule = file.dossier.case.rule(self.instrument());
        file.mask.is_none() && rule.is_some_and(|rule| rule.matching.is_some())
    }

    /// The word of a step.
    #[must_use]
    pub fn match_step(&self, kind: &MatchStepKind) -> String {
        self.t(&format!("match-step-{}", kind.code()))
    }

    /// The button of a step.
    #[must_use]
    pub fn match_do(&self, kind: &MatchStepKind) -> String {
        self.t(&format!("match-do-{}", kind.code()))
    }

    /// What an audit can come to, with their codes.
    #[must_use]
    pub fn match_findings(&self) -> Vec<(&'static str, String)> {
        AuditFinding::ALL.iter().map(|(finding, code)| (*code, self.match_finding(finding))).collect()
    }

    /// What a step does, before it is taken.
    #[must_use]
    pub fn match_why(&self, kind: &MatchStepKind) -> String {
        self.t(&format!("match-why-{}", kind.code()))
    }

    /// Whether a mark of the track is the present step's.
    #[must_use]
    pub fn is_now(&self, class: &str) -> bool {
        class == "now"
    }

    /// What stands at a place of a list with gaps.
    #[must_use]
    pub fn nth<'l, T>(&self, list: &'l [Option<T>], place: &usize) -> Option<&'l T> {
        list.get(*place).and_then(Option::as_ref)
    }

    /// The code of a step, for its address.
    #[must_use]
    pub fn match_code(&self, kind: &MatchStepKind) -> &'static str {
        kind.code()
    }

    /// What an audit came to.
    #[must_use]
    pub fn match_finding(&self, finding: &AuditFinding) -> String {
        self.t(&format!("match-finding-{}", finding.code()))
    }

    /// What is audited.
    #[must_use]
    pub fn match_audited(&self, of: &Audited, batch: &u32) -> String {
        self.t1(&format!("match-audited-{}", of.code()), "n", batch)
    }

    /// The kinds of keys a record was met under.
    #[must_use]
    pub fn match_kinds(&self, kinds: &[String]) -> String {
        let words: Vec<String> = kinds.iter().map(|kind| self.t(&format!("match-kind-{kind}"))).collect();
        words.join(&self.t("list-and"))
    }

    /// Why a record is like the person asked about.
    #[must_use]
    pub fn match_reasons(&self, score: &matching::score::Score) -> Vec<String> {
        score.reasons.iter().map(|reason| crate::cli::matching::said(reason, self.tongue)).collect()
    }

    /// How sure that is.
    #[must_use]
    pub fn match_band(&self, score: &matching::score::Score) -> String {
        self.t(&format!("match-band-{}", score.band().code()))
    }

    /// A hash by its beginning.
    #[must_use]
    pub fn match_hash(&self, hash: &domain::ids::Hash32) -> String {
        hash.short()
    }

    /// The steps of a run in their order, with how far it has come: done, now, or still to come.
    #[must_use]
    pub fn match_track(&self, file: &MatchFile) -> Vec<(String, &'static str)> {
        let run = &file.run;
        let asked = run.batches.last();
        let done = [
            (MatchStepKind::Epoch, run.key.is_some()),
            (MatchStepKind::List, run.list.is_some()),
            (MatchStepKind::Evaluate, run.evaluated.is_some()),
            (MatchStepKind::Ask, asked.is_some()),
            (MatchStepKind::Receive, asked.is_some_and(|batch| batch.received_at.is_some())),
            (MatchStepKind::Destroy, run.destroyed.len() == 2),
        ];
        let mut now = true;
        done.iter()
            .map(|(kind, done)| {
                let class = if *done {
                    "done"
                } else if std::mem::take(&mut now) {
                    "now"
                } else {
                    ""
                };
                (self.match_step(kind), class)
            })
            .collect()
    }
}
