//! The offline check of a node's logs and of what stands behind them, and of two nodes' logs against each other.
//!
//! Owns which record must agree with which entry. Must not know command lines or folders. Every signature, hash and
//! index is computed anew from the stored bytes: nothing is believed because it was checked before.

use std::collections::BTreeSet;

use domain::act::ActRef;
use domain::ids::{Hash32, PartyId};
use domain::menu::Menu;
use ledger::audit::{Audit, Stored};
use ledger::checkpoint::SignedCheckpoint;
use ledger::envelope::Envelope;
use ledger::hash::{sha256, sm3};
use ledger::keys::VerifyingKey;
use ledger::leaf::{Leaf, LeafKind};
use ledger::note::{NoteKey, NoteKeyKind};
use ledger::receipt::{self, Verdict};
use node::{Card, Node};
use serde::Serialize;
use store::{CaseFilter, CaseRow, CheckpointRow, LeafRow, Reader};

/// Findings listed; beyond, they are only counted. The first one is what matters.
pub const FINDINGS_MAX: usize = 200;
/// Leaves read at a time.
const PAGE: usize = 1024;
/// Checkpoints read at a time.
const CHECKPOINTS_PAGE: usize = 256;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The logs checked, in order.
    pub logs: Vec<LogLine>,
    /// Cases whose acts were compared with the log.
    pub cases: u64,
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
}

