//! Any bytes: the strict decoder refuses or round-trips them, and never panics.
#![no_main]
use ledger::cbor::{Limits, decode, encode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = decode(bytes, Limits::bytes(1 << 20)) {
        assert_eq!(encode(&value), bytes, "what is accepted has one form");
    }
});
