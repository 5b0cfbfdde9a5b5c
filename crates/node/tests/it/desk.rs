//! What a desk costs: as many looks into the store when thousands of cases are over as when none is.
//!
//! Owns the counting of looks. Time is measured elsewhere; a count is the same on every machine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it stands")]

use std::cell::Cell;

use domain::act::Role;
use domain::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId};
use ledger::canon;
use node::view::Viewer;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::{
    ActRow, Batch, BlobRow, BlobState, BodyRow, CaseCursor, CaseFilter, CaseRow, CheckpointRow, DraftRow, EventRow,
    Fault, IdempotencyRow, LeafRow, Load, LocalRow, Moment, ParcelCount, ParcelRow, ParkedRow, Reader, ReceiptRow,
    Store, TimerRow, Write,
};

use crate::exercise::{desks, lawful, seed};
use crate::house::{House, monday};

/// Cases over that are added: more than one page of a list holds.
const OVER: usize = 450;
/// Looks a desk may take: what it folds and asks of at most 25 cases each, and the lists and counts at its head.
const LOOKS_MAX: u64 = 200;

/// A reader that counts how often it is asked.
struct Counted<'r> {
    reader: &'r dyn Reader,
    looks: Cell<u64>,
}

macro_rules! counted {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        impl Reader for Counted<'_> {
            $(fn $name(&self, $($argument: $kind),*) -> Result<$answer, Fault> {
                self.looks.set(self.looks.get() + 1);
                self.reader.$name($($argument),*)
            })*
        }
    };
}

counted! {
    case(case: &CaseId) -> Option<CaseRow>;
    cases(filter: &CaseFilter) -> (Vec<CaseRow>, Option<CaseCursor>);
    case_count(filter: &CaseFilter) -> u64;
    acts(case: &CaseId) -> Vec<ActRow>;
    act_by_hash(core_hash: &Hash32) -> Option<ActRow>;
    act(case: &CaseId, party: &PartyId, seq: u64) -> Option<ActRow>;
    bodies(hashes: &[Hash32]) -> Vec<BodyRow>;
    purges_due(now: Moment, limit: usize) -> Vec<Hash32>;
    envelope(core_hash: &Hash32) -> Option<Vec<u8>>;
    receipt(core_hash: &Hash32, given: bool) -> Option<ReceiptRow>;
    log_size(log: &str) -> u64;
    leaves(log: &str, from: u64, limit: usize) -> Vec<LeafRow>;
    tree_hash(log: &str, level: u64, index: u64) -> Option<Hash32>;
    checkpoint(log: &str, size: u64) -> Option<CheckpointRow>;
    latest_checkpoint(log: &str) -> Option<CheckpointRow>;
    latest_cosigned(log: &str) -> Option<CheckpointRow>;
    checkpoints(log: &str, above: u64, limit: usize) -> Vec<CheckpointRow>;
    parcel(core_hash: &Hash32) -> Option<ParcelRow>;
    parcels_due(peer: &PartyId, now: Moment, limit: usize) -> Vec<ParcelRow>;
    parcel_next_due(peer: &PartyId) -> Option<Moment>;
    parcel_counts() -> Vec<ParcelCount>;
    parked(peer: &PartyId, case: &CaseId) -> Vec<ParkedRow>;
    parked_load(peer: &PartyId, case: Option<&CaseId>) -> Load;
    timers_due(now: Moment, limit: usize) -> Vec<TimerRow>;
    timers(case: &CaseId) -> Vec<TimerRow>;
    timer_next_due() -> Option<Moment>;
    draft(draft: &str) -> Option<DraftRow>;
    drafts(office: Option<&OfficeId>) -> Vec<DraftRow>;
    local(kind: &str, key: &str) -> Option<LocalRow>;
    local_list(kind: &str) -> Vec<LocalRow>;
    counter(name: &str) -> u64;
    blob(root: &Hash32) -> Option<BlobRow>;
    blobs(case: &CaseId) -> Vec<BlobRow>;
    blobs_in(state: BlobState, after: Option<(Moment, Hash32)>, limit: usize) -> Vec<BlobRow>;
    events(before: Option<u64>, limit: usize) -> Vec<EventRow>;
    events_open(limit: usize) -> Vec<EventRow>;
    search(terms: &[String], limit: usize) -> Vec<CaseId>;
    idempotency(key: &str) -> Option<IdempotencyRow>;
}

/// The desk of an office: its lines by case, and how many looks it took.
fn desk(house: &House, office: &OfficeId) -> (Vec<CaseId>, u64) {
    let reader = house.store.reader().unwrap();
    let counted = Counted { reader: &*reader, looks: Cell::new(0) };
    let roles = vec![Role::Approver, Role::Intake, Role::LegalReviewer];
    let viewer = Viewer { id: OfficerId::new("x").unwrap(), office: office.clone(), roles, second_track: false };
    let desk = house.node.desk(&counted, monday(), &viewer).unwrap();
    (desk.lines.into_iter().map(|line| line.case).collect(), counted.looks.get())
}

/// Adds cases that are over, alike one that is, to the desk of an office, numbered from `first`.
fn add_over(house: &mut House, model: &CaseRow, office: &OfficeId, first: usize) {
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    let summary = canon::to_vec(&house.node.summary(model).unwrap()).unwrap();
    let writes = (first..first + OVER).map(|number| {
        let case = CaseId::new(&format!("GB-OVER-2025-{number:06}")).unwrap();
        let summary = house.node.wrap(&mut rng, &format!("summary/{case}"), &summary).unwrap();
        Write::PutCase(CaseRow { case, our_office: office.clone(), summary, ..model.clone() })
    });
    let batch = Batch { expect: Vec::new(), writes: writes.collect() };
    house.store.commit(&batch).unwrap();
}

#[test]
fn a_desk_looks_no_more_often_when_more_is_over() {
    let mut houses = lawful();
    let mut rng = ChaCha20Rng::from_seed([7; 32]);
    seed(&mut houses, &desks(), monday(), &mut rng);
    for house in &mut houses {
        let (rows, _) = house.store.reader().unwrap().cases(&CaseFilter::default()).unwrap();
        let over = rows.iter().find(|row| row.turn.is_none() && row.due_at.is_none());
        let over = over.expect("the exercise has cases that are over").clone();
        let mut offices: Vec<&OfficeId> = rows.iter().map(|row| &row.our_office).collect();
        offices.sort();
        offices.dedup();
        for (place, office) in offices.into_iter().enumerate() {
            let before = desk(house, office);
            assert!(before.1 <= LOOKS_MAX, "{office}: {} looks", before.1);
            add_over(house, &over, office, place * OVER);
            assert_eq!(desk(house, office), before, "{office}");
        }
    }
}
