//! The asylum shield: two worlds of one seed that differ in nothing but whom the register protects send the same mail, to
//! the byte and to the instant; and what our own law holds back leaves no trace outside.

use domain::act::{ActKind, Author, ConsentKind, Deed, Extent, Ground, Person, Role};
use domain::decide::Command;
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::local::{FixedReply, Held, LocalAnswer, ProtectedPerson};
use domain::menu::Menu as _;
use domain::procedure::{self, By, Side, Stage};
use domain::refusal::Refusal;
use domain::safeguard::{self, Finding, Gate};
use jiff::{SignedDuration, Timestamp};
use ledger::canon;
use node::reply::{ReplyGiven, ReplyOf, ReplyRecord, ReplyShown};
use node::view::Viewer;
use node::{Env, Failure};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::Store as _;

use crate::house::{
    House, answer, carry, enter, instrument, monday, person, snapshot, someone, submit, two_houses_under, words,
};

/// Hours each world is watched: past the release and a working day more.
const HOURS: i64 = 24 * 12;

/// Two houses, the second under its own law.
fn world(lawful: bool) -> [House; 2] {
    world_under(lawful, |law| law)
}

/// The same under a law with its text altered.
fn world_under(lawful: bool, alter: fn(String) -> String) -> [House; 2] {
    let instrument = instrument();
    let [a, b] = two_houses_under(&instrument);
    if !lawful {
        return [a, b];
    }
    let name = format!("instruments/china-uk-2016/policy/{}.toml", b.node.me().as_str().to_lowercase());
    [a, b.under(&name, alter)]
}

/// What one world does inside the second house, and when.
#[derive(Clone, Copy)]
struct Inside {
    lawful: bool,
    protected: bool,
    checked_at: i64,
    replied_at: i64,
    /// What became of the text of its law.
    law: fn(String) -> String,
}

fn as_written(law: String) -> String {
    law
}

/// One thing the second house said to the outside: when, through which door, in which bytes.
type Said = (Timestamp, &'static str, Vec<u8>);

fn hours(count: i64) -> Timestamp {
    monday().saturating_add(SignedDuration::from_hours(count)).unwrap()
}

fn office_of(house: &House, case: &CaseId) -> OfficeId {
    house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap().case.requested_office
}

fn entry(protected: bool) -> ProtectedPerson {
    let names = if protected { someone().names } else { vec!["Somebody Else".to_owned()] };
    let note = "granted protection".to_owned();
    ProtectedPerson { names, documents: Vec::new(), note, by: person("l.reviewer", Role::LegalReviewer), at: monday() }
}

fn checked(house: &mut House, case: &CaseId, finding: Finding, at: Timestamp) -> Result<(), Failure> {
    let answer = LocalAnswer {
        question: "asylum".to_owned(),
        finding,
        reason: "looked up and considered".to_owned(),
        by: person("l.reviewer", Role::LegalReviewer),
        office: office_of(house, case),
        at,
    };
    let mut env = Env { now: at, rng: &mut house.rng };
    house.node.answer_local(&mut house.store, &mut env, case.as_str(), ActKind::Submit, &answer)
}

fn does(house: &mut House, case: &CaseId, role: Role, deed: Deed, at: Timestamp) -> Result<(), Failure> {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    let rule = dossier.case.rule(house.node.instrument()).unwrap();
    let office = dossier.case.requested_office.clone();
    let gates = rule.gates_for(&deed, dossier.case.request.sensitivity());
    let gates = gates.map(|gate| answer(&house.node, gate, &office, at)).collect();
    let author = Author::Officer(person("b.officer", role));
    let command = Command { case: case.clone(), office, author, gates, deed };
    enter(house, at, command).map(drop)
}

fn acknowledge() -> Deed {
    Deed::Acknowledge { reference: "B-1".into(), officer: person("b.officer", Role::Intake), contact: "desk".into() }
}

/// Officers without the shield: they answer when they have decided.
fn frankly(b: &mut House, case: &CaseId, at: Timestamp) {
    let nothing = words(&b.node, "No information");
    let note = nothing.clone();
    let record = Deed::Record { step: "NO_INFORMATION".into(), note, item: None, until: None };
    let respond = Deed::Respond { extent: Extent::NotExecutable, answer: nothing, attachments: Vec::new() };
    for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}, record, respond] {
        does(b, case, Role::DecisionMaker, deed, at).unwrap();
    }
}

/// Everything the second house says in one world, hour by hour. Randomness is drawn anew each hour from the hour alone,
/// so that what is done inside cannot show in what is drawn for the outside.
fn said(code: &str, inside: Inside) -> (Vec<Said>, Stage) {
    let [mut a, mut b] = world_under(inside.lawful, inside.law);
    let mut said: Vec<Said> = Vec::new();
    if inside.lawful {
        b.node.protect(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, &entry(inside.protected)).unwrap();
    }
    let case = submit(&mut a, code, monday());
    for hour in 0..HOURS {
        let now = hours(hour);
        let fresh = |salt: u64| ChaCha20Rng::seed_from_u64(2 * u64::try_from(hour).unwrap() + salt);
        (a.rng, b.rng) = (fresh(0), fresh(1));
        if hour == 1 {
            does(&mut b, &case, Role::Intake, acknowledge(), now).unwrap();
        }
        if hour == 30 {
            let deed = Deed::Ask { question: words(&a.node, "Is the person under protection?") };
            let office = a.node.load(&*a.store.reader().unwrap(), &case).unwrap().unwrap().case.requesting_office;
            let author = Author::Officer(person("a.pprover", Role::Approver));
            let command = Command { case: case.clone(), office, author, gates: Vec::new(), deed };
            a.node.command(&mut a.store, &mut Env { now, rng: &mut a.rng }, command).unwrap();
        }
        within(&mut b, &case, inside, hour);
        b.rng = fresh(1);
        exchange(&mut a, &mut b, now, &mut said);
    }
    let stage = b.node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap().case.stage();
    (said, stage)
}

