//! Private matching between two Parties: which of these persons, documents, accounts do you know?, asked so that the
//! other side does not see what is asked, and answered so that nothing else is seen of its list.
//!
//! Owns the keys two records meet under ([`match_key`]), what an epoch's key is for ([`scope`], [`epoch`]), the list as
//! it is announced ([`list`], [`filter`], [`label`]), questions and answers ([`question`], [`answer`], [`crossed`],
//! [`count`],
//! [`response`], [`two_lists`]), what both sign ([`transcript`]) and what can be proved afterwards ([`audit`], [`sample`]), and the
//! bytes of it all ([`wire`]). Must not know
//! cases, offices' rights, the post or the disk: state goes in and comes out, a part at a time, and randomness is an
//! argument. Nothing here decides about a person: a hit names a desk to ask.

pub mod allowance;
pub mod answer;
pub mod audit;
pub mod count;
pub mod crossed;
pub mod epoch;
pub mod filter;
pub mod label;
pub mod list;
pub mod match_key;
pub mod question;
pub mod refused;
pub mod response;
pub mod sample;
pub mod scope;
pub mod tag;
pub mod transcript;
pub mod tree;
pub mod two_lists;
pub mod wire;

pub use match_key::{Kind, MatchKey};
pub use refused::{Misbehaved, Refused};
pub use scope::{Learns, Scope};

use sha2::{Digest, Sha256};

/// A hash: SHA-256, as in the ledger.
pub type Hash = [u8; 32];

/// The hash of parts under a domain: each part with its length, so that no two lists of parts are the same bytes.
fn digest(domain: &str, parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in std::iter::once(&domain.as_bytes()).chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The hash of a list of equal parts, their number included.
fn digest_all<const N: usize>(domain: &str, parts: &[[u8; N]]) -> Hash {
    digest(domain, &[parts.as_flattened()])
}
