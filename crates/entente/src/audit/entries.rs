//! What stands behind one entry of a log: the envelope, the act with its content, the receipts.
//!
//! Owns which record must agree with which entry. Must not know the order entries are looked at in (`logs`).

use std::collections::BTreeSet;

use domain::act::ActRef;
use domain::ids::Hash32;
use ledger::checkpoint::SignedCheckpoint;
use ledger::envelope::Envelope;
use ledger::hash::{sha256, sm3};
use ledger::leaf::{Leaf, LeafKind};
use ledger::receipt::{self, Verdict};
use ledger::tree;
use node::Card;

use super::Side;
use super::logs::{Log, mirrored_log};

impl Side<'_> {
    /// What stands behind one entry of our own log. `unentered` holds the hashes of receipts given whose own entry has
    /// not come yet.
    pub(super) fn check_entry(
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
        // A case whose row is gone is on no desk, and nothing below would look at it.
        if self.reader.case(&row.case).map_err(|why| why.to_string())?.is_none() {
            return Err(format!("the row of its case `{}` is gone: it would be on no desk", row.case));
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
        // A copy that reaches what the receipt vouched for is of that history, or the peer rewrote its log after it.
        if self.reader.log_size(&log.name).map_err(|why| why.to_string())? >= claim.size() {
            let stored = |level, at| self.tree_hash(&log.name, level, at).ok_or(());
            let root = tree::root(claim.size(), &mut { stored });
            let root = root.map_err(|()| "a hash of our copy of their log is missing".to_owned())?;
            if root != *claim.root() {
                return Err(format!("the receipt got for {short} vouches for another history of their log"));
            }
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
}
