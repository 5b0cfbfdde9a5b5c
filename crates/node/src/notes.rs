//! Notes on a case that never leave the house.
//!
//! Owns their keeping, sealed at rest. Must not reach an act, an envelope or the log.

use domain::act::Person;
use domain::ids::{CaseId, OfficeId};
use domain::refusal::Refusal;
use jiff::Timestamp;
use ledger::canon;
use serde::{Deserialize, Serialize};
use store::{Batch, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::fault::{Failure, Fault};
use crate::gates::commit_failure;
use crate::party::Node;

/// Most characters of one note: a remark, not a memorandum.
pub const NOTE_CHARS_MAX: usize = 4_000;

/// Most notes on one case: a desk writes tens.
pub const NOTES_MAX: usize = 1_000;

/// A note of our own on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who wrote it.
    pub by: Person,
    /// For which office; unknown of notes from before it was kept. An office that sees the case masked reads its own alone.
    #[serde(default)]
    pub office: Option<OfficeId>,
    /// When.
    pub at: Timestamp,
    /// What, in whatever language.
    pub words: String,
}

impl Node {
    /// Adds a note to a case.
    ///
    /// # Errors
    /// [`Failure::Refused`] when it is empty or too long, or there is no such case; [`Failure::Fault`].
    pub fn add_note(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        (office, by): (&OfficeId, Person),
        words: &str,
    ) -> Result<(), Failure> {
        let words = words.trim();
        if words.is_empty() {
            return Err(Refusal::Wordless { what: "note" }.into());
        }
        if words.chars().count() > NOTE_CHARS_MAX {
            return Err(Refusal::TooLong { what: "note", max: NOTE_CHARS_MAX }.into());
        }
        let reader = store.reader()?;
        let kind = kind_of(case);
        if reader.case(case)?.is_none() {
            return Err(Refusal::UnknownCase.into());
        }
        let number = reader.local_list(&kind)?.len();
        drop(reader);
        if number >= NOTES_MAX {
            return Err(Refusal::TooLong { what: "notes", max: NOTES_MAX }.into());
        }
        let key = format!("{:020}-{number:04}", env.now.as_microsecond());
        let note = Note { by, office: Some(office.clone()), at: env.now, words: words.to_owned() };
        let bytes = canon::to_vec(&note).map_err(|why| Fault::record("note", why))?;
        let bytes = self.wrap(env.rng, &format!("{kind}/{key}"), &bytes)?;
        let write = Write::PutLocal(LocalRow { kind, key, version: 1, bytes });
        store.commit(&Batch { expect: Vec::new(), writes: vec![write] }).map_err(commit_failure)
    }

    /// The notes on a case, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when one cannot be read.
    pub fn notes(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<Note>, Fault> {
        let rows = reader.local_list(&kind_of(case))?;
        rows.iter()
            .map(|row| {
                let label = format!("{}/{}", row.kind, row.key);
                let bytes = self.unwrap(&label, &row.bytes)?;
                canon::from_slice(&bytes).map_err(|why| Fault::record(label, why.code()))
            })
            .collect()
    }
}

pub(crate) fn kind_of(case: &CaseId) -> String {
    format!("note:{case}")
}
