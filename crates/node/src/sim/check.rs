//! What must hold, after each event and at the end.
//!
//! Owns the invariants. It judges what is stored by means of its own where it can: logs by the offline audit, acts by
//! a second judgement. Must not change anything.

use std::collections::BTreeSet;

use domain::case::{self, Entry};
use domain::due;
use domain::ids::{CaseId, Hash32};
use domain::judge;
use jiff::Timestamp;
use ledger::audit::{Stored, cross};
use ledger::leaf::{Leaf, LeafKind};
use ledger::receipt::{self, Verdict};
use store::{EventLevel, ParcelState, Reader};

use super::Broken;
use super::house::House;
use super::world::World;
use crate::book::{log_name, mirror_name};
use crate::view::Shared;

/// Leaves read at once.
const LEAVES_MAX: usize = 1_000;

/// What must hold after each event: logs grow and hold, and honest houses raise no alarm.
pub(super) fn each(world: &mut World) -> Result<(), Broken> {
    let liar = world.liar;
    for (index, house) in world.houses.iter_mut().enumerate() {
        grown(house)?;
        // What both have signed follows what they signed before, and is never in force on one word alone.
        house.node.renewed(&*house.reader()?, Timestamp::MIN)?;
        let victim = liar && index == 0;
        for row in house.news()? {
            if row.event.level != EventLevel::Info && !victim {
                return Err(Broken::new("honest-houses-raise-no-alarm", format!("{:?}", row.event)));
            }
            if row.event.code == "state-differs" {
                return Err(Broken::new("states-agree", format!("{:?}", row.event.case)));
            }
        }
    }
    Ok(())
}

/// Feeds what is new in a house's log to the audit that has seen all before it.
fn grown(house: &mut House) -> Result<(), Broken> {
    let reader = house.reader()?;
    let log = log_name(&house.peer);
    let size = reader.log_size(&log)?;
    if size < house.audit.size() {
        return Err(Broken::new("logs-only-grow", format!("{log} shrank to {size}")));
    }
    let broken = |why: ledger::audit::Broken| Broken::new("logs-hold", why);
    for row in reader.leaves(&log, house.audit.size(), LEAVES_MAX)? {
        let stored = Stored { index: row.index, bytes: &row.bytes, recorded: row.hash.0 };
        let mut node = |level: u8, index: u64| tree_hash(&*reader, &log, level, index);
        house.audit.push(stored, &mut node).map_err(broken)?;
        if let Some(checkpoint) = reader.checkpoint(&log, house.audit.size())? {
            house.audit.checkpoint(&checkpoint.note).map_err(broken)?;
        }
    }
    let sound = house.audit.clone().finish();
    if sound.vouched == sound.entries {
        Ok(())
    } else {
        Err(Broken::new("logs-are-signed", format!("{} of {} entries", sound.vouched, sound.entries)))
    }
}

fn tree_hash(reader: &dyn Reader, log: &str, level: u8, index: u64) -> Option<[u8; 32]> {
    reader.tree_hash(log, u64::from(level), index).ok().flatten().map(|hash| hash.0)
}

/// What must hold when everything has arrived. Answers the acts signed and those delivered.
pub(super) fn whole(world: &World) -> Result<(u64, u64), Broken> {
    let [first, second] = &world.houses;
    let cases = first.cases()?;
    if cases != second.cases()? {
        return Err(Broken::new("both-have-every-case", format!("{cases:?}")));
    }
    cases.iter().try_for_each(|case| alike(world, case))?;
    for house in &world.houses {
        cases.iter().try_for_each(|case| versions(house, case))?;
    }
    let mut sums = (0, 0);
    for (mine, theirs) in [(first, second), (second, first)] {
        mirrored(mine, theirs)?;
        crossed(mine, theirs)?;
        nothing_waits(mine)?;
        for case in &cases {
            let (acts, delivered) = honoured(mine, theirs, case)?;
            sums = (sums.0 + acts, sums.1 + delivered);
        }
    }
    if sums.0 == sums.1 { Ok(sums) } else { Err(Broken::new("all-is-delivered", format!("{sums:?}"))) }
}

