//! The operator of the other node gone rogue: true keys, every check of the form passed, and still a lie. What it may not
//! do is rewrite what was agreed, take what is not its own, or fill our disk, our log and our memory.

use std::collections::BTreeMap;

use domain::act::{Act, Author, Deed, Role};
use domain::decide::Command;
use domain::ids::{CaseId, Hash32};
use domain::procedure::Stage;
use jiff::{SignedDuration, Timestamp};
use ledger::blob::AttachmentRef;
use ledger::canon;
use ledger::cbor::{self, Limits, Value};
use ledger::envelope::Header;
use ledger::keys::SigningKey;
use ledger::receipt::{self, Verdict};
use ledger::rest;
use ledger::tree::{Frontier, leaf_hash};
use node::{Env, Failure};
use store::{BlobRow, BlobState, Store as _};

use crate::hostile::{Liar, delivered, hand};
use crate::house::{House, carry, does, monday, person, snapshot, submit, words};

/// An act of the second house in the liar's case, by an officer of the office that has it.
fn answers(house: &mut House, case: &CaseId, at: jiff::Timestamp, role: Role, deed: Deed) {
    does(house, case, at, person("b.officer", role), deed);
}

fn acknowledge() -> Deed {
    Deed::Acknowledge { reference: "B-1".into(), officer: person("b.officer", Role::Intake), contact: "desk".into() }
}

/// What a rightly signed second act says, and how it is refused.
#[test]
fn what_no_honest_node_says_is_refused() {
    type Lie = fn(&Liar, &mut Act, &mut Header);
    fn check(name: &str, want: &str, lie: Lie) {
        let (mut world, liar, prev) = delivered();
        let before = snapshot(&world[1]);
        let (mut act, mut header) = liar.next(&world, prev);
        lie(&liar, &mut act, &mut header);
        let (verdict, codes) = hand(&mut world, &liar.send(&act, &header), monday());
        assert_eq!(verdict, Verdict::Refused { code: want.to_owned() }, "{name}");
        assert_eq!(codes, [want], "{name}");
        assert_eq!(snapshot(&world[1]), before, "{name}");
    }
    fn says(act: &mut Act, what: &str) {
        if let Deed::Withdraw { reason } = &mut act.deed {
            reason.texts.values_mut().for_each(|text| *text = what.to_owned());
        }
    }
    check("void in a thousand years", "impossible-time", |_, _, header| {
        header.exp_s = header.iat_s + 1_000 * 31_536_000
    });
    check("the terminal of who reads it", "malformed", |_, act, _| says(act, "\u{1b}]0;owned\u{7}"));
    check("a line that reads backwards", "malformed", |_, act, _| says(act, "\u{202e}gpj.exe"));
    check("nothing", "malformed", |_, act, _| says(act, "a\0b"));
    check("an officer escalates as if a clock had", "wordless", |_, act, header| {
        act.deed = Deed::Escalate { level: 1, reason: None };
        act.author = Author::Officer(person("a.pprover", Role::Approver));
        header.kind = "escalate".to_owned();
    });
    check("a name of a megabyte, nearly", "too-long", |liar, act, _| {
        act.gates = liar.act.gates.clone();
        act.gates[0].by.name = "x".repeat(300_000);
    });
    check("a thousand languages", "too-long", |_, act, _| {
        if let Deed::Withdraw { reason } = &mut act.deed {
            let lang = |n: u8, m: u8| {
                domain::text::Lang::new(&format!("{}{}", (b'a' + n) as char, (b'a' + m) as char)).unwrap()
            };
            reason.texts.extend((0..26).flat_map(|n| (0..26).map(move |m| (lang(n, m), "x".to_owned()))));
        }
    });
}

/// Canonical bytes of another spelling of the same act would leave the two sides with two hashes of one content.
#[test]
fn one_act_has_one_spelling() {
    fn check(name: &str, spell: fn(&str) -> String, key: &str) {
        let (mut world, liar, prev) = delivered();
        let (act, header) = liar.next(&world, prev);
        let bytes = canon::to_vec(&act).unwrap();
        let Value::Map(mut fields) = cbor::decode(&bytes, Limits::bytes(1 << 20)).unwrap() else { panic!("a map") };
        for (known, value) in &mut fields {
            if let (Value::Text(known), Value::Text(text)) = (known, value)
                && known == key
            {
                *text = spell(text);
            }
        }
        let body = cbor::encode(&Value::Map(fields));
        assert_ne!(body, bytes, "{name}");
        let (verdict, _) = hand(&mut world, &liar.send_body(&body, &header), monday());
        assert_eq!(verdict, Verdict::Refused { code: "not-canonical".to_owned() }, "{name}");
    }
    check("the same instant with an offset", |at| at.replace('Z', "+00:00"), "at");
    check("the same hash in capitals", str::to_uppercase, "instrument");
}

