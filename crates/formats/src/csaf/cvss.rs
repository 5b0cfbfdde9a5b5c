//! Scores of an advisory (CVSS 2.0, 3.0, 3.1 of FIRST): their shape, their arithmetic, and their agreement with their
//! vector (6.1.8 to 6.1.10).
//!
//! Owns the metrics and the equations. Must not rank anything: it says only whether the publisher's figures follow.

use std::collections::BTreeMap;

use serde_json::Value;

use super::text;
use crate::finding::{Code, Gathered, shown};

/// A metric: its letters, its property, and its values as letters, word and weight. The flag says that every vector has it.
struct Metric {
    letters: &'static str,
    property: &'static str,
    is_base: bool,
    values: &'static [(&'static str, &'static str, f64)],
}

const fn base(
    letters: &'static str,
    property: &'static str,
    values: &'static [(&'static str, &'static str, f64)],
) -> Metric {
    Metric { letters, property, is_base: true, values }
}

const fn more(
    letters: &'static str,
    property: &'static str,
    values: &'static [(&'static str, &'static str, f64)],
) -> Metric {
    Metric { letters, property, is_base: false, values }
}

type Values = &'static [(&'static str, &'static str, f64)];

const IMPACT_2: Values = &[("N", "NONE", 0.0), ("P", "PARTIAL", 0.275), ("C", "COMPLETE", 0.66)];
const DEMAND_2: Values = &[("L", "LOW", 0.5), ("M", "MEDIUM", 1.0), ("H", "HIGH", 1.51), ("ND", "NOT_DEFINED", 1.0)];
/// Version 2 (FIRST, June 2007, §3.2).
const METRICS_2: &[Metric] = &[
    base("AV", "accessVector", &[("L", "LOCAL", 0.395), ("A", "ADJACENT_NETWORK", 0.646), ("N", "NETWORK", 1.0)]),
    base("AC", "accessComplexity", &[("H", "HIGH", 0.35), ("M", "MEDIUM", 0.61), ("L", "LOW", 0.71)]),
    base("Au", "authentication", &[("M", "MULTIPLE", 0.45), ("S", "SINGLE", 0.56), ("N", "NONE", 0.704)]),
    base("C", "confidentialityImpact", IMPACT_2),
    base("I", "integrityImpact", IMPACT_2),
    base("A", "availabilityImpact", IMPACT_2),
    more(
        "E",
        "exploitability",
        &[
            ("U", "UNPROVEN", 0.85),
            ("POC", "PROOF_OF_CONCEPT", 0.9),
            ("F", "FUNCTIONAL", 0.95),
            ("H", "HIGH", 1.0),
            ("ND", "NOT_DEFINED", 1.0),
        ],
    ),
    more(
        "RL",
        "remediationLevel",
        &[
            ("OF", "OFFICIAL_FIX", 0.87),
            ("TF", "TEMPORARY_FIX", 0.9),
            ("W", "WORKAROUND", 0.95),
            ("U", "UNAVAILABLE", 1.0),
            ("ND", "NOT_DEFINED", 1.0),
        ],
    ),
    more(
        "RC",
        "reportConfidence",
        &[
            ("UC", "UNCONFIRMED", 0.9),
            ("UR", "UNCORROBORATED", 0.95),
            ("C", "CONFIRMED", 1.0),
            ("ND", "NOT_DEFINED", 1.0),
        ],
    ),
    more(
        "CDP",
        "collateralDamagePotential",
        &[
            ("N", "NONE", 0.0),
            ("L", "LOW", 0.1),
            ("LM", "LOW_MEDIUM", 0.3),
            ("MH", "MEDIUM_HIGH", 0.4),
            ("H", "HIGH", 0.5),
            ("ND", "NOT_DEFINED", 0.0),
        ],
    ),
    more(
        "TD",
        "targetDistribution",
        &[
            ("N", "NONE", 0.0),
            ("L", "LOW", 0.25),
            ("M", "MEDIUM", 0.75),
            ("H", "HIGH", 1.0),
            ("ND", "NOT_DEFINED", 1.0),
        ],
    ),
    more("CR", "confidentialityRequirement", DEMAND_2),
    more("IR", "integrityRequirement", DEMAND_2),
    more("AR", "availabilityRequirement", DEMAND_2),
];

