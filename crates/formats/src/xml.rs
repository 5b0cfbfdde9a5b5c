//! XML read so that it can do nothing: no document type, no entity, no inclusion, nothing fetched, everything bounded.
//!
//! Owns the tree, its reading (over `quick-xml`) and its writing. What is read is written again: text, comments and
//! processing instructions stand in the tree as they came. Must not know any format.

use std::sync::Arc;

mod names;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use names::is_character;
pub(crate) use reader::read;
pub(crate) use writer::write;

/// Largest XML file read. The UN list has 1.6 MB, the UK list about 20; a court's judgment with pictures stays below 30.
pub(crate) const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Deepest nesting. Akoma Ntoso of the longest statutes reaches about 30.
pub(crate) const DEPTH_MAX: usize = 100;
/// Most attributes of one element: the widest schema (Akoma Ntoso) has 40.
pub(crate) const ATTRIBUTES_MAX: usize = 128;
/// Most namespaces declared at once, those of all open elements together. Every name is looked for among them: schemas
/// declare about ten, and thousands would make a small file cost minutes.
pub(crate) const DECLARATIONS_MAX: usize = 256;
/// Longest name, prefix and all, in bytes.
pub(crate) const NAME_BYTES_MAX: usize = 256;
/// Longest value of an attribute, in bytes: addresses and styles, never documents.
pub(crate) const ATTRIBUTE_BYTES_MAX: usize = 64 * 1024;
/// Longest single text, in bytes: a picture in base64 within an alert or a judgment.
pub(crate) const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most nodes and attributes together: bounds memory to a small multiple of the file's size.
pub(crate) const NODES_MAX: usize = 2_000_000;

/// An element with what stands in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The name as written, prefix and all.
    pub(crate) name: String,
    /// The namespace the name is in; empty for none.
    pub(crate) space: Arc<str>,
    /// The attributes in their order, declarations of namespaces among them.
    pub(crate) attributes: Vec<Attribute>,
    /// The contents.
    pub(crate) nodes: Vec<Node>,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// The name as written.
    pub(crate) name: String,
    /// The value, references resolved.
    pub(crate) value: String,
}

/// What may stand in an element, or (the last two) beside the root.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// An element.
    Element(Element),
    /// Text, references resolved; `CDATA` is text.
    Text(String),
    /// A comment.
    Comment(String),
    /// A processing instruction, target and all: kept, never obeyed.
    Instruction(String),
}

/// A document: its root, and the comments and instructions beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The root.
    pub(crate) root: Element,
    /// Comments and instructions before the root.
    pub(crate) before: Vec<Node>,
    /// The same after it.
    pub(crate) after: Vec<Node>,
}

impl Document {
    /// A document of this root alone.
    pub(crate) fn of(root: Element) -> Self {
        Self { root, before: Vec::new(), after: Vec::new() }
    }
}

impl Element {
    /// A new element without namespace of its own declaration.
    pub(crate) fn new(name: &str, space: &str) -> Self {
        Self { name: name.to_owned(), space: space.into(), attributes: Vec::new(), nodes: Vec::new() }
    }

