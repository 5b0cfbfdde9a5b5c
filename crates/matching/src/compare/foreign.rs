//! A foreign name written in characters by its sound: 布朗 and Brown.
//!
//! Owns the search for the letters each character writes and the weight of the evidence. Must not know Chinese names:
//! here a character is only an onset and a rime. The table of what those write is `tables/sounds.tsv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::name::{Han, Latin};
use crate::score::{Code, Reason, Score, points};
use crate::table::{Tongue, readings};

/// Transliterations of more characters are cut here.
const CHARS_MAX: usize = 14;
/// Longer Latin names are cut here.
const LETTERS_MAX: usize = 48;
const FAR: i32 = 1_000_000;
/// What a rime costs that the table has never seen.
const UNSEEN: i32 = 55;
/// A word of the Latin name that no character writes, in tenths of a nat: one given name, in a name without dots.
const WORD_OVER: i32 = 14;
/// The same where dots show that the whole name is written.
const WORD_OVER_DOTTED: i32 = 28;
const LITTLE_WORD_OVER: i32 = 6;

const INITIALS: [&str; 23] = [
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "w",
    "y",
];

/// Letters, and what it costs that they are written so.
type Written = Vec<(&'static [u8], i32)>;
type Ways = BTreeMap<&'static str, Written>;

struct Sounds {
    letter: [i32; 26],
    onsets: Ways,
    rimes: Ways,
}

impl Sounds {
    /// What the letter costs in any name.
    fn usual(&self, letter: u8) -> i32 {
        self.letter[usize::from(letter.wrapping_sub(b'a')) % 26]
    }
}

static SOUNDS: LazyLock<Sounds> = LazyLock::new(|| {
    let mut this = Sounds { letter: [40; 26], onsets: BTreeMap::new(), rimes: BTreeMap::new() };
    for line in include_str!("../../tables/sounds.tsv").lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let [kind, key, letters, cost] = fields.as_slice() else { continue };
        let Ok(cost) = cost.parse::<i32>() else { continue };
        match *kind {
            "b" => {
                if let Some(known) =
                    key.bytes().next().and_then(|c| this.letter.get_mut(usize::from(c.wrapping_sub(b'a'))))
                {
                    *known = cost;
                }
            }
            "o" => this.onsets.entry(key).or_default().push((letters.as_bytes(), cost)),
            _ => this.rimes.entry(key).or_default().push((letters.as_bytes(), cost)),
        }
    }
    this
});

/// What speaks for and against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// How much likelier the letters are as this sound than as anything, in tenths of a nat.
    pub gain: i32,
    /// Letters that are written.
    pub letters: usize,
    /// Characters.
    pub chars: usize,
}

/// Onset and rime of a character, and the letters its onset may begin with, a bit each.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    onset: &'static Written,
    rime: &'static Written,
    nasal: bool,
    firsts: u32,
}

/// The parts of a character's usual reading in Mandarin.
#[must_use]
pub fn parts_of(c: char) -> Option<Parts> {
    let syllable = readings(c).find(|r| r.tongue == Tongue::Mandarin)?.syllable;
    let head = INITIALS.iter().find(|onset| syllable.starts_with(**onset)).copied().unwrap_or("");
    let tail = &syllable[head.len()..];
    let (onset, rime) = (SOUNDS.onsets.get(head)?, SOUNDS.rimes.get(tail)?);
    let bit = |(letters, cost): &(&[u8], i32)| match letters.first() {
        Some(letter) if *cost < 40 => 1u32 << (letter.wrapping_sub(b'a') & 31),
        None if *cost < 30 => u32::MAX,
        _ => 0,
    };
    let firsts = onset.iter().map(bit).fold(0, |all, bit| all | bit);
    Some(Parts { onset, rime, nasal: tail.ends_with(['n', 'g']), firsts })
}

/// Whether the pair may be a foreign name and its sound.
#[must_use]
pub fn applies(han: &Han, latin: &Latin) -> bool {
    if han.plain.len() < 2 || (!han.foreign && latin.chinese) {
        return false;
    }
    let letters = latin.letters.iter().fold(0u32, |all, letter| all | 1 << (letter.wrapping_sub(b'a') & 31));
    let strange = han.sounds.iter().filter(|s| s.parts.is_none_or(|p| p.firsts & letters == 0)).count();
    strange * 3 <= han.sounds.len()
}

