//! An amendment of the instrument over the real exchange: what is open before and after both signatures, what runs on
//! under the old version, and what is refused by name.

use domain::act::{Deed, Role};
use domain::amendment::{AmendmentBar, Unfit, bundle};
use domain::clock::ClockKind;
use domain::content::FieldValue;
use domain::ids::{CaseId, Hash32, TypeCode};
use domain::instrument::{Instrument, SourceFile};
use domain::refusal::Refusal;
use jiff::Timestamp;
use node::{Env, Failure};
use store::{BlobState, Store as _};

use crate::house::{
    House, carry, carry_all, does, instrument, instrument_files, monday, person, snapshot, submit, submit_filled,
    tries, two_houses, two_houses_under, words,
};
use crate::rogue::mirror;

/// The shipped files with `version` on their head, amending `before`, and one text exchanged.
fn next_version(before: &Instrument, version: &str, change: (&str, &str, &str)) -> Vec<SourceFile> {
    let mut files = instrument_files();
    let amends = format!("version = \"{version}\"\namends = \"{}\"", before.hash());
    for (name, from, to) in [("instrument.toml", "version = \"1.0\"", amends.as_str()), change] {
        let file = files.iter_mut().find(|file| file.name == name).unwrap();
        assert!(file.text.contains(from), "`{from}` is not in {name}");
        file.text = file.text.replacen(from, to, 1);
    }
    files
}

/// A new law is acknowledged within two working days and no longer within five.
const SLOWER: (&str, &str, &str) =
    ("types/joint-and-exchange.toml", "[types.LEG.clocks.U3]\nack = \"5 wd\"", "[types.LEG.clocks.U3]\nack = \"2 wd\"");

