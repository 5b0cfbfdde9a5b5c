//! What pages and lists show: read models made of the store, the fold and a given moment.
//!
//! Owns who is looking (`Viewer`), the line a case has in every list, and whose move it is. The submodules own one page
//! each. Must not write anything, nor make words, dates or colours: screens and programs format what stands here.

use domain::act::{ActKind, Role};
use domain::case::Case;
use domain::clock::ClockKind;
use domain::handling::Tlp;
use domain::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId, TypeCode};
use domain::instrument::{Instrument, Rung};
use domain::judge::CENTRAL_LEVEL;
use domain::menu::Menu;
use domain::procedure::{self, By, ProcedureKind, Side, Stage, To, Wait};
use domain::text::Prose;
use jiff::Timestamp;
use jiff::civil::Time;
use store::filter::TERMS_MAX;
use store::{CaseCursor, CaseFilter, CaseRow, Direction, Reader};

use crate::fault::Fault;
use crate::party::Node;
use crate::people::Officer;
use crate::row::{Summary, summary_of};

mod account;
mod case_file;
mod desk;
mod log;
mod matching;
mod operations;
mod prepared;
mod raised;
mod rounds;
mod status;
mod steps;
mod track;

pub use account::{FactBook, account_hash};
pub use case_file::{ActLine, AttachmentLine, CaseFile, GateLine, LadderLine, RunningClock, TrackState, TrackStep};
pub use desk::{Desk, Duty, DutyTask, GateTask, MeasureTask, RevealTask, Tiles};
pub use log::{LogHead, LogLine, LogPage, LogSide, PROOF_LINES_MAX};
pub use matching::{AuditLine, Hit, MatchFile};
pub use operations::{EVENTS_SHOWN_MAX, Operations, PeerState};
pub use prepared::{Hand, PreparedTask};
pub use raised::{RungDuty, RungTask};
pub use rounds::{Commitment, Round, RoundItem, Rounds, agenda_hash};
pub use status::{
    AnswerLine, ClockLine, ContactLine, Ending, GateDone, Here, Lacking, Owed, PauseLine, RungLine, Shared, SideLine,
    Status, StepDone, TurnLine,
};
pub use steps::{ALARMS_WD, Measure, StepLine, StepState, gates_before, open_steps};

/// Who is looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The officer.
    pub id: OfficerId,
    /// Their office.
    pub office: OfficeId,
    /// What they may be in it; none for the second track, which changes nothing.
    pub roles: Vec<Role>,
    /// Whether they are of the second track, who see only what is free to publish.
    pub second_track: bool,
}

/// One case in a list.
#[derive(Debug, Clone)]
pub struct CaseLine {
    /// The case.
    pub case: CaseId,
    /// The other side's reference, once given.
    pub reference: Option<String>,
    /// Its request type.
    pub type_code: TypeCode,
    /// The matter in one line, in every language it was written in.
    pub title: Prose,
    /// Where it stands.
    pub stage: Stage,
    /// Who asks whom.
    pub direction: Direction,
    /// Whose move it is and what they may do.
    pub turn: Turn,
    /// When the next thing is due; `None` when nothing is.
    pub due_at: Option<Timestamp>,
    /// How late that is.
    pub lateness: Lateness,
    /// The ladder's level, 0 to 4.
    pub level: u64,
    /// Its urgency, by code.
    pub urgency: String,
    /// Its sharing mark, by code.
    pub mark: String,
    /// Our office.
    pub our_office: OfficeId,
    /// Their office.
    pub their_office: OfficeId,
    /// The other Party.
    pub peer: PartyId,
    /// Our acts the other side has not receipted yet.
    pub undelivered: u64,
    /// When it last changed here.
    pub updated_at: Timestamp,
    /// Whether it is a drill.
    pub exercise: bool,
    /// The step still owed in a time of its own before the outcome can be told, where the case was looked into: papers after
    /// a verdict.
    pub awaited: Option<String>,
}

/// Whose move it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Our side must act; one of these acts leads on, and these roles may do one of them.
    Ours {
        /// The acts that lead on, in the order of the procedure.
        acts: Vec<ActKind>,
        /// The roles that may do one of them.
        roles: Vec<Role>,
        /// Whether the viewer is one who may.
        yours: bool,
    },
    /// The other Party must act.
    Theirs(PartyId),
    /// On its way: the courier has it.
    Courier,
    /// The case has ended.
    Over,
}

/// How a due moment lies to the present, on our side's calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lateness {
    /// It has passed.
    Overdue,
    /// Before our day ends.
    Today,
    /// Later.
    Ahead,
    /// Nothing is due.
    Nothing,
}

