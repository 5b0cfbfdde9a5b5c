//! What a form posted, after the token against forgery was checked.
//!
//! Owns the reading of fields in order and the check. Must not know which fields a form has.

use axum::extract::{Form, FromRequest, Request};

use super::{Stop, session};
use crate::app::App;
use crate::letters;

/// The fields of a posted form, in the order of the page. Every handler that changes something reads its form with this.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted {
    fields: Vec<(String, String)>,
}

/// The name of the hidden field that carries the token.
pub const TOKEN_FIELD: &str = "csrf";

impl Posted {
    /// Fields that were read by other means (a multipart form) and whose token was checked there.
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self { fields }
    }

    /// The first value of a field, trimmed; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let named = self.fields.iter().find(|(known, _)| known == name);
        named.map_or("", |(_, value)| value.trim())
    }

    /// The value of a field, trimmed; `None` when it was not sent or is empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Every value of a field, trimmed, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Every field but the token, in order, as sent: to show a form again with everything typed kept.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let kept = self.fields.iter().filter(|(name, _)| name != TOKEN_FIELD);
        kept.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Stop;

    async fn from_request(call: Request, app: &App) -> Result<Self, Stop> {
        let wanted = session::secret(app, call.headers()).map(|secret| session::form_token(&secret));
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(call, app).await.map_err(|_| Stop::Malformed)?;
        let posted =
            Self { fields: fields.into_iter().map(|(name, value)| (name, letters::composed(&value))).collect() };
        match wanted {
            Some(token) if posted.get(TOKEN_FIELD) != token => Err(Stop::Foreign),
            _ => Ok(posted),
        }
    }
}
