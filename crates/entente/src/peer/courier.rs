//! The courier to one other Party: carries what is due, brings receipts back, and keeps a copy of its log.
//!
//! Owns when to call. Must not know what it carries: parcels, waits and receipts are the clerk's. Attachments go before
//! the act that names them, chunk by chunk, so that a gigabyte needs a mebibyte of memory here.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::{Hash32, PartyId};
use jiff::SignedDuration;
use ledger::blob::AttachmentRef;
use node::{Card, Failure, Parcel};
use rustls::ClientConfig;
use store::EventLevel;
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;

use super::client::{CallFault, Line};
use super::server::{SKEW_MAX, heartbeat, write_event};
use super::wire;
use crate::app::App;

/// A sign of life, and a look at the peer's log, this often when there is nothing to carry.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(60);
/// Rounds of one delivery: one parcel a case goes in each, so a case with a long backlog needs many. Then others' turn.
const ROUNDS_MAX: usize = 64;
/// Pages of the peer's log fetched in one round of mirroring; the rest follows with the next heartbeat.
const PAGES_MAX: usize = 1024;

/// The courier to one peer.
pub struct Courier {
    app: App,
    peer: PartyId,
    endpoint: String,
    tls: Arc<ClientConfig>,
    line: Option<Line>,
    /// Whether the clocks were too far apart at the last heartbeat, so that the alarm sounds once.
    skewed: bool,
}

