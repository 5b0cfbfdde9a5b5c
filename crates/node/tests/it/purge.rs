//! The end of retention: contents go, the proof and the case stay, the originator is told, and life goes on.

use domain::act::{ActKind, Author, Deed, Role};
use domain::decide::Command;
use domain::ids::{CaseId, Hash32};
use domain::procedure::Stage;
use jiff::Timestamp;
use node::Env;
use store::{BlobState, CaseFilter, Chunks, Store};

use crate::house::{House, answer, carry, enter, fill, instrument, monday, person, two_houses, words};

/// A matter with a file and a note, withdrawn and released: both houses hold it, and it is over.
fn ended(houses: &mut [House; 2]) -> (CaseId, Hash32) {
    let [a, b] = houses;
    let (case, file) = submitted(a);
    bring(a, b, &file);
    carry(a, b, monday());
    let office = a.node.load(&*a.store.reader().unwrap(), &case).unwrap().unwrap().case.requesting_office;
    let (mut env, by) = (Env { now: monday(), rng: &mut a.rng }, (&office, person("n", Role::Liaison)));
    a.node.add_note(&mut a.store, &mut env, &case, by, "Mr X").unwrap();
    let reason = words(&a.node, "No longer needed");
    say(a, &case, Role::Approver, monday(), Deed::Withdraw { reason });
    carry(a, b, monday());
    let note = words(&b.node, "Released");
    say(b, &case, Role::DecisionMaker, monday(), Deed::ConfirmRelease { note });
    carry(b, a, monday());
    (case, file)
}

fn submitted(house: &mut House) -> (CaseId, Hash32) {
    let instrument = instrument();
    let rule = instrument.request_type(&domain::ids::TypeCode::new("MLA-BANK").unwrap()).unwrap();
    let office = rule.may_send.iter().find(|office| office.party() == *house.node.me()).unwrap();
    let to = rule.may_receive.iter().find(|office| office.party() != *house.node.me()).unwrap();
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let mut stager = house.node.stage(&mut env);
    stager.push(b"account 4711", &house.chunks).unwrap();
    let (file, row) = stager.finish(&house.chunks, &env, "account.txt", "text/plain").unwrap();
    house.node.keep_staged(&mut house.store, row).unwrap();
    let drafter = person("d.rafter", Role::Drafter);
    let mut draft = house.node.new_draft(&mut house.store, &mut env, office, &rule.code, to, drafter).unwrap();
    fill(&house.node, rule, &mut draft.request);
    let root = file.root;
    draft.request.attachments.push(file);
    let draft = house.node.save_draft(&mut house.store, &mut env, &draft).unwrap();
    for gate in rule.gates_of(ActKind::Submit, None, draft.request.sensitivity()) {
        let given = answer(&house.node, gate, office, monday());
        house.node.answer_draft_gate(&mut house.store, &mut env, &draft.id, given).unwrap();
    }
    let approver = person("a.pprover", Role::Approver);
    (house.node.submit_draft(&mut house.store, &mut env, &draft.id, approver).unwrap().case, root)
}

/// The courier's part: a file's pieces come before the act that names it.
fn bring(from: &House, to: &mut House, file: &Hash32) {
    let reader = from.store.reader().unwrap();
    let row = reader.blob(file).unwrap().unwrap();
    let hashes = from.node.blob_list(&*reader, file).unwrap();
    let chunk_bytes = u32::try_from(row.chunk_bytes).unwrap();
    let reference = ledger::blob::AttachmentRef { root: file.0, size: row.size_bytes, chunk_bytes };
    let mut env = Env { now: monday(), rng: &mut to.rng };
    to.node.blob_wanted(&mut to.store, &mut env, &to.chunks, from.node.me(), &reference, &hashes).unwrap();
    for index in from.chunks.have(file).unwrap() {
        let piece = from.chunks.get(file, index).unwrap().unwrap();
        to.node.blob_chunk(&*to.store.reader().unwrap(), &to.chunks, file, index, &piece).unwrap();
    }
}

fn say(house: &mut House, case: &CaseId, role: Role, now: Timestamp, deed: Deed) {
    let held = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap().case;
    let office = held.office(held.side(house.node.me()).unwrap()).clone();
    let author = Author::Officer(person("o.fficer", role));
    let command = Command { case: case.clone(), office, author, gates: Vec::new(), deed };
    enter(house, now, command).unwrap();
}

