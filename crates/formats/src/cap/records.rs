//! An alert as records, one for each language, and back.
//!
//! Owns which element becomes which fact. Must not judge: what is here was judged, and what is made is judged again.

use super::{Alert, CATEGORIES, CERTAINTIES, MESSAGES, SCOPES, SEVERITIES, SPACE, STATUSES, URGENCIES, judge};
use crate::finding::{Gathered, LossCode};
use crate::record::{Account, Context, Key, Record, Subject};
use crate::time;
use crate::uuid;
use crate::xml::{Document, Element, Node};

/// What an alert says once.
const HEAD: &[(&str, Key)] = &[
    ("identifier", Key::Id),
    ("sender", Key::Sender),
    ("sent", Key::Sent),
    ("status", Key::Status),
    ("msgType", Key::MessageType),
    ("scope", Key::Scope),
];
/// What it says in each language.
const INFO: &[(&str, Key)] = &[
    ("language", Key::Language),
    ("category", Key::Category),
    ("event", Key::Event),
    ("urgency", Key::Urgency),
    ("severity", Key::Severity),
    ("certainty", Key::Certainty),
    ("effective", Key::From),
    ("onset", Key::Start),
    ("expires", Key::Until),
    ("headline", Key::Name),
    ("description", Key::Description),
    ("instruction", Key::Instruction),
    ("web", Key::Web),
    ("contact", Key::Contact),
];

