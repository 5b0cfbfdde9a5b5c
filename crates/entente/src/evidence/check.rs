//! The check of a bundle, with nothing but the bundle and what its reader trusts.
//!
//! Owns the order of the checks; the first that fails is named with the member it failed at. Must not know the node that
//! made the bundle, and believes nothing it says: the list only says what to look for.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::ActRef;
use domain::amendment;
use domain::ids::{CaseId, Hash32, PartyId};
use domain::instrument::Instrument;
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::hash::sha256;
use ledger::note::{NoteKey, NoteKeyKind};
use ledger::pack;
use ledger::proof::Consistency;
use node::Card;
use serde::Serialize;
use thiserror::Error;

use super::{Content, FORMAT, KIND, MANIFEST, Manifest, SIGNATURE, card, instrument, of_log, offices};

mod acts;

/// Largest list read: a case full of acts, each with a dozen members.
const MANIFEST_BYTES_MAX: usize = 8 << 20;

/// The first thing that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("{member}: {what}")]
pub struct Wrong {
    /// The member, or `bundle` for the container.
    pub member: String,
    /// What does not hold.
    pub what: String,
}

/// A bundle that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The case.
    pub case: CaseId,
    /// The Party whose node made it.
    pub made_by: PartyId,
    /// When, by that node's clock.
    pub made_at: jiff::Timestamp,
    /// Each Party with the fingerprint of its card: what there is to compare.
    pub fingerprints: BTreeMap<PartyId, String>,
    /// Whether both fingerprints are among those the reader trusts.
    pub trusted: bool,
    /// How many acts there are.
    pub acts: usize,
    /// The acts whose content is not here, with the reason.
    pub without: Vec<(ActRef, Content)>,
    /// What could not be proved, and is no fault: an entry no checkpoint covers yet, a receipt that has not come.
    pub remarks: Vec<String>,
}

/// Checks a bundle. `trust` holds fingerprints of cards: if there are any, each Party's card must have one of them.
///
/// # Errors
/// [`Wrong`]: the first thing that does not hold.
pub fn check(input: &[u8], trust: &[String]) -> Result<Checked, Wrong> {
    let members = pack::unpack(KIND, input).map_err(|why| wrong("bundle", why))?;
    let members: BTreeMap<&str, &[u8]> = members.into_iter().map(|member| (member.name, member.bytes)).collect();
    let (manifest, list) = read_manifest(&members)?;
    let mut bundle =
        Bundle { members, manifest, cards: BTreeMap::new(), logs: BTreeMap::new(), asked: BTreeSet::new() };
    bundle.asked.extend([MANIFEST.to_owned(), SIGNATURE.to_owned()]);
    bundle.listed()?;
    bundle.read_cards(trust)?;
    let maker = bundle.card(&bundle.manifest.made_by)?;
    if !maker.vouches(list, bundle.need(SIGNATURE)?) {
        return Err(wrong(SIGNATURE, "it is not the maker's signature on the list"));
    }
    let instruments = bundle.read_instruments()?;
    bundle.read_logs()?;
    let mut checked = Checked {
        case: bundle.manifest.case.clone(),
        made_by: bundle.manifest.made_by.clone(),
        made_at: bundle.manifest.made_at,
        fingerprints: bundle.cards.iter().map(|(party, card)| (party.clone(), card.fingerprint())).collect(),
        trusted: !trust.is_empty(),
        acts: bundle.manifest.acts.len(),
        without: Vec::new(),
        remarks: bundle.remarks(),
    };
    bundle.check_acts(&instruments, &mut checked)?;
    for tongue in ["en", "zh"] {
        bundle.must(&format!("README.{tongue}.txt"))?;
    }
    // Whatever is there and was not looked at would pass unread.
    match bundle.members.keys().find(|name| !bundle.asked.contains(**name)) {
        Some(name) => Err(wrong(name, "nothing in a bundle is called so")),
        None => Ok(checked),
    }
}

fn wrong(member: &str, what: impl ToString) -> Wrong {
    Wrong { member: member.to_owned(), what: what.to_string() }
}

