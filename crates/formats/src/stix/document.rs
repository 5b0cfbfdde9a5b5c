//! A whole bundle, every property kept: read, written again, taken apart into records and made of them.
//!
//! Owns [`Document`]. The judging is `stix::read`. Must not interpret more than a record carries.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::vocabulary::{TLP_1, TLP_2};
use super::{BUNDLE_BYTES_MAX, Bundle, bundle};
use crate::finding::{Gathered, Loss, LossCode, Reading, Refused, shown};
use crate::record::{Account, Context, Key, Record, Subject};
use crate::{json, observable, uuid};

/// A bundle that was judged sound, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    whole: Value,
    bundle: Bundle,
}

impl Document {
    /// What an officer looks at.
    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }
}

/// Reads a bundle whole.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn document(bytes: &[u8]) -> Result<Reading<Document>, Refused> {
    let mut found = Gathered::default();
    let whole = json::read(bytes, BUNDLE_BYTES_MAX, &mut found);
    let document = whole.and_then(|whole| {
        let bundle = bundle(whole.clone(), &mut found)?;
        Some(Document { whole, bundle })
    });
    found.ruled(document)
}

/// Writes a bundle; every property of every object is in it. Nothing is lost.
#[must_use]
pub fn write(document: &Document) -> (Vec<u8>, Vec<Loss>) {
    (json::write(&document.whole), Vec::new())
}

/// Takes a bundle apart.
pub(crate) fn records(document: &Document, account: &mut Account) -> Vec<Record> {
    let objects = document.whole.get("objects").and_then(Value::as_array).into_iter().flatten();
    let mut records = Vec::new();
    for object in objects.filter_map(Value::as_object) {
        let mut object = object.clone();
        let mut taker = Taker { object: &mut object };
        let kind = taker.text("type");
        let record = match kind.as_str() {
            "indicator" => Some(indicator(&mut taker)),
            "vulnerability" => Some(vulnerability(&mut taker)),
            "identity" => Some(identity(&mut taker)),
            "file" => hashes(&mut taker, &mut records),
            // The standard's own levels are carried by what they mark.
            "marking-definition" if is_fixed(&taker.text("id")) => continue,
            other => observed(&mut taker, other),
        };
        let at = format!("/objects/*[{}]", shown(&kind));
        match record {
            Some(mut record) => {
                shared(&mut taker, &mut record);
                records.push(record);
                account.leave_json(&Value::Object(object), &at);
            }
            None => {
                account.lose(LossCode::NotCarried, at, object.get("id").and_then(Value::as_str).unwrap_or_default())
            }
        }
    }
    records
}

struct Taker<'o> {
    object: &'o mut Map<String, Value>,
}

