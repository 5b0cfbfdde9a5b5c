//! The verifiable oblivious function of RFC 9497, suite ristretto255-SHA512, mode VOPRF: one side has the key, the other
//! the input; the second learns the function's value and the first nothing, and a proof says that the key was the one
//! that had been announced.
//!
//! Owns the mapping of bytes to the group, elements as they travel, and the value at the end. Must not know what is
//! asked, of whom, or why. Randomness is an argument. What touches a key or a blind runs in constant time; only elements
//! both sides see anyway are multiplied in variable time.

mod blind;
mod key;
mod proof;

pub use blind::{Blind, Mapped, blind, conclude, uncover_unproved};
pub use key::{PublicKey, SecretKey};
pub use proof::{PROOF_BYTES, Proof};

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use sha2::{Digest, Sha512};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The suite's name as the instrument gives it.
pub const SUITE: &str = "ristretto255-SHA512";
/// Bytes of an element of the group.
pub const ELEMENT_BYTES: usize = 32;
/// Bytes of a scalar: a key or a blind.
pub const SCALAR_BYTES: usize = 32;
/// Bytes of the function's value.
pub const OUTPUT_BYTES: usize = 64;
/// Bytes of an input, at most: RFC 9497 §1.2 writes lengths in two bytes.
pub const INPUT_BYTES_MAX: usize = u16::MAX as usize;
/// Elements under one proof, at most. The RFC's own bound is 65,535; this one keeps a batch in the processor's cache and
/// what a peer can make us hold under a quarter of a megabyte.
pub const BATCH_MAX: usize = 1024;

/// `OPRFV1-`, the mode VOPRF (1), the suite: RFC 9497 §3.1.
const CONTEXT: &[u8] = b"OPRFV1-\x01-ristretto255-SHA512";

/// What the other side sent is no step of this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unsound {
    /// Not the one encoding of an element, or the identity.
    #[error("element {0} is none of the group: the other side must send it again from sound software")]
    Element(usize),
    /// Not the one encoding of a scalar, or zero.
    #[error("a scalar is not canonical: the other side must send it again from sound software")]
    Scalar,
    /// The evaluation was made under another key than the announced one, or altered on its way.
    #[error("the proof does not hold: another key answered than the one announced")]
    Proof,
    /// Too many or too few elements.
    #[error("{found} elements came where {wanted} belong")]
    Count {
        /// How many there should be.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// An input is too long, or maps to the identity, which no honest input does.
    #[error("an input cannot be mapped to the group: it must be at most 65,535 bytes")]
    Input,
}

/// An element of the group other than the identity, with its one encoding.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    point: RistrettoPoint,
    bytes: [u8; ELEMENT_BYTES],
}

impl Element {
    /// Reads an element as it travels.
    ///
    /// # Errors
    /// [`Unsound::Element`], with number 0.
    pub fn read(bytes: &[u8; ELEMENT_BYTES]) -> Result<Self, Unsound> {
        let point = CompressedRistretto(*bytes).decompress().ok_or(Unsound::Element(0))?;
        if point.is_identity() {
            return Err(Unsound::Element(0));
        }
        Ok(Self { point, bytes: *bytes })
    }

    /// Reads a batch, at most [`BATCH_MAX`].
    ///
    /// # Errors
    /// [`Unsound::Count`]; [`Unsound::Element`] with the number of the first that is none.
    pub fn read_all(all: &[[u8; ELEMENT_BYTES]]) -> Result<Vec<Self>, Unsound> {
        bounded(all.len())?;
        let read = |(at, bytes): (usize, &[u8; ELEMENT_BYTES])| Self::read(bytes).map_err(|_| Unsound::Element(at));
        all.iter().enumerate().map(read).collect()
    }

    /// As it travels.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; ELEMENT_BYTES] {
        &self.bytes
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Element {}

/// The function's value: secret, wiped when dropped, and never shown in a log.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Output([u8; OUTPUT_BYTES]);

impl Output {
    /// The value's bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; OUTPUT_BYTES] {
        &self.0
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Output(secret)")
    }
}

/// The key times the input: what the value is made from, and as secret.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Uncovered([u8; ELEMENT_BYTES]);

impl Uncovered {
    /// The element's bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; ELEMENT_BYTES] {
        &self.0
    }

    /// The value: `Finalize` of RFC 9497 §3.3.1.
    #[must_use]
    pub fn value(&self, input: &[u8]) -> Output {
        let mut hash = Sha512::new();
        prefixed(&mut hash, input);
        prefixed(&mut hash, &self.0);
        hash.update(b"Finalize");
        Output(hash.finalize().into())
    }
}

impl std::fmt::Debug for Uncovered {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Uncovered(secret)")
    }
}

/// A batch within its bound.
fn bounded(found: usize) -> Result<(), Unsound> {
    if found == 0 || found > BATCH_MAX { Err(Unsound::Count { wanted: BATCH_MAX, found }) } else { Ok(()) }
}

/// The encodings of the doubles of points, in one inversion for all: a quarter of the price of one by one.
fn encode_doubles(halves: &[RistrettoPoint]) -> Vec<[u8; ELEMENT_BYTES]> {
    RistrettoPoint::double_and_compress_batch(halves).into_iter().map(|c| c.to_bytes()).collect()
}

fn hash_to_scalar(parts: &[&[u8]], domain: &[u8]) -> Scalar {
    let mut wide = expand(parts, domain);
    let scalar = Scalar::from_bytes_mod_order_wide(&wide);
    wide.zeroize();
    scalar
}

/// `expand_message_xmd` of RFC 9380 §5.3.1 with SHA-512 to 64 bytes, the domain being `domain ‖ CONTEXT`.
fn expand(parts: &[&[u8]], domain: &[u8]) -> [u8; 64] {
    const BLOCK_BYTES: usize = 128;
    let domain_bytes = [u8::try_from(domain.len() + CONTEXT.len()).expect("the domains are constants, some 40 bytes")];
    let tail = |hash: &mut Sha512| {
        hash.update(domain);
        hash.update(CONTEXT);
        hash.update(domain_bytes);
    };
    let mut first = Sha512::new_with_prefix([0; BLOCK_BYTES]);
    parts.iter().for_each(|part| first.update(part));
    first.update([0, 64, 0]);
    tail(&mut first);
    let mut second = Sha512::new_with_prefix(first.finalize());
    second.update([1]);
    tail(&mut second);
    second.finalize().into()
}

/// The two bytes of length RFC 9497 puts before what it hashes. Every caller has bounded the length.
fn prefix(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()
}

fn prefixed(hash: &mut Sha512, part: &[u8]) {
    hash.update(prefix(part.len()));
    hash.update(part);
}
