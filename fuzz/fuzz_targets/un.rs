//! Any bytes as a file of the format `un`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::lists::read_un(bytes) {
        let written = formats::lists::write(&reading.value).0;
        assert!(formats::lists::read_un(&written).is_ok_and(|again| again.value == reading.value));
    }
});
