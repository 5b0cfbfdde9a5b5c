//! Cases taken further: the link judged before an act stands, drafts begun from a case, and the links back.
//!
//! Owns the record of which case continues which. Must not judge the link (`domain::judge::continues` does), nor let anything
//! into a draft that its office does not see or that the other side gave for another use.

use domain::act::{Act, Deed, Person};
use domain::asset::Money;
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

/// Property that left one case for the one that continues it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// Which property.
    pub asset: String,
    /// How much.
    pub amount: Money,
    /// The case it entered or came from.
    pub case: CaseId,
}

impl Node {
    /// Why an act may not stand for what other cases say: a text it waits for, a case it may not continue, property that
    /// is not there to be brought in.
    pub(crate) fn barred(&self, reader: &dyn Reader, act: &Act, sure: Sure) -> Result<Option<Refusal>, Fault> {
        match self.awaited(reader, act, sure)? {
            Some(refusal) => Ok(Some(refusal)),
            None if matches!(act.deed, Deed::BookAsset { .. }) => self.unchained(reader, act, sure),
            None => self.unlinked(reader, act),
        }
    }

    /// Why a booking may not stand for what the ledger of the case continued says.
    fn unchained(&self, reader: &dyn Reader, act: &Act, sure: Sure) -> Result<Option<Refusal>, Fault> {
        let Some(here) = self.load(reader, &act.case)? else { return Ok(None) };
        let named = here.case.request.continues.as_ref();
        let earlier = named.map(|named| self.load(reader, named)).transpose()?.flatten();
        let (mut beside, mut line) = (Vec::new(), Vec::new());
        for case in self.all_along(reader, &here.case)? {
            if case.request.continues.as_ref() == named && named.is_some() {
                beside.push(case.clone());
            }
            if case.id != act.case && Some(&case.id) != named {
                line.push(case);
            }
        }
        let earlier = earlier.as_ref().map(|one| (&one.case, one.entries.as_slice()));
        Ok(judge::chained(act, earlier, &beside, &line, sure == Sure::Delivered).err())
    }

    /// A case with all before it and after it, from the first that was continued on, as far as they are here.
    fn all_along(&self, reader: &dyn Reader, case: &Case) -> Result<Vec<Case>, Fault> {
        let links = self.links(reader)?;
        let mut first = &case.id;
        // Nobody opens a case that continues a later one, so the way back ends; the count only says so to whoever doubts it.
        for _ in 0..links.len() {
            let Some((earlier, _)) = links.iter().find(|(_, later)| later == first) else { break };
            first = earlier;
        }
        let mut ids = vec![first];
        let mut at = 0;
        while let Some(id) = ids.get(at).copied() {
            let later = links.iter().filter(|(earlier, _)| earlier == id).map(|(_, later)| later);
            ids.extend(later.filter(|later| !ids.contains(later)).collect::<Vec<_>>());
            at += 1;
        }
        let mut line = Vec::new();
        for id in ids {
            line.extend(self.load(reader, id)?.map(|dossier| dossier.case));
        }
        Ok(line)
    }

    /// Which case is continued by which, by reference.
    fn links(&self, reader: &dyn Reader) -> Result<Vec<(CaseId, CaseId)>, Fault> {
        let name = |id: &str| CaseId::new(id).map_err(|why| Fault::record(KIND, why));
        let read = |row: LocalRow| {
            let (earlier, later) = row.key.split_once(BETWEEN).ok_or_else(|| Fault::record(KIND, &row.key))?;
            Ok((name(earlier)?, name(later)?))
        };
        reader.local_list(KIND)?.into_iter().map(read).collect()
    }

    /// What of a case's property the cases that continue it have brought in: which, how much, into which case.
    pub(crate) fn brought_on(&self, reader: &dyn Reader, later: &[CaseId]) -> Result<Vec<Onward>, Fault> {
        let mut onward = Vec::new();
        for id in later {
            let Some(dossier) = self.load(reader, id)? else { continue };
            onward.extend(brought_in(&dossier.case, id));
        }
        Ok(onward)
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
        let of = |(earlier, later): (CaseId, CaseId)| (earlier == *case).then_some(later);
        Ok(self.links(reader)?.into_iter().filter_map(of).collect())
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

/// What a case has brought in from the one it continues; `named` is the case each line names.
pub(crate) fn brought_in<'c>(case: &'c Case, named: &'c CaseId) -> impl Iterator<Item = Onward> + 'c {
    let brought = case.bookings.iter().filter(|one| one.movement.takes_up().is_some());
    brought.map(|one| Onward { asset: one.asset.clone(), amount: one.amount.clone(), case: named.clone() })
}

/// Whether a value written for one type can stand in the field of another.
fn fits(kind: &FieldKind, value: &FieldValue) -> bool {
    match (kind, value) {
        (FieldKind::Choice { options }, FieldValue::Choice(code)) => options.iter().any(|(known, _)| known == code),
        (kind, value) => kind.holds(value),
    }
}
