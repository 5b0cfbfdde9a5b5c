//! What every page knows: the language, the officer, the present, the instrument, and the way to say each of them.
//!
//! Owns the extractors that make it of a call, and the header's clocks and navigation. Must not know any one page.

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use domain::calendar;
use domain::ids::{Hash32, PartyId};
use domain::instrument::{Instrument, Party};
use domain::menu::Menu;
use domain::text::Lang;
use jiff::Timestamp;
use node::Node;
use node::people::Officer;
use node::view::Viewer;

use super::said::{Said, Worded};
use super::{Stop, assets, session};
use crate::app::App;
use crate::i18n::Tongue;

/// What every page knows. Templates call its methods for all words, names and times.
#[derive(Clone)]
pub struct Page {
    /// The language of the page.
    pub tongue: Tongue,
    /// Who is signed in.
    pub officer: Option<Officer>,
    /// The present.
    pub now: Timestamp,
    /// The token its forms carry.
    pub csrf: String,
    /// The path and query it was asked by, without `lang` and `under`.
    pub path: String,
    /// Whether the node is a demo's.
    pub demo: bool,
    /// The latest change before it was made: what came later, it hears of.
    pub change: u64,
    lang: Lang,
    other_url: Option<String>,
    /// The version a case runs under, on that case's pages.
    instrument: Option<Arc<Instrument>>,
    node: Arc<Node>,
}

/// One of the node's instruments, as a choice.
pub struct InstrumentChoice {
    /// Where it is chosen.
    pub href: String,
    /// With whom it was signed.
    pub words: String,
    /// Whether the page shows it.
    pub current: bool,
}

/// A call by anybody.
pub struct Visitor(pub Page);

/// A call by a signed-in officer; anybody else is sent to sign in.
pub struct Signed {
    /// The page, with its officer.
    pub page: Page,
    /// The officer.
    pub officer: Officer,
}

/// One capital's clock in the header.
pub struct CapitalClock {
    /// The city.
    pub capital: String,
    /// Local time, `08:42`.
    pub time: String,
    /// IANA zone, for the ticking.
    pub zone: String,
    /// Whether offices are open.
    pub open: bool,
    /// The Party's colour class.
    pub side: String,
}

/// One entry of the navigation.
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its words.
    pub words: String,
    /// Whether this page is there.
    pub current: bool,
}

/// The pages of the navigation with the keys of their words.
const NAV: &[(&str, &str)] = &[
    ("/desk", "nav-desk"),
    ("/cases", "nav-cases"),
    ("/new", "nav-new"),
    ("/rounds", "nav-rounds"),
    ("/progress", "nav-progress"),
    ("/clauses", "nav-clauses"),
    ("/directory", "nav-directory"),
    ("/instrument", "nav-instrument"),
    ("/ledger", "nav-ledger"),
    ("/operations", "nav-operations"),
    ("/help", "nav-help"),
];

impl Page {
    /// A page of `node` at `now` for `officer`.
    #[must_use]
    pub fn new(app: &App, tongue: Tongue, officer: Option<Officer>, csrf: String, path: String) -> Self {
        Self {
            tongue,
            lang: tongue.lang(),
            officer,
            now: app.now(),
            csrf,
            path,
            demo: app.is_demo(),
            change: app.change(),
            other_url: app.other_url(),
            instrument: None,
            node: app.node(),
        }
    }

    /// The words of a node without anybody who reads them on a screen: what is printed.
    #[must_use]
    pub fn printed(node: Arc<Node>, tongue: Tongue, now: Timestamp) -> Self {
        Self {
            tongue,
            lang: tongue.lang(),
            officer: None,
            now,
            csrf: String::new(),
            path: String::new(),
            demo: false,
            change: 0,
            other_url: None,
            instrument: None,
            node,
        }
    }

    /// The same page in another language.
    #[must_use]
    pub fn in_language(&self, tongue: Tongue) -> Self {
        Self { tongue, lang: tongue.lang(), ..self.clone() }
    }

