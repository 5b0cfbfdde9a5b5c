//! Items of a meeting's agenda on two nodes: what may be tabled, and that both agendas are the same once the mail is in.

use domain::act::{About, Deed, Role};
use domain::agenda::agendas;
use domain::ids::{CaseId, Hash32, OfficeId};
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use node::Failure;
use node::view::{Duty, FactBook, Viewer, agenda_hash};
use store::Store as _;

use crate::house::{House, carry_all, does, monday, person, submit, tries, two_houses, words};
use crate::rogue::mirror;

/// A meeting called by the first house and acknowledged by the second.
fn called() -> ([House; 2], CaseId) {
    let [mut a, mut b] = two_houses();
    let round = submit(&mut a, "DLG-PLN", monday());
    carry_all(&mut a, &mut b, monday());
    let officer = person("b.officer", Role::Intake);
    let received = Deed::Acknowledge { reference: "B-17".into(), officer: officer.clone(), contact: "desk".into() };
    does(&mut b, &round, monday(), officer, received);
    carry_all(&mut b, &mut a, monday());
    ([a, b], round)
}

fn item(house: &House, about: Option<About>) -> Deed {
    Deed::TableItem { topic: words(&house.node, "an item"), about }
}

fn hashes(house: &House, now: Timestamp) -> Vec<Hash32> {
    let mut book = FactBook::default();
    book.refresh(&house.node, &*house.store.reader().unwrap()).unwrap();
    let all = agendas(house.node.instrument(), book.iter(), now);
    all.iter().map(|agenda| agenda_hash(agenda).unwrap()).collect()
}

#[test]
fn an_item_of_ours_takes_up_what_lies_here() {
    let ([mut a, mut b], round) = called();
    let other = submit(&mut a, "CY-INC", monday());
    let unknown = CaseId::new("CN-CY-2026-0999").unwrap();
    let by = || person("a.pprover", Role::Approver);
    let deed = item(&a, Some(About::Case(unknown)));
    let refused = tries(&mut a, &round, monday(), by(), deed);
    assert!(matches!(refused, Err(Failure::Refused(Refusal::UnknownCase))), "{refused:?}");
    // The other house learns of the case after the item that names it: an honest act is never refused for that.
    let deed = item(&a, Some(About::Case(other)));
    does(&mut a, &round, monday(), by(), deed);
    carry_all(&mut a, &mut b, monday());
    let case = b.node.load(&*b.store.reader().unwrap(), &round).unwrap().unwrap().case;
    assert_eq!(case.talk.items.len(), 1);
}

#[test]
fn both_agendas_are_the_same_once_the_mail_is_in() {
    let ([mut a, mut b], round) = called();
    let later = |hours| monday().checked_add(SignedDuration::from_hours(hours)).unwrap();
    let deed = item(&a, None);
    does(&mut a, &round, later(1), person("a.pprover", Role::Approver), deed);
    let deed = item(&b, None);
    does(&mut b, &round, later(1), person("b.pprover", Role::Approver), deed);
    assert_ne!(hashes(&a, later(2)), hashes(&b, later(2)), "each knows its own item alone");
    carry_all(&mut a, &mut b, later(3));
    // The second item crossed the first in the post: it is taken in once the copy of its author's log bears that out.
    mirror(&mut b, &mut a);
    carry_all(&mut b, &mut a, later(3));
    assert_eq!(hashes(&a, later(4)), hashes(&b, later(4)));
    assert_eq!(hashes(&a, later(4)).len(), 1);
}

/// What an office is to do stands on its desk, though another office has the meeting.
#[test]
fn the_owner_has_it_on_its_desk() {
    let ([mut a, mut b], round) = called();
    let at = monday().checked_add(SignedDuration::from_hours(1)).unwrap();
    let position = Deed::StatePosition { position: words(&b.node, "ours") };
    does(&mut b, &round, at, person("b.pprover", Role::Approver), position);
    carry_all(&mut b, &mut a, at);
    let owner = OfficeId::new("GB-HO").unwrap();
    let what = words(&a.node, "send the list");
    let due_on = jiff::civil::date(2027, 3, 1);
    let deed = Deed::Undertake { what: what.clone(), owner: owner.clone(), due_on, item: None };
    does(&mut a, &round, at, person("a.pprover", Role::Approver), deed);
    let desk = |office: &str| {
        let viewer = Viewer {
            id: domain::ids::OfficerId::new("o.wner").unwrap(),
            office: OfficeId::new(office).unwrap(),
            roles: vec![Role::Liaison],
            second_track: false,
        };
        let duties = a.node.desk(&*a.store.reader().unwrap(), at, &viewer).unwrap().duties;
        duties.into_iter().map(|task| (task.case, task.duty)).collect::<Vec<_>>()
    };
    let own = vec![(round.clone(), Duty::Task(what))];
    assert_eq!(desk("GB-HO"), own);
    assert_eq!(desk("GB-NSS"), own, "and on that of the office that has the meeting");
    assert_eq!(desk("GB-NCA"), []);
}
