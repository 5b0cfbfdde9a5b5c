//! Every binding of a safeguard in the shipped instrument: it stands where domain reference §3 says and nowhere else, and
//! each is tried three ways: the act passes with its answer, its author's node refuses it without, and the receiver refuses
//! it from a sender whose node was rewritten.

use std::collections::BTreeSet;

use domain::act::{Act, ActKind, Deed, Role};
use domain::admit::admit;
use domain::case::opening;
use domain::content::{FieldValue, Penalty, Request};
use domain::decide::{Command, decide};
use domain::instrument::RequestType;
use domain::menu::Menu as _;
use domain::procedure;
use domain::refusal::Refusal;
use domain::rehearsal;
use domain::safeguard::{Finding, Gate, GateAnswer};

use crate::matter::{Choices, Matter, shipped};
use crate::newtype::acknowledgement;

/// The acts by which somebody outside learns something of substance.
const ANSWERS: &[ActKind] = &[ActKind::Interim, ActKind::Respond];
/// Taking a matter on, whole or in part.
const ACCEPTANCE: &[ActKind] = &[ActKind::Accept, ActKind::AcceptPart];

/// Which types a row of the table is about, among those whose procedure has the act.
enum Whom {
    Every,
    But(&'static [&'static str]),
    Only(&'static [&'static str]),
}

use Whom::{But, Every, Only};

/// Types that state neither a case nor an offence: a warning, a law, a meeting, a text, a report, a check of a desk, the instrument itself.
const NO_CASE: &[&str] =
    &["ALERT", "LEG", "XPR", "CNS", "AMD", "DLG-PLN", "DLG-LEC", "DLG-CYB", "DLG-TRK", "RPT", "CHK"];
/// Types without personal data and without a source whose word would bind.
const MEETINGS: &[&str] = &["AMD", "DLG-PLN", "DLG-LEC", "DLG-CYB", "DLG-TRK", "RPT", "CHK"];
/// What goes to everybody, or to whoever meets: nobody beyond the mark is named.
const NOT_SHARED_ON: &[&str] = &["LEG", "XPR", "CNS", "AMD", "DLG-PLN", "DLG-LEC", "DLG-CYB", "DLG-TRK", "RPT", "CHK"];
/// Types that can hold no personal data, so that nothing of a person is kept.
const NOTHING_KEPT: &[&str] = &["XPR", "AMD", "DLG-PLN", "DLG-LEC", "DLG-CYB", "DLG-TRK", "RPT", "CHK"];

