//! The holder's list for an epoch: tags of its match keys with their labels, padded, sorted and announced.
//!
//! Owns preparing parts, adding to a list, padding, and what is announced of it. Must not know what a record is or who
//! is protected and why: each entry comes with its standing. A protected entry is a decoy, made in the same steps and
//! the same time as any other, and looks like padding to everybody, auditors included.
//!
//! A part is at most [`PART_MAX`] entries, depends on nothing but the epoch and its entries, and may be prepared
//! anywhere, in any order, twice: what comes out is the same bytes.

use std::ops::Range;

use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroizing;

use super::epoch::Epoch;
use super::filter::{Filter, SHARD_TAGS_MAX};
use super::label::{Label, SEALED_BYTES, Sealed};
use super::tag::Tag;
use super::tree::Growing;
use super::{Hash, Learns, MatchKey, Misbehaved, Refused, Scope, digest, digest_all};
use crate::oprf::{BATCH_MAX, PublicKey, Uncovered};

/// Entries prepared at a time: some two hundred kilobytes of work.
pub const PART_MAX: usize = BATCH_MAX;
/// Tags in a list, at least: shorter lists are padded to it, so that a list of one is a list of a thousand.
pub const LIST_TAGS_MIN: u64 = 1 << 10;
/// Tags in a list, at most: 10^8 persons with keys to spare. Beyond it nobody could audit a share worth the name.
pub const LIST_TAGS_MAX: u64 = 1 << 30;
/// Numbers from here on are padding; entries have smaller ones.
pub const PADDING_FROM: u64 = 1 << 63;

/// Whether an entry may be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Open,
    /// It is not there, for anybody.
    Protected,
}

impl Standing {
    fn is_protected(self) -> Choice {
        Choice::from(self as u8)
    }
}

/// One entry to prepare.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'e> {
    /// Its number in the house, below [`PADDING_FROM`], never given twice in an epoch.
    pub number: u64,
    /// Its key.
    pub key: &'e MatchKey,
    /// Whom to ask.
    pub label: &'e Label,
    /// Whether it may be found.
    pub standing: Standing,
}

/// A tag with its sealed label.
pub type Row = (Tag, Sealed);

/// The parts of a list of so many entries, each to be prepared by whoever is free.
pub fn parts(entries: u64) -> impl Iterator<Item = Range<u64>> {
    let each = PART_MAX as u64;
    (0..entries.div_ceil(each)).map(move |part| part * each..((part + 1) * each).min(entries))
}

