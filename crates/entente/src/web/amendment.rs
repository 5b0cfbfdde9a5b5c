//! What an amendment would change, as its case shows it before anybody signs; and the versions of the instrument.
//!
//! Owns the rows of the difference and of the versions, and which of these a case may go on under. Must not judge any of
//! it: the domain compares, the node takes in.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::act::ActKind;
use domain::amendment::bundle;
use domain::case::Case;
use domain::content;
use domain::difference::{Change, Part, Shown, difference};
use domain::ids::{CaseId, Hash32, PartyId, TypeCode};
use domain::instrument::{Finding, Instrument, RequestType};
use domain::menu::Menu;
use domain::procedure::Side;
use domain::text::Prose;
use jiff::Timestamp;
use jiff::civil::Date;
use node::view::CaseFile;
use node::{Draft, Failure, Gathered, Proposed};
use serde::Deserialize;

use super::said::Said;
use super::{Page, Signed, Stop, download, draft, html};
use crate::app::App;

/// Most differences shown: a page of some ten screens; a larger amendment is read in its file.
const CHANGES_SHOWN_MAX: usize = 200;

/// Most errors of a new version shown at once: whoever mends these looks again.
const FINDINGS_SHOWN_MAX: usize = 50;

/// What an amendment's case would bring in.
pub struct Amendment {
    /// The version now.
    pub before: String,
    /// The version proposed.
    pub after: String,
    /// When it takes force, in words.
    pub from: String,
    /// What differs.
    pub changes: Vec<Change>,
    /// How many differences are not shown.
    pub more: usize,
}

/// What there is to show of an amendment: nothing for any other case, the difference, or why there is none.
pub enum Proposal {
    /// The case amends nothing.
    None,
    /// What it would change.
    Changes(Amendment),
    /// Why it could not be signed, in words.
    Unfit(String),
}

/// A version of the instrument, as a row.
pub struct VersionLine {
    /// Its number.
    pub version: String,
    /// Its hash.
    pub hash: String,
    /// The case both signed it in.
    pub case: Option<CaseId>,
    /// From when cases are opened under it.
    pub from: Option<Timestamp>,
    /// The key of the words of its standing.
    pub standing: &'static str,
}

#[derive(Template)]
#[template(path = "amendment.html")]
struct ChangesPage {
    page: Page,
    draft: Draft,
    proposal: Proposal,
    /// Why no version could be made of the draft's files.
    findings: Vec<Finding>,
}

/// Which file of the version signed last, or which version whole.
#[derive(Debug, Deserialize)]
struct Asked {
    name: Option<String>,
    version: Option<String>,
}

/// The addresses of amendments.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/drafts/{id}/changes", get(changes))
        .route("/instrument/file", get(file))
        .route("/instrument/bundle", get(whole))
}

