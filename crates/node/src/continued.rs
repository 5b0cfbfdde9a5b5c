//! Cases taken further: the link judged before an act stands, drafts begun from a case, and the links back.
//!
//! Owns the record of which case continues which. Must not judge the link (`domain::judge::continues` does), nor let anything
//! into a draft that its office does not see or that the other side gave for another use.

use domain::act::{Act, Person};
use domain::case::{self, Case};
use domain::content::{FieldValue, Request};
use domain::ids::{CaseId, OfficeId, TypeCode};
use domain::instrument::{FieldKind, RequestType};
use domain::judge;
use domain::procedure::Side;
use domain::refusal::Refusal;
use domain::text::Prose;
use jiff::Timestamp;
use rand_core::CryptoRng;
use store::{LocalRow, Reader, Write};

use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::party::Node;
use crate::settled::Sure;

/// The kind of local row that says which case continues another.
const KIND: &str = "continued";

/// What parts the earlier case from the later in a row's key: no reference has it.
const BETWEEN: char = '/';

/// Who begins which request.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The office that writes it.
    pub office: OfficeId,
    /// Its type.
    pub type_code: TypeCode,
    /// The office asked.
    pub to: OfficeId,
    /// Who begins it.
    pub by: Person,
    /// The case it continues.
    pub continues: Option<CaseId>,
}

impl Node {
    /// Why a first act may not stand for what other cases say: a text it waits for, a case it may not continue.
    pub(crate) fn barred(&self, reader: &dyn Reader, act: &Act, sure: Sure) -> Result<Option<Refusal>, Fault> {
        match self.awaited(reader, act, sure)? {
            Some(refusal) => Ok(Some(refusal)),
            None => self.unlinked(reader, act),
        }
    }

    /// Why a first act may not continue the case it names. Most continue none.
    fn unlinked(&self, reader: &dyn Reader, act: &Act) -> Result<Option<Refusal>, Fault> {
        let named = case::opening(&act.deed).and_then(|request| request.continues.as_ref());
        let Some(named) = named else { return Ok(None) };
        let earlier = self.load(reader, named)?;
        let earlier = earlier.as_ref().map(|one| (&one.case, one.entries.as_slice()));
        // What a case may be continued as, the version it began under says.
        let instrument = earlier.map_or_else(|| self.instrument(), |(case, _)| self.instrument_of(case));
        Ok(judge::continues(instrument, earlier, act).err())
    }

    /// The cases that continue a case, in the order of their references.
    ///
    /// # Errors
    /// [`Fault`] when the record cannot be read.
    pub fn continuations(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<CaseId>, Fault> {
        let mut later = Vec::new();
        for row in reader.local_list(KIND)? {
            let (earlier, id) = row.key.split_once(BETWEEN).ok_or_else(|| Fault::record(KIND, &row.key))?;
            if earlier == case.as_str() {
                later.push(CaseId::new(id).map_err(|why| Fault::record(KIND, why))?);
            }
        }
        Ok(later)
    }

    /// Notes which case a case continues, if it does.
    pub(crate) fn note_continued(&self, rng: &mut dyn CryptoRng, case: &Case) -> Result<Option<Write>, Fault> {
        let Some(earlier) = &case.request.continues else { return Ok(None) };
        let key = format!("{earlier}{BETWEEN}{}", case.id);
        let bytes = self.wrap(rng, &format!("{KIND}/{key}"), &[])?;
        Ok(Some(Write::PutLocal(LocalRow { kind: KIND.to_owned(), key, version: 1, bytes })))
    }

    /// The types an office may continue a case as now, in the instrument's order.
    #[must_use]
    pub fn continuable_as(&self, dossier: &Dossier, office: &OfficeId, now: Timestamp) -> Vec<TypeCode> {
        let case = &dossier.case;
        let Some(side) = case.side(self.me()) else { return Vec::new() };
        let instrument = self.instrument_of(case);
        let (peer, earlier) = (case.party(side.other()), Some((case, dossier.entries.as_slice())));
        let may = |code: &&TypeCode| {
            let rule = judge::rule(self.instrument(), code);
            rule.is_ok_and(|rule| rule.may_send.contains(office))
                && judge::may_continue(instrument, earlier, (office, peer), code, now).is_ok()
        };
        let next = case.rule(instrument).map(|rule| rule.continues_as.as_slice()).unwrap_or_default();
        next.iter().filter(may).cloned().collect()
    }

    /// Links a fresh request to the case it continues, and carries over what both types share. Only what our own side asked
    /// there comes along, as this office sees it: what the other side gave stays bound to the use it was given for (SG-7).
    pub(crate) fn carried_over(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        from: &CaseId,
        rule: &RequestType,
        begun: &Beginning,
        request: &mut Request,
    ) -> Result<(), Failure> {
        let dossier = self.load(reader, from)?;
        let earlier = dossier.as_ref().map(|one| (&one.case, one.entries.as_slice()));
        let ends = (&begun.office, &begun.to.party());
        let instrument = earlier.map_or_else(|| self.instrument(), |(case, _)| self.instrument_of(case));
        let side = judge::may_continue(instrument, earlier, ends, &rule.code, now)?;
        request.continues = Some(from.clone());
        let Some(dossier) = dossier.filter(|_| side == Side::Requesting) else { return Ok(()) };
        let (seen, mask) = self.seen_by(reader, dossier, &begun.office)?;
        let (was, is_erased) = (seen.case.request, !seen.erased.is_empty());
        request.exercise = was.exercise;
        if is_erased {
            return Ok(());
        }
        let shared = rule.fields.iter().filter_map(|field| {
            // Of a masked list the numbers are seen, and say nothing in another case.
            let masked = mask.as_ref().is_some_and(|mask| mask.fields.contains(&field.id));
            let value = was.fields.get(&field.id).filter(|value| !masked && fits(&field.kind, value))?;
            Some((field.id.clone(), value.clone()))
        });
        request.fields = shared.collect();
        // What is masked for this office stays to be written.
        let written = |words: &Prose| !words.is_erased();
        for (words, was) in [(&mut request.title, was.title), (&mut request.purpose, was.purpose)] {
            *words = Some(was).filter(written).unwrap_or_else(|| words.clone());
        }
        request.classification = was.classification;
        request.confidentiality = was.confidentiality.filter(written);
        request.mark = request.mark.max(was.mark);
        if rule.clocks.contains_key(&was.urgency) {
            request.urgency = was.urgency;
            (request.urgency_reason, request.needed_by) = (was.urgency_reason.filter(written), was.needed_by);
        }
        Ok(())
    }
}

/// Whether a value written for one type can stand in the field of another.
fn fits(kind: &FieldKind, value: &FieldValue) -> bool {
    match (kind, value) {
        (FieldKind::Choice { options }, FieldValue::Choice(code)) => options.iter().any(|(known, _)| known == code),
        (kind, value) => kind.holds(value),
    }
}
