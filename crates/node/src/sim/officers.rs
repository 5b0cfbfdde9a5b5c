//! The officers of both houses: they write requests, push the buttons their pages show, and sometimes try what they
//! may not.
//!
//! Owns what people do in a run. What is open to them must be accepted; what is not must be refused and change
//! nothing.

use domain::act::{ActKind, Author, Deed, Person, Role};
use domain::amendment::AmendmentBar;
use domain::case::Case;
use domain::content::Attachment;
use domain::decide::Command;
use domain::ids::{CaseId, OfficeId, PartyId};
use domain::instrument::{Carries, RequestType};
use domain::procedure::{self, Side, Stage, To};
use domain::refusal::Refusal;
use domain::rehearsal::{self, Rehearsal};
use domain::safeguard::GateAnswer;
use jiff::Timestamp;
use store::BlobRow;

use super::world::World;
use super::{Broken, network, prepared};
use crate::book::log_name;
use crate::{Done, Failure, Fault};

/// Most cases a run opens by either side: beyond, officers work on what they have.
const CASES_MAX: usize = 4;

/// Most types tried before one is found that waits for no text: nearly all wait for none.
const PICKS_MAX: usize = 64;

/// One button in so many is any; all others move a case on.
const IDLE_EVERY: usize = 5;

/// Numbers of cases opened without a draft begin here, far from the drafts' own.
pub(super) const BY_HAND: u64 = 5_000;

/// A drafter writes a request, an approver signs it; or a draft is shown to the other side first.
pub(super) fn submit(world: &mut World, house: usize) -> Result<(), Broken> {
    if world.houses[house].cases()?.len() >= CASES_MAX {
        return work(world, house);
    }
    if world.dice.once_in(4) {
        return preconsult(world, house);
    }
    open(world, house)
}

/// The same, however many cases there are.
pub(super) fn open(world: &mut World, house: usize) -> Result<(), Broken> {
    let at = world.houses[house].clock(world.now);
    let (me, peer) = (world.houses[house].node.me().clone(), world.houses[house].peer.clone());
    let instrument = world.houses[house].node.instrument().clone();
    let mut pick = |n: usize| world.dice.below(n);
    let mut rehearsal = Rehearsal::new(&instrument, &mut pick);
    let (rule, from, to) = usable(&mut rehearsal, &me, &peer, ActKind::Submit)?;
    let mut request = rehearsal.request(rule, &from, &to, at);
    let submission = Deed::Submit { request: Box::new(request.clone()) };
    let gates = rehearsal.gates(rule, None, &request, &submission, &from, at).unwrap_or_default();
    let (attachments, rows) =
        if rule.carries(&request) == Carries::Anything { attach(world, house)? } else { Default::default() };
    request.attachments = attachments;
    let by = rehearsal::officer(&from, Role::Approver);
    let now = world.now;
    let code = rule.code.clone();
    let submitted = world.houses[house].work(now, |node, store, env, _| {
        for row in rows {
            node.keep_staged(store, row)?;
        }
        let mut draft = node.new_draft(store, env, &from, &code, &to, request.drafter.clone())?;
        draft.request = request;
        let mut draft = node.save_draft(store, env, &draft)?;
        for answer in gates {
            draft = node.answer_draft_gate(store, env, &draft.id, answer)?;
        }
        node.submit_draft(store, env, &draft.id, by)
    });
    done(world, house, "submit", submitted)
}

/// A draft is shown to the other side for advice.
fn preconsult(world: &mut World, house: usize) -> Result<(), Broken> {
    let at = world.houses[house].clock(world.now);
    let (command, _) = opening(world, house, at, ActKind::Preconsult)?;
    let Deed::Submit { request } = command.deed else {
        return Err(Broken::new("setup", "an opening submits"));
    };
    let author = Author::Officer(rehearsal::officer(&command.office, Role::Drafter));
    let command = Command { deed: Deed::Preconsult { request }, author, gates: Vec::new(), ..command };
    give(world, house, command)
}

/// A type that waits for no text, amends nothing and can begin with `first`, and the offices for it: in a run nobody has signed a text
/// before anything else begins.
fn usable<'i>(
    rehearsal: &mut Rehearsal<'i, '_>,
    me: &PartyId,
    peer: &PartyId,
    first: ActKind,
) -> Result<(&'i RequestType, OfficeId, OfficeId), Broken> {
    for _ in 0..PICKS_MAX {
        let opening = rehearsal.opening(me, peer);
        let opening = opening.ok_or_else(|| Broken::new("setup", "no type in force"))?;
        let begins = procedure::rows(opening.0.procedure, Stage::Draft, first).next().is_some();
        // An amendment needs a new version: `amend` makes them.
        if begins && opening.0.needs_texts.is_empty() && opening.0.amends.is_none() && opening.0.reports.is_none() {
            return Ok(opening);
        }
    }
    Err(Broken::new("setup", "every type waits for a text"))
}