fn tick(house: &mut House, now: Timestamp) {
    let mut env = Env { now, rng: &mut house.rng };
    while house.node.tick(&mut house.store, &mut env).unwrap() > 0 {}
    house.node.sweep_erased(&mut house.store, &house.chunks).unwrap();
}

/// How much of a case's content a house still holds: bodies, envelopes, notes, pieces of files, search hits.
fn held(house: &House, case: &CaseId, file: &Hash32) -> [usize; 5] {
    let reader = house.store.reader().unwrap();
    let rows: Vec<_> = reader.acts(case).unwrap();
    let hashes: Vec<Hash32> = rows.iter().map(|row| row.body_hash).collect();
    [
        reader.bodies(&hashes).unwrap().iter().filter(|body| body.bytes.is_some()).count(),
        rows.iter().filter(|row| reader.envelope(&row.core_hash).unwrap().is_some()).count(),
        house.node.notes(&*reader, case).unwrap().len(),
        house.chunks.have(file).unwrap().len(),
        reader.search(&house.node.terms("invented"), 10).unwrap().len(),
    ]
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn contents_go_when_their_time_is_over_and_the_other_side_is_told() {
    let mut houses = two_houses();
    let (case, file) = ended(&mut houses);
    let [a, b] = &mut houses;
    let dossier = |house: &House| house.node.load(&*house.store.reader().unwrap(), &case).unwrap().unwrap();
    let before = dossier(a).case;
    assert_eq!(before.stage(), Stage::Closed);

    let years = u32::from(before.rule(a.node.instrument()).unwrap().retention_months) / 12;
    let last_day = format!("{}-11-23T12:00:00Z", 2026 + years);
    tick(a, at(&last_day));
    assert_eq!(held(a, &case, &file), [3, 3, 1, 1, 1], "kept to the last day");

    let over = at(&format!("{}-11-24T12:00:00Z", 2026 + years));
    tick(a, over);
    assert_eq!(held(a, &case, &file), [1, 1, 0, 0, 0], "only the certificate is left");
    assert_eq!(a.store.reader().unwrap().blobs_in(BlobState::Purged, None, 9).unwrap(), Vec::new());
    let left = dossier(a);
    assert_eq!((left.case.stage(), left.erased.len(), left.case.heads.len()), (Stage::Closed, 3, 2));
    assert!(left.case.request.title.is_erased() && left.case.request.attachments.is_empty());
    let (rows, _) = a.store.reader().unwrap().cases(&CaseFilter::default()).unwrap();
    assert!(a.node.summary(&rows[0]).unwrap().title.is_erased());

    carry(a, b, over);
    let told = dossier(b).case;
    assert_eq!((&told.care.deletions[0].by, told.care.deletions[0].erased.len()), (a.node.me(), 3));
    assert!(!told.request.title.is_erased(), "each side erases its own copy in its own time");
    tick(b, over);
    assert_eq!(held(b, &case, &file), [2, 2, 0, 0, 0], "both certificates are left");
    carry(b, a, over);
    tick(a, over);
    tick(b, over);
    assert_eq!(dossier(a).case.fingerprint(), dossier(b).case.fingerprint());
    assert_eq!(dossier(a).rows.len(), 5, "no certificate of a certificate");

    // The case can still be spoken of, and what is said then goes in its turn.
    let words = words(&b.node, "The account was another's");
    say(b, &case, Role::Approver, over, Deed::Correct { seq: 1, correction: words });
    carry(b, a, over);
    assert_eq!(dossier(a).case.fingerprint(), dossier(b).case.fingerprint());
    assert!(a.store.reader().unwrap().events(None, 9).unwrap().is_empty());
}

#[test]
fn nothing_is_erased_that_the_other_side_has_not_got() {
    let mut houses = two_houses();
    let (case, file) = ended(&mut houses);
    let [a, _] = &mut houses;
    let late = at("2046-11-24T12:00:00Z");
    let correction = words(&a.node, "Account 4712");
    say(a, &case, Role::Approver, monday(), Deed::Correct { seq: 1, correction });
    tick(a, late);
    assert_eq!(held(a, &case, &file)[..2], [4, 4]);
    let timers = a.store.reader().unwrap().timers(&case).unwrap();
    assert!(timers.iter().any(|timer| timer.kind == "retention" && timer.due_at > late.into()), "tried again");
}
