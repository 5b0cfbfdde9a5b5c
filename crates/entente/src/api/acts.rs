//! Doing: a deed in a case, signed as the officer the token stands for.
//!
//! Owns the reading of a deed from a program: files are named by their root, and whoever acts and answers is the caller.
//! Must not judge a deed: the domain does.

use axum::extract::State;
use axum::http::HeaderMap;
use domain::act::{ActKind, Author, Deed, Role};
use domain::content::Attachment;
use domain::decide::Command;
use domain::ids::{CaseId, Hash32};
use domain::menu::Menu;
use domain::procedure::{self, ProcedureKind};
use node::{Done, Node};
use rand_core::CryptoRng;
use serde::Deserialize;
use serde_json::Value;
use store::Reader;

use super::caller::{At, Caller, JsonBytes};
use super::cases::GateAsked;
use super::once::{Call, once};
use super::{Answer, Problem, shape};
use crate::app::App;

/// A deed to be done.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActAsked {
    deed: Value,
    role: Option<Role>,
    #[serde(default)]
    gates: Vec<GateAsked>,
}

pub(super) async fn enter(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    headers: HeaderMap,
    JsonBytes(asked, body): JsonBytes<ActAsked>,
) -> Answer {
    let case = CaseId::new(&id).map_err(|_| Problem::plain(404, "not-found"))?;
    let call = Call { headers: &headers, what: format!("act {case}"), body: &body };
    let now = app.now();
    let gates = asked.gates.into_iter().map(|gate| gate.answer(&caller, now)).collect::<Result<Vec<_>, _>>()?;
    let person = caller.person(asked.role, &fitting(&asked.deed))?;
    let chunks = app.chunks();
    let (office, deed) = (caller.officer.office.clone(), asked.deed);
    once(&app, &caller, call, move |node, store, env, keep| {
        let (deed, used) = deed_of(node, &*store.reader()?, &case, deed, &[])?;
        if store.reader()?.case(&case)?.is_none() {
            return Err(Problem::plain(404, "not-found"));
        }
        let command = Command { case: case.clone(), office, author: Author::Officer(person), gates, deed };
        // The act holds its files from here on; the notes by which they were found go in the same transaction.
        let along = |done: &Done, rng: &mut dyn CryptoRng| {
            let mut writes = keep.writes(node, rng, 201, &shape::done(done))?;
            writes.extend(used.iter().map(|root| node::Node::no_longer_staged(&case, root)));
            Ok(writes)
        };
        if command.deed.kind() == ActKind::SignText {
            node.read_amendment(store, env, &*chunks, &command.case)?;
        }
        let done = node.command_along(store, env, command, &along)?;
        Ok((201, shape::done(&done)))
    })
    .await
}

/// The roles in which the procedure lets somebody do this deed at some stage.
fn fitting(deed: &Value) -> Vec<Role> {
    let name = deed.as_object().and_then(|members| members.keys().next()).map(String::as_str).unwrap_or_default();
    roles_of(&kebab(name))
}

/// The roles that sign an act of this kind at some stage.
pub(super) fn roles_of(code: &str) -> Vec<Role> {
    let all = ProcedureKind::ALL.iter().flat_map(|(kind, _)| procedure::table(*kind));
    let mut roles: Vec<Role> = Vec::new();
    // Every procedure may name the same ones.
    for role in all.filter(|row| row.act.code() == code).flat_map(|row| row.roles) {
        if !roles.contains(role) {
            roles.push(*role);
        }
    }
    roles
}

/// The deed, its files put in for the roots that name them, staged ones or those in `known`; and the roots.
pub(super) fn deed_of(
    node: &Node,
    reader: &dyn Reader,
    case: &CaseId,
    mut value: Value,
    known: &[Attachment],
) -> Result<(Deed, Vec<Hash32>), Problem> {
    let mut used = Vec::new();
    let inner = value.as_object_mut().and_then(|members| members.values_mut().next());
    if let Some(Value::Array(named)) = inner.and_then(|inner| inner.get_mut("attachments")) {
        for slot in named {
            let unknown = || Problem::plain(422, "unknown-attachment");
            let root = slot.as_str().and_then(|root| Hash32::from_hex(root).ok()).ok_or_else(unknown)?;
            let before = || known.iter().find(|file| file.root == root).cloned();
            let file: Attachment = node.staged_for(reader, case, &root)?.or_else(before).ok_or_else(unknown)?;
            *slot = serde_json::to_value(file).map_err(Problem::malformed)?;
            used.push(root);
        }
    }
    let deed: Deed = serde_path_to_error::deserialize(value).map_err(|why| Problem::unread_deed(&why))?;
    match deed {
        // A request becomes a case through its draft only: that is where its drafter is recorded.
        Deed::Submit { .. } | Deed::Preconsult { .. } => Err(Problem::plain(422, "use-drafts")),
        Deed::Lapse {} | Deed::RemindOutcome {} | Deed::CertifyDeletion { .. } => {
            Err(Problem::plain(422, "machine-only"))
        }
        // Its secrets are made here, and what is spent is counted.
        Deed::Match { .. } => Err(Problem::plain(422, "use-match")),
        deed => Ok((deed, used)),
    }
}

/// `BeginReview` as the menu has it: `begin-review`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
