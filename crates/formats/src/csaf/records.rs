//! An advisory as records of vulnerabilities.
//!
//! Owns which property becomes which fact. Must not judge.

use serde_json::Value;

use super::{Advisory, text};
use crate::record::{Account, Key, Record, Subject};

/// Takes an advisory apart: a record for each vulnerability, the document's head in each.
pub(crate) fn records(advisory: &Advisory, account: &mut Account) -> Vec<Record> {
    let mut whole = advisory.whole.clone();
    let mut head = Record::new(Subject::Vulnerability);
    head.put_of(Key::Reference, "csaf", advisory.id());
    head.put(Key::Label, advisory.title());
    for (path, key) in [
        (&["document", "publisher", "name"][..], Key::Sender),
        (&["document", "lang"], Key::Language),
        (&["document", "tracking", "initial_release_date"], Key::Created),
        (&["document", "tracking", "current_release_date"], Key::Modified),
    ] {
        head.put(key, text(&whole, path).unwrap_or_default());
        remove(&mut whole, path);
    }
    let label = text(&whole, &["document", "distribution", "tlp", "label"]).map(str::to_lowercase);
    head.put(
        Key::Marking,
        label.map(|label| if label == "white" { "clear".to_owned() } else { label }).unwrap_or_default(),
    );
    remove(&mut whole, &["document", "distribution", "tlp", "label"]);
    remove(&mut whole, &["document", "title"]);
    remove(&mut whole, &["document", "tracking", "id"]);
    let mut records = Vec::new();
    let list = whole.as_object_mut().and_then(|whole| whole.remove("vulnerabilities"));
    for mut one in list.as_ref().and_then(Value::as_array).into_iter().flatten().cloned() {
        let mut record = head.clone();
        let cve = text(&one, &["cve"]).unwrap_or_default().to_owned();
        let name = if cve.is_empty() { text(&one, &["title"]).unwrap_or_default().to_owned() } else { cve.clone() };
        record.put(Key::Name, if name.is_empty() { advisory.title().to_owned() } else { name });
        if cve.is_empty() {
            remove(&mut one, &["title"])
        } else {
            record.put_of(Key::Reference, "cve", cve)
        }
        remove(&mut one, &["cve"]);
        let mut notes = take(&mut one, "notes");
        for note in notes.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(text) = note.remove("text").as_ref().and_then(Value::as_str) {
                record.put(Key::Description, text);
            }
        }
        let mut scores = take(&mut one, "scores");
        for score in scores.iter_mut().filter_map(Value::as_object_mut) {
            for version in ["cvss_v3", "cvss_v2"] {
                let vector =
                    score.get_mut(version).and_then(Value::as_object_mut).and_then(|cvss| cvss.remove("vectorString"));
                record.put_of(Key::Score, version, vector.as_ref().and_then(Value::as_str).unwrap_or_default());
            }
        }
        for (rest, at) in [(notes, "notes"), (scores, "scores")] {
            account.leave_json(&Value::Array(rest), &format!("/vulnerabilities/*/{at}"));
        }
        account.leave_json(&one, "/vulnerabilities/*");
        records.push(record);
    }
    account.leave_json(&whole, "");
    records
}

fn remove(value: &mut Value, path: &[&str]) {
    let Some((last, above)) = path.split_last() else { return };
    let here = above.iter().try_fold(value, |here, key| here.get_mut(key));
    if let Some(map) = here.and_then(Value::as_object_mut) {
        map.remove(*last);
    }
}

fn take(value: &mut Value, key: &str) -> Vec<Value> {
    match value.as_object_mut().and_then(|map| map.remove(key)) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}
