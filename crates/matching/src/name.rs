//! A name as it was written, taken apart for comparison.
//!
//! Owns which part is in which script, where a surname may end, and which spellings the letters could be. Must not
//! compare. Taking a name apart costs some ten microseconds; comparing two that are apart, a fraction of one.

use std::sync::{Arc, LazyLock, OnceLock};

use crate::compare::foreign::{Parts, parts_of};
use crate::spelling::{self, Spelling, Walk};
use crate::surname;
use crate::table::plain_form;
use crate::text::{fold, is_han};

/// Han characters of one name beyond this many are not read; the longest transliterations have some thirty.
pub const HAN_MAX: usize = 32;
/// Words of one Latin name beyond this many are not read.
pub const WORDS_MAX: usize = 10;
/// Letters of one word beyond this many are not read.
pub const WORD_MAX: usize = 24;

/// The systems in which Chinese names are spelled, a bit each.
pub const CHINESE: u16 = 0b11_1111;

/// A name, ready to be compared.
#[derive(Debug, Clone)]
pub struct Name {
    /// What is written in Han characters, if anything.
    pub han: Option<Han>,
    /// What is written in letters, if anything.
    pub latin: Option<Latin>,
    /// Letters of other scripts, lower-case, which are only compared with their like.
    pub other: String,
}

/// The Han part of a name.
#[derive(Debug, Clone)]
pub struct Han {
    /// As written.
    pub chars: Vec<char>,
    /// In plain forms, for comparison with other Han.
    pub plain: Vec<char>,
    /// Whether a dot parts it, as in foreign names.
    pub dotted: Vec<usize>,
    /// How many characters the surname may have, the likeliest first.
    pub splits: Vec<usize>,
    /// Whether it looks like a foreign name written by its sound.
    pub foreign: bool,
    /// The spellings of each character.
    pub sounds: Vec<Arc<Sound>>,
}

/// The spellings of one character.
#[derive(Debug, Clone)]
pub struct Sound {
    /// Sorted by number.
    pub spellings: Vec<Spelling>,
    /// First letters, a bit each.
    pub firsts: u32,
    /// The onset and the rime of its usual reading in Mandarin, as [`crate::compare::foreign`] knows them.
    pub parts: Option<Parts>,
}

/// The Latin part of a name.
#[derive(Debug, Clone)]
pub struct Latin {
    /// All letters, without anything between them.
    pub letters: Vec<u8>,
    /// The words, in order.
    pub words: Vec<Word>,
    /// How many words stood before a comma, 0 without one.
    pub comma: usize,
    /// Whether some word can be spelled Chinese.
    pub chinese: bool,
    /// The spellings found in the letters, sorted by where they begin.
    pub edges: Vec<Edge>,
}

/// One word of a Latin name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Where it begins in the letters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// In capitals, where others are not.
    pub upper: bool,
    /// A given name of English.
    pub given: bool,
    /// Can be cut into syllables of Chinese.
    pub syllabic: bool,
    /// The systems in whose usual spellings it can be cut, a bit each.
    pub honest: u16,
    /// Follows a hyphen.
    pub joined: bool,
}

/// A spelling of a syllable found in the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// First letter.
    pub start: usize,
    /// Behind the last letter.
    pub end: usize,
    /// Which spelling.
    pub id: u32,
}

impl Name {
    /// Takes a name apart. Never fails: what is in no known script is left out, and a name may be empty.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::read(text, None)
    }

    /// A name whose surname is known.
    #[must_use]
    pub fn of_parts(surname: &str, given: &str) -> Self {
        if surname.trim().is_empty() || given.trim().is_empty() {
            return Self::new(&format!("{surname} {given}"));
        }
        let han = surname.chars().filter(|c| is_han(*c)).count();
        if han > 0 {
            Self::read(&format!("{surname}{given}"), Some(han))
        } else {
            Self::new(&format!("{surname}, {given}"))
        }
    }

    /// Whether nothing of it can be read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.han.is_none() && self.latin.is_none() && self.other.is_empty()
    }

    fn read(text: &str, surname: Option<usize>) -> Self {
        let (mut chars, mut dots, mut rest) = (Vec::new(), Vec::new(), String::new());
        let mut depth = 0usize;
        for c in text.chars().take(crate::text::LETTERS_MAX * 2) {
            match c {
                '(' | '[' | '（' | '【' => depth += 1,
                ')' | ']' | '）' | '】' => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                _ if is_han(c) && chars.len() < HAN_MAX => chars.push(c),
                '·' | '・' | '•' | '‧' | '．' | '.' if !chars.is_empty() && rest.trim().is_empty() => {
                    dots.push(chars.len())
                }
                _ => rest.push(c),
            }
        }
        dots.retain(|at| *at < chars.len());
        dots.dedup();
        let han = (!chars.is_empty()).then(|| Han::new(chars, dots, surname));
        let foreign = |c: &char| c.is_alphabetic() && fold(c.encode_utf8(&mut [0; 4])).is_empty();
        let other = rest.chars().filter(foreign).flat_map(char::to_lowercase).collect();
        Self { han, latin: Latin::new(&rest), other }
    }
}

