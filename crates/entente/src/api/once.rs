//! Calls that may be repeated: the answer to an `Idempotency-Key` is kept, and a repeat gets the same one.
//!
//! Owns the keeping. Must not know what the calls do. A call that failed keeps nothing and may be tried again.

use axum::http::HeaderMap;
use domain::ids::Hash32;
use jiff::SignedDuration;
use node::{Env, Node};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{Batch, CommitError, IdempotencyRow, Store, Write};

use super::caller::Caller;
use super::{Answer, Problem, json};
use crate::app::App;

/// The header.
pub(crate) const HEADER: &str = "idempotency-key";
/// Longest key; a UUID has 36.
const KEY_BYTES_MAX: usize = 128;
/// How long an answer is kept: past every program's retries over a long holiday.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 14);

/// An answer as kept, sealed at rest.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of the call: a key stands for one call only.
    fingerprint: Hash32,
    status: u16,
    body: Value,
}

/// What a call is, to tell a repeat from another one under the same key.
pub(crate) struct Call<'c> {
    pub headers: &'c HeaderMap,
    /// The route and its parameters.
    pub what: String,
    pub body: &'c [u8],
}

/// Carries `work` out on the writer thread, or answers as it was answered before.
pub(crate) async fn once(
    app: &App,
    caller: &Caller,
    call: Call<'_>,
    work: impl FnOnce(&Node, &mut dyn Store, &mut Env<'_>) -> Result<(u16, Value), Problem> + Send + 'static,
) -> Answer {
    let key = match call.headers.get(HEADER) {
        None => None,
        Some(key) => {
            let key = key.to_str().ok().filter(|key| (1..=KEY_BYTES_MAX).contains(&key.len()));
            let key = key.ok_or_else(|| Problem::plain(400, "bad-key"))?;
            Some(format!("api/{}/{key}", caller.officer.id))
        }
    };
    let fingerprint =
        Hash32(Sha256::new().chain_update(&call.what).chain_update([0]).chain_update(call.body).finalize().into());
    let done = app.write(move |node, store, env| match key {
        None => work(node, store, env),
        Some(key) => keyed(node, store, env, key, fingerprint, work),
    });
    let (status, body) = done.await?;
    json(status, &body)
}

fn keyed(
    node: &Node,
    store: &mut dyn Store,
    env: &mut Env<'_>,
    key: String,
    fingerprint: Hash32,
    work: impl FnOnce(&Node, &mut dyn Store, &mut Env<'_>) -> Result<(u16, Value), Problem>,
) -> Result<(u16, Value), Problem> {
    let unreadable = |why: serde_json::Error| {
        tracing::error!(code = "fault", %why, "a kept answer cannot be read");
        Problem::plain(500, "fault")
    };
    let kept = store.reader()?.idempotency(&key)?;
    if let Some(row) = kept {
        let kept: Kept = serde_json::from_slice(&node.unwrap(&key, &row.bytes)?).map_err(unreadable)?;
        if kept.fingerprint != fingerprint {
            return Err(Problem::plain(422, "key-reused"));
        }
        return Ok((kept.status, kept.body));
    }
    let (status, body) = work(node, store, env)?;
    let kept = serde_json::to_vec(&Kept { fingerprint, status, body: body.clone() }).map_err(unreadable)?;
    let bytes = node.wrap(env.rng, &key, &kept)?;
    let before = env.now.saturating_sub(KEPT).unwrap_or(env.now);
    let row = IdempotencyRow { key, at: env.now.into(), bytes };
    let writes = vec![Write::ForgetIdempotency { before: before.into() }, Write::PutIdempotency(row)];
    match store.commit(&Batch { expect: Vec::new(), writes }) {
        // The work is done; that its answer could not be kept is no reason to deny it.
        Ok(()) | Err(CommitError::Conflict(_)) => {}
        Err(CommitError::Fault(fault)) => tracing::error!(code = "fault", %fault, "an answer could not be kept"),
    }
    Ok((status, body))
}
