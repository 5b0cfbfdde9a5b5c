//! The SQL of the house, written once for every database.
//!
//! Owns the schema, the strings and the order of their arguments. Parameters are written `$1`, `$2`, …; text sorts
//! by its bytes. Must not know which database runs them, so it names only what all of them understand.

pub(crate) mod columns;
pub(crate) mod read;
pub(crate) mod write;

use crate::batch::Expect;
use crate::moment::Moment;

/// The schema's own version, kept in `meta`; a database of another version is not opened.
pub(crate) const SCHEMA_VERSION: u64 = 1;
/// The tables.
pub(crate) const SCHEMA: &str = include_str!("sql/schema.sql");

/// One argument of a statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    /// A number that cannot be negative. No stored one is above `NUMBER_MAX`, so a backend may cut it to that.
    Count(u64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// One statement that changes rows.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) table: &'static str,
    pub(crate) sql: &'static str,
    pub(crate) args: Vec<Cell<'a>>,
    pub(crate) touch: Touch,
}

/// How many rows a statement must change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    /// Exactly one; none is a missing row.
    One,
    /// Any number.
    Any,
}

/// The number an expectation is about, as a query whose first column is that number; no row means 0.
pub(crate) fn expectation(expect: &Expect) -> (&'static str, Vec<Cell<'_>>, u64) {
    match expect {
        Expect::CaseVersion { case, version } => {
            ("SELECT version FROM case_row WHERE case_id = $1", vec![Cell::Text(case.as_str())], *version)
        }
        Expect::LogSize { log, size } => (read::LOG_SIZE, vec![Cell::Text(log)], *size),
        Expect::Absent { core_hash } => {
            ("SELECT COUNT(*) FROM act WHERE core_hash = $1", vec![Cell::Bytes(&core_hash.0)], 0)
        }
        Expect::DraftVersion { draft, version } => {
            ("SELECT version FROM draft WHERE draft_id = $1", vec![Cell::Text(draft)], *version)
        }
        // Out of order on purpose: the conformance suite holds every backend to numbered parameters with it.
        Expect::LocalVersion { kind, key, version } => (
            "SELECT version FROM local WHERE name = $2 AND kind = $1",
            vec![Cell::Text(kind), Cell::Text(key)],
            *version,
        ),
        Expect::Counter { name, value } => (read::COUNTER, vec![Cell::Text(name)], *value),
    }
}

impl From<Moment> for Cell<'_> {
    fn from(at: Moment) -> Self {
        Self::Int(at.as_us())
    }
}

impl From<bool> for Cell<'_> {
    fn from(truth: bool) -> Self {
        Self::Int(i64::from(truth))
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(maybe: Option<T>) -> Self {
        maybe.map_or(Self::Null, Into::into)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Cell<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<u64> for Cell<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}
