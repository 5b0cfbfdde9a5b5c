//! A tree to bytes: UTF-8, every character escaped that could be taken for markup, nothing added.
//!
//! Owns escaping. Must not lay out: white space is text, and text is the sender's.

use super::{Document, Element, Node};

/// Writes a document with its declaration.
pub(crate) fn write(document: &Document) -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    for node in &document.before {
        self::node(node, &mut out);
        out.push('\n');
    }
    element(&document.root, &mut out);
    out.push('\n');
    for node in &document.after {
        self::node(node, &mut out);
        out.push('\n');
    }
    out.into_bytes()
}

fn node(node: &Node, out: &mut String) {
    match node {
        Node::Element(inner) => element(inner, out),
        Node::Text(text) => escaped(text, false, out),
        Node::Comment(text) => {
            out.push_str("<!--");
            out.push_str(text);
            out.push_str("-->");
        }
        Node::Instruction(text) => {
            out.push_str("<?");
            out.push_str(text);
            out.push_str("?>");
        }
    }
}

fn element(element: &Element, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    for attribute in &element.attributes {
        out.push(' ');
        out.push_str(&attribute.name);
        out.push_str("=\"");
        escaped(&attribute.value, true, out);
        out.push('"');
    }
    if element.nodes.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for inner in &element.nodes {
        node(inner, out);
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

fn escaped(text: &str, in_attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            // A reader makes line feeds of these, and spaces of all three in attributes (XML 1.0 §2.11, §3.3.3).
            '\r' => out.push_str("&#13;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            _ => out.push(c),
        }
    }
}
