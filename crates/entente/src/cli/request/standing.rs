//! The status report of a case as lines for people.
//!
//! Owns the order and form of those lines. Must not call anything; words are the terminal's language.

use serde_json::Value;

use super::print::{list, own, plain, text, tongue};
use super::show::{Around, pair, spoken, t, type_of};

/// The report: what both sides share, then what only this house knows.
pub fn report(status: &Value, around: &Around<'_>) -> Vec<String> {
    let shared = &status["shared"];
    let mut lines = head(shared, around);
    lines.extend(sides(shared, around));
    lines.extend(part("standing-answers", list(shared, "answers").map(|one| vec![answer(one, around)])));
    lines.extend(part("standing-steps", list(shared, "steps").map(|one| vec![recorded(one, around)])));
    lines.extend(part("standing-missing", list(shared, "missing").map(|one| lacking(one, around))));
    lines.extend(part("standing-clocks", list(shared, "clocks").map(|clock| clock_line(clock, around))));
    lines.extend(part("standing-ladder", list(shared, "ladder").map(|rung| rung_line(rung, around))));
    lines.extend(part("standing-hotline", list(shared, "contacts").map(|one| contact(one, around))));
    lines.extend(part("standing-gates", list(shared, "gates").map(|done| gate(done, around))));
    let hash = status["hash"].as_str();
    lines.push(hash.map_or_else(|| t("standing-masked"), |hash| format!("{} {hash}", t("standing-hash"))));
    lines.extend(here(&status["here"], around));
    lines
}

fn head(shared: &Value, around: &Around<'_>) -> Vec<String> {
    let mut lines = vec![format!("{}  {}", t("standing-title"), text(shared, "case"))];
    let reference = match shared["reference"].as_str() {
        Some(number) => plain(&number.into()),
        None => t("standing-not-given"),
    };
    lines.push(pair("standing-references", &format!("{} · {reference}", text(shared, "case"))));
    lines.push(format!("  {}", type_of(shared, around)));
    lines.extend(spoken(&shared["title"], "  "));
    lines.push(format!("  {}:", t("part-legal_basis")));
    lines.extend(spoken(&shared["legal_basis"], "    "));
    lines.push(format!("  {}  {}", around.urgency(&text(shared, "urgency")), text(shared, "mark")));
    lines.push(pair("standing-opened", &around.moment(&text(shared, "opened_at"))));
    if let Some(at) = shared["delivered_at"].as_str() {
        lines.push(pair("standing-delivered", &around.moment(at)));
    }
    lines.push(pair("standing-stage", &around.called(&format!("stage-{}", text(shared, "stage")))));
    let ending = &shared["ending"];
    if ending.is_object() {
        let after = around.called(&format!("stage-{}", text(ending, "after")));
        let mut how = vec![tongue().with("standing-after", &[("stage", &after)])];
        how.extend(ending["extent"].as_str().map(|extent| t(&format!("extent-{}", plain(&extent.into())))));
        how.extend(ending["ground"].as_str().map(|ground| around.ground(&plain(&ground.into()))));
        lines.push(pair("standing-how", &how.join(" · ")));
    }
    let turn = &shared["turn"];
    lines.push(if turn.is_object() {
        let offices: Vec<String> = list(turn, "offices").map(|office| around.office(&plain(office))).collect();
        let clock = around.called(&format!("clock-{}", text(turn, "clock")));
        pair("turn", &format!("{} · {clock}", offices.join(" · ")))
    } else {
        pair("turn", &t("standing-nobody"))
    });
    lines
}

fn sides(shared: &Value, around: &Around<'_>) -> Vec<String> {
    let mut lines = vec![t("standing-next")];
    for side in list(shared, "sides") {
        let next: Vec<String> = list(side, "next").map(|act| t(&format!("do-{}", plain(act)))).collect();
        let words = match (next.is_empty(), shared["over_since"].is_null()) {
            (false, _) => next.join(" · "),
            (true, true) => t("standing-waits"),
            (true, false) => t("standing-over"),
        };
        lines.push(format!("  {}: {words}", around.office(&text(side, "office"))));
    }
    lines
}

fn lacking(one: &Value, around: &Around<'_>) -> Vec<String> {
    let with = |key: &str, name: &'static str, value: &Value| tongue().with(key, &[(name, &plain(value))]);
    let what = match text(one, "kind").as_str() {
        "item" => format!("{}: {}", text(one, "field"), own(&one["want"]["texts"])),
        "reply" => with("standing-owed-reply", "n", &one["number"]),
        "rung-answer" => with("standing-owed-rung", "level", &Value::String(format!("L{}", one["level"]))),
        "consent" => with("standing-owed-consent", "n", &one["number"]),
        "compliance" => with("standing-owed-compliance", "n", &one["number"]),
        "task" => with("standing-owed-task", "n", &one["number"]),
        _ => step(one, around),
    };
    let mut lines = vec![format!("{}: {what}", text(one, "party"))];
    lines.extend(due(&one["due"], around));
    lines
}

