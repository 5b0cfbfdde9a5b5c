//! What is taken away or altered in a node's database or beside it, each by its own hand, and what the audit says of it.
//!
//! Owns the list of every column of the database: what names its alteration, or why nothing does. Must not know how the
//! audit looks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use entente::app::Clock;
use entente::cli::ledger::verify;
use entente::home::Home;
use rusqlite::Connection;
use store::Sqlite;

use crate::cli::run;
use crate::house;
use crate::processes::BYTE_BY_BYTE;

/// The file each request of the test carries.
const FILE: &str = "flow-summary.txt";

/// What somebody does to the database of CN, to which a request came and which has one of its own under way: the columns
/// it is about, the statement, and what the audit must say. `OURS` and `THEIRS` are the names of the two logs in it.
const DONE: &[(&str, &[&str], &str, &str)] = &[
    ("blob", &[], "DELETE FROM blob", "it is lost: the database has no row of it"),
    (
        "blob",
        &["root"],
        "UPDATE blob SET root = zeroblob(32) WHERE rowid = (SELECT MIN(rowid) FROM blob WHERE case_id IS NOT NULL)",
        "no row of it",
    ),
    ("blob", &["size"], "UPDATE blob SET size = size + 1", "another size than the signed act"),
    ("blob", &["chunk_bytes"], "UPDATE blob SET chunk_bytes = chunk_bytes - 1", "another size than the signed act"),
    ("blob", &["state"], "UPDATE blob SET state = 'wanted'", "not whole"),
    ("blob", &["case_id"], "UPDATE blob SET case_id = NULL", "belongs to no case"),
    ("blob", &["case_id"], "UPDATE blob SET case_id = 'GB-XX-2026-0001'", "does not name it"),
    ("blob", &["meta"], "UPDATE blob SET meta = zeroblob(LENGTH(meta))", "other pieces than the signed act"),
    ("checkpoint", &["cosigned"], "UPDATE checkpoint SET cosigned = NULL WHERE log = OURS", "cosignature"),
    ("checkpoint", &["cosigned"], "UPDATE checkpoint SET cosigned = NULL WHERE log = THEIRS", "our cosignature on"),
    ("checkpoint", &[], "DELETE FROM checkpoint WHERE log = OURS AND cosigned IS NOT NULL", "cosignature"),
    ("checkpoint", &["log"], "UPDATE checkpoint SET log = 'x' WHERE log = OURS", "no signed checkpoint covers"),
    (
        "leaf",
        &[],
        "DELETE FROM leaf WHERE log = OURS AND idx = (SELECT MAX(idx) FROM leaf WHERE log = OURS)",
        "it is missing",
    ),
    ("leaf", &["log"], "UPDATE leaf SET log = 'x' WHERE log = OURS", "is missing"),
    ("tree_hash", &[], "DELETE FROM tree_hash WHERE log = OURS", "hash"),
    ("tree_hash", &["log"], "UPDATE tree_hash SET log = 'x' WHERE log = OURS", "hash"),
    ("tree_hash", &["level"], "UPDATE tree_hash SET level = level + 40 WHERE log = OURS", "hash"),
    ("tree_hash", &["idx"], "UPDATE tree_hash SET idx = idx + 1000 WHERE log = OURS", "hash"),
    ("envelope", &[], "DELETE FROM envelope", "its envelope"),
    (
        "envelope",
        &["core_hash"],
        "UPDATE envelope SET core_hash = zeroblob(32) WHERE rowid = (SELECT MIN(rowid) FROM envelope)",
        "is missing",
    ),
    ("body", &[], "DELETE FROM body", "its act"),
    ("body", &["hash"], "UPDATE body SET hash = zeroblob(32) WHERE rowid = (SELECT MIN(rowid) FROM body)", "its act"),
    ("receipt", &[], "DELETE FROM receipt WHERE given = 0", "receipt got for"),
    ("receipt", &["given"], "DELETE FROM receipt WHERE given = 1", "receipt given"),
    (
        "receipt",
        &["core_hash"],
        "UPDATE receipt SET core_hash = zeroblob(32) WHERE rowid = (SELECT MIN(rowid) FROM receipt WHERE given = 0)",
        "receipt got for",
    ),
    ("act", &[], "DELETE FROM act", "is missing"),
    (
        "act",
        &["case_id"],
        "UPDATE act SET case_id = 'GB-XX-2026-0001' WHERE rowid = (SELECT MIN(rowid) FROM act)",
        "the act's row was altered",
    ),
    ("act", &["party"], "UPDATE act SET party = 'XX' WHERE rowid = (SELECT MIN(rowid) FROM act)", "act"),
    ("case_row", &[], "DELETE FROM case_row", "the row of its case"),
    ("case_row", &["case_id"], "UPDATE case_row SET case_id = case_id || '9'", "the row of its case"),
    ("case_row", &["peer"], "UPDATE case_row SET peer = 'XX'", "is not in the log"),
    ("case_row", &["type_code"], "UPDATE case_row SET type_code = 'XXX'", "type_code"),
    ("case_row", &["series"], "UPDATE case_row SET series = 'XX'", "series"),
    ("case_row", &["direction"], "UPDATE case_row SET direction = 1 - direction", "direction"),
    ("case_row", &["exercise"], "UPDATE case_row SET exercise = 1 - exercise", "exercise"),
    ("parcel", &[], "DELETE FROM parcel WHERE state = 'queued'", "is gone: it would never be sent"),
    ("parcel", &["core_hash"], "UPDATE parcel SET core_hash = zeroblob(32) WHERE state = 'queued'", "is gone"),
    ("parcel", &["state"], "UPDATE parcel SET state = 'delivered' WHERE state = 'queued'", "there is no receipt"),
    ("parcel", &["state"], "UPDATE parcel SET state = 'queued' WHERE state = 'delivered'", "there is a receipt"),
    ("parcel", &["peer"], "UPDATE parcel SET peer = 'XX'", "addressed to another place"),
    ("parcel", &["case_id"], "UPDATE parcel SET case_id = 'GB-XX-2026-0001'", "addressed to another place"),
    ("parcel", &["party_seq"], "UPDATE parcel SET party_seq = party_seq + 1000", "addressed to another place"),
    ("timer", &[], "DELETE FROM timer WHERE kind = 'wake'", "nothing would ring"),
    ("timer", &["case_id"], "UPDATE timer SET case_id = case_id || '9'", "nothing would ring"),
    ("timer", &["kind"], "UPDATE timer SET kind = kind || 'x'", "nothing would ring"),
    ("local", &[], "UPDATE local SET bytes = zeroblob(LENGTH(bytes)) WHERE kind = 'cosigned'", "count of cosignatures"),
];

