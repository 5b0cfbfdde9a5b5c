//! Between the houses: what carries mail, loses it, delays it, repeats it and mixes it up.
//!
//! Owns what is on its way and the courier's rounds as the shell makes them. Must not change a byte: that is the
//! liar's part.

use std::collections::BTreeMap;

use domain::ids::Hash32;
use jiff::{SignedDuration, Timestamp};
use ledger::blob::AttachmentRef;
use store::{Chunks, ParcelState};

use super::Broken;
use super::world::World;
use crate::{Failure, Fault};

/// How long a courier waits for the receipt of a batch.
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

/// Longest time on the way.
pub(super) const DELAY_MAX: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Most old envelopes kept for delivering them again.
const KEPT_MAX: usize = 64;

/// One thing on its way.
pub(super) enum Flight {
    /// Envelopes, with the attachments that go before them.
    Batch { to: usize, envelopes: Vec<Vec<u8>>, attachments: Vec<AttachmentRef> },
    /// The signed receipt that comes back.
    Receipt { to: usize, bytes: Vec<u8> },
    /// The moment a courier gives up waiting.
    GiveUp { house: usize, parcels: Vec<Hash32> },
}

/// The line between the houses.
pub(super) struct Network {
    flights: BTreeMap<(Timestamp, u64), Flight>,
    count: u64,
    cut_until: Timestamp,
    /// Envelopes carried before, by the house they went to.
    kept: Vec<(usize, Vec<u8>)>,
}

impl Network {
    /// An idle line.
    pub(super) fn new(now: Timestamp) -> Self {
        Self { flights: BTreeMap::new(), count: 0, cut_until: now, kept: Vec::new() }
    }

    /// The next thing to arrive by `until`.
    pub(super) fn next(&mut self, until: Timestamp) -> Option<(Timestamp, Flight)> {
        let entry = self.flights.first_entry()?;
        if entry.key().0 > until {
            return None;
        }
        let ((at, _), flight) = entry.remove_entry();
        Some((at, flight))
    }

    /// Nothing passes until then.
    pub(super) fn cut(&mut self, until: Timestamp) {
        self.cut_until = until;
    }

    /// The line stands again.
    pub(super) fn heal(&mut self, now: Timestamp) {
        self.cut_until = now;
    }

    /// What a house had under way dies with its process.
    pub(super) fn forget(&mut self, house: usize) {
        self.flights.retain(|_, flight| match flight {
            Flight::Batch { .. } => true,
            Flight::Receipt { to, .. } => *to != house,
            Flight::GiveUp { house: of, .. } => *of != house,
        });
    }

    /// Whether nothing is on its way.
    pub(super) fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }

    /// Envelopes carried to a house before.
    pub(super) fn carried(&self, to: usize) -> Vec<&Vec<u8>> {
        self.kept.iter().filter(|(house, _)| *house == to).map(|(_, bytes)| bytes).collect()
    }

    fn send(&mut self, at: Timestamp, flight: Flight) {
        self.count += 1;
        self.flights.insert((at, self.count), flight);
    }
}

/// A courier's round: everything due goes off in one batch.
pub(super) fn post(world: &mut World, from: usize) -> Result<(), Broken> {
    let house = &world.houses[from];
    let parcels = house.node.parcels(&*house.reader()?, &house.peer, house.clock(world.now))?;
    if parcels.is_empty() {
        return Ok(());
    }
    let names: Vec<Hash32> = parcels.iter().map(|parcel| parcel.core_hash).collect();
    let attachments = parcels.iter().flat_map(|parcel| parcel.attachments.clone()).collect();
    let mut envelopes: Vec<Vec<u8>> = parcels.into_iter().map(|parcel| parcel.bytes).collect();
    for bytes in &envelopes {
        if world.network.kept.len() < KEPT_MAX {
            world.network.kept.push((1 - from, bytes.clone()));
        }
    }
    if world.stormy {
        mix(world, from, &names, &mut envelopes)?;
    }
    let give_up_at = later(world.now, PATIENCE);
    world.network.send(give_up_at, Flight::GiveUp { house: from, parcels: names.clone() });
    let listed: Vec<String> = names.iter().map(Hash32::short).collect();
    let count = if world.stormy && world.dice.once_in(6) { 2 } else { 1 };
    for _ in 0..count {
        let flight =
            Flight::Batch { to: 1 - from, envelopes: envelopes.clone(), attachments: Vec::clone(&attachments) };
        launch(world, flight);
    }
    world.note(&format!("post {from} {}", listed.join(" ")))
}

/// Puts later parcels of the same cases before earlier ones, and copies of old mail among them.
fn mix(world: &mut World, from: usize, names: &[Hash32], envelopes: &mut Vec<Vec<u8>>) -> Result<(), Broken> {
    if world.dice.once_in(3) {
        let house = &world.houses[from];
        let reader = house.reader()?;
        for name in names {
            let Some(parcel) = reader.parcel(name)? else { continue };
            for row in reader.acts(&parcel.case)? {
                let behind = row.party == *house.node.me() && row.seq > parcel.party_seq;
                if behind && let Some(bytes) = reader.envelope(&row.core_hash)? {
                    envelopes.push(bytes);
                }
            }
        }
    }
    if world.dice.once_in(4) {
        let old: Vec<Vec<u8>> = world.network.carried(1 - from).into_iter().cloned().collect();
        envelopes.extend(world.dice.one(&old).cloned());
    }
    world.dice.shuffle(envelopes);
    envelopes.truncate(crate::ENVELOPES_MAX);
    Ok(())
}

