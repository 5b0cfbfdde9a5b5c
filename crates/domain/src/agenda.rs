//! The agendas of meetings: what each has before it, and what it had when it met.
//!
//! Owns how an agenda comes about from the acts of all cases between two Parties: what was tabled, what stands high on the
//! ladder and is there by itself, what an earlier meeting left unsettled. Must not know words, nor the present time: two
//! nodes that hold the same acts compute the same agenda at the same instant.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::{CaseFacts, ItemFacts, MeetingFacts};
use crate::act::{About, ItemRef};
use crate::ids::{CaseId, PartyId, TypeCode};
use crate::instrument::{Instrument, Meeting};

/// The agenda of one meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// The case of the meeting.
    pub round: CaseId,
    /// Its type.
    pub type_code: TypeCode,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// Its days, from and to.
    pub dates: Option<(Timestamp, Timestamp)>,
    /// When it met; what was on its agenda then stays.
    pub held_at: Option<Timestamp>,
    /// Whether it ended without meeting.
    pub is_off: bool,
    /// What is on it: first what was tabled, in its order, then the rest by name.
    pub items: Vec<AgendaItem>,
}

/// One item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// What it is about. An item that takes up another is about what that one was.
    pub subject: About,
    /// Its place among the items tabled at this meeting, and who tabled it; none until somebody takes it up.
    pub tabled: Option<(u32, PartyId)>,
    /// The level of the ladder for which it is there by itself.
    pub level: Option<u8>,
    /// The meeting that left it unsettled.
    pub carried_from: Option<CaseId>,
    /// When its outcome was recorded.
    pub settled_at: Option<Timestamp>,
}

/// The agenda of every meeting there is, as of `now`: of each type and between each two Parties, in the order in which they
/// meet.
#[must_use]
pub fn agendas<'f>(
    instrument: &Instrument,
    facts: impl IntoIterator<Item = &'f CaseFacts>,
    now: Timestamp,
) -> Vec<Agenda> {
    let ours = facts.into_iter().filter(|facts| facts.is_under(instrument));
    let cases: BTreeMap<&CaseId, &CaseFacts> = ours.map(|facts| (&facts.case, facts)).collect();
    let mut series: BTreeMap<Series<'_>, Vec<Round<'_>>> = BTreeMap::new();
    for facts in cases.values().filter(|facts| facts.opened_at <= now) {
        if let Some(round) = Round::of(instrument, facts, now) {
            let mut between = [&facts.requesting, &facts.requested];
            between.sort_unstable();
            series.entry((&facts.type_code, between, facts.exercise)).or_default().push(round);
        }
    }
    let mut found = Vec::new();
    for mut rounds in series.into_values() {
        rounds.sort_by_key(Round::place);
        found.extend(in_order(instrument, &cases, &rounds, now));
    }
    found
}

/// Meetings of one type between the same two Parties; exercises apart.
type Series<'f> = (&'f TypeCode, [&'f PartyId; 2], bool);

/// One meeting, with what its type says.
struct Round<'f> {
    facts: &'f CaseFacts,
    meeting: &'f MeetingFacts,
    rule: &'f Meeting,
    held_at: Option<Timestamp>,
    is_off: bool,
}

impl<'f> Round<'f> {
    fn of(instrument: &'f Instrument, facts: &'f CaseFacts, now: Timestamp) -> Option<Self> {
        let rule = instrument.request_type(&facts.type_code)?.meeting.as_ref()?;
        let meeting = facts.meeting.as_ref()?;
        let held_at = meeting.held_at.filter(|at| *at <= now);
        let is_off = held_at.is_none() && facts.over.is_some_and(|(_, at)| at <= now);
        Some(Self { facts, meeting, rule, held_at, is_off })
    }

    /// Those that met come first, as they met; then those to come, the soonest first.
    fn place(&self) -> (bool, Option<Timestamp>, &'f CaseId) {
        let planned = self.meeting.dates.map(|(from, _)| from);
        (self.held_at.is_none(), self.held_at.or(planned), &self.facts.case)
    }

    fn items(&self, now: Timestamp) -> impl Iterator<Item = (u32, &'f ItemFacts)> {
        let until = self.held_at.unwrap_or(now);
        (1..).zip(&self.meeting.items).filter(move |(_, item)| item.at <= until)
    }
}

