//! What a matter may not carry: files, addresses and bytes where only hashes may travel, personal data where there is to
//! be none, contents more sensitive than the mark they stand under.
//!
//! Owns the reading of contents against the limits and fields of their type; both nodes and the form use it. Must not know
//! which type sets which limit. It stops accident and carelessness: who means to hide a picture in words will find a way.

use super::{Attachment, FieldValue, Lack, Missing, Request};
use crate::act::{Act, Deed};
use crate::handling::Tlp;
use crate::instrument::{Carries, Field, FieldKind, Form, Limit, RequestType, When};
use crate::menu::Menu;
use crate::text::Prose;

/// Why something may not stand where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bar {
    /// A file, where none may travel.
    File,
    /// A file of this kind, where papers only may travel.
    FileKind,
    /// An address that leads to the material.
    Address,
    /// A run of characters that can only be data.
    Bytes,
    /// Something else than a hash.
    NotHash,
    /// A field that must be empty here.
    Field,
    /// Personal data, where there may be none.
    Personal,
    /// Personal data that the request does not own up to.
    Undeclared,
    /// Contents that ask for a stricter mark than the request bears.
    Mark(Tlp),
}

/// Lengths of hashes in hexadecimal digits: MD5, SHA-1, SHA-256 and PDQ, SHA-384, SHA-512, PhotoDNA.
const HASH_DIGITS: [usize; 6] = [32, 40, 64, 96, 128, 288];
/// Longest name of a hash's algorithm.
const ALGORITHM_CHARS_MAX: usize = 16;
/// Longest run of Latin letters and digits that is still a word: no name of a law or an office is longer.
const WORD_CHARS_MAX: usize = 64;
/// What begins an address or data inside a text.
const LEADS: [&str; 6] = ["://", "www.", "data:", "magnet:", "ipfs:", ".onion"];
/// The kinds of file that are papers.
const PAPERS: [&str; 11] = [
    "text/plain",
    "text/csv",
    "text/markdown",
    "application/pdf",
    "application/rtf",
    "application/msword",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

impl Bar {
    /// The stable code of its words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::FileKind => "file-kind",
            Self::Address => "address",
            Self::Bytes => "bytes",
            Self::NotHash => "not-hash",
            Self::Field => "field",
            Self::Personal => "personal",
            Self::Undeclared => "undeclared",
            Self::Mark(_) => "mark",
        }
    }

    /// The mark it asks for, if it asks for one.
    #[must_use]
    pub fn mark(self) -> &'static str {
        if let Self::Mark(least) = self { least.code() } else { "" }
    }
}

/// Everything a request holds that its type's matters may not carry, in the order of the form.
#[must_use]
pub fn barred(request: &Request, rule: &RequestType) -> Vec<Missing> {
    let mut found = Vec::new();
    for limit in rule.limits.iter().filter(|limit| limit.holds(request)) {
        files(limit.carries, &request.attachments, &mut found);
        for id in limit.empty.iter().filter(|id| is_filled(request, id)) {
            bars(&mut found, id, Bar::Field);
        }
        if !limit.personal && request.personal_data {
            bars(&mut found, "personal_data", Bar::Personal);
        }
        if limit.carries == Carries::HashesOnly {
            told(request, rule, &mut found);
        }
    }
    for field in rule.fields.iter().filter(|field| is_filled(request, &field.id)) {
        if let Some(value) = request.fields.get(&field.id).filter(|_| field.form == Form::Hash) {
            lines_of(value).into_iter().filter(|line| !is_hash(line)).take(1).for_each(|_| {
                bars(&mut found, &field.id, Bar::NotHash);
            });
        }
        if field.holds_persons() && !request.personal_data {
            bars(&mut found, &field.id, Bar::Undeclared);
        }
        if let Some(least) = field.mark_min.filter(|least| request.mark < *least) {
            bars(&mut found, &field.id, Bar::Mark(least));
        }
    }
    found
}

/// The fields a limit asks for that are empty.
pub(super) fn needed<'r>(request: &'r Request, rule: &'r RequestType) -> impl Iterator<Item = &'r String> {
    let holding = rule.limits.iter().filter(|limit| limit.holds(request));
    holding.flat_map(|limit| &limit.needs).filter(|id| !is_filled(request, id))
}

