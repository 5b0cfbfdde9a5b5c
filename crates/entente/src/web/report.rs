//! The progress report as a page for the screen and for paper: in every language of the instrument side by side, with
//! charts; its draft; and what a case that proposes one shows of it.
//!
//! Owns the words and drawings. Must not compute a report (`node`), nor judge one.

use std::sync::LazyLock;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::account::{Figure, Value};
use domain::act::{Act, Deed, Ground};
use domain::case::Case;
use domain::content::{self, FieldValue};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId, TypeCode};
use domain::instrument::RequestType;
use domain::menu::Menu;
use domain::refusal::Refusal;
use domain::report::ReportLine;
use domain::text::{Prose, Text};
use jiff::civil::Date;
use node::view::Viewer;
use node::{Beginning, Computed, Dossier, Failure, Found};
use serde::Deserialize;

use super::progress::whole_days;
use super::said::Said;
use super::{Page, Posted, Signed, Stop, download, html, new};
use crate::app::App;
use crate::paper::report::{self as paper, Adopted, Signature};
use crate::paper::{Fonts, NoFont};
use crate::tables::Form;

/// Width of the longest bar of the chart, in its own units.
const BAR_MAX: u64 = 100;

/// The fonts of this machine, looked for once.
static FONTS: LazyLock<Result<Fonts, NoFont>> = LazyLock::new(Fonts::of_system);

/// Whether this machine has a font to set a PDF in.
pub(super) fn has_font() -> bool {
    FONTS.is_ok()
}

/// What there is to show of the report a case proposes.
pub enum Reported {
    /// The case proposes none.
    None,
    /// Our node computes the same.
    Same(Proposed),
    /// Our node computes another.
    Differs(Proposed),
    /// It cannot be computed yet; why, in words.
    Awaited(String),
}

/// A report proposed, and what our node makes of it.
pub struct Proposed {
    /// Its line as proposed.
    pub line: String,
    /// The hash of ours.
    pub ours: Hash32,
    /// Acts of its days that it does not count.
    pub left_out: u64,
}

/// One figure in both languages, by direction.
struct Line {
    measure: Said,
    cells: Vec<(PartyId, Said, Option<u64>)>,
    /// The difference between the two directions, where both are shares, in points of a hundred.
    apart: Option<u64>,
}

/// One clause.
struct Row {
    id: String,
    text: Said,
    lines: Vec<Line>,
}

/// How requests of a type by one Party fared.
struct Fate {
    type_code: TypeCode,
    party: PartyId,
    cells: [Said; 6],
    /// A part of the bar: class, left edge, width, how many.
    bar: Vec<(String, u64, u64, u64)>,
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    page: Page,
    line: ReportLine,
    exercise: bool,
    left_out: u64,
    query: String,
    /// The case that proposes it, and whether both have signed there.
    case: Option<(CaseId, bool)>,
    /// The other Party, and whether the reader may propose the report to it.
    proposal: Option<(PartyId, bool)>,
    offices: String,
    /// Whether this machine has a font to set a PDF in.
    has_font: bool,
    fates: Vec<Fate>,
    balance: Vec<Row>,
    rows: Vec<Row>,
}

/// What was asked for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    to: String,
    live: String,
    form: String,
}

/// The addresses of reports.
pub fn routes() -> Router<App> {
    Router::new().route("/progress/report", get(show).post(propose)).route("/cases/{id}/report", get(of_case))
}

async fn show(
    Signed { page, .. }: Signed,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let exercise = asked.live.is_empty() && page.demo;
    let days = whole_days(page.now, &asked.from, &asked.to);
    let peer = page.them().map(|party| party.id.clone()).ok_or(Stop::NotFound)?;
    let computed = compute(&app, peer, days, exercise).await?;
    let live = if exercise { "" } else { "&live=1" };
    let query = format!("/progress/report?from={}&to={}{live}", days.0, days.1);
    Ok(answer(page, computed, exercise, &asked.form, query, None, Vec::new()))
}

async fn of_case(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let id = CaseId::new(&id).map_err(|_| Stop::NotFound)?;
    let (viewer, now) = (Viewer::of(&officer), page.now);
    let found = app
        .reports(move |node, reader, book| {
            let Some(file) = node.case_file(reader, now, &viewer, &id)? else { return Ok(None) };
            let signatures = signatures(&file.dossier);
            let case = file.dossier.case;
            Ok(Some((node.report_found(reader, book, &case)?, case, signatures)))
        })
        .await?;
    let (found, case, signatures) = found.ok_or(Stop::NotFound)?;
    let (Found::Same(computed) | Found::Differs(computed)) = found else { return Err(Stop::NotFound) };
    let page = page.under(&case.instrument);
    let signed = case.talk.agreed().is_some();
    let query = format!("/cases/{}/report?", case.id);
    Ok(answer(page, *computed, case.request.exercise, &asked.form, query, Some((case.id, signed)), signatures))
}

