//! Real processes: two nodes exchanging cases, a changed byte found, a killed story resumed.
//!
//! Owns what must hold whatever dies. Must not look into a running process but by its standard output.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use entente::app::{Clock, randomness};
use entente::audit::{self, Report, Side};
use entente::cli::ledger::verify;
use entente::home::Home;
use ledger::checkpoint::Checkpoint;
use ledger::keys::SigningKey;
use ledger::leaf::{Leaf, LeafKind};
use ledger::note::{NoteKey, NoteKeyKind};
use ledger::tree::{Frontier, leaf_hash};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::cli::run;
use crate::house;

/// Rounds of waiting for the other process; each is a whole run of the program, so no sleep is needed between.
const ROUNDS_MAX: usize = 200;
/// How often the story is killed, from its first act to its last chapter.
const KILLS: usize = 20;

/// The columns of which every single value is altered by a byte, or by a thousand.
pub(crate) const BYTE_BY_BYTE: &[(&str, &str)] = &[
    ("leaf", "bytes"),
    ("leaf", "hash"),
    ("leaf", "idx"),
    ("tree_hash", "hash"),
    ("checkpoint", "note"),
    ("checkpoint", "cosigned"),
    ("checkpoint", "size"),
    ("envelope", "bytes"),
    ("receipt", "bytes"),
    ("body", "bytes"),
    ("act", "core_hash"),
    ("act", "kind"),
    ("act", "at"),
    ("act", "received_at"),
    ("act", "seq"),
    ("act", "logged_index"),
    ("act", "body_hash"),
    ("case_row", "stage"),
    ("case_row", "turn"),
    ("case_row", "level"),
    ("case_row", "urgency"),
    ("case_row", "mark"),
    ("case_row", "our_office"),
    ("case_row", "their_office"),
    ("case_row", "due_at"),
    ("case_row", "opened_at"),
    ("case_row", "updated_at"),
    ("case_row", "undelivered"),
    ("case_row", "summary"),
];

/// A process that dies with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

#[test]
fn two_processes_exchange_cases() {
    let homes = house::pair("processes");
    let [gb, cn] = &homes;
    let opened = house::open_matters(gb, 5) as u64;
    assert!(opened > 0, "the story opens cases");
    let mut served: Vec<Served> = homes.iter().map(|home| serve(home.dir())).collect();
    let arrived = (0..ROUNDS_MAX).any(|_| matches!(verify(cn, Some(gb)), Ok(report) if report.matched == opened));
    assert!(arrived, "mail goes over while both serve");
    let ping = run(gb.dir(), &["peer", "ping", "."]);
    assert_eq!(ping.status.code(), Some(0), "{}", String::from_utf8_lossy(&ping.stdout));
    for served in &mut served {
        let asked = Command::new("kill").arg(served.0.id().to_string()).status().expect("kill runs");
        assert!(asked.success());
        assert_eq!(served.0.wait().expect("it ends").code(), Some(0), "it ends in order");
    }
    let report = verify(gb, Some(cn)).expect("an audit");
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!((report.matched, report.pending), (opened, 0));
}

