//! An amendment in a run: a new version of the instrument, proposed by one house and carried on by both.
//!
//! Owns the making of the version and the officers who want it signed. Must not know what must hold afterwards (`check`).

use std::sync::Arc;

use domain::act::{ActKind, Author, Deed, Role};
use domain::amendment::bundle;
use domain::content::{Attachment, FieldValue};
use domain::decide::Command;
use domain::ids::{CaseId, Hash32};
use domain::instrument::{Instrument, SourceFile};
use domain::procedure::Side;
use domain::rehearsal::{self, Rehearsal};
use jiff::SignedDuration;
use store::BlobRow;

use super::world::World;
use super::{Broken, network, officers};
use crate::Failure;

/// What moves an amendment on, first what is wanted first.
const WANTED: [ActKind; 4] = [ActKind::Acknowledge, ActKind::Record, ActKind::SignText, ActKind::ProposeText];

/// Most days ahead an amendment is to take force.
const DAYS_MAX: usize = 3;

/// A version that may amend the instrument of a run.
#[derive(Debug, Clone)]
pub struct Next {
    /// Its files as one.
    pub(super) bundle: String,
    /// Its hash.
    pub(super) hash: Hash32,
}

/// What a run is played on: an instrument, and the version that amends it.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The instrument both begin with.
    pub instrument: Arc<Instrument>,
    /// The version some runs bring in; without it, they amend nothing.
    pub next: Option<Next>,
}

impl Ground {
    /// The instrument of these files, and the same with shorter clocks as the version that amends it. `None` when they
    /// hold no sound instrument.
    #[must_use]
    pub fn of(files: &[SourceFile]) -> Option<Self> {
        let instrument = Arc::new(Instrument::load(files).instrument?);
        let mut altered = files.to_vec();
        let head = altered.iter_mut().find(|file| file.text.contains("[instrument]\n"));
        let amends = format!("[instrument]\namends = \"{}\"\n", instrument.hash());
        if let Some(head) = head {
            head.text =
                head.text.replacen("[instrument]\n", &amends, 1).replacen("version = \"", "version = \"next ", 1);
        }
        for file in &mut altered {
            file.text = file.text.replace("ack = \"5 wd\"", "ack = \"3 wd\"");
        }
        let hash = Instrument::load(&altered).instrument.map(|next| next.hash());
        let next = hash.map(|hash| Next { bundle: bundle(&altered), hash });
        Some(Self { instrument, next })
    }
}

/// The house proposes the amendment, or does the next thing that brings it on; without one, it works on its cases.
pub(super) fn amend(world: &mut World, house: usize) -> Result<(), Broken> {
    let Some(next) = world.next.clone() else { return officers::work(world, house) };
    let Some(case) = world.amending.clone() else {
        // What is to go on under the new version must run under the old one first.
        if world.houses[house].cases()?.is_empty() {
            officers::open(world, house)?;
            return network::post(world, house);
        }
        return propose(world, house, &next);
    };
    // In force here: what is opened now is opened under it.
    if world.houses[house].node.instrument().hash() == next.hash {
        if world.dice.once_in(2) {
            officers::open(world, house)?;
        } else {
            go_on(world, house, next.hash)?;
        }
        return network::post(world, house);
    }
    let at = world.houses[house].clock(world.now);
    let here = &world.houses[house];
    let Some(dossier) = here.node.load(&*here.reader()?, &case)? else { return network::post(world, 1 - house) };
    let Some(side) = dossier.case.side(here.node.me()) else { return Err(Broken::new("cases-are-ours", case)) };
    let instrument = here.node.instrument_of(&dossier.case).clone();
    let compared = dossier.case.rule(&instrument).is_none_or(|rule| {
        let case = &dossier.case;
        case.steps.lacking(rule, &case.requested, &case.request, ActKind::SignText).is_empty()
    });
    let buttons = rehearsal::buttons(&dossier.case, side);
    let mut found = None;
    for wanted in WANTED {
        let settled = wanted == ActKind::ProposeText && dossier.case.talk.on_table().is_some();
        let role = buttons.iter().find(|(_, act)| *act == wanted && !settled).map(|(role, _)| *role);
        let Some(role) = role else { continue };
        // Compared once is compared.
        if wanted == ActKind::Record && (dossier.case.talk.on_table().is_none() || compared) {
            continue;
        }
        let mut pick = |n: usize| world.dice.below(n);
        found = Rehearsal::new(&instrument, &mut pick).command(&dossier.case, side, role, wanted, at);
        if found.is_some() {
            break;
        }
    }
    if let Some(command) = found {
        officers::give(world, house, command)?;
    }
    network::post(world, house)
}

