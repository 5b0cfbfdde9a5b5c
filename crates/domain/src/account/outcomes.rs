//! How requests of each type fared: how many came, how they ended, what is open, how long it took.
//!
//! Owns the table that evaluators of mutual assistance ask for (FATF, immediate outcome 2: counts, timeliness, outcomes).
//! It must not know clauses: one type may serve several.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::Period;
use super::facts::{CaseFacts, Outcome};
use super::value::Value;
use crate::ids::{PartyId, TypeCode};
use crate::instrument::Instrument;
use crate::menu::Menu;

/// How requests of one type fared, by the Party that asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeOutcomes {
    /// The type.
    pub type_code: TypeCode,
    /// One entry for each Party, be it zero.
    pub by_direction: BTreeMap<PartyId, Fared>,
}

/// How they fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fared {
    /// How many were made in the period.
    pub made: Value,
    /// How those settled in the period were: by code of [`Outcome`].
    pub settled: Value,
    /// On which ground those refused in the period were, by code.
    pub refused: Value,
    /// How many were not settled at the end of the period.
    pub pending: Value,
    /// From first signature to the answer or other end, of those settled in the period.
    pub time: Value,
    /// The longest of these, in whole seconds; none where there is none, or it may not leave the two Parties.
    pub longest_s: Option<u64>,
}

/// How requests of every type that saw any in the period fared, in the order of the instrument's codes.
#[must_use]
pub fn outcomes(instrument: &Instrument, facts: &[CaseFacts], period: Period) -> Vec<TypeOutcomes> {
    let row = |code: &TypeCode| {
        let of_type = |party: &PartyId| {
            let mine = facts.iter().filter(|facts| facts.exercise == period.exercise && facts.type_code == *code);
            fared(&mine.filter(|facts| facts.requesting == *party).collect::<Vec<_>>(), period)
        };
        let by_direction: BTreeMap<PartyId, Fared> =
            instrument.parties().keys().map(|party| (party.clone(), of_type(party))).collect();
        let any = by_direction.values().any(|fared| !fared.is_empty());
        any.then(|| TypeOutcomes { type_code: code.clone(), by_direction })
    };
    instrument.types().keys().filter_map(row).collect()
}

impl TypeOutcomes {
    /// The same with every cell left out that may not leave the two Parties.
    #[must_use]
    pub fn for_export(&self) -> Self {
        let by_direction = self.by_direction.iter().map(|(party, fared)| (party.clone(), fared.for_export())).collect();
        Self { type_code: self.type_code.clone(), by_direction }
    }
}

impl Fared {
    fn is_empty(&self) -> bool {
        [&self.made, &self.settled, &self.refused, &self.pending].into_iter().all(Value::is_empty)
    }

    fn for_export(&self) -> Self {
        let time = self.time.suppressed();
        Self {
            made: self.made.suppressed(),
            settled: self.settled.suppressed(),
            refused: self.refused.suppressed(),
            pending: self.pending.suppressed(),
            longest_s: self.longest_s.filter(|_| time != Value::Suppressed),
            time,
        }
    }
}

fn fared(facts: &[&CaseFacts], period: Period) -> Fared {
    let settled: Vec<(Outcome, SignedDuration)> = facts
        .iter()
        .filter_map(|facts| facts.settled.map(|(outcome, at)| (outcome, at, facts.opened_at)))
        .filter(|(_, at, _)| period.holds(*at))
        .map(|(outcome, at, opened_at)| (outcome, at.duration_since(opened_at)))
        .collect();
    let grounds = facts.iter().filter_map(|facts| {
        let (_, at) = facts.settled.filter(|(outcome, at)| *outcome == Outcome::Refused && period.holds(*at))?;
        facts.refused.iter().rfind(|(_, refused_at)| *refused_at <= at).map(|(ground, _)| ground.code().to_owned())
    });
    let pending = facts
        .iter()
        .filter(|facts| facts.opened_at <= period.until && facts.settled.is_none_or(|(_, at)| at > period.until));
    let longest = settled.iter().map(|(_, time)| u64::try_from(time.as_secs()).unwrap_or(0)).max();
    Fared {
        made: Value::Number(facts.iter().filter(|facts| period.holds(facts.opened_at)).count() as u64),
        settled: Value::tally(settled.iter().map(|(outcome, _)| outcome.code().to_owned())),
        refused: Value::tally(grounds),
        pending: Value::Number(pending.count() as u64),
        time: Value::spread(settled.iter().map(|(_, time)| *time)),
        longest_s: longest,
    }
}
