//! The story as it is told: each act in words, what was said in it, and whose turn comes next by when.
//!
//! Owns the printed form, in one language of the face, and the same for programs. Must not play anything.

use std::collections::BTreeSet;

use domain::act::{Act, Deed};
use domain::asset::Heading;
use domain::case::Case;
use domain::difference::{Shown, difference};
use domain::ids::{CaseId, Hash32};
use domain::menu::Menu;
use domain::text::Prose;
use indicatif::ProgressBar;
use node::story::{AtHome, Line, Matter, lines};

use crate::app::App;
use crate::cli::Trouble;
use crate::cli::out::say;
use crate::i18n::Tongue;
use crate::web::page::Page;

/// Longest quotation of what an act says, in characters; the whole stands on the case's page.
const QUOTED_CHARS_MAX: usize = 200;

/// What has been told so far.
pub(super) struct Transcript {
    as_json: bool,
    tongue: Tongue,
    /// Every act, for programs.
    pub(super) acts: Vec<serde_json::Value>,
    /// The cases told of.
    pub(super) cases: BTreeSet<CaseId>,
    /// The version of the instrument in force when last looked at.
    in_force: Option<Hash32>,
}

impl Transcript {
    pub(super) fn new(tongue: Tongue, as_json: bool) -> Self {
        Self { as_json, tongue, acts: Vec::new(), cases: BTreeSet::new(), in_force: None }
    }

    /// Prints a chapter's heading, in every language it has, the reader's first.
    pub(super) fn chapter(&self, matter: &Matter, progress: &ProgressBar) {
        if self.as_json {
            return;
        }
        if matter.chapter.is_empty() {
            // The next matter of the same chapter.
            progress.suspend(|| say(""));
            return;
        }
        let own = matter.chapter.get(self.tongue.code());
        let others = matter.chapter.iter().filter(|(lang, _)| *lang != self.tongue.code()).map(|(_, words)| words);
        let heading: Vec<&str> = own.into_iter().chain(others).map(String::as_str).collect();
        progress.suspend(|| say(format_args!("\n{}\n", heading.join(" · "))));
    }

    /// Tells what happened under the own law of one node: no act, and nothing the other side ever sees.
    pub(super) fn at_home(&self, app: &App, told: Option<&AtHome>, progress: &ProgressBar) {
        let Some(told) = told.filter(|_| !self.as_json) else { return };
        let page = Page::new(app, self.tongue, None, String::new(), String::new());
        let party = page.party(app.node().me());
        let (what, more) = match told {
            AtHome::Answered { question, answer } => {
                let found = page.local_finding(&question.gate, &answer.finding);
                let words = page.t1("story-quoted", "words", cut(&answer.reason));
                let said = format!("{found} · {}{}{}", answer.by.name, page.t("comma"), page.role(&answer.by.role));
                (page.gate(&question.gate), vec![said, words])
            }
            AtHome::Held { act, why } => (page.to_do(act), vec![page.held(why)]),
            AtHome::Waits { until } => {
                let when = page.moment_words(until, app.node().me());
                (page.t("local-reply"), vec![format!("{} {when}", page.t("local-reply-waits"))])
            }
        };
        progress.suspend(|| {
            say(format_args!("  {}", page.tongue.with("story-own-law", &[("party", &party), ("what", &what)])));
            more.iter().for_each(|line| say(format_args!("      {line}")));
        });
    }

    /// Tells that another version of the instrument is in force since it was last looked at.
    pub(super) fn versions(&mut self, app: &App, progress: &ProgressBar) {
        let now = app.node().instrument().hash();
        if self.in_force.replace(now).is_some_and(|before| before != now) && !self.as_json {
            let page = Page::new(app, self.tongue, None, String::new(), String::new());
            let words = page.t1("story-in-force", "version", page.version_name(&now));
            progress.suspend(|| say(format_args!("  = {words}\n")));
        }
    }

