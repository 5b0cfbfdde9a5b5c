//! Each [`Write`] as SQL.
//!
//! Owns the statements that change rows. Must not decide anything: a write is one or more statements, always the
//! same ones.

use domain::ids::{CaseId, PartyId};

use super::{Cell, Statement, Touch};
use crate::batch::Write;
use crate::rows::{ActRow, BlobRow, CaseRow, Event, ParcelRow};

/// The statements that carry out a write, in order.
pub(crate) fn statements(write: &Write) -> Vec<Statement<'_>> {
    match write {
        Write::ReplaceTerms { case, terms } => {
            let clear = any("term", "DELETE FROM term WHERE case_id = $1", vec![case.as_str().into()]);
            let add = "INSERT INTO term (case_id, term) VALUES ($1, $2) ON CONFLICT (term, case_id) DO NOTHING";
            let added = terms.iter().map(|term| any("term", add, vec![case.as_str().into(), term.as_str().into()]));
            std::iter::once(clear).chain(added).collect()
        }
        Write::PutCase(row) => vec![put_case(row)],
        Write::PutAct(row) => vec![put_act(row)],
        Write::SetReceived { case, party, seq, received_at } => vec![one(
            "act",
            "UPDATE act SET received_at = $4 WHERE case_id = $1 AND party = $2 AND seq = $3",
            vec![case.as_str().into(), party.as_str().into(), (*seq).into(), (*received_at).into()],
        )],
        Write::PutBody { .. }
        | Write::SetPurgeAt { .. }
        | Write::PurgeBody { .. }
        | Write::PutEnvelope { .. }
        | Write::RemoveEnvelope { .. }
        | Write::PutReceipt(_) => paper(write),
        Write::AppendLeaf(_) | Write::PutTreeHash(_) | Write::PutCheckpoint(_) => log(write),
        Write::PutParcel(_) | Write::UpdateParcel { .. } | Write::PutParked(_) | Write::RemoveParked { .. } => {
            transit(write)
        }
        Write::PutTimer(_)
        | Write::RemoveTimer { .. }
        | Write::PutDraft(_)
        | Write::RemoveDraft { .. }
        | Write::PutLocal(_)
        | Write::RemoveLocal { .. }
        | Write::SetCounter { .. }
        | Write::PutBlob(_)
        | Write::RemoveBlob { .. } => desk(write),
        Write::AddEvent(_)
        | Write::AcknowledgeEvent { .. }
        | Write::ForgetEvents { .. }
        | Write::PutIdempotency(_)
        | Write::ForgetIdempotency { .. } => record(write),
    }
}

/// Bodies, envelopes and receipts: the first of a key stays.
fn paper(write: &Write) -> Vec<Statement<'_>> {
    match write {
        Write::PutBody { hash, bytes, purge_at } => vec![any(
            "body",
            "INSERT INTO body (hash, bytes, purge_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
            vec![Cell::Bytes(&hash.0), Cell::Bytes(bytes), (*purge_at).into()],
        )],
        Write::SetPurgeAt { hash, purge_at } => vec![one(
            "body",
            "UPDATE body SET purge_at = $2 WHERE hash = $1",
            vec![Cell::Bytes(&hash.0), (*purge_at).into()],
        )],
        Write::PurgeBody { hash } => {
            vec![one("body", "UPDATE body SET bytes = NULL WHERE hash = $1", vec![Cell::Bytes(&hash.0)])]
        }
        Write::PutEnvelope { core_hash, bytes } => vec![any(
            "envelope",
            "INSERT INTO envelope (core_hash, bytes) VALUES ($1, $2) ON CONFLICT (core_hash) DO NOTHING",
            vec![Cell::Bytes(&core_hash.0), Cell::Bytes(bytes)],
        )],
        Write::RemoveEnvelope { core_hash } => {
            vec![any("envelope", "DELETE FROM envelope WHERE core_hash = $1", vec![Cell::Bytes(&core_hash.0)])]
        }
        Write::PutReceipt(row) => vec![any(
            "receipt",
            "INSERT INTO receipt (core_hash, given, bytes) VALUES ($1, $2, $3)
             ON CONFLICT (core_hash, given) DO NOTHING",
            vec![Cell::Bytes(&row.core_hash.0), row.given.into(), Cell::Bytes(&row.bytes)],
        )],
        _ => Vec::new(),
    }
}

