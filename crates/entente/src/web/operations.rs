//! The engineer's page: the mail with each peer, its clock, and the operator's log with its acknowledgements.
//!
//! Owns the words of events. Must not show content: events carry ids only.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::act::Role;
use domain::refusal::Refusal;
use jiff::SignedDuration;
use node::people::Officer;
use node::view::{Operations, Viewer};
use store::{Batch, EventLevel, EventRow, ParcelState, Write};

use super::{Page, Posted, Said, Signed, Stop, html};
use crate::app::App;
use crate::peer::health::Health;

/// Events of the node and the shell that are no refusal and no lie of a peer.
pub const EVENT_CODES: &[&str] = &[
    "act-refused-by-peer",
    "parking-full",
    "expired",
    "impossible-time",
    "clock-skew",
    "peer-unreachable",
    "peer-reachable",
    "fault",
    "oversized-body",
    "truncated-body",
    "malformed-body",
    "encoded-body",
    "slow-body",
    "tls-refused",
    "too-many-connections",
    "too-many-calls",
    "wrong-party",
    "call-refused",
    "reply-not-released",
    "reveal-asked",
    "reveal-granted",
    "reveal-denied",
];

#[derive(Template)]
#[template(path = "operations.html")]
struct OperationsPage {
    page: Page,
    state: Operations,
    health: Vec<(domain::ids::PartyId, Health)>,
    may_acknowledge: bool,
}

/// The page.
pub async fn show(Signed { page, officer }: Signed, State(app): State<App>) -> Result<Response, Stop> {
    let viewer = Viewer::of(&officer);
    let state = app.read(move |node, reader, _| node.operations(reader, &viewer)).await?;
    let health = app.board().all().into_iter().collect();
    Ok(html(&OperationsPage { page, state, health, may_acknowledge: may_acknowledge(&officer) }))
}

/// Marks an event as seen by somebody.
pub async fn acknowledge(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path(id): Path<u64>,
    _posted: Posted,
) -> Result<Response, Stop> {
    if !may_acknowledge(&officer) {
        return Err(Stop::NotYours);
    }
    let viewer = Viewer::of(&officer);
    if !app.read(move |node, reader, _| node.hears_of(reader, &viewer, id)).await? {
        return Err(Stop::NotFound);
    }
    let done = app
        .write(move |_, store, _| {
            store.commit(&Batch { expect: Vec::new(), writes: vec![Write::AcknowledgeEvent { id }] })
        })
        .await;
    match done {
        Ok(()) => Ok(Redirect::to("/operations").into_response()),
        Err(store::CommitError::Conflict(_)) => Err(Stop::NotFound),
        Err(store::CommitError::Fault(fault)) => Err(fault.into()),
    }
}

/// An auditor reads everything and changes nothing, not even this.
fn may_acknowledge(officer: &Officer) -> bool {
    officer.roles.iter().any(|role| *role != Role::Auditor)
}

impl Page {
    /// What happened, in words: the house's own, a refusal's, or a lie of the peer.
    #[must_use]
    pub fn event(&self, row: &EventRow) -> String {
        let code = row.event.code.as_str();
        if EVENT_CODES.contains(&code) {
            self.t(&format!("event-{code}"))
        } else if Refusal::CODES.contains(&code) {
            self.t1("event-refused", "code", code)
        } else if self.tongue.has(&format!("misbehaved-{code}")) {
            self.t(&format!("misbehaved-{code}"))
        } else {
            code.to_owned()
        }
    }

    /// How far the peer's clock stands from ours.
    #[must_use]
    pub fn skew(&self, skew: &SignedDuration) -> String {
        match skew.as_secs() {
            0 => self.t("ops-skew-none"),
            seconds => self.t1("ops-skew-seconds", "n", seconds),
        }
    }

    /// How bad an event is.
    #[must_use]
    pub fn event_level(&self, level: &EventLevel) -> String {
        self.t(&format!("level-{}", level.as_str()))
    }

    /// Whether parcels in a state still wait for something.
    #[must_use]
    pub fn is_waiting(&self, state: &ParcelState) -> bool {
        matches!(state, ParcelState::Queued | ParcelState::Held)
    }

    /// The class of an event's line.
    #[must_use]
    pub fn event_class(&self, row: &EventRow) -> &'static str {
        match row.event.level {
            EventLevel::Alarm => "late",
            EventLevel::Warning => "today",
            EventLevel::Info => "",
        }
    }

    /// When an event happened, on our clock.
    #[must_use]
    pub fn when_event(&self, row: &EventRow) -> Said {
        self.when_here(&row.event.at.timestamp())
    }

    /// How a parcel fares.
    #[must_use]
    pub fn parcel_state(&self, state: &ParcelState) -> String {
        self.t(&format!("parcel-{}", state.as_str()))
    }
}
