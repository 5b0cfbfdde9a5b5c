//! Every page, measured: accessible, quiet, of our own house only, no wider than its window, small.
//!
//! Owns how pages are found (by following what each persona is offered) and what is measured. Must not know what any
//! page says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::axe;
use super::driver::{Tab, Window};
use super::exercise::House;

/// The largest page, in bytes of HTML (the design's promise).
const PAGE_BYTES_MAX: u64 = 100 * 1024;

/// Pages no link on a desk leads to.
const BESIDE: &[&str] = &["/sign-in", "/help", "/new", "/cases?due=overdue", "/cases/none-such"];

/// What a page says of itself: language, bytes, width and what is wider than it, and other houses it talked to.
const MEASURE: &str = "const root = document.documentElement, width = root.clientWidth;
    const scrolled = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return true; } return false; };
    const wide = root.scrollWidth > width ? [...document.body.querySelectorAll('*')].filter((e) =>
        e.getBoundingClientRect().right > width + 1 && !scrolled(e)).slice(0, 4).map((e) => e.outerHTML.slice(0, 90)) : [];
    return { lang: root.lang, bytes: performance.getEntriesByType('navigation')[0].decodedBodySize, wide,
        overflow: root.scrollWidth - width,
        foreign: performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.startsWith(location.origin + '/')) };";

/// The links of a page that lead to pages of this house.
const LINKS: &str = "return [...document.querySelectorAll(arguments[0])].map((a) => a.getAttribute('href'))";

/// Pages by who sees them: one of each kind is enough, and which kinds there are depends on who looks.
pub(crate) type Pages = BTreeMap<String, BTreeSet<String>>;

/// Follows what these personas are offered: everything in the navigation, drafts, the cases that wait for them with one
/// form of each act; and what the `reader` sees of the rest, one case in each stage.
pub(crate) async fn find(tab: &Tab, house: &House, officers: &[&str], reader: &str) -> Pages {
    axe::install(tab).await;
    let mut pages = Pages::new();
    let mut kinds = BTreeSet::new();
    for officer in officers.iter().chain([&reader]) {
        house.enter(tab, officer).await;
        let own = pages.entry((*officer).to_owned()).or_default();
        own.insert("/desk".to_owned());
        let nav = links(tab, ".main-nav a").await;
        let drafts = links(tab, "main a[href^='/drafts/']").await;
        let mut cases = links(tab, "tr.mine a[href^='/cases/']").await;
        if officer == &reader {
            house.open(tab, "/cases").await;
            cases.extend(links(tab, "main a[href^='/cases/']").await);
        }
        for path in nav.into_iter().chain(BESIDE.iter().map(ToString::to_string)) {
            if kinds.insert(path.clone()) {
                own.insert(path);
            }
        }
        if let Some(draft) = drafts.first().filter(|_| kinds.insert(format!("{officer} drafts"))) {
            own.insert(draft.clone());
        }
        for case in cases {
            if case.contains("/do/") {
                insert_form(own, &mut kinds, case);
                continue;
            }
            house.open(tab, &case).await;
            let stage =
                tab.ask("return document.querySelector('.track [aria-current]')?.textContent ?? ''", vec![]).await;
            if kinds.insert(format!("case {stage}")) {
                own.insert(case);
            }
            for form in links(tab, "main a[href*='/do/']").await {
                insert_form(own, &mut kinds, form);
            }
        }
    }
    pages
}

fn insert_form(own: &mut BTreeSet<String>, kinds: &mut BTreeSet<String>, form: String) {
    let act = form.rsplit('/').next().unwrap_or_default();
    if kinds.insert(format!("form {act}")) {
        own.insert(form);
    }
}

async fn links(tab: &Tab, css: &str) -> BTreeSet<String> {
    let found = tab.ask(LINKS, vec![json!(css)]).await;
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Measures every page in one language through one window; `see` is shown each page in both schemes.
pub(crate) async fn measure(
    tab: &Tab,
    house: &House,
    pages: &Pages,
    (lang, tag): (&str, &str),
    window: Window,
    mut see: impl AsyncFnMut(&Tab, &str, bool),
) -> Vec<String> {
    let mut found = Vec::new();
    tab.through(window).await;
    for (officer, paths) in pages {
        house.enter(tab, officer).await;
        tab.complaints().await;
        for path in paths {
            let joint = if path.contains('?') { '&' } else { '?' };
            tab.dark(false).await;
            house.open(tab, &format!("{path}{joint}lang={lang}")).await;
            let mut wrong = looks(tab, tag).await;
            wrong.extend(axe::violations(tab).await);
            see(tab, path, false).await;
            tab.dark(true).await;
            wrong.extend(axe::contrast(tab).await.into_iter().map(|line| format!("dark: {line}")));
            see(tab, path, true).await;
            // A page that is not there is expected to say so to the browser too.
            wrong.extend(tab.complaints().await.into_iter().filter(|line| !line.contains("none-such")));
            found.extend(wrong.into_iter().map(|line| format!("{officer} {path} {lang} {}: {line}", window.width)));
        }
    }
    tab.dark(false).await;
    found
}

/// What is wrong with the page as a page.
async fn looks(tab: &Tab, tag: &str) -> Vec<String> {
    let measured = tab.ask(MEASURE, vec![]).await;
    let mut wrong = Vec::new();
    if measured["lang"] != tag && !tab.address().await.as_str().contains("none-such") {
        wrong.push(format!("is in {}, not {tag}", measured["lang"]));
    }
    if measured["bytes"].as_u64().is_none_or(|bytes| bytes > PAGE_BYTES_MAX) {
        wrong.push(format!("has {} bytes, {PAGE_BYTES_MAX} at most", measured["bytes"]));
    }
    if measured["overflow"].as_i64().is_none_or(|pixels| pixels > 0) {
        wrong.push(format!("is {} pixels too wide: {}", measured["overflow"], measured["wide"]));
    }
    if measured["foreign"] != json!([]) {
        wrong.push(format!("asks other houses: {}", measured["foreign"]));
    }
    wrong
}
