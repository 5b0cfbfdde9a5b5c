//! A node's folder with several instruments: begun, signed, carded, opened and looked over by the program itself.
//!
//! Owns nothing else. Must not know what crosses between nodes.

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use domain::ids::{OfficerId, PartyId};
use entente::api;
use entente::app::{App, Clock, Parts};
use entente::home::Home;
use http_body_util::BodyExt;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;

use crate::cli::run;
use crate::house::folder;

/// Copies an instrument under another id, with other Parties.
fn copied(from: &Path, to: &Path, alter: &[(&str, &str)]) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("an instrument") {
        let at = entry.expect("an entry").path();
        let to = to.join(at.file_name().expect("a name"));
        if at.is_dir() {
            copied(&at, &to, alter);
        } else {
            let text = std::fs::read_to_string(&at).expect("text");
            let text = alter.iter().fold(text, |text, (was, is)| text.replace(was, is));
            std::fs::write(to, text).expect("writes");
        }
    }
}

#[test]
fn a_node_holds_several_instruments_each_with_its_cards() {
    let dir = folder("several");
    let done = |args: &[&str], code: i32, says: &str| {
        let out = run(&dir, args);
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    };
    done(&["begin", "strait"], 0, "entente check strait");
    done(&["begin", "strait"], 2, "not empty");
    done(&["check", "strait"], 0, "0 errors");
    let other = [("\"example-strait\"", "\"example-coast\""), ("XB", "XD"), ("XC", "XE")];
    copied(&dir.join("strait"), &dir.join("coast"), &other);
    done(&["check", "coast"], 0, "example-coast");
    for (party, instrument, node) in
        [("XA", "strait", "a"), ("XB", "strait", "b"), ("XC", "strait", "c"), ("XD", "coast", "d")]
    {
        done(&["init", "--party", party, "--instrument", instrument, node], 0, "a node for");
    }
    done(&["peer", "add", "a", "d/card.json"], 2, "both must sign the same files");
    done(&["sign", "a", "coast"], 0, "further/example-coast/card.json");
    done(&["sign", "a", "coast"], 2, "signed already");
    done(&["sign", "b", "coast"], 2, "no Party");
    for card in ["b/card.json", "c/card.json", "d/card.json"] {
        done(&["peer", "add", "a", card], 0, "added");
    }
    done(&["peer", "add", "b", "a/card.json"], 0, "added");
    done(&["peer", "add", "d", "a/card.json"], 2, "both must sign the same files");
    done(&["peer", "add", "d", "a/further/example-coast/card.json"], 0, "added");
    done(&["doctor", "a"], 0, "XB, XC, XD");
    done(&["doctor", "a"], 0, "example-strait 1.0, example-coast 1.0");
    let node = Home::open(&dir.join("a")).expect("a node's folder").node().expect("a node");
    let with = |peer: &str| node.instrument_with(&PartyId::new(peer).expect("a Party")).id().to_owned();
    assert_eq!([with("XB"), with("XC"), with("XD")], ["example-strait", "example-strait", "example-coast"]);
}

