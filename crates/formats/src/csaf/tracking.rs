//! The history of an advisory: versions in order, none missing, none twice (6.1.14, 6.1.16 to 6.1.22, 6.1.30).
//!
//! Owns versions. Must not know the rest of the document.

use serde_json::Value;

use super::{list, text};
use crate::finding::{Code, Gathered};
use crate::time;

/// A version: a whole number, or three and perhaps more (§3.1.11).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    numbers: Vec<u64>,
    /// What stands behind the hyphen: not yet released.
    early: String,
}

impl Version {
    fn read(text: &str) -> Option<Self> {
        // What stands behind a plus orders nothing.
        let text = text.split_once('+').map_or(text, |(before, _)| before);
        let (numbers, early) = text.split_once('-').unwrap_or((text, ""));
        let numbers = numbers.split('.').map(|part| {
            let plain = part == "0" || !part.starts_with('0');
            let digits = part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit());
            (plain && digits).then(|| part.parse().ok()).flatten()
        });
        let numbers: Vec<u64> = numbers.collect::<Option<_>>()?;
        let whole = numbers.len() == 1 && early.is_empty();
        (whole || numbers.len() == 3).then(|| Self { numbers, early: early.to_owned() })
    }

    fn is_whole(&self) -> bool {
        self.numbers.len() == 1
    }

    /// Before the first release.
    fn is_draft(&self) -> bool {
        self.numbers.first() == Some(&0) || !self.early.is_empty()
    }

    /// Order by the numbers; what is early lies before what is not.
    fn key(&self) -> (Vec<u64>, bool, &str) {
        (self.numbers.clone(), self.early.is_empty(), &self.early)
    }
}

/// Judges `/document/tracking`.
pub(super) fn judge(tracking: &Value, found: &mut Gathered) {
    let at = "/document/tracking";
    let status = text(tracking, &["status"]).unwrap_or_default();
    if !matches!(status, "draft" | "interim" | "final") {
        found.error(Code::BadChoice, format!("{at}/status"), "is none of draft, interim, final");
    }
    let Some(version) = text(tracking, &["version"]).and_then(Version::read) else {
        found.error(Code::BadValue, format!("{at}/version"), "is no version (§3.1.11)");
        return;
    };
    if status != "draft" && version.is_draft() {
        found.error(Code::Conflict, format!("{at}/version"), "a released document has no version of a draft (6.1.17)");
    }
    if status != "draft" && !version.early.is_empty() {
        found.error(Code::Conflict, format!("{at}/version"), "a released document has a released version (6.1.20)");
    }
    let Some(mut history) = history(tracking, found) else { return };
    history.sort_by(|a, b| (a.0, a.1.key()).cmp(&(b.0, b.1.key())));
    let here = format!("{at}/revision_history");
    for pair in history.windows(2) {
        if pair[0].1.numbers == pair[1].1.numbers && pair[0].1.early == pair[1].1.early {
            found.error(Code::Repeated, here.as_str(), "one version stands twice (6.1.22)");
        } else if pair[0].1.key() > pair[1].1.key() {
            found.error(Code::BadOrder, here.as_str(), "a later date has an earlier version (6.1.14)");
        }
    }
    if history.iter().any(|(_, entry)| entry.is_whole() != version.is_whole()) {
        found.error(Code::Conflict, here.as_str(), "whole numbers and numbers of three parts are mixed (6.1.30)");
        return;
    }
    if let Some((_, last)) = history.last() {
        let same = last.numbers == version.numbers && (status == "draft" || last.early == version.early);
        if !same {
            found.error(Code::Conflict, format!("{at}/version"), "is not the last of the history (6.1.16)");
        }
    }
    if status != "draft" && history.iter().any(|(_, entry)| entry.numbers.first() == Some(&0)) {
        found.error(Code::Conflict, here.as_str(), "a released document tells no versions before the first (6.1.18)");
    }
    if history.iter().any(|(_, entry)| !entry.early.is_empty()) {
        found.error(Code::Conflict, here.as_str(), "versions before a release do not stand in the history (6.1.19)");
    }
    let mut majors: Vec<u64> = history.iter().filter_map(|(_, entry)| entry.numbers.first().copied()).collect();
    majors.dedup();
    let from = majors.first().copied().unwrap_or_default();
    let whole = majors.iter().zip(from..).all(|(major, wanted)| *major == wanted);
    if !whole || from > 1 {
        found.error(Code::MissingProperty, here, "a version is left out of the history (6.1.21)");
    }
}

/// The entries with their dates.
fn history(tracking: &Value, found: &mut Gathered) -> Option<Vec<(jiff::Timestamp, Version)>> {
    let mut history = Vec::new();
    for (place, entry) in list(tracking, "revision_history").enumerate() {
        let at = format!("/document/tracking/revision_history/{place}");
        let date = text(entry, &["date"]).and_then(time::instant);
        let version = text(entry, &["number"]).and_then(Version::read);
        if text(entry, &["summary"]).is_none() {
            found.error(Code::MissingProperty, format!("{at}/summary"), "an entry says what changed");
        }
        match (date, version) {
            (Some(date), Some(version)) => history.push((date, version)),
            _ => {
                found.error(Code::BadValue, at, "an entry has a date and a version");
                return None;
            }
        }
    }
    if history.is_empty() {
        found.error(Code::MissingProperty, "/document/tracking/revision_history", "there is no entry in it");
        return None;
    }
    Some(history)
}
