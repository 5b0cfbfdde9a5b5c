//! A case taken further and handed on: who may continue what as what, what stays bound to its use, and what a mask leaves
//! out. Every refusal is the same on the author's node and on the other, which judges again.

use std::collections::BTreeSet;

use domain::act::{Act, ActRef, Author, ConsentKind, Deed, RecipientReport, Role};
use domain::admit::admit;
use domain::asset::{Money, Movement};
use domain::case::{Entry, Mask, fold, masked};
use domain::content::{self, FieldValue, Request};
use domain::decide::{Command, decide};
use domain::handling::Tlp;
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::instrument::Instrument;
use domain::judge;
use domain::procedure::Side;
use domain::refusal::{LinkBar, Refusal};
use domain::rehearsal::{self, Rehearsal};
use domain::safeguard;

use crate::matter::{Choices, Matter, shipped};
use crate::newtype::{A, B, acknowledgement, answer, words};

/// The central authority of the side that asks; it has no part in the police matter.
const CENTRAL: &str = "GB-UKCA";

#[test]
fn a_matter_is_continued_only_where_the_instrument_and_the_source_let_it() {
    /// `names_victim`: such a matter stands under a mark that lets nobody have a copy without the source's consent.
    fn check(names_victim: bool) {
        let mut police = police(names_victim);
        let case = police.case(A).unwrap();
        let next = |police: &Matter, code: &str| {
            let act = continuing(police, code, &case.id);
            let judged = |desk: usize| {
                let here = police.case(desk).unwrap();
                let earlier = Some((&here, police.entries[desk].as_slice()));
                judge::continues(police.instrument, earlier, &act).map_err(|why| why.code())
            };
            assert_eq!(
                judge::continues(police.instrument, None, &act),
                Err(Refusal::Link(LinkBar::Unknown)),
                "no such case"
            );
            (judged(A), judged(B))
        };
        let both = |what| (what, what);
        assert_eq!(next(&police, "MLA-EVD"), both(Err("unknown-earlier")), "an office without a tie learns no more");
        if names_victim {
            let refusal = police.refused(A, Role::Approver, forward(CENTRAL, &["victim"], &[]));
            assert_eq!(refusal, awaited(ConsentKind::OnwardTransfer, CENTRAL));
            consent(&mut police, ConsentKind::OnwardTransfer, CENTRAL, true);
        }
        police.say(A, Role::Approver, forward(CENTRAL, &[], &[]));
        assert_eq!(next(&police, "MLA-EVD"), both(Ok(())), "nothing of the other side's was received");
        assert_eq!(next(&police, "MLA-CONF"), both(Err("not-continued-as")));
        police.say(B, Role::Intake, acknowledgement());
        for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}, answer()] {
            police.say(B, Role::DecisionMaker, deed);
        }
        assert_eq!(next(&police, "MLA-EVD"), both(Err("consent-awaited")), "the answer was given for another use");
        let of_something_else = [
            (ConsentKind::NewUse, "GB-HO", true),
            (ConsentKind::OnwardTransfer, CENTRAL, true),
            (ConsentKind::NewUse, CENTRAL, false),
        ];
        for (kind, recipient, granted) in of_something_else {
            consent(&mut police, kind, recipient, granted);
            assert_eq!(next(&police, "MLA-EVD"), both(Err("consent-awaited")), "{kind:?} {recipient} {granted}");
        }
        consent(&mut police, ConsentKind::NewUse, CENTRAL, true);
        assert_eq!(next(&police, "MLA-EVD"), both(Ok(())));
    }
    check(false);
    check(true);
}

/// What is still on its way when the new request is signed ties nobody: the other side might not have it yet.
#[test]
fn a_forwarding_under_way_is_no_tie_yet() {
    let mut police = police(false);
    let case = police.case(A).unwrap();
    let command = police.worded(A, Role::Approver, forward(CENTRAL, &[], &[]));
    police.enter(A, command).unwrap();
    let act = continuing(&police, "MLA-EVD", &case.id);
    let here = police.case(A).unwrap();
    let judged = judge::continues(police.instrument, Some((&here, &police.entries[A])), &act);
    assert_eq!(judged, Err(Refusal::Link(LinkBar::Unknown)));
}

