//! Two nodes for a test: folders, addresses, each other's cards.
//!
//! Owns temporary folders. Must not know what is tested with them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use domain::ids::PartyId;
use domain::refusal::Refusal;
use entente::app::{Clock, random_bytes, randomness};
use entente::config::Config;
use entente::home::{Home, files};
use entente::serve::{Duty, Running, courier};
use entente::shipped::{self, Part};
use node::story::{Script, What};
use node::{Env, Failure};
use store::Store;

/// A folder of its own for a test, empty.
pub(crate) fn folder(test: &str) -> PathBuf {
    let at = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
    if at.exists() {
        std::fs::remove_dir_all(&at).expect("an old folder goes");
    }
    std::fs::create_dir_all(&at).expect("a folder");
    at
}

/// Two nodes of the built-in instrument that know each other.
pub(crate) fn pair(test: &str) -> [Home; 2] {
    let dir = folder(test);
    let id = shipped::instruments().next().expect("an instrument is built in");
    let sources = files::shipped(id).expect("its files");
    let homes = ["GB", "CN"].map(|party| {
        let (web, peer) = (free(), free());
        let config = Config {
            party: PartyId::new(party).expect("a party"),
            web,
            peer,
            endpoint: peer.to_string(),
            names: Vec::new(),
        };
        Home::init(&dir.join(party), config, &sources, &random_bytes()).expect("a node's folder")
    });
    homes[0].add_peer(&homes[1].card_path()).expect("a peer");
    homes[1].add_peer(&homes[0].card_path()).expect("a peer");
    homes
}

/// The exercise's people and matters.
pub(crate) fn script(home: &Home) -> Script {
    let instrument = home.instrument().expect("an instrument");
    let (files, assets) = shipped::exercise(instrument.id(), Part::Desk);
    Script::read(&files, assets).expect("a script")
}

/// Opens up to `count` matters of the exercise on a stopped node, and says how many: each waits to be sent.
pub(crate) fn open_matters(home: &Home, count: usize) -> usize {
    open_matters_with(home, count, &[])
}

/// The same, each request with these files of the exercise attached.
pub(crate) fn open_matters_with(home: &Home, count: usize, files: &[&str]) -> usize {
    let (script, node, chunks) = (script(home), home.node().expect("a node"), home.chunks().expect("chunks"));
    let (mut store, mut rng, now) = (home.database().expect("a database"), randomness(), Clock::real().now());
    let store: &mut dyn Store = &mut store;
    let lang = node.instrument().langs()[0].clone();
    for officer in script.officers(node.me(), &lang) {
        node.put_officer(store, &mut Env { now, rng: &mut rng }, &officer).expect("an officer");
    }
    let ours = script.matters().iter().map(|matter| &matter.cues[0]);
    let ours = ours.filter(|cue| cue.party(&script).is_ok_and(|party| party == *node.me()));
    let mut opened = 0;
    for cue in ours {
        let mut cue = cue.clone();
        if let What::Open { attach, .. } = &mut cue.what {
            attach.extend(files.iter().map(ToString::to_string));
        }
        let mut env = Env { now, rng: &mut rng };
        let played = match cue.play(&script, &node, store, &mut env, &chunks, None) {
            // It waits for a text that nobody has signed on a node just made.
            Err(Failure::Refused(Refusal::TextAwaited { .. })) => continue,
            // Not every type takes every kind of file.
            Err(Failure::Refused(Refusal::NotCarried { .. })) => continue,
            played => played.expect("a cue"),
        };
        opened += usize::from(played.case.is_some());
        if opened == count {
            break;
        }
    }
    opened
}

/// Runs both nodes until the mail that is due has gone over and each has fetched the other's log, then stops them.
pub(crate) fn settle(homes: &[Home; 2], clock: &Clock) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut running = Vec::new();
        for home in homes {
            running.push(Running::start(home, clock.clone(), None, Duty::Driven).await.expect("it runs"));
        }
        for _ in 0..2 {
            for (at, home) in homes.iter().enumerate() {
                let other = &homes[1 - at].config().party;
                let mut post = courier(home, running[at].app(), other).expect("a courier");
                post.deliver().await.expect("mail goes over");
                post.mirror().await.expect("the log is fetched");
            }
        }
        for node in running {
            node.stop().await;
        }
    });
}

/// An address nobody listens on.
pub(crate) fn free() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, entente::demo::free_port().expect("a port")))
}
