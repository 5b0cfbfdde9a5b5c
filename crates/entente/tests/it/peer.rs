//! The peer port against callers who lie, flood or are nobody, over real sockets.
//!
//! Owns what must be refused and how it is noted. TLS versions and groups are tested beside `peer::tls`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use domain::ids::{Hash32, PartyId};
use entente::app::Clock;
use entente::home::Home;
use entente::peer::client::{CallFault, Line};
use entente::peer::tls::{Identity, client_config};
use entente::serve::{Duty, Running, courier};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;

use crate::house;

/// What the flood would send if it were let.
const FLOOD_BYTES: usize = 100 << 20;
/// What may go out before a refusal is heard: one batch's limit and HTTP/2's windows.
const HEARD_WITHIN_BYTES: usize = 8 << 20;

/// Calls of one peer that are answered at once (`peer::server`).
const CALLS_MAX: usize = 32;
/// Calls made until places left are seen to be free; each is a whole call, so no sleep is needed between.
const FREED_WITHIN_CALLS: usize = 100;

/// A body of [`FLOOD_BYTES`] zeroes that counts what is taken of it.
struct Flood {
    sent: Arc<AtomicUsize>,
    announced: bool,
}

impl Body for Flood {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        static ZEROES: [u8; 1 << 16] = [0; 1 << 16];
        if self.sent.fetch_add(ZEROES.len(), Ordering::Relaxed) >= FLOOD_BYTES {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&ZEROES)))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.announced { SizeHint::with_exact(FLOOD_BYTES as u64) } else { SizeHint::default() }
    }
}

async fn start(home: &Home) -> Running {
    Running::start(home, Clock::real(), None, Duty::Driven).await.expect("it runs")
}

/// Calls `callee` as `caller` with any body.
async fn call<B>(
    caller: &Home,
    callee: &Home,
    method: Method,
    path: &str,
    body: B,
) -> Result<(StatusCode, String), String>
where
    B: Body<Data = Bytes, Error = std::convert::Infallible> + Send + Unpin + 'static,
{
    let words = |why: &dyn std::fmt::Display| why.to_string();
    let pin = callee.card().expect("a card").tls_spki_sha256;
    let tls = client_config(&caller.identity().expect("an identity"), callee.config().party.clone(), pin).expect("tls");
    let stream = tokio::net::TcpStream::connect(callee.config().peer).await.map_err(|why| words(&why))?;
    let name = ServerName::try_from("peer.invalid").expect("a name");
    let stream =
        tokio_rustls::TlsConnector::from(Arc::new(tls)).connect(name, stream).await.map_err(|why| words(&why))?;
    let shaken = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let (mut sender, driving) = shaken.map_err(|why| words(&why))?;
    let driver = tokio::spawn(driving);
    let request = Request::builder().method(method).uri(format!("https://peer.invalid{path}")).body(body);
    let response = sender.send_request(request.expect("a call")).await.map_err(|why| words(&why))?;
    let status = response.status();
    let body = response.into_body().collect().await.map_err(|why| words(&why))?.to_bytes();
    driver.abort();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

async fn codes(running: &Running) -> Vec<String> {
    let events = running.app().read(|_, reader, _| reader.events(None, 100)).await.expect("events");
    events.into_iter().map(|row| row.event.code).collect()
}

#[tokio::test]
async fn a_flood_is_refused_before_it_is_taken_in() {
    let [gb, cn] = house::pair("flood");
    let running = start(&cn).await;
    for announced in [true, false] {
        let sent = Arc::new(AtomicUsize::new(0));
        let flood = Flood { sent: Arc::clone(&sent), announced };
        let path = format!("/v1/batch/{}", Hash32::default());
        let (status, code) = call(&gb, &cn, Method::PUT, &path, flood).await.expect("an answer");
        assert_eq!(
            (status, code.as_str()),
            (StatusCode::PAYLOAD_TOO_LARGE, "oversized-body"),
            "announced: {announced}"
        );
        let sent = sent.load(Ordering::Relaxed);
        assert!(sent <= HEARD_WITHIN_BYTES, "announced: {announced}: {sent} bytes went out");
    }
    assert_eq!(codes(&running).await, ["oversized-body"], "noted once a minute");
    running.stop().await;
}

#[tokio::test]
async fn calls_that_are_none_are_named() {
    let [gb, cn] = house::pair("calls");
    let running = start(&cn).await;
    let zero = Hash32::default();
    let batch = format!("/v1/batch/{zero}");
    let check = async |method, path: &str, body: &'static [u8], wanted: (StatusCode, &str)| {
        let body = http_body_util::Full::new(Bytes::from_static(body));
        let (status, code) = call(&gb, &cn, method, path, body).await.expect("an answer");
        assert_eq!((status, code.as_str()), wanted, "{path}");
    };
    let malformed = (StatusCode::BAD_REQUEST, "malformed-body");
    check(Method::PUT, &batch, b"", malformed).await;
    check(Method::PUT, &batch, b"\x80", malformed).await;
    check(Method::PUT, &batch, b"\x81\x58\x20only this much", malformed).await;
    check(Method::PUT, &format!("/v1/blob/{zero}/list"), b"\x80", malformed).await;
    check(Method::PUT, "/v1/blob/../../etc/passwd/list", b"", (StatusCode::NOT_FOUND, "no-such-call")).await;
    check(Method::PUT, "/v1/blob/0/0", b"", malformed).await;
    check(Method::PUT, &format!("/v1/blob/{zero}/0"), b"x", (StatusCode::UNPROCESSABLE_ENTITY, "wrong-chunk")).await;
    check(Method::POST, "/log/cosignature", b"x", (StatusCode::UNPROCESSABLE_ENTITY, "malformed")).await;
    check(Method::GET, "/log/entries?from=0", b"", (StatusCode::NOT_FOUND, "no-entry-yet")).await;
    check(Method::GET, "/", b"", (StatusCode::NOT_FOUND, "no-such-call")).await;
    let noted = codes(&running).await;
    for code in ["malformed-body", "no-such-call", "wrong-chunk"] {
        assert!(noted.iter().any(|noted| noted == code), "{code} is not among {noted:?}");
    }
    running.stop().await;
}

