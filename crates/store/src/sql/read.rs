//! The questions of [`Reader`] as SQL, asked of any database that answers [`Query`].
//!
//! Owns the query strings. Must not know which database answers. The list of cases is assembled from fixed parts;
//! a caller's text is only ever an argument.

use domain::ids::{CaseId, Hash32, OfficeId, PartyId};

use super::Cell;
use super::columns::{Columns, FromColumns, Value};
use crate::fault::Fault;
use crate::filter::{
    CaseCursor, CaseFilter, CaseOrder, LEAVES_MAX, LIST_MAX, Load, PARCELS_MAX, ParcelCount, TERMS_MAX, TYPES_MAX,
};
use crate::moment::Moment;
use crate::reader::Reader;
use crate::rows::{
    ActRow, BlobRow, BlobState, BodyRow, CaseRow, CheckpointRow, DraftRow, EventRow, IdempotencyRow, LeafRow, LocalRow,
    ParcelRow, ParkedRow, ReceiptRow, TimerRow,
};

/// How many leaves log `$1` has.
pub(crate) const LOG_SIZE: &str = "SELECT COALESCE(MAX(idx) + 1, 0) FROM leaf WHERE log = $1";
/// The value of counter `$1`.
pub(crate) const COUNTER: &str = "SELECT value FROM counter WHERE name = $1";

/// The condition that parcel `p` to `$1` is queued and no earlier one of its case is queued or held.
const PARCEL_HEAD: &str = "p.peer = $1 AND p.state = 'queued' AND NOT EXISTS (SELECT 1 FROM parcel e \
    WHERE e.peer = p.peer AND e.case_id = p.case_id AND e.party_seq < p.party_seq AND e.state IN ('queued', 'held'))";

