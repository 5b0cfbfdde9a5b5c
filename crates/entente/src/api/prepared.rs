//! Acts that one writes and another signs: saved, handed over, answered for, sent back and signed.
//!
//! Owns what a program says of them; every call names the version it read. Must not judge a deed: the domain does.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::act::{ActKind, Role};
use domain::ids::Hash32;
use domain::menu::Menu;
use domain::procedure::WRITING;
use domain::refusal::Refusal;
use node::{Done, Node, PreparedAct, PreparedVersion, Written};
use rand_core::CryptoRng;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Reader;

use super::caller::{Asked, At, Caller, Json, JsonBytes};
use super::cases::GateAsked;
use super::once::{Call, once};
use super::{Answer, Problem, acts, cases, files, json, shape};
use crate::app::App;

/// What is written, over the version that was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreparedAsked {
    /// The version it changes; 0 for the first.
    over: u64,
    deed: Value,
    #[serde(default)]
    hand_over: bool,
    role: Option<Role>,
}

/// Which version a call is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionAsked {
    version: u64,
    role: Option<Role>,
}

/// What is signed: the version that was read, with the answers it had then.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignAsked {
    version: u64,
    saved: u64,
    role: Option<Role>,
}

/// Which version, as a query has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionNamed {
    version: u64,
}

/// Why it is sent back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BackAsked {
    version: u64,
    reason: String,
    role: Option<Role>,
}

/// An answer to a safeguard of the version that was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreparedGateAsked {
    version: u64,
    gate: domain::safeguard::Gate,
    finding: domain::safeguard::Finding,
    reason: domain::text::Prose,
    role: Option<Role>,
}

pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answer {
    let office = caller.officer.office.clone();
    let prepared = app
        .read(move |node, reader, now| {
            let mut found = node.prepared_acts(reader)?;
            found.retain(|prepared| prepared.office == office);
            found.iter().map(|one| shaped(node, reader, now, one)).collect::<Result<Vec<_>, Problem>>()
        })
        .await?;
    json(200, &json!({ "prepared": prepared }))
}

pub(super) async fn show(State(app): State<App>, caller: Caller, At((id, act)): At<(String, String)>) -> Answer {
    let prepared = find(&app, &caller, &id, &act).await?;
    answer(&app, prepared).await
}

pub(super) async fn write(
    State(app): State<App>,
    caller: Caller,
    At((id, act)): At<(String, String)>,
    Json(asked): Json<PreparedAsked>,
) -> Answer {
    let (file, act) = (cases::file(&app, &caller, &id).await?, kind(&act)?);
    let own = |prepared: &PreparedAct| prepared.deed.kind() == act && prepared.office == caller.officer.office;
    let before = file.prepared.into_iter().find(own);
    let (case, office) = (file.dossier.case.id, caller.officer.office.clone());
    let by = caller.person(asked.role, WRITING)?;
    let PreparedAsked { over, deed, hand_over, .. } = asked;
    let written = app.write(move |node, store, env| -> Result<_, Problem> {
        let known = before.as_ref().map_or(&[][..], |before| before.deed.attachments());
        let (deed, used) = acts::deed_of(node, &*store.reader()?, &case, deed, known)?;
        if deed.kind() != act {
            return Err(Problem::malformed(format_args!("the deed is no `{}`", act.code())));
        }
        // What is written holds its files from here on; the notes by which they were found go in the same transaction.
        let gone = |root: &Hash32| Node::no_longer_staged(&case, root);
        let along = |_: &PreparedAct, _: &mut dyn CryptoRng| Ok(used.iter().map(gone).collect());
        let written = Written { case: case.clone(), office, deed, by, over, hand_over };
        Ok(node.write_act_along(store, env, written, &along)?)
    });
    let prepared = written.await?;
    answer(&app, prepared).await
}

