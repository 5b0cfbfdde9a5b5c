//! Any text as an instrument file.
#![no_main]
use domain::instrument::{Instrument, SourceFile};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _findings = Instrument::load(&[SourceFile { name: "instrument.toml".into(), text: text.into() }]);
});
