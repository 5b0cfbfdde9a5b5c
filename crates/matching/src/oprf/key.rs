//! The key of the function and what is announced of it.
//!
//! Owns deriving, evaluating in the clear and evaluating what is blinded. Must not know whose key it is or how long it
//! lives. A secret key is wiped when dropped and is never shown.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    BATCH_MAX, ELEMENT_BYTES, Element, INPUT_BYTES_MAX, Mapped, Output, Proof, SCALAR_BYTES, Uncovered, Unsound,
    bounded, encode_doubles, hash_to_scalar, prefix,
};

/// The key: a scalar other than zero.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey {
    scalar: Scalar,
    /// Half of it: encoding in batches doubles.
    half: Scalar,
    #[zeroize(skip)]
    public: PublicKey,
}

/// What is announced of a key before anything is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub(super) Element);

impl SecretKey {
    /// `DeriveKeyPair` of RFC 9497 §3.2.1.
    ///
    /// # Errors
    /// [`Unsound::Input`] when `info` is too long.
    pub fn derive(seed: &[u8; 32], info: &[u8]) -> Result<Self, Unsound> {
        if info.len() > INPUT_BYTES_MAX {
            return Err(Unsound::Input);
        }
        (0..=u8::MAX)
            .map(|counter| hash_to_scalar(&[seed, &prefix(info.len()), info, &[counter]], b"DeriveKeyPair"))
            .find_map(Self::of)
            .ok_or(Unsound::Input)
    }

    /// A key as it was kept.
    ///
    /// # Errors
    /// [`Unsound::Scalar`].
    pub fn read(bytes: &[u8; SCALAR_BYTES]) -> Result<Self, Unsound> {
        Option::from(Scalar::from_canonical_bytes(*bytes)).and_then(Self::of).ok_or(Unsound::Scalar)
    }

    fn of(scalar: Scalar) -> Option<Self> {
        if scalar == Scalar::ZERO {
            return None;
        }
        let point = RistrettoPoint::mul_base(&scalar);
        let public = PublicKey(Element { point, bytes: point.compress().to_bytes() });
        Some(Self { scalar, half: scalar.div_by_2(), public })
    }

    /// What is announced.
    #[must_use]
    pub const fn public(&self) -> PublicKey {
        self.public
    }

    /// The function's value of inputs that are known here: the holder's own list. At most [`BATCH_MAX`] at a time, so
    /// that memory stays flat.
    ///
    /// # Errors
    /// [`Unsound::Input`]; [`Unsound::Count`].
    pub fn evaluate(&self, inputs: &[&[u8]]) -> Result<Vec<Output>, Unsound> {
        Ok(inputs.iter().zip(self.elements(inputs)?).map(|(input, element)| element.value(input)).collect())
    }

    /// The elements the values are made from.
    ///
    /// # Errors
    /// As [`SecretKey::evaluate`].
    pub fn elements(&self, inputs: &[&[u8]]) -> Result<Vec<Uncovered>, Unsound> {
        bounded(inputs.len())?;
        let halves = inputs.iter().map(|input| Ok(Mapped::of(input)?.point()? * self.half));
        let encoded = encode_doubles(&halves.collect::<Result<Vec<_>, Unsound>>()?);
        Ok(encoded.into_iter().map(Uncovered).collect())
    }

    /// Evaluates what the other side blinded, with one proof for the batch (`BlindEvaluate`, RFC 9497 §3.3.2).
    ///
    /// # Errors
    /// [`Unsound::Count`].
    pub fn answer(
        &self,
        blinded: &[Element],
        rng: &mut dyn CryptoRng,
    ) -> Result<(Vec<[u8; ELEMENT_BYTES]>, Proof), Unsound> {
        bounded(blinded.len())?;
        let halves: Vec<RistrettoPoint> = blinded.iter().map(|element| element.point * self.half).collect();
        let evaluated = encode_doubles(&halves);
        let proof = Proof::make(&self.scalar, self.public, blinded, &evaluated, rng);
        Ok((evaluated, proof))
    }

    /// The values of own inputs together with a proof that this key made them: what an auditor is shown. The proof is
    /// over the mapped inputs, which the auditor computes too.
    ///
    /// # Errors
    /// [`Unsound::Input`]; [`Unsound::Count`].
    pub fn open(
        &self,
        inputs: &[&[u8]],
        rng: &mut dyn CryptoRng,
    ) -> Result<(Vec<[u8; ELEMENT_BYTES]>, Proof), Unsound> {
        self.answer(&mapped_elements(inputs)?, rng)
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SecretKey(secret)")
    }
}

impl PublicKey {
    /// Reads what was announced.
    ///
    /// # Errors
    /// [`Unsound::Element`].
    pub fn read(bytes: &[u8; ELEMENT_BYTES]) -> Result<Self, Unsound> {
        Element::read(bytes).map(Self)
    }

    /// As it travels.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; ELEMENT_BYTES] {
        self.0.bytes()
    }

    /// The auditor's side of [`SecretKey::open`]: the elements of the inputs under this key, if the proof holds.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn opened(
        self,
        inputs: &[&[u8]],
        evaluated: &[[u8; ELEMENT_BYTES]],
        proof: &Proof,
    ) -> Result<Vec<Uncovered>, Unsound> {
        if evaluated.len() != inputs.len() {
            return Err(Unsound::Count { wanted: inputs.len(), found: evaluated.len() });
        }
        let values = Element::read_all(evaluated)?;
        proof.verify(self, &mapped_elements(inputs)?, &values)?;
        Ok(evaluated.iter().copied().map(Uncovered).collect())
    }
}

fn mapped_elements(inputs: &[&[u8]]) -> Result<Vec<Element>, Unsound> {
    const { assert!(BATCH_MAX <= u16::MAX as usize, "numbers of elements are hashed in two bytes") }
    bounded(inputs.len())?;
    let map = |input: &&[u8]| {
        let point = Mapped::of(input)?.point()?;
        Ok(Element { point, bytes: point.compress().to_bytes() })
    };
    inputs.iter().map(map).collect()
}