/// An act that pretends not to have seen what its Party receipted would fold before it and make it moot.
#[test]
fn what_was_receipted_was_seen() {
    fn check(name: &str, dated: SignedDuration, sent: SignedDuration, want: &Verdict) {
        let (mut world, liar, prev) = delivered();
        let case = liar.act.case.clone();
        let [a, b] = &mut world;
        answers(b, &case, monday(), Role::Intake, acknowledge());
        assert_eq!(carry(b, a, monday()), 1, "the liar's node receipts it");
        mirror(a, b);
        let (mut act, mut header) = liar.next(&world, prev);
        act.at = monday().saturating_add(dated).unwrap();
        header.iat_s = u64::try_from(act.at.as_second()).unwrap();
        header.exp_s = header.iat_s + 180 * 86_400;
        let now = monday().saturating_add(sent).unwrap();
        let (verdict, _) = hand(&mut world, &liar.send(&act, &header), now);
        assert_eq!(verdict, *want, "{name}");
    }
    let months = SignedDuration::from_hours(24 * 90);
    let refused = Verdict::Refused { code: "out-of-order".to_owned() };
    check("months later", months, months, &refused);
    check("months later and dated back", SignedDuration::from_secs(1), months, &refused);
    check("at once and never entered", SignedDuration::ZERO, SignedDuration::from_secs(1), &refused);
}

/// An act that truly crossed ours stands whenever it comes: the sender's log has it in its place.
#[test]
fn what_crossed_stands() {
    let ([mut a, mut b], case, _) = crossing();
    // Brought again after an outage it is not told of: nobody asked for the log meanwhile.
    let hours = [0].into_iter().chain((0..24).map(|try_| 24 * 8 + try_));
    for (tries, hour) in hours.enumerate() {
        assert_eq!(carry(&mut a, &mut b, later(hour)), 1);
        assert_eq!(stage(&b, &case), Stage::Acknowledged, "not before our copy of its log can say so");
        assert_eq!(untold(&b), usize::from(tries == 24), "a log kept back is told of after {tries} tries");
    }
    mirror(&mut a, &mut b);
    assert_eq!(carry(&mut a, &mut b, later(24 * 10)), 1);
    assert_eq!(stage(&b, &case), Stage::Withdrawn);
}

/// A peer that shows an older log than its own receipt spoke of is told of at the next try.
#[test]
fn an_old_head_shown_late_is_told() {
    let ([mut a, mut b], case, old) = crossing();
    assert_eq!(carry(&mut a, &mut b, later(0)), 1);
    assert_eq!(carry(&mut a, &mut b, later(1)), 1);
    assert_eq!(untold(&b), 0, "it has shown nothing yet");
    let mut env = Env { now: later(2), rng: &mut b.rng };
    b.node.mirror(&mut b.store, &mut env, a.node.me(), &old).unwrap().expect("a cosignature");
    assert_eq!(carry(&mut a, &mut b, later(3)), 1);
    assert_eq!(untold(&b), 1, "its receipt spoke of more than it shows");
    assert_eq!(stage(&b, &case), Stage::Acknowledged);
}

/// A withdrawal that crossed an acknowledgement, still at its author's, who has receipted what it did not know; and the
/// author's log as it was just before.
fn crossing() -> ([House; 2], CaseId, node::Page) {
    let (mut world, liar, _) = delivered();
    let case = liar.act.case.clone();
    let [a, b] = &mut world;
    let office = liar.act.office.clone();
    let author = Author::Officer(person("a.pprover", Role::Approver));
    let deed = Deed::Withdraw { reason: words(&a.node, "No longer needed") };
    let command = Command { case: case.clone(), office, author, gates: Vec::new(), deed };
    a.node.command(&mut a.store, &mut Env { now: monday(), rng: &mut a.rng }, command).unwrap();
    answers(b, &case, monday(), Role::Intake, acknowledge());
    let before = a.node.page(&*a.store.reader().unwrap(), b.node.me(), 0).unwrap().unwrap();
    assert_eq!(carry(b, a, monday()), 1);
    (world, case, before)
}