/// What officers do inside: nothing but this differs between two worlds.
fn within(b: &mut House, case: &CaseId, inside: Inside, hour: i64) {
    let now = hours(hour);
    if inside.lawful && hour == inside.checked_at {
        let finding = if inside.protected { Finding::NotSatisfied } else { Finding::Satisfied };
        checked(b, case, finding, now).unwrap();
    }
    if hour == inside.replied_at {
        if inside.lawful {
            fixed(b, case, now).unwrap();
        } else {
            frankly(b, case, now);
        }
    }
}

fn fixed(b: &mut House, case: &CaseId, now: Timestamp) -> Result<Timestamp, Failure> {
    let office = office_of(b, case);
    replied(b, case, &office, person("b.officer", Role::DecisionMaker), now)
}

/// The fixed reply as an office reads it.
fn read(b: &House, case: &CaseId, office: &OfficeId, now: Timestamp) -> ReplyShown {
    b.node.reply_shown(&*b.store.reader().unwrap(), now, case, office).unwrap().unwrap()
}

/// A lawyer puts the reply forward and answers for it, to all but `left`.
fn put_forward(
    b: &mut House,
    case: &CaseId,
    office: &OfficeId,
    left: &[(ActKind, Gate)],
    now: Timestamp,
) -> Result<(), Failure> {
    let (lawyer, shown) = (person("l.reviewer", Role::LegalReviewer), read(b, case, office, now));
    let of = ReplyOf { case: case.clone(), office: office.clone(), read: shown.content };
    let given = answers(&shown, &lawyer, left);
    let mut env = Env { now, rng: &mut b.rng };
    b.node.answer_reply(&mut b.store, &mut env, &of, Some(lawyer), given)
}

/// Whoever this is answers everything open that is theirs to answer, but `left`.
fn answers(shown: &ReplyShown, by: &Person, left: &[(ActKind, Gate)]) -> Vec<ReplyGiven> {
    let theirs = |(act, gate): &(ActKind, Gate)| {
        safeguard::answerers(*gate).contains(&by.role) && !left.contains(&(*act, *gate))
    };
    shown.open().filter(theirs).map(|(act, gate)| ReplyGiven { act, gate, by: by.clone(), no: None }).collect()
}

/// Whoever this is confirms what they read, and answers what is left for them.
fn confirmed(
    b: &mut House,
    case: &CaseId,
    shown: &ReplyShown,
    by: Person,
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    let of = ReplyOf { case: case.clone(), office: shown.office.clone(), read: shown.read };
    let given = answers(shown, &by, &[]);
    b.node.confirm_reply(&mut b.store, &mut Env { now, rng: &mut b.rng }, &of, by, given)
}

/// The two of them, one after the other.
fn replied(b: &mut House, case: &CaseId, office: &OfficeId, by: Person, now: Timestamp) -> Result<Timestamp, Failure> {
    put_forward(b, case, office, &[], now)?;
    let shown = read(b, case, office, now);
    confirmed(b, case, &shown, by, now)
}

/// One hour of the line between them: what was due, receipts, refusals, the log's page.
fn exchange(a: &mut House, b: &mut House, now: Timestamp, said: &mut Vec<Said>) {
    b.node.tick(&mut b.store, &mut Env { now, rng: &mut b.rng }).unwrap();
    a.node.tick(&mut a.store, &mut Env { now, rng: &mut a.rng }).unwrap();
    let (us, them) = (b.node.me().clone(), a.node.me().clone());
    loop {
        let theirs: Vec<Vec<u8>> =
            a.node.parcels(&*a.store.reader().unwrap(), &us, now).unwrap().into_iter().map(|one| one.bytes).collect();
        let ours: Vec<Vec<u8>> =
            b.node.parcels(&*b.store.reader().unwrap(), &them, now).unwrap().into_iter().map(|one| one.bytes).collect();
        if theirs.is_empty() && ours.is_empty() {
            break;
        }
        // A broken envelope rides along: what is said of it is compared too.
        let broken: Vec<Vec<u8>> = theirs.iter().map(|bytes| bytes[..bytes.len() / 2].to_vec()).collect();
        for heard in [theirs, broken].into_iter().filter(|heard| !heard.is_empty()) {
            let mut env = Env { now, rng: &mut b.rng };
            let receipt = b.node.receive(&mut b.store, &mut env, &b.chunks, &them, &heard).unwrap();
            let mut env = Env { now, rng: &mut a.rng };
            // Of the broken ones the receipt names nothing of ours; the asker makes of it what it may.
            let _settled = a.node.receipted(&mut a.store, &mut env, &us, &receipt);
            said.push((now, "receipt", receipt));
        }
        if !ours.is_empty() {
            let mut env = Env { now, rng: &mut a.rng };
            let receipt = a.node.receive(&mut a.store, &mut env, &a.chunks, &us, &ours).unwrap();
            said.extend(ours.into_iter().map(|bytes| (now, "envelope", bytes)));
            let mut env = Env { now, rng: &mut b.rng };
            b.node.receipted(&mut b.store, &mut env, &them, &receipt).unwrap();
        }
    }
    let page = b.node.page(&*b.store.reader().unwrap(), &them, 0).unwrap().unwrap();
    said.push((now, "log", format!("{page:?}").into_bytes()));
}

/// By what the mail of two worlds can be told apart, if by anything; what a comparison of mail must notice.
fn told_apart(one: &[Said], other: &[Said]) -> Option<&'static str> {
    let pairs = || one.iter().zip(other);
    if let Some((one, other)) = pairs().find(|(one, other)| one != other) {
        return Some(match (one, other) {
            _ if (one.0, one.1) != (other.0, other.1) => "time",
            _ if one.2.len() != other.2.len() => "size",
            _ => "bytes",
        });
    }
    (one.len() != other.len()).then_some("count")
}

