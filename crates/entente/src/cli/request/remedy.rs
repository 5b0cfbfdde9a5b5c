//! What to do about a refusal: the command that helps, in a sentence after it.
//!
//! Owns which command helps against which code. Must not call anything, nor say why: the interface has said that.

use domain::act::ActKind;
use domain::menu::Menu;
use serde_json::Value;

use super::is_draft;
use super::print::{text, tongue};

/// What a command is about.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The case or the draft; empty when it is neither.
    pub subject: String,
    /// The act.
    pub act: Option<ActKind>,
}

/// What may be done now about a problem; one line or none.
pub fn of(problem: &Value, about: &About) -> Option<String> {
    let code = text(problem, "code");
    let subject = about.subject.as_str();
    let (named, draft) = (!subject.is_empty(), is_draft(subject));
    let act = about.act.map(Menu::code);
    let of_act = act.map(|act| format!(" --act {act}")).unwrap_or_default();
    let (key, command) = match code.as_str() {
        "not-found" | "unknown-case" => ("todo-look", "entente request list`, `entente request drafts".to_owned()),
        "unauthorized" => ("todo-token", "entente user token add DIR --id OFFICER --name PROGRAM".to_owned()),
        "four-eyes" | "only-reads" | "not-your-role" | "gate-role" | "wrong-hand" => {
            ("todo-officer", "entente user list DIR".to_owned())
        }
        "not-your-office" | "gate-office" | "not-competent" => ("todo-offices", "entente directory offices".to_owned()),
        "incomplete" if draft => ("todo-lacks", format!("entente request check {subject}")),
        "malformed" if named && !draft && act.is_some() => {
            ("todo-template", format!("entente request do {subject} {} --template", act.unwrap_or_default()))
        }
        "malformed" => ("todo-template", "entente request template TYPE".to_owned()),
        code if code.starts_with("held-") && named => {
            ("todo-own-law", format!("entente request own-law {subject}{of_act}"))
        }
        code if code.starts_with("gate-") && code != "gate-not-asked" && named => {
            let gate = problem["arguments"]["gate"].as_str().unwrap_or("SG-…");
            let which = if about.act.is_some_and(ActKind::is_prepared) { " --version N" } else { "" };
            let command = format!(
                "entente request gate {subject}{of_act}{which} --gate {gate} --finding satisfied --text LANG=WORDS"
            );
            ("todo-gate", command)
        }
        "changed" if !draft && act.is_some() => {
            ("todo-read", format!("entente request prepared {subject} {}", act.unwrap_or_default()))
        }
        "changed" if named => ("todo-read", format!("entente request show {subject}")),
        "busy" | "fault" | "too-many-calls" | "not-here-yet" | "no-such-instrument" => return None,
        _ if draft => ("todo-read", format!("entente request show {subject}")),
        _ if named => ("todo-next", format!("entente request next {subject}")),
        _ => return None,
    };
    Some(tongue().with(key, &[("command", &command)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::refusal::Refusal;
    use serde_json::json;

    /// Every refusal in a case or of a draft is followed by a command that helps, or it says itself what to wait for.
    #[test]
    fn every_refusal_has_a_remedy() {
        let case = About { subject: "GB-CY-2026-0001".to_owned(), act: Some(ActKind::Accept) };
        let draft = About { subject: "d-7f3a91c2d4e5".to_owned(), act: None };
        for code in Refusal::CODES.iter().chain(&["held-unanswered", "not-found", "unauthorized", "malformed"]) {
            for about in [&case, &draft] {
                let said = of(&json!({ "code": code }), about).unwrap_or_else(|| panic!("{code}: nothing"));
                assert!(said.contains("`entente ") && !said.contains('⟦'), "{code}: {said}");
            }
        }
        let said = of(&json!({ "code": "gate-unanswered", "arguments": { "gate": "SG-13" } }), &case);
        let said = said.expect("a remedy");
        assert!(said.contains("gate GB-CY-2026-0001 --act accept --gate SG-13"), "{said}");
    }
}
