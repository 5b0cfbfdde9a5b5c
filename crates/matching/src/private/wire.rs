//! The messages of a run in bytes: what crosses as a sealed file, and what an auditor is shown.
//!
//! Owns the one encoding of each message: a version, a kind, then parts of fixed width or with their number before them,
//! and nothing after. Must not know cases, signatures or the post. Every count has a limit that is checked before
//! anything of that size is read, and bytes that are not the one encoding are refused with the name of what is wrong.

use zeroize::Zeroizing;

use super::answer::Answers;
use super::crossed::{Masked, Tagged};
use super::list::{Announced, PART_MAX};
use super::question::{Announcement, BATCH_SIZES, Matter, SALT_BYTES};
use super::scope::{Terms, WORD_BYTES_MAX};
use super::tag::{TAG_BYTES, Tag};
use super::{Hash, Learns, Misbehaved, Scope};
use crate::oprf::{ELEMENT_BYTES, PROOF_BYTES, PublicKey};

mod bundle;
mod kept;
mod read;

pub use bundle::{Bundle, Judged, Opened};
use read::{Read, bytes, count};

/// The version of every encoding here.
const VERSION: u8 = 1;
/// Places of a list that is sent whole, at most: half a megabyte each way, evaluated in a second on one core. Longer
/// lists go part by part.
pub const LIST_SENT_MAX: u64 = 1 << 14;

/// What the bytes are, as their second byte says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum What {
    List = 1,
    Evaluated = 2,
    Tagged = 3,
    Drawn = 4,
    Bundle = 5,
}

/// The words of a scope with what owns them, as they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Hash of the instrument in force.
    pub instrument: Hash,
    /// Who asks.
    pub asking: String,
    /// Whose list it is.
    pub holding: String,
    /// What for.
    pub purpose: String,
    /// Which epoch.
    pub epoch: u32,
    /// Who learns a hit.
    pub learns: Learns,
}

impl Named {
    /// The scope of these words.
    ///
    /// # Errors
    /// [`super::Refused::Word`].
    pub fn scope(&self) -> Result<Scope, super::Refused> {
        let Self { instrument, asking, holding, purpose, epoch, learns } = self;
        Scope::of(&Terms { instrument, asking, holding, purpose, epoch: *epoch, learns: *learns })
    }
}

/// A masked list as the holder sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentList {
    /// What was announced of it.
    pub announced: Announced,
    /// Its places in their order.
    pub masked: Vec<Masked>,
}

impl SentList {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = head(What::List);
        announced(&mut out, &self.announced);
        out.extend_from_slice(self.masked.as_flattened());
        out
    }

    /// Reads it. That the places make the announced root is for whoever evaluates them.
    ///
    /// # Errors
    /// [`Misbehaved`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Misbehaved> {
        let mut read = Read::of(bytes, What::List)?;
        let announced = read_announced(&mut read)?;
        let masked = read.many(announced.size, LIST_SENT_MAX)?;
        read.end()?;
        Ok(Self { announced, masked })
    }
}

/// A whole list evaluated: the answers part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluated(pub Vec<Answers>);

impl Evaluated {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = head(What::Evaluated);
        let places: usize = self.0.iter().map(|part| part.evaluated.len()).sum();
        out.extend((places as u64).to_be_bytes());
        for part in &self.0 {
            out.extend_from_slice(part.evaluated.as_flattened());
            out.extend_from_slice(&part.proof);
        }
        out
    }

    /// Reads it: parts of [`PART_MAX`], the last one what is left.
    ///
    /// # Errors
    /// [`Misbehaved`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Misbehaved> {
        let mut read = Read::of(bytes, What::Evaluated)?;
        let mut left = u64::from_be_bytes(read.take()?);
        if left == 0 || left > LIST_SENT_MAX {
            return Err(Misbehaved::Size(left));
        }
        let mut parts = Vec::new();
        while left > 0 {
            let here = left.min(PART_MAX as u64);
            let evaluated: Vec<[u8; ELEMENT_BYTES]> = read.many(here, PART_MAX as u64)?;
            parts.push(Answers { evaluated, proof: read.take::<PROOF_BYTES>()? });
            left -= here;
        }
        read.end()?;
        Ok(Self(parts))
    }
}

impl Tagged {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = head(What::Tagged);
        tagged_parts(&mut out, self);
        out
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`Misbehaved`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Misbehaved> {
        let mut read = Read::of(bytes, What::Tagged)?;
        let tagged = read_tagged(&mut read)?;
        read.end()?;
        Ok(tagged)
    }
}

/// Bytes that are secret and kept at home; wiped when dropped.
pub type Kept = Zeroizing<Vec<u8>>;

fn head(what: What) -> Vec<u8> {
    vec![VERSION, what as u8]
}

fn announced(out: &mut Vec<u8>, list: &Announced) {
    let Announced { scope, key, version, size, root, filters } = list;
    out.extend_from_slice(scope);
    out.extend_from_slice(key.bytes());
    out.extend(version.to_be_bytes());
    out.extend(size.to_be_bytes());
    out.extend_from_slice(root);
    out.extend_from_slice(filters);
}

fn read_announced(read: &mut Read<'_>) -> Result<Announced, Misbehaved> {
    Ok(Announced {
        scope: read.take()?,
        key: PublicKey::read(&read.take()?)?,
        version: u32::from_be_bytes(read.take()?),
        size: u64::from_be_bytes(read.take()?),
        root: read.take()?,
        filters: read.take()?,
    })
}

