//! Two houses under the shipped instrument, on memory stores: what the tests of this binary stand in.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use domain::act::{Author, Deed, Person, Role, Urgency};
use domain::asset::Money;
use domain::content::{FieldValue, IdentityDocument, NaturalPerson, PartialDate, Penalty, Place, Request, Sex};
use domain::decide::Command;
use domain::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId, TypeCode};
use domain::instrument::{Field, FieldKind, Form, Instrument, RequestType, SourceFile};
use domain::local::Policy;
use domain::safeguard::{self, Finding, Gate, GateAnswer};
use domain::text::{Lang, Prose};
use jiff::Timestamp;
use node::{Card, Done, Env, Failure, Keys, Node};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::{Memory, MemoryChunks, Store};

/// One Party's house.
pub struct House {
    pub node: Node,
    pub store: Memory,
    pub chunks: MemoryChunks,
    pub seed: [u8; 32],
    pub rng: ChaCha20Rng,
}

impl House {
    /// The same house keeping to a policy of the repository, with its text altered.
    pub fn under(self, policy: &str, alter: fn(String) -> String) -> Self {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(policy)).unwrap();
        let file = SourceFile { name: policy.to_owned(), text: alter(text) };
        let loaded = Policy::load(&file, self.node.instrument());
        let policy = loaded.policy.unwrap_or_else(|| panic!("{:#?}", loaded.findings));
        Self { node: self.node.with_policy(policy).unwrap(), ..self }
    }
}

/// The shipped instrument with its calendars.
pub fn instrument() -> Arc<Instrument> {
    instrument_with(|_| {})
}

/// The shipped instrument with its texts altered.
pub fn instrument_with(alter: impl Fn(&mut SourceFile)) -> Arc<Instrument> {
    let mut files = instrument_files();
    files.iter_mut().for_each(alter);
    let loaded = Instrument::load(&files);
    Arc::new(loaded.instrument.unwrap_or_else(|| panic!("not sound: {:#?}", loaded.findings)))
}

/// The files of the shipped instrument with its calendars.
pub fn instrument_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    let mut read = |folder: &str, prefix: &str| {
        let mut found: Vec<_> =
            std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        for path in found.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "toml")) {
            let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
            files.push(SourceFile { name, text: std::fs::read_to_string(path).unwrap() });
        }
    };
    read("instruments/china-uk-2016", "");
    read("instruments/china-uk-2016/types", "types/");
    read("calendars", "calendars/");
    files
}

/// Two houses that know each other's cards; the Party of lower order first.
pub fn two_houses() -> [House; 2] {
    two_houses_under(&instrument())
}

/// The same under another instrument.
pub fn two_houses_under(instrument: &Arc<Instrument>) -> [House; 2] {
    let mut parties: Vec<_> = instrument.parties().values().collect();
    parties.sort_by_key(|party| party.order);
    let ids: Vec<PartyId> = parties.iter().map(|party| party.id.clone()).collect();
    let seeds = [[1u8; 32], [2u8; 32]];
    let card = |at: usize| -> Card {
        let keys = Keys::from_seed(&seeds[at], instrument, &ids[at]);
        let node = Node::new(ids[at].clone(), instrument.clone(), keys, Vec::new()).unwrap();
        node.card("127.0.0.1:1", Hash32([0; 32])).unwrap()
    };
    let house = |at: usize| {
        let keys = Keys::from_seed(&seeds[at], instrument, &ids[at]);
        let peer = card(1 - at);
        House {
            node: Node::new(ids[at].clone(), instrument.clone(), keys, vec![peer]).unwrap(),
            store: Memory::new(),
            chunks: MemoryChunks::new(),
            seed: seeds[at],
            rng: ChaCha20Rng::from_seed([at as u8; 32]),
        }
    };
    [house(0), house(1)]
}

/// A moment on a working day of both calendars.
pub fn monday() -> Timestamp {
    "2026-11-23T08:40:00Z".parse().unwrap()
}

/// An invented officer.
pub fn person(id: &str, role: Role) -> Person {
    Person { id: OfficerId::new(id).unwrap(), name: id.to_owned(), role }
}

/// Words in every language of the instrument.
pub fn words(node: &Node, text: &str) -> Prose {
    let langs: &[Lang] = node.instrument().langs();
    Prose {
        original: langs[0].clone(),
        texts: langs.iter().map(|lang| (lang.clone(), format!("{text} ({lang})"))).collect(),
    }
}

