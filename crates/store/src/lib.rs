//! One narrow trait; SQLite and memory behind it. The only SQL of the house.
//!
//! Owns what is kept between two runs of a node: rows, the batch that changes them, and how they are read back.
//! Must not know what an act means, what the bytes it keeps say, or what time it is. A change is a [`Batch`]: plain
//! data, stating what it expects to find and what to write; it is stored whole or not at all.

pub mod batch;
pub mod chunks;
pub mod conformance;
pub mod fault;
pub mod faulty;
pub mod filter;
pub mod memory;
pub mod moment;
pub mod reader;
pub mod rows;
mod sql;
pub mod sqlite;

pub use batch::{Batch, Expect, Write};
pub use chunks::{Chunks, DiskChunks, MemoryChunks};
pub use fault::{CommitError, Conflict, Fault};
pub use faulty::{Faulty, Strike};
pub use filter::{CaseCursor, CaseFilter, CaseOrder, Load, ParcelCount};
pub use memory::Memory;
pub use moment::Moment;
pub use reader::Reader;
pub use rows::{
    ActRow, BlobRow, BlobState, BodyRow, CaseRow, CheckpointRow, Direction, DraftRow, Event, EventLevel, EventRow,
    IdempotencyRow, LeafRow, LocalRow, ParcelRow, ParcelState, ParkedRow, ReceiptRow, TimerRow, TreeHashRow,
};
pub use sqlite::Sqlite;

/// Where a node keeps what it must not forget. One writer; any number of readers.
pub trait Store: Send {
    /// Stores a batch: checks every expectation, then does every write in order, durably, or does nothing.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when the batch does not fit what is stored: nothing was changed.
    /// [`CommitError::Fault`] when the store failed: the batch was stored whole or not at all, and only reading
    /// tells which.
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError>;

    /// Opens a reader, which sees every batch committed before each of its calls.
    ///
    /// # Errors
    /// [`Fault::Backend`] when the backend cannot be opened for reading.
    fn reader(&self) -> Result<Box<dyn Reader + Send>, Fault>;
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        (**self).commit(batch)
    }

    fn reader(&self) -> Result<Box<dyn Reader + Send>, Fault> {
        (**self).reader()
    }
}
