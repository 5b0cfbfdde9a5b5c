//! Keys under which records of one person meet though their names are written differently.
//!
//! Owns the fold of a syllable to what all systems of spelling agree on, and the few keys a name has. Must not compare.
//! A key is never a proof: it only says that a comparison is worth its time, or, in private matching, that a hit is
//! worth a person's question.

use std::collections::BTreeMap;

use crate::name::{Han, Latin, Name, Word};
use crate::spelling::{self, ABSENT, Lane};
use crate::table::{Tongue, readings};

/// Keys of one name, at most: each is an evaluation of the function in private matching.
pub const KEYS_MAX: usize = 12;
/// Spellings of one character weighed for each lane.
const SPELLINGS_MAX: usize = 4;
/// Lanes that share keys across the border; the neighbours' readings would only add noise.
const LANES: [Lane; 5] = [Lane::Mainland, Lane::Taiwan, Lane::HongKong, Lane::Macau, Lane::Straits];
/// Chinese given names have at most this many syllables here.
const SYLLABLES_MAX: usize = 3;

/// The folded keys of a name, cheapest first, at most [`KEYS_MAX`]: `surname|given`, folded.
#[must_use]
pub fn folded(name: &Name) -> Vec<String> {
    let mut found: BTreeMap<String, u16> = BTreeMap::new();
    let mut add = |key: String, cost: u16| {
        let known = found.entry(key).or_insert(cost);
        *known = (*known).min(cost);
    };
    if let Some(han) = &name.han {
        of_han(han, &mut add);
    }
    if let Some(latin) = &name.latin {
        of_latin(latin, &mut add);
    }
    let mut keys: Vec<(u16, String)> = found.into_iter().map(|(key, cost)| (cost, key)).collect();
    keys.sort_unstable();
    keys.truncate(KEYS_MAX);
    keys.into_iter().map(|(_, key)| key).collect()
}

