//! Where a command is carried out: at a running node over HTTP, or in a stopped node's folder through the same routes.
//!
//! Owns the way of a call. Must not know any command.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, Uri, header};
use domain::ids::OfficerId;
use http_body_util::{BodyExt, Limited};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::super::Trouble;
use super::print;
use super::remedy::{self, About};
use crate::api::{self, Acting};
use crate::app::{App, Clock, Parts};
use crate::home::{Held, Home};
use crate::pieces::{self, PIECE_BYTES};

/// Largest answer read: a page of acts with long letters.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Which node, and as whom.
#[derive(Debug, clap::Args)]
pub struct Reach {
    /// A running node's address, loopback only; by default $ENTENTE_NODE.
    #[arg(long, value_name = "URL", global = true)]
    node: Option<String>,
    /// The token to call with; by default $ENTENTE_TOKEN, which other users of the machine cannot see.
    #[arg(long, global = true)]
    token: Option<String>,
    /// The instrument, by its id, where the node works under several; by default that of your office, or of the case.
    #[arg(long, value_name = "ID", global = true)]
    instrument: Option<String>,
    /// A stopped node's folder, instead of a running node.
    #[arg(long, global = true, conflicts_with = "node")]
    dir: Option<PathBuf>,
    /// With --dir: the officer to act as.
    #[arg(long = "as", value_name = "OFFICER", global = true, requires = "dir")]
    officer: Option<String>,
}

impl Reach {
    /// Whether an instrument is named.
    #[must_use]
    pub fn names_instrument(&self) -> bool {
        self.instrument.is_some()
    }
}

/// What came of a call, and how its answer is shown to people.
pub enum Said {
    /// It was done.
    Answered(Value, fn(&Value) -> Vec<String>),
    /// It was done, and these lines show its answer to people.
    Told(Value, Vec<String>),
    /// It was refused, with the reason.
    Refused(Value),
}

/// A node within reach, and who calls.
pub struct Desk {
    way: Way,
    who: Value,
    langs: Vec<String>,
    instrument: Value,
    /// What the command is about: what is refused is told with the command that helps.
    pub about: About,
}

enum Way {
    /// `host:port`, and the token.
    Remote { authority: String, token: String },
    /// The node itself, opened here.
    Local { app: App, officer: OfficerId, _held: Held },
}

impl Said {
    /// The same, shown in this way.
    #[must_use]
    pub fn shown(self, how: fn(&Value) -> Vec<String>) -> Self {
        match self {
            Self::Answered(answer, _) => Self::Answered(answer, how),
            other @ (Self::Told(..) | Self::Refused(_)) => other,
        }
    }

    /// The same, shown in lines made now.
    #[must_use]
    pub fn told(self, lines: impl FnOnce(&Value) -> Vec<String>) -> Self {
        match self {
            Self::Answered(answer, _) => {
                let lines = lines(&answer);
                Self::Told(answer, lines)
            }
            other @ (Self::Told(..) | Self::Refused(_)) => other,
        }
    }
}

impl Desk {
    /// Finds the node and asks it who calls.
    ///
    /// # Errors
    /// [`Trouble`] when it cannot be reached or does not know the caller.
    pub async fn open(reach: &Reach) -> Result<Self, Trouble> {
        let way = match &reach.dir {
            Some(dir) => Way::local(dir, reach.officer.as_deref())?,
            None => Way::remote(reach)?,
        };
        let mut desk =
            Self { way, who: Value::Null, langs: Vec::new(), instrument: Value::Null, about: About::default() };
        let asked = reach.instrument.iter().map(|named| ("instrument", named.clone())).collect::<Vec<_>>();
        let instrument = format!("/instrument?{}", query(&asked));
        let (who, instrument) = (desk.get("/whoami").await?, desk.get(instrument.trim_end_matches('?')).await?);
        match (who, instrument) {
            (Said::Answered(who, _), Said::Answered(instrument, _)) => {
                let langs = instrument["langs"].as_array().into_iter().flatten();
                desk.langs = langs.filter_map(Value::as_str).map(str::to_owned).collect();
                desk.who = who;
                desk.instrument = instrument;
                Ok(desk)
            }
            (Said::Refused(problem), _) | (_, Said::Refused(problem)) => {
                Err(Trouble(print::problem(&problem).join("; ")))
            }
            // A call is answered or refused; only commands tell.
            (Said::Told(..), _) | (_, Said::Told(..)) => {
                Err(Trouble("the node's answer makes no sense; is it of this version? `entente --version`".to_owned()))
            }
        }
    }

