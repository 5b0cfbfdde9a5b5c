//! The holding side opens the places of a sample.
//!
//! Owns taking paths and what is behind a place. Must not know records: the house says by what key or number a place was
//! made. A protected person is opened as the decoy it is in the list, like padding.

use rand_core::CryptoRng;

use super::{Behind, ListOpening, Shown};
use crate::oprf::Unsound;
use crate::private::crossed::Masked;
use crate::private::epoch::Epoch;
use crate::private::tag::Tag;
use crate::private::tree::{leaf, prove};
use crate::private::{Hash, MatchKey};

/// Opens places of a tagged list. `behind` gives the key of a tag that stands for somebody, and the number of the decoy
/// of any other.
///
/// # Errors
/// [`Unsound`] when the sample is longer than one proof covers.
pub fn open_list<'k>(
    epoch: &Epoch,
    tags: &[Tag],
    sample: &[u64],
    behind: &mut dyn FnMut(&Tag) -> Result<&'k MatchKey, u64>,
    rng: &mut dyn CryptoRng,
) -> Result<(Vec<ListOpening>, Shown), Unsound> {
    let at = |number: u64| usize::try_from(number).ok().and_then(|at| tags.get(at));
    let hash = |number: u64| at(number).map_or([0; 32], |tag| leaf(&tag.0));
    let paths = prove(tags.len() as u64, sample, &mut { hash }).1;
    let open = |(number, path): (&u64, Vec<Hash>)| {
        let tag = at(*number)?;
        let behind = told(epoch, behind(tag));
        Some(ListOpening { number: *number, leaf: tag.0.to_vec(), path, behind, blind: None })
    };
    let openings: Vec<ListOpening> = sample.iter().zip(paths).filter_map(open).collect();
    let input = |opening: &ListOpening| match &opening.behind {
        Behind::Key { kind, content } => Some(epoch.scope().input_of(*kind, content)),
        Behind::Decoy(_) => None,
    };
    let inputs: Vec<_> = openings.iter().filter_map(input).collect();
    if inputs.is_empty() {
        return Ok((openings, Shown { evaluated: Vec::new(), proof: None }));
    }
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    let (evaluated, proof) = epoch.key().open(&bytes, rng)?;
    Ok((openings, Shown { evaluated, proof: Some(proof.bytes()) }))
}

/// Opens places of a masked list, whose elements are read once in their order. `behind` gives the key at a number, none
/// where a decoy stands.
pub fn open_masked<'k>(
    epoch: &Epoch,
    size: u64,
    sample: &[u64],
    masked: &mut dyn FnMut(u64) -> Masked,
    behind: &mut dyn FnMut(u64) -> Option<&'k MatchKey>,
) -> Vec<ListOpening> {
    let mut leaves: Vec<(u64, Masked)> = Vec::with_capacity(sample.len());
    let mut read = |number: u64| {
        let element = masked(number);
        if sample.contains(&number) {
            leaves.push((number, element));
        }
        leaf(&element)
    };
    let paths = prove(size, sample, &mut read).1;
    let open = |(number, path): (&u64, Vec<Hash>)| {
        let (_, element) = leaves.iter().find(|(known, _)| known == number)?;
        let behind = told(epoch, behind(*number).ok_or(*number));
        let blind = Some(*epoch.blind(*number).bytes());
        Some(ListOpening { number: *number, leaf: element.to_vec(), path, behind, blind })
    };
    sample.iter().zip(paths).filter_map(open).collect()
}

fn told(epoch: &Epoch, behind: Result<&MatchKey, u64>) -> Behind {
    match behind {
        Ok(key) => Behind::Key { kind: key.kind() as u8, content: key.content().to_vec() },
        Err(number) => Behind::Decoy(epoch.nonce(number)),
    }
}
