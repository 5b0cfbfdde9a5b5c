//! The command line from outside: exit codes, help, JSON.
//!
//! Owns what every command must do alike. Must not know their insides.

use std::path::Path;
use std::process::{Command, Output};

use crate::house;

/// Runs the program in a folder.
pub(crate) fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entente")).current_dir(dir).args(args).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_command_helps_with_examples() {
    let dir = house::folder("help");
    for args in [
        &["--help"][..],
        &["demo", "--help"],
        &["check", "--help"],
        &["convert", "--help"],
        &["init", "--help"],
        &["serve", "--help"],
        &["peer", "--help"],
        &["user", "--help"],
        &["ledger", "--help"],
        &["ledger", "export", "--help"],
        &["ledger", "checkpoint", "--help"],
        &["ledger", "restore", "--help"],
        &["backup", "--help"],
        &["restore", "--help"],
        &["doctor", "--help"],
        &["match", "--help"],
        &["match", "names", "--help"],
        &["match", "score", "--help"],
        &["purge", "--help"],
        &["report", "--help"],
        &["round", "--help"],
        &["sim", "--help"],
        &["request", "--help"],
        &["request", "template", "--help"],
        &["user", "token", "revoke", "--help"],
    ] {
        let out = run(&dir, args);
        assert_eq!(out.status.code(), Some(0), "{args:?}");
        assert!(text(&out.stdout).contains("Examples:"), "{args:?}");
        assert!(text(&out.stdout).contains("--json"), "{args:?}");
    }
}

#[test]
fn commands_end_as_they_should() {
    let dir = house::folder("ends");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let instruments = std::fs::read_dir(root.join("instruments")).expect("instruments");
    let instrument = instruments.map(|entry| entry.expect("an entry").path()).find(|path| path.is_dir());
    let instrument = instrument.expect("an instrument").display().to_string();
    std::fs::write(dir.join("broken.toml"), "[calendar]\nid = \n").expect("writes");
    std::fs::write(dir.join("odd.toml"), "[calendar]\nid = \"x\"\nzone = \"Nowhere/Here\"\n").expect("writes");
    let check = |args: &[&str], code: i32, says: &str| {
        let out = run(&dir, args);
        let (stdout, stderr) = (text(&out.stdout), text(&out.stderr));
        assert_eq!(out.status.code(), Some(code), "{args:?}: {stdout}{stderr}");
        assert!(format!("{stdout}{stderr}").contains(says), "{args:?} lacks `{says}`: {stdout}{stderr}");
        if args.contains(&"--json") {
            serde_json::from_str::<serde_json::Value>(&stdout).expect("JSON");
        }
    };
    check(&[], 2, "Usage");
    check(&["nothing"], 2, "nothing");
    check(&["check"], 2, "FILE");
    check(&["check", &instrument], 0, "0 errors");
    check(&["check", "--json", &instrument], 0, "\"types\"");
    check(&["check", &instrument, "--against", &instrument], 1, "amends-another");
    check(&["check", "--json", &instrument, "--against", &instrument, "--bundle", "next.txt"], 1, "\"changes\": []");
    let bundle = std::fs::read(dir.join("next.txt")).expect("it was written");
    domain::amendment::unbundle(&bundle).expect("a bundle is read as it was written");
    check(&["check", "broken.toml"], 1, "broken.toml:2:");
    check(&["check", "odd.toml", "--json"], 1, "\"line\": 1");
    check(&["check", "absent.toml"], 2, "absent.toml");
    check(&["init", "--party", "XX", "--instrument", &instrument, "xx"], 2, "choose one of");
    check(&["init", "--party", "GB", "--instrument", &instrument, "gb"], 0, "card.json");
    check(&["init", "--party", "GB", "--instrument", &instrument, "gb"], 2, "not empty");
    check(&["init", "--party", "CN", "--instrument", &instrument, "--json", "cn"], 0, "fingerprint");
    check(&["doctor", "gb"], 1, "no card");
    check(&["peer", "add", "gb", "gb/card.json"], 2, "not another Party");
    let card =
        node::Card::from_json(&std::fs::read_to_string(dir.join("cn/card.json")).expect("a card")).expect("sound");
    let heard = card.fingerprint().replace(' ', "").to_uppercase();
    check(
        &["peer", "add", "gb", "cn/card.json", "--fingerprint", &heard.replace(['0', '1', '2'], "f")],
        2,
        "not the one",
    );
    check(&["peer", "add", "gb", "cn/card.json", "--fingerprint", &heard[..16]], 2, "nothing was added");
    check(&["peer", "ping", "gb"], 2, "no such peer");
    check(&["peer", "add", "gb", "cn/card.json", "--fingerprint", &heard], 0, "CN added");
    check(&["peer", "add", "gb", "cn/card.json"], 0, "CN added");
    check(&["peer", "add", "cn", "gb/card.json", "--json"], 0, "\"party\": \"GB\"");
    check(&["peer", "list", "gb"], 0, "CN");
    check(&["peer", "ping", "gb"], 1, "cannot be reached");
    check(&["peer", "ping", "gb", "XX"], 2, "no such peer");
    let user = ["user", "add", "gb", "--id", "m.hale", "--name", "M. Hale", "--office"];
    check(&[&user[..], &["CN-MPS", "--role", "drafter"]].concat(), 2, "choose one of its own");
    check(&[&user[..], &["GB-NCA", "--role", "king"]].concat(), 2, "possible values: drafter");
    check(&[&user[..], &["GB-NCA", "--role", "drafter", "--token", "t", "--json"]].concat(), 0, "\"token\"");
    check(&["user", "list", "gb"], 0, "m.hale");
    let made = run(&dir, &["user", "token", "add", "gb", "--id", "m.hale", "--name", "siem", "--json"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stdout));
    check(&["user", "token", "add", "gb", "--id", "nobody", "--name", "x"], 2, "no officer `nobody`");
    let listed = run(&dir, &["user", "token", "list", "gb", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let siem = listed.as_array().expect("tokens").iter().find(|token| token["name"] == "siem").expect("the new one");
    let number = &siem["id"].as_str().expect("a number")[..8];
    check(&["user", "token", "list", "gb"], 0, number);
    check(&["user", "token", "revoke", "gb", &number[..4]], 2, "no one token");
    check(&["user", "token", "revoke", "gb", number], 0, "siem");
    check(&["user", "token", "revoke", "gb", number], 2, "no one token");
    check(&["user", "remove", "gb", "--id", "nobody"], 2, "no officer");
    check(&["user", "remove", "gb", "--id", "m.hale", "--json"], 0, "\"removed\": \"m.hale\"");
    let left = run(&dir, &["user", "token", "list", "gb", "--json"]);
    assert_eq!(text(&left.stdout).trim(), "[]", "tokens go with their officer");
    check(&["doctor", "gb", "--json"], 0, "\"ok\": true");
    check(&["ledger", "verify", "gb", "--against", "cn"], 0, "everything holds");
    check(&["ledger", "verify", "nowhere"], 2, "nowhere");
    std::fs::write(dir.join("gb/node.toml"), "party = \"GB\"\nwed = 1\n").expect("writes");
    check(&["doctor", "gb"], 1, "node.toml");
    check(&["serve", "gb"], 2, "wed");
    check(&["demo", "--lang", "xx", "--gb-port", "0", "--cn-port", "0"], 2, "choose one of");
}
