//! What a reader promises: filters, orders, bounds and pages.
//!
//! Owns the checks on reading. Must not know which backend it checks.

use domain::ids::CaseId;

use super::sample::{
    LOG, act, at, blob, case, case_id, checkpoint, draft, event, hash, leaf, local, office, parcel, parked, them,
    timer, type_code, us,
};
use super::{append, commit_all, must, reader};
use crate::Store;
use crate::batch::Write;
use crate::filter::{CASES_PAGE_MAX, CaseCursor, CaseFilter, CaseOrder, LIST_MAX, Load, PARCELS_MAX};
use crate::moment::Moment;
use crate::rows::{BlobState, CaseRow, Direction, ParcelState};

pub(super) fn reader_sees_later(mut store: Box<dyn Store>) {
    let early = reader(&*store);
    assert_eq!(must(early.counter("n")), 0);
    commit_all(&mut *store, vec![Write::SetCounter { name: "n".into(), value: 7 }]);
    assert_eq!(must(early.counter("n")), 7);
    assert_eq!(must(reader(&*store).counter("n")), 7);
}

pub(super) fn empty(store: Box<dyn Store>) {
    let read = reader(&*store);
    assert_eq!(must(read.cases(&CaseFilter::default())), (vec![], None));
    assert_eq!(must(read.case_count(&CaseFilter::default())), 0);
    assert_eq!(must(read.log_size(LOG)), 0);
    assert_eq!(must(read.leaves(LOG, 0, 10)), vec![]);
    assert_eq!(must(read.latest_checkpoint(LOG)), None);
    assert_eq!(must(read.parcel_next_due(&them())), None);
    assert_eq!(must(read.parcel_counts()), vec![]);
    assert_eq!(must(read.parked_load(&them(), None)), Load::default());
    assert_eq!(must(read.timer_next_due()), None);
    assert_eq!(must(read.events(Some(0), 10)), vec![]);
    assert_eq!(must(read.search(&[], 10)), vec![]);
}

pub(super) fn cases_filtered(mut store: Box<dyn Store>) {
    let rows = [
        case(1),
        CaseRow { stage: "closed".into(), turn: None, due_at: None, ..case(2) },
        CaseRow { turn: Some(us()), direction: Direction::Incoming, ..case(3) },
        CaseRow { type_code: type_code("CY-ALRT"), our_office: office("GB-NCSC"), ..case(4) },
    ];
    let terms = |n: u64, terms: &[&str]| Write::ReplaceTerms {
        case: case_id(n),
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
    };
    let mut writes: Vec<Write> = rows.into_iter().map(Write::PutCase).collect();
    writes.extend([terms(1, &["port", "钓鱼"]), terms(3, &["port"])]);
    commit_all(&mut *store, writes);
    let none = CaseFilter::default;
    for (filter, wanted) in [
        (none(), vec![1, 3, 4, 2]),
        (CaseFilter { stage: Some("closed".into()), ..none() }, vec![2]),
        (CaseFilter { turn: Some(us()), ..none() }, vec![3]),
        (CaseFilter { turn: Some(them()), ..none() }, vec![1, 4]),
        (CaseFilter { turn_of_others: Some(us()), ..none() }, vec![1, 4]),
        (CaseFilter { turn_of_others: Some(them()), ..none() }, vec![3]),
        (CaseFilter { direction: Some(Direction::Incoming), ..none() }, vec![3]),
        (CaseFilter { types: vec![type_code("CY-ALRT")], ..none() }, vec![4]),
        (CaseFilter { types: vec![type_code("CY-ALRT"), type_code("ML-NONE")], ..none() }, vec![4]),
        (CaseFilter { our_office: Some(office("GB-NCA")), ..none() }, vec![1, 3, 2]),
        (CaseFilter { peer: Some(us()), ..none() }, vec![]),
        (CaseFilter { overdue_before: Some(at(4)), ..none() }, vec![1, 3]),
        (CaseFilter { due_from: Some(at(3)), ..none() }, vec![3, 4]),
        (CaseFilter { due_from: Some(at(3)), overdue_before: Some(at(4)), ..none() }, vec![3]),
        (CaseFilter { terms: vec!["port".into()], ..none() }, vec![1, 3]),
        (CaseFilter { terms: vec!["port".into(), "钓鱼".into()], turn: Some(them()), ..none() }, vec![1]),
        (CaseFilter { stage: Some("' OR 1=1 --".into()), ..none() }, vec![]),
    ] {
        let (got, next) = must(reader(&*store).cases(&filter));
        let want: Vec<CaseId> = wanted.into_iter().map(case_id).collect();
        assert_eq!(got.into_iter().map(|c| c.case).collect::<Vec<_>>(), want, "{filter:?}");
        assert_eq!(next, None);
    }
}

