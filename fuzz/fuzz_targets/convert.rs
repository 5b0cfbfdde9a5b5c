//! Any bytes from any format to any other: the first two bytes choose.
#![no_main]

use domain::menu::Menu;
use formats::convert::{Format, convert};
use formats::record::Context;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [from, to, rest @ ..] = bytes else { return };
    let chosen = |byte: &u8| Format::ALL[usize::from(*byte) % Format::ALL.len()].0;
    let (from, to) = (chosen(from), chosen(to));
    if from.can_become(to) {
        let context = Context { now: "2026-01-31T09:00:00Z".parse().expect("an instant") };
        let _converted = convert(from, to, rest, &context);
    }
});
