//! What one format says, in a form another can take: records of facts, and the account of what did not come along.
//!
//! Owns the account. Every leaf of the source is taken into a fact or is a loss; every fact is written by the target or
//! is a loss: nothing falls between. Must not know any format.

use std::collections::BTreeMap;

use domain::menu::Menu;
use jiff::Timestamp;
use serde_json::Value;

use crate::code::menu;
use crate::finding::{Finding, Gathered, Loss, LossCode, shown};
use crate::xml::{Element, Node};

/// Most kinds of loss told apart; a person reads some dozens, and a hostile file may name its properties at will.
pub const LOSSES_MAX: usize = 2_000;

menu! {
    /// What a record is about.
    Subject {
        /// Something to look for in a network.
        Indicator = "indicator",
        /// A weakness of a product.
        Vulnerability = "vulnerability",
        /// A person, group, company or ship.
        Person = "person",
        /// A warning to the public or to a few.
        Alert = "alert",
        /// A meeting or a deadline.
        Meeting = "meeting",
        /// A law as a whole.
        Law = "law",
        /// One numbered provision of it.
        Provision = "provision",
        /// A place or an area.
        Site = "site",
    }
}

menu! {
    /// What a fact says of the subject. The codes are the columns of a table.
    Key {
        /// The identifier the source gave.
        Id = "id",
        /// A name, title or summary in one line.
        Name = "name",
        /// A family name.
        Surname = "surname",
        /// Given names.
        Given = "given",
        /// A date of birth, as exact as known: `1958-03-02`, `1958-03`, `1958`.
        Born = "dob",
        /// `male` or `female`, or as given.
        Sex = "sex",
        /// A document's number; what kind stands beside.
        Document = "document",
        /// An address in one line.
        Address = "address",
        /// A name in its own script.
        NativeName = "native-name",
        /// Another name.
        Alias = "alias",
        /// A form of address or a degree.
        Style = "style",
        /// An office held.
        Position = "position",
        /// A nationality.
        Nationality = "nationality",
        /// A place of birth.
        BirthPlace = "birth-place",
        /// The kind of subject: individual, entity; ipv4, sha256.
        Kind = "kind",
        /// The value to look for.
        Value = "value",
        /// A pattern; its language stands beside.
        Pattern = "pattern",
        /// Whether it is fit to raise an alarm: `true` or `false`.
        Detect = "detect",
        /// Words for people.
        Description = "description",
        /// From when it holds, RFC 3339.
        From = "from",
        /// Until when.
        Until = "until",
        /// When it was first written.
        Created = "created",
        /// When it was last changed.
        Modified = "modified",
        /// A free label.
        Label = "label",
        /// A category of the source's vocabulary.
        Category = "category",
        /// How sure the source is, 0 to 100.
        Confidence = "confidence",
        /// How far it may be given on: a level of TLP in small letters.
        Marking = "marking",
        /// The language of the words, BCP 47.
        Language = "language",
        /// Who says so.
        Sender = "sender",
        /// When it was sent.
        Sent = "sent",
        /// Whether it is meant: actual, exercise, test; confirmed, cancelled.
        Status = "status",
        /// New, update or cancellation.
        MessageType = "message-type",
        /// To whom it may be shown.
        Scope = "scope",
        /// What happens.
        Event = "event",
        /// How soon something must be done.
        Urgency = "urgency",
        /// How grave it is.
        Severity = "severity",
        /// How certain it is.
        Certainty = "certainty",
        /// What to do.
        Instruction = "instruction",
        /// Whom to ask.
        Contact = "contact",
        /// Where to read on.
        Web = "web",
        /// An area in words.
        Area = "area",
        /// A ring: `lat,lon lat,lon …`, first and last the same.
        Polygon = "polygon",
        /// `lat,lon radius-km`.
        Circle = "circle",
        /// `lat,lon`.
        Point = "point",
        /// A beginning, RFC 3339 or local with the zone beside.
        Start = "start",
        /// An end, likewise.
        End = "end",
        /// A place of meeting.
        Place = "place",
        /// Who calls the meeting.
        Organiser = "organiser",
        /// Who is asked to come.
        Attendee = "attendee",
        /// A rule of repetition (RFC 5545 §3.3.10).
        Repeat = "repeat",
        /// The programme or law somebody is listed under.
        Regime = "regime",
        /// When somebody was listed.
        Listed = "listed",
        /// Why.
        Reason = "reason",
        /// What is imposed.
        Measure = "measure",
        /// A reference of another house.
        Reference = "reference",
        /// A country.
        Country = "country",
        /// A date.
        Date = "date",
        /// A number of a law or provision.
        Number = "number",
        /// A heading.
        Heading = "heading",
        /// The words of a provision.
        Text = "text",
        /// A grade of severity by CVSS.
        Score = "score",
        /// A product concerned.
        Product = "product",
        /// Until when a document is valid.
        Expires = "expires",
    }
}