/// What an act in a matter carries beside its fields and may not: files, and where only hashes travel, words that lead to
/// the material or hold it. `request` is the matter as it stands with the act.
#[must_use]
pub fn barred_act(act: &Act, request: &Request, rule: &RequestType) -> Option<Missing> {
    let mut found = Vec::new();
    for limit in rule.limits.iter().filter(|limit| limit.holds(request)) {
        files(limit.carries, act.deed.attachments(), &mut found);
        if limit.carries != Carries::HashesOnly {
            continue;
        }
        for words in act.deed.said() {
            prose("text", words, &mut found);
        }
        for line in act.deed.lines() {
            spoken("text", line, &mut found);
        }
        for answer in &act.gates {
            prose(answer.gate.code(), &answer.reason, &mut found);
            spoken(answer.gate.code(), &answer.by.name, &mut found);
        }
    }
    found.into_iter().next()
}

/// A request with what a supplement adds to it.
#[must_use]
pub fn supplemented(request: &Request, deed: &Deed) -> Option<Request> {
    let Deed::Supplement { fields, attachments, .. } = deed else { return None };
    let mut whole = request.clone();
    whole.fields.extend(fields.clone());
    whole.attachments.extend(attachments.iter().cloned());
    Some(whole)
}

impl Limit {
    /// Whether it holds for this request.
    #[must_use]
    pub fn holds(&self, request: &Request) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(request))
    }
}

impl When {
    /// Whether the request chose one of the codes.
    #[must_use]
    pub fn holds(&self, request: &Request) -> bool {
        let chosen = match request.fields.get(&self.field) {
            Some(FieldValue::Choice(code)) => code.as_str(),
            Some(FieldValue::YesNo(yes)) => {
                if *yes {
                    Self::YES
                } else {
                    Self::NO
                }
            }
            _ => return false,
        };
        self.is.iter().any(|code| code == chosen)
    }
}

impl Field {
    /// Whether what it holds is personal data.
    #[must_use]
    pub fn holds_persons(&self) -> bool {
        self.personal || self.kind == FieldKind::Person
    }
}

impl RequestType {
    /// The freest mark a request with these contents may bear.
    #[must_use]
    pub fn mark_for(&self, request: &Request) -> Tlp {
        let filled = self.fields.iter().filter(|field| is_filled(request, &field.id));
        filled.filter_map(|field| field.mark_min).fold(self.mark_min, Tlp::max)
    }

    /// The strictest limit to what travels beside the fields of a request.
    #[must_use]
    pub fn carries(&self, request: &Request) -> Carries {
        let holding = self.limits.iter().filter(|limit| limit.holds(request));
        holding.map(|limit| limit.carries).max().unwrap_or_default()
    }
}

/// Whether a field has anything in it.
#[must_use]
pub fn is_filled(request: &Request, id: &str) -> bool {
    request.fields.get(id).is_some_and(|value| match value {
        FieldValue::Prose(words) | FieldValue::Parallel(words) => {
            words.texts.values().any(|text| !text.trim().is_empty())
        }
        FieldValue::Line(line) | FieldValue::Indicators(line) => !line.trim().is_empty(),
        FieldValue::Items(items) => !items.is_empty(),
        _ => true,
    })
}

