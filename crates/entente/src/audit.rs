//! The offline check of a node's logs and of what stands behind them, and of two nodes' logs against each other.
//!
//! Owns which record must agree with which entry. Must not know command lines or folders. Every signature, hash and
//! index is computed anew from the stored bytes: nothing is believed because it was checked before.

use domain::ids::{Hash32, PartyId};
use ledger::keys::VerifyingKey;
use ledger::leaf::Leaf;
use ledger::receipt::{self, Verdict};
use node::Node;
use serde::Serialize;
use store::{Chunks, LeafRow, Reader};

use logs::{mirrored_log, own_log};

mod cases;
mod entries;
mod files;
mod logs;

/// Findings listed; beyond, they are only counted. The first one is what matters.
pub const FINDINGS_MAX: usize = 200;
/// Leaves read at a time.
const PAGE: usize = 1024;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The logs checked, in order.
    pub logs: Vec<LogLine>,
    /// Cases whose acts were compared with the log.
    pub cases: u64,
    /// Attachments of their acts that are here whole.
    pub files: u64,
    /// Messages that stand in both Parties' logs with the same bytes; counted when two nodes are compared.
    pub matched: u64,
    /// Messages sent and not delivered yet: no fault; counted when two nodes are compared.
    pub pending: u64,
    /// Acts whose content and envelope were erased at the end of retention, as a certificate in the log says; at most
    /// [`FINDINGS_MAX`] are named.
    pub purged: Vec<String>,
    /// How many there are in all.
    pub purged_acts: u64,
    /// Everything that does not hold, in the order found; at most [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many do not hold in all.
    pub broken: u64,
}

/// One log that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// The Party whose database it is in.
    pub party: PartyId,
    /// Its public name.
    pub origin: String,
    /// Whether it is our copy of the peer's log.
    pub mirror: bool,
    /// Entries that hold.
    pub entries: u64,
    /// Signed checkpoints that hold.
    pub checkpoints: u64,
    /// The root over the entries that hold.
    pub root: Hash32,
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The Party whose database it is in.
    pub party: PartyId,
    /// The log's public name, or the case.
    pub at: String,
    /// The entry, if it is one.
    pub entry: Option<u64>,
    /// What does not hold.
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "{}: {} entry {entry}: {}", self.party, self.at, self.what),
            None => write!(f, "{}: {}: {}", self.party, self.at, self.what),
        }
    }
}

impl Report {
    /// Whether everything holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken == 0
    }

    /// Takes in what another audit found.
    pub fn join(&mut self, other: Self) {
        self.logs.extend(other.logs);
        self.cases = self.cases.max(other.cases);
        self.files = self.files.max(other.files);
        self.matched += other.matched;
        self.pending += other.pending;
        self.broken += other.broken;
        self.purged_acts += other.purged_acts;
        self.purged.extend(other.purged);
        self.purged.truncate(FINDINGS_MAX);
        self.findings.extend(other.findings);
        self.findings.truncate(FINDINGS_MAX);
    }

    fn add(&mut self, party: &PartyId, at: &str, entry: Option<u64>, what: impl ToString) {
        self.broken += 1;
        if self.findings.len() < FINDINGS_MAX {
            let (party, at, what) = (party.clone(), at.to_owned(), what.to_string());
            self.findings.push(Finding { party, at, entry, what });
        }
    }
}

/// One node's side of an audit.
pub struct Side<'a> {
    /// The clerk: keys to open what is sealed at rest, and the peers' cards.
    pub node: &'a Node,
    /// Its database.
    pub reader: &'a dyn Reader,
    /// Its attachments.
    pub chunks: &'a dyn Chunks,
}

/// How many entries an audit of this side will look at.
///
/// # Errors
/// Those of the store.
pub fn size(side: &Side<'_>) -> Result<u64, store::Fault> {
    let mut sum = 0;
    for peer in side.node.peers().keys() {
        sum += side.reader.log_size(&node::log_name(peer))? + side.reader.log_size(&node::mirror_name(peer))?;
    }
    Ok(sum)
}

