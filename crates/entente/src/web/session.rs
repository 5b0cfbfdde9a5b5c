//! Who is at the screen: signing in and out, the cookies, and the token every form carries.
//!
//! Owns cookie names and their attributes. The session itself is kept by `node::people`. Must not know what an officer
//! may do.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::act::Role;
use domain::ids::{OfficeId, OfficerId};
use domain::menu::Menu;
use node::people::{Officer, SESSION_LASTS, TOKEN_LASTS};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Page, Posted, Stop, Visitor, html};
use crate::app::App;
use crate::i18n::Tongue;

/// The cookie that keeps the language; both capitals of a demo share it.
pub const LANGUAGE_COOKIE: &str = "entente-lang";

/// The cookie of the instrument chosen, where the node has several.
pub const INSTRUMENT_COOKIE: &str = "entente-under";
/// How long a chosen language is kept, in seconds: a year.
const LANGUAGE_AGE_S: u32 = 31_536_000;
/// Longest secret read from a cookie; ours have 64 digits.
const SECRET_BYTES_MAX: usize = 128;

/// The ways in of one office.
pub struct House {
    /// The office's name.
    pub office: String,
    /// Its people.
    pub personas: Vec<Persona>,
}

/// One way in on the sign-in page of a demo.
pub struct Persona {
    /// The officer.
    pub officer: Officer,
    /// The words of the roles.
    pub roles: String,
    /// Whether this is who is signed in now.
    pub current: bool,
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInPage {
    page: Page,
    houses: Vec<House>,
    next: String,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    page: Page,
    roles: Vec<(String, String)>,
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct After {
    next: Option<String>,
}

/// The sign-in page: personas in a demo, a token field otherwise.
pub async fn form(
    Visitor(page): Visitor,
    State(app): State<App>,
    Query(after): Query<After>,
) -> Result<Response, Stop> {
    let next = own_path(after.next.as_deref().unwrap_or("/desk"));
    Ok(html(&SignInPage { houses: houses(&app, &page).await?, page, next, wrong: false }))
}

/// Signs in: as the persona chosen in a demo, or as the officer a token was issued for.
pub async fn sign_in(
    Visitor(page): Visitor,
    State(app): State<App>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Stop> {
    let demo = app.is_demo();
    // The demo's visitor moves the clock by weeks; nobody's session should end with a press of that button.
    let lasts = if demo { TOKEN_LASTS } else { SESSION_LASTS };
    let (officer, token) = (posted.get("officer").to_owned(), posted.get("token").to_owned());
    let opened = app
        .write(move |node, store, env| -> Result<Option<String>, node::Fault> {
            let reader = store.reader()?;
            let officer = match OfficerId::new(&officer) {
                Ok(id) if demo => node.officer(&*reader, &id)?,
                _ => node.bearer(&*reader, &token, env.now)?,
            };
            drop(reader);
            officer.map(|officer| node.open_session(store, env, &officer.id, lasts)).transpose()
        })
        .await?;
    let next = own_path(posted.get("next"));
    let Some(secret) = opened else {
        return Ok(html(&SignInPage { houses: houses(&app, &page).await?, page, next, wrong: true }));
    };
    let cookie = session_cookie(&app, &headers, &secret, lasts.as_secs());
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&next)).into_response())
}

/// Signs out.
pub async fn sign_out(State(app): State<App>, headers: HeaderMap, _posted: Posted) -> Result<Response, Stop> {
    if let Some(secret) = secret(&app, &headers) {
        app.write(move |node, store, _| node.close_session(store, &secret)).await?;
    }
    Ok(([(header::SET_COOKIE, session_cookie(&app, &headers, "", 0))], Redirect::to("/sign-in")).into_response())
}

/// The help page.
pub async fn help(Visitor(page): Visitor) -> Response {
    let roles = Role::ALL.iter().map(|(role, code)| (page.role(role), page.t(&format!("help-role-{code}")))).collect();
    html(&HelpPage { page, roles })
}

