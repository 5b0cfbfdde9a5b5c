//! Counting first (`count_first`): how many of these do you know?, and which ones only when the holder agrees.
//!
//! Owns the shuffled answer, the order kept back, and what is read from each. Must not know consent: whoever calls has
//! it before it opens an order. All elements of a batch are under one blind, so that an answer can be read without its
//! place. What that costs is said here: until the order is opened the count is the holder's claim; and an asker who
//! blinds unlike could tell places apart, which only the audit finds ([`super::audit::Breach::UnlikeBlinds`]).

use std::collections::BTreeSet;

use rand_core::CryptoRng;

use super::allowance::Allowance;
use super::answer::{Asking, Found, Questions, Stopped, admit, transcript};
use super::epoch::Epoch;
use super::filter::{Known, shard_of};
use super::label::Label;
use super::list::{Announced, Shelf};
use super::question::{Asked, Drawn, bytes, shuffle};
use super::tag::Tag;
use super::transcript::Transcript;
use super::{Hash, Learns, Misbehaved, Refused, digest, digest_all};
use crate::oprf::{self, Blind, ELEMENT_BYTES, PROOF_BYTES, Proof, Uncovered};

/// Different keys in a counted batch, at least: the count of one question is its answer. Nothing in the protocol can
/// hold an asker to it; the audit shows how many of a sample were dummies.
pub const COUNTED_KEYS_MIN: usize = 16;

/// What comes back first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shuffled {
    /// The evaluated elements, mixed.
    pub evaluated: Vec<[u8; ELEMENT_BYTES]>,
    /// A commitment to their order and its proof.
    pub order: Hash,
}

impl Shuffled {
    fn digest(&self) -> Hash {
        digest("entente/psi/shuffled/v1", &[&digest_all("entente/psi/evaluated/v1", &self.evaluated), &self.order])
    }
}

/// The order of a shuffled answer: the holder's secret until it agrees.
#[derive(Clone, PartialEq, Eq)]
pub struct Order {
    /// For each element of the answer, the place it was asked at.
    pub places: Vec<u16>,
    /// The proof over the elements in the order they were asked.
    pub proof: [u8; PROOF_BYTES],
    /// What hides the commitment.
    pub nonce: [u8; 32],
}

impl std::fmt::Debug for Order {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Order({} places)", self.places.len())
    }
}

impl Order {
    /// What is sent with the shuffled answer.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        let places: Vec<[u8; 2]> = self.places.iter().map(|place| place.to_be_bytes()).collect();
        digest("entente/psi/order/v1", &[places.as_flattened(), &self.proof, &self.nonce])
    }

    /// The elements as they were asked; none if the places are no order.
    fn restore(&self, mixed: &[[u8; ELEMENT_BYTES]]) -> Option<Vec<[u8; ELEMENT_BYTES]>> {
        let mut restored = vec![None; mixed.len()];
        for (place, element) in self.places.iter().zip(mixed) {
            restored.get_mut(usize::from(*place))?.replace(*element);
        }
        restored.into_iter().collect()
    }
}

/// A batch that is being counted.
#[derive(Debug)]
pub struct Counting {
    asking: Asking,
}

impl Counting {
    /// Blinds a drawn batch, all under one blind.
    ///
    /// # Errors
    /// [`Refused::WhoLearns`]; [`Refused::TooFew`].
    pub fn begin(drawn: Drawn, rng: &mut dyn CryptoRng) -> Result<Self, Stopped> {
        if drawn.scope().learns() != Learns::CountFirst {
            return Err(Refused::WhoLearns.into());
        }
        let key = |asked: &Asked| match asked {
            Asked::Key(key) => Some(key.clone()),
            Asked::Dummy(_) => None,
        };
        let found = drawn.asked().iter().filter_map(key).collect::<BTreeSet<_>>().len();
        if found < COUNTED_KEYS_MIN {
            return Err(Refused::TooFew { found, least: COUNTED_KEYS_MIN }.into());
        }
        let blind = Blind::random(rng);
        let blinds = vec![blind; drawn.asked().len()];
        Ok(Self { asking: Asking::under(drawn, blinds)? })
    }

