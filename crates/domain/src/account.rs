//! The account: what was promised, how it was kept, in each direction, computed from the acts and nothing else.
//!
//! Owns the counting of a period. It must not know the present time, pages, or how a figure is worded; what a clause
//! counts is said by the instrument ([`Measure`]), what happened by the cases ([`CaseFacts`]). Two nodes that hold the
//! same acts compute the same account to the last digit, whatever the order in which they learnt of them.

mod dialogue;
mod facts;
mod measure;
mod outcomes;
#[cfg(test)]
mod tests;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use facts::{
    CaseFacts, Climbed, ItemFacts, Made, MeetingFacts, Moved, Outcome, Raised, Served, Standing, TaskFacts,
};
pub use measure::{Among, Count, Measure};
pub use outcomes::{Fared, TypeOutcomes, outcomes};
pub use value::{CELL_MIN, Value};

use crate::act::ActKind;
use crate::asset::Movement;
use crate::clock::ClockKind;
use crate::ids::{CaseId, Hash32, OfficeId, PartyId, TypeCode};
use crate::instrument::Instrument;
use crate::menu::Menu;
use crate::procedure::Side;

/// What is accounted for: everything that settled after `from` and not after `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The instant before the first.
    pub from: Timestamp,
    /// The last instant.
    pub until: Timestamp,
    /// Whether exercises are counted instead of live matters; the two never meet in one account.
    pub exercise: bool,
}

/// The account of a period, clause by clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The instrument it is about, by hash.
    pub instrument: Hash32,
    /// The period.
    pub period: Period,
    /// Every clause in the order of the instrument.
    pub clauses: Vec<ClauseAccount>,
}

/// What was counted for one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseAccount {
    /// The clause, by id.
    pub clause: String,
    /// Its figures in the order of the instrument.
    pub figures: Vec<Figure>,
}

/// One figure, in every direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What was counted.
    pub measure: Measure,
    /// By the Party that asked or told: how matters opened by it went. One entry for each Party, be it zero.
    pub by_direction: BTreeMap<PartyId, Value>,
}

/// Computes the account of a period from the facts of every case under `instrument`; their order does not matter.
#[must_use]
pub fn account<'f>(instrument: &Instrument, facts: impl IntoIterator<Item = &'f CaseFacts>, period: Period) -> Account {
    // A node may hold cases with others under another instrument, with types of the same code: they count there.
    let ours = facts.into_iter().filter(|facts| facts.is_under(instrument));
    let counted: Vec<&CaseFacts> = ours.filter(|facts| facts.exercise == period.exercise).collect();
    let tabled = dialogue::on_agendas(instrument, &counted, period);
    let mut clauses: Vec<ClauseAccount> = instrument
        .clauses()
        .iter()
        .map(|clause| ClauseAccount {
            clause: clause.id.clone(),
            figures: clause
                .measures
                .iter()
                .map(|measure| figure(instrument, &clause.types, measure, (&counted, &tabled), period))
                .collect(),
        })
        .collect();
    count_live(instrument, &mut clauses);
    Account { instrument: instrument.hash(), period, clauses }
}

impl Account {
    /// The same account with every cell under [`CELL_MIN`] suppressed, as it may leave the two Parties.
    #[must_use]
    pub fn for_export(&self) -> Self {
        let mut open = self.clone();
        let values = open.clauses.iter_mut().flat_map(|clause| &mut clause.figures);
        for value in values.flat_map(|figure| figure.by_direction.values_mut()) {
            *value = value.suppressed();
        }
        open
    }

    /// The figures of a clause.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&ClauseAccount> {
        self.clauses.iter().find(|clause| clause.clause == id)
    }
}

impl Period {
    /// Whether something that settled at `at` belongs to it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        at > self.from && at <= self.until
    }
}

fn figure(
    instrument: &Instrument,
    types: &[TypeCode],
    measure: &Measure,
    (facts, tabled): (&[&CaseFacts], &BTreeSet<CaseId>),
    period: Period,
) -> Figure {
    let by_direction = instrument
        .parties()
        .keys()
        .map(|party| {
            let theirs: Vec<&CaseFacts> = facts
                .iter()
                .copied()
                .filter(|facts| facts.requesting == *party)
                .filter(|facts| measure.counts(&facts.type_code, types))
                .collect();
            let value = match measure.of {
                Count::Tabled => dialogue::tabled(&theirs, tabled, period),
                Count::Tasks => {
                    let of_type = facts.iter().filter(|facts| measure.counts(&facts.type_code, types));
                    dialogue::tasks(of_type.copied(), party, period)
                }
                _ => count(instrument, &measure.of, party, &theirs, period),
            };
            (party.clone(), value)
        })
        .collect();
    Figure { measure: measure.clone(), by_direction }
}

