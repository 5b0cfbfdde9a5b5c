//! The roles crossed (`holder_learns`): the asking side has the key, evaluates the holder's blinded list once an epoch,
//! and then only sends tags of its questions. The holder finds its own matches; the asker gets a receipt that is made
//! before anybody has looked.
//!
//! Owns masking a list, evaluating it part by part, tagging questions, receipts, and looking up. Must not know what is
//! decided about a match, or when. No list and no filter leaves the house, and the holder cannot try names: it can only
//! recognise what was in the list it announced before it was evaluated.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::allowance::Allowance;
use super::answer::{Answers, Stopped};
use super::epoch::Epoch;
use super::list::{Announced, Entry, PART_MAX, Standing, padded};
use super::question::{Announcement, Drawn};
use super::tag::{TAG_BYTES, Tag};
use super::transcript::Transcript;
use super::tree::Growing;
use super::{Hash, Learns, Misbehaved, Refused, Scope, digest, digest_all};
use crate::oprf::{self, Blind, ELEMENT_BYTES, Element, Mapped, Output, Proof, PublicKey};

/// What stands at a number of a masked list.
#[derive(Debug, Clone, Copy)]
pub enum Place<'e> {
    /// An entry; its number is its place.
    Entry(Entry<'e>),
    /// Nothing.
    Padding,
}

/// A blinded element, as it crosses.
pub type Masked = [u8; ELEMENT_BYTES];

/// Masks a part of the list: `first` is the number of its first place. The same places give the same elements, so a part
/// may be masked anywhere and again.
///
/// # Errors
/// [`Refused::WhoLearns`]; [`Refused::Empty`]; [`Refused::TooMany`].
pub fn mask(epoch: &Epoch, first: u64, part: &[Place<'_>]) -> Result<Vec<Masked>, Refused> {
    if !epoch.scope().learns().takes_masked() {
        return Err(Refused::WhoLearns);
    }
    if part.is_empty() {
        return Err(Refused::Empty);
    }
    if part.len() > PART_MAX {
        return Err(Refused::TooMany { found: part.len() as u64, most: PART_MAX as u64 });
    }
    let (mapped, blinds): (Vec<Mapped>, Vec<Blind>) =
        (first..).zip(part).map(|(number, place)| (mapped(epoch, number, place), epoch.blind(number))).unzip();
    let elements = oprf::blind(&mapped, &blinds).map_err(|_| Refused::Word("key"))?;
    Ok(elements.iter().map(|element| *element.bytes()).collect())
}

/// What a place maps to. A protected entry goes every step of an open one, and is exchanged at the end of them.
fn mapped(epoch: &Epoch, number: u64, place: &Place<'_>) -> Mapped {
    let decoy = epoch.nonce(number).mapped();
    match place {
        Place::Padding => decoy,
        Place::Entry(entry) => {
            let own = Mapped::of(&epoch.scope().input(entry.key)).unwrap_or_else(|_| decoy.clone());
            own.or(&decoy, u8::from(entry.standing == Standing::Protected).into())
        }
    }
}

/// The announcement of a masked list, part by part.
#[derive(Debug)]
pub struct Masking {
    scope: Hash,
    key: PublicKey,
    version: u32,
    size: u64,
    tree: Growing,
}

impl Masking {
    /// Begins a list of so many entries, for the other side's key.
    ///
    /// # Errors
    /// [`Refused::WhoLearns`]; [`Refused::TooMany`].
    pub fn begin(scope: &Scope, key: PublicKey, version: u32, entries: u64) -> Result<Self, Refused> {
        if !scope.learns().takes_masked() {
            return Err(Refused::WhoLearns);
        }
        Ok(Self { scope: *scope.digest(), key, version, size: padded(entries)?, tree: Growing::default() })
    }

    /// The padded size: so many places have to be masked.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next part.
    pub fn push(&mut self, part: &[Masked]) {
        part.iter().for_each(|element| self.tree.push(element));
    }

    /// Ends the list.
    ///
    /// # Errors
    /// [`Refused::Unlaid`] when parts are missing or too many.
    pub fn finish(self) -> Result<Announced, Refused> {
        let Self { scope, key, version, size, tree } = self;
        if tree.size() != size {
            return Err(Refused::Unlaid);
        }
        let filters = digest_all::<32>("entente/psi/filters/v1", &[]);
        Ok(Announced { scope, key, version, size, root: tree.root(), filters })
    }
}

/// The run of the side that has the key over a masked list. It is as small as the edge of a tree, and goes on where it
/// stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluating {
    announced: Announced,
    tree: Growing,
    steps: Hash,
}

