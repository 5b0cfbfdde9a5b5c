//! The seeds of the fuzzer, replayed by the ordinary toolchain: what a fuzzer would call a crash fails here.
//!
//! Owns the replay. Must not judge what a seed says; what takes time without end is stopped by the runner of the tests.

use std::path::{Path, PathBuf};

use domain::menu::Menu;
use formats::Code;
use formats::convert::{Format, convert, inspect};
use formats::finding::CODES;
use proptest::prelude::*;

use super::{context, files};

fn seeds(format: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(format)
}

/// Refused by a known name, or read, written and read to the same bytes; every conversion ends.
fn check(format: Format, name: &str, bytes: &[u8]) {
    match inspect(format, bytes) {
        Err(refused) => {
            let code = refused.first.code;
            assert!(Code::from_code(code).is_some(), "{format} {name}: {refused}");
            // A bundle is also read at the desk, which has words for these.
            assert!(format != Format::Stix || CODES.contains(&code), "{name}: {refused}");
        }
        Ok(_) => {
            let once = convert(format, format, bytes, &context()).map(|made| made.bytes);
            let twice =
                once.clone().and_then(|bytes| convert(format, format, &bytes, &context()).map(|made| made.bytes));
            assert_eq!(once, twice, "{format} {name}");
            for (to, _) in Format::ALL.iter().filter(|(to, _)| *to != format && format.can_become(*to)) {
                let made =
                    convert(format, *to, bytes, &context()).unwrap_or_else(|why| panic!("{name} to {to}: {why}"));
                let again = made.bytes.is_empty() || inspect(*to, &made.bytes).is_ok();
                assert!(again, "{format} {name}: what was made for {to} is not sound");
            }
        }
    }
}

#[test]
fn every_seed_of_every_reader_is_replayed() {
    for (format, code) in Format::ALL {
        let seeds = files(&seeds(code));
        assert!(*code == "goaml4" || !seeds.is_empty(), "{code} has no seeds");
        seeds.iter().for_each(|(name, bytes)| check(*format, name, bytes));
    }
}

/// Repetitions of a piece, by which a small file would become large: refused, or read.
#[test]
fn what_is_repeated_is_bounded() {
    let xml = |open: &str, inner: &str, close: &str, n: usize| {
        format!("<a>{}{inner}{}</a>", open.repeat(n), close.repeat(n)).into_bytes()
    };
    let pieces = [
        xml("<a>", "", "</a>", 50_000),
        xml("<a b='1'/>", "", "", 50_000),
        xml("<!---->", "", "", 50_000),
        xml("&amp;", "", "", 50_000),
        xml("<a xmlns:b='u'>", "", "</a>", 500),
        "[".repeat(200_000).into_bytes(),
        "{\"a\":".repeat(50_000).into_bytes(),
        "BEGIN:VCALENDAR\r\n".repeat(2_000).into_bytes(),
        format!("BEGIN:VCALENDAR\r\nSUMMARY:{}\r\n", "\r\n x".repeat(2_000)).into_bytes(),
        format!("BEGIN:VCALENDAR\r\nA{}:x\r\n", ";B=1".repeat(30_000)).into_bytes(),
        ",".repeat(100_000).into_bytes(),
        "\"\"".repeat(100_000).into_bytes(),
        "\n".repeat(50_000).into_bytes(),
        "<".repeat(500_000).into_bytes(),
        format!("{}\n", "<".repeat(44)).repeat(500).into_bytes(),
    ];
    for (format, code) in Format::ALL {
        for (place, bytes) in pieces.iter().enumerate() {
            check(*format, &format!("{code}, piece {place}"), bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any table of people or places says in each target what is read back to the same: no cell becomes markup, a
    /// formula, another line or another column.
    #[test]
    fn any_cell_survives_its_own_format(name in "\\PC{1,40}", text in "[=+@\\-\t\"',;|:<>&\\\\ a-z\u{4e00}-\u{4e20}\u{202e}]{0,30}") {
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let table = format!("subject,id,name,description\r\nperson,A-1,{},{}\r\n", cell(&name), cell(&text));
        if inspect(Format::Csv, table.as_bytes()).is_ok() {
            check(Format::Csv, &table, table.as_bytes());
        }
    }
}
