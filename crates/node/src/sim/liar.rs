//! A peer that lies: it holds the second Party's keys and says to the first whatever it likes.
//!
//! Owns the lies and what must follow from each: a name for it, and no effect on any case. The second Party's own node
//! stays honest, so that everything else must still hold at the end.

use domain::act::{Author, Deed, Person, Role};
use domain::ids::{CaseId, Hash32};
use jiff::SignedDuration;
use ledger::receipt::{self, Verdict};

use super::forge::{self, Forgery};
use super::world::World;
use super::{Broken, officers};
use crate::book::micros;
use crate::{Failure, Page};

/// Who lies, and to whom.
const LIAR: usize = 1;
const VICTIM: usize = 0;

/// A lie told by envelope: spoils an honest opening.
type Spoil = fn(&mut World, &mut Forgery);

/// Lies about a request the liar might honestly submit, with what the victim must call each.
const SPOILED: &[(&str, Spoil)] = &[
    ("gate-unanswered", |_, forgery| forgery.act.gates.clear()),
    ("four-eyes", |_, forgery| {
        if let Deed::Submit { request } = &forgery.act.deed {
            forgery.act.author = Author::Officer(Person { role: Role::Approver, ..request.drafter.clone() });
        }
    }),
    ("wrong-hand", |_, forgery| forgery.act.author = Author::Machine),
    ("unknown-version", |_, forgery| forgery.act.version += 1),
    ("wrong-instrument", |_, forgery| forgery.header.instrument = [7; 32]),
    ("header-differs", |_, forgery| forgery.act.instrument = Hash32([7; 32])),
    ("header-differs", |_, forgery| {
        let years = SignedDuration::from_hours(24 * 800);
        forgery.act.at = forgery.act.at.saturating_add(years).unwrap_or(forgery.act.at);
    }),
    ("out-of-order", |world, forgery| {
        forgery.act.seen.insert(world.houses[VICTIM].node.me().clone(), 5);
    }),
    ("case-full", |_, forgery| (forgery.header.seq, forgery.header.prev) = (u64::MAX / 2, [7; 32])),
    ("wrong-party", |_, forgery| std::mem::swap(&mut forgery.header.iss, &mut forgery.header.aud)),
    ("wrong-office-seal", |world, forgery| {
        let mut offices = world.instrument.offices_of(world.houses[LIAR].node.me());
        let other = offices.find(|office| office.id != forgery.act.office).map(|office| office.id.clone());
        forgery.office = other.unwrap_or_else(|| forgery.office.clone());
    }),
];

/// One lie is told.
pub(super) fn lie(world: &mut World) -> Result<(), Broken> {
    world.faults += 1;
    match world.dice.below(16) {
        0 => damaged(world),
        1 => own_mail(world),
        2 => said_again(world),
        3 => forked(world),
        4 => rolled_back(world),
        5 => false_receipt(world),
        _ => {
            let Some((name, spoil)) = world.dice.one(SPOILED).copied() else { return Ok(()) };
            let mut forgery = Forgery::opening(world, LIAR)?;
            spoil(world, &mut forgery);
            let bytes = forgery.seal(world, LIAR)?;
            tell(world, Some(name), bytes)
        }
    }
}

/// Honest mail, cut short or with one bit turned.
fn damaged(world: &mut World) -> Result<(), Broken> {
    let mail: Vec<Vec<u8>> = world.network.carried(VICTIM).into_iter().cloned().collect();
    let Some(mut bytes) = world.dice.one(&mail).cloned() else { return Ok(()) };
    let place = world.dice.below(bytes.len());
    if world.dice.once_in(2) {
        bytes.truncate(place);
    } else {
        bytes[place] ^= 1 << world.dice.below(8);
    }
    tell(world, None, bytes)
}

/// The victim's own mail, given back as the liar's.
fn own_mail(world: &mut World) -> Result<(), Broken> {
    let mail: Vec<Vec<u8>> = world.network.carried(LIAR).into_iter().cloned().collect();
    match world.dice.one(&mail).cloned() {
        Some(bytes) => tell(world, Some("wrong-party"), bytes),
        None => Ok(()),
    }
}

/// An act the victim has, sent anew: in its place with other bytes, or under another case's name.
fn said_again(world: &mut World) -> Result<(), Broken> {
    let Some(mut forgery) = Forgery::again(world, LIAR)? else { return Ok(()) };
    let mut name = "equivocation";
    if world.dice.once_in(2) {
        let at = world.houses[LIAR].clock(world.now);
        forgery.header.thread = officers::opening(world, LIAR, at, domain::act::ActKind::Submit)?.0.case.to_string();
        name = "header-differs";
    }
    let bytes = forgery.seal(world, LIAR)?;
    tell(world, Some(name), bytes)
}

