//! Questions of our own law as lines for people.
//!
//! Owns their form. Must not call anything.

use serde_json::Value;

use super::print::{Place, list, own as words_of, text, tongue};

/// The questions before an act, each with its answer or who may give one.
pub fn questions(own: &Value, here: &Place) -> Vec<String> {
    let t = |key: &str| tongue().t(key);
    let mut lines = vec![format!("{}  {} ({})", text(own, "subject"), t("local-own-law"), text(own, "act"))];
    if own["shielded"] == Value::Bool(true) {
        lines.push(format!("  {}", t("local-shielded")));
    }
    if let Some(at) = own["reply_leaves_at"].as_str() {
        lines.push(format!("  {} {}", t("local-reply-waits"), here.moment(at)));
    }
    if own["likeness"] == Value::Bool(true) {
        lines.push(format!("  {}", t("local-hits")));
    }
    for one in list(own, "questions") {
        lines.push(format!("  {} {}: {}", text(one, "gate"), text(one, "question"), words_of(&one["ask"])));
        lines.push(format!("    {}: {}", t("local-basis"), words_of(&one["basis"])));
        let answer = &one["answer"];
        lines.push(if answer.is_object() {
            let by = text(&answer["by"], "name");
            format!("    {} {} · {by} · {}", t("local-answered"), text(answer, "finding"), text(answer, "reason"))
        } else {
            let roles: Vec<&str> = one["roles"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            format!("    {} {}", t("local-open"), tongue().with("local-theirs", &[("roles", &roles.join(", "))]))
        });
    }
    lines
}

/// When the fixed reply leaves.
pub fn reply(reply: &Value, here: &Place) -> Vec<String> {
    vec![format!(
        "{}  {} {}",
        text(reply, "case"),
        tongue().t("local-reply-waits"),
        here.moment(&text(reply, "leaves_at"))
    )]
}