fn read_manifest<'a>(members: &BTreeMap<&str, &'a [u8]>) -> Result<(Manifest, &'a [u8]), Wrong> {
    let list = *members.get(MANIFEST).ok_or_else(|| wrong(MANIFEST, "it is missing"))?;
    if list.len() > MANIFEST_BYTES_MAX {
        return Err(wrong(MANIFEST, "it is larger than a list can be"));
    }
    let manifest: Manifest = serde_json::from_slice(list).map_err(|why| wrong(MANIFEST, why))?;
    if manifest.format != FORMAT {
        return Err(wrong(
            MANIFEST,
            format!("format {} is unknown: check it with the program of its time", manifest.format),
        ));
    }
    if manifest.encode() != list {
        return Err(wrong(MANIFEST, "it is not in its one spelling"));
    }
    if manifest.made_by == manifest.other {
        return Err(wrong(MANIFEST, "it names one Party twice"));
    }
    Ok((manifest, list))
}

/// A log as the bundle shows it.
struct Shown {
    key: NoteKey,
    /// The newest checkpoint both signed, with its note.
    both: Option<(Checkpoint, Vec<u8>)>,
    /// The newest its owner alone signed.
    newest: Option<(Checkpoint, Vec<u8>)>,
}

/// A checkpoint as read: with its signatures, what it says, its bytes.
struct Read {
    signed: SignedCheckpoint,
    claim: Checkpoint,
    note: Vec<u8>,
}

/// A bundle being checked.
struct Bundle<'a> {
    members: BTreeMap<&'a str, &'a [u8]>,
    manifest: Manifest,
    cards: BTreeMap<PartyId, Card>,
    logs: BTreeMap<PartyId, Shown>,
    /// The members looked at.
    asked: BTreeSet<String>,
}

