//! What one writes and another signs: answers stand for the words they were given for, nobody signs their own or what
//! they reviewed, and until it is signed nothing of it shows outside the house.

use domain::act::{ActKind, Author, Deed, Extent, Person, Role};
use domain::content::Attachment;
use domain::decide::Command;
use domain::ids::{CaseId, OfficeId};
use domain::refusal::Refusal;
use domain::safeguard::{Finding, Gate, GateAnswer};
use jiff::{SignedDuration, Timestamp};
use node::{Done, Env, Failure, Keys, Node, PreparedAct, PreparedVersion, Standing, Written};
use store::{Chunks as _, Store as _};

use crate::house::{House, answer, carry_all, does, instrument, monday, person, submit, two_houses, words};
use crate::shield::outside;

/// Two houses and a case the second one carries out.
fn executing() -> ([House; 2], CaseId) {
    let mut houses = two_houses();
    let [a, b] = &mut houses;
    let case = submit(a, "MLA-BANK", monday());
    carry_all(a, b, monday());
    let officer = person("b.officer", Role::Intake);
    let acknowledge =
        Deed::Acknowledge { reference: "B-1".to_owned(), officer: officer.clone(), contact: "desk".to_owned() };
    does(b, &case, monday(), officer, acknowledge);
    for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}] {
        does(b, &case, monday(), maker(), deed);
    }
    carry_all(b, a, monday());
    (houses, case)
}

fn maker() -> Person {
    person("m.aker", Role::DecisionMaker)
}

fn writer() -> Person {
    person("w.riter", Role::Executing)
}

fn reply(house: &House, text: &str, attachments: Vec<Attachment>) -> Deed {
    Deed::Respond { extent: Extent::Part, answer: words(&house.node, text), attachments }
}

fn office(house: &House, case: &CaseId) -> OfficeId {
    house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap().case.requested_office
}

fn write(
    house: &mut House,
    case: &CaseId,
    by: Person,
    over: u64,
    deed: Deed,
    hand_over: bool,
) -> Result<PreparedAct, Failure> {
    let written = Written { case: case.clone(), office: office(house, case), deed, by, over, hand_over };
    house.node.write_act(&mut house.store, &mut Env { now: monday(), rng: &mut house.rng }, written)
}

/// The safeguards the act asks for, answered of a version.
fn reviewed(house: &mut House, which: &PreparedVersion) -> Result<(), Failure> {
    let prepared = found(house, &which.case).expect("it is written");
    let dossier = house.node.load(&*house.store.reader().unwrap(), &which.case).unwrap().unwrap();
    let rule = dossier.case.rule(house.node.instrument()).unwrap();
    let gates: Vec<Gate> = rule.gates_for(&prepared.deed, dossier.case.request.sensitivity()).collect();
    gates.into_iter().try_for_each(|gate| given(house, which, gate, Finding::Satisfied))
}

fn given(house: &mut House, which: &PreparedVersion, gate: Gate, finding: Finding) -> Result<(), Failure> {
    let by_default = answer(&house.node, gate, &office(house, &which.case), monday());
    let finding = if finding == Finding::Satisfied { by_default.finding } else { finding };
    let answer = GateAnswer { finding, ..by_default };
    let mut env = Env { now: monday(), rng: &mut house.rng };
    house.node.answer_prepared(&mut house.store, &mut env, which, answer).map(drop)
}

/// Signs what stands there now, if it still is the version.
fn sign(house: &mut House, which: &PreparedVersion, by: Person) -> Result<Done, Failure> {
    let saved = found(house, &which.case).map_or(0, |prepared| prepared.saved);
    signs(house, &PreparedVersion { saved, ..which.clone() }, by)
}

/// Signs what was read.
fn signs(house: &mut House, which: &PreparedVersion, by: Person) -> Result<Done, Failure> {
    let mut env = Env { now: monday(), rng: &mut house.rng };
    house.node.sign_prepared(&mut house.store, &mut env, which, by, Vec::new(), &|_, _| Ok(Vec::new()))
}

fn found(house: &House, case: &CaseId) -> Option<PreparedAct> {
    house.node.prepared(&*house.store.reader().unwrap(), case, ActKind::Respond).unwrap()
}

