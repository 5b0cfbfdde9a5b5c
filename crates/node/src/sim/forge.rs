//! False mail with the right keys: what a Party could send if it rewrote its own node.
//!
//! Owns the making of envelopes, checkpoints and receipts that an honest node never makes. Must not know what becomes
//! of them.

use domain::act::Act;
use domain::content::Request;
use domain::decide::decide;
use domain::ids::Hash32;
use domain::menu::Menu;
use ledger::checkpoint::Checkpoint;
use ledger::envelope::{self, Header, Lane};
use ledger::receipt::{self, Entry, Receipt, Verdict};

use super::Broken;
use super::house::House;
use super::officers;
use super::world::World;
use crate::book::{micros, note_key, origin};
use crate::command::{reference, seconds};
use crate::dossier::act_bytes;

/// How long a forged envelope claims to be good, in seconds.
const LIFE_S: u64 = 86_400;

/// An act and the header that would carry it, before they are signed.
pub(super) struct Forgery {
    pub(super) act: Act,
    pub(super) header: Header,
    /// The office whose key signs inside.
    pub(super) office: domain::ids::OfficeId,
    request: Request,
}

impl Forgery {
    /// A request the liar might honestly submit now, ready to be spoiled.
    pub(super) fn opening(world: &mut World, liar: usize) -> Result<Self, Broken> {
        let at = world.houses[liar].clock(world.now);
        let (command, _) = officers::opening(world, liar, at, domain::act::ActKind::Submit)?;
        let me = world.houses[liar].node.me();
        let act = decide(&*world.instrument, me, &[], command, at).map_err(|why| Broken::new("setup", why))?;
        let request = domain::case::opening(&act.deed).cloned();
        let request = request.ok_or_else(|| Broken::new("setup", "an opening submits"))?;
        Ok(Self::of(world, liar, act, request))
    }

    /// An act the liar sent long ago, to be said again in another way.
    pub(super) fn again(world: &mut World, liar: usize) -> Result<Option<Self>, Broken> {
        let Some((case, _)) = officers::any_case(world, 1 - liar)? else { return Ok(None) };
        let victim = &world.houses[1 - liar];
        let me = world.houses[liar].node.me();
        let dossier =
            victim.node.load(&*victim.reader()?, &case.id)?.ok_or_else(|| Broken::new("cases-fold", &case.id))?;
        let act = dossier.entries.iter().find(|entry| entry.act.by == *me && entry.act.seq == 1);
        Ok(act.map(|entry| Self::of(world, liar, entry.act.clone(), case.request)))
    }

    fn of(world: &mut World, liar: usize, act: Act, request: Request) -> Self {
        let mut cti = [0; 16];
        cti.fill_with(|| u8::try_from(world.dice.below(256)).unwrap_or(0));
        let iat_s = seconds(act.at);
        let header = Header {
            iss: act.by.to_string(),
            aud: world.houses[liar].peer.to_string(),
            thread: act.case.to_string(),
            seq: act.seq - 1,
            prev: [0; 32],
            kind: act.deed.kind().code().to_owned(),
            lane: Lane::Normal,
            handling: request.mark.code().to_owned(),
            iat_s,
            exp_s: seconds(world.now) + LIFE_S,
            cti,
            instrument: act.instrument.0,
            attachments: act.deed.attachments().iter().map(reference).collect(),
            ack: Vec::new(),
        };
        Self { office: act.office.clone(), act, header, request }
    }

    /// Signs and seals it as it now stands.
    pub(super) fn seal(&self, world: &mut World, liar: usize) -> Result<Vec<u8>, Broken> {
        let setup = |why: &dyn std::fmt::Display| Broken::new("setup", why);
        let house = &world.houses[liar];
        let keys = house.node.keys();
        let (bytes, _) = act_bytes(&self.act)?;
        let office = keys.offices.get(&self.office).ok_or_else(|| setup(&self.office))?;
        let body = envelope::authority_seal(&bytes, &office.sign).map_err(|why| setup(&why))?;
        let card = house.node.peer(&house.peer)?;
        // Any office of the victim will do: its node opens what is sealed to one of them.
        let to = card.offices.get(&self.request.to).or_else(|| card.offices.values().next());
        let to = &to.ok_or_else(|| setup(&"an office to seal to"))?.seal;
        let archive = house.node.archive(self.header.iat_s);
        let sealed = envelope::seal(&self.header, &body, &[to], &archive, &[&keys.envelope], world.dice.rng());
        Ok(sealed.map_err(|why| setup(&why))?.bytes)
    }
}

/// A checkpoint over a history that never was, rightly signed.
pub(super) fn checkpoint(liar: &House, size: u64, root: [u8; 32]) -> Result<Vec<u8>, Broken> {
    let setup = |why: &dyn std::fmt::Display| Broken::new("setup", why);
    let (me, keys) = (liar.node.me(), liar.node.keys());
    let claim = Checkpoint::new(&origin(me, &liar.peer), size, root).map_err(|why| setup(&why))?;
    let key = note_key(me, &liar.peer, &keys.log.verifying_key())?;
    Ok(claim.sign(&key, &keys.log).map_err(|why| setup(&why))?.encode())
}

/// A receipt for an act as received at an instant that cannot be, rightly signed.
pub(super) fn receipt(world: &World, liar: usize, core_hash: Hash32, received_at_us: u64) -> Result<Vec<u8>, Broken> {
    let house = &world.houses[liar];
    let entry =
        Entry { core_hash: core_hash.0, log_index: 0, received_at_us, state_hash: [0; 32], verdict: Verdict::Accepted };
    let receipt = Receipt {
        by: house.node.me().to_string(),
        to: house.peer.to_string(),
        at_us: micros(world.now),
        entries: vec![entry],
        checkpoint: Vec::new(),
    };
    receipt::sign(&receipt, &house.node.keys().envelope).map_err(|why| Broken::new("setup", why))
}
