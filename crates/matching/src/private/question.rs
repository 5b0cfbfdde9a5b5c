//! A batch of questions before it is asked: padded, mixed, and bound by a commitment to each.
//!
//! Owns sizes, dummies, commitments and what is announced. Must not know how the batch is evaluated, which depends on
//! who learns. A commitment is what an auditor holds the asker to: it names the key, and nobody can find the key from it.

use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::scope::bounded;
use super::{Hash, Kind, MatchKey, Misbehaved, Refused, Scope, digest, digest_all};

/// Sizes a batch is padded to; there are no others.
pub const BATCH_SIZES: [usize; 3] = [32, 128, 1024];
/// Keys in a batch, at most: in the largest, at least 24 places are dummies.
pub const KEYS_MAX: usize = 1000;
/// Bytes of a salt.
pub const SALT_BYTES: usize = 32;
/// The kind byte of a dummy; no kind has it.
const DUMMY: u8 = 0;

/// A batch's own number, drawn at random, never used again.
pub type BatchId = [u8; 16];
/// What hides a committed key.
pub type Salt = [u8; SALT_BYTES];

/// Why it is asked. The words are the instrument's and the case's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    case: String,
    office: String,
    basis: String,
}

impl Matter {
    /// One case, one office, one legal basis.
    ///
    /// # Errors
    /// [`Refused::Word`].
    pub fn new(case: &str, office: &str, basis: &str) -> Result<Self, Refused> {
        for (name, word) in [("case", case), ("office", office), ("basis", basis)] {
            bounded(name, word)?;
        }
        Ok(Self { case: case.to_owned(), office: office.to_owned(), basis: basis.to_owned() })
    }

    /// The reference of the case.
    #[must_use]
    pub fn case(&self) -> &str {
        &self.case
    }

    /// The office that asks.
    #[must_use]
    pub fn office(&self) -> &str {
        &self.office
    }

    /// The legal basis.
    #[must_use]
    pub fn basis(&self) -> &str {
        &self.basis
    }
}

/// What is entered in the ledger before anything is evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Of what scope.
    pub scope: Hash,
    /// Which announced list is asked.
    pub list: Hash,
    /// Why.
    pub matter: Matter,
    /// Which batch.
    pub batch: BatchId,
    /// A commitment to each question; as many as the batch has places.
    pub commitments: Vec<Hash>,
}

impl Announcement {
    /// What is signed.
    #[must_use]
    pub fn digest(&self) -> Hash {
        let matter = [&self.matter.case, &self.matter.office, &self.matter.basis].map(|word| word.as_bytes());
        let commitments = digest_all("entente/psi/commitments/v1", &self.commitments);
        let [case, office, basis] = matter;
        digest(
            "entente/psi/announcement/v1",
            &[&self.scope, &self.list, case, office, basis, &self.batch, &commitments],
        )
    }

    /// Whether it can be a batch of that scope, of so many places.
    ///
    /// # Errors
    /// [`Misbehaved::OtherScope`]; [`Misbehaved::Size`].
    pub fn check(&self, scope: &Scope, places: usize) -> Result<(), Misbehaved> {
        if self.scope != *scope.digest() {
            return Err(Misbehaved::OtherScope);
        }
        let fits = BATCH_SIZES.contains(&places) && places == self.commitments.len();
        if fits { Ok(()) } else { Err(Misbehaved::Size(places as u64)) }
    }
}

/// What stands at one place of a batch.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Asked {
    /// A key.
    Key(MatchKey),
    /// Nothing: random bytes of no kind.
    Dummy([u8; 32]),
}

impl Asked {
    /// The function's input.
    #[must_use]
    pub fn input(&self, scope: &Scope) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Key(key) => scope.input(key),
            Self::Dummy(bytes) => scope.input_of(DUMMY, bytes),
        }
    }

    /// Its kind's byte and its content: what an opening shows.
    #[must_use]
    pub fn parts(&self) -> (u8, &[u8]) {
        match self {
            Self::Key(key) => (key.kind() as u8, key.content()),
            Self::Dummy(bytes) => (DUMMY, bytes),
        }
    }

    /// What an opening shows, read by the rules a key is made by.
    ///
    /// # Errors
    /// [`Refused::NameOnly`], [`Refused::NotOfKind`] where no sound key has these parts; none where no kind has the byte.
    pub fn read(kind: u8, content: &[u8]) -> Result<Option<Self>, Refused> {
        match (kind, Kind::of_number(kind)) {
            (DUMMY, _) => Ok(content.try_into().ok().map(Self::Dummy)),
            (_, Some(kind)) => MatchKey::new(kind, content.to_vec()).map(|key| Some(Self::Key(key))),
            (_, None) => Ok(None),
        }
    }
}