/// A command that opens a case without a draft, and the person who wrote it.
pub(super) fn opening(
    world: &mut World,
    house: usize,
    at: Timestamp,
    first: ActKind,
) -> Result<(Command, Person), Broken> {
    world.opened += 1;
    let number = BY_HAND + world.opened;
    let (me, peer) = (world.houses[house].node.me().clone(), world.houses[house].peer.clone());
    let instrument = world.houses[house].node.instrument().clone();
    let mut pick = |n: usize| world.dice.below(n);
    let mut rehearsal = Rehearsal::new(&instrument, &mut pick);
    let (rule, from, to) = usable(&mut rehearsal, &me, &peer, first)?;
    let request = rehearsal.request(rule, &from, &to, at);
    let drafter = request.drafter.clone();
    let deed = Deed::Submit { request: Box::new(request.clone()) };
    let gates = rehearsal.gates(rule, None, &request, &deed, &from, at).unwrap_or_default();
    let year = world.houses[house].node.calendar().local(at).year();
    let case = CaseId::compose(&me, &rule.series, year, number).map_err(|why| Broken::new("setup", why))?;
    let author = Author::Officer(rehearsal::officer(&from, Role::Approver));
    Ok((Command { case, office: from, author, gates, deed }, drafter))
}

/// An officer of the house pushes one of the buttons of one of its cases.
pub(super) fn work(world: &mut World, house: usize) -> Result<(), Broken> {
    let at = world.houses[house].clock(world.now);
    let (mut found, mut carries_files) = (None, false);
    // Where nothing is to be done in one case, the officer turns to another.
    for _ in 0..CASES_MAX {
        let Some((case, side)) = any_case(world, house)? else { return Ok(()) };
        found = button(world, house, &case, side, at);
        let rule = case.rule(world.houses[house].node.instrument_of(&case));
        carries_files = rule.is_some_and(|rule| rule.carries(&case.request) == Carries::Anything);
        if found.is_some() {
            break;
        }
    }
    let Some(mut command) = found else { return Ok(()) };
    let (attachments, rows) = if carries_files { attach(world, house)? } else { Default::default() };
    if let Deed::Respond { attachments: list, .. } | Deed::Interim { attachments: list, .. } = &mut command.deed {
        *list = attachments;
        let now = world.now;
        let kept = world.houses[house]
            .work(now, |node, store, _, _| rows.into_iter().try_for_each(|row| node.keep_staged(store, row)));
        if let Err(Failure::Fault(fault)) = kept {
            return world.crash(house, &fault);
        }
    }
    give(world, house, command)?;
    // Most of the time the courier goes at once, so that cases live to see their later stages.
    if world.dice.once_in(4) { Ok(()) } else { network::post(world, house) }
}

/// Any of a house's cases, with the side it is on.
pub(super) fn any_case(world: &mut World, house: usize) -> Result<Option<(Case, Side)>, Broken> {
    let cases = world.houses[house].cases()?;
    let Some(id) = world.dice.one(&cases) else { return Ok(None) };
    let house = &world.houses[house];
    let dossier = house.node.load(&*house.reader()?, id)?.ok_or_else(|| Broken::new("cases-fold", id))?;
    let side = dossier.case.side(house.node.me()).ok_or_else(|| Broken::new("cases-are-ours", id))?;
    Ok(Some((dossier.case, side)))
}

/// Any button of the case for that side, pushed with everything it asks for.
pub(super) fn button(world: &mut World, house: usize, case: &Case, side: Side, at: Timestamp) -> Option<Command> {
    let buttons = rehearsal::buttons(case, side);
    // Questions and escalations are open in nearly every stage, and a withdrawal ends it all: a run that does little
    // else learns little.
    let leads_on = |act: ActKind| case.rows(act).any(|row| row.to != To::Stay);
    let moving = buttons.iter().filter(|(_, act)| *act != ActKind::Withdraw && leads_on(*act));
    let moving: Vec<_> = moving.copied().collect();
    let among = if world.dice.once_in(IDLE_EVERY) { buttons } else { moving };
    let (role, act) = *world.dice.one(&among)?;
    let instrument = world.houses[house].node.instrument_of(case).clone();
    let mut pick = |n: usize| world.dice.below(n);
    Rehearsal::new(&instrument, &mut pick).command(case, side, role, act, at)
}

/// Gives a command that is open to its author: it must be accepted.
pub(super) fn give(world: &mut World, house: usize, mut command: Command) -> Result<(), Broken> {
    let now = world.now;
    let what = command.deed.kind();
    let before: Vec<GateAnswer> = if world.dice.once_in(3) { std::mem::take(&mut command.gates) } else { Vec::new() };
    let case = command.case.clone();
    if what.is_prepared() {
        command.gates.extend(before);
        return prepared::give(world, house, command);
    }
    let given = world.houses[house].work(now, |node, store, env, chunks| {
        if what == ActKind::SignText {
            node.read_amendment(store, env, chunks, &case)?;
        }
        for answer in &before {
            node.answer_gate(store, env, &case, what, answer)?;
        }
        node.command(store, env, command)
    });
    done(world, house, &format!("{what:?}"), given)
}

