//! Real events read whole, bad ones refused by name.

use super::*;

#[test]
fn names_of_files_lead_nowhere() {
    for (name, wanted) in [
        ("../../etc/cron.d/x", "x"),
        ("C:\\Windows\\a.exe", "a.exe"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a\u{202e}txt.exe", "a_txt.exe"),
        ("bar.exe|0123", "0123"),
        ("报告.pdf", "报告.pdf"),
    ] {
        assert_eq!(safe_name(name), wanted, "{name}");
    }
}

#[test]
fn tags_that_disagree_leave_the_stricter() {
    let text = br#"{"info":"t","Tag":[{"name":"tlp:white"},{"name":"TLP:AMBER"},{"name":"x"}]}"#;
    let reading = read(text).expect("a draft of an event");
    assert_eq!(reading.value.marking(0), Some("amber"));
    assert_eq!(reading.value.titles().collect::<Vec<_>>(), ["t"]);
    assert!(reading.findings.iter().any(|finding| finding.code == "conflict"), "{:?}", reading.findings);
}