impl Evaluating {
    /// Begins with what the holder announced.
    ///
    /// # Errors
    /// [`Refused::WhoLearns`]; [`Misbehaved`] when it is no list of this scope or for this key.
    pub fn begin(epoch: &Epoch, announced: Announced) -> Result<Self, Stopped> {
        if !epoch.scope().learns().is_crossed() {
            return Err(Refused::WhoLearns.into());
        }
        Ok(Self::of(epoch, announced, Growing::default(), announced.digest())?)
    }

    /// Begins, or goes on, from an edge and the hash of the steps before it.
    pub(super) fn of(epoch: &Epoch, announced: Announced, tree: Growing, steps: Hash) -> Result<Self, Misbehaved> {
        announced.check(epoch.scope())?;
        if announced.key != epoch.key().public() {
            return Err(Misbehaved::NotAsAnnounced("key"));
        }
        Ok(Self { announced, tree, steps })
    }

    /// What to keep of a run: the edge of the tree and the hash of its steps.
    #[must_use]
    pub fn parts(&self) -> (u64, &[Hash], Hash) {
        let (size, peaks) = self.tree.parts();
        (size, peaks, self.steps)
    }

    /// Goes on with a run that was kept.
    ///
    /// # Errors
    /// [`Misbehaved`], as [`Evaluating::begin`]; [`Misbehaved::Malformed`] when no run has that edge.
    pub fn resume(
        epoch: &Epoch,
        announced: Announced,
        size: u64,
        peaks: Vec<Hash>,
        steps: Hash,
    ) -> Result<Self, Misbehaved> {
        let tree = Growing::resume(size, peaks).ok_or(Misbehaved::Malformed("run"))?;
        Self::of(epoch, announced, tree, steps)
    }

    /// Evaluates the next part, which has [`PART_MAX`] elements, or what is left. More than the announced size is never
    /// evaluated: that is what a holder could try names with.
    ///
    /// # Errors
    /// [`Misbehaved::Size`]; [`Misbehaved::Function`]. The run stands as before.
    pub fn next(&mut self, epoch: &Epoch, part: &[Masked], rng: &mut dyn CryptoRng) -> Result<Answers, Misbehaved> {
        let left = self.announced.size.saturating_sub(self.tree.size());
        if left == 0 || part.len() as u64 != left.min(PART_MAX as u64) {
            return Err(Misbehaved::Size(part.len() as u64));
        }
        let (evaluated, proof) = epoch.key().answer(&Element::read_all(part)?, rng)?;
        part.iter().for_each(|element| self.tree.push(element));
        let answers = Answers { evaluated, proof: proof.bytes() };
        let masked = digest_all("entente/psi/masked/v1", part);
        self.steps = digest("entente/psi/step/v1", &[&self.steps, &masked, &answers.digest()]);
        Ok(answers)
    }

    /// Ends the run: what both sides sign of it.
    ///
    /// # Errors
    /// [`Misbehaved::Size`] before the end; [`Misbehaved::NotAsAnnounced`] when it was another list than announced,
    /// which the signed steps prove.
    pub fn finish(&self) -> Result<Hash, Misbehaved> {
        if self.tree.size() != self.announced.size {
            return Err(Misbehaved::Size(self.tree.size()));
        }
        if self.tree.root() == self.announced.root { Ok(self.steps) } else { Err(Misbehaved::NotAsAnnounced("list")) }
    }
}