pub(super) fn cases_paged(mut store: Box<dyn Store>) {
    // Three due together, one later, two never; 6 changed last.
    let due = |n, due_at| Write::PutCase(CaseRow { due_at, ..case(n) });
    let (soon, late) = (Some(at(10)), Some(at(20)));
    commit_all(&mut *store, vec![due(5, soon), due(1, late), due(3, soon), due(4, None), due(2, soon), due(6, None)]);
    for (order, limit, wanted) in [
        (CaseOrder::Due, 1, [2, 3, 5, 1, 4, 6]),
        (CaseOrder::Due, 2, [2, 3, 5, 1, 4, 6]),
        (CaseOrder::Due, 4, [2, 3, 5, 1, 4, 6]),
        (CaseOrder::Due, 6, [2, 3, 5, 1, 4, 6]),
        (CaseOrder::Updated, 4, [6, 5, 4, 3, 2, 1]),
        (CaseOrder::Updated, 0, [6, 5, 4, 3, 2, 1]),
    ] {
        let got = walk(&*store, CaseFilter { order, limit, ..CaseFilter::default() });
        assert_eq!(got, wanted.map(case_id), "{order:?} by {limit}");
    }
}

pub(super) fn cases_many(mut store: Box<dyn Store>) {
    const MANY: u64 = 10_000;
    commit_all(&mut *store, (0..MANY).rev().map(|n| Write::PutCase(case(n))).collect());
    let filter = CaseFilter { limit: usize::MAX, ..CaseFilter::default() };
    assert_eq!(must(reader(&*store).cases(&filter)).0.len(), CASES_PAGE_MAX);
    assert_eq!(walk(&*store, filter), (0..MANY).map(case_id).collect::<Vec<_>>());
}

/// All pages of a filter, each cursor taken through its text form.
fn walk(store: &dyn Store, mut filter: CaseFilter) -> Vec<CaseId> {
    let read = reader(store);
    let mut all = Vec::new();
    loop {
        let (page, next) = must(read.cases(&filter));
        all.extend(page.into_iter().map(|c| c.case));
        match next {
            Some(next) => filter.after = CaseCursor::parse(&next.to_string()),
            None => return all,
        }
    }
}

pub(super) fn cases_counted(mut store: Box<dyn Store>) {
    let rows = [
        CaseRow { due_at: Some(at(9)), turn: Some(us()), ..case(1) },
        CaseRow { due_at: Some(at(10)), turn: Some(us()), ..case(2) },
        CaseRow { due_at: Some(at(19)), turn: Some(them()), ..case(3) },
        CaseRow { due_at: Some(at(20)), turn: None, ..case(4) },
        CaseRow { due_at: None, turn: None, ..case(5) },
        // Another office's, which its own desk counts.
        CaseRow { due_at: Some(at(9)), turn: Some(us()), our_office: office("GB-NCSC"), ..case(6) },
    ];
    commit_all(&mut *store, rows.into_iter().map(Write::PutCase).collect());
    let held = || CaseFilter { our_office: Some(office("GB-NCA")), ..CaseFilter::default() };
    for (filter, wanted) in [
        (CaseFilter::default(), 6),
        (held(), 5),
        (CaseFilter { turn: Some(us()), ..held() }, 2),
        (CaseFilter { turn: Some(them()), ..held() }, 1),
        (CaseFilter { overdue_before: Some(at(10)), ..held() }, 1),
        (CaseFilter { due_from: Some(at(10)), overdue_before: Some(at(20)), ..held() }, 2),
        // Where a page begins and ends is no matter to how many there are.
        (CaseFilter { limit: 1, after: CaseCursor::parse("12.GB-CY-2026-0001"), ..held() }, 5),
    ] {
        assert_eq!(must(reader(&*store).case_count(&filter)), wanted, "{filter:?}");
    }
}

