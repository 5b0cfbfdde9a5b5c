//! Fields of a zone by their places, and the digits that guard them (Doc 9303-3 §4.9).
//!
//! Owns the places and the arithmetic. Must not know files.

use domain::menu::Menu;

use super::{Layout, Zone, lines};
use crate::finding::{Code, Gathered, shown};

/// The check digit of a field: weights 7, 3, 1; letters count from 10, fillers nothing.
pub(crate) fn check_digit(field: &str) -> char {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    };
    let sum: u32 = field.bytes().zip([7, 3, 1].into_iter().cycle()).map(|(byte, weight)| value(byte) * weight).sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

/// The document's number with its digit, nine characters and one, and what runs on in the optional field.
pub(super) fn number(zone: &Zone) -> (String, String) {
    let runs_on = zone.number.len() > 9 && matches!(zone.layout, Layout::Td1 | Layout::Td2);
    if runs_on {
        let (head, tail) = zone.number.split_at(9);
        let digit =
            if zone.filler_counted { check_digit(&format!("{head}<{tail}")) } else { check_digit(&zone.number) };
        return (format!("{head}<"), format!("{tail}{digit}<"));
    }
    let field = super::field(&zone.number, 9);
    let digit = check_digit(&field);
    (format!("{field}{digit}"), String::new())
}

/// The zone of these lines, which hold nothing but the letters of a zone.
pub(super) fn zone(layout: Layout, given: &[&str], at: usize, found: &mut Gathered) -> Option<Zone> {
    let (first, second) = (given.first()?, given.get(1)?);
    let name = match layout {
        Layout::Td1 => given.get(2).copied()?,
        Layout::Td2 | Layout::Td3 | Layout::MrvA | Layout::MrvB => first.get(5..)?,
    };
    let (surname, given_names) = names(name);
    let (numbered, from) = if layout == Layout::Td1 { (first, 5) } else { (second, 0) };
    let place = |td1: std::ops::Range<usize>, other: std::ops::Range<usize>| {
        second.get(if layout == Layout::Td1 { td1 } else { other })
    };
    let optional = match layout {
        Layout::Td1 => first.get(15..30)?,
        Layout::Td2 => second.get(28..35)?,
        Layout::Td3 => second.get(28..42)?,
        Layout::MrvA | Layout::MrvB => second.get(28..)?,
    };
    let (number, optional, filler_counted) = whole_number(layout, numbered.get(from..from + 10)?, optional);
    let bare = |text: &str| text.trim_end_matches('<').to_owned();
    let zone = Zone {
        layout,
        code: bare(first.get(0..2)?),
        issuer: bare(first.get(2..5)?),
        surname,
        given: given_names,
        number,
        nationality: bare(place(15..18, 10..13)?),
        birth: bare(place(0..6, 13..19)?),
        sex: place(7..8, 20..21)?.chars().next()?,
        expiry: bare(place(8..14, 21..27)?),
        optional,
        filler_counted,
        optional_second: if layout == Layout::Td1 { bare(second.get(18..29)?) } else { String::new() },
    };
    judge(&zone, given, at, found);
    Some(zone)
}

fn judge(zone: &Zone, given: &[&str], at: usize, found: &mut Gathered) {
    if !zone.code.starts_with(|c: char| c.is_ascii_uppercase()) {
        found.error(Code::BadType, format!("{at}:1"), "a zone begins with the letter of its document");
    }
    let country = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase());
    for (name, value) in [("issuing state", &zone.issuer), ("nationality", &zone.nationality)] {
        if !country(value) {
            found.error(Code::BadValue, format!("{at}:3"), format!("`{}` is no code of a {name}", shown(value)));
        }
    }
    if !matches!(zone.sex, 'M' | 'F' | 'X' | '<') {
        found.error(Code::BadChoice, format!("{}:1", at + 1), "sex is `M`, `F`, `X` or `<`");
    }
    if zone.surname.is_empty() && zone.given.is_empty() {
        found.error(Code::MissingProperty, format!("{at}:6"), "a zone has a name");
    }
    for (value, name, may_be_unknown) in [(&zone.birth, "date of birth", true), (&zone.expiry, "date of expiry", false)]
    {
        if !is_date(value, may_be_unknown) {
            let words = format!("`{}` is no {name} of six digits", shown(value));
            found.error(Code::BadTime, format!("{}:1", at + 1), words);
        }
    }
    // Every digit is judged at once: the zone is written anew, and where the two differ a digit is wrong. The name has no
    // digit, and its fillers vary between issuers.
    let name_line = if zone.layout == Layout::Td1 { 2 } else { 0 };
    for (line, (told, made)) in given.iter().zip(lines(zone)).enumerate().filter(|(line, _)| *line != name_line) {
        for (place, (told, made)) in told.chars().zip(made.chars()).enumerate() {
            // A personal number's digit may be left out or `0` where there is none (Doc 9303-4 §4.2.2.2).
            let optional_digit = zone.layout == Layout::Td3 && place == 42 && told == '0' && made == '<';
            if told != made && !optional_digit {
                let here = format!("{}:{}", at + line, place + 1);
                let words = format!("`{told}` stands where {} demands `{made}`", zone.layout.code());
                found.error(if made.is_ascii_digit() { Code::BadCheckDigit } else { Code::BadLine }, here, words);
            }
        }
    }
}

/// A date of two digits each; a birth may lack its day, or its month and day, or all.
fn is_date(text: &str, may_be_unknown: bool) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        0 => may_be_unknown,
        2 => may_be_unknown && digits(text),
        4 => may_be_unknown && digits(text) && ("01"..="12").contains(&&text[2..]),
        // Whether the century had a 29 February is unknown with it: the year 2000 had one.
        6 => digits(text) && crate::time::date(&format!("20{}-{}-{}", &text[..2], &text[2..4], &text[4..])).is_some(),
        _ => false,
    }
}

/// The number, the optional field without the part of the number that runs on in it, and whether the digit of such a
/// number counts the filler between its parts.
fn whole_number(layout: Layout, field: &str, optional: &str) -> (String, String, bool) {
    let (number, digit) = field.split_at(9);
    let bare = |text: &str| text.trim_end_matches('<').to_owned();
    if digit == "<" && matches!(layout, Layout::Td1 | Layout::Td2) && !optional.starts_with('<') {
        let (tail, rest) = optional.split_once('<').unwrap_or((optional, ""));
        let (tail, told) = tail.split_at(tail.len().saturating_sub(1));
        let counted = check_digit(&format!("{number}<{tail}")).to_string() == told;
        let whole = format!("{number}{tail}");
        let filler_counted = counted && check_digit(&whole).to_string() != told;
        return (whole, bare(rest), filler_counted);
    }
    (bare(number), bare(optional), false)
}

fn names(field: &str) -> (String, String) {
    let field = field.trim_end_matches('<');
    let (surname, given) = field.split_once("<<").unwrap_or((field, ""));
    let spaced = |text: &str| text.split('<').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    (spaced(surname), spaced(given))
}
