//! The end that other Parties' nodes call: who may connect, how much they may send, and which question goes where.
//!
//! Owns limits, routes and the operator's notes on what was turned away. Must not judge envelopes, chunks or entries:
//! that is the clerk's, on the writer thread. The caller's Party comes from its certificate and from nothing it says.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use domain::ids::{Hash32, PartyId};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use jiff::{SignedDuration, Timestamp};
use node::{ENVELOPES_A_JOB_MAX, ENVELOPES_MAX};
use rustls::ServerConfig;
use store::{Batch, Chunks, Event, EventLevel, Write};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::queue::Queue;
use super::tls::Pins;
use super::wire::{self, Heartbeat};
use crate::app::App;

/// Connections one peer may hold. A courier holds one; the rest is room for restarts and second tools.
const CONNECTIONS_MAX: usize = 64;
/// Handshakes under way: a hybrid handshake costs a millisecond of a core, and strangers may ask for one.
const HANDSHAKES_MAX: usize = 512;
/// Calls of one peer under way; more get 429. A courier makes one at a time.
const CALLS_MAX: usize = 32;
/// Streams on one connection, refused by HTTP/2 itself beyond.
const STREAMS_MAX: u32 = 32;
/// Header list of a call, in bytes: ours are a tenth of it.
const HEADERS_BYTES_MAX: u32 = 8 << 10;
/// Bytes of an answer handed to HTTP/2 at once: its usual frame. It keeps what it was handed until the caller takes it.
const PIECE_BYTES: usize = 16 << 10;
/// A handshake that takes longer is not one: across the world it takes half a second.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// A body that takes longer holds memory for nothing: the largest needs 70 kB/s.
const BODY_WITHIN: Duration = Duration::from_secs(60);
/// A silent connection is asked for a sign of life this often.
const PING_EVERY: Duration = Duration::from_secs(30);
/// The same refusal of the same peer is written to the operator's log once in this time, so that nobody fills it.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// When to come back after a 429, in seconds.
const RETRY_AFTER_S: &str = "2";
/// What a peer is told who asks for a log without entries.
pub(super) const NO_ENTRY_YET: &str = "no-entry-yet";
/// Clocks further apart than this are an alarm (wire.md §5.2).
pub const SKEW_MAX: SignedDuration = SignedDuration::from_mins(2);

/// What calls and connections share.
struct Door {
    app: App,
    pins: Arc<Pins>,
    /// Rung when mail came in, so that the courier fetches the sender's new log entries.
    arrived: BTreeMap<PartyId, Arc<Notify>>,
    calls: BTreeMap<PartyId, Arc<Semaphore>>,
    connections: BTreeMap<PartyId, Arc<Semaphore>>,
    noted: Mutex<BTreeMap<(PartyId, &'static str), Timestamp>>,
}

/// Why a call gets no answer it wanted: a stable code, its status, and what the operator should see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TurnedAway {
    status: StatusCode,
    code: &'static str,
    detail: String,
}

type Answer = Result<Vec<u8>, TurnedAway>;

/// The body of an answer. A call holds its place until the last piece has been taken: whoever asks for pages of the log
/// and reads none would otherwise have us keep two thousand of them.
struct Answered {
    left: Bytes,
    _turn: Option<OwnedSemaphorePermit>,
}

