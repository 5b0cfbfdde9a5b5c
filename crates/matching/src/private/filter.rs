//! The filter of a list: tests a tag and gives its sealed label, without showing any tag.
//!
//! Owns a binary fuse filter (Graf and Lemire, 2022) of three places with 32 bits to recognise, and beside each place a
//! share of a label: the three shares together are the label. Must not know what is sealed. One shard holds at most
//! [`SHARD_TAGS_MAX`] consecutive tags, so a list of any length is laid out in flat memory; 4.55 bytes a tag without
//! labels, and one in 2^32 strange tags is taken for a known one.

use super::label::{SEALED_BYTES, Sealed};
use super::tag::Tag;
use super::{Hash, Misbehaved, Refused, digest};

/// Tags in a shard, at most: with their labels some eighty megabytes.
pub const SHARD_TAGS_MAX: usize = 1 << 20;
/// Tags in a shard, at least; lists are padded to more.
pub const SHARD_TAGS_MIN: usize = 1 << 9;
/// Seeds tried. A layout fails for about one seed in a hundred; sixty-four never all do.
const SEEDS: u64 = 64;
/// Bytes before the places.
const HEAD_BYTES: usize = 32;
/// Length of a segment by how many tags there are, as a power of two: `3.33^(e - 2.25)` tags from which on `e` is used.
const SEGMENTS: [(usize, u32); 9] =
    [(412_790, 13), (123_960, 12), (37_226, 11), (11_179, 10), (3_357, 9), (1_008, 8), (303, 7), (91, 6), (0, 5)];
const SEGMENT_BITS_MAX: u32 = 18;

/// One shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The first tag that belongs here; a shard ends where the next begins.
    from: Tag,
    seed: u64,
    segment_bits: u32,
    segments: u32,
    prints: Vec<u32>,
    shares: Vec<Sealed>,
}

/// What a filter says of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// The tag is in the list, but for one chance in 2^32; the label is there to be opened.
    Yes(Box<Sealed>),
    /// It is not.
    No,
}

impl Filter {
    /// Lays out a shard of sorted tags with their labels. `from` is the first tag that belongs here.
    ///
    /// # Errors
    /// [`Refused::TooMany`]; [`Refused::TooFew`]; [`Refused::Unlaid`], also when a tag stands twice.
    pub fn lay(from: Tag, rows: &[(Tag, Sealed)]) -> Result<Self, Refused> {
        if rows.len() > SHARD_TAGS_MAX {
            return Err(Refused::TooMany { found: rows.len() as u64, most: SHARD_TAGS_MAX as u64 });
        }
        if rows.len() < SHARD_TAGS_MIN {
            return Err(Refused::TooFew { found: rows.len(), least: SHARD_TAGS_MIN });
        }
        let (segment_bits, segments) = shape(rows.len());
        let places = (segments as usize + 2) << segment_bits;
        let mut filter = Self {
            from,
            seed: 0,
            segment_bits,
            segments,
            prints: vec![0; places],
            shares: vec![[0; SEALED_BYTES]; places],
        };
        for seed in 0..SEEDS {
            filter.seed = seed;
            if let Some(order) = filter.peel(rows) {
                filter.assign(rows, &order);
                return Ok(filter);
            }
        }
        Err(Refused::Unlaid)
    }

    /// Asks for a tag.
    #[must_use]
    pub fn ask(&self, tag: &Tag) -> Known {
        let places = self.places(tag);
        if places.iter().fold(print(tag), |left, place| left ^ self.prints[*place]) != 0 {
            return Known::No;
        }
        let mut sealed = Box::new([0; SEALED_BYTES]);
        places.iter().for_each(|place| add(&mut sealed, &self.shares[*place]));
        Known::Yes(sealed)
    }

    /// The first tag that belongs here.
    #[must_use]
    pub const fn from(&self) -> Tag {
        self.from
    }

    /// Whether that many tags can lie here: a filter of the wrong size hides some or tells more than it should.
    #[must_use]
    pub fn fits(&self, tags: usize) -> bool {
        shape(tags) == (self.segment_bits, self.segments)
    }