/// The promise: whoever the register protects, and however long anybody thought, the mail is the same.
#[test]
fn nobody_can_tell_whom_we_protect() {
    fn check(code: &str, end: Stage) {
        let unknown = Inside { lawful: true, protected: false, checked_at: 2, replied_at: 3, law: as_written };
        let (plain, stage) = said(code, unknown);
        assert_eq!(stage, end, "{code}: the reply was given");
        assert!(
            plain.iter().filter(|(_, door, _)| *door == "envelope").count() >= 4,
            "{code}: there is mail to compare"
        );
        let protected = Inside { protected: true, checked_at: 50, replied_at: 70, ..unknown };
        let (shielded, stage) = said(code, protected);
        assert_eq!(stage, end, "{code}");
        assert_eq!(told_apart(&plain, &shielded), None, "{code}");
    }
    check("FUG", Stage::Responded);
    check("IDV", Stage::Responded);
    check("EXT", Stage::Refused);
}

/// The comparison can fail: each breach of the shield, made on purpose in the house that protects, shows in the mail, by
/// what it would give the person away.
#[test]
fn every_breach_of_the_shield_shows() {
    fn check(name: &str, shows: &str, replied_at: i64, law: fn(String) -> String) {
        let plain = Inside { lawful: true, protected: false, checked_at: 2, replied_at: 3, law: as_written };
        let breached = Inside { protected: true, checked_at: 50, replied_at, law, ..plain };
        assert_eq!(told_apart(&said("FUG", plain).0, &said("FUG", breached).0), Some(shows), "{name}");
    }
    fn put(law: String, from: &str, to: &str) -> String {
        assert!(law.contains(from), "{from}");
        law.replace(from, to)
    }
    check("another hour", "time", 70, |law| put(law, "release = \"16:00\"", "release = \"17:00\""));
    check("another day", "time", 70, |law| put(law, "after = \"5 wd\"", "after = \"6 wd\""));
    check("thought about for longer than the release waits", "time", 24 * 9, as_written);
    check("a word more", "size", 70, |law| put(law, "无可提供的信息", &"无可提供的任何信息".repeat(200)));
    check("a word for a word", "bytes", 70, |law| put(law, "无可提供的信息", "无可告知的信息"));
}

/// The comparison can fail: without the shield, the hour at which officers made up their minds is there to be read.
#[test]
fn without_the_shield_the_mail_tells() {
    let early = Inside { lawful: false, protected: false, checked_at: 2, replied_at: 40, law: as_written };
    let late = Inside { protected: true, checked_at: 50, replied_at: 70, ..early };
    assert!(said("FUG", early).0 != said("FUG", late).0);
}

/// The hour at which anything may first leave turns on the receipt alone: the fifth working day.
#[test]
fn the_reply_leaves_at_the_fixed_hour() {
    let (mail, _) =
        said("FUG", Inside { lawful: true, protected: true, checked_at: 2, replied_at: 3, law: as_written });
    let envelopes: Vec<Timestamp> =
        mail.iter().filter(|(_, door, _)| *door == "envelope").map(|(at, _, _)| *at).collect();
    let first = envelopes.iter().find(|at| **at > hours(1)).copied().unwrap();
    let due: Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
    assert!(first >= due && first < due.saturating_add(SignedDuration::from_hours(1)).unwrap(), "{first}");
}

/// What our own law holds back changes nothing that leaves the house: no act, no parcel, no line of the log, no timer.
#[test]
fn what_is_held_back_leaves_no_trace() {
    fn check(name: &str, want: &str, inside: Option<Finding>, at: i64, deed: fn(&House) -> Deed) {
        let [mut a, mut b] = world(true);
        let case = submit(&mut a, "FUG", monday());
        carry(&mut a, &mut b, monday());
        does(&mut b, &case, Role::Intake, acknowledge(), hours(1)).unwrap();
        if let Some(finding) = inside {
            checked(&mut b, &case, finding, hours(2)).unwrap();
        }
        let deed = deed(&b);
        if matches!(deed, Deed::Refuse { .. }) {
            does(&mut b, &case, Role::DecisionMaker, Deed::BeginReview {}, hours(at)).unwrap();
        }
        let before = outside(&b, &a);
        let held = does(&mut b, &case, Role::DecisionMaker, deed, hours(at));
        assert!(matches!(&held, Err(Failure::Held(why)) if why.code() == want), "{name}: {held:?}");
        assert_eq!(outside(&b, &a), before, "{name}");
    }
    let late = 24 * 8;
    let review = |_: &House| Deed::BeginReview {};
    check("before the hour", "not-before", Some(Finding::Satisfied), 3, review);
    check("a question back before the hour", "not-before", Some(Finding::Satisfied), 3, |b| Deed::Ask {
        question: words(&b.node, "Which passport?"),
    });
    check("the person was not checked", "unanswered", None, late, review);
    check("of a protected person", "fixed-form", Some(Finding::NotSatisfied), late, review);
    check("the same in other words", "fixed-form", Some(Finding::Satisfied), late, |b| Deed::Refuse {
        ground: Ground::NotExecutable,
        reason: Some(words(&b.node, "Not here")),
        considered: words(&b.node, "Nothing else"),
        withheld: false,
    });
}

