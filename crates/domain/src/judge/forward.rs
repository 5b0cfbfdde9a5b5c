//! Handing a case on to another office of one's own Party (SG-12).
//!
//! Owns who may get a masked copy without asking the source: what the sharing mark and the instrument allow. Must not know
//! what stays of the case under the mask (`case::masked`).

use super::{LIST_MAX, listed};
use crate::act::{Act, ActKind, ActRef, ConsentKind, Deed};
use crate::case::{Case, MASKABLE_PARTS};
use crate::content::{FIELDS_MAX, Lack, Missing};
use crate::handling::Tlp;
use crate::ids::OfficeId;
use crate::instrument::{Instrument, RequestType};
use crate::refusal::Refusal;

/// Judges a forwarding in its author's view: another office of the same Party, a mask that fits the case, and the source's
/// consent where the mark or the instrument does not already name that office.
///
/// # Errors
/// The first rule it breaks.
pub(super) fn judge(
    instrument: &Instrument,
    rule: &RequestType,
    view: Option<&Case>,
    act: &Act,
) -> Result<(), Refusal> {
    let (Deed::Forward { to, fields, files, acts, .. }, Some(case)) = (&act.deed, view) else { return Ok(()) };
    let side = case.side(&act.by).ok_or_else(|| Refusal::NotAParty { party: act.by.clone() })?;
    if instrument.office(to).is_none_or(|office| office.party != act.by) || to == case.office(side) {
        return Err(Refusal::NotCompetent { office: to.clone() });
    }
    listed("fields", fields.len(), FIELDS_MAX)?;
    listed("files", files.len(), LIST_MAX)?;
    listed("acts", acts.len(), LIST_MAX)?;
    // The day that ends a notice is no secret of it: without that day the copy would stand at another stage.
    let maskable = |id: &String| {
        MASKABLE_PARTS.contains(&id.as_str()) || rule.field(id).is_some() && rule.expires.as_ref() != Some(id)
    };
    if let Some(unknown) = fields.iter().find(|id| !maskable(id)) {
        let missing = Missing { field: unknown.clone(), what: Lack::Unknown };
        return Err(Refusal::Incomplete { missing: vec![missing] });
    }
    // Of the request itself its parts, fields and files are masked one by one.
    let known = |one: &&ActRef| {
        let done = case.record.iter().find(|done| done.by == one.by && done.seq == one.seq);
        done.is_some_and(|done| !matches!(done.kind, ActKind::Submit | ActKind::Preconsult))
    };
    let unknown = acts.iter().find(|one| !known(one));
    if let Some(unknown) = unknown {
        return Err(Refusal::UnknownNumber { act: act.deed.kind(), number: unknown.seq });
    }
    let named = match case.request.mark {
        Tlp::Clear | Tlp::Green => true,
        Tlp::Amber => names(instrument, rule, to),
        Tlp::AmberStrict | Tlp::Red => false,
    };
    let kind = ConsentKind::OnwardTransfer;
    if named || case.care.granted(side, kind, to.as_str()) {
        Ok(())
    } else {
        Err(Refusal::ConsentAwaited { kind, recipient: to.to_string() })
    }
}

/// Whether the instrument names an office for the type, or to ask in one it may be continued as.
fn names(instrument: &Instrument, rule: &RequestType, office: &OfficeId) -> bool {
    let next = rule.continues_as.iter().filter_map(|code| instrument.request_type(code));
    [&rule.may_send, &rule.may_receive, &rule.may_execute]
        .into_iter()
        .chain(next.map(|next| &next.may_send))
        .any(|list| list.contains(office))
}
