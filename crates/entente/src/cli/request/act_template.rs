//! An act's contents as a file to fill in: every member it has, what it is for, what it may be; and what was left blank.
//!
//! Owns the labels of members and what a case says of their choices. Must not judge what was filled in: the node does. Which
//! members an act has comes from the published description (`api::deed_members`).

use domain::act::ActKind;
use domain::menu::Menu;
use serde_json::{Map, Value, json};

use super::input::deed_name;
use super::print::{list, text};
use super::template::{each, fields_anew, langs, need, plain, quoted};
use crate::api;
use crate::i18n::Tongue;

/// What a template is made from: the case and what is known beside it.
pub struct Given<'a> {
    /// The case, as the interface shows it.
    pub case: &'a Value,
    /// Its type.
    pub rule: &'a Value,
    /// The instrument.
    pub instrument: &'a Value,
    /// The offices.
    pub offices: &'a [Value],
    /// The acts so far.
    pub acts: &'a [Value],
    /// The officer.
    pub me: &'a Value,
    /// Our Party.
    pub party: &'a str,
}

/// One member of an act's contents.
pub struct Member {
    /// Its name in the file.
    pub name: &'static str,
    /// Its kind in the notation of the description, without the mark of what may be left out.
    pub kind: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it is for, a line a language of the face.
    pub about: Vec<String>,
    /// What it may be, each code with its words.
    pub choices: Vec<(String, String)>,
    /// What it usually is; stands in the file until it is changed.
    pub usual: Option<Value>,
}

impl Member {
    /// What its kind is called.
    pub fn kind_words(&self) -> &'static str {
        match self.kind {
            "Prose" => "kind-words",
            "string" | "hash" => "kind-line",
            "integer" => "kind-number",
            "boolean" => "kind-yes-no",
            "date" => "kind-date",
            "time" => "kind-time",
            kind if kind.starts_with('[') => "kind-list",
            kind if api::shape_members(kind).is_some() => "kind-group",
            _ => "kind-choice",
        }
    }
}

/// The members of an act, in the order of the description; files are given beside it and are none of them.
pub fn members(act: ActKind, given: &Given<'_>) -> Vec<Member> {
    let known = api::deed_members(&deed_name(act)).unwrap_or_default();
    let known = known.iter().filter(|(_, kind)| *kind != "any" && *kind != "{FieldValue}");
    let member = |(name, kind): &(&'static str, &'static str)| {
        let (name, kind) = (*name, *kind);
        let choices = choices(act, name, kind, given);
        let usual = usual(act, name, kind, given)
            .or_else(|| only(&choices, kind))
            // Which acts are left out of a copy is said by whoever leaves some out.
            .or_else(|| (kind == "[ActRef]").then(|| json!([])));
        let required = !kind.ends_with('?') || wanted_all_the_same(act, name);
        Member { name, kind: kind.trim_end_matches('?'), required, about: about(act, name, kind), choices, usual }
    };
    known.filter(|(name, _)| *name != "attachments").map(member).collect()
}

/// Whether files may come with an act.
pub fn takes_files(act: ActKind) -> bool {
    api::deed_members(&deed_name(act)).is_some_and(|all| all.iter().any(|(name, _)| *name == "attachments"))
}

