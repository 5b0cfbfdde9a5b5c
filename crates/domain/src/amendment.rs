//! A new version of the instrument, before anybody signs it: the file it travels in, and whether it may follow the
//! version it says it amends.
//!
//! Owns the bundle (one file that holds an instrument's files by name and in order) and the fitness of what is in it.
//! Must not know who has signed it nor when it takes force.
//!
//! ```text
//! entente/instrument-bundle/1
//! file 1204 calendars/cn.toml
//! …1204 bytes…
//! file 88 clauses.toml
//! …88 bytes…
//! ```

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::ids::{CaseId, Hash32, OfficeId};
use crate::instrument::{FILES_MAX, Instrument, RequestType, SourceFile};
use crate::menu::Menu;

/// Largest bundle: ten times the shipped instrument; it is kept for good, whole, beside every other version.
pub const BUNDLE_BYTES_MAX: usize = 2 << 20;

/// Most digits of a file's length: those of [`BUNDLE_BYTES_MAX`].
const LENGTH_DIGITS_MAX: usize = 7;

/// The first line of a bundle.
const HEAD: &str = "entente/instrument-bundle/1\n";

/// Why a bundle cannot follow the version last signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is not a bundle, or written in another way than [`bundle`] writes it.
    NotABundle,
    /// Its files make no instrument, or one with errors.
    Unsound,
    /// Its hash is another than the one named.
    OtherHash,
    /// It is another agreement: its id differs.
    OtherInstrument,
    /// It amends another version than the one last signed.
    AmendsAnother,
    /// It has the number of the version it amends, or of another both have signed.
    SameVersion,
    /// The Parties differ, or the signatures they make, or their languages.
    OtherParties,
    /// An office of the version it amends is missing: running cases may lie with it. It is taken out of the types instead.
    OfficeDropped,
    /// A type keeps its code and changes its procedure or series, by which its running cases are known.
    OtherProcedure,
}

/// Why an act may not stand, or a version not be signed, for what was amended or is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmendmentBar {
    /// The version named is signed, but its day has not come.
    NotInForce,
    /// The version named was amended, and the author knew.
    Superseded,
    /// What is to be signed cannot follow the version last signed.
    Unfit(Unfit),
    /// Our node has not read the version the signature would bring in.
    Unread,
    /// We have signed another amendment of the same version, in this case, and the other side may still sign it.
    Pending(CaseId),
    /// An office a later version names has no keys here yet, so that nothing can be sealed to it or by it.
    KeysAwaited(OfficeId),
}

impl AmendmentBar {
    /// The stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInForce => "instrument-not-in-force",
            Self::Superseded => "instrument-superseded",
            Self::Unfit(_) => "amendment-unfit",
            Self::Unread => "amendment-unread",
            Self::Pending(_) => "amendment-pending",
            Self::KeysAwaited(_) => "office-keys-awaited",
        }
    }

    /// The arguments of its words.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unfit(why) => vec![("why", why.code().into())],
            Self::Pending(case) => vec![("case", case.to_string())],
            Self::KeysAwaited(office) => vec![("office", office.to_string())],
            Self::NotInForce | Self::Superseded | Self::Unread => Vec::new(),
        }
    }
}

/// Writes an instrument's files as one, by name. Any two that hold the same files are the same bytes.
#[must_use]
pub fn bundle(files: &[SourceFile]) -> String {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut text = HEAD.to_owned();
    for file in sorted {
        text.push_str(&format!("file {} {}\n{}\n", file.text.len(), file.name, file.text));
    }
    text
}

/// Reads a bundle.
///
/// # Errors
/// [`Unfit::NotABundle`] when it is too large, or not exactly what [`bundle`] writes.
pub fn unbundle(bytes: &[u8]) -> Result<Vec<SourceFile>, Unfit> {
    if bytes.len() > BUNDLE_BYTES_MAX {
        return Err(Unfit::NotABundle);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unfit::NotABundle)?;
    let mut rest = text.strip_prefix(HEAD).ok_or(Unfit::NotABundle)?;
    let mut files: Vec<SourceFile> = Vec::new();
    while !rest.is_empty() {
        let (file, left) = next_file(rest).ok_or(Unfit::NotABundle)?;
        if files.len() >= FILES_MAX || files.last().is_some_and(|before| before.name >= file.name) {
            return Err(Unfit::NotABundle);
        }
        files.push(file);
        rest = left;
    }
    Ok(files)
}

/// The files of a version that follows `latest`: its own, those of `changed` in place of what has their name or ends with it,
/// and a head that says which version this is and which it amends. The number is written without what would end a text.
#[must_use]
pub fn revised(latest: &Instrument, version: &str, changed: &[SourceFile]) -> Vec<SourceFile> {
    let mut files = latest.sources().to_vec();
    for file in changed {
        let named = |one: &&mut SourceFile| {
            one.name == file.name || one.name.rsplit('/').next().is_some_and(|last| last == file.name)
        };
        match files.iter_mut().find(named) {
            Some(old) => old.text.clone_from(&file.text),
            None => files.push(file.clone()),
        }
    }
    let version: String = version.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
    let lines = [format!("version = \"{version}\""), format!("amends = \"{}\"", latest.hash())];
    if let Some(file) = files.iter_mut().find(|file| file.text.lines().any(is_head)) {
        file.text = with_head(&file.text, &lines);
    }
    files
}

