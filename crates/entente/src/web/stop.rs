//! Why a page is not shown, said in every language of the face at once: at this point nobody may have chosen one.
//!
//! Owns the answers to calls that lead nowhere. Must not show an internal error's words: they go to the operator.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::menu::Menu;

use super::assets;
use crate::i18n::Tongue;

/// Why there is no page.
#[derive(Debug)]
pub enum Stop {
    /// There is no such thing here, or not for this officer.
    NotFound,
    /// Nobody is signed in; afterwards, back to this address.
    SignIn(String),
    /// The officer's role does not reach there.
    NotYours,
    /// The call does not come from our own pages, or its token is missing or stale.
    Foreign,
    /// The call was made to a name that is not ours.
    Misnamed,
    /// The officer has as many live pages open as one may.
    TooMany,
    /// The call makes no sense.
    Malformed,
    /// Something of ours failed; the operator has been told.
    Fault(node::Fault),
}

#[derive(Template)]
#[template(path = "stop.html")]
struct StopPage {
    css: String,
    icon: String,
    code: u16,
    words: Vec<(Tongue, String, String)>,
    home: Vec<(Tongue, String)>,
}

/// The answer to an address nobody serves.
pub async fn nowhere() -> Response {
    Stop::NotFound.into_response()
}

impl Stop {
    /// The code of its words.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignIn(_) => "sign-in",
            Self::NotYours => "not-yours",
            Self::Foreign => "foreign",
            Self::Misnamed => "misnamed",
            Self::TooMany => "too-many",
            Self::Malformed => "malformed",
            Self::Fault(_) => "fault",
        }
    }

    /// Every code with words of its own.
    pub const CODES: &'static [&'static str] =
        &["not-found", "not-yours", "foreign", "misnamed", "too-many", "malformed", "fault"];
}

impl From<node::Fault> for Stop {
    fn from(fault: node::Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<store::Fault> for Stop {
    fn from(fault: store::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::SignIn(next) => {
                let next: String = next.bytes().map(encoded).collect();
                return Redirect::to(&format!("/sign-in?next={next}")).into_response();
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotYours | Self::Foreign => StatusCode::FORBIDDEN,
            Self::Misnamed => StatusCode::MISDIRECTED_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Fault(fault) => {
                tracing::error!(%fault, "a page could not be made");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let code = self.code();
        let each =
            |tongue: Tongue| (tongue, tongue.t(&format!("stop-{code}")), tongue.t(&format!("stop-{code}-remedy")));
        let page = StopPage {
            css: assets::address("entente.css"),
            icon: assets::address("mark.svg"),
            code: status.as_u16(),
            words: Tongue::ALL.iter().map(|(tongue, _)| each(*tongue)).collect(),
            home: Tongue::ALL.iter().map(|(tongue, _)| (*tongue, tongue.t("stop-home"))).collect(),
        };
        match page.render() {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => status.into_response(),
        }
    }
}

/// One byte of an address as it may stand inside a query.
fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
