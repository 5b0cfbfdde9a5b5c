//! Incidents as records of the values they name, and an incident of the values to be reported.
//!
//! Owns which element holds a value. Must not decide what an incident is.

use domain::menu::Menu;

use super::{Incidents, SPACE, judge};
use crate::finding::{Gathered, LossCode};
use crate::observable;
use crate::record::{Account, Context, Key, Record, Subject};
use crate::uuid;
use crate::xml::{Document, Element, Node};

/// Takes incidents apart: each address, domain and hash becomes a record.
pub(crate) fn records(incidents: &Incidents, account: &mut Account) -> Vec<Record> {
    let mut root = incidents.document.root.clone();
    let mut records = Vec::new();
    for mut incident in root.take_all("Incident") {
        let id = incident.take_text("IncidentID").unwrap_or_default();
        let mut values = Vec::new();
        gather(&mut incident, &mut values);
        for (kind, value) in values {
            let mut record = Record::new(Subject::Indicator);
            record.put(Key::Kind, kind);
            record.put(Key::Value, value);
            record.put_of(Key::Reference, "incident", id.as_str());
            record.put(Key::Detect, "false");
            records.push(record);
        }
        account.leave_xml(&incident, "/IODEF-Document");
    }
    account.leave_xml(&root, "");
    records
}

fn gather(element: &mut Element, values: &mut Vec<(&'static str, String)>) {
    for node in &mut element.nodes {
        let Node::Element(child) = node else { continue };
        let category = child.attribute("category").unwrap_or("ipv4-addr").to_owned();
        let kind = match child.local() {
            "Address" => observable::KINDS.iter().find(|kind| kind.iodef == category).map(|kind| kind.name),
            "Name" if element.name.ends_with("DomainData") => Some("domain"),
            _ => None,
        };
        let text = child.text();
        match kind {
            Some(kind) if !text.is_empty() => {
                values.push((kind, text));
                child.nodes.clear();
                child.attributes.retain(|attribute| attribute.name != "category");
            }
            _ => gather(child, values),
        }
    }
}

/// One incident of the records: an `EventData` for each value.
pub(crate) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<Incidents> {
    let mut events: Vec<Element> = Vec::new();
    let mut seed = String::new();
    let mut level = None;
    for mut record in records {
        if record.subject != Subject::Indicator {
            account.refuse(&record);
            continue;
        }
        let said = record.get(Key::Kind).and_then(observable::named).filter(|_| record.has(Key::Value));
        let value = match said {
            Some(kind) => record.take(Key::Value).map(|value| (kind, value)),
            None => record.get(Key::Pattern).and_then(observable::single),
        };
        let Some((kind, value)) = value.filter(|(kind, _)| !kind.iodef.is_empty() || kind.name == "domain") else {
            account.lose(LossCode::LeftOut, record.subject.code(), record.get(Key::Id).unwrap_or_default());
            continue;
        };
        record.take(if said.is_some() { Key::Kind } else { Key::Pattern });
        let marking = record.take(Key::Marking);
        level = level.max(marking.as_deref().and_then(rank));
        seed.push_str(&value);
        events.push(event(kind, &value, &mut record));
        account.leave(&record);
    }
    if events.is_empty() {
        return None;
    }
    let mut incident = Element::new("Incident", SPACE).having("purpose", "reporting");
    let restriction = level.map_or("private", |level| RESTRICTIONS[level]);
    incident = incident.having("restriction", restriction);
    let mut id = Element::new("IncidentID", SPACE).having("name", "unknown");
    id.nodes.push(Node::Text(uuid::of(&uuid::MADE, &seed)));
    account.put_in("/IODEF-Document/Incident/IncidentID/@name", "unknown");
    incident.push(id);
    incident.put("GenerationTime", &context.now.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string());
    account.put_in("/IODEF-Document/Incident/GenerationTime", &context.now.to_string());
    let mut contact = Element::new("Contact", SPACE).having("role", "creator").having("type", "organization");
    contact.put("ContactName", "unknown");
    account.put_in("/IODEF-Document/Incident/Contact/ContactName", "unknown");
    incident.push(contact);
    events.into_iter().for_each(|event| incident.push(event));
    let mut root = Element::root("IODEF-Document", SPACE).having("version", "2.00").having("xml:lang", "en");
    root.push(incident);
    let mut found = Gathered::default();
    judge(&root, &mut found);
    account.judged(found, Some(Incidents { document: Document::of(root) }))
}

/// Restrictions by the strictness of TLP.
const RESTRICTIONS: &[&str] = &["white", "green", "amber", "red"];

fn rank(level: &str) -> Option<usize> {
    let level = match level {
        "clear" => "white",
        "amber+strict" => "red",
        other => other,
    };
    RESTRICTIONS.iter().position(|known| *known == level)
}

fn event(kind: &observable::Kind, value: &str, record: &mut Record) -> Element {
    let mut node = Element::new("Node", SPACE);
    if kind.name == "domain" {
        let mut domain =
            Element::new("DomainData", SPACE).having("system-status", "unknown").having("domain-status", "unknown");
        domain.put("Name", value);
        node.push(domain);
    } else {
        let mut address = Element::new("Address", SPACE).having("category", kind.iodef);
        address.nodes.push(Node::Text(value.to_owned()));
        node.push(address);
    }
    let mut system = Element::new("System", SPACE).having("category", "source");
    system.push(node);
    let mut flow = Element::new("Flow", SPACE);
    flow.push(system);
    let mut event = Element::new("EventData", SPACE);
    let words = [record.take(Key::Name), record.take(Key::Description)];
    let words = words.into_iter().flatten().collect::<Vec<_>>().join(": ");
    if !words.is_empty() {
        event.put("Description", &words);
    }
    event.push(flow);
    event
}