impl Han {
    fn new(chars: Vec<char>, dotted: Vec<usize>, surname: Option<usize>) -> Self {
        let plain: Vec<char> = chars.iter().map(|c| plain_form(*c)).collect();
        let mut splits = Vec::new();
        let two = plain.get(..2).is_some_and(surname::is_compound);
        // A married woman's name in Hong Kong puts her husband's surname before her own.
        let married = plain.len() == 4 && plain.iter().take(2).all(|c| surname::share(*c) > 300);
        match surname {
            Some(length) => splits.push(length.min(plain.len())),
            None if two && plain.len() > 2 => splits.extend([2, 1]),
            None if married => splits.extend([2, 1]),
            // Tibetan, Uyghur or Mongol names of two and two syllables, in either order.
            None if plain.len() == 4 => splits.extend([1, 2]),
            None => splits.push(1.min(plain.len())),
        }
        let sounds = chars.iter().map(|c| Sound::shared(*c)).collect();
        let foreign = !dotted.is_empty()
            || plain.len() > 4
            || (plain.len() == 4 && !two && !married)
            || plain.first().is_some_and(|c| surname::share(*c) == 0);
        Self { chars, plain, dotted, splits, foreign, sounds }
    }
}

/// The spellings of the common characters, worked out once each: the same whoever asks first.
static KNOWN: LazyLock<Vec<OnceLock<Arc<Sound>>>> = LazyLock::new(|| (FIRST..=LAST).map(|_| OnceLock::new()).collect());
const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;

impl Sound {
    /// The same, shared by all names that have the character.
    #[must_use]
    pub fn shared(c: char) -> Arc<Self> {
        let at = u32::from(c).checked_sub(FIRST).and_then(|at| KNOWN.get(at as usize));
        at.map_or_else(|| Arc::new(Self::of(c)), |known| Arc::clone(known.get_or_init(|| Arc::new(Self::of(c)))))
    }

    /// The spellings of a character.
    #[must_use]
    pub fn of(c: char) -> Self {
        let spellings = spelling::of(c);
        let bit = |s: &Spelling| {
            let cheap = s.costs.iter().any(|cost| *cost < 8);
            let first = spelling::text(s.id).bytes().next().filter(|_| cheap);
            first.map_or(0, |letter| 1u32 << (letter.wrapping_sub(b'a') & 31))
        };
        let firsts = spellings.iter().map(bit).fold(0, |all, bit| all | bit);
        Self { spellings, firsts, parts: parts_of(c) }
    }

    /// What the spelling costs in each lane, if the character has it.
    #[must_use]
    pub fn costs(&self, id: u32) -> Option<&spelling::Costs> {
        let at = self.spellings.binary_search_by_key(&id, |s| s.id).ok()?;
        Some(&self.spellings[at].costs)
    }
}

/// Words before a name that are none.
const TITLES: [&str; 26] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "dato",
    "datuk",
    "tan sri",
    "tun",
    "hon",
    "rev",
    "general",
    "gen",
    "col",
    "jr",
    "sr",
    "ii",
    "iii",
    "phd",
    "gbs",
];

