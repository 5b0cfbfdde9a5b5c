//! What a mask leaves out is nowhere: every page, list, search, file, live update and route of the interface is walked as
//! somebody who has the masked copy, and nothing that is masked comes back.
//!
//! Owns the walk. Routes are read off the sources, so that a new one is walked or named here as one that cannot be.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::act::ActKind;
use domain::ids::OfficerId;
use domain::menu::Menu;
use entente::api::{self, ROUTES};
use entente::app::App;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::town::{Browser, Town, between, encoded, said};
use super::{finding, submitted, with};

/// Words that stand in nothing but what is masked.
const MASKED: &[&str] = &[
    "Loader seen at a utility",
    "某公用事业单位发现加载器",
    "To stop it.",
    "仅供制止此事之用。",
    "Outbound calls every hour.",
    "每小时向外连接一次。",
    "Who rents the address?",
    "该地址由何人租用？",
    "captures.txt",
    "packets of the night",
    "Nothing is known of it there.",
    "那里查无此事。",
];
/// Words about the case that the office which has it wrote for itself.
const OWN: &[&str] = &["Our man at the utility", "Reasons kept for the answer"];
/// Searches that would find the case by what is masked.
const SEARCHES: &[&str] = &["loader", "utility", "某公用", "加载器"];
/// The masked copy's boxes: more than there are is no harm.
const BOXES: usize = 24;
/// Routes that end the session or have no words of a case at all.
const APART: &[&str] = &["/sign-out", "/sign-in", "/demo/clock", "/assets/{name}"];

/// A case whose every maskable part is masked for everybody but the office that has it.
struct Copy {
    case: String,
    /// The masked file.
    root: String,
    /// A draft that continues it.
    draft: Option<String>,
}

#[tokio::test]
async fn what_is_masked_is_on_no_page_and_in_no_answer() {
    let town = Town::open("forms-masked").await;
    let mut copy = replied(&town).await;
    kept_for_themselves(&town, &copy.case).await;
    // Whoever has the case finds it all, by every way there is: so the walk sees what there is to see.
    let whole = walked(&town, "decider", &copy).await;
    let known: Vec<&&str> = MASKED.iter().chain(OWN).filter(|words| whole.all.contains(**words)).collect();
    assert_eq!(known.len(), MASKED.len() + OWN.len(), "{known:?}");
    assert_eq!(whole.found.len(), SEARCHES.len() * 3);
    handed_on(&town, "decider", &copy.case, "CN-SPP").await;
    check(&town, "prosecutor", &copy).await;
    check(&town, "bystander", &copy).await;
    // The same on the side that asked, where the matter is continued.
    handed_on(&town, "approver", &copy.case, "GB-UKCA").await;
    town.deliver().await;
    let central = town.browser("central").await;
    let begun = [("type", "MLA-EVD"), ("to", "CN-MOJ"), ("continues", copy.case.as_str())];
    let begun = central.post("/new", &begun).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", said(&begun.body));
    copy.draft = begun.location.rsplit('/').next().map(str::to_owned);
    check(&town, "central", &copy).await;
    check(&town, "stranger", &copy).await;
}

/// Nothing masked comes back, and the case itself does: what is not there at all hides nothing.
async fn check(town: &Town, who: &str, copy: &Copy) {
    let seen = walked(town, who, copy).await;
    assert!(seen.all.contains(&copy.case), "{who} does not see the case");
    for words in MASKED.iter().chain(OWN) {
        let place = seen.all.find(words).map(|at| seen.all[..at].rsplit("\n== ").next().unwrap_or_default());
        assert_eq!(place.map(|text| text.lines().next().unwrap_or_default()), None, "{who} reads `{words}`");
    }
    assert_eq!(seen.found, BTreeSet::new(), "{who} finds the case by what is masked");
}

/// What one person was answered.
#[derive(Default)]
struct Seen {
    all: String,
    /// The searches that found the case.
    found: BTreeSet<String>,
}

impl Seen {
    fn add(&mut self, what: &str, text: &str) {
        self.all.push_str(&format!("\n== {what}\n{text}"));
    }
}

