//! Who stands at the door and has not yet shaken hands: few from any one address, so that nobody alone keeps it shut.
//!
//! Owns the count by address. Must not know certificates: whoever stands here is still a stranger.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Handshakes under way from one address. A courier makes one at a time; the rest is room for whoever shares it.
const FROM_ONE_MAX: usize = 16;

/// How many stand at the door, by where they come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// A place in the queue; dropping it frees it.
#[derive(Debug)]
pub(super) struct Turn {
    queue: Queue,
    from: IpAddr,
}

impl Queue {
    /// A place for one more from this address; `None` when enough of it stand here.
    pub(super) fn join(&self, from: IpAddr) -> Option<Turn> {
        let from = origin(from);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.entry(from).or_default();
        if *count >= FROM_ONE_MAX {
            return None;
        }
        *count += 1;
        Some(Turn { queue: self.clone(), from })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut waiting = self.queue.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waiting.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.from);
            }
        }
    }
}

/// What counts as one address: in IPv6 whoever has one has a /64 of them.
pub(crate) fn origin(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_fill_the_queue() {
        fn check(first: &str, second: &str, shared: bool) {
            let queue = Queue::default();
            let [first, second]: [IpAddr; 2] = [first, second].map(|at| at.parse().expect("an address"));
            let held: Vec<Turn> = (0..FROM_ONE_MAX).filter_map(|_| queue.join(first)).collect();
            assert_eq!(held.len(), FROM_ONE_MAX);
            assert_eq!(queue.join(second).is_none(), shared, "{first} {second}");
            drop(held);
            assert!(queue.join(first).is_some());
        }
        check("10.0.0.1", "10.0.0.1", true);
        check("10.0.0.1", "10.0.0.2", false);
        check("10.0.0.1", "::ffff:10.0.0.1", true);
        check("2001:db8::1", "2001:db8::2", true);
        check("2001:db8::1", "2001:db8:0:1::1", false);
    }
}
