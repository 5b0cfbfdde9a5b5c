//! A natural person and a place, as a request describes them.
//!
//! Owns their parts and what makes them complete. Must not know how names are compared (`matching` does).

use serde::{Deserialize, Serialize};

use super::{LINE_CHARS_MAX, Lack};
use crate::menu::Menu;

/// Most names of one person: Han, Latin, dialect spellings, aliases, before and after marriage.
pub const NAMES_MAX: usize = 16;
/// Most documents of one person.
pub const DOCUMENTS_MAX: usize = 16;
/// Most nationalities of one person.
pub const NATIONALITIES_MAX: usize = 8;
/// The oldest year of birth anybody alive, or lately dead, can have.
const BIRTH_YEAR_MIN: i16 = 1880;
/// The latest year of birth: past every date this version can meet.
const BIRTH_YEAR_MAX: i16 = 2100;

/// A natural person: names across scripts, birth, sex, nationality, documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NaturalPerson {
    /// Every name known, the one used first; each as it is written, in any script.
    pub names: Vec<String>,
    /// The date of birth, as far as it is known.
    pub born: PartialDate,
    /// The place of birth; may be empty.
    pub birthplace: String,
    /// The sex as documents show it.
    pub sex: Sex,
    /// Nationalities, by country name or code.
    pub nationalities: Vec<String>,
    /// Documents of identity.
    pub documents: Vec<IdentityDocument>,
}

/// A date of which parts may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartialDate {
    /// The year.
    pub year: Option<i16>,
    /// The month, 1 to 12.
    pub month: Option<i8>,
    /// The day, 1 to 31.
    pub day: Option<i8>,
}

/// The sex entered in a document (ICAO 9303: `M`, `F`, `X`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Not stated, or not known.
    Unstated,
}

/// One document of identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityDocument {
    /// What it is: a passport, an identity card.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
}

/// A place, in words and where possible on the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The address or description.
    pub words: String,
    /// Where it lies, if that is known.
    pub position: Option<Position>,
}

/// A position in hundred-thousandths of a degree (WGS 84): about a metre, exact in every encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// North positive.
    pub latitude_e5: i32,
    /// East positive.
    pub longitude_e5: i32,
}

impl NaturalPerson {
    /// What keeps the description from being usable.
    #[must_use]
    pub fn lack(&self) -> Option<Lack> {
        let lines = self.names.iter().chain(&self.nationalities).chain([&self.birthplace]);
        let documents = self.documents.iter().flat_map(|one| [&one.kind, &one.number, &one.issuer]);
        if lines.chain(documents).any(|line| line.chars().count() > LINE_CHARS_MAX) {
            return Some(Lack::TooLong(LINE_CHARS_MAX));
        }
        let counts = [
            (self.names.len(), NAMES_MAX),
            (self.documents.len(), DOCUMENTS_MAX),
            (self.nationalities.len(), NATIONALITIES_MAX),
        ];
        if let Some((_, max)) = counts.into_iter().find(|(count, max)| count > max) {
            return Some(Lack::TooLong(max));
        }
        if self.names.iter().all(|name| name.trim().is_empty()) {
            return Some(Lack::Empty);
        }
        (!self.born.is_possible()).then_some(Lack::WrongKind)
    }
}

impl PartialDate {
    /// Whether some day has these parts. The 29th of February needs no leap year when the year is unknown.
    #[must_use]
    pub fn is_possible(self) -> bool {
        let year = self.year.is_none_or(|year| (BIRTH_YEAR_MIN..=BIRTH_YEAR_MAX).contains(&year));
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        let leap = 2000;
        year && jiff::civil::Date::new(self.year.unwrap_or(leap), month, day).is_ok()
    }
}

impl Place {
    /// What keeps the description from being usable.
    #[must_use]
    pub fn lack(&self) -> Option<Lack> {
        if self.words.chars().count() > LINE_CHARS_MAX {
            return Some(Lack::TooLong(LINE_CHARS_MAX));
        }
        let on_earth = |at: &Position| at.latitude_e5.abs() <= 9_000_000 && at.longitude_e5.abs() <= 18_000_000;
        if self.position.as_ref().is_some_and(|at| !on_earth(at)) {
            return Some(Lack::WrongKind);
        }
        (self.words.trim().is_empty()).then_some(Lack::Empty)
    }
}

impl Menu for Sex {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Male, "male"), (Self::Female, "female"), (Self::Unstated, "unstated")];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_date_must_fit_each_other() {
        let check = |year, month, day, possible: bool| {
            let date = PartialDate { year, month, day };
            assert_eq!(date.is_possible(), possible, "{date:?}");
        };
        check(None, None, None, true);
        check(Some(1984), None, None, true);
        check(None, Some(2), Some(29), true);
        check(Some(2023), Some(2), Some(29), false);
        check(Some(2024), Some(2), Some(29), true);
        check(None, Some(13), None, false);
        check(None, None, Some(32), false);
        check(None, Some(4), Some(31), false);
        check(Some(1700), None, None, false);
        check(Some(i16::MIN), Some(i8::MIN), Some(i8::MIN), false);
    }
}
