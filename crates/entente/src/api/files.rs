//! Files: taken in as they stream, sealed chunk by chunk, and given out again checked.
//!
//! Owns the way of bytes between a call and the node's stager in constant memory. Must not hold a whole file.

use std::io;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use domain::content::{ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, Attachment};
use domain::ids::Hash32;
use domain::judge;
use domain::refusal::Refusal;
use http_body_util::BodyExt;
use node::view::AttachmentLine;
use node::{Node, Stager};
use serde::Deserialize;
use serde_json::{Value, json};
use store::BlobState;

use super::caller::{Asked, At, Caller, media_type};
use super::{Answer, Problem, cases, drafts, json, shape};
use crate::app::App;
use crate::letters;
use crate::pieces::{self, Sink};

/// Longest name of a file, in bytes: what common file systems take.
const NAME_BYTES_MAX: usize = 255;
/// Bytes gathered before the stager is called: large enough that the switch of threads does not matter.
const GATHERED_BYTES: usize = 1 << 20;
/// Most files staged for a case and not yet sent: two acts' worth.
const STAGED_MAX: usize = 2 * ATTACHMENTS_MAX;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameAsked {
    name: String,
}

/// Before a byte is taken in: where only hashes may travel, no file comes near the disk.
fn open_to_files(app: &App, request: &domain::content::Request) -> Result<(), Problem> {
    let node = app.node();
    let rule = judge::rule(node.instrument_with(&request.to.party()), &request.type_code)?;
    Ok(judge::takes_files(rule, request)?)
}

/// Attaches a file to a draft.
pub(super) async fn to_draft(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<NameAsked>,
    request: Request,
) -> Answer {
    let drafter = caller.must_be(&[domain::act::Role::Drafter])?;
    let draft = drafts::find(&app, &caller, &id).await?;
    full(draft.request.attachments.len(), ATTACHMENTS_MAX)?;
    open_to_files(&app, &draft.request)?;
    let file = take_in(&app, asked.name, request).await?;
    let shown = shape::attachment(&file);
    let changed = drafts::change(&app, &caller, id, move |draft| {
        full(draft.request.attachments.len(), ATTACHMENTS_MAX)?;
        drafts::rewritten(draft, |draft| {
            draft.request.attachments.push(file);
            draft.request.drafter = drafter;
        });
        Ok(())
    });
    changed.await?;
    json(201, &shown)
}

/// Stages a file for a coming act of a case, which then names it by its root.
pub(super) async fn to_case(
    State(app): State<App>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<NameAsked>,
    request: Request,
) -> Answer {
    let opened = cases::file(&app, &caller, &id).await?;
    let case = opened.dossier.case.id.clone();
    if *opened.dossier.case.office(opened.us) != caller.officer.office {
        return Err(Problem::plain(403, "not-your-office"));
    }
    let of = case.clone();
    let staged = app.read(move |node, reader, _| node.staged_count(reader, &of)).await?;
    full(staged, STAGED_MAX)?;
    open_to_files(&app, &opened.dossier.case.request)?;
    let file = take_in(&app, asked.name, request).await?;
    let shown = shape::attachment(&file);
    app.write(move |node, store, env| node.note_staged(store, env, &case, &file)).await?;
    json(201, &shown)
}

/// The files of a case.
pub(super) async fn list(State(app): State<App>, caller: Caller, At(id): At<String>) -> Answer {
    let file = cases::file(&app, &caller, &id).await?;
    let lines: Vec<Value> = file.attachments.iter().map(shape::attachment_line).collect();
    json(200, &json!({ "attachments": lines }))
}

/// One file of a case, as it is. The answer breaks off if what is read proves not to be what was signed.
pub(super) async fn give(State(app): State<App>, caller: Caller, At((id, root)): At<(String, String)>) -> Answer {
    let nowhere = || Problem::plain(404, "not-found");
    let root = Hash32::from_hex(&root).map_err(|_| nowhere())?;
    let file = cases::file(&app, &caller, &id).await?;
    let line = file.attachments.into_iter().find(|line| line.attachment.root == root).ok_or_else(nowhere)?;
    if !is_here(&line, &app.node()) {
        return Err(Problem::plain(409, "not-here-yet"));
    }
    let (headers, body) = given(&app, line.attachment);
    Ok((headers, Body::new(body)).into_response())
}