/// The commitment to an input at a place of a batch.
pub(super) fn commit(batch: &BatchId, place: u64, salt: &Salt, input: &[u8]) -> Hash {
    digest("entente/psi/question/v1", &[batch, &place.to_be_bytes(), salt, input])
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(key) => key.fmt(out),
            Self::Dummy(_) => out.write_str("Dummy"),
        }
    }
}

/// A batch at home: what stands where, under which salt. Secret, and kept until the audit.
pub struct Drawn {
    scope: Scope,
    announcement: Announcement,
    asked: Vec<Asked>,
    salts: Vec<Zeroizing<Salt>>,
    /// For each place, the number of the key as it was given; none for a dummy.
    given: Vec<Option<usize>>,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Drawn({} places)", self.asked.len())
    }
}

impl Drawn {
    /// Draws a batch: pads with dummies to the next size, mixes, commits.
    ///
    /// # Errors
    /// [`Refused::Empty`]; [`Refused::TooMany`].
    pub fn draw(
        scope: &Scope,
        list: Hash,
        matter: Matter,
        keys: &[MatchKey],
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, Refused> {
        if keys.is_empty() {
            return Err(Refused::Empty);
        }
        let most = KEYS_MAX as u64;
        let too_many = Refused::TooMany { found: keys.len() as u64, most };
        let fits = |size: &&usize| keys.len() <= KEYS_MAX.min(**size);
        let size = *BATCH_SIZES.iter().find(fits).ok_or(too_many)?;
        let mut given: Vec<Option<usize>> = (0..size).map(|place| (place < keys.len()).then_some(place)).collect();
        shuffle(&mut given, rng);
        let asked: Vec<Asked> = given
            .iter()
            .map(|key| {
                key.and_then(|key| keys.get(key))
                    .map_or_else(|| Asked::Dummy(bytes(rng)), |key| Asked::Key(key.clone()))
            })
            .collect();
        let batch = bytes(rng);
        let salts: Vec<Zeroizing<Salt>> = asked.iter().map(|_| Zeroizing::new(bytes(rng))).collect();
        let commit = |(place, (asked, salt)): (u64, (&Asked, &Zeroizing<Salt>))| {
            commit(&batch, place, salt, &asked.input(scope))
        };
        let commitments = (0..).zip(asked.iter().zip(&salts)).map(commit).collect();
        let announcement = Announcement { scope: *scope.digest(), list, matter, batch, commitments };
        Ok(Self { scope: scope.clone(), announcement, asked, salts, given })
    }

    /// The same batch from what was kept of it ([`super::wire`]).
    pub(super) fn again(
        scope: Scope,
        announcement: Announcement,
        asked: Vec<Asked>,
        salts: Vec<Zeroizing<Salt>>,
        given: Vec<Option<usize>>,
    ) -> Result<Self, Misbehaved> {
        announcement.check(&scope, asked.len())?;
        Ok(Self { scope, announcement, asked, salts, given })
    }

    /// What is announced of it.
    #[must_use]
    pub const fn announcement(&self) -> &Announcement {
        &self.announcement
    }

    /// Its scope.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What stands at each place.
    #[must_use]
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// The salt of a place.
    #[must_use]
    pub fn salt(&self, place: usize) -> Option<&Salt> {
        self.salts.get(place).map(|salt| &**salt)
    }

    /// The number, as given, of the key at a place.
    #[must_use]
    pub fn given(&self, place: usize) -> Option<usize> {
        self.given.get(place).copied().flatten()
    }

    /// The function's input at each place.
    pub(super) fn inputs(&self) -> Vec<Zeroizing<Vec<u8>>> {
        self.asked.iter().map(|asked| asked.input(&self.scope)).collect()
    }
}

/// Some random bytes.
pub(super) fn bytes<const N: usize>(rng: &mut dyn CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// Fisher and Yates's shuffle; the remainder's bias over 64 bits is below 2^-50 for the sizes here.
pub(super) fn shuffle<T>(all: &mut [T], rng: &mut dyn CryptoRng) {
    for at in (1..all.len()).rev() {
        let other = u64::from_be_bytes(bytes(rng)) % (at as u64 + 1);
        all.swap(at, usize::try_from(other).unwrap_or(at));
    }
}
