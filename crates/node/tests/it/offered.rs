//! What no act of its kind could say is neither offered nor taken: a text compared before there is one, a plan in the past,
//! property where a type keeps none, a recall of nothing, a withdrawal after the outcome.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it stands")]

use domain::act::{ActKind, Author, Deed, Extent, Ground, Person, Role};
use domain::asset::{Money, Movement};
use domain::content::FieldValue;
use domain::decide::Command;
use domain::ids::{CaseId, TypeCode};
use domain::menu::Menu as _;
use domain::procedure::Stage;
use domain::refusal::{Refusal, StepBar};
use jiff::SignedDuration;
use node::Failure;
use node::view::{Viewer, open_steps};
use store::Store as _;

use crate::house::{House, answer, carry_all, does, enter, monday, person, submit, submit_filled, two_houses, words};

/// Every role, so that only the act itself is in question.
fn all_roles() -> Vec<Role> {
    Role::ALL.iter().map(|(role, _)| *role).collect()
}

/// What the office that has the case is offered in it.
fn offered(house: &House, case: &CaseId) -> Vec<ActKind> {
    let reader = house.store.reader().unwrap();
    let dossier = house.node.load(&*reader, case).unwrap().unwrap();
    let side = dossier.case.side(house.node.me()).unwrap();
    let office = dossier.case.office(side).clone();
    let id = person("v.iewer", Role::Intake).id;
    let viewer = Viewer { id, office, roles: all_roles(), second_track: false };
    house.node.case_file(&*reader, monday(), &viewer, case).unwrap().unwrap().open
}

/// What the node answers to an act of a house.
fn tried(house: &mut House, case: &CaseId, by: Person, deed: Deed) -> Result<(), Failure> {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    let side = dossier.case.side(house.node.me()).unwrap();
    let office = dossier.case.office(side).clone();
    let rule = dossier.case.rule(house.node.instrument()).unwrap();
    let bound = rule.gates_for(&deed, dossier.case.request.sensitivity());
    let gates = bound.map(|gate| answer(&house.node, gate, &office, monday())).collect();
    enter(house, monday(), Command { case: case.clone(), office, author: Author::Officer(by), gates, deed }).map(drop)
}

