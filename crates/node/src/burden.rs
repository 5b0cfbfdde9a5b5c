//! What one peer may cost us: places in the operator's log, in ours, on the disk and in memory.
//!
//! Owns the limits that outlast a call and how they are counted from what is stored, so that a restart forgives nothing.
//! Must not know what was wrong with a message. What a call may hold is the shell's.

use domain::ids::PartyId;
use jiff::{SignedDuration, Timestamp};
use ledger::leaf::{Leaf, LeafKind};
use store::{Event, EventLevel, Reader, Write};

use crate::book::{instant, log_name};
use crate::fault::Fault;

/// Most bytes of acts in one case that we still add to. A case is folded whole at every step, so it must fit in memory
/// several times over; a matter of some hundred long letters is a quarter of this. Files travel as attachments.
pub(crate) const CASE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Most bytes of acts in one case that we still take in: what crosses ours in the post may go beyond, once as much.
pub(crate) const CASE_BYTES_TAKEN_MAX: u64 = 2 * CASE_BYTES_MAX;

/// How far back the operator's log is looked at for events of the same peer.
const TOLD_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Most events with the same code of one peer in that time: enough to see it happens, too few to hide an alarm under.
const TOLD_ALIKE_MAX: usize = 16;

/// Most events of one peer and one level in that time.
const TOLD_MAX: usize = 100;

/// How many of the latest events are looked at: a full measure of each level, and room for what others tell.
const LOOKED_AT: usize = 4 * TOLD_MAX;

/// How many of the latest entries of our log with a peer are looked at for refusals.
const REFUSED_LOOKED_AT: u64 = 1_000;

/// Most of those that may be refusals of the last day. Each is proof and keeps up to a mebibyte of envelope; a peer that
/// needs more has lost its mind or is filling our disk, and half a thousand proofs say so well enough.
const REFUSED_MAX: usize = 512;

/// How far back a refusal counts.
const REFUSED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// The write that tells the operator, unless enough was told of the same peer just now. Alarms are counted among alarms:
/// no flood of cheap warnings hides one, and the first of each code is always told.
///
/// # Errors
/// [`Fault`] of the store.
pub(crate) fn tell(reader: &dyn Reader, event: Event) -> Result<Option<Write>, Fault> {
    let now = event.at.timestamp();
    let lately = |told: &Event| now.duration_since(told.at.timestamp()).abs() < TOLD_WITHIN;
    let mut told = reader.events(None, LOOKED_AT)?;
    told.retain(|row| row.event.peer == event.peer && row.event.level == event.level && lately(&row.event));
    let alike = told.iter().filter(|row| row.event.code == event.code).count();
    let first = alike == 0 && event.level == EventLevel::Alarm;
    let room = told.len() < TOLD_MAX && alike < TOLD_ALIKE_MAX;
    Ok((first || room).then_some(Write::AddEvent(event)))
}

/// Whether so much of a peer's was refused lately that further refusals are not entered in our log.
///
/// # Errors
/// [`Fault`] of the store.
pub(crate) fn refused_enough(reader: &dyn Reader, peer: &PartyId, now: Timestamp) -> Result<bool, Fault> {
    let log = log_name(peer);
    let from = reader.log_size(&log)?.saturating_sub(REFUSED_LOOKED_AT);
    let lately = |leaf: &Leaf| {
        let age = instant(leaf.logged_at_us).map(|at| now.duration_since(at).abs());
        leaf.kind == LeafKind::Rejected && age.is_some_and(|age| age < REFUSED_WITHIN)
    };
    let latest = reader.leaves(&log, from, usize::try_from(REFUSED_LOOKED_AT).unwrap_or(usize::MAX))?;
    let refused = latest.iter().filter_map(|row| Leaf::decode(&row.bytes).ok()).filter(lately).count();
    Ok(refused >= REFUSED_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{Batch, Memory, Store};

    /// However many warnings a peer provokes, the first alarm of each code is told.
    #[test]
    fn no_flood_of_warnings_hides_an_alarm() {
        let mut store = Memory::new();
        let now: Timestamp = "2026-11-02T02:00:00Z".parse().expect("a time");
        let event = |level, code: &str| Event {
            at: now.into(),
            level,
            code: code.to_owned(),
            case: None,
            peer: Some(PartyId::new("CN").expect("a Party")),
            detail: String::new(),
        };
        let mut say = |event: Event| {
            let told = tell(&*store.reader().expect("a reader"), event).expect("told");
            let wrote = told.is_some();
            store.commit(&Batch { expect: Vec::new(), writes: Vec::from_iter(told) }).expect("written");
            wrote
        };
        for number in 0..2 * TOLD_MAX {
            say(event(EventLevel::Warning, &format!("warning-{number}")));
        }
        assert!(!say(event(EventLevel::Warning, "one-more")), "warnings are bounded");
        assert!(say(event(EventLevel::Alarm, "forked-log")));
        for number in 0..2 * TOLD_MAX {
            say(event(EventLevel::Alarm, &format!("alarm-{number}")));
        }
        assert!(say(event(EventLevel::Alarm, "equivocation")), "the first of its code, beyond the measure");
        let alike = (0..2 * TOLD_ALIKE_MAX).filter(|_| say(event(EventLevel::Alarm, "equivocation"))).count();
        assert!(alike < TOLD_ALIKE_MAX, "alarms are bounded too");
    }
}
