//! `check` on an instrument that somebody broke: few findings, and the real one first.
//!
//! Owns the ways of breaking. Must not know what an instrument should say.

use domain::instrument::{Instrument, Severity, SourceFile};
use entente::home::files;
use entente::shipped;

use crate::house;

/// Most findings of one broken place: what a person still reads to the end.
const FINDINGS_MAX: usize = 40;
/// Places at which each file is cut.
const CUTS: usize = 8;

fn sources() -> Vec<SourceFile> {
    let id = shipped::instruments().next().expect("an instrument is built in");
    files::shipped(id).expect("its files")
}

/// Loads the instrument with one file changed and holds what is found against what a person can use; answers what is
/// wrong with it.
fn check(sources: &[SourceFile], at: usize, text: String, how: &str) -> Option<String> {
    let name = sources[at].name.clone();
    let mut broken = sources.to_vec();
    broken[at].text = text;
    let loaded = Instrument::load(&broken);
    let (count, findings) = (loaded.findings.len(), loaded.findings);
    if count > FINDINGS_MAX {
        return Some(format!("{name} {how}: {count} findings, such as {}", findings[count / 2]));
    }
    let syntax = findings.iter().find(|found| found.code == "toml-syntax")?;
    let first = (&findings[0] == syntax, syntax.file.as_str(), syntax.severity, loaded.instrument.is_none());
    let wanted = (true, name.as_str(), Severity::Error, true);
    (first != wanted).then(|| format!("{name} {how}: first is {}", findings[0]))
}

#[test]
fn a_file_cut_anywhere_is_found_and_little_else() {
    let (sources, mut wrong) = (sources(), Vec::new());
    for (at, file) in sources.iter().enumerate() {
        for part in 1..CUTS {
            let mut end = file.text.len() * part / CUTS;
            while !file.text.is_char_boundary(end) {
                end += 1;
            }
            wrong.extend(check(&sources, at, file.text[..end].to_owned(), &format!("cut at {end}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_mark_left_out_is_found_where_it_is_missing() {
    let (sources, mut wrong) = (sources(), Vec::new());
    for (at, file) in sources.iter().enumerate() {
        for mark in ["\"", "]", "[", "=", "\"\"\"", "{"] {
            let Some(place) = file.text.find(mark) else { continue };
            let text = format!("{}{}", &file.text[..place], &file.text[place + mark.len()..]);
            wrong.extend(check(&sources, at, text, &format!("without the first {mark}")));
        }
        wrong.extend(check(&sources, at, String::new(), "emptied"));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// A copy of an instrument without calendars of its own: what is found in a calendar is told by the path it was read from.
#[test]
fn a_finding_names_the_file_that_was_read() {
    let dir = house::folder("copied");
    let (calendars, rest): (Vec<SourceFile>, Vec<SourceFile>) =
        sources().into_iter().partition(|file| file.name.starts_with("calendars/"));
    let inner = dir.join("below/inst");
    files::write(&inner, &rest).expect("a folder");
    let named = &calendars.first().expect("a calendar").name;
    let check = |wanted: &str| {
        let read = files::read(&inner).expect("its files");
        assert!(read.iter().any(|file| file.name == *named), "{named} is read");
        assert_eq!(files::place(&inner, named), wanted);
    };
    files::write(&dir, &calendars).expect("calendars beside");
    check(&dir.join(named).display().to_string());
    files::write(&inner, &calendars).expect("calendars within");
    check(&inner.join(named).display().to_string());
    assert_eq!(files::place(&inner, "instrument.toml"), inner.join("instrument.toml").display().to_string());
}
