//! Every page in every language as every persona of both houses, on the shipped exercise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use domain::content::{Lack, Missing};
use domain::ids::{Hash32, PartyId};
use domain::instrument::{Instrument, RequestType, SourceFile, TypeStatus};
use domain::local::Policy;
use domain::menu::Menu;
use domain::refusal::{Refusal, StepBar};
use domain::text::Text;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use node::people::Officer;
use node::story::{House, Script, seed};
use node::{Card, Keys, Node};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::{MemoryChunks, Store};

use super::*;
use crate::app::{App, Clock, Demo, Parts};
use crate::i18n::Tongue;
use crate::shipped::{self, Part};

/// Largest page, in bytes (design, §5).
const PAGE_BYTES_MAX: usize = 100_000;
/// Cases a desk lists before it leads on.
const DESK_LINES: usize = 25;
/// Pages that need no case.
const PLAIN: &[&str] = &[
    "/desk",
    "/cases",
    "/cases?turn=us&order=updated",
    "/cases?q=server&due=overdue",
    "/clauses",
    "/rounds",
    "/progress",
    "/progress?clause=OC-2b&from=2026-01-01",
    "/progress?live=1&to=never",
    "/directory",
    "/instrument",
    "/ledger",
    "/ledger?log=mirror",
    "/operations",
    "/help",
    "/sign-in",
];

