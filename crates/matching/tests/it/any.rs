//! What holds for any text whatever: no panic, the same from both sides, the same twice, bounded work.

use matching::record::{Fields, Record, compare_records};
use matching::score::POINTS_MAX;
use matching::{Name, compare, key};
use proptest::prelude::*;

/// Text of the kinds that meet in names, and of any other.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z' ,.-]{0,40}",
        "[\u{4E00}-\u{9FFF}·]{0,8}",
        "[A-Z]{2,5} [A-Z][a-z]{1,5}-[a-z]{1,6}",
        "[\u{4E00}-\u{4FFF}a-z ()]{0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_two_names(a in text(), b in text()) {
        let (x, y) = (Name::new(&a), Name::new(&b));
        let there = compare(&x, &y);
        prop_assert!(there.points <= POINTS_MAX);
        prop_assert_eq!(there.points, compare(&y, &x).points, "{} / {}", a, b);
        prop_assert_eq!(&there, &compare(&Name::new(&a), &Name::new(&b)));
        prop_assert!(key::folded(&x).len() <= key::KEYS_MAX);
    }

    #[test]
    fn a_name_is_its_own(a in "[A-Z][a-z]{2,9} [A-Z][a-z]{2,9}|[\u{4E00}-\u{9FA5}]{2,4}") {
        let name = Name::new(&a);
        prop_assert!(compare(&name, &name).points >= 9_000, "{}", a);
    }

    #[test]
    fn any_two_records(name in text(), born in text(), document in text(), address in text()) {
        let one = Record::read(&Fields { name: &name, born: &born, document: &document, address: &address, ..Fields::default() });
        let other = Record::read(&Fields { name: &address, born: &document, document: &born, address: &name, ..Fields::default() });
        prop_assert_eq!(compare_records(&one, &other, 10).points, compare_records(&other, &one, 10).points);
    }
}

/// The longest work a name can make: what a hostile field holds is cut before it is searched.
#[test]
fn hostile_names_are_cut() {
    fn check(a: &str, b: &str) {
        let (a, b) = (Name::new(&a.repeat(50_000)), Name::new(&b.repeat(50_000)));
        let _points = compare(&a, &b).points;
        let cut = |name: &Name| {
            let letters = name.latin.as_ref().map_or(0, |l| l.letters.len());
            let edges = name.latin.as_ref().map_or(0, |l| l.edges.len());
            letters <= 240 && edges <= 240 * 12 && name.other.chars().count() <= 640
        };
        assert!(cut(&a) && cut(&b));
    }
    check("a", "國");
    check("a ", "ng");
    check("chuang ", "ang-");
    check("國·", "a,");
    check("\u{300}", "\u{FFFD}");
    check("ก", "ข");
}
