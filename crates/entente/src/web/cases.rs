//! The list of cases: filtered, searched, page by page.
//!
//! Owns the reading of its query. Must not know a case's contents.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::ids::{CaseId, OfficeId, PartyId, TypeCode};
use domain::instrument::{ProcedureKind, RequestType};
use domain::menu::Menu;
use domain::procedure::Stage;
use node::view::{CaseLine, Lateness, RungTask, Viewer};
use serde::Deserialize;
use store::{CaseCursor, CaseFilter, CaseOrder, Direction, Moment};

use super::{Page, Signed, Stop, html};
use crate::app::App;

/// Cases on a page: what one screen and a half hold.
const PAGE_LEN: usize = 40;
/// Longest search, in characters; more words would not find more.
const SEARCH_CHARS_MAX: usize = 120;

/// What was asked for; anything that is not a known choice is no choice.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    stage: String,
    direction: String,
    turn: String,
    #[serde(rename = "type")]
    type_code: String,
    procedure: String,
    area: String,
    office: String,
    peer: String,
    due: String,
    order: String,
    q: String,
    after: String,
}

/// One choice of a list in the form.
struct Choice {
    value: String,
    words: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    page: Page,
    asked: Asked,
    stages: Vec<Choice>,
    directions: Vec<Choice>,
    turns: Vec<Choice>,
    types: Vec<Choice>,
    procedures: Vec<Choice>,
    areas: Vec<Choice>,
    offices: Vec<Choice>,
    peers: Vec<Choice>,
    orders: Vec<Choice>,
    dues: Vec<Choice>,
    /// The duties of the ladder that a tile of the desk counts with these cases.
    tasks: Vec<RungTask>,
    /// How many there are in all, where the page does not hold them.
    tasks_all: Option<usize>,
    lines: Vec<CaseLine>,
    next: Option<String>,
}

/// The list.
pub async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Query(mut asked): Query<Asked>,
) -> Result<Response, Stop> {
    asked.q = asked.q.chars().filter(|letter| !letter.is_control()).take(SEARCH_CHARS_MAX).collect();
    // A whole reference goes straight to its case.
    if let Ok(id) = CaseId::new(asked.q.trim())
        && app.read(move |_, reader, _| reader.case(&id)).await?.is_some()
    {
        return Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&format!(
            "/cases/{}",
            asked.q.trim()
        ))));
    }
    let viewer = Viewer::of(&officer);
    let types = types(&page, &asked);
    let nothing = types.as_ref().is_some_and(Vec::is_empty);
    let filter = filter(&page, &asked, types);
    let tile = asked.tile(&viewer.office);
    let (lines, next, mut tasks) =
        if nothing { (Vec::new(), None, Vec::new()) } else { read(&app, viewer, filter, tile).await? };
    let tasks_all = Some(tasks.len()).filter(|all| *all > PAGE_LEN);
    tasks.truncate(PAGE_LEN);
    let next = next.map(|cursor| asked.address(&cursor));
    Ok(html(&CasesPage {
        stages: choices(Stage::ALL.iter().map(|(stage, code)| (*code, page.stage(stage))).skip(1), &asked.stage),
        directions: choices(
            [("outgoing", page.t("direction-outgoing")), ("incoming", page.t("direction-incoming"))],
            &asked.direction,
        ),
        turns: choices([("us", page.t("turn-us")), ("them", page.t("turn-them"))], &asked.turn),
        types: choices(
            page.instrument()
                .types()
                .values()
                .filter(|rule| page.in_force(rule))
                .map(|rule| (rule.code.as_str(), format!("{} {}", rule.code, page.text(&rule.name)))),
            &asked.type_code,
        ),
        procedures: choices(
            ProcedureKind::ALL.iter().map(|(kind, code)| (*code, page.procedure(kind))),
            &asked.procedure,
        ),
        areas: choices(
            page.instrument().areas().iter().map(|area| (area.id.as_str(), page.text(&area.name))),
            &asked.area,
        ),
        offices: choices(
            page.instrument().offices_of(page.us()).map(|office| (office.id.as_str(), page.text(&office.short))),
            &asked.office,
        ),
        peers: choices(page.node().peers().keys().map(|peer| (peer.as_str(), page.party(peer))), &asked.peer),
        dues: choices([("overdue", page.t("count-overdue")), ("today", page.t("count-today"))], &asked.due),
        orders: choices([("updated", page.t("order-updated"))], &asked.order),
        tasks,
        tasks_all,
        lines,
        next,
        asked,
        page,
    }))
}