/// The file in TOML, with everything said in comments.
pub fn toml(act: ActKind, given: &Given<'_>) -> Vec<String> {
    let case = text(&given.case["line"], "case");
    let called = |tongue: Tongue| tongue.t(&format!("do-{}", act.code()));
    let called: Vec<String> = Tongue::ALL.iter().map(|(tongue, _)| called(*tongue)).collect();
    let mut lines = vec![format!("# {case}: {} ({})", called.join(" · "), act.code())];
    let command = format!("entente request do {case} {} --file THIS-FILE", act.code());
    let how = |(tongue, _): &(Tongue, &str)| format!("# {}", tongue.with("template-do", &[("command", &command)]));
    lines.extend(Tongue::ALL.iter().map(how));
    if takes_files(act) {
        lines.extend(Tongue::ALL.iter().map(|(tongue, _)| format!("# {}", tongue.t("template-attach"))));
    }
    let langs = langs(given.instrument);
    for member in members(act, given) {
        lines.push(String::new());
        lines.push(format!("{} {}", need(member.required), in_faces(member.kind_words())));
        lines.extend(member.about.iter().map(|line| format!("# {line}")));
        lines.extend(member.choices.iter().map(|(code, words)| format!("#   {code}  {words}").trim_end().to_owned()));
        let mark = if member.required { "" } else { "# " };
        lines.extend(match (&member.usual, member.kind) {
            (Some(usual), _) => vec![format!("{mark}{} = {}", member.name, in_toml(usual))],
            (None, "Prose") => {
                langs.iter().map(|lang| format!("{mark}{}.{lang} = \"\"", member.name)).collect::<Vec<_>>()
            }
            (None, kind) => vec![format!("{mark}{} = {}", member.name, in_toml(&blank(kind, &langs)))],
        });
    }
    if act == ActKind::Supplement {
        lines.extend(fields_anew(given.rule, given.instrument));
    }
    lines
}

/// The same for programs: the contents as a file takes them, and beside them what each member is.
pub fn json(act: ActKind, given: &Given<'_>) -> Value {
    let langs = langs(given.instrument);
    let (mut contents, mut parts) = (Map::new(), Vec::new());
    for member in members(act, given) {
        let choice = |(code, words): &(String, String)| json!({ "code": code, "words": words });
        parts.push(json!({
            "key": member.name, "kind": member.kind, "required": member.required, "about": member.about,
            "choices": member.choices.iter().map(choice).collect::<Vec<_>>(),
        }));
        if member.required {
            let value = member.usual.unwrap_or_else(|| blank(member.kind, &langs));
            contents.insert(member.name.to_owned(), value);
        }
    }
    json!({ "act": act.code(), "contents": contents, "parts": parts, "files": takes_files(act) })
}

/// Takes out of an act's contents what stands blank and may be left out, and names what is blank and must not be, and what
/// is no part of the act.
///
/// # Errors
/// The place of each member that is missing, and each that is unknown.
pub fn filled(act: ActKind, mut contents: Value) -> Result<Value, (Vec<String>, Vec<String>)> {
    prune(&mut contents);
    typed(api::deed_members(&deed_name(act)).unwrap_or_default(), &mut contents);
    let (mut missing, mut unknown) = (Vec::new(), Vec::new());
    // What may be left out where something else is said stands for itself.
    let excused = |name: &str| act == ActKind::Refuse && name == "reason" && contents["withheld"] == true;
    if let Some(known) = api::deed_members(&deed_name(act)) {
        compare("", known, &contents, &mut missing, &mut unknown);
        for (name, _) in known.iter().filter(|(name, _)| wanted_all_the_same(act, name) && !excused(name)) {
            if contents.get(name).is_none() {
                missing.push((*name).to_owned());
            }
        }
    }
    // Files are given on the command line, and fields that do not change are not said.
    missing.retain(|name| name != "attachments" && name != "fields");
    for name in ["attachments", "fields"] {
        let empty = if name == "fields" { json!({}) } else { json!([]) };
        let wanted = api::deed_members(&deed_name(act)).is_some_and(|all| all.iter().any(|(known, _)| *known == name));
        if wanted && act != ActKind::Forward && contents.get(name).is_none() {
            contents[name] = empty;
        }
    }
    if missing.is_empty() && unknown.is_empty() { Ok(contents) } else { Err((missing, unknown)) }
}

/// The description lets these be left out; an officer is asked for them, as the pages do.
fn wanted_all_the_same(act: ActKind, name: &str) -> bool {
    matches!((act, name), (ActKind::Refuse | ActKind::Escalate, "reason"))
}

