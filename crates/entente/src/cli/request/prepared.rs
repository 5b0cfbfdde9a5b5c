//! The commands for what one writes and another signs: written and handed over, read, answered for, sent back, signed.
//!
//! Owns the calls they make and the words that say what comes next. Must not judge anything.

use std::path::PathBuf;

use domain::act::{ActKind, Role};
use domain::menu::Menu;
use serde_json::{Value, json};

use super::super::Trouble;
use super::acts::staged;
use super::desk::{Desk, Said};
use super::input;
use super::print::{self, list, text, tongue};

/// Which version of which act a command is about.
#[derive(Debug, Clone, clap::Args)]
pub struct Version {
    /// For a case: the act, such as `respond`.
    #[arg(long, value_parser = super::one_of::<ActKind>(), hide_possible_values = true)]
    pub act: Option<ActKind>,
    /// For a case: the version you read with `prepared`. Whatever has changed since is not what you meant.
    #[arg(long)]
    pub version: Option<u64>,
    /// To sign: how often it had been saved when you read it, as `prepared` shows. An answer put in since is not what you read.
    #[arg(long)]
    pub saved: Option<u64>,
}

impl Version {
    /// The address of the act, and the version.
    fn at(&self, case: &str) -> Result<(String, u64), Trouble> {
        let act = self.act.ok_or_else(|| {
            Trouble(format!(
                "name the act with --act; `entente request prepared {case}` lists what is being prepared there"
            ))
        })?;
        let version = self.version.ok_or_else(|| {
            let read = format!("entente request prepared {case} {}", act.code());
            Trouble(format!("read it first, then name the version you read with --version: {read}"))
        })?;
        Ok((format!("/cases/{case}/prepared/{}", act.code()), version))
    }
}

/// What is being prepared: all of it, or one act whole.
pub async fn shown(desk: &mut Desk, case: Option<&str>, act: Option<ActKind>) -> Result<Said, Trouble> {
    match (case, act) {
        (Some(case), Some(act)) => {
            let said = desk.get(&format!("/cases/{case}/prepared/{}", act.code())).await?;
            Ok(said.told(|one| whole(one, desk.instrument())))
        }
        (Some(case), None) => {
            let mut found = desk.value("/prepared").await?;
            if let Some(listed) = found["prepared"].as_array_mut() {
                listed.retain(|one| one["case"] == case);
            }
            Ok(Said::Answered(found, lines))
        }
        (None, _) => Ok(desk.get("/prepared").await?.shown(lines)),
    }
}

/// Writes an act over what is prepared of it, and hands it over unless it is to be kept.
pub async fn written(
    desk: &mut Desk,
    case: &str,
    act: ActKind,
    contents: Value,
    attach: &[PathBuf],
    (role, hand_over): (Option<Role>, bool),
) -> Result<Said, Trouble> {
    let found = desk.value("/prepared").await?;
    let before = list(&found, "prepared").find(|one| one["case"] == case && one["act"] == act.code());
    let over = before.and_then(|one| one["version"].as_u64()).unwrap_or_default();
    let mut contents = input::spoken(contents, desk.lang(), desk.langs());
    match staged(desk, case, attach).await? {
        Ok(roots) if roots.is_empty() => {}
        Ok(roots) => contents["attachments"] = Value::Array(roots),
        Err(refused) => return Ok(refused),
    }
    let mut body = json!({ "over": over, "deed": { input::deed_name(act): contents }, "hand_over": hand_over });
    if let Some(role) = role {
        body["role"] = role.code().into();
    }
    Ok(desk
        .put(&format!("/cases/{case}/prepared/{}", act.code()), &body)
        .await?
        .told(|one| told(one, desk.instrument())))
}

/// Hands over what was saved.
pub async fn handed_over(desk: &mut Desk, case: &str, which: &Version) -> Result<Said, Trouble> {
    let (at, version) = which.at(case)?;
    Ok(desk
        .post(&format!("{at}/handover"), &json!({ "version": version }))
        .await?
        .told(|one| told(one, desk.instrument())))
}

/// Sends it back with a reason.
pub async fn sent_back(desk: &mut Desk, case: &str, which: &Version, reason: &str) -> Result<Said, Trouble> {
    let (at, version) = which.at(case)?;
    let body = json!({ "version": version, "reason": reason });
    Ok(desk.post(&format!("{at}/back"), &body).await?.told(|one| told(one, desk.instrument())))
}

/// Answers a safeguard of the version that was read.
pub async fn answered(desk: &mut Desk, case: &str, which: &Version, mut body: Value) -> Result<Said, Trouble> {
    let (at, version) = which.at(case)?;
    body["version"] = version.into();
    Ok(desk.post(&format!("{at}/gates"), &body).await?.told(|one| told(one, desk.instrument())))
}

