//! What an amendment would change, as its case shows it before anybody signs; and the versions of the instrument.
//!
//! Owns the rows of the difference and of the versions. Must not judge either: the domain compares, the node takes in.

use domain::difference::{Change, Part, Shown, difference};
use domain::ids::CaseId;
use domain::menu::Menu;
use jiff::Timestamp;
use node::Failure;
use node::view::CaseFile;

use super::said::Said;
use super::{Page, Stop};
use crate::app::App;

/// Most differences shown: a page of some ten screens; a larger amendment is read in its file.
const CHANGES_SHOWN_MAX: usize = 200;

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

/// Reads what the case of a page would bring in.
pub(super) async fn proposal(app: &App, page: &Page, file: &CaseFile) -> Result<Proposal, Stop> {
    let case = file.dossier.case.clone();
    if page.rule(&case.type_code).is_none_or(|rule| rule.amends.is_none()) || case.request.title.is_erased() {
        return Ok(Proposal::None);
    }
    let chunks = app.chunks();
    let proposed = app.read(move |node, _, _| node.proposed(&*chunks, &case)).await;
    match proposed {
        Ok(None) => Ok(Proposal::None),
        Ok(Some(proposed)) => {
            let mut changes = difference(&proposed.before, &proposed.next);
            let more = changes.len().saturating_sub(CHANGES_SHOWN_MAX);
            changes.truncate(CHANGES_SHOWN_MAX);
            Ok(Proposal::Changes(Amendment {
                before: proposed.before.version().to_owned(),
                after: proposed.next.version().to_owned(),
                from: page.t1("amendment-from", "day", page.date(&proposed.from)),
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

    /// The versions of the instrument, the latest first.
    #[must_use]
    pub fn versions_known(&self) -> Vec<VersionLine> {
        let in_force = self.node().instrument().hash();
        let mut reached = false;
        let mut lines = Vec::new();
        for version in self.node().instruments().iter().rev() {
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
