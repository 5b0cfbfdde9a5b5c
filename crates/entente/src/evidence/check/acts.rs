//! The check of a bundle's acts: each envelope, what it holds, its entries in both logs, its receipt, and that none lacks.
//!
//! Owns what must agree about one act, and about all of a Party's. Must not know the container nor the logs' own keys.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{Act, ActRef, Deed};
use domain::ids::{Hash32, PartyId};
use domain::instrument::Instrument;
use ledger::checkpoint::SignedCheckpoint;
use ledger::envelope::Envelope;
use ledger::hash::{sha256, sm3};
use ledger::leaf::{Leaf, LeafKind};
use ledger::proof::Inclusion;
use ledger::receipt::{self, Verdict};
use ledger::tree::{leaf_hash, verify_inclusion};
use node::evidence::read_disclosed;

use super::{Bundle, Checked, Content, Wrong, extends, wrong};
use crate::evidence::make::{act_json, act_texts};
use crate::evidence::{Line, MANIFEST};

/// An act's entry in one log.
struct Entered {
    index: u64,
    leaf: Leaf,
}

impl Bundle<'_> {
    /// Every act, in the order of the list, and each Party's numbers without a gap.
    pub(super) fn check_acts(
        &mut self,
        instruments: &BTreeMap<Hash32, Instrument>,
        checked: &mut Checked,
    ) -> Result<(), Wrong> {
        let mut last: BTreeMap<PartyId, (u64, Hash32)> = BTreeMap::new();
        let mut certified: BTreeSet<ActRef> = BTreeSet::new();
        let mut seen: BTreeMap<PartyId, u64> = BTreeMap::new();
        let lines = self.manifest.acts.clone();
        if lines.is_empty() {
            return Err(wrong(MANIFEST, "it names no act"));
        }
        for line in &lines {
            let (number, before) = last.get(&line.by).copied().unwrap_or_default();
            if line.seq != number + 1 || !self.parties().contains(&line.by) {
                return Err(wrong(&line.member(""), format!("act {} of {} should stand here", number + 1, line.by)));
            }
            last.insert(line.by.clone(), (line.seq, line.core_hash));
            let envelope = self.check_envelope(line, &before)?;
            let act = match (line.content, &envelope) {
                (Content::Disclosed, Some(envelope)) => Some(self.check_content(line, envelope, instruments)?),
                (_, _) => None,
            };
            if let Some(act) = act {
                if let (Deed::CertifyDeletion { erased }, true) = (&act.deed, act.by == self.manifest.made_by) {
                    certified.extend(erased.iter().cloned());
                }
                for (party, count) in &act.seen {
                    let most = seen.entry(party.clone()).or_default();
                    *most = (*most).max(*count);
                }
            } else {
                checked.without.push((ActRef { by: line.by.clone(), seq: line.seq }, line.content));
            }
            let receiver = self.parties().into_iter().find(|party| *party != line.by);
            let receiver = receiver.ok_or_else(|| wrong(MANIFEST, "it names one Party twice"))?;
            let bytes = if envelope.is_some() { Some(self.must(&line.member("envelope.cose"))?) } else { None };
            self.check_entry(line, &line.by.clone(), LeafKind::Sent, bytes, checked)?;
            let received = self.check_entry(line, &receiver, LeafKind::Received, bytes, checked)?;
            self.check_receipt(line, &receiver, received.as_ref(), checked)?;
        }
        for (act, content) in &checked.without {
            if *content == Content::Erased && !certified.contains(act) {
                let name = format!("acts/{}-{}/", act.by, act.seq);
                return Err(wrong(
                    &name,
                    "it is said to be erased, and no certificate of its maker in the case says so",
                ));
            }
        }
        for (party, count) in &seen {
            let have = last.get(party).map_or(0, |(number, _)| *number);
            if have < *count {
                let what = format!("acts are missing: {count} of {party} were seen by the other side, {have} are here");
                return Err(wrong(MANIFEST, what));
            }
        }
        Ok(())
    }

    /// The envelope: signed by its Party's node, of this case and place, following the one before.
    fn check_envelope(&mut self, line: &Line, before: &Hash32) -> Result<Option<Envelope>, Wrong> {
        let name = line.member("envelope.cose");
        if line.content == Content::Erased {
            return Ok(None);
        }
        let envelope = Envelope::decode(self.must(&name)?).map_err(|why| wrong(&name, why))?;
        let verified = envelope.verify(&[self.card(&line.by)?.envelope_key]).map(drop);
        verified.map_err(|why| wrong(&name, why))?;
        let header = envelope.header();
        let placed = header.iss == line.by.as_str()
            && header.thread == self.manifest.case.as_str()
            && header.seq.saturating_add(1) == line.seq
            && self.parties().iter().any(|party| party.as_str() == header.aud && *party != line.by);
        if !placed {
            return Err(wrong(&name, "it is signed for another place or case"));
        }
        if envelope.core_hash() != line.core_hash.0 {
            return Err(wrong(&name, "it is not the message the list names"));
        }
        if header.prev != before.0 {
            return Err(wrong(&name, "it does not follow the act before it"));
        }
        Ok(Some(envelope))
    }

    /// The content: what the header commits to, sealed by the office; the texts beside it say the same.
    fn check_content(
        &mut self,
        line: &Line,
        envelope: &Envelope,
        instruments: &BTreeMap<Hash32, Instrument>,
    ) -> Result<Act, Wrong> {
        let name = line.member("content.bin");
        let opened = self.must(&name)?;
        let read = read_disclosed(self.card(&line.by)?, &envelope.commit(), envelope.header(), opened);
        let (act, _) = read.map_err(|why| wrong(&name, why))?;
        let version = instruments.get(&act.instrument);
        let version = version.ok_or_else(|| wrong(&name, "its version of the instrument is not in the bundle"))?;
        let json = line.member("act.json");
        if self.must(&json)? != act_json(&act) {
            return Err(wrong(&json, "it does not say what was signed"));
        }
        // Another program may choose other words; the same one may not.
        let same_program = self.manifest.program == env!("CARGO_PKG_VERSION");
        for (text, words) in act_texts(&act, version) {
            let text = line.member(&text);
            if self.must(&text)? != words && same_program {
                return Err(wrong(&text, "it does not say what was signed"));
            }
        }
        Ok(act)
    }

    /// The act's entry in one Party's log, if a checkpoint there covers it.
    fn check_entry(
        &mut self,
        line: &Line,
        owner: &PartyId,
        kind: LeafKind,
        envelope: Option<&[u8]>,
        checked: &mut Checked,
    ) -> Result<Option<Entered>, Wrong> {
        let (name, proof_name) = (line.member(&format!("{owner}.leaf")), line.member(&format!("{owner}.tlog-proof")));
        let Some(bytes) = self.take(&name) else {
            checked.remarks.push(format!("{}: no checkpoint here covers its entry in the log of {owner}", line.name()));
            return Ok(None);
        };
        let leaf = Leaf::decode(bytes).map_err(|why| wrong(&name, why))?;
        let of_act = leaf.kind == kind
            && leaf.outgoing == (kind == LeafKind::Sent)
            && leaf.core_hash == line.core_hash.0
            && leaf.reference == format!("{}#{}", self.manifest.case, line.seq);
        if !of_act {
            return Err(wrong(&name, "it is the entry of something else"));
        }
        if envelope.is_some_and(|bytes| leaf.env_sha256 != sha256(&[bytes]) || leaf.env_sm3 != sm3(&[bytes])) {
            return Err(wrong(&name, "it records other bytes than those of the envelope here"));
        }
        let proof = Inclusion::decode(self.must(&proof_name)?).map_err(|why| wrong(&proof_name, why))?;
        let log = self.logs.get(owner).ok_or_else(|| wrong(&proof_name, "no log of that Party is here"))?;
        let shown = log.both.iter().chain(&log.newest).find(|(_, note)| *note == proof.checkpoint);
        let (claim, _) =
            shown.ok_or_else(|| wrong(&proof_name, "it leads to a checkpoint that is not the one here"))?;
        let held = verify_inclusion(proof.index, claim.size(), &leaf_hash(bytes), &proof.path, claim.root());
        held.map_err(|why| wrong(&proof_name, why))?;
        let alone = log.both.as_ref().is_none_or(|(both, _)| proof.index >= both.size());
        if alone {
            let said = format!(
                "{}: its entry in the log of {owner} is under a checkpoint that only {owner} signed",
                line.name()
            );
            checked.remarks.push(said);
        }
        Ok(Some(Entered { index: proof.index, leaf }))
    }

    /// The receipt: by the receiver, accepting this act at the place its log has it, with a checkpoint of that log.
    fn check_receipt(
        &mut self,
        line: &Line,
        receiver: &PartyId,
        received: Option<&Entered>,
        checked: &mut Checked,
    ) -> Result<(), Wrong> {
        let name = line.member("receipt.cose");
        let Some(bytes) = self.take(&name) else {
            checked.remarks.push(format!("{}: no receipt of {receiver} is here", line.name()));
            return Ok(());
        };
        let opened = receipt::open(bytes, &[self.card(receiver)?.envelope_key]).map_err(|why| wrong(&name, why))?;
        if opened.by != receiver.as_str() || opened.to != line.by.as_str() {
            return Err(wrong(&name, "it is a receipt between others"));
        }
        let of_act =
            |entry: &&receipt::Entry| entry.core_hash == line.core_hash.0 && entry.verdict == Verdict::Accepted;
        let entry = opened.entries.iter().find(of_act).ok_or_else(|| wrong(&name, "it does not accept this act"))?;
        let log = self.logs.get(receiver).ok_or_else(|| wrong(&name, "no log of its signer is here"))?;
        let signed = SignedCheckpoint::decode(&opened.checkpoint).map_err(|why| wrong(&name, why))?;
        let claim = signed.verify(&log.key).map_err(|why| wrong(&name, why))?.clone();
        if entry.log_index >= claim.size() {
            return Err(wrong(&name, "it names a place its own checkpoint does not reach"));
        }
        let furthest = log.furthest().cloned();
        let step = line.member("receipt.consistency");
        match (furthest, self.take(&step)) {
            (Some(furthest), Some(proof)) => extends(&step, proof, &claim, &furthest)?,
            (Some(furthest), None) if furthest.size() >= claim.size() => return Err(wrong(&step, "it is missing")),
            (_, None) => {
                checked.remarks.push(format!("{}: its receipt speaks of a later log than is here", line.name()))
            }
            (None, Some(_)) => return Err(wrong(&step, "no checkpoint of that log is here")),
        }
        match received {
            Some(found) if found.index != entry.log_index || found.leaf.logged_at_us != entry.received_at_us => {
                Err(wrong(&name, "it names another place or time than the receiver's log"))
            }
            Some(_) | None => Ok(()),
        }
    }
}
