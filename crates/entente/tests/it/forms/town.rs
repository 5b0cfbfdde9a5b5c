//! Two nodes without sockets between them, officers of both, and a browser without script for each.
//!
//! Owns the carrying of mail and the sending of forms. Must not know what is tested with them.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::act::Role;
use domain::ids::{Hash32, OfficeId, OfficerId, PartyId};
use entente::app::{App, Clock, Parts};
use entente::home::Home;
use http_body_util::BodyExt;
use ledger::blob::AttachmentRef;
use node::people::Officer;
use tower::ServiceExt;

use crate::house;

/// Where one part of a multipart form ends.
pub(super) const BOUNDARY: &str = "----entente-test";

/// Rounds of mail after which something is wrong.
pub(super) const ROUNDS_MAX: usize = 40;

/// The people: id, side, office, roles.
pub(super) const PEOPLE: &[(&str, usize, &str, &[Role])] = &[
    ("drafter", 0, "GB-NCA", &[Role::Drafter]),
    ("both", 0, "GB-NCA", &[Role::Drafter, Role::Approver]),
    ("approver", 0, "GB-NCA", &[Role::Approver]),
    ("reviewer", 0, "GB-NCA", &[Role::LegalReviewer]),
    ("stranger", 0, "GB-HO", &[Role::Approver]),
    ("intake", 1, "CN-MPS", &[Role::Intake]),
    ("legal", 1, "CN-MPS", &[Role::LegalReviewer]),
    ("decider", 1, "CN-MPS", &[Role::DecisionMaker]),
    ("other", 1, "CN-MPS", &[Role::DecisionMaker]),
    ("executing", 1, "CN-MPS", &[Role::Executing]),
    ("prosecutor", 1, "CN-SPP", EVERY),
    ("bystander", 1, "CN-MOJ", EVERY),
    ("central", 0, "GB-UKCA", EVERY),
];

/// Every role there is, but the auditor's, who reads everything.
const EVERY: &[Role] = &[
    Role::Drafter,
    Role::Approver,
    Role::Intake,
    Role::LegalReviewer,
    Role::DecisionMaker,
    Role::Executing,
    Role::Liaison,
];

/// Two nodes.
pub(super) struct Town {
    pub(super) apps: Vec<App>,
    pub(super) parties: Vec<PartyId>,
    homes: [Home; 2],
}

/// One officer's browser.
pub(super) struct Browser {
    pub(super) router: Router,
    pub(super) cookie: String,
    pub(super) csrf: String,
}

/// What came back.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) location: String,
    pub(super) body: String,
}

impl Town {
    pub(super) async fn open(test: &str) -> Self {
        let clock = Clock::real();
        let (mut apps, mut parties) = (Vec::new(), Vec::new());
        let homes = house::pair(test);
        for home in &homes {
            let node = home.node().expect("a node");
            parties.push(node.me().clone());
            let store = Box::new(home.database().expect("a database"));
            let chunks = std::sync::Arc::new(home.chunks().expect("chunks"));
            let parts = Parts { node, store, chunks, clock: clock.clone(), demo: None, folder: home.dir().to_owned() };
            apps.push(App::start(parts).expect("it starts"));
        }
        let town = Self { apps, parties, homes };
        for (id, side, office, roles) in PEOPLE {
            let officer = Officer {
                id: OfficerId::new(id).expect("an officer"),
                name: format!("Officer {id}"),
                office: OfficeId::new(office).expect("an office"),
                roles: roles.to_vec(),
                lang: town.apps[*side].node().instrument().langs()[0].clone(),
                second_track: false,
            };
            let put = town.apps[*side].write(move |node, store, env| node.put_officer(store, env, &officer)).await;
            put.expect("an officer is put");
        }
        town
    }

    /// The folder of a node.
    pub(super) fn home(&self, side: usize) -> Home {
        self.homes[side].clone()
    }

    /// Signs somebody in.
    pub(super) async fn browser(&self, id: &str) -> Browser {
        let (_, side, ..) = PEOPLE.iter().find(|(known, ..)| *known == id).expect("one of the people");
        let app = &self.apps[*side];
        let officer = OfficerId::new(id).expect("an officer");
        let secret = app
            .write(move |node, store, env| node.open_session(store, env, &officer, node::people::SESSION_LASTS))
            .await
            .expect("a session");
        let cookie = format!("entente-{}={secret}", self.parties[*side].as_str().to_lowercase());
        let mut browser = Browser { router: entente::web::router(app.clone()), cookie, csrf: String::new() };
        let page = browser.get("/help").await;
        browser.csrf = between(&page.body, "name=\"csrf\" value=\"", "\"").to_owned();
        assert!(!browser.csrf.is_empty(), "{id} is signed in");
        browser
    }

    /// Carries the mail until nothing waits, both ways.
    pub(super) async fn deliver(&self) {
        // Acts of one case may go one at a time, so it is walked until nobody has anything left.
        let mut idle = 0;
        for (from, to) in [(0, 1), (1, 0)].into_iter().cycle().take(ROUNDS_MAX) {
            idle = if self.post(from, to).await == 0 { idle + 1 } else { 0 };
            if idle == 2 {
                return;
            }
        }
        panic!("the mail never ends");
    }

