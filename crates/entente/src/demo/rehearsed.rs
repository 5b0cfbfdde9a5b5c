//! A store in memory that remembers every write, so that a year's exercise is kept on disk in one batch.
//!
//! Owns the joining of batches: of a row written again and again only the last is kept. Must not know what it says.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::ids::CaseId;
use store::{Batch, CommitError, Expect, Fault, Memory, Reader, Store, Write};

/// A fresh store in memory and everything written to it.
#[derive(Default)]
pub(super) struct Rehearsed {
    memory: Memory,
    writes: Vec<Write>,
    /// Where in `writes` a row stands that a later write replaces whole.
    rows: BTreeMap<Row, usize>,
}

/// A row that is written anew with every act of its case.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Case(CaseId),
    Timer(CaseId, String),
    Terms(CaseId),
}

impl Row {
    /// The row a write replaces whole, if it is one of these.
    fn of(write: &Write) -> Option<Self> {
        match write {
            Write::PutCase(row) => Some(Self::Case(row.case.clone())),
            Write::PutTimer(row) => Some(Self::Timer(row.case.clone(), row.kind.clone())),
            Write::RemoveTimer { case, kind } => Some(Self::Timer(case.clone(), kind.clone())),
            Write::ReplaceTerms { case, .. } => Some(Self::Terms(case.clone())),
            // Whatever stands for itself, and whatever is as rare as it is important.
            _ => None,
        }
    }
}

impl Rehearsed {
    /// Everything as one batch for a fresh store.
    pub(super) fn whole(self) -> Batch {
        let mut expect: Vec<Expect> = Vec::new();
        for write in &self.writes {
            let Write::AppendLeaf(leaf) = write else { continue };
            let empty = Expect::LogSize { log: leaf.log.clone(), size: 0 };
            if !expect.contains(&empty) {
                expect.push(empty);
            }
        }
        Batch { expect, writes: self.writes }
    }
}

impl Store for Rehearsed {
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        self.memory.commit(batch)?;
        for write in &batch.writes {
            match Row::of(write).map(|row| self.rows.entry(row)) {
                Some(Entry::Occupied(at)) => write.clone_into(&mut self.writes[*at.get()]),
                Some(Entry::Vacant(at)) => {
                    at.insert(self.writes.len());
                    self.writes.push(write.clone());
                }
                None => self.writes.push(write.clone()),
            }
        }
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader + Send>, Fault> {
        self.memory.reader()
    }
}
