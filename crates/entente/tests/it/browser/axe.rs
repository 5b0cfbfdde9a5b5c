//! What axe-core finds on a page.
//!
//! Owns the vendored engine and the reading of its report. Must not know any page.

use serde_json::{Value, json};

use super::driver::Tab;

/// axe-core 4.14.1, MPL-2.0, as published on npm; its licence lies beside it.
const ENGINE: &str = include_str!("../../vendor/axe-core-4.14.1.min.js");

/// Runs the rules given by the first argument and answers with one line a violation.
const RUN: &str = "const [options, done] = arguments;
    axe.run(document, options).then((report) => done(report.violations.flatMap((rule) => rule.nodes.map((node) =>
        rule.id + ': ' + node.target.join(' ') + ' ' + node.html.slice(0, 160) + ' ' +
        [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ')))), (why) => done([String(why)]));";

/// Brings the engine to every page opened from now on: beside the page's own scripts, so that its policy need not admit it.
pub(crate) async fn install(tab: &Tab) {
    tab.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": ENGINE })).await;
}

/// Every violation of WCAG 2.2 A and AA and of axe's own good practice.
pub(crate) async fn violations(tab: &Tab) -> Vec<String> {
    let tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    run(tab, json!({ "resultTypes": ["violations"], "runOnly": { "type": "tag", "values": tags } })).await
}

/// The violations that a change of scheme alone can bring.
pub(crate) async fn contrast(tab: &Tab) -> Vec<String> {
    run(tab, json!({ "resultTypes": ["violations"], "runOnly": { "type": "rule", "values": ["color-contrast"] } }))
        .await
}

async fn run(tab: &Tab, options: Value) -> Vec<String> {
    let found = tab.ask_later(RUN, vec![options]).await;
    let lines = found.as_array().cloned().unwrap_or_else(|| vec![found]);
    lines.iter().map(|line| line.as_str().map_or_else(|| line.to_string(), str::to_owned)).collect()
}