/// One log of one side, with the keys its checkpoints are signed and cosigned with.
struct Log {
    name: String,
    origin: String,
    key: NoteKey,
    cosigner: NoteKey,
    mirror: bool,
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
    fn check_log(&self, log: &Log, ours: &Card, theirs: &Card, seen: &mut dyn FnMut(), report: &mut Report) {
        let me = self.node.me();
        let mut audit = Audit::new(log.key.clone());
        let mut unentered = BTreeSet::new();
        let broken = self.walk(
            log,
            &mut audit,
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
        for _ in &unentered {
            report.add(me, &log.origin, None, "a receipt given is not in the log: it was replaced");
        }
        if let Err((entry, what)) = broken {
            report.add(me, &log.origin, entry, what);
        } else if sound.vouched != sound.entries && !log.mirror {
            report.add(me, &log.origin, Some(sound.vouched), "no signed checkpoint covers it and what follows");
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

    fn tree_hash(&self, log: &str, level: u8, index: u64) -> Option<[u8; 32]> {
        // A hash that cannot be read counts as absent, which the audit names.
        self.reader.tree_hash(log, u64::from(level), index).ok().flatten().map(|hash| hash.0)
    }

    /// What stands behind one entry of our own log. `unentered` holds the hashes of receipts given whose own entry has
    /// not come yet.
    fn check_entry(
        &self,
        index: u64,
        leaf: &Leaf,
        ours: &Card,
        theirs: &Card,
        unentered: &mut BTreeSet<[u8; 32]>,
    ) -> Result<(), String> {
        let core_hash = Hash32(leaf.core_hash);
        match leaf.kind {
            LeafKind::Sent | LeafKind::Received | LeafKind::Rejected => {
                let author = if leaf.outgoing { ours } else { theirs };
                if self.certified(&core_hash)?.is_none() {
                    self.check_envelope(leaf, author)?;
                }
                if leaf.kind != LeafKind::Rejected {
                    self.check_act(index, &core_hash, leaf)?;
                }
                if leaf.kind == LeafKind::Received {
                    unentered.extend(self.check_given(index, &core_hash, leaf, ours)?);
                }
                Ok(())
            }
            LeafKind::Receipt if !leaf.outgoing => self.check_got(&core_hash, leaf, ours, theirs),
            LeafKind::Receipt => {
                let named = unentered.remove(&leaf.core_hash);
                if named { Ok(()) } else { Err("the receipt given is missing or was replaced".into()) }
            }
            LeafKind::Parked
            | LeafKind::KeySet
            | LeafKind::Instrument
            | LeafKind::PeerCheckpoint
            | LeafKind::Sm3Root
            | LeafKind::Withdrawal
            | LeafKind::Recovery => Ok(()),
        }
    }

    fn check_envelope(&self, leaf: &Leaf, author: &Card) -> Result<(), String> {
        let core_hash = Hash32(leaf.core_hash);
        let bytes = self.reader.envelope(&core_hash).map_err(|why| why.to_string())?;
        let bytes = bytes.ok_or_else(|| format!("its envelope {} is missing", core_hash.short()))?;
        if sha256(&[&bytes]) != leaf.env_sha256 || sm3(&[&bytes]) != leaf.env_sm3 {
            return Err(format!("its envelope {} was altered", core_hash.short()));
        }
        let envelope = Envelope::decode(&bytes).map_err(|why| format!("its envelope cannot be read: {why}"))?;
        if envelope.core_hash() != leaf.core_hash {
            return Err("its envelope is another message's".into());
        }
        let signed = envelope.verify(&[author.envelope_key]).map(drop);
        signed.map_err(|why| format!("its envelope is not signed by `{}`: {why}", author.party))
    }

    /// The name of an act whose content is gone, provided a certificate of ours that stands in the case says so; `None`
    /// when its content is here, or nothing certifies that it was erased.
    fn certified(&self, core_hash: &Hash32) -> Result<Option<String>, String> {
        let Some(row) = self.reader.act_by_hash(core_hash).map_err(|why| why.to_string())? else { return Ok(None) };
        let bodies = self.reader.bodies(&[row.body_hash]).map_err(|why| why.to_string())?;
        if bodies.first().is_none_or(|body| body.bytes.is_some()) {
            return Ok(None);
        }
        let dossier = self.node.load(self.reader, &row.case).map_err(|why| why.to_string())?;
        let certificates = dossier.iter().flat_map(|dossier| &dossier.case.care.deletions);
        let named = |one: &ActRef| one.by == row.party && one.seq == row.seq;
        let certified = certificates.filter(|one| one.by == *self.node.me()).any(|one| one.erased.iter().any(named));
        Ok(certified.then(|| format!("{}#{} of {}", row.case, row.seq, row.party)))
    }

    /// The act's row and its content.
    fn check_act(&self, index: u64, core_hash: &Hash32, leaf: &Leaf) -> Result<(), String> {
        let row = self.reader.act_by_hash(core_hash).map_err(|why| why.to_string())?;
        let row = row.ok_or_else(|| format!("its act {} is missing", core_hash.short()))?;
        let name = format!("{}#{}", row.case, row.seq);
        if row.logged_index != index || leaf.reference != name {
            return Err(format!("its act says it is entry {} and {name}: the act's row was altered", row.logged_index));
        }
        let bodies = self.reader.bodies(&[row.body_hash]).map_err(|why| why.to_string())?;
        let Some(body) = bodies.first() else { return Err(format!("the content of its act {name} is missing")) };
        let Some(sealed) = &body.bytes else {
            // Erased at the end of retention: the proof stands without it. Erased otherwise, it was destroyed.
            let certified = self.certified(core_hash)?.is_some();
            return if certified { Ok(()) } else { Err(format!("the content of its act {name} was destroyed")) };
        };
        let altered = || format!("the content of its act {name} was altered");
        let opened = self.node.unwrap(&format!("body/{}", row.body_hash), sealed).map_err(|_| altered())?;
        if sha256(&[&opened]) == row.body_hash.0 { Ok(()) } else { Err(altered()) }
    }

    /// The receipt we gave for a received act, by its hash; it may be missing when we crashed before giving it. The legal
    /// time of receipt is the same in the log, the act's row and the receipt.
    fn check_given(
        &self,
        index: u64,
        core_hash: &Hash32,
        leaf: &Leaf,
        ours: &Card,
    ) -> Result<Option<[u8; 32]>, String> {
        if self.received_us(core_hash)? != Some(leaf.logged_at_us) {
            return Err("the time its act was received was altered".into());
        }
        let Some(row) = self.reader.receipt(core_hash, true).map_err(|why| why.to_string())? else { return Ok(None) };
        let opened = receipt::open(&row.bytes, &[ours.envelope_key]);
        let opened = opened.map_err(|why| format!("the receipt given for it was altered: {why}"))?;
        let named = opened.entries.iter().find(|entry| entry.core_hash == core_hash.0);
        match named {
            Some(entry) if entry.verdict != Verdict::Accepted => Ok(None),
            Some(entry) if entry.log_index == index && entry.received_at_us == leaf.logged_at_us => {
                Ok(Some(sha256(&[&row.bytes])))
            }
            _ => Err("the receipt given for it names another entry or time".into()),
        }
    }

    /// The receipt we got for a sent act, and what it promises of the peer's log as far as we have a copy.
    fn check_got(&self, core_hash: &Hash32, leaf: &Leaf, ours: &Card, theirs: &Card) -> Result<(), String> {
        let short = core_hash.short();
        let row = self.reader.receipt(core_hash, false).map_err(|why| why.to_string())?;
        let row = row.ok_or_else(|| format!("the receipt got for {short} is missing"))?;
        if sha256(&[&row.bytes]) != leaf.env_sha256 || sm3(&[&row.bytes]) != leaf.env_sm3 {
            return Err(format!("the receipt got for {short} was altered"));
        }
        let opened = receipt::open(&row.bytes, &[theirs.envelope_key]);
        let opened = opened.map_err(|why| format!("the receipt got is false: {why}"))?;
        let named = opened.entries.iter().find(|entry| entry.core_hash == core_hash.0);
        let named =
            named.filter(|entry| entry.verdict == Verdict::Accepted && leaf.peer_index == Some(entry.log_index));
        let named = named.ok_or_else(|| format!("the receipt got for {short} names another entry"))?;
        if self.received_us(core_hash)? != Some(named.received_at_us) {
            return Err(format!("the time {short} was received is not the one its receipt says"));
        }
        let log = mirrored_log(self.node.me(), &theirs.party, ours, theirs)?;
        let signed = SignedCheckpoint::decode(&opened.checkpoint);
        let claim = signed.and_then(|signed| signed.verify(&log.key).cloned());
        let claim = claim.map_err(|why| format!("the receipt got for {short} vouches for no log of theirs: {why}"))?;
        if named.log_index >= claim.size() {
            return Err(format!("the receipt got for {short} names entry {} of a shorter log", named.log_index));
        }
        let copy = self.reader.leaves(&log.name, named.log_index, 1).map_err(|why| why.to_string())?;
        let kept = |leaf: &Leaf| leaf.kind == LeafKind::Received && leaf.core_hash == core_hash.0;
        match copy.first().filter(|row| row.index == named.log_index) {
            Some(row) if !Leaf::decode(&row.bytes).is_ok_and(|leaf| kept(&leaf)) => {
                Err(format!("the peer receipted {short} as its entry {} and entered something else", named.log_index))
            }
            // By our own clock: what the peer showed of its log after its receipt came must hold what that named.
            None if self.shown_us(&log)?.is_some_and(|shown| shown > leaf.logged_at_us) => {
                Err(format!("the peer receipted {short} as its entry {} and shows a log without it", named.log_index))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// When the peer last showed us its log whole, by our own cosignature, in Unix microseconds.
    fn shown_us(&self, log: &Log) -> Result<Option<u64>, String> {
        let latest = self.reader.latest_checkpoint(&log.name).map_err(|why| why.to_string())?;
        let Some(note) = latest.and_then(|row| row.cosigned) else { return Ok(None) };
        let at_s = SignedCheckpoint::decode(&note).and_then(|signed| signed.cosigned_at(&log.cosigner));
        at_s.map(|at_s| Some(at_s.saturating_mul(1_000_000))).map_err(|why| why.to_string())
    }

    /// When an act was received by its row, in Unix microseconds.
    fn received_us(&self, core_hash: &Hash32) -> Result<Option<u64>, String> {
        let row = self.reader.act_by_hash(core_hash).map_err(|why| why.to_string())?;
        Ok(row.and_then(|row| u64::try_from(row.received_at?.as_us()).ok()))
    }

    /// Every act of every case must be what its content says and stand in the log where it says.
    fn check_cases(&self, report: &mut Report) -> Result<(), store::Fault> {
        let mut filter = CaseFilter::default();
        loop {
            let (cases, next) = self.reader.cases(&filter)?;
            for row in &cases {
                report.cases += 1;
                if let Err(what) = self.check_case(row, report) {
                    report.add(self.node.me(), row.case.as_str(), None, what);
                }
            }
            if next.is_none() {
                return Ok(());
            }
            filter.after = next;
        }
    }

    fn check_case(&self, found: &CaseRow, report: &mut Report) -> Result<(), String> {
        let (case, peer) = (&found.case, &found.peer);
        let acts = self.reader.acts(case).map_err(|why| why.to_string())?;
        let log = node::log_name(peer);
        for row in &acts {
            let found = self.reader.leaves(&log, row.logged_index, 1).map_err(|why| why.to_string())?;
            let leaf = found.first().filter(|leaf| leaf.index == row.logged_index);
            let leaf = leaf.and_then(|leaf| Leaf::decode(&leaf.bytes).ok());
            let in_log = leaf.is_some_and(|leaf| leaf.core_hash == row.core_hash.0);
            // A time of receipt without a receipt would start a clock nobody agreed to.
            if row.party == *self.node.me() && row.received_at.is_some() {
                let got = self.reader.receipt(&row.core_hash, false).map_err(|why| why.to_string())?;
                got.ok_or_else(|| format!("act {} of {} was received by no receipt", row.seq, row.party))?;
            }
            if !in_log {
                return Err(format!(
                    "act {} of {} is not in the log at entry {}",
                    row.seq, row.party, row.logged_index
                ));
            }
        }
        let bodies: Vec<Hash32> = acts.iter().map(|row| row.body_hash).collect();
        let bodies = self.reader.bodies(&bodies).map_err(|why| why.to_string())?;
        for (row, _) in acts.iter().zip(&bodies).filter(|(_, body)| body.bytes.is_none()) {
            report.purged_acts += 1;
            if report.purged.len() < FINDINGS_MAX {
                report.purged.push(format!("{case}#{} of {}", row.seq, row.party));
            }
        }
        let dossier = self.node.load(self.reader, case).map_err(|why| why.to_string())?;
        let dossier = dossier.ok_or("its acts do not make a case")?;
        for (row, entry) in dossier.rows.iter().zip(&dossier.entries) {
            let act = &entry.act;
            let same = row.party == act.by
                && row.seq == act.seq
                && row.case == act.case
                && row.kind == act.deed.kind().code()
                && row.at == act.at.into();
            if !same {
                return Err(format!("the row of act {} of {} differs from what was signed", row.seq, row.party));
            }
        }
        // What the desks show must be what the acts come to.
        let astray = self.node.astray(found, &dossier).map_err(|why| why.to_string())?;
        if astray.is_empty() {
            return Ok(());
        }
        Err(format!("its row in the database is not what its acts make of it: {}", astray.join(", ")))
    }

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

fn own_log(me: &PartyId, peer: &PartyId, ours: &Card, theirs: &Card) -> Result<Log, String> {
    Log::new(node::log_name(peer), (me, ours), (peer, theirs), false)
}

fn mirrored_log(me: &PartyId, peer: &PartyId, ours: &Card, theirs: &Card) -> Result<Log, String> {
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
    let Some(cosigned) = &row.cosigned else { return Ok(()) };
    let altered =
        |why: &dyn std::fmt::Display| format!("the cosignature on the checkpoint of {} was altered: {why}", row.size);
    let note = SignedCheckpoint::decode(cosigned).map_err(|why| altered(&why))?;
    note.cosigned_at(&log.cosigner).map_err(|why| altered(&why))?;
    note.verify(&log.key).map_err(|why| altered(&why))?;
    let signed = SignedCheckpoint::decode(&row.note).map_err(|why| altered(&why))?;
    if note.claim() == signed.claim() { Ok(()) } else { Err(altered(&"it is on another checkpoint")) }
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
