//! Progress: what was promised and how it was kept, clause by clause, in both directions, with trend and evidence.
//!
//! Owns the choice of period and the words of figures. Must not count (`domain::account`), nor keep facts (`app`).

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::account::{Account, CaseFacts, Count, Figure, Period, Value};
use domain::ids::{CaseId, PartyId, TypeCode};
use domain::instrument::{Area, Clause};
use domain::report::days;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Page, Signed, Stop, html};
use crate::app::App;

/// Points of a trend: a year of months.
const MONTHS: i64 = 12;
/// Cases listed as evidence of one clause; the account's export names the period, the list of cases the rest.
const EVIDENCE_MAX: usize = 60;
/// Width and height of a trend, in its own units.
const TREND: (f64, f64) = (143.0, 32.0);

/// What was asked for; what is no date is none.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    to: String,
    clause: String,
    live: String,
}

/// One clause with its figures.
struct Row {
    clause: Clause,
    figures: Vec<Figure>,
    trend: Vec<Line>,
}

/// One Party's line of a trend.
struct Line {
    party: PartyId,
    path: String,
}

/// One case behind a figure.
struct Evidence {
    case: CaseId,
    type_code: TypeCode,
    party: PartyId,
    opened_at: Timestamp,
    over: Option<String>,
}

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage {
    page: Page,
    from: Date,
    to: Date,
    exercise: bool,
    has_font: bool,
    live: usize,
    rows: Vec<(Area, Vec<Row>)>,
    chosen: Option<(Clause, Vec<Evidence>)>,
}

/// The page.
pub async fn show(
    Signed { page, .. }: Signed,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let exercise = asked.live.is_empty() && page.demo;
    let (from, to) = whole_days(page.now, &asked.from, &asked.to);
    let period = days(from, to, exercise).ok_or(Stop::NotFound)?;
    let months = months(period);
    let clause = page.instrument().clause(&asked.clause).cloned();
    let wanted = clause.clone();
    let (account, trend, evidence) = app
        .account(page.instrument().hash(), move |instrument, book| {
            let trend: Vec<Account> = months.into_iter().map(|month| book.account(instrument, month)).collect();
            let behind = wanted.map(|clause| {
                let facts = book.behind(instrument, &clause.id, period);
                facts.take(EVIDENCE_MAX).map(evidence).collect::<Vec<_>>()
            });
            (book.account(instrument, period), trend, behind)
        })
        .await?;
    let live = account.clauses.iter().filter(|row| row.figures.iter().any(has_figures)).count();
    let rows = rows(&page, account, &trend);
    let chosen = clause.zip(evidence);
    Ok(html(&ProgressPage { from, to, exercise, has_font: super::report::has_font(), live, rows, chosen, page }))
}

impl Page {
    /// What a figure counts, in a line.
    #[must_use]
    pub fn measure(&self, clause: &Clause, figure: &Figure) -> String {
        let of = &figure.measure.of;
        let name = self.t(&format!("measure-{}", of.code()));
        let of_what = match of {
            Count::OnTime { wait: Some(wait) } | Count::Time { wait } => Some(self.clock_kind(wait)),
            Count::WithAct { act } => Some(self.act(act)),
            Count::WithStep { step } | Count::SinceStep { step } => Some(self.step_counted(clause, figure, step)),
            Count::Pairs { days } | Count::Cosigned { days } => Some(self.t1("span-d", "n", days)),
            Count::OnTime { wait: None }
            | Count::Raised
            | Count::ByArea
            | Count::TimeToClose
            | Count::Outcomes
            | Count::Grounds
            | Count::Levels
            | Count::LevelsAnswered
            | Count::CompleteAtFirst
            | Count::Usefulness
            | Count::Lessons
            | Count::Settled
            | Count::Active
            | Count::Assets
            | Count::SinceLast
            | Count::Items
            | Count::Tabled
            | Count::Tasks
            | Count::Owned
            | Count::Live => None,
        };
        match of_what {
            Some(what) => self.t2("measure-of", "measure", name, "what", what),
            None => name,
        }
    }

