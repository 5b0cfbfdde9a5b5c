//! Any bytes as a file of the format `geojson`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::geojson::read(bytes) {
        let written = formats::geojson::write(&reading.value).0;
        assert!(formats::geojson::read(&written).is_ok_and(|again| again.value == reading.value));
    }
});
