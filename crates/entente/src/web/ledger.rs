//! The ledger explorer: both logs, entry by entry, with their heads.
//!
//! Owns the choice of log and page. Must not verify: it says how to, offline, with public tools.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::ids::PartyId;
use ledger::leaf::LeafKind;
use node::view::{LogLine, LogPage, LogSide};
use serde::Deserialize;

use super::{Page, Signed, Stop, html};
use crate::app::App;

/// Which log, and from where.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    peer: Option<String>,
    log: String,
    below: Option<u64>,
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    page: Page,
    log: Option<LogPage>,
    mirror: bool,
    peers: Vec<PartyId>,
    command: String,
}

/// A page of a log.
pub async fn show(
    Signed { page, .. }: Signed,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let peers: Vec<PartyId> = page.node().peers().keys().cloned().collect();
    let wanted = asked.peer.as_deref().and_then(|peer| PartyId::new(peer).ok());
    let peer = wanted.or_else(|| peers.first().cloned());
    let mirror = asked.log == "mirror";
    let side = if mirror { LogSide::Mirror } else { LogSide::Own };
    let log = match peer {
        Some(peer) if peers.contains(&peer) => {
            Some(app.read(move |node, reader, _| node.log_page(reader, &peer, side, asked.below)).await?)
        }
        Some(_) => return Err(Stop::NotFound),
        None => None,
    };
    Ok(html(&LedgerPage { page, log, mirror, peers, command: app.verify_command() }))
}

impl Page {
    /// What an entry records.
    #[must_use]
    pub fn leaf_kind(&self, kind: &LeafKind) -> String {
        self.t(&format!("leaf-{}", kind.name()))
    }

    /// What an entry is about: an act's place, or in our words how many acts a receipt covers.
    #[must_use]
    pub fn leaf_about(&self, line: &LogLine) -> String {
        match (line.kind, line.reference.rsplit(' ').next().and_then(|count| count.parse::<u64>().ok())) {
            (LeafKind::Receipt, Some(count)) => self.t1("ledger-receipt-for", "n", count),
            _ => line.reference.clone(),
        }
    }
}