/// So many hours after the eightieth day.
fn later(hours: i64) -> Timestamp {
    monday().saturating_add(SignedDuration::from_hours(24 * 80 + hours)).unwrap()
}

fn stage(house: &House, case: &CaseId) -> Stage {
    house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap().case.stage()
}

/// How often it was told that a crossing cannot be proven.
fn untold(house: &House) -> usize {
    let events = house.store.reader().unwrap().events(None, 100).unwrap();
    events.iter().filter(|row| row.event.code == "crossing-unproven").count()
}

/// The second house fetches the first one's log.
pub fn mirror(a: &mut House, b: &mut House) {
    let page = a.node.page(&*a.store.reader().unwrap(), b.node.me(), 0).unwrap().unwrap();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.mirror(&mut b.store, &mut env, a.node.me(), &page).unwrap().expect("a cosignature");
}

/// A page says where it begins: one that begins elsewhere is named, raises an alarm and is not kept.
#[test]
fn a_page_of_another_place_is_named() {
    let (mut world, _, _) = delivered();
    let [a, b] = &mut world;
    let page = a.node.page(&*a.store.reader().unwrap(), b.node.me(), 0).unwrap().unwrap();
    for from in [1, u64::MAX] {
        let elsewhere = node::Page { from, ..page.clone() };
        let mut env = Env { now: monday(), rng: &mut b.rng };
        let kept = b.node.mirror(&mut b.store, &mut env, a.node.me(), &elsewhere);
        assert!(matches!(&kept, Err(Failure::Misbehaved(why)) if why.to_string().contains("from")), "{kept:?}");
        let reader = b.store.reader().unwrap();
        assert_eq!(b.node.mirrored(&*reader, a.node.me()).unwrap(), 0, "nothing of it is kept");
        assert_eq!(reader.events(None, 1).unwrap()[0].event.level, store::EventLevel::Alarm);
    }
    mirror(a, b);
}

/// An attachment announced with chunks of the least size, delivered with chunks of the largest.
fn swollen(chunks: usize) -> (AttachmentRef, Vec<[u8; 32]>, Vec<u8>) {
    let chunk = vec![7u8; 1 << 20];
    let hashes = vec![leaf_hash(&chunk); chunks];
    let mut tree = Frontier::default();
    for hash in &hashes {
        tree.push::<std::convert::Infallible>(*hash, &mut |_, _, _| Ok(())).unwrap();
    }
    (AttachmentRef { root: tree.root(), size: 4096 * chunks as u64, chunk_bytes: 4096 }, hashes, chunk)
}

/// What is announced is what may come: else a list of 2 MiB fills a disk with half a gigabyte.
#[test]
fn a_chunk_is_as_long_as_announced() {
    let (mut world, _, _) = delivered();
    let [a, b] = &mut world;
    let (reference, hashes, chunk) = swollen(3);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.blob_wanted(&mut b.store, &mut env, &b.chunks, a.node.me(), &reference, &hashes).unwrap();
    let reader = b.store.reader().unwrap();
    let root = Hash32(reference.root);
    let put = b.node.blob_chunk(&*reader, &b.chunks, &root, 0, &chunk);
    assert!(matches!(put, Err(Failure::Misbehaved(_))), "{put:?}");
    assert!(store::Chunks::have(&b.chunks, &root).unwrap().is_empty());
}

/// Promises nobody keeps end: the places they took are free for honest ones again.
#[test]
fn promised_attachments_that_never_come_give_way() {
    let (mut world, _, _) = delivered();
    let [a, b] = &mut world;
    let mut announce = |n: u8, days: i64| {
        let hashes = [leaf_hash(&[n])];
        let mut tree = Frontier::default();
        tree.push::<std::convert::Infallible>(hashes[0], &mut |_, _, _| Ok(())).unwrap();
        let reference = AttachmentRef { root: tree.root(), size: 4096, chunk_bytes: 4096 };
        let now = monday().saturating_add(SignedDuration::from_hours(24 * days)).unwrap();
        let mut env = Env { now, rng: &mut b.rng };
        b.node.blob_wanted(&mut b.store, &mut env, &b.chunks, a.node.me(), &reference, &hashes)
    };
    let taken = (0..=255).take_while(|n| announce(*n, 0).is_ok()).count();
    assert!((1..200).contains(&taken), "{taken} are taken at once");
    assert!(announce(255, 1).is_err(), "a slow line may take a day");
    announce(255, 60).expect("after two months the places are free");
}

