//! Characters and names of XML 1.0 (§2.2, §2.3), and the namespaces in scope.
//!
//! Owns what may stand where. Must not know the tree.

use std::sync::Arc;

/// The namespace of `xml:lang` and the like, bound without declaration.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of declarations themselves.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Whether a character may stand in XML 1.0 at all (§2.2).
pub(crate) fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// Whether text is a name with at most one prefix (Namespaces in XML §4).
pub(super) fn is_name(text: &str) -> bool {
    let mut parts = text.split(':');
    let (first, second, more) = (parts.next(), parts.next(), parts.next());
    more.is_none() && first.is_some_and(is_plain) && second.is_none_or(is_plain)
}

fn is_plain(text: &str) -> bool {
    let starts = |c: char| {
        c == '_'
            || c.is_ascii_alphabetic()
            || matches!(c, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
                | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
                | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
                | '\u{10000}'..='\u{effff}')
    };
    let follows = |c: char| {
        starts(c)
            || c.is_ascii_digit()
            || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
    };
    text.chars().next().is_some_and(starts) && text.chars().all(follows)
}

/// The declarations in scope, innermost last; how many each open element made stands beside.
pub(super) struct Scope {
    bound: Vec<(String, Arc<str>)>,
    counts: Vec<usize>,
    none: Arc<str>,
}

impl Scope {
    pub(super) fn new() -> Self {
        let bound = vec![("xml".to_owned(), XML.into()), ("xmlns".to_owned(), XMLNS.into())];
        Self { bound, counts: Vec::new(), none: "".into() }
    }

    /// Opens an element with its attributes; answers which declaration is none, if one is not.
    pub(super) fn enter<'a>(&mut self, attributes: impl Iterator<Item = (&'a str, &'a str)>) -> Option<&'a str> {
        let mut count = 0;
        let mut wrong = None;
        for (name, value) in attributes {
            let prefix = if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            let Some(prefix) = prefix else { continue };
            let reserved = prefix == "xmlns" || value == XMLNS || ((prefix == "xml") != (value == XML));
            if reserved || (value.is_empty() && !prefix.is_empty()) {
                wrong = Some(name);
            }
            self.bound.push((prefix.to_owned(), value.into()));
            count += 1;
        }
        self.counts.push(count);
        wrong
    }

    /// How many declarations are in scope.
    pub(super) fn declarations(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Closes it again.
    pub(super) fn leave(&mut self) {
        let count = self.counts.pop().unwrap_or(0);
        self.bound.truncate(self.bound.len().saturating_sub(count));
    }

    /// The namespace of an element's name as written; nothing when its prefix is bound to none.
    pub(super) fn of(&self, name: &str) -> Option<Arc<str>> {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        let found = self.bound.iter().rev().find(|(known, _)| known == prefix).map(|(_, space)| Arc::clone(space));
        if prefix.is_empty() { Some(found.unwrap_or_else(|| Arc::clone(&self.none))) } else { found }
    }
}
