//! The house rules as one test: every rule reads the whole tree, and all findings are reported at once.
//!
//! Owns the tree as the rules see it and the table of rules. Must not know what any rule looks for (`tidy/*`), nor run
//! the program: this is about what stands in the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

mod edges;
mod papers;
mod scan;
mod source;
mod words;

/// Folders that are not ours to tidy: built, run, or kept by git.
const NOT_OURS: &[&str] = &["target", ".git", "demo-data", "node_modules"];

/// Every text file of the house, by path from its root with forward slashes.
pub(crate) struct Tree(BTreeMap<String, String>);

/// A rule: what it found, each finding beginning with the file it is in.
type Rule = fn(&Tree) -> Vec<String>;

/// Every rule with the sentence it stands for.
const RULES: &[(&str, Rule)] = &[
    ("crates depend only along the allowed edges", edges::crates),
    ("pure crates touch neither disk, net, threads nor clock", edges::pure),
    ("every lock entry comes from the public index", edges::index),
    ("every dependency has its reason in docs/decisions.md", edges::reasons),
    ("no file is longer than its limit", source::long_files),
    ("no function is longer than its limit", source::long_functions),
    ("every file says what it owns", source::headless),
    ("no shortcut stands in the code", source::shortcuts),
    ("every module is reached from its crate", source::unreached),
    ("every template and asset is used", source::unused_faces),
    ("nothing is inline and nothing comes from outside", source::inline),
    ("every language has the same messages", words::parity),
    ("every message is used and every used message exists", words::used),
    ("no Party is named in the code", words::parties),
    ("no path of anyone's machine is in a file", words::machines),
    ("the instruments are sound", papers::instruments),
    ("the diagram of the procedure is today's", papers::diagram),
    ("docs/protocol.md lists every code", papers::codes),
    ("every test the threat model names exists", papers::defences),
    ("every paper is linked and every link leads somewhere", papers::links),
];

impl Tree {
    fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("the house can be listed") {
                let path = entry.expect("the house can be listed").path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if path.is_dir() {
                    if !NOT_OURS.contains(&name.as_str()) {
                        folders.push(path);
                    }
                } else if let Ok(text) = fs::read_to_string(&path) {
                    let at = path.strip_prefix(root).expect("found below the root");
                    files.insert(at.to_string_lossy().replace('\\', "/"), text);
                }
            }
        }
        Self(files)
    }

    /// A tree made up for a test of a rule.
    fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(at, text)| ((*at).to_owned(), (*text).to_owned())).collect())
    }

    /// One file.
    pub(crate) fn get(&self, at: &str) -> Option<&str> {
        self.0.get(at).map(String::as_str)
    }

    /// Whether there is such a file, or a folder with one.
    pub(crate) fn has(&self, at: &str) -> bool {
        let at = at.trim_end_matches('/');
        self.0.contains_key(at) || self.0.keys().any(|file| file.strip_prefix(at).is_some_and(|r| r.starts_with('/')))
    }

    /// Every file.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(at, text)| (at.as_str(), text.as_str()))
    }

    /// The files whose name ends so.
    pub(crate) fn ending<'t>(&'t self, end: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.all().filter(move |(at, _)| at.ends_with(end))
    }

    /// The Rust of the crates' own code, as a program sees it: comments and string contents blanked, tests cut off.
    pub(crate) fn code(&self) -> impl Iterator<Item = (&str, String)> {
        self.ending(".rs").filter(|(at, _)| is_src(at)).map(|(at, text)| (at, scan::blank(scan::before_tests(text))))
    }
}