/// What stands for a metric that is not given; no metric of version 3 has a weight below nothing.
const UNSET: f64 = -1.0;
const IMPACT_3: Values = &[("N", "NONE", 0.0), ("L", "LOW", 0.22), ("H", "HIGH", 0.56)];
const IMPACT_3_MODIFIED: Values =
    &[("N", "NONE", 0.0), ("L", "LOW", 0.22), ("H", "HIGH", 0.56), ("X", "NOT_DEFINED", UNSET)];
const DEMAND_3: Values = &[("L", "LOW", 0.5), ("M", "MEDIUM", 1.0), ("H", "HIGH", 1.5), ("X", "NOT_DEFINED", 1.0)];
/// Versions 3.0 and 3.1 (§7.4). Privileges weigh more where the scope changes: see [`privileges`].
const METRICS_3: &[Metric] = &[
    base(
        "AV",
        "attackVector",
        &[("N", "NETWORK", 0.85), ("A", "ADJACENT_NETWORK", 0.62), ("L", "LOCAL", 0.55), ("P", "PHYSICAL", 0.2)],
    ),
    base("AC", "attackComplexity", &[("L", "LOW", 0.77), ("H", "HIGH", 0.44)]),
    base("PR", "privilegesRequired", &[("N", "NONE", 0.85), ("L", "LOW", 0.62), ("H", "HIGH", 0.27)]),
    base("UI", "userInteraction", &[("N", "NONE", 0.85), ("R", "REQUIRED", 0.62)]),
    base("S", "scope", &[("U", "UNCHANGED", 0.0), ("C", "CHANGED", 1.0)]),
    base("C", "confidentialityImpact", IMPACT_3),
    base("I", "integrityImpact", IMPACT_3),
    base("A", "availabilityImpact", IMPACT_3),
    more(
        "E",
        "exploitCodeMaturity",
        &[
            ("U", "UNPROVEN", 0.91),
            ("P", "PROOF_OF_CONCEPT", 0.94),
            ("F", "FUNCTIONAL", 0.97),
            ("H", "HIGH", 1.0),
            ("X", "NOT_DEFINED", 1.0),
        ],
    ),
    more(
        "RL",
        "remediationLevel",
        &[
            ("O", "OFFICIAL_FIX", 0.95),
            ("T", "TEMPORARY_FIX", 0.96),
            ("W", "WORKAROUND", 0.97),
            ("U", "UNAVAILABLE", 1.0),
            ("X", "NOT_DEFINED", 1.0),
        ],
    ),
    more(
        "RC",
        "reportConfidence",
        &[("U", "UNKNOWN", 0.92), ("R", "REASONABLE", 0.96), ("C", "CONFIRMED", 1.0), ("X", "NOT_DEFINED", 1.0)],
    ),
    more("CR", "confidentialityRequirement", DEMAND_3),
    more("IR", "integrityRequirement", DEMAND_3),
    more("AR", "availabilityRequirement", DEMAND_3),
    more(
        "MAV",
        "modifiedAttackVector",
        &[
            ("N", "NETWORK", 0.85),
            ("A", "ADJACENT_NETWORK", 0.62),
            ("L", "LOCAL", 0.55),
            ("P", "PHYSICAL", 0.2),
            ("X", "NOT_DEFINED", UNSET),
        ],
    ),
    more("MAC", "modifiedAttackComplexity", &[("L", "LOW", 0.77), ("H", "HIGH", 0.44), ("X", "NOT_DEFINED", UNSET)]),
    more(
        "MPR",
        "modifiedPrivilegesRequired",
        &[("N", "NONE", 0.85), ("L", "LOW", 0.62), ("H", "HIGH", 0.27), ("X", "NOT_DEFINED", UNSET)],
    ),
    more(
        "MUI",
        "modifiedUserInteraction",
        &[("N", "NONE", 0.85), ("R", "REQUIRED", 0.62), ("X", "NOT_DEFINED", UNSET)],
    ),
    more("MS", "modifiedScope", &[("U", "UNCHANGED", 0.0), ("C", "CHANGED", 1.0), ("X", "NOT_DEFINED", UNSET)]),
    more("MC", "modifiedConfidentialityImpact", IMPACT_3_MODIFIED),
    more("MI", "modifiedIntegrityImpact", IMPACT_3_MODIFIED),
    more("MA", "modifiedAvailabilityImpact", IMPACT_3_MODIFIED),
];

