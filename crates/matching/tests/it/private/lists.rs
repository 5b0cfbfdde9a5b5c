//! Lists: the same whoever prepares which part, padded, added to, announced, and blind to who is protected.

use matching::private::filter::Filter;
use matching::private::list::{Announced, LIST_TAGS_MIN, PART_MAX, Row, padded, parts};
use matching::private::{Learns, Misbehaved, Refused};
use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// Parts of any size, in any order, some of them twice, as after a kill: the same list.
    #[test]
    fn however_the_work_is_divided(cuts in proptest::collection::btree_set(1..60_u64, 0..6), seed in any::<u64>()) {
        let epoch = epoch(Learns::Querier, 1);
        let mut whole = List::default();
        whole.add(rows(&epoch, &(0..60).collect::<Vec<_>>(), &[3]));
        let bounds: Vec<u64> = std::iter::once(0).chain(cuts).chain([60]).collect();
        let mut ranges: Vec<_> = bounds.windows(2).map(|pair| pair[0]..pair[1]).collect();
        let turn = usize::try_from(seed % ranges.len() as u64).expect("small");
        ranges.rotate_left(turn);
        ranges.push(ranges[0].clone());
        let mut divided = List::default();
        for range in ranges {
            divided.add(rows(&epoch, &range.collect::<Vec<_>>(), &[3]));
        }
        prop_assert_eq!(&divided, &whole);
        prop_assert_eq!(divided.publish(&epoch, 1), whole.publish(&epoch, 1));
    }

    #[test]
    fn padded_sizes_say_little(entries in 0..(1_u64 << 29)) {
        let size = padded(entries).expect("within the bound");
        prop_assert!(size >= entries.max(LIST_TAGS_MIN) && padded(size) == Ok(size));
        prop_assert!(entries <= LIST_TAGS_MIN || size - entries <= entries / 8 + 1);
    }
}

#[test]
fn parts_cover_every_entry_once() {
    fn check(entries: u64) {
        let mut next = 0;
        for part in parts(entries) {
            assert_eq!(part.start, next);
            assert!(part.end - part.start <= PART_MAX as u64 && !part.is_empty());
            next = part.end;
        }
        assert_eq!(next, entries);
    }
    [0, 1, 1_023, 1_024, 1_025, 100_000].into_iter().for_each(check);
    assert_eq!(padded(1 << 31), Err(Refused::TooMany { found: 1 << 31, most: 1 << 30 }));
}

#[test]
fn added_records_join_a_new_version() {
    let mut house = house(Learns::Querier, &[]);
    let mut list = List::default();
    list.add(rows(&house.epoch, &(0..100).collect::<Vec<_>>(), &[]));
    list.add(rows(&house.epoch, &[500], &[]));
    let second = list.publish(&house.epoch, 2).expect("a list");
    assert_eq!((second.announced.size, house.published.announced.size), (LIST_TAGS_MIN, LIST_TAGS_MIN));
    assert_ne!(second.announced.digest(), house.published.announced.digest());
    let (_, found, _) = house.run(&passports([500]), 1);
    assert_eq!(numbers(&found), Vec::<usize>::new());
    house.shelf = Shelf::of(&second.announced, second.shards.clone()).expect("as announced");
    house.published = second;
    let (_, found, _) = house.run(&passports([500, 5]), 3);
    assert_eq!(numbers(&found), vec![0, 1]);
}

#[test]
fn a_label_is_never_sealed_twice_under_one_nonce() {
    let epoch = epoch(Learns::Querier, 1);
    let (key, first, second) = (passport(1), label(1), label(2));
    let sealed = |label| {
        let entry = Entry { number: 1, key: &key, label, standing: Standing::Open };
        prepare(&epoch, &[entry]).expect("a part")[0].1
    };
    assert_eq!(sealed(&first), sealed(&first));
    assert_ne!(sealed(&first)[..12], sealed(&second)[..12]);
}

/// A protected person is not found, and nothing that leaves the house tells her from anybody: not the size, not the form,
/// not the number of steps.
#[test]
fn protected_persons_are_left_out_silently() {
    let mut shielded = house(Learns::Querier, &[7, 8]);
    let mut open = house(Learns::Querier, &[]);
    let (asked, mut found) = (passports([6, 7, 8, 9]), Vec::new());
    for house in [&mut open, &mut shielded] {
        found.push(numbers(&house.run(&asked, 1).1));
    }
    assert_eq!(found, vec![vec![0, 1, 2, 3], vec![0, 3]]);
    let shape = |house: &House| {
        let Announced { version, size, .. } = house.published.announced;
        let shards: Vec<usize> = house.published.shards.iter().map(|shard| shard.bytes().len()).collect();
        (version, size, shards, house.published.rows.len())
    };
    assert_eq!(shape(&open), shape(&shielded));
    // Asked for, she is a miss like any other: the answers do not depend on the list at all.
    let questions = open.ask(&passports([7]), 5).questions();
    let mut other = questions.clone();
    other.announcement.list = shielded.published.announced.digest();
    assert_eq!(open.answer(&questions).expect("an answer").0, shielded.answer(&other).expect("an answer").0);
}

#[test]
fn shards_that_are_not_the_announced_ones() {
    let House { published, epoch, .. } = house(Learns::Querier, &[]);
    fn check(announced: &Announced, shards: Vec<Filter>, found: Misbehaved) {
        assert_eq!(Shelf::of(announced, shards).unwrap_err(), found);
    }
    check(&published.announced, vec![], Misbehaved::NotAsAnnounced("filter"));
    let twice = [published.shards.clone(), published.shards.clone()].concat();
    check(&published.announced, twice, Misbehaved::NotAsAnnounced("filter"));
    // Announced with a filter of another size than the list's: some tags would be hidden in it or left out.
    let some: Vec<Row> = published.rows.iter().take(600).copied().collect();
    let small = Filter::lay(some[0].0, &some).expect("laid");
    let mut list = List::default();
    list.add(rows(&epoch, &[1], &[]));
    let announced = Announced { filters: announced_filters(&small), ..published.announced };
    check(&announced, vec![small], Misbehaved::Malformed("filter"));
}

/// What a holder would announce for one shard.
fn announced_filters(shard: &Filter) -> Hash {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in [b"entente/psi/filters/v1".as_slice(), &shard.digest()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
