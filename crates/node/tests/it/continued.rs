//! A police matter continued as legal assistance between two houses, and a copy handed on behind a mask.

use domain::act::{ConsentKind, Deed, Extent, Role};
use domain::content::{FieldValue, Penalty, Request};
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::refusal::{LinkBar, Refusal};
use jiff::{SignedDuration, Timestamp};
use ledger::receipt::Verdict;
use node::view::Viewer;
use node::{Beginning, Env, Failure, Ruling};
use store::{CaseCursor, CaseFilter, Store as _};

use crate::hostile::{Liar, hand};
use crate::house::{
    House, carry_all, does, instrument, monday, person, snapshot, submit, submit_filled, tries, two_houses, words,
};

/// An office of the first house's Party that may send what police matters are continued as.
fn central(house: &House) -> OfficeId {
    let rule = house.node.instrument().request_type(&TypeCode::new("MLA-EVD").unwrap()).unwrap();
    rule.may_send.iter().find(|office| office.party() == *house.node.me()).unwrap().clone()
}

fn hours(hours: i64) -> Timestamp {
    monday().saturating_add(SignedDuration::from_hours(hours)).unwrap()
}

/// Does it at one house and carries it to the other.
fn told(from: &mut House, to: &mut House, case: &CaseId, hour: i64, role: Role, deed: Deed) {
    does(from, case, hours(hour), person("o.fficer", role), deed);
    carry_all(from, to, hours(hour));
}

/// A police matter answered by the other side.
fn answered(a: &mut House, b: &mut House) -> CaseId {
    let case = submit(a, "CY-INC", monday());
    carry_all(a, b, monday());
    let officer = person("b.officer", Role::Intake);
    told(b, a, &case, 1, Role::Intake, Deed::Acknowledge { reference: "B-1".into(), officer, contact: "desk".into() });
    for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}] {
        told(b, a, &case, 1, Role::DecisionMaker, deed);
    }
    let answer = Deed::Respond { extent: Extent::Full, answer: words(&b.node, "Found"), attachments: Vec::new() };
    told(b, a, &case, 2, Role::DecisionMaker, answer);
    case
}

/// The source's consent, asked and given.
fn consented(a: &mut House, b: &mut House, case: &CaseId, hour: i64, kind: ConsentKind, to: &OfficeId) {
    let (recipient, what) = (to.to_string(), words(&a.node, "This matter"));
    told(a, b, case, hour, Role::Approver, Deed::SeekConsent { kind, recipient, what });
    let asked = b.node.load(&*b.store.reader().unwrap(), case).unwrap().unwrap().case.care.consents.len();
    let (number, words) = (u32::try_from(asked).unwrap(), words(&b.node, "For that alone"));
    told(b, a, case, hour, Role::DecisionMaker, Deed::GiveConsent { number, granted: true, words });
}

/// A masked copy handed on at home: the matter names a victim, so its source is asked first.
fn handed_on(a: &mut House, b: &mut House, case: &CaseId, to: &OfficeId, fields: &[&str]) {
    consented(a, b, case, 3, ConsentKind::OnwardTransfer, to);
    let deed = forward(a, to, fields);
    told(a, b, case, 3, Role::Approver, deed);
}

fn forward(house: &House, to: &OfficeId, fields: &[&str]) -> Deed {
    Deed::Forward {
        to: to.clone(),
        fields: fields.iter().map(|id| (*id).to_owned()).collect(),
        files: Vec::new(),
        acts: Vec::new(),
        reason: words(&house.node, "Needs to know"),
    }
}

fn continuing(house: &mut House, earlier: &CaseId, hour: i64) -> Result<CaseId, Failure> {
    let instrument = house.node.instrument().clone();
    let rule = instrument.request_type(&TypeCode::new("MLA-EVD").unwrap()).unwrap();
    submit_filled(house, rule, hours(hour), |request| request.continues = Some(earlier.clone()))
}