/// Bands of severity (3.x §5): the least score of each.
const SEVERITIES: &[(f64, &str)] = &[(9.0, "CRITICAL"), (7.0, "HIGH"), (4.0, "MEDIUM"), (0.1, "LOW"), (0.0, "NONE")];
/// The three scores, with the property of their severity.
const SCORES: &[(&str, &str)] = &[
    ("baseScore", "baseSeverity"),
    ("temporalScore", "temporalSeverity"),
    ("environmentalScore", "environmentalSeverity"),
];
/// How far a figure of one decimal may stand from ours: less than a tenth, more than the error of a binary fraction.
const SLACK: f64 = 1e-6;

/// Weights by the letters of their metrics.
type Weights = BTreeMap<&'static str, f64>;

/// Judges `cvss_v2` or `cvss_v3` at this place.
pub(super) fn judge(cvss: &Value, is_3: bool, at: &str, found: &mut Gathered) {
    let version = text(cvss, &["version"]).unwrap_or_default();
    if !(if is_3 { matches!(version, "3.0" | "3.1") } else { version == "2.0" }) {
        let words = format!("`{}` is no version of it (6.1.8)", shown(version));
        found.error(Code::MissingProperty, format!("{at}/version"), words);
        return;
    }
    let metrics = if is_3 { METRICS_3 } else { METRICS_2 };
    if !shaped(cvss, is_3, metrics, at, found) {
        return;
    }
    let vector = text(cvss, &["vectorString"]).unwrap_or_default();
    let bare = if is_3 { vector.strip_prefix(&format!("CVSS:{version}/")) } else { Some(vector) };
    let Some(given) = bare.and_then(|bare| letters(bare, metrics)) else {
        let words = format!("`{}` is no vector of {version} (6.1.8)", shown(vector));
        found.error(Code::BadValue, format!("{at}/vectorString"), words);
        return;
    };
    let mut weights = Weights::new();
    for metric in metrics {
        let value = given.get(metric.letters).copied().unwrap_or(metric.values.len() - 1);
        let Some((_, word, weight)) = metric.values.get(value) else { continue };
        weights.insert(metric.letters, *weight);
        if text(cvss, &[metric.property]).is_some_and(|told| told != *word) {
            let words = format!("the vector says `{word}` (6.1.10)");
            found.error(Code::Conflict, format!("{at}/{}", metric.property), words);
        }
    }
    let computed = if is_3 { three(&weights, version == "3.1") } else { two(&weights) };
    for ((score, severity), fits) in SCORES.iter().zip(computed) {
        let Some(told) = cvss.get(score).and_then(Value::as_f64) else { continue };
        if !fits.iter().any(|wanted| (wanted - told).abs() < SLACK) {
            let wanted = fits.first().copied().unwrap_or_default();
            found.error(Code::Conflict, format!("{at}/{score}"), format!("the vector gives {wanted:.1} (6.1.9)"));
        }
        let wanted = SEVERITIES.iter().find(|(least, _)| told + SLACK >= *least).map_or("NONE", |(_, word)| word);
        if is_3 && text(cvss, &[severity]).is_some_and(|severity| severity != wanted) {
            found.error(Code::Conflict, format!("{at}/{severity}"), format!("{told} is `{wanted}` (6.1.9)"));
        }
    }
}

