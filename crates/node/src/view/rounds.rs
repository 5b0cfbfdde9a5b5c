//! The meetings between the Parties: what each has before it, and what was undertaken.
//!
//! Owns what a viewer sees of agendas and commitments: titles, outcomes, words, as far as the cases are open to them. What
//! is on an agenda is computed by the domain. Must not decide anything.

use std::collections::BTreeSet;

use domain::act::About;
use domain::agenda::{Agenda, agendas};
use domain::case::{Case, Item, TaskState};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId, TypeCode};
use domain::text::Prose;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::canon;
use ledger::hash::sha256;
use store::Reader;

use super::account::FactBook;
use super::{CaseLine, Viewer};
use crate::fault::Fault;
use crate::party::Node;

/// Most meetings shown, those to come first, then the latest: decades of all series. Each is folded.
const ROUNDS_MAX: usize = 120;
/// Most cases whose commitments are shown; each is folded.
const BOARD_CASES_MAX: usize = 400;

/// Every meeting, and everything undertaken.
#[derive(Debug, Clone, Default)]
pub struct Rounds {
    /// Those to come, the soonest first, then those held and called off, the latest first.
    pub rounds: Vec<Round>,
    /// What was undertaken to be done: what is late first, then by the day it is due.
    pub board: Vec<Commitment>,
}

/// One meeting.
#[derive(Debug, Clone)]
pub struct Round {
    /// Its line in lists.
    pub line: CaseLine,
    /// Its case, as the viewer may read it.
    pub case: Case,
    /// Its agenda, as far as it is open to the viewer.
    pub agenda: Agenda,
    /// The same item by item, with what people read.
    pub items: Vec<RoundItem>,
    /// The hash of the whole agenda, by which two nodes compare theirs; none where a part is not open to the viewer.
    pub hash: Option<Hash32>,
}

/// One item of an agenda with its words.
#[derive(Debug, Clone)]
pub struct RoundItem {
    /// Its place among those tabled, and who tabled it.
    pub tabled: Option<(u32, PartyId)>,
    /// The level of the ladder for which it is there by itself.
    pub level: Option<u8>,
    /// The meeting that left it unsettled.
    pub carried_from: Option<CaseId>,
    /// What it is: as it was tabled here or where it was left, or the matter of its case.
    pub topic: Option<Prose>,
    /// The case it is about.
    pub about: Option<CaseId>,
    /// What was settled, by whom and when.
    pub outcome: Option<(PartyId, Prose, Timestamp)>,
}

/// Something a Party undertook to do.
#[derive(Debug, Clone)]
pub struct Commitment {
    /// The case it was undertaken in.
    pub case: CaseId,
    /// Its type.
    pub type_code: TypeCode,
    /// Its place among the undertakings there, from 1.
    pub number: u32,
    /// What will be done.
    pub words: Prose,
    /// Who does it.
    pub owner: OfficeId,
    /// The last day for it, on the owner's calendar.
    pub due_on: Date,
    /// When that day ends.
    pub due_at: Option<Timestamp>,
    /// How it stands.
    pub state: TaskState,
    /// Whether it is of an exercise.
    pub exercise: bool,
}

