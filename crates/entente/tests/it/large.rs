//! A file of a gibibyte goes from one running node to the other in little memory.
//!
//! Owns the measure: what each process ever held. Must not look into the processes but by their interface.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::act::Role;
use domain::ids::OfficeId;
use entente::app::{Clock, randomness};
use entente::home::Home;
use node::Env;
use node::story::What;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::house;

/// The file: what a disk image or a day of video weighs.
const FILE_BYTES: u64 = 1 << 30;
/// What a node may hold more than before, in KiB: a small share of the file.
const EXTRA_KIB_MAX: u64 = 64 * 1024;
/// Bytes written or read at once.
const PIECE_BYTES: usize = 1 << 16;
/// How often the receiver is asked whether the file is there, a quarter of a second apart.
const ASKED_MAX: usize = 2_400;

/// A running node and its interface.
struct Served {
    child: Child,
    web: SocketAddr,
    token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

#[test]
fn a_gibibyte_passes_in_little_memory() {
    let homes = house::pair("large");
    let (draft, office) = drafted(&homes[0]);
    let reviewer = token(&homes[0], &office, Role::LegalReviewer);
    let approver = token(&homes[0], &office, Role::Approver);
    let drafter = token(&homes[0], &office, Role::Drafter);
    let sender = serve(&homes[0], drafter);
    let receiver = serve(&homes[1], String::new());
    let before = [sender.peak_kib(), receiver.peak_kib()];

    let sent = sender.upload(&format!("/drafts/{draft}/attachments?name=image.bin"));
    let shown = sender.asks("GET", &format!("/drafts/{draft}"), &sender.token, None);
    for gate in shown["gates_needed"].as_array().expect("gates") {
        let answer = json!({
            "gate": gate, "finding": "satisfied",
            "reason": { "original": "en", "texts": { "en": "considered", "zh": "已审查" } },
        });
        sender.asks("POST", &format!("/drafts/{draft}/gates"), &reviewer, Some(&answer));
    }
    let done = sender.asks("POST", &format!("/drafts/{draft}/submit"), &approver, Some(&json!({})));
    let case = done["case"].as_str().unwrap_or_else(|| panic!("submitted: {done}")).to_owned();

    let reader = reader_token(&homes[1], &shown);
    let root = (0..ASKED_MAX).find_map(|_| {
        let files = receiver.asks("GET", &format!("/cases/{case}/attachments"), &reader, None);
        let root = files["attachments"][0]["file"]["root"].as_str().map(str::to_owned);
        if root.is_none() {
            std::thread::park_timeout(Duration::from_millis(250));
        }
        root
    });
    let root = root.expect("the file arrives");
    let got = receiver.download(&format!("/cases/{case}/attachments/{root}"), &reader);
    assert_eq!(got, (FILE_BYTES, sent), "what arrives is what was sent");
    for (who, (node, before)) in [(&sender, before[0]), (&receiver, before[1])].into_iter().enumerate() {
        let extra = node.peak_kib().saturating_sub(before);
        assert!(extra < EXTRA_KIB_MAX, "node {who} held {extra} KiB more than before");
    }
}

/// Leaves a complete draft on a stopped node's desk; answers its name and office.
fn drafted(home: &Home) -> (String, OfficeId) {
    let (script, node, chunks) = (house::script(home), home.node().expect("a node"), home.chunks().expect("chunks"));
    let (mut store, mut rng, now) = (home.database().expect("a database"), randomness(), Clock::real().now());
    let lang = node.instrument().langs()[0].clone();
    for officer in script.officers(node.me(), &lang) {
        node.put_officer(&mut store, &mut Env { now, rng: &mut rng }, &officer).expect("an officer");
    }
    let ours = script.matters().iter().map(|matter| &matter.cues[0]);
    let cue = ours
        .filter(|cue| cue.party(&script).is_ok_and(|party| party == *node.me()))
        .find(|cue| matches!(&cue.what, What::Open { until, .. } if until == "handed-over"))
        .expect("the exercise leaves a draft for signature");
    let mut env = Env { now, rng: &mut rng };
    cue.play(&script, &node, &mut store, &mut env, &chunks, None).expect("a cue");
    let reader = store::Store::reader(&store).expect("a reader");
    let draft = node.drafts(&*reader, None).expect("drafts").remove(0);
    (draft.id, draft.office)
}

/// A token of somebody of an office in a role, on a node that does not run.
fn token(home: &Home, office: &OfficeId, role: Role) -> String {
    let (node, mut store) = (home.node().expect("a node"), home.database().expect("a database"));
    let (mut rng, now) = (randomness(), Clock::real().now());
    let officers = node.officers(&*store::Store::reader(&store).expect("a reader")).expect("officers");
    let found = officers.iter().find(|officer| officer.office == *office && officer.roles.contains(&role));
    let found = found.unwrap_or_else(|| panic!("{office} has a {role:?}"));
    node.issue_token(&mut store, &mut Env { now, rng: &mut rng }, &found.id, "test").expect("a token")
}

/// A token of the office the request went to. The node runs: its store takes a second writer.
fn reader_token(home: &Home, draft: &Value) -> String {
    let office = OfficeId::new(draft["request"]["to"].as_str().expect("an office")).expect("an office");
    let (script, node) = (house::script(home), home.node().expect("a node"));
    let (mut store, mut rng, now) = (home.database().expect("a database"), randomness(), Clock::real().now());
    let lang = node.instrument().langs()[0].clone();
    for officer in script.officers(node.me(), &lang) {
        node.put_officer(&mut store, &mut Env { now, rng: &mut rng }, &officer).expect("an officer");
    }
    drop(store);
    token(home, &office, Role::Intake)
}

fn serve(home: &Home, token: String) -> Served {
    let mut child = Command::new(env!("CARGO_BIN_EXE_entente"))
        .arg("serve")
        .arg(home.dir())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    // Its first line says that it listens.
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    Served { child, web: home.config().web, token }
}

impl Served {
    /// The most it ever held, in KiB.
    fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
    }

