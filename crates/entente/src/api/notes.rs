//! Notes of our own on a case, which never leave the house.
//!
//! Owns the members' names, which `schema` publishes. Must not decide who sees a case: the node does.

use axum::extract::State;
use domain::act::Role;
use node::Note;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{At, Caller, Json};
use super::{Answer, Problem, cases, json};
use crate::app::App;

/// A note, in whatever language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteAsked {
    words: String,
    role: Option<Role>,
}

/// The notes the caller may read, oldest first.
pub(super) async fn list(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    json(200, &shown(&cases::file(&app, &caller, &id).await?.notes))
}

/// Adds one. An auditor reads everything and writes nothing.
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Json(asked): Json<NoteAsked>,
) -> Answer {
    let case = cases::file(&app, &caller, &id).await?.dossier.case.id;
    let by = caller.person(asked.role, &[])?;
    if by.role == Role::Auditor {
        return Err(Problem::plain(403, "only-reads"));
    }
    let (office, words) = (caller.officer.office.clone(), asked.words);
    app.write(move |node, store, env| node.add_note(store, env, &case, (&office, by), &words)).await?;
    json(201, &shown(&cases::file(&app, &caller, &id).await?.notes))
}

fn shown(notes: &[Note]) -> Value {
    let line = |note: &Note| json!({ "by": note.by, "office": note.office, "at": note.at, "words": note.words });
    json!({ "notes": notes.iter().map(line).collect::<Vec<_>>() })
}
