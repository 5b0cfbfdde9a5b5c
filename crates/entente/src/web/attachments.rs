//! Files on their way in through the face: staged chunk by chunk as they arrive.
//!
//! Owns the reading of forms that may carry files. Never holds a whole file. Must not know what a file is sent with, nor
//! how one goes out again (`download`).

use axum::body::{Body, to_bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use domain::content::{ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, Attachment};
use node::{Fault, Stager};

use super::forms::{INPUTS_MAX, TYPED_BYTES_MAX, Typed, Wrong};
use super::posted::TOKEN_FIELD;
use super::{FORM_BYTES_MAX, Posted, Stop, session};
use crate::app::App;
use crate::letters::{self, disturbs};

/// Bytes gathered before they are sealed: large enough that handing them over costs nothing beside the sealing, small
/// enough that many uploads fit in memory.
const PIECE_BYTES: usize = 1024 * 1024;
/// Longest name of a file kept, in characters: what a list can show.
const NAME_CHARS_MAX: usize = 160;
/// Longest media type kept, in bytes; real ones are shorter than half of it.
const MEDIA_TYPE_BYTES_MAX: usize = 127;
/// The name of the input that takes files.
pub const FILE_INPUT: &str = "file";

/// What a form sent: what was typed, and the files staged while they arrived.
#[derive(Debug, Default)]
pub struct Sent {
    /// What was typed.
    pub typed: Typed,
    /// The files, staged.
    pub files: Vec<Attachment>,
    /// What is wrong with the files.
    pub wrong: Vec<Wrong>,
}

impl FromRequest<App> for Sent {
    type Rejection = Stop;

    async fn from_request(call: Request, app: &App) -> Result<Self, Stop> {
        let kind = call.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if !kind.starts_with("multipart/form-data") {
            // Routes that take files have no limit of their own, so one stands here.
            let (parts, body) = call.into_parts();
            let body = to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| Stop::Malformed)?;
            let posted = Posted::from_request(Request::from_parts(parts, Body::from(body)), app).await?;
            let pairs = posted.fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
            return Ok(Self { typed: Typed::from_pairs(pairs), ..Self::default() });
        }
        let wanted = session::secret(app, call.headers()).map(|secret| session::form_token(&secret));
        let form = Multipart::from_request(call, app).await.map_err(|_| Stop::Malformed)?;
        receive(app, form, wanted.as_deref().ok_or(Stop::Foreign)?).await
    }
}

/// Reads a form part by part. The token stands first on our pages, so that nothing is staged for a forged form.
async fn receive(app: &App, mut form: Multipart, wanted: &str) -> Result<Sent, Stop> {
    let mut sent = Sent::default();
    let (mut ours, mut typed_bytes, mut pairs) = (false, 0, Vec::new());
    while let Some(mut field) = form.next_field().await.map_err(|_| Stop::Malformed)? {
        let name = field.name().unwrap_or("").to_owned();
        if let Some(file_name) = field.file_name().map(file_name) {
            if !ours {
                return Err(Stop::Foreign);
            }
            if file_name.is_empty() {
                continue;
            }
            let media_type = media_type(field.content_type().unwrap_or(""));
            if sent.files.len() >= ATTACHMENTS_MAX {
                sent.wrong.push(Wrong::at(FILE_INPUT, "form-wrong-file-count"));
                break;
            }
            match stage(app, &mut field, file_name, media_type).await? {
                Some(file) => sent.files.push(file),
                None => {
                    sent.wrong.push(Wrong::at(FILE_INPUT, "form-wrong-file-size"));
                    break;
                }
            }
            continue;
        }
        let value = text(&mut field, &mut typed_bytes).await?;
        if name == TOKEN_FIELD {
            ours = value == wanted;
        } else if pairs.len() < INPUTS_MAX {
            pairs.push((name, value));
        }
    }
    if !ours {
        return Err(Stop::Foreign);
    }
    sent.typed = Typed::from_pairs(pairs);
    Ok(sent)
}

