//! Calls that may be repeated: the answer to an `Idempotency-Key` is kept, and a repeat gets the same one.
//!
//! Owns the keeping. Must not know what the calls do. A call that failed keeps nothing and may be tried again.

use axum::http::HeaderMap;
use domain::ids::Hash32;
use jiff::{SignedDuration, Timestamp};
use node::{Env, Fault, Node};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{IdempotencyRow, Store, Write};

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

/// What keeps the answer to a call that has a key: its writes belong into the transaction of the work, so that there is
/// never the one without the other.
pub(crate) struct Keep(Option<Keeping>);

struct Keeping {
    key: String,
    fingerprint: Hash32,
    now: Timestamp,
}

impl Keep {
    /// The writes that keep this answer; none when the call has no key.
    pub fn writes(&self, node: &Node, rng: &mut dyn CryptoRng, status: u16, body: &Value) -> Result<Vec<Write>, Fault> {
        let Some(Keeping { key, fingerprint, now }) = &self.0 else { return Ok(Vec::new()) };
        let kept = Kept { fingerprint: *fingerprint, status, body: body.clone() };
        let kept =
            serde_json::to_vec(&kept).map_err(|why| Fault::Record { what: key.clone(), why: why.to_string() })?;
        let bytes = node.wrap(rng, key, &kept)?;
        let before = now.saturating_sub(KEPT).unwrap_or(*now);
        let row = IdempotencyRow { key: key.clone(), at: (*now).into(), bytes };
        Ok(vec![Write::ForgetIdempotency { before: before.into() }, Write::PutIdempotency(row)])
    }
}

/// Carries `work` out on the writer thread, or answers as it was answered before. `work` commits the writes of its
/// [`Keep`] together with whatever it does.
pub(crate) async fn once(
    app: &App,
    caller: &Caller,
    call: Call<'_>,
    work: impl FnOnce(&Node, &mut dyn Store, &mut Env<'_>, &Keep) -> Result<(u16, Value), Problem> + Send + 'static,
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
    let done = app.write(move |node, store, env| {
        let Some(key) = key else { return work(node, store, env, &Keep(None)) };
        match earlier(node, store, &key, &fingerprint)? {
            Some(answer) => Ok(answer),
            None => {
                let keep = Keep(Some(Keeping { key, fingerprint, now: env.now }));
                work(node, store, env, &keep)
            }
        }
    });
    let (status, body) = done.await?;
    json(status, &body)
}

/// The answer this call had before, if it was made before.
fn earlier(
    node: &Node,
    store: &mut dyn Store,
    key: &str,
    fingerprint: &Hash32,
) -> Result<Option<(u16, Value)>, Problem> {
    let Some(row) = store.reader()?.idempotency(key)? else { return Ok(None) };
    let kept: Kept = serde_json::from_slice(&node.unwrap(key, &row.bytes)?).map_err(|why| {
        tracing::error!(code = "fault", %why, "a kept answer cannot be read");
        Problem::plain(500, "fault")
    })?;
    if kept.fingerprint != *fingerprint {
        return Err(Problem::plain(422, "key-reused"));
    }
    Ok(Some((kept.status, kept.body)))
}
