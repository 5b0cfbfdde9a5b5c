//! The progress report for programs: computed now, and as a case proposes it.
//!
//! Owns the members' names, which `schema` publishes. Must not compute anything.

use axum::extract::State;
use domain::content;
use domain::ids::{CaseId, PartyId};
use jiff::civil::Date;
use node::{Computed, Found};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Asked, At, Caller};
use super::{Answer, Problem, json};
use crate::app::App;
use crate::web::progress::whole_days;

/// Which days, and with whom.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Days {
    from: Option<Date>,
    to: Option<Date>,
    exercise: bool,
    peer: Option<PartyId>,
}

/// The report of whole days from both logs as they are here now.
pub(super) async fn show(State(app): State<App>, _: Caller, Asked(days): Asked<Days>) -> Answer {
    let node = app.node();
    let peer = days.peer.or_else(|| node.peers().keys().next().cloned());
    let peer = peer.filter(|peer| node.peers().contains_key(peer)).ok_or_else(|| Problem::plain(404, "not-found"))?;
    let said = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let whole = whole_days(app.now(), &said(days.from), &said(days.to));
    let computed =
        app.reports(move |node, reader, book| node.report_now(reader, book, &peer, whole, days.exercise)).await?;
    json(200, &shape(&computed))
}

/// The report a case proposes: its line, and what this node computes.
pub(super) async fn of_case(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    let nowhere = || Problem::plain(404, "not-found");
    let (id, viewer) = (CaseId::new(&id).map_err(|_| nowhere())?, caller.viewer());
    let now = app.now();
    let found = app
        .reports(move |node, reader, book| {
            let Some(file) = node.case_file(reader, now, &viewer, &id)? else { return Ok(None) };
            let case = file.dossier.case;
            let rule = case.rule(node.version(&case.instrument).map_or(node.instrument(), |version| version));
            let line = rule.and_then(|rule| content::report(&case.request, rule));
            let Some(line) = line else { return Ok(None) };
            Ok(Some((node.report_found(reader, book, &case)?, line)))
        })
        .await?;
    let (found, line) = found.ok_or_else(nowhere)?;
    let (standing, computed, bar) = match found {
        Found::None => return Err(nowhere()),
        Found::Same(computed) => ("same", Some(shape(&computed)), None),
        Found::Differs(computed) => ("differs", Some(shape(&computed)), None),
        Found::Awaited(bar) => ("awaited", None, Some(bar.code())),
    };
    json(200, &json!({ "line": line.to_string(), "standing": standing, "awaits": bar, "computed": computed }))
}

fn shape(computed: &Computed) -> Value {
    json!({
        "line": computed.line.to_string(), "sha256": computed.line.sha256, "left_out": computed.left_out,
        "report": computed.report,
    })
}
