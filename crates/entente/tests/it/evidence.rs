//! The dispute bundle of a case: made on a node's folder, checked with nothing but itself.
//!
//! Owns the lies a bundle could tell. Must not know how a bundle is laid out beyond the names of its members.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use domain::act::ActRef;
use domain::ids::CaseId;
use entente::app::Clock;
use entente::evidence::{KIND, check, make};
use entente::home::Home;
use entente::shipped::{self, Part};
use ledger::hash::sha256;
use ledger::pack::{Member, pack, unpack};
use node::Node;
use node::story::{self, House, Script};
use store::CaseFilter;

use crate::cli::run;
use crate::house;

mod stranger;

const LIST: &str = "manifest.json";
const SIGNATURE: &str = "META-INF/manifest.sig";
/// Of each member, so many places are changed: first, last and some between.
const PLACES: usize = 7;

/// Two nodes after the exercise, and the fullest case of the first.
pub(crate) fn played(test: &str) -> ([Home; 2], CaseId) {
    let homes = house::pair(test);
    let script = few_matters(&homes[0]);
    for home in &homes {
        let law = entente::shipped::policy(home.instrument().expect("an instrument").id(), &home.config().party);
        home.put_policy(law.expect("each Party of the exercise has its own law")).expect("it is kept");
    }
    let [a, b] = &homes;
    let (chunks_a, chunks_b) = (a.chunks().expect("chunks"), b.chunks().expect("chunks"));
    let (mut store_a, mut store_b) = (a.database().expect("a database"), b.database().expect("a database"));
    let mut houses = [
        House { node: a.node().expect("a node"), store: &mut store_a, chunks: &chunks_a },
        House { node: b.node().expect("a node"), store: &mut store_b, chunks: &chunks_b },
    ];
    let mut rng = entente::app::randomness();
    story::seed(&mut houses, &script, "2026-06-01T09:00:00Z".parse().expect("a moment"), &mut rng).expect("it plays");
    drop((store_a, store_b));
    // Each fetches and cosigns the other's log.
    house::settle(&homes, &Clock::real());
    let reader = homes[0].database_read_only().expect("a database");
    let (cases, _) = reader.cases(&CaseFilter::default()).expect("cases");
    let fullest = cases.iter().max_by_key(|row| reader.acts(&row.case).map_or(0, |acts| acts.len())).expect("a case");
    let case = fullest.case.clone();
    (homes, case)
}

/// The exercise's people, with as few matters as hold a case of many acts.
fn few_matters(home: &Home) -> Script {
    let (mut files, assets) = shipped::exercise(home.instrument().expect("an instrument").id(), Part::Desk);
    files.retain(|file| !file.name.contains("matters") || file.name.contains("matters-finance"));
    Script::read(&files, assets).expect("a script")
}

/// The same for every test, made once.
fn sample() -> &'static (Home, Vec<u8>) {
    static MADE: OnceLock<(Home, Vec<u8>)> = OnceLock::new();
    MADE.get_or_init(|| {
        let (homes, case) = played("evidence");
        let made = make(&homes[0], &case, &BTreeSet::new(), Clock::real().now()).expect("a bundle");
        assert!(made.acts > 4 && made.without.is_empty());
        let [home, _] = homes;
        (home, made.bytes)
    })
}

fn taken_apart(bundle: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let members = unpack(KIND, bundle).expect("it unpacks");
    members.iter().map(|member| (member.name.to_owned(), member.bytes.to_vec())).collect()
}

fn put_together(members: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let members: Vec<Member<'_>> = members.iter().map(|(name, bytes)| Member { name, bytes }).collect();
    pack(KIND, &members).expect("it packs")
}

