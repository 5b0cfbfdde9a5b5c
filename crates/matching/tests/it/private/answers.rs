//! The asker learns: what is found, what is refused, and what a holder that cheats comes to.

use matching::oprf::{ELEMENT_BYTES, Unsound};
use matching::private::answer::{Questions, Stopped, answer};
use matching::private::count::{self, COUNTED_KEYS_MIN, Counting};
use matching::private::list::Shelf;
use matching::private::question::{BATCH_SIZES, KEYS_MAX};
use matching::private::{Kind, Learns, MatchKey, Misbehaved, Refused};
use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// Exactly what both know is found, whatever is asked; each with its own label.
    #[test]
    fn the_intersection_and_nothing_else(asked in proptest::collection::btree_set(0..200_u64, 1..40), seed in any::<u32>()) {
        let mut house = house(Learns::Querier, &[]);
        let asked: Vec<u64> = asked.into_iter().collect();
        let (asking, found, _) = house.run(&passports(asked.iter().copied()), u64::from(seed));
        let known: Vec<usize> = (0..asked.len()).filter(|at| asked[*at] < 100).collect();
        prop_assert_eq!(numbers(&found), known);
        for finding in &found {
            prop_assert_eq!(finding.contact.as_ref(), Some(&label(asked[finding.key])));
        }
        prop_assert!(BATCH_SIZES.contains(&asking.questions().blinded.len()));
    }
}

#[test]
fn every_batch_of_a_size_looks_alike() {
    fn check(keys: u64, places: usize) {
        let house = house(Learns::Querier, &[]);
        let questions = house.ask(&passports(0..keys), 1).questions();
        let Questions { announcement, blinded } = questions;
        assert_eq!((blinded.len(), announcement.commitments.len()), (places, places));
        let different: std::collections::BTreeSet<[u8; ELEMENT_BYTES]> = blinded.iter().copied().collect();
        assert_eq!(different.len(), places);
    }
    check(1, 32);
    check(32, 32);
    check(33, 128);
    check(1_000, 1_024);
    // The same person asked twice, in one batch or in two, cannot be recognised.
    let house = house(Learns::Querier, &[]);
    let (one, other) = (house.ask(&passports([5, 5]), 1).questions(), house.ask(&passports([5]), 3).questions());
    assert!(one.blinded.iter().all(|element| !other.blinded.contains(element)));
}

#[test]
fn a_hit_under_a_weak_kind_is_for_review() {
    let epoch = epoch(Learns::Querier, 1);
    let smudged = MatchKey::of_smudged("CHN", "E12345678").expect("keys");
    let label = label(1);
    let entry = |(number, key)| Entry { number, key, label: &label, standing: Standing::Open };
    let entries: Vec<Entry<'_>> = (0..).zip(&smudged).map(entry).collect();
    let mut list = List::default();
    list.add(prepare(&epoch, &entries).expect("a part"));
    let published = list.publish(&epoch, 1).expect("a list");
    let shelf = Shelf::of(&published.announced, published.shards.clone()).expect("as announced");
    let mut house = House { epoch, published, shelf, allowance: Allowance::new(1_000, 1_000) };
    let (_, found, _) = house.run(&MatchKey::of_smudged("CHN", "E12345078").expect("keys"), 1);
    assert_eq!(found.iter().map(|f| (f.key, f.review_only)).collect::<Vec<_>>(), vec![(6, true)]);
    assert!(!passport(1).kind().review_only() && Kind::FoldedYear.review_only());
}

#[test]
fn a_response_under_another_key_is_rejected() {
    fn check(what: &str, spoil: impl Fn(&mut Answers, &Questions, &Epoch), found: Unsound) {
        let mut house = house(Learns::Querier, &[]);
        let asking = house.ask(&passports([1, 2, 300]), 1);
        let (mut answers, _) = house.answer(&asking.questions()).expect("an answer");
        spoil(&mut answers, &asking.questions(), &epoch(Learns::Querier, 2));
        let end = asking.conclude(&house.published.announced, &house.shelf, &answers);
        assert_eq!(end.unwrap_err(), Misbehaved::Function(found), "{what}");
    }
    let other = |questions: &Questions, epoch: &Epoch| {
        let mut list = List::default();
        list.add(rows(epoch, &[1], &[]));
        let mut announced = list.publish(epoch, 1).expect("a list").announced;
        // The other key passes itself off as the announced list's.
        let mut questions = questions.clone();
        questions.announcement.list = announced.digest();
        announced.version = 1;
        answer(epoch, &announced, &mut Allowance::new(99, 99), DAY, &questions, &mut rng(1)).expect("an answer").0
    };
    check("another key", |answers, questions, epoch| *answers = other(questions, epoch), Unsound::Proof);
    check(
        "another key for one question",
        |answers, questions, epoch| {
            answers.evaluated[3] = other(questions, epoch).evaluated[3];
        },
        Unsound::Proof,
    );
    check("answers exchanged", |answers, _, _| answers.evaluated.swap(0, 1), Unsound::Proof);
    check(
        "an answer left out",
        |answers, _, _| {
            answers.evaluated.pop();
        },
        Unsound::Count { wanted: 32, found: 31 },
    );
    check("no element", |answers, _, _| answers.evaluated[0] = [255; 32], Unsound::Element(0));
}

