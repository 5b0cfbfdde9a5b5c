//! `entente convert` from outside: what is written where, what is said of it, and how it ends.
//!
//! Owns the contract of the command. Must not know what a conversion loses: that is the golden table of `formats`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::run;
use crate::house;

fn sample(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name);
    path.canonicalize().unwrap_or_else(|why| panic!("{name}: {why}")).display().to_string()
}

#[test]
fn a_file_is_written_and_its_losses_are_told() {
    let dir = house::folder("convert");
    let bundle = sample("stix/indicator-for-c2-ip-address.json");
    let done = run(&dir, &["convert", "--from", "stix", "--to", "misp", "-o", "event.json", &bundle]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(0), "{told}");
    assert!(told.contains("[put-in]") && told.contains("/Event/analysis"), "{told}");
    let event: Value = serde_json::from_slice(&std::fs::read(dir.join("event.json")).expect("written")).expect("JSON");
    assert_eq!(event["Event"]["Attribute"][0]["value"], "10.0.0.0");
    let zh = run(&dir, &["convert", "--from", "stix", "--to", "csv", "--lang", "zh", &bundle]);
    assert!(String::from_utf8_lossy(&zh.stdout).starts_with("id,"), "the table is on standard output");
}

#[test]
fn how_it_ends_says_what_became_of_it() {
    let dir = house::folder("convert-ends");
    let (bundle, alert) = (sample("stix/infrastructure.json"), sample("interop/cap/thunderstorm.cap"));
    let hostile = sample("interop/bad/xml/xxe-file.xml");
    for (args, wanted) in [
        (&["--from", "stix", "--to", "stix", &bundle][..], 0),
        (&["--from", "stix", "--to", "stix", "--strict", &bundle], 0),
        (&["--from", "cap", "--to", "geojson", "--strict", &alert], 1),
        (&["--from", "cap", "--to", "csv", &hostile], 1),
        (&["--from", "cap", "--to", "mrz", &alert], 2),
        (&["--from", "cap", "--to", "nothing", &alert], 2),
        (&["--from", "cap", "--to", "csv", "no-such-file"], 2),
        (&["--from", "cap", "--to", "csv", &alert, &alert], 2),
        (&["--from", "cap", "--to", "csv", "-o", "out", &alert, &hostile], 1),
    ] {
        let args: Vec<&str> = std::iter::once("convert").chain(args.iter().copied()).collect();
        let done = run(&dir, &args);
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(wanted), "{args:?}: {told}");
    }
    assert!(dir.join("out/thunderstorm.csv").is_file() && !dir.join("out/xxe-file.csv").exists());
}

#[test]
fn two_editions_of_a_list_are_told_apart() {
    let dir = house::folder("convert-since");
    let old = sample("interop/un/synthetic.xml");
    let text = std::fs::read_to_string(&old).expect("a list");
    std::fs::write(dir.join("new.xml"), text.replace("Utopia", "Arcadia").replace("TSe.001", "TSe.002"))
        .expect("written");
    let done = run(&dir, &["convert", "--from", "un", "--to", "csv", "--since", &old, "new.xml"]);
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    let changes: Vec<&str> = told.lines().collect();
    assert_eq!(changes.len(), 4, "{told}");
    assert!(changes[1].starts_with("removed,TSe.001,") && changes[2].starts_with("added,TSe.002,"), "{told}");
    assert!(changes[3].starts_with("amended,TSi.001,") && changes[3].contains("NATIONALITY"), "{told}");
}

#[test]
fn programs_are_told_the_same_in_json() {
    let dir = house::folder("convert-json");
    let hostile = sample("interop/bad/xml/xxe-file.xml");
    let done = run(&dir, &["convert", "--json", "--from", "cap", "--to", "geojson", &hostile]);
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!((&told["ok"], &told["files"][0]["refused"]), (&Value::Bool(false), &Value::from("doctype")));
    let alert = sample("interop/cap/thunderstorm.cap");
    let done = run(&dir, &["convert", "--json", "--from", "cap", "--to", "geojson", &alert]);
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let file = &told["files"][0];
    assert!(file["content"].as_str().is_some_and(|content| content.contains("FeatureCollection")), "{told}");
    assert!(
        file["losses"].as_array().is_some_and(|losses| losses.iter().any(|loss| loss["code"] == "not-carried")),
        "{told}"
    );
}