/// Domain reference §3, row by row: the safeguard, the acts it binds, in which types.
const REFERENCE: &[(Gate, &[ActKind], Whom)] = &[
    // "SUBMITTED, RESPONDED"; an answer in part is one; in what both do, the acts that bind.
    (Gate::Competence, &[ActKind::Submit, ActKind::Interim, ActKind::Respond, ActKind::Authorise], Every),
    (Gate::Competence, &[ActKind::Accept], Only(&["JIT", "JOP", "XPR"])),
    (Gate::Competence, &[ActKind::SignText], But(&["JOP", "XPR"])),
    // "SRCH, BANK, RSTR, CONF, EXT, ICR"
    (Gate::DualCriminality, ACCEPTANCE, Only(&["MLA-SRCH", "MLA-BANK", "MLA-RSTR", "MLA-CONF", "EXT", "ICR"])),
    // "→ACCEPTED, every RESPONDED, FIU, FUG, onward consent"
    (Gate::DeathPenalty, ACCEPTANCE, But(&["JOP", "XPR"])),
    (Gate::DeathPenalty, ANSWERS, Every),
    (
        Gate::DeathPenalty,
        &[ActKind::GiveConsent],
        But(&["ALERT", "LEG", "XPR", "JOP", "CNS", "AMD", "DLG-PLN", "DLG-LEC", "DLG-CYB", "DLG-TRK", "RPT", "CHK"]),
    ),
    (Gate::DeathPenalty, &[ActKind::Submit], Only(&["FIU-SPON"])),
    (Gate::DeathPenalty, &[ActKind::Record], Only(&["EXT"])),
    // "UNDER_REVIEW; ICR screen; DES"
    (Gate::PoliticalOrMilitary, ACCEPTANCE, But(&["JIT", "JOP", "XPR"])),
    (Gate::PoliticalOrMilitary, &[ActKind::Record], Only(&["ICR", "DES"])),
    // "UNDER_REVIEW": where nothing is accepted, before the verdict
    (Gate::Discrimination, ACCEPTANCE, But(&["JIT", "JOP", "XPR"])),
    (Gate::Discrimination, &[ActKind::Respond], Only(&["IDV"])),
    // "UNDER_REVIEW + re-check at RESPONDED"; an identity and a concern state no conduct to be judged twice
    (Gate::NeBisInIdem, ACCEPTANCE, But(&["JIT", "JOP", "XPR"])),
    (Gate::NeBisInIdem, &[ActKind::Respond], But(&["IDV", "NORM"])),
    (Gate::NeBisInIdem, &[ActKind::Record], Only(&["EXT"])),
    // "SUBMITTED; each read/export; new-use flow"
    (Gate::UseLimitation, &[ActKind::Submit, ActKind::GiveConsent], But(NO_CASE)),
    (Gate::UseLimitation, &[ActKind::Respond], Every),
    (Gate::UseLimitation, &[ActKind::SignText], Only(&["MLA-RTN"])),
    // "FUG, EXT, IDV, JOP, DES, XPR training; →ACCEPTED"
    (Gate::Rights, ACCEPTANCE, Only(&["FUG", "EXT", "JIT", "JOP", "DES", "XPR", "MLA-PERS"])),
    (Gate::Rights, &[ActKind::Submit], Only(&["IDV"])),
    (Gate::Rights, &[ActKind::Interim], Only(&["FUG"])),
    (Gate::Rights, &[ActKind::Respond], Only(&["IDV", "FUG"])),
    (Gate::Rights, &[ActKind::Authorise], Only(&["JOP"])),
    (Gate::Rights, &[ActKind::Record], Only(&["FUG", "EXT", "MLA-PERS"])),
    // "SUBMITTED, RESPONDED"
    (Gate::ProtectionOfPersonalRecords, &[ActKind::Submit, ActKind::Respond], Every),
    (Gate::ProtectionOfPersonalRecords, &[ActKind::Interim], Every),
    // "CLOSED"
    (Gate::Retention, &[ActKind::Close], But(NOTHING_KEPT)),
    // "share/export": what is sent, what answers, what is let go on
    (Gate::OnwardTransfer, &[ActKind::Submit], But(NOT_SHARED_ON)),
    (Gate::OnwardTransfer, &[ActKind::Respond], Every),
    (Gate::OnwardTransfer, &[ActKind::GiveConsent], But(MEETINGS)),
    // "ACKNOWLEDGED"
    (Gate::Confidentiality, &[ActKind::Acknowledge], Every),
    // "FUG, JOP, JIT, EVD attendance"
    (Gate::Territory, &[ActKind::Submit], Only(&["FUG", "JOP"])),
    (Gate::Territory, ACCEPTANCE, Only(&["MLA-EVD", "JIT", "JOP"])),
    (Gate::Territory, &[ActKind::Authorise], Only(&["JIT", "JOP"])),
    (Gate::Territory, &[ActKind::Record], Only(&["JIT"])),
    // "parser, UNDER_REVIEW": the parser besides in `limits`
    (Gate::Vulnerable, ACCEPTANCE, But(&["JIT", "JOP", "XPR"])),
    (Gate::Vulnerable, &[ActKind::Respond], But(&["ICR", "NORM"])),
    (Gate::Vulnerable, &[ActKind::Submit], Only(&["ICR", "IDV"])),
    // "all": what a machine may only suggest is decided by a person, where something is compared
    (Gate::HumanDecision, &[ActKind::Respond], Only(&["FUG", "FIU-REQ", "IDV"])),
    (Gate::HumanDecision, &[ActKind::Record], Only(&["IDV"])),
    // "before PSI/linkage"
    (Gate::NoFishing, &[ActKind::Submit, ActKind::Match], Only(&["IDV"])),
    (Gate::NoFishing, &[ActKind::Record], Only(&["FIU-REQ"])),
];