/// What no audit names, and why: said for people in docs/threat-model.md. `*` is the whole table.
const NOT_NAMED: &[(&str, &str, &str)] = &[
    ("meta", "*", "the version of the tables: another one does not open"),
    ("case_row", "version", "a number for writers to meet at; it proves nothing"),
    ("body", "purge_at", "not used to erase: the case's acts say when"),
    ("parcel", "lane", "the order of sending, not whether"),
    ("parcel", "created_at", "shown, never reckoned with"),
    ("parcel", "due_at", "when it is tried next; the sender's own alarm says when it stands too long"),
    ("parcel", "tries", "as due_at"),
    ("parcel", "expires_at", "when the sender is told that it was not delivered"),
    ("timer", "due_at", "moved on whenever it rings for nothing; the deadline itself is case_row.due_at"),
    ("parked", "*", "what came early and is in no log; its sender has no receipt and sends it again"),
    ("blob", "created_at", "says when what nobody named is swept away"),
    ("draft", "*", "ours alone, sealed; no act yet"),
    ("local", "*", "ours alone, sealed: officers, notes, answers of our own law"),
    ("counter", "*", "the next free number; a taken one is refused when used"),
    ("event", "*", "the operator's own log"),
    ("term", "*", "an index for searching, made of the acts"),
    ("idempotency", "*", "answers kept for programs that ask again"),
];

