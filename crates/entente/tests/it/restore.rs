//! A destroyed node made again from its peer's copy, and peers that give less or other than there was.
//!
//! Owns the destruction and the lies. Must not know how the record is made again.

use std::path::Path;

use domain::ids::{Hash32, PartyId};
use entente::app::Clock;
use entente::cli::ledger::verify;
use entente::home::Home;
use entente::peer::client::{CallFault, Line};
use entente::peer::tls::client_config;
use entente::serve::{Duty, Running};
use node::Returned;
use rusqlite::Connection;
use store::{CaseFilter, Sqlite};

use crate::cli::run;
use crate::{evidence, house};

/// What every case of a node comes to.
fn fingerprints(home: &Home) -> Vec<(String, Hash32)> {
    let (node, reader) = (home.node().expect("a node"), home.database_read_only().expect("a database"));
    let (cases, _) = reader.cases(&CaseFilter::default()).expect("cases");
    let each = cases.iter().map(|row| {
        let dossier = node.load(&*reader, &row.case).expect("it reads").expect("it is there");
        (row.case.to_string(), dossier.case.fingerprint())
    });
    let mut all: Vec<_> = each.collect();
    all.sort();
    all
}

fn destroy(home: &Home) {
    for name in ["entente.db", "entente.db-wal", "entente.db-shm"] {
        let _absent = std::fs::remove_file(home.dir().join(name));
    }
}

/// Runs the command while the peer serves.
fn restore(home: &Home, peer: &Home, kept: &Path, code: i32, says: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (dir, kept, at) = (home.dir().display().to_string(), kept.display().to_string(), home.dir().to_owned());
    let out = runtime.block_on(async {
        let running = Running::start(peer, Clock::real(), None, Duty::Driven).await.expect("it runs");
        let args = ["ledger", "restore", "--dir", &dir, "--from-peer", "--checkpoint", &kept].map(str::to_owned);
        let ran = tokio::task::spawn_blocking(move || run(&at, &args.each_ref().map(String::as_str)));
        let out = ran.await.expect("no panic");
        running.stop().await;
        out
    });
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(code) && text.contains(says), "wanted `{says}`: {text}");
}

#[test]
fn a_destroyed_node_is_made_again_and_liars_are_named() {
    let (homes, _) = evidence::played("restore");
    let [home, peer] = &homes;
    let (before, audited) = (fingerprints(home), verify(home, None).expect("an audit"));
    let files = house::folder("restore-files");
    let printed = run(home.dir(), &["ledger", "checkpoint", "."]);
    let kept = files.join("newest.txt");
    std::fs::write(&kept, &printed.stdout).expect("it writes");
    assert!(printed.status.success() && before.len() > 1 && audited.holds());

    // Each lie is told on a copy of the peer's database, put back afterwards.
    let (database, whole) = (peer.dir().join("entente.db"), files.join("whole.db"));
    Sqlite::snapshot(&database, &whole).expect("a copy");
    let mirror = format!("mirror/{}", home.config().party);
    let lies = [
        (
            "less",
            "DELETE FROM checkpoint WHERE log = ?1 AND size = (SELECT MAX(size) FROM checkpoint WHERE log = ?1)",
            "offers another record",
        ),
        (
            "another leaf",
            "UPDATE leaf SET bytes = (SELECT bytes FROM leaf WHERE log = ?1 AND idx = 1) WHERE log = ?1 AND idx = 0",
            "two histories",
        ),
        ("a leaf left out", "DELETE FROM leaf WHERE log = ?1 AND idx = 2", "two histories"),
        (
            "no envelope but another's",
            "UPDATE envelope SET bytes = (SELECT bytes FROM envelope LIMIT 1) WHERE ?1 <> ''",
            "malformed at `envelope`",
        ),
    ];
    for (what, sql, says) in lies {
        destroy(home);
        home.database().expect("an empty one");
        let lied = Connection::open(&database).expect("a database");
        assert!(lied.execute(sql, [&mirror]).expect(what) > 0, "{what}");
        drop(lied);
        restore(
            home,
            peer,
            &kept,
            1,
            if what == "less" || what == "a leaf left out" { "offers another record" } else { says },
        );
        destroy(peer);
        std::fs::copy(&whole, &database).expect("the truth is put back");
    }

    destroy(home);
    home.database().expect("an empty one");
    restore(home, peer, &kept, 0, "taken back");
    assert_eq!(fingerprints(home), before, "every case comes to what it did");
    let after = verify(home, None).expect("an audit");
    assert!(after.holds(), "{:?}", after.findings);
    // It goes on: each fetches the other's log, and neither raises an alarm.
    house::settle(&homes, &Clock::real());
    let crossed = verify(home, Some(peer)).expect("an audit");
    assert!(crossed.holds() && crossed.matched > 0, "{:?}", crossed.findings);
    for home in &homes {
        let alarms = home.database_read_only().expect("a database").events_open(100).expect("events");
        assert!(
            !alarms.iter().any(|row| ["forked-log", "rolled-back"].contains(&row.event.code.as_str())),
            "{alarms:?}"
        );
    }
    // Nothing is left to take.
    restore(home, peer, &kept, 0, "0 entries taken back");
}

/// Whoever asks hears of messages with itself, in one form, and of nothing else.
#[test]
fn only_what_passed_between_is_given_back() {
    let homes = house::pair("returned");
    house::open_matters(&homes[0], 1);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let running = Running::start(&homes[0], Clock::real(), None, Duty::Driven).await.expect("it runs");
        let card = homes[0].card().expect("a card");
        let peer = PartyId::new("GB").expect("a Party");
        let tls = client_config(&homes[1].identity().expect("an identity"), peer, card.tls_spki_sha256).expect("tls");
        let mut line = Line::dial(&card.endpoint, std::sync::Arc::new(tls)).await.expect("a line");
        assert_eq!(line.returned_log(0).await.expect("an answer"), None, "nothing is cosigned yet");
        assert_eq!(line.returned(&Hash32([7; 32])).await.expect("an answer"), Returned::default());
        let reader = homes[0].database_read_only().expect("a database");
        let (cases, _) = reader.cases(&CaseFilter::default()).expect("cases");
        let act = reader.acts(&cases[0].case).expect("acts")[0].core_hash;
        let back = line.returned(&act).await.expect("an answer");
        assert!(back.envelope.is_some() && back.given.is_none() && back.got.is_none());
        let far = line.returned_log(u64::MAX).await;
        assert!(matches!(far, Ok(None) | Err(CallFault::Refused { .. })), "{far:?}");
        running.stop().await;
    });
}
