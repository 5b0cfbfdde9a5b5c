//! `entente peer`: the other Parties' cards, and whether their nodes answer.
//!
//! Owns its arguments and what is shown. Must not know TLS or cards' insides.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use domain::ids::PartyId;
use node::Card;
use serde_json::json;

use super::out::{self, say};
use super::{Ended, Trouble, Verdict};
use crate::app::{Clock, stopwatch};
use crate::home::Home;
use crate::peer::client::{CallFault, Line};
use crate::peer::tls;
use crate::peer::wire::Heartbeat;

const EXAMPLES: &str = "Examples:
  entente peer add node their-card.json --fingerprint \"1c2e 90ab 4f77 03d1 8a6e 55c0 b912 fe34\"
  entente peer list node
  entente peer ping node";

/// Which of the peer commands.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add or replace another Party's card, once its fingerprint was compared by telephone.
    Add {
        /// The node's folder.
        dir: PathBuf,
        /// The card file that Party made with `init`.
        card: PathBuf,
        /// The fingerprint that Party read to you over the telephone; another card is not added.
        #[arg(long, value_name = "DIGITS")]
        fingerprint: Option<String>,
    },
    /// List the cards.
    List {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Call the other nodes and say who answers, how fast and with which clock.
    Ping {
        /// The node's folder.
        dir: PathBuf,
        /// Only this Party.
        party: Option<String>,
    },
}

/// Carries the command out; `ping` is found wanting when a node does not answer.
///
/// # Errors
/// When the folder or a card cannot be used.
pub async fn run(args: Args, as_json: bool) -> Ended {
    match args.what {
        What::Add { dir, card, fingerprint } => {
            let card = Home::open(&dir)?.add_peer_called(&card, fingerprint.as_deref())?;
            if as_json {
                out::json(&shown(&card));
            } else {
                say(format_args!("{} added; its fingerprint is {}", card.party, card.fingerprint()));
                if fingerprint.is_none() {
                    say("have that Party read it to you over the telephone before you trust it");
                }
                say("restart the node if it runs");
            }
            Ok(Verdict::Done)
        }
        What::List { dir } => {
            let cards = Home::open(&dir)?.peers()?;
            if as_json {
                out::json(&cards.iter().map(shown).collect::<Vec<_>>());
            } else {
                for card in &cards {
                    let instrument = card.instrument.short();
                    say(format_args!("{}  {}  {}  {instrument}", card.party, card.endpoint, card.fingerprint()));
                }
            }
            Ok(Verdict::Done)
        }
        What::Ping { dir, party } => {
            let only = party.map(|party| PartyId::new(&party)).transpose().map_err(|why| Trouble(why.to_string()))?;
            ping_all(&Home::open(&dir)?, only.as_ref(), as_json).await
        }
    }
}

async fn ping_all(home: &Home, only: Option<&PartyId>, as_json: bool) -> Ended {
    let cards: Vec<Card> =
        home.peers()?.into_iter().filter(|card| only.is_none_or(|only| card.party == *only)).collect();
    if cards.is_empty() {
        return Err(Trouble(format!("`{}` knows no such peer; see `entente peer list`", home.dir().display())));
    }
    let mut all = true;
    let mut lines = Vec::new();
    for card in &cards {
        let (answer, line) = match ping(home, card).await? {
            Ok((took_ms, skew_ms)) => (
                format!("{} answered in {took_ms} ms; its clock is {skew_ms} ms ahead", card.party),
                json!({ "party": card.party, "ok": true, "took_ms": took_ms, "skew_ms": skew_ms }),
            ),
            Err(why) => {
                all = false;
                let line = json!({ "party": card.party, "ok": false, "error": why.to_string() });
                (format!("{} {why}", card.party), line)
            }
        };
        if !as_json {
            say(answer);
        }
        lines.push(line);
    }
    if as_json {
        out::json(&lines);
    }
    Ok(if all { Verdict::Done } else { Verdict::Wanting })
}

/// Round trip in milliseconds and how far the peer's clock is ahead, in milliseconds.
async fn ping(home: &Home, card: &Card) -> Result<Result<(u128, i64), CallFault>, Trouble> {
    let tls = tls::client_config(&home.identity()?, card.party.clone(), card.tls_spki_sha256);
    let tls = Arc::new(tls.map_err(|why| Trouble(why.to_string()))?);
    let clock = Clock::real();
    let call = async {
        let mut line = Line::dial(&card.endpoint, tls).await?;
        let (before_ms, watch) = (clock.now().as_millisecond(), stopwatch());
        let at_ms = u64::try_from(before_ms).unwrap_or(0);
        let ours = Heartbeat { at_ms, log_size: 0, envelopes_max: 0, batch_bytes_max: 0 };
        let theirs = line.heartbeat(&ours).await?;
        // Their clock was read somewhere between our two readings; the middle is the best guess.
        let middle_ms = i64::midpoint(before_ms, clock.now().as_millisecond());
        let skew_ms = i64::try_from(theirs.at_ms).unwrap_or(i64::MAX).saturating_sub(middle_ms);
        Ok((watch.elapsed().as_millis(), skew_ms))
    };
    Ok(call.await)
}

fn shown(card: &Card) -> serde_json::Value {
    json!({
        "party": card.party, "endpoint": card.endpoint, "fingerprint": card.fingerprint(),
        "instrument": card.instrument, "tls_spki_sha256": card.tls_spki_sha256,
    })
}
