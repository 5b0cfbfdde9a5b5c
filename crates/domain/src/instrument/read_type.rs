//! Reading request types, the field groups they include and the clocks they share.
//!
//! Owns the form of `[types]`, `[groups]` and `[clocks]`, and what must hold inside one type. Must not know what must
//! hold between types, offices and clauses (`check`).

use std::collections::BTreeMap;

use super::cursor::{MISSING_CLOCK, Node, Table};
use super::limit::Form;
use super::load::Sections;
use super::matching::{Matching, matching};
use super::meeting::meeting;
use super::read::Reader;
use super::read_gate::{gates, grounds};
use super::read_limit::limits;
use super::read_step::steps;
use super::read_words::words;
use super::request_type::{Amends, Field, FieldKind, RequestType, TypeStatus};
use crate::act::{ActKind, Urgency};
use crate::clock::ClockKind;
use crate::deadline::Span;
use crate::handling::Tlp;
use crate::ids::TypeCode;
use crate::menu::Menu;
use crate::procedure::{self, ProcedureKind};
use crate::text::Text;

/// Longest time between two checks of a desk, in days: a year.
const CHECK_DAYS_MAX: u32 = 366;

/// Most characters of a prose field unless the file says less: ten pages, far under what a body may hold.
const PROSE_CHARS_MAX: u32 = 20_000;
/// Most characters of every other field unless the file says so.
const VALUE_CHARS_MAX: u32 = 500;
/// Most characters a file may allow a field: an indicator bundle must still fit one sealed body.
const FIELD_CHARS_MAX: u32 = 500_000;
/// The mark personal data stands under unless the field says otherwise (domain reference §6).
const PERSONAL_MARK_MIN: Tlp = Tlp::AmberStrict;
/// Longest retention in months: fifty years, longer than any limitation period here.
const RETENTION_MONTHS_MAX: u32 = 600;
/// Acts a type must switch on before they can be done.
pub const OPTIONAL_ACTS: &[ActKind] =
    &[ActKind::Preserve, ActKind::BookAsset, ActKind::TableItem, ActKind::SettleItem, ActKind::Undertake];

/// The list of the instrument that a choice may take its options from: its norms.
const LISTED_NORMS: &str = "norms";

type Clocks = BTreeMap<Urgency, BTreeMap<ClockKind, Span>>;

