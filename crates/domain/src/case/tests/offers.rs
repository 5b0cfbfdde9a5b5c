//! What one side asks of the other and is answered: parts that were returned, conditions, levels of the ladder, and blanks
//! the instrument leaves in a legal basis. Each refusal is the same on both nodes.

use super::*;
use crate::act::{Condition, ConditionKind};
use crate::admit::admit;
use crate::content::{self, Lack, Missing};
use crate::refusal::Refusal;

/// A side, the role of who speaks for it, and what is done.
type Step = (&'static str, Role, fn() -> Deed);

const REVIEW: &[Step] = &[(B, Role::Intake, acknowledge), (B, Role::DecisionMaker, || Deed::BeginReview {})];

/// A request under review at B.
fn reviewed(code: &str) -> World {
    let mut world = World::submitted(code, "03-02T09:00");
    for (office, role, deed) in REVIEW {
        world.says(office, *role, "03-03T02:00", deed()).unwrap();
    }
    world
}

/// What both nodes say of a deed: the author's when it decides, and the other's when the act comes all the same in the
/// place of one that may stand.
fn both(world: &World, office: &str, role: Role, deed: &Deed, stand_in: &Deed) -> Result<(), Refusal> {
    let (at, id) = (instant("03-05T09:00"), OfficeId::new(office).unwrap());
    let author = |deed: &Deed| rehearsal::author(deed.kind(), person("o.fficer", role), &id);
    let decided = world.decided(office, author(deed), at, deed.clone()).map(drop);
    let mut act = world.decided(office, author(stand_in), at, stand_in.clone()).expect("the stand-in may stand");
    act.deed = deed.clone();
    let other = if id.party().as_str() == "GB" { "CN" } else { "GB" };
    let admitted = admit(&world.instrument, &PartyId::new(other).unwrap(), &world.entries, &act, at).map(drop);
    assert_eq!(decided, admitted, "both nodes say the same");
    decided
}

#[test]
fn every_part_that_was_returned_is_supplied_or_spoken_to() {
    fn check(fields: &[(&str, &str)], unable: &[&str], want: &[(&str, Lack)]) {
        let mut world = reviewed("MLA-EVD");
        let item = |field: &str| MissingItem { field: field.to_owned(), want: words("more") };
        let items = vec![item("facts"), item("facts"), item("offences"), item("other")];
        world.says(B, Role::Intake, "03-04T02:00", Deed::ReturnIncomplete { items }).unwrap();
        let deed = |fields: &[(&str, &str)], unable: &[&str]| Deed::Supplement {
            fields: fields.iter().map(|(id, said)| ((*id).to_owned(), FieldValue::Prose(words(said)))).collect(),
            attachments: Vec::new(),
            unable: unable.iter().map(|id| ((*id).to_owned(), words("no record"))).collect(),
            note: words("here it is"),
        };
        let whole = deed(&[("facts", "more")], &["offences"]);
        let missing = want.iter().map(|(field, what)| Missing { field: (*field).to_owned(), what: what.clone() });
        let missing: Vec<Missing> = missing.collect();
        let said = both(&world, A, Role::Approver, &deed(fields, unable), &whole);
        assert_eq!(said, if missing.is_empty() { Ok(()) } else { Err(Refusal::Incomplete { missing }) }, "{fields:?}");
    }
    let asked = |id| (id, Lack::Asked);
    check(&[], &[], &[asked("facts"), asked("offences")]);
    check(&[("facts", "more")], &[], &[asked("offences")]);
    check(&[("facts", "more"), ("offences", "invented")], &[], &[asked("offences")]);
    check(&[("facts", "more"), ("offences", " ")], &[], &[("offences", Lack::Empty)]);
    check(&[("facts", "more")], &["facts", "offences"], &[asked("facts")]);
    check(&[("facts", "more")], &["offences", "purpose"], &[("purpose", Lack::Unknown)]);
    check(&[("facts", "more")], &["offences"], &[]);
    check(&[("facts", "more"), ("offences", "more")], &["other"], &[]);
}

/// Conditions that A does not accept go back to B, whose time to decide runs on; nothing is promised.
#[test]
fn conditions_may_be_declined() {
    let mut world = reviewed("MLA-EVD");
    let offer = || Deed::OfferConditions {
        conditions: vec![Condition { kind: ConditionKind::UseLimit, words: words("this case only") }],
    };
    let decline = || Deed::DeclineConditions { reason: words("the court files are public") };
    assert!(matches!(
        world.says(A, Role::Approver, "03-04T02:00", decline()),
        Err(Refusal::NotNow { act: ActKind::DeclineConditions, stage: Stage::UnderReview })
    ));
    world.says(B, Role::DecisionMaker, "03-04T03:00", offer()).unwrap();
    assert!(world.says(B, Role::DecisionMaker, "03-04T04:00", decline()).is_err(), "B made the offer");
    let refused = world.says(A, Role::Drafter, "03-05T09:00", decline());
    assert!(matches!(refused, Err(Refusal::NotYourRole { .. })), "{refused:?}");
    world.says(A, Role::Approver, "03-05T09:00", decline()).unwrap();
    let case = world.case();
    assert_eq!(case.stage(), Stage::UnderReview);
    assert!(case.care.undertakings.is_empty());
    assert!(world.stands().starts_with("under-review CN 0"), "the time to decide runs on: {}", world.stands());
    world.says(B, Role::DecisionMaker, "03-06T03:00", offer()).unwrap();
    world.says(A, Role::Approver, "03-09T09:00", Deed::AcceptConditions { undertaking: words("so be it") }).unwrap();
    assert_eq!(world.case().care.undertakings.len(), 1);
}

/// A level is answered by an office of that level, and nobody is told that the type is another's.
#[test]
fn a_level_is_answered_by_its_own_offices() {
    let mut world = reviewed("MLA-EVD");
    for level in [1, 2, 3] {
        let deed = Deed::Escalate { level, reason: Some(words("no answer")) };
        world.says(A, Role::Approver, "03-04T10:00", deed).unwrap();
    }
    let answer = |level| Deed::AnswerEscalation { level, answer: words("we look at it") };
    let levels = |office: &str| judge::answerable(&world.case(), &world.instrument, &OfficeId::new(office).unwrap());
    let rung = |level| world.instrument.rung(level).unwrap().offices[&PartyId::new("CN").unwrap()][0].to_string();
    let (central, high) = (rung(2), rung(3));
    assert_eq!(central, B, "the central authority has the case");
    assert!(levels(B).contains(&1) && levels(B).contains(&2) && !levels(&rung(4)).contains(&4));
    assert_eq!(levels("GB-UKCA"), [0_u8; 0], "our own side owes nothing");
    for level in 1..=4 {
        for office in [B, high.as_str()] {
            let said = both(&world, office, Role::DecisionMaker, &answer(level), &answer(levels(office)[0]));
            let id = OfficeId::new(office).unwrap();
            let held = level == 1 && office == B
                || world.instrument.rung(level).unwrap().offices.get(&id.party()).is_some_and(|all| all.contains(&id));
            let want = match (held, level) {
                (false, _) => Err(Refusal::NotOfLevel { office: id, level }),
                (true, 4) => Err(Refusal::WrongLevel { level }),
                (true, _) => Ok(()),
            };
            assert_eq!(said, want, "{office} at {level}");
        }
    }
}

/// The place the instrument leaves for an article is no article, in one language or the other.
#[test]
fn a_legal_basis_with_its_blank_left_open_is_incomplete() {
    let instrument = shipped();
    let mut asked = request(&instrument, "MLA-EVD");
    let rule = instrument.request_type(&asked.type_code).unwrap();
    let open = |asked: &Request| {
        content::missing(asked, rule, instrument.langs()).into_iter().any(|one| one.what == Lack::Blank)
    };
    let basis = rule.legal_bases.iter().find(|basis| basis.iter().any(|(_, text)| text.contains('['))).unwrap();
    let texts: BTreeMap<Lang, String> = basis.iter().map(|(lang, text)| (lang.clone(), text.to_owned())).collect();
    let filled: BTreeMap<Lang, String> = texts
        .iter()
        .map(|(lang, text)| {
            (lang.clone(), format!("{}9{}", &text[..text.find('[').unwrap()], &text[text.find(']').unwrap() + 1..]))
        })
        .collect();
    for (lang, text) in &texts {
        asked.legal_basis = Prose { original: lang.clone(), texts: filled.clone() };
        assert!(!open(&asked), "{:?}", asked.legal_basis);
        asked.legal_basis.texts.insert(lang.clone(), text.clone());
        assert!(open(&asked), "{lang}");
    }
    asked.legal_basis = words("Evidence Act [2020] 7");
    assert!(!open(&asked), "brackets of one's own are words");
}

/// A norm that the instrument does not list cannot be cited, in a request either.
#[test]
fn a_norm_is_one_of_the_instruments() {
    let instrument = shipped();
    let mut asked = request(&instrument, "CY-INC");
    let rule = instrument.request_type(&asked.type_code).unwrap();
    for (norm, known) in [("N-a", true), ("N-k", true), ("N-z", false), ("", false)] {
        asked.fields.insert("norm".to_owned(), FieldValue::Choice(norm.to_owned()));
        let wrong = content::missing(&asked, rule, instrument.langs()).into_iter().any(|one| one.field == "norm");
        assert_eq!(!wrong, known, "{norm}");
    }
}
