//! Reading what may stop a request: the grounds it may be refused on, the safeguards that bind it, and the bases in law
//! that many types share.
//!
//! Owns the form of `[bases]`, `grounds` and `gates`. Must not know what a safeguard asks (`safeguard`).

use std::collections::BTreeMap;

use super::cursor::{Node, Table};
use super::load::Sections;
use super::read::Reader;
use super::read_limit;
use super::read_type::OPTIONAL_ACTS;
use super::request_type::{AdmittedGround, Field, GateBinding};
use super::step::Step;
use crate::act::{ActKind, Ground};
use crate::menu::Menu;
use crate::procedure::{self, ProcedureKind};
use crate::safeguard::LOCAL_ONLY;
use crate::text::Text;

/// The bases by name: a text many grounds and types cite stands once.
pub(super) fn bases(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<String, Text> {
    let entries = sections.entries(reader.report, "bases");
    let text = |(name, node): (String, Node<'_>)| Some((name, node.text(reader.report, &reader.known.langs)?));
    entries.into_iter().filter_map(text).collect()
}

impl Reader<'_, '_> {
    /// A basis: the name of one that stands in `[bases]`, or its own text.
    pub(super) fn basis(&mut self, node: &Node<'_>) -> Option<Text> {
        if !node.is_string() {
            return node.text(self.report, &self.known.langs);
        }
        let name = node.one_of(self.report, "unknown-basis", "basis", self.known.of("bases"))?;
        self.bases.get(&name).cloned()
    }
}

/// The grounds of refusal a type admits, each with its basis.
pub(super) fn grounds(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Vec<AdmittedGround> {
    let mut grounds: Vec<AdmittedGround> = Vec::new();
    let Some(node) = table.required(reader.report, "grounds") else { return grounds };
    let mut withheld = None;
    for item in node.list(reader.report).unwrap_or_default() {
        let Some(mut row) = item.table(reader.report) else { continue };
        let ground: Option<Ground> = reader.choice(&mut row, "ground", "ground");
        let basis = row.required(reader.report, "basis").and_then(|node| reader.basis(&node));
        row.finish(reader.report);
        let (Some(ground), Some(basis)) = (ground, basis) else { continue };
        if grounds.iter().any(|known| known.ground == ground) {
            reader.twice(&item, ground.code());
            continue;
        }
        if ground == Ground::Withheld {
            withheld = Some(item);
        }
        grounds.push(AdmittedGround { ground, basis });
    }
    // A reason may be withheld only where sovereignty or ill-treatment is the reason (domain reference §2.2).
    let beside = [Ground::EssentialInterests, Ground::IllTreatment];
    if let Some(item) = withheld.filter(|_| !grounds.iter().any(|row| beside.contains(&row.ground))) {
        let message = "RF-16 stands without RF-01 or RF-09".to_owned();
        reader.report.error(item.spot(), "withheld-alone", &[], message, "admit RF-01 or RF-09 too, or remove RF-16");
    }
    grounds
}

/// The safeguards of a type and the acts they bind.
pub(super) fn gates(
    table: &mut Table<'_>,
    reader: &mut Reader<'_, '_>,
    procedure: Option<ProcedureKind>,
    extras: &[ActKind],
    steps: &[Step],
    fields: &[Field],
) -> Vec<GateBinding> {
    let mut gates: Vec<GateBinding> = Vec::new();
    let Some(node) = table.required(reader.report, "gates") else { return gates };
    for item in node.list(reader.report).unwrap_or_default() {
        let Some(mut row) = item.table(reader.report) else { continue };
        let gate = reader.choice(&mut row, "gate", "gate");
        let at_node = row.required(reader.report, "at");
        let only_personal = reader.flag(&mut row, "only_personal");
        let only_secret = reader.flag(&mut row, "only_secret");
        let engaged = row.optional("engaged").and_then(|node| read_limit::when(&node, reader, fields));
        let named = gate_steps(&mut row, reader, steps);
        row.finish(reader.report);
        let (Some(gate), Some(at_node)) = (gate, at_node) else { continue };
        let at = reader.choices::<ActKind>(&at_node, "act");
        for act in &at {
            let lacking = procedure.is_some_and(|kind| !procedure::has(kind, *act))
                || (OPTIONAL_ACTS.contains(act) && !extras.contains(act));
            if lacking {
                let code = act.code();
                let message = format!("the procedure of this type has no act `{code}`");
                reader.report.error(
                    at_node.spot(),
                    "gate-at-missing-act",
                    &[("act", code)],
                    message,
                    "bind the gate to an act it has",
                );
            }
        }
        if LOCAL_ONLY.contains(&gate) {
            let code = gate.code();
            let message = format!("`{code}` belongs to each Party's own law and may not show in what both share");
            let remedy = "bind it in the Party's own policy pack";
            reader.report.error(item.spot(), "gate-local-only", &[("gate", code)], message, remedy);
        } else if gates.iter().any(|known| known.gate == gate) {
            reader.twice(&item, gate.code());
        } else {
            gates.push(GateBinding { gate, at, steps: named, only_personal, only_secret, engaged });
        }
    }
    gates
}

/// The steps a gate binds where it binds recording.
fn gate_steps(row: &mut Table<'_>, reader: &mut Reader<'_, '_>, steps: &[Step]) -> Vec<String> {
    let Some(node) = row.optional("steps") else { return Vec::new() };
    let known = || steps.iter().map(|step| step.code.as_str());
    let mut named = Vec::new();
    for item in node.list(reader.report).unwrap_or_default() {
        let Some(code) = item.line(reader.report) else { continue };
        if known().any(|step| step == code) {
            named.push(code);
        } else {
            reader.report.unknown(item.spot(), "unknown-step", "step", &code, known());
        }
    }
    named
}
