//! The desk: what wants the viewer's hand today, what waits for others, and the safeguard questions they may answer.
//!
//! Owns what stands on the desk and in which order. Must not know drafts' contents: the desk page asks for those apart.

use domain::act::ActKind;
use domain::case::Case;
use domain::clock::{Clock, ClockKind};
use domain::ids::{CaseId, PartyId, TypeCode};
use domain::instrument::ProcedureKind;
use domain::judge::CENTRAL_LEVEL;
use domain::procedure::{Side, Stage};
use domain::safeguard::{self, Gate};
use domain::text::Prose;
use jiff::Timestamp;
use store::{CaseCounts, CaseFilter, Moment, Reader};

use super::steps::{Measure, measures};
use super::{CaseLine, Lateness, Turn, Viewer, ways_on};
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
    /// Open cases of our other offices that came up the ladder to the viewer's, in the same order.
    pub raised: Vec<CaseLine>,
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
    /// What is owed: an answer on consent, or a report of compliance.
    pub kind: ClockKind,
    /// Who owes it.
    pub party: PartyId,
    /// By when; `None` while the question is on its way.
    pub due_at: Option<Timestamp>,
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
        for list in [&mut lines, &mut raised] {
            list.retain(|line| line.turn != Turn::Over);
            list.sort_by_key(|line| {
                (!matches!(line.turn, Turn::Ours { yours: true, .. }), line.due_at.is_none(), line.due_at)
            });
        }
        let questions = self.gate_tasks(reader, viewer, raised.iter().chain(&lines))?;
        let (measures, duties) = self.looked_after(reader, now, &lines)?;
        let more = lines.len() > LINES_MAX;
        lines.truncate(LINES_MAX);
        raised.truncate(LINES_MAX);
        Ok(Desk { counts, lines, more, raised, questions, measures, duties })
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

    /// Cases of our other offices that came up the ladder, or to be reconsidered, to the viewer's.
    fn raised(&self, reader: &dyn Reader, now: Timestamp, viewer: &Viewer) -> Result<Vec<CaseLine>, Fault> {
        let levels = super::levels_of(self.instrument(), &viewer.office);
        if levels.is_empty() {
            return Ok(Vec::new());
        }
        let filter = CaseFilter { turn: Some(self.me().clone()), ..CaseFilter::default() };
        let (mut lines, _) = self.case_lines(reader, now, viewer, &filter)?;
        lines.retain(|line| {
            let raised = levels.iter().any(|level| u64::from(*level) == line.level);
            let again = line.stage == Stage::Reconsidering && levels.contains(&CENTRAL_LEVEL);
            line.our_office != viewer.office && (raised || again)
        });
        Ok(lines)
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
            let Some(rule) = case.rule(self.instrument_of(case)) else { continue };
            let alarming = measures(case, rule, self.instrument_of(case), now).into_iter().filter(|one| one.alarm > 0);
            running.extend(alarming.map(|measure| MeasureTask {
                case: line.case.clone(),
                title: line.title.clone(),
                type_code: line.type_code.clone(),
                measure,
            }));
            duties.extend(owed(case).map(|(kind, party, clock)| DutyTask {
                case: line.case.clone(),
                title: line.title.clone(),
                kind,
                party,
                due_at: clock.and_then(Clock::deadline).map(|deadline| deadline.due_at),
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
            let Some(rule) = self.type_known(&line.type_code) else { continue };
            let side = match line.direction {
                store::Direction::Outgoing => Side::Requesting,
                store::Direction::Incoming => Side::Requested,
            };
            let (acts, _) = ways_on(rule.procedure, line.stage, side);
            let mut given = None;
            for act in acts {
                for gate in rule.gates_at(act).filter(|gate| viewer.is_any(safeguard::answerers(*gate))) {
                    if given.is_none() {
                        given = Some(self.pending_gates(reader, &line.case)?);
                    }
                    let answered = given.iter().flatten().any(|(bound, answer)| *bound == act && answer.gate == gate);
                    if !answered {
                        tasks.push(GateTask {
                            case: line.case.clone(),
                            title: line.title.clone(),
                            procedure: rule.procedure,
                            act,
                            gate,
                            due_at: line.due_at,
                        });
                    }
                }
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
