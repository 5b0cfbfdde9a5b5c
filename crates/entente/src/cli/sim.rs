//! `entente sim`: the deterministic simulator, seed by seed.
//!
//! Owns the range of seeds and what is shown. Must not know what can go wrong: `node::sim` does.

use std::path::PathBuf;

use node::sim::{self, Report, Violation};
use serde_json::json;

use super::out::{self, say};
use super::{Ended, Trouble, Verdict};
use crate::home::{files, sound};
use crate::shipped;

const EXAMPLES: &str = "Examples:
  entente sim --seeds 200
  entente sim --seeds 1 --from 4711      replay one seed, event by event the same";

/// Which seeds.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// How many seeds to run.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// The instrument's folder; by default the one built in.
    #[arg(long, value_name = "F")]
    instrument: Option<PathBuf>,
}

/// Runs every seed; found wanting when something did not hold in one.
///
/// # Errors
/// When the instrument cannot be used.
pub fn run(args: &Args, as_json: bool) -> Ended {
    let none = || Trouble("no instrument is built into the program; name one with `--instrument`".into());
    let (at, sources) = match &args.instrument {
        Some(path) => (path.clone(), files::read(path)?),
        None => {
            let id = shipped::instruments().next().ok_or_else(none)?;
            (PathBuf::from(id), files::shipped(id).ok_or_else(none)?)
        }
    };
    sound(&sources, &at)?;
    let ground = sim::Ground::of(&sources).ok_or_else(none)?;
    let bar = out::bar(args.seeds, "seeds");
    let (mut sum, mut violations): (Sum, Vec<Violation>) = (Sum::default(), Vec::new());
    for seed in (0..args.seeds).map(|step| args.from.wrapping_add(step)) {
        match sim::run(seed, &ground) {
            Ok(report) => sum.add(&report),
            Err(violation) => {
                if !as_json {
                    bar.suspend(|| say(&violation));
                }
                violations.push(violation);
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let Sum { acts, delivered, events, faults, trace } = &sum;
    if as_json {
        let shown = |found: &Violation| json!({ "seed": found.seed, "event": found.step, "invariant": found.invariant, "detail": found.detail });
        let broken: Vec<_> = violations.iter().map(shown).collect();
        out::json(&json!({
            "ok": broken.is_empty(), "seeds": args.seeds, "from": args.from, "acts": acts, "delivered": delivered,
            "events": events, "faults": faults, "trace": trace, "violations": broken,
        }));
    } else {
        say(format_args!("{} seeds: {acts} acts, {delivered} delivered, {events} events, {faults} faults", args.seeds));
        say(format_args!("trace {trace}; {} seeds found wanting", violations.len()));
    }
    Ok(if violations.is_empty() { Verdict::Done } else { Verdict::Wanting })
}

/// All runs together.
#[derive(Default)]
struct Sum {
    acts: u64,
    delivered: u64,
    events: u64,
    faults: u64,
    /// The runs' trace hashes mixed into one number: the same seeds give the same.
    trace: Trace,
}

/// The traces of all runs as one short number.
#[derive(Default, Clone, Copy, serde::Serialize)]
struct Trace(u32);

impl std::fmt::Display for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl Sum {
    fn add(&mut self, report: &Report) {
        self.acts += report.acts;
        self.delivered += report.delivered;
        self.events += report.events;
        self.faults += report.faults;
        let [a, b, c, d, ..] = report.hash;
        self.trace.0 = self.trace.0.rotate_left(5) ^ u32::from_be_bytes([a, b, c, d]);
    }
}