/// An act that names an attachment of another case gets no hold on it.
#[test]
fn an_attachment_stays_with_the_case_it_came_for() {
    fn check(name: &str, state: BlobState, owner: Option<&str>, want: (BlobState, Option<&str>)) {
        let (mut world, liar, _) = delivered();
        let mut act = liar.act.clone();
        act.case = CaseId::new(&act.case.as_str().replace("-0001", "-0002")).unwrap();
        let root = Hash32([5; 32]);
        let reference = AttachmentRef { root: root.0, size: 17, chunk_bytes: 1 << 20 };
        if let Deed::Submit { request } = &mut act.deed {
            request.attachments = vec![domain::content::Attachment {
                name: "a".into(),
                media_type: "text/plain".into(),
                bytes: 1,
                sha256: Hash32([0; 32]),
                root,
                sealed_bytes: 17,
                chunk_bytes: 1 << 20,
                key: vec![0; 39],
            }];
        }
        let mut header = liar.header.clone();
        header.thread = act.case.to_string();
        header.attachments = vec![reference];
        let b = &mut world[1];
        store::Chunks::put(&b.chunks, &root, 0, &[0; 17]).unwrap();
        let case = owner.map(|case| CaseId::new(case).unwrap());
        let row = BlobRow {
            root,
            size_bytes: 17,
            chunk_bytes: 1 << 20,
            case,
            state,
            meta: vec![0; 32],
            created_at: monday().into(),
        };
        let batch = store::Batch { expect: Vec::new(), writes: vec![store::Write::PutBlob(row)] };
        b.store.commit(&batch).unwrap();
        let (verdict, _) = hand(&mut world, &liar.send(&act, &header), monday());
        let row = world[1].store.reader().unwrap().blob(&root).unwrap().unwrap();
        assert_eq!((row.state, row.case.as_ref().map(CaseId::as_str)), want, "{name}: {verdict:?}");
    }
    let theirs = Some("CN-ML-2026-0009");
    check("whole, of another case", BlobState::Whole, theirs, (BlobState::Whole, theirs));
    check("staged by us for a draft", BlobState::Staged, None, (BlobState::Staged, None));
    check("sent for this act", BlobState::Wanted, None, (BlobState::Whole, Some("GB-ML-2026-0002")));
}

/// However much is refused, the operator's log stays readable and ours stays small.
#[test]
fn a_flood_of_refusals_is_noted_and_does_not_fill_the_disk() {
    let (mut world, liar, _) = delivered();
    let garbage = vec![vec![0u8]; 256];
    let [a, b] = &mut world;
    for minute in 0..10 {
        let now = monday().saturating_add(SignedDuration::from_secs(6 * minute)).unwrap();
        let mut env = Env { now, rng: &mut b.rng };
        b.node.receive(&mut b.store, &mut env, &b.chunks, a.node.me(), &garbage).unwrap();
    }
    let events = |world: &[House; 2]| world[1].store.reader().unwrap().events(None, 1000).unwrap().len();
    assert!(events(&world) <= 20, "{} events for one minute of garbage", events(&world));

    // Rightly signed lies are proof and kept, but not without end.
    let before = world[1].store.reader().unwrap().log_size("GB").unwrap();
    let (act, mut header) = liar.next(&world, Hash32([3; 32]));
    for n in 0..700u64 {
        header.cti[..8].copy_from_slice(&n.to_be_bytes());
        let (verdict, _) = hand(&mut world, &liar.send(&act, &header), monday());
        assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
    }
    let grown = world[1].store.reader().unwrap().log_size("GB").unwrap() - before;
    assert!((1..=600).contains(&grown), "{grown} entries for 700 lies in a day");
    assert!(events(&world) <= 40, "{} events", events(&world));
}

/// A page that promises more and holds nothing would be asked for again for ever.
#[test]
fn an_empty_page_is_no_page() {
    let (mut world, _, _) = delivered();
    let [a, b] = &mut world;
    let page = a.node.page(&*a.store.reader().unwrap(), b.node.me(), 0).unwrap().unwrap();
    let empty = node::Page { entries: Vec::new(), ..page };
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let kept = b.node.mirror(&mut b.store, &mut env, a.node.me(), &empty);
    assert!(matches!(kept, Err(Failure::Misbehaved(_))), "{kept:?}");
}

