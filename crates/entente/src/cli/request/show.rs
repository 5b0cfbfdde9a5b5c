//! A case or a draft whole, as lines for people: what is asked, where it stands, whose turn it is, and what was done.
//!
//! Owns the order and form of those lines. Must not call anything. Words are the terminal's language; what was written in
//! several languages is shown in each. What a node says is shown without control characters: it may repeat a peer.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::print::{list, own, plain, text, tongue};

/// What is known beside the case itself.
pub struct Around<'a> {
    /// The instrument: Parties, urgencies, safeguards.
    pub instrument: &'a Value,
    /// The request's type.
    pub rule: &'a Value,
    /// The offices.
    pub offices: &'a Value,
    /// The acts so far, in order.
    pub acts: &'a [Value],
}

/// Labels of the parts every type has, and where their words are.
const PARTS: &[(&str, &str)] = &[
    ("legal_basis", "part-legal_basis"),
    ("urgency_reason", "part-urgency_reason"),
    ("needed_by", "part-needed_by"),
    ("purpose", "part-purpose"),
    ("confidentiality", "part-confidentiality"),
    ("contact", "part-contact"),
];

/// A case.
pub fn case(case: &Value, around: &Around<'_>) -> Vec<String> {
    let mut lines = head(case, around);
    lines.extend(standing(case, around));
    lines.extend(section("show-request"));
    lines.extend(request(&case["request"], around));
    lines.extend(safeguards(case, around));
    lines.extend(questions(case));
    lines.extend(files(list(case, "attachments").map(|file| (&file["file"], text(file, "state")))));
    lines.extend(timeline(around));
    lines
}

/// What a draft says so far.
pub fn draft(draft: &Value, around: &Around<'_>) -> Vec<String> {
    let request_of = &draft["request"];
    let mut lines = vec![format!("  {}", type_of(request_of, around))];
    lines.extend(titles(request_of));
    lines.extend(section("show-request"));
    lines.extend(request(request_of, around));
    lines.extend(files(list(request_of, "attachments").map(|file| (file, String::new()))));
    lines
}

fn head(case: &Value, around: &Around<'_>) -> Vec<String> {
    let (line, request) = (&case["line"], &case["request"]);
    let exercise = if line["exercise"] == true { format!("  [{}]", t("exercise")) } else { String::new() };
    let mut lines = vec![format!("{}  {}{exercise}", text(line, "case"), type_of(request, around))];
    lines.extend(titles(request));
    let office = |name: &str| around.office(&text(case, name));
    lines.push(format!("  {} → {}", office("requesting_office"), office("requested_office")));
    lines.push(format!("  {}  {}", around.urgency(&text(line, "urgency")), text(line, "mark")));
    let named = &case["officer"];
    if named.is_object() {
        let officer = text(&named["officer"], "name");
        lines.push(pair(
            "show-reference",
            &format!("{}  {officer}  {}", text(named, "reference"), text(named, "contact")),
        ));
    }
    let linked = case["continues"].as_str().map(|earlier| pair("continues", earlier));
    lines.extend(linked);
    let later: Vec<String> = list(case, "continued_as").map(plain).collect();
    if !later.is_empty() {
        lines.push(pair("continued-as", &later.join(", ")));
    }
    let next: Vec<String> = list(case, "continuable_as").map(plain).collect();
    if !next.is_empty() {
        lines.push(pair("continue-as", &next.join(", ")));
    }
    if case["masked"].is_object() {
        let fields = list(&case["masked"], "fields").map(plain);
        let acts = list(&case["masked"], "acts").map(|one| format!("{} {}", text(one, "by"), one["seq"]));
        let files = list(&case["masked"], "files").map(plain);
        let left_out: Vec<String> = fields.chain(acts).chain(files).collect();
        lines.push(format!("  {} {}", t("mask-seen"), left_out.join(", ")));
    }
    lines.push(pair("show-opened", &around.moment(&text(case, "opened_at"))));
    lines
}

/// Stage, turn, clock and ladder.
fn standing(case: &Value, around: &Around<'_>) -> Vec<String> {
    let line = &case["line"];
    let mut lines = section("show-standing");
    let turn = match text(line, "turn").as_str() {
        "ours" => t("turn-us"),
        "theirs" => format!("{} ({})", t("turn-them"), text(line, "peer")),
        "courier" => t("show-courier"),
        _ => t("show-over"),
    };
    lines.push(format!("  {}  ·  {turn}", around.called(&format!("stage-{}", text(line, "stage")))));
    // Each with the code it is done by.
    let named = |act: &Value| format!("{} ({})", around.called(&format!("do-{}", plain(act))), plain(act));
    let open: Vec<String> = list(case, "open").map(named).collect();
    if !open.is_empty() {
        lines.push(pair("show-open", &open.join(", ")));
    }
    let clock = &case["clock"];
    if clock.is_object() {
        let what = around.called(&format!("clock-{}", text(clock, "kind")));
        let when = match clock["deadline"]["due_at"].as_str() {
            Some(due) => around.moment(due),
            None => t("show-paused"),
        };
        lines.push(pair("show-clock", &format!("{what} ({}): {when}", text(clock, "party"))));
    } else {
        lines.push(format!("  {}", t("clock-none")));
    }
    for rung in list(case, "rungs") {
        let level = format!("{} {}", t("level"), rung["level"]);
        lines.push(format!("  {level}  {}", around.moment(&text(rung, "at"))));
        match rung["answered_at"].as_str() {
            Some(at) => {
                lines.push(format!("    {} {}", t("show-answered"), around.moment(at)));
                lines.extend(spoken(&rung["answer"], "    "));
            }
            None => lines.push(format!("    {} {}", t("show-answer-due"), around.moment(&text(rung, "answer_due_at")))),
        }
    }
    lines
}

