//! One cell of an account: a number, a share, a spread of times, a tally, sums of money.
//!
//! Owns exact arithmetic and the rule of small cells. It must not know what was counted. Only whole numbers and exact
//! decimals: two nodes must come to the same bytes.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Cells under this number do not leave the two Parties: fewer can be told apart as persons (domain reference §1).
pub const CELL_MIN: u64 = 5;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Value {
    /// How many.
    Number(u64),
    /// So many of so many.
    Share {
        /// The numerator.
        part: u64,
        /// The denominator, shown always.
        whole: u64,
    },
    /// Median and ninetieth percentile of times, by the nearest rank, in whole seconds.
    Spread {
        /// How many times were measured.
        count: u64,
        /// Half took no longer.
        median_s: u64,
        /// Nine of ten took no longer.
        p90_s: u64,
    },
    /// How many of each.
    Tally {
        /// By code.
        counts: BTreeMap<String, u64>,
    },
    /// Exact sums, as written.
    Sums {
        /// By movement and currency.
        sums: BTreeMap<String, String>,
    },
    /// Whole days since something; none: never.
    Since {
        /// How many.
        days: Option<u64>,
    },
    /// Under [`CELL_MIN`], and therefore not shown.
    Suppressed,
}

impl Value {
    /// Counts codes.
    pub(super) fn tally(codes: impl Iterator<Item = String>) -> Self {
        let mut counts = BTreeMap::new();
        for code in codes {
            *counts.entry(code).or_default() += 1;
        }
        Self::Tally { counts }
    }

    /// Median and ninetieth percentile of times.
    pub(super) fn spread(times: impl Iterator<Item = SignedDuration>) -> Self {
        // A clock set back between two acts may make a time negative: it counts as none.
        let mut seconds: Vec<u64> = times.map(|time| u64::try_from(time.as_secs()).unwrap_or(0)).collect();
        seconds.sort_unstable();
        let rank = |percent: usize| {
            let place = (seconds.len() * percent).div_ceil(100).saturating_sub(1);
            seconds.get(place).copied().unwrap_or(0)
        };
        Self::Spread { count: seconds.len() as u64, median_s: rank(50), p90_s: rank(90) }
    }

    /// Whether there was nothing to count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Number(number) => *number == 0,
            Self::Share { whole, .. } => *whole == 0,
            Self::Spread { count, .. } => *count == 0,
            Self::Tally { counts } => counts.is_empty(),
            Self::Sums { sums } => sums.is_empty(),
            Self::Since { days } => days.is_none(),
            Self::Suppressed => false,
        }
    }

    /// The cell as it may leave the two Parties: what is under [`CELL_MIN`], or would let such a cell be subtracted
    /// out, is left out. Zero says nothing of anybody and stays.
    #[must_use]
    pub(super) fn suppressed(&self) -> Self {
        let small = |count: u64| (1..CELL_MIN).contains(&count);
        let hide = match self {
            Self::Number(number) => small(*number),
            Self::Share { part, whole } => small(*part) || small(*whole) || small(whole.saturating_sub(*part)),
            Self::Spread { count, .. } => small(*count),
            Self::Tally { counts } => {
                let small_rows = counts.values().filter(|count| small(**count)).count();
                // One hidden row could be told from the sum: all rows are hidden with it.
                if small_rows == 1 {
                    return Self::Suppressed;
                }
                let kept = counts.iter().filter(|(_, count)| !small(**count));
                return Self::Tally { counts: kept.map(|(code, count)| (code.clone(), *count)).collect() };
            }
            Self::Sums { .. } | Self::Since { .. } | Self::Suppressed => false,
        };
        if hide { Self::Suppressed } else { self.clone() }
    }
}
