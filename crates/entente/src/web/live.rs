//! Live updates: one stream of server-sent events a page, each a rising number and nothing else.
//!
//! Owns the stream. Content never travels by it: a page that hears a new number asks for its parts again, and is judged
//! anew. Must not outlive the session's page: the browser closes it.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::Signed;
use crate::app::App;

/// How often a silent stream says that it lives, so that nothing between closes it.
const PULSE: Duration = Duration::from_secs(25);
/// Changes that may wait for a slow browser; it needs only the last.
const WAITING: usize = 4;

/// The stream of changes.
pub async fn stream(_signed: Signed, State(app): State<App>) -> Response {
    let (send, receive) = mpsc::channel::<Result<Bytes, Infallible>>(WAITING);
    let mut changes = app.changes();
    tokio::spawn(async move {
        // The present number first: a page made before it learns at once that something has changed since.
        let mut line = Bytes::from(format!("retry: 2000\n{}", event(&app.change().to_string(), &app)));
        while send.send(Ok(line)).await.is_ok() {
            line = tokio::select! {
                change = changes.recv() => match change {
                    Ok(number) => Bytes::from(event(&number.to_string(), &app)),
                    Err(RecvError::Lagged(_)) => Bytes::from(event("lagged", &app)),
                    Err(RecvError::Closed) => break,
                },
                () = tokio::time::sleep(PULSE) => Bytes::from_static(b": alive\n\n"),
                () = send.closed() => break,
            };
        }
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::new(Stream::new(receive))).into_response()
}

/// One event: the number, and the present in milliseconds so that the header's clocks follow a demo's.
fn event(number: &str, app: &App) -> String {
    format!("event: change\ndata: {number} {}\n\n", app.now().as_millisecond())
}

/// What comes through a channel, as a body.
pub struct Stream<E>(mpsc::Receiver<Result<Bytes, E>>);

impl<E> Stream<E> {
    /// A body of the pieces to come; it ends when every sender is gone.
    #[must_use]
    pub fn new(pieces: mpsc::Receiver<Result<Bytes, E>>) -> Self {
        Self(pieces)
    }
}

impl<E> hyper::body::Body for Stream<E> {
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, E>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(hyper::body::Frame::data)))
    }
}
