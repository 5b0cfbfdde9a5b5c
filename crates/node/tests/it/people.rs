//! Officers, sessions and tokens: who is let in, until when, and what stays on the disk.

use domain::act::Role;
use domain::handling::Tlp;
use domain::ids::{Hash32, OfficeId, OfficerId, TypeCode};
use jiff::SignedDuration;
use node::people::{Officer, SESSION_LASTS, TOKEN_LASTS};
use node::view::Viewer;
use node::{Env, Fault};
use store::{CaseFilter, Store};

use crate::house::{House, monday, submit, submit_filled, two_houses};

fn officer(house: &House) -> Officer {
    let office = house.node.instrument().offices_of(house.node.me()).next().expect("an office").id.clone();
    let lang = house.node.instrument().langs()[0].clone();
    let id = OfficerId::new("m.hale").expect("an id");
    Officer {
        id,
        name: "M. Hale".into(),
        office,
        roles: vec![Role::Drafter, Role::Approver],
        lang,
        second_track: false,
    }
}

fn put(house: &mut House, officer: &Officer) -> Result<(), Fault> {
    house.node.put_officer(&mut house.store, &mut Env { now: monday(), rng: &mut house.rng }, officer)
}

#[test]
fn officers_are_kept_or_refused() {
    let [mut house, other] = two_houses();
    let sound = officer(&house);
    let foreign: OfficeId = other.node.instrument().offices_of(other.node.me()).next().expect("an office").id.clone();
    let mut check = |officer: Officer, wanted: &str| {
        let put = put(&mut house, &officer);
        match wanted {
            "" => put.expect("it is kept"),
            part => assert!(put.as_ref().is_err_and(|why| why.to_string().contains(part)), "{put:?} lacks {part}"),
        }
    };
    check(sound.clone(), "");
    check(Officer { office: foreign, ..sound.clone() }, "none of");
    check(Officer { name: " ".into(), ..sound.clone() }, "plain text");
    check(Officer { name: "x\u{7}".into(), ..sound.clone() }, "plain text");
    check(Officer { name: "x".repeat(201), ..sound.clone() }, "plain text");
    check(Officer { roles: Vec::new(), ..sound.clone() }, "at least one role");
    let renamed = Officer { name: "M. Hale-Ward".into(), ..sound.clone() };
    check(renamed.clone(), "");
    let reader = house.store.reader().expect("a reader");
    assert_eq!(house.node.officers(&*reader).expect("officers"), vec![renamed]);
    let row = reader.local("officer", "m.hale").expect("reads").expect("a row");
    assert_eq!(row.version, 2);
    assert!(!row.bytes.windows(4).any(|part| part == b"Hale"), "names are sealed at rest");
    assert_eq!(sound.person(Role::Approver).map(|person| person.role), Some(Role::Approver));
    assert_eq!(sound.person(Role::Auditor), None);
}

#[test]
fn secrets_let_in_until_they_end() {
    let [mut house, _] = two_houses();
    let sound = officer(&house);
    put(&mut house, &sound).expect("it is kept");
    let House { node, store, rng, .. } = &mut house;
    let mut env = Env { now: monday(), rng };
    let nobody = OfficerId::new("nobody").expect("an id");
    node.open_session(store, &mut env, &nobody, SESSION_LASTS).expect_err("nobody gets no session");
    let session = node.open_session(store, &mut env, &sound.id, SESSION_LASTS).expect("a session");
    let token = node.issue_token(store, &mut env, &sound.id, "siem").expect("a token");
    assert_eq!((session.len(), token.len()), (64, 64));
    let second = SignedDuration::from_secs(1);
    let at = |lasts: SignedDuration| monday().saturating_add(lasts).expect("a time");
    let held = |store: &store::Memory, now, session: &str, token: &str| {
        let reader = store.reader().expect("a reader");
        let let_in = node.session(&*reader, session, now).expect("reads").is_some();
        (let_in, node.bearer(&*reader, token, now).expect("reads").is_some())
    };
    assert_eq!(held(store, monday(), &session, &token), (true, true));
    assert_eq!(held(store, monday(), &token, &session), (false, false), "each where it belongs");
    assert_eq!(held(store, at(SESSION_LASTS - second), &session, &token), (true, true));
    assert_eq!(held(store, at(SESSION_LASTS), &session, &token), (false, true));
    assert_eq!(held(store, at(TOKEN_LASTS), &session, &token), (false, false));

    let line = node.tokens(&*store.reader().expect("a reader")).expect("tokens").remove(0);
    assert_eq!((line.label.as_str(), &line.officer), ("siem", &sound.id));
    assert_ne!(line.id.to_string(), token, "the secret is not kept");
    node.revoke_token(store, &line.id).expect("revoked");
    node.close_session(store, &session).expect("closed");
    assert_eq!(held(store, monday(), &session, &token), (false, false));

    // A session that ended is swept out when the next begins.
    node.open_session(store, &mut env, &sound.id, SESSION_LASTS).expect("a session");
    env.now = at(SESSION_LASTS);
    node.open_session(store, &mut env, &sound.id, SESSION_LASTS).expect("a session");
    assert_eq!(store.reader().expect("a reader").local_list("session").expect("reads").len(), 1);
}

