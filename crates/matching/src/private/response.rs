//! Response mode (`both_learn`): no filter leaves the house, and the asking side still learns, from a reply to each place.
//!
//! Owns the replies. Must not know how a list is masked or questions are tagged, which is as where the holder alone
//! learns ([`super::crossed`]). All replies of a batch are equally long and look alike: a sealed label, or random bytes.

use std::collections::BTreeMap;

use rand_core::CryptoRng;

use super::allowance::Allowance;
use super::answer::{Answers, Found, Stopped};
use super::crossed::{Masked, Place, Tagged, admit, values};
use super::epoch::Epoch;
use super::label::{Label, Sealed};
use super::list::{Announced, Row};
use super::question::{Asked, Drawn, bytes};
use super::tag::Tag;
use super::transcript::Transcript;
use super::{Hash, Learns, Misbehaved, Refused, Scope, digest_all};
use crate::oprf::PublicKey;

/// What comes back: one reply for each place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replies(pub Vec<Sealed>);

impl Replies {
    fn digest(&self) -> Hash {
        digest_all("entente/psi/replies/v1", &self.0)
    }
}

/// The holder's end of an evaluated part: tags with labels sealed under the values, to be kept.
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
) -> Result<Vec<Row>, Misbehaved> {
    let values = values(epoch, key, first, part, masked, answers)?;
    let row = |(place, value)| match place {
        &Place::Entry(entry) => Some((Tag::of(value), entry.label.seal(epoch, value))),
        Place::Padding => None,
    };
    Ok(part.iter().zip(&values).filter_map(row).collect())
}

/// The holder's step: checks, spends, and replies to each place. The rows stream by and are all read.
///
/// # Errors
/// [`Refused::WhoLearns`], [`Refused::OtherList`], [`Refused::Replayed`], [`Refused::Spent`]; [`Misbehaved`].
pub fn reply(
    scope: &Scope,
    list: &Announced,
    allowance: &mut Allowance,
    day: u32,
    tagged: &Tagged,
    rows: impl Iterator<Item = Row>,
    rng: &mut dyn CryptoRng,
) -> Result<(Replies, Transcript), Stopped> {
    if scope.learns() != Learns::Both {
        return Err(Refused::WhoLearns.into());
    }
    admit(scope, list, allowance, day, tagged)?;
    // Every place gets random bytes first, so a hit costs no more of them than a miss.
    let mut replies: Vec<Sealed> = tagged.tags.iter().map(|_| bytes(rng)).collect();
    let mut places: BTreeMap<Tag, Vec<usize>> = BTreeMap::new();
    for (place, tag) in tagged.tags.iter().enumerate() {
        places.entry(*tag).or_default().push(place);
    }
    for (tag, sealed) in rows {
        for place in places.get(&tag).into_iter().flatten() {
            replies[*place] = sealed;
        }
    }
    let replies = Replies(replies);
    let transcript = tagged.answered(list, replies.digest());
    Ok((replies, transcript))
}

/// The asker's end: opens what opens.
///
/// # Errors
/// [`Misbehaved::Size`] when replies are missing or too many.
pub fn read(
    epoch: &Epoch,
    list: &Announced,
    drawn: &Drawn,
    tagged: &Tagged,
    replies: &Replies,
) -> Result<(Vec<Found>, Transcript), Misbehaved> {
    if replies.0.len() != drawn.asked().len() {
        return Err(Misbehaved::Size(replies.0.len() as u64));
    }
    let inputs = drawn.inputs();
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    let values = epoch.key().evaluate(&bytes)?;
    let mut found = Vec::new();
    for (place, (sealed, value)) in replies.0.iter().zip(&values).enumerate() {
        let label = Label::open(sealed, drawn.scope(), value);
        let (Some(label), Some(key)) = (label, drawn.given(place)) else { continue };
        let review_only = matches!(drawn.asked().get(place), Some(Asked::Key(key)) if key.kind().review_only());
        found.push(Found { key, review_only, contact: Some(label) });
    }
    found.sort_by_key(|found| found.key);
    Ok((found, tagged.answered(list, replies.digest())))
}
