//! The progress report both Parties compute for themselves and sign by its hash.
//!
//! Owns the one line that names a report, which acts a report counts, and why one may not be signed. Must not know where
//! logs and acts lie (`node`), nor how anything is counted (`account`).
//!
//! ```text
//! 2026-01-01/2026-06-30 CN:1220 GB:1234 sha256:9f86d0…
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::account::{Account, CaseFacts, Period, TypeOutcomes, account, outcomes};
use crate::case::{self, Entry};
use crate::ids::{Hash32, PartyId};
use crate::instrument::Instrument;

/// Most Parties of one report: as many as a text has languages, with room.
const PARTIES_MAX: usize = 8;

/// What a report says, whole: the account of its period and how requests of each type fared. How much of each log it was
/// read from is no part of it, so that two nodes whose logs are not equally far come to the same once the mail is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Clause by clause.
    pub account: Account,
    /// Type by type.
    pub outcomes: Vec<TypeOutcomes>,
}

/// The line that names a report: its days, how much of each log it counts, and its hash. Whoever holds both logs can
/// compute the same report again from it, however long ago it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    /// The first day, in UTC.
    pub first: Date,
    /// The last day, in UTC.
    pub last: Date,
    /// How many entries of each Party's log, from the beginning.
    pub logs: BTreeMap<PartyId, u64>,
    /// SHA-256 of the report's canonical bytes.
    pub sha256: Hash32,
}

/// A line that names no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a report is named `FIRST-DAY/LAST-DAY PARTY:ENTRIES PARTY:ENTRIES sha256:HASH`, spaces and all")]
pub struct NotALine;

/// Why a report may not be proposed or signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportBar {
    /// Its last day is not over in UTC.
    PeriodRuns,
    /// It counts the logs of others than the two Parties of its case.
    OtherLogs,
    /// The text does not carry the report's line in every language.
    TextWithoutLine,
    /// The side that is asked signs first: so nobody is bound by figures the other has not found.
    AskedFirst,
    /// So many entries of a log are not here yet.
    LogAwaited {
        /// Whose log.
        party: PartyId,
        /// How many it should have.
        entries: u64,
    },
    /// Our node computes another report.
    Differs {
        /// The hash of ours.
        ours: Hash32,
    },
}

impl ReportBar {
    /// The stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PeriodRuns => "report-period-runs",
            Self::OtherLogs => "report-other-logs",
            Self::TextWithoutLine => "report-text-without-line",
            Self::AskedFirst => "report-asked-first",
            Self::LogAwaited { .. } => "report-log-awaited",
            Self::Differs { .. } => "report-differs",
        }
    }

    /// The arguments of its words.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::LogAwaited { party, entries } => {
                vec![("party", party.to_string()), ("entries", entries.to_string())]
            }
            Self::Differs { ours } => vec![("ours", ours.to_string())],
            Self::PeriodRuns | Self::OtherLogs | Self::TextWithoutLine | Self::AskedFirst => Vec::new(),
        }
    }
}

impl Report {
    /// Counts the facts of a period; their order does not matter.
    #[must_use]
    pub fn of(instrument: &Instrument, facts: &[CaseFacts], period: Period) -> Self {
        Self { account: account(instrument, facts, period), outcomes: outcomes(instrument, facts, period) }
    }

    /// The same with every cell left out that may not leave the two Parties.
    #[must_use]
    pub fn for_export(&self) -> Self {
        Self {
            account: self.account.for_export(),
            outcomes: self.outcomes.iter().map(TypeOutcomes::for_export).collect(),
        }
    }
}

impl ReportLine {
    /// What it accounts for; none when its days lie at the end of the calendar.
    #[must_use]
    pub fn period(&self, exercise: bool) -> Option<Period> {
        days(self.first, self.last, exercise)
    }
}

/// Whole days from the first to the last, in UTC so that both Parties mean the same; none when the calendar ends.
#[must_use]
pub fn days(first: Date, last: Date, exercise: bool) -> Option<Period> {
    let midnight = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    Some(Period { from: midnight(first)?, until: midnight(last.tomorrow().ok()?)?, exercise })
}

