//! A node's folder backed up while the node runs, looked at, destroyed, and made again.
//!
//! Owns the ways a backup can be spoilt. Must not know the database's tables.

use entente::app::{Clock, randomness};
use entente::backup;
use entente::cli::ledger::verify;
use entente::home::Home;
use entente::serve::{Duty, Running};

use crate::cli::run;
use crate::house;

#[test]
fn a_running_node_is_backed_up_and_made_again() {
    let [home, _] = house::pair("backup");
    let opened = house::open_matters(&home, 3);
    let dir = house::folder("backup-files");
    let (file, seed) = (dir.join("node.backup"), dir.join("seed.key"));
    std::fs::copy(home.dir().join("seed.key"), &seed).expect("the seed is kept elsewhere");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let running = Running::start(&home, Clock::real(), None, Duty::Driven).await.expect("it runs");
        let (from, to) = (home.clone(), file.clone());
        let made = tokio::task::spawn_blocking(move || backup::make(&from, &to, &mut randomness()).map(|_| ()));
        made.await.expect("no panic").expect("a backup");
        running.stop().await;
    });
    assert!(!home.dir().join("backup.part").exists(), "no second copy of the database stays behind");
    let sealed = std::fs::read(&file).expect("a file");
    for clear in [&home.seed().expect("a seed")[..], b"SQLite format 3", b"PRIVATE KEY"] {
        assert!(!sealed.windows(clear.len()).any(|part| part == clear), "the file is sealed");
    }
    let node = home.dir().display().to_string();
    let check = |args: &[&str], code: i32, says: &str| {
        let out = run(&dir, args);
        let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{args:?}: {text}");
        assert!(text.contains(says), "{args:?} lacks `{says}`: {text}");
    };
    check(&["doctor", &node, "--backup", "node.backup"], 0, "backup: whole");
    check(&["backup", &node, "-o", "node.backup"], 2, "cannot write");
    let before = verify(&home, None).expect("an audit");
    assert!(before.holds() && opened == 3 && before.cases >= 3);
    std::fs::remove_dir_all(home.dir()).expect("the node is destroyed");
    check(&["restore", "node.backup", "--seed", "seed.key", &node], 0, "everything holds");
    let again = Home::open(home.dir()).expect("a node's folder");
    assert_eq!(verify(&again, None).expect("an audit"), before);
    assert_eq!(again.identity().expect("an identity").cert_pem(), home.identity().expect("an identity").cert_pem());
    check(&["restore", "node.backup", "--seed", "seed.key", &node], 2, "not empty");
}

/// Cut, changed, moved or under another seed: nothing of it becomes a node's folder.
#[test]
fn a_spoilt_backup_makes_no_node() {
    let [home, _] = house::pair("spoilt");
    let dir = house::folder("spoilt-files");
    let file = dir.join("node.backup");
    backup::make(&home, &file, &mut randomness()).expect("a backup");
    let (sealed, seed) = (std::fs::read(&file).expect("a file"), home.seed().expect("a seed"));
    let check = |bytes: &[u8], seed: &[u8; 32]| {
        let (at, to) = (dir.join("spoilt"), dir.join("made"));
        let _absent = std::fs::remove_dir_all(&to);
        std::fs::write(&at, bytes).expect("it writes");
        backup::unfold(&at, seed, &to).expect_err("a spoilt backup");
        assert!(!Home::is_one(&to), "nothing of it is taken for a node's folder");
    };
    check(&sealed, &[7; 32]);
    check(&[], &seed);
    for part in 0..24 {
        let at = part * (sealed.len() - 1) / 23;
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        check(&altered, &seed);
        check(&sealed[..at], &seed);
    }
    check(&[&sealed[..], b"x"].concat(), &seed);
    // A record that announces four gibibytes.
    let mut lying = sealed.clone();
    lying[49..53].fill(0xff);
    check(&lying, &seed);
}
