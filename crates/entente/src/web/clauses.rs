//! What was agreed, clause by clause, in parallel columns, with what serves each clause.
//!
//! Owns the choice of area. Must not know how an indicator is counted.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::instrument::{Clause, RequestType};
use domain::text::Text;
use serde::Deserialize;

use super::{Page, Signed, Stop, html};

/// Which area to show.
#[derive(Debug, Deserialize)]
pub struct Asked {
    area: Option<String>,
}

/// One area in the list of areas.
struct AreaLine {
    id: String,
    name: Text,
    count: usize,
    current: bool,
}

#[derive(Template)]
#[template(path = "clauses.html")]
struct ClausesPage {
    page: Page,
    areas: Vec<AreaLine>,
    clauses: Vec<Clause>,
}

/// The clauses of one area; the first when none is asked for.
pub async fn show(Signed { page, .. }: Signed, Query(asked): Query<Asked>) -> Result<Response, Stop> {
    let instrument = page.instrument();
    let first = instrument.areas().first().map(|area| area.id.clone());
    let area = asked.area.or(first).unwrap_or_default();
    if !instrument.areas().iter().any(|known| known.id == area) {
        return Err(Stop::NotFound);
    }
    let of = |id: &str| instrument.clauses().iter().filter(|clause| clause.area == id).count();
    let areas = instrument.areas().iter().map(|known| AreaLine {
        id: known.id.clone(),
        name: known.name.clone(),
        count: of(&known.id),
        current: known.id == area,
    });
    let areas = areas.collect();
    let clauses = instrument.clauses().iter().filter(|clause| clause.area == area).cloned().collect();
    Ok(html(&ClausesPage { areas, clauses, page }))
}

impl Page {
    /// The request types that serve a clause.
    #[must_use]
    pub fn serving(&self, clause: &str) -> Vec<&RequestType> {
        let serves = |rule: &&RequestType| rule.clauses.iter().any(|id| id == clause);
        self.instrument().types().values().filter(serves).collect()
    }
}
