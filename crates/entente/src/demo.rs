//! `entente demo`: both Parties' nodes on this machine, each with its own folder, database and certificate.
//!
//! Owns the folder of a demo and the making of its two nodes. Must not know Parties, people or matters: the instrument
//! and the exercise built into the program say who plays, and the two port flags mean its first and second Party.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;

use domain::ids::PartyId;
use domain::instrument::SourceFile;
use domain::menu::Menu as _;
use domain::text::Lang;
use indicatif::ProgressBar;
use node::story::{House, Script, seed};
use rand_core::Rng as _;
use store::Store;

use crate::app::{Clock, Demo, random_bytes, randomness};
use crate::cli::out::{bar, json, say};
use crate::cli::serve::until_signal;
use crate::cli::{Ended, Trouble, Verdict};
use crate::config::Config;
use crate::home::{Home, HomeFault, files};
use crate::i18n::Tongue;
use crate::serve::{Duty, Running};
use crate::shipped::{self, Part};
use rehearsed::Rehearsed;

mod rehearsed;
mod story;
mod tokens;
mod transcript;

/// Marks the folder as a demo's and says what it was made for, once it is whole.
const MADE: &str = "made";
/// Where the demo lives unless told otherwise.
const USUAL_DIR: &str = "demo-data";
/// The story's folder, inside a demo's.
const STORY: &str = "story";
/// How far the demo's clock has been moved, in seconds.
const CLOCK: &str = "clock";

const EXAMPLES: &str = "Examples:
  entente demo
  entente demo --dir /tmp/demo --gb-port 7001 --cn-port 7002 --lang zh
  entente demo --story

Everything is invented and stays on this machine. Delete the folder to begin anew.";

/// How the demo runs.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Where the nodes keep their folders.
    #[arg(long, default_value = USUAL_DIR)]
    dir: PathBuf,
    /// Port of the first Party's pages; 0 takes a free one.
    #[arg(long = "gb-port", default_value_t = 7001)]
    first_port: u16,
    /// Port of the second Party's pages; 0 takes a free one.
    #[arg(long = "cn-port", default_value_t = 7002)]
    second_port: u16,
    /// The language of the pages and of the story, as the instrument names it.
    #[arg(long)]
    lang: Option<String>,
    /// Play the scripted scenario without a browser, print it, verify both logs.
    #[arg(long)]
    story: bool,
}

/// What a demo folder is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Desks full of matters.
    Desk,
    /// Empty desks, for the story to fill.
    Story,
}

impl Purpose {
    /// The mark of a folder that is not whole yet.
    const MAKING: &'static str = "making";

    /// The mark of a folder made for this.
    fn word(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Story => "story",
        }
    }
}

/// A demo's two nodes, made, and the clock they share.
struct Pair {
    homes: [Home; 2],
    clock: Clock,
}

/// Runs the demo until a signal comes, or the story to its end.
///
/// # Errors
/// When the folder, a port or the language cannot be used.
pub async fn run(args: Args, as_json: bool) -> Ended {
    if args.story {
        let pair = Pair::make(&story_dir(&args.dir), [0, 0], Purpose::Story, true)?;
        let tongue = args.lang.as_deref().and_then(Tongue::from_code).unwrap_or(Tongue::En);
        return story::play(pair, tongue, as_json).await;
    }
    let query = language(&args.dir, args.lang.as_deref())?;
    let pair = Pair::make(&args.dir, [args.first_port, args.second_port], Purpose::Desk, false)?;
    let [a, b] = pair.start(Duty::All).await?;
    let shown: Vec<_> = pair.homes.iter().zip([&a, &b]).map(|(home, node)| (home, node.url() + &query)).collect();
    let (of_a, of_b) = tokio::try_join!(tokens::kept(&pair.homes[0], a.app()), tokens::kept(&pair.homes[1], b.app()))?;
    let tokens = [of_a, of_b];
    if as_json {
        let nodes = shown.iter().zip(&tokens).map(|((home, url), tokens)| {
            serde_json::json!({ "party": home.config().party, "url": url, "dir": home.dir(), "tokens": tokens })
        });
        json(&serde_json::json!({ "nodes": nodes.collect::<Vec<_>>() }));
    } else {
        say("EXERCISE. Two nodes, invented people, nothing leaves this machine. Ctrl-C ends it.");
        for (home, url) in &shown {
            say(format_args!("  {}  {url}  ({})", home.config().party, home.dir().display()));
        }
        for tokens in &tokens {
            say(format_args!("  tokens for programs, by persona: {}", tokens.display()));
        }
    }
    until_signal().await?;
    tokio::join!(a.stop(), b.stop());
    Ok(Verdict::Done)
}

