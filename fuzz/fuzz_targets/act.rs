//! Any bytes as the canonical form of an act.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(act) = ledger::canon::from_slice::<domain::act::Act>(bytes) {
        assert!(ledger::canon::to_vec(&act).is_ok());
    }
});
