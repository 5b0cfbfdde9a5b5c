//! The words are whole: the same keys and variables in every language, words for every closed menu, none unused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::act::{ActKind, ConditionKind, Extent, Role};
use domain::amendment::Unfit;
use domain::case::TaskState;
use domain::clock::ClockKind;
use domain::difference::Part;
use domain::handling::Classification;
use domain::instrument::ProcedureKind;
use domain::menu::Menu;
use domain::procedure::Stage;
use domain::refusal::Refusal;
use domain::safeguard::Finding;
use fluent_bundle::FluentResource;
use ledger::leaf::LeafKind;

use super::*;
use crate::web::{EVENT_CODES, HEADER_PARTS, Stop, WHATS};

mod terms;

/// Every lie a peer can tell; `ledger` names them, and a new one wants words here.
const LIES: &[&str] = &[
    "oversized",
    "truncated",
    "not-canonical",
    "malformed",
    "unknown-version",
    "unknown-suite",
    "bad-key",
    "wrong-signature",
    "wrong-signature-set",
    "unknown-recipient",
    "wrong-seal",
    "commitment-mismatch",
    "wrong-padding",
    "wrong-proof",
    "wrong-chunk",
    "wrong-origin",
    "forked-log",
    "rolled-back",
];

/// The messages of a language with the variables each one names.
fn messages(tongue: Tongue) -> BTreeMap<String, BTreeSet<String>> {
    let (_, files) = LOCALES.iter().find(|(known, _)| *known == tongue).expect("every tongue has files");
    let mut found = BTreeMap::new();
    for file in *files {
        let read = FluentResource::try_new((*file).to_owned());
        assert!(read.is_ok(), "{tongue:?}: {:?}", read.err().map(|(_, faults)| faults));
        let mut key = None;
        for line in file.lines() {
            if let Some((name, _)) = line.split_once(" =")
                && line.starts_with(|c: char| c.is_ascii_lowercase())
            {
                assert!(found.insert(name.to_owned(), BTreeSet::new()).is_none(), "{tongue:?}: `{name}` stands twice");
                key = Some(name.to_owned());
            }
            let Some(variables) = key.as_ref().and_then(|key| found.get_mut(key)) else { continue };
            let rest = line.split("{ $").skip(1);
            variables.extend(
                rest.map(|part| part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()),
            );
        }
    }
    found
}

/// Every file of ours that may name a key.
fn sources() -> Vec<String> {
    fn walk(dir: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).expect("the folder is part of the crate").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "html")
                && path.file_stem().is_some_and(|stem| stem != "tests")
            {
                found.push(std::fs::read_to_string(&path).expect("a source file is text"));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join("templates"), &mut found);
    walk(&root.join("src"), &mut found);
    found
}

#[test]
fn every_language_has_the_same_messages() {
    let english = messages(Tongue::En);
    for (tongue, code) in Tongue::ALL {
        let these = messages(*tongue);
        let keys = |all: &BTreeMap<String, BTreeSet<String>>| all.keys().cloned().collect::<BTreeSet<_>>();
        let odd: Vec<_> = keys(&english).symmetric_difference(&keys(&these)).cloned().collect();
        assert!(odd.is_empty(), "only in one of en and {code}: {odd:?}");
        for (key, variables) in &these {
            assert_eq!(Some(variables), english.get(key), "{code}: the variables of `{key}`");
        }
    }
}

#[test]
fn every_choice_of_every_menu_has_words() {
    fn check<M: Menu>(prefix: &str) {
        for (_, code) in M::ALL {
            check_code(prefix, code);
        }
    }
    fn check_code(prefix: &str, code: &str) {
        for (tongue, name) in Tongue::ALL {
            assert!(tongue.has(&format!("{prefix}-{code}")), "{name}: `{prefix}-{code}` has no words");
        }
    }
    check::<Stage>("stage");
    check::<Stage>("next");
    check::<ActKind>("act");
    check::<ActKind>("do");
    check::<ClockKind>("clock");
    check::<TaskState>("task");
    check::<Finding>("finding");
    check::<Extent>("extent");
    check::<ConditionKind>("condition");
    check::<ProcedureKind>("procedure");
    check::<Classification>("classification");
    check::<Role>("help-role");
    check::<Tongue>("language");
    check::<Unfit>("unfit");
    check::<Part>("amended");
    for (prefix, codes) in [
        ("refusal", Refusal::CODES),
        ("misbehaved", LIES),
        ("event", EVENT_CODES),
        ("stop", Stop::CODES),
        ("what", WHATS),
        ("part", HEADER_PARTS),
        ("lack", &["empty", "translation", "wrong-kind", "backwards", "passed", "too-long", "unknown"][..]),
        ("parcel", &["queued", "delivered", "refused", "expired", "held"]),
        ("blob", &["staged", "wanted", "whole", "purged"]),
        ("level", &["info", "warning", "alarm"]),
    ] {
        codes.iter().for_each(|code| check_code(prefix, code));
    }
    LeafKind::ALL.iter().for_each(|kind| check_code("leaf", kind.name()));
}

#[test]
fn no_message_is_asked_for_that_is_not_there_and_none_is_idle() {
    let sources = sources();
    let known: BTreeSet<String> = messages(Tongue::En).into_keys().collect();
    let (mut named, mut families) = (BTreeSet::new(), BTreeSet::new());
    for source in &sources {
        for literal in source.split('"').skip(1) {
            // `stop-{code}-remedy` names a family by what stands before the brace.
            match literal.split_once('{') {
                Some((family, _)) if family.ends_with('-') => _ = families.insert(family.to_owned()),
                _ => _ = named.insert(literal.to_owned()),
            }
        }
        for call in [".t(\"", ".t1(\"", ".t2(\"", ".with(\""] {
            for part in source.split(call).skip(1) {
                let key = part.split('"').next().unwrap_or_default();
                let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
                assert!(!plain || known.contains(key) || !key.contains('-'), "`{key}` is asked for and has no words");
            }
        }
    }
    let idle = |key: &&String| !named.contains(*key) && !families.iter().any(|family| key.starts_with(family));
    let idle: Vec<_> = known.iter().filter(idle).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

#[test]
fn arguments_and_plurals_are_said() {
    fn check(tongue: Tongue, key: &str, n: &str, want: &str) {
        assert_eq!(tongue.with(key, &[("n", &n)]), want);
    }
    check(Tongue::En, "span-wd", "1", "1 working day");
    check(Tongue::En, "span-wd", "12", "12 working days");
    check(Tongue::Zh, "span-wd", "12", "12个工作日");
    assert_eq!(Tongue::En.t("no-such-key"), "⟦no-such-key⟧");
    // A missing argument is no words either.
    assert_eq!(Tongue::En.t("span-left"), "⟦span-left⟧");
}

#[test]
fn the_browsers_wish_is_heard() {
    for (header, want) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", Tongue::Zh),
        ("fr,en-GB;q=0.5", Tongue::En),
        ("é,zh", Tongue::Zh),
        ("", Tongue::En),
    ] {
        assert_eq!(Tongue::accepted(header), want, "{header}");
    }
}