/// A database that answers a query with rows of values.
pub(crate) trait Query {
    /// Runs one query whose parameters are written `$n`.
    fn query(&self, sql: &str, args: &[Cell<'_>]) -> Result<Vec<Vec<Value>>, Fault>;
}

/// Reads a store through SQL.
pub(crate) struct SqlReader<Q>(pub(crate) Q);

impl<Q: Query> SqlReader<Q> {
    /// The rows of `R`'s table that `tail` (from `WHERE` on) leaves.
    fn list<R: FromColumns>(&self, tail: &str, args: &[Cell<'_>]) -> Result<Vec<R>, Fault> {
        let rows = self.0.query(&format!("SELECT {} FROM {} {tail}", R::COLUMNS, R::TABLE), args)?;
        rows.into_iter().map(|values| R::from_columns(&mut Columns::new(R::TABLE, values))).collect()
    }

    fn first<R: FromColumns>(&self, tail: &str, args: &[Cell<'_>]) -> Result<Option<R>, Fault> {
        Ok(self.list(tail, args)?.into_iter().next())
    }

    /// The first column of each row of any query.
    fn column<T>(
        &self,
        table: &'static str,
        sql: &str,
        args: &[Cell<'_>],
        read: fn(&mut Columns) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let rows = self.0.query(sql, args)?;
        rows.into_iter().map(|values| read(&mut Columns::new(table, values))).collect()
    }

    /// A number, 0 when there is no row.
    fn number(&self, table: &'static str, sql: &str, args: &[Cell<'_>]) -> Result<u64, Fault> {
        Ok(self.column(table, sql, args, Columns::count)?.into_iter().next().unwrap_or(0))
    }

    fn soonest(&self, table: &'static str, sql: &str, args: &[Cell<'_>]) -> Result<Option<Moment>, Fault> {
        Ok(self.column(table, sql, args, Columns::maybe_moment)?.into_iter().next().flatten())
    }
}

impl<Q: Query> Reader for SqlReader<Q> {
    fn case(&self, case: &CaseId) -> Result<Option<CaseRow>, Fault> {
        self.first("WHERE case_id = $1", &[case.as_str().into()])
    }

    fn cases(&self, filter: &CaseFilter) -> Result<(Vec<CaseRow>, Option<CaseCursor>), Fault> {
        let (tail, args) = case_list(filter);
        Ok(filter.page(self.list(&tail, &args)?))
    }

    fn case_count(&self, filter: &CaseFilter) -> Result<u64, Fault> {
        let (conditions, args) = case_conditions(filter);
        self.number("case_row", &format!("SELECT COUNT(*) FROM case_row {}", all_of(&conditions)), &args)
    }

    fn acts(&self, case: &CaseId) -> Result<Vec<ActRow>, Fault> {
        self.list("WHERE case_id = $1 ORDER BY logged_index, party, seq", &[case.as_str().into()])
    }

    fn act_by_hash(&self, core_hash: &Hash32) -> Result<Option<ActRow>, Fault> {
        self.first("WHERE core_hash = $1", &[Cell::Bytes(&core_hash.0)])
    }

    fn act(&self, case: &CaseId, party: &PartyId, seq: u64) -> Result<Option<ActRow>, Fault> {
        let args = [case.as_str().into(), party.as_str().into(), seq.into()];
        self.first("WHERE case_id = $1 AND party = $2 AND seq = $3", &args)
    }

    fn bodies(&self, hashes: &[Hash32]) -> Result<Vec<BodyRow>, Fault> {
        let found = hashes.iter().map(|hash| self.first("WHERE hash = $1", &[Cell::Bytes(&hash.0)]));
        found.filter_map(Result::transpose).collect()
    }

    fn purges_due(&self, now: Moment, limit: usize) -> Result<Vec<Hash32>, Fault> {
        let sql = "SELECT hash FROM body WHERE purge_at <= $1 AND bytes IS NOT NULL ORDER BY purge_at, hash LIMIT $2";
        self.column("body", sql, &[now.into(), up_to(limit, LIST_MAX)], Columns::hash)
    }

    fn envelope(&self, core_hash: &Hash32) -> Result<Option<Vec<u8>>, Fault> {
        let sql = "SELECT bytes FROM envelope WHERE core_hash = $1";
        let found = self.column("envelope", sql, &[Cell::Bytes(&core_hash.0)], Columns::bytes)?;
        Ok(found.into_iter().next())
    }

    fn receipt(&self, core_hash: &Hash32, given: bool) -> Result<Option<ReceiptRow>, Fault> {
        self.first("WHERE core_hash = $1 AND given = $2", &[Cell::Bytes(&core_hash.0), given.into()])
    }

    fn log_size(&self, log: &str) -> Result<u64, Fault> {
        self.number("leaf", LOG_SIZE, &[log.into()])
    }

    fn leaves(&self, log: &str, from: u64, limit: usize) -> Result<Vec<LeafRow>, Fault> {
        let args = [log.into(), from.into(), up_to(limit, LEAVES_MAX)];
        self.list("WHERE log = $1 AND idx >= $2 ORDER BY idx LIMIT $3", &args)
    }

    fn tree_hash(&self, log: &str, level: u64, index: u64) -> Result<Option<Hash32>, Fault> {
        let sql = "SELECT hash FROM tree_hash WHERE log = $1 AND level = $2 AND idx = $3";
        let found = self.column("tree_hash", sql, &[log.into(), level.into(), index.into()], Columns::hash)?;
        Ok(found.into_iter().next())
    }

    fn checkpoint(&self, log: &str, size: u64) -> Result<Option<CheckpointRow>, Fault> {
        self.first("WHERE log = $1 AND size = $2", &[log.into(), size.into()])
    }

    fn latest_checkpoint(&self, log: &str) -> Result<Option<CheckpointRow>, Fault> {
        self.first("WHERE log = $1 ORDER BY size DESC LIMIT 1", &[log.into()])
    }

    fn latest_cosigned(&self, log: &str) -> Result<Option<CheckpointRow>, Fault> {
        self.first("WHERE log = $1 AND cosigned IS NOT NULL ORDER BY size DESC LIMIT 1", &[log.into()])
    }

    fn checkpoints(&self, log: &str, above: u64, limit: usize) -> Result<Vec<CheckpointRow>, Fault> {
        let args = [log.into(), above.into(), up_to(limit, LIST_MAX)];
        self.list("WHERE log = $1 AND size > $2 ORDER BY size LIMIT $3", &args)
    }

    fn parcel(&self, core_hash: &Hash32) -> Result<Option<ParcelRow>, Fault> {
        self.first("WHERE core_hash = $1", &[Cell::Bytes(&core_hash.0)])
    }

    fn parcels_due(&self, peer: &PartyId, now: Moment, limit: usize) -> Result<Vec<ParcelRow>, Fault> {
        let tail = format!(
            "p WHERE {PARCEL_HEAD} AND p.due_at <= $2 \
             ORDER BY p.lane, p.due_at, p.case_id, p.party_seq, p.core_hash LIMIT $3"
        );
        self.list(&tail, &[peer.as_str().into(), now.into(), up_to(limit, PARCELS_MAX)])
    }

    fn parcel_next_due(&self, peer: &PartyId) -> Result<Option<Moment>, Fault> {
        let sql = format!("SELECT MIN(p.due_at) FROM parcel p WHERE {PARCEL_HEAD}");
        self.soonest("parcel", &sql, &[peer.as_str().into()])
    }

    fn parcel_counts(&self) -> Result<Vec<ParcelCount>, Fault> {
        self.list("GROUP BY peer, state ORDER BY peer, state", &[])
    }

    fn parked(&self, peer: &PartyId, case: &CaseId) -> Result<Vec<ParkedRow>, Fault> {
        self.list("WHERE peer = $1 AND case_id = $2 ORDER BY seq", &[peer.as_str().into(), case.as_str().into()])
    }

    fn parked_load(&self, peer: &PartyId, case: Option<&CaseId>) -> Result<Load, Fault> {
        let mut tail = "FROM parked WHERE peer = $1".to_owned();
        let mut args = vec![peer.as_str().into()];
        if let Some(case) = case {
            tail.push_str(" AND case_id = $2");
            args.push(case.as_str().into());
        }
        let bytes = format!("SELECT CAST(COALESCE(SUM(LENGTH(bytes)), 0) AS BIGINT) {tail}");
        Ok(Load {
            count: self.number("parked", &format!("SELECT COUNT(*) {tail}"), &args)?,
            bytes: self.number("parked", &bytes, &args)?,
        })
    }

    fn timers_due(&self, now: Moment, limit: usize) -> Result<Vec<TimerRow>, Fault> {
        let args = [now.into(), up_to(limit, LIST_MAX)];
        self.list("WHERE due_at <= $1 ORDER BY due_at, case_id, kind LIMIT $2", &args)
    }

    fn timers(&self, case: &CaseId) -> Result<Vec<TimerRow>, Fault> {
        self.list("WHERE case_id = $1 ORDER BY kind", &[case.as_str().into()])
    }

    fn timer_next_due(&self) -> Result<Option<Moment>, Fault> {
        self.soonest("timer", "SELECT MIN(due_at) FROM timer", &[])
    }

    fn draft(&self, draft: &str) -> Result<Option<DraftRow>, Fault> {
        self.first("WHERE draft_id = $1", &[draft.into()])
    }

    fn drafts(&self, office: Option<&OfficeId>) -> Result<Vec<DraftRow>, Fault> {
        let order = "ORDER BY updated_at DESC, draft_id";
        match office {
            Some(office) => self.list(&format!("WHERE owner_office = $1 {order}"), &[office.as_str().into()]),
            None => self.list(order, &[]),
        }
    }

    fn local(&self, kind: &str, key: &str) -> Result<Option<LocalRow>, Fault> {
        self.first("WHERE kind = $1 AND name = $2", &[kind.into(), key.into()])
    }

    fn local_list(&self, kind: &str) -> Result<Vec<LocalRow>, Fault> {
        self.list("WHERE kind = $1 ORDER BY name", &[kind.into()])
    }

    fn counter(&self, name: &str) -> Result<u64, Fault> {
        self.number("counter", COUNTER, &[name.into()])
    }

    fn blob(&self, root: &Hash32) -> Result<Option<BlobRow>, Fault> {
        self.first("WHERE root = $1", &[Cell::Bytes(&root.0)])
    }

    fn blobs(&self, case: &CaseId) -> Result<Vec<BlobRow>, Fault> {
        self.list("WHERE case_id = $1 ORDER BY created_at, root", &[case.as_str().into()])
    }

    fn blobs_in(&self, state: BlobState, after: Option<(Moment, Hash32)>, limit: usize) -> Result<Vec<BlobRow>, Fault> {
        let (state, most) = (Cell::from(state.as_str()), up_to(limit, LIST_MAX));
        match &after {
            None => self.list("WHERE state = $1 ORDER BY created_at, root LIMIT $2", &[state, most]),
            Some((at, root)) => self.list(
                "WHERE state = $1 AND (created_at > $2 OR (created_at = $2 AND root > $3)) \
                 ORDER BY created_at, root LIMIT $4",
                &[state, (*at).into(), Cell::Bytes(&root.0), most],
            ),
        }
    }

    fn events(&self, before: Option<u64>, limit: usize) -> Result<Vec<EventRow>, Fault> {
        let before = before.map_or(Cell::Int(i64::MAX), Cell::Count);
        self.list("WHERE id < $1 ORDER BY id DESC LIMIT $2", &[before, up_to(limit, LIST_MAX)])
    }

    fn events_open(&self, limit: usize) -> Result<Vec<EventRow>, Fault> {
        self.list("WHERE acknowledged = 0 ORDER BY id DESC LIMIT $1", &[up_to(limit, LIST_MAX)])
    }

    fn search(&self, terms: &[String], limit: usize) -> Result<Vec<CaseId>, Fault> {
        let Some((first, rest)) = terms.split_first() else { return Ok(Vec::new()) };
        let mut args = vec![Cell::Text(first)];
        let mut sql = "SELECT c.case_id FROM term c WHERE c.term = $1".to_owned();
        for term in rest.iter().take(TERMS_MAX - 1) {
            args.push(Cell::Text(term));
            sql.push_str(&format!(" AND {}", has_term("c", args.len())));
        }
        args.push(up_to(limit, LIST_MAX));
        sql.push_str(&format!(" ORDER BY c.case_id LIMIT ${}", args.len()));
        self.column("term", &sql, &args, Columns::name)
    }

    fn idempotency(&self, key: &str) -> Result<Option<IdempotencyRow>, Fault> {
        self.first("WHERE name = $1", &[key.into()])
    }
}

/// A limit as an argument, never above `most`.
fn up_to(limit: usize, most: usize) -> Cell<'static> {
    Cell::Count(limit.min(most) as u64)
}

fn has_term(of: &str, number: usize) -> String {
    format!("EXISTS (SELECT 1 FROM term t WHERE t.case_id = {of}.case_id AND t.term = ${number})")
}

/// The list of cases a filter asks for, one longer than its page so that the end is seen.
fn case_list(filter: &CaseFilter) -> (String, Vec<Cell<'_>>) {
    let (mut conditions, mut args) = case_conditions(filter);
    // 9223372036854775807 is i64::MAX, as in `CaseOrder::key`: nothing due comes last.
    let key = match filter.order {
        CaseOrder::Due => "COALESCE(due_at, 9223372036854775807)",
        CaseOrder::Updated => "-updated_at",
    };
    if let Some(after) = &filter.after {
        args.extend([Cell::Int(after.key), Cell::Text(after.case.as_str())]);
        let (at, case) = (args.len() - 1, args.len());
        conditions.push(format!("({key} > ${at} OR ({key} = ${at} AND case_id > ${case}))"));
    }
    args.push(Cell::Count(filter.page_len() as u64 + 1));
    (format!("{} ORDER BY {key}, case_id LIMIT ${}", all_of(&conditions), args.len()), args)
}

/// A `WHERE` of these conditions, or nothing.
fn all_of(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) }
}

