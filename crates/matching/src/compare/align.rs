//! A Chinese name laid along the letters of a Latin one.
//!
//! Owns the search for the cheapest way: which letters write which character, in which order, by whose habits, and what
//! is left over. Must not say what the cost means. The cost of a way is in tenths of a nat.

use crate::name::{Han, Latin, Sound, Word};
use crate::spelling::{self, ABSENT, LANES, PRIOR};
use crate::text::{distance, swap_cost};

/// A cost no way has.
pub const FAR: u16 = 9_999;
/// A character of the given name that no letters write.
pub const UNWRITTEN: u16 = 30;
/// Only its first letter.
const INITIAL: u16 = 10;
/// Surname and given name run together in one word.
const RUN_TOGETHER: u16 = 4;
/// The same where there are other words.
const RUN_TOGETHER_AMONG: u16 = 14;
/// A spelling near one the character has; the least and the most.
const NEAR: u16 = 4;
const NEAR_MOST: u16 = 22;
/// The lanes in which slips are looked for: the first five, of people who bear Chinese names.
const CHINESE_LANES: usize = 5;
/// A spelling that is usual enough to lead the search for slips beside it.
const CHEAP: u8 = 16;
/// Characters a name may have here; longer ones are foreign or no names.
pub const CHARS_MAX: usize = 6;
/// A comma that puts the surname elsewhere.
const AGAINST_COMMA: u16 = 12;
/// A surname of another length than the likeliest.
const OTHER_SPLIT: u16 = 4;
/// One word in capitals that is not the surname.
const AGAINST_CAPITALS: u16 = 8;

/// The cheapest way found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What it costs.
    pub cost: u16,
    /// By whose habits.
    pub lane: usize,
    /// How many characters are surname.
    pub split: usize,
    /// Whether the given name stands first.
    pub given_first: bool,
    /// What writes each character, in the order of the characters.
    pub steps: Vec<Step>,
    /// Words that write none, by number.
    pub over: Vec<usize>,
}

/// What writes one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A spelling it has.
    Spelled {
        /// First letter.
        start: usize,
        /// Behind the last.
        end: usize,
    },
    /// A spelling near one it has.
    Near {
        /// First letter.
        start: usize,
        /// Behind the last.
        end: usize,
    },
    /// Its first letter.
    Initial(usize),
    /// Nothing.
    Nothing,
}

type Row = [[u16; LANES]; CHARS_MAX + 1];

/// One way of asking: which characters in which order.
struct Asked<'n> {
    han: &'n Han,
    latin: &'n Latin,
    split: usize,
    given_first: bool,
    order: Vec<usize>,
    near: Option<&'n Near>,
}

/// Costs of writing a character by letters that are near a spelling of it.
struct Near {
    /// By start, end and character.
    costs: std::collections::BTreeMap<(usize, usize, usize), [u16; LANES]>,
}

/// The cheapest way, if one is in reach.
#[must_use]
pub fn align(han: &Han, latin: &Latin) -> Option<Way> {
    let count = han.sounds.len();
    if count == 0 || count > CHARS_MAX || latin.words.is_empty() {
        return None;
    }
    let surname = surname_written(han, latin);
    if !surname && (count < 3 || han.sounds[1..].iter().fold(u8::MAX, |lanes, s| lanes & written(s, latin, lanes)) == 0)
    {
        return None;
    }
    let exact = if surname { best(han, latin, None) } else { None };
    let far = exact.as_ref().is_none_or(|way| way.cost > 24);
    if !far {
        return exact;
    }
    // Without a written surname every other character is written, so the slip is in the surname.
    let slips = if surname { one_away(han, latin) } else { vec![0] };
    if !slips.is_empty() && plausible(han, latin) {
        let near = Near::of(han, latin, &slips);
        let found = best(han, latin, Some(&near));
        return match (exact, found) {
            (Some(exact), Some(near)) if near.cost < exact.cost => Some(near),
            (None, near) => near,
            (exact, _) => exact,
        };
    }
    exact
}

