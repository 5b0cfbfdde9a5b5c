//! The mandatory tests, each by one document that fails it.

use serde_json::json;

use super::*;

fn advisory() -> Value {
    json!({
        "document": {
            "category": "csaf_base", "csaf_version": "2.0", "title": "t", "lang": "en",
            "publisher": { "category": "vendor", "name": "n", "namespace": "https://example.org" },
            "tracking": {
                "id": "X-1", "status": "final", "version": "2",
                "initial_release_date": "2026-01-01T00:00:00Z", "current_release_date": "2026-01-02T00:00:00Z",
                "revision_history": [
                    { "date": "2026-01-01T00:00:00Z", "number": "1", "summary": "a" },
                    { "date": "2026-01-02T00:00:00Z", "number": "2", "summary": "b" }
                ]
            }
        },
        "product_tree": {
            "full_product_names": [{ "product_id": "A", "name": "a" }, { "product_id": "B", "name": "b" }],
            "product_groups": [{ "group_id": "G", "product_ids": ["A", "B"] }]
        },
        "vulnerabilities": [{ "cve": "CVE-2026-0001", "product_status": { "fixed": ["A"] } }]
    })
}

#[test]
fn each_test_refuses_by_its_name() {
    fn check(at: &str, value: Value, wanted: Option<&str>) {
        let mut whole = advisory();
        *whole.pointer_mut(at).unwrap_or_else(|| panic!("{at}")) = value.clone();
        let got = read(whole.to_string().as_bytes());
        assert_eq!(got.as_ref().err().map(|refused| refused.first.code), wanted, "{at} {value}: {got:?}");
    }
    for (at, value, wanted) in [
        ("/document/title", json!("t"), None),
        ("/document/title", json!(""), Some("empty-list")),
        ("/document/csaf_version", json!("1.2"), Some("wrong-version")),
        ("/document/lang", json!("e_n"), Some("bad-value")),
        ("/document/category", json!("CSAF_VEX2"), Some("bad-choice")),
        ("/document/category", json!("Security Advisory"), Some("bad-choice")),
        ("/document/category", json!("csaf_vex"), Some("missing-property")),
        ("/document/publisher/category", json!("translator"), Some("missing-property")),
        ("/document/tracking/version", json!("1"), Some("conflict")),
        ("/document/tracking/version", json!("2.0.0"), Some("conflict")),
        ("/document/tracking/version", json!("v2"), Some("bad-value")),
        ("/document/tracking/revision_history/0/number", json!("2"), Some("repeated")),
        ("/document/tracking/revision_history/1/number", json!("3"), Some("conflict")),
        ("/document/tracking/revision_history/0/date", json!("2026-01-03T00:00:00Z"), Some("bad-order")),
        ("/document/tracking/initial_release_date", json!("yesterday"), Some("bad-time")),
        ("/product_tree/full_product_names/0/product_id", json!("B"), Some("same-id")),
        ("/product_tree/product_groups/0/product_ids", json!(["C"]), Some("bad-id")),
        ("/vulnerabilities/0/cve", json!("CVE-1"), Some("bad-id")),
        ("/vulnerabilities/0/product_status", json!({"fixed": ["A"], "known_affected": ["A"]}), Some("conflict")),
        ("/vulnerabilities", json!([{"cve": "CVE-2026-0001"}, {"cve": "CVE-2026-0001"}]), Some("repeated")),
        (
            "/vulnerabilities/0",
            json!({"remediations": [{"category": "none_available", "details": "x"}]}),
            Some("missing-property"),
        ),
        ("/document", json!([]), Some("not-this-format")),
        ("/document/tracking/id", json!(5), Some("wrong-kind")),
        ("/document/publisher/namespace", json!("no address"), Some("bad-value")),
        ("/product_tree/product_groups/0/product_ids", json!(["A", "A"]), Some("repeated")),
        ("/vulnerabilities/0", json!({"notes": [{"category": "gossip", "text": "t"}]}), Some("bad-choice")),
        ("/vulnerabilities/0", json!({"involvements": [{"party": "vendor"}]}), Some("missing-property")),
    ] {
        check(at, value, wanted);
    }
}
