//! The making of a bundle, from a node's folder, whether the node runs or not.
//!
//! Owns what goes in. Must not decide what may be disclosed: whoever asks for the bundle says what is left out.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{Act, ActRef};
use domain::amendment;
use domain::ids::{CaseId, Hash32, PartyId};
use domain::instrument::Instrument;
use domain::menu::Menu;
use jiff::Timestamp;
use ledger::checkpoint::SignedCheckpoint;
use ledger::envelope::Envelope;
use ledger::hash::sha256;
use ledger::pack::{self, Member, PackFault};
use ledger::receipt;
use node::evidence::read_disclosed;
use node::{Card, Dossier, Node};
use store::{ActRow, Reader};
use thiserror::Error;

use super::logs::Source;
use super::words::text;
use super::{Content, FORMAT, KIND, Line, MANIFEST, Manifest, SIGNATURE, card, instrument, of_log, offices};
use crate::home::{Home, HomeFault};
use crate::i18n::Tongue;

/// A bundle made.
pub struct Made {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many acts it has.
    pub acts: usize,
    /// The acts whose content is not in it, with the reason.
    pub without: Vec<(ActRef, Content)>,
}

/// Why none can be made.
#[derive(Debug, Error)]
pub enum MakeFault {
    /// There is no such case.
    #[error("there is no case `{0}` here; `entente request list` names those there are")]
    UnknownCase(CaseId),
    /// An act to be left out is not in the case.
    #[error("the case has no act `{by}#{seq}` to leave out", by = .0.by, seq = .0.seq)]
    UnknownAct(ActRef),
    /// A record does not agree with another.
    #[error("act {0}: {1}; run `entente ledger verify`")]
    Broken(String, String),
    /// The folder.
    #[error(transparent)]
    Home(#[from] HomeFault),
    /// The node.
    #[error(transparent)]
    Node(#[from] node::Fault),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// Too much for one file.
    #[error(transparent)]
    Pack(#[from] PackFault),
}

/// Makes the bundle of a case; the contents of `left_out` stay sealed.
///
/// # Errors
/// [`MakeFault`].
pub fn make(home: &Home, case: &CaseId, left_out: &BTreeSet<ActRef>, now: Timestamp) -> Result<Made, MakeFault> {
    let (node, reader) = (home.node()?, home.database_read_only()?);
    let dossier = node.load(&*reader, case)?.ok_or_else(|| MakeFault::UnknownCase(case.clone()))?;
    let named = |one: &ActRef| dossier.rows.iter().any(|row| row.party == one.by && row.seq == one.seq);
    if let Some(unknown) = left_out.iter().find(|one| !named(one)) {
        return Err(MakeFault::UnknownAct(unknown.clone()));
    }
    let [asking, asked] = [domain::procedure::Side::Requesting, domain::procedure::Side::Requested];
    let parties = [asking, asked].map(|side| dossier.case.party(side).clone());
    let other = parties.iter().find(|party| *party != node.me()).unwrap_or(&parties[0]).clone();
    let acts = dossier.rows.iter().map(|row| row.core_hash).collect();
    let own = Source::open(&*reader, node::log_name(&other), case, &acts)?;
    let theirs = Source::open(&*reader, node::mirror_name(&other), case, &acts)?;
    let cards = BTreeMap::from([
        (node.me().clone(), home.card()?),
        (other.clone(), node.peers().get(&other).cloned().ok_or_else(|| MakeFault::UnknownCase(case.clone()))?),
    ]);
    let logs = BTreeMap::from([(node.me().clone(), own), (other.clone(), theirs)]);
    let mut making =
        Making { home, node: &node, reader: &*reader, dossier: &dossier, cards, logs, members: BTreeMap::new() };
    making.put_cards()?;
    making.put_logs()?;
    let instruments = making.put_instruments();
    let mut lines = Vec::new();
    for row in &dossier.rows {
        lines.push(making.put_act(row, left_out)?);
    }
    let without = |line: &&Line| line.content != Content::Disclosed;
    let without =
        lines.iter().filter(without).map(|line| (ActRef { by: line.by.clone(), seq: line.seq }, line.content));
    let (without, acts) = (without.collect(), lines.len());
    making.put_readme(case, &other, &lines);
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_by: node.me().clone(),
        made_at: now,
        case: case.clone(),
        other,
        instruments,
        acts: lines,
        members: making.members.iter().map(|(name, bytes)| (name.clone(), Hash32(sha256(&[bytes])))).collect(),
    };
    let list = manifest.encode();
    let signature = node.vouch(&list)?;
    making.members.insert(MANIFEST.to_owned(), list);
    making.members.insert(SIGNATURE.to_owned(), signature);
    let members: Vec<Member<'_>> = making.members.iter().map(|(name, bytes)| Member { name, bytes }).collect();
    Ok(Made { bytes: pack::pack(KIND, &members)?, acts, without })
}

impl Manifest {
    /// The one spelling of the list.
    pub(super) fn encode(&self) -> Vec<u8> {
        let text = serde_json::to_string_pretty(self);
        format!("{}\n", text.expect("a list of names, numbers and hashes is always JSON")).into_bytes()
    }
}

/// A bundle on its way.
struct Making<'a> {
    home: &'a Home,
    node: &'a Node,
    reader: &'a dyn Reader,
    dossier: &'a Dossier,
    cards: BTreeMap<PartyId, Card>,
    logs: BTreeMap<PartyId, Source<'a>>,
    members: BTreeMap<String, Vec<u8>>,
}

impl Making<'_> {
    fn put(&mut self, name: String, bytes: Vec<u8>) {
        self.members.insert(name, bytes);
    }

