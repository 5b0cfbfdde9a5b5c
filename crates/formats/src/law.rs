//! Legislation: Akoma Ntoso 3.0 (OASIS) and the Crown Legislation Markup Language of legislation.gov.uk.
//!
//! Owns the two documents as far as an exchange of laws relies on them: what the law is called, its date and language,
//! its numbered provisions. Must not interpret a provision.

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};
use crate::xml::{self, Document, Element};

mod akn;
mod clml;
#[cfg(test)]
mod tests;

use crate::record::{Account, Context, Record};

/// Most provisions of one law: the longest codes have some ten thousand.
pub const PROVISIONS_MAX: usize = 100_000;

/// Which markup a law is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// Akoma Ntoso.
    Akn,
    /// Crown Legislation Markup Language.
    Clml,
}

/// A law, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Law {
    markup: Markup,
    document: Document,
}

impl Law {
    /// Which markup it is in.
    #[must_use]
    pub fn markup(&self) -> Markup {
        self.markup
    }

    /// What it is called; empty for a fragment.
    #[must_use]
    pub fn title(&self) -> String {
        match self.markup {
            Markup::Akn => akn::title(&self.document.root),
            Markup::Clml => clml::title(&self.document.root),
        }
    }
}

/// Reads a law in Akoma Ntoso.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read_akn(bytes: &[u8]) -> Result<Reading<Law>, Refused> {
    read(Markup::Akn, bytes)
}

/// Reads a law, or a fragment of one, in CLML.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read_clml(bytes: &[u8]) -> Result<Reading<Law>, Refused> {
    read(Markup::Clml, bytes)
}

/// Writes a law as it came. Nothing is lost.
#[must_use]
pub fn write(law: &Law) -> (Vec<u8>, Vec<Loss>) {
    (xml::write(&law.document), Vec::new())
}

/// Takes a law apart.
pub(crate) fn records(law: &Law, account: &mut Account) -> Vec<Record> {
    let mut root = law.document.root.clone();
    for node in law.document.before.iter().chain(&law.document.after) {
        root.nodes.push(node.clone());
    }
    let records = match law.markup {
        Markup::Akn => akn::records(&mut root),
        Markup::Clml => clml::records(&mut root),
    };
    account.leave_xml(&root, "");
    records
}

/// A law of the records, in this markup.
pub(crate) fn of_records(
    markup: Markup,
    records: Vec<Record>,
    context: &Context,
    account: &mut Account,
) -> Option<Law> {
    let root = match markup {
        Markup::Akn => akn::of_records(records, context, account)?,
        Markup::Clml => clml::of_records(records, account)?,
    };
    let mut found = Gathered::default();
    judge(markup, &root, &mut found);
    account.judged(found, Some(Law { markup, document: Document::of(root) }))
}

fn read(markup: Markup, bytes: &[u8]) -> Result<Reading<Law>, Refused> {
    let mut found = Gathered::default();
    let document = xml::read(bytes, &mut found);
    if let Some(document) = &document {
        judge(markup, &document.root, &mut found);
    }
    found.ruled(document.map(|document| Law { markup, document }))
}

fn judge(markup: Markup, root: &Element, found: &mut Gathered) {
    match markup {
        Markup::Akn => akn::judge(root, found),
        Markup::Clml => clml::judge(root, found),
    }
    let (mut ids, mut provisions) = (std::collections::BTreeSet::new(), 0_usize);
    let id = if markup == Markup::Akn { "eId" } else { "id" };
    count(root, id, &mut ids, &mut provisions, found);
    if provisions > PROVISIONS_MAX {
        found.error(Code::TooManyObjects, "/", format!("more than {PROVISIONS_MAX} provisions"));
    }
}

/// Identifiers are given once: a reference to a provision must lead to one.
fn count<'e>(
    element: &'e Element,
    id: &str,
    ids: &mut std::collections::BTreeSet<&'e str>,
    provisions: &mut usize,
    found: &mut Gathered,
) {
    for child in element.elements() {
        if let Some(value) = child.attribute(id) {
            *provisions += 1;
            if value.is_empty() || value.contains(char::is_whitespace) {
                found.error(Code::BadId, shown(child.local()), format!("`{}` is no identifier", shown(value)));
            } else if !ids.insert(value) {
                found.warning(Code::SameId, shown(child.local()), format!("`{}` stands twice", shown(value)));
            }
        }
        count(child, id, ids, provisions, found);
    }
}
