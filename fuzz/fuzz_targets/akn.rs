//! Any bytes as a file of the format `akn`; what is read must come back as it was.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = formats::law::read_akn(bytes) {
        let written = formats::law::write(&reading.value).0;
        assert!(formats::law::read_akn(&written).is_ok_and(|again| again.value == reading.value));
    }
});
