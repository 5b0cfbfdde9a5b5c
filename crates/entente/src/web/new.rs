//! Beginning a request: which type, to which office.
//!
//! Owns the choice. Must not know a request's contents: the draft's page does.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::act::{ActKind, Person, Role};
use domain::clock::ClockKind;
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::instrument::{ProcedureKind, RequestType, TypeStatus};
use domain::procedure;
use domain::refusal::Refusal;
use node::people::Officer;
use node::{Beginning, Draft, Failure};

use super::called::DOINGS;
use super::{Page, Posted, Signed, Stop, html};
use crate::app::App;

/// The roles that may write a request, the usual one first.
pub const WRITERS: &[Role] = &[Role::Drafter, Role::Approver];

/// One type that the officer's office may send.
struct Offer {
    rule: RequestType,
    area: String,
    to: Vec<OfficeId>,
    /// The clock the other side answers by first, at the usual urgency.
    clock: Option<String>,
}

/// The types that serve one thing an officer wants to do.
struct Group {
    /// What it is called, as a message key begins: `request`.
    doing: &'static str,
    offers: Vec<Offer>,
}

#[derive(Template)]
#[template(path = "forms/new.html")]
struct NewPage {
    page: Page,
    groups: Vec<Group>,
    drafts: Vec<Draft>,
    office: OfficeId,
    may: bool,
    roles: String,
    problem: Option<String>,
}

/// The addresses of a new request.
pub fn routes() -> Router<App> {
    Router::new().route("/new", get(show).post(begin))
}

/// The officer as one who writes requests.
#[must_use]
pub fn writer(officer: &Officer) -> Option<Person> {
    WRITERS.iter().find_map(|role| officer.person(*role))
}

async fn show(Signed { page, officer }: Signed, State(app): State<App>) -> Result<Response, Stop> {
    chosen(&app, page, officer, None).await
}

async fn begin(Signed { page, officer }: Signed, State(app): State<App>, posted: Posted) -> Result<Response, Stop> {
    let asked = (TypeCode::new(posted.get("type")), OfficeId::new(posted.get("to")));
    let (Ok(type_code), Ok(to)) = asked else {
        let problem = page.t("form-new-choose");
        return chosen(&app, page, officer, Some(problem)).await;
    };
    let Some(by) = writer(&officer) else {
        let role = officer.roles.first().copied().unwrap_or(Role::Auditor);
        let problem = page.refusal(&Refusal::NotYourRole { act: ActKind::Submit, role, may: WRITERS.to_vec() });
        return chosen(&app, page, officer, Some(problem)).await;
    };
    let continues = posted.some("continues").map(CaseId::new).transpose();
    let Ok(continues) = continues else { return Err(Stop::Malformed) };
    let begun = Beginning { office: officer.office.clone(), type_code, to, by, continues };
    let exercise = app.is_demo();
    let begun = app.write(move |node, store, env| {
        let mut draft = node.begin_draft(store, env, &begun, &|_, _| Ok(Vec::new()))?;
        if exercise {
            draft.request.exercise = true;
            draft = node.save_draft(store, env, &draft)?;
        }
        Ok::<_, Failure>(draft)
    });
    let made = begun.await;
    match made {
        Ok(draft) => Ok(Redirect::to(&format!("/drafts/{}", draft.id)).into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => {
            let problem = page.failure(&failure);
            chosen(&app, page, officer, Some(problem)).await
        }
    }
}

fn offer(page: &Page, rule: &RequestType) -> Offer {
    let area = page.instrument().areas().iter().find(|area| area.id == rule.area);
    // What the asking side wants to know is when it will be told; where no answer is owed, when it will be heard.
    let first = [ClockKind::Decision, ClockKind::Completion, ClockKind::Ack].into_iter();
    let clock = first.filter(|kind| procedure::asks(rule.procedure, *kind)).find_map(|kind| {
        let span = rule.clock(rule.usual_urgency, kind)?;
        Some(page.t2("new-clock", "clock", page.clock_kind_in(&rule.code, &kind), "span", page.span(&span)))
    });
    Offer {
        area: area.map(|area| page.text(&area.name)).unwrap_or_default(),
        to: rule.may_receive.iter().filter(|to| to.party() != *page.us()).cloned().collect(),
        clock,
        rule: rule.clone(),
    }
}

async fn chosen(app: &App, page: Page, officer: Officer, problem: Option<String>) -> Result<Response, Stop> {
    let offers = |kinds: &[ProcedureKind]| {
        let types = page.instrument().types().values();
        let on = types.filter(|rule| rule.status == TypeStatus::On && kinds.contains(&rule.procedure));
        on.filter(|rule| rule.may_send.contains(&officer.office)).map(|rule| offer(&page, rule)).collect()
    };
    let groups = DOINGS.iter().map(|(doing, kinds)| Group { doing, offers: offers(kinds) });
    let groups: Vec<Group> = groups.filter(|group| !group.offers.is_empty()).collect();
    let office = officer.office.clone();
    let drafts = app.read(move |node, reader, _| node.drafts(reader, Some(&office))).await?;
    let may = writer(&officer).is_some();
    let roles = page.roles(WRITERS);
    Ok(html(&NewPage { page, groups, drafts, office: officer.office, may, roles, problem }))
}
