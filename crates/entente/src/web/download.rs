//! A file on its way out: decrypted piece by piece, under its own name.
//!
//! Owns the streaming and its headers. Must not know who may have the file: the page that gives it does.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::content::Attachment;
use tokio::sync::mpsc;

use super::live;
use crate::app::App;

/// Pieces of a file on their way to a slow browser; with pieces of a mebibyte this bounds the memory of a download.
const PIECES_WAITING: usize = 2;

/// The answer that carries a file.
pub fn give(app: &App, attachment: Attachment) -> Response {
    let disposition = disposition(&attachment.name);
    let length = attachment.bytes;
    let (send, receive) = mpsc::channel(PIECES_WAITING);
    let chunks = app.chunks();
    let node = app.node();
    tokio::task::spawn_blocking(move || {
        let mut sink = Pieces(send.clone());
        if let Err(failure) = node.open_attachment(&attachment, chunks.as_ref(), &mut sink) {
            tracing::error!(%failure, "a file could not be read to its end");
            // The browser sees a broken transfer, never a short file that looks whole.
            let broken = send.blocking_send(Err(io::Error::other("the file could not be read to its end")));
            drop(broken);
        }
    });
    let headers = [
        // Never the sender's media type: nothing of theirs is shown by our pages.
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_LENGTH, length.to_string()),
    ];
    (headers, Body::new(live::Stream::new(receive))).into_response()
}

/// The answer that carries a text of our own.
pub fn text(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition(name)),
    ];
    (headers, text).into_response()
}

/// The answer that carries a PDF of our own.
pub fn bytes(name: &str, bytes: Vec<u8>) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition(name))];
    (headers, bytes).into_response()
}

/// The header that makes a browser save a file under its name, for browsers of every age (RFC 6266).
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b".-_".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// A sink whose pieces go to the browser.
struct Pieces(mpsc::Sender<Result<Bytes, io::Error>>);

impl io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn no_name_breaks_the_header() {
        for name in ["证据.pdf", "a\"b\r\nSet-Cookie: x", "plain.txt"] {
            let line = disposition(name);
            assert!(line.bytes().all(|b| (32..127).contains(&b)), "{line}");
            assert_eq!(line.matches('"').count(), 2, "{line}");
        }
    }
}