    /// A cell in words: `46 of 50 · 92 %`.
    #[must_use]
    pub fn cell(&self, figure: &Figure, value: &Value) -> String {
        match value {
            Value::Number(number) => number.to_string(),
            Value::Share { whole: 0, .. } | Value::Since { days: None } => self.t("cell-none"),
            Value::Share { part, whole } => self
                .tongue
                .with("cell-share", &[("part", part), ("whole", whole), ("percent", &percent(*part, *whole))]),
            Value::Spread { count: 0, .. } => self.t("cell-none"),
            Value::Spread { count, median_s, p90_s } => self.tongue.with(
                "cell-spread",
                &[("count", count), ("median", &self.lasting(*median_s)), ("p90", &self.lasting(*p90_s))],
            ),
            Value::Tally { counts } if counts.is_empty() => self.t("cell-none"),
            Value::Tally { counts } => {
                let named =
                    counts.iter().map(|(code, count)| format!("{} {count}", self.tally_row(&figure.measure.of, code)));
                named.collect::<Vec<_>>().join(" · ")
            }
            Value::Sums { sums } if sums.is_empty() => self.t("cell-none"),
            Value::Sums { sums } => {
                let named = sums.iter().map(|(key, sum)| {
                    let (movement, currency) = key.split_once(' ').unwrap_or((key, ""));
                    format!("{} {currency} {sum}", self.t(&format!("movement-{movement}")))
                });
                named.collect::<Vec<_>>().join(" · ")
            }
            Value::Since { days: Some(days) } => self.t1("span-d", "n", days),
            Value::Suppressed => self.t("cell-suppressed"),
        }
    }

    /// The share of a cell as a whole percentage, where it is one.
    #[must_use]
    pub fn bar(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Share { part, whole } if *whole > 0 => Some(percent(*part, *whole)),
            _ => None,
        }
    }

    /// A length of time in the largest unit that says it.
    #[must_use]
    pub fn lasting(&self, seconds: u64) -> String {
        match seconds / 60 {
            minutes @ 0..60 => self.t1("span-min", "n", minutes),
            minutes @ 60..2880 => self.t2("span-h-min", "h", minutes / 60, "min", minutes % 60),
            minutes => self.t1("span-d", "n", minutes / 1440),
        }
    }

    /// The words of one row of a tally.
    #[must_use]
    pub fn tally_row(&self, of: &Count, code: &str) -> String {
        match of {
            Count::ByArea => {
                let area = self.instrument().areas().iter().find(|area| area.id == code);
                area.map_or_else(|| code.to_owned(), |area| self.text(&area.name))
            }
            Count::Outcomes => self.t(&format!("outcome-{code}")),
            Count::Usefulness => self.t(&format!("form-usefulness-{code}")),
            Count::Grounds
            | Count::Levels
            | Count::Raised
            | Count::OnTime { .. }
            | Count::Time { .. }
            | Count::TimeToClose
            | Count::LevelsAnswered
            | Count::CompleteAtFirst
            | Count::WithAct { .. }
            | Count::WithStep { .. }
            | Count::Lessons
            | Count::Settled
            | Count::Active
            | Count::Assets
            | Count::Pairs { .. }
            | Count::Cosigned { .. }
            | Count::SinceLast
            | Count::SinceStep { .. }
            | Count::Items
            | Count::Tabled
            | Count::Tasks
            | Count::Owned
            | Count::Live => code.to_owned(),
        }
    }

    /// A step by its code, in the words of the first type it is counted of: `HELD` is a hearing here, a course there.
    fn step_counted(&self, clause: &Clause, figure: &Figure, code: &str) -> String {
        let types = self.instrument().types().values();
        let mut counted = types.filter(|rule| figure.measure.counts(&rule.code, &clause.types));
        let step = counted.find_map(|rule| rule.step(code));
        step.map_or_else(|| code.to_owned(), |step| self.text(&step.name))
    }
}

/// The last day that is over everywhere the account is read: figures of a running day would still change.
#[must_use]
pub fn yesterday(now: Timestamp) -> Date {
    let today = now.to_zoned(TimeZone::UTC).date();
    today.yesterday().unwrap_or(today)
}

/// The days asked for, as far as they are over; without any, the year until yesterday.
#[must_use]
pub fn whole_days(now: Timestamp, from: &str, to: &str) -> (Date, Date) {
    let last = yesterday(now);
    let to = to.parse().unwrap_or(last).min(last);
    (from.parse().unwrap_or_else(|_| year_before(to)).min(to), to)
}

