//! Every spelling of every syllable, numbered, and what each would cost for a character.
//!
//! Owns the costs of mixing systems: papers are spelled by one community's habits, so a character's spellings are priced
//! once for each community ([`Lane`]) and a name is read in whichever lane is cheapest for the whole of it. Must not
//! know names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::romanise::{self, System};
use crate::table::{self, Tongue};

/// How many communities' habits are weighed side by side.
pub const LANES: usize = 8;

/// What a spelling costs in each lane, in tenths of a nat.
pub type Costs = [u8; LANES];

/// No such spelling in this lane.
pub const ABSENT: u8 = 120;

/// What a lane costs before a letter is read: how much rarer such papers are.
pub const PRIOR: Costs = [0, 0, 0, 3, 2, 8, 10, 10];

/// One community whose papers a name may stand on; the index into [`Costs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The mainland's.
    Mainland,
    /// Taiwan's.
    Taiwan,
    /// Hong Kong's.
    HongKong,
    /// Macau's.
    Macau,
    /// Singapore's and Malaysia's.
    Straits,
    /// Korea's.
    Korea,
    /// Japan's.
    Japan,
    /// Vietnam's.
    Vietnam,
}

/// What a system of spelling costs on the papers of each community. `A` where it does not occur.
const A: u8 = ABSENT;
const MIXED: [(System, Costs); 9] = [
    (System::Pinyin, [0, 5, 8, 8, 7, A, A, A]),
    (System::Taiwan, [14, 0, 13, 16, 12, A, A, A]),
    (System::HongKong, [18, 18, 0, 5, 4, A, A, A]),
    (System::Macau, [26, 28, 9, 0, 16, A, A, A]),
    (System::MinNan, [28, 14, 20, 26, 0, A, A, A]),
    (System::Hakka, [30, 16, 18, 26, 4, A, A, A]),
    (System::Korean, [A, A, A, A, A, 0, A, A]),
    (System::Japanese, [A, A, A, A, A, A, 0, A]),
    (System::Vietnamese, [A, A, A, A, A, A, A, 0]),
];

/// What a reading costs that is not the character's usual one.
const RARER: u8 = 6;
/// Min-Nan has a literary and a colloquial reading for most characters, and names use either.
const RARER_MINNAN: u8 = 2;

/// The ways listed for a character are in the order of their use; beyond this rank all are equally rare.
const RANK_MOST: u8 = 6;

/// What it costs more to take letters for a slip when they are, in each lane, an honest syllable as they stand.
const HONEST: [(System, Costs); 5] = [
    (System::Pinyin, [16, 12, 8, 8, 6, 0, 0, 0]),
    (System::Taiwan, [0, 10, 4, 4, 4, 0, 0, 0]),
    (System::HongKong, [0, 0, 7, 4, 3, 0, 0, 0]),
    (System::Macau, [0, 0, 0, 7, 0, 0, 0, 0]),
    (System::MinNan, [0, 0, 0, 0, 5, 0, 0, 0]),
];

/// One spelling a character may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    /// Its number; see [`text`].
    pub id: u32,
    /// Its cost in each lane.
    pub costs: Costs,
}

struct All {
    texts: Vec<String>,
    of: [Vec<Vec<(u32, System, u8)>>; 2],
    papers: BTreeMap<char, Vec<(u32, System, u8)>>,
    /// For each spelling, the systems in which it is the usual way of writing some syllable, a bit each.
    usual: Vec<u16>,
    pairs: BTreeMap<(char, char), Vec<(String, System)>>,
}

static ALL: LazyLock<All> = LazyLock::new(All::build);
static PAPERS: &str = include_str!("../tables/papers.tsv");

/// The spellings of a character, sorted by number, each once with its cheapest cost per lane.
#[must_use]
pub fn of(c: char) -> Vec<Spelling> {
    let mut found: BTreeMap<u32, Costs> = BTreeMap::new();
    for (id, system, cost) in ways(c) {
        let costs = found.entry(id).or_insert([ABSENT; LANES]);
        for (lane, known) in costs.iter_mut().enumerate() {
            *known = (*known).min(price(system, lane).saturating_add(cost).min(ABSENT));
        }
    }
    found.into_iter().map(|(id, costs)| Spelling { id, costs }).collect()
}

