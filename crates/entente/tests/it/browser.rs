//! The pages in a real browser: the main case from desk to closed, accessibility, quiet, and the picture in the README.
//!
//! Owns which tests there are and in which window, language and scheme they run. Must not know how a browser is driven
//! (`driver`), nor what is done on the pages (`story`, `sweep`).

use std::fs;
use std::path::Path;

use driver::{Browser, DESKTOP, PHONE, Script, Tab, Window};
use exercise::{Exercise, House};
use story::{Asked, Askers};
use tokio::task::{LocalSet, spawn_local};

mod axe;
mod driver;
mod exercise;
mod story;
mod sweep;

/// Where pictures of every page go when somebody wants to look at them; none are taken otherwise.
const PICTURES: &str = "ENTENTE_PICTURES";
/// The picture at the head of the README.
const SHOWPIECE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/screenshot.png");
/// Its window: what a README column shows without scaling the letters away.
const SHOWPIECE_WINDOW: Window = Window { width: 1280, height: 860, phone: false };
/// Its largest size, so that the README opens fast.
const SHOWPIECE_BYTES_MAX: usize = 300 * 1024;

const FIRST_SIDE_ASKS: Askers = Askers { drafter: "d.ferris", approver: "k.nairn", legal: "h.vance" };
const SECOND_SIDE_ASKS: Askers = Askers { drafter: "qian.wei", approver: "shen.lu", legal: "cao.rui" };
const FIRST_SIDE_ASKED: Asked =
    Asked { office: "GB-NCSC", intake: "p.okoro", legal: "h.vance", decides: "l.brandt", executes: "d.ferris" };
const SECOND_SIDE_ASKED: Asked =
    Asked { office: "CN-CNCERT", intake: "yu.peng", legal: "cao.rui", decides: "feng.ning", executes: "qian.wei" };

/// One persona of each kind of work in the offices whose desks are fullest.
const ONLOOKERS: &[&str] =
    &["r.osei", "m.hale", "t.lindqvist", "a.rahman", "c.whitlock", "e.pryce", "j.adeyemi", "d.ferris", "k.nairn"];

/// Who reads everything.
const READER: &str = "s.thornbury";

