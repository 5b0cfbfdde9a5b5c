//! Fills two fresh nodes with the matters of a script, at the times they would have happened.
//!
//! Owns the order of cues, mail and clocks while seeding. Must not bypass a node: every act goes through it, and every
//! parcel through the other's `receive`.

use domain::ids::{CaseId, PartyId};
use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use store::{Chunks, Store};

use super::script::Script;
use crate::Env;
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// Most rounds of mail at one instant: a matter needs two or three.
const ROUNDS_MAX: usize = 16;

/// How long the post takes in an exercise.
const POST: SignedDuration = SignedDuration::from_secs(2);

/// One Party's house while it is being furnished.
pub struct House<'a> {
    /// Its node.
    pub node: &'a Node,
    /// Its store.
    pub store: &'a mut dyn Store,
    /// Its attachments.
    pub chunks: &'a dyn Chunks,
}

/// Plays every matter of the script up to `now`: people first, then cues in the order of their times, with the mail
/// delivered and the clocks watched in between.
///
/// # Errors
/// The first thing that fails, naming the matter.
pub fn seed(
    houses: &mut [House<'_>; 2],
    script: &Script,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), Failure> {
    for house in houses.iter_mut() {
        let lang = house.node.instrument().party(house.node.me()).map(|party| party.lang.clone());
        let lang = lang.ok_or_else(|| Fault::Setup("the node's Party is not in the instrument".to_owned()))?;
        for officer in script.officers(house.node.me(), &lang) {
            house.node.put_officer(house.store, &mut Env { now, rng }, &officer)?;
        }
    }
    let mut turns = Vec::new();
    for (matter, told) in script.matters().iter().enumerate() {
        let mut at = now.saturating_sub(told.ago).unwrap_or(now);
        for (cue, turn) in told.cues.iter().enumerate() {
            at = at.saturating_add(turn.after).unwrap_or(at);
            if at <= now {
                turns.push((at, matter, cue));
            }
        }
    }
    turns.sort();
    let mut cases: Vec<Option<CaseId>> = vec![None; script.matters().len()];
    for (at, matter, cue) in turns {
        pass(houses, at, rng)?;
        let told = &script.matters()[matter];
        let cue = &told.cues[cue];
        let house = house_of(houses, &cue.party(script)?)?;
        let mut env = Env { now: at, rng };
        let played = cue
            .play(script, house.node, house.store, &mut env, house.chunks, cases[matter].as_ref())
            .map_err(|why| Fault::Setup(format!("exercise matter `{}`: {why}", told.key)))?;
        cases[matter] = played.case.or(cases[matter].take());
        deliver(houses, at, rng)?;
    }
    pass(houses, now, rng)
}

/// Lets time pass to `until`: every clock that runs out on the way is entered at its instant.
fn pass(houses: &mut [House<'_>; 2], until: Timestamp, rng: &mut dyn CryptoRng) -> Result<(), Failure> {
    loop {
        let mut next = None;
        for house in houses.iter() {
            let wake = house.node.next_wake(&*house.store.reader()?)?;
            next = [next, wake].into_iter().flatten().min();
        }
        let Some(at) = next.filter(|at| *at <= until) else { return Ok(()) };
        for house in houses.iter_mut() {
            house.node.tick(house.store, &mut Env { now: at, rng })?;
        }
        deliver(houses, at, rng)?;
    }
}

/// Carries mail both ways until none is left, attachments first, as the courier does.
fn deliver(houses: &mut [House<'_>; 2], at: Timestamp, rng: &mut dyn CryptoRng) -> Result<(), Failure> {
    let arrival = at.saturating_add(POST).unwrap_or(at);
    for _ in 0..ROUNDS_MAX {
        let [a, b] = houses;
        let carried = carry(a, b, arrival, rng)? + carry(b, a, arrival, rng)?;
        if carried == 0 {
            break;
        }
    }
    let [a, b] = houses;
    pull(a, b, arrival, rng)?;
    pull(b, a, arrival, rng)
}

fn carry(
    from: &mut House<'_>,
    to: &mut House<'_>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<usize, Failure> {
    let (sender, receiver) = (from.node.me().clone(), to.node.me().clone());
    let reader = from.store.reader()?;
    let parcels = from.node.parcels(&*reader, &receiver, now)?;
    if parcels.is_empty() {
        return Ok(0);
    }
    for reference in parcels.iter().flat_map(|parcel| &parcel.attachments) {
        let root = domain::ids::Hash32(reference.root);
        let hashes = from.node.blob_list(&*reader, &root)?;
        let have = to.node.blob_wanted(to.store, &mut Env { now, rng }, to.chunks, &sender, reference, &hashes)?;
        let receiving = to.store.reader()?;
        for index in (0..reference.chunks()).filter(|index| !have.contains(index)) {
            if let Some(chunk) = from.chunks.get(&root, index)? {
                to.node.blob_chunk(&*receiving, to.chunks, &root, index, &chunk)?;
            }
        }
    }
    drop(reader);
    let envelopes: Vec<Vec<u8>> = parcels.iter().map(|parcel| parcel.bytes.clone()).collect();
    let receipt = to.node.receive(to.store, &mut Env { now, rng }, to.chunks, &sender, &envelopes)?;
    from.node.receipted(from.store, &mut Env { now, rng }, &receiver, &receipt)?;
    Ok(parcels.len())
}

/// Each side pulls, checks and cosigns the other's log.
fn pull(from: &mut House<'_>, to: &mut House<'_>, now: Timestamp, rng: &mut dyn CryptoRng) -> Result<(), Failure> {
    let (owner, holder) = (from.node.me().clone(), to.node.me().clone());
    let have = to.node.mirrored(&*to.store.reader()?, &owner)?;
    let Some(page) = from.node.page(&*from.store.reader()?, &holder, have)? else { return Ok(()) };
    if page.entries.is_empty() {
        return Ok(());
    }
    if let Some(note) = to.node.mirror(to.store, &mut Env { now, rng }, &owner, &page)? {
        from.node.cosigned(from.store, &holder, &note)?;
    }
    Ok(())
}

fn house_of<'h, 'a>(houses: &'h mut [House<'a>; 2], party: &PartyId) -> Result<&'h mut House<'a>, Fault> {
    let found = houses.iter_mut().find(|house| house.node.me() == party);
    found.ok_or_else(|| Fault::Setup(format!("exercise script: no node plays `{party}`")))
}
