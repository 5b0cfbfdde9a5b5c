//! The programs' interface: a whole case through it on both sides, every route as its description says, and refusals.
//!
//! Owns two nodes in memory with people and tokens. Must not use anything a program outside could not: mail between the
//! two nodes apart, which is carried here by hand.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use domain::act::Role;
use domain::ids::{Hash32, OfficeId, OfficerId};
use domain::menu::Menu;
use domain::text::Lang;
use entente::api::{self, Gives, JSON_BYTES_MAX, ROUTES};
use entente::app::{App, Clock, Parts};
use entente::home::Home;
use http_body_util::BodyExt;
use hyper_util::service::TowerToHyperService;
use node::people::Officer;
use serde_json::{Value, json};
use store::{Memory, MemoryChunks, Store};

use crate::house;

mod bundles;
mod local;
mod matching;
mod once;
mod schema;

/// A bundle that can be read.
const SOUND: &str = include_str!("../../../../testdata/stix/indicator-for-c2-ip-address.json");

/// One node, its interface, and what was called of it.
struct Side {
    app: App,
    router: axum::Router,
    doc: Value,
    called: BTreeSet<(&'static str, &'static str)>,
}

/// What came back.
struct Got {
    status: u16,
    value: Value,
    bytes: Vec<u8>,
}

impl Side {
    async fn new(app: App) -> Self {
        let router = api::router(app.clone());
        let mut side = Self { app, router, doc: Value::Null, called: BTreeSet::new() };
        side.doc = side.call("", "GET", "/openapi.json", &[], Body::empty(), None).await.value;
        side
    }

    async fn officer(&self, id: &str, office: &OfficeId, roles: &[Role]) -> String {
        let officer = Officer {
            id: OfficerId::new(id).expect("an id"),
            name: format!("Officer {id}"),
            office: office.clone(),
            roles: roles.to_vec(),
            lang: Lang::new("en").expect("a language"),
            second_track: false,
        };
        let write = self.app.write(move |node, store, env| {
            node.put_officer(store, env, &officer)?;
            node.issue_token(store, env, &officer.id, "test")
        });
        write.await.expect("a token")
    }

    /// Calls a route by its template and holds the answer against the description.
    async fn call(
        &mut self,
        token: &str,
        verb: &'static str,
        path: &'static str,
        names: &[&str],
        body: Body,
        kind: Option<&str>,
    ) -> Got {
        let (template, query) = path.split_once('?').unwrap_or((path, ""));
        let mut names = names.iter();
        let parts =
            template.split('/').map(|part| if part.starts_with('{') { names.next().expect("a name") } else { part });
        let mut uri = format!("{}{}", api::ROOT, parts.collect::<Vec<_>>().join("/"));
        if !query.is_empty() {
            uri = format!("{uri}?{query}");
        }
        let mut request = Request::builder().method(verb).uri(uri).header("authorization", format!("Bearer {token}"));
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let got = self.send(request.body(body).expect("a request")).await;
        let route =
            ROUTES.iter().find(|route| route.verb == verb && route.path == template).expect("a documented route");
        let told = match got.status {
            200..=299 => {
                self.called.insert((route.verb, route.path));
                let (status, told) = match route.gives {
                    Gives::Nothing => (204, None),
                    Gives::Json(status, shape) => (status, Some(shape)),
                    Gives::File | Gives::Calendar | Gives::Description => (200, None),
                };
                assert_eq!(got.status, status, "{verb} {path}: {}", got.value);
                told
            }
            _ => Some("Problem"),
        };
        if let Some(shape) = told {
            let wrong = schema::faults(&self.doc, shape, &got.value);
            assert_eq!(wrong, Vec::<String>::new(), "{verb} {path}: {:#}", got.value);
        }
        got
    }

    async fn send(&self, request: Request<Body>) -> Got {
        let service = TowerToHyperService::new(self.router.clone());
        let answer = hyper::service::Service::call(&service, request).await.expect("an answer");
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes().to_vec();
        Got { status, value: serde_json::from_slice(&bytes).unwrap_or(Value::Null), bytes }
    }

