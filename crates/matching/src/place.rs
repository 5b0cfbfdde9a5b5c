//! Places and addresses: the same words in any order, with slips.
//!
//! Owns how two addresses agree. Must not know geography.

use crate::text::{distance, fold, is_han};

/// Words of an address beyond this many are not read.
pub const WORDS_MAX: usize = 24;

/// An address taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    words: Vec<String>,
}

impl Place {
    /// Takes an address apart: words of letters and digits, and single Han characters in plain form.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let cut: String = text.chars().take(400).collect();
        let mut words: Vec<String> = Vec::new();
        for piece in cut.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty()) {
            if piece.chars().any(is_han) {
                words.extend(
                    piece
                        .chars()
                        .filter(|c| is_han(*c) || c.is_ascii_digit())
                        .map(|c| crate::table::plain_form(c).to_string()),
                );
            } else {
                words.push(fold(piece));
            }
        }
        words.retain(|word| !word.is_empty());
        words.truncate(WORDS_MAX);
        Self { words }
    }

    /// Whether nothing could be read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many words.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.words.len()
    }

    /// Pairs of neighbouring words, as keys under which like addresses meet.
    #[must_use]
    pub fn pairs(&self) -> Vec<String> {
        self.words.windows(2).map(|pair| pair.concat()).filter(|pair| pair.chars().count() > 4).collect()
    }

    /// Of a thousand, how much of the shorter address the longer one has.
    #[must_use]
    pub fn agrees(&self, other: &Self) -> Option<u32> {
        let (a, b) = if (self.words.len(), &self.words) <= (other.words.len(), &other.words) {
            (self, other)
        } else {
            (other, self)
        };
        if a.is_empty() {
            return None;
        }
        let mut taken = vec![false; b.words.len()];
        let (mut sum, mut whole) = (0u32, 0u32);
        for word in &a.words {
            let weight = u32::try_from(word.chars().count()).unwrap_or(1).min(8) + 1;
            whole += weight;
            let near = |(at, known): (usize, &String)| {
                let most = u16::try_from(word.len().min(10) * 3).unwrap_or(0);
                let apart = if known == word { 0 } else { distance(known.as_bytes(), word.as_bytes(), most) };
                (!taken[at] && apart <= most).then_some((apart, at))
            };
            if let Some((apart, at)) = b.words.iter().enumerate().filter_map(near).min() {
                taken[at] = true;
                sum += weight * (60 - u32::from(apart.min(30))) / 60;
            }
        }
        // Words run together or torn apart: what pairs of letters have in common.
        Some((sum * 1000 / whole).max(dice(&a.words.concat(), &b.words.concat())))
    }
}

/// Of a thousand, twice the pairs of neighbouring letters in common to all pairs.
fn dice(a: &str, b: &str) -> u32 {
    let pairs = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        let mut pairs: Vec<(char, char)> = chars.windows(2).map(|w| (w[0], w[1])).collect();
        pairs.sort_unstable();
        pairs
    };
    let (left, right) = (pairs(a), pairs(b));
    let (mut i, mut j, mut common) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (left.get(i), right.get(j)) {
        common += usize::from(x == y);
        (i, j) = (i + usize::from(x <= y), j + usize::from(y <= x));
    }
    u32::try_from(2000 * common / (left.len() + right.len()).max(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement() {
        fn check(a: &str, b: &str, least: u32, most: u32) {
            let (a, b) = (Place::read(a), Place::read(b));
            let found = a.agrees(&b).unwrap_or(0);
            assert!((least..=most).contains(&found), "{a:?} {b:?}: {found}");
            assert_eq!(a.agrees(&b), b.agrees(&a));
        }
        check("12 High Street, Leeds", "high street 12 leeds", 1000, 1000);
        check("12 High Street, Leeds", "12 Hgih Street Leeds", 850, 999);
        check("广州市天河区", "廣州市天河區", 1000, 1000);
        check("12 High Street", "广州", 0, 0);
        check("", "广州", 0, 0);
    }
}
