//! Lists the repository's instruments, calendars and exercises for `src/shipped.rs`, by name and content, in order.
//!
//! Owns nothing else. Must not judge them: the loader does, in a test.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?).join("../..");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?).join("shipped.rs");
    let mut text = String::from("const INSTRUMENTS: &[(&str, &[Shipped])] = &[\n");
    folders(&root.join("instruments"), Kind::Toml, &mut text)?;
    text.push_str("];\nconst EXERCISES: &[(&str, &[Attached])] = &[\n");
    folders(&root.join("exercises"), Kind::Any, &mut text)?;
    text.push_str("];\nconst CALENDARS: &[Shipped] = &[\n");
    list(&root.join("calendars"), "calendars/", Kind::Toml, &mut text)?;
    text.push_str("];\n");
    fs::write(out, text)
}

/// Which files are listed, and as what.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// TOML files, as text.
    Toml,
    /// All files, as bytes.
    Any,
}

/// One entry for each folder below `dir`, which may be missing.
fn folders(dir: &Path, kind: Kind, text: &mut String) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", dir.display());
    if !dir.is_dir() {
        return Ok(());
    }
    for dir in sorted(dir)?.iter().filter(|path| path.is_dir()) {
        writeln!(text, "({:?}, &[", name(dir)).map_err(io::Error::other)?;
        list(dir, "", kind, text)?;
        text.push_str("]),\n");
    }
    Ok(())
}

/// One line for each file of a folder and the folders below.
fn list(dir: &Path, prefix: &str, kind: Kind, text: &mut String) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", dir.display());
    for path in sorted(dir)? {
        let named = format!("{prefix}{}", name(&path));
        let is_toml = path.extension().is_some_and(|ext| ext == "toml");
        // Each side's own law lies beside the instrument and is no part of it.
        let policies = kind == Kind::Toml && named == "policy";
        if policies {
            continue;
        } else if path.is_dir() {
            list(&path, &format!("{named}/"), kind, text)?;
        } else if is_toml || kind == Kind::Any {
            let include = if kind == Kind::Toml { "include_str" } else { "include_bytes" };
            let path = path.canonicalize()?.display().to_string();
            writeln!(text, "({named:?}, {include}!({path:?})),").map_err(io::Error::other)?;
        }
    }
    Ok(())
}

fn sorted(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
