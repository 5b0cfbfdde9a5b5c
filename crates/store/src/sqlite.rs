//! The store in one SQLite file.
//!
//! Owns how a database file is opened, made safe and locked, and how a statement reaches it. Must not know what the
//! statements say: they are in `sql`. Write-ahead log, `synchronous=FULL`, one `BEGIN IMMEDIATE` a batch: what
//! `commit` reported as stored survives a power cut, as far as the disk keeps its word.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, ToSql, TransactionBehavior, params_from_iter};

use crate::Store;
use crate::batch::Batch;
use crate::fault::{CommitError, Conflict, Fault};
use crate::reader::Reader;
use crate::sql::columns::Value;
use crate::sql::read::{Query, SqlReader};
use crate::sql::{Cell, SCHEMA, SCHEMA_VERSION, Statement, Touch, expectation, write};

/// How long to wait for another process's lock before giving up: longer than any batch or checkpoint takes.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// A store in one SQLite file (and its `-wal` and `-shm` neighbours).
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    connection: Connection,
}

impl Sqlite {
    /// Opens the database at `path`, making it if there is none.
    ///
    /// # Errors
    /// [`Fault::Backend`] when the file cannot be opened or is no database; [`Fault::Schema`] when another version
    /// made it; [`Fault::Misuse`] for a path SQLite keeps in memory, which readers could not share.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Fault> {
        let path = path.as_ref();
        if path.as_os_str().is_empty() || path.as_os_str() == ":memory:" {
            return Err(Fault::Misuse { reason: "a database in memory has no readers; use `Memory`".into() });
        }
        make_private(path)?;
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;")
            .map_err(|error| backend("preparing the database", &error))?;
        settle_schema(&mut connection)?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Opens the database at `path` for reading only, as an audit does; makes and changes nothing in it.
    ///
    /// # Errors
    /// As [`Sqlite::open`]; a missing file is [`Fault::Backend`].
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Box<dyn Reader + Send>, Fault> {
        let connection = connect(path.as_ref(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection
            .execute_batch("PRAGMA query_only = ON;")
            .map_err(|error| backend("preparing the database for reading", &error))?;
        check_schema(schema_version(&connection)?)?;
        Ok(Box::new(SqlReader(connection)))
    }
}

impl Sqlite {
    /// Writes a copy of the database at `from`, as of one instant, to a new file that only its owner may read, while others
    /// read and write the original. The copy holds what is stored and nothing that was deleted.
    ///
    /// # Errors
    /// As [`Sqlite::open_read_only`]; [`Fault::Backend`] when the disk refuses.
    pub fn snapshot(from: impl AsRef<Path>, to: &Path) -> Result<(), Fault> {
        let connection = connect(from.as_ref(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        check_schema(schema_version(&connection)?)?;
        make_private(to)?;
        let copied = connection.execute("VACUUM INTO ?1", [to.to_string_lossy()]);
        copied.map(drop).map_err(|error| backend("copying the database", &error))
    }
}

impl Store for Sqlite {
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        batch.check()?;
        let failed = |error: rusqlite::Error| CommitError::Fault(backend("committing a batch", &error));
        let work = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        // An early return drops the transaction, which rolls it back.
        for expect in &batch.expect {
            let (sql, args, wanted) = expectation(expect);
            let found = number(&work, sql, &args).map_err(failed)?;
            if i64::try_from(wanted) != Ok(found) {
                return Err(Conflict::Expected(expect.clone()).into());
            }
        }
        // Read once a batch: one act writes dozens of search terms, and reading a statement costs more than running it.
        let mut prepared = BTreeMap::new();
        for statement in batch.writes.iter().flat_map(write::statements) {
            run(&work, &mut prepared, &statement)?;
        }
        drop(prepared);
        work.commit().map_err(failed)
    }

    fn reader(&self) -> Result<Box<dyn Reader + Send>, Fault> {
        Self::open_read_only(&self.path)
    }
}

impl Query for Connection {
    fn query(&self, sql: &str, args: &[Cell<'_>]) -> Result<Vec<Vec<Value>>, Fault> {
        let ask = || -> rusqlite::Result<Vec<Vec<Value>>> {
            let mut statement = self.prepare(&numbered(sql))?;
            let columns = statement.column_count();
            let rows = statement
                .query_map(params_from_iter(args), |row| (0..columns).map(|i| value(row.get_ref(i)?, i)).collect())?;
            rows.collect()
        };
        ask().map_err(|error| backend("reading", &error))
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            // Only a question can ask beyond what is stored: see `batch::NUMBER_MAX`.
            Self::Count(count) => ValueRef::Integer(i64::try_from(*count).unwrap_or(i64::MAX)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// SQLite takes `$2` for a *name* and numbers names as they first appear; `?2` is what the house means.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn run<'w>(
    work: &'w Connection,
    prepared: &mut BTreeMap<&'static str, rusqlite::Statement<'w>>,
    statement: &Statement<'_>,
) -> Result<(), CommitError> {
    let table = statement.table;
    let ready = match prepared.entry(statement.sql) {
        Entry::Occupied(held) => Ok(held.into_mut()),
        Entry::Vacant(free) => work.prepare(&numbered(statement.sql)).map(|read| free.insert(read)),
    };
    let done = ready.and_then(|ready| ready.execute(params_from_iter(&statement.args)));
    match (done, statement.touch) {
        (Ok(0), Touch::One) => Err(Conflict::Missing { table }.into()),
        (Ok(_), Touch::One | Touch::Any) => Ok(()),
        (Err(error), _) if is_duplicate(&error) => Err(Conflict::Exists { table }.into()),
        (Err(error), _) => Err(CommitError::Fault(backend("writing a batch", &error))),
    }
}

fn is_duplicate(error: &rusqlite::Error) -> bool {
    let codes = [rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE];
    error.sqlite_error().is_some_and(|e| e.code == ErrorCode::ConstraintViolation && codes.contains(&e.extended_code))
}

/// The first column of the first row; 0 when there is none.
fn number(work: &Connection, sql: &str, args: &[Cell<'_>]) -> rusqlite::Result<i64> {
    let mut statement = work.prepare(&numbered(sql))?;
    let found = statement.query_row(params_from_iter(args), |row| row.get::<_, i64>(0)).optional()?;
    Ok(found.unwrap_or(0))
}

fn value(stored: ValueRef<'_>, column: usize) -> rusqlite::Result<Value> {
    Ok(match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(_) => Value::Text(stored.as_str()?.to_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => {
            let kind = rusqlite::types::Type::Real;
            return Err(rusqlite::Error::InvalidColumnType(column, "real".into(), kind));
        }
    })
}

fn connect(path: &Path, mode: OpenFlags) -> Result<Connection, Fault> {
    let opening = |error: rusqlite::Error| backend("opening the database", &error);
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(opening)?;
    connection.busy_timeout(BUSY_WAIT).map_err(opening)?;
    // A database is a file somebody may have prepared: its schema may not call functions with side effects.
    connection.execute_batch("PRAGMA trusted_schema = OFF;").map_err(opening)?;
    Ok(connection)
}

/// Makes an empty file that only its owner may read, before SQLite would make one that all may.
fn make_private(path: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let made = options.open(path);
    made.map(drop).map_err(|error| Fault::Backend { doing: "making the database", reason: error.to_string() })
}

/// Makes the tables in an empty database, or checks whose they are.
fn settle_schema(connection: &mut Connection) -> Result<(), Fault> {
    let making = |error: rusqlite::Error| backend("making the tables", &error);
    let work = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(making)?;
    match schema_version(&work)? {
        Some(version) => check_schema(Some(version)),
        None => {
            let tables = number(&work, "SELECT COUNT(*) FROM sqlite_master", &[]).map_err(making)?;
            if tables != 0 {
                return check_schema(None);
            }
            work.execute_batch(SCHEMA).map_err(making)?;
            let note = "INSERT INTO meta (name, value) VALUES ('schema', ?1)";
            work.execute(note, [SCHEMA_VERSION.to_string()]).map_err(making)?;
            work.commit().map_err(making)
        }
    }
}

/// The version the database says it is; `None` when it is none of ours.
fn schema_version(connection: &Connection) -> Result<Option<String>, Fault> {
    let reading = |error: rusqlite::Error| backend("reading the schema version", &error);
    let ours = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'";
    if number(connection, ours, &[]).map_err(reading)? == 0 {
        return Ok(None);
    }
    let version = "SELECT value FROM meta WHERE name = 'schema'";
    connection.query_row(version, [], |row| row.get(0)).optional().map_err(reading)
}

fn check_schema(found: Option<String>) -> Result<(), Fault> {
    match found {
        Some(version) if version == SCHEMA_VERSION.to_string() => Ok(()),
        found => Err(Fault::Schema { found: found.unwrap_or_else(|| "none".into()), wanted: SCHEMA_VERSION }),
    }
}

fn backend(doing: &'static str, error: &rusqlite::Error) -> Fault {
    Fault::Backend { doing, reason: error.to_string() }
}
