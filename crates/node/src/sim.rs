//! The deterministic simulator: two Parties' nodes, unchanged, in a world of virtual time that does its worst.
//!
//! Owns the run from one seed: what happens in which order, what goes wrong, and what must hold after each event. The
//! same seed makes the same run, byte for byte. Must not replace anything of the node: stores, time, chance and the
//! network are the node's own arguments. What each part may do stands in the submodules by noun.

use std::fmt;

use domain::ids::PartyId;

mod amend;
mod check;
mod dice;
mod forge;
mod house;
mod liar;
mod network;
mod officers;
mod prepared;
mod world;

use world::World;

pub use amend::{Ground, Next};

/// Actions of one run unless a plan says otherwise: enough for a case to live and die, few enough for hundreds of runs.
pub const STEPS: u32 = 60;

/// Actions of a long run, in which cases reach their last stages.
const STEPS_LONG: u32 = 160;

/// One in so many seeds is long.
const LONG_EVERY: u64 = 20;

/// One in so many seeds has a peer that lies.
const LIAR_EVERY: u64 = 3;

/// One in so many seeds amends the instrument, liars among them.
const AMENDS_EVERY: u64 = 10;

/// What a run is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Where all chance comes from.
    pub seed: u64,
    /// How many actions happen before the weather calms and everything is delivered.
    pub steps: u32,
    /// Whether mail is lost, delayed, repeated and reordered, lines are cut, clocks step and stores fail.
    pub faults: bool,
    /// Whether the second Party lies to the first.
    pub liar: bool,
    /// Whether the instrument is amended, where the ground has a next version.
    pub amends: bool,
}

/// What a run amounted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Acts signed.
    pub acts: u64,
    /// Acts delivered and receipted: all of them, by the end.
    pub delivered: u64,
    /// Cases opened under a version that amends the one both began with.
    pub amended: u64,
    /// Cases that went on under it because both sides said so.
    pub went_on: u64,
    /// Everything that happened: actions, arrivals, timeouts.
    pub events: u64,
    /// Everything that went wrong on purpose, lies included.
    pub faults: u64,
    /// SHA-256 of the trace of all events.
    pub hash: [u8; 32],
}

/// Something that must hold and did not. The seed repeats it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Violation {
    /// The seed.
    pub seed: u64,
    /// The event at which it showed, counted from 1.
    pub step: u64,
    /// What must hold, as a stable code.
    pub invariant: &'static str,
    /// What was found instead.
    pub detail: String,
}

/// Runs the plan a seed stands for: all faults, a liar in one seed of three, an amendment in one of ten.
///
/// # Errors
/// [`Violation`].
pub fn run(seed: u64, ground: &Ground) -> Result<Report, Violation> {
    run_plan(&Plan::of(seed), ground)
}

/// Runs a plan with the first two Parties of the instrument.
///
/// # Errors
/// [`Violation`].
pub fn run_plan(plan: &Plan, ground: &Ground) -> Result<Report, Violation> {
    let at = |step: u64, broken: Broken| Violation {
        seed: plan.seed,
        step,
        invariant: broken.invariant,
        detail: broken.detail,
    };
    let parties: Vec<PartyId> = ground.instrument.parties().keys().take(2).cloned().collect();
    let [first, second] = parties.as_slice() else {
        return Err(at(0, Broken::new("setup", "an instrument has two Parties")));
    };
    let world = World::new(plan, ground, [first, second]);
    let mut world = world.map_err(|fault| at(0, Broken::new("setup", fault)))?;
    match world.live() {
        Ok(report) => Ok(report),
        Err(broken) => Err(at(world.events(), broken)),
    }
}

impl Plan {
    /// The plan a seed stands for.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let steps = if seed.is_multiple_of(LONG_EVERY) { STEPS_LONG } else { STEPS };
        let liar = seed.is_multiple_of(LIAR_EVERY);
        Self { seed, steps, faults: true, liar, amends: seed % AMENDS_EVERY == 1 }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, step, invariant, detail } = self;
        write!(f, "`{invariant}` does not hold at event {step} of seed {seed}: {detail}; ")?;
        write!(f, "replay with `entente sim --seeds 1 --from {seed}`")
    }
}

/// What does not hold, before the seed and the event are put to it.
#[derive(Debug)]
struct Broken {
    invariant: &'static str,
    detail: String,
}

impl Broken {
    fn new(invariant: &'static str, detail: impl ToString) -> Self {
        Self { invariant, detail: detail.to_string() }
    }
}

/// A reading fault is no weather of ours: only commits are struck.
impl From<crate::Fault> for Broken {
    fn from(fault: crate::Fault) -> Self {
        Self::new("readable", fault)
    }
}

impl From<store::Fault> for Broken {
    fn from(fault: store::Fault) -> Self {
        Self::new("readable", fault)
    }
}
