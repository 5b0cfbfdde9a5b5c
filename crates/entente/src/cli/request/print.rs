//! Answers of the interface as lines for people.
//!
//! Owns their form. Must not call anything. What a node says is shown without control characters: it may repeat a peer.

use domain::menu::Menu;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

pub(super) use crate::cli::out::tongue;

/// The clock of one Party's capital.
pub struct Place {
    zone: TimeZone,
    capital: String,
}

impl Place {
    /// The capital of a Party of the instrument; the world's clock where it names none.
    #[must_use]
    pub fn of(instrument: &Value, party: &str) -> Self {
        let found = list(instrument, "parties").find(|one| text(one, "id") == party);
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
pub fn check(check: &Value, instrument: &Value) -> Vec<String> {
    let mut lines: Vec<String> = missing(check);
    lines.extend(list(check, "gates_unanswered").map(|gate| gate_open(&plain(gate), instrument)));
    lines.extend(departures(check));
    if check["complete"] == Value::Bool(true) {
        lines.insert(0, tongue().t("draft-complete"));
    }
    lines
}

/// A draft.
pub fn draft(draft: &Value, instrument: &Value) -> Vec<String> {
    let request = &draft["request"];
    let handed_over = draft["handed_over"] == Value::Bool(true);
    let state = tongue().t(if handed_over { "prepared-handed" } else { "prepared-writing" });
    let version = tongue().with("prepared-version", &[("n", &draft["version"].to_string())]);
    let mut lines = vec![
        format!("{}  {version}  {state}", text(draft, "id")),
        format!("  {} → {}  {}", type_named(request, instrument), text(request, "to"), words(&request["title"])),
    ];
    lines.extend(missing(draft));
    lines.extend(departures(draft));
    let answered: Vec<String> = list(draft, "gates").map(|answer| text(answer, "gate")).collect();
    let open = list(draft, "gates_needed").map(plain).filter(|gate| !answered.contains(gate));
    lines.extend(open.map(|gate| gate_open(&gate, instrument)));
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
pub fn drafts(drafts: &Value, instrument: &Value) -> Vec<String> {
    let line = |draft: &Value| {
        let request = &draft["request"];
        format!(
            "{}  {} → {}  {}",
            text(draft, "id"),
            type_named(request, instrument),
            text(request, "to"),
            words(&request["title"])
        )
    };
    list(drafts, "drafts").map(line).collect()
}

/// Cases, one a line.
pub fn cases(cases: &Value, here: &Place, instrument: &Value) -> Vec<String> {
    let mut lines: Vec<String> = list(cases, "cases").map(|line| case_line(line, here, instrument)).collect();
    if let Some(next) = cases["next"].as_str() {
        lines.push(format!("({})", tongue().with("list-more", &[("next", &next)])));
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

fn case_line(line: &Value, here: &Place, instrument: &Value) -> String {
    // To the minute, as in every other list; programs get the exact instant.
    let due = line["due_at"]
        .as_str()
        .map(|due| format!("  {}", tongue().with("list-due", &[("at", &here.moment(due))])))
        .unwrap_or_default();
    let turn = match text(line, "turn").as_str() {
        "ours" => tongue().t("list-ours"),
        "theirs" => tongue().with("list-theirs", &[("party", &text(line, "peer"))]),
        "courier" => tongue().t("show-courier"),
        _ => tongue().t("show-over"),
    };
    format!(
        "{}  {}  {}  {}  {turn}{due}  {}",
        text(line, "case"),
        type_named(line, instrument),
        text(line, "urgency"),
        tongue().t(&format!("stage-{}", text(line, "stage"))),
        words(&line["title"])
    )
}

/// A type by its code, with its name where the instrument at hand has it.
pub(super) fn type_named(of: &Value, instrument: &Value) -> String {
    let code = text(of, "type_code");
    let known = list(instrument, "types").find(|one| text(one, "code") == code);
    known.map_or_else(|| code.clone(), |one| format!("{code} {}", own(&one["name"])))
}

/// A safeguard that is not answered, by its code and its name.
pub(super) fn gate_open(code: &str, instrument: &Value) -> String {
    let known = list(instrument, "gates").find(|one| text(one, "gate") == code);
    let name = known.map(|one| own(&one["title"])).unwrap_or_default();
    format!("  {}", tongue().with("gate-open", &[("gate", &format!("{code} {name}").trim_end())]))
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
pub(super) fn words(prose: &Value) -> String {
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
