//! The RFC 6962 Merkle tree with SHA-256, over hashes stored elsewhere. It owns roots, proofs and their checks; it must
//! not know what a leaf says nor how nodes are stored: it asks for `(level, index)` and is given 32 bytes.
//!
//! Node `(level, index)` is the complete subtree over leaves `index << level .. (index + 1) << level`.

use thiserror::Error;

use crate::Misbehaved;
use crate::hash::sha256;

/// A hash of the tree.
pub type Hash = [u8; 32];
/// Reads node `(level, index)` of a complete subtree.
pub type Fetch<'a, E> = &'a mut dyn FnMut(u8, u64) -> Result<Hash, E>;
/// Keeps node `(level, index)` of a complete subtree.
pub type Store<'a, E> = &'a mut dyn FnMut(u8, u64, &Hash) -> Result<(), E>;

/// A proof cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofFault<E> {
    /// The entry or the older size lies beyond the tree.
    #[error("entry or size {asked} is beyond the log of {size} entries")]
    Beyond {
        /// What was asked for.
        asked: u64,
        /// The size of the tree, in entries.
        size: u64,
    },
    /// The store failed.
    #[error("a stored node cannot be read")]
    Fetch(#[source] E),
}

/// Hash of a leaf's bytes: SHA-256(0x00 ‖ leaf), RFC 6962 §2.1.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// Hash of two children: SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The right edge of a growing tree: its complete subtrees, largest first. Appending needs nothing else, so a tree of
/// any size grows in constant memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// The edge of a stored tree of `size` leaves (at most 64 reads).
    ///
    /// # Errors
    /// What `fetch` reports.
    pub fn load<E>(size: u64, fetch: Fetch<'_, E>) -> Result<Frontier, E> {
        let peaks = complete_parts(0, size).map(|(level, index)| fetch(level, index)).collect::<Result<_, E>>()?;
        Ok(Frontier { size, peaks })
    }

    /// Appends a leaf hash and hands every subtree completed by it, the leaf itself first, to `store`.
    ///
    /// # Errors
    /// What `store` reports; the frontier is then as before.
    pub fn push<E>(&mut self, leaf: Hash, store: Store<'_, E>) -> Result<(), E> {
        store(0, self.size, &leaf)?;
        let (mut node, mut level, mut index, mut kept) = (leaf, 0, self.size, self.peaks.len());
        while index & 1 == 1 && kept > 0 {
            kept -= 1;
            node = node_hash(&self.peaks[kept], &node);
            index >>= 1;
            level += 1;
            store(level, index, &node)?;
        }
        self.peaks.truncate(kept);
        self.peaks.push(node);
        self.size = self.size.saturating_add(1);
        Ok(())
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root; of the empty tree, SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        fold(self.peaks.iter().copied())
    }
}

/// The root of the first `size` leaves.
///
/// # Errors
/// What `fetch` reports.
pub fn root<E>(size: u64, fetch: Fetch<'_, E>) -> Result<Hash, E> {
    Ok(Frontier::load(size, fetch)?.root())
}

