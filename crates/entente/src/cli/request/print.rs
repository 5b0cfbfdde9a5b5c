//! Answers of the interface as lines for people.
//!
//! Owns their form. Must not call anything. What a node says is shown without control characters: it may repeat a peer.

use domain::menu::Menu;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::i18n::Tongue;

/// The clock of one Party's capital.
pub struct Place {
    zone: TimeZone,
    capital: String,
}

impl Place {
    /// The capital of a Party of the instrument; the world's clock where it names none.
    #[must_use]
    pub fn of(instrument: &Value, party: &str) -> Self {
        let found = list(instrument, "parties").find(|one| text(one, "party") == party);
        let zone = found.and_then(|one| TimeZone::get(&text(one, "zone")).ok()).unwrap_or(TimeZone::UTC);
        Self { zone, capital: found.map(|one| own(&one["capital"])).unwrap_or_default() }
    }

    /// An instant to the minute on that clock, with its distance from the world's; programs get it exact with `--json`.
    #[must_use]
    pub fn moment(&self, at: &str) -> String {
        let Ok(at) = at.parse::<Timestamp>() else { return at.to_owned() };
        let local = at.to_zoned(self.zone.clone());
        format!("{} {} (UTC{})", local.strftime("%Y-%m-%d %H:%M"), self.capital, local.strftime("%:z"))
            .replace("  ", " ")
    }
}

/// Nothing to show.
pub fn nothing(_: &Value) -> Vec<String> {
    Vec::new()
}

/// Why a call was refused, and what is missing.
pub fn problem(problem: &Value) -> Vec<String> {
    let title = text(problem, "title");
    // What is missing stands below, a line for each part.
    let mut lines = vec![match text(problem, "detail") {
        detail if detail.is_empty() || list(problem, "missing").next().is_some() => title,
        detail => format!("{title} {detail}"),
    }];
    lines.extend(missing(problem));
    lines
}

/// An act that was done.
pub fn done(done: &Value) -> Vec<String> {
    vec![format!("{}  act {}  {}", text(done, "case"), done["seq"], text(done, "core_hash"))]
}

/// A file taken in.
pub fn attachment(file: &Value) -> Vec<String> {
    vec![format!("{}  {} bytes  {}", text(file, "name"), file["bytes"], text(file, "root"))]
}

/// An answer kept for a coming act.
pub fn gate_kept(kept: &Value) -> Vec<String> {
    let answer = &kept["answer"];
    vec![format!("{} for {}: {}", text(answer, "gate"), text(kept, "act"), text(answer, "finding"))]
}

/// Whether a draft is complete.
pub fn check(check: &Value) -> Vec<String> {
    let mut lines: Vec<String> = missing(check);
    lines.extend(list(check, "gates_unanswered").map(|gate| format!("  safeguard {} is not answered", plain(gate))));
    lines.extend(departures(check));
    if check["complete"] == Value::Bool(true) {
        lines.insert(0, "complete".to_owned());
    }
    lines
}

/// A draft.
pub fn draft(draft: &Value) -> Vec<String> {
    let request = &draft["request"];
    let state = if draft["handed_over"] == Value::Bool(true) { "handed over" } else { "being written" };
    let mut lines = vec![
        format!("{}  version {}  {state}", text(draft, "id"), draft["version"]),
        format!("  {} to {}  {}", text(request, "type_code"), text(request, "to"), words(&request["title"])),
    ];
    lines.extend(missing(draft));
    lines.extend(departures(draft));
    let answered: Vec<String> = list(draft, "gates").map(|answer| text(answer, "gate")).collect();
    let open = list(draft, "gates_needed").map(plain).filter(|gate| !answered.contains(gate));
    lines.extend(open.map(|gate| format!("  safeguard {gate} is not answered")));
    lines
}

/// Where the languages of a draft depart from the agreed terms.
fn departures(of: &Value) -> Vec<String> {
    let heading = tongue().t("terms-advice");
    let line = |one: &Value| {
        let agreed: Vec<String> = list(one, "agreed").map(plain).collect();
        let (field, term) = (text(one, "field"), text(one, "term"));
        let (used, lacking) = (text(one, "used_in"), text(one, "lacking_in"));
        format!("  {heading}: {field}: {used} {term} → {lacking} {}", agreed.join(" / "))
    };
    list(of, "terms").map(line).collect()
}

