//! An amendment of the instrument over the real exchange: what is open before and after both signatures, what runs on
//! under the old version, and what is refused by name.

use std::collections::BTreeMap;

use domain::act::{Deed, Role};
use domain::amendment::{AmendmentBar, Unfit, bundle};
use domain::clock::ClockKind;
use domain::content::FieldValue;
use domain::ids::{CaseId, Hash32, OfficeId, PartyId, TypeCode};
use domain::instrument::{Instrument, SourceFile};
use domain::refusal::Refusal;
use jiff::Timestamp;
use ledger::canon;
use ledger::keys::{SealKey, Signer as _, SigningKey};
use node::{Env, Failure, Gathered, OfficeCard};
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

/// A side names the version a case is to go on under.
fn names(house: &mut House, case: &CaseId, now: Timestamp, instrument: Hash32) -> Result<(), Failure> {
    let deed = Deed::Adopt { instrument, reason: words(&house.node, "It is clearer.") };
    tries(house, case, now, person("o.fficer", Role::Approver), deed).map(|_| ())
}

fn under(house: &House, case: &CaseId) -> Hash32 {
    house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap().case.instrument
}

#[test]
fn both_may_have_a_running_case_go_on_under_the_later_version_and_neither_alone() {
    let [mut a, mut b] = two_houses();
    let (founding, now) = (instrument().hash(), monday());
    let (tuesday, later) = (at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"));
    let case = tells(&mut a, now);
    carry_all(&mut a, &mut b, now);
    let acknowledged = Deed::Acknowledge {
        reference: "B-2".into(),
        officer: person("b.officer", Role::Intake),
        contact: "desk".into(),
    };
    does(&mut b, &case, now, person("o.fficer", Role::Intake), acknowledged);
    carry_all(&mut b, &mut a, now);
    let next = amended(&mut a, &mut b, &next_version(&instrument(), "1.1", SLOWER));
    let refused = |got: Result<(), Failure>, want: &str| match got {
        Err(Failure::Refused(refusal)) => assert_eq!(refusal.code(), want),
        other => panic!("{want}: {other:?}"),
    };
    refused(names(&mut a, &case, now, next), "instrument-not-in-force");
    refused(names(&mut a, &case, now, Hash32([7; 32])), "wrong-instrument");
    refused(names(&mut a, &case, now, founding), "already-done");
    [&mut a, &mut b].into_iter().for_each(|house| renew(house, tuesday));
    // The first names it, the other would stay, the first names it again, and the other too.
    names(&mut a, &case, tuesday, next).unwrap();
    refused(names(&mut a, &case, tuesday, next), "already-done");
    carry_all(&mut a, &mut b, tuesday);
    names(&mut b, &case, tuesday, founding).unwrap();
    carry_all(&mut b, &mut a, tuesday);
    for house in [&a, &b] {
        assert_eq!(under(house, &case), founding, "one alone changes nothing");
    }
    names(&mut a, &case, tuesday, next).unwrap();
    carry_all(&mut a, &mut b, tuesday);
    names(&mut b, &case, tuesday, next).unwrap();
    carry_all(&mut b, &mut a, tuesday);
    for house in [&a, &b] {
        let case = house.node.load(&*house.store.reader().unwrap(), &case).unwrap().unwrap().case;
        assert_eq!((case.instrument, case.adoption.named.len()), (next, 0));
        assert_eq!(case.adoption.before, [(founding, tuesday)]);
    }
    // There is no way back, and what comes is said under the version it runs under now.
    refused(names(&mut a, &case, later, founding), "wrong-instrument");
    let question = Deed::Ask { question: words(&a.node, "since when?") };
    does(&mut a, &case, later, person("o.fficer", Role::Liaison), question);
    carry_all(&mut a, &mut b, later);
    let asked = b.node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap();
    assert_eq!(asked.entries.last().unwrap().act.instrument, next);
    assert_eq!(snapshot(&a), snapshot(&b));
}

fn alter(files: &mut [SourceFile], name: &str, change: impl FnOnce(&str) -> String) {
    let file = files.iter_mut().find(|file| file.name == name).unwrap();
    let text = change(&file.text);
    assert_ne!(text, file.text, "{name} is changed");
    file.text = text;
}

/// Everything a file says of one type, said of another in a series of its own.
fn twin_of(text: &str, code: &str, twin: &str, series: (&str, &str)) -> String {
    let of = |line: &str| {
        line.trim_start_matches('[').strip_prefix("types.").map(|rest| rest.split([']', '.']).next().unwrap() == code)
    };
    let mut inside = false;
    let mut block = String::new();
    for line in text.lines() {
        inside = if line.starts_with('[') { of(line).unwrap_or(false) } else { inside };
        if inside {
            block.push_str(line);
            block.push('\n');
        }
    }
    let block = block.replace(&format!("types.{code}"), &format!("types.{twin}"));
    format!("{text}\n{}", block.replace(&format!("series = \"{}\"", series.0), &format!("series = \"{}\"", series.1)))
}

#[test]
fn a_new_arrangement_and_an_annex_opened_work_from_their_day() {
    let check = |code: &str, before: &str, change: &dyn Fn(&mut [SourceFile])| {
        let [mut a, mut b] = two_houses();
        let mut files = next_version(&instrument(), "1.1", SLOWER);
        change(&mut files);
        let (code, tuesday) = (TypeCode::new(code).unwrap(), at("2026-11-24T09:00:00Z"));
        let refused = match a.node.instrument().request_type(&code).cloned() {
            None => "unknown-type",
            Some(rule) => match submit_filled(&mut a, &rule, monday(), |_| {}) {
                Err(Failure::Refused(refusal)) => refusal.code(),
                other => panic!("{other:?}"),
            },
        };
        assert_eq!(refused, before, "{code} under the old version");
        amended(&mut a, &mut b, &files);
        [&mut a, &mut b].into_iter().for_each(|house| renew(house, tuesday));
        let rule = a.node.instrument().request_type(&code).unwrap().clone();
        let case = submit_filled(&mut a, &rule, tuesday, |_| {}).unwrap();
        carry_all(&mut a, &mut b, tuesday);
        assert!(b.node.load(&*b.store.reader().unwrap(), &case).unwrap().is_some(), "{code} arrives");
        assert_eq!(snapshot(&a), snapshot(&b));
    };
    check("EXB", "unknown-type", &|files| {
        alter(files, "types/persons.toml", |text| twin_of(text, "EXT", "EXB", ("EX", "EB")));
    });
    check("FIU-REQ", "text-awaited", &|files| {
        alter(files, "types/finance.toml", |text| text.replace("needs_texts = [\"fiu-mou\"]\n", ""));
    });
}

#[test]
fn an_office_a_later_version_names_acts_once_its_keys_have_come() {
    let [mut a, mut b] = two_houses();
    let mut files = next_version(&instrument(), "1.1", SLOWER);
    alter(&mut files, "offices.toml", |text| {
        let (start, rest) = text.split_once("[offices.GB-HO]").unwrap();
        // Paired with nobody: counterparts name each other.
        let twin = rest[..rest.find("\n[offices.").unwrap()]
            .lines()
            .map(|line| if line.starts_with("counterparts") { "counterparts = []" } else { line });
        let twin = twin.collect::<Vec<_>>().join("\n");
        format!("{start}[offices.GB-LAW]{twin}\n[offices.GB-HO]{rest}")
    });
    alter(&mut files, "types/joint-and-exchange.toml", |text| {
        let lists = |head: &str| format!("{head} = [\"GB-HO\", \"CN-MOJ\", \"CN-MPS\"]");
        ["may_send", "may_receive"].iter().fold(text.to_owned(), |text, head| {
            text.replacen(&lists(head), &lists(head).replace("[\"GB-HO\"", "[\"GB-LAW\", \"GB-HO\""), 1)
        })
    });
    amended(&mut a, &mut b, &files);
    let (tuesday, later) = (at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"));
    [&mut a, &mut b].into_iter().for_each(|house| renew(house, tuesday));
    let (ours, theirs) = (a.node.me().clone(), b.node.me().clone());
    assert!(b.node.lacks_offices(&ours) && !a.node.lacks_offices(&theirs));
    let rule = b.node.instrument().request_type(&TypeCode::new("LEG").unwrap()).unwrap().clone();
    match submit_filled(&mut b, &rule, tuesday, |_| {}) {
        Err(Failure::Refused(refusal)) => assert_eq!(refusal.code(), "office-keys-awaited"),
        other => panic!("{other:?}"),
    }
    let case = tells(&mut a, tuesday);
    carry(&mut a, &mut b, tuesday);
    assert!(b.node.load(&*b.store.reader().unwrap(), &case).unwrap().is_none(), "it waits for the keys");
    // What another root key signed is nothing.
    let forged = b.node.present_offices(a.node.me()).unwrap();
    assert!(matches!(b.node.take_offices(&mut b.store, &ours, &forged), Err(Failure::Misbehaved(_))));
    b.node.take_offices(&mut b.store, &ours, &a.node.present_offices(b.node.me()).unwrap()).unwrap();
    renew(&mut b, tuesday);
    assert!(!b.node.lacks_offices(&ours));
    carry_all(&mut a, &mut b, later);
    let acknowledged = Deed::Acknowledge {
        reference: "B-3".into(),
        officer: person("b.officer", Role::Intake),
        contact: "desk".into(),
    };
    does(&mut b, &case, later, person("o.fficer", Role::Intake), acknowledged);
    carry_all(&mut b, &mut a, later);
    assert_eq!(snapshot(&a), snapshot(&b));
}

/// A Party's offices with their keys, as it presents them.
#[derive(serde::Serialize)]
struct Presented {
    party: PartyId,
    offices: BTreeMap<OfficeId, OfficeCard>,
}

#[derive(serde::Serialize)]
struct Signed {
    presented: Vec<u8>,
    signature: Vec<u8>,
}

/// The keys an office came with are its keys: what a Party presents later adds to them, also when the node comes up again.
#[test]
fn the_first_keys_of_an_office_stay_its_keys() {
    let [mut a, mut b] = two_houses();
    let [law, lex] = ["GB-LAW", "GB-LEX"].map(|office| OfficeId::new(office).unwrap());
    let twins = |files: &mut Vec<SourceFile>, names: &[&str]| {
        alter(files, "offices.toml", |text| {
            let (start, rest) = text.split_once("[offices.GB-HO]").unwrap();
            let twin = rest[..rest.find("\n[offices.").unwrap()]
                .lines()
                .map(|line| if line.starts_with("counterparts") { "counterparts = []" } else { line });
            let twin = twin.collect::<Vec<_>>().join("\n");
            let twins = names.iter().map(|name| format!("[offices.{name}]{twin}\n")).collect::<String>();
            format!("{start}{twins}[offices.GB-HO]{rest}")
        });
    };
    let mut files = next_version(&instrument(), "1.1", SLOWER);
    twins(&mut files, &["GB-LAW", "GB-LEX"]);
    let both = Instrument::load(&files).instrument.unwrap();
    amended(&mut a, &mut b, &files);
    let tuesday = at("2026-11-24T09:00:00Z");
    renew(&mut a, tuesday);
    let (ours, founding) = (a.node.me().clone(), b.node.clone());
    // What the Party presents under its root key: the keys of a seed for these offices.
    let presents = |seed: u8, less: &[&OfficeId]| {
        let signing = |seed: &[u8; 32], label: &str| {
            SigningKey::from_seed(ledger::rest::derive(seed, &format!("entente/key/1/{label}")))
        };
        let offices = both.offices_of(&ours).filter(|office| !less.contains(&&office.id)).map(|office| {
            let (sign, seal) = (signing(&[seed; 32], office.id.as_str()), SealKey::from_seed([seed; 32]));
            (office.id.clone(), OfficeCard { sign: sign.verifying_key(), seal: seal.public().clone() })
        });
        let presented = canon::to_vec(&Presented { party: ours.clone(), offices: offices.collect() }).unwrap();
        let words = [b"entente/offices/1\n".as_slice(), &presented].concat();
        let signature = signing(&a.seed, "root").sign(&words).unwrap();
        canon::to_vec(&Signed { presented, signature }).unwrap()
    };
    let one = presents(77, &[&lex]);
    let other = presents(78, &[]);
    b.node.take_offices(&mut b.store, &ours, &one).unwrap();
    renew(&mut b, tuesday);
    let key = |b: &House, office| b.node.peers()[&ours].offices[office].sign.id();
    let kept = key(&b, &law);
    assert!(b.node.lacks_offices(&ours), "the other office's are still to come");
    for started_anew in [false, true] {
        if started_anew {
            b.node = founding.clone();
            renew(&mut b, tuesday);
        }
        b.node.take_offices(&mut b.store, &ours, &other).unwrap();
        renew(&mut b, tuesday);
        assert!(!b.node.lacks_offices(&ours) && key(&b, &law) == kept, "started anew: {started_anew}");
        assert_ne!(key(&b, &lex), kept);
    }
}

#[test]
fn a_draft_makes_the_version_of_the_files_that_change() {
    let [mut a, b] = two_houses();
    let now = monday();
    let rule = instrument().request_type(&TypeCode::new("AMD").unwrap()).unwrap().clone();
    let (office, to) = (&rule.may_send[0], rule.may_receive.iter().find(|to| to.party() == *b.node.me()).unwrap());
    let drafter = person("d.rafter", Role::Drafter);
    let mut env = Env { now, rng: &mut a.rng };
    let mut draft = a.node.new_draft(&mut a.store, &mut env, office, &rule.code, to, drafter).unwrap();
    crate::house::fill(&a.node, &rule, &mut draft.request);
    draft.request.fields.insert("in_force_on".into(), FieldValue::Date("2026-11-24".parse().unwrap()));
    let attached = |a: &mut House, draft: &mut node::Draft, name: &str, text: &str| {
        let mut stager = a.node.stage(&mut Env { now, rng: &mut a.rng });
        stager.push(text.as_bytes(), &a.chunks).unwrap();
        let env = Env { now, rng: &mut a.rng };
        let (file, row) = stager.finish(&a.chunks, &env, name, "application/toml").unwrap();
        a.node.keep_staged(&mut a.store, row).unwrap();
        draft.request.attachments.push(file);
        let mut env = Env { now, rng: &mut a.rng };
        *draft = a.node.save_draft(&mut a.store, &mut env, draft).unwrap();
        a.node.gather_amendment(&mut a.store, &mut env, &a.chunks, draft).unwrap()
    };
    let source = |name: &str| instrument().sources().iter().find(|file| file.name == name).unwrap().text.clone();
    let laws = source("types/joint-and-exchange.toml").replacen(SLOWER.1, SLOWER.2, 1);
    let broken = laws.replacen("procedure = \"notice\"", "procedure = \"no such\"", 1);
    match attached(&mut a, &mut draft, "joint-and-exchange.toml", &broken) {
        Gathered::Unsound(findings) => assert!(findings.iter().any(|one| one.file == "types/joint-and-exchange.toml")),
        Gathered::Made(_) => panic!("a broken file makes no version"),
    }
    // The corrected file gives way to one version, and a further file changes that.
    let calendar = source("calendars/cn.toml").replace("status = \"provisional\"", "status = \"published\"");
    for (name, text) in [("joint-and-exchange.toml", &laws), ("cn.toml", &calendar)] {
        match attached(&mut a, &mut draft, name, text) {
            Gathered::Made(made) => draft = *made,
            Gathered::Unsound(findings) => panic!("{findings:?}"),
        }
        assert_eq!(draft.request.attachments.len(), 1);
    }
    let proposed = a.node.drafted(&a.chunks, &draft.request).unwrap().unwrap();
    assert_eq!((proposed.before.version(), proposed.next.version()), ("1.0", "1.1"));
    let told = domain::difference::difference(&proposed.before, &proposed.next);
    let told: Vec<String> = told.iter().map(|change| format!("{} {}", change.id, change.aspect)).collect();
    assert_eq!(told, ["china-uk-2016 version", "cn year 2027", "LEG clock U3 ack"]);
    assert!(a.node.lacking(&draft).unwrap().is_empty());
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

/// Months after the day, an opening dated the evening before stands under the old version where its author's log bears the date
/// out, and not where that log has what came after the day before it.
#[test]
fn a_date_before_the_day_opens_nothing_after_it() {
    fn check(business: Option<&str>, months: &str, want: Option<&str>) {
        let [mut a, mut b] = two_houses();
        amended(&mut a, &mut b, &next_version(&instrument(), "1.1", SLOWER));
        let (tuesday, evening) = (at("2026-11-24T09:00:00Z"), at("2026-11-23T15:00:00Z"));
        [&mut a, &mut b].into_iter().for_each(|house| renew(house, tuesday));
        if let Some(at_) = business {
            tells(&mut a, at(at_));
            carry(&mut a, &mut b, at(at_));
        }
        founded_on(&mut a, &instrument_files());
        let opened = tells(&mut a, evening);
        let [first, second] = ["00", "30"].map(|minutes| at(&format!("{months}T10:{minutes}:00Z")));
        carry(&mut a, &mut b, first);
        let held = |b: &House| b.node.load(&*b.store.reader().unwrap(), &opened).unwrap().is_some();
        assert!(!held(&b), "its log has not said yet when: {business:?}");
        mirror(&mut a, &mut b);
        carry_all(&mut a, &mut b, second);
        assert_eq!(held(&b), want.is_none(), "{business:?}");
        let told = refused_at(&b).first().cloned();
        assert_eq!(told.as_deref().filter(|code| *code == "instrument-superseded"), want, "{business:?}");
    }
    check(Some("2027-02-24T09:00:00Z"), "2027-02-24", Some("instrument-superseded"));
    check(Some("2026-11-24T09:00:00Z"), "2027-02-24", Some("instrument-superseded"));
    check(None, "2027-02-24", None);
    check(None, "2026-11-24", None);
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

/// People name a version by its number: none is given twice, however long ago.
#[test]
fn no_version_takes_the_number_of_an_older_one() {
    let [mut a, mut b] = two_houses();
    let (first, now) = (next_version(&instrument(), "1.1", SLOWER), monday());
    amended(&mut a, &mut b, &first);
    let latest = a.node.instruments().first().latest().instrument.clone();
    let third = next_version(&latest, "1.0", SLOWER);
    let case = propose(&mut a, &mut b, &third, hash_of(&third), "2026-11-25");
    for house in [&mut a, &mut b] {
        let refused = sign(house, &case, now);
        let same =
            matches!(refused, Err(Failure::Refused(Refusal::Amendment(AmendmentBar::Unfit(Unfit::SameVersion)))));
        assert!(same, "{refused:?}");
    }
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