/// What the schema of the version demands (6.1.8): what must stand, and every value out of its list.
fn shaped(cvss: &Value, is_3: bool, metrics: &[Metric], at: &str, found: &mut Gathered) -> bool {
    let before = found.errors();
    let demanded = ["vectorString", "baseScore", "baseSeverity"];
    for key in &demanded[..if is_3 { 3 } else { 2 }] {
        if cvss.get(key).is_none() {
            found.error(Code::MissingProperty, format!("{at}/{key}"), "must be given (6.1.8)");
        }
    }
    for (score, severity) in SCORES {
        let within = |value: &Value| value.as_f64().is_some_and(|score| (0.0..=10.0).contains(&score));
        if cvss.get(score).is_some_and(|value| !within(value)) {
            found.error(Code::BadValue, format!("{at}/{score}"), "is a number up to 10 (6.1.8)");
        }
        let named = |value: &Value| SEVERITIES.iter().any(|(_, word)| value == *word);
        if is_3 && cvss.get(severity).is_some_and(|value| !named(value)) {
            found.error(Code::BadChoice, format!("{at}/{severity}"), "is none of the five (6.1.8)");
        }
    }
    for metric in metrics {
        let named = |value: &Value| metric.values.iter().any(|(_, word, _)| value == *word);
        if cvss.get(metric.property).is_some_and(|value| !named(value)) {
            found.error(Code::BadChoice, format!("{at}/{}", metric.property), "is none of its values (6.1.8)");
        }
    }
    found.errors() == before
}

/// The place of each metric's value, every base metric once; nothing when the vector is none.
fn letters(vector: &str, metrics: &[Metric]) -> Option<BTreeMap<&'static str, usize>> {
    let mut given = BTreeMap::new();
    for part in vector.split('/') {
        let (name, value) = part.split_once(':')?;
        let metric = metrics.iter().find(|metric| metric.letters == name)?;
        let place = metric.values.iter().position(|(letters, _, _)| *letters == value)?;
        if given.insert(metric.letters, place).is_some() {
            return None;
        }
    }
    metrics.iter().all(|metric| !metric.is_base || given.contains_key(metric.letters)).then_some(given)
}

fn of(weights: &Weights, letters: &str) -> f64 {
    weights.get(letters).copied().unwrap_or(UNSET)
}

/// What remains where three impacts come together.
fn impacts(weights: &Weights, letters: [&str; 3], demands: [f64; 3]) -> f64 {
    1.0 - letters.into_iter().zip(demands).map(|(letters, demand)| 1.0 - of(weights, letters) * demand).product::<f64>()
}

/// Base, temporal and environmental score by version 2. Where a half is rounded, both neighbours fit.
fn two(weights: &Weights) -> [Vec<f64>; 3] {
    let both = |score: f64| vec![(score * 10.0 + SLACK).round() / 10.0, (score * 10.0 - SLACK).round() / 10.0];
    let near = |score: f64| both(score)[0];
    let exploits = 20.0 * of(weights, "AV") * of(weights, "AC") * of(weights, "Au");
    let whole = |impact: f64| if impact == 0.0 { 0.0 } else { (0.6 * impact + 0.4 * exploits - 1.5) * 1.176 };
    let later = of(weights, "E") * of(weights, "RL") * of(weights, "RC");
    let parts = ["C", "I", "A"];
    let plain = whole(10.41 * impacts(weights, parts, [1.0; 3]));
    let demands = ["CR", "IR", "AR"].map(|letters| of(weights, letters));
    let adjusted = near(near(whole((10.41 * impacts(weights, parts, demands)).min(10.0))) * later);
    let around = (adjusted + (10.0 - adjusted) * of(weights, "CDP")) * of(weights, "TD");
    [both(plain), both(near(plain) * later), both(around)]
}

/// Base, temporal and environmental score by version 3. The reference program of 3.0 rounds the error of its binary
/// fractions up; both its figure and the exact one fit.
fn three(weights: &Weights, is_3_1: bool) -> [Vec<f64>; 3] {
    let later = of(weights, "E") * of(weights, "RL") * of(weights, "RC");
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    for up in if is_3_1 { &[exact as fn(f64) -> f64][..] } else { &[exact as fn(f64) -> f64, plain] } {
        let parts = ["AV", "AC", "PR", "UI", "S", "C", "I", "A"].map(|letters| of(weights, letters));
        let iss = impacts(weights, ["C", "I", "A"], [1.0; 3]);
        let base = score(parts, iss, (0.02, 15, 1.0), *up);
        all[0].push(base);
        all[1].push(up(base * later));
        // A modified metric that is not given is as the base has it.
        let mut modified = weights.clone();
        for letters in ["AV", "AC", "PR", "UI", "S", "C", "I", "A"] {
            let own = METRICS_3.iter().find(|metric| metric.letters.strip_prefix('M') == Some(letters));
            let given = own.map_or(UNSET, |metric| of(weights, metric.letters));
            if given >= 0.0 {
                modified.insert(letters, given);
            }
        }
        let parts = ["AV", "AC", "PR", "UI", "S", "C", "I", "A"].map(|letters| of(&modified, letters));
        let demands = ["CR", "IR", "AR"].map(|letters| of(weights, letters));
        let miss = impacts(&modified, ["C", "I", "A"], demands).min(0.915);
        let curve = if is_3_1 { (0.02, 13, 0.9731) } else { (0.02, 15, 1.0) };
        all[2].push(up(score(parts, miss, curve, *up) * later));
    }
    all
}

