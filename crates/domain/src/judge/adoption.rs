//! Whether a case may go on under a later version of the instrument.
//!
//! Owns what must hold of the two versions and of the case between them. Must not know who signed a version, nor since when
//! it is in force: the node does.

use crate::act::{Act, Deed};
use crate::case::Case;
use crate::content::{self, Lack, carriage};
use crate::instrument::Versions;
use crate::refusal::Refusal;

/// Judges the naming of a version: a later one than the case runs under, in which its type is on, both its offices stand and
/// its urgency has clocks; and nothing in the request that version could not read. What that version would demand besides is
/// not demanded anew: both sides say that the case goes on as it stands.
pub(super) fn judge(case: &Case, versions: &(impl Versions + ?Sized), act: &Act) -> Result<(), Refusal> {
    let Deed::Adopt { instrument, .. } = &act.deed else { return Ok(()) };
    // To stay is always possible.
    if *instrument == case.instrument {
        return Ok(());
    }
    let later = versions.version(instrument).filter(|_| versions.comes_after(instrument, &case.instrument));
    let later = later.ok_or(Refusal::WrongInstrument)?;
    let rule = super::rule(later, &case.type_code)?;
    for office in [&case.requesting_office, &case.requested_office] {
        later.office(office).ok_or_else(|| Refusal::UnknownOffice { office: office.clone() })?;
    }
    if !rule.clocks.contains_key(&case.urgency) {
        return Err(Refusal::UrgencyNotOffered { urgency: case.urgency });
    }
    let mut wrong = content::missing(&case.request, rule, later.langs());
    wrong.retain(|missing| matches!(missing.what, Lack::TooLong(_) | Lack::WrongKind | Lack::Unknown));
    if !wrong.is_empty() {
        return Err(Refusal::Incomplete { missing: wrong });
    }
    carriage::barred(&case.request, rule).into_iter().next().map_or(Ok(()), |one| Err(super::barred(one)))
}
