//! Rules about words: messages of the face in every language, and names that belong in the instrument only.
//!
//! Owns how messages are named and called for. Must not know Fluent beyond `key = …`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Tree, is_src, scan};

/// What the shipped instruments do not hold and the code must not either: the Parties in words their own files need not use.
const PARTY_NAMES: &[&str] = &[
    "China",
    "United Kingdom",
    "Britain",
    "British",
    "England",
    "Scotland",
    "Beijing",
    "Shanghai",
    "London",
    "Whitehall",
    "\"GB\"",
    "\"CN\"",
    "GB-",
    "CN-",
    "北京",
    "上海",
    "中国",
    "英国",
    "伦敦",
    "中方",
    "英方",
];

/// Shorter names of the instruments are everyday letters, and found in any text.
const NAME_CHARS_MIN: usize = 3;

/// Crates that name publishers of formats as these name themselves, and ways of writing after where people write so: an
/// office of the same name is none of their business.
const OF_THE_WORLD: &[&str] = &["crates/formats/src/", "crates/matching/src/"];

/// How a message is called for, in code and in templates.
const CALLS: &[&str] = &[".t(\"", ".t1(\"", ".t2(\"", ".with(\""];

/// Each language has the same files, keys and arguments, each key once.
pub(crate) fn parity(tree: &Tree) -> Vec<String> {
    let (en, mut found) = messages(tree, "en");
    let (zh, twice) = messages(tree, "zh");
    found.extend(twice);
    for key in en.keys().chain(zh.keys()).collect::<BTreeSet<_>>() {
        match (en.get(key), zh.get(key)) {
            (Some(_), None) => found.push(format!("locales: `{key}` is missing in zh")),
            (None, Some(_)) => found.push(format!("locales: `{key}` is missing in en")),
            (Some(en), Some(zh)) if en != zh => {
                found.push(format!("locales: `{key}` takes {en:?} in en and {zh:?} in zh"));
            }
            _ => {}
        }
    }
    found
}

/// Every message is called for somewhere, and every message called for exists.
pub(crate) fn used(tree: &Tree) -> Vec<String> {
    let (messages, _) = messages(tree, "en");
    let calling = |at: &str| is_src(at) || at.starts_with("crates/entente/templates/");
    let texts: Vec<(&str, &str)> = tree.all().filter(|(at, _)| calling(at)).collect();
    let literals: BTreeSet<&str> = texts.iter().flat_map(|(_, text)| text.split('"')).collect();
    // `"role-{}"` makes every `role-…` used, `"{key}-help"` every `…-help`: the menus' own tests name what lacks.
    let begins: BTreeSet<&str> =
        literals.iter().filter_map(|l| l.split_once('{').map_or(Some(*l), |(begin, _)| Some(begin))).collect();
    let begins: Vec<&str> = begins.into_iter().filter(|begin| begin.ends_with('-') && is_key(begin)).collect();
    let ends: Vec<&str> =
        literals.iter().filter_map(|l| l.strip_prefix('{')?.split_once("}-")).map(|(_, e)| e).collect();
    let is_used = |key: &str| {
        literals.contains(key)
            || begins.iter().any(|begin| key.starts_with(begin))
            || ends.iter().any(|end| is_key(end) && key.strip_suffix(end).is_some_and(|rest| rest.ends_with('-')))
    };
    let unused = messages.keys().filter(|key| !is_used(key)).map(|key| format!("locales: `{key}` is never used"));
    let mut found: Vec<String> = unused.collect();
    for (at, text) in texts {
        let called: BTreeSet<&str> = CALLS.iter().flat_map(|call| after(text, call)).collect();
        let lacking = called.into_iter().filter(|key| is_key(key) && !messages.contains_key(*key));
        found.extend(lacking.map(|key| format!("{at}: `{key}` is no message")));
    }
    found
}

