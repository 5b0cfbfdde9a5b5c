//! The signed header of an envelope and its one encoding. It owns field limits and the context hash; it must not know
//! keys' secrets nor what a kind or a handling word means.
//!
//! ```text
//! Protected = { 2: [-70000], 3: content type, 15: {1: iss, 2: thread, 3: aud, 4: exp, 6: iat, 7: cti},
//!   -70000: [1, instrument, seq, prev, kind, lane, [+ alg], handling, suite, [+ recipient], commit,
//!            [* [root, size, chunk_bytes]], [* [thread, seq]]] }
//! recipient = [kid, enc, wrapped cek] / [epoch kid, null, AES-KW(epoch key, cek)]
//! ```

use crate::Misbehaved;
use crate::blob::AttachmentRef;
use crate::cbor::{self, Limits, Value};
use crate::hash::sha256;
use crate::keys::{KeyId, SEAL_ENC_BYTES, Suite};
use crate::wire::{Fields, as_int, bytes, int, is_name, text};

/// Offices one act is sealed to: the competent one, an auditor, a few more in joint work.
pub(super) const AUTHORITIES_MAX: usize = 8;
/// Party names, threads, kinds and handling words, in bytes: identifiers, never prose.
const NAME_BYTES_MAX: usize = 128;
/// Attachments of one act: more go into several acts of the thread.
const ATTACHMENTS_MAX: usize = 64;
/// Threads acknowledged in one act: the active threads of a busy relationship.
const ACKS_MAX: usize = 256;
/// Header bytes: the sum of the limits above stays below.
const HEADER_BYTES_MAX: usize = 64 << 10;

const CONTENT_TYPE: &str = "application/vnd.entente.sealed;v=1";
const LABEL: i64 = -70000;
const VERSION: u64 = 1;
/// HPKE base mode, X-Wing, HKDF-SHA256, AES-256-GCM: the only sealing suite, by its KEM id.
const SEAL_SUITE: u64 = 0x647a;
const WRAPPED_BYTES: usize = 48;
const ARCHIVE_WRAPPED_BYTES: usize = 40;
const WHAT: &str = "envelope header";

/// How urgent a message is for delivery: bulk never delays an emergency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Assistance during an incident, protective alerts.
    Emergency,
    /// Everything ordinary.
    Normal,
    /// Whatever may wait.
    Bulk,
}

impl Lane {
    const ALL: [Lane; 3] = [Lane::Emergency, Lane::Normal, Lane::Bulk];

    fn code(self) -> u64 {
        match self {
            Lane::Emergency => 0,
            Lane::Normal => 1,
            Lane::Bulk => 2,
        }
    }
}

/// What everyone on the way may see and the sender signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The sending Party's id in the instrument.
    pub iss: String,
    /// The receiving Party's id.
    pub aud: String,
    /// The conversation: usually a Case.
    pub thread: String,
    /// Place in the thread of this sender, from 0.
    pub seq: u64,
    /// Core hash of the sender's message before this one in the thread; zeroes for the first.
    pub prev: [u8; 32],
    /// The kind of act, in the vocabulary of the instrument.
    pub kind: String,
    /// Urgency of delivery.
    pub lane: Lane,
    /// Handling word for the content.
    pub handling: String,
    /// Signed at, in Unix seconds by the sender's clock.
    pub iat_s: u64,
    /// Not to be accepted after, in Unix seconds.
    pub exp_s: u64,
    /// Random message token.
    pub cti: [u8; 16],
    /// SHA-256 of the instrument in force.
    pub instrument: [u8; 32],
    /// The attachments.
    pub attachments: Vec<AttachmentRef>,
    /// What the sender had of the receiver when signing: thread and last `seq`.
    pub ack: Vec<(String, u64)>,
}

impl Header {
    /// Demands that every field is within its limits.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`] or [`Misbehaved::Oversized`] naming the field.
    pub fn check(&self) -> Result<(), Misbehaved> {
        let names = [
            ("iss", &self.iss),
            ("aud", &self.aud),
            ("thread", &self.thread),
            ("kind", &self.kind),
            ("handling", &self.handling),
        ];
        let malformed = |field| Err(Misbehaved::Malformed { what: WHAT, field });
        if let Some((field, _)) = names.into_iter().find(|(_, name)| !is_name(name, NAME_BYTES_MAX)) {
            return malformed(field);
        }
        if self.exp_s <= self.iat_s {
            return malformed("exp");
        }
        if (self.seq == 0) != (self.prev == [0; 32]) {
            return malformed("prev");
        }
        if self.attachments.len() > ATTACHMENTS_MAX {
            return Err(Misbehaved::Oversized { what: "attachments", limit_max: ATTACHMENTS_MAX as u64 });
        }
        if self.ack.len() > ACKS_MAX {
            return Err(Misbehaved::Oversized { what: "ack", limit_max: ACKS_MAX as u64 });
        }
        if self.ack.iter().any(|(thread, _)| !is_name(thread, NAME_BYTES_MAX)) {
            return malformed("ack");
        }
        self.attachments.iter().try_for_each(AttachmentRef::check)
    }
}

