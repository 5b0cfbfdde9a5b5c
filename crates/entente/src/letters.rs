//! Text as people type it, made into the one form in which it is signed: Unicode NFC, without what disturbs a line.
//!
//! Owns the mending of what comes in from an officer's own hand. Must not touch what a peer signed: that is refused.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// The same text in NFC (RFC 8949 leaves the form open; ours is signed byte for byte): an accent typed as a letter of
/// its own, as some systems name files, joins its letter.
#[must_use]
pub fn composed(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}

/// The same for every text and name in a JSON value, whose depth its parser has bounded.
pub fn compose(value: &mut Value) {
    match value {
        Value::String(text) => *text = composed(text),
        Value::Array(items) => items.iter_mut().for_each(compose),
        Value::Object(members) => members.values_mut().for_each(compose),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a letter turns the reading direction of what follows, so that `exe.pdf` could be read as something else, or
/// is no letter at all.
#[must_use]
pub fn disturbs(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_composed_wherever_they_stand() {
        let mut value = serde_json::json!({ "a": ["e\u{301}", 1, { "b": "plain" }] });
        compose(&mut value);
        assert_eq!(value, serde_json::json!({ "a": ["\u{e9}", 1, { "b": "plain" }] }));
    }
}
