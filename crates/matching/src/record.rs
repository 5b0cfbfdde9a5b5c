//! Two records compared: the name, and what else is known of the person.
//!
//! Owns what each kind of agreement is worth. Must not know files or lists. Evidence is counted in tenths of a nat and
//! added up, as Fellegi and Sunter did; points are what is left of it against the odds of meeting a namesake.

use crate::compare::{compare, points};
use crate::date::{self, Born};
use crate::document;
use crate::name::Name;
use crate::place::Place;
use crate::score::{Code, Reason, Score};

/// What an office knows of one person.
#[derive(Debug, Clone)]
pub struct Record {
    /// The name as a whole.
    pub name: Name,
    /// Date of birth.
    pub born: Option<Born>,
    /// `m` or `f`; anything else says nothing.
    pub sex: Option<char>,
    /// Number of a document, empty if unknown.
    pub document: String,
    /// Address or place.
    pub place: Place,
}

/// The fields of a record as they stand in a file; empty where unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'f> {
    /// The whole name.
    pub name: &'f str,
    /// The surname, if it is known apart.
    pub surname: &'f str,
    /// The given name, if it is known apart.
    pub given: &'f str,
    /// Date of birth.
    pub born: &'f str,
    /// Sex.
    pub sex: &'f str,
    /// Number of a document.
    pub document: &'f str,
    /// Address.
    pub address: &'f str,
}

impl Record {
    /// Reads the fields; what cannot be read says nothing.
    #[must_use]
    pub fn read(fields: &Fields<'_>) -> Self {
        let parts = !fields.surname.trim().is_empty() || !fields.given.trim().is_empty();
        let name = if parts { Name::of_parts(fields.surname, fields.given) } else { Name::new(fields.name) };
        let sex = fields.sex.trim().chars().next().map(|c| match c {
            'm' | 'M' | '男' => 'm',
            'f' | 'F' | 'w' | 'W' | '女' => 'f',
            _ => '?',
        });
        Self {
            name,
            born: Born::read(fields.born),
            sex: sex.filter(|c| *c != '?'),
            document: document::plain(fields.document),
            place: Place::read(fields.address),
        }
    }
}

/// Evidence of a name by its points.
const NAME: [(u16, i32); 8] =
    [(0, -60), (300, -40), (1_500, -20), (3_000, -5), (5_000, 14), (7_500, 30), (9_000, 48), (10_000, 62)];
/// What a date of birth says; one in some twenty thousand is the same by chance.
const BORN_SAME: i32 = 90;
const BORN_SWAPPED: i32 = 70;
const BORN_PARTLY: i32 = 28;
const BORN_NEAR: i32 = 42;
const BORN_DIFFERS: i32 = -45;
/// What a document says. Nobody shares a number; but people have several documents.
const DOCUMENT_SAME: i32 = 150;
const DOCUMENT_FOLDED: i32 = 130;
const DOCUMENT_NEAR: i32 = 75;
const DOCUMENT_DIFFERS: i32 = -12;
const SEX_SAME: i32 = 6;
const SEX_DIFFERS: i32 = -32;

/// Compares two records. `among` is how many people the other list holds: the longer it is, the more namesakes are in it.
#[must_use]
pub fn compare_records(a: &Record, b: &Record, among: u64) -> Score {
    weigh(a, b, among, compare(&a.name, &b.name))
}

/// The points alone.
#[must_use]
pub fn record_points(a: &Record, b: &Record, among: u64) -> u16 {
    weigh(a, b, among, Score { points: points(&a.name, &b.name), reasons: Vec::new() }).points
}