#[tokio::test]
async fn a_stranger_gets_no_word_and_leaves_none() {
    let [_, cn] = house::pair("stranger");
    let running = start(&cn).await;
    let party = PartyId::new("GB").expect("a party");
    let stranger = Identity::generate(&party).expect("a certificate");
    let pin = cn.card().expect("a card").tls_spki_sha256;
    let tls = client_config(&stranger, cn.config().party.clone(), pin).expect("tls");
    let spoken = async {
        let mut line = Line::dial(&cn.config().endpoint, Arc::new(tls)).await?;
        line.entries(0).await
    };
    assert!(matches!(spoken.await, Err(CallFault::Unreachable(_))));
    assert_eq!(codes(&running).await, Vec::<String>::new());
    running.stop().await;
}

#[tokio::test]
async fn mail_waits_out_an_absence_and_arrives_once() {
    let [gb, cn] = house::pair("absence");
    let opened = house::open_matters(&gb, 3);
    assert!(opened > 0, "the story opens cases");
    let ours = start(&gb).await;
    let mut post = courier(&gb, ours.app(), &cn.config().party).expect("a courier");
    post.deliver().await.expect_err("nobody is there");
    let theirs = start(&cn).await;
    // What failed waits for its next try, which the clock of this test does not reach: the parcels are due again at once.
    let due = ours.app().read(|node, reader, now| {
        let peer = node.peers().keys().next().expect("a peer").clone();
        let later = now.saturating_add(jiff::SignedDuration::from_mins(15)).expect("later");
        node.parcels(reader, &peer, later).expect("parcels").len()
    });
    assert_eq!(due.await, opened);
    theirs.stop().await;
    ours.stop().await;
}

#[tokio::test]
async fn strangers_who_say_nothing_do_not_shut_the_door() {
    let [gb, cn] = house::pair("silent");
    let running = start(&cn).await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.2:0".parse().expect("an address")).expect("another address of this machine");
        silent.push(socket.connect(cn.config().peer).await.expect("the port is open"));
    }
    let body = http_body_util::Full::new(Bytes::new());
    let called = call(&gb, &cn, Method::GET, "/v1/frontier", body);
    let answered = tokio::time::timeout(std::time::Duration::from_secs(6), called).await;
    let (status, _) = answered.expect("before any handshake times out").expect("an answer");
    assert_eq!(status, StatusCode::OK);
    drop(silent);
    running.stop().await;
}

#[tokio::test]
async fn a_call_keeps_its_place_until_its_answer_is_taken() {
    let [gb, cn] = house::pair("untaken");
    assert!(house::open_matters(&cn, 1) > 0, "there is a log to ask for");
    let running = start(&cn).await;
    let pin = cn.card().expect("a card").tls_spki_sha256;
    let tls = client_config(&gb.identity().expect("an identity"), cn.config().party.clone(), pin).expect("tls");
    let stream = tokio::net::TcpStream::connect(cn.config().peer).await.expect("it listens");
    let name = ServerName::try_from("peer.invalid").expect("a name");
    let stream = tokio_rustls::TlsConnector::from(Arc::new(tls)).connect(name, stream).await.expect("a handshake");
    // Whoever lets nothing come asks for as much as one connection may.
    let mut shaking = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    let shaken = shaking.initial_stream_window_size(0).handshake(TokioIo::new(stream)).await;
    let (mut sender, driving) = shaken.expect("a connection");
    let driver = tokio::spawn(driving);
    let mut untaken = Vec::new();
    for _ in 0..CALLS_MAX {
        let request = Request::get("https://peer.invalid/log/entries?from=0");
        let body = http_body_util::Empty::<Bytes>::new();
        let answer = sender.send_request(request.body(body).expect("a call")).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        untaken.push(answer);
    }
    let frontier = async || {
        let body = http_body_util::Full::new(Bytes::new());
        call(&gb, &cn, Method::GET, "/v1/frontier", body).await.expect("an answer").0
    };
    assert_eq!(frontier().await, StatusCode::TOO_MANY_REQUESTS);
    drop((untaken, sender));
    driver.abort();
    let mut freed = false;
    for _ in 0..FREED_WITHIN_CALLS {
        freed = frontier().await == StatusCode::OK;
        if freed {
            break;
        }
    }
    assert!(freed, "whoever hangs up leaves their places");
    running.stop().await;
}
