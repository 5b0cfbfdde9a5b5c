//! The desk: what wants the viewer's hand today, what waits for others, and the safeguard questions they may answer.
//!
//! Owns what stands on the desk and in which order. Must not know drafts' contents: the desk page asks for those apart.

use domain::act::{ActKind, Role};
use domain::case::{Case, Task};
use domain::clock::{Clock, ClockKind};
use domain::deadline::Deadline;
use domain::due;
use domain::handling::Tlp;
use domain::ids::{CaseId, PartyId, TypeCode};
use domain::judge;
use domain::menu::Menu;
use domain::procedure::{self, By, Side, Stage};
use domain::safeguard::{self, Gate};
use domain::text::Prose;
use jiff::Timestamp;
use store::{CaseFilter, Moment, Reader};

use super::raised::RungTask;
use super::steps::{Measure, gates_before, measures, ways_with};
use super::{CaseLine, Lateness, PreparedTask, Turn, Viewer, ways_on};
use crate::fault::Fault;
use crate::party::Node;
use crate::reveal::{CUSTODIANS, Reveal};

/// Most lines on a desk: what one person can take in; the case list pages through the rest.
const LINES_MAX: usize = 25;
/// Most cases looked through for safeguard questions; each is folded.
const ASKED_CASES_MAX: usize = 25;

/// Most cases looked through for measures and duties of care; each is folded.
const FOLDED_CASES_MAX: usize = 25;

/// A desk at a moment.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The four numbers at its head.
    pub tiles: Tiles,
    /// The open cases of the viewer's office: first those the viewer must move, then by when they are due.
    pub lines: Vec<CaseLine>,
    /// Whether the office has more of them than `lines` shows.
    pub more: bool,
    /// What the ladder wants of the viewer's office, the soonest due first.
    pub raised: Vec<RungTask>,
    /// How much more of that there is than `raised` shows.
    pub raised_more: usize,
    /// What is being prepared in the viewer's office, as far as they write, review or sign it.
    pub prepared: Vec<PreparedTask>,
    /// Safeguard questions the viewer may answer now.
    pub questions: Vec<GateTask>,
    /// Measures of the office's cases that run out within the first alarm, the soonest first.
    pub measures: Vec<MeasureTask>,
    /// What is still owed for what was handed over, by either side, the soonest first.
    pub duties: Vec<DutyTask>,
    /// Questions whether an office of ours may see behind a mask, for the office that has the case; the oldest first.
    pub reveals: Vec<RevealTask>,
}

/// What waits, for the viewer's office: cases it has, and duties of its levels of the ladder. What another office or the
/// other Party is late with is no lateness of this one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tiles {
    /// Ours to do, and due before now.
    pub overdue: u64,
    /// Ours to do, and due from now until the end of today.
    pub due_today: u64,
    /// Ours to do.
    pub waiting_us: u64,
    /// The other Party's to do, in cases this office has.
    pub waiting_them: u64,
}

/// A question whether an office of ours may see a case whole.
#[derive(Debug, Clone)]
pub struct RevealTask {
    /// The case.
    pub case: CaseId,
    /// The matter.
    pub title: Prose,
    /// Its number in the case.
    pub number: usize,
    /// The question.
    pub reveal: Reveal,
    /// Whether the viewer may answer it.
    pub yours: bool,
}

/// A measure that runs out.
#[derive(Debug, Clone)]
pub struct MeasureTask {
    /// The case.
    pub case: CaseId,
    /// The matter.
    pub title: Prose,
    /// Its type.
    pub type_code: TypeCode,
    /// The measure.
    pub measure: Measure,
    /// The steps by which the viewer's office may see to it now: prolong it, ask for that, end it.
    pub next: Vec<String>,
    /// The roles that may record them.
    pub roles: Vec<Role>,
    /// Whether the viewer has one.
    pub yours: bool,
}

/// A duty of care somebody owes.
#[derive(Debug, Clone)]
pub struct DutyTask {
    /// The case.
    pub case: CaseId,
    /// The matter.
    pub title: Prose,
    /// What is owed.
    pub duty: Duty,
    /// Who owes it.
    pub party: PartyId,
    /// By when; `None` while the question is on its way.
    pub due_at: Option<Timestamp>,
}

