//! Any legal sequence of acts, however the mail runs: never stuck, never disputed, the same case on both sides; and what
//! breaks a rule is refused by its author's node and, forged, by the receiver's.

use domain::act::{Act, ActKind, Author, Deed, Role};
use domain::admit::admit;
use domain::decide::{Command, decide};
use domain::instrument::Instrument;
use domain::menu::Menu;
use domain::procedure::{self, ProcedureKind};
use domain::rehearsal;
use domain::safeguard::Gate;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::matter::Matter;

/// The same cases each time; with `PROPTEST_CASES` as many others as asked for.
fn config() -> ProptestConfig {
    let asked = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return asked;
    }
    ProptestConfig { cases: 96, rng_seed: RngSeed::Fixed(2016), ..asked }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_matter_is_ever_stuck_or_disputed(choices in proptest::collection::vec(any::<u32>(), 40..400)) {
        let steps = choices.len();
        let mut matter = Matter::open(choices);
        for step in 0..steps {
            matter.step();
            if step % 40 == 39 {
                matter.settle();
                matter.check_settled();
            }
        }
        matter.settle();
        matter.check_settled();
    }

    #[test]
    fn what_breaks_a_rule_is_refused_by_both(choices in proptest::collection::vec(any::<u32>(), 40..200)) {
        let steps = choices.len();
        let mut matter = Matter::open(choices);
        for _ in 0..steps {
            matter.step();
        }
        matter.settle();
        let case = matter.case(0).unwrap();
        for desk in [0, 1] {
            let side = case.side(&matter.parties[desk]).unwrap();
            for (role, kind) in rehearsal::buttons(&case, side) {
                if let Some(command) = matter.command(&case, side, role, kind) {
                    offences(&matter, desk, &command);
                }
            }
        }
    }
}

/// Each way of spoiling a legal command must be refused by its author's node; the same act, forged, by the receiver's.
fn offences(matter: &Matter, desk: usize, legal: &Command) {
    let office = &legal.office;
    let auditor = Author::Officer(rehearsal::officer(office, Role::Auditor));
    let foreign = matter.instrument.offices_of(&matter.parties[1 - desk]).next().unwrap().id.clone();
    let mut spoiled = vec![
        Command { author: auditor, ..legal.clone() },
        Command { office: foreign, ..legal.clone() },
        Command { deed: Deed::Lapse {}, ..legal.clone() },
        Command {
            author: Author::Machine,
            deed: Deed::Ask { question: words(matter.instrument, "") },
            ..legal.clone()
        },
    ];
    if !legal.gates.is_empty() {
        spoiled.push(Command { gates: legal.gates[1..].to_vec(), ..legal.clone() });
    }
    for command in spoiled {
        check_refused(matter, desk, legal, command);
    }
}

/// Refused by `decide`; and by `admit`, when the author's node is rewritten to sign it all the same.
fn check_refused(matter: &Matter, desk: usize, legal: &Command, spoiled: Command) {
    let (instrument, me) = (matter.instrument, &matter.parties[desk]);
    let gates_needed = gates_bound(matter, desk, legal);
    let only_gates = spoiled.author == legal.author && spoiled.office == legal.office && spoiled.deed == legal.deed;
    if only_gates && !gates_needed.contains(&legal.gates[0].gate) {
        return;
    }
    let honest = decide(instrument, me, &matter.entries[desk], legal.clone(), matter.now).unwrap();
    let refused = decide(instrument, me, &matter.entries[desk], spoiled.clone(), matter.now);
    assert!(refused.is_err(), "{spoiled:?}");
    let forged =
        Act { office: spoiled.office, author: spoiled.author, gates: spoiled.gates, deed: spoiled.deed, ..honest };
    let admitted = admit(instrument, &matter.parties[1 - desk], &matter.entries[1 - desk], &forged, matter.now);
    assert!(admitted.is_err(), "{forged:?}");
}

/// The safeguards that bind this very act in this very case.
fn gates_bound(matter: &Matter, desk: usize, command: &Command) -> Vec<Gate> {
    let case = matter.case(desk).unwrap();
    let rule = case.rule(matter.instrument).unwrap();
    let request = domain::case::opening(&command.deed).unwrap_or(&case.request);
    rule.gates_for(&command.deed, request.sensitivity()).collect()
}

fn words(instrument: &Instrument, words: &str) -> domain::text::Prose {
    domain::text::Prose::new(instrument.langs()[0].clone(), words)
}

#[test]
fn every_kind_of_act_can_be_rehearsed_or_is_no_officers_choice() {
    let by_nodes = [ActKind::Deliver, ActKind::Lapse, ActKind::RemindOutcome, ActKind::CertifyDeletion];
    for (kind, code) in ActKind::ALL {
        let all = ProcedureKind::ALL.iter().flat_map(|(procedure, _)| procedure::table(*procedure));
        let mut rows = all.filter(|row| row.act == *kind);
        assert_eq!(rows.all(|row| row.roles.is_empty()), by_nodes.contains(kind), "{code}");
    }
}
