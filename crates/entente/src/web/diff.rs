//! What changed from one text to the next, word by word, or character by character where a script has no spaces.
//!
//! Owns the comparing. Must not know what the texts are, nor how a difference looks.

use std::iter;

/// Most pairs of pieces compared at once: a page of text against a page, in a few milliseconds. A longer changed passage
/// is shown as replaced whole.
const PAIRS_MAX: usize = 1_000_000;

/// A piece of the newer text, or of the older one where it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// In the older text only.
    Gone(String),
    /// In the newer text only.
    New(String),
}

/// The pieces of both texts in order: lines first, and within lines that changed their words.
#[must_use]
pub fn diff(old: &str, new: &str) -> Vec<Piece> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut pieces = Vec::new();
    let (mut gone, mut added) = (String::new(), String::new());
    for piece in compare(&old, &new) {
        match piece {
            Piece::Gone(line) => gone.push_str(&line),
            Piece::New(line) => added.push_str(&line),
            Piece::Same(_) => {
                within(&mut pieces, &gone, &added);
                (gone, added) = (String::new(), String::new());
                push(&mut pieces, piece);
            }
        }
    }
    within(&mut pieces, &gone, &added);
    pieces
}

/// A changed passage, by its words.
fn within(pieces: &mut Vec<Piece>, old: &str, new: &str) {
    for piece in compare(&words(old), &words(new)) {
        push(pieces, piece);
    }
}

/// Words, and everything else character by character: signs, spaces, and scripts written without spaces.
fn words(text: &str) -> Vec<&str> {
    // From the radicals of Han upwards no spaces part the words.
    let joins = |letter: char| letter.is_alphanumeric() && letter < '\u{2e80}';
    let mut starts = Vec::new();
    let mut in_word = false;
    for (at, letter) in text.char_indices() {
        if !(in_word && joins(letter)) {
            starts.push(at);
        }
        in_word = joins(letter);
    }
    let ends = starts.iter().skip(1).copied().chain(iter::once(text.len()));
    starts.iter().zip(ends).map(|(from, to)| &text[*from..to]).collect()
}

/// The longest common run of pieces, and what lies between.
fn compare(old: &[&str], new: &[&str]) -> Vec<Piece> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let (before, after) = (&new[..head], &new[new.len() - tail..]);
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut pieces = Vec::new();
    let same = |words: &&str| Piece::Same((*words).to_owned());
    before.iter().map(same).for_each(|piece| push(&mut pieces, piece));
    if old.len().saturating_mul(new.len()) > PAIRS_MAX {
        push(&mut pieces, Piece::Gone(old.concat()));
        push(&mut pieces, Piece::New(new.concat()));
    } else {
        middle(&mut pieces, old, new);
    }
    after.iter().map(same).for_each(|piece| push(&mut pieces, piece));
    pieces
}

/// The classic table: how long a common run the rest of both can still have.
fn middle(pieces: &mut Vec<Piece>, old: &[&str], new: &[&str]) {
    let wide = new.len() + 1;
    let mut left = vec![0_u32; (old.len() + 1) * wide];
    for (i, gone) in old.iter().enumerate().rev() {
        for (j, added) in new.iter().enumerate().rev() {
            left[i * wide + j] = if gone == added {
                left[(i + 1) * wide + j + 1] + 1
            } else {
                left[(i + 1) * wide + j].max(left[i * wide + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push(pieces, Piece::Same(old[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && left[(i + 1) * wide + j] >= left[i * wide + j + 1] {
            push(pieces, Piece::Gone(old[i].to_owned()));
            i += 1;
        } else {
            push(pieces, Piece::New(new[j].to_owned()));
            j += 1;
        }
    }
}

/// Adds a piece; neighbours of a kind become one.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), piece) {
        (Some(Piece::Same(last)), Piece::Same(more))
        | (Some(Piece::Gone(last)), Piece::Gone(more))
        | (Some(Piece::New(last)), Piece::New(more)) => last.push_str(&more),
        (_, Piece::Same(words) | Piece::Gone(words) | Piece::New(words)) if words.is_empty() => {}
        (_, piece) => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mark = |piece: Piece| match piece {
            Piece::Same(words) => words,
            Piece::Gone(words) => format!("[-{words}-]"),
            Piece::New(words) => format!("[+{words}+]"),
        };
        diff(old, new).into_iter().map(mark).collect()
    }

    #[test]
    fn words_and_characters_that_changed_are_marked() {
        let cases = [
            ("", "", ""),
            ("same", "same", "same"),
            ("", "all of it", "[+all of it+]"),
            ("within ten days", "within five days", "within [-ten-][+five+] days"),
            ("双方应当在十日内答复。", "双方应当在五日内答复。", "双方应当在[-十-][+五+]日内答复。"),
            ("one\ntwo\nthree\n", "one\nthree\n", "one\n[-two\n-]three\n"),
            ("a, b", "a; b", "a[-,-][+;+] b"),
        ];
        for (old, new, wanted) in cases {
            assert_eq!(shown(old, new), wanted);
        }
    }

    #[test]
    fn a_passage_too_long_to_compare_is_shown_as_replaced() {
        let (old, new): (String, String) = ("甲".repeat(1_200), "乙".repeat(1_200));
        assert_eq!(diff(&old, &new), [Piece::Gone(old), Piece::New(new)]);
    }

    /// What is the same and new makes the newer text, what is the same and gone the older one: of every short text.
    #[test]
    fn nothing_is_lost_or_invented() {
        let mut texts = vec![String::new()];
        for start in 0..3 {
            let longer: Vec<String> = texts[start..]
                .iter()
                .flat_map(|text| ["a", "b ", "甲", "\n"].map(|more| format!("{text}{more}")))
                .collect();
            texts.extend(longer);
        }
        texts.sort();
        texts.dedup();
        for (old, new) in texts.iter().flat_map(|old| texts.iter().map(move |new| (old, new))) {
            let (mut before, mut after) = (String::new(), String::new());
            for piece in diff(old, new) {
                match piece {
                    Piece::Same(words) => {
                        before.push_str(&words);
                        after.push_str(&words);
                    }
                    Piece::Gone(words) => before.push_str(&words),
                    Piece::New(words) => after.push_str(&words),
                }
            }
            assert_eq!((&before, &after), (old, new));
        }
    }
}