/// A copy of another history than the one a receipt was given over is named, though everything in it is signed and each
/// receipted act is in its place: the peer may have rewritten its log before we looked.
#[test]
fn a_receipt_vouches_for_one_history() {
    let homes = house::pair("rewritten");
    for home in &homes {
        assert!(house::open_matters(home, 2) > 0, "the story opens cases on both sides");
    }
    house::settle(&homes, &Clock::real());
    let [ours, theirs] = &homes;
    let (us, them) = (&ours.config().party, &theirs.config().party);
    let mut page = {
        let reader = theirs.database_read_only().expect("a database");
        theirs.node().expect("a node").page(&*reader, us, 0).expect("read").expect("a page")
    };
    let first = Leaf::decode(&page.entries[0]).expect("a leaf");
    assert_eq!(first.kind, LeafKind::Sent, "its own business, before it receipts ours");
    page.entries[0] = Leaf { logged_at_us: first.logged_at_us - 1, ..first }.encode().expect("a leaf");
    let mut tree = Frontier::default();
    for entry in &page.entries {
        let Ok(()) = tree.push::<std::convert::Infallible>(leaf_hash(entry), &mut |_, _, _| Ok(()));
    }
    let seed = theirs.seed().expect("a seed");
    let key = SigningKey::from_seed(ledger::rest::derive(&seed, "entente/key/1/log"));
    let origin = node::origin(them, us);
    let name = NoteKey::new(&origin, NoteKeyKind::Log, key.verifying_key()).expect("a name");
    let claim = Checkpoint::new(&origin, tree.size(), tree.root()).expect("a checkpoint");
    page.checkpoint = claim.sign(&name, &key).expect("signed").encode();
    let database = Connection::open(ours.dir().join("entente.db")).expect("opens");
    for table in ["leaf", "tree_hash", "checkpoint"] {
        let all = format!("DELETE FROM {table} WHERE log = ?1");
        database.execute(&all, [node::mirror_name(them)]).expect("deleted");
    }
    drop(database);
    let node = ours.node().expect("a node");
    let (mut store, mut rng, now) = (ours.database().expect("a database"), randomness(), Clock::real().now());
    let kept = node.mirror(&mut store, &mut node::Env { now, rng: &mut rng }, them, &page).expect("it is kept");
    assert!(kept.is_some(), "and cosigned");
    drop(store);
    let reader = ours.database_read_only().expect("a database");
    let chunks = ours.chunks().expect("chunks");
    let report = audit::verify(&Side { node: &node, reader: &*reader, chunks: &chunks }, &mut || {});
    assert!(!report.holds(), "another history");
    for finding in &report.findings {
        assert!(finding.what.contains("another history"), "{finding}");
    }
}

#[test]
fn every_changed_byte_of_a_log_is_named() {
    let homes = house::pair("tamper");
    for home in &homes {
        assert!(house::open_matters(home, 2) > 0, "the story opens cases on both sides");
    }
    house::settle(&homes, &Clock::real());
    for home in &homes {
        let party = &home.config().party;
        let node = home.node().expect("a node");
        let check = |what: &str, broken: bool| {
            let reader = home.database_read_only().expect("a database");
            let chunks = home.chunks().expect("chunks");
            let report = audit::verify(&Side { node: &node, reader: &*reader, chunks: &chunks }, &mut || {});
            assert_eq!(report.holds(), !broken, "{party}: {what}: {:?}", report.findings);
        };
        check("as it was", false);
        let database = Connection::open(home.dir().join("entente.db")).expect("opens");
        for (table, column) in BYTE_BY_BYTE {
            let rows = each_cell(&database, table, column);
            assert!(!rows.is_empty(), "{table}.{column} has rows");
            for (turn, (row, was)) in rows.into_iter().enumerate() {
                let Some(altered) = altered(&was, turn) else { continue };
                set(&database, table, column, row, &altered);
                check(&format!("{table}.{column} of row {row}"), true);
                set(&database, table, column, row, &was);
            }
        }
        check("as it was again", false);
    }
}

#[test]
fn a_killed_story_loses_and_doubles_nothing() {
    let check = |kill: usize| {
        let dir = house::folder(&format!("kill-{kill}"));
        let told = killed_after(&dir, kill);
        let homes = ["gb", "cn"].map(|party| Home::open(&dir.join(party)).expect("a node"));
        let report = resume(&homes, &dir);
        assert!(report.holds(), "killed after {kill}: {:?}", report.findings);
        assert_eq!(report.pending, 0, "killed after {kill}: everything sent arrives");
        assert!(report.matched >= told, "killed after {kill}: {told} were told, {} are there", report.matched);
    };
    let kills = kills();
    // Two at a time: a story alone leaves one of two cores idle.
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (check, kills) = (&check, kills.iter().copied());
            scope.spawn(move || {
                kills.enumerate().filter(|(turn, _)| turn % 2 == half).for_each(|(_, kill)| check(kill))
            });
        }
    });
}