/// A file on its way out, piece by piece.
pub(super) fn given(app: &App, file: Attachment) -> ([(header::HeaderName, HeaderValue); 3], pieces::Pieces) {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_LENGTH, HeaderValue::from(file.bytes)),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
    ];
    let (sender, body) = pieces::channel();
    let (node, chunks) = (app.node(), app.chunks());
    tokio::task::spawn_blocking(move || {
        let mut sink = Sink(sender);
        if let Err(why) = node.open_attachment(&file, &*chunks, &mut sink) {
            tracing::warn!(code = "attachment-broken", %why);
            // Whoever went away needs no reason.
            let _gone = sink.0.blocking_send(Err(io::Error::other("the file is not what was signed")));
        }
    });
    (headers, body)
}

fn full(count: usize, max: usize) -> Result<(), Problem> {
    if count >= max { Err(Refusal::TooLong { what: "attachments", max }.into()) } else { Ok(()) }
}

/// Seals a body as it comes.
async fn take_in(app: &App, name: String, request: Request) -> Result<Attachment, Problem> {
    let name = letters::composed(name.trim());
    let path_like = |c: char| letters::disturbs(c) || matches!(c, '/' | '\\');
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(path_like) {
        return Err(Problem::malformed(format_args!("the name must be 1 to {NAME_BYTES_MAX} bytes without slashes")));
    }
    let kind = match media_type(request.headers()) {
        kind if kind.is_empty() => "application/octet-stream".to_owned(),
        kind => kind,
    };
    let mut stager = app.write(|node, store, env| node.stage_upload(store, env)).await?;
    let mut body = request.into_body();
    let (mut gathered, mut bytes) = (Vec::new(), 0_u64);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(Problem::malformed)?;
        let Ok(piece) = frame.into_data() else { continue };
        bytes += piece.len() as u64;
        if bytes > ATTACHMENT_BYTES_MAX {
            return Err(Problem::plain(413, "too-large"));
        }
        gathered.extend_from_slice(&piece);
        if gathered.len() >= GATHERED_BYTES {
            stager = push(app, stager, std::mem::take(&mut gathered)).await?;
        }
    }
    let stager = push(app, stager, gathered).await?;
    let chunks = app.chunks();
    let file = app.write(move |node, store, env| {
        let (file, row) = stager.finish(&*chunks, env, &name, &kind)?;
        node.keep_staged(store, row)?;
        Ok::<_, node::Failure>(file)
    });
    Ok(file.await?)
}

/// Sealing and writing to disk keep a thread busy; it is not one of those that serve calls.
async fn push(app: &App, mut stager: Stager, bytes: Vec<u8>) -> Result<Stager, Problem> {
    let chunks = app.chunks();
    let pushed = tokio::task::spawn_blocking(move || stager.push(&bytes, &*chunks).map(|()| stager)).await;
    match pushed {
        Ok(stager) => Ok(stager?),
        Err(why) => {
            tracing::error!(code = "fault", %why, "sealing a file failed");
            Err(Problem::plain(500, "fault"))
        }
    }
}

/// Our own files are here from the start; theirs once every chunk has come.
fn is_here(line: &AttachmentLine, node: &Node) -> bool {
    match line.state {
        _ if line.barred => false,
        Some(BlobState::Whole) => true,
        Some(BlobState::Staged) => line.by == *node.me(),
        Some(BlobState::Wanted | BlobState::Purged) | None => false,
    }
}

/// Names the file for saving; never shown in the browser (RFC 6266, RFC 8187).
fn disposition(name: &str) -> HeaderValue {
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() || b"-._".contains(&b) => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let value = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}"));
    value.unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}
