//! Labelled pairs: how many come out right, and each score as it was when it was last looked at.

use std::fmt::Write;

use matching::{Band, Name, compare};

const PAIRS: &str = include_str!("../../../../testdata/names/pairs.csv");
const GOLDEN: &str = include_str!("../../../../testdata/names/golden.csv");

/// Left, right, whether one person; fields of this file hold commas only in quotes.
fn pairs() -> Vec<(String, String, bool)> {
    let fields = |line: &str| {
        let (mut out, mut field, mut quoted) = (Vec::new(), String::new(), false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => out.push(std::mem::take(&mut field)),
                _ => field.push(c),
            }
        }
        out.push(field);
        out
    };
    PAIRS.lines().skip(1).map(fields).map(|f| (f[0].clone(), f[1].clone(), f[2] == "1")).collect()
}

#[test]
fn labelled_pairs_come_out_right() {
    let (mut wrong, mut found, mut all) = (0, 0, 0);
    for (left, right, same) in pairs() {
        let band = compare(&Name::new(&left), &Name::new(&right)).band();
        all += u32::from(same);
        found += u32::from(same && band >= Band::Possible);
        wrong += u32::from(!same && band == Band::Match);
    }
    assert!(wrong <= 4, "{wrong} pairs of different persons are called a match");
    assert!(found * 100 >= all * 95, "only {found} of {all} pairs of one person are worth a look");
}

#[test]
fn scores_are_as_they_were() {
    let mut now = String::from("points,band,left,right\n");
    for (left, right, _) in pairs() {
        let score = compare(&Name::new(&left), &Name::new(&right));
        let _fits = writeln!(now, "{},{},{left},{right}", score.points, score.band().code());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let at = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/names/golden.csv");
        std::fs::write(at, &now).expect("the golden file can be written");
        return;
    }
    for (now, golden) in now.lines().zip(GOLDEN.lines()) {
        assert_eq!(now, golden, "a score changed; UPDATE_EXPECT=1 writes them anew");
    }
    assert_eq!(now.lines().count(), GOLDEN.lines().count());
}