#[tokio::test]
async fn the_main_case_in_english_at_a_desk() {
    with_demo(DESKTOP, Script::On, async |tab, [first, second]| {
        first.open(&tab, "/sign-in?lang=en").await;
        story::play(&tab, [&first, &second], FIRST_SIDE_ASKS, SECOND_SIDE_ASKED).await;
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn the_main_case_in_chinese_on_a_phone() {
    with_demo(PHONE, Script::On, async |tab, [first, second]| {
        second.open(&tab, "/sign-in?lang=zh").await;
        story::play(&tab, [&second, &first], SECOND_SIDE_ASKS, FIRST_SIDE_ASKED).await;
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn desk_case_and_act_without_script() {
    with_demo(DESKTOP, Script::Off, async |tab, [first, _]| {
        first.enter(&tab, "m.hale").await;
        assert!(!tab.has("html[data-script]").await, "no script of the page has run");
        let mut offered = Vec::new();
        for officer in ONLOOKERS {
            first.enter(&tab, officer).await;
            tab.wait_for("main table caption").await;
            let Some(case) = tab.link("main a[href^='/cases/']:not([href*='/do/'])").await else { continue };
            first.open(&tab, &case).await;
            tab.wait_for(".lanes .act").await;
            if let Some(act) = tab.link(".next a[href$='/do/ask']").await {
                offered.push(act);
                break;
            }
        }
        let act = offered.pop().expect("somebody may ask a question in a case");
        tab.follow(&format!(".next a[href='{act}']")).await;
        // Nothing typed: the page comes back and names it; typed, it goes to the last page before the signature.
        tab.follow("#act .next button[value=review]").await;
        tab.wait_for("[role=alert] a").await;
        tab.write("[name='words.en']", "Which host is meant?").await;
        tab.write("[name='words.zh']", "所指为哪一台主机？").await;
        tab.follow("#act .next button[value=review]").await;
        tab.follow("main button[value=sign]").await;
        assert!(tab.said().await.contains("Which host is meant?"), "the question stands in the case");
    })
    .await;
}

#[tokio::test]
async fn every_page_in_english() {
    every_page(("en", "en-GB")).await;
}

#[tokio::test]
async fn every_page_in_chinese() {
    every_page(("zh", "zh-Hans")).await;
}

#[tokio::test]
async fn the_picture_in_the_readme() {
    with_demo(SHOWPIECE_WINDOW, Script::On, async |tab, [first, _]| {
        first.enter(&tab, "m.hale").await;
        first.open(&tab, "/cases?lang=en&stage=conditions-offered&direction=outgoing").await;
        let case = tab.link("main tbody a[href^='/cases/']").await.expect("the exercise has a request with conditions");
        first.open(&tab, &case).await;
        let picture = tab.picture().await;
        assert!(picture.len() <= SHOWPIECE_BYTES_MAX, "the picture has {} bytes", picture.len());
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(SHOWPIECE, picture).expect("the picture can be written");
        }
        assert!(Path::new(SHOWPIECE).is_file(), "docs/screenshot.png is missing: run with UPDATE_EXPECT=1");
    })
    .await;
}

/// A clock that runs out changes more of a case than its lanes: all of it comes by itself, and nothing of the reader's goes.
#[tokio::test]
async fn a_case_brings_all_of_itself_up_to_date() {
    const READ: &str = "const text = (css) => document.querySelector(css)?.textContent.trim() ?? '';
        return [text('.due'), text('.ladder [aria-current]'), text('#live .state .late'), text('#proof p'), text('#told')];";
    const MOVE_ON: &str = "const [done] = arguments, form = document.querySelector('.drill form'), body = new URLSearchParams(new FormData(form));
        body.set('by', 'week');
        fetch(form.action, { method: 'POST', body, redirect: 'manual' }).then(() => done(true), (why) => done(String(why)));";
    with_demo(DESKTOP, Script::On, async |tab, [first, _]| {
        first.enter(&tab, READER).await;
        first.open(&tab, "/cases?lang=en&stage=acknowledged").await;
        let case = tab.link("main tbody a[href^='/cases/']").await.expect("the exercise has a request to decide on");
        first.open(&tab, &case).await;
        let last = tab.ask("return [...document.querySelectorAll('.act')].pop().id", vec![]).await;
        tab.ask("document.querySelector('#proof-acts').open = true; window.unmoved = true", vec![]).await;
        let before = tab.ask(READ, vec![]).await;
        // Until a level is reached: how many weeks that takes is the instrument's to say.
        for _ in 0..4 {
            assert_eq!(tab.ask_later(MOVE_ON, vec![]).await, true, "the clocks move on");
        }
        let id = last.as_str().expect("an act has an id");
        tab.wait_for(&format!(".lanes .step:has(#{id}) ~ .step .act.machine")).await;
        tab.wait_for("#live .state .late").await;
        let after = tab.ask(READ, vec![]).await;
        for (part, (was, is)) in ["due", "ladder", "level", "proof"]
            .iter()
            .zip(before.as_array().into_iter().flatten().zip(after.as_array().into_iter().flatten()))
        {
            assert_ne!(was, is, "the {part} stayed behind the lanes");
        }
        assert_eq!(tab.ask("return window.unmoved === true", vec![]).await, true, "the page was not loaded anew");
        assert!(tab.has("#proof-acts[open]").await, "what the reader had opened stays open");
        assert!(tab.has(".act.fresh").await, "what is new is shown to be new");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
    })
    .await;
}

/// On paper a case has no controls, both lanes beside each other, everything unfolded, and ends with its proof.
#[tokio::test]
async fn a_case_on_paper() {
    const LOOK: &str = "const seen = (e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.getBoundingClientRect().height > 0;
        const all = (css) => [...document.querySelectorAll(css)];
        const box = (css) => document.querySelector(css).getBoundingClientRect();
        const parts = all('main section, main aside').filter(seen);
        return { controls: all('button, input, select, textarea, .next a, .main-nav a').filter(seen).map((e) => e.outerHTML.slice(0, 80)),
            apart: box('.step.r .act').left - box('.step:not(.r) .act').right, width: box('.step .act').width,
            folded: all('details > :not(summary)').filter((e) => !seen(e)).length, last: parts.pop().id,
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth };";
    // A sheet of A4 without its margins.
    const SHEET: Window = Window { width: 688, height: 1000, phone: false };
    with_demo(SHEET, Script::On, async |tab, [first, _]| {
        first.enter(&tab, READER).await;
        for lang in ["en", "zh"] {
            first.open(&tab, &format!("/cases?lang={lang}&stage=conditions-offered")).await;
            let case = tab.link("main tbody a[href^='/cases/']").await.expect("the exercise has such a case");
            first.open(&tab, &case).await;
            tab.on_paper(true).await;
            let seen = tab.ask(LOOK, vec![]).await;
            tab.on_paper(false).await;
            assert_eq!(seen["controls"], serde_json::json!([]), "{lang}: nothing to press on paper");
            assert!(seen["apart"].as_f64().is_some_and(|pixels| pixels > 0.0), "{lang}: the lanes stand apart: {seen}");
            assert!(seen["width"].as_f64().is_some_and(|pixels| pixels > 200.0), "{lang}: and can be read: {seen}");
            assert_eq!(seen["folded"], 0, "{lang}: nothing stays folded");
            assert_eq!(seen["last"], "proof", "{lang}: the proof ends it");
            assert_eq!(seen["wide"], 0, "{lang}: it fits the sheet");
        }
    })
    .await;
}

/// Measures every page in one language through both windows in both schemes, and reports all findings at once.
async fn every_page(language: (&'static str, &'static str)) {
    let pictures = std::env::var_os(PICTURES).map(|at| Path::new(&at).join(language.0));
    with_demo(DESKTOP, Script::On, async move |tab, [first, _]| {
        let pages = sweep::find(&tab, &first, ONLOOKERS, READER).await;
        let mut found = Vec::new();
        for window in [DESKTOP, PHONE] {
            let see = async |tab: &Tab, path: &str, dark: bool| {
                let Some(folder) = &pictures else { return };
                fs::create_dir_all(folder).expect("the folder of pictures can be made");
                let scheme = if dark { "dark" } else { "light" };
                let name = path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
                let at = folder.join(format!("{}-{scheme}{name}.png", window.width));
                fs::write(at, tab.picture_of_page(window).await).expect("a picture can be written");
            };
            found.extend(sweep::measure(&tab, &first, &pages, language, window, see).await);
        }
        assert!(pages.values().map(|paths| paths.len()).sum::<usize>() > 20, "too few pages were found: {pages:?}");
        assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
    })
    .await;
}

/// Starts a demo and a browser, runs the test, and ends both, whether it held or not.
async fn with_demo<F>(window: Window, script: Script, test: impl FnOnce(Tab, [House; 2]) -> F)
where
    F: Future<Output = ()> + 'static,
{
    let exercise = Exercise::start();
    let browser = Browser::start(window, script).await;
    let (tab, houses) = (browser.tab(), exercise.houses.clone());
    // A task of its own, so that a failure in it still lets the browser be ended.
    let held = LocalSet::new().run_until(async { spawn_local(test(tab, houses)).await }).await;
    browser.end().await;
    if let Err(why) = held {
        std::panic::resume_unwind(why.into_panic());
    }
}