fn announcement(out: &mut Vec<u8>, announcement: &Announcement) {
    let Announcement { scope, list, matter, batch, commitments } = announcement;
    out.extend_from_slice(scope);
    out.extend_from_slice(list);
    [matter.case(), matter.office(), matter.basis()].iter().for_each(|word| bytes(out, word.as_bytes()));
    out.extend_from_slice(batch);
    out.extend(count(commitments.len()));
    out.extend_from_slice(commitments.as_flattened());
}

fn read_announcement(read: &mut Read<'_>) -> Result<Announcement, Misbehaved> {
    let (scope, list) = (read.take()?, read.take()?);
    let [case, office, basis] = [read.word()?, read.word()?, read.word()?];
    let matter = Matter::new(&case, &office, &basis).map_err(|_| Misbehaved::Malformed("matter"))?;
    let batch = read.take()?;
    let places = read.count()?;
    let fits = usize::try_from(places).is_ok_and(|places| BATCH_SIZES.contains(&places));
    if !fits {
        return Err(Misbehaved::Size(places));
    }
    let commitments = read.many(places, places)?;
    Ok(Announcement { scope, list, matter, batch, commitments })
}

fn tagged_parts(out: &mut Vec<u8>, tagged: &Tagged) {
    announcement(out, &tagged.announcement);
    tagged.tags.iter().for_each(|tag| out.extend_from_slice(&tag.0));
}

fn read_tagged(read: &mut Read<'_>) -> Result<Tagged, Misbehaved> {
    let announcement = read_announcement(read)?;
    let places = announcement.commitments.len() as u64;
    let tags = read.many::<TAG_BYTES>(places, places)?.into_iter().map(Tag).collect();
    Ok(Tagged { announcement, tags })
}

fn named(out: &mut Vec<u8>, named: &Named) {
    out.extend_from_slice(&named.instrument);
    [&named.asking, &named.holding, &named.purpose].iter().for_each(|word| bytes(out, word.as_bytes()));
    out.extend(named.epoch.to_be_bytes());
    out.push(named.learns as u8);
}

fn read_named(read: &mut Read<'_>) -> Result<Named, Misbehaved> {
    let instrument = read.take()?;
    let [asking, holding, purpose] = [read.word()?, read.word()?, read.word()?];
    let epoch = u32::from_be_bytes(read.take()?);
    let [learns] = read.take()?;
    let learns = Learns::ALL.iter().find(|(known, _)| *known as u8 == learns).map(|(known, _)| *known);
    let learns = learns.ok_or(Misbehaved::Malformed("who learns"))?;
    Ok(Named { instrument, asking, holding, purpose, epoch, learns })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> SentList {
        let seed = crate::oprf::SecretKey::derive(&[7; 32], b"test").expect("a key");
        let announced =
            Announced { scope: [1; 32], key: seed.public(), version: 1, size: 2, root: [2; 32], filters: [3; 32] };
        SentList { announced, masked: vec![[4; 32], [5; 32]] }
    }

    fn tagged() -> Tagged {
        let matter = Matter::new("GB-ID-2026-000001", "GB-IE", "basis").expect("words");
        let announcement =
            Announcement { scope: [1; 32], list: [2; 32], matter, batch: [3; 16], commitments: vec![[4; 32]; 32] };
        Tagged { announcement, tags: (0..32).map(|place| Tag([place; 16])).collect() }
    }

    /// Cut anywhere, or with a byte more, nothing is read; a byte changed is refused or is another message in the same
    /// encoding.
    #[test]
    fn there_is_one_encoding() {
        fn check(whole: &[u8], again: fn(&[u8]) -> Result<Vec<u8>, Misbehaved>) {
            assert_eq!(again(whole).as_deref(), Ok(whole));
            for end in 0..whole.len() {
                assert!(again(&whole[..end]).is_err(), "cut at {end}");
            }
            assert_eq!(again(&[whole, &[0]].concat()), Err(Misbehaved::Malformed("more than a message")));
            for at in 0..whole.len() {
                let mut other = whole.to_vec();
                other[at] ^= 0x80;
                if let Ok(read) = again(&other) {
                    assert_eq!(read, other, "byte {at}");
                }
            }
        }
        check(&list().encode(), |bytes| SentList::decode(bytes).map(|sent| sent.encode()));
        check(&tagged().encode(), |bytes| Tagged::decode(bytes).map(|tagged| tagged.encode()));
        let part = Answers { evaluated: vec![[9; 32]; 3], proof: [8; 64] };
        check(&Evaluated(vec![part]).encode(), |bytes| Evaluated::decode(bytes).map(|all| all.encode()));
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_is_read() {
        fn check(mut bytes: Vec<u8>, at: usize, put: &[u8], refused: Misbehaved) {
            bytes[at..at + put.len()].copy_from_slice(put);
            let read = match bytes[1] {
                1 => SentList::decode(&bytes).map(drop),
                2 => Evaluated::decode(&bytes).map(drop),
                _ => Tagged::decode(&bytes).map(drop),
            };
            assert_eq!(read, Err(refused));
        }
        let huge = u64::MAX.to_be_bytes();
        check(list().encode(), 2 + 68, &huge, Misbehaved::Size(u64::MAX));
        check(Evaluated(Vec::new()).encode(), 2, &huge, Misbehaved::Size(u64::MAX));
        check(Evaluated(Vec::new()).encode(), 2, &[0; 8], Misbehaved::Size(0));
        check(list().encode(), 0, &[2], Misbehaved::Malformed("version"));
        check(list().encode(), 1, &[3], Misbehaved::Malformed("text"));
        check(tagged().encode(), 1, &[2], Misbehaved::Size(u64::from_be_bytes([1; 8])));
    }
}
