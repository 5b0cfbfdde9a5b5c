//! The clocks: what has run out is entered as the node's own act.
//!
//! Owns the turn from a due timer to an act. Must not know the time: it is asked at an instant.

use domain::act::Author;
use domain::decide::Command;
use domain::due;
use domain::ids::CaseId;
use domain::procedure::Side;
use jiff::{SignedDuration, Timestamp};
use store::{Batch, CommitError, Reader, Store, TimerRow, Write};

use crate::Env;
use crate::fault::{Failure, Fault};
use crate::party::Node;
use crate::purge::RETENTION;
use crate::release::RELEASE;
use crate::row::{WAKE, after};

/// Most cases looked at in one call; the rest follow in the next.
const CASES_MAX: usize = 256;

/// Most acts entered for one case in one call: four rungs and a little more. More would be a fault of ours.
const ACTS_MAX: usize = 8;

/// Most instants caught up with in one call: a leap of a year over a hundred matters has some hundreds.
const INSTANTS_MAX: usize = 2_000;

/// When an act that was due but could not be entered is tried again.
const RETRY: SignedDuration = SignedDuration::from_mins(15);

impl Node {
    /// Enters every act that has come due at `env.now`; answers how many.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn tick(&self, store: &mut dyn Store, env: &mut Env<'_>) -> Result<usize, Fault> {
        let timers = store.reader()?.timers_due(env.now.into(), CASES_MAX)?;
        let mut entered = 0;
        for timer in &timers {
            entered += match timer.kind.as_str() {
                WAKE => self.wake(store, env, timer)?,
                RETENTION => usize::from(self.retire(store, env, timer)?),
                RELEASE => self.release(store, env, &timer.case)?,
                _ => 0,
            };
        }
        Ok(entered)
    }

    /// Enters what came due from `since` to `env.now`, each act at its own instant: for a clock that leaps over time this
    /// node has run through, as an exercise's does. What came due before `since` is entered as of then.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn catch_up(&self, store: &mut dyn Store, env: &mut Env<'_>, since: Timestamp) -> Result<usize, Fault> {
        let (mut entered, mut last) = (0, None);
        for _ in 0..INSTANTS_MAX {
            let next = store.reader()?.timer_next_due()?.map(Timestamp::from);
            // What could not be entered at its instant, because a later act is here already, is left for the present.
            let Some(at) = next.filter(|at| *at <= env.now && Some(*at) != last) else { break };
            let now = at.max(since).min(env.now);
            let here = self.tick(store, &mut Env { now, rng: &mut *env.rng })?;
            entered += here;
            last = (here == 0).then_some(at);
        }
        Ok(entered + self.tick(store, env)?)
    }

    /// When something is next due: a clock or a parcel.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn next_wake(&self, reader: &dyn Reader) -> Result<Option<Timestamp>, Fault> {
        let mut next = reader.timer_next_due()?;
        for peer in self.peers().keys() {
            let parcel = reader.parcel_next_due(peer)?;
            next = [next, parcel].into_iter().flatten().min();
        }
        Ok(next.map(Timestamp::from))
    }

    fn wake(&self, store: &mut dyn Store, env: &mut Env<'_>, timer: &TimerRow) -> Result<usize, Fault> {
        for entered in 0..ACTS_MAX {
            match self.enter_due(store, env, &timer.case)? {
                true => {}
                false if entered == 0 => {
                    self.rearm(store, env, timer)?;
                    return Ok(0);
                }
                false => return Ok(entered),
            }
        }
        Ok(ACTS_MAX)
    }

    /// Enters the first act due in a case, if one is.
    fn enter_due(&self, store: &mut dyn Store, env: &mut Env<'_>, case: &CaseId) -> Result<bool, Fault> {
        let Some(dossier) = self.load(&*store.reader()?, case)? else {
            return Ok(false);
        };
        let case = &dossier.case;
        let Some(deed) = due::due(case, self.instrument_of(case), self.me(), env.now).into_iter().next() else {
            return Ok(false);
        };
        let side = case.side(self.me()).unwrap_or(Side::Requesting);
        let command = Command {
            case: case.id.clone(),
            office: case.office(side).clone(),
            author: Author::Machine,
            gates: Vec::new(),
            deed,
        };
        match self.command(store, env, command) {
            Ok(_) => Ok(true),
            Err(Failure::Fault(fault)) => Err(fault),
            // What `due` names, `decide` allows, unless our clock was set back behind the case's last act: then later.
            Err(Failure::Refused(_) | Failure::Held(_) | Failure::Misbehaved(_)) => Ok(false),
        }
    }

    /// A timer that entered nothing is set to the next instant, to a later try, or taken away.
    fn rearm(&self, store: &mut dyn Store, env: &Env<'_>, timer: &TimerRow) -> Result<(), Fault> {
        let dossier = self.load(&*store.reader()?, &timer.case)?;
        let next =
            dossier.and_then(|dossier| due::next_wake(&dossier.case, self.instrument_of(&dossier.case), self.me()));
        let write = match next {
            Some(at) if at >= env.now => Write::PutTimer(TimerRow { due_at: after(at), ..timer.clone() }),
            Some(_) => {
                let at = env.now.saturating_add(RETRY).unwrap_or(env.now);
                Write::PutTimer(TimerRow { due_at: at.into(), ..timer.clone() })
            }
            None => Write::RemoveTimer { case: timer.case.clone(), kind: timer.kind.clone() },
        };
        match store.commit(&Batch { expect: Vec::new(), writes: vec![write] }) {
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Fault(fault)) => Err(fault.into()),
        }
    }
}
