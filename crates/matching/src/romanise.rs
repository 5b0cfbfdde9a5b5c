//! How a syllable stands on paper: the systems of spelling people's documents are written in, as rules.
//!
//! Owns, for each reading of [`crate::table`], its spellings with what each costs. Must not know characters or names.
//! A cost is in tenths of a nat: how much less usual the spelling is than the usual one of the same system.

pub mod cantonese;
pub mod mandarin;
pub mod minnan;
pub mod neighbours;

use crate::table::Tongue;

/// A system of spelling, or the community whose papers use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// Hanyu Pinyin, with the passport's ways of writing ü.
    Pinyin,
    /// Wade–Giles as Taiwan writes it, with Tongyong and MPS II.
    Taiwan,
    /// Cantonese as Hong Kong (and much of the diaspora) writes it.
    HongKong,
    /// Cantonese as Macau writes it, by Portuguese ears.
    Macau,
    /// Hokkien, Teochew, Hainanese and Foochow as Singapore and Malaysia write them.
    MinNan,
    /// Hakka as Malaysia writes it.
    Hakka,
    /// Sino-Korean.
    Korean,
    /// Japanese.
    Japanese,
    /// Sino-Vietnamese.
    Vietnamese,
}

impl System {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Pinyin,
        Self::Taiwan,
        Self::HongKong,
        Self::Macau,
        Self::MinNan,
        Self::Hakka,
        Self::Korean,
        Self::Japanese,
        Self::Vietnamese,
    ];

    /// The code by which programs know it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pinyin => "pinyin",
            Self::Taiwan => "taiwan",
            Self::HongKong => "hong-kong",
            Self::Macau => "macau",
            Self::MinNan => "min-nan",
            Self::Hakka => "hakka",
            Self::Korean => "korean",
            Self::Japanese => "japanese",
            Self::Vietnamese => "vietnamese",
        }
    }
}

/// One way of writing a syllable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// Lower-case letters.
    pub text: String,
    /// Whose way it is.
    pub system: System,
    /// How unusual within the system.
    pub cost: u8,
}

/// Every spelling of a syllable. May name one more than once; whoever collects keeps the cheapest.
#[must_use]
pub fn spellings(tongue: Tongue, syllable: &str) -> Vec<Spelled> {
    let mut out = Vec::new();
    match tongue {
        Tongue::Mandarin => mandarin::spellings(syllable, &mut out),
        Tongue::Cantonese => cantonese::spellings(syllable, &mut out),
        Tongue::MinNan => minnan::spellings(syllable, &mut out),
        Tongue::Korean => neighbours::korean(syllable, &mut out),
        Tongue::Japanese => neighbours::japanese(syllable, &mut out),
        Tongue::Vietnamese => out.push(Spelled { text: syllable.to_owned(), system: System::Vietnamese, cost: 0 }),
    }
    out
}

/// A written part and its cost: `"ch:0 ts:2"` as data.
pub(crate) fn ways(list: &str) -> Vec<(&str, u8)> {
    let one = |way: &'_ str| -> Option<(usize, u8)> {
        let (text, cost) = way.split_once(':')?;
        Some((text.len(), cost.parse().ok()?))
    };
    list.split(' ').filter_map(|way| one(way).map(|(length, cost)| (&way[..length], cost))).collect()
}

/// The row of a table whose first column is `key`.
pub(crate) fn row<'t>(table: &[(&str, &'t str)], key: &str) -> &'t str {
    table.iter().find(|(name, _)| *name == key).map_or("", |(_, list)| list)
}

/// Joins every way of an initial with every way of a final.
pub(crate) fn join(initials: &str, finals: &str, system: System, out: &mut Vec<Spelled>) {
    for (initial, a) in ways(initials) {
        for (last, b) in ways(finals) {
            let text = format!("{initial}{last}");
            if !text.is_empty() {
                out.push(Spelled { text, system, cost: a + b });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syllable_is_spelled() {
        fn check(tongue: Tongue, syllable: &str, system: System, wanted: &str) {
            let all = spellings(tongue, syllable);
            let found = |text: &str| all.iter().any(|s| s.system == system && s.text == text);
            for text in wanted.split(' ') {
                assert!(found(text), "{syllable} as {text}: {all:?}");
            }
        }
        check(Tongue::Mandarin, "lv", System::Pinyin, "lv lu lyu");
        check(Tongue::Mandarin, "zhang", System::Taiwan, "chang jhang");
        check(Tongue::Mandarin, "xiao", System::Taiwan, "hsiao");
        check(Tongue::Mandarin, "guo", System::Taiwan, "kuo");
        check(Tongue::Mandarin, "ke", System::Taiwan, "ko ker");
        check(Tongue::Mandarin, "qiu", System::Taiwan, "chiu");
        check(Tongue::Mandarin, "yi", System::Taiwan, "i yi");
        check(Tongue::Mandarin, "zi", System::Taiwan, "tzu");
        check(Tongue::Mandarin, "rong", System::Taiwan, "jung");
        check(Tongue::Mandarin, "hui", System::Taiwan, "hui huey");
        check(Tongue::Mandarin, "xiong", System::Taiwan, "hsiung");
        check(Tongue::Cantonese, "gwok", System::HongKong, "kwok kok");
        check(Tongue::Cantonese, "zoeng", System::HongKong, "cheung cheong");
        check(Tongue::Cantonese, "ng", System::HongKong, "ng");
        check(Tongue::Cantonese, "jyun", System::HongKong, "yuen");
        check(Tongue::Cantonese, "si", System::HongKong, "sze si");
        check(Tongue::Cantonese, "siu", System::Macau, "sio");
        check(Tongue::Cantonese, "wing", System::Macau, "veng");
        check(Tongue::Cantonese, "jik", System::Macau, "iek");
        check(Tongue::Cantonese, "jeon", System::Macau, "ion");
        check(Tongue::MinNan, "tan", System::MinNan, "tan");
        check(Tongue::MinNan, "hua", System::MinNan, "hua hwa");
        check(Tongue::MinNan, "tsiu", System::MinNan, "chew chiu");
        check(Tongue::MinNan, "ing", System::MinNan, "eng");
        check(Tongue::MinNan, "guan", System::MinNan, "guan");
        check(Tongue::Korean, "gim", System::Korean, "kim gim");
    }
}
