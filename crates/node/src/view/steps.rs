//! The steps of a type: what was recorded, what an office may record now, and which measures run out.
//!
//! Owns the reading of them off the instrument and the record. Must not judge an act: the domain does.

use domain::act::ActKind;
use domain::case::{Case, StepTaken, applies, items, objects, of_text};
use domain::deadline::Deadline;
use domain::due;
use domain::ids::{OfficeId, PartyId};
use domain::instrument::{Instrument, RequestType, Step};
use domain::procedure::{self, Side, To};
use domain::safeguard::Gate;
use jiff::Timestamp;
use jiff::civil::Date;

/// Working days before the end of a measure at which its holder is warned, the last the most urgent: time to extend it in
/// court, time to apply for that, and no time left (domain reference §2.4, restraint).
pub const ALARMS_WD: [u32; 3] = [30, 10, 3];

/// One step of a type as it stands in a case.
#[derive(Debug, Clone)]
pub struct StepLine {
    /// The step.
    pub step: Step,
    /// How it stands.
    pub state: StepState,
    /// Every time it was recorded, in order.
    pub taken: Vec<StepTaken>,
    /// By when it must be recorded, while another step has set a time for it.
    pub due: Option<Deadline>,
    /// For a step gone through item by item: each item with the last word on it.
    pub items: Vec<(String, Option<StepTaken>)>,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Recorded, for everything it goes through.
    Done,
    /// Some side may record it as the case stands.
    Next,
    /// Its time has not come.
    Ahead,
    /// An alternative was taken, or what bars it.
    Passed,
}

/// A measure in force, with what is left of it.
#[derive(Debug, Clone)]
pub struct Measure {
    /// The step as recorded.
    pub taken: StepTaken,
    /// The Party whose side recorded it, and by whose calendar its days are counted.
    pub party: PartyId,
    /// Its last day.
    pub until: Date,
    /// Working days left, 0 on the last day and after it.
    pub left_wd: u32,
    /// Whether the last day has passed.
    pub over: bool,
    /// How many of the alarms have been reached, 0 to 3.
    pub alarm: usize,
}

/// The steps an office may record now: of its side, in this stage, in their order. One gone through item by item is open
/// while an item is left.
#[must_use]
pub fn open_steps<'r>(
    case: &Case,
    rule: &'r RequestType,
    us: Side,
    office: &OfficeId,
) -> Vec<(&'r Step, Option<String>)> {
    let own = case.office(us) == office;
    let mine = |step: &&Step| step.by.is(us) && (own || step.offices.contains(office));
    let mut open = Vec::new();
    for step in rule.steps.iter().filter(mine) {
        open.extend(ways(case, rule, step).into_iter().map(|item| (step, item)));
    }
    open
}

/// The safeguards that bind an act of an office in a case. Of a step only those that bind the one chosen; before one is
/// chosen, those of every step the office may record now.
#[must_use]
pub fn gates_before(
    case: &Case,
    rule: &RequestType,
    us: Side,
    office: &OfficeId,
    act: ActKind,
    step: Option<&str>,
) -> Vec<Gate> {
    let sensitivity = case.request.sensitivity();
    if act != ActKind::Record || step.is_some() {
        return rule.gates_of(act, step, sensitivity).collect();
    }
    let open = open_steps(case, rule, us, office);
    let binds = |gate: &Gate| {
        open.iter().any(|(step, _)| rule.gates_of(act, Some(&step.code), sensitivity).any(|one| one == *gate))
    };
    rule.gates_at(act).filter(binds).collect()
}

/// The steps an office may record now that see to a measure before it runs out: those that end it or take its place, and
/// those that its end would bar, as asking for more time. A measure that took another's place is as that one.
#[must_use]
pub fn ways_with(case: &Case, rule: &RequestType, us: Side, office: &OfficeId, taken: &StepTaken) -> Vec<String> {
    let own = rule.step(&taken.code).map_or(&[][..], |step| &step.ends);
    let of_measure = |code: &String| *code == taken.code || own.contains(code);
    let ends = |code: &String| rule.step(code).is_some_and(|step| step.ends.iter().any(of_measure));
    let sees_to =
        |step: &Step| step.code == taken.code || step.ends.iter().any(of_measure) || step.barred_by.iter().any(ends);
    let open = open_steps(case, rule, us, office).into_iter();
    let mut codes: Vec<String> = open
        .filter(|(step, item)| sees_to(step) && (item.is_none() || *item == taken.item))
        .map(|(step, _)| step.code.clone())
        .collect();
    codes.dedup();
    codes
}