impl Latin {
    fn new(text: &str) -> Option<Self> {
        let cased = text.chars().any(char::is_lowercase);
        let mut this = Self { letters: Vec::new(), words: Vec::new(), comma: 0, chinese: false, edges: Vec::new() };
        let (mut word, mut capitals, mut joined) = (String::new(), 0usize, false);
        // The case of a letter is lost by folding, so each is folded on its own.
        for c in text.chars().chain(std::iter::once(' ')) {
            let folded = fold(c.encode_utf8(&mut [0; 4]));
            let letters = folded.bytes().filter(u8::is_ascii_lowercase).count();
            if letters > 0 {
                capitals += usize::from(c.is_uppercase());
                word.extend(folded.chars().filter(char::is_ascii_lowercase));
            } else if !matches!(folded.as_str(), "'" | "" | "`") || c.is_whitespace() {
                this.push(&word, cased && word.len() > 1 && capitals == word.len(), joined);
                joined = !word.is_empty() && folded == "-";
                if folded == "," && this.comma == 0 {
                    this.comma = this.words.len();
                }
                word.clear();
                capitals = 0;
            }
        }
        if this.comma == this.words.len() {
            this.comma = 0;
        }
        for at in 0..this.words.len() {
            this.cut(at);
        }
        this.chinese = this.words.iter().any(|w| w.honest & CHINESE != 0 && w.end - w.start > 1);
        (!this.words.is_empty()).then_some(this)
    }

    fn push(&mut self, word: &str, upper: bool, joined: bool) {
        if word.is_empty() || self.words.len() >= WORDS_MAX || TITLES.contains(&word) {
            return;
        }
        let start = self.letters.len();
        self.letters.extend(word.bytes().take(WORD_MAX));
        let end = self.letters.len();
        self.words.push(Word { start, end, upper, given: surname::is_given(word), syllabic: false, honest: 0, joined });
    }

    /// Finds every spelling in one word and whether some of them fill it.
    fn cut(&mut self, at: usize) {
        let Word { start, end, .. } = self.words[at];
        let mut reached = [false; WORD_MAX + 1];
        let mut honest = [0u16; WORD_MAX + 1];
        reached[0] = true;
        honest[0] = u16::MAX;
        for from in start..end {
            let mut walk = Walk::start();
            for to in from..end {
                let Some(next) = walk.step(self.letters[to]) else { break };
                walk = next;
                if let Some(id) = walk.ends() {
                    self.edges.push(Edge { start: from, end: to + 1, id });
                    reached[to + 1 - start] |= reached[from - start];
                    honest[to + 1 - start] |= honest[from - start] & spelling::usual(id);
                }
            }
        }
        self.words[at].honest = honest[end - start];
        self.words[at].syllabic = reached[end - start] && end - start > 1;
    }

    /// All words, parted by spaces.
    #[must_use]
    pub fn text(&self) -> String {
        self.words.iter().map(|word| self.word(*word)).collect::<Vec<_>>().join(" ")
    }

    /// The letters of a word.
    #[must_use]
    pub fn word(&self, word: Word) -> &str {
        std::str::from_utf8(&self.letters[word.start..word.end]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_apart() {
        fn check(text: &str, han: &str, words: &str) {
            let name = Name::new(text);
            let chars: String = name.han.iter().flat_map(|h| h.chars.iter()).collect();
            let found: Vec<&str> = name.latin.iter().flat_map(|l| l.words.iter().map(|w| l.word(*w))).collect();
            assert_eq!((chars.as_str(), found.join(" ").as_str()), (han, words), "{text}");
        }
        check("郭偉強", "郭偉強", "");
        check("KWOK Wai-keung", "", "kwok wai keung");
        check("Ch'iu, Feng-chia", "", "chiu feng chia");
        check("成龙 Jackie Chan", "成龙", "jackie chan");
        check("阿道夫·希特勒", "阿道夫希特勒", "");
        check("Kim Jong-un[14]", "", "kim jong un");
        check("Mr J.R.R. Tolkien", "", "j r r tolkien");
        check("", "", "");
        check("\u{0}\u{202E}☃ 9", "", "");
    }

    #[test]
    fn bounded() {
        let name = Name::new(&"a-".repeat(100_000));
        assert!(name.latin.is_some_and(|l| l.words.len() <= WORDS_MAX));
        let name = Name::new(&"國".repeat(100_000));
        assert!(name.han.is_some_and(|h| h.chars.len() <= HAN_MAX));
        let name = Name::new(&"x".repeat(100_000));
        assert!(name.latin.is_some_and(|l| l.letters.len() <= WORD_MAX));
    }
}