    fn open(&self, verb: &str, path: &str, token: &str, more: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.web).expect("it listens");
        let mut head = format!("{verb} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.web);
        write!(head, "Authorization: Bearer {token}\r\n{more}\r\n").expect("a string grows");
        stream.write_all(head.as_bytes()).expect("it reads");
        stream
    }

    /// One call; answers the JSON, or null.
    fn asks(&self, verb: &str, path: &str, token: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        let more = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        let mut stream = self.open(verb, path, token, &more);
        stream.write_all(body.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (_, json) = answer.split_once("\r\n\r\n").unwrap_or_default();
        serde_json::from_str(json).unwrap_or(Value::Null)
    }

    /// Sends a file of pseudo-random bytes; answers its hash.
    fn upload(&self, path: &str) -> [u8; 32] {
        let more = format!("Content-Type: application/octet-stream\r\nContent-Length: {FILE_BYTES}\r\n");
        let mut stream = self.open("POST", path, &self.token, &more);
        let (mut hash, mut state, mut left) = (Sha256::new(), 1u64, FILE_BYTES);
        let mut piece = vec![0u8; PIECE_BYTES];
        while left > 0 {
            for word in piece.chunks_exact_mut(8) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                word.copy_from_slice(&state.to_le_bytes());
            }
            hash.update(&piece);
            stream.write_all(&piece).expect("it reads on");
            left -= PIECE_BYTES as u64;
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        hash.finalize().into()
    }

    /// Reads a file; answers its length and hash.
    fn download(&self, path: &str, token: &str) -> (u64, [u8; 32]) {
        let mut reader = BufReader::new(self.open("GET", path, token, ""));
        let mut line = String::new();
        while reader.read_line(&mut line).expect("a head") > 2 {
            line.clear();
        }
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        let mut piece = vec![0u8; PIECE_BYTES];
        loop {
            match reader.read(&mut piece).expect("it goes on") {
                0 => return (bytes, hash.finalize().into()),
                got => {
                    hash.update(&piece[..got]);
                    bytes += got as u64;
                }
            }
        }
    }
}
