//! Any bytes as a STIX bundle; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _read = formats::stix::read(bytes);
    if let Ok(reading) = formats::stix::document(bytes) {
        let written = formats::stix::write(&reading.value).0;
        assert!(formats::stix::document(&written).is_ok_and(|again| again.value == reading.value));
    }
});
