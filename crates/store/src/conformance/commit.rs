//! What a commit promises: whole or not at all, and only on what its author saw.
//!
//! Owns the checks on writing. Must not know which backend it checks.

use super::sample::{
    LOG, act, at, blob, case, case_id, checkpoint, draft, event, hash, leaf, local, parcel, parked, them, timer, us,
};
use super::{append, commit_all, conflict, must, reader};
use crate::Store;
use crate::batch::{Batch, Expect, Write};
use crate::fault::{CommitError, Conflict, Fault};
use crate::faulty::{Faulty, Strike};
use crate::rows::{ActRow, BlobState, CaseRow, EventRow, IdempotencyRow, ParcelState, ReceiptRow, TreeHashRow};

pub(super) fn round_trip(mut store: Box<dyn Store>) {
    let answer = IdempotencyRow { key: "k".into(), at: at(0), bytes: vec![1] };
    let receipt = ReceiptRow { core_hash: hash(1), given: true, bytes: vec![2] };
    let replaced = CaseRow { version: 2, turn: None, due_at: None, exercise: true, ..case(1) };
    let writes = vec![
        Write::PutCase(case(1)),
        Write::PutCase(replaced.clone()),
        Write::PutAct(act(1, &us(), 1, 0)),
        Write::PutBody { hash: hash(7), bytes: vec![3], purge_at: Some(at(9)) },
        Write::PutEnvelope { core_hash: hash(1), bytes: vec![4] },
        Write::PutReceipt(receipt.clone()),
        leaf(LOG, 0),
        leaf(LOG, 1),
        Write::PutTreeHash(TreeHashRow { log: LOG.into(), level: 1, index: 0, hash: hash(5) }),
        Write::PutCheckpoint(checkpoint(LOG, 2, Some(b"both"))),
        Write::PutParcel(parcel(1, 1, 1, 0, 5)),
        Write::PutParked(parked(1, 4, 10)),
        Write::PutTimer(timer(1, "ack", 5)),
        Write::PutDraft(draft("d", "GB-NCA", 5)),
        Write::PutLocal(local("officer", "m.hale", 1)),
        Write::SetCounter { name: "CY-2026".into(), value: 117 },
        Write::PutBlob(blob(1, Some(1), BlobState::Wanted)),
        Write::AddEvent(event(1, "peer.silent")),
        Write::PutIdempotency(answer.clone()),
    ];
    append(&mut *store, LOG, 0, writes);
    let read = reader(&*store);
    assert_eq!(must(read.case(&case_id(1))), Some(replaced));
    assert_eq!(must(read.act(&case_id(1), &us(), 1)), Some(act(1, &us(), 1, 0)));
    assert_eq!(must(read.act_by_hash(&act(1, &us(), 1, 0).core_hash)), Some(act(1, &us(), 1, 0)));
    assert_eq!(must(read.bodies(&[hash(8), hash(7)])).len(), 1);
    assert_eq!(must(read.envelope(&hash(1))), Some(vec![4]));
    assert_eq!(must(read.receipt(&hash(1), true)), Some(receipt));
    assert_eq!(must(read.receipt(&hash(1), false)), None);
    assert_eq!(must(read.log_size(LOG)), 2);
    assert_eq!(must(read.tree_hash(LOG, 1, 0)), Some(hash(5)));
    assert_eq!(must(read.checkpoint(LOG, 2)), Some(checkpoint(LOG, 2, Some(b"both"))));
    assert_eq!(must(read.parcel(&hash(1))), Some(parcel(1, 1, 1, 0, 5)));
    assert_eq!(must(read.parked(&them(), &case_id(1))), vec![parked(1, 4, 10)]);
    assert_eq!(must(read.timers(&case_id(1))), vec![timer(1, "ack", 5)]);
    assert_eq!(must(read.draft("d")), Some(draft("d", "GB-NCA", 5)));
    assert_eq!(must(read.local("officer", "m.hale")), Some(local("officer", "m.hale", 1)));
    assert_eq!(must(read.counter("CY-2026")), 117);
    assert_eq!(must(read.blob(&hash(1))), Some(blob(1, Some(1), BlobState::Wanted)));
    let entry = EventRow { id: 1, acknowledged: false, event: event(1, "peer.silent") };
    assert_eq!(must(read.events(None, 10)), vec![entry]);
    assert_eq!(must(read.idempotency("k")), Some(answer));
}

