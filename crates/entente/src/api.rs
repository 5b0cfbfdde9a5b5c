//! `/api/v1`: the same house for programs. JSON in and out, bearer tokens, problems by code (RFC 9457).
//!
//! Owns the one table of routes, from which both the router and the published description (OpenAPI 3.1) are made, and
//! the order in which a call passes: language, who calls, how many at once, handler. Must not decide anything: `domain`
//! does, through `node`. What a handler answers is shaped in `shape`; what is published about it, in `schema`.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;

use crate::app::App;
use crate::gauge::Gauge;
use crate::i18n::Tongue;

mod acts;
mod caller;
mod cases;
mod contacts;
mod drafts;
mod files;
mod instrument;
mod ledger;
mod local;
mod matching;
mod matter;
mod notes;
mod once;
mod openapi;
mod prepared;
mod problem;
mod report;
mod rounds;
mod routes;
mod schema;
mod shape;
mod status;
mod watch;

pub use caller::{Acting, IN_FLIGHT_MAX, JSON_BYTES_MAX};
pub use problem::Problem;
pub use routes::ROUTES;

/// Where the interface begins.
pub const ROOT: &str = "/api/v1";

/// What a handler answers.
pub(crate) type Answer = Result<Response, Problem>;

/// One route: what is published about it and what serves it.
pub struct Route {
    /// The method, in capitals.
    pub verb: &'static str,
    /// The path below [`ROOT`], with `{name}` for parameters.
    pub path: &'static str,
    /// Its name in the description; unique.
    pub id: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What may stand in the query: name, kind in the notation of `schema`, meaning.
    pub asks: &'static [(&'static str, &'static str, &'static str)],
    /// What it takes.
    pub takes: Takes,
    /// What it gives when it succeeds.
    pub gives: Gives,
    /// Whether an `Idempotency-Key` makes repeating it safe.
    pub repeatable: bool,
    /// Whether anybody may call it, without a token.
    pub open: bool,
    /// What serves it.
    pub mount: fn() -> MethodRouter<App>,
}

/// The body a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// None.
    Nothing,
    /// JSON of this shape.
    Json(&'static str),
    /// A file as it is, in whatever media type.
    File,
}

/// What a route answers when it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// Nothing but the status 204.
    Nothing,
    /// JSON of this shape, with this status.
    Json(u16, &'static str),
    /// A file as it is.
    File,
    /// An iCalendar file.
    Calendar,
    /// The description itself.
    Description,
}

/// The members of a deed by its name, each with its kind as the published description has it; `None` for one no person
/// does.
pub(crate) fn deed_members(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    schema::deed(name)
}

/// The members of a published shape with their kinds.
pub(crate) fn shape_members(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    schema::shape(name)
}

/// The codes of a published menu; none for what is no menu.
pub(crate) fn menu_codes(name: &str) -> Vec<String> {
    let shapes = schema::all();
    let codes = shapes.get(name).and_then(|shape| shape["enum"].as_array());
    codes.into_iter().flatten().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

/// The routes of the interface over one node.
pub fn router(app: App) -> Router {
    let mut inner = Router::new();
    for route in ROUTES {
        inner = inner.route(route.path, (route.mount)());
    }
    let inner = inner
        .fallback(async || Problem::plain(404, "not-found"))
        .method_not_allowed_fallback(async || Problem::plain(405, "method-not-allowed"))
        // Every reader of a body has its own limit, smaller or streaming.
        .layer(DefaultBodyLimit::disable())
        .layer(axum::Extension(Gauge::new(IN_FLIGHT_MAX, usize::MAX)))
        .layer(middleware::from_fn_with_state(watch::Watch::new(app.clone()), spoken))
        .with_state(app);
    Router::new().nest(ROOT, inner)
}

/// Says problems in the caller's language, tells the operator of some, and keeps answers out of caches.
async fn spoken(State(watch): State<watch::Watch>, request: Request, next: Next) -> Response {
    let asked =
        request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tongue = Tongue::accepted(asked);
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        watch.note(&problem).await;
        response = problem.say(tongue);
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Answers with JSON.
pub(crate) fn json(status: u16, value: &impl serde::Serialize) -> Answer {
    let status = axum::http::StatusCode::from_u16(status).unwrap_or(axum::http::StatusCode::OK);
    match serde_json::to_vec(value) {
        Ok(bytes) => Ok((status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response()),
        Err(why) => {
            tracing::error!(code = "fault", %why, "an answer could not be written");
            Err(Problem::plain(500, "fault"))
        }
    }
}