#[test]
fn every_safeguard_binds_where_the_reference_says() {
    let mut wanted: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    let mut bound = BTreeSet::new();
    for rule in shipped().types().values() {
        let code = rule.code.as_str();
        for (gate, acts, whom) in REFERENCE {
            let meant = match whom {
                Every => true,
                But(types) => !types.contains(&code),
                Only(types) => types.contains(&code),
            };
            let has = |act: &&ActKind| procedure::has(rule.procedure, **act);
            let rows = acts.iter().filter(has).map(|act| (gate.code(), act.code(), code));
            wanted.extend(rows.filter(|_| meant));
        }
        for binding in &rule.gates {
            bound.extend(binding.at.iter().map(|act| (binding.gate.code(), act.code(), code)));
        }
    }
    let lacking: Vec<_> = wanted.difference(&bound).collect();
    let beyond: Vec<_> = bound.difference(&wanted).collect();
    assert!(lacking.is_empty() && beyond.is_empty(), "not bound: {lacking:?}\nbound elsewhere: {beyond:?}");
}

/// A binding: the safeguard, the act and, where it records, the step.
type Binding = (Gate, ActKind, Option<String>);

#[test]
fn no_binding_of_any_type_can_be_skipped() {
    for rule in shipped().types().values() {
        let mut left = bindings(rule);
        for start in 0..RUNS_MAX {
            if left.is_empty() {
                break;
            }
            walk(rule, start, &mut left);
        }
        assert!(left.is_empty(), "{}: never came to {left:?}", rule.code);
    }
}

/// More cases of a type than any needs to come by all of its safeguards.
const RUNS_MAX: u32 = 24;
/// Acts of one case after which another is begun.
const ACTS: usize = 40;
/// How often an act is thought of anew, so that each of its steps comes up.
const TRIES: usize = 12;

fn bindings(rule: &RequestType) -> BTreeSet<Binding> {
    let mut all = BTreeSet::new();
    // Where nothing of a person may stand, what guards persons has nothing to bind.
    let persons = rule.limits.iter().all(|limit| limit.personal || limit.when.is_some());
    for binding in rule.gates.iter().filter(|binding| persons || !binding.only_personal) {
        // A matching is rehearsed by nobody: its steps follow from keys and files, and `node`'s own tests take them.
        for act in binding.at.iter().filter(|act| **act != ActKind::Match) {
            if *act == ActKind::Record && !binding.steps.is_empty() {
                all.extend(binding.steps.iter().map(|step| (binding.gate, *act, Some(step.clone()))));
            } else {
                all.insert((binding.gate, *act, None));
            }
        }
    }
    all
}

/// One case from its opening on: whatever may be done is tried, and what leads to something new is done.
fn walk(rule: &RequestType, start: u32, left: &mut BTreeSet<Binding>) {
    let mut matter = Matter::open_with(shipped(), &rule.code, start as usize % 2, Choices::seeded(start));
    sent(&matter, left);
    matter.settle();
    let mut done: BTreeSet<(usize, ActKind, Option<String>, Option<u32>)> = BTreeSet::new();
    for _ in 0..ACTS {
        let mut ways = Vec::new();
        for desk in [0, 1] {
            let case = matter.case(desk).unwrap();
            let side = case.side(&matter.parties[desk]).unwrap();
            for (role, kind) in rehearsal::buttons(&case, side) {
                let tries = if kind == ActKind::Record { TRIES } else { 1 };
                for _ in 0..tries {
                    let command = matter.command(&case, side, role, kind);
                    ways.extend(command.map(|command| (desk, command)));
                }
            }
        }
        for (desk, command) in &ways {
            if uncovered(&matter, *desk, command, left) && whole(&matter, *desk, command) {
                skipped(&matter, *desk, command, left);
            }
        }
        if left.is_empty() {
            return;
        }
        // What takes both sides, each does.
        let key = |desk: usize, command: &Command| {
            let (kind, step) = named(&command.deed);
            // A text that is proposed anew is compared anew.
            let version = matter.case(desk).unwrap().talk.on_table().map(|(version, _)| version);
            (desk, kind, step, version.filter(|_| kind == ActKind::Record))
        };
        ways.retain(|(desk, command)| rank(&command.deed).is_some() && !done.contains(&key(*desk, command)));
        ways.sort_by_key(|(_, command)| rank(&command.deed));
        let next = ways.into_iter().find(|(desk, command)| whole(&matter, *desk, command));
        let Some((desk, command)) = next else { return };
        done.insert(key(desk, &command));
        matter.enter(desk, command).unwrap();
        matter.settle();
        matter.now += jiff::SignedDuration::from_mins(1);
    }
}

