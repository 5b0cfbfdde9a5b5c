//! Any bytes as a file of the format `uk`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::lists::read_uk(bytes) {
        let written = formats::lists::write(&reading.value).0;
        assert!(formats::lists::read_uk(&written).is_ok_and(|again| again.value == reading.value));
    }
});