impl Taker<'_> {
    fn text(&mut self, key: &str) -> String {
        match self.object.get(key) {
            Some(Value::String(_)) => {
                self.object.remove(key).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
            }
            _ => String::new(),
        }
    }

    fn list(&mut self, key: &str) -> Vec<String> {
        let texts = |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
        if !self.object.get(key).is_some_and(texts) {
            return Vec::new();
        }
        let items = self.object.remove(key);
        let items = items.as_ref().and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

fn indicator(taker: &mut Taker<'_>) -> Record {
    let mut record = Record::new(Subject::Indicator);
    let language = taker.text("pattern_type");
    record.put(Key::Id, taker.text("id"));
    record.put_of(Key::Pattern, &language, taker.text("pattern"));
    record.put(Key::From, taker.text("valid_from"));
    record.put(Key::Until, taker.text("valid_until"));
    record.extend(Key::Category, taker.list("indicator_types"));
    record
}

fn vulnerability(taker: &mut Taker<'_>) -> Record {
    let mut record = Record::new(Subject::Vulnerability);
    record.put(Key::Id, taker.text("id"));
    record
}

fn identity(taker: &mut Taker<'_>) -> Record {
    let mut record = Record::new(Subject::Person);
    record.put(Key::Id, taker.text("id"));
    record.put(Key::Kind, taker.text("identity_class"));
    record.put(Key::Contact, taker.text("contact_information"));
    record.extend(Key::Position, taker.list("roles"));
    record
}

fn observed(taker: &mut Taker<'_>, kind: &str) -> Option<Record> {
    let (name, property) = match kind {
        "mutex" => ("mutex", "name"),
        "windows-registry-key" => ("key", "key"),
        "autonomous-system" => ("as", "number"),
        _ => (observable::KINDS.iter().find(|known| known.path == format!("{kind}:value"))?.name, "value"),
    };
    let value = match taker.object.get(property)? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    taker.object.remove(property);
    Some(seen(taker, name, &value))
}

/// A file is as many values as it has hashes; without one it is its name.
fn hashes(taker: &mut Taker<'_>, records: &mut Vec<Record>) -> Option<Record> {
    let known = |algorithm: &str| {
        let path = format!("file:hashes.{algorithm}");
        observable::KINDS.iter().find(|kind| kind.path.replace('\'', "") == path).map(|kind| kind.name)
    };
    let hashes = taker.object.get("hashes").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut values: Vec<(&str, String)> = Vec::new();
    for (algorithm, hash) in &hashes {
        if let (Some(name), Some(hash)) = (known(algorithm), hash.as_str()) {
            values.push((name, hash.to_owned()));
            if let Some(Value::Object(left)) = taker.object.get_mut("hashes") {
                left.remove(algorithm);
            }
        }
    }
    let name = taker.text("name");
    let (last_name, last) = if values.is_empty() { ("file", name.clone()) } else { values.pop()? };
    let id = taker.object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (kind, value) in values {
        let mut record = Record::new(Subject::Indicator);
        record.put(Key::Id, id.as_str());
        record.put(Key::Kind, kind);
        record.put(Key::Value, value);
        record.put(Key::Detect, "false");
        record.put(Key::Name, name.as_str());
        records.push(record);
    }
    let mut record = seen(taker, last_name, &last);
    if last_name != "file" {
        record.put(Key::Name, name);
    }
    Some(record)
}

fn seen(taker: &mut Taker<'_>, kind: &str, value: &str) -> Record {
    let mut record = Record::new(Subject::Indicator);
    record.put(Key::Id, taker.text("id"));
    record.put(Key::Kind, kind);
    record.put(Key::Value, value);
    record.put(Key::Detect, "false");
    record
}

/// What all objects share.
fn shared(taker: &mut Taker<'_>, record: &mut Record) {
    taker.text("spec_version");
    for (property, key) in [
        ("name", Key::Name),
        ("description", Key::Description),
        ("created", Key::Created),
        ("modified", Key::Modified),
        ("lang", Key::Language),
    ] {
        let text = taker.text(property);
        record.put(key, text);
    }
    record.extend(Key::Label, taker.list("labels"));
    if let Some(confidence) = taker.object.remove("confidence") {
        record.put(Key::Confidence, confidence.to_string());
    }
    if let Some(Value::Array(refs)) = taker.object.get_mut("object_marking_refs") {
        let level = refs.iter().filter_map(Value::as_str).find_map(level_of);
        refs.retain(|id| !id.as_str().is_some_and(is_fixed));
        record.put(Key::Marking, level.unwrap_or_default());
    }
    if let Some(Value::Array(references)) = taker.object.get_mut("external_references") {
        for reference in references.iter_mut().filter_map(Value::as_object_mut) {
            let url = reference.remove("url");
            record.put(Key::Web, url.as_ref().and_then(Value::as_str).unwrap_or_default());
            let (source, id) = (reference.remove("source_name"), reference.remove("external_id"));
            if let (Some(source), Some(id)) = (&source, &id) {
                record.put_of(Key::Reference, source.as_str().unwrap_or_default(), id.as_str().unwrap_or_default());
            } else if let Some(source) = source.as_ref().and_then(Value::as_str) {
                record.put_of(Key::Reference, "source", source);
            }
        }
    }
}

fn levels() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    TLP_2.iter().chain(TLP_1)
}

