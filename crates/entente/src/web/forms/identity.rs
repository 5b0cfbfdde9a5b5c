//! A natural person and a place as inputs, and the inputs as values.
//!
//! Owns how their parts are typed: names and documents a line each, a date of birth as far as it is known. Must not know
//! what makes them complete (the domain does).

use domain::content::{FieldValue, IdentityDocument, NaturalPerson, PartialDate, Place, Position, Sex};
use domain::menu::Menu;

use super::input::{Input, Maker};
use super::value::lines;
use super::{Typed, Wrong};

/// Hundred-thousandths of a degree in one degree.
const E5: f64 = 100_000.0;

/// A person's inputs.
#[must_use]
pub fn person(maker: &Maker<'_>, name: &str, label: &str) -> Input {
    let page = maker.page;
    let part = |part: &str| format!("{name}.{part}");
    let called = |part: &str| page.t(&format!("form-person-{part}"));
    let hint = |part: &str| page.t(&format!("form-hint-person-{part}"));
    let sexes = Sex::ALL.iter().map(|(_, code)| ((*code).to_owned(), page.t(&format!("sex-{code}"))));
    let parts = vec![
        maker.code(&part("names"), &called("names")).hint(&hint("names")),
        maker.line(&part("born"), &called("born")).hint(&hint("born")).optional(),
        maker.line(&part("birthplace"), &called("birthplace")).optional(),
        maker.menu(&part("sex"), &called("sex"), sexes).optional(),
        maker.line(&part("nationalities"), &called("nationalities")).hint(&hint("nationalities")).optional(),
        maker.code(&part("documents"), &called("documents")).hint(&hint("documents")).optional(),
    ];
    maker.group(name, label, parts)
}

