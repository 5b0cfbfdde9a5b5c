//! Reading what a clause counts: its `measures`.
//!
//! Owns the form of a measure in an instrument file. Must not know how anything is counted (`account`).

use super::cursor::{Node, Table};
use super::read::Reader;
use crate::account::{Among, Count, Measure};
use crate::ids::TypeCode;

/// Most figures of one clause: what a page can show side by side.
const MEASURES_MAX: usize = 12;
/// Longest look back for active pairs, in days: two years.
const DAYS_MAX: u32 = 731;

/// Every code a measure may have.
const CODES: [&str; 26] = [
    "raised",
    "by-area",
    "on-time",
    "time",
    "time-to-close",
    "outcomes",
    "grounds",
    "levels",
    "levels-answered",
    "complete-at-first",
    "with-act",
    "with-step",
    "usefulness",
    "lessons",
    "settled",
    "cosigned",
    "active",
    "assets",
    "pairs",
    "since-last",
    "since-step",
    "items",
    "tabled",
    "tasks",
    "owned",
    "live",
];

/// The measures of a clause; none when the key is absent.
pub(super) fn measures(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Vec<Measure> {
    let Some(node) = table.optional("measures") else { return Vec::new() };
    let rows = node.list(reader.report).unwrap_or_default();
    if rows.len() > MEASURES_MAX {
        reader.report.error(
            node.spot(),
            "too-many",
            &[("limit", &MEASURES_MAX.to_string())],
            format!("more than {MEASURES_MAX} measures"),
            "keep those that show whether the clause is kept",
        );
        return Vec::new();
    }
    rows.iter().filter_map(|row| measure(row, reader)).collect()
}

fn measure(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Measure> {
    let mut table = node.table(reader.report)?;
    let of = count(&mut table, reader);
    let types = table.optional("types").map(|node| reader.names(&node, "types", "unknown-type", "request type"));
    table.finish(reader.report);
    let among = match types {
        None => Among::Clause,
        Some(none) if none.is_empty() => Among::All,
        Some(some) => Among::Types(some.iter().filter_map(|code| TypeCode::new(code).ok()).collect()),
    };
    Some(Measure { of: of?, among })
}

fn count(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Option<Count> {
    let node = table.required(reader.report, "of")?;
    let code = node.line(reader.report)?;
    Some(match code.as_str() {
        "raised" => Count::Raised,
        "by-area" => Count::ByArea,
        "on-time" => {
            let wait = table.optional("wait");
            Count::OnTime { wait: wait.and_then(|node| node.choice(reader.report, "clock")) }
        }
        "time" => Count::Time { wait: reader.choice(table, "wait", "clock")? },
        "time-to-close" => Count::TimeToClose,
        "outcomes" => Count::Outcomes,
        "grounds" => Count::Grounds,
        "levels" => Count::Levels,
        "levels-answered" => Count::LevelsAnswered,
        "complete-at-first" => Count::CompleteAtFirst,
        "with-act" => Count::WithAct { act: reader.choice(table, "act", "act")? },
        "with-step" => Count::WithStep { step: reader.line(table, "step")? },
        "usefulness" => Count::Usefulness,
        "lessons" => Count::Lessons,
        "settled" => Count::Settled,
        "active" => Count::Active,
        "assets" => Count::Assets,
        "cosigned" => {
            let days = table.required(reader.report, "days")?.number(reader.report, 1, DAYS_MAX)?;
            Count::Cosigned { days: u16::try_from(days).ok()? }
        }
        "pairs" => {
            let days = table.required(reader.report, "days")?.number(reader.report, 1, DAYS_MAX)?;
            Count::Pairs { days: u16::try_from(days).ok()? }
        }
        "since-last" => Count::SinceLast,
        "since-step" => Count::SinceStep { step: reader.line(table, "step")? },
        "items" => Count::Items,
        "tabled" => Count::Tabled,
        "tasks" => Count::Tasks,
        "owned" => Count::Owned,
        "live" => Count::Live,
        _ => {
            reader.report.unknown(node.spot(), "unknown-code", "measure", &code, CODES.into_iter());
            return None;
        }
    })
}
