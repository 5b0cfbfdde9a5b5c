//! What officers of a run write for colleagues to review and sign: left lying, rewritten under the reviewer's hands, sent
//! back, signed.
//!
//! Owns the way of a prepared act in a run. Must not know which act it is.

use domain::act::{Author, Deed, Person};
use domain::decide::Command;
use domain::refusal::Refusal;
use store::Store;

use super::Broken;
use super::officers::done;
use super::world::World;
use crate::command::alone;
use crate::{Done, Env, Failure, Node, PreparedAct, Written};

/// How a colleague spoils what is prepared.
const SPOILED: &[&str] = &["own words signed", "signed by who reviewed", "signed from the form"];

/// Gives a prepared act that is open to its signatory: it goes as far as the officers take it today, and what they finish
/// must be accepted.
pub(super) fn give(world: &mut World, house: usize, command: Command) -> Result<(), Broken> {
    let (now, what) = (world.now, command.deed.kind());
    let left_lying = world.dice.once_in(6);
    let rewritten = world.dice.once_in(4);
    let sent_back = world.dice.once_in(6);
    let given = world.houses[house].work(now, |node, store, env, _| {
        let mut prepared = written(node, store, env, &command, !left_lying)?;
        if left_lying {
            return Ok(None);
        }
        if sent_back {
            let by = signatory(&command)?;
            prepared = node.send_back(store, env, &prepared.named(), by, "not yet")?;
            let which = prepared.named();
            let refused = node.sign_prepared(store, env, &which, signatory(&command)?, Vec::new(), &alone);
            if !matches!(refused, Err(Failure::Refused(Refusal::Unprepared { .. }) | Failure::Fault(_))) {
                return Ok(Some(Err(Broken::new("what-is-sent-back-is-not-signed", format!("{refused:?}")))));
            }
        }
        if rewritten {
            // Answered, then written anew under the reviewer's hands: the answers were for other words.
            let first = Command { deed: other_words(&command.deed), ..command.clone() };
            prepared = written(node, store, env, &first, true)?;
            answered(node, store, env, prepared, &command)?;
            prepared = written(node, store, env, &command, true)?;
            if !prepared.gates.is_empty() || prepared.earlier.len() < command.gates.len() {
                return Ok(Some(Err(Broken::new("answers-stand-for-one-version", prepared.version))));
            }
        }
        let prepared = written_over(node, store, env, &command, prepared)?;
        let prepared = answered(node, store, env, prepared, &command)?;
        let by = signatory(&command)?;
        node.sign_prepared(store, env, &prepared.named(), by, Vec::new(), &alone).map(|done| Some(Ok(done)))
    });
    match given {
        Ok(None) => world.note(&format!("{what:?} {house} left lying")),
        Ok(Some(Err(broken))) => Err(broken),
        Ok(Some(Ok(signed))) => done(world, house, &format!("{what:?}"), Ok(signed)),
        Err(failure) => done(world, house, &format!("{what:?}"), Err(failure)),
    }
}

/// Enters a command the way its kind of act goes: straight, or written by one and signed by another.
pub(super) fn enter(node: &Node, store: &mut dyn Store, env: &mut Env<'_>, command: &Command) -> Result<Done, Failure> {
    if !command.deed.kind().is_prepared() || command.author.drafter().is_none() {
        return node.command(store, env, command.clone());
    }
    let prepared = written(node, store, env, command, true)?;
    let prepared = answered(node, store, env, prepared, command)?;
    node.sign_prepared(store, env, &prepared.named(), signatory(command)?, Vec::new(), &alone)
}

/// A prepared act in one person's hand.
pub(super) fn spoiled(world: &mut World, mut command: Command) -> (Command, &'static str) {
    let how = SPOILED[world.dice.below(SPOILED.len())];
    let Author::Signatory { by, drafter } = command.author.clone() else { return (command, how) };
    let reviewer = command.gates.iter().find(|given| given.gate != domain::safeguard::Gate::HumanDecision);
    command.author = match (how, reviewer) {
        ("signed from the form", _) => Author::Officer(by),
        ("signed by who reviewed", Some(given)) => {
            Author::Signatory { by: Person { role: by.role, ..given.by.clone() }, drafter }
        }
        _ => Author::Signatory { by: Person { role: by.role, ..drafter.clone() }, drafter },
    };
    (command, how)
}

/// The words as the drafter writes them, over what lies there.
fn written(
    node: &Node,
    store: &mut dyn Store,
    env: &mut Env<'_>,
    command: &Command,
    hand_over: bool,
) -> Result<PreparedAct, Failure> {
    let before = node.prepared(&*store.reader()?, &command.case, command.deed.kind())?;
    // Another office's, or another's words: they make room.
    if let Some(before) = before.filter(|before| before.office != command.office) {
        node.discard_prepared(store, env, &before.named())?;
    }
    let over = node.prepared(&*store.reader()?, &command.case, command.deed.kind())?;
    let over = over.map_or(0, |before| before.version);
    let by = command.author.drafter().ok_or(Refusal::Unprepared { act: command.deed.kind() })?.clone();
    let (case, office, deed) = (command.case.clone(), command.office.clone(), command.deed.clone());
    node.write_act(store, env, Written { case, office, deed, by, over, hand_over })
}

/// The same once more, handed over: what was sent back goes on its way again.
fn written_over(
    node: &Node,
    store: &mut dyn Store,
    env: &mut Env<'_>,
    command: &Command,
    prepared: PreparedAct,
) -> Result<PreparedAct, Failure> {
    if prepared.is_handed_over() { Ok(prepared) } else { written(node, store, env, command, true) }
}

fn answered(
    node: &Node,
    store: &mut dyn Store,
    env: &mut Env<'_>,
    mut prepared: PreparedAct,
    command: &Command,
) -> Result<PreparedAct, Failure> {
    for answer in &command.gates {
        prepared = node.answer_prepared(store, env, &prepared.named(), answer.clone())?;
    }
    Ok(prepared)
}

/// The deed in words that will be changed before it is signed.
fn other_words(deed: &Deed) -> Deed {
    let mut deed = deed.clone();
    match &mut deed {
        Deed::Supplement { note: words, .. }
        | Deed::Refuse { considered: words, .. }
        | Deed::Uphold { reason: words }
        | Deed::Interim { answer: words, .. }
        | Deed::Respond { answer: words, .. }
        | Deed::Correct { correction: words, .. } => words.texts.values_mut().for_each(|text| text.push('…')),
        _ => {}
    }
    deed
}

fn signatory(command: &Command) -> Result<Person, Failure> {
    let by = command.author.officer().cloned();
    Ok(by.ok_or(Refusal::Unprepared { act: command.deed.kind() })?)
}
