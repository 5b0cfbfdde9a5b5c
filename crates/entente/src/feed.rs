//! The calendar of an office: its meetings, its deadlines, what it is to do by a day; for a calendar program.
//!
//! Owns which moments are in it and their words. Must not let out what a case is about: a calendar leaves the house, and its
//! program keeps and shares it by rules we do not know. References, types and days only.

use domain::case::TaskState;
use domain::content::FieldValue;
use domain::ids::{CaseId, PartyId};
use domain::instrument::Instrument;
use formats::ical::{Planned, Time, planned, write};
use node::Node;
use node::people::Officer;
use node::view::{CaseLine, Rounds, Viewer};
use store::CaseFilter;

use crate::app::App;
use crate::i18n::Tongue;

/// The media type of a calendar.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// Most deadlines in one calendar: more than any office has open; those due first come first.
const DEADLINES_MAX: usize = 2_000;

/// The calendar of an officer's office as they may see it; with `only`, of matters under the instrument of that id.
///
/// # Errors
/// [`node::Fault`] when the store or a record cannot be read.
pub async fn of(app: &App, officer: &Officer, tongue: Tongue, only: Option<&str>) -> Result<Vec<u8>, node::Fault> {
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
    let words = Words { node: &node, tongue, only };
    let mut events = words.meetings(officer, &rounds);
    events.extend(due.iter().take(DEADLINES_MAX).filter_map(|line| words.deadline(line)));
    events.extend(words.tasks(officer, &rounds, app.now()));
    let office = node
        .instrument_naming(&officer.office)
        .office(&officer.office)
        .map(|office| office.name.get(&tongue.lang()).to_owned());
    let office = office.unwrap_or_else(|| officer.office.to_string());
    let (bytes, _) = write(&planned(&tongue.with("calendar-name", &[("office", &office)]), &events));
    Ok(bytes)
}

/// What the events are called.
struct Words<'i> {
    node: &'i Node,
    tongue: Tongue,
    only: Option<&'i str>,
}

impl Words<'_> {
    /// The meetings the office has, where and when.
    fn meetings(&self, officer: &Officer, rounds: &Rounds) -> Vec<Planned> {
        let own = rounds.rounds.iter().filter(|round| round.line.our_office == officer.office && !round.agenda.is_off);
        let own = own.filter(|round| self.is_asked(self.under(&round.line.peer)));
        let read = |round: &node::view::Round| {
            let (from, to) = round.agenda.dates?;
            let place = round.case.request.fields.values().find_map(|value| match value {
                FieldValue::Place(place) => Some(place.words.clone()),
                _ => None,
            });
            Some(Planned {
                uid: uid("meeting", &round.line.case, self.under(&round.line.peer)),
                changed_at: round.line.updated_at,
                time: Time::Between(from, to),
                summary: self.summary("calendar-meeting", "type", &round.line),
                description: String::new(),
                place: place.unwrap_or_default(),
            })
        };
        own.filter_map(read).collect()
    }

    /// When a case of the office is due next, whoever must act.
    fn deadline(&self, line: &CaseLine) -> Option<Planned> {
        let under = Some(self.under(&line.peer)).filter(|under| self.is_asked(under))?;
        Some(Planned {
            uid: uid("due", &line.case, under),
            changed_at: line.updated_at,
            time: Time::At(line.due_at?),
            summary: self.summary("calendar-due", "what", line),
            description: String::new(),
            place: String::new(),
        })
    }

    /// What the office is to do by a day.
    fn tasks(&self, officer: &Officer, rounds: &Rounds, now: jiff::Timestamp) -> Vec<Planned> {
        let open = |state: TaskState| matches!(state, TaskState::Open | TaskState::Late);
        let own = rounds.board.iter().filter(|one| one.owner == officer.office && open(one.state));
        // What is to be done was undertaken at a meeting or in another case with one of the Parties.
        let under = |case: &CaseId| {
            let round = rounds.rounds.iter().find(|round| round.line.case == *case);
            round.map_or_else(|| self.node.instrument_naming(&officer.office), |round| self.under(&round.line.peer))
        };
        let own = own.filter(|one| self.is_asked(under(&one.case)));
        own.map(|one| Planned {
            uid: uid(&format!("task-{}", one.number), &one.case, under(&one.case)),
            changed_at: now,
            time: Time::Day(one.due_on),
            summary: self.tongue.with("calendar-task", &[("case", &one.case)]),
            description: String::new(),
            place: String::new(),
        })
        .collect()
    }

    /// The instrument matters with another Party stand under.
    fn under(&self, peer: &PartyId) -> &Instrument {
        self.node.instrument_with(peer)
    }

    fn is_asked(&self, under: &Instrument) -> bool {
        self.only.is_none_or(|only| only == under.id())
    }

    fn summary(&self, key: &str, name: &'static str, line: &CaseLine) -> String {
        let (code, case) = (&line.type_code, &line.case);
        let rule = self.under(&line.peer).request_type(code);
        let what = rule.map_or_else(|| code.to_string(), |rule| rule.name.get(&self.tongue.lang()).to_owned());
        self.tongue.with(key, &[(name, &what), ("case", case)])
    }
}

fn uid(what: &str, case: &CaseId, under: &Instrument) -> String {
    format!("{case}/{what}@{}.entente", under.id())
}
