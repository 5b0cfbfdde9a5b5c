//! The calendar of an office: its meetings, its deadlines, what it is to do by a day; for a calendar program.
//!
//! Owns which moments are in it and their words. Must not let out what a case is about: a calendar leaves the house, and its
//! program keeps and shares it by rules we do not know. References, types and days only.

use domain::case::TaskState;
use domain::content::FieldValue;
use domain::ids::{CaseId, TypeCode};
use domain::instrument::Instrument;
use formats::ical::{Planned, Time, planned, write};
use node::people::Officer;
use node::view::{CaseLine, Rounds, Viewer};
use store::CaseFilter;

use crate::app::App;
use crate::i18n::Tongue;

/// The media type of a calendar.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// Most deadlines in one calendar: more than any office has open; those due first come first.
const DEADLINES_MAX: usize = 2_000;

/// The calendar of an officer's office as they may see it.
///
/// # Errors
/// [`node::Fault`] when the store or a record cannot be read.
pub async fn of(app: &App, officer: &Officer, tongue: Tongue) -> Result<Vec<u8>, node::Fault> {
    let viewer = Viewer::of(officer);
    let rounds = app.rounds(viewer.clone()).await?;
    let due = app
        .read(move |node, reader, now| -> Result<Vec<CaseLine>, node::Fault> {
            let mut filter = CaseFilter { our_office: Some(viewer.office.clone()), ..CaseFilter::default() };
            let mut due = Vec::new();
            loop {
                let (lines, next) = node.case_lines(reader, now, &viewer, &filter)?;
                let (with, without): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.due_at.is_some());
                due.extend(with);
                // Soonest first: after the first that has nothing due, none has.
                match next {
                    Some(after) if without.is_empty() && due.len() < DEADLINES_MAX => filter.after = Some(after),
                    _ => return Ok(due),
                }
            }
        })
        .await?;
    let node = app.node();
    let words = Words { instrument: node.instrument(), tongue };
    let mut events = words.meetings(officer, &rounds);
    events.extend(due.iter().take(DEADLINES_MAX).filter_map(|line| words.deadline(line)));
    events.extend(words.tasks(officer, &rounds, app.now()));
    let office = words.instrument.office(&officer.office).map(|office| office.name.get(&tongue.lang()).to_owned());
    let office = office.unwrap_or_else(|| officer.office.to_string());
    let (bytes, _) = write(&planned(&tongue.with("calendar-name", &[("office", &office)]), &events));
    Ok(bytes)
}

/// What the events are called.
struct Words<'i> {
    instrument: &'i Instrument,
    tongue: Tongue,
}

impl Words<'_> {
    /// The meetings the office has, where and when.
    fn meetings(&self, officer: &Officer, rounds: &Rounds) -> Vec<Planned> {
        let own = rounds.rounds.iter().filter(|round| round.line.our_office == officer.office && !round.agenda.is_off);
        let read = |round: &node::view::Round| {
            let (from, to) = round.agenda.dates?;
            let place = round.case.request.fields.values().find_map(|value| match value {
                FieldValue::Place(place) => Some(place.words.clone()),
                _ => None,
            });
            Some(Planned {
                uid: self.uid("meeting", &round.line.case),
                changed_at: round.line.updated_at,
                time: Time::Between(from, to),
                summary: self.summary("calendar-meeting", "type", &round.line.type_code, &round.line.case),
                description: String::new(),
                place: place.unwrap_or_default(),
            })
        };
        own.filter_map(read).collect()
    }

    /// When a case of the office is due next, whoever must act.
    fn deadline(&self, line: &CaseLine) -> Option<Planned> {
        Some(Planned {
            uid: self.uid("due", &line.case),
            changed_at: line.updated_at,
            time: Time::At(line.due_at?),
            summary: self.summary("calendar-due", "what", &line.type_code, &line.case),
            description: String::new(),
            place: String::new(),
        })
    }

    /// What the office is to do by a day.
    fn tasks(&self, officer: &Officer, rounds: &Rounds, now: jiff::Timestamp) -> Vec<Planned> {
        let open = |state: TaskState| matches!(state, TaskState::Open | TaskState::Late);
        let own = rounds.board.iter().filter(|one| one.owner == officer.office && open(one.state));
        own.map(|one| Planned {
            uid: self.uid(&format!("task-{}", one.number), &one.case),
            changed_at: now,
            time: Time::Day(one.due_on),
            summary: self.tongue.with("calendar-task", &[("case", &one.case)]),
            description: String::new(),
            place: String::new(),
        })
        .collect()
    }

    fn summary(&self, key: &str, name: &'static str, code: &TypeCode, case: &CaseId) -> String {
        let rule = self.instrument.request_type(code);
        let what = rule.map_or_else(|| code.to_string(), |rule| rule.name.get(&self.tongue.lang()).to_owned());
        self.tongue.with(key, &[(name, &what), ("case", case)])
    }

    fn uid(&self, what: &str, case: &CaseId) -> String {
        format!("{case}/{what}@{}.entente", self.instrument.id())
    }
}
