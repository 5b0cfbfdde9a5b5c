//! Fills two fresh nodes with the matters of a script, at the times they would have happened.
//!
//! Owns the order of cues, mail and clocks while seeding. Must not bypass a node: every act goes through it, and every
//! parcel through the other's `receive`.

use domain::ids::{CaseId, PartyId};
use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use store::{Chunks, Store};

use super::cue::{Line, lines};
use super::script::{Matter, Script};
use crate::Env;
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// Most rounds of mail at one instant: a matter needs two or three.
const ROUNDS_MAX: usize = 16;

/// Turns between two fetches of the other side's log while a year is made up: one after every turn would be most of the
/// work, and what is fetched is the same.
const TURNS_A_FETCH: usize = 16;

/// How long the post takes in an exercise.
const POST: SignedDuration = SignedDuration::from_secs(2);

/// One Party's house while it is being furnished.
pub struct House<'a> {
    /// Its node; an amendment that comes into force makes it another.
    pub node: Node,
    /// Its store.
    pub store: &'a mut dyn Store,
    /// Its attachments.
    pub chunks: &'a dyn Chunks,
}

/// Most instants of running clocks between two cues: a year of seventy matters has some hundreds.
const WAKES_MAX: usize = 10_000;

/// Makes every performer an officer of their house.
///
/// # Errors
/// [`Failure::Fault`] when somebody's office is none of the houses', or a store fails.
pub fn people(
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
    Ok(())
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
    people(houses, script, now, rng)?;
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
    let mut clock = turns.first().map_or(now, |(at, ..)| *at);
    for (done, (at, matter, cue)) in turns.into_iter().enumerate() {
        pass(houses, &mut clock, at, rng)?;
        let told = &script.matters()[matter];
        let of = script.place_of(matter);
        cases[of] = take_turn(houses, script, told, cue, at, cases[of].take(), rng)?;
        if done % TURNS_A_FETCH == 0 {
            fetch(houses, at, rng)?;
        }
    }
    pass(houses, &mut clock, now, rng)?;
    fetch(houses, now, rng)
}