/// An officer would have a running case go on under the new version, or stays with the old one where the other side would.
/// Who was asked answers before asking about another case.
fn go_on(world: &mut World, house: usize, next: Hash32) -> Result<(), Broken> {
    let mut found = None;
    for id in world.houses[house].cases()? {
        let here = &world.houses[house];
        let dossier = here.node.load(&*here.reader()?, &id)?.ok_or_else(|| Broken::new("cases-fold", &id))?;
        let case = dossier.case;
        let Some(side) = case.side(here.node.me()) else { continue };
        let instrument = here.node.instrument_of(&case);
        let amends = case.rule(instrument).is_none_or(|rule| rule.amends.is_some());
        let role = rehearsal::buttons(&case, side).into_iter().find(|(_, act)| *act == ActKind::Adopt);
        let Some((role, _)) = role.filter(|_| !amends && case.instrument != next) else { continue };
        let named = |side: Side| case.adoption.named.contains_key(&side);
        if named(side.other()) || !named(side) && found.is_none() {
            let asked = named(side.other());
            found = Some((case, side, role));
            if asked {
                break;
            }
        }
    }
    let Some((case, side, role)) = found else { return acknowledge(world, house, next) };
    let bound = case.adoption.named.contains_key(&side);
    let asked = case.adoption.named.contains_key(&side.other());
    let stays = bound || asked && world.dice.once_in(4);
    let named = if stays { case.instrument } else { next };
    let instrument = world.houses[house].node.instrument_of(&case).clone();
    let mut pick = |n: usize| world.dice.below(n);
    let command = Rehearsal::new(&instrument, &mut pick).adoption(&case, side, role, named);
    officers::give(world, house, command)
}

/// The other side's case under another version is acknowledged, so that it can go on; where there is none, the house works.
fn acknowledge(world: &mut World, house: usize, next: Hash32) -> Result<(), Broken> {
    let at = world.houses[house].clock(world.now);
    for id in world.houses[house].cases()? {
        let here = &world.houses[house];
        let dossier = here.node.load(&*here.reader()?, &id)?.ok_or_else(|| Broken::new("cases-fold", &id))?;
        let case = dossier.case;
        let Some(side) = case.side(here.node.me()).filter(|_| case.instrument != next) else { continue };
        let role = rehearsal::buttons(&case, side).into_iter().find(|(_, act)| *act == ActKind::Acknowledge);
        let Some((role, act)) = role else { continue };
        let instrument = here.node.instrument_of(&case).clone();
        let mut pick = |n: usize| world.dice.below(n);
        let found = Rehearsal::new(&instrument, &mut pick).command(&case, side, role, act, at);
        if let Some(command) = found {
            return officers::give(world, house, command);
        }
    }
    officers::work(world, house)
}

fn propose(world: &mut World, house: usize, next: &Next) -> Result<(), Broken> {
    let at = world.houses[house].clock(world.now);
    let node = &world.houses[house].node;
    let (me, peer, instrument) = (node.me().clone(), world.houses[house].peer.clone(), node.instrument().clone());
    let Some(rule) = instrument.types().values().find(|rule| rule.amends.is_some()) else { return Ok(()) };
    let year = node.calendar().local(at).year();
    let (file, row) = match stage(world, house, &next.bundle) {
        Ok(staged) => staged,
        Err(Failure::Fault(fault)) => return world.crash(house, &fault),
        Err(failure) => return Err(Broken::new("setup", failure)),
    };
    let days = i64::try_from(world.dice.below(DAYS_MAX)).unwrap_or(0);
    world.opened += 1;
    let number = officers::BY_HAND + world.opened;
    let mut pick = |n: usize| world.dice.below(n);
    let mut rehearsal = Rehearsal::new(&instrument, &mut pick);
    let Some((from, to)) = rehearsal.offices(rule, &me, &peer) else { return Ok(()) };
    let mut request = rehearsal.request(rule, &from, &to, at);
    request.attachments = vec![file];
    let later = at.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(at);
    let day = instrument
        .party(&me)
        .map_or(later.to_zoned(jiff::tz::TimeZone::UTC).date(), |party| party.calendar.local(later).date());
    if let Some(amends) = &rule.amends {
        request.fields.insert(amends.from.clone(), FieldValue::Date(day));
        request.fields.insert(amends.hash.clone(), FieldValue::Line(next.hash.to_string()));
    }
    let deed = Deed::Submit { request: Box::new(request.clone()) };
    let gates = rehearsal.gates(rule, None, &request, &deed, &from, at).unwrap_or_default();
    let case = CaseId::compose(&me, &rule.series, year, number).map_err(|why| Broken::new("setup", why))?;
    let author = Author::Officer(rehearsal::officer(&from, Role::Approver));
    let kept = world.houses[house].work(world.now, |node, store, _, _| node.keep_staged(store, row));
    if let Err(Failure::Fault(fault)) = kept {
        return world.crash(house, &fault);
    }
    let command = Command { case: case.clone(), office: from, author, gates, deed };
    let proposed = world.houses[house].work(world.now, |node, store, env, _| node.command(store, env, command));
    officers::done(world, house, "amend", proposed)?;
    let here = &world.houses[house];
    if here.node.load(&*here.reader()?, &case)?.is_some() {
        world.amending = Some(case);
    }
    network::post(world, house)
}

fn stage(world: &mut World, house: usize, bundle: &str) -> Result<(Attachment, BlobRow), Failure> {
    let now = world.now;
    world.houses[house].work(now, |node, _, env, chunks| {
        let mut stager = node.stage(env);
        stager.push(bundle.as_bytes(), chunks)?;
        Ok(stager.finish(chunks, env, "version.txt", "text/plain")?)
    })
}
