//! Acts in a case, the safeguards answered before them, and the questions of our own law.
//!
//! Owns which calls that takes. Must not judge an act: the node does.

use std::path::{Path, PathBuf};

use domain::act::{ActKind, Role};
use domain::menu::Menu;
use domain::safeguard::{Finding, Gate};
use serde_json::{Value, json};

use super::super::Trouble;
use super::desk::{Desk, Said};
use super::input::{self, Words};
use super::prepared::{self, Version};
use super::print::Place;
use super::{act_template, cases, is_draft, own_law, print};

/// Does an act, or writes it where another signs it. What stands blank in the file is refused by its name.
pub(super) async fn done(
    desk: &mut Desk,
    case: &str,
    act: ActKind,
    file: Option<&Path>,
    attach: &[PathBuf],
    role: Option<Role>,
) -> Result<Said, Trouble> {
    let contents = file.map_or_else(|| Ok(json!({})), input::read)?;
    let contents = act_template::filled(act, contents).map_err(|(missing, unknown)| {
        let command = format!("entente request do {case} {} --template", act.code());
        let named = |names: &[String]| names.join(", ");
        let mut why = Vec::new();
        if !missing.is_empty() {
            why.push(print::tongue().with("do-blank", &[("parts", &named(&missing))]));
        }
        if !unknown.is_empty() {
            why.push(print::tongue().with("do-unknown", &[("parts", &named(&unknown))]));
        }
        why.push(print::tongue().with("do-template", &[("command", &command)]));
        Trouble(why.join(" "))
    })?;
    if act.is_prepared() {
        return prepared::written(desk, case, act, contents, attach, (role, true)).await;
    }
    act_done(desk, case, act, contents, attach, role).await
}

/// Acknowledges a request; the named officer is whoever calls.
pub(super) async fn acknowledged(desk: &mut Desk, case: &str, reference: &str, contact: &str) -> Result<Said, Trouble> {
    let officer = json!({ "id": desk.me()["id"], "name": desk.me()["name"], "role": Role::Intake.code() });
    let contents = json!({ "reference": reference, "officer": officer, "contact": contact });
    act_done(desk, case, ActKind::Acknowledge, contents, &[], None).await
}

/// The file to fill in for an act of a case.
pub(super) async fn template(desk: &mut Desk, case: &str, act: ActKind) -> Result<Said, Trouble> {
    let known = match cases::Known::of(desk, case).await? {
        Ok(known) => known,
        Err(refused) => return Ok(refused),
    };
    let given = known.given(desk);
    Ok(Said::Told(act_template::json(act, &given), act_template::toml(act, &given)))
}

pub(super) async fn gate_answered(
    desk: &mut Desk,
    what: &str,
    gate: Gate,
    finding: Finding,
    which: &Version,
    reason: &Words,
) -> Result<Said, Trouble> {
    let mut body =
        json!({ "gate": gate.code(), "finding": finding.code(), "reason": reason.prose(desk.lang(), desk.langs())? });
    if is_draft(what) {
        let said = desk.post(&format!("/drafts/{what}/gates"), &body).await?;
        return Ok(said.told(|draft| print::draft(draft, desk.instrument())));
    }
    if which.act.is_some_and(ActKind::is_prepared) {
        return prepared::answered(desk, what, which, body).await;
    }
    let act = which.act.ok_or_else(|| Trouble(print::tongue().with("gate-which-act", &[("case", &what)])))?;
    body["act"] = act.code().into();
    Ok(desk.post(&format!("/cases/{what}/gates"), &body).await?.shown(print::gate_kept))
}

/// The questions of our own law, after an answer to one where there is one; or the fixed reply.
pub(super) async fn own_law_said(
    desk: &mut Desk,
    what: &str,
    act: ActKind,
    answer: Option<((String, Finding), String)>,
    reply: bool,
) -> Result<Said, Trouble> {
    if reply {
        let said = desk.post(&format!("/local/{what}/reply"), &Value::Null).await?;
        let here = Place::of(desk.instrument(), desk.party());
        return Ok(said.told(|reply| own_law::reply(reply, &here)));
    }
    let path = format!("/local/{what}/{}", act.code());
    let said = match answer {
        Some(((question, finding), reason)) => {
            let body = json!({ "finding": finding.code(), "reason": reason });
            desk.post(&format!("{path}/{question}"), &body).await?
        }
        None => desk.get(&path).await?,
    };
    let here = Place::of(desk.instrument(), desk.party());
    Ok(said.told(|own| own_law::questions(own, &here)))
}

pub(super) async fn act_done(
    desk: &mut Desk,
    case: &str,
    act: ActKind,
    contents: Value,
    attach: &[PathBuf],
    role: Option<Role>,
) -> Result<Said, Trouble> {
    let mut contents = input::spoken(contents, desk.lang(), desk.langs());
    match staged(desk, case, attach).await? {
        Ok(roots) if roots.is_empty() => {}
        Ok(roots) => contents["attachments"] = Value::Array(roots),
        Err(refused) => return Ok(refused),
    }
    let mut body = json!({ "deed": { input::deed_name(act): contents } });
    if let Some(role) = role {
        body["role"] = role.code().into();
    }
    Ok(desk.post(&format!("/cases/{case}/acts"), &body).await?.shown(print::done))
}

/// The files sent in for an act of a case, by their roots; or the refusal of one.
pub(super) async fn staged(
    desk: &mut Desk,
    case: &str,
    files: &[PathBuf],
) -> Result<Result<Vec<Value>, Said>, Trouble> {
    let mut roots = Vec::new();
    for file in files {
        match desk.upload(&format!("/cases/{case}/attachments"), file).await? {
            Said::Answered(staged, _) => roots.push(staged["root"].clone()),
            other @ (Said::Told(..) | Said::Refused(_)) => return Ok(Err(other)),
        }
    }
    Ok(Ok(roots))
}