    /// A root that declares its namespace as the default one.
    pub(crate) fn root(name: &str, space: &str) -> Self {
        let root = Self::new(name, space);
        if space.is_empty() { root } else { root.having("xmlns", space) }
    }

    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        self.name.split_once(':').map_or(self.name.as_str(), |(_, local)| local)
    }

    /// Whether it has this local name, whatever its namespace: formats judge namespaces once, at the root.
    pub(crate) fn is(&self, local: &str) -> bool {
        self.local() == local
    }

    /// The value of an attribute, by its name as written.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.value.as_str())
    }

    /// Its child elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Comment(_) | Node::Instruction(_) => None,
        })
    }

    /// Its child elements of one local name.
    pub(crate) fn all<'e>(&'e self, local: &'e str) -> impl Iterator<Item = &'e Self> {
        self.elements().filter(move |element| element.is(local))
    }

    /// The first child element of this local name.
    pub(crate) fn child(&self, local: &str) -> Option<&Self> {
        self.elements().find(|element| element.is(local))
    }

    /// The first element down this path of local names.
    pub(crate) fn down(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |here, local| here.child(local))
    }

    /// The text directly in it, without the white space around.
    pub(crate) fn text(&self) -> String {
        let texts = self.nodes.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) | Node::Comment(_) | Node::Instruction(_) => None,
        });
        texts.collect::<String>().trim().to_owned()
    }

    /// The text in it at any depth, each run of white space one space.
    pub(crate) fn whole_text(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn gather(&self, text: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(more) => text.push_str(more),
                Node::Element(element) => element.gather(text),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    /// The text of the first child of this name, where it says anything.
    pub(crate) fn said(&self, local: &str) -> Option<String> {
        self.child(local).map(Self::text).filter(|text| !text.is_empty())
    }

    /// The same element with one more attribute.
    pub(crate) fn having(mut self, name: &str, value: &str) -> Self {
        self.attributes.push(Attribute { name: name.to_owned(), value: value.to_owned() });
        self
    }

    /// Puts an element of the same namespace with this text at the end.
    pub(crate) fn put(&mut self, name: &str, text: &str) {
        let mut child = Self::new(name, &self.space);
        // An empty text is no node: an element of it reads back without.
        if !text.is_empty() {
            child.nodes.push(Node::Text(text.to_owned()));
        }
        self.push(child);
    }

    /// Puts an element at the end.
    pub(crate) fn push(&mut self, child: Self) {
        self.nodes.push(Node::Element(child));
    }

    /// Takes the first child of this name out of it.
    pub(crate) fn take(&mut self, local: &str) -> Option<Self> {
        let fits = |node: &Node| matches!(node, Node::Element(element) if element.is(local));
        let place = self.nodes.iter().position(fits)?;
        match self.nodes.remove(place) {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Comment(_) | Node::Instruction(_) => None,
        }
    }

    /// Takes every child of this name out of it.
    pub(crate) fn take_all(&mut self, local: &str) -> Vec<Self> {
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for node in std::mem::take(&mut self.nodes) {
            match node {
                Node::Element(element) if element.is(local) => taken.push(element),
                other => left.push(other),
            }
        }
        self.nodes = left;
        taken
    }

    /// Takes the text of the first child of this name, where the child holds nothing else.
    pub(crate) fn take_text(&mut self, local: &str) -> Option<String> {
        let plain = self.child(local).is_some_and(|child| child.elements().next().is_none());
        if !plain {
            return None;
        }
        let mut child = self.take(local)?;
        let text = child.text();
        child.nodes.clear();
        // What it says in attributes stays to be accounted for.
        if child.attributes.iter().any(|attribute| !attribute.name.starts_with("xmlns")) {
            self.nodes.push(Node::Element(child));
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Takes the text of every child of this name that holds nothing else, in one pass.
    pub(crate) fn take_texts(&mut self, local: &str) -> Vec<String> {
        let (mut texts, mut left) = (Vec::new(), Vec::new());
        for node in std::mem::take(&mut self.nodes) {
            match node {
                Node::Element(mut child) if child.is(local) && child.elements().next().is_none() => {
                    texts.push(child.text());
                    child.nodes.clear();
                    if !child.attributes.is_empty() {
                        left.push(Node::Element(child));
                    }
                }
                other => left.push(other),
            }
        }
        self.nodes = left;
        texts.retain(|text| !text.is_empty());
        texts
    }

    /// Takes the value of an attribute.
    pub(crate) fn take_attribute(&mut self, name: &str) -> Option<String> {
        let place = self.attributes.iter().position(|attribute| attribute.name == name)?;
        Some(self.attributes.remove(place).value)
    }
}
