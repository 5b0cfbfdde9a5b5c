//! Questions to the store that need more than a key, and the small answers that are not rows.
//!
//! Owns which cases a desk may ask for, in which order, and how a page continues. Must not know who may see them.

use std::fmt;

use domain::ids::{CaseId, OfficeId, PartyId, TypeCode};

use crate::moment::Moment;
use crate::rows::{CaseRow, Direction, ParcelState};

/// Most cases one page may hold; a desk shows fifty.
pub const CASES_PAGE_MAX: usize = 200;
/// Most search terms looked at; further ones are ignored. Each costs one index look-up a case.
pub const TERMS_MAX: usize = 16;
/// Most request types looked at: more than an instrument has.
pub const TYPES_MAX: usize = 128;
/// Most parcels handed out at a time.
pub const PARCELS_MAX: usize = 256;
/// Most leaves read at a time: 4,096 of at most 256 bytes are one mebibyte.
pub const LEAVES_MAX: usize = 4096;
/// Most rows of any other paged list read at a time.
pub const LIST_MAX: usize = 1000;

/// Which cases to list. The default lists all, soonest due first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only at this stage.
    pub stage: Option<String>,
    /// Only where it is this Party's turn.
    pub turn: Option<PartyId>,
    /// Only asked by us, or only by them.
    pub direction: Option<Direction>,
    /// Only of one of these request types; none named means any. At most [`TYPES_MAX`] count.
    pub types: Vec<TypeCode>,
    /// Only held by this office of ours.
    pub our_office: Option<OfficeId>,
    /// Only under this sharing mark.
    pub mark: Option<String>,
    /// Only with this other Party.
    pub peer: Option<PartyId>,
    /// Only with something due at this moment or later.
    pub due_from: Option<Moment>,
    /// Only with something due before this moment.
    pub overdue_before: Option<Moment>,
    /// Only with every one of these search terms; at most [`TERMS_MAX`] count.
    pub terms: Vec<String>,
    /// In which order.
    pub order: CaseOrder,
    /// How many, at most [`CASES_PAGE_MAX`]; 0 means as many as may be.
    pub limit: usize,
    /// Where the last page ended, in the same order.
    pub after: Option<CaseCursor>,
}

/// The order of a list of cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// Soonest due first, those with nothing due last.
    #[default]
    Due,
    /// Latest change first.
    Updated,
}

/// Where a page of cases ended. Its text form (`12345.GB-CY-2026-0117`) is fit for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseCursor {
    pub(crate) key: i64,
    pub(crate) case: CaseId,
}

/// How many parcels to a peer are in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelCount {
    /// The peer.
    pub peer: PartyId,
    /// The state.
    pub state: ParcelState,
    /// How many.
    pub count: u64,
    /// When the oldest was queued.
    pub oldest_at: Moment,
}

/// How much is parked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// How many rows.
    pub count: u64,
    /// How many bytes in all.
    pub bytes: u64,
}

impl CaseFilter {
    /// The page length this filter asks for, within bounds.
    #[must_use]
    pub fn page_len(&self) -> usize {
        if self.limit == 0 { CASES_PAGE_MAX } else { self.limit.min(CASES_PAGE_MAX) }
    }

    /// Where a page ends that ends with this case.
    #[must_use]
    pub fn ends_at(&self, last: &CaseRow) -> CaseCursor {
        CaseCursor { key: self.order.key(last), case: last.case.clone() }
    }

    /// Cuts a list read one row too long to the page, and says where it continues.
    pub(crate) fn page(&self, mut cases: Vec<CaseRow>) -> (Vec<CaseRow>, Option<CaseCursor>) {
        if cases.len() <= self.page_len() {
            return (cases, None);
        }
        cases.truncate(self.page_len());
        let next = cases.last().map(|last| self.ends_at(last));
        (cases, next)
    }
}

impl CaseOrder {
    /// The number a case is sorted by, rising; equal numbers are sorted by the case's name.
    pub(crate) fn key(self, case: &CaseRow) -> i64 {
        match self {
            Self::Due => case.due_at.map_or(i64::MAX, Moment::as_us),
            Self::Updated => -case.updated_at.as_us(),
        }
    }
}

impl CaseCursor {
    /// Reads a cursor's text form; `None` when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (key, case) = text.split_once('.')?;
        Some(Self { key: key.parse().ok()?, case: CaseId::new(case).ok()? })
    }
}

impl fmt::Display for CaseCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key, self.case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_or_are_refused() {
        fn check(text: &str, fits: bool) {
            let got = CaseCursor::parse(text);
            assert_eq!(got.map(|c| c.to_string()), fits.then(|| text.to_owned()), "{text}");
        }
        for (text, fits) in [
            ("12345.GB-CY-2026-0117", true),
            ("-7.GB-CY-2026-0117", true),
            ("9223372036854775807.CN-CY-2026-0001", true),
            ("", false),
            ("x.GB-CY-2026-0117", false),
            ("1.nowhere", false),
        ] {
            check(text, fits);
        }
    }
}
