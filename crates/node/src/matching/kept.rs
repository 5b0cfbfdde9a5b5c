//! What a house keeps of its private matching: the secrets of an epoch, its questions, its list, and what is spent.
//!
//! Owns the names and forms of those rows. They are sealed at rest, enter no act, and go when the epoch is destroyed; what
//! was found stays with the case's contents. Must not know the order of steps.

use domain::case::Case;
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::instrument::Matching;
use matching::private::allowance::{Allowance, Spent};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Expect, LocalRow, Reader, Write};

use super::Known;
use crate::Env;
use crate::command::Also;
use crate::fault::Fault;
use crate::party::Node;

/// The seed of an epoch.
pub(super) const SEED: &str = "seed";
/// Our list, record by record.
pub(crate) const LIST: &str = "list";
/// The kind of the rows of what offices have spent.
const SPENT: &str = "match-spent";

/// A seed.
#[derive(Serialize, Deserialize)]
pub(super) struct Seed(pub Vec<u8>);

/// A list as it was announced: the key and the record of each place that has one.
#[derive(Serialize, Deserialize)]
pub(crate) struct ListKept {
    pub records: Vec<Known>,
    pub entries: Vec<EntryKept>,
}

/// A place of a list.
#[derive(Serialize, Deserialize)]
pub(crate) struct EntryKept {
    pub record: u32,
    pub kind: u8,
    pub content: String,
    pub protected: bool,
}

/// What a batch met in our list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The record.
    pub record: Known,
    /// Under which kinds of keys, by word.
    pub kinds: Vec<String>,
}

/// What an office has spent.
#[derive(Serialize, Deserialize, Default)]
struct SpentKept {
    day: u32,
    today: u64,
    ever: u64,
}

/// The kind of the rows of a case.
pub(crate) fn kind_of(case: &CaseId) -> String {
    format!("match:{case}")
}

/// The kind of the rows that outlive its secrets.
pub(crate) fn found_of(case: &CaseId) -> String {
    format!("match-found:{case}")
}

impl Node {
    pub(crate) fn match_row<T: DeserializeOwned>(
        &self,
        reader: &dyn Reader,
        kind: &str,
        key: &str,
    ) -> Result<Option<T>, Fault> {
        reader.local(kind, key)?.map(|row| self.open_local(&row)).transpose()
    }

    /// Bytes that are kept as they are.
    pub(super) fn match_bytes(&self, reader: &dyn Reader, kind: &str, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        let row = reader.local(kind, key)?;
        row.map(|row| self.unwrap(&format!("{kind}/{key}"), &row.bytes)).transpose()
    }

    pub(super) fn keeping_bytes(
        &self,
        env: &mut Env<'_>,
        kind: String,
        key: String,
        bytes: &[u8],
    ) -> Result<Write, Fault> {
        let bytes = self.wrap(env.rng, &format!("{kind}/{key}"), bytes)?;
        Ok(Write::PutLocal(LocalRow { kind, key, version: 1, bytes }))
    }

    pub(super) fn keeping<T: Serialize>(
        &self,
        env: &mut Env<'_>,
        kind: String,
        key: String,
        value: &T,
    ) -> Result<Write, Fault> {
        Ok(Write::PutLocal(self.local_row(env, kind, key, value)?))
    }

    /// What an office may still ask of a type: what is spent is counted over all cases and survives everything.
    pub(crate) fn allowance(
        &self,
        reader: &dyn Reader,
        matching: &Matching,
        office: &OfficeId,
        code: &TypeCode,
    ) -> Result<Allowance, Fault> {
        let spent: Option<SpentKept> = self.match_row(reader, SPENT, &spender(office, code))?;
        let SpentKept { day, today, ever } = spent.unwrap_or_default();
        let (day_max, ever_max) = (u64::from(matching.day_places_max), u64::from(matching.ever_places_max));
        Ok(Allowance::resume(day_max, ever_max, Spent { day, today, ever }))
    }

    /// The write that keeps what is spent, and what it expects: two batches at once do not spend the same.
    pub(super) fn spending(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        case: &Case,
        allowance: &Allowance,
    ) -> Result<Also, Fault> {
        let key = spender(&case.requesting_office, &case.type_code);
        let version = reader.local(SPENT, &key)?.map_or(0, |row| row.version);
        let Spent { day, today, ever } = allowance.spent();
        let row = self.local_row(env, SPENT.to_owned(), key.clone(), &SpentKept { day, today, ever })?;
        let expect = Expect::LocalVersion { kind: SPENT.to_owned(), key, version };
        Ok(Also { expect: vec![expect], writes: vec![Write::PutLocal(LocalRow { version: version + 1, ..row })] })
    }

    /// The writes that take every secret of a case's matching away.
    pub(super) fn forgetting(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<Write>, Fault> {
        let rows = reader.local_list(&kind_of(case))?;
        Ok(rows.into_iter().map(|row| Write::RemoveLocal { kind: row.kind, key: row.key }).collect())
    }
}

fn spender(office: &OfficeId, code: &TypeCode) -> String {
    format!("{office}/{code}")
}
