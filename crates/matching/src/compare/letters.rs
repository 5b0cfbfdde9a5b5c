//! Two names in letters: English, Arabic, Russian as passports write them, and Chinese by two systems.
//!
//! Owns which word answers to which and what is left on either side. Must not know characters: what two spellings of
//! Chinese have in common is found through the Mandarin syllables both may stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::name::{CHINESE, Latin, Word};
use crate::romanise::System;
use crate::score::{Code, Reason, Score, points};
use crate::spelling;
use crate::text::distance;

/// Particles of family names: what they say is little.
const PARTICLES: [&str; 28] = [
    "al", "el", "bin", "ibn", "bint", "ben", "abu", "van", "von", "der", "den", "de", "da", "di", "do", "dos", "du",
    "la", "le", "of", "the", "ul", "ud", "haji", "syed", "sheikh", "a", "s",
];

static SHORT: LazyLock<BTreeSet<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = include_str!("../../tables/short.txt").lines();
    let pairs = rows.flat_map(|row| {
        let words: Vec<&str> = row.split(' ').collect();
        words.iter().flat_map(|a| words.iter().map(|b| (*a, *b))).collect::<Vec<_>>()
    });
    pairs.filter(|(a, b)| a != b).collect()
});

/// What a comparison of two names in letters has found, before it is worth anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Hundredths of a word: answered, weighed by what the word says.
    pub answered: u32,
    /// Hundredths lost by answers that are not exact.
    pub lost: u32,
    /// Hundredths left on the left side.
    pub left: u32,
    /// Hundredths left on the right side.
    pub right: u32,
    /// A name of English on one side where the other has one of Chinese: two names of one person, perhaps.
    pub parallel: u32,
    /// Words that answered exactly in another order.
    pub moved: u32,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Hong Kong, Macau, Min-Nan and Hakka, a bit each.
const SOUTHERN: u16 = 0b11_1100;

struct Unit<'n> {
    text: &'n str,
    first: usize,
    last: usize,
    weight: u32,
    word: Word,
}

/// Scores one pair.
#[must_use]
pub fn score(left: &Latin, right: &Latin, why: bool) -> Score {
    let turned = right.letters < left.letters;
    let (a, b) = if turned { (right, left) } else { (left, right) };
    if let Some(points) = same_words(a, b) {
        let score = Score { points, reasons: vec![Reason::new(Code::NameSame, a.text(), b.text())] };
        return if turned { score.turned() } else { score };
    }
    let found = find(a, b, why);
    let score = Score { points: worth(&found), reasons: found.reasons };
    if turned { score.turned() } else { score }
}

/// What the same words are worth: the family's name may go to either end, but `A son of B` is not `B son of A`.
fn same_words(a: &Latin, b: &Latin) -> Option<u16> {
    if a.letters.len() != b.letters.len() {
        return None;
    }
    let words = |name: &Latin| -> Vec<String> { name.words.iter().map(|w| name.word(*w).to_owned()).collect() };
    let (left, mut right) = (words(a), words(b));
    if a.letters == b.letters {
        return Some(9_950);
    }
    for _ in 0..right.len() {
        right.rotate_left(1);
        if left == right {
            return Some(9_900);
        }
    }
    let mut sorted = left.clone();
    sorted.sort_unstable();
    right.sort_unstable();
    let patronymic = sorted.iter().any(|word| matches!(word.as_str(), "bin" | "ibn" | "ben" | "bint"));
    (sorted == right).then_some(if patronymic { 3_000 } else { 8_500 })
}

/// Cost to points, fitted on the development part.
const CURVE: [(u16, u16); 7] = [(0, 9_900), (40, 9_000), (80, 7_500), (120, 5_000), (170, 2_500), (260, 500), (500, 0)];

fn worth(found: &Found) -> u16 {
    let conflict = found.left.min(found.right);
    let missing = found.left.max(found.right) - conflict;
    if found.answered == 0 {
        return 0;
    }
    let thin = 120u32.saturating_sub(found.answered.saturating_sub(found.lost));
    let cost = conflict * 5 / 2 + (missing / 2).min(70) + found.lost * 3 / 2 + found.parallel * 3 / 4 + thin;
    points(u16::try_from(cost).unwrap_or(u16::MAX), &CURVE)
}