    async fn get(&mut self, token: &str, path: &'static str, names: &[&str]) -> Value {
        let got = self.call(token, "GET", path, names, Body::empty(), None).await;
        assert_eq!(got.status, 200, "GET {path}: {}", got.value);
        got.value
    }

    async fn post(&mut self, token: &str, path: &'static str, names: &[&str], body: &Value) -> Got {
        self.call(token, "POST", path, names, Body::from(body.to_string()), Some("application/json")).await
    }

    async fn done(&mut self, token: &str, path: &'static str, names: &[&str], body: &Value) -> Value {
        let got = self.post(token, path, names, body).await;
        assert!(got.status < 300, "POST {path}: {} {:#}", got.status, got.value);
        got.value
    }

    async fn act(&mut self, token: &str, case: &str, deed: Value) -> Value {
        self.done(token, "/cases/{id}/acts", &[case], &json!({ "deed": deed })).await
    }
}

/// Carries all mail from one node to the other, files first, and the receipts back.
pub(crate) async fn carry(from: &App, to: &App) {
    let (sender, receiver) = (from.node().me().clone(), to.node().me().clone());
    loop {
        let peer = receiver.clone();
        let parcels = from.read(move |node, reader, now| node.parcels(reader, &peer, now)).await.expect("parcels");
        if parcels.is_empty() {
            return;
        }
        for parcel in parcels {
            for file in parcel.attachments {
                let root = Hash32(file.root);
                let hashes = from.read(move |node, reader, _| node.blob_list(reader, &root)).await.expect("a list");
                let (author, ours, theirs) = (sender.clone(), from.chunks(), to.chunks());
                to.write(move |node, store, env| {
                    node.blob_wanted(store, env, &*theirs, &author, &file, &hashes).expect("wanted");
                    for index in 0..file.chunks() {
                        let chunk = ours.get(&root, index).expect("read").expect("there");
                        let reader = store.reader().expect("a reader");
                        node.blob_chunk(&*reader, &*theirs, &root, index, &chunk).expect("kept");
                    }
                })
                .await;
            }
            let (author, chunks) = (sender.clone(), to.chunks());
            let receipt = to
                .write(move |node, store, env| {
                    node.receive(store, env, &*chunks, &author, std::slice::from_ref(&parcel.bytes))
                })
                .await
                .expect("a receipt");
            let peer = receiver.clone();
            from.write(move |node, store, env| node.receipted(store, env, &peer, &receipt)).await.expect("kept");
        }
    }
}

async fn two_sides(test: &str) -> [Side; 2] {
    let [a, b] = house::pair(test);
    [Side::new(started(&a, Memory::new())).await, Side::new(started(&b, Memory::new())).await]
}

fn started(home: &Home, store: impl Store + 'static) -> App {
    let (store, chunks) = (Box::new(store), Arc::new(MemoryChunks::default()));
    let (node, folder) = (home.node().expect("a node"), home.dir().to_owned());
    App::start(Parts { node, store, chunks, clock: Clock::real(), demo: None, folder }).expect("an app")
}

fn words(text: &str) -> Value {
    json!({ "original": "en", "texts": { "en": text, "zh": format!("译文 {text}") } })
}

/// A value for a field, from what the interface says of it.
fn value_for(field: &Value) -> Value {
    match field["kind"].as_str().expect("a kind") {
        "prose" => json!({ "prose": words("what happened") }),
        "line" => json!({ "line": "192.0.2.1" }),
        "choice" => json!({ "choice": field["options"][0]["code"] }),
        "date" => json!({ "date": "2026-01-05" }),
        "interval" => json!({ "interval": { "from": "2026-01-05T00:00:00Z", "to": "2026-01-06T00:00:00Z" } }),
        "yes-no" => json!({ "yes-no": true }),
        "penalty" => json!({ "penalty": { "years-max": 5 } }),
        "indicators" => json!({ "indicators": SOUND }),
        "person" => json!({ "person": {
            "names": ["Invented Person"], "born": { "year": 1984, "month": null, "day": null }, "birthplace": "",
            "sex": "unstated", "nationalities": [], "documents": [],
        } }),
        "office" => json!({ "office": "GB-NCA" }),
        "place" => json!({ "place": { "words": "an invented place", "position": null } }),
        "money" => json!({ "money": { "amount": "10.50", "currency": "GBP" } }),
        "items" => json!({ "items": ["one", "two"] }),
        "parallel" => json!({ "parallel": words("the text") }),
        other => panic!("a type in force has a field of kind {other}"),
    }
}

