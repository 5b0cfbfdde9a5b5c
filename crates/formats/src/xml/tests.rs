//! XML that is read whole and written again, and XML that is refused by name.

use proptest::prelude::*;

use super::*;
use crate::finding::Gathered;

fn reading(bytes: &[u8]) -> Result<Document, &'static str> {
    let mut found = Gathered::default();
    let document = read(bytes, &mut found);
    found.ruled(document).map(|reading| reading.value).map_err(|refused| refused.first.code)
}

#[test]
fn what_could_do_harm_is_refused_by_name() {
    fn check(text: &[u8], wanted: &str) {
        assert_eq!(reading(text).err(), Some(wanted), "{}", String::from_utf8_lossy(&text[..text.len().min(200)]));
    }
    let deep = "<a>".repeat(20_000);
    let wide = format!("<a {}/>", (0..20_000).map(|n| format!("a{n}='' ")).collect::<String>());
    let declarations = |n: usize| (0..n).map(|n| format!("xmlns:a{n}='u' ")).collect::<String>();
    let bound = format!("<a {}>", declarations(100)).repeat(3);
    let long_name = format!("<{}/>", "a".repeat(1000));
    let long_value = format!("<a b='{}'/>", "x".repeat(ATTRIBUTE_BYTES_MAX + 1));
    for (text, wanted) in [
        (&b"<!DOCTYPE a><a/>"[..], "doctype"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "doctype"),
        (b"<!doctype html><a/>", "doctype"),
        (b"<a>&b;</a>", "entity"),
        (b"<a b='&c;'/>", "entity"),
        (b"<a>&#0;</a>", "bad-character"),
        (b"<a>\0</a>", "bad-character"),
        (b"<a b='&#x1;'/>", "bad-character"),
        (b"<a b='1' b='2'/>", "duplicate-attribute"),
        (b"<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>", "duplicate-attribute"),
        (b"<x:a/>", "undeclared-prefix"),
        (b"<a x:b=''/>", "undeclared-prefix"),
        (b"<a xmlns:xml='u'/>", "wrong-namespace"),
        (b"<a/><b/>", "not-xml"),
        (b"<a/>tail", "not-xml"),
        (b"<a><b></a></b>", "not-xml"),
        (b"<a>]]></a>", "not-xml"),
        (b"<a b='<'/>", "not-xml"),
        (b"<1/>", "not-xml"),
        (b"<a:b:c xmlns:a='u'/>", "not-xml"),
        (b"<a><?xml version='1.0'?></a>", "not-xml"),
        (b"", "not-xml"),
        (b"<a>", "not-closed"),
        (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "encoding"),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", "encoding"),
        (b"\xff\xfe<\0a\0/\0>\0", "encoding"),
        (b"<a>\xe9</a>", "not-utf8"),
        (deep.as_bytes(), "too-deep"),
        (wide.as_bytes(), "too-many-attributes"),
        (bound.as_bytes(), "too-many-attributes"),
        (long_name.as_bytes(), "key-too-long"),
        (long_value.as_bytes(), "text-too-long"),
    ] {
        check(text, wanted);
    }
}

#[test]
fn what_is_read_is_written_again() {
    fn check(text: &str, wanted: &str) {
        let document = reading(text.as_bytes()).unwrap_or_else(|code| panic!("{text}: {code}"));
        let bytes = write(&document);
        let written = String::from_utf8(bytes.clone()).expect("the writer writes UTF-8");
        assert_eq!(written.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), Some(wanted), "{text}");
        assert_eq!(reading(&bytes), Ok(document), "{text}");
    }
    check("<a/>", "<a/>\n");
    check("<a></a>", "<a/>\n");
    check("<a>1 &lt; 2 &amp;&#x20;3</a>", "<a>1 &lt; 2 &amp; 3</a>\n");
    check("<a><![CDATA[<b>]]></a>", "<a>&lt;b&gt;</a>\n");
    check("<!--x--><?p q?><a> <b/> </a><!--y-->", "<!--x-->\n<?p q?>\n<a> <b/> </a>\n<!--y-->\n");
    check("<x:a xmlns:x='u' x:b=\"'\"/>", "<x:a xmlns:x=\"u\" x:b=\"'\"/>\n");
    check("<a b='&#10;&#9;&quot;'>&#13;</a>", "<a b=\"&#10;&#9;&quot;\">&#13;</a>\n");
    check("<?xml version='1.0' encoding='utf-8'?>\r\n<a>\r\n中</a>", "<a>\n中</a>\n");
}

#[test]
fn latin_1_is_turned_and_said() {
    let mut found = Gathered::default();
    let document = read(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", &mut found);
    let reading = found.ruled(document).expect("declared Latin-1 is read");
    assert_eq!(reading.value.root.text(), "é");
    assert_eq!(reading.findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["encoding"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text in any place comes back as it was.
    #[test]
    fn any_text_survives(text in "[\\t\\n\\r -\u{d7ff}]{0,60}", value in "[\\t\\n\\r -\u{d7ff}]{0,60}") {
        let mut root = Element::root("a", "u").having("b", &value);
        root.put("c", &text);
        if text.is_empty() {
            // An empty text is no node: it cannot be told from none.
            root.nodes = vec![Node::Element(Element::new("c", "u"))];
        }
        let document = Document::of(root);
        prop_assert_eq!(reading(&write(&document)), Ok(document));
    }

    /// Whatever is not refused is written and read to the same tree.
    #[test]
    fn what_is_not_refused_comes_back(text in "(<a>|</a>|<b c='d'/>|&amp;|&x;|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?p|\\?>|x| |\n){0,20}") {
        if let Ok(document) = reading(text.as_bytes()) {
            prop_assert_eq!(reading(&write(&document)), Ok(document));
        }
    }
}