fn log(write: &Write) -> Vec<Statement<'_>> {
    match write {
        Write::AppendLeaf(row) => vec![any(
            "leaf",
            "INSERT INTO leaf (log, idx, bytes, hash) VALUES ($1, $2, $3, $4)",
            vec![row.log.as_str().into(), row.index.into(), Cell::Bytes(&row.bytes), Cell::Bytes(&row.hash.0)],
        )],
        Write::PutTreeHash(row) => vec![any(
            "tree_hash",
            "INSERT INTO tree_hash (log, level, idx, hash) VALUES ($1, $2, $3, $4)
             ON CONFLICT (log, level, idx) DO UPDATE SET hash = excluded.hash",
            vec![row.log.as_str().into(), row.level.into(), row.index.into(), Cell::Bytes(&row.hash.0)],
        )],
        Write::PutCheckpoint(row) => vec![any(
            "checkpoint",
            "INSERT INTO checkpoint (log, size, note, cosigned) VALUES ($1, $2, $3, $4)
             ON CONFLICT (log, size) DO UPDATE SET note = excluded.note, cosigned = excluded.cosigned",
            vec![row.log.as_str().into(), row.size.into(), Cell::Bytes(&row.note), row.cosigned.as_deref().into()],
        )],
        _ => Vec::new(),
    }
}

fn transit(write: &Write) -> Vec<Statement<'_>> {
    match write {
        Write::PutParcel(row) => vec![put_parcel(row)],
        Write::UpdateParcel { core_hash, state, due_at, tries } => vec![one(
            "parcel",
            "UPDATE parcel SET state = $2, due_at = $3, tries = $4 WHERE core_hash = $1",
            vec![Cell::Bytes(&core_hash.0), state.as_str().into(), (*due_at).into(), (*tries).into()],
        )],
        Write::PutParked(row) => vec![any(
            "parked",
            "INSERT INTO parked (peer, case_id, seq, bytes, arrived_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (peer, case_id, seq) DO UPDATE SET bytes = excluded.bytes, arrived_at = excluded.arrived_at",
            vec![
                row.peer.as_str().into(),
                row.case.as_str().into(),
                row.seq.into(),
                Cell::Bytes(&row.bytes),
                row.arrived_at.into(),
            ],
        )],
        Write::RemoveParked { peer, case, seq } => vec![any(
            "parked",
            "DELETE FROM parked WHERE peer = $1 AND case_id = $2 AND seq = $3",
            vec![peer.as_str().into(), case.as_str().into(), (*seq).into()],
        )],
        _ => Vec::new(),
    }
}

fn desk(write: &Write) -> Vec<Statement<'_>> {
    let statement = match write {
        Write::PutTimer(row) => any(
            "timer",
            "INSERT INTO timer (case_id, kind, due_at) VALUES ($1, $2, $3)
             ON CONFLICT (case_id, kind) DO UPDATE SET due_at = excluded.due_at",
            vec![row.case.as_str().into(), row.kind.as_str().into(), row.due_at.into()],
        ),
        Write::RemoveTimer { case, kind } => any(
            "timer",
            "DELETE FROM timer WHERE case_id = $1 AND kind = $2",
            vec![case.as_str().into(), kind.as_str().into()],
        ),
        Write::PutDraft(row) => any(
            "draft",
            "INSERT INTO draft (draft_id, version, owner_office, created_by, updated_at, bytes)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (draft_id) DO UPDATE SET version = excluded.version, owner_office = excluded.owner_office,
             created_by = excluded.created_by, updated_at = excluded.updated_at, bytes = excluded.bytes",
            vec![
                row.draft.as_str().into(),
                row.version.into(),
                row.owner_office.as_str().into(),
                row.created_by.as_str().into(),
                row.updated_at.into(),
                Cell::Bytes(&row.bytes),
            ],
        ),
        Write::RemoveDraft { draft } => {
            any("draft", "DELETE FROM draft WHERE draft_id = $1", vec![draft.as_str().into()])
        }
        Write::PutLocal(row) => any(
            "local",
            "INSERT INTO local (kind, name, version, bytes) VALUES ($1, $2, $3, $4)
             ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version, bytes = excluded.bytes",
            vec![row.kind.as_str().into(), row.key.as_str().into(), row.version.into(), Cell::Bytes(&row.bytes)],
        ),
        Write::RemoveLocal { kind, key } => any(
            "local",
            "DELETE FROM local WHERE kind = $1 AND name = $2",
            vec![kind.as_str().into(), key.as_str().into()],
        ),
        Write::SetCounter { name, value } => any(
            "counter",
            "INSERT INTO counter (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            vec![name.as_str().into(), (*value).into()],
        ),
        Write::PutBlob(row) => put_blob(row),
        Write::RemoveBlob { root } => any("blob", "DELETE FROM blob WHERE root = $1", vec![Cell::Bytes(&root.0)]),
        _ => return Vec::new(),
    };
    vec![statement]
}

