//! What an advisory says of each vulnerability: products that exist, no contradiction (6.1.1, 6.1.4, 6.1.6, 6.1.7, 6.1.23,
//! 6.1.24, 6.1.27, 6.1.29, 6.1.32, 6.1.33). Scores and weaknesses are judged in `cvss` and `weaknesses`.
//!
//! Owns the statements. Must not know the tree beyond which products it defines.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::products::Known;
use super::weaknesses::Weaknesses;
use super::{cvss, list, text};
use crate::finding::{Code, Gathered, shown};

/// States of a product, and which of them cannot stand together (6.1.6).
const STATES: &[(&str, u8)] = &[
    ("first_affected", 1),
    ("known_affected", 1),
    ("last_affected", 1),
    ("first_fixed", 2),
    ("fixed", 2),
    ("known_not_affected", 3),
    ("under_investigation", 4),
];

/// Judges `/vulnerabilities`.
pub(super) fn judge(whole: &Value, known: &Known, found: &mut Gathered) {
    let mut cves = BTreeSet::new();
    let weaknesses = Weaknesses::new();
    let category = text(whole, &["document", "category"]).unwrap_or_default();
    for (place, vulnerability) in list(whole, "vulnerabilities").enumerate() {
        let at = format!("/vulnerabilities/{place}");
        if let Some(cve) = text(vulnerability, &["cve"]) {
            if !is_cve(cve) {
                found.error(Code::BadId, format!("{at}/cve"), format!("`{}` is no CVE", shown(cve)));
            }
            if !cves.insert(cve) {
                found.error(Code::Repeated, format!("{at}/cve"), format!("`{}` stands twice (6.1.23)", shown(cve)));
            }
        }
        if let Some(cwe) = vulnerability.get("cwe") {
            weaknesses.judge(cwe, &format!("{at}/cwe"), found);
        }
        states(vulnerability, &at, known, found);
        scores(vulnerability, &at, known, found);
        involvements(vulnerability, &at, found);
        for (key, rule) in [("remediations", Some("6.1.29")), ("flags", Some("6.1.32")), ("threats", None)] {
            pointed(vulnerability, key, rule, &at, known, found);
        }
        flags(vulnerability, &at, known, found);
        if category == "csaf_vex" || category == "csaf_security_advisory" {
            profile(vulnerability, category, &at, known, found);
        }
    }
}

/// What a profile demands of each (6.1.27.5 to 6.1.27.8).
fn profile(vulnerability: &Value, category: &str, at: &str, known: &Known, found: &mut Gathered) {
    let has = |key: &str| vulnerability.get(key).is_some();
    if !has("notes") {
        found.error(Code::MissingProperty, format!("{at}/notes"), "the profile demands it (6.1.27.5)");
    }
    if !has("product_status") {
        found.error(Code::MissingProperty, format!("{at}/product_status"), "the profile demands it (6.1.27.6)");
    }
    if category == "csaf_vex" {
        let states = ["fixed", "known_affected", "known_not_affected", "under_investigation"];
        if !states.iter().any(|state| vulnerability["product_status"].get(state).is_some()) {
            found.error(
                Code::MissingProperty,
                format!("{at}/product_status"),
                "has none of the four states (6.1.27.7)",
            );
        }
        if !has("cve") && !has("ids") {
            found.error(Code::MissingProperty, format!("{at}/cve"), "a CVE or another id (6.1.27.8)");
        }
        reasons(vulnerability, at, known, found);
    }
}

/// Not affected says why, affected what to do (6.1.27.9, 6.1.27.10).
fn reasons(vulnerability: &Value, at: &str, known: &Known, found: &mut Gathered) {
    for (state, lists, rule) in [
        ("known_not_affected", &["flags", "threats"][..], "6.1.27.9"),
        ("known_affected", &["remediations"], "6.1.27.10"),
    ] {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for item in lists.iter().flat_map(|key| list(vulnerability, key)) {
            named.extend(list(item, "product_ids").filter_map(Value::as_str));
            let groups = list(item, "group_ids").filter_map(Value::as_str).filter_map(|id| known.groups.get(id));
            named.extend(groups.flatten().map(String::as_str));
        }
        let mut stated = list(&vulnerability["product_status"], state).filter_map(Value::as_str);
        if stated.any(|id| !named.contains(id)) {
            let here = format!("{at}/product_status/{state}");
            found.error(
                Code::MissingProperty,
                here,
                format!("a product is named of which {} says nothing ({rule})", lists[0]),
            );
        }
    }
}