/// In which of the lanes asked for some letters write the character cheaply, a bit each.
fn written(sound: &Sound, latin: &Latin, lanes: u8) -> u8 {
    if lanes == 0 {
        return 0;
    }
    let cheap = |costs: &spelling::Costs| {
        (0u8..).zip(costs).filter(|(_, c)| **c < CHEAP).fold(0u8, |all, (lane, _)| all | 1 << lane)
    };
    latin.edges.iter().filter_map(|edge| sound.costs(edge.id)).fold(0, |all, costs| all | cheap(costs))
}

/// Whether some letters at the beginning or end of a word write the surname.
#[must_use]
pub fn surname_written(han: &Han, latin: &Latin) -> bool {
    let first = &han.sounds[0];
    let compound = han.splits.first() == Some(&2) && han.plain.len() > 1;
    latin.words.iter().any(|word| whole(latin, *word).any(|id| first.costs(id).is_some()))
        || latin.edges.iter().any(|edge| {
            let word = latin.words.iter().find(|word| word.start <= edge.start && edge.end <= word.end);
            // Run together with the given name, or a syllable of a compound surname.
            let inside = word.is_some_and(|w| w.end - w.start > 4 && (w.start == edge.start || w.end == edge.end));
            inside && (latin.words.len() == 1 || compound) && first.costs(edge.id).is_some()
        })
        || (compound
            && spelling::compound(han.plain[0], han.plain[1])
                .any(|(text, _)| latin.words.iter().any(|w| latin.word(*w) == text)))
}

