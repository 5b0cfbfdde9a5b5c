//! A Chinese name in characters against one in letters: what the cheapest way is worth, and its reasons.
//!
//! Owns the scale from costs to points. Must not search.

use super::align::{Step, UNWRITTEN, Way, align, surname_written};
use crate::name::{Han, Latin};
use crate::score::{Code, Reason, Score, points};
use crate::spelling;

/// Cost to points; fitted on the development part.
const CURVE: [(u16, u16); 8] =
    [(0, 9_950), (8, 9_800), (16, 9_000), (24, 7_000), (30, 5_000), (40, 2_500), (60, 600), (100, 0)];
/// What only a surname and an English given name are worth.
const SURNAME_ONLY: u16 = 3_000;

/// What a surname and initials are worth at most.
const INITIALS_ONLY: u16 = 4_500;

/// Scores one pair.
#[must_use]
pub fn score(han: &Han, latin: &Latin, why: bool) -> Score {
    let Some(way) = align(han, latin) else {
        let reason = || Reason::new(Code::SurnameDiffers, han.chars.iter().collect::<String>(), latin.text());
        return Score { points: 0, reasons: if why { vec![reason()] } else { Vec::new() } };
    };
    let written = way.steps.iter().skip(way.split).filter(|step| **step != Step::Nothing).count();
    let unwritten = way.steps.len() - way.split - written;
    let mut reasons = if why { reasons(han, latin, &way) } else { Vec::new() };
    // One syllable that is only near says next to nothing.
    let given = way.steps.len() - way.split;
    let thin = given == 1 && matches!(way.steps.last(), Some(Step::Near { .. }));
    let cost = if given == 1 { way.cost * 4 / 3 } else { way.cost };
    let mut worth = points(cost + if thin { 20 } else { 0 }, &CURVE);
    let spelled = way.steps.iter().skip(way.split).any(|step| matches!(step, Step::Spelled { .. } | Step::Near { .. }));
    if !spelled {
        worth = worth.min(INITIALS_ONLY);
    }
    if written == 0 && way.steps.len() > way.split {
        let rest = way.cost.saturating_sub(UNWRITTEN * u16::try_from(unwritten).unwrap_or(0));
        let english =
            way.over.iter().any(|at| latin.words[*at].given) || way.over.iter().all(|at| !latin.words[*at].syllabic);
        worth = if english && rest < 24 && surname_written(han, latin) {
            SURNAME_ONLY.saturating_sub(rest * 50)
        } else {
            300
        };
        // In a foreign name the first character is no surname.
        if !han.dotted.is_empty() {
            worth = 0;
        }
        reasons.push(Reason::new(Code::SurnameOnly, "", ""));
    }
    Score { points: worth, reasons }
}

fn reasons(han: &Han, latin: &Latin, way: &Way) -> Vec<Reason> {
    let mut out = Vec::new();
    for (at, step) in way.steps.iter().enumerate() {
        let c = han.chars[at];
        let surname = at < way.split;
        let piece =
            |start: usize, end: usize| std::str::from_utf8(&latin.letters[start..end]).unwrap_or_default().to_owned();
        let reason = match *step {
            Step::Spelled { start, end } => {
                let code = if surname { Code::SurnameExact } else { Code::GivenExact };
                let written = piece(start, end);
                let system = spelling::system_of(c, &written, way.lane);
                Reason { system, ..Reason::new(code, c, written) }
            }
            Step::Near { start, end } => {
                Reason::new(if surname { Code::SurnameNear } else { Code::GivenNear }, c, piece(start, end))
            }
            Step::Initial(start) => Reason::new(Code::GivenInitial, c, piece(start, start + 1)),
            Step::Nothing => Reason::new(Code::GivenMissing, c, ""),
        };
        out.push(reason);
    }
    if way.given_first {
        out.push(Reason::new(Code::OrderReversed, "", ""));
    }
    for at in &way.over {
        let word = latin.words[*at];
        let code = if word.given { Code::ForeignGiven } else { Code::ExtraWord };
        out.push(Reason::new(code, "", latin.word(word)));
    }
    out
}
