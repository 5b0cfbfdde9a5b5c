//! A store in memory that remembers every write, so that a year's exercise is kept on disk in one batch.
//!
//! Owns the joining of batches. Must not know what was written.

use store::{Batch, CommitError, Expect, Fault, Memory, Reader, Store, Write};

/// A fresh store in memory and everything written to it.
#[derive(Default)]
pub(super) struct Rehearsed {
    memory: Memory,
    writes: Vec<Write>,
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
        self.writes.extend_from_slice(&batch.writes);
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader + Send>, Fault> {
        self.memory.reader()
    }
}