/// One page of the list; for what a tile of the desk leads to, with the duties of the ladder it counts, and without the
/// refusals that are reconsidered: those stand among the duties, and are no case of the office that refused to move on.
async fn read(
    app: &App,
    viewer: Viewer,
    filter: CaseFilter,
    tile: Option<Option<Lateness>>,
) -> Result<(Vec<CaseLine>, Option<CaseCursor>, Vec<RungTask>), Stop> {
    let read = app.read(move |node, reader, now| -> Result<_, node::Fault> {
        let raised = if tile.is_some() { node.raised(reader, now, &viewer)? } else { Vec::new() };
        Ok((node.case_lines(reader, now, &viewer, &filter)?, raised))
    });
    let ((mut lines, next), mut tasks) = read.await?;
    if let Some(late) = tile {
        tasks.retain(|task| late.is_none_or(|wanted| task.lateness == wanted));
        lines.retain(|line| line.stage != Stage::Reconsidering);
    }
    Ok((lines, next, tasks))
}

/// The types of a procedure, an area, or just one; `None` when any will do, and none at all when no type is all of it.
fn types(page: &Page, asked: &Asked) -> Option<Vec<TypeCode>> {
    let procedure = ProcedureKind::from_code(&asked.procedure);
    let code = TypeCode::new(&asked.type_code).ok();
    let area = page.instrument().areas().iter().find(|area| area.id == asked.area).map(|area| &area.id);
    if procedure.is_none() && code.is_none() && area.is_none() {
        return None;
    }
    let fits = |rule: &&RequestType| {
        procedure.is_none_or(|kind| rule.procedure == kind)
            && code.as_ref().is_none_or(|code| rule.code == *code)
            && area.is_none_or(|area| rule.area == *area)
    };
    Some(page.instrument().types().values().filter(fits).map(|rule| rule.code.clone()).collect())
}

fn filter(page: &Page, asked: &Asked, types: Option<Vec<TypeCode>>) -> CaseFilter {
    CaseFilter {
        mark: None,
        stage: Stage::from_code(&asked.stage).map(|stage| stage.code().to_owned()),
        turn: match asked.turn.as_str() {
            "us" => Some(page.us().clone()),
            _ => None,
        },
        turn_of_others: (asked.turn == "them").then(|| page.us().clone()),
        direction: match asked.direction.as_str() {
            "outgoing" => Some(Direction::Outgoing),
            "incoming" => Some(Direction::Incoming),
            _ => None,
        },
        types: types.unwrap_or_default(),
        our_office: OfficeId::new(&asked.office).ok(),
        peer: PartyId::new(&asked.peer).ok(),
        due_from: (asked.due == "today").then(|| Moment::from(page.now)),
        overdue_before: match asked.due.as_str() {
            "overdue" => Some(Moment::from(page.now)),
            "today" => Some(Moment::from(page.node().today_ends(page.now))),
            _ => None,
        },
        terms: page.node().terms(&asked.q),
        order: if asked.order == "updated" { CaseOrder::Updated } else { CaseOrder::Due },
        limit: PAGE_LEN,
        after: CaseCursor::parse(&asked.after),
    }
}

fn choices<'a>(all: impl IntoIterator<Item = (&'a str, String)>, chosen: &str) -> Vec<Choice> {
    all.into_iter().map(|(value, words)| Choice { value: value.to_owned(), words, chosen: value == chosen }).collect()
}

impl Asked {
    /// Whether it is what a tile of the desk of `office` leads to, and how late things are there; `None` when something else
    /// was asked for.
    fn tile(&self, office: &OfficeId) -> Option<Option<Lateness>> {
        let narrowed = [
            &self.stage,
            &self.direction,
            &self.type_code,
            &self.procedure,
            &self.area,
            &self.peer,
            &self.q,
            &self.after,
        ];
        let own = self.turn == "us" && self.office == office.as_str() && narrowed.iter().all(|value| value.is_empty());
        own.then_some(match self.due.as_str() {
            "overdue" => Some(Lateness::Overdue),
            "today" => Some(Lateness::Today),
            _ => None,
        })
    }

    /// The address of the next page.
    fn address(&self, after: &CaseCursor) -> String {
        let pairs = [
            ("stage", &self.stage),
            ("direction", &self.direction),
            ("turn", &self.turn),
            ("type", &self.type_code),
            ("procedure", &self.procedure),
            ("area", &self.area),
            ("office", &self.office),
            ("peer", &self.peer),
            ("due", &self.due),
            ("order", &self.order),
            ("q", &self.q),
        ];
        let kept = pairs.iter().filter(|(_, value)| !value.is_empty());
        let kept: String = kept.map(|(name, value)| format!("{name}={}&", encoded(value))).collect();
        format!("/cases?{kept}after={after}")
    }
}

/// A value as it may stand in a query.
fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    value.bytes().map(byte).collect()
}
