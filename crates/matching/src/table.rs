//! The reading table: which sounds a Han character has, in which tongue, and its plainest form.
//!
//! Owns the two files under `tables/` (made by `tables/generate.py`, which documents their form). Must not know how a
//! sound is spelled on anybody's papers. Both files are part of the program, so what is read here cannot be wrong input.

use std::sync::LazyLock;

static READINGS: &[u8] = include_bytes!("../tables/readings.bin");
static MINNAN: &[u8] = include_bytes!("../tables/minnan.bin");

/// A tongue in which characters have readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tongue {
    /// Standard Mandarin; syllables in pinyin without tones, `v` for ü.
    Mandarin,
    /// Cantonese; syllables in Jyutping without tones.
    Cantonese,
    /// Min-Nan; syllables in Tâi-lô without tones.
    MinNan,
    /// Sino-Korean, in the Revised Romanisation.
    Korean,
    /// Japanese, both kinds of reading, in Hepburn.
    Japanese,
    /// Sino-Vietnamese, without marks.
    Vietnamese,
}

/// One reading of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// In which tongue.
    pub tongue: Tongue,
    /// The syllable, as [`Tongue`] says.
    pub syllable: &'static str,
    /// Whether the character is usually read otherwise.
    pub rarer: bool,
    /// The syllable's number in its file, for tables beside this one.
    pub number: u16,
    /// Whether it is from the Min-Nan file, whose numbers are its own.
    pub second: bool,
}

struct File {
    bytes: &'static [u8],
    chars: usize,
    pool: usize,
    forms: usize,
    second: bool,
    syllables: Vec<(Tongue, &'static str)>,
}

static FILES: LazyLock<[File; 2]> = LazyLock::new(|| [File::open(READINGS, false), File::open(MINNAN, true)]);

static FULL: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let file = &FILES[0];
    let base = 20 + file.chars * 6 + file.pool * 2;
    let pairs = (0..file.forms).filter_map(|at| {
        let one = |offset| char::from_u32(u32::try_from(number(file.bytes, base + at * 6 + offset, 3)).ok()?);
        Some((one(3)?, one(0)?))
    });
    // Several characters may share one plain form; the one most in use stands in the oldest block.
    let mut pairs: Vec<(char, char)> = pairs.filter(|(_, full)| *full >= '\u{4E00}').collect();
    pairs.sort_unstable();
    pairs.dedup_by_key(|(plain, _)| *plain);
    pairs
});

/// Every reading of a character, the usual ones of each tongue first; none for what is not in the tables.
pub fn readings(c: char) -> impl Iterator<Item = Reading> {
    FILES.iter().flat_map(move |file| file.readings(c))
}

/// The plainest form of a character: simplified where there is one, the common one among mere variants.
#[must_use]
pub fn plain_form(c: char) -> char {
    FILES[0].form(c)
}

/// A traditional form of a simplified character, for readings that only that form has.
#[must_use]
pub fn full_form(plain: char) -> Option<char> {
    FULL.binary_search_by_key(&plain, |(known, _)| *known).ok().map(|at| FULL[at].1)
}

/// All syllables of the tables, by file and number.
pub fn syllables() -> impl Iterator<Item = (bool, u16, Tongue, &'static str)> {
    FILES.iter().flat_map(|file| {
        let numbered = (0u16..).zip(&file.syllables);
        numbered.map(|(number, (tongue, text))| (file.second, number, *tongue, *text))
    })
}

impl File {
    fn open(bytes: &'static [u8], second: bool) -> Self {
        let size = |at: usize| number(bytes, 4 + at * 4, 4);
        let (chars, pool, forms) = (size(0), size(1), size(2));
        let text = bytes.get(20 + chars * 6 + pool * 2 + forms * 6..).unwrap_or_default();
        let text = std::str::from_utf8(text).unwrap_or_default();
        let syllables = text.lines().filter_map(|line| line.split_once(':')).map(|(tongue, syllable)| {
            let tongue = match tongue {
                "m" => Tongue::Mandarin,
                "c" => Tongue::Cantonese,
                "h" => Tongue::MinNan,
                "k" => Tongue::Korean,
                "j" => Tongue::Japanese,
                _ => Tongue::Vietnamese,
            };
            (tongue, syllable)
        });
        Self { bytes, chars, pool, forms, second, syllables: syllables.collect() }
    }

    fn readings(&'static self, c: char) -> impl Iterator<Item = Reading> {
        let found = search(self.bytes, 20, self.chars, c as usize);
        let start = found.map_or(self.pool, |at| number(self.bytes, 20 + at * 6 + 3, 3));
        let words = (start..self.pool).map(|at| number(self.bytes, 20 + self.chars * 6 + at * 2, 2));
        words.take_while(|word| *word != 0xFFFF).filter_map(|word| {
            let (tongue, syllable) = *self.syllables.get(word & 0x7FFF)?;
            let number = u16::try_from(word & 0x7FFF).ok()?;
            Some(Reading { tongue, syllable, rarer: word & 0x8000 != 0, number, second: self.second })
        })
    }

    fn form(&self, c: char) -> char {
        let base = 20 + self.chars * 6 + self.pool * 2;
        let found = search(self.bytes, base, self.forms, c as usize);
        let to = found.map(|at| number(self.bytes, base + at * 6 + 3, 3));
        to.and_then(|to| char::from_u32(u32::try_from(to).ok()?)).unwrap_or(c)
    }
}

/// Finds `wanted` among `count` sorted rows of six bytes whose first three are the key.
fn search(bytes: &[u8], base: usize, count: usize, wanted: usize) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        match number(bytes, base + middle * 6, 3).cmp(&wanted) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

fn number(bytes: &[u8], at: usize, width: usize) -> usize {
    bytes.get(at..at + width).unwrap_or_default().iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_of() {
        fn check(c: char, tongue: Tongue, wanted: &[&str]) {
            let found: Vec<_> = readings(c).filter(|r| r.tongue == tongue).map(|r| r.syllable).collect();
            for syllable in wanted {
                assert!(found.contains(syllable), "{c}: {found:?}");
            }
            assert_eq!(found.is_empty(), wanted.is_empty(), "{c}: {found:?}");
        }
        check('郭', Tongue::Mandarin, &["guo"]);
        check('郭', Tongue::Cantonese, &["gwok"]);
        check('國', Tongue::MinNan, &["kok"]);
        check('曾', Tongue::Mandarin, &["ceng", "zeng"]);
        check('吕', Tongue::Mandarin, &["lv"]);
        check('\u{20021}', Tongue::Korean, &[]);
        check('A', Tongue::Mandarin, &[]);
    }

    #[test]
    fn forms() {
        fn check(c: char, plain: char) {
            assert_eq!(plain_form(c), plain, "{c}");
        }
        check('國', '国');
        check('强', '强');
        check('強', '强');
        check('恆', '恒');
        check('于', '于');
        check('沈', '沈');
        check('x', 'x');
    }
}
