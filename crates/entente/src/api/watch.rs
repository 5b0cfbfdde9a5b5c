//! What programs send that is refused for what it is: told to the operator, so that a broken or hostile program is seen.
//!
//! Owns which refusals are told and how often. Must not know who calls, nor repeat what was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use store::{Batch, Event, EventLevel, Write};

use super::Problem;
use crate::app::App;

/// Refusals an operator should see; the others are an officer's everyday.
const TOLD: &[&str] = &["malformed", "too-large", "unauthorized", "unreadable-indicators"];
/// The same refusal is written to the operator's log once in this time, so that nobody fills it.
const TOLD_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// The event's code.
const CODE: &str = "call-refused";

/// The node, and when each refusal was last told.
#[derive(Clone)]
pub(super) struct Watch {
    app: App,
    told: Arc<Mutex<BTreeMap<String, Timestamp>>>,
}

impl Watch {
    /// Watches over the calls of one router.
    pub fn new(app: App) -> Self {
        Self { app, told: Arc::default() }
    }

    /// Tells the operator of a refusal, if it is one to tell and was not told just now.
    pub async fn note(&self, problem: &Problem) {
        let code = problem.code();
        if !TOLD.contains(&code) || !self.is_fresh(code) {
            return;
        }
        let detail = code.to_owned();
        let told = self.app.write(move |_, store, env| {
            let (at, level, code) = (env.now.into(), EventLevel::Warning, CODE.to_owned());
            let event = Event { at, level, code, case: None, peer: None, detail };
            store.commit(&Batch { expect: Vec::new(), writes: vec![Write::AddEvent(event)] })
        });
        if let Err(why) = told.await {
            tracing::error!(code = "event-not-written", %why);
        }
    }

    fn is_fresh(&self, code: &str) -> bool {
        let now = self.app.now();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = told.get(code).is_none_or(|last| now.duration_since(*last).abs() >= TOLD_EVERY);
        if fresh {
            told.insert(code.to_owned(), now);
        }
        fresh
    }
}
