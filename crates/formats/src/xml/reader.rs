//! Bytes to a tree, or the name of what is wrong with them.
//!
//! Owns every limit's enforcement and what `quick-xml` leaves to its caller: characters, names, doubles, one root,
//! namespaces. Must not expand, fetch or obey anything.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::names::{Scope, is_character, is_name};
use super::{
    ATTRIBUTE_BYTES_MAX, ATTRIBUTES_MAX, Attribute, DECLARATIONS_MAX, DEPTH_MAX, Document, Element, FILE_BYTES_MAX,
    NAME_BYTES_MAX, NODES_MAX, Node, TEXT_BYTES_MAX,
};
use crate::finding::{Code, Gathered, shown};

/// What stops a reading.
type Stop = (Code, String);

/// Reads a document, or says why not.
pub(crate) fn read(bytes: &[u8], found: &mut Gathered) -> Option<Document> {
    let text = match text(bytes, found) {
        Ok(text) => text,
        Err((code, why)) => {
            found.error(code, "", why);
            return None;
        }
    };
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_comments = true;
    config.expand_empty_elements = true;
    let mut tree =
        Tree { scope: Scope::new(), open: Vec::new(), root: None, before: Vec::new(), after: Vec::new(), nodes: 0 };
    loop {
        let event = reader.read_event().map_err(|why| (Code::NotXml, why.to_string()));
        match event.and_then(|event| tree.take(event)) {
            Ok(true) => {}
            Ok(false) => break,
            Err((code, why)) => {
                let place = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                found.error(code, line_column(&text, place), shown(&why));
                return None;
            }
        }
    }
    match tree.root {
        Some(root) => Some(Document { root, before: tree.before, after: tree.after }),
        None => {
            found.error(Code::NotXml, "1:1", "there is no element in it");
            None
        }
    }
}

struct Tree {
    scope: Scope,
    open: Vec<Element>,
    root: Option<Element>,
    before: Vec<Node>,
    after: Vec<Node>,
    nodes: usize,
}