/// One who can open the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Recipient {
    /// An office, by its seal key.
    Authority { key: KeyId, enc: Vec<u8>, wrapped: [u8; WRAPPED_BYTES] },
    /// The sender's archive, by the hour's epoch key.
    Archive { epoch: KeyId, wrapped: [u8; ARCHIVE_WRAPPED_BYTES] },
}

/// The whole protected header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Protected {
    pub(super) header: Header,
    pub(super) sigset: Vec<Suite>,
    pub(super) recipients: Vec<Recipient>,
    pub(super) commit: [u8; 32],
}

impl Protected {
    /// The one encoding.
    pub(super) fn encode(&self) -> Vec<u8> {
        cbor::encode(&self.value(&self.recipients))
    }

    /// SHA-256("entente/ctx/1" ‖ Protected with no recipients): binds the seals and the content to this header.
    pub(super) fn context(&self) -> [u8; 32] {
        sha256(&[b"entente/ctx/1", &cbor::encode(&self.value(&[]))])
    }

    /// Reads the header and demands that it is exactly what [`Protected::encode`] writes.
    pub(super) fn decode(input: &[u8]) -> Result<Protected, Misbehaved> {
        if input.len() > HEADER_BYTES_MAX {
            return Err(Misbehaved::Oversized { what: WHAT, limit_max: HEADER_BYTES_MAX as u64 });
        }
        let value = cbor::decode(input, Limits::bytes(HEADER_BYTES_MAX))?;
        let mut outer = Fields::map(WHAT, "labels", value, &[2, 3, 15, LABEL])?;
        if outer.any("crit")? != Value::Array(vec![int(LABEL)]) {
            return Err(outer.malformed("crit"));
        }
        if outer.any("content type")? != text(CONTENT_TYPE) {
            return Err(outer.malformed("content type"));
        }
        let mut claims = Fields::map(WHAT, "claims", outer.any("claims")?, &[1, 2, 3, 4, 6, 7])?;
        let own = outer.any("own")?;
        demand_version(&own)?;
        let mut own = Fields::array(WHAT, "own", own, 13)?;
        own.uint("version")?;
        let header = Header {
            iss: claims.text("iss", NAME_BYTES_MAX)?,
            thread: claims.text("thread", NAME_BYTES_MAX)?,
            aud: claims.text("aud", NAME_BYTES_MAX)?,
            exp_s: claims.uint("exp")?,
            iat_s: claims.uint("iat")?,
            cti: claims.fixed("cti")?,
            instrument: own.fixed("instrument")?,
            seq: own.uint("seq")?,
            prev: own.fixed("prev")?,
            kind: own.text("kind", NAME_BYTES_MAX)?,
            lane: lane(&mut own)?,
            handling: String::new(),
            attachments: Vec::new(),
            ack: Vec::new(),
        };
        let sigset = own.list("sigset", 16)?.iter().map(suite).collect::<Result<_, _>>()?;
        let handling = own.text("handling", NAME_BYTES_MAX)?;
        if own.uint("suite")? != SEAL_SUITE {
            return Err(own.malformed("suite"));
        }
        let recipients = own.list("recipients", AUTHORITIES_MAX + 1)?.into_iter().map(recipient);
        let recipients = recipients.collect::<Result<Vec<_>, _>>()?;
        demand_recipients(&recipients)?;
        let commit = own.fixed("commit")?;
        let attachments = own.list("attachments", ATTACHMENTS_MAX)?.into_iter().map(attachment);
        let attachments = attachments.collect::<Result<_, _>>()?;
        let ack = own.list("ack", ACKS_MAX)?.into_iter().map(ack).collect::<Result<_, _>>()?;
        let header = Header { handling, attachments, ack, ..header };
        header.check()?;
        let protected = Protected { header, sigset, recipients, commit };
        // The schema is closed, so this cannot differ; it is the gate should the two ever part.
        if protected.encode() == input {
            Ok(protected)
        } else {
            Err(Misbehaved::Malformed { what: WHAT, field: "form" })
        }
    }

