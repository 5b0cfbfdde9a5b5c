//! Two names compared: which way of comparing fits their scripts, and what the outcome is worth.
//!
//! Owns the choice and the reasons. The ways themselves are in the modules below. The outcome does not depend on which
//! name is left.

pub mod align;
mod characters;
mod chinese;
pub mod foreign;
pub mod letters;

use crate::name::{Han, Latin, Name};
use crate::score::{Code, Reason, Score};

/// Compares two names. Symmetric; never fails; bounded by the limits of [`crate::name`].
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Score {
    weigh(left, right, true)
}

/// The points alone, for whoever compares millions.
#[must_use]
pub fn points(left: &Name, right: &Name) -> u16 {
    weigh(left, right, false).points
}

fn weigh(left: &Name, right: &Name, why: bool) -> Score {
    let mut found = Vec::new();
    if let (Some(han), Some(latin)) = (&left.han, &right.latin) {
        found.push(mixed(han, latin, why));
    }
    if let (Some(latin), Some(han)) = (&left.latin, &right.han) {
        found.push(mixed(han, latin, why).turned());
    }
    if let (Some(a), Some(b)) = (&left.han, &right.han) {
        found.push(characters::score(a, b));
    }
    if let (Some(a), Some(b)) = (&left.latin, &right.latin) {
        found.push(letters::score(a, b, why));
    }
    if !left.other.is_empty() && !right.other.is_empty() {
        found.push(other(&left.other, &right.other));
    }
    let none = Score { points: 0, reasons: vec![Reason::new(Code::Nothing, "", "")] };
    found.into_iter().max_by_key(|score| score.points).unwrap_or(none)
}

/// Characters against letters: a Chinese name, or the sound of a foreign one.
fn mixed(han: &Han, latin: &Latin, why: bool) -> Score {
    let chinese = chinese::score(han, latin, why);
    if !foreign::applies(han, latin) {
        return chinese;
    }
    let foreign = foreign::score(han, latin, why);
    if foreign.points > chinese.points { foreign } else { chinese }
}

/// Scripts this crate has no tables for: the same letters, or nearly.
fn other(left: &str, right: &str) -> Score {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut now = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            now.push((last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(now[j] + 1));
        }
        last = now;
    }
    let apart = last.last().copied().unwrap_or(0);
    let longest = a.len().max(b.len()).max(1);
    let share = 10_000 - 10_000 * apart / longest;
    let (code, points) = match apart {
        0 => (Code::NameSame, 9_900),
        _ => (Code::WordNear, share.saturating_sub(7_000) * 2),
    };
    Score { points: u16::try_from(points).unwrap_or(0), reasons: vec![Reason::new(code, left, right)] }
}