async fn propose(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    posted: Posted,
) -> Result<Response, Stop> {
    let exercise = posted.get("live").is_empty() && page.demo;
    let days = whole_days(page.now, posted.get("from"), posted.get("to"));
    let peer = page.them().map(|party| party.id.clone()).ok_or(Stop::NotFound)?;
    let computed = compute(&app, peer.clone(), days, exercise).await?;
    let (Some((rule, to)), Some(by)) = (page.reporting(&officer.office, &peer), new::writer(&officer)) else {
        let query = format!("/progress/report?from={}&to={}", days.0, days.1);
        return Ok(answer(page, computed, exercise, &asked.form, query, None, Vec::new()));
    };
    let begun = Beginning { office: officer.office.clone(), type_code: rule.code.clone(), to, by, continues: None };
    let field = rule.reports.clone().unwrap_or_default();
    let (first, last) = (computed.line.first, computed.line.last);
    let title =
        page.prose_in_langs(|said| said.t2("report-draft-title", "first", said.date(&first), "last", said.date(&last)));
    let purpose = page.prose_in_langs(|said| said.t("report-draft-purpose"));
    let line = computed.line.to_string();
    let made = app.write(move |node, store, env| {
        let mut draft = node.begin_draft(store, env, &begun, &|_, _| Ok(Vec::new()))?;
        draft.request.exercise = exercise;
        draft.request.title = title;
        draft.request.purpose = purpose;
        draft.request.fields.insert(field, FieldValue::Line(line));
        node.save_draft(store, env, &draft)
    });
    match made.await {
        Ok(draft) => Ok(Redirect::to(&format!("/drafts/{}", draft.id)).into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(_) => Err(Stop::NotYours),
    }
}

/// What a case's page shows of the report it proposes.
pub(super) async fn reported(app: &App, page: &Page, case: &Case) -> Result<Reported, Stop> {
    let line = page.rule(&case.type_code).and_then(|rule| content::report(&case.request, rule));
    let Some(line) = line else { return Ok(Reported::None) };
    let case = case.clone();
    let found = app.reports(move |node, reader, book| node.report_found(reader, book, &case)).await?;
    let proposed = |computed: &Computed| Proposed {
        line: line.to_string(),
        ours: computed.line.sha256,
        left_out: computed.left_out,
    };
    Ok(match found {
        Found::None => Reported::None,
        Found::Same(computed) => Reported::Same(proposed(&computed)),
        Found::Differs(computed) => Reported::Differs(proposed(&computed)),
        Found::Awaited(bar) => Reported::Awaited(page.refusal(&Refusal::Report(bar))),
    })
}

impl Page {
    /// The type that reports progress, if an office may propose one to a Party, and the office it goes to.
    fn reporting(&self, office: &OfficeId, peer: &PartyId) -> Option<(&RequestType, OfficeId)> {
        let mut rules = self.instrument().types().values().filter(|rule| rule.reports.is_some());
        let rule = rules.find(|rule| rule.may_send.contains(office))?;
        let to = rule.may_receive.iter().find(|to| to.party() == *peer)?;
        Some((rule, to.clone()))
    }

    /// The text both sign of the report a case proposes, in every language. `None` for a case that proposes none.
    #[must_use]
    pub fn reporting_text(&self, case: &Case, rule: &RequestType) -> Option<Prose> {
        let line = content::report(&case.request, rule)?;
        let title = self.instrument().title();
        Some(self.prose_in_langs(|said| {
            let (first, last) = (said.date(&line.first), said.date(&line.last));
            let title = title.get(&said.tongue.lang());
            said.tongue.with("report-text", &[("title", &title), ("first", &first), ("last", &last), ("line", &line)])
        }))
    }

    fn prose_in_langs(&self, say: impl Fn(&Page) -> String) -> Prose {
        let words = self.in_langs(|tongue| say(&self.in_language(tongue)));
        let texts = words.iter().map(|(lang, words)| (lang.clone(), words.to_owned())).collect();
        Prose { original: self.our_party().lang.clone(), texts }
    }

    /// Words in every language of the instrument, one line each; once, where they are the same.
    #[must_use]
    pub fn every(&self, say: impl Fn(&Page) -> String) -> Said {
        let text = self.in_langs(|tongue| say(&self.in_language(tongue)));
        let mut said = Said::default();
        let mut seen: Vec<&str> = Vec::new();
        // The reader's own language first.
        let own = text.iter().filter(|(lang, _)| *lang == self.lang());
        for (lang, words) in own.chain(text.iter().filter(|(lang, _)| *lang != self.lang())) {
            if !seen.contains(&words) {
                said.open("span", &[("class", "each"), ("lang", lang.as_str())]).text(words).close("span");
                seen.push(words);
            }
        }
        said
    }

    /// A message in every language of the instrument.
    #[must_use]
    pub fn each(&self, key: &str) -> Said {
        self.every(|page| page.t(key))
    }

    /// A text of the instrument in every language, line by line.
    #[must_use]
    pub fn each_text(&self, text: &Text) -> Said {
        self.every(|page| page.text(text))
    }

    /// A message with one argument in every language.
    #[must_use]
    pub fn each1(&self, key: &str, name: &'static str, value: impl std::fmt::Display + Copy) -> Said {
        self.every(|page| page.t1(key, name, value))
    }

    /// A type's name in every language.
    #[must_use]
    pub fn type_each(&self, code: &TypeCode) -> Said {
        self.every(|page| page.type_name(code))
    }

    /// A Party in every language.
    #[must_use]
    pub fn party_each(&self, party: &PartyId) -> Said {
        self.every(|page| page.party(party))
    }

    /// Who asked, in every language.
    #[must_use]
    pub fn by_each(&self, party: &PartyId) -> Said {
        self.every(|page| page.t1("progress-by", "party", page.party(party)))
    }

    /// How something ended, in every language.
    #[must_use]
    pub fn outcome_each(&self, code: &str) -> Said {
        self.every(|page| page.t(&format!("outcome-{code}")))
    }

    /// The days of a report in every language.
    #[must_use]
    pub fn days_each(&self, line: &ReportLine) -> Said {
        let (first, last) = (line.first, line.last);
        self.every(|page| page.t2("report-of", "first", page.date(&first), "last", page.date(&last)))
    }
}

async fn compute(app: &App, peer: PartyId, days: (Date, Date), exercise: bool) -> Result<Computed, Stop> {
    Ok(app.reports(move |node, reader, book| node.report_now(reader, book, &peer, days, exercise)).await?)
}

/// The signatures under the text both have signed; none while one is wanting.
fn signatures(dossier: &Dossier) -> Vec<Signature> {
    let Some((version, _)) = dossier.case.talk.agreed() else { return Vec::new() };
    let of = |act: &Act| {
        let signs = matches!(&act.deed, Deed::SignText { version: signed, .. } if *signed == version);
        let by = act.author.officer().filter(|_| signs)?;
        Some(Signature { party: act.by.clone(), name: by.name.clone(), at: act.at })
    };
    dossier.entries.iter().filter_map(|entry| of(&entry.act)).collect()
}

fn answer(
    page: Page,
    computed: Computed,
    exercise: bool,
    form: &str,
    query: String,
    case: Option<(CaseId, bool)>,
    signatures: Vec<Signature>,
) -> Response {
    let Computed { line, report, left_out, .. } = computed;
    if form == "pdf" {
        let fonts = FONTS.as_ref().ok();
        let adopted = case.as_ref().map(|(case, _)| Adopted { case: case.clone(), signatures });
        let set = fonts.and_then(|fonts| paper::set(&page, fonts, &line, &report, exercise, adopted.as_ref()));
        let name = format!("report-{}-{}-{}.pdf", page.us(), line.first, line.last);
        return set.map_or_else(|| Stop::NotFound.into_response(), |bytes| download::bytes(&name, bytes));
    }
    if let Some(written) = Form::of(form) {
        let name = format!("report-{}-{}-{}.{form}", page.us(), line.first, line.last);
        return download::text(&name, written.write(&line, &report));
    }
    let proposal = match (&case, &page.officer, page.them()) {
        (None, Some(officer), Some(them)) => {
            Some((them.id.clone(), page.reporting(&officer.office, &them.id).is_some()))
        }
        _ => None,
    };
    let rules = page.instrument().types().values().filter(|rule| rule.reports.is_some());
    let offices = rules.flat_map(|rule| &rule.may_send).filter(|office| office.party() == *page.us());
    let offices = offices.map(|office| page.office(office)).collect::<Vec<_>>().join(", ");
    let fates = fates(&page, &report.outcomes);
    let rows: Vec<Row> =
        report.account.clauses.iter().filter_map(|one| row(&page, &one.clause, &one.figures)).collect();
    let balance = report
        .account
        .clauses
        .iter()
        .filter_map(|one| {
            let shares: Vec<Figure> = one.figures.iter().filter(|figure| apart(figure).is_some()).cloned().collect();
            row(&page, &one.clause, &shares)
        })
        .collect();
    let has_font = has_font();
    html(&ReportPage { line, exercise, left_out, has_font, query, case, proposal, offices, fates, balance, rows, page })
}

/// One clause with those of its figures that counted anything.
fn row(page: &Page, id: &str, figures: &[Figure]) -> Option<Row> {
    let clause = page.instrument().clause(id)?;
    let any = |figure: &&Figure| figure.by_direction.values().any(|value| !value.is_empty());
    let lines: Vec<Line> = figures
        .iter()
        .filter(any)
        .map(|figure| Line {
            measure: page.every(|page| page.measure(clause, figure)),
            cells: figure
                .by_direction
                .iter()
                .map(|(party, value)| (party.clone(), page.every(|page| page.cell(figure, value)), page.bar(value)))
                .collect(),
            apart: apart(figure),
        })
        .collect();
    (!lines.is_empty()).then(|| Row { id: id.to_owned(), text: page.each_text(&clause.text), lines })
}

/// How far the shares of two directions stand apart, in points of a hundred.
fn apart(figure: &Figure) -> Option<u64> {
    let mut shares = figure.by_direction.values().map(|value| match value {
        Value::Share { part, whole } if *whole > 0 => Some(part.saturating_mul(100) / whole),
        _ => None,
    });
    match (shares.next()?, shares.next()?, shares.next()) {
        (Some(one), Some(other), None) => Some(one.abs_diff(other)),
        _ => None,
    }
}

fn fates(page: &Page, outcomes: &[domain::account::TypeOutcomes]) -> Vec<Fate> {
    let count = |value: &Value| match value {
        Value::Number(number) => *number,
        Value::Tally { counts } => counts.values().sum(),
        _ => 0,
    };
    let fared = || outcomes.iter().flat_map(|row| row.by_direction.values());
    let most = fared().map(|fared| count(&fared.settled) + count(&fared.pending)).max().unwrap_or(0).max(1);
    let mut fates = Vec::new();
    for row in outcomes {
        for (party, fared) in &row.by_direction {
            let mut bar = Vec::new();
            let mut x = 0;
            let settled = match &fared.settled {
                Value::Tally { counts } => counts.clone(),
                _ => Default::default(),
            };
            let parts = settled.iter().map(|(code, number)| (format!("o-{code}"), *number));
            for (class, number) in parts.chain([("o-pending".to_owned(), count(&fared.pending))]) {
                let width = number * BAR_MAX / most;
                if width > 0 {
                    bar.push((class, x, width, number));
                    x += width;
                }
            }
            let tally = |value: &Value, name: &dyn Fn(&Page, &str) -> String| {
                page.every(|page| match value {
                    Value::Tally { counts } if !counts.is_empty() => {
                        let said = counts.iter().map(|(code, number)| format!("{} {number}", name(page, code)));
                        said.collect::<Vec<_>>().join(" · ")
                    }
                    _ => "–".to_owned(),
                })
            };
            let ground = |page: &Page, code: &str| {
                Ground::from_code(code)
                    .map_or_else(|| code.to_owned(), |ground| format!("{code} {}", page.ground(&ground)))
            };
            let plain = |words: String| page.every(|_| words.clone());
            let median = match &fared.time {
                Value::Spread { count, median_s, .. } if *count > 0 => page.every(|page| page.lasting(*median_s)),
                _ => plain("–".to_owned()),
            };
            let longest = fared.longest_s.map(|s| page.every(|page| page.lasting(s)));
            fates.push(Fate {
                type_code: row.type_code.clone(),
                party: party.clone(),
                cells: [
                    plain(count(&fared.made).to_string()),
                    tally(&fared.settled, &|page, code| page.t(&format!("outcome-{code}"))),
                    tally(&fared.refused, &ground),
                    plain(count(&fared.pending).to_string()),
                    median,
                    longest.unwrap_or_else(|| plain("–".to_owned())),
                ],
                bar,
            });
        }
    }
    fates
}
