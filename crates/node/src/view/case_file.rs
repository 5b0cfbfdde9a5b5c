//! One case as a page shows it: both lanes, the line of the procedure, clocks, ladder, safeguards, files and proof.
//!
//! Owns the joining of the fold with what the store knows of each act. Must not decide what may be done: the acts open to
//! a viewer are read off the procedure.

use domain::act::{Act, ActKind, Ground, Role};
use domain::case::{self, Case, Mask, Recorded, RetractionKind};
use domain::clock::ClockKind;
use domain::content::Attachment;
use domain::deadline::Deadline;
use domain::due;
use domain::ids::{CaseId, Hash32, PartyId, TypeCode};
use domain::instrument::RequestType;
use domain::judge::{self, CENTRAL_LEVEL, TOP_LEVEL};
use domain::procedure::{self, Side, Stage};
use domain::safeguard::{self, Gate, GateAnswer};
use jiff::Timestamp;
use store::{ActRow, BlobState, Reader};

use super::status::{Ending, ending};
use super::steps::{Measure, StepLine, gates_before, measures, open_steps, step_lines};
use super::track::track;
use super::{CaseLine, Viewer, levels_of};
use crate::continued::{Onward, brought_in};
use crate::dossier::Dossier;
use crate::fault::Fault;
use crate::notes::Note;
use crate::party::Node;
use crate::prepared::PreparedAct;
use crate::reveal::{Reveal, Revealed};

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
    /// The ladder, level 0 first; none once the case has ended and nothing is owed any more.
    pub ladder: Vec<LadderLine>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// The acts open to the viewer now, in the order of the procedure.
    pub open: Vec<ActKind>,
    /// What is being prepared, for whom it concerns.
    pub prepared: Vec<PreparedAct>,
    /// Safeguards of the acts our side may do next.
    pub gates: Vec<GateLine>,
    /// Safeguard answers that said no and that another went against, with the acts they were for.
    pub overruled: Vec<(ActKind, GateAnswer)>,
    /// When contents of it were last erased here, at the end of their time.
    pub erased_at: Option<Timestamp>,
    /// Until when its contents are kept here, once it has come to its end.
    pub kept_until: Option<Timestamp>,
    /// Files of both sides.
    pub attachments: Vec<AttachmentLine>,
    /// The type's own steps, in the instrument's order.
    pub steps: Vec<StepLine>,
    /// The case it continues.
    pub continues: Option<CaseId>,
    /// The cases that continue it.
    pub continued_as: Vec<CaseId>,
    /// Property brought in here from the case continued.
    pub brought: Vec<Onward>,
    /// Property of this case brought into those that continue it.
    pub carried: Vec<Onward>,
    /// The types the viewer's office may continue it as.
    pub continuable_as: Vec<TypeCode>,
    /// What the viewer's office does not see of it.
    pub mask: Option<Mask>,
    /// Questions whether an office may see behind its mask, with their answers: all of them for the office that has the
    /// case, and each office's own.
    pub reveals: Vec<(usize, Reveal, Option<Revealed>)>,
    /// Notes of our own house that the viewer may read, oldest first.
    pub notes: Vec<Note>,
    /// The measures in force, the one that runs out first first.
    pub measures: Vec<Measure>,
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
    /// When its content was erased here, at the end of its time.
    pub erased_at: Option<Timestamp>,
    /// Whether its author took it back or put it right.
    pub retracted: Option<RetractionKind>,
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
    /// Whether the act it came with was taken back or put right.
    pub retracted: Option<RetractionKind>,
    /// Whether it may be opened here: what the other side took back may not.
    pub barred: bool,
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
        // To whom it is not open it is not there: that a case exists says something too.
        if !viewer.sees(&row.mark) {
            return Ok(None);
        }
        let continued_as = self.continuations(reader, id)?;
        let continuable_as = self.continuable_as(&dossier, &viewer.office, now);
        let (dossier, mask) = self.shown_to(reader, dossier, viewer)?;
        let summary = self.summary_for(reader, &row, viewer)?.0;
        let mut line = self.line(&row, summary, now, viewer)?;
        let case = &dossier.case;
        line.awaited = due::awaited(case, self.instrument_of(case)).into_iter().next().map(|one| one.step);
        let us = case.side(self.me()).ok_or_else(|| Fault::record(id.as_str(), "we are no Party to it"))?;
        let mut open = open_to(case, us, viewer);
        open.retain(|act| self.may_stand(case, us, viewer, *act));
        let instrument = self.instrument_of(case);
        let rule = case.rule(instrument);
        let steps = rule.map(|rule| step_lines(case, rule, instrument)).unwrap_or_default();
        let measures = rule.map(|rule| measures(case, rule, instrument, now)).unwrap_or_default();
        Ok(Some(CaseFile {
            steps,
            measures,
            track: track(&dossier.case),
            acts: self.act_lines(&dossier),
            clock: running(&dossier, now),
            ladder: self.ladder(&dossier),
            ending: ending(&dossier.case, &dossier.entries),
            prepared: self.prepared_for(reader, &dossier.case, us, viewer)?,
            gates: self.gate_lines(reader, viewer, &dossier, us, mask.is_some())?,
            overruled: open_answers(self.overruled_gates(reader, id)?, viewer, mask.is_some()),
            notes: self.notes_for(reader, id, viewer, mask.is_some())?,
            attachments: self.attachments(reader, &dossier)?,
            erased_at: dossier.erased.values().max().copied(),
            kept_until: due::kept_until(&dossier.case, self.instrument_of(&dossier.case), self.me()),
            continues: dossier.case.request.continues.clone(),
            // Behind a mask the other cases' names for it are not to be read either.
            carried: if mask.is_some() { Vec::new() } else { self.brought_on(reader, &continued_as)? },
            brought: dossier.case.request.continues.iter().flat_map(|from| brought_in(case, from)).collect(),
            continued_as,
            continuable_as,
            mask,
            reveals: self.reveals_for(reader, &dossier, us, viewer)?,
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
        let levels = levels_of(self.instrument_of(case), &viewer.office);
        let rule = case.rule(self.instrument_of(case));
        match act {
            ActKind::Uphold | ActKind::Reopen => {
                levels.contains(&CENTRAL_LEVEL) && case.refused_by.as_ref() != Some(&viewer.id)
            }
            // With nobody to wait for there is no silence to climb on.
            ActKind::Escalate => {
                case.turn().is_some_and(|(late, _)| late != us)
                    && case.ladder.level < TOP_LEVEL
                    && (own || levels.iter().any(|level| *level > 0))
            }
            ActKind::AnswerEscalation => !judge::answerable(case, self.instrument_of(case), &viewer.office).is_empty(),
            ActKind::Transfer => {
                own && rule.is_some_and(|rule| judge::takes_over(rule, &viewer.office).next().is_some())
            }
            ActKind::Forward => own && self.instrument_of(case).offices_of(self.me()).count() > 1,
            ActKind::CiteNorm => own && !self.instrument_of(case).norms().is_empty(),
            ActKind::Refuse => own && rule.is_some_and(|rule| has_ground(case, rule)),
            ActKind::ReturnIncomplete => own && !case.returned,
            ActKind::Reconsider => own && !case.reconsidered,
            ActKind::Reply => own && case.questions.iter().any(|one| one.by != us && one.reply.is_none()),
            ActKind::Adopt => {
                let amends = rule.is_none_or(|rule| rule.amends.is_some());
                let named = |side: Side| case.adoption.named.contains_key(&side);
                let later = || !self.instruments().later_in_force(&case.instrument).is_empty();
                own && !amends && !case.is_over() && (named(us.other()) || !named(us) && later())
            }
            ActKind::ProposeText | ActKind::Conclude => own && rule.is_none_or(|rule| !case.is_bound(rule, us)),
            ActKind::Preserve | ActKind::BookAsset | ActKind::TableItem | ActKind::Undertake => {
                own && case.has_extra(self.instrument_of(case), act)
            }
            ActKind::SettleItem => own && case.talk.items.iter().any(|item| item.outcome.is_none()),
            ActKind::Recall | ActKind::Correct => {
                let ours = |done: &&Recorded| done.by == *self.me() && done.moot.is_none();
                let fits = |done: &Recorded| act == ActKind::Correct || case::hands_over(done.kind);
                own && case.record.iter().filter(ours).any(fits)
            }
            ActKind::Withdraw => {
                own && rule.is_some_and(|rule| !case.is_bound(rule, us) && case.leaves_to_withdraw(rule))
            }
            ActKind::Record => rule.is_some_and(|rule| !open_steps(case, rule, us, &viewer.office).is_empty()),
            // Its steps have their own page.
            ActKind::Match => false,
            ActKind::LogContact => own || levels.iter().any(|level| *level > 0),
            ActKind::SignText => {
                let agreed = case.talk.on_table().is_some_and(|(_, version)| version.text.bracketed() == 0);
                own && agreed && !case.talk.signed_by(us)
            }
            ActKind::Authorise => own && !done(case, us, act) && text_stands(case, rule),
            ActKind::ReportOutcome => own && !done(case, us, act),
            ActKind::GiveConsent => own && case.care.consents.iter().any(|one| one.by != us && one.answer.is_none()),
            ActKind::ReportCompliance => {
                own && case.care.retractions.iter().any(|one| one.by != us && one.report.is_none())
            }
            ActKind::CheckUndertaking => {
                let owned = |task: &domain::case::Task| task.owner == viewer.office;
                let owns = case.care.in_force().any(|(_, one)| one.task.as_ref().is_some_and(owned));
                owns || own && case.care.in_force().next().is_some()
            }
            ActKind::DischargeUndertaking => {
                own && case.care.in_force().any(|(_, one)| one.by.party() != *case.party(us))
            }
            _ => own,
        }
    }

    /// The answers waiting for their act in a case, as the viewer may read them.
    ///
    /// # Errors
    /// [`Fault`] when they cannot be read.
    pub fn gates_for(
        &self,
        reader: &dyn Reader,
        file: &CaseFile,
        viewer: &Viewer,
    ) -> Result<Vec<(ActKind, GateAnswer)>, Fault> {
        let answers = self.pending_gates(reader, &file.dossier.case.id)?;
        Ok(open_answers(answers, viewer, file.mask.is_some()))
    }

    /// What is being prepared, for the office that writes it, the one that has the case, and auditors.
    fn prepared_for(
        &self,
        reader: &dyn Reader,
        case: &Case,
        us: Side,
        viewer: &Viewer,
    ) -> Result<Vec<PreparedAct>, Fault> {
        let all = *case.office(us) == viewer.office || viewer.is_any(&[Role::Auditor]);
        let mut found = if viewer.second_track { Vec::new() } else { self.prepared_in(reader, &case.id)? };
        found.retain(|prepared| all || prepared.office == viewer.office);
        Ok(found)
    }

    /// The notes the viewer may read: none of the second track, and behind a mask those of the viewer's own office.
    fn notes_for(&self, reader: &dyn Reader, case: &CaseId, viewer: &Viewer, masked: bool) -> Result<Vec<Note>, Fault> {
        if viewer.second_track {
            return Ok(Vec::new());
        }
        let mut notes = self.notes(reader, case)?;
        notes.retain(|note| !masked || note.office.as_ref() == Some(&viewer.office));
        Ok(notes)
    }

    fn reveals_for(
        &self,
        reader: &dyn Reader,
        dossier: &Dossier,
        us: Side,
        viewer: &Viewer,
    ) -> Result<Vec<(usize, Reveal, Option<Revealed>)>, Fault> {
        let all = *dossier.case.office(us) == viewer.office || viewer.is_any(&[Role::Auditor]);
        let numbered = self.reveals(reader, &dossier.case.id)?.into_iter().zip(1..);
        let own = numbered.filter(|((reveal, _), _)| all || reveal.office == viewer.office);
        Ok(own.map(|((reveal, answer), number)| (number, reveal, answer)).collect())
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
                erased_at: dossier.erased.get(&row.core_hash).copied(),
                retracted: retracted(&dossier.case, &entry.act),
            })
        };
        dossier.case.record.iter().filter_map(stands).collect()
    }

    fn ladder(&self, dossier: &Dossier) -> Vec<LadderLine> {
        let case = &dossier.case;
        if case.turn().is_none() && case.is_over() {
            return Vec::new();
        }
        let next = due::next_rung(case, self.instrument_of(case));
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
        self.instrument_of(case).ladder().iter().map(|rung| line(rung.level)).collect()
    }

    fn gate_lines(
        &self,
        reader: &dyn Reader,
        viewer: &Viewer,
        dossier: &Dossier,
        us: Side,
        masked: bool,
    ) -> Result<Vec<GateLine>, Fault> {
        let case = &dossier.case;
        let instrument = self.instrument_of(case);
        let Some(rule) = case.rule(instrument) else { return Ok(Vec::new()) };
        let given = open_answers(self.pending_gates(reader, &case.id)?, viewer, masked);
        let written: Vec<ActKind> =
            self.prepared_in(reader, &case.id)?.iter().map(|prepared| prepared.deed.kind()).collect();
        let mut lines = Vec::new();
        // A safeguard of a question that nobody has put is no question yet.
        let asked = |act: &ActKind| {
            *act != ActKind::GiveConsent || case.care.consents.iter().any(|one| one.by != us && one.answer.is_none())
        };
        for act in procedure::open_acts(case.procedure, case.stage(), us).into_iter().filter(asked) {
            let answers_here = judge::answers_in(case, instrument, act, &viewer.office);
            let office = if answers_here { &viewer.office } else { case.office(us) };
            for gate in gates_before(case, rule, us, office, act, None) {
                let answer = given.iter().find(|(bound, answer)| *bound == act && answer.gate == gate);
                let roles = safeguard::answerers(gate);
                // There must be something to read first.
                let ready = !act.is_prepared() || written.contains(&act);
                let yours = ready && answers_here && viewer.is_any(roles);
                lines.push(GateLine { act, gate, answer: answer.map(|(_, answer)| answer.clone()), roles, yours });
            }
        }
        Ok(lines)
    }

    fn attachments(&self, reader: &dyn Reader, dossier: &Dossier) -> Result<Vec<AttachmentLine>, Fault> {
        let mut lines = Vec::new();
        for entry in &dossier.entries {
            let retracted = retracted(&dossier.case, &entry.act);
            for attachment in entry.act.deed.attachments() {
                lines.push(AttachmentLine {
                    attachment: attachment.clone(),
                    by: entry.act.by.clone(),
                    kind: entry.act.deed.kind(),
                    at: entry.act.at,
                    state: reader.blob(&attachment.root)?.map(|blob| blob.state),
                    retracted,
                    barred: retracted == Some(RetractionKind::Recall) && entry.act.by != *self.me(),
                });
            }
        }
        Ok(lines)
    }
}

