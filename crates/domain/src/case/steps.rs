//! The steps recorded in a case, and which may come next.
//!
//! Owns what was recorded and the order the instrument gives its steps. Must not know who may record (`judge`).

use jiff::{Timestamp, civil::Date};

use crate::act::ActKind;
use crate::content::{FieldValue, Request};
use crate::ids::{OfficeId, PartyId};
use crate::instrument::{RequestType, Step};
use crate::procedure::Side;
use crate::refusal::{Refusal, StepBar};
use crate::text::Prose;

/// One step as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTaken {
    /// Its code.
    pub code: String,
    /// What was done.
    pub note: Prose,
    /// The item of its field it was done for.
    pub item: Option<String>,
    /// Until when it holds.
    pub until: Option<Date>,
    /// The side that recorded it.
    pub by: Side,
    /// The office that recorded it.
    pub office: OfficeId,
    /// When.
    pub at: Timestamp,
    /// Whether it said something of a text that a new version has replaced: it stays on record and counts for nothing.
    pub void: bool,
}

/// Every step recorded, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps(pub Vec<StepTaken>);

impl Steps {
    /// Whether a step is recorded and was not made void.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.standing().any(|taken| taken.code == code)
    }

    /// The steps that count, in order.
    fn standing(&self) -> impl Iterator<Item = &StepTaken> {
        self.0.iter().filter(|taken| !taken.void)
    }

    /// Makes void what was recorded of the text that lay on the table: another lies there now, and nobody compared its
    /// languages yet.
    pub(super) fn renew_text(&mut self, rule: &RequestType) {
        for taken in &mut self.0 {
            taken.void |= rule.step(&taken.code).is_some_and(of_text);
        }
    }

    /// The measures in force: dated steps that no later step ended, the latest word on each item.
    pub fn measures<'s>(&'s self, rule: &'s RequestType) -> impl Iterator<Item = &'s StepTaken> {
        self.0.iter().enumerate().filter(|(_, taken)| taken.until.is_some()).filter_map(|(place, taken)| {
            let ended = self.0[place + 1..].iter().any(|later| {
                let ends = rule.step(&later.code).is_some_and(|step| step.ends.contains(&taken.code));
                (ends || later.code == taken.code) && later.item == taken.item
            });
            (!ended).then_some(taken)
        })
    }

    /// The steps an act still waits for; of alternatives, one is enough, and it stands for its group.
    #[must_use]
    pub fn lacking(&self, rule: &RequestType, asked: &PartyId, request: &Request, act: ActKind) -> Vec<String> {
        let wanted = |step: &&Step| step.before.contains(&act) || step.required && act == ActKind::Respond;
        self.lacking_of(rule, asked, request, wanted)
    }

    /// The steps that stand before an act however far it goes, and are not recorded.
    #[must_use]
    pub fn first_of(&self, rule: &RequestType, asked: &PartyId, request: &Request, act: ActKind) -> Vec<String> {
        self.lacking_of(rule, asked, request, |step| step.before.contains(&act))
    }

    /// The steps with a time of their own that are not recorded though what they follow is: each with when that was. A
    /// second verdict, a second paper, starts no second clock.
    #[must_use]
    pub fn awaited<'r>(&self, rule: &'r RequestType, asked: &PartyId) -> Vec<(&'r Step, Timestamp)> {
        let timed = rule.steps.iter().filter(|step| applies(step, asked) && !self.has(&step.code));
        let since = |step: &'r Step| {
            let (code, _) = step.within.as_ref()?;
            let taken = self.0.iter().find(|taken| taken.code == *code)?;
            Some((step, taken.at))
        };
        timed.filter_map(since).collect()
    }

    /// The steps of those wanted that are not recorded.
    pub fn lacking_of(
        &self,
        rule: &RequestType,
        asked: &PartyId,
        request: &Request,
        wanted: impl Fn(&&Step) -> bool,
    ) -> Vec<String> {
        let called = |step: &&Step| step.when.as_ref().is_none_or(|when| when.holds(request));
        let here = rule.steps.iter().filter(|step| applies(step, asked)).filter(called).filter(wanted);
        here.filter(|step| !self.is_done(step, rule, request)).map(|step| step.code.clone()).collect()
    }

    /// Whether a step may be recorded next.
    ///
    /// # Errors
    /// The first rule of its order that it would break.
    pub fn judge(
        &self,
        rule: &RequestType,
        asked: &PartyId,
        request: &Request,
        (code, item): (&str, Option<&String>),
    ) -> Result<(), Refusal> {
        let step = rule.step(code).filter(|step| applies(step, asked));
        let step = step.ok_or_else(|| Refusal::Step { step: code.to_owned(), bar: StepBar::Unknown })?;
        let named = || step.code.clone();
        if let Some(after) = step.after.iter().find(|before| !self.precedes(before, step, rule, asked)) {
            return Err(Refusal::Step { step: named(), bar: StepBar::NotYet { after: after.clone() } });
        }
        if let Some(by) = step.barred_by.iter().find(|bar| self.has(bar)) {
            return Err(Refusal::Step { step: named(), bar: StepBar::Barred { by: by.clone() } });
        }
        let rival = rule.steps.iter().find(|other| {
            step.choice.is_some() && other.choice == step.choice && other.code != step.code && self.took(other, item)
        });
        if let Some(rival) = rival {
            return Err(Refusal::Step { step: named(), bar: StepBar::Barred { by: rival.code.clone() } });
        }
        if !step.repeats && self.took(step, item) {
            return Err(Refusal::Step { step: named(), bar: StepBar::Twice });
        }
        match item {
            Some(item) if items(request, step).contains(&item) => Ok(()),
            None if step.per.is_empty() => Ok(()),
            _ => Err(Refusal::Step { step: named(), bar: StepBar::Without { what: "item" } }),
        }
    }

    /// Whether a step that another must follow is out of its way: recorded, or an alternative of it that the other names
    /// too, or none of the law of the Party asked.
    fn precedes(&self, before: &str, step: &Step, rule: &RequestType, asked: &PartyId) -> bool {
        let Some(wanted) = rule.step(before).filter(|wanted| applies(wanted, asked)) else { return true };
        let alternative = |code: &&String| {
            wanted.choice.is_some() && rule.step(code).is_some_and(|other| other.choice == wanted.choice)
        };
        self.has(before) || step.after.iter().filter(alternative).any(|code| self.has(code))
    }

    fn took(&self, step: &Step, item: Option<&String>) -> bool {
        self.standing().any(|taken| taken.code == step.code && taken.item.as_ref() == item)
    }

    /// Whether a step, or an alternative of its group, is recorded for everything it goes through.
    fn is_done(&self, step: &Step, rule: &RequestType, request: &Request) -> bool {
        let alternatives =
            |other: &&Step| other.code == step.code || step.choice.is_some() && other.choice == step.choice;
        let took = |item: Option<&String>| rule.steps.iter().filter(alternatives).any(|one| self.took(one, item));
        if step.per.is_empty() { took(None) } else { items(request, step).into_iter().all(|item| took(Some(item))) }
    }
}

/// Whether a step is about the text on the table: a signature waits for it.
#[must_use]
pub fn of_text(step: &Step) -> bool {
    step.before.contains(&ActKind::SignText)
}

/// Whether a step exists where this Party is the one asked.
#[must_use]
pub fn applies(step: &Step, asked: &PartyId) -> bool {
    step.party.as_ref().is_none_or(|party| party == asked)
}

/// The items a step goes through: those of every field it names.
#[must_use]
pub fn items<'r>(request: &'r Request, step: &Step) -> Vec<&'r String> {
    let of = |field: &String| match request.fields.get(field) {
        Some(FieldValue::Items(items)) => items.as_slice(),
        _ => &[],
    };
    step.per.iter().flat_map(of).collect()
}

/// What a step is recorded for: each of its items, or the matter as a whole.
#[must_use]
pub fn objects(request: &Request, step: &Step) -> Vec<Option<String>> {
    if step.per.is_empty() {
        return vec![None];
    }
    items(request, step).into_iter().cloned().map(Some).collect()
}
