//! The mutual audit: what is opened of a signed batch or list, how it is judged, and what a breach leaves in the hand.
//!
//! Owns openings, breaches and evidence. Must not know who sits on the oversight body, nor check signatures: what it
//! judges is what both sides signed the hash of. A breach is found by recomputing, so whoever has the signed hash, the
//! messages and the opening finds it too; nobody's word is needed.
//!
//! What no audit can show: a record that was left out of a list, and a key that a side kept after saying it was
//! destroyed.

use super::list::{Announced, Shelf, tag_of};
use super::question::{Asked, Salt, commit};
use super::sample::SAMPLE_MAX;
use super::tag::{Nonce, TAG_BYTES, Tag};
use super::transcript::Transcript;
use super::tree::{holds, leaf};
use super::{Hash, Kind, Misbehaved, Scope, answer, crossed, digest};
use crate::oprf::{self, Blind, ELEMENT_BYTES, Mapped, PROOF_BYTES, Proof, SCALAR_BYTES, Uncovered};

mod asker;
mod holder;

pub use asker::{open_questions, open_tagged};
pub use holder::{open_list, open_masked};

/// What an opening gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breach {
    /// It is not the key that was committed to.
    Commitment,
    /// The key and the blind do not make the element that was sent.
    Blinding,
    /// The key does not make the tag that was sent or announced.
    Tagging,
    /// No key of the menu: a name alone, or of no known kind.
    NoSuchKey,
    /// A kind the instrument does not allow here.
    KindNotAllowed(Kind),
    /// Elements of a counted batch are under unlike blinds: their places could be told apart.
    UnlikeBlinds,
    /// What was opened does not stand in the announced list.
    NotInList,
    /// A tag of the list is not in the filter that was given.
    NotInFilter,
    /// The proof that the announced key made what was opened does not hold.
    WrongKey,
}

impl Breach {
    /// Whether the opening proves the breach by itself: only the side that made the batch or list can show a salt, blind
    /// or nonce that fits. Of the others anybody can make a wrong opening up, so the opener signs what it opens
    /// ([`opened_questions`], [`opened_list`]) and the signature is part of the evidence.
    #[must_use]
    pub const fn proves_itself(self) -> bool {
        match self {
            Self::NoSuchKey | Self::KindNotAllowed(_) | Self::UnlikeBlinds | Self::NotInFilter => true,
            Self::Commitment | Self::Blinding | Self::Tagging | Self::NotInList | Self::WrongKey => false,
        }
    }
}

/// A place that is not what was signed. It can be judged again by anybody, by the function that found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence<O> {
    /// The transcript's, or the announced list's, hash, which both signed.
    pub subject: Hash,
    /// What is wrong.
    pub breach: Breach,
    /// With which of the openings.
    pub place: u64,
    /// All that was opened: some breaches show only in two places together.
    pub openings: Vec<O>,
    /// What was shown with them.
    pub shown: Option<Shown>,
}

/// What an audit came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding<O> {
    /// Every place of the sample was opened and is sound.
    Sound {
        /// Places that stood for somebody.
        keys: usize,
        /// Dummies or decoys.
        empty: usize,
    },
    /// A place was opened and is not what was signed.
    Breached(Box<Evidence<O>>),
    /// Places of the sample were not opened. That is no proof of anything but of itself; the demand is signed too.
    Withheld(Vec<u64>),
}

/// A place of a batch, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct QuestionOpening {
    /// Which place.
    pub place: u64,
    /// The kind's byte, 0 for a dummy.
    pub kind: u8,
    /// The key's content.
    pub content: Vec<u8>,
    /// The salt of the commitment.
    pub salt: Salt,
    /// The blind. None where tags were sent and a proof shows them.
    pub blind: Option<[u8; SCALAR_BYTES]>,
}

/// A place of a list, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct ListOpening {
    /// Its number in the order of the tree.
    pub number: u64,
    /// What stands there: a tag, or a blinded element.
    pub leaf: Vec<u8>,
    /// The way to the root.
    pub path: Vec<Hash>,
    /// What is behind it.
    pub behind: Behind,
    /// The blind of a masked list's element.
    pub blind: Option<[u8; SCALAR_BYTES]>,
}

