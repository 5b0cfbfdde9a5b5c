//! The other Parties' nodes: what listens for them, what calls on them, and the bytes between.
//!
//! Owns the transport. Must not know cases or acts: envelopes, receipts and log entries are opaque here, and the clerk
//! (`node`) judges them.

pub mod client;
pub mod courier;
pub mod health;
pub(crate) mod queue;
pub mod server;
pub mod tls;
pub mod wire;