pub(super) fn acts_ordered(mut store: Box<dyn Store>) {
    let acts = [act(1, &us(), 1, 2), act(1, &them(), 1, 5), act(1, &us(), 2, 9), act(2, &us(), 1, 3)];
    commit_all(&mut *store, acts.iter().rev().cloned().map(Write::PutAct).collect());
    assert_eq!(must(reader(&*store).acts(&case_id(1))), acts[..3].to_vec());
    assert_eq!(must(reader(&*store).acts(&case_id(2))), acts[3..].to_vec());
    assert_eq!(must(reader(&*store).acts(&case_id(3))), vec![]);
}

pub(super) fn log_ordered(mut store: Box<dyn Store>) {
    append(&mut *store, LOG, 0, (0..20).map(|n| leaf(LOG, n)).collect());
    append(&mut *store, "example.org/gb2", 0, vec![leaf("example.org/gb2", 0)]);
    let notes = [(5, Some(&b"c"[..])), (20, None), (12, Some(&b"c"[..]))];
    let writes = notes.iter().map(|(size, cosigned)| Write::PutCheckpoint(checkpoint(LOG, *size, *cosigned)));
    commit_all(&mut *store, writes.collect());
    let read = reader(&*store);
    for (from, limit, wanted) in [(0, 3, vec![0, 1, 2]), (18, 9, vec![18, 19]), (20, 9, vec![]), (3, 0, vec![])] {
        let got: Vec<u64> = must(read.leaves(LOG, from, limit)).iter().map(|l| l.index).collect();
        assert_eq!(got, wanted, "from {from}");
    }
    assert_eq!(must(read.latest_checkpoint(LOG)).map(|c| c.size), Some(20));
    assert_eq!(must(read.latest_cosigned(LOG)).map(|c| c.size), Some(12));
    let above = |size| must(read.checkpoints(LOG, size, 10)).iter().map(|c| c.size).collect::<Vec<_>>();
    assert_eq!(above(0), [5, 12, 20]);
    assert_eq!(above(12), [20]);
    assert_eq!(must(read.latest_cosigned("example.org/gb2")), None);
}

