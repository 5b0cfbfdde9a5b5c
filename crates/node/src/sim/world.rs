//! The world of a run: true time, two houses, and what happens next.
//!
//! Owns the order of events and the trace. Must not know how a house, the network or a liar does its part.

use std::sync::Arc;

use domain::ids::{CaseId, PartyId};
use domain::instrument::Instrument;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::dice::Dice;
use super::house::House;
use super::network::Network;
use super::{Broken, Ground, Next, Plan, Report, amend, check, liar, network, officers};
use crate::{Fault, Keys, Node};

/// When every run begins, in Unix seconds: a Monday morning in the instrument's first years.
const BEGINS_S: i64 = 1_770_000_000;

/// A clock is at most so far from true time, in seconds: two honest clocks stand less than `admit::SKEW` apart.
const SKEW_MAX_S: i64 = 120;

/// One action in so many is a lie, where there is a liar.
const LIE_EVERY: usize = 5;

/// One action in so many brings the amendment on, where there is one.
const AMEND_EVERY: usize = 2;

/// Rounds of mail after which everything must be delivered: each outlasts the longest wait between tries.
const ROUNDS_MAX: u32 = 60;

/// How long one such round takes.
const ROUND: SignedDuration = SignedDuration::from_mins(20);

/// Everything there is.
pub(super) struct World {
    /// The instrument both began with.
    pub(super) instrument: Arc<Instrument>,
    /// The version that may amend it.
    pub(super) next: Option<Next>,
    /// The case it is proposed in.
    pub(super) amending: Option<CaseId>,
    pub(super) houses: [House; 2],
    pub(super) network: Network,
    pub(super) dice: Dice,
    pub(super) now: Timestamp,
    pub(super) stormy: bool,
    pub(super) liar: bool,
    pub(super) faults: u64,
    /// Cases opened by hand, for their numbers.
    pub(super) opened: u64,
    steps: u32,
    events: u64,
    trace: Sha256,
}

impl World {
    /// Two houses that have exchanged cards.
    pub(super) fn new(plan: &Plan, ground: &Ground, parties: [&PartyId; 2]) -> Result<Self, Fault> {
        let instrument = &ground.instrument;
        let now = Timestamp::from_second(BEGINS_S).unwrap_or_default();
        let house = |me: usize| -> Result<House, Fault> {
            let (mine, theirs) = (parties[me], parties[1 - me]);
            let keys = |party: &PartyId| Keys::from_seed(&key_seed(party), instrument, party);
            let other = Node::new(theirs.clone(), Arc::clone(instrument), keys(theirs), Vec::new())?;
            let card = other.card("peer:1", domain::ids::Hash32::default())?;
            let node = Node::new(mine.clone(), Arc::clone(instrument), keys(mine), vec![card])?;
            let seed = plan.seed.wrapping_mul(2).wrapping_add(u64::try_from(me).unwrap_or(0));
            House::new(node, theirs.clone(), seed, plan.faults)
        };
        Ok(Self {
            instrument: Arc::clone(instrument),
            next: ground.next.clone().filter(|_| plan.amends),
            amending: None,
            houses: [house(0)?, house(1)?],
            network: Network::new(now),
            dice: Dice::new(plan.seed, 0),
            now,
            stormy: plan.faults,
            liar: plan.liar,
            faults: 0,
            opened: 0,
            steps: plan.steps,
            events: 0,
            trace: Sha256::new(),
        })
    }

    /// Lives through the plan, then lets the weather calm and everything arrive.
    pub(super) fn live(&mut self) -> Result<Report, Broken> {
        for _ in 0..self.steps {
            let pause = self.pause();
            self.pass(pause)?;
            self.act()?;
        }
        self.stormy = false;
        self.network.heal(self.now);
        self.houses.iter_mut().for_each(House::calm);
        self.settle()?;
        let (acts, delivered) = check::whole(self)?;
        let (amended, went_on) = (check::amended(self)?, check::went_on(self)?);
        let faults = self.faults + self.houses.iter().map(|house| house.restarts).sum::<u64>();
        Ok(Report {
            acts,
            delivered,
            amended,
            went_on,
            events: self.events,
            faults,
            hash: self.trace.clone().finalize().into(),
        })
    }

    /// Events so far.
    pub(super) fn events(&self) -> u64 {
        self.events
    }

