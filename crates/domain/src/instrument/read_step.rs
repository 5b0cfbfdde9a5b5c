//! Reading the steps of a request type.
//!
//! Owns the form of `steps` and what must hold among the steps of one type. Must not know what a step is for.

use super::cursor::{Node, Table};
use super::read::Reader;
use super::read_limit;
use super::request_type::{Field, FieldKind};
use super::step::{Step, StepBy};
use crate::act::ActKind;
use crate::deadline::Span;
use crate::ids::{OfficeId, PartyId};
use crate::menu::Menu;
use crate::procedure::{self, ProcedureKind, Stage};

/// Every step of a type, in the order of the file.
pub(super) fn steps(
    table: &mut Table<'_>,
    reader: &mut Reader<'_, '_>,
    procedure: Option<ProcedureKind>,
    fields: &[Field],
) -> Vec<Step> {
    let items = table.optional("steps").and_then(|node| node.list(reader.report)).unwrap_or_default();
    let codes: Vec<String> = items.iter().filter_map(|item| code_of(item, reader)).collect();
    let mut steps: Vec<Step> = Vec::new();
    for item in &items {
        let Some(step) = step(item, reader, procedure, fields, &codes) else { continue };
        if steps.iter().any(|known| known.code == step.code) {
            reader.twice(item, &step.code);
        } else {
            steps.push(step);
        }
    }
    steps
}

/// The code alone, so that a step may name one that stands further down.
fn code_of(item: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<String> {
    let mut table = item.table(reader.report)?;
    table.optional("code").and_then(|node| node.line(reader.report))
}

fn step(
    node: &Node<'_>,
    reader: &mut Reader<'_, '_>,
    procedure: Option<ProcedureKind>,
    fields: &[Field],
    codes: &[String],
) -> Option<Step> {
    let mut table = node.table(reader.report)?;
    let (code, name) = (reader.line(&mut table, "code"), reader.text(&mut table, "name"));
    let by = table.optional("by").map_or(Some(StepBy::Requested), |node| node.choice(reader.report, "side"));
    let required = reader.flag(&mut table, "required");
    let when = table.optional("when").and_then(|node| read_limit::when(&node, reader, fields));
    let dated = reader.flag(&mut table, "dated");
    let repeats = reader.flag(&mut table, "repeats");
    let after = named(&mut table, reader, "after", codes);
    let barred_by = named(&mut table, reader, "barred_by", codes);
    let ends = named(&mut table, reader, "ends", codes);
    let at = stages(&mut table, reader, procedure);
    let before = acts(&mut table, reader, procedure);
    let within = within(&mut table, reader, &after);
    let choice = table.optional("choice").and_then(|node| node.line(reader.report));
    let per = per(&mut table, reader, fields);
    let party = table
        .optional("party")
        .and_then(|node| node.one_of(reader.report, "unknown-party", "party", reader.known.of("parties")))
        .and_then(|name| PartyId::new(&name).ok());
    let offices: Vec<OfficeId> = table.optional("offices").map(|node| reader.office_list(&node)).unwrap_or_default();
    table.finish(reader.report);
    Some(Step {
        code: code?,
        name: name?,
        required,
        when,
        by: by?,
        at,
        after,
        barred_by,
        within,
        before,
        choice,
        dated,
        ends,
        per,
        repeats,
        party,
        offices,
    })
}

/// Other steps of the same type, by code.
fn named(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, key: &'static str, codes: &[String]) -> Vec<String> {
    let Some(node) = table.optional(key) else { return Vec::new() };
    let mut names = Vec::new();
    for item in node.list(reader.report).unwrap_or_default() {
        let Some(name) = item.line(reader.report) else { continue };
        if codes.contains(&name) {
            names.push(name);
        } else {
            reader.report.unknown(item.spot(), "unknown-step", "step", &name, codes.iter().map(String::as_str));
        }
    }
    names
}

/// How long after the step it follows it must be recorded. It follows one alone, or there would be no saying from which;
/// and its time is a length, for the date a request names is no time after anything.
fn within(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, after: &[String]) -> Option<(String, Span)> {
    let node = table.optional("within")?;
    let span = node.span(reader.report, false)?;
    match after {
        [from] if span != Span::NeededBy => Some((from.clone(), span)),
        _ => {
            reader.report.error(
                node.spot(),
                "step-within-nothing",
                &[],
                "a step with a time of its own must follow exactly one other, by days or hours".to_owned(),
                "name in `after` the step its time counts from, and here how long",
            );
            None
        }
    }
}

/// The stages it may be recorded in: those named, or the usual ones of the procedure.
fn stages(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, procedure: Option<ProcedureKind>) -> Vec<Stage> {
    let usual = procedure.map(usual_stages).unwrap_or_default();
    let Some(node) = table.optional("at") else { return usual.to_vec() };
    let stages = reader.choices::<Stage>(&node, "stage");
    for stage in &stages {
        let records = |kind| procedure::rows(kind, *stage, ActKind::Record).next().is_some();
        if procedure.is_some_and(|kind| !records(kind)) {
            let code = stage.code();
            let message = format!("no step can be recorded in the stage `{code}`");
            reader.report.error(
                node.spot(),
                "step-at-closed-stage",
                &[("stage", code)],
                message,
                "name a stage in which the procedure lets steps be recorded",
            );
        }
    }
    stages
}

/// Where steps are usually recorded.
fn usual_stages(procedure: ProcedureKind) -> &'static [Stage] {
    match procedure {
        ProcedureKind::Assistance => &[Stage::InExecution],
        ProcedureKind::Matching => &[Stage::UnderReview],
        ProcedureKind::Notice | ProcedureKind::Undertaking => &[Stage::Acknowledged, Stage::OutcomeReported],
        ProcedureKind::Joint => &[Stage::Live],
        ProcedureKind::Negotiation => &[Stage::Negotiating, Stage::Signed],
    }
}

fn acts(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, procedure: Option<ProcedureKind>) -> Vec<ActKind> {
    let Some(node) = table.optional("before") else { return Vec::new() };
    let acts = reader.choices::<ActKind>(&node, "act");
    for act in &acts {
        if procedure.is_some_and(|kind| !procedure::has(kind, *act)) {
            let code = act.code();
            let message = format!("the procedure of this type has no act `{code}`");
            reader.report.error(
                node.spot(),
                "step-before-missing-act",
                &[("act", code)],
                message,
                "name an act it has",
            );
        }
    }
    acts
}

/// The fields whose items the step goes through.
fn per(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, fields: &[Field]) -> Vec<String> {
    let items = table.optional("per").and_then(|node| node.list(reader.report)).unwrap_or_default();
    let lists = || fields.iter().filter(|field| field.kind == FieldKind::Items).map(|field| field.id.as_str());
    let mut ids = Vec::new();
    for item in items {
        let Some(id) = item.line(reader.report) else { continue };
        if lists().any(|known| known == id) {
            ids.push(id);
        } else {
            reader.report.unknown(item.spot(), "unknown-field", "list field", &id, lists());
        }
    }
    ids
}
