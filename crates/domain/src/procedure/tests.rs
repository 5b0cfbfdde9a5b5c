//! A walk over every table: every stage reached, every wait with a clock and a way on, every end final.

use std::collections::BTreeSet;

use super::*;

fn every(check: impl Fn(ProcedureKind, Stage, &str)) {
    for (kind, name) in ProcedureKind::ALL {
        for stage in reached(*kind) {
            check(*kind, stage, &format!("{name}: {}", stage.code()));
        }
    }
}

/// Whether some row leads from a stage to another, by the side asked for or by anybody.
fn leaves(kind: ProcedureKind, stage: Stage, side: Option<Side>) -> bool {
    table(kind).any(|row| {
        let theirs = match row.by {
            By::Officer(by) | By::Node(by) => side.is_none_or(|want| want == by),
            By::EitherOfficer => true,
            By::Receipt => side.is_none(),
            By::EitherNode | By::WaitingNode => false,
        };
        theirs && row.from.contains(&stage) && matches!(row.to, To::Stage(to) | To::WhenBoth(to) if to != stage)
    })
}

#[test]
fn every_stage_is_reached_by_some_procedure() {
    let all: BTreeSet<Stage> = Stage::ALL.iter().map(|(stage, _)| *stage).collect();
    let found: BTreeSet<Stage> = ProcedureKind::ALL.iter().flat_map(|(kind, _)| reached(*kind)).collect();
    assert_eq!(found, all);
}

#[test]
fn every_open_stage_has_an_exit_and_the_waiting_side_has_one() {
    every(|kind, stage, place| match wait(kind, stage) {
        Wait::Over => assert!(!leaves(kind, stage, None), "{place} is final but has an exit"),
        Wait::AtHome => assert!(leaves(kind, stage, None), "{place} has no exit"),
        Wait::For(side, _) => assert!(leaves(kind, stage, Some(side)), "{place}: the side that must act cannot"),
        Wait::Turn(_) | Wait::Both(..) => {
            for side in [Requesting, Requested] {
                assert!(leaves(kind, stage, Some(side)), "{place}: {side:?} cannot lead on");
            }
        }
    });
}

/// The acts two persons stand for. What carries files or fields of the matter is among them, but the request itself,
/// which names its drafter, and its showing for advice.
#[test]
fn what_hands_over_or_says_no_is_written_by_one_and_signed_by_another() {
    let prepared: Vec<&str> =
        ActKind::ALL.iter().filter(|(kind, _)| kind.is_prepared()).map(|(_, code)| *code).collect();
    assert_eq!(prepared, ["supplement", "refuse", "uphold", "interim", "respond", "correct"]);
    for (procedure, name) in ProcedureKind::ALL {
        for row in table(*procedure).filter(|row| row.act.is_prepared()) {
            let officers = matches!(row.by, By::Officer(_) | By::EitherOfficer);
            let others = WRITING.iter().any(|role| !row.roles.contains(role));
            assert!(officers && others, "{name}: somebody else can write `{}`", row.act.code());
        }
    }
}

#[test]
fn what_takes_both_is_waited_for_by_the_act_that_takes_both() {
    every(|kind, stage, place| {
        if let Wait::Both(act, _) = wait(kind, stage) {
            let row = rows(kind, stage, act).next();
            assert!(row.is_some_and(|row| matches!(row.to, To::WhenBoth(_))), "{place}");
        }
    });
}

#[test]
fn every_wait_can_climb_the_ladder() {
    every(|kind, stage, place| {
        let climbs = rows(kind, stage, ActKind::Escalate).any(|row| row.by == By::WaitingNode);
        // After the end a duty of care may still be waited for.
        assert_eq!(climbs, !matches!(wait(kind, stage), Wait::AtHome), "{place}");
    });
}

#[test]
fn every_clock_a_procedure_waits_by_is_among_its_clocks() {
    every(|kind, stage, place| {
        if let Wait::For(_, clock) | Wait::Turn(clock) | Wait::Both(_, clock) = wait(kind, stage) {
            assert!(clock == ClockKind::Review || clocks(kind).contains(&clock), "{place}");
        }
    });
}

#[test]
fn no_act_has_two_meanings_for_the_same_hand() {
    every(|kind, stage, place| {
        for (act, code) in ActKind::ALL {
            let found: Vec<&Row> = rows(kind, stage, *act).collect();
            for (at, row) in found.iter().enumerate() {
                assert!(found[..at].iter().all(|other| other.by != row.by), "{code} from {place}");
            }
        }
    });
}

#[test]
fn officers_have_roles_and_nodes_have_none() {
    for (kind, name) in ProcedureKind::ALL {
        for row in table(*kind) {
            let person = matches!(row.by, By::Officer(_) | By::EitherOfficer);
            assert_eq!(person, !row.roles.is_empty(), "{name}: {:?}", row.act);
            assert!(!row.roles.contains(&Role::Auditor));
        }
    }
}

#[test]
fn no_row_stands_twice_and_none_is_dead() {
    for (kind, name) in ProcedureKind::ALL {
        let reached = reached(*kind);
        for row in table(*kind) {
            let alive = row.from.iter().any(|from| reached.contains(from));
            assert!(alive, "{name}: {:?} can never be done", row.act);
        }
    }
}
