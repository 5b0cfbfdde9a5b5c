//! How much of something is under way for each officer and in all, so that nobody takes every place.
//!
//! Owns the counts. Must not know what is counted, nor what whoever finds no place is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::OfficerId;

/// Places by officer. Clones count together.
#[derive(Debug, Clone)]
pub(crate) struct Gauge {
    taken: Arc<Mutex<BTreeMap<OfficerId, usize>>>,
    each_max: usize,
    all_max: usize,
}

/// A place taken; dropping it frees it.
#[derive(Debug)]
pub(crate) struct Place {
    gauge: Gauge,
    officer: OfficerId,
}

impl Gauge {
    /// Room for `each_max` of one officer and `all_max` of all together.
    pub(crate) fn new(each_max: usize, all_max: usize) -> Self {
        Self { taken: Arc::default(), each_max, all_max }
    }

    /// A place for one more of this officer; `None` when they, or all together, have enough.
    pub(crate) fn take(&self, officer: &OfficerId) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(officer).copied().unwrap_or_default();
        if own >= self.each_max || taken.values().sum::<usize>() >= self.all_max {
            return None;
        }
        taken.insert(officer.clone(), own + 1);
        Some(Place { gauge: self.clone(), officer: officer.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.gauge.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.officer) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.officer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_officer_does_not_take_every_place() {
        let gauge = Gauge::new(3, 5);
        let [a, b] = ["a", "b"].map(|id| OfficerId::new(id).expect("fits"));
        let check = |officer: &OfficerId, wanted: usize| {
            let held: Vec<Place> = (0..9).map_while(|_| gauge.take(officer)).collect();
            assert_eq!(held.len(), wanted, "{officer}");
            held
        };
        let of_a = check(&a, 3);
        let of_b = check(&b, 2);
        drop(of_a);
        let again = check(&a, 3);
        drop((of_b, again));
        check(&b, 3);
    }
}
