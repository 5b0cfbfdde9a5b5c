//! A meeting between the Parties: what is on its agenda, what stands in brackets, what is undertaken there and kept.

use domain::account::CaseFacts;
use domain::act::{About, Act, ActKind, Deed, ItemRef, Role};
use domain::admit::admit;
use domain::agenda::{Agenda, agendas};
use domain::case::{Entry, TaskState};
use domain::clock::ClockKind;
use domain::decide::decide;
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::procedure::{Side, Stage};
use domain::refusal::Refusal;
use domain::text::{Lang, Prose};
use jiff::{SignedDuration, Timestamp};

use crate::matter::{Choices, Matter, shipped};
use crate::newtype::{A, B, acknowledgement, words};

/// The next meeting: its days lie far enough ahead for any act of these tests.
fn round() -> Matter {
    let code = TypeCode::new("DLG-PLN").unwrap();
    let submitted = |start: u32| {
        let matter = Matter::open_with(shipped(), &code, B, Choices::seeded(start));
        matches!(matter.entries[A][0].act.deed, Deed::Submit { .. }).then_some(matter)
    };
    let mut matter = (0..100).find_map(submitted).unwrap();
    matter.settle();
    matter.say(B, Role::Intake, acknowledgement());
    matter
}

fn prose(en: &str, zh: &str) -> Prose {
    Prose::new(Lang::new("en").unwrap(), en).with(Lang::new("zh").unwrap(), zh)
}

fn step(code: &str) -> Deed {
    Deed::Record { step: code.to_owned(), note: words(), item: None, until: None }
}

fn item(about: Option<About>) -> Deed {
    Deed::TableItem { topic: words(), about }
}

fn undertake(owner: &str, day: &str) -> Deed {
    Deed::Undertake { what: words(), owner: OfficeId::new(owner).unwrap(), due_on: day.parse().unwrap(), item: None }
}

/// From the acknowledgement to the day it met.
fn held(matter: &mut Matter) {
    matter.say(A, Role::Executing, step("DELEGATION"));
    matter.say(B, Role::Executing, step("DELEGATION_INVITED"));
    matter.say(A, Role::Executing, step("AGENDA_SETTLED"));
    matter.say(B, Role::DecisionMaker, Deed::StatePosition { position: words() });
    matter.say(B, Role::Executing, step("HELD"));
}

/// A text with something in brackets is signed by nobody: not by our officer, nor by a node that was rewritten.
#[test]
fn nobody_signs_over_brackets() {
    fn check(en: &str, zh: &str, count: usize) {
        let mut matter = round();
        held(&mut matter);
        let text = prose(en, zh);
        matter.say(A, Role::Approver, Deed::ProposeText { text: text.clone(), note: None });
        matter.say(A, Role::Approver, step("AUTHENTICATED"));
        for desk in [A, B] {
            let sign = Deed::SignText { version: 1, sha256: text.digest() };
            if count == 0 {
                matter.say(desk, Role::Approver, sign);
                continue;
            }
            let refusal = Refusal::BracketsOpen { version: 1, count };
            assert_eq!(matter.refused(desk, Role::Approver, sign.clone()), refusal, "{en} {zh}");
            let signed = matter.worded(desk, Role::Approver, sign);
            let honest = matter.worded(desk, Role::Approver, Deed::Reserve { reservation: words() });
            let me = &matter.parties[desk];
            let honest = decide(matter.instrument, me, &matter.entries[desk], honest, matter.now).unwrap();
            let forged = Act { deed: signed.deed, gates: signed.gates, ..honest };
            let admitted =
                admit(matter.instrument, &matter.parties[1 - desk], &matter.entries[1 - desk], &forged, matter.now);
            assert_eq!(admitted.err(), Some(refusal), "{en} {zh}");
        }
        let stage = matter.case(A).unwrap().stage();
        assert_eq!(stage, if count == 0 { Stage::Signed } else { Stage::Negotiating });
    }
    check("They meet each year.", "双方每年会晤。", 0);
    check("They [will] [may] meet.", "双方将会晤。", 2);
    check("They will meet.", "双方【将】会晤。", 1);
    check("They will meet.", "双方［将会晤。", 1);
}

