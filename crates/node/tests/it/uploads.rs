//! What broken-off uploads leave is found again and goes; what was finished stays.

use std::collections::BTreeSet;
use std::sync::Mutex;

use domain::act::Role;
use domain::content::{ATTACHMENTS_MAX, Attachment, Lack, Missing};
use domain::ids::{Hash32, OfficeId, TypeCode};
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use node::{Draft, Env, Failure};
use store::{Chunks, Fault, MemoryChunks, Store as _};

use crate::house::{House, monday, person, submit_filled, two_houses};

/// Chunks that remember under which names anything was ever put.
#[derive(Default)]
struct Watched(MemoryChunks, Mutex<BTreeSet<Hash32>>);

impl Watched {
    /// The names under which something lies now.
    fn names(&self) -> Vec<Hash32> {
        let names = self.1.lock().unwrap().clone();
        names.into_iter().filter(|name| !self.0.have(name).unwrap().is_empty()).collect()
    }
}

impl Chunks for Watched {
    fn put(&self, root: &Hash32, index: u64, bytes: &[u8]) -> Result<(), Fault> {
        self.1.lock().unwrap().insert(*root);
        self.0.put(root, index, bytes)
    }

    fn get(&self, root: &Hash32, index: u64) -> Result<Option<Vec<u8>>, Fault> {
        self.0.get(root, index)
    }

    fn have(&self, root: &Hash32) -> Result<Vec<u64>, Fault> {
        self.0.have(root)
    }

    fn remove(&self, root: &Hash32) -> Result<(), Fault> {
        self.0.remove(root)
    }

    fn rename(&self, from: &Hash32, to: &Hash32) -> Result<(), Fault> {
        self.1.lock().unwrap().insert(*to);
        self.0.rename(from, to)
    }
}

fn after(hours: i64) -> Timestamp {
    monday().saturating_add(SignedDuration::from_hours(hours)).unwrap()
}

/// A draft that names a file.
fn drafted(house: &mut House, file: &Attachment) -> Draft {
    let (office, to) = (OfficeId::new("GB-UKCA").unwrap(), OfficeId::new("CN-MOJ").unwrap());
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let (node, by, code) = (&house.node, person("d.rafter", Role::Drafter), TypeCode::new("MLA-BANK").unwrap());
    let mut draft = node.new_draft(&mut house.store, &mut env, &office, &code, &to, by).unwrap();
    draft.request.attachments.push(file.clone());
    node.save_draft(&mut house.store, &mut env, &draft).unwrap()
}

#[test]
fn broken_off_uploads_are_swept_and_finished_ones_stay() {
    let [mut house, _] = two_houses();
    let chunks = Watched::default();
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let mut broken = house.node.stage_upload(&mut house.store, &mut env).unwrap();
    // More than one chunk, so that something is put away before the end.
    broken.push(&vec![1; 3 << 20], &chunks).unwrap();
    drop(broken);
    let mut whole = house.node.stage_upload(&mut house.store, &mut env).unwrap();
    whole.push(b"whole", &chunks).unwrap();
    let (file, row) = whole.finish(&chunks, &env, "a.txt", "text/plain").unwrap();
    house.node.keep_staged(&mut house.store, row).unwrap();
    drafted(&mut house, &file);
    assert_eq!(chunks.names().len(), 2);

    let mut sweep = |hours: i64| {
        let env = Env { now: after(hours), rng: &mut house.rng };
        house.node.sweep(&mut house.store, &env, &chunks).unwrap()
    };
    assert_eq!(sweep(23), 0, "an upload may take a day");
    assert_eq!(chunks.names().len(), 2);
    assert_eq!(sweep(25), 2);
    assert_eq!(chunks.names(), [file.root], "what was finished and a draft names stays, the rest is gone");
    assert_eq!(sweep(26), 0, "nothing is left to find");
    assert_eq!(house.store.reader().unwrap().local_list("upload").unwrap().len(), 0);
    let mut opened = Vec::new();
    house.node.open_attachment(&file, &chunks, &mut opened).unwrap();
    assert_eq!(opened, b"whole");
}