/// Both houses hold the same acts and fold them to the same case; and no clock that has run out was overlooked.
fn alike(world: &World, id: &CaseId) -> Result<(), Broken> {
    let mut folded = Vec::new();
    for house in &world.houses {
        let dossier = house.node.load(&*house.reader()?, id)?.ok_or_else(|| Broken::new("cases-fold", id))?;
        let mut names: Vec<Hash32> = dossier.rows.iter().map(|row| row.core_hash).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Broken::new("no-act-twice", id));
        }
        let overdue =
            due::due(&dossier.case, house.node.instrument_of(&dossier.case), house.node.me(), house.clock(world.now));
        if !overdue.is_empty() {
            return Err(Broken::new("no-clock-is-overlooked", format!("{id} {:?} {overdue:?}", dossier.case.stage())));
        }
        let report = Shared::of(house.node.instruments(), &dossier.entries);
        folded.push((names, dossier.case, report));
    }
    if folded[0].0 != folded[1].0 {
        return Err(Broken::new("both-have-every-act", id));
    }
    if folded[0].1.fingerprint() != folded[1].1.fingerprint() || folded[0].1 != folded[1].1 {
        let show = |n: usize| format!("{:?} {:?}", folded[n].1.state, folded[n].1.record);
        return Err(Broken::new("folds-are-equal", format!("{id}: {} / {}", show(0), show(1))));
    }
    if folded[0].2 != folded[1].2 {
        return Err(Broken::new("reports-are-equal", id));
    }
    Ok(())
}

/// How many cases were opened under a version that amends the one both began with.
pub(super) fn amended(world: &World) -> Result<u64, Broken> {
    let [house, _] = &world.houses;
    let mut count = 0;
    for id in house.cases()? {
        let dossier = house.node.load(&*house.reader()?, &id)?.ok_or_else(|| Broken::new("cases-fold", &id))?;
        let opened = dossier.case.adoption.before.is_empty();
        count += u64::from(opened && dossier.case.instrument != world.instrument.hash());
    }
    Ok(count)
}

/// A case runs under the version it was opened under, or later ones both had it go on under; no act of it under another. All of
/// them both have signed, and it was opened and went on under none before its day.
fn versions(house: &House, id: &CaseId) -> Result<(), Broken> {
    let reader = house.reader()?;
    let case = |id: &CaseId| house.node.load(&*reader, id)?.ok_or_else(|| Broken::new("cases-fold", id));
    let dossier = case(id)?;
    let (now, before) = (dossier.case.instrument, &dossier.case.adoption.before);
    let among = |hash: Hash32| hash == now || before.iter().any(|(left, _)| *left == hash);
    if dossier.entries.iter().any(|entry| !among(entry.act.instrument)) {
        return Err(Broken::new("no-case-changes-version-alone", id));
    }
    // It was under each version since it left the one before; under the first, since it was opened.
    let since = std::iter::once(dossier.case.opened_at).chain(before.iter().map(|(_, at)| *at));
    for (hash, since) in before.iter().map(|(hash, _)| *hash).chain([now]).zip(since) {
        let version = house.node.instruments().get(&hash);
        let version = version.ok_or_else(|| Broken::new("both-signed-every-version", id))?;
        let Some(taken) = &version.amendment else { continue };
        if case(&taken.case)?.case.talk.agreed().is_none() || since < taken.from {
            return Err(Broken::new("both-signed-every-version", id));
        }
    }
    Ok(())
}

/// How many cases went on under a version they were not opened under.
pub(super) fn went_on(world: &World) -> Result<u64, Broken> {
    let [house, _] = &world.houses;
    let mut count = 0;
    for id in house.cases()? {
        let dossier = house.node.load(&*house.reader()?, &id)?.ok_or_else(|| Broken::new("cases-fold", &id))?;
        count += u64::from(!dossier.case.adoption.before.is_empty());
    }
    Ok(count)
}

/// Each act of `mine` in a case keeps every rule as its author saw the case, judged again from the other's store; and
/// each one marked delivered has the other's signed receipt. Answers acts and delivered ones.
fn honoured(mine: &House, theirs: &House, id: &CaseId) -> Result<(u64, u64), Broken> {
    let dossier = theirs.node.load(&*theirs.reader()?, id)?.ok_or_else(|| Broken::new("cases-fold", id))?;
    let me = mine.node.me();
    let versions = mine.node.instruments();
    let mut sums = (0, 0);
    let mut own: Vec<&Entry> = dossier.entries.iter().filter(|entry| entry.act.by == *me).collect();
    own.sort_by_key(|entry| entry.act.seq);
    for (expected, entry) in (1..).zip(own) {
        let act = &entry.act;
        if act.seq != expected {
            return Err(Broken::new("acts-are-counted", format!("{id} {me} {}", act.seq)));
        }
        let had = |other: &Entry| {
            let seen = act.seen.get(&other.act.by).copied().unwrap_or(0);
            if other.act.by == *me { other.act.seq < act.seq } else { other.act.seq <= seen }
        };
        let view: Vec<Entry> = dossier.entries.iter().filter(|other| had(other)).cloned().collect();
        let view = case::fold(versions, &view);
        let judged = judge::judge(view.as_ref(), versions, act);
        judged.map_err(|why| Broken::new("every-act-keeps-the-rules", format!("{id} {me} {}: {why}", act.seq)))?;
        sums.0 += 1;
        sums.1 += u64::from(receipted(mine, theirs, id, act.seq)?);
    }
    Ok(sums)
}

