//! `entente demo --story`: the scripted scenario through two real nodes over mutual TLS, without a browser.
//!
//! Owns the order of cues, mail and clock, and the judgement at the end. Must not perform a cue itself
//! (`node::story` does), nor have a way past the couriers and the writer threads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::ids::{CaseId, PartyId};
use jiff::{SignedDuration, Timestamp};
use node::story::{Cue, Played, Script};
use store::ParcelState;

use super::transcript::Transcript;
use super::{Pair, script};
use crate::app::App;
use crate::audit::Report;
use crate::cli::out::{bar, json, say};
use crate::cli::{self, Ended, Trouble, Verdict};
use crate::home::Home;
use crate::i18n::Tongue;
use crate::peer::courier::Courier;
use crate::serve::{Duty, Running, courier};
use crate::shipped::Part;

/// Rounds of mail after a cue; an act and its answers by machine need two or three.
const ROUNDS_MAX: usize = 32;
/// Clocks that may run out between two cues: a ladder has four rungs on each of a few matters.
const WAKES_MAX: usize = 256;

/// Both nodes running, and the couriers between them.
struct Stage {
    nodes: [Running; 2],
    couriers: [Courier; 2],
}

/// Plays the story and judges it: found wanting when anything did not hold.
///
/// # Errors
/// When a cue cannot be played or a node cannot run.
pub(super) async fn play(pair: Pair, tongue: Tongue, as_json: bool) -> Ended {
    let script = Arc::new(script(pair.homes[0].instrument()?.id(), Part::Story)?);
    let mut stage = Stage::set(&pair).await?;
    let mut told = Transcript::new(tongue, as_json);
    let cues: usize = script.matters().iter().map(|matter| matter.cues.len()).sum();
    let progress = bar(cues as u64, "playing");
    let mut cases: BTreeMap<&str, (Option<CaseId>, usize)> = BTreeMap::new();
    for matter in script.matters() {
        told.chapter(matter, &progress);
        let resumed = matter.resumes.as_deref().and_then(|key| cases.get(key).cloned());
        let (mut case, mut shown) = resumed.unwrap_or_default();
        for cue in &matter.cues {
            stage.pass(&pair, cue.after).await?;
            let played = stage.perform(&script, cue, case).await.map_err(|why| named(&matter.key, &why))?;
            told.at_home(stage.app_of(&cue.party(&script)?)?, played.at_home.as_ref(), &progress);
            case = played.case;
            stage.settle().await?;
            told.versions(stage.nodes[0].app(), &progress);
            if let Some(case) = &case {
                shown = told.tell(stage.nodes[0].app(), case, shown, &progress).await?;
            }
            progress.inc(1);
        }
        cases.insert(&matter.key, (case, shown));
    }
    progress.finish_and_clear();
    // Both nodes end and begin again: what was acknowledged must be there, and nothing twice.
    stage.strike().await;
    let mut stage = Stage::set(&pair).await?;
    stage.settle().await?;
    let wanting = stage.compare(&told.cases).await?;
    stage.strike().await;
    judge(&pair, &told, tongue, wanting, as_json)
}

/// The end: what differs, and the audit of both logs, by themselves and with each other.
fn judge(pair: &Pair, told: &Transcript, tongue: Tongue, wanting: Vec<String>, as_json: bool) -> Ended {
    let [a, b] = &pair.homes;
    let report = cli::ledger::verify(a, Some(b))?;
    let held = report.holds() && wanting.is_empty();
    if as_json {
        json(&serde_json::json!({ "ok": held, "acts": told.acts, "wanting": wanting, "report": report }));
    } else {
        say(format_args!("\n{}\n", tongue.t("story-restart")));
        wanting.iter().for_each(say);
        summed(&report, tongue);
        say(tongue.t(if held { "story-holds" } else { "story-wanting" }));
    }
    Ok(if held { Verdict::Done } else { Verdict::Wanting })
}

/// What was checked and held, in the language of the story. What does not hold is named as the audit names it.
fn summed(report: &Report, tongue: Tongue) {
    for log in &report.logs {
        let key = if log.mirror { "story-copy" } else { "story-log" };
        let (party, origin, root) = (&log.party, &log.origin, &log.root);
        say(tongue.with(
            key,
            &[
                ("party", party),
                ("origin", origin),
                ("entries", &log.entries),
                ("checkpoints", &log.checkpoints),
                ("root", root),
            ],
        ));
    }
    report.findings.iter().for_each(say);
    say(tongue.with("story-matched", &[("n", &report.matched), ("pending", &report.pending), ("cases", &report.cases)]));
}

