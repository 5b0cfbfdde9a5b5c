//! Any bytes as an envelope from a peer.
#![no_main]
use ledger::envelope::Envelope;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::decode(bytes) {
        let _refused = envelope.verify(&[]);
    }
});
