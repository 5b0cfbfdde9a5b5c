//! A case as an office sees it that got a masked copy.
//!
//! Owns what a mask takes out of an act. There is no second copy: what is masked is left out each time the case is shown, so
//! that erasing, recalling or correcting the case does the same to every copy. Must not know who looks.

use super::{Case, Entry, Mask, remains};
use crate::act::{ActRef, Deed};
use crate::content::{Attachment, Request};
use crate::ids::OfficeId;
use crate::procedure::Side;

/// The parts of a request's header that a mask may leave out, named as its fields are: those that tell of the matter.
pub const MASKABLE_PARTS: &[&str] = &["title", "purpose", "urgency_reason", "confidentiality"];

/// Through which mask an office of a side sees a case; `None` when it sees it whole.
///
/// Until something is masked, the whole Party sees the case. From then on it is whole for the office that has it; who was
/// handed a copy sees what the latest copy shows, and everybody else sees through all the masks there are.
#[must_use]
pub fn sight(case: &Case, side: Side, office: &OfficeId) -> Option<Mask> {
    if case.office(side) == office {
        return None;
    }
    let forwards = || case.care.forwards.iter().filter(|one| one.by == side);
    let mask = match forwards().rfind(|one| one.to == *office) {
        Some(copy) => copy.mask.clone(),
        None => forwards().fold(Mask::default(), |mut all, one| {
            all.fields.extend(one.mask.fields.iter().cloned());
            all.files.extend(one.mask.files.iter().copied());
            all.acts.extend(one.mask.acts.iter().cloned());
            all
        }),
    };
    (mask != Mask::default()).then_some(mask)
}

/// Every entry as it is seen through a mask.
#[must_use]
pub fn masked(entries: &[Entry], mask: &Mask) -> Vec<Entry> {
    let mut seen = entries.to_vec();
    for entry in &mut seen {
        let act = &mut entry.act;
        if mask.acts.contains(&ActRef { by: act.by.clone(), seq: act.seq }) {
            remains::empty(act);
        }
        let unmasked = |file: &Attachment| !mask.files.contains(&file.root);
        match &mut act.deed {
            Deed::Preconsult { request } | Deed::Submit { request } => {
                header(request, mask);
                request.fields.retain(|id, _| !mask.fields.contains(id));
                request.attachments.retain(unmasked);
            }
            Deed::Supplement { fields, attachments, .. } => {
                fields.retain(|id, _| !mask.fields.contains(id));
                attachments.retain(unmasked);
            }
            Deed::Interim { attachments, .. } | Deed::Respond { attachments, .. } => attachments.retain(unmasked),
            _ => {}
        }
    }
    seen
}

/// Takes the masked parts out of a request's header.
fn header(request: &mut Request, mask: &Mask) {
    let parts = [
        Some(&mut request.title),
        Some(&mut request.purpose),
        request.urgency_reason.as_mut(),
        request.confidentiality.as_mut(),
    ];
    for (name, words) in MASKABLE_PARTS.iter().zip(parts) {
        if let Some(words) = words.filter(|_| mask.fields.contains(*name)) {
            words.texts.clear();
        }
    }
}