/// By whose habits a character is spelled so in a lane: the cheapest system, if any writes it so.
#[must_use]
pub fn system_of(c: char, text: &str, lane: usize) -> Option<System> {
    let id = number(text)?;
    let ways = ways(c).into_iter().filter(|(way, ..)| *way == id);
    let priced = ways.map(|(_, system, cost)| (price(system, lane).saturating_add(cost), system));
    priced.min().filter(|(cost, _)| *cost < ABSENT).map(|(_, system)| system)
}

/// The letters of a spelling.
#[must_use]
pub fn text(id: u32) -> &'static str {
    ALL.texts.get(id as usize).map_or("", String::as_str)
}

/// The number of a spelling, if any character anywhere is spelled so.
#[must_use]
pub fn number(text: &str) -> Option<u32> {
    let at = ALL.texts.binary_search_by(|known| known.as_str().cmp(text)).ok()?;
    u32::try_from(at).ok()
}

/// In which systems a spelling is the usual way of writing some syllable, a bit each.
#[must_use]
pub fn usual(id: u32) -> u16 {
    ALL.usual.get(id as usize).copied().unwrap_or(0)
}

/// What it costs more in each lane to take letters for a slip that are an honest word of these systems as they stand.
#[must_use]
pub fn honest(systems: u16) -> Costs {
    let mut out = [0; LANES];
    for (_, costs) in HONEST.iter().filter(|(system, _)| systems & 1 << *system as u16 != 0) {
        for (most, cost) in out.iter_mut().zip(costs) {
            *most = (*most).max(*cost);
        }
    }
    out
}

/// Compound surnames whose spelling is one word of its own.
pub fn compound(first: char, second: char) -> impl Iterator<Item = (&'static str, System)> {
    let found = ALL.pairs.get(&(first, second));
    found.into_iter().flatten().map(|(text, system)| (text.as_str(), *system))
}

fn price(system: System, lane: usize) -> u8 {
    MIXED.iter().find(|(known, _)| *known == system).map_or(ABSENT, |(_, costs)| costs[lane])
}

fn ways(c: char) -> Vec<(u32, System, u8)> {
    let plain = table::plain_form(c);
    let mut out = Vec::new();
    let mut add = |c: char, more: u8| {
        for reading in table::readings(c) {
            let rarer = match (reading.rarer, reading.tongue) {
                (false, _) | (true, Tongue::Japanese | Tongue::Korean) => 0,
                (true, Tongue::MinNan) => RARER_MINNAN,
                (true, _) => RARER,
            };
            let known = ALL.of[usize::from(reading.second)].get(usize::from(reading.number));
            out.extend(known.into_iter().flatten().map(|(id, system, cost)| (*id, *system, cost + rarer + more)));
        }
    };
    add(c, 0);
    if plain != c {
        add(plain, 1);
    }
    if let Some(original) = table::full_form(plain).filter(|full| *full != c) {
        add(original, 1);
    }
    out.extend(ALL.papers.get(&plain).into_iter().flatten().copied());
    out
}