    fn value(&self, recipients: &[Recipient]) -> Value {
        let header = &self.header;
        let claims = vec![
            (int(1), text(&header.iss)),
            (int(2), text(&header.thread)),
            (int(3), text(&header.aud)),
            (int(4), Value::Uint(header.exp_s)),
            (int(6), Value::Uint(header.iat_s)),
            (int(7), bytes(&header.cti)),
        ];
        let attachment = |part: &AttachmentRef| {
            Value::Array(vec![bytes(&part.root), Value::Uint(part.size), Value::Uint(part.chunk_bytes.into())])
        };
        let ack = |(thread, seq): &(String, u64)| Value::Array(vec![text(thread), Value::Uint(*seq)]);
        let own = vec![
            Value::Uint(VERSION),
            bytes(&header.instrument),
            Value::Uint(header.seq),
            bytes(&header.prev),
            text(&header.kind),
            Value::Uint(header.lane.code()),
            Value::Array(self.sigset.iter().map(|suite| int(suite.cose_alg())).collect()),
            text(&header.handling),
            Value::Uint(SEAL_SUITE),
            Value::Array(recipients.iter().map(Recipient::value).collect()),
            bytes(&self.commit),
            Value::Array(header.attachments.iter().map(attachment).collect()),
            Value::Array(header.ack.iter().map(ack).collect()),
        ];
        Value::Map(vec![
            (int(2), Value::Array(vec![int(LABEL)])),
            (int(3), text(CONTENT_TYPE)),
            (int(15), Value::Map(claims)),
            (int(LABEL), Value::Array(own)),
        ])
    }
}

impl Recipient {
    fn value(&self) -> Value {
        Value::Array(match self {
            Recipient::Authority { key, enc, wrapped } => vec![bytes(key), bytes(enc), bytes(wrapped)],
            Recipient::Archive { epoch, wrapped } => vec![bytes(epoch), Value::Null, bytes(wrapped)],
        })
    }
}

/// The version stands first, so that a message of another version is told apart from a malformed one.
fn demand_version(own: &Value) -> Result<(), Misbehaved> {
    match own {
        Value::Array(items) => match items.first() {
            Some(Value::Uint(VERSION)) => Ok(()),
            Some(Value::Uint(version)) => Err(Misbehaved::UnknownVersion { what: WHAT, version: *version }),
            _ => Err(Misbehaved::Malformed { what: WHAT, field: "version" }),
        },
        _ => Err(Misbehaved::Malformed { what: WHAT, field: "own" }),
    }
}

/// One to [`AUTHORITIES_MAX`] different offices, then exactly one archive copy.
fn demand_recipients(recipients: &[Recipient]) -> Result<(), Misbehaved> {
    let malformed = Err(Misbehaved::Malformed { what: WHAT, field: "recipients" });
    let Some((Recipient::Archive { .. }, offices)) = recipients.split_last() else { return malformed };
    let ids = offices.iter().map(|recipient| match recipient {
        Recipient::Authority { key, .. } => Some(key),
        Recipient::Archive { .. } => None,
    });
    let Some(ids) = ids.collect::<Option<std::collections::BTreeSet<_>>>() else { return malformed };
    if offices.is_empty() || ids.len() != offices.len() { malformed } else { Ok(()) }
}

fn lane(own: &mut Fields) -> Result<Lane, Misbehaved> {
    let code = own.uint("lane")?;
    Lane::ALL.into_iter().find(|lane| lane.code() == code).ok_or(own.malformed("lane"))
}

fn suite(value: &Value) -> Result<Suite, Misbehaved> {
    Suite::from_cose_alg(as_int(value).ok_or(Misbehaved::Malformed { what: WHAT, field: "sigset" })?)
}

fn recipient(value: Value) -> Result<Recipient, Misbehaved> {
    let mut fields = Fields::array(WHAT, "recipients", value, 3)?;
    let id = fields.fixed("recipient kid")?;
    match fields.any("enc")? {
        Value::Null => Ok(Recipient::Archive { epoch: id, wrapped: fields.fixed("wrapped cek")? }),
        Value::Bytes(enc) if enc.len() == SEAL_ENC_BYTES => {
            Ok(Recipient::Authority { key: id, enc, wrapped: fields.fixed("wrapped cek")? })
        }
        _ => Err(fields.malformed("enc")),
    }
}

fn attachment(value: Value) -> Result<AttachmentRef, Misbehaved> {
    let mut fields = Fields::array(WHAT, "attachments", value, 3)?;
    let (root, size) = (fields.fixed("root")?, fields.uint("size")?);
    let chunk_bytes = u32::try_from(fields.uint("chunk_bytes")?).map_err(|_| fields.malformed("chunk_bytes"))?;
    Ok(AttachmentRef { root, size, chunk_bytes })
}

fn ack(value: Value) -> Result<(String, u64), Misbehaved> {
    let mut fields = Fields::array(WHAT, "ack", value, 2)?;
    Ok((fields.text("ack thread", NAME_BYTES_MAX)?, fields.uint("ack seq")?))
}
