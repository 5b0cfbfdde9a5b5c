//! `entente request`: the same commands at a running node and in a stopped one's folder, with their exit codes.
//!
//! Owns one officer with a token. Must not test what the interface does with a call: `api` does.

use std::path::Path;
use std::process::Command;

use entente::app::Clock;
use entente::home::Home;
use entente::serve::{Duty, Running};
use serde_json::Value;

use crate::house;

/// Runs the command and answers its exit code and its JSON.
fn request(reach: &[&str], args: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
    command.args(["request", "--json"]).args(args).args(reach);
    command.env_remove("ENTENTE_NODE").env_remove("ENTENTE_TOKEN").env("LC_ALL", "en_GB.UTF-8");
    let out = command.output().expect("the program runs");
    (out.status.code().unwrap_or(-1), serde_json::from_slice(&out.stdout).unwrap_or(Value::Null))
}

/// A drafter of the first office that may send the first type in force; the type, whom to ask, and a token.
fn furnished(home: &Home) -> [String; 3] {
    let instrument = home.instrument().expect("an instrument");
    let me = &home.config().party;
    let ours = |office: &&domain::ids::OfficeId| office.party() == *me;
    let rule = instrument.types().values().find(|rule| {
        rule.status == domain::instrument::TypeStatus::On && rule.may_send.iter().any(|office| ours(&office))
    });
    let rule = rule.expect("a type in force");
    let office = rule.may_send.iter().find(ours).expect("an office").as_str();
    let to = rule.may_receive.iter().find(|office| !ours(office)).expect("an office of theirs");
    let dir = home.dir().to_string_lossy().into_owned();
    let out = Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["--json", "user", "add", &dir, "--id", "clerk", "--name", "A Clerk", "--office", office])
        .args(["--role", "drafter", "--token", "test"])
        .output()
        .expect("the program runs");
    let added: Value = serde_json::from_slice(&out.stdout).expect("an officer");
    [rule.code.to_string(), to.to_string(), added["token"].as_str().expect("a token").to_owned()]
}

fn check(reach: &[&str], code: &str, to: &str, file: &Path) {
    let file = file.to_string_lossy();
    let (exit, draft) = request(reach, &["new", "--type", code, "--to", to, "--file", &file]);
    assert_eq!((exit, &draft["version"]), (0, &Value::from(2)), "{draft:#}");
    assert_eq!(draft["request"]["title"]["texts"]["zh"], "标题");
    let id = draft["id"].as_str().expect("an id");
    for (args, exit, code) in [
        (&["check", id][..], 1, None),
        (&["handover", id], 1, Some("incomplete")),
        (&["attach", id, &file], 0, None),
        (&["show", id], 0, None),
        (&["list", "--waiting-us"], 0, None),
        (&["sign", id], 1, Some("four-eyes")),
        (&["show", "nowhere"], 2, None),
        (&["gate", "XX-CY-2026-0001", "--gate", "SG-1", "--finding", "satisfied", "--text-en", "x"], 2, None),
        (&["discard", id], 0, None),
        (&["show", id], 2, None),
    ] {
        let (got, said) = request(reach, args);
        assert_eq!((got, said["code"].as_str()), (exit, code), "{args:?}: {said:#}");
    }
}

#[test]
fn requests_are_written_at_a_running_node_and_in_a_stopped_ones_folder() {
    let [home, _] = house::pair("request");
    let [code, to, token] = furnished(&home);
    let file = home.dir().join("request.toml");
    std::fs::write(&file, "title = { en = \"Title\", zh = \"标题\" }\nneeded_by = 2030-01-01\n").expect("a file");
    let dir = home.dir().to_string_lossy().into_owned();
    check(&["--dir", &dir, "--as", "clerk"], &code, &to, &file);
    assert_eq!(request(&["--dir", &dir, "--as", "nobody"], &["list"]).0, 2);
    assert_eq!(request(&["--node", "http://192.0.2.1", "--token", &token], &["list"]).0, 2);

    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let running = runtime.block_on(Running::start(&home, Clock::real(), None, Duty::Driven)).expect("it runs");
    check(&["--node", &running.url(), "--token", &token], &code, &to, &file);
    assert_eq!(request(&["--node", &running.url(), "--token", "wrong"], &["list"]).0, 2);
    assert_eq!(request(&["--dir", &dir, "--as", "clerk"], &["list"]).0, 2, "the folder is held by the running node");
    runtime.block_on(running.stop());
}
