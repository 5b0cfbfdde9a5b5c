//! Any bytes as a file of the format `goaml`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::goaml::read(bytes) {
        let written = formats::goaml::write(&reading.value).0;
        assert!(formats::goaml::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
