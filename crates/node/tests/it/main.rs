//! The crate's integration tests, one binary: each module is one area.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod amendment;
mod answers;
mod chain;
mod continued;
mod desk;
mod exercise;
mod hostile;
mod house;
mod leap;
mod matching;
mod offered;
mod people;
mod prepared;
mod purge;
mod report;
mod rewritten;
mod rogue;
mod settled;
mod several;
mod shield;
mod sim;
mod skipped;
mod staffed;
mod status;
mod tabled;
mod uploads;
mod year;
