//! The instrument as officers read it: types, clocks, ladder, calendars, markings.
//!
//! Owns the layout of its tables. Must not judge anything by it.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::act::Role;
use domain::calendar::YearStatus;
use domain::clock::ClockKind;
use domain::ids::TypeCode;
use domain::instrument::{FieldKind, Party, RequestType, Step, StepBy, TypeStatus};
use domain::safeguard::{self, Gate};
use serde::Deserialize;

use super::{Page, Signed, Stop, html};

/// Which type to show.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "type")]
    type_code: Option<String>,
}

/// One year of a calendar in words.
pub struct YearLine {
    /// The year.
    pub year: i16,
    /// Whether it is our guess.
    pub provisional: bool,
    /// Its days off.
    pub off: String,
    /// Its weekend days worked in exchange.
    pub makeup: String,
}

#[derive(Template)]
#[template(path = "instrument.html")]
struct InstrumentPage {
    page: Page,
    chosen: Option<RequestType>,
    clocks: Vec<(ClockKind, Vec<String>)>,
}

/// The whole instrument, or one type of it.
pub async fn show(Signed { page, .. }: Signed, Query(asked): Query<Asked>) -> Result<Response, Stop> {
    let chosen = match asked.type_code {
        Some(code) => {
            let code = TypeCode::new(&code).map_err(|_| Stop::NotFound)?;
            Some(page.rule(&code).cloned().ok_or(Stop::NotFound)?)
        }
        None => None,
    };
    let clocks = chosen.as_ref().map(|rule| clocks(&page, rule)).unwrap_or_default();
    Ok(html(&InstrumentPage { page, chosen, clocks }))
}

fn clocks(page: &Page, rule: &RequestType) -> Vec<(ClockKind, Vec<String>)> {
    let kinds: BTreeSet<ClockKind> = rule.clocks.values().flat_map(|spans| spans.keys().copied()).collect();
    let row = |kind: ClockKind| {
        let spans =
            rule.clocks.values().map(|spans| spans.get(&kind).map_or_else(|| "–".into(), |span| page.span(span)));
        (kind, spans.collect())
    };
    kinds.into_iter().map(row).collect()
}

impl Page {
    /// Whether cases of a type can be opened.
    #[must_use]
    pub fn in_force(&self, rule: &RequestType) -> bool {
        rule.status == TypeStatus::On
    }

    /// The roles whose answer to a safeguard counts.
    #[must_use]
    pub fn answerers(&self, gate: &Gate) -> &'static [Role] {
        safeguard::answerers(*gate)
    }

    /// The message that says who records a step.
    #[must_use]
    pub fn step_by_key(&self, step: &Step) -> &'static str {
        match step.by {
            StepBy::Requesting => "side-requesting",
            StepBy::Requested => "side-requested",
            StepBy::Either => "either-side",
        }
    }

    /// A step's order among the others, and what it needs, in words.
    #[must_use]
    pub fn step_needs(&self, rule: &RequestType, step: &Step) -> Vec<String> {
        let join = |names: Vec<String>| names.join(&self.t("list-and"));
        let named = |codes: &[String]| join(codes.iter().map(|code| self.step_of_type(&rule.code, code)).collect());
        let mut needs = Vec::new();
        if step.required {
            needs.push(self.t("required"));
        }
        if let Some(when) = &step.when
            && let Some(FieldKind::Choice { options }) = rule.field(&when.field).map(|field| &field.kind)
        {
            let chosen = options.iter().filter(|(code, _)| when.is.contains(code));
            let chosen = join(chosen.map(|(_, label)| self.text(label)).collect());
            needs.push(self.t2("type-step-when", "field", self.part(&rule.code, &when.field), "is", chosen));
        }
        if !step.after.is_empty() {
            needs.push(self.t1("type-step-after", "steps", named(&step.after)));
        }
        if let Some((_, span)) = &step.within {
            needs.push(self.t1("type-step-within", "span", self.span(span)));
        }
        if !step.before.is_empty() {
            let acts = step.before.iter().map(|act| self.to_do_in(&rule.code, act)).collect();
            needs.push(self.t1("type-step-before", "acts", join(acts)));
        }
        let rivals = rule.steps.iter().filter(|one| step.choice.is_some() && one.choice == step.choice);
        let rivals: Vec<String> = rivals.filter(|one| one.code != step.code).map(|one| one.code.clone()).collect();
        if !rivals.is_empty() {
            needs.push(self.t1("type-step-or", "steps", named(&rivals)));
        }
        if step.dated {
            needs.push(self.t("type-step-dated"));
        }
        for field in &step.per {
            needs.push(self.t1("type-step-per", "field", self.part(&rule.code, field)));
        }
        if step.repeats {
            needs.push(self.t("type-step-repeats"));
        }
        needs
    }

    /// A Party's office hours, on its own clock.
    #[must_use]
    pub fn office_hours(&self, party: &Party) -> String {
        let (open, close, _) = party.calendar.hours();
        format!("{}–{}", open.strftime("%H:%M"), close.strftime("%H:%M"))
    }

    /// A Party's calendar year by year.
    #[must_use]
    pub fn calendar_years(&self, party: &Party) -> Vec<YearLine> {
        let join = |days: Vec<String>| days.join(&self.t("list-and"));
        let line = |(number, year): (&i16, &domain::calendar::Year)| YearLine {
            year: *number,
            provisional: year.status == YearStatus::Provisional,
            off: join(year.off.iter().map(|(day, name)| format!("{} {}", self.date(day), self.text(name))).collect()),
            makeup: join(year.makeup.iter().map(|day| self.date(day)).collect()),
        };
        party.calendar.years().iter().map(line).collect()
    }
}