    /// As it travels: the head, the places' 32 bits, the places' shares.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD_BYTES + self.prints.len() * (4 + SEALED_BYTES));
        out.extend_from_slice(&self.from.0);
        out.extend_from_slice(&self.seed.to_be_bytes());
        out.extend_from_slice(&self.segment_bits.to_be_bytes());
        out.extend_from_slice(&self.segments.to_be_bytes());
        self.prints.iter().for_each(|print| out.extend_from_slice(&print.to_be_bytes()));
        out.extend_from_slice(self.shares.as_flattened());
        out
    }

    /// Reads a shard. Nothing is held that the bytes do not hold.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`].
    pub fn read(bytes: &[u8]) -> Result<Self, Misbehaved> {
        let malformed = Misbehaved::Malformed("filter");
        let (head, rest) = bytes.split_first_chunk::<HEAD_BYTES>().ok_or(malformed)?;
        let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (segment_bits, segments) = (word(24), word(28));
        let mut from = Tag([0; 16]);
        from.0.copy_from_slice(&head[..16]);
        let seed = u64::from(word(16)) << 32 | u64::from(word(20));
        let most = (SHARD_TAGS_MAX as u64) * 2;
        let places = (u64::from(segments) + 2) << segment_bits.min(SEGMENT_BITS_MAX);
        if segment_bits > SEGMENT_BITS_MAX || segments == 0 || places > most {
            return Err(malformed);
        }
        let places = usize::try_from(places).map_err(|_| malformed)?;
        if rest.len() != places * (4 + SEALED_BYTES) {
            return Err(malformed);
        }
        let (prints, shares) = rest.split_at(places * 4);
        let prints = prints.as_chunks::<4>().0.iter().map(|print| u32::from_be_bytes(*print)).collect();
        Ok(Self { from, seed, segment_bits, segments, prints, shares: shares.as_chunks().0.to_vec() })
    }

    /// What is announced of a shard before it is given.
    #[must_use]
    pub fn digest(&self) -> Hash {
        digest("entente/psi/filter/v1", &[&self.bytes()])
    }

    /// The order in which rows can be laid so that each finds a place no later one touches; none if this seed has none.
    fn peel(&self, rows: &[(Tag, Sealed)]) -> Option<Vec<(u32, u32)>> {
        // At each place: how many rows touch it, and which, added up.
        let mut touched: Vec<(u32, u32)> = vec![(0, 0); self.prints.len()];
        for (row, (tag, _)) in (0_u32..).zip(rows) {
            for place in self.places(tag) {
                touched[place].0 += 1;
                touched[place].1 ^= row;
            }
        }
        let mut alone: Vec<usize> = (0..touched.len()).filter(|place| touched[*place].0 == 1).collect();
        let mut order = Vec::with_capacity(rows.len());
        while let Some(place) = alone.pop() {
            let (1, row) = touched[place] else { continue };
            order.push((row, u32::try_from(place).ok()?));
            for other in self.places(&rows[row as usize].0) {
                touched[other].0 -= 1;
                touched[other].1 ^= row;
                if touched[other].0 == 1 {
                    alone.push(other);
                }
            }
        }
        (order.len() == rows.len()).then_some(order)
    }

    fn assign(&mut self, rows: &[(Tag, Sealed)], order: &[(u32, u32)]) {
        for (row, place) in order.iter().rev() {
            let ((tag, label), place) = (&rows[*row as usize], *place as usize);
            let (mut left, mut share) = (print(tag), *label);
            for other in self.places(tag).into_iter().filter(|other| *other != place) {
                left ^= self.prints[other];
                add(&mut share, &self.shares[other]);
            }
            self.prints[place] = left;
            self.shares[place] = share;
        }
    }

    /// The three places of a tag, in three neighbouring segments.
    fn places(&self, tag: &Tag) -> [usize; 3] {
        let hash = mix(half(tag, 0) ^ mix(self.seed));
        let mask = (1_u64 << self.segment_bits) - 1;
        let range = u128::from(self.segments) << self.segment_bits;
        // The high half of a product below 2^64 × range.
        let first = ((u128::from(hash) * range) >> 64) as u64;
        let second = (first + mask + 1) ^ ((hash >> 18) & mask);
        let third = (first + 2 * (mask + 1)) ^ (hash & mask);
        [first, second, third].map(|place| place as usize)
    }
}

/// The shards of a list, by where they begin: which one a tag is asked of.
#[must_use]
pub fn shard_of<'f>(shards: &'f [Filter], tag: &Tag) -> Option<&'f Filter> {
    let behind = shards.partition_point(|shard| shard.from <= *tag);
    // What lies before the first shard's tag is its business too: it knows none of those.
    shards.get(behind.saturating_sub(1))
}

