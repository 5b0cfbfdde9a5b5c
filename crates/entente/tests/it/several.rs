//! A node's folder with several instruments: begun, signed, carded, opened and looked over by the program itself.
//!
//! Owns nothing else. Must not know what crosses between nodes.

use std::path::Path;

use domain::ids::PartyId;
use entente::home::Home;

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