/// No Party is named in code, templates or messages, nor an office or a capital: names come from the instrument. What is
/// looked for is read from every instrument in the tree, so that a new one is covered the day it is added.
pub(crate) fn parties(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let wanted = names_of(tree);
    if wanted.is_empty() {
        found.push("instruments/: no Party is named there; the rule looks in the wrong place".to_owned());
    }
    let faces = |at: &str| at.starts_with("crates/") && (at.contains("/templates/") || at.ends_with(".ftl"));
    for (at, text) in tree.all().filter(|(at, _)| is_src(at) || faces(at)) {
        // The store's conformance suite is a test that lives in `src`, so that every store can run it.
        if at.contains("/conformance") {
            continue;
        }
        let text = if is_src(at) { scan::uncommented(scan::before_tests(text)) } else { text.to_owned() };
        let constant = PARTY_NAMES.iter().copied();
        let of_the_world = OF_THE_WORLD.iter().any(|folder| at.starts_with(folder));
        let wanted: Vec<&str> = wanted.iter().filter(|_| !of_the_world).map(String::as_str).collect();
        for (line, words) in text.lines().enumerate() {
            for name in constant.clone().chain(wanted.iter().copied()).filter(|name| names(words, name)) {
                found.push(format!("{at}:{}: names `{name}`: take it from the instrument", line + 1));
            }
        }
    }
    found
}

/// The Parties, capitals and offices of every instrument in the tree, in every language.
fn names_of(tree: &Tree) -> BTreeSet<String> {
    // Not `adjective`: it may be the name of a language too.
    const KEYS: &[&str] = &["name", "short", "capital"];
    let mut found = BTreeSet::new();
    for (_, text) in tree.ending(".toml").filter(|(at, _)| at.starts_with("instruments/")) {
        let Ok(table) = text.parse::<toml::Table>() else { continue };
        let rows = ["parties", "offices"].map(|section| table.get(section).and_then(toml::Value::as_table));
        for (id, row) in rows.into_iter().flatten().flatten() {
            found.insert(if id.contains('-') { id.clone() } else { format!("\"{id}\"") });
            let texts = KEYS.iter().filter_map(|key| row.get(key)?.as_table()).flat_map(toml::Table::values);
            found.extend(texts.filter_map(toml::Value::as_str).map(str::to_owned));
        }
    }
    found.retain(|name| name.chars().count() >= NAME_CHARS_MIN || !name.is_ascii());
    found
}
/// No path of anyone's machine stands in a file.
pub(crate) fn machines(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not hold what it looks for.
    let needles = [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/tmp/", "brief"]].map(|parts| parts.concat());
    let mut found = Vec::new();
    for (at, text) in tree.all() {
        for (line, words) in text.lines().enumerate() {
            for needle in needles.iter().filter(|needle| words.contains(*needle)) {
                found.push(format!("{at}:{}: `{needle}` is a path of somebody's machine", line + 1));
            }
        }
    }
    found
}

/// The messages of a language with the arguments each takes, and the keys that stand twice.
fn messages(tree: &Tree, tongue: &str) -> (BTreeMap<String, BTreeSet<String>>, Vec<String>) {
    let (mut messages, mut twice) = (BTreeMap::<String, BTreeSet<String>>::new(), Vec::new());
    let ending = format!("{tongue}.ftl");
    for (at, text) in tree.ending(&ending) {
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let key =
                line.split_once('=').map(|(key, _)| key.trim_end()).filter(|key| is_key(key) && !line.starts_with(' '));
            if let Some(key) = key {
                current = key.to_owned();
                if messages.insert(current.clone(), BTreeSet::new()).is_some() {
                    twice.push(format!("{at}: `{key}` stands twice"));
                }
            }
            let Some(args) = messages.get_mut(&current) else { continue };
            let word =
                |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || "-_".contains(*c)).collect::<String>();
            args.extend(line.split('$').skip(1).map(word));
        }
    }
    (messages, twice)
}

/// Whether text may be the key of a message, or a part of one.
fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// What stands between `call` and the next quotation mark.
fn after<'t>(text: &'t str, call: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(call).filter_map(move |(at, _)| text[at + call.len()..].split('"').next())
}

/// Whether words hold a name that is not part of a longer word, such as `GB-` inside a file name.
fn names(words: &str, name: &str) -> bool {
    words.match_indices(name).any(|(at, _)| {
        let before = words[..at].chars().next_back();
        let next = words[at + name.len()..].chars().next();
        let apart = !before.is_some_and(|c| c.is_ascii_alphanumeric());
        let ends = match next {
            Some(next) if name.ends_with('-') => next.is_ascii_uppercase(),
            Some(next) => !next.is_ascii_alphanumeric() || !name.ends_with(|c: char| c.is_ascii_alphanumeric()),
            None => !name.ends_with('-'),
        };
        apart && ends
    })
}