    /// The officer the commands are carried out as.
    #[must_use]
    pub fn me(&self) -> &Value {
        &self.who["officer"]
    }

    /// The officer's language.
    #[must_use]
    pub fn lang(&self) -> &str {
        self.me()["lang"].as_str().unwrap_or_default()
    }

    /// The instrument's languages.
    #[must_use]
    pub fn langs(&self) -> &[String] {
        &self.langs
    }

    /// The instrument, as the interface shows it.
    #[must_use]
    pub fn instrument(&self) -> &Value {
        &self.instrument
    }

    /// From here on the instrument is the one of this hash or id, as the matter at hand stands under it.
    ///
    /// # Errors
    /// As [`Desk::get`].
    pub async fn under(&mut self, named: &Value) -> Result<(), Trouble> {
        let Some(named) = named.as_str() else { return Ok(()) };
        if self.instrument["hash"] == *named || self.instrument["id"] == *named {
            return Ok(());
        }
        let path = format!("/instrument?{}", query(&[("instrument", named.to_owned())]));
        let instrument = self.value(&path).await?;
        let langs = instrument["langs"].as_array().into_iter().flatten();
        self.langs = langs.filter_map(Value::as_str).map(str::to_owned).collect();
        self.instrument = instrument;
        Ok(())
    }

    /// The address of something that every instrument has its own of, under ours.
    #[must_use]
    pub fn of_instrument(&self, path: &str) -> String {
        let hash = self.instrument["hash"].as_str().unwrap_or_default();
        format!("{path}?{}", query(&[("instrument", hash.to_owned())]))
    }

    /// The address of the type of a request, under its instrument.
    #[must_use]
    pub fn rule_path(&self, request: &Value) -> String {
        self.of_instrument(&format!("/types/{}", request["type_code"].as_str().unwrap_or_default()))
    }

    /// Our Party.
    #[must_use]
    pub fn party(&self) -> &str {
        self.who["party"].as_str().unwrap_or_default()
    }

    /// Reads something that is there for everyone; a refusal is trouble.
    ///
    /// # Errors
    /// As [`Desk::get`].
    pub async fn value(&mut self, path: &str) -> Result<Value, Trouble> {
        match self.get(path).await? {
            Said::Answered(value, _) | Said::Told(value, _) => Ok(value),
            Said::Refused(problem) => Err(Trouble(print::problem(&problem).join("; "))),
        }
    }

    /// Reads something.
    ///
    /// # Errors
    /// [`Trouble`] when the node cannot be reached or the call makes no sense.
    pub async fn get(&mut self, path: &str) -> Result<Said, Trouble> {
        self.call(Method::GET, path, None).await
    }

    /// Does something.
    ///
    /// # Errors
    /// As [`Desk::get`].
    pub async fn post(&mut self, path: &str, body: &Value) -> Result<Said, Trouble> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Replaces something.
    ///
    /// # Errors
    /// As [`Desk::get`].
    pub async fn put(&mut self, path: &str, body: &Value) -> Result<Said, Trouble> {
        self.call(Method::PUT, path, Some(body)).await
    }

    /// Removes something.
    ///
    /// # Errors
    /// As [`Desk::get`].
    pub async fn delete(&mut self, path: &str) -> Result<Said, Trouble> {
        self.call(Method::DELETE, path, None).await
    }