/// One cell: what is counted among the cases opened by `party`.
fn count(instrument: &Instrument, of: &Count, party: &PartyId, facts: &[&CaseFacts], period: Period) -> Value {
    let opened = || facts.iter().filter(|facts| period.holds(facts.opened_at));
    let ended = || facts.iter().filter(|facts| facts.over.is_some_and(|(_, at)| period.holds(at)));
    let made =
        |facts: &CaseFacts, kind: ActKind, until| facts.made.iter().any(|made| made.kind == kind && made.at <= until);
    match of {
        Count::Raised => Value::Number(opened().count() as u64),
        Count::ByArea => Value::tally(opened().filter_map(|facts| area(instrument, facts))),
        Count::OnTime { wait } => on_time(facts, wait.as_ref(), period),
        Count::Time { wait } => Value::spread(times(facts, *wait, period)),
        Count::TimeToClose => {
            Value::spread(ended().filter_map(|facts| facts.over.map(|(_, at)| at.duration_since(facts.opened_at))))
        }
        Count::Outcomes => {
            Value::tally(ended().filter_map(|facts| facts.over.map(|(outcome, _)| outcome.code().to_owned())))
        }
        Count::Grounds => {
            let refused = facts.iter().flat_map(|facts| &facts.refused).filter(|(_, at)| period.holds(*at));
            Value::tally(refused.map(|(ground, _)| ground.code().to_owned()))
        }
        Count::Levels => {
            let reached = climbed(facts).filter(|rung| period.holds(rung.at));
            Value::tally(reached.map(|rung| format!("L{}", rung.level)))
        }
        Count::LevelsAnswered => levels_answered(facts, period),
        Count::CompleteAtFirst => share(opened().filter(|facts| facts.delivered), |facts| {
            !made(facts, ActKind::ReturnIncomplete, period.until)
        }),
        Count::WithAct { act } => share(opened(), |facts| made(facts, *act, period.until)),
        Count::WithStep { step } => {
            share(opened(), |facts| facts.steps.iter().any(|(code, at)| code == step && *at <= period.until))
        }
        Count::Usefulness => {
            let scores = facts.iter().filter_map(|facts| facts.usefulness).filter(|(_, at)| period.holds(*at));
            Value::tally(scores.map(|(score, _)| score.to_string()))
        }
        Count::Lessons => share(ended(), |facts| facts.lesson),
        Count::Cosigned { days } => cosigned(facts, *days, period),
        Count::Settled => share(ended(), |facts| facts.over.is_some_and(|(outcome, _)| outcome == Outcome::Signed)),
        Count::Active => share(facts.iter().filter(|facts| facts.opened_at <= period.until), |facts| {
            facts.over.is_none_or(|(_, at)| at > period.until)
        }),
        Count::Assets => assets(facts, period),
        Count::Pairs { days } => pairs(instrument, party, facts, *days, period),
        Count::SinceLast => since_last(facts, period),
        Count::Owned => owned(instrument, party),
        Count::SinceStep { step } => dialogue::since_step(facts, step, period),
        Count::Items => dialogue::items(facts, period),
        // They need more than these cases: filled in by `figure` and, of every other figure, by `count_live`.
        Count::Tabled | Count::Tasks | Count::Live => Value::Number(0),
    }
}

fn area(instrument: &Instrument, facts: &CaseFacts) -> Option<String> {
    instrument.request_type(&facts.type_code).map(|rule| rule.area.clone())
}

/// How long each wait of a kind took that ended in the period.
fn times<'f>(
    facts: &'f [&CaseFacts],
    wait: ClockKind,
    period: Period,
) -> impl Iterator<Item = SignedDuration> + use<'f> {
    let served = facts.iter().flat_map(|facts| &facts.served);
    let wanted = served.filter(move |served| served.standing.kind == wait && period.holds(served.ended_at));
    wanted.map(|served| served.ended_at.duration_since(served.standing.since))
}

fn since_last(facts: &[&CaseFacts], period: Period) -> Value {
    let ends = facts.iter().filter_map(|facts| facts.over.map(|(_, at)| at)).filter(|at| *at <= period.until);
    let days = |at| u64::try_from(period.until.duration_since(at).as_hours() / 24).ok();
    Value::Since { days: ends.max().and_then(days) }
}

fn owned(instrument: &Instrument, party: &PartyId) -> Value {
    let clauses = instrument.clauses();
    let owned = clauses.iter().filter(|clause| clause.offices.get(party).is_some_and(|offices| !offices.is_empty()));
    Value::Share { part: owned.count() as u64, whole: clauses.len() as u64 }
}