/// The equation base and environmental score share (3.1 §7.1, §7.3).
fn score(parts: [f64; 8], impact: f64, (less, power, times): (f64, i32, f64), up: fn(f64) -> f64) -> f64 {
    let [vector, complexity, privileges, interaction, scope, ..] = parts;
    let changed = scope > 0.0;
    let impact =
        if changed { 7.52 * (impact - 0.029) - 3.25 * (impact * times - less).powi(power) } else { 6.42 * impact };
    if impact <= 0.0 {
        return 0.0;
    }
    let exploits = 8.22 * vector * complexity * self::privileges(privileges, changed) * interaction;
    let whole = (impact + exploits) * if changed { 1.08 } else { 1.0 };
    up(whole.min(10.0))
}

/// Privileges weigh more where the scope changes.
fn privileges(weight: f64, changed: bool) -> f64 {
    match weight {
        low if changed && low == 0.62 => 0.68,
        high if changed && high == 0.27 => 0.5,
        other => other,
    }
}

/// Up to the next tenth, by whole numbers (3.1, appendix A).
fn exact(score: f64) -> f64 {
    let whole = (score * 100_000.0).round();
    if whole % 10_000.0 == 0.0 { whole / 100_000.0 } else { ((whole / 10_000.0).floor() + 1.0) / 10.0 }
}

/// Up to the next tenth as version 3.0 does.
fn plain(score: f64) -> f64 {
    (score * 10.0).ceil() / 10.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Vectors with the scores FIRST's own examples and calculator give.
    #[test]
    fn figures_follow_from_their_vector() {
        fn check(version: &str, vector: &str, scores: [f64; 3], severity: &str) {
            let is_3 = version != "2.0";
            let whole = |scores: [f64; 3]| {
                let mut cvss = json!({"version": version, "vectorString": vector, "baseScore": scores[0],
                    "temporalScore": scores[1], "environmentalScore": scores[2]});
                if is_3 {
                    cvss["baseSeverity"] = json!(severity);
                }
                cvss
            };
            let judged = |cvss: &Value| {
                let mut found = Gathered::default();
                judge(cvss, is_3, "", &mut found);
                found.into_read(Some(())).findings
            };
            assert_eq!(judged(&whole(scores)), [], "{vector}");
            // Two tenths off: a half may be rounded either way.
            for place in 0..3 {
                let mut wrong = scores;
                wrong[place] = if wrong[place] > 5.0 { wrong[place] - 0.2 } else { wrong[place] + 0.2 };
                assert!(judged(&whole(wrong)).iter().any(|found| found.code == "conflict"), "{vector} {wrong:?}");
            }
        }
        // The three examples of the guide to version 2 (§3.3), with their environments.
        check("2.0", "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", [7.8, 6.4, 9.2], "");
        check("2.0", "AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L", [10.0, 8.3, 9.0], "");
        check("2.0", "AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M", [6.2, 4.9, 7.5], "");
        check("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", [9.8, 9.8, 9.8], "CRITICAL");
        check("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", [6.1, 6.1, 6.1], "MEDIUM");
        check("3.1", "CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", [4.2, 4.2, 4.2], "MEDIUM");
        check("3.0", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", [10.0, 10.0, 10.0], "CRITICAL");
        check("3.1", "CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:U/C:N/I:N/A:N", [0.0, 0.0, 0.0], "NONE");
    }
}