pub(super) fn parcels_in_turn(mut store: Box<dyn Store>) {
    // Case 1: its first waits for a later moment. Case 2: urgent lane. Case 3: in turn. Case 4: held.
    let parcels = [
        parcel(1, 1, 1, 1, 50),
        parcel(2, 1, 2, 1, 5),
        parcel(3, 2, 1, 0, 9),
        parcel(5, 3, 2, 1, 2),
        parcel(4, 3, 1, 1, 3),
        parcel(6, 4, 1, 0, 1),
        parcel(7, 4, 2, 0, 1),
        parcel(8, 5, 1, 1, 1),
    ];
    commit_all(&mut *store, parcels.into_iter().map(Write::PutParcel).collect());
    let set = |n: u64, state, due| vec![Write::UpdateParcel { core_hash: hash(n), state, due_at: at(due), tries: 1 }];
    let due = |store: &dyn Store, now, limit| -> Vec<_> {
        must(reader(store).parcels_due(&them(), at(now), limit)).iter().map(|p| p.core_hash).collect()
    };
    commit_all(&mut *store, set(6, ParcelState::Held, 1));
    assert_eq!(due(&*store, 10, 99), [hash(3), hash(8), hash(4)]);
    assert_eq!(due(&*store, 10, 2), [hash(3), hash(8)]);
    assert_eq!(due(&*store, 1, 99), [hash(8)]);
    assert_eq!(must(reader(&*store).parcel_next_due(&them())), Some(at(1)));
    assert_eq!(must(reader(&*store).parcels_due(&us(), at(10), 99)), vec![]);
    commit_all(&mut *store, set(4, ParcelState::Delivered, 3));
    commit_all(&mut *store, set(6, ParcelState::Refused, 1));
    commit_all(&mut *store, set(8, ParcelState::Expired, 1));
    assert_eq!(due(&*store, 10, 99), [hash(7), hash(3), hash(5)]);
    let counts: Vec<_> =
        must(reader(&*store).parcel_counts()).into_iter().map(|c| (c.state, c.count, c.oldest_at)).collect();
    assert_eq!(
        counts,
        [
            (ParcelState::Delivered, 1, at(3)),
            (ParcelState::Expired, 1, at(1)),
            (ParcelState::Queued, 5, at(1)),
            (ParcelState::Refused, 1, at(1)),
        ]
    );
    commit_all(&mut *store, (100..500).map(|n| Write::PutParcel(parcel(n, n, 1, 2, 0))).collect());
    assert_eq!(due(&*store, 10, usize::MAX).len(), PARCELS_MAX);
}

pub(super) fn parked_weighed(mut store: Box<dyn Store>) {
    let rows = [parked(1, 9, 100), parked(1, 4, 20), parked(2, 3, 3)];
    commit_all(&mut *store, rows.into_iter().map(Write::PutParked).collect());
    let read = reader(&*store);
    let seqs: Vec<u64> = must(read.parked(&them(), &case_id(1))).iter().map(|p| p.seq).collect();
    assert_eq!(seqs, [4, 9]);
    for (case, count, bytes) in [(Some(case_id(1)), 2, 120), (Some(case_id(7)), 0, 0), (None, 3, 123)] {
        assert_eq!(must(read.parked_load(&them(), case.as_ref())), Load { count, bytes }, "{case:?}");
    }
    assert_eq!(must(read.parked_load(&us(), None)), Load::default());
}

pub(super) fn timers_in_order(mut store: Box<dyn Store>) {
    let rows = [timer(2, "ack", 5), timer(1, "reply", 5), timer(1, "ack", 5), timer(3, "ack", 1), timer(4, "ack", 9)];
    commit_all(&mut *store, rows.into_iter().map(Write::PutTimer).collect());
    let names = |now: Moment, limit| -> Vec<_> {
        must(reader(&*store).timers_due(now, limit)).into_iter().map(|t| (t.case, t.kind)).collect()
    };
    let wanted = [(3, "ack"), (1, "ack"), (1, "reply"), (2, "ack"), (4, "ack")];
    let wanted: Vec<_> = wanted.into_iter().map(|(n, kind)| (case_id(n), kind.to_owned())).collect();
    assert_eq!(names(at(0), 9), []);
    assert_eq!(names(at(5), 9), wanted[..4]);
    assert_eq!(names(Moment::MAX, 2), wanted[..2]);
    assert_eq!(names(Moment::MAX, 9), wanted);
    assert_eq!(must(reader(&*store).timer_next_due()), Some(at(1)));
    commit_all(&mut *store, vec![Write::PutTimer(timer(3, "ack", 30))]);
    assert_eq!(must(reader(&*store).timer_next_due()), Some(at(5)));
}