    /// Sends a file as it is read.
    ///
    /// # Errors
    /// As [`Desk::get`], and when the file cannot be read.
    pub async fn upload(&mut self, path: &str, file: &Path) -> Result<Said, Trouble> {
        let unread = |why: std::io::Error| Trouble(format!("cannot read `{}` ({why}); check the path", file.display()));
        let mut source = tokio::fs::File::open(file).await.map_err(unread)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (pieces, body) = pieces::channel();
        let reading = tokio::spawn(async move {
            let mut buffer = vec![0; PIECE_BYTES];
            loop {
                let piece = match source.read(&mut buffer).await {
                    Ok(0) => return,
                    Ok(read) => Ok(buffer[..read].to_vec().into()),
                    Err(why) => Err(why),
                };
                if pieces.send(piece).await.is_err() {
                    return;
                }
            }
        });
        let path = format!("{path}?{}", query(&[("name", name)]));
        let said = self.send(Method::POST, &path, Some("application/octet-stream"), Body::new(body)).await;
        reading.abort();
        said
    }

    /// Lets the node go.
    pub async fn close(self) {
        if let Way::Local { app, .. } = self.way {
            app.stop().await;
        }
    }

    /// Fetches a file as it is.
    ///
    /// # Errors
    /// [`Trouble`] when the node cannot be reached or does not give it.
    pub async fn bytes(&mut self, path: &str) -> Result<Vec<u8>, Trouble> {
        let request = Request::builder().uri(format!("{}{path}", api::ROOT)).header(header::ACCEPT_LANGUAGE, tongue());
        let request = request
            .body(Body::empty())
            .map_err(|why| Trouble(format!("`{path}` cannot be called: {why}; check the names")))?;
        let (status, bytes) = self.way.carry(request).await?;
        if status.is_success() {
            return Ok(bytes);
        }
        let problem = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let lines = print::problem(&problem).into_iter().chain(remedy::of(&problem, &self.about));
        Err(Trouble(lines.collect::<Vec<_>>().join("\n")))
    }

    async fn call(&mut self, method: Method, path: &str, body: Option<&Value>) -> Result<Said, Trouble> {
        match body {
            Some(body) => self.send(method, path, Some("application/json"), Body::from(body.to_string())).await,
            None => self.send(method, path, None, Body::empty()).await,
        }
    }

    async fn send(&mut self, method: Method, path: &str, kind: Option<&str>, body: Body) -> Result<Said, Trouble> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", api::ROOT));
        request = request.header(header::ACCEPT_LANGUAGE, tongue());
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request =
            request.body(body).map_err(|why| Trouble(format!("`{path}` cannot be called: {why}; check the names")))?;
        let (status, bytes) = self.way.carry(request).await?;
        let value = match bytes.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&bytes)
                .map_err(|_| Trouble(format!("the answer ({status}) is not this program's; check the address")))?,
        };
        match status {
            status if status.is_success() => Ok(Said::Answered(value, print::nothing)),
            // Rules were applied: what was asked may not be done now, or not like this.
            StatusCode::FORBIDDEN | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => Ok(Said::Refused(value)),
            _ => {
                let lines = print::problem(&value).into_iter().chain(remedy::of(&value, &self.about));
                Err(Trouble(lines.collect::<Vec<_>>().join("\n")))
            }
        }
    }
}

