//! The node receipt R1: one signature over a batch says what was received, where it was logged and what became of it.
//! It owns the receipt's bytes; it must not know why an act was parked or refused.

use thiserror::Error;

use crate::Misbehaved;
use crate::cbor::{self, Limits, Value};
use crate::cose;
use crate::keys::{KeyId, SignFault, Signer, VerifyingKey};
use crate::wire::{Fields, bytes, is_name, text};

/// Acts in one receipt: as many as in one batch (wire.md §5.3).
pub const ENTRIES_MAX: usize = 256;
/// The largest receipt, in bytes: 256 entries at their largest, and the checkpoint.
pub const RECEIPT_BYTES_MAX: usize = 128 << 10;
/// The signed checkpoint inside: its note with every cosignature.
const CHECKPOINT_BYTES_MAX: usize = 16 << 10;
/// Party ids and refusal codes, in bytes: identifiers, never prose.
const NAME_BYTES_MAX: usize = 128;

const CONTENT_TYPE: &str = "application/vnd.entente.receipt;v=1";
const VERSION: u64 = 1;
const WHAT: &str = "receipt";

/// What became of an act on arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Durable, and it took effect.
    Accepted,
    /// Durable, and it waits for something before it.
    Parked,
    /// Not taken; the stable code says why.
    Refused {
        /// The code of the refusal.
        code: String,
    },
}

/// One act received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The act's message id.
    pub core_hash: [u8; 32],
    /// Its place in the receiver's log.
    pub log_index: u64,
    /// Logged at, in Unix microseconds by the receiver's clock: the legal time of receipt.
    pub received_at_us: u64,
    /// Hash of the Case's state after the act, for both sides to compare.
    pub state_hash: [u8; 32],
    /// What became of it.
    pub verdict: Verdict,
}

/// A receipt for a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The Party that received.
    pub by: String,
    /// The Party that sent.
    pub to: String,
    /// Signed at, in Unix microseconds.
    pub at_us: u64,
    /// The acts, at least one.
    pub entries: Vec<Entry>,
    /// The receiver's signed checkpoint that covers them.
    pub checkpoint: Vec<u8>,
}

/// Why an own receipt cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReceiptFault {
    /// A field is out of its limits.
    #[error("receipt is not usable: {0}")]
    Field(Misbehaved),
    /// The key failed.
    #[error(transparent)]
    Key(#[from] SignFault),
}

/// Signs a receipt.
///
/// # Errors
/// [`ReceiptFault`]: no entries or too many, a field out of its limits, or a failing key.
pub fn sign(receipt: &Receipt, signer: &dyn Signer) -> Result<Vec<u8>, ReceiptFault> {
    receipt.check().map_err(ReceiptFault::Field)?;
    Ok(cose::sign(cose::content_type(CONTENT_TYPE), receipt.encode(), &[signer])?)
}

/// Opens a peer's receipt: size, strict encoding, exactly the signatures of `keys`, closed schema.
///
/// # Errors
/// [`Misbehaved`].
pub fn open(input: &[u8], keys: &[VerifyingKey]) -> Result<Receipt, Misbehaved> {
    let signed = cose::decode(WHAT, input, RECEIPT_BYTES_MAX)?;
    signed.demand_content_type(CONTENT_TYPE)?;
    signed.verify(keys)?;
    Receipt::decode(&signed.payload)
}

/// The keys that claim to have signed a receipt: to look them up, never to trust.
///
/// # Errors
/// [`Misbehaved`] when it is no receipt.
pub fn signers(input: &[u8]) -> Result<Vec<KeyId>, Misbehaved> {
    Ok(cose::decode(WHAT, input, RECEIPT_BYTES_MAX)?.signers().collect())
}

impl Receipt {
    fn check(&self) -> Result<(), Misbehaved> {
        let malformed = |field| Err(Misbehaved::Malformed { what: WHAT, field });
        let name = |name: &str| is_name(name, NAME_BYTES_MAX);
        if !name(&self.by) || !name(&self.to) {
            return malformed("by");
        }
        if self.entries.is_empty() {
            return malformed("entries");
        }
        if self.entries.len() > ENTRIES_MAX {
            return Err(Misbehaved::Oversized { what: "receipt entries", limit_max: ENTRIES_MAX as u64 });
        }
        if self.checkpoint.len() > CHECKPOINT_BYTES_MAX {
            return Err(Misbehaved::Oversized { what: "checkpoint", limit_max: CHECKPOINT_BYTES_MAX as u64 });
        }
        let named = |entry: &Entry| match &entry.verdict {
            Verdict::Refused { code } => name(code),
            Verdict::Accepted | Verdict::Parked => true,
        };
        if self.entries.iter().all(named) { Ok(()) } else { malformed("verdict") }
    }

    fn encode(&self) -> Vec<u8> {
        let entries = self.entries.iter().map(Entry::value).collect();
        cbor::encode(&Value::Array(vec![
            Value::Uint(VERSION),
            text(&self.by),
            text(&self.to),
            Value::Uint(self.at_us),
            Value::Array(entries),
            bytes(&self.checkpoint),
        ]))
    }

