//! Every way a peer can lie at this level, each with a stable code for the operator's log. It owns the names of the
//! lies and nothing else: not how they are found, nor what the node does about them.

use thiserror::Error;

use crate::cbor::CborError;

/// What a peer (or a file said to come from one) did wrong. No variant carries the peer's content, only its shape.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Misbehaved {
    /// More bytes or elements than the named limit allows.
    #[error("{what} exceeds its limit of {limit_max}: the peer must send less")]
    Oversized {
        /// What was too large.
        what: &'static str,
        /// The limit, in bytes or elements as `what` says.
        limit_max: u64,
    },
    /// The bytes end before what they announce, or a list lacks what its header promises.
    #[error("{0} is truncated: ask the peer to send it again")]
    Truncated(&'static str),
    /// Not the one deterministic encoding of RFC 8949 §4.2.1.
    #[error("bytes are not canonical ({0}): the peer's encoder is wrong or its message was altered")]
    NotCanonical(CborError),
    /// Canonical bytes, but not the closed schema of this message.
    #[error("{what} is malformed at `{field}`: the peer speaks another version or its message was altered")]
    Malformed {
        /// The message.
        what: &'static str,
        /// The field that does not fit.
        field: &'static str,
    },
    /// A format version this software does not know.
    #[error("version {version} of {what} is unknown: one side must be upgraded")]
    UnknownVersion {
        /// The message.
        what: &'static str,
        /// The version found.
        version: u64,
    },
    /// A suite outside the instrument's list. Nothing is negotiated, so this is never retried.
    #[error("algorithm suite {0} is unknown: the instrument allows no other")]
    UnknownSuite(i64),
    /// A public key that is not a usable point of its curve.
    #[error("a {0} public key is not usable: the peer's key set is wrong")]
    BadKey(&'static str),
    /// A signature does not verify under its key.
    #[error("the signature on {0} is wrong: it was altered or signed by another")]
    WrongSignature(&'static str),
    /// Signatures are missing, repeated, unordered or by keys outside the set the instrument demands.
    #[error("{0} is not signed by exactly the keys the instrument demands")]
    WrongSignatureSet(&'static str),
    /// None of the recipients is the key at hand.
    #[error("the envelope is not sealed to this key")]
    UnknownRecipient,
    /// The key at hand is named, but decryption fails.
    #[error("{0} cannot be opened: it was altered or sealed wrongly")]
    WrongSeal(&'static str),
    /// The opened content is not what the signed header committed to.
    #[error("the opened content does not match the signed commitment")]
    CommitmentMismatch,
    /// Padding that is not the one form of this format.
    #[error("the padding is wrong: the peer's software deviates from the format")]
    WrongPadding,
    /// A Merkle proof does not lead to the root.
    #[error("the {0} proof does not lead to the root")]
    WrongProof(&'static str),
    /// An attachment chunk or its place does not match the signed root.
    #[error("attachment chunk {0} does not match the signed root")]
    WrongChunk(u64),
    /// A checkpoint of another log than asked for.
    #[error("the checkpoint is of another log: check the origin in the instrument")]
    WrongOrigin,
    /// Two roots for one size: the log was forked (equivocation). Keep both notes as evidence.
    #[error("the peer's log shows two histories at size {0}: keep both checkpoints as evidence and consult")]
    ForkedLog(u64),
    /// A log shorter than one already seen.
    #[error("the peer's log went back from size {seen} to {shown}: it was restored or rewritten")]
    RolledBack {
        /// The larger size seen earlier, in entries.
        seen: u64,
        /// The size shown now, in entries.
        shown: u64,
    },
}

impl Misbehaved {
    /// The stable kebab-case code of this lie, for logs and alarms. Codes are never reused.
    pub fn code(&self) -> &'static str {
        match self {
            Misbehaved::Oversized { .. } => "oversized",
            Misbehaved::Truncated(_) => "truncated",
            Misbehaved::NotCanonical(_) => "not-canonical",
            Misbehaved::Malformed { .. } => "malformed",
            Misbehaved::UnknownVersion { .. } => "unknown-version",
            Misbehaved::UnknownSuite(_) => "unknown-suite",
            Misbehaved::BadKey(_) => "bad-key",
            Misbehaved::WrongSignature(_) => "wrong-signature",
            Misbehaved::WrongSignatureSet(_) => "wrong-signature-set",
            Misbehaved::UnknownRecipient => "unknown-recipient",
            Misbehaved::WrongSeal(_) => "wrong-seal",
            Misbehaved::CommitmentMismatch => "commitment-mismatch",
            Misbehaved::WrongPadding => "wrong-padding",
            Misbehaved::WrongProof(_) => "wrong-proof",
            Misbehaved::WrongChunk(_) => "wrong-chunk",
            Misbehaved::WrongOrigin => "wrong-origin",
            Misbehaved::ForkedLog(_) => "forked-log",
            Misbehaved::RolledBack { .. } => "rolled-back",
        }
    }
}

impl From<CborError> for Misbehaved {
    fn from(fault: CborError) -> Self {
        match fault {
            CborError::Truncated => Misbehaved::Truncated("cbor"),
            CborError::Oversized { limit_max } => Misbehaved::Oversized { what: "cbor", limit_max },
            other => Misbehaved::NotCanonical(other),
        }
    }
}