/// Tags and sealed labels of one part, in the order of its entries.
///
/// # Errors
/// [`Refused::WhoLearns`] where the holder's list is not the one tagged; [`Refused::TooMany`]; [`Refused::Empty`].
pub fn prepare(epoch: &Epoch, part: &[Entry<'_>]) -> Result<Vec<Row>, Refused> {
    if epoch.scope().learns().is_crossed() {
        return Err(Refused::WhoLearns);
    }
    if part.is_empty() {
        return Err(Refused::Empty);
    }
    if part.len() > PART_MAX {
        return Err(Refused::TooMany { found: part.len() as u64, most: PART_MAX as u64 });
    }
    let inputs: Vec<Zeroizing<Vec<u8>>> = part.iter().map(|entry| epoch.scope().input(entry.key)).collect();
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    // Inputs are short and no honest one maps to the identity.
    let elements = epoch.key().elements(&bytes).map_err(|_| Refused::Word("key"))?;
    let row = |((entry, input), element): ((&Entry<'_>, &&[u8]), &Uncovered)| {
        let value = element.value(input);
        let tag = tag_of(epoch.scope(), element, input);
        let sealed = entry.label.seal(epoch, &value);
        let (hidden, empty) = decoy(epoch, entry.number);
        let protected = entry.standing.is_protected();
        (tag.or(hidden, protected), <[u8; SEALED_BYTES]>::conditional_select(&sealed, &empty, protected))
    };
    Ok(part.iter().zip(&bytes).zip(&elements).map(row).collect())
}

/// The tag of an element in this scope.
pub(super) fn tag_of(scope: &Scope, element: &Uncovered, input: &[u8]) -> Tag {
    match scope.learns() {
        Learns::Querier | Learns::Holder | Learns::Both => Tag::of(&element.value(input)),
        Learns::CountFirst => Tag::of_element(element.bytes()),
    }
}

fn decoy(epoch: &Epoch, number: u64) -> Row {
    let mut sealed = [0; SEALED_BYTES];
    epoch.fill(number, &mut sealed);
    (Tag::decoy(&epoch.nonce(number)), sealed)
}

/// A list as the house keeps it: without padding, sorted by tag, each tag once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    rows: Vec<Row>,
}

impl List {
    /// Adds prepared rows: the work of an evaluation is theirs alone, what was there is only merged. A tag that is there
    /// already keeps its label.
    pub fn add(&mut self, mut rows: Vec<Row>) {
        rows.sort_unstable();
        let (mut old, mut new) = (std::mem::take(&mut self.rows).into_iter().peekable(), rows.into_iter().peekable());
        let mut all: Vec<Row> = Vec::with_capacity(old.len() + new.len());
        while let Some(row) = match (old.peek(), new.peek()) {
            (Some(o), Some(n)) if n.0 < o.0 => new.next(),
            (Some(_), _) => old.next(),
            (None, _) => new.next(),
        } {
            if all.last().is_none_or(|last| last.0 != row.0) {
                all.push(row);
            }
        }
        self.rows = all;
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The list as it is announced and given: padded, with its shards.
    ///
    /// # Errors
    /// [`Refused::TooMany`]; [`Refused::WhoLearns`]; [`Refused::Unlaid`].
    pub fn publish(&self, epoch: &Epoch, version: u32) -> Result<Published, Refused> {
        let entries = self.rows.len() as u64;
        let size = padded(entries)?;
        let mut whole = self.clone();
        whole.add((0..size - entries).map(|place| decoy(epoch, PADDING_FROM + place)).collect());
        let mut laying = Laying::begin(epoch, version, size)?;
        let mut shards = Vec::new();
        for row in &whole.rows {
            shards.extend(laying.push(*row)?);
        }
        Ok(Published { announced: laying.finish()?, rows: whole.rows, shards })
    }
}

/// The size a list of so many entries is padded to: at most an eighth more.
///
/// # Errors
/// [`Refused::TooMany`].
pub fn padded(entries: u64) -> Result<u64, Refused> {
    let step = 1 << entries.max(LIST_TAGS_MIN).ilog2().saturating_sub(3);
    let size = entries.max(LIST_TAGS_MIN).div_ceil(step) * step;
    if size > LIST_TAGS_MAX { Err(Refused::TooMany { found: entries, most: LIST_TAGS_MAX }) } else { Ok(size) }
}

/// A padded list in memory. Longer ones are laid out row by row with [`Laying`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// What is announced.
    pub announced: Announced,
    /// The padded rows, for the house alone.
    pub rows: Vec<Row>,
    /// What the other side is given.
    pub shards: Vec<Filter>,
}

/// What both sides sign before the first question of a list: nothing can be changed behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// Of what scope.
    pub scope: Hash,
    /// The key everything is evaluated under.
    pub key: PublicKey,
    /// Counts the lists of an epoch; entries added make a new one.
    pub version: u32,
    /// How many tags, or blinded elements, padding included.
    pub size: u64,
    /// Merkle root over them: of tags by their order, of blinded elements by their number.
    pub root: Hash,
    /// Hash over the hashes of the shards; of none where no filter leaves the house.
    pub filters: Hash,
}

impl Announced {
    /// What is signed.
    #[must_use]
    pub fn digest(&self) -> Hash {
        digest(
            "entente/psi/list/v1",
            &[
                &self.scope,
                self.key.bytes(),
                &self.version.to_be_bytes(),
                &self.size.to_be_bytes(),
                &self.root,
                &self.filters,
            ],
        )
    }

    /// Whether this can be a list of that scope.
    ///
    /// # Errors
    /// [`Misbehaved::OtherScope`]; [`Misbehaved::Size`].
    pub fn check(&self, scope: &Scope) -> Result<(), Misbehaved> {
        if self.scope != *scope.digest() {
            return Err(Misbehaved::OtherScope);
        }
        if padded(self.size) == Ok(self.size) { Ok(()) } else { Err(Misbehaved::Size(self.size)) }
    }
}