fn hash_of(files: &[SourceFile]) -> Hash32 {
    Instrument::load(files).instrument.map_or(Hash32([9; 32]), |loaded| loaded.hash())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn renew(house: &mut House, now: Timestamp) {
    if let Some(next) = house.node.renewed(&*house.store.reader().unwrap(), now).unwrap() {
        house.node = next;
    }
}

/// The first house proposes a version for a day; the other has acknowledged and the text lies on its table.
fn propose(a: &mut House, b: &mut House, files: &[SourceFile], named: Hash32, day: &str) -> CaseId {
    let now = monday();
    let mut stager = a.node.stage(&mut Env { now, rng: &mut a.rng });
    stager.push(bundle(files).as_bytes(), &a.chunks).unwrap();
    let env = Env { now, rng: &mut a.rng };
    let (attachment, row) = stager.finish(&a.chunks, &env, "version.txt", "text/plain").unwrap();
    assert_eq!(row.state, BlobState::Staged);
    a.node.keep_staged(&mut a.store, row).unwrap();
    let rule = instrument().request_type(&TypeCode::new("AMD").unwrap()).unwrap().clone();
    let (root, reference) = (attachment.root, attachment.clone());
    let case = submit_filled(a, &rule, now, |request| {
        request.attachments = vec![attachment];
        request.fields.insert("in_force_on".into(), FieldValue::Date(day.parse().unwrap()));
        request.fields.insert("new_version".into(), FieldValue::Line(named.to_string()));
    })
    .unwrap();
    send_file(a, b, root, reference);
    carry_all(a, b, now);
    let acknowledged = Deed::Acknowledge {
        reference: "B-1".into(),
        officer: person("b.officer", Role::Intake),
        contact: "desk".into(),
    };
    does(b, &case, now, person("o.fficer", Role::Intake), acknowledged);
    carry_all(b, a, now);
    let mut text = words(&a.node, "The instrument is amended.");
    text.texts.values_mut().for_each(|words| words.push_str(&format!(" {named}")));
    does(a, &case, now, person("o.fficer", Role::Approver), Deed::ProposeText { text, note: None });
    let note = words(&a.node, "compared");
    let compared = Deed::Record { step: "AUTHENTICATED".into(), note, item: None, until: None };
    does(a, &case, now, person("o.fficer", Role::Approver), compared);
    carry_all(a, b, now);
    case
}

fn send_file(a: &House, b: &mut House, root: Hash32, attachment: domain::content::Attachment) {
    let reference = ledger::blob::AttachmentRef {
        root: root.0,
        size: attachment.sealed_bytes,
        chunk_bytes: attachment.chunk_bytes,
    };
    let hashes = a.node.blob_list(&*a.store.reader().unwrap(), &root).unwrap();
    let from = a.node.me().clone();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.blob_wanted(&mut b.store, &mut env, &b.chunks, &from, &reference, &hashes).unwrap();
    for index in 0..reference.chunks() {
        let chunk = store::Chunks::get(&a.chunks, &root, index).unwrap().unwrap();
        b.node.blob_chunk(&*b.store.reader().unwrap(), &b.chunks, &root, index, &chunk).unwrap();
    }
}

/// A house signs the text on the table, its node having read the file.
fn sign(house: &mut House, case: &CaseId, now: Timestamp) -> Result<(), Failure> {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    let (version, text) = dossier.case.talk.on_table().unwrap();
    let deed = Deed::SignText { version, sha256: text.text.digest() };
    let mut env = Env { now, rng: &mut house.rng };
    house.node.read_amendment(&mut house.store, &mut env, &house.chunks, case)?;
    let role = if dossier.case.side(house.node.me()) == Some(domain::procedure::Side::Requesting) {
        Role::Approver
    } else {
        Role::DecisionMaker
    };
    tries(house, case, now, person("o.fficer", role), deed).map(|_| ())
}

fn tells(house: &mut House, now: Timestamp) -> CaseId {
    submit(house, "LEG", now)
}

/// The first house's node as one that was founded on these files, or never heard of an amendment: it keeps no rule of them.
fn founded_on(house: &mut House, files: &[SourceFile]) {
    let instrument = Instrument::load(files).instrument.unwrap();
    let [other, _] = two_houses_under(&std::sync::Arc::new(instrument));
    house.node = other.node;
}

/// Both have signed the version for Tuesday, and both nodes know.
fn amended(a: &mut House, b: &mut House, files: &[SourceFile]) -> Hash32 {
    let (next, now) = (hash_of(files), monday());
    let case = propose(a, b, files, next, "2026-11-24");
    sign(b, &case, now).unwrap();
    carry_all(b, a, now);
    sign(a, &case, now).unwrap();
    carry_all(a, b, now);
    carry_all(b, a, now);
    for house in [a, b] {
        renew(house, now);
        assert!(house.node.version(&next).is_some());
    }
    next
}

fn refused_at(house: &House) -> Vec<String> {
    let events = house.store.reader().unwrap().events(None, 10).unwrap();
    events.into_iter().map(|row| row.event.code).collect()
}

/// The calendar days between the opening of a case and the day its acknowledgement is due.
fn ack_days(house: &House, case: &CaseId) -> (Hash32, i64) {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    let due = dossier.case.clocks[&ClockKind::Ack].deadline().unwrap();
    (dossier.case.instrument, due.due_at.duration_since(due.from).as_hours() / 24)
}

#[test]
fn a_running_case_keeps_its_version_and_a_new_one_gets_the_next() {
    let [mut a, mut b] = two_houses();
    let (founding, now) = (instrument(), monday());
    let files = next_version(&founding, "1.1", SLOWER);
    let next = hash_of(&files);
    let old = tells(&mut a, now);
    carry_all(&mut a, &mut b, now);
    let case = propose(&mut a, &mut b, &files, next, "2026-11-24");
    let unread = b.node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap();
    let (version, text) = unread.case.talk.on_table().unwrap();
    let deed = Deed::SignText { version, sha256: text.text.digest() };
    let refused = tries(&mut b, &case, now, person("o.fficer", Role::DecisionMaker), deed);
    assert!(
        matches!(refused, Err(Failure::Refused(Refusal::Amendment(AmendmentBar::Unread)))),
        "nobody signs what their node has not read"
    );
    sign(&mut b, &case, now).unwrap();
    carry_all(&mut b, &mut a, now);
    let tuesday = at("2026-11-24T09:00:00Z");
    for house in [&mut a, &mut b] {
        renew(house, tuesday);
        assert_eq!(house.node.instrument().hash(), founding.hash(), "one signature changes nothing");
    }
    sign(&mut a, &case, now).unwrap();
    renew(&mut a, tuesday);
    assert_eq!(a.node.instrument().hash(), founding.hash(), "ours is not known to have arrived");
    assert!(a.node.version(&next).is_some());
    carry_all(&mut a, &mut b, now);
    for house in [&mut a, &mut b] {
        renew(house, now);
        assert_eq!(house.node.instrument().hash(), founding.hash(), "its day has not come");
        renew(house, tuesday);
        assert_eq!(house.node.instrument().hash(), next, "both signatures are in both logs, and its day has come");
    }
    let new = tells(&mut a, tuesday);
    carry_all(&mut a, &mut b, tuesday);
    for house in [&a, &b] {
        assert_eq!(ack_days(house, &old), (founding.hash(), 7));
        assert_eq!(ack_days(house, &new), (next, 2));
    }
    // The old case runs on, and is judged under the version it began under on both sides.
    let acknowledged = Deed::Acknowledge {
        reference: "B-2".into(),
        officer: person("b.officer", Role::Intake),
        contact: "desk".into(),
    };
    for case in [&old, &new] {
        does(&mut b, case, tuesday, person("o.fficer", Role::Intake), acknowledged.clone());
    }
    carry_all(&mut b, &mut a, tuesday);
    assert_eq!(snapshot(&a), snapshot(&b));
}

#[test]
fn what_both_have_not_signed_opens_nothing() {
    let founding = instrument();
    let check = |signed: bool, at: Timestamp, want: &str| {
        let [mut a, mut b] = two_houses();
        let files = next_version(&founding, "1.1", SLOWER);
        if signed {
            amended(&mut a, &mut b, &files);
        }
        founded_on(&mut a, &files);
        let smuggled = tells(&mut a, at);
        carry(&mut a, &mut b, at);
        assert_eq!(refused_at(&b).first().map(String::as_str), Some(want));
        assert!(b.node.load(&*b.store.reader().unwrap(), &smuggled).unwrap().is_none(), "{want}");
    };
    check(false, monday(), "wrong-instrument");
    check(true, monday(), "instrument-not-in-force");
}

#[test]
fn who_knew_of_the_amendment_opens_nothing_under_the_old_version() {
    let [mut a, mut b] = two_houses();
    let files = next_version(&instrument(), "1.1", SLOWER);
    amended(&mut a, &mut b, &files);
    founded_on(&mut a, &instrument_files());
    let (tuesday, later) = (at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"));
    let opened = tells(&mut a, tuesday);
    carry(&mut a, &mut b, tuesday);
    assert!(!refused_at(&b).contains(&"instrument-superseded".to_owned()), "its log has not said yet what it knew");
    mirror(&mut a, &mut b);
    carry(&mut a, &mut b, later);
    assert_eq!(refused_at(&b).first().map(String::as_str), Some("instrument-superseded"));
    assert!(b.node.load(&*b.store.reader().unwrap(), &opened).unwrap().is_none());
}

#[test]
fn who_did_not_know_yet_is_not_refused_for_it() {
    let [mut a, mut b] = two_houses();
    let (files, now) = (next_version(&instrument(), "1.1", SLOWER), monday());
    let case = propose(&mut a, &mut b, &files, hash_of(&files), "2026-11-24");
    sign(&mut a, &case, now).unwrap();
    carry_all(&mut a, &mut b, now);
    // The second signature is on its way when its day comes.
    sign(&mut b, &case, now).unwrap();
    let (tuesday, later) = (at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"));
    renew(&mut b, tuesday);
    let opened = tells(&mut a, tuesday);
    carry(&mut a, &mut b, tuesday);
    mirror(&mut a, &mut b);
    carry_all(&mut a, &mut b, later);
    let held = b.node.load(&*b.store.reader().unwrap(), &opened).unwrap().expect("it is admitted");
    assert_eq!(held.case.instrument, instrument().hash());
}

#[test]
fn a_signature_is_refused_by_name() {
    let [mut a, mut b] = two_houses();
    let (founding, now) = (instrument(), monday());
    let files = next_version(&founding, "1.1", SLOWER);
    let unfit = |house: &mut House, case: &CaseId, want: Unfit| {
        let refused = sign(house, case, now);
        assert!(
            matches!(refused, Err(Failure::Refused(Refusal::Amendment(AmendmentBar::Unfit(why)))) if why == want),
            "{want:?}"
        );
    };
    let hash = hash_of(&files);
    let other = propose(&mut a, &mut b, &files, Hash32([7; 32]), "2026-11-24");
    unfit(&mut b, &other, Unfit::OtherHash);
    let same = propose(&mut a, &mut b, &instrument_files(), founding.hash(), "2026-11-24");
    unfit(&mut b, &same, Unfit::AmendsAnother);
    let first = propose(&mut a, &mut b, &files, hash, "2026-11-24");
    let second = propose(&mut a, &mut b, &files, hash, "2026-11-25");
    sign(&mut b, &first, now).unwrap();
    let refused = sign(&mut b, &second, now);
    assert!(matches!(refused, Err(Failure::Refused(Refusal::Amendment(AmendmentBar::Pending(case)))) if case == first));
    let back = Deed::Conclude { reason: words(&b.node, "we think better of it") };
    let refused = tries(&mut b, &first, now, person("o.fficer", Role::DecisionMaker), back);
    assert!(matches!(refused, Err(Failure::Refused(Refusal::SignatureBinds { .. }))));
    carry_all(&mut b, &mut a, now);
    let mut text = words(&a.node, "Another text, which names no version");
    text.texts.values_mut().for_each(|words| words.push('.'));
    let proposed = Deed::ProposeText { text, note: None };
    let refused = tries(&mut a, &first, now, person("o.fficer", Role::Approver), proposed);
    assert!(matches!(refused, Err(Failure::Refused(Refusal::TextWithoutHash))));
}

#[test]
fn a_calendar_published_late_shortens_no_running_deadline() {
    let [mut a, mut b] = two_houses();
    let (founding, now) = (instrument(), monday());
    let guess = "[calendar.years.2027]\nstatus = \"provisional\"";
    let notice = "[calendar.years.2027]\nstatus = \"published\"\nmakeup = [2027-01-02, 2027-01-03]";
    let files = next_version(&founding, "1.1", ("calendars/cn.toml", guess, notice));
    let case = propose(&mut a, &mut b, &files, hash_of(&files), "2026-12-30");
    sign(&mut b, &case, now).unwrap();
    carry_all(&mut b, &mut a, now);
    sign(&mut a, &case, now).unwrap();
    carry_all(&mut a, &mut b, now);
    let (before, after) = (at("2026-12-29T08:00:00Z"), at("2026-12-30T08:00:00Z"));
    let running = tells(&mut a, before);
    carry_all(&mut a, &mut b, before);
    [&mut a, &mut b].into_iter().for_each(|house| renew(house, after));
    let opened = tells(&mut a, after);
    carry_all(&mut a, &mut b, after);
    for house in [&a, &b] {
        let due = |case: &CaseId| {
            let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
            let due = dossier.case.clocks[&ClockKind::Ack].deadline().unwrap();
            (due.due_at.to_string(), due.provisional)
        };
        // Thursday, then Monday to Wednesday: the weekend worked in exchange came to be known too late for it.
        assert_eq!(due(&running), ("2027-01-06T15:59:59Z".to_owned(), true));
        assert_eq!(due(&opened), ("2027-01-05T15:59:59Z".to_owned(), false));
    }
}