/// Files of a discarded draft go, whatever became of the form; those a draft still names, or an act took along, stay.
#[test]
fn what_a_discarded_draft_leaves_is_swept_and_nothing_else() {
    let [mut house, _] = two_houses();
    let chunks = Watched::default();
    let rule = house.node.instrument().request_type(&TypeCode::new("MLA-BANK").unwrap()).unwrap().clone();
    let stage = |house: &mut House, name: &str| {
        let mut env = Env { now: monday(), rng: &mut house.rng };
        let mut stager = house.node.stage(&mut env);
        stager.push(name.as_bytes(), &chunks).unwrap();
        let (file, row) = stager.finish(&chunks, &env, name, "text/plain").unwrap();
        house.node.keep_staged(&mut house.store, row).unwrap();
        file
    };
    let files: Vec<Attachment> =
        ["sent", "kept", "discarded", "abandoned"].into_iter().map(|name| stage(&mut house, name)).collect();
    submit_filled(&mut house, &rule, monday(), |request| request.attachments.push(files[0].clone())).unwrap();
    drafted(&mut house, &files[1]);
    let gone = drafted(&mut house, &files[2]);
    house.node.discard_draft(&mut house.store, &gone.id).unwrap();

    let sweep = |house: &mut House, hours: i64| {
        let env = Env { now: after(hours), rng: &mut house.rng };
        house.node.sweep(&mut house.store, &env, &chunks).unwrap()
    };
    assert_eq!(sweep(&mut house, 23), 0, "a form may stay open for a day");
    assert_eq!(sweep(&mut house, 25), 2);
    let mut left = [files[0].root, files[1].root];
    left.sort();
    assert_eq!(chunks.names(), left, "what was sent and what a draft names stay");
    assert_eq!(sweep(&mut house, 26), 0);

    // What is gone is not signed for.
    let late = submit_filled(&mut house, &rule, after(26), |request| request.attachments.push(files[3].clone()));
    let missing = vec![Missing { field: "attachments".to_owned(), what: Lack::Empty }];
    assert!(matches!(&late, Err(Failure::Refused(why)) if *why == Refusal::Incomplete { missing }), "{late:?}");
}

/// More files than a pass looks at, the oldest all kept by drafts: what nobody names behind them goes all the same, and so
/// does the note by which a program would have sent it.
#[test]
fn every_file_left_over_has_its_turn_and_takes_its_note_along() {
    const KEPT: usize = 300;
    const LEFT: usize = 300;
    let [mut house, _] = two_houses();
    let chunks = Watched::default();
    let rule = house.node.instrument().request_type(&TypeCode::new("MLA-BANK").unwrap()).unwrap().clone();
    let case = submit_filled(&mut house, &rule, monday(), |_| ()).unwrap();
    let mut files = Vec::new();
    for place in 0..KEPT + LEFT {
        let at = monday().saturating_add(SignedDuration::from_secs(i64::try_from(place).unwrap())).unwrap();
        let mut env = Env { now: at, rng: &mut house.rng };
        let (file, row) = house.node.stage(&mut env).finish(&chunks, &env, "a.txt", "text/plain").unwrap();
        house.node.keep_staged(&mut house.store, row).unwrap();
        files.push(file);
    }
    for kept in files[..KEPT].chunks(ATTACHMENTS_MAX) {
        let mut draft = drafted(&mut house, &kept[0]);
        draft.request.attachments = kept.to_vec();
        let mut env = Env { now: monday(), rng: &mut house.rng };
        house.node.save_draft(&mut house.store, &mut env, &draft).unwrap();
    }
    let last = files.last().unwrap();
    let mut env = Env { now: monday(), rng: &mut house.rng };
    house.node.note_staged(&mut house.store, &mut env, &case, last).unwrap();
    let noted = |house: &House| house.node.staged_for(&*house.store.reader().unwrap(), &case, &last.root).unwrap();
    assert_eq!(noted(&house).as_ref(), Some(last));

    let passes: Vec<usize> = (0..4)
        .map(|pass| {
            let env = Env { now: after(26 + pass), rng: &mut house.rng };
            house.node.sweep(&mut house.store, &env, &chunks).unwrap()
        })
        .collect();
    assert_eq!(passes.iter().sum::<usize>(), LEFT, "{passes:?}");
    let kept: BTreeSet<Hash32> = files[..KEPT].iter().map(|file| file.root).collect();
    assert_eq!(chunks.names().into_iter().collect::<BTreeSet<_>>(), kept);
    assert_eq!(noted(&house), None);
    assert_eq!(house.node.staged_count(&*house.store.reader().unwrap(), &case).unwrap(), 0);
}
