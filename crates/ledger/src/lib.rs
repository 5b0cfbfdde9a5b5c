//! Canonical bytes, signatures, seals, receipts and the tamper-evident log: what makes an act provable.
//!
//! Pure: time, randomness and storage are arguments. It knows no case, no treaty and no transport, and must not.

pub mod audit;
pub mod blob;
pub mod canon;
pub mod cbor;
pub mod checkpoint;
mod cose;
pub mod envelope;
pub mod hash;
pub mod keys;
pub mod leaf;
pub mod misbehaved;
pub mod note;
pub mod pack;
pub mod proof;
pub mod receipt;
pub mod rest;
pub mod tile;
pub mod tree;
mod wire;

pub use misbehaved::Misbehaved;
