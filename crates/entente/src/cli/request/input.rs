//! What people give commands: files in JSON or TOML, words in several languages.
//!
//! Owns their reading into the interface's form. Must not know which members a request or an act has.

use std::path::Path;

use domain::act::ActKind;
use domain::menu::Menu;
use serde_json::{Map, Value, json};

use super::super::Trouble;
use super::print::tongue;
use crate::i18n::Tongue;

/// Largest file read: the interface takes no larger body.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Words in one or several languages.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// The words in a language of the instrument, such as `--text fr="…"`; once for each language.
    #[arg(long = "text", value_name = "LANG=WORDS", value_parser = in_language)]
    texts: Vec<(String, String)>,
    /// The words in English.
    #[arg(long, value_name = "WORDS")]
    text_en: Option<String>,
    /// The words in Chinese.
    #[arg(long, value_name = "WORDS")]
    text_zh: Option<String>,
}

impl Words {
    /// The words as the interface takes them; those in `own` are the original, or else the first given.
    ///
    /// # Errors
    /// [`Trouble`] when there are none, or in a language the instrument does not have.
    pub fn prose(&self, own: &str, langs: &[String]) -> Result<Value, Trouble> {
        let faces = [(Tongue::En, &self.text_en), (Tongue::Zh, &self.text_zh)];
        let faces = faces
            .into_iter()
            .filter_map(|(tongue, words)| Some((tongue.code().to_owned(), Value::from(words.as_deref()?))));
        let named = self.texts.iter().map(|(lang, words)| (lang.clone(), Value::from(words.as_str())));
        let texts: Map<String, Value> = faces.chain(named).collect();
        let all = langs.join(", ");
        let here = tongue();
        if let Some(strange) = texts.keys().find(|lang| !langs.contains(lang)) {
            return Err(Trouble(here.with("words-strange", &[("lang", strange), ("langs", &all)])));
        }
        if texts.is_empty() {
            return Err(Trouble(here.with("words-none", &[("langs", &all)])));
        }
        Ok(prose(texts, own))
    }
}

fn in_language(given: &str) -> Result<(String, String), String> {
    let parted = given.split_once('=').filter(|(lang, words)| !lang.is_empty() && !words.trim().is_empty());
    parted
        .map(|(lang, words)| (lang.to_owned(), words.to_owned()))
        .ok_or_else(|| "write the language, = and the words, such as fr=\"Reçu.\"".to_owned())
}

/// Reads a file of JSON, or of TOML when its name ends so.
///
/// # Errors
/// [`Trouble`] with the place of what cannot be read.
pub fn read(file: &Path) -> Result<Value, Trouble> {
    let at = file.display();
    let unread = |why: std::io::Error| Trouble(format!("cannot read `{at}` ({why}); check the path"));
    if std::fs::metadata(file).map_err(unread)?.len() > FILE_BYTES_MAX {
        return Err(Trouble(format!(
            "`{at}` is larger than {FILE_BYTES_MAX} bytes; send large content as an attachment"
        )));
    }
    let text = std::fs::read_to_string(file).map_err(unread)?;
    let value = if file.extension().is_some_and(|ext| ext == "toml") {
        let table: Result<toml::Table, _> = toml::from_str(&text);
        table.map(|table| from_toml(toml::Value::Table(table))).map_err(|why| why.to_string())
    } else {
        serde_json::from_str(&text).map_err(|why| why.to_string())
    };
    let value = value
        .map_err(|why| Trouble(format!("`{at}` cannot be read: {}; correct it", why.trim().replace('\n', " "))))?;
    let value = with_bundles(out_of_template(value), file.parent().unwrap_or(Path::new("")))?;
    if value.is_object() { Ok(value) } else { Err(Trouble(format!("`{at}` holds no members; write an object"))) }
}

/// What is to be sent out of a template's answer in JSON, which has beside it what each part is.
fn out_of_template(mut value: Value) -> Value {
    let template = value.get("parts").is_some_and(Value::is_array);
    let inner = ["request", "contents"].into_iter().find(|name| value.get(name).is_some_and(Value::is_object));
    match inner.filter(|_| template) {
        Some(inner) => value[inner].take(),
        None => value,
    }
}

