//! The steps of a type that an office may record now.
//!
//! Owns the reading of them off the instrument and the record. Must not judge an act: the domain does.

use domain::case::Case;
use domain::ids::OfficeId;
use domain::instrument::{RequestType, Step};
use domain::procedure::Side;

/// The steps an office may record now: of its side, in this stage, in their order. One gone through item by item is open
/// while an item is left.
#[must_use]
pub fn open_steps<'r>(
    case: &Case,
    rule: &'r RequestType,
    us: Side,
    office: &OfficeId,
) -> Vec<(&'r Step, Option<String>)> {
    let own = case.office(us) == office;
    let mine =
        |step: &&Step| step.by.is(us) && step.at.contains(&case.stage()) && (own || step.offices.contains(office));
    let mut open = Vec::new();
    for step in rule.steps.iter().filter(mine) {
        let items = match &step.per {
            Some(field) => domain::case::items(&case.request, field).iter().cloned().map(Some).collect(),
            None => vec![None],
        };
        let may = |item: &Option<String>| {
            case.steps.judge(rule, &case.requested, &case.request, (&step.code, item.as_ref())).is_ok()
        };
        open.extend(items.into_iter().filter(may).map(|item| (step, item)));
    }
    open
}
