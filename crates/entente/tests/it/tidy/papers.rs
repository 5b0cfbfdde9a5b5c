//! Rules about what is written beside the code: instruments, golden documents, links.
//!
//! Owns where codes are kept in the source and in `docs/protocol.md`. Must not know prose.

use std::collections::{BTreeMap, BTreeSet};

use domain::instrument::{Instrument, SourceFile};
use domain::local::Policy;
use domain::menu::Menu;
use domain::procedure::ProcedureKind;
use domain::refusal::Refusal;

use super::{Tree, scan};

/// Where codes that cross the wire are made, how to find them there, and the heading they are listed under.
const CODES: &[(&str, &[&str], &str)] = &[
    ("crates/ledger/src/misbehaved.rs", &["=> \""], "### Misbehaved"),
    ("crates/node/src/receive.rs", &["fall(\"", "proven(\""], "### On arrival"),
    ("crates/node/src/receive/checks.rs", &["fall(\"", "proven(\""], "### On arrival"),
    ("crates/entente/src/peer/server.rs", &["StatusCode::"], "### Turned away"),
    ("crates/entente/src/peer/server.rs", &["NO_ENTRY_YET: &str = \""], "### Turned away"),
];

/// Every instrument in `instruments/` loads with the calendars beside it, without an error, and so does every policy
/// under it.
pub(crate) fn instruments(tree: &Tree) -> Vec<String> {
    let mut sets: BTreeMap<&str, Vec<SourceFile>> = BTreeMap::new();
    let source = |name: &str, text: &str| SourceFile { name: name.to_owned(), text: text.to_owned() };
    for (at, text) in tree.ending(".toml") {
        let Some((folder, name)) = at.strip_prefix("instruments/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        sets.entry(folder).or_default().push(source(name, text));
    }
    let mut found = Vec::new();
    for (folder, mut files) in sets {
        // One that brings no calendars of its own takes those every instrument may take.
        if !files.iter().any(|file| file.name.starts_with("calendars/")) {
            let calendars = tree.ending(".toml").filter(|(at, _)| at.starts_with("calendars/"));
            files.extend(calendars.map(|(at, text)| source(at, text)));
        }
        let (policies, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.name.starts_with("policy/"));
        let loaded = Instrument::load(&files);
        let mut findings = loaded.findings;
        for policy in policies {
            let instrument = loaded.instrument.as_ref();
            findings
                .extend(instrument.map(|instrument| Policy::load(&policy, instrument).findings).unwrap_or_default());
        }
        let errors = findings.iter().filter(|f| f.severity == domain::instrument::Severity::Error);
        found.extend(errors.map(|f| format!("instruments/{folder}/{}:{}: {} {}", f.file, f.line, f.key, f.message)));
    }
    found
}

/// `docs/procedures.md` holds the diagram the tables draw today.
pub(crate) fn diagram(tree: &Tree) -> Vec<String> {
    let page = tree.get("docs/procedures.md").unwrap_or_default();
    if ProcedureKind::ALL.iter().all(|(kind, _)| page.contains(domain::procedure::mermaid(*kind).trim())) {
        return Vec::new();
    }
    vec!["docs/procedures.md: stale; `UPDATE_EXPECT=1 cargo nextest run -p domain` writes it anew".to_owned()]
}

/// `docs/protocol.md` lists exactly the codes the source has, under their headings.
pub(crate) fn codes(tree: &Tree) -> Vec<String> {
    let page = tree.get("docs/protocol.md").unwrap_or_default();
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    wanted.entry("### Refusal").or_default().extend(Refusal::CODES.iter().map(ToString::to_string));
    for (at, marks, heading) in CODES {
        let text = scan::before_tests(tree.get(at).unwrap_or_default());
        let codes = marks.iter().flat_map(|mark| text.match_indices(mark).map(|(at, mark)| &text[at + mark.len()..]));
        // After `StatusCode::X` the code is the next literal on the line; after the others it begins at once.
        let codes =
            codes.filter_map(|rest| match rest.split_once('\n').map_or(rest, |(line, _)| line).split_once('"') {
                Some((before, literal)) if before.ends_with(", ") => literal.split('"').next(),
                Some((code, _)) => Some(code),
                None => None,
            });
        let is_code = |code: &&str| !code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        wanted.entry(heading).or_default().extend(codes.filter(is_code).map(str::to_owned));
    }
    let mut found = Vec::new();
    for (heading, codes) in wanted {
        let listed = listed(page, heading);
        found.extend(
            codes.difference(&listed).map(|code| format!("docs/protocol.md: `{code}` is not under `{heading}`")),
        );
        found.extend(
            listed.difference(&codes).map(|code| format!("docs/protocol.md: `{code}` under `{heading}` is no code")),
        );
    }
    found
}

/// The codes in the first column of the tables under a heading.
fn listed(page: &str, heading: &str) -> BTreeSet<String> {
    let section = page.split("\n#").find(|section| format!("#{section}").starts_with(heading)).unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(code, _)| code.to_owned()).collect()
}

/// Every test the threat model names exists.
pub(crate) fn defences(tree: &Tree) -> Vec<String> {
    let page = tree.get("docs/threat-model.md").unwrap_or_default();
    let is_test = |word: &&str| {
        word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let named: BTreeSet<&str> = page.split('`').filter(is_test).collect();
    let exists = |name: &str| tree.ending(".rs").any(|(_, text)| text.contains(&format!("fn {name}(")));
    let lacking = named.into_iter().filter(|name| !exists(name));
    lacking.map(|name| format!("docs/threat-model.md: there is no test `{name}`")).collect()
}

/// Every paper is linked from README or ARCHITECTURE, and every link to a file leads to one.
pub(crate) fn links(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut reached = BTreeSet::new();
    for (at, text) in tree.ending(".md").filter(|(at, _)| !at.starts_with("testdata/") || at.ends_with("README.md")) {
        let folder = at.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (start, _) in text.match_indices("](") {
            let link = text[start + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            if link.is_empty() || link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let to = resolve(folder, link);
            // Pictures are no text and so not in the tree: their folder must be.
            let is_picture = [".png", ".svg", ".jpg"].iter().any(|end| to.ends_with(end));
            if !is_picture && !tree.has(&to) {
                found.push(format!("{at}: {to} does not exist"));
            }
            if at == "README.md" || at == "ARCHITECTURE.md" {
                reached.insert(to);
            }
        }
    }
    let papers = tree.ending(".md").filter(|(at, _)| at.starts_with("docs/"));
    found.extend(
        papers
            .filter(|(at, _)| !reached.contains(*at))
            .map(|(at, _)| format!("{at}: link it from README.md or ARCHITECTURE.md")),
    );
    found
}

fn resolve(folder: &str, link: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