pub(super) fn unmet_expectations(mut store: Box<dyn Store>) {
    let counter = |value| Write::SetCounter { name: "n".into(), value };
    let seed = vec![
        leaf(LOG, 0),
        Write::PutCase(case(1)),
        Write::PutAct(act(1, &us(), 1, 0)),
        Write::PutDraft(draft("d", "GB-NCA", 0)),
        Write::PutLocal(local("note", "a", 3)),
        counter(5),
    ];
    append(&mut *store, LOG, 0, seed);
    let local_at = |key: &str, version| Expect::LocalVersion { kind: "note".into(), key: key.into(), version };
    for (expect, holds) in [
        (Expect::CaseVersion { case: case_id(1), version: 1 }, true),
        (Expect::CaseVersion { case: case_id(1), version: 0 }, false),
        (Expect::CaseVersion { case: case_id(2), version: 0 }, true),
        (Expect::CaseVersion { case: case_id(2), version: 1 }, false),
        (Expect::LogSize { log: LOG.into(), size: 1 }, true),
        (Expect::LogSize { log: LOG.into(), size: 0 }, false),
        (Expect::LogSize { log: "other".into(), size: 0 }, true),
        (Expect::Absent { core_hash: hash(9) }, true),
        (Expect::Absent { core_hash: act(1, &us(), 1, 0).core_hash }, false),
        (Expect::DraftVersion { draft: "d".into(), version: 1 }, true),
        (Expect::DraftVersion { draft: "e".into(), version: 1 }, false),
        (local_at("a", 3), true),
        (local_at("b", 3), false),
        (Expect::Counter { name: "n".into(), value: 5 }, true),
        (Expect::Counter { name: "n".into(), value: u64::MAX }, false),
        (Expect::Counter { name: "m".into(), value: 0 }, true),
    ] {
        let met = Expect::LogSize { log: LOG.into(), size: 1 };
        let writes = vec![Write::SetCounter { name: "touched".into(), value: 1 }];
        let batch = Batch { expect: vec![met, expect.clone()], writes };
        let wanted = if holds { Ok(()) } else { Err(Conflict::Expected(expect.clone()).into()) };
        assert_eq!(store.commit(&batch), wanted, "{expect}");
        assert_eq!(must(reader(&*store).counter("touched")), u64::from(holds), "{expect}");
        commit_all(&mut *store, vec![Write::SetCounter { name: "touched".into(), value: 0 }]);
    }
}

pub(super) fn conflict_half_way(mut store: Box<dyn Store>) {
    let answer = |key: &str| Write::PutIdempotency(IdempotencyRow { key: key.into(), at: at(0), bytes: vec![] });
    let seed = vec![
        Write::PutCase(case(1)),
        Write::PutAct(act(1, &us(), 1, 0)),
        Write::PutParcel(parcel(1, 1, 1, 0, 0)),
        answer("k"),
    ];
    commit_all(&mut *store, seed);
    let same_hash = ActRow { core_hash: act(1, &us(), 1, 0).core_hash, ..act(1, &us(), 2, 1) };
    let exists = |table| Conflict::Exists { table };
    let missing = |table| Conflict::Missing { table };
    let update = Write::UpdateParcel { core_hash: hash(9), state: ParcelState::Held, due_at: at(0), tries: 1 };
    for (last, wanted) in [
        (Write::PutAct(ActRow { core_hash: hash(99), ..act(1, &us(), 1, 0) }), exists("act")),
        (Write::PutAct(same_hash), exists("act")),
        (Write::PutParcel(parcel(1, 2, 1, 0, 0)), exists("parcel")),
        (answer("k"), exists("idempotency")),
        (Write::SetReceived { case: case_id(1), party: us(), seq: 2, received_at: at(0) }, missing("act")),
        (Write::SetPurgeAt { hash: hash(9), purge_at: None }, missing("body")),
        (Write::PurgeBody { hash: hash(9) }, missing("body")),
        (update, missing("parcel")),
        (Write::AcknowledgeEvent { id: 9 }, missing("event")),
    ] {
        let before = vec![
            leaf(LOG, 0),
            Write::PutCase(CaseRow { version: 2, ..case(1) }),
            Write::PutCase(case(2)),
            Write::ReplaceTerms { case: case_id(1), terms: vec!["t".into()] },
            Write::PutAct(act(2, &us(), 1, 3)),
            Write::PutParcel(parcel(2, 2, 1, 0, 0)),
            Write::AddEvent(event(0, "x")),
        ];
        let expect = vec![Expect::LogSize { log: LOG.into(), size: 0 }];
        let writes = before.into_iter().chain([last]).collect();
        assert_eq!(conflict(&mut *store, expect, writes), wanted);
        let read = reader(&*store);
        assert_eq!(must(read.log_size(LOG)), 0, "{wanted}");
        assert_eq!(must(read.case(&case_id(1))), Some(case(1)), "{wanted}");
        assert_eq!(must(read.case(&case_id(2))), None, "{wanted}");
        assert_eq!(must(read.search(&["t".into()], 10)), vec![], "{wanted}");
        assert_eq!(must(read.acts(&case_id(2))), vec![], "{wanted}");
        assert_eq!(must(read.parcels_due(&them(), at(0), 10)), vec![parcel(1, 1, 1, 0, 0)], "{wanted}");
        assert_eq!(must(read.events(None, 10)), vec![], "{wanted}");
    }
}

