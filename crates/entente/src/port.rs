//! The port that officers and programs call: who may be connected, under which names it answers, how long it waits.
//!
//! Owns the limits on strangers, who need no more than a connection to cost us something. Must not know pages, routes or
//! officers: what a signed-in officer may have at once is counted where it is handed out.
//!
//! HTTP/1.1 only. Whoever speaks TLS to officers' browsers stands before this port and speaks that to it; a connection
//! then is one call at a time, and its cost is known.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

pub(crate) use names::Names;
use pace::{Paced, Patient};
use places::{Place, Places, Until};

mod names;
mod pace;
mod places;
#[cfg(test)]
mod tests;

/// Connections open at once. A process may have 1,024 files open unless told otherwise, a demo is two nodes in one, and
/// the databases, the attachments and the other Party need theirs.
const CONNECTIONS_MAX: usize = 384;
/// Of those, from one address: half, for a gateway brings every officer from one. Both give way: whoever comes takes the
/// place of the connection that has been idle longest.
const CONNECTIONS_AN_ADDRESS_MAX: usize = 192;
/// The head of a call, from the first byte waited for to the last, and so the rest between two calls of a connection. A
/// head is one packet; this is a lost one, sent again a few times.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// Bytes kept of a head: browsers send some two thousand, and our longest address is a search.
const HEAD_BYTES_MAX: usize = 32 << 10;
/// What a body must bring in [`BODY_PIECE_WITHIN`] of our waiting for it, in bytes, or end. A file of a gibibyte may take
/// days over half a kilobyte a second; one byte a minute holds a place for nothing.
const BODY_PIECE_BYTES: u64 = 16 << 10;
/// See [`BODY_PIECE_BYTES`].
const BODY_PIECE_WITHIN: Duration = Duration::from_secs(30);
/// How long an answer waits for its reader to take anything at all.
const READER_WITHIN: Duration = Duration::from_secs(30);
/// How long accepting rests after the system refused it: it is out of file descriptors, as a rule.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What a port grants. The usual one is [`Limits::default`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    connections_max: usize,
    an_address_max: usize,
    head_within: Duration,
    body_piece_bytes: u64,
    body_piece_within: Duration,
    reader_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: CONNECTIONS_MAX,
            an_address_max: CONNECTIONS_AN_ADDRESS_MAX,
            head_within: HEAD_WITHIN,
            body_piece_bytes: BODY_PIECE_BYTES,
            body_piece_within: BODY_PIECE_WITHIN,
            reader_within: READER_WITHIN,
        }
    }
}

/// What the connections of a port share.
struct Port {
    pages: TowerToHyperService<Router>,
    names: Names,
    limits: Limits,
}

/// Serves `pages` on `listener` for ever; stops with its task, which ends every connection.
pub(crate) async fn serve(listener: TcpListener, pages: Router, names: Names, limits: Limits) {
    let port = Arc::new(Port { pages: TowerToHyperService::new(pages), names, limits });
    let places = Places::new(limits.connections_max, limits.an_address_max);
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, from)) => match places.take(from.ip()) {
                Some((place, until)) => {
                    connections.spawn(Arc::clone(&port).connection(stream, place, until));
                }
                // No word: every place has a call under way, and the word would cost as much as the place.
                None => tracing::debug!(%from, code = "too-many-connections"),
            },
            Err(why) => {
                tracing::error!(code = "accept-failed", %why);
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
}

impl Port {
    async fn connection(self: Arc<Self>, stream: TcpStream, place: Place, until: Until) {
        // Small answers go at once; a system that cannot do that is slower and no less right.
        let _slower = stream.set_nodelay(true);
        let place = Arc::new(place);
        let service = service_fn(|call| {
            let (port, place) = (Arc::clone(&self), Arc::clone(&place));
            async move { Ok::<_, Infallible>(port.call(call, &place).await) }
        });
        let mut serving = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(self.limits.head_within)
                .max_buf_size(HEAD_BYTES_MAX)
                .serve_connection(TokioIo::new(Patient::new(stream, self.limits.reader_within)), service)
        );
        let served = tokio::select! {
            served = serving.as_mut() => served,
            () = until.given_away() => {
                // A call that came in the same moment is answered; whoever has only knocked is let go.
                if !place.has_call() {
                    return;
                }
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        };
        if let Err(why) = served {
            tracing::debug!(code = "connection-ended", %why);
        }
    }

    async fn call(&self, call: Request<Incoming>, place: &Arc<Place>) -> Response {
        let under_way = Place::call(place);
        let limits = self.limits;
        let answer = if self.names.admit(&call) {
            let paced = |body| Body::new(Paced::new(body, limits.body_piece_bytes, limits.body_piece_within));
            match self.pages.call(call.map(paced)).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            }
        } else {
            crate::web::misnamed()
        };
        answer.map(|body| Body::new(under_way.with(body)))
    }
}