/// What may be put on an agenda, and what an outcome may be recorded of: the same for both sides.
#[test]
fn items_are_tabled_once_and_settled_once() {
    let mut matter = round();
    let own = matter.case(A).unwrap().id;
    let other = About::Case(CaseId::new("CN-CY-2026-0007").unwrap());
    let refused = |matter: &mut Matter, desk, deed| matter.refused(desk, Role::Approver, deed);
    let stranger = About::Case(CaseId::new("FR-CY-2026-0007").unwrap());
    assert_eq!(refused(&mut matter, A, item(Some(stranger))), Refusal::UnknownCase);
    assert_eq!(refused(&mut matter, A, item(Some(About::Case(own.clone())))), Refusal::UnknownCase);
    let itself = About::Item(ItemRef { round: own, number: 1 });
    assert_eq!(refused(&mut matter, A, item(Some(itself))), Refusal::UnknownCase);
    matter.say(A, Role::Approver, item(Some(other.clone())));
    let twice = Refusal::AlreadyDone { act: ActKind::TableItem };
    assert_eq!(refused(&mut matter, B, item(Some(other))), twice);
    matter.say(B, Role::Liaison, item(None));
    matter.say(B, Role::Liaison, item(None));
    held(&mut matter);
    let settle = |number| Deed::SettleItem { number, outcome: words() };
    let unknown = |number| Refusal::UnknownNumber { act: ActKind::SettleItem, number };
    assert_eq!(refused(&mut matter, A, settle(4)), unknown(4));
    matter.say(A, Role::Approver, settle(2));
    assert_eq!(refused(&mut matter, B, settle(2)), unknown(2));
    let abroad = Refusal::UnknownOffice { office: OfficeId::new(own_office(&matter, B)).unwrap() };
    let theirs = undertake(own_office(&matter, B), "2026-09-01");
    assert_eq!(refused(&mut matter, A, theirs), abroad, "a Party binds only itself");
    let past = undertake(own_office(&matter, A), "2026-02-01");
    assert_eq!(refused(&mut matter, A, past), Refusal::DateNotAhead);
}

fn own_office(matter: &Matter, desk: usize) -> &'static str {
    match matter.parties[desk].as_str() {
        "GB" => "GB-NCA",
        _ => "CN-MPS",
    }
}

