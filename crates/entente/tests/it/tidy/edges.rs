//! Rules about what depends on what: crates, the world outside, and the reasons written down.
//!
//! Owns the list of allowed edges. Must not know Rust beyond blanked code.

use super::Tree;

/// Who may depend on whom. What does not stand here must not stand in a manifest.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ledger", &[]),
    ("matching", &[]),
    ("formats", &["domain"]),
    ("store", &["domain"]),
    ("node", &["store", "ledger", "matching", "domain"]),
    ("entente", &["node", "store", "ledger", "matching", "domain", "formats"]),
];

/// The crates that only compute.
const PURE: &[&str] = &["domain", "ledger", "matching", "formats"];

/// What only computing does without.
const WORLD: &[&str] = &[
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "std::thread",
    "std::process",
    "std::env",
    "std::io::stdin",
    "SystemTime",
    "Instant::now",
    "tokio",
    "async fn",
    "println!",
    "eprintln!",
];

/// Where every package of the lock file comes from.
const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Crates depend only along the allowed edges, in tests too.
pub(crate) fn crates(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (at, text) in tree.ending("/Cargo.toml") {
        let Some(name) = at.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml")) else { continue };
        let Some((_, allowed)) = ALLOWED.iter().find(|(from, _)| *from == name) else {
            found.push(format!("{at}: `{name}` is an eighth crate: give it a sentence and an edge in this test first"));
            continue;
        };
        for to in dependencies(text).filter(|to| ALLOWED.iter().any(|(ours, _)| ours == to)) {
            if !allowed.contains(&to.as_str()) {
                found.push(format!("{at}: {name} → {to} is no allowed edge"));
            }
        }
    }
    found
}

/// Pure crates touch neither disk, net, threads nor clock.
pub(crate) fn pure(tree: &Tree) -> Vec<String> {
    let is_pure = |at: &str| PURE.iter().any(|name| at.starts_with(&format!("crates/{name}/src/")));
    tree.code()
        .filter(|(at, _)| is_pure(at))
        .flat_map(|(at, code)| {
            let met = WORLD.iter().filter(move |world| code.contains(**world));
            met.map(move |world| format!("{at}: `{world}` in a pure crate: take what it yields as an argument"))
        })
        .collect()
}

/// Every lock entry comes from the public index, so that anybody can build.
pub(crate) fn index(tree: &Tree) -> Vec<String> {
    let sources = tree.get("Cargo.lock").unwrap_or_default().lines().filter_map(|line| line.strip_prefix("source = "));
    sources
        .filter(|source| source.trim_matches('"') != INDEX)
        .map(|source| format!("Cargo.lock: {source} is not the public index"))
        .collect()
}

/// Every dependency of the workspace has its reason in the decisions.
pub(crate) fn reasons(tree: &Tree) -> Vec<String> {
    let manifest: toml::Table = tree.get("Cargo.toml").unwrap_or_default().parse().unwrap_or_default();
    let wanted = manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let decisions = tree.get("docs/decisions.md").unwrap_or_default();
    let ours = |name: &String| ALLOWED.iter().any(|(ours, _)| ours == name);
    wanted
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(toml::Table::keys)
        .filter(|name| !ours(name) && !decisions.contains(&format!("`{name}`")))
        .map(|name| format!("Cargo.toml: `{name}` has no reason in docs/decisions.md"))
        .collect()
}

fn dependencies(manifest: &str) -> impl Iterator<Item = String> {
    let table: toml::Table = manifest.parse().unwrap_or_default();
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .into_iter()
        .filter_map(move |section| table.get(section)?.as_table().cloned())
        .flat_map(|section| section.into_iter().map(|(name, _)| name))
}
