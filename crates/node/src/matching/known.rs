//! A person as an office knows them, and the keys two offices may meet under.
//!
//! Owns which keys are made of what is known, for a list and for a question. Must not know cases. A list makes every key a
//! question could meet; a question makes the fewest that serve.

use domain::content::{NaturalPerson, PartialDate, Sex};
use domain::instrument::KeyKind;
use domain::local::ProtectedPerson;
use domain::menu::Menu;
use domain::refusal::MatchBar;
use matching::private::{Kind, MatchKey, Refused};
use matching::record::{Fields, Record, compare_records};
use matching::score::Score;
use matching::{Band, Name};
use serde::{Deserialize, Serialize};

/// Characters of one thing known, at most: names in the longest registers have some eighty.
const LINE_CHARS_MAX: usize = 200;

/// What an office knows of one person; empty where unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Known {
    /// The office's own name for the record.
    pub id: String,
    /// The whole name.
    pub name: String,
    /// The surname, where it is known apart.
    pub surname: String,
    /// The given name, where it is known apart.
    pub given: String,
    /// Date of birth.
    pub born: String,
    /// Sex.
    pub sex: String,
    /// The state that issued the document, by the letters of its passports.
    pub issuer: String,
    /// Number of a document; `?` for a character that cannot be read.
    pub document: String,
    /// Whether the person may not be found: of no effect in a question.
    pub protected: bool,
}

impl Known {
    /// What a request says of a person, to begin a question with: the first name and the first document.
    #[must_use]
    pub fn of_person(person: &NaturalPerson) -> Self {
        let document = person.documents.first();
        Self {
            name: person.names.first().cloned().unwrap_or_default(),
            born: born(person),
            sex: sex(person).to_owned(),
            issuer: document.map_or_else(String::new, |document| document.issuer.clone()),
            document: document.map_or_else(String::new, |document| document.number.clone()),
            ..Self::default()
        }
    }

    /// The record, to be compared.
    #[must_use]
    pub fn record(&self) -> Record {
        Record::read(&Fields {
            name: &self.name,
            surname: &self.surname,
            given: &self.given,
            born: &self.born,
            sex: &self.sex,
            document: &self.document,
            address: "",
        })
    }

    /// Whether every line is of a length that is read.
    #[must_use]
    pub fn fits(&self) -> bool {
        let Self { id, name, surname, given, born, sex, issuer, document, protected: _ } = self;
        let lines = [id, name, surname, given, born, sex, issuer, document];
        lines.iter().all(|line| line.chars().count() <= LINE_CHARS_MAX && !line.contains(char::is_control))
    }

    /// Whether an entry of our own register concerns this person.
    pub(crate) fn is_of(&self, entry: &ProtectedPerson) -> bool {
        let number = plain(&self.document);
        let same_document = !number.is_empty() && entry.documents.iter().any(|known| plain(known) == number);
        let record = self.record();
        let same_name = |known: &String| matching::compare(&record.name, &Name::new(known)).band() == Band::Match;
        same_document || entry.names.iter().any(same_name)
    }
}