    fn decode(input: &[u8]) -> Result<Receipt, Misbehaved> {
        let value = cbor::decode(input, Limits::bytes(RECEIPT_BYTES_MAX))?;
        let mut fields = Fields::array(WHAT, "body", value, 6)?;
        match fields.uint("version")? {
            VERSION => {}
            version => return Err(Misbehaved::UnknownVersion { what: WHAT, version }),
        }
        let receipt = Receipt {
            by: fields.text("by", NAME_BYTES_MAX)?,
            to: fields.text("to", NAME_BYTES_MAX)?,
            at_us: fields.uint("at")?,
            entries: fields.list("entries", ENTRIES_MAX)?.into_iter().map(entry).collect::<Result<_, _>>()?,
            checkpoint: fields.bytes("checkpoint")?,
        };
        receipt.check()?;
        Ok(receipt)
    }
}

impl Entry {
    fn value(&self) -> Value {
        let verdict = match &self.verdict {
            Verdict::Accepted => vec![Value::Uint(0)],
            Verdict::Parked => vec![Value::Uint(1)],
            Verdict::Refused { code } => vec![Value::Uint(2), text(code)],
        };
        Value::Array(vec![
            bytes(&self.core_hash),
            Value::Uint(self.log_index),
            Value::Uint(self.received_at_us),
            bytes(&self.state_hash),
            Value::Array(verdict),
        ])
    }
}

fn entry(value: Value) -> Result<Entry, Misbehaved> {
    let mut fields = Fields::array(WHAT, "entry", value, 5)?;
    Ok(Entry {
        core_hash: fields.fixed("core_hash")?,
        log_index: fields.uint("log_index")?,
        received_at_us: fields.uint("received_at")?,
        state_hash: fields.fixed("state_hash")?,
        verdict: verdict(fields.any("verdict")?)?,
    })
}

fn verdict(value: Value) -> Result<Verdict, Misbehaved> {
    let malformed = Misbehaved::Malformed { what: WHAT, field: "verdict" };
    let Value::Array(parts) = value else { return Err(malformed) };
    match parts.as_slice() {
        [Value::Uint(0)] => Ok(Verdict::Accepted),
        [Value::Uint(1)] => Ok(Verdict::Parked),
        [Value::Uint(2), Value::Text(code)] => Ok(Verdict::Refused { code: code.clone() }),
        _ => Err(malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;

    fn sample() -> Receipt {
        let entry = |log_index, verdict| Entry {
            core_hash: [1; 32],
            log_index,
            received_at_us: 1_790_000_000_000_000,
            state_hash: [2; 32],
            verdict,
        };
        Receipt {
            by: "GB".into(),
            to: "CN".into(),
            at_us: 1_790_000_000_000_001,
            entries: vec![
                entry(4, Verdict::Accepted),
                entry(5, Verdict::Parked),
                entry(6, Verdict::Refused { code: "unknown-thread".into() }),
            ],
            checkpoint: b"origin\n1\nroot\n".to_vec(),
        }
    }

    #[test]
    fn opens_and_every_altered_byte_is_refused() {
        let key = SigningKey::from_seed([1; 32]);
        let other = SigningKey::from_seed([2; 32]).verifying_key();
        let keys = [key.verifying_key()];
        let signed = sign(&sample(), &key).expect("signs");
        assert_eq!(open(&signed, &keys), Ok(sample()));
        assert_eq!(signers(&signed), Ok(vec![key.key_id()]));
        assert_eq!(open(&signed, &[other]), Err(Misbehaved::WrongSignatureSet(WHAT)));
        assert_eq!(open(&signed, &[keys[0], other]), Err(Misbehaved::WrongSignatureSet(WHAT)));
        assert_eq!(open(&signed, &[]), Err(Misbehaved::WrongSignatureSet(WHAT)));
        for at in 0..signed.len() {
            let mut altered = signed.clone();
            altered[at] ^= 0x01;
            open(&altered, &keys).expect_err("an altered receipt");
            open(&signed[..at], &keys).expect_err("a cut receipt");
        }
    }

    #[test]
    fn limits_hold_on_both_sides() {
        let key = SigningKey::from_seed([1; 32]);
        let check = |receipt: Receipt, code| match sign(&receipt, &key) {
            Err(ReceiptFault::Field(fault)) => assert_eq!(fault.code(), code),
            other => panic!("{other:?}"),
        };
        let full = Receipt { entries: vec![sample().entries[2].clone(); ENTRIES_MAX], ..sample() };
        let signed = sign(&full, &key).expect("a full batch fits");
        assert_eq!(open(&signed, &[key.verifying_key()]), Ok(full.clone()));
        check(Receipt { entries: vec![full.entries[0].clone(); ENTRIES_MAX + 1], ..full }, "oversized");
        check(Receipt { entries: vec![], ..sample() }, "malformed");
        check(Receipt { checkpoint: vec![0; CHECKPOINT_BYTES_MAX + 1], ..sample() }, "oversized");
        check(Receipt { by: "a\nb".into(), ..sample() }, "malformed");
    }
}
