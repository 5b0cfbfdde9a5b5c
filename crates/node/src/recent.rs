//! The acts this node read lately, kept as they were read: a case is looked at again and again, and its acts never change.
//!
//! Owns how many are kept. Must not answer for the store: what a case consists of, and whether a content is still there, is
//! asked of the store every time.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Mutex, PoisonError};

use domain::act::Act;
use domain::ids::Hash32;

/// Canonical bytes kept on one shelf before the older shelf is cleared: the two together hold a busy desk's cases, and in
/// memory, where an act takes some times its bytes, stay below what one large attachment is allowed.
const SHELF_BYTES_MAX: usize = 4 << 20;

/// Acts by the hash of their canonical bytes.
#[derive(Default)]
pub(crate) struct Recent {
    shelves: Mutex<Shelves>,
}

/// What was asked for lately, and what was asked for before that. When the first is full it takes the place of the second.
#[derive(Default)]
struct Shelves {
    young: BTreeMap<Hash32, (Act, usize)>,
    young_bytes: usize,
    old: BTreeMap<Hash32, (Act, usize)>,
}

impl Recent {
    /// The act whose canonical bytes have this hash, if it was read lately.
    pub(crate) fn get(&self, hash: &Hash32) -> Option<Act> {
        self.with(|shelves| {
            if let Some((act, bytes)) = shelves.old.remove(hash) {
                shelves.keep(*hash, act, bytes);
            }
            shelves.young.get(hash).map(|(act, _)| act.clone())
        })
    }

    /// Keeps an act of so many canonical bytes.
    pub(crate) fn keep(&self, hash: Hash32, act: &Act, bytes: usize) {
        self.with(|shelves| shelves.keep(hash, act.clone(), bytes));
    }

    /// Forgets acts whose contents were erased.
    pub(crate) fn forget<'h>(&self, hashes: impl Iterator<Item = &'h Hash32>) {
        self.with(|shelves| {
            for hash in hashes {
                shelves.old.remove(hash);
                if let Some((_, bytes)) = shelves.young.remove(hash) {
                    shelves.young_bytes -= bytes;
                }
            }
        });
    }

    /// Whoever panicked while holding the shelves left them whole: nothing on them is half done.
    fn with<T>(&self, work: impl FnOnce(&mut Shelves) -> T) -> T {
        work(&mut self.shelves.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shelves {
    fn keep(&mut self, hash: Hash32, act: Act, bytes: usize) {
        if bytes > SHELF_BYTES_MAX || self.young.contains_key(&hash) {
            return;
        }
        if self.young_bytes + bytes > SHELF_BYTES_MAX {
            self.old = mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young.insert(hash, (act, bytes));
        self.young_bytes += bytes;
    }
}

#[cfg(test)]
mod tests {
    use domain::act::{Author, Deed};
    use domain::ids::{CaseId, OfficeId, PartyId};
    use jiff::Timestamp;

    use super::*;

    fn act(seq: u64) -> Act {
        Act {
            version: 1,
            instrument: Hash32([0; 32]),
            case: CaseId::new("AA-ML-2026-0001").expect("a case's name"),
            by: PartyId::new("AA").expect("a Party's name"),
            seq,
            seen: BTreeMap::new(),
            receipts: Vec::new(),
            at: Timestamp::UNIX_EPOCH,
            office: OfficeId::new("AA-DESK").expect("an office's name"),
            author: Author::Machine,
            gates: Vec::new(),
            deed: Deed::CertifyDeletion { erased: Vec::new() },
        }
    }

    fn hash(of: u8) -> Hash32 {
        Hash32([of; 32])
    }

    #[test]
    fn what_was_read_lately_stays_and_the_rest_goes() {
        let recent = Recent::default();
        let half = SHELF_BYTES_MAX / 2;
        for of in 0..4 {
            recent.keep(hash(of), &act(of.into()), half);
        }
        // Two shelves of two. Asking for the oldest brings it to the front, and a fifth then clears the shelf behind.
        assert_eq!(recent.get(&hash(0)), Some(act(0)));
        recent.keep(hash(4), &act(4), half);
        recent.keep(hash(5), &act(5), half);
        assert_eq!(recent.get(&hash(0)), Some(act(0)));
        assert_eq!(recent.get(&hash(2)), None);
        recent.keep(hash(6), &act(6), SHELF_BYTES_MAX + 1);
        assert_eq!(recent.get(&hash(6)), None, "too large for a shelf");
    }

    #[test]
    fn what_was_erased_is_forgotten_on_both_shelves() {
        let recent = Recent::default();
        recent.keep(hash(1), &act(1), SHELF_BYTES_MAX);
        recent.keep(hash(2), &act(2), SHELF_BYTES_MAX);
        recent.forget([hash(1), hash(2)].iter());
        assert_eq!((recent.get(&hash(1)), recent.get(&hash(2))), (None, None));
        recent.keep(hash(3), &act(3), SHELF_BYTES_MAX);
        assert_eq!(recent.get(&hash(3)), Some(act(3)));
    }
}