/// What is behind a place of a list. Padding and protected persons are the same.
#[derive(Clone, PartialEq, Eq)]
pub enum Behind {
    /// A record's key; the record itself is shown to the auditor in the house.
    Key {
        /// The kind's byte.
        kind: u8,
        /// The key's content.
        content: Vec<u8>,
    },
    /// Nobody.
    Decoy(Nonce),
}

/// What proves that the announced key made the opened values: one proof over all openings that need one, in order.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The elements under the key.
    pub evaluated: Vec<[u8; ELEMENT_BYTES]>,
    /// Their proof. Empty batches have none.
    pub proof: Option<[u8; PROOF_BYTES]>,
}

/// What the opener of a batch's places signs.
#[must_use]
pub fn opened_questions(subject: &Hash, openings: &[QuestionOpening], shown: Option<&Shown>) -> Hash {
    let one = |opening: &QuestionOpening| {
        let QuestionOpening { place, kind, content, salt, blind } = opening;
        digest(
            "entente/psi/opening/v1",
            &[&place.to_be_bytes(), &[*kind], content, salt, blind.as_slice().as_flattened()],
        )
    };
    let all: Vec<Hash> = openings.iter().map(one).collect();
    digest("entente/psi/opened/v1", &[subject, all.as_flattened(), &shown_bytes(shown)])
}

/// What the opener of a list's places signs.
#[must_use]
pub fn opened_list(subject: &Hash, openings: &[ListOpening], shown: Option<&Shown>) -> Hash {
    let one = |opening: &ListOpening| {
        let ListOpening { number, leaf, path, behind, blind } = opening;
        let (kind, content): (&[u8], &[u8]) = match behind {
            Behind::Key { kind, content } => (std::slice::from_ref(kind), content),
            Behind::Decoy(nonce) => (&[], &nonce.0),
        };
        let (number, blind) = (number.to_be_bytes(), blind.as_slice().as_flattened());
        digest("entente/psi/list-opening/v1", &[&number, leaf, path.as_flattened(), kind, content, blind])
    };
    let all: Vec<Hash> = openings.iter().map(one).collect();
    digest("entente/psi/opened/v1", &[subject, all.as_flattened(), &shown_bytes(shown)])
}

fn shown_bytes(shown: Option<&Shown>) -> Vec<u8> {
    let bytes = |shown: &Shown| [shown.evaluated.as_flattened(), shown.proof.as_slice().as_flattened()].concat();
    shown.map(bytes).unwrap_or_default()
}

/// Judges opened places of a batch whose answer went to the asker.
///
/// # Errors
/// [`Misbehaved::NotAsAnnounced`] when the messages are not those of the transcript: then somebody showed the auditor
/// others than were signed.
pub fn questions(
    scope: &Scope,
    allowed: &[Kind],
    transcript: &Transcript,
    asked: &answer::Questions,
    sample: &[u64],
    openings: &[QuestionOpening],
) -> Result<Finding<QuestionOpening>, Misbehaved> {
    if transcript.asked != asked.digest() || transcript.announcement != asked.announcement.digest() {
        return Err(Misbehaved::NotAsAnnounced("questions"));
    }
    let mut first = None;
    let judge = |opening: &QuestionOpening| {
        let input = committed(scope, allowed, &asked.announcement, opening)?;
        let blind = opening.blind.and_then(|bytes| Blind::read(&bytes).ok()).ok_or(Breach::Blinding)?;
        let sent = usize::try_from(opening.place).ok().and_then(|place| asked.blinded.get(place));
        if sent != element(&input, &blind).as_ref() {
            return Err(Breach::Blinding);
        }
        // One blind for all is what makes a shuffled answer readable without its places.
        let alike = *first.get_or_insert(opening.blind) == opening.blind;
        let counted = scope.learns() == super::Learns::CountFirst;
        if counted && !alike { Err(Breach::UnlikeBlinds) } else { Ok(opening.kind != 0) }
    };
    Ok(judged(transcript.digest(), sample, openings, None, judge))
}