pub(super) fn leaves_continue(mut store: Box<dyn Store>) {
    let size = |size| Expect::LogSize { log: LOG.into(), size };
    for (expect, writes) in [
        (vec![], vec![leaf(LOG, 0)]),
        (vec![size(0)], vec![leaf(LOG, 1)]),
        (vec![size(0)], vec![leaf(LOG, 0), leaf(LOG, 2)]),
        (vec![size(0)], vec![leaf(LOG, 0), leaf("other", 0)]),
    ] {
        let got = store.commit(&Batch { expect, writes });
        assert!(matches!(got, Err(CommitError::Fault(Fault::Misuse { .. }))), "{got:?}");
    }
    append(&mut *store, LOG, 0, vec![leaf(LOG, 0), leaf(LOG, 1)]);
    append(&mut *store, LOG, 2, vec![leaf(LOG, 2)]);
    assert_eq!(must(reader(&*store).log_size(LOG)), 3);
    assert_eq!(must(reader(&*store).log_size("other")), 0);
}

pub(super) fn first_stays(mut store: Box<dyn Store>) {
    for byte in [1, 2] {
        let writes = vec![
            Write::PutBody { hash: hash(1), bytes: vec![byte], purge_at: None },
            Write::PutEnvelope { core_hash: hash(1), bytes: vec![byte] },
            Write::PutReceipt(ReceiptRow { core_hash: hash(1), given: false, bytes: vec![byte] }),
        ];
        commit_all(&mut *store, writes);
    }
    let read = reader(&*store);
    assert_eq!(must(read.bodies(&[hash(1)]))[0].bytes, Some(vec![1]));
    assert_eq!(must(read.envelope(&hash(1))), Some(vec![1]));
    assert_eq!(must(read.receipt(&hash(1), false)).map(|r| r.bytes), Some(vec![1]));
}

pub(super) fn purge_keeps_row(mut store: Box<dyn Store>) {
    let put = |n: u64, purge_at| Write::PutBody { hash: hash(n), bytes: vec![1], purge_at };
    commit_all(&mut *store, vec![put(1, Some(at(5))), put(2, Some(at(4))), put(3, None), put(4, Some(at(6)))]);
    commit_all(&mut *store, vec![Write::SetPurgeAt { hash: hash(3), purge_at: Some(at(1)) }]);
    assert_eq!(must(reader(&*store).purges_due(at(5), 10)), vec![hash(3), hash(2), hash(1)]);
    assert_eq!(must(reader(&*store).purges_due(at(5), 1)), vec![hash(3)]);
    commit_all(&mut *store, vec![Write::PurgeBody { hash: hash(3) }, put(3, None)]);
    let bodies = must(reader(&*store).bodies(&[hash(3), hash(1)]));
    let kept: Vec<_> = bodies.iter().map(|b| (b.hash, b.bytes.is_some())).collect();
    assert_eq!(kept, [(hash(3), false), (hash(1), true)]);
    assert_eq!(must(reader(&*store).purges_due(at(5), 10)), vec![hash(2), hash(1)]);
}

pub(super) fn removes(mut store: Box<dyn Store>) {
    let answer = |key: &str, s| Write::PutIdempotency(IdempotencyRow { key: key.into(), at: at(s), bytes: vec![] });
    let seed = vec![
        Write::PutEnvelope { core_hash: hash(1), bytes: vec![1] },
        Write::PutParked(parked(1, 2, 1)),
        Write::PutTimer(timer(1, "ack", 1)),
        Write::PutDraft(draft("d", "GB-NCA", 1)),
        Write::PutLocal(local("note", "a", 1)),
        Write::PutBlob(blob(1, None, BlobState::Staged)),
        Write::AddEvent(event(1, "a")),
        Write::AddEvent(event(2, "b")),
        Write::AddEvent(event(3, "c")),
        answer("old", 1),
        answer("new", 2),
    ];
    commit_all(&mut *store, seed);
    let gone = vec![
        Write::RemoveEnvelope { core_hash: hash(1) },
        Write::RemoveParked { peer: them(), case: case_id(1), seq: 2 },
        Write::RemoveTimer { case: case_id(1), kind: "ack".into() },
        Write::RemoveDraft { draft: "d".into() },
        Write::RemoveLocal { kind: "note".into(), key: "a".into() },
        Write::RemoveBlob { root: hash(1) },
        Write::ForgetIdempotency { before: at(2) },
    ];
    // Twice: to remove what is not there is no error.
    commit_all(&mut *store, gone.clone());
    commit_all(&mut *store, gone);
    commit_all(&mut *store, vec![Write::AcknowledgeEvent { id: 1 }, Write::AcknowledgeEvent { id: 3 }]);
    commit_all(&mut *store, vec![Write::ForgetEvents { before: at(9) }, Write::AddEvent(event(4, "d"))]);
    let read = reader(&*store);
    assert_eq!(must(read.envelope(&hash(1))), None);
    assert_eq!(must(read.parked(&them(), &case_id(1))), vec![]);
    assert_eq!(must(read.timers(&case_id(1))), vec![]);
    assert_eq!(must(read.draft("d")), None);
    assert_eq!(must(read.local("note", "a")), None);
    assert_eq!(must(read.blob(&hash(1))), None);
    assert_eq!(must(read.idempotency("old")), None);
    assert!(must(read.idempotency("new")).is_some());
    assert_eq!(must(read.events(None, 10)).iter().map(|e| e.id).collect::<Vec<_>>(), [4, 3, 2]);
}