/// Compares contents with the members of a shape, and of the shapes in it.
fn compare(
    at: &str,
    known: &[(&'static str, &'static str)],
    contents: &Value,
    missing: &mut Vec<String>,
    unknown: &mut Vec<String>,
) {
    let place = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    for name in contents.as_object().into_iter().flatten().map(|(name, _)| name) {
        if known.iter().all(|(known, _)| known != name) {
            unknown.push(place(name));
        }
    }
    for (name, kind) in known {
        let value = &contents[*name];
        if value.is_null() {
            if !kind.ends_with('?') {
                missing.push(place(name));
            }
            continue;
        }
        let kind = kind.trim_end_matches('?');
        match kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            Some(inner) => {
                let Some(shape) = api::shape_members(inner) else { continue };
                for (row, one) in value.as_array().into_iter().flatten().enumerate() {
                    compare(&place(&format!("{name}[{row}]")), shape, one, missing, unknown);
                }
            }
            None if kind == "Prose" => {}
            None => {
                if let Some(shape) = api::shape_members(kind) {
                    compare(&place(name), shape, value, missing, unknown);
                }
            }
        }
    }
}

/// Takes out every text that stands empty, and what has nothing left in it.
fn prune(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(prune);
            members.retain(|_, value| {
                let blank = value.as_str().is_some_and(|text| text.trim().is_empty());
                let empty = value.as_object().is_some_and(Map::is_empty);
                !blank && !empty && !value.is_null()
            });
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

/// Reads what was filled in between the quotation marks of a blank where a number, or yes or no, is wanted.
fn typed(known: &[(&'static str, &'static str)], contents: &mut Value) {
    for (name, kind) in known {
        let Some(value) = contents.get_mut(*name) else { continue };
        let kind = kind.trim_end_matches('?');
        match (kind, value.as_str()) {
            ("integer" | "boolean", Some(text)) => {
                if let Ok(read @ (Value::Number(_) | Value::Bool(_))) = serde_json::from_str(text.trim()) {
                    *value = read;
                }
            }
            _ => {
                let shape = api::shape_members(kind.trim_matches(['[', ']'])).unwrap_or_default();
                match value {
                    Value::Array(items) => items.iter_mut().for_each(|one| typed(shape, one)),
                    value => typed(shape, value),
                }
            }
        }
    }
}

/// A blank of a kind.
fn blank(kind: &str, langs: &[String]) -> Value {
    if kind == "Prose" {
        return Value::Object(langs.iter().map(|lang| (lang.clone(), "".into())).collect());
    }
    if let Some(inner) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
        return match api::shape_members(inner) {
            Some(_) => json!([blank(inner, langs)]),
            None => json!([]),
        };
    }
    match api::shape_members(kind) {
        Some(shape) => {
            let member = |(name, kind): &(&str, &str)| ((*name).to_owned(), blank(kind.trim_end_matches('?'), langs));
            Value::Object(shape.iter().map(member).collect())
        }
        None => "".into(),
    }
}

/// A value as TOML has it in a line.
fn in_toml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| format!("{name} = {}", in_toml(value));
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(in_toml).collect::<Vec<_>>().join(", ")),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// A single choice needs no choosing; a yes or no is always chosen.
fn only(choices: &[(String, String)], kind: &str) -> Option<Value> {
    match choices {
        [(code, _)] if kind.trim_end_matches('?') == "integer" => code.parse::<u64>().ok().map(Value::from),
        [(code, _)] => Some(code.as_str().into()),
        _ => None,
    }
}

