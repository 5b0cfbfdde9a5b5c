//! What the ladder wants of an office: an answer at its levels, and refusals to be reconsidered.
//!
//! Owns the reading of those duties off the cases. Must not know when a level is reached: the domain does.

use domain::act::ActKind;
use domain::judge::CENTRAL_LEVEL;
use domain::procedure::{self, Stage};
use jiff::Timestamp;
use store::{CaseFilter, Reader};

use super::{CaseLine, Lateness, Turn, Viewer, levels_of};
use crate::fault::Fault;
use crate::instruments::Version;
use crate::party::Node;

/// A duty of a level of the ladder in a case that has climbed to it.
#[derive(Debug, Clone)]
pub struct RungTask {
    /// The case.
    pub line: CaseLine,
    /// What the level must do.
    pub duty: RungDuty,
    /// By when the level must, on its own clock; `None` while a receipt is on its way.
    pub due_at: Option<Timestamp>,
    /// How late that is.
    pub lateness: Lateness,
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

impl Node {
    /// Everything the ladder wants of the viewer's office now, the soonest due first: an answer at each level that a case has
    /// climbed to and that has not answered, and refusals to be reconsidered. Of all our cases, not of a page of them: what
    /// a silence has climbed to must not be missed for being old.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn raised(&self, reader: &dyn Reader, now: Timestamp, viewer: &Viewer) -> Result<Vec<RungTask>, Fault> {
        let mut tasks = Vec::new();
        let mut filter = CaseFilter { turn: Some(self.me().clone()), ..CaseFilter::default() };
        loop {
            let (lines, next) = self.case_lines(reader, now, viewer, &filter)?;
            for line in lines.into_iter().filter(|line| line.level > 0 && line.turn != Turn::Over) {
                tasks.extend(self.rung_tasks(reader, now, viewer, line)?);
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
        now: Timestamp,
        viewer: &Viewer,
        line: CaseLine,
    ) -> Result<Vec<RungTask>, Fault> {
        let own = line.our_office == viewer.office;
        let named = |version: &Version| !levels_of(&version.instrument, &viewer.office).is_empty();
        if !own && !self.instruments().iter().any(named) {
            return Ok(Vec::new());
        }
        let Some(dossier) = self.load(reader, &line.case)? else { return Ok(Vec::new()) };
        let case = &dossier.case;
        let Some(us) = case.side(self.me()) else { return Ok(Vec::new()) };
        let levels = levels_of(self.instrument_of(case), &viewer.office);
        let here = |level: u8| own && level < CENTRAL_LEVEL || levels.contains(&level);
        let may = |act: ActKind| {
            viewer.roles.iter().any(|role| procedure::open_to(case.procedure, case.stage(), us, *role).contains(&act))
        };
        let mut tasks = Vec::new();
        for rung in case.open_rungs().filter(|rung| rung.side == us && here(rung.level)) {
            let duty = RungDuty::Answer { level: rung.level, since: rung.at };
            let (due_at, yours) = (Some(rung.answer_due.due_at), may(ActKind::AnswerEscalation));
            let lateness = self.lateness(due_at, now);
            tasks.push(RungTask { line: line.clone(), duty, due_at, lateness, yours });
        }
        if line.stage == Stage::Reconsidering && levels.contains(&CENTRAL_LEVEL) {
            let yours = may(ActKind::Uphold) && case.refused_by.as_ref() != Some(&viewer.id);
            let (due_at, lateness) = (line.due_at, line.lateness);
            tasks.push(RungTask { line, duty: RungDuty::Reconsider, due_at, lateness, yours });
        }
        Ok(tasks)
    }
}
