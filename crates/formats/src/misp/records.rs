//! Events as records of indicators, and back.
//!
//! Owns which field becomes which fact. Must not judge: what is here was judged.

use domain::menu::Menu;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Events, TLP, made_id, number, strictest, text};
use crate::finding::LossCode;
use crate::observable;
use crate::record::{Account, Context, Key, Record, Subject};

/// Fields that say where on which server something lies: nobody else has a use for them, yet they are listed.
const ON_SERVER: &[&str] = &["id", "event_id", "object_id", "org_id", "orgc_id", "sharing_group_id"];

/// Takes the events apart.
pub(crate) fn records(events: &Events, account: &mut Account) -> Vec<Record> {
    let mut records = Vec::new();
    for event in &events.events {
        let mut event = event.clone();
        let shared = Shared::take(&mut event);
        for attribute in attributes(&mut event) {
            indicator(attribute, &shared, "/Event/Attribute/*", &mut records, account);
        }
        let objects = event.remove("Object");
        for object in objects.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
            let mut object = object.clone();
            for attribute in attributes(&mut object) {
                indicator(attribute, &shared, "/Event/Object/*/Attribute/*", &mut records, account);
            }
            account.leave_json(&Value::Object(object), "/Event/Object/*");
        }
        account.leave_json(&Value::Object(event), "/Event");
    }
    records
}

/// What an event says of all its attributes.
struct Shared {
    title: String,
    sender: String,
    marking: Option<&'static str>,
}

impl Shared {
    fn take(event: &mut Map<String, Value>) -> Self {
        let level = strictest(event);
        if let Some(Value::Array(tags)) = event.get_mut("Tag") {
            tags.retain(|tag| !tag.get("name").and_then(Value::as_str).is_some_and(is_level));
        }
        let sender = event.get_mut("Orgc").and_then(Value::as_object_mut).and_then(|org| org.remove("name"));
        Self {
            title: event.remove("info").as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
            sender: sender.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
            marking: level.map(|level| TLP[level][0].trim_start_matches("tlp:")),
        }
    }
}

fn is_level(name: &str) -> bool {
    TLP.iter().any(|level| level.contains(&name.to_ascii_lowercase().as_str()))
}

fn attributes(of: &mut Map<String, Value>) -> Vec<Map<String, Value>> {
    let items = of.remove("Attribute");
    let items = items.as_ref().and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_object).cloned().collect()
}

fn indicator(
    mut attribute: Map<String, Value>,
    shared: &Shared,
    at: &str,
    records: &mut Vec<Record>,
    account: &mut Account,
) {
    let (kind, value) = (text(&attribute, "type").to_owned(), text(&attribute, "value").to_owned());
    let deleted = attribute.get("deleted").is_some_and(|deleted| *deleted == true || *deleted == "1" || *deleted == 1);
    let subject = match (kind.as_str(), observable::of_misp(&kind, &value)) {
        _ if deleted || value.is_empty() => None,
        ("vulnerability", _) => Some((Subject::Vulnerability, "")),
        (_, Some(known)) => Some((Subject::Indicator, known.name)),
        (_, None) => None,
    };
    let Some((subject, name)) = subject else {
        account.lose(LossCode::NotCarried, format!("{at}[{kind}]"), &value);
        return;
    };
    let mut record = Record::new(subject);
    let mut take = |key: &str| attribute.remove(key).as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    record.put(Key::Id, take("uuid"));
    record.put(Key::Description, take("comment"));
    record.put(Key::Name, if subject == Subject::Vulnerability { value } else { String::new() });
    if subject == Subject::Indicator {
        record.put(Key::Kind, name);
        record.put(Key::Value, take("value"));
        record.put(Key::Label, shared.title.as_str());
    } else {
        take("value");
    }
    take("type");
    take("category");
    record.put(Key::Sender, shared.sender.as_str());
    record.put(Key::Marking, shared.marking.unwrap_or_default());
    if let Some(changed) = number(&attribute, "timestamp").and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        record.put(Key::Modified, changed.to_string());
        attribute.remove("timestamp");
    }
    if let Some(detect) = attribute.remove("to_ids") {
        record.put(Key::Detect, if detect == true || detect == "1" || detect == 1 { "true" } else { "false" });
    }
    attribute.remove("deleted");
    for tag in tags(&mut attribute) {
        record.put(Key::Label, tag);
    }
    for key in ON_SERVER {
        if let Some(value) = attribute.remove(*key) {
            account.leave_json(&value, &format!("{at}/{key}"));
        }
    }
    account.leave_json(&Value::Object(attribute), at);
    records.push(record);
}

