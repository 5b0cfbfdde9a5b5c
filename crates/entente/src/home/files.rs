//! Reading an instrument's files from disk, as [`SourceFile`]s.
//!
//! Owns which files belong to an instrument and under which names (the names are part of its hash, so both Parties
//! must arrive at the same). Must not know what the files say, but for one thing: which calendars they name.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use domain::instrument::{FILE_BYTES_MAX, FILES_MAX, SourceFile, is_policy};

use super::HomeFault;
use crate::shipped;

/// The folder, inside an instrument or beside the folder of instruments, that holds calendars.
const CALENDARS: &str = "calendars";
/// The folder beside an instrument that holds examples of each side's own law.
const POLICIES: &str = "policy";
/// The file that makes a folder an instrument's.
const HEAD: &str = "instrument.toml";
/// Folders below the instrument's that are looked into: `types/` is one deep, nothing is three.
const DEPTH_MAX: usize = 2;

/// The files `path` names: an instrument's folder, any file of it (its folder is meant), or a lone calendar.
///
/// A folder yields every `.toml` in it and below, named by its path from there. Calendars the instrument names and does
/// not hold are taken from the `calendars` folder of the closest parent that has one, else from those built in.
///
/// # Errors
/// [`HomeFault`] when something cannot be read, is no UTF-8, is too large or too many, or when there is nothing.
pub fn read(path: &Path) -> Result<Vec<SourceFile>, HomeFault> {
    let root = root(path);
    if root.is_file() {
        return Ok(vec![read_file(&root, name_of(&root))?]);
    }
    let mut files = Vec::new();
    gather(&root, "", 0, &mut files)?;
    if files.is_empty() {
        return Err(HomeFault::new("no `.toml` file is here", path, "name the folder of an instrument or a calendar"));
    }
    let mut calendars = Vec::new();
    let absolute = fs::canonicalize(&root).map_err(|e| HomeFault::io("cannot read", &root, &e))?;
    if let Some(dir) = absolute.ancestors().skip(1).map(|at| at.join(CALENDARS)).find(|at| at.is_dir()) {
        gather(&dir, CALENDARS, DEPTH_MAX, &mut calendars)?;
    }
    Ok(complete(files, calendars))
}

/// Where a file that [`read`] gave for a folder was read from, as it is told: in the folder, beside the closest parent that
/// has calendars, or in the program itself.
#[must_use]
pub fn place(root: &Path, name: &str) -> String {
    // What no file holds is missing from the folder as a whole.
    if name.is_empty() {
        return root.display().to_string();
    }
    let own = root.join(name);
    if root.is_file() || own.is_file() {
        return if root.is_file() { root } else { &own }.display().to_string();
    }
    let beside = |path: &Path| {
        let dir = path.ancestors().skip(1).find(|at| at.join(CALENDARS).is_dir())?;
        Some(dir.join(name)).filter(|at| at.is_file())
    };
    // As it was asked for, where that leads through the same parents.
    let given = if root.components().any(|part| part == Component::ParentDir) { None } else { beside(root) };
    let found = given.or_else(|| beside(&fs::canonicalize(root).ok()?));
    found.map_or_else(|| format!("{name} (built in)"), |at| at.display().to_string())
}

/// What a path means: the folder of the instrument the file belongs to, or the path itself.
#[must_use]
pub fn root(path: &Path) -> PathBuf {
    let is_instrument = |dir: &PathBuf| dir.join(HEAD).is_file();
    let folders = [parent(path), parent(&parent(path))];
    let of = if path.is_file() { folders.into_iter().find(is_instrument) } else { None };
    of.unwrap_or_else(|| path.to_owned())
}

/// The file at `path` when it is a Party's policy, and no part of an instrument.
///
/// # Errors
/// [`HomeFault`] when it cannot be read.
pub fn policy(path: &Path) -> Result<Option<SourceFile>, HomeFault> {
    if !path.is_file() {
        return Ok(None);
    }
    let file = read_file(path, name_of(path))?;
    Ok(is_policy(&file).then_some(file))
}

