//! One log walked from its first entry to its last, with every checkpoint on the way.
//!
//! Owns the keys a log is read by and the order of the walk. Must not know what stands behind an entry (`entries`).

use std::collections::BTreeSet;

use domain::ids::{Hash32, PartyId};
use ledger::audit::{Audit, Stored};
use ledger::checkpoint::SignedCheckpoint;
use ledger::leaf::Leaf;
use ledger::note::{NoteKey, NoteKeyKind};
use node::{Card, Tally};
use store::CheckpointRow;

use super::{LogLine, PAGE, Report, Side};

/// Checkpoints read at a time.
const CHECKPOINTS_PAGE: usize = 256;

/// One log of one side, with the keys its checkpoints are signed and cosigned with.
pub(super) struct Log {
    pub(super) name: String,
    pub(super) origin: String,
    pub(super) key: NoteKey,
    pub(super) cosigner: NoteKey,
    pub(super) mirror: bool,
}

impl Side<'_> {
    /// Checks one log, and what stands behind each of its entries.
    pub(super) fn check_log(&self, log: &Log, ours: &Card, theirs: &Card, seen: &mut dyn FnMut(), report: &mut Report) {
        let me = self.node.me();
        let mut audit = Audit::new(log.key.clone());
        let mut unentered = BTreeSet::new();
        // Read first: a running node may be cosigned further meanwhile.
        let counted = self.node.cosignatures(self.reader, &log.name);
        let mut found = Tally::default();
        let broken = self.walk(
            log,
            &mut audit,
            &mut found,
            seen,
            &mut |report: &mut Report, index, leaf| {
                if !log.mirror
                    && let Err(what) = self.check_entry(index, leaf, ours, theirs, &mut unentered)
                {
                    report.add(me, &log.origin, Some(index), what);
                }
            },
            report,
        );
        let sound = audit.finish();
        let whole = broken.is_ok();
        for _ in &unentered {
            report.add(me, &log.origin, None, "a receipt given is not in the log: it was replaced");
        }
        if let Err((entry, what)) = broken {
            report.add(me, &log.origin, entry, what);
        } else if sound.vouched != sound.entries && !log.mirror {
            report.add(me, &log.origin, Some(sound.vouched), "no signed checkpoint covers it and what follows");
        }
        if whole && !log.mirror {
            match counted.map(|counted| counted.unwrap_or_default().missing(&found)) {
                Ok((0, _)) => {}
                Ok((_, Some(size))) => {
                    let what = format!("the other Party's cosignature on the checkpoint of {size} is gone");
                    report.add(me, &log.origin, size.checked_sub(1), what);
                }
                Ok((missing, None)) => {
                    report.add(me, &log.origin, None, format!("{missing} of the other Party's cosignatures are gone"));
                }
                Err(why) => report.add(me, &log.origin, None, format!("the count of cosignatures was altered: {why}")),
            }
        }
        report.logs.push(LogLine {
            party: me.clone(),
            origin: log.origin.clone(),
            mirror: log.mirror,
            entries: sound.entries,
            checkpoints: sound.checkpoints,
            root: Hash32(sound.root),
        });
    }

    /// Feeds the audit in order: each entry, and each checkpoint as its size is reached.
    fn walk(
        &self,
        log: &Log,
        audit: &mut Audit,
        found: &mut Tally,
        seen: &mut dyn FnMut(),
        entry: &mut dyn FnMut(&mut Report, u64, &Leaf),
        report: &mut Report,
    ) -> Result<(), (Option<u64>, String)> {
        let mut checkpoints = Checkpoints { side: self, log, page: Vec::new(), above: 0, none_at: None };
        loop {
            let from = audit.size();
            let leaves = self.reader.leaves(&log.name, from, PAGE).map_err(|why| (Some(from), why.to_string()))?;
            if leaves.is_empty() {
                break;
            }
            for row in &leaves {
                let stored = Stored { index: row.index, bytes: &row.bytes, recorded: row.hash.0 };
                let mut node = |level, at| self.tree_hash(&log.name, level, at);
                let leaf =
                    audit.push(stored, &mut node).map_err(|broken| (Some(broken.index), broken.why.to_string()))?;
                entry(report, row.index, &leaf);
                seen();
                while let Some(row) = checkpoints.next(audit.size())? {
                    audit.checkpoint(&row.note).map_err(|broken| (Some(broken.index), broken.why.to_string()))?;
                    cosigned(&row, log).map_err(|what| (Some(row.size.saturating_sub(1)), what))?;
                    if row.cosigned.is_some() {
                        found.add(row.size);
                    }
                }
            }
        }
        // A checkpoint beyond the last entry: entries are missing, unless the node runs and the log grew meanwhile.
        let Some(row) = checkpoints.next(u64::MAX)? else { return Ok(()) };
        let size = self.reader.log_size(&log.name).map_err(|why| (Some(audit.size()), why.to_string()))?;
        if size >= row.size {
            return Ok(());
        }
        Err((Some(audit.size()), format!("it is missing: a signed checkpoint covers {} entries", row.size)))
    }

    pub(super) fn tree_hash(&self, log: &str, level: u8, index: u64) -> Option<[u8; 32]> {
        // A hash that cannot be read counts as absent, which the audit names.
        self.reader.tree_hash(log, u64::from(level), index).ok().flatten().map(|hash| hash.0)
    }
}