/// A list being laid out, a row at a time in the order of tags; it keeps the right edge of the tree and one shard.
#[derive(Debug)]
pub struct Laying {
    scope: Hash,
    key: PublicKey,
    version: u32,
    size: u64,
    tree: Growing,
    shard: Vec<Row>,
    last: Option<Tag>,
    digests: Vec<Hash>,
}

impl Laying {
    /// Begins a list whose padded size is known.
    ///
    /// # Errors
    /// [`Refused::WhoLearns`]; [`Refused::Unlaid`] when the size is no padded one.
    pub fn begin(epoch: &Epoch, version: u32, size: u64) -> Result<Self, Refused> {
        if epoch.scope().learns().is_crossed() {
            return Err(Refused::WhoLearns);
        }
        if padded(size) != Ok(size) {
            return Err(Refused::Unlaid);
        }
        let (scope, key) = (*epoch.scope().digest(), epoch.key().public());
        let (tree, shard, digests) = (Growing::default(), Vec::new(), Vec::new());
        Ok(Self { scope, key, version, size, tree, shard, last: None, digests })
    }

    /// Takes the next row; gives a shard where one is full.
    ///
    /// # Errors
    /// [`Refused::Unlaid`] when rows are out of order or too many.
    pub fn push(&mut self, row: Row) -> Result<Option<Filter>, Refused> {
        if self.last.is_some_and(|last| last >= row.0) || self.tree.size() >= self.size {
            return Err(Refused::Unlaid);
        }
        self.last = Some(row.0);
        self.tree.push(&row.0.0);
        self.shard.push(row);
        let bounds = shard_bounds(self.size, self.digests.len() as u64);
        if self.tree.size() < bounds.end {
            return Ok(None);
        }
        let filter = Filter::lay(self.shard.first().map_or(row.0, |first| first.0), &self.shard)?;
        self.shard.clear();
        self.digests.push(filter.digest());
        Ok(Some(filter))
    }

    /// Ends the list.
    ///
    /// # Errors
    /// [`Refused::Unlaid`] when rows are missing.
    pub fn finish(self) -> Result<Announced, Refused> {
        if self.tree.size() != self.size {
            return Err(Refused::Unlaid);
        }
        let filters = digest_all("entente/psi/filters/v1", &self.digests);
        let Self { scope, key, version, size, tree, .. } = self;
        Ok(Announced { scope, key, version, size, root: tree.root(), filters })
    }
}

/// Which rows of a list of that size a shard holds: all shards alike but for one.
fn shard_bounds(size: u64, shard: u64) -> Range<u64> {
    let shards = size.div_ceil(SHARD_TAGS_MAX as u64).max(1);
    shard * size / shards..(shard + 1) * size / shards
}

/// The shards of the other side's list, all there and as announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    shards: Vec<Filter>,
}

impl Shelf {
    /// Takes the shards of an announced list.
    ///
    /// # Errors
    /// [`Misbehaved::NotAsAnnounced`]; [`Misbehaved::Malformed`] when one has not the size it must have, or they are out
    /// of order.
    pub fn of(announced: &Announced, shards: Vec<Filter>) -> Result<Self, Misbehaved> {
        let digests: Vec<Hash> = shards.iter().map(Filter::digest).collect();
        if digest_all("entente/psi/filters/v1", &digests) != announced.filters {
            return Err(Misbehaved::NotAsAnnounced("filter"));
        }
        let fits = |(at, shard): (u64, &Filter)| {
            let bounds = shard_bounds(announced.size, at);
            usize::try_from(bounds.end - bounds.start).is_ok_and(|tags| shard.fits(tags))
        };
        let whole = shards.len() as u64 == announced.size.div_ceil(SHARD_TAGS_MAX as u64).max(1)
            && (0..).zip(&shards).all(fits)
            && shards.is_sorted_by(|a, b| a.from() < b.from());
        if whole { Ok(Self { shards }) } else { Err(Misbehaved::Malformed("filter")) }
    }

    /// The shards.
    #[must_use]
    pub fn shards(&self) -> &[Filter] {
        &self.shards
    }
}
