//! `entente match` from outside: files in, files out, refusals, the same outcome at any number of threads.
//!
//! Owns what callers may rely on. Must not know how names are compared.

use std::fs;

use crate::{cli::run, house};

const OURS: &str =
    "\u{FEFF}id,name,dob\r\na1,郭偉強,1961-08-04\r\na2,\"Smith, Margaret\",1950-03-12\r\na3,郭伟强,1961-08-04\r\n";
const THEIRS: &str = "id,surname,given,dob\nb1,KWOK,Wai-keung,1961-04-08\nb2,Smith,Peggy,1950-03-12\nb3,Jones,Bob,\n";

#[test]
fn two_lists_are_linked_alike_at_any_number_of_threads() {
    let dir = house::folder("match-names");
    fs::write(dir.join("a.csv"), OURS).expect("a file");
    fs::write(dir.join("b.csv"), THEIRS).expect("a file");
    let link = |threads: &str| {
        let out = run(&dir, &["match", "names", "a.csv", "b.csv", "-o", "out.csv", "--threads", threads]);
        assert_eq!(out.status.code(), Some(0), "{out:?}");
        fs::read_to_string(dir.join("out.csv")).expect("an outcome")
    };
    let one = link("1");
    assert!(one.starts_with("id_a,id_b,score,band,reasons\n"), "{one}");
    for pair in ["a1,b1,", "a3,b1,", "a2,b2,"] {
        assert!(one.contains(&format!("\n{pair}")) && !one.contains("b3"), "{pair}: {one}");
    }
    assert!(one.contains("day and month of birth exchanged"), "{one}");
    assert_eq!(one, link("3"));
    let out = run(&dir, &["match", "names", "a.csv", "--dedupe", "-o", "twice.csv"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let twice = fs::read_to_string(dir.join("twice.csv")).expect("an outcome");
    assert!(twice.contains("\na1,a3,") && twice.lines().count() == 2, "{twice}");
}

#[test]
fn pairs_are_scored_in_order_and_misuse_is_named() {
    let dir = house::folder("match-score");
    fs::write(dir.join("p.csv"), "left,right\n郭偉強,Margaret Smith\n郭偉強,KWOK Wai-keung\n").expect("a file");
    let out = run(&dir, &["match", "score", "p.csv", "-o", "o.csv", "--lang", "zh", "--json"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let scored = fs::read_to_string(dir.join("o.csv")).expect("an outcome");
    let rows: Vec<&str> = scored.lines().collect();
    assert!(rows[1].contains(",no,") && rows[2].contains(",match,") && rows[2].contains("香港"), "{scored}");
    let misuse = |text: &str, what: &str| {
        fs::write(dir.join("bad.csv"), text).expect("a file");
        let out = run(&dir, &["match", "score", "bad.csv", "-o", "o.csv"]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(2) && said.contains(what), "{said}");
    };
    misuse("", "empty");
    misuse("one,two\n1,2\n", "no column `left`");
    misuse("left,right\n\"1,2\n", "never ends");
}