/// Takes an alert apart.
pub(crate) fn records(alert: &Alert, account: &mut Account) -> Vec<Record> {
    let mut root = alert.document.root.clone();
    let mut head = Record::new(Subject::Alert);
    for (name, key) in HEAD {
        head.put(*key, root.take_text(name).unwrap_or_default());
    }
    for one in root.take_text("references").unwrap_or_default().split_whitespace() {
        head.put(Key::Reference, one);
    }
    let mut records = Vec::new();
    for mut info in root.take_all("info") {
        let mut record = head.clone();
        for (name, key) in INFO {
            record.extend(*key, info.take_texts(name));
        }
        for mut area in info.take_all("area") {
            record.put(Key::Area, area.take_text("areaDesc").unwrap_or_default());
            for (name, key) in [("polygon", Key::Polygon), ("circle", Key::Circle)] {
                let texts = area.take_texts(name);
                record.extend(key, texts.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            account.leave_xml(&area, "/alert/info");
        }
        account.leave_xml(&info, "/alert");
        records.push(record);
    }
    if records.is_empty() {
        records.push(head);
    }
    for signature in root.take_all("Signature") {
        account.lose(LossCode::Signature, "/alert/Signature", signature.local());
    }
    for node in alert.document.before.iter().chain(&alert.document.after) {
        root.nodes.push(node.clone());
    }
    account.leave_xml(&root, "");
    records
}

/// One alert of the records of one identifier; further identifiers are left out, for a file holds one alert.
pub(crate) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<Alert> {
    let mut root = Element::root("alert", SPACE);
    let mut identifier: Option<String> = None;
    for mut record in records {
        if !matches!(record.subject, Subject::Alert | Subject::Site | Subject::Meeting) {
            account.refuse(&record);
            continue;
        }
        let id = record.take(Key::Id).unwrap_or_else(|| uuid::of(&uuid::MADE, &format!("{:?}", record.left())));
        let id: String = id.chars().map(|c| if c.is_whitespace() || ",<&".contains(c) { '_' } else { c }).collect();
        // Areas without an alert of their own belong to the one before.
        let is_same = identifier.as_ref().is_none_or(|known| *known == id) || record.subject == Subject::Site;
        if !is_same {
            account.lose(LossCode::LeftOut, "alert", &id);
            continue;
        }
        if identifier.is_none() {
            head(&mut root, &id, &mut record, context, account);
            identifier = Some(id);
        } else {
            if record.subject == Subject::Site {
                account.lose(LossCode::NoPlace, "site.id", &id);
            }
            HEAD.iter().for_each(|(_, key)| drop(record.take_all(*key)));
            record.take_all(Key::Reference);
        }
        let info = info(&mut record, account);
        root.push(info);
        account.leave(&record);
    }
    identifier?;
    let mut found = Gathered::default();
    judge(&root, &mut found);
    account.judged(found, Some(Alert { document: Document::of(root) }))
}

fn head(root: &mut Element, id: &str, record: &mut Record, context: &Context, account: &mut Account) {
    let mut chosen = |key: Key, choices: &[&str], otherwise: &str, at: &str| {
        let said = record.get(key).and_then(|said| choices.iter().find(|choice| choice.eq_ignore_ascii_case(said)));
        match said {
            Some(choice) => {
                record.take(key);
                (*choice).to_owned()
            }
            None => {
                account.put_in(at, otherwise);
                otherwise.to_owned()
            }
        }
    };
    let status = chosen(Key::Status, STATUSES, "Draft", "/alert/status");
    let message = chosen(Key::MessageType, MESSAGES, "Alert", "/alert/msgType");
    // Without a word on who may see it, nobody but those addressed.
    let scope = chosen(Key::Scope, SCOPES, "Private", "/alert/scope");
    let sender = record.take(Key::Sender).map(|sender| sender.replace([' ', ',', '<', '&'], "_"));
    let sender = sender.unwrap_or_else(|| {
        account.put_in("/alert/sender", "unknown");
        "unknown".to_owned()
    });
    let sent = record.take(Key::Sent).and_then(|sent| with_offset(&sent)).unwrap_or_else(|| {
        let now = offset(context.now);
        account.put_in("/alert/sent", &now);
        now
    });
    root.put("identifier", id);
    root.put("sender", &sender);
    root.put("sent", &sent);
    root.put("status", &status);
    root.put("msgType", &message);
    root.put("scope", &scope);
    if scope == "Private" {
        account.put_in("/alert/addresses", &sender);
        root.put("addresses", &sender);
    }
    let references = record.values(Key::Reference);
    if !references.is_empty() {
        root.put("references", &references.join(" "));
    }
}

fn info(record: &mut Record, account: &mut Account) -> Element {
    let mut info = Element::new("info", SPACE);
    if record.get(Key::Event).is_none() {
        // A meeting or a place has a name and no event.
        let event = record.get(Key::Name).or_else(|| record.get(Key::Area)).unwrap_or("unknown").to_owned();
        account.put_in("/alert/info/event", &event);
        record.put(Key::Event, event);
    }
    for (name, key) in INFO {
        let choices: &[&str] = match *name {
            "category" => CATEGORIES,
            "urgency" => URGENCIES,
            "severity" => SEVERITIES,
            "certainty" => CERTAINTIES,
            _ => &[],
        };
        let mut values: Vec<String> = match *name {
            "effective" | "onset" | "expires" => {
                let time = record.get(*key).and_then(with_offset);
                if time.is_some() {
                    record.take(*key);
                }
                time.into_iter().collect()
            }
            "category" => record.values(*key),
            _ => record.take(*key).into_iter().collect(),
        };
        if !choices.is_empty() {
            values.retain(|value| choices.contains(&value.as_str()));
            if values.is_empty() {
                let otherwise = if *name == "category" { "Other" } else { "Unknown" };
                account.put_in(&format!("/alert/info/{name}"), otherwise);
                values.push(otherwise.to_owned());
            }
        }
        values.iter().for_each(|value| info.put(name, value));
    }
    area(record, &mut info, account);
    info
}

fn area(record: &mut Record, info: &mut Element, account: &mut Account) {
    let names = record.values(Key::Area);
    let polygons = record.values(Key::Polygon);
    let mut circles = record.values(Key::Circle);
    circles.extend(record.values(Key::Point).into_iter().map(|point| format!("{point} 0")));
    if names.is_empty() && polygons.is_empty() && circles.is_empty() {
        return;
    }
    if names.len() > 1 && polygons.len() + circles.len() > 0 {
        account.lose(LossCode::Coarser, "/alert/info/area", "several areas stand as one, their names joined");
    }
    let mut area = Element::new("area", SPACE);
    area.put("areaDesc", &if names.is_empty() { "unnamed".to_owned() } else { names.join("; ") });
    polygons.iter().for_each(|polygon| area.put("polygon", polygon));
    circles.iter().for_each(|circle| area.put("circle", circle));
    info.nodes.push(Node::Element(area));
}

/// A time with the offset CAP demands; one that has an offset keeps it.
fn with_offset(text: &str) -> Option<String> {
    if time::offset_time(text).is_some() {
        return Some(text.to_owned());
    }
    time::instant(text).map(offset)
}

fn offset(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S-00:00").to_string()
}