/// The characters in which a slip may be: those not written in a lane in which all behind the surname but one are.
fn one_away(han: &Han, latin: &Latin) -> Vec<usize> {
    let lanes: Vec<u8> = han.sounds[1..].iter().map(|sound| written(sound, latin, u8::MAX)).collect();
    let missing =
        |lane: usize| lanes.iter().enumerate().filter(move |(_, mask)| *mask & 1 << lane == 0).map(|(at, _)| at + 1);
    let mut out: Vec<usize> = (0..CHINESE_LANES).filter(|lane| missing(*lane).count() == 1).flat_map(missing).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Whether every character could begin where some word or spelling begins.
fn plausible(han: &Han, latin: &Latin) -> bool {
    let firsts = latin.edges.iter().map(|edge| latin.letters[edge.start]);
    let firsts = firsts.chain(latin.words.iter().map(|w| latin.letters[w.start]));
    let firsts = firsts.fold(0u32, |all, letter| all | 1 << (letter.wrapping_sub(b'a') & 31));
    let missing = han.sounds.iter().filter(|sound| sound.firsts & firsts == 0).count();
    missing * 2 < han.sounds.len()
}

fn whole(latin: &Latin, word: Word) -> impl Iterator<Item = u32> {
    let edges = latin.edges.iter().skip_while(move |edge| edge.start < word.start);
    edges.take_while(move |edge| edge.start == word.start).filter(move |edge| edge.end == word.end).map(|edge| edge.id)
}

/// The cheapest over splits and orders.
fn best(han: &Han, latin: &Latin, near: Option<&Near>) -> Option<Way> {
    let mut found: Option<Way> = None;
    for split in &han.splits {
        for given_first in [false, true] {
            let count = han.sounds.len();
            let order: Vec<usize> =
                if given_first { (*split..count).chain(0..*split).collect() } else { (0..count).collect() };
            let asked = Asked { han, latin, split: *split, given_first, order, near };
            let most = found.as_ref().map_or(FAR, |way| way.cost);
            if let Some(way) = asked.search(most) {
                found = Some(way);
            }
        }
    }
    found
}

impl Asked<'_> {
    fn search(&self, most: u16) -> Option<Way> {
        let rows = self.rows();
        let last = &rows[self.latin.letters.len()][self.order.len()];
        let (lane, cost) = last.iter().enumerate().min_by_key(|(lane, cost)| (**cost, *lane)).map(|(l, c)| (l, *c))?;
        let cost = cost.saturating_add(self.against());
        if cost >= most || cost >= FAR {
            return None;
        }
        let (steps, over) = self.trace(&rows, lane)?;
        Some(Way { cost, lane, split: self.split, given_first: self.given_first, steps, over })
    }

    /// What speaks against this order before a letter is read.
    fn against(&self) -> u16 {
        let split = u16::from(self.han.splits.first() != Some(&self.split)) * OTHER_SPLIT;
        let comma = u16::from(self.latin.comma > 0 && self.given_first) * AGAINST_COMMA;
        let capitals = self.latin.words.iter().filter(|w| w.upper).count();
        let edge = if self.given_first { self.latin.words.last() } else { self.latin.words.first() };
        // "Christopher CHUNG Shu-kun": the surname is wherever the capitals are, with English names before it.
        let other =
            self.given_first && capitals > 0 && capitals < self.latin.words.len() && edge.is_some_and(|w| !w.upper);
        split + comma + u16::from(other) * AGAINST_CAPITALS
    }

    /// Cheapest costs up to each letter with each number of characters written.
    fn rows(&self) -> Vec<Row> {
        let letters = self.latin.letters.len();
        let mut rows = vec![[[FAR; LANES]; CHARS_MAX + 1]; letters + 1];
        rows[0][0] = PRIOR.map(u16::from);
        let mut edge = 0;
        for at in 0..=letters {
            for k in 0..self.order.len() {
                let more = rows[at][k].map(|cost| cost.saturating_add(self.unwritten(k)));
                least(&mut rows[at][k + 1], &more);
            }
            if let Some(word) = self.latin.words.iter().position(|w| w.start == at) {
                self.over(word, &mut rows);
            }
            while let Some(found) = self.latin.edges.get(edge).filter(|e| e.start == at) {
                for k in 0..self.order.len() {
                    if let Some(costs) = self.han.sounds[self.order[k]].costs(found.id) {
                        let more = self.between(k, at);
                        self.go(
                            &mut rows,
                            at,
                            found.end,
                            k,
                            &costs.map(|c| if c >= ABSENT { FAR } else { u16::from(c) + more }),
                        );
                    }
                }
                edge += 1;
            }
            if let Some(near) = self.near {
                for (&(start, end, c), costs) in near.costs.range((at, 0, 0)..(at + 1, 0, 0)) {
                    for k in (0..self.order.len()).filter(|k| self.order[*k] == c) {
                        let more = self.between(k, start);
                        self.go(&mut rows, start, end, k, &costs.map(|c| c.saturating_add(more)));
                    }
                }
            }
            self.whole_compound(at, &mut rows);
        }
        rows
    }

    fn go(&self, rows: &mut [Row], from: usize, to: usize, k: usize, costs: &[u16; LANES]) {
        let mut more = rows[from][k];
        for (sum, cost) in more.iter_mut().zip(costs) {
            *sum = sum.saturating_add(*cost).min(FAR);
        }
        least(&mut rows[to][k + 1], &more);
    }

    /// A compound surname written as one word its syllables do not give.
    fn whole_compound(&self, at: usize, rows: &mut [Row]) {
        let first = if self.given_first { self.order.len() - self.split } else { 0 };
        if self.split != 2 || self.order.len() < 2 {
            return;
        }
        let Some(word) = self.latin.words.iter().find(|w| w.start == at) else { return };
        let text = self.latin.word(*word);
        if spelling::compound(self.han.plain[0], self.han.plain[1]).any(|(known, _)| known == text) {
            let more = rows[at][first].map(|cost| cost.saturating_add(2));
            least(&mut rows[word.end][first + 2], &more);
        }
    }

    /// A word that writes nothing, and an initial.
    fn over(&self, at: usize, rows: &mut [Row]) {
        let word = self.latin.words[at];
        let before = rows[word.start];
        for (k, costs) in before.iter().enumerate().take(self.order.len() + 1) {
            let more = costs.map(|cost| cost.saturating_add(self.word_over(at, k)).min(FAR));
            least(&mut rows[word.end][k], &more);
        }
        if word.end - word.start == 1 {
            for k in 0..self.order.len() {
                if self.order[k] >= self.split && self.initial(word, self.order[k]) {
                    self.go(rows, word.start, word.end, k, &[INITIAL; LANES]);
                }
            }
        }
    }

    fn initial(&self, word: Word, c: usize) -> bool {
        let letter = self.latin.letters[word.start];
        word.end - word.start == 1 && self.han.sounds[c].firsts & 1 << (letter.wrapping_sub(b'a') & 31) != 0
    }

    /// A word that writes nothing costs little before or behind a name when it is an English one; a syllable of Chinese
    /// inside a name is somebody else's.
    fn word_over(&self, at: usize, k: usize) -> u16 {
        let word = self.latin.words[at];
        let inside = k > 0 && k < self.order.len();
        let behind_surname =
            inside && if self.given_first { k == self.order.len() - self.split } else { k == self.split };
        let cost = match word {
            _ if word.given => 1,
            _ if word.end - word.start == 1 => 3,
            _ if !word.syllabic => 7,
            // A husband's surname before one's own.
            _ if !word.joined && k == 0 && !self.given_first && self.latin.words.len() > 3 => 9,
            _ => 17,
        };
        if inside && !behind_surname { cost + 10 } else { cost }
    }

    fn unwritten(&self, k: usize) -> u16 {
        if self.order[k] < self.split { FAR } else { UNWRITTEN }
    }

    /// What it costs that the k-th character begins where it does.
    fn between(&self, k: usize, from: usize) -> u16 {
        let boundary = if self.given_first { self.order.len() - self.split } else { self.split };
        let starts = self.latin.words.iter().any(|w| w.start == from);
        let together = k == boundary && k > 0 && !starts;
        u16::from(together) * if self.latin.words.len() > 1 { RUN_TOGETHER_AMONG } else { RUN_TOGETHER }
    }

    /// Walks the cheapest way back.
    fn trace(&self, rows: &[Row], lane: usize) -> Option<(Vec<Step>, Vec<usize>)> {
        let mut steps = vec![Step::Nothing; self.order.len()];
        let mut over = Vec::new();
        let (mut at, mut k) = (self.latin.letters.len(), self.order.len());
        while at > 0 || k > 0 {
            let here = rows[at][k][lane];
            let came = self.came(rows, lane, at, k, here)?;
            match came {
                (from, before, Some(step)) => {
                    if before + 1 == k {
                        steps[self.order[before]] = step;
                    } else {
                        let Step::Spelled { start, end } = step else { return None };
                        for c in before..k {
                            steps[self.order[c]] = Step::Spelled { start, end };
                        }
                    }
                    (at, k) = (from, before);
                }
                (from, before, None) => {
                    over.push(self.latin.words.iter().position(|w| w.start == from)?);
                    (at, k) = (from, before);
                }
            }
        }
        over.reverse();
        Some((steps, over))
    }

    /// Where the cost of a place came from: letter, characters before, and the step, or none for a word left over.
    fn came(&self, rows: &[Row], lane: usize, at: usize, k: usize, here: u16) -> Option<(usize, usize, Option<Step>)> {
        if k > 0 {
            let c = self.order[k - 1];
            for edge in self.latin.edges.iter().filter(|e| e.end == at) {
                let cost = self.han.sounds[c].costs(edge.id).map_or(ABSENT, |costs| costs[lane]);
                let more = u16::from(cost) + self.between(k - 1, edge.start);
                if cost < ABSENT && rows[edge.start][k - 1][lane].saturating_add(more).min(FAR) == here {
                    return Some((edge.start, k - 1, Some(Step::Spelled { start: edge.start, end: at })));
                }
            }
            if let Some(word) = self.latin.words.iter().find(|w| w.end == at) {
                let initial = c >= self.split && self.initial(*word, c);
                if initial && rows[word.start][k - 1][lane].saturating_add(INITIAL) == here {
                    return Some((word.start, k - 1, Some(Step::Initial(word.start))));
                }
                if k > 1 && rows[word.start][k - 2][lane].saturating_add(2) == here && self.split == 2 {
                    let text = self.latin.word(*word);
                    if spelling::compound(self.han.plain[0], self.han.plain[1]).any(|(known, _)| known == text) {
                        return Some((word.start, k - 2, Some(Step::Spelled { start: word.start, end: at })));
                    }
                }
            }
            for (&(start, end, near), costs) in self.near.iter().flat_map(|n| n.costs.iter()) {
                let more = costs[lane].saturating_add(self.between(k - 1, start));
                if near == c && end == at && rows[start][k - 1][lane].saturating_add(more).min(FAR) == here {
                    return Some((start, k - 1, Some(Step::Near { start, end })));
                }
            }
        }
        if let Some(word) = self.latin.words.iter().position(|w| w.end == at) {
            let start = self.latin.words[word].start;
            if rows[start][k][lane].saturating_add(self.word_over(word, k)).min(FAR) == here {
                return Some((start, k, None));
            }
        }
        let unwritten = k > 0 && rows[at][k - 1][lane].saturating_add(self.unwritten(k - 1)) == here;
        unwritten.then_some((at, k.saturating_sub(1), Some(Step::Nothing)))
    }
}

