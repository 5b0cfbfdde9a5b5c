//! A private matching through the interface, on both sides, to an audit's opening.
//!
//! Owns a pair of nodes and an invented list. Must not use anything a program outside could not.

use super::*;

/// An identity verified by matching; answers the routes called there.
pub(super) async fn matched() -> BTreeSet<(&'static str, &'static str)> {
    let [mut a, mut b] = two_sides("api-matching").await;
    let [ours, theirs] = ["GB-IE", "CN-NIA"].map(|office| OfficeId::new(office).expect("an office"));
    let drafter = a.officer("drafter", &ours, &[Role::Drafter]).await;
    let approver = a.officer("approver", &ours, &[Role::Approver, Role::LegalReviewer]).await;
    let desk = b.officer("desk", &theirs, &[Role::Intake, Role::LegalReviewer, Role::DecisionMaker]).await;
    let other = b.officer("other", &OfficeId::new("CN-MOJ").expect("an office"), &[Role::DecisionMaker]).await;
    let rule = a.get(&drafter, "/types/{code}", &["IDV"]).await;
    let case = &submitted(&mut a, &drafter, &approver, "IDV", &rule, &theirs).await;
    carry(&a.app, &b.app).await;
    let officer = json!({ "id": "desk", "name": "Officer desk", "role": "intake" });
    let receipt = json!({ "Acknowledge": { "reference": "R 1", "officer": officer, "contact": "desk" } });
    b.done(&desk, "/cases/{id}/acts", &[case], &json!({ "deed": receipt, "role": "intake" })).await;
    carry(&b.app, &a.app).await;

    let by_hand = json!({ "deed": { "Match": { "step": { "epoch": { "key": "00".repeat(32) } } } } });
    let refused = a.post(&approver, "/cases/{id}/acts", &[case], &by_hand).await;
    assert_eq!((refused.status, refused.value["code"].as_str()), (422, Some("use-match")), "{}", refused.value);
    assert_eq!(a.get(&approver, "/cases/{id}/match", &[case]).await["next"], json!(["epoch"]));
    step(&mut a, &approver, case, json!({ "epoch": {} })).await;
    carry(&a.app, &b.app).await;
    let list = json!({ "list": { "records": records() } });
    let strange = b.post(&other, "/cases/{id}/match", &[case], &json!({ "step": list })).await;
    assert_eq!(strange.status, 403, "another office: {}", strange.value);
    step(&mut b, &desk, case, list).await;
    carry(&b.app, &a.app).await;
    step(&mut a, &approver, case, json!({ "evaluate": {} })).await;
    let person = json!({ "surname": "CHAN", "born": "1987-05-03", "sex": "m" });
    let ask = json!({ "step": { "ask": { "person": person } } });
    let unanswered = a.post(&approver, "/cases/{id}/match", &[case], &ask).await;
    assert_eq!(unanswered.value["code"], "gate-unanswered", "{}", unanswered.value);
    let reason = words("one person of one case");
    let gate = json!({ "act": "match", "gate": "SG-17", "finding": "satisfied", "reason": reason });
    a.done(&approver, "/cases/{id}/gates", &[case], &gate).await;
    let asked = step(&mut a, &approver, case, ask["step"].clone()).await;
    assert_eq!((&asked["left_case"], &asked["batches"][0]["found"]), (&json!(64), &Value::Null));
    carry(&a.app, &b.app).await;
    let received = step(&mut b, &desk, case, json!({ "receive": {} })).await;
    assert_eq!(received["batches"][0]["found"][0]["record"], "R-7");
    carry(&b.app, &a.app).await;
    let told = a.get(&approver, "/cases/{id}/match", &[case]).await;
    assert!(told["batches"][0]["received_at"].is_string() && told["batches"][0]["found"].is_null(), "{told:#}");
    step(&mut b, &desk, case, json!({ "draw": { "of": "questions", "batch": 1 } })).await;
    carry(&b.app, &a.app).await;
    step(&mut a, &approver, case, json!({ "share": { "audit": 1 } })).await;
    carry(&a.app, &b.app).await;
    step(&mut b, &desk, case, json!({ "reveal": { "audit": 1 } })).await;
    carry(&b.app, &a.app).await;
    let opened = step(&mut a, &approver, case, json!({ "open": { "audit": 1 } })).await;
    let path = "/cases/{id}/match/openings/{audit}";
    let file = a.call(&approver, "GET", path, &[case, "1"], Body::empty(), None).await;
    let verdict = node::matching::judge_bundle(&file.bytes).expect("an opening");
    assert_eq!(opened["audits"][0]["opened"], verdict.opened.to_string());
    assert_eq!(opened["batches"][0]["transcript"], verdict.subject.to_string());
    let none = b.call(&desk, "GET", path, &[case, "1"], Body::empty(), None).await;
    assert_eq!(none.status, 404, "an opening never crosses");
    let mut called = a.called;
    called.extend(b.called);
    called
}

async fn step(side: &mut Side, token: &str, case: &str, step: Value) -> Value {
    side.done(token, "/cases/{id}/match", &[case], &json!({ "step": step })).await
}

/// A hundred invented persons, one of whom is looked for.
fn records() -> Vec<Value> {
    (0..100)
        .map(|at| match at {
            7 => json!({ "id": "R-7", "name": "陳大文", "born": "1987-03-05", "sex": "m" }),
            _ => json!({ "id": format!("R-{at}"), "name": "王志明", "born": format!("19{:02}-11-20", at % 90) }),
        })
        .collect()
}
