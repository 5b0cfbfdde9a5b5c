//! The Merkle tree of RFC 6962 over a list that is announced, and proofs that an element is in it.
//!
//! Owns roots and proofs. Must not know what a leaf says. The ledger has the same tree; no edge leads there from here,
//! and this one proves many leaves in one pass over a list too long to keep.

use sha2::{Digest, Sha256};

use super::Hash;

/// Hashes in a proof, at most: more than any list here has levels, so a longer one is nobody's.
pub const PROOF_HASHES_MAX: usize = 40;

/// Hash of a leaf: SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(bytes).finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A tree that grows leaf by leaf and remembers its right edge only, so that a list of any length is hashed in flat
/// memory, and a run that was cut off goes on from [`Growing::parts`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Growing {
    size: u64,
    peaks: Vec<Hash>,
}

impl Growing {
    /// The edge of a run that is resumed: none unless there are as many peaks as the size says.
    #[must_use]
    pub fn resume(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (u32::try_from(peaks.len()) == Ok(size.count_ones())).then_some(Self { size, peaks })
    }

    /// What to keep of a run, for [`Growing::resume`].
    #[must_use]
    pub fn parts(&self) -> (u64, &[Hash]) {
        (self.size, &self.peaks)
    }

    /// Appends a leaf.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut hash = leaf(bytes);
        let mut at = self.size;
        while at & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node(&left, &hash);
            at >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Leaves so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root; of the empty tree, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return Sha256::digest([]).into() };
        peaks.fold(last, |right, left| node(&left, &right))
    }
}

/// The root of `size` leaves, and a proof for each number of `wanted`, leaf side first. Every leaf is asked for once, in
/// order, so the list may be read as it streams by. Numbers beyond the list get no proof worth having.
pub fn prove(size: u64, wanted: &[u64], read: &mut dyn FnMut(u64) -> Hash) -> (Hash, Vec<Vec<Hash>>) {
    let mut proofs = vec![Vec::new(); wanted.len()];
    if size == 0 {
        return (Growing::default().root(), proofs);
    }
    let root = walk(0, size, wanted, &mut proofs, read);
    (root, proofs)
}

fn walk(low: u64, high: u64, wanted: &[u64], proofs: &mut [Vec<Hash>], read: &mut dyn FnMut(u64) -> Hash) -> Hash {
    if high - low == 1 {
        return read(low);
    }
    let middle = low + split(high - low);
    let left = walk(low, middle, wanted, proofs, read);
    let right = walk(middle, high, wanted, proofs, read);
    for (proof, number) in proofs.iter_mut().zip(wanted) {
        if (low..high).contains(number) {
            proof.push(if *number < middle { right } else { left });
        }
    }
    node(&left, &right)
}

/// Whether a proof leads from a leaf, by its hash, to the root.
#[must_use]
pub fn holds(root: &Hash, size: u64, number: u64, leaf: Hash, proof: &[Hash]) -> bool {
    if number >= size || proof.len() > PROOF_HASHES_MAX {
        return false;
    }
    // The turns from the root down; the proof is read from the leaf up.
    let (mut low, mut high, mut turns) = (0, size, Vec::new());
    while high - low > 1 {
        let middle = low + split(high - low);
        turns.push(number >= middle);
        if number < middle { high = middle } else { low = middle }
    }
    if turns.len() != proof.len() {
        return false;
    }
    let join =
        |hash: Hash, (right, other): (&bool, &Hash)| if *right { node(other, &hash) } else { node(&hash, other) };
    turns.iter().rev().zip(proof).fold(leaf, join) == *root
}

/// The largest power of two below a number above one.
const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(number: u64) -> [u8; 8] {
        number.to_be_bytes()
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved() {
        fn check(size: u64) {
            let mut growing = Growing::default();
            for number in 0..size {
                growing.push(&bytes(number));
                let (kept, peaks) = growing.parts();
                assert_eq!(Growing::resume(kept, peaks.to_vec()).as_ref(), Some(&growing));
            }
            let wanted: Vec<u64> = (0..size).collect();
            let mut asked = Vec::new();
            let (root, proofs) = prove(size, &wanted, &mut |number| {
                asked.push(number);
                leaf(&bytes(number))
            });
            assert_eq!((root, &asked), (growing.root(), &wanted));
            for (number, proof) in wanted.iter().zip(&proofs) {
                let hash = leaf(&bytes(*number));
                assert!(holds(&root, size, *number, hash, proof), "{number} of {size}");
                assert!(!holds(&root, size, *number, leaf(b"other"), proof));
                assert!(!holds(&root, size, (*number + 1) % (size + 1), hash, proof) || size == 0);
                assert!(!holds(&root, size, *number, hash, &[proof.as_slice(), &[root]].concat()));
            }
        }
        (0..40).for_each(check);
    }

    #[test]
    fn the_roots_of_the_reference_tree() {
        // RFC 6962's hash of nothing, and the first root of the tree that Certificate Transparency is tested with.
        let hex = |hash: Hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut growing = Growing::default();
        assert!(hex(growing.root()).starts_with("e3b0c44298fc1c14"));
        growing.push(&[]);
        assert!(hex(growing.root()).starts_with("6e340b9cffb37a98"));
    }

    #[test]
    fn an_edge_that_cannot_be_is_not_resumed() {
        assert_eq!(Growing::resume(3, vec![[0; 32]]), None);
    }
}