/// Judges opened places of a batch that was sent as tags (`holder_learns`, `both_learn`).
///
/// # Errors
/// [`Misbehaved::NotAsAnnounced`], as for [`questions`].
pub fn tagged(
    scope: &Scope,
    allowed: &[Kind],
    list: &Announced,
    transcript: &Transcript,
    asked: &crossed::Tagged,
    sample: &[u64],
    (openings, shown): &(Vec<QuestionOpening>, Shown),
) -> Result<Finding<QuestionOpening>, Misbehaved> {
    if asked.answered(list, transcript.answered) != *transcript {
        return Err(Misbehaved::NotAsAnnounced("questions"));
    }
    let inputs: Vec<Vec<u8>> =
        openings.iter().map(|opening| scope.input_of(opening.kind, &opening.content).to_vec()).collect();
    let values = values(list, &inputs, shown);
    let judge = |opening: &QuestionOpening| {
        let input = committed(scope, allowed, &asked.announcement, opening)?;
        let at = openings.iter().position(|other| other == opening);
        let value = at.and_then(|at| values.as_ref()?.get(at)).ok_or(Breach::WrongKey)?;
        let sent = usize::try_from(opening.place).ok().and_then(|place| asked.tags.get(place));
        if sent == Some(&tag_of(scope, value, &input)) { Ok(opening.kind != 0) } else { Err(Breach::Tagging) }
    };
    Ok(judged(transcript.digest(), sample, openings, Some(shown), judge))
}

/// Judges opened places of a tagged list against what was announced and the filter that was given.
#[must_use]
pub fn list(
    scope: &Scope,
    announced: &Announced,
    shelf: &Shelf,
    sample: &[u64],
    openings: &[ListOpening],
    shown: &Shown,
) -> Finding<ListOpening> {
    let input = |opening: &ListOpening| match &opening.behind {
        Behind::Key { kind, content } => Some(scope.input_of(*kind, content).to_vec()),
        Behind::Decoy(_) => None,
    };
    let inputs: Vec<Vec<u8>> = openings.iter().filter_map(input).collect();
    let values = values(announced, &inputs, shown);
    let judge = |opening: &ListOpening| {
        let tag = Tag(<[u8; TAG_BYTES]>::try_from(opening.leaf.as_slice()).map_err(|_| Breach::NotInList)?);
        in_list(announced, opening)?;
        let made = match &opening.behind {
            Behind::Decoy(nonce) => Tag::decoy(nonce),
            Behind::Key { kind, content } => {
                sound(*kind, content, &[])?;
                let input = scope.input_of(*kind, content);
                let at = inputs.iter().position(|other| other[..] == input[..]);
                let value = at.and_then(|at| values.as_ref()?.get(at)).ok_or(Breach::WrongKey)?;
                tag_of(scope, value, &input)
            }
        };
        let known = super::filter::shard_of(shelf.shards(), &tag).map(|shard| shard.ask(&tag));
        match (made == tag, known) {
            (false, _) => Err(Breach::Tagging),
            (true, Some(super::filter::Known::Yes(_))) => Ok(matches!(opening.behind, Behind::Key { .. })),
            (true, _) => Err(Breach::NotInFilter),
        }
    };
    judged(announced.digest(), sample, openings, Some(shown), judge)
}

/// Judges opened places of a masked list (`holder_learns`): that it was made of records and decoys, and not of names to
/// try.
#[must_use]
pub fn masked(
    scope: &Scope,
    allowed: &[Kind],
    announced: &Announced,
    sample: &[u64],
    openings: &[ListOpening],
) -> Finding<ListOpening> {
    let judge = |opening: &ListOpening| {
        in_list(announced, opening)?;
        let blind = opening.blind.and_then(|bytes| Blind::read(&bytes).ok()).ok_or(Breach::Blinding)?;
        let made = match &opening.behind {
            Behind::Decoy(nonce) => blinded(nonce.mapped(), blind),
            Behind::Key { kind, content } => {
                sound(*kind, content, allowed)?;
                element(&scope.input_of(*kind, content), &blind)
            }
        };
        let same = made.is_some_and(|made| made[..] == opening.leaf[..]);
        if same { Ok(matches!(opening.behind, Behind::Key { .. })) } else { Err(Breach::Blinding) }
    };
    judged(announced.digest(), sample, openings, None, judge)
}

