//! `entente purge` on real folders: what it erases, that both logs still verify, and that destruction is not erasure.

use entente::cli::ledger::verify;
use entente::home::Home;
use node::story::{self, House};
use rusqlite::Connection;

use crate::cli::run;
use crate::house;

/// Two nodes whose matters ended so long ago that the shortest times are over.
fn aged(test: &str) -> [Home; 2] {
    let homes = house::pair(test);
    let script = house::script(&homes[0]);
    let [a, b] = &homes;
    for home in &homes {
        let law = entente::shipped::policy(home.instrument().expect("an instrument").id(), &home.config().party);
        home.put_policy(law.expect("each Party of the exercise has its own law")).expect("it is kept");
    }
    let (node_a, node_b) = (a.node().expect("a node"), b.node().expect("a node"));
    let (chunks_a, chunks_b) = (a.chunks().expect("chunks"), b.chunks().expect("chunks"));
    let (mut store_a, mut store_b) = (a.database().expect("a database"), b.database().expect("a database"));
    let mut houses = [
        House { node: node_a, store: &mut store_a, chunks: &chunks_a },
        House { node: node_b, store: &mut store_b, chunks: &chunks_b },
    ];
    let (then, mut rng) = ("2025-06-02T09:00:00Z".parse().expect("a moment"), entente::app::randomness());
    story::seed(&mut houses, &script, then, &mut rng).expect("the exercise plays");
    homes
}

#[test]
fn contents_are_erased_and_both_logs_still_hold() {
    let homes = aged("purge");
    let dir = |home: &Home| home.dir().display().to_string();
    let purge = |home: &Home, more: &[&str]| -> serde_json::Value {
        let at = dir(home);
        let args = [&["purge", "--json", "--dir", &at][..], more].concat();
        let out = run(home.dir(), &args);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).expect("JSON")
    };
    let before = verify(&homes[0], Some(&homes[1])).expect("an audit");
    assert!(before.holds() && before.purged_acts == 0, "{:?}", before.findings);

    let meant = purge(&homes[0], &["--dry-run"]);
    assert!(!meant["purged"].as_array().expect("a list").is_empty(), "a matter of a year ago is due: {meant}");
    let done = purge(&homes[0], &[]);
    assert_eq!(meant["purged"], done["purged"], "what is done is what was said");
    assert_eq!(purge(&homes[0], &[])["purged"], serde_json::json!([]), "once is enough");

    let after = verify(&homes[0], Some(&homes[1])).expect("an audit");
    assert!(after.holds(), "{:?}", after.findings);
    assert!(after.purged_acts > 0 && after.cases == before.cases);
    let out = run(homes[0].dir(), &["ledger", "verify", "."]);
    assert!(String::from_utf8_lossy(&out.stdout).contains("erased and certified"));

    // Bytes destroyed without a certificate are no erasure.
    let kept = Connection::open(homes[1].dir().join("entente.db")).expect("a database");
    let destroyed = "UPDATE body SET bytes = NULL WHERE hash = (SELECT body_hash FROM act LIMIT 1)";
    assert_eq!(kept.execute(destroyed, []).expect("it can be destroyed"), 1);
    drop(kept);
    assert!(!verify(&homes[1], None).expect("an audit").holds());
}
