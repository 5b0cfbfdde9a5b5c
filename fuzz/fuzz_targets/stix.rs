//! Any bytes as a STIX bundle.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _read = formats::stix::read(bytes);
});