impl Viewer {
    /// The officer who looks.
    #[must_use]
    pub fn of(officer: &Officer) -> Self {
        Self {
            id: officer.id.clone(),
            office: officer.office.clone(),
            roles: if officer.second_track { Vec::new() } else { officer.roles.clone() },
            second_track: officer.second_track,
        }
    }

    /// Whether a case under this mark is there at all for them. An unknown mark is no free one.
    #[must_use]
    pub fn sees(&self, mark: &str) -> bool {
        !self.second_track || mark == Tlp::Clear.code()
    }

    /// Whether the viewer has one of these roles.
    #[must_use]
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}

impl Node {
    /// One page of cases as lines, and where the next page begins. Pages are cut after what a mask hides is left out: a short
    /// page, or the place of a next one, would tell that there was something to leave out.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn case_lines(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        viewer: &Viewer,
        filter: &CaseFilter,
    ) -> Result<(Vec<CaseLine>, Option<CaseCursor>), Fault> {
        let mut filter = filter.clone();
        if viewer.second_track {
            filter.mark = Some(Tlp::Clear.code().to_owned());
        }
        let (mut lines, mut ends_at) = (Vec::new(), None);
        loop {
            let (rows, next) = reader.cases(&filter)?;
            for row in &rows {
                let (summary, masked) = self.summary_for(reader, row, viewer)?;
                // A case is not found by words that its mask leaves out: the search would tell them.
                if masked.is_some_and(|case| !self.is_found(&case, &filter.terms)) {
                    continue;
                }
                if lines.len() >= filter.page_len() {
                    return Ok((lines, ends_at));
                }
                lines.push(self.line(row, summary, now, viewer)?);
                ends_at = Some(filter.ends_at(row));
            }
            // Where no word is looked for nothing is left out, and the store's own pages are the pages.
            if next.is_none() || filter.terms.is_empty() {
                return Ok((lines, next));
            }
            filter.after = next;
        }
    }

    /// What the viewer may read in a case's row, and the case behind it where they see it through a mask.
    pub(crate) fn summary_for(
        &self,
        reader: &dyn Reader,
        row: &CaseRow,
        viewer: &Viewer,
    ) -> Result<(Summary, Option<Case>), Fault> {
        let summary = self.summary(row)?;
        if !summary.masked || viewer.office == row.our_office || viewer.is_any(&[Role::Auditor]) {
            return Ok((summary, None));
        }
        let dossier = self.load(reader, &row.case)?.ok_or_else(|| Fault::record(row.case.as_str(), "no acts"))?;
        match self.seen_by(reader, dossier, &viewer.office)? {
            (_, None) => Ok((summary, None)),
            (seen, Some(_)) => {
                let ours = seen.case.side(self.me()).unwrap_or(Side::Requesting);
                Ok((summary_of(&seen.case, ours), Some(seen.case)))
            }
        }
    }

    /// Whether a case has every one of these search terms.
    fn is_found(&self, case: &Case, terms: &[String]) -> bool {
        let kept = self.terms_of(case);
        terms.iter().take(TERMS_MAX).all(|term| kept.contains(term))
    }

    /// One case's row as a line, with what the viewer may read in it.
    pub(crate) fn line(
        &self,
        row: &CaseRow,
        summary: Summary,
        now: Timestamp,
        viewer: &Viewer,
    ) -> Result<CaseLine, Fault> {
        let stage = Stage::from_code(&row.stage).ok_or_else(|| Fault::record("stage", &row.stage))?;
        let due_at = row.due_at.map(Timestamp::from);
        Ok(CaseLine {
            case: row.case.clone(),
            reference: summary.reference,
            type_code: row.type_code.clone(),
            title: summary.title,
            stage,
            direction: row.direction,
            turn: self.turn(row, summary.instrument, stage, viewer),
            due_at,
            lateness: self.lateness(due_at, now),
            level: row.level,
            urgency: row.urgency.clone(),
            mark: row.mark.clone(),
            our_office: row.our_office.clone(),
            their_office: row.their_office.clone(),
            peer: row.peer.clone(),
            undelivered: row.undelivered,
            updated_at: row.updated_at.into(),
            exercise: row.exercise,
            awaited: None,
        })
    }

    /// The end of the present day on our side's clock.
    #[must_use]
    pub fn today_ends(&self, now: Timestamp) -> Timestamp {
        let calendar = self.calendar();
        let today = calendar.local(now).date();
        let tomorrow = today.tomorrow().unwrap_or(today);
        calendar.instant(tomorrow, Time::midnight())
    }

    fn turn(&self, row: &CaseRow, version: Option<Hash32>, stage: Stage, viewer: &Viewer) -> Turn {
        let version =
            version.and_then(|version| self.version(&version)).unwrap_or_else(|| self.instrument_with(&row.peer));
        let kind = self.type_with(&row.peer, &row.type_code).map(|rule| rule.procedure);
        match (&row.turn, kind) {
            (Some(party), Some(kind)) if party == self.me() => {
                let side = match row.direction {
                    Direction::Outgoing => Side::Requesting,
                    Direction::Incoming => Side::Requested,
                };
                let (acts, roles) = match procedure::wait(kind, stage) {
                    // After the end only a duty of care is waited for; and before it the side that does not close the
                    // matter is waited for only because of what it undertook.
                    Wait::Over => by_acts(kind, stage, side, |row| OWED.contains(&row.act)),
                    Wait::For(closes, ClockKind::Closing) if closes != side => {
                        by_acts(kind, stage, side, |row| OWED.contains(&row.act))
                    }
                    _ => ways_on(kind, stage, side),
                };
                let office = if stage == Stage::Reconsidering {
                    levels_of(version, &viewer.office).contains(&CENTRAL_LEVEL)
                } else {
                    viewer.office == row.our_office
                };
                let yours = office && viewer.is_any(&roles);
                Turn::Ours { acts, roles, yours }
            }
            (Some(party), _) => Turn::Theirs(party.clone()),
            (None, kind) => match kind.map(|kind| procedure::wait(kind, stage)) {
                Some(Wait::Over) | None => Turn::Over,
                Some(_) => Turn::Courier,
            },
        }
    }

    fn lateness(&self, due_at: Option<Timestamp>, now: Timestamp) -> Lateness {
        match due_at {
            None => Lateness::Nothing,
            Some(due) if due < now => Lateness::Overdue,
            Some(due) if due < self.today_ends(now) => Lateness::Today,
            Some(_) => Lateness::Ahead,
        }
    }
}

