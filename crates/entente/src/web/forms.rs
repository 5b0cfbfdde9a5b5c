//! What officers type: read, and shown again as it was typed with what is wrong beside it.
//!
//! Owns `Typed` (the raw answers of one form) and the words in several languages read from it. Must not know any page,
//! the store, nor what a request or an act means: the submodules read those.

use std::collections::BTreeMap;

use domain::content::Bar;
use domain::instrument::Instrument;
use domain::text::{Lang, Prose};

use self::input::Input;
use super::Page;
use crate::i18n::Tongue;
use crate::letters::{self, disturbs};

pub mod deed;
pub mod identity;
pub mod input;
pub mod question;
pub mod review;
pub mod staged;
pub mod value;
pub mod writing;

/// Most inputs of one form. The longest (64 missing items in two languages) stays below; more is no browser of ours.
pub const INPUTS_MAX: usize = 512;

/// Most bytes of all typed text of one form: every text of the longest type at its limit, in two languages of three
/// bytes a character, with room for a bundle of indicators.
pub const TYPED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The answers of one form, by the name of the input; of two with one name the later counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, String>);

/// Something typed that cannot be read or may not stand, named by its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The input's name.
    pub input: String,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A message of ours.
    Key(&'static str),
    /// No words in this language; the other boxes are well.
    Untranslated(Lang),
    /// More than so many characters or items.
    TooLong(usize),
    /// Fewer than so many characters.
    TooShort(usize),
    /// The type bars it.
    Barred(Bar),
    /// A rule's own words, in the page's language already.
    Words(String),
}

impl Typed {
    /// The answers of a form; beyond [`INPUTS_MAX`] they are dropped.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs.into_iter().take(INPUTS_MAX) {
            typed.put(name, &value);
        }
        typed
    }

    /// Sets one answer: line ends become plain, what disturbs a line goes, accents join their letters.
    pub fn put(&mut self, name: impl Into<String>, value: &str) {
        let clean: String = letters::composed(&value.replace("\r\n", "\n"))
            .chars()
            .filter(|c| !disturbs(*c) || matches!(c, '\n' | '\t'))
            .collect();
        self.0.insert(name.into(), clean);
    }

    /// An answer without the white space around it; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// An answer, unless it is empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        self.some(name).is_some()
    }

    /// Every answer by its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The words of an input in every language; the first of `langs` that has words is the original.
    #[must_use]
    pub fn prose(&self, name: &str, langs: &[Lang]) -> Option<Prose> {
        let texts: BTreeMap<Lang, String> = langs
            .iter()
            .filter_map(|lang| Some((lang.clone(), self.some(&format!("{name}.{lang}"))?.to_owned())))
            .collect();
        let original = langs.iter().find(|lang| texts.contains_key(lang))?.clone();
        Some(Prose { original, texts })
    }

    /// The same, empty in the first language when nothing was written.
    #[must_use]
    pub fn prose_or_blank(&self, name: &str, langs: &[Lang]) -> Prose {
        let first = || langs.first().cloned().unwrap_or_else(|| Tongue::En.lang());
        self.prose(name, langs).unwrap_or_else(|| Prose::new(first(), ""))
    }

    /// Puts words back into the boxes of an input.
    pub fn put_prose(&mut self, name: &str, words: &Prose) {
        for (lang, text) in &words.texts {
            self.put(format!("{name}.{lang}"), text);
        }
    }
}

impl Wrong {
    /// Names an input and the message that says what is wrong with it.
    #[must_use]
    pub fn at(input: impl Into<String>, key: &'static str) -> Self {
        Self { input: input.into(), why: Why::Key(key) }
    }

    /// The same for a rule that has said why.
    #[must_use]
    pub fn said(input: impl Into<String>, words: String) -> Self {
        Self { input: input.into(), why: Why::Words(words) }
    }

    /// The id of the input, or of its box in the language that is wrong.
    #[must_use]
    pub fn anchor(&self) -> String {
        match &self.why {
            Why::Untranslated(lang) => anchor(&format!("{}.{lang}", self.input)),
            Why::Key(_) | Why::TooLong(_) | Why::TooShort(_) | Why::Barred(_) | Why::Words(_) => anchor(&self.input),
        }
    }
}

/// One line of a list of what is wrong or missing, with the input it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The input's id.
    pub anchor: String,
    /// What is wrong, in words that begin with the input's label.
    pub words: String,
}

/// What is wrong, each called by the label of its input.
#[must_use]
pub fn wrong_lines(page: &Page, wrong: &[Wrong], labels: &BTreeMap<String, String>) -> Vec<Line> {
    let line = |wrong: &Wrong| {
        let words = page.wrong(wrong);
        let words = match labels.get(&wrong.input) {
            Some(label) => format!("{label}{}{words}", page.t("colon")),
            None => words,
        };
        Line { anchor: wrong.anchor(), words }
    };
    wrong.iter().map(line).collect()
}

/// The labels of inputs, by their names.
#[must_use]
pub fn labels<'i>(inputs: impl IntoIterator<Item = &'i Input>) -> BTreeMap<String, String> {
    inputs.into_iter().map(|input| (input.name.clone(), input.label.clone())).collect()
}

impl Page {
    /// What is wrong with an input.
    #[must_use]
    pub fn wrong(&self, wrong: &Wrong) -> String {
        match &wrong.why {
            Why::Key(key) => self.t(key),
            Why::Untranslated(lang) => self.t1("form-wrong-language", "lang", self.language(lang.as_str())),
            Why::TooLong(max) => self.t1("form-wrong-too-long", "max", max),
            Why::TooShort(min) => self.t1("form-wrong-too-short", "min", min),
            Why::Barred(bar) => self.t2("barred", "bar", bar.code(), "mark", bar.mark()),
            Why::Words(words) => words.clone(),
        }
    }
}

/// The instrument's languages with the Party's own first: the order in which boxes stand.
#[must_use]
pub fn langs_of(instrument: &Instrument, own: &Lang) -> Vec<Lang> {
    let others = instrument.langs().iter().filter(|lang| *lang != own);
    std::iter::once(own).chain(others).cloned().collect()
}

/// The id of an input on its page, so that a list of what is wrong can link to it.
#[must_use]
pub fn anchor(input: &str) -> String {
    format!("f-{}", input.replace('.', "-"))
}