/// One statement about a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) key: Key,
    /// What it says.
    pub(crate) value: String,
    /// What kind, where the key leaves that open: the sort of document, the language of a pattern. May be empty.
    pub(crate) of: String,
}

/// One subject with its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) subject: Subject,
    facts: Vec<Fact>,
    /// Facts taken by whoever has no place for what kind they are of.
    bare: Vec<Fact>,
}

/// What a conversion is told from outside.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The instant that stands where the target demands one and the source has none.
    pub now: Timestamp,
}

/// The account of a conversion.
#[derive(Debug, Default)]
pub(crate) struct Account {
    groups: BTreeMap<(LossCode, String), (usize, String)>,
    beyond: usize,
}

impl Record {
    pub(crate) fn new(subject: Subject) -> Self {
        Self { subject, facts: Vec::new(), bare: Vec::new() }
    }

    /// Puts a fact, where it says anything.
    pub(crate) fn put(&mut self, key: Key, value: impl Into<String>) {
        self.put_of(key, "", value);
    }

    /// Puts a fact with what kind it is of.
    pub(crate) fn put_of(&mut self, key: Key, of: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push(Fact { key, value, of: of.to_owned() });
        }
    }

    pub(crate) fn extend(&mut self, key: Key, values: impl IntoIterator<Item = String>) {
        values.into_iter().for_each(|value| self.put(key, value));
    }

    /// The first value of a key, left where it is.
    pub(crate) fn get(&self, key: Key) -> Option<&str> {
        self.facts.iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
    }

    /// Takes the first value of a key.
    pub(crate) fn take(&mut self, key: Key) -> Option<String> {
        let fact = self.take_fact(key)?;
        self.bared(&fact);
        Some(fact.value)
    }

    /// Takes the first fact of a key, kind and all.
    pub(crate) fn take_fact(&mut self, key: Key) -> Option<Fact> {
        let place = self.facts.iter().position(|fact| fact.key == key)?;
        Some(self.facts.remove(place))
    }

    /// Takes every fact of a key.
    pub(crate) fn take_all(&mut self, key: Key) -> Vec<Fact> {
        let (taken, left) = std::mem::take(&mut self.facts).into_iter().partition(|fact| fact.key == key);
        self.facts = left;
        taken
    }

    /// Takes every value of a key.
    pub(crate) fn values(&mut self, key: Key) -> Vec<String> {
        let facts = self.take_all(key);
        facts.iter().for_each(|fact| self.bared(fact));
        facts.into_iter().map(|fact| fact.value).collect()
    }

    fn bared(&mut self, fact: &Fact) {
        if !fact.of.is_empty() {
            self.bare.push(fact.clone());
        }
    }

    /// Puts U+FFFD for each character the target cannot hold at all, and enters where.
    pub(crate) fn fit(&mut self, may_stand: fn(char) -> bool, account: &mut Account) {
        for fact in &mut self.facts {
            let at = format!("{}.{}", self.subject, fact.key.code());
            for text in [&mut fact.value, &mut fact.of] {
                if !text.chars().all(may_stand) {
                    account.lose(LossCode::Coarser, at.as_str(), text);
                    *text = text.chars().map(|c| if may_stand(c) { c } else { '\u{fffd}' }).collect();
                }
            }
        }
    }

    /// What nobody took.
    pub(crate) fn left(&self) -> &[Fact] {
        &self.facts
    }

    /// Whether any fact of a key is there.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.get(key).is_some()
    }
}

