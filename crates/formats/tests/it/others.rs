//! Samples of others that are not committed, where they lie beside the repository: whole collections, by their own verdict.
//!
//! Owns which folder is which format. Must not fail where the folder is not there: the committed twins are tested always.

use std::path::{Path, PathBuf};

use domain::menu::Menu;
use formats::convert::{Format, convert, inspect};

use super::{context, files};

fn beside(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/interop").join(folder)
}

/// Each file that should be read is, and comes back as it was; each that should not is refused.
fn check(format: Format, folder: &str, ending: &str, is_sound: impl Fn(&str) -> Option<bool>) {
    let mut wrong = Vec::new();
    for (name, bytes) in files(&beside(folder)).into_iter().filter(|(name, _)| name.ends_with(ending)) {
        let got = inspect(format, &bytes);
        match (is_sound(&name), &got) {
            (Some(true), Err(refused)) => wrong.push(format!("{name}: refused: {refused}")),
            (Some(false), Ok(_)) => wrong.push(format!("{name}: read")),
            (_, Ok(_)) => {
                let once = convert(format, format, &bytes, &context()).map(|converted| converted.bytes);
                let twice = once.clone().and_then(|bytes| convert(format, format, &bytes, &context()));
                if once != twice.map(|converted| converted.bytes) {
                    wrong.push(format!("{name}: does not come back as it was"));
                }
                for (to, code) in Format::ALL.iter().filter(|(to, _)| format.can_become(*to)) {
                    if convert(format, *to, &bytes, &context()).is_err() {
                        wrong.push(format!("{name}: does not become {code}"));
                    }
                }
            }
            (_, Err(_)) => {}
        }
    }
    assert!(wrong.is_empty(), "{folder}:\n{}", wrong.join("\n"));
}

#[test]
fn samples_of_others_are_read_by_their_own_verdict() {
    check(Format::Stix, "stix", ".json", |name| {
        (!name.contains("campaign-rel")).then_some(name != "interop-objectmarking-test.json")
    });
    check(Format::Misp, "misp", ".json", |name| match name {
        // Pieces of a server's other answers, not events.
        "simple.json" | "galaxy.json" | "sharing_groups.json" | "sighting.json" | "git-vuln-finder-quagga.json" => {
            Some(false)
        }
        name if name.starts_with("objects-") || name.starts_with("taxonomies-") => Some(false),
        // Made by hand for tests of objects alone: no title, or `a` for a UUID.
        "def_param.json" | "misp_custom_obj.json" => None,
        name if name.starts_with("event_obj_") => None,
        _ => Some(true),
    });
    check(Format::Cap, "cap", ".cap", |name| {
        Some(!name.contains("errors") && !matches!(name, "xee.cap" | "invalid.cap"))
    });
    check(Format::GoAml, "goaml", ".xml", |_| Some(true));
    check(Format::GeoJson, "geojson/good", ".geojson", |_| Some(true));
    check(Format::Akn, "akn", "akn30.xml", |_| Some(true));
    check(Format::Akn, "akn", "content.xml", |_| Some(true));
    check(Format::Clml, "akn", "clml-legislation_test_2.xml", |_| Some(true));
    check(Format::Csaf, "csaf", ".json", |name| Some(name != "testcases.json"));
    check(Format::Iodef, "iodef", "minimal.xml", |_| Some(true));
    check(Format::Uk, "sanctions", "synthetic.xml", |_| Some(true));
}

/// The mandatory tests of CSAF: a document's number says whether it fails (below 11) or passes.
#[test]
fn the_mandatory_tests_of_csaf_fail_where_they_should() {
    check(Format::Csaf, "csaf/mandatory", ".json", |name| {
        let mut parts = name.trim_end_matches(".json").rsplit('-');
        let number: u32 = parts.next()?.parse().ok()?;
        Some(number >= 11)
    });
}

/// JSON that must be refused is, by every reader of JSON.
#[test]
fn no_json_that_is_none_is_read() {
    for (format, _) in [(Format::Stix, ""), (Format::Misp, ""), (Format::GeoJson, ""), (Format::Csaf, "")] {
        check(format, "bad/json", ".json", |name| name.starts_with("n_").then_some(false));
    }
}

/// Specimens of travel documents: another reader's verdict, but for what it does not know (the state of Utopia, visas).
#[test]
fn specimens_of_travel_documents_are_judged_as_by_others() {
    let Ok(bytes) = std::fs::read(beside("mrz/specimens.json")) else { return };
    let specimens: serde_json::Value = serde_json::from_slice(&bytes).expect("a list");
    let mut wrong = Vec::new();
    for specimen in specimens.as_array().into_iter().flatten() {
        let lines: Vec<&str> =
            specimen["lines"].as_array().into_iter().flatten().filter_map(|line| line.as_str()).collect();
        let unknown = ["issuingState", "nationality", "documentCode"];
        let mut faults =
            specimen["npm_mrz"]["invalid"].as_array().into_iter().flatten().filter_map(|fault| fault.as_str());
        let is_sound = lines[0].starts_with('V') || faults.all(|fault| unknown.contains(&fault));
        let got = inspect(Format::Mrz, lines.join("\n").as_bytes());
        if got.is_ok() != is_sound {
            let said = got.err().map(|refused| refused.to_string());
            wrong.push(format!("{lines:?}: {said:?}, {}", specimen["npm_mrz"]["invalid"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Calendars of others' tests, sound and broken: each is read and comes back, or is refused by a name.
#[test]
fn calendars_of_others_come_back() {
    check(Format::Ical, "ical", ".ics", |_| None);
    check(Format::GeoJson, "geojson/bad", ".geojson", |_| None);
}
