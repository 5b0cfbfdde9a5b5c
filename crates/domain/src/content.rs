//! What a request contains: header, fields and attachments, and what is still missing from it.
//!
//! Owns `Request`, `FieldValue` and the completeness check, which is the same on both nodes and while typing.
//! Must not know where a field's definition comes from beyond `instrument::Field`.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::act::{Person, Urgency};
use crate::asset::Money;
use crate::handling::{Classification, Tlp};
use crate::ids::{CaseId, Hash32, OfficeId, TypeCode};
use crate::instrument::{Field, FieldKind, RequestType};
use crate::report::ReportLine;
use crate::text::{Lang, Prose, brackets};

pub mod carriage;
mod identity;

pub use carriage::Bar;
pub use identity::{
    DOCUMENTS_MAX, IdentityDocument, NAMES_MAX, NATIONALITIES_MAX, NaturalPerson, PartialDate, Place, Position, Sex,
};

/// A request as submitted (domain reference §2.1: the header all types share, then the type's own fields).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The request type.
    pub type_code: TypeCode,
    /// The office asked.
    pub to: OfficeId,
    /// One line that names the matter.
    pub title: Prose,
    /// Instrument and article, or an undertaking of reciprocity.
    pub legal_basis: Prose,
    /// How urgent the requesting side thinks it is.
    pub urgency: Urgency,
    /// Why, unless routine.
    pub urgency_reason: Option<Prose>,
    /// The date by which an answer is of use; must stand for U2.
    pub needed_by: Option<Date>,
    /// What the answer is for, and the only use permitted (SG-7).
    pub purpose: Prose,
    /// Whether the answer may be used in evidence.
    pub evidential_use: bool,
    /// Sharing mark.
    pub mark: Tlp,
    /// What the sender's own marking amounts to.
    pub classification: Classification,
    /// That the request itself be kept secret, and why.
    pub confidentiality: Option<Prose>,
    /// Whether it holds personal data (SG-10).
    pub personal_data: bool,
    /// A drill: never in live statistics.
    pub exercise: bool,
    /// A 24-hour contact at the requesting office.
    pub contact: String,
    /// The type's own contents, by field id.
    pub fields: BTreeMap<String, FieldValue>,
    /// Files sent with it.
    pub attachments: Vec<Attachment>,
    /// Other cases it belongs to.
    pub linked: Vec<CaseId>,
    /// The case it takes further under another type or on new grounds; both nodes judge whether it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<CaseId>,
    /// Who drafted it; never the one who signs it.
    pub drafter: Person,
}

/// What of a request decides which safeguards bind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sensitivity {
    /// Whether it holds personal data (SG-10).
    pub personal: bool,
    /// Whether it asks that it be kept secret itself (SG-13).
    pub secret: bool,
}

impl Sensitivity {
    /// What every safeguard binds.
    pub const FULL: Self = Self { personal: true, secret: true };
    /// What only the safeguards bind that bind everything.
    pub const NONE: Self = Self { personal: false, secret: false };
}

impl Request {
    /// What of it decides which safeguards bind it.
    #[must_use]
    pub fn sensitivity(&self) -> Sensitivity {
        Sensitivity { personal: self.personal_data, secret: self.confidentiality.is_some() }
    }
}

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldValue {
    /// Free text, with translations.
    Prose(Prose),
    /// A line that needs no translation: an account number, an address.
    Line(String),
    /// One of the field's options, by code.
    Choice(String),
    /// A day.
    Date(Date),
    /// From and to, in UTC.
    Interval {
        /// First instant.
        from: Timestamp,
        /// Last instant.
        to: Timestamp,
    },
    /// Yes or no.
    YesNo(bool),
    /// The heaviest penalty the offence carries.
    Penalty(Penalty),
    /// A STIX 2.1 bundle, as JSON text.
    Indicators(String),
    /// A natural person.
    Person(Box<NaturalPerson>),
    /// An office of the instrument.
    Office(OfficeId),
    /// A place.
    Place(Place),
    /// An amount.
    Money(Money),
    /// Short lines.
    Items(Vec<String>),
    /// A text in every language of the instrument, its versions equally authentic.
    Parallel(Prose),
}

