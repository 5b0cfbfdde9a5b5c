//! List against list: the asker's whole list in the place of a batch (`querier_learns`).
//!
//! Owns beginning such a run and reading what both know. Must not know how a list is tagged or masked, which is as
//! elsewhere ([`super::list`], [`super::crossed`]). Both lists are announced before the first element is evaluated, and
//! the steps both sign begin with both, so neither can be changed after the other was seen.

use super::allowance::Allowance;
use super::answer::{Answers, Stopped};
use super::crossed::{Evaluating, Masked, Place, values};
use super::epoch::Epoch;
use super::filter::{Known, shard_of};
use super::label::Label;
use super::list::{Announced, Shelf};
use super::question::BatchId;
use super::tag::Tag;
use super::tree::Growing;
use super::{Learns, Misbehaved, Refused, digest};
use crate::oprf::Output;

/// An entry of the asker's list that the holder has too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// Its number in the asker's list.
    pub number: u64,
    /// Whom to ask; none when the label does not open, which is no hit ([`super::answer::Found`]).
    pub contact: Option<Label>,
}

/// The holder begins to evaluate the asker's announced list. The whole of it, padding included, is spent at once: a list
/// is so many questions.
///
/// # Errors
/// [`Refused::WhoLearns`], [`Refused::Replayed`], [`Refused::Spent`]; [`Misbehaved`] when it is no list of this scope or
/// for this key.
pub fn begin(
    epoch: &Epoch,
    own: &Announced,
    asked: Announced,
    allowance: &mut Allowance,
    day: u32,
    run: BatchId,
) -> Result<Evaluating, Stopped> {
    if epoch.scope().learns() != Learns::Querier {
        return Err(Refused::WhoLearns.into());
    }
    let steps = digest("entente/psi/two-lists/v1", &[&own.digest(), &asked.digest(), &run]);
    let evaluating = Evaluating::of(epoch, asked, Growing::default(), steps)?;
    allowance.spend(day, run, asked.size)?;
    Ok(evaluating)
}

/// The asker reads a part: which of its entries the holder's list has.
///
/// # Errors
/// [`Misbehaved`]: nothing is learned of the part then.
pub fn read(
    epoch: &Epoch,
    list: &Announced,
    shelf: &Shelf,
    first: u64,
    part: &[Place<'_>],
    masked: &[Masked],
    answers: &Answers,
) -> Result<Vec<Met>, Misbehaved> {
    list.check(epoch.scope())?;
    let values = values(epoch, list.key, first, part, masked, answers)?;
    let met = |(number, (place, value)): (u64, (&Place<'_>, &Output))| {
        let tag = Tag::of(value);
        match (place, shard_of(shelf.shards(), &tag)?.ask(&tag)) {
            (Place::Entry(_), Known::Yes(sealed)) => {
                Some(Met { number, contact: Label::open(&sealed, epoch.scope(), value) })
            }
            (Place::Entry(_), Known::No) | (Place::Padding, _) => None,
        }
    };
    Ok((first..).zip(part.iter().zip(&values)).filter_map(met).collect())
}
