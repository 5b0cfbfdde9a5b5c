//! The story as it is told: each act in words, what was said in it, and whose turn comes next by when.
//!
//! Owns the printed form, in one language of the face, and the same for programs. Must not play anything.

use std::collections::BTreeSet;

use domain::act::{Act, Deed};
use domain::asset::Heading;
use domain::case::Case;
use domain::ids::CaseId;
use domain::menu::Menu;
use domain::text::Prose;
use indicatif::ProgressBar;
use node::story::{Line, Matter, lines};

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
}

impl Transcript {
    pub(super) fn new(tongue: Tongue, as_json: bool) -> Self {
        Self { as_json, tongue, acts: Vec::new(), cases: BTreeSet::new() }
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
                progress.suspend(|| act(&page, line));
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
        Ok(all.len())
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
fn act(page: &Page, line: &Line) {
    let act = &line.act;
    let office = page.instrument().office(&act.office);
    let office = office.map_or_else(|| act.office.to_string(), |office| page.text(&office.name));
    let who = match act.author.officer() {
        Some(person) => page
            .tongue
            .with("story-person", &[("name", &person.name), ("role", &page.role(&person.role)), ("office", &office)]),
        None => page.t1("story-node", "office", office),
    };
    say(format_args!("  {}  {}  {}", page.moment_words(&act.at, &act.by), act.case, page.act(&act.deed.kind())));
    say(format_args!("      {who}"));
    if let Some(drafter) = act.author.drafter() {
        let role = page.role(&drafter.role);
        say(format_args!("      {}", page.tongue.with("story-drafter", &[("name", &drafter.name), ("role", &role)])));
    }
    for words in said(page, act) {
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
    let (what, when) = (page.clock_kind(&clock.kind), page.moment_words(&deadline.due_at, party));
    say(format_args!(
        "      → {}",
        page.tongue.with("story-next", &[("party", &name), ("what", &what), ("when", &when)])
    ));
}

/// So much of a hash is read aloud.
const HASH_CHARS: usize = 12;

/// What an act says, quoted.
fn said(page: &Page, act: &Act) -> Vec<String> {
    let quoted = |words: &Prose| page.t1("story-quoted", "words", cut(words.get(page.lang())));
    match &act.deed {
        Deed::Preconsult { request } | Deed::Submit { request } => vec![quoted(&request.title)],
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
            // Several types share a series; the step's code says which of them is meant.
            let mut of_series = page.instrument().types().values().filter(|rule| rule.series == series(act));
            let name = of_series.find_map(|rule| rule.step(step));
            let name = name.map_or_else(|| step.clone(), |step| page.text(&step.name));
            let until = until.map(|day| page.date(&day));
            let line = std::iter::once(name).chain(item.clone()).chain(until).collect::<Vec<_>>().join(" · ");
            vec![line, quoted(note)]
        }
        Deed::SignText { version, sha256 } => {
            let short: String = sha256.to_string().chars().take(HASH_CHARS).collect();
            vec![page.tongue.with("story-signed", &[("version", version), ("hash", &short)])]
        }
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

/// The series of a case, which names its type.
fn series(act: &Act) -> &str {
    act.case.as_str().split('-').nth(1).unwrap_or("")
}

fn cut(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTED_CHARS_MAX {
        return line;
    }
    line.chars().take(QUOTED_CHARS_MAX - 1).chain(['…']).collect()
}