fn weigh(a: &Record, b: &Record, among: u64, names: Score) -> Score {
    let only_name = (a.born.is_none() || b.born.is_none())
        && (a.document.is_empty() || b.document.is_empty())
        && (a.place.is_empty() || b.place.is_empty())
        && (a.sex.is_none() || b.sex.is_none());
    if only_name {
        return names;
    }
    let mut evidence = if a.name.is_empty() || b.name.is_empty() { 0 } else { of_name(names.points) };
    let mut reasons = names.reasons;
    let mut add = |code: Code, worth: i32, left: String, right: String| {
        evidence += worth;
        reasons.push(Reason::new(code, left, right));
    };
    if let (Some(x), Some(y)) = (a.born, b.born) {
        let (code, worth) = match x.agrees(y) {
            date::Agreement::Same => (Code::BornSame, BORN_SAME),
            date::Agreement::Swapped => (Code::BornSwapped, BORN_SWAPPED),
            date::Agreement::Partly => (Code::BornPartly, BORN_PARTLY),
            date::Agreement::Near => (Code::BornNear, BORN_NEAR),
            date::Agreement::Differs => (Code::BornDiffers, BORN_DIFFERS),
        };
        add(code, worth, x.to_string(), y.to_string());
    }
    if let Some(found) = document::agree(&a.document, &b.document) {
        let (code, worth) = match found {
            document::Agreement::Same => (Code::DocumentSame, DOCUMENT_SAME),
            document::Agreement::Folded => (Code::DocumentFolded, DOCUMENT_FOLDED),
            document::Agreement::Near => (Code::DocumentNear, DOCUMENT_NEAR),
            document::Agreement::Differs => (Code::DocumentDiffers, DOCUMENT_DIFFERS),
        };
        add(code, worth, a.document.clone(), b.document.clone());
    }
    if let (Some(x), Some(y)) = (a.sex, b.sex) {
        let (code, worth) = if x == y { (Code::SexSame, SEX_SAME) } else { (Code::SexDiffers, SEX_DIFFERS) };
        add(code, worth, x.to_string(), y.to_string());
    }
    if let Some(share) = a.place.agrees(&b.place) {
        // A long address is shared by a household, a short one by a town.
        let long = a.place.len().min(b.place.len()) >= 5;
        let (code, worth) = match (share, long) {
            (850.., true) => (Code::PlaceSame, 150),
            (600.., true) => (Code::PlacePartly, 108),
            (400.., true) => (Code::PlacePartly, 40),
            (850.., false) => (Code::PlaceSame, 60),
            (600.., false) => (Code::PlacePartly, 30),
            (400.., false) => (Code::PlacePartly, 10),
            _ => (Code::PlaceDiffers, -15),
        };
        add(code, worth, String::new(), String::new());
    }
    Score { points: odds(evidence - prior(among)), reasons }
}

/// What it takes to be the right one of so many: the logarithm of their number, less the odds that the right one is
/// among them at all.
fn prior(among: u64) -> i32 {
    let bits = i32::try_from(among.max(2).ilog2()).unwrap_or(64);
    bits * 7
}

fn of_name(points: u16) -> i32 {
    let Some(at) = NAME.iter().position(|(place, _)| points <= *place) else { return NAME[NAME.len() - 1].1 };
    let (b, high) = NAME[at];
    if at == 0 {
        return high;
    }
    let (a, low) = NAME[at - 1];
    low + (high - low) * i32::from(points - a) / i32::from((b - a).max(1))
}

/// Ten thousand times the chance that goes with so much evidence: the logistic function by straight pieces, so that
/// every machine computes the same.
fn odds(evidence: i32) -> u16 {
    const CURVE: [(i32, u16); 11] = [
        (-60, 25),
        (-40, 180),
        (-30, 474),
        (-20, 1_192),
        (-10, 2_689),
        (0, 5_000),
        (10, 7_311),
        (20, 8_808),
        (40, 9_820),
        (60, 9_975),
        (120, 10_000),
    ];
    let Some(at) = CURVE.iter().position(|(place, _)| evidence <= *place) else { return 10_000 };
    if at == 0 {
        return u16::try_from((evidence + 120).clamp(0, 60) * 25 / 60).unwrap_or(0);
    }
    let ((a, low), (b, high)) = (CURVE[at - 1], CURVE[at]);
    let more = i32::from(high - low) * (evidence - a) / (b - a);
    low + u16::try_from(more).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Band;

    fn record(name: &str, born: &str, document: &str) -> Record {
        Record::read(&Fields { name, born, document, ..Fields::default() })
    }

    #[test]
    fn records() {
        fn check(a: (&str, &str, &str), b: (&str, &str, &str), band: Band) {
            let (a, b) = (record(a.0, a.1, a.2), record(b.0, b.1, b.2));
            let found = compare_records(&a, &b, 1_000);
            assert_eq!(found.band(), band, "{found:?}");
            assert_eq!(found.points, compare_records(&b, &a, 1_000).points);
        }
        // A partial name in Cantonese spelling, a swapped date and a smudged number.
        check(("郭偉強", "1961-08-04", "E12345678"), ("KWOK W.K.", "1961-04-08", "EI23A5678"), Band::Match);
        check(("郭偉強", "1961-08-04", ""), ("KWOK Wai-keung", "1961-08-04", ""), Band::Match);
        check(("郭偉強", "1961-08-04", ""), ("KWOK Wai-keung", "1984-11-30", ""), Band::No);
        check(("郭偉強", "1961-08-04", ""), ("TERESA KOK", "1970", ""), Band::No);
        check(("", "1961-08-04", "E12345678"), ("KWOK Wai-keung", "1961-08-04", "E12345678"), Band::Match);
    }

    #[test]
    fn more_evidence_is_never_fewer_points() {
        let points: Vec<u16> = (-200..200).map(odds).collect();
        assert!(points.is_sorted(), "{points:?}");
    }
}