    /// A message without arguments.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.tongue.t(key)
    }

    /// A message with one argument.
    #[must_use]
    pub fn t1(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.tongue.with(key, &[(name, &value)])
    }

    /// A message with two arguments.
    #[must_use]
    pub fn t2(
        &self,
        key: &str,
        name: &'static str,
        value: impl Display,
        other: &'static str,
        second: impl Display,
    ) -> String {
        self.tongue.with(key, &[(name, &value), (other, &second)])
    }

    /// The page's language as the instrument names it.
    #[must_use]
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// The instrument: on the pages of a case the version it runs under, elsewhere the one in force; where the Party has
    /// signed several, the one the reader chose.
    #[must_use]
    pub fn instrument(&self) -> &Instrument {
        self.instrument.as_deref().unwrap_or_else(|| self.node.instrument())
    }

    /// The same page under the instrument of this id; without one, under the one that names the reader's office.
    #[must_use]
    pub fn choosing(self, id: Option<&str>) -> Self {
        let node = Arc::clone(&self.node);
        let mut lineages = node.instruments().lineages();
        let office = self.officer.as_ref().map(|officer| &officer.office);
        let chosen = lineages.clone().find(|lineage| Some(lineage.founding().instrument.id()) == id);
        let names = |lineage: &&node::Lineage| {
            office.is_some_and(|office| lineage.in_force().instrument.office(office).is_some())
        };
        let found = chosen.or_else(|| lineages.find(names));
        let instrument = found.map(|lineage| Arc::clone(&lineage.in_force().instrument));
        drop(lineages);
        Self { instrument, ..self }
    }

    /// The same page under the instrument we have with another Party.
    #[must_use]
    pub fn with(&self, peer: &PartyId) -> Self {
        let version = self.node.instrument_with(peer).hash();
        self.clone().under(&version)
    }

    /// The instruments to choose from; none when there is only one.
    #[must_use]
    pub fn instruments(&self) -> Vec<InstrumentChoice> {
        let lineages: Vec<_> = self.node.instruments().lineages().collect();
        if lineages.len() < 2 {
            return Vec::new();
        }
        let joint = if self.path.contains('?') { '&' } else { '?' };
        let choice = |lineage: &&node::Lineage| {
            let instrument = &lineage.in_force().instrument;
            let under = self.clone().under(&instrument.hash());
            let others = under.parties().into_iter().filter(|party| party.id != *self.us());
            let others: Vec<String> = others.map(|party| under.text(&party.short)).collect();
            InstrumentChoice {
                href: format!("{}{joint}under={}", self.path, instrument.id()),
                words: self.t1("instrument-with", "parties", others.join(&self.t("list-and"))),
                current: lineage.get(&self.instrument().hash()).is_some(),
            }
        };
        lineages.iter().map(choice).collect()
    }

    /// Whether the node works with more than one other Party.
    #[must_use]
    pub fn has_peers(&self) -> bool {
        self.node.peers().len() > 1
    }

    /// Said where the instrument does not speak the page's language: in which its words stand.
    #[must_use]
    pub fn foreign_words(&self) -> Option<String> {
        let langs = self.instrument().langs();
        if langs.contains(&self.lang) {
            return None;
        }
        let names: Vec<String> = langs.iter().map(|lang| self.language(lang.as_str())).collect();
        Some(self.t1("instrument-languages", "langs", names.join(&self.t("list-and"))))
    }

    /// The language the instrument's words are shown in: the page's; where it has none in that, the officer's own or the
    /// Party's.
    fn spoken(&self) -> &Lang {
        let langs = self.instrument().langs();
        let own = self.officer.as_ref().map(|officer| &officer.lang).filter(|lang| langs.contains(lang));
        if langs.contains(&self.lang) { &self.lang } else { own.unwrap_or(&self.our_party().lang) }
    }

    /// The same page in the words and rules of the version a case runs under.
    #[must_use]
    pub fn under(self, version: &Hash32) -> Self {
        let version = self.node.instruments().get(version);
        let instrument = version.map(|version| Arc::clone(&version.instrument));
        Self { instrument, ..self }
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Our Party.
    #[must_use]
    pub fn us(&self) -> &PartyId {
        self.node.me()
    }

    /// Our Party's words.
    #[must_use]
    pub fn our_party(&self) -> &Party {
        self.instrument().party(self.us()).expect("a node is made only for a Party the instrument names")
    }

    /// The Parties in the order of the page.
    #[must_use]
    pub fn parties(&self) -> Vec<&Party> {
        let mut parties: Vec<&Party> = self.instrument().parties().values().collect();
        parties.sort_by_key(|party| party.order);
        parties
    }

    /// The first other Party: the one across the table.
    #[must_use]
    pub fn them(&self) -> Option<&Party> {
        self.parties().into_iter().find(|party| party.id != *self.us())
    }

    /// The instrument's words in the page's language.
    #[must_use]
    pub fn text(&self, text: &domain::text::Text) -> String {
        text.get(self.spoken()).to_owned()
    }

    /// Words in the page's language; where there are none, the original, marked with its language.
    #[must_use]
    pub fn said(&self, worded: &dyn Worded) -> Said {
        let mut said = Said::default();
        if let Some(words) = worded.words(&self.lang) {
            said.text(words);
        } else if let Some((lang, words)) = worded.original().and_then(|lang| Some((lang, worded.words(lang)?))) {
            said.spoken("span", lang, words);
        }
        said
    }

    /// A person's name as they write it, marked where its script is not the page's.
    #[must_use]
    pub fn name(&self, name: &str) -> Said {
        let mut said = Said::default();
        let han = name.chars().any(|letter| ('\u{3400}'..='\u{9fff}').contains(&letter));
        match self.tongue {
            Tongue::En if han => said.spoken("span", &Tongue::Zh.lang(), name),
            Tongue::En | Tongue::Zh => said.text(name),
        };
        said
    }

    /// The same words in the other languages, small.
    #[must_use]
    pub fn aside(&self, worded: &dyn Worded) -> Said {
        let mut said = Said::default();
        let shown = worded.words(&self.lang).map_or_else(|| worded.original(), |_| Some(&self.lang));
        for lang in self.instrument().langs().iter().filter(|lang| Some(*lang) != shown) {
            if let Some(words) = worded.words(lang) {
                said.spoken("small", lang, words);
            }
        }
        said
    }

    /// The words in every language of the instrument, side by side in `tag`s; a missing one is said to be missing.
    #[must_use]
    pub fn columns(&self, worded: &dyn Worded, tag: &str) -> Said {
        let tag = if tag == "p" { "p" } else { "span" };
        let mut said = Said::default();
        for lang in self.instrument().langs() {
            match worded.words(lang) {
                Some(words) => said.spoken(tag, lang, words),
                None => said.open(tag, &[("class", "soft")]).text(&self.t("untranslated")).close(tag),
            };
        }
        said
    }

    /// The languages of the instrument with their own names, in its order.
    #[must_use]
    pub fn columns_heads(&self) -> Vec<(String, String)> {
        let name = |lang: &Lang| {
            let own = Tongue::from_code(lang.as_str())
                .map_or_else(|| lang.as_str().to_owned(), |tongue| tongue.t("language-name"));
            (Tongue::tag_of(lang).to_owned(), own)
        };
        self.instrument().langs().iter().map(name).collect()
    }

    /// Every capital's clock.
    #[must_use]
    pub fn clocks(&self) -> Vec<CapitalClock> {
        let clock = |party: &&Party| CapitalClock {
            capital: self.text(&party.capital),
            time: party.calendar.local(self.now).strftime("%H:%M").to_string(),
            zone: party.calendar.zone().to_owned(),
            open: party.calendar.is_open(self.now),
            side: self.side(&party.id),
        };
        self.parties().iter().map(clock).collect()
    }

    /// Whole minutes of office hours we still share with the other Party today.
    #[must_use]
    pub fn shared_minutes(&self) -> u32 {
        self.them()
            .map_or(0, |them| calendar::shared_minutes_left(self.now, &self.our_party().calendar, &them.calendar))
    }

    /// The navigation. Only who may draft is offered a new request.
    #[must_use]
    pub fn nav(&self) -> Vec<NavItem> {
        let drafts = self.officer.as_ref().is_some_and(|officer| {
            officer.roles.iter().any(|role| matches!(role, domain::act::Role::Drafter | domain::act::Role::Approver))
        });
        let plain = self.path.split('?').next().unwrap_or("");
        NAV.iter()
            .filter(|(href, _)| drafts || *href != "/new")
            .map(|(href, key)| NavItem {
                href,
                words: self.t(key),
                current: plain == *href || plain.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')),
            })
            .collect()
    }

    /// The address of an asset.
    #[must_use]
    pub fn asset(&self, plain: &str) -> String {
        assets::address(plain)
    }

    /// Milliseconds since 1970, for clocks that tick.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now.as_millisecond()
    }

    /// This page in another language.
    #[must_use]
    pub fn in_tongue(&self, tongue: &Tongue) -> String {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.path, tongue.code())
    }

    /// Every language of the face with its own name.
    #[must_use]
    pub fn tongues(&self) -> Vec<(Tongue, String)> {
        Tongue::ALL.iter().map(|(tongue, _)| (*tongue, tongue.t("language-name"))).collect()
    }

    /// The same page in the other capital of a demo.
    #[must_use]
    pub fn across(&self) -> Option<String> {
        let base = self.other_url.as_deref()?.trim_end_matches('/');
        Some(format!("{base}{}", self.path))
    }

    /// Who is looking, for read models.
    #[must_use]
    pub fn viewer(&self) -> Option<Viewer> {
        self.officer.as_ref().map(Viewer::of)
    }
}

