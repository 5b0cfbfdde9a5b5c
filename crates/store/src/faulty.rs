//! A store that fails on demand, for the simulator and the tests of everything above the store.
//!
//! Owns the three ways a commit can end as its caller sees it. Must not know why it fails: a plan tells it.

use std::fmt;

use crate::Store;
use crate::batch::Batch;
use crate::fault::{CommitError, Fault};
use crate::reader::Reader;

/// What befalls one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strike {
    /// Nothing: it goes through to the store.
    Pass,
    /// It fails and nothing is stored.
    Failed,
    /// It is stored, and yet reported as failed: the answer was lost. A conflict is reported as the failure too.
    FailedButPersisted,
}

/// A store whose commits fail as a plan says.
pub struct Faulty<S> {
    inner: S,
    plan: Box<dyn FnMut() -> Strike + Send>,
}

impl<S: Store> Faulty<S> {
    /// Wraps a store; `plan` is asked once before each commit.
    pub fn new(inner: S, plan: impl FnMut() -> Strike + Send + 'static) -> Self {
        Self { inner, plan: Box::new(plan) }
    }

    /// The store within, as it is after a restart.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: Store> Store for Faulty<S> {
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        let struck = |reason: &str| CommitError::Fault(Fault::Backend { doing: "committing", reason: reason.into() });
        match (self.plan)() {
            Strike::Pass => self.inner.commit(batch),
            Strike::Failed => Err(struck("struck before it was stored")),
            Strike::FailedButPersisted => {
                // Whatever the store says, the caller does not hear it.
                let _unheard = self.inner.commit(batch);
                Err(struck("struck before it was answered"))
            }
        }
    }

    fn reader(&self) -> Result<Box<dyn Reader + Send>, Fault> {
        self.inner.reader()
    }
}

impl<S: fmt::Debug> fmt::Debug for Faulty<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faulty").field("inner", &self.inner).finish_non_exhaustive()
    }
}