/// Puts in the bundles of indicators that are named by a file of their own, which lies beside the one read.
fn with_bundles(mut value: Value, beside: &Path) -> Result<Value, Trouble> {
    let Some(fields) = value.get_mut("fields").and_then(Value::as_object_mut) else { return Ok(value) };
    for field in fields.values_mut() {
        let Some(name) = field.get("indicators-file").and_then(Value::as_str) else { continue };
        let at = beside.join(name);
        let text = std::fs::read_to_string(&at);
        let text =
            text.map_err(|why| Trouble(format!("cannot read the bundle `{}` ({why}); check the path", at.display())))?;
        *field = json!({ "indicators": text });
    }
    Ok(value)
}

/// Wherever a value is `{ en: …, zh: … }` in the instrument's languages, makes words of it whose original is `own`.
#[must_use]
pub fn spoken(value: Value, own: &str, langs: &[String]) -> Value {
    match value {
        Value::Object(members) => {
            let words = |(key, value): (&String, &Value)| langs.contains(key) && value.is_string();
            if !members.is_empty() && members.iter().all(words) {
                return prose(members, own);
            }
            // Words already in the interface's form are left as they are.
            if members.contains_key("original") && members.contains_key("texts") {
                return Value::Object(members);
            }
            Value::Object(members.into_iter().map(|(key, value)| (key, spoken(value, own, langs))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| spoken(item, own, langs)).collect()),
        plain => plain,
    }
}

/// Lays the members of `over` on `under`; `fields` are laid member by member.
///
/// # Errors
/// [`Trouble`] when either has none.
pub fn overlay(under: &mut Value, over: Value) -> Result<(), Trouble> {
    let (Some(under), Value::Object(over)) = (under.as_object_mut(), over) else {
        return Err(Trouble("the file holds no members; write an object".to_owned()));
    };
    for (name, value) in over {
        match (under.get_mut(&name).and_then(Value::as_object_mut), value) {
            (Some(fields), Value::Object(more)) if name == "fields" => fields.extend(more),
            (_, value) => _ = under.insert(name, value),
        }
    }
    Ok(())
}

/// An act's name as the signed vocabulary writes it: `begin-review` is `BeginReview`.
#[must_use]
pub fn deed_name(act: ActKind) -> String {
    let upper = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    act.code().split('-').map(upper).collect()
}

fn prose(texts: Map<String, Value>, own: &str) -> Value {
    let original =
        if texts.contains_key(own) { own.to_owned() } else { texts.keys().next().cloned().unwrap_or_default() };
    json!({ "original": original, "texts": texts })
}

/// TOML's dates are texts in JSON.
pub(super) fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(from_toml).collect(),
        toml::Value::Table(members) => Value::Object(members.into_iter().map(|(k, v)| (k, from_toml(v))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_languages_become_prose() {
        fn check(given: Value, wanted: Value) {
            let langs = ["en".to_owned(), "zh".to_owned()];
            assert_eq!(spoken(given, "zh", &langs), wanted);
        }
        check(
            json!({ "title": { "en": "a", "zh": "b" } }),
            json!({ "title": { "original": "zh", "texts": { "en": "a", "zh": "b" } } }),
        );
        check(json!([{ "want": { "en": "a" } }]), json!([{ "want": { "original": "en", "texts": { "en": "a" } } }]));
        check(json!({}), json!({}));
        check(json!({ "line": "en" }), json!({ "line": "en" }));
        let done = json!({ "original": "en", "texts": { "en": "a" } });
        check(done.clone(), done);
    }

    #[test]
    fn fields_are_laid_one_by_one() {
        let mut under = json!({ "contact": "x", "fields": { "a": 1, "b": 2 } });
        overlay(&mut under, json!({ "fields": { "b": 3 }, "contact": "y" })).expect("both have members");
        assert_eq!(under, json!({ "contact": "y", "fields": { "a": 1, "b": 3 } }));
    }

    #[test]
    fn every_act_has_the_name_its_deed_is_written_by() {
        assert_eq!(deed_name(ActKind::BeginReview), "BeginReview");
        assert_eq!(deed_name(ActKind::Ask), "Ask");
    }

    #[test]
    fn toml_is_read_like_json() {
        let table: toml::Table = toml::from_str("d = 2026-02-01\n[a]\nb = [1, true]").expect("sound");
        assert_eq!(from_toml(toml::Value::Table(table)), json!({ "d": "2026-02-01", "a": { "b": [1, true] } }));
    }
}
