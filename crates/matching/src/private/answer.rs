//! Question and answer where the asking side learns (`querier_learns`).
//!
//! Owns blinding a drawn batch, evaluating it, and reading hits from the filter. Must not know how messages travel. The
//! holder sees blinded elements, uniform whatever they cover, and so learns the size of the batch; the asker gets no
//! value before the proof has held.

use rand_core::CryptoRng;
use thiserror::Error;

use super::allowance::Allowance;
use super::epoch::Epoch;
use super::filter::{Known, shard_of};
use super::label::Label;
use super::list::{Announced, Shelf};
use super::question::{Announcement, Asked, Drawn};
use super::tag::Tag;
use super::transcript::Transcript;
use super::{Hash, Learns, Misbehaved, Refused, digest, digest_all};
use crate::oprf::{self, Blind, ELEMENT_BYTES, Element, Mapped, PROOF_BYTES, Proof, Unsound};

/// What crosses: the questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Questions {
    /// What they are for and bound to.
    pub announcement: Announcement,
    /// A blinded element for each place.
    pub blinded: Vec<[u8; ELEMENT_BYTES]>,
}

impl Questions {
    pub(super) fn digest(&self) -> Hash {
        digest_all("entente/psi/blinded/v1", &self.blinded)
    }
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// An evaluated element for each place.
    pub evaluated: Vec<[u8; ELEMENT_BYTES]>,
    /// One proof for all.
    pub proof: [u8; PROOF_BYTES],
}

impl Answers {
    pub(super) fn digest(&self) -> Hash {
        let evaluated = digest_all("entente/psi/evaluated/v1", &self.evaluated);
        digest("entente/psi/answers/v1", &[&evaluated, &self.proof])
    }
}

/// Why a step did not happen, with the blame where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Stopped {
    /// Our rule.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The other side.
    #[error(transparent)]
    Misbehaved(#[from] Misbehaved),
}

/// One key that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number as it was given.
    pub key: usize,
    /// Whether it is no more than a reason to look.
    pub review_only: bool,
    /// Whom to ask; none when the label does not open, which is a false positive (one in 2^32) or a holder that cheats,
    /// and in neither case a hit.
    pub contact: Option<Label>,
}

/// A batch that is being asked. Secret, and kept until the audit.
#[derive(Debug)]
pub struct Asking {
    pub(super) drawn: Drawn,
    pub(super) blinds: Vec<Blind>,
    pub(super) blinded: Vec<Element>,
}

impl Asking {
    /// Blinds a drawn batch.
    ///
    /// # Errors
    /// [`Refused::WhoLearns`].
    pub fn begin(drawn: Drawn, rng: &mut dyn CryptoRng) -> Result<Self, Stopped> {
        if drawn.scope().learns() != Learns::Querier {
            return Err(Refused::WhoLearns.into());
        }
        let blinds = drawn.asked().iter().map(|_| Blind::random(rng)).collect();
        Self::under(drawn, blinds)
    }

    pub(super) fn under(drawn: Drawn, blinds: Vec<Blind>) -> Result<Self, Stopped> {
        let mapped = drawn.inputs().iter().map(|input| Mapped::of(input)).collect::<Result<Vec<_>, _>>();
        let blinded = oprf::blind(&mapped.map_err(Misbehaved::from)?, &blinds).map_err(Misbehaved::from)?;
        Ok(Self { drawn, blinds, blinded })
    }

    /// What crosses.
    #[must_use]
    pub fn questions(&self) -> Questions {
        let blinded = self.blinded.iter().map(|element| *element.bytes()).collect();
        Questions { announcement: self.drawn.announcement().clone(), blinded }
    }

    /// The batch behind it.
    #[must_use]
    pub const fn drawn(&self) -> &Drawn {
        &self.drawn
    }

    /// The blind of a place, for the auditor.
    #[must_use]
    pub fn blind(&self, place: usize) -> Option<&Blind> {
        self.blinds.get(place)
    }

    /// Checks the answers and reads the hits. What both sides sign comes with them.
    ///
    /// # Errors
    /// [`Misbehaved`]: nothing is learned then.
    pub fn conclude(
        &self,
        list: &Announced,
        shelf: &Shelf,
        answers: &Answers,
    ) -> Result<(Vec<Found>, Transcript), Misbehaved> {
        let scope = self.drawn.scope();
        list.check(scope)?;
        if list.digest() != self.drawn.announcement().list {
            return Err(Misbehaved::NotAsAnnounced("list"));
        }
        let inputs = self.drawn.inputs();
        let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
        let proof = Proof::read(&answers.proof)?;
        let values = oprf::conclude(list.key, &bytes, &self.blinds, &self.blinded, &answers.evaluated, &proof)?;
        let mut findings: Vec<Found> = Vec::new();
        for (place, value) in values.iter().enumerate() {
            let found = shard_of(shelf.shards(), &Tag::of(value)).map(|shard| shard.ask(&Tag::of(value)));
            let (Some(Known::Yes(sealed)), Some(key)) = (found, self.drawn.given(place)) else { continue };
            let review_only =
                matches!(self.drawn.asked().get(place), Some(Asked::Key(key)) if key.kind().review_only());
            findings.push(Found { key, review_only, contact: Label::open(&sealed, scope, value) });
        }
        findings.sort_by_key(|finding| finding.key);
        Ok((findings, transcript(list, &self.questions(), answers.digest())))
    }
}

/// The holder's step: checks, spends, evaluates. Its list is not looked at, so nothing of it can be seen in the time.
///
/// # Errors
/// [`Refused::WhoLearns`], [`Refused::OtherList`], [`Refused::Replayed`], [`Refused::Spent`]; [`Misbehaved`].
pub fn answer(
    epoch: &Epoch,
    list: &Announced,
    allowance: &mut Allowance,
    day: u32,
    questions: &Questions,
    rng: &mut dyn CryptoRng,
) -> Result<(Answers, Transcript), Stopped> {
    if epoch.scope().learns() != Learns::Querier {
        return Err(Refused::WhoLearns.into());
    }
    let blinded = admit(epoch, list, allowance, day, questions)?;
    let (evaluated, proof) = epoch.key().answer(&blinded, rng).map_err(Misbehaved::from)?;
    let answers = Answers { evaluated, proof: proof.bytes() };
    let transcript = transcript(list, questions, answers.digest());
    Ok((answers, transcript))
}

/// What every batch must pass before it is evaluated. It is spent before: who asks pays, whatever comes of it.
pub(super) fn admit(
    epoch: &Epoch,
    list: &Announced,
    allowance: &mut Allowance,
    day: u32,
    questions: &Questions,
) -> Result<Vec<Element>, Stopped> {
    let Questions { announcement, blinded } = questions;
    announcement.check(epoch.scope(), blinded.len())?;
    if announcement.list != list.digest() {
        return Err(Refused::OtherList.into());
    }
    let elements = Element::read_all(blinded).map_err(|unsound: Unsound| Misbehaved::from(unsound))?;
    allowance.spend(day, announcement.batch, blinded.len() as u64)?;
    Ok(elements)
}

pub(super) fn transcript(list: &Announced, questions: &Questions, answered: Hash) -> Transcript {
    Transcript {
        list: list.digest(),
        announcement: questions.announcement.digest(),
        asked: questions.digest(),
        answered,
    }
}