/// The holder's end of a part: the tags of its entries with their numbers, to be kept sorted. Protected entries have
/// tags nobody will ask for.
///
/// # Errors
/// [`Misbehaved`] when the proof fails: nothing is kept then.
pub fn unmask(
    epoch: &Epoch,
    key: PublicKey,
    first: u64,
    part: &[Place<'_>],
    masked: &[Masked],
    answers: &Answers,
) -> Result<Vec<(Tag, u64)>, Misbehaved> {
    let values = values(epoch, key, first, part, masked, answers)?;
    let is_entry = |place: &Place<'_>| matches!(place, Place::Entry(_));
    let rows = (first..).zip(part.iter().zip(&values)).filter(|(_, (place, _))| is_entry(place));
    Ok(rows.map(|(number, (_, value))| (Tag::of(value), number)).collect())
}

/// The values of a part's places, once the proof has held.
pub(super) fn values(
    epoch: &Epoch,
    key: PublicKey,
    first: u64,
    part: &[Place<'_>],
    masked: &[Masked],
    answers: &Answers,
) -> Result<Vec<Output>, Misbehaved> {
    let input = |place: &Place<'_>| match place {
        Place::Entry(entry) => epoch.scope().input(entry.key),
        Place::Padding => Zeroizing::new(Vec::new()),
    };
    let inputs: Vec<Zeroizing<Vec<u8>>> = part.iter().map(input).collect();
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    let blinds: Vec<Blind> = (first..).zip(part).map(|(number, _)| epoch.blind(number)).collect();
    let proof = Proof::read(&answers.proof)?;
    Ok(oprf::conclude(key, &bytes, &blinds, &Element::read_all(masked)?, &answers.evaluated, &proof)?)
}

/// What crosses: tags of the questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// What they are for and bound to.
    pub announcement: Announcement,
    /// A tag for each place.
    pub tags: Vec<Tag>,
}

impl Tagged {
    fn digest(&self) -> Hash {
        let tags: Vec<[u8; TAG_BYTES]> = self.tags.iter().map(|tag| tag.0).collect();
        digest_all("entente/psi/tagged/v1", &tags)
    }

    /// What both sides sign. It does not depend on what is found, for nothing has been looked up when it is made.
    #[must_use]
    pub fn transcript(&self, list: &Announced) -> Transcript {
        self.answered(list, digest("entente/psi/received/v1", &[]))
    }

    pub(super) fn answered(&self, list: &Announced, answered: Hash) -> Transcript {
        let (announcement, asked) = (self.announcement.digest(), self.digest());
        Transcript { list: list.digest(), announcement, asked, answered }
    }
}

/// The asker's step: tags of a drawn batch, dummies and all, under its own key.
///
/// # Errors
/// [`Refused::WhoLearns`]; [`Misbehaved::Function`].
pub fn tagged(epoch: &Epoch, drawn: &Drawn) -> Result<Tagged, Stopped> {
    if !drawn.scope().learns().is_crossed() || drawn.scope() != epoch.scope() {
        return Err(Refused::WhoLearns.into());
    }
    let inputs = drawn.inputs();
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    let values = epoch.key().evaluate(&bytes).map_err(Misbehaved::from)?;
    Ok(Tagged { announcement: drawn.announcement().clone(), tags: values.iter().map(Tag::of).collect() })
}

/// The holder's receipt: checks and spends. It is given no list, so a hit and a miss cannot differ in it, and it leaves
/// before [`look_up`] is called.
///
/// # Errors
/// [`Refused::OtherList`], [`Refused::Replayed`], [`Refused::Spent`]; [`Misbehaved`].
pub fn receive(
    scope: &Scope,
    list: &Announced,
    allowance: &mut Allowance,
    day: u32,
    tagged: &Tagged,
) -> Result<Transcript, Stopped> {
    if scope.learns() != Learns::Holder {
        return Err(Refused::WhoLearns.into());
    }
    admit(scope, list, allowance, day, tagged)?;
    Ok(tagged.transcript(list))
}

/// What every batch of tags must pass.
pub(super) fn admit(
    scope: &Scope,
    list: &Announced,
    allowance: &mut Allowance,
    day: u32,
    tagged: &Tagged,
) -> Result<(), Stopped> {
    let Tagged { announcement, tags } = tagged;
    announcement.check(scope, tags.len())?;
    if announcement.list != list.digest() {
        return Err(Refused::OtherList.into());
    }
    Ok(allowance.spend(day, announcement.batch, tags.len() as u64)?)
}

/// A match: for a person of the holder to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// The place in the batch.
    pub place: usize,
    /// The number of the entry.
    pub number: u64,
}

/// Looks a batch up in the rows of a list, which stream by and are all read, whatever is found.
pub fn look_up(tagged: &Tagged, rows: impl Iterator<Item = (Tag, u64)>) -> Vec<Match> {
    let mut places: BTreeMap<Tag, Vec<usize>> = BTreeMap::new();
    for (place, tag) in tagged.tags.iter().enumerate() {
        places.entry(*tag).or_default().push(place);
    }
    let mut found = Vec::new();
    for (tag, number) in rows {
        found.extend(places.get(&tag).into_iter().flatten().map(|place| Match { place: *place, number }));
    }
    found.sort_unstable();
    found
}
