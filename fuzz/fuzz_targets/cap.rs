//! Any bytes as a file of the format `cap`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::cap::read(bytes) {
        let written = formats::cap::write(&reading.value).0;
        assert!(formats::cap::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
