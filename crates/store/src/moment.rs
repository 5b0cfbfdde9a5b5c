//! A moment in microseconds, the only time the store knows.
//!
//! Owns the cut from a timestamp to what every backend can keep, so that memory and disk never differ by a
//! nanosecond. Must not know the present: no clock is read here.

use jiff::Timestamp;

/// A moment in whole microseconds since 1970-01-01T00:00:00Z, always within the range of [`Timestamp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The latest moment there is, the last whole second of [`Timestamp`]: later than anything that can fall due.
    pub const MAX: Self = Self(253_402_207_200_000_000);

    /// Reads microseconds since 1970; `None` outside the range of [`Timestamp`].
    #[must_use]
    pub fn from_us(us: i64) -> Option<Self> {
        Timestamp::from_microsecond(us).ok().map(|_| Self(us))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn as_us(self) -> i64 {
        self.0
    }

    /// The same moment as a timestamp.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        // Every constructor keeps within what this reads, as the test below checks.
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        // jiff reads microseconds back only up to its last whole second.
        Self(at.as_microsecond().min(Self::MAX.0))
    }
}

impl From<Moment> for Timestamp {
    fn from(at: Moment) -> Self {
        at.timestamp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_timestamps_cut_to_microseconds() {
        fn check(at: Timestamp) {
            let moment = Moment::from(at);
            assert_eq!(moment.timestamp().as_second(), at.as_second());
            assert_eq!(Moment::from_us(moment.as_us()), Some(moment), "{at}");
            assert_eq!(Moment::from(moment.timestamp()), moment, "{at}");
        }
        for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            check(at);
        }
        assert_eq!(Moment::MAX, Moment::from(Timestamp::MAX));
        assert_eq!(Moment::from_us(i64::MAX), None);
    }
}