    /// Writes an event into the trace, and looks whether everything still holds.
    pub(super) fn note(&mut self, line: &str) -> Result<(), Broken> {
        self.events += 1;
        self.trace.update(format!("{} {} {line}\n", self.events, self.now).as_bytes());
        check::each(self)
    }

    /// A commit was struck: the house is down and up again, and what it had under way is gone.
    pub(super) fn crash(&mut self, house: usize, fault: &Fault) -> Result<(), Broken> {
        match fault {
            Fault::Store(store::Fault::Backend { .. }) if self.stormy => {}
            other => return Err(Broken::new("no-fault-of-its-own", other)),
        }
        self.houses[house].restart();
        self.network.forget(house);
        self.note(&format!("restart {house}"))
    }

    /// How long nothing happens: mostly minutes, now and then weeks.
    fn pause(&mut self) -> SignedDuration {
        let seconds = match self.dice.below(20) {
            0 => self.dice.between(1, 20 * 86_400),
            1..=3 => self.dice.between(1, 2 * 86_400),
            4..=9 => self.dice.between(1, 4 * 3_600),
            _ => self.dice.between(1, 120),
        };
        SignedDuration::from_secs(seconds)
    }

    /// Lets time pass, and everything on its way arrive when it does.
    fn pass(&mut self, pause: SignedDuration) -> Result<(), Broken> {
        let until = self.now.saturating_add(pause).unwrap_or(self.now);
        while let Some((at, flight)) = self.network.next(until) {
            self.now = at;
            network::arrive(self, flight)?;
        }
        self.now = until;
        Ok(())
    }

    /// One thing happens.
    fn act(&mut self) -> Result<(), Broken> {
        let house = self.dice.below(2);
        if self.liar && self.dice.once_in(LIE_EVERY) {
            return liar::lie(self);
        }
        if self.next.is_some() && self.dice.once_in(AMEND_EVERY) {
            return amend::amend(self, house);
        }
        match self.dice.below(20) {
            0..=1 => officers::submit(self, house),
            2..=8 => officers::work(self, house),
            9 => officers::offend(self, house),
            10..=14 => network::post(self, house),
            15..=16 => self.tick(house).map(|_| ()),
            17 => network::pull(self, house),
            18 if self.stormy => self.worsen(house),
            _ => network::post(self, house),
        }
    }

    /// A clock steps, or the line is cut for hours or days.
    fn worsen(&mut self, house: usize) -> Result<(), Broken> {
        self.faults += 1;
        if self.dice.once_in(2) {
            let skew_s = self.dice.between(-SKEW_MAX_S, SKEW_MAX_S);
            self.houses[house].skew = SignedDuration::from_secs(skew_s);
            return self.note(&format!("clock {house} {skew_s}"));
        }
        let hours = self.dice.between(1, 24 * 6);
        self.network.cut(self.now.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(self.now));
        self.note(&format!("cut {hours}"))
    }

    /// A house looks at its clocks.
    fn tick(&mut self, house: usize) -> Result<usize, Broken> {
        let now = self.now;
        match self.houses[house].work(now, |node, store, env, _| node.tick(store, env)) {
            Ok(entered) => {
                self.note(&format!("tick {house} {entered}"))?;
                Ok(entered)
            }
            Err(fault) => self.crash(house, &fault).map(|()| 0),
        }
    }

    /// Mail, clocks and logs go on in calm weather until nothing moves.
    fn settle(&mut self) -> Result<(), Broken> {
        self.pass(network::DELAY_MAX)?;
        for _ in 0..ROUNDS_MAX {
            self.pass(ROUND)?;
            let mut moved = 0;
            for house in [0, 1] {
                moved += self.tick(house)?;
                moved += network::waiting(self, house)?;
                network::post(self, house)?;
            }
            if moved == 0 && self.network.is_empty() {
                return [0, 1].into_iter().try_for_each(|house| network::pull(self, house));
            }
        }
        Err(Broken::new("settles", format!("mail still moves after {ROUNDS_MAX} calm rounds")))
    }
}

/// A Party's seed for its keys: fixed, so that what differs between runs is what happens.
fn key_seed(party: &PartyId) -> [u8; 32] {
    Sha256::digest(format!("entente/sim/{party}").as_bytes()).into()
}
