//! What an audit opens, drawn so that neither side alone can choose it.
//!
//! Owns shares, their commitments and the draw. Must not know what is opened. Each side first commits to its share, then
//! shows it; the draw depends on both and on what was signed, so it could not be known when the batch was made.

use std::collections::BTreeSet;

use super::{Hash, Misbehaved, digest};

/// A side's share of the chance: 32 random bytes, secret until both commitments are exchanged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Share(pub [u8; 32]);

impl std::fmt::Debug for Share {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Share(secret)")
    }
}

/// Opened of a batch or list, at least; all of it where there are fewer.
pub const SAMPLE_MIN: u64 = 4;
/// Opened at most: one proof covers them.
pub const SAMPLE_MAX: u64 = 1024;
/// One place in so many is opened.
pub const SAMPLE_ONE_IN: u64 = 8;

impl Share {
    /// What is sent first.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        digest("entente/psi/share/v1", &[&self.0])
    }
}

/// How many places of so many an audit opens.
#[must_use]
pub fn sample_size(of: u64) -> u64 {
    (of / SAMPLE_ONE_IN).clamp(SAMPLE_MIN, SAMPLE_MAX).min(of)
}

/// Draws the places to be opened, in their order. `subject` is the hash both signed; shares and commitments stand in the
/// order of the Parties, the asking one first.
///
/// # Errors
/// [`Misbehaved::NotAsAnnounced`] when a share is not the one committed to.
pub fn draw(subject: &Hash, of: u64, shares: &[Share; 2], commitments: &[Hash; 2]) -> Result<Vec<u64>, Misbehaved> {
    let kept = shares.iter().zip(commitments).all(|(share, commitment)| share.commitment() == *commitment);
    if !kept {
        return Err(Misbehaved::NotAsAnnounced("share"));
    }
    let [asking, holding] = shares;
    let wanted = usize::try_from(sample_size(of)).unwrap_or(usize::MAX);
    let mut drawn = BTreeSet::new();
    // Repeated places are drawn again: a sample is at most an eighth of the whole, or four, so this ends soon.
    for counter in 0_u64.. {
        if drawn.len() == wanted {
            break;
        }
        let hash = digest("entente/psi/draw/v1", &[subject, &asking.0, &holding.0, &counter.to_be_bytes()]);
        let number = hash[..16].iter().fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
        // 128 bits over at most 2^30: the remainder's bias is below 2^-98.
        drawn.insert((number % u128::from(of)) as u64);
    }
    Ok(drawn.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draw_is_of_both() {
        let shares = [Share([1; 32]), Share([2; 32])];
        let commitments = shares.map(|share| share.commitment());
        fn check(of: u64, shares: &[Share; 2], commitments: &[Hash; 2]) -> Vec<u64> {
            let drawn = draw(&[9; 32], of, shares, commitments).expect("kept");
            assert_eq!(drawn.len() as u64, sample_size(of));
            assert!(drawn.is_sorted_by(|a, b| a < b) && drawn.iter().all(|place| *place < of));
            drawn
        }
        for of in [0, 1, 3, 4, 32, 128, 1_024, 1_000_000] {
            check(of, &shares, &commitments);
        }
        let other = [shares[0], Share([3; 32])];
        let others = other.map(|share| share.commitment());
        assert_ne!(check(1_024, &shares, &commitments), check(1_024, &other, &others));
        assert_eq!(draw(&[9; 32], 32, &other, &commitments), Err(Misbehaved::NotAsAnnounced("share")));
    }
}