fn refused(done: Result<(), Failure>) -> Refusal {
    match done {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn acknowledged(code: &str) -> ([House; 2], CaseId) {
    let mut houses = two_houses();
    let [a, b] = &mut houses;
    let case = submit(a, code, monday());
    carry_all(a, b, monday());
    let officer = person("b.officer", Role::Intake);
    let deed = Deed::Acknowledge { reference: "B-1".to_owned(), officer: officer.clone(), contact: "desk".to_owned() };
    does(b, &case, monday(), officer, deed);
    carry_all(b, a, monday());
    (houses, case)
}

#[test]
fn a_text_is_compared_only_once_there_is_one() {
    let ([mut a, mut b], case) = acknowledged("CNS");
    let compared = |house: &House| {
        let dossier = house.node.load(&*house.store.reader().unwrap(), &case).unwrap().unwrap();
        let side = dossier.case.side(house.node.me()).unwrap();
        let rule = dossier.case.rule(house.node.instrument()).unwrap().clone();
        let office = dossier.case.office(side).clone();
        open_steps(&dossier.case, &rule, side, &office).iter().any(|(step, _)| step.code == "AUTHENTICATED")
    };
    let record = |house: &House| Deed::Record {
        step: "AUTHENTICATED".to_owned(),
        note: words(&house.node, "Compared"),
        item: None,
        until: None,
    };
    let decider = || person("d.ecider", Role::DecisionMaker);
    let position = Deed::StatePosition { position: words(&b.node, "Our position") };
    does(&mut b, &case, monday(), decider(), position);
    carry_all(&mut b, &mut a, monday());
    assert!(!compared(&b), "nothing lies on the table");
    let deed = record(&b);
    let wanted = Refusal::Step { step: "AUTHENTICATED".to_owned(), bar: StepBar::NotNow { stage: Stage::Negotiating } };
    assert_eq!(refused(tried(&mut b, &case, decider(), deed)), wanted);
    let text = Deed::ProposeText { text: words(&a.node, "The text"), note: None };
    does(&mut a, &case, monday(), decider(), text);
    carry_all(&mut a, &mut b, monday());
    assert!(compared(&b));
    let deed = record(&b);
    tried(&mut b, &case, decider(), deed).unwrap();
}

/// What was compared was the version that lay on the table: the next one is signed by nobody before it is compared too.
#[test]
fn a_new_version_voids_the_comparison_of_the_last() {
    let ([mut a, mut b], case) = acknowledged("CNS");
    let decider = || person("d.ecider", Role::DecisionMaker);
    let proposes = |house: &House, text: &str| Deed::ProposeText { text: words(&house.node, text), note: None };
    let signs = |house: &House| Deed::SignText { version: 2, sha256: words(&house.node, "The text anew").digest() };
    let compares = |house: &House| Deed::Record {
        step: "AUTHENTICATED".to_owned(),
        note: words(&house.node, "Compared"),
        item: None,
        until: None,
    };
    let counts = |house: &House| {
        let dossier = house.node.load(&*house.store.reader().unwrap(), &case).unwrap().unwrap();
        dossier.case.steps.has("AUTHENTICATED")
    };
    let (first, second) = (proposes(&a, "The text"), proposes(&a, "The text anew"));
    tried(&mut a, &case, decider(), first).unwrap();
    carry_all(&mut a, &mut b, monday());
    let mark = compares(&b);
    tried(&mut b, &case, decider(), mark).unwrap();
    carry_all(&mut b, &mut a, monday());
    assert!(counts(&a) && counts(&b), "of the first version");
    tried(&mut a, &case, decider(), second).unwrap();
    carry_all(&mut a, &mut b, monday());
    for house in [&mut a, &mut b] {
        assert!(!counts(house), "nothing of the second");
        let signature = signs(house);
        let outstanding = Refusal::StepsOutstanding { steps: vec!["AUTHENTICATED".to_owned()] };
        assert_eq!(refused(tried(house, &case, decider(), signature)), outstanding);
    }
    let mark = compares(&b);
    tried(&mut b, &case, decider(), mark).unwrap();
    carry_all(&mut b, &mut a, monday());
    for house in [&mut a, &mut b] {
        assert!(counts(house), "of the second");
        let signature = signs(house);
        tried(house, &case, decider(), signature).unwrap();
    }
}

#[test]
fn a_plan_in_the_past_is_refused() {
    fn check(code: &str, field: &str, days: i64, fits: bool) {
        let [mut house, _] = two_houses();
        let rule = house.node.instrument().request_type(&TypeCode::new(code).unwrap()).unwrap().clone();
        let from = monday() + SignedDuration::from_hours(24 * days);
        let to = from + SignedDuration::from_hours(48);
        let done = submit_filled(&mut house, &rule, monday(), |request| {
            request.fields.insert(field.to_owned(), FieldValue::Interval { from, to });
        });
        match done {
            Ok(_) => assert!(fits, "{code} in {days} days"),
            Err(Failure::Refused(why)) => {
                assert_eq!((why, fits), (Refusal::DateNotAhead, false), "{code} in {days} days")
            }
            other => panic!("{code}: {other:?}"),
        }
    }
    for (code, field) in [("JOP", "dates"), ("JIT", "period"), ("XPR", "dates"), ("MLA-PERS", "dates")] {
        check(code, field, -3, false);
        check(code, field, -1, false);
        check(code, field, 0, true);
        check(code, field, 30, true);
    }
}

#[test]
fn property_is_booked_only_where_a_type_keeps_it() {
    fn check(code: &str, keeps: bool) {
        let ([_, mut b], case) = acknowledged(code);
        assert_eq!(offered(&b, &case).contains(&ActKind::BookAsset), keeps, "{code}");
        let amount = Money::new("10.50", "GBP").unwrap();
        let note = words(&b.node, "The order of the court");
        let deed = Deed::BookAsset { asset: "account".to_owned(), movement: Movement::Restrain, amount, note };
        let done = tried(&mut b, &case, person("d.ecider", Role::DecisionMaker), deed);
        match keeps {
            true => done.unwrap(),
            false => {
                let wanted = Refusal::NotNow { act: ActKind::BookAsset, stage: Stage::Acknowledged };
                assert_eq!(refused(done), wanted, "{code}");
            }
        }
    }
    check("CY-INC", false);
    check("MLA-EVD", false);
    check("MLA-RSTR", true);
    check("DES", true);
}

#[test]
fn what_carried_nothing_is_not_recalled() {
    let ([mut a, mut b], case) = acknowledged("MLA-BANK");
    let recall = |house: &House| Deed::Recall { seq: 1, reason: words(&house.node, "Another's account") };
    assert!(!offered(&b, &case).contains(&ActKind::Recall), "an acknowledgement hands nothing over");
    assert!(offered(&b, &case).contains(&ActKind::Correct), "it may be put right");
    assert!(offered(&a, &case).contains(&ActKind::Recall), "a request does");
    let decider = || person("d.ecider", Role::DecisionMaker);
    let deed = recall(&b);
    let wanted = Refusal::UnknownNumber { act: ActKind::Recall, number: 1 };
    assert_eq!(refused(tried(&mut b, &case, decider(), deed)), wanted);
    let deed = recall(&a);
    tried(&mut a, &case, decider(), deed).unwrap();
}

#[test]
fn nobody_withdraws_after_the_outcome_but_from_a_measure() {
    let ([mut a, mut b], case) = acknowledged("MLA-BANK");
    let decider = || person("d.ecider", Role::DecisionMaker);
    for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}] {
        does(&mut b, &case, monday(), decider(), deed);
    }
    let respond = Deed::Respond { extent: Extent::Full, answer: words(&b.node, "Done"), attachments: Vec::new() };
    does(&mut b, &case, monday(), person("e.xecuting", Role::Executing), respond);
    carry_all(&mut b, &mut a, monday());
    assert!(offered(&a, &case).contains(&ActKind::Withdraw));
    let outcome = Deed::ReportOutcome { usefulness: 3, used_for: words(&a.node, "The case named") };
    does(&mut a, &case, monday(), person("a.pprover", Role::Approver), outcome);
    assert!(!offered(&a, &case).contains(&ActKind::Withdraw));
    let withdraw = Deed::Withdraw { reason: words(&a.node, "No longer needed") };
    let wanted = Refusal::NotNow { act: ActKind::Withdraw, stage: Stage::OutcomeReported };
    assert_eq!(refused(tried(&mut a, &case, person("a.pprover", Role::Approver), withdraw)), wanted);
}