fn is_head(line: &str) -> bool {
    line.trim_end() == "[instrument]"
}

/// The text with these lines at the beginning of its section `[instrument]`, in place of those for the same keys.
fn with_head(text: &str, lines: &[String]) -> String {
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let keys: Vec<String> = lines.iter().map(|line| key(line)).collect();
    let (mut inside, mut out) = (false, String::new());
    for line in text.lines() {
        inside = if line.starts_with('[') { is_head(line) } else { inside };
        if inside && keys.contains(&key(line)) {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        if is_head(line) {
            lines.iter().for_each(|line| out.push_str(&format!("{line}\n")));
        }
    }
    out
}

/// When an amendment takes force at the earliest: its day begins at midnight UTC for both sides alike, whichever calendar
/// they keep.
#[must_use]
pub fn begins(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |start| start.timestamp())
}

/// The instrument in a bundle, provided it may follow `latest`, the version last signed, and has the hash named.
///
/// # Errors
/// The first thing that keeps it from that.
pub fn amended(bytes: &[u8], named: Hash32, latest: &Instrument) -> Result<Instrument, Unfit> {
    let files = unbundle(bytes)?;
    let next = Instrument::load(&files).instrument.ok_or(Unfit::Unsound)?;
    if next.hash() != named {
        return Err(Unfit::OtherHash);
    }
    fits(&next, latest).map(|()| next)
}

fn fits(next: &Instrument, latest: &Instrument) -> Result<(), Unfit> {
    if next.id() != latest.id() {
        return Err(Unfit::OtherInstrument);
    }
    if next.amends() != Some(latest.hash()) {
        return Err(Unfit::AmendsAnother);
    }
    if next.version() == latest.version() {
        return Err(Unfit::SameVersion);
    }
    let parties = |one: &Instrument| -> Vec<_> {
        one.parties().values().map(|party| (party.id.clone(), party.lang.clone(), party.sign.clone())).collect()
    };
    if parties(next) != parties(latest) || next.langs() != latest.langs() {
        return Err(Unfit::OtherParties);
    }
    if !latest.offices().keys().all(|office| next.offices().contains_key(office)) {
        return Err(Unfit::OfficeDropped);
    }
    let turned = |rule: &RequestType| {
        let before = latest.request_type(&rule.code);
        before.is_some_and(|before| before.procedure != rule.procedure || before.series != rule.series)
    };
    if next.types().values().any(turned) { Err(Unfit::OtherProcedure) } else { Ok(()) }
}

/// The first file of what is left, and what is left after it.
fn next_file(rest: &str) -> Option<(SourceFile, &str)> {
    let (head, rest) = rest.strip_prefix("file ")?.split_once('\n')?;
    let (digits, name) = head.split_once(' ')?;
    let plain = !digits.starts_with('0') || digits == "0";
    let digits = Some(digits).filter(|digits| plain && digits.len() <= LENGTH_DIGITS_MAX)?;
    let bytes: usize =
        Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?.parse().ok()?;
    let name = Some(name).filter(|name| !name.is_empty() && !name.contains(char::is_control))?;
    let (text, rest) = rest.split_at_checked(bytes)?;
    Some((SourceFile { name: name.to_owned(), text: text.to_owned() }, rest.strip_prefix('\n')?))
}