/// After how many acts the story is killed: evenly over the whole of it, in every chapter at least once.
fn kills() -> Vec<usize> {
    let told = run(&house::folder("kill-none"), &["demo", "--story", "--dir", "."]);
    let told = String::from_utf8(told.stdout).expect("text");
    let mut chapters = Vec::new();
    for line in told.lines() {
        if is_act(line) {
            *chapters.last_mut().expect("acts come under a chapter") += 1;
        } else if !line.is_empty() && !line.starts_with(' ') {
            chapters.push(0);
        }
    }
    // The judgement at the end is under headings of its own.
    chapters.retain(|acts| *acts > 0);
    let acts: usize = chapters.iter().sum();
    let mut kills: Vec<usize> = (0..KILLS).map(|kill| 1 + kill * acts / KILLS).collect();
    let mut first = 0;
    for of_chapter in chapters {
        let here = first + 1..=first + of_chapter;
        if !kills.iter().any(|kill| here.contains(kill)) {
            kills.push(first + of_chapter.div_ceil(2));
        }
        first += of_chapter;
    }
    kills
}

/// Whether a line of the transcript begins an act: it is indented by two and begins with its day. What is said of an act
/// is indented further, headings and the judgement are not, and what is no act (own law, a version in force) begins with
/// a sign.
fn is_act(line: &str) -> bool {
    line.strip_prefix("  ").is_some_and(|told| told.starts_with(char::is_alphanumeric))
}

/// Plays the story until so many acts were told, kills it, and says how many were.
fn killed_after(dir: &Path, acts: usize) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["demo", "--story", "--dir"])
        .arg(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let told = lines.map_while(Result::ok).filter(|line| is_act(line)).take(acts).count();
    // Not always at the same step after an act was told.
    (0..acts % 24 * 200_000).for_each(|_| std::hint::spin_loop());
    // It may have come to its end before.
    let _ended = child.kill();
    let _waited = child.wait();
    told as u64
}

/// Starts both nodes again, lets the mail that is left go over, and audits.
fn resume(homes: &[Home; 2], dir: &Path) -> Report {
    let clock = Clock::movable(dir.join("clock")).expect("a clock");
    // A quarter of an hour on, whatever was put back for later is due.
    clock.advance(jiff::SignedDuration::from_mins(16)).expect("the clock moves");
    house::settle(homes, &clock);
    verify(&homes[0], Some(&homes[1])).expect("an audit")
}

fn serve(dir: &Path) -> Served {
    let serving = Command::new(env!("CARGO_BIN_EXE_entente")).arg("serve").arg(dir).stdout(Stdio::null()).spawn();
    Served(serving.expect("it starts"))
}

fn each_cell(database: &Connection, table: &str, column: &str) -> Vec<(i64, Value)> {
    let mut asked = database.prepare(&format!("SELECT rowid, {column} FROM {table}")).expect("a query");
    let rows = asked.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

fn set(database: &Connection, table: &str, column: &str, row: i64, value: &Value) {
    let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
    assert_eq!(database.execute(&sql, rusqlite::params![value, row]).expect("an update"), 1);
}

/// The value with one byte changed, a different one each turn; a number one thousand off, so that it meets no other.
fn altered(was: &Value, turn: usize) -> Option<Value> {
    let flip = |bytes: &[u8], bit: u8| {
        let mut bytes = bytes.to_vec();
        let at = turn * 7919 % bytes.len().max(1);
        bytes.get_mut(at).map(|byte| *byte ^= bit)?;
        Some(bytes)
    };
    match was {
        Value::Null => None,
        Value::Integer(number) => Some(Value::Integer(number + 1000)),
        Value::Real(_) => None,
        Value::Text(text) => String::from_utf8(flip(text.as_bytes(), 1)?).ok().map(Value::Text),
        Value::Blob(bytes) => flip(bytes, 0x10).map(Value::Blob),
    }
}
