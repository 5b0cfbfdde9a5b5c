//! One house under two instruments with three peers, and three Parties under one: each case runs under what its two Parties
//! signed, stays between them, and counts where it belongs.

use std::path::Path;
use std::sync::Arc;

use domain::account::{Period, Value};
use domain::act::{ActKind, Deed, Role};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId, TypeCode};
use domain::instrument::{Instrument, SourceFile};
use jiff::Timestamp;
use ledger::receipt::{self, Verdict};
use node::view::FactBook;
use node::{Card, Env, Keys, Node};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::{CaseFilter, Memory, MemoryChunks, Store as _};

use crate::house::{House, answer, carry_all, does, fill, monday, person};

/// The example of three invented states, altered.
fn example(alter: impl Fn(String) -> String) -> Arc<Instrument> {
    let loaded = Instrument::load(&files(alter));
    Arc::new(loaded.instrument.unwrap_or_else(|| panic!("not sound: {:#?}", loaded.findings)))
}

/// Its files, altered.
fn files(alter: impl Fn(String) -> String) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../instruments/example-strait");
    let mut files = Vec::new();
    for folder in ["", "types", "calendars"] {
        let listing = std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        for path in listing.filter(|path| path.extension().is_some_and(|kind| kind == "toml")) {
            let name = Path::new(folder).join(path.file_name().unwrap()).to_string_lossy().into_owned();
            files.push(SourceFile { name, text: alter(std::fs::read_to_string(path).unwrap()) });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// XA, XB and XC.
fn strait() -> Arc<Instrument> {
    example(|text| text)
}

/// Another between XA, XB and XD, which XB has not given its card for; one office of XA stands in it alone.
fn coast() -> Arc<Instrument> {
    example(|text| {
        text.replace("\"example-strait\"", "\"example-coast\"").replace("XC", "XD").replace("XA-PECHE", "XA-COTE")
    })
}

fn party(code: &str) -> PartyId {
    PartyId::new(code).unwrap()
}

fn keys(code: &str, instrument: &Instrument) -> Keys {
    Keys::from_seed(&[code.as_bytes()[1]; 32], instrument, &party(code))
}

fn card(code: &str, instrument: &Arc<Instrument>) -> Card {
    let node = Node::new(party(code), instrument.clone(), keys(code, instrument), Vec::new()).unwrap();
    node.card("127.0.0.1:1", Hash32([0; 32])).unwrap()
}

fn house(code: &str, node: Node) -> House {
    let seed = [code.as_bytes()[1]; 32];
    let rng = ChaCha20Rng::from_seed(seed);
    House { node, store: Memory::new(), chunks: MemoryChunks::new(), seed, rng }
}

/// A house under one instrument with the cards of these.
fn under(code: &str, instrument: &Arc<Instrument>, peers: &[&str]) -> House {
    let cards = peers.iter().map(|peer| card(peer, instrument)).collect();
    house(code, Node::new(party(code), instrument.clone(), keys(code, instrument), cards).unwrap())
}

/// XA's house, under both.
fn of_both() -> House {
    let first = under("XA", &strait(), &["XB", "XC"]);
    house("XA", first.node.with_further(coast(), vec![card("XD", &coast())]).unwrap())
}

/// A request about a vessel from one house to an office of another's.
fn ask(from: &mut House, to: &str, now: Timestamp) -> CaseId {
    let to = OfficeId::new(to).unwrap();
    let instrument = from.node.instrument_with(&to.party()).clone();
    let rule = instrument.request_type(&TypeCode::new("NAV-INF").unwrap()).unwrap();
    let office = rule.may_send.iter().find(|office| office.party() == *from.node.me()).unwrap();
    let mut env = Env { now, rng: &mut from.rng };
    let (store, drafter) = (&mut from.store, person("d.rafter", Role::Drafter));
    let mut draft = from.node.new_draft(store, &mut env, office, &rule.code, &to, drafter).unwrap();
    fill(&from.node, rule, &mut draft.request);
    let draft = from.node.save_draft(store, &mut env, &draft).unwrap();
    for gate in rule.gates_of(ActKind::Submit, None, draft.request.sensitivity()) {
        let answer = answer(&from.node, gate, office, now);
        from.node.answer_draft_gate(store, &mut env, &draft.id, answer).unwrap();
    }
    from.node.submit_draft(store, &mut env, &draft.id, person("a.pprover", Role::Approver)).unwrap().case
}

fn acknowledged() -> Deed {
    let officer = person("i.ntake", Role::Intake);
    Deed::Acknowledge { reference: "R-1".to_owned(), officer, contact: "desk".to_owned() }
}

/// What a house makes of a case: the instrument it runs under, and its fingerprint.
fn seen(house: &House, case: &CaseId) -> Option<(Hash32, String)> {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap()?;
    Some((dossier.case.instrument, dossier.case.fingerprint().to_string()))
}

#[test]
fn each_case_runs_under_what_its_two_parties_signed_and_stays_between_them() {
    let (strait, coast) = (strait(), coast());
    let mut a = of_both();
    let mut b = under("XB", &strait, &["XA", "XC"]);
    let mut c = under("XC", &strait, &["XA", "XB"]);
    let mut d = under("XD", &coast, &["XA"]);
    let now = monday();
    let cases = [
        (ask(&mut a, "XB-PUERTOS", now), &strait),
        (ask(&mut a, "XC-PORT", now), &strait),
        (ask(&mut a, "XD-PORT", now), &coast),
    ];
    let between_others = ask(&mut b, "XC-PORT", now);
    for other in [&mut b, &mut c, &mut d] {
        carry_all(&mut a, other, now);
    }
    carry_all(&mut b, &mut c, now);
    for (other, (case, _)) in [&mut b, &mut c, &mut d].into_iter().zip(&cases) {
        does(other, case, now, person("i.ntake", Role::Intake), acknowledged());
        carry_all(other, &mut a, now);
    }
    for (others, (case, instrument)) in [(&b, [&c, &d]), (&c, [&b, &d]), (&d, [&b, &c])].into_iter().zip(&cases) {
        let (with, strangers) = others;
        let ours = seen(&a, case).unwrap();
        assert_eq!(ours.0, instrument.hash(), "{case}");
        assert_eq!(Some(ours), seen(with, case), "{case}: both see the same");
        assert!(strangers.iter().all(|stranger| seen(stranger, case).is_none()), "{case} is between two");
    }
    assert!(seen(&a, &between_others).is_none(), "what two Parties have between them the third does not see");
    assert_eq!(seen(&b, &between_others), seen(&c, &between_others));

    // Types of the same code count under the instrument they were opened under, and with one peer as that peer counts.
    let raised = |house: &House, instrument: &Instrument, with: Option<&str>| {
        let mut book = FactBook::default();
        book.refresh(&house.node, &*house.store.reader().unwrap()).unwrap();
        let book = with.map(|peer| book.with(&party(peer))).unwrap_or(book);
        let period = Period { from: Timestamp::MIN, until: Timestamp::MAX, exercise: false };
        let account = book.account(instrument, period);
        let clause = account.clause("DT-3").unwrap();
        let number = clause.figures[0].by_direction[&party("XA")].clone();
        (number, node::view::account_hash(&account).unwrap())
    };
    assert_eq!(raised(&a, &strait, None).0, Value::Number(2));
    assert_eq!(raised(&a, &coast, None).0, Value::Number(1));
    assert_eq!(
        raised(&a, &strait, Some("XB")),
        raised(&b, &strait, Some("XA")),
        "the account of two is the same at both"
    );
    assert_ne!(
        raised(&a, &strait, None).1,
        raised(&b, &strait, None).1,
        "and each of them has cases the other has not"
    );

    let waiting = a.store.reader().unwrap();
    let filter = CaseFilter { turn_of_others: Some(party("XA")), ..CaseFilter::default() };
    assert_eq!(waiting.case_count(&filter).unwrap(), 3);
}

#[test]
fn an_act_under_an_instrument_its_sender_has_not_signed_with_us_falls() {
    let coast = coast();
    let mut a = of_both();
    // XB is a Party to the other text and runs it, with its true keys; its card for XA signs the strait's alone.
    let mut rogue = under("XB", &coast, &["XA"]);
    let case = ask(&mut rogue, "XA-MER", monday());
    let parcels = rogue.node.parcels(&*rogue.store.reader().unwrap(), &party("XA"), monday()).unwrap();
    let bytes: Vec<Vec<u8>> = parcels.iter().map(|parcel| parcel.bytes.clone()).collect();
    assert_eq!(bytes.len(), 1);
    let mut env = Env { now: monday(), rng: &mut a.rng };
    let given = a.node.receive(&mut a.store, &mut env, &a.chunks, &party("XB"), &bytes).unwrap();
    let key = a.node.card("x:1", Hash32([0; 32])).unwrap().envelope_key;
    let given = receipt::open(&given, &[key]).unwrap();
    let verdicts: Vec<&Verdict> = given.entries.iter().map(|line| &line.verdict).collect();
    assert!(matches!(verdicts[..], [Verdict::Refused { code }] if code == "wrong-instrument"), "{verdicts:?}");
    assert!(seen(&a, &case).is_none());
}

#[test]
fn a_card_names_the_offices_of_its_instrument_and_no_other() {
    let a = of_both();
    let offices = |id: &str| -> Vec<String> {
        let mut lineages = a.node.instruments().lineages();
        let lineage = lineages.find(|lineage| lineage.founding().instrument.id() == id).unwrap();
        let card = a.node.card_under(lineage, "x:1", Hash32([0; 32])).unwrap();
        card.offices.keys().map(ToString::to_string).collect()
    };
    assert_eq!(offices("example-strait"), ["XA-AE", "XA-MER", "XA-PECHE"]);
    assert_eq!(offices("example-coast"), ["XA-AE", "XA-COTE", "XA-MER"]);
}

#[test]
fn a_further_instrument_must_be_another_with_others() {
    fn check(why: &str, further: &Arc<Instrument>, cards: Vec<Card>, wanted: &str) {
        let node = under("XA", &strait(), &["XB", "XC"]).node;
        let said = node.with_further(further.clone(), cards).err().map(|fault| fault.to_string()).unwrap_or_default();
        assert!(said.contains(wanted), "{why}: {said}");
    }
    check("the same twice", &strait(), Vec::new(), "already");
    check("a peer we have", &coast(), vec![card("XB", &coast())], "another instrument");
    check("a card of the other", &coast(), vec![card("XC", &strait())], "must sign the same files");
    let without_us = example(|text| text.replace("\"example-strait\"", "\"x\"").replace("XA", "XE"));
    check("none of ours", &without_us, Vec::new(), "no Party");
}

/// An amendment is signed in a case, and a case is between two: with a third Party the text would bind it unsigned.
#[test]
fn among_three_nothing_amends_with_two_signatures() {
    let field = |id: &str, kind: &str| {
        format!(
            "\n[[types.COM-DET.fields]]\nid = \"{id}\"\n{kind}\nlabel = {{ fr = \"x\", es = \"x\" }}\nhelp = {{ fr = \"x\", es = \"x\" }}\n"
        )
    };
    let fields = field("h", "kind = \"line\"\nform = \"hash\"") + &field("f", "kind = \"date\"");
    let amends = "meeting = { dates = \"dates\", held = \"HELD\", level = 2 }";
    let loaded = Instrument::load(&files(|text| {
        let with = text.replace(amends, &format!("{amends}\namends = {{ hash = \"h\", from = \"f\" }}"));
        if with == text { text } else { with + &fields }
    }));
    let errors: Vec<&str> =
        loaded.findings.iter().map(|finding| finding.code).filter(|code| *code != "provisional-year").collect();
    assert_eq!(errors, ["amends-without-all"], "{:#?}", loaded.findings);
    assert!(loaded.instrument.is_none());
}