impl Menu for Unfit {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::NotABundle, "not-a-bundle"),
        (Self::Unsound, "unsound"),
        (Self::OtherHash, "other-hash"),
        (Self::OtherInstrument, "other-instrument"),
        (Self::AmendsAnother, "amends-another"),
        (Self::SameVersion, "same-version"),
        (Self::OtherParties, "other-parties"),
        (Self::OfficeDropped, "office-dropped"),
        (Self::OtherProcedure, "other-procedure"),
    ];
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::instrument::tests::{shipped, shipped_files};

    /// The shipped files as an amendment of themselves, altered.
    fn amending(alter: &[(&str, &str, &str)]) -> Vec<SourceFile> {
        let mut files = shipped_files();
        let amends = format!("version = \"1.1\"\namends = \"{}\"", shipped().hash());
        let head = [("instrument.toml", "version = \"1.0\"", amends.as_str())];
        for (name, from, to) in head.iter().chain(alter) {
            let file = files.iter_mut().find(|file| file.name == *name).expect("such a file");
            assert!(file.text.contains(from), "`{from}` is not in {name}");
            file.text = file.text.replacen(from, to, 1);
        }
        files
    }

    #[test]
    fn a_bundle_is_read_as_it_was_written_and_in_no_other_spelling() {
        let files = shipped_files();
        let written = bundle(&files);
        let read = unbundle(written.as_bytes()).unwrap();
        assert_eq!(Instrument::load(&read).instrument.unwrap().hash(), shipped().hash());
        let turned: Vec<SourceFile> = files.into_iter().rev().collect();
        assert_eq!(bundle(&turned), written, "the order of the files says nothing");
        let check = |spoiled: String| assert_eq!(unbundle(spoiled.as_bytes()), Err(Unfit::NotABundle), "{spoiled:.80}");
        check(String::new());
        check(written.replacen("bundle/1", "bundle/2", 1));
        check(written.replacen("file ", "file 0", 1));
        check(written.replacen("file ", "file +", 1));
        check(format!("{written}\n"));
        check(format!("{HEAD}file 1 b\nx\nfile 1 a\nx\n"));
        check(format!("{HEAD}file 1 a\nx\nfile 1 a\nx\n"));
        check(format!("{HEAD}file 1 \nx\n"));
        check(format!("{HEAD}file 1 a\né\n"));
        check(format!("{HEAD}file 9999999 a\nx\n"));
        check(format!("{HEAD}file 99999999999999999999999 a\nx\n"));
        check(format!("{HEAD}file 3 a\nx"));
        check(HEAD.to_owned() + &" ".repeat(BUNDLE_BYTES_MAX));
    }

    #[test]
    fn a_version_is_revised_by_the_files_that_change() {
        let latest = shipped();
        let calendar = latest.sources().iter().find(|file| file.name == "calendars/cn.toml").unwrap();
        let text = calendar.text.replace("status = \"provisional\"", "status = \"published\"");
        let files = revised(&latest, "1.1", &[SourceFile { name: "cn.toml".into(), text }]);
        assert_eq!(files.len(), latest.sources().len());
        let next = Instrument::load(&files).instrument.unwrap();
        assert_eq!((next.version(), next.amends()), ("1.1", Some(latest.hash())));
        let again = Instrument::load(&revised(&next, "1.2 \"x\\", &[])).instrument.unwrap();
        assert_eq!((again.version(), again.amends()), ("1.2 x", Some(next.hash())));
        assert_eq!(fits(&next, &latest).and(fits(&again, &next)), Ok(()));
    }

    #[test]
    fn what_may_not_follow_is_told_apart() {
        let latest = shipped();
        let check = |files: &[SourceFile], wanted: Result<(), Unfit>| {
            let named = Instrument::load(files).instrument.map_or(Hash32([0; 32]), |loaded| loaded.hash());
            let got = amended(bundle(files).as_bytes(), named, &latest);
            assert_eq!(got.map(|_| ()), wanted);
        };
        check(&amending(&[]), Ok(()));
        check(&shipped_files(), Err(Unfit::AmendsAnother));
        check(&amending(&[("instrument.toml", "\"1.1\"", "\"1.0\"")]), Err(Unfit::SameVersion));
        check(
            &amending(&[("instrument.toml", "id = \"china-uk-2016\"", "id = \"other\"")]),
            Err(Unfit::OtherInstrument),
        );
        check(&amending(&[("instrument.toml", "[instrument]", "[instrument")]), Err(Unfit::Unsound));
        check(&amending(&[("instrument.toml", "lang = \"zh\"", "lang = \"en\"")]), Err(Unfit::OtherParties));
        check(
            &amending(&[("types/joint-and-exchange.toml", "series = \"CN\"", "series = \"CO\"")]),
            Err(Unfit::OtherProcedure),
        );
        let other = amended(bundle(&amending(&[])).as_bytes(), latest.hash(), &latest);
        assert_eq!(other.map(|_| ()), Err(Unfit::OtherHash));
        let mut files = amending(&[]);
        // Every mention of one office by another name: the one is gone, and a new one there.
        for file in &mut files {
            file.text = file.text.replace("GB-NSS", "GB-NSX");
        }
        check(&files, Err(Unfit::OfficeDropped));
        // A new one beside the others.
        let mut files = amending(&[]);
        let offices = files.iter_mut().find(|file| file.name == "offices.toml").expect("such a file");
        let (start, rest) = offices.text.split_once("[offices.GB-NSS]").expect("the office");
        let end = rest.find("\n[offices.").expect("another office");
        let twin =
            rest[..end].lines().map(|line| if line.starts_with("counterparts") { "counterparts = []" } else { line });
        let twin = twin.collect::<Vec<_>>().join("\n");
        offices.text = format!("{start}[offices.GB-NSX]{twin}\n[offices.GB-NSS]{rest}");
        check(&files, Ok(()));
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_panic_and_what_it_reads_it_writes_again(tail in ".{0,200}") {
            let text = format!("{HEAD}file 4 a.toml\n{tail}");
            if let Ok(files) = unbundle(text.as_bytes()) {
                prop_assert_eq!(bundle(&files), text);
            }
        }
    }
}
