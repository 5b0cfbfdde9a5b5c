//! What a matter may not carry is refused on both nodes: by the sender's own, and by the receiver's where the sender's was
//! tampered with. Abuse material by hash only; no persons in an exchange of expertise; names under their mark.

use domain::act::{Act, Author, Deed, Role};
use domain::admit::admit;
use domain::case::Entry;
use domain::content::{Attachment, Bar, FieldValue, Request};
use domain::decide::{Command, decide};
use domain::handling::Tlp;
use domain::ids::{Hash32, PartyId, TypeCode};
use domain::refusal::Refusal;
use domain::rehearsal;
use domain::text::{Lang, Prose};
use jiff::Timestamp;

use crate::matter::{Choices, shipped, submission};

/// Makes of a sound request one that may not stand.
type Alter = fn(&mut Request);

fn words(text: &str) -> Prose {
    let lang = |code| Lang::new(code).unwrap();
    Prose::new(lang("en"), text).with(lang("zh"), text)
}

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn parties() -> [PartyId; 2] {
    ["GB", "CN"].map(|party| PartyId::new(party).unwrap())
}

fn file(media_type: &str) -> Attachment {
    Attachment {
        name: "a file".to_owned(),
        media_type: media_type.to_owned(),
        bytes: 1,
        sha256: Hash32([0; 32]),
        root: Hash32([1; 32]),
        sealed_bytes: 17,
        chunk_bytes: 1 << 20,
        key: vec![0; 39],
    }
}

/// A sound submission of a type, altered first by what the row is about.
fn command(code: &str, basis: Alter) -> Command {
    let rule = shipped().request_type(&TypeCode::new(code).unwrap()).unwrap();
    let mut choices = Choices::seeded(1);
    let mut command = submission(shipped(), rule, &parties(), now(), &mut |n| choices.pick(n));
    let Deed::Submit { request } = &mut command.deed else { panic!("an opening submits") };
    basis(request);
    command
}

fn abuse(request: &mut Request) {
    request.fields.insert("category".to_owned(), FieldValue::Choice("cse-hash".to_owned()));
    request.fields.insert("hashes".to_owned(), FieldValue::Items(vec!["0f".repeat(32)]));
    request.fields.remove("locations");
}

/// An incident of which nobody is named.
fn unnamed(request: &mut Request) {
    request.fields.remove("victim");
    request.mark = Tlp::Green;
}

fn nothing(_: &mut Request) {}

#[test]
fn what_a_type_bars_is_barred_on_both_nodes() {
    fn check(name: &str, code: &str, basis: Alter, alter: Alter, want: &Refusal) {
        let [us, them] = parties();
        let honest = decide(shipped(), &us, &[], command(code, basis), now());
        let honest = honest.unwrap_or_else(|why| panic!("{name}: sound but for this, not {why:?}"));
        admit(shipped(), &them, &[], &honest, now()).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let mut wrong = command(code, basis);
        if let Deed::Submit { request } = &mut wrong.deed {
            alter(request);
        }
        let forged = Act { deed: wrong.deed.clone(), ..honest };
        assert_eq!(decide(shipped(), &us, &[], wrong, now()).as_ref(), Err(want), "{name}: our own node");
        assert_eq!(admit(shipped(), &them, &[], &forged, now()).map(drop).as_ref(), Err(want), "{name}: the receiver");
    }
    let no = |place: &str, bar| Refusal::NotCarried { place: place.to_owned(), bar };
    check("a file", "ICR", abuse, |r| r.attachments.push(file("image/png")), &no("attachments", Bar::File));
    check("a paper", "ICR", abuse, |r| r.attachments.push(file("application/pdf")), &no("attachments", Bar::File));
    let located: Alter = |r| {
        r.fields.insert("locations".to_owned(), FieldValue::Items(vec!["a place".to_owned()]));
    };
    check("where it lies", "ICR", abuse, located, &no("locations", Bar::Field));
    check("an address in words", "ICR", abuse, |r| r.title = words("see www.host.example"), &no("title", Bar::Address));
    let inline: Alter = |r| {
        r.fields.insert("unlawful_both".to_owned(), FieldValue::Prose(words(&"iVBORw0KGgo".repeat(30))));
    };
    check("a picture in words", "ICR", abuse, inline, &no("unlawful_both", Bar::Bytes));
    let thumbnail: Alter = |r| {
        r.fields.insert("hashes".to_owned(), FieldValue::Items(vec!["0f".repeat(100)]));
    };
    check("a picture for a hash", "ICR", abuse, thumbnail, &no("hashes", Bar::NotHash));
    let emptied: Alter = |r| drop(r.fields.remove("hashes"));
    let missing = domain::content::Missing { field: "hashes".to_owned(), what: domain::content::Lack::Empty };
    check("no hash at all", "ICR", abuse, emptied, &Refusal::Incomplete { missing: vec![missing] });

    check("persons", "XPR", nothing, |r| r.personal_data = true, &no("personal_data", Bar::Personal));
    let photo: Alter = |r| r.attachments.push(file("image/jpeg"));
    check("pictures", "XPR", nothing, photo, &no("attachments", Bar::FileKind));

    let named: Alter = |r| {
        r.fields.insert("victim".to_owned(), FieldValue::Prose(words("Somebody's firm")));
        r.personal_data = true;
    };
    check("a victim named too freely", "CY-INC", unnamed, named, &Refusal::MarkTooWeak);
    let denied: Alter = |r| {
        r.fields.insert("victim".to_owned(), FieldValue::Prose(words("Somebody's firm")));
        (r.mark, r.personal_data) = (Tlp::AmberStrict, false);
    };
    check("a victim denied", "CY-INC", unnamed, denied, &no("victim", Bar::Undeclared));
    check("evidence too freely", "MLA-EVD", nothing, |r| r.mark = Tlp::Amber, &Refusal::MarkTooWeak);
}