impl Account {
    /// Enters one loss.
    pub(crate) fn lose(&mut self, code: LossCode, at: impl Into<String>, first: &str) {
        let key = (code, at.into());
        if self.groups.len() >= LOSSES_MAX && !self.groups.contains_key(&key) {
            self.beyond += 1;
            return;
        }
        let group = self.groups.entry(key).or_insert_with(|| (0, shown(first)));
        group.0 += 1;
    }

    /// Enters what the target did not take of a record.
    pub(crate) fn leave(&mut self, record: &Record) {
        for fact in &record.bare {
            self.lose(LossCode::Coarser, format!("{}.{} (kind)", record.subject, fact.key.code()), &fact.of);
        }
        for fact in record.left() {
            self.lose(LossCode::NoPlace, format!("{}.{}", record.subject, fact.key.code()), &fact.value);
        }
    }

    /// Enters a record the target has no place for at all.
    pub(crate) fn refuse(&mut self, record: &Record) {
        let first = record.get(Key::Id).or_else(|| record.get(Key::Name)).unwrap_or_default();
        self.lose(LossCode::NoSubject, record.subject.code(), first);
    }

    /// Enters a value the target demands and the source does not give.
    pub(crate) fn put_in(&mut self, at: &str, value: &str) {
        self.lose(LossCode::PutIn, at, value);
    }

    /// What was made, where it is sound by the rules of its format; else the rule it breaks is entered.
    pub(crate) fn judged<T>(&mut self, found: Gathered, made: Option<T>) -> Option<T> {
        match found.ruled(made) {
            Ok(reading) => Some(reading.value),
            Err(refused) => {
                let Finding { code, at, detail, .. } = *refused.first;
                self.lose(LossCode::LeftOut, format!("{at} [{code}]"), &detail);
                None
            }
        }
    }

    /// Enters every leaf left in a JSON value. Marks and empty texts carry nothing.
    pub(crate) fn leave_json(&mut self, value: &Value, at: &str) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    self.leave_json(member, &format!("{at}/{}", shown(key)));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.leave_json(item, &format!("{at}/*"))),
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => self.lose(LossCode::NotCarried, at, text),
            Value::Bool(_) | Value::Number(_) => self.lose(LossCode::NotCarried, at, &value.to_string()),
        }
    }

    /// Enters every text, attribute and comment left in an element. Declarations of namespaces carry nothing.
    pub(crate) fn leave_xml(&mut self, element: &Element, above: &str) {
        let at = format!("{above}/{}", element.name);
        for attribute in element.attributes.iter().filter(|attribute| !declares(&attribute.name)) {
            self.lose(LossCode::NotCarried, format!("{at}/@{}", attribute.name), &attribute.value);
        }
        for node in &element.nodes {
            match node {
                Node::Element(inner) => self.leave_xml(inner, &at),
                Node::Text(text) if text.trim().is_empty() => {}
                Node::Text(text) => self.lose(LossCode::NotCarried, at.as_str(), text.trim()),
                Node::Comment(text) => self.lose(LossCode::NotCarried, format!("{at}/comment()"), text),
                Node::Instruction(text) => {
                    self.lose(LossCode::NotCarried, format!("{at}/processing-instruction()"), text);
                }
            }
        }
    }

    /// The losses, by kind and place.
    pub(crate) fn losses(self) -> Vec<Loss> {
        let entries = self.groups.into_iter();
        let mut losses: Vec<Loss> =
            entries.map(|((code, at), (count, first))| Loss { code, at, count, first }).collect();
        if self.beyond > 0 {
            let at = "…".to_owned();
            losses.push(Loss { code: LossCode::NotCarried, at, count: self.beyond, first: String::new() });
        }
        losses
    }
}

/// Whether an attribute only says which schema or namespace is meant.
fn declares(name: &str) -> bool {
    name == "xmlns"
        || name.starts_with("xmlns:")
        || name == "xsi:schemaLocation"
        || name == "xsi:noNamespaceSchemaLocation"
}