/// Our own law speaks to the office that has the case and to nobody else: another office's officer hears the same of a
/// protected person as of anybody.
#[test]
fn another_office_learns_nothing_by_trying() {
    fn tried(protected: bool, deed: &dyn Fn(&House) -> Deed) -> Vec<String> {
        let [mut a, mut b] = world(true);
        let case = submit(&mut a, "FUG", monday());
        carry(&mut a, &mut b, monday());
        does(&mut b, &case, Role::Intake, acknowledge(), hours(1)).unwrap();
        checked(&mut b, &case, if protected { Finding::NotSatisfied } else { Finding::Satisfied }, hours(2)).unwrap();
        let (at, deed) = (hours(24 * 8), deed(&b));
        let own = office_of(&b, &case);
        let offices = b.node.instrument().offices_of(b.node.me()).map(|office| office.id.clone());
        let others: Vec<OfficeId> = offices.filter(|office| *office != own).collect();
        let mut heard = Vec::new();
        for office in others {
            let author = Author::Officer(person("o.ther", Role::DecisionMaker));
            let (case, deed) = (case.clone(), deed.clone());
            let command = Command { case, office: office.clone(), author, gates: Vec::new(), deed };
            let mut env = Env { now: at, rng: &mut b.rng };
            heard.push(format!("{office} {:?}", b.node.command(&mut b.store, &mut env, command).map(drop)));
        }
        heard
    }
    fn check(deed: &dyn Fn(&House) -> Deed) {
        let (protected, plain) = (tried(true, deed), tried(false, deed));
        assert!(!plain.is_empty());
        assert_eq!(protected, plain);
        assert!(protected.iter().all(|heard| !heard.contains("Held")), "{protected:?}");
    }
    check(&|_| Deed::BeginReview {});
    check(&|_| Deed::Accept { note: None });
    check(&|b| Deed::Advise { advice: words(&b.node, "Say more") });
    check(&|b| Deed::Ask { question: words(&b.node, "Which passport?") });
    check(&|b| Deed::Uphold { reason: words(&b.node, "It stands") });
}

/// That a reply waited and was not sent is told to whoever hears of the shield in that case; to others neither the event, nor
/// a short page where it was.
#[test]
fn what_was_held_back_is_told_to_the_office_that_has_the_case() {
    let [mut a, mut b] = world(true);
    let case = submit(&mut a, "FUG", monday());
    carry(&mut a, &mut b, monday());
    let mut tell = |code: &str, case: Option<&CaseId>| {
        let event = store::Event {
            at: monday().into(),
            level: store::EventLevel::Warning,
            code: code.to_owned(),
            case: case.cloned(),
            peer: None,
            detail: String::new(),
        };
        let writes = vec![store::Write::AddEvent(event)];
        b.store.commit(&store::Batch { expect: Vec::new(), writes }).unwrap();
    };
    tell("fault", None);
    tell("reply-not-released", Some(&case));
    tell("reply-not-released", Some(&case));
    let own = office_of(&b, &case);
    let other = b.node.instrument().offices_of(b.node.me()).find(|office| office.id != own).unwrap().id.clone();
    let reader = b.store.reader().unwrap();
    for (office, count) in [(own, 2), (other, 0)] {
        let id = person("v.iewer", Role::Intake).id;
        let viewer = Viewer { id, office, roles: vec![Role::Intake, Role::Auditor], second_track: false };
        let codes = |rows: Vec<store::EventRow>| rows.into_iter().map(|row| row.event.code).collect::<Vec<_>>();
        let mut wanted = vec!["reply-not-released".to_owned(); count];
        wanted.push("fault".to_owned());
        assert_eq!(codes(b.node.open_events_for(&*reader, &viewer, 10).unwrap()), wanted);
        assert_eq!(codes(b.node.events_for(&*reader, &viewer, None, 10).unwrap().0), wanted);
        let ids = reader.events(None, 1).unwrap().into_iter().map(|row| row.id);
        let heard: Vec<bool> = ids.map(|id| b.node.hears_of(&*reader, &viewer, id).unwrap()).collect();
        assert_eq!(heard, [count > 0], "nobody acknowledges what is not theirs to hear");
        let (page, next) = b.node.events_for(&*reader, &viewer, None, 1).unwrap();
        assert_eq!((codes(page), next.is_some()), (wanted[..1].to_vec(), count > 0));
    }
}

/// All a peer can see of a house: its cases and acts, its log, its parcels, its next stirring.
pub fn outside(house: &House, peer: &House) -> String {
    let reader = house.store.reader().unwrap();
    let page = house.node.page(&*reader, peer.node.me(), 0).unwrap();
    let parcels = house.node.parcels(&*reader, peer.node.me(), hours(24 * 30)).unwrap();
    let wake = house.node.next_wake(&*reader).unwrap();
    format!("{:?} {page:?} {parcels:?} {wake:?}", snapshot(house))
}

/// A document of the register speaks louder than an officer who did not look; a name alone is a hint.
#[test]
fn an_answer_does_not_stand_against_the_register() {
    let [mut a, mut b] = world(true);
    let case = submit(&mut a, "FUG", monday());
    carry(&mut a, &mut b, monday());
    let named = entry(true);
    b.node.protect(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, &named).unwrap();
    let request = b.node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap().case.request;
    assert_eq!(b.node.register_hits(&*b.store.reader().unwrap(), &request).unwrap(), std::slice::from_ref(&named));
    checked(&mut b, &case, Finding::Satisfied, hours(1)).expect("another of the same name");
    let documented = ProtectedPerson { documents: vec!["x123456".into()], ..named };
    b.node.protect(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, &documented).unwrap();
    let against = checked(&mut b, &case, Finding::Satisfied, hours(2));
    assert!(matches!(against, Err(Failure::Held(Held::Contradicted { .. }))), "{against:?}");
    checked(&mut b, &case, Finding::NotSatisfied, hours(2)).expect("protected");
}

/// The register opens to its keepers by name, notes each look, and lies sealed.
#[test]
fn the_register_is_kept_by_name_and_sealed() {
    let [_, mut b] = world(true);
    let keeper = person("l.reviewer", Role::LegalReviewer);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let key = b.node.protect(&mut b.store, &mut env, &entry(true)).unwrap();
    assert_eq!(b.node.read_register(&mut b.store, &mut env, &keeper).unwrap(), [(key.clone(), entry(true))]);
    let clerk: Person = person("c.lerk", Role::Intake);
    let read = b.node.read_register(&mut b.store, &mut env, &clerk);
    assert!(matches!(read, Err(Failure::Held(Held::NotYours { .. }))), "{read:?}");
    b.node.unprotect(&mut b.store, &mut env, &key, &keeper).unwrap();
    let reader = b.store.reader().unwrap();
    let looks: Vec<&str> = b.node.looks(&*reader).unwrap().iter().map(|look| look.what.code()).collect();
    assert_eq!(looks, ["struck", "read", "entered"]);
    for row in ["protected", "protected-look"].iter().flat_map(|kind| reader.local_list(kind).unwrap()) {
        let bytes = String::from_utf8_lossy(&row.bytes).into_owned();
        assert!(!bytes.contains("Zhang") && !bytes.contains("l.reviewer"), "sealed at rest");
    }
}

