//! A peer that rewrites its log after its receipt, shows entries it does not stand by, or shows more than there can be; and one
//! that dates its acts back.

use domain::act::{Act, Deed, Role};
use domain::ids::CaseId;
use domain::menu::Menu as _;
use jiff::{SignedDuration, Timestamp};
use ledger::checkpoint::Checkpoint;
use ledger::envelope::{Envelope, Header};
use ledger::keys::SigningKey;
use ledger::leaf::{Leaf, LeafKind};
use ledger::note::{NoteKey, NoteKeyKind};
use ledger::receipt::Verdict;
use ledger::tree::{Frontier, leaf_hash};
use node::{Env, Failure, Page};
use store::{Batch, ParkedRow, Store as _, Write};

use crate::hostile::{delivered, hand};
use crate::house::{House, carry, does, monday, person, submit};
use crate::rogue::mirror;

/// What the liar shows of its log once it has written an act and dated it before our answer.
enum Shown {
    /// A whole history with the act in an early place, which ends in a checkpoint.
    Rewritten,
    /// Entries under a checkpoint of a size they will never reach.
    Unvouched,
}

/// An act dated before our answer is not taken in on the word of a log that the peer's own receipt contradicts, or that no
/// checkpoint we cosigned covers.
#[test]
fn a_log_that_was_not_so_at_the_receipt_bears_nothing_out() {
    fn check(shown: &Shown, why: &str) {
        let (mut world, liar, prev) = delivered();
        let later = after(SignedDuration::from_hours(24 * 80));
        let size = acknowledged(&mut world, &liar.act.case);
        let (act, mut header) = liar.next(&world, prev);
        date(&mut header, act.at);
        let bytes = liar.send(&act, &header);
        let page = shown.page(&world, size, &act, Envelope::decode(&bytes).unwrap().core_hash());
        let [a, b] = &mut world;
        let kept = b.node.mirror(&mut b.store, &mut Env { now: later, rng: &mut b.rng }, a.node.me(), &page);
        assert!(matches!(&kept, Err(Failure::Misbehaved(lie)) if lie.code() == "forked-log"), "{why}: {kept:?}");
        let told = &b.store.reader().unwrap().events(None, 1).unwrap()[0].event;
        assert_eq!((told.code.as_str(), told.level), ("forked-log", store::EventLevel::Alarm), "{why}");
        let (verdict, _) = hand(&mut world, &bytes, later);
        assert!(!matches!(verdict, Verdict::Accepted), "{why}: {verdict:?}");
        let b = &world[1];
        let case = b.node.load(&*b.store.reader().unwrap(), &act.case).unwrap().unwrap().case;
        assert_eq!(case.stage().code(), "acknowledged", "{why}");
    }
    check(&Shown::Rewritten, "its receipt's checkpoint says otherwise");
    check(&Shown::Unvouched, "it stands by none of it");
}

/// The checkpoint of a receipt is remembered only until our copy has passed it, and an honest log passes.
#[test]
fn an_honest_log_passes_what_its_receipts_said() {
    let (mut world, liar, _) = delivered();
    acknowledged(&mut world, &liar.act.case);
    let [a, b] = &mut world;
    let waiting =
        |b: &House| b.store.reader().unwrap().local_list(&format!("log-claim/{}", a.node.me())).unwrap().len();
    assert_eq!(waiting(b), 1);
    let reader = a.store.reader().unwrap();
    let from = b.node.mirrored(&*b.store.reader().unwrap(), a.node.me()).unwrap();
    let page = a.node.page(&*reader, b.node.me(), from).unwrap().unwrap();
    drop(reader);
    let kept = b.node.mirror(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, a.node.me(), &page);
    assert!(matches!(kept, Ok(Some(_))), "{kept:?}");
    assert_eq!(waiting(b), 0);
}

/// A log longer than what can have crossed is not fetched.
#[test]
fn a_log_beyond_all_mail_is_not_fetched() {
    let (mut world, liar, _) = delivered();
    let like = leaf(&world, &liar.act, [2; 32]);
    let checkpoint = sign(&world, 1 << 40, [9; 32]);
    let [a, b] = &mut world;
    let page = Page { checkpoint, from: 0, entries: vec![like.encode().unwrap(); node::PAGE_MAX] };
    let kept = b.node.mirror(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, a.node.me(), &page);
    assert!(matches!(&kept, Err(Failure::Misbehaved(lie)) if lie.code() == "oversized"), "{kept:?}");
    let reader = b.store.reader().unwrap();
    assert_eq!(b.node.mirrored(&*reader, a.node.me()).unwrap(), 0);
    assert_eq!(reader.events(None, 1).unwrap()[0].event.level, store::EventLevel::Alarm);
}

