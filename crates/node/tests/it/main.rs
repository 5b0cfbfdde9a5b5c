//! The clerk's integration tests, one binary.

mod hostile;
mod house;
