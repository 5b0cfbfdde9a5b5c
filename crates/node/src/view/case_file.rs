//! One case as a page shows it: both lanes, the line of the procedure, clocks, ladder, safeguards, files and proof.
//!
//! Owns the joining of the fold with what the store knows of each act. Must not decide what may be done: the acts open to
//! a viewer are read off the procedure.

use domain::act::{Act, ActKind, Role};
use domain::case::{Case, Recorded};
use domain::clock::ClockKind;
use domain::content::Attachment;
use domain::deadline::Deadline;
use domain::due;
use domain::ids::{CaseId, Hash32, PartyId};
use domain::judge::{CENTRAL_LEVEL, TOP_LEVEL};
use domain::procedure::{self, Side, Stage};
use domain::safeguard::{self, Gate, GateAnswer};
use jiff::Timestamp;
use store::{ActRow, BlobState, Reader};

use super::{CaseLine, Viewer};
use crate::dossier::Dossier;
use crate::fault::Fault;
use crate::party::Node;

/// The straight way of an assistance case; what leaves it is put in where it happened.
const STRAIGHT: &[Stage] = &[
    Stage::Submitted,
    Stage::Delivered,
    Stage::Acknowledged,
    Stage::UnderReview,
    Stage::Accepted,
    Stage::InExecution,
    Stage::Responded,
    Stage::OutcomeReported,
    Stage::Closed,
];

/// A case with everything its page shows.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// Its line in lists.
    pub line: CaseLine,
    /// The case and its acts.
    pub dossier: Dossier,
    /// The side we are on.
    pub us: Side,
    /// The line of the procedure.
    pub track: Vec<TrackStep>,
    /// Every act in the order folded.
    pub acts: Vec<ActLine>,
    /// The clock that runs now.
    pub clock: Option<RunningClock>,
    /// The ladder, level 0 first.
    pub ladder: Vec<LadderLine>,
    /// The acts open to the viewer now, in the order of the procedure.
    pub open: Vec<ActKind>,
    /// Safeguards of the acts our side may do next.
    pub gates: Vec<GateLine>,
    /// Files of both sides.
    pub attachments: Vec<AttachmentLine>,
}

/// One stage of the procedure's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackStep {
    /// The stage.
    pub stage: Stage,
    /// Where it lies.
    pub state: TrackState,
}

/// Where a stage lies to the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackState {
    /// Passed.
    Done,
    /// The present one.
    Now,
    /// Not reached.
    Ahead,
}

/// One act in its lane.
#[derive(Debug, Clone)]
pub struct ActLine {
    /// The act.
    pub act: Act,
    /// Whether it is ours.
    pub ours: bool,
    /// What became of it.
    pub recorded: Recorded,
    /// When the other side's node received it (or ours, for theirs); `None` until known.
    pub received_at: Option<Timestamp>,
    /// Its entry in our log.
    pub log_index: u64,
    /// Its name everywhere.
    pub core_hash: Hash32,
}

/// The clock a case runs under.
#[derive(Debug, Clone)]
pub struct RunningClock {
    /// What it waits for.
    pub kind: ClockKind,
    /// The Party that must act.
    pub party: PartyId,
    /// The deadline, while it runs.
    pub deadline: Option<Deadline>,
    /// Working days left while it is paused.
    pub paused_left_wd: Option<u32>,
    /// Hundredths of its length that have passed, 0 to 100.
    pub used_percent: u8,
}

/// One level of the ladder.
#[derive(Debug, Clone)]
pub struct LadderLine {
    /// 0 to 4.
    pub level: u8,
    /// When the present silence climbed to it.
    pub reached_at: Option<Timestamp>,
    /// When it will, if nobody acts (the next level only).
    pub next_at: Option<Timestamp>,
    /// Whether the matter stands at this level.
    pub here: bool,
}

/// One safeguard of an act our side may do next.
#[derive(Debug, Clone)]
pub struct GateLine {
    /// The act it binds.
    pub act: ActKind,
    /// The safeguard.
    pub gate: Gate,
    /// The answer, once given.
    pub answer: Option<GateAnswer>,
    /// The roles whose answer counts.
    pub roles: &'static [Role],
    /// Whether the viewer may give it.
    pub yours: bool,
}

/// One file sent in a case.
#[derive(Debug, Clone)]
pub struct AttachmentLine {
    /// The file.
    pub attachment: Attachment,
    /// The Party that sent it.
    pub by: PartyId,
    /// With which act.
    pub kind: ActKind,
    /// When that act was signed.
    pub at: Timestamp,
    /// How much of it is here; `None` when nothing is known of it yet.
    pub state: Option<BlobState>,
}

