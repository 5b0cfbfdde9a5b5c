//! Crown Legislation Markup Language: whole documents and the fragments its service gives for a section.
//!
//! Owns its element names. Must not know Akoma Ntoso.

use crate::finding::{Code, Gathered, LossCode, shown};
use crate::record::{Account, Key, Record, Subject};
use crate::time;
use crate::xml::{Element, Node};

/// The namespace of the legislation itself; fragments often come without any.
const SPACE: &str = "http://www.legislation.gov.uk/namespaces/legislation";
/// The namespace of its description.
const METADATA: &str = "http://www.legislation.gov.uk/namespaces/metadata";
/// What a fragment may begin with.
const FRAGMENTS: &[&str] = &[
    "Fragment",
    "Primary",
    "Secondary",
    "Body",
    "Schedules",
    "Schedule",
    "Part",
    "Chapter",
    "Pblock",
    "PsubBlock",
    "P1group",
    "P1",
    "P2group",
    "P2",
    "P3group",
    "P3",
    "P4",
];
/// Numbered provisions, the outermost first.
const PROVISIONS: &[&str] = &["P1", "P2", "P3", "P4", "P5"];

/// Judges a document or fragment.
pub(super) fn judge(root: &Element, found: &mut Gathered) {
    let whole = root.is("Legislation");
    if !whole && !FRAGMENTS.contains(&root.local()) {
        let words = format!("`{}` is neither `Legislation` nor a part of one", shown(root.local()));
        found.error(Code::NotThisFormat, "/", words);
        return;
    }
    if root.space.is_empty() {
        found.warning(Code::NotBySchema, format!("/{}", root.local()), "a fragment without its namespace");
    } else if *root.space != *SPACE {
        let words = format!("`{}` is not the namespace of CLML", shown(&root.space));
        found.error(Code::WrongNamespace, format!("/{}", root.local()), words);
        return;
    }
    if whole {
        if title(root).is_empty() {
            found.warning(Code::MissingProperty, "/Legislation/Metadata/title", "a document has a title");
        }
        if !root.elements().any(|child| matches!(child.local(), "Primary" | "Secondary" | "EURetained" | "Body")) {
            found.error(Code::MissingProperty, "/Legislation/Primary", "a document has a text");
        }
    }
    dates(root, &format!("/{}", root.local()), found);
}

fn dates(element: &Element, at: &str, found: &mut Gathered) {
    for name in ["RestrictStartDate", "RestrictEndDate"] {
        if let Some(text) = element.attribute(name)
            && time::date(text).is_none()
        {
            found.error(Code::BadTime, format!("{at}/@{name}"), format!("`{}` is no date", shown(text)));
        }
    }
    if let (Some(from), Some(to)) = (element.attribute("RestrictStartDate"), element.attribute("RestrictEndDate"))
        && from > to
    {
        found.error(Code::BadOrder, format!("{at}/@RestrictEndDate"), "lies before its beginning");
    }
    element.elements().for_each(|child| dates(child, &format!("{at}/{}", shown(child.local())), found));
}

/// What the document is called.
pub(super) fn title(root: &Element) -> String {
    let metadata = root.child("Metadata").and_then(|metadata| metadata.child("title"));
    metadata.map(Element::whole_text).unwrap_or_default()
}

/// Takes a document apart: a record of the law where it is whole, and one of each provision.
pub(super) fn records(root: &mut Element) -> Vec<Record> {
    let mut records = Vec::new();
    if root.is("Legislation") {
        let mut law = Record::new(Subject::Law);
        law.put(Key::Id, root.take_attribute("DocumentURI").unwrap_or_default());
        for node in &mut root.nodes {
            let Node::Element(metadata) = node else { continue };
            if metadata.is("Metadata") {
                for (name, key) in
                    [("title", Key::Name), ("language", Key::Language), ("description", Key::Description)]
                {
                    law.put(key, metadata.take_text(name).unwrap_or_default());
                }
                numbers(metadata, &mut law);
            }
        }
        records.push(law);
    }
    if PROVISIONS.contains(&root.local()) {
        provision(root, String::new(), String::new(), &mut records);
    } else {
        let heading = if root.local().ends_with("group") { heading(root) } else { String::new() };
        gather(root, &heading, "", &mut records);
    }
    records
}

/// Year, number and date of enactment stand at some depth of the description.
fn numbers(element: &mut Element, law: &mut Record) {
    for node in &mut element.nodes {
        let Node::Element(child) = node else { continue };
        let (attribute, key) = match child.local() {
            "Number" => ("Value", Key::Number),
            "EnactmentDate" | "Made" => ("Date", Key::Date),
            _ => {
                numbers(child, law);
                continue;
            }
        };
        let value = child.take_attribute(attribute);
        law.put(key, value.unwrap_or_default());
    }
}