fn refused<T: std::fmt::Debug>(done: Result<T, Failure>) -> Refusal {
    match done {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// The rules of the way from the pen to the signature, one after the other.
#[test]
fn answers_stand_for_one_version_and_two_hands_for_one_act() {
    let ([_, mut b], case) = executing();
    let act = ActKind::Respond;
    let unprepared = Refusal::Unprepared { act };
    let first = reply(&b, "One account was found", Vec::new());

    // Straight from a form, in one name or in two made up: nothing was prepared.
    let drafter = writer();
    for author in [Author::Officer(maker()), Author::Signatory { by: maker(), drafter }] {
        let (deed, office) = (first.clone(), office(&b, &case));
        let command = Command { case: case.clone(), office, author, gates: Vec::new(), deed };
        let done = b.node.command(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, command);
        assert_eq!(refused(done), unprepared);
    }
    // A safeguard of it cannot be answered before there is anything to read.
    let early = answer(&b.node, Gate::UseLimitation, &office(&b, &case), monday());
    let mut env = Env { now: monday(), rng: &mut b.rng };
    assert_eq!(refused(b.node.answer_gate(&mut b.store, &mut env, &case, act, &early)), unprepared);

    let one = write(&mut b, &case, writer(), 0, first, false).unwrap().named();
    assert_eq!(refused(sign(&mut b, &one, maker())), unprepared, "it was not handed over");
    reviewed(&mut b, &one).unwrap();
    given(&mut b, &one, Gate::UseLimitation, Finding::NotSatisfied).unwrap();
    let stale = reply(&b, "Another's words", Vec::new());
    assert_eq!(refused(write(&mut b, &case, writer(), 0, stale, false)), Refusal::Changed);

    // Other words: what was answered counts no more, and the no stays on record.
    let second = reply(&b, "Two accounts were found", Vec::new());
    let two = write(&mut b, &case, person("s.econd", Role::Drafter), 1, second, true).unwrap();
    assert!(two.gates.is_empty() && !two.earlier.is_empty());
    assert!(b.node.pending_gates(&*b.store.reader().unwrap(), &case).unwrap().is_empty());
    let overruled = b.node.overruled_gates(&*b.store.reader().unwrap(), &case).unwrap();
    assert_eq!(
        overruled.iter().map(|(kind, given)| (*kind, given.gate)).collect::<Vec<_>>(),
        [(act, Gate::UseLimitation)]
    );
    let two = two.named();
    assert_eq!(refused(reviewed(&mut b, &one)), Refusal::Changed, "an answer to words that are gone");
    assert_eq!(refused(sign(&mut b, &one, maker())), Refusal::Changed, "a signature under words that are gone");
    assert!(matches!(refused(sign(&mut b, &two, maker())), Refusal::GateUnanswered { .. }));

    // Handed over again unchanged, answers stay.
    reviewed(&mut b, &two).unwrap();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let same = b.node.hand_over(&mut b.store, &mut env, &two, writer()).unwrap();
    assert_eq!((same.named().version, same.gates.is_empty()), (two.version, false));

    // Neither of those who wrote it, nor the one who reviewed it.
    for id in ["w.riter", "s.econd", "l.reviewer"] {
        assert_eq!(refused(sign(&mut b, &two, person(id, Role::DecisionMaker))), Refusal::FourEyes, "{id}");
    }
    // Sent back it waits for its writer.
    let two = same.named();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.send_back(&mut b.store, &mut env, &two, maker(), "which account?").unwrap();
    assert!(matches!(found(&b, &case).unwrap().standing, Standing::Returned { .. }));
    assert_eq!(refused(sign(&mut b, &two, maker())), unprepared);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.hand_over(&mut b.store, &mut env, &two, writer()).unwrap();

    sign(&mut b, &two, maker()).unwrap();
    assert_eq!(found(&b, &case), None);
    let dossier = b.node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap();
    let author = dossier.entries.last().unwrap().act.author.clone();
    let drafter = person("s.econd", Role::Drafter);
    assert_eq!(author, Author::Signatory { by: maker(), drafter }, "both are named, who wrote last as drafter");
    assert_eq!(refused(sign(&mut b, &two, maker())), unprepared, "it is signed once");
}

/// An answer put in after the page was read is not signed with it, nor what was sent back and handed over since.
#[test]
fn what_is_signed_is_what_was_read() {
    let ([_, mut b], case) = executing();
    let deed = reply(&b, "One account was found", Vec::new());
    let one = write(&mut b, &case, writer(), 0, deed, true).unwrap().named();
    reviewed(&mut b, &one).unwrap();
    let read = found(&b, &case).unwrap().named();
    given(&mut b, &one, Gate::UseLimitation, Finding::Satisfied).unwrap();
    assert_eq!(refused(signs(&mut b, &read, maker())), Refusal::Changed, "an answer was put in its place");
    let read = found(&b, &case).unwrap().named();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.send_back(&mut b.store, &mut env, &read, maker(), "which account?").unwrap();
    b.node.hand_over(&mut b.store, &mut env, &read, writer()).unwrap();
    assert_eq!(refused(signs(&mut b, &read, maker())), Refusal::Changed, "it was sent back meanwhile");
    let read = found(&b, &case).unwrap().named();
    signs(&mut b, &read, maker()).unwrap();
}

/// A lawyer may review what they wrote, for another signs it; a colleague's no they do not overrule, however often they write
/// it anew.
#[test]
fn whoever_wrote_it_overrules_no_colleague() {
    let ([_, mut b], case) = executing();
    let lawyer = || person("w.riter", Role::LegalReviewer);
    let here = office(&b, &case);
    let gate = Gate::UseLimitation;
    let answers = |b: &mut House, which: &PreparedVersion, by: Person, finding: Finding| {
        let answer = GateAnswer { by, finding, ..answer(&b.node, gate, &here, monday()) };
        let mut env = Env { now: monday(), rng: &mut b.rng };
        b.node.answer_prepared(&mut b.store, &mut env, which, answer).map(drop)
    };
    let deed = reply(&b, "One account was found", Vec::new());
    let one = write(&mut b, &case, lawyer(), 0, deed, true).unwrap().named();
    for finding in [Finding::NotSatisfied, Finding::Satisfied] {
        answers(&mut b, &one, lawyer(), finding).unwrap();
    }
    answers(&mut b, &one, person("l.reviewer", Role::LegalReviewer), Finding::NotSatisfied).unwrap();
    assert_eq!(refused(answers(&mut b, &one, lawyer(), Finding::Satisfied)), Refusal::FourEyes);
    let deed = reply(&b, "One account was found.", Vec::new());
    let two = write(&mut b, &case, lawyer(), 1, deed.clone(), true).unwrap().named();
    assert_eq!(refused(answers(&mut b, &two, lawyer(), Finding::Satisfied)), Refusal::FourEyes, "other words");
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.discard_prepared(&mut b.store, &mut env, &two).unwrap();
    let anew = write(&mut b, &case, lawyer(), 0, deed, true).unwrap().named();
    assert_eq!(refused(answers(&mut b, &anew, lawyer(), Finding::Satisfied)), Refusal::FourEyes, "thrown away");
    answers(&mut b, &anew, person("l.reviewer", Role::LegalReviewer), Finding::Satisfied).unwrap();
}

/// What an office left prepared keeps nobody from writing where it may no longer do the act, and is gone with what follows.
#[test]
fn what_an_office_left_gives_way_to_the_one_that_acts() {
    let [mut a, mut b] = two_houses();
    let case = submit(&mut a, "MLA-BANK", monday());
    carry_all(&mut a, &mut b, monday());
    let officer = person("b.officer", Role::Intake);
    let deed = Deed::Acknowledge { reference: "B-1".to_owned(), officer: officer.clone(), contact: "desk".to_owned() };
    does(&mut b, &case, monday(), officer, deed);
    does(&mut b, &case, monday(), maker(), Deed::BeginReview {});
    let first = office(&b, &case);
    let refuses = |b: &House| Deed::Refuse {
        ground: domain::act::Ground::EssentialInterests,
        reason: Some(words(&b.node, "no")),
        withheld: false,
        considered: words(&b.node, "a part would not serve"),
    };
    let writes = |b: &mut House, office: &OfficeId, over: u64, deed: Deed| {
        let (case, by) = (case.clone(), person("w.riter", Role::Drafter));
        let written = Written { case, office: office.clone(), deed, by, over, hand_over: false };
        b.node.write_act(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, written)
    };
    let deed = refuses(&b);
    let left = writes(&mut b, &first, 0, deed.clone()).unwrap();
    let rule = b.node.instrument().request_type(&domain::ids::TypeCode::new("MLA-BANK").unwrap()).unwrap().clone();
    let ours = |office: &&OfficeId| office.party() == *b.node.me() && **office != first;
    let second = rule.may_receive.iter().chain(&rule.may_execute).find(ours).unwrap().clone();
    assert_eq!(
        refused(writes(&mut b, &second, 0, deed.clone())),
        Refusal::NotCompetent { office: second.clone() },
        "the case is another's"
    );
    let reason = words(&b.node, "yours");
    does(&mut b, &case, monday(), maker(), Deed::Transfer { to: second.clone(), reason });
    assert_eq!(
        refused(writes(&mut b, &first, left.version, deed.clone())),
        Refusal::NotCompetent { office: first.clone() },
        "it has the case no more"
    );
    let anew = writes(&mut b, &second, 0, deed.clone()).unwrap();
    assert_eq!((&anew.office, anew.editors.len()), (&second, 1));
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let gone = b.node.discard_prepared(&mut b.store, &mut env, &left.named());
    assert_eq!(refused(gone), Refusal::Changed, "a version that is gone names nothing");
    // Another's words, once they may not be signed, may be thrown away by who acts.
    does(&mut b, &case, monday(), maker(), Deed::BeginReview {});
    let reason = words(&b.node, "yours again");
    does(&mut b, &case, monday(), maker(), Deed::Transfer { to: first.clone(), reason });
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let theirs = PreparedVersion { office: first.clone(), ..anew.named() };
    b.node.discard_prepared(&mut b.store, &mut env, &theirs).unwrap();
    writes(&mut b, &first, 0, deed).unwrap();
}

/// Who refused writes nothing of what the central authority says of it.
#[test]
fn only_the_central_authority_writes_what_upholds_a_refusal() {
    let [mut a, mut b] = two_houses();
    let case = submit(&mut a, "MLA-BANK", monday());
    carry_all(&mut a, &mut b, monday());
    let officer = person("b.officer", Role::Intake);
    let deed = Deed::Acknowledge { reference: "B-1".to_owned(), officer: officer.clone(), contact: "desk".to_owned() };
    does(&mut b, &case, monday(), officer, deed);
    does(&mut b, &case, monday(), maker(), Deed::BeginReview {});
    let instrument = instrument();
    let central = |office: &OfficeId| domain::judge::is_central(&instrument, office);
    let rule = instrument.request_type(&domain::ids::TypeCode::new("MLA-BANK").unwrap()).unwrap();
    let mut ours = rule.may_receive.iter().chain(&rule.may_execute).filter(|office| office.party() == *b.node.me());
    let held = office(&b, &case);
    let holder = if central(&held) { ours.find(|office| !central(office)).unwrap().clone() } else { held.clone() };
    if holder != held {
        let reason = words(&b.node, "yours");
        does(&mut b, &case, monday(), maker(), Deed::Transfer { to: holder.clone(), reason });
        does(&mut b, &case, monday(), maker(), Deed::BeginReview {});
    }
    let refuse = Deed::Refuse {
        ground: domain::act::Ground::EssentialInterests,
        reason: Some(words(&b.node, "no")),
        withheld: false,
        considered: words(&b.node, "a part would not serve"),
    };
    does(&mut b, &case, monday(), maker(), refuse);
    carry_all(&mut b, &mut a, monday());
    let again = Deed::Reconsider { argument: words(&a.node, "look again") };
    does(&mut a, &case, monday(), person("a.pprover", Role::Approver), again);
    carry_all(&mut a, &mut b, monday());
    let uphold = Deed::Uphold { reason: words(&b.node, "it stands") };
    let mut write = |office: &OfficeId| {
        let (case, by, deed) = (case.clone(), person("w.riter", Role::Drafter), uphold.clone());
        let written = Written { case, office: office.clone(), deed, by, over: 0, hand_over: true };
        b.node.write_act(&mut b.store, &mut Env { now: monday(), rng: &mut b.rng }, written)
    };
    assert_eq!(refused(write(&holder)), Refusal::NotCompetent { office: holder.clone() });
    let me = held.party();
    let authority = instrument.offices().keys().find(|office| office.party() == me && central(office)).unwrap();
    write(authority).unwrap();
}

/// What is handed over is complete; what is saved may lack anything.
#[test]
fn what_is_incomplete_is_saved_and_not_handed_over() {
    let ([_, mut b], case) = executing();
    let blank = || Deed::Respond { extent: Extent::Part, answer: words_of(""), attachments: Vec::new() };
    let saved = write(&mut b, &case, writer(), 0, blank(), false).unwrap();
    let reader = b.store.reader().unwrap();
    let lacks = b.node.prepared_lacks(&*reader, monday(), &saved).unwrap();
    assert_eq!(lacks, Some(Refusal::Wordless { what: "text" }));
    drop(reader);
    assert_eq!(refused(write(&mut b, &case, writer(), 1, blank(), true)), Refusal::Wordless { what: "text" });
    let auditor = person("a.uditor", Role::Auditor);
    let written = write(&mut b, &case, auditor, 1, blank(), false);
    assert_eq!(
        refused(written),
        Refusal::NotYourRole { act: ActKind::Respond, role: Role::Auditor, may: domain::procedure::WRITING.to_vec() }
    );
}

fn words_of(text: &str) -> domain::text::Prose {
    domain::text::Prose::new(instrument().langs()[0].clone(), text)
}

/// Until the signature the other side sees nothing: no parcel, no line of the log, no timer; and what lies on our disk
/// cannot be read there.
#[test]
fn nothing_of_it_shows_before_the_signature() {
    let ([mut a, mut b], case) = executing();
    let before = outside(&b, &a);
    let deed = reply(&b, "A telling word", Vec::new());
    let one = write(&mut b, &case, writer(), 0, deed, true).unwrap().named();
    reviewed(&mut b, &one).unwrap();
    given(&mut b, &one, Gate::UseLimitation, Finding::NotSatisfied).unwrap();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.send_back(&mut b.store, &mut env, &one, maker(), "no").unwrap();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.hand_over(&mut b.store, &mut env, &one, writer()).unwrap();
    assert_eq!(refused(sign(&mut b, &one, maker())), Refusal::GateClosed { gate: Gate::UseLimitation });
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.tick(&mut b.store, &mut env).unwrap();
    assert_eq!(outside(&b, &a), before);
    let rows = b.store.reader().unwrap().local_list("prepared").unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].bytes.windows(7).any(|bytes| bytes == b"telling"), "sealed at rest");

    // The house comes up again: everything is where it was, and can be signed.
    let keys = Keys::from_seed(&b.seed, &instrument(), b.node.me());
    let peers = b.node.peers().values().cloned().collect();
    b.node = Node::new(b.node.me().clone(), instrument(), keys, peers).unwrap();
    given(&mut b, &one, Gate::UseLimitation, Finding::Satisfied).unwrap();
    sign(&mut b, &one, maker()).unwrap();
    carry_all(&mut b, &mut a, monday());
    let there = a.node.load(&*a.store.reader().unwrap(), &case).unwrap().unwrap();
    let signed = there.entries.iter().find(|entry| entry.act.deed.kind() == ActKind::Respond).unwrap();
    assert_eq!(signed.act.author.drafter(), Some(&writer()));
    let no = |given: &GateAnswer| given.finding == Finding::NotSatisfied;
    assert!(!signed.act.gates.iter().any(no), "a no that was overruled stays in the house");
}