/// Tells one matter forward from `start`, cue by cue, time passing in between, and hands every act to `show` as it is
/// entered, the nodes' own included, in the order folded. `case` is the one it resumes, if it does. The people must be in
/// their houses ([`people`]). Answers the case, and when the last cue was.
///
/// # Errors
/// The first thing that fails, naming the matter.
pub fn tell(
    houses: &mut [House<'_>; 2],
    script: &Script,
    (told, case): (&Matter, Option<CaseId>),
    start: Timestamp,
    rng: &mut dyn CryptoRng,
    show: &mut dyn FnMut(Line),
) -> Result<(Option<CaseId>, Timestamp), Failure> {
    let (mut clock, mut at, mut case) = (start, start, case);
    let mut shown = show_new(&houses[0], case.as_ref(), 0, &mut |_| ())?;
    for (cue, turn) in told.cues.iter().enumerate() {
        at = at.saturating_add(turn.after).unwrap_or(at);
        pass(houses, &mut clock, at, rng)?;
        shown = show_new(&houses[0], case.as_ref(), shown, show)?;
        case = take_turn(houses, script, told, cue, at, case, rng)?;
        fetch(houses, at, rng)?;
        shown = show_new(&houses[0], case.as_ref(), shown, show)?;
    }
    Ok((case, at))
}

/// One cue on its Party's node, and the mail it makes. Answers the matter's case, once it has one.
fn take_turn(
    houses: &mut [House<'_>; 2],
    script: &Script,
    told: &Matter,
    cue: usize,
    at: Timestamp,
    case: Option<CaseId>,
    rng: &mut dyn CryptoRng,
) -> Result<Option<CaseId>, Failure> {
    let turn = &told.cues[cue];
    renew(houses, at)?;
    // A text may settle what both logs say.
    if turn.signs() {
        fetch(houses, at, rng)?;
    }
    let house = house_of(houses, &turn.party(script)?)?;
    let mut env = Env { now: at, rng };
    let played = turn
        .play(script, &house.node, house.store, &mut env, house.chunks, case.as_ref())
        .map_err(|why| Fault::Setup(format!("exercise matter `{}`, turn {cue} of `{}`: {why}", told.key, turn.by)))?;
    deliver(houses, at, rng)?;
    Ok(played.case.or(case))
}

fn show_new(
    house: &House<'_>,
    case: Option<&CaseId>,
    shown: usize,
    show: &mut dyn FnMut(Line),
) -> Result<usize, Failure> {
    let Some(case) = case else { return Ok(shown) };
    let all = lines(&house.node, &*house.store.reader()?, case)?;
    let total = all.len();
    all.into_iter().skip(shown).for_each(show);
    Ok(total)
}

/// Lets time pass from `clock` to `until`: every clock that runs out on the way is entered at its instant, or at
/// `clock` when it had run out before.
fn pass(
    houses: &mut [House<'_>; 2],
    clock: &mut Timestamp,
    until: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), Failure> {
    for _ in 0..WAKES_MAX {
        let mut next = None;
        for house in houses.iter() {
            let wake = house.node.next_wake(&*house.store.reader()?)?;
            next = [next, wake].into_iter().flatten().min();
        }
        let Some(at) = next.filter(|at| *at <= until) else {
            *clock = until.max(*clock);
            return Ok(());
        };
        *clock = at.max(*clock);
        for house in houses.iter_mut() {
            house.node.tick(house.store, &mut Env { now: *clock, rng })?;
        }
        deliver(houses, *clock, rng)?;
    }
    Err(Fault::Setup("exercise: a clock never comes to rest".to_owned()).into())
}

/// Carries mail both ways until none is left, attachments first, as the courier does.
fn deliver(houses: &mut [House<'_>; 2], at: Timestamp, rng: &mut dyn CryptoRng) -> Result<(), Failure> {
    let arrival = at.saturating_add(POST).unwrap_or(at);
    for _ in 0..ROUNDS_MAX {
        let [a, b] = houses;
        let carried = carry(a, b, arrival, rng)? + carry(b, a, arrival, rng)?;
        renew(houses, arrival)?;
        if carried == 0 {
            break;
        }
    }
    Ok(())
}

/// Each node takes up amendments both have signed, once their day has come.
fn renew(houses: &mut [House<'_>; 2], at: Timestamp) -> Result<(), Fault> {
    for house in houses {
        if let Some(next) = house.node.renewed(&*house.store.reader()?, at)? {
            house.node = next;
        }
    }
    Ok(())
}

/// Each side fetches the other's log to its end.
fn fetch(houses: &mut [House<'_>; 2], at: Timestamp, rng: &mut dyn CryptoRng) -> Result<(), Failure> {
    let arrival = at.saturating_add(POST).unwrap_or(at);
    let [a, b] = houses;
    present(a, b)?;
    present(b, a)?;
    while pull(a, b, arrival, rng)? | pull(b, a, arrival, rng)? {}
    Ok(())
}

fn carry(from: &mut House<'_>, to: &mut House<'_>, now: Timestamp, rng: &mut dyn CryptoRng) -> Result<usize, Failure> {
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

/// One side presents the keys of offices a later version names, where the other lacks them.
fn present(from: &House<'_>, to: &mut House<'_>) -> Result<(), Failure> {
    let owner = from.node.me().clone();
    if to.node.lacks_offices(&owner) {
        to.node.take_offices(to.store, &owner, &from.node.present_offices(to.node.me())?)?;
    }
    Ok(())
}

/// One side pulls, checks and cosigns a page of the other's log; whether there was one.
fn pull(from: &mut House<'_>, to: &mut House<'_>, now: Timestamp, rng: &mut dyn CryptoRng) -> Result<bool, Failure> {
    let (owner, holder) = (from.node.me().clone(), to.node.me().clone());
    let have = to.node.mirrored(&*to.store.reader()?, &owner)?;
    let Some(page) = from.node.page(&*from.store.reader()?, &holder, have)? else { return Ok(false) };
    if page.entries.is_empty() {
        return Ok(false);
    }
    if let Some(note) = to.node.mirror(to.store, &mut Env { now, rng }, &owner, &page)? {
        from.node.cosigned(from.store, &mut Env { now, rng }, &holder, &note)?;
    }
    Ok(true)
}

fn house_of<'h, 'a>(houses: &'h mut [House<'a>; 2], party: &PartyId) -> Result<&'h mut House<'a>, Fault> {
    let found = houses.iter_mut().find(|house| house.node.me() == party);
    found.ok_or_else(|| Fault::Setup(format!("exercise script: no node plays `{party}`")))
}