impl Way {
    fn remote(reach: &Reach) -> Result<Self, Trouble> {
        let wanted = |what: &str, name: &str| Trouble(format!("no {what}; give one, or set {name} (or use --dir)"));
        let set = |given: &Option<String>, name: &str| given.clone().or_else(|| std::env::var(name).ok());
        let url = set(&reach.node, "ENTENTE_NODE").ok_or_else(|| wanted("node's --node address", "ENTENTE_NODE"))?;
        let token = set(&reach.token, "ENTENTE_TOKEN").ok_or_else(|| wanted("--token", "ENTENTE_TOKEN"))?;
        let remedy = "give http:// and a loopback address; reach other machines through a tunnel of yours";
        let uri: Uri = url.parse().map_err(|why| Trouble(format!("`{url}` is no address ({why}); {remedy}")))?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if uri.scheme_str() != Some("http") || !loopback {
            // The token would cross a network in clear.
            return Err(Trouble(format!("`{url}` is not on this machine; {remedy}")));
        }
        let authority = uri.authority().map(|authority| authority.to_string()).unwrap_or_default();
        let authority = if uri.port().is_some() { authority } else { format!("{authority}:80") };
        Ok(Self::Remote { authority, token })
    }

    fn local(dir: &Path, officer: Option<&str>) -> Result<Self, Trouble> {
        let officer =
            officer.ok_or_else(|| Trouble("--dir wants --as OFFICER; `entente user list` names them".to_owned()))?;
        let officer = OfficerId::new(officer).map_err(|why| Trouble(why.to_string()))?;
        let home = Home::open(dir)?;
        let held = home.hold()?;
        let (store, chunks) = (Box::new(home.database()?), Arc::new(home.chunks()?));
        let (node, clock, folder) = (home.node()?, Clock::real(), home.dir().to_owned());
        let app = App::start(Parts { node, store, chunks, clock, demo: None, folder })?;
        Ok(Self::Local { app, officer, _held: held })
    }

    async fn carry(&self, mut request: Request<Body>) -> Result<(StatusCode, Vec<u8>), Trouble> {
        match self {
            Self::Local { app, officer, .. } => {
                request.extensions_mut().insert(Acting(officer.clone()));
                let service = TowerToHyperService::new(api::router(app.clone()));
                let answer = hyper::service::Service::call(&service, request).await;
                collect(answer.unwrap_or_else(|never| match never {})).await
            }
            Self::Remote { authority, token } => {
                let away = |why: &dyn std::fmt::Display| {
                    Trouble(format!("`{authority}` cannot be reached ({why}); is the node running there?"))
                };
                let bearer =
                    format!("Bearer {token}").parse().map_err(|_| {
                        Trouble(print::tongue().with(
                            "todo-token",
                            &[("command", &"entente user token add DIR --id OFFICER --name PROGRAM")],
                        ))
                    })?;
                request.headers_mut().insert(header::AUTHORIZATION, bearer);
                let host = authority.parse().map_err(|why| away(&why))?;
                request.headers_mut().insert(header::HOST, host);
                let stream = TcpStream::connect(authority.as_str()).await.map_err(|why| away(&why))?;
                let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
                let (mut sender, driving) = handshake.map_err(|why| away(&why))?;
                let driver = tokio::spawn(driving);
                let answer = sender.send_request(request).await.map_err(|why| away(&why))?;
                let collected = collect(answer.map(Body::new)).await;
                driver.abort();
                collected
            }
        }
    }
}

/// The pairs as a query, percent-encoded.
pub fn query(pairs: &[(&str, String)]) -> String {
    let encoded = |text: &str| {
        let byte = |b: u8| match b {
            b if b.is_ascii_alphanumeric() || b"-._".contains(&b) => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

async fn collect(answer: Response<Body>) -> Result<(StatusCode, Vec<u8>), Trouble> {
    let status = answer.status();
    let whole = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
    let whole = whole.map_err(|why| Trouble(format!("the answer broke off: {why}; try again")))?;
    Ok((status, whole.to_bytes().to_vec()))
}

/// The language of problems: that of the terminal.
fn tongue() -> String {
    let lang = std::env::var("LC_ALL").or_else(|_| std::env::var("LANG")).unwrap_or_default();
    let lang: String = lang.chars().take_while(char::is_ascii_alphabetic).collect();
    if lang.is_empty() || lang == "C" { "en".to_owned() } else { lang }
}