/// The language an address asks for with `?lang=`.
#[must_use]
pub fn asked_language(uri: &Uri) -> Option<Tongue> {
    let pairs = uri.query().into_iter().flat_map(|query| query.split('&'));
    pairs.filter_map(|pair| pair.strip_prefix("lang=")).find_map(Tongue::from_code)
}

/// The instrument an address asks for with `?under=`.
#[must_use]
pub fn asked_instrument(uri: &Uri) -> Option<&str> {
    uri.query().into_iter().flat_map(|query| query.split('&')).find_map(|pair| pair.strip_prefix("under="))
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Stop;

    async fn from_request_parts(call: &mut Parts, app: &App) -> Result<Self, Stop> {
        let secret = session::secret(app, &call.headers);
        let csrf = secret.as_deref().map(session::form_token).unwrap_or_default();
        let officer = match secret {
            Some(secret) => app.read(move |node, reader, now| node.session(reader, &secret, now)).await?,
            None => None,
        };
        let tongue = language(call, officer.as_ref());
        let under = asked_instrument(&call.uri).or_else(|| session::cookie(&call.headers, session::INSTRUMENT_COOKIE));
        Ok(Self(Page::new(app, tongue, officer, csrf, path(&call.uri)).choosing(under)))
    }
}

/// What the second track may open: its desk, cases with their files, and what both sides agreed; nothing to change.
fn open_to_second_track(method: &Method, path: &str) -> bool {
    const OPEN: &[&str] = &["", "desk", "cases", "clauses", "instrument", "directory"];
    let mut parts = path.trim_start_matches('/').split('/');
    let (first, inner) = (parts.next().unwrap_or_default(), parts.nth(1));
    matches!(*method, Method::GET | Method::HEAD)
        && OPEN.contains(&first)
        && (first != "cases" || inner.is_none_or(|inner| matches!(inner, "files" | "status")))
}

