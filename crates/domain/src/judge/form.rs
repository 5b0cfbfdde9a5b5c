//! Whether an act is well made by itself: its author, its lengths, its words.
//!
//! Owns the limits of what stands in an act. Must not look at the case it is for.

use super::LIST_MAX;
use crate::act::{Act, Deed};
use crate::case::{ACTS_MAX, opening};
use crate::content::{self, ATTACHMENTS_MAX, LINE_CHARS_MAX, PROSE_CHARS_MAX};
use crate::ids::OfficeId;
use crate::instrument::Instrument;
use crate::refusal::{AssetBar, Refusal};
use crate::text::Prose;

/// What is judged of the act alone: its author, its lengths, its words.
pub(super) fn form(instrument: &Instrument, act: &Act) -> Result<(), Refusal> {
    let known = |office: &OfficeId| match instrument.office(office) {
        Some(found) if found.party == act.by => Ok(()),
        _ => Err(Refusal::UnknownOffice { office: office.clone() }),
    };
    known(&act.office)?;
    for answer in &act.gates {
        known(&answer.office)?;
        listed("name", answer.by.name.chars().count(), LINE_CHARS_MAX)?;
        listed("gate", answer.reason.chars(), PROSE_CHARS_MAX)?;
        listed("gate", answer.reason.texts.len(), LANGS_MAX)?;
    }
    listed("gates", act.gates.len(), LIST_MAX)?;
    listed("receipts", act.receipts.len(), ACTS_MAX)?;
    listed("attachments", act.deed.attachments().len(), ATTACHMENTS_MAX)?;
    for file in act.deed.attachments() {
        if file.bytes > content::ATTACHMENT_BYTES_MAX {
            return Err(Refusal::TooLong { what: "attachment", max: usize::MAX });
        }
        lined("attachment", &file.name)?;
        lined("attachment", &file.media_type)?;
        // A name is shown, and put into a header and on a disk; it is no path and no second line of either.
        if file.name.contains(['/', '\\'])
            || [&file.name, &file.media_type].iter().any(|line| line.contains(char::is_control))
        {
            return Err(Refusal::UnusableName);
        }
    }
    if let Some(drafter) = act.author.drafter() {
        listed("name", drafter.name.chars().count(), LINE_CHARS_MAX)?;
    }
    if let Some(person) = act.author.officer() {
        listed("name", person.name.chars().count(), LINE_CHARS_MAX)?;
        // Without words it would read as if a clock had raised it, and the other side as late.
        if matches!(act.deed, Deed::Escalate { reason: None, .. }) {
            return Err(Refusal::Wordless { what: "reason" });
        }
    }
    if let Some(request) = opening(&act.deed) {
        listed("name", request.drafter.name.chars().count(), LINE_CHARS_MAX)?;
    }
    words(&act.deed)
}

/// Every free text of a deed must have words, and not too many; so must its lists and lines.
fn words(deed: &Deed) -> Result<(), Refusal> {
    deed.said().into_iter().try_for_each(|words| worded("text", words))?;
    match deed {
        Deed::ReportCompliance { recipients, .. } => {
            listed("recipients", recipients.len(), LIST_MAX)?;
            recipients.iter().try_for_each(|one| lined("recipient", &one.recipient))
        }
        Deed::ReturnIncomplete { items } => {
            some("items", items.len())?;
            items.iter().try_for_each(|item| listed("item", item.field.chars().count(), LINE_CHARS_MAX))
        }
        Deed::Supplement { unable, .. } => listed("items", unable.len(), LIST_MAX),
        Deed::OfferConditions { conditions } => some("conditions", conditions.len()),
        Deed::Refuse { reason, withheld, .. } if reason.is_some() == *withheld => {
            Err(Refusal::Wordless { what: "reason" })
        }
        Deed::Acknowledge { reference, contact, officer } => {
            lined("reference", reference)?;
            lined("contact", contact)?;
            lined("officer", &officer.name)
        }
        Deed::BookAsset { asset, .. } => {
            lined("line", asset)?;
            if as_it_looks(asset) { Ok(()) } else { Err(Refusal::Asset(AssetBar::UnseenLetters)) }
        }
        Deed::Record { item: Some(line), .. }
        | Deed::SeekConsent { recipient: line, .. }
        | Deed::CiteNorm { norm: line, .. }
        | Deed::LogContact { means: line, .. } => lined("line", line),
        Deed::CertifyDeletion { erased } if erased.is_empty() => Err(Refusal::Wordless { what: "erased" }),
        Deed::CertifyDeletion { erased } => listed("erased", erased.len(), ACTS_MAX),
        _ => Ok(()),
    }
}

fn worded(what: &'static str, words: &Prose) -> Result<(), Refusal> {
    if words.is_blank() {
        return Err(Refusal::Wordless { what });
    }
    listed(what, words.chars(), PROSE_CHARS_MAX)?;
    listed(what, words.texts.len(), LANGS_MAX)
}

/// Most languages of one text: more than any instrument has Parties.
const LANGS_MAX: usize = 8;

fn lined(what: &'static str, line: &str) -> Result<(), Refusal> {
    if line.trim().is_empty() {
        return Err(Refusal::Wordless { what });
    }
    listed(what, line.chars().count(), LINE_CHARS_MAX)
}

fn some(what: &'static str, length: usize) -> Result<(), Refusal> {
    if length == 0 { Err(Refusal::Wordless { what }) } else { listed(what, length, LIST_MAX) }
}

/// Whether what a thing is called by is what can be seen of it: two names that look alike would be two properties.
fn as_it_looks(name: &str) -> bool {
    let unseen = |letter: char| {
        letter.is_control()
            || matches!(
                letter,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
                    ..='\u{180f}'
            )
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}')
            || matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
            || letter.is_whitespace() && letter != ' '
    };
    name.trim() == name && !name.contains("  ") && !name.chars().any(unseen)
}

pub(super) fn listed(what: &'static str, length: usize, max: usize) -> Result<(), Refusal> {
    if length > max { Err(Refusal::TooLong { what, max }) } else { Ok(()) }
}