    /// Carries what waits one way; answers how many acts went.
    pub(super) async fn post(&self, from: usize, to: usize) -> usize {
        let (sender, receiver) = (self.parties[from].clone(), self.parties[to].clone());
        let peer = receiver.clone();
        let parcels = self.apps[from].read(move |node, reader, now| node.parcels(reader, &peer, now)).await;
        let parcels = parcels.expect("parcels");
        for file in parcels.iter().flat_map(|parcel| parcel.attachments.clone()) {
            self.carry(from, to, file).await;
        }
        let envelopes: Vec<Vec<u8>> = parcels.into_iter().map(|parcel| parcel.bytes).collect();
        let count = envelopes.len();
        if count > 0 {
            let chunks = self.apps[to].chunks();
            let received = self.apps[to]
                .write(move |node, store, env| node.receive(store, env, &*chunks, &sender, &envelopes))
                .await;
            let receipt = received.expect("a receipt");
            let told =
                self.apps[from].write(move |node, store, env| node.receipted(store, env, &receiver, &receipt)).await;
            told.expect("the receipt is taken");
        }
        count
    }

    /// Carries one file's chunks ahead of the act that names it.
    pub(super) async fn carry(&self, from: usize, to: usize, file: AttachmentRef) {
        let (root, sender) = (Hash32(file.root), self.parties[from].clone());
        let hashes = self.apps[from].read(move |node, reader, _| node.blob_list(reader, &root)).await.expect("a list");
        let (there, here) = (self.apps[from].chunks(), self.apps[to].chunks());
        let count = hashes.len() as u64;
        let wanted = self.apps[to]
            .write(move |node, store, env| node.blob_wanted(store, env, &*here, &sender, &file, &hashes))
            .await;
        wanted.expect("the file is wanted");
        for index in 0..count {
            let bytes = there.get(&root, index).expect("the disk reads").expect("a chunk");
            let here = self.apps[to].chunks();
            let put =
                self.apps[to].read(move |node, reader, _| node.blob_chunk(reader, &*here, &root, index, &bytes)).await;
            put.expect("the chunk is taken");
        }
    }
}

impl Browser {
    pub(super) async fn get(&self, path: &str) -> Page {
        let call = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).expect("a call");
        self.send(call).await
    }

    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let own = [("csrf", self.csrf.as_str())];
        let pairs = own.iter().chain(fields).map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let call = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(call.expect("a call")).await
    }

    pub(super) async fn upload(&self, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Page {
        let own = [("csrf", self.csrf.as_str())];
        let mut body = Vec::new();
        for (name, value) in own.iter().chain(fields) {
            body.extend(
                format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        if let Some((name, bytes)) = file {
            body.extend(
                format!(
                    "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                     content-type: text/plain\r\n\r\n"
                )
                .bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let call = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Body::from(body));
        self.send(call.expect("a call")).await
    }

    /// Does an act through its pages: form, reading page, signature.
    pub(super) async fn act(&self, case: &str, act: &str, fields: &[(&str, &str)]) {
        let path = format!("/cases/{case}/do/{act}");
        let step = |step: &'static str| -> Vec<(&str, &str)> { fields.iter().copied().chain([("go", step)]).collect() };
        let read = self.post(&path, &step("review")).await;
        assert!(read.body.contains("value=\"sign\""), "{act}: {}", said(&read.body));
        let signed = self.post(&path, &step("sign")).await;
        assert_eq!(
            (signed.status, signed.location.as_str()),
            (StatusCode::SEE_OTHER, format!("/cases/{case}").as_str()),
            "{act}: {}",
            said(&signed.body)
        );
    }

    /// Signs what a colleague wrote: written and handed over by one, read and signed by the other.
    pub(super) async fn signs(&self, writer: &Self, case: &str, act: &str, fields: &[(&str, &str)]) {
        let path = format!("/cases/{case}/do/{act}");
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("go", "hand-over")]).collect();
        let handed = writer.post(&path, &fields).await;
        let there = (handed.status, handed.location.as_str());
        assert_eq!(there, (StatusCode::SEE_OTHER, path.as_str()), "{act}: {}", said(&handed.body));
        let read = self.get(&path).await;
        assert!(read.body.contains("id=\"sign\""), "{act}: {}", said(&read.body));
        let form = between(&read.body, "id=\"sign\"", "</form>");
        let shown = |name: &str| between(form, &format!("name=\"{name}\" value=\""), "\"").to_owned();
        let [version, saved, acts] = ["version", "saved", "acts"].map(shown);
        let signed = [("version", version.as_str()), ("saved", saved.as_str()), ("acts", acts.as_str())];
        let signed = self.post(&format!("{path}/sign"), &signed).await;
        let there = (signed.status, signed.location.as_str());
        assert_eq!(there, (StatusCode::SEE_OTHER, format!("/cases/{case}").as_str()), "{act}: {}", said(&signed.body));
    }

    pub(super) async fn send(&self, call: Request<Body>) -> Page {
        let answer = self.router.clone().oneshot(call).await.expect("a router never fails");
        let status = answer.status();
        let location = answer.headers().get(header::LOCATION).and_then(|at| at.to_str().ok()).unwrap_or("").to_owned();
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        Page { status, location, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

/// What a page says loudly, for a failed test.
pub(super) fn said(body: &str) -> String {
    let loud = between(body, "role=\"alert\">", "</div>");
    if loud.is_empty() { body.chars().take(600).collect() } else { loud.to_owned() }
}

pub(super) fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let after = text.split_once(start).map_or("", |(_, after)| after);
    after.split_once(end).map_or("", |(inside, _)| inside)
}

pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}
