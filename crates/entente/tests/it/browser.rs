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