/// Fills a request of any type completely.
pub fn fill(node: &Node, rule: &RequestType, request: &mut Request) {
    request.title = words(node, "An invented matter");
    request.legal_basis = words(node, "An invented basis");
    request.purpose = words(node, "The invented purpose");
    request.urgency = Urgency::U3;
    request.urgency_reason = None;
    request.contact = "desk@example.invalid".to_owned();
    request.fields = rule.fields.iter().map(|field| (field.id.clone(), value_of(node, field))).collect();
    request.personal_data &= rule.limits.iter().all(|limit| limit.when.is_some() || limit.personal);
    request.mark = rule.default_mark.max(rule.mark_for(request));
}

fn value_of(node: &Node, field: &Field) -> FieldValue {
    let hash = || "0f".repeat(32);
    match (field.form, &field.kind) {
        (Form::Hash, FieldKind::Items) => FieldValue::Items(vec![hash()]),
        (Form::Hash, _) => FieldValue::Line(hash()),
        (Form::Free, kind) => value(node, kind),
    }
}

fn value(node: &Node, kind: &FieldKind) -> FieldValue {
    match kind {
        FieldKind::Prose => FieldValue::Prose(words(node, "Invented")),
        FieldKind::Choice { options } => FieldValue::Choice(options[0].0.clone()),
        FieldKind::Date => FieldValue::Date(jiff::civil::date(2026, 11, 2)),
        FieldKind::Interval => FieldValue::Interval { from: monday(), to: monday() },
        FieldKind::YesNo => FieldValue::YesNo(true),
        FieldKind::Penalty => FieldValue::Penalty(Penalty::YearsMax(5)),
        FieldKind::Indicators => FieldValue::Indicators("{}".to_owned()),
        FieldKind::Line => FieldValue::Line("invented".to_owned()),
        FieldKind::Person => FieldValue::Person(Box::new(someone())),
        FieldKind::Office => FieldValue::Office(node.instrument().offices().keys().next().unwrap().clone()),
        FieldKind::Place => FieldValue::Place(Place { words: "an invented place".to_owned(), position: None }),
        FieldKind::Money => FieldValue::Money(Money::new("10.50", "GBP").unwrap()),
        FieldKind::Items => FieldValue::Items(vec!["one".to_owned(), "two".to_owned()]),
        FieldKind::Parallel => FieldValue::Parallel(words(node, "Invented text")),
    }
}

/// An invented natural person.
pub fn someone() -> NaturalPerson {
    let document = IdentityDocument { kind: "passport".into(), number: "X 123-456".into(), issuer: "invented".into() };
    NaturalPerson {
        names: vec!["Zhang Wei".to_owned(), "张伟".to_owned()],
        born: PartialDate { year: Some(1984), month: None, day: None },
        birthplace: String::new(),
        sex: Sex::Unstated,
        nationalities: Vec::new(),
        documents: vec![document],
    }
}

/// A right answer to a gate that the record does not contradict.
pub fn answer(node: &Node, gate: Gate, office: &OfficeId, at: Timestamp) -> GateAnswer {
    GateAnswer {
        gate,
        finding: if gate == Gate::DeathPenalty { Finding::NotEngaged } else { Finding::Satisfied },
        reason: words(node, "Considered in this matter"),
        by: person("l.reviewer", safeguard::answerers(gate).first().copied().unwrap_or(Role::LegalReviewer)),
        office: office.clone(),
        at,
    }
}

/// Drafts, answers and signs a request of `code` at the first house; answers its reference.
pub fn submit(house: &mut House, code: &str, now: Timestamp) -> CaseId {
    let instrument = house.node.instrument().clone();
    let code = TypeCode::new(code).unwrap();
    let rule = instrument.request_type(&code).unwrap();
    submit_filled(house, rule, now, |_| {}).unwrap()
}

/// The same for a type's rule, with a last word on the request; refused as the node refuses.
pub fn submit_filled(
    house: &mut House,
    rule: &RequestType,
    now: Timestamp,
    alter: impl FnOnce(&mut Request),
) -> Result<CaseId, Failure> {
    let code = rule.code.clone();
    let office = rule.may_send.iter().find(|office| office.party() == *house.node.me()).unwrap();
    let to = rule.may_receive.iter().find(|office| office.party() != *house.node.me()).unwrap();
    let mut env = Env { now, rng: &mut house.rng };
    let drafter = person("d.rafter", Role::Drafter);
    let mut draft = house.node.new_draft(&mut house.store, &mut env, office, &code, to, drafter).unwrap();
    fill(&house.node, rule, &mut draft.request);
    alter(&mut draft.request);
    let draft = house.node.save_draft(&mut house.store, &mut env, &draft).unwrap();
    for gate in rule.gates_of(domain::act::ActKind::Submit, None, draft.request.sensitivity()) {
        let answer = answer(&house.node, gate, office, now);
        house.node.answer_draft_gate(&mut house.store, &mut env, &draft.id, answer).unwrap();
    }
    let approver = person("a.pprover", Role::Approver);
    Ok(house.node.submit_draft(&mut house.store, &mut env, &draft.id, approver)?.case)
}

