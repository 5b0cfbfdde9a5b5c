//! Any bytes as a file of the format `csaf`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::csaf::read(bytes) {
        let written = formats::csaf::write(&reading.value).0;
        assert!(formats::csaf::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