/// The heaviest penalty an offence carries, as the requesting side states it (SG-3 turns on it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Penalty {
    /// A fine or other penalty without prison.
    NoPrison,
    /// Prison up to so many years.
    YearsMax(u16),
    /// Life.
    Life,
    /// Death is possible.
    Death,
    /// Not known: treated like death until an assurance stands.
    Unknown,
}

/// A file sent with an act. Its ciphertext travels apart, in chunks; this travels inside the sealed body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its name, for people.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length in bytes, in clear.
    pub bytes: u64,
    /// SHA-256 of its clear content.
    pub sha256: Hash32,
    /// Root of the tree over its ciphertext chunks; names it on the wire.
    pub root: Hash32,
    /// Length of the ciphertext on the wire, in bytes.
    pub sealed_bytes: u64,
    /// Length of one ciphertext chunk, in bytes.
    pub chunk_bytes: u32,
    /// The key its chunks are sealed with, in the ledger's form.
    pub key: Vec<u8>,
}

/// Most characters of one free text in one language: a long letter of request, several times over.
pub const PROSE_CHARS_MAX: usize = 20_000;
/// Most characters of a line: a title, an address, an account.
pub const LINE_CHARS_MAX: usize = 500;
/// Most bytes of an indicator bundle carried in a field; larger ones travel as attachments.
pub const INDICATORS_BYTES_MAX: usize = 256 * 1024;
/// Most attachments of one act: what an intake officer can still check one by one.
pub const ATTACHMENTS_MAX: usize = 32;
/// Largest attachment, 5 GiB (wire reference §5.2).
pub const ATTACHMENT_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;
/// Most fields of one request; a type has about a dozen.
pub const FIELDS_MAX: usize = 128;
/// Most lines of a field that lists them: a long schedule of accounts.
pub const ITEMS_MAX: usize = 256;
/// Most linked cases of one request.
pub const LINKED_MAX: usize = 64;

/// One thing that keeps a request from being complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The header part or field id.
    pub field: String,
    /// What is wrong with it.
    pub what: Lack,
}

/// What is wrong with a part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Nothing was entered.
    Empty,
    /// A language of the instrument has no words.
    Translation(Lang),
    /// The value is not of the field's kind, or not one of its options.
    WrongKind,
    /// The first instant lies after the last.
    Backwards,
    /// A day that must lie ahead when it is signed lies behind already.
    Passed,
    /// It still holds a blank that the instrument leaves for whoever writes.
    Blank,
    /// The other side asked for it: neither was it supplied nor said why it cannot be, or both were.
    Asked,
    /// Longer than the limit, in characters or items.
    TooLong(usize),
    /// The type has no such field.
    Unknown,
    /// It may not stand here.
    Barred(Bar),
}

impl Lack {
    /// The stable code of its words.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Translation(_) => "translation",
            Self::WrongKind => "wrong-kind",
            Self::Backwards => "backwards",
            Self::Passed => "passed",
            Self::Blank => "blank",
            Self::Asked => "asked",
            Self::TooLong(_) => "too-long",
            Self::Unknown => "unknown",
            Self::Barred(_) => "barred",
        }
    }
}