/// The secret of the session a call carries, unchecked.
#[must_use]
pub fn secret(app: &App, headers: &HeaderMap) -> Option<String> {
    let secret = cookie(headers, &session_name(app))?;
    (!secret.is_empty() && secret.len() <= SECRET_BYTES_MAX).then(|| secret.to_owned())
}

/// The token the forms of a session carry: known only to who knows the secret, and telling nothing about it.
#[must_use]
pub fn form_token(secret: &str) -> String {
    let hash = Sha256::new().chain_update(b"entente/form-token/1\n").chain_update(secret).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The cookie that keeps a language.
#[must_use]
pub fn instrument_cookie(id: &str) -> String {
    format!("{INSTRUMENT_COOKIE}={id}; Path=/; Max-Age={LANGUAGE_AGE_S}; SameSite=Lax")
}

/// The cookie that keeps a chosen language.
#[must_use]
pub fn language_cookie(tongue: Tongue) -> String {
    format!("{LANGUAGE_COOKIE}={}; Path=/; Max-Age={LANGUAGE_AGE_S}; SameSite=Lax", tongue.code())
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (known, value) = pair.trim().split_once('=')?;
        (known == name).then_some(value)
    })
}

/// A path of our own house, or the desk: never an address of another.
#[must_use]
pub fn own_path(path: &str) -> String {
    // Browsers drop tabs and line ends wherever they stand: `/<TAB>/elsewhere` would lead to another house.
    let plain =
        path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && !path.starts_with("/sign-in") { path.to_owned() } else { "/desk".to_owned() }
}

/// Everybody, office by office, the busiest first: those are whom a visitor wants to be.
async fn houses(app: &App, page: &Page) -> Result<Vec<House>, Stop> {
    if !app.is_demo() {
        return Ok(Vec::new());
    }
    let officers = app.read(|node, reader, _| node.officers(reader)).await?;
    let mut houses: BTreeMap<OfficeId, Vec<Persona>> = BTreeMap::new();
    for officer in officers {
        let persona = Persona {
            roles: officer.roles.iter().map(|role| page.role(role)).collect::<Vec<_>>().join(" · "),
            current: page.officer.as_ref().is_some_and(|present| present.id == officer.id),
            officer,
        };
        houses.entry(persona.officer.office.clone()).or_default().push(persona);
    }
    let mut houses: Vec<House> = houses
        .into_iter()
        .map(|(office, mut personas)| {
            personas.sort_by_key(|persona| persona.officer.roles.first().copied());
            House { office: page.office_name(&office), personas }
        })
        .collect();
    houses.sort_by_key(|house| std::cmp::Reverse(house.personas.len()));
    Ok(houses)
}

/// Cookies do not tell ports apart, so two nodes on one machine need two names.
fn session_name(app: &App) -> String {
    format!("entente-{}", app.node().me().as_str().to_lowercase())
}

/// `Secure` wherever a proxy in front speaks TLS; on loopback, where the demo lives, browsers would drop it.
fn session_cookie(app: &App, headers: &HeaderMap, secret: &str, age_s: i64) -> HeaderValue {
    let tls = headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let secure = if tls { "; Secure" } else { "" };
    let line = format!("{}={secret}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}", session_name(app));
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_gone_to() {
        fn check(path: &str, want: &str) {
            assert_eq!(own_path(path), want, "{path}");
        }
        for (path, want) in [
            ("/cases?stage=refused", "/cases?stage=refused"),
            ("//evil.example/", "/desk"),
            ("https://evil.example/", "/desk"),
            ("/\\evil.example", "/desk"),
            ("/\t/evil.example", "/desk"),
            ("/\0/x", "/desk"),
            ("/a\r\nSet-Cookie: x", "/desk"),
            ("/sign-in?next=/sign-in", "/desk"),
            ("", "/desk"),
        ] {
            check(path, want);
        }
    }
}
