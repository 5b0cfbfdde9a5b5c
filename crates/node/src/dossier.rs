//! A case as this node has it: the acts read back, folded.
//!
//! Owns reading acts from the store and sealing their content for the disk. Must not decide anything.

use std::collections::BTreeMap;

use domain::act::Act;
use domain::case::{self, Case, Entry};
use domain::ids::{CaseId, Hash32};
use jiff::Timestamp;
use ledger::canon;
use ledger::hash::sha256;
use store::{ActRow, Reader};

use crate::fault::Fault;
use crate::party::Node;

/// A case with everything this node holds of it.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The case, folded.
    pub case: Case,
    /// Its acts with their receipts, in the order of `rows`.
    pub entries: Vec<Entry>,
    /// Where each act stands in the log and the store.
    pub rows: Vec<ActRow>,
    /// The version of the case's row, for the next change.
    pub version: u64,
    /// The acts whose contents were erased here at the end of their time, by message id, and when.
    pub erased: BTreeMap<Hash32, Timestamp>,
    /// What its acts take together, in canonical bytes.
    pub content_bytes: u64,
}

impl Node {
    /// Reads and folds a case; `None` when there is none.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn load(&self, reader: &dyn Reader, case: &CaseId) -> Result<Option<Dossier>, Fault> {
        self.load_amended(reader, case, |_| {})
    }

    /// The same with something changed in its entries before they are folded.
    pub(crate) fn load_amended(
        &self,
        reader: &dyn Reader,
        case: &CaseId,
        amend: impl FnOnce(&mut Vec<Entry>),
    ) -> Result<Option<Dossier>, Fault> {
        let rows = reader.acts(case)?;
        let mut read = Read::default();
        let hashes: Vec<Hash32> = rows.iter().map(|row| row.body_hash).collect();
        let bodies = reader.bodies(&hashes)?;
        let bodies: BTreeMap<Hash32, Vec<u8>> =
            bodies.into_iter().filter_map(|body| Some((body.hash, body.bytes?))).collect();
        for row in &rows {
            let act = match bodies.get(&row.body_hash) {
                Some(sealed) => {
                    // Sealing at rest adds some dozen bytes; the limit is no finer than that.
                    read.content_bytes += sealed.len() as u64;
                    self.open_body(&row.body_hash, sealed)?
                }
                None => {
                    let left = self.left(reader, row)?;
                    let left =
                        left.ok_or_else(|| Fault::record(format!("act {}", row.core_hash.short()), "missing"))?;
                    read.erased.insert(row.core_hash, left.erased_at);
                    left.act
                }
            };
            read.entries.push(Entry { act, received_at: row.received_at.map(Timestamp::from) });
        }
        amend(&mut read.entries);
        let Read { entries, erased, content_bytes } = read;
        let Some(first) = entries.first() else { return Ok(None) };
        if self.version(&first.act.instrument).is_none() {
            return Err(Fault::record(case.as_str(), "it runs under a version that is not held here"));
        }
        let Some(folded) = case::fold(self.instruments(), &entries) else {
            return Ok(None);
        };
        let version = reader.case(case)?.map_or(0, |row| row.version);
        Ok(Some(Dossier { case: folded, entries, rows, version, erased, content_bytes }))
    }

    /// How many of our acts among these the other side is not known to have.
    pub(crate) fn undelivered_in(&self, entries: &[Entry]) -> u64 {
        let ours = entries.iter().filter(|entry| entry.act.by == *self.me() && entry.received_at.is_none());
        u64::try_from(ours.count()).unwrap_or(u64::MAX)
    }

    fn open_body(&self, hash: &Hash32, sealed: &[u8]) -> Result<Act, Fault> {
        if let Some(act) = self.recent().get(hash) {
            return Ok(act);
        }
        let label = body_label(hash);
        let bytes = self.unwrap(&label, sealed)?;
        if sha256(&[&bytes]) != hash.0 {
            return Err(Fault::record(label, "its content does not match its hash"));
        }
        let act = canon::from_slice(&bytes).map_err(|why| Fault::record(label, why.code()))?;
        self.recent().keep(*hash, &act, bytes.len());
        Ok(act)
    }
}

/// The acts of a case as they are read.
#[derive(Default)]
struct Read {
    entries: Vec<Entry>,
    erased: BTreeMap<Hash32, Timestamp>,
    content_bytes: u64,
}

/// An act's canonical bytes and their hash.
pub(crate) fn act_bytes(act: &Act) -> Result<(Vec<u8>, Hash32), Fault> {
    let bytes = canon::to_vec(act).map_err(|why| Fault::record("act", why))?;
    let hash = Hash32(sha256(&[&bytes]));
    Ok((bytes, hash))
}

/// The label an act's content is sealed under at rest.
pub(crate) fn body_label(hash: &Hash32) -> String {
    format!("body/{hash}")
}
