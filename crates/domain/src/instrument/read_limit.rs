//! Reading the limits a type sets to what its matters carry.
//!
//! Owns the form of `limits` and what must hold between a limit and the fields it names. Must not know how contents are
//! judged.

use super::cursor::{Node, Table};
use super::limit::{Carries, Limit, When};
use super::read::Reader;
use super::request_type::{Field, FieldKind};

/// Every limit of a type, in the order of the file.
pub(super) fn limits(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, fields: &[Field]) -> Vec<Limit> {
    let items = table.optional("limits").and_then(|node| node.list(reader.report)).unwrap_or_default();
    items.iter().filter_map(|item| limit(item, reader, fields)).collect()
}

fn limit(node: &Node<'_>, reader: &mut Reader<'_, '_>, fields: &[Field]) -> Option<Limit> {
    let mut table = node.table(reader.report)?;
    let when = match table.optional("when") {
        Some(node) => Some(when(&node, reader, fields)?),
        None => None,
    };
    let carries = match table.optional("carries") {
        Some(node) => node.choice(reader.report, "carriage")?,
        None => Carries::default(),
    };
    let personal = table.optional("personal").map_or(Some(true), |node| node.yes(reader.report));
    let empty = named(&mut table, reader, "empty", fields, |field| !field.required);
    let needs = named(&mut table, reader, "needs", fields, |_| true);
    table.finish(reader.report);
    let limit = Limit { when, carries, personal: personal?, empty, needs };
    sound(&limit, node, reader, fields);
    Some(limit)
}

/// A choice field of the type and some of its codes; of a field that takes yes or no, one of these.
pub(super) fn when(node: &Node<'_>, reader: &mut Reader<'_, '_>, fields: &[Field]) -> Option<When> {
    let mut table = node.table(reader.report)?;
    let (field_node, is_node) = (table.required(reader.report, "field"), table.required(reader.report, "is"));
    table.finish(reader.report);
    let (field_node, is_node) = (field_node?, is_node?);
    let id = field_node.line(reader.report)?;
    let Some(options) = fields.iter().find(|field| field.id == id).and_then(options) else {
        let known = fields.iter().filter(|field| options(field).is_some()).map(|field| field.id.as_str());
        reader.report.unknown(field_node.spot(), "unknown-field", "choice field", &id, known);
        return None;
    };
    let mut is = Vec::new();
    for item in is_node.list(reader.report).unwrap_or_default() {
        let Some(code) = item.line(reader.report) else { continue };
        if options.contains(&code.as_str()) {
            is.push(code);
        } else {
            reader.report.unknown(item.spot(), "unknown-code", "option", &code, options.iter().copied());
        }
    }
    Some(When { field: id, is })
}

/// What a field lets one choose from.
fn options(field: &Field) -> Option<Vec<&str>> {
    match &field.kind {
        FieldKind::Choice { options } => Some(options.iter().map(|(code, _)| code.as_str()).collect()),
        FieldKind::YesNo => Some(vec![When::YES, When::NO]),
        FieldKind::Prose
        | FieldKind::Line
        | FieldKind::Date
        | FieldKind::Interval
        | FieldKind::Penalty
        | FieldKind::Indicators
        | FieldKind::Person
        | FieldKind::Office
        | FieldKind::Place
        | FieldKind::Money
        | FieldKind::Items
        | FieldKind::Parallel => None,
    }
}

fn named(
    table: &mut Table<'_>,
    reader: &mut Reader<'_, '_>,
    key: &'static str,
    fields: &[Field],
    fits: fn(&Field) -> bool,
) -> Vec<String> {
    let Some(node) = table.optional(key) else { return Vec::new() };
    let mut names = Vec::new();
    for item in node.list(reader.report).unwrap_or_default() {
        let Some(id) = item.line(reader.report) else { continue };
        if fields.iter().any(|field| field.id == id && fits(field)) {
            names.push(id);
        } else {
            let known = fields.iter().filter(|field| fits(field)).map(|field| field.id.as_str());
            reader.report.unknown(item.spot(), "unknown-field", "fitting field", &id, known);
        }
    }
    names
}

/// A limit that holds everywhere and admits no personal data leaves no room for a field that holds some.
fn sound(limit: &Limit, node: &Node<'_>, reader: &mut Reader<'_, '_>, fields: &[Field]) {
    if limit.personal || limit.when.is_some() {
        return;
    }
    for field in fields.iter().filter(|field| field.personal || field.kind == FieldKind::Person) {
        let message = format!("`{}` holds personal data, which this type may not carry", field.id);
        let args = [("field", field.id.as_str())];
        reader.report.error(node.spot(), "field-of-persons", &args, message, "remove the field, or the limit");
    }
}