impl All {
    fn build() -> Self {
        let mut spelled = Vec::new();
        let mut texts = BTreeSet::new();
        for (second, number, tongue, syllable) in table::syllables() {
            let found = romanise::spellings(tongue, syllable);
            texts.extend(found.iter().map(|s| s.text.clone()));
            spelled.push((second, number, found));
        }
        let (mut singles, mut pairs) = (Vec::new(), BTreeMap::new());
        for line in PAPERS.lines().filter(|line| !line.starts_with('#')) {
            let Some((chars, rest)) = line.split_once(' ') else { continue };
            let chars: Vec<char> = chars.chars().collect();
            let found = rest
                .split(' ')
                .filter_map(|part| part.split_once(':'))
                .flat_map(|(system, list)| list.split(',').map(move |text| (text.to_owned(), system_named(system))));
            let found: Vec<(String, System)> = found.collect();
            match chars.as_slice() {
                [c] => {
                    texts.extend(found.iter().map(|(text, _)| text.clone()));
                    singles.push((*c, found));
                }
                [a, b] => {
                    pairs.insert((*a, *b), found);
                }
                _ => {}
            }
        }
        let texts: Vec<String> = texts.into_iter().collect();
        let number = |text: &String| texts.binary_search(text).ok().and_then(|at| u32::try_from(at).ok());
        let mut of = [Vec::new(), Vec::new()];
        for (second, _, found) in spelled {
            let numbered = found.iter().filter_map(|s| Some((number(&s.text)?, s.system, s.cost)));
            of[usize::from(second)].push(numbered.collect::<Vec<(u32, System, u8)>>());
        }
        let mut papers: BTreeMap<char, Vec<(u32, System, u8)>> = BTreeMap::new();
        for (c, found) in singles {
            let ranked = found.iter().scan((None, 0u8), |(last, rank), (text, system)| {
                *rank = if *last == Some(*system) { rank.saturating_add(1) } else { 0 };
                *last = Some(*system);
                Some((text, *system, (*rank).min(RANK_MOST)))
            });
            papers
                .entry(c)
                .or_default()
                .extend(ranked.filter_map(|(text, system, rank)| Some((number(text)?, system, rank))));
        }
        let mut usual = vec![0u16; texts.len()];
        for (id, system, _) in of.iter().flatten().flatten().filter(|(_, _, cost)| *cost == 0) {
            usual[*id as usize] |= 1 << *system as u16;
        }
        Self { texts, of, papers, usual, pairs }
    }
}

fn system_named(code: &str) -> System {
    match code {
        "p" => System::Pinyin,
        "w" => System::Taiwan,
        "k" => System::HongKong,
        "o" => System::Macau,
        "h" => System::Hakka,
        _ => System::MinNan,
    }
}

/// The range of spellings that begin with `letters`, walked one letter at a time.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    low: usize,
    high: usize,
    depth: usize,
}

impl Walk {
    /// All spellings.
    #[must_use]
    pub fn start() -> Self {
        Self { low: 0, high: ALL.texts.len(), depth: 0 }
    }

    /// Those that go on with `letter`; none when no spelling does.
    #[must_use]
    pub fn step(self, letter: u8) -> Option<Self> {
        let range = ALL.texts.get(self.low..self.high)?;
        let at = |text: &String| text.as_bytes().get(self.depth).copied().unwrap_or(0);
        let low = range.partition_point(|text| at(text) < letter);
        let high = range.partition_point(|text| at(text) <= letter);
        (low < high).then_some(Self { low: self.low + low, high: self.low + high, depth: self.depth + 1 })
    }

    /// The spelling that ends here, if one does.
    #[must_use]
    pub fn ends(self) -> Option<u32> {
        let first = ALL.texts.get(self.low)?;
        (first.len() == self.depth).then(|| u32::try_from(self.low).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_spelled() {
        fn check(c: char, spelled: &str, lane: Lane, most: u8) {
            let id = number(spelled).expect("a known spelling");
            let found = of(c).into_iter().find(|s| s.id == id).map_or(ABSENT, |s| s.costs[lane as usize]);
            assert!(found <= most, "{c} {spelled}: {found}");
        }
        check('郭', "kwok", Lane::HongKong, 1);
        check('郭', "guo", Lane::Mainland, 0);
        check('郭', "kuo", Lane::Taiwan, 0);
        check('曾', "zeng", Lane::Mainland, 1);
        check('陳', "tan", Lane::Straits, 1);
        check('蕭', "sio", Lane::Macau, 1);
        check('国', "kok", Lane::Straits, 1);
        check('吕', "lyu", Lane::Mainland, 0);
    }

    #[test]
    fn walking_finds_every_spelling() {
        let found = "kwok".bytes().try_fold(Walk::start(), Walk::step).and_then(Walk::ends);
        assert_eq!(found.map(text), Some("kwok"));
        assert!("qqq".bytes().try_fold(Walk::start(), Walk::step).is_none());
    }
}
