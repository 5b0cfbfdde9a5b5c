//! Small pieces of safe HTML: a text with its language, a moment with its place.
//!
//! Owns the escaping of what it is given, so that templates may print it as it is. Must not know pages.

use std::fmt::{self, Write as _};

use domain::text::{Lang, Prose, Text};

use crate::i18n::Tongue;

/// A piece of HTML whose every given text was escaped here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said(String);

/// Words in one or more languages.
pub trait Worded {
    /// The words in a language; `None` when there are none.
    fn words(&self, lang: &Lang) -> Option<&str>;
    /// The language they were first written in, where one is.
    fn original(&self) -> Option<&Lang>;
}

impl Worded for Text {
    fn words(&self, lang: &Lang) -> Option<&str> {
        self.iter().find(|(known, _)| *known == lang).map(|(_, words)| words)
    }

    fn original(&self) -> Option<&Lang> {
        None
    }
}

impl Worded for Prose {
    fn words(&self, lang: &Lang) -> Option<&str> {
        self.texts.get(lang).map(String::as_str).filter(|words| !words.trim().is_empty())
    }

    fn original(&self) -> Option<&Lang> {
        Some(&self.original)
    }
}

impl<W: Worded + ?Sized> Worded for &W {
    fn words(&self, lang: &Lang) -> Option<&str> {
        (**self).words(lang)
    }

    fn original(&self) -> Option<&Lang> {
        (**self).original()
    }
}

impl Said {
    /// A start tag with escaped attributes; nothing is escaped in `tag` and the attributes' names, which are ours.
    pub fn open(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) -> &mut Self {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
        self
    }

    /// An end tag.
    pub fn close(&mut self, tag: &'static str) -> &mut Self {
        write!(self.0, "</{tag}>").expect("writing to a string cannot fail");
        self
    }

    /// A text, escaped.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Words marked with their language.
    pub fn spoken(&mut self, tag: &'static str, lang: &Lang, words: &str) -> &mut Self {
        self.open(tag, &[("lang", Tongue::tag_of(lang))]).text(words).close(tag)
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::FastWritable for Said {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        dest.write_str(&self.0)?;
        Ok(())
    }
}

impl askama::filters::HtmlSafe for Said {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_is_escaped() {
        let mut said = Said::default();
        said.spoken("small", &Tongue::Zh.lang(), "<b onclick='x'>\"&").open("a", &[("href", "\"><script>")]);
        assert_eq!(
            said.to_string(),
            "<small lang=\"zh-Hans\">&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;</small>\
             <a href=\"&quot;&gt;&lt;script&gt;\">"
        );
    }
}