impl Node {
    /// The page of a case; `None` when there is none.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn case_file(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        viewer: &Viewer,
        id: &CaseId,
    ) -> Result<Option<CaseFile>, Fault> {
        let (Some(dossier), Some(row)) = (self.load(reader, id)?, reader.case(id)?) else { return Ok(None) };
        let line = self.case_line(&row, now, viewer)?;
        let case = &dossier.case;
        let us = case.side(self.me()).ok_or_else(|| Fault::record(id.as_str(), "we are no Party to it"))?;
        let mut open = open_to(case.stage(), us, viewer);
        open.retain(|act| self.may_stand(case, us, viewer, *act));
        Ok(Some(CaseFile {
            track: track(&dossier),
            acts: self.act_lines(&dossier),
            clock: running(&dossier, now),
            ladder: self.ladder(&dossier),
            gates: self.gate_lines(reader, viewer, &dossier, us)?,
            attachments: attachments(reader, &dossier)?,
            line,
            us,
            open,
            dossier,
        }))
    }

    /// Whether an act of this kind by the viewer's office can stand at all: what is refused whatever is written in the
    /// form is not offered.
    fn may_stand(&self, case: &Case, us: Side, viewer: &Viewer, act: ActKind) -> bool {
        let own = *case.office(us) == viewer.office;
        let levels = self.levels_of(&viewer.office);
        let rule = case.rule(self.instrument());
        match act {
            ActKind::Uphold | ActKind::Reopen => levels.contains(&CENTRAL_LEVEL),
            ActKind::Escalate => case.ladder.level < TOP_LEVEL && (own || levels.iter().any(|level| *level > 0)),
            ActKind::AnswerEscalation => case.rungs.iter().any(|rung| {
                let here = own && rung.level < CENTRAL_LEVEL || levels.contains(&rung.level);
                rung.side == us && rung.answer.is_none() && here
            }),
            ActKind::ReturnIncomplete => own && !case.returned,
            ActKind::Reconsider => own && !case.reconsidered,
            ActKind::Reply => own && case.questions.iter().any(|one| one.by != us && one.reply.is_none()),
            ActKind::Preserve => own && rule.is_some_and(|rule| rule.extras.contains(&act)),
            ActKind::Record => own && rule.is_some_and(|rule| !rule.steps.is_empty()),
            _ => own,
        }
    }

    fn act_lines(&self, dossier: &Dossier) -> Vec<ActLine> {
        let stands = |recorded: &Recorded| {
            let at = |row: &&ActRow| row.party == recorded.by && row.seq == recorded.seq;
            let row = dossier.rows.iter().find(at)?;
            let here = |act: &Act| act.by == recorded.by && act.seq == recorded.seq;
            let entry = dossier.entries.iter().find(|entry| here(&entry.act))?;
            Some(ActLine {
                act: entry.act.clone(),
                ours: entry.act.by == *self.me(),
                recorded: recorded.clone(),
                received_at: entry.received_at,
                log_index: row.logged_index,
                core_hash: row.core_hash,
            })
        };
        dossier.case.record.iter().filter_map(stands).collect()
    }

    fn ladder(&self, dossier: &Dossier) -> Vec<LadderLine> {
        let case = &dossier.case;
        let next = due::next_rung(case, self.instrument());
        let since = case.ladder.for_due_at;
        let line = |level: u8| LadderLine {
            level,
            reached_at: case
                .rungs
                .iter()
                .rev()
                .find(|rung| rung.level == level && level <= case.ladder.level && since.is_some())
                .map(|rung| rung.at),
            next_at: next.filter(|(climbed, _)| *climbed == level).map(|(_, at)| at),
            here: case.ladder.level == level,
        };
        self.instrument().ladder().iter().map(|rung| line(rung.level)).collect()
    }

    fn gate_lines(
        &self,
        reader: &dyn Reader,
        viewer: &Viewer,
        dossier: &Dossier,
        us: Side,
    ) -> Result<Vec<GateLine>, Fault> {
        let case = &dossier.case;
        let Some(rule) = case.rule(self.instrument()) else { return Ok(Vec::new()) };
        let given = self.pending_gates(reader, &case.id)?;
        let mut lines = Vec::new();
        for act in open_acts(case.stage(), us) {
            for gate in rule.gates_at(act) {
                let answer = given.iter().find(|(bound, answer)| *bound == act && answer.gate == gate);
                let roles = safeguard::answerers(gate);
                let yours = viewer.office == *case.office(us) && viewer.is_any(roles);
                lines.push(GateLine { act, gate, answer: answer.map(|(_, answer)| answer.clone()), roles, yours });
            }
        }
        Ok(lines)
    }
}