/// Scores one pair.
#[must_use]
pub fn score(han: &Han, latin: &Latin, why: bool) -> Score {
    let found = evidence(han, latin).unwrap_or(Evidence { gain: -FAR, letters: 0, chars: 0 });
    let code = if found.gain > 0 { Code::SoundWritten } else { Code::WordDiffers };
    let reason = || Reason::new(code, han.chars.iter().collect::<String>(), latin.text());
    Score { points: worth(found), reasons: if why { vec![reason()] } else { Vec::new() } }
}

const CURVE: [(u16, u16); 6] = [(0, 9_400), (100, 6_000), (158, 3_500), (200, 1_500), (260, 300), (320, 0)];

fn worth(found: Evidence) -> u16 {
    let cost = 200 - found.gain;
    points(u16::try_from(cost.max(0)).unwrap_or(u16::MAX), &CURVE)
}

/// Weighs the likeliest way.
#[must_use]
pub fn evidence(han: &Han, latin: &Latin) -> Option<Evidence> {
    let sounds = &*SOUNDS;
    let syllables: Vec<Parts> = han.sounds.iter().take(CHARS_MAX).filter_map(|sound| sound.parts).collect();
    let (letters, words) = turned(latin);
    if syllables.len() < 2 || letters.is_empty() {
        return None;
    }
    let over = |length: usize| match (length, han.dotted.is_empty()) {
        (1..=2, _) => LITTLE_WORD_OVER,
        (_, true) => WORD_OVER,
        (_, false) => WORD_OVER_DOTTED,
    };
    let width = syllables.len() + 1;
    // Cost and letters written, at each letter after each number of characters.
    let mut best = vec![(FAR, 0usize); (letters.len() + 1) * width];
    best[0] = (0, 0);
    for (start, end) in &words {
        for k in 0..width {
            let (cost, written) = best[start * width + k];
            lower(&mut best[end * width + k], (cost + over(end - start), written));
        }
        for at in *start..*end {
            for (k, parts) in syllables.iter().enumerate() {
                let (cost, written) = best[at * width + k];
                if cost >= FAR {
                    continue;
                }
                let word = &letters[at..*end];
                for (onset, a) in parts.onset.iter().filter(|(onset, _)| word.starts_with(onset)) {
                    let rest = &word[onset.len()..];
                    let mut go = |length: usize, b: i32| {
                        // The whole syllable silent is nothing gained and its cost lost.
                        let to = at + onset.len() + length;
                        let usual: i32 = letters[at..to].iter().map(|c| sounds.usual(*c)).sum();
                        lower(&mut best[to * width + k + 1], (cost + a + b - usual, written + to - at));
                    };
                    for (rime, b) in parts.rime.iter().filter(|(rime, _)| rest.starts_with(rime)) {
                        go(rime.len(), *b);
                    }
                    unseen(rest, parts.nasal).for_each(|length| go(length, UNSEEN));
                }
            }
        }
    }
    let (cost, written) = best[letters.len() * width + syllables.len()];
    (cost < FAR).then_some(Evidence { gain: -cost, letters: written, chars: syllables.len() })
}

fn lower(into: &mut (i32, usize), from: (i32, usize)) {
    if from.0 < into.0 {
        *into = from;
    }
}

/// How long a rime may be that the table has never seen: vowels, and a nasal where the character has one.
fn unseen(rest: &[u8], nasal: bool) -> impl Iterator<Item = usize> {
    let vowels = rest.iter().take(3).take_while(|c| b"aeiouy".contains(c)).count();
    let with = nasal && vowels > 0 && rest.get(vowels).is_some_and(|c| b"nm".contains(c));
    (1..=vowels).chain(with.then_some(vowels + 1))
}

/// The letters in the order in which they are spoken, and where the words are.
fn turned(latin: &Latin) -> (Vec<u8>, Vec<(usize, usize)>) {
    let (before, after) = latin.words.split_at(latin.comma);
    let mut letters = Vec::new();
    let mut words = Vec::new();
    for word in after.iter().chain(before) {
        let piece = &latin.letters[word.start..word.end];
        if letters.len() + piece.len() > LETTERS_MAX {
            break;
        }
        words.push((letters.len(), letters.len() + piece.len()));
        letters.extend_from_slice(piece);
    }
    (letters, words)
}