/// The operator's log and the kept answers.
fn record(write: &Write) -> Vec<Statement<'_>> {
    let statement = match write {
        Write::AddEvent(event) => add_event(event),
        Write::AcknowledgeEvent { id } => {
            one("event", "UPDATE event SET acknowledged = 1 WHERE id = $1", vec![(*id).into()])
        }
        // The newest stays, so that ids never come twice.
        Write::ForgetEvents { before } => any(
            "event",
            "DELETE FROM event WHERE acknowledged = 1 AND at < $1 AND id < (SELECT MAX(id) FROM event)",
            vec![(*before).into()],
        ),
        Write::PutIdempotency(row) => any(
            "idempotency",
            "INSERT INTO idempotency (name, at, bytes) VALUES ($1, $2, $3)",
            vec![row.key.as_str().into(), row.at.into(), Cell::Bytes(&row.bytes)],
        ),
        Write::ForgetIdempotency { before } => {
            any("idempotency", "DELETE FROM idempotency WHERE at < $1", vec![(*before).into()])
        }
        _ => return Vec::new(),
    };
    vec![statement]
}

fn put_case(row: &CaseRow) -> Statement<'_> {
    any(
        "case_row",
        "INSERT INTO case_row (case_id, version, type_code, series, peer, direction, stage, turn, level, urgency,
         mark, our_office, their_office, due_at, opened_at, updated_at, undelivered, exercise, summary)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, type_code = excluded.type_code,
         series = excluded.series, peer = excluded.peer, direction = excluded.direction, stage = excluded.stage,
         turn = excluded.turn, level = excluded.level, urgency = excluded.urgency, mark = excluded.mark,
         our_office = excluded.our_office, their_office = excluded.their_office, due_at = excluded.due_at,
         opened_at = excluded.opened_at, updated_at = excluded.updated_at, undelivered = excluded.undelivered,
         exercise = excluded.exercise, summary = excluded.summary",
        vec![
            row.case.as_str().into(),
            row.version.into(),
            row.type_code.as_str().into(),
            row.series.as_str().into(),
            row.peer.as_str().into(),
            row.direction.code().into(),
            row.stage.as_str().into(),
            row.turn.as_ref().map_or("", PartyId::as_str).into(),
            row.level.into(),
            row.urgency.as_str().into(),
            row.mark.as_str().into(),
            row.our_office.as_str().into(),
            row.their_office.as_str().into(),
            row.due_at.into(),
            row.opened_at.into(),
            row.updated_at.into(),
            row.undelivered.into(),
            row.exercise.into(),
            Cell::Bytes(&row.summary),
        ],
    )
}

fn put_act(row: &ActRow) -> Statement<'_> {
    any(
        "act",
        "INSERT INTO act (case_id, party, seq, core_hash, kind, at, received_at, logged_index, body_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            row.case.as_str().into(),
            row.party.as_str().into(),
            row.seq.into(),
            Cell::Bytes(&row.core_hash.0),
            row.kind.as_str().into(),
            row.at.into(),
            row.received_at.into(),
            row.logged_index.into(),
            Cell::Bytes(&row.body_hash.0),
        ],
    )
}

fn put_parcel(row: &ParcelRow) -> Statement<'_> {
    any(
        "parcel",
        "INSERT INTO parcel (core_hash, peer, lane, case_id, party_seq, created_at, due_at, tries, expires_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            Cell::Bytes(&row.core_hash.0),
            row.peer.as_str().into(),
            row.lane.into(),
            row.case.as_str().into(),
            row.party_seq.into(),
            row.created_at.into(),
            row.due_at.into(),
            row.tries.into(),
            row.expires_at.into(),
            row.state.as_str().into(),
        ],
    )
}

fn put_blob(row: &BlobRow) -> Statement<'_> {
    any(
        "blob",
        "INSERT INTO blob (root, size, chunk_bytes, case_id, state, meta, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (root) DO UPDATE SET size = excluded.size, chunk_bytes = excluded.chunk_bytes,
         case_id = excluded.case_id, state = excluded.state, meta = excluded.meta, created_at = excluded.created_at",
        vec![
            Cell::Bytes(&row.root.0),
            row.size_bytes.into(),
            row.chunk_bytes.into(),
            row.case.as_ref().map(CaseId::as_str).into(),
            row.state.as_str().into(),
            Cell::Bytes(&row.meta),
            row.created_at.into(),
        ],
    )
}

fn add_event(event: &Event) -> Statement<'_> {
    any(
        "event",
        "INSERT INTO event (id, at, level, code, case_id, peer, detail, acknowledged)
         VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM event), $1, $2, $3, $4, $5, $6, 0)",
        vec![
            event.at.into(),
            event.level.as_str().into(),
            event.code.as_str().into(),
            event.case.as_ref().map(CaseId::as_str).into(),
            event.peer.as_ref().map(PartyId::as_str).into(),
            event.detail.as_str().into(),
        ],
    )
}

fn any<'a>(table: &'static str, sql: &'static str, args: Vec<Cell<'a>>) -> Statement<'a> {
    Statement { table, sql, args, touch: Touch::Any }
}

fn one<'a>(table: &'static str, sql: &'static str, args: Vec<Cell<'a>>) -> Statement<'a> {
    Statement { table, sql, args, touch: Touch::One }
}
