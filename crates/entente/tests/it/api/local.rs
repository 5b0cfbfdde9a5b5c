//! Questions of our own law through the interface: asked on one node, answered there, and in nothing that leaves it.
//!
//! Owns a pair of nodes of which the second has a policy. Must not use anything a program outside could not.

use super::*;

/// A request for a person's whereabouts, received by a node with its own law; answers the routes called there.
pub(super) async fn asked_and_answered() -> BTreeSet<(&'static str, &'static str)> {
    let homes = house::pair("api-local");
    let law = entente::shipped::policy(homes[1].instrument().expect("one").id(), &homes[1].config().party);
    homes[1].put_policy(law.expect("the exercise has one")).expect("written");
    let [mut a, mut b] =
        [Side::new(started(&homes[0], Memory::new())).await, Side::new(started(&homes[1], Memory::new())).await];
    let [ours, theirs] = ["GB-NCA", "CN-MPS"].map(|office| OfficeId::new(office).expect("an office"));
    let drafter = a.officer("drafter", &ours, &[Role::Drafter]).await;
    let approver = a.officer("approver", &ours, &[Role::Approver, Role::LegalReviewer]).await;
    let desk = b.officer("desk", &theirs, &[Role::Intake, Role::LegalReviewer, Role::DecisionMaker]).await;
    let chief = b.officer("chief", &theirs, &[Role::DecisionMaker]).await;
    let other = b.officer("other", &OfficeId::new("CN-MOJ").expect("an office"), &[Role::LegalReviewer]).await;
    let rule = a.get(&drafter, "/types/{code}", &["FUG"]).await;
    let case = &submitted(&mut a, &drafter, &approver, "FUG", &rule, &theirs).await;
    carry(&a.app, &b.app).await;

    let none = a.call(&approver, "GET", "/local/{subject}/{act}", &[case, "accept"], Body::empty(), None).await;
    assert_eq!(none.status, 404, "a node without a policy has no such questions");
    let none = b.call(&other, "GET", "/local/{subject}/{act}", &[case, "accept"], Body::empty(), None).await;
    assert_eq!(none.status, 404, "who has no part in the matter is told of none");
    let open = b.get(&desk, "/local/{subject}/{act}", &[case, "accept"]).await;
    let named = |own: &Value| {
        let questions = own["questions"].as_array().expect("questions").iter();
        questions.map(|one| (one["question"].clone(), one["answer"].is_null())).collect::<Vec<_>>()
    };
    assert_eq!(named(&open), [(json!("asylum"), true), (json!("sovereignty"), true)]);
    assert_eq!(open["shielded"], true);

    answer_gates(&mut b, &desk, case, "acknowledge").await;
    let officer = json!({ "id": "desk", "name": "Officer desk", "role": "intake" });
    let receipt = json!({ "Acknowledge": { "reference": "R 1", "officer": officer, "contact": "desk" } });
    let body = json!({ "deed": receipt, "role": "intake" });
    b.done(&desk, "/cases/{id}/acts", &[case], &body).await;
    carry(&b.app, &a.app).await;
    let begun = b.post(&desk, "/cases/{id}/acts", &[case], &json!({ "deed": { "BeginReview": {} } })).await;
    assert_eq!((begun.status, begun.value["code"].as_str()), (409, Some("held-not-before")), "{}", begun.value);
    let early = b.post(&desk, "/local/{subject}/reply", &[case], &Value::Null).await;
    assert_eq!((early.status, early.value["code"].as_str()), (409, Some("held-unanswered")), "{}", early.value);

    let answer = json!({ "finding": "satisfied", "reason": "looked up" });
    let kept = b.done(&desk, "/local/{subject}/{act}/{question}", &[case, "accept", "asylum"], &answer).await;
    assert_eq!(named(&kept)[0], (json!("asylum"), false));
    let alone = b.post(&desk, "/local/{subject}/reply", &[case], &Value::Null).await;
    assert_eq!((alone.status, alone.value["code"].as_str()), (403, Some("four-eyes")), "{}", alone.value);
    b.done(&chief, "/local/{subject}/reply", &[case], &Value::Null).await;
    let waits = b.get(&desk, "/local/{subject}/{act}", &[case, "respond"]).await;
    assert!(waits["reply_leaves_at"].is_string(), "{waits:#}");
    let me = a.app.node().me().clone();
    let mail = b.app.read(move |node, reader, now| node.parcels(reader, &me, now)).await.expect("parcels");
    assert!(mail.is_empty(), "nothing of it is on its way");
    b.called
}
