//! Rows read back from the columns of an answer.
//!
//! Owns the way from stored columns to typed rows and refuses what cannot be one: a database is a file, and a file
//! can be damaged. Must not know which query was asked beyond the table it names.

use domain::ids::{BadName, CaseId, Hash32, PartyId};

use crate::fault::Fault;
use crate::filter::ParcelCount;
use crate::moment::Moment;
use crate::rows::{
    ActRow, BlobRow, BlobState, BodyRow, CaseRow, CheckpointRow, Direction, DraftRow, Event, EventLevel, EventRow,
    IdempotencyRow, LeafRow, LocalRow, ParcelRow, ParcelState, ParkedRow, ReceiptRow, TimerRow,
};

/// One stored value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The columns of one row, taken from the left.
pub(crate) struct Columns {
    table: &'static str,
    values: std::vec::IntoIter<Value>,
}

impl Columns {
    pub(crate) fn new(table: &'static str, values: Vec<Value>) -> Self {
        Self { table, values: values.into_iter() }
    }

    pub(crate) fn count(&mut self) -> Result<u64, Fault> {
        let table = self.table;
        let number = self.maybe_int()?.ok_or_else(|| corrupt(table, "a number is missing".into()))?;
        u64::try_from(number).map_err(|_| corrupt(table, format!("`{number}` is below zero")))
    }

    pub(crate) fn maybe_moment(&mut self) -> Result<Option<Moment>, Fault> {
        let table = self.table;
        let known = |us: i64| Moment::from_us(us).ok_or_else(|| corrupt(table, format!("`{us}` is no time")));
        self.maybe_int()?.map(known).transpose()
    }

    pub(crate) fn hash(&mut self) -> Result<Hash32, Fault> {
        let bytes = self.bytes()?;
        let whole = <[u8; 32]>::try_from(bytes.as_slice());
        whole.map(Hash32).map_err(|_| corrupt(self.table, format!("a hash of {} bytes", bytes.len())))
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Fault> {
        let table = self.table;
        self.maybe_bytes()?.ok_or_else(|| corrupt(table, "bytes are missing".into()))
    }

    pub(crate) fn name<N: TryFrom<String, Error = BadName>>(&mut self) -> Result<N, Fault> {
        let text = self.text()?;
        N::try_from(text).map_err(|bad| corrupt(self.table, bad.to_string()))
    }

    fn moment(&mut self) -> Result<Moment, Fault> {
        let table = self.table;
        self.maybe_moment()?.ok_or_else(|| corrupt(table, "a time is missing".into()))
    }

    fn truth(&mut self) -> Result<bool, Fault> {
        match self.count()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(corrupt(self.table, format!("`{other}` is neither 0 nor 1"))),
        }
    }

    fn text(&mut self) -> Result<String, Fault> {
        let table = self.table;
        self.maybe_text()?.ok_or_else(|| corrupt(table, "text is missing".into()))
    }

    fn word<W>(&mut self, read: fn(&str) -> Option<W>) -> Result<W, Fault> {
        let word = self.text()?;
        read(&word).ok_or_else(|| corrupt(self.table, format!("`{word}` is not a word of this column")))
    }

    fn maybe_name<N: TryFrom<String, Error = BadName>>(&mut self) -> Result<Option<N>, Fault> {
        let table = self.table;
        self.maybe_text()?.map(|text| N::try_from(text).map_err(|bad| corrupt(table, bad.to_string()))).transpose()
    }

    fn maybe_int(&mut self) -> Result<Option<i64>, Fault> {
        match self.values.next() {
            Some(Value::Int(number)) => Ok(Some(number)),
            Some(Value::Null) => Ok(None),
            other => Err(self.unfit("a number", other)),
        }
    }

    fn maybe_text(&mut self) -> Result<Option<String>, Fault> {
        match self.values.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            other => Err(self.unfit("text", other)),
        }
    }

    fn maybe_bytes(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        match self.values.next() {
            Some(Value::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Value::Null) => Ok(None),
            other => Err(self.unfit("bytes", other)),
        }
    }

    fn unfit(&self, wanted: &str, got: Option<Value>) -> Fault {
        let got = match got {
            None => "no column",
            Some(Value::Null) => "nothing",
            Some(Value::Int(_)) => "a number",
            Some(Value::Text(_)) => "text",
            Some(Value::Bytes(_)) => "bytes",
        };
        corrupt(self.table, format!("{got} stands where {wanted} should"))
    }
}

fn corrupt(table: &'static str, reason: String) -> Fault {
    Fault::Corrupt { table, reason }
}

/// A row that reads itself from the columns of its table, in the order of [`FromColumns::COLUMNS`].
pub(crate) trait FromColumns: Sized {
    const TABLE: &'static str;
    const COLUMNS: &'static str;

    fn from_columns(columns: &mut Columns) -> Result<Self, Fault>;
}

impl FromColumns for CaseRow {
    const TABLE: &'static str = "case_row";
    const COLUMNS: &'static str = "case_id, version, type_code, series, peer, direction, stage, turn, level, urgency, \
        mark, our_office, their_office, due_at, opened_at, updated_at, undelivered, exercise, summary";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self {
            case: c.name()?,
            version: c.count()?,
            type_code: c.name()?,
            series: c.text()?,
            peer: c.name()?,
            direction: {
                let code = c.count()?;
                Direction::from_code(code).ok_or_else(|| corrupt(Self::TABLE, format!("`{code}` is no direction")))?
            },
            stage: c.text()?,
            turn: c.word(|text| if text.is_empty() { Some(None) } else { PartyId::new(text).ok().map(Some) })?,
            level: c.count()?,
            urgency: c.text()?,
            mark: c.text()?,
            our_office: c.name()?,
            their_office: c.name()?,
            due_at: c.maybe_moment()?,
            opened_at: c.moment()?,
            updated_at: c.moment()?,
            undelivered: c.count()?,
            exercise: c.truth()?,
            summary: c.bytes()?,
        })
    }
}