/// Something that was opened at a place.
trait Opening: Clone {
    fn place(&self) -> u64;
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Shown({})", self.evaluated.len())
    }
}

impl std::fmt::Debug for QuestionOpening {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "QuestionOpening({})", self.place)
    }
}

impl std::fmt::Debug for ListOpening {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ListOpening({})", self.number)
    }
}

impl Opening for QuestionOpening {
    fn place(&self) -> u64 {
        self.place
    }
}

impl Opening for ListOpening {
    fn place(&self) -> u64 {
        self.number
    }
}

fn judged<O: Opening>(
    subject: Hash,
    sample: &[u64],
    openings: &[O],
    shown: Option<&Shown>,
    mut judge: impl FnMut(&O) -> Result<bool, Breach>,
) -> Finding<O> {
    let (mut keys, mut empty) = (0, 0);
    // More than a sample holds is not read: a peer decides how many it sends.
    for opening in openings.iter().take(usize::try_from(SAMPLE_MAX).unwrap_or(usize::MAX)) {
        match judge(opening) {
            Ok(true) => keys += 1,
            Ok(false) => empty += 1,
            Err(breach) => {
                let (place, openings, shown) = (opening.place(), openings.to_vec(), shown.cloned());
                return Finding::Breached(Box::new(Evidence { subject, breach, place, openings, shown }));
            }
        }
    }
    let opened = |wanted: &u64| openings.iter().any(|opening| opening.place() == *wanted);
    let withheld: Vec<u64> = sample.iter().copied().filter(|wanted| !opened(wanted)).collect();
    if withheld.is_empty() { Finding::Sound { keys, empty } } else { Finding::Withheld(withheld) }
}

/// The input of an opening that keeps its commitment and is of an allowed key.
fn committed(
    scope: &Scope,
    allowed: &[Kind],
    announcement: &super::question::Announcement,
    opening: &QuestionOpening,
) -> Result<Vec<u8>, Breach> {
    let input = scope.input_of(opening.kind, &opening.content).to_vec();
    let announced = usize::try_from(opening.place).ok().and_then(|place| announcement.commitments.get(place));
    if announced != Some(&commit(&announcement.batch, opening.place, &opening.salt, &input)) {
        return Err(Breach::Commitment);
    }
    sound(opening.kind, &opening.content, allowed)?;
    Ok(input)
}

/// Whether these are the parts of a key, of an allowed kind where any are named.
fn sound(kind: u8, content: &[u8], allowed: &[Kind]) -> Result<(), Breach> {
    let Ok(Some(asked)) = Asked::read(kind, content) else { return Err(Breach::NoSuchKey) };
    match &asked {
        Asked::Key(key) if !allowed.is_empty() && !allowed.contains(&key.kind()) => {
            Err(Breach::KindNotAllowed(key.kind()))
        }
        Asked::Key(_) | Asked::Dummy(_) => Ok(()),
    }
}

fn in_list(announced: &Announced, opening: &ListOpening) -> Result<(), Breach> {
    let there = holds(&announced.root, announced.size, opening.number, leaf(&opening.leaf), &opening.path);
    if there { Ok(()) } else { Err(Breach::NotInList) }
}

fn element(input: &[u8], blind: &Blind) -> Option<[u8; ELEMENT_BYTES]> {
    blinded(Mapped::of(input).ok()?, blind.clone())
}

fn blinded(mapped: Mapped, blind: Blind) -> Option<[u8; ELEMENT_BYTES]> {
    Some(*oprf::blind(&[mapped], &[blind]).ok()?.first()?.bytes())
}

/// The elements of opened inputs under the announced key; none if the proof does not hold.
fn values(list: &Announced, inputs: &[Vec<u8>], shown: &Shown) -> Option<Vec<Uncovered>> {
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    if inputs.is_empty() {
        return Some(Vec::new());
    }
    list.key.opened(&inputs, &shown.evaluated, &Proof::read(shown.proof.as_ref()?).ok()?).ok()
}