pub(super) fn done(world: &mut World, house: usize, what: &str, given: Result<Done, Failure>) -> Result<(), Broken> {
    match given {
        Ok(done) => world.note(&format!("{what} {house} {}#{} {}", done.case, done.seq, done.core_hash)),
        Err(Failure::Fault(fault)) => world.crash(house, &fault),
        // A clock that was set back may not date an act before what it follows.
        Err(Failure::Refused(Refusal::ImpossibleTime)) if world.stormy => {
            world.note(&format!("{what} {house} too early"))
        }
        // Nor may it open a case before the day of the version it already runs under.
        Err(Failure::Refused(Refusal::Amendment(AmendmentBar::NotInForce))) if world.stormy => {
            world.note(&format!("{what} {house} too early for its version"))
        }
        Err(failure) => Err(Broken::new("buttons-work", format!("{what}: {failure}"))),
    }
}

/// An officer tries what is not allowed: it must be refused and leave no trace.
pub(super) fn offend(world: &mut World, house: usize) -> Result<(), Broken> {
    let at = world.houses[house].clock(world.now);
    let (me, peer) = (world.houses[house].node.me().clone(), world.houses[house].peer.clone());
    let found = any_case(world, house)?;
    let legal = found.and_then(|(case, side)| button(world, house, &case, side, at));
    // Whether some safeguard binds it that is not answered already: an officer may answer one that does not.
    let bare = match &legal {
        Some(command) => {
            let house = &world.houses[house];
            let reader = house.reader()?;
            let about = house.node.load(&*reader, &command.case)?.map(|dossier| dossier.case);
            let binds = about.as_ref().zip(about.as_ref().and_then(|case| case.rule(house.node.instrument_of(case))));
            let bound = binds.is_some_and(|(case, rule)| {
                let request = domain::case::opening(&command.deed).unwrap_or(&case.request);
                rule.gates_for(&command.deed, request.sensitivity()).next().is_some()
            });
            bound && house.node.pending_gates(&*reader, &command.case)?.is_empty()
        }
        None => false,
    };
    let (command, how) = match (legal, world.dice.below(6)) {
        (Some(mut command), 0) => {
            command.author = Author::Officer(rehearsal::officer(&command.office, Role::Auditor));
            (command, "auditor")
        }
        (Some(mut command), 1) if bare => {
            command.gates.clear();
            (command, "no gates")
        }
        (Some(mut command), 2) => {
            let foreign = world.instrument.offices_of(&peer).next().map(|office| office.id.clone());
            command.office = foreign.unwrap_or(command.office);
            (command, "foreign office")
        }
        (Some(command), 3) => (Command { deed: Deed::Lapse {}, ..command }, "by hand what a clock does"),
        (Some(command), 4) if command.author.drafter().is_some() => prepared::spoiled(world, command),
        _ => {
            let (command, drafter) = opening(world, house, at, ActKind::Submit)?;
            let author = Author::Officer(Person { role: Role::Approver, ..drafter });
            (Command { author, ..command }, "own draft signed")
        }
    };
    let before = traces(world, house, &command.case)?;
    let case = command.case.clone();
    let now = world.now;
    let outcome = world.houses[house].work(now, |node, store, env, _| prepared::enter(node, store, env, &command));
    match outcome {
        Err(Failure::Refused(refusal)) if traces(world, house, &case)? == before => {
            world.note(&format!("refused {me} {how} {}", refusal.code()))
        }
        Err(Failure::Refused(refusal)) => Err(Broken::new("refusals-leave-no-trace", refusal)),
        Err(Failure::Fault(fault)) => world.crash(house, &fault),
        Err(failure) => Err(Broken::new("refused-by-name", failure)),
        Ok(_) => Err(Broken::new("the-forbidden-is-refused", how)),
    }
}

/// What an act would change: the log's length and the case's version.
fn traces(world: &World, house: usize, case: &CaseId) -> Result<(u64, u64), Broken> {
    let house = &world.houses[house];
    let reader = house.reader()?;
    Ok((reader.log_size(&log_name(&house.peer))?, reader.case(case)?.map_or(0, |row| row.version)))
}

/// Now and then a file to send along, sealed and ready.
fn attach(world: &mut World, house: usize) -> Result<(Vec<Attachment>, Vec<BlobRow>), Broken> {
    if !world.dice.once_in(4) {
        return Ok((Vec::new(), Vec::new()));
    }
    let content = vec![b'x'; 1 + world.dice.below(5_000)];
    let now = world.now;
    let staged = world.houses[house].work(now, |node, _, env, chunks| -> Result<_, Fault> {
        let mut stager = node.stage(env);
        stager.push(&content, chunks)?;
        stager.finish(chunks, env, "annex.txt", "text/plain")
    });
    let (attachment, row) = staged?;
    Ok((vec![attachment], vec![row]))
}
