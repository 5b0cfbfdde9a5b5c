//! What went wrong, for programs: `application/problem+json` (RFC 9457) with a stable code and words in every language.
//!
//! Owns the status of each refusal and the form of a problem. Must not show an internal error's words: they go to the
//! operator's log.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::act::Role;
use domain::content::{Lack, Missing};
use domain::menu::Menu;
use domain::refusal::Refusal;
use domain::safeguard::Gate;
use node::{Failure, Fault};
use serde_json::{Map, Value, json};

use crate::i18n::Tongue;

/// Most characters of a parser's words repeated: it may quote what was sent.
const DETAIL_CHARS_MAX: usize = 300;

/// Most missing parts told in one sentence after another; `missing` has them all.
const MISSING_TOLD_MAX: usize = 8;

/// Why a call was not carried out. Small to carry, as it stands in every result.
#[derive(Debug, Clone)]
pub struct Problem(Box<What>);

#[derive(Debug, Clone)]
struct What {
    status: u16,
    code: String,
    /// The message of its words.
    key: String,
    args: Vec<(&'static str, String)>,
    missing: Vec<Missing>,
    detail: Option<Detail>,
    /// Whether it is an act's contents that cannot be read: their template is another than a request's.
    of_act: bool,
    retry_after_s: Option<u32>,
}

/// Where the input is wrong, in the parser's words; input only, never our own state.
#[derive(Debug, Clone)]
enum Detail {
    Words(String),
    /// At a member, by its path.
    At(String, String),
}

/// Problems of the interface itself, each with words of its own (`api-…`).
pub const CODES: &[&str] = &[
    "not-found",
    "method-not-allowed",
    "unauthorized",
    "not-your-office",
    "not-your-role",
    "malformed",
    "too-large",
    "not-json",
    "too-many-calls",
    "use-drafts",
    "use-match",
    "unknown-attachment",
    "not-here-yet",
    "key-reused",
    "bad-key",
    "machine-only",
    "busy",
    "no-such-instrument",
    "gate-not-asked",
    "only-reads",
];

impl Problem {
    /// A problem of the interface, by its code in [`CODES`], or `fault`.
    #[must_use]
    pub fn plain(status: u16, code: &'static str) -> Self {
        let key = if code == "fault" { "failure-fault".to_owned() } else { format!("api-{code}") };
        let (args, missing) = (Vec::new(), Vec::new());
        Self(Box::new(What {
            status,
            code: code.to_owned(),
            key,
            args,
            missing,
            detail: None,
            of_act: false,
            retry_after_s: None,
        }))
    }

    /// Input that cannot be read, with the reader's words.
    #[must_use]
    pub fn malformed(why: impl std::fmt::Display) -> Self {
        let mut problem = Self::plain(400, "malformed");
        problem.0.detail = Some(Detail::Words(shortened(why)));
        problem
    }

    /// Input one member of which is not what it should be: which, and how it is found out what it may be.
    #[must_use]
    pub fn unread(why: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let mut problem = Self::plain(400, "malformed");
        problem.0.detail = Some(match why.path().to_string() {
            whole if whole == "." => Detail::Words(shortened(why.inner())),
            path => Detail::At(shortened(path), shortened(why.inner())),
        });
        problem
    }

    /// The same, of an act's contents.
    #[must_use]
    pub fn unread_deed(why: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let mut problem = Self::unread(why);
        problem.0.of_act = true;
        problem
    }

    /// The officer has none of the roles this is for.
    #[must_use]
    pub fn for_roles(roles: &[Role]) -> Self {
        let mut problem = Self::plain(403, "not-your-role");
        let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
        problem.0.args = vec![("roles", codes.join(", "))];
        problem
    }

    /// No instrument of that name; those there are.
    #[must_use]
    pub fn no_instrument<'i>(ids: impl Iterator<Item = &'i str>) -> Self {
        let mut problem = Self::plain(404, "no-such-instrument");
        problem.0.args = vec![("instruments", ids.collect::<Vec<_>>().join(", "))];
        problem
    }

    /// A safeguard nobody asks about now; those that are asked.
    #[must_use]
    pub fn not_asked(gate: Gate, asked: impl Iterator<Item = String>) -> Self {
        let asked = asked.collect::<Vec<_>>().join(", ");
        let code = if asked.is_empty() { "gate-not-asked-none" } else { "gate-not-asked" };
        let mut problem = Self::plain(422, code);
        problem.0.code = "gate-not-asked".to_owned();
        problem.0.args = vec![("gate", gate.code().to_owned()), ("asked", asked)];
        problem
    }

    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The same with the moment to come back.
    #[must_use]
    pub fn later(mut self, retry_after_s: u32) -> Self {
        self.0.retry_after_s = Some(retry_after_s);
        self
    }

