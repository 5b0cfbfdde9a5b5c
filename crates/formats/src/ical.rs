//! iCalendar (RFC 5545, with the invitations of RFC 5546): meetings and deadlines.
//!
//! Owns the lines, the components and their rules. Must not expand a repetition: how often a meeting returns is computed
//! where it is shown, within bounds. Must not open what a calendar attaches.

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};

mod lines;
mod planned;
mod records;
mod rules;
#[cfg(test)]
mod tests;

pub use planned::{Planned, Time, planned};
pub(crate) use records::{of_records, records};

/// Largest file read: a year of an office's calendar with its zones.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Longest unfolded line in bytes: a description, or a small attachment in base64.
pub const LINE_BYTES_MAX: usize = 128 * 1024;
/// Most lines of one file.
pub const LINES_MAX: usize = 200_000;
/// Deepest nesting: an alarm in an event in a calendar, and some of others' making.
pub const DEPTH_MAX: usize = 8;

/// One line, unfolded: a property with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Property {
    /// In capitals.
    pub(crate) name: String,
    /// Names in capitals, with their values.
    pub(crate) parameters: Vec<(String, Vec<String>)>,
    /// As it stands: not yet unescaped.
    pub(crate) value: String,
}

/// A component: its properties and the components in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Component {
    /// In capitals.
    pub(crate) name: String,
    pub(crate) properties: Vec<Property>,
    pub(crate) components: Vec<Component>,
}

/// The calendars of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendars {
    calendars: Vec<Component>,
}

impl Calendars {
    /// How many events there are.
    #[must_use]
    pub fn events(&self) -> usize {
        let all = self.calendars.iter().flat_map(|calendar| &calendar.components);
        all.filter(|component| component.name == "VEVENT").count()
    }
}

impl Property {
    pub(crate) fn new(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), parameters: Vec::new(), value: value.to_owned() }
    }

    /// The first value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.and_then(|(_, values)| values.first()).map(String::as_str)
    }
}

impl Component {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), properties: Vec::new(), components: Vec::new() }
    }

    /// The first property of this name.
    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    pub(crate) fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }
}

/// Reads calendars.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Calendars>, Refused> {
    let mut found = Gathered::default();
    let calendars = lines::components(bytes, &mut found);
    if let Some(calendars) = &calendars {
        for (place, calendar) in calendars.iter().enumerate() {
            if calendar.name != "VCALENDAR" {
                found.error(Code::NotThisFormat, "1:1", format!("`{}` is no calendar", shown(&calendar.name)));
                continue;
            }
            rules::calendar(calendar, &format!("/VCALENDAR[{}]", place + 1), &mut found);
        }
    }
    found.ruled(calendars.map(|calendars| Calendars { calendars }))
}

/// Writes calendars with lines of 75 octets at most (§3.1); unknown properties and components are in them. Nothing is
/// lost.
#[must_use]
pub fn write(calendars: &Calendars) -> (Vec<u8>, Vec<Loss>) {
    let mut out = String::new();
    calendars.calendars.iter().for_each(|calendar| lines::write(calendar, &mut out));
    (out.into_bytes(), Vec::new())
}