/// What a member usually is.
fn usual(act: ActKind, name: &str, kind: &str, given: &Given<'_>) -> Option<Value> {
    let line = &given.case["line"];
    Some(match (act, name) {
        (ActKind::Acknowledge, "officer") => {
            json!({ "id": given.me["id"], "name": given.me["name"], "role": "intake" })
        }
        (ActKind::Acknowledge, "contact") => {
            let office = given.offices.iter().find(|office| office["id"] == given.me["office"])?;
            office["contact"].clone()
        }
        (ActKind::Refuse, "withheld") => false.into(),
        (ActKind::Escalate, "level") => (line["level"].as_u64()? + 1).into(),
        (ActKind::SignText, "version") => list(&given.case["talk"], "versions").last()?["version"].clone(),
        (ActKind::SignText, "sha256") => list(&given.case["talk"], "versions").last()?["sha256"].clone(),
        _ if kind.starts_with('[') && api::shape_members(kind.trim_matches(['[', ']'])).is_none() => json!([]),
        _ => return None,
    })
}

/// What a member may be in this case.
fn choices(act: ActKind, name: &str, kind: &str, given: &Given<'_>) -> Vec<(String, String)> {
    let kind = kind.trim_end_matches('?');
    let numbered = |of: &Value, open: fn(&Value) -> bool, words: fn(&Value) -> &Value| {
        let items = of.as_array().into_iter().flatten().enumerate().filter(|(_, one)| open(one));
        let line = |(place, one): (usize, &Value)| {
            (one["number"].as_u64().unwrap_or(place as u64 + 1).to_string(), said(words(one)))
        };
        items.map(line).collect::<Vec<_>>()
    };
    let offices = |keep: &dyn Fn(&&Value) -> bool| -> Vec<(String, String)> {
        let own = given.offices.iter().filter(|office| office["party"] == given.party);
        own.filter(keep).map(|office| (text(office, "id"), each(&office["name"]).join(" · "))).collect()
    };
    let elsewhere = |office: &&Value| office["id"] != given.me["office"];
    let (case, rule) = (given.case, given.rule);
    match (act, name) {
        (ActKind::Transfer, "to") => {
            let may = |office: &&Value| rule["may_receive"].as_array().is_some_and(|all| all.contains(&office["id"]));
            offices(&|office| elsewhere(office) && may(office))
        }
        (ActKind::Forward, "to") => offices(&elsewhere),
        (ActKind::Undertake, "owner") => offices(&|_| true),
        (ActKind::Record, "step") => list(rule, "steps").map(|step| (text(step, "code"), step_words(step))).collect(),
        (ActKind::Reply, "question") => {
            numbered(&case["questions"], |one| one["reply"].is_null(), |one| &one["question"])
        }
        (ActKind::GiveConsent, "number") => {
            numbered(&case["care"]["consents"], |one| one["answer"].is_null(), |one| &one["what"])
        }
        (ActKind::ReportCompliance, "number") => {
            numbered(&case["care"]["retractions"], |one| one["report"].is_null(), |one| &one["words"])
        }
        (ActKind::CheckUndertaking | ActKind::DischargeUndertaking, "number") => {
            numbered(&case["undertakings"], |one| one["discharged"].is_null(), |one| &one["words"])
        }
        (ActKind::SettleItem, "number") => {
            numbered(&case["talk"]["items"], |one| one["outcome"].is_null(), |one| &one["topic"])
        }
        (ActKind::AnswerEscalation, "level") => {
            let open = list(case, "rungs").filter(|rung| rung["answered_at"].is_null());
            open.map(|rung| (rung["level"].to_string(), level_words(given.instrument, &rung["level"]))).collect()
        }
        (ActKind::LogContact, "level") => {
            let rungs = list(given.instrument, "ladder").map(|rung| &rung["level"]);
            rungs.map(|level| (level.to_string(), level_words(given.instrument, level))).collect()
        }
        (ActKind::Recall | ActKind::Correct, "seq") => {
            let own = given.acts.iter().filter(|one| one["by"] == given.party);
            let line = |one: &Value| (one["seq"].to_string(), in_faces(&format!("act-{}", text(one, "kind"))));
            own.map(line).collect()
        }
        (ActKind::ReportOutcome, "usefulness") => {
            (1..=5).map(|n: u8| (n.to_string(), in_faces(&format!("form-usefulness-{n}")))).collect()
        }
        _ => of_menu(kind, given),
    }
}

