//! Two names in characters: simplified against traditional, variants, homophones, two transliterations of one name.
//!
//! Owns what one character for another costs. Must not know letters.

use crate::name::Han;
use crate::score::{Code, Reason, Score, points};
use crate::table::{Tongue, readings};

/// A character for another of the same reading, and for one of a near reading.
const HOMOPHONE: u16 = 14;
const NEAR: u16 = 22;
const OTHER: u16 = 34;
/// A character on one side only.
const ALONE: u16 = 26;

const CURVE: [(u16, u16); 6] = [(0, 9_900), (10, 8_000), (20, 5_500), (34, 3_000), (60, 800), (110, 0)];

/// Scores one pair.
#[must_use]
pub fn score(a: &Han, b: &Han) -> Score {
    let text = |name: &Han| name.chars.iter().collect::<String>();
    if a.chars == b.chars {
        return Score { points: 9_950, reasons: vec![Reason::new(Code::NameSame, text(a), text(b))] };
    }
    if a.plain == b.plain {
        return Score { points: 9_900, reasons: vec![Reason::new(Code::NameVariant, text(a), text(b))] };
    }
    let foreign = a.foreign && b.foreign && a.plain.len().max(b.plain.len()) > 3;
    let cost = distance(&a.plain, &b.plain);
    // In a long transliteration one other character of the same sound is usual; in a name of three it is a third.
    let longest = u16::try_from(a.plain.len().max(b.plain.len())).unwrap_or(1).max(1);
    let cost = if foreign { cost * 3 / longest.min(8) } else { cost * 3 / longest.clamp(2, 4) };
    let surname = a.plain.first() == b.plain.first();
    let cost = if surname || foreign { cost } else { cost + 12 };
    let code = if surname { Code::GivenDiffers } else { Code::SurnameDiffers };
    let code = if foreign && cost < 34 { Code::SoundWritten } else { code };
    Score { points: points(cost, &CURVE), reasons: vec![Reason::new(code, text(a), text(b))] }
}

fn distance(a: &[char], b: &[char]) -> u16 {
    let mut last: Vec<u16> = (0u16..).map(|n| n * ALONE).take(b.len() + 1).collect();
    for (i, x) in a.iter().enumerate() {
        let mut now = vec![(u16::try_from(i).unwrap_or(0) + 1) * ALONE];
        for (j, y) in b.iter().enumerate() {
            now.push((last[j] + apart(*x, *y)).min(last[j + 1] + ALONE).min(now[j] + ALONE));
        }
        last = now;
    }
    last.last().copied().unwrap_or(0)
}

fn apart(a: char, b: char) -> u16 {
    if a == b {
        return 0;
    }
    let sounds = |c: char| -> Vec<&'static str> {
        readings(c).filter(|r| r.tongue == Tongue::Mandarin && !r.rarer).map(|r| r.syllable).collect()
    };
    let (left, right) = (sounds(a), sounds(b));
    let near =
        left.iter().flat_map(|x| right.iter().map(move |y| crate::text::distance(x.as_bytes(), y.as_bytes(), 12)));
    match near.min() {
        Some(0) => HOMOPHONE,
        Some(1..=12) => NEAR,
        _ => OTHER,
    }
}