/// Our own law's question before a submission: unanswered or answered no, nothing leaves; answered, nothing of it is in
/// the act, and the house keeps the record.
#[test]
fn a_local_answer_is_demanded_and_never_sent() {
    const SECRET: &str = "an entirely local reason";
    let [a, b] = world(true);
    let [mut b, mut a] = [b, a];
    // The lawful house asks; it is the second, so it stands first here.
    let asked = |question: &str, finding| LocalAnswer {
        question: question.to_owned(),
        finding,
        reason: SECRET.to_owned(),
        by: person("l.reviewer", Role::LegalReviewer),
        office: OfficeId::new("CN-MPS").unwrap(),
        at: monday(),
    };
    let (draft, approver) = drafted(&mut b, "FUG");
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let refused = |b_store: &mut store::Memory, env: &mut Env<'_>, want: &str| {
        let held = b.node.submit_draft(b_store, env, &draft, approver.clone());
        assert!(matches!(&held, Err(Failure::Held(why)) if why.code() == want), "{want}: {held:?}");
        assert!(b_store.reader().unwrap().cases(&store::CaseFilter::default()).unwrap().0.is_empty());
    };
    refused(&mut b.store, &mut env, "unanswered");
    for (question, finding) in [("data-export", Finding::Satisfied), ("asylum", Finding::NotSatisfied)] {
        b.node.answer_local(&mut b.store, &mut env, &draft, ActKind::Submit, &asked(question, finding)).unwrap();
    }
    refused(&mut b.store, &mut env, "closed");
    b.node.answer_local(&mut b.store, &mut env, &draft, ActKind::Submit, &asked("asylum", Finding::Satisfied)).unwrap();
    let case = b.node.submit_draft(&mut b.store, &mut env, &draft, approver).unwrap().case;
    assert_eq!(carry(&mut b, &mut a, monday()), 1);
    for house in [&a, &b] {
        let dossier = house.node.load(&*house.store.reader().unwrap(), &case).unwrap().unwrap();
        let act = &dossier.entries[0].act;
        assert!(!String::from_utf8_lossy(&canon::to_vec(act).unwrap()).contains(SECRET), "nothing of it is in the act");
        assert!(act.gates.iter().all(|answer| answer.gate != domain::safeguard::Gate::AsylumShield));
    }
    let record = b.node.local_record(&*b.store.reader().unwrap(), &case).unwrap();
    assert_eq!(record.len(), 2, "the house keeps both answers");
    assert!(record.iter().all(|(_, answer)| answer.reason == SECRET));
    assert!(b.store.reader().unwrap().local_list(&format!("local:{draft}")).unwrap().is_empty());
}

/// A draft with its shared safeguards answered, and who may sign it.
fn drafted(house: &mut House, code: &str) -> (String, Person) {
    let instrument = house.node.instrument().clone();
    let code = domain::ids::TypeCode::new(code).unwrap();
    let rule = instrument.request_type(&code).unwrap();
    let office = rule.may_send.iter().find(|office| office.party() == *house.node.me()).unwrap();
    let to = rule.may_receive.iter().find(|office| office.party() != *house.node.me()).unwrap();
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let drafter = person("d.rafter", Role::Drafter);
    let mut draft = house.node.new_draft(&mut house.store, &mut env, office, &code, to, drafter).unwrap();
    crate::house::fill(&house.node, rule, &mut draft.request);
    let draft = house.node.save_draft(&mut house.store, &mut env, &draft).unwrap();
    for gate in rule.gates_of(ActKind::Submit, None, draft.request.sensitivity()) {
        let given = answer(&house.node, gate, office, monday());
        house.node.answer_draft_gate(&mut house.store, &mut env, &draft.id, given).unwrap();
    }
    (draft.id, person("a.pprover", Role::Approver))
}

/// What the other side can do, and the act with which we answer it.
const PROVOKED: &[(ActKind, ActKind)] = &[
    (ActKind::Preconsult, ActKind::Advise),
    (ActKind::Submit, ActKind::Acknowledge),
    (ActKind::Ask, ActKind::Reply),
    (ActKind::SeekConsent, ActKind::GiveConsent),
    (ActKind::Reconsider, ActKind::Uphold),
    (ActKind::Escalate, ActKind::AnswerEscalation),
    (ActKind::Recall, ActKind::ReportCompliance),
    (ActKind::Correct, ActKind::ReportCompliance),
    (ActKind::Withdraw, ActKind::ConfirmRelease),
    (ActKind::Adopt, ActKind::Adopt),
    (ActKind::Match, ActKind::Match),
];

/// What the other side can do and nobody answers, or what itself answers us.
const UNANSWERED: &[ActKind] = &[
    ActKind::Forward,
    ActKind::Supplement,
    ActKind::AcceptConditions,
    ActKind::DeclineConditions,
    ActKind::ReportOutcome,
    ActKind::Close,
    ActKind::Reply,
    ActKind::GiveConsent,
    ActKind::ReportCompliance,
    ActKind::AnswerEscalation,
    ActKind::LogContact,
    ActKind::CheckUndertaking,
    ActKind::DischargeUndertaking,
    ActKind::CiteNorm,
    ActKind::Record,
    ActKind::BookAsset,
];

