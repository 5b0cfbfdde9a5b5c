//! How many evaluations an office has left, and which batches it had.
//!
//! Owns the count for one office and purpose. Must not know the day but as a number, nor offices: whoever calls keeps
//! one of these for each. The mathematics of the protocol answers whatever it is asked; this, the ledger and the audit
//! are what bounds guessing.

use std::collections::BTreeSet;

use super::Refused;
use super::question::BatchId;

/// Evaluations for one office and purpose in an epoch, at most, whatever the instrument says: the key loses half a bit with
/// each doubling (RFC 9497 §7.2.3), and so many batches are still remembered in a few megabytes.
pub const EVER_MAX: u64 = 1 << 24;

/// What is allowed and what is spent. One evaluation is one place of a batch, padding included: the holder cannot tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    day_max: u64,
    ever_max: u64,
    day: u32,
    spent_today: u64,
    spent_ever: u64,
    /// No longer than `ever_max` over the smallest batch.
    answered: BTreeSet<BatchId>,
}

/// What is spent of an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// The last day something was spent on.
    pub day: u32,
    /// On that day.
    pub today: u64,
    /// In all.
    pub ever: u64,
}

impl Allowance {
    /// An allowance of which nothing is spent; [`EVER_MAX`] bounds it.
    #[must_use]
    pub const fn new(day_max: u64, ever_max: u64) -> Self {
        let ever_max = if ever_max > EVER_MAX { EVER_MAX } else { ever_max };
        Self { day_max, ever_max, day: 0, spent_today: 0, spent_ever: 0, answered: BTreeSet::new() }
    }

    /// An allowance of which something is spent, as it was kept. Which batches were answered is for the ledger to know.
    #[must_use]
    pub const fn resume(day_max: u64, ever_max: u64, spent: Spent) -> Self {
        let mut resumed = Self::new(day_max, ever_max);
        resumed.day = spent.day;
        resumed.spent_today = spent.today;
        resumed.spent_ever = spent.ever;
        resumed
    }

    /// What is spent, to be kept.
    #[must_use]
    pub const fn spent(&self) -> Spent {
        Spent { day: self.day, today: self.spent_today, ever: self.spent_ever }
    }

    /// Evaluations left on a day. A day before the last one that was spent on has nothing left: clocks that run back
    /// give no second allowance.
    #[must_use]
    pub fn left(&self, day: u32) -> u64 {
        let today = match day.cmp(&self.day) {
            std::cmp::Ordering::Greater => self.day_max,
            std::cmp::Ordering::Equal => self.day_max.saturating_sub(self.spent_today),
            std::cmp::Ordering::Less => 0,
        };
        today.min(self.ever_max.saturating_sub(self.spent_ever))
    }

    /// Spends for a batch. Nothing is spent when it is refused.
    ///
    /// # Errors
    /// [`Refused::Replayed`]; [`Refused::Spent`].
    pub fn spend(&mut self, day: u32, batch: BatchId, asked: u64) -> Result<(), Refused> {
        if self.answered.contains(&batch) {
            return Err(Refused::Replayed);
        }
        let left = self.left(day);
        if asked > left {
            return Err(Refused::Spent { left, asked });
        }
        if day > self.day {
            (self.day, self.spent_today) = (day, 0);
        }
        self.spent_today += asked;
        self.spent_ever += asked;
        self.answered.insert(batch);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_spent() {
        let mut allowance = Allowance::new(100, 250);
        let mut check = |day: u32, batch: u8, asked: u64, found: Result<(), Refused>| {
            assert_eq!(allowance.spend(day, [batch; 16], asked), found, "batch {batch}");
        };
        check(5, 1, 32, Ok(()));
        check(5, 1, 32, Err(Refused::Replayed));
        check(5, 2, 69, Err(Refused::Spent { left: 68, asked: 69 }));
        check(5, 2, 68, Ok(()));
        check(5, 3, 1, Err(Refused::Spent { left: 0, asked: 1 }));
        check(6, 3, 100, Ok(()));
        check(5, 4, 1, Err(Refused::Spent { left: 0, asked: 1 }));
        check(7, 4, 51, Err(Refused::Spent { left: 50, asked: 51 }));
        check(7, 4, 50, Ok(()));
        check(8, 5, 1, Err(Refused::Spent { left: 0, asked: 1 }));
        check(8, 1, 0, Err(Refused::Replayed));
        assert_eq!(Allowance::new(u64::MAX, u64::MAX).left(1), EVER_MAX);
    }
}
