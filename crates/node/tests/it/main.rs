//! The crate's integration tests, one binary: each module is one area.

mod exercise;
mod hostile;
mod house;
mod people;
mod sim;
