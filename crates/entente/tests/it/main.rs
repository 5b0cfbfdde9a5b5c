//! The program's integration tests, one binary: linking is the slow part.
//!
//! Owns the list of test modules and nothing else.

mod tidy;
