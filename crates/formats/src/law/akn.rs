//! Akoma Ntoso 3.0: what every document has, its provisions, and a plain act made of records.
//!
//! Owns its element names. Must not know CLML.

use crate::finding::{Code, Gathered, shown};
use crate::record::{Account, Context, Key, Record, Subject};
use crate::time;
use crate::xml::{Element, Node};

/// The namespace of the final standard; drafts end in `/WD17` and the like.
pub(super) const SPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";
/// Kinds of document (part 1 §5.3).
const KINDS: &[&str] = &[
    "act",
    "bill",
    "doc",
    "judgment",
    "debate",
    "debateReport",
    "statement",
    "amendment",
    "amendmentList",
    "officialGazette",
    "documentCollection",
    "portion",
];
/// Elements that are a numbered provision.
const PROVISIONS: &[&str] = &["article", "section", "paragraph", "rule", "point", "subsection", "clause", "hcontainer"];

/// Judges a document.
pub(super) fn judge(root: &Element, found: &mut Gathered) {
    if !root.is("akomaNtoso") {
        found.error(Code::NotThisFormat, "/", format!("the root is `{}`, not `akomaNtoso`", shown(root.local())));
        return;
    }
    if *root.space != *SPACE {
        if !root.space.starts_with(SPACE) {
            let words = format!("`{}` is not the namespace of Akoma Ntoso 3.0", shown(&root.space));
            found.error(Code::WrongNamespace, "/akomaNtoso", words);
            return;
        }
        found.warning(Code::WrongVersion, "/akomaNtoso", "the namespace of a draft of version 3.0");
    }
    let documents: Vec<&Element> = root.elements().filter(|child| KINDS.contains(&child.local())).collect();
    let [document] = documents.as_slice() else {
        found.error(Code::MissingProperty, "/akomaNtoso", "holds one document of the standard's kinds");
        return;
    };
    let at = format!("/akomaNtoso/{}", document.local());
    let Some(identification) = document.down(&["meta", "identification"]) else {
        found.error(Code::MissingProperty, format!("{at}/meta/identification"), "a document says what it is");
        return;
    };
    for level in ["FRBRWork", "FRBRExpression", "FRBRManifestation"] {
        let here = format!("{at}/meta/identification/{level}");
        let Some(part) = identification.child(level) else {
            found.error(Code::MissingProperty, here, format!("`{level}` must be given"));
            continue;
        };
        for name in ["FRBRthis", "FRBRuri"] {
            if part.child(name).and_then(|child| child.attribute("value")).is_none_or(str::is_empty) {
                found.error(Code::MissingProperty, format!("{here}/{name}"), format!("`{name}` must be given"));
            }
        }
        for date in part.all("FRBRdate").filter_map(|date| date.attribute("date")) {
            if !is_date(date) {
                found.error(Code::BadTime, format!("{here}/FRBRdate"), format!("`{}` is no date", shown(date)));
            }
        }
    }
    if identification.down(&["FRBRExpression", "FRBRlanguage"]).and_then(|l| l.attribute("language")).is_none() {
        let here = format!("{at}/meta/identification/FRBRExpression/FRBRlanguage");
        found.error(Code::MissingProperty, here, "a text is in a language");
    }
}

/// A date of XML Schema, which may bear a zone, or a date and time.
fn is_date(text: &str) -> bool {
    let (day, zone) = text.split_at_checked(10).unwrap_or((text, ""));
    let zoned = zone.is_empty() || zone == "Z" || time::is_shaped(&zone.replace('-', "+"), "+dd:dd");
    (time::date(day).is_some() && zoned) || time::local(text).is_some() || time::instant(text).is_some()
}

/// What the document is called.
pub(super) fn title(root: &Element) -> String {
    let preface = root.elements().find_map(|document| document.child("preface").or_else(|| document.child("header")));
    let long = preface.and_then(|preface| deep(preface, "docTitle"));
    let title = preface.and_then(|preface| deep(preface, "shortTitle")).or(long);
    title.map(Element::whole_text).unwrap_or_default()
}

fn deep<'e>(element: &'e Element, name: &str) -> Option<&'e Element> {
    element.elements().find_map(|child| if child.is(name) { Some(child) } else { deep(child, name) })
}

/// Takes a document apart: a record of the law, and one of each provision that holds no further one.
pub(super) fn records(root: &mut Element) -> Vec<Record> {
    let mut law = Record::new(Subject::Law);
    law.put(Key::Name, title(root));
    let mut provisions = Vec::new();
    for node in &mut root.nodes {
        let Node::Element(document) = node else { continue };
        for (path, attribute, key) in [
            (&["meta", "identification", "FRBRWork", "FRBRuri"][..], "value", Key::Id),
            (&["meta", "identification", "FRBRWork", "FRBRdate"], "date", Key::Date),
            (&["meta", "identification", "FRBRWork", "FRBRcountry"], "value", Key::Country),
            (&["meta", "identification", "FRBRWork", "FRBRnumber"], "value", Key::Number),
            (&["meta", "identification", "FRBRExpression", "FRBRlanguage"], "language", Key::Language),
        ] {
            let value = inside(document, path).and_then(|element| element.take_attribute(attribute));
            law.put(key, value.unwrap_or_default());
        }
        if let Some(preface) = inside(document, &["preface"]) {
            empty(preface, &["docTitle", "shortTitle"]);
        }
        gather(document, &mut provisions);
    }
    let mut records = vec![law];
    records.append(&mut provisions);
    records
}

fn inside<'e>(element: &'e mut Element, path: &[&str]) -> Option<&'e mut Element> {
    let Some((first, rest)) = path.split_first() else { return Some(element) };
    let child = element.nodes.iter_mut().find_map(|node| match node {
        Node::Element(child) if child.is(first) => Some(child),
        _ => None,
    })?;
    inside(child, rest)
}