/// Everything that keeps `request` from being complete under its type, in the order of the form. Both nodes and the
/// form as it is typed use this one check.
#[must_use]
pub fn missing(request: &Request, rule: &RequestType, langs: &[Lang]) -> Vec<Missing> {
    let mut found = Vec::new();
    header(request, langs, &mut found);
    if has_blank(rule, &request.legal_basis) {
        lacks(&mut found, "legal_basis", Lack::Blank);
    }
    for field in &rule.fields {
        match request.fields.get(&field.id) {
            Some(value) => judge_value(field, value, langs, &mut found),
            None if field.required => lacks(&mut found, &field.id, Lack::Empty),
            None => {}
        }
    }
    for id in request.fields.keys().take(FIELDS_MAX) {
        if rule.field(id).is_none() {
            lacks(&mut found, id, Lack::Unknown);
        }
    }
    if let Some(amends) = &rule.amends {
        // The version it brings in, and nothing beside it that might be taken for it.
        if request.attachments.len() != 1 {
            lacks(
                &mut found,
                "attachments",
                if request.attachments.is_empty() { Lack::Empty } else { Lack::TooLong(1) },
            );
        }
        // Without its day it is no amendment yet, which is no fault of the hash.
        let both = [&amends.hash, &amends.from].iter().all(|id| request.fields.contains_key(*id));
        if both && amendment(request, rule).is_none() {
            lacks(&mut found, &amends.hash, Lack::WrongKind);
        }
    }
    if let Some(id) = rule.reports.as_ref().filter(|id| request.fields.contains_key(*id))
        && report(request, rule).is_none()
    {
        lacks(&mut found, id, Lack::WrongKind);
    }
    for id in carriage::needed(request, rule) {
        lacks(&mut found, id, Lack::Empty);
    }
    found.extend(carriage::barred(request, rule));
    found
}

/// The report a request proposes to sign. `None` for a type that reports nothing, and while its line is wanting.
#[must_use]
pub fn report(request: &Request, rule: &RequestType) -> Option<ReportLine> {
    match request.fields.get(rule.reports.as_ref()?)? {
        FieldValue::Line(line) => line.parse().ok(),
        _ => None,
    }
}

/// The version of the instrument a request would bring in, by hash, and the day before which it does not take force.
/// `None` for a type that amends nothing, and while either is wanting.
#[must_use]
pub fn amendment(request: &Request, rule: &RequestType) -> Option<(Hash32, Date)> {
    let amends = rule.amends.as_ref()?;
    match (request.fields.get(&amends.hash)?, request.fields.get(&amends.from)?) {
        (FieldValue::Line(line), FieldValue::Date(day)) => {
            let digits = line.rsplit(':').next().unwrap_or_default().trim();
            Some((Hash32::from_hex(digits).ok()?, *day))
        }
        _ => None,
    }
}

/// Whether a legal basis still holds what one of the type's own bases has in brackets: the place of an article, never its
/// number. Brackets of the writer's own are words like any other.
fn has_blank(rule: &RequestType, words: &Prose) -> bool {
    let blanks = rule.legal_bases.iter().flat_map(|basis| basis.iter()).flat_map(|(_, text)| brackets(text));
    blanks.filter(|part| part.open).any(|part| words.texts.values().any(|text| text.contains(part.words)))
}

fn header(request: &Request, langs: &[Lang], found: &mut Vec<Missing>) {
    prose("title", &request.title, LINE_CHARS_MAX, langs, found);
    prose("legal_basis", &request.legal_basis, LINE_CHARS_MAX, langs, found);
    prose("purpose", &request.purpose, PROSE_CHARS_MAX, langs, found);
    if request.urgency != Urgency::U3 {
        match &request.urgency_reason {
            Some(reason) => prose("urgency_reason", reason, PROSE_CHARS_MAX, langs, found),
            None => lacks(found, "urgency_reason", Lack::Empty),
        }
    }
    if request.urgency == Urgency::U2 && request.needed_by.is_none() {
        lacks(found, "needed_by", Lack::Empty);
    }
    if let Some(reason) = &request.confidentiality {
        prose("confidentiality", reason, PROSE_CHARS_MAX, langs, found);
    }
    if request.contact.trim().is_empty() {
        lacks(found, "contact", Lack::Empty);
    }
    for (field, length, max) in [
        ("contact", request.contact.chars().count(), LINE_CHARS_MAX),
        ("attachments", request.attachments.len(), ATTACHMENTS_MAX),
        ("linked", request.linked.len(), LINKED_MAX),
        ("fields", request.fields.len(), FIELDS_MAX),
    ] {
        if length > max {
            lacks(found, field, Lack::TooLong(max));
        }
    }
}

