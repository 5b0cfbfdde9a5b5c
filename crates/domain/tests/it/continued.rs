//! A case taken further and handed on: who may continue what as what, what stays bound to its use, and what a mask leaves
//! out. Every refusal is the same on the author's node and on the other, which judges again.

use domain::act::{Act, ActRef, Author, ConsentKind, Deed, RecipientReport, Role};
use domain::admit::admit;
use domain::case::{Entry, fold, masked};
use domain::decide::{Command, decide};
use domain::handling::Tlp;
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::instrument::Instrument;
use domain::judge;
use domain::procedure::Side;
use domain::refusal::Refusal;
use domain::rehearsal::{self, Rehearsal};

use crate::matter::{Choices, Matter, shipped};
use crate::newtype::{A, B, acknowledgement, answer, words};

/// The central authority of the side that asks; it has no part in the police matter.
const CENTRAL: &str = "GB-UKCA";

#[test]
fn a_matter_is_continued_only_where_the_instrument_and_the_source_let_it() {
    let mut police = police();
    let case = police.case(A).unwrap();
    let next = |police: &Matter, code: &str| {
        let act = continuing(police, code, &case.id);
        let judged = |desk: usize| {
            let here = police.case(desk).unwrap();
            judge::continues(police.instrument, Some((&here, &police.entries[desk])), &act).map_err(|why| why.code())
        };
        assert_eq!(judge::continues(police.instrument, None, &act), Err(Refusal::UnknownEarlier), "no such case");
        (judged(A), judged(B))
    };
    let both = |what| (what, what);
    assert_eq!(next(&police, "MLA-EVD"), both(Err("unknown-earlier")), "an office without a tie learns no more");
    police.say(A, Role::Approver, forward(CENTRAL, &[], &[]));
    assert_eq!(next(&police, "MLA-EVD"), both(Ok(())), "nothing of the other side's was received");
    assert_eq!(next(&police, "MLA-CONF"), both(Err("not-continued-as")));
    police.say(B, Role::Intake, acknowledgement());
    for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}, answer()] {
        police.say(B, Role::DecisionMaker, deed);
    }
    assert_eq!(next(&police, "MLA-EVD"), both(Err("consent-awaited")), "the answer was given for another use");
    let asks = [(ConsentKind::NewUse, "GB-HO", true), (ConsentKind::OnwardTransfer, CENTRAL, true)];
    let asks = asks.into_iter().chain([(ConsentKind::NewUse, CENTRAL, false)]);
    for (number, (kind, recipient, granted)) in (1..).zip(asks) {
        police.say(A, Role::Approver, Deed::SeekConsent { kind, recipient: recipient.to_owned(), what: words() });
        police.say(B, Role::DecisionMaker, Deed::GiveConsent { number, granted, words: words() });
        assert_eq!(next(&police, "MLA-EVD"), both(Err("consent-awaited")), "consent {number} is of something else");
    }
    let seek = Deed::SeekConsent { kind: ConsentKind::NewUse, recipient: CENTRAL.to_owned(), what: words() };
    police.say(A, Role::Approver, seek);
    police.say(B, Role::DecisionMaker, Deed::GiveConsent { number: 4, granted: true, words: words() });
    assert_eq!(next(&police, "MLA-EVD"), both(Ok(())));
}

/// What is still on its way when the new request is signed ties nobody: the other side might not have it yet.
#[test]
fn a_forwarding_under_way_is_no_tie_yet() {
    let mut police = police();
    let case = police.case(A).unwrap();
    let command = police.worded(A, Role::Approver, forward(CENTRAL, &[], &[]));
    police.enter(A, command).unwrap();
    let act = continuing(&police, "MLA-EVD", &case.id);
    let here = police.case(A).unwrap();
    let judged = judge::continues(police.instrument, Some((&here, &police.entries[A])), &act);
    assert_eq!(judged, Err(Refusal::UnknownEarlier));
}

#[test]
fn a_case_is_forwarded_only_where_the_mark_and_the_source_let_it() {
    fn check(name: &str, code: &str, deed: Deed, consent: bool, want: Result<(), &str>) {
        let mut matter = opened(code);
        if let (true, Deed::Forward { to, .. }) = (consent, &deed) {
            let (kind, recipient) = (ConsentKind::OnwardTransfer, to.to_string());
            matter.say(A, Role::Approver, Deed::SeekConsent { kind, recipient, what: words() });
            matter.say(B, Role::DecisionMaker, Deed::GiveConsent { number: 1, granted: true, words: words() });
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
    check("to who may continue it", "CY-INC", forward(CENTRAL, &["victim"], &[]), false, Ok(()));
    check("to who may carry it out", "CY-INC", forward("GB-CPS", &[], &[]), false, Ok(()));
    check("to nobody's office", "CY-INC", forward("GB-NONE", &[], &[]), false, Err("not-competent"));
    check("to the other side", "CY-INC", forward("CN-SPP", &[], &[]), false, Err("not-competent"));
    check("to an office not named", "CY-INC", forward("GB-IE", &[], &[]), false, Err("consent-awaited"));
    check("the same with consent", "CY-INC", forward("GB-IE", &[], &[]), true, Ok(()));
    check("what no such type holds", "CY-INC", forward("GB-CPS", &["nothing"], &[]), false, Err("incomplete"));
    check("the request itself", "CY-INC", forward("GB-CPS", &[], &[1]), false, Err("unknown-number"));
    check("an act nobody made", "CY-INC", forward("GB-CPS", &[], &[7]), false, Err("unknown-number"));
    check("marked for one office", "FIU-REQ", forward(CENTRAL, &[], &[]), false, Err("consent-awaited"));
    check("the same with consent", "FIU-REQ", forward(CENTRAL, &[], &[]), true, Ok(()));
}

#[test]
fn a_mask_leaves_out_what_it_names_and_a_recall_reaches_behind_it() {
    let mut police = police();
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
    let whole =
        domain::case::Mask { acts: [ActRef { by: police.parties[A].clone(), seq: 1 }].into(), ..sent.mask.clone() };
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

/// A police matter in the other side's hands.
fn police() -> Matter {
    opened("CY-INC")
}

/// A case of a type, asked by the first desk with the type's usual mark, that reached the other side.
fn opened(code: &str) -> Matter {
    let code = TypeCode::new(code).unwrap();
    let with_all = |matter: &Matter| match &matter.entries[A][0].act.deed {
        Deed::Submit { request } => code.as_str() != "CY-INC" || request.fields.contains_key("observed"),
        _ => false,
    };
    let opened = |start| Matter::open_with(shipped(), &code, A, Choices::seeded(start));
    let mut matter = (0..100).map(opened).find(with_all).unwrap();
    assert!(matter.parties[A].as_str() == "GB" && matter.case(A).unwrap().request.mark >= Tlp::Amber);
    matter.settle();
    matter
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