/// The codes of a closed menu, as far as the type admits them.
fn of_menu(kind: &str, given: &Given<'_>) -> Vec<(String, String)> {
    let in_list = |name: &str, key: &str, code: &str| {
        let known = list(given.instrument, name).find(|one| text(one, key) == code);
        known.map(|one| each(&one["name"]).join(" · ")).unwrap_or_default()
    };
    let words = |prefix: &str| {
        let codes = api::menu_codes(kind).into_iter();
        codes.map(|code| (code.clone(), in_faces(&format!("{prefix}-{code}")))).collect::<Vec<_>>()
    };
    match kind {
        "Ground" => {
            let admitted = list(given.rule, "grounds").map(|one| text(one, "ground"));
            admitted.map(|code| (code.clone(), in_list("grounds", "ground", &code))).collect()
        }
        "Urgency" => {
            let offered = given.rule["clocks"].as_object().into_iter().flatten().map(|(code, _)| code.clone());
            offered.map(|code| (code.clone(), in_list("urgencies", "urgency", &code))).collect()
        }
        "boolean" => [("true", "yes"), ("false", "no")].map(|(code, key)| (code.to_owned(), in_faces(key))).to_vec(),
        "Extent" => words("extent"),
        "Movement" => words("movement"),
        "ConsentKind" => words("consent"),
        "[Condition]" => {
            let codes = api::menu_codes("ConditionKind").into_iter();
            codes.map(|code| (code.clone(), in_faces(&format!("condition-{code}")))).collect()
        }
        "[MissingItem]" => {
            list(given.rule, "fields").map(|field| (text(field, "id"), each(&field["label"]).join(" · "))).collect()
        }
        _ => Vec::new(),
    }
}

fn step_words(step: &Value) -> String {
    let name = each(&step["name"]).join(" · ");
    if step["dated"] == true { format!("{name} (until)") } else { name }
}

fn level_words(instrument: &Value, level: &Value) -> String {
    let rung = list(instrument, "ladder").find(|rung| rung["level"] == *level);
    rung.map(|rung| each(&rung["name"]).join(" · ")).unwrap_or_default()
}

/// What a member is for: the words the pages have for its input.
fn about(act: ActKind, name: &str, kind: &str) -> Vec<String> {
    let key = match (act, name) {
        (ActKind::GiveConsent, "number") => "form-deed-consent",
        (ActKind::ReportCompliance, "number") => "form-deed-retraction",
        (ActKind::CheckUndertaking | ActKind::DischargeUndertaking, "number") => "form-deed-undertaking",
        (ActKind::SettleItem, "number") | (ActKind::Undertake, "item") => "form-deed-agenda-item",
        (ActKind::Recall | ActKind::Correct, "seq") => "form-deed-own-act",
        (ActKind::SeekConsent, "kind") => "form-deed-consent-kind",
        (ActKind::Record | ActKind::Extend, "until") => "form-deed-until-day",
        (ActKind::Adopt, "instrument") => "form-deed-adopt-version",
        _ => "",
    };
    let named = format!("form-deed-{}", name.replace('_', "-"));
    let words = format!("form-words-{}", act.code());
    let of_words = kind.trim_end_matches('?') == "Prose" && !matches!(name, "considered" | "text");
    let said = |tongue: Tongue| match (key, of_words, tongue.has(&named)) {
        ("", true, _) => Some(tongue.with(&words, &[("n", &1)])),
        ("", false, true) => Some(tongue.t(&named)),
        ("", false, false) => None,
        (key, _, _) => Some(tongue.t(key)),
    };
    Tongue::ALL.iter().filter_map(|(tongue, _)| said(*tongue)).collect()
}

