//! A small log, broken in every way, must name its first broken entry; two logs must agree or say where they do not.

use std::convert::Infallible;

use super::*;
use crate::checkpoint::Checkpoint;
use crate::keys::SigningKey;
use crate::note::NoteKeyKind;

const ORIGIN: &str = "gb.entente.example/ledger/cn";
const SIZE: u64 = 21;
const CHECKPOINTS: [u64; 3] = [8, 13, 21];

#[derive(Clone)]
struct Log {
    entries: Vec<(u64, Vec<u8>, Hash)>,
    nodes: BTreeMap<(u8, u64), Hash>,
    notes: Vec<(u64, Vec<u8>)>,
}

fn leaf(number: u64, kind: LeafKind) -> Leaf {
    let outgoing = kind == LeafKind::Sent;
    let [core_hash, env_sha256, env_sm3] = [1, 2, 3].map(|part| crate::hash::sha256(&[&[part], &number.to_be_bytes()]));
    let reference = format!("case/{number}");
    Leaf { kind, outgoing, core_hash, env_sha256, env_sm3, peer_index: None, logged_at_us: number, reference }
}

fn key() -> (SigningKey, NoteKey) {
    let key = SigningKey::from_seed([1; 32]);
    let public = NoteKey::new(ORIGIN, NoteKeyKind::Log, key.verifying_key()).expect("a usable name");
    (key, public)
}

fn grow(leaves: impl Iterator<Item = Leaf>) -> Log {
    let (signer, public) = key();
    let mut log = Log { entries: Vec::new(), nodes: BTreeMap::new(), notes: Vec::new() };
    let mut tree = Frontier::new();
    for (index, leaf) in (0..).zip(leaves) {
        let bytes = leaf.encode().expect("encodes");
        let hash = leaf_hash(&bytes);
        log.entries.push((index, bytes, hash));
        let Ok(()) = tree.push(hash, &mut |level, at, node| -> Result<(), Infallible> {
            log.nodes.insert((level, at), *node);
            Ok(())
        });
        if CHECKPOINTS.contains(&tree.size()) {
            let checkpoint = Checkpoint::new(ORIGIN, tree.size(), tree.root()).expect("usable");
            log.notes.push((tree.size(), checkpoint.sign(&public, &signer).expect("signs").encode()));
        }
    }
    log
}

fn sound() -> Log {
    grow((0..SIZE).map(|number| leaf(number, LeafKind::Sent)))
}

fn audit(log: &Log) -> Result<Sound, Broken> {
    let mut audit = Audit::new(key().1);
    let mut notes = log.notes.iter().peekable();
    for (index, bytes, recorded) in &log.entries {
        let entry = Stored { index: *index, bytes, recorded: *recorded };
        audit.push(entry, &mut |level, at| log.nodes.get(&(level, at)).copied())?;
        while let Some((_, note)) = notes.next_if(|(size, _)| *size == audit.size()) {
            audit.checkpoint(note)?;
        }
    }
    notes.try_for_each(|(_, note)| audit.checkpoint(note))?;
    Ok(audit.finish())
}

fn check(harm: impl FnOnce(&mut Log), index: u64, wanted: fn(&Why) -> bool) {
    let mut log = sound();
    harm(&mut log);
    let broken = audit(&log).expect_err("a broken log");
    assert!(broken.index == index && wanted(&broken.why), "{broken}");
}

#[test]
fn a_sound_log_passes() {
    let result = audit(&sound()).expect("sound");
    assert_eq!((result.entries, result.checkpoints, result.vouched), (SIZE, 3, SIZE));
}

#[test]
fn every_altered_byte_of_every_entry_names_it() {
    let whole = sound();
    for at in 0..whole.entries.len() {
        for byte in 0..whole.entries[at].1.len() {
            let mut log = whole.clone();
            log.entries[at].1[byte] ^= 1;
            assert_eq!(audit(&log), Err(Broken { index: at as u64, why: Why::Altered }));
        }
    }
}

#[test]
fn each_break_names_the_first_broken_entry() {
    check(|log| drop(log.entries.remove(5)), 5, |why| *why == Why::Misplaced { found: 6 });
    check(|log| log.entries.swap(3, 9), 3, |why| *why == Why::Misplaced { found: 9 });
    check(|log| log.entries[4].2 = [0; 32], 4, |why| *why == Why::Altered);
    check(|log| log.entries.truncate(20), 20, |why| *why == Why::Missing { size: 21 });
    check(|log| log.nodes.retain(|place, _| *place != (2, 1)), 7, |why| *why == Why::Node { level: 2, index: 1 });
    check(|log| log.nodes.extend([((0, 11), [0; 32])]), 11, |why| *why == Why::Node { level: 0, index: 11 });
    check(|log| log.notes[1].1[70] ^= 1, 13, |why| matches!(why, Why::Checkpoint(_)));
    check(|log| log.notes[1].1 = log.notes[0].1.clone(), 8, |why| *why == Why::Order { size: 8 });
    let no_leaf = |log: &mut Log| {
        log.entries[2].1 = vec![0x80];
        log.entries[2].2 = leaf_hash(&[0x80]);
    };
    check(no_leaf, 2, |why| matches!(why, Why::NotALeaf(_)));
}

/// Leaves, hashes and nodes rewritten consistently after entry 13: only the signed checkpoint can tell.
#[test]
fn a_rewritten_history_is_found_by_its_checkpoint() {
    let rewritten = grow((0..SIZE).map(|number| leaf(if number == 17 { 99 } else { number }, LeafKind::Sent)));
    let harm = |log: &mut Log| {
        log.entries = rewritten.entries;
        log.nodes = rewritten.nodes;
    };
    check(harm, 13, |why| *why == Why::Root { size: 21 });
}

#[test]
fn two_logs_are_compared() {
    let sent = |numbers: &[u64]| numbers.iter().map(|n| (*n, leaf(*n, LeafKind::Sent))).collect::<Vec<_>>();
    let received =
        |numbers: &[u64]| numbers.iter().map(|n| (n + 100, leaf(*n, LeafKind::Received))).collect::<Vec<_>>();
    let check = |ours, theirs, wanted: (u64, u64, &[Finding])| {
        let got = cross(ours, theirs, &mut |hash| *hash != leaf(3, LeafKind::Sent).core_hash);
        assert_eq!((got.matched, got.pending, got.findings.as_slice()), wanted);
        assert_eq!(got.disagreements, wanted.2.len() as u64);
    };
    check(sent(&[0, 1, 2]), received(&[2, 0, 1]), (3, 0, &[]));
    check(sent(&[0, 3]), received(&[0]), (1, 1, &[]));
    check(sent(&[0, 1]), received(&[0]), (1, 0, &[Finding::Lost { sent_index: 1 }]));
    check(sent(&[0]), received(&[0, 7]), (1, 0, &[Finding::NeverSent { received_index: 107 }]));
    check(sent(&[0]), received(&[0, 0]), (1, 0, &[Finding::Twice { received_index: 100 }]));
    let mut other = received(&[1]);
    other[0].1.env_sha256 = [0; 32];
    check(sent(&[1]), other, (0, 0, &[Finding::Differs { sent_index: 1, received_index: 101 }]));
    check(received(&[5]), sent(&[5]), (0, 0, &[]));
}
