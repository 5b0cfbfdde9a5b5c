//! Who calls, how many calls at once, and the reading of what they send.
//!
//! Owns bearer tokens in requests and the limits on bodies and calls. Must not know any route, nor judge what the
//! caller may do to a case.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use domain::act::{Person, Role};
use domain::ids::OfficerId;
use http_body_util::{BodyExt, Limited};
use node::people::Officer;
use node::view::Viewer;
use serde::de::DeserializeOwned;

use super::Problem;
use crate::app::App;
use crate::gauge::{Gauge, Place};
use crate::letters;

/// Most bytes of a JSON body: every field of the longest type full in two languages, escaped.
pub const JSON_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most calls of one officer's programs under way at once; one more is told to come back. Each holds a reader or waits
/// for the writer, which others want too.
pub const IN_FLIGHT_MAX: usize = 16;
/// Longest token looked up; ours have 64 digits.
const TOKEN_BYTES_MAX: usize = 128;
/// When to come back after too many calls, in seconds.
const COME_BACK_S: u32 = 1;

/// Who acts when the call comes from inside this process (`entente request --dir`). No header can set it.
#[derive(Debug, Clone)]
pub struct Acting(pub OfficerId);

/// The officer a call is made for. Holds a place among the calls under way while it lives.
pub(crate) struct Caller {
    pub officer: Officer,
    _place: Place,
}

/// A JSON body.
pub(crate) struct Json<T>(pub T);

/// A JSON body with its bytes, for routes that can be repeated.
pub(crate) struct JsonBytes<T>(pub T, pub Vec<u8>);

/// Path parameters; what cannot be one is nowhere.
pub(crate) struct At<T>(pub T);

/// The query.
pub(crate) struct Asked<T>(pub T);

impl Caller {
    /// The officer as somebody who looks.
    pub fn viewer(&self) -> Viewer {
        Viewer::of(&self.officer)
    }

    /// The officer in the role asked for, else in the first of their roles that is among `fitting`, else in their first.
    /// The domain judges whether the role will do.
    pub fn person(&self, asked: Option<Role>, fitting: &[Role]) -> Result<Person, Problem> {
        let own = &self.officer.roles;
        let role = asked.or_else(|| own.iter().find(|role| fitting.contains(role)).or(own.first()).copied());
        role.and_then(|role| self.officer.person(role)).ok_or_else(|| Problem::for_roles(fitting))
    }

    /// Demands one of these roles.
    pub fn must_be(&self, roles: &[Role]) -> Result<Person, Problem> {
        let role = self.officer.roles.iter().find(|role| roles.contains(role)).copied();
        role.and_then(|role| self.officer.person(role)).ok_or_else(|| Problem::for_roles(roles))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let stranger = || Problem::plain(401, "unauthorized");
        let officer = match parts.extensions.get::<Acting>().cloned() {
            Some(Acting(id)) => app.read(move |node, reader, _| node.officer(reader, &id)).await?,
            None => {
                let token = token(&parts.headers).ok_or_else(stranger)?;
                app.read(move |node, reader, now| node.bearer(reader, &token, now)).await?
            }
        };
        let officer = officer.ok_or_else(stranger)?;
        if officer.second_track && !open_to_second_track(&parts.method, parts.uri.path()) {
            return Err(Problem::plain(404, "not-found"));
        }
        let Some(gauge) = parts.extensions.get::<Gauge>() else { return Err(Problem::plain(500, "fault")) };
        let place = gauge.take(&officer.id).ok_or_else(|| Problem::plain(429, "too-many-calls").later(COME_BACK_S))?;
        Ok(Self { officer, _place: place })
    }
}

/// What the second track may call: to read cases and what both sides agreed. All else is not there for it.
fn open_to_second_track(method: &Method, path: &str) -> bool {
    const OPEN: &[&str] = &["cases", "instrument", "offices", "clauses", "types"];
    let path = path.strip_prefix(super::ROOT).unwrap_or(path);
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    method == Method::GET && OPEN.contains(&first)
}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (value, _) = read_json(request).await?;
        Ok(Self(value))
    }
}

impl<T: DeserializeOwned> FromRequest<App> for JsonBytes<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (value, bytes) = read_json(request).await?;
        Ok(Self(value, bytes))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = Path::from_request_parts(parts, app).await;
        path.map(|Path(value)| Self(value)).map_err(|_| Problem::plain(404, "not-found"))
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let query = Query::from_request_parts(parts, app).await;
        query.map(|Query(value)| Self(value)).map_err(|why| Problem::malformed(why.body_text()))
    }
}

/// A media type without its parameters, in lower case.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn read_json<T: DeserializeOwned>(request: Request) -> Result<(T, Vec<u8>), Problem> {
    let kind = media_type(request.headers());
    if kind != "application/json" {
        return Err(Problem::plain(415, "not-json"));
    }
    let bytes = collect(request.into_body()).await?;
    let mut value = serde_json::from_slice(&bytes).map_err(Problem::malformed)?;
    letters::compose(&mut value);
    Ok((serde_path_to_error::deserialize(value).map_err(|why| Problem::unread(&why))?, bytes))
}

async fn collect(body: Body) -> Result<Vec<u8>, Problem> {
    match Limited::new(body, JSON_BYTES_MAX).collect().await {
        Ok(whole) => Ok(whole.to_bytes().to_vec()),
        Err(why) if why.is::<http_body_util::LengthLimitError>() => Err(Problem::plain(413, "too-large")),
        Err(why) => Err(Problem::malformed(why)),
    }
}

fn token(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = said.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && token.len() <= TOKEN_BYTES_MAX).then(|| token.to_owned())
}
