//! One log as a bundle shows it: the checkpoints that speak for it, and the proofs that lead to them.
//!
//! Owns which checkpoint an entry is proved under: the newest both signed if it covers the entry, else the newest its owner
//! signed. Must not know acts.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{CaseId, Hash32};
use ledger::leaf::{Leaf, LeafKind};
use ledger::proof::{Consistency, Inclusion};
use ledger::tree;
use store::{CheckpointRow, Reader};

/// Leaves read at a time.
const PAGE: usize = 1024;

/// A log to prove from.
pub(super) struct Source<'a> {
    reader: &'a dyn Reader,
    name: String,
    /// The newest checkpoint both Parties signed.
    pub(super) cosigned: Option<CheckpointRow>,
    /// The newest its owner signed, where that goes further.
    pub(super) newest: Option<CheckpointRow>,
    /// The entries of the acts asked for: their index and bytes.
    entries: BTreeMap<Hash32, (u64, Vec<u8>)>,
}

/// An entry of a log, and the proof that it stands there.
type Proved = (Vec<u8>, Vec<u8>);

impl<'a> Source<'a> {
    /// Reads a log and finds the entries of these acts of a case in it.
    pub(super) fn open(
        reader: &'a dyn Reader,
        name: String,
        case: &CaseId,
        acts: &BTreeSet<Hash32>,
    ) -> Result<Self, store::Fault> {
        let cosigned = reader.latest_cosigned(&name)?;
        let newest = reader.latest_checkpoint(&name)?;
        let newest = newest.filter(|row| cosigned.as_ref().is_none_or(|both| both.size < row.size));
        let mut entries = BTreeMap::new();
        let mut from = 0;
        let prefix = format!("{case}#");
        loop {
            let page = reader.leaves(&name, from, PAGE)?;
            let Some(last) = page.last() else { break };
            from = last.index + 1;
            for row in page {
                let Ok(leaf) = Leaf::decode(&row.bytes) else { continue };
                let of_act = matches!(leaf.kind, LeafKind::Sent | LeafKind::Received);
                if of_act && leaf.reference.starts_with(&prefix) && acts.contains(&Hash32(leaf.core_hash)) {
                    entries.insert(Hash32(leaf.core_hash), (row.index, row.bytes));
                }
            }
        }
        Ok(Self { reader, name, cosigned, newest, entries })
    }

    /// How far the checkpoints shown reach.
    fn reach(&self) -> u64 {
        self.newest.as_ref().or(self.cosigned.as_ref()).map_or(0, |row| row.size)
    }

    /// An act's entry with its proof, if a checkpoint covers it.
    pub(super) fn entry(&self, act: &Hash32) -> Result<Option<Proved>, store::Fault> {
        let Some((index, bytes)) = self.entries.get(act) else { return Ok(None) };
        let both = self.cosigned.as_ref().filter(|row| *index < row.size);
        let note = both.map(|row| (row.size, row.cosigned.as_ref().unwrap_or(&row.note)));
        let newest = self.newest.as_ref().filter(|row| *index < row.size).map(|row| (row.size, &row.note));
        let Some((size, note)) = note.or(newest) else { return Ok(None) };
        let path = tree::inclusion(*index, size, &mut |level, at| self.node(level, at));
        let path = path.map_err(missing)?;
        let proof = Inclusion { index: *index, path, checkpoint: note.clone() };
        Ok(Some((bytes.clone(), proof.encode())))
    }

    /// That the newest checkpoint shown extends a state of `old` entries; `None` when that lies beyond it.
    pub(super) fn extends(&self, old: u64) -> Result<Option<Vec<u8>>, store::Fault> {
        let new = self.reach();
        if old > new {
            return Ok(None);
        }
        let path = tree::consistency(old, new, &mut |level, at| self.node(level, at)).map_err(missing)?;
        Ok(Some(Consistency { old, new, path }.encode()))
    }

    fn node(&self, level: u8, at: u64) -> Result<[u8; 32], store::Fault> {
        let found = self.reader.tree_hash(&self.name, u64::from(level), at)?;
        let reason = || format!("node {level}/{at} of log {} is missing", self.name);
        found.map(|hash| hash.0).ok_or_else(|| store::Fault::Corrupt { table: "tree_hash", reason: reason() })
    }
}

fn missing(fault: tree::ProofFault<store::Fault>) -> store::Fault {
    match fault {
        tree::ProofFault::Fetch(fault) => fault,
        tree::ProofFault::Beyond { asked, size } => {
            store::Fault::Corrupt { table: "checkpoint", reason: format!("entry {asked} of a log of {size}") }
        }
    }
}