#[test]
fn a_case_is_forwarded_only_where_the_mark_and_the_source_let_it() {
    fn check(name: &str, mut matter: Matter, deed: Deed, consented: bool, want: Result<(), &str>) {
        if let (true, Deed::Forward { to, .. }) = (consented, &deed) {
            consent(&mut matter, ConsentKind::OnwardTransfer, to.as_str(), true);
        }
        let command = matter.worded(A, Role::Approver, deed.clone());
        // A tampered node signs what its officer wants; everything else of the act is right.
        let honest = matter.worded(A, Role::Approver, Deed::CiteNorm { norm: "N-d".to_owned(), words: words() });
        let (us, now) = (&matter.parties[A], matter.now);
        let mut forged = decide(matter.instrument, us, &matter.entries[A], honest, now).unwrap();
        (forged.deed, forged.gates) = (deed, command.gates.clone());
        let theirs = admit(matter.instrument, &matter.parties[B], &matter.entries[B], &forged, now);
        let ours = matter.enter(A, command);
        assert_eq!(ours.as_ref().map_err(Refusal::code), want.as_ref().map(|&()| &()).map_err(|code| *code), "{name}");
        assert_eq!(theirs.err(), ours.err(), "{name}: both sides judge alike");
    }
    let open = || police(false);
    check("to who may continue it", open(), forward(CENTRAL, &["observed"], &[]), false, Ok(()));
    check("to who may carry it out", open(), forward("GB-CPS", &[], &[]), false, Ok(()));
    check("with its title masked", open(), forward("GB-CPS", &["title", "purpose"], &[]), false, Ok(()));
    check("to nobody's office", open(), forward("GB-NONE", &[], &[]), false, Err("not-competent"));
    check("to the other side", open(), forward("CN-SPP", &[], &[]), false, Err("not-competent"));
    check("to an office not named", open(), forward("GB-IE", &[], &[]), false, Err("consent-awaited"));
    check("the same with consent", open(), forward("GB-IE", &[], &[]), true, Ok(()));
    check("what no such type holds", open(), forward("GB-CPS", &["nothing"], &[]), false, Err("incomplete"));
    check("the request itself", open(), forward("GB-CPS", &[], &[1]), false, Err("unknown-number"));
    check("an act nobody made", open(), forward("GB-CPS", &[], &[7]), false, Err("unknown-number"));
    let strict = || police(true);
    check("a victim is named", strict(), forward(CENTRAL, &[], &[]), false, Err("consent-awaited"));
    check("a masked victim is named", strict(), forward(CENTRAL, &["victim"], &[]), false, Err("consent-awaited"));
    check("the same with consent", strict(), forward(CENTRAL, &["victim"], &[]), true, Ok(()));
    let funds = || opened("FIU-REQ", |_| true);
    check("marked for one office", funds(), forward(CENTRAL, &[], &[]), false, Err("consent-awaited"));
    check("the same with consent", funds(), forward(CENTRAL, &[], &[]), true, Ok(()));
}

#[test]
fn a_mask_leaves_out_what_it_names_and_a_recall_reaches_behind_it() {
    let mut police = police(false);
    police.say(B, Role::Intake, acknowledgement());
    police.say(
        B,
        Role::DecisionMaker,
        Deed::Preserve { what: words(), until: "2026-12-01T00:00:00Z".parse().unwrap() },
    );
    police.say(B, Role::DecisionMaker, forward("CN-SPP", &["observed"], &[]));
    let case = police.case(B).unwrap();
    let sent = &case.care.forwards[0];
    assert_eq!((sent.by, sent.to.as_str()), (Side::Requested, "CN-SPP"));
    let seen = fold(police.instrument, &masked(&police.entries[B], &sent.mask)).unwrap();
    assert!(case.request.fields.contains_key("observed") && !seen.request.fields.contains_key("observed"));
    assert_eq!(seen.request.fields.len() + 1, case.request.fields.len(), "nothing else is left out");
    assert_eq!(
        (seen.stage(), seen.fingerprint()),
        (case.stage(), case.fingerprint()),
        "the copy stands where it stands"
    );
    let title = Mask { fields: ["title".to_owned()].into(), ..Default::default() };
    let seen = fold(police.instrument, &masked(&police.entries[B], &title)).unwrap();
    assert!(seen.request.title.is_erased() && !seen.request.purpose.is_erased());
    assert_eq!(seen.request.fields, case.request.fields);
    let whole = Mask { acts: [ActRef { by: police.parties[A].clone(), seq: 1 }].into(), ..sent.mask.clone() };
    let seen = fold(police.instrument, &masked(&police.entries[B], &whole)).unwrap();
    assert!(seen.request.title.is_erased() && seen.request.contact.is_empty());
    assert!(seen.gates.iter().filter(|(by, _)| *by == police.parties[A]).all(|(_, one)| one.reason.is_erased()));

    police.say(A, Role::Approver, Deed::Recall { seq: 1, reason: words() });
    let report = |recipients: &[&str]| Deed::ReportCompliance {
        number: 1,
        complied: true,
        words: words(),
        recipients: recipients
            .iter()
            .map(|name| RecipientReport { recipient: (*name).to_owned(), complied: true })
            .collect(),
    };
    let unnamed = police.refused(B, Role::DecisionMaker, report(&[]));
    assert_eq!(unnamed, Refusal::RecipientNotReached { recipient: "CN-SPP".to_owned() });
    police.say(B, Role::DecisionMaker, report(&["CN-SPP"]));
    // What was erased is erased in every copy, and who had one is still known.
    let left = domain::case::remains(police.instrument, &police.case(B).unwrap(), &police.entries[B]);
    let erased = fold(police.instrument, &masked(&left, &sent.mask)).unwrap();
    assert!(erased.request.title.is_erased() && erased.care.forwards[0].words.is_erased());
    assert_eq!(erased.care.recipients(Side::Requested), ["CN-SPP"]);
}