/// The checkpoints of a log by size, a page at a time.
struct Checkpoints<'a> {
    side: &'a Side<'a>,
    log: &'a Log,
    page: Vec<CheckpointRow>,
    above: u64,
    /// The size at which there was none further: a running node may have signed more since.
    none_at: Option<u64>,
}

impl Checkpoints<'_> {
    /// The next checkpoint of at most `size` entries.
    fn next(&mut self, size: u64) -> Result<Option<CheckpointRow>, (Option<u64>, String)> {
        if self.page.is_empty() && self.none_at != Some(size) {
            let page = self.side.reader.checkpoints(&self.log.name, self.above, CHECKPOINTS_PAGE);
            self.page = page.map_err(|why| (Some(self.above), why.to_string()))?;
            self.page.reverse();
            self.none_at = self.page.is_empty().then_some(size);
            self.above = self.page.first().map_or(self.above, |last| last.size);
        }
        Ok(self.page.pop_if(|row| row.size <= size))
    }
}

/// Our log towards a peer.
pub(super) fn own_log(me: &PartyId, peer: &PartyId, ours: &Card, theirs: &Card) -> Result<Log, String> {
    Log::new(node::log_name(peer), (me, ours), (peer, theirs), false)
}

/// Our copy of a peer's log.
pub(super) fn mirrored_log(me: &PartyId, peer: &PartyId, ours: &Card, theirs: &Card) -> Result<Log, String> {
    Log::new(node::mirror_name(peer), (peer, theirs), (me, ours), true)
}

impl Log {
    fn new(name: String, owner: (&PartyId, &Card), other: (&PartyId, &Card), mirror: bool) -> Result<Self, String> {
        let origin = node::origin(owner.0, other.0);
        let key = NoteKey::new(&origin, NoteKeyKind::Log, owner.1.log_key).map_err(|why| why.to_string())?;
        let cosigner = format!("{}.entente/mirror", other.0.as_str().to_lowercase());
        let cosigner = NoteKey::new(&cosigner, NoteKeyKind::Cosigner, other.1.mirror_key);
        Ok(Self { name, origin, key, cosigner: cosigner.map_err(|why| why.to_string())?, mirror })
    }
}

/// A cosignature must be the other Party's, on the same checkpoint.
fn cosigned(row: &CheckpointRow, log: &Log) -> Result<(), String> {
    let Some(cosigned) = &row.cosigned else {
        // We keep a checkpoint of the peer's only with our cosignature; the peer's on ours comes later, if it comes.
        return if log.mirror {
            Err(format!("our cosignature on the checkpoint of {} is gone", row.size))
        } else {
            Ok(())
        };
    };
    let altered =
        |why: &dyn std::fmt::Display| format!("the cosignature on the checkpoint of {} was altered: {why}", row.size);
    let note = SignedCheckpoint::decode(cosigned).map_err(|why| altered(&why))?;
    note.cosigned_at(&log.cosigner).map_err(|why| altered(&why))?;
    note.verify(&log.key).map_err(|why| altered(&why))?;
    let signed = SignedCheckpoint::decode(&row.note).map_err(|why| altered(&why))?;
    if note.claim() == signed.claim() { Ok(()) } else { Err(altered(&"it is on another checkpoint")) }
}