/// Where the parking place of a case is full, what waits for its sender's log leaves no note of itself either.
#[test]
fn what_finds_no_room_leaves_no_note() {
    fn check(full: bool) {
        let (mut world, liar, prev) = delivered();
        acknowledged(&mut world, &liar.act.case);
        let (act, mut header) = liar.next(&world, prev);
        date(&mut header, act.at);
        let (peer, case) = (world[0].node.me().clone(), act.case.clone());
        let (unproven, arrived_at) = (format!("unproven/{peer}/{case}"), monday().into());
        let row = |seq: u64| ParkedRow { peer: peer.clone(), case: case.clone(), seq, bytes: vec![0], arrived_at };
        let writes = (100..1_124).filter(|_| full).map(|seq| Write::PutParked(row(seq))).collect();
        world[1].store.commit(&Batch { expect: Vec::new(), writes }).unwrap();
        let later = after(SignedDuration::from_hours(1));
        let (verdict, codes) = hand(&mut world, &liar.send(&act, &header), later);
        assert_eq!(verdict, Verdict::Parked);
        assert_eq!(codes.contains(&"parking-full".to_owned()), full);
        let noted = world[1].store.reader().unwrap().local_list(&unproven).unwrap();
        assert_eq!(noted.len(), usize::from(!full), "full: {full}");
    }
    check(false);
    check(true);
}

/// What knows our act was made after it, whether or not it confirms its receipt.
#[test]
fn an_act_is_no_older_than_what_it_has_seen() {
    fn check(at: SignedDuration, want: &Verdict) {
        let (mut world, liar, prev) = delivered();
        let answered = after(SignedDuration::from_hours(24 * 5));
        acknowledge(&mut world, &liar.act.case, answered);
        let (mut act, mut header) = liar.next(&world, prev);
        act.at = after(at);
        act.seen = [(world[1].node.me().clone(), 1)].into();
        header.ack = vec![(act.case.to_string(), 1)];
        date(&mut header, act.at);
        let (verdict, _) = hand(&mut world, &liar.send(&act, &header), after(SignedDuration::from_hours(24 * 60)));
        assert_eq!(verdict, *want, "{at}");
    }
    check(SignedDuration::from_mins(1), &Verdict::Refused { code: "impossible-time".to_owned() });
    check(SignedDuration::from_hours(24 * 5), &Verdict::Accepted);
}

impl Shown {
    fn page(&self, world: &[House; 2], size: u64, act: &Act, core_hash: [u8; 32]) -> Page {
        let forged = leaf(world, act, core_hash).encode().unwrap();
        match self {
            Shown::Unvouched => {
                let checkpoint = sign(world, size + node::AHEAD_MAX, [9; 32]);
                Page { checkpoint, from: size, entries: vec![forged; 8] }
            }
            Shown::Rewritten => {
                let [a, b] = world;
                let real = a.node.page(&*a.store.reader().unwrap(), b.node.me(), 0).unwrap().unwrap();
                let at = usize::try_from(size).unwrap();
                let mut entries = real.entries;
                entries.insert(at, forged);
                let mut tree = Frontier::default();
                for leaf in &entries {
                    tree.push::<std::convert::Infallible>(leaf_hash(leaf), &mut |_, _, _| Ok(())).unwrap();
                }
                let checkpoint = sign(world, tree.size(), tree.root());
                Page { checkpoint, from: size, entries: entries.split_off(at) }
            }
        }
    }
}

/// Our copy of the liar's log is up to date; then other business makes that log longer, we acknowledge the case, and the liar
/// receipts it. Answers how far our copy reaches.
fn acknowledged(world: &mut [House; 2], case: &CaseId) -> u64 {
    let [a, b] = &mut *world;
    mirror(a, b);
    let size = b.node.mirrored(&*b.store.reader().unwrap(), a.node.me()).unwrap();
    let minute = after(SignedDuration::from_mins(1));
    submit(a, "MLA-EVD", minute);
    acknowledge(world, case, minute);
    size
}

fn acknowledge(world: &mut [House; 2], case: &CaseId, now: Timestamp) {
    let [a, b] = world;
    let officer = person("b.officer", Role::Intake);
    let deed = Deed::Acknowledge { reference: "B-1".into(), officer: officer.clone(), contact: "desk".into() };
    does(b, case, now, officer, deed);
    assert_eq!(carry(b, a, now), 1);
}

/// The entry the liar's log would have had.
fn leaf(world: &[House; 2], act: &Act, core_hash: [u8; 32]) -> Leaf {
    let [a, b] = world;
    let real = a.node.page(&*a.store.reader().unwrap(), b.node.me(), 0).unwrap().unwrap();
    let like = Leaf::decode(&real.entries[0]).unwrap();
    let logged_at_us = u64::try_from(act.at.as_microsecond()).unwrap();
    Leaf { kind: LeafKind::Sent, outgoing: true, core_hash, logged_at_us, reference: format!("{}#2", act.case), ..like }
}

/// A checkpoint with the key the liar's log is signed with.
fn sign(world: &[House; 2], size: u64, root: [u8; 32]) -> Vec<u8> {
    let [a, b] = world;
    let key = SigningKey::from_seed(ledger::rest::derive(&a.seed, "entente/key/1/log"));
    let origin = node::origin(a.node.me(), b.node.me());
    let name = NoteKey::new(&origin, NoteKeyKind::Log, key.verifying_key()).unwrap();
    Checkpoint::new(&origin, size, root).unwrap().sign(&name, &key).unwrap().encode()
}

fn date(header: &mut Header, at: Timestamp) {
    header.iat_s = u64::try_from(at.as_second()).unwrap();
    header.exp_s = header.iat_s + 180 * 86_400;
}

fn after(wait: SignedDuration) -> Timestamp {
    monday().saturating_add(wait).unwrap()
}
