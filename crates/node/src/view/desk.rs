//! The desk: what wants the viewer's hand today, what waits for others, and the safeguard questions they may answer.
//!
//! Owns what stands on the desk and in which order. Must not know drafts' contents: the desk page asks for those apart.

use domain::act::ActKind;
use domain::case::Case;
use domain::clock::{Clock, ClockKind};
use domain::due;
use domain::ids::{CaseId, PartyId, TypeCode};
use domain::instrument::ProcedureKind;
use domain::judge::{self, CENTRAL_LEVEL, TOP_LEVEL};
use domain::procedure::{self, Side, Stage};
use domain::safeguard::{self, Gate};
use domain::text::Prose;
use jiff::Timestamp;
use store::{CaseCounts, CaseFilter, Moment, Reader};

use super::steps::{Measure, gates_before, measures};
use super::{CaseLine, Lateness, PreparedTask, Turn, Viewer, ways_on};
use crate::fault::Fault;
use crate::party::Node;

/// Most lines on a desk: what one person can take in; the case list pages through the rest.
const LINES_MAX: usize = 25;
/// Most cases looked through for safeguard questions; each is folded.
const ASKED_CASES_MAX: usize = 25;

/// Most cases looked through for measures and duties of care; each is folded.
const FOLDED_CASES_MAX: usize = 25;

/// A desk at a moment.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The four numbers at its head, of the cases the viewer's office holds: the same that `lines` begins to list.
    pub counts: CaseCounts,
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
}

/// A duty of a level of the ladder in a case that has climbed to it.
#[derive(Debug, Clone)]
pub struct RungTask {
    /// The case.
    pub line: CaseLine,
    /// What the level must do.
    pub duty: RungDuty,
    /// By when the level must, on its own clock; `None` while a receipt is on its way.
    pub due_at: Option<Timestamp>,
    /// Whether a role of the viewer may do it.
    pub yours: bool,
}

/// What a level of the ladder must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RungDuty {
    /// Answer the other side: why, and by when it will be done.
    Answer {
        /// The level, 1 to 4.
        level: u8,
        /// When the case climbed to it.
        since: Timestamp,
    },
    /// Reconsider a refusal, as the central authorities do.
    Reconsider,
}

