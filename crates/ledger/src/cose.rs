//! COSE_Sign (RFC 9052 §4.1) in the one closed form of this product: every unprotected map empty, a key id and an
//! algorithm in each signature's protected header, signatures in ascending order. It owns the signing and the check of
//! the exact signer set; it must not know what the payload is.

use crate::Misbehaved;
use crate::cbor::{self, ITEMS_MAX, Limits, Value};
use crate::keys::{KeyId, SignFault, Signer, Suite, VerifyingKey};
use crate::wire::{Fields, as_int, bytes, int, text};

/// COSE header parameter: content type (RFC 9052 §3.1).
pub(crate) const CONTENT_TYPE: i64 = 3;
const ALG: i64 = 1;
const KID: i64 = 4;
const TAG_SIGN: u64 = 98;
/// Signatures on one message: an office's few officers and the suites of each.
const SIGNATURES_MAX: usize = 16;
/// The largest signature of any suite foreseen (ML-DSA-65 takes 3,309 bytes).
const SIGNATURE_BYTES_MAX: usize = 4096;

/// A COSE_Sign as carried: decoded, not yet verified.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    what: &'static str,
    pub(crate) protected: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    signatures: Vec<Signature>,
}

#[derive(Debug, Clone)]
struct Signature {
    suite: Suite,
    key: KeyId,
    protected: Vec<u8>,
    signature: Vec<u8>,
}

/// Signs `payload` under `protected` with every signer.
pub(crate) fn sign(protected: Vec<u8>, payload: Vec<u8>, signers: &[&dyn Signer]) -> Result<Vec<u8>, SignFault> {
    let mut ordered = signers.to_vec();
    ordered.sort_by_key(|signer| (signer.suite(), signer.key_id()));
    let mut signatures = Vec::with_capacity(ordered.len());
    for signer in ordered {
        let own = own_protected(signer.suite(), signer.key_id());
        let signature = signer.sign(&to_be_signed(&protected, &own, &payload))?;
        signatures.push(Value::Array(vec![Value::Bytes(own), Value::Map(vec![]), Value::Bytes(signature)]));
    }
    let body = vec![Value::Bytes(protected), Value::Map(vec![]), Value::Bytes(payload), Value::Array(signatures)];
    Ok(cbor::encode(&Value::Tag(TAG_SIGN, Box::new(Value::Array(body)))))
}

/// The protected header of a message that needs no more than its content type.
pub(crate) fn content_type(content_type: &str) -> Vec<u8> {
    cbor::encode(&Value::Map(vec![(int(CONTENT_TYPE), text(content_type))]))
}

/// Takes a COSE_Sign apart; `what` names the message in errors.
pub(crate) fn decode(what: &'static str, input: &[u8], bytes_max: usize) -> Result<Signed, Misbehaved> {
    if input.len() > bytes_max {
        return Err(Misbehaved::Oversized { what, limit_max: bytes_max as u64 });
    }
    // The outer shell has few items; the protected header and the payload pass their own gates.
    let limits = Limits { items_max: ITEMS_MAX.min(8 + 4 * (SIGNATURES_MAX + 1)), ..Limits::bytes(bytes_max) };
    let Value::Tag(TAG_SIGN, body) = cbor::decode(input, limits)? else {
        return Err(Misbehaved::Malformed { what, field: "tag" });
    };
    let mut fields = Fields::array(what, "body", *body, 4)?;
    let protected = fields.bytes("protected")?;
    empty_map(&mut fields)?;
    let payload = fields.bytes("payload")?;
    let mut signatures: Vec<Signature> = Vec::new();
    for item in fields.list("signatures", SIGNATURES_MAX)? {
        let next = signature(what, item)?;
        if signatures.last().is_some_and(|last| (last.suite, last.key) >= (next.suite, next.key)) {
            return Err(Misbehaved::WrongSignatureSet(what));
        }
        signatures.push(next);
    }
    Ok(Signed { what, protected, payload, signatures })
}

impl Signed {
    /// The suites in the order signed.
    pub(crate) fn suites(&self) -> impl Iterator<Item = Suite> {
        self.signatures.iter().map(|signature| signature.suite)
    }

    /// The keys that claim to have signed.
    pub(crate) fn signers(&self) -> impl Iterator<Item = KeyId> {
        self.signatures.iter().map(|signature| signature.key)
    }

    /// Demands exactly the signatures of `keys` (in any order of theirs), each of which verifies.
    pub(crate) fn verify(&self, keys: &[VerifyingKey]) -> Result<(), Misbehaved> {
        let mut keys = keys.to_vec();
        keys.sort_by_key(|key| (key.suite(), key.id()));
        keys.dedup();
        let same =
            |(signature, key): (&Signature, &VerifyingKey)| signature.suite == key.suite() && signature.key == key.id();
        let exact = keys.len() == self.signatures.len() && self.signatures.iter().zip(&keys).all(same);
        if keys.is_empty() || !exact {
            return Err(Misbehaved::WrongSignatureSet(self.what));
        }
        for (signature, key) in self.signatures.iter().zip(&keys) {
            let message = to_be_signed(&self.protected, &signature.protected, &self.payload);
            key.verify(self.what, &message, &signature.signature)?;
        }
        Ok(())
    }

    /// Demands that the protected header holds this content type and nothing else.
    pub(crate) fn demand_content_type(&self, wanted: &str) -> Result<(), Misbehaved> {
        let fits = self.protected == content_type(wanted);
        if fits { Ok(()) } else { Err(Misbehaved::Malformed { what: self.what, field: "content type" }) }
    }
}

fn signature(what: &'static str, value: Value) -> Result<Signature, Misbehaved> {
    let mut fields = Fields::array(what, "signature", value, 3)?;
    let protected = fields.bytes("signature header")?;
    empty_map(&mut fields)?;
    let signature = fields.bytes("signature")?;
    if signature.len() > SIGNATURE_BYTES_MAX {
        return Err(Misbehaved::Oversized { what: "signature", limit_max: SIGNATURE_BYTES_MAX as u64 });
    }
    let header = cbor::decode(&protected, Limits::bytes(64))?;
    let mut header = Fields::map(what, "signature header", header, &[ALG, KID])?;
    let alg = as_int(&header.any("alg")?).ok_or(Misbehaved::Malformed { what, field: "alg" })?;
    Ok(Signature { suite: Suite::from_cose_alg(alg)?, key: header.fixed("kid")?, protected, signature })
}

fn empty_map(fields: &mut Fields) -> Result<(), Misbehaved> {
    match fields.any("unprotected")? {
        Value::Map(entries) if entries.is_empty() => Ok(()),
        _ => Err(fields.malformed("unprotected")),
    }
}

fn own_protected(suite: Suite, key: KeyId) -> Vec<u8> {
    cbor::encode(&Value::Map(vec![(int(ALG), int(suite.cose_alg())), (int(KID), bytes(&key))]))
}

/// The Sig_structure of RFC 9052 §4.4 with empty external data.
fn to_be_signed(protected: &[u8], own: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![text("Signature"), bytes(protected), bytes(own), bytes(&[]), bytes(payload)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// COSE WG Examples, eddsa-examples/eddsa-01.json: the `ToBeSign_hex` of its one signer.
    #[test]
    fn sig_structure_of_the_working_group() {
        let wanted = concat!(
            "85695369676e6174757265",
            "43a10300",
            "43a10127",
            "40",
            "54546869732069732074686520636f6e74656e742e"
        );
        let got = to_be_signed(&[0xa1, 0x03, 0x00], &[0xa1, 0x01, 0x27], b"This is the content.");
        assert_eq!(got.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), wanted);
    }
}