impl FromRequestParts<App> for Signed {
    type Rejection = Stop;

    async fn from_request_parts(call: &mut Parts, app: &App) -> Result<Self, Stop> {
        let Visitor(page) = Visitor::from_request_parts(call, app).await?;
        match page.officer.clone() {
            Some(officer) if officer.second_track && !open_to_second_track(&call.method, call.uri.path()) => {
                Err(Stop::NotFound)
            }
            Some(officer) => Ok(Self { page, officer }),
            None => Err(Stop::SignIn(page.path)),
        }
    }
}

/// The language asked for, else the one chosen before, else the officer's own, else the browser's.
fn language(call: &Parts, officer: Option<&Officer>) -> Tongue {
    let accepted = |headers: &HeaderMap| {
        let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        Some(Tongue::accepted(header))
    };
    asked_language(&call.uri)
        .or_else(|| session::cookie(&call.headers, session::LANGUAGE_COOKIE).and_then(Tongue::from_code))
        .or_else(|| officer.and_then(|officer| Tongue::from_code(officer.lang.as_str())))
        .or_else(|| accepted(&call.headers))
        .unwrap_or(Tongue::En)
}

/// The path and query without `lang` and `under`.
fn path(uri: &Uri) -> String {
    let query = uri.query().unwrap_or("");
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !["lang=", "under="].iter().any(|chosen| pair.starts_with(chosen)))
        .collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}
