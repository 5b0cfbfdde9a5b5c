//! What must not be seen or kept: keys and values in anything printed, and the secrets of an epoch after its end.

use matching::oprf::{Blind, Mapped, Output, SecretKey, Uncovered};
use matching::private::audit::open_questions;
use matching::private::question::Asked;
use matching::private::sample::Share;
use matching::private::{Learns, match_key};
use matching::record::{Fields, Record};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::*;

#[test]
fn nothing_printed_shows_a_key_or_a_value() {
    let mut house = house(Learns::Querier, &[7]);
    let keys = passports([5, 300]);
    let (asking, _, transcript) = house.run(&keys, 1);
    let openings = open_questions(&asking, &(0..32).collect::<Vec<_>>());
    let values = house.epoch.key().evaluate(&[house.epoch.scope().input(&keys[0]).as_slice()]).expect("a value");
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        keys,
        house.epoch,
        asking,
        openings,
        transcript,
        values,
        house.published.rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        Share([9; 32]),
        asking.drawn().asked(),
    );
    let listed = |bytes: &[u8]| bytes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    for secret in [
        keys[0].content(),
        &values[0].bytes()[..16],
        asking.blind(0).expect("a blind").bytes(),
        asking.drawn().salt(0).expect("a salt"),
    ] {
        assert!(!shown.contains(&listed(secret)), "{}", listed(secret));
    }
    assert!(!shown.contains("00000005") && shown.contains("MatchKey(Document)"));
    // Refusals and misbehaviour carry numbers and codes only, so that they may be logged.
    let refused = house.answer(&asking.questions()).unwrap_err();
    assert_eq!(format!("{refused}"), "this batch was answered before: ask a new one");
}

#[test]
fn secrets_are_wiped() {
    fn wiped<T: ZeroizeOnDrop>() {}
    wiped::<SecretKey>();
    wiped::<Blind>();
    wiped::<Mapped>();
    wiped::<Output>();
    wiped::<Uncovered>();
    wiped::<Epoch>();
    wiped::<MatchKey>();
    wiped::<Asked>();
    // Wiping reaches the scalar itself: what it answers then is the value of nothing, for every input.
    let mut key = SecretKey::derive(&[1; 32], b"test").expect("a key");
    let before = key.elements(&[b"a", b"b"]).expect("elements");
    assert_ne!(before[0], before[1]);
    key.zeroize();
    let after = key.elements(&[b"a", b"b"]).expect("elements");
    assert_eq!((after[0].bytes(), after[1].bytes()), (&[0; 32], &[0; 32]));
}

#[test]
fn the_end_of_an_epoch_is_recorded() {
    let (first, again) = (epoch(Learns::Querier, 1), epoch(Learns::Querier, 1));
    let key = first.key().public();
    let destroyed = first.destroy();
    assert_eq!((destroyed.scope, destroyed.key), (*again.scope().digest(), key));
    assert_eq!(
        again.key().public(),
        key,
        "the same seed is the same epoch: whoever keeps the seed has destroyed nothing"
    );
}

/// One field of the terms changed, and nothing of one epoch fits the other.
#[test]
fn every_term_of_a_scope_counts() {
    let base = scope(Learns::Querier);
    fn check(base: &Scope, change: impl Fn(&mut Terms<'_>)) {
        let mut other = terms(&[7; 32], Learns::Querier);
        change(&mut other);
        let other = Scope::of(&other).expect("a scope");
        assert_ne!(other.digest(), base.digest());
        assert_ne!(other.input(&passport(1)), base.input(&passport(1)));
        let key = |scope: &Scope| Epoch::derive(scope.clone(), &[1; 32]).expect("an epoch").key().public();
        assert_ne!(key(&other), key(base));
    }
    check(&base, |terms| terms.instrument = &[8; 32]);
    check(&base, |terms| terms.asking = "FR");
    check(&base, |terms| terms.holding = "FR");
    check(&base, |terms| terms.purpose = "asset");
    check(&base, |terms| terms.epoch = 2);
    check(&base, |terms| terms.learns = Learns::CountFirst);
    let mut empty = terms(&[7; 32], Learns::Querier);
    empty.purpose = "";
    assert!(Scope::of(&empty).is_err());
}

/// The bytes of keys are a contract between two houses. If this fails for a good reason, `match_key::VERSION` goes up.
#[test]
fn the_bytes_of_known_keys() {
    let record = Record::read(&Fields { name: "郭偉強", born: "1961-08-04", sex: "m", ..Fields::default() });
    let mut all = String::new();
    for (kind, code) in Kind::ALL.into_iter().filter(|(kind, _)| kind.of_name()) {
        for key in MatchKey::of_person(kind, &record).expect("keys") {
            all += &format!("{code} {}\n", String::from_utf8_lossy(key.content()));
        }
    }
    assert_eq!((match_key::VERSION, all.as_str()), (1, include_str!("keys.txt")));
}