    fn put_cards(&mut self) -> Result<(), MakeFault> {
        for party in self.cards.keys().cloned().collect::<Vec<_>>() {
            let file = self.home.card_file(&party)?;
            let bare = Card::from_json(&file).map_err(MakeFault::Node)?;
            if let Some(later) = self.node.later_offices(self.reader, &party, &bare)? {
                self.cards.extend(bare.with_later_offices(&later).map(|whole| (party.clone(), whole)));
                self.put(offices(&party), later);
            }
            self.put(card(&party), file.into_bytes());
        }
        Ok(())
    }

    fn put_logs(&mut self) -> Result<(), MakeFault> {
        let mut found = Vec::new();
        for (owner, log) in &self.logs {
            let both = log.cosigned.as_ref();
            found.extend(both.map(|row| (of_log(owner, "cosigned"), row.cosigned.clone().unwrap_or_default())));
            let Some(newest) = &log.newest else { continue };
            found.push((of_log(owner, "newest"), newest.note.clone()));
            if let Some(both) = both {
                found.extend(log.extends(both.size)?.map(|proof| (of_log(owner, "consistency"), proof)));
            }
        }
        self.members.extend(found);
        Ok(())
    }

    /// The versions the acts stand under, with the case that made a later one.
    fn put_instruments(&mut self) -> BTreeMap<Hash32, Option<CaseId>> {
        let under: BTreeSet<Hash32> = self.dossier.entries.iter().map(|entry| entry.act.instrument).collect();
        let known = under.iter().filter_map(|hash| self.node.instruments().get(hash)).collect::<Vec<_>>();
        let mut named = BTreeMap::new();
        for version in known {
            let hash = version.instrument.hash();
            self.put(instrument(&hash), amendment::bundle(version.instrument.sources()).into_bytes());
            named.insert(hash, version.amendment.as_ref().map(|taken| taken.case.clone()));
        }
        named
    }

    fn put_act(&mut self, row: &ActRow, left_out: &BTreeSet<ActRef>) -> Result<Line, MakeFault> {
        let erased = self.dossier.erased.contains_key(&row.core_hash);
        let named = ActRef { by: row.party.clone(), seq: row.seq };
        let content = match (erased, left_out.contains(&named)) {
            (true, _) => Content::Erased,
            (false, true) => Content::LeftOut,
            (false, false) => Content::Disclosed,
        };
        let line = Line { by: row.party.clone(), seq: row.seq, core_hash: row.core_hash, content };
        if !erased {
            let envelope = self.reader.envelope(&row.core_hash)?;
            let envelope = envelope.ok_or_else(|| broken(&line, "its envelope is missing"))?;
            if content == Content::Disclosed {
                self.put_content(&line, &envelope)?;
            }
            self.put(line.member("envelope.cose"), envelope);
        }
        self.put_receipt(row, &line)?;
        for (owner, entry) in self
            .logs
            .iter()
            .map(|(owner, log)| Ok((owner, log.entry(&row.core_hash)?)))
            .collect::<Result<Vec<_>, store::Fault>>()?
        {
            let Some((leaf, proof)) = entry else { continue };
            self.members.insert(line.member(&format!("{owner}.leaf")), leaf);
            self.members.insert(line.member(&format!("{owner}.tlog-proof")), proof);
        }
        Ok(line)
    }