fn refused<T: std::fmt::Debug>(done: Result<T, Failure>) -> Refusal {
    match done {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_police_matter_goes_on_as_legal_assistance_with_consent() {
    let [mut a, mut b] = two_houses();
    let earlier = answered(&mut a, &mut b);
    let (central, unknown) = (central(&a), CaseId::new("GB-CY-2026-0999").unwrap());
    assert_eq!(refused(continuing(&mut a, &unknown, 3)), Refusal::Link(LinkBar::Unknown));
    assert_eq!(
        refused(continuing(&mut a, &earlier, 3)),
        Refusal::Link(LinkBar::Unknown),
        "the same where there is no tie"
    );
    handed_on(&mut a, &mut b, &earlier, &central, &["observed"]);
    let (kind, recipient) = (ConsentKind::NewUse, central.to_string());
    assert_eq!(refused(continuing(&mut a, &earlier, 4)), Refusal::ConsentAwaited { kind, recipient });
    consented(&mut a, &mut b, &earlier, 5, kind, &central);
    let later = continuing(&mut a, &earlier, 6).unwrap();
    carry_all(&mut a, &mut b, hours(6));
    for house in [&a, &b] {
        let reader = house.store.reader().unwrap();
        let [old, new] = [&earlier, &later].map(|case| house.node.load(&*reader, case).unwrap().unwrap());
        let viewer = |office: &OfficeId| Viewer {
            id: person("x", Role::Intake).id,
            office: office.clone(),
            roles: vec![Role::Intake],
            second_track: false,
        };
        let side = old.case.side(house.node.me()).unwrap();
        let file = house.node.case_file(&*reader, hours(7), &viewer(old.case.office(side)), &earlier).unwrap().unwrap();
        assert_eq!(file.continued_as, std::slice::from_ref(&later), "{}", house.node.me());
        let file = house.node.case_file(&*reader, hours(7), &viewer(new.case.office(side)), &later).unwrap().unwrap();
        assert_eq!(file.continues.as_ref(), Some(&earlier), "{}", house.node.me());
    }
    let prints = [&a, &b].map(snapshot);
    assert_eq!(prints[0].keys().count(), 2);
    assert_eq!(prints[0], prints[1], "both folds agree");
}

/// A sender whose instrument's hash is ours but whose judgement is not: it puts the answer to a new use without consent.
#[test]
fn a_tampered_sender_that_links_without_right_is_refused() {
    fn check(name: &str, want: &str, forwarded: bool, link: fn(&mut Request, &CaseId)) {
        let [mut a, mut b] = two_houses();
        let case = answered(&mut a, &mut b);
        if forwarded {
            let office = central(&a);
            handed_on(&mut a, &mut b, &case, &office, &[]);
        }
        let honest = {
            let instrument = a.node.instrument().clone();
            let rule = instrument.request_type(&TypeCode::new("MLA-EVD").unwrap()).unwrap();
            submit_filled(&mut a, rule, hours(4), |_| {}).unwrap()
        };
        carry_all(&mut a, &mut b, hours(4));
        let mut world = [a, b];
        let liar = Liar::of(&world[0], &world[1], &honest);
        let (mut act, mut header) = (liar.act.clone(), liar.header.clone());
        act.case = CaseId::new(&act.case.as_str().replace("-0001", "-0002")).unwrap();
        header.thread = act.case.to_string();
        let Deed::Submit { request } = &mut act.deed else { panic!("a submission") };
        link(request, &case);
        let before = snapshot(&world[1]);
        let (verdict, codes) = hand(&mut world, &liar.send(&act, &header), hours(4));
        assert_eq!(verdict, Verdict::Refused { code: want.to_owned() }, "{name}");
        assert_eq!(codes, [want], "{name}");
        assert_eq!(snapshot(&world[1]), before, "{name}");
    }
    let plain = |request: &mut Request, case: &CaseId| request.continues = Some(case.clone());
    check("a new use without consent", "consent-awaited", true, plain);
    check("by an office without a tie", "unknown-earlier", false, plain);
    check("of a case that is none", "unknown-earlier", true, |request, _| {
        request.continues = Some(CaseId::new("GB-CY-2026-0999").unwrap());
    });
    check("an exercise of a live matter", "exercise-mixed", true, |request, case| {
        (request.continues, request.exercise) = (Some(case.clone()), !request.exercise);
    });
}

/// A sender whose officer's button is refused, and one that signs the copy all the same.
#[test]
fn a_copy_without_the_sources_consent_goes_out_of_neither_house() {
    fn check(name: &str, want: &str, asked: bool, to: fn(&House) -> OfficeId) {
        let [mut a, mut b] = two_houses();
        let case = answered(&mut a, &mut b);
        let to = to(&a);
        if asked {
            let (recipient, what) = (to.to_string(), words(&a.node, "This matter"));
            let seek = Deed::SeekConsent { kind: ConsentKind::OnwardTransfer, recipient, what };
            told(&mut a, &mut b, &case, 3, Role::Approver, seek);
        }
        let deed = forward(&a, &to, &["victim"]);
        let before = snapshot(&a);
        let ours = refused(tries(&mut a, &case, hours(4), person("o.fficer", Role::Approver), deed.clone()));
        assert_eq!((ours.code(), snapshot(&a)), (want, before), "{name}");
        let liar = Liar::of(&a, &b, &case);
        let dossier = b.node.load(&*b.store.reader().unwrap(), &case).unwrap().unwrap();
        let sent: Vec<_> = dossier.rows.iter().filter(|row| row.party == *a.node.me()).collect();
        let seen = dossier.case.heads.iter().filter(|(party, _)| **party == *b.node.me());
        let seen = seen.map(|(party, seq)| (party.clone(), *seq)).collect();
        let (before, mut world) = (snapshot(&b), [a, b]);
        let (mut act, mut header) = liar.next(&world, sent.last().unwrap().core_hash);
        act.seen = seen;
        (act.seq, header.seq) = (sent.len() as u64 + 1, sent.len() as u64);
        let life = header.exp_s - header.iat_s;
        (act.at, header.iat_s) = (hours(4), u64::try_from(hours(4).as_second()).unwrap());
        header.exp_s = header.iat_s + life;
        (act.deed, header.kind) = (deed, "forward".to_owned());
        let (verdict, codes) = hand(&mut world, &liar.send(&act, &header), hours(4));
        assert_eq!(verdict, Verdict::Refused { code: want.to_owned() }, "{name}");
        assert_eq!((codes, snapshot(&world[1])), (vec![want.to_owned()], before), "{name}");
    }
    check("nobody was asked", "consent-awaited", false, central);
    check("the answer is not there yet", "consent-awaited", true, central);
    check("an office of the other side", "not-competent", false, |a| {
        let mut offices = a.node.instrument().offices().keys();
        offices.find(|office| office.party() != *a.node.me()).unwrap().clone()
    });
}

#[test]
fn a_draft_takes_along_what_both_types_share_and_its_office_sees() {
    fn check(name: &str, masked: &[&str], carried: bool) {
        let [mut a, mut b] = two_houses();
        let case = answered(&mut a, &mut b);
        let office = central(&a);
        handed_on(&mut a, &mut b, &case, &office, masked);
        let type_code = TypeCode::new("MLA-EVD").unwrap();
        let to = instrument().request_type(&type_code).unwrap().may_receive.clone();
        let to = to.into_iter().find(|to| to.party() != *a.node.me()).unwrap();
        let by = person("d.rafter", Role::Drafter);
        let begun = Beginning { office, type_code, to, by, continues: Some(case.clone()) };
        let mut env = Env { now: hours(4), rng: &mut a.rng };
        let draft = a.node.begin_draft(&mut a.store, &mut env, &begun, &|_, _| Ok(Vec::new())).unwrap();
        assert_eq!(draft.request.continues, Some(case), "{name}");
        assert!(!draft.request.title.is_blank() && !draft.request.purpose.is_blank(), "{name}");
        let penalty = Some(FieldValue::Penalty(Penalty::YearsMax(5))).filter(|_| carried);
        assert_eq!(draft.request.fields.get("maximum_penalty"), penalty.as_ref(), "{name}");
        assert!(!draft.request.fields.contains_key("observed"), "{name}: the new type has no such field");
        let other = Beginning { type_code: TypeCode::new("MLA-CONF").unwrap(), ..begun };
        let mut env = Env { now: hours(4), rng: &mut a.rng };
        let not = a.node.begin_draft(&mut a.store, &mut env, &other, &|_, _| Ok(Vec::new()));
        assert_eq!(refused(not).code(), "not-continued-as", "{name}");
    }
    check("nothing masked", &[], true);
    check("the shared field masked", &["maximum_penalty"], false);
}

#[test]
fn a_mask_holds_until_a_custodian_lifts_it() {
    let [mut a, mut b] = two_houses();
    let case = answered(&mut a, &mut b);
    let office = central(&a);
    let first = a.node.load(&*a.store.reader().unwrap(), &case).unwrap().unwrap().case.requesting_office;
    let bystander = OfficeId::new(&format!("{}-HO", a.node.me())).unwrap();
    let sees = |a: &House, office: &OfficeId, roles: &[Role]| {
        let viewer = Viewer {
            id: person("x", Role::Intake).id,
            office: office.clone(),
            roles: roles.to_vec(),
            second_track: false,
        };
        let file = a.node.case_file(&*a.store.reader().unwrap(), hours(9), &viewer, &case).unwrap().unwrap();
        let shown = format!("{:?}", file.acts.iter().map(|line| &line.act.deed).collect::<Vec<_>>());
        let whole = file.dossier.case.request.fields.contains_key("observed");
        assert_eq!(
            whole,
            shown.contains("\"observed\": ") || shown.contains("\"observed\":"),
            "lanes and request agree"
        );
        assert_eq!(whole, file.mask.is_none());
        whole
    };
    assert!(sees(&a, &bystander, &[Role::Intake]), "nothing is masked yet");
    let ask = |a: &mut House, office: &OfficeId, reason: &str| {
        let mut env = Env { now: hours(5), rng: &mut a.rng };
        a.node.ask_reveal(&mut a.store, &mut env, &case, (office, person("a.sker", Role::Drafter)), reason)
    };
    assert_eq!(refused(ask(&mut a, &office, "to plead it")), Refusal::UnknownCase, "nothing was handed to it");
    handed_on(&mut a, &mut b, &case, &office, &["observed"]);
    assert!(sees(&a, &first, &[Role::Intake]) && sees(&a, &bystander, &[Role::Auditor]));
    assert!(!sees(&a, &office, &[Role::Intake]) && !sees(&a, &bystander, &[Role::DecisionMaker]));
    assert_eq!(refused(ask(&mut a, &bystander, "to plead it")), Refusal::UnknownCase, "it has no copy");
    assert_eq!(refused(ask(&mut a, &office, " ")).code(), "wordless");
    ask(&mut a, &office, "to plead it").unwrap();
    let desk = |a: &House, office: &OfficeId, id: &str, role: Role| {
        let viewer = Viewer { id: person(id, role).id, office: office.clone(), roles: vec![role], second_track: false };
        let desk = a.node.desk(&*a.store.reader().unwrap(), hours(6), &viewer).unwrap();
        desk.reveals.into_iter().map(|task| (task.case == case, task.number, task.yours)).collect::<Vec<_>>()
    };
    assert_eq!(desk(&a, &first, "c.ustodian", Role::LegalReviewer), [(true, 1, true)]);
    assert_eq!(desk(&a, &first, "a.sker", Role::Approver), [(true, 1, false)], "never one's own");
    assert_eq!(desk(&a, &first, "x", Role::Intake), [(true, 1, false)], "no custodian");
    assert_eq!(desk(&a, &office, "c.ustodian", Role::LegalReviewer), [], "not the office that has the copy");
    let answer = |a: &mut House, office: &OfficeId, who: &str, role: Role, granted: bool| {
        let mut env = Env { now: hours(6), rng: &mut a.rng };
        let ruling = Ruling { granted, office: office.clone(), by: person(who, role), reason: "weighed".to_owned() };
        a.node.answer_reveal(&mut a.store, &mut env, &case, 1, ruling)
    };
    assert_eq!(refused(answer(&mut a, &office, "x", Role::DecisionMaker, true)).code(), "not-competent");
    assert_eq!(refused(answer(&mut a, &first, "x", Role::Intake, true)).code(), "not-your-role");
    assert_eq!(refused(answer(&mut a, &first, "a.sker", Role::DecisionMaker, true)), Refusal::FourEyes);
    assert!(!sees(&a, &office, &[Role::Intake]));
    answer(&mut a, &first, "c.ustodian", Role::LegalReviewer, true).unwrap();
    assert!(sees(&a, &office, &[Role::Intake]) && !sees(&a, &bystander, &[Role::Intake]));
    assert_eq!(refused(answer(&mut a, &first, "c.ustodian", Role::LegalReviewer, false)).code(), "unknown-number");
    assert_eq!(desk(&a, &first, "c.ustodian", Role::LegalReviewer), [], "answered");
    let reader = a.store.reader().unwrap();
    let events: Vec<String> = reader.events(None, 10).unwrap().into_iter().map(|row| row.event.code).collect();
    assert!(["reveal-asked", "reveal-granted"].iter().all(|code| events.iter().any(|told| told == code)), "{events:?}");
    let (asked, answer) = a.node.reveals(&*reader, &case).unwrap().remove(0);
    assert_eq!(
        (asked.reason.as_str(), answer.map(|one| one.by.id.to_string())),
        ("to plead it", Some("c.ustodian".into()))
    );
    drop(reader);
    // A later copy is masked anew: what was granted was granted of the earlier one.
    let deed = forward(&a, &office, &["observed", "own_action"]);
    told(&mut a, &mut b, &case, 7, Role::Approver, deed);
    assert!(!sees(&a, &office, &[Role::Intake]));
}

#[test]
fn a_masked_title_stands_in_no_list_and_finds_nothing() {
    let [mut a, mut b] = two_houses();
    let case = answered(&mut a, &mut b);
    let office = central(&a);
    let first = a.node.load(&*a.store.reader().unwrap(), &case).unwrap().unwrap().case.requesting_office;
    handed_on(&mut a, &mut b, &case, &office, &["title"]);
    let listed = |office: &OfficeId, roles: &[Role], search: &str| {
        let (id, roles) = (person("x", Role::Intake).id, roles.to_vec());
        let viewer = Viewer { id, office: office.clone(), roles, second_track: false };
        let filter = CaseFilter { terms: a.node.terms(search), ..CaseFilter::default() };
        let reader = a.store.reader().unwrap();
        let (lines, _) = a.node.case_lines(&*reader, hours(9), &viewer, &filter).unwrap();
        lines.into_iter().map(|line| !line.title.is_erased()).collect::<Vec<_>>()
    };
    for (name, office, roles, titled) in [
        ("who has it", &first, &[Role::Intake], true),
        ("an auditor", &office, &[Role::Auditor], true),
        ("who has the copy", &office, &[Role::Intake], false),
    ] {
        assert_eq!(listed(office, roles, ""), [titled], "{name}");
        assert_eq!(listed(office, roles, case.as_str()), [titled], "{name}: by its reference it is found");
        assert_eq!(listed(office, roles, "matter"), vec![true; usize::from(titled)], "{name}: by its title");
    }
}

/// A page of one that finds nothing and goes on tells what it left out: a word of the mask is answered like any other.
#[test]
fn no_place_of_a_next_page_tells_a_masked_word() {
    let [mut a, mut b] = two_houses();
    let cases = [answered(&mut a, &mut b), answered(&mut a, &mut b)];
    let office = central(&a);
    for case in &cases {
        handed_on(&mut a, &mut b, case, &office, &["title"]);
    }
    let viewer = Viewer { id: person("x", Role::Intake).id, office, roles: vec![Role::Intake], second_track: false };
    let reader = a.store.reader().unwrap();
    let page = |search: &str, after: Option<CaseCursor>| {
        let filter = CaseFilter { terms: a.node.terms(search), limit: 1, after, ..CaseFilter::default() };
        let (lines, next) = a.node.case_lines(&*reader, hours(9), &viewer, &filter).unwrap();
        (lines.into_iter().map(|line| line.case).collect::<Vec<_>>(), next)
    };
    assert_eq!(page("matter", None), page("nowhere", None));
    // What is there to see comes page by page, to the end.
    let (first, next) = page("", None);
    let (second, end) = page("", next);
    assert_eq!((first.len(), second.len(), end), (1, 1, None));
    assert_ne!(first, second);
}

#[test]
fn what_is_erased_is_erased_behind_every_mask() {
    let [mut a, mut b] = two_houses();
    let case = answered(&mut a, &mut b);
    let office = central(&a);
    handed_on(&mut a, &mut b, &case, &office, &["observed"]);
    let mut env = Env { now: hours(4), rng: &mut a.rng };
    a.node
        .ask_reveal(&mut a.store, &mut env, &case, (&office, person("a.sker", Role::Drafter)), "secret words")
        .unwrap();
    let outcome = Deed::ReportOutcome { usefulness: 4, used_for: words(&a.node, "The trial") };
    told(&mut a, &mut b, &case, 5, Role::Approver, outcome);
    told(&mut a, &mut b, &case, 6, Role::Approver, Deed::Close { lesson: None });
    let later = hours(24 * 800);
    let mut env = Env { now: later, rng: &mut a.rng };
    assert!(a.node.purge(&mut a.store, &mut env, &case).unwrap().is_some());
    let reader = a.store.reader().unwrap();
    assert!(a.node.reveals(&*reader, &case).unwrap().is_empty());
    assert!(reader.local_list("reveal-open").unwrap().is_empty(), "nor that it was asked");
    let viewer = Viewer { id: person("x", Role::Intake).id, office, roles: vec![Role::Intake], second_track: false };
    let file = a.node.case_file(&*reader, later, &viewer, &case).unwrap().unwrap();
    assert!(file.dossier.case.request.title.is_erased() && file.dossier.case.request.fields.len() <= 1);
    assert_eq!(file.dossier.case.care.recipients(file.us), [viewer.office.as_str()], "who had a copy is still known");
}