/// Waits of the side that was asked, settled in the period: in time, or late on the day their time ran out.
fn on_time(facts: &[&CaseFacts], wait: Option<&ClockKind>, period: Period) -> Value {
    let mut value = (0, 0);
    let wanted =
        |standing: &Standing| standing.side == Side::Requested && wait.is_none_or(|wait| standing.kind == *wait);
    for facts in facts {
        let ended = facts.served.iter().map(|served| (&served.standing, Some(served.ended_at)));
        let open = facts.open.iter().map(|standing| (standing, None));
        for (standing, ended_at) in ended.chain(open).filter(|(standing, _)| wanted(standing)) {
            let Some(due_at) = standing.due_at else { continue };
            let kept = ended_at.is_some_and(|at| at <= due_at);
            let settled_at = ended_at.filter(|_| kept).unwrap_or(due_at);
            if period.holds(settled_at) {
                value.0 += u64::from(kept);
                value.1 += 1;
            }
        }
    }
    Value::Share { part: value.0, whole: value.1 }
}

/// Reports that had both signatures so many days after their last day, of those whose days of grace ended in the period.
fn cosigned(facts: &[&CaseFacts], days: u16, period: Period) -> Value {
    let (mut part, mut whole) = (0, 0);
    for facts in facts {
        let grace = SignedDuration::from_hours(i64::from(days) * 24);
        let due_at = facts.reports_until.and_then(|until| until.checked_add(grace).ok());
        if let Some(due_at) = due_at.filter(|due_at| period.holds(*due_at)) {
            let signed = facts.settled.is_some_and(|(outcome, at)| outcome == Outcome::Signed && at <= due_at);
            part += u64::from(signed);
            whole += 1;
        }
    }
    Value::Share { part, whole }
}

fn climbed<'f>(facts: &'f [&CaseFacts]) -> impl Iterator<Item = &'f Climbed> {
    facts.iter().flat_map(|facts| &facts.climbed)
}

/// Rungs whose own time to answer is over or was used.
fn levels_answered(facts: &[&CaseFacts], period: Period) -> Value {
    let (mut part, mut whole) = (0, 0);
    for rung in climbed(facts) {
        let kept = rung.answered_at.is_some_and(|at| at <= rung.due_at);
        let settled_at = rung.answered_at.filter(|_| kept).unwrap_or(rung.due_at);
        if period.holds(settled_at) {
            part += u64::from(kept);
            whole += 1;
        }
    }
    Value::Share { part, whole }
}

/// What moved in the period, by movement and currency, exactly.
fn assets(facts: &[&CaseFacts], period: Period) -> Value {
    let mut sums = BTreeMap::new();
    for moved in facts.iter().flat_map(|facts| &facts.moved).filter(|moved| period.holds(moved.at)) {
        let key = format!("{} {}", <Movement as Menu>::code(moved.movement), moved.currency);
        let sum: &mut rust_decimal::Decimal = sums.entry(key).or_default();
        // Amounts have 16 digits before the point and a case 2,048 acts: no sum of them leaves 28 digits.
        *sum = sum.saturating_add(moved.amount);
    }
    Value::Sums { sums: sums.into_iter().map(|(key, sum)| (key, sum.normalize().to_string())).collect() }
}

/// Counterpart pairs with an act between them in the last `days` of the period.
fn pairs(instrument: &Instrument, party: &PartyId, facts: &[&CaseFacts], days: u16, period: Period) -> Value {
    let paired = |office: &OfficeId, other: &OfficeId| {
        instrument.office(office).is_some_and(|office| office.counterparts.contains(other))
    };
    let since = period.until.checked_sub(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(period.from);
    let active: BTreeSet<(&OfficeId, &OfficeId)> = facts
        .iter()
        .filter(|facts| facts.made.iter().any(|made| made.at > since && made.at <= period.until))
        .map(|facts| (&facts.requesting_office, &facts.requested_office))
        .filter(|(ours, theirs)| paired(ours, theirs))
        .collect();
    let all: usize = instrument.offices_of(party).map(|office| office.counterparts.len()).sum();
    Value::Share { part: active.len() as u64, whole: all as u64 }
}

/// The share of clauses of which something could be counted, once all others are.
fn count_live(instrument: &Instrument, clauses: &mut [ClauseAccount]) {
    for party in instrument.parties().keys() {
        let live = |clause: &&ClauseAccount| {
            clause.figures.iter().any(|figure| {
                figure.measure.of != Count::Live
                    && figure.by_direction.get(party).is_some_and(|value| !value.is_empty())
            })
        };
        let part = clauses.iter().filter(live).count() as u64;
        let whole = clauses.len() as u64;
        let figures = clauses.iter_mut().flat_map(|clause| &mut clause.figures);
        for figure in figures.filter(|figure| figure.measure.of == Count::Live) {
            figure.by_direction.insert(party.clone(), Value::Share { part, whole });
        }
    }
}

fn share<'f>(among: impl Iterator<Item = &'f &'f CaseFacts>, has: impl Fn(&CaseFacts) -> bool) -> Value {
    let (mut part, mut whole) = (0, 0);
    for facts in among {
        part += u64::from(has(facts));
        whole += 1;
    }
    Value::Share { part, whole }
}