/// The parts of a request, each under its name, in every language it was written in.
fn request(request: &Value, around: &Around<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, label) in PARTS {
        let value = &request[*key];
        if value.is_object() {
            lines.push(format!("  {}:", t(label)));
            lines.extend(spoken(value, "    "));
        } else if !value.is_null() {
            lines.push(format!("  {}: {}", t(label), plain(value)));
        }
    }
    let given = &request["fields"];
    let known: Vec<&Value> = list(around.rule, "fields").collect();
    for field in &known {
        let id = text(field, "id");
        if let Some(value) = given.get(&id) {
            lines.extend(field_lines(&own(&field["label"]), value, field, around));
        }
    }
    lines
}

fn field_lines(label: &str, value: &Value, field: &Value, around: &Around<'_>) -> Vec<String> {
    let Some((kind, value)) = value.as_object().and_then(|tagged| tagged.iter().next()) else { return Vec::new() };
    let one = |words: String| vec![format!("  {label}: {words}")];
    match kind.as_str() {
        "prose" => {
            let mut lines = vec![format!("  {label}:")];
            lines.extend(spoken(value, "    "));
            lines
        }
        "choice" => {
            let code = plain(value);
            let option = list(field, "options").find(|option| text(option, "code") == code);
            one(option.map_or(code, |option| own(&option["label"])))
        }
        "interval" => {
            let end = |name: &str| around.moment(&text(value, name));
            one(format!("{} – {}", end("from"), end("to")))
        }
        "yes-no" => one(t(if *value == Value::Bool(true) { "yes" } else { "no" })),
        "penalty" => one(match value["years-max"].as_u64() {
            Some(years) => tongue().with("penalty-years", &[("n", &years)]),
            None => t(&format!("penalty-{}", plain(value))),
        }),
        "indicators" => one(bundle(value.as_str().unwrap_or_default())),
        _ => one(plain(value)),
    }
}

/// A bundle as how much it holds, or what keeps it from being read.
fn bundle(json: &str) -> String {
    let read = formats::stix::read(json.as_bytes());
    match read.value {
        Some(bundle) => {
            let objects: usize = bundle.objects.values().sum();
            let indicators = bundle.indicators.len();
            tongue().with("show-bundle", &[("objects", &objects), ("indicators", &indicators)])
        }
        None => {
            let first = read.findings.first().map(|found| format!("{} [{}]", found.at, found.code)).unwrap_or_default();
            format!("{}: {}", t("indicator-unreadable"), plain(&first.into()))
        }
    }
}

fn safeguards(case: &Value, around: &Around<'_>) -> Vec<String> {
    let mut lines = section("show-safeguards");
    for given in list(case, "gates_answered") {
        let answer = &given["answer"];
        let (gate, finding) = (text(answer, "gate"), t(&format!("finding-{}", text(answer, "finding"))));
        let by = format!("{}, {}", text(&answer["by"], "name"), around.office(&text(answer, "office")));
        lines.push(format!("  {} {gate} {}: {finding}  ({by})", text(given, "party"), around.gate(&gate)));
        lines.extend(spoken(&answer["reason"], "    "));
    }
    for line in list(case, "gates").filter(|line| line["answer"].is_null()) {
        let gate = text(line, "gate");
        lines.push(format!("  {gate} {}: {} ({})", around.gate(&gate), t("form-gate-open"), text(line, "act")));
    }
    if lines.len() == 1 { Vec::new() } else { lines }
}

fn questions(case: &Value) -> Vec<String> {
    let mut lines = section("questions");
    for question in list(case, "questions") {
        lines.push(format!("  {} ({})", question["number"], text(question, "by")));
        lines.extend(spoken(&question["question"], "    "));
        if question["reply"].is_null() {
            lines.push(format!("    {}", t("question-open")));
        }
        lines.extend(spoken(&question["reply"], "    → "));
    }
    if lines.len() == 1 { Vec::new() } else { lines }
}