/// Which words answer to which.
#[must_use]
pub fn find(a: &Latin, b: &Latin, why: bool) -> Found {
    let (left, right) = (units(a), units(b));
    let mut offers = Vec::new();
    for (i, x) in left.iter().enumerate() {
        for (j, y) in right.iter().enumerate() {
            if let Some((cost, code, system)) = offer(a, x, b, y) {
                // A longer unit that answers exactly is worth more than its parts.
                let weight = x.weight.min(y.weight);
                offers.push((cost, u32::MAX - weight, i.abs_diff(j), i, j, code, system));
            }
        }
    }
    offers.sort_unstable_by_key(|(cost, weight, apart, i, j, ..)| (*cost, *weight, *apart, *i, *j));
    let mut found = Found::default();
    let (mut done_a, mut done_b) = ([false; 16], [false; 16]);
    let mut order = Vec::new();
    for (cost, _, _, i, j, code, system) in offers {
        let (x, y) = (&left[i], &right[j]);
        if (x.first..=x.last).any(|w| done_a[w]) || (y.first..=y.last).any(|w| done_b[w]) {
            continue;
        }
        (x.first..=x.last).for_each(|w| done_a[w] = true);
        (y.first..=y.last).for_each(|w| done_b[w] = true);
        let weight = x.weight.min(y.weight);
        found.answered += weight;
        found.lost += weight * u32::from(cost) / 60;
        order.push((x.first, y.first));
        if why {
            found.reasons.push(Reason { system, ..Reason::new(code, x.text, y.text) });
        }
    }
    order.sort_unstable();
    found.moved = u32::try_from(order.windows(2).filter(|w| w[0].1 > w[1].1).count()).unwrap_or(0);
    if found.moved > 0 {
        found.reasons.push(Reason::new(Code::OrderReversed, "", ""));
    }
    leave(a, &done_a, b, &done_b, why, &mut found);
    found
}

/// Weighs what no word answers to.
fn leave(a: &Latin, done_a: &[bool; 16], b: &Latin, done_b: &[bool; 16], why: bool, found: &mut Found) {
    let rest = |name: &Latin, done: &[bool; 16]| -> Vec<Word> {
        name.words.iter().enumerate().filter(|(at, _)| !done[*at]).map(|(_, word)| *word).collect()
    };
    let (left, right) = (rest(a, done_a), rest(b, done_b));
    // Who is called by a name of English beside a Chinese one spells the Chinese one as the South does, not in pinyin.
    let chinese = |words: &[Word]| words.iter().any(|w| w.honest & SOUTHERN != 0 && !w.given);
    let english = |words: &[Word]| words.iter().any(|w| w.given);
    let parallel = (english(&left) && !english(&right) && chinese(&right))
        || (english(&right) && !english(&left) && chinese(&left));
    // An initial left over says little, but against a name that begins otherwise it says no.
    let both = !left.is_empty() && !right.is_empty();
    let one = |name: &Latin, w: &Word| if both && w.end - w.start == 1 { 80 } else { weight(name.word(*w), *w) };
    let sum = |name: &Latin, words: &[Word]| words.iter().map(|w| one(name, w)).sum::<u32>();
    let (l, r) = (sum(a, &left), sum(b, &right));
    if parallel {
        found.parallel = l.min(r);
        found.left = l - found.parallel;
        found.right = r - found.parallel;
    } else {
        (found.left, found.right) = (l, r);
    }
    if !why {
        return;
    }
    let join = |name: &Latin, words: &[Word]| words.iter().map(|w| name.word(*w)).collect::<Vec<_>>().join(" ");
    let (l, r) = (join(a, &left), join(b, &right));
    match (l.is_empty(), r.is_empty()) {
        (true, true) => {}
        (false, false) => found.reasons.push(Reason::new(Code::WordDiffers, l, r)),
        _ => found.reasons.push(Reason::new(Code::WordMissing, l, r)),
    }
}

/// The words, and neighbours joined.
fn units(name: &Latin) -> Vec<Unit<'_>> {
    let mut out = Vec::new();
    for (at, word) in name.words.iter().enumerate() {
        let one = name.word(*word);
        out.push(Unit { text: one, first: at, last: at, weight: weight(one, *word), word: *word });
        if let Some(next) = name.words.get(at + 1) {
            let text = crate::compare::align::letters(name, word.start, next.end);
            let both = Word {
                end: next.end,
                syllabic: word.syllabic && next.syllabic,
                honest: word.honest & next.honest,
                ..*word
            };
            let weight = weight(one, *word) + weight(name.word(*next), *next);
            out.push(Unit { text, first: at, last: at + 1, weight, word: both });
        }
    }
    out
}

fn weight(text: &str, word: Word) -> u32 {
    match text.len() {
        _ if PARTICLES.contains(&text) => 15,
        1 => 25,
        // A syllable of a Chinese given name says less than a name.
        2..=4 if word.joined && word.syllabic => 60,
        2 => 60,
        _ => 100,
    }
}

