//! The dispute bundle: one case in one file, with everything a third person needs to check it and nothing that opens more.
//!
//! Owns the bundle's layout: the names of its members and its list. Must not know command lines; the container is
//! `ledger::pack`. What a bundle holds, and how a stranger checks it without this program, is told in
//! `docs/verify-yourself.md`.
//!
//! ```text
//! mimetype  README.LANG.txt  manifest.json  META-INF/manifest.sig
//! cards/PARTY.json  cards/PARTY.offices  instruments/HASH.txt
//! logs/PARTY.cosigned  logs/PARTY.newest  logs/PARTY.consistency
//! acts/PARTY-NUMBER/  envelope.cose  content.bin  act.json  act.LANG.txt  receipt.cose  receipt.consistency
//!                     PARTY.leaf  PARTY.tlog-proof
//! ```

use std::collections::BTreeMap;

use domain::ids::{CaseId, Hash32, PartyId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

mod check;
mod logs;
mod make;
mod words;

pub use check::{Checked, Wrong, check};
pub use make::{Made, make};

/// What kind of container a bundle is.
pub const KIND: &str = "application/vnd.entente.evidence+zip";
/// The version of the layout.
const FORMAT: u16 = 1;
/// The list of a bundle, and the signature of whoever made it.
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "META-INF/manifest.sig";

/// What a bundle says of itself; signed by the node that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: u16,
    /// The version of the program that made it.
    program: String,
    /// The Party whose node made it.
    made_by: PartyId,
    made_at: Timestamp,
    case: CaseId,
    /// The other side of the case.
    other: PartyId,
    /// The versions of the instrument its acts stand under, and the case that made a later one.
    instruments: BTreeMap<Hash32, Option<CaseId>>,
    /// Every act of the case this node has, in the order of its log.
    acts: Vec<Line>,
    /// SHA-256 of every other member.
    members: BTreeMap<String, Hash32>,
}

/// One act in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    by: PartyId,
    seq: u64,
    core_hash: Hash32,
    content: Content,
}

/// What a bundle gives of an act's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// It is here.
    Disclosed,
    /// Its maker left it out; the envelope is here, sealed.
    LeftOut,
    /// It was erased at the end of its time, and the envelope with it; a certificate in the case says so.
    Erased,
}

impl Line {
    /// Where an act's members lie.
    fn member(&self, name: &str) -> String {
        format!("acts/{}-{}/{name}", self.by, self.seq)
    }

    fn name(&self) -> String {
        format!("{}#{}", self.by, self.seq)
    }
}

fn card(party: &PartyId) -> String {
    format!("cards/{party}.json")
}

fn offices(party: &PartyId) -> String {
    format!("cards/{party}.offices")
}

fn instrument(hash: &Hash32) -> String {
    format!("instruments/{hash}.txt")
}

fn of_log(owner: &PartyId, what: &str) -> String {
    format!("logs/{owner}.{what}")
}
