//! The port against callers who say nothing, say it slowly, do not listen, or come in crowds: over real sockets, on a
//! clock that is moved.
//!
//! Every wait below is of the paused clock: it jumps as soon as nothing else can happen.

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::ids::PartyId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::*;
use crate::config::Config;

/// An answer no system keeps for a reader who takes none of it.
const LARGE_BYTES: usize = 64 << 20;

/// A port with few places, a page, a page that waits for a bell, a large file and a place to bring one.
struct Tried {
    at: SocketAddr,
    bell: Arc<Notify>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Tried {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn port() -> Tried {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let bell = Arc::new(Notify::new());
    let rung = Arc::clone(&bell);
    let pages = Router::new()
        .route("/", get(async || "here"))
        .route("/waits", get(async move || rung.notified().await))
        .route("/large", get(async || Bytes::from_static(&[0; LARGE_BYTES])))
        .route("/bring", post(async |body: Bytes| body.len().to_string()).layer(DefaultBodyLimit::disable()));
    let config = Config {
        party: PartyId::new("GB").expect("a party"),
        web: at,
        peer: at,
        endpoint: at.to_string(),
        names: Vec::new(),
    };
    let limits = Limits { connections_max: 8, an_address_max: 4, ..Limits::default() };
    let serving = tokio::spawn(serve(listener, pages, Names::of(&config), limits));
    Tried { at, bell, serving }
}

impl Tried {
    /// Connects from one of this machine's addresses and says something.
    async fn says(&self, from: &str, words: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(format!("{from}:0").parse().expect("an address")).expect("an address of this machine");
        let mut stream = socket.connect(self.at).await.expect("the port is open");
        stream.write_all(words.as_bytes()).await.expect("it is taken");
        stream
    }

    /// The status of a page asked for, or nothing when the connection is closed without a word.
    async fn asks(&self, from: &str, path: &str) -> Option<u16> {
        status(&mut self.says(from, &head("GET", path, "Connection: close\r\n")).await).await
    }
}

fn head(method: &str, path: &str, more: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n")
}

/// Reads an answer's head and nothing of its body; answers its status.
async fn status(stream: &mut TcpStream) -> Option<u16> {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8_lossy(&read).split(' ').nth(1)?.parse().ok()
}

/// Reads to the end, or to the reset; answers how much came.
async fn rest(stream: &mut TcpStream) -> usize {
    let (mut bytes, mut piece) = (0, vec![0; 1 << 16]);
    while let Ok(got @ 1..) = stream.read(&mut piece).await {
        bytes += got;
    }
    bytes
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_ends_the_connection() {
    let tried = port().await;
    let check = async |words: &str, answer: Option<u16>| {
        let began = Instant::now();
        let mut stream = tried.says("127.0.0.1", words).await;
        assert_eq!(status(&mut stream).await, answer, "{words:?}");
        assert_eq!(rest(&mut stream).await, if answer.is_some() { "here".len() } else { 0 }, "{words:?}");
        let took = began.elapsed();
        assert!((HEAD_WITHIN..HEAD_WITHIN * 2).contains(&took), "{words:?}: {took:?}");
    };
    check("", None).await;
    check("GET / HTTP/1.1\r\nHost: loc", None).await;
    // And so one that says nothing more after its answer.
    check(&head("GET", "/", ""), Some(200)).await;
}

#[tokio::test(start_paused = true)]
async fn a_head_drop_by_drop_has_no_more_time() {
    let tried = port().await;
    let began = Instant::now();
    let mut stream = tried.says("127.0.0.1", "GET / HTTP/1.1\r\nHost: localhost\r\n").await;
    for drop in 0.. {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if stream.write_all(format!("X-{drop}: x\r\n").as_bytes()).await.is_err() || drop > 90 {
            break;
        }
    }
    assert_eq!(status(&mut stream).await, None);
    assert!(began.elapsed() < HEAD_WITHIN * 2, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_head_of_any_length_is_not_kept() {
    let tried = port().await;
    let long = head("GET", "/", &format!("X: {}\r\n", "x".repeat(4 * HEAD_BYTES_MAX)));
    let answer = status(&mut tried.says("127.0.0.1", &long).await).await;
    // The reset that ends such a connection may overtake the answer.
    assert!(matches!(answer, Some(431) | None), "{answer:?}");
    assert_eq!(tried.asks("127.0.0.1", "/").await, Some(200));
}

#[tokio::test(start_paused = true)]
async fn a_body_must_go_on_coming() {
    let tried = port().await;
    // Pieces of so many bytes, so many seconds apart, of a body of so many pieces.
    let check = async |piece_bytes: usize, apart_s: u64, pieces: usize, answer: u16, within_s: u64| {
        let began = Instant::now();
        let length = format!("Content-Length: {}\r\n", piece_bytes * pieces);
        let mut stream = tried.says("127.0.0.1", &head("POST", "/bring", &length)).await;
        let (mut reading, mut writing) = stream.split();
        let brought = async {
            for _ in 0..pieces {
                tokio::time::sleep(Duration::from_secs(apart_s)).await;
                if writing.write_all(&vec![0; piece_bytes]).await.is_err() {
                    break;
                }
            }
            std::future::pending::<()>().await;
        };
        let mut first = [0; 12];
        tokio::select! {
            () = brought => {}
            read = reading.read_exact(&mut first) => { read.expect("an answer"); }
        }
        assert_eq!(String::from_utf8_lossy(&first), format!("HTTP/1.1 {answer}"), "{piece_bytes} in {apart_s} s");
        let took = began.elapsed().as_secs();
        assert!(took <= within_s, "{piece_bytes} in {apart_s} s: {took} s");
    };
    // A poor line is let: an hour for two megabytes.
    check(16 << 10, 29, 128, 200, 3_720).await;
    check(1 << 10, 1, 1024, 200, 1_100).await;
    // A byte a second is not, nor a piece that keeps everybody waiting, nor nothing at all.
    check(1, 1, 1024, 400, 31).await;
    check(16 << 10, 31, 8, 400, 31).await;
    check(1, 3_600, 1, 400, 31).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_nobody_takes_is_given_up() {
    let tried = port().await;
    let mut stream = tried.says("127.0.0.1", &head("GET", "/large", "")).await;
    tokio::time::sleep(READER_WITHIN * 2).await;
    assert!(rest(&mut stream).await < LARGE_BYTES, "it was given up before it was whole");
    // Who takes it, slowly but at all, gets it all.
    let mut stream = tried.says("127.0.0.1", &head("GET", "/large", "Connection: close\r\n")).await;
    let (mut bytes, mut piece) = (0, vec![0; 1 << 20]);
    while let Ok(got @ 1..) = stream.read(&mut piece).await {
        bytes += got;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(bytes > LARGE_BYTES, "{bytes}");
}

#[tokio::test(start_paused = true)]
async fn a_crowd_that_says_nothing_keeps_nobody_out() {
    let tried = port().await;
    let mut silent = Vec::new();
    for round in 0..10 {
        for from in ["127.0.0.2", "127.0.0.3", "127.0.0.4"] {
            silent.push(tried.says(from, "GET / HTTP/1.1\r\n").await);
            silent.push(tried.says(from, &head("GET", "/", "")).await);
        }
        assert_eq!(tried.asks("127.0.0.1", "/").await, Some(200), "{round}");
        assert_eq!(tried.asks("127.0.0.2", "/").await, Some(200), "{round}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_under_way_hold_their_places_and_no_more() {
    let tried = port().await;
    let mut waiting = Vec::new();
    let wait = async |from: &str| tried.says(from, &head("GET", "/waits", "")).await;
    for from in ["127.0.0.2"; 4].into_iter().chain(["127.0.0.3"; 3]) {
        waiting.push(wait(from).await);
        // Until the call has been heard.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // One address has four; all have eight.
    assert_eq!(tried.asks("127.0.0.2", "/").await, None);
    assert_eq!(tried.asks("127.0.0.3", "/").await, Some(200));
    waiting.push(wait("127.0.0.3").await);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(tried.asks("127.0.0.1", "/").await, None);
    tried.bell.notify_waiters();
    for stream in &mut waiting {
        assert_eq!(status(stream).await, Some(200));
    }
    assert_eq!(tried.asks("127.0.0.1", "/").await, Some(200));
    assert_eq!(tried.asks("127.0.0.2", "/").await, Some(200));
}

#[tokio::test(start_paused = true)]
async fn another_name_is_answered_with_nothing_of_ours() {
    let tried = port().await;
    for (name, answer) in [("localhost", 200), ("127.0.0.1:7001", 200), ("evil.example", 421), ("", 421)] {
        for (method, path) in [("GET", "/"), ("GET", "/nowhere"), ("POST", "/bring")] {
            let answer = if answer == 200 && path == "/nowhere" { 404 } else { answer };
            let call = format!("{method} {path} HTTP/1.1\r\nHost: {name}\r\nContent-Length: 0\r\n\r\n");
            let mut stream = tried.says("127.0.0.1", &call).await;
            assert_eq!(status(&mut stream).await, Some(answer), "{method} {path} {name}");
        }
    }
    let mut stream = tried.says("127.0.0.1", "GET / HTTP/1.0\r\n\r\n").await;
    assert_eq!(status(&mut stream).await, Some(421), "no name at all");
}
