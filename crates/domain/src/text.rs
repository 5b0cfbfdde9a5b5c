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