/// SQLite numbers `$2`, `$1` by first appearance; these writes name their key last or their value first.
pub(super) fn numbered_parameters(mut store: Box<dyn Store>) {
    commit_all(&mut *store, vec![Write::PutAct(act(1, &us(), 1, 0)), Write::PutAct(act(1, &us(), 2, 1))]);
    let received = Write::SetReceived { case: case_id(1), party: us(), seq: 2, received_at: at(8) };
    let moved = Write::UpdateParcel { core_hash: hash(1), state: ParcelState::Delivered, due_at: at(7), tries: 3 };
    commit_all(&mut *store, vec![Write::PutParcel(parcel(1, 1, 1, 0, 0)), received, moved]);
    let received: Vec<_> = must(reader(&*store).acts(&case_id(1))).iter().map(|a| a.received_at).collect();
    assert_eq!(received, [None, Some(at(8))]);
    let got = must(reader(&*store).parcel(&hash(1))).map(|p| (p.state, p.due_at, p.tries));
    assert_eq!(got, Some((ParcelState::Delivered, at(7), 3)));
    // `kind` and `name` differ, so a swapped pair would find version 0.
    commit_all(&mut *store, vec![Write::PutLocal(local("kind", "name", 4))]);
    let expect = vec![Expect::LocalVersion { kind: "kind".into(), key: "name".into(), version: 4 }];
    must(store.commit(&Batch { expect, writes: Vec::new() }));
}

pub(super) fn strikes(store: Box<dyn Store>) {
    let mut plan = [Strike::Failed, Strike::FailedButPersisted, Strike::Pass, Strike::Pass].into_iter();
    let mut store = Faulty::new(store, move || plan.next().unwrap_or(Strike::Pass));
    let step = |from: u64| Batch {
        expect: vec![Expect::Counter { name: "n".into(), value: from }],
        writes: vec![Write::SetCounter { name: "n".into(), value: from + 1 }],
    };
    let lost = |got: &Result<(), CommitError>| matches!(got, Err(CommitError::Fault(_)));
    assert!(lost(&store.commit(&step(0))));
    assert_eq!(must(reader(&store).counter("n")), 0, "failed");
    assert!(lost(&store.commit(&step(0))));
    assert_eq!(must(reader(&store).counter("n")), 1, "failed but persisted");
    // The retry is answered by its own expectation, and does not count twice.
    assert!(matches!(store.commit(&step(0)), Err(CommitError::Conflict(_))));
    must(store.commit(&step(1)));
    assert_eq!(must(store.into_inner().reader().map(|r| r.counter("n"))), Ok(2));
}

pub(super) fn numbers_too_large(mut store: Box<dyn Store>) {
    let large = Write::SetCounter { name: "n".into(), value: u64::MAX };
    let got = store.commit(&Batch { expect: vec![], writes: vec![Write::PutCase(case(1)), large] });
    assert!(matches!(got, Err(CommitError::Fault(Fault::Misuse { .. }))), "{got:?}");
    let read = reader(&*store);
    assert_eq!(must(read.case(&case_id(1))), None);
    // A peer may name any number: asking for it is no fault.
    assert_eq!(must(read.act(&case_id(1), &them(), u64::MAX)), None);
    assert_eq!(must(read.leaves(LOG, u64::MAX, 9)), vec![]);
    assert_eq!(must(read.checkpoint(LOG, u64::MAX)), None);
    let gone = Write::RemoveParked { peer: them(), case: case_id(1), seq: u64::MAX };
    commit_all(&mut *store, vec![gone]);
}