/// Judges one value against its field's kind.
pub fn judge_value(field: &Field, value: &FieldValue, langs: &[Lang], found: &mut Vec<Missing>) {
    let chars_max = usize::try_from(field.chars_max).unwrap_or(PROSE_CHARS_MAX);
    match (&field.kind, value) {
        (FieldKind::Prose, FieldValue::Prose(words)) => {
            if field.required || !words.is_blank() {
                prose(&field.id, words, chars_max.min(PROSE_CHARS_MAX), langs, found);
            }
        }
        (FieldKind::Line, FieldValue::Line(line)) => {
            if field.required && line.trim().is_empty() {
                lacks(found, &field.id, Lack::Empty);
            }
            if line.chars().count() > chars_max.min(LINE_CHARS_MAX) {
                lacks(found, &field.id, Lack::TooLong(chars_max.min(LINE_CHARS_MAX)));
            }
        }
        (FieldKind::Choice { options }, FieldValue::Choice(code)) => {
            if !options.iter().any(|(known, _)| known == code) {
                lacks(found, &field.id, Lack::WrongKind);
            }
        }
        (FieldKind::Interval, FieldValue::Interval { from, to }) => {
            if from > to {
                lacks(found, &field.id, Lack::Backwards);
            }
        }
        (FieldKind::Indicators, FieldValue::Indicators(json)) => {
            if field.required && json.trim().is_empty() {
                lacks(found, &field.id, Lack::Empty);
            }
            if json.len() > INDICATORS_BYTES_MAX {
                lacks(found, &field.id, Lack::TooLong(INDICATORS_BYTES_MAX));
            }
        }
        (FieldKind::Person, FieldValue::Person(person)) => {
            found.extend(person.lack().map(|what| Missing { field: field.id.clone(), what }));
        }
        (FieldKind::Place, FieldValue::Place(place)) => {
            found.extend(place.lack().map(|what| Missing { field: field.id.clone(), what }));
        }
        (FieldKind::Items, FieldValue::Items(items)) => judge_items(field, items, found),
        (FieldKind::Parallel, FieldValue::Parallel(words)) => {
            prose(&field.id, words, chars_max.min(PROSE_CHARS_MAX), langs, found);
        }
        (FieldKind::Office, FieldValue::Office(_))
        | (FieldKind::Money, FieldValue::Money(_))
        | (FieldKind::Date, FieldValue::Date(_))
        | (FieldKind::YesNo, FieldValue::YesNo(_))
        | (FieldKind::Penalty, FieldValue::Penalty(_)) => {}
        _ => lacks(found, &field.id, Lack::WrongKind),
    }
}

/// Lines that are listed: none blank, none twice, so that a step can name one.
fn judge_items(field: &Field, items: &[String], found: &mut Vec<Missing>) {
    if field.required && items.is_empty() || items.iter().any(|item| item.trim().is_empty()) {
        lacks(found, &field.id, Lack::Empty);
    }
    if items.len() > ITEMS_MAX {
        lacks(found, &field.id, Lack::TooLong(ITEMS_MAX));
    } else if items.iter().enumerate().any(|(place, item)| items[..place].contains(item)) {
        lacks(found, &field.id, Lack::WrongKind);
    }
    if items.iter().any(|item| item.chars().count() > LINE_CHARS_MAX) {
        lacks(found, &field.id, Lack::TooLong(LINE_CHARS_MAX));
    }
}

fn prose(field: &str, words: &Prose, chars_max: usize, langs: &[Lang], found: &mut Vec<Missing>) {
    if words.is_blank() {
        lacks(found, field, Lack::Empty);
        return;
    }
    for lang in langs {
        if words.texts.get(lang).is_none_or(|text| text.trim().is_empty()) {
            lacks(found, field, Lack::Translation(lang.clone()));
        }
    }
    if words.chars() > chars_max || words.texts.len() > langs.len() {
        lacks(found, field, Lack::TooLong(chars_max));
    }
}

fn lacks(found: &mut Vec<Missing>, field: &str, what: Lack) {
    found.push(Missing { field: field.to_owned(), what });
}