/// Whether an act is marked delivered; then the receipt must stand in the store and hold.
fn receipted(mine: &House, theirs: &House, id: &CaseId, seq: u64) -> Result<bool, Broken> {
    let reader = mine.reader()?;
    let row = reader.act(id, mine.node.me(), seq)?.ok_or_else(|| Broken::new("both-have-every-act", id))?;
    let marked = reader.parcel(&row.core_hash)?.is_some_and(|parcel| parcel.state == ParcelState::Delivered);
    if row.received_at.is_none() && !marked {
        return Ok(false);
    }
    let missing = || Broken::new("delivered-means-receipted", format!("{id}#{seq}"));
    let bytes = reader.receipt(&row.core_hash, false)?.ok_or_else(missing)?.bytes;
    let key = theirs.node.keys().envelope.verifying_key();
    let receipt = receipt::open(&bytes, &[key]).map_err(|_| missing())?;
    let accepted = |entry: &receipt::Entry| entry.core_hash == row.core_hash.0 && entry.verdict == Verdict::Accepted;
    if marked && receipt.entries.iter().any(accepted) { Ok(true) } else { Err(missing()) }
}

/// Nothing is queued, parked or on its way.
fn nothing_waits(house: &House) -> Result<(), Broken> {
    let reader = house.reader()?;
    let undelivered = reader.parcel_counts()?.into_iter().find(|count| count.state != ParcelState::Delivered);
    if let Some(count) = undelivered {
        return Err(Broken::new("all-is-delivered", format!("{} are {:?}", count.count, count.state)));
    }
    let parked = reader.parked_load(&house.peer, None)?;
    if parked.count > 0 { Err(Broken::new("nothing-stays-parked", parked.count)) } else { Ok(()) }
}

/// Every entry one log calls sent, the other calls received, and the other way round.
fn crossed(mine: &House, theirs: &House) -> Result<(), Broken> {
    let crossing = cross(leaves(mine)?, leaves(theirs)?, &mut |_| true);
    if crossing.disagreements == 0 && crossing.pending == 0 {
        return Ok(());
    }
    Err(Broken::new("logs-agree", format!("{:?}", crossing.findings)))
}

fn leaves(house: &House) -> Result<Vec<(u64, Leaf)>, Broken> {
    let rows = house.reader()?.leaves(&log_name(&house.peer), 0, LEAVES_MAX)?;
    let read =
        |row: store::LeafRow| Ok((row.index, Leaf::decode(&row.bytes).map_err(|why| Broken::new("logs-hold", why))?));
    rows.into_iter().map(read).collect()
}

/// The other side holds a whole copy of the log and has cosigned its head.
fn mirrored(mine: &House, theirs: &House) -> Result<(), Broken> {
    let (own, copy) = (log_name(&mine.peer), mirror_name(&theirs.peer));
    let (size, held) = (mine.reader()?.log_size(&own)?, theirs.reader()?.log_size(&copy)?);
    let cosigned = mine.reader()?.latest_cosigned(&own)?.map_or(0, |row| row.size);
    if size != held || cosigned != size {
        let detail = format!("{own}: {size} entries, {held} mirrored, {cosigned} cosigned");
        return Err(Broken::new("logs-are-mirrored", detail));
    }
    let sent: BTreeSet<[u8; 32]> = leaves(mine)?
        .into_iter()
        .filter(|(_, leaf)| leaf.kind == LeafKind::Sent)
        .map(|(_, leaf)| leaf.core_hash)
        .collect();
    let acts: usize = mine.cases()?.len();
    if acts > 0 || sent.is_empty() { Ok(()) } else { Err(Broken::new("logs-hold", "acts logged for no case")) }
}