fn heading(group: &mut Element) -> String {
    group.take("Title").map(|title| title.whole_text()).unwrap_or_default()
}

fn gather(element: &mut Element, above: &str, number: &str, records: &mut Vec<Record>) {
    let mut above = above.to_owned();
    for node in &mut element.nodes {
        let Node::Element(child) = node else { continue };
        if PROVISIONS.contains(&child.local()) {
            provision(child, std::mem::take(&mut above), number.to_owned(), records);
        } else if child.local().ends_with("group") {
            let heading = heading(child);
            gather(child, &heading, number, records);
        } else {
            gather(child, "", number, records);
        }
    }
}

fn provision(element: &mut Element, heading: String, above: String, records: &mut Vec<Record>) {
    let mut record = Record::new(Subject::Provision);
    record.put(Key::Id, element.take_attribute("id").unwrap_or_default());
    record.put(Key::Kind, element.local());
    let own = element.take("Pnumber").map(|number| number.whole_text()).unwrap_or_default();
    let number = if above.is_empty() { own } else { format!("{above}({own})") };
    record.put(Key::Number, number.as_str());
    record.put(Key::Heading, heading);
    let mut texts = Vec::new();
    words(element, &mut texts);
    record.put(Key::Text, texts.join(" "));
    records.push(record);
    gather(element, "", &number, records);
}

/// The words directly in a provision, not those of the provisions in it.
fn words(element: &mut Element, texts: &mut Vec<String>) {
    for node in &mut element.nodes {
        let Node::Element(child) = node else { continue };
        if child.is("Text") {
            texts.push(child.whole_text());
            silence(child);
        } else if !PROVISIONS.contains(&child.local()) && !child.local().ends_with("group") {
            words(child, texts);
        }
    }
}

/// Text that was taken, links and emphasis in it being left to be accounted for.
fn silence(element: &mut Element) {
    element.nodes.retain(|node| !matches!(node, Node::Text(_)));
    for node in &mut element.nodes {
        if let Node::Element(child) = node {
            silence(child);
        }
    }
}

/// A plain document of the records.
pub(super) fn of_records(records: Vec<Record>, account: &mut Account) -> Option<Element> {
    let mut root = Element::root("Legislation", SPACE).having("SchemaVersion", "2.0");
    let mut metadata = Element::new("ukm:Metadata", METADATA).having("xmlns:ukm", METADATA);
    metadata = metadata.having("xmlns:dc", "http://purl.org/dc/elements/1.1/");
    let mut body = Element::new("Body", SPACE);
    for mut record in records {
        match record.subject {
            Subject::Law => {
                for (name, key) in
                    [("dc:title", Key::Name), ("dc:description", Key::Description), ("dc:language", Key::Language)]
                {
                    if let Some(text) = record.take(key) {
                        let mut child = Element::new(name, "http://purl.org/dc/elements/1.1/");
                        child.nodes.push(Node::Text(text));
                        metadata.push(child);
                    }
                }
                if let Some(id) = record.take(Key::Id).filter(|id| id.starts_with("http")) {
                    root = root.having("DocumentURI", &id);
                }
                account.leave(&record);
            }
            Subject::Provision => {
                body.push(section(&mut record, account));
                account.leave(&record);
            }
            _ => account.refuse(&record),
        }
    }
    if body.nodes.is_empty() && metadata.nodes.is_empty() {
        return None;
    }
    let mut primary = Element::new("Primary", SPACE);
    primary.push(body);
    root.push(metadata);
    root.push(primary);
    Some(root)
}

fn section(record: &mut Record, account: &mut Account) -> Element {
    let kind = record.take(Key::Kind);
    if kind.as_deref().is_some_and(|kind| !matches!(kind, "P1" | "section" | "article")) {
        account.lose(LossCode::Coarser, "provision.kind", kind.as_deref().unwrap_or_default());
    }
    let mut section = Element::new("P1", SPACE);
    if let Some(id) = record.take(Key::Id) {
        section = section.having("id", &id.replace(char::is_whitespace, "-"));
    }
    section.put("Pnumber", &record.take(Key::Number).unwrap_or_default());
    let mut para = Element::new("P1para", SPACE);
    para.put("Text", &record.take(Key::Text).unwrap_or_default());
    section.push(para);
    match record.take(Key::Heading) {
        Some(heading) => {
            let mut group = Element::new("P1group", SPACE);
            group.put("Title", &heading);
            group.push(section);
            group
        }
        None => section,
    }
}
