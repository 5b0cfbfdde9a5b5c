//! A body that comes in pieces: whoever makes it runs at the pace of whoever reads it.
//!
//! Owns the channel between the two. Must not know what is carried.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};
use tokio::sync::mpsc;

/// A good size of one piece, in bytes.
pub const PIECE_BYTES: usize = 64 * 1024;
/// Pieces under way to a slow reader.
const UNDER_WAY: usize = 4;

/// One piece, or why there are no more.
pub type Piece = io::Result<Bytes>;

/// The reading end, as a body.
pub struct Pieces(mpsc::Receiver<Piece>);

/// Both ends.
#[must_use]
pub fn channel() -> (mpsc::Sender<Piece>, Pieces) {
    let (sender, receiver) = mpsc::channel(UNDER_WAY);
    (sender, Pieces(receiver))
}

/// The sending end for code that writes and may wait: never on a thread that serves calls.
pub struct Sink(pub mpsc::Sender<Piece>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