/// A paper passes where papers may, and everything where nothing is said.
#[test]
fn what_is_not_barred_passes() {
    fn check(name: &str, code: &str, basis: Alter) {
        let done = decide(shipped(), &parties()[0], &[], command(code, basis), now());
        assert!(done.is_ok(), "{name}: {done:?}");
    }
    check("a paper in an exchange", "XPR", |r| r.attachments.push(file("Application/PDF")));
    check("a picture of what incites", "ICR", |r| {
        r.fields.insert("category".to_owned(), FieldValue::Choice("incite".to_owned()));
        r.attachments.push(file("image/png"));
        r.title = words("see https://host.example");
    });
    check("a victim under its mark", "CY-INC", |r| {
        r.fields.insert("victim".to_owned(), FieldValue::Prose(words("Somebody's firm")));
        (r.mark, r.personal_data) = (Tlp::AmberStrict, true);
    });
}

/// The limit holds for the whole matter: nothing said or sent later slips past it.
#[test]
fn what_is_barred_stays_barred_in_the_matter() {
    fn check(name: &str, deed: &Deed, want: Refusal) {
        let [us, them] = parties();
        let opened = decide(shipped(), &us, &[], command("ICR", abuse), now()).unwrap();
        let (office, seq) = (opened.office.clone(), 2);
        let entries = [Entry { act: opened.clone(), received_at: Some(now()) }];
        let author = Author::Officer(rehearsal::officer(&office, Role::Approver));
        let gates = Vec::new();
        let command = Command { case: opened.case.clone(), office, author: author.clone(), gates, deed: deed.clone() };
        assert_eq!(decide(shipped(), &us, &entries, command, now()).map(drop), Err(want.clone()), "{name}: our own");
        let forged = Act { seq, author, gates: Vec::new(), deed: deed.clone(), ..opened };
        assert_eq!(admit(shipped(), &them, &entries, &forged, now()).map(drop), Err(want), "{name}: the receiver");
    }
    let no = |bar| Refusal::NotCarried { place: "text".to_owned(), bar };
    check(
        "withdrawn with an address",
        &Deed::Withdraw { reason: words("it is gone from http://host.example") },
        no(Bar::Address),
    );
    check("said in bytes", &Deed::Withdraw { reason: words(&"AAAAGGZ0eXA".repeat(10)) }, no(Bar::Bytes));
    let means = "see data:image/png".to_owned();
    check("noted of a call", &Deed::LogContact { level: 1, means, words: words("spoke") }, no(Bar::Address));
}