fn tags(of: &mut Map<String, Value>) -> Vec<String> {
    let Some(Value::Array(tags)) = of.get_mut("Tag") else { return Vec::new() };
    let names = tags.iter_mut().filter_map(Value::as_object_mut).filter_map(|tag| tag.remove("name"));
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// One event of the records.
pub(crate) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<Events> {
    let mut attributes = Vec::new();
    let (mut title, mut sender, mut level) = (None, None, None);
    for mut record in records {
        if !matches!(record.subject, Subject::Indicator | Subject::Vulnerability) {
            account.refuse(&record);
            continue;
        }
        let Some((kind, category, value)) = value(&mut record) else {
            account.lose(LossCode::LeftOut, record.subject.code(), record.get(Key::Id).unwrap_or_default());
            continue;
        };
        let marking = record.take(Key::Marking);
        let rank = marking
            .as_deref()
            .and_then(|marking| TLP.iter().position(|known| known.contains(&format!("tlp:{marking}").as_str())));
        // An event has one sender and one marking: the first sender, and the strictest marking for all.
        if level.is_some_and(|known| Some(known) != rank) {
            account.lose(LossCode::Coarser, "indicator.marking", marking.as_deref().unwrap_or_default());
        }
        level = level.max(rank);
        let said = record.take(Key::Sender);
        if sender.is_some() && said.is_some() && sender != said {
            account.lose(LossCode::NoPlace, "indicator.sender", said.as_deref().unwrap_or_default());
        }
        sender = sender.or(said);
        let labels = record.values(Key::Label);
        title = title.or_else(|| record.get(Key::Name).map(str::to_owned)).or_else(|| labels.first().cloned());
        attributes.push(attribute(&mut record, kind, category, &value, &labels, context));
        account.leave(&record);
    }
    if attributes.is_empty() {
        return None;
    }
    let title = title.unwrap_or_else(|| {
        account.put_in("/Event/info", "indicators");
        "indicators".to_owned()
    });
    for (at, value) in [("threat_level_id", "4"), ("analysis", "0"), ("distribution", "0")] {
        account.put_in(&format!("/Event/{at}"), value);
    }
    let seed = attributes.iter().map(Value::to_string).collect::<String>();
    let mut event = json!({
        "uuid": made_id(&seed),
        "info": title,
        "date": context.now.to_string().get(..10).unwrap_or_default(),
        "timestamp": context.now.as_second().max(0).to_string(),
        "threat_level_id": "4",
        "analysis": "0",
        // Nobody but the receiving organisation, until its people decide otherwise.
        "distribution": "0",
        "published": false,
        "Attribute": attributes,
    });
    if let (Some(level), Some(event)) = (level, event.as_object_mut()) {
        event.insert("Tag".to_owned(), json!([{ "name": TLP[level][0] }]));
    }
    if let (Some(sender), Some(event)) = (sender, event.as_object_mut()) {
        event.insert("Orgc".to_owned(), json!({ "name": sender, "uuid": made_id(&sender) }));
    }
    Some(Events { events: vec![event.as_object()?.clone()] })
}

/// The type, category and value of a record: as it says, or out of its pattern.
fn value(record: &mut Record) -> Option<(&'static str, &'static str, String)> {
    if record.subject == Subject::Vulnerability {
        let name = record.take(Key::Name).or_else(|| record.take(Key::Id))?;
        return Some(("vulnerability", "External analysis", name)).filter(|(_, _, name)| !name.contains(' '));
    }
    let said = record.get(Key::Kind).and_then(observable::named).filter(|_| record.has(Key::Value));
    if let Some(kind) = said {
        record.take(Key::Kind);
        return Some((kind.misp, kind.category, record.take(Key::Value)?));
    }
    let (kind, value) = observable::single(record.get(Key::Pattern)?)?;
    record.take(Key::Pattern);
    Some((kind.misp, kind.category, value))
}

fn attribute(
    record: &mut Record,
    kind: &str,
    category: &str,
    value: &str,
    labels: &[String],
    context: &Context,
) -> Value {
    let id = record.take(Key::Id).unwrap_or_default();
    let uuid = id.rsplit("--").next().filter(|id| crate::uuid::is_uuid(id)).map(str::to_owned);
    let changed = record.take(Key::Modified).and_then(|at| at.parse::<Timestamp>().ok()).unwrap_or(context.now);
    let comment = [record.take(Key::Name), record.take(Key::Description)].into_iter().flatten().collect::<Vec<_>>();
    let tags: Vec<Value> = labels.iter().map(|label| json!({ "name": label })).collect();
    let mut attribute = json!({
        "uuid": uuid.unwrap_or_else(|| made_id(&format!("{kind}|{value}"))),
        "type": kind,
        "category": category,
        "value": value,
        "comment": comment.join(": "),
        "to_ids": record.take(Key::Detect).is_none_or(|detect| detect == "true"),
        "timestamp": changed.as_second().max(0).to_string(),
        "distribution": "5",
    });
    if let (false, Some(attribute)) = (tags.is_empty(), attribute.as_object_mut()) {
        attribute.insert("Tag".to_owned(), Value::Array(tags));
    }
    attribute
}