/// Signs the version that was read.
pub async fn signed(desk: &mut Desk, case: &str, which: &Version) -> Result<Said, Trouble> {
    let (at, version) = which.at(case)?;
    let saved = which.saved.ok_or_else(|| {
        let read = format!("entente request prepared {case}");
        Trouble(format!("read it first, then say how often it had been saved with --saved, as `{read} ACT` shows it"))
    })?;
    Ok(desk.post(&format!("{at}/sign"), &json!({ "version": version, "saved": saved })).await?.shown(print::done))
}

/// Throws it away.
pub async fn discarded(desk: &mut Desk, case: &str, which: &Version) -> Result<Said, Trouble> {
    let (at, version) = which.at(case)?;
    Ok(desk.delete(&format!("{at}?version={version}")).await?.shown(print::nothing))
}

/// One line each.
fn lines(found: &Value) -> Vec<String> {
    list(found, "prepared").map(head).collect()
}

/// What was saved, and what comes next.
fn told(one: &Value, instrument: &Value) -> Vec<String> {
    let mut lines = vec![head(one)];
    lines.extend(wanting(one, instrument));
    let (case, act) = (text(one, "case"), text(one, "act"));
    let version = one["version"].as_u64().unwrap_or_default().to_string();
    let named = format!("{case} --act {act} --version {version}");
    let (key, command) = match text(one, "standing").as_str() {
        "handed-over" if list(one, "gates_unanswered").next().is_none() => {
            ("prepared-told-sign", format!("sign {named} --saved {}", one["saved"].as_u64().unwrap_or_default()))
        }
        "handed-over" => ("prepared-told-review", format!("prepared {case} {act}")),
        "returned" => return lines,
        _ => ("prepared-told-hand-over", format!("handover {named}")),
    };
    lines.push(format!("  {}", tongue().with(key, &[("command", &format!("entente request {command}"))])));
    lines
}

/// The whole of it, as it will be sent.
fn whole(one: &Value, instrument: &Value) -> Vec<String> {
    let mut lines = vec![head(one)];
    if one["returned"].is_object() {
        let by = text(&one["returned"]["by"], "name");
        lines.push(format!(
            "  {} {}",
            tongue().with("prepared-returned-by", &[("name", &by)]),
            text(&one["returned"], "reason")
        ));
    }
    let deed = one["deed"].as_object().and_then(|deed| deed.values().next()).cloned().unwrap_or_default();
    for (name, value) in deed.as_object().into_iter().flatten().filter(|(name, _)| *name != "attachments") {
        lines.extend(said(name, value));
    }
    for file in list(&deed, "attachments") {
        lines.push(format!("  {}  {} bytes  SHA-256 {}", text(file, "name"), file["bytes"], text(file, "sha256")));
    }
    for answer in list(one, "gates") {
        lines.push(format!("  {}  {}  {}", text(answer, "gate"), text(answer, "finding"), text(&answer["by"], "name")));
    }
    lines.extend(told(one, instrument).into_iter().skip(1));
    lines
}

/// A member of a deed: words in each of their languages, anything else as it stands.
fn said(name: &str, value: &Value) -> Vec<String> {
    match value["texts"].as_object() {
        Some(texts) => {
            texts.iter().map(|(lang, words)| format!("  {name} ({lang}): {}", print::plain(words))).collect()
        }
        None if value.is_null() => Vec::new(),
        None => vec![format!("  {name}: {}", print::plain(value))],
    }
}

fn head(one: &Value) -> String {
    let standing = match text(one, "standing").as_str() {
        "handed-over" => tongue().t("prepared-handed"),
        "returned" => tongue().t("prepared-returned"),
        _ => tongue().t("prepared-writing"),
    };
    let by = tongue().with("prepared-by", &[("name", &text(&one["drafter"], "name"))]);
    let version = tongue().with("prepared-version", &[("n", &one["version"].to_string())]);
    format!("{}  {}  {version}  {by}  {standing}", text(one, "case"), text(one, "act"))
}

/// What it still needs.
fn wanting(one: &Value, instrument: &Value) -> Vec<String> {
    let said = |_| format!("  {} {}", tongue().t("prepared-lacks"), print::own(&one["lacks_said"]));
    let lacks = one["lacks"].as_str().map(said);
    let earlier = list(one, "earlier").next().map(|_| format!("  {}", tongue().t("prepared-earlier")));
    let open = list(one, "gates_unanswered").map(|gate| print::gate_open(&print::plain(gate), instrument));
    lacks.into_iter().chain(earlier).chain(open).collect()
}