fn year_before(day: Date) -> Date {
    day.checked_sub(jiff::Span::new().years(1)).and_then(|day| day.tomorrow()).unwrap_or(day)
}

/// The last months of a period, each a period of its own, oldest first.
fn months(period: Period) -> Vec<Period> {
    let last = period.until.to_zoned(TimeZone::UTC);
    let back = |months: i64| last.checked_sub(jiff::Span::new().months(months)).ok().map(|zoned| zoned.timestamp());
    let month = |n| Some(Period { from: back(n + 1)?, until: back(n)?, exercise: period.exercise });
    (0..MONTHS).rev().filter_map(month).collect()
}

fn rows(page: &Page, account: Account, trend: &[Account]) -> Vec<(Area, Vec<Row>)> {
    let instrument = page.instrument();
    let mut by_area: Vec<(Area, Vec<Row>)> = instrument.areas().iter().map(|area| (area.clone(), Vec::new())).collect();
    for row in account.clauses {
        let Some(clause) = instrument.clause(&row.clause) else { continue };
        let trend = lines(instrument.parties().keys(), &clause.id, trend);
        let row = Row { clause: clause.clone(), figures: row.figures, trend };
        if let Some((_, rows)) = by_area.iter_mut().find(|(area, _)| area.id == clause.area) {
            rows.push(row);
        }
    }
    by_area.retain(|(_, rows)| !rows.is_empty());
    by_area
}

/// The first figure of a clause through the months, a line for each Party; months with nothing to count are left out.
fn lines<'p>(parties: impl Iterator<Item = &'p PartyId>, clause: &str, trend: &[Account]) -> Vec<Line> {
    let at = |account: &Account, party: &PartyId| {
        let figure = account.clause(clause)?.figures.first()?;
        figure.by_direction.get(party).and_then(height)
    };
    let points = |party: &PartyId| trend.iter().map(|account| at(account, party)).collect::<Vec<_>>();
    let all: Vec<(PartyId, Vec<Option<f64>>)> = parties.map(|party| (party.clone(), points(party))).collect();
    let highest = all.iter().flat_map(|(_, points)| points).flatten().fold(0.0_f64, |most, point| most.max(*point));
    let line = |(party, points): (PartyId, Vec<Option<f64>>)| {
        let path = path(&points, highest);
        (!path.is_empty()).then_some(Line { party, path })
    };
    all.into_iter().filter_map(line).collect()
}

/// How high a cell stands in a trend, where it is one number.
fn height(value: &Value) -> Option<f64> {
    let number = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    match value {
        Value::Share { part, whole } if *whole > 0 => Some(number(*part) / number(*whole)),
        Value::Spread { count, median_s, .. } if *count > 0 => Some(number(*median_s)),
        Value::Number(count) => Some(number(*count)),
        Value::Share { .. }
        | Value::Spread { .. }
        | Value::Tally { .. }
        | Value::Sums { .. }
        | Value::Since { .. }
        | Value::Suppressed => None,
    }
}

/// A trend as the path of a drawing; empty with fewer than two points.
fn path(points: &[Option<f64>], highest: f64) -> String {
    let (width, height) = TREND;
    let step = width / f64::from(u32::try_from(MONTHS - 1).unwrap_or(1));
    let x = (0_u32..).map(|place| f64::from(place) * step);
    let drawn: Vec<String> = x
        .zip(points)
        .filter_map(|(x, point)| point.map(|point| (x, point)))
        .map(|(x, point)| {
            let y = if highest > 0.0 { height - 2.0 - point / highest * (height - 4.0) } else { height - 2.0 };
            format!("{x:.0} {y:.1}")
        })
        .collect();
    if drawn.len() < 2 { String::new() } else { format!("M{}", drawn.join(" L")) }
}

fn has_figures(figure: &Figure) -> bool {
    figure.by_direction.values().any(|value| !value.is_empty())
}

fn evidence(facts: &CaseFacts) -> Evidence {
    Evidence {
        case: facts.case.clone(),
        type_code: facts.type_code.clone(),
        party: facts.requesting.clone(),
        opened_at: facts.opened_at,
        over: facts.over.map(|(outcome, _)| format!("outcome-{}", domain::menu::Menu::code(outcome))),
    }
}

/// A share in whole percent, rounded down: a promise is kept whole or not.
fn percent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100).checked_div(whole).unwrap_or(0)
}
