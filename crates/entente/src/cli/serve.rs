//! `entente serve`: run one node until it is stopped.
//!
//! Owns the signals that stop it. Must not know what runs: `crate::serve` does.

use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use super::out::{json, say};
use super::{Ended, Trouble, Verdict};
use crate::app::Clock;
use crate::home::Home;
use crate::serve::{Duty, Running};

const EXAMPLES: &str = "Examples:
  entente serve node
  ENTENTE_LOG=debug entente serve node";

/// Which node.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The node's folder.
    dir: PathBuf,
}

/// Serves until a signal comes.
///
/// # Errors
/// When the folder cannot be used or a port cannot be had.
pub async fn run(args: Args, as_json: bool) -> Ended {
    let home = Home::open(&args.dir)?;
    let running = Running::start(&home, Clock::real(), None, Duty::All).await?;
    let (url, peers) = (running.url(), running.app().node().peers().len());
    if as_json {
        json(&serde_json::json!({ "party": home.config().party, "url": url, "peer": home.config().peer }));
    } else {
        say(format_args!("{} at {url}, peers at {}, {peers} known", home.config().party, home.config().peer));
    }
    until_signal().await?;
    running.stop().await;
    Ok(Verdict::Done)
}

/// Waits for an interrupt or a request to end.
///
/// # Errors
/// When the system does not let us hear of signals.
pub async fn until_signal() -> Result<(), Trouble> {
    let deaf = |why: std::io::Error| Trouble(format!("cannot hear signals: {why}; start it in another way"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(deaf)?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