/// Drafts, one a line.
pub fn drafts(drafts: &Value) -> Vec<String> {
    let line = |draft: &Value| {
        let request = &draft["request"];
        format!(
            "{}  {} to {}  {}",
            text(draft, "id"),
            text(request, "type_code"),
            text(request, "to"),
            words(&request["title"])
        )
    };
    list(drafts, "drafts").map(line).collect()
}

/// Cases, one a line.
pub fn cases(cases: &Value, here: &Place) -> Vec<String> {
    let mut lines: Vec<String> = list(cases, "cases").map(|line| case_line(line, here)).collect();
    if let Some(next) = cases["next"].as_str() {
        lines.push(format!("(more, after {next})"));
    }
    lines
}

/// Acts, one a line.
pub fn acts(acts: &Value, here: &Place) -> Vec<String> {
    let line = |act: &Value| {
        let why =
            |code: &str| format!("  {}: {} [{}]", tongue().t("moot"), own(&act["moot_said"]), plain(&code.into()));
        let moot = act["moot"].as_str().map(why).unwrap_or_default();
        let who = match text(&act["officer"], "name") {
            name if name.is_empty() => "node".to_owned(),
            name => name,
        };
        let (at, kind) = (here.moment(&text(act, "at")), text(act, "kind"));
        let name = tongue().t(&format!("act-{kind}"));
        format!("{at}  {} {}  {name} ({kind})  {who}{moot}", text(act, "by"), act["seq"])
    };
    list(acts, "acts").map(line).collect()
}

fn case_line(line: &Value, here: &Place) -> String {
    // To the minute, as in every other list; programs get the exact instant.
    let due = line["due_at"].as_str().map(|due| format!("  due {}", here.moment(due))).unwrap_or_default();
    let turn = match text(line, "turn").as_str() {
        "ours" => "our move".to_owned(),
        "theirs" => format!("{}'s move", text(line, "peer")),
        other => other.to_owned(),
    };
    format!(
        "{}  {}  {}  {turn}{due}  {}",
        text(line, "case"),
        text(line, "urgency"),
        tongue().t(&format!("stage-{}", text(line, "stage"))),
        words(&line["title"])
    )
}

/// What is missing, in words; a part is called by its name in the file.
fn missing(value: &Value) -> Vec<String> {
    let line = |part: &Value| {
        let (field, max) = (text(part, "field"), part["max"].to_string());
        let lang = tongue().t(&format!("language-{}", text(part, "lang")));
        let (bar, mark) = (text(part, "bar"), text(part, "mark"));
        let args: [(&'static str, &dyn std::fmt::Display); 5] =
            [("part", &field), ("lang", &lang), ("max", &max), ("bar", &bar), ("mark", &mark)];
        let lack = text(part, "lack");
        let said = |key: &str| tongue().with(&format!("{key}-{lack}"), &args);
        format!("  {} {}", said("lack"), said("remedy"))
    };
    list(value, "missing").map(line).collect()
}

/// The items of a list; none when there is none.
pub(super) fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// A member as text.
pub(super) fn text(value: &Value, name: &str) -> String {
    value.get(name).map(plain).unwrap_or_default()
}

/// A text without control characters.
pub(super) fn plain(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).collect()
}

/// The words in the terminal's language, or else in the original.
fn words(prose: &Value) -> String {
    let original = prose["original"].as_str().unwrap_or_default();
    let texts = &prose["texts"];
    let own = texts.get(tongue().code());
    own.or_else(|| texts.get(original)).map(plain).unwrap_or_default()
}

/// One of the instrument's texts in the terminal's language.
pub(super) fn own(text_of: &Value) -> String {
    let own = text_of.get(tongue().code());
    own.or_else(|| text_of.as_object().and_then(|texts| texts.values().next())).map(plain).unwrap_or_default()
}

/// The terminal's language.
pub(super) fn tongue() -> Tongue {
    let lang = std::env::var("LC_ALL").or_else(|_| std::env::var("LANG")).unwrap_or_default();
    Tongue::accepted(&lang)
}