/// The meetings of one series, one after the other: each hands on what it leaves.
fn in_order(
    instrument: &Instrument,
    cases: &BTreeMap<&CaseId, &CaseFacts>,
    rounds: &[Round<'_>],
    now: Timestamp,
) -> Vec<Agenda> {
    let mut left: BTreeMap<About, CaseId> = BTreeMap::new();
    let mut next_taken = false;
    let mut found = Vec::new();
    for round in rounds {
        // Of those to come only the first has what nobody tabled; one that is off has nothing but what was tabled.
        let first = round.held_at.is_some() || !round.is_off && !std::mem::replace(&mut next_taken, true);
        let at = round.held_at.unwrap_or(now);
        let mut items = tabled(cases, round, &left, now);
        if first {
            by_themselves(instrument, cases, round, at, &mut items);
            left.retain(|subject, _| !is_over(cases, subject, at));
            for (subject, from) in &left {
                entry(&mut items, subject).carried_from = Some(from.clone());
            }
        }
        let mut agenda = Agenda {
            round: round.facts.case.clone(),
            type_code: round.facts.type_code.clone(),
            exercise: round.facts.exercise,
            dates: round.meeting.dates,
            held_at: round.held_at,
            is_off: round.is_off,
            items,
        };
        agenda.items.sort_by(|a, b| {
            let place = |item: &AgendaItem| item.tabled.as_ref().map_or(u32::MAX, |(number, _)| *number);
            (place(a), &a.subject).cmp(&(place(b), &b.subject))
        });
        if round.held_at.is_some() {
            for item in &agenda.items {
                if item.settled_at.is_some() {
                    left.remove(&item.subject);
                } else {
                    left.entry(item.subject.clone()).or_insert_with(|| agenda.round.clone());
                }
            }
        }
        found.push(agenda);
    }
    found
}

/// What was tabled at a meeting. Two items about the same are one, under the first's number.
fn tabled(
    cases: &BTreeMap<&CaseId, &CaseFacts>,
    round: &Round<'_>,
    left: &BTreeMap<About, CaseId>,
    now: Timestamp,
) -> Vec<AgendaItem> {
    let mut items: Vec<AgendaItem> = Vec::new();
    for (number, item) in round.items(now) {
        let subject = subject(cases, &ItemRef { round: round.facts.case.clone(), number });
        let carried_from = left.get(&subject).cloned();
        let one = entry(&mut items, &subject);
        one.tabled.get_or_insert_with(|| (number, item.by.clone()));
        one.carried_from = carried_from;
        one.settled_at = one.settled_at.or(item.settled_at.filter(|at| *at <= now));
    }
    items
}

/// The cases that stand high enough on the ladder at an instant.
fn by_themselves(
    instrument: &Instrument,
    cases: &BTreeMap<&CaseId, &CaseFacts>,
    round: &Round<'_>,
    at: Timestamp,
    items: &mut Vec<AgendaItem>,
) {
    let between = |facts: &CaseFacts| {
        let parties = [&round.facts.requesting, &round.facts.requested];
        parties.contains(&&facts.requesting) && parties.contains(&&facts.requested)
    };
    for facts in cases.values() {
        if facts.exercise != round.facts.exercise || facts.case == round.facts.case || !between(facts) {
            continue;
        }
        let Some(level) = facts.level_at(at) else { continue };
        let area = instrument.request_type(&facts.type_code).map_or("", |rule| rule.area.as_str());
        if round.rule.takes(area, level) {
            entry(items, &About::Case(facts.case.clone())).level = Some(level);
        }
    }
}

/// How often in a row an item is followed to the one it takes up: a topic stands that often on the agenda of a monthly series in
/// five years. A longer row, or one that bites its tail, is made to be long; there each item stays what it was called.
const TAKEN_UP_MAX: usize = 64;

/// What an item is about in the end: a case, or the first item of that topic.
fn subject(cases: &BTreeMap<&CaseId, &CaseFacts>, item: &ItemRef) -> About {
    let mut at = item.clone();
    for _ in 0..TAKEN_UP_MAX {
        let facts = cases.get(&at.round).and_then(|facts| facts.meeting.as_ref());
        let place = usize::try_from(at.number).ok().and_then(|number| number.checked_sub(1));
        match facts.zip(place).and_then(|(facts, place)| facts.items.get(place)?.about.clone()) {
            Some(About::Item(before)) => at = before,
            Some(About::Case(case)) => return About::Case(case),
            None => return About::Item(at),
        }
    }
    About::Item(item.clone())
}

fn entry<'i>(items: &'i mut Vec<AgendaItem>, subject: &About) -> &'i mut AgendaItem {
    let place = items.iter().position(|item| item.subject == *subject).unwrap_or_else(|| {
        items.push(AgendaItem {
            subject: subject.clone(),
            tabled: None,
            level: None,
            carried_from: None,
            settled_at: None,
        });
        items.len() - 1
    });
    &mut items[place]
}

/// Whether the case an item is about had come to its end.
fn is_over(cases: &BTreeMap<&CaseId, &CaseFacts>, subject: &About, at: Timestamp) -> bool {
    let About::Case(case) = subject else { return false };
    cases.get(case).is_some_and(|facts| facts.over.is_some_and(|(_, over)| over <= at))
}