impl Stage {
    async fn set(pair: &Pair) -> Result<Self, Trouble> {
        let nodes = pair.start(Duty::Driven).await?;
        let [a, b] = &nodes;
        let (home_a, home_b): (&Home, &Home) = (&pair.homes[0], &pair.homes[1]);
        let to_b = courier(home_a, a.app(), b.app().node().me())?;
        let to_a = courier(home_b, b.app(), a.app().node().me())?;
        Ok(Self { nodes, couriers: [to_b, to_a] })
    }

    async fn strike(self) {
        drop(self.couriers);
        let [a, b] = self.nodes;
        tokio::join!(a.stop(), b.stop());
    }

    /// Lets time pass: each clock that runs out on the way is entered at its instant.
    async fn pass(&mut self, pair: &Pair, by: SignedDuration) -> Result<(), Trouble> {
        let target = pair.clock.now().saturating_add(by).unwrap_or(Timestamp::MAX);
        for _ in 0..WAKES_MAX {
            let mut next: Option<Timestamp> = None;
            for node in &self.nodes {
                let due = node.app().read(|_, reader, _| reader.timer_next_due()).await?.map(Timestamp::from);
                next = [next, due].into_iter().flatten().min();
            }
            let Some(at) = next.filter(|at| *at <= target) else { break };
            advance_to(pair, at).await?;
            for node in &self.nodes {
                node.app().write(|node, store, env| node.tick(store, env)).await?;
            }
            self.settle().await?;
        }
        advance_to(pair, target).await
    }

    /// Plays a cue on the node of its Party; answers what came of it.
    async fn perform(&self, script: &Arc<Script>, cue: &Cue, case: Option<CaseId>) -> Result<Played, Trouble> {
        let party = cue.party(script)?;
        let app = self.app_of(&party)?.clone();
        let (script, cue, chunks) = (Arc::clone(script), cue.clone(), app.chunks());
        let played = app.write(move |node, store, env| cue.play(&script, node, store, env, &*chunks, case.as_ref()));
        played.await.map_err(|why| Trouble(why.to_string()))
    }

    /// Carries mail both ways until none is left, and lets each node fetch the other's log.
    async fn settle(&mut self) -> Result<(), Trouble> {
        let failed = |why: crate::peer::courier::Setback| Trouble(format!("the post failed: {why}"));
        for _ in 0..ROUNDS_MAX {
            let mut carried = 0;
            for courier in &mut self.couriers {
                carried += courier.deliver().await.map_err(failed)?;
            }
            if carried == 0 {
                break;
            }
        }
        for courier in &mut self.couriers {
            courier.mirror().await.map_err(failed)?;
        }
        Ok(())
    }

    /// What differs between the two nodes: cases that fold differently, mail not delivered.
    async fn compare(&self, cases: &BTreeSet<CaseId>) -> Result<Vec<String>, Trouble> {
        let mut wanting = Vec::new();
        for case in cases {
            let mut prints = Vec::new();
            for node in &self.nodes {
                let case = case.clone();
                let dossier = node.app().read(move |node, reader, _| node.load(reader, &case)).await?;
                prints.push(dossier.map(|dossier| dossier.case.fingerprint()));
            }
            if prints.iter().any(Option::is_none) || prints.windows(2).any(|pair| pair[0] != pair[1]) {
                wanting.push(format!("{case}: the two nodes do not hold the same case"));
            }
        }
        for node in &self.nodes {
            let counts = node.app().read(|_, reader, _| reader.parcel_counts()).await?;
            for left in counts.iter().filter(|count| count.state != ParcelState::Delivered) {
                let node = node.app().node();
                let me = node.me();
                wanting.push(format!("{me}: {} parcels to {} are {}", left.count, left.peer, left.state.as_str()));
            }
        }
        Ok(wanting)
    }

    fn app_of(&self, party: &PartyId) -> Result<&App, Trouble> {
        let found = self.nodes.iter().map(Running::app).find(|app| app.node().me() == party);
        found.ok_or_else(|| Trouble(format!("the story wants a node of `{party}`, which is not in this demo")))
    }
}

/// Moves the demo's clock onwards to an instant, by whole seconds and never short of it.
async fn advance_to(pair: &Pair, at: Timestamp) -> Result<(), Trouble> {
    let left = at.duration_since(pair.clock.now());
    if left.is_positive() {
        let clock = pair.clock.clone();
        let moved = tokio::task::spawn_blocking(move || clock.advance(SignedDuration::from_secs(left.as_secs() + 1)));
        moved.await.map_err(|why| Trouble(why.to_string()))??;
    }
    Ok(())
}

fn named(matter: &str, why: &Trouble) -> Trouble {
    Trouble(format!("matter `{matter}`: {why}"))
}
