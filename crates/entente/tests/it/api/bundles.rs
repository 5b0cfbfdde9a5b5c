//! Bundles of indicators that cannot be read: refused by name before anything is saved or signed.
//!
//! Owns the ways a bundle comes in through the interface. What makes one unreadable is tested beside `formats`.

use axum::body::Body;
use domain::act::Role;
use domain::content::FieldValue;
use domain::ids::OfficeId;
use serde_json::{Value, json};
use store::Memory;

use super::{SOUND, Side, started, submitted, words};
use crate::house;

/// Bundles that are bad, each in the one way its name says; those that only carry hostile words are sound.
fn bad() -> Vec<(String, String)> {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/stix/bad");
    let sound = ["scriptname", "bidi", "csv-formula", "same-id-two-bodies"];
    let mut bad = Vec::new();
    for entry in std::fs::read_dir(dir).expect("the folder of bad bundles") {
        let at = entry.expect("an entry").path();
        let name = at.file_stem().expect("a name").to_string_lossy().into_owned();
        if !sound.contains(&name.as_str()) {
            bad.push((name, std::fs::read_to_string(&at).expect("a bundle")));
        }
    }
    assert!(bad.len() >= 20, "the bad bundles are there");
    bad.push(("cut short".to_owned(), SOUND[..SOUND.len() - 3].to_owned()));
    bad.push(("a key twice".to_owned(), SOUND.replacen('{', "{\"type\":\"bundle\",", 1)));
    bad.push(("nested deeply".to_owned(), "[".repeat(10_000)));
    bad.push(("another kind of JSON".to_owned(), "{}".to_owned()));
    bad.push(("no JSON".to_owned(), "192.0.2.1".to_owned()));
    bad
}

fn unreadable(side: &str, name: &str, status: u16, value: &Value) {
    assert_eq!((status, value["code"].as_str()), (422, Some("unreadable-indicators")), "{side}, {name}: {value:#}");
    let finding = value["arguments"]["finding"].as_str().unwrap_or_default();
    assert!(formats::finding::CODES.contains(&finding), "{name}: {value:#}");
    let at = value["arguments"]["at"].as_str().unwrap_or_default();
    for title in ["title_en", "title_zh"] {
        let said = value[title].as_str().unwrap_or_default();
        assert!(!at.is_empty() && said.contains(at) && !said.contains('⟦'), "{name}: {value:#}");
    }
}

#[tokio::test]
async fn a_bundle_that_cannot_be_read_is_neither_saved_nor_signed() {
    let [home, _] = house::pair("api-bundles");
    let mut a = Side::new(started(&home, Memory::new())).await;
    let [ours, theirs] = ["GB-NCA", "CN-MPS"].map(|id| OfficeId::new(id).expect("an office"));
    let drafter = a.officer("drafter", &ours, &[Role::Drafter]).await;
    let approver = a.officer("approver", &ours, &[Role::Approver, Role::LegalReviewer]).await;
    let draft = a.done(&drafter, "/drafts", &[], &json!({ "type_code": "CY-INC", "to": theirs })).await;
    let id = draft["id"].as_str().expect("an id").to_owned();
    for (name, bundle) in bad() {
        let mut request = draft["request"].clone();
        request["title"] = words("kept out with the bundle");
        request["fields"]["indicators"] = json!({ "indicators": bundle });
        let body = Body::from(json!({ "version": 1, "request": request }).to_string());
        let got = a.call(&drafter, "PUT", "/drafts/{id}", &[&id], body, Some("application/json")).await;
        unreadable("saved", &name, got.status, &got.value);
        assert_eq!(a.get(&drafter, "/drafts/{id}", &[&id]).await, draft, "{name}: the draft is as it was");
    }

    let events = a.get(&drafter, "/events", &[]).await;
    let told = &events["events"][0];
    assert_eq!((&told["code"], &told["detail"]), (&json!("call-refused"), &json!("unreadable-indicators")));

    // A draft that has one all the same, from before or from another way in, goes no further.
    let plain = home.node().expect("a node").with_inspection(|_| None);
    let named = id.clone();
    a.app
        .write(move |_, store, env| {
            let mut draft = plain.draft(&*store.reader().expect("a reader"), &named).expect("reads").expect("a draft");
            draft.request.fields.insert("indicators".to_owned(), FieldValue::Indicators("{\"type\":".to_owned()));
            draft.handed_over = true;
            plain.save_draft(store, env, &draft).expect("saved unseen");
        })
        .await;
    let got = a.post(&approver, "/drafts/{id}/submit", &[&id], &json!({})).await;
    unreadable("signed", "smuggled", got.status, &got.value);
    assert_eq!(a.get(&approver, "/cases", &[]).await["cases"], json!([]), "nothing was signed");

    // Nor does one come in later, with missing parts supplied.
    let rule = a.get(&drafter, "/types/{code}", &["CY-INC"]).await;
    let case = submitted(&mut a, &drafter, &approver, "CY-INC", &rule, &theirs).await;
    let fields = json!({ "indicators": { "indicators": "{\"type\":" } });
    let deed = json!({ "Supplement": { "fields": fields, "attachments": [], "note": words("more") } });
    let got = a.post(&approver, "/cases/{id}/acts", &[&case], &json!({ "deed": deed })).await;
    unreadable("supplied", "smuggled", got.status, &got.value);
}
