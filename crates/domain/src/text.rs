//! Words in the instrument's languages.
//!
//! Owns `Lang`, `Text` (every authentic language present: the instrument's own words) and `Prose` (what an officer
//! wrote, in one language or more). Must not know which languages an instrument has, nor translate anything.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::{BadName, Hash32};

/// A language of an instrument by its short code, for example `en` or `zh`: two or three lower-case letters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang(String);

/// One text in every authentic language of the instrument; none may be missing (the loader sees to it).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Text(BTreeMap<Lang, String>);

/// What an officer wrote: the original and any translations beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prose {
    /// The language it was first written in; it prevails for facts.
    pub original: Lang,
    /// The words by language; holds at least the original.
    pub texts: BTreeMap<Lang, String>,
}

impl Lang {
    /// Reads a language code.
    ///
    /// # Errors
    /// [`BadName`] unless it is two or three lower-case letters.
    pub fn new(code: &str) -> Result<Self, BadName> {
        if (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase()) {
            return Ok(Self(code.to_owned()));
        }
        Err(BadName {
            kind: "language",
            got: code.chars().take(16).collect(),
            remedy: "two or three lower-case letters, such as `en`",
        })
    }

    /// The code as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text {
    /// A text from its languages; completeness is judged by the instrument loader.
    #[must_use]
    pub fn new(by_lang: BTreeMap<Lang, String>) -> Self {
        Self(by_lang)
    }

    /// The words in `lang`; the first language there is when `lang` is not one of the instrument's.
    #[must_use]
    pub fn get(&self, lang: &Lang) -> &str {
        self.0.get(lang).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// Every language with its words.
    pub fn iter(&self) -> impl Iterator<Item = (&Lang, &str)> {
        self.0.iter().map(|(lang, words)| (lang, words.as_str()))
    }
}

impl Prose {
    /// What was written in one language, untranslated.
    #[must_use]
    pub fn new(lang: Lang, words: impl Into<String>) -> Self {
        Self { texts: BTreeMap::from([(lang.clone(), words.into())]), original: lang }
    }

    /// The same with a translation beside it.
    #[must_use]
    pub fn with(mut self, lang: Lang, words: impl Into<String>) -> Self {
        self.texts.insert(lang, words.into());
        self
    }

    /// The words in `lang`, or else the original.
    #[must_use]
    pub fn get(&self, lang: &Lang) -> &str {
        self.texts.get(lang).or_else(|| self.texts.get(&self.original)).map_or("", String::as_str)
    }

    /// Whether nothing but white space was written in the original language.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.texts.get(&self.original).is_none_or(|words| words.trim().is_empty())
    }

    /// SHA-256 over every language version, in the order of their codes: what a signature under a text binds to. Each
    /// version stands with its language and its length, so that no two texts run into the same bytes.
    #[must_use]
    pub fn digest(&self) -> Hash32 {
        let mut hash = Sha256::new_with_prefix(b"entente/text/1\n");
        for (lang, words) in &self.texts {
            hash.update(format!("{lang} {}\n", words.len()).as_bytes());
            hash.update(words.as_bytes());
        }
        Hash32(hash.finalize().into())
    }

    /// Whether this is the text of that [`Prose::digest`]. An erased text is: it was compared when it was signed, and no
    /// node admits a text without words.
    #[must_use]
    pub fn is(&self, digest: Hash32) -> bool {
        self.is_erased() || self.digest() == digest
    }

    /// How many parts of it stand in brackets, in the language version that has most: what is not agreed.
    #[must_use]
    pub fn bracketed(&self) -> usize {
        let open = |words: &String| brackets(words).iter().filter(|part| part.open).count();
        self.texts.values().map(open).max().unwrap_or(0)
    }

    /// Whether its words were erased at the end of their time.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.texts.is_empty()
    }

    /// Characters in the longest language version.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.texts.values().map(|words| words.chars().count()).max().unwrap_or(0)
    }
}

/// A part of a text under negotiation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'t> {
    /// Its words, brackets included.
    pub words: &'t str,
    /// Whether it stands in brackets, and so is not agreed.
    pub open: bool,
}

/// What opens and what closes a part that is not agreed, as texts in Latin and in Chinese script write it.
const BRACKETS: [(char, char); 3] = [('[', ']'), ('【', '】'), ('［', '］')];

/// A text in its parts, agreed and in brackets by turns; put together they are the text. A bracket inside another belongs to
/// it. One that is never closed reaches to the end of its line, and one that closes nothing stands alone: both are mistakes of
/// writing, and nobody should sign over them.
#[must_use]
pub fn brackets(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_bracket) {
        let (agreed, open) = rest.split_at(at);
        let (open, left) = open.split_at(bracket_length(open));
        parts.extend([Part { words: agreed, open: false }, Part { words: open, open: true }]);
        rest = left;
    }
    parts.push(Part { words: rest, open: false });
    parts.retain(|part| !part.words.is_empty());
    parts
}

/// How many bytes the bracket at the beginning of `text` takes with what stands in it.
fn bracket_length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        if BRACKETS.iter().any(|(open, _)| letter == *open) {
            depth += 1;
        } else if is_bracket(letter) {
            depth = depth.saturating_sub(1);
        } else if letter == '\n' {
            return at;
        }
        if depth == 0 {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

fn is_bracket(letter: char) -> bool {
    BRACKETS.iter().any(|(open, close)| letter == *open || letter == *close)
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Lang {
    type Error = BadName;
    fn try_from(code: String) -> Result<Self, BadName> {
        Self::new(&code)
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> String {
        lang.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_brackets_is_told_from_what_is_agreed() {
        fn check(text: &str, open: &[&str]) {
            let parts = brackets(text);
            let found: Vec<&str> = parts.iter().filter(|part| part.open).map(|part| part.words).collect();
            assert_eq!(found, open, "{text}");
            let whole: String = parts.iter().map(|part| part.words).collect();
            assert_eq!(whole, text, "no letter is lost");
        }
        check("", &[]);
        check("Agreed throughout.", &[]);
        check("They [will] [shall] meet.", &["[will]", "[shall]"]);
        check("双方【将】［应］会晤。", &["【将】", "［应］"]);
        check("a [b [c] d] e", &["[b [c] d]"]);
        check("a [b\nc", &["[b"]);
        check("a ] b", &["]"]);
        check("[", &["["]);
        check("【a]b", &["【a]"]);
    }
}