/// Some of the letters.
#[must_use]
pub fn letters(latin: &Latin, start: usize, end: usize) -> &str {
    std::str::from_utf8(&latin.letters[start..end]).unwrap_or_default()
}

fn least(into: &mut [u16; LANES], from: &[u16; LANES]) {
    for (a, b) in into.iter_mut().zip(from) {
        *a = (*a).min(*b);
    }
}

impl Near {
    /// Weighs every stretch of at most seven letters within a word against every spelling of every character.
    fn of(han: &Han, latin: &Latin, slips: &[usize]) -> Self {
        let mut costs = std::collections::BTreeMap::new();
        for word in &latin.words {
            let honest = spelling::honest(word.honest);
            for start in word.start..word.end {
                for end in start + 2..=word.end.min(start + 7) {
                    if start != word.start && end != word.end {
                        continue;
                    }
                    for c in slips.iter().copied() {
                        if let Some(found) = Self::one(&han.sounds[c], &latin.letters[start..end]) {
                            let mut found = found;
                            for (cost, more) in found.iter_mut().zip(honest) {
                                *cost = cost.saturating_add(u16::from(more)).min(FAR);
                            }
                            costs.insert((start, end, c), found);
                        }
                    }
                }
            }
        }
        Self { costs }
    }

    fn one(sound: &Sound, letters: &[u8]) -> Option<[u16; LANES]> {
        let mut found = [FAR; LANES];
        for spelling in sound.spellings.iter().filter(|s| s.costs[..CHINESE_LANES].iter().any(|cost| *cost < CHEAP)) {
            let text = spelling::text(spelling.id).as_bytes();
            if text.len().abs_diff(letters.len()) > 2 || text.len() < 2 {
                continue;
            }
            // Hardly anybody slips on the first letter but for another of its kind or its neighbour.
            if swap_cost(text[0], letters[0]) > 9 && text[1] != letters[0] && text[0] != letters[1] {
                continue;
            }
            let apart = distance(text, letters, NEAR_MOST - NEAR);
            if apart == u16::MAX || apart == 0 {
                continue;
            }
            for (lane, cost) in spelling.costs.iter().enumerate().filter(|(_, cost)| **cost < ABSENT) {
                found[lane] = found[lane].min(u16::from(*cost) + apart + NEAR);
            }
        }
        found.iter().any(|cost| *cost < FAR).then_some(found)
    }
}
