//! Machine-readable zones of travel documents (ICAO Doc 9303 parts 3 to 7): TD1, TD2, TD3 and the two visas.
//!
//! Owns the fields, their places and their check digits. Must not guess a century: a zone gives two digits of a year.

use domain::menu::Menu;

use crate::code::menu;
use crate::finding::{Code, Gathered, Loss, LossCode, Reading, Refused, shown};

mod digits;
mod records;
#[cfg(test)]
mod tests;

use digits::check_digit;
pub(crate) use records::{of_records, records};

/// Largest file read: a list of some ten thousand zones.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Most zones of one file.
pub const ZONES_MAX: usize = 10_000;

menu! {
    /// The kind of document, which says how many lines of what length there are.
    Layout {
        /// A card: three lines of 30 (Doc 9303-5).
        Td1 = "TD1",
        /// A larger card: two lines of 36 (Doc 9303-6).
        Td2 = "TD2",
        /// A passport: two lines of 44 (Doc 9303-4).
        Td3 = "TD3",
        /// A visa of the size of a passport's page (Doc 9303-7).
        MrvA = "MRV-A",
        /// A smaller visa.
        MrvB = "MRV-B",
    }
}

/// One zone, its fields without fillers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    layout: Layout,
    code: String,
    issuer: String,
    surname: String,
    given: String,
    number: String,
    nationality: String,
    birth: String,
    sex: char,
    expiry: String,
    optional: String,
    optional_second: String,
    /// Some issuers count the filler between the two parts of a long number in its check digit.
    filler_counted: bool,
}

/// The zones of a file, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zones {
    zones: Vec<Zone>,
}

impl Zone {
    /// The kind of document.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The primary identifier: a surname, with spaces.
    #[must_use]
    pub fn surname(&self) -> &str {
        &self.surname
    }

    /// The secondary identifier; may be cut short, or empty.
    #[must_use]
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The document's number, whole also where it runs on in the optional field.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Six digits, year first; an unknown part is empty and stands as `<<`.
    #[must_use]
    pub fn birth(&self) -> &str {
        &self.birth
    }

    /// Until when the document is valid, likewise.
    #[must_use]
    pub fn expiry(&self) -> &str {
        &self.expiry
    }
}

impl Zones {
    /// Each zone.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }
}

/// Reads zones: their lines one after the other, blank lines between allowed.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Zones>, Refused> {
    let mut found = Gathered::default();
    let zones = zones(bytes, &mut found);
    found.ruled(zones)
}

/// Writes the zones in the letters of their documents. A name longer than its field is cut by the rules of
/// Doc 9303-3 §4.6, and the loss is listed.
#[must_use]
pub fn write(zones: &Zones) -> (Vec<u8>, Vec<Loss>) {
    let mut out = String::new();
    let mut losses = Vec::new();
    for zone in &zones.zones {
        for line in lines(zone) {
            out.push_str(&line);
            out.push('\n');
        }
        let whole = full_name(zone);
        let room = name_room(zone.layout);
        if whole.len() > room {
            losses.push(Loss { code: LossCode::Coarser, at: "name".to_owned(), count: 1, first: shown(&whole) });
        }
    }
    (out.into_bytes(), losses)
}

fn zones(bytes: &[u8], found: &mut Gathered) -> Option<Zones> {
    if bytes.len() > FILE_BYTES_MAX {
        found.error(Code::TooLarge, "", format!("at most {FILE_BYTES_MAX} bytes are read"));
        return None;
    }
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            found.warning(Code::ByteOrderMark, "1:1", "a byte-order mark is passed over");
            rest
        }
        None => bytes,
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        found.error(Code::NotUtf8, "", "a zone is written in A to Z, 0 to 9 and `<`");
        return None;
    };
    let numbered = text.lines().enumerate().map(|(place, line)| (place + 1, line.trim_end()));
    let mut lines = numbered.filter(|(_, line)| !line.trim().is_empty()).peekable();
    let mut zones = Vec::new();
    while let Some((number, first)) = lines.next() {
        let Some((layout, count)) = layout(first) else {
            let words = format!("{} characters; a zone has lines of 30, 36 or 44", first.chars().count());
            found.error(Code::BadLine, format!("{number}:1"), words);
            return None;
        };
        let mut zone_lines = vec![first];
        while zone_lines.len() < count {
            match lines.next_if(|(_, line)| line.len() == first.len()) {
                Some((_, line)) => zone_lines.push(line),
                None => {
                    let words = format!("{} has {count} lines of {}", layout.code(), first.len());
                    found.error(Code::NotClosed, format!("{}:1", number + zone_lines.len()), words);
                    return None;
                }
            }
        }
        for (place, line) in zone_lines.iter().enumerate() {
            if let Some(at) = line.chars().position(|c| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<')) {
                let at = format!("{}:{}", number + place, at + 1);
                found.error(Code::BadCharacter, at, "a zone is written in A to Z, 0 to 9 and `<`");
                return None;
            }
        }
        zones.push(digits::zone(layout, &zone_lines, number, found)?);
        if zones.len() > ZONES_MAX {
            found.error(Code::TooManyObjects, "", format!("more than {ZONES_MAX} zones"));
            return None;
        }
    }
    if zones.is_empty() {
        found.error(Code::NotThisFormat, "1:1", "there is no zone in it");
        return None;
    }
    Some(Zones { zones })
}

