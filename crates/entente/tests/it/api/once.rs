//! Calls that are repeated: carried out once, also when the node dies between any two of its writes.
//!
//! Owns the striking of commits. Must not know how an answer is kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use domain::act::Role;
use domain::ids::OfficeId;
use domain::menu::Menu;
use entente::api;
use serde_json::{Value, json};
use store::{Faulty, Memory, Strike};

use super::{Side, answer_gates, carry, started, submitted, two_sides, type_of, words};
use crate::house;

#[tokio::test]
async fn a_repeated_call_is_carried_out_once() {
    let [mut a, _b] = two_sides("api-once").await;
    let any = a.app.node().instrument().offices_of(a.app.node().me()).next().expect("an office").id.clone();
    let reader = a.officer("reader", &any, &[Role::Auditor]).await;
    let (code, _, ours, theirs) = type_of(&mut a, &reader).await;
    let token = a.officer("drafter", &ours, &[Role::Drafter]).await;
    let call = |key: &str, to: &str| {
        let body = json!({ "type_code": code, "to": to }).to_string();
        let request = Request::builder().method("POST").uri(format!("{}/drafts", api::ROOT));
        let request =
            request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
        request.header("idempotency-key", key).body(Body::from(body)).expect("a request")
    };
    let first = a.send(call("k1", theirs.as_str())).await;
    let again = a.send(call("k1", theirs.as_str())).await;
    assert_eq!((first.status, &first.value), (again.status, &again.value));
    let another = a.send(call("k2", theirs.as_str())).await;
    assert_ne!(first.value["id"], another.value["id"]);
    let reused = a.send(call("k1", ours.as_str())).await;
    assert_eq!((reused.status, reused.value["code"].as_str()), (422, Some("key-reused")));
    assert_eq!(a.get(&token, "/drafts", &[]).await["drafts"].as_array().map(Vec::len), Some(2));
}

/// What befalls the coming commits; once it is empty, nothing.
type Plan = Arc<Mutex<VecDeque<Strike>>>;

fn keyed(token: &str, path: &str, key: &str, body: &Value) -> Request<Body> {
    let request = Request::builder().method("POST").uri(format!("{}{path}", api::ROOT));
    let request = request.header("authorization", format!("Bearer {token}"));
    let request = request.header("content-type", "application/json").header("idempotency-key", key);
    request.body(Body::from(body.to_string())).expect("a request")
}

/// Two sides of which the commits of the second are struck as planned.
async fn struck(test: &str) -> ([Side; 2], Plan) {
    let [a, b] = house::pair(test);
    let plan = Plan::default();
    let next = Arc::clone(&plan);
    let store =
        Faulty::new(Memory::new(), move || next.lock().expect("nobody panicked").pop_front().unwrap_or(Strike::Pass));
    ([Side::new(started(&a, Memory::new())).await, Side::new(started(&b, store)).await], plan)
}

/// Ways for a node to die around a commit, and whether the caller hears of the first try.
const DEATHS: &[(&[Strike], bool)] = &[
    (&[Strike::Failed], false),
    (&[Strike::FailedButPersisted], false),
    (&[Strike::Pass, Strike::Failed], true),
    (&[Strike::Pass, Strike::FailedButPersisted], true),
];

#[tokio::test]
async fn a_repeated_act_stands_once_whenever_the_node_died() {
    let ([mut a, mut b], plan) = struck("api-struck").await;
    let any: OfficeId = a.app.node().instrument().offices_of(a.app.node().me()).next().expect("an office").id.clone();
    let reader = a.officer("reader", &any, &[Role::Auditor]).await;
    let (code, rule, ours, theirs) = type_of(&mut a, &reader).await;
    let drafter = a.officer("drafter", &ours, &[Role::Drafter]).await;
    let approver = a.officer("approver", &ours, &[Role::Approver, Role::LegalReviewer]).await;
    let everyone: Vec<Role> = Role::ALL.iter().map(|(role, _)| *role).filter(|role| *role != Role::Auditor).collect();
    let other = b.officer("other", &theirs, &everyone).await;
    let case = submitted(&mut a, &drafter, &approver, &code, &rule, &theirs).await;
    carry(&a.app, &b.app).await;
    let person = json!({ "id": "other", "name": "Officer other", "role": "intake" });
    answer_gates(&mut b, &other, &case, "acknowledge").await;
    b.act(&other, &case, json!({ "Acknowledge": { "reference": "R/1", "officer": person, "contact": "desk" } })).await;
    b.act(&other, &case, json!({ "BeginReview": {} })).await;

    for (place, (strikes, heard)) in DEATHS.iter().enumerate() {
        let before = b.get(&other, "/cases/{id}", &[&case]).await["questions"].as_array().map_or(0, Vec::len);
        let body = json!({ "deed": { "Ask": { "question": words("Which one?") } } });
        let call = || keyed(&other, &format!("/cases/{case}/acts"), &format!("key-{place}"), &body);
        plan.lock().expect("nobody panicked").extend(strikes.iter().copied());
        let first = b.send(call()).await;
        assert_eq!(first.status == 201, *heard, "{strikes:?}: {}", first.value);
        // The node comes back, and with it commits that hold.
        plan.lock().expect("nobody panicked").clear();
        let again = b.send(call()).await;
        assert_eq!(again.status, 201, "{strikes:?}: {}", again.value);
        assert!(!heard || first.value == again.value, "{strikes:?}: {} {}", first.value, again.value);
        let after = b.get(&other, "/cases/{id}", &[&case]).await["questions"].as_array().map_or(0, Vec::len);
        assert_eq!(after, before + 1, "{strikes:?}: the question stands once");
    }
}

#[tokio::test]
async fn a_repeated_draft_is_begun_once_whenever_the_node_died() {
    let ([_, mut b], plan) = struck("api-struck-draft").await;
    let any: OfficeId = b.app.node().instrument().offices_of(b.app.node().me()).next().expect("an office").id.clone();
    let reader = b.officer("reader", &any, &[Role::Auditor]).await;
    let (code, _, ours, theirs) = type_of(&mut b, &reader).await;
    let drafter = b.officer("drafter", &ours, &[Role::Drafter]).await;
    let body = json!({ "type_code": code, "to": theirs });
    for (place, (strikes, _)) in DEATHS.iter().enumerate() {
        plan.lock().expect("nobody panicked").extend(strikes.iter().copied());
        b.send(keyed(&drafter, "/drafts", &format!("key-{place}"), &body)).await;
        plan.lock().expect("nobody panicked").clear();
        let again = b.send(keyed(&drafter, "/drafts", &format!("key-{place}"), &body)).await;
        assert_eq!(again.status, 201, "{strikes:?}: {}", again.value);
        let drafts = b.get(&drafter, "/drafts", &[]).await["drafts"].as_array().map_or(0, Vec::len);
        assert_eq!(drafts, place + 1, "{strikes:?}: the draft is there once");
    }
}