/// What a draft would change.
async fn changes(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Stop> {
    let draft = draft::open(&app, &officer, id).await?;
    let page = page.with(&draft.request.to.party());
    if !page.amends(&draft.request.type_code) {
        return Err(Stop::NotFound);
    }
    changed(&app, page, draft, Vec::new()).await
}

/// Makes the new version of a draft's files, and shows what it would change or why there is none.
pub(super) async fn gather(app: &App, page: Page, draft: Draft) -> Result<Response, Stop> {
    let (chunks, from) = (app.chunks(), draft.clone());
    match app.write(move |node, store, env| node.gather_amendment(store, env, &*chunks, &from)).await {
        Ok(Gathered::Made(made)) => Ok(Redirect::to(&format!("/drafts/{}/changes", made.id)).into_response()),
        Ok(Gathered::Unsound(mut findings)) => {
            findings.truncate(FINDINGS_SHOWN_MAX);
            changed(app, page, draft, findings).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(failure) => {
            let proposal = Proposal::Unfit(page.failure_of(page.rule(&draft.request.type_code), &failure));
            Ok(html(&ChangesPage { page, draft, proposal, findings: Vec::new() }))
        }
    }
}

async fn changed(app: &App, page: Page, draft: Draft, findings: Vec<Finding>) -> Result<Response, Stop> {
    let (chunks, request) = (app.chunks(), draft.request.clone());
    let proposed = app.read(move |node, _, _| node.drafted(&*chunks, &request)).await;
    // Files that make no version are not compared with one.
    let proposal = if findings.is_empty() { told(&page, proposed)? } else { Proposal::None };
    Ok(html(&ChangesPage { page, draft, proposal, findings }))
}

/// One file of the version signed last, to be changed for the next.
async fn file(Signed { page, .. }: Signed, Query(asked): Query<Asked>) -> Result<Response, Stop> {
    let name = asked.name.ok_or(Stop::NotFound)?;
    let found = page.latest().sources().iter().find(|file| file.name == name).ok_or(Stop::NotFound)?;
    let last = name.rsplit('/').next().unwrap_or(&name);
    Ok(download::text(last, found.text.clone()))
}

/// A version whole, in the one file an amendment travels in.
async fn whole(Signed { page, .. }: Signed, Query(asked): Query<Asked>) -> Result<Response, Stop> {
    let hash = asked.version.and_then(|version| Hash32::from_hex(&version).ok());
    let version = hash.and_then(|hash| page.node().version(&hash)).ok_or(Stop::NotFound)?;
    let name = format!("{}-{}.txt", version.id(), version.version());
    Ok(download::text(&name, bundle(version.sources())))
}

/// Reads what the case of a page would bring in.
pub(super) async fn proposal(app: &App, page: &Page, file: &CaseFile) -> Result<Proposal, Stop> {
    let case = file.dossier.case.clone();
    if page.rule(&case.type_code).is_none_or(|rule| rule.amends.is_none()) || case.request.title.is_erased() {
        return Ok(Proposal::None);
    }
    let chunks = app.chunks();
    let proposed = app.read(move |node, _, _| node.proposed(&*chunks, &case)).await;
    told(page, proposed)
}

/// What is shown of a version that was compared with the one it amends.
fn told(page: &Page, proposed: Result<Option<Proposed>, Failure>) -> Result<Proposal, Stop> {
    match proposed {
        Ok(None) => Ok(Proposal::None),
        Ok(Some(proposed)) => {
            let mut changes = difference(&proposed.before, &proposed.next);
            let more = changes.len().saturating_sub(CHANGES_SHOWN_MAX);
            changes.truncate(CHANGES_SHOWN_MAX);
            Ok(Proposal::Changes(Amendment {
                before: proposed.before.version().to_owned(),
                after: proposed.next.version().to_owned(),
                from: if proposed.from == Date::MAX {
                    page.t("amendment-day-open")
                } else {
                    page.t1("amendment-from", "day", page.date(&proposed.from))
                },
                changes,
                more,
            }))
        }
        Err(Failure::Refused(refusal)) => Ok(Proposal::Unfit(page.refusal(&refusal))),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        // The file is not here, or not what was signed: the page says of its files what is wrong with them.
        Err(Failure::Held(_) | Failure::Misbehaved(_)) => Ok(Proposal::None),
    }
}

impl Page {
    /// Whether matters of this type amend the instrument.
    #[must_use]
    pub fn amends(&self, code: &TypeCode) -> bool {
        self.rule(code).is_some_and(|rule| rule.amends.is_some())
    }

    /// The version both have signed last: the one a further amendment amends.
    #[must_use]
    pub fn latest(&self) -> &Instrument {
        let lineages = self.node().instruments();
        &lineages.lineage(&self.instrument().hash()).unwrap_or_else(|| lineages.first()).latest().instrument
    }

    /// What of the instrument changed.
    #[must_use]
    pub fn part_name(&self, part: &Part) -> String {
        self.t(&format!("amended-{}", part.code()))
    }

    /// One side of a difference: words in every language, or a code.
    #[must_use]
    pub fn shown(&self, shown: &Option<Shown>) -> Said {
        match shown {
            Some(Shown::Words(words)) => self.columns(words, "p"),
            Some(Shown::Code(code)) => {
                let mut said = Said::default();
                said.open("code", &[]).text(code).close("code");
                said
            }
            None => {
                let mut said = Said::default();
                said.open("span", &[("class", "soft")]).text(&self.t("amendment-nothing")).close("span");
                said
            }
        }
    }

    /// A text that amends the instrument as a case proposes, in every language: what there is to sign is settled but for
    /// its words. `None` for a case that amends nothing.
    #[must_use]
    pub fn amending_text(&self, case: &Case, rule: &RequestType) -> Option<Prose> {
        let (hash, day) = content::amendment(&case.request, rule)?;
        let (title, before) = (self.instrument().title(), self.instrument().version());
        let words = self.in_langs(|tongue| {
            let (title, day) = (title.get(&tongue.lang()), self.in_language(tongue).date(&day));
            tongue.with("amendment-text", &[("title", &title), ("before", &before), ("hash", &hash), ("day", &day)])
        });
        let texts = words.iter().map(|(lang, words)| (lang.clone(), words.to_owned())).collect();
        Some(Prose { original: self.our_party().lang.clone(), texts })
    }

    /// A version by its number, and the beginning of its hash: two may have the same number.
    #[must_use]
    pub fn version_name(&self, hash: &Hash32) -> String {
        let number = self.node().version(hash).map(|version| version.version().to_owned());
        format!("{} ({})", number.unwrap_or_else(|| "?".to_owned()), hash.short())
    }

    /// The versions a side may name for a case to go on under, as choices: hash, words, a remark.
    #[must_use]
    pub fn versions_open(&self, case: &Case, us: Side) -> Vec<(String, String, String)> {
        let versions = self.node().instruments();
        let named = &case.adoption.named;
        let theirs = named.get(&us.other());
        let choice = |hash: Hash32, words: &str, remark: String| {
            (hash.to_string(), self.t1(words, "version", self.version_name(&hash)), remark)
        };
        let in_force = versions.later_in_force(&case.instrument).into_iter();
        let later = in_force.filter(|_| !named.contains_key(&us)).map(|hash| {
            let remark = if theirs == Some(&hash) { self.t("adopt-asked") } else { String::new() };
            choice(hash, "adopt-go-on", remark)
        });
        let stay = theirs.is_some().then(|| choice(case.instrument, "adopt-stay", String::new()));
        later.chain(stay).collect()
    }

    /// Whether the reader may answer the side that named a version.
    #[must_use]
    pub fn may_adopt(&self, file: &CaseFile) -> bool {
        file.open.contains(&ActKind::Adopt)
    }

    /// The version each side would have a case go on under, while the other has not said the same.
    #[must_use]
    pub fn versions_named(&self, case: &Case) -> Vec<(PartyId, Hash32)> {
        case.adoption.named.iter().map(|(side, hash)| (case.party(*side).clone(), *hash)).collect()
    }

    /// The versions of the instrument, the latest first.
    #[must_use]
    pub fn versions_known(&self) -> Vec<VersionLine> {
        let lineages = self.node().instruments();
        let lineage = lineages.lineage(&self.instrument().hash()).unwrap_or_else(|| lineages.first());
        let in_force = lineage.in_force().instrument.hash();
        let mut reached = false;
        let mut lines = Vec::new();
        for version in lineage.iter().rev() {
            let hash = version.instrument.hash();
            let standing = if hash == in_force {
                "version-in-force"
            } else if reached {
                "version-superseded"
            } else if version.amendment.as_ref().is_some_and(|taken| taken.stands) {
                "version-awaits-day"
            } else {
                "version-awaits-receipt"
            };
            reached |= hash == in_force;
            lines.push(VersionLine {
                version: version.instrument.version().to_owned(),
                hash: hash.to_string(),
                case: version.amendment.as_ref().map(|taken| taken.case.clone()),
                from: version.amendment.as_ref().map(|taken| taken.from),
                standing,
            });
        }
        lines
    }
}
