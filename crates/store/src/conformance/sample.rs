//! Sample rows for the conformance suite.
//!
//! Owns plausible rows made from small numbers. Must not be used outside the suite: nothing here is real.

use domain::ids::{BadName, CaseId, Hash32, OfficeId, OfficerId, PartyId, TypeCode};

use super::must;
use crate::batch::Write;
use crate::moment::Moment;
use crate::rows::{
    ActRow, BlobRow, BlobState, CaseRow, CheckpointRow, Direction, DraftRow, Event, EventLevel, LeafRow, LocalRow,
    ParcelRow, ParcelState, ParkedRow, TimerRow,
};

/// The sample log.
pub(super) const LOG: &str = "example.org/gb";

pub(super) fn us() -> PartyId {
    must(PartyId::new("GB"))
}

pub(super) fn them() -> PartyId {
    must(PartyId::new("CN"))
}

pub(super) fn case_id(number: u64) -> CaseId {
    must(CaseId::compose(&us(), "CY", 2026, number))
}

pub(super) fn office(name: &str) -> OfficeId {
    must(OfficeId::new(name))
}

pub(super) fn type_code(code: &str) -> TypeCode {
    must(TypeCode::new(code))
}

/// A hash unlike that of any other number.
pub(super) fn hash(number: u64) -> Hash32 {
    let mut bytes = [0xa5; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Hash32(bytes)
}

/// So many seconds after a sample start.
pub(super) fn at(seconds: i64) -> Moment {
    let us = (1_800_000_000 + seconds) * 1_000_000;
    must(Moment::from_us(us).ok_or(us))
}

/// A case due at `number` seconds and changed then.
pub(super) fn case(number: u64) -> CaseRow {
    let when = at(i64::try_from(number).unwrap_or(0));
    CaseRow {
        case: case_id(number),
        version: 1,
        type_code: type_code("CY-INC"),
        series: "CY".into(),
        peer: them(),
        direction: Direction::Outgoing,
        stage: "requested".into(),
        turn: Some(them()),
        level: 2,
        urgency: "routine".into(),
        mark: "OFFICIAL".into(),
        our_office: office("GB-NCA"),
        their_office: office("CN-MPS"),
        due_at: Some(when),
        opened_at: at(0),
        updated_at: when,
        undelivered: 1,
        exercise: false,
        summary: vec![0, 1, 0xff],
    }
}

pub(super) fn act(case: u64, party: &PartyId, seq: u64, logged_index: u64) -> ActRow {
    ActRow {
        case: case_id(case),
        party: party.clone(),
        seq,
        core_hash: hash(case * 1_000_000 + logged_index),
        kind: "request".into(),
        at: at(1),
        received_at: None,
        logged_index,
        body_hash: hash(7),
    }
}

pub(super) fn leaf(log: &str, index: u64) -> Write {
    Write::AppendLeaf(LeafRow { log: log.into(), index, bytes: index.to_be_bytes().to_vec(), hash: hash(index) })
}

pub(super) fn checkpoint(log: &str, size: u64, cosigned: Option<&[u8]>) -> CheckpointRow {
    CheckpointRow { log: log.into(), size, note: b"note".to_vec(), cosigned: cosigned.map(<[u8]>::to_vec) }
}

/// A parcel to them, queued and due at `due` seconds.
pub(super) fn parcel(number: u64, case: u64, party_seq: u64, lane: u64, due: i64) -> ParcelRow {
    ParcelRow {
        core_hash: hash(number),
        peer: them(),
        lane,
        case: case_id(case),
        party_seq,
        created_at: at(due),
        due_at: at(due),
        tries: 0,
        expires_at: at(1_000_000),
        state: ParcelState::Queued,
    }
}

pub(super) fn parked(case: u64, seq: u64, len: usize) -> ParkedRow {
    ParkedRow { peer: them(), case: case_id(case), seq, bytes: vec![9; len], arrived_at: at(3) }
}

pub(super) fn timer(case: u64, kind: &str, due: i64) -> TimerRow {
    TimerRow { case: case_id(case), kind: kind.into(), due_at: at(due) }
}

pub(super) fn draft(name: &str, owner: &str, updated: i64) -> DraftRow {
    let officer: Result<OfficerId, BadName> = OfficerId::new("m.hale");
    DraftRow {
        draft: name.into(),
        version: 1,
        owner_office: office(owner),
        created_by: must(officer),
        updated_at: at(updated),
        bytes: b"draft".to_vec(),
    }
}

pub(super) fn local(kind: &str, key: &str, version: u64) -> LocalRow {
    LocalRow { kind: kind.into(), key: key.into(), version, bytes: Vec::new() }
}

pub(super) fn blob(number: u64, case: Option<u64>, state: BlobState) -> BlobRow {
    BlobRow {
        root: hash(number),
        size_bytes: 5_000_000_000,
        chunk_bytes: 1 << 20,
        case: case.map(case_id),
        state,
        meta: b"meta".to_vec(),
        created_at: at(-i64::try_from(number).unwrap_or(0)),
    }
}

pub(super) fn event(seconds: i64, code: &str) -> Event {
    Event {
        at: at(seconds),
        level: EventLevel::Warning,
        code: code.into(),
        case: Some(case_id(1)),
        peer: None,
        detail: "检 détail".into(),
    }
}