impl<'a> Bundle<'a> {
    /// A member, if it is there.
    fn take(&mut self, name: &str) -> Option<&'a [u8]> {
        self.asked.insert(name.to_owned());
        self.members.get(name).copied()
    }

    /// A member that must be there.
    fn need(&self, name: &str) -> Result<&'a [u8], Wrong> {
        self.members.get(name).copied().ok_or_else(|| wrong(name, "it is missing"))
    }

    fn must(&mut self, name: &str) -> Result<&'a [u8], Wrong> {
        self.take(name).ok_or_else(|| wrong(name, "it is missing"))
    }

    fn parties(&self) -> [PartyId; 2] {
        [self.manifest.made_by.clone(), self.manifest.other.clone()]
    }

    fn card(&self, party: &PartyId) -> Result<&Card, Wrong> {
        self.cards.get(party).ok_or_else(|| wrong(&card(party), "it is missing"))
    }

    /// Every member stands in the list with its hash, and nothing else does.
    fn listed(&self) -> Result<(), Wrong> {
        for (name, bytes) in self.members.iter().filter(|(name, _)| ![MANIFEST, SIGNATURE].contains(*name)) {
            match self.manifest.members.get(*name) {
                None => return Err(wrong(name, "it is not in the list")),
                Some(hash) if hash.0 != sha256(&[bytes]) => return Err(wrong(name, "it is not what the list says")),
                Some(_) => {}
            }
        }
        let missing = self.manifest.members.keys().find(|name| !self.members.contains_key(name.as_str()));
        missing.map_or(Ok(()), |name| Err(wrong(name, "it is in the list and missing")))
    }

    fn read_cards(&mut self, trust: &[String]) -> Result<(), Wrong> {
        for party in self.parties() {
            let name = card(&party);
            let text = std::str::from_utf8(self.must(&name)?).map_err(|why| wrong(&name, why))?;
            let read = Card::from_json(text).map_err(|why| wrong(&name, why))?;
            if read.party != party {
                return Err(wrong(&name, format!("it is the card of `{}`", read.party)));
            }
            if !trust.is_empty() && !trust.iter().any(|heard| read.is_called(heard)) {
                return Err(wrong(&name, format!("its fingerprint {} is none of those trusted", read.fingerprint())));
            }
            let read = match self.take(&offices(&party)) {
                None => read,
                Some(later) => read
                    .with_later_offices(later)
                    .ok_or_else(|| wrong(&offices(&party), "that Party's root key did not sign it"))?,
            };
            self.cards.insert(party, read);
        }
        Ok(())
    }

    /// Each version of the instrument an act stands under; the first of them both cards signed.
    fn read_instruments(&mut self) -> Result<BTreeMap<Hash32, Instrument>, Wrong> {
        let mut read = BTreeMap::new();
        let named = self.manifest.instruments.clone();
        for (hash, amended_in) in &named {
            let name = instrument(hash);
            let files =
                amendment::unbundle(self.must(&name)?).map_err(|_| wrong(&name, "it is no instrument's files"))?;
            let loaded = Instrument::load(&files).instrument.ok_or_else(|| wrong(&name, "it has errors"))?;
            if loaded.hash() != *hash {
                return Err(wrong(&name, format!("it is the version {}", loaded.hash())));
            }
            for party in self.parties() {
                if amended_in.is_none() && self.card(&party)?.instrument != *hash {
                    return Err(wrong(&name, format!("the card of `{party}` did not sign this version")));
                }
            }
            read.insert(*hash, loaded);
        }
        Ok(read)
    }

    fn read_logs(&mut self) -> Result<(), Wrong> {
        let [maker, other] = self.parties();
        for (owner, witness) in [(maker.clone(), other.clone()), (other, maker)] {
            let (own, second) = (self.card(&owner)?.clone(), self.card(&witness)?.clone());
            let both_name = of_log(&owner, "cosigned");
            let key = NoteKey::new(&node::origin(&owner, &witness), NoteKeyKind::Log, own.log_key);
            let key = key.map_err(|why| wrong(&both_name, why))?;
            let mirror = format!("{}.entente/mirror", witness.as_str().to_lowercase());
            let mirror = NoteKey::new(&mirror, NoteKeyKind::Cosigner, second.mirror_key);
            let mirror = mirror.map_err(|why| wrong(&both_name, why))?;
            let both = self.checkpoint(&both_name, &key)?;
            if let Some(read) = &both {
                let held = read.signed.cosigned_at(&mirror);
                held.map_err(|why| wrong(&both_name, format!("it is not cosigned by `{witness}`: {why}")))?;
            }
            let newest = self.checkpoint(&of_log(&owner, "newest"), &key)?;
            let plain = |read: Option<Read>| read.map(|read| (read.claim, read.note));
            let shown = Shown { key, both: plain(both), newest: plain(newest) };
            let step = of_log(&owner, "consistency");
            if let (Some((both, _)), Some((newest, _))) = (&shown.both, &shown.newest) {
                let proof = self.must(&step)?;
                extends(&step, proof, both, newest)?;
                if newest.size() <= both.size() {
                    return Err(wrong(&of_log(&owner, "newest"), "it is no newer than the one both signed"));
                }
            }
            self.logs.insert(owner, shown);
        }
        Ok(())
    }

    fn checkpoint(&mut self, name: &str, key: &NoteKey) -> Result<Option<Read>, Wrong> {
        let Some(note) = self.take(name) else { return Ok(None) };
        let signed = SignedCheckpoint::decode(note).map_err(|why| wrong(name, why))?;
        let claim = signed.verify(key).map_err(|why| wrong(name, why))?.clone();
        Ok(Some(Read { signed, claim, note: note.to_vec() }))
    }

    /// What the logs cannot say yet.
    fn remarks(&self) -> Vec<String> {
        let lacks = |(owner, log): (&PartyId, &Shown)| {
            log.both.is_none().then(|| format!("no checkpoint of the log of {owner} signed by both is here"))
        };
        let later = self.manifest.instruments.iter().filter_map(|(hash, case)| {
            let case = case.as_ref()?;
            Some(format!(
                "version {} of the instrument was signed in case {case}: its bundle proves that",
                hash.short()
            ))
        });
        self.logs.iter().filter_map(lacks).chain(later).collect()
    }
}

impl Shown {
    /// The furthest checkpoint shown.
    fn furthest(&self) -> Option<&Checkpoint> {
        self.newest.as_ref().or(self.both.as_ref()).map(|(claim, _)| claim)
    }
}

/// Demands that `newer` extends `older` by the proof in a member.
fn extends(name: &str, proof: &[u8], older: &Checkpoint, newer: &Checkpoint) -> Result<(), Wrong> {
    let proof = Consistency::decode(proof).map_err(|why| wrong(name, why))?;
    if proof.old != older.size() || proof.new != newer.size() {
        return Err(wrong(name, "it is a proof between other sizes"));
    }
    newer.extends(older, &proof.path).map_err(|why| wrong(name, why))
}
