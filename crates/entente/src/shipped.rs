//! The instruments, calendars and exercises built into the program, so that the demo runs from any folder.
//!
//! Owns the way to them. Must not know which there are: the build script lists what lies in the repository.

use std::collections::BTreeMap;

use domain::ids::PartyId;
use domain::instrument::SourceFile;

/// A file by name and text.
type Shipped = (&'static str, &'static str);
/// A file by name and bytes.
type Attached = (&'static str, &'static [u8]);

/// How the names of files begin that hold the matters of desks.
const MATTERS: &str = "matters";
/// How the names of files begin that hold the matters told as a story.
const STORY: &str = "story";
/// The folder of an exercise with the files it attaches.
const ASSETS: &str = "assets/";
/// The folder of an exercise with each Party's own law, a file by its code.
const POLICY: &str = "policy/";

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The ids of the built-in instruments, sorted.
pub fn instruments() -> impl Iterator<Item = &'static str> {
    INSTRUMENTS.iter().map(|(id, _)| *id)
}

/// The files of a built-in instrument, without calendars.
#[must_use]
pub fn instrument(id: &str) -> Option<Vec<SourceFile>> {
    INSTRUMENTS.iter().find(|(known, _)| *known == id).map(|(_, files)| files.iter().copied().map(source).collect())
}

/// The built-in calendars.
#[must_use]
pub fn calendars() -> Vec<SourceFile> {
    CALENDARS.iter().copied().map(source).collect()
}

/// A part of an exercise: which of its script files are read. Files of other names (people, usual words) belong to every
/// part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The matters desks are filled with: `matters*.toml`.
    Desk,
    /// The matters told as a story: `story*.toml`.
    Story,
    /// No matters.
    People,
}

/// The exercise built in for an instrument: its script files, and the files they attach by name. Empty when there is
/// none.
#[must_use]
pub fn exercise(instrument: &str, part: Part) -> (Vec<SourceFile>, BTreeMap<String, Vec<u8>>) {
    let found = EXERCISES.iter().find(|(id, _)| *id == instrument);
    let (mut scripts, mut assets) = (Vec::new(), BTreeMap::new());
    let files = found.into_iter().flat_map(|(_, files)| files.iter()).filter(|(name, _)| !name.starts_with(POLICY));
    for (name, bytes) in files {
        let wanted = match part {
            Part::Desk => !name.starts_with(STORY),
            Part::Story => !name.starts_with(MATTERS),
            Part::People => !name.starts_with(STORY) && !name.starts_with(MATTERS),
        };
        match (name.strip_prefix(ASSETS), std::str::from_utf8(bytes)) {
            (Some(name), _) => _ = assets.insert(name.to_owned(), bytes.to_vec()),
            (None, Ok(text)) if wanted => scripts.push(source((name, text))),
            (None, _) => {}
        }
    }
    (scripts, assets)
}

/// The own law a Party's node keeps in the exercise of an instrument; none when the exercise has no such file.
#[must_use]
pub fn policy(instrument: &str, party: &PartyId) -> Option<&'static str> {
    let (_, files) = EXERCISES.iter().find(|(id, _)| *id == instrument)?;
    let name = format!("{POLICY}{}.toml", party.as_str().to_lowercase());
    let (_, bytes) = files.iter().find(|(known, _)| *known == name)?;
    std::str::from_utf8(bytes).ok()
}

fn source((name, text): Shipped) -> SourceFile {
    SourceFile { name: name.to_owned(), text: text.to_owned() }
}
