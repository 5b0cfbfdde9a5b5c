//! Any bytes as a file of the format `iodef`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::iodef::read(bytes) {
        let written = formats::iodef::write(&reading.value).0;
        assert!(formats::iodef::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
