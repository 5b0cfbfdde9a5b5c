//! The persons and entities of a report, as records to be matched.
//!
//! Owns which element is a person and which an entity. Must not carry the transactions: who had part in them is asked
//! for by name, the money is the report's own.

use super::Report;
use crate::record::{Account, Key, Record, Subject};
use crate::xml::{Element, Node};

/// Elements that are a person, in any version.
const PEOPLE: &[&str] =
    &["from_person", "to_person", "t_person", "person", "reporting_person", "director_id", "t_conductor"];
/// Elements that are an entity.
const ENTITIES: &[&str] = &["from_entity", "to_entity", "t_entity", "entity"];

/// Takes a report apart.
pub(crate) fn records(report: &Report, account: &mut Account) -> Vec<Record> {
    let mut root = report.document.root.clone();
    let mut records = Vec::new();
    gather(&mut root, &mut records);
    for node in report.document.before.iter().chain(&report.document.after) {
        root.nodes.push(node.clone());
    }
    account.leave_xml(&root, "");
    records
}

fn gather(element: &mut Element, records: &mut Vec<Record>) {
    for node in &mut element.nodes {
        let Node::Element(child) = node else { continue };
        if PEOPLE.contains(&child.local()) && child.child("last_name").is_some() {
            records.push(person(child));
        } else if ENTITIES.contains(&child.local()) && child.child("name").is_some() {
            records.push(entity(child));
        }
        gather(child, records);
    }
}

fn person(from: &mut Element) -> Record {
    let mut record = Record::new(Subject::Person);
    let role = from.local().to_owned();
    record.put(Key::Kind, "individual");
    record.put_of(Key::Category, "role", role);
    let given = [from.take_text("first_name"), from.take_text("middle_name")];
    let given = given.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let surname = [from.take_text("prefix"), from.take_text("last_name")];
    let surname = surname.into_iter().flatten().collect::<Vec<_>>().join(" ");
    record.put(Key::Name, format!("{given} {surname}").trim());
    record.put(Key::Surname, surname);
    record.put(Key::Given, given);
    for (name, key) in [
        ("birthdate", Key::Born),
        ("birth_place", Key::BirthPlace),
        ("title", Key::Style),
        ("alias", Key::Alias),
        ("full_name_frn", Key::NativeName),
        ("nationality1", Key::Nationality),
        ("nationality2", Key::Nationality),
        ("nationality3", Key::Nationality),
        ("residence", Key::Country),
        ("occupation", Key::Position),
        ("email", Key::Contact),
    ] {
        let text = from.take_text(name).unwrap_or_default();
        record.put(key, if key == Key::Born { text.chars().take(10).collect() } else { text });
    }
    record.put(
        Key::Sex,
        match from.take_text("gender").as_deref() {
            Some("M") => "male".to_owned(),
            Some("F") => "female".to_owned(),
            other => other.unwrap_or_default().to_owned(),
        },
    );
    numbers(from, &["passport_number", "id_number", "ssn", "tax_number", "tax_reg_number"], &mut record);
    identifications(from, &mut record);
    addresses(from, &mut record);
    record
}

fn entity(from: &mut Element) -> Record {
    let mut record = Record::new(Subject::Person);
    record.put(Key::Kind, "entity");
    let role = from.local().to_owned();
    record.put_of(Key::Category, "role", role);
    for (name, key) in [
        ("name", Key::Name),
        ("commercial_name", Key::Alias),
        ("business", Key::Description),
        ("incorporation_country_code", Key::Country),
        ("email", Key::Contact),
        ("url", Key::Web),
    ] {
        record.put(key, from.take_text(name).unwrap_or_default());
    }
    numbers(from, &["incorporation_number", "tax_number", "tax_reg_number"], &mut record);
    addresses(from, &mut record);
    record
}

/// Numbers of documents. Some units take `tax_reg_number` for the question whether there is one: a yes or no is no number
/// of anything, and stays to be accounted for.
fn numbers(from: &mut Element, names: &[&str], record: &mut Record) {
    for name in names {
        if !from.child(name).is_some_and(|child| is_yes_no(&child.text())) {
            record.put_of(Key::Document, name, from.take_text(name).unwrap_or_default());
        }
    }
}

/// Whether a text is a truth value (XML Schema `boolean`, and as people write one).
fn is_yes_no(text: &str) -> bool {
    const ANSWERS: &[&str] = &["true", "false", "yes", "no", "y", "n", "1", "0"];
    ANSWERS.iter().any(|answer| text.eq_ignore_ascii_case(answer))
}

fn identifications(from: &mut Element, record: &mut Record) {
    let take = |one: &mut Element, record: &mut Record| {
        let kind = one.take_text("type").unwrap_or_default();
        record.put_of(Key::Document, &kind, one.take_text("number").unwrap_or_default());
    };
    for node in &mut from.nodes {
        let Node::Element(child) = node else { continue };
        if child.is("identification") {
            take(child, record);
        } else if child.is("identifications") {
            for node in &mut child.nodes {
                if let Node::Element(one) = node {
                    take(one, record);
                }
            }
        }
    }
}

fn addresses(from: &mut Element, record: &mut Record) {
    let line = |one: &mut Element| {
        let names = ["address", "town", "city", "zip", "state", "country_code"];
        names.iter().filter_map(|name| one.take_text(name)).collect::<Vec<_>>().join(", ")
    };
    for node in &mut from.nodes {
        let Node::Element(child) = node else { continue };
        if child.is("addresses") {
            for node in &mut child.nodes {
                if let Node::Element(one) = node {
                    record.put(Key::Address, line(one));
                }
            }
        } else if child.is("address") && child.elements().next().is_some() {
            record.put(Key::Address, line(child));
        }
    }
}