/// The exact keys: the whole name in pinyin without tones; of letters, in both orders.
#[must_use]
pub fn exact(name: &Name) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(han) = &name.han {
        let first = |c: &char| readings(*c).find(|r| r.tongue == Tongue::Mandarin).map_or("", |r| r.syllable);
        out.push(han.chars.iter().map(first).map(|s| s.replace("lv", "lyu").replace("nv", "nyu")).collect());
    }
    if let Some(latin) = &name.latin {
        let words: Vec<&str> = latin.words.iter().map(|w| latin.word(*w)).collect();
        out.push(words.concat());
        if let Some((first, rest)) = words.split_first() {
            out.push(rest.concat() + first);
        }
        if let Some((last, rest)) = words.split_last() {
            out.push((*last).to_owned() + &rest.concat());
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The folded surname alone, for keys with a date of birth.
#[must_use]
pub fn surnames(name: &Name) -> Vec<String> {
    let mut out: Vec<String> = folded(name).iter().filter_map(|key| Some(key.split_once('|')?.0.to_owned())).collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn of_han(han: &Han, add: &mut impl FnMut(String, u16)) {
    let Some(split) = han.splits.first().copied().filter(|_| !han.sounds.is_empty() && han.dotted.is_empty()) else {
        return;
    };
    for lane in LANES {
        let prior = u16::from(spelling::PRIOR[lane as usize]);
        let mut ways: Vec<(u16, String)> = vec![(prior, String::new())];
        for (at, sound) in han.sounds.iter().enumerate() {
            let mut folds: BTreeMap<String, u16> = BTreeMap::new();
            for spelling in &sound.spellings {
                let cost = spelling.costs[lane as usize];
                if cost < ABSENT {
                    let known = folds.entry(fold(spelling::text(spelling.id))).or_insert(u16::MAX);
                    *known = (*known).min(u16::from(cost));
                }
            }
            let mut folds: Vec<(u16, String)> = folds.into_iter().map(|(fold, cost)| (cost, fold)).collect();
            folds.sort_unstable();
            folds.truncate(SPELLINGS_MAX);
            let bar = if at == split && at > 0 { "|" } else { "" };
            let mut next: Vec<(u16, String)> = ways
                .iter()
                .flat_map(|(sum, text)| {
                    folds.iter().map(move |(cost, fold)| (sum + cost, format!("{text}{bar}{fold}")))
                })
                .collect();
            next.sort_unstable();
            next.truncate(KEYS_MAX);
            ways = next;
        }
        for (cost, key) in ways {
            add(key, cost);
        }
    }
}

fn of_latin(latin: &Latin, add: &mut impl FnMut(String, u16)) {
    // `Kim` and `May` are given names of English and syllables of Chinese.
    let foreign = |w: &Word| w.given && (w.honest == 0 || w.end - w.start > 4);
    let words: Vec<Word> = latin.words.iter().filter(|w| !foreign(w) && w.end - w.start > 1).copied().collect();
    let upper = words.iter().filter(|w| w.upper).count();
    let marked = upper > 0 && upper < words.len();
    for (at, surname) in words.iter().enumerate() {
        let edge = at == 0 || at + 1 == words.len();
        if !edge || words.len() < 2 {
            continue;
        }
        // Either end may be the surname; what the paper says of it only orders the keys.
        let first = at == 0;
        let against =
            u16::from(latin.comma > 0 && !first) * 8 + u16::from(marked && !surname.upper) * 8 + u16::from(!first) * 2;
        let rest = if first { &words[1..] } else { &words[..at] };
        for (cost, syllables) in cuts(latin, rest) {
            let folds: String = syllables.iter().map(|s| fold(s)).collect();
            for (more, head) in heads(latin, *surname) {
                add(format!("{head}|{folds}"), cost + more + against);
            }
        }
    }
}

/// A surname is one syllable, or the two of a compound.
fn heads(latin: &Latin, word: Word) -> Vec<(u16, String)> {
    let text = latin.word(word);
    let whole = spelling::number(text).map(|_| (0, fold(text)));
    let two = cuts(latin, &[word])
        .into_iter()
        .find(|(_, cut)| cut.len() == 2)
        .map(|(_, cut)| (6, cut.iter().map(|s| fold(s)).collect()));
    whole.into_iter().chain(two).collect()
}

/// The likeliest ways of cutting words into syllables.
fn cuts<'n>(latin: &'n Latin, words: &[Word]) -> Vec<(u16, Vec<&'n str>)> {
    let mut all: Vec<(u16, Vec<&str>)> = vec![(0, Vec::new())];
    for word in words {
        let mut at: BTreeMap<usize, Vec<(u16, Vec<&str>)>> = BTreeMap::new();
        at.insert(word.start, vec![(0, Vec::new())]);
        for edge in latin.edges.iter().filter(|e| e.start >= word.start && e.end <= word.end) {
            let Some(before) = at.get(&edge.start).cloned() else { continue };
            let text = spelling::text(edge.id);
            // Whole pinyin is likelier than a heap of small syllables; single vowels are hardly ever syllables of a name.
            let cost =
                4 + if spelling::usual(edge.id) & 0b11_1111 == 0 { 5 } else { 0 } + if text.len() == 1 { 5 } else { 0 };
            let here = at.entry(edge.end).or_default();
            here.extend(before.into_iter().filter(|(_, cut)| cut.len() < SYLLABLES_MAX).map(|(sum, mut cut)| {
                cut.push(text);
                (sum + cost, cut)
            }));
            here.sort_unstable();
            here.truncate(3);
        }
        let Some(found) = at.remove(&word.end) else { return Vec::new() };
        all = all
            .iter()
            .flat_map(|(sum, head)| {
                found.iter().map(move |(cost, tail)| (sum + cost, [head.as_slice(), tail].concat()))
            })
            .filter(|(_, cut)| cut.len() <= SYLLABLES_MAX)
            .collect();
        all.sort_unstable();
        all.truncate(3);
    }
    all
}

/// What all systems agree on in a syllable: the place of its onset, the colour of its vowel, whether it ends in a nasal.
#[must_use]
pub fn fold(syllable: &str) -> String {
    let text = syllable.as_bytes();
    let vowel = |c: &u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'v');
    let start = text.iter().position(vowel).unwrap_or(0);
    let (onset, rest) = text.split_at(start);
    let head = match onset {
        b"" if matches!(rest.first(), Some(b'i')) => 'y',
        b"" if matches!(rest.first(), Some(b'u' | b'v')) => 'w',
        b"" | b"ng" | b"gh" => 'o',
        b"b" | b"p" | b"ph" | b"bh" => 'p',
        b"m" => 'm',
        b"f" => 'f',
        b"d" | b"t" | b"th" | b"dh" => 't',
        b"n" | b"l" => 'l',
        b"g" | b"k" | b"kh" | b"kw" | b"gw" | b"c" => 'k',
        b"h" | b"hw" => 'h',
        b"y" => 'y',
        b"w" | b"v" => 'w',
        b"j" | b"q" | b"zh" | b"ch" | b"z" | b"ts" | b"tz" | b"tj" | b"jh" => 'c',
        b"x" | b"s" | b"sh" | b"hs" | b"ss" | b"sz" => 's',
        b"r" => 'r',
        _ => '?',
    };
    let end = rest.iter().rposition(vowel).map_or(0, |at| at + 1);
    let (core, coda) = rest.split_at(end);
    let colour = match core {
        [.., b'i'] if core.len() == 1 => 'i',
        [b'e', b'e'] | [b'i', b'e'] => 'i',
        _ if core.contains(&b'a') => 'a',
        _ if core.contains(&b'o') => 'o',
        _ if core.contains(&b'u') || core.contains(&b'v') => 'u',
        _ if core.contains(&b'e') => 'e',
        _ => 'i',
    };
    let colour = match colour {
        'u' => 'o',
        colour => colour,
    };
    let tail = match coda {
        b"n" | b"ng" | b"m" | b"nn" => "n",
        b"" | b"h" | b"r" | b"y" | b"w" => "",
        _ => "t",
    };
    format!("{head}{colour}{tail}")
}