/// Checks every log of one node, and every act, envelope, body and receipt against it. `seen` is told of each entry.
pub fn verify(side: &Side<'_>, seen: &mut dyn FnMut()) -> Report {
    let mut report = Report::default();
    let me = side.node.me();
    let ours = match side.node.card("", Hash32::default()) {
        Ok(card) => card,
        Err(why) => {
            report.add(me, "keys", None, why);
            return report;
        }
    };
    for (peer, theirs) in side.node.peers() {
        for log in [own_log(me, peer, &ours, theirs), mirrored_log(me, peer, &ours, theirs)] {
            match log {
                Ok(log) => side.check_log(&log, &ours, theirs, seen, &mut report),
                Err(why) => report.add(me, peer.as_str(), None, why),
            }
        }
    }
    if let Err(why) = side.check_cases(&mut report) {
        report.add(me, "cases", None, why);
    }
    report
}

/// Checks two nodes' logs with each other: each message once in both, and each copy equal to its original.
pub fn cross(a: &Side<'_>, b: &Side<'_>) -> Report {
    let mut report = Report::default();
    for (sender, receiver) in [(a, b), (b, a)] {
        if let Err(why) = cross_one(sender, receiver, &mut report) {
            report.add(sender.node.me(), "store", None, why);
        }
    }
    report
}

/// What `sender` sent against what `receiver` received, and `receiver`'s copy of `sender`'s log.
fn cross_one(sender: &Side<'_>, receiver: &Side<'_>, report: &mut Report) -> Result<(), store::Fault> {
    let (from, to) = (sender.node.me(), receiver.node.me());
    let origin = node::origin(from, to);
    let sent = sender.leaves(&node::log_name(to))?;
    let received = receiver.leaves(&node::log_name(from))?;
    let keys: Vec<_> = sender.node.peers().get(to).map(|card| card.envelope_key).into_iter().collect();
    let mut trouble = None;
    let crossing = ledger::audit::cross(decoded(&sent), decoded(&received), &mut |core_hash| {
        let receipt = sender.reader.receipt(&Hash32(*core_hash), false);
        receipt.map_or_else(
            |why| {
                trouble = Some(why);
                false
            },
            |found| found.is_some_and(|row| accepts(&row.bytes, &keys, core_hash)),
        )
    });
    report.matched += crossing.matched;
    report.pending += crossing.pending;
    for finding in &crossing.findings {
        report.add(from, &origin, None, finding);
    }
    if let Some(why) = trouble {
        return Err(why);
    }
    let copy = receiver.leaves(&node::mirror_name(from))?;
    for (index, kept) in (0u64..).zip(&copy) {
        let same = sent.get(usize::try_from(index).unwrap_or(usize::MAX)).is_some_and(|leaf| leaf.bytes == kept.bytes);
        if !same {
            report.add(to, &origin, Some(index), "the peer's copy differs from the log: one of them was rewritten");
            break;
        }
    }
    Ok(())
}

impl Side<'_> {
    /// All leaves of a log, as stored.
    fn leaves(&self, log: &str) -> Result<Vec<LeafRow>, store::Fault> {
        let mut all: Vec<LeafRow> = Vec::new();
        loop {
            let page = self.reader.leaves(log, all.len() as u64, PAGE)?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }
}

/// Whether a receipt by these keys accepts the message.
fn accepts(bytes: &[u8], keys: &[VerifyingKey], core_hash: &[u8; 32]) -> bool {
    let opened = receipt::open(bytes, keys);
    let accepted = |entry: &receipt::Entry| entry.core_hash == *core_hash && entry.verdict == Verdict::Accepted;
    opened.is_ok_and(|receipt| receipt.entries.iter().any(accepted))
}

fn decoded(rows: &[LeafRow]) -> impl Iterator<Item = (u64, Leaf)> {
    rows.iter().filter_map(|row| Some((row.index, Leaf::decode(&row.bytes).ok()?)))
}
