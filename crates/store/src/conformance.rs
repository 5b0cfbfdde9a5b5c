//! One suite that every backend must pass, so that what holds in the simulator holds on disk.
//!
//! Owns what a backend promises, as checks with names. Must not know which backend it checks: it gets a way to make
//! an empty store. It panics, as tests do; only tests call it.

mod commit;
mod read;
mod sample;

use std::fmt::Debug;

use crate::Store;
use crate::batch::{Batch, Expect, Write};
use crate::fault::{CommitError, Conflict};
use crate::reader::Reader;

/// One check: it gets an empty store of its own.
type Check = fn(Box<dyn Store>);

const CHECKS: &[(&str, Check)] = &[
    ("every write reads back as written", commit::round_trip),
    ("an unmet expectation stores nothing", commit::unmet_expectations),
    ("a conflict half-way leaves nothing behind", commit::conflict_half_way),
    ("leaves continue from the expected size", commit::leaves_continue),
    ("the first body, envelope and receipt stay", commit::first_stays),
    ("a purged body keeps its row", commit::purge_keeps_row),
    ("removes and forgets remove", commit::removes),
    ("parameters are numbered, not named", commit::numbered_parameters),
    ("a failed commit stores nothing, a lost answer all", commit::strikes),
    ("numbers too large are refused whole", commit::numbers_too_large),
    ("a reader sees later commits", read::reader_sees_later),
    ("an empty store answers everything with nothing", read::empty),
    ("cases are filtered", read::cases_filtered),
    ("cases are ordered and paged", read::cases_paged),
    ("ten thousand cases are paged whole", read::cases_many),
    ("cases are counted", read::cases_counted),
    ("acts are in log order", read::acts_ordered),
    ("leaves and checkpoints are in order", read::log_ordered),
    ("parcels go by lane and in turn", read::parcels_in_turn),
    ("parked acts are weighed", read::parked_weighed),
    ("timers ring in order", read::timers_in_order),
    ("lists are ordered", read::lists_ordered),
    ("events are newest first and paged", read::events_paged),
    ("search wants every term", read::search_all_terms),
];

/// Runs every check against fresh stores from `make`.
///
/// # Panics
/// When the backend breaks a promise, naming the check on standard output before it starts.
pub fn run(mut make: impl FnMut() -> Box<dyn Store>) {
    for (name, check) in CHECKS {
        println!("conformance: {name}");
        check(make());
    }
}

fn commit_all(store: &mut dyn Store, writes: Vec<Write>) {
    must(store.commit(&Batch { expect: Vec::new(), writes }));
}

fn append(store: &mut dyn Store, log: &str, size: u64, writes: Vec<Write>) {
    must(store.commit(&Batch { expect: vec![Expect::LogSize { log: log.into(), size }], writes }));
}

fn reader(store: &dyn Store) -> Box<dyn Reader + Send> {
    must(store.reader())
}

/// The conflict a commit must end in.
fn conflict(store: &mut dyn Store, expect: Vec<Expect>, writes: Vec<Write>) -> Conflict {
    match store.commit(&Batch { expect, writes }) {
        Err(CommitError::Conflict(conflict)) => conflict,
        other => panic!("wanted a conflict, got {other:?}"),
    }
}

fn must<T, E: Debug>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("wanted success, got {error:?}"),
    }
}