pub(super) async fn discard(
    State(app): State<App>,
    caller: Caller,
    At((id, act)): At<(String, String)>,
    Asked(asked): Asked<VersionNamed>,
) -> Answer {
    caller.must_be(WRITING)?;
    let which = version(&app, &caller, (&id, &act), asked.version).await?;
    app.write(move |node, store, env| node.discard_prepared(store, env, &which)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn hand_over(
    State(app): State<App>,
    caller: Caller,
    At((id, act)): At<(String, String)>,
    Json(asked): Json<VersionAsked>,
) -> Answer {
    let by = caller.person(asked.role, WRITING)?;
    let which = version(&app, &caller, (&id, &act), asked.version).await?;
    let prepared = app.write(move |node, store, env| node.hand_over(store, env, &which, by)).await?;
    answer(&app, prepared).await
}

pub(super) async fn send_back(
    State(app): State<App>,
    caller: Caller,
    At((id, act)): At<(String, String)>,
    Json(asked): Json<BackAsked>,
) -> Answer {
    let by = caller.person(asked.role, WRITING)?;
    let which = version(&app, &caller, (&id, &act), asked.version).await?;
    let prepared = app.write(move |node, store, env| node.send_back(store, env, &which, by, &asked.reason)).await?;
    answer(&app, prepared).await
}

pub(super) async fn answer_gate(
    State(app): State<App>,
    caller: Caller,
    At((id, act)): At<(String, String)>,
    Json(asked): Json<PreparedGateAsked>,
) -> Answer {
    let PreparedGateAsked { version: read, gate, finding, reason, role } = asked;
    let given = GateAsked { gate, finding, reason, role }.answer(&caller, app.now())?;
    let which = version(&app, &caller, (&id, &act), read).await?;
    let prepared = app.write(move |node, store, env| node.answer_prepared(store, env, &which, given)).await?;
    answer(&app, prepared).await
}

pub(super) async fn sign(
    State(app): State<App>,
    caller: Caller,
    At((id, act)): At<(String, String)>,
    headers: HeaderMap,
    JsonBytes(asked, body): JsonBytes<SignAsked>,
) -> Answer {
    let code = kind(&act)?;
    let by = caller.person(asked.role, &acts::roles_of(code.code()))?;
    let case = cases::file(&app, &caller, &id).await?.dossier.case.id;
    let (SignAsked { version, saved, .. }, office) = (asked, caller.officer.office.clone());
    let which = PreparedVersion { case, act: code, version, saved, office };
    let call = Call { headers: &headers, what: format!("sign {id} {act}"), body: &body };
    once(&app, &caller, call, move |node, store, env, keep| {
        let along = |done: &Done, rng: &mut dyn CryptoRng| keep.writes(node, rng, 201, &shape::done(done));
        let done = node.sign_prepared(store, env, &which, by, Vec::new(), &along)?;
        Ok((201, shape::done(&done)))
    })
    .await
}

/// A file of it, for whoever reviews or signs.
pub(super) async fn give(
    State(app): State<App>,
    caller: Caller,
    At((id, act, root)): At<(String, String, String)>,
) -> Answer {
    let nowhere = || Problem::plain(404, "not-found");
    let root = Hash32::from_hex(&root).map_err(|_| nowhere())?;
    let prepared = find(&app, &caller, &id, &act).await?;
    let file = prepared.deed.attachments().iter().find(|file| file.root == root).cloned().ok_or_else(nowhere)?;
    let (headers, body) = files::given(&app, file);
    Ok((headers, Body::new(body)).into_response())
}

fn kind(act: &str) -> Result<ActKind, Problem> {
    ActKind::from_code(act).ok_or_else(|| Problem::plain(404, "not-found"))
}

/// What is prepared, as far as the caller may read it.
async fn find(app: &App, caller: &Caller, id: &str, act: &str) -> Result<PreparedAct, Problem> {
    let (file, act) = (cases::file(app, caller, id).await?, kind(act)?);
    let found = file.prepared.into_iter().find(|prepared| prepared.deed.kind() == act);
    found.ok_or_else(|| Problem::plain(404, "not-found"))
}

/// The version a call names, of what the caller may read.
async fn version(
    app: &App,
    caller: &Caller,
    (id, act): (&str, &str),
    version: u64,
) -> Result<PreparedVersion, Problem> {
    let (file, act) = (cases::file(app, caller, id).await?, kind(act)?);
    if !act.is_prepared() {
        return Err(Refusal::WrongHand { act }.into());
    }
    // Only who signs must have read the answers too.
    Ok(PreparedVersion { case: file.dossier.case.id, act, version, saved: 0, office: caller.officer.office.clone() })
}

async fn answer(app: &App, prepared: PreparedAct) -> Answer {
    let shown = app.read(move |node, reader, now| shaped(node, reader, now, &prepared)).await?;
    json(200, &shown)
}

/// What is prepared, with what it still lacks.
fn shaped(node: &Node, reader: &dyn Reader, now: jiff::Timestamp, prepared: &PreparedAct) -> Result<Value, Problem> {
    let lacks = node.prepared_lacks(reader, now, prepared)?;
    let dossier = node.load(reader, &prepared.case)?;
    let (open, moved) =
        dossier.map(|dossier| (node.unanswered(&dossier.case, prepared), prepared.moved(&dossier))).unwrap_or_default();
    Ok(shape::prepared(prepared, lacks.as_ref(), &open, moved))
}
