//! The crate's integration tests, one binary: each module is one area.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod bindings;
mod carriage;
mod clauses;
mod continued;
mod crossing;
mod desks;
mod dialogue;
mod gates;
mod golden;
mod matter;
mod newtype;
mod policy;
mod procedure;
mod steps;
