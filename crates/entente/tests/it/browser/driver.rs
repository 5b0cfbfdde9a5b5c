//! A real browser, driven through WebDriver.
//!
//! Owns starting and ending chromedriver and Chromium, what is emulated, and the few gestures the tests make. Must not
//! know any page of the program.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// How long anything may take to appear: the slowest is an act that crosses, on a machine busy with other tests.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What Chromium is started with: no window, no first-run pages, no talk with its maker.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--hide-scrollbars",
    "--lang=en-GB",
];

/// How often a click is tried on what is being replaced; twice is already unlikely.
const CLICKS_MAX: usize = 5;

/// The longest picture, in CSS pixels: the browser draws no longer one in one piece.
const PICTURE_HEIGHT_MAX: u32 = 12_000;

/// A window to look through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// CSS pixels across.
    pub(crate) width: u32,
    /// CSS pixels down.
    pub(crate) height: u32,
    /// Whether it is a phone's.
    pub(crate) phone: bool,
}

/// The window of an office.
pub(crate) const DESKTOP: Window = Window { width: 1280, height: 900, phone: false };
/// The window of a duty officer on the way.
pub(crate) const PHONE: Window = Window { width: 390, height: 844, phone: true };

/// Whether pages may run their scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// They may.
    On,
    /// The browser's setting forbids it.
    Off,
}

/// A browser with one tab.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    profile: PathBuf,
}

impl Browser {
    /// Starts a browser with a fresh profile.
    pub(crate) async fn start(window: Window, script: Script) -> Self {
        let profile = folder("profile");
        let (driver, port) = driver();
        let capabilities = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": program("chromium"),
                "args": FLAGS.iter().map(ToString::to_string).chain([format!("--user-data-dir={}", profile.display())]).collect::<Vec<_>>(),
                "prefs": match script {
                    Script::On => json!({}),
                    Script::Off => json!({ "profile.managed_default_content_settings.javascript": 2 }),
                },
            },
        });
        let Value::Object(capabilities) = capabilities else { panic!("capabilities are an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts");
        let browser = Self { client, driver, profile };
        browser.through(window).await;
        browser
    }

    /// Ends it. To be called also after a failure: Chromium outlives its driver.
    pub(crate) async fn end(mut self) {
        _ = self.client.clone().close().await;
        _ = self.driver.kill();
        _ = self.driver.wait();
        _ = fs::remove_dir_all(&self.profile);
    }

    /// Its tab.
    pub(crate) fn tab(&self) -> Tab {
        Tab(self.client.clone())
    }

    async fn through(&self, window: Window) {
        self.tab().through(window).await;
    }
}

/// The tab, for who drives it.
#[derive(Clone)]
pub(crate) struct Tab(Client);

impl Tab {
    /// Looks through another window.
    pub(crate) async fn through(&self, window: Window) {
        let Window { width, height, phone } = window;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Prefers the dark or the light scheme.
    pub(crate) async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    /// Lays pages out as for paper, or for the screen again.
    pub(crate) async fn on_paper(&self, paper: bool) {
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": if paper { "print" } else { "" } })).await;
    }

    /// Opens an address.
    pub(crate) async fn open(&self, address: &str) {
        self.0.goto(address).await.unwrap_or_else(|why| panic!("{address} does not open: {why}"));
    }

    /// The address shown.
    pub(crate) async fn address(&self) -> Url {
        self.0.current_url().await.expect("a tab has an address")
    }

    /// The path shown.
    pub(crate) async fn path(&self) -> String {
        self.address().await.path().to_owned()
    }

    /// Runs a script of the test, not of the page, and returns what it returns.
    pub(crate) async fn ask(&self, script: &str, args: Vec<Value>) -> Value {
        self.0.execute(script, args).await.unwrap_or_else(|why| panic!("`{script:.80}` fails: {why}"))
    }

    /// The same for a script that answers through its last argument.
    pub(crate) async fn ask_later(&self, script: &str, args: Vec<Value>) -> Value {
        self.0.execute_async(script, args).await.unwrap_or_else(|why| panic!("`{script:.80}` fails: {why}"))
    }

    /// Whether anything matches.
    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.0.find_all(Locator::Css(css)).await.expect("a page can be searched").is_empty()
    }

    /// Where the first match links to.
    pub(crate) async fn link(&self, css: &str) -> Option<String> {
        let found = self.0.find_all(Locator::Css(css)).await.expect("a page can be searched");
        found.first()?.attr("href").await.expect("an element has attributes")
    }

    /// Clicks the first match, once there is one.
    pub(crate) async fn click(&self, css: &str) {
        // A page that brings itself up to date may take the element away between finding and clicking it.
        for _ in 0..CLICKS_MAX {
            match self.wait_for(css).await.click().await {
                Err(why) if why.is_stale_element_reference() => {}
                Err(why) => panic!("`{css}` cannot be clicked on {}: {why}", self.address().await),
                Ok(()) => return,
            }
        }
        panic!("`{css}` never stays long enough to be clicked on {}", self.address().await);
    }

