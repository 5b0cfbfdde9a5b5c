//! `docs/verify-yourself.md`, taken at its word: its commands and its program are run on a true bundle and on false ones.
//!
//! Owns the reading of the page. Must not know what the program checks.

use std::path::Path;
use std::process::{Command, Output};

use crate::house;

/// The blocks of a language on the page, in order.
fn blocks(page: &str, lang: &str) -> Vec<String> {
    let fence = format!("```{lang}\n");
    let parts = page.split(fence.as_str()).skip(1);
    parts.filter_map(|part| Some(part.split_once("\n```")?.0.to_owned() + "\n")).collect()
}

/// A Python that has what the page names: the one on the path, or the system's.
fn python() -> Option<&'static str> {
    let has = |python: &&str| {
        let asked = Command::new(python).args(["-c", "import cbor2, cryptography"]).output();
        asked.is_ok_and(|out| out.status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(has)
}

/// Runs the page's commands in a folder that has `case.zip`.
fn follow(dir: &Path, python: &str, page: &str) -> Output {
    std::fs::write(dir.join("verify.py"), blocks(page, "python").concat()).expect("it writes");
    // A false bundle need not unpack over a true one.
    if dir.join("case").exists() {
        std::fs::remove_dir_all(dir.join("case")).expect("the old one goes");
    }
    let commands = blocks(page, "sh").concat().replace("python3", python);
    Command::new("sh").current_dir(dir).args(["-e", "-c", &commands]).output().expect("a shell")
}

#[test]
fn a_stranger_needs_nothing_of_ours() {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify-yourself.md");
    let page = std::fs::read_to_string(at).expect("the page");
    let Some(python) = python() else {
        eprintln!("SKIPPED, NOTHING WAS CHECKED: install python3-cryptography and python3-cbor2, or both with pip");
        return;
    };
    let (home, bundle) = super::sample();
    let dir = house::folder("stranger");
    let check = |bundle: &[u8], code: i32, says: &str| {
        std::fs::write(dir.join("case.zip"), bundle).expect("it writes");
        let out = follow(&dir, python, &page);
        let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert!(out.status.code() == Some(code) && text.contains(says), "wanted `{says}`: {text}");
    };
    let fingerprint = home.card().expect("a card").fingerprint();
    check(bundle, 0, &fingerprint);
    check(bundle, 0, "everything holds");
    // What a lying maker signs for is found out by these tools too.
    let members = super::taken_apart(bundle);
    for file in [
        "envelope.cose",
        "content.bin",
        "receipt.cose",
        "GB.leaf",
        "CN.leaf",
        "GB.tlog-proof",
        "CN.tlog-proof",
        "act.json",
    ] {
        let name = members.keys().find(|name| name.ends_with(file)).expect("there is one").clone();
        let mut altered = members.clone();
        let bytes = altered.get_mut(&name).expect("a member");
        let place = if file == "act.json" {
            bytes.iter().position(|byte| *byte == b'1').expect("a digit")
        } else {
            bytes.len() - 40
        };
        bytes[place] = if bytes[place] == b'2' { b'3' } else { b'2' };
        let out = {
            std::fs::write(dir.join("case.zip"), super::vouched_anew(home, altered)).expect("it writes");
            follow(&dir, python, &page)
        };
        let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success() && !text.contains("everything holds"), "{name}: {text}");
    }
    let mut cut = members.clone();
    let name = cut.keys().find(|name| name.ends_with("envelope.cose")).expect("one").clone();
    cut.remove(&name);
    check(&super::put_together(&cut), 1, &name);
}
