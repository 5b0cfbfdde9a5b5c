//! The conformance suite against every backend, and what only a disk can show: files, versions, damage, restarts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use domain::ids::Hash32;
use store::{Batch, Chunks, DiskChunks, Fault, Memory, MemoryChunks, Sqlite, Store, Write, conformance};

/// An empty directory of this test's own, below the build's.
fn fresh(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("store").join(name);
    let _absent = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("the build's directory is writable");
    dir
}

fn set(value: u64) -> Batch {
    Batch { expect: vec![], writes: vec![Write::SetCounter { name: "n".into(), value }] }
}

#[test]
fn memory_conforms() {
    conformance::run(|| Box::new(Memory::new()));
}

#[test]
fn sqlite_conforms() {
    let dir = fresh("conforms");
    let mut made = 0;
    conformance::run(|| {
        made += 1;
        Box::new(Sqlite::open(dir.join(format!("{made}.db"))).unwrap())
    });
}

#[test]
fn memory_clones_share() {
    let mut store = Memory::new();
    let kept = store.clone();
    store.commit(&set(3)).unwrap();
    drop(store);
    assert_eq!(kept.reader().unwrap().counter("n"), Ok(3));
}

#[test]
fn sqlite_keeps_across_restarts_and_to_itself() {
    let path = fresh("restart").join("a.db");
    for value in 1..4 {
        let mut store = Sqlite::open(&path).unwrap();
        store.commit(&set(value)).unwrap();
        assert_eq!(Sqlite::open_read_only(&path).unwrap().counter("n"), Ok(value));
    }
    assert_eq!(Sqlite::open_read_only(&path).unwrap().counter("n"), Ok(3));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn two_writers_do_not_lose_each_other() {
    let path = fresh("writers").join("a.db");
    let mut stores = [Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap()];
    for step in 0..6u64 {
        let expect = vec![store::Expect::Counter { name: "n".into(), value: step }];
        let batch = Batch { expect, ..set(step + 1) };
        let [one, two] = &mut stores;
        let (first, second) = if step % 2 == 0 { (one, two) } else { (two, one) };
        assert_eq!(first.commit(&batch), Ok(()));
        assert!(matches!(second.commit(&batch), Err(store::CommitError::Conflict(_))));
    }
}

#[test]
fn unfit_files_are_refused_by_name() {
    let dir = fresh("unfit");
    let run = |name: &str, sql: &str| {
        let path = dir.join(name);
        drop(Sqlite::open(&path).unwrap());
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        path
    };
    let prose = "this is no database, but it is long enough to be looked at as one";
    fs::write(dir.join("text.db"), prose.repeat(20)).unwrap();
    let foreign = dir.join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE theirs (a TEXT)").unwrap();
    let newer = run("newer.db", "UPDATE meta SET value = '2'");
    for (path, wanted) in [
        (dir.join("text.db"), "file is not a database"),
        (foreign, "schema version `none`"),
        (newer, "schema version `2`"),
        (dir.join("no/such/place.db"), "making the database"),
        (PathBuf::from(":memory:"), "use `Memory`"),
        (PathBuf::new(), "use `Memory`"),
    ] {
        let got = Sqlite::open(&path).unwrap_err().to_string();
        assert!(got.contains(wanted), "{path:?}: {got}");
    }
    assert!(Sqlite::open_read_only(dir.join("missing.db")).is_err());
    assert!(!dir.join("missing.db").exists());
}

#[test]
fn damaged_rows_are_faults_not_panics() {
    let dir = fresh("damage");
    let event = "INSERT INTO event VALUES (1, $at, 'info', 'x', NULL, NULL, '', $seen)";
    for (number, (sql, wanted)) in [
        (event.replace("$at", "'soon'").replace("$seen", "0"), "text stands where a number should"),
        (event.replace("$at", "9223372036854775807").replace("$seen", "0"), "is no time"),
        (event.replace("$at", "1").replace("$seen", "7"), "neither 0 nor 1"),
        (event.replace("$at", "1").replace("$seen", "-7"), "below zero"),
        (event.replace("$at", "1").replace("$seen", "0").replace("'info'", "'loud'"), "not a word"),
        (event.replace("$at", "1").replace("$seen", "0").replace("'x', NULL", "'x', '../..'"), "valid case"),
        (event.replace("$at", "1").replace("$seen", "0").replace("'x'", "CAST(x'ff' AS TEXT)"), "utf-8"),
        (event.replace("$at", "1.5").replace("$seen", "0"), "real"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = dir.join(format!("{number}.db"));
        let store = Sqlite::open(&path).unwrap();
        rusqlite::Connection::open(&path).unwrap().execute_batch(&sql).unwrap();
        let got = store.reader().unwrap().events(None, 9).unwrap_err().to_string();
        assert!(got.contains(wanted), "{sql}: {got}");
    }
}

#[test]
fn chunks_come_back_whole_from_disk_and_memory() {
    let dir = fresh("chunks");
    let disk = DiskChunks::new(&dir).unwrap();
    let check = |chunks: &dyn Chunks| {
        let (aside, root, other) = (Hash32([1; 32]), Hash32([2; 32]), Hash32([3; 32]));
        for index in [2, 0, u64::MAX, 1] {
            chunks.put(&aside, index, b"first").unwrap();
            chunks.put(&aside, index, &index.to_be_bytes()).unwrap();
        }
        chunks.put(&other, 0, b"").unwrap();
        assert_eq!(chunks.have(&aside).unwrap(), [0, 1, 2, u64::MAX]);
        assert_eq!(chunks.get(&aside, 3), Ok(None));
        chunks.rename(&aside, &root).unwrap();
        chunks.rename(&aside, &root).unwrap();
        chunks.rename(&root, &root).unwrap();
        assert_eq!(chunks.have(&aside).unwrap(), []);
        assert_eq!(chunks.get(&root, 2), Ok(Some(2u64.to_be_bytes().to_vec())));
        // A second bringing-in of the same blob ends in the same place.
        chunks.put(&aside, 2, b"again").unwrap();
        chunks.rename(&aside, &root).unwrap();
        assert_eq!(chunks.get(&root, 2), Ok(Some(b"again".to_vec())));
        assert_eq!(chunks.have(&root).unwrap().len(), 4);
        let long = vec![0; store::chunks::CHUNK_BYTES_MAX + 1];
        assert!(matches!(chunks.put(&root, 0, &long), Err(Fault::Misuse { .. })));
        chunks.remove(&root).unwrap();
        chunks.remove(&root).unwrap();
        assert_eq!(chunks.have(&root).unwrap(), []);
        assert_eq!(chunks.get(&other, 0), Ok(Some(vec![])));
    };
    check(&MemoryChunks::new());
    check(&disk);
    // What a crash left aside, or somebody else put there, is no chunk; a swollen one is a fault.
    let blob = dir.join(Hash32([3; 32]).to_string());
    for name in ["0000000000000001.part0", "1", "notes.txt", "000000000000000G"] {
        fs::write(blob.join(name), "x").unwrap();
    }
    assert_eq!(disk.have(&Hash32([3; 32])).unwrap(), [0]);
    fs::write(blob.join("0000000000000000"), vec![0; store::chunks::CHUNK_BYTES_MAX + 1]).unwrap();
    assert!(matches!(disk.get(&Hash32([3; 32]), 0), Err(Fault::Corrupt { .. })));
}