/// Of answers to safeguards those the viewer may read: the reasons another office gives may tell what is masked.
fn open_answers(answers: Vec<(ActKind, GateAnswer)>, viewer: &Viewer, masked: bool) -> Vec<(ActKind, GateAnswer)> {
    answers.into_iter().filter(|(_, answer)| !masked || answer.office == viewer.office).collect()
}

fn done(case: &Case, us: Side, act: ActKind) -> bool {
    case.both.get(&act).is_some_and(|done| done.contains(&us))
}

/// Whether there is a ground on which the case can be refused as it stands.
fn has_ground(case: &Case, rule: &RequestType) -> bool {
    let open = |ground| ground != Ground::Withheld && judge::open_ground(Some(case), ground);
    rule.grounds.iter().any(|admitted| open(admitted.ground))
}

/// Whether the text a plan needs, if it needs one, was signed by both.
fn text_stands(case: &Case, rule: Option<&RequestType>) -> bool {
    let needs = rule.and_then(RequestType::text_field).is_some_and(|field| field.required);
    !needs || case.talk.agreed().is_some()
}

/// The acts an officer of the viewer's roles may do, in the order of the procedure.
fn open_to(case: &Case, side: Side, viewer: &Viewer) -> Vec<ActKind> {
    let (kind, stage) = (case.procedure, case.stage());
    // What another signs, the drafters write too.
    let drafted = |act: &ActKind| act.is_prepared() && viewer.roles.contains(&Role::Drafter);
    let offered = |act: &ActKind| {
        drafted(act) || viewer.roles.iter().any(|role| procedure::open_to(kind, stage, side, *role).contains(act))
    };
    procedure::open_acts(kind, stage, side).into_iter().filter(offered).collect()
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

/// Whether an act was taken back or put right by its author.
fn retracted(case: &Case, act: &Act) -> Option<RetractionKind> {
    case.care.retracted(case.side(&act.by)?, act.seq).map(|one| one.kind)
}