fn answer(one: &Value, around: &Around<'_>) -> String {
    let extent = one["extent"].as_str().map_or("standing-interim".to_owned(), |extent| format!("extent-{extent}"));
    format!("{} ({}, {})", t(&extent), around.office(&text(one, "office")), around.moment(&text(one, "at")))
}

fn recorded(one: &Value, around: &Around<'_>) -> String {
    let mut what = vec![step(one, around)];
    what.extend(one["item"].as_str().map(|item| plain(&item.into())));
    what.extend(one["until"].as_str().map(|day| tongue().with("measure-until", &[("day", &plain(&day.into()))])));
    format!("{} ({}, {})", what.join(" · "), around.office(&text(one, "office")), around.moment(&text(one, "at")))
}

fn step(one: &Value, around: &Around<'_>) -> String {
    let code = text(one, "step");
    let known = list(around.rule, "steps").find(|step| text(step, "code") == code);
    known.map_or(code, |step| own(&step["name"]))
}

fn clock_line(clock: &Value, around: &Around<'_>) -> Vec<String> {
    let kind = t(&format!("clock-{}", text(clock, "kind")));
    let began = tongue().with("standing-began", &[("at", &around.moment(&text(clock, "started_at")))]);
    let mut lines = vec![format!("{} ({}): {began}", kind, text(clock, "party"))];
    for pause in list(clock, "pauses") {
        let from = around.moment(&text(pause, "from"));
        lines.push(match pause["until"].as_str() {
            Some(until) => {
                let until = around.moment(until);
                format!("  {}", tongue().with("standing-paused", &[("from", &from), ("until", &until)]))
            }
            None => format!("  {}", tongue().with("standing-pauses", &[("from", &from)])),
        });
    }
    lines.extend(due(&clock["due"], around));
    if let Some(at) = clock["ended_at"].as_str() {
        // Both are instants in UTC, written alike: what is later in time is later as text.
        let late = at > clock["due"]["due_at"].as_str().unwrap_or_default();
        let key = if late { "standing-late" } else { "standing-kept" };
        lines.push(format!("  {}", tongue().with(key, &[("at", &around.moment(at))])));
    }
    lines
}

fn rung_line(rung: &Value, around: &Around<'_>) -> Vec<String> {
    let offices: Vec<String> = list(rung, "offices").map(|office| around.office(&plain(office))).collect();
    let key = if rung["by_officer"] == true { "standing-raised-officer" } else { "standing-raised-clock" };
    let raised = tongue().with(key, &[("at", &around.moment(&text(rung, "at")))]);
    let mut lines = vec![format!("L{} {}: {raised}", rung["level"], offices.join(" · "))];
    match rung["answered_at"].as_str() {
        Some(at) => lines.push(format!("  {}", tongue().with("standing-answered", &[("at", &around.moment(at))]))),
        None => {
            lines.push(format!("  {}", t("standing-unanswered")));
            lines.extend(due(&rung["due"], around));
        }
    }
    lines
}

fn contact(one: &Value, around: &Around<'_>) -> Vec<String> {
    let at = around.moment(&text(one, "at"));
    let mut lines = vec![format!("L{} {} ({}): {at}", one["level"], text(one, "means"), text(one, "by"))];
    lines.extend(spoken(&one["words"], "  "));
    lines
}

fn gate(done: &Value, around: &Around<'_>) -> Vec<String> {
    let code = text(done, "gate");
    let finding = t(&format!("finding-{}", text(done, "finding")));
    let office = around.office(&text(done, "office"));
    vec![format!("{code} {}: {finding} ({office}, {})", around.gate(&code), around.moment(&text(done, "at")))]
}

fn here(here: &Value, around: &Around<'_>) -> Vec<String> {
    if here.is_null() {
        return Vec::new();
    }
    let mut lines = vec![t("standing-here")];
    for one in list(here, "people") {
        lines.push(format!("  {}  {}", text(&one["person"], "name"), around.moment(&text(one, "at"))));
    }
    for (key, name) in [
        ("standing-here-undelivered", "undelivered"),
        ("standing-here-answers", "answers_waiting"),
        ("standing-here-notes", "notes"),
    ] {
        lines.push(format!("  {}", tongue().with(key, &[("n", &here[name])])));
    }
    lines
}

fn due(due: &Value, around: &Around<'_>) -> Option<String> {
    let at = around.moment(due["due_at"].as_str()?);
    Some(format!("  {}", tongue().with("standing-due", &[("at", &at), ("calendar", &text(due, "calendar"))])))
}

/// A heading with its lines, or nothing.
fn part(key: &str, blocks: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let lines: Vec<String> = blocks.flatten().map(|line| format!("  {line}")).collect();
    if lines.is_empty() { lines } else { std::iter::once(t(key)).chain(lines).collect() }
}
