//! Specimens of Doc 9303, read and written to the letter, and zones with one fault each.

use proptest::prelude::*;

use super::*;

const TD1: &str = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<\n";
const TD2: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6\n";
const TD3: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
const MRV_A: &str = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<\n";
const LONG: &str = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<\n";

#[test]
fn specimens_are_read_and_written_to_the_letter() {
    fn check(text: &str, layout: Layout, surname: &str, given: &str, number: &str) {
        let reading = read(text.as_bytes()).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        let [zone] = reading.value.zones() else { panic!("one zone") };
        assert_eq!(
            (zone.layout(), zone.surname(), zone.given(), zone.number()),
            (layout, surname, given, number),
            "{text}"
        );
        assert_eq!(String::from_utf8_lossy(&write(&reading.value).0), text);
    }
    check(TD1, Layout::Td1, "ERIKSSON", "ANNA MARIA", "D23145890");
    check(TD2, Layout::Td2, "ERIKSSON", "ANNA MARIA", "D23145890");
    check(TD3, Layout::Td3, "ERIKSSON", "ANNA MARIA", "L898902C3");
    check(MRV_A, Layout::MrvA, "ERIKSSON", "ANNA MARIA", "L8988901C");
    check(LONG, Layout::Td1, "STEVENSON", "PETER JOHN", "D23145890734");
}

#[test]
fn one_fault_is_named() {
    fn check(text: &str, from: &str, to: &str, wanted: &str) {
        assert!(text.contains(from));
        let refused = read(text.replacen(from, to, 1).as_bytes()).expect_err("a fault");
        assert_eq!(refused.first.code, wanted, "{from} {to}: {:?}", refused.findings);
    }
    check(TD3, "L898902C36", "L898902C35", "bad-check-digit");
    check(TD3, "7408122", "7408123", "bad-check-digit");
    check(TD3, "<<<10", "<<<11", "bad-check-digit");
    check(TD3, "7408122F", "7413122F", "bad-time");
    check(TD3, "2F12", "2Q12", "bad-choice");
    check(TD3, "ERIKSSON", "ERiKSSON", "bad-character");
    check(TD3, "UTO740", "1TO740", "bad-value");
    check(TD3, "\nL8", "\n\n\nX", "not-closed");
    check(TD1, "<\n740", "\n740", "bad-line");
    check("x\n", "x", "P<", "bad-line");
    check("\n", "\n", "\n", "not-this-format");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// A zone changed anywhere is refused, or read as what it now says and written to the letter again.
    #[test]
    fn a_zone_that_is_read_is_written_to_the_letter(which in 0_usize..5, at in 0_usize..90, to in "[A-Z0-9<]") {
        let mut text = [TD1, TD2, TD3, MRV_A, LONG][which].as_bytes().to_vec();
        let place = at % text.len();
        text[place] = to.as_bytes()[0];
        if let Ok(reading) = read(&text) {
            let written = write(&reading.value).0;
            prop_assert_eq!(read(&written).map(|again| again.value), Ok(reading.value));
        }
    }
}
