//! Any text as a card from a peer.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _refused = node::Card::from_json(text);
});