    /// What crosses.
    #[must_use]
    pub fn questions(&self) -> Questions {
        self.asking.questions()
    }

    /// The batch behind it, for the audit.
    #[must_use]
    pub const fn asking(&self) -> &Asking {
        &self.asking
    }

    /// How many are known, by the holder's claim.
    ///
    /// # Errors
    /// [`Misbehaved`].
    pub fn count(&self, list: &Announced, shelf: &Shelf, answer: &Shuffled) -> Result<(usize, Transcript), Misbehaved> {
        self.check(list)?;
        let elements = oprf::uncover_unproved(&self.asking.blinds, &answer.evaluated)?;
        let known: BTreeSet<Tag> =
            elements.iter().map(tag).filter(|tag| matches!(ask(shelf, tag), Known::Yes(_))).collect();
        Ok((known.len(), transcript(list, &self.questions(), answer.digest())))
    }

    /// Which ones, once the holder has opened the order: the proof is checked now, and the count with it.
    ///
    /// # Errors
    /// [`Misbehaved`]: nothing is learned then, and the signed answer with its order is the evidence.
    pub fn conclude(
        &self,
        list: &Announced,
        shelf: &Shelf,
        answer: &Shuffled,
        order: &Order,
    ) -> Result<Vec<Found>, Misbehaved> {
        self.check(list)?;
        if order.commitment() != answer.order {
            return Err(Misbehaved::NotAsAnnounced("order"));
        }
        let evaluated = order.restore(&answer.evaluated).ok_or(Misbehaved::Malformed("order"))?;
        let Asking { drawn, blinds, blinded } = &self.asking;
        let inputs = drawn.inputs();
        let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
        let values = oprf::conclude(list.key, &bytes, blinds, blinded, &evaluated, &Proof::read(&order.proof)?)?;
        let elements = oprf::uncover_unproved(blinds, &evaluated)?;
        let mut findings = Vec::new();
        for (place, (element, value)) in elements.iter().zip(&values).enumerate() {
            let (Known::Yes(sealed), Some(key)) = (ask(shelf, &tag(element)), drawn.given(place)) else { continue };
            let review_only = matches!(drawn.asked().get(place), Some(Asked::Key(key)) if key.kind().review_only());
            findings.push(Found { key, review_only, contact: Label::open(&sealed, drawn.scope(), value) });
        }
        findings.sort_by_key(|finding| finding.key);
        Ok(findings)
    }

    fn check(&self, list: &Announced) -> Result<(), Misbehaved> {
        list.check(self.asking.drawn.scope())?;
        let asked = self.asking.drawn.announcement().list == list.digest();
        if asked { Ok(()) } else { Err(Misbehaved::NotAsAnnounced("list")) }
    }
}

/// The holder's step: as [`super::answer::answer`], then mixed. The order stays in the house.
///
/// # Errors
/// As [`super::answer::answer`].
pub fn answer(
    epoch: &Epoch,
    list: &Announced,
    allowance: &mut Allowance,
    day: u32,
    questions: &Questions,
    rng: &mut dyn CryptoRng,
) -> Result<(Shuffled, Order, Transcript), Stopped> {
    if epoch.scope().learns() != Learns::CountFirst {
        return Err(Refused::WhoLearns.into());
    }
    let blinded = admit(epoch, list, allowance, day, questions)?;
    let (evaluated, proof) = epoch.key().answer(&blinded, rng).map_err(Misbehaved::from)?;
    let mut mixed: Vec<(u16, [u8; ELEMENT_BYTES])> = (0..).zip(evaluated).collect();
    shuffle(&mut mixed, rng);
    let (places, evaluated) = mixed.into_iter().unzip();
    let order = Order { places, proof: proof.bytes(), nonce: bytes(rng) };
    let answer = Shuffled { evaluated, order: order.commitment() };
    let transcript = transcript(list, questions, answer.digest());
    Ok((answer, order, transcript))
}

fn tag(element: &Uncovered) -> Tag {
    Tag::of_element(element.bytes())
}

fn ask(shelf: &Shelf, tag: &Tag) -> Known {
    shard_of(shelf.shards(), tag).map_or(Known::No, |shard| shard.ask(tag))
}