/// Whatever a peer can provoke in a shielded type is answered at once by an act that says nothing of the person, or in the
/// fixed form: the same to the byte and the instant whomever we protect. Silence would tell.
#[test]
fn whatever_can_be_provoked_has_its_fixed_form() {
    let [_, b] = world(true);
    let instrument = b.node.instrument().clone();
    let types = instrument.types().values().filter(|rule| b.node.policy().unwrap().shield(&rule.code).is_some());
    let mut unsaid = Vec::new();
    for rule in types {
        for row in procedure::table(rule.procedure) {
            let theirs = matches!(row.by, By::Officer(Side::Requesting) | By::EitherOfficer);
            let answered = PROVOKED.iter().any(|(act, _)| *act == row.act);
            if theirs && !answered && !UNANSWERED.contains(&row.act) {
                unsaid.push(row.act);
            }
        }
    }
    unsaid.dedup();
    assert_eq!(unsaid, [], "say what answers them");
    fn check(code: &str, provokes: ActKind) {
        let (_, answer) = PROVOKED.iter().find(|(act, _)| *act == provokes).unwrap();
        let (plain, protected) = (provoked(code, provokes, *answer, false), provoked(code, provokes, *answer, true));
        assert!(plain == protected, "{code}: {provokes:?} is answered alike");
    }
    for (act, answer) in PROVOKED {
        match act {
            ActKind::Preconsult | ActKind::Ask | ActKind::SeekConsent => check("FUG", *act),
            ActKind::Reconsider => check("EXT", *act),
            _ => assert!(FixedReply::leaves_at_once(*answer), "{answer:?} is not held back"),
        }
    }
    check("IDV", ActKind::SeekConsent);
}

/// Everything the second house says when the first does something after the reply (or begins by showing a draft), with
/// officers who take their time in one world only.
fn provoked(code: &str, provokes: ActKind, answer: ActKind, protected: bool) -> Vec<Said> {
    let [mut a, mut b] = world(true);
    b.node.protect(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, &entry(protected)).unwrap();
    let shown = provokes == ActKind::Preconsult;
    let case = if shown { shown_for_advice(&mut a, code) } else { submit(&mut a, code, monday()) };
    let (checked_at, replied_at, again) = if protected { (50, 70, 24 * 9 + 5) } else { (2, 3, 24 * 9 + 2) };
    let mut said = Vec::new();
    // A question is put while the matter is open, and the one reply answers it too.
    let asked = provokes == ActKind::Ask;
    let provoked_at = if asked { 30 } else { 24 * 9 };
    for hour in 0..24 * 16 {
        let now = hours(hour);
        let fresh = |salt: u64| ChaCha20Rng::seed_from_u64(2 * u64::try_from(hour).unwrap() + salt);
        (a.rng, b.rng) = (fresh(0), fresh(1));
        if hour == 1 && !shown {
            does(&mut b, &case, Role::Intake, acknowledge(), now).unwrap();
        }
        if hour == provoked_at && !shown {
            let text = words(&a.node, "Please");
            let deed = match provokes {
                ActKind::Ask => Deed::Ask { question: text },
                ActKind::Reconsider => Deed::Reconsider { argument: text },
                _ => Deed::SeekConsent { kind: ConsentKind::OnwardTransfer, recipient: "another".into(), what: text },
            };
            crate::house::does(&mut a, &case, now, person("a.pprover", Role::Approver), deed);
        }
        if hour == checked_at {
            let finding = if protected { Finding::NotSatisfied } else { Finding::Satisfied };
            checked(&mut b, &case, finding, now).unwrap();
        }
        if hour == replied_at || hour == again && !shown && !asked {
            let central = answer == ActKind::Uphold && hour == again;
            let offices = b.node.instrument().rung(2).unwrap().offices[b.node.me()].clone();
            let office = if central { offices.first().unwrap().clone() } else { office_of(&b, &case) };
            let by = person(if central { "c.officer" } else { "b.officer" }, Role::DecisionMaker);
            replied(&mut b, &case, &office, by, now).unwrap();
        }
        b.rng = fresh(1);
        exchange(&mut a, &mut b, now, &mut said);
    }
    let rows = a.store.reader().unwrap().acts(&case).unwrap();
    let got = rows.iter().any(|row| row.party == *b.node.me() && row.kind == answer.code());
    assert!(got, "{code}: {provokes:?} is answered with {answer:?}, not with silence");
    said
}

/// A draft of the first house shown for advice; answers its reference.
fn shown_for_advice(house: &mut House, code: &str) -> CaseId {
    let instrument = house.node.instrument().clone();
    let code = TypeCode::new(code).unwrap();
    let rule = instrument.request_type(&code).unwrap();
    let office = rule.may_send.iter().find(|office| office.party() == *house.node.me()).unwrap();
    let to = rule.may_receive.iter().find(|office| office.party() != *house.node.me()).unwrap();
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let drafter = person("d.rafter", Role::Drafter);
    let mut draft = house.node.new_draft(&mut house.store, &mut env, office, &code, to, drafter).unwrap();
    crate::house::fill(&house.node, rule, &mut draft.request);
    let draft = house.node.save_draft(&mut house.store, &mut env, &draft).unwrap();
    let by = person("a.pprover", Role::Approver);
    house.node.preconsult_draft(&mut house.store, &mut env, &draft.id, by).unwrap().case
}

/// A shielded matter acknowledged and checked, with a lawyer's answers put forward to all but `left`.
fn put_matter(left: &[(ActKind, Gate)]) -> (House, CaseId, OfficeId) {
    let [mut a, mut b] = world(true);
    let case = submit(&mut a, "FUG", monday());
    carry(&mut a, &mut b, monday());
    does(&mut b, &case, Role::Intake, acknowledge(), hours(1)).unwrap();
    checked(&mut b, &case, Finding::Satisfied, hours(2)).unwrap();
    let office = office_of(&b, &case);
    put_forward(&mut b, &case, &office, left, hours(3)).unwrap();
    (b, case, office)
}

fn chief() -> Person {
    person("b.officer", Role::DecisionMaker)
}