    /// Clicks what leads to another page and waits for that page: the old one is marked, the new one is not.
    pub(crate) async fn follow(&self, css: &str) {
        self.ask("document.documentElement.dataset.left = ''", vec![]).await;
        self.click(css).await;
        self.wait_for("html:not([data-left]) main").await;
    }

    /// Empties a box and types into it.
    pub(crate) async fn write(&self, css: &str, words: &str) {
        let element = self.wait_for(css).await;
        element.clear().await.unwrap_or_else(|why| panic!("`{css}` cannot be emptied: {why}"));
        element.send_keys(words).await.unwrap_or_else(|why| panic!("`{css}` cannot be written in: {why}"));
    }

    /// Chooses from a menu by the value sent.
    pub(crate) async fn choose(&self, css: &str, value: &str) {
        let chosen = self.wait_for(css).await.select_by_value(value).await;
        chosen.unwrap_or_else(|why| panic!("`{css}` has no `{value}`: {why}"));
    }

    /// Sets a date: how keys reach its parts depends on the browser's own language.
    pub(crate) async fn date(&self, css: &str, value: &str) {
        self.wait_for(css).await;
        let set = "const e = document.querySelector(arguments[0]); e.value = arguments[1];
            e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true }));";
        self.ask(set, vec![json!(css), json!(value)]).await;
    }

    /// Waits for a match; with scripts on, a page may bring it by itself.
    pub(crate) async fn wait_for(&self, css: &str) -> fantoccini::elements::Element {
        match self.0.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(why) => panic!("`{css}` does not come at {}: {why}\n{}", self.address().await, self.said().await),
        }
    }

    /// What the page says, for the message of a failing test.
    pub(crate) async fn said(&self) -> String {
        let main = self.0.find(Locator::Css("main")).await;
        match main {
            Ok(main) => main.text().await.unwrap_or_default(),
            Err(_) => self.0.source().await.unwrap_or_default(),
        }
    }

    /// What the browser complained of since it was last asked, notes aside.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let call = Call { path: "se/log", body: json!({ "type": "browser" }) };
        let log = self.0.issue_cmd(call).await.expect("the driver keeps a log");
        let entries = log.as_array().cloned().unwrap_or_default();
        let grave = |entry: &&Value| entry["level"] != "DEBUG" && entry["level"] != "INFO";
        entries.iter().filter(grave).map(|entry| entry["message"].to_string()).collect()
    }

    /// The whole page seen through a window, as PNG: the window is as long as the page for a moment.
    pub(crate) async fn picture_of_page(&self, window: Window) -> Vec<u8> {
        let height = self.ask("return document.documentElement.scrollHeight", vec![]).await;
        let height = height.as_u64().and_then(|height| u32::try_from(height).ok()).unwrap_or(window.height);
        self.through(Window { height: height.clamp(window.height, PICTURE_HEIGHT_MAX), ..window }).await;
        let picture = self.picture().await;
        self.through(window).await;
        picture
    }

    /// What is seen now, as PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        self.0.screenshot().await.expect("the browser draws")
    }

    /// A call of the browser's own protocol.
    pub(crate) async fn cdp(&self, method: &str, params: Value) -> Value {
        let call = Call { path: "goog/cdp/execute", body: json!({ "cmd": method, "params": params }) };
        self.0.issue_cmd(call).await.unwrap_or_else(|why| panic!("{method} fails: {why}"))
    }
}

/// A call of chromedriver beyond the standard.
#[derive(Debug)]
struct Call {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Call {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// A fresh folder below the target directory.
pub(crate) fn folder(name: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let at = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{}-{number}-{name}", std::process::id()));
    _ = fs::remove_dir_all(&at);
    fs::create_dir_all(&at).expect("the target directory can be written");
    at
}

/// Reads what a child says until `read` finds what it looks for.
pub(crate) fn listen<T>(child: &mut Child, what: &str, mut read: impl FnMut(&str) -> Option<T>) -> T {
    let out = child.stdout.take().expect("its output was asked for");
    let mut lines = BufReader::new(out).lines();
    let found = lines.by_ref().map_while(Result::ok).find_map(|line| read(&line));
    // A child whose output nobody reads would stop when the pipe is full.
    std::thread::spawn(move || lines.for_each(drop));
    found.unwrap_or_else(|| panic!("{what} ended without saying where it listens"))
}

fn driver() -> (Child, u16) {
    let spawned =
        Command::new(program("chromedriver")).arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = spawned.expect("chromedriver starts");
    let port = listen(&mut child, "chromedriver", |line| {
        line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
    });
    (child, port)
}

/// Where a program of the Debian packages lies; a test without them fails, for a skipped test looks like a passed one.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|at| at.is_file());
    found.unwrap_or_else(|| panic!("no `{name}` on the path: apt-get install chromium chromium-driver"))
}