/// What is hidden in a list or an act stands nowhere else in the copy, and the copy stands where the case stands.
#[test]
fn no_other_act_names_what_a_mask_hides() {
    fn check(name: &str, matter: &Matter, mask: Mask, hidden: &[&str]) {
        let case = matter.case(B).unwrap();
        let entries = masked(&matter.entries[B], &mask);
        let seen = fold(matter.instrument, &entries).unwrap();
        assert_eq!((seen.fingerprint(), seen.steps.0.len()), (case.fingerprint(), case.steps.0.len()), "{name}");
        assert_eq!(seen.assets.properties().count(), case.assets.properties().count(), "{name}");
        let shown = format!("{entries:?} {seen:?}");
        assert!(hidden.iter().all(|words| !shown.contains(words)), "{name}: {shown}");
    }
    let named =
        |request: &Request| matches!(request.fields.get("locations"), Some(FieldValue::Items(list)) if list.len() > 1);
    let mut removal = opened("ICR", named);
    let case = removal.case(B).unwrap();
    let Some(FieldValue::Items(places)) = case.request.fields.get("locations") else { panic!("places are named") };
    removal.say(B, Role::Intake, acknowledgement());
    let record = |step: &str, item: Option<&String>| Deed::Record {
        step: step.to_owned(),
        note: words(),
        item: item.cloned(),
        until: None,
    };
    for deed in [
        Deed::BeginReview {},
        record("SCREENED", None),
        Deed::Accept { note: None },
        Deed::BeginExecution {},
        record("REFERRED", None),
    ] {
        removal.say(B, Role::DecisionMaker, deed);
    }
    removal.say(B, Role::DecisionMaker, record("REMOVED", places.first()));
    removal.say(B, Role::DecisionMaker, record("GONE", places.get(1)));
    let hidden: Vec<&str> = places.iter().map(String::as_str).collect();
    let last = removal.entries[B].last().unwrap().act.clone();
    let acts: BTreeSet<ActRef> = [ActRef { by: last.by, seq: last.seq }].into();
    let fields: BTreeSet<String> = ["locations".to_owned()].into();
    check("a list", &removal, Mask { fields: fields.clone(), ..Mask::default() }, &hidden);
    check("a step", &removal, Mask { acts: acts.clone(), ..Mask::default() }, &[]);
    check("both", &removal, Mask { fields, acts, ..Mask::default() }, &hidden);

    let restrained = shipped().request_type(&TypeCode::new("MLA-RSTR").unwrap()).unwrap();
    let mut restraint = opened("MLA-RSTR", |request| !safeguard::death_possible(request, restrained));
    restraint.say(B, Role::Intake, acknowledgement());
    for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}] {
        restraint.say(B, Role::DecisionMaker, deed);
    }
    let mut booked = Vec::new();
    for movement in [Movement::Restrain, Movement::Confiscate] {
        let (asset, amount) = ("account 4711".to_owned(), Money::new("1250.50", "GBP").unwrap());
        restraint.say(B, Role::DecisionMaker, Deed::BookAsset { asset, movement, amount, note: words() });
        let act = &restraint.entries[B].last().unwrap().act;
        booked.push(ActRef { by: act.by.clone(), seq: act.seq });
    }
    let first = Mask { acts: [booked.swap_remove(0)].into(), ..Mask::default() };
    check("a property", &restraint, first, &["account 4711"]);

    // A signature's digest would tell when a guess at the text was right.
    let mut sharing = opened("MLA-RTN", |_| true);
    sharing.say(B, Role::Intake, acknowledgement());
    let text = words();
    sharing.say(B, Role::DecisionMaker, Deed::ProposeText { text: text.clone(), note: None });
    let act = &sharing.entries[B].last().unwrap().act;
    let proposed = Mask { acts: [ActRef { by: act.by.clone(), seq: act.seq }].into(), ..Mask::default() };
    sharing.say(A, Role::Approver, Deed::SignText { version: 1, sha256: text.digest() });
    let digest = format!("{:?}", text.digest());
    assert!(format!("{:?}", sharing.entries[B]).contains(&digest), "the walk sees what there is to see");
    check("a text", &sharing, proposed, &[&digest]);
}

