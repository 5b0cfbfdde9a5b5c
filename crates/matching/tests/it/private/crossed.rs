//! The holder learns: masked lists, tags, receipts that say nothing.

use matching::private::crossed::{
    Evaluating, Masked, Masking, Match, Place, Tagged, look_up, mask, receive, tagged, unmask,
};
use matching::private::list::{Announced, PART_MAX};
use matching::private::tag::Tag;
use matching::private::{Learns, Misbehaved, Refused, response, two_lists};

use super::*;

/// Two houses after an epoch's evaluation: the asker has the key, the holder its rows.
pub(super) struct Crossed {
    pub(super) asker: Epoch,
    pub(super) holder: Epoch,
    pub(super) announced: Announced,
    pub(super) masked: Vec<Masked>,
    pub(super) rows: Vec<(Tag, u64)>,
    allowance: Allowance,
}

const PERSONS: u64 = 100;

/// Calls with the places of a part: persons 0 to 99, then padding.
fn with_places<R>(from: u64, to: u64, protected: &[u64], call: impl FnOnce(&[Place<'_>]) -> R) -> R {
    let (keys, label) = (passports(0..PERSONS), label(0));
    let place = |number: u64| {
        let standing = if protected.contains(&number) { Standing::Protected } else { Standing::Open };
        let key = usize::try_from(number).ok().and_then(|at| keys.get(at));
        key.map_or(Place::Padding, |key| Place::Entry(Entry { number, key, label: &label, standing }))
    };
    call(&(from..to).map(place).collect::<Vec<_>>())
}

pub(super) fn crossed(protected: &[u64]) -> Crossed {
    crossed_as(Learns::Holder, protected)
}

fn crossed_as(learns: Learns, protected: &[u64]) -> Crossed {
    let (asker, holder) = (epoch(learns, 1), epoch(learns, 2));
    let key = asker.key().public();
    let mut masking = Masking::begin(holder.scope(), key, 1, PERSONS).expect("a list");
    let masked = with_places(0, masking.size(), protected, |places| mask(&holder, 0, places)).expect("a part");
    masking.push(&masked);
    let announced = masking.finish().expect("whole");
    let mut run = Evaluating::begin(&asker, announced).expect("a run");
    let answers = run.next(&asker, &masked, &mut rng(5)).expect("a part");
    run.finish().expect("as announced");
    let rows = with_places(0, announced.size, protected, |places| unmask(&holder, key, 0, places, &masked, &answers));
    let mut rows = rows.expect("sound");
    rows.sort_unstable();
    Crossed { asker, holder, announced, masked, rows, allowance: Allowance::new(2_048, 100_000) }
}

impl Crossed {
    pub(super) fn draw(&self, keys: &[MatchKey], seed: u64) -> Drawn {
        let matter = Matter::new("GB-IDV-2026-000042", "HO-RET", "clause 12 (3)").expect("a matter");
        Drawn::draw(self.asker.scope(), self.announced.digest(), matter, keys, &mut rng(seed)).expect("a batch")
    }

    fn ask(&self, keys: &[MatchKey], seed: u64) -> (Drawn, Tagged) {
        let drawn = self.draw(keys, seed);
        let tagged = tagged(&self.asker, &drawn).expect("tags");
        (drawn, tagged)
    }
}

#[test]
fn the_holder_finds_its_own() {
    let crossed = crossed(&[7]);
    let (drawn, tagged) = crossed.ask(&passports([5, 7, 300]), 1);
    let found = look_up(&tagged, crossed.rows.iter().copied());
    let given: Vec<_> = found.iter().map(|Match { place, number }| (drawn.given(*place), *number)).collect();
    assert_eq!(given, vec![(Some(0), 5)]);
}

/// Everything the asker ever gets, or sends, is as long for a hit as for a miss, and what it gets is made without the
/// list: the receipt's maker is not given any rows.
#[test]
fn a_hit_and_a_miss_have_transcripts_of_one_length() {
    let mut crossed = crossed(&[7]);
    let mut transcript = |person: u64| {
        let (_, tagged) = crossed.ask(&passports([person]), person);
        let receipt = receive(crossed.holder.scope(), &crossed.announced, &mut crossed.allowance, DAY, &tagged);
        let receipt = receipt.expect("received");
        let hits = look_up(&tagged, crossed.rows.iter().copied()).len();
        assert_eq!(receipt, tagged.transcript(&crossed.announced));
        let Tagged { announcement, tags } = tagged;
        let length = tags.len() * 16 + announcement.commitments.len() * 32;
        (hits, length, receipt.answered, receipt.digest().len())
    };
    let (hit, miss, protected) = (transcript(5), transcript(300), transcript(7));
    assert_eq!((hit.0, miss.0, protected.0), (1, 0, 0));
    assert_eq!((hit.1, hit.2, hit.3), (miss.1, miss.2, miss.3));
    assert_eq!((hit.1, hit.2, hit.3), (protected.1, protected.2, protected.3));
}

#[test]
fn what_a_holder_of_rows_refuses() {
    fn check(what: &str, spoil: impl Fn(&mut Crossed, &mut Tagged), found: Stopped) {
        let mut crossed = crossed(&[]);
        let (_, mut tagged) = crossed.ask(&passports([5]), 1);
        spoil(&mut crossed, &mut tagged);
        let end = receive(crossed.holder.scope(), &crossed.announced, &mut crossed.allowance, DAY, &tagged);
        assert_eq!(end.unwrap_err(), found, "{what}");
    }
    check(
        "a batch twice",
        |crossed, tagged| {
            receive(crossed.holder.scope(), &crossed.announced, &mut crossed.allowance, DAY, tagged).expect("received");
        },
        Refused::Replayed.into(),
    );
    check(
        "an allowance spent",
        |crossed, _| crossed.allowance = Allowance::new(31, 31),
        Refused::Spent { left: 31, asked: 32 }.into(),
    );
    check(
        "one tag",
        |_, tagged| {
            tagged.tags.truncate(1);
            tagged.announcement.commitments.truncate(1);
        },
        Misbehaved::Size(1).into(),
    );
    check("another list", |_, tagged| tagged.announcement.list = [1; 32], Refused::OtherList.into());
    check("another scope", |_, tagged| tagged.announcement.scope = [1; 32], Misbehaved::OtherScope.into());
}

/// A long run: parts of a fixed size, stopped and gone on with anywhere, and never more than was announced.
#[test]
fn a_run_goes_on_where_it_stopped() {
    let (asker, holder) = (epoch(Learns::Holder, 1), epoch(Learns::Holder, 2));
    let label = label(0);
    let keys = passports(0..1_500);
    let mut masking = Masking::begin(holder.scope(), asker.key().public(), 1, 1_500).expect("a list");
    let size = masking.size();
    let place = |number: u64| match keys.get(usize::try_from(number).expect("small")) {
        Some(key) => Place::Entry(Entry { number, key, label: &label, standing: Standing::Open }),
        None => Place::Padding,
    };
    let part = |from: u64, to: u64| mask(&holder, from, &(from..to).map(place).collect::<Vec<_>>()).expect("a part");
    let (first, second) = (part(0, 1_024), part(1_024, size));
    masking.push(&first);
    masking.push(&second);
    let announced = masking.finish().expect("whole");

    let mut run = Evaluating::begin(&asker, announced).expect("a run");
    assert_eq!(run.next(&asker, &first[..1_000], &mut rng(1)).unwrap_err(), Misbehaved::Size(1_000));
    run.next(&asker, &first, &mut rng(1)).expect("a part");
    assert_eq!(run.finish().unwrap_err(), Misbehaved::Size(1_024));
    let (done, peaks, steps) = run.parts();
    let mut resumed = Evaluating::resume(&asker, announced, done, peaks.to_vec(), steps).expect("an edge");
    assert_eq!(resumed, run);
    for run in [&mut run, &mut resumed] {
        run.next(&asker, &second, &mut rng(2)).expect("a part");
        assert_eq!(run.next(&asker, &second, &mut rng(3)).unwrap_err(), Misbehaved::Size(second.len() as u64));
    }
    assert_eq!(run.finish().expect("whole"), resumed.finish().expect("whole"));
    assert!(second.len() < PART_MAX);

    // Other elements than announced: a dictionary in the place of the list.
    let mut swapped = Evaluating::begin(&asker, announced).expect("a run");
    let other: Vec<Masked> = first.iter().rev().copied().collect();
    swapped.next(&asker, &other, &mut rng(1)).expect("a part");
    swapped.next(&asker, &second, &mut rng(1)).expect("a part");
    assert_eq!(swapped.finish().unwrap_err(), Misbehaved::NotAsAnnounced("list"));
}

#[test]
fn a_list_evaluated_under_another_key_is_not_kept() {
    let crossed = crossed(&[]);
    let key = crossed.asker.key().public();
    let other = epoch(Learns::Holder, 3);
    let announced = Announced { key: other.key().public(), ..crossed.announced };
    let mut run = Evaluating::begin(&other, announced).expect("a run");
    let answers = run.next(&other, &crossed.masked, &mut rng(1)).expect("a part");
    let end = with_places(0, 1_024, &[], |places| unmask(&crossed.holder, key, 0, places, &crossed.masked, &answers));
    assert_eq!(end.unwrap_err().code(), "proof-fails");
    assert!(matches!(
        Evaluating::begin(&crossed.asker, announced),
        Err(Stopped::Misbehaved(Misbehaved::NotAsAnnounced("key")))
    ));
}

/// Masking is the same work for everybody: a protected person's place is as any other's, and shows nothing.
#[test]
fn protected_places_are_masked_alike() {
    let (open, shielded) = (crossed(&[]), crossed(&[7]));
    assert_eq!(open.masked.len(), shielded.masked.len());
    let unlike: Vec<usize> = (0..open.masked.len()).filter(|at| open.masked[*at] != shielded.masked[*at]).collect();
    assert_eq!((unlike, open.announced.size), (vec![7], shielded.announced.size));
    assert_eq!(open.rows.len(), shielded.rows.len());
}

/// No filter leaves the house, and both learn: replies of one length, of which only hits open.
#[test]
fn replies_open_for_hits_alone() {
    let protected = [7];
    let mut crossed = crossed_as(Learns::Both, &protected);
    let mut run = Evaluating::begin(&crossed.asker, crossed.announced).expect("a run");
    let answers = run.next(&crossed.asker, &crossed.masked, &mut rng(5)).expect("a part");
    let key = crossed.asker.key().public();
    let rows = with_places(0, 1_024, &protected, |places| {
        response::unmask(&crossed.holder, key, 0, places, &crossed.masked, &answers).expect("sound")
    });
    let (drawn, tagged) = crossed.ask(&passports([5, 7, 300]), 1);
    let Crossed { asker, holder, announced, allowance, .. } = &mut crossed;
    let (replies, theirs) =
        response::reply(holder.scope(), announced, allowance, DAY, &tagged, rows.iter().copied(), &mut rng(6))
            .expect("replies");
    let (found, ours) = response::read(asker, announced, &drawn, &tagged, &replies).expect("read");
    assert_eq!((numbers(&found), ours), (vec![0], theirs));
    assert_eq!(replies.0.len(), 32);
    let again = response::reply(holder.scope(), announced, allowance, DAY, &tagged, rows.into_iter(), &mut rng(6));
    assert_eq!(again.unwrap_err(), Refused::Replayed.into());
    // A receipt is for where the holder alone learns, replies for where both do.
    assert_eq!(receive(holder.scope(), announced, allowance, DAY, &tagged).unwrap_err(), Refused::WhoLearns.into());
    let silent = epoch(Learns::Holder, 2);
    let none = std::iter::empty();
    let end = response::reply(silent.scope(), announced, allowance, DAY, &tagged, none, &mut rng(6));
    assert_eq!(end.unwrap_err(), Refused::WhoLearns.into());
    let cut = response::Replies(replies.0[1..].to_vec());
    assert_eq!(response::read(asker, announced, &drawn, &tagged, &cut).unwrap_err(), Misbehaved::Size(31));
}

/// Each way of learning has its own steps, and none is let into another's.
#[test]
fn roles_are_not_mixed() {
    let (open, shut) = (epoch(Learns::Querier, 1), epoch(Learns::Holder, 1));
    let (key, label) = (passport(1), label(1));
    let entry = Entry { number: 0, key: &key, label: &label, standing: Standing::Open };
    assert_eq!(prepare(&shut, &[entry]).unwrap_err(), Refused::WhoLearns);
    assert_eq!(List::default().publish(&shut, 1).unwrap_err(), Refused::WhoLearns);
    let counted = epoch(Learns::CountFirst, 1);
    assert_eq!(mask(&counted, 0, &[Place::Entry(entry)]).unwrap_err(), Refused::WhoLearns);
    assert_eq!(Masking::begin(counted.scope(), open.key().public(), 1, 1).unwrap_err(), Refused::WhoLearns);
    let House { published, .. } = house(Learns::Querier, &[]);
    assert_eq!(Evaluating::begin(&open, published.announced).unwrap_err(), Refused::WhoLearns.into());
    let drawn = house(Learns::Querier, &[]).draw(&passports([1]), 1);
    assert_eq!(tagged(&open, &drawn).unwrap_err(), Refused::WhoLearns.into());
}

/// Persons 0 to 99 of the holder, 0 to 49 and 150 to 199 of the asker; 7 is protected on one side, 8 on the other.
#[test]
fn two_lists_meet_in_what_both_have() {
    let House { epoch: holder, published, shelf, .. } = house(Learns::Querier, &[7]);
    let asker = epoch(Learns::Querier, 3);
    let (keys, label) = (passports((0..50).chain(150..200)), label(0));
    let place = |number: u64| {
        let key = usize::try_from(number).ok().and_then(|at| keys.get(at));
        let standing = if number == 8 { Standing::Protected } else { Standing::Open };
        key.map_or(Place::Padding, |key| Place::Entry(Entry { number, key, label: &label, standing }))
    };
    let places: Vec<Place<'_>> = (0..1_024).map(place).collect();
    let mut masking = Masking::begin(asker.scope(), holder.key().public(), 1, 100).expect("a list");
    let masked = mask(&asker, 0, &places).expect("a part");
    masking.push(&masked);
    let asked = masking.finish().expect("whole");

    let list = published.announced;
    let mut allowance = Allowance::new(2_000, 5_000);
    let mut begin = |own: &Announced, run: u8| two_lists::begin(&holder, own, asked, &mut allowance, DAY, [run; 16]);
    let mut run = begin(&list, 1).expect("a run");
    assert_eq!(begin(&list, 1).unwrap_err(), Refused::Replayed.into());
    assert_eq!(begin(&list, 2).unwrap_err(), Refused::Spent { left: 976, asked: 1_024 }.into());
    let answers = run.next(&holder, &masked, &mut rng(1)).expect("a part");
    let met = two_lists::read(&asker, &list, &shelf, 0, &places, &masked, &answers).expect("sound");
    let wanted: Vec<u64> = (0..50).filter(|number| ![7, 8].contains(number)).collect();
    assert_eq!(met.iter().map(|met| met.number).collect::<Vec<_>>(), wanted);
    assert_eq!(met[0].contact, Some(super::label(0)));

    // What both sign begins with both lists.
    let other = Announced { root: [0; 32], ..list };
    let mut fresh = Allowance::new(2_000, 5_000);
    let mut against = two_lists::begin(&holder, &other, asked, &mut fresh, DAY, [1; 16]).expect("a run");
    against.next(&holder, &masked, &mut rng(1)).expect("a part");
    assert_ne!(against.finish().expect("whole"), run.finish().expect("whole"));
    let spoiled = Answers { proof: answers.proof, evaluated: answers.evaluated.iter().rev().copied().collect() };
    let end = two_lists::read(&asker, &list, &shelf, 0, &places, &masked, &spoiled);
    assert_eq!(end.unwrap_err().code(), "proof-fails");
    let crossed = epoch(Learns::Holder, 1);
    let end = two_lists::begin(&crossed, &list, asked, &mut fresh, DAY, [2; 16]);
    assert_eq!(end.unwrap_err(), Refused::WhoLearns.into());
}