/// Why an errand ended early.
#[derive(Debug, thiserror::Error)]
pub enum Setback {
    /// The peer, or the way to it.
    #[error("peer {0}")]
    Call(#[from] CallFault),
    /// Our own clerk: the peer's answer was false, or our disk failed.
    #[error(transparent)]
    Clerk(#[from] Failure),
}

impl From<node::Fault> for Setback {
    fn from(fault: node::Fault) -> Self {
        Self::Clerk(Failure::Fault(fault))
    }
}

impl Courier {
    /// A courier to the peer of this card.
    #[must_use]
    pub fn new(app: App, card: &Card, tls: Arc<ClientConfig>) -> Self {
        let (peer, endpoint) = (card.party.clone(), card.endpoint.clone());
        Self { app, peer, endpoint, tls, line: None, skewed: false }
    }

    /// Works for ever; stops with its task. `arrived` rings when mail from the peer came in.
    pub async fn run(mut self, arrived: Arc<Notify>) {
        let mut changes = self.app.changes();
        let mut moves = self.app.clock().moves();
        let mut beat = tokio::time::interval(HEARTBEAT_EVERY);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let peer = self.peer.clone();
            let next = self.app.read(move |_, reader, _| reader.parcel_next_due(&peer)).await;
            let next = next.ok().flatten().map(jiff::Timestamp::from);
            let mut look_at_log = false;
            tokio::select! {
                () = self.app.clock().until(next) => {}
                changed = changes.recv() => match changed {
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                moved = moves.changed() => if moved.is_err() { return },
                () = arrived.notified() => look_at_log = true,
                _ = beat.tick() => {
                    look_at_log = true;
                    let beaten = self.beat().await;
                    self.tell(beaten).await;
                }
            }
            // What piled up while we worked is all looked at now.
            while changes.try_recv().is_ok() {}
            let delivered = self.deliver().await;
            // Nothing due says nothing of the peer.
            if !matches!(delivered, Ok(0)) {
                look_at_log |= delivered.is_ok();
                self.tell(delivered).await;
            }
            if look_at_log {
                let mirrored = self.mirror().await;
                self.tell(mirrored).await;
            }
        }
    }

    /// Carries everything due now; says how many parcels were receipted.
    ///
    /// # Errors
    /// [`Setback`]; what could not be carried has been put back for later.
    pub async fn deliver(&mut self) -> Result<usize, Setback> {
        let mut count = 0;
        for _ in 0..ROUNDS_MAX {
            let peer = self.peer.clone();
            let parcels = self.app.read(move |node, reader, now| node.parcels(reader, &peer, now)).await?;
            if parcels.is_empty() {
                break;
            }
            for batch in batches(parcels) {
                let names: Vec<Hash32> = batch.iter().map(|parcel| parcel.core_hash).collect();
                match self.carry(batch).await {
                    Ok(()) => count += names.len(),
                    Err(setback) => {
                        self.put_back(names, &setback).await?;
                        return Err(setback);
                    }
                }
            }
        }
        Ok(count)
    }

    /// Fetches what is new in the peer's log, has the clerk check and keep it, and returns the cosignature.
    ///
    /// # Errors
    /// [`Setback`]; what was kept stays.
    pub async fn mirror(&mut self) -> Result<(), Setback> {
        self.ask_for_offices().await?;
        for _ in 0..PAGES_MAX {
            let peer = self.peer.clone();
            let from = self.app.read(move |node, reader, _| node.mirrored(reader, &peer)).await?;
            let Some(page) = self.line().await?.entries(from).await? else { return Ok(()) };
            let peer = self.peer.clone();
            let kept = self.app.write(move |node, store, env| node.mirror(store, env, &peer, &page)).await?;
            if let Some(cosignature) = kept {
                return Ok(self.line().await?.cosignature(cosignature).await?);
            }
        }
        Ok(())
    }

    /// Asks for the keys of offices that a later version of the instrument names and the peer's card does not.
    async fn ask_for_offices(&mut self) -> Result<(), Setback> {
        if !self.app.node().lacks_offices(&self.peer) {
            return Ok(());
        }
        let offices = self.line().await?.offices().await?;
        let peer = self.peer.clone();
        Ok(self.app.write(move |node, store, _| node.take_offices(store, &peer, &offices)).await?)
    }

    /// Exchanges heartbeats; says how far the peer's clock is ahead of ours.
    ///
    /// # Errors
    /// [`Setback`].
    pub async fn beat(&mut self) -> Result<SignedDuration, Setback> {
        let ours = heartbeat(&self.app, &self.peer).await?;
        let before = self.app.now();
        let theirs = self.line().await?.heartbeat(&ours).await?;
        let after = self.app.now();
        // Their clock was read somewhere between our two readings; the middle is the best guess.
        let middle_ms = i64::midpoint(before.as_millisecond(), after.as_millisecond());
        let skew =
            SignedDuration::from_millis(i64::try_from(theirs.at_ms).unwrap_or(i64::MAX).saturating_sub(middle_ms));
        self.app.board().answered(&self.peer, after, Some(skew));
        let skewed = skew.abs() > SKEW_MAX;
        if skewed && !self.skewed {
            let detail = format!("{} s", skew.as_secs());
            write_event(&self.app, EventLevel::Alarm, "clock-skew", &self.peer, detail).await;
        }
        self.skewed = skewed;
        Ok(skew)
    }

    /// Sends one batch with what must be there before it, and hands the receipt to the clerk.
    async fn carry(&mut self, batch: Vec<Parcel>) -> Result<(), Setback> {
        for attachment in batch.iter().flat_map(|parcel| &parcel.attachments) {
            self.attach(attachment).await?;
        }
        let Some(first) = batch.first().map(|parcel| parcel.core_hash) else { return Ok(()) };
        let envelopes: Vec<Vec<u8>> = batch.into_iter().map(|parcel| parcel.bytes).collect();
        let receipt = self.line().await?.put_batch(&first, &envelopes).await?;
        let peer = self.peer.clone();
        Ok(self.app.write(move |node, store, env| node.receipted(store, env, &peer, &receipt)).await?)
    }

    /// Sends the chunks of an attachment that the peer lacks.
    async fn attach(&mut self, attachment: &AttachmentRef) -> Result<(), Setback> {
        let root = Hash32(attachment.root);
        let hashes = self.app.read(move |node, reader, _| node.blob_list(reader, &root)).await?;
        let have = self.line().await?.put_list(&root, wire::pack_list(attachment, &hashes)).await?;
        for index in (0..attachment.chunks()).filter(|index| !wire::has_bit(&have, *index)) {
            let chunk = self.chunk(root, index).await?;
            self.line().await?.put_chunk(&root, index, chunk).await?;
        }
        Ok(())
    }

    async fn chunk(&self, root: Hash32, index: u64) -> Result<Vec<u8>, Setback> {
        let chunks = self.app.chunks();
        let found = self.app.read(move |_, _, _| chunks.get(&root, index)).await;
        let found = found.map_err(node::Fault::from)?;
        let missing =
            || node::Fault::Record { what: format!("attachment {}", root.short()), why: "chunk missing".into() };
        Ok(found.ok_or_else(missing)?)
    }

    async fn line(&mut self) -> Result<&mut Line, CallFault> {
        let standing = self.line.take().filter(Line::stands);
        let line = match standing {
            Some(line) => line,
            None => Line::dial(&self.endpoint, Arc::clone(&self.tls)).await?,
        };
        Ok(self.line.insert(line))
    }

    async fn put_back(&self, parcels: Vec<Hash32>, setback: &Setback) -> Result<(), Setback> {
        let retry_after = match setback {
            Setback::Call(CallFault::Refused { retry_after, .. }) => *retry_after,
            Setback::Call(_) | Setback::Clerk(_) => None,
        };
        let put = move |node: &node::Node, store: &mut dyn store::Store, env: &mut node::Env<'_>| {
            node.undelivered(store, env, &parcels, retry_after)
        };
        Ok(self.app.write(put).await?)
    }

    /// Tells the board, and the operator when it is news.
    async fn tell<T>(&mut self, outcome: Result<T, Setback>) {
        match outcome {
            Ok(_) => {
                if self.app.board().answered(&self.peer, self.app.now(), None) {
                    write_event(&self.app, EventLevel::Info, "peer-reachable", &self.peer, String::new()).await;
                }
            }
            Err(Setback::Call(why)) => {
                self.line = None;
                tracing::debug!(peer = %self.peer, code = "peer-unreachable", %why);
                if self.app.board().failed(&self.peer, &why.to_string()) {
                    write_event(&self.app, EventLevel::Warning, "peer-unreachable", &self.peer, why.to_string()).await;
                }
            }
            Err(Setback::Clerk(why)) => {
                let (level, code) = match &why {
                    Failure::Misbehaved(misbehaved) => (EventLevel::Alarm, misbehaved.code()),
                    Failure::Refused(_) | Failure::Held(_) => (EventLevel::Warning, "refused"),
                    Failure::Fault(_) => (EventLevel::Alarm, "fault"),
                };
                tracing::warn!(peer = %self.peer, code, %why);
                if self.app.board().failed(&self.peer, &why.to_string()) {
                    write_event(&self.app, level, code, &self.peer, why.to_string()).await;
                }
            }
        }
    }
}

/// Parcels in their order, cut where a batch is full.
fn batches(parcels: Vec<Parcel>) -> Vec<Vec<Parcel>> {
    let mut batches: Vec<Vec<Parcel>> = Vec::new();
    let mut bytes = 0;
    for parcel in parcels {
        match batches.last_mut() {
            Some(batch) if wire::fits(batch.len(), bytes, parcel.bytes.len()) => {
                bytes += parcel.bytes.len();
                batch.push(parcel);
            }
            _ => {
                bytes = parcel.bytes.len();
                batches.push(vec![parcel]);
            }
        }
    }
    batches
}
