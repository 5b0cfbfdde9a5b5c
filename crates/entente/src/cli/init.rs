//! `entente init`: a node's folder.
//!
//! Owns its arguments and what is said afterwards. Must not know the folder's files: `home` does.

use std::net::SocketAddr;
use std::path::PathBuf;

use domain::ids::PartyId;

use super::out::{json, say};
use super::{Ended, Trouble, Verdict};
use crate::app::random_bytes;
use crate::config::{Config, HostName};
use crate::home::{Home, files};

const EXAMPLES: &str = "Examples:
  entente init --party GB --instrument instruments/my-instrument node
  entente init --party GB --instrument F --peer 0.0.0.0:8443 --endpoint node.example:8443 node";

/// What the node is to be.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The Party it serves, as the instrument names it.
    #[arg(long)]
    party: String,
    /// The instrument's folder.
    #[arg(long, value_name = "F")]
    instrument: PathBuf,
    /// Where officers and programs are served.
    #[arg(long, default_value = "127.0.0.1:8080")]
    web: SocketAddr,
    /// Where other Parties' nodes are served.
    #[arg(long, default_value = "127.0.0.1:8443")]
    peer: SocketAddr,
    /// What other Parties dial (host:port); by default the address of `--peer`.
    #[arg(long, value_name = "HOST:PORT")]
    endpoint: Option<String>,
    /// A name under which browsers reach the pages through a gateway; may be repeated.
    #[arg(long = "name", value_name = "HOST")]
    names: Vec<HostName>,
    /// The folder to make.
    dir: PathBuf,
}

/// Makes the folder.
///
/// # Errors
/// When the Party or instrument cannot be used, or the folder holds something.
pub fn run(args: Args, as_json: bool) -> Ended {
    let party = PartyId::new(&args.party).map_err(|why| Trouble(why.to_string()))?;
    let endpoint = args.endpoint.unwrap_or_else(|| args.peer.to_string());
    let config = Config { party, web: args.web, peer: args.peer, endpoint, names: args.names };
    let home = Home::init(&args.dir, config, &files::read(&args.instrument)?, &random_bytes())?;
    let (card, path) = (home.card()?, home.card_path());
    if as_json {
        json(&serde_json::json!({
            "party": card.party, "dir": args.dir, "card": path, "fingerprint": card.fingerprint(),
            "instrument": card.instrument,
        }));
    } else {
        let (dir, path) = (args.dir.display(), path.display());
        say(format_args!("{dir}: a node for {}", card.party));
        say(format_args!("give {path} to the other Party, and read it this by telephone: {}", card.fingerprint()));
        say(format_args!("then: entente peer add {dir} THEIR-CARD, entente user add {dir} …, entente serve {dir}"));
        say(format_args!("back up {dir}/seed.key offline: without it nothing sealed here opens again"));
    }
    Ok(Verdict::Done)
}