/// Hands the victim an envelope: it must be refused by this name (or any), be told to the operator, and change nothing.
fn tell(world: &mut World, name: Option<&str>, bytes: Vec<u8>) -> Result<(), Broken> {
    let before = state(world)?;
    let now = world.now;
    let from = world.houses[VICTIM].peer.clone();
    let answer = world.houses[VICTIM]
        .work(now, |node, store, env, chunks| node.receive(store, env, chunks, &from, std::slice::from_ref(&bytes)));
    let answer = match answer {
        Ok(answer) => answer,
        Err(fault) => return world.crash(VICTIM, &fault),
    };
    let key = world.houses[VICTIM].node.keys().envelope.verifying_key();
    let answer = receipt::open(&answer, &[key]).map_err(|why| Broken::new("receipts-hold", why))?;
    let found = match answer.entries.first().map(|entry| &entry.verdict) {
        Some(Verdict::Refused { code }) => code.clone(),
        other => return Err(Broken::new("lies-are-refused", format!("{name:?}: {other:?}"))),
    };
    if name.is_some_and(|name| name != found) {
        return Err(Broken::new("lies-are-named", format!("{name:?} was called `{found}`")));
    }
    named(world, &found)?;
    unchanged(world, &before, &found)
}

/// A checkpoint of another history of the same length.
fn forked(world: &mut World) -> Result<(), Broken> {
    let seen = mirrored(world)?;
    if seen == 0 { Ok(()) } else { show(world, seen, "forked-log") }
}

/// A checkpoint of a shorter history than was shown before.
fn rolled_back(world: &mut World) -> Result<(), Broken> {
    let seen = mirrored(world)?;
    if seen < 2 { Ok(()) } else { show(world, seen - 1, "rolled-back") }
}

fn mirrored(world: &World) -> Result<u64, Broken> {
    let victim = &world.houses[VICTIM];
    Ok(victim.node.mirrored(&*victim.reader()?, &victim.peer)?)
}

/// Shows the victim a false page of the liar's log: it must be named, and neither kept nor cosigned.
fn show(world: &mut World, size: u64, name: &str) -> Result<(), Broken> {
    let before = (state(world)?, mirrored(world)?);
    let checkpoint = forge::checkpoint(&world.houses[LIAR], size, [7; 32])?;
    let page = Page { checkpoint, from: before.1, entries: Vec::new() };
    let now = world.now;
    let peer = world.houses[VICTIM].peer.clone();
    match world.houses[VICTIM].work(now, |node, store, env, _| node.mirror(store, env, &peer, &page)) {
        Err(Failure::Misbehaved(why)) if why.code() == name => {}
        Err(Failure::Fault(fault)) => return world.crash(VICTIM, &fault),
        other => return Err(Broken::new("lies-are-named", format!("{name}: {other:?}"))),
    }
    named(world, name)?;
    if mirrored(world)? != before.1 {
        return Err(Broken::new("lies-change-nothing", name));
    }
    unchanged(world, &before.0, name)
}

/// A receipt for an act of the victim's, received when it cannot have been, or for none at all.
fn false_receipt(world: &mut World) -> Result<(), Broken> {
    let victim = &world.houses[VICTIM];
    let reader = victim.reader()?;
    let mut waiting = Vec::new();
    for case in victim.cases()? {
        let rows = reader.acts(&case)?.into_iter();
        waiting.extend(rows.filter(|row| row.party == *victim.node.me() && row.received_at.is_none()));
    }
    let name = world.dice.one(&waiting).map_or(Hash32([7; 32]), |row| row.core_hash);
    let days = SignedDuration::from_hours(24 * world.dice.between(1, 400));
    let wrong = if world.dice.once_in(2) { world.now.saturating_add(days).map_or(0, micros) } else { 0 };
    let bytes = forge::receipt(world, LIAR, name, wrong)?;
    let before = state(world)?;
    let now = world.now;
    let from = world.houses[VICTIM].peer.clone();
    match world.houses[VICTIM].work(now, |node, store, env, _| node.receipted(store, env, &from, &bytes)) {
        Err(Failure::Misbehaved(_)) => unchanged(world, &before, "false receipt"),
        Err(Failure::Fault(fault)) => world.crash(VICTIM, &fault),
        Ok(()) => Err(Broken::new("lies-are-named", "a receipt of an impossible time")),
        Err(failure) => Err(Broken::new("lies-are-named", failure)),
    }
}

/// The operator was told of it by name.
fn named(world: &mut World, name: &str) -> Result<(), Broken> {
    let told = world.houses[VICTIM].news()?;
    if told.iter().any(|row| row.event.code == name) {
        return Ok(());
    }
    Err(Broken::new("lies-are-named", format!("`{name}` left no event")))
}

/// The victim's cases with their versions.
fn state(world: &World) -> Result<Vec<(CaseId, u64)>, Broken> {
    let victim = &world.houses[VICTIM];
    let reader = victim.reader()?;
    let version = |case: CaseId| Ok((case.clone(), reader.case(&case)?.map_or(0, |row| row.version)));
    victim.cases()?.into_iter().map(version).collect()
}

fn unchanged(world: &mut World, before: &[(CaseId, u64)], name: &str) -> Result<(), Broken> {
    if state(world)? != before {
        return Err(Broken::new("lies-change-nothing", name));
    }
    world.note(&format!("lie {name}"))
}