/// Whoever is removed is let in nowhere any more; others are.
#[test]
fn a_removed_officer_is_let_in_nowhere() {
    let [mut house, _] = two_houses();
    let gone = officer(&house);
    let stays = Officer { id: OfficerId::new("other").expect("an id"), ..gone.clone() };
    put(&mut house, &gone).expect("kept");
    put(&mut house, &stays).expect("kept");
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let node = &house.node;
    let session = node.open_session(&mut house.store, &mut env, &gone.id, SESSION_LASTS).expect("a session");
    let token = node.issue_token(&mut house.store, &mut env, &gone.id, "siem").expect("a token");
    let others = node.issue_token(&mut house.store, &mut env, &stays.id, "siem").expect("a token");
    assert!(node.remove_officer(&mut house.store, &gone.id).expect("the store works"));
    assert!(!node.remove_officer(&mut house.store, &gone.id).expect("the store works"), "there is none any more");
    // Also when somebody of the same id comes later.
    node.put_officer(&mut house.store, &mut env, &gone).expect("kept");
    let reader = house.store.reader().expect("a reader");
    assert_eq!(node.session(&*reader, &session, monday()).expect("reads"), None);
    assert_eq!(node.bearer(&*reader, &token, monday()).expect("reads"), None);
    assert_eq!(node.bearer(&*reader, &others, monday()).expect("reads"), Some(stays));
    assert_eq!(node.tokens(&*reader).expect("reads").len(), 1);
}

/// A card goes by 128 bits, however they are written down, and by no part of them.
#[test]
fn a_card_is_called_by_its_whole_fingerprint() {
    let [house, other] = two_houses();
    let card = house.node.card("127.0.0.1:1", Hash32([0; 32])).expect("a card");
    let called = card.fingerprint();
    assert_eq!(called.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
    for (heard, wanted) in [
        (called.clone(), true),
        (called.replace(' ', "").to_uppercase(), true),
        (called.replace(' ', "-"), true),
        (called[..19].to_owned(), false),
        (format!("{called} 0000"), false),
        (String::new(), false),
        (other.node.card("127.0.0.1:1", Hash32([0; 32])).expect("a card").fingerprint(), false),
    ] {
        assert_eq!(card.is_called(&heard), wanted, "{heard}");
    }
}

/// People of the second track see what is marked free, and of all else not that it exists: in no list, count, search or
/// page.
#[test]
fn the_second_track_sees_only_what_is_free() {
    let [mut house, _] = two_houses();
    let instrument = house.node.instrument().clone();
    let rule = instrument.request_type(&TypeCode::new("XPR").expect("a type")).expect("it is there");
    let free = submit_filled(&mut house, rule, monday(), |request| request.mark = Tlp::Clear).expect("submitted");
    let closer = submit_filled(&mut house, rule, monday(), |request| request.mark = Tlp::Green).expect("submitted");
    let secret = submit(&mut house, "FUG", monday());
    let reader = house.store.reader().expect("a reader");
    let held = |case: &domain::ids::CaseId| reader.case(case).expect("reads").expect("a case").our_office;
    assert_eq!(held(&free), held(&closer));

    let check = |second_track: bool, wanted: &[&domain::ids::CaseId]| {
        let officer = Officer { office: held(&free), second_track, ..officer(&house) };
        let viewer = Viewer::of(&officer);
        let filter = CaseFilter::default();
        let (lines, _) = house.node.case_lines(&*reader, monday(), &viewer, &filter).expect("lines");
        let mut seen: Vec<_> = lines.iter().map(|line| &line.case).collect();
        seen.sort();
        let mut all = wanted.to_vec();
        all.sort();
        assert_eq!(seen, all, "in a list");
        for case in [&free, &closer, &secret] {
            let file = house.node.case_file(&*reader, monday(), &viewer, case).expect("reads");
            assert_eq!(file.is_some(), wanted.contains(&case), "{case} opened");
            let terms = vec![case.to_string().to_lowercase()];
            let asked = CaseFilter { terms, ..CaseFilter::default() };
            let (found, _) = house.node.case_lines(&*reader, monday(), &viewer, &asked).expect("lines");
            assert!(found.iter().all(|line| wanted.contains(&&line.case)), "{case} searched for");
        }
        let desk = house.node.desk(&*reader, monday(), &viewer).expect("a desk");
        let own = wanted.iter().filter(|case| held(case) == viewer.office).count();
        let waiting = lines.iter().filter(|line| line.our_office == viewer.office).count();
        assert_eq!((desk.lines.len(), waiting), (own, own), "on the desk");
        let counted = desk.tiles.waiting_us + desk.tiles.waiting_them;
        let moving = desk
            .lines
            .iter()
            .filter(|line| matches!(line.turn, node::view::Turn::Ours { .. } | node::view::Turn::Theirs(_)));
        assert_eq!(usize::try_from(counted).expect("few"), moving.count(), "counted");
    };
    check(true, &[&free]);
    check(false, &[&free, &closer, &secret]);
}
