//! Every shared safeguard, at the act the shipped instrument binds it to, through the real doors of both nodes: the act
//! passes with the answer, the sender's own node refuses it without, and the receiving node refuses what a tampered
//! sender, with true keys and a sound envelope, sends without it.

use std::collections::BTreeMap;

use domain::act::{Act, Author, ConsentKind, Deed, Extent, Role};
use domain::content::Request;
use domain::decide::{Command, decide};
use domain::handling::Classification;
use domain::ids::{CaseId, Hash32, TypeCode};
use domain::menu::Menu as _;
use domain::refusal::Refusal;
use domain::rehearsal;
use domain::safeguard::{Finding, Gate, GateAnswer, LOCAL_ONLY};
use jiff::{SignedDuration, Timestamp};
use ledger::canon;
use ledger::envelope::{self, ArchiveEpoch, Header, Lane};
use ledger::keys::SigningKey;
use ledger::receipt::{self, Verdict};
use ledger::rest;
use node::{Env, Failure};
use store::{ActRow, Store as _};

use crate::house::{House, answer, carry_all, does, enter, fill, monday, person, snapshot, two_houses, words};

/// Who asks and who is asked, by place in the world.
const ASKER: usize = 0;
const ASKED: usize = 1;

/// What a tampered sender makes of the answer under test, which stands first.
type Tamper = (&'static str, fn(&mut Vec<GateAnswer>), fn(Gate) -> Refusal);

const TAMPERS: &[Tamper] = &[
    ("left out", |gates| drop(gates.remove(0)), |gate| Refusal::GateUnanswered { gate }),
    ("answered no", |gates| gates[0].finding = Finding::NotSatisfied, |gate| Refusal::GateClosed { gate }),
    (
        "answered by a clerk",
        |gates| gates[0].by.role = Role::Drafter,
        |gate| Refusal::GateRole { gate, role: Role::Drafter },
    ),
    ("answered afterwards", |gates| gates[0].at = "2027-01-04T09:00:00Z".parse().unwrap(), |_| Refusal::ImpossibleTime),
];

/// One step of the way to the act under test: whose, in which role, what.
type Way = fn(&House) -> (usize, Role, Deed);

/// Which type binds it, at which act, and the way there from the submission; none for the submission itself.
struct Row(Gate, &'static str, &'static [Way], Option<Way>);

const TABLE: &[Row] = &[
    Row(Gate::Competence, "FUG", &[], None),
    Row(Gate::Competence, "FUG", EXECUTING, Some(respond)),
    Row(Gate::DualCriminality, "MLA-BANK", REVIEWED, Some(accept)),
    Row(Gate::DeathPenalty, "FUG", REVIEWED, Some(accept)),
    Row(Gate::DeathPenalty, "FUG", EXECUTING, Some(interim)),
    Row(Gate::DeathPenalty, "FUG", EXECUTING, Some(respond)),
    Row(Gate::DeathPenalty, "FUG", CONSENT, Some(consent)),
    Row(Gate::PoliticalOrMilitary, "FUG", REVIEWED, Some(accept)),
    Row(Gate::Discrimination, "FUG", REVIEWED, Some(accept)),
    Row(Gate::NeBisInIdem, "FUG", REVIEWED, Some(accept)),
    Row(Gate::NeBisInIdem, "FUG", EXECUTING, Some(respond)),
    Row(Gate::UseLimitation, "FUG", &[], None),
    Row(Gate::UseLimitation, "FUG", CONSENT, Some(consent)),
    Row(Gate::Rights, "FUG", REVIEWED, Some(accept)),
    Row(Gate::Rights, "FUG", EXECUTING, Some(located)),
    Row(Gate::ProtectionOfPersonalRecords, "FUG", &[], None),
    Row(Gate::ProtectionOfPersonalRecords, "FUG", EXECUTING, Some(respond)),
    Row(Gate::Retention, "FUG", REPORTED, Some(close)),
    Row(Gate::OnwardTransfer, "FUG", CONSENT, Some(consent)),
    Row(Gate::Confidentiality, "FUG", &[], Some(acknowledge)),
    Row(Gate::Territory, "FUG", &[], None),
    Row(Gate::Vulnerable, "IDV", &[], None),
    Row(Gate::Vulnerable, "MLA-EVD", REVIEWED, Some(accept)),
    Row(Gate::HumanDecision, "FUG", EXECUTING, Some(respond)),
    Row(Gate::NoFishing, "IDV", &[], None),
];

const REVIEWED: &[Way] = &[acknowledge, review];
const EXECUTING: &[Way] = &[acknowledge, review, accept, execute];
const REPORTED: &[Way] = &[acknowledge, review, accept, execute, respond, report];
const CONSENT: &[Way] = &[acknowledge, review, accept, execute, respond, seek];

fn acknowledge(_: &House) -> (usize, Role, Deed) {
    let officer = person("b.officer", Role::Intake);
    (ASKED, Role::Intake, Deed::Acknowledge { reference: "B-1".into(), officer, contact: "desk".into() })
}

fn review(_: &House) -> (usize, Role, Deed) {
    (ASKED, Role::DecisionMaker, Deed::BeginReview {})
}

fn accept(_: &House) -> (usize, Role, Deed) {
    (ASKED, Role::DecisionMaker, Deed::Accept { note: None })
}

fn execute(_: &House) -> (usize, Role, Deed) {
    (ASKED, Role::DecisionMaker, Deed::BeginExecution {})
}

fn located(house: &House) -> (usize, Role, Deed) {
    let note = words(&house.node, "Seen in the town");
    (ASKED, Role::DecisionMaker, Deed::Record { step: "LOCATED".into(), note, item: None, until: None })
}

fn interim(house: &House) -> (usize, Role, Deed) {
    let answer = words(&house.node, "So far");
    (ASKED, Role::DecisionMaker, Deed::Interim { answer, attachments: Vec::new() })
}

fn respond(house: &House) -> (usize, Role, Deed) {
    let answer = words(&house.node, "All there is");
    (ASKED, Role::DecisionMaker, Deed::Respond { extent: Extent::Part, answer, attachments: Vec::new() })
}

fn report(house: &House) -> (usize, Role, Deed) {
    (ASKER, Role::Approver, Deed::ReportOutcome { usefulness: 4, used_for: words(&house.node, "The trial") })
}

fn close(_: &House) -> (usize, Role, Deed) {
    (ASKER, Role::Approver, Deed::Close { lesson: None })
}

fn seek(house: &House) -> (usize, Role, Deed) {
    let (kind, what) = (ConsentKind::OnwardTransfer, words(&house.node, "The address"));
    (ASKER, Role::Approver, Deed::SeekConsent { kind, recipient: "another authority".into(), what })
}

fn consent(house: &House) -> (usize, Role, Deed) {
    (ASKED, Role::DecisionMaker, Deed::GiveConsent { number: 1, granted: true, words: words(&house.node, "Agreed") })
}

#[test]
fn no_safeguard_is_skipped_through_the_doors() {
    fn check(row: &Row) {
        let Row(gate, code, way, _) = row;
        for (how, tamper, want) in TAMPERS {
            let name = format!("{} of {code} {how}", gate.code());
            let mut town = Town::at(code, way, row.3);
            let (honest, mut gates) = town.answered(*gate);
            let refusal = want(*gate);

            tamper(&mut gates);
            let ours = snapshot(&town.world[town.sender]);
            let kept = town.commanded(gates.clone());
            assert!(matches!(&kept, Err(Failure::Refused(why)) if *why == refusal), "{name}: our own node: {kept:?}");
            assert_eq!(snapshot(&town.world[town.sender]), ours, "{name}: nothing changes at home");

            let theirs = snapshot(&town.world[1 - town.sender]);
            let forged = Act { gates, ..honest.clone() };
            let verdict = town.smuggled(&forged);
            assert_eq!(verdict, Verdict::Refused { code: refusal.code().to_owned() }, "{name}: the receiver");
            assert_eq!(snapshot(&town.world[1 - town.sender]), theirs, "{name}: nothing changes there");

            // The envelope is sound but for that: the same way, the honest act passes, and so does the honest command.
            let mut other = Town::at(code, way, row.3);
            assert_eq!(other.smuggled(&honest), Verdict::Accepted, "{name}: with its answer");
            let (_, answers) = town.answered(*gate);
            town.commanded(answers).unwrap_or_else(|why| panic!("{name}: with its answer: {why:?}"));
        }
    }
    TABLE.iter().for_each(check);
    for (gate, code) in Gate::ALL {
        let tried = TABLE.iter().any(|row| row.0 == *gate);
        assert_ne!(tried, LOCAL_ONLY.contains(gate), "{code} is shared or local, and tried");
    }
}

/// Two houses and a case, as it stands when the act under test is to be done.
pub(crate) struct Town {
    pub(crate) world: [House; 2],
    pub(crate) case: CaseId,
    pub(crate) command: Command,
    pub(crate) sender: usize,
    pub(crate) now: Timestamp,
}

impl Town {
    fn at(code: &str, way: &[Way], act: Option<Way>) -> Self {
        let mut world = two_houses();
        let rule = world[0].node.instrument().request_type(&TypeCode::new(code).unwrap()).unwrap().clone();
        let Some(act) = act else {
            let command = submission(&world[ASKER], &rule);
            let case = command.case.clone();
            return Self { world, case, command, sender: ASKER, now: monday() };
        };
        let case = crate::house::submit(&mut world[ASKER], code, monday());
        let mut now = monday();
        let [asker, asked] = &mut world;
        carry_all(asker, asked, now);
        for step in way {
            now = now.saturating_add(SignedDuration::from_mins(10)).unwrap();
            let (by, role, deed) = step(asker);
            let (house, other) = if by == ASKER { (&mut *asker, &mut *asked) } else { (&mut *asked, &mut *asker) };
            does(house, &case, now, person("o.fficer", role), deed);
            carry_all(house, other, now);
        }
        now = now.saturating_add(SignedDuration::from_mins(10)).unwrap();
        let (sender, role, deed) = act(&world[ASKER]);
        let house = &world[sender];
        let dossier = house.node.load(&*house.store.reader().unwrap(), &case).unwrap().unwrap();
        let office = dossier.case.office(dossier.case.side(house.node.me()).unwrap()).clone();
        let author = rehearsal::author(deed.kind(), person("o.fficer", role), &office);
        let command = Command { case: case.clone(), office, author, gates: Vec::new(), deed };
        Self { world, case, command, sender, now }
    }

    /// The honest act with every safeguard answered, the one under test first.
    fn answered(&self, gate: Gate) -> (Act, Vec<GateAnswer>) {
        let house = &self.world[self.sender];
        let dossier = house.node.load(&*house.store.reader().unwrap(), &self.case).unwrap();
        let entries = dossier.map(|dossier| dossier.entries).unwrap_or_default();
        let opening = domain::case::fold(house.node.instrument(), &entries);
        let request = match (&self.command.deed, &opening) {
            (Deed::Submit { request }, _) => &**request,
            (_, Some(case)) => &case.request,
            _ => panic!("a case"),
        };
        let rule = house.node.instrument().request_type(&request.type_code).unwrap();
        let bound = rule.gates_for(&self.command.deed, request.sensitivity());
        let mut gates: Vec<GateAnswer> =
            bound.map(|gate| answer(&house.node, gate, &self.command.office, self.now)).collect();
        let place = gates.iter().position(|answer| answer.gate == gate).expect("the type binds it here");
        gates.swap(0, place);
        let command = Command { gates: gates.clone(), ..self.command.clone() };
        let act = decide(house.node.instrument(), house.node.me(), &entries, command, self.now).unwrap();
        (act, gates)
    }

    /// The sender's own door.
    pub(crate) fn commanded(&mut self, gates: Vec<GateAnswer>) -> Result<(), Failure> {
        let house = &mut self.world[self.sender];
        let command = Command { gates, ..self.command.clone() };
        enter(house, self.now, command).map(drop)
    }

    /// The receiver's door, for an act its sender's node never judged: sealed, chained and signed as it should be.
    pub(crate) fn smuggled(&mut self, act: &Act) -> Verdict {
        let bytes = self.enveloped(act);
        let from = self.world[self.sender].node.me().clone();
        let receiver = &mut self.world[1 - self.sender];
        let mut env = Env { now: self.now, rng: &mut receiver.rng };
        let receipt = receiver.node.receive(&mut receiver.store, &mut env, &receiver.chunks, &from, &[bytes]).unwrap();
        let key = receiver.node.card("x:1", Hash32([0; 32])).unwrap().envelope_key;
        receipt::open(&receipt, &[key]).unwrap().entries[0].verdict.clone()
    }

    fn enveloped(&self, act: &Act) -> Vec<u8> {
        let (sender, receiver) = (&self.world[self.sender], &self.world[1 - self.sender]);
        let key = |label: &str| SigningKey::from_seed(rest::derive(&sender.seed, &format!("entente/key/1/{label}")));
        let rows = sender.store.reader().unwrap().acts(&self.case).unwrap();
        let own = |row: &&ActRow| row.party == *sender.node.me() && row.seq + 1 == act.seq;
        let dossier = sender.node.load(&*sender.store.reader().unwrap(), &self.case).unwrap();
        let to = match (&act.deed, dossier) {
            (Deed::Submit { request }, _) => request.to.clone(),
            (_, Some(dossier)) => dossier.case.office(dossier.case.side(receiver.node.me()).unwrap()).clone(),
            _ => panic!("a case"),
        };
        let seconds = u64::try_from(act.at.as_second()).unwrap();
        let header = Header {
            iss: act.by.to_string(),
            aud: receiver.node.me().to_string(),
            thread: act.case.to_string(),
            seq: act.seq - 1,
            prev: rows.iter().find(own).map_or([0; 32], |row| row.core_hash.0),
            kind: act.deed.kind().code().to_owned(),
            lane: Lane::Normal,
            handling: "TLP:AMBER+STRICT".to_owned(),
            iat_s: seconds,
            exp_s: seconds + 180 * 86_400,
            cti: [3; 16],
            instrument: act.instrument.0,
            attachments: Vec::new(),
            ack: act.seen.values().map(|seen| (act.case.to_string(), *seen)).collect(),
        };
        let office = format!("office/{}/sign", act.office);
        let body = envelope::authority_seal(&canon::to_vec(act).unwrap(), &key(&office)).unwrap();
        let archive = ArchiveEpoch::at(&[9; 32], header.iat_s);
        let mut rng: rand_chacha::ChaCha20Rng = rand_core::SeedableRng::from_seed([7; 32]);
        let to = &sender.node.peers()[receiver.node.me()].offices[&to].seal;
        envelope::seal(&header, &body, &[to], &archive, &[&key("envelope")], &mut rng).unwrap().bytes
    }
}

/// A complete submission that nobody has signed yet.
fn submission(house: &House, rule: &domain::instrument::RequestType) -> Command {
    let me = house.node.me();
    let of = |list: &[domain::ids::OfficeId], ours: bool| {
        list.iter().find(|office| (office.party() == *me) == ours).unwrap().clone()
    };
    let (office, to) = (of(&rule.may_send, true), of(&rule.may_receive, false));
    let empty = || words(&house.node, "");
    let mut request = Request {
        type_code: rule.code.clone(),
        to,
        title: empty(),
        legal_basis: empty(),
        urgency: rule.usual_urgency,
        urgency_reason: None,
        needed_by: None,
        purpose: empty(),
        evidential_use: false,
        mark: rule.default_mark,
        classification: Classification::Official,
        confidentiality: None,
        personal_data: true,
        exercise: false,
        contact: String::new(),
        fields: BTreeMap::new(),
        attachments: Vec::new(),
        linked: Vec::new(),
        continues: None,
        drafter: person("d.rafter", Role::Drafter),
    };
    fill(&house.node, rule, &mut request);
    Command {
        case: CaseId::compose(me, &rule.series, 2026, 1).unwrap(),
        office,
        author: Author::Officer(person("a.pprover", Role::Approver)),
        gates: Vec::new(),
        deed: Deed::Submit { request: Box::new(request) },
    }
}