#[test]
fn what_a_holder_refuses() {
    fn check(what: &str, spoil: impl Fn(&mut House, &mut Questions), found: Stopped) {
        let mut house = house(Learns::Querier, &[]);
        let mut questions = house.ask(&passports([1]), 1).questions();
        spoil(&mut house, &mut questions);
        let left = house.allowance.left(DAY);
        assert_eq!(house.answer(&questions).unwrap_err(), found, "{what}");
        assert_eq!(house.allowance.left(DAY), left, "{what} costs nothing");
    }
    let size = |places| Stopped::Misbehaved(Misbehaved::Size(places));
    check(
        "an allowance spent",
        |house, _| house.allowance = Allowance::new(31, 1_000),
        Refused::Spent { left: 31, asked: 32 }.into(),
    );
    check(
        "an allowance spent for ever",
        |house, _| house.allowance = Allowance::new(64, 0),
        Refused::Spent { left: 0, asked: 32 }.into(),
    );
    check(
        "a batch twice",
        |house, questions| {
            house.answer(questions).expect("an answer");
        },
        Refused::Replayed.into(),
    );
    check("another list", |_, questions| questions.announcement.list = [0; 32], Refused::OtherList.into());
    check("another scope", |_, questions| questions.announcement.scope = [0; 32], Misbehaved::OtherScope.into());
    check(
        "no padding",
        |_, questions| {
            questions.blinded.truncate(1);
            questions.announcement.commitments.truncate(1);
        },
        size(1),
    );
    check(
        "over-size",
        |_, questions| {
            questions.blinded = questions.blinded.repeat(64);
            questions.announcement.commitments = questions.announcement.commitments.repeat(64);
        },
        size(2_048),
    );
    check(
        "a question without a commitment",
        |_, questions| {
            questions.announcement.commitments.pop();
        },
        size(32),
    );
    check(
        "no element",
        |_, questions| questions.blinded[7] = [255; 32],
        Misbehaved::Function(Unsound::Element(7)).into(),
    );
    check(
        "the identity",
        |_, questions| questions.blinded[0] = [0; 32],
        Misbehaved::Function(Unsound::Element(0)).into(),
    );
}

#[test]
fn what_an_asker_may_not_draw() {
    fn check(keys: &[MatchKey], found: Refused) {
        assert_eq!(house(Learns::Querier, &[]).try_draw(keys, 1).unwrap_err(), found);
    }
    check(&[], Refused::Empty);
    let many = passports(0..=KEYS_MAX as u64);
    check(&many, Refused::TooMany { found: 1_001, most: 1_000 });
}

#[test]
fn who_learns_is_kept_to() {
    fn check(learns: Learns) {
        let mut house = house(learns, &[]);
        let drawn = house.draw(&passports(0..20), 1);
        let refused = Stopped::Refused(Refused::WhoLearns);
        let asked = Counting::begin(house.draw(&passports(0..20), 1), &mut rng(2));
        match learns {
            Learns::CountFirst => {
                let questions = asked.expect("counted").questions();
                assert_eq!(Asking::begin(drawn, &mut rng(2)).unwrap_err(), refused);
                assert_eq!(house.answer(&questions).unwrap_err(), refused);
            }
            _ => assert_eq!(asked.unwrap_err(), refused),
        }
    }
    check(Learns::Querier);
    check(Learns::CountFirst);
    assert_eq!(Learns::of_word("count_first"), Some(Learns::CountFirst));
    assert_eq!(Learns::of_word("everybody_learns"), None);
}

#[test]
fn counted_first_and_named_when_agreed() {
    let mut house = house(Learns::CountFirst, &[]);
    let counting = Counting::begin(house.draw(&passports(90..110), 1), &mut rng(2)).expect("a batch");
    let House { epoch, published, shelf, allowance } = &mut house;
    let list = &published.announced;
    let (shuffled, order, theirs) =
        count::answer(epoch, list, allowance, DAY, &counting.questions(), &mut rng(3)).expect("an answer");
    let (known, ours) = counting.count(list, shelf, &shuffled).expect("a count");
    assert_eq!((known, ours.digest()), (10, theirs.digest()));
    let found = counting.conclude(list, shelf, &shuffled, &order).expect("the order");
    assert_eq!(numbers(&found), (0..10).collect::<Vec<_>>());
    assert_eq!(found[0].contact, Some(label(90)));

    let check = |what: &str, spoil: &dyn Fn(&mut count::Order), found: Misbehaved| {
        let mut order = order.clone();
        spoil(&mut order);
        assert_eq!(counting.conclude(list, shelf, &shuffled, &order).unwrap_err(), found, "{what}");
    };
    check("another order", &|order| order.places.swap(0, 1), Misbehaved::NotAsAnnounced("order"));
    check("another nonce", &|order| order.nonce = [0; 32], Misbehaved::NotAsAnnounced("order"));
    // A holder that commits to an order that is not the one it mixed by, or evaluates falsely, is found when it opens.
    let lie = |spoil: &dyn Fn(&mut count::Order)| {
        let mut order = order.clone();
        spoil(&mut order);
        let mut shuffled = shuffled.clone();
        shuffled.order = order.commitment();
        counting.conclude(list, shelf, &shuffled, &order).unwrap_err()
    };
    assert_eq!(lie(&|order| order.places.swap(0, 1)), Misbehaved::Function(Unsound::Proof));
    assert_eq!(lie(&|order| order.places[0] = order.places[1]), Misbehaved::Malformed("order"));
    assert_eq!(lie(&|order| order.places[0] = 32), Misbehaved::Malformed("order"));

    let few = Counting::begin(house.draw(&passports([1; 20]), 5), &mut rng(2)).unwrap_err();
    assert_eq!(few, Refused::TooFew { found: 1, least: COUNTED_KEYS_MIN }.into());
}