/// The entries of one case that a report until an instant counts: those signed by then, each with all that its author had
/// before it, in the order they are folded. `entries` are those that stand in both logs, as far as the report reads them.
#[must_use]
pub fn counted(mut entries: Vec<Entry>, until: Timestamp) -> Vec<Entry> {
    entries.retain(|entry| entry.act.at <= until);
    for entry in &mut entries {
        entry.received_at = entry.received_at.filter(|at| *at <= until);
    }
    case::order(&mut entries);
    let mut heads: BTreeMap<PartyId, u64> = BTreeMap::new();
    let head = |heads: &BTreeMap<PartyId, u64>, party: &PartyId| heads.get(party).copied().unwrap_or(0);
    entries.retain(|entry| {
        let act = &entry.act;
        let whole =
            act.seq == head(&heads, &act.by) + 1 && act.seen.iter().all(|(party, seen)| *seen <= head(&heads, party));
        if whole {
            heads.insert(act.by.clone(), act.seq);
        }
        whole
    });
    entries
}

impl fmt::Display for ReportLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.last)?;
        for (party, entries) in &self.logs {
            write!(f, " {party}:{entries}")?;
        }
        write!(f, " sha256:{}", self.sha256)
    }
}

impl FromStr for ReportLine {
    type Err = NotALine;

    /// Reads a line exactly as it is written: any other spelling could not be found in a text both sign.
    fn from_str(line: &str) -> Result<Self, NotALine> {
        let mut parts = line.split(' ');
        let (first, last) = parts.next().and_then(|days| days.split_once('/')).ok_or(NotALine)?;
        let day = |text: &str| text.parse::<Date>().map_err(|_| NotALine);
        let (first, last) = (day(first)?, day(last)?);
        let (mut logs, mut sha256) = (BTreeMap::new(), None);
        for part in parts.take(PARTIES_MAX + 1) {
            let (name, value) = part.split_once(':').ok_or(NotALine)?;
            if name == "sha256" {
                sha256 = Hash32::from_hex(value).ok();
            } else {
                logs.insert(PartyId::new(name).map_err(|_| NotALine)?, value.parse().map_err(|_| NotALine)?);
            }
        }
        let read = Self { first, last, logs, sha256: sha256.ok_or(NotALine)? };
        if first > last || read.to_string() != line { Err(NotALine) } else { Ok(read) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_in_its_one_spelling_only() {
        let hash = "ab".repeat(32);
        let written = format!("2026-01-01/2026-06-30 CN:1220 GB:34 sha256:{hash}");
        let read: ReportLine = written.parse().unwrap();
        assert_eq!(read.to_string(), written);
        assert_eq!(read.logs.values().copied().collect::<Vec<_>>(), [1220, 34]);
        let check = |line: &str| assert_eq!(line.parse::<ReportLine>(), Err(NotALine), "{line}");
        check("");
        check(&written.replace("CN:1220 GB:34", "GB:34 CN:1220"));
        check(&written.replace("CN:1220", "CN:01220"));
        check(&written.replace("CN:1220", "CN:+1220"));
        check(&written.replace("CN:1220", "CN:99999999999999999999999"));
        check(&written.replace("CN:1220", "CN:1220 CN:1221"));
        check(&written.replace("2026-06-30", "2025-06-30"));
        check(&written.replace("2026-06-30", "2026-06-31"));
        check(&written.replace(&hash, &hash.to_uppercase()));
        check(&written.replace(&hash, "ab"));
        check(&format!("{written} "));
        check(&written.replace(' ', "  "));
        check(&format!("2026-01-01/2026-06-30 {} sha256:{hash}", ["GB:1"; 40].join(" ")));
    }

    #[test]
    fn a_period_holds_its_last_day_and_not_the_next() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let period = days(day("2026-01-01"), day("2026-06-30"), false).unwrap();
        let check = |at: &str, held: bool| assert_eq!(period.holds(at.parse().unwrap()), held, "{at}");
        check("2026-06-30T23:59:59Z", true);
        check("2026-07-01T00:00:01Z", false);
        check("2026-01-01T00:00:01Z", true);
        check("2025-12-31T23:59:59Z", false);
        assert_eq!(days(day("2026-01-01"), Date::MAX, false), None);
    }
}
