//! The status report of a case: where it stands, in a form both sides can lay on the table.
//!
//! Owns its two parts. `Shared` is read off the case's acts alone, so that once both nodes hold the same acts and receipts
//! it is the same to the byte on both, and its hash says so. `Here` is for this house and is in no hash. Must not know the
//! present (a report says when something is due, not how late it is), nor make words.

use std::collections::BTreeMap;

use domain::act::{Act, ActKind, MissingItem, Person, Urgency};
use domain::case::{self, Case, Entry, State};
use domain::clock::{Clock, ClockKind};
use domain::deadline::Deadline;
use domain::due;
use domain::handling::{Classification, Tlp};
use domain::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId, TypeCode};
use domain::instrument::{Instrument, Versions};
use domain::procedure::{ProcedureKind, Side, Stage};
use domain::safeguard::{Finding, Gate};
use domain::text::Prose;
use jiff::Timestamp;
use ledger::canon;
use ledger::hash::sha256;
use serde::Serialize;
use store::Reader;

use super::{Viewer, ways_on};
use crate::fault::Fault;
use crate::party::Node;

mod clocks;
mod outcome;

pub use clocks::{ClockLine, PauseLine};
pub use outcome::{AnswerLine, Ending, StepDone, ending};

/// The report on one case.
#[derive(Debug, Clone)]
pub struct Status {
    /// What both sides can show each other.
    pub shared: Shared,
    /// SHA-256 of its canonical bytes, by which they compare it; `None` for who sees a copy with parts left out.
    pub hash: Option<Hash32>,
    /// What only this house knows; `None` for the second track.
    pub here: Option<Here>,
}

/// What follows from the acts of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// The asking side's reference.
    pub case: CaseId,
    /// The asked side's, once given.
    pub reference: Option<String>,
    /// The request type.
    pub type_code: TypeCode,
    /// The procedure it follows.
    pub procedure: ProcedureKind,
    /// The version of the instrument it runs under.
    pub instrument: Hash32,
    /// The asking side, then the asked one.
    pub sides: [SideLine; 2],
    /// The matter in one line.
    pub title: Prose,
    /// On which basis it is asked.
    pub legal_basis: Prose,
    /// Sharing mark.
    pub mark: Tlp,
    /// What the sender's marking amounts to.
    pub classification: Classification,
    /// The urgency in force.
    pub urgency: Urgency,
    /// The urgency the asking side proposed.
    pub urgency_proposed: Urgency,
    /// Whether it is a drill.
    pub exercise: bool,
    /// Where it stands.
    pub stage: Stage,
    /// When it was first signed.
    pub opened_at: Timestamp,
    /// When it reached the other side.
    pub delivered_at: Option<Timestamp>,
    /// When it ended.
    pub over_since: Option<Timestamp>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// The answers given, in order.
    pub answers: Vec<AnswerLine>,
    /// The steps recorded, in order.
    pub steps: Vec<StepDone>,
    /// Who must act now.
    pub turn: Option<TurnLine>,
    /// Every clock the case has had, in the order they began.
    pub clocks: Vec<ClockLine>,
    /// The level of the ladder the present silence stands at.
    pub level: u8,
    /// Every rung reached, in order.
    pub ladder: Vec<RungLine>,
    /// The hotline's log.
    pub contacts: Vec<ContactLine>,
    /// Safeguards answered.
    pub gates: Vec<GateDone>,
    /// Norms the case was tied to, each with the Party that did.
    pub norms: Vec<(PartyId, String)>,
    /// What is missing, and from whom.
    pub missing: Vec<Lacking>,
    /// How many acts of each Party the report rests on: two reports differ where these do.
    pub acts: BTreeMap<PartyId, u64>,
}

/// One side of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideLine {
    /// The Party.
    pub party: PartyId,
    /// Its office that has the matter.
    pub office: OfficeId,
    /// The acts by which it may lead the matter on now; none while it waits for the other.
    pub next: Vec<ActKind>,
}

/// Who must act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TurnLine {
    /// The Party.
    pub party: PartyId,
    /// The offices, one of which must.
    pub offices: Vec<OfficeId>,
    /// Under which clock.
    pub clock: ClockKind,
}

/// One rung reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RungLine {
    /// Its level, 1 to 4.
    pub level: u8,
    /// When.
    pub at: Timestamp,
    /// Whether an officer raised it, before or beside the clock.
    pub by_officer: bool,
    /// The Party that must answer there.
    pub party: PartyId,
    /// Its offices, one of which answers.
    pub offices: Vec<OfficeId>,
    /// By when.
    pub due: Deadline,
    /// When it did.
    pub answered_at: Option<Timestamp>,
}

