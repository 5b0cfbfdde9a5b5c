//! Every committed file of every format: what is found in it, what each conversion of it loses, by what it is refused.
//!
//! Owns the walk and the golden table. Must not know a format's rules: those are tested beside them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use domain::menu::Menu;
use formats::convert::{Converted, Format, convert};
use formats::record::Context;
use formats::{Finding, Loss};
use jiff::Timestamp;
use proptest::prelude::*;

mod corpus;
mod others;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden.txt");

fn testdata(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(folder)
}

fn context() -> Context {
    Context { now: "2026-01-31T09:00:00Z".parse::<Timestamp>().expect("an instant") }
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.is_file() && path.extension().is_none_or(|ext| ext != "md"));
    paths.sort();
    let name = |path: &Path| path.file_name().expect("a file").to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).expect("it can be read"))).collect()
}

/// The sound files with their format.
fn sound() -> Vec<(Format, String, Vec<u8>)> {
    let mut all = Vec::new();
    for (format, code) in Format::ALL {
        let folder = if *code == "stix" { testdata("stix") } else { testdata("interop").join(code) };
        let named = files(&folder).into_iter().filter(|(name, _)| !name.starts_with("LICENCE"));
        all.extend(named.map(|(name, bytes)| (*format, name, bytes)));
    }
    all
}

/// The unsound ones with the format they are read as: their folder, or any of its kind.
fn unsound() -> Vec<(Format, String, Vec<u8>)> {
    let mut all = Vec::new();
    let folders = Format::ALL.iter().map(|(format, code)| (*format, *code));
    for (format, code) in folders.chain([(Format::Cap, "xml"), (Format::Stix, "json")]) {
        let folder = if code == "stix" { testdata("stix/bad") } else { testdata("interop/bad").join(code) };
        all.extend(files(&folder).into_iter().map(|(name, bytes)| (format, format!("{code}/{name}"), bytes)));
    }
    all
}

fn counted(codes: impl Iterator<Item = &'static str>) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    codes.for_each(|code| *counts.entry(code).or_default() += 1);
    counts.iter().map(|(code, count)| format!("{code}×{count}")).collect::<Vec<_>>().join(" ")
}

fn found(findings: &[Finding]) -> String {
    counted(findings.iter().map(|finding| finding.code))
}

fn lost(losses: &[Loss]) -> String {
    let codes = losses.iter().flat_map(|loss| std::iter::repeat_n(loss.code.code(), loss.count));
    counted(codes)
}

/// The table: findings of each file, losses of each conversion, refusals.
fn table() -> String {
    let mut table = String::new();
    for (from, name, bytes) in sound() {
        for (to, _) in Format::ALL.iter().filter(|(to, _)| from.can_become(*to)) {
            let told = match convert(from, *to, &bytes, &context()) {
                Ok(Converted { bytes, losses, .. }) if bytes.is_empty() => format!("nothing; {}", lost(&losses)),
                Ok(Converted { losses, .. }) if losses.is_empty() => "nothing lost".to_owned(),
                Ok(Converted { losses, .. }) => lost(&losses),
                Err(refused) => format!("refused: {refused}"),
            };
            let _ = writeln!(table, "{} {name} > {}: {told}", from.code(), to.code());
            if from == *to {
                let reading = formats::convert::inspect(from, &bytes);
                let _ = writeln!(
                    table,
                    "{} {name}: {}",
                    from.code(),
                    reading.map_or_else(|r| r.to_string(), |r| found(&r.findings))
                );
            }
        }
    }
    for (format, name, bytes) in unsound() {
        let told = match formats::convert::inspect(format, &bytes) {
            Ok(reading) => format!("read, {}", found(&reading.findings)),
            Err(refused) => format!("refused, {}", refused.first.code),
        };
        let _ = writeln!(table, "bad {name}: {told}");
    }
    table
}

#[test]
fn the_table_of_findings_and_losses_is_as_written() {
    let table = table();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(GOLDEN, &table).expect("it can be written");
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    for (now, written) in table.lines().zip(golden.lines()) {
        assert_eq!(now, written, "UPDATE_EXPECT=1 writes the table anew");
    }
    assert_eq!(table.lines().count(), golden.lines().count(), "UPDATE_EXPECT=1 writes the table anew");
}

/// What is written is sound by our own rules, says the same when read, and a conversion's outcome too.
#[test]
fn what_is_written_is_read_again_to_the_same() {
    for (from, name, bytes) in sound() {
        let first = convert(from, from, &bytes, &context()).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(first.losses, [], "{name}");
        let second =
            convert(from, from, &first.bytes, &context()).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(String::from_utf8_lossy(&first.bytes), String::from_utf8_lossy(&second.bytes), "{name}");
        for (to, code) in Format::ALL.iter().filter(|(to, _)| from != *to && from.can_become(*to)) {
            let made = convert(from, *to, &bytes, &context()).unwrap_or_else(|refused| panic!("{name}: {refused}"));
            if !made.bytes.is_empty() {
                let again = convert(*to, *to, &made.bytes, &context());
                let again = again.unwrap_or_else(|refused| panic!("{name} as {code}: {refused}"));
                assert_eq!(again.bytes, made.bytes, "{name} as {code}");
            }
        }
    }
}

/// A conversion is the same each time: nothing in it depends on chance or the order of a hash.
#[test]
fn the_same_file_becomes_the_same_file() {
    for (from, name, bytes) in sound() {
        for (to, code) in Format::ALL.iter().filter(|(to, _)| from.can_become(*to)) {
            let once = convert(from, *to, &bytes, &context());
            assert_eq!(once, convert(from, *to, &bytes, &context()), "{name} to {code}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes changed, cut out or put in: refused by a name, or converted; never a panic, and the value never half read.
    #[test]
    fn mutated_files_never_panic(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<u8>()), 1..6),
    ) {
        let mut all = sound();
        all.retain(|(_, _, bytes)| bytes.len() < 8_192);
        let (from, name, mut bytes) = all.swap_remove(which.index(all.len()));
        for (at, how, byte) in edits {
            let at = at.index(bytes.len().max(1));
            match how {
                0 if at < bytes.len() => bytes[at] = byte,
                1 => bytes.insert(at.min(bytes.len()), b"{}[]<>&;:,\"'\\/-0\n"[usize::from(byte) % 17]),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.truncate(bytes.len() - bytes.len().min(usize::from(byte) / 8)),
            }
        }
        for (to, _) in Format::ALL.iter().filter(|(to, _)| from.can_become(*to)) {
            if let Err(refused) = convert(from, *to, &bytes, &context()) {
                let known = formats::Code::from_code(refused.first.code).is_some();
                prop_assert!(known, "{}: {}", name, refused);
            }
        }
    }
}