/// What was entered in the case, by kind, with the names its safeguards bear.
fn entered(b: &House, case: &CaseId) -> Vec<(ActKind, Vec<(Gate, String)>)> {
    let dossier = b.node.load(&*b.store.reader().unwrap(), case).unwrap().unwrap();
    let ours = dossier.entries.iter().map(|entry| &entry.act).filter(|act| act.by == *b.node.me());
    let names = |act: &domain::act::Act| act.gates.iter().map(|one| (one.gate, one.by.id.to_string())).collect();
    ours.map(|act| (act.deed.kind(), names(act))).collect()
}

fn ticked(b: &mut House, now: Timestamp) {
    b.node.tick(&mut b.store, &mut Env { now, rng: &mut b.rng }).unwrap();
}

/// No safeguard is answered but by who saw it: the lawyer who answered the shield's question alone answers for nothing.
#[test]
fn every_safeguard_of_the_reply_bears_the_name_of_who_answered_it() {
    let [mut a, mut b] = world(true);
    let case = submit(&mut a, "FUG", monday());
    carry(&mut a, &mut b, monday());
    does(&mut b, &case, Role::Intake, acknowledge(), hours(1)).unwrap();
    checked(&mut b, &case, Finding::Satisfied, hours(2)).unwrap();
    let office = office_of(&b, &case);
    let shown = read(&b, &case, &office, hours(3));
    let alone = confirmed(&mut b, &case, &shown, chief(), hours(3));
    assert!(matches!(alone, Err(Failure::Refused(Refusal::Unprepared { .. }))), "nobody put it forward: {alone:?}");

    let left = (ActKind::Respond, Gate::ProtectionOfPersonalRecords);
    put_forward(&mut b, &case, &office, &[left], hours(3)).unwrap();
    let shown = read(&b, &case, &office, hours(4));
    assert!(shown.open().any(|open| open == left));
    let lacking = confirmed(&mut b, &case, &shown, chief(), hours(4));
    let gate = left.1;
    assert!(matches!(lacking, Err(Failure::Refused(Refusal::GateUnanswered { gate: open })) if open == gate));

    // Another lawyer answers it; the lawyer who put it forward answers no question that is another role's.
    let second = person("s.econd", Role::LegalReviewer);
    let of = ReplyOf { case: case.clone(), office: office.clone(), read: shown.content };
    let given = |gate: Gate, by: &Person| vec![ReplyGiven { act: ActKind::Respond, gate, by: by.clone(), no: None }];
    let mut env = Env { now: hours(4), rng: &mut b.rng };
    let refused = b.node.answer_reply(&mut b.store, &mut env, &of, None, given(Gate::HumanDecision, &second));
    assert!(matches!(refused, Err(Failure::Refused(Refusal::GateRole { .. }))), "{refused:?}");
    b.node.answer_reply(&mut b.store, &mut env, &of, None, given(gate, &second)).unwrap();
    let shown = read(&b, &case, &office, hours(5));
    let own = confirmed(&mut b, &case, &shown, person("l.reviewer", Role::DecisionMaker), hours(5));
    assert!(matches!(own, Err(Failure::Refused(Refusal::FourEyes))), "who put it forward does not confirm it: {own:?}");
    let leaves = confirmed(&mut b, &case, &shown, chief(), hours(5)).unwrap();
    ticked(&mut b, leaves.saturating_add(SignedDuration::from_secs(1)).unwrap());
    let acts = entered(&b, &case);
    let (_, names) = acts.iter().find(|(kind, _)| *kind == ActKind::Respond).expect("it left");
    for (gate, name) in names {
        let want = match gate {
            Gate::HumanDecision => "b.officer",
            Gate::ProtectionOfPersonalRecords => "s.econd",
            _ => "l.reviewer",
        };
        assert_eq!(name, want, "{gate:?}");
    }
    let record = b.node.reply_record(&*b.store.reader().unwrap(), &case).unwrap();
    assert!(matches!(&record[..], [ReplyRecord::Left { form, .. }] if form.confirmed_at == hours(5)), "{record:?}");
}

/// What is confirmed is what was read: an answer more, another instant or another act to say, and it is read again.
#[test]
fn what_is_confirmed_is_what_was_read() {
    fn check(name: &str, alter: fn(&mut House, &CaseId, &OfficeId), at: i64) {
        let left = (ActKind::Respond, Gate::Competence);
        let (mut b, case, office) = put_matter(&[left]);
        let shown = read(&b, &case, &office, hours(4));
        alter(&mut b, &case, &office);
        let before = b.store.reader().unwrap().timer_next_due().unwrap();
        let refused = confirmed(&mut b, &case, &shown, chief(), hours(at));
        assert!(matches!(refused, Err(Failure::Refused(Refusal::Changed))), "{name}: {refused:?}");
        assert_eq!(b.store.reader().unwrap().timer_next_due().unwrap(), before, "{name}: nothing waits");
    }
    check("an answer more", |b, case, office| put_forward(b, case, office, &[], hours(5)).unwrap(), 6);
    check("another instant", |_, _, _| (), 24 * 9);
    check(
        "another way",
        |b, case, _| does(b, case, Role::DecisionMaker, Deed::BeginReview {}, hours(24 * 8)).unwrap(),
        24 * 8,
    );
}