    /// Tells the acts of a case beyond the `shown` first ones; answers how many are shown now.
    pub(super) async fn tell(
        &mut self,
        app: &App,
        case: &CaseId,
        shown: usize,
        progress: &ProgressBar,
    ) -> Result<usize, Trouble> {
        self.cases.insert(case.clone());
        let of = case.clone();
        let read = app.read(move |node, reader, _| {
            let dossier = node.load(reader, &of)?;
            Ok::<_, node::Fault>((lines(node, reader, &of)?, dossier.map(|dossier| dossier.case)))
        });
        let (all, folded) = read.await?;
        let page = Page::new(app, self.tongue, None, String::new(), String::new());
        for line in all.iter().skip(shown) {
            if self.as_json {
                self.acts.push(data(line));
            } else {
                progress.suspend(|| act(&page, folded.as_ref(), line));
            }
        }
        if !self.as_json && all.len() > shown {
            let booked = all.iter().skip(shown).any(|line| matches!(line.act.deed, Deed::BookAsset { .. }));
            progress.suspend(|| {
                if booked {
                    balance(&page, folded.as_ref());
                }
                next(&page, folded.as_ref());
            });
        }
        if shown == 0 && !self.as_json {
            self.difference(app, &page, case, progress).await?;
        }
        Ok(all.len())
    }
}

impl Transcript {
    /// What a case that amends the instrument would change in it, line by line.
    async fn difference(&self, app: &App, page: &Page, case: &CaseId, progress: &ProgressBar) -> Result<(), Trouble> {
        let (of, chunks) = (case.clone(), app.chunks());
        let proposed = app.read(move |node, reader, _| {
            node.load(reader, &of)?.map_or(Ok(None), |dossier| node.proposed(&*chunks, &dossier.case))
        });
        let Some(proposed) = proposed.await.map_err(|why| Trouble(why.to_string()))? else { return Ok(()) };
        let side = |shown: &Option<Shown>| match shown {
            None => page.t("amendment-nothing"),
            Some(Shown::Code(code)) => code.clone(),
            Some(Shown::Words(words)) => page.text(words),
        };
        for change in difference(&proposed.before, &proposed.next) {
            let (part, from, to) = (page.part_name(&change.part), side(&change.from), side(&change.to));
            let line = format!("{part} {} {}: {from} → {to}", change.id, change.aspect);
            progress.suspend(|| say(format_args!("      ± {}", line.replace(" :", ":"))));
        }
        Ok(())
    }
}

/// One act for a program.
fn data(line: &Line) -> serde_json::Value {
    let act = &line.act;
    let who = act.author.officer();
    serde_json::json!({
        "case": act.case, "at": act.at, "by": act.by, "office": act.office, "act": act.deed.kind().code(),
        "who": who.map(|person| &person.name), "role": who.map(|person| person.role.code()),
        "drafter": act.author.drafter().map(|person| &person.name),
        "stage": line.stage.code(), "moot": line.moot,
    })
}

/// One act for a person: when and where, who, what, and in which words.
fn act(page: &Page, case: Option<&Case>, line: &Line) {
    let act = &line.act;
    let kind = act.deed.kind();
    let done = case.map_or_else(|| page.act(&kind), |case| page.act_in(&case.type_code, &kind));
    let office = page.instrument().office(&act.office);
    let office = office.map_or_else(|| act.office.to_string(), |office| page.text(&office.name));
    let who = match act.author.officer() {
        Some(person) => page
            .tongue
            .with("story-person", &[("name", &person.name), ("role", &page.role(&person.role)), ("office", &office)]),
        None => page.t1("story-node", "office", office),
    };
    say(format_args!("  {}  {}  {}", page.moment_words(&act.at, &act.by), act.case, done));
    say(format_args!("      {who}"));
    if let Some(drafter) = act.author.drafter() {
        let role = page.role(&drafter.role);
        say(format_args!("      {}", page.tongue.with("story-drafter", &[("name", &drafter.name), ("role", &role)])));
    }
    for words in said(page, case, act) {
        say(format_args!("      {words}"));
    }
    if line.moot {
        say(format_args!("      {}", page.t("story-moot")));
    }
}