/// Where the story's two nodes live: in the folder itself, unless that is the usual one or holds a demo's desks, which
/// the story must not sweep away.
fn story_dir(dir: &Path) -> PathBuf {
    let desks = fs::read_to_string(dir.join(MADE)).is_ok_and(|word| word == Purpose::Desk.word());
    if desks || dir == Path::new(USUAL_DIR) { dir.join(STORY) } else { dir.to_owned() }
}

impl Pair {
    /// Opens the demo in `dir`, making it first when it is not there whole. `anew` throws an old one away.
    fn make(dir: &Path, web_ports: [u16; 2], purpose: Purpose, anew: bool) -> Result<Self, Trouble> {
        let sources = shipped_sources(dir)?;
        let marked = fs::read_to_string(dir.join(MADE)).ok();
        let making = anew || marked.as_deref().is_none_or(|word| word == Purpose::MAKING);
        let waiting = making.then(|| bar(1, "making the exercise"));
        if making {
            clear(dir, marked.is_some())?;
            fs::create_dir_all(dir).map_err(|why| HomeFault::io("cannot make", dir, &why))?;
            mark(dir, Purpose::MAKING)?;
        }
        let homes = Self::homes(dir, &sources, web_ports)?;
        if making {
            furnish(&homes, purpose)?;
            mark(dir, purpose.word())?;
        }
        waiting.iter().for_each(ProgressBar::finish_and_clear);
        Ok(Self { homes, clock: Clock::movable(dir.join(CLOCK))? })
    }

    /// Both folders, made where missing, with today's addresses and each other's cards.
    fn homes(dir: &Path, sources: &[SourceFile], web_ports: [u16; 2]) -> Result<[Home; 2], Trouble> {
        let [first, second] = parties(sources, dir)?;
        let [web_a, web_b] = web_ports;
        let (a, b) = at_once(|| home(dir, first, web_a, sources), || home(dir, second, web_b, sources));
        let (a, b) = (a?, b?);
        a.add_peer(&b.card_path())?;
        b.add_peer(&a.card_path())?;
        Ok([a, b])
    }

    /// Starts both nodes.
    async fn start(&self, duty: Duty) -> Result<[Running; 2], Trouble> {
        let [a, b] = &self.homes;
        let demo = |other: &Home| Some(Demo { other_url: format!("http://{}", other.config().web) });
        let first = Running::start(a, self.clock.clone(), demo(b), duty).await?;
        let second = Running::start(b, self.clock.clone(), demo(a), duty).await?;
        Ok([first, second])
    }
}

/// Opens or makes one node's folder, with its pages on `web_port` and its peer port on a free one.
fn home(dir: &Path, party: PartyId, web_port: u16, sources: &[SourceFile]) -> Result<Home, Trouble> {
    let at = dir.join(party.as_str().to_lowercase());
    let web = loopback(if web_port == 0 { free_port()? } else { web_port });
    let peer = loopback(free_port()?);
    let config = Config { party, web, peer, endpoint: peer.to_string(), names: Vec::new() };
    if Home::is_one(&at) {
        let mut home = Home::open(&at)?;
        home.readdress(config)?;
        return Ok(home);
    }
    let made = Home::init(&at, config, sources, &random_bytes())?;
    // Each side keeps its own law, which the other never sees.
    let law = shipped::policy(made.instrument()?.id(), &made.config().party);
    law.map_or(Ok(()), |law| made.put_policy(law))?;
    Ok(made)
}

