//! Any bytes as a signed checkpoint, and as a leaf of a log.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = ledger::checkpoint::SignedCheckpoint::decode(bytes) {
        assert_eq!(note.encode(), bytes);
    }
    let _refused = ledger::leaf::Leaf::decode(bytes);
});
