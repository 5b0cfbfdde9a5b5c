//! What makes a type a meeting: when it meets, which step records that it met, and what is on its agenda by itself.
//!
//! Owns the row and its reading from the file. Must not know what stands on any agenda (`agenda`).

use super::cursor::Table;
use super::read::Reader;
use super::request_type::{Field, FieldKind};
use super::step::Step;

/// The highest level of the ladder a file may name.
const LEVEL_MAX: u32 = 4;

/// A type whose cases are meetings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The interval field with its days.
    pub dates: String,
    /// The step that records that it met. What was on its agenda then stays as it was.
    pub held: String,
    /// Cases that stand on this level of the ladder or above are on its agenda by themselves; none are when absent, as where
    /// people from outside government sit.
    pub level: Option<u8>,
    /// The areas whose cases are; all of them when empty.
    pub areas: Vec<String>,
}

impl Meeting {
    /// Whether a case of this area on this level is on the agenda by itself.
    #[must_use]
    pub fn takes(&self, area: &str, level: u8) -> bool {
        let of_area = self.areas.is_empty() || self.areas.iter().any(|known| known == area);
        of_area && self.level.is_some_and(|least| level >= least)
    }
}

/// The `meeting` key of a type, where it has one.
pub(super) fn meeting(
    table: &mut Table<'_>,
    reader: &mut Reader<'_, '_>,
    fields: &[Field],
    steps: &[Step],
) -> Option<Meeting> {
    let node = table.optional("meeting")?;
    let mut meeting = node.table(reader.report)?;
    let intervals = || fields.iter().filter(|field| field.kind == FieldKind::Interval).map(|field| field.id.as_str());
    let dates = meeting.required(reader.report, "dates").and_then(|node| {
        let id = node.line(reader.report)?;
        if intervals().any(|known| known == id) {
            return Some(id);
        }
        reader.report.unknown(node.spot(), "unknown-field", "interval field", &id, intervals());
        None
    });
    let codes = || steps.iter().map(|step| step.code.as_str());
    let held = meeting.required(reader.report, "held").and_then(|node| {
        let code = node.line(reader.report)?;
        if codes().any(|known| known == code) {
            return Some(code);
        }
        reader.report.unknown(node.spot(), "unknown-step", "step", &code, codes());
        None
    });
    let level = meeting.optional("level").and_then(|node| node.number(reader.report, 1, LEVEL_MAX));
    let areas = meeting.optional("areas").map(|node| reader.names(&node, "areas", "unknown-area", "area"));
    meeting.finish(reader.report);
    Some(Meeting {
        dates: dates?,
        held: held?,
        level: level.and_then(|level| u8::try_from(level).ok()),
        areas: areas.unwrap_or_default(),
    })
}
