//! What an audit leaves in the hand of the oversight body: everything needed to judge it again, in one file.
//!
//! Owns the bundle and its one verdict. Must not know signatures: whoever reads it compares its three hashes with the
//! acts both sides signed. It holds the opened questions or records, so it goes to the oversight body and never across.

use super::read::{Read, bytes, count};
use super::{
    Announced, Hash, Learns, Misbehaved, Named, Tagged, What, announced, head, named, read_announced, read_named,
    read_tagged, tagged_parts,
};
use crate::oprf::{ELEMENT_BYTES, PROOF_BYTES, SCALAR_BYTES};
use crate::private::Refused;
use crate::private::audit::{self, Behind, Breach, Finding, ListOpening, QuestionOpening, Shown};
use crate::private::match_key::{CONTENT_BYTES_MAX, Kind};
use crate::private::sample::{self, SAMPLE_MAX, Share};
use crate::private::tag::Nonce;

/// Hashes of the way to a root, at most: a list has no more places than 2^30.
const PATH_MAX: u64 = 40;

/// What was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// Places of a batch.
    Questions {
        /// The batch as it crossed.
        tagged: Box<Tagged>,
        /// The places, and the proof that the announced key made them.
        opened: (Vec<QuestionOpening>, Shown),
    },
    /// Places of the holder's list.
    List {
        /// The places.
        openings: Vec<ListOpening>,
    },
}

/// An audit, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The words of the scope.
    pub named: Named,
    /// The kinds of keys the instrument allows.
    pub allowed: Vec<Kind>,
    /// The list.
    pub announced: Announced,
    /// The two shares of chance, the asking side's first.
    pub shares: [Share; 2],
    /// What was opened.
    pub opened: Opened,
}

/// What a bundle comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Every place of the sample was opened and is sound.
    Sound {
        /// Places that stood for somebody.
        keys: usize,
        /// Dummies or decoys.
        empty: usize,
    },
    /// A place is not what was signed.
    Breached {
        /// Which.
        place: u64,
        /// What is wrong with it.
        breach: Breach,
    },
    /// So many places were not opened.
    Withheld(usize),
}

impl Bundle {
    /// What both sides signed and the sample was drawn of: the transcript of the batch, or the announced list.
    #[must_use]
    pub fn subject(&self) -> Hash {
        match &self.opened {
            Opened::Questions { tagged, .. } => tagged.transcript(&self.announced).digest(),
            Opened::List { .. } => self.announced.digest(),
        }
    }

    /// How many places the sample is drawn from.
    #[must_use]
    pub fn of(&self) -> u64 {
        match &self.opened {
            Opened::Questions { tagged, .. } => tagged.tags.len() as u64,
            Opened::List { .. } => self.announced.size,
        }
    }

    /// The hash the opener signed.
    #[must_use]
    pub fn opening(&self) -> Hash {
        match &self.opened {
            Opened::Questions { opened: (openings, shown), .. } => {
                audit::opened_questions(&self.subject(), openings, Some(shown))
            }
            Opened::List { openings } => audit::opened_list(&self.subject(), openings, None),
        }
    }