/// Empties the first of these elements, whose text was taken.
fn empty(element: &mut Element, names: &[&str]) -> bool {
    for node in &mut element.nodes {
        let Node::Element(child) = node else { continue };
        if names.contains(&child.local()) {
            child.nodes.clear();
            return true;
        }
        if empty(child, names) {
            return true;
        }
    }
    false
}

fn gather(element: &mut Element, records: &mut Vec<Record>) {
    for node in &mut element.nodes {
        let Node::Element(child) = node else { continue };
        if !PROVISIONS.contains(&child.local()) {
            gather(child, records);
            continue;
        }
        let mut record = Record::new(Subject::Provision);
        record.put(Key::Id, child.take_attribute("eId").unwrap_or_default());
        record.put(Key::Kind, child.local());
        for (name, key) in [("num", Key::Number), ("heading", Key::Heading)] {
            if let Some(part) = child.take(name) {
                record.put(key, part.whole_text());
            }
        }
        let divided = PROVISIONS.iter().any(|name| deep(child, name).is_some());
        let names: &[&str] = if divided { &["intro"] } else { &["intro", "content", "wrapUp", "list"] };
        let texts: Vec<String> =
            names.iter().filter_map(|name| child.take(name)).map(|part| part.whole_text()).collect();
        record.put(Key::Text, texts.join(" "));
        records.push(record);
        gather(child, records);
    }
}

/// A plain act of the records: what it is called, and its provisions in their order, one below the other.
pub(super) fn of_records(records: Vec<Record>, context: &Context, account: &mut Account) -> Option<Element> {
    let mut law = Record::new(Subject::Law);
    let mut body = Element::new("body", SPACE);
    let mut place = 0;
    for mut record in records {
        match record.subject {
            Subject::Law => law = record,
            Subject::Provision => {
                place += 1;
                body.push(provision(&mut record, place));
                account.leave(&record);
            }
            _ => account.refuse(&record),
        }
    }
    if body.nodes.is_empty() && !law.has(Key::Name) {
        return None;
    }
    let title = law.take(Key::Name).unwrap_or_default();
    let meta = meta(&mut law, context, account);
    account.leave(&law);
    let mut act = Element::new("act", SPACE).having("name", "act");
    act.push(meta);
    let mut heading = Element::new("p", SPACE);
    heading.put("docTitle", &title);
    let mut preface = Element::new("preface", SPACE);
    preface.push(heading);
    act.push(preface);
    if body.nodes.is_empty() {
        let mut none = Element::new("section", SPACE).having("eId", "sec_1");
        let mut content = Element::new("content", SPACE).having("eId", "sec_1__content");
        content.push(Element::new("p", SPACE));
        none.push(content);
        body.push(none);
    }
    act.push(body);
    let mut root = Element::root("akomaNtoso", SPACE);
    root.push(act);
    Some(root)
}

fn provision(record: &mut Record, place: usize) -> Element {
    let id = format!("sec_{place}");
    record.take(Key::Id);
    record.take(Key::Kind);
    let mut section = Element::new("section", SPACE).having("eId", &id);
    for (name, key) in [("num", Key::Number), ("heading", Key::Heading)] {
        if let Some(text) = record.take(key) {
            section.put(name, &text);
        }
    }
    let mut content = Element::new("content", SPACE).having("eId", &format!("{id}__content"));
    content.put("p", &record.take(Key::Text).unwrap_or_default());
    section.push(content);
    section
}

fn meta(law: &mut Record, context: &Context, account: &mut Account) -> Element {
    let today = context.now.strftime("%Y-%m-%d").to_string();
    let mut given = |key: Key, otherwise: &str| {
        law.take(key).unwrap_or_else(|| {
            account.put_in(&format!("law.{}", domain::menu::Menu::code(key)), otherwise);
            otherwise.to_owned()
        })
    };
    let date = given(Key::Date, &today);
    let date = if is_date(&date) { date } else { today.clone() };
    let country = given(Key::Country, "un").to_lowercase();
    let number = given(Key::Number, "1");
    let language = given(Key::Language, "eng");
    let work = given(Key::Id, &format!("/akn/{country}/act/{date}/{number}"));
    let expression = format!("{work}/{language}@{date}");
    let valued = |name: &str, value: &str| Element::new(name, SPACE).having("value", value);
    let level = |name: &str, uri: &str, date: &str| {
        let mut level = Element::new(name, SPACE);
        level.push(valued("FRBRthis", &format!("{uri}/!main")));
        level.push(valued("FRBRuri", uri));
        level.push(Element::new("FRBRdate", SPACE).having("date", date).having("name", "Generation"));
        level.push(Element::new("FRBRauthor", SPACE).having("href", "#source"));
        level
    };
    let mut identification = Element::new("identification", SPACE).having("source", "#source");
    let mut first = level("FRBRWork", &work, &date);
    first.push(valued("FRBRcountry", &country));
    first.push(valued("FRBRnumber", &number));
    identification.push(first);
    let mut second = level("FRBRExpression", &expression, &date);
    second.push(Element::new("FRBRlanguage", SPACE).having("language", &language));
    identification.push(second);
    let mut third = level("FRBRManifestation", &format!("{expression}.xml"), &today);
    third.push(valued("FRBRformat", "xml"));
    identification.push(third);
    let mut references = Element::new("references", SPACE).having("source", "#source");
    let source = Element::new("TLCOrganization", SPACE).having("eId", "source");
    references.push(source.having("href", "/ontology/organization/unknown").having("showAs", "unknown"));
    let mut meta = Element::new("meta", SPACE);
    meta.push(identification);
    meta.push(references);
    meta
}
