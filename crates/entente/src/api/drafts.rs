//! Requests being written: begun, saved, checked, handed over, answered for and signed.
//!
//! Owns what a program may change of a draft: its words, never its drafter or its files' keys. Must not judge
//! completeness: the domain's one check does.

use axum::extract::State;
use axum::http::HeaderMap;
use domain::act::Role;
use domain::content::Request;
use domain::ids::{CaseId, Hash32, OfficeId, TypeCode};
use domain::menu::Menu;
use domain::refusal::Refusal;
use node::draft::{self, Draft};
use node::{Beginning, Done};
use rand_core::CryptoRng;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Store;

use super::caller::{At, Caller, Json, JsonBytes};
use super::cases::GateAsked;
use super::once::{Call, once};
use super::{Answer, Problem, json, problem, shape};
use crate::app::App;

/// Who writes drafts.
const WRITERS: &[Role] = &[Role::Drafter];
/// Members of a request that only the node sets.
const OURS: &[&str] = &["attachments", "drafter", "type_code"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDraft {
    type_code: TypeCode,
    to: OfficeId,
    /// The case it continues.
    continues: Option<CaseId>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedDraft {
    version: u64,
    request: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signing {
    role: Option<Role>,
}

pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answer {
    let office = caller.officer.office.clone();
    let drafts = app
        .read(move |node, reader, _| {
            let drafts = node.drafts(reader, Some(&office))?;
            Ok::<_, Problem>(drafts.iter().map(|draft| shape::draft(node, draft)).collect::<Vec<_>>())
        })
        .await?;
    json(200, &json!({ "drafts": drafts }))
}

pub(super) async fn begin(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    JsonBytes(asked, body): JsonBytes<NewDraft>,
) -> Answer {
    let (by, office) = (caller.must_be(WRITERS)?, caller.officer.office.clone());
    let call = Call { headers: &headers, what: "draft".to_owned(), body: &body };
    once(&app, &caller, call, move |node, store, env, keep| {
        let NewDraft { type_code, to, continues } = asked;
        let begun = Beginning { office, type_code, to, by, continues };
        let along = |draft: &Draft, rng: &mut dyn CryptoRng| keep.writes(node, rng, 201, &shape::draft(node, draft));
        let draft = node.begin_draft(store, env, &begun, &along)?;
        Ok((201, shape::draft(node, &draft)))
    })
    .await
}

pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    let draft = find(&app, &caller, &id).await?;
    json(200, &shape::draft(&app.node(), &draft))
}

/// Replaces the request. Members only the node sets are kept. Answers and the hand-over were given for the words as they
/// were: they go when the words change, and whoever changed them is the drafter who may not sign.
pub(super) async fn save(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Json(asked): Json<SavedDraft>,
) -> Answer {
    let drafter = caller.must_be(WRITERS)?;
    let changed = change(&app, &caller, id, move |draft| {
        if draft.version != asked.version {
            return Err(Refusal::Changed.into());
        }
        let request = request_of(asked.request, &draft.request)?;
        if draft.request != request {
            rewritten(draft, |draft| draft.request = Request { drafter, ..request });
        }
        Ok(())
    });
    json(200, &changed.await?)
}

pub(super) async fn discard(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    caller.must_be(&[Role::Drafter, Role::Approver])?;
    find(&app, &caller, &id).await?;
    app.write(move |node, store, _| node.discard_draft(store, &id)).await?;
    Ok(axum::response::IntoResponse::into_response(axum::http::StatusCode::NO_CONTENT))
}

pub(super) async fn check(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    let draft = find(&app, &caller, &id).await?;
    let missing = app.node().lacking(&draft)?;
    let gates = draft::gates_of(&app.node(), &draft.request.to.party(), &draft.request.type_code);
    let open: Vec<_> = gates.iter().filter(|gate| draft.gates.iter().all(|answer| answer.gate != **gate)).collect();
    let complete = missing.is_empty();
    let missing: Vec<Value> = missing.iter().map(problem::missing).collect();
    json(
        200,
        &json!({ "complete": complete, "missing": missing, "gates_unanswered": open, "terms": shape::terms(&app.node(), &draft) }),
    )
}

pub(super) async fn hand_over(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    caller.must_be(WRITERS)?;
    let missing = app.node().lacking(&find(&app, &caller, &id).await?)?;
    if !missing.is_empty() {
        return Err(Refusal::Incomplete { missing }.into());
    }
    let changed = change(&app, &caller, id, |draft| {
        draft.handed_over = true;
        Ok(())
    });
    json(200, &changed.await?)
}

pub(super) async fn answer_gate(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Json(asked): Json<GateAsked>,
) -> Answer {
    let draft = find(&app, &caller, &id).await?;
    let needed = node::draft::gates_of(&app.node(), &draft.request.to.party(), &draft.request.type_code);
    if !needed.contains(&asked.gate) {
        return Err(Problem::not_asked(asked.gate, needed.iter().map(|gate| gate.code().to_owned())));
    }
    let answer = asked.answer(&caller, app.now())?;
    let saved = app.write(move |node, store, env| node.answer_draft_gate(store, env, &id, answer)).await?;
    json(200, &shape::draft(&app.node(), &saved))
}

pub(super) async fn submit(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    headers: HeaderMap,
    JsonBytes(asked, body): JsonBytes<Signing>,
) -> Answer {
    let by = caller.person(asked.role, &[Role::Approver])?;
    let office = caller.officer.office.clone();
    let call = Call { headers: &headers, what: format!("submit {id}"), body: &body };
    once(&app, &caller, call, move |node, store, env, keep| {
        let draft = ours(node.draft(&*store.reader()?, &id)?, &office)?;
        if draft.is_by(&by.id) {
            return Err(Refusal::FourEyes.into());
        }
        let along = |done: &Done, rng: &mut dyn CryptoRng| keep.writes(node, rng, 201, &shape::done(done));
        let done = node.submit_draft_along(store, env, &id, by, &along)?;
        Ok((201, shape::done(&done)))
    })
    .await
}

pub(super) async fn remove_attachment(
    State(app): State<App>,
    caller: Caller,
    At((id, root)): At<(String, String)>,
) -> Answer {
    let drafter = caller.must_be(WRITERS)?;
    let nowhere = || Problem::plain(404, "not-found");
    let root = Hash32::from_hex(&root).map_err(|_| nowhere())?;
    let changed = change(&app, &caller, id, move |draft| {
        if draft.request.attachments.iter().all(|file| file.root != root) {
            return Err(nowhere());
        }
        // Whoever takes a file out wrote of what is sent as much as whoever put it in.
        rewritten(draft, |draft| {
            draft.request.attachments.retain(|file| file.root != root);
            draft.request.drafter = drafter;
        });
        Ok(())
    });
    json(200, &changed.await?)
}

/// A draft of the caller's office.
pub(super) async fn find(app: &App, caller: &Caller, id: &str) -> Result<Draft, Problem> {
    let (id, office) = (id.to_owned(), caller.officer.office.clone());
    let draft = app.read(move |node, reader, _| node.draft(reader, &id)).await?;
    ours(draft, &office)
}

/// Changes a draft of the caller's office on the writer thread and saves it; answers its shape.
pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: String,
    how: impl FnOnce(&mut Draft) -> Result<(), Problem> + Send + 'static,
) -> Result<Value, Problem> {
    let office = caller.officer.office.clone();
    app.write(move |node, store: &mut dyn Store, env| {
        let mut draft = ours(node.draft(&*store.reader()?, &id)?, &office)?;
        how(&mut draft)?;
        let saved = node.save_draft(store, env, &draft)?;
        Ok(shape::draft(node, &saved))
    })
    .await
}

/// Changes what is to be sent: what was answered and handed over stood for something else.
pub(super) fn rewritten(draft: &mut Draft, how: impl FnOnce(&mut Draft)) {
    how(draft);
    draft.set_aside(|_| true);
    draft.handed_over = false;
}

fn ours(draft: Option<Draft>, office: &OfficeId) -> Result<Draft, Problem> {
    draft.filter(|draft| draft.office == *office).ok_or_else(|| Problem::plain(404, "not-found"))
}

fn request_of(mut asked: Value, stored: &Request) -> Result<Request, Problem> {
    let kept = serde_json::to_value(stored).map_err(Problem::malformed)?;
    let members = asked.as_object_mut().ok_or_else(|| Problem::malformed("`request` must be an object"))?;
    for name in OURS {
        members.insert((*name).to_owned(), kept[*name].clone());
    }
    serde_json::from_value(asked).map_err(Problem::malformed)
}
