//! The Party's clerk: takes officers' commands, receives the other Party's acts, watches the clocks, and keeps the log.
//!
//! Synchronous, without sockets and without a clock of its own: time and randomness come in with [`Env`]. What it
//! returns as parcels, the shell sends. Must not know HTTP, pages, files or threads.

use jiff::Timestamp;
use rand_core::CryptoRng;

mod amendment;
mod attach;
mod book;
mod burden;
pub mod card;
mod claims;
mod command;
mod continued;
mod crossing;
mod dossier;
pub mod draft;
pub mod evidence;
mod fault;
mod gates;
mod inspect;
mod instruments;
mod keys;
pub mod local;
pub mod matching;
mod mirror;
mod notes;
mod offices;
mod party;
pub mod people;
mod post;
pub mod prepared;
mod purge;
mod receive;
mod recent;
pub mod register;
mod release;
pub mod reply;
mod report;
mod restore;
mod returned;
mod reveal;
mod revision;
mod row;
mod settled;
pub mod sim;
pub mod story;
mod superseded;
mod tabled;
mod tick;
pub mod view;

pub use amendment::Proposed;
pub use attach::{Opened, Stager};
pub use book::{Head, log_name, mirror_name, origin};
pub use card::{Card, OfficeCard};
pub use command::{Along, Done};
pub use continued::{Beginning, Onward};
pub use dossier::Dossier;
pub use draft::{Draft, Unread};
pub use fault::{Failure, Fault};
pub use inspect::{Inspect, Unreadable};
pub use instruments::{Instruments, Lineage, Taken, Version};
pub use keys::{Keys, OfficeKeys};
pub use mirror::{AHEAD_MAX, PAGE_MAX, Page, Tally};
pub use notes::{NOTE_CHARS_MAX, Note};
pub use offices::OFFICES_BYTES_MAX;
pub use party::Node;
pub use post::Parcel;
pub use prepared::{PreparedAct, PreparedVersion, Standing, Written};
pub use purge::Purge;
pub use receive::{ENVELOPES_A_JOB_MAX, ENVELOPES_MAX};
pub use report::{Computed, Found, ReportBook, report_hash};
pub use restore::{Restoring, TAKEN_BACK_MAX};
pub use returned::{RETURNED_BYTES_MAX, Returned};
pub use reveal::{CUSTODIANS, Reveal, Revealed, Ruling};
pub use revision::Gathered;
pub use row::Summary;

/// The moment and the source of randomness of one call. Only the shell has real ones.
pub struct Env<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// Randomness fit for keys.
    pub rng: &'a mut dyn CryptoRng,
}