/// The taking of evidence, which goes through every stage of assistance; an office that may send it, and one of the other
/// side that may receive it.
async fn type_of(side: &mut Side, token: &str) -> (String, Value, OfficeId, OfficeId) {
    let instrument = side.get(token, "/instrument", &[]).await;
    let us = side.app.node().me().clone();
    for line in instrument["types"].as_array().expect("types") {
        let code = line["code"].as_str().expect("a code").to_owned();
        let rule = side.get(token, "/types/{code}", &[&code]).await;
        let offices = |list: &str| {
            let ids = rule[list].as_array().cloned().unwrap_or_default();
            ids.iter().map(|id| OfficeId::new(id.as_str().expect("an id")).expect("an office")).collect::<Vec<_>>()
        };
        if code != "MLA-EVD" {
            continue;
        }
        let (send, receive) = (offices("may_send"), offices("may_receive"));
        let ours = send.into_iter().find(|office| office.party() == us);
        let theirs = receive.into_iter().find(|office| office.party() != us);
        // Only the procedure of a request has every stage the test walks through.
        let asks = rule["procedure"] == "assistance";
        if let ("on", true, Some(ours), Some(theirs)) =
            (rule["status"].as_str().unwrap_or_default(), asks, ours, theirs)
        {
            return (code, rule, ours, theirs);
        }
    }
    panic!("no type is in force")
}

/// Everything needed to submit, by two officers; answers the case.
async fn submitted(a: &mut Side, drafter: &str, approver: &str, code: &str, rule: &Value, to: &OfficeId) -> String {
    let draft = a.done(drafter, "/drafts", &[], &json!({ "type_code": code, "to": to })).await;
    let id = draft["id"].as_str().expect("an id").to_owned();
    let early = a.post(drafter, "/drafts/{id}/handover", &[&id], &Value::Null).await;
    assert_eq!((early.status, early.value["code"].as_str()), (422, Some("incomplete")));
    assert!(early.value["missing"].as_array().is_some_and(|missing| !missing.is_empty()));

    let mut request = draft["request"].clone();
    request["title"] = words("A matter");
    request["purpose"] = words("To find out");
    request["urgency_reason"] = words("It will not wait");
    request["needed_by"] = "2027-01-05".into();
    request["contact"] = "desk, any hour".into();
    request["legal_basis"] = words("Article 4");
    for field in rule["fields"].as_array().expect("fields").iter().filter(|field| field["required"] == true) {
        request["fields"][field["id"].as_str().expect("an id")] = value_for(field);
    }
    let save = json!({ "version": 1, "request": request }).to_string();
    let saved =
        a.call(drafter, "PUT", "/drafts/{id}", &[&id], Body::from(save.clone()), Some("application/json")).await;
    assert_eq!(saved.value["missing"], json!([]), "{:#}", saved.value);
    let stale = a.call(drafter, "PUT", "/drafts/{id}", &[&id], Body::from(save), Some("application/json")).await;
    assert_eq!((stale.status, stale.value["code"].as_str()), (409, Some("changed")));

    let file =
        a.call(drafter, "POST", "/drafts/{id}/attachments?name=a%20b.txt", &[&id], Body::from("hello"), None).await;
    let spare = a.call(drafter, "POST", "/drafts/{id}/attachments?name=spare", &[&id], Body::from(""), None).await;
    assert_eq!((file.status, spare.status), (201, 201));
    let root = spare.value["root"].as_str().expect("a root");
    let office = OfficeId::new(draft["office"].as_str().expect("an office")).expect("an office");
    let both = a.officer("both", &office, &[Role::Drafter, Role::Approver]).await;
    a.call(&both, "DELETE", "/drafts/{id}/attachments/{root}", &[&id, root], Body::empty(), None).await;

    let draft = a.done(drafter, "/drafts/{id}/handover", &[&id], &Value::Null).await;
    assert!(draft["request"]["attachments"][0].get("key").is_none(), "an attachment's key stays in the house");
    for gate in draft["gates_needed"].as_array().expect("gates") {
        let answer = json!({ "gate": gate, "finding": "satisfied", "reason": words("looked at") });
        let own = a.post(drafter, "/drafts/{id}/gates", &[&id], &answer).await;
        assert_eq!(own.value["code"], "four-eyes");
        a.done(approver, "/drafts/{id}/gates", &[&id], &answer).await;
    }
    let check = a.done(drafter, "/drafts/{id}/check", &[&id], &Value::Null).await;
    assert_eq!((&check["complete"], &check["gates_unanswered"]), (&json!(true), &json!([])));
    let own = a.post(drafter, "/drafts/{id}/submit", &[&id], &json!({})).await;
    assert_eq!((own.status, own.value["code"].as_str()), (403, Some("four-eyes")));
    let took_out = a.post(&both, "/drafts/{id}/submit", &[&id], &json!({})).await;
    assert_eq!((took_out.status, took_out.value["code"].as_str()), (403, Some("four-eyes")), "a file is words too");
    let done = a.done(approver, "/drafts/{id}/submit", &[&id], &json!({})).await;
    done["case"].as_str().expect("a case").to_owned()
}