/// Serves other Parties' nodes on `listener` for ever; stops with its task.
pub async fn serve(
    app: App,
    listener: TcpListener,
    tls: ServerConfig,
    pins: Arc<Pins>,
    arrived: BTreeMap<PartyId, Arc<Notify>>,
) {
    let each = |permits| move |peer: &PartyId| (peer.clone(), Arc::new(Semaphore::new(permits)));
    let door = Arc::new(Door {
        calls: app.node().peers().keys().map(each(CALLS_MAX)).collect(),
        connections: app.node().peers().keys().map(each(CONNECTIONS_MAX)).collect(),
        noted: Mutex::default(),
        app,
        pins,
        arrived,
    });
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    let queue = Queue::default();
    // Dropped with this task, which ends every connection.
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(turn) = Arc::clone(&handshakes).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, from)) => {
                // No word for whoever fills the queue: it would cost more than the place.
                let Some(place) = queue.join(from.ip()) else { continue };
                let (door, acceptor) = (Arc::clone(&door), acceptor.clone());
                connections.spawn(async move {
                    let shaken = tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)).await;
                    drop((turn, place));
                    match shaken {
                        Ok(Ok(stream)) => door.connection(stream).await,
                        // Strangers must not be able to write into the operator's database.
                        Ok(Err(why)) => tracing::warn!(%from, code = "tls-refused", %why),
                        Err(_) => tracing::warn!(%from, code = "tls-refused", why = "the handshake took too long"),
                    }
                });
            }
            Err(why) => {
                // Out of file descriptors, as a rule: give the others time to end.
                tracing::error!(code = "accept-failed", %why);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

impl Door {
    async fn connection(self: Arc<Self>, stream: tokio_rustls::server::TlsStream<TcpStream>) {
        let certs = stream.get_ref().1.peer_certificates();
        let Some(party) = certs.and_then(|certs| self.pins.party_of(certs.first()?).ok()).cloned() else { return };
        let room = self.connections.get(&party).map(|room| Arc::clone(room).try_acquire_owned());
        let Some(Ok(_room)) = room else {
            self.note(&party, "too-many-connections", format!("{CONNECTIONS_MAX} are open")).await;
            return;
        };
        let service = service_fn(|call| {
            let (door, party) = (Arc::clone(&self), party.clone());
            async move { Ok::<_, Infallible>(door.call(&party, call).await) }
        });
        let served = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_EVERY)
            .max_concurrent_streams(STREAMS_MAX)
            .max_header_list_size(HEADERS_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service)
            .await;
        if let Err(why) = served {
            tracing::debug!(peer = %party, code = "connection-ended", %why);
        }
    }

    async fn call(self: Arc<Self>, party: &PartyId, call: Request<Incoming>) -> Response<Answered> {
        let (answer, turn) = match self.calls.get(party).map(|room| Arc::clone(room).try_acquire_owned()) {
            Some(Ok(turn)) => {
                let (door, caller) = (Arc::clone(&self), party.clone());
                // Who hangs up keeps the place until the work that was begun is done: to hang up and call again would
                // otherwise pile up work without end.
                let worked = tokio::spawn(async move { (door.route(&caller, call).await, Some(turn)) });
                worked.await.unwrap_or_else(|why| {
                    (Err(TurnedAway::new(StatusCode::SERVICE_UNAVAILABLE, "unwell", why.to_string())), None)
                })
            }
            _ => (Err(TurnedAway::new(StatusCode::TOO_MANY_REQUESTS, "too-many-calls", "")), None),
        };
        match answer {
            Ok(body) => Response::new(Answered { left: body.into(), _turn: turn }),
            Err(away) => {
                if away.code != NO_ENTRY_YET {
                    self.note(party, away.code, away.detail).await;
                }
                let left = Bytes::from_static(away.code.as_bytes());
                let mut response = Response::new(Answered { left, _turn: None });
                *response.status_mut() = away.status;
                if away.status == StatusCode::TOO_MANY_REQUESTS {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
                }
                response
            }
        }
    }

    async fn route(&self, party: &PartyId, call: Request<Incoming>) -> Answer {
        if call.headers().contains_key(CONTENT_ENCODING) {
            return Err(TurnedAway::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoded-body", ""));
        }
        let (path, method) = (call.uri().path().to_owned(), call.method().clone());
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (&method, segments.as_slice()) {
            (&Method::PUT, ["v1", "batch", _first]) => self.batch(party, call).await,
            (&Method::PUT, ["v1", "blob", root, "list"]) => self.list(party, hash(root)?, call).await,
            (&Method::GET, ["v1", "blob", root, "have"]) => self.have(hash(root)?).await,
            (&Method::PUT, ["v1", "blob", root, index]) => self.put_chunk(hash(root)?, number(index)?, call).await,
            (&Method::GET, ["v1", "frontier"]) => self.frontier(party).await,
            (&Method::POST, ["v1", "heartbeat"]) => self.heartbeat(party, call).await,
            (&Method::GET, ["v1", "offices"]) => self.app.node().present_offices(party).map_err(TurnedAway::fault),
            (&Method::GET, ["log", "checkpoint"]) => Ok(self.page(party, u64::from(u32::MAX)).await?.checkpoint),
            (&Method::GET, ["log", "entries"]) => self.entries(party, call.uri().query().unwrap_or_default()).await,
            (&Method::GET, ["v1", "returned", "log"]) => {
                self.returned_log(party, call.uri().query().unwrap_or_default()).await
            }
            (&Method::GET, ["v1", "returned", "message", core_hash]) => self.returned(party, hash(core_hash)?).await,
            (&Method::POST, ["log", "cosignature"]) => self.cosignature(party, call).await,
            _ => Err(TurnedAway::new(StatusCode::NOT_FOUND, "no-such-call", "")),
        }
    }

    async fn batch(&self, party: &PartyId, call: Request<Incoming>) -> Answer {
        let body = body(call, wire::BATCH_BYTES_MAX).await?;
        let envelopes = wire::unpack(&body, wire::BATCH_BYTES_MAX, ENVELOPES_MAX)?;
        if envelopes.is_empty() {
            return Err(wire::Malformed("empty").into());
        }
        let (from, chunks) = (party.clone(), self.app.chunks());
        let receipt = self.taken(&from, chunks, envelopes).await;
        if let Some(courier) = self.arrived.get(party) {
            courier.notify_one();
        }
        receipt.map_err(TurnedAway::fault)
    }

    /// Takes a batch in, some at a time: between them others have their turn at the store.
    async fn taken(
        &self,
        from: &PartyId,
        chunks: Arc<dyn Chunks>,
        envelopes: Vec<Vec<u8>>,
    ) -> Result<Vec<u8>, node::Fault> {
        let mut entries = Vec::new();
        for some in envelopes.chunks(ENVELOPES_A_JOB_MAX) {
            let (from, chunks, some) = (from.clone(), Arc::clone(&chunks), some.to_vec());
            let taken = self.app.write(move |node, store, env| node.take_in(store, env, &*chunks, &from, &some));
            entries.extend(taken.await?);
        }
        let from = from.clone();
        self.app.write(move |node, store, env| node.answer(store, env, &*chunks, &from, &envelopes, entries)).await
    }

    async fn list(&self, party: &PartyId, root: Hash32, call: Request<Incoming>) -> Answer {
        let body = body(call, wire::LIST_BYTES_MAX).await?;
        let (attachment, hashes) = wire::unpack_list(&root, &body)?;
        let (from, chunks) = (party.clone(), self.app.chunks());
        let have =
            self.app.write(move |node, store, env| node.blob_wanted(store, env, &*chunks, &from, &attachment, &hashes));
        have.await.map(|have| wire::pack_bits(&have)).map_err(TurnedAway::failure)
    }

    async fn put_chunk(&self, root: Hash32, index: u64, call: Request<Incoming>) -> Answer {
        let body = body(call, wire::CHUNK_BYTES_MAX).await?;
        let chunks = self.app.chunks();
        let kept = self.app.read(move |node, reader, _| node.blob_chunk(reader, &*chunks, &root, index, &body));
        kept.await.map(|()| Vec::new()).map_err(TurnedAway::failure)
    }

    async fn have(&self, root: Hash32) -> Answer {
        let chunks = self.app.chunks();
        let have = self.app.read(move |_, _, _| chunks.have(&root)).await;
        have.map(|have| wire::pack_bits(&have)).map_err(|why| TurnedAway::fault(why.into()))
    }

    async fn frontier(&self, party: &PartyId) -> Answer {
        let size = log_size(&self.app, party).await.map_err(TurnedAway::fault)?;
        Ok(wire::pack_numbers(&[size]))
    }

    async fn heartbeat(&self, party: &PartyId, call: Request<Incoming>) -> Answer {
        let theirs = Heartbeat::decode(&body(call, wire::NOTE_BYTES_MAX).await?)?;
        let ours = heartbeat(&self.app, party).await.map_err(TurnedAway::fault)?;
        let skew = SignedDuration::from_millis(i64::try_from(theirs.at_ms).unwrap_or(i64::MAX))
            .saturating_sub(SignedDuration::from_millis(i64::try_from(ours.at_ms).unwrap_or(i64::MAX)));
        self.app.board().answered(party, self.app.now(), Some(skew));
        if skew.abs() > SKEW_MAX {
            self.note(party, "clock-skew", format!("{} s", skew.as_secs())).await;
        }
        Ok(ours.encode())
    }

    async fn page(&self, party: &PartyId, from: u64) -> Result<node::Page, TurnedAway> {
        let peer = party.clone();
        let page = self.app.read(move |node, reader, _| node.page(reader, &peer, from)).await;
        let page = page.map_err(TurnedAway::fault)?;
        page.ok_or_else(|| TurnedAway::new(StatusCode::NOT_FOUND, NO_ENTRY_YET, ""))
    }

    async fn entries(&self, party: &PartyId, query: &str) -> Answer {
        Ok(wire::pack_page(&self.page(party, from_of(query)?).await?))
    }

    /// Our copy of the caller's own log, for a caller that lost it.
    async fn returned_log(&self, party: &PartyId, query: &str) -> Answer {
        let (peer, from) = (party.clone(), from_of(query)?);
        let page = self.app.read(move |node, reader, _| node.returned_page(reader, &peer, from)).await;
        let page = page.map_err(TurnedAway::fault)?;
        let page = page.ok_or_else(|| TurnedAway::new(StatusCode::NOT_FOUND, NO_ENTRY_YET, ""))?;
        Ok(wire::pack_page(&page))
    }

    /// A message between the caller and us, and its receipts.
    async fn returned(&self, party: &PartyId, core_hash: Hash32) -> Answer {
        let peer = party.clone();
        let message = self.app.read(move |node, reader, _| node.returned(reader, &peer, &core_hash)).await;
        message.map(|message| wire::pack_returned(&message)).map_err(TurnedAway::fault)
    }

    async fn cosignature(&self, party: &PartyId, call: Request<Incoming>) -> Answer {
        let note = body(call, wire::NOTE_BYTES_MAX).await?;
        let from = party.clone();
        let kept = self.app.write(move |node, store, env| node.cosigned(store, env, &from, &note)).await;
        kept.map(|_| Vec::new()).map_err(TurnedAway::failure)
    }

    /// Writes a refusal into the operator's log, each kind once a minute a peer.
    async fn note(&self, party: &PartyId, code: &'static str, detail: String) {
        let now = self.app.now();
        let fresh = {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            let last = noted.get(&(party.clone(), code)).copied();
            let fresh = last.is_none_or(|last| now.duration_since(last).abs() >= NOTED_EVERY);
            if fresh {
                noted.insert((party.clone(), code), now);
            }
            fresh
        };
        tracing::warn!(peer = %party, code, detail);
        if fresh {
            write_event(&self.app, EventLevel::Warning, code, party, detail).await;
        }
    }
}

impl hyper::body::Body for Answered {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece_bytes = self.left.len().min(PIECE_BYTES);
        let piece = self.left.split_to(piece_bytes);
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

/// Writes one line into the operator's log; a disk that refuses is told to whoever watches the program.
pub(super) async fn write_event(app: &App, level: EventLevel, code: &str, peer: &PartyId, detail: String) {
    let (code, peer) = (code.to_owned(), Some(peer.clone()));
    let written = app.write(move |_, store, env| {
        let event = Event { at: env.now.into(), level, code, case: None, peer, detail };
        store.commit(&Batch { expect: Vec::new(), writes: vec![Write::AddEvent(event)] })
    });
    if let Err(why) = written.await {
        tracing::error!(code = "event-not-written", %why);
    }
}

/// What we say of ourselves to a peer.
pub(super) async fn heartbeat(app: &App, peer: &PartyId) -> Result<Heartbeat, node::Fault> {
    let log_size = log_size(app, peer).await?;
    Ok(Heartbeat {
        at_ms: u64::try_from(app.now().as_millisecond()).unwrap_or(0),
        log_size,
        envelopes_max: ENVELOPES_MAX as u64,
        batch_bytes_max: wire::BATCH_BYTES_MAX as u64,
    })
}

async fn log_size(app: &App, peer: &PartyId) -> Result<u64, node::Fault> {
    let log = node::log_name(peer);
    Ok(app.read(move |_, reader, _| reader.log_size(&log)).await?)
}

/// Reads a body of at most `bytes_max`: a longer one is refused by its announced length, before a byte is read.
async fn body(call: Request<Incoming>, bytes_max: usize) -> Result<Bytes, TurnedAway> {
    let oversized =
        || TurnedAway::new(StatusCode::PAYLOAD_TOO_LARGE, "oversized-body", format!("above {bytes_max} bytes"));
    let announced = call.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > bytes_max as u64) {
        return Err(oversized());
    }
    let reading = Limited::new(call.into_body(), bytes_max).collect();
    match tokio::time::timeout(BODY_WITHIN, reading).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(why)) if why.is::<LengthLimitError>() => Err(oversized()),
        Ok(Err(why)) => Err(TurnedAway::new(StatusCode::BAD_REQUEST, "truncated-body", why.to_string())),
        Err(_) => Err(TurnedAway::new(StatusCode::REQUEST_TIMEOUT, "slow-body", "")),
    }
}

