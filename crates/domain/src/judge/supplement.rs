//! What a supplement supplies: fields of the type, and every item the return asked for.
//!
//! Owns the rule that no item is passed over in silence. Must not know how a return is made (`judge`).

use std::collections::BTreeMap;

use super::form::listed;
use crate::case::{Case, State};
use crate::content::{self, FieldValue, Lack, Missing};
use crate::instrument::{Field, Instrument, RequestType};
use crate::refusal::Refusal;
use crate::text::Prose;

/// Judges the fields that come with it, and what it says cannot be supplied.
///
/// # Errors
/// [`Refusal::Incomplete`] with everything that is wrong or passed over.
pub(super) fn judge(
    instrument: &Instrument,
    rule: &RequestType,
    view: Option<&Case>,
    (fields, unable): (&BTreeMap<String, FieldValue>, &BTreeMap<String, Prose>),
) -> Result<(), Refusal> {
    let mut missing: Vec<Missing> = Vec::new();
    listed("fields", fields.len(), content::FIELDS_MAX)?;
    for (id, value) in fields {
        match rule.field(id) {
            Some(field) => content::judge_value(field, value, instrument.langs(), &mut missing),
            None => missing.push(Missing { field: id.clone(), what: Lack::Unknown }),
        }
    }
    for one in unsupplied(instrument, rule, view, (fields, unable)) {
        if !missing.contains(&one) {
            missing.push(one);
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Refusal::Incomplete { missing }) }
}

/// The items of the return that a supplement leaves open. Each field that was asked for comes with another value than was
/// sent before, or with the reason why it cannot, and not with both; what lies beside the fields is answered by the note.
fn unsupplied(
    instrument: &Instrument,
    rule: &RequestType,
    view: Option<&Case>,
    (fields, unable): (&BTreeMap<String, FieldValue>, &BTreeMap<String, Prose>),
) -> Vec<Missing> {
    let (items, sent) = match view.map(|case| (&case.state, &case.request.fields)) {
        Some((State::ReturnedIncomplete { items }, sent)) => (items.as_slice(), Some(sent)),
        _ => (&[][..], None),
    };
    let unasked = unable.keys().filter(|id| items.iter().all(|item| item.field != **id));
    let mut open: Vec<Missing> = unasked.map(|id| Missing { field: id.clone(), what: Lack::Unknown }).collect();
    for field in items.iter().filter_map(|item| rule.field(&item.field)) {
        let value = fields.get(&field.id).filter(|value| sent.and_then(|sent| sent.get(&field.id)) != Some(value));
        if value.is_some() == unable.contains_key(&field.id) {
            open.push(Missing { field: field.id.clone(), what: Lack::Asked });
        } else if let Some(value) = value {
            // What was asked for is no longer optional.
            content::judge_value(&Field { required: true, ..field.clone() }, value, instrument.langs(), &mut open);
        }
    }
    open.dedup();
    open
}