/// What may be owed beside what a case waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duty {
    /// An answer on consent, or a report of compliance.
    Care(ClockKind),
    /// A step of the type in a time of its own.
    Step(TypeCode, String),
    /// Something undertaken at a meeting.
    Task(Prose),
}

/// A safeguard question waiting for somebody of the viewer's roles.
#[derive(Debug, Clone)]
pub struct GateTask {
    /// The case.
    pub case: CaseId,
    /// The matter.
    pub title: Prose,
    /// Its type.
    pub type_code: TypeCode,
    /// The act that cannot be done without the answer.
    pub act: ActKind,
    /// The safeguard.
    pub gate: Gate,
    /// When the act is due.
    pub due_at: Option<Timestamp>,
}

impl Node {
    /// The viewer's desk at `now`.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn desk(&self, reader: &dyn Reader, now: Timestamp, viewer: &Viewer) -> Result<Desk, Fault> {
        let filter = CaseFilter { our_office: Some(viewer.office.clone()), ..CaseFilter::default() };
        let (mut lines, _) = self.case_lines(reader, now, viewer, &filter)?;
        let mut raised = self.raised(reader, now, viewer)?;
        let tiles = self.tiles(reader, now, viewer, &raised)?;
        lines.retain(|line| line.turn != Turn::Over);
        lines.sort_by_key(|line| {
            (!matches!(line.turn, Turn::Ours { yours: true, .. }), line.due_at.is_none(), line.due_at)
        });
        let others = raised.iter().map(|task| &task.line).filter(|line| line.our_office != viewer.office);
        let questions = self.gate_tasks(reader, viewer, others.chain(&lines))?;
        let (measures, mut duties) = self.looked_after(reader, now, viewer, &lines)?;
        duties.extend(self.own_tasks(reader, now, viewer)?);
        duties.sort_by_key(|task| (task.due_at.is_none(), task.due_at));
        for line in &mut lines {
            let owed = duties.iter().filter(|task| task.case == line.case);
            let mut steps = owed.filter_map(|task| match &task.duty {
                Duty::Step(_, step) => Some(step.clone()),
                Duty::Care(_) | Duty::Task(_) => None,
            });
            line.awaited = steps.next();
        }
        let reveals = self.reveal_tasks(reader, viewer)?;
        let more = lines.len() > LINES_MAX;
        lines.truncate(LINES_MAX);
        let raised_more = raised.len().saturating_sub(LINES_MAX);
        raised.truncate(LINES_MAX);
        let prepared = self.prepared_tasks(reader, viewer)?;
        Ok(Desk { tiles, lines, more, raised, raised_more, prepared, questions, measures, duties, reveals })
    }

    /// The numbers at the head, each counted by the filter of the list it leads to; with the duties of the ladder, which
    /// that list shows beside its cases.
    fn tiles(&self, reader: &dyn Reader, now: Timestamp, viewer: &Viewer, raised: &[RungTask]) -> Result<Tiles, Fault> {
        let ours = || CaseFilter {
            turn: Some(self.me().clone()),
            our_office: Some(viewer.office.clone()),
            mark: viewer.second_track.then(|| Tlp::Clear.code().to_owned()),
            ..CaseFilter::default()
        };
        let (now, today_ends) = (Moment::from(now), Moment::from(self.today_ends(now)));
        let overdue = CaseFilter { overdue_before: Some(now), ..ours() };
        let today = CaseFilter { due_from: Some(now), overdue_before: Some(today_ends), ..ours() };
        // A refusal is reconsidered where the ladder says, and is counted there.
        let count = |filter: CaseFilter| -> Result<u64, Fault> {
            let all = reader.case_count(&filter)?;
            let stage = Some(Stage::Reconsidering.code().to_owned());
            Ok(all.saturating_sub(reader.case_count(&CaseFilter { stage, ..filter })?))
        };
        let duties = |wanted: &[Lateness]| raised.iter().filter(|task| wanted.contains(&task.lateness)).count() as u64;
        let others = CaseFilter { turn: None, turn_of_others: Some(self.me().clone()), ..ours() };
        let waiting_them = reader.case_count(&others)?;
        Ok(Tiles {
            overdue: count(overdue)? + duties(&[Lateness::Overdue]),
            due_today: count(today)? + duties(&[Lateness::Today]),
            waiting_us: count(ours())? + raised.len() as u64,
            waiting_them,
        })
    }

    /// Measures that run out and duties of care, of the cases that want something soonest.
    fn looked_after(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        viewer: &Viewer,
        lines: &[CaseLine],
    ) -> Result<(Vec<MeasureTask>, Vec<DutyTask>), Fault> {
        let (mut running, mut duties) = (Vec::new(), Vec::new());
        for line in lines.iter().take(FOLDED_CASES_MAX) {
            let Some(dossier) = self.load(reader, &line.case)? else { continue };
            let case = &dossier.case;
            let instrument = self.instrument_of(case);
            let Some(rule) = case.rule(instrument) else { continue };
            let alarming = measures(case, rule, instrument, now).into_iter().filter(|one| one.alarm > 0);
            let us = case.side(self.me()).unwrap_or(Side::Requesting);
            let ours = |row: &&procedure::Row| row.by == By::Officer(us) || row.by == By::EitherOfficer;
            let mut roles: Vec<Role> =
                case.rows(ActKind::Record).filter(ours).flat_map(|row| row.roles).copied().collect();
            roles.dedup();
            running.extend(alarming.map(|measure| MeasureTask {
                case: line.case.clone(),
                title: line.title.clone(),
                type_code: line.type_code.clone(),
                next: ways_with(case, rule, us, &viewer.office, &measure.taken),
                yours: viewer.is_any(&roles),
                roles: roles.clone(),
                measure,
            }));
            let of_care = owed(case)
                .map(|(kind, party, clock)| (Duty::Care(kind), party, clock.and_then(Clock::deadline).cloned()));
            let of_steps = due::awaited(case, instrument)
                .into_iter()
                .map(|one| (Duty::Step(line.type_code.clone(), one.step), case.party(one.side).clone(), Some(one.due)));
            let of_meetings = tasks(case).map(|(task, what)| (Duty::Task(what), case.party(task.side).clone(), task));
            let of_meetings = of_meetings.map(|(duty, party, task)| (duty, party, deadline(task)));
            duties.extend(of_care.chain(of_steps).chain(of_meetings).map(|(duty, party, due)| DutyTask {
                case: line.case.clone(),
                title: line.title.clone(),
                duty,
                party,
                due_at: due.map(|due| due.due_at),
            }));
        }
        running.sort_by_key(|task| task.measure.until);
        Ok((running, duties))
    }

    /// What the viewer's office is to do for a meeting that another office has: of all meetings, not of a page of cases.
    fn own_tasks(&self, reader: &dyn Reader, now: Timestamp, viewer: &Viewer) -> Result<Vec<DutyTask>, Fault> {
        let in_force = self.instruments().lineages().map(|lineage| &lineage.in_force().instrument);
        let types = in_force.flat_map(|instrument| instrument.types().values());
        let types = types.filter(|rule| rule.extras.contains(&ActKind::Undertake)).map(|rule| rule.code.clone());
        let mut filter = CaseFilter { types: types.collect(), ..CaseFilter::default() };
        let mut found = Vec::new();
        if filter.types.is_empty() {
            return Ok(found);
        }
        loop {
            let (lines, next) = self.case_lines(reader, now, viewer, &filter)?;
            for line in lines.into_iter().filter(|line| line.our_office != viewer.office) {
                let Some(dossier) = self.load(reader, &line.case)? else { continue };
                let own = tasks(&dossier.case).filter(|(task, _)| task.owner == viewer.office);
                found.extend(own.map(|(task, what)| DutyTask {
                    case: line.case.clone(),
                    title: line.title.clone(),
                    duty: Duty::Task(what),
                    party: self.me().clone(),
                    due_at: deadline(task).map(|due| due.due_at),
                }));
            }
            match next {
                Some(after) => filter.after = Some(after),
                None => return Ok(found),
            }
        }
    }

    /// The open questions about masks in cases the viewer's office has. Found by a note of their own, for what was asked in
    /// an old case must not be missed; the second track sees none.
    fn reveal_tasks(&self, reader: &dyn Reader, viewer: &Viewer) -> Result<Vec<RevealTask>, Fault> {
        let mut tasks = Vec::new();
        if viewer.second_track {
            return Ok(tasks);
        }
        for (id, number) in self.open_reveals(reader)? {
            let Some(row) = reader.case(&id)?.filter(|row| row.our_office == viewer.office) else { continue };
            let asked = self.reveals(reader, &id)?.into_iter().nth(number - 1);
            let Some((reveal, None)) = asked else { continue };
            let yours = viewer.is_any(CUSTODIANS) && reveal.by.id != viewer.id;
            tasks.push(RevealTask { case: id, title: self.summary(&row)?.title, number, reveal, yours });
        }
        tasks.sort_by_key(|task| task.reveal.at);
        tasks.truncate(LINES_MAX);
        Ok(tasks)
    }

    fn gate_tasks<'l>(
        &self,
        reader: &dyn Reader,
        viewer: &Viewer,
        lines: impl Iterator<Item = &'l CaseLine>,
    ) -> Result<Vec<GateTask>, Fault> {
        let mut tasks = Vec::new();
        let ours = lines.filter(|line| matches!(line.turn, Turn::Ours { .. })).take(ASKED_CASES_MAX);
        for line in ours {
            let Some(rule) = self.type_with(&line.peer, &line.type_code) else { continue };
            let side = match line.direction {
                store::Direction::Outgoing => Side::Requesting,
                store::Direction::Incoming => Side::Requested,
            };
            let (mut acts, _) = ways_on(rule.procedure, line.stage, side);
            // What is answered of its words is asked once they are written, and listed with them.
            acts.retain(|act| !act.is_prepared());
            let theirs = |act: &ActKind| rule.gates_at(*act).any(|gate| viewer.is_any(safeguard::answerers(gate)));
            if !acts.iter().any(theirs) {
                continue;
            }
            let Some(dossier) = self.load(reader, &line.case)? else { continue };
            let (case, given) = (&dossier.case, self.pending_gates(reader, &line.case)?);
            // The list stands under several versions, the case under its own.
            let instrument = self.instrument_of(case);
            let Some(rule) = case.rule(instrument) else { continue };
            // What is asked is what may be answered: by this office, and of this matter.
            for act in acts.into_iter().filter(|act| judge::answers_in(case, instrument, *act, &viewer.office)) {
                let bound = gates_before(case, rule, side, &viewer.office, act, None).into_iter();
                let open = |gate: &Gate| !given.iter().any(|(bound, answer)| *bound == act && answer.gate == *gate);
                let mine = |gate: &Gate| viewer.is_any(safeguard::answerers(*gate));
                tasks.extend(bound.filter(open).filter(mine).map(|gate| GateTask {
                    case: line.case.clone(),
                    title: line.title.clone(),
                    type_code: line.type_code.clone(),
                    act,
                    gate,
                    due_at: line.due_at,
                }));
            }
        }
        Ok(tasks)
    }
}

/// What either side of a case still owes for what was handed over.
fn owed(case: &Case) -> impl Iterator<Item = (ClockKind, PartyId, Option<&Clock>)> {
    let consents = case.care.consents.iter().filter(|one| one.answer.is_none());
    let consents = consents.map(|one| (ClockKind::Consent, one.by.other(), one.clock.as_ref()));
    let reports = case.care.retractions.iter().filter(|one| one.report.is_none());
    let reports = reports.map(|one| (ClockKind::Compliance, one.by.other(), one.clock.as_ref()));
    consents.chain(reports).map(|(kind, side, clock)| (kind, case.party(side).clone(), clock))
}

/// What was undertaken in a case and is neither done nor released.
fn tasks(case: &Case) -> impl Iterator<Item = (&Task, Prose)> {
    case.care.owed_tasks().map(|(_, one, task)| (task, one.words.clone()))
}

fn deadline(task: &Task) -> Option<Deadline> {
    task.clock.as_ref().and_then(Clock::deadline).cloned()
}