/// What one unit offers the other: cost of 60, and how.
fn offer(a: &Latin, x: &Unit<'_>, b: &Latin, y: &Unit<'_>) -> Option<(u16, Code, Option<System>)> {
    let (single_x, single_y) = (x.first == x.last, y.first == y.last);
    if x.text == y.text {
        return Some((if single_x == single_y { 0 } else { 1 }, Code::WordExact, None));
    }
    if single_x && single_y {
        // The surname in capitals is no middle name.
        let marked = (x.text.len() == 1 && y.word.upper) || (y.text.len() == 1 && x.word.upper);
        let initial =
            !marked && (x.text.len() == 1 || y.text.len() == 1) && x.text.as_bytes()[0] == y.text.as_bytes()[0];
        if initial {
            return Some((12, Code::WordInitial, None));
        }
        if SHORT.contains(&(x.text, y.text)) {
            return Some((8, Code::WordShort, None));
        }
    }
    if !(single_x || single_y) {
        return None;
    }
    let shorter = u16::try_from(x.text.len().min(y.text.len())).unwrap_or(0);
    if shorter < 2 {
        return None;
    }
    if let Some((cost, system)) = sound(a, x, b, y) {
        return Some((6 + cost.min(12), Code::WordSound, system));
    }
    let most = (4 + shorter * 3).min(26);
    let apart = distance(x.text.as_bytes(), y.text.as_bytes(), most);
    if apart == u16::MAX || shorter < 3 {
        return None;
    }
    // Two honest syllables of Chinese are two syllables, however near.
    let chinese = |w: Word| w.honest & CHINESE != 0 && !w.given;
    let honest = chinese(x.word) && chinese(y.word);
    // The longer the word, the less one slip says.
    let cost = 6 + apart * 8 / shorter.min(9) + if honest { 25 } else { 0 };
    (cost < 50).then_some((cost, Code::WordNear, None))
}

/// For each spelling of Mandarin, the syllables it may stand for, with costs.
static STANDS_FOR: LazyLock<BTreeMap<u32, Vec<(u16, u8)>>> = LazyLock::new(|| {
    let mut out: BTreeMap<u32, Vec<(u16, u8)>> = BTreeMap::new();
    for (_, number, tongue, syllable) in
        crate::table::syllables().filter(|(.., t, _)| *t == crate::table::Tongue::Mandarin)
    {
        for spelled in crate::romanise::spellings(tongue, syllable).iter().filter(|s| s.cost <= 5) {
            if let Some(id) = spelling::number(&spelled.text) {
                out.entry(id).or_default().push((number, spelled.cost));
            }
        }
    }
    out
});

/// Whether two words can be cut into the same syllables of Mandarin; the cost of the best cut.
fn sound(a: &Latin, x: &Unit<'_>, b: &Latin, y: &Unit<'_>) -> Option<(u16, Option<System>)> {
    if !x.word.syllabic || !y.word.syllabic || x.text.len() > 14 || y.text.len() > 14 {
        return None;
    }
    // Both honest in the same system and not the same letters: two different names.
    if x.word.honest & y.word.honest & 1 != 0 {
        return None;
    }
    let (width, height) = (x.text.len(), y.text.len());
    let mut best = [[u16::MAX; 15]; 15];
    best[0][0] = 0;
    let inside = |name: &Latin, word: Word| -> Vec<(usize, usize, u32)> {
        let fits = name.edges.iter().filter(move |e| e.start >= word.start && e.end <= word.end);
        fits.map(|e| (e.start - word.start, e.end - word.start, e.id)).collect()
    };
    let (left, right) = (inside(a, x.word), inside(b, y.word));
    for &(i, to_i, one) in &left {
        for &(j, to_j, other) in &right {
            if best[i][j] == u16::MAX {
                continue;
            }
            if let Some(cost) = shared(one, other) {
                best[to_i][to_j] = best[to_i][to_j].min(best[i][j] + cost);
            }
        }
    }
    let cost = best[width][height];
    (cost != u16::MAX).then_some((cost, Some(System::Taiwan)))
}

fn shared(one: u32, other: u32) -> Option<u16> {
    let (one, other) = (STANDS_FOR.get(&one)?, STANDS_FOR.get(&other)?);
    let pairs =
        one.iter().flat_map(|a| other.iter().filter(move |b| a.0 == b.0).map(move |b| u16::from(a.1) + u16::from(b.1)));
    pairs.min()
}