/// Whether a step stands on the plain way: required, or what a required one follows; one of each choice.
fn taken(step: &Value) -> bool {
    step["required"] == true
}

/// Answers every safeguard an act of a case waits for.
async fn answer_gates(side: &mut Side, token: &str, case: &str, act: &str) {
    let file = side.get(token, "/cases/{id}", &[case]).await;
    let gates: Vec<Value> = file["gates"].as_array().expect("gates").clone();
    for line in gates.iter().filter(|line| line["act"] == act) {
        let reason = words("looked at in this case");
        let answer = json!({ "act": act, "gate": line["gate"], "finding": "satisfied", "reason": reason });
        side.done(token, "/cases/{id}/gates", &[case], &answer).await;
    }
}

/// An answer written by one, read and answered for by another, sent back once, and signed by a third.
async fn prepared(side: &mut Side, [writer, signer, reviewer]: [&str; 3], case: &str, deed: &Value, content: &str) {
    const AT: &str = "/cases/{id}/prepared/{act}";
    let json = Some("application/json");
    let at = [case, "respond"];
    let saved = json!({ "over": 0, "deed": deed }).to_string();
    let saved = side.call(writer, "PUT", AT, &at, Body::from(saved), json).await;
    assert_eq!(
        (&saved.value["version"], &saved.value["standing"]),
        (&json!(1), &json!("writing")),
        "{:#}",
        saved.value
    );
    let early = side.post(signer, "/cases/{id}/prepared/{act}/sign", &at, &json!({ "version": 1, "saved": 1 })).await;
    assert_eq!((early.status, early.value["code"].as_str()), (409, Some("unprepared")));
    side.done(writer, "/cases/{id}/prepared/{act}/handover", &at, &json!({ "version": 1 })).await;
    let listed = side.get(reviewer, "/prepared", &[]).await;
    assert_eq!(listed["prepared"].as_array().map(Vec::len), Some(1));
    let read = side.get(reviewer, AT, &at).await;
    let file = &read["deed"]["Respond"]["attachments"][0];
    assert!(file.get("key").is_none(), "an attachment's key stays in the house");
    let root = file["root"].as_str().expect("a root");
    let path = "/cases/{id}/prepared/{act}/attachments/{root}";
    let given = side.call(reviewer, "GET", path, &[case, "respond", root], Body::empty(), None).await;
    assert_eq!(given.bytes, content.as_bytes(), "who reviews it can read what leaves with it");
    for gate in read["gates_unanswered"].as_array().expect("gates") {
        let reason = words("looked at these very words");
        let mut answer = json!({ "version": 7, "gate": gate, "finding": "satisfied", "reason": reason });
        let stale = side.post(reviewer, "/cases/{id}/prepared/{act}/gates", &at, &answer).await;
        assert_eq!((stale.status, stale.value["code"].as_str()), (409, Some("changed")));
        answer["version"] = json!(1);
        side.done(reviewer, "/cases/{id}/prepared/{act}/gates", &at, &answer).await;
    }
    let back = json!({ "version": 1, "reason": "which?" });
    let back = side.done(signer, "/cases/{id}/prepared/{act}/back", &at, &back).await;
    assert_eq!((&back["standing"], &back["returned"]["reason"]), (&json!("returned"), &json!("which?")));
    // The same words handed over again: what was answered for them still stands.
    let same = json!({ "over": 1, "deed": deed, "hand_over": true }).to_string();
    let same = side.call(writer, "PUT", AT, &at, Body::from(same), json).await;
    assert_eq!((&same.value["version"], &same.value["gates_unanswered"]), (&json!(1), &json!([])), "{:#}", same.value);
    let read = side.get(signer, AT, &at).await;
    assert_eq!(read["moved"], 0);
    let sign = json!({ "version": 1, "saved": read["saved"] });
    let own = side.post(writer, "/cases/{id}/prepared/{act}/sign", &at, &sign).await;
    assert_eq!((own.status, own.value["code"].as_str()), (403, Some("four-eyes")));
    let spare =
        json!({ "over": 0, "deed": { "Interim": { "answer": words("so far"), "attachments": [] } } }).to_string();
    side.call(writer, "PUT", AT, &[case, "interim"], Body::from(spare), json).await;
    let gone = "/cases/{id}/prepared/{act}?version=1";
    side.call(writer, "DELETE", gone, &[case, "interim"], Body::empty(), None).await;
    let before = json!({ "version": 1, "saved": 1 });
    let stale = side.post(signer, "/cases/{id}/prepared/{act}/sign", &at, &before).await;
    assert_eq!((stale.status, stale.value["code"].as_str()), (409, Some("changed")), "answers were given since");
    side.done(signer, "/cases/{id}/prepared/{act}/sign", &at, &sign).await;
}