impl Node {
    /// Every meeting and commitment that is open to the viewer.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn rounds(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        viewer: &Viewer,
        book: &FactBook,
    ) -> Result<Rounds, Fault> {
        let in_force = self.instruments().lineages().map(|lineage| &lineage.in_force().instrument);
        let mut all: Vec<Agenda> = in_force.flat_map(|instrument| agendas(instrument, book.iter(), now)).collect();
        all.sort_by_key(|agenda| {
            let past = agenda.held_at.is_some() || agenda.is_off;
            let at = agenda.held_at.or(agenda.dates.map(|(from, _)| from)).map(Timestamp::as_second);
            (past, if past { at.map(|at| -at) } else { at }, agenda.round.clone())
        });
        let mut found = Rounds::default();
        for agenda in all.into_iter().take(ROUNDS_MAX) {
            found.rounds.extend(self.round(reader, now, viewer, agenda)?);
        }
        let promised = book.iter().filter(|facts| !facts.tasks.is_empty()).map(|facts| &facts.case);
        for case in promised.take(BOARD_CASES_MAX) {
            found.board.extend(self.commitments(reader, now, viewer, case)?);
        }
        let rank = |state: TaskState| match state {
            TaskState::Late => 0,
            TaskState::Open => 1,
            TaskState::Kept | TaskState::Discharged => 2,
        };
        found.board.sort_by(|a, b| (rank(a.state), a.due_on, &a.case).cmp(&(rank(b.state), b.due_on, &b.case)));
        Ok(found)
    }

    fn round(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        viewer: &Viewer,
        mut agenda: Agenda,
    ) -> Result<Option<Round>, Fault> {
        let Some((line, case)) = self.open_case(reader, now, viewer, &agenda.round)? else { return Ok(None) };
        let whole = agenda_hash(&agenda)?;
        let (count, mut hidden) = (agenda.items.len(), BTreeSet::new());
        let mut items = Vec::with_capacity(count);
        for (place, item) in agenda.items.iter().enumerate() {
            let own = item.tabled.as_ref().and_then(|(number, _)| case.talk.item(*number));
            let (topic, about) = match &item.subject {
                About::Case(id) => match self.open_case(reader, now, viewer, id)? {
                    Some((of_case, _)) => (Some(of_case.title), Some(id.clone())),
                    // A case whose acts are still on their way is named and no more; one that is not open is not there.
                    None if reader.case(id)?.is_none() => (None, Some(id.clone())),
                    None => {
                        hidden.insert(place);
                        continue;
                    }
                },
                About::Item(item) if item.round == case.id => (None, None),
                About::Item(item) => {
                    let before = self.open_case(reader, now, viewer, &item.round)?;
                    (before.and_then(|(_, case)| case.talk.item(item.number).map(|item| item.topic.clone())), None)
                }
            };
            let outcome = |item: &Item| {
                let (by, words, at) = item.outcome.clone()?;
                Some((case.party(by).clone(), words, at))
            };
            items.push(RoundItem {
                tabled: item.tabled.clone(),
                level: item.level,
                carried_from: item.carried_from.clone(),
                topic: own.map(|item| item.topic.clone()).or(topic),
                about,
                outcome: own.and_then(outcome),
            });
        }
        let mut place = 0;
        agenda.items.retain(|_| {
            place += 1;
            !hidden.contains(&(place - 1))
        });
        let hash = hidden.is_empty().then_some(whole);
        Ok(Some(Round { line, case, agenda, items, hash }))
    }

    /// The case and its line where it is here and open to the viewer.
    fn open_case(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        viewer: &Viewer,
        id: &CaseId,
    ) -> Result<Option<(CaseLine, Case)>, Fault> {
        let Some(row) = reader.case(id)?.filter(|row| viewer.sees(&row.mark)) else { return Ok(None) };
        let Some(dossier) = self.load(reader, id)? else { return Ok(None) };
        let (dossier, _) = self.shown_to(reader, dossier, viewer)?;
        let summary = self.summary_for(reader, &row, viewer)?.0;
        Ok(Some((self.line(&row, summary, now, viewer)?, dossier.case)))
    }

    fn commitments(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        viewer: &Viewer,
        id: &CaseId,
    ) -> Result<Vec<Commitment>, Fault> {
        let Some((_, case)) = self.open_case(reader, now, viewer, id)? else { return Ok(Vec::new()) };
        Ok(commitments(&case, now))
    }
}

/// What was undertaken to be done in a case.
fn commitments(case: &Case, now: Timestamp) -> Vec<Commitment> {
    let numbered = (1..).zip(&case.care.undertakings);
    let read = |(number, one): (u32, &domain::case::Undertaking)| {
        let task = one.task.as_ref()?;
        Some(Commitment {
            case: case.id.clone(),
            type_code: case.type_code.clone(),
            number,
            words: one.words.clone(),
            owner: task.owner.clone(),
            due_on: task.due_on,
            due_at: task.clock.as_ref().and_then(domain::clock::Clock::deadline).map(|due| due.due_at),
            state: one.state(now)?,
            exercise: case.request.exercise,
        })
    };
    numbered.filter_map(read).collect()
}

/// The hash of an agenda, by which two nodes compare theirs: SHA-256 of its canonical bytes.
///
/// # Errors
/// [`Fault::Record`] when it cannot be written down, which it always can.
pub fn agenda_hash(agenda: &Agenda) -> Result<Hash32, Fault> {
    let bytes = canon::to_vec(agenda).map_err(|why| Fault::record("agenda", why))?;
    Ok(Hash32(sha256(&[&bytes])))
}