#[test]
fn what_is_lost_or_altered_is_named() {
    let homes = house::pair("lost");
    for home in &homes {
        assert!(house::open_matters_with(home, 2, &[FILE]) > 0, "requests with a file on both sides");
    }
    house::settle(&homes, &Clock::real());
    let [_, home] = &homes;
    // One more is still under way.
    assert!(house::open_matters_with(home, 1, &[]) > 0);
    let peer = home.node().expect("a node").peers().keys().next().expect("a peer").clone();
    let whole = house::folder("lost-whole").join("whole.db");
    let database = home.dir().join("entente.db");
    Sqlite::snapshot(&database, &whole).expect("a copy");
    // All of them are told at once.
    let unnamed = std::cell::RefCell::new(Vec::new());
    let says = |what: &str, wanted: &str| {
        let report = verify(home, None).expect("an audit");
        let named = report.findings.iter().any(|finding| finding.to_string().contains(wanted));
        if report.holds() || !named {
            unnamed.borrow_mut().push(format!("{what}: wanted `{wanted}`: {:?}", report.findings));
        }
    };
    let sound = verify(home, None).expect("an audit");
    assert!(sound.holds() && sound.files >= 2, "{:?}", sound.findings);
    for (_, _, sql, wanted) in DONE {
        let quoted = |name: String| format!("'{name}'");
        let sql = sql.replace("OURS", &quoted(node::log_name(&peer)));
        let sql = sql.replace("THEIRS", &quoted(node::mirror_name(&peer)));
        let altered = Connection::open(&database).expect("opens");
        assert!(altered.execute(&sql, []).expect(&sql) > 0, "{sql}: nothing to alter");
        drop(altered);
        says(&sql, wanted);
        put_back(home, &whole);
    }
    beside(home, &says);
    assert!(unnamed.borrow().is_empty(), "{:#?}", unnamed.borrow());
    assert!(verify(home, None).expect("an audit").holds(), "as it was again");
}

/// The pieces of a file on the disk: lost, cut, altered.
fn beside(home: &Home, says: &dyn Fn(&str, &str)) {
    let database = Connection::open(home.dir().join("entente.db")).expect("opens");
    let asked = "SELECT lower(hex(root)) FROM blob WHERE case_id IS NOT NULL";
    let root: String = database.query_row(asked, [], |row| row.get(0)).expect("a file of a case");
    let piece = first_file(&home.dir().join("attachments").join(&root));
    let was = std::fs::read(&piece).expect("a piece");
    std::fs::remove_file(&piece).expect("removed");
    says("a piece lost", &format!("file `{FILE}`"));
    says("a piece lost", "piece 1 of 1 is lost");
    let doctor = run(home.dir(), &["doctor", "."]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("piece 1 of 1 is lost"));
    std::fs::write(&piece, &was[1..]).expect("written");
    says("a piece cut", "was cut or grew");
    let mut altered = was.clone();
    altered[0] ^= 1;
    std::fs::write(&piece, &altered).expect("written");
    says("a piece altered", "piece 1 of 1 was altered");
    std::fs::write(&piece, &was).expect("written");
}

/// Each column is altered by a test, or it is said why nothing names it.
#[test]
fn every_column_has_its_answer() {
    let homes = house::pair("columns");
    homes[0].database().expect("a database");
    let database = Connection::open(homes[0].dir().join("entente.db")).expect("opens");
    let mut asked = database
        .prepare("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
        .expect("a query");
    let columns = asked.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("columns");
    let columns: BTreeSet<(String, String)> = columns.map(|column| column.expect("a column")).collect();
    let altered: BTreeSet<(&str, &str)> = BYTE_BY_BYTE
        .iter()
        .copied()
        .chain(DONE.iter().flat_map(|(table, columns, ..)| columns.iter().map(move |column| (*table, *column))))
        .collect();
    for (table, column) in &columns {
        let left = |(of, named, _): &&(&str, &str, &str)| of == table && (*named == "*" || named == column);
        let told = altered.contains(&(table.as_str(), column.as_str())) || NOT_NAMED.iter().any(|one| left(&one));
        assert!(told, "`{table}.{column}`: alter it in a test, or say why nothing names it");
    }
}

fn put_back(home: &Home, whole: &Path) {
    for name in ["entente.db-wal", "entente.db-shm"] {
        let _absent = std::fs::remove_file(home.dir().join(name));
    }
    std::fs::copy(whole, home.dir().join("entente.db")).expect("the truth is put back");
}

fn first_file(at: &Path) -> PathBuf {
    let entry = std::fs::read_dir(at).expect("a folder").map(|entry| entry.expect("an entry").path()).min();
    let entry = entry.expect("something in it");
    if entry.is_dir() { first_file(&entry) } else { entry }
}
