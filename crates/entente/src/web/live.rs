//! Live updates: one stream of server-sent events a page, each a rising number and nothing else.
//!
//! Owns the stream. Content never travels by it: a page that hears a new number asks for its parts again, and is judged
//! anew. Must not outlive the session's page: the browser closes it.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::{Signed, Stop};
use crate::app::App;
use crate::gauge::Gauge;

/// How often a silent stream says that it lives, so that nothing between closes it.
const PULSE: Duration = Duration::from_secs(25);
/// Changes that may wait for a slow browser; it needs only the last.
const WAITING: usize = 4;
/// Streams of one officer open at once: as many pages as anybody keeps an eye on, in several windows. A page beyond
/// works as it does without script.
pub const STREAMS_AN_OFFICER_MAX: usize = 16;
/// Streams open at once in all. Each holds a connection; two thirds of those one address may have, so that pages come
/// through a gateway when every officer listens.
const STREAMS_MAX: usize = 128;
/// How long a stream lasts. The browser then opens another, and is judged anew: whoever was signed out meanwhile hears
/// no longer that something happens.
const STREAM_LASTS: Duration = Duration::from_secs(15 * 60);

/// How many streams are open.
pub(super) fn streams() -> Gauge {
    Gauge::new(STREAMS_AN_OFFICER_MAX, STREAMS_MAX)
}

/// The stream of changes.
pub async fn stream(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Extension(streams): Extension<Gauge>,
) -> Result<Response, Stop> {
    let place = streams.take(&officer.id).ok_or(Stop::TooMany)?;
    let (send, receive) = mpsc::channel::<Result<Bytes, Infallible>>(WAITING);
    tokio::spawn(async move {
        let _over = tokio::time::timeout(STREAM_LASTS, tell(app, send)).await;
        drop(place);
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(Stream::new(receive))).into_response())
}

/// Tells every change until nobody listens.
async fn tell(app: App, send: mpsc::Sender<Result<Bytes, Infallible>>) {
    let mut changes = app.changes();
    // The present number first: a page made before it learns at once that something has changed since.
    let mut line = Bytes::from(format!("retry: 2000\n{}", event(&app.change().to_string(), &app)));
    while send.send(Ok(line)).await.is_ok() {
        line = tokio::select! {
            change = changes.recv() => match change {
                Ok(number) => Bytes::from(event(&number.to_string(), &app)),
                Err(RecvError::Lagged(_)) => Bytes::from(event("lagged", &app)),
                Err(RecvError::Closed) => return,
            },
            () = tokio::time::sleep(PULSE) => Bytes::from_static(b": alive\n\n"),
            () = send.closed() => return,
        };
    }
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