/// The acts that lead a case by its safeguards to its end, what is asked for before what answers it. Any other is tried
/// where it may be done, and never done.
const LEADING: &[ActKind] = &[
    ActKind::Submit,
    ActKind::Advise,
    ActKind::Acknowledge,
    ActKind::BeginReview,
    ActKind::SeekConsent,
    ActKind::GiveConsent,
    ActKind::Accept,
    ActKind::BeginExecution,
    ActKind::ProposeText,
    ActKind::Record,
    ActKind::SignText,
    ActKind::Authorise,
    ActKind::Respond,
    ActKind::ReportOutcome,
    ActKind::Close,
];

fn rank(deed: &Deed) -> Option<usize> {
    LEADING.iter().position(|kind| *kind == deed.kind())
}

fn named(deed: &Deed) -> (ActKind, Option<String>) {
    let step = match deed {
        Deed::Record { step, .. } => Some(step.clone()),
        _ => None,
    };
    (deed.kind(), step)
}

/// Whether an act, all its safeguards answered, passes at home and with the other side.
fn whole(matter: &Matter, desk: usize, command: &Command) -> bool {
    let Ok(act) = decide(matter.instrument, &matter.parties[desk], &matter.entries[desk], command.clone(), matter.now)
    else {
        return false;
    };
    let other = 1 - desk;
    admit(matter.instrument, &matter.parties[other], &matter.entries[other], &act, matter.now).is_ok()
}

/// The safeguards that bind a legal act, as they stand in the list of bindings.
fn bound(matter: &Matter, desk: usize, command: &Command) -> Vec<Binding> {
    let case = matter.case(desk).unwrap();
    let rule = case.rule(matter.instrument).unwrap();
    let request = opening(&command.deed).unwrap_or(&case.request);
    let (kind, step) = named(&command.deed);
    let gates = rule.gates_for(&command.deed, request.sensitivity());
    gates.flat_map(|gate| [None, step.clone()].map(|step| (gate, kind, step))).collect()
}

fn uncovered(matter: &Matter, desk: usize, command: &Command, left: &BTreeSet<Binding>) -> bool {
    left.iter().any(|(_, kind, _)| *kind == command.deed.kind())
        && bound(matter, desk, command).iter().any(|one| left.contains(one))
}

/// Each safeguard of a legal act, left out: refused by both, for that reason.
fn skipped(matter: &Matter, desk: usize, command: &Command, left: &mut BTreeSet<Binding>) {
    for one in bound(matter, desk, command) {
        if left.remove(&one) {
            refused(matter, desk, command, one.0);
        }
    }
}

fn refused(matter: &Matter, desk: usize, command: &Command, gate: Gate) {
    let gates = command.gates.iter().filter(|answer| answer.gate != gate).cloned().collect();
    check_refused(matter, desk, command, gates, &Refusal::GateUnanswered { gate });
}

/// An act whose safeguards are all answered, and the same with these answers: refused by its author's node and, sent all
/// the same, by the receiver.
fn check_refused(matter: &Matter, desk: usize, honest: &Command, gates: Vec<GateAnswer>, why: &Refusal) {
    let (me, other) = (&matter.parties[desk], 1 - desk);
    let [own, theirs] = [desk, other].map(|desk| &matter.entries[desk]);
    let act = decide(matter.instrument, me, own, honest.clone(), matter.now).unwrap();
    let bare = Command { gates: gates.clone(), ..honest.clone() };
    let at_home = decide(matter.instrument, me, own, bare, matter.now);
    assert_eq!(at_home.as_ref(), Err(why), "at home: {honest:?}");
    let forged = Act { gates, ..act };
    let there = admit(matter.instrument, &matter.parties[other], theirs, &forged, matter.now);
    assert_eq!(there.err().as_ref(), Some(why), "there: {forged:?}");
}

/// The opening, before the other side has it: each safeguard left out, on both nodes.
fn sent(matter: &Matter, left: &mut BTreeSet<Binding>) {
    let act = matter.entries[0][0].act.clone();
    let Deed::Submit { request } = &act.deed else { return };
    let rule = matter.instrument.request_type(&request.type_code).unwrap();
    for gate in rule.gates_for(&act.deed, request.sensitivity()) {
        if left.remove(&(gate, ActKind::Submit, None)) {
            let gates: Vec<_> = act.gates.iter().filter(|answer| answer.gate != gate).cloned().collect();
            let author = act.author.clone();
            let bare =
                Command { case: act.case.clone(), office: act.office.clone(), author, gates, deed: act.deed.clone() };
            let ours = decide(matter.instrument, &matter.parties[0], &[], bare.clone(), matter.now);
            assert_eq!(ours, Err(Refusal::GateUnanswered { gate }), "at home: {bare:?}");
            let forged = Act { gates: bare.gates, ..act.clone() };
            let theirs = admit(matter.instrument, &matter.parties[1], &[], &forged, matter.now);
            assert_eq!(theirs.err(), Some(Refusal::GateUnanswered { gate }), "there: {forged:?}");
            admit(matter.instrument, &matter.parties[1], &[], &act, matter.now).unwrap();
        }
    }
}

