//! Reading what a type calls its acts, stages and clocks, where it calls them otherwise than its procedure does.
//!
//! Owns which nouns a type may word: those of the closed menus, by their code. Must not know any page.

use std::collections::BTreeMap;

use super::cursor::Table;
use super::read::Reader;
use crate::act::ActKind;
use crate::clock::ClockKind;
use crate::menu::Menu;
use crate::procedure::Stage;
use crate::text::Text;

/// Every noun a type may word: an act as done and as to be done, a stage, what comes next in it, what a clock waits for.
fn nouns() -> Vec<String> {
    let of = |prefix: &str, codes: Vec<&str>| codes.iter().map(|code| format!("{prefix}-{code}")).collect::<Vec<_>>();
    let acts: Vec<&str> = ActKind::ALL.iter().map(|(_, code)| *code).collect();
    let stages: Vec<&str> = Stage::ALL.iter().map(|(_, code)| *code).collect();
    let clocks = ClockKind::ALL.iter().map(|(_, code)| *code).collect();
    [of("act", acts.clone()), of("do", acts), of("stage", stages.clone()), of("next", stages), of("clock", clocks)]
        .concat()
}

/// The words of a type by noun, such as `act-submit`.
pub(super) fn words(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<String, Text> {
    let mut words = BTreeMap::new();
    let Some(table) = table.optional("words").and_then(|node| node.table(reader.report)) else { return words };
    let nouns = nouns();
    for (noun, node) in table.entries() {
        if nouns.contains(&noun) {
            words.extend(node.text(reader.report, &reader.known.langs).map(|text| (noun, text)));
        } else {
            reader.report.unknown(node.spot(), "unknown-code", "word", &noun, nouns.iter().map(String::as_str));
        }
    }
    words
}