/// An answer leaves on two names: whoever signs it has not answered its safeguards. SG-16 asks the signatory.
#[test]
fn nobody_reviews_the_answer_they_sign() {
    let reviewer = |role: Role| person("l.reviewer", role);
    for act in [ActKind::Interim, ActKind::Respond] {
        let ([_, mut b], case) = acknowledged("FUG");
        let decider = || person("d.ecider", Role::DecisionMaker);
        for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}] {
            does(&mut b, &case, monday(), decider(), deed);
        }
        let said = words(&b.node, "Not found");
        let deed = || match act {
            ActKind::Interim => Deed::Interim { answer: said.clone(), attachments: Vec::new() },
            _ => Deed::Respond { extent: Extent::Part, answer: said.clone(), attachments: Vec::new() },
        };
        let alone = tried(&mut b, &case, reviewer(Role::DecisionMaker), deed());
        assert_eq!(refused(alone), Refusal::FourEyes, "{}", act.code());
        tried(&mut b, &case, decider(), deed()).unwrap();
    }
}

/// A withheld reason stands beside a ground, never in its place.
#[test]
fn a_withheld_reason_is_no_ground() {
    let ([_, mut b], case) = acknowledged("CY-INC");
    let decider = || person("d.ecider", Role::DecisionMaker);
    does(&mut b, &case, monday(), decider(), Deed::BeginReview {});
    let refuse = |house: &House, ground: Ground| Deed::Refuse {
        ground,
        reason: None,
        considered: words(&house.node, "A part would not serve"),
        withheld: true,
    };
    let deed = refuse(&b, Ground::Withheld);
    let wanted = Refusal::GroundNotAdmitted { ground: Ground::Withheld };
    assert_eq!(refused(tried(&mut b, &case, decider(), deed)), wanted);
    let deed = refuse(&b, Ground::EssentialInterests);
    tried(&mut b, &case, decider(), deed).unwrap();
}