/// Asks for everything there is to ask for.
async fn walked(town: &Town, who: &str, copy: &Copy) -> Seen {
    let browser = town.browser(who).await;
    let side = usize::from(browser.cookie.starts_with("entente-cn"));
    let app = &town.apps[side];
    let (mut seen, token) = (Seen::default(), token(app, who).await);
    for path in page_routes().iter().filter(|path| !APART.contains(&path.as_str())) {
        for path in filled(path, copy) {
            if path == "/events" {
                seen.add(&path, &live(&browser).await);
                continue;
            }
            // An act's page says what the case's says, with a form.
            let langs: &[&str] = if path.contains("/do/") { &["en"] } else { &["en", "zh"] };
            for lang in langs {
                seen.add(&path, &browser.get(&format!("{path}?lang={lang}")).await.body);
            }
        }
    }
    for query in ["order=updated", "office=CN-MPS", "type=CY-INC", "turn=us", "turn=them"] {
        seen.add(query, &browser.get(&format!("/cases?{query}")).await.body);
    }
    for route in ROUTES.iter().filter(|route| route.verb == "GET") {
        for path in filled(route.path, copy) {
            seen.add(&path, &called(app, &token, "GET", &path).await);
        }
    }
    for words in SEARCHES {
        let page = browser.get(&format!("/cases?q={}", encoded(words))).await.body;
        let list = called(app, &token, "GET", &format!("/cases?q={}", encoded(words))).await;
        for (place, text) in [("page", page), ("list", list)] {
            if text.contains(&copy.case) {
                seen.found.insert(format!("{place} {words}"));
            }
        }
        // A page of one that finds nothing says no more than one for a word that is nowhere.
        let one = |words: &str| format!("/cases?limit=1&q={}", encoded(words));
        if called(app, &token, "GET", &one(words)).await != called(app, &token, "GET", &one("nowhere")).await {
            seen.found.insert(format!("one {words}"));
        }
    }
    // Every form sent empty: what comes back says what is wrong, and nothing else.
    for path in page_routes().iter().filter(|path| !APART.contains(&path.as_str())) {
        for path in filled(path, copy).into_iter().filter(|path| !path.ends_with("/discard")) {
            let sent = browser.post(&path, &[("go", "review"), ("finding", "satisfied"), ("granted", "no")]).await;
            seen.add(&format!("posted {path}"), &sent.body);
        }
    }
    for route in ROUTES.iter().filter(|route| route.verb == "POST") {
        for path in filled(route.path, copy) {
            seen.add(&format!("posted {path}"), &called(app, &token, "POST", &path).await);
        }
    }
    seen
}

/// The paths of every page, as the sources mount them.
fn page_routes() -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(path).expect("a source");
                let mounted = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
                paths.extend(mounted.filter(|path| path.starts_with('/')).map(str::to_owned));
            }
        }
    }
    assert!(paths.contains("/cases/{id}/do/{act}") && paths.contains("/local/{subject}/{act}"), "{paths:?}");
    paths
}

/// A route's addresses in this case.
fn filled(route: &str, copy: &Copy) -> Vec<String> {
    let draft = copy.draft.as_deref().unwrap_or("d-000000000000");
    let route = match route.strip_prefix("/drafts/{id}") {
        Some(rest) => format!("/drafts/{draft}{rest}"),
        None => route.replace("{id}", if route.starts_with("/operations") { "1" } else { copy.case.as_str() }),
    };
    let route = route
        .replace("{subject}", &copy.case)
        .replace("{root}", &copy.root)
        .replace("{number}", "1")
        .replace("{audit}", "1")
        .replace("{step}", "ask")
        .replace("{gate}", "SG-10")
        .replace("{question}", "asylum-shield")
        .replace("{key}", "0")
        .replace("{code}", "CY-INC");
    let paths: Vec<String> = if route.contains("{act}") {
        ActKind::ALL.iter().map(|(_, act)| route.replace("{act}", act)).collect()
    } else {
        vec![route]
    };
    assert!(paths.iter().all(|path| !path.contains('{')), "a part of a route nobody thought of: {paths:?}");
    paths
}

