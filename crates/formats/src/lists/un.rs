//! The Security Council's consolidated list, entry by entry.
//!
//! Owns its element names, and what of the published schema its publisher does not follow. Must not know the other list.

use super::{List, Publisher};
use crate::finding::{Code, Gathered, LossCode, shown};
use crate::record::{Account, Context, Fact, Key, Record, Subject};
use crate::time;
use crate::xml::{Document, Element, Node};

/// The parts of a name, in order.
const NAMES: &[&str] = &["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];
/// The elements of an entry, individuals' and entities' together.
const KNOWN: &[&str] = &[
    "DATAID",
    "VERSIONNUM",
    "FIRST_NAME",
    "SECOND_NAME",
    "THIRD_NAME",
    "FOURTH_NAME",
    "UN_LIST_TYPE",
    "REFERENCE_NUMBER",
    "LISTED_ON",
    "SUBMITTED_BY",
    "SUBMITTED_ON",
    "NATIONALITY2",
    "GENDER",
    "NAME_ORIGINAL_SCRIPT",
    "COMMENTS1",
    "TITLE",
    "DESIGNATION",
    "NATIONALITY",
    "LIST_TYPE",
    "LAST_DAY_UPDATED",
    "SORT_KEY",
    "SORT_KEY_LAST_MOD",
    "DELISTED_ON",
    "INDIVIDUAL_ALIAS",
    "INDIVIDUAL_ADDRESS",
    "INDIVIDUAL_DATE_OF_BIRTH",
    "INDIVIDUAL_PLACE_OF_BIRTH",
    "INDIVIDUAL_DOCUMENT",
    "ENTITY_ALIAS",
    "ENTITY_ADDRESS",
    "LIST_TYPE_ENTITY",
];

/// The name an entry stands under.
pub(super) fn name(entry: &Element) -> String {
    NAMES.iter().filter_map(|part| entry.said(part)).collect::<Vec<_>>().join(" ")
}

/// Judges one entry: without a name nobody can be looked for; everything else is said and kept.
pub(super) fn judge(entry: &Element, at: &str, found: &mut Gathered) {
    if name(entry).is_empty() && entry.said("NAME_ORIGINAL_SCRIPT").is_none() {
        found.error(Code::MissingProperty, format!("{at}/FIRST_NAME"), "an entry has a name");
    }
    for child in entry.elements().filter(|child| !KNOWN.contains(&child.local())) {
        found.warning(Code::Unknown, format!("{at}/{}", shown(child.local())), "the list's schema has no such element");
    }
    for name in ["LISTED_ON", "SUBMITTED_ON", "DELISTED_ON"] {
        if let Some(text) = entry.said(name)
            && text.get(..10).and_then(time::date).is_none()
        {
            found.error(Code::BadTime, format!("{at}/{name}"), format!("`{}` is no date", shown(&text)));
        }
    }
    let place = |local: &str| entry.elements().position(|child| child.is(local));
    if let (Some(address), Some(alias)) = (place("ENTITY_ADDRESS"), place("ENTITY_ALIAS"))
        && address < alias
    {
        found.warning(Code::NotBySchema, format!("{at}/ENTITY_ADDRESS"), "stands before the aliases, as published");
    }
    if place("LIST_TYPE").is_none() {
        found.warning(Code::NotBySchema, format!("{at}/LIST_TYPE"), "is demanded by the schema and left out");
    }
    for born in entry.all("INDIVIDUAL_DATE_OF_BIRTH") {
        if let Some(text) = born.said("DATE")
            && text.get(..10).and_then(time::date).is_none()
        {
            let here = format!("{at}/INDIVIDUAL_DATE_OF_BIRTH/DATE");
            found.error(Code::BadTime, here, format!("`{}` is no date", shown(&text)));
        }
    }
}

/// Takes a list apart.
pub(crate) fn records(list: &List, account: &mut Account) -> Vec<Record> {
    let mut root = list.document.root.clone();
    let mut records = Vec::new();
    for (all, one, kind) in [("INDIVIDUALS", "INDIVIDUAL", "individual"), ("ENTITIES", "ENTITY", "entity")] {
        for mut group in root.take_all(all) {
            for mut entry in group.take_all(one) {
                records.push(person(&mut entry, kind));
                account.leave_xml(&entry, &format!("/CONSOLIDATED_LIST/{all}"));
            }
            account.leave_xml(&group, "/CONSOLIDATED_LIST");
        }
    }
    account.leave_xml(&root, "");
    records
}

fn person(entry: &mut Element, kind: &str) -> Record {
    let mut record = Record::new(Subject::Person);
    record.put(Key::Kind, kind);
    record.put(Key::Name, name(entry));
    NAMES.iter().for_each(|part| drop(entry.take_text(part)));
    for (element, key) in [
        ("REFERENCE_NUMBER", Key::Id),
        ("NAME_ORIGINAL_SCRIPT", Key::NativeName),
        ("UN_LIST_TYPE", Key::Regime),
        ("LISTED_ON", Key::Listed),
        ("COMMENTS1", Key::Description),
        ("GENDER", Key::Sex),
    ] {
        let text = entry.take_text(element).unwrap_or_default();
        record.put(key, if key == Key::Sex { text.to_ascii_lowercase() } else { text });
    }
    if let Some(number) = entry.take_text("DATAID") {
        record.put_of(Key::Reference, "DATAID", number);
    }
    for (element, key) in [
        ("DESIGNATION", Key::Position),
        ("NATIONALITY", Key::Nationality),
        ("TITLE", Key::Style),
        ("LAST_DAY_UPDATED", Key::Modified),
    ] {
        for mut group in entry.take_all(element) {
            record.extend(key, group.take_texts("VALUE"));
            keep(entry, group);
        }
    }
    for mut alias in [entry.take_all("INDIVIDUAL_ALIAS"), entry.take_all("ENTITY_ALIAS")].concat() {
        let quality = alias.take_text("QUALITY").unwrap_or_default();
        record.put_of(Key::Alias, &quality, alias.take_text("ALIAS_NAME").unwrap_or_default());
        keep(entry, alias);
    }
    for mut address in [entry.take_all("INDIVIDUAL_ADDRESS"), entry.take_all("ENTITY_ADDRESS")].concat() {
        record.put(Key::Address, line(&mut address));
        keep(entry, address);
    }
    for mut born in entry.take_all("INDIVIDUAL_DATE_OF_BIRTH") {
        dates(&mut born, &mut record);
        keep(entry, born);
    }
    for mut place in entry.take_all("INDIVIDUAL_PLACE_OF_BIRTH") {
        record.put(Key::BirthPlace, line(&mut place));
        keep(entry, place);
    }
    for mut document in entry.take_all("INDIVIDUAL_DOCUMENT") {
        let kind = document.take_text("TYPE_OF_DOCUMENT").unwrap_or_default();
        record.put_of(Key::Document, &kind, document.take_text("NUMBER").unwrap_or_default());
        keep(entry, document);
    }
    record
}

/// What is left of a part stays in the entry, to be accounted for.
fn keep(entry: &mut Element, part: Element) {
    entry.nodes.push(Node::Element(part));
}

/// An address or a place of birth in one line.
fn line(part: &mut Element) -> String {
    let names = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY"];
    names.iter().filter_map(|name| part.take_text(name)).collect::<Vec<_>>().join(", ")
}

/// A date of birth as exact as given: a day, a year, or a span of years.
fn dates(born: &mut Element, record: &mut Record) {
    let kind = born.take_text("TYPE_OF_DATE").unwrap_or_default();
    let day = born.take_text("DATE").map(|text| text.chars().take(10).collect::<String>());
    let year = born.take_text("YEAR");
    match (day, year, born.take_text("FROM_YEAR"), born.take_text("TO_YEAR")) {
        (Some(day), _, _, _) => record.put_of(Key::Born, of(&kind), day),
        (None, Some(year), _, _) => record.put_of(Key::Born, of(&kind), year),
        (None, None, Some(from), Some(to)) => record.put_of(Key::Born, "BETWEEN", format!("{from}/{to}")),
        (None, None, Some(year), None) | (None, None, None, Some(year)) => record.put(Key::Born, year),
        (None, None, None, None) => {}
    }
}

fn of(kind: &str) -> &str {
    if kind == "EXACT" { "" } else { kind }
}

/// A list of the records.
pub(crate) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<List> {
    let (mut people, mut entities) = (Element::new("INDIVIDUALS", ""), Element::new("ENTITIES", ""));
    let today = context.now.strftime("%Y-%m-%d").to_string();
    for (place, mut record) in records.into_iter().enumerate() {
        if record.subject != Subject::Person {
            account.refuse(&record);
            continue;
        }
        let kind = record.take(Key::Kind).unwrap_or_default().to_ascii_lowercase();
        let is_person = matches!(kind.as_str(), "" | "individual" | "person");
        let mut entry = Element::new(if is_person { "INDIVIDUAL" } else { "ENTITY" }, "");
        fill(&mut entry, &mut record, (is_person, place, &today), account);
        account.leave(&record);
        if is_person { people.push(entry) } else { entities.push(entry) }
    }
    if people.nodes.is_empty() && entities.nodes.is_empty() {
        return None;
    }
    let mut root = Element::new("CONSOLIDATED_LIST", "").having("dateGenerated", &context.now.to_string());
    root.push(people);
    root.push(entities);
    let mut found = Gathered::default();
    super::judge(Publisher::Un, &root, &mut found);
    let list = List { publisher: Publisher::Un, document: Document::of(root) };
    account.judged(found, Some(list))
}

fn fill(
    entry: &mut Element,
    record: &mut Record,
    (is_person, place, today): (bool, usize, &str),
    account: &mut Account,
) {
    let (own, others): (Vec<_>, Vec<_>) =
        record.take_all(Key::Reference).into_iter().partition(|fact| fact.of == "DATAID");
    for fact in others {
        account.lose(LossCode::NoPlace, format!("person.reference[{}]", fact.of), &fact.value);
    }
    let number = own.into_iter().next().map_or_else(|| (place + 1).to_string(), |fact| fact.value);
    entry.put("DATAID", &number);
    entry.put("VERSIONNUM", "1");
    let given: Vec<String> = [record.take(Key::Given), record.take(Key::Surname)].into_iter().flatten().collect();
    if record.has(Key::Name) && !given.is_empty() {
        account.lose(LossCode::Coarser, "person.surname", &given.join(" "));
    }
    entry.put("FIRST_NAME", &record.take(Key::Name).unwrap_or_else(|| given.join(" ")));
    for (element, key, otherwise) in [
        ("UN_LIST_TYPE", Key::Regime, "unknown"),
        ("REFERENCE_NUMBER", Key::Id, number.as_str()),
        ("LISTED_ON", Key::Listed, today),
        ("GENDER", Key::Sex, ""),
        ("NAME_ORIGINAL_SCRIPT", Key::NativeName, ""),
        ("COMMENTS1", Key::Description, ""),
    ] {
        // An entity has no sex, title or nationality: what is said of it is left, and listed.
        if element == "GENDER" && !is_person {
            continue;
        }
        match record.take(key) {
            Some(text) if element == "GENDER" => entry.put(element, &capital(&text)),
            Some(text) => entry.put(element, &text),
            None if element == "COMMENTS1" => entry.put(element, ""),
            None if otherwise.is_empty() => {}
            None => {
                account.put_in(element, otherwise);
                entry.put(element, otherwise);
            }
        }
    }
    let personal = [("TITLE", Key::Style), ("DESIGNATION", Key::Position), ("NATIONALITY", Key::Nationality)];
    for (element, key) in personal.into_iter().filter(|_| is_person) {
        group(entry, element, "VALUE", record.values(key));
    }
    group(entry, "LIST_TYPE", "VALUE", vec!["UN List".to_owned()]);
    group(entry, "LAST_DAY_UPDATED", "VALUE", record.values(Key::Modified));
    elsewhere(entry, record, if is_person { "INDIVIDUAL" } else { "ENTITY" });
    if is_person {
        individual(entry, record);
    }
    entry.put("SORT_KEY", "");
    entry.put("SORT_KEY_LAST_MOD", "");
}

/// Other names, and where somebody is found.
fn elsewhere(entry: &mut Element, record: &mut Record, of: &str) {
    let kind = |name: &str| format!("{of}_{name}");
    // The schema demands one of each, and the published list has empty ones where there is nothing to say.
    let mut aliases = record.take_all(Key::Alias);
    if aliases.is_empty() {
        aliases.push(Fact { key: Key::Alias, value: String::new(), of: String::new() });
    }
    for fact in aliases {
        let mut alias = Element::new(&kind("ALIAS"), "");
        alias.put("QUALITY", if fact.of.is_empty() { "a.k.a." } else { &fact.of });
        alias.put("ALIAS_NAME", &fact.value);
        entry.push(alias);
    }
    let mut addresses = record.values(Key::Address);
    if addresses.is_empty() {
        addresses.push(String::new());
    }
    for text in addresses {
        let mut address = Element::new(&kind("ADDRESS"), "");
        if !text.is_empty() {
            address.put("STREET", &text);
        }
        address.put("COUNTRY", "");
        entry.push(address);
    }
}

fn individual(entry: &mut Element, record: &mut Record) {
    for fact in record.take_all(Key::Born) {
        let mut born = Element::new("INDIVIDUAL_DATE_OF_BIRTH", "");
        match (fact.value.split_once('/'), fact.value.len()) {
            (Some((from, to)), _) => {
                born.put("TYPE_OF_DATE", "BETWEEN");
                born.put("FROM_YEAR", from);
                born.put("TO_YEAR", to);
            }
            (None, 10) => {
                born.put("TYPE_OF_DATE", if fact.of.is_empty() { "EXACT" } else { &fact.of });
                born.put("DATE", &fact.value);
            }
            (None, _) => {
                born.put("TYPE_OF_DATE", "APPROXIMATELY");
                born.put("YEAR", fact.value.get(..4).unwrap_or(&fact.value));
            }
        }
        entry.push(born);
    }
    let places = record.values(Key::BirthPlace);
    if places.is_empty() {
        entry.push(Element::new("INDIVIDUAL_PLACE_OF_BIRTH", ""));
    }
    for place in places {
        group(entry, "INDIVIDUAL_PLACE_OF_BIRTH", "CITY", vec![place]);
    }
    if !record.has(Key::Document) {
        entry.push(Element::new("INDIVIDUAL_DOCUMENT", ""));
    }
    for fact in record.take_all(Key::Document) {
        let mut document = Element::new("INDIVIDUAL_DOCUMENT", "");
        document.put("TYPE_OF_DOCUMENT", if fact.of.is_empty() { "Number" } else { &fact.of });
        document.put("NUMBER", &fact.value);
        entry.push(document);
    }
}

/// An element with these parts; none where there are no parts.
fn group(entry: &mut Element, name: &str, part: &str, values: Vec<String>) {
    if values.is_empty() {
        return;
    }
    let mut group = Element::new(name, "");
    values.iter().for_each(|value| group.put(part, value));
    entry.push(group);
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