impl Tree {
    /// Takes one event in; false at the end.
    fn take(&mut self, event: Event<'_>) -> Result<bool, Stop> {
        match event {
            Event::Start(start) => self.start(&start)?,
            Event::Empty(start) => {
                self.start(&start)?;
                self.end()?;
            }
            Event::End(_) => self.end()?,
            Event::Text(text) => {
                let text = text.xml10_content();
                if text.contains("]]>") {
                    return Err((Code::NotXml, "`]]>` in text".to_owned()));
                }
                self.text(&text)?;
            }
            Event::CData(text) => {
                if self.open.is_empty() {
                    return Err((Code::NotXml, "character data outside the root".to_owned()));
                }
                self.text(&text.xml10_content())?;
            }
            Event::GeneralRef(reference) => self.text(&resolved(&reference)?)?,
            Event::Comment(text) => self.beside(Node::Comment(sound(&text.xml10_content())?))?,
            Event::PI(instruction) => {
                if instruction.target().eq_ignore_ascii_case("xml") || !is_name(instruction.target()) {
                    return Err((Code::NotXml, "a declaration that does not stand at the beginning".to_owned()));
                }
                let text = sound(&instruction.into_inner())?;
                self.beside(Node::Instruction(text))?;
            }
            Event::Decl(_) => {
                if self.nodes > 0 || self.root.is_some() {
                    return Err((Code::NotXml, "a declaration that does not stand at the beginning".to_owned()));
                }
            }
            Event::DocType(_) => {
                return Err((Code::Doctype, "a document type declaration is never read".to_owned()));
            }
            Event::Eof => {
                if let Some(open) = self.open.last() {
                    return Err((Code::NotClosed, format!("`{}` is not closed", open.name)));
                }
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Stop> {
        if self.open.is_empty() && self.root.is_some() {
            return Err((Code::NotXml, "a second root".to_owned()));
        }
        if self.open.len() >= DEPTH_MAX {
            return Err((Code::TooDeep, format!("nested deeper than {DEPTH_MAX} levels")));
        }
        let name = name(start.name().into_inner())?;
        let attributes = attributes(start)?;
        self.count(1 + attributes.len())?;
        let pairs = attributes.iter().map(|attribute| (attribute.name.as_str(), attribute.value.as_str()));
        if let Some(wrong) = self.scope.enter(pairs) {
            return Err((Code::WrongNamespace, format!("`{wrong}` cannot be bound so")));
        }
        if self.scope.declarations() > DECLARATIONS_MAX {
            let words = format!("more than {DECLARATIONS_MAX} namespaces declared at once");
            return Err((Code::TooManyAttributes, words));
        }
        let unbound = |name: &str| (Code::UndeclaredPrefix, format!("the prefix of `{name}` is bound to no namespace"));
        let space = self.scope.of(&name).ok_or_else(|| unbound(&name))?;
        let mut expanded = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.name.contains(':')) {
            let local = attribute.name.split_once(':').map_or("", |(_, local)| local);
            expanded.push((self.scope.of(&attribute.name).ok_or_else(|| unbound(&attribute.name))?, local));
        }
        expanded.sort();
        if expanded.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err((Code::DuplicateAttribute, format!("`{name}` has one attribute twice by two prefixes")));
        }
        self.open.push(Element { name, space, attributes, nodes: Vec::new() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stop> {
        // `quick-xml` has checked that the names agree.
        let Some(element) = self.open.pop() else { return Err((Code::NotXml, "an end without beginning".to_owned())) };
        self.scope.leave();
        match self.open.last_mut() {
            Some(parent) => parent.nodes.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Stop> {
        let text = sound(text)?;
        let Some(open) = self.open.last_mut() else {
            return if text.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) {
                Ok(())
            } else {
                Err((Code::NotXml, "text outside the root".to_owned()))
            };
        };
        match open.nodes.last_mut() {
            Some(Node::Text(before)) => {
                before.push_str(&text);
                if before.len() > TEXT_BYTES_MAX {
                    return Err((Code::TextTooLong, format!("a text of more than {TEXT_BYTES_MAX} bytes")));
                }
                Ok(())
            }
            _ if text.is_empty() => Ok(()),
            _ => {
                open.nodes.push(Node::Text(text));
                self.count(1)
            }
        }
    }

    fn beside(&mut self, node: Node) -> Result<(), Stop> {
        self.count(1)?;
        match (self.open.last_mut(), &self.root) {
            (Some(open), _) => open.nodes.push(node),
            (None, None) => self.before.push(node),
            (None, Some(_)) => self.after.push(node),
        }
        Ok(())
    }

    fn count(&mut self, more: usize) -> Result<(), Stop> {
        self.nodes += more;
        if self.nodes > NODES_MAX {
            return Err((Code::TooManyValues, format!("more than {NODES_MAX} elements, attributes and texts")));
        }
        Ok(())
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Vec<Attribute>, Stop> {
    let mut attributes = Vec::<Attribute>::new();
    // Doubles are looked for below: the crate's own search takes the square of their number before ours is counted.
    let mut all = start.attributes();
    all.with_checks(false);
    for attribute in all {
        let attribute = attribute.map_err(|why| (Code::NotXml, why.to_string()))?;
        if attributes.len() == ATTRIBUTES_MAX {
            return Err((Code::TooManyAttributes, format!("more than {ATTRIBUTES_MAX} attributes")));
        }
        let name = name(attribute.key.into_inner())?;
        if attribute.value.contains('<') {
            return Err((Code::NotXml, format!("`<` in the attribute `{name}`")));
        }
        if attribute.value.len() > ATTRIBUTE_BYTES_MAX {
            return Err((
                Code::TextTooLong,
                format!("the attribute `{name}` has more than {ATTRIBUTE_BYTES_MAX} bytes"),
            ));
        }
        let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0);
        let value = value.map_err(|why| (Code::Entity, why.to_string()))?;
        attributes.push(Attribute { name, value: sound(&value)? });
    }
    let mut names: Vec<&str> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err((Code::DuplicateAttribute, format!("`{}` is given twice", pair[0])));
    }
    Ok(attributes)
}

fn name(name: &str) -> Result<String, Stop> {
    if name.len() > NAME_BYTES_MAX {
        return Err((Code::KeyTooLong, format!("a name of more than {NAME_BYTES_MAX} bytes")));
    }
    if is_name(name) { Ok(name.to_owned()) } else { Err((Code::NotXml, format!("`{name}` is no name"))) }
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, Stop> {
    let word = reference.xml10_content();
    if reference.is_char_ref() {
        let character = reference.resolve_char_ref().map_err(|why| (Code::BadCharacter, why.to_string()))?;
        return Ok(character.map(String::from).unwrap_or_default());
    }
    match word.as_ref() {
        "lt" => Ok("<".to_owned()),
        "gt" => Ok(">".to_owned()),
        "amp" => Ok("&".to_owned()),
        "apos" => Ok("'".to_owned()),
        "quot" => Ok("\"".to_owned()),
        other => Err((Code::Entity, format!("the entity `{other}` is never expanded"))),
    }
}

fn sound(text: &str) -> Result<String, Stop> {
    match text.chars().find(|c| !is_character(*c)) {
        Some(c) => Err((Code::BadCharacter, format!("U+{:04X} may not stand in XML", u32::from(c)))),
        None if text.len() > TEXT_BYTES_MAX => {
            Err((Code::TextTooLong, format!("a text of more than {TEXT_BYTES_MAX} bytes")))
        }
        None => Ok(text.to_owned()),
    }
}

/// The text of the bytes: UTF-8, or ISO 8859-1 where it is declared. Every other encoding is refused by name, for a
/// check of bytes by anybody in between would have been of another text.
fn text(bytes: &[u8], found: &mut Gathered) -> Result<String, Stop> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err((Code::TooLarge, format!("the file has {} bytes; at most {FILE_BYTES_MAX} are read", bytes.len())));
    }
    let wide: [&[u8]; 6] = [b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0", b"\0\0", b"\x4c\x6f\xa7\x94"];
    if wide.iter().any(|begin| bytes.starts_with(begin)) {
        return Err((Code::Encoding, "UTF-16, UTF-32 and EBCDIC are not read; send UTF-8".to_owned()));
    }
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            found.warning(Code::ByteOrderMark, "1:1", "a byte-order mark is passed over");
            rest
        }
        None => bytes,
    };
    match declared(bytes).as_deref() {
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => String::from_utf8(bytes.to_vec())
            .map_err(|why| (Code::NotUtf8, format!("byte {} is not UTF-8", why.utf8_error().valid_up_to()))),
        Some("iso-8859-1" | "latin1") => {
            found.warning(Code::Encoding, "1:1", "ISO 8859-1 was turned into UTF-8");
            Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
        }
        Some(other) => Err((Code::Encoding, format!("the encoding `{}` is not read; send UTF-8", shown(other)))),
    }
}

/// The encoding the declaration names, in small letters.
fn declared(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).take(NAME_BYTES_MAX).position(|pair| pair == b"?>")?;
    let declaration = String::from_utf8_lossy(rest.get(..end)?).into_owned();
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(after.get(1..)?.split(quote).next()?.to_ascii_lowercase())
}

fn line_column(text: &str, place: usize) -> String {
    let before = &text.as_bytes()[..place.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    format!("{line}:{column}")
}