/// The keys a record of a list is found under.
pub(crate) fn listed(known: &Known, kinds: &[KeyKind]) -> Vec<MatchKey> {
    let record = known.record();
    let mut keys: Vec<MatchKey> = kinds.iter().flat_map(|kind| of_kind(known, &record, *kind, false)).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The keys of a question.
///
/// # Errors
/// [`MatchBar::NameOnly`] where a name is all that is known; [`MatchBar::NoKey`].
pub(crate) fn asked(known: &Known, kinds: &[KeyKind]) -> Result<Vec<MatchKey>, MatchBar> {
    let record = known.record();
    let mut keys: Vec<MatchKey> = kinds.iter().flat_map(|kind| of_kind(known, &record, *kind, true)).collect();
    keys.sort();
    keys.dedup();
    if !keys.is_empty() {
        return Ok(keys);
    }
    let nameless = MatchKey::of_person(Kind::FoldedBorn, &record) == Err(Refused::NameOnly);
    Err(if nameless && known.document.trim().is_empty() { MatchBar::NameOnly } else { MatchBar::NoKey })
}

/// The kind in the mathematics.
pub(crate) const fn kind_of(kind: KeyKind) -> Kind {
    match kind {
        KeyKind::NameBorn => Kind::NameBorn,
        KeyKind::FoldedBorn => Kind::FoldedBorn,
        KeyKind::SurnameBorn => Kind::SurnameBorn,
        KeyKind::Document => Kind::Document,
        KeyKind::DocumentSmudged => Kind::DocumentSmudged,
    }
}

/// The word of a kind of the mathematics, where an instrument can name it.
pub(crate) fn word_of(kind: Kind) -> Option<KeyKind> {
    KeyKind::ALL.iter().map(|(known, _)| *known).find(|known| kind_of(*known) == kind)
}

fn of_kind(known: &Known, record: &Record, kind: KeyKind, asks: bool) -> Vec<MatchKey> {
    let (issuer, number) = (known.issuer.trim(), known.document.trim());
    let read = !number.contains('?');
    match kind {
        KeyKind::SurnameBorn if known.given.trim().is_empty() && !known.surname.trim().is_empty() => {
            MatchKey::of_person(Kind::SurnameBorn, &of_surname(known)).unwrap_or_default()
        }
        KeyKind::NameBorn | KeyKind::FoldedBorn | KeyKind::SurnameBorn => {
            MatchKey::of_person(kind_of(kind), record).unwrap_or_default()
        }
        KeyKind::Document if read => MatchKey::of_document(issuer, number, None).into_iter().collect(),
        KeyKind::Document => Vec::new(),
        // Of a number that was read whole, nobody asks for its nine neighbours.
        KeyKind::DocumentSmudged if asks => smudged(issuer, number).into_iter().collect(),
        KeyKind::DocumentSmudged if read => MatchKey::of_smudged(issuer, number).unwrap_or_default(),
        KeyKind::DocumentSmudged => Vec::new(),
    }
}

/// The record of somebody whose surname alone is known. A name is read whole, so a given name stands in for the one that is
/// not known; of the keys only the surname's is made.
fn of_surname(known: &Known) -> Record {
    let given = if known.surname.is_ascii() { "Ming" } else { "明" };
    Known { given: given.to_owned(), ..known.clone() }.record()
}

/// The one key of a number of which one character cannot be read.
fn smudged(issuer: &str, number: &str) -> Option<MatchKey> {
    let (before, after) = number.split_once('?')?;
    if after.contains('?') {
        return None;
    }
    let place = before.chars().filter(char::is_ascii_alphanumeric).count();
    MatchKey::of_smudged(issuer, &format!("{before}0{after}")).ok()?.into_iter().nth(place)
}

fn plain(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// How well a record fits a person of a request, by the best of the names given.
#[must_use]
pub fn likeness(known: &Known, person: &NaturalPerson, among: u64) -> Score {
    let ours = known.record();
    let (born, sex) = (born(person), sex(person));
    let document = person.documents.first().map_or("", |document| document.number.as_str());
    let theirs = |name: &String| Record::read(&Fields { name, born: &born, sex, document, ..Fields::default() });
    let scores = person.names.iter().map(|name| compare_records(&theirs(name), &ours, among));
    scores.max_by_key(|score| score.points).unwrap_or(Score { points: 0, reasons: Vec::new() })
}

/// A date of birth as it is written in a list; nothing where not even the year is known.
fn born(person: &NaturalPerson) -> String {
    let PartialDate { year, month, day } = person.born;
    year.map_or_else(String::new, |year| format!("{year:04}-{:02}-{:02}", month.unwrap_or(0), day.unwrap_or(0)))
}

const fn sex(person: &NaturalPerson) -> &'static str {
    match person.sex {
        Sex::Female => "f",
        Sex::Male => "m",
        Sex::Unstated => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str, born: &str, sex: &str, document: &str) -> Known {
        let text = str::to_owned;
        Known {
            name: text(name),
            born: text(born),
            sex: text(sex),
            issuer: text("CHN"),
            document: text(document),
            ..Known::default()
        }
    }

    /// Under which kinds a question meets a record.
    fn meets(question: &Known, record: &Known) -> Result<Vec<&'static str>, MatchBar> {
        let kinds: Vec<KeyKind> = KeyKind::ALL.iter().map(|(kind, _)| *kind).collect();
        let listed = listed(record, &kinds);
        let asked = asked(question, &kinds)?;
        assert!(asked.len() <= 32, "fits the smallest batch: {}", asked.len());
        let mut met: Vec<&str> = asked
            .iter()
            .filter(|key| listed.contains(key))
            .filter_map(|key| word_of(key.kind()))
            .map(|kind| kind.code())
            .collect();
        met.dedup();
        Ok(met)
    }

    #[test]
    fn what_is_known_badly_still_meets() {
        let record = known("陳大文", "1987-03-05", "m", "E12345678");
        let check = |question: Known, met: Result<&[&str], MatchBar>| {
            assert_eq!(meets(&question, &record), met.map(<[&str]>::to_vec), "{question:?}");
        };
        check(known("CHAN Tai-man", "1987-03-05", "m", ""), Ok(&["folded-born", "surname-born"]));
        check(known("CHAN Tai-man", "1987-05-03", "", ""), Ok(&["folded-born"]));
        let surname = Known { surname: "CHAN".to_owned(), ..known("", "05/03/1987", "m", "") };
        check(surname, Ok(&["surname-born"]));
        check(known("", "", "", "E1234567?"), Ok(&["document-smudged"]));
        check(known("", "", "", "EI2345678"), Ok(&["document"]));
        check(known("", "", "", "E12?4567?"), Err(MatchBar::NoKey));
        check(known("CHAN Tai-man", "", "m", ""), Err(MatchBar::NameOnly));
        check(known("CHAN Tai-man", "1987", "m", ""), Err(MatchBar::NameOnly));
        check(known("WONG Siu-ming", "1990-01-09", "m", "E87654321"), Ok(&[]));
    }

    #[test]
    fn the_words_of_kinds_are_the_same() {
        for (kind, code) in KeyKind::ALL {
            assert_eq!(Kind::ALL.iter().find(|(known, _)| known == &kind_of(*kind)).map(|(_, code)| code), Some(code));
        }
    }
}
