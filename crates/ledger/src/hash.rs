//! The two hashes of the ledger. It owns no domain separation: callers prefix their own labels.

use aws_lc_rs::digest;
use sm3::{Digest, Sm3};

/// SHA-256 (FIPS 180-4) over the concatenation of `parts`.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// SM3 (GB/T 32905) over the concatenation of `parts`.
pub fn sm3(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sm3::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}