fn files<'v>(files: impl Iterator<Item = (&'v Value, String)>) -> Vec<String> {
    let line = |(file, state): (&Value, String)| {
        format!("  {}  {} bytes  {}  {state}", text(file, "name"), file["bytes"], text(file, "root"))
            .trim_end()
            .to_owned()
    };
    let shown: Vec<String> = files.map(line).collect();
    if shown.is_empty() { shown } else { section("part-attachments").into_iter().chain(shown).collect() }
}

fn timeline(around: &Around<'_>) -> Vec<String> {
    let mut lines = section("show-timeline");
    for act in around.acts {
        let who = match text(&act["officer"], "name") {
            name if name.is_empty() => t("by-machine"),
            name => name,
        };
        let done = around.called(&format!("act-{}", text(act, "kind")));
        lines.push(format!("  {}", around.moment(&text(act, "at"))));
        lines.push(format!(
            "    {} {}  {done}  ({who}, {})",
            text(act, "by"),
            act["seq"],
            around.office(&text(act, "office"))
        ));
        lines.push(match act["received_at"].as_str() {
            Some(at) => format!("    {} {}", t("receipted"), around.moment(at)),
            None => format!("    {}", t("sealed-waiting")),
        });
        let refused = &act["deed"]["Refuse"];
        if refused.is_object() {
            lines.push(format!("    {}", around.ground(&text(refused, "ground"))));
            lines.extend(spoken(&refused["reason"], "    "));
        }
        if act["moot"].is_string() {
            lines.push(format!("    {}: {} [{}]", t("moot"), own(&act["moot_said"]), text(act, "moot")));
        }
    }
    lines
}

impl Around<'_> {
    /// An instant in every capital.
    pub(super) fn moment(&self, at: &str) -> String {
        let Ok(at) = at.parse::<Timestamp>() else { return at.to_owned() };
        let local = |party: &Value| {
            let zone = TimeZone::get(&text(party, "zone")).unwrap_or(TimeZone::UTC);
            format!("{} {}", own(&party["capital"]), at.to_zoned(zone).strftime("%Y-%m-%d %H:%M"))
        };
        list(self.instrument, "parties").map(local).collect::<Vec<_>>().join(" · ")
    }

    pub(super) fn office(&self, id: &str) -> String {
        let known = list(self.offices, "offices").find(|office| text(office, "id") == id);
        known.map_or_else(|| id.to_owned(), |office| format!("{id} {}", own(&office["name"])))
    }

    pub(super) fn urgency(&self, code: &str) -> String {
        let known = list(self.instrument, "urgencies").find(|one| text(one, "urgency") == code);
        known.map_or_else(|| code.to_owned(), |one| format!("{code} {}", own(&one["name"])))
    }

    /// A closed menu's word as the case's type calls it, else as its procedure does.
    pub(super) fn called(&self, key: &str) -> String {
        let own_word = own(&self.rule["words"][key]);
        let in_procedure = format!("{key}-{}", text(self.rule, "procedure"));
        match (own_word.is_empty(), tongue().has(&in_procedure)) {
            (false, _) => own_word,
            (true, true) => t(&in_procedure),
            (true, false) => t(key),
        }
    }

    /// A ground of refusal with its name.
    pub(super) fn ground(&self, code: &str) -> String {
        let known = list(self.instrument, "grounds").find(|one| text(one, "ground") == code);
        known.map_or_else(|| code.to_owned(), |one| format!("{code} {}", own(&one["name"])))
    }

    pub(super) fn gate(&self, code: &str) -> String {
        let known = list(self.instrument, "gates").find(|one| text(one, "gate") == code);
        known.map(|one| own(&one["title"])).unwrap_or_default()
    }
}

pub(super) fn type_of(request: &Value, around: &Around<'_>) -> String {
    format!("{} {}", text(request, "type_code"), own(&around.rule["name"]))
}

fn titles(request: &Value) -> Vec<String> {
    spoken(&request["title"], "  ")
}

/// Words in each language they were written in, the original first; a line each, further lines under it.
pub(super) fn spoken(prose: &Value, indent: &str) -> Vec<String> {
    let original = text(prose, "original");
    let mut texts: Vec<(&String, &Value)> = prose["texts"].as_object().into_iter().flatten().collect();
    texts.sort_by_key(|(lang, _)| **lang != original);
    let mut lines = Vec::new();
    for (lang, words) in texts {
        for (place, line) in words.as_str().unwrap_or_default().lines().enumerate() {
            let head = if place == 0 { format!("{lang}: ") } else { " ".repeat(lang.len() + 2) };
            lines.push(format!("{indent}{head}{}", plain(&line.into())));
        }
    }
    lines
}

pub(super) fn t(key: &str) -> String {
    tongue().t(key)
}

pub(super) fn pair(key: &str, value: &str) -> String {
    format!("  {}: {value}", t(key))
}

fn section(key: &str) -> Vec<String> {
    vec![t(key)]
}