/// From which index on a page is asked for.
fn from_of(query: &str) -> Result<u64, TurnedAway> {
    let ask = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    number(ask("from").unwrap_or("0"))
}

fn hash(text: &str) -> Result<Hash32, TurnedAway> {
    Hash32::from_hex(text).map_err(|_| wire::Malformed("root").into())
}

fn number(text: &str) -> Result<u64, TurnedAway> {
    text.parse().map_err(|_| wire::Malformed("number").into())
}

impl TurnedAway {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }

    /// Our own disk or keys: the peer tries again later and learns nothing.
    #[expect(clippy::needless_pass_by_value, reason = "given to map_err, which passes by value")]
    fn fault(fault: node::Fault) -> Self {
        tracing::error!(code = "fault", %fault);
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unwell", fault.to_string())
    }

    fn failure(failure: node::Failure) -> Self {
        match failure {
            node::Failure::Fault(fault) => Self::fault(fault),
            // Nothing a peer sends asks our own law; were it otherwise, it would hear no more than of a broken disk.
            node::Failure::Held(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "unwell", ""),
            node::Failure::Misbehaved(why) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, why.code(), why.to_string()),
            node::Failure::Refused(why) => Self::new(StatusCode::CONFLICT, "refused", why.to_string()),
        }
    }
}

impl From<wire::Malformed> for TurnedAway {
    fn from(why: wire::Malformed) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed-body", why.0)
    }
}