pub(super) fn lists_ordered(mut store: Box<dyn Store>) {
    commit_all(
        &mut *store,
        vec![
            Write::PutDraft(draft("a", "GB-NCA", 1)),
            Write::PutDraft(draft("b", "GB-NCSC", 3)),
            Write::PutDraft(draft("c", "GB-NCA", 2)),
            Write::PutLocal(local("officer", "z", 1)),
            Write::PutLocal(local("officer", "a", 1)),
            Write::PutLocal(local("office", "m", 1)),
            Write::PutBlob(blob(1, Some(1), BlobState::Wanted)),
            Write::PutBlob(blob(2, Some(1), BlobState::Whole)),
            Write::PutBlob(blob(3, None, BlobState::Whole)),
        ],
    );
    let read = reader(&*store);
    let drafts = |office| must(read.drafts(office)).into_iter().map(|d| d.draft).collect::<Vec<_>>();
    assert_eq!(drafts(None), ["b", "c", "a"]);
    assert_eq!(drafts(Some(&office("GB-NCA"))), ["c", "a"]);
    let keys = |kind| must(read.local_list(kind)).into_iter().map(|l| l.key).collect::<Vec<_>>();
    assert_eq!(keys("officer"), ["a", "z"]);
    assert_eq!(keys("office"), ["m"]);
    assert_eq!(keys("offic"), [""; 0]);
    let roots = |blobs: Vec<crate::rows::BlobRow>| blobs.into_iter().map(|b| b.root).collect::<Vec<_>>();
    assert_eq!(roots(must(read.blobs(&case_id(1)))), [hash(2), hash(1)]);
    assert_eq!(roots(must(read.blobs_in(BlobState::Whole, None, 9))), [hash(3), hash(2)]);
    let first = must(read.blobs_in(BlobState::Whole, None, 1));
    let end = first.last().map(|last| (last.created_at, last.root));
    assert_eq!(roots(first), [hash(3)]);
    assert_eq!(roots(must(read.blobs_in(BlobState::Whole, end, 9))), [hash(2)]);
}

pub(super) fn events_paged(mut store: Box<dyn Store>) {
    commit_all(&mut *store, (0..1_200).map(|n| Write::AddEvent(event(n, "x"))).collect());
    commit_all(&mut *store, vec![Write::AcknowledgeEvent { id: 1_200 }]);
    let read = reader(&*store);
    let ids = |before, limit| must(read.events(before, limit)).iter().map(|e| e.id).collect::<Vec<_>>();
    assert_eq!(ids(None, 3), [1_200, 1_199, 1_198]);
    assert_eq!(ids(Some(1_198), 2), [1_197, 1_196]);
    assert_eq!(ids(Some(2), 9), [1]);
    assert_eq!(ids(None, usize::MAX).len(), LIST_MAX);
    assert!(must(read.events(None, 1))[0].acknowledged);
    assert_eq!(must(read.events_open(1)).iter().map(|e| e.id).collect::<Vec<_>>(), [1_199]);
}

pub(super) fn search_all_terms(mut store: Box<dyn Store>) {
    let terms = |n: u64, terms: &[&str]| Write::ReplaceTerms {
        case: case_id(n),
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
    };
    commit_all(
        &mut *store,
        vec![terms(2, &["port", "scan", "port"]), terms(1, &["port", "网络"]), terms(3, &["old"]), terms(3, &["scan"])],
    );
    for (wanted_terms, limit, wanted) in [
        (vec!["port"], 9, vec![1, 2]),
        (vec!["port"], 1, vec![1]),
        (vec!["scan", "port"], 9, vec![2]),
        (vec!["网络"], 9, vec![1]),
        (vec!["old"], 9, vec![]),
        (vec!["por"], 9, vec![]),
        (vec!["scan"; 40], 9, vec![2, 3]),
        (vec![], 9, vec![]),
    ] {
        let asked: Vec<String> = wanted_terms.iter().map(|term| (*term).to_owned()).collect();
        let want: Vec<CaseId> = wanted.into_iter().map(case_id).collect();
        assert_eq!(must(reader(&*store).search(&asked, limit)), want, "{wanted_terms:?}");
    }
}
