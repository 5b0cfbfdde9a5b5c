//! How slow a caller may be: a body must go on coming, an answer must go on being taken.
//!
//! Owns the two watches. Only waiting for the caller counts, never our own work; and no whole has a time of its own, for
//! a large file over a poor line is what this house is for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A body that ends with an error when it trickles.
pub(super) struct Paced {
    body: Incoming,
    piece_bytes: u64,
    within: Duration,
    /// What came of the present piece.
    came_bytes: u64,
    /// How long we have waited for the present piece, until the present wait began.
    waited: Duration,
    watch: Watch,
}

/// A stream whose writes end with an error when nothing of them is taken.
pub(super) struct Patient<S> {
    stream: S,
    within: Duration,
    watch: Watch,
}

/// Measures one wait at a time.
#[derive(Default)]
struct Watch {
    since: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Watch {
    /// Goes on with a wait of at most `left`; ready when it is over.
    fn poll_waits(&mut self, left: Duration, cx: &mut Context<'_>) -> Poll<()> {
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            // One alarm serves a connection's whole life: bodies and answers come in many pieces.
            match &mut self.alarm {
                Some(alarm) => alarm.as_mut().reset(now + left),
                none => *none = Some(Box::pin(sleep(left))),
            }
        }
        self.alarm.as_mut().map_or(Poll::Pending, |alarm| alarm.as_mut().poll(cx))
    }

    /// Ends a wait; answers how long it was.
    fn stop(&mut self) -> Duration {
        self.since.take().map(|since| since.elapsed()).unwrap_or_default()
    }
}

impl Paced {
    pub(super) fn new(body: Incoming, piece_bytes: u64, within: Duration) -> Self {
        Self { body, piece_bytes, within, came_bytes: 0, waited: Duration::ZERO, watch: Watch::default() }
    }

    fn came(&mut self, bytes: usize) {
        self.waited += self.watch.stop();
        self.came_bytes += bytes as u64;
        if self.came_bytes >= self.piece_bytes {
            (self.came_bytes, self.waited) = (0, Duration::ZERO);
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            let bytes = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()).map_or(0, Bytes::len);
            self.came(bytes);
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let left = self.within.saturating_sub(self.waited);
        ready!(self.watch.poll_waits(left, cx));
        Poll::Ready(Some(Err("the body comes too slowly".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S, within: Duration) -> Self {
        Self { stream, within, watch: Watch::default() }
    }

    /// What became of a write, unless it waits: then until its time is over.
    fn watched<T>(&mut self, wrote: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.watch.stop();
            return wrote;
        }
        ready!(self.watch.poll_waits(self.within, cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the answer is not taken")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(wrote, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.watched(wrote, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Nothing is held back here, so nothing is waited for.
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