/// One house as a browser sees it.
struct Seen {
    pages: TowerToHyperService<Router>,
    app: App,
    officers: Vec<Officer>,
    paths: Vec<String>,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Seen {
    async fn call(&self, request: Request<Body>) -> Answer {
        let answer: Response<Body> = match self.pages.call(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = to_bytes(answer.into_body(), 4 << 20).await.expect("a page is a whole body");
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.call(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a plain request")).await
    }

    async fn post(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let form = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.call(form.body(Body::from(body.to_owned())).expect("a plain request")).await
    }

    /// Signs in and answers the cookie and the forms' token.
    async fn sign_in(&self, officer: &Officer) -> (String, String) {
        let answer = self.post("/sign-in", "", &format!("officer={}&next=/desk", officer.id)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", officer.id);
        let cookie = answer.headers[header::SET_COOKIE].to_str().expect("our cookies are ASCII");
        let cookie = cookie.split(';').next().expect("a cookie has a value").to_owned();
        let secret = cookie.split_once('=').expect("a cookie has a value").1;
        (cookie.clone(), session::form_token(secret))
    }
}

fn instrument() -> Arc<Instrument> {
    let id = shipped::instruments().next().expect("one is built in");
    let mut files = shipped::instrument(id).expect("it was just named");
    files.extend(shipped::calendars());
    Arc::new(Instrument::load(&files).instrument.expect("the built-in instrument is sound"))
}

fn bare(instrument: &Arc<Instrument>, party: &PartyId, byte: u8) -> (Node, Card) {
    let keys = || Keys::from_seed(&[byte; 32], instrument, party);
    let node = Node::new(party.clone(), Arc::clone(instrument), keys(), Vec::new()).expect("a Party of the instrument");
    let card = node.card("127.0.0.1:1", Hash32([byte; 32])).expect("a fresh root key signs");
    (node, card)
}

/// Both houses with the exercise played up to now.
async fn houses() -> [Seen; 2] {
    let instrument = instrument();
    let mut parties: Vec<_> = instrument.parties().values().collect();
    parties.sort_by_key(|party| party.order);
    let ids: Vec<PartyId> = parties.iter().take(2).map(|party| party.id.clone()).collect();
    let cards: Vec<Card> = ids.iter().zip([1, 2]).map(|(id, byte)| bare(&instrument, id, byte).1).collect();
    let node = |mine: usize, byte: u8| {
        let keys = Keys::from_seed(&[byte; 32], &instrument, &ids[mine]);
        let node = Node::new(ids[mine].clone(), Arc::clone(&instrument), keys, vec![cards[1 - mine].clone()]);
        let node = node.expect("a known peer");
        let law = shipped::policy(instrument.id(), &ids[mine]).expect("each Party of the exercise has its own law");
        let law = SourceFile { name: "policy.toml".to_owned(), text: law.to_owned() };
        let law = Policy::load(&law, &instrument).policy.expect("it is sound");
        node.with_policy(law).expect("it fits the node")
    };
    let (node_a, node_b) = (node(0, 1), node(1, 2));
    let (mut store_a, mut store_b) = (store::Memory::default(), store::Memory::default());
    let (chunks_a, chunks_b) = (Arc::new(MemoryChunks::default()), Arc::new(MemoryChunks::default()));
    let (files, assets) = shipped::exercise(instrument.id(), Part::Desk);
    let script = Script::read(&files, assets).expect("the built-in exercise is sound");
    let mut rng = ChaCha20Rng::from_seed([7; 32]);
    let mut both = [
        House { node: node_a, store: &mut store_a, chunks: &*chunks_a },
        House { node: node_b, store: &mut store_b, chunks: &*chunks_b },
    ];
    seed(&mut both, &script, Clock::real().now(), &mut rng).expect("the exercise plays");
    let [node_a, node_b] = both.map(|house| house.node);
    [seen(node_a, Box::new(store_a), chunks_a).await, seen(node_b, Box::new(store_b), chunks_b).await]
}

async fn seen(node: Node, store: Box<dyn Store>, chunks: Arc<MemoryChunks>) -> Seen {
    let clock = Clock::movable(PathBuf::from("/nonexistent/clock")).expect("a clock never moved needs no file");
    let demo = Some(Demo { other_url: "http://127.0.0.1:1".into() });
    let app = App::start(Parts { node, store, chunks, clock, demo, folder: PathBuf::from("/srv/a node") })
        .expect("memory opens");
    let officers = app.read(|node, reader, _| node.officers(reader)).await.expect("officers are kept");
    let filter = store::CaseFilter::default();
    let (cases, _) = app.read(move |_, reader, _| reader.cases(&filter)).await.expect("cases are kept");
    let node = app.node();
    let types = node.instrument().types().keys().map(|code| format!("/instrument?type={code}"));
    let areas = node.instrument().areas().iter().map(|area| format!("/clauses?area={}", area.id));
    let cases = cases.iter().flat_map(|row| [format!("/cases/{}", row.case)]);
    let paths = PLAIN.iter().map(|path| (*path).to_owned()).chain(types).chain(areas).chain(cases).collect();
    Seen { pages: TowerToHyperService::new(router(app.clone())), app, officers, paths }
}

/// Of so many personas one looks at a given case: all of them at all cases takes longer than the rest of the tests together.
const PERSONAS_A_CASE: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_as_every_persona_in_every_language() {
    for house in houses().await {
        assert!(!house.officers.is_empty(), "the exercise has people");
        let mut roles = BTreeSet::new();
        for officer in &house.officers {
            // Pages differ by role and office; a second persona of the same adds nothing but time.
            if !roles.insert((officer.roles.clone(), officer.office.clone())) {
                continue;
            }
            let (session, _) = house.sign_in(officer).await;
            // A case is looked at by every third persona in turn, which is a dozen of each side; all else by every one.
            let turn = roles.len();
            let seen = |(at, path): &(usize, &String)| {
                !path.starts_with("/cases/") || (at + turn).is_multiple_of(PERSONAS_A_CASE)
            };
            for (_, path) in house.paths.iter().enumerate().filter(seen) {
                for (_, code) in Tongue::ALL {
                    check_page(
                        &house.get(path, &format!("{session}; {}={code}", session::LANGUAGE_COOKIE)).await,
                        path,
                        code,
                    );
                }
            }
        }
        house.app.stop().await;
    }
}

fn check_page(answer: &Answer, path: &str, lang: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{path} {lang}");
    assert!(answer.text.len() < PAGE_BYTES_MAX, "{path} {lang}: {} bytes", answer.text.len());
    assert!(
        !answer.text.contains('⟦'),
        "{path} {lang}: {:?}",
        answer.text.split('⟦').nth(1).map(|t| t.chars().take(40).collect::<String>())
    );
    for (name, value) in HEADERS {
        assert_eq!(answer.headers[*name], *value, "{path}");
    }
    // What the policy forbids must not be tried: no inline style, script or handler, nothing from outside.
    for forbidden in [" style=", "<style", " onclick=", " onload=", "javascript:", "src=\"http", "href=\"https"] {
        assert!(!answer.text.contains(forbidden), "{path} {lang}: {forbidden}");
    }
    let tag = Tongue::from_code(lang).expect("a language of the menu").tag();
    assert!(answer.text.contains(&format!("<html lang=\"{tag}\"")), "{path} {lang}");
    for (needle, count) in [("<h1", 1), ("<main", 1), ("</html>", 1), ("class=\"skip\"", 1)] {
        assert_eq!(answer.text.matches(needle).count(), count, "{path} {lang}: {needle}");
    }
    let ids: Vec<&str> = answer.text.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{path} {lang}: an id stands twice in {ids:?}");
}

/// A tile's number is that of the list it leads to, and the whole desk's that of its own list.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tiles_of_a_desk_count_what_its_lists_show() {
    let rows = |text: &str| text.matches("<tr id=\"row-").count();
    let duties = |text: &str| text.matches("<tr id=\"duty-").count();
    for house in houses().await {
        let (mut offices, mut counted, mut raised) = (BTreeSet::new(), 0, 0);
        for officer in house.officers.iter().filter(|officer| offices.insert(officer.office.clone())) {
            let (cookie, _) = house.sign_in(officer).await;
            let desk = house.get("/desk?lang=en", &cookie).await.text;
            let mut numbers = Vec::new();
            for tile in
                desk.split("<ul class=\"counts\"").nth(1).expect("a desk has tiles").split("<li>").skip(1).take(4)
            {
                let href =
                    tile.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a tile leads on");
                let number = tile.split("<b>").nth(1).and_then(|rest| rest.split('<').next()?.parse::<usize>().ok());
                let list = house.get(&href.replace("&amp;", "&"), &cookie).await.text;
                assert_eq!(number, Some(rows(&list) + duties(&list)), "{}: {href}", officer.id);
                numbers.extend(number);
            }
            let own = desk.split(&Tongue::En.t("desk-next")).nth(1).expect("a desk lists its requests");
            // A desk that would be too long says so, and leads to the whole list.
            // What is reconsidered is the office's case and the ladder's duty; it is counted where the duty is.
            let elsewhere = own.matches(&format!("<b>{}</b>", Tongue::En.t("next-reconsidering"))).count();
            let (all, shown) = (numbers[2] + numbers[3] + elsewhere - duties(&desk), rows(own));
            raised += duties(&desk);
            let leads_on = own.contains(&Tongue::En.t("desk-all"));
            assert_eq!((shown, leads_on), (all.min(DESK_LINES), all > DESK_LINES), "{}: the desk's list", officer.id);
            counted += numbers[2];
        }
        assert!(counted > 5 && raised > 0, "the exercise fills the desks: {counted}, {raised} on the ladder");
        house.app.stop().await;
    }
}

/// What a rule says to an officer calls parts, steps and safeguards by the instrument's labels, never by its codes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_says_labels_and_no_codes() {
    let [house, other] = houses().await;
    for (tongue, lang) in Tongue::ALL {
        let page = Page::new(&house.app, *tongue, None, String::new(), String::new());
        let check = |rule: Option<&RequestType>, refusal: &Refusal, code: &str, label: &Text| {
            let said = page.refusal_of(rule, refusal);
            assert!(said.contains(&page.text(label)), "{lang}: `{}` is not in `{said}`", page.text(label));
            let mut words = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            assert!(code.is_empty() || words.all(|word| word != code), "{lang}: `{code}` in `{said}`");
        };
        for rule in page.instrument().types().values().filter(|rule| rule.status == TypeStatus::On) {
            for field in rule.fields.iter().filter(|field| field.id.contains('_')) {
                let missing = vec![Missing { field: field.id.clone(), what: Lack::Empty }];
                check(Some(rule), &Refusal::Incomplete { missing }, &field.id, &field.label);
            }
            for step in &rule.steps {
                check(
                    Some(rule),
                    &Refusal::StepsOutstanding { steps: vec![step.code.clone()] },
                    &step.code,
                    &step.name,
                );
                check(
                    Some(rule),
                    &Refusal::Step { step: step.code.clone(), bar: StepBar::Unknown },
                    &step.code,
                    &step.name,
                );
            }
        }
        for (gate, words) in page.instrument().gates() {
            // The number of a safeguard stands beside its title: both sides quote it.
            check(None, &Refusal::GateUnanswered { gate: *gate }, "", &words.title);
        }
    }
    house.app.stop().await;
    other.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_changes_anything_by_another_houses_form() {
    let [house, other] = houses().await;
    let officer = house.officers.first().expect("the exercise has people").clone();
    let (cookie, token) = house.sign_in(&officer).await;
    let case = house.paths.iter().find(|path| path.starts_with("/cases/")).expect("the exercise has cases");
    let notes = format!("{case}/notes");
    for (what, body, want) in [
        ("no token", "words=x".to_owned(), StatusCode::FORBIDDEN),
        ("a wrong token", format!("words=x&csrf={}", "0".repeat(64)), StatusCode::FORBIDDEN),
        ("the token", format!("words=x&csrf={token}"), StatusCode::SEE_OTHER),
    ] {
        assert_eq!(house.post(&notes, &cookie, &body).await.status, want, "{what}");
    }
    for (name, value) in [("origin", "http://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        let call = Request::post(&notes)
            .header(header::COOKIE, &cookie)
            .header(header::HOST, "127.0.0.1:7001")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value);
        let call = call.body(Body::from(format!("words=x&csrf={token}"))).expect("a plain request");
        assert_eq!(house.call(call).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let away = house.get(case, "").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    assert!(away.headers[header::LOCATION].to_str().is_ok_and(|to| to.starts_with("/sign-in?next=/cases/")));
    let stolen = other.get("/desk", &cookie).await;
    assert_eq!(stolen.status, StatusCode::SEE_OTHER, "a session of one house opens the other");
    house.app.stop().await;
    other.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_session_and_assets_are_kept() {
    let [house, other] = houses().await;
    let officer = house.officers.first().expect("the exercise has people").clone();
    let (cookie, token) = house.sign_in(&officer).await;
    let page = house.get("/desk", &cookie).await.text;
    let kept: BTreeMap<&str, &str> = page
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .map(|path| (path, "public, max-age=31536000, immutable"))
        .collect();
    assert_eq!(kept.len(), 4, "{kept:?}");
    for (path, cache) in kept {
        let answer = house.get(path, "").await;
        assert_eq!((answer.status, answer.headers[header::CACHE_CONTROL].to_str().ok()), (StatusCode::OK, Some(cache)));
    }
    assert_eq!(house.get("/assets/entente.css", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.post("/sign-out", &cookie, &format!("csrf={token}")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/desk", &cookie).await.status, StatusCode::SEE_OTHER);
    house.app.stop().await;
    other.app.stop().await;
}

#[test]
fn every_role_urgency_and_judged_safeguard_has_words_in_the_instrument() {
    let instrument = instrument();
    assert_eq!(instrument.roles().len(), domain::act::Role::ALL.len());
    assert_eq!(instrument.urgencies().len(), domain::act::Urgency::ALL.len());
    for (gate, _) in domain::safeguard::Gate::ALL {
        assert!(instrument.gates().contains_key(gate), "{gate:?}");
    }
}