/// A report computed, proposed under its line, and computed again from the case.
async fn report(a: &mut Side, b: &mut Side) {
    let instrument = a.app.node().instrument().clone();
    let rule = instrument.types().values().find(|rule| rule.reports.is_some()).expect("a type").clone();
    let of = |side: &Side, list: &[OfficeId]| list.iter().find(|id| id.party() == *side.app.node().me()).cloned();
    let ours = of(a, &rule.may_send).expect("an office");
    let theirs = of(b, &rule.may_receive).expect("an office");
    let drafter = a.officer("reporter", &ours, &[Role::Drafter]).await;
    let approver = a.officer("chair", &ours, &[Role::Approver, Role::LegalReviewer]).await;
    let computed = a.get(&approver, "/report", &[]).await;
    let draft = a.done(&drafter, "/drafts", &[], &json!({ "type_code": rule.code, "to": theirs })).await;
    let id = draft["id"].as_str().expect("an id").to_owned();
    let mut request = draft["request"].clone();
    request["title"] = words("A report");
    request["purpose"] = words("To review");
    request["contact"] = "desk".into();
    request["fields"][rule.reports.as_deref().expect("a field")] = json!({ "line": computed["line"] });
    let save = Body::from(json!({ "version": 1, "request": request }).to_string());
    let saved = a.call(&drafter, "PUT", "/drafts/{id}", &[&id], save, Some("application/json")).await;
    assert_eq!(saved.value["missing"], json!([]), "{:#}", saved.value);
    let draft = a.done(&drafter, "/drafts/{id}/handover", &[&id], &Value::Null).await;
    for gate in draft["gates_needed"].as_array().expect("gates") {
        let answer = json!({ "gate": gate, "finding": "satisfied", "reason": words("looked at") });
        a.done(&approver, "/drafts/{id}/gates", &[&id], &answer).await;
    }
    let done = a.done(&approver, "/drafts/{id}/submit", &[&id], &json!({})).await;
    let case = done["case"].as_str().expect("a case");
    let found = a.get(&approver, "/cases/{id}/report", &[case]).await;
    assert_eq!((&found["standing"], &found["line"]), (&json!("same"), &computed["line"]));
    assert_eq!(found["computed"]["sha256"], computed["sha256"]);
}

