//! The asking side: inputs mapped, blinded, and uncovered again once the proof holds.
//!
//! Owns blinds. Must not know keys. There is no way to a value around the proof: [`conclude`] checks before it uncovers.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use rand_core::CryptoRng;
use subtle::{Choice, ConditionallySelectable};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    ELEMENT_BYTES, Element, INPUT_BYTES_MAX, Output, Proof, PublicKey, SCALAR_BYTES, Uncovered, Unsound, bounded,
    encode_doubles, expand,
};

/// What covers an input: a scalar other than zero, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Blind(Scalar);

impl Blind {
    /// A fresh one.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        loop {
            let mut wide = [0; 64];
            rng.fill_bytes(&mut wide);
            if let Some(blind) = Self::of_wide(&mut wide) {
                return blind;
            }
        }
    }

    /// One derived from 64 uniform bytes, which are wiped; none if they make zero, as one in 2^252 does.
    pub fn of_wide(wide: &mut [u8; 64]) -> Option<Self> {
        let scalar = Scalar::from_bytes_mod_order_wide(wide);
        wide.zeroize();
        (scalar != Scalar::ZERO).then_some(Self(scalar))
    }

    /// A blind as it was kept, or as it is shown to an auditor.
    ///
    /// # Errors
    /// [`Unsound::Scalar`].
    pub fn read(bytes: &[u8; SCALAR_BYTES]) -> Result<Self, Unsound> {
        let scalar: Option<Scalar> = Scalar::from_canonical_bytes(*bytes).into();
        scalar.filter(|scalar| *scalar != Scalar::ZERO).map(Self).ok_or(Unsound::Scalar)
    }

    /// For keeping, and for an auditor. Secret until then.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; SCALAR_BYTES] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Blind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Blind(secret)")
    }
}

/// An input as uniform bytes, one step before the group: here one can be exchanged for another without a trace in time.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Mapped([u8; 64]);

impl Mapped {
    /// Maps an input.
    ///
    /// # Errors
    /// [`Unsound::Input`] when it is too long.
    pub fn of(input: &[u8]) -> Result<Self, Unsound> {
        if input.len() > INPUT_BYTES_MAX { Err(Unsound::Input) } else { Ok(Self(expand(&[input], b"HashToGroup-"))) }
    }

    /// What no input maps to that anybody knows: 64 uniform bytes.
    #[must_use]
    pub const fn of_uniform(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// `other` where `choice` is set, else `self`, in constant time.
    #[must_use]
    pub fn or(&self, other: &Self, choice: Choice) -> Self {
        let mut chosen = [0; 64];
        for (at, byte) in chosen.iter_mut().enumerate() {
            *byte = u8::conditional_select(&self.0[at], &other.0[at], choice);
        }
        Self(chosen)
    }

    pub(super) fn point(&self) -> Result<RistrettoPoint, Unsound> {
        let point = RistrettoPoint::from_uniform_bytes(&self.0);
        if point.is_identity() { Err(Unsound::Input) } else { Ok(point) }
    }
}

/// Blinds a batch (`Blind`, RFC 9497 §3.3.2).
///
/// # Errors
/// [`Unsound::Input`]; [`Unsound::Count`], also where blinds are not as many as inputs.
pub fn blind(inputs: &[Mapped], blinds: &[Blind]) -> Result<Vec<Element>, Unsound> {
    bounded(inputs.len())?;
    same(inputs.len(), blinds.len())?;
    let halves = inputs.iter().zip(blinds).map(|(input, blind)| Ok(input.point()? * blind.0.div_by_2()));
    let halves = halves.collect::<Result<Vec<RistrettoPoint>, Unsound>>()?;
    let encoded = encode_doubles(&halves);
    Ok(halves.iter().zip(encoded).map(|(half, bytes)| Element { point: half + half, bytes }).collect())
}

/// Checks the proof and uncovers the values (`Finalize`, RFC 9497 §3.3.2). Nothing is uncovered if it fails.
///
/// # Errors
/// [`Unsound::Proof`]; [`Unsound::Element`]; [`Unsound::Count`].
pub fn conclude(
    key: PublicKey,
    inputs: &[&[u8]],
    blinds: &[Blind],
    blinded: &[Element],
    evaluated: &[[u8; ELEMENT_BYTES]],
    proof: &Proof,
) -> Result<Vec<Output>, Unsound> {
    for found in [blinds.len(), blinded.len(), evaluated.len()] {
        same(inputs.len(), found)?;
    }
    let evaluated = Element::read_all(evaluated)?;
    proof.verify(key, blinded, &evaluated)?;
    let elements = uncover(blinds, &evaluated);
    Ok(inputs.iter().zip(elements).map(|(input, element)| element.value(input)).collect())
}

/// Uncovers what was shuffled and so cannot be proved yet. For counting only: what comes out is a claim until the order
/// is opened and [`conclude`] has passed.
///
/// # Errors
/// [`Unsound::Element`]; [`Unsound::Count`].
pub fn uncover_unproved(blinds: &[Blind], evaluated: &[[u8; ELEMENT_BYTES]]) -> Result<Vec<Uncovered>, Unsound> {
    same(blinds.len(), evaluated.len())?;
    Ok(uncover(blinds, &Element::read_all(evaluated)?))
}

fn uncover(blinds: &[Blind], evaluated: &[Element]) -> Vec<Uncovered> {
    let mut inverses: Vec<Scalar> = blinds.iter().map(|blind| blind.0).collect();
    // The product of all inverses is of no use, and as secret as they are.
    Scalar::invert_batch_alloc(&mut inverses).zeroize();
    let halves: Vec<RistrettoPoint> =
        evaluated.iter().zip(&inverses).map(|(element, inverse)| element.point * inverse.div_by_2()).collect();
    inverses.zeroize();
    encode_doubles(&halves).into_iter().map(Uncovered).collect()
}

fn same(wanted: usize, found: usize) -> Result<(), Unsound> {
    if wanted == found { Ok(()) } else { Err(Unsound::Count { wanted, found }) }
}
