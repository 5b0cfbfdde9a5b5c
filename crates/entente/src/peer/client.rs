//! A connection to one other Party's node, and the calls made on it.
//!
//! Owns dialling, time limits and the reading of answers. Must not know when to call or what an answer means.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::Hash32;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http2::SendRequest;
use hyper::header::RETRY_AFTER;
use hyper::{Method, Request};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use jiff::SignedDuration;
use node::{Page, RETURNED_BYTES_MAX, Returned};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio_rustls::TlsConnector;

use super::server::NO_ENTRY_YET;
use super::wire::{self, Heartbeat};

/// Dialling and shaking hands: across the world it takes a second.
const DIAL_WITHIN: Duration = Duration::from_secs(10);
/// One call: a full batch on a slow line, and the peer's disk.
const CALL_WITHIN: Duration = Duration::from_secs(120);
/// A silent connection is asked for a sign of life this often.
const PING_EVERY: Duration = Duration::from_secs(30);
/// Longest wait a peer may ask for.
const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_mins(15);
/// Longest code read from a refusal, in bytes.
const CODE_BYTES_MAX: usize = 256;

/// A connection; dropping it closes it.
pub struct Line {
    sender: SendRequest<Full<Bytes>>,
    driver: AbortHandle,
}

/// Why a call got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// The node cannot be reached, or is not who its card says.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// It answered with a refusal of the call itself.
    #[error("turned the call away: {code} ({status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its stable code.
        code: String,
        /// When to come back, if it says so.
        retry_after: Option<SignedDuration>,
    },
    /// Its answer is not one.
    #[error("gave an unreadable answer: {0}")]
    Malformed(#[from] wire::Malformed),
}

impl Line {
    /// Dials `endpoint` (`host:port`) and shakes hands.
    ///
    /// # Errors
    /// [`CallFault::Unreachable`] with the reason.
    pub async fn dial(endpoint: &str, tls: Arc<ClientConfig>) -> Result<Self, CallFault> {
        tokio::time::timeout(DIAL_WITHIN, Self::connect(endpoint, tls))
            .await
            .unwrap_or_else(|_| Err(CallFault::Unreachable(format!("`{endpoint}` did not answer in time"))))
    }