/// The bundle a lying maker would give: the list fits what is there, and its own signature is on it.
fn vouched_anew(home: &Home, mut members: BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let list: serde_json::Value = serde_json::from_slice(&members[LIST]).expect("a list");
    let mut text = String::from_utf8(members[LIST].clone()).expect("a text");
    for (name, hash) in list["members"].as_object().expect("members") {
        let hash = hash.as_str().expect("a hash");
        match members.get(name) {
            Some(bytes) => {
                let now = domain::ids::Hash32(sha256(&[bytes])).to_string();
                text = text.replace(&format!("\"{name}\": \"{hash}\""), &format!("\"{name}\": \"{now}\""));
            }
            None => text = text.replace(&format!("    \"{name}\": \"{hash}\",\n"), ""),
        }
    }
    // Of the one home every test here has: to open it anew takes longer than all else.
    static MAKER: OnceLock<Node> = OnceLock::new();
    let maker = MAKER.get_or_init(|| home.node().expect("a node"));
    let signature = maker.vouch(text.as_bytes()).expect("it signs");
    members.insert(LIST.to_owned(), text.into_bytes());
    members.insert(SIGNATURE.to_owned(), signature);
    put_together(&members)
}

#[test]
fn a_bundle_proves_itself_to_whoever_knows_the_cards() {
    let (home, bundle) = sample();
    let checked = check(bundle, &[]).expect("it holds");
    assert!(!checked.trusted && checked.without.is_empty());
    assert_eq!(checked.remarks, Vec::<String>::new(), "all of it is in both logs, and both signed");
    let heard: Vec<String> = checked.fingerprints.values().cloned().collect();
    assert!(check(bundle, &heard).expect("it holds").trusted);
    let wrong = check(bundle, &heard[..1]).expect_err("a card nobody trusts");
    assert!(wrong.member.starts_with("cards/"), "{wrong}");
    // No key of an office is in it, nor the seed.
    let seed = home.seed().expect("a seed");
    assert!(!bundle.windows(seed.len()).any(|part| part == seed));
}

/// Every byte of the container has a meaning: whatever is changed, the member is named.
#[test]
fn a_byte_changed_anywhere_is_named() {
    let (_, bundle) = sample();
    let members = taken_apart(bundle);
    let places = |length: usize| (0..=PLACES).map(move |part| part * length.saturating_sub(1) / PLACES);
    // A header of 30 bytes with the name stands before each content; the kind comes first.
    let mut start = 30 + "mimetype".len() + KIND.len();
    for (name, bytes) in &members {
        start += 30 + name.len();
        for place in places(bytes.len()).filter(|_| !bytes.is_empty()) {
            let mut altered = bundle.clone();
            altered[start + place] ^= 1;
            let wrong = check(&altered, &[]).expect_err("an altered bundle");
            assert!(wrong.what.contains(name.as_str()), "{name} at {place}: {wrong}");
        }
        // The same with every checksum of the container made anew: the list notices, and for the list its signature.
        for place in places(bytes.len()).filter(|_| !bytes.is_empty()) {
            let mut altered = members.clone();
            altered.get_mut(name).expect("a member")[place] ^= 1;
            let wrong = check(&put_together(&altered), &[]).expect_err("an altered bundle");
            assert!(wrong.member == *name || [LIST, SIGNATURE].contains(&name.as_str()), "{name} at {place}: {wrong}");
        }
        start += bytes.len();
        let mut cut = members.clone();
        cut.remove(name);
        let wrong = check(&put_together(&cut), &[]).expect_err("a member is missing");
        assert_eq!(wrong.member, *name, "{wrong}");
    }
    for part in 1..64 {
        check(&bundle[..bundle.len() * part / 64], &[]).expect_err("a cut bundle");
    }
}