/// Both sides have the same status report, with the same hash, and each its own part beside it.
async fn same_report((a, reader): (&mut Side, &str), (b, other): (&mut Side, &str), case: &str) {
    let (ours, theirs) =
        (a.get(reader, "/cases/{id}/status", &[case]).await, b.get(other, "/cases/{id}/status", &[case]).await);
    assert_eq!((&ours["shared"], &ours["hash"]), (&theirs["shared"], &theirs["hash"]));
    assert_ne!(ours["here"], theirs["here"]);
}

#[tokio::test]
async fn a_whole_case_goes_through_and_every_route_answers_as_described() {
    let [mut a, mut b] = two_sides("api-case").await;
    let instrument = a.app.node().instrument().clone();
    let any_a = instrument.offices_of(a.app.node().me()).next().expect("an office").id.clone();
    let reader = a.officer("reader", &any_a, &[Role::Auditor]).await;
    let (code, rule, ours, theirs) = type_of(&mut a, &reader).await;
    let drafter = a.officer("drafter", &ours, &[Role::Drafter]).await;
    let approver = a.officer("approver", &ours, &[Role::Approver, Role::LegalReviewer]).await;
    let everyone: Vec<Role> = Role::ALL.iter().map(|(role, _)| *role).filter(|role| *role != Role::Auditor).collect();
    let other = b.officer("other", &theirs, &everyone).await;
    let second = b.officer("second", &theirs, &[Role::LegalReviewer, Role::DecisionMaker]).await;
    let third = b.officer("third", &theirs, &[Role::LegalReviewer]).await;

    let spare = a.done(&drafter, "/drafts", &[], &json!({ "type_code": code, "to": theirs })).await;
    a.get(&drafter, "/drafts", &[]).await;
    let spare = spare["id"].as_str().expect("an id");
    a.get(&approver, "/drafts/{id}", &[spare]).await;
    a.call(&drafter, "DELETE", "/drafts/{id}", &[spare], Body::empty(), None).await;
    let case = submitted(&mut a, &drafter, &approver, &code, &rule, &theirs).await;
    let case = case.as_str();

    carry(&a.app, &b.app).await;
    let waiting = b.get(&other, "/cases?waiting_us=true&limit=1", &[]).await;
    assert_eq!(waiting["cases"][0]["case"], case);
    let person = json!({ "id": "other", "name": "Officer other", "role": "intake" });
    answer_gates(&mut b, &other, case, "acknowledge").await;
    b.act(&other, case, json!({ "Acknowledge": { "reference": "R/1", "officer": person, "contact": "desk" } })).await;
    b.act(&other, case, json!({ "BeginReview": {} })).await;
    answer_gates(&mut b, &other, case, "accept").await;
    b.act(&other, case, json!({ "Accept": { "note": null } })).await;
    b.act(&other, case, json!({ "BeginExecution": {} })).await;
    for step in rule["steps"].as_array().expect("steps").iter().filter(|step| taken(step)) {
        b.act(&other, case, json!({ "Record": { "step": step["code"], "note": words("done") } })).await;
    }
    let forged = json!({ "deed": { "Interim": { "answer": words("so far"), "attachments": ["0".repeat(64)] } } });
    let forged = b.post(&other, "/cases/{id}/acts", &[case], &forged).await;
    assert_eq!(forged.value["code"], "unknown-attachment");
    let content = "x".repeat(3 << 20);
    let (stage, body) = ("/cases/{id}/attachments?name=%E6%8A%A5%E5%91%8A.pdf", Body::from(content.clone()));
    let staged = b.call(&other, "POST", stage, &[case], body, Some("application/pdf")).await.value;
    let deed = json!({ "deed": { "Respond": { "extent": "full", "answer": words("this"), "attachments": [staged["root"]] } } });
    let alone = b.post(&other, "/cases/{id}/acts", &[case], &deed).await;
    assert_eq!((alone.status, alone.value["code"].as_str()), (409, Some("unprepared")));
    prepared(&mut b, [&other, &second, &third], case, &deed["deed"], &content).await;
    carry(&b.app, &a.app).await;

    let named = ["may_execute", "may_receive"].into_iter().flat_map(|list| rule[list].as_array().expect("offices"));
    let named = named.filter_map(Value::as_str).filter_map(|id| OfficeId::new(id).ok());
    let copied = named.into_iter().find(|id| id.party() == theirs.party() && *id != theirs).expect("another office");
    let field = b.get(&other, "/cases/{id}", &[case]).await["request"]["fields"]
        .as_object()
        .expect("fields")
        .keys()
        .next()
        .cloned();
    // The mark keeps the case in one office: the source is asked first.
    let seek = json!({ "kind": "onward-transfer", "recipient": copied, "what": words("a copy") });
    b.act(&other, case, json!({ "SeekConsent": seek })).await;
    carry(&b.app, &a.app).await;
    answer_gates(&mut a, &approver, case, "give-consent").await;
    a.act(&approver, case, json!({ "GiveConsent": { "number": 1, "granted": true, "words": words("yes") } })).await;
    carry(&a.app, &b.app).await;
    let forward = json!({ "to": copied, "fields": [field], "files": [], "acts": [], "reason": words("to know") });
    b.act(&other, case, json!({ "Forward": forward })).await;
    let colleague = b.officer("colleague", &copied, &[Role::Executing]).await;
    let seen = b.get(&colleague, "/cases/{id}", &[case]).await;
    assert_eq!(
        (&seen["masked"]["fields"][0], &seen["request"]["fields"][field.expect("a field")]),
        (&forward["fields"][0], &Value::Null)
    );
    b.done(&colleague, "/cases/{id}/reveals", &[case], &json!({ "reason": "to carry it out" })).await;
    let given = json!({ "granted": true, "reason": "weighed" });
    b.done(&other, "/cases/{id}/reveals/{number}", &[case, "1"], &given).await;
    assert_eq!(b.get(&colleague, "/cases/{id}", &[case]).await["masked"], Value::Null);
    carry(&b.app, &a.app).await;

    same_report((&mut a, &reader), (&mut b, &other), case).await;
    let acts = a.get(&reader, "/cases/{id}/acts?limit=2", &[case]).await;
    assert_eq!(acts["next"], 2);
    let files = b.get(&other, "/cases/{id}/attachments", &[case]).await;
    assert_eq!(files["attachments"].as_array().map(Vec::len), Some(2));
    let root = staged["root"].as_str().expect("a root");
    let given = b.call(&other, "GET", "/cases/{id}/attachments/{root}", &[case, root], Body::empty(), None).await;
    assert_eq!(given.bytes, content.as_bytes());
    let came = a.call(&reader, "GET", "/cases/{id}/attachments/{root}", &[case, root], Body::empty(), None).await;
    assert_eq!(came.bytes, content.as_bytes());

    let calendar = a.call(&reader, "GET", "/calendar", &[], Body::empty(), None).await;
    assert!(calendar.bytes.starts_with(b"BEGIN:VCALENDAR"), "{:?}", calendar.bytes);
    for path in ["/whoami", "/offices", "/rounds", "/contacts", "/clauses", "/ledger/checkpoint", "/events", "/cases"] {
        a.get(&reader, path, &[]).await;
    }
    report(&mut a, &mut b).await;
    let mut called = a.called;
    called.extend(b.called);
    called.extend(local::asked_and_answered().await);
    called.extend(matching::matched().await);
    let silent: Vec<_> =
        ROUTES.iter().filter(|route| !called.contains(&(route.verb, route.path))).map(|r| r.id).collect();
    assert_eq!(silent, Vec::<&str>::new(), "documented routes that did not answer");
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_said_by_status_and_code() {
    let [mut a, _b] = two_sides("api-wrong").await;
    let office = a.app.node().instrument().offices_of(a.app.node().me()).next().expect("an office").id.clone();
    let token = a.officer("drafter", &office, &[Role::Drafter]).await;
    let auditor = a.officer("auditor", &office, &[Role::Auditor]).await;
    let json = Some("application/json");
    let long = vec![b' '; JSON_BYTES_MAX + 1];
    let draft = "{\"type_code\":\"CY-INC\",\"to\":\"CN-MPS\"}";
    for (token, verb, path, body, kind, status, code) in [
        ("", "GET", "/cases", &b""[..], None, 401, "unauthorized"),
        (&"f".repeat(64), "GET", "/cases", b"", None, 401, "unauthorized"),
        (&token, "GET", "/cases/{id}", b"", None, 404, "not-found"),
        (&token, "GET", "/cases?stage=nowhere", b"", None, 400, "malformed"),
        (&token, "GET", "/cases?wrong=1", b"", None, 400, "malformed"),
        (&token, "POST", "/drafts", b"{}", None, 415, "not-json"),
        (&token, "POST", "/drafts", b"{}", json, 400, "malformed"),
        (&token, "POST", "/drafts", &long, json, 413, "too-large"),
        (&auditor, "POST", "/drafts", draft.as_bytes(), json, 403, "not-your-role"),
        (&token, "POST", "/cases/{id}/acts", b"{\"deed\":{\"Lapse\":{}}}", json, 422, "machine-only"),
        (&token, "POST", "/cases/{id}/acts", b"{\"deed\":{\"BeginReview\":{}}}", json, 404, "not-found"),
        (&token, "POST", "/drafts/{id}/attachments?name=..%2Fx", b"", None, 404, "not-found"),
    ] {
        let got = a.call(token, verb, path, &["XX-CY-2026-0001"], Body::from(body.to_vec()), kind).await;
        assert_eq!((got.status, got.value["code"].as_str()), (status, Some(code)), "{verb} {path}: {}", got.value);
        for language in ["title", "title_en", "title_zh"] {
            assert!(got.value[language].as_str().is_some_and(|title| !title.contains('⟦')), "{code}: {}", got.value);
        }
    }
    // What an operator should see stands in the log, each kind once; and nothing came of any of it.
    let events = a.get(&auditor, "/events", &[]).await;
    let told = events["events"].as_array().expect("events").iter().filter(|event| event["code"] == "call-refused");
    let mut told: Vec<&str> = told.map(|event| event["detail"].as_str().expect("a code")).collect();
    told.sort_unstable();
    assert_eq!(told, ["malformed", "too-large", "unauthorized"]);
    assert_eq!(a.get(&token, "/drafts", &[]).await["drafts"], json!([]));
    assert_eq!(a.get(&token, "/cases", &[]).await["cases"], json!([]));
    for (verb, path, status) in [("GET", "/nowhere", 404), ("PATCH", "/cases", 405)] {
        let request =
            Request::builder().method(verb).uri(format!("{}{path}", api::ROOT)).header("accept-language", "zh");
        let got = a.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(got.status, status);
        assert_eq!(got.value["title"], got.value["title_zh"]);
    }
}

#[tokio::test]
async fn the_description_is_whole() {
    let [a, _b] = two_sides("api-doc").await;
    assert_eq!(a.doc["openapi"], "3.1.0");
    assert_eq!(schema::dangling(&a.doc), Vec::<String>::new());
    let operations =
        a.doc["paths"].as_object().expect("paths").values().map(|path| path.as_object().expect("verbs").len());
    assert_eq!(operations.sum::<usize>(), ROUTES.len());
    let mut ids: Vec<&str> = ROUTES.iter().map(|route| route.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), ROUTES.len(), "operation ids are unique");
    // What is described is served, and by that method only: any other of the usual ones is refused as such.
    for (path, operations) in a.doc["paths"].as_object().expect("paths") {
        for verb in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            let uri = format!("{}{}", api::ROOT, path.replace(['{', '}'], ""));
            let request = Request::builder().method(verb).uri(uri).body(Body::empty()).expect("a request");
            let got = a.send(request).await;
            let described = operations.get(verb.to_lowercase()).is_some();
            assert_eq!(got.status != 405, described, "{verb} {path}: {} {}", got.status, got.value);
            assert!(got.value["code"] != "not-found" || got.status != 404, "{verb} {path} leads nowhere");
        }
    }
}
