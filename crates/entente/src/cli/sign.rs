//! `entente sign`: a further instrument for a node that has one; `entente begin`: files to write one from.
//!
//! Owns their arguments and what is said afterwards. Must not know the folder's files: `home` does.

use std::fs;
use std::path::PathBuf;

use super::out::{json, say};
use super::{Ended, Verdict};
use crate::home::{Home, HomeFault, files};
use crate::shipped;

const EXAMPLES: &str = "Examples:
  entente sign node instruments/my-second";

const BEGINNINGS: &str = "Examples:
  entente begin instruments/my-instrument
  entente begin instruments/my-instrument --like example-strait";

/// The instrument to write from when none is named: its Parties are invented.
const EXAMPLE: &str = "example-";

/// Which node signs what.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The node's folder.
    dir: PathBuf,
    /// The further instrument's folder.
    instrument: PathBuf,
}

/// Where to begin an instrument.
#[derive(Debug, clap::Args)]
#[command(after_help = BEGINNINGS)]
pub struct Begin {
    /// The built-in instrument to begin from; by default the example of invented states.
    #[arg(long, value_name = "ID")]
    like: Option<String>,
    /// The folder to make.
    dir: PathBuf,
}

/// Signs a further instrument.
///
/// # Errors
/// When it has errors, does not name the node's Party, or is signed already.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let home = Home::open(&args.dir)?;
    let _held = home.hold()?;
    let place = home.sign(&files::read(&args.instrument)?)?;
    let (path, fingerprint) = (place.card_path(), home.card()?.fingerprint());
    if as_json {
        let hash = place.instrument.hash();
        json(&serde_json::json!({ "instrument": hash, "card": path, "fingerprint": fingerprint }));
    } else {
        say(format_args!("{} {} is signed", place.instrument.id(), place.instrument.version()));
        say(format_args!("give {} to its other Parties, and read them this: {fingerprint}", path.display()));
        say(format_args!("then: entente peer add {} THEIR-CARD for each of them", args.dir.display()));
    }
    Ok(Verdict::Done)
}

/// Writes the files of a built-in instrument into a new folder, for somebody to change.
///
/// # Errors
/// When there is no such instrument, or the folder holds something.
pub fn begin(args: &Begin, as_json: bool) -> Ended {
    let dir = &args.dir;
    let known: Vec<&str> = shipped::instruments().collect();
    let id = args.like.as_deref().or_else(|| known.iter().copied().find(|id| id.starts_with(EXAMPLE)));
    let sources = id.and_then(files::shipped);
    let sources = sources.ok_or_else(|| {
        HomeFault::new("no such instrument is built in", dir, format!("choose one of {}", known.join(", ")))
    })?;
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(HomeFault::new("the folder is not empty", dir, "name a new one; nothing was changed").into());
    }
    fs::create_dir_all(dir).map_err(|why| HomeFault::io("cannot make", dir, &why))?;
    files::write(dir, &sources)?;
    if as_json {
        let names: Vec<&str> = sources.iter().map(|file| file.name.as_str()).collect();
        json(&serde_json::json!({ "dir": dir, "files": names }));
    } else {
        for file in &sources {
            say(format_args!("{}", dir.join(&file.name).display()));
        }
        say(format_args!("change them, and after each change: entente check {}", dir.display()));
    }
    Ok(Verdict::Done)
}
