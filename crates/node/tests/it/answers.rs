//! Safeguard answers given before their act: only by an office with a part in it, and a no is never gone without trace.

use domain::act::{ActKind, Author, Deed, Role};
use domain::decide::Command;
use domain::ids::OfficeId;
use domain::refusal::Refusal;
use domain::safeguard::{Finding, Gate};
use node::{Env, Failure};
use store::Store as _;

use crate::house::{answer, carry, monday, person, submit, two_houses};

/// Another office's lawyer is turned away; a second lawyer of the right office overrules the first in plain sight.
#[test]
fn a_no_is_overruled_only_here_and_only_in_plain_sight() {
    let [mut a, mut b] = two_houses();
    let case = submit(&mut a, "MLA-BANK", monday());
    carry(&mut a, &mut b, monday());
    let node = &b.node;
    let office = node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap().case.requested_office;
    let gate = Gate::DualCriminality;
    let mut no = answer(node, gate, &office, monday());
    no.finding = Finding::NotSatisfied;
    let mut env = Env { now: monday(), rng: &mut b.rng };
    node.answer_gate(&mut b.store, &mut env, &case, ActKind::Accept, &no).unwrap();

    let strangers: Vec<OfficeId> =
        node.instrument().offices().keys().filter(|other| **other != office).cloned().collect();
    for stranger in strangers {
        let mut yes = answer(node, gate, &stranger, monday());
        yes.by = person("o.ther", Role::LegalReviewer);
        let done = node.answer_gate(&mut b.store, &mut env, &case, ActKind::Accept, &yes);
        let want = Refusal::GateOffice { gate, office: stranger };
        assert!(matches!(&done, Err(Failure::Refused(why)) if *why == want), "{done:?}");
    }
    let pending = node.pending_gates(&*b.store.reader().unwrap(), &case).unwrap();
    assert_eq!(pending, [(ActKind::Accept, no.clone())]);

    let mut yes = answer(node, gate, &office, monday());
    yes.by = person("s.econd", Role::LegalReviewer);
    node.answer_gate(&mut b.store, &mut env, &case, ActKind::Accept, &yes).unwrap();
    let reader = b.store.reader().unwrap();
    assert_eq!(node.pending_gates(&*reader, &case).unwrap(), [(ActKind::Accept, yes)]);
    assert_eq!(node.overruled_gates(&*reader, &case).unwrap(), [(ActKind::Accept, no)]);
}

/// An officer who answers with the act overrules what waited, and that too stays on record.
#[test]
fn an_answer_given_with_the_act_erases_no_earlier_no() {
    let [mut a, mut b] = two_houses();
    let case = submit(&mut a, "MLA-BANK", monday());
    carry(&mut a, &mut b, monday());
    let node = &b.node;
    let dossier = node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap();
    let (office, rule) = (dossier.case.requested_office.clone(), dossier.case.rule(node.instrument()).unwrap());
    let deed = Deed::Acknowledge {
        reference: "B-1".to_owned(),
        officer: person("b.officer", Role::Intake),
        contact: "desk".to_owned(),
    };
    let gates: Vec<_> = rule
        .gates_for(&deed, domain::content::Sensitivity::FULL)
        .map(|gate| answer(node, gate, &office, monday()))
        .collect();
    let mut no = gates.first().expect("an acknowledgement answers a safeguard").clone();
    (no.finding, no.by) = (Finding::NotSatisfied, person("f.irst", no.by.role));
    let mut env = Env { now: monday(), rng: &mut b.rng };
    node.answer_gate(&mut b.store, &mut env, &case, ActKind::Acknowledge, &no).unwrap();
    let author = Author::Officer(person("b.officer", Role::Intake));
    let command = Command { case: case.clone(), office, author, gates, deed };
    node.command(&mut b.store, &mut env, command).unwrap();
    let reader = b.store.reader().unwrap();
    assert_eq!(node.pending_gates(&*reader, &case).unwrap(), []);
    assert_eq!(node.overruled_gates(&*reader, &case).unwrap(), [(ActKind::Acknowledge, no)]);
}