/// The layout a first line begins, with its number of lines.
fn layout(line: &str) -> Option<(Layout, usize)> {
    let visa = line.starts_with('V');
    match (line.len(), visa) {
        (30, _) => Some((Layout::Td1, 3)),
        (36, false) => Some((Layout::Td2, 2)),
        (36, true) => Some((Layout::MrvB, 2)),
        (44, false) => Some((Layout::Td3, 2)),
        (44, true) => Some((Layout::MrvA, 2)),
        _ => None,
    }
}

/// Room for the name, in characters.
fn name_room(layout: Layout) -> usize {
    match layout {
        Layout::Td1 => 30,
        Layout::Td2 | Layout::MrvB => 31,
        Layout::Td3 | Layout::MrvA => 39,
    }
}

fn full_name(zone: &Zone) -> String {
    let part = |text: &str| text.replace(' ', "<");
    if zone.given.is_empty() { part(&zone.surname) } else { format!("{}<<{}", part(&zone.surname), part(&zone.given)) }
}

/// A field of exactly this length: filled up, or cut.
fn field(text: &str, length: usize) -> String {
    let mut field: String = text.chars().take(length).collect();
    while field.len() < length {
        field.push('<');
    }
    field
}

fn guarded(text: &str, length: usize) -> String {
    let field = field(text, length);
    let digit = check_digit(&field);
    format!("{field}{digit}")
}

fn lines(zone: &Zone) -> Vec<String> {
    let name = field(&full_name(zone), name_room(zone.layout));
    let head = format!("{}{}", field(&zone.code, 2), field(&zone.issuer, 3));
    let (birth, expiry) = (guarded(&zone.birth, 6), guarded(&zone.expiry, 6));
    let nationality = field(&zone.nationality, 3);
    // A number longer than its field runs on in the optional one, behind a filler (Doc 9303-5 §4.2.2.1 note j).
    let (number, over) = digits::number(zone);
    match zone.layout {
        Layout::Td1 => {
            let optional = field(&format!("{over}{}", zone.optional), 15);
            let second = field(&zone.optional_second, 11);
            let first = format!("{head}{number}{optional}");
            let middle = format!("{birth}{}{expiry}{nationality}{second}", zone.sex);
            let all = format!("{}{}{}{}", &first[5..], &middle[..7], &middle[8..15], &middle[18..29]);
            vec![first, format!("{middle}{}", check_digit(&all)), name]
        }
        Layout::Td2 => {
            let optional = field(&format!("{over}{}", zone.optional), 7);
            let line = format!("{number}{nationality}{birth}{}{expiry}{optional}", zone.sex);
            let all = format!("{}{}{}", &line[..10], &line[13..20], &line[21..35]);
            vec![format!("{head}{name}"), format!("{line}{}", check_digit(&all))]
        }
        Layout::Td3 => {
            let optional = field(&zone.optional, 14);
            let digit = if zone.optional.is_empty() { '<' } else { check_digit(&optional) };
            let line = format!("{number}{nationality}{birth}{}{expiry}{optional}{digit}", zone.sex);
            let all = format!("{}{}{}", &line[..10], &line[13..20], &line[21..43]);
            vec![format!("{head}{name}"), format!("{line}{}", check_digit(&all))]
        }
        Layout::MrvA | Layout::MrvB => {
            let room = if zone.layout == Layout::MrvA { 16 } else { 8 };
            let optional = field(&zone.optional, room);
            let line = format!("{number}{nationality}{birth}{}{expiry}{optional}", zone.sex);
            vec![format!("{head}{name}"), line]
        }
    }
}
