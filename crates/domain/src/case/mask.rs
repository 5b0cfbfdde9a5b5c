//! A case as an office sees it that got a masked copy.
//!
//! Owns what a mask takes out of an act. There is no second copy: what is masked is left out each time the case is shown, so
//! that erasing, recalling or correcting the case does the same to every copy. Must not know who looks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Entry, Mask, remains};
use crate::act::{Act, ActRef, Deed};
use crate::content::{Attachment, FieldValue, Request};
use crate::ids::{Hash32, OfficeId};
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

/// Every entry as it is seen through a mask. It folds to the same stages, steps and property as the whole does: what other
/// acts call by its name (an item of a masked list, a property of a masked act) has a number there, the same throughout.
#[must_use]
pub fn masked(entries: &[Entry], mask: &Mask) -> Vec<Entry> {
    let numbers = numbers(entries, mask);
    let shown = shown_texts(entries, mask);
    let mut seen = entries.to_vec();
    for entry in &mut seen {
        let act = &mut entry.act;
        let called = name(&mut act.deed).map(|name| numbers.get(name).unwrap_or(name).clone());
        if hides(mask, act) {
            remains::empty(act);
        }
        if let (Some(name), Some(called)) = (name(&mut act.deed), called) {
            *name = called;
        }
        let unmasked = |file: &Attachment| !mask.files.contains(&file.root);
        match &mut act.deed {
            Deed::Preconsult { request } | Deed::Submit { request } => {
                header(request, mask);
                leave_out(&mut request.fields, mask, &numbers);
                request.attachments.retain(unmasked);
            }
            Deed::Supplement { fields, attachments, .. } => {
                leave_out(fields, mask, &numbers);
                attachments.retain(unmasked);
            }
            Deed::Interim { attachments, .. } | Deed::Respond { attachments, .. } => attachments.retain(unmasked),
            Deed::Match { step } => step.content().0.into_iter().for_each(|files| files.retain(unmasked)),
            // A signature names its text by a digest, by which a guess at a hidden text would be confirmed.
            Deed::SignText { sha256, .. } if shown.as_ref().is_some_and(|shown| !shown.contains(sha256)) => {
                *sha256 = Hash32::default();
            }
            _ => {}
        }
    }
    seen
}

/// Whether an act is masked as a whole.
fn hides(mask: &Mask, act: &Act) -> bool {
    mask.acts.contains(&ActRef { by: act.by.clone(), seq: act.seq })
}

/// The name by which an act refers to an item or a property.
fn name(deed: &mut Deed) -> Option<&mut String> {
    match deed {
        Deed::Record { item, .. } => item.as_mut(),
        Deed::BookAsset { asset, .. } => Some(asset),
        _ => None,
    }
}

/// The digests of the texts that are shown; `None` when no text is hidden.
fn shown_texts(entries: &[Entry], mask: &Mask) -> Option<BTreeSet<Hash32>> {
    let texts = entries.iter().filter_map(|entry| match &entry.act.deed {
        Deed::ProposeText { text, .. } => Some((hides(mask, &entry.act), text)),
        _ => None,
    });
    let (hidden, shown): (Vec<_>, Vec<_>) = texts.partition(|(hidden, _)| *hidden);
    (!hidden.is_empty()).then(|| shown.into_iter().map(|(_, text)| text.digest()).collect())
}

/// The numbers that stand for names the mask hides: the items of masked lists, and the properties of masked acts. An item
/// of a list that is not masked is no secret of the step that was done for it.
fn numbers(entries: &[Entry], mask: &Mask) -> BTreeMap<String, String> {
    let mut numbers = BTreeMap::new();
    let mut hide = |name: &String| {
        let next = (numbers.len() + 1).to_string();
        numbers.entry(name.clone()).or_insert(next);
    };
    for act in entries.iter().map(|entry| &entry.act) {
        let fields = match &act.deed {
            Deed::Preconsult { request } | Deed::Submit { request } => &request.fields,
            Deed::Supplement { fields, .. } => fields,
            Deed::BookAsset { asset, .. } if hides(mask, act) => {
                hide(asset);
                continue;
            }
            _ => continue,
        };
        for (_, value) in fields.iter().filter(|(id, _)| mask.fields.contains(*id)) {
            if let FieldValue::Items(items) = value {
                items.iter().for_each(&mut hide);
            }
        }
    }
    numbers
}

/// Takes the masked fields out; of a list its numbers stay, for steps are done item by item.
fn leave_out(fields: &mut BTreeMap<String, FieldValue>, mask: &Mask, numbers: &BTreeMap<String, String>) {
    fields.retain(|id, value| match value {
        _ if !mask.fields.contains(id) => true,
        FieldValue::Items(items) => {
            items.iter_mut().for_each(|item| *item = numbers.get(item).cloned().unwrap_or_default());
            true
        }
        _ => false,
    });
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
