//! A bundle of an instrument's files, as a peer sends one: read back as written, or refused.
#![no_main]

use domain::amendment::{bundle, unbundle};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(files) = unbundle(bytes) {
        assert_eq!(bundle(&files).as_bytes(), bytes);
    }
});