/// A safeguard question waiting for somebody of the viewer's roles.
#[derive(Debug, Clone)]
pub struct GateTask {
    /// The case.
    pub case: CaseId,
    /// The matter.
    pub title: Prose,
    /// The procedure of its type.
    pub procedure: ProcedureKind,
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
        let counts = self.counts(reader, now, viewer)?;
        let filter = CaseFilter { our_office: Some(viewer.office.clone()), ..CaseFilter::default() };
        let (mut lines, _) = self.case_lines(reader, now, viewer, &filter)?;
        let mut raised = self.raised(reader, now, viewer)?;
        lines.retain(|line| line.turn != Turn::Over);
        lines.sort_by_key(|line| {
            (!matches!(line.turn, Turn::Ours { yours: true, .. }), line.due_at.is_none(), line.due_at)
        });
        let others = raised.iter().map(|task| &task.line).filter(|line| line.our_office != viewer.office);
        let questions = self.gate_tasks(reader, viewer, others.chain(&lines))?;
        let (measures, duties) = self.looked_after(reader, now, &lines)?;
        let more = lines.len() > LINES_MAX;
        lines.truncate(LINES_MAX);
        let raised_more = raised.len().saturating_sub(LINES_MAX);
        raised.truncate(LINES_MAX);
        let prepared = self.prepared_tasks(reader, viewer)?;
        Ok(Desk { counts, lines, more, raised, raised_more, prepared, questions, measures, duties })
    }

    /// The numbers at the head; for the second track, of what it sees alone, counted one by one.
    fn counts(&self, reader: &dyn Reader, now: Timestamp, viewer: &Viewer) -> Result<CaseCounts, Fault> {
        if !viewer.second_track {
            return Ok(reader.case_counts(Moment::from(now), Moment::from(self.today_ends(now)), &viewer.office)?);
        }
        let mut counts = CaseCounts::default();
        let mut filter = CaseFilter { our_office: Some(viewer.office.clone()), ..CaseFilter::default() };
        loop {
            let (lines, next) = self.case_lines(reader, now, viewer, &filter)?;
            for line in lines {
                counts.overdue += u64::from(line.lateness == Lateness::Overdue);
                counts.due_today += u64::from(line.lateness == Lateness::Today);
                counts.waiting_us += u64::from(matches!(line.turn, Turn::Ours { .. }));
                counts.waiting_them += u64::from(matches!(line.turn, Turn::Theirs(_)));
            }
            match next {
                Some(after) => filter.after = Some(after),
                None => return Ok(counts),
            }
        }
    }

    /// Everything the ladder wants of the viewer's office now, the soonest due first: an answer at each level that a case has
    /// climbed to and that has not answered, and refusals to be reconsidered. Of all our cases, not of a page of them: what
    /// a silence has climbed to must not be missed for being old.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn raised(&self, reader: &dyn Reader, now: Timestamp, viewer: &Viewer) -> Result<Vec<RungTask>, Fault> {
        let levels = self.levels_of(&viewer.office);
        let mut tasks = Vec::new();
        let mut filter = CaseFilter { turn: Some(self.me().clone()), ..CaseFilter::default() };
        loop {
            let (lines, next) = self.case_lines(reader, now, viewer, &filter)?;
            for line in lines.into_iter().filter(|line| line.level > 0 && line.turn != Turn::Over) {
                tasks.extend(self.rung_tasks(reader, viewer, &levels, line)?);
            }
            match next {
                Some(after) => filter.after = Some(after),
                None => break,
            }
        }
        tasks.sort_by_key(|task| (task.due_at.is_none(), task.due_at));
        Ok(tasks)
    }

    /// What one case that has climbed wants of the viewer's office: on the lowest levels of the office that has it, above
    /// them of those the instrument names.
    fn rung_tasks(
        &self,
        reader: &dyn Reader,
        viewer: &Viewer,
        levels: &[u8],
        line: CaseLine,
    ) -> Result<Vec<RungTask>, Fault> {
        let own = line.our_office == viewer.office;
        let here = |level: u8| own && level < CENTRAL_LEVEL || levels.contains(&level);
        if !(1..=TOP_LEVEL).any(here) {
            return Ok(Vec::new());
        }
        let Some(dossier) = self.load(reader, &line.case)? else { return Ok(Vec::new()) };
        let case = &dossier.case;
        let Some(us) = case.side(self.me()) else { return Ok(Vec::new()) };
        let may = |act: ActKind| {
            viewer.roles.iter().any(|role| procedure::open_to(case.procedure, case.stage(), us, *role).contains(&act))
        };
        let mut tasks = Vec::new();
        for rung in case.open_rungs().filter(|rung| rung.side == us && here(rung.level)) {
            let duty = RungDuty::Answer { level: rung.level, since: rung.at };
            let (due_at, yours) = (Some(rung.answer_due.due_at), may(ActKind::AnswerEscalation));
            tasks.push(RungTask { line: line.clone(), duty, due_at, yours });
        }
        if line.stage == Stage::Reconsidering && levels.contains(&CENTRAL_LEVEL) {
            let yours = may(ActKind::Uphold) && case.refused_by.as_ref() != Some(&viewer.id);
            tasks.push(RungTask { due_at: line.due_at, line, duty: RungDuty::Reconsider, yours });
        }
        Ok(tasks)
    }

    /// Measures that run out and duties of care, of the cases that want something soonest.
    fn looked_after(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        lines: &[CaseLine],
    ) -> Result<(Vec<MeasureTask>, Vec<DutyTask>), Fault> {
        let (mut running, mut duties) = (Vec::new(), Vec::new());
        for line in lines.iter().take(FOLDED_CASES_MAX) {
            let Some(dossier) = self.load(reader, &line.case)? else { continue };
            let case = &dossier.case;
            let Some(rule) = case.rule(self.instrument()) else { continue };
            let alarming = measures(case, rule, self.instrument(), now).into_iter().filter(|one| one.alarm > 0);
            running.extend(alarming.map(|measure| MeasureTask {
                case: line.case.clone(),
                title: line.title.clone(),
                type_code: line.type_code.clone(),
                measure,
            }));
            let of_care = owed(case)
                .map(|(kind, party, clock)| (Duty::Care(kind), party, clock.and_then(Clock::deadline).cloned()));
            let of_steps = due::awaited(case, self.instrument())
                .into_iter()
                .map(|one| (Duty::Step(line.type_code.clone(), one.step), case.party(one.side).clone(), Some(one.due)));
            duties.extend(of_care.chain(of_steps).map(|(duty, party, due)| DutyTask {
                case: line.case.clone(),
                title: line.title.clone(),
                duty,
                party,
                due_at: due.map(|due| due.due_at),
            }));
        }
        running.sort_by_key(|task| task.measure.until);
        duties.sort_by_key(|task| (task.due_at.is_none(), task.due_at));
        Ok((running, duties))
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
            let Some(rule) = self.instrument().request_type(&line.type_code) else { continue };
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
            // What is asked is what may be answered: by this office, and of this matter.
            for act in acts.into_iter().filter(|act| judge::answers_in(case, self.instrument(), *act, &viewer.office)) {
                let bound = gates_before(case, rule, side, &viewer.office, act, None).into_iter();
                let open = |gate: &Gate| !given.iter().any(|(bound, answer)| *bound == act && answer.gate == *gate);
                let mine = |gate: &Gate| viewer.is_any(safeguard::answerers(*gate));
                tasks.extend(bound.filter(open).filter(mine).map(|gate| GateTask {
                    case: line.case.clone(),
                    title: line.title.clone(),
                    procedure: rule.procedure,
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
