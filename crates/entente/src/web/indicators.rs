//! A bundle of indicators as officers read it: patterns to look for, values seen.
//!
//! Owns the rows of that table. Reading is `formats::stix`; what it refuses is said, and nothing of it is shown. Must not
//! fetch or resolve anything a bundle names.

use formats::stix::{self, Observable, ObservableKind};

use super::page::Page;

/// Most rows shown on a page; the whole bundle is in the request.
const ROWS_SHOWN_MAX: usize = 100;
/// Most findings shown of a bundle that cannot be read.
const FINDINGS_SHOWN_MAX: usize = 5;

/// One row.
pub struct IndicatorRow {
    /// What it is.
    pub kind: String,
    /// Its name and for how long it holds; may be empty.
    pub name: String,
    /// The pattern or value.
    pub words: String,
}

impl Page {
    /// The rows of a bundle; where it cannot be read, what is wrong with it.
    #[must_use]
    pub fn indicators(&self, json: &str) -> Vec<IndicatorRow> {
        let read = stix::read(json.as_bytes());
        let Some(bundle) = read.value else {
            let findings = read.findings.into_iter().take(FINDINGS_SHOWN_MAX);
            return findings
                .map(|found| IndicatorRow { kind: self.t("indicator-unreadable"), name: found.at, words: found.detail })
                .collect();
        };
        let patterns = bundle.indicators.iter().map(|one| {
            let from = one.valid_from.strftime("%Y-%m-%d %H:%M UTC");
            let until = one.valid_until.map(|at| at.strftime(" – %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
            let name = one.name.as_deref().unwrap_or_default();
            IndicatorRow {
                kind: self.t1("indicator-pattern", "language", &one.pattern_type),
                name: format!("{name} {from}{until}").trim().to_owned(),
                words: one.pattern.clone(),
            }
        });
        let values = bundle.observables.iter().map(|one| IndicatorRow {
            kind: self.observable(one),
            name: one.algorithm.clone().unwrap_or_default(),
            words: one.value.clone(),
        });
        patterns.chain(values).take(ROWS_SHOWN_MAX).collect()
    }

    fn observable(&self, one: &Observable) -> String {
        self.t(match one.kind {
            ObservableKind::Ipv4 => "observable-ipv4",
            ObservableKind::Ipv6 => "observable-ipv6",
            ObservableKind::Domain => "observable-domain",
            ObservableKind::Url => "observable-url",
            ObservableKind::Email => "observable-email",
            ObservableKind::Mac => "observable-mac",
            ObservableKind::FileHash => "observable-hash",
            ObservableKind::FileName => "observable-file",
            ObservableKind::AutonomousSystem => "observable-as",
        })
    }
}