/// The first of the live updates, which is the only one there is to read until something changes.
async fn live(browser: &Browser) -> String {
    let call = Request::get("/events").header(header::COOKIE, &browser.cookie).body(Body::empty()).expect("a call");
    let mut body = browser.router.clone().oneshot(call).await.expect("a router never fails").into_body();
    let frame = body.frame().await.expect("a first update").expect("it is sent");
    String::from_utf8_lossy(&frame.into_data().expect("bytes")).into_owned()
}

async fn token(app: &App, who: &str) -> String {
    let officer = OfficerId::new(who).expect("an officer");
    app.write(move |node, store, env| node.issue_token(store, env, &officer, "walk")).await.expect("a token")
}

async fn called(app: &App, token: &str, verb: &str, path: &str) -> String {
    let call = Request::builder()
        .method(verb)
        .uri(format!("{}{path}", api::ROOT))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let body = match path.rsplit('/').next() {
        Some("acts") => "{\"deed\":{\"BeginReview\":{}}}",
        Some("reveals") => "{\"reason\":\"to know\"}",
        _ => "{}",
    };
    let body = if verb == "POST" { body } else { "" };
    let answer =
        api::router(app.clone()).oneshot(call.body(Body::from(body)).expect("a call")).await.expect("an answer");
    String::from_utf8_lossy(&answer.into_body().collect().await.expect("a body").to_bytes()).into_owned()
}

/// A police matter with a file, a question and its reply, in the hands of the side asked.
async fn replied(town: &Town) -> Copy {
    let case = submitted(town, Some(("captures.txt", b"packets of the night"))).await;
    town.deliver().await;
    let words = [("words.zh", "请予说明。"), ("words.en", "Please explain.")];
    let (intake, decider) = (town.browser("intake").await, town.browser("decider").await);
    intake.act(&case, "acknowledge", &[("reference", "MPS-7"), ("officer", "decider"), ("contact", "desk 7")]).await;
    decider.act(&case, "begin-review", &[]).await;
    super::together::guarded(town, &decider, &case, "accept", &[]).await;
    town.browser("executing").await.act(&case, "begin-execution", &[]).await;
    decider.act(&case, "ask", &words).await;
    town.deliver().await;
    let reply = [("words.zh", "那里查无此事。"), ("words.en", "Nothing is known of it there."), ("question", "1")];
    town.browser("approver").await.act(&case, "reply", &reply).await;
    town.deliver().await;
    let page = decider.get(&format!("/cases/{case}")).await;
    let root = between(&page.body, &format!("href=\"/cases/{case}/files/"), "\"").to_owned();
    Copy { case, root, draft: None }
}

/// A note, an answer being prepared, and reasons that wait for it.
async fn kept_for_themselves(town: &Town, case: &str) {
    let noted = town.browser("decider").await.post(&format!("/cases/{case}/notes"), &[("words", OWN[0])]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    let mut fields = finding("SG-10");
    fields.iter_mut().filter(|(name, _)| name.ends_with(".en")).for_each(|(_, words)| *words = OWN[1].to_owned());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let path = format!("/cases/{case}/do/respond");
    let words = [("words.zh", "尚在办理。"), ("words.en", OWN[1]), ("extent", "part"), ("go", "hand-over")];
    let written = town.browser("executing").await.post(&path, &words).await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", said(&written.body));
    let fields = with(&fields, &[("version", "1")]);
    let kept = town.browser("legal").await.post(&format!("{path}/gates/SG-10"), &fields).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", said(&kept.body));
}

/// A copy with every box of its mask ticked.
async fn handed_on(town: &Town, who: &str, case: &str, to: &str) {
    let boxes: Vec<String> =
        ["field", "file", "act"].iter().flat_map(|kind| (0..BOXES).map(move |n| format!("mask-{kind}-{n}"))).collect();
    let ticks: Vec<(&str, &str)> = boxes.iter().map(|name| (name.as_str(), "yes")).collect();
    let fields = with(&[("to", to), ("words.zh", "须知悉。"), ("words.en", "It needs to know.")], &ticks);
    town.browser(who).await.act(case, "forward", &fields).await;
}
