//! Real bundles read whole, bad ones refused by name, mutated ones never more than refused.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::finding::Severity;

fn sample(name: &str) -> Vec<u8> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/stix").join(name);
    std::fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

#[test]
fn real_bundles_are_read_whole() {
    fn check(name: &str, objects: usize, indicators: usize, observables: usize, relationships: usize) {
        let read = read(&sample(name));
        let bundle = read.value.unwrap_or_else(|| panic!("{name}: {:#?}", read.findings));
        assert_eq!(read.findings, [], "{name}");
        let got = (
            bundle.objects.values().sum::<usize>(),
            bundle.indicators.len(),
            bundle.observables.len(),
            bundle.relationships.len(),
        );
        assert_eq!(got, (objects, indicators, observables, relationships), "{name}");
    }
    check("indicator-for-c2-ip-address.json", 1, 1, 0, 0);
    check("indicator-to-campaign-relationship.json", 3, 1, 0, 1);
    check("indicators-for-C2-with-COA.json", 8, 2, 0, 3);
    check("infrastructure.json", 10, 0, 2, 4);
    check("malicious-email-indicator-with-attachment.json", 6, 2, 0, 2);
    check("poisonivy.json", 155, 25, 0, 90);
}

#[test]
fn an_indicator_keeps_what_an_officer_looks_at() {
    let read = read(&sample("indicator-for-c2-ip-address.json"));
    let bundle = read.value.expect("sound");
    let [indicator] = bundle.indicators.as_slice() else { panic!("one indicator") };
    assert_eq!(indicator.pattern, "[ipv4-addr:value = '10.0.0.0']");
    assert_eq!(indicator.pattern_type, "stix");
}

#[test]
fn bad_bundles_are_refused_by_name() {
    fn check(name: &str, wanted: Severity, code: &str, at: &str) {
        let read = read(&sample(&format!("bad/{name}.json")));
        let hit = read.findings.iter().any(|f| f.severity == wanted && f.code == code && f.at == at);
        assert!(hit, "{name}: {:#?}", read.findings);
        assert_eq!(read.is_sound(), wanted == Severity::Warning, "{name}");
    }
    use Severity::{Error, Warning};
    for (name, severity, code, at) in [
        ("no-id", Error, "missing-property", "/objects/0/id"),
        ("id-prefix", Error, "bad-id", "/objects/0/id"),
        ("id-not-uuid", Error, "bad-id", "/objects/0/id"),
        ("no-pattern", Error, "missing-property", "/objects/0/pattern"),
        ("bad-pattern", Error, "bad-pattern", "/objects/0/pattern"),
        ("modified-before-created", Error, "bad-order", "/objects/0/modified"),
        ("no-z", Error, "bad-time", "/objects/0/created"),
        ("bad-date", Error, "bad-time", "/objects/0/created"),
        ("valid-until-before", Error, "bad-order", "/objects/0/valid_until"),
        ("confidence-range", Error, "bad-value", "/objects/0/confidence"),
        ("empty-list", Error, "empty-list", "/objects/0/labels"),
        ("null-value", Error, "null-value", "/objects/0/description"),
        ("upper-property", Error, "bad-name", "/objects/0/Foo"),
        ("granular-selector", Error, "bad-selector", "/objects/0/granular_markings/0/selectors"),
        ("rel-no-target", Error, "missing-property", "/objects/0/target_ref"),
        ("hash-bad", Error, "bad-hash", "/objects/0/hashes/MD5"),
        ("ipv4-bad", Error, "bad-value", "/objects/0/value"),
        ("stix20-in-21", Error, "missing-property", "/objects/0/spec_version"),
        ("unknown-type", Error, "bad-type", "/objects/0/type"),
        ("tlp-redefined", Error, "redefined-marking", "/objects/0/id"),
        ("same-id-two-bodies", Warning, "same-id", "/objects/1"),
    ] {
        check(name, severity, code, at);
    }
}

#[test]
fn hostile_words_are_data_and_stay_whole() {
    for name in ["scriptname", "bidi", "csv-formula"] {
        let read = read(&sample(&format!("bad/{name}.json")));
        let bundle = read.value.unwrap_or_else(|| panic!("{name}: {:#?}", read.findings));
        assert!(bundle.indicators.iter().any(|indicator| indicator.name.is_some()), "{name}");
    }
}

#[test]
fn what_is_unknown_is_kept() {
    let text = r#"{"type":"bundle","id":"bundle--a2909cb6-33e2-48b4-a9dd-38b869ace913","objects":[
        {"type":"x-acme-thing","id":"x-acme-thing--a2909cb6-33e2-48b4-a9dd-38b869ace913","extra":{"A":[1]}}]}"#;
    let read = read(text.as_bytes());
    assert_eq!(read.findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["unknown-type"]);
    let bundle = read.value.expect("a warning only");
    assert_eq!(bundle.unknown[0]["extra"]["A"][0], 1);
    assert_eq!(bundle.objects["x-acme-thing"], 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes changed, cut out or put in: there is a value exactly when nothing found is an error.
    #[test]
    fn mutated_bundles_never_panic(
        which in 0_usize..4,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..3, any::<u8>()), 1..8),
    ) {
        let names = [
            "indicator-for-c2-ip-address.json",
            "indicators-for-C2-with-COA.json",
            "infrastructure.json",
            "malicious-email-indicator-with-attachment.json",
        ];
        let mut bytes = sample(names[which]);
        for (at, how, byte) in edits {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, b"{}[],:\"\\0-'"[usize::from(byte) % 11]),
                _ => drop(bytes.remove(at)),
            }
        }
        let read = read(&bytes);
        let errors = read.findings.iter().any(|f| f.severity == Severity::Error);
        prop_assert_eq!(read.is_sound(), !errors);
    }

    /// Any text is a pattern or is not; either way the answer comes.
    #[test]
    fn any_text_may_be_asked_for_a_pattern(text in ".{0,200}") {
        let _either = pattern::check(&text);
    }
}
