//! What may be done in a case now: each act with the safeguards before it, the command that does it and what it takes.
//!
//! Owns the form of that list. Must not judge: the interface says which acts are open and which safeguards bind.

use domain::act::ActKind;
use domain::menu::Menu;
use serde_json::{Value, json};

use super::super::Trouble;
use super::act_template::{self, Member};
use super::cases::Known;
use super::desk::{Desk, Said};
use super::print::{self, list, text, tongue};
use super::show::Around;

/// The list.
///
/// # Errors
/// As any call.
pub async fn acts(desk: &mut Desk, case: &str) -> Result<Said, Trouble> {
    let known = match Known::of(desk, case).await? {
        Ok(known) => known,
        Err(refused) => return Ok(refused),
    };
    let given = known.given(desk);
    let offices = json!({ "offices": given.offices });
    let around = Around { instrument: given.instrument, rule: given.rule, offices: &offices, acts: given.acts };
    let open: Vec<ActKind> =
        list(given.case, "open").filter_map(|code| ActKind::from_code(&print::plain(code))).collect();
    let line = &given.case["line"];
    let mut lines = vec![
        format!("{case}  {} {}", text(line, "type_code"), print::own(&given.rule["name"])),
        format!("  {}", around.called(&format!("stage-{}", text(line, "stage")))),
    ];
    let mut found = Vec::new();
    for act in &open {
        let members = act_template::members(*act, &given);
        let gates: Vec<&Value> = list(given.case, "gates").filter(|gate| text(gate, "act") == act.code()).collect();
        let command = command(case, *act, &members);
        lines.push(String::new());
        lines.push(format!("{}  {}", act.code(), around.called(&format!("do-{}", act.code()))));
        lines.extend(gates.iter().map(|gate| gate_line(case, *act, gate, &around)));
        if act.is_prepared() {
            lines.push(format!("  {}", tongue().t("next-prepared")));
        }
        lines.push(format!("  {command}"));
        lines.extend(members.iter().map(member_line));
        if act_template::takes_files(*act) {
            lines.push(format!("    --attach FILE  {}", tongue().t("next-files")));
        }
        found.push(json!({
            "act": act.code(), "command": command, "signed_by_another": act.is_prepared(), "gates": gates,
            "template": act_template::json(*act, &given),
        }));
    }
    if open.is_empty() {
        let key = match text(line, "turn").as_str() {
            "theirs" | "courier" => "next-wait",
            "ours" => "next-others",
            _ => "next-ended",
        };
        lines.push(format!("  {}", tongue().t(key)));
        lines.push(format!("  entente request status {case}"));
    }
    Ok(Said::Told(json!({ "case": case, "next": found }), lines))
}

/// The command that does an act, or that prints its file to fill in.
fn command(case: &str, act: ActKind, members: &[Member]) -> String {
    let code = act.code();
    if act == ActKind::Match {
        return format!("entente match show {case}");
    }
    match members.iter().any(|member| member.required) || act == ActKind::Supplement {
        true => format!("entente request do {case} {code} --template > {code}.toml"),
        false => format!("entente request do {case} {code}"),
    }
}

/// A safeguard before an act: answered, or the command that answers it.
fn gate_line(case: &str, act: ActKind, gate: &Value, around: &Around<'_>) -> String {
    let code = text(gate, "gate");
    let name = format!("{code} {}", around.gate(&code));
    let roles = list(gate, "roles").map(print::plain).collect::<Vec<_>>().join(", ");
    if gate["answer"].is_object() {
        let finding = tongue().t(&format!("finding-{}", text(&gate["answer"], "finding")));
        return format!("  {name}: {finding}");
    }
    let open = tongue().with("next-gate", &[("roles", &roles)]);
    let version = if act.is_prepared() { " --version N" } else { "" };
    let command = format!(
        "entente request gate {case} --act {}{version} --gate {code} --finding satisfied --text LANG=WORDS",
        act.code()
    );
    format!("  {name}: {open}\n    {command}")
}

/// A member of the file, in a line.
fn member_line(member: &Member) -> String {
    let need = tongue().t(if member.required { "template-required" } else { "template-optional" });
    let choices: Vec<&str> = member.choices.iter().map(|(code, _)| code.as_str()).collect();
    let choices = if choices.is_empty() { String::new() } else { format!("  {}", choices.join(" | ")) };
    format!("    {} ({}, {need}){choices}", member.name, tongue().t(member.kind_words()))
}
