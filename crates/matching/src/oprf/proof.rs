//! The proof that one key made a whole batch: equality of discrete logarithms, RFC 9497 §2.2.
//!
//! Owns composites, making and checking. Must not know inputs or blinds. Composites are over elements both sides hold, so
//! they are summed in variable time, in one multiplication of many scalars; only what the key touches is not.

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use rand_core::CryptoRng;
use sha2::{Digest, Sha512};
use zeroize::Zeroize;

use super::{
    CONTEXT, ELEMENT_BYTES, Element, PublicKey, SCALAR_BYTES, Unsound, bounded, hash_to_scalar, prefix, prefixed,
};

/// Bytes of a proof, whatever the batch.
pub const PROOF_BYTES: usize = 2 * SCALAR_BYTES;

/// A challenge and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    challenge: Scalar,
    answer: Scalar,
}

impl Proof {
    /// Reads a proof as it travels.
    ///
    /// # Errors
    /// [`Unsound::Scalar`].
    pub fn read(bytes: &[u8; PROOF_BYTES]) -> Result<Self, Unsound> {
        let scalar = |part: &[u8]| {
            let bytes: [u8; SCALAR_BYTES] = part.try_into().map_err(|_| Unsound::Scalar)?;
            Option::from(Scalar::from_canonical_bytes(bytes)).ok_or(Unsound::Scalar)
        };
        let (challenge, answer) = bytes.split_at(SCALAR_BYTES);
        Ok(Self { challenge: scalar(challenge)?, answer: scalar(answer)? })
    }

    /// As it travels.
    #[must_use]
    pub fn bytes(&self) -> [u8; PROOF_BYTES] {
        let mut out = [0; PROOF_BYTES];
        out[..SCALAR_BYTES].copy_from_slice(self.challenge.as_bytes());
        out[SCALAR_BYTES..].copy_from_slice(self.answer.as_bytes());
        out
    }

    /// `GenerateProof` with `ComputeCompositesFast`: the second composite is the key times the first.
    pub(super) fn make(
        secret: &Scalar,
        public: PublicKey,
        blinded: &[Element],
        evaluated: &[[u8; ELEMENT_BYTES]],
        rng: &mut dyn CryptoRng,
    ) -> Self {
        let weights = weights(public, blinded.iter().map(Element::bytes).zip(evaluated));
        let m = sum(&weights, blinded);
        let z = m * secret;
        let mut wide = [0; 64];
        rng.fill_bytes(&mut wide);
        let mut nonce = Scalar::from_bytes_mod_order_wide(&wide);
        wide.zeroize();
        let challenge = challenge(public, &[m, z, RistrettoPoint::mul_base(&nonce), m * nonce]);
        let answer = nonce - challenge * secret;
        nonce.zeroize();
        Self { challenge, answer }
    }

    /// `VerifyProof`.
    pub(super) fn verify(&self, public: PublicKey, blinded: &[Element], evaluated: &[Element]) -> Result<(), Unsound> {
        bounded(blinded.len())?;
        if blinded.len() != evaluated.len() {
            return Err(Unsound::Count { wanted: blinded.len(), found: evaluated.len() });
        }
        let weights = weights(public, blinded.iter().map(Element::bytes).zip(evaluated.iter().map(Element::bytes)));
        let (m, z) = (sum(&weights, blinded), sum(&weights, evaluated));
        let both = [self.answer, self.challenge];
        let t2 = RistrettoPoint::vartime_multiscalar_mul(both, [RISTRETTO_BASEPOINT_POINT, public.0.point]);
        let t3 = RistrettoPoint::vartime_multiscalar_mul(both, [m, z]);
        if challenge(public, &[m, z, t2, t3]) == self.challenge { Ok(()) } else { Err(Unsound::Proof) }
    }
}

/// The weight of each pair, which depends on its own two elements, its number and the key.
fn weights<'e>(
    public: PublicKey,
    pairs: impl Iterator<Item = (&'e [u8; ELEMENT_BYTES], &'e [u8; ELEMENT_BYTES])>,
) -> Vec<Scalar> {
    let domain = [b"Seed-", CONTEXT].concat();
    let mut seed = Sha512::new();
    prefixed(&mut seed, public.bytes());
    prefixed(&mut seed, &domain);
    let seed = seed.finalize();
    let weigh = |(at, (one, other)): (usize, (&[u8; ELEMENT_BYTES], &[u8; ELEMENT_BYTES]))| {
        let (long, short) = (prefix(seed.len()), prefix(ELEMENT_BYTES));
        let parts: [&[u8]; 8] = [&long, &seed, &prefix(at), &short, one, &short, other, b"Composite"];
        hash_to_scalar(&parts, b"HashToScalar-")
    };
    pairs.enumerate().map(weigh).collect()
}

fn sum(weights: &[Scalar], elements: &[Element]) -> RistrettoPoint {
    RistrettoPoint::vartime_multiscalar_mul(weights, elements.iter().map(|element| element.point))
}

fn challenge(public: PublicKey, points: &[RistrettoPoint; 4]) -> Scalar {
    let short = prefix(ELEMENT_BYTES);
    let encoded = points.map(|point| point.compress().to_bytes());
    let [m, z, t2, t3] = &encoded;
    let parts: [&[u8]; 11] = [&short, public.bytes(), &short, m, &short, z, &short, t2, &short, t3, b"Challenge"];
    hash_to_scalar(&parts, b"HashToScalar-")
}
