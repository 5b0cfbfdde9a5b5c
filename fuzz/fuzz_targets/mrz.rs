//! Any bytes as a file of the format `mrz`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::mrz::read(bytes) {
        let written = formats::mrz::write(&reading.value).0;
        assert!(formats::mrz::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
