//! The rules of CAP that its schema does not say.

use super::*;

fn alert(change: (&str, &str)) -> String {
    let text = "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>a1</identifier>\
        <sender>a@example.org</sender><sent>2026-01-01T00:00:00+08:00</sent><status>Test</status>\
        <msgType>Alert</msgType><scope>Public</scope><info><language>zh-CN</language><category>Security</category>\
        <event>演习</event><urgency>Unknown</urgency><severity>Unknown</severity><certainty>Unknown</certainty>\
        <expires>2026-01-02T00:00:00+08:00</expires><area><areaDesc>x</areaDesc>\
        <polygon>1,1 2,2 3,1 1,1</polygon><circle>1,1 5</circle></area></info></alert>";
    assert!(text.contains(change.0), "{change:?}");
    text.replacen(change.0, change.1, 1)
}

#[test]
fn each_rule_refuses_by_its_name() {
    fn check(change: (&str, &str), wanted: Option<&str>) {
        let got = read(alert(change).as_bytes());
        assert_eq!(got.as_ref().err().map(|refused| refused.first.code), wanted, "{change:?}: {got:?}");
    }
    for (change, wanted) in [
        (("a1", "a1"), None),
        (("+08:00</sent>", "Z</sent>"), Some("bad-time")),
        (("2026-01-01T", "2026-02-30T"), Some("bad-time")),
        (("a1", "a 1"), Some("bad-id")),
        (("Public", "Restricted"), Some("missing-property")),
        (("Public", "Private"), Some("missing-property")),
        (("<msgType>Alert", "<msgType>Update"), Some("missing-property")),
        (("<scope>", "<scope>Public</scope><scope>"), Some("repeated")),
        (("<scope>Public</scope>", ""), Some("missing-property")),
        (("Test", "Real"), Some("bad-choice")),
        (("<info>", "<references/><info>"), Some("empty-list")),
        (("<info>", "<references>a,b</references><info>"), Some("bad-value")),
        (("<info>", "<references>a,b,2026-01-01T00:00:00+08:00</references><info>"), None),
        (("<info>", "<x/><info>"), Some("unknown")),
        (("<info>", "<x xmlns=\"u\"/><info>"), Some("wrong-namespace")),
        (("1,1 2,2 3,1 1,1", "1,1 2,2 3,1 1,2"), Some("bad-geometry")),
        (("1,1 2,2 3,1 1,1", "1,1 2,2 1,1"), Some("bad-geometry")),
        (("1,1 2,2 3,1 1,1", "91,1 2,2 3,1 91,1"), Some("bad-geometry")),
        (("1,1 5", "1,1 NaN"), Some("bad-geometry")),
        (("1,1 5", "1,1 -5"), Some("bad-geometry")),
        (("cap:1.2", "cap:9"), Some("wrong-namespace")),
        (("cap:1.2", "cap:1.1"), None),
        (("zh-CN", "zh_CN!"), Some("bad-value")),
    ] {
        check(change, wanted);
    }
}

#[test]
fn both_languages_of_an_alert_are_told() {
    let info = "<info><category>Other</category><event>e</event><urgency>Past</urgency><severity>Minor</severity>\
        <certainty>Likely</certainty></info></alert>";
    let text = alert(("</alert>", info));
    assert_eq!(
        read(text.as_bytes()).map(|reading| reading.value.languages()),
        Ok(vec!["zh-CN".into(), "en-US".into()])
    );
}