fn level_of(id: &str) -> Option<&'static str> {
    let uuid = id.strip_prefix("marking-definition--")?;
    let level = levels().find(|(known, _)| *known == uuid).map(|(_, level)| *level)?;
    Some(if level == "white" { "clear" } else { level })
}

fn is_fixed(id: &str) -> bool {
    level_of(id).is_some()
}

/// A bundle of the records.
pub(crate) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<Document> {
    let (mut objects, mut ids): (Vec<Value>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    for mut record in records {
        let made = match record.subject {
            Subject::Indicator => make_indicator(&mut record, context, account),
            Subject::Vulnerability => Some(make_plain(&mut record, "vulnerability", context, account)),
            Subject::Person => Some(make_identity(&mut record, context, account)),
            Subject::Alert | Subject::Meeting | Subject::Law | Subject::Provision | Subject::Site => {
                account.refuse(&record);
                continue;
            }
        };
        match made {
            Some(made) => {
                account.leave(&record);
                let id = made.get("id").and_then(Value::as_str).unwrap_or_default();
                if ids.insert(id.to_owned()) {
                    objects.push(made);
                }
            }
            None => account.lose(LossCode::LeftOut, "indicator", record.get(Key::Id).unwrap_or_default()),
        }
    }
    if objects.is_empty() {
        return None;
    }
    let seed = objects.iter().map(Value::to_string).collect::<String>();
    let id = format!("bundle--{}", uuid::of(&uuid::MADE, &seed));
    let whole = json!({ "type": "bundle", "id": id, "objects": objects });
    // What was made is judged by the same rules as what comes from outside.
    let mut found = Gathered::default();
    let bundle = bundle(whole.clone(), &mut found);
    account.judged(found, bundle.map(|bundle| Document { whole, bundle }))
}

fn make_indicator(record: &mut Record, context: &Context, account: &mut Account) -> Option<Value> {
    let kind = record.get(Key::Kind).and_then(observable::named).filter(|_| record.has(Key::Value));
    let (pattern, language) = match kind {
        Some(kind) => {
            record.take(Key::Kind);
            (observable::pattern(kind, &record.take(Key::Value)?), "stix".to_owned())
        }
        None => {
            let fact = record.take_fact(Key::Pattern)?;
            (fact.value, if fact.of.is_empty() { "stix".to_owned() } else { fact.of })
        }
    };
    if language == "stix" && super::pattern::check(&pattern).is_err() {
        return None;
    }
    record.take(Key::Detect);
    let mut made = make_plain(record, "indicator", context, account);
    let from = record.take(Key::From).as_deref().and_then(crate::time::instant).unwrap_or_else(|| {
        account.put_in("/objects/*[indicator]/valid_from", &context.now.to_string());
        context.now
    });
    let object = made.as_object_mut()?;
    object.insert("pattern".to_owned(), json!(pattern));
    object.insert("pattern_type".to_owned(), json!(language));
    object.insert("valid_from".to_owned(), json!(stamp(from)));
    let until = record.get(Key::Until).and_then(crate::time::instant).filter(|until| *until > from);
    if let Some(until) = until {
        record.take(Key::Until);
        object.insert("valid_until".to_owned(), json!(stamp(until)));
    }
    list(object, "indicator_types", record.values(Key::Category));
    Some(made)
}

fn make_identity(record: &mut Record, context: &Context, account: &mut Account) -> Value {
    let kind = record.take(Key::Kind).unwrap_or_default().to_ascii_lowercase();
    let class = match kind.as_str() {
        "" | "individual" | "person" => "individual",
        "group" | "class" | "system" | "organization" | "unknown" => kind.as_str(),
        _ => "organization",
    };
    if record.get(Key::Name).is_none() {
        let name: Vec<String> = [record.take(Key::Given), record.take(Key::Surname)].into_iter().flatten().collect();
        record.put(Key::Name, name.join(" "));
    }
    let mut made = make_plain(record, "identity", context, account);
    if let Some(object) = made.as_object_mut() {
        object.insert("identity_class".to_owned(), json!(class));
        let contact = record.values(Key::Contact).join("; ");
        if !contact.is_empty() {
            object.insert("contact_information".to_owned(), json!(contact));
        }
        list(object, "roles", record.values(Key::Position));
    }
    made
}

/// An object of this type with what all share.
fn make_plain(record: &mut Record, kind: &str, context: &Context, account: &mut Account) -> Value {
    let given = record.take(Key::Id).unwrap_or_default();
    let uuid = given.rsplit("--").next().filter(|id| uuid::is_uuid(id)).map(str::to_ascii_lowercase);
    let seed = format!("{kind}|{given}|{:?}", record.left());
    let name = record.take(Key::Name);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| _ = object.insert(key.to_owned(), value);
    let mut references: Vec<Value> = Vec::new();
    if uuid.is_none() && !given.is_empty() {
        references.push(json!({ "source_name": "origin", "external_id": given }));
    }
    put("type", json!(kind));
    put("spec_version", json!("2.1"));
    put("id", json!(format!("{kind}--{}", uuid.unwrap_or_else(|| uuid::of(&uuid::MADE, &seed)))));
    let time = |key| record.get(key).and_then(crate::time::instant);
    let (created, modified) = (time(Key::Created), time(Key::Modified));
    if created.or(modified).is_none() {
        account.put_in(&format!("/objects/*[{kind}]/created"), &context.now.to_string());
    }
    let made = created.or(modified).unwrap_or(context.now);
    put("created", json!(stamp(made)));
    put("modified", json!(stamp(modified.unwrap_or(made).max(made))));
    record.take(Key::Created);
    record.take(Key::Modified);
    match (name, kind) {
        (Some(name), _) => put("name", json!(name)),
        (None, "indicator") => {}
        (None, _) => put("name", json!(if given.is_empty() { "unnamed" } else { given.as_str() })),
    }
    if let Some(text) = record.take(Key::Description) {
        put("description", json!(text));
    }
    if let Some(language) = record.take(Key::Language) {
        put("lang", json!(language));
    }
    let sure = record.get(Key::Confidence).and_then(|text| text.parse::<u8>().ok()).filter(|sure| *sure <= 100);
    if let Some(sure) = sure {
        record.take(Key::Confidence);
        put("confidence", json!(sure));
    }
    let level = record.get(Key::Marking).map(|level| if level == "white" { "clear" } else { level });
    let level = level.and_then(|level| TLP_2.iter().find(|(_, known)| *known == level));
    if let Some((uuid, _)) = level {
        record.take(Key::Marking);
        put("object_marking_refs", json!([format!("marking-definition--{uuid}")]));
    }
    for fact in record.take_all(Key::Reference) {
        let source = if fact.of.is_empty() { "reference" } else { fact.of.as_str() };
        references.push(json!({ "source_name": source, "external_id": fact.value }));
    }
    references.extend(record.values(Key::Web).into_iter().map(|url| json!({ "source_name": "web", "url": url })));
    if !references.is_empty() {
        put("external_references", Value::Array(references));
    }
    list(&mut object, "labels", record.values(Key::Label));
    Value::Object(object)
}

fn list(object: &mut Map<String, Value>, key: &str, values: Vec<String>) {
    if !values.is_empty() {
        object.insert(key.to_owned(), json!(values));
    }
}

/// An instant with three digits of its second, as STIX writes them (§2.16).
fn stamp(at: jiff::Timestamp) -> String {
    format!("{at:.3}")
}