/// A message in every language of the face.
fn in_faces(key: &str) -> String {
    let said = Tongue::ALL.iter().filter(|(tongue, _)| tongue.has(key)).map(|(tongue, _)| tongue.t(key));
    said.collect::<Vec<_>>().join(" · ")
}

/// Words on one line, in the original.
fn said(prose: &Value) -> String {
    plain(&prose["texts"][text(prose, "original").as_str()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given<'a>(case: &'a Value, rule: &'a Value, instrument: &'a Value, me: &'a Value) -> Given<'a> {
        Given { case, rule, instrument, offices: &[], acts: &[], me, party: "GB" }
    }

    /// The template of every act a person does is a file that can be read, names every member, and is refused by the names
    /// of its blanks.
    #[test]
    fn every_act_has_a_template_that_names_its_blanks() {
        let instrument = json!({ "langs": ["en", "zh"] });
        let case = json!({ "line": { "case": "GB-X-2026-0001", "level": 1 } });
        let (rule, me) = (json!({}), json!({ "id": "m.hale", "name": "M. Hale", "office": "GB-X" }));
        let given = given(&case, &rule, &instrument, &me);
        for (act, code) in ActKind::ALL {
            let Some(known) = api::deed_members(&deed_name(*act)) else { continue };
            let text = toml(*act, &given).join("\n");
            let table: toml::Table = toml::from_str(&text).unwrap_or_else(|why| panic!("{code}: {why}\n{text}"));
            for (name, kind) in known.iter().filter(|(name, kind)| *name != "attachments" && *kind != "any") {
                assert!(
                    text.contains(&format!("{name} = ")) || text.contains(&format!("{name}.")) || *name == "fields",
                    "{code} lacks {name} ({kind}):\n{text}"
                );
            }
            let contents = super::super::input::from_toml(toml::Value::Table(table));
            let asked: Vec<&str> = members(*act, &given)
                .iter()
                .filter(|one| one.required && one.usual.is_none())
                .map(|one| one.name)
                .collect();
            match filled(*act, contents) {
                Ok(_) => assert!(asked.is_empty(), "{code}: {asked:?} may be left blank"),
                Err((missing, unknown)) => {
                    assert_eq!(unknown, Vec::<String>::new(), "{code}");
                    for name in asked {
                        assert!(missing.iter().any(|at| at.starts_with(name)), "{code}: `{name}` not in {missing:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_stands_blank_is_named_and_what_may_be_left_out_goes() {
        fn check(act: ActKind, contents: Value, wanted: Result<Value, (&[&str], &[&str])>) {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            assert_eq!(filled(act, contents), wanted.map_err(|(missing, unknown)| (owned(missing), owned(unknown))));
        }
        let words = json!({ "en": "x" });
        check(ActKind::Ask, json!({ "question": { "en": "x", "zh": "" } }), Ok(json!({ "question": words })));
        check(ActKind::Ask, json!({ "question": { "en": "", "zh": " " } }), Err((&["question"], &[])));
        check(ActKind::Ask, json!({ "question": words, "qestion": 1 }), Err((&[], &["qestion"])));
        check(
            ActKind::Reply,
            json!({ "question": "2", "answer": words }),
            Ok(json!({ "question": 2, "answer": words })),
        );
        check(ActKind::Accept, json!({ "note": { "en": "" } }), Ok(json!({})));
        let row = json!([{ "field": "seen", "want": { "en": "" } }]);
        check(ActKind::ReturnIncomplete, json!({ "items": row }), Err((&["items[0].want"], &[])));
        let refused = json!({ "ground": "RF-01", "considered": words, "withheld": true });
        check(ActKind::Refuse, refused.clone(), Ok(refused));
        check(
            ActKind::Refuse,
            json!({ "ground": "RF-01", "considered": words, "withheld": false }),
            Err((&["reason"], &[])),
        );
        check(
            ActKind::Respond,
            json!({ "extent": "full", "answer": words }),
            Ok(json!({ "extent": "full", "answer": words, "attachments": [] })),
        );
    }
}
