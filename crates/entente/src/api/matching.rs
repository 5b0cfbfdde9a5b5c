//! A case's private matching: how far it is, and its next step.
//!
//! Owns what a program sends and is told. Must not judge a step: the domain does. What was found in our list is told to
//! the office that has the case, as on its page.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::act::ActKind;
use domain::ids::CaseId;
use domain::menu::Menu;
use node::matching::{Stepping, Taken};
use node::view::{AuditLine, Hit, MatchFile};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{At, Caller, Json};
use super::{Answer, Problem, acts, json, shape};
use crate::app::App;

/// A step to be taken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchAsked {
    step: Taken,
    role: Option<domain::act::Role>,
}

/// How far a matching is.
pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    json(200, &shaped(&file(&app, &caller, &id).await?))
}

/// Takes a step; answers how far the matching is then.
pub(super) async fn take(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Json(asked): Json<MatchAsked>,
) -> Answer {
    let before = file(&app, &caller, &id).await?;
    if !before.ours {
        return Err(Problem::plain(403, "not-your-office"));
    }
    let by = caller.person(asked.role, &acts::roles_of(ActKind::Match.code()))?;
    let who = Stepping { case: before.case, office: caller.officer.office.clone(), by };
    let chunks = app.chunks();
    app.write(move |node, store, env| node.match_take(store, env, &*chunks, &who, asked.step)).await?;
    json(201, &shaped(&file(&app, &caller, &id).await?))
}

/// The file of an opening of ours, for the oversight body.
pub(super) async fn opening(State(app): State<App>, caller: Caller, At((id, audit)): At<(String, u32)>) -> Answer {
    let found = file(&app, &caller, &id).await?;
    if !found.ours {
        return Err(Problem::plain(403, "not-your-office"));
    }
    let bytes = app.read(move |node, reader, _| node.match_opening(reader, &found.case, audit)).await?;
    let bytes = bytes.ok_or_else(|| Problem::plain(404, "not-found"))?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

async fn file(app: &App, caller: &Caller, id: &str) -> Result<MatchFile, Problem> {
    let nowhere = || Problem::plain(404, "not-found");
    let (id, viewer) = (CaseId::new(id).map_err(|_| nowhere())?, caller.viewer());
    let found = app.read(move |node, reader, now| node.match_file(reader, now, &id, &viewer)).await?;
    found.ok_or_else(nowhere)
}

fn shaped(file: &MatchFile) -> Value {
    let run = &file.run;
    let batches = run.batches.iter().enumerate().map(|(at, batch)| {
        let found = file.found.get(at).and_then(Option::as_ref).map(|hits| hits.iter().map(hit).collect::<Vec<_>>());
        json!({
            "number": at + 1,
            "places": batch.places,
            "transcript": batch.transcript,
            "asked_at": batch.at,
            "received_at": batch.received_at,
            "found": found,
        })
    });
    json!({
        "case": file.case,
        "learns": file.rule.learns.code(),
        "kinds": file.rule.kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>(),
        "records_min": file.rule.records_min,
        "left_case": file.left_case,
        "left_day": file.left_day,
        "key": run.key,
        "list": run.list.as_ref().map(|list| list.list),
        "batches": batches.collect::<Vec<_>>(),
        "audits": file.audits.iter().filter_map(|line| audit(file, line)).collect::<Vec<_>>(),
        "ended": run.destroyed.len(),
        "next": file.next.iter().map(|kind| kind.code()).collect::<Vec<_>>(),
    })
}

fn hit(hit: &Hit) -> Value {
    json!({
        "record": hit.found.record.id,
        "kinds": hit.found.kinds,
        "review_only": hit.review_only,
        "points": hit.score.points,
        "reasons": hit.score.reasons.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn audit(file: &MatchFile, line: &AuditLine) -> Option<Value> {
    let audit = file.run.audit(line.number)?;
    Some(json!({
        "number": line.number,
        "of": audit.of.code(),
        "batch": audit.batch,
        "commitment": audit.commitment,
        "share": audit.share,
        "revealed": audit.revealed,
        "places": line.places,
        "opened": audit.opened,
        "finding": audit.finding.as_ref().map(|(finding, _)| finding.code()),
        "words": audit.finding.as_ref().map(|(_, words)| shape::plain(words)),
        "next": line.next.map(|kind| kind.code()),
    }))
}