/// The acts by which `side` leads a case on from `stage`, in the procedure's order, and the roles that may do one. What
/// leads out of the matter, not on, is left out.
#[must_use]
pub fn ways_on(kind: ProcedureKind, stage: Stage, side: Side) -> (Vec<ActKind>, Vec<Role>) {
    const OUT: &[ActKind] = &[ActKind::Withdraw, ActKind::Abort, ActKind::Conclude];
    const SPEAKING: &[ActKind] = &[ActKind::StatePosition, ActKind::ProposeText];
    by_acts(kind, stage, side, |row| {
        let leads = match row.to {
            To::Stage(to) => to != stage || SPEAKING.contains(&row.act),
            To::WhenBoth(_) => true,
            To::Stay => false,
        };
        leads && !OUT.contains(&row.act)
    })
}

/// The levels of the ladder an office answers at.
pub(crate) fn levels_of(instrument: &Instrument, office: &OfficeId) -> Vec<u8> {
    let answers = |rung: &&Rung| rung.offices.get(&office.party()).is_some_and(|offices| offices.contains(office));
    instrument.ladder().iter().filter(answers).map(|rung| rung.level).collect()
}

/// What is owed for what was handed over, also after the end.
const OWED: &[ActKind] = &[ActKind::GiveConsent, ActKind::ReportCompliance, ActKind::CheckUndertaking];

/// The acts of those wanted that an officer of `side` may do, in the procedure's order, and the roles that may do one.
fn by_acts(
    kind: ProcedureKind,
    stage: Stage,
    side: Side,
    wanted: impl Fn(&procedure::Row) -> bool,
) -> (Vec<ActKind>, Vec<Role>) {
    let (mut acts, mut roles): (Vec<ActKind>, Vec<Role>) = (Vec::new(), Vec::new());
    for row in procedure::table(kind).filter(|row| row.from.contains(&stage) && wanted(row)) {
        if row.by != By::EitherOfficer && row.by != By::Officer(side) {
            continue;
        }
        acts.push(row.act);
        for role in row.roles {
            if !roles.contains(role) {
                roles.push(*role);
            }
        }
    }
    (acts, roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_that_must_act_always_has_a_way_on() {
        for (kind, name) in ProcedureKind::ALL {
            for stage in procedure::reached(*kind) {
                let sides = match procedure::wait(*kind, stage) {
                    Wait::For(side, _) => vec![side],
                    Wait::Turn(_) | Wait::Both(..) => vec![Side::Requesting, Side::Requested],
                    Wait::AtHome | Wait::Over => continue,
                };
                for side in sides {
                    let (acts, roles) = ways_on(*kind, stage, side);
                    assert!(!acts.is_empty() && !roles.is_empty(), "{name}: {}", stage.code());
                    assert!(!roles.contains(&Role::Auditor));
                }
            }
        }
    }
}
