//! Any bytes as a file of the format `clml`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::law::read_clml(bytes) {
        let written = formats::law::write(&reading.value).0;
        assert!(formats::law::read_clml(&written).is_ok_and(|again| again.value == reading.value));
    }
});