    /// Judges it: draws the sample again and computes every place again.
    ///
    /// # Errors
    /// [`Misbehaved`] when its parts do not belong together.
    pub fn judge(&self) -> Result<Judged, Misbehaved> {
        let scope = self.named.scope().map_err(|_: Refused| Misbehaved::Malformed("scope"))?;
        if self.named.learns != Learns::Holder {
            return Err(Misbehaved::Malformed("who learns"));
        }
        self.announced.check(&scope)?;
        let sample = sample::draw(&self.subject(), self.of(), &self.shares, &self.shares.map(|one| one.commitment()))?;
        let allowed = &self.allowed;
        Ok(match &self.opened {
            Opened::Questions { tagged, opened } => {
                tagged.announcement.check(&scope, tagged.tags.len())?;
                let transcript = tagged.transcript(&self.announced);
                judged(audit::tagged(&scope, allowed, &self.announced, &transcript, tagged, &sample, opened)?)
            }
            Opened::List { openings } => judged(audit::masked(&scope, allowed, &self.announced, &sample, openings)),
        })
    }

    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = head(What::Bundle);
        named(&mut out, &self.named);
        out.extend(count(self.allowed.len()));
        self.allowed.iter().for_each(|kind| out.push(*kind as u8));
        announced(&mut out, &self.announced);
        self.shares.iter().for_each(|share| out.extend_from_slice(&share.0));
        match &self.opened {
            Opened::Questions { tagged, opened: (openings, shown) } => {
                out.push(0);
                tagged_parts(&mut out, tagged);
                out.extend(count(openings.len()));
                openings.iter().for_each(|opening| question(&mut out, opening));
                out.extend(count(shown.evaluated.len()));
                out.extend_from_slice(shown.evaluated.as_flattened());
                out.push(u8::from(shown.proof.is_some()));
                out.extend_from_slice(&shown.proof.unwrap_or([0; PROOF_BYTES]));
            }
            Opened::List { openings } => {
                out.push(1);
                out.extend(count(openings.len()));
                openings.iter().for_each(|opening| place(&mut out, opening));
            }
        }
        out
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`Misbehaved`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Misbehaved> {
        let mut read = Read::of(bytes, What::Bundle)?;
        let named = read_named(&mut read)?;
        let many = read.count()?;
        let kinds = read.many::<1>(many, Kind::ALL.len() as u64)?;
        let kind = |[byte]: [u8; 1]| Kind::of_number(byte).ok_or(Misbehaved::Malformed("kind of key"));
        let allowed = kinds.into_iter().map(kind).collect::<Result<_, _>>()?;
        let announced = read_announced(&mut read)?;
        let shares = [Share(read.take()?), Share(read.take()?)];
        let opened = match read.take()? {
            [0] => {
                let tagged = Box::new(read_tagged(&mut read)?);
                let openings = openings(&mut read, read_question)?;
                let shown = read.count()?;
                let evaluated: Vec<[u8; ELEMENT_BYTES]> = read.many(shown, SAMPLE_MAX)?;
                let [has] = read.take()?;
                let proof: [u8; PROOF_BYTES] = read.take()?;
                let shown = Shown { evaluated, proof: (has == 1).then_some(proof) };
                Opened::Questions { tagged, opened: (openings, shown) }
            }
            [1] => Opened::List { openings: openings(&mut read, read_place)? },
            [_] => return Err(Misbehaved::Malformed("what was opened")),
        };
        read.end()?;
        let bundle = Self { named, allowed, announced, shares, opened };
        // The one encoding: lengths and flags that say the same otherwise are another file.
        if bundle.encode() == bytes { Ok(bundle) } else { Err(Misbehaved::Malformed("form")) }
    }
}

fn judged<O>(finding: Finding<O>) -> Judged {
    match finding {
        Finding::Sound { keys, empty } => Judged::Sound { keys, empty },
        Finding::Breached(evidence) => Judged::Breached { place: evidence.place, breach: evidence.breach },
        Finding::Withheld(places) => Judged::Withheld(places.len()),
    }
}

fn openings<T>(
    read: &mut Read<'_>,
    mut one: impl FnMut(&mut Read<'_>) -> Result<T, Misbehaved>,
) -> Result<Vec<T>, Misbehaved> {
    let many = read.count()?;
    if many > SAMPLE_MAX {
        return Err(Misbehaved::Size(many));
    }
    (0..many).map(|_| one(read)).collect()
}

fn question(out: &mut Vec<u8>, opening: &QuestionOpening) {
    let QuestionOpening { place, kind, content, salt, blind: _ } = opening;
    out.extend(place.to_be_bytes());
    out.push(*kind);
    bytes(out, content);
    out.extend_from_slice(salt);
}

fn read_question(read: &mut Read<'_>) -> Result<QuestionOpening, Misbehaved> {
    let place = u64::from_be_bytes(read.take()?);
    let [kind] = read.take()?;
    let content = read.bytes(CONTENT_BYTES_MAX)?;
    Ok(QuestionOpening { place, kind, content, salt: read.take()?, blind: None })
}

fn place(out: &mut Vec<u8>, opening: &ListOpening) {
    let ListOpening { number, leaf, path, behind, blind } = opening;
    out.extend(number.to_be_bytes());
    bytes(out, leaf);
    out.extend(count(path.len()));
    out.extend_from_slice(path.as_flattened());
    let (kind, content): (u8, &[u8]) = match behind {
        Behind::Key { kind, content } => (*kind, content),
        Behind::Decoy(nonce) => (0, &nonce.0),
    };
    out.push(kind);
    bytes(out, content);
    out.extend_from_slice(&blind.unwrap_or([0; SCALAR_BYTES]));
}

fn read_place(read: &mut Read<'_>) -> Result<ListOpening, Misbehaved> {
    let number = u64::from_be_bytes(read.take()?);
    let leaf = read.bytes(ELEMENT_BYTES)?;
    let steps = read.count()?;
    let path = read.many(steps, PATH_MAX)?;
    let [kind] = read.take()?;
    let content = read.bytes(CONTENT_BYTES_MAX)?;
    let behind = match (kind, <[u8; 32]>::try_from(content.as_slice())) {
        (0, Ok(nonce)) => Behind::Decoy(Nonce(nonce)),
        (0, Err(_)) => return Err(Misbehaved::Malformed("decoy")),
        (kind, _) => Behind::Key { kind, content },
    };
    Ok(ListOpening { number, leaf, path, behind, blind: Some(read.take()?) })
}