/// Acts of the largest size cannot be heaped on one case until it no longer fits in memory.
#[test]
fn a_case_has_a_size() {
    let (mut world, liar, mut prev) = delivered();
    let case = liar.act.case.clone();
    let [a, b] = &mut world;
    answers(b, &case, monday(), Role::Intake, acknowledge());
    assert_eq!(carry(b, a, monday()), 1);
    let lang = words(&a.node, "x").original;
    let long = domain::text::Prose {
        original: lang.clone(),
        texts: ["aa", "ab", "ac", "ad", "ae", "af", "ag"]
            .iter()
            .map(|code| (domain::text::Lang::new(code).unwrap(), "中".repeat(20_000)))
            .chain([(lang, "中".repeat(20_000))])
            .collect::<BTreeMap<_, _>>(),
    };
    for seq in 2..=40 {
        let (mut act, mut header) = liar.next(&world, prev);
        act.seq = seq;
        act.deed = Deed::Ask { question: long.clone() };
        act.seen.insert(world[1].node.me().clone(), 1);
        header.seq = seq - 1;
        header.kind = "ask".to_owned();
        let bytes = liar.send(&act, &header);
        let (verdict, _) = hand(&mut world, &bytes, monday());
        if verdict == (Verdict::Refused { code: "case-full".to_owned() }) {
            assert!(seq > 8, "a long matter fits: {seq}");
            return;
        }
        assert_eq!(verdict, Verdict::Accepted, "{seq}");
        prev = Hash32(ledger::envelope::Envelope::decode(&bytes).unwrap().core_hash());
    }
    panic!("19 MB in one case and no end");
}

/// Nobody signs what they wrote, whoever saved it last.
#[test]
fn whoever_began_a_draft_does_not_sign_it() {
    let (mut world, _, _) = delivered();
    let house = &mut world[0];
    let drafter = person("d.rafter", Role::Approver);
    let instrument = crate::house::instrument();
    let code = domain::ids::TypeCode::new("MLA-EVD").unwrap();
    let rule = instrument.request_type(&code).unwrap();
    let office = rule.may_send.iter().find(|office| office.party() == *house.node.me()).unwrap();
    let to = rule.may_receive.iter().find(|office| office.party() != *house.node.me()).unwrap();
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let mut draft = house.node.new_draft(&mut house.store, &mut env, office, &code, to, drafter.clone()).unwrap();
    crate::house::fill(&house.node, rule, &mut draft.request);
    for editor in ["m.iddle", "o.ther"] {
        draft.request.drafter = person(editor, Role::Drafter);
        draft = house.node.save_draft(&mut house.store, &mut env, &draft).unwrap();
    }
    for gate in rule.gates_of(domain::act::ActKind::Submit, None, draft.request.sensitivity()) {
        let answer = crate::house::answer(&house.node, gate, office, monday());
        let by = person("m.iddle", answer.by.role);
        let own = domain::safeguard::GateAnswer { by, ..answer.clone() };
        let own = house.node.answer_draft_gate(&mut house.store, &mut env, &draft.id, own);
        assert!(matches!(own, Err(Failure::Refused(domain::refusal::Refusal::FourEyes))), "nor answers of it: {own:?}");
        house.node.answer_draft_gate(&mut house.store, &mut env, &draft.id, answer).unwrap();
    }
    for signatory in [drafter, person("m.iddle", Role::Approver), person("o.ther", Role::Approver)] {
        let signed = house.node.submit_draft(&mut house.store, &mut env, &draft.id, signatory);
        assert!(matches!(signed, Err(Failure::Refused(domain::refusal::Refusal::FourEyes))), "{signed:?}");
    }
}

/// What was receipted is answered from the receipt: a thousand copies cost no folding. Here the case cannot even be read.
#[test]
fn a_known_act_is_answered_without_its_case() {
    let (mut world, liar, core) = delivered();
    let b = &mut world[1];
    let reader = b.store.reader().unwrap();
    let bytes = reader.envelope(&core).unwrap().unwrap();
    let row = reader.acts(&liar.act.case).unwrap().remove(0);
    drop(reader);
    let purge = store::Write::PurgeBody { hash: row.body_hash };
    b.store.commit(&store::Batch { expect: Vec::new(), writes: vec![purge] }).unwrap();
    let from = world[0].node.me().clone();
    let b = &mut world[1];
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let copies = vec![bytes; 256];
    let receipt = b.node.receive(&mut b.store, &mut env, &b.chunks, &from, &copies).unwrap();
    let key = b.node.card("x:1", Hash32([0; 32])).unwrap().envelope_key;
    let entries = receipt::open(&receipt, &[key]).unwrap().entries;
    assert_eq!(entries.len(), copies.len());
    assert!(entries.iter().all(|line| line.verdict == Verdict::Accepted && line.log_index == row.logged_index));
}

