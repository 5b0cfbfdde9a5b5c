//! Any bytes as a file of the format `csv`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::csv::read(bytes) {
        let written = formats::csv::write(&reading.value).0;
        assert!(formats::csv::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