    /// The problem as it is answered, its title in one language and beside it in all.
    #[must_use]
    pub fn say(&self, tongue: Tongue) -> Response {
        let mut body = Map::new();
        body.insert("type".into(), "about:blank".into());
        body.insert("status".into(), self.0.status.into());
        body.insert("code".into(), self.0.code.as_str().into());
        body.insert("title".into(), self.title(tongue).into());
        for (each, code) in Tongue::ALL {
            body.insert(format!("title_{code}"), self.title(*each).into());
        }
        if let Some(detail) = self.detail(tongue) {
            body.insert("detail".into(), detail.into());
        }
        // A parser's words are its own; what we say we say in every language.
        if !matches!(self.0.detail, Some(Detail::Words(_))) {
            for (each, code) in Tongue::ALL {
                body.extend(self.detail(*each).map(|detail| (format!("detail_{code}"), detail.into())));
            }
        }
        if !self.0.args.is_empty() {
            let args = self.0.args.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
            body.insert("arguments".into(), Value::Object(args.collect()));
        }
        if !self.0.missing.is_empty() {
            body.insert("missing".into(), self.0.missing.iter().map(missing).collect());
        }
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, Value::Object(body).to_string()).into_response();
        if let Some(after) = self.0.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(after));
        }
        if self.0.status == 401 {
            let scheme = HeaderValue::from_static("Bearer realm=\"entente\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }

    /// Which part is wrong, and what to do about it.
    fn detail(&self, tongue: Tongue) -> Option<String> {
        match &self.0.detail {
            Some(Detail::Words(words)) => Some(words.clone()),
            Some(Detail::At(at, why)) => {
                let key = if self.0.of_act { "api-malformed-act" } else { "api-malformed-at" };
                Some(tongue.with(key, &[("at", at), ("why", why)]))
            }
            None if self.0.missing.is_empty() => None,
            None => {
                let told = self.0.missing.iter().take(MISSING_TOLD_MAX).map(|part| lack(tongue, part));
                Some(told.collect::<Vec<_>>().join(" "))
            }
        }
    }

    fn title(&self, tongue: Tongue) -> String {
        let args: Vec<(&'static str, &dyn std::fmt::Display)> =
            self.0.args.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
        tongue.with(&self.0.key, &args)
    }
}

/// A refusal in words, in every language.
#[must_use]
pub(super) fn said(refusal: &Refusal) -> Value {
    let problem = Problem::from(refusal.clone());
    let each = Tongue::ALL.iter().map(|(tongue, code)| ((*code).to_owned(), problem.title(*tongue).into()));
    Value::Object(each.collect())
}

/// As much of a parser's words as is repeated.
fn shortened(words: impl std::fmt::Display) -> String {
    words.to_string().chars().take(DETAIL_CHARS_MAX).collect()
}

/// A missing part by its name in the interface, with what to do about it.
pub(crate) fn lack(tongue: Tongue, part: &Missing) -> String {
    let (mut lang, mut max, mut bar, mut mark) = (String::new(), 0, "", "");
    match &part.what {
        Lack::Translation(wanted) => {
            let known = Tongue::from_code(wanted.as_str());
            lang = known.map_or_else(|| wanted.to_string(), |one| tongue.t(&format!("language-{}", one.code())));
        }
        Lack::TooLong(most) => max = *most,
        Lack::Barred(barred) => (bar, mark) = (barred.code(), barred.mark()),
        Lack::Empty | Lack::WrongKind | Lack::Backwards | Lack::Passed | Lack::Unknown => {}
    }
    let args: [(&'static str, &dyn std::fmt::Display); 5] =
        [("part", &part.field), ("lang", &lang), ("max", &max), ("bar", &bar), ("mark", &mark)];
    let what = tongue.with(&format!("lack-{}", part.what.code()), &args);
    format!("{what} {}", tongue.with(&format!("remedy-{}", part.what.code()), &args)).trim_end().to_owned()
}

/// One missing part as programs read it.
#[must_use]
pub fn missing(part: &Missing) -> Value {
    let mut line = json!({ "field": part.field, "lack": part.what.code() });
    match &part.what {
        Lack::Translation(lang) => line["lang"] = lang.as_str().into(),
        Lack::TooLong(max) => line["max"] = (*max).into(),
        Lack::Barred(bar) => {
            line["bar"] = bar.code().into();
            if !bar.mark().is_empty() {
                line["mark"] = bar.mark().into();
            }
        }
        Lack::Empty | Lack::WrongKind | Lack::Backwards | Lack::Passed | Lack::Unknown => {}
    }
    line
}

/// The status that fits a refusal: gone astray, not yours to do, not now, or not like this.
fn status_of(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::UnknownCase => 404,
        Refusal::NotYourSide { .. }
        | Refusal::NotYourRole { .. }
        | Refusal::NotCompetent { .. }
        | Refusal::NotAParty { .. }
        | Refusal::WrongHand { .. }
        | Refusal::GateRole { .. }
        | Refusal::GateOffice { .. }
        | Refusal::FourEyes => 403,
        Refusal::NotNow { .. }
        | Refusal::Unprepared { .. }
        | Refusal::CaseExists
        | Refusal::Changed
        | Refusal::AlreadyReturned
        | Refusal::AlreadyReconsidered
        | Refusal::NotYetDue
        | Refusal::OutOfOrder
        | Refusal::CaseFull => 409,
        _ => 422,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let missing = match &refusal {
            Refusal::Incomplete { missing } => missing.clone(),
            _ => Vec::new(),
        };
        Self(Box::new(What {
            status: status_of(&refusal),
            code: refusal.code().to_owned(),
            key: format!("refusal-{}", refusal.code()),
            args: refusal.args(),
            missing,
            detail: None,
            of_act: false,
            retry_after_s: None,
        }))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            // Our own programs act for our own officers: they are told, as a page would tell them.
            Failure::Held(held) => {
                let mut problem = Self::plain(409, "fault");
                problem.0.key = format!("held-{}", held.code());
                problem.0.code = format!("held-{}", held.code());
                problem
            }
            Failure::Misbehaved(lie) => {
                let mut problem = Self::plain(422, "fault");
                problem.0.key = format!("misbehaved-{}", lie.code());
                problem.0.code = lie.code().to_owned();
                problem
            }
            Failure::Fault(fault) => fault.into(),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        if let Fault::Contended = fault {
            return Self::plain(503, "busy").later(1);
        }
        tracing::error!(code = "fault", %fault, "a call could not be carried out");
        Self::plain(500, "fault")
    }
}

impl From<store::Fault> for Problem {
    fn from(fault: store::Fault) -> Self {
        Fault::from(fault).into()
    }
}

impl IntoResponse for Problem {
    /// The middleware says it in the caller's language; until then it is only carried.
    fn into_response(self) -> Response {
        let mut response =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_words_in_every_language() {
        for code in CODES.iter().chain(&["fault"]) {
            for (tongue, lang) in Tongue::ALL {
                let problem = match *code {
                    "not-your-role" => Problem::for_roles(&[Role::Approver]),
                    "no-such-instrument" => Problem::no_instrument(["one"].into_iter()),
                    "gate-not-asked" => Problem::not_asked(Gate::Competence, ["SG-1".to_owned()].into_iter()),
                    code => Problem::plain(400, code),
                };
                let title = problem.title(*tongue);
                assert!(!title.contains('⟦'), "{code} in {lang}");
            }
        }
    }

    /// What is wrong with a part is said by its name and with its remedy, in every language.
    #[test]
    fn a_detail_names_the_part_and_what_to_do() {
        fn check(problem: &Problem, part: &str, remedies: [&str; 2]) {
            for ((tongue, lang), remedy) in Tongue::ALL.iter().zip(remedies) {
                let detail = problem.detail(*tongue).unwrap_or_default();
                assert!(detail.contains(part) && detail.contains(remedy) && !detail.contains('⟦'), "{lang}: {detail}");
            }
        }
        let lang = domain::text::Lang::new("zh").expect("a language");
        for (what, remedies) in [
            (Lack::Empty, ["Fill it in.", "请予填写。"]),
            (Lack::Translation(lang), ["Chinese", "中文"]),
            (Lack::WrongKind, ["a value of the kind", "要求的格式"]),
            (Lack::TooLong(12), ["12", "12"]),
            (Lack::Unknown, ["Remove it.", "请予删除。"]),
        ] {
            let missing = vec![Missing { field: "observed".to_owned(), what }];
            check(&Refusal::Incomplete { missing }.into(), "observed", remedies);
        }
        #[derive(Debug, serde::Deserialize)]
        struct Sent {
            #[expect(dead_code, reason = "it is only read")]
            mark: std::collections::BTreeMap<String, u8>,
        }
        let read: Result<Sent, _> = serde_path_to_error::deserialize(json!({ "mark": { "tlp": "RED" } }));
        check(&Problem::unread(&read.expect_err("no number")), "mark.tlp", ["template TYPE", "template TYPE"]);
    }
}
