//! A procedure drawn as a Mermaid state diagram.
//!
//! Owns the drawing; `docs/procedures.md` holds it as golden output. Must not know anything the tables do not say.

use super::{By, ProcedureKind, Requesting, Side, Stage, To, Wait, reached, table, wait};
use crate::menu::Menu;

/// The table of a procedure, drawn. A is the requesting side, B the requested.
#[must_use]
pub fn mermaid(kind: ProcedureKind) -> String {
    let reached = reached(kind);
    let mut out = String::from("stateDiagram-v2\n    [*] --> draft\n");
    for row in table(kind) {
        let (to, both) = match row.to {
            To::Stage(to) => (to, ""),
            To::WhenBoth(to) => (to, ", both"),
            To::Stay => continue,
        };
        let who = by(row.by);
        for from in row.from.iter().filter(|from| reached.contains(from) && **from != to) {
            let line = format!("    {} --> {}: {} ({who}{both})\n", id(*from), id(to), row.act.code());
            out.push_str(&line);
        }
    }
    for stage in reached {
        let (name, code) = (id(stage), stage.code());
        let line = match wait(kind, stage) {
            Wait::Over => format!("    {name} --> [*]\n"),
            Wait::For(side, clock) => {
                format!("    {name}: {code}\\n{} must act ({})\n", letter(side), clock.code())
            }
            Wait::Turn(clock) => format!("    {name}: {code}\\nwhoever did not speak last ({})\n", clock.code()),
            Wait::Both(act, clock) => {
                format!("    {name}: {code}\\nwhoever has not done {} ({})\n", act.code(), clock.code())
            }
            Wait::AtHome => continue,
        };
        out.push_str(&line);
    }
    out
}

fn by(by: By) -> String {
    match by {
        By::Officer(side) => letter(side).to_owned(),
        By::EitherOfficer => "A or B".to_owned(),
        By::Node(side) => format!("{}'s node", letter(side)),
        By::EitherNode => "either node".to_owned(),
        By::WaitingNode => "waiting side's node".to_owned(),
        By::Receipt => "receipt".to_owned(),
    }
}

fn letter(side: Side) -> &'static str {
    if side == Requesting { "A" } else { "B" }
}

/// Mermaid reads a hyphen as an arrow's tail.
fn id(stage: Stage) -> String {
    stage.code().replace('-', "_")
}
