//! A type that waits for a text: shut until both have signed it, on the sender's node and, forged, on the receiver's.

use domain::act::{Deed, Role};
use domain::content::FieldValue;
use domain::ids::{CaseId, TypeCode};
use domain::refusal::Refusal;
use node::Failure;
use store::Store as _;

use crate::house::{House, carry_all, does, instrument, monday, person, submit_filled, two_houses, words};

fn locked(house: &mut House) -> Result<CaseId, Failure> {
    let instrument = instrument();
    let rule = instrument.types().values().find(|rule| !rule.needs_texts.is_empty()).unwrap();
    submit_filled(house, rule, monday(), |_| {})
}

#[test]
fn a_type_opens_when_both_signatures_are_known_to_both() {
    let [mut a, mut b] = two_houses();
    let instrument = instrument();
    let waiting = instrument.types().values().find(|rule| !rule.needs_texts.is_empty()).unwrap();
    let text = waiting.needs_texts[0].clone();
    assert!(
        matches!(locked(&mut a), Err(Failure::Refused(Refusal::TextAwaited { text: named, .. })) if named == text),
        "shut before anything is signed"
    );
    let settling = instrument.request_type(&TypeCode::new("CNS").unwrap()).unwrap();
    let field = settling.settles.clone().unwrap();
    let case = submit_filled(&mut a, settling, monday(), |request| {
        request.fields.insert(field, FieldValue::Choice(text));
    });
    let case = case.unwrap();
    carry_all(&mut a, &mut b, monday());
    let acknowledged = Deed::Acknowledge {
        reference: "B-1".into(),
        officer: person("b.officer", Role::Intake),
        contact: "desk".into(),
    };
    does(&mut b, &case, monday(), person("o.fficer", Role::Intake), acknowledged);
    carry_all(&mut b, &mut a, monday());
    let proposed = words(&a.node, "The memorandum");
    let sign = Deed::SignText { version: 1, sha256: proposed.digest() };
    does(&mut a, &case, monday(), person("o.fficer", Role::Approver), Deed::ProposeText { text: proposed, note: None });
    let compared =
        Deed::Record { step: "AUTHENTICATED".into(), note: words(&a.node, "compared"), item: None, until: None };
    does(&mut a, &case, monday(), person("o.fficer", Role::Approver), compared);
    carry_all(&mut a, &mut b, monday());
    does(&mut b, &case, monday(), person("o.fficer", Role::DecisionMaker), sign.clone());
    carry_all(&mut b, &mut a, monday());
    assert!(locked(&mut b).is_err(), "one signature opens nothing");
    does(&mut a, &case, monday(), person("o.fficer", Role::Approver), sign);
    assert!(locked(&mut a).is_err(), "ours is not known to have arrived: what waits for it might arrive before it");
    carry_all(&mut a, &mut b, monday());
    let opened = locked(&mut a).unwrap();
    carry_all(&mut a, &mut b, monday());
    let held = b.node.load(&*b.store.reader().unwrap(), &opened).unwrap();
    assert!(held.is_some(), "the other side admits it");
    locked(&mut b).unwrap();
}