/// A Party that makes a false bundle and signs its list is found out by what the other signed.
#[test]
fn a_lying_maker_is_named() {
    let (home, bundle) = sample();
    let members = taken_apart(bundle);
    for name in members.keys().filter(|name| !name.starts_with("README") && ![LIST, SIGNATURE].contains(&name.as_str()))
    {
        for part in [1, 2] {
            let mut altered = members.clone();
            let bytes = altered.get_mut(name).expect("a member");
            let place = part * bytes.len().saturating_sub(1) / 3;
            bytes[place] ^= 1;
            let wrong = check(&vouched_anew(home, altered), &[]).expect_err("a false bundle");
            let own = wrong.member == *name || wrong.member.starts_with(name.split('.').next().unwrap_or_default());
            // A checkpoint that changed is met where it is read: in the log, or in the proofs that lead to it.
            assert!(own || name.starts_with("logs/") || name.starts_with("cards/"), "{name} at {place}: {wrong}");
        }
        let mut cut = members.clone();
        cut.remove(name);
        check(&vouched_anew(home, cut), &[]).expect_err(name);
    }
    // Members of one act in the place of another's, each true by itself.
    let acts: Vec<&str> = members.keys().filter_map(|name| name.strip_suffix("/envelope.cose")).collect();
    for file in ["envelope.cose", "content.bin", "receipt.cose", "act.json", "GB.leaf", "CN.tlog-proof"] {
        for pair in acts.windows(2) {
            let [one, two] = [format!("{}/{file}", pair[0]), format!("{}/{file}", pair[1])];
            if members[&one] == members[&two] {
                continue;
            }
            let mut swapped = members.clone();
            swapped.insert(one.clone(), members[&two].clone());
            swapped.insert(two, members[&one].clone());
            let wrong = check(&vouched_anew(home, swapped), &[]).expect_err("swapped");
            assert!(wrong.member.starts_with("acts/"), "{file}: {wrong}");
        }
    }
    // Something that is in the list and that nobody looks at.
    let mut more = members.clone();
    more.insert("acts/hidden.txt".to_owned(), b"x".to_vec());
    check(&put_together(&more), &[]).expect_err("it is not in the list");
}

#[test]
fn what_is_left_out_is_said_and_still_proved() {
    let (home, bundle) = sample();
    let checked = check(bundle, &[]).expect("it holds");
    let by = checked.fingerprints.keys().next().expect("a Party").clone();
    let left = BTreeSet::from([ActRef { by, seq: 1 }]);
    let made = make(home, &checked.case, &left, Clock::real().now()).expect("a bundle");
    let again = check(&made.bytes, &[]).expect("it holds");
    assert_eq!((again.without.len(), again.acts), (1, checked.acts));
    let shown = taken_apart(&made.bytes);
    let ActRef { by, seq } = left.iter().next().expect("one");
    assert!(shown.contains_key(&format!("acts/{by}-{seq}/envelope.cose")));
    assert!(
        !shown.keys().any(|name| name.starts_with(&format!("acts/{by}-{seq}/act"))
            || name.ends_with(&format!("{by}-{seq}/content.bin")))
    );
    let none = BTreeSet::from([ActRef { by: by.clone(), seq: 4_000 }]);
    assert!(make(home, &checked.case, &none, Clock::real().now()).is_err());
}

#[test]
fn the_command_writes_and_checks() {
    let (home, bundle) = sample();
    let case = check(bundle, &[]).expect("it holds").case.to_string();
    let dir = house::folder("evidence-command");
    let node = home.dir().display().to_string();
    let check = |args: &[&str], code: i32, says: &str| {
        let out = run(&dir, args);
        let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{args:?}: {text}");
        assert!(text.contains(says), "{args:?} lacks `{says}`: {text}");
    };
    check(&["ledger", "export", "--dir", &node, "--case", &case, "-o", "case.zip"], 0, "give the papers");
    check(&["ledger", "export", "--dir", &node, "--case", &case, "-o", "case.zip"], 2, "cannot write");
    check(&["ledger", "export", "--dir", &node, "--case", "GB-CY-1999-0001", "-o", "x.zip"], 2, "there is no case");
    check(&["ledger", "verify", "case.zip"], 0, "compare the fingerprints");
    check(&["ledger", "verify", "--json", "case.zip"], 0, "\"ok\": true");
    check(&["ledger", "verify", "case.zip", "--trust", "0000"], 1, "none of those trusted");
    check(&["ledger", "verify", &node, "--trust", "0000"], 2, "for a bundle");
    std::fs::write(dir.join("cut.zip"), &bundle[..bundle.len() / 2]).expect("writes");
    check(&["ledger", "verify", "cut.zip"], 1, "does not hold: bundle: the container ends within `");
}
