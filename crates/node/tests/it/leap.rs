//! A clock that leaps: what it leapt over stands at its own instants, on both sides, as if it had been watched.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it stands")]

use domain::ids::CaseId;
use jiff::{SignedDuration, Timestamp};
use node::Env;
use store::Store as _;

use crate::house::{House, carry_all, monday, submit, two_houses};

/// Weeks until a routine request nobody acknowledges is with the co-chairs, and one more.
const WEEKS: i64 = 7;

/// Two houses, and a request that reached the second and stays there.
fn silence() -> ([House; 2], CaseId) {
    let mut houses = two_houses();
    let [a, b] = &mut houses;
    let case = submit(a, "MLA-BANK", monday());
    carry_all(a, b, monday());
    (houses, case)
}

fn after(weeks: i64) -> Timestamp {
    monday() + SignedDuration::from_hours(weeks * 7 * 24)
}

/// The rungs of the case at the first house: level and instant.
fn rungs(house: &House, case: &CaseId) -> Vec<(u8, Timestamp)> {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    dossier.case.rungs.iter().map(|rung| (rung.level, rung.at)).collect()
}

/// What a house that watches every instant has reached by `until`.
fn watched(until: Timestamp) -> Vec<(u8, Timestamp)> {
    let ([mut a, _], case) = silence();
    loop {
        let next = a.store.reader().unwrap().timer_next_due().unwrap().map(Timestamp::from);
        let Some(now) = next.filter(|at| *at <= until) else { break };
        a.node.tick(&mut a.store, &mut Env { now, rng: &mut a.rng }).unwrap();
    }
    rungs(&a, &case)
}

#[test]
fn a_leap_ends_where_the_calendar_says_and_each_level_stands_at_its_instant() {
    /// The weeks leapt each time.
    fn check(leaps: &[i64]) {
        let ([mut a, mut b], case) = silence();
        let mut weeks = 0;
        for leap in leaps {
            weeks += leap;
            let now = after(weeks);
            a.node.catch_up(&mut a.store, &mut Env { now, rng: &mut a.rng }, monday()).unwrap();
            carry_all(&mut a, &mut b, now);
            b.node.catch_up(&mut b.store, &mut Env { now, rng: &mut b.rng }, monday()).unwrap();
            carry_all(&mut b, &mut a, now);
            assert_eq!(rungs(&a, &case), watched(now), "{leaps:?} at week {weeks}");
            assert_eq!(rungs(&b, &case), rungs(&a, &case), "{leaps:?} at week {weeks}, the other side");
        }
        assert_eq!(rungs(&a, &case).last().map(|(level, _)| *level), Some(4), "{leaps:?}");
    }
    check(&[WEEKS]);
    check(&[1, 1, 1, 1, 1, 1, 1]);
    check(&[2, 5]);
}

/// A node that really was away raises one level when it is back, at that instant, and that level gets its time to answer.
#[test]
fn a_node_that_was_away_raises_one_level_when_it_is_back() {
    let ([mut a, _], case) = silence();
    let now = after(WEEKS);
    a.node.catch_up(&mut a.store, &mut Env { now, rng: &mut a.rng }, now).unwrap();
    assert_eq!(rungs(&a, &case), [(1, now)]);
}
