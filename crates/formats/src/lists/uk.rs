//! The UK sanctions list, entry by entry.
//!
//! Owns its element names: six parts of a name of which the sixth is the surname or the whole, dates with the day first,
//! measures joined by `|`. Must not know the other list.

use super::{List, Publisher};
use crate::finding::{Code, Gathered, shown};
use crate::record::{Account, Context, Key, Record, Subject};
use crate::time;
use crate::xml::{Document, Element, Node};

/// The parts of a name before the last.
const GIVEN: &[&str] = &["Name1", "Name2", "Name3", "Name4", "Name5"];
/// Elements of one text, with what they say.
const PLAIN: &[(&str, Key)] = &[
    ("RegimeName", Key::Regime),
    ("OtherInformation", Key::Description),
    ("UKStatementofReasons", Key::Reason),
    ("DesignationSource", Key::Sender),
];
/// Elements of one text that name the entry elsewhere.
const REFERENCES: &[&str] = &["OFSIGroupID", "UNReferenceNumber"];
/// Lists of one element each: where they stand, what the element is called, what it says.
const LISTS: &[(&[&str], &str, Key)] = &[
    (&["Titles"], "Title", Key::Style),
    (&["IndividualDetails", "Individual", "Nationalities"], "Nationality", Key::Nationality),
    (&["IndividualDetails", "Individual", "Positions"], "Position", Key::Position),
    (&["IndividualDetails", "Individual", "Genders"], "Gender", Key::Sex),
    (&["PhoneNumbers"], "PhoneNumber", Key::Contact),
    (&["EmailAddresses"], "EmailAddress", Key::Contact),
    (&["Websites"], "Website", Key::Web),
];

/// The whole of a name.
fn whole(name: &Element) -> String {
    let parts = GIVEN.iter().chain(&["Name6"]).filter_map(|part| name.said(part));
    parts.collect::<Vec<_>>().join(" ")
}

/// The name an entry stands under.
pub(super) fn primary(entry: &Element) -> String {
    let names = entry.child("Names").into_iter().flat_map(|names| names.all("Name"));
    let mut names: Vec<&Element> = names.collect();
    names.sort_by_key(|name| !name.said("NameType").is_some_and(|kind| kind.starts_with("Primary")));
    names.first().map(|name| whole(name)).unwrap_or_default()
}

/// Judges one entry.
pub(super) fn judge(entry: &Element, at: &str, found: &mut Gathered) {
    if primary(entry).is_empty() {
        found.error(Code::MissingProperty, format!("{at}/Names"), "an entry has a name");
    }
    for name in ["LastUpdated", "DateDesignated"] {
        match entry.said(name) {
            Some(text) if time::day_first(&text).is_none() => {
                found.error(Code::BadTime, format!("{at}/{name}"), format!("`{}` is no DD/MM/YYYY", shown(&text)));
            }
            Some(_) => {}
            None => found.warning(Code::NotBySchema, format!("{at}/{name}"), "is left out"),
        }
    }
    let kind = entry.said("IndividualEntityShip");
    if !kind.as_deref().is_some_and(|kind| matches!(kind, "Individual" | "Entity" | "Ship")) {
        let said = shown(&kind.unwrap_or_default());
        found.error(Code::BadChoice, format!("{at}/IndividualEntityShip"), format!("`{said}` is none of the three"));
    }
    let born = entry.down(&["IndividualDetails", "Individual", "DOBs"]).into_iter().flat_map(|all| all.all("DOB"));
    for text in born.map(Element::text).filter(|text| !text.is_empty()) {
        if time::day_first(&text).is_none() {
            let here = format!("{at}/IndividualDetails/Individual/DOBs/DOB");
            found.error(Code::BadTime, here, format!("`{}` is no DD/MM/YYYY, `dd` and `mm` unknown", shown(&text)));
        }
    }
}

/// Takes a list apart.
pub(crate) fn records(list: &List, account: &mut Account) -> Vec<Record> {
    let mut root = list.document.root.clone();
    let mut records = Vec::new();
    for mut entry in root.take_all("Designation") {
        records.push(person(&mut entry));
        account.leave_xml(&entry, "/Designations");
    }
    for node in list.document.before.iter().chain(&list.document.after) {
        root.nodes.push(node.clone());
    }
    account.leave_xml(&root, "");
    records
}