/// The acts an officer of the viewer's roles may do, in the order of the procedure.
fn open_to(stage: Stage, side: Side, viewer: &Viewer) -> Vec<ActKind> {
    let offered: Vec<Vec<ActKind>> = viewer.roles.iter().map(|role| procedure::open_to(stage, side, *role)).collect();
    let mut open: Vec<ActKind> =
        open_acts(stage, side).into_iter().filter(|act| offered.iter().flatten().any(|may| may == act)).collect();
    open.dedup();
    open
}

/// The acts any officer of a side may do, in the order of the procedure.
fn open_acts(stage: Stage, side: Side) -> Vec<ActKind> {
    let mut acts = Vec::new();
    for row in procedure::ASSISTANCE {
        let may = match row.by {
            procedure::By::Officer(by) => by == side,
            procedure::By::EitherOfficer => true,
            procedure::By::Node(_) | procedure::By::WaitingNode | procedure::By::Receipt => false,
        };
        if may && row.from.contains(&stage) && !acts.contains(&row.act) {
            acts.push(row.act);
        }
    }
    acts
}

fn track(dossier: &Dossier) -> Vec<TrackStep> {
    let case = &dossier.case;
    let now = case.stage();
    let mut passed: Vec<Stage> = Vec::new();
    if case.delivered_at.is_some() {
        passed.extend([Stage::Submitted, Stage::Delivered]);
    }
    for recorded in case.record.iter().filter(|recorded| recorded.moot.is_none()) {
        if passed.contains(&recorded.stage) {
            // A case that came back to a stage stands there anew; what lay between stays behind it.
            continue;
        }
        passed.push(recorded.stage);
    }
    passed.retain(|stage| *stage != now);
    let mut steps: Vec<TrackStep> =
        passed.iter().map(|stage| TrackStep { stage: *stage, state: TrackState::Done }).collect();
    steps.push(TrackStep { stage: now, state: TrackState::Now });
    if matches!(now, Stage::Refused | Stage::Reconsidering | Stage::Upheld | Stage::Withdrawn) {
        // The straight way is left for good, unless a reconsideration leads back to it.
        steps.push(TrackStep { stage: Stage::Closed, state: TrackState::Ahead });
        return steps;
    }
    let furthest = STRAIGHT.iter().rposition(|stage| *stage == now || passed.contains(stage));
    let ahead = furthest.map_or(STRAIGHT, |at| &STRAIGHT[at + 1..]);
    if !matches!(procedure::wait(now), procedure::Wait::Over) {
        steps.extend(ahead.iter().map(|stage| TrackStep { stage: *stage, state: TrackState::Ahead }));
    }
    steps
}

fn running(dossier: &Dossier, now: Timestamp) -> Option<RunningClock> {
    let (side, clock) = dossier.case.turn()?;
    let clock = clock?;
    let deadline = clock.deadline().cloned();
    let paused_left_wd = match clock.run {
        domain::clock::Run::Paused { left_wd, .. } => Some(left_wd),
        domain::clock::Run::Running(_) => None,
    };
    let used_percent = deadline.as_ref().map_or(0, |deadline| {
        let whole = deadline.due_at.duration_since(clock.started_at).as_secs().max(1);
        let gone = now.duration_since(clock.started_at).as_secs().clamp(0, whole);
        u8::try_from(gone.saturating_mul(100) / whole).unwrap_or(100)
    });
    let party = dossier.case.party(side).clone();
    Some(RunningClock { kind: clock.kind, party, deadline, paused_left_wd, used_percent })
}

fn attachments(reader: &dyn Reader, dossier: &Dossier) -> Result<Vec<AttachmentLine>, Fault> {
    let mut lines = Vec::new();
    for entry in &dossier.entries {
        for attachment in entry.act.deed.attachments() {
            lines.push(AttachmentLine {
                attachment: attachment.clone(),
                by: entry.act.by.clone(),
                kind: entry.act.deed.kind(),
                at: entry.act.at,
                state: reader.blob(&attachment.root)?.map(|blob| blob.state),
            });
        }
    }
    Ok(lines)
}
