//! One node running: its store, its pages, its peer port, its couriers and its clock.
//!
//! Owns the wiring and the orderly end. Must not know what any part does.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::ids::PartyId;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::app::{App, Clock, Demo, Parts};
use crate::home::{Held, Home, HomeFault};
use crate::peer::courier::Courier;
use crate::peer::{server, tls};
use crate::port::{self, Limits, Names};

/// How often broken-off uploads are looked for: they are a day old before they count.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// A node that serves until it is stopped.
pub struct Running {
    app: App,
    tasks: JoinSet<()>,
    web: SocketAddr,
    /// Let go last.
    _held: Held,
}

/// What of a node is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Everything.
    All,
    /// Without couriers and clock: whoever drives it calls them (`demo --story`).
    Driven,
}

impl Running {
    /// Starts the node of a folder. Its ports are open when this returns.
    ///
    /// # Errors
    /// [`HomeFault`] when anything in the folder cannot be used or a port cannot be had.
    pub async fn start(home: &Home, clock: Clock, demo: Option<Demo>, duty: Duty) -> Result<Self, HomeFault> {
        let held = home.hold()?;
        let config = home.config();
        let peer_port = listen(home, config.peer, "peer").await?;
        let web_port = listen(home, config.web, "web").await?;
        let unwell = |why: &dyn std::fmt::Display| HomeFault::new(why.to_string(), home.dir(), "run `entente doctor`");
        let web = web_port.local_addr().map_err(|why| unwell(&why))?;
        let (identity, node) = (home.identity()?, home.node()?);
        let pins = node.peers().values().map(|card| (card.tls_spki_sha256, card.party.clone()));
        let pins = Arc::new(tls::Pins::new(pins));
        let ours = tls::server_config(&identity, Arc::clone(&pins)).map_err(|why| unwell(&why))?;
        let (store, chunks) = (Box::new(home.database()?), Arc::new(home.chunks()?));
        let folder = std::path::absolute(home.dir()).unwrap_or_else(|_| home.dir().to_owned());
        let app = App::start(Parts { node, store, chunks, clock, demo, folder }).map_err(|why| unwell(&why))?;

        let mut tasks = JoinSet::new();
        let peers = app.node().peers().clone();
        let arrived: BTreeMap<PartyId, Arc<Notify>> =
            peers.keys().map(|peer| (peer.clone(), Arc::new(Notify::new()))).collect();
        tasks.spawn(server::serve(app.clone(), peer_port, ours, pins, arrived.clone()));
        let router = crate::web::router(app.clone()).merge(crate::api::router(app.clone()));
        tasks.spawn(port::serve(web_port, router, Names::of(config), Limits::default()));
        if duty == Duty::All {
            tasks.spawn(tick(app.clone()));
            tasks.spawn(sweep(app.clone()));
            for (peer, card) in &peers {
                let theirs = tls::client_config(&identity, peer.clone(), card.tls_spki_sha256);
                let courier = Courier::new(app.clone(), card, Arc::new(theirs.map_err(|why| unwell(&why))?));
                let bell = arrived.get(peer).map(Arc::clone).unwrap_or_default();
                tasks.spawn(courier.run(bell));
            }
        }
        Ok(Self { app, tasks, web, _held: held })
    }

    /// The node, for whoever drives it.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Where its pages are.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.web)
    }

    /// Stops: calls under way are cut (whoever made them tries again), writes under way are finished.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        self.app.stop().await;
    }
}

/// A courier to `peer` for whoever drives the node.
///
/// # Errors
/// [`HomeFault`] when there is no such peer or our certificate cannot be used.
pub fn courier(home: &Home, app: &App, peer: &PartyId) -> Result<Courier, HomeFault> {
    let unknown =
        || HomeFault::new(format!("`{peer}` is no known peer"), home.dir(), "add its card with `entente peer add`");
    let node = app.node();
    let card = node.peers().get(peer).ok_or_else(unknown)?;
    let tls = tls::client_config(&home.identity()?, peer.clone(), card.tls_spki_sha256);
    let tls = tls.map_err(|why| HomeFault::new(why.to_string(), home.dir(), "run `entente doctor`"))?;
    Ok(Courier::new(app.clone(), card, Arc::new(tls)))
}

/// Enters what has come due, as soon as it is, for ever.
async fn tick(app: App) {
    // What a crash left between a certificate and the removal of the pieces.
    sweep_erased(&app).await;
    let mut changes = app.changes();
    let mut moves = app.clock().moves();
    let began = app.now();
    loop {
        let next = app.read(|node, reader, now| (reader.timer_next_due(), node.instruments().next_from(), now)).await;
        let next = match next {
            // An amendment whose day comes is taken up by the next job, whatever that does.
            (Ok(next), amended, now) => {
                let next = next.map(jiff::Timestamp::from).into_iter().chain(amended).min();
                next.map(|at| (at, at <= now))
            }
            (Err(why), ..) => {
                tracing::error!(code = "fault", %why);
                None
            }
        };
        if let Some((_, true)) = next {
            // A demo's clock leaps, and this node has run through what it leapt over.
            let leaps = app.is_demo();
            let ticked = app.write(move |node, store, env| match leaps {
                true => node.catch_up(store, env, began),
                false => node.tick(store, env),
            });
            match ticked.await {
                Ok(1..) => {
                    sweep_erased(&app).await;
                    continue;
                }
                // Due and yet nothing to enter: not asked again at once, lest it spin.
                Ok(0) => tokio::time::sleep(std::time::Duration::from_secs(1)).await,
                // A disk that fails is not asked again at once.
                Err(why) => {
                    tracing::error!(code = "fault", %why);
                    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                }
            }
        }
        tokio::select! {
            () = app.clock().until(next.map(|(at, _)| at)) => {}
            _ = changes.recv() => while changes.try_recv().is_ok() {},
            moved = moves.changed() => match moved {
                Ok(()) => app.announce(),
                Err(_) => return,
            },
        }
    }
}

/// Removes the pieces of attachments whose time is over.
async fn sweep_erased(app: &App) {
    let chunks = app.chunks();
    if let Err(why) = app.write(move |node, store, _| node.sweep_erased(store, &*chunks)).await {
        tracing::error!(code = "fault", %why, "pieces of erased attachments could not be removed");
    }
}

/// Removes what broken-off uploads left, at the start and then every so often, for ever.
async fn sweep(app: App) {
    loop {
        let chunks = app.chunks();
        match app.write(move |node, store, env| node.sweep(store, env, &*chunks)).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(code = "swept", swept),
            Err(why) => tracing::error!(code = "fault", %why, "broken-off uploads could not be swept"),
        }
        app.clock().until(app.now().saturating_add(SWEEP_EVERY).ok()).await;
    }
}

async fn listen(home: &Home, at: SocketAddr, what: &str) -> Result<TcpListener, HomeFault> {
    let remedy = format!("free the port, or set another for `{what}` in node.toml");
    TcpListener::bind(at)
        .await
        .map_err(|why| HomeFault::new(format!("cannot listen on {at} ({why})"), home.dir(), remedy))
}