async fn text(field: &mut Field<'_>, typed_bytes: &mut usize) -> Result<String, Stop> {
    let mut value = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|_| Stop::Malformed)? {
        *typed_bytes += bytes.len();
        if *typed_bytes > TYPED_BYTES_MAX {
            return Err(Stop::Malformed);
        }
        value.extend_from_slice(&bytes);
    }
    String::from_utf8(value).map_err(|_| Stop::Malformed)
}

/// Stages one file as it arrives; `None` when it is larger than a file may be.
async fn stage(app: &App, field: &mut Field<'_>, name: String, media_type: String) -> Result<Option<Attachment>, Stop> {
    let mut stager = app.write(|node, store, env| node.stage_upload(store, env)).await?;
    let (mut piece, mut bytes_seen) = (Vec::with_capacity(PIECE_BYTES), 0u64);
    while let Some(bytes) = field.chunk().await.map_err(|_| Stop::Malformed)? {
        bytes_seen += bytes.len() as u64;
        if bytes_seen > ATTACHMENT_BYTES_MAX {
            return Ok(None);
        }
        piece.extend_from_slice(&bytes);
        if piece.len() >= PIECE_BYTES {
            stager = pushed(app, stager, std::mem::take(&mut piece)).await?;
        }
    }
    let stager = pushed(app, stager, piece).await?;
    let chunks = app.chunks();
    let file = app
        .write(move |node, store, env| {
            let (file, row) = stager.finish(&*chunks, env, &name, &media_type)?;
            node.keep_staged(store, row)?;
            Ok::<_, node::Failure>(file)
        })
        .await;
    match file {
        Ok(file) => Ok(Some(file)),
        Err(node::Failure::Fault(fault)) => Err(Stop::Fault(fault)),
        Err(other) => Err(Stop::Fault(Fault::Setup(other.to_string()))),
    }
}

/// Seals a piece off the async threads: it is a disk write and some milliseconds of one core.
async fn pushed(app: &App, mut stager: Stager, piece: Vec<u8>) -> Result<Stager, Stop> {
    let chunks = app.chunks();
    let sealing = tokio::task::spawn_blocking(move || stager.push(&piece, &*chunks).map(|()| stager));
    match sealing.await {
        Ok(sealed) => Ok(sealed?),
        Err(error) => Err(Stop::Fault(Fault::Setup(format!("sealing an attachment broke off: {error}")))),
    }
}

/// A file's name without the path some browsers send, without what would disturb a line of text.
fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or("");
    letters::composed(last).chars().filter(|c| !disturbs(*c)).take(NAME_CHARS_MAX).collect::<String>().trim().to_owned()
}

fn media_type(sent: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+/".contains(&b);
    let fits = sent.len() <= MEDIA_TYPE_BYTES_MAX && sent.contains('/') && sent.bytes().all(plain);
    if fits { sent.to_ascii_lowercase() } else { "application/octet-stream".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        for (sent, want) in [
            ("report.pdf", "report.pdf"),
            ("C:\\docs\\a b.txt", "a b.txt"),
            ("../../etc/passwd", "passwd"),
            ("\"\r\nX: y", "\"X: y"),
            ("\u{202e}fdp.exe", "fdp.exe"),
            ("报告", "报告"),
            ("re\u{301}sume\u{301}.pdf", "résumé.pdf"),
            ("/", ""),
        ] {
            assert_eq!(file_name(sent), want, "{sent:?}");
        }
    }

    #[test]
    fn media_types_are_plain_or_unknown() {
        for (sent, want) in [
            ("Application/PDF", "application/pdf"),
            ("text/html; charset=utf-8", "application/octet-stream"),
            ("", "application/octet-stream"),
            ("nonsense", "application/octet-stream"),
        ] {
            assert_eq!(media_type(sent), want, "{sent:?}");
        }
    }
}