/// The proof that leaf `index` is in the tree of `size` leaves (RFC 6962 §2.1.1), leaf side first.
///
/// # Errors
/// [`ProofFault::Beyond`] when `index` ≥ `size`; [`ProofFault::Fetch`].
pub fn inclusion<E>(index: u64, size: u64, fetch: Fetch<'_, E>) -> Result<Vec<Hash>, ProofFault<E>> {
    if index >= size {
        return Err(ProofFault::Beyond { asked: index, size });
    }
    let (mut low, mut high, mut proof) = (0, size, Vec::new());
    while high - low > 1 {
        let middle = low + split(high - low);
        let sibling = if index < middle { range_root(middle, high, fetch) } else { range_root(low, middle, fetch) };
        proof.push(sibling.map_err(ProofFault::Fetch)?);
        if index < middle { high = middle } else { low = middle }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `new` leaves extends that of `old` leaves (RFC 6962 §2.1.2). Empty for `old` = 0 or
/// `old` = `new`.
///
/// # Errors
/// [`ProofFault::Beyond`] when `old` > `new`; [`ProofFault::Fetch`].
pub fn consistency<E>(old: u64, new: u64, fetch: Fetch<'_, E>) -> Result<Vec<Hash>, ProofFault<E>> {
    if old > new {
        return Err(ProofFault::Beyond { asked: old, size: new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut low, mut high, mut whole, mut proof) = (0, new, true, Vec::new());
    while old != high {
        let middle = low + split(high - low);
        let part = if old <= middle { range_root(middle, high, fetch) } else { range_root(low, middle, fetch) };
        proof.push(part.map_err(ProofFault::Fetch)?);
        if old <= middle {
            high = middle;
        } else {
            low = middle;
            whole = false;
        }
    }
    if !whole {
        proof.push(range_root(low, high, fetch).map_err(ProofFault::Fetch)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks an inclusion proof (RFC 9162 §2.1.3.2).
///
/// # Errors
/// [`Misbehaved::WrongProof`].
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), Misbehaved> {
    let wrong = Misbehaved::WrongProof("inclusion");
    if index >= size {
        return Err(wrong);
    }
    let (mut node, mut at, mut last) = (*leaf, index, size - 1);
    for part in proof {
        if last == 0 {
            return Err(wrong);
        }
        if at & 1 == 1 || at == last {
            node = node_hash(part, &node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(&node, part);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && node == *root { Ok(()) } else { Err(wrong) }
}

/// Checks a consistency proof (RFC 9162 §2.1.4.2). The empty tree is a prefix of any, by the empty proof.
///
/// # Errors
/// [`Misbehaved::WrongProof`].
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), Misbehaved> {
    let wrong = Err(Misbehaved::WrongProof("consistency"));
    if old == 0 || old >= new {
        let trivial = if old == 0 { *old_root == sha256(&[]) } else { old == new };
        let agrees = old != new || old_root == new_root;
        return if trivial && agrees && proof.is_empty() { Ok(()) } else { wrong };
    }
    // A power of two is itself a node of the new tree, so its root is not repeated in the proof.
    let (first, rest) = match (old.is_power_of_two(), proof) {
        (true, rest) => (old_root, rest),
        (false, [first, rest @ ..]) => (first, rest),
        (false, []) => return wrong,
    };
    let shift = (old - 1).trailing_ones();
    let (mut at, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut old_node, mut new_node) = (*first, *first);
    for part in rest {
        if last == 0 {
            return wrong;
        }
        if at & 1 == 1 || at == last {
            old_node = node_hash(part, &old_node);
            new_node = node_hash(part, &new_node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_node = node_hash(&new_node, part);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && old_node == *old_root && new_node == *new_root { Ok(()) } else { wrong }
}

/// The largest power of two below `count`, for `count` ≥ 2.
fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

fn range_root<E>(low: u64, high: u64, fetch: Fetch<'_, E>) -> Result<Hash, E> {
    let parts = complete_parts(low, high).map(|(level, index)| fetch(level, index));
    Ok(fold(parts.collect::<Result<Vec<_>, E>>()?.into_iter()))
}

/// The complete subtrees `(level, index)` that make up `low..high`, largest first; `low` is aligned to the first.
fn complete_parts(low: u64, high: u64) -> impl Iterator<Item = (u8, u64)> {
    let mut at = low;
    std::iter::from_fn(move || {
        let left = high - at;
        let level = left.checked_ilog2()?;
        let part = (level as u8, at >> level);
        at += 1 << level;
        Some(part)
    })
}

/// The root over subtrees in order, largest first.
fn fold(parts: impl DoubleEndedIterator<Item = Hash>) -> Hash {
    parts.rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(|| sha256(&[]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;

    /// Every proof of every pair of sizes up to 40 verifies and no proof of another pair does.
    #[test]
    fn proofs_of_small_trees() {
        let mut nodes = BTreeMap::new();
        let mut frontier = Frontier::new();
        let mut roots = vec![frontier.root()];
        for leaf in 0..40u8 {
            let pushed = frontier.push(leaf_hash(&[leaf]), &mut |level, index, hash| -> Result<(), Infallible> {
                nodes.insert((level, index), *hash);
                Ok(())
            });
            assert_eq!(pushed, Ok(()));
            roots.push(frontier.root());
        }
        let mut fetch = |level, index| nodes.get(&(level, index)).copied().ok_or((level, index));
        for new in 0..=40u64 {
            let new_root = roots[new as usize];
            assert_eq!(root(new, &mut fetch), Ok(new_root));
            for old in 0..=new {
                let proof = consistency(old, new, &mut fetch).expect("in range");
                let check =
                    |old: u64, old_root, proof: &[Hash]| verify_consistency(old, new, old_root, &new_root, proof);
                assert_eq!(check(old, &roots[old as usize], &proof), Ok(()), "{old} {new}");
                if old > 0 {
                    check(old, &[1; 32], &proof).expect_err("a wrong old root");
                    check(old, &roots[old as usize], &[proof.clone(), vec![[0; 32]]].concat()).expect_err("too long");
                }
            }
            for index in 0..new {
                let leaf = leaf_hash(&[index as u8]);
                let proof = inclusion(index, new, &mut fetch).expect("in range");
                assert_eq!(verify_inclusion(index, new, &leaf, &proof, &new_root), Ok(()), "{index} {new}");
                for other in (0..=new).filter(|other| *other != index) {
                    verify_inclusion(other, new, &leaf, &proof, &new_root).expect_err("another place");
                }
            }
            assert_eq!(inclusion(new, new, &mut fetch), Err(ProofFault::Beyond { asked: new, size: new }));
        }
    }
}