/// What was undertaken is waited for until it is done, also after the end, and climbs when its day is over.
#[test]
fn what_is_undertaken_is_kept_or_climbs() {
    let mut matter = round();
    held(&mut matter);
    matter.say(A, Role::Approver, undertake(own_office(&matter, A), "2026-09-01"));
    matter.say(B, Role::DecisionMaker, undertake(own_office(&matter, B), "2026-06-15"));
    let text = words();
    matter.say(A, Role::Approver, Deed::ProposeText { text: text.clone(), note: None });
    matter.say(A, Role::Approver, step("AUTHENTICATED"));
    for desk in [A, B] {
        matter.say(desk, Role::Approver, Deed::SignText { version: 1, sha256: text.digest() });
    }
    let waits = |matter: &Matter| matter.case(A).unwrap().waits();
    assert_eq!(waits(&matter), Some((Side::Requested, ClockKind::Task)), "the one whose day comes first");
    matter.say(A, Role::Approver, Deed::Close { lesson: None });
    assert_eq!(waits(&matter), Some((Side::Requested, ClockKind::Task)), "also after the end");
    let states = |matter: &Matter| {
        let case = matter.case(A).unwrap();
        let given = case.care.undertakings.iter();
        given.map(|one| one.state(matter.now).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(states(&matter), [TaskState::Open, TaskState::Open]);
    matter.now = "2026-06-25T09:00:00Z".parse().unwrap();
    assert_eq!(states(&matter), [TaskState::Open, TaskState::Late]);
    for _ in 0..3 {
        matter.act(A);
        matter.settle();
    }
    assert!(matter.case(B).unwrap().ladder.level > 0, "a silence climbs");
    let check = |number, kept| Deed::CheckUndertaking { number, kept, note: words() };
    matter.say(B, Role::DecisionMaker, check(2, true));
    assert_eq!(states(&matter), [TaskState::Open, TaskState::Kept]);
    assert_eq!(waits(&matter), Some((Side::Requesting, ClockKind::Task)));
    assert_eq!(matter.case(A).unwrap().ladder.level, 0, "another wait begins at the foot");
    matter.say(B, Role::DecisionMaker, Deed::DischargeUndertaking { number: 1, reason: words() });
    assert_eq!(states(&matter), [TaskState::Discharged, TaskState::Kept]);
    assert_eq!(waits(&matter), None);
    matter.say(A, Role::Approver, check(2, false));
    assert_eq!(states(&matter), [TaskState::Discharged, TaskState::Late], "what was found not done is owed");
}

/// The office that is to do a thing says that it is done, though another has the case.
#[test]
fn the_owner_reports() {
    let mut matter = round();
    held(&mut matter);
    let owner = own_office(&matter, A);
    matter.say(A, Role::Approver, undertake(owner, "2026-09-01"));
    let done = Deed::CheckUndertaking { number: 1, kept: true, note: words() };
    for (office, may) in [("GB-HO", false), ("CN-MOJ", false), (owner, true)] {
        let office = OfficeId::new(office).unwrap();
        if office.party() != matter.parties[A] {
            continue;
        }
        let mut command = matter.worded(A, Role::Liaison, done.clone());
        command.office = office.clone();
        command.author = domain::act::Author::Officer(domain::rehearsal::officer(&office, Role::Liaison));
        let entered = matter.enter(A, command);
        assert_eq!(entered, if may { Ok(()) } else { Err(Refusal::NotCompetent { office }) });
    }
}

/// Acts of one case as an agenda sees them, under another name and moved in time.
fn facts(matter: &Matter, desk: usize, name: &str) -> CaseFacts {
    let mut entries: Vec<Entry> = matter.entries[desk].clone();
    for entry in &mut entries {
        entry.act.case = CaseId::new(name).unwrap();
        if let Deed::Submit { request } = &mut entry.act.deed {
            request.exercise = false;
        }
    }
    CaseFacts::of(shipped(), &entries).unwrap()
}

/// A case that has climbed, an item nobody settled, a case that has ended: what each meeting has before it, on both desks.
#[test]
fn an_agenda_is_the_same_on_both_sides() {
    let mut matter = round();
    let party = matter.parties[A].clone();
    let named = |series: &str, number: u16| format!("{party}-{series}-2026-{number:04}");
    // A case that nobody answers climbs until the central authorities know.
    let code = TypeCode::new("CY-INC").unwrap();
    let climbed = |start| {
        let asked = usize::from(party.as_str() == "GB");
        let mut silent = Matter::open_with(shipped(), &code, asked, Choices::seeded(start));
        silent.settle();
        silent.now = "2026-04-20T09:00:00Z".parse().unwrap();
        for _ in 0..4 {
            silent.act(A);
            silent.settle();
        }
        silent
    };
    let high = |silent: &Matter| silent.case(A).unwrap().ladder.level >= 2;
    let silent = (0..100).map(climbed).find(high).unwrap();
    let late = CaseId::new(&named("CY", 9)).unwrap();
    matter.say(A, Role::Approver, item(None));
    matter.say(B, Role::Liaison, item(None));
    held(&mut matter);
    matter.say(A, Role::Approver, Deed::SettleItem { number: 2, outcome: words() });
    let next = round();
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let view = |desk: usize, now: Timestamp| -> Vec<Agenda> {
        let mut all = vec![
            facts(&matter, desk, &named("PLN", 1)),
            facts(&next, desk, &named("PLN", 2)),
            facts(&silent, desk, late.as_str()),
        ];
        if desk == B {
            all.reverse();
        }
        for facts in &mut all {
            facts.requesting = party.clone();
            facts.requested = matter.parties[B].clone();
        }
        agendas(shipped(), &all, now)
    };
    let now = at("2026-04-20T09:00:01Z");
    assert_eq!(view(A, now), view(B, now));
    let [first, second] = &view(A, now)[..] else { panic!("two meetings") };
    let numbers = |agenda: &Agenda| agenda.items.iter().map(|item| item.tabled.clone()).collect::<Vec<_>>();
    assert!(first.held_at.is_some() && first.items.len() == 2, "what it had when it met: {first:?}");
    assert!(numbers(first).iter().all(Option::is_some));
    assert_eq!(first.items[1].settled_at.map(|_| ()), Some(()));
    let carried = About::Item(ItemRef { round: first.round.clone(), number: 1 });
    let subjects: Vec<_> = second.items.iter().map(|item| (item.subject.clone(), item.level.is_some())).collect();
    assert_eq!(subjects, [(About::Case(late.clone()), true), (carried, false)], "{second:?}");
    assert_eq!(second.items[1].carried_from.as_ref(), Some(&first.round));
    // Before it climbed it was on no agenda, and nothing later changes that.
    let before = at("2026-03-02T10:00:00Z");
    assert!(view(A, before).iter().all(|agenda| agenda.items.iter().all(|item| item.level.is_none())));
    assert!(now.duration_since(before) > SignedDuration::ZERO);
}