/// Length of a segment and number of segments for so many tags.
fn shape(tags: usize) -> (u32, u32) {
    let bits = SEGMENTS.iter().find(|(from, _)| tags >= *from).map_or(5, |(_, bits)| *bits);
    let logarithm = (tags.max(2)).ilog2() as usize;
    // 0.875 + 0.25 · log 10^6 / log n, in thousandths, never under 1.125; whole numbers, so that all machines agree.
    let factor = (875 + 4_983 / logarithm).max(1_125);
    let segments = (tags * factor / 1_000).div_ceil(1 << bits).saturating_sub(2).max(1);
    (bits, u32::try_from(segments).unwrap_or(u32::MAX))
}

fn half(tag: &Tag, at: usize) -> u64 {
    tag.0[at..at + 8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Tags are uniform, so half of one is as good as a hash of it; this half takes no part in the places.
fn print(tag: &Tag) -> u32 {
    (half(tag, 8) >> 32) as u32
}

fn add(sum: &mut Sealed, share: &Sealed) {
    sum.iter_mut().zip(share).for_each(|(byte, other)| *byte ^= other);
}

/// The finaliser of MurmurHash3.
const fn mix(mut word: u64) -> u64 {
    word ^= word >> 33;
    word = word.wrapping_mul(0xff51_afd7_ed55_8ccd);
    word ^= word >> 33;
    word = word.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    word ^ (word >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private::tag::Nonce;

    fn rows(count: u64, from: u64) -> Vec<(Tag, Sealed)> {
        let row = |number: u64| {
            let mut nonce = Nonce([0; 32]);
            nonce.0[..8].copy_from_slice(&number.to_be_bytes());
            (Tag::decoy(&nonce), [number.to_be_bytes()[7]; SEALED_BYTES])
        };
        let mut rows: Vec<_> = (from..from + count).map(row).collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn every_tag_is_known_with_its_label_and_no_other() {
        fn check(count: u64) {
            let known = rows(count, 0);
            let filter = Filter::lay(known[0].0, &known).expect("laid");
            assert!(filter.fits(known.len()) && !filter.fits(known.len() * 2));
            assert!(known.iter().all(|(tag, label)| filter.ask(tag) == Known::Yes(Box::new(*label))));
            assert!(rows(20_000, count).iter().all(|(tag, _)| filter.ask(tag) == Known::No));
            assert_eq!(Filter::read(&filter.bytes()).as_ref(), Ok(&filter));
        }
        [512, 1_024, 1_152, 5_000, 60_000].into_iter().for_each(check);
    }

    #[test]
    fn a_million_tags_take_four_and_a_half_bytes_each() {
        let (bits, segments) = shape(1_000_000);
        let bytes = ((segments as usize + 2) << bits) * 4;
        assert!(bytes <= 4_600_000, "{bytes}");
    }

    #[test]
    fn what_no_filter_is() {
        let known = rows(600, 0);
        let whole = Filter::lay(known[0].0, &known).expect("laid").bytes();
        fn check(bytes: &[u8]) {
            assert_eq!(Filter::read(bytes), Err(Misbehaved::Malformed("filter")));
        }
        check(&[]);
        check(&whole[..whole.len() - 1]);
        check(&[whole.as_slice(), &[0]].concat());
        for (at, byte) in [(27, 0xff), (31, 0), (28, 0xff)] {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            check(&bytes);
        }
        // Any shape the length allows is read, and asked without harm: what it says is the giver's affair.
        let places = u32::try_from((whole.len() - HEAD_BYTES) / (4 + SEALED_BYTES)).expect("small");
        for (bits, segments) in (0..=7_u32).map(|bits| (bits, (places >> bits) - 2)) {
            let mut bytes = whole.clone();
            bytes[24..28].copy_from_slice(&bits.to_be_bytes());
            bytes[28..32].copy_from_slice(&segments.to_be_bytes());
            let filter = Filter::read(&bytes).expect("of a length that fits");
            let _known = known.iter().filter(|(tag, _)| filter.ask(tag) != Known::No).count();
        }
        let twice = [known[0], known[0]].iter().copied().cycle().take(600).collect::<Vec<_>>();
        assert_eq!(Filter::lay(known[0].0, &twice), Err(Refused::Unlaid));
        assert_eq!(Filter::lay(known[0].0, &known[..10]), Err(Refused::TooFew { found: 10, least: SHARD_TAGS_MIN }));
    }
}
