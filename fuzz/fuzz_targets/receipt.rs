//! Any bytes as a receipt from a peer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _refused = ledger::receipt::open(bytes, &[]);
});
