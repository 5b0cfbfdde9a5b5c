//! A Party's own law as a file: the shipped examples load, and every fault in one is named at its place with its remedy.

use std::path::Path;

use domain::instrument::{SourceFile, is_policy};
use domain::local::Policy;

use crate::gates::instrument;

fn shipped(party: &str) -> SourceFile {
    let name = format!("{party}.toml");
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../instruments/china-uk-2016/policy").join(&name);
    SourceFile { name, text: std::fs::read_to_string(at).expect("a text") }
}

#[test]
fn each_side_has_an_example_that_loads() {
    for (party, questions) in [("gb", 3), ("cn", 3)] {
        let file = shipped(party);
        assert!(is_policy(&file));
        let loaded = Policy::load(&file, &instrument());
        assert_eq!(loaded.findings, [], "{party}");
        let policy = loaded.policy.expect("a policy");
        assert_eq!(policy.party().as_str().to_lowercase(), party);
        assert_eq!(policy.questions().len(), questions, "{party}");
    }
    assert!(!is_policy(&SourceFile { name: "a.toml".into(), text: "[instrument]\nid = \"policy\"\n".into() }));
}

/// One word of the shipped file replaced: the finding says which key, on which line, and what to do.
#[test]
fn every_fault_is_named_at_its_place() {
    fn check(from: &str, to: &str, code: &str, key: &str, remedy: &str) {
        let mut file = shipped("gb");
        let at = file.text.find(from).unwrap_or_else(|| panic!("`{from}` stands in the file"));
        let line = file.text[..at].lines().count() + usize::from(file.text[..at].ends_with('\n'));
        file.text.replace_range(at..at + from.len(), to);
        let loaded = Policy::load(&file, &instrument());
        assert!(loaded.policy.is_none(), "{to} does not load");
        let found = loaded.findings.iter().find(|finding| finding.code == code);
        let found = found.unwrap_or_else(|| panic!("{to}: {code} in {:?}", loaded.findings));
        assert_eq!((found.key.as_str(), found.line), (key, line), "{to}");
        assert!(found.column >= 1 && found.remedy.contains(remedy), "{to}: {}", found.remedy);
    }
    check("party = \"GB\"", "party = \"GE\"", "unknown-party", "policy.party", "GB");
    check("gate = \"SG-8\"", "gate = \"SG-88\"", "unknown-code", "question[1].gate", "SG-8");
    check("roles = [\"legal-reviewer\"]", "roles = [\"lawyer\"]", "unknown-code", "question[3].roles[1]", "");
    check("at = [\"accept\"", "at = [\"acept\"", "unknown-code", "question[1].at[1]", "accept");
    check("types = [\"FUG\", \"IDV\"", "types = [\"FUGG\", \"IDV\"", "unknown-type", "question[2].types[1]", "FUG");
    check("after = \"5 wd\"", "after = \"5 h\"", "bad-span", "shield.after", "wd");
    check("release = \"16:00\"", "release = \"teatime\"", "bad-time", "shield.release", "09:00");
    check("step = \"NO_INFORMATION\"", "step = \"NOTHING\"", "unknown-step", "shield.reply[1].step", "");
    check("ground = \"RF-15\"", "ground = \"RF-12x\"", "unknown-code", "shield.reply[3].ground", "RF-");
    check("id = \"osja\"", "when = \"x > 3\"\nid = \"osja\"", "unknown-key", "question[1].when", "");
    check("[policy]", "[polity]", "unknown-section", "polity", "policy");
}

/// Whoever answers in the fixed form must first be asked whether the person is protected.
#[test]
fn a_shield_without_its_question_does_not_load() {
    let mut file = shipped("gb");
    file.text = file.text.replace("gate = \"SG-9\"", "gate = \"SG-10\"");
    let loaded = Policy::load(&file, &instrument());
    assert!(loaded.policy.is_none());
    assert!(loaded.findings.iter().any(|finding| finding.code == "shield-unasked"), "{:?}", loaded.findings);
}
