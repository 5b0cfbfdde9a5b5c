//! The port of pages as a running node opens it, against an officer's browser gone wild and a stranger's large form.
//!
//! Owns what is counted by officer or by route. What the port itself bounds is tested beside `port`, on a moved clock.

use domain::ids::OfficerId;
use entente::app::{Clock, randomness};
use entente::home::Home;
use entente::serve::{Duty, Running};
use entente::web::{STRANGERS_FORM_BYTES_MAX, STREAMS_AN_OFFICER_MAX};
use node::Env;
use node::people::SESSION_LASTS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::house;

/// Calls made until a place left is seen to be free; each is a whole call, so no sleep is needed between.
const ASKED_MAX: usize = 1_000;

/// Two officers of a stopped node and the cookies of their sessions.
fn signed_in(home: &Home) -> [(OfficerId, String); 2] {
    let (script, node, mut store) =
        (house::script(home), home.node().expect("a node"), home.database().expect("a store"));
    let (mut rng, now) = (randomness(), Clock::real().now());
    let lang = node.instrument().langs()[0].clone();
    let mut people = script.officers(node.me(), &lang).into_iter();
    [(); 2].map(|()| {
        let officer = people.next().expect("the exercise has people");
        node.put_officer(&mut store, &mut Env { now, rng: &mut rng }, &officer).expect("an officer");
        let mut env = Env { now, rng: &mut rng };
        let secret = node.open_session(&mut store, &mut env, &officer.id, SESSION_LASTS).expect("a session");
        (officer.id, format!("entente-{}={secret}", node.me().as_str().to_lowercase()))
    })
}

/// Calls, and reads the first line of the answer; the connection stays open.
async fn call(home: &Home, words: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(home.config().web).await.expect("it listens");
    stream.write_all(words.as_bytes()).await.expect("it reads");
    let (mut line, mut byte) = (Vec::new(), [0]);
    while !line.ends_with(b"\r\n") && stream.read_exact(&mut byte).await.is_ok() {
        line.push(byte[0]);
    }
    (stream, String::from_utf8_lossy(&line).trim().to_owned())
}

async fn listens(home: &Home, cookie: &str) -> (TcpStream, String) {
    let host = home.config().web;
    call(home, &format!("GET /events HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n")).await
}

#[tokio::test]
async fn one_officer_has_so_many_live_pages() {
    let [home, _] = house::pair("streams");
    let [(_, cookie), (_, colleague)] = signed_in(&home);
    let running = Running::start(&home, Clock::real(), None, Duty::Driven).await.expect("it runs");
    let mut open = Vec::new();
    for count in 0..STREAMS_AN_OFFICER_MAX {
        let (stream, line) = listens(&home, &cookie).await;
        assert_eq!(line, "HTTP/1.1 200 OK", "{count}");
        open.push(stream);
    }
    let (_, line) = listens(&home, &cookie).await;
    assert_eq!(line, "HTTP/1.1 429 Too Many Requests");
    let (_, line) = listens(&home, &colleague).await;
    assert_eq!(line, "HTTP/1.1 200 OK");
    drop(open.pop());
    let mut again = false;
    for _ in 0..ASKED_MAX {
        let (_stream, line) = listens(&home, &cookie).await;
        again = line == "HTTP/1.1 200 OK";
        if again {
            break;
        }
    }
    assert!(again, "a page closed is a place free");
    running.stop().await;
}

#[tokio::test]
async fn strangers_post_little() {
    let [home, _] = house::pair("strangers-post");
    let running = Running::start(&home, Clock::real(), None, Duty::Driven).await.expect("it runs");
    let host = home.config().web;
    for (path, bytes, answer) in [
        ("/sign-in", STRANGERS_FORM_BYTES_MAX, "HTTP/1.1 200 OK"),
        ("/sign-in", STRANGERS_FORM_BYTES_MAX + 1, "HTTP/1.1 400 Bad Request"),
        ("/sign-out", STRANGERS_FORM_BYTES_MAX + 1, "HTTP/1.1 400 Bad Request"),
    ] {
        let body = format!("token={}", "x".repeat(bytes - "token=".len()));
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\n{kind}\r\nContent-Length: {bytes}\r\n\r\n");
        let (_, line) = call(&home, &format!("{head}{body}")).await;
        assert_eq!(line, answer, "{bytes} to {path}");
    }
    running.stop().await;
}
