//! Lists of designated persons and entities: the Security Council's consolidated list and the UK sanctions list.
//!
//! Owns the two documents, their lenient reading, and the difference of two editions. The published lists do not follow
//! their own schema, so a deviation is a finding and not a refusal; what would make a name unreadable is a refusal. Must
//! not decide whether two entries are one person: that is `matching`, and then a person.

use std::collections::BTreeMap;

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};
use crate::record::{Account, Context, Record};
use crate::xml::{self, Document, Element};

#[cfg(test)]
mod tests;
mod uk;
mod un;

/// Most entries of one list: the two have some thousands.
pub const ENTRIES_MAX: usize = 100_000;

/// Which list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publisher {
    /// The Security Council's consolidated list.
    Un,
    /// The UK sanctions list.
    Uk,
}

/// A list, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    publisher: Publisher,
    document: Document,
}

/// One entry of a list that is not as it was, by its reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The publisher's reference, or its number of the entry.
    pub reference: String,
    /// The name it stands under.
    pub name: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to an entry between two editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It says something else; the elements that differ are named.
    Amended(Vec<String>),
    /// It is gone.
    Removed,
}

impl List {
    /// Whose list it is.
    #[must_use]
    pub fn publisher(&self) -> Publisher {
        self.publisher
    }

    /// How many entries it has.
    #[must_use]
    pub fn count(&self) -> usize {
        entries(self.publisher, &self.document.root).count()
    }

    /// What is different in `later`, by reference, in the order of references. Empty elements and white space differ in
    /// nothing.
    #[must_use]
    pub fn changes(&self, later: &Self) -> Vec<Change> {
        let (before, after) = (self.by_reference(), later.by_reference());
        let mut changes = Vec::new();
        for (reference, entry) in &before {
            let kind = match after.get(reference) {
                None => ChangeKind::Removed,
                Some(now) => match differing(entry, now) {
                    same if same.is_empty() => continue,
                    differing => ChangeKind::Amended(differing),
                },
            };
            changes.push(Change { reference: reference.clone(), name: self.name(entry), kind });
        }
        for (reference, entry) in after.iter().filter(|(reference, _)| !before.contains_key(*reference)) {
            let (reference, name) = (reference.clone(), later.name(entry));
            changes.push(Change { reference, name, kind: ChangeKind::Added });
        }
        changes.sort_by(|a, b| a.reference.cmp(&b.reference));
        changes
    }

    fn by_reference(&self) -> BTreeMap<String, &Element> {
        entries(self.publisher, &self.document.root).map(|entry| (reference(self.publisher, entry), entry)).collect()
    }

    fn name(&self, entry: &Element) -> String {
        match self.publisher {
            Publisher::Un => un::name(entry),
            Publisher::Uk => uk::primary(entry),
        }
    }
}

/// Reads the Security Council's consolidated list.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read_un(bytes: &[u8]) -> Result<Reading<List>, Refused> {
    read(Publisher::Un, bytes)
}

/// Reads the UK sanctions list.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read_uk(bytes: &[u8]) -> Result<Reading<List>, Refused> {
    read(Publisher::Uk, bytes)
}

/// Writes a list; everything unknown is in it. Nothing is lost.
#[must_use]
pub fn write(list: &List) -> (Vec<u8>, Vec<Loss>) {
    (xml::write(&list.document), Vec::new())
}

/// Takes a list apart.
pub(crate) fn records(list: &List, account: &mut Account) -> Vec<Record> {
    match list.publisher {
        Publisher::Un => un::records(list, account),
        Publisher::Uk => uk::records(list, account),
    }
}

/// A list of the records, in the form of this publisher.
pub(crate) fn of_records(
    publisher: Publisher,
    records: Vec<Record>,
    context: &Context,
    account: &mut Account,
) -> Option<List> {
    match publisher {
        Publisher::Un => un::of_records(records, context, account),
        Publisher::Uk => uk::of_records(records, context, account),
    }
}

fn read(publisher: Publisher, bytes: &[u8]) -> Result<Reading<List>, Refused> {
    let mut found = Gathered::default();
    let document = xml::read(bytes, &mut found);
    if let Some(document) = &document {
        judge(publisher, &document.root, &mut found);
    }
    found.ruled(document.map(|document| List { publisher, document }))
}

fn judge(publisher: Publisher, root: &Element, found: &mut Gathered) {
    let wanted = match publisher {
        Publisher::Un => "CONSOLIDATED_LIST",
        Publisher::Uk => "Designations",
    };
    if root.name != wanted {
        found.error(Code::NotThisFormat, "/", format!("the root is `{}`, not `{wanted}`", shown(&root.name)));
        return;
    }
    let mut seen = BTreeMap::new();
    for (place, entry) in entries(publisher, root).enumerate() {
        if place == ENTRIES_MAX {
            found.error(Code::TooManyObjects, "/", format!("more than {ENTRIES_MAX} entries"));
            return;
        }
        let reference = reference(publisher, entry);
        let at = format!("/{wanted}/{}[{}]", entry.local(), place + 1);
        if reference.is_empty() {
            found.error(Code::MissingProperty, at.as_str(), "an entry has a reference or a number");
        } else if let Some(before) = seen.insert(reference.clone(), place) {
            let words = format!("`{}` is also entry {}", shown(&reference), before + 1);
            found.error(Code::SameId, at.as_str(), words);
        }
        match publisher {
            Publisher::Un => un::judge(entry, &at, found),
            Publisher::Uk => uk::judge(entry, &at, found),
        }
    }
    if seen.is_empty() {
        found.error(Code::EmptyList, format!("/{wanted}"), "there is no entry in it");
    }
}

fn entries(publisher: Publisher, root: &Element) -> Box<dyn Iterator<Item = &Element> + '_> {
    match publisher {
        Publisher::Uk => Box::new(root.all("Designation")),
        Publisher::Un => {
            let people = root.all("INDIVIDUALS").flat_map(|all| all.all("INDIVIDUAL"));
            Box::new(people.chain(root.all("ENTITIES").flat_map(|all| all.all("ENTITY"))))
        }
    }
}

fn reference(publisher: Publisher, entry: &Element) -> String {
    let names: &[&str] = match publisher {
        Publisher::Un => &["REFERENCE_NUMBER", "DATAID"],
        Publisher::Uk => &["UniqueID", "OFSIGroupID"],
    };
    names.iter().find_map(|name| entry.said(name)).unwrap_or_default()
}

/// The child elements that differ, by name. Order among elements of one name counts: a primary name comes first.
fn differing(before: &Element, after: &Element) -> Vec<String> {
    let said = |entry: &Element| {
        let mut said = BTreeMap::<String, Vec<String>>::new();
        for child in entry.elements() {
            let text = plain(child);
            if !text.is_empty() {
                said.entry(child.local().to_owned()).or_default().push(text);
            }
        }
        said
    };
    let (before, after) = (said(before), said(after));
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| before.get(name) != after.get(name));
    names
}

/// What an element says, names of its parts among it, white space and empty parts left out.
fn plain(element: &Element) -> String {
    let mut parts: Vec<String> = Vec::new();
    for child in element.elements() {
        let text = plain(child);
        if !text.is_empty() {
            parts.push(format!("{}={text}", child.local()));
        }
    }
    let own = element.text().split_whitespace().collect::<Vec<_>>().join(" ");
    if parts.is_empty() { own } else { format!("{own}{{{}}}", parts.join(";")) }
}