    async fn connect(endpoint: &str, tls: Arc<ClientConfig>) -> Result<Self, CallFault> {
        let away = |why: &dyn std::fmt::Display| CallFault::Unreachable(format!("`{endpoint}`: {why}"));
        let stream = TcpStream::connect(endpoint).await.map_err(|why| away(&why))?;
        stream.set_nodelay(true).map_err(|why| away(&why))?;
        // The name is not sent and not checked: the card pins the key.
        let name = ServerName::try_from("peer.invalid").map_err(|why| away(&why))?;
        let stream = TlsConnector::from(tls).connect(name, stream).await.map_err(|why| away(&why))?;
        let (sender, driving) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_EVERY)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|why| away(&why))?;
        let driver = tokio::spawn(async move {
            if let Err(why) = driving.await {
                tracing::debug!(code = "connection-ended", %why);
            }
        });
        Ok(Self { sender, driver: driver.abort_handle() })
    }

    /// Whether it still stands.
    #[must_use]
    pub fn stands(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Sends a batch; the answer is the peer's signed receipt.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn put_batch(&mut self, first: &Hash32, envelopes: &[Vec<u8>]) -> Result<Vec<u8>, CallFault> {
        let receipt_max = ledger::receipt::RECEIPT_BYTES_MAX;
        self.call(Method::PUT, &format!("/v1/batch/{first}"), wire::pack(envelopes), receipt_max).await
    }

    /// Announces an attachment by its chunk list; the answer is which chunks the peer has, as bits.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn put_list(&mut self, root: &Hash32, list: Vec<u8>) -> Result<Vec<u8>, CallFault> {
        self.call(Method::PUT, &format!("/v1/blob/{root}/list"), list, wire::LIST_BYTES_MAX).await
    }

    /// Sends one chunk.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn put_chunk(&mut self, root: &Hash32, index: u64, chunk: Vec<u8>) -> Result<(), CallFault> {
        self.call(Method::PUT, &format!("/v1/blob/{root}/{index}"), chunk, 0).await.map(drop)
    }

    /// Exchanges heartbeats.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn heartbeat(&mut self, ours: &Heartbeat) -> Result<Heartbeat, CallFault> {
        let body = self.call(Method::POST, "/v1/heartbeat", ours.encode(), wire::NOTE_BYTES_MAX).await?;
        Ok(Heartbeat::decode(&body)?)
    }

    /// The peer's offices with their keys, as its root key signed them.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn offices(&mut self) -> Result<Vec<u8>, CallFault> {
        self.call(Method::GET, "/v1/offices", Vec::new(), node::OFFICES_BYTES_MAX).await
    }

    /// The peer's log with us from an index on, with its newest signed checkpoint; `None` while it has no entry.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn entries(&mut self, from: u64) -> Result<Option<Page>, CallFault> {
        let path = format!("/log/entries?from={from}");
        match self.call(Method::GET, &path, Vec::new(), wire::PAGE_BYTES_MAX).await {
            Ok(body) => Ok(Some(wire::unpack_page(&body)?)),
            Err(CallFault::Refused { code, .. }) if code == NO_ENTRY_YET => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The peer's copy of our own log from an index on, under the newest checkpoint of it both signed; `None` when it has
    /// none.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn returned_log(&mut self, from: u64) -> Result<Option<Page>, CallFault> {
        let path = format!("/v1/returned/log?from={from}");
        match self.call(Method::GET, &path, Vec::new(), wire::PAGE_BYTES_MAX).await {
            Ok(body) => Ok(Some(wire::unpack_page(&body)?)),
            Err(CallFault::Refused { code, .. }) if code == NO_ENTRY_YET => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// A message between the peer and us, with its receipts, as the peer has them.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn returned(&mut self, core_hash: &Hash32) -> Result<Returned, CallFault> {
        let path = format!("/v1/returned/message/{core_hash}");
        Ok(wire::unpack_returned(&self.call(Method::GET, &path, Vec::new(), RETURNED_BYTES_MAX).await?)?)
    }

    /// Returns our cosignature of the peer's checkpoint.
    ///
    /// # Errors
    /// [`CallFault`].
    pub async fn cosignature(&mut self, note: Vec<u8>) -> Result<(), CallFault> {
        self.call(Method::POST, "/log/cosignature", note, 0).await.map(drop)
    }

    async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        answer_bytes_max: usize,
    ) -> Result<Vec<u8>, CallFault> {
        let asking = self.ask(method, path, body, answer_bytes_max);
        let timed = tokio::time::timeout(CALL_WITHIN, asking).await;
        timed.unwrap_or_else(|_| Err(CallFault::Unreachable(format!("no answer within {} s", CALL_WITHIN.as_secs()))))
    }

    async fn ask(&mut self, method: Method, path: &str, body: Vec<u8>, bytes_max: usize) -> Result<Vec<u8>, CallFault> {
        let lost = |why: &dyn std::fmt::Display| CallFault::Unreachable(why.to_string());
        let call = Request::builder().method(method).uri(format!("https://peer.invalid{path}"));
        let call = call.body(Full::new(Bytes::from(body))).map_err(|why| lost(&why))?;
        self.sender.ready().await.map_err(|why| lost(&why))?;
        let response = self.sender.send_request(call).await.map_err(|why| lost(&why))?;
        let status = response.status();
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
        let bytes_max = if status.is_success() { bytes_max } else { CODE_BYTES_MAX };
        let body = Limited::new(response.into_body(), bytes_max).collect().await.map_err(|why| lost(&why))?.to_bytes();
        if status.is_success() {
            return Ok(body.to_vec());
        }
        Err(CallFault::Refused {
            status: status.as_u16(),
            code: String::from_utf8_lossy(&body).chars().filter(char::is_ascii_graphic).collect(),
            retry_after: retry_after.map(|s| SignedDuration::from_secs(i64::from(s)).min(RETRY_AFTER_MAX)),
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