/// An act of a house in a case at `at`, by the office that has it, with every safeguard the type binds to it answered.
pub fn does(house: &mut House, case: &CaseId, at: Timestamp, by: Person, deed: Deed) {
    tries(house, case, at, by, deed).unwrap();
}

/// The same; refused as the node refuses.
pub fn tries(house: &mut House, case: &CaseId, at: Timestamp, by: Person, deed: Deed) -> Result<Done, Failure> {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    let side = dossier.case.side(house.node.me()).unwrap();
    let office = dossier.case.office(side).clone();
    let rule = dossier.case.rule(house.node.instrument_of(&dossier.case)).unwrap();
    let bound = rule.gates_for(&deed, dossier.case.request.sensitivity());
    let gates = bound.map(|gate| answer(&house.node, gate, &office, at)).collect();
    enter(house, at, Command { case: case.clone(), office, author: Author::Officer(by), gates, deed })
}

/// Enters a command as a house does: what one writes and another signs is written by a drafter, handed over, answered for
/// and signed; everything else is done at once.
pub fn enter(house: &mut House, at: Timestamp, command: Command) -> Result<node::Done, Failure> {
    let (node, store) = (&house.node, &mut house.store);
    let mut env = Env { now: at, rng: &mut house.rng };
    let act = command.deed.kind();
    let by = command.author.officer().filter(|_| act.is_prepared()).cloned();
    let Some(by) = by else { return node.command(store, &mut env, command) };
    let Command { case, office, author, gates, deed } = command;
    let drafter = author.drafter().cloned().unwrap_or_else(|| person("w.riter", Role::Drafter));
    let before = node.prepared(&*store.reader().unwrap(), &case, act)?;
    if let Some(before) = before {
        node.discard_prepared(store, &mut env, &before.named())?;
    }
    let written = node::Written { case, office, deed, by: drafter, over: 0, hand_over: true };
    let mut prepared = node.write_act(store, &mut env, written)?;
    for answer in gates {
        prepared = node.answer_prepared(store, &mut env, &prepared.named(), answer)?;
    }
    node.sign_prepared(store, &mut env, &prepared.named(), by, Vec::new(), &|_, _| Ok(Vec::new()))
}

/// Carries parcels until none is due: of one case they leave one by one.
pub fn carry_all(from: &mut House, to: &mut House, now: Timestamp) {
    while carry(from, to, now) > 0 {}
}

/// Carries every due parcel from one house to the other and back its receipt; answers how many went.
pub fn carry(from: &mut House, to: &mut House, now: Timestamp) -> usize {
    let receiver = to.node.me().clone();
    let parcels = from.node.parcels(&*from.store.reader().unwrap(), &receiver, now).unwrap();
    let envelopes: Vec<Vec<u8>> = parcels.iter().map(|parcel| parcel.bytes.clone()).collect();
    if envelopes.is_empty() {
        return 0;
    }
    let sender = from.node.me().clone();
    let mut env = Env { now, rng: &mut to.rng };
    let receipt = to.node.receive(&mut to.store, &mut env, &to.chunks, &sender, &envelopes).unwrap();
    let mut env = Env { now, rng: &mut from.rng };
    from.node.receipted(&mut from.store, &mut env, &receiver, &receipt).unwrap();
    envelopes.len()
}

/// What a house shows of itself that must not change: every case's fingerprint and every act's message id.
pub fn snapshot(house: &House) -> BTreeMap<String, String> {
    let reader = house.store.reader().unwrap();
    let (rows, _) = reader.cases(&store::CaseFilter::default()).unwrap();
    rows.iter()
        .map(|row| {
            let dossier = house.node.load(&*reader, &row.case).unwrap().unwrap();
            let acts: Vec<String> = dossier.rows.iter().map(|act| act.core_hash.to_string()).collect();
            (row.case.to_string(), format!("{} {}", dossier.case.fingerprint(), acts.join(" ")))
        })
        .collect()
}