/// Where every sum of the case stands once a movement was booked.
fn balance(page: &Page, case: Option<&Case>) {
    for (asset, property) in case.into_iter().flat_map(|case| case.assets.properties()) {
        let standing = Heading::ALL.iter().map(|(heading, code)| (property.sum(*heading), code));
        let sums = standing.filter(|(sum, _)| !sum.is_zero());
        let sums: Vec<String> = sums
            .map(|(sum, code)| format!("{} {sum} {}", page.t(&format!("heading-{code}")), property.currency))
            .collect();
        say(format_args!(
            "      = {}",
            page.tongue.with("story-balance", &[("asset", &asset), ("sums", &sums.join(" · "))])
        ));
    }
}

/// Whose turn it is after the acts told, and until when.
fn next(page: &Page, case: Option<&Case>) {
    let Some((case, (side, clock))) = case.and_then(|case| case.turn().map(|turn| (case, turn))) else { return };
    let (Some(clock), party) = (clock, case.party(side)) else { return };
    let Some(deadline) = clock.deadline() else { return };
    let name = page.instrument().party(party).map_or_else(|| party.to_string(), |party| page.text(&party.short));
    let (what, when) = (page.clock_kind_in(&case.type_code, &clock.kind), page.moment_words(&deadline.due_at, party));
    say(format_args!(
        "      → {}",
        page.tongue.with("story-next", &[("party", &name), ("what", &what), ("when", &when)])
    ));
}

/// So much of a hash is read aloud.
const HASH_CHARS: usize = 12;

/// What an act says, quoted.
fn said(page: &Page, case: Option<&Case>, act: &Act) -> Vec<String> {
    let quoted = |words: &Prose| page.t1("story-quoted", "words", cut(words.get(page.lang())));
    match &act.deed {
        Deed::Preconsult { request } | Deed::Submit { request } => {
            // With one version there is nothing to tell apart.
            let amended = page.node().instruments().iter().count() > 1;
            let under = amended.then(|| page.t1("case-version", "version", page.version_name(&act.instrument)));
            std::iter::once(quoted(&request.title)).chain(under).collect()
        }
        Deed::Acknowledge { reference, officer, .. } => {
            vec![page.tongue.with("story-reference", &[("reference", reference), ("officer", &officer.name)])]
        }
        Deed::Refuse { ground, reason, .. } => {
            let name = page.instrument().grounds().get(ground).map(|words| page.text(&words.name)).unwrap_or_default();
            let ground = format!("{} {name}", ground.code());
            std::iter::once(ground).chain(reason.iter().map(quoted)).collect()
        }
        Deed::Regrade { urgency, reason } => vec![page.urgency(urgency), quoted(reason)],
        Deed::Escalate { level, .. } => {
            let name = page.instrument().rung(*level).map(|rung| page.text(&rung.name)).unwrap_or_default();
            vec![format!("L{level} {name}")]
        }
        Deed::Record { step, note, item, until } => {
            let name = case.map_or_else(|| step.clone(), |case| page.step_of_type(&case.type_code, step));
            let until = until.map(|day| page.date(&day));
            let line = std::iter::once(name).chain(item.clone()).chain(until).collect::<Vec<_>>().join(" · ");
            vec![line, quoted(note)]
        }
        Deed::SignText { version, sha256 } => {
            let short: String = sha256.to_string().chars().take(HASH_CHARS).collect();
            vec![page.tongue.with("story-signed", &[("version", version), ("hash", &short)])]
        }
        Deed::Adopt { instrument, reason } => vec![page.version_name(instrument), quoted(reason)],
        Deed::BookAsset { asset, movement, amount, note } => {
            let movement = page.t(&format!("movement-{}", movement.code()));
            vec![format!("{asset} · {movement} · {amount}"), quoted(note)]
        }
        Deed::CiteNorm { norm, words } => {
            let text =
                page.instrument().norms().iter().find(|known| known.id == *norm).map(|known| page.text(&known.text));
            vec![format!("{norm}: {}", cut(&text.unwrap_or_default())), quoted(words)]
        }
        Deed::CertifyDeletion { erased } => vec![page.t1("story-erased", "n", erased.len())],
        deed => deed.said().into_iter().map(quoted).collect(),
    }
}

fn cut(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTED_CHARS_MAX {
        return line;
    }
    line.chars().take(QUOTED_CHARS_MAX - 1).chain(['…']).collect()
}