impl FromColumns for ActRow {
    const TABLE: &'static str = "act";
    const COLUMNS: &'static str = "case_id, party, seq, core_hash, kind, at, received_at, logged_index, body_hash";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self {
            case: c.name()?,
            party: c.name()?,
            seq: c.count()?,
            core_hash: c.hash()?,
            kind: c.text()?,
            at: c.moment()?,
            received_at: c.maybe_moment()?,
            logged_index: c.count()?,
            body_hash: c.hash()?,
        })
    }
}

impl FromColumns for BodyRow {
    const TABLE: &'static str = "body";
    const COLUMNS: &'static str = "hash, bytes, purge_at";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { hash: c.hash()?, bytes: c.maybe_bytes()?, purge_at: c.maybe_moment()? })
    }
}

impl FromColumns for ReceiptRow {
    const TABLE: &'static str = "receipt";
    const COLUMNS: &'static str = "core_hash, given, bytes";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { core_hash: c.hash()?, given: c.truth()?, bytes: c.bytes()? })
    }
}

impl FromColumns for LeafRow {
    const TABLE: &'static str = "leaf";
    const COLUMNS: &'static str = "log, idx, bytes, hash";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { log: c.text()?, index: c.count()?, bytes: c.bytes()?, hash: c.hash()? })
    }
}

impl FromColumns for CheckpointRow {
    const TABLE: &'static str = "checkpoint";
    const COLUMNS: &'static str = "log, size, note, cosigned";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { log: c.text()?, size: c.count()?, note: c.bytes()?, cosigned: c.maybe_bytes()? })
    }
}

impl FromColumns for ParcelRow {
    const TABLE: &'static str = "parcel";
    const COLUMNS: &'static str =
        "core_hash, peer, lane, case_id, party_seq, created_at, due_at, tries, expires_at, state";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self {
            core_hash: c.hash()?,
            peer: c.name()?,
            lane: c.count()?,
            case: c.name()?,
            party_seq: c.count()?,
            created_at: c.moment()?,
            due_at: c.moment()?,
            tries: c.count()?,
            expires_at: c.moment()?,
            state: c.word(ParcelState::from_word)?,
        })
    }
}

impl FromColumns for ParcelCount {
    const TABLE: &'static str = "parcel";
    const COLUMNS: &'static str = "peer, state, COUNT(*), MIN(created_at)";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { peer: c.name()?, state: c.word(ParcelState::from_word)?, count: c.count()?, oldest_at: c.moment()? })
    }
}

impl FromColumns for ParkedRow {
    const TABLE: &'static str = "parked";
    const COLUMNS: &'static str = "peer, case_id, seq, bytes, arrived_at";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { peer: c.name()?, case: c.name()?, seq: c.count()?, bytes: c.bytes()?, arrived_at: c.moment()? })
    }
}

impl FromColumns for TimerRow {
    const TABLE: &'static str = "timer";
    const COLUMNS: &'static str = "case_id, kind, due_at";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { case: c.name()?, kind: c.text()?, due_at: c.moment()? })
    }
}

impl FromColumns for DraftRow {
    const TABLE: &'static str = "draft";
    const COLUMNS: &'static str = "draft_id, version, owner_office, created_by, updated_at, bytes";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self {
            draft: c.text()?,
            version: c.count()?,
            owner_office: c.name()?,
            created_by: c.name()?,
            updated_at: c.moment()?,
            bytes: c.bytes()?,
        })
    }
}

impl FromColumns for LocalRow {
    const TABLE: &'static str = "local";
    const COLUMNS: &'static str = "kind, name, version, bytes";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { kind: c.text()?, key: c.text()?, version: c.count()?, bytes: c.bytes()? })
    }
}

impl FromColumns for BlobRow {
    const TABLE: &'static str = "blob";
    const COLUMNS: &'static str = "root, size, chunk_bytes, case_id, state, meta, created_at";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self {
            root: c.hash()?,
            size_bytes: c.count()?,
            chunk_bytes: c.count()?,
            case: c.maybe_name::<CaseId>()?,
            state: c.word(BlobState::from_word)?,
            meta: c.bytes()?,
            created_at: c.moment()?,
        })
    }
}

impl FromColumns for EventRow {
    const TABLE: &'static str = "event";
    const COLUMNS: &'static str = "id, acknowledged, at, level, code, case_id, peer, detail";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self {
            id: c.count()?,
            acknowledged: c.truth()?,
            event: Event {
                at: c.moment()?,
                level: c.word(EventLevel::from_word)?,
                code: c.text()?,
                case: c.maybe_name()?,
                peer: c.maybe_name()?,
                detail: c.text()?,
            },
        })
    }
}

impl FromColumns for IdempotencyRow {
    const TABLE: &'static str = "idempotency";
    const COLUMNS: &'static str = "name, at, bytes";

    fn from_columns(c: &mut Columns) -> Result<Self, Fault> {
        Ok(Self { key: c.text()?, at: c.moment()?, bytes: c.bytes()? })
    }
}
