//! What can go wrong in a store: a conflict (somebody was first) or a fault (the store is unwell).
//!
//! Owns the two and their words. Must not know any backend's own error types.

use crate::batch::Expect;

/// Why a batch was not, or may not have been, committed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The batch does not fit what is stored; nothing of it was. Read again, decide again, commit again.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The store failed. The batch may have been stored or not, never in part: read before retrying. Committing
    /// the same batch again is safe when it carries expectations, which then answer with a conflict.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What in a batch does not fit what is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// An expectation of the batch does not hold.
    #[error("somebody else was first: {0} no longer holds; read again and retry")]
    Expected(Expect),
    /// A write that must create a row found one with the same key.
    #[error("a row of `{table}` with this key is stored already; read again before retrying")]
    Exists {
        /// The table's name in the schema.
        table: &'static str,
    },
    /// A write that must change a row found none.
    #[error("no row of `{table}` has this key; read again before retrying")]
    Missing {
        /// The table's name in the schema.
        table: &'static str,
    },
}

/// The store itself is unwell, or was misused by the code above it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The backend failed: disk, lock or connection.
    #[error("the store failed while {doing}: {reason}; check the disk and its free space")]
    Backend {
        /// What was being done, such as `opening the database`.
        doing: &'static str,
        /// The backend's own words.
        reason: String,
    },
    /// What is stored cannot be read back as what it should be.
    #[error("the stored `{table}` is damaged: {reason}; restore from a backup and run the audit")]
    Corrupt {
        /// The table's name in the schema.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The database was made by another version of the software.
    #[error("the database has schema version `{found}` but this program needs `{wanted}`; use the matching program")]
    Schema {
        /// The version in the file.
        found: String,
        /// The version this program reads and writes.
        wanted: u64,
    },
    /// The code above the store broke one of its rules; nothing was stored.
    #[error("the store was misused: {reason}; this is a defect in the program, please report it")]
    Misuse {
        /// The rule broken.
        reason: String,
    },
}