fn person(entry: &mut Element) -> Record {
    let mut record = Record::new(Subject::Person);
    record.put(Key::Id, entry.take_text("UniqueID").unwrap_or_default());
    record.put(Key::Kind, entry.take_text("IndividualEntityShip").unwrap_or_default().to_ascii_lowercase());
    names(entry, &mut record);
    for (name, key) in PLAIN {
        record.put(*key, entry.take_text(name).unwrap_or_default());
    }
    for name in REFERENCES {
        record.put_of(Key::Reference, name, entry.take_text(name).unwrap_or_default());
    }
    for (name, key) in [("DateDesignated", Key::Listed), ("LastUpdated", Key::Modified)] {
        let date = entry.take_text(name).and_then(|text| time::day_first(&text));
        record.put(key, date.unwrap_or_default());
    }
    for measure in entry.take_text("SanctionsImposed").unwrap_or_default().split('|') {
        record.put(Key::Measure, measure.trim());
    }
    for (path, name, key) in LISTS {
        let texts = inside(entry, path).map(|group| group.take_texts(name)).unwrap_or_default();
        for text in texts {
            record.put(*key, if *key == Key::Sex { text.to_ascii_lowercase() } else { text });
        }
    }
    if let Some(born) = inside(entry, &["IndividualDetails", "Individual", "DOBs"]) {
        for text in born.take_texts("DOB") {
            record.put(Key::Born, time::day_first(&text).unwrap_or_default());
        }
    }
    if let Some(addresses) = inside(entry, &["Addresses"]) {
        for mut address in addresses.take_all("Address") {
            let lines = (1..=6).filter_map(|n| address.take_text(&format!("AddressLine{n}")));
            let mut lines: Vec<String> = lines.collect();
            lines.extend(address.take_text("AddressPostalCode"));
            lines.extend(address.take_text("AddressCountry"));
            record.put(Key::Address, lines.join(", "));
            addresses.push(address);
        }
    }
    for (group, one, number) in [
        ("PassportDetails", "Passport", "PassportNumber"),
        ("NationalIdentifierDetails", "NationalIdentifier", "NationalIdentifierNumber"),
    ] {
        if let Some(group) = inside(entry, &["IndividualDetails", "Individual", group]) {
            for mut document in group.take_all(one) {
                record.put_of(Key::Document, one, document.take_text(number).unwrap_or_default());
                group.push(document);
            }
        }
    }
    record
}

fn names(entry: &mut Element, record: &mut Record) {
    if let Some(names) = inside(entry, &["Names"]) {
        let mut first = true;
        let (mut primary, others): (Vec<Element>, Vec<Element>) = names
            .take_all("Name")
            .into_iter()
            .partition(|name| name.said("NameType").is_some_and(|kind| kind.starts_with("Primary")));
        primary.extend(others);
        for mut name in primary {
            let text = whole(&name);
            if first {
                record.put(Key::Name, text);
                let given: Vec<String> = GIVEN.iter().filter_map(|part| name.said(part)).collect();
                // A sixth part alone is the whole name; only beside others is it a surname.
                if !given.is_empty() {
                    record.put(Key::Given, given.join(" "));
                    record.put(Key::Surname, name.said("Name6").unwrap_or_default());
                }
                name.take_text("NameType");
                first = false;
            } else {
                record.put_of(Key::Alias, &name.take_text("NameType").unwrap_or_default(), text);
            }
            GIVEN.iter().chain(&["Name6"]).for_each(|part| drop(name.take_text(part)));
            names.push(name);
        }
    }
    if let Some(names) = inside(entry, &["NonLatinNames"]) {
        for mut name in names.take_all("NonLatinName") {
            record.put(Key::NativeName, name.take_text("NameNonLatinScript").unwrap_or_default());
            names.push(name);
        }
    }
}

/// The element down a path, to be changed.
fn inside<'e>(entry: &'e mut Element, path: &[&str]) -> Option<&'e mut Element> {
    let Some((first, rest)) = path.split_first() else { return Some(entry) };
    let child = entry.nodes.iter_mut().find_map(|node| match node {
        Node::Element(child) if child.is(first) => Some(child),
        _ => None,
    })?;
    inside(child, rest)
}

/// A list of the records.
pub(crate) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<List> {
    let mut root = Element::new("Designations", "");
    root.put("DateGenerated", &context.now.strftime("%d/%m/%Y").to_string());
    for (place, mut record) in records.into_iter().enumerate() {
        if record.subject != Subject::Person {
            account.refuse(&record);
            continue;
        }
        let entry = entry(&mut record, place, account);
        account.leave(&record);
        root.push(entry);
    }
    let mut found = Gathered::default();
    super::judge(Publisher::Uk, &root, &mut found);
    let list = List { publisher: Publisher::Uk, document: Document::of(root) };
    account.judged(found, Some(list))
}

