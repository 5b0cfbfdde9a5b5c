//! Any bytes as a file of the format `ical`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::ical::read(bytes) {
        let written = formats::ical::write(&reading.value).0;
        assert!(formats::ical::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
