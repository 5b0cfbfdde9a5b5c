//! Hostile bytes: nothing a peer or a file says may panic, and what is accepted has one form only.

use ledger::cbor::{self, Limits, Value};
use ledger::checkpoint::SignedCheckpoint;
use ledger::envelope::{Envelope, open_authority_seal};
use ledger::keys::{SealPublic, SigningKey, VerifyingKey};
use ledger::leaf::Leaf;
use ledger::note::{Note, NoteKey};
use ledger::tile::{TileKind, TileRef};
use ledger::{canon, receipt};
use proptest::collection::vec;
use proptest::prelude::*;

fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        any::<u64>().prop_map(Value::Uint),
        any::<u64>().prop_map(Value::Nint),
        vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        "[a-z陈é ]{0,30}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    plain.prop_recursive(6, 64, 6, |inner| {
        let entry = (inner.clone(), inner.clone());
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            vec(entry, 0..6).prop_map(distinct),
            (any::<u64>(), inner).prop_map(|(tag, inner)| Value::Tag(tag, Box::new(inner))),
        ]
    })
}

/// A map in key order without repeated keys, as the decoder yields it.
fn distinct(entries: Vec<(Value, Value)>) -> Value {
    let sorted: std::collections::BTreeMap<Vec<u8>, (Value, Value)> =
        entries.into_iter().map(|entry| (cbor::encode(&entry.0), entry)).collect();
    Value::Map(sorted.into_values().collect())
}

/// Offers bytes to every reader of the crate; what is read must be written back as it was.
fn offer(bytes: &[u8]) {
    let key = SigningKey::from_seed([1; 32]).verifying_key();
    if let Ok(value) = cbor::decode(bytes, Limits::bytes(1 << 20)) {
        assert_eq!(cbor::encode(&value), bytes);
    }
    if let Ok(leaf) = Leaf::decode(bytes) {
        assert_eq!(leaf.encode().as_deref(), Ok(bytes));
    }
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.encode(), bytes);
    }
    if let Ok(envelope) = Envelope::decode(bytes) {
        envelope.verify(&[key]).expect_err("nobody signed it");
    }
    if let Ok(checkpoint) = SignedCheckpoint::decode(bytes) {
        assert_eq!(checkpoint.encode(), bytes);
    }
    receipt::open(bytes, &[key]).expect_err("nobody signed it");
    open_authority_seal(bytes, &key).expect_err("nobody signed it");
    drop(canon::from_slice::<VerifyingKey>(bytes));
    drop(canon::from_slice::<Vec<SealPublic>>(bytes));
    for kind in [TileKind::Entries, TileKind::Hashes { level: 1 }] {
        let tile = TileRef::new(kind, 0, 2).expect("in range");
        drop(tile.split_entries(bytes));
        drop(tile.split_hashes(bytes));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        drop(TileRef::parse(text));
        drop(NoteKey::parse(text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn cbor_round_trips(value in value()) {
        let bytes = cbor::encode(&value);
        prop_assert_eq!(cbor::decode(&bytes, Limits::bytes(1 << 20)), Ok(value));
    }

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..600)) {
        offer(&bytes);
    }

    #[test]
    fn any_canonical_value_is_survived(value in value()) {
        offer(&cbor::encode(&value));
        // The shape of a COSE_Sign, so that the readers get past their first check.
        let parts = vec![Value::Bytes(cbor::encode(&value)), Value::Map(vec![]), Value::Bytes(vec![0]), Value::Array(vec![value])];
        offer(&cbor::encode(&Value::Tag(98, Box::new(Value::Array(parts)))));
    }

    #[test]
    fn any_text_is_survived(text in "(tile/|[a-z./+\u{2014} ]|[0-9]|\n){0,80}") {
        offer(text.as_bytes());
    }
}
