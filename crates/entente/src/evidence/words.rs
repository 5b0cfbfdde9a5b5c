//! An act as a text, whole: every part of it, named, in one language of the face.
//!
//! Owns the order of the lines. Leaves nothing out and adds nothing: who reads it in court reads what was signed. Must not
//! know the desk's pages, which choose what to show.

use std::fmt::Write as _;

use domain::act::Act;
use domain::instrument::Instrument;
use domain::menu::Menu;
use serde_json::Value;

use crate::i18n::Tongue;

/// The act in words; the instrument is the version it stands under.
pub(super) fn text(act: &Act, instrument: &Instrument, tongue: Tongue) -> String {
    let lang = tongue.lang();
    let party = instrument.party(&act.by).map(|party| party.name.get(&lang).to_owned());
    let office = instrument.office(&act.office).map(|office| office.name.get(&lang).to_owned());
    let head = [
        ("evidence-case", act.case.to_string()),
        ("evidence-act", format!("{}#{}", act.by, act.seq)),
        ("evidence-kind", tongue.t(&format!("act-{}", act.deed.kind().code()))),
        ("evidence-party", party.unwrap_or_else(|| act.by.to_string())),
        ("evidence-office", office.unwrap_or_else(|| act.office.to_string())),
        ("evidence-signed-at", act.at.to_string()),
    ];
    let mut out = String::new();
    for (key, value) in head {
        line(&mut out, 0, &tongue.t(key), &value, tongue);
    }
    out.push('\n');
    // An act is made of what serde writes: it cannot fail, and if it did the reader would see an empty text.
    if let Ok(Value::Object(whole)) = serde_json::to_value(act) {
        whole.iter().for_each(|(name, value)| part(&mut out, 0, name, value, tongue));
    }
    out
}

/// One part, by the name it has in the signed act; words of an officer in this language, else in the one they wrote.
fn part(out: &mut String, depth: usize, name: &str, value: &Value, tongue: Tongue) {
    match value {
        Value::Object(members) => match spoken(value, tongue) {
            Some((lang, words)) => {
                let name = if lang == tongue.code() { name.to_owned() } else { format!("{name} [{lang}]") };
                line(out, depth, &name, words, tongue);
            }
            None => {
                line(out, depth, name, "", tongue);
                members.iter().for_each(|(name, value)| part(out, depth + 1, name, value, tongue));
            }
        },
        Value::Array(items) => {
            line(out, depth, name, if items.is_empty() { "–" } else { "" }, tongue);
            for (at, item) in items.iter().enumerate() {
                part(out, depth + 1, &(at + 1).to_string(), item, tongue);
            }
        }
        Value::String(words) => line(out, depth, name, words, tongue),
        Value::Null => line(out, depth, name, "–", tongue),
        Value::Bool(_) | Value::Number(_) => line(out, depth, name, &value.to_string(), tongue),
    }
}

/// The words of a text in several languages, and the language they are in.
fn spoken(value: &Value, tongue: Tongue) -> Option<(&str, &str)> {
    let texts = value.get("texts")?.as_object()?;
    let original = value.get("original")?.as_str()?;
    let (lang, words) = texts.get_key_value(tongue.code()).or_else(|| texts.get_key_value(original))?;
    Some((lang, words.as_str()?))
}

fn line(out: &mut String, depth: usize, name: &str, words: &str, tongue: Tongue) {
    let indent = "  ".repeat(depth);
    let said =
        tongue.with("label-value", &[("label", &name), ("value", &words.replace('\n', &format!("\n{indent}  ")))]);
    writeln!(out, "{indent}{}", said.trim_end()).expect("writing to a string cannot fail");
}
