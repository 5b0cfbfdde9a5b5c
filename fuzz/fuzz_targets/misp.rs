//! Any bytes as a file of the format `misp`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::misp::read(bytes) {
        let written = formats::misp::write(&reading.value).0;
        assert!(formats::misp::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