/// Sends something off: it may be lost at once, or take its time.
fn launch(world: &mut World, flight: Flight) {
    let mut seconds = 1;
    if world.stormy {
        if world.now < world.network.cut_until || world.dice.once_in(6) {
            world.faults += 1;
            return;
        }
        seconds = match world.dice.below(12) {
            0 => world.dice.between(60, DELAY_MAX.as_secs()),
            1..=2 => world.dice.between(20, 3_600),
            _ => world.dice.between(0, 5),
        };
    }
    world.network.send(later(world.now, SignedDuration::from_secs(seconds)), flight);
}

/// Something reaches its end.
pub(super) fn arrive(world: &mut World, flight: Flight) -> Result<(), Broken> {
    let now = world.now;
    if now < world.network.cut_until && !matches!(flight, Flight::GiveUp { .. }) {
        world.faults += 1;
        return world.note("lost in the cut");
    }
    match flight {
        Flight::Batch { to, envelopes, attachments } => {
            for attachment in &attachments {
                if let Err(fault) = carry(world, to, attachment)? {
                    return world.crash(to, &fault);
                }
            }
            let from = world.houses[to].peer.clone();
            let received = world.houses[to]
                .work(now, |node, store, env, chunks| node.receive(store, env, chunks, &from, &envelopes));
            match received {
                Ok(bytes) => {
                    launch(world, Flight::Receipt { to: 1 - to, bytes });
                    world.note(&format!("arrive {to} {}", envelopes.len()))?;
                    // Whoever got mail fetches the log it was sent from, as the courier does.
                    pull(world, to)
                }
                Err(fault) => world.crash(to, &fault),
            }
        }
        Flight::Receipt { to, bytes } => {
            let from = world.houses[to].peer.clone();
            match world.houses[to].work(now, |node, store, env, _| node.receipted(store, env, &from, &bytes)) {
                Ok(()) => world.note(&format!("receipt {to}")),
                Err(Failure::Fault(fault)) => world.crash(to, &fault),
                Err(failure) => Err(Broken::new("honest-receipt-is-taken", failure)),
            }
        }
        Flight::GiveUp { house, parcels } => {
            match world.houses[house].work(now, |node, store, env, _| node.undelivered(store, env, &parcels, None)) {
                Ok(()) => world.note(&format!("give up {house}")),
                Err(fault) => world.crash(house, &fault),
            }
        }
    }
}

/// Carries an attachment's missing chunks; sometimes they do not get through, and its act must wait.
fn carry(world: &mut World, to: usize, attachment: &AttachmentRef) -> Result<Result<(), Fault>, Broken> {
    if world.stormy && world.dice.once_in(3) {
        world.faults += 1;
        return Ok(Ok(()));
    }
    let now = world.now;
    let sender = &world.houses[1 - to];
    let root = Hash32(attachment.root);
    let list = sender.node.blob_list(&*sender.reader()?, &root)?;
    let from = sender.node.me().clone();
    let wanted = world.houses[to]
        .work(now, |node, store, env, chunks| node.blob_wanted(store, env, chunks, &from, attachment, &list));
    let have = match wanted {
        Ok(have) => have,
        Err(Failure::Fault(fault)) => return Ok(Err(fault)),
        Err(failure) => return Err(Broken::new("honest-attachment-is-taken", failure)),
    };
    for index in (0..attachment.chunks()).filter(|index| !have.contains(index)) {
        let chunk = world.houses[1 - to].chunks.get(&root, index)?;
        let chunk = chunk.ok_or_else(|| Broken::new("chunks-stay", root))?;
        let receiver = &world.houses[to];
        let kept = receiver.node.blob_chunk(&*receiver.reader()?, &receiver.chunks, &root, index, &chunk);
        kept.map_err(|failure| Broken::new("honest-attachment-is-taken", failure))?;
    }
    Ok(Ok(()))
}

/// A house pulls what is new in the other's log, and brings back its cosignature.
pub(super) fn pull(world: &mut World, house: usize) -> Result<(), Broken> {
    let cut = world.stormy && (world.now < world.network.cut_until || world.dice.once_in(6));
    if cut {
        return Ok(());
    }
    let now = world.now;
    let (mine, theirs) = (&world.houses[house], &world.houses[1 - house]);
    let from = mine.node.mirrored(&*mine.reader()?, &mine.peer)?;
    let Some(page) = theirs.node.page(&*theirs.reader()?, &theirs.peer, from)? else { return Ok(()) };
    let peer = mine.peer.clone();
    let note = match world.houses[house].work(now, |node, store, env, _| node.mirror(store, env, &peer, &page)) {
        Ok(note) => note,
        Err(Failure::Fault(fault)) => return world.crash(house, &fault),
        Err(failure) => return Err(Broken::new("honest-log-is-taken", failure)),
    };
    world.note(&format!("pull {house} {from}"))?;
    let lost = world.stormy && world.dice.once_in(6);
    let Some(note) = note.filter(|_| !lost) else { return Ok(()) };
    let peer = world.houses[1 - house].peer.clone();
    match world.houses[1 - house].work(now, |node, store, env, _| node.cosigned(store, env, &peer, &note)) {
        Ok(_) => world.note(&format!("cosigned {}", 1 - house)),
        Err(Failure::Fault(fault)) => world.crash(1 - house, &fault),
        Err(failure) => Err(Broken::new("honest-cosignature-is-taken", failure)),
    }
}

/// How many parcels of a house still wait.
pub(super) fn waiting(world: &World, house: usize) -> Result<usize, Broken> {
    let counts = world.houses[house].reader()?.parcel_counts()?;
    let queued = counts.iter().filter(|count| count.state == ParcelState::Queued);
    Ok(queued.map(|count| usize::try_from(count.count).unwrap_or(usize::MAX)).sum())
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(now)
}
