//! The simulator over hundreds of seeds, and over every seed that ever failed.

use std::fs;
use std::path::Path;

use domain::instrument::SourceFile;
use node::sim::{self, Ground, Plan};

/// Seeds of one run of the tests; `ENTENTE_SEEDS` sets another number.
const SEEDS: u64 = 200;

/// Seeds beyond the usual ones that once found something, in the simulator of their day; the stories they told stand in
/// `domain/tests/it/crossing.rs`.
const REGRESSIONS: &[u64] = &[80, 110, 190, 250, 358, 752, 805, 984];

#[test]
fn every_seed_keeps_every_invariant() {
    let seeds = std::env::var("ENTENTE_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS);
    check(0..seeds);
}

#[test]
fn seeds_that_once_failed_hold() {
    check(REGRESSIONS.iter().copied());
}

#[test]
fn a_seed_repeats_byte_for_byte() {
    let ground = ground();
    for seed in [3, 4] {
        let [first, again] = [0, 1].map(|_| sim::run(seed, &ground).expect("the seed holds"));
        assert_eq!(first, again);
        let other = sim::run(seed + 1_000, &ground).expect("the seed holds");
        assert_ne!(first.hash, other.hash);
    }
}

#[test]
fn in_fair_weather_everything_is_delivered_and_nothing_goes_wrong() {
    let plan = Plan { seed: 7, steps: 120, faults: false, liar: false, amends: false };
    let report = sim::run_plan(&plan, &ground()).expect("the seed holds");
    assert_eq!(report.faults, 0);
    assert!(report.acts > 10);
    assert_eq!(report.acts, report.delivered);
}

#[test]
fn an_amendment_is_brought_in_whatever_the_weather() {
    let ground = ground();
    let (mut amended, mut went_on) = (0, 0);
    for seed in 0..24 {
        let plan = Plan { seed, steps: 80, faults: true, liar: seed % 3 == 0, amends: true };
        let report = sim::run_plan(&plan, &ground).unwrap_or_else(|why| panic!("{why} under {plan:?}"));
        amended += report.amended;
        went_on += report.went_on;
    }
    assert!(amended > 3, "{amended} cases opened under an amendment test little");
    assert!(went_on > 3, "{went_on} cases that went on under it test little");
}

/// Runs seeds and demands that all of them hold, and that they are worth running.
fn check(seeds: impl Iterator<Item = u64>) {
    let ground = ground();
    let mut violations = Vec::new();
    let (mut acts, mut faults, mut count) = (0, 0, 0);
    for seed in seeds {
        count += 1;
        match sim::run(seed, &ground) {
            Ok(report) => {
                acts += report.acts;
                faults += report.faults;
            }
            Err(violation) => violations.push(violation.to_string()),
        }
    }
    assert!(violations.is_empty(), "{} of {count} seeds:\n{}", violations.len(), violations.join("\n"));
    assert!(acts >= count * 4 && faults >= count, "{acts} acts and {faults} faults in {count} seeds test little");
}

fn ground() -> Ground {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for (dir, prefix) in
        [("instruments/china-uk-2016", ""), ("instruments/china-uk-2016/types", "types/"), ("calendars", "calendars/")]
    {
        for entry in fs::read_dir(root.join(dir)).expect("the shipped files are there") {
            let path = entry.expect("a readable entry").path();
            if path.extension().is_some_and(|kind| kind == "toml") {
                let name = path.file_name().expect("a file has a name").to_string_lossy();
                let text = fs::read_to_string(&path).expect("a readable file");
                files.push(SourceFile { name: format!("{prefix}{name}"), text });
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ground::of(&files).expect("the shipped instrument is sound")
}
