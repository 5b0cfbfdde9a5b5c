//! A leaf of the log: hashes and a short reference, never content, so that erasing a body leaves the log valid. It owns
//! the leaf's bytes (at most 256); it must not know the tree nor what the hashes are of.

use thiserror::Error;

use crate::Misbehaved;
use crate::cbor::{self, Limits, Value};
use crate::wire::{Fields, bytes, is_name, text};

pub use crate::tree::leaf_hash;

/// The largest leaf, in bytes (wire.md §3.2).
pub const LEAF_BYTES_MAX: usize = 256;
/// The largest reference, in bytes: a Case id and a number.
pub const REFERENCE_BYTES_MAX: usize = 64;
const VERSION: u64 = 1;
const WHAT: &str = "leaf";

/// What a leaf records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeafKind {
    /// An envelope sent.
    Sent,
    /// An envelope received and accepted.
    Received,
    /// A receipt given or taken.
    Receipt,
    /// An envelope received that waits.
    Parked,
    /// An envelope received and refused.
    Rejected,
    /// A key set taking effect.
    KeySet,
    /// An instrument taking effect.
    Instrument,
    /// A checkpoint of the peer's log, cosigned.
    PeerCheckpoint,
    /// A root over the SM3 hashes so far.
    Sm3Root,
    /// An envelope withdrawn before delivery.
    Withdrawal,
    /// The log was recovered from the peer's mirror.
    Recovery,
}

impl LeafKind {
    /// Every kind, in the order of its code on the wire.
    pub const ALL: [LeafKind; 11] = [
        LeafKind::Sent,
        LeafKind::Received,
        LeafKind::Receipt,
        LeafKind::Parked,
        LeafKind::Rejected,
        LeafKind::KeySet,
        LeafKind::Instrument,
        LeafKind::PeerCheckpoint,
        LeafKind::Sm3Root,
        LeafKind::Withdrawal,
        LeafKind::Recovery,
    ];

    /// The stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            LeafKind::Sent => "sent",
            LeafKind::Received => "received",
            LeafKind::Receipt => "receipt",
            LeafKind::Parked => "parked",
            LeafKind::Rejected => "rejected",
            LeafKind::KeySet => "key-set",
            LeafKind::Instrument => "instrument",
            LeafKind::PeerCheckpoint => "peer-checkpoint",
            LeafKind::Sm3Root => "sm3-root",
            LeafKind::Withdrawal => "withdrawal",
            LeafKind::Recovery => "recovery",
        }
    }

    fn code(self) -> u64 {
        LeafKind::ALL.iter().position(|kind| *kind == self).map_or(0, |at| at as u64 + 1)
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// What it records.
    pub kind: LeafKind,
    /// Whether it left this node (else it came in).
    pub outgoing: bool,
    /// Message id of the envelope; for other kinds the hash of the document.
    pub core_hash: [u8; 32],
    /// SHA-256 of the bytes as carried.
    pub env_sha256: [u8; 32],
    /// SM3 of the bytes as carried.
    pub env_sm3: [u8; 32],
    /// The matching entry of the peer's log, where it is known.
    pub peer_index: Option<u64>,
    /// Logged at, in Unix microseconds.
    pub logged_at_us: u64,
    /// Case and number; never content. At most [`REFERENCE_BYTES_MAX`] bytes, no control characters.
    pub reference: String,
}

/// An own leaf that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("leaf reference `{0}` must be 1 to {REFERENCE_BYTES_MAX} bytes of plain text: shorten it")]
pub struct LeafFault(pub String);

impl Leaf {
    /// `[1, kind, dir, core_hash, env_sha256, env_sm3, peer_index / null, logged_at, ref]`.
    ///
    /// # Errors
    /// [`LeafFault`] for an unusable reference.
    pub fn encode(&self) -> Result<Vec<u8>, LeafFault> {
        if !is_name(&self.reference, REFERENCE_BYTES_MAX) {
            return Err(LeafFault(self.reference.clone()));
        }
        Ok(cbor::encode(&Value::Array(vec![
            Value::Uint(VERSION),
            Value::Uint(self.kind.code()),
            Value::Bool(self.outgoing),
            bytes(&self.core_hash),
            bytes(&self.env_sha256),
            bytes(&self.env_sm3),
            self.peer_index.map_or(Value::Null, Value::Uint),
            Value::Uint(self.logged_at_us),
            text(&self.reference),
        ])))
    }

    /// Reads a leaf.
    ///
    /// # Errors
    /// [`Misbehaved`] for anything [`Leaf::encode`] does not write.
    pub fn decode(input: &[u8]) -> Result<Leaf, Misbehaved> {
        let value = cbor::decode(input, Limits::bytes(LEAF_BYTES_MAX))?;
        let mut fields = Fields::array(WHAT, "body", value, 9)?;
        match fields.uint("version")? {
            VERSION => {}
            version => return Err(Misbehaved::UnknownVersion { what: WHAT, version }),
        }
        let code = fields.uint("kind")?;
        let kind = LeafKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or(fields.malformed("kind"))?;
        let Value::Bool(outgoing) = fields.any("dir")? else { return Err(fields.malformed("dir")) };
        Ok(Leaf {
            kind,
            outgoing,
            core_hash: fields.fixed("core_hash")?,
            env_sha256: fields.fixed("env_sha256")?,
            env_sm3: fields.fixed("env_sm3")?,
            peer_index: match fields.any("peer_index")? {
                Value::Null => None,
                Value::Uint(index) => Some(index),
                _ => return Err(fields.malformed("peer_index")),
            },
            logged_at_us: fields.uint("logged_at")?,
            reference: fields.text("ref", REFERENCE_BYTES_MAX)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_round_trips_within_the_limit() {
        for kind in LeafKind::ALL {
            let leaf = Leaf {
                kind,
                outgoing: true,
                core_hash: [1; 32],
                env_sha256: [2; 32],
                env_sm3: [3; 32],
                peer_index: Some(u64::MAX),
                logged_at_us: u64::MAX,
                reference: "R".repeat(REFERENCE_BYTES_MAX),
            };
            let encoded = leaf.encode().expect("encodes");
            assert!(encoded.len() <= LEAF_BYTES_MAX, "{} bytes", encoded.len());
            assert_eq!(Leaf::decode(&encoded), Ok(leaf.clone()));
            let long = Leaf { reference: "R".repeat(REFERENCE_BYTES_MAX + 1), ..leaf };
            assert_eq!(long.encode(), Err(LeafFault(long.reference)));
        }
    }
}
