//! Formats of other houses, to and from the domain. Pure: bytes in, a value and findings out.
//!
//! Owns the reading of STIX 2.1. Must not know files, sockets, time or any Party.

pub mod finding;
mod json;
pub mod stix;

pub use finding::{Finding, Read, Severity};