/// The second house's word on the first act, as it likes.
fn receipt_of(world: &[House; 2], case: &CaseId, alter: impl Fn(&mut receipt::Receipt)) -> Vec<u8> {
    let [a, b] = world;
    let core = a.store.reader().unwrap().acts(case).unwrap()[0].core_hash;
    let page = b.node.page(&*b.store.reader().unwrap(), a.node.me(), 0).unwrap();
    let mut lie = receipt::Receipt {
        by: b.node.me().to_string(),
        to: a.node.me().to_string(),
        at_us: 1,
        entries: vec![receipt::Entry {
            core_hash: core.0,
            log_index: 0,
            received_at_us: u64::try_from(monday().as_microsecond()).unwrap(),
            state_hash: [0; 32],
            verdict: Verdict::Accepted,
        }],
        checkpoint: page.map(|page| page.checkpoint).unwrap_or_default(),
    };
    alter(&mut lie);
    let key = SigningKey::from_seed(rest::derive(&b.seed, "entente/key/1/envelope"));
    receipt::sign(&lie, &key).unwrap()
}

/// A receipt names a place in a log that has such a place, under that log's signature; else nothing of it counts.
#[test]
fn a_receipt_names_a_place_that_is_there() {
    fn check(name: &str, alter: fn(&mut receipt::Receipt)) {
        let mut world = crate::house::two_houses();
        let other = submit(&mut world[0], "MLA-EVD", monday());
        let [a, b] = &mut world;
        carry(a, b, monday());
        let case = submit(a, "MLA-EVD", monday());
        assert_ne!(case, other);
        let lie = receipt_of(&world, &case, alter);
        let [a, b] = &mut world;
        let mut env = Env { now: monday(), rng: &mut a.rng };
        let taken = a.node.receipted(&mut a.store, &mut env, b.node.me(), &lie);
        assert!(matches!(taken, Err(Failure::Misbehaved(_))), "{name}: {taken:?}");
        let reader = a.store.reader().unwrap();
        assert_eq!(reader.acts(&case).unwrap()[0].received_at, None, "{name}");
        assert_eq!(reader.events(None, 1).unwrap()[0].event.level, store::EventLevel::Alarm, "{name}");
    }
    check("beyond the end", |lie| lie.entries[0].log_index = 1_000_000);
    check("just beyond the end", |lie| lie.entries[0].log_index = 2);
    check("no log at all", |lie| lie.checkpoint.clear());
    check("a log nobody signed", |lie| {
        let at = lie.checkpoint.len() - 5;
        lie.checkpoint[at] ^= 1;
    });
}

/// A peer that parks the same act for ever is told of, and the act does not wait longer than it lives.
#[test]
fn parked_for_ever_is_told() {
    let mut world = crate::house::two_houses();
    let case = submit(&mut world[0], "MLA-EVD", monday());
    let told = |world: &[House; 2], code: &str| {
        let events = world[0].store.reader().unwrap().events(None, 100).unwrap();
        events.iter().filter(|row| row.event.code == code).count()
    };
    let receipt = receipt_of(&world, &case, |lie| lie.entries[0].verdict = Verdict::Parked);
    let parks = |world: &mut [House; 2], now| {
        let [a, b] = world;
        let mut env = Env { now, rng: &mut a.rng };
        a.node.receipted(&mut a.store, &mut env, b.node.me(), &receipt).unwrap();
    };
    for _ in 0..23 {
        parks(&mut world, monday());
    }
    assert_eq!(told(&world, "parked-by-peer"), 0, "what overtook another is no alarm");
    parks(&mut world, monday());
    assert_eq!(told(&world, "parked-by-peer"), 1);
    parks(&mut world, monday().saturating_add(SignedDuration::from_hours(24 * 181)).unwrap());
    assert_eq!(told(&world, "parcel-expired"), 1);
    assert_eq!(told(&world, "parked-by-peer"), 1);
}