    fn put_content(&mut self, line: &Line, envelope: &[u8]) -> Result<(), MakeFault> {
        let opened = self.node.disclosed(envelope)?;
        let decoded = Envelope::decode(envelope).map_err(|why| broken(line, &why))?;
        let card = self.cards.get(&line.by).ok_or_else(|| broken(line, "no card of its Party"))?;
        let read = read_disclosed(card, &decoded.commit(), decoded.header(), &opened);
        let (act, _) = read.map_err(|why| broken(line, why))?;
        self.put(line.member("act.json"), act_json(&act));
        let version = self.node.instruments().get(&act.instrument).map(|version| version.instrument.clone());
        let version = version.ok_or_else(|| broken(line, "its version of the instrument is not here"))?;
        for (name, words) in act_texts(&act, &version) {
            self.put(line.member(&name), words);
        }
        self.put(line.member("content.bin"), opened);
        Ok(())
    }

    /// The receipt for an act, with the proof that the log it speaks of became the one shown here.
    fn put_receipt(&mut self, row: &ActRow, line: &Line) -> Result<(), MakeFault> {
        let ours = row.party == *self.node.me();
        let Some(kept) = self.reader.receipt(&row.core_hash, !ours)? else { return Ok(()) };
        let receiver = self.cards.iter().find(|(party, _)| **party != row.party);
        let (receiver, card) = receiver.ok_or_else(|| broken(line, "no card of its receiver"))?;
        let opened = receipt::open(&kept.bytes, &[card.envelope_key]).map_err(|why| broken(line, &why))?;
        let claim = SignedCheckpoint::decode(&opened.checkpoint).map_err(|why| broken(line, &why))?;
        let log = self.logs.get(receiver).ok_or_else(|| broken(line, "no log of its receiver"))?;
        let step = log.extends(claim.claim().size())?;
        self.members.extend(step.map(|proof| (line.member("receipt.consistency"), proof)));
        self.put(line.member("receipt.cose"), kept.bytes);
        Ok(())
    }

    fn put_readme(&mut self, case: &CaseId, other: &PartyId, lines: &[Line]) {
        let count = |content| lines.iter().filter(|line| line.content == content).count();
        for (tongue, code) in Tongue::ALL {
            let args: [(&'static str, &dyn std::fmt::Display); 6] = [
                ("case", case),
                ("maker", self.node.me()),
                ("other", other),
                ("acts", &lines.len()),
                ("left", &count(Content::LeftOut)),
                ("erased", &count(Content::Erased)),
            ];
            let words = format!("{}\n", tongue.with("evidence-readme", &args));
            self.members.insert(format!("README.{code}.txt"), words.into_bytes());
        }
    }
}

/// The act for programs: exactly the parts that were signed.
pub(super) fn act_json(act: &Act) -> Vec<u8> {
    let text = serde_json::to_string_pretty(act);
    format!("{}\n", text.expect("an act that was read from canonical bytes is always JSON")).into_bytes()
}

/// The act for people, in every language of the face, by the name of the member.
pub(super) fn act_texts(act: &Act, instrument: &Instrument) -> Vec<(String, Vec<u8>)> {
    let each = Tongue::ALL.iter();
    each.map(|(tongue, code)| (format!("act.{code}.txt"), text(act, instrument, *tongue).into_bytes())).collect()
}

fn broken(line: &Line, why: &(impl ToString + ?Sized)) -> MakeFault {
    MakeFault::Broken(line.name(), why.to_string())
}