fn entry(record: &mut Record, place: usize, account: &mut Account) -> Element {
    let mut entry = Element::new("Designation", "");
    for (name, key) in [("LastUpdated", Key::Modified), ("DateDesignated", Key::Listed)] {
        if let Some(date) = record.take(key) {
            entry.put(name, &time::to_day_first(date.get(..10).unwrap_or(&date)));
        }
    }
    let id = record.take(Key::Id).unwrap_or_else(|| {
        let id = format!("ENTRY{}", place + 1);
        account.put_in("UniqueID", &id);
        id
    });
    entry.put("UniqueID", &id);
    for fact in record.take_all(Key::Reference) {
        match REFERENCES.iter().find(|name| **name == fact.of) {
            Some(name) => entry.put(name, &fact.value),
            None => {
                account.lose(crate::finding::LossCode::NoPlace, format!("person.reference[{}]", fact.of), &fact.value)
            }
        }
    }
    put_names(&mut entry, record, account);
    group(&mut entry, "Titles", "Title", record.values(Key::Style));
    for (name, key) in PLAIN.iter().take(1) {
        entry.put(name, &record.take(*key).unwrap_or_else(|| "unknown".to_owned()));
    }
    let kind = record.take(Key::Kind).unwrap_or_default().to_ascii_lowercase();
    let kind = match kind.as_str() {
        "" | "individual" | "person" => "Individual",
        "ship" => "Ship",
        _ => "Entity",
    };
    entry.put("IndividualEntityShip", kind);
    for (name, key) in [PLAIN[3], PLAIN[1], PLAIN[2]] {
        if let Some(text) = record.take(key) {
            entry.put(name, &text);
        }
    }
    let measures = record.values(Key::Measure);
    if !measures.is_empty() {
        entry.put("SanctionsImposed", &measures.join("|"));
    }
    let mut addresses = Element::new("Addresses", "");
    for address in record.values(Key::Address) {
        group(&mut addresses, "Address", "AddressLine1", vec![address]);
    }
    if !addresses.nodes.is_empty() {
        entry.push(addresses);
    }
    individual(&mut entry, record, kind);
    entry
}

fn put_names(entry: &mut Element, record: &mut Record, account: &mut Account) {
    let mut names = Element::new("Names", "");
    let mut name = Element::new("Name", "");
    let (whole, given, surname) = (record.take(Key::Name), record.take(Key::Given), record.take(Key::Surname));
    match (surname, given, whole) {
        (Some(surname), Some(given), whole) => {
            let parts = [format!("{given} {surname}"), format!("{surname} {given}")];
            if let Some(whole) = whole.filter(|whole| !parts.contains(whole)) {
                account.lose(crate::finding::LossCode::NoPlace, "person.name", &whole);
            }
            name.put("Name1", &given);
            name.put("Name6", &surname);
        }
        (surname, given, whole) => {
            name.put("Name6", &whole.or(surname).or(given).unwrap_or_else(|| "unknown".to_owned()));
        }
    }
    name.put("NameType", "Primary Name");
    names.push(name);
    for fact in record.take_all(Key::Alias) {
        let mut name = Element::new("Name", "");
        name.put("Name6", &fact.value);
        name.put("NameType", if fact.of.is_empty() { "Alias" } else { &fact.of });
        names.push(name);
    }
    entry.push(names);
    let mut native = Element::new("NonLatinNames", "");
    for name in record.values(Key::NativeName) {
        group(&mut native, "NonLatinName", "NameNonLatinScript", vec![name]);
    }
    if !native.nodes.is_empty() {
        entry.push(native);
    }
}

fn individual(entry: &mut Element, record: &mut Record, kind: &str) {
    if kind != "Individual" {
        return;
    }
    let mut person = Element::new("Individual", "");
    let born = record.values(Key::Born);
    let born = born.iter().map(|text| time::to_day_first(text.get(..10).unwrap_or(text)));
    let born: Vec<String> = born.filter(|text| time::day_first(text).is_some()).collect();
    group(&mut person, "DOBs", "DOB", born);
    group(&mut person, "Nationalities", "Nationality", record.values(Key::Nationality));
    group(&mut person, "Positions", "Position", record.values(Key::Position));
    group(&mut person, "Genders", "Gender", record.values(Key::Sex));
    let mut passports = Element::new("PassportDetails", "");
    for number in record.values(Key::Document) {
        group(&mut passports, "Passport", "PassportNumber", vec![number]);
    }
    if !passports.nodes.is_empty() {
        person.push(passports);
    }
    if !person.nodes.is_empty() {
        let mut details = Element::new("IndividualDetails", "");
        details.push(person);
        entry.push(details);
    }
}

fn group(parent: &mut Element, name: &str, part: &str, values: Vec<String>) {
    if values.is_empty() {
        return;
    }
    let mut group = Element::new(name, "");
    values.iter().for_each(|value| group.put(part, value));
    parent.push(group);
}
