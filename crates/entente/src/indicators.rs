//! The reading of a bundle of indicators before it is saved or signed: here formats and domain meet.
//!
//! Owns the turn from what `formats` finds to what the clerk refuses by. Must not judge anything else of a request.

use formats::stix;
use node::Unreadable;

/// Most characters of a place repeated: it may hold names out of the bundle.
const AT_CHARS_MAX: usize = 120;

/// What keeps a bundle from being read, if anything does.
#[must_use]
pub fn inspect(json: &str) -> Option<Unreadable> {
    let read = stix::read(json.as_bytes());
    let first = read.first_error()?;
    // The whole file has no place of its own; its beginning is where a person looks.
    let at = if first.at.is_empty() { "1:1" } else { first.at.as_str() };
    Some(Unreadable { finding: first.code, at: at.chars().take(AT_CHARS_MAX).collect(), count: read.errors })
}

#[cfg(test)]
mod tests {
    use domain::menu::Menu;

    use super::*;
    use crate::i18n::Tongue;

    /// What is wrong is said in words of its own for every code, in every language, with place and count.
    #[test]
    fn every_finding_has_words_of_its_own() {
        let say = |tongue: Tongue, code: &str| {
            let args: [(&'static str, &dyn std::fmt::Display); 4] =
                [("field", &"indicators"), ("finding", &code), ("at", &"/objects/7/id"), ("count", &3)];
            tongue.with("refusal-unreadable-indicators", &args)
        };
        for (tongue, lang) in Tongue::ALL {
            let general = say(*tongue, "no-such-finding");
            for code in formats::finding::CODES {
                let said = say(*tongue, code);
                assert!(said != general && !said.contains('⟦'), "{code} in {lang}: {said}");
                assert!(said.contains("/objects/7/id") && said.contains('3'), "{code} in {lang}: {said}");
            }
        }
    }

    #[test]
    fn a_sound_bundle_is_passed_and_a_cut_one_is_named() {
        let whole = include_str!("../../../testdata/stix/indicator-for-c2-ip-address.json");
        assert_eq!(inspect(whole), None);
        let cut = inspect(&whole[..whole.len() / 2]).expect("half a bundle is none");
        assert_eq!((cut.finding, cut.count), ("not-json", 1));
        assert_eq!(inspect("[]").map(|found| found.at), Some("1:1".to_owned()));
    }
}
