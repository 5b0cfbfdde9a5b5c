//! Rules about the shape of source files, templates and assets.
//!
//! Owns limits of length, the opening comment, forbidden shortcuts and dead files. Must not know what any file is for.

use super::{Tree, is_src, scan};

/// The hard limit of a file's length; 400 is the aim.
const FILE_LINES_MAX: usize = 800;
/// From here a file is named, so that it is split in time.
const FILE_LINES_NOTED: usize = 600;
/// The limit of a function's length, braces and signature included.
const FUNCTION_LINES_MAX: usize = 70;

/// What no Rust file of the house holds, tests included, with the remedy.
const NOWHERE: &[(&str, &str)] = &[
    ("todo!", "write it or leave it out"),
    ("unimplemented!", "write it or leave it out"),
    ("dbg!", "remove it"),
    ("#[ignore", "a test that is not run is not a test"),
    ("#[allow", "use `#[expect(…, reason = \"…\")]`"),
    ("#![allow", "use `#[expect(…, reason = \"…\")]`"),
    ("HashMap", "its order differs from run to run: use BTreeMap"),
    ("HashSet", "its order differs from run to run: use BTreeSet"),
    ("thread::sleep", "wait for the event itself"),
    ("unsafe ", "there is none in this house"),
];

/// What no source outside tests holds.
const NOT_IN_SRC: &[(&str, &str)] =
    &[(".unwrap()", "return the error, or `expect` with the proof"), ("unreachable!", "make it impossible by type")];

/// What no page holds: the content security policy would stop it, and it would lead outside.
const INLINE: &[&str] = &[
    " style=\"",
    "<style",
    " onclick=",
    " onchange=",
    " onsubmit=",
    "javascript:",
    "src=\"http",
    "href=\"http",
    "src=\"//",
    "url(http",
];

/// Files above the hard limit.
pub(crate) fn long_files(tree: &Tree) -> Vec<String> {
    let long = lengths(tree).filter(|(_, lines)| *lines > FILE_LINES_MAX);
    long.map(|(at, lines)| format!("{at}: {lines} lines, {FILE_LINES_MAX} at most: split it by noun")).collect()
}

/// Files on their way there.
pub(crate) fn nearly_long(tree: &Tree) -> Vec<(String, usize)> {
    let near = lengths(tree).filter(|(_, lines)| (FILE_LINES_NOTED..=FILE_LINES_MAX).contains(lines));
    near.map(|(at, lines)| (at.to_owned(), lines)).collect()
}

/// Functions above their limit.
pub(crate) fn long_functions(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (at, code) in tree.code() {
        for function in scan::functions(&code).into_iter().filter(|function| function.lines > FUNCTION_LINES_MAX) {
            let scan::Function { name, line, lines } = function;
            found.push(format!("{at}:{line}: `{name}` has {lines} lines, {FUNCTION_LINES_MAX} at most"));
        }
    }
    found
}

/// Files that do not open by saying what they own.
pub(crate) fn headless(tree: &Tree) -> Vec<String> {
    let first = |text: &str| text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
    let headless = tree.ending(".rs").filter(|(_, text)| !first(text).starts_with("//!"));
    headless.map(|(at, _)| format!("{at}: open it with `//!`: what it owns and must not know")).collect()
}

/// Shortcuts that were promised not to be taken.
pub(crate) fn shortcuts(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (at, text) in tree.ending(".rs") {
        let mut look = |code: &str, needles: &[(&str, &str)]| {
            for (line, words) in code.lines().enumerate() {
                for (needle, remedy) in needles.iter().filter(|(needle, _)| words.contains(needle)) {
                    found.push(format!("{at}:{}: `{needle}`: {remedy}", line + 1));
                }
            }
        };
        look(&scan::blank(text), NOWHERE);
        if is_src(at) {
            look(&scan::blank(scan::before_tests(text)), NOT_IN_SRC);
        }
    }
    found
}

/// Files no `mod` reaches: they are never compiled.
pub(crate) fn unreached(tree: &Tree) -> Vec<String> {
    let is_root = |at: &str| {
        let of_tests =
            at.split_once("/tests/").is_some_and(|(_, rest)| !rest.contains('/') || rest.ends_with("/main.rs"));
        let of_benches = at.split_once("/benches/").is_some_and(|(_, rest)| !rest.contains('/'));
        at.ends_with("/src/lib.rs")
            || at.ends_with("/src/main.rs")
            || at.ends_with("/build.rs")
            || of_tests
            || of_benches
    };
    let mut found = Vec::new();
    for (at, _) in tree.ending(".rs").filter(|(at, _)| at.starts_with("crates/") && !is_root(at)) {
        let (folder, name) = at.trim_end_matches(".rs").rsplit_once('/').unwrap_or(("", at));
        let (folder, name) = if name == "mod" { folder.rsplit_once('/').unwrap_or(("", name)) } else { (folder, name) };
        let parents = [
            format!("{folder}.rs"),
            format!("{folder}/mod.rs"),
            format!("{folder}/lib.rs"),
            format!("{folder}/main.rs"),
        ];
        let reached = parents.iter().filter_map(|parent| tree.get(parent)).any(|text| {
            let code = scan::blank(text);
            code.split(';').any(|item| item.trim_end().ends_with(&format!("mod {name}")))
        });
        if !reached {
            found.push(format!("{at}: nothing says `mod {name};`"));
        }
    }
    found
}

/// Templates and assets nothing refers to.
pub(crate) fn unused_faces(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["crates/entente/templates/", "crates/entente/assets/"] {
        for (at, _) in tree.all().filter(|(at, _)| at.starts_with(folder)) {
            let name = &at[folder.len()..];
            let refers = |file: &str, text: &str| file != at && text.contains(name);
            let is_paper = name.ends_with("LICENSE.txt") || name.ends_with(".md");
            let mut users = tree.all().filter(|(file, _)| file.starts_with("crates/entente/"));
            if !is_paper && !users.any(|(file, text)| refers(file, text)) {
                found.push(format!("{at}: nothing refers to it"));
            }
        }
    }
    found
}

/// Inline styles and scripts, and addresses outside, in templates and assets.
pub(crate) fn inline(tree: &Tree) -> Vec<String> {
    let faces = tree.all().filter(|(at, _)| {
        at.starts_with("crates/entente/templates/")
            || (at.starts_with("crates/entente/assets/") && !at.contains(".min."))
    });
    let mut found = Vec::new();
    for (at, text) in faces {
        let met = INLINE.iter().find(|needle| text.contains(**needle));
        found.extend(met.map(|needle| format!("{at}: `{}`: use a class or an asset of ours", needle.trim())));
    }
    found
}

fn lengths(tree: &Tree) -> impl Iterator<Item = (&str, usize)> {
    tree.ending(".rs").map(|(at, text)| (at, text.lines().count()))
}