/// Whether a file is a crate's own code, not its tests.
pub(crate) fn is_src(at: &str) -> bool {
    at.starts_with("crates/") && at.contains("/src/") && !at.ends_with("/tests.rs") && !at.contains("/tests/")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_house_is_tidy() {
    let tree = Tree::read(&root());
    let mut report = String::new();
    for (sentence, rule) in RULES {
        let found = rule(&tree);
        if !found.is_empty() {
            report += &format!("\n{sentence}:\n  {}\n", found.join("\n  "));
        }
    }
    for (at, lines) in source::nearly_long(&tree) {
        println!("{at} has {lines} lines: split it by noun before it must be");
    }
    assert!(report.is_empty(), "the house is not tidy\n{report}");
}

/// Each rule finds the smallest breach of itself, and nothing in the smallest thing that keeps it.
#[test]
fn every_rule_bites() {
    fn check(rule: Rule, files: &[(&str, &str)], wanted: &[&str]) {
        let found = rule(&Tree::of(files));
        assert_eq!(found.len(), wanted.len(), "{found:?}");
        for (found, wanted) in found.iter().zip(wanted) {
            assert!(found.contains(wanted), "`{found}` lacks `{wanted}`");
        }
    }
    let src = "crates/node/src/post.rs";
    check(edges::crates, &[("crates/store/Cargo.toml", "[dependencies]\nnode.workspace = true")], &["store → node"]);
    check(edges::crates, &[("crates/node/Cargo.toml", "[dependencies]\nstore.workspace = true\nserde = \"1\"")], &[]);
    check(edges::pure, &[("crates/domain/src/act.rs", "use std::fs;")], &["std::fs"]);
    check(
        edges::pure,
        &[("crates/store/src/sqlite.rs", "use std::fs;"), ("crates/domain/src/a.rs", "// std::fs")],
        &[],
    );
    check(edges::index, &[("Cargo.lock", "source = \"git+https://a.example/b\"\n")], &["git+https"]);
    check(
        edges::reasons,
        &[("Cargo.toml", "[workspace.dependencies]\naxum = \"0.8\"\nclap = \"4\""), ("docs/decisions.md", "`clap`")],
        &["axum"],
    );
    check(source::long_files, &[(src, &"//\n".repeat(801))], &["801 lines"]);
    check(source::long_functions, &[(src, &format!("fn a() {{\n{}}}", "x();\n".repeat(70)))], &["`a` has 72"]);
    check(source::long_functions, &[(src, &format!("fn a() {{ '{{'; \"{{\" }}\n{}", "//\n".repeat(90)))], &[]);
    check(source::headless, &[(src, "use a;\n//! late"), ("crates/node/src/lib.rs", "\n//! here")], &["post.rs"]);
    check(source::shortcuts, &[(src, "//! .unwrap()\na.unwrap();\n\"todo!\"")], &[".unwrap()"]);
    check(source::shortcuts, &[(src, "a();\n#[cfg(test)]\nmod tests { a.unwrap(); }")], &[]);
    check(source::shortcuts, &[("crates/node/tests/it/a.rs", "a.unwrap();\n#[ignore]")], &["#[ignore"]);
    check(source::unreached, &[(src, ""), ("crates/node/src/lib.rs", "mod postal;")], &["post.rs"]);
    check(source::unreached, &[(src, ""), ("crates/node/src/lib.rs", "pub mod post;")], &[]);
    check(source::unused_faces, &[("crates/entente/templates/a.html", "")], &["a.html"]);
    check(source::inline, &[("crates/entente/templates/a.html", "<p style=\"x\"><script src=\"//a\">")], &["style=\""]);
    let ftl = |tongue: &'static str| {
        if tongue == "en" { "crates/entente/locales/en.ftl" } else { "crates/entente/locales/zh.ftl" }
    };
    check(words::parity, &[(ftl("en"), "a = x\nb = { $n }\na = y"), (ftl("zh"), "b = z")], &["twice", "`a`", "`b`"]);
    let page = ("crates/entente/src/web/page.rs", "page.t(\"a\"); page.t(\"c\"); format!(\"role-{}\", x)");
    check(words::used, &[(ftl("en"), "a = x\nb-d = y\nrole-b = z"), page], &["`b-d`", "`c`"]);
    let agreed = ("instruments/a/instrument.toml", "[parties.XY]\nname = { en = \"Xyland\" }");
    let named = (src, "let party = \"CN\"; // GB-X");
    check(words::parties, &[agreed, named, ("crates/node/src/tests.rs", "\"CN\"")], &["\"CN\""]);
    check(words::parties, &[agreed, (src, "let party = of(page);")], &[]);
    check(words::machines, &[("docs/a.md", concat!("see /wo", "rk/main"))], &["a.md"]);
    let model = ("docs/threat-model.md", "`is_held`, `is_not_held`");
    check(papers::defences, &[model, (src, "fn is_held() {}")], &["is_not_held"]);
    check(papers::links, &[("README.md", "[a](docs/a.md)"), ("docs/b.md", "")], &["docs/a.md", "docs/b.md"]);
}