/// Whether a line is a hash and nothing else.
#[must_use]
pub fn is_hash(line: &str) -> bool {
    let line = line.trim();
    let (algorithm, digits) = line.split_once(':').unwrap_or(("", line));
    let named = algorithm.len() <= ALGORITHM_CHARS_MAX
        && algorithm.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    named && HASH_DIGITS.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn files(carries: Carries, attachments: &[Attachment], found: &mut Vec<Missing>) {
    let bar = match carries {
        Carries::Anything => None,
        Carries::Documents => {
            let paper = |file: &Attachment| PAPERS.contains(&file.media_type.to_ascii_lowercase().as_str());
            attachments.iter().any(|file| !paper(file)).then_some(Bar::FileKind)
        }
        Carries::HashesOnly => (!attachments.is_empty()).then_some(Bar::File),
    };
    if let Some(bar) = bar {
        bars(found, "attachments", bar);
    }
}

/// The header's words and every field, where only hashes may travel.
fn told(request: &Request, rule: &RequestType, found: &mut Vec<Missing>) {
    let header = [
        ("title", Some(&request.title)),
        ("legal_basis", Some(&request.legal_basis)),
        ("purpose", Some(&request.purpose)),
        ("urgency_reason", request.urgency_reason.as_ref()),
        ("confidentiality", request.confidentiality.as_ref()),
    ];
    for (part, words) in header {
        words.into_iter().for_each(|words| prose(part, words, found));
    }
    spoken("contact", &request.contact, found);
    for (id, value) in &request.fields {
        // A field of hashes is judged by its own form.
        if rule.field(id).is_none_or(|field| field.form == Form::Free) {
            lines_of(value).into_iter().for_each(|line| spoken(id, line, found));
        }
    }
}

/// Every free string in a value.
fn lines_of(value: &FieldValue) -> Vec<&str> {
    match value {
        FieldValue::Prose(words) | FieldValue::Parallel(words) => words.texts.values().map(String::as_str).collect(),
        FieldValue::Line(line) | FieldValue::Indicators(line) => vec![line],
        FieldValue::Items(items) => items.iter().map(String::as_str).collect(),
        FieldValue::Place(place) => vec![&place.words],
        FieldValue::Person(person) => {
            let documents = person.documents.iter().flat_map(|one| [&one.kind, &one.number, &one.issuer]);
            person.names.iter().chain([&person.birthplace]).chain(documents).map(String::as_str).collect()
        }
        FieldValue::Choice(_)
        | FieldValue::Date(_)
        | FieldValue::Interval { .. }
        | FieldValue::YesNo(_)
        | FieldValue::Penalty(_)
        | FieldValue::Office(_)
        | FieldValue::Money(_) => Vec::new(),
    }
}

fn prose(place: &str, words: &Prose, found: &mut Vec<Missing>) {
    words.texts.values().for_each(|text| spoken(place, text, found));
}

/// One text: no address in it, and no run of characters that is neither word nor hash.
fn spoken(place: &str, text: &str, found: &mut Vec<Missing>) {
    let lower = text.to_lowercase();
    if LEADS.iter().any(|lead| lower.contains(lead)) {
        bars(found, place, Bar::Address);
    }
    let data = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=' | '_' | '-');
    let runs = text.split(|letter| !data(letter));
    if runs.filter(|run| run.len() > WORD_CHARS_MAX).any(|run| !is_hash(run)) {
        bars(found, place, Bar::Bytes);
    }
}

fn bars(found: &mut Vec<Missing>, field: &str, bar: Bar) {
    let one = Missing { field: field.to_owned(), what: Lack::Barred(bar) };
    if !found.contains(&one) {
        found.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_a_hash_and_nothing_else() {
        fn check(line: &str, is: bool) {
            assert_eq!(is_hash(line), is, "{line}");
        }
        for digits in HASH_DIGITS {
            check(&"a1".repeat(digits / 2), true);
            check(&"a".repeat(digits + 1), false);
        }
        check(&format!("sha256:{}", "0F".repeat(32)), true);
        check(&format!("https://host/{}", "0f".repeat(32)), false);
        check(&format!("a-very-long-algorithm:{}", "0f".repeat(32)), false);
        check(&"xy".repeat(32), false);
        check("", false);
        check("one", false);
    }

    #[test]
    fn words_lead_to_nothing_and_hold_nothing() {
        fn check(text: &str, bar: Option<Bar>) {
            let mut found = Vec::new();
            spoken("text", text, &mut found);
            let found: Vec<Lack> = found.into_iter().map(|one| one.what).collect();
            assert_eq!(found, bar.map(Lack::Barred).into_iter().collect::<Vec<_>>(), "{text}");
        }
        check("Protection of Children Act 1978, section 1", None);
        check("《中华人民共和国刑法》第三百六十三条、第三百六十四条，以及有关司法解释的规定", None);
        check(&format!("known by {}", "0f".repeat(32)), None);
        check("seen at HTTPS://host.example/a", Some(Bar::Address));
        check("see www.host.example", Some(Bar::Address));
        check("data:image/png;base64,AAAA", Some(Bar::Address));
        check(&"iVBORw0KGgoAAAANSUhEUg".repeat(4), Some(Bar::Bytes));
        check(&"0f".repeat(33), Some(Bar::Bytes));
    }
}