/// A no stops the reply, whoever said it: to a safeguard, or under our own law before it is confirmed and before it leaves.
#[test]
fn a_no_stops_the_reply() {
    const WHY: &str = "not before the ministry has seen it";
    let says_no = |b: &mut House, case: &CaseId, office: &OfficeId, at: Timestamp| {
        let answer = LocalAnswer {
            question: "data-export".to_owned(),
            finding: Finding::NotSatisfied,
            reason: WHY.to_owned(),
            by: person("l.reviewer", Role::LegalReviewer),
            office: office.clone(),
            at,
        };
        let mut env = Env { now: at, rng: &mut b.rng };
        b.node.answer_local(&mut b.store, &mut env, case.as_str(), ActKind::Respond, &answer).unwrap();
    };
    let (mut b, case, office) = put_matter(&[]);
    says_no(&mut b, &case, &office, hours(4));
    let shown = read(&b, &case, &office, hours(4));
    assert_eq!(shown.closed.iter().map(|no| no.reason.as_str()).collect::<Vec<_>>(), [WHY], "with its reason");
    let held = confirmed(&mut b, &case, &shown, chief(), hours(4));
    assert!(matches!(held, Err(Failure::Held(Held::Closed { .. }))), "{held:?}");

    let (mut b, case, office) = put_matter(&[]);
    let shown = read(&b, &case, &office, hours(4));
    let leaves = confirmed(&mut b, &case, &shown, chief(), hours(4)).unwrap();
    says_no(&mut b, &case, &office, hours(5));
    ticked(&mut b, leaves.saturating_add(SignedDuration::from_secs(1)).unwrap());
    assert!(entered(&b, &case).iter().all(|(kind, _)| *kind != ActKind::Respond), "it did not leave");
    let events = b.store.reader().unwrap().events(None, 9).unwrap();
    assert!(events.iter().any(|row| row.event.code == "reply-not-released"));

    let (mut b, case, office) = put_matter(&[]);
    let shown = read(&b, &case, &office, hours(4));
    let of = ReplyOf { case: case.clone(), office: office.clone(), read: shown.content };
    let (act, gate) = (ActKind::Respond, Gate::ProtectionOfPersonalRecords);
    let given = |by: &str, no: Option<&str>| {
        vec![ReplyGiven { act, gate, by: person(by, Role::LegalReviewer), no: no.map(str::to_owned) }]
    };
    let mut say = |by: &str, no: Option<&str>| {
        let mut env = Env { now: hours(5), rng: &mut b.rng };
        b.node.answer_reply(&mut b.store, &mut env, &of, None, given(by, no))
    };
    assert!(matches!(say("s.econd", Some(" ")), Err(Failure::Refused(Refusal::Wordless { .. }))));
    say("s.econd", Some(WHY)).unwrap();
    let overruled = say("l.reviewer", None);
    assert!(matches!(overruled, Err(Failure::Refused(Refusal::FourEyes))), "who put it forward: {overruled:?}");
    let shown = read(&b, &case, &office, hours(6));
    let closed = confirmed(&mut b, &case, &shown, chief(), hours(6));
    assert!(matches!(closed, Err(Failure::Refused(Refusal::GateClosed { .. }))), "{closed:?}");
    let mut say = |by: &str| {
        let mut env = Env { now: hours(7), rng: &mut b.rng };
        b.node.answer_reply(&mut b.store, &mut env, &of, None, given(by, None))
    };
    say("t.hird").unwrap();
    let shown = read(&b, &case, &office, hours(8));
    confirmed(&mut b, &case, &shown, chief(), hours(8)).unwrap();
    let record = b.node.reply_record(&*b.store.reader().unwrap(), &case).unwrap();
    assert!(matches!(&record[..], [ReplyRecord::Overruled { answer, .. }] if answer.no.as_deref() == Some(WHY)));
}

/// A reply that waits is seen by the office whose it is, and stopped by a named person of it with a reason; then nothing
/// leaves, and nothing outside tells that it ever waited.
#[test]
fn a_reply_that_waits_is_seen_and_stopped_at_home_alone() {
    let (mut b, case, office) = put_matter(&[]);
    let [a, _] = world(true);
    let before = outside(&b, &a);
    let shown = read(&b, &case, &office, hours(4));
    let leaves = confirmed(&mut b, &case, &shown, chief(), hours(4)).unwrap();
    let offices: Vec<OfficeId> = b.node.instrument().offices_of(b.node.me()).map(|one| one.id.clone()).collect();
    for other in offices {
        let reader = b.store.reader().unwrap();
        let record = b.node.own_law_record(&*reader, &case, &other).unwrap();
        assert_eq!(record.reply.is_some(), other == office, "{other}");
        let shown = b.node.reply_shown(&*reader, hours(4), &case, &other).unwrap();
        assert_eq!(shown.and_then(|shown| shown.waits).is_some(), other == office, "{other}");
    }
    let again = put_forward(&mut b, &case, &office, &[], hours(5));
    assert!(matches!(again, Err(Failure::Held(Held::ReplyWaits))), "{again:?}");
    let mut stop = |by: Person, reason: &str| {
        let mut env = Env { now: hours(5), rng: &mut b.rng };
        b.node.stop_reply(&mut b.store, &mut env, &case, &office, by, reason)
    };
    let clerk = stop(person("c.lerk", Role::Intake), "no");
    assert!(matches!(clerk, Err(Failure::Refused(Refusal::NotYourRole { .. }))), "{clerk:?}");
    let lawyer = person("l.reviewer", Role::LegalReviewer);
    assert!(matches!(stop(lawyer.clone(), " "), Err(Failure::Refused(Refusal::Wordless { .. }))));
    stop(lawyer.clone(), "the file was mixed up").unwrap();
    assert!(matches!(stop(lawyer, "again"), Err(Failure::Held(Held::NoReply))));
    ticked(&mut b, leaves.saturating_add(SignedDuration::from_secs(1)).unwrap());
    assert!(entered(&b, &case).iter().all(|(kind, _)| *kind == ActKind::Acknowledge), "nothing left");
    let record = b.node.own_law_record(&*b.store.reader().unwrap(), &case, &office).unwrap();
    let stopped = |one: &ReplyRecord| matches!(one, ReplyRecord::Stopped { by, .. } if by.id.as_str() == "l.reviewer");
    assert!(record.reply.is_none() && record.replies.iter().any(stopped), "{record:?}");
    assert_eq!(outside(&b, &a), before, "nothing outside tells of it");
    let shown = read(&b, &case, &office, hours(6));
    assert!(
        shown.drafter.is_none() && shown.deeds.iter().all(|one| one.gates.iter().all(|gate| gate.answer.is_none()))
    );
}
