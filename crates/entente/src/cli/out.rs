//! What commands print: lines for people, JSON for programs, a bar while they wait.
//!
//! Owns standard output. Must not know any command. A closed pipe is no fault: whoever closed it has read enough.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::i18n::Tongue;

/// The terminal's language.
#[must_use]
pub fn tongue() -> Tongue {
    let lang = std::env::var("LC_ALL").or_else(|_| std::env::var("LANG")).unwrap_or_default();
    Tongue::accepted(&lang)
}

/// Prints one line for people.
pub fn say(line: impl std::fmt::Display) {
    let _closed = writeln!(std::io::stdout(), "{line}");
}

/// A number with what is counted, in the singular or the plural.
#[must_use]
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Prints a value as JSON for programs.
pub fn json(value: &impl Serialize) {
    let text = serde_json::to_string_pretty(value);
    say(text.unwrap_or_else(|why| format!("{{\"error\": \"{why}\"}}")));
}

/// Prints why a command could not be carried out: as JSON on standard output for programs, else on standard error.
pub fn complain(as_json: bool, why: &str) {
    if as_json {
        json(&serde_json::json!({ "error": why }));
    } else {
        let _closed = writeln!(std::io::stderr(), "entente: {why}");
    }
}

/// A bar over `total` steps; hidden when standard error is no terminal.
#[must_use]
pub fn bar(total: u64, what: &'static str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