/// Which cases a filter lets through, wherever a page begins or ends.
fn case_conditions(filter: &CaseFilter) -> (Vec<String>, Vec<Cell<'_>>) {
    let equal: [(&str, Option<Cell<'_>>); 7] = [
        ("stage =", filter.stage.as_deref().map(Cell::Text)),
        ("turn =", filter.turn.as_ref().map(|turn| turn.as_str().into())),
        ("turn > '' AND turn <>", filter.turn_of_others.as_ref().map(|us| us.as_str().into())),
        ("direction =", filter.direction.map(|direction| direction.code().into())),
        ("our_office =", filter.our_office.as_ref().map(|office| office.as_str().into())),
        ("mark =", filter.mark.as_deref().map(Cell::Text)),
        ("peer =", filter.peer.as_ref().map(|peer| peer.as_str().into())),
    ];
    let due = [("due_at >=", filter.due_from.map(Cell::from)), ("due_at <", filter.overdue_before.map(Cell::from))];
    let mut args = Vec::new();
    let mut conditions = Vec::new();
    for (condition, cell) in equal.into_iter().chain(due) {
        if let Some(cell) = cell {
            args.push(cell);
            conditions.push(format!("{condition} ${}", args.len()));
        }
    }
    if !filter.types.is_empty() {
        let mut places = Vec::new();
        for code in filter.types.iter().take(TYPES_MAX) {
            args.push(code.as_str().into());
            places.push(format!("${}", args.len()));
        }
        conditions.push(format!("type_code IN ({})", places.join(", ")));
    }
    for term in filter.terms.iter().take(TERMS_MAX) {
        args.push(Cell::Text(term));
        conditions.push(has_term("case_row", args.len()));
    }
    (conditions, args)
}