/// The person typed; `None` when nothing was.
pub fn read_person(typed: &Typed, name: &str, wrong: &mut Vec<Wrong>) -> Option<FieldValue> {
    let part = |part: &str| typed.get(&format!("{name}.{part}"));
    let parts = ["names", "born", "birthplace", "sex", "nationalities", "documents"];
    if parts.iter().all(|name| part(name).is_empty()) {
        return None;
    }
    let born = birth(part("born"));
    if born.is_none() {
        wrong.push(Wrong::at(format!("{name}.born"), "form-wrong-birth"));
    }
    let split = |text: &str| {
        text.split([',', '，', '、']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    Some(FieldValue::Person(Box::new(NaturalPerson {
        names: lines(part("names")),
        born: born.unwrap_or_default(),
        birthplace: part("birthplace").to_owned(),
        sex: Sex::from_code(part("sex")).unwrap_or(Sex::Unstated),
        nationalities: split(part("nationalities")),
        documents: lines(part("documents")).iter().map(|line| document(line)).collect(),
    })))
}

/// A person put back into the inputs.
pub fn put_person(typed: &mut Typed, name: &str, person: &NaturalPerson) {
    let documents: Vec<String> = person.documents.iter().map(document_line).collect();
    for (part, text) in [
        ("names", person.names.join("\n")),
        ("born", birth_line(person.born)),
        ("birthplace", person.birthplace.clone()),
        ("sex", person.sex.code().to_owned()),
        ("nationalities", person.nationalities.join(", ")),
        ("documents", documents.join("\n")),
    ] {
        typed.put(format!("{name}.{part}"), &text);
    }
}

/// A place's inputs.
#[must_use]
pub fn place(maker: &Maker<'_>, name: &str, label: &str) -> Input {
    let page = maker.page;
    let parts = vec![
        maker.line(&format!("{name}.words"), &page.t("form-place-words")),
        maker
            .line(&format!("{name}.position"), &page.t("form-place-position"))
            .hint(&page.t("form-hint-place-position"))
            .optional(),
    ];
    maker.group(name, label, parts)
}

/// The place typed; `None` when nothing was.
pub fn read_place(typed: &Typed, name: &str, wrong: &mut Vec<Wrong>) -> Option<FieldValue> {
    let (words, at) = (typed.get(&format!("{name}.words")), typed.get(&format!("{name}.position")));
    if words.is_empty() && at.is_empty() {
        return None;
    }
    let position = position(at);
    if position.is_none() && !at.is_empty() {
        wrong.push(Wrong::at(format!("{name}.position"), "form-wrong-position"));
    }
    Some(FieldValue::Place(Place { words: words.to_owned(), position }))
}

/// A place put back into the inputs.
pub fn put_place(typed: &mut Typed, name: &str, place: &Place) {
    typed.put(format!("{name}.words"), &place.words);
    typed.put(format!("{name}.position"), &place.position.map(position_line).unwrap_or_default());
}

/// `1984`, `1984-03`, `1984-03-21`, with `?` for a part that is not known; nothing when nothing is.
fn birth(text: &str) -> Option<PartialDate> {
    let mut parts = text.split('-').map(str::trim);
    let mut date = PartialDate::default();
    if text.is_empty() {
        return Some(date);
    }
    let unknown = |part: &str| part.is_empty() || part.chars().all(|c| c == '?');
    let number = |part: Option<&str>| match part {
        None => Some(None),
        Some(part) if unknown(part) => Some(None),
        Some(part) => part.parse::<i16>().ok().map(Some),
    };
    date.year = number(parts.next())?;
    date.month = small(number(parts.next())?)?;
    date.day = small(number(parts.next())?)?;
    (parts.next().is_none() && date.is_possible()).then_some(date)
}

fn small(number: Option<i16>) -> Option<Option<i8>> {
    number.map_or(Some(None), |number| i8::try_from(number).ok().map(Some))
}

/// A date of birth as [`birth`] reads it.
#[must_use]
pub fn birth_line(date: PartialDate) -> String {
    let two = |part: Option<i8>| part.map_or("??".to_owned(), |part| format!("{part:02}"));
    match (date.year, date.month, date.day) {
        (None, None, None) => String::new(),
        (Some(year), None, None) => format!("{year}"),
        (Some(year), month, None) => format!("{year}-{}", two(month)),
        (year, month, day) => {
            let year = year.map_or("????".to_owned(), |year| format!("{year}"));
            format!("{year}-{}-{}", two(month), two(day))
        }
    }
}

/// `passport; E12345678; CN`
fn document(line: &str) -> IdentityDocument {
    let mut parts = line.splitn(3, [';', '；']).map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    IdentityDocument { kind: next(), number: next(), issuer: next() }
}

/// A document as [`document`] reads it.
#[must_use]
pub fn document_line(document: &IdentityDocument) -> String {
    let line = format!("{}; {}; {}", document.kind, document.number, document.issuer);
    line.trim_end_matches([' ', ';']).to_owned()
}

/// `51.50735, -0.12776`
fn position(text: &str) -> Option<Position> {
    let (latitude, longitude) = text.split_once([',', '，'])?;
    Some(Position { latitude_e5: degrees(latitude, 90.0)?, longitude_e5: degrees(longitude, 180.0)? })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded by `max` degrees, far inside an i32 of hundred-thousandths"
)]
fn degrees(text: &str, max: f64) -> Option<i32> {
    let degrees: f64 = text.trim().parse().ok()?;
    (degrees.abs() <= max).then(|| (degrees * E5).round() as i32)
}

/// A position as [`position`] reads it.
#[must_use]
pub fn position_line(at: Position) -> String {
    let degrees = |e5: i32| format!("{:.5}", f64::from(e5) / E5);
    format!("{}, {}", degrees(at.latitude_e5), degrees(at.longitude_e5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_birth_is_read_as_far_as_it_is_known() {
        let check = |text: &str, expected: Option<(Option<i16>, Option<i8>, Option<i8>)>| {
            let expected = expected.map(|(year, month, day)| PartialDate { year, month, day });
            assert_eq!(birth(text), expected, "{text}");
            if let Some(date) = expected {
                assert_eq!(birth(&birth_line(date)), Some(date), "{text}");
            }
        };
        check("", Some((None, None, None)));
        check("1984", Some((Some(1984), None, None)));
        check("1984-03", Some((Some(1984), Some(3), None)));
        check("1984-??-21", Some((Some(1984), None, Some(21))));
        check("????-03-21", Some((None, Some(3), Some(21))));
        check("1984-02-30", None);
        check("1984-3-21-1", None);
        check("about 1984", None);
        check("99999", None);
    }

    #[test]
    fn a_position_survives_its_input() {
        let check = |text: &str, expected: Option<(i32, i32)>| {
            let found = position(text);
            assert_eq!(found.map(|at| (at.latitude_e5, at.longitude_e5)), expected, "{text}");
            if let Some(at) = found {
                assert_eq!(position(&position_line(at)), Some(at), "{text}");
            }
        };
        check("51.50735, -0.12776", Some((5_150_735, -12_776)));
        check("39.9，116.4", Some((3_990_000, 11_640_000)));
        check("91, 0", None);
        check("NaN, 0", None);
        check("north of the river", None);
    }
}
