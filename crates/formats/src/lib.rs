//! Formats of other houses, to and from the domain. Pure: bytes in, a value and findings out.
//!
//! Owns the readers and writers, one module a format, and the account of what a conversion loses. Must not know files,
//! sockets, time or any Party.

pub mod cap;
mod code;
pub mod convert;
pub mod csaf;
pub mod csv;
pub mod finding;
pub mod geojson;
pub mod goaml;
pub mod ical;
pub mod iodef;
mod json;
pub mod law;
pub mod lists;
pub mod misp;
pub mod mrz;
mod observable;
pub mod record;
pub mod stix;
mod time;
mod uuid;
mod xml;

pub use finding::{Code, Finding, Loss, LossCode, Read, Reading, Refused, Severity};