/// What is asked of the second instrument is answered of it, not of the first.
#[test]
fn each_of_several_instruments_is_asked_by_its_name() {
    let dir = folder("several-asked");
    let done = |args: &[&str], code: i32, says: &[&str]| {
        let out = run(&dir, args);
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{args:?}: {said}");
        assert!(says.iter().all(|says| said.contains(says)), "{args:?} lacks {says:?}: {said}");
        said
    };
    done(&["begin", "strait"], 0, &[]);
    let other = [("\"example-strait\"", "\"example-coast\""), ("XB", "XD"), ("XC", "XE"), ("NAV-INF", "COAST-INF")];
    copied(&dir.join("strait"), &dir.join("coast"), &other);
    for (party, instrument, node) in [("XA", "strait", "a"), ("XB", "strait", "b"), ("XD", "coast", "d")] {
        done(&["init", "--party", party, "--instrument", instrument, node], 0, &[]);
    }
    done(&["sign", "a", "coast"], 0, &[]);
    for card in ["b/card.json", "d/card.json"] {
        done(&["peer", "add", "a", card], 0, &["added"]);
    }
    done(&["user", "add", "a", "--id", "one", "--name", "One", "--office", "XA-MER", "--role", "drafter"], 0, &[]);
    let reach = ["--dir", "a", "--as", "one"];
    let asked = |args: &[&str], code: i32, says: &[&str]| done(&[args, &reach[..]].concat(), code, says);
    let coast = ["--instrument", "example-coast"];
    asked(&["directory", "offices", "--party", "XB"], 0, &["XB-PUERTOS"]);
    asked(&["directory", "offices", "--party", "XD"], 2, &["XA, XB, XC"]);
    asked(&[&["directory", "offices", "--party", "XD"], &coast[..]].concat(), 0, &["XD-PUERTOS"]);
    asked(&[&["request", "template", "COAST-INF"], &coast[..]].concat(), 0, &["XD-PUERTOS"]);
    asked(&["request", "template", "COAST-INF"], 2, &["NAV-INF"]);
    asked(&["request", "drafts", "--instrument", "none"], 2, &["example-strait, example-coast"]);
    asked(&[&["round", "calendar", "-o", "coast.ics"], &coast[..]].concat(), 0, &[]);
    asked(&["request", "new", "--type", "NAV-INF", "--to", "XB-PUERTOS"], 0, &["NAV-INF Informa"]);

    // A report is computed under the instrument of the two whose logs its line counts.
    let line = format!("2026-01-01/2026-01-02 XA:0 XD:0 sha256:{}", "0".repeat(64));
    let again = |more: &[&str], code: i32, says: &[&str]| {
        done(&[&["report", "--dir", "a", "--line", &line], more].concat(), code, says)
    };
    let (own, named) = (again(&[], 1, &["another report"]), again(&coast, 1, &["another report"]));
    assert_eq!(own, named);
    assert_ne!(own, again(&["--instrument", "example-strait"], 1, &["another report"]));
    again(&["--instrument", "none"], 2, &["example-strait, example-coast"]);
    let strange = line.replace("XD", "XQ");
    done(&["report", "--dir", "a", "--line", &strange], 2, &["the logs of the two sides"]);

    let home = Home::open(&dir.join("a")).expect("a node's folder");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        let parts = Parts {
            node: home.node().expect("a node"),
            store: Box::new(home.database().expect("a database")),
            chunks: std::sync::Arc::new(home.chunks().expect("chunks")),
            clock: Clock::real(),
            demo: None,
            folder: home.dir().to_owned(),
        };
        let app = App::start(parts).expect("it starts");
        let router = api::router(app.clone());
        let get = async |path: &str| {
            let call = Request::get(format!("{}{path}", api::ROOT)).body(Body::empty()).expect("a call");
            let mut call = call;
            call.extensions_mut().insert(api::Acting(OfficerId::new("one").expect("an id")));
            let service = TowerToHyperService::new(router.clone());
            let answer = hyper::service::Service::call(&service, call).await.expect("an answer");
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            (status, serde_json::from_slice::<Value>(&body).unwrap_or(Value::Null))
        };
        let peers = |heads: &Value| -> Vec<String> {
            let logs = heads["logs"].as_array().expect("logs");
            logs.iter().map(|log| format!("{} {}", log["peer"], log["instrument"]).replace('"', "")).collect()
        };
        let all = get("/ledger/checkpoint").await.1;
        assert_eq!(peers(&all), ["XB example-strait", "XD example-coast"]);
        assert_eq!(peers(&get("/ledger/checkpoint?instrument=example-coast").await.1), ["XD example-coast"]);
        let coast = get("/instrument?instrument=example-coast").await.1;
        assert_eq!(coast["id"], "example-coast");
        let by_hash = format!("/instrument?instrument={}", coast["hash"].as_str().expect("a hash"));
        assert_eq!(get(&by_hash).await.1["id"], "example-coast");
        assert_eq!(get("/instrument").await.1["id"], "example-strait");
        assert_eq!(get("/types/COAST-INF?instrument=example-coast").await.0, 200);
        assert_eq!(get("/types/COAST-INF?instrument=example-strait").await.0, 404);
        let (status, problem) = get("/instrument?instrument=none").await;
        assert_eq!((status, problem["code"].as_str()), (404, Some("no-such-instrument")), "{problem:#}");
        let who = get("/whoami").await.1;
        assert_eq!(who["instruments"][1]["id"], "example-coast", "{who:#}");
        app.stop().await;
    });
}