/// Every request type, with groups and common clocks merged in.
pub(super) fn types(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<TypeCode, RequestType> {
    let groups = groups(sections, reader);
    let common = common_clocks(sections, reader);
    let mut types = BTreeMap::new();
    for (key, node) in sections.entries(reader.report, "types") {
        reader.mark(format!("types.{key}"), &node);
        let row = request_type(&key, &node, reader, &groups, &common);
        types.extend(row.map(|row| (row.code.clone(), row)));
    }
    types
}

/// How many months contents are kept after closure.
fn retention(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Option<u32> {
    let node = table.required(reader.report, "retention_months")?;
    node.number(reader.report, 1, RETENTION_MONTHS_MAX)
}

fn groups(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<String, Vec<Field>> {
    let mut groups = BTreeMap::new();
    for (id, node) in sections.entries(reader.report, "groups") {
        let Some(mut table) = node.table(reader.report) else { continue };
        let fields =
            table.required(reader.report, "fields").map(|node| fields(&node, reader, Vec::new())).unwrap_or_default();
        table.finish(reader.report);
        groups.insert(id, fields);
    }
    groups
}

fn common_clocks(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<ProcedureKind, Clocks> {
    let mut common = BTreeMap::new();
    for (code, node) in sections.entries(reader.report, "clocks") {
        match ProcedureKind::from_code(&code) {
            Some(kind) => {
                common.insert(kind, clocks(&node, reader, Clocks::new()));
            }
            None => {
                let known = ProcedureKind::ALL.iter().map(|(_, code)| *code);
                reader.report.unknown(node.spot(), "unknown-code", "procedure", &code, known);
            }
        }
    }
    common
}

/// Reads clocks over `base`: `any` first, then each urgency by name.
fn clocks(node: &Node<'_>, reader: &mut Reader<'_, '_>, mut base: Clocks) -> Clocks {
    let entries = node.table(reader.report).map(|table| table.entries()).unwrap_or_default();
    let (any, named): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(key, _)| key == "any");
    for (key, node) in any.into_iter().chain(named) {
        let urgencies: Vec<Urgency> = match Urgency::from_code(&key) {
            Some(urgency) => vec![urgency],
            None if key == "any" => Urgency::ALL.iter().map(|(urgency, _)| *urgency).collect(),
            None => {
                let known = Urgency::ALL.iter().map(|(_, code)| *code).chain(["any"]);
                let known: Vec<&str> = known.collect();
                reader.report.unknown(node.spot(), "unknown-code", "urgency", &key, known.iter().copied());
                continue;
            }
        };
        for (code, node) in node.table(reader.report).map(|table| table.entries()).unwrap_or_default() {
            let Some(kind) = ClockKind::from_code(&code) else {
                let known = ClockKind::ALL.iter().map(|(_, code)| *code);
                reader.report.unknown(node.spot(), "unknown-code", "clock", &code, known);
                continue;
            };
            let Some(span) = node.span(reader.report, false) else { continue };
            for urgency in &urgencies {
                base.entry(*urgency).or_default().insert(kind, span);
            }
        }
    }
    base
}

fn request_type(
    key: &str,
    node: &Node<'_>,
    reader: &mut Reader<'_, '_>,
    groups: &BTreeMap<String, Vec<Field>>,
    common: &BTreeMap<ProcedureKind, Clocks>,
) -> Option<RequestType> {
    let mut table = node.table(reader.report)?;
    let code = reader.named(node, key, TypeCode::new);
    let (name, summary) = (reader.text(&mut table, "name"), reader.text(&mut table, "summary"));
    let (series, status) = (series(&mut table, reader), reader.choice(&mut table, "status", "status"));
    let procedure: Option<ProcedureKind> = reader.choice(&mut table, "procedure", "procedure");
    let (clauses, area) = place_in_agreement(&mut table, reader);
    let legal_bases = legal_bases(&mut table, reader);
    let [may_send, may_receive] = ["may_send", "may_receive"].map(|key| reader.offices(&mut table, key));
    let may_execute = reader.some_offices(&mut table, "may_execute");
    let fields = all_fields(&mut table, reader, groups);
    let (limits, steps) = (limits(&mut table, reader, &fields), steps(&mut table, reader, procedure, &fields));
    let [expires, settles, reports] = named_fields(&mut table, reader, &fields);
    let checks = checks(&mut table, reader);
    let (meeting, amends) = (meeting(&mut table, reader, &fields, &steps), amends(&mut table, reader, &fields));
    let (needs_texts, continues_as) = others(&mut table, reader);
    let base = procedure.and_then(|kind| common.get(&kind)).cloned().unwrap_or_default();
    let clocks = table.optional("clocks").map(|node| clocks(&node, reader, base.clone())).unwrap_or(base);
    let usual_urgency = reader.choice(&mut table, "usual_urgency", "urgency");
    let (grounds, extras) = (grounds(&mut table, reader), extras(&mut table, reader));
    let gates = gates(&mut table, reader, procedure, &extras, &steps, &fields);
    let [default_mark, mark_min] = marks(&mut table, reader);
    let (matching, retention) = (matches(&mut table, reader, procedure), retention(&mut table, reader));
    let (followup, words) = (reader.text(&mut table, "followup"), words(&mut table, reader));
    table.finish(reader.report);
    let row = RequestType {
        code: code?,
        series: series?,
        name: name?,
        summary: summary?,
        status: status?,
        procedure: procedure?,
        clauses: clauses?,
        area: area?,
        legal_bases,
        may_send,
        may_receive,
        may_execute,
        expires,
        settles,
        meeting,
        amends,
        reports,
        checks,
        needs_texts,
        continues_as,
        fields,
        limits,
        steps,
        clocks,
        usual_urgency: usual_urgency?,
        grounds,
        gates,
        default_mark: default_mark?,
        mark_min: mark_min?,
        matching,
        extras,
        retention_months: u16::try_from(retention?).ok()?,
        followup: followup?,
        words,
    };
    whole(&row, node, reader);
    Some(row)
}

/// The mark that is offered and the least there may be.
fn marks(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> [Option<Tlp>; 2] {
    ["default_mark", "mark_min"].map(|key| reader.choice(table, key, "mark"))
}

/// How often it is to be asked, in days.
fn checks(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Option<u16> {
    let days = table.optional("checks").and_then(|node| node.number(reader.report, 1, CHECK_DAYS_MAX))?;
    u16::try_from(days).ok()
}

/// The clauses it carries out and the area it belongs to.
fn place_in_agreement(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> (Option<Vec<String>>, Option<String>) {
    let clauses =
        table.required(reader.report, "clauses").map(|node| reader.names(&node, "clause", "unknown-clause", "clause"));
    let area = table
        .required(reader.report, "area")
        .and_then(|node| node.one_of(reader.report, "unknown-area", "area", reader.known.of("areas")));
    (clauses, area)
}

/// What must hold inside one type: marks in order; in force, every clock its procedure waits by.
fn whole(row: &RequestType, node: &Node<'_>, reader: &mut Reader<'_, '_>) {
    let spot = node.spot();
    if row.default_mark < row.mark_min {
        let (default, least) = (row.default_mark.code(), row.mark_min.code());
        let args = [("default", default), ("least", least)];
        let message = format!("the default mark `{default}` is freer than `{least}`");
        reader.report.error(spot, "mark-below-least", &args, message, "raise `default_mark` or lower `mark_min`");
    }
    match row.status {
        TypeStatus::Declared => return,
        TypeStatus::On => {}
    }
    no_slower_when_urgent(row, node, reader);
    // Spans that all types share may stand in a file that could not be read.
    let urgencies = if reader.known.is_whole() { Urgency::ALL } else { &[] };
    for (urgency, code) in urgencies {
        for kind in procedure::clocks(row.procedure) {
            if row.clock(*urgency, kind).is_none() {
                let clock = kind.code();
                let args = [("urgency", *code), ("clock", clock)];
                let message = format!("at {code} nothing says how long `{clock}` may take");
                reader.report.error(
                    spot,
                    MISSING_CLOCK,
                    &args,
                    message,
                    format!("add clocks.{code}.{clock} here, or to [clocks]"),
                );
            }
        }
    }
}

/// What is more urgent is never slower: a nominal day counts 24 hours, whichever kind of day it is.
fn no_slower_when_urgent(row: &RequestType, node: &Node<'_>, reader: &mut Reader<'_, '_>) {
    let hours = |urgency, kind| match row.clock(urgency, kind)? {
        Span::Hours(hours) => Some(hours),
        Span::WorkingDays(days) | Span::CalendarDays(days) => Some(days.saturating_mul(24)),
        Span::NeededBy => None,
    };
    for pair in Urgency::ALL.windows(2) {
        let [(urgent, code), (calmer, other)] = pair else { continue };
        for kind in [ClockKind::Ack, ClockKind::Decision, ClockKind::Completion] {
            let (Some(urgent), Some(calmer)) = (hours(*urgent, kind), hours(*calmer, kind)) else { continue };
            if urgent > calmer {
                let clock = kind.code();
                let args = [("urgency", *code), ("other", *other), ("clock", clock)];
                let message = format!("`{clock}` may take longer at {code} than at {other}");
                let remedy = format!("shorten clocks.{code}.{clock} of this type");
                reader.report.warning(node.spot(), "urgency-slower", &args, message, remedy);
            }
        }
    }
}

fn series(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Option<String> {
    let node = table.required(reader.report, "series")?;
    let series = node.line(reader.report)?;
    if (1..=4).contains(&series.len()) && series.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some(series);
    }
    let args = [("kind", "series"), ("got", series.as_str())];
    reader.report.error(
        node.spot(),
        "bad-name",
        &args,
        format!("`{series}` cannot name a series"),
        "write one to four capital letters",
    );
    None
}

fn legal_bases(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Vec<Text> {
    let items =
        table.required(reader.report, "legal_bases").and_then(|node| node.list(reader.report)).unwrap_or_default();
    items.iter().filter_map(|item| reader.basis(item)).collect()
}

/// Included groups first, then the type's own fields; an id stands once.
fn all_fields(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, groups: &BTreeMap<String, Vec<Field>>) -> Vec<Field> {
    let mut before = Vec::new();
    if let Some(node) = table.optional("includes") {
        for name in reader.names(&node, "groups", "unknown-group", "field group") {
            before.extend(groups.get(&name).cloned().unwrap_or_default());
        }
    }
    match table.optional("fields") {
        Some(node) => fields(&node, reader, before),
        None => before,
    }
}

fn fields(node: &Node<'_>, reader: &mut Reader<'_, '_>, before: Vec<Field>) -> Vec<Field> {
    let mut fields = before;
    for item in node.list(reader.report).unwrap_or_default() {
        let Some(field) = field(&item, reader) else { continue };
        if fields.iter().any(|known| known.id == field.id) {
            reader.twice(&item, &field.id);
        } else {
            fields.push(field);
        }
    }
    fields
}

fn field(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Field> {
    let mut table = node.table(reader.report)?;
    let id = reader.line(&mut table, "id");
    let label = reader.text(&mut table, "label");
    let help = reader.text(&mut table, "help");
    let kind = kind(&mut table, reader);
    let required = table.optional("required").map_or(Some(true), |node| node.yes(reader.report));
    let personal = reader.flag(&mut table, "personal");
    let ahead = ahead(&mut table, reader, kind.as_ref());
    let usual = match kind {
        Some(FieldKind::Prose | FieldKind::Parallel) => PROSE_CHARS_MAX,
        Some(FieldKind::Indicators) => FIELD_CHARS_MAX,
        _ => VALUE_CHARS_MAX,
    };
    let chars_max =
        table.optional("chars_max").map_or(Some(usual), |node| node.number(reader.report, 1, FIELD_CHARS_MAX));
    let form = form(&mut table, reader, kind.as_ref());
    let mark_min = match table.optional("mark_min") {
        Some(node) => Some(node.choice(reader.report, "mark")?),
        None => (personal || kind == Some(FieldKind::Person)).then_some(PERSONAL_MARK_MIN),
    };
    table.finish(reader.report);
    Some(Field {
        id: id?,
        label: label?,
        help: help?,
        kind: kind?,
        required: required?,
        personal,
        ahead,
        chars_max: chars_max?,
        form,
        mark_min,
    })
}

/// Whether what a field names must lie ahead; only a field of days can.
fn ahead(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, kind: Option<&FieldKind>) -> bool {
    let Some(node) = table.optional("ahead") else { return false };
    if kind.is_some_and(|kind| !matches!(kind, FieldKind::Date | FieldKind::Interval)) {
        let message = "only a field of kind `date` or `interval` can lie ahead".to_owned();
        reader.report.error(node.spot(), "ahead-without-date", &[], message, "remove it, or change the kind");
    }
    node.yes(reader.report).unwrap_or_default()
}

/// What the lines of a field must look like; only a field of lines has a form.
fn form(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, kind: Option<&FieldKind>) -> Form {
    let Some(node) = table.optional("form") else { return Form::default() };
    if kind.is_some_and(|kind| !matches!(kind, FieldKind::Line | FieldKind::Items)) {
        let message = "only a field of kind `line` or `items` has a form".to_owned();
        reader.report.error(node.spot(), "form-without-lines", &[], message, "remove it, or change the kind");
    }
    node.choice(reader.report, "form").unwrap_or_default()
}

fn kind(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Option<FieldKind> {
    let node = table.required(reader.report, "kind")?;
    let options = table.optional("options");
    let code = node.line(reader.report)?;
    let plain = match code.as_str() {
        "prose" => FieldKind::Prose,
        "line" => FieldKind::Line,
        "date" => FieldKind::Date,
        "interval" => FieldKind::Interval,
        "yes-no" => FieldKind::YesNo,
        "penalty" => FieldKind::Penalty,
        "indicators" => FieldKind::Indicators,
        "person" => FieldKind::Person,
        "office" => FieldKind::Office,
        "place" => FieldKind::Place,
        "money" => FieldKind::Money,
        "items" => FieldKind::Items,
        "parallel" => FieldKind::Parallel,
        "choice" => {
            let options = options.map(|node| self::options(&node, reader)).unwrap_or_default();
            if options.is_empty() {
                let message = "a choice needs something to choose from".to_owned();
                reader.report.error(node.spot(), "choice-without-options", &[], message, "add `options`");
            }
            return Some(FieldKind::Choice { options });
        }
        other => {
            reader.report.unknown(node.spot(), "unknown-code", "field kind", other, FieldKind::CODES.iter().copied());
            return None;
        }
    };
    if let Some(options) = options {
        let message = format!("a field of kind `{code}` has no options");
        reader.report.error(
            options.spot(),
            "options-without-choice",
            &[("kind", &code)],
            message,
            "remove them, or write kind = \"choice\"",
        );
    }
    Some(plain)
}

fn options(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Vec<(String, Text)> {
    // What the instrument lists once is not listed again.
    if node.is_string() {
        return match node.line(reader.report).as_deref() {
            Some(LISTED_NORMS) | None => reader.norms.clone(),
            Some(other) => {
                reader.report.unknown(node.spot(), "unknown-code", "list", other, [LISTED_NORMS].into_iter());
                Vec::new()
            }
        };
    }
    let mut options: Vec<(String, Text)> = Vec::new();
    for item in node.list(reader.report).unwrap_or_default() {
        let Some((code, label)) = coded(&item, reader, "label") else { continue };
        if options.iter().any(|(known, _)| *known == code) {
            reader.twice(&item, &code);
        } else {
            options.push((code, label));
        }
    }
    options
}

fn coded(node: &Node<'_>, reader: &mut Reader<'_, '_>, text: &'static str) -> Option<(String, Text)> {
    let mut table = node.table(reader.report)?;
    let (code, words) = (reader.line(&mut table, "code"), reader.text(&mut table, text));
    table.finish(reader.report);
    Some((code?, words?))
}

/// How it matches. Only a procedure that has the act may say.
fn matches(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, procedure: Option<ProcedureKind>) -> Option<Matching> {
    let node = table.optional("matching")?;
    if procedure.is_some_and(|kind| !procedure::has(kind, ActKind::Match)) {
        let message = "this procedure does not match".to_owned();
        reader.report.error(node.spot(), "matching-without-procedure", &[], message, "take `matching` out");
    }
    matching(&node, reader)
}

fn extras(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Vec<ActKind> {
    let Some(node) = table.optional("extras") else { return Vec::new() };
    let extras = reader.choices::<ActKind>(&node, "act");
    for act in extras.iter().filter(|act| !OPTIONAL_ACTS.contains(act)) {
        let code = act.code();
        let message = format!("`{code}` is no optional act");
        let optional: Vec<&str> = OPTIONAL_ACTS.iter().map(|act| act.code()).collect();
        reader.report.error(
            node.spot(),
            "act-not-optional",
            &[("act", code)],
            message,
            format!("optional: {}", optional.join(", ")),
        );
    }
    extras
}

/// The field it ends by, the one that names the text it settles, and the one that names the report it proposes.
fn named_fields(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, fields: &[Field]) -> [Option<String>; 3] {
    [
        named_field(table, reader, fields, "expires", |kind| *kind == FieldKind::Date),
        named_field(table, reader, fields, "settles", |kind| matches!(kind, FieldKind::Choice { .. })),
        named_field(table, reader, fields, "reports", |kind| *kind == FieldKind::Line),
    ]
}

/// A field of the type by its id, of the kind asked for.
fn named_field(
    table: &mut Table<'_>,
    reader: &mut Reader<'_, '_>,
    fields: &[Field],
    key: &'static str,
    fits: fn(&FieldKind) -> bool,
) -> Option<String> {
    let node = table.optional(key)?;
    let id = node.line(reader.report)?;
    let known = || fields.iter().filter(|field| fits(&field.kind)).map(|field| field.id.as_str());
    if known().any(|field| field == id) {
        return Some(id);
    }
    reader.report.unknown(node.spot(), "unknown-field", "fitting field", &id, known());
    None
}

/// The fields that name a new version of the instrument: a hash and a date, both always filled.
fn amends(table: &mut Table<'_>, reader: &mut Reader<'_, '_>, fields: &[Field]) -> Option<Amends> {
    let node = table.optional("amends")?;
    let mut named = node.table(reader.report)?;
    let required: Vec<Field> = fields.iter().filter(|field| field.required).cloned().collect();
    let hashes: Vec<Field> = required.iter().filter(|field| field.form == Form::Hash).cloned().collect();
    let hash = named_field(&mut named, reader, &hashes, "hash", |kind| *kind == FieldKind::Line);
    let from = named_field(&mut named, reader, &required, "from", |kind| *kind == FieldKind::Date);
    named.finish(reader.report);
    let both = hash.is_some() && from.is_some();
    if !both {
        let message = "an amendment names a required hash and a required date".to_owned();
        reader.report.error(
            node.spot(),
            "amends-incomplete",
            &[],
            message,
            "write amends = { hash = \"…\", from = \"…\" }",
        );
    }
    Some(Amends { hash: hash?, from: from? })
}

/// The texts it waits for, and the types it may go on as.
fn others(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> (Vec<String>, Vec<TypeCode>) {
    (needs_texts(table, reader), continues_as(table, reader))
}

/// The types a case of this one may be continued as.
fn continues_as(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Vec<TypeCode> {
    let Some(node) = table.optional("continues_as") else { return Vec::new() };
    let names = reader.names(&node, "types", "unknown-type", "request type");
    names.iter().filter_map(|name| TypeCode::new(name).ok()).collect()
}

/// Texts both sides must have signed before the type can be used.
fn needs_texts(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Vec<String> {
    let Some(node) = table.optional("needs_texts") else { return Vec::new() };
    node.list(reader.report).unwrap_or_default().iter().filter_map(|item| item.line(reader.report)).collect()
}
