//! Requests being written: begun, laid over with what a file says, and what there is to choose from.
//!
//! Owns which calls that takes. Must not judge what was written: the node does.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::{Trouble, out};
use super::desk::{Desk, Said};
use super::{input, print, template};

/// Begins a draft of what the command line and the file say.
pub(super) async fn begun(
    desk: &mut Desk,
    type_code: Option<String>,
    from: Option<String>,
    to: Option<String>,
    file: Option<PathBuf>,
) -> Result<Said, Trouble> {
    let written = file.map(|file| input::read(&file)).transpose()?;
    let to = match (&type_code, &from, to) {
        // Who continues a case asks the office the instrument names first, unless another is named.
        (Some(code), Some(_), None) if written.is_none() => first_asked(desk, code).await?,
        (_, _, to) => to,
    };
    begin(desk, type_code, to, from, written).await
}

/// Begins a draft and writes it. What cannot be written is thrown away again: an empty draft is of use to nobody.
pub(super) async fn begin(
    desk: &mut Desk,
    type_code: Option<String>,
    to: Option<String>,
    from: Option<String>,
    mut written: Option<Value>,
) -> Result<Said, Trouble> {
    let mut wanted = |given: Option<String>, name: &str, flag: &str| {
        let said = written.as_mut().and_then(Value::as_object_mut).and_then(|members| members.remove(name));
        let said = said.as_ref().and_then(Value::as_str).filter(|said| !said.is_empty()).map(str::to_owned);
        match (given, said) {
            (Some(given), Some(said)) if given != said => {
                Err(Trouble(format!("the file says {name} = `{said}` and {flag} says `{given}`; give one of them")))
            }
            (Some(one), _) | (None, Some(one)) => Ok(Some(one)),
            (None, None) => Ok(None),
        }
    };
    let (type_code, to) = (wanted(type_code, "type_code", "--type")?, wanted(to, "to", "--to")?);
    let (type_code, to) = named(desk, type_code, to).await?;
    let begun = desk.post("/drafts", &json!({ "type_code": type_code, "to": to, "continues": from })).await?;
    let Said::Answered(draft, _) = begun else { return Ok(begun) };
    let Some(written) = written else {
        let lines = print::draft(&draft, desk.instrument());
        return Ok(Said::Told(draft, lines));
    };
    let id = draft["id"].as_str().unwrap_or_default().to_owned();
    let said = write(desk, draft, written).await;
    if !matches!(said, Ok(Said::Answered(..) | Said::Told(..))) {
        let gone = desk.delete(&format!("/drafts/{id}")).await;
        if !matches!(gone, Ok(Said::Answered(..))) {
            out::complain(false, &format!("the draft `{id}` could not be thrown away again; discard it"));
        }
    }
    said
}

/// The type and the office of a new request; what is not named, or is none, is told with what there is to choose from.
pub(super) async fn named(
    desk: &mut Desk,
    type_code: Option<String>,
    to: Option<String>,
) -> Result<(String, String), Trouble> {
    let no_office = "no office is named: give --to OFFICE, or write `to` in the file";
    let Some(type_code) = type_code else {
        let also = if to.is_none() { format!("; and {no_office}") } else { String::new() };
        let types = types(desk.instrument()).join("\n  ");
        return Err(Trouble(format!(
            "no request type is named: give --type CODE, or write `type_code` in the file{also}. The types are:\n  {types}"
        )));
    };
    known_type(desk.instrument(), &type_code)?;
    let Some(to) = to else {
        let rule = desk.value(&desk.of_instrument(&format!("/types/{type_code}"))).await?;
        let offices = askable(desk, &rule).await?.join("\n  ");
        return Err(Trouble(format!("{no_office}. {type_code} may be sent to:\n  {offices}")));
    };
    Ok((type_code, to))
}

/// That the instrument has the type; else which it has.
pub(super) fn known_type(instrument: &Value, type_code: &str) -> Result<(), Trouble> {
    let known = print::list(instrument, "types").any(|one| print::text(one, "code") == type_code);
    if known {
        return Ok(());
    }
    let types = types(instrument).join("\n  ");
    Err(Trouble(format!("the instrument has no request type `{type_code}`; give one of these:\n  {types}")))
}

/// The types of the instrument, a line each.
pub(super) fn types(instrument: &Value) -> Vec<String> {
    print::list(instrument, "types")
        .map(|one| format!("{:<10} {}", print::text(one, "code"), print::own(&one["name"])))
        .collect()
}

/// The first office of the other side that a type may be put to.
pub(super) async fn first_asked(desk: &mut Desk, type_code: &str) -> Result<Option<String>, Trouble> {
    let rule = desk.value(&desk.of_instrument(&format!("/types/{type_code}"))).await?;
    let ours = format!("{}-", desk.party());
    let offices = rule["may_receive"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(offices.filter(|office| !office.starts_with(&ours)).map(str::to_owned).next())
}

pub(super) async fn template_of(desk: &mut Desk, type_code: &str) -> Result<Said, Trouble> {
    known_type(desk.instrument(), type_code)?;
    let rule = desk.value(&desk.of_instrument(&format!("/types/{type_code}"))).await?;
    let offices = askable(desk, &rule).await?;
    let lines = template::toml(&rule, desk.instrument(), &offices);
    Ok(Said::Told(template::json(&rule, desk.instrument(), &offices), lines))
}

/// The other Party's offices that may be asked for something of this type, a line each.
pub(super) async fn askable(desk: &mut Desk, rule: &Value) -> Result<Vec<String>, Trouble> {
    let offices = desk.value(&desk.of_instrument("/offices")).await?;
    let us = desk.party().to_owned();
    let may = |office: &&Value| rule["may_receive"].as_array().is_some_and(|list| list.contains(&office["id"]));
    let theirs = |office: &&Value| office["party"].as_str() != Some(us.as_str());
    let line = |office: &Value| {
        let names = office["name"].as_object().into_iter().flatten().filter_map(|(_, name)| name.as_str());
        format!("{}  {}", office["id"].as_str().unwrap_or_default(), names.collect::<Vec<_>>().join(" · "))
    };
    let offices = offices["offices"].as_array().into_iter().flatten().filter(may).filter(theirs);
    Ok(offices.map(line).collect())
}

/// Lays what a file says over a draft's request and saves it.
pub(super) async fn write(desk: &mut Desk, draft: Value, written: Value) -> Result<Said, Trouble> {
    let mut request = draft["request"].clone();
    input::overlay(&mut request, input::spoken(written, desk.lang(), desk.langs()))?;
    let id = draft["id"].as_str().unwrap_or_default();
    let body = json!({ "version": draft["version"], "request": request });
    Ok(desk.put(&format!("/drafts/{id}"), &body).await?.told(|draft| print::draft(draft, desk.instrument())))
}