/// A safeguard the request itself calls for is not called without bearing: by neither node.
#[test]
fn no_answer_stands_against_what_the_request_says() {
    fn check(code: &str, gate: Gate, idle: fn(&mut Request), engaged: fn(&mut Request)) {
        let rule = shipped().types().values().find(|rule| rule.code.as_str() == code).unwrap();
        let opened = |start: &u32| {
            let matter = Matter::open_with(shipped(), &rule.code, 1, Choices::seeded(*start));
            matches!(matter.entries[0][0].act.deed, Deed::Submit { .. }).then_some(matter)
        };
        let mut matter = (0..RUNS_MAX).find_map(|start| opened(&start)).unwrap();
        matter.settle();
        alter(&mut matter, idle);
        matter.say(1, Role::Intake, acknowledgement());
        matter.say(1, Role::DecisionMaker, Deed::BeginReview {});
        let mut honest = matter.worded(1, Role::DecisionMaker, Deed::Accept { note: None });
        for finding in [Finding::NotEngaged, Finding::Satisfied] {
            answer_of(&mut honest.gates, gate).finding = finding;
            decide(matter.instrument, &matter.parties[1], &matter.entries[1], honest.clone(), matter.now)
                .unwrap_or_else(|why| panic!("{code}: {finding:?} stands, not {why}"));
        }
        let mut called_idle = honest.gates.clone();
        answer_of(&mut called_idle, gate).finding = Finding::NotEngaged;
        let why = Refusal::GateContradicted { gate };
        if gate == Gate::DeathPenalty {
            // The receiver looks at the request it has: one without the words the author's answer rests on.
            let act =
                decide(matter.instrument, &matter.parties[1], &matter.entries[1], honest.clone(), matter.now).unwrap();
            alter(&mut matter, engaged);
            let bare = Refusal::AssuranceLacking { gate };
            for (gates, why) in [(called_idle, why), (honest.gates.clone(), bare)] {
                let bare = Command { gates: gates.clone(), ..honest.clone() };
                let ours = decide(matter.instrument, &matter.parties[1], &matter.entries[1], bare, matter.now);
                assert_eq!(ours.as_ref(), Err(&why), "{code} at home");
                let forged = Act { gates, ..act.clone() };
                let theirs = admit(matter.instrument, &matter.parties[0], &matter.entries[0], &forged, matter.now);
                assert_eq!(theirs.err().as_ref(), Some(&why), "{code} there");
            }
        } else {
            alter(&mut matter, engaged);
            check_refused(&matter, 1, &honest, called_idle, &why);
        }
    }
    check(
        "MLA-EVD",
        Gate::Territory,
        |request| {
            request.fields.insert("attendance".to_owned(), FieldValue::YesNo(false));
            harmless(request);
        },
        |request| drop(request.fields.insert("attendance".to_owned(), FieldValue::YesNo(true))),
    );
    check("CY-INC", Gate::DeathPenalty, named_and_harmless, |request| drop(request.fields.remove("maximum_penalty")));
    check("CY-INC", Gate::DeathPenalty, named_and_harmless, |request| {
        request.fields.insert("maximum_penalty".to_owned(), FieldValue::Penalty(Penalty::Unknown));
    });
}

fn harmless(request: &mut Request) {
    request.fields.insert("maximum_penalty".to_owned(), FieldValue::Penalty(Penalty::YearsMax(7)));
}

/// Somebody is named, and no penalty of death.
fn named_and_harmless(request: &mut Request) {
    request.personal_data = true;
    harmless(request);
}

/// The request as both nodes have it, changed.
fn alter(matter: &mut Matter, change: fn(&mut Request)) {
    for entries in &mut matter.entries {
        let Deed::Submit { request } = &mut entries[0].act.deed else { panic!("an opening submits") };
        change(request);
    }
}

fn answer_of(gates: &mut [GateAnswer], gate: Gate) -> &mut GateAnswer {
    gates.iter_mut().find(|answer| answer.gate == gate).unwrap()
}