/// A file a prepared act names is kept as long as it is named.
#[test]
fn files_of_a_discarded_act_are_swept_and_others_kept() {
    let ([_, mut b], case) = executing();
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let mut stager = b.node.stage(&mut env);
    stager.push(b"records", &b.chunks).unwrap();
    let (file, row) = stager.finish(&b.chunks, &env, "records.txt", "text/plain").unwrap();
    b.node.keep_staged(&mut b.store, row).unwrap();
    let deed = reply(&b, "The records", vec![file.clone()]);
    let one = write(&mut b, &case, writer(), 0, deed, true).unwrap().named();
    let sweep = |b: &mut House, hours: i64| {
        let now: Timestamp = monday().saturating_add(SignedDuration::from_hours(hours)).unwrap();
        b.node.sweep(&mut b.store, &Env { now, rng: &mut b.rng }, &b.chunks).unwrap()
    };
    assert_eq!(sweep(&mut b, 100), 0);
    let mut opened = Vec::new();
    b.node.open_attachment(&file, &b.chunks, &mut opened).unwrap();
    assert_eq!(opened, b"records", "who reviews it can read it");
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.discard_prepared(&mut b.store, &mut env, &one).unwrap();
    assert_eq!(sweep(&mut b, 101), 1);
    assert!(b.chunks.have(&file.root).unwrap().is_empty());
}