/// Every step of the type that the law of the side asked knows, in the instrument's order.
#[must_use]
pub fn step_lines(case: &Case, rule: &RequestType, instrument: &Instrument) -> Vec<StepLine> {
    let awaited = due::awaited(case, instrument);
    let due = |step: &Step| awaited.iter().find(|one| one.step == step.code).map(|one| one.due.clone());
    let here = rule.steps.iter().filter(|step| applies(step, &case.requested));
    here.map(|step| StepLine { due: due(step), ..line(case, rule, step) }).collect()
}

/// The measures in force, the one that runs out first first.
#[must_use]
pub fn measures(case: &Case, rule: &RequestType, instrument: &Instrument, now: Timestamp) -> Vec<Measure> {
    let read = |taken: &StepTaken| {
        let (until, party) = (taken.until?, case.party(taken.by).clone());
        let calendar = &instrument.party(&party)?.calendar;
        let today = calendar.local(now).date();
        let left_wd = if until > today { calendar.working_days_between(today, until) } else { 0 };
        let alarm = ALARMS_WD.iter().filter(|alarm| left_wd <= **alarm).count();
        Some(Measure { taken: taken.clone(), party, until, left_wd, over: until < today, alarm })
    };
    let mut measures: Vec<Measure> = case.steps.measures(rule).filter_map(read).collect();
    measures.sort_by_key(|measure| measure.until);
    measures
}

/// The items a step may be recorded for as the case stands; one empty way for a step without items.
fn ways(case: &Case, rule: &RequestType, step: &Step) -> Vec<Option<String>> {
    let early = of_text(step) && case.talk.on_table().is_none();
    if early || !step.at.contains(&case.stage()) {
        return Vec::new();
    }
    let may = |item: &Option<String>| {
        case.steps.judge(rule, &case.requested, &case.request, (&step.code, item.as_ref())).is_ok()
    };
    objects(&case.request, step).into_iter().filter(may).collect()
}

/// Whether the case can still come to a stage in which a step may be recorded.
fn comes(case: &Case, step: &Step) -> bool {
    let mut reached = vec![case.stage()];
    let mut looked = 0;
    while let Some(from) = reached.get(looked).copied() {
        if step.at.contains(&from) {
            return true;
        }
        for row in procedure::table(case.procedure).filter(|row| row.from.contains(&from)) {
            if let To::Stage(to) | To::WhenBoth(to) = row.to
                && !reached.contains(&to)
            {
                reached.push(to);
            }
        }
        looked += 1;
    }
    false
}

fn line(case: &Case, rule: &RequestType, step: &Step) -> StepLine {
    let taken: Vec<StepTaken> = case.steps.0.iter().filter(|taken| taken.code == step.code).cloned().collect();
    let last =
        |item: &String| taken.iter().rev().find(|taken| !taken.void && taken.item.as_ref() == Some(item)).cloned();
    let all = items(&case.request, step);
    let each: Vec<(String, Option<StepTaken>)> = all.into_iter().map(|item| (item.clone(), last(item))).collect();
    let done = taken.iter().any(|taken| !taken.void) && each.iter().all(|(_, word)| word.is_some());
    let rival = rule.steps.iter().any(|other| {
        step.choice.is_some() && other.choice == step.choice && other.code != step.code && case.steps.has(&other.code)
    });
    let barred = step.barred_by.iter().any(|bar| case.steps.has(bar)) || !comes(case, step);
    let state = match (done, ways(case, rule, step).is_empty()) {
        (true, _) => StepState::Done,
        (false, false) => StepState::Next,
        (false, true) if rival || barred => StepState::Passed,
        (false, true) => StepState::Ahead,
    };
    let called = step.when.as_ref().is_none_or(|when| when.holds(&case.request));
    let step = Step { required: step.required && called, ..step.clone() };
    StepLine { step, state, taken, due: None, items: each }
}