/// One call or meeting on the escalation route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContactLine {
    /// The Party that noted it.
    pub party: PartyId,
    /// The level that spoke.
    pub level: u8,
    /// By which means.
    pub means: String,
    /// Who spoke, and what was said.
    pub words: Prose,
    /// When it was noted.
    pub at: Timestamp,
}

/// One safeguard answered: by which office, never by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateDone {
    /// The safeguard.
    pub gate: Gate,
    /// What was found.
    pub finding: Finding,
    /// The office.
    pub office: OfficeId,
    /// When.
    pub at: Timestamp,
}

/// Something missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// The Party that owes it.
    pub party: PartyId,
    /// What it is.
    pub what: Owed,
    /// By when, where a clock runs.
    pub due: Option<Deadline>,
}

/// What can be missing from a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owed {
    /// A part of the request, by the list it was returned with.
    Item(MissingItem),
    /// The reply to a question, by its number.
    Reply(usize),
    /// A step in a time of its own, by its code.
    Step(String),
    /// The answer of a level of the ladder.
    RungAnswer(u8),
    /// The answer to a question of consent, by its number.
    Consent(usize),
    /// The report on something taken back or put right, by its number.
    Compliance(usize),
}

/// What this house knows beside the acts. It is shown to its own officers and goes nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// Who has acted for us in the case, the latest first, and when.
    pub people: Vec<(Person, Timestamp)>,
    /// Acts of ours the other side has not confirmed.
    pub undelivered: u64,
    /// Safeguards answered here for acts not yet done.
    pub answers_waiting: usize,
    /// Notes of the house.
    pub notes: usize,
}

impl Node {
    /// The report on a case; `None` when there is none, or none for this viewer.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn status(&self, reader: &dyn Reader, viewer: &Viewer, id: &CaseId) -> Result<Option<Status>, Fault> {
        let (Some(dossier), Some(row)) = (self.load(reader, id)?, reader.case(id)?) else { return Ok(None) };
        if !viewer.sees(&row.mark) {
            return Ok(None);
        }
        let (dossier, mask) = self.shown_to(reader, dossier, viewer)?;
        let Some(shared) = Shared::of(self.instruments(), &dossier.entries) else { return Ok(None) };
        // Whoever sees a copy with parts left out has nothing to compare, and the hash would tell when a guess was right.
        let hash = if mask.is_none() { Some(shared.hash()?) } else { None };
        let here = if viewer.second_track {
            None
        } else {
            Some(Here {
                people: people(self.me(), &dossier.entries),
                undelivered: row.undelivered,
                answers_waiting: self.pending_gates(reader, id)?.len(),
                notes: self.notes(reader, id)?.len(),
            })
        };
        Ok(Some(Status { shared, hash, here }))
    }
}

impl Shared {
    /// The shared part, from a case's acts in any order; `None` when no act opens it.
    #[must_use]
    pub fn of(versions: &(impl Versions + ?Sized), entries: &[Entry]) -> Option<Self> {
        let mut watch = clocks::Watch::default();
        let case = case::fold_watched(versions, entries, |case, act| watch.see(case, act))?;
        let instrument = versions.version(&case.instrument)?;
        let request = &case.request;
        let party = |side: Side| case.party(side).clone();
        Some(Self {
            reference: case.reference.as_ref().map(|one| one.number.clone()).filter(|number| !number.is_empty()),
            type_code: case.type_code.clone(),
            procedure: case.procedure,
            instrument: case.instrument,
            sides: [Side::Requesting, Side::Requested].map(|side| side_line(&case, side)),
            title: request.title.clone(),
            legal_basis: request.legal_basis.clone(),
            mark: request.mark,
            classification: request.classification,
            urgency: case.urgency,
            urgency_proposed: request.urgency,
            exercise: request.exercise,
            stage: case.stage(),
            opened_at: case.opened_at,
            delivered_at: case.delivered_at,
            over_since: case.over_since,
            ending: ending(&case, entries),
            answers: outcome::answers(&case, entries),
            steps: outcome::steps(&case),
            turn: turn(&case, instrument),
            clocks: watch.ended(&case),
            level: case.ladder.level,
            ladder: case.rungs.iter().map(|rung| rung_line(&case, instrument, rung)).collect(),
            contacts: case.contacts.iter().map(|contact| contact_line(&case, contact)).collect(),
            gates: case.gates.iter().map(|(_, answer)| gate_done(answer)).collect(),
            norms: case.norms.iter().map(|(side, norm, _)| (party(*side), norm.clone())).collect(),
            missing: missing(&case, instrument),
            acts: case.heads.clone(),
            case: case.id,
        })
    }