/// Does two things at once: what belongs to one node only need not wait for the other's.
fn at_once<T: Send, U: Send>(one: impl FnOnce() -> T, other: impl FnOnce() -> U + Send) -> (T, U) {
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        (one, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// People on both sides, and for desks everything that has happened so far. It happens in memory and is then kept in one
/// batch a node: what takes a year of small durable steps in life must not take a minute before the pages open.
fn furnish(homes: &[Home; 2], purpose: Purpose) -> Result<(), Trouble> {
    let [a, b] = homes;
    let (node_a, node_b) = at_once(|| a.node(), || b.node());
    let (node_a, node_b) = (node_a?, node_b?);
    let (chunks_a, chunks_b) = (a.chunks()?, b.chunks()?);
    let (mut store_a, mut store_b) = (Rehearsed::default(), Rehearsed::default());
    let instrument = node_a.instrument().id().to_owned();
    let mut houses = [
        House { node: node_a, store: &mut store_a, chunks: &chunks_a },
        House { node: node_b, store: &mut store_b, chunks: &chunks_b },
    ];
    let (mut rng, now) = (randomness(), Clock::real().now());
    let script = match purpose {
        Purpose::Desk => script(&instrument, Part::Desk)?,
        // People without matters: the story plays those itself.
        Purpose::Story => script(&instrument, Part::People)?,
    };
    seed(&mut houses, &script, now, &mut rng).map_err(|why| Trouble(why.to_string()))?;
    let (kept_a, kept_b) = at_once(|| keep(a, store_a), || keep(b, store_b));
    kept_a.and(kept_b)
}

/// Writes what was rehearsed in memory into a node's own database.
fn keep(home: &Home, store: Rehearsed) -> Result<(), Trouble> {
    let kept = home.database()?.commit(&store.whole());
    Ok(kept.map_err(|why| HomeFault::new(why.to_string(), home.dir(), "delete the demo's folder and try again"))?)
}

/// The exercise built in for an instrument. One without a story tells the matters of its desks.
fn script(instrument: &str, part: Part) -> Result<Script, Trouble> {
    let (files, assets) = shipped::exercise(instrument, part);
    let script = Script::read(&files, assets)?;
    match part {
        Part::Story if script.matters().is_empty() => self::script(instrument, Part::Desk),
        Part::Story | Part::Desk | Part::People => Ok(script),
    }
}

/// The built-in instrument: the first, when there are several.
fn shipped_sources(dir: &Path) -> Result<Vec<SourceFile>, Trouble> {
    let found = shipped::instruments().next().and_then(files::shipped);
    found.ok_or_else(|| HomeFault::new("no instrument is built into the program", dir, "use `entente init`").into())
}

/// The first two Parties in the order of the instrument.
fn parties(sources: &[SourceFile], dir: &Path) -> Result<[PartyId; 2], Trouble> {
    let instrument = crate::home::sound(sources, dir)?;
    let mut parties: Vec<_> = instrument.parties().values().collect();
    parties.sort_by_key(|party| party.order);
    match parties.as_slice() {
        [first, second, ..] => Ok([first.id.clone(), second.id.clone()]),
        _ => Err(HomeFault::new("the instrument has no two Parties", dir, "use another").into()),
    }
}

/// Throws away what an earlier demo left. A folder that no demo marked as its own must be empty: it may hold real nodes.
fn clear(dir: &Path, ours: bool) -> Result<(), Trouble> {
    let Ok(listing) = fs::read_dir(dir) else { return Ok(()) };
    for entry in listing {
        let at = entry.map_err(|why| HomeFault::io("cannot list", dir, &why))?.path();
        let name = at.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_node = at.join("instrument").is_dir() && at.join("peers").is_dir();
        let gone = match (ours, is_node) {
            _ if name == STORY => Ok(()),
            (false, _) => {
                let remedy = "name another, or delete it yourself";
                return Err(HomeFault::new("the folder holds something that is no demo's", dir, remedy).into());
            }
            (true, true) => fs::remove_dir_all(&at),
            (true, false) if [MADE, CLOCK].contains(&name.as_str()) => fs::remove_file(&at),
            (true, false) => Ok(()),
        };
        gone.map_err(|why| HomeFault::io("cannot clear", &at, &why))?;
    }
    Ok(())
}

fn mark(dir: &Path, word: &str) -> Result<(), Trouble> {
    Ok(crate::home::replace(&dir.join(MADE), word.as_bytes(), 0o644)?)
}

/// What to add to the printed addresses so that pages open in a language.
fn language(dir: &Path, lang: Option<&str>) -> Result<String, Trouble> {
    let Some(lang) = lang else { return Ok(String::new()) };
    let known = crate::home::sound(&shipped_sources(dir)?, dir)?;
    let wanted = Lang::new(lang).map_err(|why| Trouble(why.to_string()))?;
    if known.langs().contains(&wanted) {
        return Ok(format!("?lang={wanted}"));
    }
    let known: Vec<&str> = known.langs().iter().map(Lang::as_str).collect();
    Err(Trouble(format!("`{lang}` is no language of the instrument; choose one of {}", known.join(", "))))
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Where a port nobody listens on is looked for: below those a system lends to whoever calls out (from 32,768 on), so that
/// no program's call takes a node's port while the node is down.
const PORTS: std::ops::Range<u16> = 20_000..32_000;
/// Ports tried before giving up; on a machine where so many chosen blindly are taken, something else is wrong.
const PORT_TRIES: usize = 256;

/// A port nobody listens on. Somebody may take it before we do; then starting says so.
///
/// # Errors
/// When none is found.
pub fn free_port() -> Result<u16, Trouble> {
    let mut rng = randomness();
    let mut any = || PORTS.start + u16::try_from(rng.next_u32() % u32::from(PORTS.end - PORTS.start)).unwrap_or(0);
    let free = |port: &u16| TcpListener::bind(loopback(*port)).is_ok();
    let found = std::iter::repeat_with(&mut any).take(PORT_TRIES).find(free);
    found.ok_or_else(|| Trouble(format!("no port is free between {} and {}: free some", PORTS.start, PORTS.end)))
}
