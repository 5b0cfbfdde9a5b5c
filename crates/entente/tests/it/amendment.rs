//! An amendment taken up by running programs: both exchange their node when its day comes, and a restart keeps it.
//!
//! Owns one amendment from its file to its force. Must not repeat the rules of signing: the node's own tests do.

use std::sync::Arc;

use domain::act::{ActKind, Author, Deed, Role};
use domain::amendment::bundle;
use domain::content::FieldValue;
use domain::decide::Command;
use domain::ids::{CaseId, Hash32, TypeCode};
use domain::instrument::{Instrument, SourceFile};
use domain::rehearsal::{self, Rehearsal};
use entente::app::{App, Clock, Parts};
use entente::home::{Home, files};
use jiff::{SignedDuration, Timestamp};
use node::{Env, Failure, Node};
use store::Store;

use crate::api::carry;
use crate::house;

/// The files of a node's instrument as a version that amends them.
fn next_version(home: &Home) -> Vec<SourceFile> {
    let mut sources = files::read(&home.dir().join("instrument")).expect("its files");
    let hash = home.instrument().expect("an instrument").hash();
    let head = sources.iter_mut().find(|file| file.name == "instrument.toml").expect("a head");
    head.text = head.text.replacen("version = \"1.0\"", &format!("version = \"1.1\"\namends = \"{hash}\""), 1);
    sources
}

/// The program of a folder, as `serve` starts it, but for its ports.
fn started(home: &Home, clock: &Clock) -> App {
    let (node, store) = (home.node().expect("a node"), Box::new(home.database().expect("a database")));
    let chunks = Arc::new(home.chunks().expect("chunks"));
    App::start(Parts { node, store, chunks, clock: clock.clone(), demo: None, folder: home.dir().to_owned() })
        .expect("an app")
}

/// Stages the version and submits the case that proposes it.
fn propose(node: &Node, store: &mut dyn Store, env: &mut Env<'_>, app: &App, version: &str, hash: Hash32) -> CaseId {
    let chunks = app.chunks();
    let mut stager = node.stage(env);
    stager.push(version.as_bytes(), &*chunks).expect("room");
    let (file, row) = stager.finish(&*chunks, env, "version.txt", "text/plain").expect("sealed");
    node.keep_staged(store, row).expect("kept");
    let instrument = node.instrument();
    let rule = instrument.request_type(&TypeCode::new("AMD").expect("a code")).expect("the type");
    let them = node.peers().keys().next().expect("a peer").clone();
    let mut first = |_: usize| 0;
    let mut rehearsal = Rehearsal::new(instrument, &mut first);
    let (from, to) = rehearsal.offices(rule, node.me(), &them).expect("offices");
    let mut request = rehearsal.request(rule, &from, &to, env.now);
    let tomorrow = node.calendar().local(env.now).date().tomorrow().expect("a day");
    request.attachments = vec![file];
    request.fields.insert("new_version".to_owned(), FieldValue::Line(hash.to_string()));
    request.fields.insert("in_force_on".to_owned(), FieldValue::Date(tomorrow));
    let deed = Deed::Submit { request: Box::new(request.clone()) };
    let gates = rehearsal.gates(rule, None, &request, &deed, &from, env.now).expect("answers");
    let case = CaseId::compose(node.me(), &rule.series, 2026, 9_001).expect("a reference");
    let author = Author::Officer(rehearsal::officer(&from, Role::Approver));
    let command = Command { case: case.clone(), office: from, author, gates, deed };
    node.command(store, env, command).expect("it is proposed");
    case
}

/// One act of a side in the case, in whichever role the procedure wants.
async fn does(app: &App, case: &CaseId, kind: ActKind) {
    let (case, chunks) = (case.clone(), app.chunks());
    let done = app.write(move |node, store, env| -> Result<(), Failure> {
        let dossier = node.load(&*store.reader()?, &case)?.expect("the case is here");
        let side = dossier.case.side(node.me()).expect("a side");
        let buttons = rehearsal::buttons(&dossier.case, side);
        let (role, _) = buttons.iter().find(|(_, act)| *act == kind).expect("the act is open");
        // The last of every choice: a text that is agreed, without brackets.
        let mut last = |below: usize| below.saturating_sub(1);
        let mut rehearsal = Rehearsal::new(node.instrument_of(&dossier.case), &mut last);
        let command = rehearsal.command(&dossier.case, side, *role, kind, env.now).expect("a command");
        node.read_amendment(store, env, &*chunks, &case)?;
        node.command(store, env, command).map(|_| ())
    });
    done.await.expect("it stands");
}

#[tokio::test]
async fn running_programs_take_it_up_on_its_day_and_keep_it() {
    let homes = house::pair("amendment");
    let clock = Clock::movable(homes[0].dir().join("moved")).expect("a clock");
    let [a, b] = [&homes[0], &homes[1]].map(|home| started(home, &clock));
    let version = next_version(&homes[0]);
    let hash = Instrument::load(&version).instrument.expect("it is sound").hash();
    let (app, text) = (a.clone(), bundle(&version));
    let case = a.write(move |node, store, env| propose(node, store, env, &app, &text, hash)).await;
    carry(&a, &b).await;
    does(&b, &case, ActKind::Acknowledge).await;
    carry(&b, &a).await;
    does(&a, &case, ActKind::ProposeText).await;
    does(&a, &case, ActKind::Record).await;
    carry(&a, &b).await;
    does(&b, &case, ActKind::SignText).await;
    carry(&b, &a).await;
    does(&a, &case, ActKind::SignText).await;
    carry(&a, &b).await;
    for app in [&a, &b] {
        assert_eq!(app.node().instrument().version(), "1.0", "its day has not come");
        assert_eq!(app.node().instruments().iter().count(), 2);
    }
    clock.advance(SignedDuration::from_hours(48)).expect("it moves");
    let in_force = |app: App| async move {
        // Any job will do: the clock of a running node wakes one.
        app.write(|_, _, _| ()).await;
        assert_eq!(app.node().instrument().hash(), hash);
    };
    for app in [&a, &b] {
        in_force(app.clone()).await;
        app.stop().await;
    }
    for home in &homes {
        let app = started(home, &clock);
        assert_eq!(app.node().instrument().version(), "1.1", "a restart keeps it");
        let case = case.clone();
        let held = app.read(move |node, reader, _: Timestamp| node.load(reader, &case)).await.expect("it reads");
        assert_ne!(held.expect("the case").case.instrument, hash, "it runs on under the version it began under");
        app.stop().await;
    }
}