fn states(vulnerability: &Value, at: &str, known: &Known, found: &mut Gathered) {
    let status = &vulnerability["product_status"];
    let mut of: BTreeMap<&str, u8> = BTreeMap::new();
    for (state, class) in STATES {
        for (place, id) in list(status, state).enumerate() {
            let here = format!("{at}/product_status/{state}/{place}");
            known.product(id, &here, found);
            let Some(id) = id.as_str() else { continue };
            if *of.entry(id).or_insert(*class) != *class {
                found.error(Code::Conflict, here, format!("`{}` is in two states (6.1.6)", shown(id)));
            }
        }
    }
    for (place, id) in list(status, "recommended").enumerate() {
        known.product(id, &format!("{at}/product_status/recommended/{place}"), found);
    }
}

/// One product has one score of each version (6.1.7).
fn scores(vulnerability: &Value, at: &str, known: &Known, found: &mut Gathered) {
    let mut seen = BTreeSet::new();
    for (place, score) in list(vulnerability, "scores").enumerate() {
        let at = format!("{at}/scores/{place}");
        for (place, id) in list(score, "products").enumerate() {
            known.product(id, &format!("{at}/products/{place}"), found);
        }
        for version in ["cvss_v2", "cvss_v3"] {
            let Some(cvss) = score.get(version) else { continue };
            cvss::judge(cvss, version == "cvss_v3", &format!("{at}/{version}"), found);
            for id in list(score, "products").filter_map(Value::as_str) {
                // 3.0 and 3.1 are two versions.
                let exact = text(cvss, &["version"]).unwrap_or(version);
                if !seen.insert((exact, id)) {
                    let words = format!("`{}` has two scores of one version (6.1.7)", shown(id));
                    found.error(Code::Repeated, format!("{at}/products"), words);
                }
            }
        }
    }
}

/// One party is involved once a day (6.1.24).
fn involvements(vulnerability: &Value, at: &str, found: &mut Gathered) {
    let mut seen = BTreeSet::new();
    for (place, involvement) in list(vulnerability, "involvements").enumerate() {
        if !seen.insert((text(involvement, &["party"]), text(involvement, &["date"]))) {
            found.error(Code::Repeated, format!("{at}/involvements/{place}"), "one party twice at one date (6.1.24)");
        }
    }
}

/// What is said of products names them.
fn pointed(vulnerability: &Value, key: &str, rule: Option<&str>, at: &str, known: &Known, found: &mut Gathered) {
    for (place, item) in list(vulnerability, key).enumerate() {
        let at = format!("{at}/{key}/{place}");
        for (place, id) in list(item, "product_ids").enumerate() {
            known.product(id, &format!("{at}/product_ids/{place}"), found);
        }
        for (place, id) in list(item, "group_ids").enumerate() {
            known.group(id, &format!("{at}/group_ids/{place}"), found);
        }
        if let Some(rule) = rule
            && item.get("product_ids").is_none()
            && item.get("group_ids").is_none()
        {
            found.error(Code::MissingProperty, at, format!("names no product ({rule})"));
        }
    }
}

/// One product has one flag that says why it is not affected (6.1.33).
fn flags(vulnerability: &Value, at: &str, known: &Known, found: &mut Gathered) {
    let mut seen = BTreeSet::new();
    for (place, flag) in list(vulnerability, "flags").enumerate() {
        let groups = list(flag, "group_ids").filter_map(Value::as_str).filter_map(|id| known.groups.get(id)).flatten();
        let own = list(flag, "product_ids").filter_map(Value::as_str);
        let of: BTreeSet<&str> = own.chain(groups.map(String::as_str)).collect();
        for id in of {
            if !seen.insert(id) {
                let words = format!("`{}` has two flags (6.1.33)", shown(id));
                found.error(Code::Conflict, format!("{at}/flags/{place}"), words);
            }
        }
    }
}

fn is_cve(text: &str) -> bool {
    let mut parts = text.split('-');
    let digits = |text: Option<&str>, least: usize| {
        text.is_some_and(|text| {
            text.len() >= least && text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    parts.next() == Some("CVE") && digits(parts.next(), 4) && digits(parts.next(), 4) && parts.next().is_none()
}
