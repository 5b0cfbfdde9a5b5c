//! Any bytes as a message of a private matching, or the file of an opening.
#![no_main]

use matching::private::crossed::Tagged;
use matching::private::wire::{Bundle, Evaluated, SentList};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(list) = SentList::decode(bytes) {
        assert_eq!(list.encode(), bytes);
    }
    if let Ok(all) = Evaluated::decode(bytes) {
        assert_eq!(all.encode(), bytes);
    }
    if let Ok(tagged) = Tagged::decode(bytes) {
        assert_eq!(tagged.encode(), bytes);
    }
    if let Ok(bundle) = Bundle::decode(bytes) {
        assert_eq!(bundle.encode(), bytes);
        let _judged = bundle.judge();
    }
});