/// The folder of the instrument a policy stands beside: in the instrument's folder, or in a node's.
///
/// # Errors
/// [`HomeFault`] when there is none.
pub fn beside(policy: &Path) -> Result<PathBuf, HomeFault> {
    let near = parent(policy);
    let folders = [near.join("instrument"), near.clone(), parent(&near)];
    let found = folders.into_iter().find(|dir| dir.join(HEAD).is_file());
    let remedy = "put it into a node's folder, or into `policy/` of an instrument's";
    found.ok_or_else(|| HomeFault::new("no instrument stands beside this policy", policy, remedy))
}

/// A built-in instrument with the calendars it names.
#[must_use]
pub fn shipped(id: &str) -> Option<Vec<SourceFile>> {
    shipped::instrument(id).map(|files| complete(files, Vec::new()))
}

/// Writes the files below `dir`, which is made, under their names.
///
/// # Errors
/// [`HomeFault`] when the disk refuses.
pub fn write(dir: &Path, files: &[SourceFile]) -> Result<(), HomeFault> {
    for file in files {
        let at = dir.join(&file.name);
        fs::create_dir_all(parent(&at)).map_err(|e| HomeFault::io("cannot make the folder of", &at, &e))?;
        fs::write(&at, &file.text).map_err(|e| HomeFault::io("cannot write", &at, &e))?;
    }
    Ok(())
}

fn gather(dir: &Path, prefix: &str, depth: usize, files: &mut Vec<SourceFile>) -> Result<(), HomeFault> {
    let listing = fs::read_dir(dir).map_err(|e| HomeFault::io("cannot list", dir, &e))?;
    for entry in listing {
        let path = entry.map_err(|e| HomeFault::io("cannot list", dir, &e))?.path();
        let name = name_of(&path);
        let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if path.is_dir() {
            // Each side's own law lies beside the instrument and is no part of it.
            if depth < DEPTH_MAX && name != POLICIES {
                gather(&path, &name, depth + 1, files)?;
            }
        } else if path.extension().is_some_and(|ext| ext == "toml") {
            if files.len() >= FILES_MAX {
                let remedy = "keep other files elsewhere or merge some";
                return Err(HomeFault::new(format!("more than {FILES_MAX} files are here"), dir, remedy));
            }
            files.push(read_file(&path, name)?);
        }
    }
    Ok(())
}

/// Adds the calendars the files name and do not hold: from those beside the instrument, else from the built-in ones.
fn complete(mut files: Vec<SourceFile>, beside: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut wanted: BTreeSet<String> = files.iter().flat_map(calendars_named).collect();
    for held in files.iter().filter_map(calendar_held) {
        wanted.remove(&held);
    }
    // A calendar found nowhere stays unnamed here: the checker says which, with the line that wants it.
    for file in beside.into_iter().chain(shipped::calendars()) {
        if calendar_held(&file).is_some_and(|id| wanted.remove(&id)) {
            files.push(file);
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// The calendar ids the file's Parties name; none when it is no TOML, which the checker will say.
fn calendars_named(file: &SourceFile) -> Vec<String> {
    let Ok(table) = file.text.parse::<toml::Table>() else { return Vec::new() };
    let parties = table.get("parties").and_then(toml::Value::as_table);
    let named = parties.into_iter().flat_map(|parties| parties.values());
    named.filter_map(|party| party.get("calendar")?.as_str().map(str::to_owned)).collect()
}

/// The id of the calendar the file holds, if it holds one.
fn calendar_held(file: &SourceFile) -> Option<String> {
    let table = file.text.parse::<toml::Table>().ok()?;
    Some(table.get("calendar")?.get("id")?.as_str()?.to_owned())
}

fn read_file(path: &Path, name: String) -> Result<SourceFile, HomeFault> {
    let file = fs::File::open(path).map_err(|e| HomeFault::io("cannot open", path, &e))?;
    let mut bytes = Vec::new();
    // One byte more than may be, so that the checker sees and names the excess.
    let taken = file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
    taken.map_err(|e| HomeFault::io("cannot read", path, &e))?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| HomeFault::new("the file is no UTF-8 text", path, "save it as UTF-8"))?;
    Ok(SourceFile { name, text })
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn parent(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}