/// A police matter in the other side's hands, with its victim named or not.
fn police(names_victim: bool) -> Matter {
    opened("CY-INC", |request| {
        // Information only: an answer in full then owes no step.
        let asks = matches!(request.fields.get("ask"), Some(FieldValue::Choice(ask)) if ask == "information");
        let named = content::carriage::is_filled(request, "victim");
        let known = !safeguard::death_possible(request, shipped().request_type(&request.type_code).unwrap());
        known && asks && request.fields.contains_key("observed") && named == names_victim
    })
}

/// A case of a type whose request is as wanted, asked by the first desk with the freest mark it may bear, that reached the
/// other side.
fn opened(code: &str, wanted: impl Fn(&Request) -> bool) -> Matter {
    let code = TypeCode::new(code).unwrap();
    let fits = |matter: &Matter| match &matter.entries[A][0].act.deed {
        Deed::Submit { request } => wanted(request),
        _ => false,
    };
    let opened = |start| Matter::open_with(shipped(), &code, A, Choices::seeded(start));
    let mut matter = (0..1000).map(opened).find(fits).unwrap();
    assert!(matter.parties[A].as_str() == "GB" && matter.case(A).unwrap().request.mark >= Tlp::Amber);
    matter.settle();
    matter
}

/// The source is asked for consent and answers.
fn consent(matter: &mut Matter, kind: ConsentKind, recipient: &str, granted: bool) {
    matter.say(A, Role::Approver, Deed::SeekConsent { kind, recipient: recipient.to_owned(), what: words() });
    let number = u32::try_from(matter.case(B).unwrap().care.consents.len()).unwrap();
    matter.say(B, Role::DecisionMaker, Deed::GiveConsent { number, granted, words: words() });
}

fn awaited(kind: ConsentKind, recipient: &str) -> Refusal {
    Refusal::ConsentAwaited { kind, recipient: recipient.to_owned() }
}

fn forward(to: &str, fields: &[&str], acts: &[u64]) -> Deed {
    Deed::Forward {
        to: OfficeId::new(to).unwrap(),
        fields: fields.iter().map(|id| (*id).to_owned()).collect(),
        files: Vec::new(),
        acts: acts.iter().map(|seq| ActRef { by: domain::ids::PartyId::new("GB").unwrap(), seq: *seq }).collect(),
        reason: words(),
    }
}

/// A request of the central authority that continues the case, as its node would sign it.
fn continuing(matter: &Matter, code: &str, earlier: &CaseId) -> Act {
    let instrument: &Instrument = matter.instrument;
    let rule = instrument.request_type(&TypeCode::new(code).unwrap()).unwrap();
    let (office, to) = (OfficeId::new(CENTRAL).unwrap(), OfficeId::new("CN-MOJ").unwrap());
    let mut first = |_: usize| 0;
    let mut rehearsal = Rehearsal::new(instrument, &mut first);
    let mut request = rehearsal.request(rule, &office, &to, matter.now);
    request.continues = Some(earlier.clone());
    let deed = Deed::Submit { request: Box::new(request.clone()) };
    let gates = rehearsal.gates(rule, None, &request, &deed, &office, matter.now).unwrap();
    let case = CaseId::compose(&matter.parties[A], &rule.series, 2026, 1).unwrap();
    let author = Author::Officer(rehearsal::officer(&office, Role::Approver));
    let nothing: &[Entry] = &[];
    let command = Command { case, office, author, gates, deed };
    decide(instrument, &matter.parties[A], nothing, command, matter.now).unwrap()
}
