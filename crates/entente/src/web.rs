//! The face: pages that work without script and improve with it.
//!
//! Owns the routes, the headers every answer carries and the order in which a call passes through the house: language,
//! origin, session, page. One file per area below. Must not know keys, SQL or the peer's wire.
//!
//! A page is a struct with a `Page` in it and a template; its handler takes [`Signed`] (or [`Visitor`] where nobody need
//! be signed in), reads through `App::read` and answers with [`html`]. What is posted is read with [`Posted`], which has
//! checked the token against forgery before the handler sees a field.

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use crate::app::App;

mod act;
mod amendment;
mod assets;
mod attachments;
mod called;
mod care;
mod case;
mod cases;
mod clauses;
mod deed;
mod demo;
mod desk;
mod diff;
mod directory;
mod download;
mod draft;
mod forms;
mod indicators;
mod instrument;
mod ledger;
mod live;
mod local;
mod matter;
mod moment;
mod new;
mod operations;
pub(crate) mod page;
mod posted;
pub mod progress;
mod raised;
mod report;
mod request;
mod reveal;
mod rounds;
mod said;
mod session;
mod status;
mod stop;
mod terms;
mod words;

pub use live::STREAMS_AN_OFFICER_MAX;
pub use operations::EVENT_CODES;
pub use page::{Page, Signed, Visitor};
pub use posted::Posted;
pub use said::Said;
pub use stop::Stop;
pub use words::{HEADER_PARTS, WHATS};

/// Most bytes of a posted form: every field of the longest type full in two languages, percent-encoded. Files travel
/// by their own route, which streams.
pub const FORM_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Most bytes of a form posted by whoever need not be signed in: a name or a token, and where to go next.
pub const STRANGERS_FORM_BYTES_MAX: usize = 16 * 1024;

/// What every answer says to the browser. Nothing from another house, no script or style in the page itself.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // `no-referrer` would blank the Origin of our own forms, which is what we check.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Every page of one node.
pub fn router(app: App) -> Router {
    pages()
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(axum::Extension(live::streams()))
        .layer(middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app)
}

fn pages() -> Router<App> {
    Router::new()
        .route("/", get(desk::home))
        .route("/desk", get(desk::show))
        .route("/desk/raised", get(raised::show))
        .route("/cases", get(cases::show))
        .route("/cases/{id}", get(case::show))
        .route("/cases/{id}/status", get(status::show))
        .route("/cases/{id}/notes", post(case::note))
        .route("/cases/{id}/reveals", post(reveal::ask))
        .route("/cases/{id}/reveals/{number}", post(reveal::answer))
        .route("/cases/{id}/files/{root}", get(case::file))
        .route("/directory", get(directory::show))
        .route("/clauses", get(clauses::show))
        .route("/rounds", get(rounds::show))
        .route("/calendar.ics", get(rounds::calendar))
        .route("/progress", get(progress::show))
        .route("/instrument", get(instrument::show))
        .route("/ledger", get(ledger::show))
        .route("/operations", get(operations::show))
        .route("/operations/events/{id}", post(operations::acknowledge))
        .route("/help", get(session::help))
        .route("/sign-in", get(session::form).post(session::sign_in).layer(for_strangers()))
        .route("/sign-out", post(session::sign_out).layer(for_strangers()))
        .route("/demo/clock", post(demo::clock))
        .route("/events", get(live::stream))
        .route("/assets/{name}", get(assets::serve))
        .merge(new::routes())
        .merge(draft::routes())
        .merge(amendment::routes())
        .merge(report::routes())
        .merge(act::routes())
        .merge(local::routes())
        .fallback(stop::nowhere)
}

fn for_strangers() -> DefaultBodyLimit {
    DefaultBodyLimit::max(STRANGERS_FORM_BYTES_MAX)
}

/// Renders a page.
pub fn html(template: &impl Template) -> Response {
    match template.render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What every call passes: a change must come from our own pages, a chosen language is remembered, and every answer has
/// the house's headers.
async fn guard(State(app): State<App>, call: Request, next: Next) -> Response {
    if !matches!(*call.method(), Method::GET | Method::HEAD) && !from_our_pages(&call) {
        return Stop::Foreign.into_response();
    }
    let lang = page::asked_language(call.uri());
    let mut answer = next.run(call).await;
    if let Some(cookie) = lang.and_then(|tongue| HeaderValue::from_str(&session::language_cookie(tongue)).ok()) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    dress(&mut answer);
    let headers = answer.headers_mut();
    // What officers see is never kept by the browser or anything between; assets have said otherwise by now.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.is_demo() {
        headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
    answer
}

/// The answer to a call under a name that is not ours; what serves the port asks for it, whatever is called.
pub(crate) fn misnamed() -> Response {
    let mut answer = Stop::Misnamed.into_response();
    dress(&mut answer);
    answer
}

fn dress(answer: &mut Response) {
    for (name, value) in HEADERS {
        answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// Whether a browser says that this call comes from our own page. Programs that say nothing still need the token.
fn from_our_pages(call: &Request) -> bool {
    let named = |name: HeaderName| call.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = named(HeaderName::from_static("sec-fetch-site"))
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    match (named(header::ORIGIN), named(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests;