    /// SHA-256 of its canonical bytes.
    ///
    /// # Errors
    /// [`Fault::Record`] when it cannot be written down, which it always can.
    pub fn hash(&self) -> Result<Hash32, Fault> {
        let bytes = canon::to_vec(self).map_err(|why| Fault::record("status", why))?;
        Ok(Hash32(sha256(&[&bytes])))
    }
}

fn side_line(case: &Case, side: Side) -> SideLine {
    let must = case.turn().is_some_and(|(turn, _)| turn == side);
    let both = |act: &ActKind| !case.both.get(act).is_some_and(|done| done.contains(&side));
    let (mut next, _) = ways_on(case.procedure, case.stage(), side);
    next.retain(|act| must && both(act));
    SideLine { party: case.party(side).clone(), office: case.office(side).clone(), next }
}

fn turn(case: &Case, instrument: &Instrument) -> Option<TurnLine> {
    let (side, kind) = case.waits()?;
    let offices = if case.stage() == Stage::Reconsidering {
        offices_at(case, instrument, case::RECONSIDERATION_LEVEL, side)
    } else {
        vec![case.office(side).clone()]
    };
    Some(TurnLine { party: case.party(side).clone(), offices, clock: kind })
}

/// The offices of a side that answer at a level; the case's own where the ladder names none.
fn offices_at(case: &Case, instrument: &Instrument, level: u8, side: Side) -> Vec<OfficeId> {
    let named = instrument.rung(level).and_then(|rung| rung.offices.get(case.party(side)));
    match named {
        Some(offices) if !offices.is_empty() => offices.clone(),
        Some(_) | None => vec![case.office(side).clone()],
    }
}

fn rung_line(case: &Case, instrument: &Instrument, rung: &case::Rung) -> RungLine {
    RungLine {
        level: rung.level,
        at: rung.at,
        by_officer: rung.reason.is_some(),
        party: case.party(rung.side).clone(),
        offices: offices_at(case, instrument, rung.level, rung.side),
        due: rung.answer_due.clone(),
        answered_at: rung.answer.as_ref().map(|(_, at)| *at),
    }
}

fn contact_line(case: &Case, contact: &case::Contact) -> ContactLine {
    ContactLine {
        party: case.party(contact.by).clone(),
        level: contact.level,
        means: contact.means.clone(),
        words: contact.words.clone(),
        at: contact.at,
    }
}

fn gate_done(answer: &domain::safeguard::GateAnswer) -> GateDone {
    GateDone { gate: answer.gate, finding: answer.finding, office: answer.office.clone(), at: answer.at }
}

/// What either side still owes, what was asked first first.
fn missing(case: &Case, instrument: &Instrument) -> Vec<Lacking> {
    let runs = |clock: Option<&Clock>| clock.and_then(Clock::deadline).cloned();
    let from = |side: Side, what: Owed, due: Option<Deadline>| Lacking { party: case.party(side).clone(), what, due };
    let mut missing = Vec::new();
    if let State::ReturnedIncomplete { items } = &case.state {
        let due = runs(case.clocks.get(&ClockKind::Supplement));
        missing.extend(items.iter().map(|item| from(Side::Requesting, Owed::Item(item.clone()), due.clone())));
    }
    for (place, question) in case.questions.iter().enumerate().filter(|(_, one)| one.reply.is_none()) {
        missing.push(from(question.by.other(), Owed::Reply(place + 1), None));
    }
    for one in due::awaited(case, instrument) {
        missing.push(from(one.side, Owed::Step(one.step), Some(one.due)));
    }
    for rung in case.open_rungs() {
        missing.push(from(rung.side, Owed::RungAnswer(rung.level), Some(rung.answer_due.clone())));
    }
    for (place, consent) in case.care.consents.iter().enumerate().filter(|(_, one)| one.answer.is_none()) {
        missing.push(from(consent.by.other(), Owed::Consent(place + 1), runs(consent.clock.as_ref())));
    }
    for (place, taken) in case.care.retractions.iter().enumerate().filter(|(_, one)| one.report.is_none()) {
        missing.push(from(taken.by.other(), Owed::Compliance(place + 1), runs(taken.clock.as_ref())));
    }
    missing
}

/// Our officers in the case with their latest act, the latest first.
fn people(me: &PartyId, entries: &[Entry]) -> Vec<(Person, Timestamp)> {
    let mut latest: BTreeMap<OfficerId, (Person, Timestamp)> = BTreeMap::new();
    let ours = |act: &&Act| act.by == *me;
    for act in entries.iter().map(|entry| &entry.act).filter(ours) {
        let Some(person) = act.author.officer() else { continue };
        let seen = latest.entry(person.id.clone()).or_insert_with(|| (person.clone(), act.at));
        if act.at >= seen.1 {
            *seen = (person.clone(), act.at);
        }
    }
    let mut people: Vec<(Person, Timestamp)> = latest.into_values().collect();
    people.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
    people
}
